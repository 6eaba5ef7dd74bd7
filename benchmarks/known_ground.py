"""How well training images are told from other ground, by held-out images and by rasters that nobody trained on.

    python benchmarks/known_ground.py DATA RASTERS [--model MODEL.onnx] [--measures]

DATA are the training images of the model, RASTERS a folder of other rasters. First the rule of the product: each image
is left out once, and each group (folder) once, and is judged as a run would judge it by what the others look like; then
each raster by all images. With `--measures` other measures are compared, the activations of the network among them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from aerialseg_core.config import SegmentConfig
from aerialseg_core.datasets.labelled_data import open_data
from aerialseg_core.datasets.pairs import Pair, map_bands
from aerialseg_core.datasets.split import Part
from aerialseg_core.errors import AerialSegError
from aerialseg_core.model.bundle import Model
from aerialseg_core.model.card import Card
from aerialseg_core.model.known_ground import (
    LEAST_DATA,
    WINDOW,
    KnownGround,
    describe_windows,
    fit_known_ground,
    measure_nearest,
)
from aerialseg_core.model.normalization import find_trained_range, normalize
from aerialseg_core.model.registry import load_model
from aerialseg_core.raster.window import Window
from aerialseg_core.segmentation.planning import plan_scene
from aerialseg_core.segmentation.survey import GroundSurvey, choose_windows
from aerialseg_core.training.known_ground import read_windows

Numbers = NDArray[np.float64]

GROUPS = (("Tile 1", "Tile 3"), ("Tile 2",), ("Tile 4", "Tile 7", "Tile 8"), ("Tile 5",), ("Tile 6",))
"""Tiles of the MBRSC set that show the same ground: none of them may stay when another is left out."""


def find_group(pair: Pair) -> int:
    """Find the group of an image: that of its tile, or else that of its folder."""
    known = [i for i, tiles in enumerate(GROUPS) if pair.group in tiles]
    return known[0] if known else len(GROUPS) + sum(pair.group.encode())


def read_raster(path: Path, card: Card) -> list[tuple[NDArray[np.float32], NDArray[np.bool_]]]:
    """Read the windows of a raster that a run would look at; what does not fit the model is read as it is."""
    for gsd in ("auto", "source"):
        try:
            with plan_scene(str(path), card, SegmentConfig(gsd=gsd)) as (plan, scene):
                with scene.resample(plan.work_shape) as reading:
                    found = [reading.read(window) for window in dict.fromkeys(choose_windows(plan))]
                onto = find_trained_range(card)
                return [(normalize(p, card.bands, stretch_from=plan.stretch, onto=onto), data) for p, data in found]
        except AerialSegError as error:
            print(f"  {path.name} --gsd {gsd}: {error.text}")
    return []


def describe(windows: Sequence[tuple[NDArray[np.float32], NDArray[np.bool_]]]) -> Numbers:
    """Describe windows that have enough data."""
    found = [describe_windows(pixels, data, 1) for pixels, data in windows]
    return np.array([numbers[0] for numbers, share in found if share[0] >= LEAST_DATA])


def report_rule(seen: Numbers, images: NDArray[np.intp], groups: NDArray[np.intp], rasters: dict[str, Numbers]) -> None:
    """Print how held-out images, held-out groups and rasters are judged."""
    for name, kept_out in (("image", images), ("group", groups)):
        verdicts: dict[str, list[float]] = {"like": [], "partly": [], "unlike": []}
        for one in np.unique(kept_out):
            others = kept_out != one
            known = _fit(seen[others], images[others])
            for image in np.unique(images[~others]):
                strange = known.compare(seen[images == image]) > 1
                verdicts[GroundSurvey.of(len(strange), int(strange.sum())).verdict].append(float(strange.mean()))
        counts = ", ".join(f"{len(shares)} {verdict}" for verdict, shares in verdicts.items())
        most = max(max(shares, default=0.0) for shares in verdicts.values())
        print(f"each {name} held out: {counts}; strange windows at most {most:.0%}")
    known = _fit(seen, images)
    print(f"limit {known.limit:.3f}, {known.windows} windows")
    for name, numbers in rasters.items():
        distances = known.compare(numbers)
        survey = GroundSurvey.of(len(distances), int((distances > 1).sum()))
        print(
            f"{name:<36} {survey.verdict:<7} {survey.unlike:>3} of {survey.windows}, median {np.median(distances):.2f}"
        )


def _fit(seen: Numbers, images: NDArray[np.intp]) -> KnownGround:
    known = fit_known_ground(seen, images)
    if known is None:
        raise SystemExit("There are too few images.")
    return known


def compare_measure(
    name: str, seen: Numbers, images: NDArray[np.intp], groups: NDArray[np.intp], rasters: dict[str, Numbers]
) -> None:
    """Print how far the least strange raster is from the strangest held-out image: medians over windows, a ratio."""
    for way in ("Gaussian", "nearest"):
        medians: dict[str, list[float]] = {"image": [], "group": []}
        for kind, kept_out in (("image", images), ("group", groups)):
            for one in np.unique(kept_out):
                measure = fit_measure(seen[kept_out != one], way)
                inside = np.unique(images[kept_out == one])
                medians[kind] += [float(np.median(measure(seen[images == image]))) for image in inside]
        measure = fit_measure(seen, way)
        least = min(float(np.median(measure(numbers))) for numbers in rasters.values())
        print(f"{name:<24} {way:<9} {least / max(medians['image']):>6.2f} {least / max(medians['group']):>6.2f}")


def fit_measure(seen: Numbers, way: str) -> Callable[[Numbers], Numbers]:
    """Fit a distance: from the mean, or from the nearest window; both whitened."""
    centre, covariance = seen.mean(axis=0), np.cov(seen.T)
    covariance = 0.98 * covariance + 0.02 * np.diag(np.diag(covariance)) + 1e-4 * np.eye(len(centre))
    matrix = np.linalg.inv(np.linalg.cholesky(covariance)).T
    references = (seen - centre) @ matrix if way == "nearest" else np.zeros((1, len(centre)))
    return lambda numbers: measure_nearest((numbers - centre) @ matrix, references)


class Activations:
    """The mean and standard deviation of what a layer of a network gives for windows, reduced to 15 numbers."""

    def __init__(self, model: Model, depth: float) -> None:
        network = onnx.load_model_from_string(model.network)
        added = [node.output[0] for node in network.graph.node if node.op_type == "Add"]
        network.graph.output.append(onnx.helper.make_tensor_value_info(added[int(depth * (len(added) - 1))], 1, None))
        for value in network.graph.input[0].type.tensor_type.shape.dim[2:]:
            value.Clear()
        self.layer = network.graph.output[-1].name
        self._session = onnxruntime.InferenceSession(network.SerializeToString(), providers=["CPUExecutionProvider"])

    def describe(self, windows: Sequence[tuple[NDArray[np.float32], NDArray[np.bool_]]]) -> Numbers:
        """Describe windows by the layer; shape (windows, numbers)."""
        found = []
        for pixels, _ in windows:
            short = [(0, 0), *((0, WINDOW - n) for n in pixels.shape[1:])]
            whole = np.pad(pixels, short, mode="symmetric") if np.sum(short) else pixels
            name = self._session.get_inputs()[0].name
            layer = self._session.run([self.layer], {name: whole[None]})[0][0]
            found.append(np.concatenate([layer.mean(axis=(1, 2)), layer.std(axis=(1, 2))]))
        return np.array(found, np.float64)


def reduce(seen: Numbers, rasters: dict[str, Numbers], numbers: int = 15) -> tuple[Numbers, dict[str, Numbers]]:
    """Reduce descriptions to their principal components."""
    centre, scale = seen.mean(axis=0), seen.std(axis=0) + 1e-6
    axes = np.linalg.svd((seen - centre) / scale, full_matrices=False)[2][:numbers].T
    return (seen - centre) / scale @ axes, {name: (found - centre) / scale @ axes for name, found in rasters.items()}


def main() -> None:
    """Read the command line, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="training images")
    parser.add_argument("rasters", type=Path, help="folder of other rasters")
    parser.add_argument("--model", default="mbrsc-lite0", help="the model; it tells bands and range of GSDs")
    parser.add_argument("--measures", action="store_true", help="compare other measures too")
    given = parser.parse_args()
    model = load_model(given.model)
    card = model.card
    pairs = open_data(given.data).pairs
    map_bands(pairs, card.band_names)
    parts = [Part(i, Window(0, 0, *pair.size)) for i, pair in enumerate(pairs)]
    others = {path.name: read_raster(path, card) for path in sorted(given.rasters.glob("*.tif"))}
    others = {name: windows for name, windows in others.items() if windows}
    rasters = {name: describe(windows) for name, windows in others.items()}

    def by_group(images: NDArray[np.intp]) -> NDArray[np.intp]:
        return np.array([find_group(pairs[i]) for i in images])

    found = list(read_windows(card, pairs, parts))
    images = np.array([index for index, *_ in found])
    seen = describe([(pixels, data) for _, _, pixels, data in found])
    report_rule(seen, images, by_group(images), rasters)
    if not given.measures:
        return
    found = list(read_windows(replace(card, gsd_range=(card.gsd, card.gsd)), pairs, parts))
    images, windows = np.array([index for index, *_ in found]), [(pixels, data) for _, _, pixels, data in found]
    seen = describe(windows)
    bands = len(card.bands)
    print(f"{'at the own GSD':<24} {'distance':<9} ÷ image ÷ group")
    for name, columns in (
        ("mean, contrast, texture", np.arange(5 * bands)),
        ("mean, contrast", np.arange(2 * bands)),
        ("texture", np.arange(2 * bands, 5 * bands)),
    ):
        compare_measure(
            name, seen[:, columns], images, by_group(images), {n: r[:, columns] for n, r in rasters.items()}
        )
    for depth in (0.0, 0.5, 1.0):
        layer = Activations(model, depth)
        reduced = reduce(layer.describe(windows), {name: layer.describe(w) for name, w in others.items()})
        compare_measure(layer.layer.split("/")[1], reduced[0], images, by_group(images), reduced[1])


if __name__ == "__main__":
    main()

"""Everything side by side in one run: `make bench`, less than ten minutes on two cores.

    aerialseg sample image.tif
    python benchmarks/bench.py image.tif [--json bench.json] [--docs docs/performance.md]

Scenes are virtual rasters that repeat an image, read as they are. Rounds alternate between what is compared, and
medians are given; a figure of one machine says little about another, and ratios of one run say most. With `--docs` the
tables replace what stands between the markers of a page; `--check` ends with an error where a ratio is far too low.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from memory import measure
from other_ways import segment_in_memory, segment_like_seed
from scenes import repeated
from startup import keep_bytecode, time_starts

from aerialseg_core.config import SegmentConfig, count_usable_cores
from aerialseg_core.model.bundle import Model
from aerialseg_core.progress import Reporter
from aerialseg_core.segmentation.job import Outputs
from aerialseg_core.segmentation.predictor import Predictor, load_predictor
from aerialseg_core.segmentation.segment import plan_run, segment_scene

BEGIN, END = "<!-- written by benchmarks/bench.py -->\n", "<!-- end -->\n"

ENGINE_PATCHES = 48
SIDE = 6000
"""Of the scene on which speeds are compared: 36 Mpx."""
SIZES = (1000, 2000, 4000, 8000, 20000)
"""Sides of the scenes for memory, time over size, and the plan's prediction."""

LEAST = {"efficiency": 0.15, "times Deepness' way": 0.3, "times the seed's method": 8.0}
"""Ratios below which something is broken; far from what was measured, as machines differ and do other things too.

What confidence and polygons cost has no bound: it is the difference of two rates, which noise turns negative."""


def main() -> None:
    """Measure, print tables, and write them where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("image", type=Path, help="a small RGB raster to repeat")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--side", type=int, default=SIDE, help="rows and columns of the scene for speeds, px")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="rows and columns of those for memory, px")
    parser.add_argument("--json", type=Path, help="write all figures here")
    parser.add_argument("--docs", type=Path, help="replace the tables of this page")
    parser.add_argument("--check", action="store_true", help="fail where a ratio is far too low")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        keep_bytecode()
        # first, while this process is small: the kernel counts what it has as its children's until they begin
        sizes = [measure_size(repeated(arguments.image, folder, side), side, folder) for side in arguments.sizes]
        speeds = compare_speeds(repeated(arguments.image, folder, arguments.side), folder, arguments.rounds)
        seed = compare_with_seed(repeated(arguments.image, folder, 1000), folder)
        starts = measure_starts(arguments.image, folder, arguments.rounds)
    figures = {
        "machine": f"{count_usable_cores()} cores, {platform.machine()}",
        "engine": load_predictor(SegmentConfig()).facts.text,
        "speeds": speeds,
        "seed": seed,
        "starts": starts,
        "sizes": sizes,
        "ratios": compute_ratios(speeds, seed),
    }
    text = describe(figures)
    print(text)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    if arguments.docs:
        before, _, rest = arguments.docs.read_text("utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        arguments.docs.write_text(before + BEGIN + text + END + after, "utf-8")
    low = {name: value for name, value in figures["ratios"].items() if name in LEAST and value < LEAST[name]}
    if arguments.check and low:
        sys.exit(f"far too low: {low}")


def compare_speeds(scene: Path, folder: Path, rounds: int) -> dict[str, float]:
    """Mpx/s of the bare engine, of runs with more and more outputs, and of Deepness' way; medians."""
    predictor, config = _load(SegmentConfig(gsd="source"))
    classes, sure, polygons = folder / "classes.tif", folder / "sure.tif", folder / "polygons.gpkg"
    runs = {
        "class raster": Outputs(classes, overwrite=True),
        "class raster and confidence": Outputs(classes, confidence=sure, overwrite=True),
        "class raster, confidence and polygons": Outputs(classes, confidence=sure, polygons=polygons, overwrite=True),
    }
    with rasterio.open(scene) as dataset:
        megapixels = dataset.width * dataset.height / 1e6
    command = [sys.executable, "-m", "aerialseg_core", "segment", str(scene), "-o", str(classes), "--gsd", "source"]
    # the network is compiled for the side of this scene's windows; every other run finds it
    segment_scene(str(scene), Outputs(classes, overwrite=True), predictor, config, Reporter())
    found: dict[str, list[float]] = {}

    def note(name: str, megapixels: float, work: Callable[[], object]) -> None:
        begin = time.perf_counter()
        work()
        found.setdefault(name, []).append(megapixels / (time.perf_counter() - begin))

    for _ in range(rounds):
        note("bare engine", ENGINE_PATCHES * predictor.model.card.patch**2 / 1e6, lambda: run_engine(predictor))
        for name, outputs in runs.items():
            note(name, megapixels, partial(segment_scene, str(scene), outputs, predictor, config, Reporter()))
        note("as a process", megapixels, lambda: measure([*command, "--overwrite"]))
        note(
            "as a process, with polygons",
            megapixels,
            lambda: measure([*command, "--overwrite", "--polygons", str(polygons)]),
        )
        note("Deepness' way, with polygons", megapixels, lambda: segment_in_memory(predictor.model, scene, polygons))
    return {name: statistics.median(values) for name, values in found.items()}


def run_engine(predictor: Predictor) -> None:
    """Run the bare engine on patches in memory, all streams busy."""
    card = predictor.model.card
    patch = np.random.default_rng(0).normal(size=(len(card.bands), card.patch, card.patch)).astype(np.float32)
    for _ in predictor.predict(patch for _ in range(ENGINE_PATCHES)):
        pass


def compare_with_seed(scene: Path, folder: Path) -> dict[str, float]:
    """Seconds of a scene of 1 Mpx by the seed's method, and by ours at its settings and at our own."""
    slow, fast = SegmentConfig(gsd="source", overlap=0.5, tta=8), SegmentConfig(gsd="source")
    outputs = Outputs(folder / "seed.tif", overwrite=True)
    predictor, _ = _load(fast)
    found = {}
    for name, config in (("ours at its settings", slow), ("ours", fast)):
        for _ in range(2):  # the first run compiles the network for the side of its windows
            begin = time.perf_counter()
            segment_scene(str(scene), outputs, predictor, config, Reporter())
            found[name] = time.perf_counter() - begin
    network = build_keras(predictor.model)
    if network is not None:
        with rasterio.open(scene) as dataset:
            pixels = dataset.read()
        network.predict(np.zeros((32, 256, 256, len(pixels)), np.float32), verbose=0)  # TensorFlow plans its graph
        begin = time.perf_counter()
        segment_like_seed(network, predictor.model, pixels)
        found["the seed's method"] = time.perf_counter() - begin
    return found


def build_keras(model: Model) -> Any:
    """Build the network of a bundle in Keras again; None where the train extra is not installed."""
    try:
        from aerialseg_core.training.bundle_weights import read_weights
        from aerialseg_core.training.networks import build
        from aerialseg_core.training.recipe import load_recipe
    except ImportError:
        return None
    recipe = load_recipe("shipped")
    network = build(
        recipe.network.name,
        len(model.card.bands),
        len(model.card.classes),
        **{**recipe.network.options, "weights": "random"},
    )
    for name, weights in read_weights(model).items():
        network.get_layer(name).set_weights(weights)
    return network


def measure_size(scene: Path, side: int, folder: Path) -> dict[str, float]:
    """What a whole process takes for a scene of this size, and what the plan says before."""
    planned = plan_run(scene, gsd="source").seconds
    command = [sys.executable, "-m", "aerialseg_core", "segment", str(scene), "-o", str(folder / "size.tif")]
    peak, seconds = measure([*command, "--gsd", "source", "--overwrite"])
    return {"side": side, "megapixels": side**2 / 1e6, "peak": peak, "seconds": seconds, "planned": planned}


def measure_starts(image: Path, folder: Path, rounds: int) -> dict[str, float]:
    """Seconds from the start of a process until it works, and until it has ended, on a scene of 1 Mpx."""
    found = time_starts(image, folder, rounds=rounds)
    return {
        "segment, to the first patch": found["segment"]["start"],
        "segment, to the end": found["segment"]["end"],
        "polygons, to the first rows": found["polygons"]["start"],
        "polygons, to the end": found["polygons"]["end"],
        "segment --plan": found["segment --plan"]["end"],
    }


def compute_ratios(speeds: dict[str, float], seed: dict[str, float]) -> dict[str, float]:
    """Compute what the figures are there for."""
    plain, whole = speeds["class raster"], speeds["class raster, confidence and polygons"]
    found = {
        "efficiency": plain / speeds["bare engine"],
        "cost of confidence and polygons": plain / whole - 1,
        "times Deepness' way": speeds["as a process, with polygons"] / speeds["Deepness' way, with polygons"],
    }
    if "the seed's method" in seed:
        found["times the seed's method"] = seed["the seed's method"] / seed["ours"]
        found["times the seed's method at its settings"] = seed["the seed's method"] / seed["ours at its settings"]
    return found


def describe(figures: dict[str, Any]) -> str:
    """Describe all figures as Markdown tables."""
    lines = [f"On {figures['machine']}, by {figures['engine']}.", "", "| | Mpx/s |", "| --- | --- |"]
    lines += [f"| {name} | {value:.2f} |" for name, value in figures["speeds"].items()]
    lines += ["", "| a scene of 1 Mpx | seconds |", "| --- | --- |"]
    lines += [f"| {name} | {value:.2f} |" for name, value in figures["seed"].items()]
    lines += ["", "| a process on a scene of 1 Mpx, cache full | seconds |", "| --- | --- |"]
    lines += [f"| {name} | {value:.2f} |" for name, value in figures["starts"].items()]
    lines += ["", "| ratio | |", "| --- | --- |"]
    lines += [f"| {name} | {value:.2f} |" for name, value in figures["ratios"].items()]
    lines += ["", "| scene | time | of which planned | s/Mpx | peak RSS |", "| --- | --- | --- | --- | --- |"]
    for one in figures["sizes"]:
        cells = (
            f"{one['megapixels']:.0f} Mpx",
            f"{one['seconds']:.1f} s",
            f"{one['planned'] / one['seconds']:.0%}",
            f"{one['seconds'] / one['megapixels']:.3f}",
            f"{one['peak']:.0f} MiB",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _load(config: SegmentConfig) -> tuple[Predictor, SegmentConfig]:
    """Load a model, and warm its engine up."""
    predictor = load_predictor(config)
    run_engine(predictor)
    return predictor, config


if __name__ == "__main__":
    main()

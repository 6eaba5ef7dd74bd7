"""Reviewed squares as training data: cut out of the scene as the model sees it, with what it already knew beside them.

What the model knew is a replay, so that it does not forget: parts of its original data, or what it says itself of the
rest of the scene. Of its own words only those are repeated that the reviewed squares confirm: for each class, pixels of
a confidence from which on it was right there. Rehearsal against forgetting: Robins, Connection Science 7, 1995; Li,
Hoiem: Learning without Forgetting, ECCV 2016.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning
from rasterio.features import rasterize

from ..config import SegmentConfig
from ..datasets.labelled_data import LabelledData
from ..datasets.labels import count_labels
from ..datasets.pairs import LabelRaster, Pair
from ..datasets.pixel_values import PixelValues
from ..datasets.split import Part, Split
from ..files.outputs import write_atomically
from ..metrics import IGNORE
from ..model.card import Card
from ..model.normalization import find_trained_range
from ..progress import Reporter
from ..raster.opening import create_raster
from ..raster.scene import Scene
from ..raster.value_range import BYTE, Range
from ..raster.window import Window, reflect
from ..review.comparison import ReviewedGround
from ..segmentation.planning import plan_scene
from .data import TrainingData
from .distillation import list_soft_labels
from .patch_cache import halve
from .validation import Holdout, predict_windows

CUT = 256
"""Side of what is cut out around a square, px at the model's resolution; more where the square is larger."""

PRECISION = 0.9
"""What the model says of unreviewed ground is repeated where at least this share of it was right in the squares."""

UNTRIED = 0.95
"""Confidence from which a class is repeated that the model has not found in the reviewed squares, 0…1."""

FEWEST = 50
"""Pixels from which on it is known how far a class can be believed."""

_MULTIPLE = 32

Pixels = NDArray[np.float32]


@dataclass(frozen=True)
class ReviewData:
    """What a model is retrained on."""

    data: TrainingData
    """The cut-out squares, and after them those of the replay."""
    outlines: tuple[Window, ...]
    """Where each square is in its cut-out."""
    cut: int
    """Side of a cut-out, px."""

    @property
    def squares(self) -> int:
        """How many of the pairs are cut-out squares."""
        return len(self.outlines)

    @property
    def split(self) -> Split:
        """All of it to train on."""
        return replace(self.data.whole, kind="review")


def cut_squares(
    ground: ReviewedGround, card: Card, config: SegmentConfig, *, replayed: bool, folder: Path, reporter: Reporter
) -> ReviewData:
    """Cut the squares to train on out of the scene, each with its surroundings, which are unlabelled.

    A scene that is smaller than a cut-out is continued by reflection with its labels, as a run continues it, and lies
    elsewhere in each: always in the same corner, the network would learn where classes are, not what they look like.

    Args:
        ground: What people have said.
        card: Card of the model.
        config: How the scene is read.
        replayed: Whether as many other parts of the scene are cut as well, without labels.
        folder: Where the cut-outs are written.
        reporter: Told of every one.

    Raises:
        AerialSegError: The scene cannot be read, or does not fit the model.
    """
    training = [one for one in ground.squares if one.role == "train"]
    pairs: list[Pair] = []
    with plan_scene(ground.scene, card, config) as (plan, opened), opened.resample(plan.work_shape) as scene:
        outlines = [_find_window(one.polygon.exterior.coords, scene) for one in ground.squares]
        largest = max(max(window.shape) for window in outlines)
        cut = max(CUT, math.ceil(largest / _MULTIPLE) * _MULTIPLE)
        own = [w for one, w in zip(ground.squares, outlines, strict=True) if one.role == "train"]
        windows = [_center(window, cut, scene.shape) for window in own]
        others = _draw_windows(scene.shape, cut, len(windows)) if replayed else []
        gsd = card.gsd if scene.gsd is None else math.sqrt(scene.gsd[0] * scene.gsd[1])
        reporter.start("cut out squares", len(windows) + len(others), "squares")
        for window in [*windows, *others]:
            inside, taken = _reflect(window, scene.shape)
            pixels, valid = _read_as_trained(scene, inside, plan.stretch, card)
            place = scene.transform * Affine.translation(inside.col, inside.row)
            if len(pairs) < len(windows):
                labels = ground.burn(training, inside.shape, place)
            else:  # any class stands for: here the model may be repeated
                labels = np.zeros(inside.shape, np.uint8)
                kept_out = [one.polygon for one in ground.kept_out]
                labels[rasterize(kept_out, out_shape=inside.shape, transform=place) > 0] = IGNORE
            labels[~valid] = IGNORE
            down, across = taken
            pairs.append(_write_pair(pixels[:, down, across], labels[taken], folder / f"{len(pairs):05}", gsd))
            reporter.advance()
    labelled = LabelledData(folder, tuple(pairs), card.classes)
    censuses = tuple(count_labels(pair, card.classes) for pair in pairs)
    data = TrainingData(labelled, censuses, (), _describe_values(card), round(gsd, 4))
    outlined = (
        Window(square.row - window.row, square.col - window.col, *square.shape)
        for square, window in zip(own, windows, strict=True)
    )
    return ReviewData(data, tuple(outlined), cut)


def say_again(made: ReviewData, teacher: keras.Model, holdout: Holdout, reporter: Reporter) -> tuple[ReviewData, int]:
    """Label the cut-outs of the replay with what the model says of them itself, where it can be believed.

    Soft labels are written for `distillation` as well, none for the squares.

    Args:
        made: The cut-outs.
        teacher: The model as it was.
        holdout: All cut-outs as it reads them.
        reporter: Asked whether to stop.

    Returns:
        The same with these labels, and how many pixels have one.
    """
    classes = len(holdout.scheme)
    least = _find_least_confidence(made, teacher, holdout, reporter.check)
    pairs, said = made.data.pairs, 0
    folder = pairs[0].image.parent / "soft-labels"
    folder.mkdir(exist_ok=True)
    for index, path in enumerate(list_soft_labels(folder, pairs)):
        pair = pairs[index]
        soft = np.zeros((*halve(pair.size), classes), np.uint8)
        if index >= made.squares:
            scores = np.zeros((*pair.size, classes), np.float32)
            believed = np.zeros(pair.size, bool)
            part = Part(index, Window(0, 0, *pair.size))
            for window, free, found in predict_windows(teacher, replace(holdout, parts=(part,)), reporter.check):
                scores[window.slices] = found
                sure = found.max(axis=-1) >= least[found.argmax(axis=-1)]
                believed[window.slices] = sure & (free != IGNORE)
            _write_labels(np.where(believed, scores.argmax(axis=-1), IGNORE).astype(np.uint8), pair.mask)
            said += int(believed.sum())
            quarter = scores[::2, ::2] * believed[::2, ::2, None]
            soft[...] = np.rint(quarter * 255)
        with write_atomically(path, overwrite=True) as temporary, temporary.open("wb") as file:
            np.save(file, soft)
    censuses = tuple(count_labels(pair, holdout.scheme) for pair in pairs)
    return replace(made, data=replace(made.data, censuses=censuses)), said


def _find_least_confidence(
    made: ReviewData, teacher: keras.Model, holdout: Holdout, check: Callable[[], None]
) -> Pixels:
    """Find for each class the confidence from which on it was right in the reviewed squares, above 1 for never."""
    classes = len(holdout.scheme)
    parts = made.split.training[: made.squares]
    winners, sure, right = [], [], []
    for _, labels, scores in predict_windows(teacher, replace(holdout, parts=parts), check):
        known, winner = labels != IGNORE, scores.argmax(axis=-1)
        winners.append(winner[known])
        sure.append(scores.max(axis=-1)[known])
        right.append((winner == labels)[known])
    least = np.full(classes, UNTRIED, np.float32)
    winner, confidence, correct = (np.concatenate(one) for one in (winners, sure, right))
    for label in range(classes):
        own = winner == label
        if own.sum() < FEWEST:
            continue
        order = np.argsort(-confidence[own])
        hits = np.cumsum(correct[own][order])
        count = np.arange(1, len(hits) + 1)
        good = np.flatnonzero((hits >= PRECISION * count) & (count >= FEWEST))
        least[label] = confidence[own][order][good[-1]] if len(good) else 2.0
    return least


def add_original(made: ReviewData, original: LabelledData, *, seed: int) -> tuple[TrainingData, Split]:
    """Add random parts of the data that the model was trained on, as many as there are squares.

    Args:
        made: The squares.
        original: These data, of the same classes.
        seed: Of the draw.
    """
    rng, parts = np.random.default_rng(seed), list(made.split.training)
    chosen = sorted(int(i) for i in rng.integers(len(original.pairs), size=made.squares))
    for index in chosen:
        rows, cols = original.pairs[index].size
        height, width = min(made.cut, rows), min(made.cut, cols)
        top, left = int(rng.integers(rows - height + 1)), int(rng.integers(cols - width + 1))
        parts.append(Part(made.squares + index, Window(top, left, height, width)))
    pairs = (*made.data.pairs[: made.squares], *original.pairs)
    labelled = replace(made.data.labelled, pairs=pairs)
    censuses = (*made.data.censuses[: made.squares], *(count_labels(pair, original.scheme) for pair in original.pairs))
    data = replace(made.data, labelled=labelled, censuses=censuses)
    return data, Split(tuple(parts), (), "review", "nothing")


def _find_window(corners: Sequence[tuple[float, ...]], scene: Scene) -> Window:
    """Find the pixels of a square in a scene as it is read."""
    found = [~scene.transform * (x, y) for x, y, *_ in corners]
    (left, right), (top, bottom) = ((min(axis), max(axis)) for axis in zip(*found, strict=True))
    row, col = round(top), round(left)
    return Window(row, col, max(1, round(bottom) - row), max(1, round(right) - col))


def _center(window: Window, side: int, shape: tuple[int, int]) -> Window:
    """Lay a window of `side` px around another one, inside of a raster of (rows, cols) where that is large enough."""
    starts = []
    for start, size, whole in zip((window.row, window.col), window.shape, shape, strict=True):
        middle = start + size // 2 - side // 2
        starts.append(middle if whole < side else min(max(0, middle), whole - side))
    return Window(starts[0], starts[1], side, side)


def _draw_windows(shape: tuple[int, int], side: int, count: int) -> list[Window]:
    """Draw windows by chance."""
    rng = np.random.default_rng(0)
    rows, cols = (rng.integers(min(0, n - side), max(0, n - side) + 1, size=count) for n in shape)
    return [Window(int(row), int(col), side, side) for row, col in zip(rows, cols, strict=True)]


def _reflect(window: Window, shape: tuple[int, int]) -> tuple[Window, tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Find the part of a scene that a window shows, and its rows and columns there; beyond it, it is reflected."""
    axes = zip((window.row, window.col), window.shape, shape, strict=True)
    rows, cols = (reflect(np.arange(start, start + size), whole) for start, size, whole in axes)
    top, left = int(rows.min()), int(cols.min())
    inside = Window(top, left, int(rows.max()) + 1 - top, int(cols.max()) + 1 - left)
    down, across = np.ix_(rows - top, cols - left)
    return inside, (down, across)


def _read_as_trained(
    scene: Scene, window: Window, stretch: Range | None, card: Card
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Read a window in the values that the model was trained on, (bands, rows, cols), and where it has data."""
    stored, valid = scene.read(window)
    pixels = np.nan_to_num(stored.astype(np.float32))
    black, white = find_trained_range(card)
    if stretch is not None:
        low, high = stretch
        pixels = ((pixels - low) * ((white - black) / (high - low)) + black).clip(black, white)
    return (np.rint(pixels).clip(0, 255).astype(np.uint8) if _is_plain(card) else pixels), valid


def _is_plain(card: Card) -> bool:
    """Tell whether the model was trained on values of one byte."""
    return card.dtype == "uint8" and card.range is None


def _describe_values(card: Card) -> PixelValues:
    if _is_plain(card):
        return PixelValues("uint8")
    return PixelValues("float32", card.dtype, card.range or (BYTE if card.dtype == "uint8" else None))


def _write_pair(pixels: NDArray[Any], labels: NDArray[np.uint8], stem: Path, gsd: float) -> Pair:
    image, mask = stem.with_suffix(".tif"), stem.with_name(f"{stem.name}_labels.tif")
    _write_raster(image, pixels)
    _write_labels(labels, mask)
    bands, height, width = pixels.shape
    return Pair(image, LabelRaster(mask), "review", (height, width), tuple(range(1, bands + 1)), gsd)


def _write_labels(labels: NDArray[np.uint8], path: Path) -> None:
    """Write labels as numbers of classes, 0 where there is none."""
    _write_raster(path, (labels + np.uint8(1))[None])  # IGNORE becomes 0


def _write_raster(path: Path, pixels: NDArray[Any]) -> None:
    bands, height, width = pixels.shape
    size = {"count": bands, "height": height, "width": width}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with create_raster(path, driver="GTiff", dtype=str(pixels.dtype), **size) as dataset:
            dataset.write(pixels)

"""Comparison of two models on reviewed squares: run as for a map, and counted where people have said what is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.windows import Window as RasterioWindow

from ..config import SegmentConfig
from ..errors import DataError
from ..metrics import IGNORE, accuracies, bootstrap_interval, count_confusion, measure_accuracy
from ..progress import Reporter
from ..raster.class_raster import NO_DATA
from ..raster.classes import ClassScheme, LandCoverClass
from ..raster.geodesy import is_same_crs
from ..raster.opening import open_raster, open_written
from ..raster.scene import open_scene
from ..segmentation.job import Outputs
from ..segmentation.predictor import Predictor
from ..segmentation.segment import segment_scene
from .review_file import Label, Square

SEED = 0
"""Of the draws of squares behind the intervals."""

Labels = NDArray[np.uint8]


@dataclass(frozen=True)
class ReviewedGround:
    """What people have said about a scene."""

    scene: str
    """The image."""
    squares: tuple[Square, ...]
    """The reviewed squares."""
    labels: tuple[Label, ...]
    """All labels, in the order in which they were drawn."""
    kept_out: tuple[Square, ...]
    """All squares of which nothing may be learnt but by their labels: the reviewed ones, and those to check with."""
    table: dict[int, int]
    """Index in the model's scheme, from 0, by the number of a class in the review."""

    def burn(self, squares: Sequence[Square], shape: tuple[int, int], transform: Affine) -> Labels:
        """Burn the labels in some squares into pixels; where labels overlap, the later one counts.

        Args:
            squares: The squares; outside of them everything is `IGNORE`.
            shape: (rows, cols).
            transform: Pixel to CRS.

        Returns:
            Index of the class of each pixel, `IGNORE` where there is no label.
        """
        found = np.full(shape, IGNORE, np.uint8)
        if not squares:
            return found
        around = shapely.union_all([one.polygon for one in squares])
        burnt = [(one.polygon, self.table[one.class_id]) for one in self.labels if one.polygon.intersects(around)]
        if burnt:
            rasterize(burnt, out=found, transform=transform)
        inside = rasterize([one.polygon for one in squares], out_shape=shape, transform=transform)
        found[inside == 0] = IGNORE
        return found


@dataclass(frozen=True)
class SquareComparison:
    """What two models make of a square."""

    square: Square
    """The square."""
    labels: Labels
    """What people say, index of the class or `IGNORE`; (rows, cols)."""
    before: Labels
    """What the old model says, likewise."""
    after: Labels
    """What the new one says."""
    confidence: Labels
    """How sure the new one is, percent."""
    photograph: NDArray[np.uint8]
    """The image, (rows, cols, 3)."""
    transform: Affine
    """Pixel to CRS."""

    def count(self, classes: int) -> NDArray[np.int64]:
        """Count the pixels of every (label, prediction), (2, classes, classes): before and after."""
        return np.stack([count_confusion(self.labels, found, classes) for found in (self.before, self.after)])


def match_review(classes: Sequence[LandCoverClass], scheme: ClassScheme) -> dict[int, int]:
    """Match the classes of a review with those of a model by their names, whatever the case.

    Raises:
        DataError: The model does not know one.
    """
    known = {name.casefold(): index for index, name in enumerate(scheme.names)}
    unknown = [one.name for one in classes if one.name.casefold() not in known]
    if unknown:
        raise DataError(
            "review-class-unknown",
            "The review has the class {name}, which the model does not know.",
            "It tells {known} apart; train a model of other classes with aerialseg train.",
            name=unknown[0],
            known=", ".join(scheme.names),
        )
    return {one.id: known[one.name.casefold()] for one in classes}


def require_scene(ground: ReviewedGround, crs_wkt: str | None, review: Path) -> None:
    """Refuse an image that does not show the ground of a review: there the labels would lie on something else.

    Args:
        ground: The image, and what people have said.
        crs_wkt: CRS of the review; None if it has none.
        review: Its file.

    Raises:
        RasterReadError: The image is missing or unreadable.
        DataError: It is in another CRS, or does not show all reviewed squares.
    """
    with open_raster(ground.scene) as scene:
        theirs = scene.crs.to_wkt() if scene.crs else None
        inverse, (rows, cols) = ~scene.transform, scene.shape
    if not is_same_crs(theirs, crs_wkt):
        raise DataError(
            "review-other-crs",
            "{scene} is in another CRS than the squares of {review}.",
            "Give the image that the map was made of with --scene, or bring this one into that CRS.",
            scene=ground.scene,
            review=review,
        )
    missing = []
    for square in ground.squares:
        corners = np.array([inverse * xy for xy in square.polygon.exterior.coords])
        if (corners < -0.5).any() or (corners > (cols + 0.5, rows + 0.5)).any():
            missing.append(square.number)
    if missing:
        raise DataError(
            "review-elsewhere",
            "{scene} does not show {count} of the {squares} reviewed squares of {review}.",
            "Give the image that the map was made of with --scene.",
            scene=ground.scene,
            count=len(missing),
            squares=len(ground.squares),
            review=review,
        )


def compare_models(
    ground: ReviewedGround,
    before: tuple[Predictor, SegmentConfig],
    after: tuple[Predictor, SegmentConfig],
    *,
    folder: Path,
    reporter: Reporter,
) -> list[SquareComparison]:
    """Run two models over the surroundings of every reviewed square, as for a map.

    Args:
        ground: What people have said.
        before: The old model, and how it is run.
        after: The new one.
        folder: For temporary rasters.
        reporter: Told of every square.

    Raises:
        AerialSegError: As `segment`.
    """
    compared = []
    reporter.start("compare", len(ground.squares), "squares")
    for square in ground.squares:
        runs = [_segment_square(ground, square, *one, folder) for one in (before, after)]
        (old, _, transform), (new, confidence, _) = runs
        shape = (old.shape[0], old.shape[1])
        labels = ground.burn([square], shape, transform)
        labels[(old == IGNORE) | (new == IGNORE)] = IGNORE  # somebody has drawn over ground without data
        with open_scene(ground.scene, before[0].model.card.band_names, bands=before[1].bands) as scene:
            photograph = _read_photograph(scene.dataset, scene.bands, transform, shape)
        compared.append(SquareComparison(square, labels, old, new, confidence, photograph, transform))
        reporter.advance()
    return compared


def _segment_square(
    ground: ReviewedGround, square: Square, predictor: Predictor, config: SegmentConfig, folder: Path
) -> tuple[Labels, Labels, Affine]:
    """Segment a square with its surroundings: classes and confidence of its own pixels, and where they are."""
    west, south, east, north = square.polygon.bounds
    around = max(east - west, north - south)
    with open_raster(ground.scene) as scene:
        left, bottom, right, top = _find_bounds(scene.transform, scene.shape)
    extent = (
        max(west - around, left),
        max(south - around, bottom),
        min(east + around, right),
        min(north + around, top),
    )
    outputs = Outputs(folder / "classes.tif", folder / "confidence.tif", overwrite=True, draft=True)
    segment_scene(ground.scene, outputs, predictor, replace(config, extent=extent), Reporter())
    with open_written(outputs.classes) as classes, open_written(folder / "confidence.tif") as sure:
        corners = [~classes.transform * xy for xy in square.polygon.exterior.coords]
        cols, rows = (np.round([min(axis), max(axis)]).astype(int) for axis in zip(*corners, strict=True))
        cols, rows = cols.clip(0, classes.width), rows.clip(0, classes.height)
        window = RasterioWindow(int(cols[0]), int(rows[0]), int(cols[1] - cols[0]), int(rows[1] - rows[0]))
        found, confidence = classes.read(1, window=window), sure.read(1, window=window)
        transform = classes.transform * Affine.translation(cols[0], rows[0])
    return np.where(found == NO_DATA, IGNORE, found - np.uint8(1)), confidence, transform


def _find_bounds(transform: Affine, shape: tuple[int, int]) -> tuple[float, float, float, float]:
    corners = [transform * (col, row) for col in (0, shape[1]) for row in (0, shape[0])]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _read_photograph(
    dataset: Any, bands: Sequence[int], transform: Affine, shape: tuple[int, int]
) -> NDArray[np.uint8]:
    """Read what a part of an image looks like: its first three bands, or one of them three times."""
    col, row = (round(n) for n in ~dataset.transform * (transform.c, transform.f))
    shown = [*bands, *bands, *bands][:3] if len(bands) < 3 else list(bands[:3])
    pixels = dataset.read(shown, window=RasterioWindow(col, row, shape[1], shape[0])).astype(np.float32)
    low, high = np.nanpercentile(pixels, [1, 99])
    scaled = np.nan_to_num((pixels - low) * (255 / max(high - low, 1e-9))).clip(0, 255)
    return np.moveaxis(scaled.astype(np.uint8), 0, -1)


def summarise_comparison(compared: Sequence[SquareComparison], scheme: ClassScheme) -> dict[str, Any]:
    """Summarise a comparison: accuracy before and after on each kind of squares, with 95 % intervals.

    The intervals are those of the bootstrap over squares. That of the difference is paired: both models are counted on
    the same draws.

    Returns:
        JSON-serialisable values; shares are 0…1, None where there is nothing to tell.
    """
    found: dict[str, Any] = {}
    for role in ("check", "train"):
        own = [one for one in compared if one.square.role == role]
        counts = np.array([one.count(len(scheme)) for one in own], np.int64).reshape(-1, 2, len(scheme), len(scheme))
        total = counts.sum(axis=0)
        scores = [asdict(measure_accuracy(matrix, scheme.names)) for matrix in total]
        known = bool(total.sum())
        found[role] = {
            "squares": len(own),
            "pixels": int(total[0].sum()),
            "before": scores[0] if known else None,
            "after": scores[1] if known else None,
            "intervals": {
                "before": bootstrap_interval(counts, lambda c: accuracies(c[:, 0]), seed=SEED),
                "after": bootstrap_interval(counts, lambda c: accuracies(c[:, 1]), seed=SEED),
                "difference": bootstrap_interval(
                    counts, lambda c: accuracies(c[:, 1]) - accuracies(c[:, 0]), seed=SEED
                ),
            },
            "now_right": _share_flipped(own, right_after=True),
            "now_wrong": _share_flipped(own, right_after=False),
        }
    found["squares"] = [
        {
            "square": one.square.number,
            "role": one.square.role,
            **dict(zip(("before", "after"), map(_round, accuracies(one.count(len(scheme)))), strict=True)),
        }
        for one in compared
    ]
    return found


def _round(share: float) -> float | None:
    return None if np.isnan(share) else round(float(share), 4)


def _share_flipped(compared: Sequence[SquareComparison], *, right_after: bool) -> float | None:
    """Share of the labelled pixels that only one of both models has right."""
    flipped, labelled = 0, 0
    for one in compared:
        right = [(found == one.labels) & (one.labels != IGNORE) for found in (one.before, one.after)]
        flipped += int((right[right_after] & ~right[not right_after]).sum())
        labelled += int((one.labels != IGNORE).sum())
    return round(flipped / labelled, 4) if labelled else None


def list_suspicious(
    compared: Sequence[SquareComparison], ground: ReviewedGround, scheme: ClassScheme, most: int = 20
) -> list[dict[str, Any]]:
    """List the labels that the new model contradicts loudest: by pixels × confidence of what it says instead.

    Args:
        compared: The squares.
        ground: Their labels.
        scheme: Classes of the model.
        most: How many, at most.

    Returns:
        JSON-serialisable rows: square, label, what the model says, the share of the label's pixels, its confidence
        there (0…1), and a point inside.
    """
    rows = []
    for one in compared:
        own = [label for label in ground.labels if label.polygon.intersects(one.square.polygon)]
        burnt = [(label.polygon, i) for i, label in enumerate(own, 1)]
        shape = one.labels.shape
        which = rasterize(burnt, out_shape=shape, transform=one.transform, dtype="int32") if burnt else np.zeros(shape)
        for i, label in enumerate(own, 1):
            pixels = (which == i) & (one.after != IGNORE) & (one.labels != IGNORE)
            wrong = pixels & (one.after != one.labels)
            if not wrong.any():
                continue
            says = int(np.bincount(one.after[wrong], minlength=len(scheme)).argmax())
            inside = label.polygon.intersection(one.square.polygon).representative_point()
            rows.append(
                {
                    "square": one.square.number,
                    "label": scheme.names[ground.table[label.class_id]],
                    "model": scheme.names[says],
                    "share": round(float(wrong.sum() / pixels.sum()), 4),
                    "confidence": round(float(one.confidence[wrong].mean()) / 100, 4),
                    "loudness": float(one.confidence[wrong].sum() / 100),
                    "x": round(inside.x, 6),
                    "y": round(inside.y, 6),
                }
            )
    rows.sort(key=lambda row: -float(str(row["loudness"])))
    return rows[:most]

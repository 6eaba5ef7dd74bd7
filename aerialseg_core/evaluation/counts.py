"""Counting one image: its class raster against its labels, window by window."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..classes import IGNORE, ClassScheme
from ..datasets.labels import label_reader
from ..datasets.pairs import Pair
from ..datasets.rasters import opened, rasterio_window
from ..metrics import count_confusion
from ..model.calibration import Reliability
from ..raster.class_raster import NO_DATA
from ..raster.window import Window, spans
from .boundary_f1 import MARGIN, count_contours
from .thumbnails import Thumbnail

_ROWS, _COLS = 256, 4096


@dataclass(frozen=True)
class Counts:
    """What was counted in one image."""

    matrix: NDArray[np.int64]
    """Confusion matrix, shape (classes, classes), in the order of the model."""
    contours: NDArray[np.int64]
    """Boundary pixels, shape (classes, 4); see `contours.py`."""
    ignored: int
    """Pixels without a label."""
    missing: int
    """Labelled pixels for which the image has no data; they do not count."""


@dataclass(frozen=True)
class Rasters:
    """What the pipeline made of an image."""

    classes: Path
    confidence: Path


def count_image(
    pair: Pair,
    scheme: ClassScheme,
    translation: NDArray[np.uint8],
    rasters: Rasters,
    *,
    classes: int,
    reliability: Reliability,
    thumbnail: Thumbnail | None = None,
) -> Counts:
    """Compare what the pipeline made of an image with its labels; memory does not grow with the image.

    Args:
        pair: The image and its labels.
        scheme: Classes of the labels.
        translation: Their indices in the model's order; see `schemes.translation`.
        rasters: What the pipeline made, on the pixels of the image.
        classes: Number of classes of the model.
        reliability: Is fed with every scored pixel.
        thumbnail: Is fed with everything.

    Raises:
        DataError: The labels are unreadable.
    """
    matrix, contours = np.zeros((classes, classes), np.int64), np.zeros((classes, 4), np.int64)
    ignored = missing = 0
    with ExitStack() as stack:
        read = stack.enter_context(label_reader(pair, scheme))
        sources = [stack.enter_context(opened(path)) for path in (rasters.classes, rasters.confidence)]
        for window, core in _windows(pair.size):
            labels = translation[read(window)]
            found, confidence = (source.read(1, window=rasterio_window(window)) for source in sources)
            scored, predicted = labels.copy(), found - np.uint8(1)  # 0, no data, becomes 255 = IGNORE
            scored[found == NO_DATA] = IGNORE
            contours += count_contours(scored, predicted, classes, core=core)
            labels, scored, predicted, confidence = (a[core.slices] for a in (labels, scored, predicted, confidence))
            matrix += count_confusion(scored, predicted, classes)
            valid = scored != IGNORE
            reliability.feed(confidence[valid] / np.float32(100), (scored == predicted)[valid])
            ignored += int(np.count_nonzero(labels == IGNORE))
            missing += int(np.count_nonzero(labels != scored))
            if thumbnail is not None:
                place = Window(window.row + core.row, window.col + core.col, *core.shape)
                thumbnail.feed(place, labels, predicted, confidence)
    return Counts(matrix, contours, ignored, missing)


def _windows(size: tuple[int, int]) -> Iterator[tuple[Window, Window]]:
    """Windows that cover an image with a margin, and in each what it is there for, counted from its corner."""
    rows, cols = size
    for top, bottom in spans(0, rows, _ROWS):
        for left, right in spans(0, cols, _COLS):
            row, col = max(top - MARGIN, 0), max(left - MARGIN, 0)
            height, width = min(bottom + MARGIN, rows) - row, min(right + MARGIN, cols) - col
            yield Window(row, col, height, width), Window(top - row, left - col, bottom - top, right - left)

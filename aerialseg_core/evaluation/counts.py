"""Counting one image: its class raster against its labels, window by window."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..datasets.labels import label_reader
from ..datasets.pairs import Pair
from ..datasets.rasters import open_stored, rasterio_window
from ..errors import DataError
from ..metrics import IGNORE, count_confusion
from ..model.calibration import Reliability
from ..raster.class_raster import NO_DATA
from ..raster.classes import ClassScheme
from ..raster.window import Window, spans
from .boundary_f1 import MARGIN, count_boundaries
from .thumbnails import Thumbnail

_ROWS, _COLS = 256, 4096


@dataclass(frozen=True)
class Counts:
    """Agreement of the class raster of one image with its labels, counted in pixels."""

    matrix: NDArray[np.int64]
    """Confusion matrix, shape (classes, classes), in the order of the model."""
    boundaries: NDArray[np.int64]
    """Boundary pixels, shape (classes, 4); see `boundary_f1.py`."""
    ignored: int
    """Pixels without a label."""
    missing: int
    """Labelled pixels for which the image has no data; they do not count."""


@dataclass(frozen=True)
class Rasters:
    """The rasters that the pipeline made of an image."""

    classes: Path
    """Class raster."""
    confidence: Path
    """Confidence raster."""


def count_image(
    pair: Pair,
    scheme: ClassScheme,
    rasters: Rasters,
    *,
    model_scheme: ClassScheme,
    reliability: Reliability,
    thumbnail: Thumbnail | None = None,
) -> Counts:
    """Compare what the pipeline made of an image with its labels; memory does not grow with the image.

    Args:
        pair: The image and its labels.
        scheme: Classes of the labels.
        rasters: What the pipeline made, on the pixels of the image.
        model_scheme: Classes of the model, whose order is that of the counts.
        reliability: Is fed with every scored pixel.
        thumbnail: Is fed with everything.

    Raises:
        DataError: The labels are unreadable, or the model does not know a class of them.
    """
    classes, model_labels = len(model_scheme), match_classes(model_scheme, scheme)
    matrix, boundaries = np.zeros((classes, classes), np.int64), np.zeros((classes, 4), np.int64)
    ignored = missing = 0
    with ExitStack() as stack:
        read = stack.enter_context(label_reader(pair, scheme))
        sources = [stack.enter_context(open_stored(path)) for path in (rasters.classes, rasters.confidence)]
        for window, core in _cover(pair.size):
            labels = model_labels[read(window)]
            found, confidence = (source.read(1, window=rasterio_window(window)) for source in sources)
            scored, predicted = labels.copy(), found - np.uint8(1)  # 0, no data, becomes 255 = IGNORE
            scored[found == NO_DATA] = IGNORE
            boundaries += count_boundaries(scored, predicted, classes, core=core)
            labels, scored, predicted, confidence = (a[core.slices] for a in (labels, scored, predicted, confidence))
            matrix += count_confusion(scored, predicted, classes)
            valid = scored != IGNORE
            reliability.feed(confidence[valid] / np.float32(100), (scored == predicted)[valid])
            ignored += int(np.count_nonzero(labels == IGNORE))
            missing += int(np.count_nonzero(labels != scored))
            if thumbnail is not None:
                place = Window(window.row + core.row, window.col + core.col, *core.shape)
                thumbnail.feed(place, labels, predicted, confidence)
    return Counts(matrix, boundaries, ignored, missing)


def match_classes(model: ClassScheme, data: ClassScheme) -> NDArray[np.uint8]:
    """Match the classes of the data with those of the model: the same class has the same name, whatever the case.

    Args:
        model: Classes that the model tells apart.
        data: Classes that are labelled; all of them must be among the model's, in any order and colour.

    Returns:
        Shape (256,), uint8: the value at a label is the index in the model's scheme, and `IGNORE` for `IGNORE`.

    Raises:
        DataError: The model does not know a class of the data.
    """
    known = {name.casefold(): index for index, name in enumerate(model.names)}
    unknown = [name for name in data.names if name.casefold() not in known]
    if unknown:
        raise DataError(
            "classes-differ",
            "The model tells {known} apart and does not know {unknown} of the data.",
            "Evaluate it on data with its classes, or train a model on these.",
            known=", ".join(model.names),
            unknown=", ".join(unknown),
        )
    table = np.full(256, IGNORE, np.uint8)
    table[: len(data)] = [known[name.casefold()] for name in data.names]
    return table


def _cover(size: tuple[int, int]) -> Iterator[tuple[Window, Window]]:
    """Cover an image with windows with a margin; with each, what it is there for, counted from its corner."""
    rows, cols = size
    for top, bottom in spans(0, rows, _ROWS):
        for left, right in spans(0, cols, _COLS):
            row, col = max(top - MARGIN, 0), max(left - MARGIN, 0)
            height, width = min(bottom + MARGIN, rows) - row, min(right + MARGIN, cols) - col
            yield Window(row, col, height, width), Window(top - row, left - col, bottom - top, right - left)

"""Agreement: how far two annotations of the same ground say the same. No model can be expected to score higher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..datasets.labelled_data import LabelledData
from ..datasets.labels import label_reader
from ..metrics import IGNORE, count_confusion, measure_class_accuracy
from ..raster.window import Window
from .overlaps import Overlap, enclose_bounds, intersect_images, invert_matrix, transform_points

_BLOCK = 1024

Labels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Agreement:
    """Two annotations of the same ground, counted pixel by pixel."""

    first: int
    """Index of the one pair."""
    second: int
    """Index of the other pair."""
    matrix: NDArray[np.int64]
    """Pixels by (label of the first, label of the second), shape (classes, classes); ignored ones do not count."""

    @property
    def pixels(self) -> int:
        """Pixels that both label."""
        return int(self.matrix.sum())

    @property
    def share(self) -> float | None:
        """Share of them, 0…1, on which both agree; None without such pixels."""
        return compute_share(self.matrix)


def measure_agreement(data: LabelledData, overlaps: Sequence[Overlap]) -> list[Agreement]:
    """Count how far the labels of overlapping images agree; none for an image whose labels both are one file.

    Args:
        data: The labelled data.
        overlaps: Overlaps of its images.

    Raises:
        DataError: Labels are unreadable.
    """
    return [
        Agreement(overlap.first, overlap.second, _count_confusion(data, overlap))
        for overlap in overlaps
        if data.pairs[overlap.first].labels != data.pairs[overlap.second].labels
    ]


def compute_share(matrix: NDArray[np.int64]) -> float | None:
    """Compute the share of the pixels on the diagonal of a (classes, classes) matrix, 0…1; None without pixels."""
    pixels = int(matrix.sum())
    return float(np.trace(matrix) / pixels) if pixels else None


def compute_iou(matrix: NDArray[np.int64], names: Sequence[str]) -> dict[str, float | None]:
    """Compute the IoU of each class between two annotations, neither of them the truth; None where neither has it."""
    return {name: scores.iou for name, scores in measure_class_accuracy(matrix, names).items()}


def _count_confusion(data: LabelledData, overlap: Overlap) -> NDArray[np.int64]:
    """The confusion matrix of an overlap, block by block."""
    first, second = data.pairs[overlap.first], data.pairs[overlap.second]
    area = enclose_bounds(intersect_images(overlap.matrix, first.size, second.size).bounds, first.size)
    matrix = np.zeros((len(data.scheme), len(data.scheme)), np.int64)
    whole = Window(0, 0, *second.size)
    back = invert_matrix(overlap.matrix)
    with label_reader(first, data.scheme) as read_first, label_reader(second, data.scheme) as read_second:
        for block in _cut_blocks(area):
            y, x = np.mgrid[block.slices] + 0.5
            points = transform_points(back, np.stack([x.ravel(), y.ravel()], axis=1))
            cols, rows = np.floor(points).astype(np.int64).T.reshape(2, *block.shape)
            needed = Window(
                int(rows.min()), int(cols.min()), int(np.ptp(rows)) + 1, int(np.ptp(cols)) + 1
            ).intersection(whole)
            if needed is None:
                continue
            there = _take_labels(read_second(needed), rows - needed.row, cols - needed.col)
            here = read_first(block).copy()
            here[there == IGNORE] = IGNORE
            matrix += count_confusion(here, there, len(data.scheme))
    return matrix


def _cut_blocks(area: Window) -> list[Window]:
    return [
        block
        for row in range(area.row, area.row + area.height, _BLOCK)
        for col in range(area.col, area.col + area.width, _BLOCK)
        if (block := area.intersection(Window(row, col, _BLOCK, _BLOCK))) is not None
    ]


def _take_labels(labels: Labels, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> Labels:
    """Labels at (rows, cols); `IGNORE` beyond their edge."""
    inside = (rows >= 0) & (rows < labels.shape[0]) & (cols >= 0) & (cols < labels.shape[1])
    taken = np.full(rows.shape, IGNORE, np.uint8)
    taken[inside] = labels[rows[inside], cols[inside]]
    return taken

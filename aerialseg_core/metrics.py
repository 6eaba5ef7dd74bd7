"""Scores of a segmentation from its confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .classes import IGNORE

UNLABELED = "Unlabeled"
"""The class that `miou_labelled` leaves out: it says what people did not draw, not what is there."""


@dataclass(frozen=True)
class Scores:
    """Scores on held-out images."""

    iou: dict[str, float | None]
    """Intersection over union of each class; None where it is neither labelled nor predicted."""
    miou: float
    """Mean IoU of the classes that have one."""
    miou_labelled: float
    """The same without the class "Unlabeled"."""
    accuracy: float
    """Share of the labelled pixels that have the right class."""
    pixels: int
    """Labelled pixels scored."""


def confusion(labels: NDArray[np.uint8], predicted: NDArray[np.uint8], classes: int) -> NDArray[np.int64]:
    """Count the pixels of every (label, predicted) pair; ignored pixels do not count.

    Args:
        labels: Any shape, class indices, 255 = ignore.
        predicted: Same shape, class indices.
        classes: Number of classes.

    Returns:
        Shape (classes, classes), rows are labels, cols predictions.
    """
    valid = labels != IGNORE
    codes = labels[valid].astype(np.intp) * classes + predicted[valid]
    return np.bincount(codes, minlength=classes * classes).reshape(classes, classes)


def score(matrix: NDArray[np.int64], names: Sequence[str]) -> Scores:
    """Scores of a confusion matrix, shape (classes, classes)."""
    common = np.diag(matrix)
    union = matrix.sum(axis=0) + matrix.sum(axis=1) - common
    iou = {name: round(float(c / u), 4) if u else None for name, c, u in zip(names, common, union, strict=True)}
    pixels = int(matrix.sum())
    return Scores(
        iou=iou,
        miou=_mean(list(iou.values())),
        miou_labelled=_mean([value for name, value in iou.items() if name != UNLABELED]),
        accuracy=round(float(common.sum() / pixels), 4) if pixels else 0.0,
        pixels=pixels,
    )


def _mean(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return round(float(np.mean(known)), 4) if known else 0.0

"""Accuracy assessment of a segmentation by its confusion matrix: rows are what is labelled, columns what is predicted.

The names of measures (`kappa`, `ious`, …) stand for functions that compute them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

IGNORE = 255
"""Label of pixels that count neither in a loss nor in a score; labels 0…N-1 are the classes 1…N of a scheme."""

UNLABELED = "Unlabeled"
"""The class that `miou_labelled` leaves out: it says what people did not draw, not what is there."""

RESAMPLES = 2000
"""How often the images are drawn anew for an interval."""

_DRAWN_AT_ONCE = 200

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Accuracy:
    """How far a prediction agrees with the labels, over all classes."""

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


@dataclass(frozen=True)
class ClassAccuracy:
    """How far a prediction agrees with the labels on one class; None where there is nothing to divide by."""

    iou: float | None
    """Intersection over union: right pixels ÷ pixels that are labelled or predicted so."""
    f1: float | None
    """Harmonic mean of precision and recall."""
    precision: float | None
    """Share of the pixels predicted so that are labelled so; None if it is never predicted."""
    recall: float | None
    """Share of the pixels labelled so that are predicted so; None if it is never labelled."""
    labelled: int
    """Pixels labelled so."""
    predicted: int
    """Labelled pixels predicted so."""


def count_confusion(labels: NDArray[np.uint8], predicted: NDArray[np.uint8], classes: int) -> NDArray[np.int64]:
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


def measure_accuracy(
    matrix: NDArray[np.int64], names: Sequence[str], *, among: Collection[str] | None = None
) -> Accuracy:
    """Measure the accuracy that a confusion matrix shows.

    Args:
        matrix: Shape (classes, classes).
        names: Names of its classes.
        among: The classes that have a score of their own; None for all. The others still count as mistakes.
    """
    iou = {
        name: round_known(value)
        for name, value in zip(names, ious(matrix), strict=True)
        if among is None or name in among
    }
    pixels = int(matrix.sum())
    return Accuracy(
        iou=iou,
        miou=_mean(list(iou.values())),
        miou_labelled=_mean([value for name, value in iou.items() if name != UNLABELED]),
        accuracy=round(float(np.trace(matrix) / pixels), 4) if pixels else 0.0,
        pixels=pixels,
    )


def measure_class_accuracy(matrix: NDArray[np.int64], names: Sequence[str]) -> dict[str, ClassAccuracy]:
    """Measure the accuracy of every class of a confusion matrix, shape (classes, classes), to four decimals."""
    right, labelled, predicted = np.diag(matrix), matrix.sum(axis=1), matrix.sum(axis=0)
    return {
        name: ClassAccuracy(
            iou=_share(r, actual + guessed - r),
            f1=_share(2 * r, actual + guessed),
            precision=_share(r, guessed),
            recall=_share(r, actual),
            labelled=int(actual),
            predicted=int(guessed),
        )
        for name, r, actual, guessed in zip(names, right, labelled, predicted, strict=True)
    }


def micro_iou(matrix: NDArray[np.int64]) -> float | None:
    """Intersections of all classes together ÷ unions of all classes together; None without pixels.

    Unlike the mean IoU it weighs every pixel alike, whatever its class.
    """
    return round_known(micro_ious(matrix))


def kappa(matrix: NDArray[np.int64]) -> float | None:
    """Cohen's kappa: how far the agreement goes beyond what the shares of the classes make likely by chance.

    Cohen: A Coefficient of Agreement for Nominal Scales. Educational and Psychological Measurement 20, 1960.

    Returns:
        1 for perfect agreement, 0 for that of chance, negative below; None where chance alone agrees on everything.
    """
    return round_known(kappas(matrix))


def ious(matrices: Floats | NDArray[np.int64]) -> Floats:
    """IoU of every class of many confusion matrices at a time.

    Args:
        matrices: Shape (…, classes, classes).

    Returns:
        Shape (…, classes); NaN where a class is neither labelled nor predicted.
    """
    right = np.diagonal(matrices, axis1=-2, axis2=-1)
    return divide(right, matrices.sum(axis=-2) + matrices.sum(axis=-1) - right)


def average_known(values: Floats) -> Floats:
    """Average what is not NaN along the last axis; NaN where nothing is."""
    there = ~np.isnan(values)
    return divide(np.where(there, values, 0).sum(axis=-1), there.sum(axis=-1))


def micro_ious(matrices: NDArray[np.int64]) -> Floats:
    """`micro_iou` of many confusion matrices, shape (…, classes, classes); NaN instead of None."""
    right, pixels = _traces(matrices), matrices.sum(axis=(-2, -1))
    return divide(right, 2 * pixels - right)


def accuracies(matrices: NDArray[np.int64]) -> Floats:
    """Share of the labelled pixels that have the right class, for (…, classes, classes); NaN without pixels."""
    return divide(_traces(matrices), matrices.sum(axis=(-2, -1)))


def kappas(matrices: NDArray[np.int64]) -> Floats:
    """`kappa` of many confusion matrices, shape (…, classes, classes); NaN instead of None."""
    pixels = matrices.sum(axis=(-2, -1))
    labelled, predicted = (divide(matrices.sum(axis=axis), pixels[..., None]) for axis in (-1, -2))
    chance = (labelled * predicted).sum(axis=-1)
    return divide(accuracies(matrices) - chance, np.where(chance < 1 - 1e-12, 1 - chance, 0))


def bootstrap_interval(
    counts: NDArray[np.int64], statistic: Callable[[NDArray[np.int64]], Floats], *, seed: int = 0
) -> tuple[float, float] | None:
    """Bound a statistic by the bootstrap over images: 95 % of `RESAMPLES` draws lie between percentiles 2.5 and 97.5.

    Efron, Tibshirani: An Introduction to the Bootstrap. Chapman & Hall 1993, chapter 13.

    Args:
        counts: What each image adds, such as its confusion matrix; shape (images, …).
        statistic: Takes sums over the images drawn, shape (draws, …), and gives a value for each, shape (draws,), NaN
            where there is none.
        seed: Of the draws.

    Returns:
        (low, high), rounded to four decimals; None for fewer than two images or if the statistic has no value.
    """
    images = len(counts)
    if images < 2:
        return None
    rng, flat = np.random.default_rng(seed), counts.reshape(images, -1)
    found = []
    for _ in range(RESAMPLES // _DRAWN_AT_ONCE):
        times = rng.multinomial(images, np.full(images, 1 / images), size=_DRAWN_AT_ONCE)
        found.append(statistic((times @ flat).reshape(-1, *counts.shape[1:])))
    values = np.concatenate(found)
    values = values[~np.isnan(values)]
    if not values.size:
        return None
    low, high = np.percentile(values, [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)


def divide(part: NDArray[Any], whole: NDArray[Any]) -> Floats:
    """Divide part by whole, NaN where the whole is 0; shapes as numpy broadcasts them."""
    part, whole = np.broadcast_arrays(np.asarray(part, np.float64), np.asarray(whole, np.float64))
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0)


def round_known(value: Floats | float) -> float | None:
    """Round a single value to four decimals; None for NaN."""
    return None if np.isnan(value) else round(float(value), 4)


def _traces(matrices: NDArray[np.int64]) -> NDArray[np.int64]:
    traces: NDArray[np.int64] = np.trace(matrices, axis1=-2, axis2=-1)
    return traces


def _share(part: Any, whole: Any) -> float | None:
    return round(float(part / whole), 4) if whole else None


def _mean(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return round(float(np.mean(known)), 4) if known else 0.0

"""Boundary F1: are the outlines of the classes where the annotators drew them?

Csurka, Larlus, Perronnin: What is a good evaluation measure for semantic segmentation? BMVC 2013. For each class,
precision is the share of the predicted boundary within a tolerance of the labelled boundary, recall the share of the
labelled boundary within the tolerance of the predicted one, F1 their harmonic mean. Here boundary pixels are counted
over all images before the shares are taken, so that an image weighs as much as it has boundary.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..metrics import IGNORE, average_known, divide, round_known
from ..raster.window import Window

Mask = NDArray[np.bool_]

TOLERANCE = 3
"""A boundary counts as found this close to it, px, in a straight line."""

MARGIN = TOLERANCE + 1
"""What must be known around a window to count its boundaries, px."""

LABELLED, LABELLED_FOUND, PREDICTED, PREDICTED_RIGHT = range(4)
"""What the columns of the counts are: boundary pixels in the labels, those of them near a predicted boundary, boundary
pixels in the prediction, those of them near a labelled one."""


def count_boundaries(
    labels: NDArray[np.uint8], predicted: NDArray[np.uint8], classes: int, *, core: Window | None = None
) -> NDArray[np.int64]:
    """Count the boundary pixels of every class and those that have a partner.

    A boundary pixel belongs to its class and has one of another class above, below, left or right of it. Next to an
    ignored pixel and at the edge of the image there is no boundary.

    Args:
        labels: Shape (rows, cols), class indices, 255 = ignore.
        predicted: Same shape; where labels are ignored it does not matter.
        classes: Number of classes.
        core: The pixels to count; the rest of the arrays is their surroundings, `MARGIN` px of which decide. All by
            default.

    Returns:
        Shape (classes, 4): see `LABELLED` and the following.
    """
    valid = labels != IGNORE
    inside = core.slices if core else (slice(None), slice(None))
    edges = [_find_edges(plane, valid) for plane in (labels, predicted)]
    counts = np.zeros((classes, 4), np.int64)
    for index in range(classes):
        truth, guess = (edge & valid & (plane == index) for edge, plane in zip(edges, (labels, predicted), strict=True))
        for column, (own, other) in ((LABELLED, (truth, guess)), (PREDICTED, (guess, truth))):
            own_inside = own[inside]
            counts[index, column] = np.count_nonzero(own_inside)
            if counts[index, column] and other.any():
                counts[index, column + 1] = np.count_nonzero(own_inside & _dilate(other)[inside])
    return counts


def compute_boundary_f1s(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Compute the boundary F1 of every class of many counts at a time.

    Args:
        counts: Shape (…, classes, 4), as `count_boundaries` gives it; those of several images are added.

    Returns:
        Shape (…, classes); NaN where no boundary of a class is labelled.
    """
    labelled, found, predicted, right = np.moveaxis(counts, -1, 0)
    recall, precision = found / np.maximum(labelled, 1), right / np.maximum(predicted, 1)
    scores: NDArray[np.float64] = np.nan_to_num(divide(2 * precision * recall, precision + recall))
    scores[labelled == 0] = np.nan
    return scores


def round_boundary_f1(counts: NDArray[np.int64]) -> list[float | None]:
    """Compute the boundary F1 of every class, rounded to four decimals; None where no boundary of a class is labelled.

    Args:
        counts: Shape (classes, 4), as `count_boundaries` gives it; those of several images are added.
    """
    return [round_known(value) for value in compute_boundary_f1s(counts)]


def average_boundary_f1(counts: NDArray[np.int64], counted: list[int]) -> float | None:
    """Average the boundary F1 of some classes, given by their indices; None if none of them has a boundary."""
    return round_known(average_known(compute_boundary_f1s(counts)[counted]))


def _find_edges(plane: NDArray[np.uint8], valid: Mask) -> Mask:
    """Find the pixels that have a valid neighbour of another class."""
    edges = np.zeros(plane.shape, bool)
    for first, second in ((np.s_[:-1], np.s_[1:]), (np.s_[:, :-1], np.s_[:, 1:])):
        differ = (plane[first] != plane[second]) & valid[first] & valid[second]
        edges[first] |= differ
        edges[second] |= differ
    return edges


def _dilate(mask: Mask) -> Mask:
    """Find the pixels at most `TOLERANCE` from one of the mask: a dilation by a disk, row by row.

    Ours, since `scipy.ndimage` would be a dependency of its own for the base install.
    """
    near = np.zeros_like(mask)
    widened = {0: mask}
    for down in range(TOLERANCE, -1, -1):
        half = math.isqrt(TOLERANCE**2 - down**2)
        if half not in widened:
            widened[half] = _widen(mask, half)
        for shift in {down, -down}:
            kept = max(len(mask) - abs(shift), 0)
            low, high = slice(0, kept), slice(len(mask) - kept, len(mask))
            source, target = (low, high) if shift >= 0 else (high, low)
            near[target] |= widened[half][source]
    return near


def _widen(mask: Mask, half: int) -> Mask:
    """Widen a mask by so many pixels to the left and to the right."""
    wide = mask.copy()
    for shift in range(1, half + 1):
        wide[:, shift:] |= mask[:, :-shift]
        wide[:, :-shift] |= mask[:, shift:]
    return wide

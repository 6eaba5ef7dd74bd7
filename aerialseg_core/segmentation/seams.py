"""Seams: how much overlapping windows disagree before they are blended.

The disagreement of two windows over a pixel is the total variation distance of their scores, half the sum of the
absolute differences: 0 where they say the same, 1 where each is sure of another class. A pixel has that of the most
unlike of the neighbours, beside or above each other, that saw it. Like the blend this depends on the windows alone, not
on how they are cut into blocks.
"""

from __future__ import annotations

import numpy as np

from ..model.scores import Scores

ALONE = np.float32(-1)
"""Where one window alone saw a pixel."""


class SeamMeter:
    """Compares each window with the one to the left and the one above, row by row and from left to right.

    It holds the last columns of the last window, and the last rows of the last row of windows, nothing else:
    `classes · overlap · patch · (columns + 1)` float32 values, and what it found of them.

    Args:
        patch: Side of a window, px.
        overlap: Pixels that neighbours share; at most half a patch.
        columns: Windows in a row.
    """

    def __init__(self, patch: int, overlap: int, columns: int) -> None:
        self._patch, self._overlap, self._stride = patch, overlap, patch - overlap
        self._columns = columns
        self._next = 0
        self._left: Scores | None = None
        self._above: list[Scores | None] = [None] * columns
        self._found_left = self._make_alone(overlap)
        self._found_above = [self._make_alone(overlap)] * columns

    def feed(self, scores: Scores | None) -> Scores:
        """Take the next window, before it is blended, and measure the cell that it finishes.

        Args:
            scores: Shape (classes, patch, patch); None for a window without data.

        Returns:
            Disagreement in the cell, 0…1, `ALONE` where one window alone saw it; shape (stride, stride). In cells of
            the first row or column what windows before them would say is missing.
        """
        column, overlap, stride = self._next, self._overlap, self._stride
        self._next = (column + 1) % self._columns
        if column == 0:
            self._left, self._found_left = None, self._make_alone(overlap)
        # what the neighbours found of each other reaches into the corners of this cell
        below = self._make_alone(self._patch)
        beside = below.T
        if scores is not None and self._left is not None:
            beside = _compare(scores[:, :, :overlap], self._left)
        if scores is not None and (above := self._above[column]) is not None:
            below = _compare(scores[:, :overlap], above)
        cell = np.full((stride, stride), ALONE)
        for part, found in (
            (np.s_[:, :overlap], beside[:stride]),
            (np.s_[:overlap], below[:, :stride]),
            (np.s_[:overlap, :overlap], self._found_left),
            (np.s_[:overlap, :overlap], self._found_above[column]),
        ):
            np.maximum(cell[part], found, out=cell[part])
        self._left = None if scores is None else scores[:, :, stride:].copy()
        self._above[column] = None if scores is None else scores[:, stride:].copy()
        self._found_left, self._found_above[column] = below[:, stride:].copy(), beside[stride:].copy()
        return cell

    def _make_alone(self, cols: int) -> Scores:
        return np.full((self._overlap, cols), ALONE)


def _compare(some: Scores, others: Scores) -> Scores:
    """Compute the total variation distance along the first axis."""
    difference = np.subtract(some, others)
    distance: Scores = np.abs(difference, out=difference).sum(axis=0)
    distance *= np.float32(0.5)
    return distance

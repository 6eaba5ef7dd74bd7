"""The streaming blend: overlapping windows in, finished pixels out.

Every output pixel is the weighted mean of the windows that cover it. The weight is the product of one profile along
the rows and one along the columns; a profile rises over the overlap, is 1 in the middle and falls again so that the
profiles of neighbouring windows add up to 1. Nothing is divided afterwards, and only the overlaps are ever touched.

`spline` is the second-order spline of Smoothly-Blend-Image-Patches (Chevalier 2017,
https://github.com/Vooban/Smoothly-Blend-Image-Patches), generalised from 50 % to any overlap; `crop` keeps the middle
of each window (overlap-tile, Ronneberger et al. 2015, https://arxiv.org/abs/1505.04597); `none` has no overlap.

Along an axis a pixel is the sum of at most two products, and a sum of two does not depend on their order: hence the
result is the same bit for bit, however the windows are cut into blocks.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from ..model.scores import Scores

Blend = Literal["spline", "crop", "none"]


def make_ramp(blend: str, overlap: int) -> Scores:
    """Make the weights with which a window rises over its first `overlap` pixels; shape (overlap,), 0…1, float32.

    The falling weights of the window before it are `1 - ramp`.
    """
    t = (np.arange(overlap) + 0.5) / max(overlap, 1)
    if blend == "spline":
        return np.where(t < 0.5, 2 * t**2, 1 - 2 * (1 - t) ** 2).astype(np.float32)
    return (t > 0.5).astype(np.float32)


class Blender:
    """Blends one row of windows after the other, and in a row one window after the other.

    It holds the falling edge of the last window and of the last row of windows, nothing else:
    `classes · overlap · (patch + cells · stride)` float32 values.

    Args:
        classes: Number of score planes.
        patch: Side of a window, px.
        overlap: Pixels that neighbours share; even, at most half a patch.
        blend: spline, crop or none.
        columns: Windows in a row.
    """

    def __init__(self, classes: int, patch: int, overlap: int, blend: str, columns: int) -> None:
        self._stride = patch - overlap
        self._overlap = overlap
        self._rise = make_ramp(blend, overlap)
        self._fall = 1 - self._rise
        self._columns = columns
        self._left: Scores | None = None
        self._above: list[Scores | None] = [None] * columns
        self._next = 0

    def feed(self, scores: Scores | None) -> Scores | None:
        """Take the next window and give the cell that it finishes.

        Args:
            scores: Shape (classes, patch, patch), changed in place; None for a window without data.

        Returns:
            The cell, shape (classes, stride, stride), a view of `scores`; None for a window without data. Cells of the
            first row or column lack what the windows before them would add.
        """
        column = self._next
        self._next = (column + 1) % self._columns
        if scores is None:
            self._left = self._above[column] = None
            return None
        stride, overlap = self._stride, self._overlap
        if column == 0:
            self._left = None
        left, self._left = self._left, scores[:, :, stride:] * self._fall
        joined = scores[:, :, :stride]
        _join(joined[:, :, :overlap], self._rise, left)
        above, self._above[column] = self._above[column], joined[:, stride:] * self._fall[:, None]
        cell = joined[:, :stride]
        _join(cell[:, :overlap], self._rise[:, None], above)
        return cell


def _join(rising: Scores, weight: Scores, falling: Scores | None) -> None:
    rising *= weight
    if falling is not None:
        rising += falling

"""The geometry of windows: pure integers, no pixels.

All windows of a scene lie on one global grid. Along one axis of `size` pixels, window k covers
`[k·stride − overlap, k·stride − overlap + patch)` with `stride = patch − overlap`, so that the first one begins
`overlap` pixels before the edge and every pixel is covered by the same weights wherever it lies. As the overlap is at
most half a patch, no pixel lies in more than two windows of an axis.

Window k *finishes* cell k, the first `stride` pixels of the window: once windows k − 1 and k are known, nothing else
touches it. The cells tile the axis, and the streaming blend (`segmentation/blend.py`) emits them one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, order=True)
class Window:
    """A pixel rectangle `[row, row + height) × [col, col + width)`."""

    row: int
    col: int
    height: int
    width: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """(row slice, column slice) of an array of the whole raster."""
        return slice(self.row, self.row + self.height), slice(self.col, self.col + self.width)

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width)."""
        return self.height, self.width

    def intersection(self, other: Window) -> Window | None:
        """Find the common part, or None: `a[x ∩ y] == a[x][relative part]`."""
        row, col = max(self.row, other.row), max(self.col, other.col)
        height = min(self.row + self.height, other.row + other.height) - row
        width = min(self.col + self.width, other.col + other.width) - col
        return Window(row, col, height, width) if height > 0 and width > 0 else None

    def relative_to(self, origin: Window) -> Window:
        """Count the same rectangle from the upper left corner of `origin`."""
        return Window(self.row - origin.row, self.col - origin.col, self.height, self.width)


def reflect(indices: NDArray[np.intp], size: int) -> NDArray[np.intp]:
    """Fold indices into `[0, size)` by reflection about the outermost pixels, as often as needed.

    The same as numpy's `pad(mode="reflect")`: `… 2 1 | 0 1 2 … n−1 | n−2 …`.
    """
    if size == 1:
        return np.zeros_like(indices)
    period = 2 * (size - 1)
    folded = np.abs(indices) % period
    return np.minimum(folded, period - folded)


def spans(start: int, stop: int, step: int) -> Iterator[tuple[int, int]]:
    """Cut `[start, stop)` into consecutive `[a, b)` of at most `step`."""
    for a in range(start, stop, step):
        yield a, min(a + step, stop)

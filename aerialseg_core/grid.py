"""The geometry of windows: pure integers, no pixels.

All windows of a scene lie on one global grid. Along one axis of `size` pixels, window k covers
`[k·stride − overlap, k·stride − overlap + patch)` with `stride = patch − overlap`, so that the first one begins
`overlap` pixels before the edge and every pixel is covered by the same weights wherever it lies. As the overlap is at
most half a patch, no pixel lies in more than two windows of an axis.

Window k *finishes* cell k, the first `stride` pixels of the window: once windows k − 1 and k are known, nothing else
touches it. The cells tile the axis, and the streaming blend (`blend.py`) emits them one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from .errors import ParameterError


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
        """The common part, or None: `a[x ∩ y] == a[x][relative part]`."""
        row, col = max(self.row, other.row), max(self.col, other.col)
        height = min(self.row + self.height, other.row + other.height) - row
        width = min(self.col + self.width, other.col + other.width) - col
        return Window(row, col, height, width) if height > 0 and width > 0 else None

    def relative_to(self, origin: Window) -> Window:
        """The same rectangle counted from the upper left corner of `origin`."""
        return Window(self.row - origin.row, self.col - origin.col, self.height, self.width)


@dataclass(frozen=True)
class Axis:
    """The windows along one axis.

    Raises:
        ParameterError: The overlap is odd, negative or more than half a patch, or the axis is empty.
    """

    size: int
    """Length of the raster along the axis, px."""
    patch: int
    """Side of a window, px."""
    overlap: int
    """Pixels that neighbouring windows share; even."""

    def __post_init__(self) -> None:
        if self.size < 1 or self.patch < 1 or self.overlap % 2 or not 0 <= self.overlap <= self.patch // 2:
            raise ParameterError(
                f"No window grid of patch {self.patch} and overlap {self.overlap} px fits {self.size} px."
            )

    @property
    def stride(self) -> int:
        """Distance between neighbouring windows, px."""
        return self.patch - self.overlap

    def __len__(self) -> int:
        return (self.size - 1 + self.overlap) // self.stride + 1

    def start(self, k: int) -> int:
        """First pixel of window k and of cell k; negative where it begins before the edge."""
        return k * self.stride - self.overlap

    def cell(self, k: int) -> tuple[int, int]:
        """Pixels `[start, stop)` of the axis that window k finishes."""
        return max(self.start(k), 0), min(self.start(k + 1), self.size)

    def cells_over(self, start: int, stop: int) -> range:
        """The cells that together cover the pixels `[start, stop)`."""
        return range((start + self.overlap) // self.stride, (stop - 1 + self.overlap) // self.stride + 1)

    def windows_over(self, start: int, stop: int) -> range:
        """The windows that must be known to finish the pixels `[start, stop)`: those of the cells and one before."""
        cells = self.cells_over(start, stop)
        return range(max(cells.start - 1, 0) if self.overlap else cells.start, cells.stop)

    def pixels(self, windows: range) -> NDArray[np.intp]:
        """The pixels that consecutive windows show together, reflected at the edges; shape (n,)."""
        return reflect(np.arange(self.start(windows.start), self.start(windows[-1]) + self.patch), self.size)


@dataclass(frozen=True)
class PatchGrid(Sequence[Window]):
    """All windows of a raster, row by row, as a sequence that holds none of them."""

    rows: Axis
    cols: Axis

    @classmethod
    def over(cls, shape: tuple[int, int], patch: int, overlap: int) -> PatchGrid:
        """The grid over a raster of (rows, cols) pixels."""
        return cls(Axis(shape[0], patch, overlap), Axis(shape[1], patch, overlap))

    def __len__(self) -> int:
        return len(self.rows) * len(self.cols)

    @overload
    def __getitem__(self, index: int) -> Window: ...
    @overload
    def __getitem__(self, index: slice) -> list[Window]: ...
    def __getitem__(self, index: int | slice) -> Window | list[Window]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        k, j = divmod(index % len(self), len(self.cols))
        return Window(self.rows.start(k), self.cols.start(j), self.rows.patch, self.cols.patch)


def reflect(indices: NDArray[np.intp], size: int) -> NDArray[np.intp]:
    """Fold indices into `[0, size)` by reflection about the outermost pixels, as often as needed.

    The same as numpy's `pad(mode="reflect")`: `… 2 1 | 0 1 2 … n−1 | n−2 …`.
    """
    if size == 1:
        return np.zeros_like(indices)
    period = 2 * (size - 1)
    folded = np.abs(indices) % period
    return np.minimum(folded, period - folded)


def even_overlap(patch: int, share: float) -> int:
    """Overlap in pixels, even, of a share 0…0.5 of the patch."""
    return min(2 * round(patch * share / 2), patch // 4 * 2)


def spans(start: int, stop: int, step: int) -> Iterator[tuple[int, int]]:
    """Cut `[start, stop)` into consecutive `[a, b)` of at most `step`."""
    for a in range(start, stop, step):
        yield a, min(a + step, stop)

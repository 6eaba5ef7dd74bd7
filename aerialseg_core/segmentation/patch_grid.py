"""The patch grid of a scene: how windows of one size and stride lie over it, and what each of them finishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from ..errors import ParameterError
from ..raster.window import Window, reflect

SIDE_STEP = 32
"""Sides of windows that are fitted to a raster are multiples of this, px."""

LARGEST_SIDE = 1.5
"""Side of the largest window, patches: the activations of larger ones would take most of the memory of a run."""

SLOWER = 0.07
"""Share by which a pixel takes longer in a window of twice the side, as measured."""


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
                "grid-impossible",
                "No window grid of patch {patch} and overlap {overlap} px fits {size} px.",
                patch=self.patch,
                overlap=self.overlap,
                size=self.size,
            )

    @property
    def stride(self) -> int:
        """Distance between neighbouring windows, px."""
        return self.patch - self.overlap

    def __len__(self) -> int:
        return (self.size - 1 + self.overlap) // self.stride + 1

    def start(self, k: int) -> int:
        """Give the first pixel of window k and of cell k; negative where it begins before the edge."""
        return k * self.stride - self.overlap

    def cell(self, k: int) -> tuple[int, int]:
        """Give the pixels `[start, stop)` of the axis that window k finishes."""
        return max(self.start(k), 0), min(self.start(k + 1), self.size)

    def cells_over(self, start: int, stop: int) -> range:
        """Give the cells that together cover the pixels `[start, stop)`."""
        return range((start + self.overlap) // self.stride, (stop - 1 + self.overlap) // self.stride + 1)

    def windows_over(self, start: int, stop: int) -> range:
        """Give the windows that must be known to finish the pixels `[start, stop)`: those of the cells, one before."""
        cells = self.cells_over(start, stop)
        return range(max(cells.start - 1, 0) if self.overlap else cells.start, cells.stop)

    def pixels(self, windows: range) -> NDArray[np.intp]:
        """Give the pixels that consecutive windows show together, reflected at the edges; shape (n,)."""
        return reflect(np.arange(self.start(windows.start), self.start(windows[-1]) + self.patch), self.size)


@dataclass(frozen=True)
class PatchGrid(Sequence[Window]):
    """All windows of a raster, row by row, as a sequence that holds none of them."""

    rows: Axis
    cols: Axis

    @classmethod
    def over(cls, shape: tuple[int, int], patch: int, overlap: int) -> PatchGrid:
        """Lay the grid over a raster of (rows, cols) pixels."""
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


def fit_patch(shape: tuple[int, int], patch: int, overlap: int) -> int:
    """Choose the side of the windows over a raster, for a network that takes patches of any size.

    Larger windows overlap less for what they show, and windows that fit leave less over at the edges; but a network
    takes more time for a pixel of a larger patch, as its activations outgrow the caches (docs/performance.md).

    Args:
        shape: (rows, cols) of the raster, px.
        patch: Side of the patch for which the network was made, px.
        overlap: Pixels that neighbouring windows share.

    Returns:
        `patch` to `LARGEST_SIDE` times as much, in steps that its down-sampling divides; `patch` where it is none of
        these steps itself.
    """
    sides = range(patch, find_largest_side(patch) + 1, SIDE_STEP)
    return min(sides, key=lambda side: len(PatchGrid.over(shape, side, overlap)) * estimate_cost(side, patch))


def estimate_cost(side: int, patch: int) -> float:
    """Estimate how many times as long a window of some side takes as one of another."""
    return (side / patch) ** 2 * (1 + SLOWER * (side / patch - 1))


def find_largest_side(patch: int) -> int:
    """Find the side of the largest window that `fit_patch` chooses, px."""
    return patch if patch % SIDE_STEP else int(LARGEST_SIDE * patch)


def compute_overlap(patch: int, share: float) -> int:
    """Compute the overlap in pixels, even, of a share 0…0.5 of the patch."""
    return min(2 * round(patch * share / 2), patch // 4 * 2)

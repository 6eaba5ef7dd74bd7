"""Regions: the 4-connected pixels of one class, numbered strip by strip. Arrays only, no I/O."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

NO_REGION = -1
"""Stands where a run of pixels belongs to no class that is kept."""


@dataclass(frozen=True)
class LabelledStrip:
    """The regions of a strip, by runs: groups of equal neighbours within a row."""

    run: NDArray[np.int32]
    """Number of the run that each pixel belongs to, shape (rows, cols), counted in reading order."""
    region: Ints
    """Region of each run, shape (runs,); `NO_REGION` where the class is not kept."""


class RegionTable:
    """The regions that are still of interest, and which of them turned out to be the same.

    Args:
        kept: Which class values form regions, shape (256,), bool.
    """

    def __init__(self, kept: NDArray[np.bool_]) -> None:
        self._kept = kept
        self._parent = np.zeros(0, np.int64)
        self._values = np.zeros(0, np.uint8)
        self._last_row: Ints | None = None

    def __len__(self) -> int:
        return len(self._parent)

    @property
    def values(self) -> NDArray[np.uint8]:
        """Class value of each region, shape (regions,)."""
        return self._values

    def label(self, pixels: NDArray[np.uint8]) -> LabelledStrip:
        """Number the regions of the next strip.

        Args:
            pixels: Class values, shape (1 + rows, cols): first the last row of the strip before (at the beginning a
                row without kept classes), then the rows of this strip.
        """
        starts = np.ones(pixels.shape, np.bool_)
        np.not_equal(pixels[:, 1:], pixels[:, :-1], out=starts[:, 1:])
        run = (np.cumsum(starts.ravel(), dtype=np.int32) - 1).reshape(pixels.shape)
        above = self._last_row if self._last_row is not None else np.full(int(run[0, -1]) + 1, NO_REGION, np.int64)
        known, node_above = np.unique(above, return_inverse=True)
        value = pixels[starts]
        node = np.concatenate([node_above, len(known) + np.arange(len(value) - len(above))])
        upper, lower = _touching_runs(pixels, starts, run, self._kept)
        root = components(len(known) + len(value) - len(above), node[upper], node[lower])
        self._parent[known[known >= 0]] = known[root[: len(known)]][known >= 0]
        region = np.where(self._kept[value], self._number(known, root[node], value), NO_REGION)
        self._last_row = region[run[-1, 0] :]
        return LabelledStrip(run, region)

    def _number(self, known: Ints, root: Ints, value: NDArray[np.uint8]) -> Ints:
        """The region of every run: one that entered from above, or the next free number.

        Args:
            known: Regions that entered from above, the nodes 0…len(known) − 1.
            root: Smallest node that each run hangs together with, shape (runs,).
            value: Class value of each run, shape (runs,).
        """
        nodes, first, place = np.unique(root, return_index=True, return_inverse=True)
        old = nodes < len(known)
        fresh = ~old & self._kept[value[first]]
        region = np.full(len(nodes), NO_REGION, np.int64)
        region[old] = known[nodes[old]]
        region[fresh] = len(self) + np.arange(np.count_nonzero(fresh))
        self._parent = np.concatenate([self._parent, region[fresh]])
        self._values = np.concatenate([self._values, value[first[fresh]]])
        return region[place]

    def roots(self) -> Ints:
        """The smallest number under which each region is known, shape (regions,)."""
        self._parent = _compressed(self._parent)
        return self._parent

    def open(self) -> NDArray[np.bool_]:
        """Which root regions reach the last row read, and so may go on, shape (regions,)."""
        reached = np.zeros(len(self), np.bool_)
        if self._last_row is not None:
            reached[self._last_row[self._last_row != NO_REGION]] = True
        return reached

    def forget(self, finished: NDArray[np.bool_]) -> Ints:
        """Drop finished regions and number the others anew from 0.

        Args:
            finished: Which regions to drop, shape (regions,); all others must be roots or hang on one that stays.

        Returns:
            The new number of each region, shape (regions,); `NO_REGION` for the dropped ones.
        """
        roots = self.roots()
        stays = ~finished & (roots == np.arange(len(self)))
        number = np.where(stays, np.cumsum(stays) - 1, NO_REGION)[roots]
        self._values = self._values[stays]
        self._parent = np.arange(len(self._values))
        if self._last_row is not None:
            kept = self._last_row != NO_REGION
            self._last_row[kept] = number[self._last_row[kept]]
        return number


def components(count: int, first: Ints, second: Ints) -> Ints:
    """Connected components of a graph by union–find on whole arrays.

    Args:
        count: Number of nodes.
        first: One end of each edge, shape (edges,).
        second: The other end, shape (edges,).

    Returns:
        The smallest node of each node's component, shape (count,).
    """
    parent = np.arange(count)
    while len(first):
        np.minimum.at(parent, np.maximum(first, second), np.minimum(first, second))
        parent = _compressed(parent)
        first, second = parent[first], parent[second]
        apart = first != second
        first, second = first[apart], second[apart]
    return parent


def _compressed(parent: Ints) -> Ints:
    """Let every node of a forest point at its root."""
    while True:
        grandparent = parent[parent]
        if np.array_equal(grandparent, parent):
            return parent
        parent = grandparent


def _touching_runs(
    pixels: NDArray[np.uint8], starts: NDArray[np.bool_], run: NDArray[np.int32], kept: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Runs of one kept class that lie above each other, one pair for each place where they begin to touch."""
    touch = pixels[1:] == pixels[:-1]
    touch &= starts[1:] | starts[:-1]
    at = np.flatnonzero(touch)
    at = at[kept[pixels[1:].ravel()[at]]]
    return run[:-1].ravel()[at], run[1:].ravel()[at]

"""Regions: the 4-connected pixels of one class, numbered strip by strip. Arrays only, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

NO_CONFIDENCE = 255
"""Confidence of a pixel that has none."""

NO_REGION = -1
"""Stands where a run of pixels belongs to no class that is kept."""


@dataclass(frozen=True)
class Runs:
    """A strip as runs: groups of equal neighbours within a row, numbered in reading order."""

    run: NDArray[np.int32]
    """Number of the run that each pixel belongs to, shape (rows, cols)."""
    start: Ints
    """Pixel at which each run begins, row · cols + col, shape (runs,)."""
    value: NDArray[Any]
    """Class value of each run, shape (runs,)."""
    upper: NDArray[np.int32]
    """Run above each segment: a piece of the line between two rows along which the runs on both sides stay the same."""
    lower: NDArray[np.int32]
    """Run below each segment, shape (segments,)."""
    at: Ints
    """Pixel below the left end of each segment, (row − 1) · cols + col, shape (segments,)."""
    corners: tuple[NDArray[np.int32], NDArray[np.int32]]
    """The run above and the run below and right of every corner at which runs begin on both sides."""

    def touching(self, *, diagonally: bool) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Runs of one class that lie above each other; a pair for each place where they touch.

        Args:
            diagonally: Whether it is enough that they touch at a corner.
        """
        same = self.value[self.upper] == self.value[self.lower]
        upper, lower = self.upper[same], self.lower[same]
        if not diagonally:
            return upper, lower
        above, below = self.corners
        falls = self.value[above - 1] == self.value[below]
        rises = self.value[above] == self.value[below - 1]
        return (
            np.concatenate([upper, above[falls] - 1, above[rises]]),
            np.concatenate([lower, below[falls], below[rises] - 1]),
        )


def find_runs(pixels: NDArray[Any]) -> Runs:
    """The runs of a strip.

    Args:
        pixels: Class values, shape (rows, cols).
    """
    starts = np.ones(pixels.shape, np.bool_)
    np.not_equal(pixels[:, 1:], pixels[:, :-1], out=starts[:, 1:])
    run = (np.cumsum(starts.ravel(), dtype=np.int32) - 1).reshape(pixels.shape)
    start = np.flatnonzero(starts)
    at = np.flatnonzero(starts[1:] | starts[:-1])
    corner = np.flatnonzero(starts[1:] & starts[:-1])
    corner = corner[corner % pixels.shape[1] > 0]
    above, below = run[:-1].ravel(), run[1:].ravel()
    return Runs(run, start, pixels.ravel()[start], above[at], below[at], at, (above[corner], below[corner]))


@dataclass(frozen=True)
class LabelledStrip:
    """The regions of a strip, by runs."""

    runs: Runs
    """Its runs, those of the row above it included."""
    region: Ints
    """Region of each run, shape (runs,); `NO_REGION` where the class is not kept."""
    fresh: NDArray[Any]
    """Class value of each region that begins in this strip, shape (new regions,)."""
    joined: tuple[Ints, Ints]
    """Regions known before, and the smallest known one that each hangs together with in this strip."""

    @property
    def run(self) -> NDArray[np.int32]:
        """Number of the run that each pixel belongs to, shape (rows, cols)."""
        return self.runs.run


class Labeller:
    """Numbers the regions of a raster strip by strip.

    A region gets the next free number where its first pixel is read; one that turns out later to be two known ones
    goes on under the smaller number. So numbers are in reading order, and depend on nothing but pixels and strips.

    Args:
        kept: Which class values form regions, shape (values,), bool.
        diagonally: Whether pixels that touch at a corner hang together.
    """

    def __init__(self, kept: NDArray[np.bool_], *, diagonally: bool = False) -> None:
        self._kept = kept
        self._diagonally = diagonally
        self.frontier: Ints | None = None
        """Region of each run of the last row read; may be numbered anew between two strips."""

    def label(self, pixels: NDArray[Any], count: int) -> LabelledStrip:
        """Number the regions of the next strip.

        Args:
            pixels: Class values, shape (1 + rows, cols): first the last row of the strip before (at the beginning a
                row without kept classes), then the rows of this strip.
            count: The next free number.
        """
        runs = find_runs(pixels)
        first_new = int(runs.run[0, -1]) + 1
        above = self.frontier if self.frontier is not None else np.full(first_new, NO_REGION, np.int64)
        known, node_above = np.unique(above, return_inverse=True)
        node = np.concatenate([node_above, len(known) + np.arange(len(runs.value) - first_new)])
        upper, lower = runs.touching(diagonally=self._diagonally)
        wanted = self._kept[runs.value[upper]]
        nodes = len(known) + len(runs.value) - first_new
        root = components(nodes, node[upper[wanted]], node[lower[wanted]])
        value = np.concatenate([np.zeros(len(known), runs.value.dtype), runs.value[first_new:]])
        begins = (root == np.arange(nodes)) & self._kept[value]
        begins[: len(known)] = False
        number = np.where(begins, count + np.cumsum(begins) - 1, NO_REGION)
        number[: len(known)] = known
        region = number[root[node]]
        self.frontier = region[runs.run[-1, 0] :].copy()
        inside = known >= 0
        joined = known[inside], known[root[: len(known)][inside]]
        return LabelledStrip(runs, region, value[begins], joined)


def components(count: int, first: NDArray[Any], second: NDArray[Any]) -> Ints:
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
        parent = compressed(parent)
        first, second = parent[first], parent[second]
        apart = first != second
        first, second = first[apart], second[apart]
    return parent


def compressed(parent: Ints) -> Ints:
    """Let every node of a forest point at its root."""
    while True:
        grandparent = parent[parent]
        if np.array_equal(grandparent, parent):
            return parent
        parent = grandparent


@dataclass(frozen=True)
class Statistics:
    """What is known of the confidence of regions."""

    total: Ints
    """Sum over their pixels in percent, shape (regions,)."""
    count: Ints
    """Pixels that have a confidence."""
    least: NDArray[np.uint8]
    """The smallest, 255 where no pixel has one."""

    def __len__(self) -> int:
        return len(self.count)

    def __getitem__(self, chosen: NDArray[Any]) -> Statistics:
        return Statistics(self.total[chosen], self.count[chosen], self.least[chosen])

    def __add__(self, more: Statistics) -> Statistics:
        return Statistics(
            np.concatenate([self.total, more.total]),
            np.concatenate([self.count, more.count]),
            np.concatenate([self.least, more.least]),
        )

    def grouped(self, number: Ints, groups: int) -> Statistics:
        """The statistics of groups of regions; those with a negative number are in none.

        Args:
            number: Group of each region, shape (regions,).
            groups: Number of groups.
        """
        inside = number >= 0
        where = number[inside]
        least = np.full(groups, NO_CONFIDENCE, np.uint8)
        np.minimum.at(least, where, self.least[inside])
        # sums of whole numbers below 2**53 are exact in floats
        total = np.bincount(where, weights=self.total[inside], minlength=groups).astype(np.int64)
        count = np.bincount(where, weights=self.count[inside], minlength=groups).astype(np.int64)
        return Statistics(total, count, least)

    @property
    def mean(self) -> NDArray[np.float64]:
        """Mean confidence in percent, NaN where there is none."""
        return np.divide(self.total, self.count, out=np.full(len(self), np.nan), where=self.count > 0)


def statistics_of(runs: Runs, confidence: NDArray[np.uint8]) -> Statistics:
    """The confidence of every run.

    Args:
        runs: Runs of a strip or tile.
        confidence: Percent, 255 where there is none, of the shape of the strip.
    """
    percent = confidence.ravel()
    known = percent != NO_CONFIDENCE
    total = np.add.reduceat(np.where(known, percent, 0), runs.start, dtype=np.int64)
    count = np.add.reduceat(known, runs.start, dtype=np.int64)
    return Statistics(total, count, np.minimum.reduceat(percent, runs.start))

"""Sieve: small regions go to a neighbour, whatever the size of the raster. Arrays only, no I/O.

The smallest region goes first. It joins the class that it shares the longest edge with, and so all neighbours of that
class at once; then the next one, until none is small or those that are have no neighbour. Regions that have no smaller
neighbour do not depend on each other and go at the same time, with the same result. Hence a region need not wait
for the rest of the raster: it goes when it is complete, and smaller than what is known of its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..config import PolygonConfig
from ..progress import Reporter
from ..raster.geodesy import Ground
from ..raster.vertex_grid import Ints
from ..raster.window import spans
from .labeling import NO_REGION, LabeledStrip, Labeler, find_components
from .source import ClassRows


@dataclass(frozen=True)
class SieveResult:
    """What became of the regions of a raster in the sieve."""

    value: NDArray[np.uint8]
    """Class of each region in the end, by its number, shape (regions,)."""
    merged: int
    """How many went to a neighbour."""
    height: int
    """Rows of the strips in which they were numbered."""


def sieve_rows(
    rows: ClassRows,
    ground: Ground,
    config: PolygonConfig,
    slabs: Sequence[tuple[int, int]],
    height: int,
    reporter: Reporter,
) -> SieveResult:
    """Read a raster once to find out to which class each region belongs when small ones have gone.

    Args:
        rows: The class raster.
        ground: How large its pixels are.
        config: Says what is small, and what is one region.
        slabs: The rows that are read at once, one slab after the other.
        height: Rows that are sieved at once.
        reporter: Receives progress in rows.
    """
    rows = replace(rows, confidence=None)
    sieve = Sieve(ground.find_least_weight(config.min_area), ground.pixel_sides, diagonally=config.connectivity == 8)
    reporter.start("min-area", rows.shape[0], "rows")
    room = np.empty((1, max(stop - start for start, stop in slabs), rows.shape[1]), np.uint8)
    for start, stop in slabs:
        rows.fill(room[:, : stop - start], start)
        for first, last in spans(start, stop, height):
            sieve.feed(room[0, first - start : last - start], ground.weigh_pixels(first, last))
        reporter.advance(stop - start)
    return SieveResult(sieve.finish(), sieve.merged, height)


class SievedRows:
    """The rows once more, every region in the class that the sieve gave it.

    Args:
        rows: The class raster.
        result: What `sieve_rows` found.
        diagonally: Whether pixels that touch at a corner are one region.
    """

    def __init__(self, rows: ClassRows, result: SieveResult, *, diagonally: bool) -> None:
        self._rows = rows
        self._result = result
        self._labeler = Labeler(diagonally=diagonally)
        self._count = 0
        self._above = np.zeros((1, rows.shape[1]), np.uint8)

    def fill(self, out: NDArray[np.uint8], start: int) -> None:
        """As `ClassRows.fill`, but only in the slabs in which they were sieved, one after the other."""
        self._rows.fill(out, start)
        for first, last in spans(0, out.shape[1], self._result.height):
            pixels = out[0, first:last]
            strip = np.concatenate([self._above, pixels])
            self._above = strip[-1:].copy()
            labels = self._labeler.label(strip, self._count)
            self._count += len(labels.fresh)
            value = np.where(labels.region == NO_REGION, np.uint8(0), self._result.value[labels.region])
            pixels[:] = value[labels.run[1:]]


@dataclass(frozen=True)
class _Edges:
    """Shared edges of regions: a pair of regions each, more than once maybe."""

    one: Ints
    other: Ints
    level: Ints
    """Sides along rows, shape (n,)."""
    upright: Ints
    """Sides along columns."""
    first: Ints
    """Where the edge is met first in reading order."""

    def __getitem__(self, chosen: NDArray[np.bool_]) -> _Edges:
        return _Edges(*(column[chosen] for column in self._columns()))

    def _columns(self) -> tuple[Ints, Ints, Ints, Ints, Ints]:
        return self.one, self.other, self.level, self.upright, self.first

    def renumber(self, number: Ints) -> _Edges:
        """Give the regions other numbers."""
        return _Edges(number[self.one], number[self.other], self.level, self.upright, self.first)

    def mirror(self) -> _Edges:
        """Give each edge twice, once from each side."""
        pairs = zip(self._columns(), (self.other, self.one, self.level, self.upright, self.first), strict=True)
        return _Edges(*(np.concatenate(pair) for pair in pairs))

    def __add__(self, more: _Edges) -> _Edges:
        return _Edges(*(np.concatenate(pair) for pair in zip(self._columns(), more._columns(), strict=True)))


_NO_EDGES = _Edges(*(np.zeros(0, np.int64) for _ in range(5)))


class Sieve:
    """A sieve that takes the rows of a class raster from top to bottom and finds the class of each region in the end.

    What is kept are the regions that reach the last row read, the small ones that are not decided yet, and one byte
    for each region of the raster.

    Args:
        minimum: Least area of a region, in the units of the weights of `feed`.
        sides: Length of a pixel's side along a row and of one along a column, in any unit.
        diagonally: Whether pixels that touch at a corner are one region; regions join over sides only all the same.
    """

    def __init__(self, minimum: int, sides: tuple[float, float], *, diagonally: bool = False) -> None:
        self._minimum = minimum
        self._sides = sides
        self._labeler = Labeler(diagonally=diagonally)
        self._row = 0
        self._above: NDArray[np.uint8] | None = None
        self._final = np.zeros(1, np.uint8)  # class of each region of the raster in the end; never empty
        self._count = 0
        self._label = np.zeros(0, np.int64)  # the number that each region has in the whole raster, ascending
        self._root = np.zeros(0, np.int64)  # the first of the regions that each is one with by now
        self._value = np.zeros(0, np.uint8)  # class of each root
        self._area = np.zeros(0, np.int64)  # area of each root
        self._edges = _NO_EDGES
        self.merged = 0
        """Small regions that went to a neighbour so far."""

    def feed(self, pixels: NDArray[np.uint8], weights: Ints) -> None:
        """Take the next rows.

        Args:
            pixels: Class values, shape (rows, cols).
            weights: Area of a pixel in each row, whole numbers, shape (rows,); or of all pixels of the row before each
                column, shape (rows, cols + 1).
        """
        above = np.zeros((1, pixels.shape[1]), np.uint8) if self._above is None else self._above
        strip = np.concatenate([above, pixels])
        self._above = strip[-1:].copy()
        labels = self._labeler.label(strip, len(self._root))
        self._add_regions(labels, np.concatenate([np.zeros_like(weights[:1]), weights]))
        self._edges += _find_edges(labels, self._row)
        self._row += len(pixels)
        self._merge_small(last=False)

    def finish(self) -> NDArray[np.uint8]:
        """Give the class of every region of the raster by its number, as `Labeler` counts them; shape (regions,)."""
        self._merge_small(last=True)
        return self._final[: max(1, self._count)]

    def _add_regions(self, labels: LabeledStrip, weights: Ints) -> None:
        """Add the regions of a strip to the table."""
        known, fresh = len(self._root), len(labels.fresh)
        self._label = np.concatenate([self._label, self._count + np.arange(fresh)])
        self._root = np.concatenate([self._root, known + np.arange(fresh)])
        self._value = np.concatenate([self._value, labels.fresh])
        self._area = np.concatenate([self._area, np.zeros(fresh, np.int64)])
        self._count += fresh
        if self._count > len(self._final):
            self._final = np.concatenate([self._final, np.zeros(max(self._count, 1 << 16), np.uint8)])
        cols = labels.run.shape[1]
        area = _measure_runs(labels.runs.start, np.append(labels.runs.start[1:], labels.run.size), weights, cols)
        inside = labels.region != NO_REGION
        # whole numbers below 2**53, so that float sums are exact
        gained = np.bincount(labels.region[inside], weights=area[inside], minlength=len(self._root))
        self._area += np.bincount(self._root, weights=gained, minlength=len(self._root)).astype(np.int64)
        self._join(*labels.joined)

    def _join(self, one: Ints, other: Ints) -> None:
        """Make regions one; both roots must be of one class."""
        self._root = find_components(len(self._root), self._root[one], self._root[other])[self._root]
        area = np.bincount(self._root, weights=self._area, minlength=len(self._root)).astype(np.int64)
        self._area = np.where(self._root == np.arange(len(self._root)), area, 0)

    def _merge_small(self, *, last: bool) -> None:
        """Let all small regions go whose turn it is, and forget what is decided."""
        is_open = self._find_open(last=last)
        while True:
            self._edges = self._edges.renumber(self._root)
            small = self._area < self._minimum
            one, other = self._edges.one, self._edges.other
            self._edges = self._edges[(one != other) & (small[one] | small[other])]
            ready = self._find_ready(small, is_open)
            if not ready.any():
                break
            self.merged += int(np.count_nonzero(ready))
            self._merge(ready)
            is_open = np.bincount(self._root, weights=is_open, minlength=len(self._root)) > 0
        self._forget(is_open)

    def _find_open(self, *, last: bool) -> NDArray[np.bool_]:
        """Find the roots that reach the last row read, and so may grow."""
        found = np.zeros(len(self._root), np.bool_)
        frontier = self._labeler.frontier
        if frontier is not None and not last:
            found[self._root[frontier[frontier != NO_REGION]]] = True
        return found

    def _find_ready(self, small: NDArray[np.bool_], is_open: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Find the small regions that are complete, have a neighbour, and none that goes before them."""
        one, other = self._edges.one, self._edges.other
        waits, has_edge = np.zeros(len(self._root), np.bool_), np.zeros(len(self._root), np.bool_)
        has_edge[one] = has_edge[other] = True
        difference = self._area[one] - self._area[other]
        first = (difference < 0) | ((difference == 0) & (one < other))
        waits[np.where(first, other, one)] = True
        return np.asarray(small & has_edge & ~is_open & ~waits)

    def _merge(self, ready: NDArray[np.bool_]) -> None:
        """Give the regions that are ready the class that they share the longest edge with, and join those of it."""
        edges = self._edges[ready[self._edges.one] | ready[self._edges.other]].mirror()
        edges = edges[ready[edges.one]]
        key, place = np.unique(edges.one * 256 + self._value[edges.other], return_inverse=True)
        length = (
            np.bincount(place, weights=edges.level) * self._sides[0]
            + np.bincount(place, weights=edges.upright) * self._sides[1]
        )
        first = np.full(len(key), np.iinfo(np.int64).max)
        np.minimum.at(first, place, edges.first)
        region = key // 256
        best = np.lexsort((first, -length, region))
        best = best[np.append(True, np.diff(region[best]) > 0)]
        self._value[region[best]] = (key[best] % 256).astype(np.uint8)
        gone = self._value[edges.one] == self._value[edges.other]
        self._join(edges.one[gone], edges.other[gone])

    def _forget(self, is_open: NDArray[np.bool_]) -> None:
        """Write down the classes that are decided, and keep only what later rows may need."""
        needed = is_open.copy()
        needed[self._edges.one] = needed[self._edges.other] = True
        waiting = needed & (self._area < self._minimum)
        decided = ~waiting[self._root]
        self._final[self._label[decided]] = self._value[self._root[decided]]
        kept = ~decided
        kept[np.flatnonzero(needed)] = True
        number = (np.cumsum(kept) - 1)[self._root]
        frontier = self._labeler.frontier
        if frontier is not None:
            inside = frontier != NO_REGION
            frontier[inside] = number[frontier[inside]]
        self._edges = self._edges.renumber(number)
        self._label, self._root = self._label[kept], number[kept]
        self._value, self._area = self._value[kept], self._area[kept]


def _measure_runs(start: Ints, stop: Ints, weights: Ints, cols: int) -> Ints:
    """Measure the area of runs of pixels, each within a row.

    Args:
        start: Where each begins, row · cols + col.
        stop: Where it ends.
        weights: As `Sieve.feed` takes them.
        cols: Pixels in a row.
    """
    row = start // cols
    if weights.ndim == 1:
        return np.asarray((stop - start) * weights[row])
    return np.asarray(weights[row, stop - row * cols] - weights[row, start - row * cols])


def _find_edges(labels: LabeledStrip, row: int) -> _Edges:
    """Find the edges between different regions of a strip, between its rows and with the row above it.

    Args:
        labels: The regions of the strip.
        row: Row of the raster at which it begins.
    """
    runs, region = labels.runs, labels.region
    cols = labels.run.shape[1]
    length = np.diff(runs.at, append=labels.run.size - cols)
    level = _keep_pairs(region[runs.upper], region[runs.lower], 2 * (row * cols + runs.at))
    beside = np.flatnonzero(runs.start[1:] % cols > 0) + 1
    beside = beside[runs.start[beside] >= cols]
    upright = _keep_pairs(region[beside - 1], region[beside], 2 * ((row - 1) * cols + runs.start[beside]) + 1)
    found = _Edges(
        np.concatenate([level[0], upright[0]]),
        np.concatenate([level[1], upright[1]]),
        np.concatenate([length[level[3]], np.zeros(len(upright[0]), np.int64)]),
        np.concatenate([np.zeros(len(level[0]), np.int64), np.ones(len(upright[0]), np.int64)]),
        np.concatenate([level[2], upright[2]]),
    )
    return found


def _keep_pairs(one: Ints, other: Ints, first: Ints) -> tuple[Ints, Ints, Ints, NDArray[np.bool_]]:
    """Keep those pairs that are two regions; the last column says which they are."""
    apart = (one != other) & (one != NO_REGION) & (other != NO_REGION)
    return one[apart], other[apart], first[apart], apart

"""Joining: the regions that tiles show in pieces become whole again, exactly. Arrays only, no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..raster.vertex_grid import VertexGrid
from .arcs import Arcs
from .boundaries import Frame
from .regions import NO_REGION, Ints, Statistics, components
from .rings import HalfEdges, Rings, RingSet, batches, subset


@dataclass(frozen=True)
class Pieces:
    """What a tile shows of regions that may go on in other tiles."""

    edges: HalfEdges
    """Their half-edges in the order in which they are walked, ring by ring, with the vertices of the raster."""
    passed: NDArray[np.bool_]
    """Half-edges that begin where no vertex is needed once the pieces are joined, shape (half-edges,)."""
    value: Ints
    """Class value of each piece, shape (pieces,)."""
    group: Ints
    """First of the pieces that each touches at corners within the tile, shape (pieces,)."""
    frame: Frame
    """The pieces along the sides of the tile; `NO_REGION` where there are others."""
    statistics: Statistics | None
    """Confidence of each piece."""

    def __getitem__(self, chosen: NDArray[np.bool_]) -> Pieces:
        """Some of the pieces: all or none of those that touch at corners."""
        number = np.where(chosen, np.cumsum(chosen) - 1, NO_REGION)
        inside = chosen[self.edges.region]
        return Pieces(
            edges=subset(self.edges, inside, number),
            passed=self.passed[inside],
            value=self.value[chosen],
            group=number[self.group[chosen]],
            frame=self.frame.renumbered(number),
            statistics=None if self.statistics is None else self.statistics[chosen],
        )


@dataclass(frozen=True)
class Regions:
    """Whole regions."""

    rings: RingSet
    """Their polygons on the pixel grid."""
    value: Ints
    """Class value of each polygon, shape (polygons,)."""
    group: Ints
    """Polygons of the same number are one region that touches itself at corners only, shape (polygons,)."""
    statistics: Statistics | None
    """Confidence of each polygon."""

    def __getitem__(self, chosen: Ints) -> Regions:
        """Some of the polygons, in any order, by their indices."""
        own = None if self.statistics is None else self.statistics[chosen]
        return Regions(self.rings[chosen], self.value[chosen], self.group[chosen], own)


@dataclass(frozen=True)
class _Table:
    """The pieces at hand, of which many may be one region."""

    value: Ints
    statistics: Statistics | None

    def __len__(self) -> int:
        return len(self.value)

    def __getitem__(self, chosen: NDArray[Any]) -> _Table:
        return _Table(self.value[chosen], None if self.statistics is None else self.statistics[chosen])

    def __add__(self, pieces: Pieces) -> _Table:
        more = pieces.statistics
        statistics = more if self.statistics is None or more is None else self.statistics + more
        return _Table(np.concatenate([self.value, pieces.value]), statistics)


class Joiner:
    """Takes the tiles of a raster row by row and hands out each region when it is complete.

    Args:
        grid: The vertices of the raster.
        tile: Side of the tiles, px.
        diagonally: Whether pixels that touch at a corner are one region.
    """

    def __init__(self, grid: VertexGrid, tile: int, *, diagonally: bool = False) -> None:
        self._grid = grid
        self._tile = tile * grid.fine  # steps
        self._diagonally = diagonally
        self._table = _Table(np.zeros(0, np.int64), None)
        self._bottom = 0  # row of vertices below which nothing is known
        self._open: list[Arcs] = []  # boundaries that go on below, or may
        self._closed: list[Rings] = []  # rings of regions that go on elsewhere
        self._beside: list[tuple[Ints, Ints]] = []  # pieces that are one region
        self._cornerwise: list[tuple[Ints, Ints]] = []  # regions that touch at a corner
        self._above = np.full(grid.cols // grid.fine, NO_REGION, np.int64)
        self._below = np.full_like(self._above, NO_REGION)
        self._left: Ints | None = None

    def add(self, pieces: Pieces, col: int) -> None:
        """Take the next tile of the row.

        Args:
            pieces: What it shows.
            col: Where it begins, px.
        """
        known, count = len(self._table), len(pieces.value)
        frame = pieces.frame.renumbered(known + np.arange(count))
        self._table += pieces
        arcs = Arcs.of(pieces.edges, pieces.passed, self._tile)
        self._open.append(replace(arcs, region=arcs.region + known))
        self._link(self._above[col : col + len(frame.top)], frame.top, self._beside)
        if self._left is not None:
            self._link(self._left, frame.left, self._beside)
        if self._diagonally:
            self._link_corners(frame, pieces.group + known, col)
        self._left = frame.right
        self._below[col : col + len(frame.bottom)] = frame.bottom

    def end_row(self, *, last: bool) -> Iterator[Regions]:
        """Take note that a row of tiles is complete.

        Args:
            last: Whether it is the last one.

        Returns:
            Regions that are complete now, some at a time.
        """
        self._above, self._below, self._left = self._below, np.full_like(self._below, NO_REGION), None
        self._bottom += self._tile
        count, statistics = len(self._table), self._table.statistics
        region = components(count, *_pairs(self._beside))
        group = components(count, *_pairs([*self._beside, *self._cornerwise])) if self._diagonally else region
        is_open = np.zeros(count, np.bool_)
        if not last:
            is_open[group[self._above[self._above != NO_REGION]]] = True
        is_open = is_open[group]
        self._close(region, last=last)
        done = self._take(~is_open)
        table = _Table(self._table.value, None if statistics is None else statistics.grouped(region, count))
        self._forget(table, region, group, is_open)
        return _regions(done.polygons(), table, group)

    def _link(self, one: Ints, other: Ints, pairs: list[tuple[Ints, Ints]]) -> None:
        """Note which pieces on both sides of a line are of one class; each pair once."""
        there = (one != NO_REGION) & (other != NO_REGION)
        one, other = one[there], other[there]
        same = self._table.value[one] == self._table.value[other]
        one, other = one[same], other[same]
        new = np.ones(len(one), np.bool_)
        new[1:] = (one[1:] != one[:-1]) | (other[1:] != other[:-1])
        pairs.append((one[new], other[new]))

    def _link_corners(self, frame: Frame, group: Ints, col: int) -> None:
        """Note which pieces touch at a corner, within the tile and across its upper and left sides."""
        known = len(self._table) - len(group)
        self._cornerwise.append((group, known + np.arange(len(group))))
        stop = col + len(frame.top)
        before = max(col - 1, 0)
        self._link(self._above[before : stop - 1], frame.top[len(frame.top) - (stop - 1 - before) :], self._cornerwise)
        after = self._above[col + 1 : stop + 1]
        self._link(after, frame.top[: len(after)], self._cornerwise)
        if self._left is not None:
            self._link(self._left[:-1], frame.left[1:], self._cornerwise)
            self._link(self._left[1:], frame.left[:-1], self._cornerwise)

    def _close(self, region: Ints, *, last: bool) -> None:
        """Join pieces, and put the rings in order to which nothing will come any more."""
        arcs = Arcs.together(self._grid, self._open)
        self._open.clear()
        arcs = replace(arcs, region=region[arcs.region]).joined()
        reaches = (self._grid.row_of(arcs.start) == self._bottom) & (not last)
        closed, goes_on = arcs.closed(reaches)
        self._open.append(goes_on)
        self._closed = [replace(rings, region=region[rings.region]) for rings in self._closed]
        self._closed += closed.rings()

    def _take(self, complete: NDArray[np.bool_]) -> Rings:
        """The rings of complete regions, which are no longer held then."""
        taken, held = [], []
        for rings in self._closed:
            goes = complete[rings.region]
            taken += _some(rings, goes)
            held += _some(rings, ~goes)
        self._closed = held
        return Rings.together(self._grid, taken)

    def _forget(self, table: _Table, region: Ints, group: Ints, is_open: NDArray[np.bool_]) -> None:
        """Number the regions anew that go on."""
        first = is_open & (region == np.arange(len(region)))
        number = (np.cumsum(first) - 1)[region]
        self._table = table[first]
        self._open = [replace(arcs, region=number[arcs.region]) for arcs in self._open]
        self._closed = [replace(rings, region=number[rings.region]) for rings in self._closed]
        self._beside, self._cornerwise = [], [(number[group[first]], number[first])] if self._diagonally else []
        inside = self._above != NO_REGION
        self._above[inside] = number[self._above[inside]]


def _some(rings: Rings, chosen: NDArray[np.bool_]) -> list[Rings]:
    """Those that are chosen, if any; not copied where it is all of them."""
    if not chosen.any():
        return []
    return [rings if chosen.all() else rings[np.flatnonzero(chosen)]]


def _regions(rings: RingSet, table: _Table, group: Ints) -> Iterator[Regions]:
    """Regions, some at a time, those of a group together: what is done with them takes many times their memory."""
    number = group[rings.region]
    if len(np.unique(number)) < len(number):
        order = np.argsort(number, kind="stable")
        rings, number = rings[order], number[order]
    first = np.flatnonzero(np.append(np.diff(number, prepend=-1) != 0, True))
    points = rings.ring_offsets[rings.polygon_offsets[first]]
    for part in batches(np.diff(points)):
        some = rings.part(slice(first[part.start], first[part.stop]))
        found = table[some.region]
        yield Regions(some, found.value, group[some.region], found.statistics)


def _pairs(pairs: list[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    empty = np.zeros(0, np.int64)
    return np.concatenate([empty, *(p[0] for p in pairs)]), np.concatenate([empty, *(p[1] for p in pairs)])

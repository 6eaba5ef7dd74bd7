"""Stitching: the regions that tiles show in pieces become whole again, exactly. Arrays only, no I/O.

Boundaries that are not closed yet are cut into arcs where they come to a line between two tiles. Along the side of two
tiles both have the same vertices. So what separates two pieces of one region there is a pair of opposite half-edges,
each an arc of its own; it is taken out, and what came before the one is followed by what came after the other. What
lies between two such lines is never looked at again until its ring is closed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..raster.vertex_grid import Ints, VertexGrid
from .labeling import NO_REGION, find_components, number_chosen
from .regions import Frame, Pieces, Regions, Statistics
from .rings import (
    HalfEdges,
    Rings,
    RingSet,
    cut_batches,
    find_cycle_leaders,
    index_ranges,
    make_offsets,
    order_cycles,
    split_loops,
)


@dataclass(frozen=True)
class _PieceTable:
    """The pieces at hand, of which many may be one region."""

    value: Ints
    statistics: Statistics | None

    def __len__(self) -> int:
        return len(self.value)

    def __getitem__(self, chosen: NDArray[Any]) -> _PieceTable:
        return _PieceTable(self.value[chosen], None if self.statistics is None else self.statistics[chosen])

    def __add__(self, pieces: Pieces) -> _PieceTable:
        more = pieces.statistics
        statistics = more if self.statistics is None or more is None else self.statistics + more
        return _PieceTable(np.concatenate([self.value, pieces.value]), statistics)


class Stitcher:
    """A collector of the tiles of a raster, row by row, that hands out each region when it is complete.

    Args:
        grid: The vertices of the raster.
        tile: Side of the tiles, px.
        diagonally: Whether pixels that touch at a corner are one region.
    """

    def __init__(self, grid: VertexGrid, tile: int, *, diagonally: bool = False) -> None:
        self._grid = grid
        self._tile = tile * grid.fine  # steps
        self._diagonally = diagonally
        self._table = _PieceTable(np.zeros(0, np.int64), None)
        self._bottom = 0  # row of vertices below which nothing is known
        self._open: list[Arcs] = []  # boundaries that continue below, or may
        self._closed: list[Rings] = []  # rings of regions that are open elsewhere
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
        frame = pieces.frame.renumber(known + np.arange(count))
        self._table += pieces
        arcs = Arcs.cut(pieces.edges, pieces.passed, self._tile)
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
        region = find_components(count, *_join_pairs(self._beside))
        group = find_components(count, *_join_pairs([*self._beside, *self._cornerwise])) if self._diagonally else region
        is_open = np.zeros(count, np.bool_)
        if not last:
            is_open[group[self._above[self._above != NO_REGION]]] = True
        is_open = is_open[group]
        self._close_rings(region, last=last)
        complete = self._take_rings(~is_open)
        table = _PieceTable(self._table.value, None if statistics is None else statistics.group_by(region, count))
        self._keep_open(table, region, group, is_open)
        return _cut_regions(complete.group_polygons(), table, group)

    @property
    def held(self) -> int:
        """Vertices of regions that are not complete yet."""
        return sum(len(arcs.vertex) for arcs in self._open) + sum(len(rings.vertex) for rings in self._closed)

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

    def _close_rings(self, region: Ints, *, last: bool) -> None:
        """Join the arcs of pieces, and put the rings in order to which nothing will come any more."""
        arcs = Arcs.concatenate(self._grid, self._open)
        self._open.clear()
        arcs = replace(arcs, region=region[arcs.region]).join()
        reaches = (self._grid.row_of(arcs.start) == self._bottom) & (not last)
        closed, others = arcs.split_closed(reaches)
        self._open.append(others)
        self._closed = [replace(rings, region=region[rings.region]) for rings in self._closed]
        self._closed += closed.to_rings()

    def _take_rings(self, complete: NDArray[np.bool_]) -> Rings:
        """Take the rings of complete regions, which are no longer held then."""
        taken, held = [], []
        for rings in self._closed:
            goes = complete[rings.region]
            taken += _select(rings, goes)
            held += _select(rings, ~goes)
        self._closed = held
        return Rings.concatenate(self._grid, taken)

    def _keep_open(self, table: _PieceTable, region: Ints, group: Ints, is_open: NDArray[np.bool_]) -> None:
        """Keep the regions that are open, with new numbers."""
        first = is_open & (region == np.arange(len(region)))
        number = number_chosen(first)[1][region]
        self._table = table[first]
        self._open = [replace(arcs, region=number[arcs.region]) for arcs in self._open]
        self._closed = [replace(rings, region=number[rings.region]) for rings in self._closed]
        self._beside, self._cornerwise = [], [(number[group[first]], number[first])] if self._diagonally else []
        inside = self._above != NO_REGION
        self._above[inside] = number[self._above[inside]]


def _select(rings: Rings, chosen: NDArray[np.bool_]) -> list[Rings]:
    """Select rings, if there are any; not copied where it is all of them."""
    if not chosen.any():
        return []
    return [rings if chosen.all() else rings[np.flatnonzero(chosen)]]


def _cut_regions(rings: RingSet, table: _PieceTable, group: Ints) -> Iterator[Regions]:
    """Cut regions in batches, those of a group together: what is done with them takes many times their memory."""
    number = group[rings.region]
    if len(np.unique(number)) < len(number):
        order = np.argsort(number, kind="stable")
        rings, number = rings[order], number[order]
    first = np.flatnonzero(np.append(np.diff(number, prepend=-1) != 0, True))
    points = rings.ring_offsets[rings.polygon_offsets[first]]
    for part in cut_batches(np.diff(points)):
        some = rings.part(slice(first[part.start], first[part.stop]))
        found = table[some.region]
        yield Regions(some, found.value, group[some.region], found.statistics)


def _join_pairs(pairs: list[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    """Join lists of pairs to one."""
    empty = np.zeros(0, np.int64)
    return np.concatenate([empty, *(p[0] for p in pairs)]), np.concatenate([empty, *(p[1] for p in pairs)])


@dataclass(frozen=True)
class Arcs:
    """Parts of boundaries, each with its region on the left."""

    grid: VertexGrid
    """The grid of their vertices."""
    vertex: Ints
    """Vertices of all arcs that are needed once pieces are joined, each arc without its end, shape (vertices,)."""
    offsets: Ints
    """Where each arc begins among the vertices, and their number, shape (arcs + 1,)."""
    start: Ints
    """Vertex where each arc starts, needed or not, shape (arcs,)."""
    successor: Ints
    """Index of the arc that follows, shape (arcs,): a permutation."""
    region: Ints
    """Region on the left, any numbers, shape (arcs,)."""
    on_line: NDArray[np.bool_]
    """Those that are a half-edge along a line between two tiles, shape (arcs,)."""

    def __len__(self) -> int:
        return len(self.start)

    @classmethod
    def cut(cls, edges: HalfEdges, passed: NDArray[np.bool_], tile: int) -> Arcs:
        """Cut the boundaries of pieces into arcs.

        Args:
            edges: Half-edges in order, ring by ring.
            passed: Half-edges that begin where no vertex is needed once the pieces are joined, shape (half-edges,).
            tile: Side of the tiles, steps of the grid.
        """
        count = len(edges.vertex)
        on_line = _lie_on_line(edges, tile)
        begins = on_line.copy()
        begins[edges.successor[on_line]] = True
        begins[edges.successor[edges.successor <= np.arange(count)]] = True  # of a ring
        first = np.flatnonzero(begins)
        last = np.append(first, count)[1:] - 1
        number = np.repeat(np.arange(len(first)), np.diff(first, append=count))
        return cls(
            grid=edges.grid,
            vertex=edges.vertex[~passed],
            offsets=make_offsets(np.add.reduceat((~passed).astype(np.int64), first)) if count else first,
            start=edges.vertex[first],
            successor=number[edges.successor[last]],
            region=edges.region[first],
            on_line=on_line[first],
        )

    @classmethod
    def concatenate(cls, grid: VertexGrid, parts: Sequence[Arcs]) -> Arcs:
        """Put all arcs of some parts on this grid together, none of which has a successor in another one."""
        none = np.zeros(0, np.int64)
        begins = make_offsets(np.array([len(part) for part in parts], np.int64))
        return cls(
            grid=grid,
            vertex=np.concatenate([none, *(part.vertex for part in parts)]),
            offsets=make_offsets(np.concatenate([none, *(np.diff(part.offsets) for part in parts)])),
            start=np.concatenate([none, *(part.start for part in parts)]),
            successor=np.concatenate([none, *(part.successor + at for part, at in zip(parts, begins, strict=False))]),
            region=np.concatenate([none, *(part.region for part in parts)]),
            on_line=np.concatenate([np.zeros(0, np.bool_), *(part.on_line for part in parts)]),
        )

    def select(self, chosen: NDArray[np.bool_], successor: Ints) -> Arcs:
        """Select some of the arcs.

        Args:
            chosen: Which, shape (arcs,).
            successor: The arc that follows each of these then, one of them, shape (chosen,).
        """
        some, number = number_chosen(chosen)
        return Arcs(
            grid=self.grid,
            vertex=self.vertex[index_ranges(self.offsets, some)],
            offsets=make_offsets(np.diff(self.offsets)[some]),
            start=self.start[some],
            successor=number[successor],
            region=self.region[some],
            on_line=self.on_line[some],
        )

    def join(self) -> Arcs:
        """Take out what separates two pieces of a region."""
        one, other = self._find_twins()
        beyond, inner = self.successor.copy(), np.zeros(len(self), np.bool_)
        beyond[one] = self.successor[other]  # one that comes upon such an arc continues where its twin does
        inner[one] = True
        return self.select(~inner, _skip(inner, beyond, self.successor[~inner]))

    def _find_twins(self) -> tuple[Ints, Ints]:
        """Find the arcs between two pieces of a region, and the opposite one of each."""
        at = np.flatnonzero(self.on_line)
        start, end = self.start[at], self.start[self.successor[at]]
        low, high = np.minimum(start, end), np.maximum(start, end)
        order = np.lexsort((self.region[at], high, low))
        at, low, high = at[order], low[order], high[order]
        pair = (low[1:] == low[:-1]) & (high[1:] == high[:-1]) & (self.region[at[1:]] == self.region[at[:-1]])
        one, other = at[:-1][pair], at[1:][pair]
        return np.concatenate([one, other]), np.concatenate([other, one])

    def split_closed(self, reaches: NDArray[np.bool_]) -> tuple[Arcs, Arcs]:
        """Split them into those whose rings are closed, and the others.

        Args:
            reaches: Arcs that start where more may come, shape (arcs,).
        """
        leader = find_cycle_leaders(self.successor)
        is_open = np.zeros(len(self), np.bool_)
        is_open[leader[reaches]] = True
        is_open = is_open[leader]
        closed = self.select(~is_open, self.successor[~is_open])
        others = self.select(is_open, self.successor[is_open])
        return closed, replace(others, on_line=others.on_line & reaches[is_open])  # of others both sides are known

    def to_rings(self) -> list[Rings]:
        """Put them in order as rings, in several parts, as that takes many times their memory."""
        order, begins = order_cycles(self.successor)
        lengths = np.diff(self.offsets)
        offsets = make_offsets(lengths[order])[begins]
        found = []
        for part in cut_batches(np.diff(offsets)):
            some = order[begins[part.start] : begins[part.stop]]
            bounds = offsets[part.start : part.stop + 1]
            region = self.region[order[begins[part.start : part.stop]]]
            vertex = self.vertex[index_ranges(self.offsets, some)]
            found.append(split_loops(self.grid, vertex, bounds - bounds[0], region))
        return found


def _skip(skipped: NDArray[np.bool_], beyond: Ints, successor: Ints) -> Ints:
    """Find the next arcs that stay, by pointer doubling.

    Args:
        skipped: Those that go, shape (n,).
        beyond: Where one continues that comes upon such an arc, shape (n,).
        successor: The next arcs, that go or stay.

    Raises:
        RuntimeError: A boundary would consist of arcs that go, so the pieces do not fit together.
    """
    jump = np.where(skipped, beyond, np.arange(len(skipped)))
    for _ in range(len(skipped).bit_length() + 1):
        successor = jump[successor]
        if not skipped[successor].any():
            return successor
        jump = jump[jump]
    raise RuntimeError("The pieces of the tiles do not fit together.")


def _lie_on_line(edges: HalfEdges, tile: int) -> NDArray[np.bool_]:
    """Tell which half-edges lie on a line between two tiles."""
    row, col = edges.grid.locate(edges.vertex)
    end_row, end_col = row[edges.successor], col[edges.successor]
    level, upright = (row == end_row) & (row // tile * tile == row), (col == end_col) & (col // tile * tile == col)
    return np.asarray(level | upright)

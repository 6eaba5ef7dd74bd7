"""Joining: the regions that tiles show in pieces become whole again, exactly. Arrays only, no I/O.

Along the side of two tiles both have the same vertices. So what separates two pieces of one region there is a pair
of opposite half-edges; it is taken out, and what came before the one goes on with what came after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .boundaries import ABSENT, Frame
from .regions import NO_REGION, Ints, Statistics, components
from .rings import HalfEdges, RingSet, assemble


@dataclass(frozen=True)
class Pieces:
    """What a tile shows of regions that may go on in other tiles."""

    edges: HalfEdges
    """Their half-edges, with the vertices of the raster."""
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
            edges=subset(self.edges, inside, number[self.edges.region]),
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

    def __add__(self, pieces: Pieces) -> _Table:
        more = pieces.statistics
        statistics = more if self.statistics is None or more is None else self.statistics + more
        return _Table(np.concatenate([self.value, pieces.value]), statistics)


class Joiner:
    """Takes the tiles of a raster row by row and hands out each region when it is complete.

    Args:
        cols: Width of the raster, px.
        tile: Side of the tiles, px.
        fine: Steps of the grid of the vertices along a pixel.
        diagonally: Whether pixels that touch at a corner are one region.
        at_once: Whether complete regions are handed out also when they are too few to be worth the work.
    """

    def __init__(self, cols: int, tile: int, *, fine: int = 1, diagonally: bool = False, at_once: bool = False) -> None:
        self._at_once = at_once
        self._stride = cols * fine + 1
        self._tile = tile * fine
        self._diagonally = diagonally
        self._table = _Table(np.zeros(0, np.int64), None)
        self._pool: list[tuple[HalfEdges, NDArray[np.bool_]]] = []
        self._pooled = 0
        self._beside: list[tuple[Ints, Ints]] = []  # pieces that are one region
        self._cornerwise: list[tuple[Ints, Ints]] = []  # regions that touch at a corner
        self._above = np.full(cols, NO_REGION, np.int64)
        self._below = np.full(cols, NO_REGION, np.int64)
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
        edges = HalfEdges(pieces.edges.vertex, pieces.edges.successor + self._pooled, pieces.edges.region + known)
        self._pool.append((edges, pieces.passed))
        self._pooled += len(edges.vertex)
        self._link(self._above[col : col + len(frame.top)], frame.top, self._beside)
        if self._left is not None:
            self._link(self._left, frame.left, self._beside)
        if self._diagonally:
            self._link_corners(frame, pieces.group + known, col)
        self._left = frame.right
        self._below[col : col + len(frame.bottom)] = frame.bottom

    def end_row(self, *, last: bool) -> Regions | None:
        """Take note that a row of tiles is complete.

        Args:
            last: Whether it is the last one.

        Returns:
            Regions that are complete now, or None if there are none, or too few to be worth the work.
        """
        self._above, self._below, self._left = self._below, np.full_like(self._below, NO_REGION), None
        count = len(self._table)
        region = components(count, *_pairs(self._beside))
        group = components(count, *_pairs([*self._beside, *self._cornerwise])) if self._diagonally else region
        is_open = np.zeros(count, np.bool_)
        if not last:
            is_open[group[self._above[self._above != NO_REGION]]] = True
        is_open = is_open[group]
        still = sum(int(np.count_nonzero(is_open[edges.region])) for edges, _ in self._pool)
        if not (last or self._at_once) and (self._pooled - still) * 2 <= still:
            return None  # so that the pool is not copied often
        return self._sweep(region, group, is_open)

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

    def _sweep(self, region: Ints, group: Ints, is_open: NDArray[np.bool_]) -> Regions | None:
        """Assemble the complete regions and forget them."""
        edges = HalfEdges(*(np.concatenate([np.zeros(0, np.int64), *columns]) for columns in self._columns()))
        passed = np.concatenate([np.zeros(0, np.bool_), *(passed for _, passed in self._pool)])
        self._pool.clear()  # it is the largest thing there is
        stays = is_open[edges.region]
        done = subset(edges, ~stays, region[edges.region])
        table, statistics = self._table, self._table.statistics
        statistics = None if statistics is None else statistics.grouped(region, len(region))
        first = is_open & (region == np.arange(len(region)))
        number = (np.cumsum(first) - 1)[region]
        self._pool = [(subset(edges, stays, number[edges.region]), passed[stays])]
        self._pooled = int(np.count_nonzero(stays))
        del edges
        self._table = _Table(table.value[first], None if statistics is None else statistics[first])
        self._beside, self._cornerwise = [], [(number[group[first]], number[first])] if self._diagonally else []
        inside = self._above != NO_REGION
        self._above[inside] = number[self._above[inside]]
        if not len(done.vertex):
            return None
        rings = assemble(join(done, passed[~stays], self._stride, self._tile), self._stride)
        which = rings.region
        return Regions(rings, table.value[which], group[which], None if statistics is None else statistics[which])

    def _columns(self) -> tuple[Sequence[Ints], Sequence[Ints], Sequence[Ints]]:
        edges = [edges for edges, _ in self._pool]
        return [e.vertex for e in edges], [e.successor for e in edges], [e.region for e in edges]


def _pairs(pairs: list[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    empty = np.zeros(0, np.int64)
    return np.concatenate([empty, *(p[0] for p in pairs)]), np.concatenate([empty, *(p[1] for p in pairs)])


def subset(edges: HalfEdges, chosen: NDArray[np.bool_], region: Ints) -> HalfEdges:
    """Some half-edges that contain all their successors, with other region numbers.

    Args:
        edges: All half-edges.
        chosen: Which of them, shape (n,).
        region: The new region of each of them all, shape (n,).
    """
    moved = np.append(np.cumsum(chosen) - 1, ABSENT)
    return HalfEdges(edges.vertex[chosen], moved[edges.successor[chosen]], region[chosen])


def join(edges: HalfEdges, passed: NDArray[np.bool_], stride: int, tile: int) -> HalfEdges:
    """Make whole boundaries of the boundaries of pieces.

    Args:
        edges: All half-edges of some regions.
        passed: Which of them begin where no vertex is needed, shape (n,).
        stride: Vertices in a row of their grid.
        tile: Side of the tiles, steps of that grid.

    Returns:
        The half-edges that stay, sorted by vertex and region.
    """
    twin = _twins(edges, stride, tile)
    inner = twin != ABSENT
    beyond = np.where(inner, edges.successor[twin], edges.successor)  # where one goes on that comes upon such an edge
    skipped = inner | passed
    successor = _past(skipped, beyond, edges.successor)
    stays = np.flatnonzero(~skipped)
    stays = stays[np.lexsort((edges.region[stays], edges.vertex[stays]))]
    moved = np.full(len(successor), ABSENT, np.int64)
    moved[stays] = np.arange(len(stays))
    return HalfEdges(edges.vertex[stays], moved[successor[stays]], edges.region[stays])


def _past(skipped: NDArray[np.bool_], beyond: Ints, successor: Ints) -> Ints:
    """The next half-edge that stays after each of them, by pointer doubling; of no use for those that go themselves.

    Args:
        skipped: Those that go, shape (n,).
        beyond: Where one goes on that comes upon such a half-edge, shape (n,).
        successor: The next half-edge of each, shape (n,).

    Raises:
        RuntimeError: A boundary would consist of half-edges that go, so the pieces do not fit together.
    """
    jump = np.where(skipped, beyond, np.arange(len(successor)))
    for _ in range(len(successor).bit_length() + 1):
        if not skipped[jump[successor]][~skipped].any():
            return np.asarray(jump[successor])
        jump = jump[jump]
    raise RuntimeError("The pieces of the tiles do not fit together.")


def _twins(edges: HalfEdges, stride: int, tile: int) -> Ints:
    """The opposite half-edge of the same region, for those between two pieces; else `ABSENT`; shape (n,)."""
    end = edges.vertex[edges.successor]
    row, col = np.divmod(edges.vertex, stride)
    end_row, end_col = np.divmod(end, stride)
    on_line = (row == end_row) & (row % tile == 0) | (col == end_col) & (col % tile == 0)
    at = np.flatnonzero(on_line)
    low, high = np.minimum(edges.vertex[at], end[at]), np.maximum(edges.vertex[at], end[at])
    order = np.lexsort((edges.region[at], high, low))
    at, low, high = at[order], low[order], high[order]
    pair = (low[1:] == low[:-1]) & (high[1:] == high[:-1]) & (edges.region[at[1:]] == edges.region[at[:-1]])
    one, other = at[:-1][pair], at[1:][pair]
    twin = np.full(len(end), ABSENT, np.int64)
    twin[one], twin[other] = other, one
    return twin

"""Boundaries: from the rows of a class raster to finished rings, in bounded memory. Arrays only, no I/O."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .regions import RegionTable
from .rings import HalfEdges, Ints, RingSet, assemble

EAST, NORTH, WEST, SOUTH = range(4)

_STEPS = ((0, 1), (0, 0), (1, 0), (1, 1))
"""Pixel left of a half-edge that leaves a corner east, north, west, south: (row, col) among the corner's four."""

ABSENT = -1


def _turns() -> NDArray[np.int8]:
    """Direction in which a boundary goes on, by the direction of arrival and the sides present at the corner.

    Left before straight before right, so that it stays with its own pixel; shape (4, 16).
    """
    turns = np.full((4, 16), ABSENT, np.int8)
    for arrival in range(4):
        for sides in range(16):
            for way in ((arrival + 3) % 4, arrival, (arrival + 1) % 4):  # the last one wins
                if sides >> way & 1:
                    turns[arrival, sides] = way
    return turns


_TURNS = _turns()
_IS_VERTEX = ~np.isin(np.arange(16), (0, 1 << EAST | 1 << WEST, 1 << NORTH | 1 << SOUTH))


@dataclass(frozen=True)
class _Corners:
    """The vertices of a strip in reading order."""

    row: Ints
    """Row among the corner rows of the strip, shape (n,)."""
    col: Ints
    """Column, 0…cols, shape (n,)."""
    sides: NDArray[np.uint8]
    """Which of the four sides that meet here are boundary, one bit for each direction, shape (n,)."""

    def goes(self, way: int) -> NDArray[np.bool_]:
        """Whether there is a boundary in this direction."""
        return (self.sides >> way & 1).astype(np.bool_)


@dataclass(frozen=True)
class TracedRegions:
    """Finished regions."""

    rings: RingSet
    """Their polygons on the pixel grid."""
    values: NDArray[np.uint8]
    """Class value of each polygon, shape (polygons,)."""


class BoundaryTracer:
    """Takes the rows of a class raster from top to bottom and hands out each region when it is complete.

    Memory is proportional to the strip and to the boundaries of the regions that reach its last row; a region whose
    boundary alone is huge is the one thing that is held whole.

    Args:
        cols: Width of the raster, px.
        kept: Which class values become polygons, shape (256,), bool; 0 must not.
    """

    def __init__(self, cols: int, kept: NDArray[np.bool_]) -> None:
        self._stride = cols + 1
        self._kept = kept
        self._table = RegionTable(kept)
        self._row = 0
        self._above = np.zeros((1, cols + 2), np.uint8)
        self._pool: list[HalfEdges] = []
        self._pooled = 0
        self._counts = np.zeros(0, np.int64)
        self._late: list[tuple[Ints, Ints]] = []
        self._waiting_sides = np.zeros(cols + 1, np.uint8)
        self._waiting = np.full((cols + 1, 4), ABSENT, np.int64)

    def feed(self, pixels: NDArray[np.uint8]) -> TracedRegions | None:
        """Take the next rows.

        Args:
            pixels: Class values, shape (rows, cols).

        Returns:
            Regions that are complete now, or None while there are too few to be worth the work.
        """
        padded = np.concatenate([self._above, np.pad(pixels, ((0, 0), (1, 1)))])
        self._above = padded[-1:].copy()
        self._trace(padded)
        self._row += len(pixels)
        return self._harvest(last=False)

    def finish(self) -> TracedRegions | None:
        """Take the border below the last row.

        Returns:
            All regions that have not been handed out yet, or None if there are none.
        """
        self._trace(np.concatenate([self._above, np.zeros_like(self._above)]))
        return self._harvest(last=True)

    def _trace(self, padded: NDArray[np.uint8]) -> None:
        """Find the half-edges that begin on the corner rows of a strip, and add them to the pool."""
        labels = self._table.label(padded)
        corners = _find_corners(padded)
        left = np.stack([labels.run[corners.row + r, corners.col + c] for r, c in _STEPS], axis=1)
        region = labels.region[left]
        ways = np.stack([corners.goes(way) for way in range(4)], axis=1)
        present = ways & (region >= 0)
        position = (self._pooled + np.cumsum(present.ravel()) - 1).reshape(present.shape)
        position[~present] = ABSENT
        successor = self._successors(corners, ways, position)
        found = HalfEdges(
            vertex=np.repeat((self._row + corners.row) * self._stride + corners.col, present.sum(axis=1)),
            successor=successor[present],
            region=region[present],
        )
        self._pool.append(found)
        self._pooled += len(found.vertex)
        counts = np.bincount(found.region, minlength=len(self._table))
        counts[: len(self._counts)] += self._counts
        self._counts = counts

    def _successors(self, corners: _Corners, ways: NDArray[np.bool_], position: Ints) -> Ints:
        """Position in the pool of the half-edge after each, shape (vertices, 4); `ABSENT` where it is not known yet."""
        successor = np.full(position.shape, ABSENT, np.int64)

        def link(way: int, start: Ints, end: Ints) -> None:
            successor[start, way] = position[end, _TURNS[way][corners.sides[end]]]

        west = np.flatnonzero(ways[:, EAST])
        link(EAST, west, west + 1)
        link(WEST, west + 1, west)
        columnwise = np.argsort(corners.col.astype(np.min_scalar_type(self._stride)), kind="stable")
        goes_down, goes_up = ways[columnwise, SOUTH], ways[columnwise, NORTH]
        inside = np.zeros(len(columnwise) + 1, np.bool_)  # whether the boundary above comes from a vertex of this strip
        inside[1:-1] = goes_down[:-1] & (np.diff(corners.col[columnwise]) == 0)
        lower = np.flatnonzero(inside)
        link(SOUTH, columnwise[lower - 1], columnwise[lower])
        link(NORTH, columnwise[lower], columnwise[lower - 1])
        self._take_up(corners, columnwise[goes_up & ~inside[:-1]], position, successor)
        leaving = columnwise[goes_down & ~inside[1:]]
        self._waiting_sides[corners.col[leaving]] = corners.sides[leaving]
        self._waiting[corners.col[leaving]] = position[leaving]
        return successor

    def _take_up(self, corners: _Corners, entering: Ints, position: Ints, successor: Ints) -> None:
        """Join the vertices whose boundary comes from an earlier strip with the vertices that wait there."""
        cols = corners.col[entering]
        successor[entering, NORTH] = self._waiting[cols, _TURNS[NORTH][self._waiting_sides[cols]]]
        start = self._waiting[cols, SOUTH]
        end = position[entering, _TURNS[SOUTH][corners.sides[entering]]]
        self._late.append((start[start >= 0], end[start >= 0]))

    def _harvest(self, *, last: bool) -> TracedRegions | None:
        """Assemble the finished regions once they are a good part of the pool, so that the pool is not copied often."""
        roots = self._table.roots()
        is_open = self._table.open()
        still = int(self._counts[is_open[roots]].sum())
        if not last and (self._pooled - still) * 2 <= still:
            return None
        edges = self._pooled_edges()
        root = roots[edges.region]
        finished = ~is_open[root]
        values = self._table.values
        number = self._table.forget(~is_open)
        done = _subset(edges, finished, root)
        self._shrink(_subset(edges, ~finished, number[root]), ~finished)
        if not len(done.vertex):
            return None
        rings = assemble(done, self._stride)
        return TracedRegions(rings, values[rings.region])

    def _pooled_edges(self) -> HalfEdges:
        edges = HalfEdges(
            vertex=np.concatenate([chunk.vertex for chunk in self._pool]),
            successor=np.concatenate([chunk.successor for chunk in self._pool]),
            region=np.concatenate([chunk.region for chunk in self._pool]),
        )
        self._pool.clear()
        for start, end in self._late:
            edges.successor[start] = end
        self._late.clear()
        return edges

    def _shrink(self, left: HalfEdges, stays: NDArray[np.bool_]) -> None:
        """Start the pool again with what is left of it."""
        moved = np.append(np.where(stays, np.cumsum(stays) - 1, ABSENT), ABSENT)  # the last one: ABSENT stays ABSENT
        self._pool.append(left)
        self._pooled = len(left.vertex)
        self._counts = np.bincount(left.region, minlength=len(self._table))
        self._waiting = moved[self._waiting]


def _find_corners(padded: NDArray[np.uint8]) -> _Corners:
    """The vertices between the rows of a strip with one pixel more on each side."""
    vertical = (padded[:, 1:] != padded[:, :-1]).view(np.uint8)
    level = (padded[1:] != padded[:-1]).view(np.uint8)
    sides = level[:, 1:] << EAST
    sides |= vertical[:-1] << NORTH
    sides |= level[:, :-1] << WEST
    sides |= vertical[1:] << SOUTH
    at = np.flatnonzero(_IS_VERTEX[sides])
    row, col = np.divmod(at, sides.shape[1])
    return _Corners(row, col, sides.ravel()[at])


def _subset(edges: HalfEdges, chosen: NDArray[np.bool_], region: Ints) -> HalfEdges:
    """Some half-edges that contain all their successors but those not known yet, with new region numbers."""
    moved = np.append(np.cumsum(chosen) - 1, ABSENT)
    return HalfEdges(edges.vertex[chosen], moved[edges.successor[chosen]], region[chosen])

"""Smoothing: shared edges of a coverage lose their corners, on both sides alike, and only where nothing is crossed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from ..raster.vertex_grid import Ints, VertexGrid
from .rings import RingSet, closed_rings, neighbours, open_rings

QUARTER = 4
"""Corners are cut at this part of their sides, so each round of cutting needs a grid that is four times as fine."""

SHALLOWEST = 1 / 16
"""Corners that are less deep are no longer seen as such, and stay; px."""

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Smoothing:
    """How edges are smoothed."""

    rounds: int
    """How often all corners are cut; 0 for never."""
    deepest: float
    """How far from the cut a corner may lie, px: sharp corners between long sides are meant to be there."""


@dataclass(frozen=True)
class _Corners:
    """The vertices of all rings, one after the other; those of a ring follow each other."""

    grid: VertexGrid
    row: Ints
    col: Ints
    stays: Bools
    """Those that are never cut."""
    offsets: Ints
    """Where each ring begins, and their number."""

    @property
    def vertex(self) -> Ints:
        """Number of each on the grid."""
        return self.grid.number(self.row, self.col)


def smoothed(rings: RingSet, how: Smoothing, pinned: Ints) -> RingSet:
    """Smooth the polygons that fill a tile; its own sides stay as they are.

    Corners are cut after Chaikin ("An algorithm for high-speed curve generation", 1974): in each round a vertex makes
    way for two, each a quarter along one of its sides. A vertex stays where more than two polygons meet, on the sides
    of the tile, and where another vertex lies in the triangle that would be cut off. Edges of a coverage do not
    cross, so one that reaches into that triangle ends in it: where there is no vertex nothing is crossed, and the
    triangles of different vertices lie apart. So the polygons stay a coverage, however many are cut at once.

    Args:
        rings: Polygons that cover the tile without gaps, with vertices at corners of pixels, on a grid with at least
            `QUARTER ** rounds` steps along a pixel.
        how: Rounds and depth.
        pinned: Further vertices that stay, in any order.

    Returns:
        The polygons in the same order.
    """
    grid, fine = rings.grid, rings.grid.fine
    vertex, offsets = open_rings(rings)
    row, col = grid.locate(vertex)
    _, place, times = np.unique(vertex, return_inverse=True, return_counts=True)
    on_side = (row == 0) | (row == grid.rows) | (col == 0) | (col == grid.cols)
    stays = (times != 2)[place] | on_side | np.isin(vertex, pinned)
    corners = _Corners(grid, row, col, stays, offsets)
    step = fine
    for _ in range(how.rounds):
        corners = _cut(corners, (SHALLOWEST * fine, how.deepest * fine), step)
        step //= QUARTER
    return closed_rings(rings, corners.vertex, corners.offsets)


def _cut(corners: _Corners, depths: tuple[float, float], step: int) -> _Corners:
    """One round.

    Args:
        corners: All vertices, at multiples of `step`.
        depths: How far from the cut corners lie that go, at least and at most, steps of the fine grid.
        step: Spacing of the vertices.
    """
    to_before, to_after = _sides(corners)
    depth, (shallowest, deepest) = _depths(to_before, to_after), depths
    cuts = ~corners.stays & (depth >= shallowest) & (depth <= deepest)
    # A triangle that is smaller than the spacing of the vertices holds none.
    large = np.flatnonzero(cuts & (np.abs(np.concatenate([to_before, to_after])).max(axis=0) >= step))
    cuts[large] = ~_in_the_way(corners, large, to_before, to_after)
    count = np.where(cuts, 2, 1)
    places = np.append(0, np.cumsum(count))
    first, second = places[:-1][cuts], places[:-1][cuts] + 1
    points = np.repeat(np.stack([corners.row, corners.col]), count, axis=1)
    points[:, first] += to_before[:, cuts]
    points[:, second] += to_after[:, cuts]
    return replace(
        corners, row=points[0], col=points[1], stays=np.repeat(corners.stays, count), offsets=places[corners.offsets]
    )


def _sides(corners: _Corners) -> tuple[Ints, Ints]:
    """A quarter of the way from each vertex to the one before and to the one after: rows and cols, shape (2, n)."""
    points = np.stack([corners.row, corners.col])
    before, after = neighbours(corners.offsets)
    return (points[:, before] - points) // QUARTER, (points[:, after] - points) // QUARTER


def _depths(to_before: Ints, to_after: Ints) -> NDArray[np.float64]:
    """How far each vertex lies from the line between the ends of its two cut sides, shape (n,)."""
    twice_area = np.abs(to_before[0] * to_after[1] - to_before[1] * to_after[0])
    length = np.hypot(*(to_after - to_before))
    return np.divide(twice_area, length, out=np.zeros(len(length)), where=length > 0)


def _in_the_way(corners: _Corners, chosen: Ints, to_before: Ints, to_after: Ints) -> Bools:
    """Whether another vertex lies in the triangle that is cut off at each of the chosen ones, shape (chosen,)."""
    points, vertex = np.stack([corners.col, corners.row]), corners.vertex
    _, first = np.unique(vertex, return_index=True)
    tree = shapely.STRtree(shapely.points(points[:, first].T))
    _, once, again = np.unique(vertex[chosen], return_index=True, return_inverse=True)
    at = chosen[once]
    ends = [points[:, at] + side[::-1, at] for side in (to_before, to_after)]
    triangles = shapely.polygons(np.stack([points[:, at], *ends], axis=1).transpose(2, 1, 0))
    which = tree.query(triangles, predicate="intersects")[0]  # each meets its own vertex too
    return np.asarray((np.bincount(which, minlength=len(at)) > 1)[again])

"""Refinement of the shared edges of a tile once they are traced: simplified, then smoothed, on both sides alike."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from ..config import SMOOTHEST
from ..raster.vertex_grid import Ints, VertexGrid
from .rings import RingSet, close_rings, find_neighbours, measure_ring_areas, open_rings

Bools = NDArray[np.bool_]

QUARTER = 4
"""Corners are cut at this part of their sides, so each round of cutting needs a grid that is four times as fine."""

FINE = QUARTER**SMOOTHEST
"""Steps of the fine grid along a pixel: vertices stay whole numbers on it, and shared ones equal to the last bit."""

SHALLOWEST = 1 / 16
"""Corners that are less deep are no longer seen as such, and stay; px."""


@dataclass(frozen=True)
class Refinement:
    """What happens to the edges of a coverage."""

    tolerance: float = 0.0
    """Root of the area that a corner may take away, px; 0 to keep every corner."""
    rounds: int = 0
    """Rounds of smoothing, 0…`SMOOTHEST`."""
    squared: frozenset[int] = frozenset()
    """Class values whose outlines become orthogonal later, and so are not smoothed."""

    def __bool__(self) -> bool:
        return bool(self.tolerance or self.rounds or self.squared)

    @property
    def fine(self) -> int:
        """Steps of the grid of the vertices along a pixel."""
        return FINE if self.rounds or self.squared else 1

    def apply(self, rings: RingSet, value: Ints) -> RingSet:
        """Refine the polygons that fill a tile; its own sides stay as they are.

        Args:
            rings: Polygons that cover the tile without gaps, on its pixel grid.
            value: Class value of each region, shape (regions,).

        Returns:
            The polygons in the same order, on the grid that is `fine` times as fine.
        """
        if self.tolerance:
            rings = simplify_rings(rings, self.tolerance)
        if self.fine == 1:
            return rings
        rings = rings.finer(self.fine)
        pinned = rings[np.flatnonzero(np.isin(value[rings.region], list(self.squared)))].vertex
        # No corner is cut deeper than simplification may have made it, and those of pixels may go.
        return smooth_rings(rings, self.rounds, deepest=max(1.0, self.tolerance), pinned=pinned)


def simplify_rings(rings: RingSet, tolerance: float) -> RingSet:
    """Simplify the polygons that fill a tile; its own sides stay as they are.

    GEOS takes away corners in the manner of Visvalingam and Whyatt: a corner goes when the triangle with its neighbours
    is smaller than the square of the tolerance, and when no edge comes to cross or touch another one. What is left
    are corners that were there before, so they stay whole numbers. Areas in pixels and on the map differ by
    a factor only, so a tolerance in pixels does the same as one on the map, on rotated and oblong pixels too.

    Args:
        rings: Polygons that cover the tile without gaps.
        tolerance: Root of the area of a triangle that may go, steps of the grid.
    """
    row, col = rings.grid.locate(rings.vertex)
    points = np.stack([col, row], axis=1).astype(np.float64)
    offsets = (rings.ring_offsets, rings.polygon_offsets)
    polygons = shapely.from_ragged_array(shapely.GeometryType.POLYGON, points, offsets)
    simple = shapely.coverage_simplify(polygons, tolerance, simplify_boundary=False)
    _, points, (ring_offsets, polygon_offsets) = shapely.to_ragged_array(simple)
    col, row = np.rint(points).astype(np.int64).T
    vertex = rings.grid.number(row, col)
    ring_offsets, polygon_offsets = ring_offsets.astype(np.int64), polygon_offsets.astype(np.int64)
    area = measure_ring_areas(rings.grid, vertex, ring_offsets)
    is_shell = np.zeros(len(area), np.bool_)
    is_shell[polygon_offsets[:-1]] = True
    is_reversed = (area > 0) != is_shell  # GEOS does not keep the direction of rings
    if is_reversed.any():
        lengths = np.diff(ring_offsets)
        mirrored = np.repeat(ring_offsets[:-1] + ring_offsets[1:] - 1, lengths) - np.arange(len(vertex))
        vertex = np.asarray(np.where(np.repeat(is_reversed, lengths), vertex[mirrored], vertex))
    signed = np.where(is_shell, np.abs(area), -np.abs(area))
    pixels = np.add.reduceat(signed, polygon_offsets[:-1])
    return RingSet(rings.grid, vertex, ring_offsets, polygon_offsets, rings.region, pixels)


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


def smooth_rings(rings: RingSet, rounds: int, *, deepest: float, pinned: Ints) -> RingSet:
    """Smooth the polygons that fill a tile; its own sides stay as they are.

    Corners are cut after Chaikin ("An algorithm for high-speed curve generation", 1974): in each round a vertex makes
    way for two, each a quarter along one of its sides. A vertex stays where more than two polygons meet, on the sides
    of the tile, and where another vertex lies in the triangle that would be cut off. Edges of a coverage do not
    cross, so one that reaches into that triangle ends in it: where there is no vertex nothing is crossed, and the
    triangles of different vertices lie apart. So the polygons stay a coverage, however many are cut at once.

    Args:
        rings: Polygons that cover the tile without gaps, with vertices at corners of pixels, on a grid with at least
            `QUARTER ** rounds` steps along a pixel.
        rounds: How often all corners are cut; 0 for never.
        deepest: How far from the cut a corner may lie, px: sharp corners between long sides are meant to be there.
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
    for _ in range(rounds):
        corners = _cut_corners(corners, (SHALLOWEST * fine, deepest * fine), step)
        step //= QUARTER
    return close_rings(rings, corners.vertex, corners.offsets)


def _cut_corners(corners: _Corners, depths: tuple[float, float], step: int) -> _Corners:
    """Cut all corners once, where they may be.

    Args:
        corners: All vertices, at multiples of `step`.
        depths: How far from the cut corners lie that go, at least and at most, steps of the fine grid.
        step: Spacing of the vertices.
    """
    points = np.stack([corners.row, corners.col])
    before, after = find_neighbours(corners.offsets)
    to_before, to_after = ((points[:, beside] - points) // QUARTER for beside in (before, after))
    twice_area = np.abs(to_before[0] * to_after[1] - to_before[1] * to_after[0])
    length = np.hypot(*(to_after - to_before))
    depth = np.divide(twice_area, length, out=np.zeros(len(length)), where=length > 0)
    shallowest, deepest = depths
    cuts = ~corners.stays & (depth >= shallowest) & (depth <= deepest)
    # A triangle that is smaller than the spacing of the vertices holds none.
    large = np.flatnonzero(cuts & (np.abs(np.concatenate([to_before, to_after])).max(axis=0) >= step))
    cuts[large] = ~_find_blocked(corners, large, to_before, to_after)
    count = np.where(cuts, 2, 1)
    places = np.append(0, np.cumsum(count))
    first, second = places[:-1][cuts], places[:-1][cuts] + 1
    points = np.repeat(points, count, axis=1)
    points[:, first] += to_before[:, cuts]
    points[:, second] += to_after[:, cuts]
    return replace(
        corners, row=points[0], col=points[1], stays=np.repeat(corners.stays, count), offsets=places[corners.offsets]
    )


def _find_blocked(corners: _Corners, chosen: Ints, to_before: Ints, to_after: Ints) -> Bools:
    """Find the chosen corners at which another vertex lies in the triangle that would be cut off, shape (chosen,)."""
    points, vertex = np.stack([corners.col, corners.row]), corners.vertex
    _, first = np.unique(vertex, return_index=True)
    tree = shapely.STRtree(shapely.points(points[:, first].T))
    _, once, again = np.unique(vertex[chosen], return_index=True, return_inverse=True)
    at = chosen[once]
    ends = [points[:, at] + side[::-1, at] for side in (to_before, to_after)]
    triangles = shapely.polygons(np.stack([points[:, at], *ends], axis=1).transpose(2, 1, 0))
    which = tree.query(triangles, predicate="intersects")[0]  # each meets its own vertex too
    return np.asarray((np.bincount(which, minlength=len(at)) > 1)[again])

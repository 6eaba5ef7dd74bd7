"""Simplification: the shared edges of a coverage lose the corners that matter least, on both sides alike."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from .rings import RingSet, ring_areas


def simplified(rings: RingSet, tolerance: float) -> RingSet:
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
    found = shapely.coverage_simplify(polygons, tolerance, simplify_boundary=False)
    _, points, (ring_offsets, polygon_offsets) = shapely.to_ragged_array(found)
    col, row = np.rint(points).astype(np.int64).T
    vertex = rings.grid.number(row, col)
    ring_offsets, polygon_offsets = ring_offsets.astype(np.int64), polygon_offsets.astype(np.int64)
    area = ring_areas(rings.grid, vertex, ring_offsets)
    is_shell = np.zeros(len(area), np.bool_)
    is_shell[polygon_offsets[:-1]] = True
    turned = (area > 0) != is_shell
    if turned.any():
        vertex = _turned(vertex, ring_offsets, turned)
    signed = np.where(is_shell, np.abs(area), -np.abs(area))
    pixels = np.add.reduceat(signed, polygon_offsets[:-1])
    return RingSet(rings.grid, vertex, ring_offsets, polygon_offsets, rings.region, pixels)


def _turned(values: NDArray[np.int64], offsets: NDArray[np.int64], rings: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The points with some rings run the other way; they still begin where they began, as they are closed."""
    lengths = np.diff(offsets)
    mirrored = np.repeat(offsets[:-1] + offsets[1:] - 1, lengths) - np.arange(len(values))
    return np.asarray(np.where(np.repeat(rings, lengths), values[mirrored], values))

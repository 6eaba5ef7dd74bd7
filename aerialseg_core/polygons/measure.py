"""Measures of polygons on the ground: area, perimeter, mean width, summed over their sides."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..raster.geodesy import Ground
from ..raster.vertex_grid import Floats, Ints
from .rings import RingSet


def measure_areas(ground: Ground, rings: RingSet) -> Floats:
    """Measure the area of each polygon, m² or px², shape (polygons,)."""
    if ground.has_even_pixels:
        return ground.measure_cells(rings.pixels)
    return np.abs(_sum_sides(ground.sweep_areas, rings))


def measure_perimeters(ground: Ground, rings: RingSet) -> Floats:
    """Measure the length of all rings of each polygon, m or px, shape (polygons,)."""
    return _sum_sides(ground.measure_lengths, rings)


def measure_widths(ground: Ground, rings: RingSet) -> Floats:
    """Measure the mean width of each polygon in units of the CRS: twice its area by its perimeter, (polygons,)."""
    return np.asarray(
        2 * abs(ground.transform.determinant) * rings.pixels / _sum_sides(ground.measure_lengths_on_map, rings)
    )


def _sum_sides(measure: Callable[[Ints, Ints], Floats], rings: RingSet) -> Floats:
    """Sum over the sides of each polygon, shape (polygons,).

    Args:
        measure: What each side counts for, from where it begins and ends.
        rings: The polygons.
    """
    each = np.concatenate([np.zeros(0), *(measure(start, end) for start, end in rings.iter_sides())])
    begins = rings.ring_offsets[rings.polygon_offsets[:-1]] - rings.polygon_offsets[:-1]  # a ring has one more point
    return np.asarray(np.add.reduceat(each, begins))

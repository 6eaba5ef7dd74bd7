"""Validity of large polygons without GEOS: never true where GEOS says no, and true for what pixels give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from polygons.test_tracing import rasters, regions

from aerialseg_core.polygons import geometry
from aerialseg_core.polygons.geometry import is_surely_valid, keeps_corners_apart, make_wkb, to_polygons
from aerialseg_core.polygons.rings import RingSet, make_offsets
from aerialseg_core.polygons.simplify import Refinement
from aerialseg_core.raster.vertex_grid import VertexGrid

GRID = VertexGrid(13, 13)


def is_valid(rings):
    """What GEOS says; and whether shells and holes run as they should."""
    [polygon] = to_polygons(rings, Affine.scale(1, -1))
    parts = shapely.polygons(shapely.get_rings(polygon))
    is_ccw = shapely.is_ccw(shapely.get_rings(polygon))
    return bool(shapely.is_valid(polygon) and shapely.is_valid(parts).all() and is_ccw[0] and not is_ccw[1:].any())


def one_by_one(pixels, side, **options):
    for part in regions(pixels, side, **options):
        for number in range(len(part.rings)):
            yield part.rings.part(slice(number, number + 1))


def of_rings(rings):
    """One polygon of rings that are lists of (row, col), not closed."""
    points = np.array([point for ring in rings for point in [*ring, ring[0]]])
    offsets = make_offsets(np.array([len(ring) + 1 for ring in rings]))
    polygon_offsets = np.array([0, len(rings)])
    return RingSet(GRID, GRID.number(*points.T), offsets, polygon_offsets, np.zeros(1, np.int64), np.zeros(1))


dotted = hnp.arrays(np.uint8, st.tuples(st.integers(3, 12), st.integers(3, 12)), elements=st.sampled_from([1, 1, 1, 2]))
"""Rasters in which holes often touch each other and the shell."""


@settings(max_examples=200, deadline=None)
@given(rasters | dotted, st.integers(1, 12), st.sampled_from([0, 1, 2]), st.integers(0, 2), st.integers(1, 40))
def test_what_comes_of_pixels(pixels, side, tolerance, smooth, at_once):
    refinement = Refinement(tolerance, smooth)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(geometry, "AT_ONCE", at_once)
        for rings in one_by_one(pixels, side, refinement=refinement):
            sure = is_surely_valid(rings)
            assert is_valid(rings)
            assert sure or tolerance


transforms = st.builds(
    lambda turn, slant, size, oblong, far: (
        Affine.translation(far, -far) * Affine.rotation(turn) * Affine.shear(slant) * Affine.scale(size, size * oblong)
    ),
    st.sampled_from([0, 90, 30, -17.3]) | st.floats(0, 360),
    st.sampled_from([0, 60, 89.9]),
    st.floats(-12, 4).map(lambda power: 10.0**power),
    st.sampled_from([1, -1, -0.01, 300]),
    st.sampled_from([0, 7e5]) | st.floats(-1e7, 1e7),
)


@settings(max_examples=500, deadline=None)
@given(rasters | dotted, st.integers(1, 12), st.booleans(), transforms)
@example(np.array([[1, 1, 1], [1, 2, 1], [1, 1, 2]], np.uint8), 2, True, Affine(1e-9, 0, 1e7, 0, -1e-9, 1e7))
def test_polygons_of_pixels_are_valid_wherever_rounding_keeps_corners_apart(pixels, side, diagonally, transform):
    for part in regions(pixels, side, diagonally=diagonally):
        offsets = None
        if diagonally:
            part = part[np.argsort(part.group, kind="stable")]
            offsets = np.flatnonzero(np.append(np.diff(part.group, prepend=-1) != 0, True))
        valid = shapely.is_valid(to_polygons(part.rings, transform, offsets))
        assert valid.all() or not keeps_corners_apart(part.rings.grid, transform)


def test_corners_fall_together_where_coordinates_have_too_few_digits():
    assert keeps_corners_apart(VertexGrid(10**6, 10**6), Affine(0.1, 0, 7e5, 0, -0.1, 6e6))
    assert keeps_corners_apart(VertexGrid(1000, 1000), Affine(1e-6, 0, 1.8e2, 0, -1e-6, 90))
    assert not keeps_corners_apart(VertexGrid(3, 3), Affine(1e-9, 0, 1e7, 0, -1e-9, 1e7))
    assert not keeps_corners_apart(VertexGrid(3, 3), Affine(1, 1, 0, 1, 1, 0))


ring = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=7, unique=True)


@settings(max_examples=1500, deadline=None)
@given(st.lists(ring, min_size=1, max_size=4))
@example([[(0, 0), (6, 0), (6, 6), (0, 6)], [(1, 1), (1, 3), (3, 3), (3, 1)]])
@example([[(0, 0), (6, 0), (6, 6), (0, 6)], [(1, 1), (1, 5), (5, 5), (5, 1)], [(2, 2), (2, 3), (3, 3), (3, 2)]])
@example([[(0, 0), (6, 0), (6, 3), (0, 3)], [(1, 4), (1, 5), (3, 5), (3, 4)]])
@example([[(0, 0), (6, 0), (6, 6), (0, 6)], [(0, 0), (3, 4), (6, 6), (4, 3)]])
@example([[(0, 0), (6, 0), (6, 6), (0, 6)], [(1, 1), (1, 3), (3, 3), (3, 1)], [(3, 3), (3, 5), (5, 5), (5, 3)]])
@example([[(0, 0), (4, 0), (4, 4), (0, 4)], [(2, 0), (2, 2), (3, 2)]])
def test_any_rings(rings):
    polygon = of_rings(rings)
    if is_surely_valid(polygon):
        assert is_valid(polygon)


@settings(max_examples=300, deadline=None)
@given(rasters | dotted, st.data())
def test_a_vertex_elsewhere_or_a_ring_the_other_way(pixels, data):
    polygons = list(one_by_one(np.pad(pixels + 1, 1), 99))
    rings = data.draw(st.sampled_from(polygons))
    assert is_surely_valid(rings)
    number = data.draw(st.integers(0, len(rings.ring_offsets) - 2))
    part = slice(rings.ring_offsets[number], rings.ring_offsets[number + 1])
    vertex = rings.vertex.copy()
    if data.draw(st.booleans()):
        vertex[part] = vertex[part][::-1]
    else:
        open_part = vertex[part][:-1]
        open_part[data.draw(st.integers(0, len(open_part) - 1))] = data.draw(
            st.integers(0, rings.grid.stride * pixels.shape[0])
        )
        vertex[part] = np.append(open_part, open_part[0])
    assume(not np.array_equal(vertex, rings.vertex))
    changed = replace(rings, vertex=vertex)
    assert is_valid(changed) or not is_surely_valid(changed)


@settings(max_examples=100, deadline=None)
@given(rasters, st.booleans(), st.sampled_from([Affine(0.3, 0, 7e5, 0, -0.3, 6e6), Affine(0.1, 0.2, 3, 0.2, 0.1, -4)]))
def test_wkb_is_that_of_geos(pixels, multi, transform):
    for part in regions(pixels, 5, diagonally=multi):
        offsets = None
        if multi:
            part = part[np.argsort(part.group, kind="stable")]
            offsets = np.flatnonzero(np.append(np.diff(part.group, prepend=-1) != 0, True))
        polygons = to_polygons(part.rings, transform, offsets)
        assert make_wkb(part.rings, transform, offsets).tolist() == shapely.to_wkb(polygons).tolist()

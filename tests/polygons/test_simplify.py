"""Simplified and smoothed edges: a coverage of the same ground, with corners that were there before."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from polygons.class_rasters import HALF, patches, save
from polygons.test_tracing import MAP, rasters, traced
from pyproj import Geod
from rasterio.features import rasterize

from aerialseg_core import polygonize
from aerialseg_core.polygons.geometry import to_polygons
from aerialseg_core.polygons.rings import assemble_polygons
from aerialseg_core.polygons.simplify import FINE, Refinement, smooth_rings
from aerialseg_core.polygons.tracing import find_boundaries, mark_surroundings


def test_simplified_edges_have_fewer_corners_and_no_data_stays_out(tmp_path):
    pixels = patches(100, 600)
    source = save(tmp_path / "c.tif", pixels)
    plain, simple = polygonize(source), polygonize(source, simplify=1.0)
    assert len(simple) == len(plain)
    corners = [shapely.get_num_coordinates(frame.geometry.values).sum() for frame in (plain, simple)]
    assert corners[1] < 0.7 * corners[0]
    np.testing.assert_allclose(simple.area, simple.area_m2, rtol=1e-7)
    np.testing.assert_allclose(simple.length, simple.perimeter_m, rtol=1e-7)
    back = rasterize(zip(simple.geometry, simple.class_id.tolist(), strict=True), pixels.shape, transform=HALF)
    assert np.count_nonzero(back != pixels) < 0.1 * pixels.size
    assert abs(simple.area.sum() / plain.area.sum() - 1) < 0.01


@pytest.mark.parametrize(
    ("crs", "transform"),
    [
        ("EPSG:28992", Affine(0.5, 0, 100_000, 0, 0.5, 400_000)),
        ("EPSG:28992", Affine(0.26, 0.15, 100_000, 0.15, -0.26, 400_000)),
        ("EPSG:4326", Affine(1e-5, 0, 10, 0, -1e-5, 89.9)),
    ],
    ids=["south-up", "rotated", "near a pole"],
)
def test_simplified_on_any_grid(tmp_path, crs, transform):
    pixels = patches(90, 120)
    source = save(tmp_path / "c.tif", pixels, crs, transform)
    frame = polygonize(source, simplify=0.5, min_area=0.5)
    assert shapely.is_valid(frame.geometry.values).all()
    assert shapely.coverage_is_valid(frame.geometry.values)
    assert shapely.is_ccw(shapely.get_exterior_ring(frame.geometry.values)).all()
    if crs == "EPSG:4326":
        geod = Geod(ellps="WGS84")
        fine = shapely.segmentize(frame.geometry.values, 2e-6)
        measured = np.array([geod.geometry_area_perimeter(one) for one in fine])
        np.testing.assert_allclose(frame.area_m2, measured[:, 0], rtol=1e-5)
        np.testing.assert_allclose(frame.perimeter_m, measured[:, 1], rtol=1e-5)
    else:
        np.testing.assert_allclose(frame.area_m2, frame.area, rtol=1e-6)


def test_simplifying_the_raster_turned_turns_the_polygons(tmp_path):
    """The tolerance is an area, and so the same on a grid that is rotated and scaled."""
    pixels = patches(100, 100)
    plain = polygonize(save(tmp_path / "a.tif", pixels, transform=Affine(1, 0, 155e3, 0, -1, 463e3)), simplify=1.5)
    slanted = Affine(1.2, 1.6, 155e3, 1.6, -1.2, 463e3)
    turned = polygonize(save(tmp_path / "b.tif", pixels, transform=slanted), simplify=3.0)
    np.testing.assert_allclose(np.sort(turned.area_m2), 4 * np.sort(plain.area_m2))


refinements = st.builds(Refinement, st.sampled_from([0.0, 0.8, 1.5, 3.0]), st.integers(0, 3)).filter(bool)


@settings(max_examples=150, deadline=None)
@given(rasters, st.integers(2, 12), refinements)
def test_refined_polygons_are_a_coverage_of_the_same_ground(pixels, side, refinement):
    polygons, values, areas = traced(pixels, side, refinement=refinement)
    assert sorted(values) == sorted(traced(pixels, side)[1])
    if not len(polygons):
        return
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    np.testing.assert_array_equal(shapely.area(polygons), areas)
    assert shapely.is_ccw(shapely.get_exterior_ring(polygons)).all()
    if pixels.all():
        assert areas.sum() == pixels.size
        assert shapely.coverage_union_all(polygons).area == pixels.size


@settings(max_examples=60, deadline=None)
@given(rasters, st.integers(2, 12), st.sampled_from([0.8, 1.5, 3.0]))
def test_what_is_left_of_simplified_edges_was_there_before(pixels, side, tolerance):
    polygons = traced(pixels, side, refinement=Refinement(tolerance))[0]
    corners = set(map(tuple, shapely.get_coordinates(polygons).tolist()))
    on_lines = {c for c in corners if c[0] % side == 0 or c[1] % side == 0}
    assert corners - on_lines <= set(map(tuple, shapely.get_coordinates(traced(pixels, side)[0]).tolist()))


@settings(max_examples=60, deadline=None)
@given(rasters, st.integers(1, 3))
def test_smoothing_moves_no_vertex_where_three_regions_meet_and_none_by_more_than_a_pixel(pixels, rounds):
    plain = traced(pixels, 12)[0]
    smooth = traced(pixels, 12, refinement=Refinement(rounds=rounds))[0]
    if not len(plain):
        return
    assert nodes(plain) == nodes(smooth)
    before, after = (shapely.union_all(shapely.boundary(polygons)) for polygons in (plain, smooth))
    assert shapely.hausdorff_distance(before, after, densify=0.2) < 1
    np.testing.assert_array_equal(shapely.get_coordinates(smooth) * FINE % 1, 0)


def nodes(polygons):
    """Points that more than two polygons share, no data and what is beyond the raster not counted."""
    points = {}
    for number, polygon in enumerate(polygons):
        for point in set(map(tuple, shapely.get_coordinates(polygon).tolist())):
            points.setdefault(point, []).append(number)
    return {point for point, numbers in points.items() if len(numbers) > 2}


@pytest.mark.parametrize("speck", [False, True])
def test_a_corner_is_cut_unless_a_speck_is_in_the_way(speck):
    pixels = np.ones((20, 20), np.uint8)
    pixels[4:, 4:] = 2
    if speck:  # it touches nothing, but lies behind the corner
        pixels[5, 5] = 3
    traced_tile = find_boundaries(mark_surroundings(np.pad(pixels, 1), (True,) * 4))
    rings = assemble_polygons(traced_tile.edges).finer(FINE)
    rings = smooth_rings(rings, 1, deepest=9.0, pinned=np.zeros(0, np.int64))
    polygons = to_polygons(rings, MAP * Affine.scale(1 / FINE))
    assert shapely.coverage_is_valid(polygons)
    corners = {tuple(point) for point in shapely.get_coordinates(polygons).tolist()}
    assert ((4.0, -4.0) in corners) == speck
    assert ((8.0, -4.0) in corners) != speck

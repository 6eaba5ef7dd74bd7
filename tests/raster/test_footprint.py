"""Where a raster lies on the globe."""

from __future__ import annotations

import json

import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod, Transformer

from aerialseg_core.raster.footprint import Footprint, compute_footprint
from aerialseg_core.raster.geodesy import choose_ground

ROTATED = Affine(2, 0.7, 500_000, 0.5, -3, 5_500_000)


def footprint(crs: str, transform: Affine, shape: tuple[int, int]) -> tuple[Footprint, shapely.Geometry]:
    found = compute_footprint(CRS.from_user_input(crs).to_wkt(), transform, shape)
    assert found is not None
    region = shapely.from_wkb(found.wkb)
    assert (region.geom_type, region.is_valid, region.bounds) == ("MultiPolygon", True, found.bounds)
    return found, region


@settings(max_examples=30, deadline=None)
@given(
    zone=st.integers(1, 60), north=st.floats(1e5, 9e6), size=st.integers(1, 3000), gsd=st.sampled_from([0.1, 1, 10, 30])
)
def test_it_has_the_area_that_is_measured_on_the_ground(zone: int, north: float, size: int, gsd: float) -> None:
    crs, transform = f"EPSG:{32600 + zone}", Affine(gsd, 0, 450_000, 0, -gsd, north)
    _, region = footprint(crs, transform, (size, size + 1))
    enclosed = sum(abs(Geod(ellps="WGS84").geometry_area_perimeter(part)[0]) for part in region.geoms)
    measured = choose_ground(CRS(crs).to_wkt(), transform, (1, 1)).pixel_area * size * (size + 1)
    assert enclosed == pytest.approx(measured, rel=0.02, abs=2)


def test_its_sides_are_followed() -> None:
    """The middle of a side of a large raster lies off the straight line between its corners."""
    transform, shape = Affine(1000, 0, 200_000, 0, -1000, 8_000_000), (600, 600)
    _, region = footprint("EPSG:32633", transform, shape)
    to_degrees = Transformer.from_crs("EPSG:32633", "EPSG:4326", always_xy=True).transform
    for col, row in ((300, 0), (0, 300), (300, 600), (600, 300), (75, 0)):
        assert region.boundary.distance(shapely.Point(to_degrees(*(transform * (col, row))))) < 1e-3
    straight = shapely.Polygon(
        [to_degrees(*(transform * corner)) for corner in ((0, 0), (600, 0), (600, 600), (0, 600))]
    )
    assert region.symmetric_difference(straight).area > 0.1
    assert len(footprint("EPSG:32633", ROTATED, (100, 80))[0].wkb) < 200, "a small one is as straight as can be seen"


@pytest.mark.parametrize(
    ("crs", "transform", "shape", "parts", "west_east"),
    [
        ("EPSG:4326", Affine(1, 0, 170, 0, -1, 10), (20, 20), 2, (-180, 180)),
        ("EPSG:4326", Affine(1, 0, 0, 0, -1, 90), (180, 360), 1, (-180, 180)),
        ("EPSG:4326", Affine(1, 0, 350, 0, -1, 10), (5, 5), 1, (-10, -5)),
        ("EPSG:32601", Affine(100, 0, 100_000, 0, -100, 7_000_000), (2000, 3000), 2, (-180, 180)),
        ("EPSG:3031", Affine(10_000, 0, -2e6, 0, -10_000, 2e6), (400, 400), 1, (-180, 180)),
    ],
)
def test_it_is_right_at_the_antimeridian_and_at_a_pole(
    crs: str, transform: Affine, shape: tuple[int, int], parts: int, west_east: tuple[float, float]
) -> None:
    found, region = footprint(crs, transform, shape)
    assert len(region.geoms) == parts
    assert (found.bounds[0], found.bounds[2]) == pytest.approx(west_east)
    lon, lat = Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(
        *(transform * (shape[1] * 0.5, shape[0] * 0.45))
    )
    assert region.covers(shapely.Point((lon + 180) % 360 - 180, lat))


@pytest.mark.parametrize(
    ("crs", "left"),
    [
        (None, 0),
        ('LOCAL_CS["site",UNIT["metre",1]]', 0),
        (CRS.from_user_input("IAU_2015:30100").to_wkt(), 0),
        (CRS.from_epsg(32640).to_wkt(), 3e12),
    ],
)
def test_where_nobody_knows_there_is_none(crs: str | None, left: float) -> None:
    assert compute_footprint(crs, Affine(1, 0, left, 0, -1, 0), (9, 9)) is None


def test_in_geojson_the_box_of_what_crosses_the_antimeridian_begins_in_the_west() -> None:
    here, _ = footprint("EPSG:4326", Affine(1, 0, 170, 0, -1, 10), (20, 20))
    assert here.bbox == (170, -10, -170, 10)
    assert here.geojson["type"] == "MultiPolygon"
    world, _ = footprint("EPSG:4326", Affine(1, 0, 0, 0, -1, 90), (180, 360))
    assert world.bbox == (-180, -90, 180, 90)
    assert world.geojson["type"] == "Polygon"
    assert shapely.from_geojson(json.dumps(world.geojson)).exterior.is_ccw

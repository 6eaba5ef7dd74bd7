"""Areas and perimeters on the ground, against GeographicLib and what can be counted."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from affine import Affine
from polygons.class_rasters import Recorder, class_raster, noise, patches, read, save
from pyproj import Geod

from aerialseg_core.polygons.polygonize import polygonize


@pytest.mark.parametrize(
    "transform",
    [
        Affine(1e-5, 0, 4.9, 0, -1e-5, 52.1),
        Affine(1e-5, 0, 150.9, 0, 1e-5, -33.2),
        Affine(8e-4, 6e-4, 10.0, 6e-4, -8e-4, 0.003),
    ],
    ids=["north-up", "south-up, south", "rotated, on the equator"],
)
def test_geographic_area_against_geod(tmp_path, transform):
    source = class_raster(tmp_path / "classes.tif", noise(20, 20), crs="EPSG:4326", transform=transform)
    polygonize(source, tmp_path / "p.gpkg")
    frame = read(tmp_path / "p.gpkg")
    geod = Geod(ellps="WGS84")
    fine = shapely.segmentize(frame.geometry.values, abs(transform.a) / 8)
    expected = [abs(geod.geometry_area_perimeter(polygon)[0]) for polygon in fine]
    np.testing.assert_allclose(frame.area_m2, expected, rtol=2e-6)


def test_geographic_area_of_large_slanted_pixels(tmp_path):
    source = class_raster(tmp_path / "c.tif", noise(5, 5), crs="EPSG:4326", transform=Affine(4, 3, 10, 3, -4, 40))
    polygonize(source, tmp_path / "p.gpkg")
    frame = read(tmp_path / "p.gpkg")
    expected = [Geod(ellps="WGS84").geometry_area_perimeter(p)[0] for p in shapely.segmentize(frame.geometry, 0.03)]
    np.testing.assert_allclose(frame.area_m2, np.abs(expected), rtol=1e-6)


def test_geographic_area_of_the_whole_earth_and_of_a_pole(tmp_path):
    pixels = np.ones((18, 36), np.uint8)
    pixels[:3] = 2
    source = class_raster(tmp_path / "c.tif", pixels, crs="EPSG:4326", transform=Affine(10, 0, -180, 0, -10, 90))
    polygonize(source, tmp_path / "p.gpkg")
    area = read(tmp_path / "p.gpkg").set_index("class_id").area_m2
    assert area.sum() == pytest.approx(510_065_621_724_088, rel=1e-12)  # WGS 84, as GeographicLib gives it
    lon = np.linspace(-180, 180, 361)[:-1]
    cap = abs(Geod(ellps="WGS84").polygon_area_perimeter(lon, np.full(360, 60.0))[0])
    assert area[2] == pytest.approx(cap, rel=1e-4)


def test_area_in_feet(tmp_path):
    source = class_raster(tmp_path / "c.tif", crs="EPSG:2263", transform=Affine(2, 0, 1e6, 0, -2, 2e5))
    result = polygonize(source, tmp_path / "p.gpkg")
    foot = 1200 / 3937
    np.testing.assert_allclose(read(tmp_path / "p.gpkg").area_m2.sum(), 10 * 4 * foot**2, rtol=1e-9)
    assert result.unit == "m²"


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_area_without_crs_is_in_pixels_and_the_run_says_so(tmp_path):
    source = class_raster(tmp_path / "c.tif", crs=None, transform=Affine.identity())
    reporter = Recorder()
    result = polygonize(source, tmp_path / "p.gpkg", reporter=reporter)
    frame = read(tmp_path / "p.gpkg")
    assert frame.crs is None
    assert sorted(frame.area_px2) == [3, 3, 4]
    assert "area_m2" not in frame
    assert result.unit == "px²"
    (level, text), _ = reporter.messages
    assert level == "warning"
    assert "no CRS" in text


def test_areas_add_up_to_the_pixels(tmp_path):
    pixels = noise(120, 90)
    result = polygonize(class_raster(tmp_path / "c.tif", pixels), tmp_path / "p.gpkg")
    for one in result.classes:
        assert one.area == pytest.approx(np.count_nonzero(pixels == one.landcover.id) / 16, rel=1e-12)


def test_areas_equal_those_of_the_pixels_to_the_last_digit(tmp_path):
    result = polygonize(save(tmp_path / "c.tif", patches(100, 100)), tmp_path / "p.gpkg", min_area=3)
    assert result.certificate.holds
    for one in result.classes:
        assert one.area == one.pixel_area

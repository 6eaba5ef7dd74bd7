"""Ground: areas and lengths are those on the ellipsoid, whatever the projection makes of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyogrio
import pyproj
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from aerialseg_core.config import PolygonConfig
from aerialseg_core.polygons.pipeline import make_job
from aerialseg_core.polygons.polygonize import polygonize
from aerialseg_core.raster.class_raster import measure_class_areas
from aerialseg_core.raster.classes import ClassScheme
from aerialseg_core.raster.distortion import TOLERANCE
from aerialseg_core.raster.geodesy import choose_ground

REPO = Path(__file__).resolve().parents[2]
NAMES = ClassScheme.of([("class 1", "#102030"), ("class 2", "#302010"), ("class 3", "#203010")])

PLACES = {
    "Web Mercator at 60°": ("EPSG:3857", Affine(20, 0, 1_113_194, 0, -20, 8_399_737)),
    "Web Mercator, all of it": ("EPSG:3857", Affine(500_000, 0, -2.0e7, 0, -660_000, 2.0e7)),
    "Web Mercator, south-up and rotated": ("EPSG:3857", Affine(300, 120, -4e6, 120, 300, -9e6)),
    "Mercator": ("EPSG:3395", Affine(900, 0, 2e6, 0, -700, 7e6)),
    "far from the zone": ("EPSG:32633", Affine(100, 0, 1_400_000, 0, -100, 6_000_000)),
    "at the edge of the zone": ("EPSG:32633", Affine(1, 0, 833_000, 0, -1, 2_000)),
    "in the zone": ("EPSG:32633", Affine(1, 0, 500_000, 0, -1, 5_000_000)),
    "equal area": ("EPSG:3035", Affine(5_000, 0, 2_700_000, 0, -5_000, 1_900_000)),
    "feet": ("EPSG:2263", Affine(3, 0, 1e6, 0, -3, 2e5)),
    "feet, far away": ("EPSG:2263", Affine(3_000, 0, 3e6, 0, -3_000, 2e6)),
    "conic": ("EPSG:3034", Affine(2_000, 0, 3_000_000, 0, -2_000, 1_500_000)),
    "around the pole": ("EPSG:3413", Affine(90_000, 0, -2.7e6, 0, -60_000, 1.2e6)),
    "plate carrée": ("EPSG:4087", Affine(100_000, 0, 1e6, 0, -50_000, 8e6)),
    "Moon, on the map": ("+proj=eqc +R=1737400 +units=m", Affine(9_000, 0, 5e5, 0, -9_000, 1.6e6)),
    "Mars, in kilometres": ("+proj=merc +a=3396190 +b=3376200 +units=km", Affine(30, 0, 500, 0, -20, 4_000)),
    "Moon, in degrees": ("+proj=longlat +R=1737400", Affine(0.1, 0, 10, 0, -0.1, 70)),
}


def noise(rows=30, cols=40, values=4, seed=5):
    return np.random.default_rng(seed).integers(1, values, (rows, cols), np.uint8)


def save(path, pixels, crs, transform):
    profile = {"driver": "GTiff", "height": pixels.shape[0], "width": pixels.shape[1], "count": 1, "dtype": "uint8"}
    with rasterio.open(path, "w", crs=crs, transform=transform, nodata=0, **profile) as dataset:
        dataset.write(pixels, 1)
    return path


def on_ellipsoid(geometry, crs, step):
    """Area and perimeter of polygons by geodesics between points that are close to each other."""
    crs = CRS.from_user_input(crs)
    to_degrees = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    moved = shapely.transform(
        shapely.segmentize(geometry, step), lambda xy: np.stack(to_degrees.transform(*xy.T), axis=1)
    )
    geod = crs.get_geod()
    areas = [abs(geod.geometry_area_perimeter(one)[0]) for one in moved]
    return np.array(areas), np.array([geod.geometry_length(one.boundary) for one in moved])


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("options", [{}, {"simplify": 1.5}], ids=["pixels", "simplified"])
def test_areas_and_perimeters_are_those_on_the_ellipsoid(tmp_path, place, options):
    crs, transform = PLACES[place]
    source = save(tmp_path / "c.tif", noise(), crs, transform)
    with rasterio.open(source) as dataset:
        side = np.sqrt(make_job(dataset, None, PolygonConfig()).ground.pixel_area)
    options = {key: value * side for key, value in options.items()}
    result = polygonize(source, tmp_path / "p.gpkg", **options)
    frame = pyogrio.read_dataframe(tmp_path / "p.gpkg", layer="classes")
    area, perimeter = on_ellipsoid(frame.geometry.values, crs, abs(transform.a) / 16)
    assert np.isfinite(frame.area_m2).all()
    good = TOLERANCE if "zone" in place or place == "feet" else 1e-4  # geodesics bend, which counts on large pixels
    np.testing.assert_allclose(frame.area_m2, area, rtol=good)
    np.testing.assert_allclose(frame.perimeter_m, perimeter, rtol=good)
    assert result.certificate.holds
    assert result.unit == "m²"


@pytest.mark.parametrize("place", PLACES)
def test_polygons_come_to_the_area_of_their_classes_however_it_is_counted(tmp_path, place):
    crs, transform = PLACES[place]
    source = save(tmp_path / "c.tif", noise(), crs, transform)
    result = polygonize(source, tmp_path / "p.gpkg")
    for one in result.classes:
        assert one.area == pytest.approx(one.pixel_area, rel=1e-11)
    found, unit = measure_class_areas(source, NAMES)
    assert unit == "m²"
    assert result.areas == pytest.approx(found, rel=1e-11)


@pytest.mark.parametrize("place", ["Web Mercator at 60°", "far from the zone", "Moon, in degrees"])
def test_rasters_of_several_tiles_too(tmp_path, place):
    crs, transform = PLACES[place]
    pixels = np.kron(noise(53, 107), np.ones((10, 10), np.uint8))  # 530 × 1,070 px
    source = save(tmp_path / "c.tif", pixels, crs, transform * Affine.scale(0.1))
    result = polygonize(source, tmp_path / "p.gpkg", min_area=1e-3)
    assert result.certificate.holds
    for one in result.classes:
        assert one.area == pytest.approx(one.pixel_area, rel=1e-10)
    assert result.areas == pytest.approx(measure_class_areas(source, NAMES)[0], rel=1e-10)


@settings(max_examples=25, deadline=None)
@given(
    place=st.sampled_from(sorted(PLACES)),
    cut=st.tuples(st.integers(1, 29), st.integers(1, 39)),
    seed=st.integers(0, 99),
)
def test_areas_add_up_wherever_a_raster_is_cut(place, cut, seed):
    crs, transform = PLACES[place]
    pixels = noise(seed=seed)
    ground = choose_ground(CRS.from_user_input(crs).to_wkt(), transform, pixels.shape)
    whole = ground.measure_classes(pixels, 0)
    parts = ground.measure_classes(pixels[: cut[0]], 0) + ground.measure_classes(pixels[cut[0] :], cut[0])
    np.testing.assert_allclose(parts, whole, rtol=1e-12)
    parts = ground.measure_classes(pixels[:, : cut[1]], 0, 0) + ground.measure_classes(pixels[:, cut[1] :], 0, cut[1])
    np.testing.assert_allclose(parts, whole, rtol=1e-12)
    weights = np.concatenate([ground.weigh_pixels(0, cut[0]), ground.weigh_pixels(cut[0], 30)])
    np.testing.assert_array_equal(weights, ground.weigh_pixels(0, 30))
    assert ground.measure_classes(np.full((1, 40), 7, np.uint8), cut[0])[7] > 0


def test_the_plane_is_taken_where_it_is_good_enough_and_only_there():
    for place, (crs, transform) in PLACES.items():
        ground = choose_ground(CRS.from_user_input(crs).to_wkt(), transform, (30, 40))
        assert (ground.distortion is None) == (place in ("in the zone", "feet", "Moon, in degrees")), place
    equal = choose_ground(CRS("EPSG:3035").to_wkt(), PLACES["equal area"][1], (30, 40)).distortion
    assert equal.area is None
    assert equal.along is not None


def test_in_the_plane_nothing_has_changed(tmp_path):
    crs, transform = PLACES["in the zone"]
    polygonize(save(tmp_path / "c.tif", noise(), crs, transform), tmp_path / "p.gpkg")
    frame = pyogrio.read_dataframe(tmp_path / "p.gpkg", layer="classes")
    assert frame.area_m2.tolist() == frame.geometry.area.tolist()
    assert frame.perimeter_m.tolist() == frame.geometry.length.tolist()


@pytest.mark.parametrize("transform", [PLACES["Web Mercator at 60°"][1], Affine(20, 7, 1_113_194, 7, -20, 8_399_737)])
def test_min_area_is_in_true_square_metres(tmp_path, transform):
    pixels = np.ones((30, 40), np.uint8)
    pixels[4:6, 4:7] = 2  # 6 pixels: 2,400 m² on the map, 600 m² on the ground
    pixels[14:17, 14:18] = 3  # 12 pixels, 1,200 m² on the ground
    source = save(tmp_path / "c.tif", pixels, "EPSG:3857", transform)
    true = polygonize(source, tmp_path / "a.gpkg").areas
    middle = (true["class 2"] + true["class 3"]) / 2
    assert set(polygonize(source, tmp_path / "p.gpkg", min_area=middle).areas) == {"class 1", "class 3"}
    least = true["class 2"] * (1 - 1e-3)
    assert set(polygonize(source, tmp_path / "q.gpkg", min_area=least).areas) == {"class 1", "class 2", "class 3"}


def test_min_area_tells_pixels_of_one_row_apart(tmp_path):
    pixels = np.ones((9, 400), np.uint8)
    pixels[3:5, 10:12] = pixels[3:5, 390:392] = 2
    crs, transform = "EPSG:32633", Affine(4_000, 0, 500_000, 0, -4_000, 6_000_000)  # far east all is smaller
    source = save(tmp_path / "c.tif", pixels, crs, transform)
    polygonize(source, tmp_path / "a.gpkg")
    frame = pyogrio.read_dataframe(tmp_path / "a.gpkg", layer="classes")
    small, large = sorted(frame.area_m2[frame.class_id == 2])
    assert small < 0.96 * large
    result = polygonize(source, tmp_path / "p.gpkg", min_area=(small + large) / 2)
    assert result.areas["class 2"] == pytest.approx(large)


def test_simplify_is_in_true_metres(tmp_path):
    source = save(tmp_path / "c.tif", noise(), *PLACES["Web Mercator at 60°"])
    with rasterio.open(source) as dataset:
        job = make_job(dataset, None, PolygonConfig(simplify=20))
    assert job.refinement.tolerance == pytest.approx(2, rel=1e-2)  # pixels of 10 m


def test_without_a_body_there_are_pixels_or_units(tmp_path):
    source = save(tmp_path / "c.tif", noise(), 'LOCAL_CS["plan",UNIT["foot",0.3048]]', Affine(2, 0, 0, 0, -2, 0))
    result = polygonize(source, tmp_path / "p.gpkg")
    assert sum(result.areas.values()) == pytest.approx(1200 * 4 * 0.3048**2)


def test_a_raster_beyond_its_projection_is_measured_in_the_plane_and_the_run_says_so(tmp_path):
    world = Affine(1_000_000, 0, -20_000_000, 0, -600_000, 9_000_000)
    save(tmp_path / "c.tif", noise(), "ESRI:54030", world)
    command = [sys.executable, "-m", "aerialseg_core", "polygons", tmp_path / "c.tif", "-o", tmp_path / "p.gpkg"]
    run = subprocess.run(
        [*map(str, command), "--progress", "json"], cwd=REPO, capture_output=True, text=True, check=True
    )
    events = [json.loads(line) for line in run.stdout.splitlines()]
    assert [e for e in events if e["event"] == "message" and "beyond where its projection is defined" in e["text"]]


def test_a_metre_of_web_mercator_is_half_a_metre_at_60_degrees():
    ground = choose_ground(CRS("EPSG:3857").to_wkt(), PLACES["Web Mercator at 60°"][1], (30, 40))
    assert ground.pixel_area == pytest.approx(100, rel=0.01)
    assert pyproj.Geod(ellps="WGS84").a == ground.geod.a

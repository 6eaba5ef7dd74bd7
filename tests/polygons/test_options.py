"""What may be asked of polygons: small regions merged, edges simplified, confidence; whatever the memory."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine
from pyproj import Geod
from rasterio.features import rasterize
from support import contents, image, save_model, save_scene

from aerialseg_core import batch, polygonize, segment
from aerialseg_core.config import PolygonConfig, SegmentConfig
from aerialseg_core.errors import ParameterError, RasterReadError, SceneError
from aerialseg_core.polygons.check import check_polygons
from aerialseg_core.progress import Reporter

RD = Affine(0.5, 0, 100_000, 0, -0.5, 400_000)


class Recorder(Reporter):
    """Keeps what it is told."""

    def __init__(self):
        super().__init__()
        self.messages = []

    def message(self, text, level="info"):
        self.messages.append(text)


def save(path, pixels, crs="EPSG:28992", transform=RD, nodata=0):
    profile = {"driver": "GTiff", "width": pixels.shape[1], "height": pixels.shape[0], "count": 1, "dtype": "uint8"}
    with rasterio.open(path, "w", crs=crs, transform=transform, nodata=nodata, **profile) as dataset:
        dataset.write(pixels, 1)
    return path


def patches(rows, cols, size=9, values=4, seed=5):
    """Blobs of several sizes with specks in them, 0 among the values."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, values, (rows // size + 1, cols // size + 1), np.uint8)
    pixels = np.repeat(np.repeat(coarse, size, axis=0), size, axis=1)[:rows, :cols]
    shift = np.add.outer(np.arange(rows) // 3, np.arange(cols)) % cols
    pixels = np.take_along_axis(pixels, shift, axis=1)
    specks = rng.random((rows, cols)) < 0.02
    pixels[specks] = rng.integers(1, values, np.count_nonzero(specks))
    return pixels


def as_set(frame):
    return set(zip(shapely.to_wkb(frame.geometry.values).tolist(), frame.class_id.tolist(), strict=True))


@pytest.mark.parametrize(
    "options", [{}, {"min_area": 3}, {"simplify": 1}, {"min_area": 3, "simplify": 1, "majority": 3}]
)
@pytest.mark.parametrize("connectivity", [4, 8])
def test_neither_memory_nor_threads_change_anything(tmp_path, options, connectivity):
    pixels = patches(530, 1040, size=25)
    source = save(tmp_path / "c.tif", pixels)
    frames = [
        polygonize(source, **options, connectivity=connectivity, memory=memory, threads=threads)
        for memory, threads in ((64 << 20, 1), (4 << 30, 3))
    ]
    assert as_set(frames[0]) == as_set(frames[1])
    parts = shapely.get_parts(frames[0].geometry.values)
    assert shapely.coverage_is_valid(parts)
    assert shapely.is_valid(frames[0].geometry.values).all()
    assert frames[0].attrs["certificate"].holds
    if not options:
        shapes = zip(frames[0].geometry, frames[0].class_id.tolist(), strict=True)
        np.testing.assert_array_equal(rasterize(shapes, pixels.shape, transform=RD, dtype="uint8"), pixels)


@pytest.mark.parametrize("crs", ["EPSG:28992", "EPSG:4326", None])
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_no_region_is_small_but_islands(tmp_path, crs):
    transform = Affine(5e-6, 0, 5, 0, -5e-6, 52) if crs == "EPSG:4326" else RD
    pixels = patches(300, 200)
    minimum = 20.0 if crs is None else 5.0
    reporter = Recorder()
    frame = polygonize(save(tmp_path / "c.tif", pixels, crs, transform), min_area=minimum, reporter=reporter)
    area = frame["area_m2" if crs else "area_px2"]
    small = frame[area < minimum].geometry.values
    others = shapely.STRtree(frame.geometry.values)
    for one in small:  # nothing but itself shares a side with it
        touched = frame.geometry.values[others.query(one)]
        assert sum(shapely.length(shapely.intersection(one, touched)) > 0) == 1
    assert (area >= minimum).sum() > 50
    assert any("went to a neighbour" in text for text in reporter.messages)
    back = rasterize(frame.geometry, pixels.shape, transform=transform, dtype="uint8")
    np.testing.assert_array_equal(back > 0, pixels > 0)  # no data gains and loses nothing


def test_simplified_edges_have_fewer_corners_and_no_data_stays_out(tmp_path):
    pixels = patches(100, 600)
    source = save(tmp_path / "c.tif", pixels)
    plain, simple = polygonize(source), polygonize(source, simplify=1.0)
    assert len(simple) == len(plain)
    corners = [shapely.get_num_coordinates(frame.geometry.values).sum() for frame in (plain, simple)]
    assert corners[1] < 0.7 * corners[0]
    np.testing.assert_allclose(simple.area, simple.area_m2, rtol=1e-7)
    np.testing.assert_allclose(simple.length, simple.perimeter_m, rtol=1e-7)
    back = rasterize(zip(simple.geometry, simple.class_id.tolist(), strict=True), pixels.shape, transform=RD)
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


def test_confidence_of_every_polygon(tmp_path):
    pixels = patches(200, 700)
    sure = np.random.default_rng(1).integers(0, 101, pixels.shape, np.uint8)
    sure[:40, :40] = 255
    confidence = save(tmp_path / "sure.tif", sure, nodata=255)
    for options in ({}, {"connectivity": 8}, {"class_ids": [2]}):
        frame = polygonize(save(tmp_path / "c.tif", pixels), confidence=str(confidence), **options)
        for geometry, mean, least in zip(frame.geometry, frame.confidence_mean, frame.confidence_min, strict=True):
            inside = sure[rasterize([geometry], pixels.shape, transform=RD, dtype="uint8") == 1]
            inside = inside[inside != 255]
            if len(inside):
                assert (mean, least) == (pytest.approx(inside.mean()), inside.min())
            else:
                assert np.isnan([mean, least]).all()


@pytest.mark.parametrize(
    ("change", "error", "text"),
    [
        ({"transform": Affine(1, 0, 0, 0, -1, 0)}, SceneError, "not the confidence raster"),
        ({"pixels": np.zeros((5, 5), np.uint8)}, SceneError, "not the confidence raster"),
        (None, RasterReadError, "cannot be read"),
    ],
)
def test_another_confidence_raster_is_refused(tmp_path, change, error, text):
    pixels = patches(20, 30)
    source = save(tmp_path / "c.tif", pixels)
    if change is not None:
        save(tmp_path / "sure.tif", **{"pixels": pixels, **change})
    with pytest.raises(error, match=text):
        polygonize(source, tmp_path / "p.gpkg", confidence=str(tmp_path / "sure.tif"))
    assert not (tmp_path / "p.gpkg").exists()


@pytest.mark.parametrize(
    "options",
    [{"min_area": -1}, {"min_area": float("nan")}, {"simplify": float("inf")}, {"majority": 4}, {"majority": 999},
     {"connectivity": 6}, {"memory": 1}, {"threads": -1}],
)  # fmt: skip
def test_impossible_options(tmp_path, options):
    with pytest.raises(ParameterError, match=f"--{next(iter(options)).replace('_', '-')}"):
        polygonize(tmp_path / "absent.tif", **options)


def test_the_tables_of_a_geopackage(tmp_path):
    path = tmp_path / "p.gpkg"
    result = polygonize(save(tmp_path / "c.tif", patches(100, 100)), path, min_area=3, simplify=0.7)
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT item, class_name, value, unit FROM certificate").fetchall()
        scheme = connection.execute("SELECT class_id, class_name, colour FROM class_scheme").fetchall()
    counts = {item: value for item, name, value, _ in rows if not name}
    assert counts["gaps"] == counts["overlaps"] == counts["invalid"] == 0
    assert counts["regions merged"] == result.certificate.merged > 0
    areas = {(item, name): value for item, name, value, unit in rows if unit == "m²"}
    for one in result.classes:
        assert areas["polygon area", one.landcover.name] == one.area
        assert areas["pixel area", one.landcover.name] == pytest.approx(one.area, rel=0.1)
    assert [row[:2] for row in scheme] == [(i, f"class {i}") for i in (1, 2, 3)]
    assert check_polygons(path).holds
    frame = pyogrio.read_dataframe(path, layer="classes")
    corners = shapely.points(shapely.get_coordinates(frame.geometry.values))
    inside = corners[shapely.contains_properly(frame.geometry.union_all(), corners)][0]
    frame.geometry = shapely.difference(frame.geometry.values, inside.buffer(0.01))
    frame.to_file(path, layer="classes")
    assert not check_polygons(path).holds


def test_areas_equal_those_of_the_pixels_to_the_last_digit(tmp_path):
    result = polygonize(save(tmp_path / "c.tif", patches(100, 100)), tmp_path / "p.gpkg", min_area=3)
    assert result.certificate.holds
    for one in result.classes:
        assert one.area == one.pixel_area


def test_noise_is_announced(tmp_path, monkeypatch):
    monkeypatch.setattr("aerialseg_core.polygons.pipeline.MANY", 1000)
    reporter = Recorder()
    noise = np.random.default_rng(0).integers(1, 7, (1200, 200), np.uint8)
    polygonize(save(tmp_path / "c.tif", noise), reporter=reporter)
    assert [text for text in reporter.messages if "million polygons" in text]


@pytest.fixture
def scene(tmp_path):
    save_model(tmp_path / "tiny.onnx")
    (tmp_path / "scenes").mkdir()
    return save_scene(tmp_path / "scenes" / "scene.tif", image(70, 90))


def test_polygons_of_a_segmentation(tmp_path, scene):
    options = {"model": str(tmp_path / "tiny.onnx"), "polygons": tmp_path / "p.gpkg"}
    segment(scene, tmp_path / "c.tif", **options)
    everything = pyogrio.read_dataframe(tmp_path / "p.gpkg", layer="classes")
    assert "confidence_mean" not in everything
    cleaned = {"confidence": tmp_path / "sure.tif", "min_area": 6.0, "simplify": 1.0, "overwrite": True}
    segment(scene, tmp_path / "c.tif", **options, **cleaned)
    fewer = pyogrio.read_dataframe(tmp_path / "p.gpkg", layer="classes")
    assert len(fewer) < len(everything)
    assert fewer.confidence_mean.between(0, 100).all()
    assert (fewer.confidence_min <= fewer.confidence_mean).all()


def test_a_segmentation_with_squared_and_smooth_polygons(tmp_path, scene):
    options = {"model": str(tmp_path / "tiny.onnx"), "polygons": tmp_path / "p.gpkg", "simplify": 1.0}
    with pytest.raises(ParameterError, match="no class 'Tower' to square"):
        segment(scene, tmp_path / "c.tif", square=("Tower",), **options)
    assert contents(tmp_path) == {"tiny.onnx", "scenes", "scenes/scene.tif"}
    segment(scene, tmp_path / "c.tif", square=("dark", 4), smooth=1, **options)
    made = pyogrio.read_dataframe(tmp_path / "p.gpkg", layer="classes")
    expected = polygonize(tmp_path / "c.tif", square=("dark", 4), smooth=1, simplify=1.0)
    assert as_set(made) == as_set(expected)
    assert as_set(made) != as_set(polygonize(tmp_path / "c.tif", simplify=1.0))


@pytest.mark.parametrize("kind", [SegmentConfig, PolygonConfig])
def test_classes_to_square_may_come_as_a_list(kind):
    assert kind(square=["Building", 4]) == kind(square=("Building", 4))
    assert hash(kind(square=["Building"])) == hash(kind(square=("Building",)))


def test_one_class_needs_no_list():
    assert PolygonConfig(square="Building", class_ids="Road") == PolygonConfig(square=["Building"], class_ids=["Road"])
    assert PolygonConfig(square=1, class_ids={3}) == PolygonConfig(square=(1,), class_ids=(3,))
    assert SegmentConfig(square="Building") == SegmentConfig(square=["Building"])


def test_polygons_of_a_folder(tmp_path, scene):
    def statuses(**options):
        results = batch(scene.parent, tmp_path / "maps", model=str(tmp_path / "tiny.onnx"), polygons=True, **options)
        return [one.status for one in results]

    assert statuses(min_area=6.0) == ["done"]
    assert statuses(min_area=6.0, threads=1) == ["skipped"]
    assert statuses(min_area=7.0) == ["failed"]  # other polygons are there already
    assert statuses(min_area=7.0, overwrite=True) == ["done"]
    assert "scene_classes.gpkg" in contents(tmp_path / "maps")
    for shape in ({"smooth": 1}, {"square": ["dark"]}):
        assert statuses(min_area=7.0, **shape) == ["failed"]
        assert statuses(min_area=7.0, **shape, overwrite=True) == ["done"]
        assert statuses(min_area=7.0, **shape) == ["skipped"]


def test_a_folder_is_refused_at_once_for_a_class_that_the_model_does_not_have(tmp_path, scene):
    with pytest.raises(ParameterError, match="no class 'Tower' to square"):
        batch(scene.parent, tmp_path / "maps", model=str(tmp_path / "tiny.onnx"), square=["Tower"])
    assert not (tmp_path / "maps").exists()


def test_polygons_in_another_format_and_in_none(tmp_path, scene):
    options = {"model": str(tmp_path / "tiny.onnx")}
    segment(scene, tmp_path / "c.tif", polygons=tmp_path / "p.geojson", **options)
    assert json.loads((tmp_path / "p.geojson").read_text())["features"]
    with pytest.raises(ParameterError, match="no format that is known"):
        segment(scene, tmp_path / "d.tif", polygons=tmp_path / "p.txt", **options)
    assert not (tmp_path / "d.tif").exists()

"""Polygons of a segmentation, and of a folder of scenes."""

from __future__ import annotations

import json
from typing import get_args

import geopandas
import pyogrio
import pytest
from affine import Affine
from polygons.class_rasters import as_set
from support import NORTH_UP, contents, image, save_model, save_scene

from aerialseg_core import batch, polygonize, segment
from aerialseg_core.config import PolygonFormat
from aerialseg_core.errors import Cancelled, OutputError, ParameterError, SceneError
from aerialseg_core.polygons.writers.formats import _WRITERS
from aerialseg_core.progress import Reporter


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


@pytest.mark.parametrize("other", ["confidence", "seams"])
def test_numbers_of_a_run_that_are_no_classes_do_not_pass_for_some(tmp_path, scene, other):
    made = {other: tmp_path / f"{other}.tif"}
    segment(scene, tmp_path / "c.tif", model=str(tmp_path / "tiny.onnx"), **made)
    with pytest.raises(SceneError, match=rf"{other}\.tif is not a class raster.*Give the class raster of that run"):
        polygonize(tmp_path / f"{other}.tif", tmp_path / "p.gpkg")
    assert not (tmp_path / "p.gpkg").exists()


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


def test_polygons_of_some_classes_only(tmp_path, scene):
    options = {"model": str(tmp_path / "tiny.onnx"), "polygons": tmp_path / "p.gpkg", "simplify": 1.0}
    with pytest.raises(ParameterError, match="no class 'Tower' to make polygons of"):
        segment(scene, tmp_path / "c.tif", class_ids=["Tower"], **options)
    result = segment(scene, tmp_path / "c.tif", class_ids=["dark"], **options)
    made = pyogrio.read_dataframe(tmp_path / "p.gpkg", layer="classes")
    assert set(made.class_name) == {"Dark"}
    every = polygonize(tmp_path / "c.tif", simplify=1.0)
    assert as_set(made) == as_set(every[every.class_name == "Dark"])  # as they would be beside the others
    assert sum(area > 0 for area in result.areas.values()) > 1  # all classes are in the raster, and in its areas


def test_polygons_of_a_folder(tmp_path, scene):
    def statuses(**options):
        results = batch(scene.parent, tmp_path / "maps", model=str(tmp_path / "tiny.onnx"), polygons=True, **options)
        return [one.status for one in results]

    assert statuses(min_area=6.0) == ["done"]
    assert statuses(min_area=6.0, threads=1) == ["skipped"]
    assert statuses(min_area=7.0) == ["failed"]  # other polygons are there already
    assert statuses(min_area=7.0, overwrite=True) == ["done"]
    assert "scene_classes.gpkg" in contents(tmp_path / "maps")
    for shape in ({"smooth": 1}, {"square": ["dark"]}, {"class_ids": ["dark"]}):
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


def test_the_formats_of_a_batch_are_those_of_files_and_a_folder():
    assert {f".{name}" for name in get_args(PolygonFormat)} == {*_WRITERS, ".parquet/"}


def test_a_folder_of_polygons_comes_with_its_class_raster(tmp_path, scene):
    pytest.importorskip("pyarrow")

    class StopAtPolygons(Reporter):
        def start(self, task, total, unit):
            super().start(task, total, unit)
            if task == "polygons":
                self.cancel()

    options = {"model": str(tmp_path / "tiny.onnx"), "polygons": f"{tmp_path}/p.parquet/"}
    with pytest.raises(Cancelled):
        segment(scene, tmp_path / "c.tif", reporter=StopAtPolygons(), **options)
    assert not (tmp_path / "p.parquet").exists()
    segment(scene, tmp_path / "c.tif", **options)
    files = {"c.tif", "c.tif.aux.xml", "p.parquet", "p.parquet/part-00000.parquet"}
    assert contents(tmp_path) == {"tiny.onnx", "scenes", "scenes/scene.tif", *files}
    expected = polygonize(tmp_path / "c.tif")
    assert as_set(geopandas.read_parquet(tmp_path / "p.parquet")) == as_set(expected)
    with pytest.raises(OutputError, match="exists already"):
        segment(scene, tmp_path / "c.tif", **options)
    (tmp_path / "p.parquet" / "mine.txt").touch()
    with pytest.raises(OutputError, match="holds more than an earlier result"):
        segment(scene, tmp_path / "c.tif", overwrite=True, **options)
    (tmp_path / "p.parquet" / "mine.txt").unlink()
    segment(scene, tmp_path / "c.tif", overwrite=True, **options)


@pytest.mark.parametrize("mosaic", [False, True])
def test_polygons_of_a_folder_in_another_format(tmp_path, scene, mosaic):
    pytest.importorskip("pyarrow")

    def statuses(name):
        options = {"model": str(tmp_path / "tiny.onnx"), "polygons": True, "mosaic": mosaic, "polygon_format": name}
        return [one.status for one in batch(scene.parent, tmp_path / "maps", **options)]

    with pytest.raises(ParameterError, match=r"polygons\.dxf has no format that is known"):
        statuses("dxf")
    save_scene(scene.with_name("other.tif"), image(70, 90), transform=NORTH_UP * Affine.translation(90, 0))
    assert statuses("parquet/") == ["done", "done"]
    names = ["polygons"] if mosaic else ["other_classes", "scene_classes"]
    assert sorted(path.name for path in (tmp_path / "maps").glob("*.parquet")) == [f"{name}.parquet" for name in names]
    assert all(len(geopandas.read_parquet(tmp_path / "maps" / f"{name}.parquet")) for name in names)
    assert statuses("parquet/") == ["skipped", "skipped"]
    assert not [path for path in (tmp_path / "maps").iterdir() if path.name.startswith(".")]

"""Polygons of a segmentation, and of a folder of scenes."""

from __future__ import annotations

import json

import pyogrio
import pytest
from polygons.class_rasters import as_set
from support import contents, image, save_model, save_scene

from aerialseg_core import batch, polygonize, segment
from aerialseg_core.errors import ParameterError


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

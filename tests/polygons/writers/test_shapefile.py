"""Shapefile: several files that come and go together, names in UTF-8; refused where the polygons do not fit."""

from __future__ import annotations

import json

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine

from aerialseg_core.errors import OutputError
from aerialseg_core.polygons.check import check_polygons
from aerialseg_core.polygons.polygonize import polygonize
from aerialseg_core.polygons.writers import formats, ogr

NAMES = ["Gebäude", "水面", "x" + "é" * 150]  # the last one is longer than a Shapefile can say
FILES = ["p.cpg", "p.dbf", "p.prj", "p.shp", "p.shx"]


def class_raster(path, pixels, names=NAMES):
    profile = {"driver": "GTiff", "width": pixels.shape[1], "height": pixels.shape[0], "count": 1, "dtype": "uint8"}
    with rasterio.open(
        path, "w", crs="EPSG:28992", transform=Affine(0.25, 0, 1e5, 0, -0.25, 4e5), **profile
    ) as dataset:
        dataset.write(pixels, 1)
        classes = [{"id": i, "name": name, "colour": "#3C1098"} for i, name in enumerate(names, 1)]
        dataset.update_tags(AERIALSEG_CLASSES=json.dumps(classes))
    return path


def noise(rows, cols):
    return np.random.default_rng(3).integers(0, 4, (rows, cols), np.uint8)


@pytest.fixture
def classes(tmp_path):
    return class_raster(tmp_path / "classes.tif", noise(70, 60))


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_written_in_chunks_it_is_a_coverage_and_keeps_its_names(tmp_path, monkeypatch):
    monkeypatch.setattr(ogr, "CHUNK_POINTS", 1)
    source = class_raster(tmp_path / "classes.tif", np.repeat(noise(60, 600), 10, axis=0))
    result = polygonize(source, tmp_path / "p.shp")
    frame = pyogrio.read_dataframe(tmp_path / "p.shp")
    assert list(frame.columns) == ["class_id", "class_name", "area_m2", "perim_m", "geometry"]
    assert set(zip(frame.class_id, frame.class_name, strict=True)) == {
        (1, NAMES[0]),
        (2, NAMES[1]),
        (3, "x" + "é" * 126),
    }
    certificate = check_polygons(tmp_path / "p.shp")
    assert certificate.holds
    assert certificate.polygons == result.count == len(frame)
    assert names_in(tmp_path) == ["classes.tif", *FILES]


@pytest.mark.parametrize("longest", [3, 300])
@pytest.mark.parametrize("connectivity", [4, 8])
def test_the_sizes_of_its_files_are_known(tmp_path, monkeypatch, longest, connectivity):
    source = class_raster(tmp_path / "classes.tif", noise(70, 60), names=["a", "b", "x" * longest])
    layers = []
    monkeypatch.setattr(
        "aerialseg_core.polygons.polygonize.open_writer",
        lambda path, layer: (layers.append(layer), formats.open_writer(path, layer))[1],
    )
    result = polygonize(source, tmp_path / "p.shp", connectivity=connectivity)
    assert ogr.measure_table(layers[0], result.count) == (tmp_path / "p.dbf").stat().st_size
    geometry = pyogrio.read_dataframe(tmp_path / "p.shp").geometry
    parts = shapely.get_parts(geometry)
    points, rings = shapely.get_num_coordinates(parts).sum(), len(parts) + shapely.get_num_interior_rings(parts).sum()
    assert ogr.measure_shapes(result.count, points, rings=rings) == (tmp_path / "p.shp").stat().st_size


STRIPES = (np.indices((1500, 100)).sum(axis=0) // 8 % 2 + 1).astype(np.uint8)
"""Diagonal ones: their shapes take more than a megabyte, their attributes a few kilobytes."""

CHECKERS = (np.indices((1500, 16)).sum(axis=0) % 2 + 1).astype(np.uint8)
"""Their attributes take more, 3.31 MB, than their shapes, 3.27 MB."""


@pytest.mark.parametrize("name", ["p.shp", "P.SHP"])
@pytest.mark.parametrize(("pixels", "limit"), [(STRIPES, 500_000), (CHECKERS, 3_290_000)], ids=["shapes", "attributes"])
def test_what_outgrows_it_is_refused_and_leaves_what_was_there(tmp_path, monkeypatch, pixels, limit, name):
    source = class_raster(tmp_path / "classes.tif", pixels)
    (tmp_path / name).write_text("mine")
    monkeypatch.setattr(ogr, "LIMIT", limit)
    monkeypatch.setattr(ogr, "CHUNK_POINTS", 1)
    written, append = [], ogr.ShapefileWriter._append
    monkeypatch.setattr(ogr.ShapefileWriter, "_append", lambda *a, **named: (append(*a, **named), written.append(a)))
    with pytest.raises(OutputError, match=r"do not fit.*ends at 2 GB.*\.gpkg"):
        polygonize(source, tmp_path / name, overwrite=True)
    assert written
    assert (tmp_path / name).read_text() == "mine"
    assert set(names_in(tmp_path)) == {"classes.tif", name}


def test_nothing_of_an_older_one_stays(tmp_path, classes):
    for ending in ("shp", "shx", "dbf", "prj", "cpg", "qix", "sbn", "sbx", "qpj"):
        (tmp_path / f"p.{ending}").write_text("old")
    with pytest.raises(OutputError, match="exists already"):
        polygonize(classes, tmp_path / "p.shp")
    assert (tmp_path / "p.qix").read_text() == "old"
    polygonize(classes, tmp_path / "p.shp", overwrite=True)
    assert names_in(tmp_path) == ["classes.tif", *FILES]
    assert b"old" not in contents(tmp_path).values()


@pytest.mark.parametrize("name", ["p.dbf", "p.prj"])
def test_a_file_of_somebody_else_is_not_taken_for_a_side_file(tmp_path, classes, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(OutputError, match=rf"{name} exists already"):
        polygonize(classes, tmp_path / "p.shp")
    assert (tmp_path / name).read_text() == "mine"


def test_a_side_file_is_not_an_input(tmp_path, classes):
    source = classes.rename(tmp_path / "p.dbf")
    with pytest.raises(OutputError, match="also the input"):
        polygonize(source, tmp_path / "p.shp", overwrite=True)


def test_in_capitals(tmp_path, classes):
    result = polygonize(classes, tmp_path / "P.SHP")
    assert names_in(tmp_path) == ["P.CPG", "P.DBF", "P.PRJ", "P.SHP", "P.SHX", "classes.tif"]
    assert len(pyogrio.read_dataframe(tmp_path / "P.SHP")) == result.count

"""GeoPackage: a spatial index, the style of the layer, and the tables beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from xml.etree import ElementTree

import pyogrio
import pytest
import rasterio
import shapely
from polygons.class_rasters import COLOURS, NAMES, class_raster, patches, query, read, save

from aerialseg_core.polygons.check import check_polygons
from aerialseg_core.polygons.polygonize import polygonize


def test_spatial_index_and_integrity(tmp_path):
    polygonize(class_raster(tmp_path / "c.tif"), tmp_path / "p.gpkg")
    assert query(tmp_path / "p.gpkg", "SELECT count(*) FROM rtree_classes_geom") == [(3,)]
    assert query(tmp_path / "p.gpkg", "PRAGMA integrity_check") == [("ok",)]
    assert ("classes", "features") in query(tmp_path / "p.gpkg", "SELECT table_name, data_type FROM gpkg_contents")


def test_the_same_polygons_are_the_same_bytes_whenever_they_are_written(tmp_path):
    source = class_raster(tmp_path / "c.tif")
    for name in ("a.gpkg", "b.gpkg"):
        polygonize(source, tmp_path / name)
    assert (tmp_path / "a.gpkg").read_bytes() == (tmp_path / "b.gpkg").read_bytes()
    for table, column in (("gpkg_contents", "last_change"), ("layer_styles", "update_time")):
        assert set(query(tmp_path / "a.gpkg", f"SELECT {column} FROM {table}")) == {("1970-01-01T00:00:00.000Z",)}


@pytest.mark.parametrize("tagged", [True, False], ids=["tag", "category names"])
def test_style_of_the_layer(tmp_path, tagged):
    source = class_raster(tmp_path / "classes.tif", tagged=tagged)
    polygonize(source, tmp_path / "p.gpkg")
    assert sorted(set(read(tmp_path / "p.gpkg").class_name)) == sorted(NAMES)
    fields = "f_table_schema, f_table_name, f_geometry_column, useAsDefault, styleQML"
    [(schema, table, geometry, default, qml)] = query(tmp_path / "p.gpkg", f"SELECT {fields} FROM layer_styles")
    assert (schema, table, geometry, default) == ("", "classes", "geom", 1)
    renderer = ElementTree.fromstring(qml).find("renderer-v2")
    assert (renderer.get("type"), renderer.get("attr")) == ("categorizedSymbol", "class_id")
    legend = {c.get("value"): (c.get("label"), c.get("symbol")) for c in renderer.findall("categories/category")}
    assert [legend[value][0] for value in "123"] == list(NAMES)
    for value, colour in zip("123", COLOURS, strict=True):
        [option] = renderer.findall(f"symbols/symbol[@name='{legend[value][1]}']/layer/Option/Option[@name='color']")
        assert option.get("value") == ",".join(str(v) for v in (*bytes.fromhex(colour[1:]), 255))


def test_a_raster_without_names_still_gets_names_and_colours(tmp_path):
    source = class_raster(tmp_path / "classes.tif", tagged=False, names=())
    polygonize(source, tmp_path / "p.gpkg")
    assert sorted(read(tmp_path / "p.gpkg").class_name) == ["class 1", "class 2", "class 3"]
    [(qml,)] = query(tmp_path / "p.gpkg", "SELECT styleQML FROM layer_styles")
    colours = [o.get("value") for o in ElementTree.fromstring(qml).iterfind(".//layer/Option/Option[@name='color']")]
    assert len(set(colours)) == 3


@pytest.mark.parametrize("damaged", ["{", "[1]", '[{"id": 1}]', '[{"id": 1, "name": "a", "colour": "red"}]', "null"])
def test_a_damaged_tag_is_passed_over(tmp_path, damaged):
    source = class_raster(tmp_path / "classes.tif", tagged=False)
    with rasterio.open(source, "r+") as dataset:
        dataset.update_tags(AERIALSEG_CLASSES=damaged)
    polygonize(source, tmp_path / "p.gpkg")
    assert sorted(set(read(tmp_path / "p.gpkg").class_name)) == sorted(NAMES)


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

"""Containers: what else is in a GeoPackage stays when the polygons in it are replaced, and the file is always whole."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from support import image, save_model, save_scene

from aerialseg_core.errors import OutputError
from aerialseg_core.files.vectors import list_layers, read_arrays, read_frame, read_info, write_layer
from aerialseg_core.polygons.check import check_polygons
from aerialseg_core.polygons.polygonize import polygonize
from aerialseg_core.segmentation.segment import segment

REPO = Path(__file__).resolve().parents[2]
UTM = Affine(1, 0, 500_000, 0, -1, 5_000_000)


def class_raster(path, values=3, seed=1, crs="EPSG:32633"):
    pixels = np.random.default_rng(seed).integers(1, values + 1, (30, 40), np.uint8)
    with rasterio.open(
        path, "w", driver="GTiff", height=30, width=40, count=1, dtype="uint8", crs=crs, transform=UTM, nodata=0
    ) as dataset:
        dataset.write(pixels, 1)
    return path


def add_layer(path, name="roads", count=5, append=True, crs="EPSG:4326"):
    points = shapely.to_wkb(shapely.points(np.arange(count), np.arange(count)))
    names = np.array([f"Straße {i}" for i in range(count)], object)
    write_layer(path, layer=name, driver="GPKG", append=append, geometry=points, geometry_type="Point", crs=crs,
          fields=["name"], field_data=[names])  # fmt: skip
    return path


def query(path, sql, *values):
    with closing(sqlite3.connect(path)) as connection, connection:
        return connection.execute(sql, values).fetchall()


def style_of_qgis(path, table, name="mine", qml="<qgis/>"):
    """A style as QGIS keeps it, in the table that QGIS makes."""
    query(
        path,
        "CREATE TABLE IF NOT EXISTS layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT(256),"
        " f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30),"
        " styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),"
        " update_time DATETIME DEFAULT CURRENT_TIMESTAMP)",
    )
    query(
        path,
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
        " styleQML, useAsDefault) VALUES ('', '', ?, 'geom', ?, ?, 1)",
        *(table, name, qml),
    )


def dumped(path, table):
    return query(path, f"SELECT * FROM {table} ORDER BY 1")


def check(path):
    """The file is a GeoPackage as the standard wants it, as far as SQL can tell."""
    assert query(path, "PRAGMA integrity_check") == [("ok",)]
    assert query(path, "PRAGMA foreign_key_check") == []
    listed = [name for (name,) in query(path, "SELECT table_name FROM gpkg_contents")]
    assert len(listed) == len(set(listed))
    assert check_polygons(path).holds


@pytest.mark.parametrize("styled", [False, True], ids=["plain", "styled in QGIS"])
def test_other_layers_styles_and_tables_stay(tmp_path, styled):
    path = add_layer(add_layer(tmp_path / "user.gpkg", append=False), "trees", 70, crs="EPSG:32633")
    query(path, "CREATE TABLE qgis_projects (name TEXT PRIMARY KEY, content BLOB)")
    query(path, "INSERT INTO qgis_projects VALUES ('map', x'00ff')")
    if styled:
        style_of_qgis(path, "roads")
    before = {table: dumped(path, table) for table in ("roads", "trees", "qgis_projects")}
    for seed in (1, 2):
        alone = tmp_path / f"{seed}.gpkg"
        polygonize(class_raster(tmp_path / "c.tif", seed=seed), alone)
        polygonize(tmp_path / "c.tif", path, overwrite=True)
        assert {table: dumped(path, table) for table in before} == before
        assert {"roads", "trees", "classes", "class_scheme", "certificate"} <= {name for name, _ in list_layers(path)}
        one, other = read_frame(alone, "classes"), read_frame(path, "classes")
        assert shapely.equals_identical(one.geometry.values, other.geometry.values).all()
        assert one.drop(columns="geometry").equals(other.drop(columns="geometry"))
        assert one.crs == other.crs
        for table in ("class_scheme", "certificate"):
            assert read_frame(alone, table).equals(read_frame(path, table))
        styles = query(path, "SELECT f_table_name, styleName, useAsDefault FROM layer_styles ORDER BY 1")
        assert styles == [("classes", "classes", 1), *([("roads", "mine", 1)] if styled else [])]
        count = len(one)
        assert query(path, "SELECT count(*) FROM rtree_classes_geom") == [(count,)]
        assert query(path, "SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = 'classes'") == [(count,)]
        check(path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["1.gpkg", "2.gpkg", "c.tif", "user.gpkg"]


def test_a_style_of_the_users_own_for_the_polygons_stays(tmp_path):
    path = tmp_path / "p.gpkg"
    polygonize(class_raster(tmp_path / "c.tif"), path)
    add_layer(path)
    for table in ("classes", "roads"):
        style = "INSERT INTO layer_styles (f_table_name, styleName, styleQML) VALUES (?, 'wide', '<qgis/>')"
        query(path, style, table)
    polygonize(tmp_path / "c.tif", path, overwrite=True)
    assert query(path, "SELECT f_table_name, styleName FROM layer_styles ORDER BY 1, 2") == [
        ("classes", "classes"), ("classes", "wide"), ("roads", "wide")
    ]  # fmt: skip


def test_a_raster_in_the_file_stays(tmp_path):
    path = tmp_path / "user.gpkg"
    profile = {"driver": "GPKG", "height": 64, "width": 64, "count": 3, "dtype": "uint8", "crs": 32633}
    pixels = np.random.default_rng(0).integers(0, 255, (3, 64, 64), np.uint8)
    with rasterio.open(path, "w", transform=UTM, RASTER_TABLE="photo", TILE_FORMAT="PNG", **profile) as dataset:
        dataset.write(pixels)
    polygonize(class_raster(tmp_path / "c.tif"), path, overwrite=True)
    with rasterio.open(f"GPKG:{path}:photo") as dataset:
        np.testing.assert_array_equal(dataset.read([1, 2, 3], window=((0, 64), (0, 64))), pixels)
    assert read_info(path, "classes")["features"] > 0


def test_segment_keeps_them_too(tmp_path):
    model = save_model(tmp_path / "m.onnx")
    scene = save_scene(tmp_path / "s.tif", image(70, 90))
    path = add_layer(tmp_path / "user.gpkg", append=False)
    before = dumped(path, "roads")
    segment(scene, tmp_path / "c.tif", polygons=path, model=str(model.path), overwrite=True)
    assert dumped(path, "roads") == before
    check(path)


def test_what_is_there_is_refused_without_overwrite(tmp_path):
    path = add_layer(tmp_path / "user.gpkg", append=False)
    content = path.read_bytes()
    with pytest.raises(OutputError, match=r"exists already.*--overwrite"):
        polygonize(class_raster(tmp_path / "c.tif"), path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("content", [b"", b"no database at all", b"PK\3\4zip"])
def test_a_file_that_is_no_geopackage_is_replaced(tmp_path, content):
    (tmp_path / "p.gpkg").write_bytes(content)
    polygonize(class_raster(tmp_path / "c.tif"), tmp_path / "p.gpkg", overwrite=True)
    check(tmp_path / "p.gpkg")


def test_the_polygons_of_an_earlier_run_alone_are_replaced_as_a_file(tmp_path):
    polygonize(class_raster(tmp_path / "c.tif", seed=1), tmp_path / "p.gpkg")
    polygonize(class_raster(tmp_path / "c.tif", seed=2), tmp_path / "p.gpkg", overwrite=True)
    polygonize(tmp_path / "c.tif", tmp_path / "q.gpkg")
    one, other = (read_arrays(tmp_path / name, "classes")[2] for name in ("p.gpkg", "q.gpkg"))
    assert one.tolist() == other.tolist()


@pytest.mark.parametrize("name", ["classes", "certificate", "class_scheme"])
def test_a_layer_of_the_user_that_has_our_name_is_never_replaced(tmp_path, name):
    path = add_layer(tmp_path / "user.gpkg", name, append=False)
    content = path.read_bytes()
    with pytest.raises(OutputError, match=f"layer '{name}' that is not of aerialseg"):
        polygonize(class_raster(tmp_path / "c.tif"), path, overwrite=True)
    assert path.read_bytes() == content


def test_a_damaged_geopackage_is_refused(tmp_path):
    path = add_layer(tmp_path / "user.gpkg", count=3000, append=False)
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * 4000 + whole[4100:])
    with pytest.raises(OutputError, match=r"user\.gpkg"):
        polygonize(class_raster(tmp_path / "c.tif"), path, overwrite=True)
    assert len(path.read_bytes()) == len(whole)


def test_what_another_program_has_written_but_not_yet_brought_into_the_file_is_kept(tmp_path):
    path = add_layer(tmp_path / "user.gpkg", append=False)
    script = (
        "import os, sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA journal_mode = WAL')\n"
        "c.execute('CREATE TABLE late (a)'); c.execute('INSERT INTO late VALUES (42)'); c.commit()\n"
        "os._exit(0)"  # a crash: the -wal file stays
    )
    subprocess.run([sys.executable, "-c", script, path], check=True)
    assert path.with_name("user.gpkg-wal").stat().st_size
    polygonize(class_raster(tmp_path / "c.tif"), path, overwrite=True)
    assert dumped(path, "late") == [(42,)]
    assert not path.with_name("user.gpkg-wal").exists()
    check(path)


def test_a_file_that_is_open_for_editing_is_refused_at_once(tmp_path):
    path = add_layer(tmp_path / "user.gpkg", append=False)
    with closing(sqlite3.connect(path)) as editor:
        editor.execute("PRAGMA journal_mode = WAL")
        editor.execute("CREATE TABLE late (a)")
        editor.commit()
        editor.execute("BEGIN IMMEDIATE")
        with pytest.raises(OutputError, match="open in another program"):
            polygonize(class_raster(tmp_path / "c.tif"), path, overwrite=True)
        editor.rollback()
        assert editor.execute("SELECT count(*) FROM roads").fetchone() == (5,)
    assert sorted(p.name for p in tmp_path.iterdir() if not p.name.startswith("user.gpkg")) == ["c.tif"]


def test_killed_at_any_moment_the_file_is_whole(tmp_path):
    path = add_layer(tmp_path / "user.gpkg", count=20_000, append=False)
    class_raster(tmp_path / "c.tif")
    before = dumped(path, "roads")
    command = [sys.executable, "-m", "aerialseg_core", "polygons", tmp_path / "c.tif", "-o", path, "--overwrite"]
    began = time.monotonic()
    subprocess.run([*map(str, command), "--progress", "none"], cwd=REPO, check=True, capture_output=True)
    lasted = time.monotonic() - began
    for share in (0.7, 0.8, 0.9, 0.97):
        process = subprocess.Popen([*map(str, command), "--progress", "none"], cwd=REPO, stdout=subprocess.DEVNULL)
        try:
            process.wait(timeout=share * lasted)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        assert dumped(path, "roads") == before
        check(path)
    polygonize(tmp_path / "c.tif", path, overwrite=True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["c.tif", "user.gpkg"]


def test_a_folder_with_an_exclamation_mark_and_a_custom_crs(tmp_path):
    home = tmp_path / "a!b"
    home.mkdir()
    custom = "+proj=tmerc +lat_0=45 +lon_0=15 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m"
    path = add_layer(home / "u?s!er.gpkg", append=False, crs="+proj=utm +zone=7 +ellps=bessel +units=m")
    polygonize(class_raster(home / "c.tif", crs=custom), path, overwrite=True)
    frames = [read_frame(path, name) for name in ("classes", "roads")]
    assert "Transverse_Mercator" in frames[0].crs.to_wkt("WKT1_GDAL")
    assert frames[0].crs != frames[1].crs
    check(path)

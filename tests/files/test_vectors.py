"""Vectors: a path reaches OGR as it is written, whatever signs are in it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine

from aerialseg_core.errors import DataError, ParameterError, SceneError
from aerialseg_core.files.vectors import VectorError, list_layers, read_arrays, read_frame, read_info, write_layer
from aerialseg_core.polygons.check import check_polygons
from aerialseg_core.polygons.polygonize import polygonize
from aerialseg_core.raster.area_of_interest import read_area

HOMES = ["a!b", "Orthos!", "!", "a;b", "was?", "50 % #1", "areas.zip", "zip:", "C:", "vsizip", "Ölfeld 'x'\"", "a|b=c"]
SUFFIXES = {".gpkg": "GPKG", ".shp": "ESRI Shapefile", ".fgb": "FlatGeobuf", ".geojson": "GeoJSON"}
SQUARE = shapely.to_wkb(np.array([shapely.box(0, 0, 1, 1)]))


def save(path: Path, **more: object) -> Path:
    content = {"geometry": SQUARE, "field_data": [np.array([7])], "fields": ["class"], "geometry_type": "Polygon"}
    write_layer(path, crs="EPSG:32633", driver=SUFFIXES[path.suffix], **{**content, **more})
    return path


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("home", HOMES)
def test_what_was_written_stands_where_it_should_and_is_read_from_there(tmp_path, home, suffix):
    (tmp_path / home).mkdir()
    path = save(tmp_path / home / f"p{suffix}")
    assert path.is_file()
    assert [p.name for p in tmp_path.iterdir()] == [home]
    assert read_info(path)["features"] == 1
    assert read_frame(str(path))["class"].tolist() == [7]
    assert shapely.from_wkb(read_arrays(path)[2][0]).area == 1
    assert len(list_layers(path)) == 1
    assert len(read_area(str(path), None).polygons) == 1


@pytest.mark.parametrize("name", ["a!b", "a;b", "who?", "two\nlines", os.fsdecode(b"caf\xe9")])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_with_such_a_name_is_read_with_what_belongs_to_it(tmp_path, name, suffix):
    plain = save(tmp_path / f"p{suffix}")
    for one in plain.parent.glob("p.*"):
        one.rename(one.with_name(name + one.suffix))
    assert read_frame(tmp_path / f"{name}{suffix}")["class"].tolist() == [7]
    assert len(read_area(str(tmp_path / f"{name}{suffix}"), None).polygons) == 1


def test_relative_paths_and_double_slashes(tmp_path, monkeypatch):
    (tmp_path / "zip:!").mkdir()
    monkeypatch.chdir(tmp_path)
    save(Path("zip:!/p.gpkg"))
    assert read_info("zip:!/p.gpkg")["features"] == 1
    assert read_info(f"/{tmp_path}/zip:!/p.gpkg")["features"] == 1


def test_archives_and_the_paths_of_gdal_still_work(tmp_path):
    (tmp_path / "a!b").mkdir()
    save(tmp_path / "p.shp")
    packed = tmp_path / "p.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for one in tmp_path.glob("p.*"):
            if one != packed:
                archive.write(one, one.name)
    shutil.copy(packed, tmp_path / "a!b" / "q.zip")
    sources = [packed, tmp_path / "a!b" / "q.zip", f"zip://{packed}!p.shp", f"/vsizip/{packed}/p.shp"]
    assert [read_frame(source)["class"].tolist() for source in sources] == [[7]] * 4


def test_a_source_of_qgis_names_its_layer(tmp_path):
    path = save(tmp_path / "p.gpkg", layer="one")
    save(path, layer="two!", field_data=[np.array([8])], append=True)
    assert read_frame(f"{path}|layername=two!")["class"].tolist() == [8]
    assert read_frame(f"{path}|layername=two!|geometrytype=Polygon")["class"].tolist() == [8]
    assert [name for name, _ in list_layers(f"{path}|layername=two!")] == ["two!"]
    assert check_polygons(f"{path}|layername=two!").polygons == 1
    with pytest.raises(ParameterError, match="subset="):
        read_frame(f"{path}|layername=one|subset=class > 3")


def test_a_description_of_other_data_is_no_mask(tmp_path):
    secret = save(tmp_path / "secret.gpkg")
    text = f'<OGRVRTDataSource><OGRVRTLayer name="p"><SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer>'
    for name in ("mask.gpkg", "mask.vrt"):
        (tmp_path / name).write_text(text.replace('"p"', '"secret"') + "</OGRVRTDataSource>")
    with pytest.raises(DataError, match="where others are"):
        read_area(str(tmp_path / "mask.gpkg"), None)
    assert len(read_area(str(tmp_path / "mask.vrt"), None).polygons) == 1


def test_a_missing_mask_is_named_as_it_was_given(tmp_path):
    with pytest.raises(SceneError, match=r"a!b/none\.gpkg"):
        read_area(str(tmp_path / "a!b" / "none.gpkg"), None)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_polygons_go_to_the_folder_with_such_a_name_and_nowhere_else(tmp_path, suffix):
    home, other = tmp_path / "a!b", tmp_path / "b"
    home.mkdir(), other.mkdir()
    transform = Affine(1, 0, 500_000, 0, -1, 5_000_000)
    with rasterio.open(
        home / "c!d.tif", "w", driver="GTiff", width=4, height=2, count=1, dtype="uint8", crs=32633, transform=transform
    ) as dataset:
        dataset.write(np.array([[1, 1, 2, 2], [1, 1, 2, 2]], np.uint8), 1)
    result = polygonize(home / "c!d.tif", home / f"c!d{suffix}")
    assert result.areas == {"class 1": 4.0, "class 2": 4.0}
    assert not list(other.iterdir())
    assert not [p.name for p in home.iterdir() if p.name.startswith(".")]
    assert check_polygons(home / f"c!d{suffix}").polygons == 2


def test_label_polygons_and_areas_are_read_from_such_a_folder(tmp_path):
    home = tmp_path / "a!b"
    home.mkdir()
    for name in ("labels.gpkg", "area.gpkg"):
        save(home / name, geometry=shapely.to_wkb(np.array([shapely.box(500_000, 4_999_990, 500_008, 5_000_000)])))
    with rasterio.open(
        home / "i.tif", "w", driver="GTiff", width=16, height=16, count=3, dtype="uint8", crs=32633,
        transform=Affine(1, 0, 500_000, 0, -1, 5_000_000),
    ) as dataset:  # fmt: skip
        dataset.write(np.arange(768, dtype=np.uint8).reshape(3, 16, 16))
    (home / "data.toml").write_text(
        '[[classes]]\nname = "7"\ncolour = "#FF0000"\n[[pairs]]\nimage = "i.tif"\npolygons = "labels.gpkg"\n'
        'area = "area.gpkg"\nrest = "7"\n'
    )
    run = subprocess.run(
        [sys.executable, "-m", "aerialseg_core", "audit", "data.toml", "--progress", "json"],
        capture_output=True, text=True, cwd=home, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    events = [json.loads(line) for line in run.stdout.splitlines()]
    assert not [e for e in events if e["event"] == "error"], run.stderr


def test_pandas_is_whole_though_pyogrio_was_imported_without_it(tmp_path):
    path = save(tmp_path / "areas.gpkg")
    program = (
        "import sys; from aerialseg_core import environ\n"
        "environ.alone = len(sys.argv) > 1\n"
        "from aerialseg_core.files.vectors import list_layers, read_frame, read_info\n"
        f"path = {str(path)!r}\n"
        "print(read_info(path)['features'], *sorted({'pandas', 'geopandas', 'pyarrow'} & set(sys.modules)))\n"
        "import pandas\n"
        "print(type(read_frame(path)).__name__, len(read_frame(path, use_arrow=True)), pandas.Series([1, 2]).sum())"
    )
    found = {
        how: subprocess.run([sys.executable, "-c", program, *how], capture_output=True, text=True, check=True).stdout
        for how in (("alone",), ())
    }
    assert found["alone",].split() == ["1", "GeoDataFrame", "1", "3"]
    assert found[()].split() == ["1", "geopandas", "pandas", "pyarrow", "GeoDataFrame", "1", "3"]


def test_why_a_file_cannot_be_read_is_a_part_of_a_sentence(tmp_path):
    (tmp_path / "empty.gpkg").touch()
    with pytest.raises(VectorError) as caught:
        list_layers(tmp_path / "empty.gpkg")
    assert "not recognized" in str(caught.value)
    assert not str(caught.value).endswith(".")
    assert "<DRIVER>" not in str(caught.value)

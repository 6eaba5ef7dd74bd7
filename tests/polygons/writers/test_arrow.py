"""GeoParquet 1.1 as its specification asks for it, and in an order in which a part of the map is a part of the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyproj
import pytest
import shapely
from numpy.typing import NDArray
from polygons.class_rasters import class_raster

from aerialseg_core.errors import OutputError, ParameterError
from aerialseg_core.polygons.polygonize import polygonize
from aerialseg_core.polygons.writers import arrow

parquet = pytest.importorskip("pyarrow.parquet")

NOISE = np.random.default_rng(4).integers(0, 4, (70, 90)).astype(np.uint8)


def _write(folder: Path, pixels: NDArray[np.uint8] = NOISE, name: str = "map.parquet", **profile: Any) -> Path:
    polygonize(class_raster(folder / "classes.tif", pixels, **profile), f"{folder}/{name}")
    return folder / name


def _read_about(path: Path) -> dict[str, Any]:
    about: dict[str, Any] = json.loads(parquet.read_metadata(path).metadata[b"geo"])
    return about


@pytest.mark.parametrize("crs", ["EPSG:28992", None])
def test_metadata_are_those_of_geoparquet_1_1(tmp_path: Path, crs: str | None) -> None:
    """As https://geoparquet.org/releases/v1.1.0/schema.json asks for."""
    path = _write(tmp_path, crs=crs)
    about = _read_about(path)
    assert set(about) == {"version", "primary_column", "columns"}
    assert about["version"] == "1.1.0"
    column = about["columns"][about["primary_column"]]
    assert set(column) == {"encoding", "geometry_types", "crs", "orientation", "bbox", "covering"}
    assert (column["encoding"], column["geometry_types"]) == ("WKB", ["Polygon"])
    assert (column["crs"] and pyproj.CRS.from_json_dict(column["crs"])) == (crs and pyproj.CRS(crs))
    frame = geopandas.read_parquet(path)
    assert column["bbox"] == frame.total_bounds.tolist()
    assert column["orientation"] == "counterclockwise"
    assert shapely.is_ccw(shapely.get_exterior_ring(frame.geometry.values)).all()
    assert column["covering"] == {"bbox": {side: ["bbox", side] for side in ("xmin", "ymin", "xmax", "ymax")}}


def test_the_covering_holds_the_bounds_of_every_polygon(tmp_path: Path) -> None:
    table = parquet.read_table(_write(tmp_path))
    assert str(table.schema.field("bbox").type) == "struct<xmin: double, ymin: double, xmax: double, ymax: double>"
    bounds = shapely.bounds(shapely.from_wkb(table.column("geometry").to_numpy()))
    assert [list(one.values()) for one in table.column("bbox").to_pylist()] == bounds.tolist()


def test_a_part_of_the_map_is_read_by_its_bounds(tmp_path: Path) -> None:
    path = _write(tmp_path)
    frame = geopandas.read_parquet(path)
    xmin, ymin, xmax, ymax = frame.total_bounds
    part = ((xmin + xmax) / 2, (ymin + ymax) / 2, xmax, ymax)
    found = geopandas.read_parquet(path, bbox=part)
    bounds = frame.bounds
    inside = (bounds.maxx >= part[0]) & (bounds.maxy >= part[1])
    assert 0 < inside.sum() < len(frame)
    assert found.geometry.to_wkb().tolist() == frame.geometry[inside].to_wkb().tolist()


@pytest.mark.parametrize("at_once", [1 << 30, 20_000, 500])
def test_rows_follow_a_hilbert_curve_however_often_they_are_dealt_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    whole = parquet.read_table(_write(tmp_path, name="whole.parquet"))
    monkeypatch.setattr(arrow, "AT_ONCE", at_once)
    path = _write(tmp_path)
    frame = geopandas.read_parquet(path)
    distances = frame.hilbert_distance(frame.total_bounds)
    assert np.array_equal(distances, np.sort(distances))
    assert parquet.read_table(path).equals(whole)
    expected = polygonize(tmp_path / "classes.tif")
    assert sorted(expected.geometry.to_wkb()) == sorted(whole.column("geometry").to_pylist())


def test_groups_of_rows_are_compressed_small_and_told_apart_by_their_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrow, "ROWS", 100)
    monkeypatch.setattr(arrow, "AT_ONCE", 20_000)
    about = parquet.read_metadata(_write(tmp_path))
    places = []
    for group in (about.row_group(i) for i in range(about.num_row_groups)):
        assert group.num_rows <= 100
        columns = {column.path_in_schema: column for column in map(group.column, range(group.num_columns))}
        assert {column.compression for column in columns.values()} == {"ZSTD"}
        low, high = (columns[f"bbox.{side}"].statistics for side in ("xmin", "xmax"))
        places.append(high.max - low.min)
    assert len(places) > 10
    assert np.median(places) < 0.3 * NOISE.shape[1] * 0.25  # of the width of the map


def test_polygons_at_one_place_and_none_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow, "AT_ONCE", 1)
    rings = np.zeros((9, 9), np.uint8)
    for side in range(4):  # rings around one middle
        rings[side : 9 - side, side : 9 - side] = side % 2 + 1
    assert len(geopandas.read_parquet(_write(tmp_path, rings))) == 4
    empty = _write(tmp_path, np.zeros((4, 4), np.uint8), "empty.parquet")
    assert len(geopandas.read_parquet(empty)) == 0
    assert "bbox" not in _read_about(empty)["columns"]["geometry"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["classes.tif", "empty.parquet", "map.parquet"]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a folder as small as those of a country are large."""
    monkeypatch.setattr(arrow, "AT_ONCE", 10_000)
    monkeypatch.setattr(arrow, "PART", 40_000)


@pytest.mark.usefixtures("small_parts")
def test_a_folder_holds_the_rows_of_a_file_each_of_its_files_an_area_of_its_own(tmp_path: Path) -> None:
    whole = _write(tmp_path)
    folder = tmp_path / "parts.parquet"
    made = polygonize(tmp_path / "classes.tif", f"{folder}/")
    parts = sorted(folder.iterdir())
    assert [one.name for one in parts] == [f"part-{number:05}.parquet" for number in range(len(parts))]
    assert len(parts) > 5
    assert parquet.read_table(folder).equals(parquet.read_table(whole))
    assert geopandas.read_parquet(folder).equals(geopandas.read_parquet(whole))
    assert made.count == len(geopandas.read_parquet(whole))
    assert made.certificate.holds
    boxes = []
    for one in parts:
        about = _read_about(one)["columns"]["geometry"]
        boxes.append(about["bbox"])
        assert about == {**_read_about(whole)["columns"]["geometry"], "bbox": about["bbox"]}
        assert about["bbox"] == geopandas.read_parquet(one).total_bounds.tolist()
    widths = np.diff(np.array(boxes)[:, [0, 2]])
    assert np.median(widths) < 0.5 * NOISE.shape[1] * 0.25  # of the width of the map
    xmin, ymin, xmax, ymax = geopandas.read_parquet(whole).total_bounds
    corner = ((xmin + xmax) / 2, (ymin + ymax) / 2, xmax, ymax)
    found, expected = (geopandas.read_parquet(path, bbox=corner) for path in (folder, whole))
    assert found.equals(expected)


@pytest.mark.usefixtures("small_parts")
def test_a_folder_is_replaced_as_a_whole_and_only_if_it_is_one_of_parts(tmp_path: Path) -> None:
    _write(tmp_path, name="map.parquet/")
    before = geopandas.read_parquet(tmp_path / "map.parquet")
    with pytest.raises(OutputError, match="exists already"):
        polygonize(tmp_path / "classes.tif", f"{tmp_path}/map.parquet/")
    other = class_raster(tmp_path / "other.tif", NOISE[:9, :9])
    polygonize(other, f"{tmp_path}/map.parquet/", overwrite=True)
    assert len(list((tmp_path / "map.parquet").iterdir())) == 1
    assert len(geopandas.read_parquet(tmp_path / "map.parquet")) < len(before)
    (tmp_path / "map.parquet" / "mine.txt").touch()
    with pytest.raises(OutputError, match=r"holds more than an earlier result \(mine.txt\)"):
        polygonize(other, f"{tmp_path}/map.parquet/", overwrite=True)
    with pytest.raises(OutputError, match="is a folder"):
        polygonize(other, tmp_path / "map.parquet", overwrite=True)
    with pytest.raises(OutputError, match="is a file"):
        polygonize(other, f"{_write(tmp_path, name='file.parquet')}/", overwrite=True)
    assert {path.name for path in tmp_path.iterdir()} == {"classes.tif", "other.tif", "map.parquet", "file.parquet"}


def test_a_folder_of_another_format_is_refused(tmp_path: Path) -> None:
    raster = class_raster(tmp_path / "classes.tif", NOISE)
    with pytest.raises(ParameterError, match=r"folder of polygons is one of GeoParquet files"):
        polygonize(raster, f"{tmp_path}/map.gpkg/")


def test_a_folder_of_no_polygons_has_a_file(tmp_path: Path) -> None:
    empty = _write(tmp_path, np.zeros((4, 4), np.uint8), "empty.parquet/")
    assert [one.name for one in empty.iterdir()] == ["part-00000.parquet"]
    assert len(geopandas.read_parquet(empty)) == 0

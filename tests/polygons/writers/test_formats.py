"""Formats: the same polygons in every one of them, and in a GeoDataFrame."""

from __future__ import annotations

import json
import sys

import geopandas
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine

from aerialseg_core.errors import DependencyError, OutputError, ParameterError
from aerialseg_core.polygons.polygonize import polygonize

PIXELS = np.random.default_rng(2).integers(0, 4, (30, 40), np.uint8)
FORMATS = ["gpkg", "geojson", "parquet", "fgb", "shp"]
LONG = {
    "perim_m": "perimeter_m",
    "perim_px": "perimeter_px",
    "conf_mean": "confidence_mean",
    "conf_min": "confidence_min",
}
"""Columns that have another name in a Shapefile."""


@pytest.fixture
def classes(tmp_path):
    return class_raster(tmp_path / "classes.tif")


def class_raster(path, crs="EPSG:28992", pixels=PIXELS, band="uint8"):
    profile = {"driver": "GTiff", "width": pixels.shape[1], "height": pixels.shape[0], "count": 1, "dtype": band}
    with rasterio.open(path, "w", crs=crs, transform=Affine(0.25, 0, 1e5, 0, -0.25, 4e5), **profile) as dataset:
        dataset.write(pixels, 1)
    return path


def confidence_raster(path):
    return class_raster(path, pixels=np.where(PIXELS == 3, 255, PIXELS * 30).astype(np.uint8))


def read(path):
    if path.suffix == ".parquet":
        return geopandas.read_parquet(path)
    return pyogrio.read_dataframe(path, layer="classes" if path.suffix == ".gpkg" else None).rename(columns=LONG)


def files_of(path):
    """The names of the files that a run leaves."""
    endings = [".cpg", ".dbf", ".prj", ".shp", ".shx"] if path.suffix == ".shp" else [path.suffix]
    return [path.stem + ending for ending in endings]


def needs_arrow(suffix):
    if suffix in {"parquet", "fgb"}:
        pytest.importorskip("pyarrow")


def single(geometry):
    """A multipolygon of one part as a Shapefile has it: it knows one kind of polygon only."""
    return [g.geoms[0] if g.geom_type == "MultiPolygon" and len(g.geoms) == 1 else g for g in geometry]


def rows(frame, suffix):
    geometry = single(frame.geometry) if suffix == "shp" else frame.geometry.values
    wkb = shapely.to_wkb(shapely.normalize(np.array(geometry)))
    columns = [frame[name].tolist() for name in frame.columns if name != "geometry"]
    return sorted(zip(wkb.tolist(), *columns, strict=True), key=lambda row: row[0])


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("connectivity", [4, 8])
def test_the_same_in_every_format(tmp_path, classes, suffix, connectivity):
    needs_arrow(suffix)
    options = {"connectivity": connectivity, "confidence": str(confidence_raster(tmp_path / "sure.tif"))}
    frame = polygonize(classes, **options)
    path = tmp_path / f"p.{suffix}"
    result = polygonize(classes, path, **options)
    found = read(path)
    assert list(found.columns) == list(frame.columns)
    assert found.crs == frame.crs
    assert len(found) == result.count == len(frame)
    for one, other in zip(rows(found, suffix), rows(frame, suffix), strict=True):
        assert one[:5] == other[:5]
        np.testing.assert_allclose(one[5:], other[5:], rtol=1e-14 if suffix == "shp" else 0)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["classes.tif", *files_of(path), "sure.tif"])


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_raster_without_data(tmp_path, suffix):
    needs_arrow(suffix)
    source = class_raster(tmp_path / "c.tif", pixels=np.zeros((5, 6), np.uint8))
    polygonize(source, tmp_path / f"p.{suffix}")
    assert len(read(tmp_path / f"p.{suffix}")) == 0


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("suffix", FORMATS)
def test_no_crs(tmp_path, suffix):
    needs_arrow(suffix)
    polygonize(class_raster(tmp_path / "c.tif", crs=None), tmp_path / f"p.{suffix}")
    found = read(tmp_path / f"p.{suffix}")
    if suffix != "geojson":  # what has no CRS is WGS 84 there
        assert found.crs is None
    assert {"area_px2", "perimeter_px"} <= set(found.columns)


def test_a_data_frame(classes):
    frame = polygonize(classes, class_ids=[1, 3], min_area=0.5)
    assert isinstance(frame, geopandas.GeoDataFrame)
    assert set(frame.class_id) == {1, 3}
    assert frame.crs.to_epsg() == 28992
    assert frame.attrs["certificate"].holds
    np.testing.assert_allclose(frame.area, frame.area_m2)
    np.testing.assert_allclose(frame.length, frame.perimeter_m)


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_output_that_exists_is_refused_and_a_failed_run_leaves_nothing(tmp_path, classes, suffix):
    needs_arrow(suffix)
    path = tmp_path / f"p.{suffix}"
    path.write_text("mine")
    with pytest.raises(OutputError, match="exists already"):
        polygonize(classes, path)
    damaged = class_raster(
        tmp_path / "damaged.tif", pixels=np.random.default_rng(1).integers(0, 9, (900, 900), np.uint8)
    )
    damaged.write_bytes(damaged.read_bytes()[:300_000])
    with pytest.raises(OSError, match="damaged at rows"):
        polygonize(damaged, path, overwrite=True)
    assert path.read_text() == "mine"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["classes.tif", "damaged.tif", path.name]


@pytest.mark.parametrize("suffix", ["parquet", "fgb"])
def test_without_pyarrow_the_remedy_is_named(tmp_path, classes, suffix, monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "pyarrow"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DependencyError, match=r'pip install "aerialseg\[formats\]"'):
        polygonize(classes, tmp_path / f"p.{suffix}")


def test_geojson_names_its_crs_or_is_refused(tmp_path, classes):
    polygonize(classes, tmp_path / "p.geojson")
    assert (
        json.loads((tmp_path / "p.geojson").read_text())["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::28992"
    )
    nameless = "+proj=tmerc +lat_0=3 +lon_0=7 +k=0.9 +x_0=17 +y_0=5 +ellps=bessel"
    with pytest.raises(ParameterError, match="no name for the CRS"):
        polygonize(class_raster(tmp_path / "c.tif", crs=nameless), tmp_path / "q.geojson")
    assert not (tmp_path / "q.geojson").exists()

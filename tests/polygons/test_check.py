"""The check of any file: what is wrong with polygons is found, and nothing in those that are right."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import geopandas
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from shapely import box

from aerialseg_core.errors import DataError
from aerialseg_core.polygons.check import EdgeMatcher, check_polygons, list_edges
from aerialseg_core.polygons.polygonize import polygonize
from aerialseg_core.polygons.validation import Certificate


def defects(polygons):
    matcher = EdgeMatcher()
    for one in polygons:  # in as many parts as there are
        matcher.add(*list_edges(np.array([one]))[:2])
    return matcher.finish()


SOUND = {
    "nothing": [],
    "one": [box(0, 0, 1, 1)],
    "two side by side": [box(0, 0, 1, 1), box(1, 0, 2, 1)],
    "two apart": [box(0, 0, 3, 3), box(5, 1, 6, 2)],
    "corner to corner": [box(0, 0, 1, 1), box(1, 1, 2, 2)],
    "one in the hole of another": [box(0, 0, 3, 3) - box(1, 1, 2, 2), box(1, 1, 2, 2)],
    "an island in a hole": [box(0, 0, 5, 5) - box(1, 1, 4, 4), box(2, 2, 3, 3)],
    "the other way round": [box(0, 0, 1, 1, ccw=False), box(1, 0, 2, 1)],
    "a multipolygon": [shapely.MultiPolygon([box(0, 0, 1, 1), box(1, 1, 2, 2)]), box(1, 0, 2, 1)],
}


@pytest.mark.parametrize("name", SOUND)
def test_sound(name):
    found = defects(SOUND[name])
    assert (found.overlaps, found.unmatched) == (0, 0)
    assert len(found.holes) == (1 if name == "an island in a hole" else 0)


@pytest.mark.parametrize(
    ("polygons", "overlaps", "unmatched", "holes"),
    [
        ([box(0, 0, 1, 1), box(0.9, 0, 2, 1)], 1, 4, 0),
        ([box(0, 0, 1, 1), box(0, 0, 1, 1)], 1, 0, 0),
        ([box(0, 0, 3, 3), box(1, 1, 2, 2)], 1, 0, 0),
        ([box(0, 0, 3, 3), box(1, 1, 2, 2), box(1, 1, 2, 2)], 1, 0, 0),
        ([box(0, 0, 1, 1), box(1, 0, 2, 0.5), box(1, 0.5, 2, 1)], 0, 1, 0),
        ([box(0, 0, 3, 1), box(0, 2, 3, 3), box(0, 1, 1, 2), box(2, 1, 3, 2)], 0, 2, 1),
    ],
    ids=["overlap", "twice", "inside", "three times", "a vertex that one lacks", "a gap"],
)
def test_flaws(polygons, overlaps, unmatched, holes):
    found = defects(polygons)
    assert (found.overlaps, found.unmatched, len(found.holes)) == (overlaps, unmatched, holes)


@settings(max_examples=60, deadline=None)
@given(hnp.arrays(np.uint8, (4, 5), elements=st.integers(0, 2)))
def test_how_often_squares_cover_a_place(times):
    """Squares, each as often as it should be: as many overlaps as there are places that are covered more than once."""
    found = defects([box(c, r, c + 1, r + 1) for r, c in np.ndindex(times.shape) for _ in range(times[r, c])])
    assert found.unmatched == 0
    assert (found.overlaps > 0) == bool((times > 1).any())


def write(path, polygons, **options):
    geopandas.GeoDataFrame(geometry=polygons, crs="EPSG:28992").to_file(path, **options)
    return path


SLIVER = shapely.Polygon([(1, 0), (1, 1), (1.001, 0.5)])


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "shp"])
def test_any_file(tmp_path, suffix):
    sound = write(tmp_path / f"sound.{suffix}", [box(0, 0, 1, 1), box(1, 0, 2, 1), box(3, 0, 4, 1)])
    assert check_polygons(sound) == Certificate(3, 0, 0, 0, 0)
    gap = [box(0, 0, 1, 1), shapely.Polygon([(1, 0), (2, 0), (2, 1), (1, 1), (1.001, 0.5)])]
    assert check_polygons(write(tmp_path / f"gap.{suffix}", gap)) == Certificate(2, 0, 0, 1, 0)
    crossed = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    assert check_polygons(write(tmp_path / f"crossed.{suffix}", [crossed])).invalid == 1


def test_a_place_without_data_is_no_gap(tmp_path):
    ring = [box(0, 0, 3, 1), box(0, 2, 3, 3), box(0, 1, 1, 2), box(2, 1, 3, 2)]
    noded = [shapely.set_precision(shapely.segmentize(p, 1), 1, mode="pointwise") for p in ring]
    certificate = check_polygons(write(tmp_path / "p.gpkg", noded))
    assert (certificate.gaps, certificate.overlaps, certificate.unmatched) == (0, 0, 0)


def test_more_polygons_than_are_read_at_once(tmp_path, monkeypatch):
    squares = [box(c, 0, c + 1, 1) for c in range(50)]
    path = write(tmp_path / "p.gpkg", squares)
    with closing(sqlite3.connect(path)) as connection:
        [(number,)] = connection.execute("SELECT column_name FROM gpkg_geometry_columns").fetchall()
    assert number
    monkeypatch.setattr("aerialseg_core.polygons.check.CHUNK", 7)
    assert check_polygons(path) == Certificate(50, 0, 0, 0, 0)
    assert check_polygons(write(tmp_path / "p.geojson", squares)) == Certificate(50, 0, 0, 0, 0)


def test_what_is_no_file_of_polygons(tmp_path):
    points = write(tmp_path / "points.gpkg", [shapely.Point(0, 0)])
    with pytest.raises(DataError, match="holds Points, no polygons"):
        check_polygons(points)
    with pytest.raises(DataError, match="cannot be read"):
        check_polygons(tmp_path / "absent.gpkg")


def with_confidence(tmp_path, sure):
    """A GeoPackage of four polygons, the confidence of whose pixels is this."""
    profile = {"driver": "GTiff", "height": 1, "width": 4, "count": 1, "dtype": "uint8", "crs": "EPSG:28992"}
    for name, row, nodata in (("c.tif", [1, 2, 3, 1], 0), ("sure.tif", sure, 255)):
        transform = Affine(1, 0, 155_000, 0, -1, 463_000)
        with rasterio.open(tmp_path / name, "w", transform=transform, nodata=nodata, **profile) as dataset:
            dataset.write(np.array([[row]], np.uint8))
    path = tmp_path / "p.gpkg"
    return path, polygonize(tmp_path / "c.tif", path, confidence=str(tmp_path / "sure.tif")).certificate


def forget(path, where="1"):
    """Empty the confidence of polygons."""
    frame = pyogrio.read_dataframe(path, layer="classes")
    chosen = frame.eval(where) if where != "1" else slice(None)
    frame.loc[chosen, ["confidence_mean", "confidence_min"]] = np.nan
    pyogrio.write_dataframe(frame, path, layer="classes", driver="GPKG", GEOMETRY_NAME="geom")


def test_polygons_that_have_lost_their_confidence_do_not_pass(tmp_path):
    path, certificate = with_confidence(tmp_path, [90, 80, 255, 70])
    assert certificate.holds
    assert certificate.counts["polygons without confidence"] == 1
    assert check_polygons(path).holds  # one never had any
    forget(path, "class_id == 2")
    found = check_polygons(path)
    assert not found.holds
    assert "polygons without confidence 1" in str(found)
    forget(path)
    assert check_polygons(path).lost == 4


def test_a_confidence_raster_that_says_nothing_is_not_passed_over(tmp_path):
    path, certificate = with_confidence(tmp_path, [255] * 4)
    assert not certificate.holds
    assert not check_polygons(path).holds

"""`sample_points`: what is in the file, that it comes again, and what is refused."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import pandas
import pyogrio
import pytest
import rasterio
from classmaps import DEGREES, make_classes, save_map
from shapely import Point
from support import SCHEME, UTM

from aerialseg_core import sample_points
from aerialseg_core.errors import DataError, OutputError, ParameterError, SceneError
from aerialseg_core.estimation.design import VERSION
from aerialseg_core.estimation.sample_file import COLUMNS, read_labels, read_sample


def change(path: Path, *commands: str) -> None:
    """Change a GeoPackage as a user of QGIS could."""
    with sqlite3.connect(path) as connection:
        connection.create_function("ST_IsEmpty", 1, lambda _: 0)
        for name in ("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            connection.create_function(name, 1, lambda _: 0)
        for command in commands:
            connection.execute(command)


@pytest.fixture
def class_map(tmp_path: Path) -> Path:
    return save_map(tmp_path / "classes.tif", make_classes(120, 150))


@pytest.fixture
def sample(class_map: Path) -> Path:
    return sample_points(class_map, class_map.with_name("points.gpkg"), points=100).path


def test_a_point_lies_in_the_middle_of_its_pixel_and_knows_its_class(sample: Path, class_map: Path) -> None:
    frame = pyogrio.read_dataframe(sample, layer="points")
    assert tuple(frame.columns) == (*COLUMNS, "geometry")
    assert frame.crs == "EPSG:32640"
    with rasterio.open(class_map) as dataset:
        values = [value[0] for value in dataset.sample(zip(frame.geometry.x, frame.geometry.y, strict=True))]
        assert np.allclose(dataset.xy(frame.row, frame.col), [frame.geometry.x, frame.geometry.y])
    assert [SCHEME[value].name for value in values] == frame.map_class.tolist()
    assert frame.id.tolist() == list(range(1, 101))
    assert frame.label.isna().all()


def test_the_design_lies_beside_the_points(sample: Path, class_map: Path) -> None:
    design, points = read_sample(sample)
    classes = make_classes(120, 150)
    assert [(one.name, one.pixels) for one in design.strata] == [(c.name, np.sum(classes == c.id)) for c in SCHEME]
    assert design.area == pytest.approx(np.sum(classes > 0) / 10_000)
    assert (design.method, design.seed, design.map_name, design.points) == ("stratified", 0, "classes.tif", 100)
    frame = pyogrio.read_dataframe(sample, layer="points")
    for one in design.strata:
        assert one.points == sum(name == one.name for name in points.map_classes)
        assert np.allclose(frame.probability[frame.map_class == one.name], one.points / one.pixels)


@pytest.mark.parametrize("method", ["simple", "stratified", "systematic"])
def test_in_degrees_probabilities_add_up_to_the_points(tmp_path: Path, method: str) -> None:
    """The sum of 1 / probability over the points is an estimate of all pixels, and exact for areas."""
    profile = {**DEGREES, "transform": DEGREES["transform"] * DEGREES["transform"].scale(0.02)}
    path = save_map(tmp_path / "c.tif", make_classes(300, 200), **profile)
    design, _ = read_sample(sample_points(path, tmp_path / "p.gpkg", method=method, points=400).path)
    frame = pyogrio.read_dataframe(tmp_path / "p.gpkg", layer="points")
    assert np.sum(1 / frame.probability) == pytest.approx(sum(one.pixels for one in design.strata), rel=0.05)


def test_the_same_seed_draws_the_same_points(class_map: Path, tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.gpkg" for n in range(3)]
    for path, seed in zip(paths, (4, 4, 5), strict=True):
        sample_points(class_map, path, points=100, seed=seed)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    one, same, other = (pyogrio.read_dataframe(path, layer="points") for path in paths)
    assert one.equals(same)
    assert not one.geometry.equals(other.geometry)


def test_the_size_follows_from_the_standard_error(class_map: Path, tmp_path: Path) -> None:
    expected = dict.fromkeys(("Dark", "Grün"), 0.9)
    made = sample_points(class_map, tmp_path / "p.gpkg", standard_error=0.05, expected_accuracy=expected, minimum=2)
    assert 35 < made.design.points < 60
    with pytest.raises(ParameterError, match="no class 'Moon'"):
        sample_points(class_map, tmp_path / "q.gpkg", expected_accuracy={"Moon": 0.9})


def test_labels_are_never_replaced(sample: Path, class_map: Path) -> None:
    sample_points(class_map, sample, points=100, overwrite=True)
    change(sample, "UPDATE points SET label = 'Dark' WHERE id < 4")
    with pytest.raises(OutputError, match="somebody has labelled: 3"):
        sample_points(class_map, sample, points=100, overwrite=True)
    assert sum(one is not None for one in read_sample(sample)[1].labels) == 3


def test_what_cannot_be_sampled_is_refused(tmp_path: Path, class_map: Path) -> None:
    with pytest.raises(SceneError, match="no data everywhere"):
        sample_points(save_map(tmp_path / "none.tif", np.zeros((9, 9))), tmp_path / "p.gpkg")
    with pytest.raises(ParameterError, match="Let it end in"):
        sample_points(class_map, tmp_path / "points.shp")
    for options in ({"points": 1}, {"seed": -1}, {"minimum": 1}, {"method": "random"}, {"standard_error": 0.0}):
        with pytest.raises(ParameterError):
            sample_points(class_map, tmp_path / "p.gpkg", **options)
    assert not (tmp_path / "p.gpkg").exists()


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("DELETE FROM points WHERE id IN (3, 5)", "2 of the 100 points .* were removed"),
        ("UPDATE points SET id = 200 WHERE id = 3", "Points were added"),
        ("UPDATE points SET col = col + 1 WHERE id < 3", "2 points .* were moved"),
        ("UPDATE points SET map_class = 'Dark' WHERE map_class = 'Blue'", "map_class .* was changed"),
        ("UPDATE sampling_design SET value = 'by eye' WHERE item = 'method'", "is damaged"),
        (f"UPDATE sampling_design SET value = '{VERSION + 1}' WHERE item = 'version'", "later version"),
        ("DROP TABLE sampling_design", "holds points of which nobody knows"),
    ],
)
def test_what_is_no_sample_any_more_is_refused(sample: Path, damage: str, reason: str) -> None:
    change(sample, damage)
    with pytest.raises(DataError, match=reason):
        read_sample(sample)


def test_places_that_somebody_chose_are_no_sample(tmp_path: Path) -> None:
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    feature = {"type": "Feature", "properties": {"label": "Dark"}, "geometry": square}
    path = tmp_path / "squares.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with pytest.raises(DataError, match="holds polygons: places that somebody chose"):
        read_sample(path)


@pytest.mark.parametrize("column", ["Label", "Label ID", "Is labeled as"])
def test_labels_of_acatama_are_understood(sample: Path, tmp_path: Path, column: str) -> None:
    make: Callable[[int], object] = (lambda n: SCHEME[n].name) if column == "Label" else (lambda n: n)
    saved = tmp_path / "acatama.csv"
    saved.write_text(f"ID,{column}\n2,{make(1)}\n1,{make(3)}\n", encoding="utf-8")
    pyogrio.write_dataframe(pyogrio.read_dataframe(saved).astype({"ID": int}), tmp_path / "acatama.gpkg")
    design, points = read_sample(sample)
    assert read_labels(tmp_path / "acatama.gpkg", design, points.ids)[:3] == ("Grün", "Dark", None)


def test_a_shapefile_of_acatama_cuts_its_columns(sample: Path, tmp_path: Path) -> None:
    saved = tmp_path / "acatama.csv"
    saved.write_text("ID,Label,Is labeled as\n2,Wald,1\n1,Wald,3\n3,,\n", encoding="utf-8")
    frame = geopandas.GeoDataFrame(pyogrio.read_dataframe(saved), geometry=[Point(0, 0)] * 3, crs=UTM)
    frame["ID"] = frame["ID"].astype(int)
    frame["Is labeled as"] = pandas.to_numeric(frame["Is labeled as"])
    with pytest.warns(UserWarning, match="10 characters"):
        frame.to_file(tmp_path / "acatama.shp")
    design, points = read_sample(sample)
    assert read_labels(tmp_path / "acatama.shp", design, points.ids)[:3] == ("Grün", "Dark", None)


def test_labels_of_other_points_or_two_of_one_are_refused(sample: Path, tmp_path: Path) -> None:
    design, points = read_sample(sample)
    table = tmp_path / "labels.csv"
    table.write_text("id,label\n1,Dark\n1,Grün\n", encoding="utf-8")
    with pytest.raises(DataError, match="gives point 1 more than one label"):
        read_labels(table, design, points.ids)
    table.write_text("id,label\n1,Dark\n999999,Dark\nx,Dark\n5000,\n", encoding="utf-8")
    with pytest.raises(DataError, match="that the sample does not have: 999999, x"):
        read_labels(table, design, points.ids)
    table.write_text("id,label\n1,Dark\n1,Dark\n", encoding="utf-8")
    assert read_labels(table, design, points.ids)[0] == "Dark"

"""`estimate_areas`: from a map and labelled points to hectares, and what is refused on the way."""

from __future__ import annotations

import csv
import json
import sqlite3
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import rasterio
from classmaps import DEGREES, make_classes, save_map
from shapely import Polygon, box
from support import NORTH_UP, SCHEME, UTM

from aerialseg_core import estimate_areas, sample_points
from aerialseg_core.errors import DataError, OutputError
from aerialseg_core.estimation.areas import FEW
from aerialseg_core.estimation.estimators import Sample, estimate_accuracy
from aerialseg_core.estimation.report import describe_areas
from aerialseg_core.estimation.sample_file import read_sample

SHAPE = (120, 150)


def make_truth(classes: np.ndarray, seed: int = 1) -> np.ndarray:
    """What is on the ground where a map is wrong in a fifth of its pixels."""
    random = np.random.default_rng(seed)
    return np.where(random.random(classes.shape) < 0.2, random.integers(1, 5, classes.shape), classes)


def label(path: Path, truth: np.ndarray, *, most: int = 10**6, unsure: int = 0) -> Path:
    """Label the points of a sample by what is on the ground."""
    _, points = read_sample(path)
    rows = zip(points.ids.tolist(), points.rows.tolist(), points.cols.tolist(), strict=True)
    labels = [
        (SCHEME[int(truth[row, col])].name, number <= unsure, number) for number, row, col in rows if number <= most
    ]
    with sqlite3.connect(path) as connection:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            connection.create_function(name, 1, lambda _: 0)
        connection.executemany("UPDATE points SET label = ?, unsure = ? WHERE id = ?", labels)
    return path


@pytest.fixture
def class_map(tmp_path: Path) -> Path:
    return save_map(tmp_path / "classes.tif", make_classes(*SHAPE))


@pytest.fixture
def points(class_map: Path) -> Path:
    path = class_map.with_name("points.gpkg")
    sample_points(class_map, path, points=300)
    return label(path, make_truth(make_classes(*SHAPE)))


def test_the_figures_are_those_of_the_estimators(class_map: Path, points: Path) -> None:
    found = estimate_areas(class_map, points).findings
    design, sample = read_sample(points)
    names, counts = [one.name for one in design.strata], np.zeros((4, 4, 4), np.int64)
    for mapped, truth in zip(sample.map_classes, sample.labels, strict=True):
        counts[names.index(mapped), names.index(mapped), names.index(truth or "")] += 1
    pixels = np.array([float(one.pixels) for one in design.strata])
    wanted = estimate_accuracy(Sample(counts.reshape(4, 16), pixels / pixels.sum(), pixels), 4)
    assert [one["name"] for one in found["classes"]] == names
    for key, estimate, factor in (
        ("area", wanted.shares, pixels.sum() / 10_000),
        ("users", wanted.users, 1),
        ("producers", wanted.producers, 1),
    ):
        for part, values in (("value", estimate.value), ("standard_error", estimate.standard_error)):
            assert np.allclose([one[key][part] for one in found["classes"]], values * factor)
    assert found["overall"]["value"] == pytest.approx(wanted.overall.value)
    assert [one["mapped"] for one in found["classes"]] == pytest.approx((pixels / 10_000).tolist())
    assert found["matrix"]["counts"] == counts.sum(axis=0).tolist()
    assert sum(one["area"]["value"] for one in found["classes"]) == pytest.approx(found["area"])


@pytest.mark.parametrize("method", ["stratified", "simple", "systematic"])
@pytest.mark.parametrize("profile", [{}, DEGREES], ids=["metres", "degrees"])
def test_intervals_cover_the_truth(tmp_path: Path, method: str, profile: dict) -> None:
    """From end to end, in the hectares of the ellipsoid where pixels differ."""
    if profile:
        profile = {**profile, "transform": profile["transform"] * profile["transform"].scale(0.05)}
    classes = make_classes(*SHAPE)
    truth = np.where(classes > 0, make_truth(classes), 0)
    path = save_map(tmp_path / "c.tif", classes, **profile)
    same = save_map(tmp_path / "truth.tif", truth, **profile)
    covered = []
    for seed in range(3):
        made = sample_points(path, tmp_path / f"{seed}.gpkg", method=method, points=250, seed=seed).path
        found = estimate_areas(path, label(made, truth)).areas
        real = {one["name"]: one["mapped"] for one in estimate_areas(same, made).findings["classes"]}
        covered += [found[name]["low"] <= real[name] <= found[name]["high"] for name in real]
    assert sum(covered) >= 10  # of 12


def test_another_map_of_the_same_ground(class_map: Path, points: Path, tmp_path: Path) -> None:
    """Strata are not its classes. The areas stay what they are, as they are those on the ground."""
    truth = make_truth(make_classes(*SHAPE))
    better = save_map(tmp_path / "better.tif", np.where(make_classes(*SHAPE) > 0, truth, 0))
    first, second = estimate_areas(class_map, points), estimate_areas(better, points)
    assert first.areas == second.areas
    assert second.findings["overall"]["value"] == pytest.approx(1)
    assert "Stehman" in second.findings["design"]["estimator"]
    hole = save_map(tmp_path / "hole.tif", np.zeros(SHAPE) + np.eye(*SHAPE))
    with pytest.raises(DataError, match="has no class at"):
        estimate_areas(hole, points)


def test_a_map_that_has_lost_its_names_and_crs_is_still_the_one_that_was_sampled(
    class_map: Path, points: Path, tmp_path: Path
) -> None:
    with rasterio.open(class_map) as dataset:
        pixels, profile = dataset.read(), dataset.profile | {"crs": None}
    with rasterio.open(tmp_path / "bare.tif", "w", **profile) as dataset:
        dataset.write(pixels)
    whole, bare = (estimate_areas(one, points).findings for one in (class_map, tmp_path / "bare.tif"))
    assert [(one["name"], one["mapped"], one["area"]) for one in bare["classes"]] == [
        (one["name"], one["mapped"], one["area"]) for one in whole["classes"]
    ]


@pytest.mark.parametrize(
    "crs", [None, "+proj=laea +lat_0=50 +lon_0=10 +ellps=GRS80", 'LOCAL_CS["site",UNIT["metre",1]]', "EPSG:25832"]
)
def test_any_crs_comes_back_from_the_file(tmp_path: Path, crs: str | None) -> None:
    classes = make_classes(*SHAPE)
    path = save_map(tmp_path / "c.tif", classes, crs=crs)
    made = label(sample_points(path, tmp_path / "p.gpkg", points=100).path, classes)
    found = estimate_areas(path, made).findings
    assert found["unit"] == ("ha" if crs else "px")
    assert found["overall"]["value"] == pytest.approx(1)
    assert found["area"] == pytest.approx(np.sum(classes > 0) / (10_000 if crs else 1), rel=0.01)
    other = save_map(tmp_path / "other.tif", np.where(classes > 0, 1, 0), crs=crs)
    if crs is None or "LOCAL" not in crs:  # nobody knows whether two building sites are one
        assert estimate_areas(other, made).findings["overall"]["value"] < 1
    if crs is not None:
        moved = save_map(tmp_path / "moved.tif", np.where(classes > 0, 2, 0), crs="EPSG:32631")
        with pytest.raises(DataError, match="another CRS"):
            estimate_areas(moved, made)


def test_points_without_label_are_refused_or_left_out(class_map: Path) -> None:
    path = sample_points(class_map, class_map.with_name("p.gpkg"), points=200).path
    with pytest.raises(DataError, match="None of the 200 points"):
        estimate_areas(class_map, path, incomplete=True)
    label(path, make_truth(make_classes(*SHAPE)), most=150, unsure=20)
    with pytest.raises(DataError, match=r"50 of the 200 points \(151, 152"):
        estimate_areas(class_map, path)
    found = estimate_areas(class_map, path, incomplete=True).findings
    assert found["points"] == {"drawn": 200, "labelled": 150, "unsure": 20}
    assert "Without a label, and left out: 50 of 200 points, the last ones" in found["notes"][0]
    assert "20 points were labelled by somebody who was not sure" in found["notes"][1]
    assert 0 < found["without_unsure"]["overall"]["value"] < 1


def test_a_class_of_which_one_point_is_labelled_tells_nothing(class_map: Path, points: Path) -> None:
    with sqlite3.connect(points) as connection:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            connection.create_function(name, 1, lambda _: 0)
        rest = "SELECT id FROM points WHERE map_class = 'Blue' LIMIT -1 OFFSET 1"
        connection.execute(f"UPDATE points SET label = NULL WHERE id IN ({rest})")
    with pytest.raises(DataError, match="Fewer than two points are labelled in Blue"):
        estimate_areas(class_map, points, incomplete=True)


def test_a_label_that_is_no_class_is_refused(class_map: Path, points: Path) -> None:
    with sqlite3.connect(points) as connection:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            connection.create_function(name, 1, lambda _: 0)
        connection.execute("UPDATE points SET label = 'Lava' WHERE id = 3")
    with pytest.raises(DataError, match="Lava is no class of the map"):
        estimate_areas(class_map, points)


def test_rare_classes_of_a_simple_sample_are_put_together(tmp_path: Path) -> None:
    """A class in which chance has drawn no point can be no poststratum."""
    classes = np.ones(SHAPE, np.uint8)
    classes[0, :5], classes[:, 80:], classes[5, 5] = 2, 3, 4
    path = save_map(tmp_path / "c.tif", classes)
    made = label(sample_points(path, tmp_path / "p.gpkg", method="simple", points=60).path, classes)
    found = estimate_areas(path, made).findings
    assert found["overall"] == {"value": 1, "standard_error": 0, "low": 1, "high": 1}
    assert sum(one["area"]["value"] for one in found["classes"]) == pytest.approx(found["area"])


def test_zones_share_out_the_area(class_map: Path, points: Path, tmp_path: Path) -> None:
    x, y = NORTH_UP.c, NORTH_UP.f
    units = [box(x, y - 120, x + 100, y), box(x + 100, y - 120, x + 140, y), box(x + 140, y - 120, x + 150, y - 100)]
    frame = geopandas.GeoDataFrame({"code": [1, 2, 3], "name": ["West", "Middle", "Corner"]}, geometry=units, crs=UTM)
    frame.to_crs(4326).to_file(tmp_path / "units.gpkg")
    found = estimate_areas(class_map, points, zones=str(tmp_path / "units.gpkg")).findings["zones"]
    classes = make_classes(*SHAPE) > 0
    assert [zone["name"] for zone in found] == ["West", "Middle", "Corner"]
    parts = (classes[:, :100], classes[:, 100:140], classes[100:, 140:])
    assert [zone["area"] for zone in found] == pytest.approx([part.sum() / 10_000 for part in parts])
    for zone in found:
        assert zone["few"] == (zone["points"] < FEW)
        if zone["points"] >= 2:
            assert sum(one["area"]["value"] for one in zone["classes"]) == pytest.approx(zone["area"])
    assert [zone["few"] for zone in found][::2] == [False, True]
    with pytest.raises(DataError, match="have no column population"):
        estimate_areas(class_map, points, zones=str(tmp_path / "units.gpkg"), zone_column="population")


def test_zones_of_one_name_are_one_and_what_is_odd_is_told(class_map: Path, points: Path, tmp_path: Path) -> None:
    x, y = NORTH_UP.c, NORTH_UP.f
    whole, units = box(x, y - 120, x + 150, y), tmp_path / "units.gpkg"

    def estimate(names: list[str | None], shapes: list[Polygon], crs: str | None = UTM) -> dict[str, Any]:
        geopandas.GeoDataFrame({"name": names}, geometry=shapes, crs=crs).to_file(units)
        return estimate_areas(class_map, points, zones=str(units)).findings

    halves = [box(x, y - 120, x + 75, y), box(x + 75, y - 120, x + 150, y)]
    (one,) = estimate(["All", "All"], halves)["zones"]
    assert one["area"] == pytest.approx((make_classes(*SHAPE) > 0).sum() / 10_000)
    assert one["points"] == 300
    assert [zone["name"] for zone in estimate([None, "East"], halves)["zones"]] == ["1", "East"]
    assert not [note for note in estimate(["West", "East"], halves)["notes"] if "overlap" in note]
    found = estimate(["All", "West"], [whole, halves[0]])
    assert "Zones overlap (All and West): ground in two of them counts for the first one." in found["notes"]
    assert [zone["area"] > 0 for zone in found["zones"]] == [True, False]
    tie = Polygon([(x, y), (x + 150, y - 120), (x + 150, y), (x, y - 120)])  # its edges cross
    (one,) = estimate(["Tie"], [tie])["zones"]
    assert 0 < one["points"] < 300
    assert any("no CRS" in note for note in estimate(["All"], [whole], crs=None)["notes"])
    with pytest.raises(DataError, match="None of the zones"):
        estimate(["Far"], [box(0, 0, 1, 1)])


def test_a_terminal_shows_columns_zones_and_no_interval_without_width(
    class_map: Path, points: Path, tmp_path: Path
) -> None:
    x, y = NORTH_UP.c, NORTH_UP.f
    units = [box(x, y - 120, x + 140, y), box(x + 140, y - 120, x + 150, y - 100)]
    geopandas.GeoDataFrame({"name": ["West", "Corner"]}, geometry=units, crs=UTM).to_file(tmp_path / "units.gpkg")
    findings = estimate_areas(class_map, points, zones=str(tmp_path / "units.gpkg")).findings
    findings["classes"][0]["users"] = {"value": 1.0, "standard_error": 0.0, "low": 1.0, "high": 1.0}
    lines = describe_areas(findings)
    table = lines[: 1 + len(findings["classes"])]
    assert len({len(line) for line in table}) == 1
    assert "100.0\u202f%" in lines[1]
    assert "100.0 to 100.0" not in lines[1]
    west, corner = lines[-2:]
    assert west.startswith("West: ")
    assert west.count("±") + west.count("none found") == len(findings["classes"])
    assert "too few" in corner


def test_the_report_holds_the_figures(class_map: Path, points: Path, tmp_path: Path) -> None:
    result = estimate_areas(class_map, points, tmp_path / "report")
    assert {path.name for path in (tmp_path / "report").iterdir()} == {"index.html", "areas.json", "areas.csv"}
    assert json.loads((tmp_path / "report" / "areas.json").read_text("utf-8")) == result.findings
    with (tmp_path / "report" / "areas.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["area_value"]) for row in rows] == [one["area"]["value"] for one in result.findings["classes"]]
    page = (tmp_path / "report" / "index.html").read_text("utf-8")
    assert "Red &amp; &lt;round&gt;" in page
    assert "<script" not in page
    with pytest.raises(OutputError, match="exists already"):
        estimate_areas(class_map, points, tmp_path / "report")

"""Samples in clusters: who is drawn and how likely, and intervals that know that neighbours are alike."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cached_property
from pathlib import Path

import geopandas
import numpy as np
import pytest
from classmaps import DEGREES, make_classes, save_map
from click.testing import CliRunner

from aerialseg_core import estimate_areas, sample_points
from aerialseg_core.cli.main import cli
from aerialseg_core.errors import DataError, ParameterError
from aerialseg_core.estimation.class_map import ClassMap, open_class_map, survey_classes
from aerialseg_core.estimation.clusters import choose_square, draw_clusters
from aerialseg_core.estimation.estimators import ClusterSample, Sample, estimate_accuracy
from aerialseg_core.raster.window import Window

SEEDS = 3000
"""Samples that are drawn of a tiny raster."""


@pytest.mark.parametrize("profile", [{}, DEGREES], ids=["even", "degrees"])
def test_all_ground_is_as_likely_to_be_drawn(tmp_path: Path, profile: dict) -> None:
    """Also in squares that the border cuts, or that are partly without data: these are drawn less often."""
    classes = np.ones((6, 8), int)
    classes[0, :3] = classes[2, 1] = classes[5, 6] = 0
    times = np.zeros(classes.shape)
    with open_class_map(save_map(tmp_path / "c.tif", classes, **profile)) as class_map:
        total = int(survey_classes(class_map).pixels.sum())
        for seed in range(SEEDS):
            drawn, clusters = draw_clusters(class_map, total, clusters=2, each=2, square=(3, 3), seed=seed)
            assert np.bincount(clusters).tolist() == [0, 2, 2]
            assert len(set(zip(drawn.rows.tolist(), drawn.cols.tolist(), strict=True))) == 4
            for number in (1, 2):
                own = clusters == number
                assert len(set(zip(drawn.rows[own] // 3, drawn.cols[own] // 3, strict=True))) == 1
            np.add.at(times, (drawn.rows, drawn.cols), 1)
        areas = [class_map.ground.measure_classes(np.ones((1, 1), np.uint8), row)[1] for row in range(6)]
    assert not times[classes == 0].any()
    wanted = np.where(classes > 0, np.array(areas)[:, np.newaxis], 0)
    wanted = 4 * wanted / wanted.sum()
    slack = 5 * np.sqrt(wanted / SEEDS) + (0.05 if profile else 0)  # few pixels, so those of large area run out
    assert np.all(np.abs(times / SEEDS - wanted) <= slack)


def test_a_square_with_few_pixels_gives_those_that_it_has(tmp_path: Path) -> None:
    classes = np.zeros((8, 8), int)
    classes[0, 0] = classes[7, 4:] = classes[6, 4:] = 1
    with open_class_map(save_map(tmp_path / "c.tif", classes)) as class_map:
        for seed in range(30):
            drawn, clusters = draw_clusters(class_map, 9, clusters=2, each=3, square=(4, 4), seed=seed)
            for number in (1, 2):
                own = clusters == number
                assert own.sum() == (1 if drawn.rows[own][0] == 0 else 3)


SAMPLES, SIDE, CLASSES = 2000, 8, 3


def make_ground() -> tuple[np.ndarray, np.ndarray]:
    """A map of patches, and the truth, which differs from it in whole patches: mistakes are alike in a square."""
    random = np.random.default_rng(5)
    coarse = random.choice([0, 1, 2], p=[0.5, 0.3, 0.2], size=(30, 36))
    wrong = np.where(random.random(coarse.shape) < 0.25, random.integers(0, CLASSES, coarse.shape), coarse)
    grow = np.ones((6, 6), int)
    mapped, truth = np.kron(coarse, grow), np.kron(wrong, grow)
    return mapped, np.where(random.random(truth.shape) < 0.1, random.integers(0, CLASSES, truth.shape), truth)


class MapInMemory(ClassMap):
    """Reads its file once: half a million small windows take minutes."""

    @cached_property
    def _codes(self) -> np.ndarray:
        return super().read(Window(0, 0, *self.shape))

    def read(self, window: Window) -> np.ndarray:
        return self._codes[window.slices]


def test_intervals_cover_the_truth_although_neighbours_are_alike(tmp_path: Path) -> None:
    """95 % of them, in 2 000 samples of a known map; those that take points for independent do not."""
    mapped, truth = make_ground()
    kinds = mapped * CLASSES + truth
    clusters, each = 200, 5
    counts = np.zeros((SAMPLES, clusters, CLASSES, CLASSES**2))
    with open_class_map(save_map(tmp_path / "c.tif", mapped + 1)) as opened:
        class_map = MapInMemory(opened.dataset, opened.values, opened.categories, opened.ground)
        for seed in range(SAMPLES):
            drawn, number = draw_clusters(
                class_map, mapped.size, clusters=clusters, each=each, square=(SIDE, SIDE), seed=seed
            )
            np.add.at(counts[seed], (number - 1, drawn.codes - 1, kinds[drawn.rows, drawn.cols]), 1)
    sizes = np.bincount(mapped.ravel()).astype(float)
    found = estimate_accuracy(ClusterSample(counts, sizes / sizes.sum()), CLASSES)
    matrix = np.bincount(kinds.ravel(), minlength=9).reshape(3, 3) / mapped.size
    right = np.diag(matrix)
    for one, wanted in (
        (found.shares, matrix.sum(axis=0)),
        (found.overall, right.sum()),
        (found.users, right / matrix.sum(axis=1)),
        (found.producers, right / matrix.sum(axis=0)),
    ):
        low, high = one.interval
        covered = np.mean((low <= wanted) & (wanted <= high), axis=0)
        assert np.all((covered >= 0.93) & (covered <= 0.97)), covered
        assert np.all(np.abs(one.value.mean(axis=0) - wanted) < 4 * one.value.std(axis=0) / SAMPLES**0.5 + 0.002)
        assert np.allclose(one.standard_error.mean(axis=0), one.value.std(axis=0), rtol=0.1)
    alone = estimate_accuracy(Sample(counts.sum(axis=1).astype(np.int64), sizes / sizes.sum(), sizes, True), CLASSES)
    low, high = alone.overall.interval
    assert np.mean((low <= right.sum()) & (right.sum() <= high)) < 0.9
    np.testing.assert_allclose(alone.overall.value, found.overall.value)


def test_by_hand_in_one_stratum_it_is_the_mean_of_the_clusters_and_how_they_differ() -> None:
    right = np.array([5, 3, 4, 2])  # of five points each
    counts = np.stack([right, 5 - right], axis=-1)[:, np.newaxis, :] / 5
    found = ClusterSample(counts, np.ones(1)).estimate_mean(np.array([1.0, 0.0]))
    assert found.value == pytest.approx(np.mean(right / 5))
    assert found.standard_error == pytest.approx(np.std(right / 5, ddof=1) / 2)


def test_clusters_of_one_point_are_a_simple_random_sample() -> None:
    random = np.random.default_rng(2)
    strata, kinds = random.integers(0, 3, 4000), random.integers(0, 9, 4000)
    counts = np.zeros((4000, 3, 9))
    counts[np.arange(4000), strata, kinds] = 1
    weights = np.array([0.5, 0.3, 0.2])
    ours = ClusterSample(counts, weights)
    theirs = Sample(counts.sum(axis=0).astype(np.int64), weights, np.full(3, 1e12), True)
    y, x = random.random(9), random.random(9)
    for one, other in (
        (ours.estimate_mean(y), theirs.estimate_mean(y)),
        (ours.estimate_ratio(y, x), theirs.estimate_ratio(y, x)),
    ):
        assert one.value == pytest.approx(other.value)
        assert one.standard_error == pytest.approx(other.standard_error, rel=0.15)


def label_all(points: Path, truth: np.ndarray, names: list[str]) -> None:
    """Say of every point what is there."""
    with closing(sqlite3.connect(points)) as connection, connection:
        for name in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name[0]}"')  # those of the spatial index need functions of GDAL
        rows = connection.execute("SELECT id, row, col FROM points").fetchall()
        for number, row, col in rows:
            connection.execute("UPDATE points SET label = ? WHERE id = ?", (names[truth[row, col]], number))


def test_from_the_command_line_to_areas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    mapped, truth = make_ground()
    save_map(tmp_path / "c.tif", mapped + 1)
    draw = ["sample-points", "c.tif", "-o", "p.gpkg", "--method", "cluster", "--cluster-side", "12"]
    outcome = CliRunner().invoke(cli, [*draw, "--points", "298", "--progress", "none"], catch_exceptions=False)
    assert "300 points, cluster" in outcome.output
    points = geopandas.read_file("p.gpkg", layer="points")
    assert points["cluster"].tolist() == np.repeat(np.arange(1, 61), 5).tolist()
    assert np.allclose(points["probability"], 300 / mapped.size)
    names = ["Dark", "Red & <round>", "Grün"]
    assert points["map_class"].tolist() == [names[one] for one in mapped[points["row"], points["col"]]]
    label_all(tmp_path / "p.gpkg", truth, names)
    found = estimate_areas("c.tif", "p.gpkg", "report").findings
    hectares = np.bincount(truth.ravel()) / 10_000
    for one, wanted in zip(found["classes"], hectares, strict=True):
        assert one["area"]["value"] == pytest.approx(wanted, abs=4 * one["area"]["standard_error"])
    assert "over clusters" in found["design"]["estimator"]
    assert not any("clusters only" in note for note in found["notes"])
    again = sample_points("c.tif", "again.gpkg", method="cluster", cluster_side=12, points=298)
    assert again.points == {names[i]: int(n) for i, n in enumerate(np.bincount(mapped[points["row"], points["col"]]))}
    with closing(sqlite3.connect("p.gpkg")) as connection, connection:
        connection.execute("UPDATE points SET cluster = 1 WHERE cluster = 2")
    with pytest.raises(DataError, match=r"column cluster .* was changed"):
        estimate_areas("c.tif", "p.gpkg")


def test_so_many_points_as_are_alike_are_asked_for(tmp_path: Path) -> None:
    path = save_map(tmp_path / "c.tif", make_classes(300, 300))
    simple, cluster = (
        sample_points(path, tmp_path / f"{method}.gpkg", method=method, cluster_side=20).design.points
        for method in ("simple", "cluster")
    )
    assert 1.8 * simple <= cluster <= 1.8 * simple + 5


def test_impossible_clusters_are_refused(tmp_path: Path) -> None:
    path = save_map(tmp_path / "c.tif", make_classes(20, 20))
    for options, reason in (
        ({"cluster_side": 0.5}, "--cluster-side 0.5 is"),
        ({"cluster_points": 1}, "at least 2"),
        ({"min_distance": 3.0}, "meant to be near"),
        ({"points": 1000}, "fewer than 1000 points"),
    ):
        with pytest.raises(ParameterError, match=reason):
            sample_points(path, tmp_path / "p.gpkg", method="cluster", **options)
    with open_class_map(path) as class_map:
        assert choose_square(class_map, 5) == (5, 5)

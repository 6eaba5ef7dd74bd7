"""Laws of the samplers: who may be drawn and how likely, whatever the windows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from classmaps import DEGREES, make_classes, save_map
from pyproj import Geod, Transformer

from aerialseg_core.errors import ParameterError
from aerialseg_core.estimation.class_map import ClassMap, open_class_map, survey_classes
from aerialseg_core.estimation.sampler import DrawnPixels, Strata, draw_grid, draw_pixels

SEEDS = 3000
"""Samples that are drawn of a tiny raster."""


def stratify(class_map: ClassMap, sizes: list[int]) -> Strata:
    """A stratum for each class."""
    survey = survey_classes(class_map)
    of_code = np.full(256, -1, np.int64)
    of_code[list(survey.codes)] = range(len(survey.codes))
    return Strata(of_code, survey.pixels[list(survey.codes)], np.array(sizes))


def as_set(drawn: DrawnPixels) -> set[tuple[int, int]]:
    return set(zip(drawn.rows.tolist(), drawn.cols.tolist(), strict=True))


def test_each_pixel_of_a_stratum_is_as_likely(tmp_path: Path) -> None:
    classes = np.array([[1, 1, 1, 2, 0], [1, 2, 2, 2, 1], [3, 1, 0, 1, 2]])
    with open_class_map(save_map(tmp_path / "c.tif", classes)) as class_map:
        strata = stratify(class_map, [3, 2, 1])
        times = np.zeros(classes.shape, int)
        for seed in range(SEEDS):
            drawn = draw_pixels(class_map, strata, seed)
            assert np.bincount(classes[drawn.rows, drawn.cols], minlength=4).tolist() == [0, 3, 2, 1]
            assert len(as_set(drawn)) == 6
            times[drawn.rows, drawn.cols] += 1
    for one, size in ((1, 3), (2, 2), (3, 1)):
        pixels = np.sum(classes == one)
        wanted = size / pixels
        slack = 4 * (wanted * (1 - wanted) / SEEDS) ** 0.5
        assert np.all(np.abs(times[classes == one] / SEEDS - wanted) <= slack)
    assert not times[classes == 0].any()


def test_pairs_of_pixels_are_as_likely(tmp_path: Path) -> None:
    """All samples of a size are, or else the variances would not be those of the formulas."""
    with open_class_map(save_map(tmp_path / "c.tif", np.ones((1, 5)))) as class_map:
        strata, found = stratify(class_map, [2]), dict[frozenset[tuple[int, int]], int]()
        for seed in range(SEEDS):
            pair = frozenset(as_set(draw_pixels(class_map, strata, seed)))
            found[pair] = found.get(pair, 0) + 1
    assert len(found) == 10
    assert sum((n - SEEDS / 10) ** 2 / (SEEDS / 10) for n in found.values()) < 27.9  # 0.999 of χ² with 9


def test_where_pixels_differ_the_ground_is_drawn_evenly(tmp_path: Path) -> None:
    """In degrees, a pixel is drawn as often as its area asks for."""
    with open_class_map(save_map(tmp_path / "c.tif", np.ones((8, 9)), **DEGREES)) as class_map:
        strata, times = stratify(class_map, [1]), np.zeros((8, 9))
        for seed in range(SEEDS):
            drawn = draw_pixels(class_map, strata, seed)
            times[drawn.rows, drawn.cols] += 1
        areas = [class_map.ground.measure_classes(np.ones((1, 9), np.uint8), row)[1] for row in range(8)]
    wanted = np.array(areas) / np.sum(areas)
    assert wanted[0] < 0.3 * wanted[-1]
    assert np.all(np.abs(times.sum(axis=1) / SEEDS - wanted) < 4 * np.sqrt(wanted / SEEDS))


@pytest.mark.parametrize("profile", [{}, DEGREES], ids=["even", "degrees"])
def test_a_grid_meets_each_pixel_as_its_area_asks_for(tmp_path: Path, profile: dict) -> None:
    classes = np.ones((8, 9))
    classes[2, 3] = 0
    with open_class_map(save_map(tmp_path / "c.tif", classes, **profile)) as class_map:
        times = np.zeros(classes.shape)
        for seed in range(SEEDS):
            drawn, step = draw_grid(class_map, 71, 12, seed)
            times[drawn.rows, drawn.cols] += 1
        ground = class_map.ground
        areas = np.array([ground.measure_classes(np.ones((1, 1), np.uint8), row)[1] for row in range(8)])
    wanted = np.where(classes > 0, (areas / areas.max())[:, np.newaxis] / step**2, 0)
    assert np.all(np.abs(times / SEEDS - wanted) <= 4.5 * np.sqrt(wanted / SEEDS))


@pytest.mark.parametrize("profile", [{}, DEGREES], ids=["even", "degrees"])
@pytest.mark.parametrize("distance", [0.0, 12.0])
def test_windows_do_not_matter(tmp_path: Path, profile: dict, distance: float) -> None:
    if profile:
        profile = {**profile, "transform": profile["transform"] * profile["transform"].scale(0.01)}
    distance *= 100 if profile else 1
    classes = make_classes(150, 170)
    found, surveys = [], []
    for number, tiles in enumerate(({"blockxsize": 16, "blockysize": 32, "tiled": True}, {})):
        path = save_map(tmp_path / f"{number}.tif", classes, **profile, **tiles)
        with open_class_map(path) as class_map:
            strata = stratify(class_map, [20, 10, 10, 5])
            for window in ((512, 4096), (7, 13), (150, 1), (1, 170)):
                drawn = draw_pixels(class_map, strata, 5, min_distance=distance, window=window)
                found.append((drawn.rows.tolist(), drawn.cols.tolist(), drawn.codes.tolist()))
                grid, _ = draw_grid(class_map, int(strata.pixels.sum()), 40, 5, window=window)
                found.append((grid.rows.tolist(), grid.cols.tolist(), grid.codes.tolist()))
                surveys.append(survey_classes(class_map, window=window))
    assert all(one == found[i % 2] for i, one in enumerate(found))
    assert len({one.digest for one in surveys}) == 1
    assert all(np.allclose(one.areas, surveys[0].areas, rtol=1e-12) for one in surveys)


def test_a_larger_sample_contains_the_smaller_one(tmp_path: Path) -> None:
    with open_class_map(save_map(tmp_path / "c.tif", make_classes(60, 80))) as class_map:
        few, many = (as_set(draw_pixels(class_map, stratify(class_map, [n] * 4), 9)) for n in (10, 30))
        other = as_set(draw_pixels(class_map, stratify(class_map, [10] * 4), 10))
    assert few < many
    assert len(few & other) < 20


@pytest.mark.parametrize(
    "profile",
    [{}, {"crs": "EPSG:3857", "transform": Affine(9, 0, 0, 0, -9, 8_000_000)}],
    ids=["UTM", "Mercator"],
)
def test_points_keep_their_distance_on_the_ground(tmp_path: Path, profile: dict) -> None:
    with open_class_map(save_map(tmp_path / "c.tif", make_classes(90, 110), **profile)) as class_map:
        drawn = draw_pixels(class_map, stratify(class_map, [10, 10, 10, 5]), 2, min_distance=10)
        to_degrees = Transformer.from_crs(class_map.dataset.crs.to_wkt(), "EPSG:4326", always_xy=True)
        x, y = to_degrees.transform(*class_map.dataset.xy(drawn.rows, drawn.cols))
        one, other = np.triu_indices(len(x), 1)
        apart = Geod(ellps="WGS84").inv(x[one], y[one], x[other], y[other])[2]
        assert apart.min() >= 10 - 1e-6
        with pytest.raises(ParameterError, match="no room for 35 points"):
            draw_pixels(class_map, stratify(class_map, [10, 10, 10, 5]), 2, min_distance=100)


def test_their_order_tells_nothing(tmp_path: Path) -> None:
    """Points are not numbered class by class, or row by row."""
    with open_class_map(save_map(tmp_path / "c.tif", make_classes(100, 100))) as class_map:
        drawn = draw_pixels(class_map, stratify(class_map, [50] * 4), 0)
    numbers = np.arange(200)
    assert abs(np.corrcoef(numbers, drawn.codes)[0, 1]) < 0.2
    assert abs(np.corrcoef(numbers, drawn.rows)[0, 1]) < 0.2

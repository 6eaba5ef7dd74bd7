"""What the card tells of the training images."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from PIL import Image
from support import NORTH_UP, card, foreign_ground, ground, known_ground, save_scene

from aerialseg_core.config import SegmentConfig
from aerialseg_core.datasets.labelled_data import open_data
from aerialseg_core.datasets.pairs import find_pairs, map_bands
from aerialseg_core.datasets.problems import Problems
from aerialseg_core.datasets.split import Part
from aerialseg_core.model.card import Card
from aerialseg_core.model.known_ground import LEAST_DATA, describe_windows, fit_known_ground
from aerialseg_core.model.registry import load_model
from aerialseg_core.progress import Reporter
from aerialseg_core.raster.classes import MBRSC
from aerialseg_core.raster.window import Window
from aerialseg_core.review.comparison import ReviewedGround
from aerialseg_core.review.review_file import Label, Square
from aerialseg_core.segmentation.planning import plan_scene
from aerialseg_core.segmentation.survey import GroundSurvey, survey_ground
from aerialseg_core.training import train
from aerialseg_core.training.known_ground import add_reviewed_ground, describe_training_images, read_windows
from aerialseg_core.training.review_data import cut_squares

RGB = card(gsd_range=(0.625, 1.25))


def _look(folder: Path, made: Card = RGB, *, without: frozenset[str] = frozenset()) -> Card:
    pairs = find_pairs(folder, Problems(strict=True))
    map_bands(pairs, made.band_names)
    parts = [Part(i, Window(0, 0, *p.size)) for i, p in enumerate(pairs) if str(p.image) not in without]
    return describe_training_images(made, pairs, parts)


def _write(folder: Path, count: int, rows: int, cols: int) -> Path:
    for number in range(count):
        for name, pixels in (("images", ground(rows, cols, number)), ("masks", np.zeros((3, rows, cols), np.uint8))):
            (folder / name).mkdir(parents=True, exist_ok=True)
            Image.fromarray(np.moveaxis(pixels, 0, -1)).save(folder / name / f"{number}.png")
    return folder


@pytest.mark.parametrize(("count", "rows", "cols"), [(12, 200, 300), (1, 900, 700), (30, 90, 100)])
def test_many_images_one_image_and_small_images_tell_what_is_normal(
    tmp_path: Path, count: int, rows: int, cols: int
) -> None:
    known = _look(_write(tmp_path, count, rows, cols)).known
    assert known is not None
    side = min(rows, 128)
    whole = np.ones((side, side), bool)
    same, other = (
        known.measure(make(side, side, 77).astype(np.float32) / 255, whole).item() for make in (ground, foreign_ground)
    )
    assert same < 1.5
    assert other > 2


def test_the_same_images_give_the_same_card(tmp_path: Path) -> None:
    folder = _write(tmp_path, 5, 200, 200)
    assert _look(folder) == _look(folder)


def test_too_few_pixels_tell_nothing(tmp_path: Path) -> None:
    assert _look(_write(tmp_path, 2, 40, 40)).known is None


def test_training_writes_it_into_the_card(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    made = make_set(pairs=3, size=(400, 400))
    bare = replace(recipe, run=replace(recipe.run, epochs=1))
    assert train(made, tmp_path / "m.onnx", recipe=bare).card.known is not None


@pytest.mark.parametrize(("size", "side"), [((400, 500), 30), ((400, 500), 200), ((90, 70), 10)])
def test_a_scene_is_known_where_its_squares_were_reviewed_and_other_places_are_not(
    tmp_path: Path, size: tuple[int, int], side: int
) -> None:
    made = card(scheme=MBRSC, known=known_ground())
    rows, cols = size
    reviewed = save_scene(tmp_path / "scene.tif", foreign_ground(rows, cols, 3))
    other = save_scene(tmp_path / "other.tif", foreign_ground(rows, cols, 3) + np.uint8(170))
    place = NORTH_UP
    corners = [(col, row) for row in range(0, rows - side, 3 * side) for col in range(0, cols - side, 3 * side)]
    outlines = [shapely.box(*(place * (col, row + side)), *(place * (col + side, row))) for col, row in corners]
    squares = tuple(Square(i, "train", outline, "reviewed") for i, outline in enumerate(outlines, 1))
    labels = tuple(Label(1, one.polygon, one.number) for one in squares)
    shown = ReviewedGround(str(reviewed), squares, labels, squares, {1: 0})
    config = SegmentConfig(gsd="source")
    folder = tmp_path / "cut"
    folder.mkdir()
    cut = cut_squares(shown, made, config, replayed=True, folder=folder, reporter=Reporter())
    after = add_reviewed_ground(made, cut.data.pairs[: cut.squares], cut.outlines)
    verdicts = []
    for knowing, scene in ((made, reviewed), (after, reviewed), (after, other)):
        with plan_scene(str(scene), knowing, config) as (plan, opened):
            found = survey_ground(plan, opened)
        assert found is not None
        verdicts.append(found.verdict)
    assert verdicts == ["unlike", "like", "unlike"]
    assert add_reviewed_ground(replace(made, known=None), cut.data.pairs[: cut.squares], cut.outlines).known is None


Seen = tuple[Card, NDArray[np.float64], NDArray[np.intp]]


@cache
def _look_at_dubai(folder: Path) -> Seen:
    """The card of the shipped model, what its training images look like, and the image of each window."""
    made = load_model("mbrsc-lite0").card
    pairs = open_data(folder / "dubai").pairs
    map_bands(pairs, made.band_names)
    parts = [Part(i, Window(0, 0, *pair.size)) for i, pair in enumerate(pairs)]
    found = [(index, describe_windows(pixels, data, 1)) for index, _, pixels, data in read_windows(made, pairs, parts)]
    kept = [(index, statistics[0]) for index, (statistics, share) in found if share[0] >= LEAST_DATA]
    return made, np.array([statistics for _, statistics in kept]), np.array([index for index, _ in kept])


@pytest.mark.realdata
@pytest.mark.slow
@pytest.mark.parametrize("fold", range(8))
def test_images_of_dubai_that_are_held_out_are_known_ground(data_dir: Path, fold: int) -> None:
    _, statistics, images = _look_at_dubai(data_dir)
    known = fit_known_ground(statistics[images % 8 != fold], images[images % 8 != fold])
    assert known is not None
    for image in range(fold, 56, 8):
        strange = known.compare(statistics[images == image]) > 1
        assert GroundSurvey.of(len(strange), int(strange.sum())).verdict == "like", image


@pytest.mark.realdata
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "gsd"),
    [
        ("urban_rgb_0.25m_epsg28992", "auto"),  # the Dutch scene of `aerialseg sample`
        ("colorado_0.15m_nodata", "auto"),
        ("drone_rgba_0.35m_alpha", "auto"),
        ("naip_rgbn_5m_nodata0", "auto"),
        ("rgb_epsg4326_geographic", "auto"),
        ("rgba_uint16_1.4m", "auto"),
        ("tiny_51px", "source"),
    ],
)
def test_other_places_are_not(data_dir: Path, name: str, gsd: Literal["auto", "source"]) -> None:
    made, statistics, images = _look_at_dubai(data_dir)
    knowing = replace(made, known=fit_known_ground(statistics, images))
    with plan_scene(str(data_dir / "rasters" / f"{name}.tif"), knowing, SegmentConfig(gsd=gsd)) as (plan, scene):
        found = survey_ground(plan, scene)
    assert found is not None
    assert found.verdict in ("partly", "unlike")

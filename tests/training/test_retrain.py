"""`retrain`: corrected squares to a model that has learnt from them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from greyset import GREY, random_labels
from support import card, network

pytest.importorskip("keras")

from click.testing import CliRunner

from aerialseg_core import retrain, segment, suggest
from aerialseg_core.cli.main import cli
from aerialseg_core.config import SegmentConfig
from aerialseg_core.errors import DataError, ModelError, OutputError, ParameterError
from aerialseg_core.metrics import IGNORE
from aerialseg_core.model.bundle import load_bundle, save_bundle
from aerialseg_core.progress import Reporter
from aerialseg_core.raster.classes import MBRSC
from aerialseg_core.raster.window import reflect
from aerialseg_core.review.comparison import ReviewedGround
from aerialseg_core.review.review_file import ReviewFile
from aerialseg_core.training import retrain as retraining
from aerialseg_core.training.review_data import CUT, cut_squares

PLACE = Affine(1, 0, 300_000, 0, -1, 2_800_000)


def write_scene(path: Path, labels: Any, *, offset: int) -> None:
    """An image whose grey values are its classes, brighter than those that a model knows."""
    grey = np.clip(labels.astype(int) * GREY + offset, 0, 255).astype(np.uint8)
    rows, cols = labels.shape
    with rasterio.open(
        path, "w", driver="GTiff", height=rows, width=cols, count=3, dtype="uint8", crs="EPSG:32640", transform=PLACE
    ) as dataset:
        dataset.write(np.repeat(grey[None], 3, axis=0))


@pytest.fixture
def truth() -> Any:
    """What is on the ground: indices of classes, in squares of 8 px."""
    return random_labels(3, 160, 160, 5)


@pytest.fixture
def scene(tmp_path: Path, truth: Any) -> Path:
    write_scene(tmp_path / "scene.tif", truth, offset=15)
    return tmp_path / "scene.tif"


@pytest.fixture
def review(tmp_path: Path, scene: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Squares of a map that is Land all over."""
    monkeypatch.chdir(tmp_path)
    known = network(classes=6)
    save_bundle(known, card(scheme=MBRSC, patch=64), tmp_path / "plain.onnx")
    segment("scene.tif", "classes.tif", confidence="sure.tif", model="plain.onnx")
    suggest("classes.tif", "review.gpkg", confidence="sure.tif", side=24, count=6, min_area=0)
    return tmp_path / "review.gpkg"


def correct(review: Path, truth: Any) -> None:
    """Draw what is on the ground over all squares, and review them."""
    with ReviewFile(review) as opened, closing(sqlite3.connect(review)) as connection, connection:
        from shapely.geometry import shape

        for polygon, value in rasterio.features.shapes(truth.astype(np.uint8), transform=PLACE):
            blob = opened.encode(shape(polygon))
            connection.execute("INSERT INTO labels (geom, class_id) VALUES (?, ?)", (blob, int(value) + 1))
    with ReviewFile(review) as opened:
        for one in opened.list_squares():
            opened.mark(one.number, "reviewed")


def test_what_is_cut_out_is_what_people_say_and_squares_to_check_with_are_never_shown(
    review: Path, truth: Any, tmp_path: Path
) -> None:
    correct(review, truth)
    with ReviewFile(review) as opened:
        squares, labels = tuple(opened.list_squares()), tuple(opened.list_labels())
    ground = ReviewedGround("scene.tif", squares, labels, squares, {i: i - 1 for i in range(1, 7)})
    folder = tmp_path / "cut"
    folder.mkdir()
    config = SegmentConfig(model="plain.onnx")
    made = cut_squares(ground, card(scheme=MBRSC), config, replayed=True, folder=folder, reporter=Reporter())
    checks = rasterio.features.rasterize(
        [one.polygon for one in squares if one.role == "check"], out_shape=truth.shape, transform=PLACE
    )
    inside = rasterio.features.rasterize([one.polygon for one in squares], out_shape=truth.shape, transform=PLACE)
    assert made.squares == sum(one.role == "train" for one in squares)
    assert len(made.data.pairs) == 2 * made.squares
    training, starts = [one for one in squares if one.role == "train"], set()
    for index, pair in enumerate(made.data.pairs):
        with rasterio.open(pair.image) as image, rasterio.open(pair.mask) as mask:
            pixels, found = image.read(1), mask.read(1)
        assert pair.size == (CUT, CUT)  # the scene is smaller, and continued by reflection
        shown = np.clip(truth.astype(int) * GREY + 15, 0, 255)
        wanted = np.where((inside == 1) & (checks == 0), truth + 1, 0) if index < made.squares else inside == 0
        if index < made.squares:
            outline, (col, row) = made.outlines[index], ~PLACE * training[index].polygon.exterior.coords[0]
            start = round(row) - outline.row, round(col) - outline.col
            assert outline.row + outline.height // 2 == outline.col + outline.width // 2 == CUT // 2
        else:
            start = find_start(pixels, shown)
        starts.add(start)
        place = at(start, truth.shape, CUT)
        np.testing.assert_array_equal(pixels, shown[place])
        np.testing.assert_array_equal(found, wanted[place])
    assert len(starts) == len(made.data.pairs)  # the scene lies elsewhere in each


def at(start: tuple[int, int], shape: tuple[int, int], side: int) -> Any:
    """The pixels of a scene that a cut-out shows which begins there."""
    return np.ix_(*(reflect(np.arange(one, one + side), whole) for one, whole in zip(start, shape, strict=True)))


def find_start(pixels: Any, scene: Any) -> tuple[int, int]:
    """Find where a cut-out of a smaller scene begins."""
    likely = range(scene.shape[0] - CUT, 1)
    return next(
        (row, col)
        for row in likely
        for col in likely
        if np.array_equal(pixels[:40, :40], scene[at((row, col), scene.shape, 40)])
    )


@pytest.mark.slow
def test_a_model_learns_from_corrected_squares(
    review: Path, truth: Any, make_set: Any, recipe: Any, tmp_path: Path, traced: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aerialseg_core.training import train

    long = replace(recipe, run=replace(recipe.run, epochs=2, steps=60, batch=4))
    train(make_set(), tmp_path / "first.onnx", recipe=long)
    correct(review, truth)
    monkeypatch.setattr(retraining, "STEPS", 40)
    command = ["retrain", "first.onnx", str(review), "-o", "second.onnx", "--suspicious", "--flips", "flips.tif"]
    outcome = CliRunner().invoke(cli, [*command, "--progress", "none"], catch_exceptions=False)
    assert outcome.exit_code == 0
    assert "to check with, never trained on" in outcome.output
    found = json.loads((tmp_path / "second.json").read_text(encoding="utf-8"))
    before, after = (found["comparison"]["check"][key]["accuracy"] for key in ("before", "after"))
    assert after > before
    first, second = (load_bundle(tmp_path / f"{name}.onnx") for name in ("first", "second"))
    assert second.card.parent == first.sha256
    assert second.card.metrics["before"]["accuracy"] == before
    assert second.card.classes == first.card.classes
    assert "; retrained on 4 corrected squares: " in second.card.description
    assert "What flipped" in (tmp_path / "second.html").read_text(encoding="utf-8")
    with rasterio.open(tmp_path / "flips.tif") as flips, rasterio.open(tmp_path / "scene.tif") as image:
        assert flips.res == image.res
        assert flips.crs == image.crs
        share = (flips.read(1) == 2).sum() / (flips.read(1) > 0).sum()
    assert share > 0.1
    assert not list(tmp_path.glob(".second*"))
    with pytest.raises(OutputError, match="exists"):
        retrain("first.onnx", review, "second.onnx")


def test_what_cannot_be_retrained_is_refused_before_anything_is_done(review: Path, truth: Any) -> None:
    with pytest.raises(DataError, match=r"No square .* to train on is reviewed"):
        retrain("plain.onnx", review, "new.onnx")
    with pytest.raises(ParameterError, match="does not end in"):
        retrain("plain.onnx", review, "new.keras")
    with pytest.raises(ParameterError, match="minutes"):
        retrain("plain.onnx", review, "new.onnx", minutes=0)
    with pytest.raises(OutputError):
        retrain("plain.onnx", review, "plain.onnx", overwrite=True)
    with pytest.raises(ParameterError, match="name of another format"):
        retrain("plain.onnx", review, "new.onnx", flips="flips.png")
    correct(review, truth)
    with pytest.raises(OutputError, match="is also the input"):
        retrain("plain.onnx", review, "new.onnx", flips="scene.tif", overwrite=True)
    with pytest.raises(ModelError, match="which network it is"):
        retrain("plain.onnx", review, "new.onnx")
    assert IGNORE == 255
    assert not [path for path in review.parent.iterdir() if path.name.startswith(("new", ".new"))]


def test_an_image_that_does_not_show_the_squares_is_refused(review: Path, truth: Any, tmp_path: Path) -> None:
    correct(review, truth)
    with rasterio.open("scene.tif") as scene:
        pixels, profile = scene.read(), scene.profile
    elsewhere = {
        "south.tif": profile | {"transform": Affine.translation(0, -100) * PLACE},
        "other.tif": profile | {"crs": "EPSG:32639"},
        "nowhere.tif": profile | {"crs": None},
        "whole.tif": profile,
    }
    for name, one in elsewhere.items():
        with rasterio.open(name, "w", **one) as dataset:
            dataset.write(pixels)
    with pytest.raises(DataError, match=r"south\.tif does not show \d of the 6 reviewed squares"):
        retrain("plain.onnx", review, "new.onnx", scene="south.tif")
    for name in ("other.tif", "nowhere.tif"):
        with pytest.raises(DataError, match="in another CRS than the squares"):
            retrain("plain.onnx", review, "new.onnx", scene=name)
    with pytest.raises(ModelError, match="which network it is"):  # the next refusal: the image is the right one
        retrain("plain.onnx", review, "new.onnx", scene="whole.tif")


def test_a_card_tells_its_parent_and_those_without_one_are_as_before() -> None:
    plain = card()
    assert "parent" not in plain.to_dict()
    child = replace(plain, parent="ab" * 32)
    assert type(child).from_json(child.to_json()) == child
    assert child.to_dict()["version"] == plain.to_dict()["version"]

"""Two models on reviewed squares: what is counted, and which labels are contradicted."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine
from shapely.geometry import box
from support import NORTH_UP, save_model, save_scene
from support import SCHEME as SCHEME_OF_TINY

from aerialseg_core.config import SegmentConfig
from aerialseg_core.errors import DataError
from aerialseg_core.metrics import IGNORE
from aerialseg_core.progress import Reporter
from aerialseg_core.raster.classes import ClassScheme, LandCoverClass
from aerialseg_core.review.comparison import (
    ReviewedGround,
    SquareComparison,
    compare_models,
    list_suspicious,
    match_review,
    summarise_comparison,
)
from aerialseg_core.review.report import describe_comparison, write_comparison_page
from aerialseg_core.review.review_file import Label, Square
from aerialseg_core.segmentation.predictor import load_predictor

SCHEME = ClassScheme.of([("Land", "#102030"), ("Water", "#203040")])
PLACE = Affine(1, 0, 100, 0, -1, 200)


def square(number, role="check"):
    return Square(number, role, box(100, 190, 110, 200), "reviewed")


def ground(*labels):
    return ReviewedGround("scene.tif", (square(1),), labels, (), {1: 0, 2: 1})


def compare(number, before, after, role="check"):
    """A square of 10 × 10 px that is Land; so many of its pixels are right before and after."""
    labels = np.zeros(100, np.uint8)
    found = [np.where(np.arange(100) < right, 0, 1).astype(np.uint8).reshape(10, 10) for right in (before, after)]
    sure, photo = np.full((10, 10), 80, np.uint8), np.zeros((10, 10, 3), np.uint8)
    return SquareComparison(square(number, role), labels.reshape(10, 10), *found, sure, photo, PLACE)


def test_a_later_label_covers_an_earlier_one_and_nothing_counts_outside_of_the_square():
    below, above = Label(1, box(95, 185, 110, 200)), Label(2, box(105, 195, 120, 210))
    burnt = ground(below, above).burn([square(1)], (12, 12), PLACE * Affine.translation(-1, -1))
    expected = np.full((12, 12), IGNORE, np.uint8)
    expected[1:11, 1:11] = 0
    expected[1:6, 6:11] = 1
    np.testing.assert_array_equal(burnt, expected)
    assert (ground(below).burn([], (3, 3), PLACE) == IGNORE).all()


def test_labels_over_ground_without_data_do_not_count(tmp_path):
    pixels = np.full((3, 40, 40), 90, np.uint8)
    pixels[:, :, :15] = 0
    scene = save_scene(tmp_path / "scene.tif", pixels, nodata=0)
    save_model(tmp_path / "tiny.onnx")
    config = SegmentConfig(model=str(tmp_path / "tiny.onnx"), gsd="source")
    west, north = NORTH_UP * (0, 0)
    one = Square(1, "check", box(west + 10, north - 20, west + 20, north - 10), "reviewed")
    drawn = Label(2, box(west, north - 40, west + 40, north), 1)
    shown = ReviewedGround(str(scene), (one,), (drawn,), (), {1: 0, 2: 1})
    runs = [(load_predictor(config), config)] * 2
    compared = compare_models(shown, *runs, folder=tmp_path, reporter=Reporter())
    counted = summarise_comparison(compared, SCHEME_OF_TINY)["check"]
    assert counted["pixels"] == 10 * 5
    np.testing.assert_array_equal(compared[0].labels[:, 5:], 1)
    assert (compared[0].labels[:, :5] == IGNORE).all()


def test_the_difference_is_paired():
    found = summarise_comparison([compare(1, 20, 30), compare(2, 80, 90), compare(3, 50, 60)], SCHEME)["check"]
    assert (found["before"]["accuracy"], found["after"]["accuracy"]) == (0.5, 0.6)
    assert found["intervals"]["difference"] == pytest.approx((0.1, 0.1))  # each square alike, although they differ
    low, high = found["intervals"]["after"]
    assert low < 0.45
    assert high > 0.75
    assert (found["now_right"], found["now_wrong"]) == (0.1, 0.0)


def test_squares_to_check_with_and_to_train_on_are_told_apart():
    found = summarise_comparison([compare(1, 20, 30, "train")], SCHEME)
    assert found["check"]["before"] is None
    assert found["check"]["now_right"] is None
    assert found["train"]["squares"] == 1
    assert found["train"]["intervals"]["difference"] is None  # one square tells nothing of others


def test_the_label_that_is_contradicted_loudest_comes_first():
    small, large = Label(1, box(100, 190, 110, 195)), Label(1, box(100, 195, 110, 200))
    rows = list_suspicious([compare(1, 0, 45)], ground(small, large), SCHEME)
    assert [(row["share"], row["model"], row["label"]) for row in rows] == [
        (1.0, "Water", "Land"),
        (0.1, "Water", "Land"),
    ]
    assert rows[0]["confidence"] == 0.8
    assert not list_suspicious([compare(1, 0, 100)], ground(small, large), SCHEME)


def test_classes_are_matched_by_name():
    assert match_review([LandCoverClass(7, "water", "#000000")], SCHEME) == {7: 1}
    with pytest.raises(DataError, match="class Road"):
        match_review([LandCoverClass(1, "Road", "#000000")], SCHEME)


def test_the_page_shows_every_square(tmp_path):
    compared = [compare(1, 20, 30), compare(2, 80, 70, "train")]
    findings = {"model": "<new>", "parent": "old", "comparison": summarise_comparison(compared, SCHEME)}
    findings["suspicious"] = list_suspicious(compared, ground(Label(1, box(100, 190, 110, 200))), SCHEME)
    write_comparison_page(tmp_path / "page.html", findings, compared, SCHEME)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.count("<img") == 10
    assert "&lt;new&gt; against old" in page
    assert "+10.0 points" in describe_comparison(findings)[0]

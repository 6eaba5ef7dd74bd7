"""Accuracy from the confusion matrix."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from aerialseg_core.metrics import (
    IGNORE,
    average_known,
    bootstrap_interval,
    count_confusion,
    ious,
    kappa,
    measure_accuracy,
    measure_class_accuracy,
    micro_iou,
    micro_ious,
)

NAMES = ("Water", "Road", "Unlabeled")

Matrix = NDArray[np.int64]
matrices = arrays(np.int64, (3, 3), elements=st.integers(0, 50))


def test_scores_are_those_of_the_definition() -> None:
    rng = np.random.default_rng(0)
    labels = rng.choice(np.array([0, 1, 2, IGNORE], np.uint8), (30, 20))
    predicted = rng.integers(0, 3, (30, 20)).astype(np.uint8)
    matrix = count_confusion(labels, predicted, 3)
    scores, by_class = measure_accuracy(matrix, NAMES), measure_class_accuracy(matrix, NAMES)
    valid = labels != IGNORE
    for index, name in enumerate(NAMES):
        truth, guess = (labels == index) & valid, (predicted == index) & valid
        both = (truth & guess).sum()
        precision, recall = both / guess.sum(), both / truth.sum()
        assert scores.iou[name] == pytest.approx(both / (truth | guess).sum(), abs=1e-4)
        assert by_class[name].iou == scores.iou[name]
        assert by_class[name].precision == pytest.approx(precision, abs=1e-4)
        assert by_class[name].recall == pytest.approx(recall, abs=1e-4)
        assert by_class[name].f1 == pytest.approx(2 * precision * recall / (precision + recall), abs=1e-4)
        assert (by_class[name].labelled, by_class[name].predicted) == (truth.sum(), guess.sum())
    assert scores.accuracy == pytest.approx((labels == predicted)[valid].mean(), abs=1e-4)
    assert scores.pixels == valid.sum()
    known = [value for value in scores.iou.values() if value is not None]
    assert scores.miou == pytest.approx(np.mean(known), abs=1e-4)
    assert scores.miou_labelled == pytest.approx(np.mean(known[:2]), abs=1e-4)


def test_a_class_that_is_nowhere_has_no_score() -> None:
    matrix = count_confusion(np.zeros(4, np.uint8), np.zeros(4, np.uint8), 3)
    scores = measure_accuracy(matrix, NAMES)
    assert scores.iou == {"Water": 1.0, "Road": None, "Unlabeled": None}
    assert scores.miou == 1.0
    road = measure_class_accuracy(matrix, NAMES)["Road"]
    assert (road.iou, road.f1, road.precision, road.recall) == (None, None, None, None)


def test_nothing_to_score_is_no_error() -> None:
    nothing = np.zeros((3, 3), np.int64)
    assert measure_accuracy(nothing, NAMES).miou == 0.0
    assert micro_iou(nothing) is None
    assert kappa(nothing) is None
    assert np.isnan(average_known(ious(nothing)))


def test_classes_out_of_the_count_still_are_mistakes() -> None:
    matrix = np.array([[8, 0, 2], [0, 5, 0], [0, 0, 0]])  # the data have no third class, the model says it twice
    scores = measure_accuracy(matrix, NAMES, among=("Water", "Road"))
    assert scores.iou == {"Water": 0.8, "Road": 1.0}
    assert scores.miou == 0.9


@given(matrices)
def test_scores_do_not_depend_on_the_order_of_the_classes(matrix: Matrix) -> None:
    order = [2, 0, 1]
    turned = matrix[np.ix_(order, order)]
    names = [NAMES[i] for i in order]
    assert measure_accuracy(turned, names).miou == pytest.approx(measure_accuracy(matrix, NAMES).miou)
    assert measure_class_accuracy(turned, names) == measure_class_accuracy(matrix, NAMES)
    assert micro_iou(turned) == micro_iou(matrix)
    assert kappa(turned) == kappa(matrix)


@given(matrices)
def test_transposing_swaps_precision_and_recall_and_leaves_the_rest(matrix: Matrix) -> None:
    for name, here in measure_class_accuracy(matrix, NAMES).items():
        there = measure_class_accuracy(matrix.T, NAMES)[name]
        assert (here.precision, here.recall, here.iou, here.f1) == (
            there.recall,
            there.precision,
            there.iou,
            there.f1,
        )


@given(arrays(np.int64, 3, elements=st.integers(1, 50)))
def test_a_perfect_prediction_scores_1_everywhere(pixels: NDArray[np.int64]) -> None:
    matrix = np.diag(pixels)
    scores = measure_accuracy(matrix, NAMES)
    assert (scores.miou, scores.miou_labelled, scores.accuracy) == (1, 1, 1)
    assert (micro_iou(matrix), kappa(matrix)) == (1, 1)


@given(arrays(np.int64, 3, elements=st.integers(1, 50)), arrays(np.int64, 3, elements=st.integers(1, 50)))
def test_kappa_of_chance_is_0(labelled: NDArray[np.int64], predicted: NDArray[np.int64]) -> None:
    assert kappa(np.outer(labelled, predicted)) == pytest.approx(0)


@settings(max_examples=10, deadline=None)
@given(matrices)
def test_the_interval_of_identical_images_is_their_score(matrix: Matrix) -> None:
    limits = bootstrap_interval(np.array([matrix] * 3), micro_ious)
    value = micro_iou(matrix)
    assert limits == (None if value is None else (value, value))


def test_an_interval_holds_the_score_and_narrows_with_more_images() -> None:
    rng = np.random.default_rng(1)
    matrices = rng.integers(0, 100, (40, 3, 3)) + np.eye(3, dtype=np.int64) * rng.integers(0, 300, (40, 1, 1))
    widths = []
    for count in (5, 40):
        limits = bootstrap_interval(matrices[:count], lambda m: average_known(ious(m)))
        point = average_known(ious(matrices[:count].sum(axis=0)))
        assert limits is not None
        assert limits[0] <= point <= limits[1]
        widths.append(limits[1] - limits[0])
    assert widths[1] < widths[0]


def test_one_image_has_no_interval_and_one_seed_gives_one_interval() -> None:
    rng = np.random.default_rng(2)
    matrices = rng.integers(0, 100, (20, 3, 3))
    assert bootstrap_interval(matrices[:1], micro_ious) is None
    assert bootstrap_interval(matrices, micro_ious) == bootstrap_interval(matrices, micro_ious)
    assert bootstrap_interval(matrices, micro_ious, seed=1) != bootstrap_interval(matrices, micro_ious, seed=2)

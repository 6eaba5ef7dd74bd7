"""Scores from the confusion matrix."""

from __future__ import annotations

import numpy as np
import pytest

from aerialseg_core.classes import IGNORE
from aerialseg_core.metrics import confusion, score

NAMES = ("Water", "Road", "Unlabeled")


def test_scores_are_those_of_the_definition() -> None:
    rng = np.random.default_rng(0)
    labels = rng.choice(np.array([0, 1, 2, IGNORE], np.uint8), (30, 20))
    predicted = rng.integers(0, 3, (30, 20)).astype(np.uint8)
    scores = score(confusion(labels, predicted, 3), NAMES)
    valid = labels != IGNORE
    for index, name in enumerate(NAMES):
        both = (labels == index) & (predicted == index)
        either = ((labels == index) | (predicted == index)) & valid
        assert scores.iou[name] == pytest.approx(both.sum() / either.sum(), abs=1e-4)
    assert scores.accuracy == pytest.approx((labels == predicted)[valid].mean(), abs=1e-4)
    assert scores.pixels == valid.sum()
    known = [value for value in scores.iou.values() if value is not None]
    assert scores.miou == pytest.approx(np.mean(known), abs=1e-4)
    assert scores.miou_labelled == pytest.approx(np.mean(known[:2]), abs=1e-4)


def test_a_class_that_is_nowhere_has_no_score() -> None:
    scores = score(confusion(np.zeros(4, np.uint8), np.zeros(4, np.uint8), 3), NAMES)
    assert scores.iou == {"Water": 1.0, "Road": None, "Unlabeled": None}
    assert scores.miou == 1.0


def test_nothing_to_score_is_no_error() -> None:
    assert score(np.zeros((3, 3), np.int64), NAMES).miou == 0.0

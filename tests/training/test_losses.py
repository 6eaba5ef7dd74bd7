"""The loss."""

# ruff: noqa: E402 - the imports follow what skips them

from __future__ import annotations

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from aerialseg_core.classes import IGNORE
from aerialseg_core.training.losses import LossOptions, class_weights, dice, focal, make_loss

RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 4, (2, 8, 8)).astype(np.uint8)
HOLES = RNG.random((2, 8, 8)) < 0.3


def scores(seed: int) -> np.ndarray:
    raw = np.random.default_rng(seed).random((2, 8, 8, 4)).astype(np.float32)
    return raw / raw.sum(axis=-1, keepdims=True)


def number(value: object) -> float:
    return float(keras.ops.convert_to_numpy(value))


def perfect(labels: np.ndarray) -> np.ndarray:
    return np.eye(4, dtype=np.float32)[np.where(labels == IGNORE, 0, labels)]


@pytest.mark.parametrize("seed", range(3))
def test_what_is_predicted_under_ignored_pixels_changes_nothing(seed: int) -> None:
    labels = np.where(HOLES, IGNORE, LABELS).astype(np.uint8)
    one, other = scores(seed), scores(seed + 100)
    mixed = np.where(HOLES[..., None], other, one)
    loss = make_loss(LossOptions(balance=0.5), [1.0, 2.0, 0.5, 3.0])
    assert number(loss(labels, one)) == pytest.approx(number(loss(labels, mixed)), abs=1e-6)
    assert number(loss(labels, one)) != pytest.approx(number(loss(labels, other)), abs=1e-6)


def test_a_perfect_prediction_has_no_loss_and_the_opposite_almost_all() -> None:
    labels = np.where(HOLES, IGNORE, LABELS).astype(np.uint8)
    assert number(dice(labels, perfect(labels))) == pytest.approx(0, abs=1e-6)
    assert number(focal(labels, perfect(labels), gamma=2.0, weights=[1.0] * 4)) == pytest.approx(0, abs=1e-6)
    wrong = perfect(((LABELS + 1) % 4).astype(np.uint8))
    assert number(dice(LABELS, wrong)) > 0.9


def test_focal_without_focus_is_cross_entropy() -> None:
    given = scores(1)
    truth = np.take_along_axis(given, LABELS[..., None].astype(np.intp), axis=-1)
    expected = -np.log(truth).mean()
    assert number(focal(LABELS, given, gamma=0.0, weights=[1.0] * 4)) == pytest.approx(expected, rel=1e-4)


def test_nothing_labelled_is_no_loss() -> None:
    nothing = np.full((1, 4, 4), IGNORE, np.uint8)
    loss = make_loss(LossOptions(), [1.0] * 4)
    assert number(loss(nothing, scores(0)[:1, :4, :4])) == pytest.approx(0, abs=1e-6)


def test_class_weights_favour_rare_classes_up_to_a_limit() -> None:
    weights = class_weights([100, 10, 0, 1], LossOptions(balance=1.0, heaviest=5.0))
    assert weights[0] < 1 < weights[1] <= weights[3] == 5.0
    assert weights[2] == 1.0
    assert class_weights([3, 9], LossOptions(balance=0.0)) == [1.0, 1.0]

"""The losses: laws that every part obeys, and what each one is at known predictions."""

# ruff: noqa: E402 - the imports follow what skips them

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

keras = pytest.importorskip("keras")

from aerialseg_core.metrics import IGNORE
from aerialseg_core.training.losses import RANKS, join_teacher, make_loss, weigh_classes
from aerialseg_core.training.recipe import LossOptions

REPO = Path(__file__).resolve().parents[2]
CLASSES = 4
NONE = LossOptions(dice=0.0, focal=0.0)
PARTS = {
    "cross_entropy": replace(NONE, cross_entropy=1.0),
    "focal": replace(NONE, focal=1.0),
    "softly focal": replace(NONE, focal=1.0, gamma=0.5),
    "dice": replace(NONE, dice=1.0),
    "lovasz": replace(NONE, lovasz=1.0),
    "sum": LossOptions(cross_entropy=0.5, focal=0.3, dice=0.7, lovasz=0.4, overlap_weights=1.0),
}
SMOOTHED = {"smoothed": replace(PARTS["sum"], smoothing=0.2)}
WEIGHTS = [1.0, 2.0, 0.5, 3.0]
SEEDS = st.integers(0, 2**32 - 1)
MANY = settings(deadline=None, max_examples=12)

every_part = pytest.mark.parametrize("part", PARTS)
every_loss = pytest.mark.parametrize("part", [*PARTS, *SMOOTHED])


def loss_of(part: str, weights: list[float] | None = None) -> Callable[[Any, Any], Any]:
    return make_loss({**PARTS, **SMOOTHED}[part], weights or [1.0] * CLASSES)


def sample(seed: int, ignored: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    """Labels of (2, 6, 5) with holes, some of their classes absent, and scores."""
    rng = np.random.default_rng(seed)
    labels = rng.choice(rng.integers(0, CLASSES, 3), (2, 6, 5)).astype(np.uint8)
    labels[rng.random(labels.shape) < ignored] = IGNORE
    return labels, softmax(3 * rng.normal(size=(*labels.shape, CLASSES)))


def softmax(logits: np.ndarray) -> np.ndarray:
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return (raised / raised.sum(axis=-1, keepdims=True)).astype(np.float32)


def hard(labels: np.ndarray) -> np.ndarray:
    return np.eye(CLASSES, dtype=np.float32)[np.where(labels == IGNORE, 0, labels)]


def number(value: Any) -> float:
    return float(keras.ops.convert_to_numpy(value))


def gradient(loss: Callable[[Any, Any], Any], labels: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Gradient of the loss in the scores, on whichever backend is there."""
    if keras.backend.backend() == "torch":
        import torch

        x = torch.tensor(scores, requires_grad=True)
        loss(torch.tensor(labels), x).backward()
        return np.asarray(x.grad)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        x = tf.constant(scores)
        with tf.GradientTape() as tape:
            tape.watch(x)
            value = loss(tf.constant(labels), x)
        return np.asarray(tape.gradient(value, x))
    import jax

    return np.asarray(jax.grad(lambda x: loss(labels, x))(scores))


@MANY
@given(SEEDS)
def test_a_teacher_is_followed_where_it_speaks(seed: int) -> None:
    labels, scores = sample(seed)
    said = np.rint(255 * sample(seed + 1)[1])
    said[labels == 0] = 0
    joined = np.concatenate([labels[..., None], said], axis=-1).astype(np.float32)
    own = loss_of("cross_entropy")
    spoken = said.sum(axis=-1) > 0
    p = said[spoken] * WEIGHTS
    p /= p.sum(axis=-1, keepdims=True)
    divergence = np.sum(p * (np.log(p + 1e-7) - np.log(scores[spoken] + 1e-7)), axis=-1).mean() if spoken.any() else 0
    expected = 0.7 * number(own(labels, scores)) + 0.3 * divergence
    assert number(join_teacher(own, 0.3, WEIGHTS)(joined, scores)) == pytest.approx(expected, rel=1e-3, abs=1e-5)
    agreed = np.concatenate([labels[..., None], 255 * scores], axis=-1).astype(np.float32)
    assert number(join_teacher(own, 1.0, [1.0] * CLASSES)(agreed, scores)) == pytest.approx(0, abs=1e-5)


@every_part
@MANY
@given(SEEDS)
def test_a_perfect_prediction_has_no_loss_and_a_finite_gradient(part: str, seed: int) -> None:
    labels, _ = sample(seed)
    assert number(loss_of(part, WEIGHTS)(labels, hard(labels))) == pytest.approx(0, abs=1e-6)
    assert np.isfinite(gradient(loss_of(part, WEIGHTS), labels, hard(labels))).all()


@every_loss
@MANY
@given(SEEDS)
def test_a_loss_is_positive_and_its_gradient_finite_even_where_all_is_wrong(part: str, seed: int) -> None:
    labels, scores = sample(seed, ignored=0)
    for predicted in (scores, hard((labels + 1) % CLASSES)):
        assert number(loss_of(part, WEIGHTS)(labels, predicted)) > 0
        slopes = gradient(loss_of(part, WEIGHTS), labels, predicted)
        assert np.isfinite(slopes).all()
        own = np.take_along_axis(slopes, labels[..., None].astype(np.intp), axis=-1)
        assert (own < 0).all(), "more of the true class must always lower the loss"


@every_loss
@MANY
@given(SEEDS)
def test_ignored_pixels_change_neither_loss_nor_gradient(part: str, seed: int) -> None:
    labels, scores = sample(seed)
    _, others = sample(seed + 1)
    ignored = labels == IGNORE
    mixed = np.where(ignored[..., None], others, scores)
    loss = loss_of(part, WEIGHTS)
    assert number(loss(labels, mixed)) == number(loss(labels, scores))
    slopes = gradient(loss, labels, scores)
    np.testing.assert_array_equal(slopes[~ignored], gradient(loss, labels, mixed)[~ignored])
    assert (slopes[ignored] == 0).all()
    cut = labels.ravel()[~ignored.ravel()], scores.reshape(-1, CLASSES)[~ignored.ravel()]
    assert number(loss(cut[0][None, None], cut[1][None, None])) == pytest.approx(number(loss(labels, scores)), rel=1e-4)


@every_loss
@MANY
@given(SEEDS)
def test_the_order_of_the_pixels_does_not_matter(part: str, seed: int) -> None:
    labels, scores = sample(seed)
    order = np.random.default_rng(seed).permutation(labels.size)
    shuffled = labels.ravel()[order].reshape(labels.shape), scores.reshape(-1, CLASSES)[order].reshape(scores.shape)
    loss = loss_of(part, WEIGHTS)
    assert number(loss(*shuffled)) == pytest.approx(number(loss(labels, scores)), rel=1e-4)
    moved = gradient(loss, labels, scores).reshape(-1, CLASSES)[order]
    np.testing.assert_allclose(gradient(loss, *shuffled).reshape(-1, CLASSES), moved, rtol=1e-3, atol=1e-6)


@every_loss
def test_a_batch_without_labels_has_no_loss_and_no_gradient(part: str) -> None:
    nothing = np.full((2, 6, 5), IGNORE, np.uint8)
    _, scores = sample(0)
    assert number(loss_of(part)(nothing, scores)) == pytest.approx(0, abs=1e-6)
    assert (gradient(loss_of(part), nothing, scores) == 0).all()


@every_part
def test_a_class_that_never_occurs_does_no_harm(part: str) -> None:
    labels = np.ones((1, 4, 4), np.uint8)
    assert number(loss_of(part)(labels, hard(labels))) == pytest.approx(0, abs=1e-6)
    assert 0 < number(loss_of(part)(labels, np.full((1, 4, 4, CLASSES), 0.25, np.float32))) < 10


@MANY
@given(SEEDS)
def test_lovasz_is_the_jaccard_loss_at_hard_predictions(seed: int) -> None:
    labels, scores = sample(seed)
    predicted = scores.argmax(axis=-1)
    losses = []
    for c in np.unique(labels[labels != IGNORE]):
        truth, found = labels == c, (predicted == c) & (labels != IGNORE)
        losses.append(1 - (truth & found).sum() / (truth | found).sum())
    assert number(loss_of("lovasz")(labels, hard(predicted))) == pytest.approx(np.mean(losses), abs=1e-5)


def published_lovasz(labels: np.ndarray, scores: np.ndarray) -> float:
    """Algorithm 1 of the paper, with a real sort, averaged over the classes that are present."""
    valid = labels != IGNORE
    losses = []
    for c in np.unique(labels[valid]):
        truth = (labels[valid] == c).astype(np.float64)
        errors = np.abs(truth - scores[valid][:, c])
        order = np.argsort(-errors)
        common = truth.sum() - np.cumsum(truth[order])
        union = truth.sum() + np.cumsum(1 - truth[order])
        losses.append((errors[order] * np.diff(1 - common / union, prepend=0)).sum())
    return float(np.mean(losses))


@MANY
@given(SEEDS, st.floats(0.1, 30))
def test_lovasz_is_the_published_one_to_a_step(seed: int, sharpness: float) -> None:
    labels, scores = sample(seed)
    scores = softmax(np.log(scores + 1e-9) * sharpness)
    assert number(loss_of("lovasz")(labels, scores)) == pytest.approx(published_lovasz(labels, scores), abs=2 / RANKS)


def test_focal_without_focus_is_cross_entropy_and_focus_counts_hard_pixels_more() -> None:
    labels, scores = sample(1, ignored=0)
    p = np.take_along_axis(scores, labels[..., None].astype(np.intp), axis=-1)
    for weights in ([1.0] * CLASSES, WEIGHTS):
        w = np.array(weights)[labels][..., None]
        unfocused = make_loss(replace(PARTS["focal"], gamma=0.0), weights)
        expected = -(w * np.log(p)).mean()
        assert number(loss_of("cross_entropy", weights)(labels, scores)) == pytest.approx(expected, rel=1e-3)
        assert number(unfocused(labels, scores)) == pytest.approx(expected, rel=1e-3)
        expected = -(w * (1 - p) ** 2 * np.log(p)).mean()
        assert number(loss_of("focal", weights)(labels, scores)) == pytest.approx(expected, rel=1e-3)


def test_smoothed_cross_entropy_is_least_at_the_smoothed_label() -> None:
    labels = np.zeros((1, 1, 1), np.uint8)
    smoothed = make_loss(replace(PARTS["cross_entropy"], smoothing=0.2), [1.0] * CLASSES)

    def at(p: float) -> float:
        scores = np.full((1, 1, 1, CLASSES), (1 - p) / (CLASSES - 1), np.float32)
        scores[..., 0] = p
        return number(smoothed(labels, scores))

    best = 1 - 0.2 + 0.2 / CLASSES
    assert at(best) < min(at(best - 0.03), at(best + 0.03))


def test_dice_is_one_minus_f1_at_hard_predictions() -> None:
    labels = np.repeat(np.arange(CLASSES, dtype=np.uint8), 5000).reshape(1, 100, -1)
    predicted = np.where(np.arange(labels.size).reshape(labels.shape) % 5 == 0, 0, labels)
    f1 = [
        2 * ((labels == c) & (predicted == c)).sum() / ((labels == c).sum() + (predicted == c).sum()) for c in range(4)
    ]
    assert number(loss_of("dice")(labels, hard(predicted))) == pytest.approx(1 - np.mean(f1), abs=1e-4)
    expected = 1 - np.average(f1, weights=WEIGHTS)
    weighted = make_loss(replace(PARTS["dice"], overlap_weights=1.0), WEIGHTS)
    assert number(weighted(labels, hard(predicted))) == pytest.approx(expected, abs=1e-4)


def test_weights_reach_the_overlap_losses_only_when_asked() -> None:
    labels, scores = sample(3)
    for part in ("dice", "lovasz"):
        plain, weighted = loss_of(part), loss_of(part, WEIGHTS)
        assert number(plain(labels, scores)) == pytest.approx(number(weighted(labels, scores)))
        heavier = make_loss(replace(PARTS[part], overlap_weights=1.0), WEIGHTS)
        assert number(heavier(labels, scores)) != pytest.approx(number(weighted(labels, scores)), rel=1e-3)


def test_the_whole_is_the_sum_of_its_parts() -> None:
    labels, scores = sample(5)
    options = PARTS["sum"]
    shares = {name: getattr(options, name) for name in ("cross_entropy", "focal", "dice", "lovasz")}
    parts = sum(
        share * number(make_loss(replace(options, **{n: float(n == name) for n in shares}), WEIGHTS)(labels, scores))
        for name, share in shares.items()
    )
    assert number(make_loss(options, WEIGHTS)(labels, scores)) == pytest.approx(parts, rel=1e-4)


@every_loss
def test_the_gradient_is_that_of_the_loss(part: str) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch, which checks gradients, is not installed")
    if keras.backend.backend() != "torch":
        pytest.skip("gradients are checked on the torch backend")
    labels, _ = sample(8)
    scores = softmax(np.random.default_rng(8).normal(size=(*labels.shape, CLASSES)))
    x = torch.tensor(scores, dtype=torch.float64, requires_grad=True)
    loss = loss_of(part, WEIGHTS)
    assert torch.autograd.gradcheck(lambda s: loss(torch.tensor(labels), s), (x,), eps=1e-7, atol=1e-4, fast_mode=True)


def test_labels_may_be_of_any_type_as_keras_hands_them_over() -> None:
    labels, scores = sample(4)
    loss = loss_of("sum", WEIGHTS)
    for dtype in ("float32", "int64"):
        assert number(loss(labels.astype(dtype), scores)) == number(loss(labels, scores))


def test_weigh_classes_favour_rare_classes_up_to_a_limit() -> None:
    weights = weigh_classes([100, 10, 0, 1], LossOptions(balance=1.0, heaviest=5.0))
    assert weights[0] < 1 < weights[1] <= weights[3] == 5.0
    assert weights[2] == 1.0
    assert weigh_classes([3, 9], LossOptions(balance=0.0)) == [1.0, 1.0]


def test_every_option_can_stand_in_a_recipe() -> None:
    assert all(isinstance(getattr(LossOptions(), field.name), (float, bool)) for field in fields(LossOptions))


PROGRAM = """
import json, numpy as np
from test_losses import *
results = []
for part in [*PARTS, *SMOOTHED]:
    labels, scores = sample(11)
    slopes = gradient(loss_of(part, WEIGHTS), labels, scores)
    results.append([number(loss_of(part, WEIGHTS)(labels, scores)), *slopes.astype(float).ravel().tolist()])
model = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(CLASSES, 1, activation="softmax")])
model.compile("sgd", loss=loss_of("smoothed", WEIGHTS), jit_compile=keras.backend.backend() == "jax")
rng = np.random.default_rng(0)
model.layers[-1].set_weights([rng.normal(size=(1, 1, 3, CLASSES)), np.zeros(CLASSES)])
image = rng.random((2, 6, 5, 3)).astype("float32")
results.append([float(model.train_on_batch(image, labels)) for _ in range(3)])
print("RESULT", json.dumps(results))
"""


@pytest.mark.slow
def test_all_backends_agree() -> None:
    installed = [name for name in ("tensorflow", "torch", "jax") if importlib.util.find_spec(name)]
    if len(installed) < 2:
        pytest.skip(f"only {installed} of Keras's backends are installed")
    results = {}
    for name in installed:
        environment = {
            **os.environ,
            "KERAS_BACKEND": name,
            "PYTHONPATH": os.pathsep.join([str(REPO), str(Path(__file__).parent)]),
        }
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert run.returncode == 0, run.stderr[-2000:]
        results[name] = json.loads(run.stdout.split("RESULT")[1])
    first, *others = results.values()
    for other in others:
        for one, two in zip(first, other, strict=True):
            np.testing.assert_allclose(one, two, rtol=1e-3, atol=1e-5)

"""The signature of a network: whatever its numbers are, they become probabilities that decide as they should."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from aerialseg_core.errors import ModelError
from aerialseg_core.model.scores import decide
from aerialseg_core.model.signature import OWN, Signature, infer_output, list_input_layouts, resize_scores

SIDE = 4
shares = st.floats(0, 1, width=32)
planes = arrays(np.float32, (1, 3, SIDE, SIDE), elements=shares)
thresholds = st.floats(0.0625, 0.9375, width=32)


def winners(signature: Signature, found: NDArray[Any]) -> NDArray[np.uint8]:
    scores = signature.to_scores(found.copy(), SIDE)
    assert np.abs(scores.sum(axis=1) - 1).max() < 1e-5
    assert scores.min() >= 0
    return decide(scores[0])[0]


@settings(deadline=None, max_examples=50)
@given(arrays(np.float32, (1, 1, SIDE, SIDE), elements=shares), thresholds)
def test_one_channel_is_the_class_from_its_threshold_on(found: NDArray[np.float32], threshold: float) -> None:
    found[0, 0, 0, 0] = threshold
    signature = Signature(meaning="probability", threshold=threshold, classes=2)
    assert np.array_equal(winners(signature, found) == 2, found[0, 0] >= np.float32(threshold))
    logits = np.array([-1e4, -1, 0, 1, 1e4], np.float32).reshape(1, 1, 5, 1).repeat(5, axis=3)
    certain = Signature(meaning="logit", classes=2).to_scores(logits, 5)
    assert np.allclose(certain[0, 1, :, 0], [0, 0.2689414, 0.5, 0.7310586, 1], atol=1e-6)


@settings(deadline=None, max_examples=50)
@given(planes, thresholds)
def test_a_threshold_decides_as_in_deepness_and_makes_nothing_sure(
    found: NDArray[np.float32], threshold: float
) -> None:
    found += np.float32(1e-3)
    found /= found.sum(axis=1, keepdims=True)
    signature = Signature(threshold=threshold, classes=3)
    kept = found.copy()
    kept[:, 1:][kept[:, 1:] < np.float32(threshold)] = 0
    clear = np.sort(kept[0], axis=0)
    decided = clear[-1] - clear[-2] > 1e-5  # equals go to the first, and rounding may part them
    assert np.array_equal(winners(signature, found)[decided], kept[0].argmax(axis=0)[decided] + 1)
    lowest = np.full((1, 3, SIDE, SIDE), threshold / 2, np.float32)
    lowest[:, 0] = 0
    assert (winners(signature, lowest) == 1).all()
    assert signature.to_scores(lowest, SIDE).max() < 0.34


@settings(deadline=None, max_examples=50)
@given(planes)
def test_a_probability_of_each_class_by_itself_keeps_its_order_and_its_doubt(found: NDArray[np.float32]) -> None:
    scores = Signature(meaning="independent", classes=3).to_scores(found.copy(), SIDE)
    assert np.allclose(scores.sum(axis=1), 1, atol=1e-5)
    assert (np.take_along_axis(scores, found.argmax(axis=1)[:, None], axis=1) >= scores.max(axis=1) - 1e-6).all()
    doubt = 1 - np.minimum(found.sum(axis=1), 1)
    assert (scores.min(axis=1) >= doubt / 3 - 1e-6).all(), "what is missing from 1 goes to all alike"


@settings(deadline=None, max_examples=25)
@given(arrays(np.float32, (2, 3, SIDE, SIDE), elements=st.floats(-1e4, 1e4, width=32)))
def test_logits_become_their_softmax(found: NDArray[np.float32]) -> None:
    scores = Signature(meaning="logits", classes=3).to_scores(found, SIDE)
    exact = np.exp(found.astype(float) - found.max(axis=1, keepdims=True))
    assert np.allclose(scores, exact / exact.sum(axis=1, keepdims=True), atol=1e-5)


def test_numbers_of_classes_are_planes_and_others_are_refused() -> None:
    numbers = np.arange(4).reshape(1, 2, 2)
    signature = Signature(meaning="indices", layout="NHW", classes=4)
    assert np.array_equal(signature.to_scores(numbers, 2)[0].argmax(axis=0), numbers[0])
    for wrong in (numbers + 1, numbers - 1, numbers + 0.5, numbers * np.nan):
        with pytest.raises(ModelError, match="class numbers beyond 0…3"):
            signature.to_scores(wrong, 2)
    mask = Signature(meaning="indices", layout="NHW", classes=2, scale=255.0)
    assert mask.to_scores(np.full((1, 2, 2), 255, np.uint8), 2)[0, 1].all()


@pytest.mark.parametrize(
    ("layout", "axes"), [("NCHW", None), ("NHWC", (0, 2, 3, 1)), ("CHW", None), ("HWC", (1, 2, 0))]
)
def test_every_order_of_axes_is_brought_to_one(layout: Any, axes: tuple[int, ...] | None) -> None:
    scores = np.random.default_rng(0).dirichlet([1, 1, 1], (1, 8, 8)).transpose(0, 3, 1, 2).astype(np.float32)
    given = scores if layout.startswith("N") else scores[0]
    given = given if axes is None else given.transpose(axes)
    assert np.array_equal(Signature(layout=layout).to_scores(given, 8), scores)
    with pytest.raises(ModelError, match=r"not .* as when it was tried"):
        Signature(layout=layout).to_scores(given[0], 8)


@pytest.mark.parametrize(("source", "target"), [(4, 16), (16, 4), (8, 8)])
def test_scores_of_another_resolution_lie_where_they_were(source: int, target: int) -> None:
    """A ramp stays the same ramp, away from the edges; the sums stay 1."""
    ramp = (np.arange(source, dtype=np.float32) + 0.5) / source
    scores = np.stack([ramp, 1 - ramp])[None, :, None].repeat(source, axis=2)
    found = resize_scores(scores, target)
    inner = slice(target // 4, -(target // 4))
    assert np.allclose(found[0, 0, 0, inner], ((np.arange(target) + 0.5) / target)[inner], atol=1e-6)
    assert np.allclose(found.sum(axis=1), 1, atol=1e-6)
    with pytest.raises(ModelError, match="scores of"):
        resize_scores(scores, target * 2 + 1)


def test_what_goes_in_is_what_the_network_takes() -> None:
    patches = np.random.default_rng(0).uniform(-3, 300, (2, 3, 4, 4)).astype(np.float32)
    assert OWN.feed(patches) is patches
    raw = Signature(dtype="uint8", channels_last=True).feed(patches)
    assert (raw.dtype, raw.shape, raw.flags.c_contiguous) == (np.uint8, (2, 4, 4, 3), True)
    assert np.array_equal(raw.transpose(0, 3, 1, 2), np.clip(np.rint(patches), 0, 255))
    assert Signature(dtype="float16").feed(patches).dtype == np.float16


@pytest.mark.parametrize(
    ("shape", "ways"),
    [
        ((0, 3, 0, 0), [(False, 3, 0)]),
        ((1, 3, 256, 256), [(False, 3, 256)]),
        ((0, 0, 0, 3), [(True, 3, 0)]),
        ((1, 256, 256, 4), [(True, 4, 256)]),
        ((0, 0, 0, 0), [(False, 0, 0), (True, 0, 0)]),
        ((1, 64, 64, 64), [(False, 64, 64), (True, 64, 64)]),
        ((1, 3, 256, 512), []),
        ((3, 256, 256), []),
    ],
)
def test_the_axes_of_an_input_are_told_by_their_sizes(shape: tuple[int, ...], ways: list[Any]) -> None:
    assert list_input_layouts(shape) == ways


def _values(*, low: float, high: float, channels: int, whole: bool = False) -> list[NDArray[Any]]:
    values = np.random.default_rng(0).uniform(low, high, (2, 1, channels, 32, 32)).astype(np.float32)
    return [*(np.rint(values) if whole else values)]


@pytest.mark.parametrize(
    ("values", "meaning"),
    [
        (_values(low=0, high=1, channels=1), "probability"),
        (_values(low=-4, high=4, channels=1), "logit"),
        (_values(low=0, high=5, channels=1, whole=True), "indices"),
        (_values(low=0, high=1, channels=3), "independent"),
        (_values(low=-4, high=4, channels=3), "logits"),
        (_values(low=0, high=90, channels=1), "neither a probability nor logits"),
        (_values(low=-5, high=5, channels=1, whole=True), "whole numbers from -5 to 5"),
    ],
)
def test_what_the_numbers_are_is_told_by_what_they_are_like(values: list[NDArray[Any]], meaning: str) -> None:
    found = infer_output("p", values, batch=1, side=32)
    assert meaning in (found if isinstance(found, str) else found.meaning)


def test_a_saturated_sigmoid_is_no_number_of_a_class_where_the_network_says_so() -> None:
    values = _values(low=0, high=1, channels=1, whole=True)
    told = [infer_output("p", values, batch=1, side=32, activated=known) for known in (False, True)]
    assert [one if isinstance(one, str) else one.meaning for one in told] == ["indices", "probability"]

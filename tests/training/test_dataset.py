"""Batches: the same for the same seed, epoch and index; rare classes come as often as asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

keras = pytest.importorskip("keras")

from aerialseg_core.metrics import IGNORE  # noqa: E402
from aerialseg_core.model.card import Band  # noqa: E402
from aerialseg_core.training.dataset import (  # noqa: E402
    BatchOptions,
    EpochCallback,
    PatchDataset,
    keep_opencv_to_one_thread,
    weigh_patches,
)
from aerialseg_core.training.patch_cache import PatchCache  # noqa: E402
from aerialseg_core.training.recipe import AugmentationOptions  # noqa: E402

CLASSES = 4
OPTIONS = BatchOptions(size=3, steps=5, side=32, balance=0.0, seed=7)
STRONG = AugmentationOptions(scale=(0.7, 1.4), gain=0.2, haze=0.3, noise=0.02, jpeg=0.3, saturation=0.5)


def make_cache(rare: int = 9, n: int = 6) -> PatchCache:
    """Patches of classes 0 and 1 by halves; class 2 has `rare` pixels in the last patch, class 3 none."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (n, 64, 64, 3)).astype(np.uint8)
    labels = np.zeros((n, 64, 64), np.uint8)
    labels[:, 32:] = 1
    labels[:, :, :5] = IGNORE
    labels[-1].ravel()[1000 : 1000 + rare] = 2
    counts = np.stack([np.bincount(patch.ravel(), minlength=256)[:CLASSES] for patch in labels])
    return PatchCache(images, labels, counts.astype(np.int64))


def make(options: BatchOptions = OPTIONS, cache: PatchCache | None = None, **more: Any) -> PatchDataset:
    bands = [Band(name, 255.0, 0.5, 0.25) for name in ("red", "green", "blue")]
    return PatchDataset(cache or make_cache(), options, augmentation=STRONG, bands=bands, tints={}, **more)


def same(one: Any, other: Any) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_a_batch_has_the_shapes_types_and_scale_that_it_says() -> None:
    images, labels = make()[0]
    assert images.shape == (3, 32, 32, 3)
    assert images.dtype == np.float32
    assert -2 <= images.min() < images.max() <= 2
    assert labels.shape == (3, 32, 32)
    assert labels.dtype == np.uint8
    assert len(make()) == 5


def test_a_batch_depends_on_seed_epoch_and_index_alone() -> None:
    there, again = make(), make()
    for index in (4, 0, 2):  # in any order, and whatever was drawn before
        assert same(there[index], again[index])
    assert not same(there[0], there[1])
    assert not same(there[0], make(replace(OPTIONS, seed=8))[0])


@pytest.mark.parametrize("workers", [0, 1, 2, 9])
def test_a_batch_does_not_depend_on_the_workers(workers: int) -> None:
    data = make(replace(OPTIONS, workers=workers))
    for index in (0, 1, 3, 4, 0, 2):
        assert same(data[index], make(replace(OPTIONS, workers=0))[index])


def test_an_error_of_a_worker_reaches_the_caller() -> None:
    data = make(cache=replace(make_cache(), images=make_cache().images[:0]))
    with pytest.raises(IndexError):
        data[0]


def test_a_resumed_run_draws_what_the_interrupted_one_would_have() -> None:
    whole = make()
    first = whole[1]
    for _ in range(3):
        whole.on_epoch_end()
    assert whole.epoch == 3
    assert same(whole[1], make(first_epoch=3)[1])
    resumed = make()
    resumed.epoch = 3
    assert same(whole[1], resumed[1])
    assert not same(whole[1], first)


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_a_network_sees_the_batches_of_its_epoch_in_order_whatever_the_workers(workers: int) -> None:
    totals: list[float] = []

    def remember(labels: Any, scores: Any) -> Any:
        totals.append(float(keras.ops.sum(keras.ops.cast(labels, "float32"))))
        return keras.ops.mean(scores)

    model = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(CLASSES, 1, activation="softmax")])
    model.compile("sgd", loss=remember, run_eagerly=True)
    if keras.backend.backend() == "jax":
        pytest.skip("JAX does not let a loss look at its values")
    data = make(replace(OPTIONS, workers=workers))
    for first in (0, 3):
        model.fit(
            data, initial_epoch=first, epochs=first + 2, shuffle=False, verbose=0, callbacks=[EpochCallback(data)]
        )
        epochs = [make(first_epoch=epoch) for epoch in (first, first + 1)]
        expected = [float(epoch[i][1].astype(float).sum()) for epoch in epochs for i in range(len(data))]
        assert totals[-len(expected) :] == expected


class CountedPatches:
    """Patches that count how often one is read."""

    def __init__(self, patches: np.ndarray) -> None:
        self._patches = patches
        self.dtype = patches.dtype
        self.read = 0

    def __getitem__(self, index: int) -> np.ndarray:
        self.read += 1
        return self._patches[index]


def test_the_first_batch_of_an_epoch_is_prepared_in_the_one_before() -> None:
    """The network does not wait for it."""
    images: Any = CountedPatches(make_cache().images[:])
    data = make(replace(OPTIONS, workers=1), replace(make_cache(), images=images))
    data[len(data) - 1]
    assert data._threads
    data._threads.shutdown()
    assert images.read == 2 * OPTIONS.size
    data.epoch = 1
    assert same(data._prepared[1, 0].result(), make(first_epoch=1)[0])


def test_opencv_has_its_threads_again_after_a_training() -> None:
    before = cv2.getNumThreads()
    with keep_opencv_to_one_thread():
        assert cv2.getNumThreads() == 1
    assert cv2.getNumThreads() == before


def test_rare_classes_come_as_often_as_asked() -> None:
    """Half of the patches are drawn for one of the three classes that occur: a sixth of them shows the rare one."""
    chance = [
        np.mean([(patch == 2).any() for i in range(60) for patch in make(replace(OPTIONS, rare=rare, steps=60))[i][1]])
        for rare in (0.0, 0.5, 1.0)
    ]
    assert chance[0] < 0.15
    assert 1 / 6 - 0.1 < chance[1] < 1 / 6 + 0.2
    assert 1 / 3 - 0.1 < chance[2] < 1 / 3 + 0.2
    assert chance[0] < chance[1] < chance[2]


@settings(deadline=None, max_examples=20)
@given(st.lists(st.lists(st.integers(0, 1000), min_size=3, max_size=3), min_size=1, max_size=9), st.floats(0, 1))
def test_chances_are_chances_and_0_without_labels(counts: list[list[int]], balance: float) -> None:
    array = np.array(counts, np.int64)
    if not array.sum():
        return
    chances = weigh_patches(array, balance)
    assert chances.sum() == pytest.approx(1)
    assert (chances[array.sum(axis=1) == 0] == 0).all()
    assert (chances[array.sum(axis=1) > 0] > 0).all()


def test_patches_with_rare_classes_are_preferred_as_told() -> None:
    counts = np.array([[100, 0], [90, 10], [0, 0]])
    np.testing.assert_allclose(weigh_patches(counts, 0.0), [0.5, 0.5, 0])
    preferred = weigh_patches(counts, 1.0)
    assert preferred[1] > preferred[0] > preferred[2] == 0

"""Augmentation moves image and labels alike, and stays in range."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("keras")

from aerialseg_core.classes import IGNORE
from aerialseg_core.training.augmentation import (
    AugmentationOptions,
    augment,
    blur,
    cut_at_random,
    recolour,
    tint,
    turn,
)
from aerialseg_core.training.resampling import bilinear, nearest

STRONG = AugmentationOptions(
    scale=(0.5, 2.0),
    gain=0.2,
    gamma=0.4,
    contrast=0.3,
    brightness=0.1,
    saturation=0.7,
    hue=20,
    grey=0.1,
    blur=0.5,
    noise=0.03,
    tinted=0.5,
)
SEEDS = st.integers(0, 2**32 - 1)


def encoded(rng: np.random.Generator, side: int = 96) -> tuple[np.ndarray, np.ndarray]:
    """Labels in squares of 16 px, and an image whose value is the label times 40."""
    labels = np.kron(rng.integers(0, 6, (side // 16, side // 16), np.uint8), np.ones((16, 16), np.uint8))
    return np.repeat(labels[..., None] * 40, 3, axis=2).astype(np.uint8), labels.astype(np.uint8)


@settings(deadline=None, max_examples=50)
@given(SEEDS)
def test_image_and_labels_move_alike(seed: int) -> None:
    rng = np.random.default_rng(seed)
    options = AugmentationOptions(scale=(0.5, 2.0))
    image, labels = augment(*encoded(rng), options, side=48, full=255, tints={}, random=rng)
    assert image.shape == (48, 48, 3)
    assert labels.shape == (48, 48)
    inner = interior(labels)
    np.testing.assert_allclose(image[inner][:, 0], labels[inner] * 40.0, atol=1e-2)


def interior(labels: np.ndarray) -> np.ndarray:
    """Pixels whose neighbours within 2 px have the same label: resampling mixes classes only at their edges."""
    padded = np.pad(labels, 2, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (5, 5))
    return (windows == labels[..., None, None]).all(axis=(2, 3))


@settings(deadline=None, max_examples=50)
@given(SEEDS, st.sampled_from([1, 3, 4]))
def test_values_stay_in_range_for_any_number_of_bands(seed: int, bands: int) -> None:
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (64, 64, bands)).astype(np.uint8)
    labels = rng.integers(0, 6, (64, 64)).astype(np.uint8)
    made, _ = augment(image, labels, STRONG, side=32, full=255, tints={3: (0.5,) * bands}, random=rng)
    assert made.dtype == np.float32
    assert np.isfinite(made).all()
    assert made.min() >= 0
    assert made.max() <= 255


def test_nothing_switched_on_changes_nothing() -> None:
    rng = np.random.default_rng(0)
    image, labels = encoded(rng)
    made, kept = augment(image, labels, AugmentationOptions(turn=False), side=96, full=255, tints={}, random=rng)
    np.testing.assert_allclose(made, image, atol=1e-4)
    np.testing.assert_array_equal(kept, labels)


def test_the_same_chance_gives_the_same_patch() -> None:
    image, labels = encoded(np.random.default_rng(1))
    made = [
        augment(image, labels, STRONG, side=32, full=255, tints={}, random=np.random.default_rng(5)) for _ in range(2)
    ]
    np.testing.assert_array_equal(made[0][0], made[1][0])


def test_the_eight_turns_are_the_symmetries_of_the_square() -> None:
    image = np.arange(9.0, dtype=np.float32).reshape(3, 3, 1)
    labels = np.arange(9, dtype=np.uint8).reshape(3, 3)
    turned = [turn(image, labels, symmetry) for symmetry in range(8)]
    assert len({t[1].tobytes() for t in turned}) == 8
    for made, moved in turned:
        np.testing.assert_array_equal(made[..., 0], moved)


def test_ignored_ground_is_avoided_where_there_is_a_choice() -> None:
    labels = np.full((128, 128), IGNORE, np.uint8)
    labels[:, :64] = 1
    image = np.zeros((128, 128, 3), np.uint8)
    shares = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        _, cut = cut_at_random(image, labels, AugmentationOptions(), side=32, random=rng)
        shares.append((cut != IGNORE).mean())
    assert np.mean(shares) > 0.75


def test_a_tint_reaches_its_class_only() -> None:
    labels = np.zeros((64, 64), np.uint8)
    labels[:, 32:] = 3
    image = np.full((64, 64, 3), 0.5, np.float32)
    made = tint(image, labels, {3: (0.5, 1.5, 0.5)}, np.random.default_rng(3))
    np.testing.assert_allclose(made[:, :20], 0.5, atol=1e-6)
    assert (made[:, 45:, 1] > 0.5).all()
    assert (made[:, 45:, 0] < 0.5).all()


def test_grey_patches_have_no_colour() -> None:
    rng = np.random.default_rng(0)
    image = rng.random((16, 16, 3)).astype(np.float32)
    made = recolour(image, replace(AugmentationOptions(), grey=1.0), rng)
    assert np.ptp(made, axis=2).max() < 1e-2


def test_blur_keeps_a_flat_image_and_the_mean() -> None:
    flat = np.full((5, 7, 2), 0.3, np.float32)
    np.testing.assert_allclose(blur(flat), flat, atol=1e-6)
    dot = np.zeros((5, 5, 1), np.float32)
    dot[2, 2] = 16
    np.testing.assert_allclose(blur(dot)[1:4, 1:4, 0], [[1, 2, 1], [2, 4, 2], [1, 2, 1]])


def test_halving_is_the_mean_of_two_by_two_pixels() -> None:
    image = np.random.default_rng(0).random((8, 6, 2)).astype(np.float32)
    means = image.reshape(4, 2, 3, 2, 2).mean(axis=(1, 3))
    np.testing.assert_allclose(bilinear(image, (4, 3)), means, rtol=1e-5)


@pytest.mark.parametrize("size", [(1, 1), (3, 9), (16, 5)])
def test_resampling_a_ramp_gives_a_ramp(size: tuple[int, int]) -> None:
    rows, cols = np.mgrid[0:8, 0:8].astype(np.float32) + 0.5
    made = bilinear(np.stack([rows, cols], axis=2), size)
    expected = (np.arange(size[0]) + 0.5) * 8 / size[0]
    np.testing.assert_allclose(made[:, 0, 0], np.clip(expected, 0.5, 7.5), rtol=1e-5)
    labels = nearest(np.arange(64, dtype=np.uint8).reshape(8, 8), size)
    assert labels.shape == size

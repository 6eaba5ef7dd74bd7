"""Augmentation moves image and labels alike, stays in range, and does what it is asked."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("keras")

from aerialseg_core.metrics import IGNORE
from aerialseg_core.training.augmentation import PatchForm, augment, cut_at_random, turn
from aerialseg_core.training.photometric import add_haze, add_noise, blur, change_look, compress_jpeg, cut_off, tint
from aerialseg_core.training.recipe import AugmentationOptions, PhotometricOptions

STILL = AugmentationOptions(turn=False)
STRONG = AugmentationOptions(
    scale=(0.5, 2.0),
    gain=0.2,
    gamma=0.4,
    contrast=0.3,
    brightness=0.1,
    saturation=0.7,
    hue=20,
    grey=0.1,
    haze=0.5,
    blur=0.5,
    noise=0.03,
    jpeg=0.5,
    tinted=0.5,
)
SEEDS = st.integers(0, 2**32 - 1)
MANY = settings(deadline=None, max_examples=30)


def encoded(rng: np.random.Generator, side: int = 96) -> tuple[np.ndarray, np.ndarray]:
    """Labels in squares of 16 px, and an image whose value is the label times 40."""
    labels = np.kron(rng.integers(0, 6, (side // 16, side // 16), np.uint8), np.ones((16, 16), np.uint8))
    return np.repeat(labels[..., None] * 40, 3, axis=2).astype(np.uint8), labels.astype(np.uint8)


def photo(seed: int = 0, side: int = 64, bands: int = 3) -> np.ndarray:
    """A smooth colourful image, 0…1."""
    coarse = np.random.default_rng(seed).random((8, 8, bands)).astype(np.float32)
    return np.atleast_3d(cv2.resize(coarse, (side, side)))


@MANY
@given(SEEDS, st.booleans())
def test_image_and_labels_move_alike(seed: int, focused: bool) -> None:
    rng = np.random.default_rng(seed)
    options = AugmentationOptions(scale=(0.5, 2.0))
    form = PatchForm(48, 255)
    image, labels = augment(*encoded(rng), options, form=form, rng=rng, focus=3 if focused else None)
    assert image.shape == (48, 48, 3)
    assert labels.shape == (48, 48)
    inner = interior(labels)
    np.testing.assert_allclose(image[inner][:, 0], labels[inner] * 40.0, atol=1e-2)


def interior(labels: np.ndarray) -> np.ndarray:
    """Pixels whose neighbours within 2 px have the same label: resampling mixes classes only at their edges."""
    padded = np.pad(labels, 2, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (5, 5))
    return (windows == labels[..., None, None]).all(axis=(2, 3))


@MANY
@given(SEEDS, st.floats(0.5, 2.0))
def test_every_pixel_stays_with_its_label(seed: int, scale: float) -> None:
    """Pixels that say where they are, and labels that say the same, coarsely: they still agree after every move."""
    rows, cols = np.mgrid[0:120, 0:120].astype(np.float32)
    image = np.stack([rows, cols], axis=2)
    labels = (rows // 8 * 15 + cols // 8).astype(np.uint8)
    options = AugmentationOptions(scale=(scale, scale))
    made, moved = augment(image, labels, options, form=PatchForm(64, 120), rng=np.random.default_rng(seed))
    row, col = np.divmod(moved, 15)
    for at, square in ((made[..., 0], row), (made[..., 1], col)):
        assert (np.abs(at - (square * 8 + 3.5)) <= 4 + 1 / scale).all()


@MANY
@given(SEEDS, st.sampled_from([1, 3, 4]), st.sampled_from([255.0, 65535.0, 1.0]))
def test_values_stay_in_range_for_any_bands_and_type(seed: int, bands: int, full: float) -> None:
    rng = np.random.default_rng(seed)
    image = rng.random((64, 64, bands)) * full
    labels = rng.integers(0, 6, (64, 64)).astype(np.uint8)
    form = PatchForm(32, full, {3: (0.5,) * bands})
    made, _ = augment(image, labels, STRONG, form=form, rng=rng)
    assert made.dtype == np.float32
    assert np.isfinite(made).all()
    assert made.min() >= 0
    assert made.max() <= full


def test_nothing_switched_on_changes_nothing() -> None:
    rng = np.random.default_rng(0)
    image, labels = encoded(rng)
    made, kept = augment(image, labels, STILL, form=PatchForm(96, 255), rng=rng)
    np.testing.assert_allclose(made, image, atol=1e-4)
    np.testing.assert_array_equal(kept, labels)


@pytest.mark.parametrize("name", [f.name for f in fields(PhotometricOptions)])
def test_every_option_changes_the_colours_and_never_the_labels(name: str) -> None:
    image, labels = photo() * 255, np.random.default_rng(2).integers(0, 6, (64, 64)).astype(np.uint8)
    options = replace(STILL, **{name: 20.0 if name == "hue" else 1.0})
    made, kept = augment(image, labels, options, form=PatchForm(64, 255), rng=np.random.default_rng(1))
    assert np.abs(made - image).max() > 1
    np.testing.assert_array_equal(kept, labels)


def test_the_same_chance_gives_the_same_patch() -> None:
    image, labels = encoded(np.random.default_rng(1))
    made = [augment(image, labels, STRONG, form=PatchForm(32, 255), rng=np.random.default_rng(5))[0] for _ in range(2)]
    np.testing.assert_array_equal(*made)


def test_the_eight_turns_are_the_symmetries_of_the_square() -> None:
    image = np.arange(9.0, dtype=np.float32).reshape(3, 3, 1)
    labels = np.arange(9, dtype=np.uint8).reshape(3, 3)
    turned = [turn(image, labels, symmetry) for symmetry in range(8)]
    assert len({t[1].tobytes() for t in turned}) == 8
    for symmetry, (made, moved) in enumerate(turned):
        expected = np.rot90(labels, symmetry % 4)
        np.testing.assert_array_equal(moved, expected[:, ::-1] if symmetry >= 4 else expected)
        np.testing.assert_array_equal(made[..., 0], moved)


@pytest.mark.parametrize("bands", [2, 5, 600])
def test_all_bands_of_a_pixel_turn_together(bands: int) -> None:
    image = np.random.default_rng(0).random((4, 6, bands)).astype(np.float32)
    for symmetry in range(8):
        made = turn(image, np.zeros((4, 6), np.uint8), symmetry)[0]
        expected = np.rot90(image, symmetry % 4)
        np.testing.assert_array_equal(made, expected[:, ::-1] if symmetry >= 4 else expected)


def cuts(labels: np.ndarray, number: int, **options: Any) -> list[np.ndarray]:
    image = np.zeros((*labels.shape, 3), np.uint8)
    return [
        cut_at_random(image, labels, STILL, side=32, rng=np.random.default_rng(seed), **options)[1]
        for seed in range(number)
    ]


def test_ignored_ground_is_avoided_where_there_is_a_choice() -> None:
    labels = np.full((128, 128), IGNORE, np.uint8)
    labels[:, :64] = 1
    assert np.mean([(cut != IGNORE).mean() for cut in cuts(labels, 40)]) > 0.75


def test_a_focus_is_always_in_view_and_anywhere_in_it() -> None:
    labels = np.zeros((128, 128), np.uint8)
    labels[70, 50] = labels[0, 0] = labels[127, 127] = 4
    found = [np.argwhere(cut == 4) for cut in cuts(labels, 300, focus=4)]
    assert all(len(places) for places in found)
    inner = np.array([places[0] for places in found if 0 < places[0][0] < 31 and 0 < places[0][1] < 31])
    assert inner.min() < 5
    assert inner.max() > 26
    assert not any((cut == 5).any() for cut in cuts(labels, 3, focus=5)), "a class that is not there"


def test_an_image_smaller_than_the_patch_is_magnified_whole() -> None:
    labels = np.arange(12, dtype=np.uint8).reshape(3, 4)
    for focus in (None, 11):
        made, kept = cut_at_random(
            np.zeros((3, 4, 1)), labels, STILL, side=32, rng=np.random.default_rng(0), focus=focus
        )
        assert made.shape == (32, 32, 1)
        assert len(np.unique(kept)) == 9
        assert focus is None or 11 in kept


def test_a_tint_reaches_its_class_only() -> None:
    labels = np.zeros((64, 64), np.uint8)
    labels[:, 32:] = 3
    image = np.full((64, 64, 3), 0.5, np.float32)
    made = tint(image, labels, {3: (0.5, 1.5, 0.5)}, np.random.default_rng(3))
    np.testing.assert_allclose(made[:, :20], 0.5, atol=1e-6)
    assert (made[:, 45:, 1] > 0.5).all()
    assert (made[:, 45:, 0] < 0.5).all()


def test_grey_patches_have_no_colour() -> None:
    made = change_look(photo(), PhotometricOptions(grey=1.0), np.random.default_rng(0))
    assert np.ptp(made, axis=2).max() < 1e-2


@MANY
@given(SEEDS)
def test_haze_brightens_and_takes_contrast_but_leaves_the_ground_in_place(seed: int) -> None:
    image = photo(seed) * 0.5
    made = add_haze(image, np.random.default_rng(seed))
    assert (made >= image - 1e-6).all()
    assert made.max() <= 1
    assert np.corrcoef(np.diff(made, axis=0).ravel(), np.diff(image, axis=0).ravel())[0, 1] > 0.95
    assert np.abs(np.diff(made, axis=0)).mean() < np.abs(np.diff(image, axis=0)).mean()


@pytest.mark.parametrize(("side", "bands"), [(5, 1), (256, 3), (150, 7)])
def test_noise_is_normal_and_another_in_each_patch(side: int, bands: int) -> None:
    flat = np.full((side, side, bands), 0.5, np.float32)
    rng = np.random.default_rng(0)
    first, second = (add_noise(flat, 0.1, rng) - flat for _ in range(2))
    few = 5 / side / np.sqrt(bands)  # standard errors
    for noise in (first, second):
        assert noise.shape == flat.shape
        assert noise.mean() == pytest.approx(0, abs=0.1 * few)
        assert noise.std() == pytest.approx(0.1, rel=few)
        assert (np.abs(noise) < 0.1).mean() == pytest.approx(0.683, abs=few / 2)
    for a, b in ((first, second), (first[1:], first[:-1]), (first[:, 1:], first[:, :-1])):
        assert np.corrcoef(a.ravel(), b.ravel())[0, 1] == pytest.approx(0, abs=few)
    np.testing.assert_array_equal(add_noise(flat, 0.1, np.random.default_rng(0)) - flat, first)
    assert (flat == 0.5).all(), "what was given is as it was"


def test_values_beyond_black_and_white_are_cut_off() -> None:
    image = np.linspace(-1, 2, 4 * 5 * 3, dtype=np.float32).reshape(4, 5, 3)
    np.testing.assert_array_equal(cut_off(image), np.clip(image, 0, 1))
    assert image.min() == -1


def test_compression_loses_more_at_lower_quality_and_moves_nothing() -> None:
    image = np.clip(photo() + 0.05 * np.random.default_rng(0).normal(size=(64, 64, 3)), 0, 1).astype(np.float32)
    errors = [np.abs(compress_jpeg(image, quality) - image).mean() for quality in (95, 60, 20)]
    assert 0 < errors[0] < errors[1] < errors[2] < 0.1
    ramp = cv2.resize(np.array([[0.0, 1.0]], np.float32), (40, 40))[..., None]
    np.testing.assert_allclose(compress_jpeg(ramp, 95), ramp, atol=0.03)


@pytest.mark.parametrize(("full", "bands"), [(65535.0, 3), (1.0, 3), (255.0, 4)])
def test_only_8_bit_images_of_1_or_3_bands_are_compressed(full: float, bands: int) -> None:
    image, labels = photo(bands=bands) * full, np.zeros((64, 64), np.uint8)
    options = replace(STILL, jpeg=1.0)
    made, _ = augment(image, labels, options, form=PatchForm(64, full), rng=np.random.default_rng(0))
    np.testing.assert_allclose(made, image, rtol=1e-5)


def test_blur_keeps_a_flat_image_and_the_mean() -> None:
    flat = np.full((5, 7, 2), 0.3, np.float32)
    np.testing.assert_allclose(blur(flat), flat, atol=1e-6)
    dot = np.zeros((5, 5, 1), np.float32)
    dot[2, 2] = 16
    np.testing.assert_allclose(blur(dot)[1:4, 1:4, 0], [[1, 2, 1], [2, 4, 2], [1, 2, 1]])


def resized(image: np.ndarray, labels: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray]:
    """A whole square image and its labels, cut and brought to another side."""
    scale = side / len(labels)
    options = AugmentationOptions(turn=False, scale=(scale, scale))
    return cut_at_random(image, labels, options, side=side, rng=np.random.default_rng(0))


@pytest.mark.parametrize("bands", [1, 3, 600])
def test_halving_is_the_mean_of_two_by_two_pixels(bands: int) -> None:
    image = np.random.default_rng(0).random((8, 8, bands)).astype(np.float32)
    means = image.reshape(4, 2, 4, 2, bands).mean(axis=(1, 3))
    made, _ = resized(image, np.zeros((8, 8), np.uint8), 4)
    np.testing.assert_allclose(made, means, rtol=1e-5)


@pytest.mark.parametrize("side", [1, 3, 5, 16])
def test_resampling_a_ramp_gives_a_ramp(side: int) -> None:
    rows, cols = np.mgrid[0:8, 0:8].astype(np.float32) + 0.5
    made, labels = resized(np.stack([rows, cols], axis=2), np.arange(64, dtype=np.uint8).reshape(8, 8), side)
    expected = (np.arange(side) + 0.5) * 8 / side
    np.testing.assert_allclose(made[:, 0, 0], np.clip(expected, 0.5, 7.5), rtol=1e-5)
    np.testing.assert_allclose(made[0, :, 1], np.clip(expected, 0.5, 7.5), rtol=1e-5)
    np.testing.assert_array_equal(labels[:, 0] // 8, expected.astype(int))
    np.testing.assert_array_equal(labels[0] % 8, expected.astype(int))


@pytest.mark.parametrize("bands", [1, 4, 600])
def test_blur_takes_any_number_of_bands(bands: int) -> None:
    image = np.random.default_rng(0).random((6, 5, bands)).astype(np.float32)
    assert blur(image).shape == image.shape
    np.testing.assert_array_equal(blur(image)[..., -1], blur(image[..., -1:])[..., 0])

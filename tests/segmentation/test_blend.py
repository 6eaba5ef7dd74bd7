"""The blend: a weighted mean, the same as the published algorithm where that one is right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from support import CountingEngine, blended_scores, card, image, predictor, save_scene

from aerialseg_core.model.scores import decide, to_percent
from aerialseg_core.raster.window import Window
from aerialseg_core.segmentation.blend import Blender, make_ramp
from aerialseg_core.segmentation.patch_grid import PatchGrid

Array = NDArray[np.float64]
law = settings(deadline=None, max_examples=50)


@law
@given(st.integers(0, 300), st.sampled_from(["spline", "crop"]))
def test_the_profiles_of_neighbours_add_up_to_one(half: int, blend: str) -> None:
    rise = make_ramp(blend, 2 * half)
    assert rise.shape == (2 * half,)
    assert np.allclose(rise + rise[::-1], 1, atol=1e-7), "the falling edge is the mirrored rising one"
    assert (np.diff(rise) >= 0).all()
    assert ((rise >= 0) & (rise <= 1)).all()


def _weighted_mean(windows: list[tuple[Window, Array]], shape: tuple[int, int], blend: str, overlap: int) -> Array:
    """The whole-array way: every window is added with its weight, and the sum is divided by that of the weights."""
    patch = windows[0][0].height
    edge = make_ramp(blend, overlap).astype(float)
    profile = np.concatenate([edge, np.ones(patch - 2 * overlap), edge[::-1]])
    margin = 2 * patch
    total = np.zeros((windows[0][1].shape[0], shape[0] + 2 * margin, shape[1] + 2 * margin))
    weights = np.zeros(total.shape[1:])
    for window, scores in windows:
        place = np.s_[..., window.row + margin :, window.col + margin :]
        total[place][..., :patch, :patch] += scores * np.outer(profile, profile)
        weights[place][..., :patch, :patch] += np.outer(profile, profile)
    inner = np.s_[margin : margin + shape[0], margin : margin + shape[1]]
    return total[(..., *inner)] / weights[inner]


@law
@given(st.data())
def test_the_streaming_blend_is_the_weighted_mean_of_all_windows(data: st.DataObject) -> None:
    blend = data.draw(st.sampled_from(["spline", "crop"]))
    patch = data.draw(st.integers(1, 12))
    overlap = 2 * data.draw(st.integers(0, patch // 4))
    shape = data.draw(st.tuples(st.integers(1, 30), st.integers(1, 30)))
    grid = PatchGrid.over(shape, patch, overlap)
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    windows = [(window, rng.random((2, patch, patch))) for window in grid]
    blender = Blender(2, patch, overlap, blend, len(grid.cols))
    got = np.full((2, *shape), np.nan)
    stride = patch - overlap
    for window, scores in windows:
        cell = blender.feed(scores.astype(np.float32))
        assert cell is not None
        part = Window(window.row, window.col, stride, stride).intersection(Window(0, 0, *shape))
        if part is not None:
            got[(..., *part.slices)] = cell[(..., *part.relative_to(window).slices)]
    assert np.allclose(got, _weighted_mean(windows, shape, blend, overlap), atol=1e-6)


def _published(image_: Array, network: Callable[[Array], Array], window: int, subdivisions: int = 2) -> Array:
    """Smoothly-Blend-Image-Patches as published, for one image of shape (side, side, bands)."""
    margin = round(window * (1 - 1 / subdivisions))
    padded = np.pad(image_, ((margin, margin), (margin, margin), (0, 0)), mode="reflect")
    turned = [np.rot90(padded, k) for k in range(4)] + [np.rot90(padded[:, ::-1], k) for k in range(4)]
    weight = _published_window(window)
    step = window // subdivisions
    results = []
    for picture in turned:
        total = None
        for i in range(0, padded.shape[0] - window + 1, step):
            for j in range(0, padded.shape[0] - window + 1, step):
                scores = network(picture[i : i + window, j : j + window]) * weight[..., None]
                total = np.zeros((*padded.shape[:2], scores.shape[-1])) if total is None else total
                total[i : i + window, j : j + window] += scores
        assert total is not None
        results.append(total / subdivisions**2)
    back = [np.rot90(r, -k) for k, r in enumerate(results[:4])]
    back += [np.rot90(r, -k)[:, ::-1] for k, r in enumerate(results[4:])]
    return np.mean(back, axis=0)[margin:-margin, margin:-margin]


def _published_window(window: int, power: int = 2) -> Array:
    n = np.arange(1, window // 2 + 1)
    triangle = np.concatenate([(2 * n - 1) / window, ((2 * n - 1) / window)[::-1]])  # scipy.signal.windows.triang
    quarter = window // 4
    outer = np.abs(2 * triangle) ** power / 2
    outer[quarter:-quarter] = 0
    inner = 1 - np.abs(2 * (triangle - 1)) ** power / 2
    inner[:quarter] = inner[-quarter:] = 0
    profile = (outer + inner) / np.mean(outer + inner)
    return np.outer(profile, profile)


KERNEL = np.random.default_rng(5).normal(0, 0.8, (4, 3, 3, 3))


def _asymmetric_network(patches: NDArray[np.float64]) -> Array:
    """A 3×3 convolution without any symmetry and a softmax; (n, bands, rows, cols) to (n, classes, rows, cols)."""
    padded = np.pad(patches.astype(float), ((0, 0), (0, 0), (1, 1), (1, 1)))
    rows, cols = patches.shape[2:]
    logits = np.zeros((len(patches), 4, rows, cols))
    for i in range(3):
        for j in range(3):
            part = padded[:, :, i : i + rows, j : j + cols].reshape(len(patches), 3, -1)
            logits += (KERNEL[:, :, i, j] @ part).reshape(logits.shape)
    scores = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(scores / scores.sum(axis=1, keepdims=True))


@pytest.mark.parametrize(("patch", "side"), [(256, 256), (32, 96), (20, 50), (16, 16)])
def test_the_scores_are_those_of_the_published_algorithm(tmp_path: Path, patch: int, side: int) -> None:
    """Square image, side a multiple of the stride, 50 % overlap, all 8 symmetries."""
    pixels = image(side, side)
    engine = CountingEngine(lambda patches: _asymmetric_network(patches).astype(np.float32), batch=2)
    scene = save_scene(tmp_path / "scene.tif", pixels)
    got = blended_scores(scene, predictor(engine, card(patch, fixed_patch=True)), overlap=0.5, tta=8)
    expected = _published(
        pixels.transpose(1, 2, 0) / 255.0,
        lambda part: _asymmetric_network(part.transpose(2, 0, 1)[None])[0].transpose(1, 2, 0),
        patch,
    ).transpose(2, 0, 1)
    assert np.abs(got - expected).max() < 1e-5


@pytest.mark.parametrize("tta", [4, 8])
def test_test_time_augmentation_averages_rotations_and_mirrors(tmp_path: Path, tta: int) -> None:
    scene = save_scene(tmp_path / "scene.tif", image(32, 32))
    corner = np.zeros((1, 4, 32, 32), np.float32)
    corner[0, 0, 0, 1] = 1  # beside the upper left corner, whatever the patch shows
    got = blended_scores(scene, predictor(CountingEngine(lambda _: corner.copy()), card(32)), overlap=0, tta=tta)
    seen = {(int(r), int(c)) for r, c in np.argwhere(got[0] > 0)}
    rotations = {(0, 1), (1, 31), (31, 30), (30, 0)}
    assert seen == (rotations if tta == 4 else rotations | {(0, 30), (1, 0), (31, 1), (30, 31)})
    assert np.allclose(got[0][got[0] > 0], 1 / tta)


def test_the_first_of_equal_classes_wins_and_confidence_is_in_percent() -> None:
    scores = np.array([[0.2, 0.5, 0.004], [0.8, 0.5, 0.003], [0.0, 0.0, 1.2]], np.float32)[:, None]
    classes, best = decide(scores)
    assert classes.tolist() == [[2, 1, 3]]
    assert to_percent(best).tolist() == [[80, 50, 100]]

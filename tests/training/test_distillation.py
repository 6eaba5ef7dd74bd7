"""What teachers say: averaged over symmetries, kept at half resolution, cut and changed with the image."""

# ruff: noqa: E402 - the imports follow what skips them

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from greyset import random_labels, write_pair
from support import Listener

from aerialseg_core.datasets.pairs import find_pairs
from aerialseg_core.datasets.split import Part, SplitOptions
from aerialseg_core.errors import ParameterError
from aerialseg_core.metrics import IGNORE
from aerialseg_core.progress import Reporter
from aerialseg_core.raster.classes import MBRSC
from aerialseg_core.raster.window import Window
from aerialseg_core.training import train
from aerialseg_core.training.augmentation import PatchForm, augment, turn
from aerialseg_core.training.distillation import SymmetricNetwork, list_soft_labels, write_soft_labels
from aerialseg_core.training.patch_cache import cut_soft_labels, write_cache
from aerialseg_core.training.recipe import AugmentationOptions, DistillationOptions, NetworkOptions
from aerialseg_core.training.run import make_bands
from aerialseg_core.training.validation import Holdout, predict_windows


def convolution(side: int) -> Any:
    """A network of one convolution, with weights of chance."""
    inputs = keras.Input((None, None, 3))
    layer = keras.layers.Conv2D(6, side, padding="same", activation="softmax", kernel_initializer="random_normal")
    return keras.Model(inputs, layer(inputs))


@pytest.mark.parametrize("symmetry", range(8))
def test_a_symmetric_network_sees_the_same_however_the_image_lies(symmetry: int) -> None:
    network = SymmetricNetwork(convolution(3), 8)
    image = np.random.default_rng(0).normal(size=(32, 64, 3)).astype(np.float32)
    straight = network.predict_on_batch(image[None])[0]
    turned = network.predict_on_batch(turn(image, image, symmetry)[0][None])[0]
    np.testing.assert_allclose(turned, turn(straight, straight, symmetry)[0], atol=1e-5)


def test_soft_labels_are_the_means_of_scores_and_are_written_once(recipe: Any, tmp_path: Path) -> None:
    write_pair(tmp_path / "data", "image", random_labels(0, 31, 551))
    pairs = tuple(find_pairs(tmp_path / "data"))
    bands = make_bands(recipe, (0, 255))
    whole = Holdout(pairs, (Part(0, Window(0, 0, 31, 551)),), MBRSC, bands)
    confusion = write_soft_labels(convolution(1), whole, tmp_path / "soft", symmetries=8, reporter=Reporter())
    (path,) = list_soft_labels(tmp_path / "soft", pairs)
    kept = np.load(path)
    assert kept.shape == (16, 276, 6)
    assert np.abs(kept.sum(axis=-1, dtype=int) - 255).max() <= 3
    first = path.read_bytes()
    again = write_soft_labels(convolution(1), whole, tmp_path / "soft", symmetries=1, reporter=Reporter())
    assert path.read_bytes() == first
    np.testing.assert_array_equal(again, confusion)


def test_a_teacher_is_scored_as_the_mean_over_the_symmetries(recipe: Any, tmp_path: Path) -> None:
    write_pair(tmp_path / "data", "image", random_labels(0, 40, 72))
    pairs = tuple(find_pairs(tmp_path / "data"))
    whole = Holdout(pairs, (Part(0, Window(0, 0, 40, 72)),), MBRSC, make_bands(recipe, (0, 255)))
    model = convolution(3)
    confusion = write_soft_labels(model, whole, tmp_path / "soft", symmetries=8, reporter=Reporter())
    ((_, labels, scores),) = predict_windows(SymmetricNetwork(model, 8), whole, lambda: None)
    assert (labels != IGNORE).sum() == confusion.sum()
    right = (labels == scores.argmax(axis=-1)).sum()
    assert np.trace(confusion) == right


def test_soft_labels_are_cut_as_the_patches_are(tmp_path: Path) -> None:
    """Soft labels that are the labels, of squares of 8 px."""
    files = []
    for i, size in enumerate(((40, 72), (24, 24))):
        labels = random_labels(i, *size)
        write_pair(tmp_path / "data", f"image{i}", labels)
        files.append(tmp_path / f"{i}.npy")
        np.save(files[-1], 255 * np.eye(6, dtype=np.uint8)[labels[::2, ::2]])
    pairs = find_pairs(tmp_path / "data")
    parts = [Part(i, Window(0, 0, *pair.size)) for i, pair in enumerate(pairs)]
    cache = write_cache(
        pairs, MBRSC, 32, bands=("red", "green", "blue"), folder=tmp_path, reporter=Reporter(), parts=parts
    )
    soft = cut_soft_labels(files, parts, 32, folder=tmp_path, reporter=Reporter())
    assert soft.shape == (7, 16, 16, 6)
    for i in range(7):
        labels = cache.labels[i][::2, ::2]
        spoken = soft[i].sum(axis=-1) > 0
        np.testing.assert_array_equal(spoken, labels != IGNORE)
        np.testing.assert_array_equal(soft[i].argmax(axis=-1)[spoken], labels[spoken])


@pytest.mark.parametrize("seed", range(8))
def test_soft_labels_move_as_the_image_does(seed: int) -> None:
    """Both are a ramp: what is left of it must be the same to less than a pixel."""
    across = np.arange(128, dtype=np.uint8) + 64
    image = np.repeat(np.tile(across, (128, 1))[..., None], 3, axis=2)
    soft = np.stack([np.tile(across[::2], (64, 1)) + 0.5, np.full((64, 64), 200)], axis=-1).astype(np.uint8)
    options = AugmentationOptions(scale=(0.6, 1.7))
    rng = np.random.default_rng(seed)
    labels = np.zeros((128, 128), np.uint8)
    pixels, joined = augment(image, labels, options, form=PatchForm(64, 255.0), rng=rng, soft_labels=soft)
    assert joined.shape == (64, 64, 3)
    assert (joined[..., 2] == 200).all()
    off = joined[..., 1] + 0.5 - pixels[..., 0]  # the half is lost in whole numbers
    assert np.abs(off[2:-2, 2:-2]).max() <= 1


class Stopping(Listener):
    """Stops a training as a kill does, at a message."""

    def message(self, text: str, level: str = "info") -> None:
        super().message(text, level)
        if text.startswith("It learns from the labels and from 2 networks"):
            raise SystemExit


@pytest.mark.usefixtures("no_export")
def test_the_networks_of_the_folds_teach_the_last_one(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    teachers = NetworkOptions("unet", {"filters": 2, "depth": 3})
    plan = replace(
        recipe,
        split=SplitOptions(kind="parts", folds=2),
        distillation=DistillationOptions(weight=0.5, symmetries=4, epochs=2, network=teachers),
    )
    data = make_set()
    made = []
    with pytest.raises(SystemExit):
        train(data, tmp_path / "0.onnx", recipe=plan, reporter=Stopping())
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / ".0.training" / "soft-labels").iterdir()}
    assert len(kept) == 2 * 4
    for name in ("0", "1"):
        reporter = Listener()
        result = train(data, tmp_path / f"{name}.onnx", recipe=plan, reporter=reporter, resume=name == "0")
        assert any(text.startswith("epoch 2:") for text in reporter.messages)
        with np.load(result.keras_model) as archive:
            made.append([archive[one] for one in archive.files])
    for a, b in zip(*made, strict=True):
        np.testing.assert_array_equal(a, b)
    assert "2 networks (unet) of the folds" in result.card.training["teachers"]
    assert "2 folds of other parts" in result.card.metrics["on"]
    assert result.card.metrics["over symmetries"]["pixels"] == result.card.metrics["pixels"]
    assert not list(tmp_path.glob(".*.training"))


def test_data_without_folds_of_whole_images_teach_nobody(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    plan = replace(recipe, split=SplitOptions(folds=2, buffer=8), distillation=DistillationOptions(weight=0.5))
    with pytest.raises(ParameterError, match="cannot be split into folds of whole images"):
        train(make_set(groups=("Only",)), tmp_path / "toy.onnx", recipe=plan)

"""Warm starts: what a network takes over from a trained one."""

# ruff: noqa: E402 - the imports follow what skips them

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from support import card as tiny_card

from aerialseg_core.errors import ModelError
from aerialseg_core.model.registry import KERAS_CARD
from aerialseg_core.raster.classes import ClassScheme
from aerialseg_core.training import networks, train
from aerialseg_core.training.recipe import OptimiserOptions, RunOptions
from aerialseg_core.training.warm_start import transfer_weights


def save_with_card(model: Any, path: Path, scheme: ClassScheme) -> Path:

    model.save(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(KERAS_CARD, tiny_card(scheme=scheme).to_json())
    return path


def test_a_warm_start_keeps_what_fits_and_the_rows_of_the_same_classes(tmp_path: Path) -> None:
    old = ClassScheme.of([("Water", "#0000FF"), ("Road", "#FF0000"), ("Roof", "#00FF00")])
    trained = networks.build("unet", 3, 3, filters=2)
    path = save_with_card(trained, tmp_path / "old.keras", old)
    fresh = networks.build("unet", 3, 2, filters=2)
    before = fresh.get_layer("scores").get_weights()
    told = transfer_weights(fresh, path, ("Lawn", "Water"))
    assert "1 of 2 classes" in told
    for layer, origin in zip(fresh.layers[:-1], trained.layers[:-1], strict=True):
        for a, b in zip(layer.get_weights(), origin.get_weights(), strict=True):
            np.testing.assert_array_equal(a, b)
    for mine, theirs, own in zip(
        fresh.get_layer("scores").get_weights(), trained.get_layer("scores").get_weights(), before, strict=True
    ):
        np.testing.assert_array_equal(mine[..., 1], theirs[..., 0])
        np.testing.assert_array_equal(mine[..., 0], own[..., 0])


def test_a_warm_start_from_something_else_is_one_sentence(tmp_path: Path) -> None:
    model = networks.build("unet", 3, 2, filters=2)
    (tmp_path / "m.onnx").write_text("x")
    with pytest.raises(ModelError, match="not an ONNX model"):
        transfer_weights(model, tmp_path / "m.onnx", ("A", "B"))
    (tmp_path / "m.keras").write_text("x")
    with pytest.raises(ModelError, match="not a Keras model"):
        transfer_weights(model, tmp_path / "m.keras", ("A", "B"))
    with pytest.raises(ModelError, match="There is no model"):
        transfer_weights(model, "nowhere.keras", ("A", "B"))


@pytest.mark.slow
def test_training_goes_on_from_a_trained_model(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    pytest.importorskip("tf2onnx")
    data = make_set()
    first = train(data, tmp_path / "first.onnx", recipe=recipe)
    still = replace(recipe, optimiser=OptimiserOptions(learning_rate=1e-12), run=RunOptions(epochs=1, steps=1, batch=1))
    for start in (first.keras_model, first.model):
        second = train(data, tmp_path / "second.onnx", recipe=still, start=start, overwrite=True)
        a, b = (keras.saving.load_model(r.keras_model, compile=False, safe_mode=True) for r in (first, second))
        for mine, theirs in zip(b.get_weights(), a.get_weights(), strict=True):
            np.testing.assert_allclose(mine, theirs, atol=1e-6)

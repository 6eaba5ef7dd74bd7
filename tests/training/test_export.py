"""Export: the bundle computes what the network does, and one beyond numbers is never delivered."""

# ruff: noqa: E402 - the imports follow what skips them

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

keras = pytest.importorskip("keras")

from support import card, network

from aerialseg_core.errors import ModelError
from aerialseg_core.model.bundle import save_bundle
from aerialseg_core.raster.classes import MBRSC
from aerialseg_core.training import export, networks
from aerialseg_core.training.bundle_weights import read_weights


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_no_numbers_are_not_delivered(tmp_path: Path, value: float) -> None:
    from aerialseg_core.training.export import export_bundle

    model = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(4, 1, name="last")])
    kernel, bias = model.get_weights()
    kernel[0, 0, 1, 2] = value
    model.set_weights([kernel, bias])
    with pytest.raises(ModelError, match=r"last/kernel are no numbers any more.*diverged.*learning_rate"):
        export_bundle(model, card(), tmp_path / "m.onnx", pairs=[], overwrite=False, folder=tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_difference_that_is_no_number_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from aerialseg_core.training import export

    def nothing(*_: Any) -> float:
        return float("nan")

    monkeypatch.setattr(export, "measure_difference", nothing)
    monkeypatch.setattr(export, "convert_to_onnx", lambda *_: network())
    monkeypatch.setattr(export, "_read_patches", lambda *_: np.zeros((1, 3, 32, 32), np.float32))
    model = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(4, 1)])
    with pytest.raises(ModelError, match="differ by nan"):
        export.export_bundle(model, card(), tmp_path / "m.onnx", pairs=[], overwrite=False, folder=tmp_path)


@pytest.mark.slow
def test_the_exported_lite0_computes_the_same_at_any_size(tmp_path: Path) -> None:
    for package in ("tensorflow", "tf2onnx", "onnxruntime"):
        pytest.importorskip(package)
    model = networks.build("lite0", 3, 6, weights="random", batch_norm=True, decoder=[8, 8, 8, 8])
    model.save(tmp_path / "model.keras")
    network = export.convert_to_onnx(tmp_path / "model.keras", tmp_path / "model.onnx")
    assert {node.op_type for node in network.graph.node}.isdisjoint({"Transpose", "Tile", "Loop", "If"})
    rng = np.random.default_rng(0)
    for size in ((32, 32), (64, 96)):
        patches = rng.normal(size=(2, 3, *size)).astype(np.float32)
        assert export.measure_difference(model, network, patches) < 1e-4
    bundle = save_bundle(network, card(32, MBRSC), tmp_path / "bundle.onnx")
    found = read_weights(bundle)
    for layer in model.layers:
        for mine, theirs in zip(found.get(layer.name, []), layer.get_weights(), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=1e-7)
    assert bundle.path.stat().st_size < 1.1 * (tmp_path / "model.onnx").stat().st_size


@pytest.mark.slow
def test_a_failed_conversion_says_why(tmp_path: Path) -> None:
    (tmp_path / "model.keras").write_text("no model")
    with pytest.raises(ModelError, match="conversion to ONNX failed"):
        export.convert_to_onnx(tmp_path / "model.keras", tmp_path / "model.onnx")


def test_scores_that_are_no_numbers_are_no_small_difference() -> None:
    inputs = keras.Input((None, None, 3))
    model = keras.Model(inputs, keras.layers.Activation(lambda x: keras.ops.log(x[..., :1] * [1, 1, 1, 1]))(inputs))
    assert np.isnan(export.measure_difference(model, network(), -np.ones((1, 3, 32, 32), np.float32)))


def test_a_network_may_compute_in_bytes_if_that_keeps_its_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    patches = np.random.default_rng(0).random((4, 3, 32, 32), np.float32)
    monkeypatch.setattr(export, "_read_patches", lambda *_: patches)
    assert set(export.calibrate_activations(network(), card(), []) or ()) == {"input"}
    torn = network()
    kernel, bias = torn.graph.initializer
    weights = np.random.default_rng(1).normal(0, 0.1, kernel.dims).astype(np.float32)
    weights[:, 0, 0, 0] = 100  # of all classes alike, so that the scores do not depend on it; but the steps of bytes do
    kernel.CopyFrom(onnx.numpy_helper.from_array(weights, "kernel"))
    bias.CopyFrom(onnx.numpy_helper.from_array(np.zeros(4, np.float32), "bias"))
    assert export.calibrate_activations(torn, card(), []) is None

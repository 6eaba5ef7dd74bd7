"""Weights of a bundle: what the export did to them is undone."""

# ruff: noqa: E402 - the imports follow what skips them

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

keras = pytest.importorskip("keras")

from support import card, network

from aerialseg_core.errors import ModelError
from aerialseg_core.model.bundle import CARD_KEY, WEIGHTS_KEY, Model, load_bundle, save_bundle, update_bundle
from aerialseg_core.model.registry import load_model
from aerialseg_core.training import networks
from aerialseg_core.training.bundle_weights import list_weights, read_weights
from aerialseg_core.training.warm_start import transfer_weights


@pytest.fixture
def trained() -> Any:
    """A network with every kind of layer that ours have, and weights that are all different."""
    layers = keras.layers
    x = inputs = keras.Input((None, None, 3))
    x = layers.Conv2D(5, 3, padding="same", use_bias=False, name="conv")(x)
    x = layers.BatchNormalization(name="bn")(x)
    x = layers.DepthwiseConv2D(3, depth_multiplier=2, padding="same", name="depthwise")(x)
    x = layers.Conv2DTranspose(4, 2, strides=2, name="upsample")(x)
    model = keras.Model(inputs, x)
    rng = np.random.default_rng(3)
    model.set_weights([rng.uniform(0.5, 2, weight.shape) for weight in model.get_weights()])
    return model


def export(model: Any) -> onnx.ModelProto:
    """What a converter leaves: kernels turned around, the normalisation multiplied in, its rest and names gone."""
    gamma, beta, mean, variance = model.get_layer("bn").get_weights()
    scale = gamma / np.sqrt(variance + model.get_layer("bn").epsilon)
    (kernel,) = model.get_layer("conv").get_weights()
    depthwise, bias = model.get_layer("depthwise").get_weights()
    upsample, _ = model.get_layer("upsample").get_weights()  # its bias is in no tensor
    tensors = [
        (kernel * scale).transpose(3, 2, 0, 1),
        beta - mean * scale,
        depthwise.transpose(2, 3, 0, 1),
        bias,
        upsample.transpose(3, 2, 0, 1),
    ]
    made = network(bands=3)
    for number, tensor in enumerate(tensors):
        made.graph.initializer.append(numpy_helper.from_array(tensor.astype(np.float32), f"const_{number}"))
    return made


def as_model(made: onnx.ModelProto, listed: str) -> Model:
    onnx.helper.set_model_props(made, {WEIGHTS_KEY: listed})
    return Model(Path("m.onnx"), card(), "", made.SerializeToString())


def test_weights_come_back_whatever_the_export_did_to_them(trained: Any) -> None:
    made = export(trained)
    listed = list_weights(trained, made)
    found = read_weights(as_model(made, listed))
    for layer in trained.layers[1:]:
        for mine, theirs in zip(found[layer.name], layer.get_weights(), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-6)
    places = json.loads(listed)
    assert places["conv"][0]["tensor"] == "const_0"
    assert places["depthwise"][0]["tensor"] == "const_2"
    assert "values" not in places["upsample"][0], "no kernel is stored twice"
    assert "values" in places["upsample"][1]


def test_a_saved_bundle_keeps_the_list(trained: Any, tmp_path: Path) -> None:
    made = export(trained)
    onnx.helper.set_model_props(made, {WEIGHTS_KEY: list_weights(trained, made), "stray": "x"})
    save_bundle(made, card(), tmp_path / "m.onnx")
    update_bundle(tmp_path / "m.onnx", description="Another.")
    keys = {entry.key for entry in onnx.load(tmp_path / "m.onnx").metadata_props}
    assert {WEIGHTS_KEY, CARD_KEY} <= keys
    assert "stray" not in keys
    assert set(read_weights(load_bundle(tmp_path / "m.onnx"))) == {"conv", "bn", "depthwise", "upsample"}


@pytest.mark.parametrize(
    "listed",
    [
        "{",
        "[1]",
        '{"a": 1}',
        '{"a": [{}]}',
        '{"a": [{"tensor": "nowhere", "shape": [1], "axes": [0]}]}',
        '{"a": [{"tensor": "bias", "shape": [99], "axes": [0]}]}',
        '{"a": [{"tensor": "bias", "shape": [4], "axes": [7]}]}',
        '{"a": [{"values": "!", "shape": [4]}]}',
        '{"a": [{"values": "AAAA", "shape": [1]}]}',
        "[" * 100_000,
    ],
)
def test_a_damaged_list_is_one_sentence(listed: str) -> None:
    with pytest.raises(ModelError, match=r"The list of weights in m\.onnx is damaged\. Get the model file again\."):
        read_weights(as_model(network(), listed))


def test_a_bundle_without_a_list_names_what_would_do() -> None:
    with pytest.raises(ModelError, match=r"m\.onnx does not tell which weights.*the \.keras file beside it"):
        read_weights(as_model(network(), ""))


def test_a_training_starts_from_the_shipped_model_as_it_runs() -> None:
    """The shipped bundle alone is enough; what Keras computes with its weights is what ONNX Runtime does."""
    onnxruntime = pytest.importorskip("onnxruntime")
    shipped = load_model("mbrsc-lite0")
    fresh = networks.build("lite0", 3, len(shipped.card.classes), weights="random")
    told = transfer_weights(fresh, "mbrsc-lite0", shipped.card.classes.names)
    layers = sum(1 for layer in fresh.layers if layer.weights)
    assert f"{layers - 1} of {layers} layers" in told or f"{layers} of {layers} layers" in told
    side = shipped.card.patch
    patch = np.random.default_rng(0).normal(size=(1, 3, side, side)).astype(np.float32)
    session = onnxruntime.InferenceSession(shipped.network, providers=["CPUExecutionProvider"])
    (scores,) = session.run(None, {session.get_inputs()[0].name: patch})
    trained = np.asarray(fresh.predict_on_batch(np.moveaxis(patch, 1, -1)))
    np.testing.assert_allclose(trained, np.moveaxis(scores, 1, -1), atol=1e-4)

"""Quantization: bytes give nearly the scores of floats, and what may not become bytes does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from support import REPO, card, network, save_model

from aerialseg_core.errors import ModelError
from aerialseg_core.model.bundle import load_bundle, update_bundle
from aerialseg_core.model.card import Card
from aerialseg_core.model.engines import create_engine
from aerialseg_core.model.quantization import measure_activations, quantize, round_keeping_sums

Floats = NDArray[np.float32]


def _run(model: onnx.ModelProto, patch: Floats) -> Floats:
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    found: Floats = session.run(None, {"input": patch})[0]
    return found


def _deep_network(rng: np.random.Generator, *, width: int = 8) -> onnx.ModelProto:
    """What our networks consist of: a padded convolution with a stride, one that is added to its input, one joined."""
    shapes = {"a": (width, 3, 3, 3), "b": (width, width, 1, 1), "c": (4, 2 * width, 3, 3)}
    weights = {name: rng.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes.items()}
    constants = {
        "pads": np.array([0, 0, 0, 0, 0, 0, 1, 1], np.int64),
        "low": np.float32(0),
        "high": np.float32(6),
        "scales": np.array([1, 1, 2, 2], np.float32),
    }
    nodes = [
        helper.make_node("Pad", ["input", "pads"], ["padded"]),
        helper.make_node("Conv", ["padded", "a"], ["first"], strides=[2, 2]),
        helper.make_node("Clip", ["first", "low", "high"], ["clipped"]),
        helper.make_node("Conv", ["clipped", "b"], ["second"]),
        helper.make_node("Add", ["second", "clipped"], ["added"]),
        helper.make_node("Concat", ["added", "clipped"], ["joined"], axis=1),
        helper.make_node("Resize", ["joined", "", "scales"], ["larger"], mode="nearest", nearest_mode="floor"),
        helper.make_node("Conv", ["larger", "c"], ["logits"], pads=[1, 1, 1, 1]),
        helper.make_node("Softmax", ["logits"], ["scores"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "deep",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["n", 3, "h", "w"])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", 4, "h", "w"])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in {**weights, **constants}.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    return model


@given(st.integers(0, 1000))
@settings(max_examples=10, deadline=None)
def test_bytes_give_nearly_the_scores_of_floats(seed: int) -> None:
    rng = np.random.default_rng(seed)
    model = _deep_network(rng)
    patches = rng.normal(size=(3, 1, 3, 32, 32)).astype(np.float32)
    before = model.SerializeToString(deterministic=True)
    quantized = quantize(model, measure_activations(model, patches))
    assert model.SerializeToString(deterministic=True) == before
    for patch in patches:
        assert np.abs(_run(quantized, patch) - _run(model, patch)).mean() < 0.02
        assert (_run(quantized, patch).argmax(axis=1) == _run(model, patch).argmax(axis=1)).mean() > 0.9


@given(st.integers(0, 1000), st.integers(1, 40))
def test_rounding_keeps_the_sum_of_each_row(seed: int, numbers: int) -> None:
    values = np.random.default_rng(seed).uniform(-127, 127, (3, numbers)).astype(np.float32)
    rounded = round_keeping_sums(values)
    assert np.array_equal(rounded, np.rint(rounded))
    assert np.abs(rounded - values).max() < 1
    assert np.abs((rounded - values).sum(axis=1)).max() < 0.501


def test_convolutions_take_bytes_and_the_scores_stay_floats() -> None:
    rng = np.random.default_rng(0)
    model = _deep_network(rng)
    measured = measure_activations(model, rng.normal(size=(1, 1, 3, 32, 32)).astype(np.float32))
    assert set(measured) == {"input", "clipped", "second", "added", "joined", "larger"}  # but not "padded", "logits"
    assert all(low <= 0 <= high for low, high in measured.values())
    assert measured["clipped"][0] == 0
    quantized = quantize(model, measured)
    types = [node.op_type for node in quantized.graph.node]
    assert types.count("QuantizeLinear") == len(measured)
    assert "Clip" not in types, "rounding to bytes cuts off as it does"
    kinds = {tensor.name: tensor.data_type for tensor in quantized.graph.initializer}
    assert {kinds[f"{name}/steps"] for name in "abc"} == {TensorProto.INT8}
    assert not {"a", "b", "c"} & set(kinds)
    assert quantized.graph.node[-1].op_type == "Softmax"
    assert len(quantized.SerializeToString()) < len(model.SerializeToString())


def test_nothing_measured_leaves_feature_maps_as_they_are() -> None:
    model = _deep_network(np.random.default_rng(0))
    assert "QuantizeLinear" not in {node.op_type for node in quantize(model, {}).graph.node}


def test_a_card_keeps_what_was_measured(tmp_path: Path) -> None:
    told = {"input": (0.0, 1.0), "other": (-2.5, 0.0)}
    assert Card.from_json(card(activations=told).to_json()).activations == told
    assert "activations" not in card().to_dict()
    bundle = save_model(tmp_path / "m.onnx")
    assert update_bundle(bundle.path, activations=told).card.activations == told
    assert load_bundle(bundle.path).card.sha256 == bundle.card.sha256


@pytest.mark.parametrize("limits", [(1.0, 2.0), (-1.0, -0.5), (float("nan"), 1.0), (0.0, float("inf"))])
def test_limits_that_are_none_are_refused(limits: tuple[float, float]) -> None:
    with pytest.raises(ModelError, match="values inside the network"):
        card(activations={"input": limits})


def test_openvino_computes_in_bytes_where_it_may(tmp_path: Path) -> None:
    pytest.importorskip("openvino")
    from aerialseg_core.model.engines import openvino

    model = save_model(tmp_path / "m.onnx")
    patch = np.random.default_rng(0).random((1, 3, 32, 32), np.float32)
    measured = measure_activations(network(), [patch])
    model = replace(model, card=replace(model.card, activations=measured))
    engine = create_engine(model, engine="openvino")
    full = create_engine(model, engine="openvino", precision="full")
    fast = openvino._has_byte_products(engine._core)  # type: ignore[attr-defined]
    assert (engine.precision == "int8") == fast
    assert full.precision != "int8"
    assert np.abs(engine.predict(patch) - full.predict(patch)).mean() < 0.02
    assert np.array_equal(engine.predict(patch), full.predict(patch)) != fast
    assert np.array_equal(create_engine(model, engine="onnxruntime").predict(patch), _run(network(), patch))


def test_the_shipped_model_may_compute_in_bytes() -> None:
    assert load_bundle(REPO / "models" / "mbrsc-lite0.onnx").card.activations

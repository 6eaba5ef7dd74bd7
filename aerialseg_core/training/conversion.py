"""Conversion of a saved Keras model to ONNX; run as a program, under Keras's TensorFlow backend.

tf2onnx does it, for sizes that it does not know; what it then computes about them at run time is taken out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx
import tensorflow as tf
import tf2onnx
from onnx import helper, numpy_helper

from ..model.bundle import WEIGHTS_KEY
from .bundle_weights import list_weights

OPSET = 17
"""ONNX operator set of the result."""

AXES = ("batch", "rows", "cols")
"""Names of the dynamic axes of input and output."""


def convert_model(saved: Path) -> onnx.ModelProto:
    """Convert a `.keras` file.

    Args:
        saved: Model for (batch, rows, cols, bands).

    Returns:
        Network with NCHW "input" and "scores"; all but bands and classes dynamic. Its metadata list the weights.
    """
    model = _replace_upsampling(keras.saving.load_model(saved, compile=False, safe_mode=True))
    signature = [tf.TensorSpec((None, None, None, model.inputs[0].shape[-1]), tf.float32, name="input")]
    function = tf.function(lambda image: {"scores": model(image, training=False)}, input_signature=signature)
    output = function.get_concrete_function().outputs[0].name
    network, _ = tf2onnx.convert.from_function(
        function, signature, opset=OPSET, inputs_as_nchw=["input"], outputs_as_nchw=[output]
    )
    network = simplify(network, bands=model.inputs[0].shape[-1], classes=model.outputs[0].shape[-1])
    helper.set_model_props(network, {WEIGHTS_KEY: list_weights(model, network)})
    return network


class _Resizing(keras.layers.Layer):
    """UpSampling2D as one operator; Keras's own becomes a dozen in ONNX."""

    def __init__(self, size: tuple[int, int], **options: Any) -> None:
        super().__init__(**options)
        self.size = size

    def call(self, image: tf.Tensor) -> tf.Tensor:
        return tf.image.resize(image, tf.shape(image)[1:3] * tf.constant(self.size), method="nearest")


def _replace_upsampling(model: keras.Model) -> keras.Model:
    """Copy a model with `_Resizing` for nearest-neighbour UpSampling2D."""

    def replace(layer: keras.Layer) -> keras.Layer:
        if isinstance(layer, keras.layers.UpSampling2D) and layer.interpolation == "nearest":
            return _Resizing(layer.size, name=layer.name)
        return layer.__class__.from_config(layer.get_config())

    clone = keras.models.clone_model(model, clone_function=replace)
    clone.set_weights(model.get_weights())
    return clone


def simplify(network: onnx.ModelProto, *, bands: int, classes: int) -> onnx.ModelProto:
    """Take out what tf2onnx computes at run time about sizes, and name the axes.

    A transposed convolution with "same" padding comes as one without padding, whose result is then cut to a size that
    is worked out from the input's; its padding is known, and says the same. The softmax must be over the channels.

    Args:
        network: With the input "input" and the output "scores", NCHW; changed in place.
        bands: Channels of the input.
        classes: Channels of the output.

    Returns:
        The same network.
    """
    graph = network.graph
    for node in graph.node:
        if node.op_type == "ConvTranspose":
            _fold_cut_into_padding(node, graph)
        elif node.op_type == "Resize":
            _simplify_resize(node)  # `_Resizing` makes no other
    _expand_softmax(graph)
    _drop_unused(graph)
    for value, channels in ((graph.input[0], bands), (graph.output[0], classes)):
        sizes: list[str | int | None] = [AXES[0], channels, *AXES[1:]]
        value.CopyFrom(helper.make_tensor_value_info(value.name, onnx.TensorProto.FLOAT, sizes))
    del graph.value_info[:]
    onnx.checker.check_model(network, full_check=True)
    return network


def _fold_cut_into_padding(node: onnx.NodeProto, graph: onnx.GraphProto) -> None:
    """Let a transposed convolution that a Slice and a Pad follow cut its result to stride times its input itself."""
    cut = _find_only(n for n in graph.node if n.op_type == "Slice" and n.input[0] == node.output[0])
    pad = cut and _find_only(n for n in graph.node if n.op_type == "Pad" and n.input[0] == cut.output[0])
    attributes = {a.name: list(a.ints) for a in node.attribute}
    if not pad or "pads" in attributes or "output_shape" in attributes:
        return
    excess = [k - s for k, s in zip(attributes["kernel_shape"], attributes["strides"], strict=True)]
    before = [max(e, 0) // 2 for e in excess]
    node.attribute.append(helper.make_attribute("pads", before + [e - b for e, b in zip(excess, before, strict=True)]))
    for reader in graph.node:
        for i, name in enumerate(reader.input):
            if name == pad.output[0]:
                reader.input[i] = node.output[0]


def _simplify_resize(node: onnx.NodeProto) -> None:
    """Say in today's words what `tf_half_pixel_for_nn` says: whole multiples repeat every pixel."""
    del node.attribute[:]
    words = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
    node.attribute.extend(helper.make_attribute(name, word) for name, word in words.items())


def _expand_softmax(graph: onnx.GraphProto) -> None:
    """Write the softmax over the channels as e^(x - max) / sum, which ONNX Runtime computes several times as fast.

    Its own operator moves the channels to the end and back, a quarter of the whole run of a small network.
    """
    nodes = list(graph.node)
    del graph.node[:]
    for node in nodes:
        if node.op_type != "Softmax":
            graph.node.append(node)
            continue
        (x,), (scores,) = node.input, node.output
        graph.node.extend(
            (
                helper.make_node("ReduceMax", [x], [f"{x}/max"], axes=[1], keepdims=1),
                helper.make_node("Sub", [x, f"{x}/max"], [f"{x}/shifted"]),
                helper.make_node("Exp", [f"{x}/shifted"], [f"{x}/exp"]),
                helper.make_node("ReduceSum", [f"{x}/exp", "channels"], [f"{x}/sum"], keepdims=1),
                helper.make_node("Div", [f"{x}/exp", f"{x}/sum"], [scores]),
            )
        )
    graph.initializer.append(numpy_helper.from_array(np.array([1], np.int64), "channels"))


def _drop_unused(graph: onnx.GraphProto) -> None:
    """Drop the nodes and weights that no output depends on."""
    needed = {output.name for output in graph.output}
    kept = []
    for node in reversed(graph.node):
        if needed.intersection(node.output):
            kept.append(node)
            needed.update(node.input)
    del graph.node[:]
    graph.node.extend(reversed(kept))
    weights = [weight for weight in graph.initializer if weight.name in needed]
    del graph.initializer[:]
    graph.initializer.extend(weights)


def _find_only(nodes: Iterable[onnx.NodeProto]) -> onnx.NodeProto | None:
    """Find the node, if there is exactly one."""
    found = list(nodes)
    return found[0] if len(found) == 1 else None


if __name__ == "__main__":
    onnx.save(convert_model(Path(sys.argv[1])), sys.argv[2])

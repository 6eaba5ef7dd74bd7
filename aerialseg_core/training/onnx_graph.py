"""Simplification of a network that tf2onnx made for sizes it does not know."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import onnx
from onnx import helper, numpy_helper

AXES = ("batch", "rows", "cols")
"""Names of the dynamic axes of input and output."""


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
            _pad_itself(node, graph)
        elif node.op_type == "Resize":
            _take_nearest(node)  # conversion.py makes no other Resize
    _spell_out_softmax(graph)
    _drop_unused(graph)
    for value, channels in ((graph.input[0], bands), (graph.output[0], classes)):
        sizes: list[str | int | None] = [AXES[0], channels, *AXES[1:]]
        value.CopyFrom(helper.make_tensor_value_info(value.name, onnx.TensorProto.FLOAT, sizes))
    del graph.value_info[:]
    onnx.checker.check_model(network, full_check=True)
    return network


def _pad_itself(node: onnx.NodeProto, graph: onnx.GraphProto) -> None:
    """Let a transposed convolution that a Slice and a Pad follow cut its result to stride times its input itself."""
    cut = _only(n for n in graph.node if n.op_type == "Slice" and n.input[0] == node.output[0])
    pad = cut and _only(n for n in graph.node if n.op_type == "Pad" and n.input[0] == cut.output[0])
    attributes = {a.name: list(a.ints) for a in node.attribute}
    if not pad or "pads" in attributes or "output_shape" in attributes:
        return
    excess = [k - s for k, s in zip(attributes["kernel_shape"], attributes["strides"], strict=True)]
    before = [max(e, 0) // 2 for e in excess]
    node.attribute.append(helper.make_attribute("pads", before + [e - b for e, b in zip(excess, before, strict=True)]))
    _redirect(graph, pad.output[0], node.output[0])


def _take_nearest(node: onnx.NodeProto) -> None:
    """Say in today's words what `tf_half_pixel_for_nn` says: whole multiples repeat every pixel."""
    del node.attribute[:]
    words = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
    node.attribute.extend(helper.make_attribute(name, word) for name, word in words.items())


def _spell_out_softmax(graph: onnx.GraphProto) -> None:
    """Write the softmax over the channels as e^(x - max) / sum, which ONNX Runtime computes several times as fast.

    Its own operator moves the channels to the end and back, a quarter of the whole run of a small network.
    """
    nodes = list(graph.node)
    del graph.node[:]
    for node in nodes:
        graph.node.extend(_spelt_out(node) if node.op_type == "Softmax" else [node])
    axes = numpy_helper.from_array(np.array([1], np.int64), "channels")
    graph.initializer.append(axes)


def _spelt_out(softmax: onnx.NodeProto) -> list[onnx.NodeProto]:
    (x,), (scores,) = softmax.input, softmax.output
    return [
        helper.make_node("ReduceMax", [x], [f"{x}/max"], axes=[1], keepdims=1),
        helper.make_node("Sub", [x, f"{x}/max"], [f"{x}/shifted"]),
        helper.make_node("Exp", [f"{x}/shifted"], [f"{x}/exp"]),
        helper.make_node("ReduceSum", [f"{x}/exp", "channels"], [f"{x}/sum"], keepdims=1),
        helper.make_node("Div", [f"{x}/exp", f"{x}/sum"], [scores]),
    ]


def _redirect(graph: onnx.GraphProto, old: str, new: str) -> None:
    for node in graph.node:
        for i, name in enumerate(node.input):
            if name == old:
                node.input[i] = new


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


def _only(nodes: Iterable[onnx.NodeProto]) -> onnx.NodeProto | None:
    """The node, if there is exactly one."""
    found = list(nodes)
    return found[0] if len(found) == 1 else None

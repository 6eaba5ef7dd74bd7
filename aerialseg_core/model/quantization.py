"""Quantization: a network that computes in bytes, where the processor does that faster.

The weights of convolutions become signed bytes with a scale for each output channel; feature maps become unsigned
bytes between the least and the largest value that was seen on images (`measure_activations`), which the card keeps.
What comes after the last convolution, and makes the scores, is left as it is. The network is written with
`QuantizeLinear` and `DequantizeLinear` of ONNX, of which OpenVINO makes kernels of 8 bits.

Jacob et al.: Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference. CVPR 2018,
https://arxiv.org/abs/1712.05877.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:  # a network that is compiled already needs neither of its libraries
    import onnx

Activations: TypeAlias = Mapping[str, tuple[float, float]]
"""Least (at most 0) and largest value (at least 0) of feature maps, by their names in the ONNX network."""

_ROUNDED = frozenset({"Add", "Concat", "Conv", "Pad", "Resize"})
"""Operators that take bytes."""
_MAPPING = _ROUNDED | {"AveragePool", "Clip", "ConvTranspose", "MaxPool", "Relu"}
"""Operators that make a feature map of others."""

_WEIGHT_STEPS = 127
_STEPS = 255
_LEAST_SCALE = np.float32(1e-8)


def open_session(network: onnx.ModelProto) -> Any:
    """Open a network in ONNX Runtime, on the CPU; what it would say of the graph is no news to anyone."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(network.SerializeToString(), options, providers=["CPUExecutionProvider"])


def measure_activations(network: onnx.ModelProto, patches: Iterable[NDArray[np.float32]]) -> Activations:
    """Measure the values of the feature maps that may become bytes, with ONNX Runtime.

    Args:
        network: A float network with one input.
        patches: Images of the kind that it is for, each of shape (batch, bands, rows, cols), scaled.

    Returns:
        Least and largest value of each of these maps, in all patches together.
    """
    import onnx

    seen = onnx.ModelProto()
    seen.CopyFrom(network)
    (given,) = (value.name for value in seen.graph.input)
    names = [name for name in _list_maps(seen.graph) if name != given]
    scores = [value.name for value in seen.graph.output]
    seen.graph.output.extend(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names)
    session = open_session(seen)
    limits: dict[str, tuple[float, float]] = {}
    for patch in patches:
        found = session.run([*names, *scores], {given: patch})
        for name, values in zip([given, *names], [patch, *found], strict=False):
            low, high = limits.get(name, (0.0, 0.0))  # 0 is always one of the steps: it is what the network pads with
            limits[name] = min(low, float(values.min())), max(high, float(values.max()))
    return limits


def quantize(network: onnx.ModelProto, activations: Activations) -> onnx.ModelProto:
    """Quantize the convolutions of a network.

    Args:
        network: A float network; it stays as it is.
        activations: What was measured of it.

    Returns:
        The network with weights and feature maps of 8 bits; its inputs and outputs have the types that they had.
    """
    import onnx

    made = onnx.ModelProto()
    made.CopyFrom(network)
    graph = made.graph
    rounded = {name: activations[name] for name in _list_maps(graph) if name in activations}
    stored = {tensor.name: tensor for tensor in graph.initializer}
    weights = dict.fromkeys(node.input[1] for node in graph.node if node.op_type == "Conv" and node.input[1] in stored)
    nodes = [_quantize_weights(graph, stored[name]) for name in weights]
    for value in graph.input:
        if value.name in rounded:
            nodes += _round(graph, value.name, rounded[value.name])
    for node in graph.node:
        for place, name in enumerate(node.input):
            node.input[place] = _name_rounded(name) if name in rounded else name
        (name, *_) = node.output
        nodes.append(node)
        if name in rounded:
            nodes += _round(graph, name, rounded[name])
            if node.op_type in ("Clip", "Relu") and rounded[name][0] == 0:
                nodes[-2].input[0] = node.input[0]  # to round cuts off below 0 and above the largest value as well
                nodes.remove(node)
    del graph.node[:]
    graph.node.extend(nodes)
    return made


def round_keeping_sums(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Round the numbers of each row to whole ones so that their sum is rounded too, and no number moves by 1 or more.

    Feature maps are smooth, and after a ReLU positive: what all weights of a channel err in the same direction would
    shift it everywhere.

    Args:
        values: Shape (rows, numbers).

    Returns:
        Same shape.
    """
    rounded = np.rint(values)
    errors = values - rounded
    for row, missing in enumerate(np.rint(errors.sum(axis=1)).astype(int)):
        direction = np.sign(missing)
        rounded[row, np.argsort(-direction * errors[row], kind="stable")[: abs(missing)]] += direction
    return rounded


def _list_maps(graph: onnx.GraphProto) -> list[str]:
    """List the feature maps that may become bytes: what goes into operators that take them."""
    maps = {value.name for value in graph.input}  # and neither shapes nor weights
    padded: set[str] = set()  # by 0 to what is rounded already
    found: dict[str, None] = {}
    for node in graph.node:
        if node.op_type in _MAPPING and node.input[0] in maps:
            maps.update(node.output)
            if node.op_type == "Pad":
                padded.update(node.output)
            if node.op_type in _ROUNDED:
                found.update(dict.fromkeys(name for name in node.input if name in maps and name not in padded))
    return list(found)


def _quantize_weights(graph: onnx.GraphProto, tensor: onnx.TensorProto) -> onnx.NodeProto:
    """Store weights as bytes; the node makes of them what takes the place of the ones that were stored before."""
    import onnx

    name, weights = tensor.name, onnx.numpy_helper.to_array(tensor).astype(np.float32)
    largest = np.abs(weights).reshape(len(weights), -1).max(axis=1)
    scale = np.maximum(largest / np.float32(_WEIGHT_STEPS), _LEAST_SCALE)
    steps = round_keeping_sums(weights.reshape(len(weights), -1) / scale[:, None]).reshape(weights.shape)
    graph.initializer.remove(tensor)
    for suffix, values in (("steps", steps.astype(np.int8)), ("scale", scale), ("zero", np.zeros(len(scale), np.int8))):
        graph.initializer.append(onnx.numpy_helper.from_array(values, f"{name}/{suffix}"))
    inputs = [f"{name}/{suffix}" for suffix in ("steps", "scale", "zero")]
    return onnx.helper.make_node("DequantizeLinear", inputs, [name], f"{name}/dequantize", axis=0)


def _round(graph: onnx.GraphProto, name: str, limits: tuple[float, float]) -> list[onnx.NodeProto]:
    """Nodes that bring a feature map to 256 values between two limits, of which 0 is one."""
    import onnx

    low, high = limits
    scale = np.maximum(np.float32((high - low) / _STEPS), _LEAST_SCALE)
    zero = np.clip(np.rint(-low / scale), 0, _STEPS).astype(np.uint8)
    for suffix, value in (("scale", scale), ("zero", zero)):
        graph.initializer.append(onnx.numpy_helper.from_array(np.array(value), f"{name}/{suffix}"))
    parameters, steps = [f"{name}/scale", f"{name}/zero"], f"{name}/steps"
    return [
        onnx.helper.make_node("QuantizeLinear", [name, *parameters], [steps], f"{name}/quantize"),
        onnx.helper.make_node("DequantizeLinear", [steps, *parameters], [_name_rounded(name)], f"{name}/dequantize"),
    ]


def _name_rounded(name: str) -> str:
    return f"{name}/rounded"

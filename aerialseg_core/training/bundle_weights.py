"""The weights of a bundle as Keras layers have them, so that a bundle can be trained further.

The export folds batch normalisation into the convolution before it, turns axes around, and renames what is left. A list
in the bundle's metadata says where each weight went: into which stored tensor, or, where there is none, such as for the
statistics of a batch normalisation, what it is.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

import keras
import numpy as np
import onnx
from numpy.typing import NDArray

from ..errors import ModelError
from ..model.bundle import WEIGHTS_KEY, Model

Floats = NDArray[np.float32]

LayerWeights = dict[str, list[Floats]]
"""The weights of each layer in the order of `keras.Layer.get_weights`, by the layer's name."""

_AXES = ((0, 1, 2, 3), (3, 2, 0, 1), (2, 3, 0, 1))
"""Orders in which a Keras kernel's axes may be stored: as they are, of a convolution, of a depthwise one."""

_CLOSE = 1e-4
"""Largest relative difference of a tensor that the converter has multiplied: it rounds otherwise than we do."""


def list_weights(model: keras.Model, network: onnx.ModelProto) -> str:
    """List where the weights of a Keras network are in its export.

    Args:
        model: The network.
        network: Its export.

    Returns:
        JSON: by the name of each layer its weights, each as `{"tensor", "shape", "axes"}`, the shape and the order of
        axes in which the tensor is to be seen; with `"scale"` where it was multiplied by those numbers along its first
        axis; or as `{"values", "shape"}`. Numbers are float32 in base64.
    """
    stored: dict[int, list[tuple[str, Floats]]] = {}
    for tensor in network.graph.initializer:
        if tensor.data_type == onnx.TensorProto.FLOAT:
            values = onnx.numpy_helper.to_array(tensor)
            stored.setdefault(values.size, []).append((tensor.name, values.ravel()))
    scales = [
        gamma / np.sqrt(variance + layer.epsilon)
        for layer in model.layers
        if isinstance(layer, keras.layers.BatchNormalization) and layer.scale and layer.center
        for gamma, _, _, variance in [layer.get_weights()]
    ]
    places = {
        layer.name: [_find_place(weight, stored.get(weight.size, []), scales) for weight in layer.get_weights()]
        for layer in model.layers
        if layer.weights
    }
    return json.dumps(places, separators=(",", ":"))


def read_weights(model: Model) -> LayerWeights:
    """Read the weights of a bundle that `aerialseg train` wrote.

    Returns:
        Those of every layer; equal to the trained ones up to the rounding of float32.

    Raises:
        ModelError: The bundle does not say which weights it has, or what it says is damaged.
    """
    network = onnx.load_model_from_string(model.network)
    listed = next((entry.value for entry in network.metadata_props if entry.key == WEIGHTS_KEY), "")
    if not listed:
        raise ModelError(
            "weights-unnamed",
            "{model} does not tell which weights are those of which layer.",
            "Give a model that `aerialseg train` wrote, or the .keras file beside it.",
            model=model.path,
        )
    tensors = {tensor.name: tensor for tensor in network.graph.initializer}
    try:
        places = json.loads(listed)
        return {name: [_read_place(one, tensors) for one in weights] for name, weights in places.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelError(
            "weights-list-damaged",
            "The list of weights in {model} is damaged.",
            "Get the model file again.",
            model=model.path,
        ) from error


def _find_place(weight: Floats, stored: list[tuple[str, Floats]], scales: list[Floats]) -> dict[str, Any]:
    """Find a weight among the stored tensors of its size, as it is or multiplied by the scale of a normalisation."""
    for axes, seen in _list_views(weight):
        place = {"shape": seen.shape, "axes": np.argsort(axes).tolist()}
        for name, values in stored:
            if np.array_equal(values, seen.ravel()):
                return {"tensor": name, **place}
        for scale in scales if seen.ndim == 4 else ():
            if len(scale) != len(seen) or not scale.all():
                continue
            multiplied = (seen * scale[:, None, None, None]).ravel()
            for name, values in stored:
                if np.allclose(values, multiplied, rtol=_CLOSE, atol=1e-6 * np.abs(multiplied).max()):
                    return {"tensor": name, **place, "scale": _encode(scale)}
    return {"values": _encode(weight), "shape": weight.shape}


def _list_views(weight: Floats) -> Iterator[tuple[tuple[int, ...], Floats]]:
    """The orders of axes in which the export may have stored a weight."""
    for axes in _AXES if weight.ndim == 4 else (tuple(range(weight.ndim)),):
        yield axes, weight.transpose(axes)


def _read_place(place: Mapping[str, Any], tensors: Mapping[str, onnx.TensorProto]) -> Floats:
    if "values" in place:
        return _decode(place["values"]).reshape(place["shape"])
    seen = onnx.numpy_helper.to_array(tensors[place["tensor"]]).astype(np.float32).reshape(place["shape"])
    if "scale" in place:
        seen = seen / _decode(place["scale"])[:, None, None, None]
    return np.ascontiguousarray(seen.transpose(place["axes"]))


def _encode(values: Floats) -> str:
    return base64.b64encode(values.astype("<f4").tobytes()).decode("ascii")


def _decode(text: str) -> Floats:
    return np.frombuffer(base64.b64decode(text, validate=True), "<f4").astype(np.float32)

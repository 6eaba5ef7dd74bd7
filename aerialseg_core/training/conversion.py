"""Conversion of a saved Keras model to ONNX; run as a program, under Keras's TensorFlow backend."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import keras
import onnx
import tensorflow as tf
import tf2onnx

from .onnx_graph import simplify

OPSET = 17
"""ONNX operator set of the result."""


def convert(saved: Path) -> onnx.ModelProto:
    """Convert a `.keras` file.

    Args:
        saved: Model for (batch, rows, cols, bands).

    Returns:
        Network with NCHW "input" and "scores"; all but bands and classes dynamic.
    """
    model = _with_resizing(keras.saving.load_model(saved, compile=False, safe_mode=True))
    signature = [tf.TensorSpec((None, None, None, model.inputs[0].shape[-1]), tf.float32, name="input")]
    function = tf.function(lambda image: {"scores": model(image, training=False)}, input_signature=signature)
    output = function.get_concrete_function().outputs[0].name
    network, _ = tf2onnx.convert.from_function(
        function, signature, opset=OPSET, inputs_as_nchw=["input"], outputs_as_nchw=[output]
    )
    return simplify(network, bands=model.inputs[0].shape[-1], classes=model.outputs[0].shape[-1])


class _Resizing(keras.layers.Layer):
    """What UpSampling2D does, as one operator; its own way becomes a dozen in ONNX."""

    def __init__(self, size: tuple[int, int], **options: Any) -> None:
        super().__init__(**options)
        self.size = size

    def call(self, image: tf.Tensor) -> tf.Tensor:
        return tf.image.resize(image, tf.shape(image)[1:3] * tf.constant(self.size), method="nearest")


def _with_resizing(model: keras.Model) -> keras.Model:
    """The same model with `_Resizing` for nearest-neighbour UpSampling2D."""

    def replaced(layer: keras.Layer) -> keras.Layer:
        if isinstance(layer, keras.layers.UpSampling2D) and layer.interpolation == "nearest":
            return _Resizing(layer.size, name=layer.name)
        return layer.__class__.from_config(layer.get_config())

    clone = keras.models.clone_model(model, clone_function=replaced)
    clone.set_weights(model.get_weights())
    return clone


if __name__ == "__main__":
    onnx.save(convert(Path(sys.argv[1])), sys.argv[2])

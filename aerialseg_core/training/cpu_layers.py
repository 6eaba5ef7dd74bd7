"""Convolutions that train faster, and more exactly in bfloat16, with TensorFlow on a CPU.

Of a training step of `lite0` in bfloat16, oneDNN (the library under TensorFlow's convolutions) spends more than half in
two gradients that it has no fast kernel for: that of a depthwise kernel wider than 3 taps, and that of the input of a
strided depthwise convolution. Both can be said in terms of kernels that are fast: a wide kernel's gradient is made of
3 × 3 pieces, and that of a strided convolution's input is the plain convolution of the gradient with zeros between its
pixels.

The gradient of a bias is a sum over all pixels, which TensorFlow's `bias_add` takes in bfloat16: of a batch's million
pixels nothing true is left. A sum with broadcasting takes it in float32.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
from keras import layers, ops

Tensor = Any
"""A tensor of TensorFlow."""

_PIECE = 3


class Conv2D(layers.Conv2D):
    """Keras's layer, with the same weights and results, whose bias has an exact gradient."""

    def call(self, inputs: Tensor) -> Tensor:
        """Convolve `inputs`, (batch, rows, cols, channels)."""
        outputs = self.convolution_op(inputs, self.kernel)
        return self.activation(_add_bias(outputs, self.bias) if self.use_bias else outputs)


class DepthwiseConv2D(layers.DepthwiseConv2D):
    """Keras's layer, with the same weights and results, whose gradients are quick and that of its bias exact."""

    def call(self, inputs: Tensor) -> Tensor:
        """Convolve `inputs`, (batch, rows, cols, channels)."""
        import tensorflow as tf

        (side, _), (stride, _) = self.kernel_size, self.strides
        around = side // 2 if self.padding == "same" else 0
        padded = tf.pad(inputs, [[0, 0], [around, around], [around, around], [0, 0]]) if around else inputs
        outputs = _make_convolution(stride)(padded, tf.convert_to_tensor(self.kernel))
        return self.activation(_add_bias(outputs, self.bias) if self.use_bias else outputs)


def quicken(model: keras.Model) -> keras.Model:
    """Copy a network with the layers of this module; its weights, their order and its results stay the same.

    The copy is for training: it is not to be saved, as its layers are not Keras's own.
    """

    def copy(layer: layers.Layer) -> layers.Layer:
        kind = type(layer)
        if kind is layers.Conv2D and layer.data_format == "channels_last":
            kind = Conv2D
        elif kind is layers.DepthwiseConv2D and _fits(layer):
            kind = DepthwiseConv2D
        return kind.from_config(layer.get_config())

    quick = keras.models.clone_model(model, clone_function=copy)
    quick.set_weights(model.get_weights())
    return quick


def _fits(layer: layers.Layer) -> bool:
    """Whether a depthwise convolution has an odd square kernel and is padded alike on all sides or not at all."""
    return (
        len({*layer.kernel_size}) == len({*layer.strides}) == 1
        and layer.kernel_size[0] % 2 == 1
        and layer.kernel_size[0] >= _PIECE
        and (layer.padding == "valid" or layer.strides[0] == 1)
        and tuple(layer.dilation_rate) == (1, 1)
        and layer.depth_multiplier == 1
        and layer.data_format == "channels_last"
    )


def _add_bias(outputs: Tensor, bias: Tensor) -> Tensor:
    """Add (channels,) to (batch, rows, cols, channels); Keras takes a vector, and no more than that, for a bias."""
    return outputs + ops.reshape(ops.cast(bias, outputs.dtype), (1, 1, 1, -1))


def _make_convolution(stride: int) -> Callable[[Tensor, Tensor], Tensor]:
    """Make the valid depthwise convolution of (batch, rows, cols, channels) with (side, side, channels, 1)."""
    import tensorflow as tf

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def convolve(inputs: Tensor, kernel: Tensor) -> tuple[Tensor, Callable[[Tensor], tuple[Tensor, Tensor]]]:
        def differentiate(upstream: Tensor) -> tuple[Tensor, Tensor]:
            of_inputs = _differentiate_inputs(inputs, kernel, upstream, stride)
            return of_inputs, _differentiate_kernel(inputs, kernel, upstream, stride)

        return tf.nn.depthwise_conv2d(inputs, kernel, [1, stride, stride, 1], "VALID"), differentiate

    convolution: Callable[[Tensor, Tensor], Tensor] = convolve
    return convolution


def _differentiate_kernel(inputs: Tensor, kernel: Tensor, upstream: Tensor, stride: int) -> Tensor:
    """Compute the kernel's gradient in pieces of 3 × 3 taps, each of which shares its first tap with the one before."""
    import tensorflow as tf

    side, channels = kernel.shape[0], kernel.shape[2]
    rows, cols = (stride * (n - 1) + _PIECE for n in tf.unstack(tf.shape(upstream)[1:3]))
    bands = []
    for row in range(0, side - 2, 2):
        pieces = [
            tf.raw_ops.DepthwiseConv2dNativeBackpropFilter(
                input=inputs[:, row : row + rows, col : col + cols],
                filter_sizes=[_PIECE, _PIECE, channels, 1],
                out_backprop=upstream,
                strides=[1, stride, stride, 1],
                padding="VALID",
            )[min(row, 1) :, min(col, 1) :]
            for col in range(0, side - 2, 2)
        ]
        bands.append(tf.concat(pieces, axis=1))
    return tf.concat(bands, axis=0)


def _differentiate_inputs(inputs: Tensor, kernel: Tensor, upstream: Tensor, stride: int) -> Tensor:
    """Compute the gradient of the inputs."""
    import tensorflow as tf

    if stride == 1 or inputs.dtype != tf.bfloat16:  # in float32 there is a fast kernel for any stride
        return tf.raw_ops.DepthwiseConv2dNativeBackpropInput(
            input_sizes=tf.shape(inputs),
            filter=kernel,
            out_backprop=upstream,
            strides=[1, stride, stride, 1],
            padding="VALID",
        )
    before = kernel.shape[0] - 1
    batch, rows, cols = tf.unstack(tf.shape(upstream)[:3])
    after = [n - stride * m for n, m in zip(tf.unstack(tf.shape(inputs)[1:3]), (rows, cols), strict=True)]
    apart = tf.reshape(upstream, (batch, rows, 1, cols, 1, upstream.shape[-1]))
    apart = tf.pad(apart, [[0, 0], [0, 0], [0, stride - 1], [0, 0], [0, stride - 1], [0, 0]])
    apart = tf.reshape(apart, (batch, stride * rows, stride * cols, upstream.shape[-1]))
    apart = tf.pad(apart, [[0, 0], [before, after[0]], [before, after[1]], [0, 0]])
    return tf.nn.depthwise_conv2d(apart, kernel[::-1, ::-1], [1, 1, 1, 1], "VALID")

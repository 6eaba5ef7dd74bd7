"""Convolutions that train faster on a CPU."""

# ruff: noqa: E402 - the imports follow what skips them

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

keras = pytest.importorskip("keras")
if keras.backend.backend() != "tensorflow":
    pytest.skip("for TensorFlow only", allow_module_level=True)
import tensorflow as tf

from aerialseg_core.training.cpu_layers import Conv2D, DepthwiseConv2D, quicken


def differentiate(model: keras.Model, image: Any, weight: Any) -> list[Any]:
    """Results, and the gradients of their weighted sum by the image and by every weight."""
    image = tf.convert_to_tensor(image)
    with tf.GradientTape() as tape:
        tape.watch(image)
        scores = tf.cast(model(image, training=True), tf.float32)
        total = tf.reduce_sum(scores * weight)
    return [scores, *tape.gradient(total, [image, *model.trainable_variables])]


def build(side: int, stride: int, padding: str, dtype: str = "float32") -> keras.Model:
    """A network of one depthwise convolution with a bias."""
    inputs = keras.Input((None, None, 16))
    layer = keras.layers.DepthwiseConv2D(side, strides=stride, padding=padding, dtype=dtype)
    model = keras.Model(inputs, layer(inputs))
    rng = np.random.default_rng(side)
    model.set_weights([rng.normal(size=weight.shape) for weight in model.get_weights()])
    return model


@given(st.sampled_from([3, 5, 7]), st.sampled_from([1, 2, 3]), st.integers(7, 20), st.integers(7, 20), st.booleans())
@settings(max_examples=15, deadline=None)
def test_results_and_gradients_are_those_of_keras(side: int, stride: int, rows: int, cols: int, same: bool) -> None:
    model = build(side, stride, "same" if same and stride == 1 else "valid")
    quick = quicken(model)
    assert type(quick.layers[-1]) is DepthwiseConv2D
    rng = np.random.default_rng(rows * cols)
    image = rng.normal(size=(2, rows, cols, 16)).astype(np.float32)
    weight = rng.normal(size=model.compute_output_shape(image.shape)).astype(np.float32)
    for own, known in zip(differentiate(quick, image, weight), differentiate(model, image, weight), strict=True):
        np.testing.assert_allclose(own, known, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("side", "stride"), [(3, 1), (3, 2), (5, 1), (5, 2)])
def test_bfloat16_is_as_close_to_float32_as_its_digits_allow(side: int, stride: int) -> None:
    model, quick = build(side, stride, "valid"), quicken(build(side, stride, "valid", "mixed_bfloat16"))
    rng = np.random.default_rng(1)
    image = rng.normal(size=(2, 19, 18, 16)).astype(np.float32)
    weight = rng.normal(size=model.compute_output_shape(image.shape)).astype(np.float32)
    for own, known in zip(differentiate(quick, image, weight), differentiate(model, image, weight), strict=True):
        assert np.abs(own - known).max() < 0.02 * np.abs(known).max()


def test_what_it_is_not_made_for_stays_keras_own() -> None:
    inputs = keras.Input((32, 32, 4))
    kinds = [{"dilation_rate": 2}, {"depth_multiplier": 2}, {"strides": 2, "padding": "same"}, {"kernel_size": 4}]
    model = keras.Model(inputs, [keras.layers.DepthwiseConv2D(**{"kernel_size": 3, **kind})(inputs) for kind in kinds])
    assert DepthwiseConv2D not in map(type, quicken(model).layers)


def test_a_network_keeps_its_weights_and_what_is_frozen() -> None:
    model = build(5, 2, "valid")
    model.layers[-1].trainable = False
    quick = quicken(model)
    for own, known in zip(quick.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(own, known)
    assert not quick.trainable_variables


def test_the_gradient_of_a_bias_is_exact_in_bfloat16() -> None:
    """TensorFlow's own sum of so many bfloat16 is off by half."""
    inputs = keras.Input((None, None, 4))
    layer = keras.layers.Conv2D(8, 1, activation="relu6", dtype="mixed_bfloat16")
    quick = quicken(keras.Model(inputs, layer(inputs)))
    assert type(quick.layers[-1]) is Conv2D
    quick.layers[-1].bias.assign(np.full(8, 2))
    weight = np.random.default_rng(1).normal(0.1, 1, (4, 256, 256, 8))
    *_, of_bias = differentiate(quick, np.zeros((4, 256, 256, 4), np.float32), weight)
    np.testing.assert_allclose(of_bias, weight.sum((0, 1, 2)), rtol=0.02)

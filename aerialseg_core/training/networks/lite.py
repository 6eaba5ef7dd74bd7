"""U-Nets on EfficientNet-Lite encoders of several sizes, with a light decoder that ends at half resolution.

The encoder is EfficientNet without squeeze-and-excitation and with ReLU6 (Tan, Le: EfficientNet: Rethinking Model
Scaling for Convolutional Neural Networks. ICML 2019; its Lite variants for edge devices, 2020). A size is a factor of
the width and one of the depth; the stem and the depth of the first and last stage are the same in all. The last
doubling is bilinear, inside the network: three quarters of a full-resolution decoder's work for an edge that is as
sharp as the annotations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np
from keras import KerasTensor, layers
from numpy.typing import NDArray

from ...errors import ParameterError
from .encoder_weights import EPSILON, load_imagenet
from .scaling import Scaling

SCALING = Scaling(mean=127.0 / 255.0, std=128.0 / 255.0)
"""Pixels of one byte enter as (x - 127) / 128, as the encoder was trained."""

STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
"""Stages of the smallest encoder: (blocks, kernel size, stride of the first block, expansion, filters out)."""

SKIPS = (0, 1, 2, 4)
"""Stages whose results the decoder reads again, at 1/2, 1/4, 1/8 and 1/16 resolution."""

_DIVISOR = 8
_LEAST_KEPT = 0.9


@dataclass(frozen=True)
class LiteNetwork:
    """A U-Net on an encoder of one size, as published."""

    name: str
    """Name, such as `lite0`; that of the published weights too."""
    width: float
    """Factor of the filters of every stage."""
    depth: float
    """Factor of the blocks of every stage but the first and the last."""

    def build(
        self,
        bands: int,
        classes: int,
        *,
        weights: str = "imagenet",
        batch_norm: bool = False,
        frozen: int = 0,
        decoder: Sequence[int] = (96, 64, 48, 32),
        dropout: float = 0.2,
    ) -> keras.Model:
        """Build the network.

        Args:
            bands: Bands of the input; the ImageNet weights of the first layer are spread over other than 3.
            classes: Classes of the output.
            weights: "imagenet" for the encoder's published weights, "random" for fresh ones.
            batch_norm: Keep the encoder's batch normalisation and train it too. Otherwise its published statistics are
                folded into the convolutions, which trains 1.5 times as fast on a CPU. Fresh weights need it.
            frozen: Blocks of the encoder, 0…16 of `lite0`, that keep their weights, from the stem on; the first three
                are a quarter of a training step's work and see edges and colours only.
            decoder: Filters of the four decoder levels, from 1/16 up to 1/2 resolution.
            dropout: Rate before the last convolution.

        Returns:
            `(batch, rows, cols, bands)` → `(batch, rows, cols, classes)` softmax.

        Raises:
            DependencyError: The weights are asked for and their package is not installed.
            ParameterError: There are no such weights or blocks, or the decoder does not have four levels.
        """
        blocks = sum(repeats for repeats, *_ in self.stages)
        if not 0 <= frozen <= blocks:
            raise ParameterError(
                "encoder-frozen",
                "The encoder cannot keep {frozen} frozen blocks.",
                "Give frozen = 0 to {blocks}.",
                frozen=frozen,
                blocks=blocks,
            )
        if len(decoder) != len(SKIPS):
            raise ParameterError(
                "decoder-levels",
                "The decoder has {given} levels, not {wanted}.",
                "Give four numbers.",
                given=len(decoder),
                wanted=len(SKIPS),
            )
        inputs = keras.Input((None, None, bands), name="image")
        *skips, x = self.lay_encoder(inputs, batch_norm=batch_norm)
        for level, (filters, skip) in enumerate(zip(decoder, reversed(skips), strict=True)):
            x = _add_decoder_level(x, skip, filters, name=f"decoder{level}")
        x = layers.SpatialDropout2D(dropout, name="dropout")(x)
        x = layers.Conv2D(classes, 1, dtype="float32", name="logits")(x)
        x = layers.Conv2DTranspose(
            classes, 4, strides=2, padding="same", use_bias=False, trainable=False, dtype="float32", name="upsample"
        )(x)
        outputs = layers.Softmax(dtype="float32", name="scores")(x)
        model = keras.Model(inputs, outputs, name=self.name)
        model.get_layer("upsample").set_weights([_make_bilinear_kernel(classes)])
        if weights != "random":
            load_imagenet(model, weights, bands, encoder=self.name)
        if frozen:
            kept = {"stem", *(f"block{i}" for i in range(frozen))}
            for layer in model.layers:
                if layer.name.partition("_")[0] in kept:
                    layer.trainable = False
        return model

    @property
    def stages(self) -> list[tuple[int, int, int, int, int]]:
        """`STAGES` of this size: blocks rounded up, filters rounded to a multiple of 8."""
        scaled = []
        for stage, (repeats, kernel, stride, expansion, filters) in enumerate(STAGES):
            wide = filters * self.width
            rounded = int(wide + _DIVISOR / 2) // _DIVISOR * _DIVISOR
            rounded += _DIVISOR if rounded < _LEAST_KEPT * wide else 0
            inner = stage not in (0, len(STAGES) - 1)
            scaled.append((math.ceil(repeats * self.depth) if inner else repeats, kernel, stride, expansion, rounded))
        return scaled

    def lay_encoder(self, inputs: KerasTensor, *, batch_norm: bool) -> list[KerasTensor]:
        """Lay the encoder on `inputs`, `(batch, rows, cols, bands)`.

        Returns:
            The results of the stages in `SKIPS` and of the last stage (320 channels or more at 1/32 resolution). Layers
            are named `stem_…`, `block0_…`, `block1_…`, as the blocks of the published weights.
        """
        x = _pad_for_stride(inputs, 3, name="stem_pad")
        x = layers.Conv2D(32, 3, strides=2, use_bias=not batch_norm, name="stem_conv")(x)
        x = _relu6(_normalize(x, "stem_bn") if batch_norm else x, "stem_relu")
        results = []
        block = 0
        for stage, (repeats, kernel, stride, expansion, filters) in enumerate(self.stages):
            for repeat in range(repeats):
                make = _Block(f"block{block}", kernel, stride if repeat == 0 else 1, expansion, filters, batch_norm)
                x = make.on(x)
                block += 1
            if stage in SKIPS or stage == len(STAGES) - 1:
                results.append(x)
        return results


@dataclass(frozen=True)
class _Block:
    """An inverted residual block: widen, depthwise convolution, narrow; plus the input where it fits."""

    name: str
    kernel: int
    stride: int
    expansion: int
    filters: int
    batch_norm: bool

    def on(self, x: KerasTensor) -> KerasTensor:
        """Lay the block on `x`."""
        entry = x
        if self.expansion != 1:
            x = self._pointwise(x, x.shape[-1] * self.expansion, "expand")
            x = _relu6(x, f"{self.name}_expand_relu")
        x = _relu6(self._depthwise(x), f"{self.name}_depthwise_relu")
        x = self._pointwise(x, self.filters, "project")
        fits = self.stride == 1 and entry.shape[-1] == self.filters
        return layers.Add(name=f"{self.name}_add")([x, entry]) if fits else x

    def _pointwise(self, x: KerasTensor, filters: int, part: str) -> KerasTensor:
        name = f"{self.name}_{part}"
        x = layers.Conv2D(filters, 1, use_bias=not self.batch_norm, name=name)(x)
        return _normalize(x, f"{name}_bn") if self.batch_norm else x

    def _depthwise(self, x: KerasTensor) -> KerasTensor:
        name = f"{self.name}_depthwise"
        padding = "same"
        if self.stride == 2:
            x = _pad_for_stride(x, self.kernel, name=f"{self.name}_pad")
            padding = "valid"
        x = layers.DepthwiseConv2D(
            self.kernel, strides=self.stride, padding=padding, use_bias=not self.batch_norm, name=name
        )(x)
        return _normalize(x, f"{name}_bn") if self.batch_norm else x


def _make_bilinear_kernel(channels: int) -> NDArray[np.float32]:
    """Make the kernel (4, 4, channels, channels) of the transposed convolution that doubles the resolution bilinearly.

    Keras's own bilinear upsampling cannot be traced by TensorFlow for rows and cols that are not known beforehand.
    """
    tent = np.array([1, 3, 3, 1], np.float32) / 4
    kernel: NDArray[np.float32] = np.einsum("r,c,io->rcio", tent, tent, np.eye(channels, dtype=np.float32))
    return kernel


def _pad_for_stride(x: KerasTensor, kernel: int, *, name: str) -> KerasTensor:
    """Zeros around an even number of rows and cols as the encoder was trained: one less before than after."""
    before, after = (kernel - 2) // 2, (kernel - 1) // 2
    return layers.ZeroPadding2D(((before, after), (before, after)), name=name)(x)


def _add_decoder_level(x: KerasTensor, skip: KerasTensor, filters: int, *, name: str) -> KerasTensor:
    """Double the resolution, join the encoder's result of that resolution, mix with a 3 × 3 convolution."""
    x = layers.Conv2D(filters, 1, use_bias=False, name=f"{name}_narrow")(x)
    x = layers.UpSampling2D(2, name=f"{name}_upsample")(x)
    x = layers.Concatenate(name=f"{name}_join")([x, skip])
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False, name=f"{name}_conv")(x)
    return _relu6(_normalize(x, f"{name}_bn"), f"{name}_relu")


def _normalize(x: KerasTensor, name: str) -> KerasTensor:
    return layers.BatchNormalization(momentum=0.97, epsilon=EPSILON, name=name)(x)


def _relu6(x: KerasTensor, name: str) -> KerasTensor:
    return layers.ReLU(max_value=6.0, name=name)(x)

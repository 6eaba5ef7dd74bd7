"""The plain U-Net of the seed method: pairs of 3 × 3 convolutions with dropout between them, 16 to 256 filters.

Ronneberger, Fischer, Brox: U-Net: Convolutional Networks for Biomedical Image Segmentation. MICCAI 2015.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
from keras import KerasTensor, layers

from .scaling import Scaling

SCALING = Scaling(mean=0.0, std=1.0)
"""Pixels enter as 0…1."""

DROPOUT = (0.1, 0.1, 0.2, 0.2, 0.3)
"""Dropout rate of each level, from full resolution down."""


def build(bands: int, classes: int, *, filters: int = 16, dropout: Sequence[float] = DROPOUT) -> keras.Model:
    """Build the U-Net.

    Args:
        bands: Bands of the input.
        classes: Classes of the output.
        filters: Filters at full resolution; each level down has twice as many.
        dropout: Dropout rate of each level, from full resolution down; its length is the number of levels, 2…6.

    Returns:
        `(batch, rows, cols, bands)` → `(batch, rows, cols, classes)` softmax.
    """
    widths = [filters * 2**level for level in range(len(dropout))]
    x = inputs = keras.Input((None, None, bands), name="image")
    skips = []
    for width, rate in zip(widths[:-1], dropout[:-1], strict=True):
        x = _pair(x, width, rate)
        skips.append(x)
        x = layers.MaxPooling2D()(x)
    x = _pair(x, widths[-1], dropout[-1])
    for width, rate, skip in zip(widths[-2::-1], dropout[-2::-1], reversed(skips), strict=True):
        x = layers.Conv2DTranspose(width, 2, strides=2, padding="same")(x)
        x = _pair(layers.Concatenate()([x, skip]), width, rate)
    outputs = layers.Conv2D(classes, 1, activation="softmax", dtype="float32", name="scores")(x)
    return keras.Model(inputs, outputs, name="unet")


def _pair(x: KerasTensor, filters: int, rate: float) -> KerasTensor:
    """Two 3 × 3 convolutions with dropout between them."""
    x = _convolution(x, filters)
    x = layers.Dropout(rate)(x)
    return _convolution(x, filters)


def _convolution(x: KerasTensor, filters: int) -> KerasTensor:
    return layers.Conv2D(filters, 3, padding="same", activation="relu", kernel_initializer="he_normal")(x)

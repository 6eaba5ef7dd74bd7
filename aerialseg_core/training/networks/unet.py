"""The plain U-Net of the seed method: pairs of 3 × 3 convolutions with dropout between them, 16 to 256 filters.

Ronneberger, Fischer, Brox: U-Net: Convolutional Networks for Biomedical Image Segmentation. MICCAI 2015.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
from keras import KerasTensor, layers

from ...errors import ParameterError
from .scaling import Scaling

SCALING = Scaling(mean=0.0, std=1.0)
"""Pixels enter as 0…1."""

DROPOUT = (0.1, 0.1, 0.2, 0.2, 0.3)
"""Dropout rate of each level, from full resolution down; deeper levels have the last one."""

DEEPEST = 6
"""Most levels: each halves the resolution of the one above, and patches are multiples of 32 px."""


def build(
    bands: int,
    classes: int,
    *,
    filters: int | Sequence[int] = 16,
    depth: int | None = None,
    dropout: float | Sequence[float] | None = None,
) -> keras.Model:
    """Build the U-Net.

    Args:
        bands: Bands of the input.
        classes: Classes of the output.
        filters: Filters at full resolution, each level down having twice as many; or the filters of each level.
        depth: Levels, 1…6. None: as many as `filters` or `dropout` lists, else 5.
        dropout: Dropout rate of all levels, or of each, from full resolution down. None: `DROPOUT`.

    Returns:
        `(batch, rows, cols, bands)` → `(batch, rows, cols, classes)` softmax.

    Raises:
        ParameterError: The options contradict each other, or there are too many levels.
    """
    depth = _choose_depth(depth, filters, dropout)
    widths = [filters * 2**level for level in range(depth)] if isinstance(filters, int) else list(filters)
    rates = _choose_rates(dropout, depth)
    x = inputs = keras.Input((None, None, bands), name="image")
    skips = []
    for level, (width, rate) in enumerate(zip(widths[:-1], rates[:-1], strict=True)):
        x = _add_pair(x, width, rate, name=f"encoder{level}")
        skips.append(x)
        x = layers.MaxPooling2D(name=f"encoder{level}_pool")(x)
    x = _add_pair(x, widths[-1], rates[-1], name="bottom")
    for level, skip in reversed(list(enumerate(skips))):
        name = f"decoder{level}"
        x = layers.Conv2DTranspose(widths[level], 2, strides=2, padding="same", name=f"{name}_upsample")(x)
        x = _add_pair(layers.Concatenate(name=f"{name}_join")([x, skip]), widths[level], rates[level], name=name)
    outputs = layers.Conv2D(classes, 1, activation="softmax", dtype="float32", name="scores")(x)
    return keras.Model(inputs, outputs, name="unet")


def _choose_depth(depth: int | None, filters: int | Sequence[int], dropout: float | Sequence[float] | None) -> int:
    """Choose the number of levels on which all options agree."""
    lengths = {len(option) for option in (filters, dropout) if isinstance(option, Sequence)}
    lengths |= {depth} if depth is not None else set()
    if len(lengths) > 1:
        raise ParameterError(
            "unet-levels-differ",
            "The levels of the U-Net contradict each other: {levels}.",
            "Let depth, filters and dropout agree, or give one of them.",
            levels=", ".join(map(str, sorted(lengths))),
        )
    found = lengths.pop() if lengths else len(DROPOUT)
    if not 1 <= found <= DEEPEST:
        raise ParameterError(
            "unet-levels", "A U-Net cannot have {levels} levels.", "Give 1 to {most}.", levels=found, most=DEEPEST
        )
    return found


def _choose_rates(dropout: float | Sequence[float] | None, depth: int) -> list[float]:
    """Choose the dropout rate of each level."""
    if isinstance(dropout, Sequence):
        return list(dropout)
    if dropout is not None:
        return [float(dropout)] * depth
    return [DROPOUT[min(level, len(DROPOUT) - 1)] for level in range(depth)]


def _add_pair(x: KerasTensor, filters: int, rate: float, *, name: str) -> KerasTensor:
    """Add two 3 × 3 convolutions with dropout between them; named, so that a warm start finds them again."""
    x = _add_convolution(x, filters, name=f"{name}_conv0")
    x = layers.Dropout(rate, name=f"{name}_dropout")(x)
    return _add_convolution(x, filters, name=f"{name}_conv1")


def _add_convolution(x: KerasTensor, filters: int, *, name: str) -> KerasTensor:
    return layers.Conv2D(filters, 3, padding="same", activation="relu", kernel_initializer="he_normal", name=name)(x)

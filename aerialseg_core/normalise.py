"""Scaling of pixel values: the same functions in training and when a model runs, never guessed from a tile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .card import Band

Range = tuple[float, float]


def normalise(
    pixels: NDArray[Any], bands: Sequence[Band], *, stretch_from: Range | None = None, onto: Range = (0.0, 255.0)
) -> NDArray[np.float32]:
    """Scale pixels for the network: `(x / scale − mean) / std`, band by band.

    Args:
        pixels: Shape (bands, rows, cols), any real type.
        bands: The scaling of each band, from the model's card.
        stretch_from: The (low, high) of the scene, folder or training set that is mapped onto `onto` first, clipped;
            None where the values are what the model was trained on.
        onto: Black and white of the images that the model was trained on.

    Returns:
        Shape (bands, rows, cols), float32.
    """
    scaled = np.empty(pixels.shape, np.float32)
    for out, values, band in zip(scaled, pixels, bands, strict=True):
        np.copyto(out, values, casting="unsafe")
        if stretch_from is not None:
            _stretch(out, stretch_from, onto)
        # one multiply and one add: (x / scale − mean) / std = x · gain + offset
        out *= np.float32(1 / (band.scale * band.std))
        out -= np.float32(band.mean / band.std)
    return scaled


def full_range(dtype: str) -> Range:
    """Least and largest value that data of this type hold when they fill it; (0, 1) for floating point."""
    kind = np.dtype(dtype)
    return (0.0, float(np.iinfo(kind).max)) if kind.kind in "ui" else (0.0, 1.0)


def _stretch(values: NDArray[np.float32], source: Range, target: Range) -> None:
    low, high = source
    values -= np.float32(low)
    values *= np.float32((target[1] - target[0]) / (high - low))
    values += np.float32(target[0])
    np.clip(values, np.float32(target[0]), np.float32(target[1]), out=values)

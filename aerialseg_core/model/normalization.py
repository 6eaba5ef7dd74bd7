"""Scaling of pixel values: the same functions in training and when a model runs, never guessed from a tile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..raster.value_range import BYTE, Range, Sample, find_full_range, find_scale
from .card import Band, Card


def normalize(
    pixels: NDArray[Any],
    bands: Sequence[Band],
    *,
    stretch_from: Range | None = None,
    onto: Range = (0.0, 255.0),
    out: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """Scale pixels for the network: `(x / scale − mean) / std`, band by band.

    Args:
        pixels: Shape (bands, rows, cols), any real type.
        bands: The scaling of each band, from the model's card.
        stretch_from: The (low, high) of the scene, folder or training set that is mapped onto `onto` first, clipped;
            None where the values are what the model was trained on.
        onto: Black and white of the images that the model was trained on.
        out: Where the result is put, of its shape; None: into a new array.

    Returns:
        Shape (bands, rows, cols), float32.
    """
    scaled = np.empty(pixels.shape, np.float32) if out is None else out
    for plane, values, band in zip(scaled, pixels, bands, strict=True):
        np.copyto(plane, values, casting="unsafe")
        if stretch_from is not None:
            (low, high), (black, white) = stretch_from, onto
            plane -= np.float32(low)
            plane *= np.float32((white - black) / (high - low))
            plane += np.float32(black)
            np.clip(plane, np.float32(black), np.float32(white), out=plane)
        # one multiply and one add: (x / scale − mean) / std = x · gain + offset
        plane *= np.float32(1 / (band.scale * band.std))
        plane -= np.float32(band.mean / band.std)
    return scaled


def find_trained_range(card: Card) -> Range:
    """Find black and white of the images that a model was trained on."""
    return card.range or find_full_range(card.dtype)


def is_told_by_type(dtype: str, card: Card) -> bool:
    """Tell whether the type of a raster alone tells what its values mean to a model."""
    return dtype == "uint8" or (dtype == card.dtype and np.dtype(dtype).kind in "ui")


def find_range_by_type(dtype: str, card: Card) -> Range | None:
    """Find black and white of a raster whose type tells them (`is_told_by_type`); None if it is read as it is."""
    return card.range if dtype == card.dtype else BYTE


def find_range_by_values(sample: Sample, dtype: str, card: Card) -> tuple[Range | None, bool]:
    """Find black and white of a raster whose values have to be looked at.

    Values that mean the same as those that the model was trained on are taken as they are.

    Args:
        sample: Its values.
        dtype: Its type.
        card: The model's card.

    Returns:
        The range, None if nothing is to be stretched; and whether it is estimated.
    """
    scale, floats = sample.scale, np.dtype(dtype).kind == np.dtype(card.dtype).kind == "f"
    comparable = card.range is not None or floats or scale == "8-bit"
    if comparable and scale == find_scale(find_trained_range(card)):
        return BYTE if scale == "8-bit" else card.range, False
    return sample.black_and_white, sample.estimated

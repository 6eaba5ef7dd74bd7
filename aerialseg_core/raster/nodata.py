"""A nodata value that the user names: what it leaves out, in a scene and in training images alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags

from ..errors import SceneError


def as_stored(nodata: float, dataset: Any, bands: Sequence[int], name: str) -> float:
    """A nodata value as the type of the pixels stores it.

    Args:
        nodata: The value, finite.
        dataset: An open rasterio dataset.
        bands: The bands that are read, 1-based.
        name: What the raster is called in a refusal.

    Raises:
        SceneError: No pixel can have this value, or the raster has a mask, which a value cannot replace.
    """
    if any(MaskFlags.per_dataset in flags and MaskFlags.alpha not in flags for flags in dataset.mask_flag_enums):
        raise SceneError(f"{name} has a mask that says where it has no data.", "Name no nodata value for it.")
    dtype = np.dtype(dataset.dtypes[bands[0] - 1])
    limits = np.finfo(dtype) if dtype.kind == "f" else np.iinfo(dtype)
    fractional = dtype.kind != "f" and nodata != int(nodata)
    if fractional or not limits.min <= nodata <= limits.max:
        raise SceneError(
            f"No pixel of {name} can be {nodata:g}: it is {dtype}.", "Correct the nodata value, or leave it out."
        )
    return float(dtype.type(nodata))


def with_data(
    dataset: Any, window: Any, nodata: float, *, pixels: NDArray[Any] | None = None, bands: Sequence[int] = ()
) -> NDArray[np.bool_]:
    """Where a window has data if a value in all bands means that it has none; alpha counts too.

    Args:
        dataset: An open rasterio dataset.
        window: The window, a rasterio one.
        nodata: The value, as it is stored; it replaces the one that the file declares.
        pixels: Pixels that were read of the window already, shape (bands, rows, cols).
        bands: Of which bands they are, 1-based.

    Returns:
        Shape (rows, cols).
    """
    shown = [number for number, colour in enumerate(dataset.colorinterp, 1) if colour is not ColorInterp.alpha]
    read_all = pixels is not None and set(shown) <= set(bands)
    values = pixels if read_all else dataset.read(shown, window=window)
    valid: NDArray[np.bool_] = (np.asarray(values) != nodata).any(axis=0)
    if MaskFlags.alpha in dataset.mask_flag_enums[0]:
        valid &= dataset.dataset_mask(window=window) > 0
    return valid

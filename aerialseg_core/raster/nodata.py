"""Which pixels are no data where the file does not say it well: a value that the user names, and collars.

A collar is the black or white border of an orthophoto that nobody declared to be no data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags

from ..errors import SceneError
from .opening import Dataset

LEAST_SHARE = 0.01
"""A collar covers at least so much of the raster."""

_SIDE, _SIDE_OF_HUGE = 64, 24  # of the decimated read, px: of a huge raster every pixel of it may decode a tile
_HUGE = 64_000_000
_FILLERS = (0.0, -1.0, -9999.0, -99999.0, -32767.0)

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Collar:
    """A border of one value in all bands."""

    value: float
    """The value."""
    share: float
    """How much of the raster it covers, 0…1."""


def cast_nodata(nodata: float, dataset: Dataset, bands: Sequence[int], name: str) -> float:
    """Bring a nodata value into the type of the pixels.

    Args:
        nodata: The value, finite.
        dataset: An open rasterio dataset.
        bands: The bands that are read, 1-based.
        name: What the raster is called in a refusal.

    Raises:
        SceneError: No pixel can have this value, or the raster has a mask, which a value cannot replace.
    """
    if any(MaskFlags.per_dataset in flags and MaskFlags.alpha not in flags for flags in dataset.mask_flag_enums):
        raise SceneError(
            "nodata-has-mask",
            "{scene} has a mask that says where it has no data.",
            "Name no nodata value for it.",
            scene=name,
        )
    dtype = np.dtype(dataset.dtypes[bands[0] - 1])
    limits = np.finfo(dtype) if dtype.kind == "f" else np.iinfo(dtype)
    fractional = dtype.kind != "f" and nodata != int(nodata)
    if fractional or not limits.min <= nodata <= limits.max:
        raise SceneError(
            "nodata-impossible",
            "No pixel of {scene} can be {nodata:g}: it is {dtype}.",
            "Correct the nodata value, or leave it out.",
            scene=name,
            nodata=nodata,
            dtype=dtype,
        )
    return float(dtype.type(nodata))


def find_valid(
    dataset: Dataset, window: Any, nodata: float, *, pixels: NDArray[Any] | None = None, bands: Sequence[int] = ()
) -> NDArray[np.bool_]:
    """Find where a window has data if a value in all bands means that it has none; alpha counts too.

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


def declares_nodata(dataset: Dataset) -> bool:
    """Tell whether a raster says itself where it has no data, by nodata value, alpha or mask."""
    return any(str(flag.name) != "all_valid" for flags in dataset.mask_flag_enums for flag in flags)


def find_collar(dataset: Dataset, bands: Sequence[int]) -> Collar | None:
    """Look for a collar: connected pixels that reach the edge and hold the same filler in all bands.

    A filler is 0, the largest or least value of the type, or a number such as -9999. Only a few pixels at the edge are
    read unless one of them is a filler.

    Args:
        dataset: An open rasterio dataset that declares no pixel to be without data.
        bands: The bands to look at, 1-based.
    """
    rows, cols = dataset.height, dataset.width
    if min(rows, cols) < 2:
        return None
    # one read of a small raster takes less time than one of each place
    whole = dataset.read(list(bands)) if rows * cols <= _SIDE**2 else None
    values = dict.fromkeys(
        value
        for row in (0, rows // 2, rows - 1)
        for col in (0, cols // 2, cols - 1)
        if (row, col) != (rows // 2, cols // 2)
        and (value := _find_filler(_read_pixel(dataset, bands, row, col) if whole is None else whole[:, row, col]))
        is not None
    )
    found = [collar for value in values if (collar := _measure_collar(dataset, bands, value)) is not None]
    return max(found, key=lambda collar: collar.share, default=None)


def _read_pixel(dataset: Dataset, bands: Sequence[int], row: int, col: int) -> NDArray[Any]:
    """Read a pixel, shape (bands,)."""
    return np.ravel(dataset.read(list(bands), window=((row, row + 1), (col, col + 1))))


def _find_filler(pixel: NDArray[Any]) -> float | None:
    """Find the filler that a pixel holds in all bands; None if it shows something."""
    value = float(pixel[0])
    return value if (pixel == pixel[0]).all() and value in _list_fillers(pixel.dtype) else None


def _list_fillers(dtype: np.dtype[Any]) -> tuple[float, ...]:
    if dtype.kind == "f":
        return (*_FILLERS, float(np.finfo(dtype).min), float(np.finfo(dtype).max))
    limits = np.iinfo(dtype)
    return (*(value for value in _FILLERS if value >= limits.min), float(limits.min), float(limits.max))


def _measure_collar(dataset: Dataset, bands: Sequence[int], value: float) -> Collar | None:
    """Measure how far a filler reaches from the edge inwards; None if that is next to nothing, or everything."""
    rows, cols = dataset.height, dataset.width
    side = _SIDE_OF_HUGE if rows * cols > _HUGE and not dataset.overviews(bands[0]) else _SIDE
    shape = min(rows, side), min(cols, side)  # a strip is not thinned out along its short side
    filled: Mask = (dataset.read(list(bands), out_shape=(len(bands), *shape)) == value).all(axis=0)
    share = float(_grow_from_edge(filled).mean())
    return Collar(value, share) if share >= LEAST_SHARE and not filled.all() else None


def _grow_from_edge(filled: Mask) -> Mask:
    """Find the pixels that are connected with one at the edge."""
    reached = np.zeros_like(filled)
    grown = filled.copy()
    grown[1:-1, 1:-1] = False
    while not np.array_equal(grown, reached):
        reached = grown.copy()
        grown[1:] |= reached[:-1]
        grown[:-1] |= reached[1:]
        grown[:, 1:] |= reached[:, :-1]
        grown[:, :-1] |= reached[:, 1:]
        grown &= filled
    return reached

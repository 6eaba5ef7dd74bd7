"""Collars: the black or white border of an orthophoto that nobody declared to be no data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

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


def is_declared(dataset: Any) -> bool:
    """Whether a raster says itself where it has no data, by nodata value, alpha or mask."""
    return any(str(flag.name) != "all_valid" for flags in dataset.mask_flag_enums for flag in flags)


def find_collar(dataset: Any, bands: Sequence[int]) -> Collar | None:
    """Look for a collar: pixels that hang together, reach the edge, and hold the same filler in all bands.

    A filler is 0, the largest or least value of the type, or a number such as -9999. Only a few pixels at the edge are
    read unless one of them is a filler.

    Args:
        dataset: An open rasterio dataset that declares no pixel to be without data.
        bands: The bands to look at, 1-based.
    """
    rows, cols = dataset.height, dataset.width
    if min(rows, cols) < 2:
        return None
    values = dict.fromkeys(
        value
        for row in (0, rows // 2, rows - 1)
        for col in (0, cols // 2, cols - 1)
        if (row, col) != (rows // 2, cols // 2) and (value := _filler(dataset, bands, row, col)) is not None
    )
    found = [collar for value in values if (collar := _measured(dataset, bands, value)) is not None]
    return max(found, key=lambda collar: collar.share, default=None)


def _filler(dataset: Any, bands: Sequence[int], row: int, col: int) -> float | None:
    """The filler that a pixel holds in all bands, None if it shows something."""
    pixel = dataset.read(list(bands), window=((row, row + 1), (col, col + 1))).ravel()
    value = float(pixel[0])
    return value if (pixel == pixel[0]).all() and value in _fillers(pixel.dtype) else None


def _fillers(dtype: np.dtype[Any]) -> tuple[float, ...]:
    if dtype.kind == "f":
        return (*_FILLERS, float(np.finfo(dtype).min), float(np.finfo(dtype).max))
    limits = np.iinfo(dtype)
    return (*(value for value in _FILLERS if value >= limits.min), float(limits.min), float(limits.max))


def _measured(dataset: Any, bands: Sequence[int], value: float) -> Collar | None:
    """How far a filler reaches from the edge inwards; None if that is next to nothing, or everything."""
    rows, cols = dataset.height, dataset.width
    side = _SIDE_OF_HUGE if rows * cols > _HUGE and not dataset.overviews(bands[0]) else _SIDE
    shape = min(rows, side), min(cols, side)  # a strip is not thinned out along its short side
    filled: Mask = (dataset.read(list(bands), out_shape=(len(bands), *shape)) == value).all(axis=0)
    share = float(_reached_from_edge(filled).mean())
    return Collar(value, share) if share >= LEAST_SHARE and not filled.all() else None


def _reached_from_edge(filled: Mask) -> Mask:
    """The pixels that hang together with one at the edge."""
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

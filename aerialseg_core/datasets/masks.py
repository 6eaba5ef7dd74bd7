"""Masks: images of the classes' colours, read as one number for each colour; what is transparent is unlabelled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags

from ..errors import DataError
from ..raster.classes import ClassScheme
from ..raster.window import Window
from .rasters import open_stored, rasterio_window

OUTSIDE = np.uint32(1 << 31)
"""Code of pixels that are unlabelled on purpose."""

TOLERANCE = 32
"""How far a colour of a mask of lossy compression may be from a class colour to count as it, in RGB space; less where
two class colours are so near that it would be nearer to another one."""

Codes = NDArray[np.uint32]
"""Red · 2¹⁶ + green · 2⁸ + blue, or `OUTSIDE`."""

_LOSSY = "LOSSY"


@dataclass(frozen=True)
class MaskFormat:
    """How a mask is stored."""

    single: bool
    """Whether it has one band (and perhaps alpha): its numbers may be colours, or the classes themselves."""
    grey: bool
    """Whether that band is shown as greys."""
    lossy: bool
    """Whether its compression changes colours, as JPEG does."""
    depth: int
    """Bits of a number."""


def inspect_mask(path: Path) -> MaskFormat:
    """Find out how a mask is stored.

    Raises:
        DataError: The mask is unreadable.
    """
    with open_stored(path) as source:
        single, depth = _is_single(source), 8 * np.dtype(source.dtypes[0]).itemsize
        palette = _palette(source) if single and source.dtypes[0] in ("uint8", "uint16") else None
        grey = single and (palette is None or bool((palette[:, :3] == palette[:, :1]).all()))
        return MaskFormat(single, grey, _is_lossy(source), depth if palette is None else 8)


@contextmanager
def mask_reader(path: Path) -> Iterator[Callable[[Window | None], Codes]]:
    """Open a mask to read the colours of many windows: RGB, a palette or greys, with or without transparency.

    Yields:
        A function that gives the codes of a window, shape (rows, cols); `OUTSIDE` where the mask is transparent, by
        alpha, a mask band, the palette or a nodata value.

    Raises:
        DataError: The mask is unreadable, or no image of colours.
    """
    with open_stored(path) as source:
        if source.dtypes[0] not in ("uint8", "uint16") or not (source.count >= 3 or _is_single(source)):
            raise DataError(
                "mask-no-image",
                "The mask {path} is neither an image of colours nor of greys.",
                "Save it as an RGB PNG; if its values are class numbers, pair it as `labels` in a TOML.",
                path=path,
            )
        table = _table(source, path)
        masked = any(
            flags != [MaskFlags.all_valid] for flags in source.mask_flag_enums[: 1 if table is not None else 3]
        )

        def read(window: Window | None) -> Codes:
            part = rasterio_window(window)
            if table is None:
                codes = pack_colours(np.moveaxis(source.read([1, 2, 3], window=part), 0, -1))
            else:
                codes = table[source.read(1, window=part)]
            if masked:
                codes[source.dataset_mask(window=part) == 0] = OUTSIDE
            return codes

        yield read


def pack_colours(colours: NDArray[np.uint8]) -> Codes:
    """Turn colours into one number each: red · 2¹⁶ + green · 2⁸ + blue.

    Args:
        colours: Shape (…, 3), RGB, uint8.

    Returns:
        Shape (…), uint32.
    """
    codes = colours[..., 0].astype(np.uint32)
    for channel in (1, 2):
        codes <<= np.uint32(8)
        codes |= colours[..., channel]
    return codes


def pack_class_colours(scheme: ClassScheme) -> Codes:
    """Turn the classes' colours into codes' colours, in the order of the scheme, shape (classes,)."""
    return pack_colours(np.array(scheme.colours, np.uint8))


def compute_tolerance(scheme: ClassScheme) -> int:
    """Compute how far a colour may be from that of a class: `TOLERANCE`, less where two are nearer."""
    colours = np.array(scheme.colours, np.int64)
    apart = np.sqrt(((colours[:, None] - colours[None]) ** 2).sum(axis=2))
    apart[np.diag_indices(len(colours))] = np.inf
    return int(min(TOLERANCE, np.ceil(apart.min() / 2) - 1))


def snap(codes: Codes, known: Codes, tolerance: int) -> Codes:
    """Replace colours by the nearest known one where that is near.

    Args:
        codes: Any shape.
        known: Codes of the known colours, shape (n,).
        tolerance: Largest distance in RGB space; 0 changes nothing.

    Returns:
        Same shape; `OUTSIDE` and what is near no known colour stay.
    """
    if not tolerance:
        return codes
    found, inverse = np.unique(codes, return_inverse=True)
    squares = ((_channels(found)[:, None] - _channels(known)[None]) ** 2).sum(axis=2)
    near = (squares.min(axis=1) <= tolerance**2) & (found != OUTSIDE)
    snapped: Codes = np.where(near, known[squares.argmin(axis=1)], found)
    return snapped[inverse].reshape(codes.shape)


def _channels(codes: Codes) -> NDArray[np.int64]:
    """Red, green and blue of codes, shape (n, 3)."""
    channels: NDArray[np.int64] = np.stack([codes >> 16 & 255, codes >> 8 & 255, codes & 255], axis=1).astype(np.int64)
    return channels


def _is_single(source: Any) -> bool:
    bands: int = source.count
    return bands == 1 or (bands == 2 and source.colorinterp[1] == ColorInterp.alpha)


def _is_lossy(source: Any) -> bool:
    tags = {**source.tags(1, ns="IMAGE_STRUCTURE"), **source.tags(ns="IMAGE_STRUCTURE")}
    jpeg = source.driver == "JPEG" or tags.get("COMPRESSION", "") in ("JPEG", "YCbCr JPEG")
    return jpeg or str(tags.get("COMPRESSION_REVERSIBILITY", "")).startswith(_LOSSY)


def _table(source: Any, path: Path) -> Codes | None:
    """The code of every number of a mask of one band; None if it has three."""
    if source.count >= 3:
        if source.dtypes[0] != "uint8":
            raise DataError(
                "mask-colours-16-bits",
                "The mask {path} has colours of 16 bits.",
                "Save it as an RGB PNG of 8 bits.",
                path=path,
            )
        return None
    palette = _palette(source)
    if palette is not None:
        return np.where(palette[:, 3] > 0, pack_colours(palette[:, :3]), OUTSIDE)
    if source.dtypes[0] != "uint8":
        raise DataError(
            "mask-greys-16-bits", "The mask {path} has greys of 16 bits.", "Save it as a PNG of 8 bits.", path=path
        )
    white = (1 << int(source.tags(1, ns="IMAGE_STRUCTURE").get("NBITS", 8))) - 1
    greys = np.arange(256) * 255 // white if white == 1 else np.arange(256)
    return pack_colours(np.repeat(greys.clip(0, 255).astype(np.uint8)[:, None], 3, axis=1))


def _palette(source: Any) -> NDArray[np.uint8] | None:
    """The palette of the first band, shape (values, 4), RGBA; None if it has none."""
    if source.colorinterp[0] != ColorInterp.palette:
        return None
    palette = np.zeros((1 << 8 * np.dtype(source.dtypes[0]).itemsize, 4), np.uint8)
    palette[:, 3] = 255
    for index, colour in source.colormap(1).items():
        palette[index] = colour
    return palette

"""Overviews: an output at half, a quarter, … of its resolution, made in one pass over its rows.

GDAL makes overviews too. That of classes by the most frequent one takes it three times as long, and it compresses each
of them twice.
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray

from .opening import open_written
from .window import spans

Bytes = NDArray[np.uint8]
Halve = Callable[[Bytes, int], Bytes]
"""Makes one pixel of four: takes rows and columns in pairs, and what is no data."""

_BLOCK_ROWS = 64
_ANYWHERE = Affine.scale(2)  # nobody asks where an overview is, but without a place rasterio warns


def write_overviews(
    strips: Iterator[Bytes], shape: tuple[int, int], stem: Path, halve: Halve, *, nodata: int, until: int
) -> list[Path]:
    """Write the overviews of a raster, each half as large as the one before, as GeoTIFFs without a place on the ground.

    Args:
        strips: The raster from top to bottom, a few rows at a time.
        shape: Its (rows, cols).
        stem: Path of the files, which get a number and an ending.
        halve: `halve_classes` or `halve_shares`.
        nodata: What is no data.
        until: Overviews are made until neither side is longer than this, px.

    Returns:
        The files, the largest overview first.

    Raises:
        OSError: The disk is full.
        RasterioError: The same.
    """
    files: list[Path] = []
    while max(shape) > until:
        shape = ((shape[0] + 1) // 2, (shape[1] + 1) // 2)
        files.append(stem.with_name(f"{stem.name}-{len(files) + 1}.tif"))
        strips = _save(_halve_strips(strips, halve, nodata), files[-1], shape, nodata)
    deque(strips, maxlen=0)
    return files


def _halve_strips(strips: Iterable[Bytes], halve: Halve, nodata: int) -> Iterator[Bytes]:
    """Halve strips; a row that is left of one goes with the next."""
    left: Bytes | None = None
    for strip in strips:
        rows = strip if left is None else np.concatenate([left, strip])
        even = len(rows) // 2 * 2
        left = rows[even:].copy() if even < len(rows) else None
        if even:
            yield halve(_pair(rows[:even], nodata), nodata)
    if left is not None:
        yield halve(_pair(left, nodata), nodata)


def _pair(rows: Bytes, nodata: int) -> Bytes:
    """Add a row and a column without data where their number is odd."""
    odd = tuple((0, length % 2) for length in rows.shape)
    return np.pad(rows, odd, constant_values=nodata) if any(map(any, odd)) else rows


def _save(strips: Iterator[Bytes], path: Path, shape: tuple[int, int], nodata: int) -> Iterator[Bytes]:
    """Write strips while they are passed on, and look whether the disk has taken all: GDAL does not always tell."""
    options: dict[str, Any] = {"count": 1, "dtype": "uint8", "nodata": nodata, "bigtiff": "IF_SAFER"}
    options |= {"height": shape[0], "width": shape[1], "blockysize": _BLOCK_ROWS, "transform": _ANYWHERE}
    top = written = 0
    with rasterio.open(path, "w", driver="GTiff", compress="zstd", zstd_level=1, **options) as dataset:
        for strip in strips:
            dataset.write(strip, 1, window=((top, top + len(strip)), (0, shape[1])))
            top, written = top + len(strip), zlib.crc32(strip.data, written)
            yield strip
    stored = 0
    with open_written(path) as dataset:
        for start, stop in spans(0, shape[0], _BLOCK_ROWS):
            stored = zlib.crc32(dataset.read(1, window=((start, stop), (0, shape[1]))), stored)
    if stored != written:
        raise OSError(f"{path} was not written as it should be")


def halve_classes(pixels: Bytes, nodata: int) -> Bytes:
    """Make one pixel of four: the most frequent class with data, of equals the first from left and top.

    Args:
        pixels: Class values, shape (rows, cols), both even.
        nodata: What is no data, 0.

    Returns:
        Shape (rows / 2, cols / 2); without data where none of the four has any.
    """
    first, second, third, fourth = _split(pixels)
    found = np.where(third != nodata, third, fourth)
    for one in (second, first):  # the first with data
        np.copyto(found, one, where=one != nodata)
    np.copyto(found, third, where=(third == fourth) & (third != nodata))
    np.copyto(found, second, where=((second == third) | (second == fourth)) & (second != nodata))
    pairs = (first == second) | (first == third) | (first == fourth)
    np.copyto(found, first, where=pairs & (first != nodata))
    return found


def halve_shares(pixels: Bytes, nodata: int) -> Bytes:
    """Make one pixel of four: the mean of those with data, rounded.

    Args:
        pixels: Whole percent, shape (rows, cols), both even.
        nodata: What is no data, above all others.

    Returns:
        Shape (rows / 2, cols / 2); without data where none of the four has any.
    """
    pairs = np.ascontiguousarray(pixels).view(np.uint16)  # of neighbours in a row, whichever of them comes first
    sums = (pairs & 0xFF) + (pairs >> 8)
    total = sums[0::2] + sums[1::2]
    if not (pixels == nodata).any():
        rounded: Bytes = ((total + 2) >> 2).astype(np.uint8)
        return rounded
    parts = _split(pixels)
    absent = np.sum([part == nodata for part in parts], axis=0, dtype=np.uint16)
    count = np.maximum(4 - absent, 1)
    mean: Bytes = ((total - absent * nodata + count // 2) // count).astype(np.uint8)
    mean[absent == 4] = nodata
    return mean


def _split(pixels: Bytes) -> list[Bytes]:
    """Split each square of four pixels into its upper left, upper right, lower left and lower right one."""
    return [np.ascontiguousarray(pixels[row::2, col::2]) for row in (0, 1) for col in (0, 1)]

"""Reading the rasters of a data set window by window: a raster larger than memory never enters it as a whole."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.enums import MaskFlags
from rasterio.errors import RasterioError
from rasterio.windows import Window as RasterioWindow

from ..errors import DataError, RasterReadError, SceneError
from ..raster.bands import unset_false_alpha
from ..raster.nodata import cast_nodata, find_valid
from ..raster.opening import gdal_environment, make_read_error, open_raster
from ..raster.palette import expand_palette
from ..raster.window import Window, spans

STRIP = 1 << 21
"""Pixels that are read at a time."""

_ALIGNMENT = 512
"""Strips are as high as a multiple of this where they can be: tiled files are read without reading a tile twice."""

_CACHE = 64 << 20  # bytes
_CHUNK = 1 << 20
_REPLACE = "Replace the file or take it out."
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Header:
    """What a raster says about itself."""

    size: tuple[int, int]
    """(rows, cols)."""
    bands: int
    """Number of bands."""
    dtype: str
    """Type of the first band."""
    crs: CRS | None
    """Its CRS."""
    transform: Affine
    """Pixel to CRS."""

    @property
    def georeferenced(self) -> bool:
        """Whether it has a CRS and a transform."""
        return self.crs is not None and not self.transform.is_identity


@contextmanager
def open_stored(path: Path) -> Iterator[Any]:
    """Open a raster; errors name the file, and GDAL's cache is small.

    Yields:
        A rasterio dataset.

    Raises:
        DataError: The file is unreadable.
    """
    with gdal_environment(_CACHE):
        try:
            with open_raster(path) as source:
                yield source
        except SceneError as error:
            raise DataError.of(error.sentence) from error
        except (RasterReadError, RasterioError) as error:
            said = error if isinstance(error, RasterReadError) else make_read_error(error, path)
            if os.path.exists(path):
                raise DataError("data-file-unreadable", "{cause}", _REPLACE, cause=said.sentence) from error
            hint = "There is no such file: correct the path."
            raise DataError("data-file-missing", "{cause}", hint, cause=said.sentence) from error


@contextmanager
def open_image(path: Path) -> Iterator[Any]:
    """Open an image, not a label: as `open_stored`, and a palette image is one of red, green and blue.

    Yields:
        A rasterio dataset.

    Raises:
        DataError: The file is unreadable.
    """
    with open_stored(path) as source, expand_palette(source) as colours, unset_false_alpha(colours) as image:
        yield image


def read_header(path: Path) -> Header:
    """Read size, bands, type and georeference of a raster.

    Raises:
        DataError: The file is unreadable.
    """
    with open_stored(path) as source:
        size = (source.height, source.width)
        return Header(size, source.count, source.dtypes[0], source.crs, source.transform)


def read_image(path: Path, bands: int | Sequence[int], window: Window | None = None) -> NDArray[Any]:
    """Read bands of an image, or of a part of it.

    Args:
        path: The image.
        bands: How many bands, the first ones; or which, counted from 1.
        window: The part; None: the whole image.

    Returns:
        Shape (bands, rows, cols), type as stored.

    Raises:
        DataError: The image is unreadable or has fewer bands.
    """
    with image_reader(path, bands) as read:
        return read(window)


@contextmanager
def image_reader(path: Path, bands: int | Sequence[int]) -> Iterator[Callable[[Window | None], NDArray[Any]]]:
    """Open an image to read many windows of it; see `read_image`.

    Yields:
        A function that gives the pixels of a window, shape (bands, rows, cols).

    Raises:
        DataError: The image is unreadable or has fewer bands.
    """
    indexes = list(range(1, bands + 1)) if isinstance(bands, int) else list(bands)
    with open_image(path) as source:
        if source.count < max(indexes):
            raise DataError(
                "image-bands-missing",
                "{path} has {count} bands, {needed} are needed.",
                "Take this image out of the data.",
                path=path,
                count=source.count,
                needed=max(indexes),
            )

        def read(window: Window | None) -> NDArray[Any]:
            pixels: NDArray[Any] = source.read(indexes, window=rasterio_window(window))
            return pixels

        yield read


@contextmanager
def validity_reader(path: Path, nodata: float | None = None) -> Iterator[Callable[[Window], NDArray[np.bool_]] | None]:
    """Open an image to see where it has data, by its nodata value, alpha or mask band, transparent colours, or NaN.

    Args:
        path: The image.
        nodata: Value that means no data where all bands hold it, instead of the one that the image declares.

    Yields:
        None if it has data everywhere; else a function that gives them for a window, shape (rows, cols).

    Raises:
        DataError: The image is unreadable, or no pixel can have the nodata value.
    """
    with open_image(path) as source:
        floats = source.dtypes[0].startswith("float")
        try:
            value = None if nodata is None else cast_nodata(nodata, source, (1,), str(path))
        except SceneError as error:
            raise DataError.of(error.sentence) from error
        if not floats and value is None and all(flags == [MaskFlags.all_valid] for flags in source.mask_flag_enums):
            yield None
            return

        def read(window: Window) -> NDArray[np.bool_]:
            part = rasterio_window(window)
            declared = source.dataset_mask(window=part) > 0 if value is None else find_valid(source, part, value)
            valid: NDArray[np.bool_] = declared
            return valid & np.isfinite(source.read(window=part)).all(axis=0) if floats else valid

        yield read


def rasterio_window(window: Window | None) -> RasterioWindow | None:
    """Turn a window into rasterio's, which counts columns first."""
    return None if window is None else RasterioWindow(window.col, window.row, window.width, window.height)


def strips(size: tuple[int, int], pixels: int | None = None) -> Iterator[Window]:
    """Cut a raster of (rows, cols) into windows of at most `STRIP` pixels or so, row by row.

    Args:
        size: (rows, cols).
        pixels: Pixels of a window; None: `STRIP`.
    """
    rows, cols = size
    pixels = pixels or STRIP
    height = max(1, pixels // cols)
    if height < rows:
        height = max(min(rows, _ALIGNMENT), height // _ALIGNMENT * _ALIGNMENT)
    width = max(1, min(cols, pixels // min(height, rows)))
    for top, bottom in spans(0, rows, height):
        for left, right in spans(0, cols, width):
            yield Window(top, left, bottom - top, right - left)


def check_pixels(path: Path) -> None:
    """Decode a whole raster: a file that was cut off opens as if nothing were wrong.

    Raises:
        DataError: Some of it cannot be decoded.
    """
    check_format(path)
    with open_stored(path) as source:
        for window in strips((source.height, source.width)):
            source.read(window=rasterio_window(window))


def check_format(path: Path) -> None:
    """Compare the checksums of a PNG up to its last chunk: GDAL makes noise of what is missing, and no error.

    Pillow's `verify` does the same, but is no dependency of what audits and evaluates.

    Raises:
        DataError: It is damaged, or ends too early.
    """
    if path.suffix.lower() != ".png":
        return
    try:
        with path.open("rb") as file:
            whole = file.read(8) != _PNG_SIGNATURE or _chunks_are_whole(file)  # another format under this name
    except OSError as error:
        raise DataError(
            "file-unreadable", "{path} cannot be read: {error}.", _REPLACE, path=path, error=error
        ) from error
    if not whole:
        raise DataError(
            "png-damaged", "{path} cannot be read: the PNG is damaged or ends too early.", _REPLACE, path=path
        )


def _chunks_are_whole(file: BinaryIO) -> bool:
    while len(head := file.read(8)) == 8:
        left, kind = struct.unpack(">I4s", head)
        checksum = zlib.crc32(kind)
        while left and (data := file.read(min(left, _CHUNK))):
            checksum = zlib.crc32(data, checksum)
            left -= len(data)
        if left or file.read(4) != checksum.to_bytes(4, "big"):
            return False
        if kind == b"IEND":
            return True
    return False

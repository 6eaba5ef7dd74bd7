"""What the audit keeps of an image: its four borders, a small grey picture, and where on earth it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window as RasterWindow

from ..datasets.pairs import Pair
from ..datasets.rasters import open_image
from ..errors import DataError
from ..progress import Reporter
from ..raster.bands import choose_shown_bands, read_facts
from ..raster.palette import read_averaged
from ..raster.window import Window

SMALL = 64
"""Side of the small picture of an image, px."""

LONGEST_BORDER = 1024
"""Borders longer than this are averaged down to at most so many samples."""

Grey = NDArray[np.float32]

_NOTHING: Grey = np.zeros(0, np.float32)


@dataclass(frozen=True)
class Georeference:
    """Where a georeferenced image lies."""

    crs: Any
    """Its CRS, as rasterio knows it."""
    transform: Any
    """Affine transform from (col, row) to its CRS."""


@dataclass(frozen=True, eq=False)
class Signature:
    """What is kept of one image; some 30 kB whatever its size."""

    size: tuple[int, int]
    """(rows, cols)."""
    top: Grey
    """Grey values of the first row, averaged down to at most `LONGEST_BORDER` samples, shape (n,); of a georeferenced
    image empty, as all borders."""
    bottom: Grey
    """The same of the last row."""
    left: Grey
    """The same of the first column, from top to bottom."""
    right: Grey
    """The same of the last column."""
    small: Grey
    """Mean grey values of the image cut into SMALL × SMALL rectangles."""
    georeference: Georeference | None
    """Where it lies; None without georeference."""


def read_signatures(pairs: Sequence[Pair], reporter: Reporter) -> tuple[Signature | None, ...]:
    """Read the signatures of all images, one image at a time; None stands for an image that cannot be read."""
    reporter.start("read images", len(pairs), "images")
    found: list[Signature | None] = []
    for pair in pairs:
        try:
            found.append(read_signature(pair.image))
        except DataError:
            found.append(None)
        reporter.advance()
    return tuple(found)


def read_signature(path: Path) -> Signature:
    """Read the signature of one image.

    Raises:
        DataError: The image is unreadable.
    """
    with open_image(path) as source:
        rows, cols = source.height, source.width
        lines = {
            "top": RasterWindow(0, 0, cols, 1),
            "left": RasterWindow(0, 0, 1, rows),
            "right": RasterWindow(cols - 1, 0, 1, rows),
            "bottom": RasterWindow(0, rows - 1, cols, 1),
        }
        georeferenced = source.crs is not None and not source.transform.is_identity
        georeference = Georeference(source.crs, source.transform) if georeferenced else None
        # A column of a large raster costs as much as all of it, and its place is known better than by what it shows.
        wanted = {} if georeferenced else lines
        borders = {name: _sample(_read_grey(source, window).ravel()) for name, window in wanted.items()}
        small = _read_grey(source, None, (SMALL, SMALL))
    return Signature(
        size=(rows, cols), small=small, georeference=georeference, **{**dict.fromkeys(lines, _NOTHING), **borders}
    )


def read_grey(path: Path, window: Window, shape: tuple[int, int]) -> Grey:
    """Read a part of an image as grey values, as means of its pixels at the resolution wanted.

    Args:
        path: The image.
        window: The part, px.
        shape: (rows, cols) of the result.

    Raises:
        DataError: The image is unreadable.
    """
    with open_image(path) as source:
        return _read_grey(source, RasterWindow(window.col, window.row, window.width, window.height), shape)


def _read_grey(source: Any, window: Any, shape: tuple[int, int] | None = None) -> Grey:
    """The mean of red, green and blue, or the only band."""
    bands = choose_shown_bands(read_facts(source))
    read = source.read(list(bands), window=window) if shape is None else read_averaged(source, bands, window, shape)
    pixels = read.astype(np.float32)
    grey: Grey = np.nan_to_num(pixels, nan=0.0, posinf=0.0, neginf=0.0).mean(axis=0, dtype=np.float32)
    return grey


def _sample(line: Grey) -> Grey:
    """A line averaged down to at most `LONGEST_BORDER` samples."""
    step = -(-len(line) // LONGEST_BORDER)
    whole = len(line) // step * step
    sampled: Grey = line[:whole].reshape(-1, step).mean(axis=1, dtype=np.float32)
    return sampled

"""Pairs of image and mask in a folder of `images/` and `masks/` folders at any depth."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from ..errors import DataError

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff"})
"""Suffixes of images and masks, in lower case."""

_LAYOUT = "Put images in folders named `images` and their masks, of the same name, in `masks` beside them."


@dataclass(frozen=True)
class Pair:
    """One image and the mask that labels it."""

    image: Path
    """The image."""
    mask: Path
    """Its mask, of the same size."""
    group: str
    """Top-level folder under the data folder; "." for pairs right under it."""
    size: tuple[int, int]
    """(rows, cols)."""


def find_pairs(data: Path) -> list[Pair]:
    """Find every image under `data` with its mask, sorted by path.

    Args:
        data: Folder that holds `…/images/NAME.jpg` and `…/masks/NAME.png` at any depth.

    Raises:
        DataError: There is no pair, a partner is missing, or the sizes of a pair differ.
    """
    if not data.is_dir():
        raise DataError(f"The training data {data} are not a folder.", _LAYOUT)
    pairs = [pair for folder in _image_folders(data) for pair in _pairs_of(folder, data)]
    if not pairs:
        raise DataError(f"There is no pair of image and mask under {data}.", _LAYOUT)
    return pairs


def read_image(path: Path, bands: int) -> NDArray[Any]:
    """Read the first bands of an image.

    Returns:
        Shape (bands, rows, cols), type as stored.

    Raises:
        DataError: The image is unreadable or has fewer bands.
    """
    with _explained(path), rasterio.open(path) as source:
        if source.count < bands:
            raise DataError(f"{path} has {source.count} bands, {bands} are needed.", "Take this image out of the data.")
        pixels: NDArray[Any] = source.read(list(range(1, bands + 1)))
    return pixels


def read_colours(path: Path) -> NDArray[np.uint8]:
    """Read a mask as colours; a palette is resolved.

    Returns:
        Shape (rows, cols, 3), RGB, uint8.

    Raises:
        DataError: The mask is unreadable, or neither RGB nor a palette image.
    """
    with _explained(path), rasterio.open(path) as source:
        if source.count >= 3 and source.dtypes[0] == "uint8":
            colours: NDArray[np.uint8] = np.moveaxis(source.read([1, 2, 3]), 0, -1)
            return colours
        if source.count == 1 and source.colorinterp[0].name == "palette":
            palette = np.zeros((256, 3), np.uint8)
            for index, colour in source.colormap(1).items():
                palette[index] = colour[:3]
            resolved: NDArray[np.uint8] = palette[source.read(1)]
            return resolved
    raise DataError(f"The mask {path} is neither an RGB nor a palette image.", "Save it as an RGB PNG.")


def _image_folders(data: Path) -> list[Path]:
    return sorted(path for path in (data, *data.rglob("*")) if path.is_dir() and path.name == "images")


def _pairs_of(images: Path, data: Path) -> Iterator[Pair]:
    masks = images.with_name("masks")
    by_stem = {path.stem: path for path in _files(masks)} if masks.is_dir() else {}
    parts = images.relative_to(data).parts[:-1]
    group = parts[0] if parts else "."
    for image in _files(images):
        mask = by_stem.pop(image.stem, None)
        if mask is None:
            raise DataError(f"The image {image} has no mask in {masks}.", "Add the mask or take the image out.")
        yield Pair(image, mask, group, _common_size(image, mask))
    for mask in by_stem.values():
        raise DataError(f"The mask {mask} has no image in {images}.", "Add the image or take the mask out.")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)


def _common_size(image: Path, mask: Path) -> tuple[int, int]:
    sizes = [_size(path) for path in (image, mask)]
    if sizes[0] != sizes[1]:
        (rows, cols), (mask_rows, mask_cols) = sizes
        raise DataError(
            f"{image} is {cols} × {rows} px and its mask {mask_cols} × {mask_rows} px.",
            "Both must have the same size: take the pair out or resize the mask with nearest neighbour.",
        )
    return sizes[0]


def _size(path: Path) -> tuple[int, int]:
    with _explained(path), rasterio.open(path) as source:
        return source.height, source.width


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Say which file is unreadable; photographs without georeference are no reason for a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        try:
            yield
        except RasterioError as error:
            raise DataError(f"{path} cannot be read: {error}.", "Replace the file or take it out.") from error

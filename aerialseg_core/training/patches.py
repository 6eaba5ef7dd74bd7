"""Patches cut from whole images with patchify, image by image, into memory-mapped files on disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from patchify import patchify

from ..classes import IGNORE, ClassScheme
from ..errors import DataError, OutputError
from ..labelled.labels import read_labels
from ..labelled.pairs import Pair, read_image
from ..progress import Reporter

_SPARE = 1 << 26


@dataclass(frozen=True)
class PatchCache:
    """Patches on disk, read as they are needed: RAM does not grow with the data."""

    images: NDArray[Any]
    """Memory-mapped, shape (patches, rows, cols, bands), type as the images."""
    labels: NDArray[np.uint8]
    """Memory-mapped, shape (patches, rows, cols); 255 = ignore."""
    counts: NDArray[np.int64]
    """Pixels of each class, shape (patches, classes)."""


def cut(pixels: NDArray[Any], side: int, *, fill: int | None = None) -> NDArray[Any]:
    """Cut one image into patches that do not overlap and cover every pixel once.

    Args:
        pixels: Shape (rows, cols, channels).
        side: Side of a patch, px.
        fill: What to add at the lower and right border up to whole patches; None: the image, reflected.

    Returns:
        Shape (patches, side, side, channels), row by row.
    """
    channels = pixels.shape[2]
    border = [(0, -size % side) for size in pixels.shape[:2]] + [(0, 0)]
    padded = np.pad(pixels, border, mode="reflect") if fill is None else np.pad(pixels, border, constant_values=fill)
    patches: NDArray[Any] = patchify(padded, (side, side, channels), step=side).reshape(-1, side, side, channels)
    return patches


def patch_count(size: tuple[int, int], side: int) -> int:
    """How many patches `cut` makes of an image of (rows, cols)."""
    rows, cols = (-(-n // side) for n in size)
    return rows * cols


def write_cache(
    pairs: Sequence[Pair], scheme: ClassScheme, side: int, *, bands: int, folder: Path, reporter: Reporter
) -> PatchCache:
    """Cut all pairs into a cache, one pair at a time.

    Args:
        pairs: Pairs to cut.
        scheme: Classes of the masks.
        side: Side of a patch, px.
        bands: Bands to read.
        folder: Where `images.npy` and `labels.npy` are written.
        reporter: Told of every pair.

    Raises:
        DataError: A file is unreadable, or the images are of different types.
        OutputError: The disk cannot hold the patches.
    """
    n = sum(patch_count(pair.size, side) for pair in pairs)
    dtype = read_image(pairs[0].image, bands).dtype
    _require_space(folder, n * side * side * (bands * dtype.itemsize + 1))
    images = _file(folder / "images.npy", dtype, (n, side, side, bands))
    labels = _file(folder / "labels.npy", np.dtype(np.uint8), (n, side, side))
    counts = np.zeros((n, len(scheme)), np.int64)
    start = 0
    reporter.start("cut patches", len(pairs), "images")
    for pair in pairs:
        image = read_image(pair.image, bands)
        if image.dtype != dtype:
            raise DataError(f"{pair.image} is {image.dtype}, other images are {dtype}.", "Give all the same type.")
        stop = start + patch_count(pair.size, side)
        images[start:stop] = cut(np.moveaxis(image, 0, -1), side)
        labels[start:stop] = cut(read_labels(pair.mask, scheme)[..., None], side, fill=IGNORE)[..., 0]
        counts[start:stop] = [np.bincount(p.ravel(), minlength=256)[: len(scheme)] for p in labels[start:stop]]
        start = stop
        reporter.advance()
    return PatchCache(images, labels, counts)


def _require_space(folder: Path, size: int) -> None:
    """Refuse what the disk cannot hold: writing on would end the process, since the files are memory-mapped."""
    free = shutil.disk_usage(folder).free
    if free < size + _SPARE:
        raise OutputError(
            f"The patches need {size / 1e9:.1f} GB of disk beside the model, {free / 1e9:.1f} GB are free.",
            "Free some space, or write the model to another disk.",
        )


def _file(path: Path, dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """A new memory-mapped array on disk."""
    create: Callable[..., NDArray[Any]] = np.lib.format.open_memmap
    return create(path, "w+", dtype, shape)

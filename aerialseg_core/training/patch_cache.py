"""Patches cut with patchify out of parts of images, strip by strip, into memory-mapped files on disk."""

from __future__ import annotations

import mmap
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from patchify import patchify

from ..datasets.labels import label_reader
from ..datasets.pairs import Pair
from ..datasets.pixel_values import read_type
from ..datasets.rasters import image_reader
from ..datasets.split import Part
from ..errors import OutputError
from ..metrics import IGNORE
from ..progress import Reporter
from ..raster.classes import ClassScheme
from ..raster.window import Window, reflect, spans

STRIP = 1 << 21
"""Pixels of an image that are cut at a time, at least one patch."""

_SPARE = 1 << 26

_AROUND = 1 << 21
"""Bytes before and behind what is read that the kernel may map along with it: a large page at most."""


class PatchFile:
    """An array on disk, mapped into memory, of which nothing stays there: RAM does not grow with what was read.

    The pages of a mapped file count as memory of the process until somebody else needs them, so that a training run
    would seem to hold all patches that it has seen. Here they are handed back as soon as a patch is copied.

    Args:
        path: File in NumPy's format, `*.npy`.
    """

    def __init__(self, path: Path) -> None:
        create: Callable[..., Any] = np.lib.format.open_memmap
        self.mapped: Any = create(path, "r")
        self._bytes = int(np.prod(self.mapped.shape[1:])) * self.mapped.itemsize

    def __len__(self) -> int:
        return int(self.mapped.shape[0])

    def __getitem__(self, index: int) -> NDArray[Any]:
        """A copy of the array at this place of the first axis."""
        found: NDArray[Any] = np.array(self.mapped[index])
        self._release(int(index))
        return found

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the whole array."""
        shape: tuple[int, ...] = self.mapped.shape
        return shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of its values."""
        dtype: np.dtype[Any] = self.mapped.dtype
        return dtype

    def _release(self, index: int) -> None:
        if not hasattr(mmap, "MADV_DONTNEED"):  # Windows: its working set shrinks by itself
            return
        # NumPy maps from the page on that holds the first value.
        begin = self.mapped.offset % mmap.ALLOCATIONGRANULARITY + index % len(self) * self._bytes
        start = max(0, begin - _AROUND) // mmap.PAGESIZE * mmap.PAGESIZE
        length = min(begin + self._bytes + _AROUND, len(self.mapped._mmap)) - start
        self.mapped._mmap.madvise(mmap.MADV_DONTNEED, start, length)


@dataclass(frozen=True)
class PatchCache:
    """Patches on disk, read as they are needed: RAM does not grow with the data."""

    images: PatchFile | NDArray[Any]
    """Memory-mapped, shape (patches, rows, cols, bands), type as the images."""
    labels: PatchFile | NDArray[np.uint8]
    """Memory-mapped, shape (patches, rows, cols); 255 = ignore."""
    counts: NDArray[np.int64]
    """Pixels of each class, shape (patches, classes)."""
    soft_labels: PatchFile | None = None
    """Memory-mapped, shape (patches, rows / 2, cols / 2, classes), 0…255; see `distillation`. None: there are none."""


def cut_patches(pixels: NDArray[Any], side: int) -> NDArray[Any]:
    """Cut whole patches that do not overlap.

    Args:
        pixels: Shape (rows, cols, channels); rows and cols are multiples of `side`.
        side: Side of a patch, px.

    Returns:
        Shape (patch rows, patch cols, side, side, channels).
    """
    patches: NDArray[Any] = patchify(pixels, (side, side, pixels.shape[2]), step=side)
    return patches[:, :, 0]


def count_patches(size: tuple[int, int], side: int) -> int:
    """Count the patches that an image, or a part, of (rows, cols) is cut into."""
    rows, cols = (-(-n // side) for n in size)
    return rows * cols


def write_cache(
    pairs: Sequence[Pair],
    scheme: ClassScheme,
    side: int,
    *,
    bands: Sequence[str],
    folder: Path,
    reporter: Reporter,
    parts: Sequence[Part] | None = None,
) -> PatchCache:
    """Cut parts of images into a cache.

    The patches of a part are in one piece, row by row. A part is continued by itself, reflected, at its lower and right
    border up to whole patches, and its labels by `IGNORE`: nothing outside of it is read. What the cache holds does not
    depend on how much is read at a time.

    Args:
        pairs: All pairs.
        scheme: Their classes.
        side: Side of a patch, px.
        bands: Names of the bands to read.
        folder: Where `images.npy` and `labels.npy` are written.
        reporter: Told of every part.
        parts: What of the pairs to cut; None: all of every pair.

    Raises:
        DataError: A file is unreadable.
        OutputError: The disk cannot hold the patches.
    """
    if parts is None:
        parts = [Part(i, Window(0, 0, *pair.size)) for i, pair in enumerate(pairs)]
    n = sum(count_patches(part.window.shape, side) for part in parts)
    dtype = np.result_type(*{read_type(pairs[index]) for index in {part.pair for part in parts}})
    _require_space(folder, n * side * side * (len(bands) * dtype.itemsize + 1))
    counts = np.zeros((n, len(scheme)), np.int64)
    reporter.start("cut patches", len(parts), "parts")
    start = 0
    with ExitStack() as stack:
        images = stack.enter_context(_open_writer(folder / "images.npy", dtype, (n, side, side, len(bands))))
        labels = stack.enter_context(_open_writer(folder / "labels.npy", np.dtype(np.uint8), (n, side, side)))
        for index, own in groupby(parts, key=lambda part: part.pair):
            with _open_pair(pairs[index], scheme, bands, dtype) as read:
                for part in own:
                    for at, image, label in _read_patches(read, part.window, side):
                        images(start + at, image)
                        labels(start + at, label)
                        counts[start + at : start + at + len(label)] = [
                            np.bincount(patch.ravel(), minlength=256)[: len(scheme)] for patch in label
                        ]
                        reporter.check()
                    start += count_patches(part.window.shape, side)
                    reporter.advance()
    return PatchCache(PatchFile(folder / "images.npy"), PatchFile(folder / "labels.npy"), counts)


def cut_soft_labels(
    files: Sequence[Path], parts: Sequence[Part], side: int, *, folder: Path, reporter: Reporter
) -> PatchFile:
    """Cut soft labels into patches that belong to those of a cache, 0 beyond the images.

    Args:
        files: Soft labels of every image, see `distillation`.
        parts: What the cache was cut from, whole images.
        side: Side of a patch of the cache, px; even.
        folder: Where `soft_labels.npy` is written.
        reporter: Asked whether to stop.

    Raises:
        OutputError: The disk cannot hold the patches.
    """
    open_file: Callable[..., Any] = np.lib.format.open_memmap
    classes = open_file(files[parts[0].pair], "r").shape[2]
    half = side // 2
    n = sum(count_patches(part.window.shape, side) for part in parts)
    _require_space(folder, n * half * half * classes)
    path, start = folder / "soft_labels.npy", 0
    with _open_writer(path, np.dtype(np.uint8), (n, half, half, classes)) as write:
        for part in parts:
            whole = open_file(files[part.pair], "r")
            for row in range(0, whole.shape[0], half):
                for col in range(0, whole.shape[1], half):
                    patch = whole[row : row + half, col : col + half]
                    beyond = [(0, half - patch.shape[0]), (0, half - patch.shape[1]), (0, 0)]
                    write(start, np.pad(patch, beyond)[None])
                    start += 1
            reporter.check()
    return PatchFile(path)


def halve(size: tuple[int, int]) -> tuple[int, int]:
    """Halve (rows, cols), rounded up: the size of soft labels."""
    rows, cols = size
    return -(-rows // 2), -(-cols // 2)


ReadWindow = Callable[[Window], tuple[NDArray[Any], NDArray[np.uint8]]]


@contextmanager
def _open_pair(pair: Pair, scheme: ClassScheme, bands: Sequence[str], dtype: np.dtype[Any]) -> Iterator[ReadWindow]:
    """Give a function that reads the pixels, (rows, cols, bands), and the labels of a window."""
    with image_reader(pair.image, pair.indexes(bands)) as read_pixels, label_reader(pair, scheme) as read_labels:

        def read(window: Window) -> tuple[NDArray[Any], NDArray[np.uint8]]:
            pixels = read_pixels(window)
            pixels = pixels.astype(dtype, copy=False)
            if pixels.dtype.kind == "f":  # one NaN would spread over everything that a network sees with it
                pixels = np.nan_to_num(pixels, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
            return np.ascontiguousarray(np.moveaxis(pixels, 0, -1)), read_labels(window)

        yield read


def _read_patches(read: ReadWindow, part: Window, side: int) -> Iterator[tuple[int, NDArray[Any], NDArray[np.uint8]]]:
    """Read rows of patches of a part: number of the first one, (patches, side, side, bands), (patches, side, side)."""
    rows, cols = (-(-n // side) for n in part.shape)
    across = max(1, min(cols, STRIP // side**2))
    down = max(1, min(rows, STRIP // (across * side**2)))
    for top, bottom in spans(0, rows, down):
        for left, right in spans(0, cols, across):
            window = Window(top * side, left * side, (bottom - top) * side, (right - left) * side)
            pixels, labels = _read_reflected(read, part, window)
            images, truths = cut_patches(pixels, side), cut_patches(labels[..., None], side)[..., 0]
            for row, (image, truth) in enumerate(zip(images, truths, strict=True), start=top):
                yield row * cols + left, image, truth


def _read_reflected(read: ReadWindow, part: Window, window: Window) -> tuple[NDArray[Any], NDArray[np.uint8]]:
    """Read a window, counted from the corner of a part, of the part continued by reflection."""
    axes = ((window.row, window.height, part.height), (window.col, window.width, part.width))
    rows, cols = (reflect(np.arange(start, start + length), size) for start, length, size in axes)
    top, left = int(rows.min()), int(cols.min())
    inner = Window(part.row + top, part.col + left, int(rows.max()) - top + 1, int(cols.max()) - left + 1)
    pixels, labels = (_take(_take(a, rows - top, 0), cols - left, 1) for a in read(inner))
    labels[part.height - window.row :] = IGNORE
    labels[:, part.width - window.col :] = IGNORE
    return pixels, labels


def _take(values: NDArray[Any], indices: NDArray[np.intp], axis: int) -> NDArray[Any]:
    """Compute `values.take(indices, axis)`, quick where they begin with 0, 1, 2, …: few patches are reflected."""
    run = min(len(indices), values.shape[axis])
    plain = run if (indices[:run] == np.arange(run)).all() else 0
    if plain == len(indices):
        return values
    kept = values[:plain] if axis == 0 else values[:, :plain]
    return np.concatenate([kept, values.take(indices[plain:], axis)], axis=axis)


@contextmanager
def _open_writer(
    path: Path, dtype: np.dtype[Any], shape: tuple[int, ...]
) -> Iterator[Callable[[int, NDArray[Any]], None]]:
    """Give a function that writes patches into a new file from the place of the first one on; see `PatchFile`.

    They are written to the file, not through its mapping, whose changed pages would count as memory.
    """
    write_header: Callable[..., None] = np.lib.format.write_array_header_2_0
    describe: Callable[..., Any] = np.lib.format.dtype_to_descr
    header = {"descr": describe(dtype), "fortran_order": False, "shape": shape}
    one = int(np.prod(shape[1:])) * dtype.itemsize
    try:
        with path.open("wb") as file:
            write_header(file, header)
            begin = file.tell()

            def write(index: int, patches: NDArray[Any]) -> None:
                file.seek(begin + index * one)
                file.write(np.ascontiguousarray(patches).data)

            yield write
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(
            "patches-not-written",
            "The patches cannot be written to {path}: {error}.",
            "Check the disk.",
            path=path,
            error=error,
        ) from error


def _require_space(folder: Path, size: int) -> None:
    """Refuse what the disk cannot hold before anything is written."""
    free = shutil.disk_usage(folder).free
    if free < size + _SPARE:
        raise OutputError(
            "patches-no-room",
            "The patches need {size:.1f} GB of disk beside the model, {free:.1f} GB are free.",
            "Free some space, or write the model to another disk.",
            size=size / 1000000000.0,
            free=free / 1000000000.0,
        )

"""Class rows: the rows of a class raster as they become polygons, read and smoothed strip by strip."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from os import PathLike

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import RasterioError

from ..errors import RasterReadError, SceneError
from ..raster.categories import CLASSES_TAG
from ..raster.class_raster import JOB_TAG, NO_CONFIDENCE
from ..raster.class_values import OWN, WHOLE, ClassValues, read_codes
from ..raster.opening import Dataset, open_raster
from ..raster.window import spans

CACHE = 4 << 20
"""Bytes that GDAL keeps of rasters; no more, as all rows are read once and in large parts."""

SMOOTHED = 1 << 18
"""Pixels that go through the majority filter at once."""


@dataclass(frozen=True)
class ClassRows:
    """A class raster, and how its rows are to be read."""

    dataset: Dataset
    """The open class raster."""
    confidence: Dataset | None = None
    """The open confidence raster on the same grid."""
    side: int = 0
    """Side of the window of the majority filter, px; 0 for none."""
    values: ClassValues = OWN
    """The classes of the raster; its rows are read as their codes."""

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.dataset.height, self.dataset.width

    @property
    def planes(self) -> int:
        """Planes of the rows: class values, and confidence if there is one."""
        return 1 if self.confidence is None else 2

    def fill(self, out: NDArray[np.uint8], start: int) -> None:
        """Read whole rows: class values, and confidence if there is one.

        Args:
            out: Is filled, shape (planes, rows, cols).
            start: The first of these rows.
        """
        stop = start + out.shape[1]
        if self.side:
            self._fill_smoothed(out[0], start)
        else:
            read_codes(self.dataset, self.values, (start, stop), (0, self.dataset.width), out[0])
        if self.confidence is not None:
            _read_confidence(self.confidence, out[1], start)

    def _fill_smoothed(self, out: NDArray[np.uint8], start: int) -> None:
        """Read class values after the majority filter, shape (rows, cols)."""
        margin, (rows, cols) = self.side // 2, self.shape
        stop, top = start + len(out), start - margin
        first, last = max(0, top), min(rows, stop + margin)
        around = np.zeros((len(out) + 2 * margin, cols + 2 * margin), np.uint8)
        inner = around[first - top : last - top, margin : margin + cols]
        read_codes(self.dataset, self.values, (first, last), (0, cols), inner)
        for one, other in spans(0, len(out), max(1, SMOOTHED // cols)):
            out[one:other] = filter_majority(around[one : other + 2 * margin], self.side)


def _read_confidence(raster: Dataset, out: NDArray[np.uint8], start: int) -> None:
    """Read rows of confidence, with 255 where there is none whatever the raster calls it, shape (rows, cols)."""
    window = ((start, start + len(out)), (0, raster.width))
    try:
        raster.read(1, window=window, out=out)
        flags = raster.mask_flag_enums[0]
        says_so = flags == [MaskFlags.nodata] and raster.nodata == NO_CONFIDENCE  # then it need not be decoded again
        if MaskFlags.all_valid not in flags and not says_so:
            out[raster.read_masks(1, window=window) == 0] = NO_CONFIDENCE
    except RasterioError as error:
        raise RasterReadError(
            "confidence-damaged", "The confidence raster {raster} is damaged: {error}.", raster=raster.name, error=error
        ) from error


@contextmanager
def open_class_raster(classes: str | PathLike[str] | Dataset) -> Iterator[Dataset]:
    """Open a class raster; one that is open already stays open.

    Raises:
        RasterReadError: It is missing or unreadable.
        SceneError: It is not a class raster.
    """
    if not isinstance(classes, (str, PathLike)):
        yield _check(classes)
        return
    with _open(classes, "class raster") as dataset:
        yield _check(dataset)


@contextmanager
def open_confidence(path: str | None, classes: Dataset) -> Iterator[Dataset | None]:
    """Open the confidence raster that belongs to a class raster; None if there is none.

    Raises:
        RasterReadError: It is missing or unreadable.
        SceneError: It is not on the grid of the class raster, or of another type.
    """
    if path is None:
        yield None
        return
    with _open(path, "confidence raster") as dataset:
        grids = [(one.shape, one.crs, tuple(one.transform)) for one in (dataset, classes)]
        same = grids[0][:2] == grids[1][:2] and all(map(math.isclose, grids[0][2], grids[1][2]))
        if dataset.count != 1 or dataset.dtypes[0] != "uint8" or not same:
            raise SceneError(
                "confidence-other",
                "{path} is not the confidence raster of {classes}.",
                "Give the one that aerialseg segment wrote beside it: one band of type uint8 on the same grid.",
                path=path,
                classes=classes.name,
            )
        yield dataset


@contextmanager
def _open(path: str | PathLike[str], what: str) -> Iterator[Dataset]:
    with ExitStack() as stack:
        try:
            dataset = stack.enter_context(open_raster(path))
        except RasterReadError as error:
            raise RasterReadError(
                "raster-of-kind-unreadable", "The {kind} {cause}", kind=what, cause=error.sentence
            ) from error
        yield dataset


def _check(dataset: Dataset) -> Dataset:
    """Return the dataset, if it can be a class raster."""
    bands = dataset.count - (dataset.count == 2 and dataset.colorinterp[1] == ColorInterp.alpha)
    if bands != 1 or dataset.dtypes[0] not in WHOLE:
        has = "one band" if bands == 1 else f"{bands} bands"
        raise SceneError(
            "class-raster-bands",
            "{raster} is not a class raster: it has {has} of type {dtype}.",
            "Give a raster with one band of whole numbers, such as aerialseg segment writes.",
            raster=dataset.name,
            has=has,
            count=bands,
            dtype=dataset.dtypes[0],
        )
    tags = dataset.tags()
    if JOB_TAG in tags and CLASSES_TAG not in tags:  # its numbers would pass for classes
        raise SceneError(
            "class-raster-other-output",
            "{raster} is not a class raster: a run has written it as confidence, distance or seams.",
            "Give the class raster of that run.",
            raster=dataset.name,
        )
    return dataset


def filter_majority(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Smooth classes, which are names and not amounts: what is counted is how often each occurs in a window.

    No data stays no data and is not counted. Where classes are equally frequent a pixel keeps its own, or else gets
    the one with the smallest id. Running sums take two thirds of the time of `scipy.ndimage.convolve1d` for a side of
    5, and no more for a larger one.

    Args:
        pixels: Class values with a margin of `side // 2` pixels all around, 0 beyond the raster.
        side: Side of the square window, px; odd.

    Returns:
        The class values without the margin.
    """
    margin = side // 2
    inner = pixels[margin : len(pixels) - margin, margin : pixels.shape[1] - margin]
    winner, most = inner.copy(), np.zeros(inner.shape, np.uint16)
    for value in np.flatnonzero(np.bincount(pixels.ravel(), minlength=256)[1:]) + 1:
        votes = 2 * _sum_boxes(pixels == value, side) + (inner == value)  # its own class decides a tie
        better = votes > most
        winner[better] = value
        most[better] = votes[better]
    winner[inner == 0] = 0
    return winner


def _sum_boxes(mask: NDArray[np.bool_], side: int) -> NDArray[np.uint16]:
    """Count what is set in the window around each pixel that has a whole one; right though the sums may wrap around."""
    sums = mask.astype(np.uint16)
    for axis in (0, 1):
        total = np.cumsum(sums, axis=axis, dtype=np.uint16)
        total = np.concatenate([np.zeros_like(total.take([0], axis)), total], axis=axis)
        stop = [slice(None), slice(None)]
        start = [slice(None), slice(None)]
        stop[axis], start[axis] = slice(side, None), slice(None, -side)
        sums = total[tuple(stop)] - total[tuple(start)]
    return sums

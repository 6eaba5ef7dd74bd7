"""Class rows: the rows of a class raster as they become polygons, read, smoothed and sieved strip by strip."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import MaskFlags
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from .classraster import NO_CONFIDENCE
from .errors import RasterReadError, SceneError
from .ground import Ground
from .majority import majority
from .progress import Reporter
from .regions import NO_REGION, Labeller
from .sieve import ALL_CLASSES, Sides, Sieve


@dataclass(frozen=True)
class ClassRows:
    """A class raster, and how its rows are to be read."""

    dataset: Any
    """The open class raster."""
    confidence: Any = None
    """The open confidence raster on the same grid."""
    side: int = 0
    """Side of the window of the majority filter, px; 0 for none."""

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.dataset.height, self.dataset.width

    def strips(self, height: int) -> Iterator[NDArray[np.uint8]]:
        """All rows from top to bottom: class values, and confidence if there is one, shape (planes, rows, cols).

        Args:
            height: Rows of a strip; the last one may have fewer.
        """
        for start in range(0, self.dataset.height, height):
            stop = min(start + height, self.dataset.height)
            confidence = [] if self.confidence is None else [self._confidence(start, stop)]
            yield np.stack([self.classes(start, stop), *confidence])

    def classes(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Class values of whole rows [start, stop), shape (rows, cols)."""
        if not self.side:
            return self.part((start, stop), (0, self.dataset.width))
        margin = self.side // 2
        first, last = max(0, start - margin), min(self.dataset.height, stop + margin)
        missing = (margin - (start - first), margin - (last - stop))
        return majority(
            np.pad(self.part((first, last), (0, self.dataset.width)), (missing, (margin, margin))), self.side
        )

    def part(self, rows: tuple[int, int], cols: tuple[int, int]) -> NDArray[np.uint8]:
        """Class values of a part as they are in the raster, with 0 where it has no data.

        Args:
            rows: The first row, and that after the last.
            cols: The first column, and that after the last.
        """
        return _read(self.dataset, rows, cols)

    def _confidence(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Confidence of whole rows, with 255 where there is none whatever the raster calls it."""
        window = ((start, stop), (0, self.confidence.width))
        try:
            percent: NDArray[np.uint8] = self.confidence.read(1, window=window)
            if MaskFlags.all_valid not in self.confidence.mask_flag_enums[0]:
                percent[self.confidence.read_masks(1, window=window) == 0] = NO_CONFIDENCE
        except RasterioError as error:
            raise RasterReadError(f"The confidence raster {self.confidence.name} is damaged: {error}.") from error
        return percent


@dataclass(frozen=True)
class Fates:
    """What became of the regions of a raster in the sieve."""

    value: NDArray[np.uint8]
    """Class of each region in the end, by its number, shape (regions,)."""
    merged: int
    """How many went to a neighbour."""
    height: int
    """Rows of the strips in which they were numbered."""


def sieved(rows: ClassRows, ground: Ground, config: Any, height: int, reporter: Reporter) -> Fates:
    """Read the raster once to find out to which class each region belongs when small ones have gone.

    Args:
        rows: The class raster.
        ground: How large its pixels are.
        config: A `PolygonConfig`.
        height: Rows that are read at once.
        reporter: Receives progress in rows.
    """
    minimum, weights = ground.least_weight(config.min_area), ground.row_weights()
    sieve = Sieve(minimum, Sides(*ground.pixel_sides), diagonally=config.connectivity == 8)
    reporter.start("min-area", rows.shape[0], "rows")
    for start in range(0, rows.shape[0], height):
        stop = min(start + height, rows.shape[0])
        sieve.feed(rows.classes(start, stop), weights[start:stop])
        reporter.advance(stop - start)
    return Fates(sieve.finish(), sieve.merged, height)


def cleaned(rows: ClassRows, fates: Fates, *, diagonally: bool) -> Iterator[NDArray[np.uint8]]:
    """The rows once more, as `ClassRows.strips`, every region in the class that the sieve gave it.

    Args:
        rows: The class raster.
        fates: What `sieved` found.
        diagonally: Whether pixels that touch at a corner are one region.
    """
    labeller, count = Labeller(ALL_CLASSES, diagonally=diagonally), 0
    above = np.zeros((1, rows.shape[1]), np.uint8)
    for strip in rows.strips(fates.height):
        framed = np.concatenate([above, strip[0]])
        above = framed[-1:]
        labels = labeller.label(framed, count)
        count += len(labels.fresh)
        value = np.where(labels.region == NO_REGION, np.uint8(0), fates.value[labels.region])
        strip[0] = value[labels.run[1:]]
        yield strip


@contextmanager
def opened(classes: str | PathLike[str] | Any) -> Iterator[Any]:
    """The class raster as an open dataset; one that was open already stays open.

    Raises:
        RasterReadError: It is missing or unreadable.
        SceneError: It is not a class raster.
    """
    if not isinstance(classes, (str, PathLike)):
        yield _checked(classes)
        return
    with _dataset(classes, "class raster") as dataset:
        yield _checked(dataset)


@contextmanager
def opened_confidence(path: str | None, classes: Any) -> Iterator[Any]:
    """The confidence raster that belongs to a class raster; None if there is none.

    Raises:
        RasterReadError: It is missing or unreadable.
        SceneError: It is not on the grid of the class raster, or of another type.
    """
    if path is None:
        yield None
        return
    with _dataset(path, "confidence raster") as dataset:
        grids = [(one.shape, one.crs, tuple(one.transform)) for one in (dataset, classes)]
        same = grids[0][:2] == grids[1][:2] and all(map(math.isclose, grids[0][2], grids[1][2]))
        if dataset.count != 1 or dataset.dtypes[0] != "uint8" or not same:
            raise SceneError(
                f"{path} is not the confidence raster of {classes.name}.",
                "Give the one that aerialseg segment wrote beside it: one band of type uint8 on the same grid.",
            )
        yield dataset


@contextmanager
def _dataset(path: str | PathLike[str], what: str) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # no CRS is not an error: the run says so
        try:
            dataset = rasterio.open(path)
        except RasterioError as error:
            raise RasterReadError(
                f"The {what} {path} cannot be read: {error}.", "Check its name, and that it is a raster."
            ) from error
        with dataset:
            yield dataset


def _checked(dataset: Any) -> Any:
    """The dataset, if it can be a class raster."""
    if dataset.count != 1 or dataset.dtypes[0] != "uint8":
        bands = "one band" if dataset.count == 1 else f"{dataset.count} bands"
        raise SceneError(
            f"{dataset.name} is not a class raster: it has {bands} of type {dataset.dtypes[0]}.",
            "Give a raster with one band of type uint8, such as aerialseg segment writes.",
        )
    return dataset


def _read(dataset: Any, *window: tuple[int, int]) -> NDArray[np.uint8]:
    """Rows and columns from … to … with 0 where the dataset has no data, shape (rows, cols)."""
    try:
        pixels: NDArray[np.uint8] = dataset.read(1, window=window)
        if MaskFlags.all_valid not in dataset.mask_flag_enums[0] and dataset.nodata != 0:
            pixels[dataset.read_masks(1, window=window) == 0] = 0
    except RasterioError as error:
        raise RasterReadError(
            f"The class raster {dataset.name} is damaged at rows {window[0][0]} to {window[0][1]}: {error}.",
            "Make it again.",
        ) from error
    return pixels

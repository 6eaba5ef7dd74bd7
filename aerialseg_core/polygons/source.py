"""Class rows: the rows of a class raster as they become polygons, read, smoothed and sieved strip by strip."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import RasterioError

from ..errors import RasterReadError, SceneError
from ..progress import Reporter
from ..raster.class_raster import NO_CONFIDENCE
from ..raster.class_values import OWN, WHOLE, ClassValues, read_codes
from ..raster.geodesy import Ground
from ..raster.opening import open_raster
from ..raster.window import spans
from .majority import majority
from .regions import NO_REGION, Labeller
from .sieve import ALL_CLASSES, Sides, Sieve

SMOOTHED = 1 << 18
"""Pixels that go through the majority filter at once."""


@dataclass(frozen=True)
class ClassRows:
    """A class raster, and how its rows are to be read."""

    dataset: Any
    """The open class raster."""
    confidence: Any = None
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
            self._fill_confidence(out[1], start)

    def _fill_smoothed(self, out: NDArray[np.uint8], start: int) -> None:
        """Read class values after the majority filter, shape (rows, cols)."""
        margin, (rows, cols) = self.side // 2, self.shape
        stop, top = start + len(out), start - margin
        first, last = max(0, top), min(rows, stop + margin)
        around = np.zeros((len(out) + 2 * margin, cols + 2 * margin), np.uint8)
        inner = around[first - top : last - top, margin : margin + cols]
        read_codes(self.dataset, self.values, (first, last), (0, cols), inner)
        for one, other in spans(0, len(out), max(1, SMOOTHED // cols)):
            out[one:other] = majority(around[one : other + 2 * margin], self.side)

    def part(self, rows: tuple[int, int], cols: tuple[int, int]) -> NDArray[np.uint8]:
        """Class values of a part as they are in the raster, by their codes, with 0 where it has no data.

        Args:
            rows: The first row, and that after the last.
            cols: The first column, and that after the last.
        """
        found = np.empty((rows[1] - rows[0], cols[1] - cols[0]), np.uint8)
        read_codes(self.dataset, self.values, rows, cols, found)
        return found

    def _fill_confidence(self, out: NDArray[np.uint8], start: int) -> None:
        """Read confidence, with 255 where there is none whatever the raster calls it, shape (rows, cols)."""
        window = ((start, start + len(out)), (0, self.confidence.width))
        try:
            self.confidence.read(1, window=window, out=out)
            if MaskFlags.all_valid not in self.confidence.mask_flag_enums[0]:
                out[self.confidence.read_masks(1, window=window) == 0] = NO_CONFIDENCE
        except RasterioError as error:
            raise RasterReadError(f"The confidence raster {self.confidence.name} is damaged: {error}.") from error


@dataclass(frozen=True)
class Fates:
    """What became of the regions of a raster in the sieve."""

    value: NDArray[np.uint8]
    """Class of each region in the end, by its number, shape (regions,)."""
    merged: int
    """How many went to a neighbour."""
    height: int
    """Rows of the strips in which they were numbered."""


def sieved(
    rows: ClassRows, ground: Ground, config: Any, slabs: Sequence[tuple[int, int]], height: int, reporter: Reporter
) -> Fates:
    """Read the raster once to find out to which class each region belongs when small ones have gone.

    Args:
        rows: The class raster.
        ground: How large its pixels are.
        config: A `PolygonConfig`.
        slabs: The rows that are read at once, one slab after the other.
        height: Rows that are sieved at once.
        reporter: Receives progress in rows.
    """
    rows = replace(rows, confidence=None)
    sieve = Sieve(ground.least_weight(config.min_area), Sides(*ground.pixel_sides), diagonally=config.connectivity == 8)
    reporter.start("min-area", rows.shape[0], "rows")
    room = np.empty((1, max(stop - start for start, stop in slabs), rows.shape[1]), np.uint8)
    for start, stop in slabs:
        rows.fill(room[:, : stop - start], start)
        for first, last in spans(start, stop, height):
            sieve.feed(room[0, first - start : last - start], ground.weights(first, last))
        reporter.advance(stop - start)
    return Fates(sieve.finish(), sieve.merged, height)


class CleanedRows:
    """The rows once more, every region in the class that the sieve gave it.

    Args:
        rows: The class raster.
        fates: What `sieved` found.
        diagonally: Whether pixels that touch at a corner are one region.
    """

    def __init__(self, rows: ClassRows, fates: Fates, *, diagonally: bool) -> None:
        self._rows = rows
        self._fates = fates
        self._labeller = Labeller(ALL_CLASSES, diagonally=diagonally)
        self._count = 0
        self._above = np.zeros((1, rows.shape[1]), np.uint8)

    def fill(self, out: NDArray[np.uint8], start: int) -> None:
        """As `ClassRows.fill`, but only in the slabs in which they were sieved, one after the other."""
        self._rows.fill(out, start)
        for first, last in spans(0, out.shape[1], self._fates.height):
            self._clean(out[0, first:last])

    def _clean(self, pixels: NDArray[np.uint8]) -> None:
        framed = np.concatenate([self._above, pixels])
        self._above = framed[-1:].copy()
        labels = self._labeller.label(framed, self._count)
        self._count += len(labels.fresh)
        value = np.where(labels.region == NO_REGION, np.uint8(0), self._fates.value[labels.region])
        pixels[:] = value[labels.run[1:]]


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
    with ExitStack() as stack:
        try:
            dataset = stack.enter_context(open_raster(path))
        except RasterReadError as error:
            raise RasterReadError(f"The {what} {error.text}", error.hint) from error
        yield dataset


def _checked(dataset: Any) -> Any:
    """The dataset, if it can be a class raster."""
    bands = dataset.count - (dataset.count == 2 and dataset.colorinterp[1] == ColorInterp.alpha)
    if bands != 1 or dataset.dtypes[0] not in WHOLE:
        has = "one band" if bands == 1 else f"{bands} bands"
        raise SceneError(
            f"{dataset.name} is not a class raster: it has {has} of type {dataset.dtypes[0]}.",
            "Give a raster with one band of whole numbers, such as aerialseg segment writes.",
        )
    return dataset

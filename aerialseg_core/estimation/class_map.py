"""A class raster as the ground that is sampled: its classes, how large they are, and its pixels window by window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from os import PathLike

import numpy as np
from numpy.typing import NDArray

from ..errors import SceneError
from ..polygons.source import open_class_raster
from ..progress import Reporter
from ..raster.categories import Categories, make_categories, read_declared
from ..raster.class_values import ClassValues, find_class_values, read_codes
from ..raster.classes import LandCoverClass
from ..raster.geodesy import Ground, choose_ground, require_located
from ..raster.opening import Dataset, gdal_environment
from ..raster.window import Window, spans
from .random_numbers import draw_numbers

CACHE = 128 << 20
"""Bytes that GDAL keeps, so that a row of the blocks of a wide raster is decoded once."""

WINDOW = (512, 4096)
"""Pixels that are looked at at once, (rows, cols)."""

HECTARE = 10_000.0
"""Square metres."""

CODES = 256
"""Codes of classes, and 0 for no data."""


@dataclass(frozen=True)
class ClassSurvey:
    """How much there is of each class, by its code; at code 0 nothing, as no data is not sampled."""

    pixels: NDArray[np.int64]
    """Shape (256,)."""
    areas: NDArray[np.float64]
    """In hectares, or in pixels where there is no CRS to measure in; shape (256,)."""
    digest: str
    """Tells this map from others: equal for equal classes of equal pixels."""

    @property
    def codes(self) -> tuple[int, ...]:
        """Codes of the classes that there are."""
        return tuple(int(code) for code in np.flatnonzero(self.pixels))


@dataclass(frozen=True)
class ClassMap:
    """An open class raster."""

    dataset: Dataset
    """The raster."""
    values: ClassValues
    """Which of its values are classes."""
    categories: Categories
    """What they are."""
    ground: Ground
    """How large its pixels are."""

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.dataset.height, self.dataset.width

    @property
    def area_unit(self) -> str:
        """Unit of areas: ha, or px without CRS."""
        return "ha" if self.ground.in_metres else "px"

    @property
    def area_factor(self) -> float:
        """What turns areas on the ground, m² or px², into the unit."""
        return 1 / HECTARE if self.ground.in_metres else 1.0

    @cached_property
    def names(self) -> dict[int, str]:
        """Names of the classes by code; where two share a name, with their value."""
        names = [one.name for one in self.categories.classes]
        return {
            code: one.name if names.count(one.name) == 1 else f"{one.name} ({one.id})"
            for code, one in enumerate(self.categories.classes, 1)
        }

    def find_class(self, code: int) -> LandCoverClass:
        """Find the class of a code, under the name that tells it from the others."""
        one = self.categories[code]
        return LandCoverClass(one.id, self.names[code], one.colour)

    def list_classes(self, survey: ClassSurvey) -> list[int]:
        """List the codes of the classes that a point may have: those that there are, and those that are declared."""
        return sorted({*survey.codes, *self.categories.declared})

    def read_windows(self, window: tuple[int, int] = WINDOW) -> Iterator[tuple[Window, NDArray[np.uint8]]]:
        """Read the codes of all pixels.

        Args:
            window: (rows, cols) to read at once.

        Yields:
            A window, and its codes; 0 is no data.

        Raises:
            RasterReadError: The raster is damaged.
        """
        rows, cols = self.shape
        for top, bottom in spans(0, rows, window[0]):
            for left, right in spans(0, cols, window[1]):
                part = Window(top, left, bottom - top, right - left)
                yield part, self.read(part)

    def read(self, window: Window) -> NDArray[np.uint8]:
        """Read the codes of a window that lies in the raster; 0 is no data.

        Raises:
            RasterReadError: The raster is damaged.
        """
        codes = np.empty(window.shape, np.uint8)
        ends = (window.row, window.row + window.height), (window.col, window.col + window.width)
        read_codes(self.dataset, self.values, *ends, codes)
        return codes

    def read_pixels(self, rows: Sequence[int], cols: Sequence[int]) -> list[int]:
        """Read the codes of single pixels; 0 for no data and beyond the raster.

        Raises:
            RasterReadError: The raster is damaged.
        """
        found = []
        code = np.zeros((1, 1), np.uint8)
        for row, col in zip(rows, cols, strict=True):
            inside = 0 <= row < self.shape[0] and 0 <= col < self.shape[1]
            code[:] = 0
            if inside:
                read_codes(self.dataset, self.values, (row, row + 1), (col, col + 1), code)
            found.append(int(code[0, 0]))
        return found


@contextmanager
def open_class_map(
    classes: str | PathLike[str], nodata: str | None = None, reporter: Reporter | None = None
) -> Iterator[ClassMap]:
    """Open a class raster.

    Args:
        classes: Anything that rasterio opens: one band of whole numbers, with up to 255 classes.
        nodata: The value that is no data, "none" if none is, None for what the raster itself says.
        reporter: Is told what its values were taken for.

    Raises:
        RasterReadError: It is missing, unreadable or damaged.
        SceneError: It is no class raster, or its pixels have no area.
    """
    with gdal_environment(CACHE), open_class_raster(classes) as dataset:
        require_located(dataset)
        declared = read_declared(dataset)
        values = find_class_values(dataset, declared, nodata, reporter or Reporter())
        crs_wkt = dataset.crs.to_wkt() if dataset.crs else None
        ground = choose_ground(crs_wkt, dataset.transform, dataset.shape)
        yield ClassMap(dataset, values, make_categories(declared, values.values), ground)


def survey_classes(
    class_map: ClassMap, reporter: Reporter | None = None, *, window: tuple[int, int] = WINDOW
) -> ClassSurvey:
    """Count and measure the classes of a raster; memory does not grow with it.

    The digest is a sum over all pixels of value × a random number of the row × a random number of the column, modulo
    2⁶⁴, so it does not depend on the order in which they are read.

    Args:
        class_map: The raster.
        reporter: Counts rows.
        window: (rows, cols) to read at once.

    Raises:
        SceneError: All of it is no data.
        RasterReadError: It is damaged.
    """
    reporter = reporter or Reporter()
    rows, cols = class_map.shape
    reporter.start("count classes", rows, "rows")
    pixels, areas, total = np.zeros(CODES, np.int64), np.zeros(CODES), np.zeros(1, np.uint64)
    of_rows, of_cols = draw_numbers(0, np.arange(rows)), draw_numbers(1, np.arange(cols))
    for part, codes in class_map.read_windows(window):
        pixels += np.bincount(codes.ravel(), minlength=CODES)
        if not class_map.ground.has_even_pixels:
            areas += class_map.ground.measure_classes(codes, part.row, part.col)
        down, across = part.slices
        total += of_rows[down] @ (codes.astype(np.uint64) @ of_cols[across])
        if part.col + part.width == cols:
            reporter.advance(part.height)
    if class_map.ground.has_even_pixels:
        areas = pixels * class_map.ground.pixel_area
    pixels[0] = areas[0] = 0
    if not pixels.any():
        raise SceneError(
            "map-empty", "{map} is no data everywhere.", "Give a class raster with classes.", map=class_map.dataset.name
        )
    return ClassSurvey(pixels, areas * class_map.area_factor, f"{rows}x{cols}-{int(total[0]):016x}")

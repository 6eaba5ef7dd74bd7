"""Vectorisation of one class raster: rows in, finished polygons out."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.enums import MaskFlags
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from .boundaries import BoundaryTracer, TracedRegions
from .categories import Categories, read_categories
from .classes import LandCoverClass
from .config import MIN_MEMORY
from .coverage import AreaMeasure, area_measure, to_polygons
from .errors import ParameterError, RasterReadError, SceneError
from .geopackage import GeoPackageWriter, PolygonChunk
from .outputs import whole_or_absent
from .progress import Reporter

DEFAULT_MEMORY = 1 << 30
"""Bound of the buffers of a run, bytes."""

BYTES_PER_PIXEL = 1536
"""What a pixel of a strip may cost at worst, in pure noise, from reading to writing; about 1,050 were measured."""

LARGEST_STRIP = 1 << 20
"""Pixels of a strip from which on larger ones are not faster."""

CACHE_SHARE = 8
"""GDAL may keep this part of the memory, 1/8, for tiles of the class raster."""


@dataclass(frozen=True)
class ClassPolygons:
    """What the polygons of one class come to."""

    landcover: LandCoverClass
    """The class."""
    count: int
    """Its polygons."""
    area: float
    """Their area, in the unit of the result."""


@dataclass(frozen=True)
class PolygonsResult:
    """What `polygons` made."""

    path: Path
    """The GeoPackage that was written."""
    count: int
    """All polygons."""
    unit: str
    """Unit of the areas: m², or px² without CRS."""
    classes: tuple[ClassPolygons, ...]
    """The classes that have polygons, by id."""

    @property
    def areas(self) -> dict[str, float]:
        """Area by class name."""
        return {one.landcover.name: one.area for one in self.classes}


def polygons(
    classes: str | PathLike[str] | Any,
    output: str | PathLike[str],
    *,
    class_ids: Iterable[int | str] | None = None,
    memory: int = DEFAULT_MEMORY,
    overwrite: bool = False,
    reporter: Reporter | None = None,
) -> PolygonsResult:
    """Turn a class raster into class polygons that share their edges exactly: a valid coverage.

    Every 4-connected region of a class becomes one polygon; no data (0) is in none. The raster is read by strips, and
    neither their height nor `memory` changes the polygons. The buffers stay within `memory` for any size of raster but
    for one thing: a region whose own boundary is huge is held whole until it ends, about 24 bytes for each of its
    vertices and, while it is written, some 150.

    Args:
        classes: Class raster, anything that rasterio opens or an open dataset: one uint8 band, 1…N = classes.
        output: GeoPackage to write: layer `classes` with `class_id`, `class_name` and `area_m2` (on the ellipsoid in a
            geographic CRS, in the plane otherwise) or, without CRS, `area_px2`; it opens in QGIS in the class colours.
        class_ids: Ids or names of the classes wanted; None for all. Their polygons are the same either way.
        memory: Bound of the buffers, bytes; at least 64 MiB.
        overwrite: Whether an existing output may be replaced.
        reporter: Receives progress in rows, and messages.

    Raises:
        RasterReadError: The class raster is missing, unreadable or damaged.
        SceneError: It is not a class raster.
        ParameterError: It has no such class, the output is not a .gpkg, or the memory is too small.
        OutputError: The output exists, is the input, or cannot be written.
    """
    reporter, output = reporter or Reporter(), Path(output)
    if output.suffix.lower() != ".gpkg":
        raise ParameterError(f"The output {output} is not a GeoPackage.", "Give it a name that ends in .gpkg.")
    if memory < MIN_MEMORY:
        raise ParameterError(f"The memory must be at least {MIN_MEMORY >> 20} MiB.", "Allow more.")
    with rasterio.Env(GDAL_CACHEMAX=memory // CACHE_SHARE >> 20), _opened(classes) as dataset:
        job = _job(dataset, class_ids)
        if job.measure.unit == "px²":
            reporter.message("The class raster has no CRS to measure in: areas are in pixels (area_px2).", "warning")
        with whole_or_absent(output, overwrite=overwrite, inputs=tuple(dataset.files)) as temporary:
            try:
                classes_found = _write(job, temporary, strip_rows(dataset.width, memory), reporter)
            finally:
                _journal(temporary).unlink(missing_ok=True)
    return PolygonsResult(output, sum(c.count for c in classes_found), job.measure.unit, classes_found)


def strip_rows(cols: int, memory: int) -> int:
    """Rows of a raster that are traced at once; at least one.

    Args:
        cols: Width of the raster, px.
        memory: Bound of the buffers, bytes.
    """
    return max(1, min(LARGEST_STRIP, memory // BYTES_PER_PIXEL) // cols)


@dataclass(frozen=True)
class _Job:
    """A class raster and how to see it."""

    dataset: Any
    categories: Categories
    wanted: frozenset[int] | None
    measure: AreaMeasure

    @property
    def crs_wkt(self) -> str | None:
        return self.dataset.crs.to_wkt() if self.dataset.crs else None

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Which values become polygons, shape (256,)."""
        values = np.arange(256)
        return values > 0 if self.wanted is None else np.isin(values, list(self.wanted))


def _job(dataset: Any, class_ids: Iterable[int | str] | None) -> _Job:
    categories = read_categories(dataset)
    wanted = None if class_ids is None else categories.ids(class_ids)
    crs_wkt = dataset.crs.to_wkt() if dataset.crs else None
    return _Job(dataset, categories, wanted, area_measure(crs_wkt, dataset.transform, dataset.width))


def _write(job: _Job, path: Path, rows: int, reporter: Reporter) -> tuple[ClassPolygons, ...]:
    """Trace the raster strip by strip into a new GeoPackage; what came of each class."""
    dataset, tally = job.dataset, _Tally()
    tracer = BoundaryTracer(dataset.width, job.kept)
    writer = GeoPackageWriter(path, job.crs_wkt, job.categories.classes, area_column=job.measure.column)
    reporter.start("polygons", dataset.height, "rows")
    for traced in _trace(dataset, tracer, rows, reporter):
        area = job.measure.of(traced.rings)
        tally.add(traced.values, area)
        wkb = shapely.to_wkb(to_polygons(traced.rings, dataset.transform, dataset.width))
        writer.write(PolygonChunk(wkb, len(traced.rings.vertex), traced.values, area))
    found = tally.classes(job.categories)
    legend = {c.landcover.id for c in found} | (job.categories.declared if job.wanted is None else job.wanted)
    writer.finish(job.categories[i] for i in sorted(legend))
    return found


def _trace(dataset: Any, tracer: BoundaryTracer, rows: int, reporter: Reporter) -> Iterator[TracedRegions]:
    for row in range(0, dataset.height, rows):
        pixels = _read(dataset, row, min(row + rows, dataset.height))
        traced = tracer.feed(pixels)
        if traced:
            yield traced
        reporter.advance(len(pixels))
    traced = tracer.finish()
    if traced:
        yield traced


class _Tally:
    """Counts polygons and sums areas by class."""

    def __init__(self) -> None:
        self._count = np.zeros(256, np.int64)
        self._area = np.zeros(256)

    def add(self, values: NDArray[np.uint8], area: NDArray[np.float64]) -> None:
        self._count += np.bincount(values, minlength=256)
        self._area += np.bincount(values, weights=area, minlength=256)

    def classes(self, categories: Categories) -> tuple[ClassPolygons, ...]:
        present = np.flatnonzero(self._count).tolist()
        return tuple(ClassPolygons(categories[i], int(self._count[i]), float(self._area[i])) for i in present)


@contextmanager
def _opened(classes: str | PathLike[str] | Any) -> Iterator[Any]:
    """The class raster as an open dataset; one that was open already stays open."""
    if not isinstance(classes, (str, PathLike)):
        yield _checked(classes)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # no CRS is not an error: the run says so
        try:
            dataset = rasterio.open(classes)
        except RasterioError as error:
            raise RasterReadError(
                f"The class raster {classes} cannot be read: {error}.", "Check its name, and that it is a raster."
            ) from error
        with dataset:
            yield _checked(dataset)


def _checked(dataset: Any) -> Any:
    """The dataset, if it can be a class raster."""
    if dataset.count != 1 or dataset.dtypes[0] != "uint8":
        bands = "one band" if dataset.count == 1 else f"{dataset.count} bands"
        raise SceneError(
            f"{dataset.name} is not a class raster: it has {bands} of type {dataset.dtypes[0]}.",
            "Give a raster with one band of type uint8, such as aerialseg segment writes.",
        )
    return dataset


def _read(dataset: Any, start: int, stop: int) -> NDArray[np.uint8]:
    """Whole rows [start, stop) with 0 where the dataset has no data, shape (rows, cols)."""
    window = ((start, stop), (0, dataset.width))
    try:
        pixels: NDArray[np.uint8] = dataset.read(1, window=window)
        if MaskFlags.all_valid not in dataset.mask_flag_enums[0] and dataset.nodata != 0:
            pixels[dataset.read_masks(1, window=window) == 0] = 0
    except RasterioError as error:
        raise RasterReadError(
            f"The class raster {dataset.name} is damaged at rows {start} to {stop}: {error}.", "Make it again."
        ) from error
    return pixels


def _journal(path: Path) -> Path:
    """Where SQLite keeps what it needs to undo an unfinished write."""
    return path.with_name(path.name + "-journal")

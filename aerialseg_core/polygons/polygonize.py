"""The function `polygonize`: a class raster to class polygons, in a file or in a GeoDataFrame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, Union, overload

from ..config import PolygonConfig
from ..files.outputs import (
    PARTS,
    lock_outputs,
    names_folder,
    remove_leftovers,
    write_atomically,
    write_folder_atomically,
)
from ..progress import Reporter
from ..raster.classes import LandCoverClass
from ..raster.identity import RasterState, read_state, refuse_changed
from ..raster.opening import gdal_environment
from ..sentences import Sentence
from .pipeline import Job, make_job, polygonize_tiles
from .source import CACHE, open_class_raster, open_confidence
from .validation import Certificate, ClassPolygons
from .writers.formats import FrameWriter, check_format, open_writer
from .writers.ogr import PolygonWriter

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from rasterio.io import DatasetReader
    from rasterio.vrt import WarpedVRT
    from typing_extensions import Unpack

    from ..config import PolygonOptions

ClassRaster: TypeAlias = Union[str, PathLike[str], "DatasetReader", "WarpedVRT"]
"""What a class raster may be given as: a path or an address, or a dataset that rasterio has opened."""


@dataclass(frozen=True)
class PolygonsResult:
    """What `polygonize` has made."""

    path: Path
    """The file or folder that was written."""
    unit: str
    """Unit of the areas: m², or px² without CRS."""
    certificate: Certificate
    """Proof that the polygons are a coverage, and what became of each class."""

    @property
    def count(self) -> int:
        """All polygons."""
        return self.certificate.polygons

    @property
    def classes(self) -> tuple[ClassPolygons, ...]:
        """The classes that have polygons, by id."""
        return self.certificate.classes

    @property
    def areas(self) -> dict[str, float]:
        """Area by class name."""
        return {one.landcover.name: one.area for one in self.classes}


@overload
def polygonize(
    classes: ClassRaster,
    output: None = None,
    *,
    overwrite: bool = False,
    reporter: Reporter | None = None,
    **options: Unpack[PolygonOptions],
) -> GeoDataFrame: ...


@overload
def polygonize(
    classes: ClassRaster,
    output: str | PathLike[str],
    *,
    overwrite: bool = False,
    reporter: Reporter | None = None,
    **options: Unpack[PolygonOptions],
) -> PolygonsResult: ...


def polygonize(
    classes: ClassRaster,
    output: str | PathLike[str] | None = None,
    *,
    overwrite: bool = False,
    reporter: Reporter | None = None,
    **options: Unpack[PolygonOptions],
) -> PolygonsResult | GeoDataFrame:
    """Turn a class raster into class polygons that share their edges exactly: a valid coverage.

    Every region of a class becomes one polygon; no data is in none. The polygons

    1. do not overlap, and leave no gap;
    2. have the same vertices, to the last bit, wherever two of them meet.

    What is no data, the raster says by its no-data value, mask or alpha band; where it says nothing, 0 is a class if it
    has a name or a colour. The buffers stay within `memory` for any size of raster but for one thing: a region whose
    own boundary is huge is held whole until it ends.

    Args:
        classes: Class raster, anything that rasterio opens or an open dataset: one band of whole numbers of any type,
            with up to 255 classes.
        output: File to write, by its ending: .gpkg (opens in QGIS in the class colours), .geojson, .parquet, .fgb,
            .shp; a text that ends in .parquet/ for a folder of GeoParquet files; None for a GeoDataFrame. Columns:
            `class_id`, `class_name`, `area_m2` and `perimeter_m` on the ground, or `area_px2` and `perimeter_px`
            without CRS; `confidence_mean` and `confidence_min` in percent when there is a confidence raster.
        overwrite: Whether an existing output may be replaced.
        reporter: Receives progress in rows, and messages.
        **options: Fields of `PolygonConfig`.

    Returns:
        A `PolygonsResult`; or a GeoDataFrame with the certificate in its `attrs`, when there is no output.

    Raises:
        RasterReadError: The class raster is missing, unreadable or damaged.
        SceneError: It is not a class raster.
        ParameterError: It has no such class, the output has another ending, or an option is impossible.
        DependencyError: The format of the output needs a package that is not installed.
        OutputError: The output exists, is the input, cannot be written, or is a Shapefile that would pass 2 GB.
    """
    config, reporter = PolygonConfig(**options), reporter or Reporter()
    if output is not None:
        with lock_outputs("polygons", Path(output)):
            remove_leftovers(Path(output))
            islands, parts = [(classes, config)], names_folder(output)
            return polygonize_islands(islands, Path(output), parts=parts, overwrite=overwrite, reporter=reporter)
    with _open_job(classes, config, reporter) as job:
        frame = FrameWriter(job.layer)
        certificate = polygonize_tiles(job, frame.write, reporter)
        _finish(frame, _list_legend(job, certificate), certificate, job.ground.unit, reporter)
    return frame.frame


def polygonize_islands(
    islands: Sequence[tuple[ClassRaster, PolygonConfig]],
    output: Path,
    *,
    parts: bool = False,
    overwrite: bool = False,
    reporter: Reporter,
) -> PolygonsResult:
    """Make polygons as `polygonize` does, of class rasters that do not touch each other, in one layer.

    Args:
        islands: The class rasters, of one CRS and one class scheme, and what to make of each.
        output: File to write, or folder; the caller has locked it.
        parts: Whether it is a folder of files.
        overwrite: Whether it may be replaced.
        reporter: Receives progress in rows, and messages.
    """
    check_format(output, parts=parts)
    inputs: list[Path] = []
    states: dict[str, RasterState] = {}
    for classes, config in islands:
        with open_class_raster(classes) as dataset:  # what is wrong with it is said before anything else
            inputs += () if isinstance(classes, (str, PathLike)) else map(Path, dataset.files)
        for raster in (classes, config.confidence):
            if isinstance(raster, (str, PathLike)):
                states[fspath(raster)] = read_state(raster)
    inputs += [file for state in states.values() for file in state.files]
    with ExitStack() as stack:
        if parts:
            temporary = stack.enter_context(write_folder_atomically(output, PARTS, overwrite=overwrite))
        else:
            temporary = stack.enter_context(write_atomically(output, overwrite=overwrite, inputs=tuple(inputs)))
        for source, state in states.items():
            stack.enter_context(refuse_changed(source, state))
        writer: PolygonWriter | None = None
        certificate = Certificate(0, 0, 0, 0, 0)
        for classes, config in islands:
            with _open_job(classes, config, reporter) as job:
                writer = writer or stack.enter_context(open_writer(temporary, job.layer))
                certificate += polygonize_tiles(job, writer.write, reporter)
                legend, unit = _list_legend(job, certificate), job.ground.unit
        if writer is not None:
            _finish(writer, legend, certificate, unit, reporter)
    return PolygonsResult(output, unit, certificate)


@contextmanager
def _open_job(classes: ClassRaster, config: PolygonConfig, reporter: Reporter) -> Iterator[Job]:
    """Open a class raster, and say what there is to know of it before it is read."""
    with (
        gdal_environment(CACHE),
        open_class_raster(classes) as dataset,
        open_confidence(config.confidence, dataset) as confidence,
    ):
        job = make_job(dataset, confidence, config, reporter)
        if not job.ground.in_metres:
            said = "The class raster has no CRS to measure in: areas are in pixels (area_px2)."
            reporter.message(Sentence("areas-in-pixels", said), "warning")
        if job.ground.is_guess:
            said = "The class raster goes beyond where its projection is defined: areas are those on the map."
            hint = "Cut it with gdalwarp -te XMIN YMIN XMAX YMAX to have them on the ground."
            reporter.message(Sentence("areas-on-map", said, hint).whole(), "warning")
        yield job


def _list_legend(job: Job, certificate: Certificate) -> list[LandCoverClass]:
    """List the classes that polygons have, and those that the raster declares, if they are wanted."""
    found = {one.landcover for one in certificate.classes}
    found |= {job.categories[code] for code in (job.categories.declared if job.wanted is None else job.wanted)}
    return [one for one in job.categories.classes if one in found]


def _finish(
    writer: PolygonWriter, legend: list[LandCoverClass], certificate: Certificate, unit: str, reporter: Reporter
) -> None:
    """Finish a layer, and say what its polygons are."""
    writer.finish(legend, certificate, unit)
    told = Sentence("certificate", "certificate: {certificate}", certificate=certificate)
    reporter.message(told, "info" if certificate.holds else "warning")
    changes = []
    for one in certificate.classes:
        if abs(one.area - one.pixel_area) > 1e-9 * one.pixel_area:
            share = one.area / one.pixel_area - 1 if one.pixel_area else float("inf")
            changes.append(f"{one.landcover.name} {share:+.3%}")
    if changes:
        said = "area of the polygons against that of the pixels: {changes}"
        reporter.message(Sentence("areas-changed", said, changes=", ".join(changes)))

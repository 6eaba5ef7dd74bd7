"""The class raster and those of numbers beside it: Cloud-Optimized GeoTIFFs with names, colours and provenance."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr  # nosec B406 - writes XML, reads none

import numpy as np
import rasterio.shutil
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS

from ..errors import RasterReadError, SceneError
from ..files.outputs import rename_output
from .categories import write_attribute_table
from .class_values import count_values
from .classes import ClassScheme
from .geodesy import choose_ground
from .opening import Dataset, gdal_environment, open_raster, open_written
from .overviews import halve_classes, halve_shares, write_overviews
from .window import Window, spans

NO_DATA = 0
"""No data in a class raster."""

NO_CONFIDENCE = 255
"""No data in a confidence raster."""

NO_DISTANCE = 255
"""No data in a raster of distances from the training images."""

NO_SEAM = 255
"""No data in a raster of what overlapping windows disagreed on, or one window alone."""

LayerKind = Literal["classes", "confidence", "unlike", "seams"]
"""What a raster shows."""

JOB_TAG = "AERIALSEG_JOB"
"""Tag with the fingerprint of the job that made a raster."""

PARAMETERS_TAG = "AERIALSEG_PARAMETERS"
"""Tag with the parameters of the run that made a raster, as JSON."""

SETTINGS_TAG = "AERIALSEG_SETTINGS"
"""Tag with the fingerprint of what was asked for, whatever the state of the scene."""

ENGINE_TAG = "AERIALSEG_ENGINE"
"""Tag with the engine that computed a raster, its version and precision; of several, where that is allowed, all."""

PROBE_TAG = "AERIALSEG_PROBE"
"""Tag with the fingerprint of that engine's scores for a fixed patch."""

OUTPUT_CACHE = 16 << 20
"""GDAL's block cache while a finished raster is made and read, bytes: little is read twice then, and the engine still
has its memory."""

_STRIP_PIXELS = 1 << 21

_WORTH_THREADS = 1 << 20
"""Pixels from which it pays to start threads that compress."""

COG_BLOCK = 512
"""Side of the tiles inside an output, px."""

_LEVEL_OF_CLASSES, _LEVEL_OF_NUMBERS = 5, 1
"""Of DEFLATE. GDAL's own 6 makes class rasters a tenth smaller and others a twentieth, and takes twice as long."""


@dataclass(frozen=True)
class Layer:
    """One of the rasters that a run writes."""

    path: Path
    """Where it will be."""
    nodata: int
    """Its no-data value."""
    tags: Mapping[str, str]
    """Metadata to store in it."""
    scheme: ClassScheme | None = None
    """Class names and colours; None for a raster of numbers."""
    description: str = ""
    """What the numbers mean, for people."""
    kind: LayerKind = "classes"
    """What it shows."""
    overviews: bool = True
    """Whether it has overviews."""


@dataclass(frozen=True)
class RasterGrid:
    """Where the pixels of an output lie."""

    shape: tuple[int, int]
    """(rows, cols)."""
    crs: CRS | None
    transform: Affine


def read_job(path: Path) -> str | None:
    """Read the fingerprint in a class raster; None if there is no such raster."""
    return read_tags(path).get(JOB_TAG)


def read_tags(path: Path) -> dict[str, str]:
    """Read the tags of a raster; none if there is no such raster."""
    try:
        with open_raster(path) as dataset:
            tags: dict[str, str] = dataset.tags()
            return tags
    except (RasterReadError, SceneError):
        return {}


def measure_class_areas(path: Path, scheme: ClassScheme) -> tuple[dict[str, float], str]:
    """Measure the area of each class in a class raster, and tell its unit.

    Returns:
        Square metres ("m²") on the ground; without a CRS to measure in the number of pixels ("px²").
    """
    areas = np.zeros(256)
    with gdal_environment(OUTPUT_CACHE), open_raster(path) as dataset:
        ground = choose_ground(dataset.crs.to_wkt() if dataset.crs else None, dataset.transform, dataset.shape)
        for start, classes in _read_strips(dataset):
            areas += ground.measure_classes(classes, start)
    return {c.name: float(areas[c.id]) for c in scheme}, ground.unit


def measure_mean(path: Path) -> float | None:
    """Measure the mean of a raster of whole numbers, 0…255; None if it has no data."""
    counts = np.zeros(256, np.int64)
    with gdal_environment(OUTPUT_CACHE), open_raster(path) as dataset:
        for _, values in _read_strips(dataset):
            counts += count_values(values)
        counts[int(dataset.nodata)] = 0
    return float(counts @ np.arange(256) / counts.sum()) if counts.any() else None


def _read_strips(dataset: Dataset) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    for start, stop in spans(0, dataset.height, max(1, _STRIP_PIXELS // dataset.width)):
        yield start, dataset.read(1, window=((start, stop), (0, dataset.width)))


def make_fingerprint(**facts: Any) -> str:
    """Make a short name for a set of JSON-serialisable facts: equal facts, equal name."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]


def name_sidecar(path: Path) -> Path:
    """Name the file where GDAL keeps class names and attribute table, for which a GeoTIFF has no place."""
    return path.with_name(path.name + ".aux.xml")


def write_cog(cog: Path, layer: Layer, grid: RasterGrid, sources: list[tuple[str, Window]]) -> None:
    """Make the Cloud-Optimized GeoTIFF of a layer, with overviews, out of blocks.

    Args:
        cog: File to write; a sidecar with class names and attribute table stands beside it afterwards.
        layer: What is written.
        grid: Its pixels.
        sources: Name and place of each block file; they lie in the folder of `cog`.
    """
    mosaic = cog.with_suffix(".vrt")
    mosaic.write_text(describe_mosaic(layer, grid, sources), encoding="utf-8")
    for leftover in (cog, name_sidecar(cog)):
        leftover.unlink(missing_ok=True)
    overviews: list[Path] = []
    if layer.overviews:
        halve = halve_classes if layer.scheme else halve_shares
        with rasterio.open(mosaic, driver="VRT") as dataset:
            strips = (strip for _, strip in _read_strips(dataset))
            overviews = write_overviews(strips, grid.shape, cog, halve, nodata=layer.nodata, until=COG_BLOCK)
        mosaic.write_text(describe_mosaic(layer, grid, sources, overviews), encoding="utf-8")
    rasterio.shutil.copy(
        mosaic,
        cog,
        driver="COG",
        COMPRESS="DEFLATE",
        LEVEL=_LEVEL_OF_CLASSES if layer.scheme else _LEVEL_OF_NUMBERS,
        PREDICTOR="NO" if layer.scheme else "YES",
        BLOCKSIZE=COG_BLOCK,
        OVERVIEWS="FORCE_USE_EXISTING",
        BIGTIFF="IF_SAFER",
        NUM_THREADS="ALL_CPUS" if grid.shape[0] * grid.shape[1] > _WORTH_THREADS else "1",
    )
    for overview in overviews:
        overview.unlink()


def read_overviews(path: Path, count: int) -> None:
    """Decode the overviews of a raster that this run has written.

    Args:
        path: The raster.
        count: How many overviews it has.

    Raises:
        RasterioError: They are damaged.
    """
    for level in range(count):
        with open_written(path, overview_level=level) as overview:
            for _ in _read_strips(overview):
                pass


def rename_raster(source: Path, target: Path, *, overwrite: bool) -> None:
    """Rename an output to its final name, after the sidecar of a raster and the side files of a Shapefile.

    Args:
        source: What was written.
        target: Where it will be.
        overwrite: Whether what is there is replaced.

    Raises:
        OutputError: There is something, and it may not be replaced.
        OSError: The target cannot be written.
    """
    if name_sidecar(source).exists():
        os.replace(name_sidecar(source), name_sidecar(target))
    else:
        name_sidecar(target).unlink(missing_ok=True)
    rename_output(source, target, overwrite=overwrite)


def describe_mosaic(
    layer: Layer, grid: RasterGrid, sources: list[tuple[str, Window]], overviews: Sequence[Path] = ()
) -> str:
    """Describe a layer as a GDAL virtual raster over parts of it (https://gdal.org/drivers/raster/vrt.html).

    Args:
        layer: What it is.
        grid: Its pixels.
        sources: Name, relative to the folder of the virtual raster, and place of each part, which may reach beyond it.
        overviews: Files in that folder, the largest first.
    """
    rows, cols = grid.shape
    srs = f"<SRS>{escape(grid.crs.to_wkt())}</SRS>" if grid.crs else ""
    located = grid.crs is not None or grid.transform != Affine.identity()
    transform = ", ".join(repr(v) for v in grid.transform.to_gdal())
    metadata = "".join(f"<MDI key={quoteattr(k)}>{escape(v)}</MDI>" for k, v in sorted(layer.tags.items()))
    return "\n".join(
        [
            f'<VRTDataset rasterXSize="{cols}" rasterYSize="{rows}">',
            srs,
            f"<GeoTransform>{transform}</GeoTransform>" if located else "",
            f"<Metadata>{metadata}</Metadata>",
            '<VRTRasterBand dataType="Byte" band="1">',
            f"<Description>{escape(layer.description)}</Description>" if layer.description else "",
            f"<NoDataValue>{layer.nodata}</NoDataValue>",
            describe_scheme(layer.scheme) if layer.scheme else "",
            *(_write_source(name, window) for name, window in sources),
            *(_write_overview(path.name) for path in overviews),
            "</VRTRasterBand>",
            "</VRTDataset>",
        ]
    )


def _write_overview(name: str) -> str:
    return f'<Overview><SourceFilename relativeToVRT="1">{escape(name)}</SourceFilename></Overview>'


def describe_scheme(scheme: ClassScheme) -> str:
    """Describe names and colours of classes in the XML of GDAL, for a band of a virtual raster."""
    names = "".join(f"<Category>{escape(name)}</Category>" for name in ("No data", *scheme.names))
    entries = "".join(f'<Entry c1="{r}" c2="{g}" c3="{b}" c4="255"/>' for r, g, b in scheme.colours)
    return (
        "<ColorInterp>Palette</ColorInterp>"
        f'<ColorTable><Entry c1="0" c2="0" c3="0" c4="0"/>{entries}</ColorTable>'
        f"<CategoryNames>{names}</CategoryNames>"
        f"{write_attribute_table(scheme)}"
    )


def _write_source(name: str, window: Window) -> str:
    size = f'xSize="{window.width}" ySize="{window.height}"'
    return (
        f'<SimpleSource><SourceFilename relativeToVRT="1">{escape(name)}</SourceFilename><SourceBand>1</SourceBand>'
        f'<SourceProperties RasterXSize="{window.width}" RasterYSize="{window.height}" DataType="Byte"'
        f' BlockXSize="{COG_BLOCK}" BlockYSize="{COG_BLOCK}"/>'
        f'<SrcRect xOff="0" yOff="0" {size}/><DstRect xOff="{window.col}" yOff="{window.row}" {size}/></SimpleSource>'
    )

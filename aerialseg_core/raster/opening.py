"""Opening: every raster is opened here, with one GDAL environment for all that is read.

A raster may reach what its user named and nothing else. An image is opened with the drivers of images: a file called
`.tif` or `.jpg` that is a VRT, a map service or the like in truth, or that brings an overview or a mask which is one,
is refused before anything is asked of another file or a server. Whoever names a `.vrt` names its sources too.

Reads over the network are tried again, with limits of time, and by one thread: with `GDAL_NUM_THREADS` GDAL 3.10 takes
an answer of 503 for pixels (https://github.com/OSGeo/gdal/issues/12426). Threads are for writing, in creation options.
What GDAL keeps of a remote file ends with the dataset: the half of a file that a cut connection left would be an error
until the process ends, and what a file was yesterday would be mixed with what it is today.
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import cache
from importlib import import_module
from os import PathLike, fspath
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias

import numpy as np
import rasterio
from affine import Affine
from rasterio._err import CPLE_BaseError
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.env import ensure_env_with_credentials, get_gdal_config, getenv, hasenv
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import DatasetReader, MemoryFile
from rasterio.shutil import copy
from rasterio.vrt import WarpedVRT

from ..errors import AerialSegError, RasterReadError, SceneError
from ..files.vectors import OGR_ERRORS, read_frame
from ..files.xml_elements import EntityError, XmlError, read_elements
from .proj_data import require_projections

Source = str | PathLike[str]
"""What a raster is opened from: a file, `https://…`, `s3://…`, `/vsi…`, `NETCDF:…`."""

Dataset: TypeAlias = DatasetReader | WarpedVRT
"""An open raster."""

_NOT_KEPT = "CPL_VSIL_CURL_NON_CACHED"

_LAWS = {
    "GDAL_NUM_THREADS": "1",
    "VRT_NUM_THREADS": "1",
    # a pixel warped together with others differs in the last bit
    "GDAL_VRT_WARP_USE_DATASET_RASTERIO": "NO",
    # of files whose names begin so, which all remote ones do, nothing is kept when they are closed
    _NOT_KEPT: "/vsi",
}
"""What reads right; not even the user's environment may say otherwise."""

_DEFAULTS = {
    "GDAL_HTTP_MAX_RETRY": "6",
    "GDAL_HTTP_RETRY_DELAY": "0.5",  # seconds; it doubles with every try
    "GDAL_HTTP_CONNECTTIMEOUT": "15",
    "GDAL_HTTP_TIMEOUT": "300",
    "GDAL_HTTP_LOW_SPEED_TIME": "30",
    "GDAL_HTTP_LOW_SPEED_LIMIT": "1",
    "GDAL_HTTP_MULTIPLEX": "YES",  # many ranges over one connection, where the server speaks HTTP/2
}
"""What holds unless the user's environment says otherwise."""

_REFERRING: dict[str, tuple[str, ...]] = {
    "VRT": (".vrt",),
    "GTI": (".gti", ".xml", ".gpkg", ".fgb", ".parquet"),
    "WMS": (".xml", ".wms"),
    "WMTS": (".xml", ".wmts"),
    "WCS": (".xml", ".wcs"),
    "STACIT": (".json", ".geojson"),
    "STACTA": (".json",),
    "MRF": (".mrf", ".xml"),
    "KMLSUPEROVERLAY": (".kml", ".kmz"),
    "TIL": (".til",),
    "MAP": (".map",),
    "ERS": (".ers",),
    "DIMAP": (".xml", ".dim"),
    "PRF": (".prf", ".x-dem"),
    "ESRIC": (".json", ".tpkx"),
    "DAAS": (),
    "DERIVED": (),
    "EEDAI": (),
    "HTTP": (),
    "NGW": (),
    "OGCAPI": (),
    "PLMOSAIC": (),
}
"""Drivers that follow references to other files or to servers, and the endings that say so."""

_DESCRIPTIONS = frozenset(ending for endings in _REFERRING.values() for ending in endings)
_REMOTE = re.compile(r"(?i)/vsi(curl|s3|gs|az|adls|oss|swift|hdfs|webhdfs)|^[a-z0-9+]*(https?|ftp|s3|gs|az|oss)://")
_CONNECTION = re.compile(r"[A-Za-z][A-Za-z0-9_]+:(?!//)|vrt://|\s*[<{]")
_SIDECARS = (".ovr", ".OVR", ".msk", ".MSK")
_MOST_NAMED = 5

SOURCE_ELEMENTS = frozenset({"SourceFilename", "SourceDataset"})
"""Elements of a VRT that name a file, https://gdal.org/drivers/raster/vrt.html."""

TILE_INDEXES = (".gti.gpkg", ".gti.fgb", ".gti.parquet")
"""Endings by which GDAL knows a vector file as an index of rasters."""

_NAMED = re.compile(r".*, band \d+: (?=IReadBlock)")
"""How GDAL begins: with the name, said before and in which no secret would be known as one; often twice."""

_HEAD = 4096  # GDAL passes over white space at the beginning, but over no more than that
_BEGINS = re.compile(rb'(\xef\xbb\xbf)?\s*(<[A-Za-z?!]|\{\s*["}])[^\0-\x08]*\Z')


def is_remote(source: Source) -> bool:
    """Tell whether a raster is read over the network."""
    return isinstance(source, str) and _REMOTE.search(source) is not None


@contextmanager
def gdal_environment(cache_bytes: int | None = None) -> Iterator[None]:
    """Set up GDAL as everything is read with it; what the user's environment says of the network counts.

    Options of GDAL hold for a thread unless they are set in the main one, so a thread that reads enters this too.

    Args:
        cache_bytes: Size of GDAL's block cache, which is one for the process; None: as it is.
    """
    if hasenv() and _is_set_up(cache_bytes):
        yield  # inside another one: to set all of it again takes longer than to read a small raster
        return
    options: dict[str, Any] = {key: value for key, value in _DEFAULTS.items() if get_gdal_config(key) is None}
    if cache_bytes is not None:
        options["GDAL_CACHEMAX"] = int(cache_bytes)  # rasterio hands numbers on as bytes, however small
    with rasterio.Env(**options, **_LAWS):
        yield


def _is_set_up(cache_bytes: int | None) -> bool:
    if cache_bytes is not None and getenv().get("GDAL_CACHEMAX") != cache_bytes:
        return False
    laws = all(get_gdal_config(key, normalize=False) == value for key, value in _LAWS.items())
    return laws and all(get_gdal_config(key) is not None for key in _DEFAULTS)


@contextmanager
def place_unknown() -> Iterator[None]:
    """Let rasters be opened and written that lie nowhere: no georeference is no error, the plan mentions it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        yield


@contextmanager
def open_raster(source: Source) -> Iterator[Dataset]:
    """Open a raster to read it.

    Args:
        source: What the user named.

    Yields:
        A rasterio dataset with one band or more.

    Raises:
        RasterReadError: It cannot be opened, or is not what its name says.
        SceneError: It holds rasters, but has no band of its own.
        DependencyError: PROJ is led to the data of another program.
    """
    try:
        names_a_file = not is_connection(source) and not Path(source).is_dir()
    except (OSError, ValueError):  # a name that no file can have
        names_a_file = True
    options: dict[str, Any] = {}
    if is_remote(source) and get_gdal_config("GDAL_DISABLE_READDIR_ON_OPEN") is None:
        options["GDAL_DISABLE_READDIR_ON_OPEN"] = "TRUE"  # a web server lists no folder, but sidecars may be there
    with gdal_environment(), place_unknown():
        require_projections()  # without them GDAL reads half a CRS, with no more than a warning
        refuse_references(source)
        drivers = _list_drivers(_find_ending(source)) if names_a_file else None
        with rasterio.Env(**options) if options else nullcontext(), raise_read_errors(source):
            if is_remote(source):
                _import_boto3()
            reader = ensure_env_with_credentials(DatasetReader) if is_remote(source) else DatasetReader
            dataset = reader(source, driver=drivers)
        with dataset:
            with raise_read_errors(source):
                overview = dataset.tags(ns="OVERVIEWS").get("OVERVIEW_FILE", "")
            beside = overview.removeprefix(":::BASE:::")
            if drivers is not None and overview and (beside == overview or "/" in beside or "\\" in beside):
                raise RasterReadError(
                    "scene-overview-elsewhere",
                    "{scene} names an overview in another place, {overview}.",
                    "Copy it without: gdal_translate IN OUT.tif.",
                    scene=source,
                    overview=overview,
                )
            _refuse_container(dataset)
            # GDAL asks for fifty sidecars that nobody has: that they are missing may be kept
            with rasterio.Env(**options, **{_NOT_KEPT: ""}) if is_remote(source) else nullcontext():
                yield dataset


def _import_boto3() -> None:
    """Give rasterio boto3 to find keys for S3 with, where it is installed but was left out to start fast."""
    if sys.modules.get("boto3", rasterio) is None:
        del sys.modules["boto3"]
        with suppress(ImportError):
            rasterio.session.boto3 = import_module("boto3")


@contextmanager
def open_written(path: Path, **options: Any) -> Iterator[DatasetReader]:
    """Open a GeoTIFF that this run has written, to read it back; of that nothing is doubted but whether it is whole.

    Args:
        path: The file; GDAL is set up (`gdal_environment`).
        **options: As for `rasterio.open`.

    Raises:
        RasterioError: It is damaged.
    """
    with DatasetReader(path, driver=["GTiff"], **options) as dataset:
        yield dataset


def refuse_references(source: Source) -> None:
    """Refuse a local file that leads to other files or to servers without saying so in its name.

    Raises:
        RasterReadError: It, one of its sidecars, or, of a VRT, one of its sources does.
    """
    if is_remote(source) or is_connection(source):
        return
    waiting, seen = [Path(fspath(source))], set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        if _find_ending(path) not in _DESCRIPTIONS:
            for one in (path, *_list_sidecars(path)):
                if is_markup(one):
                    raise RasterReadError(
                        "scene-is-text",
                        "{scene} is no image: it is a description in XML or JSON, which may lead to other files or to "
                        "a server.",
                        "If you trust it, give it the ending of what it is (.vrt, .xml) and name it; otherwise take it "
                        "out.",
                        scene=one,
                    )
        waiting += [Path(one) for one in list_sources(path) if not is_remote(one) and not is_connection(one)]


@contextmanager
def raise_read_errors(source: Source) -> Iterator[None]:
    """Raise what rasterio says of a raster as one sentence.

    Raises:
        RasterReadError: It is missing, damaged, or its server did not answer.
    """
    try:
        yield
    except AerialSegError:
        raise
    except (RasterioError, CPLE_BaseError, OSError, ValueError) as error:
        raise make_read_error(error, source) from error


def make_read_error(error: BaseException, source: Source) -> RasterReadError:
    """Make the error that says that a raster cannot be read.

    Args:
        error: What rasterio said.
        source: The raster.
    """
    cause = error.__cause__ or error
    text = _NAMED.sub("", " ".join(str(cause).split())).rstrip(".")
    said = "{scene} cannot be read: {cause}."
    if is_remote(source):
        hint = "Check the address and the connection."
        return RasterReadError("scene-unreachable", said, hint, scene=source, cause=text)
    hint = "Check the path, or get the file again."
    return RasterReadError("scene-unreadable", said, hint, scene=source, cause=text)


def refuse_large_blocks(dataset: Dataset, memory: int) -> None:
    """Refuse a raster of which not even one block can be decoded within the memory.

    Args:
        dataset: An open rasterio dataset.
        memory: Bytes that may be used.

    Raises:
        SceneError: Its blocks are larger.
    """
    rows, cols = dataset.block_shapes[0]
    bands = dataset.count if dataset.profile.get("interleave") == "pixel" else 1
    needed = 2 * rows * cols * bands * np.dtype(dataset.dtypes[0]).itemsize  # decoded, and in GDAL's cache
    if needed > memory:
        raise SceneError(
            "scene-blocks-large",
            "{scene} is stored in blocks of {cols} × {rows} px, which take {needed} MiB to read, more than "
            "the memory of {memory} MiB.",
            "Cut it into tiles first: gdal_translate -co TILED=YES -co COMPRESS=DEFLATE IN.tif OUT.tif; or "
            "allow --memory {enough}MiB.",
            scene=dataset.name,
            cols=cols,
            rows=rows,
            needed=needed >> 20,
            memory=memory >> 20,
            enough=-(-needed >> 20),
        )


def _refuse_container(dataset: Dataset) -> None:
    """Refuse a raster without a band, and name those that it holds."""
    if dataset.count:
        return
    inside = [re.sub(r"^\w+:", lambda driver: driver[0].upper(), name) for name in dataset.subdatasets]
    if not inside:
        raise SceneError("scene-without-band", "{scene} has no band.", "Give a raster with pixels.", scene=dataset.name)
    more = f" and {len(inside) - _MOST_NAMED} more" if len(inside) > _MOST_NAMED else ""
    raise SceneError(
        "scene-container",
        "{scene} is a container: it has no band of its own, but holds {count} rasters.",
        "Give one of them instead of the file: {rasters}{more}; or put bands together: gdalbuildvrt "
        "-separate BANDS.vrt RASTER RASTER ….",
        scene=dataset.name,
        count=len(inside),
        rasters=", ".join(inside[:_MOST_NAMED]),
        more=more,
    )


def _list_sidecars(path: Path) -> list[Path]:
    """List where GDAL looks for the overviews and the mask of an image."""
    if not path.suffix:
        return [path.parent / f"{path.name}{ending}" for ending in _SIDECARS]
    return [path.with_suffix(".ovr"), *(path.parent / f"{path.name}{ending}" for ending in _SIDECARS)]


def is_connection(source: Source) -> bool:
    """Tell whether it is no file name, but what the user said to a driver, as in NETCDF:file.nc:band."""
    return isinstance(source, str) and _CONNECTION.match(source) is not None


def _find_ending(source: Source) -> str:
    """Find the ending of a file, or of the path of a web address, in small letters."""
    text = fspath(source)
    if is_remote(source):
        text = re.split(r"[?#]", text, maxsplit=1)[0]
    return PurePosixPath(text.replace("\\", "/")).suffix.lower()


@cache
def _list_drivers(ending: str) -> list[str]:
    """List the drivers that may open a file with this ending."""
    with rasterio.Env() as environment:
        known = environment.drivers()
    return [name for name in known if ending in _REFERRING.get(name, (ending,))]


def is_markup(path: Path) -> bool:
    """Tell whether a file begins as XML or JSON does; images never do. False where it cannot be read."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except (OSError, ValueError):
        return False
    return _BEGINS.match(head) is not None


def list_sources(path: Path) -> Iterator[str]:
    """List the sources that a VRT (.vrt) or a tile index (.gti.gpkg and its like) names; nothing for any other file.

    Args:
        path: A local file.

    Yields:
        Files as absolute paths where they are relative to the VRT, and whatever else GDAL opens, as it stands there.

    Raises:
        RasterReadError: The VRT declares entities in its XML.
    """
    name = path.name.lower()
    if name.endswith(".vrt"):
        try:
            with path.open("rb") as file:
                for element in read_elements(file):
                    if element.tag in SOURCE_ELEMENTS and element.text:
                        relative = element.get("relativeToVRT", element.get("relativetoVRT", "0")) == "1"
                        yield resolve_source(path, element.text) if relative else element.text
                    element.clear()
        except EntityError as error:  # a source could hide behind one
            raise RasterReadError(
                "scene-entities",
                "{scene} declares entities, which no virtual raster needs.",
                "Write it anew, with gdal_translate -of VRT.",
                scene=path,
            ) from error
        except (XmlError, OSError):  # GDAL says what is wrong with it
            return
    elif name.endswith(TILE_INDEXES):
        try:
            frame = read_frame(path, read_geometry=False)
        except (*OGR_ERRORS, AerialSegError):
            return
        location = next((column for column in frame.columns if str(column).lower() == "location"), None)
        if location is not None:
            yield from (resolve_source(path, str(one)) for one in frame[location].dropna())


def resolve_source(path: Path, name: str) -> str:
    """Resolve a name that is relative to a file's folder; what is no plain relative path stays as it is."""
    if os.path.isabs(name) or re.match(r"[A-Za-z][A-Za-z0-9_+.-]+:", name) or name.startswith("/vsi"):
        return name
    return str(path.absolute().parent / name)


def describe_as_vrt(dataset: Dataset) -> bytes:
    """Describe a raster as a VRT, in the words of GDAL.

    The XML holds what rasterio does not show: category names, attribute tables, and what GDAL calls what was opened.

    Args:
        dataset: An open rasterio dataset.

    Raises:
        RasterioError: GDAL cannot describe it.
    """
    with MemoryFile(ext=".vrt") as memory:
        copy(dataset, memory.name, driver="VRT")
        return bytes(memory.getbuffer())


def unshare_sources(described: bytes) -> str:
    """Give every dataset that is opened from a VRT sources of its own, as two threads may read one file through it.

    Args:
        described: The XML of a VRT.
    """
    return described.decode("utf-8").replace("<SourceFilename ", '<SourceFilename shared="0" ')


def open_resampled(
    dataset: Dataset, transform: Affine, shape: tuple[int, int], resampling: Resampling, **options: Any
) -> WarpedVRT:
    """Open a raster on another grid of pixels.

    Source and target share an arbitrary plane CRS, so that rotated, south-up and geographic rasters and those without a
    CRS are resampled alike.

    Args:
        dataset: An open rasterio dataset.
        transform: Pixel (col, row) of the other grid to pixel of the raster.
        shape: (rows, cols) of the other grid.
        resampling: How.
        **options: As for `rasterio.vrt.WarpedVRT`.
    """
    upright, crs = Affine.scale(1, -1), CRS.from_epsg(3857)  # any CRS in plane units will do
    return WarpedVRT(
        dataset,
        src_crs=crs,
        src_transform=upright,
        crs=crs,
        transform=upright * transform,
        height=shape[0],
        width=shape[1],
        resampling=resampling,
        **options,
    )


@contextmanager
def create_raster(path: Path, **profile: Any) -> Iterator[Any]:
    """Create a raster in memory, to be filled, that is written to a file when the block ends well.

    GDAL writes much of a file only when it is closed, and what goes wrong then is no exception. Written by Python, a
    full disk is one.

    Args:
        path: File to write; what is there is replaced.
        **profile: As for `rasterio.open`.

    Yields:
        The dataset.

    Raises:
        OSError: The file cannot be written.
        RasterioError: The raster cannot be made.
    """
    with MemoryFile() as memory:
        with memory.open(**profile) as dataset:
            yield dataset
        path.write_bytes(memory.getbuffer())

"""Vectors: the one way in which paths are handed to OGR, for polygons that are read and polygons that are written.

pyogrio takes a path for an address: it cuts it at `!`, as if an archive came before, and drops `;`, a last `?`, line
breaks and a leading `//`; and it cannot pass on a name that is no UTF-8. A local file whose path it would change is
therefore reached through a link in a temporary folder. Everything else (`/vsizip/…`, `https://…`, `zip://…!…`) is for
GDAL and pyogrio to understand. `FILE|layername=NAME`, as QGIS writes sources, names a layer too.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module, metadata
from os import PathLike
from pathlib import Path
from types import ModuleType
from typing import Any

from .. import environ
from ..errors import DataError, ParameterError

VectorPath = str | PathLike[str]


class VectorError(Exception):
    """OGR cannot read or write a file."""


OGR_ERRORS = (VectorError, OSError)
"""What the functions of this module raise for a file that cannot be read or written, besides an `AerialSegError`."""

_UNFLUSHED = {"OGR_SQLITE_SYNCHRONOUS": "OFF"}
"""What GDAL is told so that SQLite does not wait for the disk."""

_DRIVER_HINT = "; It might help to specify the correct driver"
"""What pyogrio adds for programmers."""

MOMENT = "1970-01-01T00:00:00.000Z"
"""When a GeoPackage says that it was written that shall be the same bytes whenever that was."""

DESCRIBED = (b"<OGRVRTDataSource", b"<OGRWFSDataSource", b"<OGRWFS3DataSource", b"<OGCAPI", b"<OGRCSW")
"""How files begin that hold no features but say where others are: in any other file, or in the network."""


def list_layers(path: VectorPath) -> list[tuple[str, str | None]]:
    """List the names of all layers of a file, with the kind of their geometry, None for a table.

    Args:
        path: Anything that OGR reads.
    """
    with _find_source(path, None) as (name, layer), _use_ogr() as ogr:
        found = [(str(one), kind) for one, kind in ogr.list_layers(name)]
    return [one for one in found if layer in (None, one[0])]


def read_info(path: VectorPath, layer: str | None = None, **options: Any) -> dict[str, Any]:
    """Read what pyogrio says of a layer.

    Args:
        path: Anything that OGR reads.
        layer: Name of the layer; None for the one that the path names, or else the first.
        **options: As `pyogrio.read_info` takes them.
    """
    with _find_source(path, layer) as (name, one), _use_ogr() as ogr:
        info: dict[str, Any] = ogr.read_info(name, layer=one, **options)
    return info


def read_frame(path: VectorPath, layer: str | None = None, **options: Any) -> Any:
    """Read a layer as a GeoDataFrame, or as a DataFrame where it has no geometry.

    Args:
        path: Anything that OGR reads.
        layer: As `read_info`.
        **options: As `pyogrio.read_dataframe` takes them.
    """
    with _find_source(path, layer) as (name, one), _use_ogr() as ogr:
        return ogr.read_dataframe(name, layer=one, **options)


def read_arrays(path: VectorPath, layer: str | None = None, **options: Any) -> tuple[Any, Any, Any, Any]:
    """Read a layer as pyogrio does: its metadata, feature ids, geometries as WKB, and columns.

    Args:
        path: Anything that OGR reads.
        layer: As `read_info`.
        **options: As `pyogrio.raw.read` takes them.
    """
    with _find_source(path, layer) as (name, one), _use_ogr() as ogr:
        meta, ids, geometry, columns = ogr.raw.read(name, layer=one, **options)
    return meta, ids, geometry, columns


def write_layer(path: Path, *, flush: bool = True, dated: bool = True, **content: Any) -> None:
    """Make a layer, or add to it.

    Args:
        path: A local file.
        flush: Whether a GeoPackage is on the disk afterwards to the last bit, which takes as long as writing much does;
            one that gets its name later is flushed then.
        dated: Whether a GeoPackage says when it was written, and not `MOMENT`.
        **content: As `pyogrio.raw.write` takes it.
    """
    with _reach(path) as name, _use_ogr() as ogr:
        options = ({} if flush else _UNFLUSHED) | ({} if dated else {"OGR_CURRENT_DATE": MOMENT})
        before = {one: ogr.get_gdal_config_option(one) for one in options}
        ogr.set_gdal_config_options(options)
        try:
            ogr.raw.write(name, **content)
        finally:
            ogr.set_gdal_config_options(before)


def write_arrow(path: Path, table: Any, **content: Any) -> None:
    """Make a layer out of a stream of pyarrow.

    Args:
        path: A local file.
        table: The features.
        **content: As `pyogrio.raw.write_arrow` takes it.
    """
    with _reach(path) as name, _use_ogr() as ogr:
        ogr.raw.write_arrow(table, name, **content)


@contextmanager
def _use_ogr() -> Iterator[Any]:
    """Use pyogrio.

    Raises:
        VectorError: OGR cannot read or write a file.
    """
    ogr = _import_pyogrio()
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError

    try:
        yield ogr
    except (DataSourceError, DataLayerError, FeatureError, FieldError) as error:
        raise VectorError(str(error).partition(_DRIVER_HINT)[0].rstrip(".")) from error  # a part of a sentence of ours


def _import_pyogrio() -> Any:
    """Import pyogrio without geopandas, pandas and pyarrow: of these it wants to know the versions only.

    To import them takes longer than a small scene, and whoever needs them imports them. In a process that is not ours
    nothing stands in: another thread of it may import them at this moment.
    """
    missing = {"geopandas", "pandas", "pyarrow"} - sys.modules.keys()
    if "pyogrio" not in sys.modules and environ.alone:
        for name in missing:
            with suppress(metadata.PackageNotFoundError):
                sys.modules[name] = _StandIn(name, metadata.version(name))
    try:
        import_module("pyogrio.raw")
    except AttributeError:  # it wants to know more of them
        pass
    finally:
        for name in missing:
            if isinstance(sys.modules.get(name), _StandIn):
                del sys.modules[name]
    import pyogrio.raw

    return pyogrio


class _StandIn(ModuleType):
    """Stands in for a package of which only the version is asked for."""

    def __init__(self, name: str, version: str) -> None:
        super().__init__(name)
        self.__version__ = version


@contextmanager
def _find_source(path: VectorPath, layer: str | None) -> Iterator[tuple[str, str | None]]:
    """Find the name under which pyogrio reads what is asked for, and the layer."""
    text = os.fspath(path)
    if not _is_local(text) and "|" in text:
        text, layer = _parse_qgis_source(text, layer)
    if not _is_local(text):
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise OSError(f"{text!a} is not there, and no address: its name is no UTF-8") from error
        yield text, layer
        return
    _check_features(Path(text))
    with _reach(Path(text)) as name:
        yield name, layer


def _is_local(text: str) -> bool:
    """Tell whether a source is a file or folder on this computer."""
    try:
        return Path(text).exists()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _parse_qgis_source(text: str, layer: str | None) -> tuple[str, str | None]:
    """Parse the file and the layer of a source as QGIS writes it.

    Raises:
        ParameterError: It asks for more than a layer.
    """
    path, *parts = text.split("|")
    for part in parts:
        key, _, value = part.partition("=")
        if key.casefold() == "layername":
            layer = value
        elif key.casefold() not in ("geometrytype", "uniquegeometrytype") and not (key == "layerid" and value == "0"):
            raise ParameterError(
                "vector-source-unknown",
                "The source {source} asks for {part!r}, which is not understood.",
                "Give FILE or FILE|layername=NAME; save a selection to a file of its own.",
                source=text,
                part=part,
            )
    return path, layer


def _check_features(path: Path) -> None:
    """Refuse a file that only says where other features are, unless its name tells."""
    if not path.is_file() or path.suffix.lower() in (".vrt", ".xml"):
        return
    with path.open("rb") as file:
        head = file.read(1024)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(DESCRIBED):
        raise DataError(
            "vector-leads-elsewhere",
            "{path} holds no features but says where others are.",
            "Give the file with the features itself, or one whose name ends in .vrt.",
            path=path,
        )


@contextmanager
def _reach(path: Path) -> Iterator[str]:
    """Find a name under which pyogrio reaches a local file, which need not be there yet."""
    name = str(path.absolute())
    if _is_passed_on(name):
        yield name
        return
    with tempfile.TemporaryDirectory(prefix="aerialseg-", ignore_cleanup_errors=True) as folder:
        linked = _link(path.absolute(), Path(folder))
        if not _is_passed_on(linked):
            raise ParameterError(
                "vector-path",
                "The path {path!r} cannot be handed to GDAL.",
                "Rename the folder or the file.",
                path=path,
            )
        yield linked


def _is_passed_on(name: str) -> bool:
    """Tell whether pyogrio hands an absolute path to GDAL as it is; an archive is looked into."""
    vsi_path = _import_pyogrio().util.vsi_path
    is_utf8 = name.isascii() or not re.search("[\ud800-\udfff]", name)
    return is_utf8 and vsi_path(name) in (name, f"/vsizip/{name}")


def _link(path: Path, folder: Path) -> str:
    """Link a path in another folder to the same file and to what belongs to it."""
    try:
        beside = folder / "folder"
        beside.symlink_to(path.parent, target_is_directory=True)
        if _is_passed_on(str(beside / path.name)):
            return str(beside / path.name)
        stem = re.sub(r"[^\w.-]", "_", path.stem)
        for one in [path, *(other for other in path.parent.iterdir() if other.stem == path.stem)]:
            link = folder / (stem + one.suffix)
            if not link.is_symlink():
                link.symlink_to(one)
        return str(folder / (stem + path.suffix))
    except OSError as error:
        where = "Windows" if sys.platform == "win32" else "this system"
        raise ParameterError(
            "vector-path-no-link",
            "The path {path} cannot be handed to GDAL, and {place} allows no link to it: {error}.",
            "Rename the folder or the file: without ! and other signs that addresses have.",
            path=path,
            place=where,
            error=error,
        ) from error

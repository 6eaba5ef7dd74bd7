"""GeoPackages in which other layers lie beside the polygons of a run; they stay when those are replaced.

What is there is copied as SQLite copies a database, in the state that programs which have it open would see. Into the
copy goes the new layer with its tables and its style, and the copy takes the place of the file. So at any moment the
file is whole: with the old polygons or with the new ones.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import OutputError
from .vectors import OGR_ERRORS, read_arrays, read_info, write_layer

LAYER = "classes"
"""Name of the layer with the polygons."""

GEOMETRY = "geom"
"""Name of its geometry column."""

CLASS_TABLE = "class_scheme"
"""Name of the table of the classes: ids, names, colours."""

CERTIFICATE = "certificate"
"""Name of the table with what was found out about the polygons."""

STYLES = "layer_styles"
"""Name of the table in which QGIS keeps styles, those of other layers too."""

OWN = {LAYER: {"class_id", "class_name"}, CLASS_TABLE: {"class_id", "colour"}, CERTIFICATE: {"item", "value"}}
"""The tables that are replaced, and columns by which they are known to be ours."""

GDAL_UTC = 100
"""How GDAL marks a time as UTC."""

CHUNK = 50_000
"""Polygons that are copied at once."""

_HEADER = b"SQLite format 3\0"
_WAIT = 2.0
"""Seconds to wait for another program that is just writing."""


def check_geopackage(path: Path) -> None:
    """Refuse, before anything is computed, a file whose other layers could not be kept.

    Args:
        path: The output, which may be there.

    Raises:
        OutputError: Another program has it open, it is damaged, or a layer in it has our name but is not ours.
    """
    if _is_database(path):
        _checkpoint(path)
        _holds_other_layers(path)


def keep_other_layers(fresh: Path, path: Path, merged: Path) -> None:
    """Keep the other layers of a file beside the polygons that are to replace some of it.

    Args:
        fresh: The GeoPackage that was written; afterwards it holds all that `path` holds beside. One without such
            polygons, the points of a sample for example, stays as it is.
        path: Where it will be.
        merged: A free name beside `path`.

    Raises:
        OutputError: As `check_geopackage`; or the file was changed meanwhile.
    """
    if not _is_database(path):
        return
    _checkpoint(path)
    if not _holds_other_layers(path) or not _holds_polygons(fresh):
        return
    before = _stat(path)
    try:
        with _raise_errors(path):
            with closing(_open(path)) as source, closing(sqlite3.connect(merged)) as target:
                source.backup(target)
            _copy_run(fresh, merged)
        shutil.copymode(path, merged)
        if _stat(path) != before:
            raise OutputError(
                "geopackage-changed",
                "{path} was changed by another program meanwhile.",
                "Close it there and run it again.",
                path=path,
            )
        merged.replace(fresh)
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            merged.with_name(merged.name + ending).unlink(missing_ok=True)


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_HEADER)) == _HEADER
    except OSError:  # nothing is there, which is good; or it cannot be replaced either, which is said then
        return False


def _stat(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


@contextmanager
def _raise_errors(path: Path) -> Iterator[None]:
    """Raise what SQLite says of a file as one sentence with its remedy."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "lock" not in str(error) and "busy" not in str(error):
            raise OutputError(
                "geopackage-unreadable",
                "{path} cannot be read: {error}.",
                "Choose another name for the output.",
                path=path,
                error=error,
            ) from error
        raise _make_use_error(path) from error
    except (sqlite3.DatabaseError, *OGR_ERRORS) as error:
        raise OutputError(
            "geopackage-layers-lost",
            "{path} holds other layers that cannot be kept: {error}.",
            "Choose another name for the output.",
            path=path,
            error=error,
        ) from error


def _make_use_error(path: Path) -> OutputError:
    """Make the error that says that another program has the file open."""
    return OutputError(
        "geopackage-open",
        "{path} is open in another program, which is writing to it.",
        "Save and close it there, in QGIS by removing its layers, or choose another name.",
        path=path,
    )


def _open(path: Path) -> sqlite3.Connection:
    """Open a database to read it only."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_WAIT)


def _checkpoint(path: Path) -> None:
    """Bring into the file what SQLite keeps beside it; else that would be taken for changes to the new one.

    Raises:
        OutputError: Another program has it open.
    """
    if not path.with_name(path.name + "-wal").exists():
        return
    with _raise_errors(path), closing(sqlite3.connect(path, timeout=_WAIT)) as connection:
        [[mode]] = connection.execute("PRAGMA journal_mode = DELETE")
        if mode != "delete":
            raise _make_use_error(path)


def _holds_other_layers(path: Path) -> bool:
    """Tell whether a database is a GeoPackage in which there is more than one run writes.

    Raises:
        OutputError: A table has our name but is not ours.
    """
    with _raise_errors(path), closing(_open(path)) as connection:
        tables = {
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        }
        if "gpkg_contents" not in tables:
            return False
        for table, columns in OWN.items():
            found = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
            if found and not columns <= found:
                raise OutputError(
                    "geopackage-layer-taken",
                    "{path} holds a layer {layer!r} that is not of aerialseg and would be replaced.",
                    "Rename that layer, or choose another name for the output.",
                    path=path,
                    layer=table,
                )
        query = f"SELECT DISTINCT f_table_name FROM {STYLES}"  # nosec B608 - a name of ours
        styled = connection.execute(query) if STYLES in tables else []
        others = {name for (name,) in styled} - {LAYER}
        known = ("gpkg_", "rtree_", "sqlite_")
        return bool(others or {one for one in tables if not one.startswith(known)} - {*OWN, STYLES})


def _holds_polygons(fresh: Path) -> bool:
    """Tell whether a database that was just written holds the polygons of a run."""
    with closing(_open(fresh)) as connection:
        return connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (LAYER,)).fetchone() is not None


def _copy_run(fresh: Path, merged: Path) -> None:
    """Put the polygons of one GeoPackage, their tables and their style into another one, in place of older ones."""
    _copy_polygons(fresh, merged)
    for table in (CLASS_TABLE, CERTIFICATE):
        meta, _, _, columns = read_arrays(fresh, table, read_geometry=False)
        _write_table(merged, table, append=False, fields=list(meta["fields"]), field_data=columns)
    with closing(sqlite3.connect(merged)) as connection, connection:
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (STYLES,)).fetchone():
            _copy_style(fresh, connection)
            return
    meta, _, _, columns = read_arrays(fresh, STYLES, read_geometry=False)
    zones = {"update_time": np.array([GDAL_UTC])}
    _write_table(merged, STYLES, append=True, fields=list(meta["fields"]), field_data=columns, gdal_tz_offsets=zones)


def _copy_polygons(fresh: Path, merged: Path) -> None:
    total, done, start = read_info(fresh, LAYER, force_feature_count=True)["features"], 0, 0
    while done < total or not start:
        which = f"fid > {start} AND fid <= {start + CHUNK}"
        meta, _, geometry, columns = read_arrays(fresh, LAYER, where=which)
        write_layer(
            merged,
            layer=LAYER,
            driver="GPKG",
            append=start > 0,
            geometry=geometry,
            geometry_type=meta["geometry_type"],
            crs=meta["crs"],
            fields=list(meta["fields"]),
            field_data=columns,
            SPATIAL_INDEX="YES",
            GEOMETRY_NAME=GEOMETRY,
        )
        done, start = done + len(geometry), start + CHUNK


def _copy_style(fresh: Path, connection: sqlite3.Connection) -> None:
    """Put the style of the polygons beside those of other layers, in a table that QGIS may have made."""
    there = [row[1] for row in connection.execute(f"PRAGMA table_info({STYLES})")]
    with closing(_open(fresh)) as source:
        source.row_factory = sqlite3.Row
        rows = [dict(row) for row in source.execute(f"SELECT * FROM {STYLES}")]  # nosec B608 - a name of ours
    remove = f"DELETE FROM {STYLES} WHERE f_table_name = ? AND styleName = ?"  # nosec B608 - a name of ours
    connection.execute(remove, (LAYER, LAYER))
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")[:-6] + "Z"  # QGIS takes the latest of several
    for row in rows:
        row["update_time"] = now
        values = {name: value for name, value in row.items() if name in there and name not in ("id", "fid")}
        names, places = ", ".join(f'"{name}"' for name in values), ", ".join("?" for _ in values)
        insert = f"INSERT INTO {STYLES} ({names}) VALUES ({places})"  # nosec B608 - names of ours and of QGIS
        connection.execute(insert, tuple(values.values()))


def _write_table(path: Path, table: str, **content: Any) -> None:
    write_layer(path, layer=table, driver="GPKG", geometry=None, crs=None, geometry_type=None, **content)

"""The catalogue of a batch: a GeoPackage with what became of every scene, which grows while the run lasts.

GDAL makes the file, and SQLite adds rows as scenes end: that costs the same for the last scene as for the first, and
what is in the file at any moment is whole, whoever reads it and whenever the run is killed. As a disk takes its time to
keep what it is given, the rows of many small scenes are written together, within a second. A scene has one row, however
often it is run; several processes may add theirs.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import struct
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import numpy as np

from ..errors import AerialSegError, OutputError
from ..files.outputs import make_output_error, make_temporary_path, raise_output_errors, rename_output
from ..files.vectors import OGR_ERRORS, write_layer
from ..progress import Reporter
from ..raster.footprint import Footprint
from ..sentences import Sentence
from .survey import Verdict

CATALOGUE = "scenes.gpkg"
"""Its name in the folder of the results."""

LAYER = "scenes"
"""Name of its layer."""

AREA = "area_"
"""How the columns begin that hold the area of a class, whose name follows."""

WGS84 = 4326

_TEXTS = ("source", "output", "state", "unit", "ground", "error")
_FIELDS = {**dict.fromkeys(_TEXTS, object), "seconds": np.float64, "windows": np.int64}
_WAIT = 10.0  # seconds, while another program writes
_PAUSE = 1.0  # seconds from one time of writing to the next


@dataclass(frozen=True)
class SceneStatus:
    """What became of one scene."""

    source: str
    """Where it is, without the secrets of an address."""
    status: Literal["done", "skipped", "failed"]
    """Skipped: this model with these parameters had done it already."""
    output: str
    """The class raster."""
    error: str = ""
    """Why it failed."""
    ground: Verdict | Literal[""] = ""
    """Whether it is like the images that the model was trained on; empty if that is not known."""


@dataclass(frozen=True)
class SceneRecord:
    """What became of one scene, and all that is worth keeping of it. It can be sent to another process."""

    status: SceneStatus
    seconds: float = 0.0
    """How long it took."""
    windows: int = 0
    """Windows that were computed."""
    areas: dict[str, float] = field(default_factory=dict)
    """Area of each class; none of a scene that failed, or was skipped."""
    unit: str = ""
    """Unit of the areas: m² or px²."""
    footprint: Footprint | None = None
    """Where it lies; None where nobody knows."""
    unread: bool = False
    """Whether it failed because it could not be read, which may go better another time."""


class Catalogue:
    """The GeoPackage of scenes in a folder of results, open to add to it.

    Args:
        folder: The folder, which is there.
        reporter: Is told at the end if rows could not be written.

    Raises:
        OutputError: The file cannot be made, or there is one that is no catalogue.
    """

    def __init__(self, folder: Path, reporter: Reporter) -> None:
        self._path = folder / CATALOGUE
        self._reporter = reporter
        self._waiting: list[SceneRecord] = []
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._written = -_PAUSE
        if not self._path.exists():
            _create(self._path)
        self._connection = _open(self._path)

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.write()
        self._connection.close()
        if self._waiting:
            said = (
                "{path} could not be written and lacks {count} of the scenes: close it in other programs, and give the "
                "same command again."
            )
            told = Sentence("catalogue-incomplete", said, path=self._path, count=len(self._waiting))
            cause = make_output_error(sqlite3.OperationalError(), self._path)  # a full disk, or none any more
            why = cause.sentence.whole() if cause else told
            self._reporter.message(why, "warning")

    def knows(self, output: str) -> bool:
        """Tell whether it says of a class raster that it is done."""
        query = f"SELECT 1 FROM {LAYER} WHERE output = ? AND state = 'done'"  # nosec B608 - a name of ours
        with self._lock, suppress(sqlite3.Error):
            return self._connection.execute(query, (self._shorten(output),)).fetchone() is not None
        return False

    def add(self, record: SceneRecord) -> None:
        """Add the row of a scene in place of an earlier one: at once, or within a second of the one before.

        While another program writes, or the disk is full, rows wait.
        """
        with self._lock:
            self._waiting.append(record)
            if self._timer is not None:
                return
            pause = self._written + _PAUSE - time.monotonic()
            if pause > 0:
                self._timer = threading.Timer(pause, self.write)
                self._timer.daemon = True
                self._timer.start()
                return
        self.write()

    def write(self) -> None:
        """Write the rows that wait."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            self._written = time.monotonic()
            with suppress(sqlite3.Error), self._connection:  # what is missing is said at the end
                self._connection.execute("BEGIN IMMEDIATE")
                for record in self._waiting:
                    self._write(record)
                self._connection.execute("COMMIT")
                self._waiting.clear()

    def _write(self, record: SceneRecord) -> None:
        status, place = record.status, record.footprint
        row: dict[str, Any] = {
            "source": _to_text(status.source),
            "output": self._shorten(status.output),
            "state": "failed" if status.status == "failed" else "done",
            "seconds": round(record.seconds, 3) or None,
            "windows": record.windows or None,
            "unit": record.unit or None,
            "ground": status.ground or None,
            "error": _to_text(status.error) or None,
            "geom": None if place is None else _encode(place),
            **self._name_areas(record.areas),
        }
        same = "output = :output" if row["state"] == "done" else "output = :output AND source = :source"
        names, places = ", ".join(map(_quote, row)), ", ".join("?" for _ in row)
        run = self._connection.execute
        run(f"DELETE FROM {LAYER} WHERE {same}", {key: row[key] for key in ("output", "source")})  # nosec B608
        run(f"INSERT INTO {LAYER} ({names}) VALUES ({places})", tuple(row.values()))  # nosec B608 - quoted names
        if place is not None:
            low = ", ".join(f"min_{axis} = min(coalesce(min_{axis}, ?), ?)" for axis in "xy")
            high = ", ".join(f"max_{axis} = max(coalesce(max_{axis}, ?), ?)" for axis in "xy")
            sides = [side for side in place.bounds for _ in range(2)]
            run(f"UPDATE gpkg_contents SET {low}, {high} WHERE table_name = '{LAYER}'", sides)  # nosec B608

    def _name_areas(self, areas: dict[str, float]) -> dict[str, float]:
        """Name the columns of areas, and make those that are missing; SQLite takes capital letters for small ones."""
        info = self._connection.execute(f"PRAGMA table_info({LAYER})")
        there = {name.casefold(): name for _, name, *_ in info}
        named: dict[str, float] = {}
        for name, area in areas.items():
            column = AREA + name
            while column in named or there.get(column.casefold(), column) != column:
                column += "_"
            if column.casefold() not in there:
                self._connection.execute(f"ALTER TABLE {LAYER} ADD COLUMN {_quote(column)} REAL")
                there[column.casefold()] = column
            named[column] = area
        return named

    def _shorten(self, output: str) -> str:
        return _to_text(Path(os.path.relpath(output, self._path.parent)).as_posix())


def open_to_read(folder: Path) -> sqlite3.Connection:
    """Open the catalogue in a folder to read it.

    Raises:
        OutputError: There is none.
    """
    path = folder / CATALOGUE
    return _open(path, mode="ro")


def list_area_columns(connection: sqlite3.Connection) -> list[str]:
    """List the columns of a catalogue that hold the areas of classes."""
    found = [str(name) for _, name, *_ in connection.execute(f"PRAGMA table_info({LAYER})")]
    return [name for name in found if name.startswith(AREA)]


def _create(path: Path) -> None:
    """Make an empty catalogue, whole or not at all; one that another process has made meanwhile stays."""
    temporary = make_temporary_path(path)
    try:
        with raise_output_errors(path):
            write_layer(
                temporary,
                layer=LAYER,
                driver="GPKG",
                geometry=np.array([], dtype=object),
                geometry_type="MultiPolygon",
                crs=f"EPSG:{WGS84}",
                fields=list(_FIELDS),
                field_data=[np.array([], dtype=kind) for kind in _FIELDS.values()],
                SPATIAL_INDEX="NO",
                GEOMETRY_NAME="geom",
            )
            with closing(sqlite3.connect(temporary)) as connection, connection:
                connection.execute(f"CREATE INDEX {LAYER}_by_output ON {LAYER} (output)")
                _refuse_torn(connection)  # GDAL does not tell of all that a full disk did not take
        rename_output(temporary, path, overwrite=False)
    except OutputError:
        if not path.exists():
            raise
    except (*OGR_ERRORS, sqlite3.Error) as error:
        raise make_output_error(error, path) or OutputError(
            "catalogue-not-made", "{path} cannot be made: {error}.", "Choose another folder.", path=path, error=error
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def _open(path: Path, mode: Literal["rw", "ro"] = "rw") -> sqlite3.Connection:
    connection = None
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=_WAIT, check_same_thread=False
        )
        connection.isolation_level = None  # transactions begin where it is said
        _refuse_torn(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        if not path.parent.is_dir() and (gone := make_output_error(error, path)):
            raise gone from error
        raise OutputError(
            "catalogue-unusable",
            "{path} cannot be used as the catalogue of the scenes: {error}.",
            "Move it away, or choose another folder for the results.",
            path=path,
            error=error,
        ) from error
    return connection


def _refuse_torn(connection: sqlite3.Connection) -> None:
    """Refuse a GeoPackage that is no catalogue, or not all of one.

    Raises:
        sqlite3.Error: It is that.
    """
    found = {str(name) for _, name, *_ in connection.execute(f"PRAGMA table_info({LAYER})")}
    if not {*_FIELDS, "geom"} <= found:
        raise sqlite3.DatabaseError(f"it has no layer {LAYER} like it")
    tables = "gpkg_contents JOIN gpkg_geometry_columns USING (table_name)"
    if connection.execute(f"SELECT 1 FROM {tables} WHERE table_name = '{LAYER}'").fetchone() is None:  # nosec B608
        raise sqlite3.DatabaseError(f"it does not list its layer {LAYER}")


def _encode(place: Footprint) -> bytes:
    """Encode a geometry with its bounds as in https://www.geopackage.org/spec/#gpb_format."""
    west, south, east, north = place.bounds
    return struct.pack("<2sBBi4d", b"GP", 0, 0b11, WGS84, west, east, south, north) + place.wkb


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _to_text(name: str) -> str:
    """Make a text that any program can read of a name that need not be UTF-8."""
    return name.encode("utf-8", "backslashreplace").decode()


def explain_failure(error: Exception) -> Sentence:
    """Explain why a scene failed; of what aerialseg did not foresee the log has more.

    Args:
        error: What was raised.
    """
    if isinstance(error, AerialSegError):
        return error.sentence
    if isinstance(error, MemoryError):
        return Sentence(
            "memory-full", "The memory is full.", "Close other programs, or allow the run less with --memory."
        )
    logging.getLogger(__name__).error("unforeseen error", exc_info=error)
    said = "Unforeseen {kind}: {error}."
    return Sentence("unforeseen", said, "Please report it with the log.", kind=type(error).__name__, error=error)

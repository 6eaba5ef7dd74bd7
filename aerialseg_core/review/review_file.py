"""The review file: a GeoPackage of squares, of the labels in them, and of what they were made from.

GDAL makes the file, and SQLite changes it, a correction in a transaction of its own: what is in the file is whole at
any moment, whoever reads it and whenever the program is killed. Triggers keep the name of a class with its number,
which decides, and write down when something was changed, whichever program did it. There are no spatial indexes, as
their triggers call functions that SQLite alone does not have.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, get_args

import numpy as np
import shapely
from shapely.geometry import Polygon

from ..errors import DataError, OutputError
from ..files.geopackage import CLASS_TABLE, GDAL_UTC, GEOMETRY, STYLES
from ..files.outputs import lock_outputs, write_atomically
from ..files.vectors import write_layer
from ..polygons.writers.ogr import explain_ogr_errors
from ..raster.classes import LandCoverClass
from .squares import Role
from .styles import make_label_style, make_square_style

State = Literal["open", "reviewed", "skipped"]
"""Whether somebody has looked at a square: all that is in a reviewed one is right."""

SQUARES = "squares"
"""Layer of the squares."""

LABELS = "labels"
"""Layer of the labels in them: a coverage of each square, and what was drawn over it later."""

FACTS = "review"
"""Table of what the review was made from."""

HISTORY = "label_history"
"""Table of what was in a square before each correction, to undo it."""

VERSION = 1
"""Version of the file."""

_WAIT = 10.0  # seconds, while another program writes
_GPKG = "1.3"  # the last that the GDAL of QGIS 3.22 reads without a warning

_UNKNOWN = "?"
"""Time of a change that is just being made."""

_PLAIN: dict[str, Any] = {"geometry": None, "crs": None, "geometry_type": None, "append": True}
"""How a table without geometry is added."""

_KEPT = f"fid, class_id, original_id, edited_by, edited_at, {GEOMETRY}"
_MAKE_HISTORY = f"""CREATE TABLE IF NOT EXISTS {HISTORY} (edit INTEGER NOT NULL, square INTEGER NOT NULL,
    fid INTEGER, class_id INTEGER, original_id INTEGER, edited_by TEXT, edited_at TEXT, {GEOMETRY} BLOB)"""

_NOW = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"
_NAME = f"(SELECT class_name FROM {CLASS_TABLE} WHERE class_id = NEW.class_id)"  # nosec B608 - a name of ours
_TRIGGERS = (
    f"""CREATE TRIGGER {LABELS}_added AFTER INSERT ON {LABELS}
        BEGIN UPDATE {LABELS} SET class_name = {_NAME}, edited_at = {_NOW} WHERE fid = NEW.fid; END""",  # nosec B608 - names of ours
    f"""CREATE TRIGGER {LABELS}_named AFTER UPDATE OF class_id, class_name ON {LABELS}
        WHEN NEW.class_name IS NOT {_NAME}
        BEGIN UPDATE {LABELS} SET class_name = {_NAME} WHERE fid = NEW.fid; END""",  # nosec B608 - names of ours
    f"""CREATE TRIGGER {LABELS}_edited AFTER UPDATE OF class_id, {GEOMETRY} ON {LABELS}
        WHEN OLD.class_id IS NOT NEW.class_id OR OLD.{GEOMETRY} IS NOT NEW.{GEOMETRY}
        BEGIN UPDATE {LABELS} SET edited_at = {_NOW} WHERE fid = NEW.fid; END""",  # nosec B608 - names of ours
    f"""CREATE TRIGGER {SQUARES}_reviewed AFTER UPDATE OF state ON {SQUARES} WHEN OLD.state IS NOT NEW.state
        BEGIN UPDATE {SQUARES} SET reviewed_at = {_NOW} WHERE fid = NEW.fid; END""",  # nosec B608 - names of ours
)


@dataclass(frozen=True)
class Square:
    """A square that people look at."""

    number: int
    """Its number, from 1: those to train on first, the most to learn from first."""
    role: Role
    """What it is for."""
    polygon: Polygon
    """Where it is, in the CRS of the map."""
    state: State = "open"
    """Whether somebody has looked at it."""
    score: float = 0.0
    """How much there is to learn: uncertainty × rarity × distance."""
    uncertainty: float = 0.0
    """Mean of 1 − confidence, 0…1."""
    rarity: float = 0.0
    """Mean weight of its classes."""
    distance: float = 1.0
    """Mean distance from the training images, 1 = what is normal among them."""


@dataclass(frozen=True)
class Label:
    """A polygon with a class."""

    class_id: int
    """Number of the class."""
    polygon: Polygon
    """Where it is, in the CRS of the map."""
    square: int | None = None
    """Number of the square that it was made for; None for what was drawn by hand in another program."""
    original_id: int | None = None
    """Class that the map has there; None for what was drawn."""


def create_review(
    path: Path,
    squares: Sequence[Square],
    labels: Sequence[Label],
    *,
    classes: Sequence[LandCoverClass],
    crs_wkt: str | None,
    facts: dict[str, str],
    overwrite: bool = False,
) -> None:
    """Create a review file.

    Args:
        path: GeoPackage to write.
        squares: The squares.
        labels: What is in them to begin with.
        classes: The classes to choose from.
        crs_wkt: CRS of the map; None if it has none.
        facts: What the review is made from, in words.
        overwrite: Whether a file may be replaced, if it is a review in which nobody has done anything.

    Raises:
        OutputError: The file exists or cannot be written, or somebody has worked in it.
    """
    with lock_outputs("suggest", path):
        if overwrite:
            _refuse_reviewed(path)
        with write_atomically(path, overwrite=overwrite) as temporary:
            with explain_ogr_errors(path):
                _write_layers(temporary, squares, labels, classes, crs_wkt, facts)
            path.unlink(missing_ok=True)  # a run keeps the layers of others that are in its GeoPackage, but not these


def _write_layers(
    path: Path,
    squares: Sequence[Square],
    labels: Sequence[Label],
    classes: Sequence[LandCoverClass],
    crs_wkt: str | None,
    facts: dict[str, str],
) -> None:
    spatial = {"crs": crs_wkt, "geometry_type": "Polygon", "SPATIAL_INDEX": "NO", "GEOMETRY_NAME": GEOMETRY}
    texts = np.full(len(squares), None, object)
    _write_table(
        path,
        SQUARES,
        {
            "square": np.array([one.number for one in squares], np.int32),
            "role": np.array([one.role for one in squares], object),
            "state": np.array([one.state for one in squares], object),
            "reviewed_by": texts,
            "reviewed_at": texts,
            **{
                name: np.array([getattr(one, name) for one in squares], np.float64).round(4)
                for name in ("score", "uncertainty", "rarity", "distance")
            },
        },
        geometry=shapely.to_wkb([one.polygon for one in squares]),
        VERSION=_GPKG,
        **spatial,
    )
    names = {one.id: one.name for one in classes}
    texts = np.full(len(labels), None, object)
    _write_table(
        path,
        LABELS,
        {
            "square": np.array([one.square for one in labels], np.int32),
            "class_id": np.array([one.class_id for one in labels], np.int32),
            "class_name": np.array([names[one.class_id] for one in labels], object),
            "original_id": np.array([one.original_id for one in labels], np.int32),
            "edited_by": texts,
            "edited_at": texts,
        },
        geometry=shapely.to_wkb([one.polygon for one in labels]),
        append=True,
        **spatial,
    )
    columns = [np.array([getattr(one, key) for one in classes]) for key in ("id", "name", "colour")]
    listed = [columns[0], *(one.astype(object) for one in columns[1:])]
    _write_table(path, CLASS_TABLE, dict(zip(("class_id", "class_name", "colour"), listed, strict=True)), **_PLAIN)
    told = {"version": str(VERSION), **facts}
    table = {"item": np.array(list(told), object), "value": np.array(list(told.values()), object)}
    _write_table(path, FACTS, table, **_PLAIN)
    _write_styles(path, {SQUARES: make_square_style(), LABELS: make_label_style(classes)})
    with closing(sqlite3.connect(path)) as connection, connection:
        for trigger in _TRIGGERS:
            connection.execute(trigger)


def _write_styles(path: Path, styles: dict[str, str]) -> None:
    """Write the style of each layer where QGIS looks for it."""
    rows = [
        {
            "f_table_catalog": "",
            "f_table_schema": "",  # QGIS looks for an empty text
            "f_table_name": name,
            "f_geometry_column": GEOMETRY,
            "styleName": name,
            "styleQML": style,
            "styleSLD": "",
            "useAsDefault": True,
            "description": "",
            "owner": "",
            "ui": "",
            "update_time": np.datetime64("now", "ms"),
        }
        for name, style in styles.items()
    ]
    columns = [np.array([row[key] for row in rows]) for key in rows[0]]
    listed = [one.astype(object) if one.dtype.kind == "U" else one for one in columns]
    zones = {"update_time": np.full(len(rows), GDAL_UTC)}
    _write_table(path, STYLES, dict(zip(rows[0], listed, strict=True)), gdal_tz_offsets=zones, **_PLAIN)


def _write_table(path: Path, layer: str, columns: dict[str, Any], **options: Any) -> None:
    data = list(columns.values())
    write_layer(path, layer=layer, driver="GPKG", fields=list(columns), field_data=data, **options)


def _refuse_reviewed(path: Path) -> None:
    """Refuse to replace what is no review, or a review in which somebody has worked.

    Raises:
        OutputError: It is one of both.
    """
    if not path.exists():
        return
    try:
        with ReviewFile(path) as review:
            worked = review.has_work
    except DataError as error:
        raise OutputError(
            "review-other-file", "{path} is no review, and is not replaced by one.", "Choose another name.", path=path
        ) from error
    if worked:
        raise OutputError(
            "review-worked-in",
            "Somebody has worked in {path}, which is not replaced for that.",
            "Choose another name, or move it away.",
            path=path,
        )


def _explain_error(path: Path, error: sqlite3.Error) -> DataError:
    """Say what SQLite says of a file, and what to do; its codes are not there in Python 3.10."""
    if "locked" in str(error):
        said, hint = "Another program is writing to {path}.", "Try again when it has ended."
        return DataError("review-locked", said, hint, path=path)
    if any(word in str(error) for word in ("readonly", "full", "disk I/O")):
        said, hint = "{path} cannot be written to: {error}.", "See to the disk and the file."
        return DataError("review-unwritable", said, hint, path=path, error=error)
    said, hint = "{path} cannot be used as a review: {error}.", "Give a file that aerialseg suggest has made."
    return DataError("review-unusable", said, hint, path=path, error=error)


class ReviewFile:
    """A review file, open to read and to correct; use it as a context.

    Args:
        path: The GeoPackage.

    Raises:
        DataError: It is not there, or no review.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        """The GeoPackage."""
        with self._explain():
            uri = f"{path.absolute().as_uri()}?mode=rw"
            self._connection = sqlite3.connect(uri, uri=True, timeout=_WAIT, isolation_level=None)
        try:
            with self._explain():
                self.facts = dict(self._connection.execute(f"SELECT item, value FROM {FACTS}"))  # nosec B608
                """What the review was made from, in words."""
                found = self._connection.execute(
                    "SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = ?", (LABELS,)
                ).fetchone()
                if found is None:
                    raise sqlite3.DatabaseError(f"it has no layer {LABELS}")
                self._srs = int(found[0])
        except DataError:
            self._connection.close()
            raise

    def __enter__(self) -> ReviewFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    @contextmanager
    def _explain(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _explain_error(self.path, error) from error

    @property
    def crs_wkt(self) -> str | None:
        """CRS of its layers; None if they have none."""
        with self._explain():
            query = "SELECT definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?"
            (found,) = self._connection.execute(query, (self._srs,)).fetchone()
        return None if self._srs in (0, -1, 99999) or found == "undefined" else str(found)

    @property
    def classes(self) -> list[LandCoverClass]:
        """The classes to choose from."""
        with self._explain():
            query = f"SELECT class_id, class_name, colour FROM {CLASS_TABLE} ORDER BY class_id"  # nosec B608
            return [LandCoverClass(*row) for row in self._connection.execute(query)]

    @property
    def has_work(self) -> bool:
        """Whether a square was looked at, or a label changed."""
        with self._explain():
            done = self._connection.execute(
                f"SELECT EXISTS (SELECT 1 FROM {SQUARES} WHERE state <> 'open')"  # nosec B608 - names of ours
                f" OR EXISTS (SELECT 1 FROM {LABELS} WHERE edited_at IS NOT NULL)"
            )
            return bool(done.fetchone()[0])

    def list_squares(self) -> list[Square]:
        """List the squares by number.

        Raises:
            DataError: One of them is damaged, or has a state or a role that there is not.
        """
        names = "square, role, state, score, uncertainty, rarity, distance"
        with self._explain():
            query = f"SELECT {names}, {GEOMETRY} FROM {SQUARES} ORDER BY square"  # nosec B608 - names of ours
            rows = self._connection.execute(query).fetchall()
        squares = []
        for number, role, state, *numbers, blob in rows:
            if role not in get_args(Role) or state not in get_args(State):
                raise DataError(
                    "review-square-wrong",
                    "Square {square} of {path} has the role {role!r} and the state {state!r}.",
                    "Roles are {roles}; states are {states}.",
                    square=number,
                    path=self.path,
                    role=role,
                    state=state,
                    roles=", ".join(get_args(Role)),
                    states=", ".join(get_args(State)),
                )
            for polygon in self._decode(blob):
                squares.append(Square(int(number), role, polygon, state, *map(float, numbers)))
        return squares

    def list_labels(self) -> list[Label]:
        """List the labels of all squares in the order in which they were drawn: where two overlap, the later counts.

        Raises:
            DataError: One of them is damaged, or of a class that there is not.
        """
        known = {one.id for one in self.classes}
        with self._explain():
            query = f"SELECT class_id, square, original_id, {GEOMETRY} FROM {LABELS} ORDER BY fid"  # nosec B608
            rows = self._connection.execute(query).fetchall()
        labels = []
        for class_id, square, original, blob in rows:
            if class_id not in known:
                raise DataError(
                    "review-label-unknown",
                    "{path} has a label of class {class_id}.",
                    "Known are {known}.",
                    path=self.path,
                    class_id=class_id,
                    known=", ".join(map(str, sorted(known))),
                )
            labels += [Label(class_id, polygon, square, original) for polygon in self._decode(blob)]
        return labels

    def mark(self, square: int, state: State, who: str | None = None) -> None:
        """Mark a square as reviewed, skipped or open again.

        Args:
            square: Its number.
            state: What it is now.
            who: Who says so.

        Raises:
            DataError: There is no such square, or the file cannot be written.
        """
        with self._explain():
            change = f"UPDATE {SQUARES} SET state = ?, reviewed_by = ? WHERE square = ?"  # nosec B608 - a name of ours
            if not self._connection.execute(change, (state, who, square)).rowcount:
                raise sqlite3.DatabaseError(f"there is no square {square}")

    def save_labels(self, square: int, labels: Sequence[Label], who: str | None = None) -> None:
        """Save the labels of a square in place of those that are there, all of them or, whatever happens, none.

        What does not change keeps the note of who changed it, and when.

        Args:
            square: Its number.
            labels: What is in it now, a coverage such as `coverage_edits.paint` makes.
            who: Who has corrected it.

        Raises:
            DataError: The file cannot be written.
        """
        with self._change() as run:
            run(_MAKE_HISTORY)
            ((edit,),) = run(f"SELECT coalesce(max(edit), 0) + 1 FROM {HISTORY}")  # nosec B608 - names of ours
            where = f"FROM {LABELS} WHERE square = ? ORDER BY fid"  # nosec B608 - a name of ours
            before = run(f"SELECT {_KEPT} {where}", (square,)).fetchall()  # nosec B608
            noted = {(row[1], row[-1]): (row[3], row[4]) for row in before}
            run(f"INSERT INTO {HISTORY} SELECT ?, square, {_KEPT} {where}", (edit, square))  # nosec B608
            rows = []
            for one in labels:
                blob = self.encode(one.polygon)
                by, at = noted.get((one.class_id, blob), (who, None))
                changed = (one.class_id, blob) not in noted
                rows.append((None, one.class_id, one.original_id, by, _UNKNOWN if changed else at, blob))
            self._replace(run, square, rows)

    def undo(self, square: int) -> bool:
        """Undo the last correction of a square that `save_labels` has saved; whether there was one.

        Raises:
            DataError: The file cannot be written.
        """
        with self._change() as run:
            run(_MAKE_HISTORY)
            ((edit,),) = run(f"SELECT max(edit) FROM {HISTORY} WHERE square = ?", (square,))  # nosec B608
            if edit is not None:
                rows = run(f"SELECT {_KEPT} FROM {HISTORY} WHERE edit = ? ORDER BY rowid", (edit,))  # nosec B608
                self._replace(run, square, rows.fetchall())
                run(f"DELETE FROM {HISTORY} WHERE edit = ?", (edit,))  # nosec B608 - a name of ours
        return edit is not None

    @contextmanager
    def _change(self) -> Iterator[Callable[..., sqlite3.Cursor]]:
        """Change the file in one transaction."""
        with self._explain():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection.execute
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:  # something has gone wrong
                    self._connection.execute("ROLLBACK")

    def _replace(self, run: Callable[..., sqlite3.Cursor], square: int, rows: Sequence[tuple[Any, ...]]) -> None:
        """Replace the labels of a square, numbered anew where they have no number, which tells what was drawn later.

        The time of those that are `_UNKNOWN` is now.
        """
        run(f"DELETE FROM {LABELS} WHERE square = ?", (square,))  # nosec B608 - a name of ours
        for row in rows:
            marks = ", ".join("?" for _ in row)
            run(f"INSERT INTO {LABELS} (square, {_KEPT}) VALUES (?, {marks})", (square, *row))  # nosec B608
            if row[4] != _UNKNOWN:  # a trigger has noted that it is new
                run(f"UPDATE {LABELS} SET edited_at = ? WHERE fid = last_insert_rowid()", (row[4],))  # nosec B608

    def _decode(self, blob: bytes | None) -> list[Polygon]:
        """Decode a geometry into its polygons: https://www.geopackage.org/spec/#gpb_format."""
        if blob is None:
            return []
        try:
            envelope = (0, 32, 48, 48, 64)[blob[3] >> 1 & 7]
            shape = shapely.force_2d(shapely.from_wkb(blob[8 + envelope :]))
        except (IndexError, shapely.errors.GEOSException) as error:
            raise DataError(
                "review-geometry-damaged",
                "A geometry of {path} is damaged: {error}.",
                "Delete it, and draw it anew.",
                path=self.path,
                error=error,
            ) from error
        return [part for part in shapely.get_parts(shape) if isinstance(part, Polygon) and not part.is_empty]

    def encode(self, polygon: Polygon) -> bytes:
        """Encode a polygon with its bounds, as in a GeoPackage."""
        west, south, east, north = polygon.bounds
        header = struct.pack("<2sBBi4d", b"GP", 0, 0b11, self._srs, west, east, south, north)
        return header + bytes(shapely.to_wkb(polygon))

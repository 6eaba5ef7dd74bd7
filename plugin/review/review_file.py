# SPDX-License-Identifier: GPL-2.0-or-later
"""The review file, a GeoPackage of squares and labels, as `aerialseg suggest` makes it: read and corrected.

A correction is one transaction of SQLite: whenever QGIS is killed, what is in the file is whole, and at most the
correction in hand is lost. Triggers in the file keep the names of classes and the times of changes.
"""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsGeometry

from ..i18n import tr
from ..models import LandCover
from .coverage import Label, list_polygons

OPEN, REVIEWED, SKIPPED = "open", "reviewed", "skipped"
"""States of a square: all that is in a reviewed one is right."""

CHECK = "check"
"""Role of the squares that a model is never trained on."""

_WAIT = 1.0  # seconds, while another program writes, and QGIS stands still
_NOW = "?"  # time of a change that is just being made
_KEPT = "fid, class_id, original_id, edited_by, edited_at, geom"
_MAKE_HISTORY = """CREATE TABLE IF NOT EXISTS label_history (edit INTEGER NOT NULL, square INTEGER NOT NULL,
    fid INTEGER, class_id INTEGER, original_id INTEGER, edited_by TEXT, edited_at TEXT, geom BLOB)"""


class ReviewError(Exception):
    """A file is no review, or cannot be written; the sentence says which."""


def _tell(name: str, error: Exception) -> str:
    """Tell what SQLite says of a file, and what to do."""
    if "locked" in str(error):
        return tr("Another program is writing to {}. Nothing was changed: try again when it has ended.").format(name)
    if any(word in str(error) for word in ("readonly", "full", "disk I/O")):
        return tr("{} cannot be written to: {}. Nothing was changed: see to the disk and the file.").format(name, error)
    return tr("{} cannot be used as a review: {}. Choose a file of “Suggest squares to correct”.").format(name, error)


@dataclass(frozen=True)
class Square:
    """A square that people look at."""

    number: int
    """Its number, from 1."""
    role: str
    """What it is for: "train" or "check"."""
    state: str
    """Whether somebody has looked at it."""
    polygon: QgsGeometry
    """Where it is."""


class ReviewFile:
    """A review file, open to read and to correct.

    Args:
        path: The GeoPackage.

    Raises:
        ReviewError: It is not there, or no review.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        """The GeoPackage."""
        with self._explain():
            uri = f"{Path(path).absolute().as_uri()}?mode=rw"
            self._connection = sqlite3.connect(uri, uri=True, timeout=_WAIT, isolation_level=None)
        try:
            with self._explain():
                self.facts: dict[str, str] = dict(self._connection.execute("SELECT item, value FROM review"))
                """What the review was made from, in words."""
                (self._srs,) = self._connection.execute(
                    "SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = 'labels'"
                ).fetchone() or (0,)
                rows = self._connection.execute("SELECT class_id, class_name, colour FROM class_scheme ORDER BY 1")
                self.classes = tuple(LandCover(int(i), str(name), str(colour)) for i, name, colour in rows)
                """The classes to choose from."""
        except ReviewError:
            self._connection.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @contextmanager
    def _explain(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValueError) as error:
            raise ReviewError(_tell(Path(self.path).name, error)) from error

    @property
    def image(self) -> str:
        """Return where the image of the map is; empty where the review does not tell."""
        scene = self.facts.get("scene", "")
        return str(Path(self.path).parent / scene) if scene and "://" not in scene else scene

    @property
    def model(self) -> str:
        """Return the name of the model that the map was made with; empty where the review does not tell."""
        try:
            return str(json.loads(self.facts.get("model") or '""'))
        except ValueError:
            return self.facts["model"]

    def list_squares(self) -> "list[Square]":
        """List the squares by number."""
        with self._explain():
            rows = self._connection.execute("SELECT square, role, state, geom FROM squares ORDER BY square").fetchall()
        return [
            Square(int(number), str(role), str(state), part)
            for number, role, state, blob in rows
            for part in _decode(blob)
        ]

    def list_labels(self, square: Square) -> "list[Label]":
        """List the labels in a square in the order in which they were drawn, those by hand in a form as well.

        What was drawn by hand before the square was saved is in its labels, which cover it.
        """
        wanted = """SELECT class_id, square, original_id, geom FROM labels WHERE square = ?1 OR square IS NULL
            AND fid > (SELECT coalesce(min(fid), 0) FROM labels WHERE square = ?1) ORDER BY fid"""
        with self._explain():
            rows = self._connection.execute(wanted, (square.number,)).fetchall()
        return [
            Label(int(class_id), part, number, original)
            for class_id, number, original, blob in rows
            for part in _decode(blob)
            if number is not None or part.intersects(square.polygon)
        ]

    def mark(self, square: int, state: str, who: str) -> None:
        """Mark a square as reviewed, skipped or open again.

        Args:
            square: Its number.
            state: What it is now.
            who: Who says that.
        """
        with self._explain():
            change = "UPDATE squares SET state = ?, reviewed_by = ? WHERE square = ?"
            self._connection.execute(change, (state, who, square))

    def save_labels(self, square: int, labels: Sequence[Label], who: str) -> None:
        """Save the labels of a square in place of those that are there, all of them or, whatever happens, none.

        What does not change keeps the note of who changed it, and when.

        Args:
            square: Its number.
            labels: What is in it now, a coverage.
            who: Who has corrected it.
        """
        with self._change() as connection:
            run = connection.execute
            run(_MAKE_HISTORY)
            ((edit,),) = run("SELECT coalesce(max(edit), 0) + 1 FROM label_history")
            mine = "FROM labels WHERE square = ? ORDER BY fid"
            before = run(f"SELECT {_KEPT} {mine}", (square,)).fetchall()  # nosec B608 - names of ours
            noted = {(row[1], row[-1]): (row[3], row[4]) for row in before}
            run(f"INSERT INTO label_history SELECT ?, square, {_KEPT} {mine}", (edit, square))  # nosec B608
            rows = []
            for one in labels:
                blob = self._encode(one.polygon)
                by, at = noted.get((one.class_id, blob), (who, _NOW))
                rows.append((None, one.class_id, one.original_id, by, at, blob))
            _replace(connection, square, rows)

    def undo(self, square: int) -> bool:
        """Undo the last correction of a square; whether there was one."""
        with self._change() as connection:
            run = connection.execute
            run(_MAKE_HISTORY)
            ((edit,),) = run("SELECT max(edit) FROM label_history WHERE square = ?", (square,))
            if edit is not None:
                wanted = f"SELECT {_KEPT} FROM label_history WHERE edit = ? ORDER BY rowid"  # nosec B608
                _replace(connection, square, run(wanted, (edit,)).fetchall())
                run("DELETE FROM label_history WHERE edit = ?", (edit,))
        return edit is not None

    @contextmanager
    def _change(self) -> "Iterator[sqlite3.Connection]":
        """Change the file in one transaction."""
        with self._explain():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:  # something has gone wrong
                    self._connection.execute("ROLLBACK")

    def _encode(self, polygon: QgsGeometry) -> bytes:
        """Encode a polygon with its bounds: https://www.geopackage.org/spec/#gpb_format."""
        box = polygon.boundingBox()
        bounds = (box.xMinimum(), box.xMaximum(), box.yMinimum(), box.yMaximum())
        return struct.pack("<2sBBi4d", b"GP", 0, 0b11, self._srs, *bounds) + bytes(polygon.asWkb())


def _replace(connection: sqlite3.Connection, square: int, rows: "Sequence[tuple[Any, ...]]") -> None:
    """Replace the labels of a square, numbered anew where they have no number.

    The number tells what was drawn later. The time of those that are `_NOW` is now, as a trigger notes.
    """
    connection.execute("DELETE FROM labels WHERE square = ?", (square,))
    insert = f"INSERT INTO labels (square, {_KEPT}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # nosec B608 - names of ours
    for row in rows:
        connection.execute(insert, (square, *row))
        if row[4] != _NOW:
            change = "UPDATE labels SET edited_at = ? WHERE fid = last_insert_rowid()"
            connection.execute(change, (row[4],))


def _decode(blob: Optional[bytes]) -> "list[QgsGeometry]":
    """Decode a geometry into its polygons."""
    if not blob:
        return []
    shape = QgsGeometry()
    shape.fromWkb(blob[8 + (0, 32, 48, 48, 64)[blob[3] >> 1 & 7] :])
    return list_polygons(shape)

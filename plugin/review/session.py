# SPDX-License-Identifier: GPL-2.0-or-later
"""A session of corrections: the square that is looked at, the class that is painted, and what is done with both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional

from qgis.core import QgsGeometry, QgsPointXY
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..models import LandCover
from .coverage import Label, paint, reclassify
from .review_file import CHECK, OPEN, REVIEWED, SKIPPED, ReviewError, ReviewFile, Square


class ReviewSession(QObject):
    """Steps through the squares of a review and corrects them. What goes wrong is a sentence of `failed`.

    Args:
        review: The open file; it is closed with the session.
        who: Who corrects.
        parent: Owner.
    """

    moved = pyqtSignal()  # another square is looked at
    changed = pyqtSignal()  # another class, another state of a square
    drawn = pyqtSignal()  # other labels: layers must be drawn anew
    finished = pyqtSignal()  # no square is open any more
    failed = pyqtSignal(str)

    def __init__(self, review: ReviewFile, who: str, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self.review = review
        """The file."""
        self.squares = review.list_squares()
        """All squares, by number."""
        self.class_id = review.classes[0].id if review.classes else 0
        """The class that is painted."""
        self._who = who
        self._at = next((i for i, one in enumerate(self.squares) if one.state == OPEN), 0)

    @property
    def square(self) -> Optional[Square]:
        """Return the square that is looked at; None where there is none at all."""
        return self.squares[self._at] if self.squares else None

    @property
    def classes(self) -> "tuple[LandCover, ...]":
        """Return the classes to choose from."""
        return self.review.classes

    def count(self, *, check: bool, state: str = REVIEWED) -> int:
        """Count the squares to check with, or to train on, that are in a state."""
        return sum(one.state == state and (one.role == CHECK) is check for one in self.squares)

    def close(self) -> None:
        """Let go of the file."""
        self.review.close()

    def step(self, by: int) -> None:
        """Look at another square; after the last one comes the first."""
        if self.squares:
            self._go((self._at + by) % len(self.squares))

    def go_to_open(self) -> None:
        """Look at the next square that nobody has looked at."""
        following = [(self._at + n) % len(self.squares) for n in range(1, len(self.squares) + 1)]
        found = next((i for i in following if self.squares[i].state == OPEN), None)
        if found is not None:
            self._go(found)

    def choose_class(self, class_id: int) -> bool:
        """Choose the class to paint; whether there is such a class."""
        known = any(one.id == class_id for one in self.classes)
        if known and class_id != self.class_id:
            self.class_id = class_id
            self.changed.emit()
        return known

    def accept(self) -> None:
        """Say that all in the square is right, and look at the next one."""
        self._mark(REVIEWED)

    def skip(self) -> None:
        """Say that the square cannot be judged, and look at the next one."""
        self._mark(SKIPPED)

    def paint(self, area: QgsGeometry) -> None:
        """Paint the chosen class over an area, in the square in which it begins."""
        self._look_at(area.pointOnSurface().asPoint())
        square = self.square
        if square is not None and area.intersects(square.polygon):
            self._edit(lambda labels: paint(labels, square.polygon, area, self.class_id))

    def reclassify(self, point: QgsPointXY) -> None:
        """Give the label at a point the chosen class."""
        self._look_at(point)
        square = self.square
        if square is not None and square.polygon.intersects(QgsGeometry.fromPointXY(point)):
            self._edit(lambda labels: reclassify(labels, point, self.class_id))

    def undo(self) -> None:
        """Undo the last correction of the square."""
        square = self.square
        if square is not None and self._try(lambda: self.review.undo(square.number)):
            self.drawn.emit()

    def _go(self, index: int) -> None:
        self._at = index
        self.moved.emit()

    def _look_at(self, point: QgsPointXY) -> None:
        """Look at the square that a point is in, if it is another one."""
        at = QgsGeometry.fromPointXY(point)
        if self.square is None or self.square.polygon.intersects(at):
            return
        found = next((i for i, one in enumerate(self.squares) if one.polygon.intersects(at)), None)
        if found is not None:
            self._go(found)

    def _mark(self, state: str) -> None:
        square = self.square
        if square is None or not self._try(lambda: self.review.mark(square.number, state, self._who) or True):
            return
        self.squares = self.review.list_squares()
        self.drawn.emit()
        self.changed.emit()
        self.go_to_open()
        if all(one.state != OPEN for one in self.squares):
            self.finished.emit()

    def _edit(self, change: "Callable[[list[Label]], list[Label]]") -> None:
        """Change the labels of the square; nothing is written that changes nothing."""
        square = self.square

        def save() -> bool:
            before = self.review.list_labels(square)
            after = change(before)
            if after == before:
                return False
            self.review.save_labels(square.number, after, self._who)
            return True

        if square is not None and self._try(save):
            self.drawn.emit()

    def _try(self, action: "Callable[[], bool]") -> bool:
        try:
            return action()
        except ReviewError as error:
            self.failed.emit(str(error))
            return False

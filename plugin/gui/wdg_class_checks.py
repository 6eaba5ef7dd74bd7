# SPDX-License-Identifier: GPL-2.0-or-later
"""Some of the classes of a model, as check boxes."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QIcon, QPixmap
from qgis.PyQt.QtWidgets import QCheckBox, QGridLayout, QWidget

from ..models import LandCover
from ..wording import name_class
from .widgets import clear_grid

_COLUMNS = 2
_LONGEST = 16  # letters of a name that are shown; the tooltip has all of it


class ClassChecks(QWidget):
    """A check box for each class of a model, in the order of its scheme.

    Args:
        name: What it is that is chosen here, for screen readers.
        checked: Whether classes that were never shown before are chosen.
    """

    changed = pyqtSignal()

    def __init__(self, name: str, *, checked: bool) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._checked = checked
        self._kept: dict[str, bool] = {}  # by name of the class; another model may have it as well
        self.boxes: dict[str, QCheckBox] = {}
        """By what stands for the class in a list that commas separate."""
        self._ids: dict[str, str] = {}  # by the same
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(_COLUMNS, 1)

    def show_classes(self, classes: Iterable[LandCover]) -> None:
        """Show the classes of another model; those of the same name stay as they are."""
        clear_grid(self._grid)
        self.boxes, self._ids = {}, {}
        for i, cover in enumerate(classes):
            name = name_class(cover.name)
            box = QCheckBox(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, self._widest()))
            box.setIcon(_make_icon(cover.colour))
            box.setToolTip(name)
            box.setAccessibleName(name)
            box.setChecked(self._kept.get(cover.name, self._checked))
            box.toggled.connect(lambda on, key=cover.name: self._keep(key, on))
            self._grid.addWidget(box, *divmod(i, _COLUMNS))
            self.boxes[name_for_list(cover)], self._ids[name_for_list(cover)] = box, str(cover.id)

    def _widest(self) -> int:
        return _LONGEST * self.fontMetrics().averageCharWidth()

    def _keep(self, name: str, on: bool) -> None:
        self._kept[name] = on
        self.changed.emit()

    def count(self) -> int:
        """Return how many are chosen."""
        return sum(box.isChecked() for box in self.boxes.values())

    def text(self) -> str:
        """Return the chosen ones, separated by commas."""
        return ",".join(key for key, box in self.boxes.items() if box.isChecked())

    def choose(self, text: str) -> None:
        """Choose those of a list of names or ids that commas separate, and no others; this is one change."""
        before, wanted = self.text(), {one.strip().casefold() for one in text.split(",")}
        self.blockSignals(True)
        for key, box in self.boxes.items():
            box.setChecked(key.casefold() in wanted or self._ids[key] in wanted)
        self.blockSignals(False)
        if self.text() != before:
            self.changed.emit()

    def choose_all(self) -> None:
        """Choose all of them."""
        self.choose(",".join(self.boxes))


def name_for_list(cover: LandCover) -> str:
    """Return what stands for a class in a list that commas separate: its name, or its id where that is ambiguous."""
    return str(cover.id) if "," in cover.name or cover.name.strip().isdigit() else cover.name


def _make_icon(colour: str) -> QIcon:
    pixels = QPixmap(12, 12)
    pixels.fill(QColor(colour))
    return QIcon(pixels)

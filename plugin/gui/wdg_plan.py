# SPDX-License-Identifier: GPL-2.0-or-later
"""What will happen, in rows, before it happens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from ..ground import Ground
from ..i18n import tr
from ..wording import name_row
from .widgets import ErrorLabel, GroundLabel, clear_grid, make_wrapped_label

_NARROWEST = 18  # letters of a text before it is wrapped further


class PlanView(QWidget):
    """The plan, or why there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.error = ErrorLabel()
        self.busy = make_wrapped_label("")
        self.ground = GroundLabel()
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        rows = QVBoxLayout(self)
        rows.addWidget(self.error)
        rows.addWidget(self.busy)
        rows.addWidget(self.ground)
        rows.addLayout(self._grid)
        rows.addStretch(1)
        self.rows: list[tuple[str, str]] = []
        self.wait()

    def wait(self) -> None:
        """Show that a plan is being made; the last one stays until then, greyed."""
        self.error.say("")
        self.busy.setText(tr("Looking at the layer …"))
        self.busy.setVisible(True)
        for i in range(self._grid.count()):
            self._grid.itemAt(i).widget().setEnabled(False)
        self.ground.setEnabled(False)

    def show_rows(self, rows: Sequence["tuple[str, str]"], ground: Optional[Ground] = None) -> None:
        """Show a plan, and above it whether the model knows the ground."""
        self.rows = list(rows)
        self.ground.setEnabled(True)
        self.ground.show_ground(ground)
        clear_grid(self._grid)
        told = [row for row in rows if row[0] != "ground" or ground is None]  # the light says it
        for number, (key, text) in enumerate(told):
            title, value = QLabel(name_row(key)), make_wrapped_label(text)
            font = title.font()
            font.setBold(True)
            title.setFont(font)
            for label in (title, value):
                label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            value.setAccessibleName(name_row(key))
            value.setMinimumWidth(value.fontMetrics().averageCharWidth() * _NARROWEST)
            self._grid.addWidget(title, number, 0)
            self._grid.addWidget(value, number, 1)
        self.busy.setVisible(False)
        self.error.say("")

    def show_error(self, text: str) -> None:
        """Say what stands in the way."""
        self.rows = []
        clear_grid(self._grid)
        self.ground.show_ground(None)
        self.busy.setVisible(False)
        self.error.say(text)

    def show_note(self, text: str) -> None:
        """Say what is awaited."""
        self.show_error("")
        self.busy.setText(text)
        self.busy.setVisible(True)

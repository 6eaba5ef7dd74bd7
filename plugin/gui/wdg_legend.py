# SPDX-License-Identifier: GPL-2.0-or-later
"""Classes with their colours."""

from __future__ import annotations

from html import escape

from qgis.PyQt.QtCore import QRectF, QSize
from qgis.PyQt.QtGui import QColor, QPainter, QPaintEvent, QPen
from qgis.PyQt.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from ..i18n import tr
from ..models import LandCover
from ..wording import name_class
from .wdg_area_chart import choose_outline
from .widgets import ElidedLabel, clear_grid

_LONG = 14
"""Letters of a name from which on a legend has two columns, not three."""


class Swatch(QWidget):
    """A little square of a colour."""

    def __init__(self, colour: str) -> None:
        super().__init__()
        self._colour = QColor(colour)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as a capital letter."""
        side = round(0.8 * self.fontMetrics().height())
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it with an outline, so that it is seen on any window."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(choose_outline(self.palette()), 1))
        painter.setBrush(self._colour)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)


class LegendWidget(QWidget):
    """Classes with their colours, in a few columns; a long name is cut, and its tooltip has all of it."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(self.fontMetrics().horizontalAdvance("n"))

    def show_classes(self, classes: "tuple[LandCover, ...]") -> None:
        """Show these instead of those before; where there are too many, the last place says how many more."""
        clear_grid(self._grid)
        columns, rows = (2, 4) if any(len(name_class(cover.name)) > _LONG for cover in classes) else (3, 3)
        for column in range(3):
            self._grid.setColumnStretch(2 * column + 1, int(column < columns))
        shown = classes if len(classes) <= columns * rows else classes[: columns * rows - 1]
        for i, cover in enumerate(shown):
            row, column = divmod(i, columns)
            self._grid.addWidget(Swatch(cover.colour), row, 2 * column)
            self._grid.addWidget(ElidedLabel(name_class(cover.name)), row, 2 * column + 1)
        rest = classes[len(shown) :]
        if rest:
            more = QLabel(tr("and {} more").format(len(rest)))
            more.setToolTip("<br>".join(escape(name_class(cover.name)) for cover in rest))
            self._grid.addWidget(more, rows - 1, 2 * columns - 1)
        self.setAccessibleName(tr("Classes: {}").format(", ".join(name_class(cover.name) for cover in classes)))

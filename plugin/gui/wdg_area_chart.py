# SPDX-License-Identifier: GPL-2.0-or-later
"""How much of each class there is, as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

from qgis.PyQt.QtCore import QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from qgis.PyQt.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from ..i18n import format_number, tr
from ..wording import name_class
from .widgets import clear_grid, is_dark, make_label

_SQUARE_METRES = "m²"
_LARGER = ((1e6, "km²"), (1e4, "ha"))  # from so many m² of the largest class on


@dataclass(frozen=True)
class ClassArea:
    """A class and its area."""

    name: str
    colour: str
    """As #RRGGBB."""
    area: float
    confidence: Optional[float] = None
    """Mean confidence in percent; None where it is not known."""
    before: Optional[float] = None
    """Area of another run to compare with; None for no comparison."""


def choose_unit(largest: float, unit: str) -> "tuple[float, str]":
    """Return what areas are divided by, and their unit then, so that the largest one is easily read."""
    if unit != _SQUARE_METRES:
        return 1.0, unit
    return next(((factor, name) for factor, name in _LARGER if largest >= factor), (1.0, unit))


def format_area(value: float) -> str:
    """Return three digits that count, as people of this language write them."""
    decimals = 0 if value >= 100 or value == 0 else 1 if value >= 10 else 2
    return format_number(value, f".{decimals}f")


class BarWidget(QWidget):
    """One bar.

    Args:
        colour: As #RRGGBB.
        share: Its length, from 0 to 1 of the room that it has.
    """

    def __init__(self, colour: str, share: float) -> None:
        super().__init__()
        self._colour, self._share = QColor(colour), share
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as a letter."""
        return QSize(12 * self.fontMetrics().height(), self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """A stump."""
        return QSize(3 * self.fontMetrics().height(), self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it with an outline: dark classes are seen on dark windows, bright ones on bright ones."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(choose_outline(self.palette()), 1))
        painter.setBrush(self._colour)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        box.setWidth(max(self._share * box.width(), 1.0))
        painter.drawRoundedRect(box, 2, 2)


class AreaChart(QWidget):
    """Horizontal bars in the colours of the classes, largest first, each with its name, area and share.

    The texts are labels, so that themes and screen readers know them; all measures come from the font.
    """

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._grid.setHorizontalSpacing(self.fontMetrics().horizontalAdvance("m"))
        self._grid.setVerticalSpacing(self.fontMetrics().height() // 2)
        self._rows: list[tuple[str, str, str]] = []
        self.setAccessibleName(tr("Area of each class"))

    def show_areas(self, bars: Sequence[ClassArea], unit: str) -> None:
        """Show these; classes of which there is nothing are left out."""
        bars = sorted((bar for bar in bars if bar.area > 0 or bar.before), key=lambda bar: -bar.area)
        largest, total = (bars[0].area if bars else 0.0), sum(bar.area for bar in bars)
        factor, shown = choose_unit(largest, unit)
        clear_grid(self._grid)
        self._rows = []
        for row, bar in enumerate(bars):
            area = f"{format_area(bar.area / factor)} {shown}"
            share = format_number(bar.area / (total or 1.0), ".1%")
            sure = "" if bar.confidence is None else tr("{} % sure").format(round(bar.confidence))
            if bar.before is not None:
                sign = "+" if bar.area >= bar.before else "−"
                sure = f"{sign}{format_area(abs(bar.area - bar.before) / factor)} {shown}"
            self._rows.append((bar.name, area, ", ".join(filter(None, (share, sure)))))
            self._grid.addWidget(make_label(name_class(bar.name)), row, 0)
            self._grid.addWidget(BarWidget(bar.colour, bar.area / (largest or 1.0)), row, 1)
            for column, text in ((2, area), (3, share), (4, sure)):
                self._grid.addWidget(QLabel(text), row, column, Qt.AlignmentFlag.AlignRight)
        if not bars:
            self._grid.addWidget(QLabel(self.text()), 0, 0)
        self.setAccessibleDescription(self.text())

    def text(self) -> str:
        """Return what is shown, in words."""
        rows = (f"{name}: {area} ({share})" for name, area, share in self._rows)
        return "\n".join(rows) or tr("Nothing but no data.")


def choose_outline(palette: QPalette) -> QColor:
    """Return a colour for thin lines that is seen on the window and on any class."""
    return QColor(255, 255, 255, 170) if is_dark(palette) else QColor(0, 0, 0, 140)

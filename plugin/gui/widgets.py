# SPDX-License-Identifier: GPL-2.0-or-later
"""Small parts that several widgets are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional

from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer
from qgis.PyQt.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent, QTextOption
from qgis.PyQt.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..ground import Ground


def do_next_turn(action: Callable[[], None]) -> None:
    """Do something after QGIS has had a turn: has drawn, and has heard mouse and keys.

    Not a timer of 0 ms: Qt makes it an event, which comes before what the window system has to say.
    """
    QTimer.singleShot(1, action)


def make_label(text: str) -> QLabel:
    """Make a label for a text of somebody else, such as the name of a class: markup in it is none."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    return label


def make_wrapped_label(text: str) -> QLabel:
    """Make a plain label of several lines whose text can be copied."""
    label = make_label(text)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return label


class StatusLabel(QLabel):
    """A sentence that can be copied; it takes no room as long as there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVisible(False)

    def setText(self, text: str) -> None:
        """Show another sentence, or with "" none."""
        super().setText(text)
        self.setVisible(bool(text))


class ElidedLabel(QLabel):
    """A line of plain text: as much of it as there is room for, and all of it in a tooltip where some is missing.

    Args:
        text: The line.
    """

    _NARROWEST = 5  # letters

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        size = super().minimumSizeHint()
        return QSize(min(size.width(), self._NARROWEST * self.fontMetrics().horizontalAdvance("m")), size.height())

    def setText(self, text: str) -> None:
        """Show another line."""
        super().setText(text)
        self.setAccessibleName(text)
        self._explain()

    def shown_text(self) -> str:
        """Return what of the line there is room for."""
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See whether there is room for all of it now."""
        super().resizeEvent(event)
        self._explain()

    def _explain(self) -> None:
        self.setToolTip(self.text() if self.shown_text() != self.text() else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what there is room for."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        option = QTextOption(self.alignment())
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        painter.drawText(QRectF(self.rect()), self.shown_text(), option)


def clear_grid(grid: QGridLayout) -> None:
    """Take everything out of a grid."""
    while grid.count():
        widget = grid.takeAt(0).widget()
        widget.hide()  # deleted later, gone now
        widget.deleteLater()


def is_dark(palette: QPalette) -> bool:
    """Return whether windows are dark."""
    return palette.color(QPalette.ColorRole.Window).lightness() < 128


class GroundLabel(QWidget):
    """A green, amber or red light and the sentence that says the same; not there as long as nothing is known."""

    def __init__(self) -> None:
        super().__init__()
        self.light, self.text = QLabel("●"), make_wrapped_label("")
        rows = QHBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.light, 0, Qt.AlignmentFlag.AlignTop)
        rows.addWidget(self.text, 1)
        self.show_ground(None)

    def show_ground(self, ground: Optional[Ground]) -> None:
        """Show what was found out about the ground of an image."""
        self.setVisible(ground is not None)
        self.text.setText(ground.text if ground else "")
        self.text.setAccessibleName(self.text.text())
        if ground:
            self.light.setStyleSheet(f"color: {ground.colour};")


class _Coloured:
    """What has a style sheet for bright windows and one for dark ones, and changes with them."""

    _SHEETS = ("", "")

    def changeEvent(self, event: QEvent) -> None:
        """Stay readable when windows become dark or bright."""
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()
        super().changeEvent(event)

    def _colour(self) -> None:
        sheet = self._SHEETS[is_dark(self.palette())]
        if self.styleSheet() != sheet:  # setting it changes the palette again
            self.setStyleSheet(sheet)


class ProgressBar(_Coloured, QProgressBar):
    """A progress bar whose text is seen on dark windows too: QGIS's dark themes have black text on black there."""

    _SHEETS = ("", "color: #e6e6e6;")

    def __init__(self) -> None:
        super().__init__()
        self._colour()


class ErrorLabel(_Coloured, QLabel):
    """A sentence in red; not there as long as nothing is wrong."""

    _SHEETS = ("color: #b3261e;", "color: #ff8a80;")

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setVisible(False)
        self._colour()

    def say(self, text: str) -> None:
        """Show a sentence, or with "" none."""
        self.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))


class ScrollArea(QScrollArea):
    """Scrolls up and down only: it is never narrower than what it holds.

    Args:
        widget: What it holds.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._sought: Optional[QWidget] = None
        self.setWidget(widget)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def minimumSizeHint(self) -> QSize:
        """As wide as what it holds, and a few lines high."""
        narrowest = max(self.widget().minimumSizeHint().width(), self.widget().minimumWidth())
        width = narrowest + self.verticalScrollBar().sizeHint().width()
        return QSize(width, 12 * self.fontMetrics().height())

    def seek(self, *widgets: QWidget) -> None:
        """Scroll to each of these as soon as it appears: it answers what somebody has just clicked."""
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Scroll to what appears, once it has its place."""
        if event.type() == QEvent.Type.ShowToParent:
            self._sought = watched
            QTimer.singleShot(0, self._scroll)  # no lambda, which would outlive this
        return bool(super().eventFilter(watched, event))

    def _scroll(self) -> None:
        if self._sought is not None and self._sought.isVisible():
            self.ensureWidgetVisible(self._sought)


def make_fold(title: str, widget: QWidget) -> QgsCollapsibleGroupBox:
    """Make a box with a title that hides a widget until it is unfolded."""
    box = QgsCollapsibleGroupBox(title)
    box.setSaveCollapsedState(False)
    box.setCollapsed(True)
    rows = QVBoxLayout(box)
    rows.addWidget(widget)
    for button in box.findChildren(QToolButton):
        button.setAccessibleName(title)
    return box

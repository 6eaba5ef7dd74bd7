# SPDX-License-Identifier: GPL-2.0-or-later
"""The squares of a review: which one is looked at, what is painted with which tool, and what is done with it."""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtCore import QEvent, QObject, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QIcon, QKeyEvent, QPixmap
from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..i18n import tr
from ..review.review_file import CHECK, OPEN, REVIEWED
from ..review.session import ReviewSession
from ..wording import name_class
from .widgets import ErrorLabel, ProgressBar, make_label, make_wrapped_label

PICK, BRUSH, DRAW = "pick", "brush", "draw"
"""The tools."""


class SquareEditor(QWidget):
    """Steps through the squares and corrects them; keys do the same as its buttons."""

    tool_chosen = pyqtSignal(str)
    resized = pyqtSignal(bool)  # whether the brush shall be wider
    zoom_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._session: Optional[ReviewSession] = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.where, self.done = make_label(""), ProgressBar()
        self.hint = make_wrapped_label("")
        self.error = ErrorLabel()
        self.accept = _make_button(
            tr("Accept (A)"), tr("All in this square is right now: it counts. Goes to the next one.")
        )
        self.accept.setDefault(True)
        self.skip = _make_button(tr("Skip (S)"), tr("It cannot be judged: nothing in it counts"))
        self.previous = _make_button(tr("Previous (B)"), tr("Look at the square before"))
        self.next = _make_button(tr("Next (N)"), tr("Look at the next square"))
        self.next_open = _make_button(tr("Next open (O)"), tr("Look at the next one that nobody has looked at"))
        self.zoom = _make_button(tr("Zoom (Z)"), tr("Show the square on the map again"))
        self.undo = _make_button(tr("Undo (U)"), tr("Undo the last correction of this square"))
        self._group = QButtonGroup(self)
        self.tools = self._make_tools()
        self.classes = QListWidget()
        self.classes.setAccessibleName(tr("Class to paint"))
        self.classes.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.classes.currentRowChanged.connect(self._choose_row)
        self._lay_out()
        self._actions = {
            "a": lambda: self._session.accept(),
            "s": lambda: self._session.skip(),
            "b": lambda: self._session.step(-1),
            "n": lambda: self._session.step(1),
            "o": lambda: self._session.go_to_open(),
            "u": lambda: self._session.undo(),
            "z": self.zoom_wanted.emit,
            "p": lambda: self.tool_chosen.emit(PICK),
            "r": lambda: self.tool_chosen.emit(BRUSH),
            "d": lambda: self.tool_chosen.emit(DRAW),
            "+": lambda: self.resized.emit(True),
            "-": lambda: self.resized.emit(False),
        }
        buttons = (self.accept, self.skip, self.previous, self.next, self.next_open, self.undo, self.zoom)
        for button, key in zip(buttons, "asbnouz"):  # noqa: B905 - Python 3.9 knows no strict
            button.clicked.connect(lambda _checked=False, key=key: self.handle_key(key))
        self.installEventFilter(self)

    def _make_tools(self) -> "dict[str, QToolButton]":
        tools = {}
        for key, text, tip in (
            (PICK, tr("Pick (P)"), tr("Click on a polygon: it becomes the chosen class")),
            (
                BRUSH,
                tr("Brush (R)"),
                tr("Paint the chosen class with the mouse; + and - change the width of the brush"),
            ),
            (DRAW, tr("Draw (D)"), tr("Click corners of a polygon of the chosen class; the right button ends it")),
        ):
            tools[key] = button = QToolButton()
            button.setText(text)
            button.setToolTip(tip)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _checked=False, key=key: self.tool_chosen.emit(key))
            self._group.addButton(button)
        return tools

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.where)
        rows.addWidget(self.done)
        grid = QGridLayout()
        pairs = (self.accept, self.skip, self.previous, self.next, self.next_open, self.zoom)
        for place, button in enumerate(pairs):
            grid.addWidget(button, *divmod(place, 2))
        rows.addLayout(grid)
        tools = QHBoxLayout()
        for button in self.tools.values():
            tools.addWidget(button)
        tools.addStretch(1)
        rows.addLayout(tools)
        rows.addWidget(self.hint)
        rows.addWidget(self.classes)
        rows.addWidget(self.undo)
        rows.addWidget(self.error)

    def set_session(self, session: Optional[ReviewSession]) -> None:
        """Show another review, or none."""
        self._session = session
        self.classes.clear()
        self.error.say("")
        if session is None:
            return
        for cover in session.classes:
            item = QListWidgetItem(_make_icon(cover.colour), f"{cover.id}  {name_class(cover.name)}")
            self.classes.addItem(item)
        row = self.classes.sizeHintForRow(0) if session.classes else 0
        self.classes.setFixedHeight(min(len(session.classes), 8) * row + 2 * self.classes.frameWidth() + 2)
        for signal in (session.moved, session.changed, session.drawn):
            signal.connect(self._show)
        session.failed.connect(self.error.say)
        self._show()

    def show_tool(self, key: str) -> None:
        """Show which tool is in hand; empty for another one of QGIS."""
        self._group.setExclusive(bool(key))
        for name, button in self.tools.items():
            button.setChecked(name == key)
        self.hint.setText(
            {
                PICK: tr("Click on a polygon that is of the wrong class."),
                BRUSH: tr("Paint over what is wrong; its neighbours give way."),
                DRAW: tr("Click the corners of a polygon; the right mouse button ends it, Escape forgets it."),
            }.get(key, tr("Choose a tool to correct with, or accept the square as it is."))
        )

    def handle_key(self, text: str) -> bool:
        """Do what a key stands for; whether it stands for anything. Digits choose a class by its number."""
        if self._session is None or not text:
            return False
        self.error.say("")
        if text.isdigit():
            return self._session.choose_class(int(text))
        action = self._actions.get(text.lower())
        if action is not None:
            action()
        return action is not None

    def knows_key(self, text: str) -> bool:
        """Return whether a key stands for something."""
        return self._session is not None and bool(text) and (text.isdigit() or text.lower() in self._actions)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take keys before the menus of QGIS do, in which S is snapping and T tracing, while a tool is in hand."""
        in_hand = any(button.isChecked() for button in self.tools.values())
        if event.type() != QEvent.Type.ShortcutOverride or not in_hand:
            return super().eventFilter(watched, event)
        others = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier
        if self.knows_key(event.text()) and not event.modifiers() & others:
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key stands for."""
        if not event.isAutoRepeat() and not self.handle_key(event.text()):
            super().keyPressEvent(event)

    def _choose_row(self, row: int) -> None:
        if self._session is not None and row >= 0:
            self._session.choose_class(self._session.classes[row].id)

    def _show(self) -> None:
        session = self._session
        square = session.square if session else None
        self.setEnabled(square is not None)
        if session is None or square is None:
            self.where.setText(tr("There are no squares in this review."))
            return
        role = tr("to check with") if square.role == CHECK else tr("to train on")
        state = {OPEN: tr("open"), REVIEWED: tr("reviewed")}.get(square.state, tr("skipped"))
        self.where.setText(tr("Square {}, {}: {}").format(square.number, role, state))
        done = sum(one.state != OPEN for one in session.squares)
        self.done.setMaximum(len(session.squares))
        self.done.setValue(done)
        self.done.setFormat(tr("{} of {} looked at").format(done, len(session.squares)))
        ids = [cover.id for cover in session.classes]
        self.classes.setCurrentRow(ids.index(session.class_id) if session.class_id in ids else -1)


def _make_button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # keys go to the whole
    return button


def _make_icon(colour: str) -> QIcon:
    pixels = QPixmap(QSize(16, 16))
    pixels.fill(QColor(colour))
    return QIcon(pixels)

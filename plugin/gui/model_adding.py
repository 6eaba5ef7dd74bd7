# SPDX-License-Identifier: GPL-2.0-or-later
"""Adds model files one after another: each is tried, and asked about where it does not say enough of itself."""

from __future__ import annotations

from collections import deque
from typing import Optional

from qgis.core import QgsApplication
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QWidget

from .dlg_model_card import ModelCardDialog
from .model_check import ModelCheck


class ModelAdder(QObject):
    """Tries files in the background, one at a time.

    Args:
        window: Its questions belong to it; when it goes, so does what is still waiting.
    """

    busy = pyqtSignal(bool)
    added = pyqtSignal(str)  # file of a model that works
    failed = pyqtSignal(str)  # why a file was refused

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._waiting: "deque[tuple[str, str]]" = deque()
        self._check: Optional[ModelCheck] = None
        self.dialog: Optional[ModelCardDialog] = None
        """The question that is open."""
        window.destroyed.connect(self.stop)

    def add(self, path: str, card: str = "") -> None:
        """Try a file as soon as those before it have been tried.

        Args:
            path: It.
            card: What it does not say of itself, a TOML.
        """
        self._waiting.append((path, card))
        self._next()

    def stop(self) -> None:
        """Try nothing any more."""
        self._waiting.clear()
        check, self._check = self._check, None
        if check is not None and not sip.isdeleted(check):
            check.ended.disconnect(self._end)
            check.cancel()

    def _next(self) -> None:
        if self._check is not None or self.dialog is not None:
            return
        self.busy.emit(bool(self._waiting))
        if self._waiting:
            path, card = self._waiting.popleft()
            self._check = ModelCheck(path, card)
            self._check.ended.connect(self._end)
            QgsApplication.taskManager().addTask(self._check)

    def _end(self, check: ModelCheck) -> None:
        self._check = None
        if check.question is not None:
            self._ask(check)
        elif check.error:
            self.failed.emit(check.error)
        elif not check.isCanceled():
            self.added.emit(check.path)
        self._next()

    def _ask(self, check: ModelCheck) -> None:
        self.dialog = ModelCardDialog(check.path, check.question, self._window)
        self.dialog.accepted.connect(self._hear)
        self.dialog.rejected.connect(self._leave)
        self.dialog.open()

    def _hear(self) -> None:
        dialog, self.dialog = self.dialog, None
        self._waiting.appendleft((dialog.path, dialog.format_card()))
        dialog.deleteLater()
        self._next()

    def _leave(self) -> None:
        dialog, self.dialog = self.dialog, None
        dialog.deleteLater()
        self._next()

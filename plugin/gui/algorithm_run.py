# SPDX-License-Identifier: GPL-2.0-or-later
"""An algorithm that a page runs in the background, and whose results it takes itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from qgis.core import QgsApplication, QgsProcessingAlgRunnerTask, QgsProcessingContext, QgsProject
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ..i18n import tr
from .runs import RunFeedback


class AlgorithmRun(QObject):
    """One run of an algorithm; it belongs to the application, as a page may be gone before it ends.

    Args:
        name: Of the algorithm, inside the provider.
        parameters: Its parameters; outputs as paths, which are not loaded.
    """

    at = pyqtSignal(str)  # what it is doing, and for how long still
    progressed = pyqtSignal(float)  # percent
    figured = pyqtSignal(dict)  # event of a training
    ended = pyqtSignal(object)  # itself

    def __init__(self, name: str, parameters: Mapping[str, Any]) -> None:
        super().__init__(QgsApplication.instance())
        self.results: dict[str, Any] = {}
        """What it returned."""
        self.ok: Optional[bool] = None
        """Whether it succeeded; None while it runs."""
        self.error = ""
        """Why it failed; "" if it was cancelled."""
        self._feedback = RunFeedback()
        self._context = QgsProcessingContext()
        self._context.setProject(QgsProject.instance())
        self._context.setFeedback(self._feedback)
        self._feedback.at.connect(self.at)
        self._feedback.progressChanged.connect(self.progressed)
        self._feedback.said.connect(self._hear)
        self._feedback.figured.connect(self.figured)
        self._name, self._parameters = name, dict(parameters)
        self._algorithm: Any = None
        self._task: Optional[QgsProcessingAlgRunnerTask] = None
        QTimer.singleShot(0, self._start)  # so that whoever made it can listen first

    def cancel(self) -> None:
        """Stop it within two seconds; nothing is left."""
        self._feedback.cancel()

    def _start(self) -> None:
        self._algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"aerialseg:{self._name}")
        self._task = QgsProcessingAlgRunnerTask(self._algorithm, self._parameters, self._context, self._feedback)
        if self._task.isCanceled():  # the algorithm refused its parameters, and has said why
            self._finish(False, {})
            return
        self._task.executed.connect(self._finish)
        QgsApplication.taskManager().addTask(self._task)

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error":
            self.error = self.error or text

    def _finish(self, ok: bool, results: "dict[str, Any]") -> None:
        self.ok, self.results = ok, results
        QTimer.singleShot(0, self._tell)  # what the algorithm said last may still be on its way

    def _tell(self) -> None:
        if self._feedback.isCanceled():
            self.error = ""
        elif not self.ok:
            self.error = self.error or tr("It failed; the log says more.")
        self.ended.emit(self)
        self.deleteLater()

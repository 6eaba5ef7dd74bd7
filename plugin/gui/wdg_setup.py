# SPDX-License-Identifier: GPL-2.0-or-later
"""One sentence and one button where the environment is missing; nothing where it is fine."""

from __future__ import annotations

from typing import Optional

from qgis.core import QgsApplication, QgsFeedback, QgsTask
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from ..environment.installer import install
from ..environment.job import SET_UP, find_job, mark_job, watch_jobs
from ..environment.problem import EnvironmentProblem
from ..environment.state import Environment, State, describe_problem, find_environment
from ..i18n import tr
from .widgets import ErrorLabel, ProgressBar, make_wrapped_label


class SetUpTask(QgsTask):
    """Makes the environment that the worker runs in."""

    said = pyqtSignal(str)
    ended = pyqtSignal(object)  # itself, in the main thread

    def __init__(self) -> None:
        super().__init__(tr("aerialseg: set up"), QgsTask.Flag.CanCancel)
        mark_job(self, SET_UP)
        self._feedback = QgsFeedback()
        self._feedback.progressChanged.connect(self.setProgress)
        self.problem: Optional[EnvironmentProblem] = None
        """Why there is none."""

    def run(self) -> bool:
        """Install what the worker needs."""
        try:
            install("train" if "train" in find_environment().extras else "run", self._feedback, self.said.emit)
        except EnvironmentProblem as problem:
            self.problem = problem
            return False
        return True

    def cancel(self) -> None:
        """Stop within two seconds."""
        self._feedback.cancel()
        super().cancel()

    def finished(self, result: bool) -> None:
        """Tell it in the main thread, where QGIS calls this."""
        self.ended.emit(self)


class SetUpBar(QFrame):
    """Offers to make the environment that the worker runs in."""

    ready = pyqtSignal()
    looked = pyqtSignal(object)  # the environment if it is fine, else None
    begun = pyqtSignal(object)  # the task, which continues when the dialog is closed

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._task: Optional[SetUpTask] = None
        self._other: Optional[QgsTask] = None  # a set-up that somebody began elsewhere
        self.text = make_wrapped_label("")
        self.error = ErrorLabel()
        self.button = QPushButton(tr("Set up"))
        self.button.setAutoDefault(False)
        self.cancel = QPushButton(tr("Cancel set-up"))
        self.cancel.setAutoDefault(False)
        self.progress = ProgressBar()
        self.progress.setAccessibleName(tr("Progress of the set-up"))
        line = QHBoxLayout()
        line.addWidget(self.text, 1)
        for widget in (self.progress, self.button, self.cancel):
            line.addWidget(widget)
        rows = QVBoxLayout(self)
        rows.addLayout(line)
        rows.addWidget(self.error)
        self.button.clicked.connect(self._start)
        self.cancel.clicked.connect(self._stop)
        watch_jobs(self._look_for_others)
        self.look()

    def look(self) -> bool:
        """Look at the environment again; whether it is fine."""
        if self._task is not None or self._other is not None:
            return False
        environment = find_environment()
        fine = environment.state is State.READY
        self.looked.emit(environment if fine else None)
        if fine:
            self.setVisible(False)
        else:
            self._offer(environment)
        return fine

    def _offer(self, environment: Environment) -> None:
        if environment.own:
            what = tr(
                "aerialseg computes in a Python of its own, outside of QGIS. Setting that up takes a few minutes and "
                "0.9 GB of disk."
            )
            self.text.setText(f"{environment.detail} {what}")
            self.button.setText(tr("Set up") if environment.state is State.MISSING else tr("Repair"))
        else:
            self.text.setText(str(describe_problem(environment)))
        self._show_running(False)
        self.button.setVisible(environment.own)
        self.setVisible(True)

    def _show_running(self, running: bool) -> None:
        self.button.setVisible(not running)
        self.cancel.setVisible(running)
        self.cancel.setEnabled(running)
        self.progress.setVisible(running)

    def _start(self) -> None:
        task = SetUpTask()
        task.said.connect(self.text.setText)
        task.progressChanged.connect(self._advance)
        task.ended.connect(self._end)
        self._task = task
        self.error.say("")
        self.progress.setValue(0)
        self._show_running(True)
        QgsApplication.taskManager().addTask(task)
        self.begun.emit(task)

    def _look_for_others(self) -> None:
        """Show a set-up that was begun in the options as well, and that it has ended."""
        if self._task is not None:
            return
        before, self._other = self._other, find_job(SET_UP)
        if self._other is not None and self._other is not before:
            self._other.progressChanged.connect(self._advance)
            self.text.setText(tr("The environment is being set up; that takes some minutes."))
            self.looked.emit(None)
            self.error.say("")
            self._show_running(True)
            self._advance(self._other.progress())  # it may have begun long ago
            self.setVisible(True)
        elif before is not None and self._other is None and self.look():
            self.ready.emit()

    def _advance(self, percent: float) -> None:
        self.progress.setValue(round(percent))

    def _stop(self) -> None:
        self.cancel.setEnabled(False)
        task = self._task or self._other
        if task is not None:
            task.cancel()

    def _end(self, task: SetUpTask) -> None:
        self._task = None
        self.error.say(str(task.problem or ""))
        if self.look():
            self.ready.emit()

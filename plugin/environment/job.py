# SPDX-License-Identifier: GPL-2.0-or-later
"""Long work for the options page in tasks of QGIS: it continues when the page is closed, and ends with the plugin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional

from qgis.core import QgsApplication, QgsFeedback, QgsTask
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..compat import get_quiet_task_flags
from ..i18n import tr
from .problem import EnvironmentProblem

SET_UP = "setup"
"""Kind of the jobs that make the environment."""

_KIND = "aerialsegJob"  # property of a task

Work = Callable[[QgsFeedback, Callable[[str], None]], Any]
"""Does something in another thread; gets a feedback and a way to say what happens."""


def mark_job(task: QgsTask, kind: str) -> None:
    """Let others find a task by its kind."""
    task.setProperty(_KIND, kind)


def find_job(kind: str) -> Optional[QgsTask]:
    """Return the task of a kind that is running, whoever has started it; None for none."""
    over = (QgsTask.TaskStatus.Complete, QgsTask.TaskStatus.Terminated)
    tasks = QgsApplication.taskManager().tasks()
    return next((task for task in tasks if task.property(_KIND) == kind and task.status() not in over), None)


def watch_jobs(look: Callable[[], None]) -> None:
    """Have somebody look at the jobs whenever a task of QGIS begins, ends or changes otherwise.

    How many tasks there are says less: where one ends as another begins, QGIS does not tell that anything has changed.
    """
    manager = QgsApplication.taskManager()
    manager.taskAdded.connect(look)
    manager.statusChanged.connect(look)


class Job(QgsTask):
    """One piece of work.

    Args:
        jobs: Who is told about it.
        kind: What it is to them.
        title: As the list of tasks shows it.
        work: What is to be done.
    """

    def __init__(self, jobs: Jobs, kind: str, title: str, work: Work) -> None:
        super().__init__(title, QgsTask.Flag.CanCancel if kind == SET_UP else get_quiet_task_flags())
        self.kind = kind
        mark_job(self, kind)
        self.result: Any = None
        self.problem: Optional[EnvironmentProblem] = None
        self._jobs, self._work = jobs, work
        self._feedback = QgsFeedback()
        self._feedback.progressChanged.connect(self.setProgress)
        self.progressChanged.connect(self._tell_progress)

    def run(self) -> bool:
        """Do the work, in a thread of the task manager."""
        try:
            self.result = self._work(self._feedback, self._say)
        except EnvironmentProblem as problem:
            self.problem = problem
            return False
        except OSError as error:
            self.problem = EnvironmentProblem(tr("The system says: {}.").format(error))
            return False
        return True

    def cancel(self) -> None:
        """End the work within two seconds."""
        self._feedback.cancel()
        super().cancel()

    def finished(self, worked: bool) -> None:
        """Tell it in the main thread."""
        self._jobs.forget(self)

    def _say(self, line: str) -> None:
        self._jobs.said.emit(self.kind, line)

    def _tell_progress(self, percent: float) -> None:
        self._jobs.progressed.emit(self.kind, percent)


class Jobs(QObject):
    """Holds the jobs that are running, one of a kind: QGIS forgets tasks that Python has let go."""

    started = pyqtSignal(str)
    """Kind of the job that began."""

    ended = pyqtSignal(str, object)
    """Kind of the job that ended, and the job: its `result` or `problem` says how."""

    said = pyqtSignal(str, str)
    """Kind of the job, and a line about what happens."""

    progressed = pyqtSignal(str, float)
    """Kind of the job, and percent."""

    def __init__(self, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._going_on: dict[str, Job] = {}

    def find(self, kind: str) -> Optional[Job]:
        """Return the job of a kind that is running."""
        return self._going_on.get(kind)

    def start(self, kind: str, title: str, work: Work) -> bool:
        """Begin a job, unless one of its kind is running."""
        if kind in self._going_on:
            return False
        job = Job(self, kind, title, work)
        self._going_on[kind] = job
        QgsApplication.taskManager().addTask(job)
        self.started.emit(kind)
        return True

    def cancel(self, kind: str) -> None:
        """End a job; `ended` follows."""
        job = self._going_on.get(kind)
        if job is not None and not sip.isdeleted(job):
            job.cancel()

    def close(self) -> None:
        """End everything, when the plugin is unloaded."""
        for kind in list(self._going_on):
            self.cancel(kind)

    def forget(self, job: Job) -> None:
        """Take note that a job has ended."""
        self._going_on.pop(job.kind, None)
        self.ended.emit(job.kind, job)

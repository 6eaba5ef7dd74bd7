# SPDX-License-Identifier: GPL-2.0-or-later
"""What the dialog has done in the background: the plan of a run, and the set-up of the environment."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsFeedback, QgsProcessingException, QgsProcessingFeedback, QgsProject, QgsTask
from qgis.PyQt.QtCore import pyqtSignal

from .. import worker
from ..compat import quiet_task
from ..environment.installer import install
from ..environment.state import EnvironmentProblem, current, require
from ..i18n import tr
from ..vectors import write_features
from .areas import Areas
from .request import Request


class Problem:
    """Why a task came to nothing.

    Args:
        error: What was raised.
    """

    def __init__(self, error: Exception) -> None:
        self.text = str(error)
        """Sentence and remedy."""
        self.of_environment = isinstance(error, EnvironmentProblem)
        """Whether a set-up may help."""


class PlanTask(QgsTask):
    """Asks the worker what it would do.

    Args:
        request: What is wanted; it is read now, in the main thread.
        scene: File that the worker reads.
        areas: Polygons outside of which nothing is segmented.
    """

    ended = pyqtSignal(object)  # itself, in the main thread

    def __init__(self, request: Request, scene: str, areas: Optional[Areas]) -> None:
        super().__init__(tr("aerialseg: plan"), quiet_task())
        self._areas = areas
        # Beside files that may be there already: a plan writes none of them.
        self._arguments = request.arguments(scene, None, {"OUTPUT": "classes.tif"}, plan=True)
        self.scene = scene
        """File that the worker reads."""
        self.name = QgsProject.instance().mapLayer(request.layer).name()
        """Name of its layer."""
        self.lines: list[str] = []
        """The plan."""
        self.problem: Optional[Problem] = None
        """Why there is none."""

    def run(self) -> bool:
        """Start the worker and hear it."""
        try:
            with tempfile.TemporaryDirectory(prefix="aerialseg-") as folder:
                name, *rest = self._arguments
                told = [name, *self._mask(Path(folder)), *rest]
                command, environment = worker.aerialseg(require("run"), told)
                answer = worker.run(command, environment, on_event=_ignore, is_cancelled=self.isCanceled)
            self.lines = [str(line) for line in answer.get("plan", [])]
        except worker.WorkerCancelled:
            return False
        except (worker.WorkerError, EnvironmentProblem, QgsProcessingException, OSError) as error:
            self.problem = Problem(error)
            return False
        return True

    def _mask(self, folder: Path) -> "list[str]":
        if self._areas is None:
            return []
        return [f"--mask={write_features(self._areas, folder / 'areas.gpkg', QgsProcessingFeedback(False))}"]

    def finished(self, result: bool) -> None:
        """QGIS calls this in the main thread."""
        self.ended.emit(self)


class SetUpTask(QgsTask):
    """Makes the environment that the worker runs in."""

    said = pyqtSignal(str)
    ended = pyqtSignal(object)  # itself, in the main thread

    def __init__(self) -> None:
        super().__init__(tr("aerialseg: set up"), QgsTask.Flag.CanCancel)
        self._feedback = QgsFeedback()
        self._feedback.progressChanged.connect(self.setProgress)
        self.problem: Optional[Problem] = None
        """Why there is none."""

    def run(self) -> bool:
        """Install what the worker needs."""
        try:
            install("train" if "train" in current().extras else "run", self._feedback, self.said.emit)
        except EnvironmentProblem as error:
            self.problem = Problem(error)
            return False
        return True

    def cancel(self) -> None:
        """Stop within two seconds."""
        self._feedback.cancel()
        super().cancel()

    def finished(self, result: bool) -> None:
        """QGIS calls this in the main thread."""
        self.ended.emit(self)


def _ignore(event: "dict[str, Any]") -> None:
    """A plan has no progress to show."""

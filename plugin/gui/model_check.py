# SPDX-License-Identifier: GPL-2.0-or-later
"""A model file is tried before it is added: the worker runs its network on tiny patches."""

from __future__ import annotations

from qgis.core import QgsTask
from qgis.PyQt.QtCore import pyqtSignal

from .. import worker
from ..compat import get_quiet_task_flags
from ..environment.problem import EnvironmentProblem
from ..environment.state import require_python
from ..i18n import tr


class ModelCheck(QgsTask):
    """One model file.

    Args:
        path: It.
    """

    ended = pyqtSignal(object)  # itself, in the main thread

    def __init__(self, path: str) -> None:
        super().__init__(tr("aerialseg: trying a model"), get_quiet_task_flags())
        self.path = path
        """The file."""
        self.error = ""
        """Why it cannot be used; "" if it can."""

    def run(self) -> bool:
        """Start the worker and hear it."""
        try:
            command, environment = worker.make_command(require_python("run"), ["models", "check", self.path])
            worker.run(command, environment, on_event=lambda event: None, is_cancelled=self.isCanceled)
        except worker.WorkerCancelled:
            return False
        except (worker.WorkerError, EnvironmentProblem, OSError) as error:
            self.error = str(error)
            return False
        return True

    def finished(self, result: bool) -> None:
        """Tell it in the main thread, where QGIS calls this."""
        self.ended.emit(self)

# SPDX-License-Identifier: GPL-2.0-or-later
"""Asks for a plan when the choices have not changed for a moment, and forgets the one before."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Optional

from qgis.core import QgsApplication, QgsProcessingException, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ..i18n import tr
from ..models import Model
from ..rasters import MOST_PIXELS, RasterInput, file_of
from .areas import Areas
from .request import IncompleteError, Request
from .tasks import PlanTask
from .wdg_plan import rows_of

_PAUSE = 400  # ms


class Planner(QObject):
    """Makes plans in the background, one at a time.

    Args:
        parent: Owner.
        request: Says what is wanted now; raises `IncompleteError` where something is missing.
        model: Says which model is chosen.
    """

    begun = pyqtSignal()
    planned = pyqtSignal(list)  # rows
    failed = pyqtSignal(str, bool)  # sentence, whether the environment is to blame

    def __init__(self, parent: QObject, request: Callable[[], Request], model: Callable[[], Optional[Model]]) -> None:
        super().__init__(parent)
        self._request, self._model = request, model
        self._task: Optional[PlanTask] = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._start)

    def ask(self) -> None:
        """Something has changed."""
        self._cancel_task()
        self._timer.start()
        self.begun.emit()

    def stop(self) -> None:
        """No plan is wanted any more."""
        self._timer.stop()
        self._cancel_task()

    def _cancel_task(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.ended.disconnect(self._end)
            task.cancel()

    def _start(self) -> None:
        try:
            request = self._request()
            layer = QgsProject.instance().mapLayer(request.layer)
            scene = file_of(layer)
            if scene is None:
                self.planned.emit(self._of_a_server(request, layer))
                return
            areas = QgsProject.instance().mapLayer(request.areas) if request.areas else None
            task = PlanTask(request, scene, Areas(areas, request.selected_only) if areas else None)
        except (IncompleteError, QgsProcessingException) as error:
            self.failed.emit(str(error), False)
            return
        task.ended.connect(self._end)
        self._task = task
        QgsApplication.taskManager().addTask(task)

    def _end(self, task: PlanTask) -> None:
        self._task = None
        if task.problem is not None:
            self.failed.emit(task.problem.text, task.problem.of_environment)
        elif task.lines:
            self.planned.emit([(key, text.replace(task.scene, task.name, 1)) for key, text in rows_of(task.lines)])
        else:
            self.failed.emit(tr("The plan was cancelled."), False)

    def _of_a_server(self, request: Request, layer: QgsRasterLayer) -> "list[tuple[str, str]]":
        """The plan for a layer without a file, as far as it is known before it is read."""
        model = self._model()
        gsd = model.gsd_range[0] if model else 1.0
        raster = RasterInput(layer, QgsProject.instance().transformContext())
        wanted = request.extent or layer.extent()
        pixel = raster.units_per_pixel(wanted, gsd)
        cols, rows = (max(1, math.ceil(side / pixel - 1e-6)) for side in (wanted.width(), wanted.height()))
        if cols * rows > MOST_PIXELS:
            size = f"{cols * rows / 1e6:,.0f}"
            raise IncompleteError(
                tr("{} would be {} megapixels. Choose a smaller part, such as what the map shows.").format(
                    layer.name(), size
                )
            )
        return [
            ("scene", tr("{}: has no file of its own").format(layer.name())),
            (
                "read at",
                tr("It is read from its server first, into a temporary file: {} × {} px, {} megapixels.").format(
                    cols, rows, f"{cols * rows / 1e6:,.1f}"
                ),
            ),
            ("model", f"{model.name}: {', '.join(c.name for c in model.classes)}" if model else request.model),
            ("note", tr("How long it takes depends on the server; the rest is said when the run begins.")),
        ]

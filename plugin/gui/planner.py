# SPDX-License-Identifier: GPL-2.0-or-later
"""Plans of runs: asked of the worker when the choices have not changed for a moment, the one before forgotten."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Optional

from qgis.core import (
    QgsApplication,
    QgsExpressionContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsTask,
)
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from .. import worker
from ..compat import get_quiet_task_flags
from ..environment.problem import EnvironmentProblem
from ..environment.state import require_python
from ..ground import Ground, judge_resolution, read_ground
from ..i18n import format_number, tr
from ..models import Model
from ..rasters import MOST_PIXELS, RasterInput, find_file, measure_units_per_metre
from ..vectors import VectorInput, write_features
from ..wording import name_class, point_to_toolbox, say_error, say_row
from .request import IncompleteError, Request

_PAUSE = 400  # ms


class PlanTask(QgsTask):
    """Asks the worker what it would do.

    Args:
        request: What is wanted; it is read now, in the main thread.
        scene: File that the worker reads.
        areas: Polygons outside of which nothing is segmented.
    """

    ended = pyqtSignal(object)  # itself, in the main thread

    def __init__(self, request: Request, scene: str, areas: Optional[VectorInput]) -> None:
        super().__init__(tr("aerialseg: plan"), get_quiet_task_flags())
        self._areas = areas
        self._areas_file = ""
        # Beside files that may be there already: a plan writes none of them.
        self._arguments = request.build_arguments(scene, None, {"OUTPUT": "classes.tif"}, plan=True)
        self.scene = scene
        """File that the worker reads."""
        self.name = QgsProject.instance().mapLayer(request.layer).name()
        """Name of its layer."""
        self.layer = request.layer
        """Id of its layer."""
        self.rows: list[tuple[str, str]] = []
        """The plan: what each row is about, and what it says."""
        self.ground: Optional[Ground] = None
        """Whether the model knows the ground."""
        self.error: Optional[Exception] = None
        """Why there is none."""

    def run(self) -> bool:
        """Start the worker and hear it."""
        try:
            with tempfile.TemporaryDirectory(prefix="aerialseg-") as folder:
                name, *rest = self._arguments
                if self._areas is not None:
                    areas = write_features(self._areas, Path(folder) / "areas.gpkg", QgsProcessingFeedback(False))
                    self._areas_file = str(areas)
                    rest = [f"--mask={areas}", *rest]
                command, environment = worker.make_command(require_python("run"), [name, *rest])
                answer = worker.run(command, environment, on_event=lambda event: None, is_cancelled=self.isCanceled)
            self.rows = [say_row(row) for row in answer.get("rows", [])]
            self.ground = read_ground(answer.get("ground"))
        except worker.WorkerCancelled:
            return False
        except (worker.WorkerError, EnvironmentProblem, QgsProcessingException, OSError) as error:
            self.error = error
            return False
        return True

    def name_layers(self, text: str) -> str:
        """Call layers by their names: people know these, not the files that the worker reads."""
        if self._areas is not None and self._areas_file:
            text = text.replace(self._areas_file, self._areas.sourceName())
        return point_to_toolbox(text.replace(self.scene, self.name))

    def finished(self, result: bool) -> None:
        """Tell it in the main thread, where QGIS calls this."""
        self.ended.emit(self)


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
        self.ground: Optional[Ground] = None
        """Whether the model knows the ground of the last plan."""
        self._task: Optional[PlanTask] = None
        self._ending: Optional[PlanTask] = None  # one that is not wanted any more, whose worker may still be there
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._start)

    @property
    def is_busy(self) -> bool:
        """Return whether a plan is awaited."""
        return self._task is not None or self._timer.isActive()

    def ask(self) -> None:
        """Ask for a plan: something has changed."""
        self._cancel_task()
        self._timer.start()
        self.begun.emit()

    def stop(self) -> None:
        """Stop planning: no plan is wanted any more."""
        self._timer.stop()
        self._cancel_task()

    def _cancel_task(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            self._ending = task
            task.cancel()

    def _start(self) -> None:
        if self._ending is not None:  # one worker at a time, however often the map is moved
            self._timer.start()
            return
        try:
            request = self._request()
            layer = QgsProject.instance().mapLayer(request.layer)
            scene = find_file(layer)
            if scene is None:
                rows, self.ground = self._plan_without_file(request, layer), None
                self.planned.emit(rows)
                return
            task = PlanTask(request, scene, self._take_areas(request))
        except (IncompleteError, QgsProcessingException) as error:
            self.failed.emit(str(error), False)
            return
        task.ended.connect(self._end)
        self._task = task
        QgsApplication.taskManager().addTask(task)

    @staticmethod
    def _take_areas(request: Request) -> Optional[VectorInput]:
        """Take the polygons outside of which nothing is segmented as they are now."""
        layer = QgsProject.instance().mapLayer(request.areas) if request.areas else None
        if layer is None:
            return None
        definition = QgsProcessingFeatureSourceDefinition(request.areas, request.selected_only)
        return VectorInput(layer, definition, QgsExpressionContext())

    def _end(self, task: PlanTask) -> None:
        if task is self._ending:
            self._ending = None
            return
        self._task, self.ground = None, task.ground
        if self.ground is None or self.ground.verdict != "unlike":
            self.ground = self._judge_resolution(task) or self.ground
        if task.error is not None:
            self.failed.emit(task.name_layers(say_error(task.error)), isinstance(task.error, EnvironmentProblem))
        elif task.rows:
            self.planned.emit([(about, task.name_layers(text)) for about, text in task.rows])
        else:
            self.failed.emit(tr("The plan was cancelled."), False)

    def _judge_resolution(self, task: PlanTask) -> Optional[Ground]:
        layer, model = QgsProject.instance().mapLayer(task.layer), self._model()
        if layer is None or model is None or not layer.crs().isValid():
            return None
        per_metre = measure_units_per_metre(layer.crs(), layer.extent(), QgsProject.instance().transformContext())
        return judge_resolution(layer.rasterUnitsPerPixelX() / per_metre, model.gsd_range)

    def _plan_without_file(self, request: Request, layer: QgsRasterLayer) -> "list[tuple[str, str]]":
        """Make the plan for a layer without a file, as far as it is known before it is read."""
        model = self._model()
        gsd = model.gsd_range[0] if model else 1.0
        raster = RasterInput(layer, QgsProject.instance().transformContext())
        wanted = request.extent or layer.extent()
        pixel = raster.get_units_per_pixel(wanted, gsd)
        cols, rows = (max(1, math.ceil(side / pixel - 1e-6)) for side in (wanted.width(), wanted.height()))
        if cols * rows > MOST_PIXELS:
            size = format_number(cols * rows / 1e6, ",.0f")
            raise IncompleteError(
                tr("{} would be {} megapixels. Choose a smaller part, such as what the map shows.").format(
                    layer.name(), size
                )
            )
        return [
            ("scene", tr("{}: has no file of its own").format(layer.name())),
            (
                "read",
                tr("It is read from its server first, into a temporary file: {} × {} px, {} megapixels.").format(
                    cols, rows, format_number(cols * rows / 1e6, ",.1f")
                ),
            ),
            (
                "model",
                f"{model.name}: {', '.join(name_class(c.name) for c in model.classes)}" if model else request.model,
            ),
            ("note", tr("How long it takes depends on the server; the rest is said when the run begins.")),
        ]

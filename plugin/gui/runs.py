# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs of the algorithm that the dialog started. They outlive it: what they need belongs to the plugin."""

from __future__ import annotations

import json
from typing import Any, Optional

from qgis.core import (
    QgsApplication,
    QgsMapLayer,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsTask,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDateTime, QObject, QTimer, pyqtSignal

from ..__about__ import VERSION
from ..compat import add_to_history, get_group
from ..ground import Ground, read_ground
from ..history import RunRecord, add_run, list_runs
from ..i18n import tr
from ..results import LayerStyler, show_alone
from .layer_opening import OpenTask
from .request import ALGORITHM, Request
from .widgets import do_next_turn

ORDER = ("POLYGONS", "OUTPUT", "CONFIDENCE", "UNLIKE")
"""Outputs as they come into the layer tree, the topmost first."""

OPACITY = 0.7
"""Of class polygons at first, 0 to 1: the image is seen beneath them."""


class RunFeedback(QgsProcessingFeedback):
    """Passes on as signals what an algorithm says in its thread."""

    said = pyqtSignal(str, str)  # kind (info, warning, error), text
    at = pyqtSignal(str)  # what it is doing, and for how long still
    figured = pyqtSignal(dict)  # event of a training

    def __init__(self) -> None:
        super().__init__(False)

    def tell_figures(self, event: "dict[str, Any]") -> None:
        """Pass on what is told of a training, which is drawn."""
        self.figured.emit(event)

    def setProgressText(self, text: str) -> None:
        """Pass on what it is doing."""
        self.at.emit(text)

    def pushInfo(self, info: str) -> None:
        """Pass on a line of the log."""
        self.said.emit("info", info)

    def pushCommandInfo(self, info: str) -> None:
        """Pass on the command."""
        self.said.emit("info", info)

    def pushConsoleInfo(self, info: str) -> None:
        """Pass on lines of the worker's log."""
        self.said.emit("info", info)

    def pushDebugInfo(self, info: str) -> None:
        """Pass on a line of the log."""
        self.said.emit("info", info)

    def pushWarning(self, warning: str) -> None:
        """Pass on what may be amiss."""
        self.said.emit("warning", warning)

    def reportError(self, error: str, fatalError: bool = False) -> None:
        """Pass on why it failed."""
        self.said.emit("error", error)


class Run(QObject):
    """One run, from its start to its layers in the project.

    Args:
        request: What is wanted.
        parent: Owner.
    """

    said = pyqtSignal(str, str)  # kind, text
    at = pyqtSignal(str)
    progressed = pyqtSignal(float)
    ended = pyqtSignal()

    def __init__(self, request: Request, parent: QObject) -> None:
        super().__init__(parent)
        self.request = request
        """What is wanted."""
        self.name = QgsProject.instance().mapLayer(request.layer).name()
        """Name of the layer that is segmented."""
        self.ok: Optional[bool] = None
        """Whether it succeeded; None while it runs."""
        self.error = ""
        """Why it failed."""
        self.areas: dict[str, float] = {}
        """Area of each class."""
        self.confidence: dict[str, float] = {}
        """Mean confidence of each class in percent."""
        self.unit = ""
        """Unit of the areas."""
        self.ground: Optional[Ground] = None
        """Whether the model knows the ground."""
        self.layers: list[str] = []
        """Ids of the layers that it put into the project, the topmost first."""
        self._context = QgsProcessingContext()
        self._context.setProject(QgsProject.instance())
        self._feedback = RunFeedback()
        self._context.setFeedback(self._feedback)
        self._feedback.said.connect(self._hear)
        self._feedback.at.connect(self.at)
        self._feedback.progressChanged.connect(self.progressed)
        self._time = QDateTime.currentDateTime()
        self._algorithm: Any = None
        self._task: Optional[QgsProcessingAlgRunnerTask] = None
        self._opening: Optional[OpenTask] = None
        self._found: "Optional[dict[str, Any]]" = None  # the ground, as the worker tells it

    @property
    def cancelled(self) -> bool:
        """Return whether somebody cancelled it, here or in the list of tasks."""
        return self._feedback.isCanceled()

    def start(self) -> None:
        """Hand it over to QGIS's tasks."""
        self._algorithm = QgsApplication.processingRegistry().createAlgorithmById(ALGORITHM)
        self._task = QgsProcessingAlgRunnerTask(
            self._algorithm, self.request.make_parameters(), self._context, self._feedback
        )
        if self._task.isCanceled():  # the algorithm refused its parameters, and has said why
            QTimer.singleShot(0, lambda: self._end(False))
            return
        self._task.executed.connect(self._finish)
        QgsApplication.taskManager().addTask(self._task)

    def cancel(self) -> None:
        """Stop it within two seconds; nothing is left. Too late when all is written and its layers are opened."""
        self._feedback.cancel()

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error":
            self.error = self.error or text
        self.said.emit(kind, text)

    def _finish(self, ok: bool, results: "dict[str, Any]") -> None:
        """Take the results in the main thread, and have their layers opened."""
        if not ok:
            self._end(False)
            return
        self.areas = {str(name): float(area) for name, area in json.loads(results.get("AREAS") or "{}").items()}
        self.unit = str(results.get("UNIT", ""))
        self.confidence = json.loads(results.get("SURE") or "{}")
        self._found = json.loads(results.get("GROUND") or "null")
        self.ground = read_ground(self._found)
        wanted = self._context.layersToLoadOnCompletion()
        known = [results.get(name) for name in ORDER]
        paths = sorted(wanted, key=lambda path: known.index(path) if path in known else len(known))
        self._opening = OpenTask([(path, wanted[path]) for path in paths])
        self._opening.ended.connect(lambda task: self._take_layers(task, [wanted[path] for path in paths]))
        QgsApplication.taskManager().addTask(self._opening)

    def _take_layers(self, task: OpenTask, details: "list[QgsProcessingContext.LayerDetails]") -> None:
        if len(task.layers) < len(details):
            self.error = self.error or task.error
            self._end(False)
        else:
            self._add_layers(list(zip(task.layers, details)))  # noqa: B905 - Python 3.9 knows no strict

    def _add_layers(self, layers: "list[tuple[QgsMapLayer, QgsProcessingContext.LayerDetails]]") -> None:
        """Put layers into the project as Processing does, the topmost first; QGIS has a turn between two."""
        if layers:
            self._add_to_project(*layers[0])
            do_next_turn(lambda: self._add_layers(layers[1:]))
        else:
            project = QgsProject.instance()
            earlier = list_runs(project, self.request.layer)
            show_alone(project, self.layers, [layer for run in earlier for layer in run.layers])
            self._keep()
            self._end(True)

    def _end(self, ok: bool) -> None:
        """Tell that it has ended; what the algorithm said last may still be on its way."""
        self.ok = ok
        QTimer.singleShot(0, self.ended.emit)

    def _keep(self) -> None:
        """Put it into the project's list of runs and into Processing's history."""
        record = RunRecord(
            time=self._time.toString("yyyy-MM-dd HH:mm:ss"),
            layer=self.request.layer,
            name=self.name,
            settings=self.request.make_settings(),
            areas=self.areas,
            unit=self.unit,
            confidence=self.confidence,
            ground=self._found,
            layers=list(self.layers),
        )
        add_run(QgsProject.instance(), record)
        add_to_history(self._algorithm, self.request.make_parameters(), self._context)

    def _add_to_project(self, layer: QgsMapLayer, details: QgsProcessingContext.LayerDetails) -> None:
        details.setOutputLayerName(layer)
        layer.setName(f"{layer.name()} ({self.request.model}, {self._time.toString('HH:mm')})")
        told = layer.metadata()
        told.setTitle(layer.name())
        told.setAbstract(
            tr("Made of {} by aerialseg {} with the model {} on {}.").format(
                self.name, VERSION, self.request.model, self._time.toString("yyyy-MM-dd HH:mm")
            )
        )
        layer.setMetadata(told)
        project, styler = details.project or QgsProject.instance(), details.postProcessor()
        group = get_group(details) or getattr(styler, "group", "")
        project.addMapLayer(layer, not group)  # QGIS would make it the active one
        if group:
            root = project.layerTreeRoot()
            (root.findGroup(group) or root.insertGroup(0, group)).insertLayer(len(self.layers), layer)
        self.layers.append(layer.id())
        if isinstance(styler, LayerStyler):
            styler.place(layer, project)
        if isinstance(layer, QgsVectorLayer):
            layer.setOpacity(OPACITY)


class Runs(QObject):
    """The runs that are under way.

    It belongs to the application, not to who made it: a task that is being cancelled still uses what its run holds.
    """

    ended = pyqtSignal(object)  # the run

    def __init__(self) -> None:
        super().__init__(QgsApplication.instance())
        self._runs: list[Run] = []
        self._tasks: list[Any] = []
        self._retired = False

    def start(self, request: Request) -> Run:
        """Begin a run."""
        run = Run(request, self)
        self._runs.append(run)
        run.ended.connect(self._end)
        QTimer.singleShot(0, run.start)  # so that whoever asked can listen to what it says first
        return run

    def stop_all(self) -> None:
        """Stop all of them, and go with the last one."""
        self._retired = True
        for running in (*self._runs, *self._tasks):
            running.cancel()
        self._delete_if_done()

    def keep(self, task: QgsTask) -> None:
        """Stop another task together with the runs."""
        self._tasks.append(task)
        task.ended.connect(self._forget_task)

    def _forget_task(self, task: QgsTask) -> None:
        self._tasks.remove(task)
        self._delete_if_done()

    def _delete_if_done(self) -> None:
        if self._retired and not self._runs and not self._tasks:
            self.deleteLater()

    def __len__(self) -> int:
        return len(self._runs)

    def _end(self) -> None:
        run = self.sender()
        self._runs.remove(run)
        self.ended.emit(run)
        run.deleteLater()
        self._delete_if_done()

# SPDX-License-Identifier: GPL-2.0-or-later
"""*Preview here*: a click on the map, and one window is segmented and laid over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Optional

from qgis.core import (
    QgsApplication,
    QgsCoordinateTransform,
    QgsCsException,
    QgsMapLayer,
    QgsPointXY,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsTask,
)
from qgis.gui import QgsMapCanvas, QgsMapToolEmitPoint
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..compat import get_quiet_task_flags
from ..i18n import tr
from ..models import Model
from ..previewer import Previewer
from ..rasters import RasterInput, find_file, measure_units_per_metre
from ..results import style_classes
from .request import IncompleteError, Request
from .runs import OPACITY


class CopyTask(QgsTask):
    """Has the provider of a layer without a file write one window of it.

    Args:
        raster: The layer.
        path: File to write.
        extent: The window, in the CRS of the layer.
        gsd: Metres per pixel, for layers that have no pixels of their own.
    """

    ended = pyqtSignal(object)  # itself, in the main thread

    def __init__(self, raster: RasterInput, path: Path, extent: QgsRectangle, gsd: float) -> None:
        super().__init__(tr("aerialseg: preview"), get_quiet_task_flags())
        self.error = ""
        """Why there is no copy."""
        self._raster, self._path, self._extent, self._gsd = raster, path, extent, gsd
        self._feedback = QgsProcessingFeedback(False)

    def run(self) -> bool:
        """Write it."""
        try:
            self._raster.copy(self._path, self._extent, self._gsd, self._feedback)
        except QgsProcessingException as error:
            self.error = str(error)
        return not self.error

    def cancel(self) -> None:
        """Stop reading."""
        self._feedback.cancel()
        super().cancel()

    def finished(self, result: bool) -> None:
        """Tell it in the main thread, where QGIS calls this."""
        self.ended.emit(self)


class Preview(QObject):
    """Segments what is clicked, and lays it over the map until the tool is put away.

    The worker stays for a while when the tool is put away: until the layer or the model is another one, or nobody has
    clicked for two minutes.

    Args:
        parent: Owner.
        canvas: The map.
        request: Says what is wanted; raises `IncompleteError` where something is missing.
        model: Says which model is chosen.
    """

    toggled = pyqtSignal(bool)  # whether a click on the map makes a preview
    said = pyqtSignal(str)

    def __init__(
        self,
        parent: QObject,
        canvas: QgsMapCanvas,
        request: Callable[[], Request],
        model: Callable[[], Optional[Model]],
    ) -> None:
        super().__init__(parent)
        self._canvas, self._request, self._model = canvas, request, model
        self._layer = ""  # id of what is laid over the map
        self._before = None  # the tool that was there
        self._copy: Optional[CopyTask] = None
        self.tool = QgsMapToolEmitPoint(canvas)
        """What is clicked with."""
        self.worker = Previewer(self)
        """What computes."""
        self.tool.canvasClicked.connect(self._ask)
        self.tool.deactivated.connect(self._put_away)
        self.worker.shown.connect(self._show)
        self.worker.failed.connect(self.said)
        self.worker.begun.connect(lambda: self.said.emit(tr("Looking …")))

    def activate(self, wanted: bool) -> None:
        """Take the tool, or give the map back the one that it had."""
        if wanted:
            self._before = self._canvas.mapTool()
            self._canvas.setMapTool(self.tool)
            self.said.emit(tr("Click on the map to see what the model finds there."))
            self.toggled.emit(True)
            self._prepare()
        elif self._canvas.mapTool() is self.tool:
            self._canvas.unsetMapTool(self.tool)
            if self._before is not None:
                self._canvas.setMapTool(self._before)

    def stop(self) -> None:
        """Put all of it away."""
        self.activate(False)
        self._put_away()
        self.worker.stop()

    def forget(self) -> None:
        """Let the worker go, and take away what it found: another layer or model is chosen."""
        self._cancel_copy()
        self._take_off()
        if self._canvas.mapTool() is not self.tool:
            self.worker.stop()

    def _prepare(self) -> None:
        """Have the worker load the model while the user looks for a place to click on."""
        try:
            request, layer, model = self._get_wanted()
            scene = find_file(layer)
            if scene is not None:
                window = self._find_window(self._canvas.center(), layer, model)
                self.worker.prepare(self._make_arguments(replace(request, extent=window), scene))
        except (IncompleteError, QgsProcessingException):
            return  # a click says it

    def _ask(self, point: QgsPointXY) -> None:
        self._cancel_copy()
        try:
            request, layer, model = self._get_wanted()
            window, scene = self._find_window(point, layer, model), find_file(layer)
            if scene is None:
                self._read(layer, model, replace(request, extent=None), window)
                return
            arguments = self._make_arguments(replace(request, extent=window), scene)
        except (IncompleteError, QgsProcessingException) as error:
            self.said.emit(str(error))
            return
        self.worker.ask(arguments)

    def _get_wanted(self) -> "tuple[Request, QgsRasterLayer, Model]":
        request, model = self._request(), self._model()
        if model is None:
            raise IncompleteError(tr("There is no model. Add the file of one with the button on the right."))
        alone = replace(request, areas="", outputs=frozenset({"OUTPUT"}))
        return alone, QgsProject.instance().mapLayer(request.layer), model

    def _make_arguments(self, request: Request, scene: str) -> "list[str]":
        _, *arguments = request.build_arguments(scene, None, {"OUTPUT": str(self.worker.name_file())})
        return arguments

    def _read(self, layer: QgsRasterLayer, model: Model, request: Request, window: QgsRectangle) -> None:
        """Have the window read through the layer's provider, in another thread; then ask for its preview."""
        raster = RasterInput(layer, QgsProject.instance().transformContext())
        path = self.worker.name_file("scene")
        arguments = self._make_arguments(request, str(path))
        task = CopyTask(raster, path, QgsRectangle(window), model.gsd_range[0])
        task.ended.connect(lambda done: self._take_copy(done, arguments))
        self._copy = task
        self.said.emit(tr("Reading {} …").format(layer.name()))
        QgsApplication.taskManager().addTask(task)

    def _take_copy(self, task: CopyTask, arguments: "list[str]") -> None:
        if task is not self._copy:
            return
        self._copy = None
        if task.error:
            self.said.emit(task.error)
        else:
            self.worker.ask(arguments)

    def _cancel_copy(self) -> None:
        task, self._copy = self._copy, None
        if task is not None:
            task.cancel()

    def _find_window(self, point: QgsPointXY, layer: QgsRasterLayer, model: Model) -> QgsReferencedRectangle:
        """Return a square of the size of a window around a point of the map, in the CRS of a layer."""
        transform = QgsCoordinateTransform(
            self._canvas.mapSettings().destinationCrs(), layer.crs(), QgsProject.instance()
        )
        try:
            centre = transform.transform(point)
        except QgsCsException as error:
            raise IncompleteError(tr("The map shows nothing of {}. Zoom to the layer.").format(layer.name())) from error
        if not layer.extent().contains(centre):
            raise IncompleteError(tr("That is beside {}. Click on the image.").format(layer.name()))
        spot = QgsRectangle(centre, centre)
        metres = model.patch * sum(model.gsd_range) / 2
        side = metres * measure_units_per_metre(layer.crs(), spot, QgsProject.instance().transformContext())
        square = QgsRectangle.fromCenterAndSize(centre, side, side)
        return QgsReferencedRectangle(square.intersect(layer.extent()), layer.crs())

    def _show(self, path: str) -> None:
        layer = QgsRasterLayer(path, tr("Preview"))
        if self._canvas.mapTool() is not self.tool or not layer.isValid():
            return
        style_classes(layer)
        layer.setOpacity(OPACITY)
        layer.setFlags(layer.flags() | QgsMapLayer.LayerFlag.Private)  # on the map, not in the list of layers
        self._take_off()
        QgsProject.instance().addMapLayer(layer, False)
        QgsProject.instance().layerTreeRoot().insertLayer(0, layer)
        self._layer = layer.id()
        self.said.emit(tr("This is what the model finds here."))

    def _take_off(self) -> None:
        if self._layer and QgsProject.instance().mapLayer(self._layer) is not None:
            QgsProject.instance().removeMapLayer(self._layer)
        self._layer = ""

    def _put_away(self) -> None:
        self._take_off()
        self._cancel_copy()
        self.worker.drop()
        self.toggled.emit(False)

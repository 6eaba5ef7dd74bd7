# SPDX-License-Identifier: GPL-2.0-or-later
"""*Preview here*: a click on the map, and one window is segmented and laid over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Optional

from qgis.core import (
    QgsCoordinateTransform,
    QgsCsException,
    QgsMapLayer,
    QgsPointXY,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
)
from qgis.gui import QgsMapCanvas, QgsMapToolEmitPoint
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..i18n import tr
from ..models import Model
from ..previewer import Previewer
from ..rasters import find_file, measure_units_per_metre
from ..results import style_classes
from .request import IncompleteError, Request
from .runs import OPACITY


class Preview(QObject):
    """Segments what is clicked, and lays it over the map until the tool is put away.

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
        elif self._canvas.mapTool() is self.tool:
            self._canvas.unsetMapTool(self.tool)
            if self._before is not None:
                self._canvas.setMapTool(self._before)

    def stop(self) -> None:
        """Put all of it away."""
        self.activate(False)
        self._put_away()

    def _ask(self, point: QgsPointXY) -> None:
        try:
            request = self._request()
            layer = QgsProject.instance().mapLayer(request.layer)
            scene, model = find_file(layer), self._model()
            if scene is None or model is None:
                raise IncompleteError(
                    tr("{} has no file of its own. Save a part of it as a GeoTIFF to see previews.").format(
                        layer.name()
                    )
                )
            wanted = replace(
                request, extent=self._find_window(point, layer, model), areas="", outputs=frozenset({"OUTPUT"})
            )
            _, *arguments = wanted.build_arguments(scene, None, {"OUTPUT": self.worker.name_output()})
        except (IncompleteError, QgsProcessingException) as error:
            self.said.emit(str(error))
            return
        self.worker.ask(arguments)

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
        self.worker.stop()
        self.toggled.emit(False)

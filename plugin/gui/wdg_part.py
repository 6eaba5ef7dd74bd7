# SPDX-License-Identifier: GPL-2.0-or-later
"""What part of the layer: all of it, what the map shows, or what lies inside polygons."""

from __future__ import annotations

from typing import Optional

from qgis.core import (
    QgsCoordinateTransform,
    QgsCsException,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas, QgsMapLayerComboBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from ..compat import get_layer_filter
from ..i18n import tr
from .request import IncompleteError

ALL, VISIBLE, AREAS = "all", "visible", "areas"


class PartChooser(QWidget):
    """Which part of the layer is segmented.

    Args:
        canvas: The map.
    """

    changed = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__()
        self._canvas = canvas
        self._layer: Optional[QgsVectorLayer] = None
        self.box = QComboBox()
        self.box.setAccessibleName(tr("Part of the layer"))
        for key, text in (
            (ALL, tr("All of the layer")),
            (VISIBLE, tr("What the map shows")),
            (AREAS, tr("Inside polygons")),
        ):
            self.box.addItem(text, key)
        self.layers = QgsMapLayerComboBox()
        self.layers.setFilters(get_layer_filter("PolygonLayer"))
        self.layers.setAccessibleName(tr("Layer of polygons"))
        self.selected = QCheckBox()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        for widget in (self.box, self.layers, self.selected):
            rows.addWidget(widget)
        self.box.currentIndexChanged.connect(self._show)
        self.layers.layerChanged.connect(self._watch)
        self.selected.toggled.connect(self.changed)
        canvas.extentsChanged.connect(self._follow_map)
        self._watch(self.layers.currentLayer())

    def choose(self, part: str) -> None:
        """Choose one of `ALL`, `VISIBLE`, `AREAS`."""
        self.box.setCurrentIndex(self.box.findData(part))

    def part(self) -> str:
        """Return the chosen one."""
        return str(self.box.currentData())

    def extent(self, layer: QgsRasterLayer) -> Optional[QgsReferencedRectangle]:
        """Return what the map shows of a layer, in its CRS; None unless that is asked for.

        Raises:
            IncompleteError: It shows nothing of it.
        """
        if self.part() != VISIBLE:
            return None
        crs = self._canvas.mapSettings().destinationCrs()
        transform = QgsCoordinateTransform(crs, layer.crs(), QgsProject.instance())
        try:
            shown = transform.transformBoundingBox(self._canvas.extent()).intersect(layer.extent())
        except QgsCsException:
            shown = QgsRectangle()
        if shown.isEmpty():
            raise IncompleteError(tr("The map shows nothing of {}. Zoom to the layer.").format(layer.name()))
        return QgsReferencedRectangle(shown, layer.crs())

    def areas(self) -> Optional[QgsVectorLayer]:
        """Return the layer of polygons; None unless that is asked for.

        Raises:
            IncompleteError: There is none.
        """
        if self.part() != AREAS:
            return None
        layer = self.layers.currentLayer()
        if layer is None:
            raise IncompleteError(tr("The project has no layer of polygons. Add one, or choose another part."))
        return layer

    def selected_only(self) -> bool:
        """Return whether only the selected polygons count."""
        return self.part() == AREAS and self.selected.isEnabled() and self.selected.isChecked()

    def _show(self) -> None:
        self.layers.setVisible(self.part() == AREAS)
        self.selected.setVisible(self.part() == AREAS)
        self.changed.emit()

    def _watch(self, layer: Optional[QgsVectorLayer]) -> None:
        """Follow the selection of a layer; one that was removed has taken its connections along."""
        if self._layer is not None:
            self._layer.selectionChanged.disconnect(self._show_selected)
            self._layer.willBeDeleted.disconnect(self._forget)
        self._layer = layer
        if layer is not None:
            layer.selectionChanged.connect(self._show_selected)
            layer.willBeDeleted.connect(self._forget)
        self._show_selected()

    def _forget(self) -> None:
        self._layer = None

    def _show_selected(self) -> None:
        count = self._layer.selectedFeatureCount() if self._layer is not None else 0
        self.selected.setText(tr("Only the selected ones ({})").format(count))
        self.selected.setEnabled(count > 0)
        self._show()

    def _follow_map(self) -> None:
        if self.part() == VISIBLE:
            self.changed.emit()

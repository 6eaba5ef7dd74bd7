# SPDX-License-Identifier: GPL-2.0-or-later
"""What part of the layer: all of it, what the map shows, or what lies inside polygons."""

from __future__ import annotations

from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.gui import QgsMapCanvas, QgsMapLayerComboBox, QgsMapToolExtent, QgsRubberBand
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QPushButton, QVBoxLayout, QWidget

from ..compat import get_layer_filter
from ..i18n import tr
from .request import IncompleteError, describe_rectangle

ALL, VISIBLE, RECTANGLE, AREAS = "all", "visible", "rectangle", "areas"


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
            (RECTANGLE, tr("A rectangle that you draw")),
            (AREAS, tr("Inside polygons")),
        ):
            self.box.addItem(text, key)
        self.layers = QgsMapLayerComboBox()
        self.layers.setFilters(get_layer_filter("PolygonLayer"))
        self.layers.setAccessibleName(tr("Layer of polygons"))
        self.selected = QCheckBox()
        self.tool = QgsMapToolExtent(canvas)
        """What the rectangle is drawn with."""
        self._drawn = QgsReferencedRectangle()
        self._outline: Optional[QgsRubberBand] = None  # of it; the tool's own goes when another tool is taken
        self.draw = QPushButton(tr("Draw on the map"), checkable=True)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        for widget in (self.box, self.layers, self.selected, self.draw):
            rows.addWidget(widget)
        self.box.currentIndexChanged.connect(self._show)
        self.layers.layerChanged.connect(self._watch)
        self.selected.toggled.connect(self.changed)
        canvas.extentsChanged.connect(self._follow_map)
        self.draw.clicked.connect(self._take_tool)
        self.tool.extentChanged.connect(self._take_rectangle)
        self.tool.deactivated.connect(lambda: self.draw.setChecked(False))
        self._watch(self.layers.currentLayer())

    def choose(self, part: str) -> None:
        """Choose one of `ALL`, `VISIBLE`, `RECTANGLE`, `AREAS`."""
        self.box.setCurrentIndex(self.box.findData(part))

    def part(self) -> str:
        """Return the chosen one."""
        return str(self.box.currentData())

    def settings(self) -> "dict[str, Any]":
        """Return what is chosen, as JSON can hold it."""
        chosen: dict[str, Any] = {"kind": self.part()}
        layer = self.layers.currentLayer()
        if self.part() == RECTANGLE and not self._drawn.isEmpty():
            chosen.update(describe_rectangle(self._drawn))
        elif self.part() == AREAS and layer is not None:
            chosen.update(layer=layer.id(), selected=self.selected_only())
        return chosen

    def restore(self, chosen: "dict[str, Any]") -> None:
        """Choose what `settings` told; polygons that are no longer in the project are not chosen."""
        kind, box = chosen.get("kind"), chosen.get("extent")
        if kind == RECTANGLE and isinstance(box, list) and len(box) == 4:
            crs = QgsCoordinateReferenceSystem.fromWkt(str(chosen.get("crs")))
            self._drawn = QgsReferencedRectangle(QgsRectangle(*map(float, box)), crs)
        layer = QgsProject.instance().mapLayer(str(chosen.get("layer", "")))
        if kind == AREAS and layer is not None:
            self.layers.setLayer(layer)
            self.selected.setChecked(bool(chosen.get("selected")))
        if self.box.findData(kind) >= 0 and (kind != AREAS or layer is not None):
            self.choose(str(kind))
        self._show()

    def extent(self, layer: QgsRasterLayer) -> Optional[QgsReferencedRectangle]:
        """Return what the map shows of a layer, or the rectangle that was drawn, in its CRS; None for no such part.

        Raises:
            IncompleteError: There is nothing of the layer in it.
        """
        if self.part() not in (VISIBLE, RECTANGLE):
            return None
        drawn = self.part() == RECTANGLE
        if drawn and self._drawn.isEmpty():
            raise IncompleteError(tr("Draw a rectangle: press “Draw on the map”, and pull it open on the map."))
        crs = self._drawn.crs() if drawn else self._canvas.mapSettings().destinationCrs()
        transform = QgsCoordinateTransform(crs, layer.crs(), QgsProject.instance())
        try:
            wanted = QgsRectangle(self._drawn if drawn else self._canvas.extent())
            shown = transform.transformBoundingBox(wanted).intersect(layer.extent())
        except QgsCsException:
            shown = QgsRectangle()
        if shown.isEmpty() and drawn:
            raise IncompleteError(tr("The rectangle is beside {}. Draw it on the image.").format(layer.name()))
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

    def stop(self) -> None:
        """Take the tool and its rectangle off the map."""
        self.tool.clearRubberBand()
        self._canvas.unsetMapTool(self.tool)
        self._hide_outline()

    def _hide_outline(self) -> None:
        band, self._outline = self._outline, None
        if band is not None:
            self._canvas.scene().removeItem(band)

    def _draw_outline(self) -> None:
        """Show the rectangle on the map, wherever it came from."""
        self._hide_outline()
        if self._drawn.isEmpty():
            return
        self._outline = band = QgsRubberBand(self._canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
        band.setStrokeColor(QColor("#d81b60"))
        band.setWidth(2)
        band.setBrushStyle(Qt.BrushStyle.NoBrush)
        band.setToGeometry(QgsGeometry.fromRect(QgsRectangle(self._drawn)), self._drawn.crs())

    def _take_tool(self, wanted: bool) -> None:
        if wanted:
            self._canvas.setMapTool(self.tool)
        else:
            self._canvas.unsetMapTool(self.tool)

    def _take_rectangle(self, rectangle: QgsRectangle) -> None:
        self._drawn = QgsReferencedRectangle(rectangle, self._canvas.mapSettings().destinationCrs())
        self._draw_outline()
        self.changed.emit()

    def _show(self) -> None:
        self.draw.setVisible(self.part() == RECTANGLE)
        if self.part() == RECTANGLE:
            self._draw_outline()
        else:
            self.stop()
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

# SPDX-License-Identifier: GPL-2.0-or-later
"""Map tools of a review: pick a polygon, paint with a brush, draw a polygon. Keys go to whoever made the tool."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsWkbTypes,
)
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QKeyEvent

BRUSH = 24
"""Width of the brush at first, px of the screen."""

_THINNEST, _WIDEST, _STEP = 4, 200, 1.25
_ROUND = 6  # segments of a quarter of a circle
_SEE_THROUGH = 110  # of 255


class ReviewTool(QgsMapTool):
    """Base of the tools.

    Args:
        canvas: The map.
        crs: CRS of the review: in it places and areas are told.
        on_key: Gets the text of a key; returns whether it knows it.
    """

    painted = pyqtSignal(QgsGeometry)
    picked = pyqtSignal(QgsPointXY)

    def __init__(
        self, canvas: QgsMapCanvas, crs: QgsCoordinateReferenceSystem, on_key: "Callable[[str], bool]"
    ) -> None:
        super().__init__(canvas)
        self.colour = QColor("red")
        """Colour of what is being painted."""
        self._crs, self._on_key = crs, on_key
        self._band: Optional[QgsRubberBand] = None
        self._points: list[QgsPointXY] = []
        self.setCursor(Qt.CursorShape.CrossCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass a key on; one that is held down says nothing of the squares that follow."""
        if event.isAutoRepeat() or self._on_key(event.text()):
            event.accept()
        else:
            event.ignore()

    def deactivate(self) -> None:
        """Leave nothing on the map."""
        self.clear()
        super().deactivate()

    def clear(self) -> None:
        """Forget what is being painted."""
        self._points = []
        if self._band is not None:
            self.canvas().scene().removeItem(self._band)
            self._band = None

    def _start(self, kind: Any, width: float) -> QgsRubberBand:
        self.clear()
        self._band = QgsRubberBand(self.canvas(), kind)
        colour = QColor(self.colour)
        colour.setAlpha(_SEE_THROUGH)
        self._band.setColor(colour)
        self._band.setWidth(round(width))
        return self._band

    def _transform(self) -> QgsCoordinateTransform:
        shown = self.canvas().mapSettings().destinationCrs()
        return QgsCoordinateTransform(shown, self._crs, QgsProject.instance())

    def _emit(self, area: QgsGeometry) -> None:
        """Tell an area of the map, in the CRS of the review."""
        self.clear()
        if not area.isEmpty() and area.transform(self._transform()) == QgsGeometry.OperationResult.Success:
            self.painted.emit(area)


class PickTool(ReviewTool):
    """Tells where somebody clicks."""

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Tell the place."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(self._transform().transform(self.toMapCoordinates(event.pos())))


class BrushTool(ReviewTool):
    """Paints along the way of the mouse while its button is down."""

    width = BRUSH
    """Width of the brush, px of the screen."""

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._start(QgsWkbTypes.GeometryType.LineGeometry, self.width)
            self.canvasMoveEvent(event)

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Follow the mouse."""
        if self._band is not None:
            point = self.toMapCoordinates(event.pos())
            self._points.append(point)
            self._band.addPoint(point)

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Tell the area of the stroke."""
        if self._band is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self.canvasMoveEvent(event)
        radius = self.width / 2 * self.canvas().mapUnitsPerPixel()
        line = QgsGeometry.fromMultiPointXY(self._points[:1])
        if any(point != self._points[0] for point in self._points):
            line = QgsGeometry.fromPolylineXY(self._points).simplify(self.canvas().mapUnitsPerPixel())
        self._emit(line.buffer(radius, _ROUND))

    def resize(self, *, wider: bool) -> None:
        """Make the brush wider or thinner."""
        width = self.width * _STEP if wider else self.width / _STEP
        self.width = round(min(max(width, _THINNEST), _WIDEST))


class DrawTool(ReviewTool):
    """Draws a polygon corner by corner; the right button or Enter ends it, Escape forgets it."""

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Add a corner, or end."""
        if event.button() == Qt.MouseButton.RightButton:
            self._finish()
            return
        point = self.toMapCoordinates(event.pos())
        if self._band is None:
            band = self._start(QgsWkbTypes.GeometryType.PolygonGeometry, 2)
            band.addPoint(point)  # which follows the mouse
        self._points.append(point)
        self._band.addPoint(point)

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Show the polygon as it would be."""
        if self._band is not None:
            self._band.movePoint(self.toMapCoordinates(event.pos()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """End the polygon, forget it, or take its last corner back."""
        if self._band is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish()
        elif self._band is not None and event.key() == Qt.Key.Key_Escape:
            self.clear()
        elif len(self._points) > 1 and event.key() == Qt.Key.Key_Backspace:
            self._points.pop()
            self._band.removeLastPoint()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _finish(self) -> None:
        corners = self._points
        if len(corners) < 3:
            self.clear()
            return
        self._emit(QgsGeometry.fromPolygonXY([corners]).makeValid())

# SPDX-License-Identifier: GPL-2.0-or-later
"""Points are labelled by key: the pixel on the map, its surroundings here, a key for each class."""

from __future__ import annotations

from collections.abc import Callable
from string import ascii_uppercase
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsWkbTypes,
)
from qgis.gui import QgsMapCanvas, QgsRubberBand, QgsVertexMarker
from qgis.PyQt.QtCore import QEvent, QObject, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPixmap
from qgis.PyQt.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ..i18n import format_time, tr
from ..sampling.sample import Sample, SampleError
from ..wording import name_class
from .widgets import ErrorLabel, clear_grid, make_wrapped_label

KEYS = "123456789" + ascii_uppercase.replace("U", "")
"""The key of each class in their order; U is taken. Of still more classes, the others have a button only."""

NEAR, FAR = 100, 800
"""Pixels from side to side on the map and in its surroundings before somebody zooms."""

_MARK = QColor("#ffd400")


class PointMarker:
    """The outline of a pixel and a ring around it, on one canvas.

    Args:
        canvas: Where they are.
        across: Pixels of the map from side to side before somebody zooms.
    """

    def __init__(self, canvas: QgsMapCanvas, across: int) -> None:
        self.canvas, self.across = canvas, across
        self._outline = QgsRubberBand(canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
        self._outline.setColor(_MARK)
        self._outline.setFillColor(QColor(0, 0, 0, 0))
        self._outline.setWidth(2)
        self._ring = QgsVertexMarker(canvas)
        self._ring.setIconType(QgsVertexMarker.IconType.ICON_CIRCLE)
        self._ring.setIconSize(30)
        self._ring.setPenWidth(2)
        self._ring.setColor(_MARK)

    def mark(self, pixel: QgsGeometry, centre: QgsPointXY) -> None:
        """Mark a pixel, in the CRS of the canvas."""
        self._outline.setToGeometry(pixel, None)
        self._ring.setCenter(centre)

    def remove(self) -> None:
        """Take it off the canvas."""
        for item in (self._outline, self._ring):
            self.canvas.scene().removeItem(item)


class LabellingPad(QWidget):
    """Steps through the points of a sample and saves what is said of each.

    Args:
        canvas: The map.
    """

    changed = pyqtSignal()  # a point was labelled, or its label taken away
    stopped = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__()
        self._map = canvas
        self._markers: list[PointMarker] = []
        self._sample: Optional[Sample] = None
        self._place = 0
        self._sought: Optional[QgsRectangle] = None  # what the map showed before
        self.overview = QgsMapCanvas(self)
        self.overview.setObjectName("aerialsegSurroundings")
        self.overview.setAccessibleName(tr("Surroundings of the point"))
        self.overview.setMinimumHeight(11 * self.fontMetrics().height())
        self.overview.enableAntiAliasing(True)
        self.point = make_wrapped_label("")
        self.error = ErrorLabel()
        self._classes = QGridLayout()
        self.class_buttons: list[QPushButton] = []
        self.unsure = QCheckBox(tr("Not sure (U)"))
        self.previous = QPushButton(tr("← Previous"))
        self.next = QPushButton(tr("Next →"))
        self.unlabelled = QPushButton(tr("Next without label (Space)"))
        self.clear = QPushButton(tr("No label (Delete)"))
        self.stop = QPushButton(tr("Stop labelling (Esc)"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lay_out()
        self._keys: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Space: self.go_to_unlabelled,
            Qt.Key.Key_Right: lambda: self.step(1),
            Qt.Key.Key_Left: lambda: self.step(-1),
            Qt.Key.Key_U: self.unsure.click,
            Qt.Key.Key_Delete: self.clear.click,
            Qt.Key.Key_Backspace: self.clear.click,
            Qt.Key.Key_Escape: self.stop.click,
        }
        self.unsure.clicked.connect(self._set_unsure)
        self.previous.clicked.connect(lambda: self.step(-1))
        self.next.clicked.connect(lambda: self.step(1))
        self.unlabelled.clicked.connect(self.go_to_unlabelled)
        self.clear.clicked.connect(lambda: self._label(""))
        self.stop.clicked.connect(self.end)

    def _lay_out(self) -> None:
        steps, others = QHBoxLayout(), QHBoxLayout()
        for widget in (self.previous, self.next):
            steps.addWidget(widget)
        for widget in (self.unsure, self.clear):
            others.addWidget(widget)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.overview, 1)
        rows.addWidget(self.point)
        rows.addLayout(self._classes)
        rows.addLayout(others)
        rows.addWidget(self.unlabelled)
        rows.addLayout(steps)
        rows.addWidget(self.error)
        rows.addWidget(self.stop)
        for button in (self.unsure, self.previous, self.next, self.unlabelled, self.clear, self.stop):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys stay with the pad

    # Begin and end

    def begin(self, sample: Sample, image: Optional[QgsRasterLayer]) -> None:
        """Go to the first point without a label.

        Args:
            sample: Whose points are labelled.
            image: What is seen of the surroundings.
        """
        self._sample = sample
        self._show_classes()
        self._sought = QgsRectangle(self._map.extent())
        self._markers = [PointMarker(self._map, NEAR), PointMarker(self.overview, FAR)]
        for marker in self._markers:
            marker.canvas.installEventFilter(self)
        self.show_image(image)
        self._place = sample.find_unlabelled(-1) or 0
        self._go(zoom=True)
        self.setFocus()

    def show_image(self, image: Optional[QgsRasterLayer]) -> None:
        """Show an image in the surroundings."""
        self.overview.setLayers([image] if image is not None else [])

    def end(self) -> None:
        """Stop, and show again what the map showed before; harmless when nothing is labelled."""
        if self._sample is None:
            return
        self._sample = None
        for marker in self._markers:
            marker.canvas.removeEventFilter(self)
            marker.remove()
        self._markers = []
        self.overview.setLayers([])
        self._map.setExtent(self._sought)
        self._map.refresh()
        self.stopped.emit()

    @property
    def active(self) -> bool:
        """Return whether points are being labelled."""
        return self._sample is not None

    # Steps

    def step(self, by: int) -> None:
        """Go to the next or previous point, whether it has a label or not."""
        self._place = (self._place + by) % len(self._sample.points)
        self._go()

    def go_to_unlabelled(self) -> None:
        """Go to the next point without a label, if there is one."""
        place = self._sample.find_unlabelled(self._place)
        if place is not None:
            self._place = place
        self._go()

    def _go(self, *, zoom: bool = False) -> None:
        """Show the point on both canvases; their scales stay as people chose them."""
        point = self._sample.points[self._place]
        crs = self._map.mapSettings().destinationCrs()
        self.overview.setDestinationCrs(crs)
        pixel, centre = self._sample.make_pixel(point), QgsGeometry.fromPointXY(point.place)
        try:
            transform = QgsCoordinateTransform(self._sample.layer.crs(), crs, QgsProject.instance())
            for shape in (pixel, centre):
                shape.transform(transform)
        except QgsCsException:
            self.error.say(tr("The point cannot be shown in the coordinate system of the map."))
            return
        place, box = centre.asPoint(), pixel.boundingBox()
        for marker in self._markers:
            if zoom:
                side = max(box.width(), box.height()) * marker.across
                marker.canvas.setExtent(QgsRectangle.fromCenterAndSize(place, side, side))
            else:
                marker.canvas.setCenter(place)
            marker.mark(pixel, place)
            marker.canvas.refresh()
        self.error.say("")
        self._show_point()

    # What is said of a point

    def _label(self, name: str) -> None:
        """Save a label at once; then the next point without one comes."""
        point = self._sample.points[self._place]
        if not self._save(lambda: self._sample.label(point, name)):
            return
        if name:
            self.go_to_unlabelled()
        else:
            self._show_point()

    def _set_unsure(self, unsure: bool) -> None:
        point = self._sample.points[self._place]
        self._save(lambda: self._sample.set_unsure(point, unsure))
        self._show_point()

    def _save(self, write: Callable[[], None]) -> bool:
        try:
            write()
        except SampleError as error:
            self.error.say(str(error))
            return False
        self.error.say("")
        self.changed.emit()
        return True

    # What is shown

    def _show_classes(self) -> None:
        clear_grid(self._classes)
        self.class_buttons = []
        for number, one in enumerate(self._sample.classes):
            key = KEYS[number : number + 1]
            name = name_class(one.name).replace("&", "&&")  # no mnemonic: the key is the number
            button = QPushButton(f"{key}  {name}" if key else name)
            button.setIcon(_make_swatch(one.colour, self.fontMetrics().height()))
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setStyleSheet("text-align: left; padding: 3px 6px;")
            button.clicked.connect(lambda _checked=False, name=one.name: self._label(name))
            self._classes.addWidget(button, number // 2, number % 2)
            self.class_buttons.append(button)

    def _show_point(self) -> None:
        """Tell of the point what somebody has said, and nothing of the map."""
        sample, point = self._sample, self._sample.points[self._place]
        done, count = sample.count_labelled(), len(sample.points)
        told = tr("Point {} of {}: what is in the yellow square?").format(self._place + 1, count)
        if point.label:
            when = format_time(point.when.toLocalTime()) if point.when else ""
            told = tr("Point {} of {}: {}, said {} on {}.").format(
                self._place + 1, count, name_class(point.label), point.who or "?", when or "?"
            )
        if done == count:
            told += " " + tr("All points have a label.")
        self.point.setText(told)
        self.unsure.setChecked(point.unsure)
        self.clear.setEnabled(bool(point.label))
        for number, button in enumerate(self.class_buttons):
            button.setChecked(sample.classes[number].name == point.label)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key stands for."""
        if not self._press(event):
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep the keys from shortcuts of QGIS."""
        if event.type() == QEvent.Type.ShortcutOverride and self._find_action(event) is not None:
            event.accept()
            return True
        return bool(super().event(event))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear the keys where somebody has clicked on the map meanwhile."""
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and self._find_action(event) is not None:
            event.accept()
            return True
        return kind == QEvent.Type.KeyPress and self._press(event)

    def _press(self, event: QKeyEvent) -> bool:
        action = self._find_action(event)
        if action is None:
            return False
        if not event.isAutoRepeat():  # a key that is held down says nothing of the points that follow
            action()
        return True

    def _find_action(self, event: Any) -> Optional[Callable[[], None]]:
        """Return what a key does while points are labelled; None for nothing."""
        wanted = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self._sample is None or wanted != Qt.KeyboardModifier.NoModifier:
            return None
        action = self._keys.get(event.key())
        number = KEYS.find(event.text().upper()) if event.text() else -1
        if action is None and 0 <= number < len(self.class_buttons):
            return self.class_buttons[number].click
        return action


def _make_swatch(colour: str, side: int) -> QIcon:
    """Make a square in the colour of a class, with an outline."""
    picture = QPixmap(QSize(side, side))
    picture.fill(QColor(colour))
    painter = QPainter(picture)
    painter.setPen(QColor(0, 0, 0, 140))
    painter.drawRect(0, 0, side - 1, side - 1)
    painter.end()
    return QIcon(picture)

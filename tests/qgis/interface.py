"""A stand-in for QGIS's window, and what somebody does with the dock in it; import it only where QGIS is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsRasterLayer
from qgis.gui import QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtCore import QEventLoop, QObject, QPoint, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QMainWindow


class FakeInterface(QObject):
    """What the plugin's windows use of QGIS's iface."""

    currentLayerChanged = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.window = QMainWindow()
        self.window.resize(1200, 900)
        self.canvas = QgsMapCanvas(self.window)
        self.window.setCentralWidget(self.canvas)
        self.window.show()
        self.bar = QgsMessageBar(self.window)
        self.active: Any = None

    def mainWindow(self) -> Any:
        return self.window

    def mapCanvas(self) -> Any:
        return self.canvas

    def messageBar(self) -> Any:
        return self.bar

    def activeLayer(self) -> Any:
        return self.active

    def setActiveLayer(self, layer: Any) -> None:
        self.active = layer
        self.currentLayerChanged.emit(layer)

    def addDockWidget(self, area: Any, dock: Any) -> None:
        self.window.addDockWidget(area, dock)

    def removeDockWidget(self, dock: Any) -> None:
        self.window.removeDockWidget(dock)

    def messages(self) -> list[str]:
        return [item.text() for item in self.bar.items()]


def until(holds: Callable[[], bool], *signals: Any, seconds: float = 90) -> None:
    """Let Qt work until something holds, looking at it whenever a signal comes."""
    loop, late = QEventLoop(), []

    def look(*_: Any) -> None:
        if holds():
            loop.quit()

    def give_up() -> None:
        late.append(True)
        loop.quit()

    timer, pulse = QTimer(), QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(give_up)
    timer.start(round(1000 * seconds))
    pulse.timeout.connect(look)
    pulse.start(20)
    for signal in signals:
        signal.connect(look)
    look()
    if not holds():
        loop.exec()
    pulse.stop()
    for signal in signals:
        signal.disconnect(look)
    assert not late, f"not within {seconds} s"


def tasks_are_over() -> bool:
    return QgsApplication.taskManager().countActiveTasks() == 0


def opened(project: Any, iface: FakeInterface, path: Path) -> Any:
    """A raster in the project, the map zoomed to it."""
    layer = QgsRasterLayer(str(path), "Mein Bild")
    assert layer.isValid()
    project.addMapLayer(layer)
    iface.canvas.setDestinationCrs(layer.crs())
    iface.canvas.setExtent(layer.extent())
    return layer


def planned(dock: Any) -> dict[str, str]:
    """The plan of a dock, once it is there."""
    plan = dock.map.form.plan
    until(lambda: plan.busy.isHidden() and (plan.rows or plan.error.text()), dock.map.planner.planned)
    assert not plan.error.text()
    return dict(plan.rows)


def refusal(dock: Any) -> str:
    """Why a dock does not run, once it tells."""
    until(lambda: bool(dock.map.form.plan.error.text()), dock.map.planner.failed)
    assert not dock.map.form.run.isEnabled()
    return dock.map.form.plan.error.text()


def finished(dock: Any) -> None:
    """Let a run end."""
    until(lambda: dock.map._run is None)


def click_on_map(canvas: Any, *fractions: float) -> None:
    """Press on one place of the map and release on the last, places being fractions of its width."""
    places = [QPoint(round(f * canvas.width()), round(f * canvas.height())) for f in fractions]
    QTest.mousePress(canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, places[0])
    for place in places[1:]:
        QTest.mouseMove(canvas.viewport(), place)
        QTest.mouseMove(canvas.viewport(), place - QPoint(1, 1))
    QTest.mouseRelease(canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, places[-1])

"""Takes the pictures of the tutorial; runs inside a QGIS that scripts/qgis-screenshots.sh starts."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Any

from qgis.core import QgsProject
from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import QEventLoop, QPoint, Qt, QTimer
from qgis.PyQt.QtGui import QImage
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QDialog, QDockWidget, QLabel, QSplitter, QTreeView, QWidget
from qgis.utils import iface

FOLDER = Path(os.environ["AERIALSEG_SHOTS"])
PROFILES = os.environ["AERIALSEG_PROFILES"]
SCENE = os.environ["AERIALSEG_SCENE"]


def pause(milliseconds: int) -> None:
    """Let QGIS work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_for(signal: Any, seconds: int = 60) -> None:
    """Let QGIS work until a signal comes."""
    loop = QEventLoop()
    timer = QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(loop.quit)
    timer.start(1000 * seconds)
    signal.connect(loop.quit)
    loop.exec()
    signal.disconnect(loop.quit)
    if not timer.isActive():
        raise TimeoutError(f"no signal within {seconds} s")


def take(widget: QWidget, name: str) -> None:
    """Save a picture of a widget."""
    pause(400)
    save(widget.grab().toImage(), name)


def save(image: QImage, name: str) -> None:
    """Save a picture without transparency."""
    image.convertToFormat(QImage.Format.Format_RGB32).save(str(FOLDER / f"{name}.png"), "PNG", 0)


def show_map() -> None:
    """The scene in a window of the size of the pictures, with the toolbox at its side."""
    window = iface.mainWindow()
    window.resize(1160, 740)
    window.move(0, 0)
    for name in ("Browser", "Browser2", "MessageLog", "undo/redo dock", "theLayerOrder"):
        dock = window.findChild(QDockWidget, name)
        if dock is not None:
            dock.hide()
    layers = window.findChild(QDockWidget, "Layers")
    window.resizeDocks([layers], [340], Qt.Orientation.Horizontal)
    iface.addRasterLayer(SCENE, "Orthophoto")
    pause(500)
    iface.zoomToActiveLayer()
    pause(2500)


def take_toolbox() -> None:
    """Where the algorithms are."""
    dock = iface.mainWindow().findChild(QDockWidget, "ProcessingToolbox")
    if dock is None:
        return
    dock.show()
    dock.raise_()
    tree = dock.findChild(QTreeView)
    model = tree.model()
    tree.collapseAll()
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        if "aerialseg" in str(index.data()).lower():
            tree.expandRecursively(index)
            tree.scrollTo(index, QTreeView.ScrollHint.PositionAtTop)
    pause(1500)
    take(iface.mainWindow(), "toolbox")
    dock.hide()


def take_menu() -> None:
    """Where the dock is opened."""
    window, menu = iface.mainWindow(), iface.rasterMenu()
    bar = window.menuBar()
    menu.popup(bar.mapToGlobal(bar.actionGeometry(menu.menuAction()).bottomLeft()))
    pause(500)
    for action in menu.actions():
        if action.text().replace("&", "") == "aerialseg":
            menu.setActiveAction(action)
            below = menu.mapToGlobal(menu.actionGeometry(action).topRight())
            action.menu().popup(below)
            pause(500)
            action.menu().setActiveAction(action.menu().actions()[0])
    pause(700)
    corner = window.mapToGlobal(QPoint(0, 0))
    whole = window.screen().grabWindow(0, corner.x(), corner.y(), window.width(), window.height())
    save(whole.toImage(), "menu")
    for action in menu.actions():
        if action.menu() is not None:
            action.menu().close()
    menu.close()
    pause(500)


def take_dock() -> None:
    """Before the run, a preview, the run, and what was found."""
    windows = make_windows()
    dock = windows.open(iface.activeLayer())
    iface.mainWindow().resizeDocks([dock], [420], Qt.Orientation.Horizontal)
    pause(1500)
    take(dock, "dock-set-up")
    finish_environment()
    dock.header.environment.look()
    dock.map.planner.ask()
    wait_for(dock.map.planner.planned)
    pause(500)
    take(dock, "dock-map")
    dock.map.form.preview.click()
    middle = iface.mapCanvas().viewport().rect().center()
    QTest.mouseClick(iface.mapCanvas().viewport(), Qt.MouseButton.LeftButton, pos=middle)
    wait_for(dock.map.preview.worker.shown)
    pause(1500)
    take(iface.mainWindow(), "dock-preview")
    dock.map.form.preview.click()
    dock.map.form.outputs.preset.setCurrentIndex(1)
    dock.map.form.quality.setCurrentIndex(dock.map.form.quality.findData("best"))
    dock.map.form.outputs.file.setFilePath("")
    wait_for(dock.map.planner.planned)
    dock.map.start()
    wait_for(dock.map.form.progress.valueChanged)
    take(dock, "dock-running")
    while not dock.map.form.run.isEnabled():
        pause(200)
    pause(1500)
    take(dock, "dock-result")
    iface.messageBar().clearWidgets()
    take(iface.mainWindow(), "map")
    windows.close()


def take_improve() -> None:
    """Squares to correct, with a stroke; and points to label."""
    finish_environment()
    windows = make_windows()
    dock = windows.open(iface.activeLayer())
    iface.mainWindow().resizeDocks([dock], [420], Qt.Orientation.Horizontal)
    dock.header.environment.look()
    dock.pages.setCurrentWidget(dock.improve)
    review = Path(SCENE).with_name("review.gpkg")
    dock.improve.chooser.start(str(review))
    wait_for(dock.improve.chooser.chosen, 200)
    pause(2500)
    take(iface.mainWindow(), "dock-improve")
    dock.pages.setCurrentWidget(dock.areas)
    iface.addRasterLayer(str(review.with_name("review_classes.tif")), "Classes")
    dock.areas.count.setValue(120)
    dock.areas.draw.click()
    while dock.areas.sample is None:
        pause(200)
    dock.areas.label.click()
    pause(2500)
    take(iface.mainWindow(), "dock-areas")
    windows.close()


def finish_environment() -> None:
    """Mark the environment as set up."""
    from aerialseg.plugin.environment import requirements, state

    state.write_mark(
        state.find_environment_folder(), requirements.REQUIREMENTS["run"], "{}.{}.{}".format(*sys.version_info)
    )


def take_set_up() -> None:
    """What a refusal looks like; not in the tutorial."""
    finish_environment()
    windows = make_windows()
    dock = windows.open(iface.activeLayer())
    dock.map.form.outputs.file.setFilePath("/nowhere/classes.tif")
    wait_for(dock.map.planner.failed)
    take(dock, "dock-refused")
    dock.map.form._log.appendPlainText("windows  9 of 512 px")
    for box in dock.findChildren(QgsCollapsibleGroupBox):
        box.setCollapsed(False)
    dock.map.form.part.choose("areas")
    take(dock, "dock-unfolded")
    windows.close()


def make_windows() -> Any:
    """What opens the dock; a module of the plugin that QGIS has loaded."""
    from aerialseg.plugin.gui.windows import PluginWindows

    return PluginWindows(iface)


def take_options() -> None:
    """The page in QGIS's options, which is a modal dialog."""

    def grab() -> None:
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog) and widget.isVisible():
                widget.resize(1200, 700)
                for splitter in widget.findChildren(QSplitter)[:1]:
                    splitter.setSizes([220, 980])
                for label in widget.findChildren(QLabel):  # where profiles are for a user, not for this script
                    label.setText(label.text().replace(PROFILES, "~/.local/share/QGIS/QGIS3"))
                take(widget, "options")
                widget.reject()

    QTimer.singleShot(4000, grab)
    iface.showOptionsDialog(None, "aerialseg")


def main() -> None:
    """All pictures, then QGIS is closed."""
    wanted = os.environ.get("AERIALSEG_ONLY", "menu toolbox dock improve options").split()
    steps = {
        "menu": take_menu,
        "toolbox": take_toolbox,
        "dock": take_dock,
        "improve": take_improve,
        "trouble": take_set_up,
        "options": take_options,
    }
    try:
        show_map()
        for name, step in steps.items():
            if name in wanted:
                step()
        (FOLDER / ".done").touch()
    except (OSError, RuntimeError, AttributeError, LookupError, TypeError, ImportError):
        traceback.print_exc(file=sys.stderr)
    QgsProject.instance().clear()  # QGIS would ask whether temporary layers may go
    iface.mainWindow().close()


QTimer.singleShot(3000, main)

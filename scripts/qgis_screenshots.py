"""Takes the pictures of the tutorial; runs inside a QGIS that scripts/qgis-screenshots.sh starts."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from osgeo import gdal
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


def take_states() -> None:
    """Every state of the dock, and of the windows beside it; not in the tutorial."""
    window = iface.mainWindow()
    window.resize(1366, 728)  # a laptop of 1366 × 768 px with a bar of tasks
    windows = make_windows()
    for take_some in (take_map_states, take_result_states, take_improve_states, take_areas_states):
        dock = windows.open(iface.activeLayer())
        window.resizeDocks([dock], [420], Qt.Orientation.Horizontal)
        pause(800)
        take_some(dock)
    windows.close()
    take_window_states()


def take_map_states(dock: Any) -> None:
    """Before the set-up, what is said of three images and of a refusal, a preview, a run that is cancelled."""
    page, form = dock.map, dock.map.form
    take(iface.mainWindow(), "map-set-up")
    finish_environment()
    dock.header.environment.look()
    page.planner.ask()
    wait_for(page.planner.planned)
    take(iface.mainWindow(), "map-red")
    for name, size in (("green", 1), ("amber", 3)):
        path = make_dubai(size)
        layer = iface.addRasterLayer(path, name)
        dock.header.set_layer(layer)
        wait_for(page.planner.planned)
        take(dock, f"map-{name}")
        QgsProject.instance().removeMapLayer(layer.id())
    dock.header.set_layer(find_layer(SCENE))
    wait_for(page.planner.planned)
    click(dock.header.unfold)
    take(dock, "map-model")
    click(dock.header.unfold)
    whole = dock.grab().height()
    for box in page.findChildren(QgsCollapsibleGroupBox):
        box.setCollapsed(False)
    form.part.choose("areas")
    dock.setFloating(True)
    dock.resize(420, 1500)
    take(dock, "map-unfolded")
    form.part.choose("all")
    for box in page.findChildren(QgsCollapsibleGroupBox):
        box.setCollapsed(True)
    dock.setFloating(False)
    dock.resize(420, whole)
    form.outputs.file.setFilePath("/nowhere/classes.tif")
    wait_for(page.planner.failed)
    take(dock, "map-refused")
    form.outputs.file.setFilePath("")
    wait_for(page.planner.planned)
    form.part.choose("rectangle")
    click(form.part.draw)
    drag(0.3, 0.6)
    wait_for(page.planner.planned)
    take(iface.mainWindow(), "map-rectangle")
    form.part.choose("all")
    wait_for(page.planner.planned)
    click(form.preview)
    click_map(0.5, 0.5)
    wait_for(page.preview.worker.shown)
    pause(1500)
    take(iface.mainWindow(), "map-preview")
    click(form.preview)
    form.quality.setCurrentIndex(form.quality.findData("best"))
    wait_for(page.planner.planned)
    click(form.run)
    wait_for(form.progress.valueChanged)
    take(dock, "map-running")
    click(form.cancel)
    wait_until(lambda: form.run.isEnabled())
    take(dock, "map-cancelled")


def take_result_states(dock: Any) -> None:
    """Nothing yet, what was found, two runs compared."""
    page, form = dock.result, dock.map.form
    dock.pages.setCurrentWidget(page)
    take(dock, "result-empty")
    for quality in ("fast", "balanced"):
        dock.pages.setCurrentWidget(dock.map)
        form.quality.setCurrentIndex(form.quality.findData(quality))
        form.outputs.preset.setCurrentIndex(1)
        wait_for(dock.map.planner.planned)
        click(form.run)
        wait_until(lambda: form.run.isEnabled() and page.isVisible())
        pause(1500)
    iface.messageBar().clearWidgets()
    take(iface.mainWindow(), "result-chart")
    page.compared.setCurrentIndex(2)
    page.conventional.click()
    click(page.copy)
    take(dock, "result-compared")
    page.history.showPopup()
    take(dock, "result-history")
    page.history.hidePopup()


def take_improve_states(dock: Any) -> None:
    """Nothing yet, a layer to draw in, squares that are corrected, a training, before and after."""
    page, folder = dock.improve, Path(SCENE).parent
    finish_environment("train")
    dock.header.environment.look()
    dock.pages.setCurrentWidget(page)
    take(dock, "improve-empty")
    for box in page.findChildren(QgsCollapsibleGroupBox):
        box.setCollapsed(False)
    page.fresh.start(str(folder / "drawn.gpkg"))
    take(iface.mainWindow(), "improve-drawing")
    for box in page.findChildren(QgsCollapsibleGroupBox):
        box.setCollapsed(True)
    layer = iface.activeLayer()
    layer.rollBack()
    QgsProject.instance().removeMapLayer(layer.id())
    dock.header.set_layer(find_layer(SCENE))
    page.chooser.start(str(folder / "review.gpkg"))
    wait_for(page.chooser.chosen, 200)
    pause(2500)
    take(iface.mainWindow(), "improve-squares")
    QTest.keyClicks(iface.mapCanvas(), "r2")
    drag(0.4, 0.6)
    pause(1500)
    take(iface.mainWindow(), "improve-painted")
    for _ in range(12):
        QTest.keyClicks(iface.mapCanvas(), "a")
        pause(100)
    show_whole(dock, "improve-ready")
    click(page.retrain.train)
    training = page.retrain.progress.training
    wait_until(lambda: len(training._losses) > 20 or bool(page.retrain.error.text()), 240)
    show_whole(dock, "improve-training")
    click(page.retrain.progress.cancel)
    wait_until(lambda: page.retrain.train.isEnabled())
    found = {
        "squares": 5,
        "before": {"accuracy": 0.723},
        "after": {"accuracy": 0.85},
        "intervals": {"before": (0.62, 0.81), "after": (0.77, 0.91), "difference": (0.005, 0.262)},
    }
    page.retrain.result.show_comparison({"check": found, "train": found}, "")  # one of minutes tells such figures
    show_whole(dock, "improve-compared")


def take_areas_states(dock: Any) -> None:
    """Nothing yet, points, one that is labelled, the table."""
    page = dock.areas
    dock.pages.setCurrentWidget(page)
    take(dock, "areas-empty")
    page.count.setValue(120)
    click(page.draw)
    wait_until(lambda: page.sample is not None or bool(page.undrawn.text()))
    take(dock, "areas-sample")
    click(page.label)
    pause(2000)
    QTest.keyClicks(page.pad, "1")
    pause(1500)
    take(iface.mainWindow(), "areas-labelling")
    for number in range(120):
        QTest.keyClicks(page.pad, "1234"[number % 4])
    take(dock, "areas-labelled")
    QTest.keyClick(page.pad, Qt.Key.Key_Escape)
    click(page.estimate)
    wait_until(lambda: page.found.isVisible() or bool(page.refused.text()))
    show_whole(dock, "areas-table")


def take_window_states() -> None:
    """The list of models, a training with its curve, the options."""
    from aerialseg.plugin.gui.dlg_models import ModelsDialog
    from aerialseg.plugin.gui.dlg_training import TrainingWindow
    from aerialseg.plugin.training_watch import TrainingWatch

    models = ModelsDialog(iface.mainWindow())
    models.reload()
    models.show()
    take(models, "models")
    models.show_model(next(iter(models._public)))
    take(models, "models-public")
    models.reject()
    watch = TrainingWatch()
    training = TrainingWindow("town", watch, iface.mainWindow())
    training.show()
    iou = {"Building": 0.62, "Land": 0.8, "Road": 0.01, "Vegetation": 0.55, "Water": None, "Unlabeled": 0.0}
    watch.told.emit({"event": "start"})
    for step in range(1, 61):
        event = {"event": "progress", "done": step, "total": 100, "loss": 2 / (1 + step / 9), "eta": 300 - 3 * step}
        watch.told.emit(event)
        if step % 12 == 0:
            watch.told.emit({"event": "epoch", "miou_labelled": 0.4 + step / 300, "iou": iou})
    take(training, "training")
    training.close()
    take_options()


def click(button: QWidget) -> None:
    """Click on a widget with the mouse."""
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def click_map(across: float, down: float) -> None:
    """Click on the map, at shares of its size."""
    view = iface.mapCanvas().viewport()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place_on_map(across, down))


def drag(start: float, end: float) -> None:
    """Drag the mouse over the map, from one share of its size to another."""
    view, steps = iface.mapCanvas().viewport(), 8
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place_on_map(start, start))
    for step in range(1, steps + 1):
        share = start + (end - start) * step / steps
        QTest.mouseMove(view, place_on_map(share, share))
        pause(30)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place_on_map(end, end))


def place_on_map(across: float, down: float) -> QPoint:
    """Where a share of the map is."""
    view = iface.mapCanvas().viewport()
    return QPoint(round(across * view.width()), round(down * view.height()))


def show_whole(dock: Any, name: str) -> None:
    """Save a picture of a page without scrolling."""
    dock.setFloating(True)
    dock.resize(420, 1400)
    take(dock, name)
    dock.setFloating(False)
    pause(300)


def wait_until(holds: Callable[[], bool], seconds: int = 120) -> None:
    """Let QGIS work until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds} s")
        pause(100)


def find_layer(path: str) -> Any:
    """The layer of a file."""
    return next(one for one in QgsProject.instance().mapLayers().values() if one.source() == path)


def make_dubai(metres: float) -> str:
    """The sample that the shipped model knows, placed, in pixels of so many metres."""
    source = Path(SCENE).with_name("dubai.tif")
    path = str(source.with_name(f"dubai-{metres}.tif"))
    size = gdal.Open(str(source)).RasterXSize, gdal.Open(str(source)).RasterYSize
    bounds = [156_000, 464_000, 156_000 + size[0], 464_000 - size[1]]  # a metre per pixel, as the model knows it
    cols, rows = (round(side / metres) for side in size)
    gdal.Translate(path, str(source), outputSRS="EPSG:28992", outputBounds=bounds, width=cols, height=rows)
    return path


def finish_environment(kit: str = "run") -> None:
    """Mark the environment as set up."""
    from aerialseg.plugin.environment import requirements, state

    state.write_mark(
        state.find_environment_folder(), requirements.REQUIREMENTS[kit], "{}.{}.{}".format(*sys.version_info)
    )


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
        "states": take_states,
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

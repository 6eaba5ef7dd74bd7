"""The dialog: it says what will happen, runs it, survives what people do meanwhile, and gives the very command."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app")]

from within import REPO, command_of  # noqa: E402 - after the check for QGIS


class FakeInterface:
    """What the dialog uses of QGIS's iface."""

    def __init__(self) -> None:
        from qgis.gui import QgsMapCanvas, QgsMessageBar
        from qgis.PyQt.QtWidgets import QMainWindow

        self.window = QMainWindow()
        self.canvas = QgsMapCanvas(self.window)
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

    def messages(self) -> list[str]:
        return [item.text() for item in self.bar.items()]


def until(holds: Callable[[], bool], *signals: Any, seconds: float = 90) -> None:
    """Let Qt work until something holds, looking at it whenever a signal comes."""
    from qgis.PyQt.QtCore import QEventLoop, QTimer

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
    from qgis.core import QgsApplication

    return QgsApplication.taskManager().countActiveTasks() == 0


@pytest.fixture
def iface(qgis_app: object) -> FakeInterface:
    return FakeInterface()


@pytest.fixture
def windows(plugin: Any, project: Any, iface: FakeInterface, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """What opens the dialog, and plans as soon as the choices have changed; the project is empty."""
    from aerialseg.plugin.gui import planner
    from aerialseg.plugin.gui.windows import PluginWindows

    monkeypatch.setattr(planner, "_PAUSE", 20)
    windows = PluginWindows(iface)
    yield windows
    windows.close()
    until(tasks_are_over)


@pytest.fixture
def layer(project: Any, scene: Path, iface: FakeInterface) -> Any:
    return opened(project, iface, scene)


def opened(project: Any, iface: FakeInterface, path: Path) -> Any:
    """A raster in the project, the map zoomed to it."""
    from qgis.core import QgsRasterLayer

    layer = QgsRasterLayer(str(path), "Mein Bild")
    assert layer.isValid()
    project.addMapLayer(layer)
    iface.canvas.setDestinationCrs(layer.crs())
    iface.canvas.setExtent(layer.extent())
    return layer


def planned(dialog: Any) -> dict[str, str]:
    """The plan of a dialog, once it is there."""
    plan = dialog.form.plan
    until(lambda: plan.busy.isHidden() and (plan.rows or plan.error.text()), dialog.planner.planned)
    assert not plan.error.text()
    return dict(plan.rows)


def refusal(dialog: Any) -> str:
    """Why a dialog does not run, once it tells."""
    until(lambda: bool(dialog.form.plan.error.text()), dialog.planner.failed)
    assert not dialog.form.run.isEnabled()
    return dialog.form.plan.error.text()


def finished(dialog: Any) -> None:
    """Let a run end."""
    until(lambda: dialog._run is None)


def tree(project: Any) -> dict[str, list[str]]:
    """Names of the layers of each group, the topmost first."""
    groups = project.layerTreeRoot().findGroups()
    return {group.name(): [node.name() for node in group.findLayers()] for group in groups}


def pixels(path: str) -> bytes:
    from osgeo import gdal

    raster = gdal.Open(path)
    return bytes(raster.GetRasterBand(1).ReadRaster())


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_plan_appears_and_follows_what_is_chosen(windows: Any, layer: Any) -> None:
    dialog = windows.open(layer)
    rows = planned(dialog)
    assert rows["scene"].startswith("Mein Bild: 1000 × 1000 px")  # its name, not its path
    assert "red = 1" in rows["bands"]
    assert "overlap 52 px" in rows["windows"]
    assert dialog.form.run.isEnabled()
    dialog.form.quality.setCurrentIndex(dialog.form.quality.findData("best"))
    until(lambda: not dialog.form.plan.busy.isHidden())
    assert "8 × test-time" in planned(dialog)["windows"]


def test_a_light_says_before_the_run_and_after_it_whether_the_model_knows_the_ground(
    windows: Any, layer: Any, knowing: Path
) -> None:
    dialog = windows.open(layer)
    dialog.form.model.add_file(str(knowing))
    until(lambda: not dialog.form.plan.busy.isHidden())
    planned(dialog)
    before = dialog.form.plan.ground
    assert not before.isHidden()
    assert "unlike that of the model's training images" in before.text.text()
    assert "#c62828" in before.light.styleSheet()
    dialog.start()
    finished(dialog)
    assert dialog.form.ground.text.text() == before.text.text()
    assert not dialog.form.ground.isHidden()


def test_lights_are_green_amber_and_red_and_out_where_nothing_is_known(plugin: Any) -> None:
    from aerialseg.plugin.ground import read_ground
    from aerialseg.plugin.gui.widgets import GroundLabel

    label = GroundLabel()
    colours = set()
    for verdict in ("like", "partly", "unlike"):
        label.show_ground(read_ground({"verdict": verdict, "windows": 9, "unlike": 3, "text": ""}))
        assert not label.isHidden()
        assert "3 of 9" in label.text.text()
        colours.add(label.light.styleSheet())
    assert len(colours) == 3
    for nothing in (None, {}, {"verdict": "odd", "windows": 1, "unlike": 1}):
        label.show_ground(read_ground(nothing))
        assert label.isHidden()


def test_bands_are_left_to_the_core_until_all_are_chosen(windows: Any, layer: Any) -> None:
    dialog = windows.open(layer)
    planned(dialog)
    assert "--bands" not in dialog.request().format_command()
    boxes = dialog.form.bands._boxes
    boxes[0].setBand(3)
    until(lambda: "Choose a band for everything" in dialog.form.plan.error.text())
    assert not dialog.form.run.isEnabled()
    boxes[1].setBand(2)
    boxes[2].setBand(1)
    assert "red = 3, green = 2, blue = 1, as chosen" in planned(dialog)["bands"]
    assert "--bands=3,2,1" in dialog.request().format_command()
    for box in boxes:
        box.setBand(-1)
    assert "red = 1" in planned(dialog)["bands"]
    assert "--bands" not in dialog.request().format_command()


def test_a_collar_that_the_plan_names_is_left_out_with_the_no_data_value(
    windows: Any, project: Any, iface: FakeInterface, tmp_path: Path
) -> None:
    layer = opened(project, iface, make_collar(tmp_path))
    dialog = windows.open(layer)
    missing = dialog.form.bands.nodata_edit
    assert "--nodata 0 leaves it out" in planned(dialog)["note"]
    assert "--nodata" in missing.toolTip()
    assert (missing.text(), dialog.request().nodata) == ("", "")
    assert "--nodata" not in dialog.request().format_command()
    for wrong in ("black", "nan"):
        missing.setText(wrong)
        until(lambda wrong=wrong: f"value {wrong} is no number" in dialog.form.plan.error.text())
        assert not dialog.form.run.isEnabled()
    missing.setText(" 0 ")
    assert "collar" not in planned(dialog).get("note", "")
    assert dialog.request().make_parameters()["NODATA"] == "0"
    dialog.start()
    finished(dialog)
    assert "--nodata=0" in dialog.form._log.toPlainText()
    (classes,) = project.mapLayersByName("Mein Bild – classes")
    found = pixels(classes.source())
    assert {found[row * 200 + col] for row in range(200) for col in range(40)} == {0}
    assert 0 not in {found[row * 200 + col] for row in range(200) for col in range(40, 200)}


def test_no_data_value_stays_with_another_model_and_goes_with_another_layer(
    windows: Any, layer: Any, project: Any, iface: FakeInterface, tmp_path: Path
) -> None:
    dialog = windows.open(layer)
    dialog.form.bands.nodata_edit.setText("255")
    dialog.form.model.changed.emit()
    assert dialog.request().nodata == "255"
    dialog.set_layer(opened(project, iface, make_collar(tmp_path)))
    assert dialog.request().nodata == ""


def make_collar(folder: Path) -> Path:
    """An image of 200 × 200 px whose first 40 columns are black; it does not say that these are no data."""
    from osgeo import gdal, osr

    path = folder / "collar.tif"
    raster = gdal.GetDriverByName("GTiff").Create(str(path), 200, 200, 3, gdal.GDT_Byte)
    system = osr.SpatialReference()
    system.ImportFromEPSG(28992)
    raster.SetProjection(system.ExportToWkt())
    raster.SetGeoTransform((155000, 1, 0, 463000, 0, -1))
    for band in (1, 2, 3):
        values = bytes(
            0 if col < 40 else 1 + (7 * row + 3 * col * band) % 255 for row in range(200) for col in range(200)
        )
        raster.GetRasterBand(band).WriteRaster(0, 0, 200, 200, values)
    raster = None
    return path


def test_only_the_last_of_many_changes_is_planned(windows: Any, layer: Any) -> None:
    dialog = windows.open(layer)
    plans: list[Any] = []
    dialog.planner.planned.connect(plans.append)
    for quality in (1, 2, 0, 1):
        dialog.form.quality.setCurrentIndex(quality)
        until(lambda: dialog.planner._task is not None or plans, seconds=5)
    assert "4 × test-time" in planned(dialog)["windows"]
    until(tasks_are_over)
    assert len(plans) == 1


def test_run_puts_named_styled_layers_into_a_group(
    windows: Any, layer: Any, project: Any, iface: FakeInterface
) -> None:
    from qgis.core import QgsCategorizedSymbolRenderer, QgsPalettedRasterRenderer

    dialog = windows.open(layer)
    planned(dialog)
    dialog.form.outputs.confidence.setChecked(True)
    dialog.start()
    assert not dialog.form.run.isEnabled()
    finished(dialog)
    names = ["Mein Bild – class polygons", "Mein Bild – classes", "Mein Bild – confidence"]
    until(lambda: tree(project) == {"Mein Bild": names}, seconds=5)
    polygons, classes, confidence = (project.mapLayersByName(name)[0] for name in names)
    assert isinstance(polygons.renderer(), QgsCategorizedSymbolRenderer)
    assert isinstance(classes.renderer(), QgsPalettedRasterRenderer)
    assert "Building" in [entry.label for entry in classes.renderer().classes()]
    assert classes.extent() == layer.extent()
    assert classes.crs() == layer.crs() == confidence.crs() == polygons.crs()
    assert iface.messages() == []  # the dialog says it


def test_found_areas_are_bars_with_a_text_for_those_who_do_not_see_them(windows: Any, layer: Any) -> None:
    from aerialseg.plugin.gui.wdg_area_chart import BarWidget

    dialog = windows.open(layer)
    dialog.start()  # without waiting for the plan
    finished(dialog)
    chart = dialog.form.chart
    bars = [bar for bar in chart.findChildren(BarWidget) if not bar.isHidden()]
    assert len(bars) == len(chart.accessibleDescription().splitlines()) > 1
    assert "%" in chart.accessibleDescription()
    assert dialog.form.pages.currentIndex() == 1
    until(lambda: bars[0].width() > 0 and bars[0].height() >= bars[0].sizeHint().height(), seconds=5)
    image = bars[0].grab().toImage()
    assert image.pixelColor(image.width() // 4, image.height() // 2).name() in {
        cover.colour.lower() for cover in dialog.form.model.model().classes
    }
    dialog.form.show_layers.click()
    assert windows._iface.active.name() == "Mein Bild – class polygons"
    dialog.form.quality.setCurrentIndex(1)
    assert dialog.form.pages.currentIndex() == 0  # something else will happen now


def test_cancel_stops_within_two_seconds_and_leaves_nothing(
    windows: Any, project: Any, iface: FakeInterface, large_scene: Path, tmp_path: Path
) -> None:
    from qgis.PyQt.QtCore import QElapsedTimer

    folder = tmp_path / "results"
    folder.mkdir()
    dialog = windows.open(opened(project, iface, large_scene))
    dialog.form.outputs.file.setFilePath(str(folder / "classes.tif"))
    dialog.start()
    until(lambda: dialog.form.progress.value() > 0)
    clock = QElapsedTimer()
    clock.start()
    dialog.form.cancel.click()
    finished(dialog)
    assert clock.elapsed() < 2500
    assert leftovers(folder) == []
    assert dialog.form.status.text().startswith("Cancelled")
    assert len(project.mapLayers()) == 1
    assert dialog.form.run.isEnabled()


def test_layer_removed_while_it_is_segmented(windows: Any, layer: Any, project: Any) -> None:
    dialog = windows.open(layer)
    dialog.start()
    until(lambda: dialog.form.progress.value() > 0 or "plan" in dialog.form.status.text() or dialog._run is None)
    project.removeMapLayer(layer.id())
    finished(dialog)
    until(lambda: "Mein Bild" in tree(project), seconds=5)
    assert tree(project)["Mein Bild"] == ["Mein Bild – class polygons", "Mein Bild – classes"]


def test_layer_removed_in_the_moment_of_the_start(windows: Any, layer: Any, project: Any) -> None:
    dialog = windows.open(layer)
    dialog.start()
    project.removeMapLayer(layer.id())
    finished(dialog)
    assert "no raster layer" in refusal(dialog)
    assert len(windows._runs) == 0


def test_layer_removed_while_it_is_planned(windows: Any, layer: Any, project: Any) -> None:
    dialog = windows.open(layer)
    until(lambda: dialog.planner._task is not None)
    project.removeMapLayer(layer.id())
    assert "no raster layer" in refusal(dialog)
    dialog.start()  # nothing happens
    assert len(windows._runs) == 0


def test_closing_leaves_the_run_alone_and_its_layers_come(
    windows: Any, layer: Any, project: Any, iface: FakeInterface
) -> None:
    dialog = windows.open(layer)
    dialog.start()
    until(lambda: len(windows._runs) == 1 and not tasks_are_over())
    dialog.reject()
    assert any("continues" in text for text in iface.messages())
    until(lambda: len(windows._runs) == 0)
    until(lambda: "Mein Bild" in tree(project), seconds=5)
    assert any("has been segmented" in text for text in iface.messages())


def test_a_new_dialog_can_be_opened_while_a_run_goes_on(windows: Any, layer: Any) -> None:
    first = windows.open(layer)
    first.start()
    until(lambda: not tasks_are_over())
    first.reject()
    until(lambda: windows.open(layer) is not first, seconds=5)
    assert planned(windows.open())
    until(lambda: len(windows._runs) == 0)


def test_unloading_the_plugin_ends_runs(windows: Any, project: Any, iface: FakeInterface, large_scene: Path) -> None:
    dialog = windows.open(opened(project, iface, large_scene))
    dialog.start()
    until(lambda: dialog.form.progress.value() > 0)
    windows.close()
    until(tasks_are_over, seconds=3)
    assert len(project.mapLayers()) == 1


def test_failure_is_said_in_one_sentence(windows: Any, project: Any, iface: FakeInterface, tmp_path: Path) -> None:
    broken = tmp_path / "broken.tif"
    broken.write_bytes(large := Path(make_tiff(tmp_path)).read_bytes())
    layer = opened(project, iface, broken)
    broken.write_bytes(large[: len(large) // 4])
    dialog = windows.open(layer)
    dialog.start()
    finished(dialog)
    assert "broken.tif" in dialog.form.plan.error.text()
    assert "Traceback" not in dialog.form.plan.error.text()
    assert len(project.mapLayers()) == 1


def make_tiff(folder: Path) -> str:
    from osgeo import gdal

    path = str(folder / "whole.tif")
    raster = gdal.GetDriverByName("GTiff").Create(path, 400, 400, 3, gdal.GDT_Byte)
    for band in (1, 2, 3):
        raster.GetRasterBand(band).Fill(90)
    raster = None
    return path


def test_copied_command_runs_in_a_shell_and_gives_the_same_classes(
    windows: Any, layer: Any, project: Any, iface: FakeInterface, interpreter: Path, tmp_path: Path
) -> None:
    from qgis.core import QgsRectangle
    from qgis.PyQt.QtGui import QGuiApplication

    centre = layer.extent().center()
    iface.canvas.setExtent(QgsRectangle(centre.x() - 61.7, centre.y() - 40, centre.x() + 33.3, centre.y() + 51))
    dialog = windows.open(layer)
    dialog.form.part.choose("visible")
    outputs = dialog.form.outputs
    outputs.min_area.setValue(5)
    outputs.smooth.setValue(1)
    outputs.square.setText("Building, Water")
    planned(dialog)
    dialog.form.copy.click()
    text = QGuiApplication.clipboard().text()
    assert text.startswith("aerialseg segment ")
    assert {"--min-area=5", "--smooth=1", "--square=Building,Water"} <= {
        part.removesuffix(".0") for part in shlex.split(text)
    }
    command = text.replace("aerialseg ", shlex.join(command_of(interpreter)) + " ", 1)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "QT_", "QGIS_"))}
    subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(REPO)},
        check=True,
        capture_output=True,
        timeout=300,
    )
    dialog.start()
    finished(dialog)
    (ours,) = project.mapLayersByName("Mein Bild – classes")
    assert pixels(ours.source()) == pixels(str(tmp_path / "Mein_Bild_classes.tif"))
    assert (tmp_path / "Mein_Bild_classes.gpkg").is_file()


def test_shape_of_polygons_counts_only_with_polygons(windows: Any, layer: Any) -> None:
    dialog = windows.open(layer)
    outputs = dialog.form.outputs
    outputs.smooth.setValue(9)
    outputs.square.setText("Building")
    assert (dialog.request().smooth, dialog.request().square) == (3, "Building")
    outputs.polygons.setChecked(False)
    assert not any(
        widget.isEnabled() for widget in (outputs.min_area, outputs.simplify, outputs.smooth, outputs.square)
    )
    command = dialog.request().format_command()
    assert "--smooth" not in command
    assert "--square" not in command


def test_classes_to_square_that_the_model_does_not_have_are_refused_by_the_plan(windows: Any, layer: Any) -> None:
    dialog = windows.open(layer)
    dialog.form.outputs.square.setText("Tower")
    assert "no class 'Tower' to square" in refusal(dialog)
    dialog.form.outputs.square.setText("building, 5 ,")
    planned(dialog)
    assert "--square=building,5" in dialog.request().format_command().split()
    assert dialog.form.run.isEnabled()


def test_copied_command_is_the_one_that_runs(windows: Any, layer: Any, tmp_path: Path) -> None:
    dialog = windows.open(layer)
    dialog.form.outputs.file.setFilePath(str(tmp_path / "my result.tif"))
    dialog.form.outputs.confidence.setChecked(True)
    (tmp_path / "my result.gpkg").touch()
    dialog.form.outputs.polygons.toggle()
    assert "my result.gpkg" not in dialog.form.outputs._note.text()
    dialog.form.outputs.polygons.toggle()
    assert dialog.form.outputs._note.text().endswith("To be replaced: my result.gpkg.")
    command = dialog.request().format_command()
    dialog.start()
    finished(dialog)
    assert command in dialog.form._log.toPlainText().splitlines()
    assert {"my result.tif", "my result.gpkg", "my result_confidence.tif"} <= set(leftovers(tmp_path))


def test_polygons_and_their_selection_limit_the_plan(windows: Any, layer: Any, project: Any) -> None:
    from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer

    areas = QgsVectorLayer(f"Polygon?crs={layer.crs().authid()}", "Quarters", "memory")
    box = layer.extent()
    inside = QgsRectangle(box.xMinimum(), box.yMinimum(), box.center().x(), box.center().y())
    outside = QgsRectangle(box.xMaximum() + 10, box.yMinimum(), box.xMaximum() + 20, box.yMaximum())
    for rectangle in (inside, outside):
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromRect(rectangle))
        areas.dataProvider().addFeature(feature)
    dialog = windows.open(layer)
    dialog.form.part.choose("areas")
    assert "no layer of polygons" in refusal(dialog)
    project.addMapLayer(areas)
    assert planned(dialog)
    areas.selectByIds([2])
    dialog.form.part.selected.setChecked(True)
    request = dialog.request()
    assert request.selected_only
    assert request.format_command().startswith(
        "# Save the polygons of Quarters as areas.gpkg first.\naerialseg segment"
    )
    project.removeMapLayer(areas.id())
    assert "no layer of polygons" in refusal(dialog)


def test_layer_of_a_map_server_says_how_much_is_read_first(windows: Any, project: Any, iface: FakeInterface) -> None:
    from qgis.core import QgsRasterLayer, QgsRectangle

    tiles = QgsRasterLayer("type=xyz&url=http://127.0.0.1:9/{z}/{x}/{y}.png&zmin=0&zmax=19", "Tiles", "wms")
    project.addMapLayer(tiles)
    iface.canvas.setDestinationCrs(tiles.crs())
    iface.canvas.setExtent(QgsRectangle(600000, 6800000, 601000, 6801000))
    dialog = windows.open(tiles)
    rows = planned(dialog)
    assert dialog.form.part.part() == "visible"  # all of it would be the world
    assert "read from its server first" in rows["read at"]
    assert dialog.request().format_command().startswith("# Tiles has no file of its own: save it as scene.tif first.\n")
    dialog.form.part.choose("all")
    assert "megapixels" in refusal(dialog)


def test_map_that_shows_nothing_of_the_layer(windows: Any, layer: Any, iface: FakeInterface) -> None:
    from qgis.core import QgsRectangle

    dialog = windows.open(layer)
    dialog.form.part.choose("visible")
    iface.canvas.setExtent(QgsRectangle(0, 0, 10, 10))
    assert "shows nothing of Mein Bild" in refusal(dialog)
    iface.canvas.setExtent(layer.extent())
    assert planned(dialog)


@pytest.mark.parametrize("target", ["nowhere/classes.tif", "{scene}"])
def test_places_that_cannot_be_written_to_are_refused_before_the_run(
    windows: Any, layer: Any, scene: Path, tmp_path: Path, target: str
) -> None:
    dialog = windows.open(layer)
    dialog.form.outputs.file.setFilePath(str(tmp_path / target.format(scene=scene)))
    assert refusal(dialog)


def test_missing_environment_is_one_sentence_and_one_button(
    windows: Any, layer: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from aerialseg.plugin.environment import state
    from aerialseg.plugin.environment.problem import EnvironmentProblem
    from aerialseg.plugin.gui import wdg_setup

    def install(extra: str, feedback: Any, say: Callable[[str], None]) -> None:
        feedback.setProgress(50)
        say("Installing …")
        while not feedback.isCanceled():
            QThread.msleep(20)
        raise EnvironmentProblem("The set-up was cancelled.")

    from qgis.PyQt.QtCore import QThread

    monkeypatch.delenv("AERIALSEG_PYTHON")
    monkeypatch.setattr(state, "find_environment_folder", lambda: tmp_path / "nothing")
    monkeypatch.setattr(wdg_setup, "install", install)
    dialog = windows.open(layer)
    bar = dialog.form.environment
    assert bar.isVisible()
    assert "not set up" in bar.text.text()
    assert bar.button.text().replace("&", "") == "Set up"
    assert not dialog.form.run.isEnabled()
    bar.button.click()
    until(lambda: bar.progress.value() == 50)
    assert not bar.button.isVisible()
    bar.cancel.click()
    until(lambda: bar.button.isVisible(), seconds=3)
    assert "cancelled" in bar.error.text()


def test_set_up_ends_with_the_plugin_though_its_dialog_was_closed(
    windows: Any, layer: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from aerialseg.plugin.environment import state
    from aerialseg.plugin.gui import wdg_setup
    from qgis.PyQt.QtCore import QThread

    def install(extra: str, feedback: Any, say: Callable[[str], None]) -> None:
        while not feedback.isCanceled():
            QThread.msleep(20)

    monkeypatch.delenv("AERIALSEG_PYTHON")
    monkeypatch.setattr(state, "find_environment_folder", lambda: tmp_path / "nothing")
    monkeypatch.setattr(wdg_setup, "install", install)
    dialog = windows.open(layer)
    dialog.form.environment.button.click()
    until(lambda: not tasks_are_over(), seconds=5)
    dialog.reject()
    windows.close()
    until(tasks_are_over, seconds=3)


def test_environment_that_comes_while_the_dialog_is_open(
    windows: Any, layer: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, interpreter: Path
) -> None:
    from aerialseg.plugin.environment import state
    from aerialseg.plugin.gui import wdg_setup

    monkeypatch.delenv("AERIALSEG_PYTHON")
    monkeypatch.setattr(state, "find_environment_folder", lambda: tmp_path / "nothing")
    monkeypatch.setattr(
        wdg_setup, "install", lambda extra, feedback, say: monkeypatch.setenv("AERIALSEG_PYTHON", str(interpreter))
    )
    dialog = windows.open(layer)
    dialog.form.environment.button.click()
    assert planned(dialog)
    assert not dialog.form.environment.isVisible()


def test_interpreter_of_the_user_that_is_broken_has_no_button(
    windows: Any, layer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AERIALSEG_PYTHON", "/no/such/python")
    dialog = windows.open(layer)
    assert "/no/such/python" in dialog.form.environment.text.text()
    assert not dialog.form.environment.button.isVisible()


def test_interpreter_without_the_packages_is_found_out_by_the_plan(
    windows: Any, layer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AERIALSEG_PYTHON", sys.executable)
    dialog = windows.open(layer)
    assert "lacks" in refusal(dialog)


def test_dialog_fits_a_small_screen_and_is_used_without_a_mouse(windows: Any, layer: Any) -> None:
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest
    from qgis.PyQt.QtWidgets import QAbstractButton, QComboBox

    dialog = windows.open(layer)
    least = dialog.minimumSizeHint()
    assert least.width() <= 1024
    assert least.height() <= 700
    assert dialog.form.run.isDefault()
    for widget in (*dialog.findChildren(QAbstractButton), *dialog.findChildren(QComboBox)):
        named = widget.accessibleName() or getattr(widget, "text", str)() or widget.toolTip() or widget.objectName()
        assert named, (widget, widget.parent(), widget.parent().parent())
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


@pytest.mark.parametrize("locale", ["en", "de"])
@pytest.mark.parametrize("broken", [False, True])
def test_no_key_belongs_to_two_widgets(
    windows: Any, layer: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, locale: str, broken: bool
) -> None:
    from aerialseg.plugin import i18n
    from aerialseg.plugin.environment import requirements, state

    monkeypatch.delenv("AERIALSEG_PYTHON")
    monkeypatch.setattr(state, "find_environment_folder", lambda: tmp_path)
    if broken:
        state.write_mark(tmp_path, requirements.REQUIREMENTS["run"], "3.12.1")  # there is no Python in it
    monkeypatch.setattr(i18n, "_find_locale", lambda: locale)
    translation = i18n.Translation()
    translation.install()
    try:
        dialog = windows.open(layer)
        assert dialog.form.environment.button.isVisible()
        keys = keys_of(dialog)
    finally:
        translation.remove()
    assert len(keys) > 15
    assert [key for key in keys if keys.count(key) > 1] == []


def keys_of(dialog: Any) -> list[str]:
    """What is pressed with Alt for each widget that has such a key."""
    from qgis.PyQt.QtGui import QKeySequence
    from qgis.PyQt.QtWidgets import QAbstractButton, QGroupBox, QLabel

    texts = [label.text() for label in dialog.findChildren(QLabel) if label.buddy() is not None]
    texts += [button.text() for button in dialog.findChildren(QAbstractButton)]
    texts += [box.title() for box in dialog.findChildren(QGroupBox)]
    return [key for key in (QKeySequence.mnemonic(text).toString() for text in texts) if key]


def test_added_model_is_in_the_list_and_damaged_ones_are_refused(
    windows: Any, layer: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    from aerialseg.plugin import settings

    request.addfinalizer(lambda: settings.save(settings.Settings()))
    chooser = windows.open(layer).form.model
    good, bad = tmp_path / "town.onnx", tmp_path / "bad.onnx"
    good.write_bytes(chooser.model().path.read_bytes())
    bad.write_bytes(b"no model")
    chooser.add_file(str(bad))
    assert "bad.onnx is no model" in chooser._error.text()
    chooser.add_file(str(good))
    assert chooser.name() == "town"
    assert "town" in [chooser.box.itemData(i) for i in range(chooser.box.count())]


@pytest.mark.parametrize("width", [0, 900, 1400])
def test_nothing_is_cut_off_however_long_the_description_is(windows: Any, layer: Any, width: int) -> None:
    from qgis.PyQt.QtCore import QSize

    def is_whole(label: Any) -> bool:
        return label.isVisible() and label.height() >= label.heightForWidth(label.width())

    dialog = windows.open(layer)
    planned(dialog)
    plan, description = dialog.form.plan, dialog.form.model._description
    description.setText("Roofs, roads, trees, water and bare ground in images of half a metre. " * 4)
    dialog.resize(QSize(width, 500).expandedTo(dialog.minimumSizeHint()))
    until(lambda: all(is_whole(plan._grid.itemAt(i).widget()) for i in range(plan._grid.count())), seconds=5)
    assert plan.width() <= plan.parentWidget().width()  # which does not scroll sideways
    dialog.form.part.choose("areas")
    dialog.resize(QSize(width, 500).expandedTo(dialog.minimumSizeHint()))
    until(lambda: is_whole(description), seconds=5)

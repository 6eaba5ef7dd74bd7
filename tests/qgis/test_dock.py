"""The dock: it says what will happen, runs it, survives what people do meanwhile, and gives the very command."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app")]

from interface import (  # noqa: E402 - after the check for QGIS
    FakeInterface,
    click_on_map,
    finished,
    opened,
    planned,
    refusal,
    tasks_are_over,
    until,
)
from within import REPO, command_of  # noqa: E402


@pytest.fixture
def layer(project: Any, scene: Path, iface: FakeInterface) -> Any:
    return opened(project, iface, scene)


def tree(project: Any) -> dict[str, list[str]]:
    """Names of the layers of each group, the topmost first."""
    groups = project.layerTreeRoot().findGroups()
    return {group.name(): [node.name().split(" (")[0] for node in group.findLayers()] for group in groups}


def named(project: Any, name: str) -> Any:
    """The layer whose name begins so; model and time follow."""
    (found,) = (layer for layer in project.mapLayers().values() if layer.name().split(" (")[0] == name)
    return found


def pixels(path: str) -> bytes:
    from osgeo import gdal

    raster = gdal.Open(path)
    return bytes(raster.GetRasterBand(1).ReadRaster())


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_plan_appears_and_follows_what_is_chosen(windows: Any, layer: Any) -> None:
    dock = windows.open(layer)
    rows = planned(dock)
    assert rows["scene"].startswith("Mein Bild: 1000 × 1000 px")  # its name, not its path
    assert "red = 1" in rows["bands"]
    assert "overlap by 52 px" in rows["windows"]
    assert dock.map.form.run.isEnabled()
    dock.map.form.quality.setCurrentIndex(dock.map.form.quality.findData("best"))
    until(lambda: not dock.map.form.plan.busy.isHidden())
    assert "looked at 8 ×" in planned(dock)["windows"]


def test_a_light_says_before_the_run_and_after_it_whether_the_model_knows_the_ground(
    windows: Any, layer: Any, knowing: Path
) -> None:
    dock = windows.open(layer)
    dock.header.models.add_file(str(knowing))
    until(lambda: dock.header.models.name() == "knowing")
    until(lambda: not dock.map.form.plan.busy.isHidden())
    planned(dock)
    before = dock.map.form.plan.ground
    assert not before.isHidden()
    assert "unlike that of the model's training images" in before.text.text()
    assert "#c62828" in before.light.styleSheet()
    dock.map.start()
    finished(dock)
    assert dock.result.ground.text.text() == before.text.text()
    assert not dock.result.ground.isHidden()


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
    dock = windows.open(layer)
    planned(dock)
    assert "--bands" not in dock.map.request().format_command()
    boxes = dock.map.form.bands._boxes
    boxes[0].setBand(3)
    until(lambda: "Choose a band for everything" in dock.map.form.plan.error.text())
    assert not dock.map.form.run.isEnabled()
    boxes[1].setBand(2)
    boxes[2].setBand(1)
    assert "red = 3, green = 2, blue = 1, as chosen" in planned(dock)["bands"]
    assert "--bands=3,2,1" in dock.map.request().format_command()
    for box in boxes:
        box.setBand(-1)
    assert "red = 1" in planned(dock)["bands"]
    assert "--bands" not in dock.map.request().format_command()


def test_a_collar_that_the_plan_names_is_left_out_with_the_no_data_value(
    windows: Any, project: Any, iface: FakeInterface, tmp_path: Path
) -> None:
    layer = opened(project, iface, make_collar(tmp_path))
    dock = windows.open(layer)
    missing = dock.map.form.bands.nodata_edit
    assert "write 0 into “No-data value”" in planned(dock)["note"]
    assert "--nodata" in missing.toolTip()
    assert (missing.text(), dock.map.request().nodata) == ("", "")
    assert "--nodata" not in dock.map.request().format_command()
    for wrong in ("black", "nan"):
        missing.setText(wrong)
        until(lambda wrong=wrong: f"value {wrong} is no number" in dock.map.form.plan.error.text())
        assert not dock.map.form.run.isEnabled()
    missing.setText(" 0 ")
    assert "border without data" not in planned(dock).get("note", "")
    assert dock.map.request().make_parameters()["NODATA"] == "0"
    dock.map.start()
    finished(dock)
    assert "--nodata=0" in dock.map.form._log.toPlainText()
    classes = named(project, "Mein Bild – classes")
    found = pixels(classes.source())
    assert {found[row * 200 + col] for row in range(200) for col in range(40)} == {0}
    assert 0 not in {found[row * 200 + col] for row in range(200) for col in range(40, 200)}


def test_no_data_value_stays_with_another_model_and_goes_with_another_layer(
    windows: Any, layer: Any, project: Any, iface: FakeInterface, tmp_path: Path
) -> None:
    dock = windows.open(layer)
    dock.map.form.bands.nodata_edit.setText("255")
    dock.header.models.changed.emit()
    assert dock.map.request().nodata == "255"
    dock.header.set_layer(opened(project, iface, make_collar(tmp_path)))
    assert dock.map.request().nodata == ""


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
    dock = windows.open(layer)
    plans: list[Any] = []
    dock.map.planner.planned.connect(plans.append)
    for quality in (1, 2, 0, 1):
        dock.map.form.quality.setCurrentIndex(quality)
        until(lambda: dock.map.planner._task is not None or plans, seconds=5)
    assert "looked at 4 ×" in planned(dock)["windows"]
    until(tasks_are_over)
    assert len(plans) == 1


def test_run_puts_named_styled_layers_into_a_group(
    windows: Any, layer: Any, project: Any, iface: FakeInterface
) -> None:
    from qgis.core import QgsCategorizedSymbolRenderer, QgsPalettedRasterRenderer

    dock = windows.open(layer)
    planned(dock)
    dock.map.start()
    assert not dock.map.form.run.isEnabled()
    finished(dock)
    names = ["Mein Bild – class polygons", "Mein Bild – classes", "Mein Bild – confidence"]
    until(lambda: tree(project) == {"Mein Bild": names}, seconds=5)
    polygons, classes, confidence = (named(project, name) for name in names)
    shown = {node.layer().id() for node in project.layerTreeRoot().findLayers() if node.isVisible()}
    assert shown == {layer.id(), polygons.id()}  # the rasters would hide the image
    assert "mbrsc-lite0" in polygons.name()
    assert "Mein Bild" in classes.metadata().abstract()
    assert isinstance(polygons.renderer(), QgsCategorizedSymbolRenderer)
    assert isinstance(classes.renderer(), QgsPalettedRasterRenderer)
    assert "Building" in [entry.label for entry in classes.renderer().classes()]
    assert classes.extent() == layer.extent()
    assert classes.crs() == layer.crs() == confidence.crs() == polygons.crs()
    assert iface.messages() == []  # the dock says it


def test_layers_of_a_run_are_opened_and_styled_beside_the_main_thread(
    windows: Any, layer: Any, project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aerialseg.plugin import results

    threads: list[threading.Thread] = []
    hide = results.hide_absent_classes

    def look(one: Any, areas: Any) -> None:
        threads.append(threading.current_thread())
        hide(one, areas)

    monkeypatch.setattr("aerialseg.plugin.processing.segmentraster.hide_absent_classes", look)
    dock = windows.open(layer)
    planned(dock)
    dock.map.start()
    finished(dock)
    assert len(threads) == 2, "classes and polygons"
    assert threading.main_thread() not in threads
    assert {one.thread() for one in project.mapLayers().values()} == {dock.thread()}


def test_run_that_is_cancelled_when_all_is_written_has_succeeded(windows: Any, layer: Any, project: Any) -> None:
    dock = windows.open(layer)
    planned(dock)
    dock.map.start()
    run = dock.map._run
    until(lambda: run._task is not None)
    run._task.executed.connect(lambda *_: run.cancel())  # after the run itself has heard it
    finished(dock)
    assert run.cancelled
    assert len(project.mapLayers()) == 4
    assert dock.map.form.status.text() == "Done. The layers are in the project."


def test_found_areas_are_bars_with_a_text_for_those_who_do_not_see_them(windows: Any, layer: Any) -> None:
    from aerialseg.plugin.gui.wdg_area_chart import BarWidget

    dock = windows.open(layer)
    dock.map.start()  # without waiting for the plan
    finished(dock)
    chart = dock.result.chart
    bars = [bar for bar in chart.findChildren(BarWidget) if not bar.isHidden()]
    assert len(bars) == len(chart.accessibleDescription().splitlines()) > 1
    assert "%" in chart.accessibleDescription()
    assert dock.pages.currentWidget() is dock.result
    until(lambda: bars[0].width() > 0 and bars[0].height() >= bars[0].sizeHint().height(), seconds=5)
    image = bars[0].grab().toImage()
    assert image.pixelColor(image.width() // 4, image.height() // 2).name() in {
        cover.colour.lower() for cover in dock.header.models.model().classes
    }
    dock.result.show_layers.click()


def test_cancel_stops_within_two_seconds_and_leaves_nothing(
    windows: Any, project: Any, iface: FakeInterface, large_scene: Path, tmp_path: Path
) -> None:
    from qgis.PyQt.QtCore import QElapsedTimer

    folder = tmp_path / "results"
    folder.mkdir()
    dock = windows.open(opened(project, iface, large_scene))
    dock.map.form.outputs.file.setFilePath(str(folder / "classes.tif"))
    dock.map.start()
    until(lambda: dock.map.form.progress.value() > 0)
    clock = QElapsedTimer()
    clock.start()
    dock.map.form.cancel.click()
    finished(dock)
    assert clock.elapsed() < 2500
    assert leftovers(folder) == []
    assert dock.map.form.status.text().startswith("Cancelled")
    assert len(project.mapLayers()) == 1
    assert dock.map.form.run.isEnabled()


def test_layer_removed_while_it_is_segmented(windows: Any, layer: Any, project: Any) -> None:
    dock = windows.open(layer)
    dock.map.start()
    until(lambda: dock.map.form.progress.value() > 0 or "plan" in dock.map.form.status.text() or dock.map._run is None)
    project.removeMapLayer(layer.id())
    finished(dock)
    until(lambda: "Mein Bild" in tree(project), seconds=5)
    assert tree(project)["Mein Bild"] == [
        "Mein Bild – class polygons",
        "Mein Bild – classes",
        "Mein Bild – confidence",
    ]


def test_layer_removed_in_the_moment_of_the_start(windows: Any, layer: Any, project: Any) -> None:
    dock = windows.open(layer)
    dock.map.start()
    project.removeMapLayer(layer.id())
    finished(dock)
    assert "no raster layer" in refusal(dock)
    assert len(windows._runs) == 0


def test_layer_removed_while_it_is_planned(windows: Any, layer: Any, project: Any) -> None:
    dock = windows.open(layer)
    until(lambda: dock.map.planner._task is not None)
    project.removeMapLayer(layer.id())
    assert "no raster layer" in refusal(dock)
    dock.map.start()  # nothing happens
    assert len(windows._runs) == 0


def test_closing_leaves_the_run_alone_and_its_layers_come(
    windows: Any, layer: Any, project: Any, iface: FakeInterface
) -> None:
    dock = windows.open(layer)
    dock.map.start()
    until(lambda: len(windows._runs) == 1 and not tasks_are_over())
    dock.close()
    assert any("continues" in text for text in iface.messages())
    until(lambda: len(windows._runs) == 0)
    until(lambda: "Mein Bild" in tree(project), seconds=5)
    assert any("has been segmented" in text for text in iface.messages())


def test_dock_is_opened_again_while_a_run_continues(windows: Any, layer: Any) -> None:
    first = windows.open(layer)
    first.map.start()
    until(lambda: not tasks_are_over())
    first.close()
    assert windows.open(layer) is first
    assert first.map.form.cancel.isEnabled()
    finished(first)
    assert first.pages.currentWidget() is first.result


def test_unloading_the_plugin_ends_runs(windows: Any, project: Any, iface: FakeInterface, large_scene: Path) -> None:
    dock = windows.open(opened(project, iface, large_scene))
    dock.map.start()
    until(lambda: dock.map.form.progress.value() > 0)
    windows.close()
    until(tasks_are_over, seconds=3)
    assert len(project.mapLayers()) == 1


def test_failure_is_said_in_one_sentence(windows: Any, project: Any, iface: FakeInterface, tmp_path: Path) -> None:
    broken = tmp_path / "broken.tif"
    broken.write_bytes(large := Path(make_tiff(tmp_path)).read_bytes())
    layer = opened(project, iface, broken)
    broken.write_bytes(large[: len(large) // 4])
    dock = windows.open(layer)
    dock.map.start()
    finished(dock)
    assert "broken.tif" in dock.map.form.plan.error.text()
    assert "Traceback" not in dock.map.form.plan.error.text()
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
    dock = windows.open(layer)
    dock.map.form.part.choose("visible")
    outputs = dock.map.form.outputs
    outputs.file.setFilePath("")
    outputs.min_area.setValue(5)
    outputs.smooth.setValue(1)
    outputs.square.choose("Building,Water")
    planned(dock)
    dock.map.form.copy.click()
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
    dock.map.start()
    finished(dock)
    ours = named(project, "Mein Bild – classes")
    assert pixels(ours.source()) == pixels(str(tmp_path / "Mein_Bild_classes.tif"))
    assert (tmp_path / "Mein_Bild_classes.gpkg").is_file()


def test_shape_of_polygons_counts_only_with_polygons(windows: Any, layer: Any) -> None:
    dock = windows.open(layer)
    outputs = dock.map.form.outputs
    outputs.smooth.setValue(9)
    outputs.square.choose("Building")
    outputs.classes.choose("Building")
    assert (dock.map.request().smooth, dock.map.request().square) == (3, "Building")
    outputs.polygons.setChecked(False)
    assert not any(
        widget.isEnabled() for widget in (outputs.min_area, outputs.simplify, outputs.smooth, outputs.square)
    )
    command = dock.map.request().format_command()
    assert "--classes" not in command
    assert "--smooth" not in command
    assert "--square" not in command


def test_ticked_classes_become_polygons_and_no_others(windows: Any, layer: Any, project: Any) -> None:
    dock = windows.open(layer)
    outputs = dock.map.form.outputs
    assert list(outputs.classes.boxes) == ["Building", "Land", "Road", "Vegetation", "Water", "Unlabeled"]
    assert outputs.folded_classes.title() == "Classes: all"
    for name in ("Land", "Road", "Water", "Unlabeled"):
        outputs.classes.boxes[name].click()
    assert outputs.folded_classes.title() == "Classes: 2 of 6"
    outputs.classes.choose("")
    assert refusal(dock) == "Tick a class to make polygons of, or untick “Class polygons”."
    outputs.classes.choose("Building,Vegetation")
    assert "--classes=Building,Vegetation" in dock.map.request().format_command().split()
    planned(dock)
    dock.map.start()
    finished(dock)
    polygons = named(project, "Mein Bild – class polygons")
    assert {feature["class_name"] for feature in polygons.getFeatures()} <= {"Building", "Vegetation"}
    assert polygons.featureCount() > 0


def test_copied_command_is_the_one_that_runs(windows: Any, layer: Any, tmp_path: Path) -> None:
    dock = windows.open(layer)
    dock.map.form.outputs.file.setFilePath(str(tmp_path / "my result.tif"))
    (tmp_path / "my result.gpkg").touch()
    dock.map.form.outputs.polygons.toggle()
    assert "my result.gpkg" not in dock.map.form.outputs._note.text()
    dock.map.form.outputs.polygons.toggle()
    assert dock.map.form.outputs._note.text().endswith("To be replaced: my result.gpkg.")
    command = dock.map.request().format_command()
    dock.map.start()
    finished(dock)
    assert command in dock.map.form._log.toPlainText().splitlines()
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
    dock = windows.open(layer)
    dock.map.form.part.choose("areas")
    assert "no layer of polygons" in refusal(dock)
    project.addMapLayer(areas)
    assert planned(dock)
    areas.selectByIds([2])
    dock.map.form.part.selected.setChecked(True)
    request = dock.map.request()
    assert request.selected_only
    assert request.format_command().startswith(
        "# Save the polygons of Quarters as areas.gpkg first.\naerialseg segment"
    )
    project.removeMapLayer(areas.id())
    assert "no layer of polygons" in refusal(dock)


def test_layer_of_a_map_server_says_how_much_is_read_first(windows: Any, project: Any, iface: FakeInterface) -> None:
    from qgis.core import QgsRasterLayer, QgsRectangle

    tiles = QgsRasterLayer("type=xyz&url=http://127.0.0.1:9/{z}/{x}/{y}.png&zmin=0&zmax=19", "Tiles", "wms")
    project.addMapLayer(tiles)
    iface.canvas.setDestinationCrs(tiles.crs())
    iface.canvas.setExtent(QgsRectangle(600000, 6800000, 601000, 6801000))
    dock = windows.open(tiles)
    rows = planned(dock)
    assert dock.map.form.part.part() == "visible"  # all of it would be the world
    assert "read from its server first" in rows["read"]
    assert (
        dock.map.request().format_command().startswith("# Tiles has no file of its own: save it as scene.tif first.\n")
    )
    dock.map.form.part.choose("all")
    assert "megapixels" in refusal(dock)


def test_map_that_shows_nothing_of_the_layer(windows: Any, layer: Any, iface: FakeInterface) -> None:
    from qgis.core import QgsRectangle

    dock = windows.open(layer)
    dock.map.form.part.choose("visible")
    iface.canvas.setExtent(QgsRectangle(0, 0, 10, 10))
    assert "shows nothing of Mein Bild" in refusal(dock)
    iface.canvas.setExtent(layer.extent())
    assert planned(dock)


@pytest.mark.parametrize("target", ["nowhere/classes.tif", "{scene}"])
def test_places_that_cannot_be_written_to_are_refused_before_the_run(
    windows: Any, layer: Any, scene: Path, tmp_path: Path, target: str
) -> None:
    dock = windows.open(layer)
    dock.map.form.outputs.file.setFilePath(str(tmp_path / target.format(scene=scene)))
    assert refusal(dock)


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
    dock = windows.open(layer)
    bar = dock.header.environment
    assert bar.isVisible()
    assert "not set up" in bar.text.text()
    assert bar.button.text().replace("&", "") == "Set up"
    assert not dock.map.form.run.isEnabled()
    bar.button.click()
    until(lambda: bar.progress.value() == 50)
    assert not bar.button.isVisible()
    bar.cancel.click()
    until(lambda: bar.button.isVisible(), seconds=3)
    assert "cancelled" in bar.error.text()


def test_set_up_ends_with_the_plugin_though_its_dock_was_closed(
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
    dock = windows.open(layer)
    dock.header.environment.button.click()
    until(lambda: not tasks_are_over(), seconds=5)
    dock.close()
    windows.close()
    until(tasks_are_over, seconds=3)


def test_environment_that_comes_while_the_dock_is_open(
    windows: Any, layer: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, interpreter: Path
) -> None:
    from aerialseg.plugin.environment import state
    from aerialseg.plugin.gui import wdg_setup

    monkeypatch.delenv("AERIALSEG_PYTHON")
    monkeypatch.setattr(state, "find_environment_folder", lambda: tmp_path / "nothing")
    monkeypatch.setattr(
        wdg_setup, "install", lambda extra, feedback, say: monkeypatch.setenv("AERIALSEG_PYTHON", str(interpreter))
    )
    dock = windows.open(layer)
    dock.header.environment.button.click()
    assert planned(dock)
    assert not dock.header.environment.isVisible()


def test_interpreter_of_the_user_that_is_broken_has_no_button(
    windows: Any, layer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AERIALSEG_PYTHON", "/no/such/python")
    dock = windows.open(layer)
    assert "/no/such/python" in dock.header.environment.text.text()
    assert not dock.header.environment.button.isVisible()


def test_interpreter_without_the_packages_is_found_out_by_the_plan(
    windows: Any, layer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AERIALSEG_PYTHON", sys.executable)
    dock = windows.open(layer)
    assert "lacks" in refusal(dock)


def test_pages_are_made_one_at_a_turn_of_the_event_loop_or_when_they_are_asked_for(
    windows: Any, plugin: Any, iface: FakeInterface
) -> None:
    """All of them at once are a pause that one sees, where Python has not compiled them yet above all."""
    from qgis.PyQt.QtCore import QCoreApplication

    pages = windows.open().pages
    counts = [pages.count()]
    while counts[-1] < 4:
        QCoreApplication.processEvents()
        counts.append(pages.count())
    assert counts[0] == 0
    assert all(later - before <= 1 for before, later in pairwise(counts))
    windows.close()
    dock = type(windows)(iface).open()
    assert dock.areas is dock.pages.widget(3)
    assert dock.map is dock.pages.widget(0)
    QCoreApplication.processEvents()
    assert dock.pages.count() == 4
    dock.stop()


def test_dock_is_narrow_and_everything_in_it_has_a_name(windows: Any, layer: Any) -> None:
    from qgis.PyQt.QtWidgets import QAbstractButton, QComboBox

    dock = windows.open(layer)
    least, letter = dock.minimumSizeHint(), dock.fontMetrics().averageCharWidth()
    assert least.width() <= 60 * letter
    assert least.height() <= 700
    for widget in (*dock.findChildren(QAbstractButton), *dock.findChildren(QComboBox)):
        named = widget.accessibleName() or getattr(widget, "text", str)() or widget.toolTip() or widget.objectName()
        assert named, (widget, widget.parent(), widget.parent().parent())


@pytest.mark.parametrize("locale", ["en", "de"])
@pytest.mark.parametrize("broken", [False, True])
def test_dock_takes_no_key_from_the_menus_of_qgis(
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
        dock = windows.open(layer)
        assert dock.header.environment.button.isVisible()
        assert keys_of(dock) == []
    finally:
        translation.remove()


def test_layer_follows_the_active_one_until_it_is_pinned(
    windows: Any, layer: Any, project: Any, iface: FakeInterface, tmp_path: Path
) -> None:
    from qgis.core import QgsVectorLayer
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    dock = windows.open(layer)
    other = opened(project, iface, make_collar(tmp_path))
    assert dock.map.request().layer == layer.id()
    iface.setActiveLayer(other)
    assert dock.map.request().layer == other.id()
    QTest.mouseClick(dock.header.pin, Qt.MouseButton.LeftButton)
    iface.setActiveLayer(layer)
    assert dock.map.request().layer == other.id()
    QTest.mouseClick(dock.header.pin, Qt.MouseButton.LeftButton)
    assert dock.map.request().layer == layer.id()
    iface.setActiveLayer(QgsVectorLayer("Polygon", "no image", "memory"))
    iface.setActiveLayer(None)
    assert dock.map.request().layer == layer.id()


def test_result_of_a_run_is_no_image_to_follow(windows: Any, layer: Any, project: Any, iface: FakeInterface) -> None:
    dock = windows.open(layer)
    dock.map.start()
    finished(dock)
    iface.setActiveLayer(named(project, "Mein Bild – classes"))
    assert dock.header.layer().id() == layer.id()


def keys_of(dock: Any) -> list[str]:
    """What is pressed with Alt for each widget that has such a key."""
    from qgis.PyQt.QtGui import QKeySequence
    from qgis.PyQt.QtWidgets import QAbstractButton, QGroupBox, QLabel

    texts = [label.text() for label in dock.findChildren(QLabel) if label.buddy() is not None]
    texts += [button.text() for button in dock.findChildren(QAbstractButton)]
    texts += [box.title() for box in dock.findChildren(QGroupBox)]
    return [key for key in (QKeySequence.mnemonic(text).toString() for text in texts) if key]


def test_added_model_is_in_the_list_and_damaged_ones_are_refused(
    windows: Any, layer: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    from aerialseg.plugin import settings

    request.addfinalizer(lambda: settings.save(settings.Settings()))
    chooser = windows.open(layer).header.models
    good, bad = tmp_path / "town.onnx", tmp_path / "bad.onnx"
    good.write_bytes(chooser.model().path.read_bytes())
    bad.write_bytes(b"no model")
    chooser.add_file(str(bad))
    until(lambda: "bad.onnx is no ONNX model" in chooser._error.text())
    chooser.add_file(str(good))
    until(lambda: chooser.name() == "town")
    assert "town" in [chooser.box.itemData(i) for i in range(chooser.box.count())]


@pytest.mark.parametrize("width", [0, 420, 700])
def test_nothing_is_cut_off_however_long_the_description_is(windows: Any, layer: Any, width: int) -> None:
    def is_whole(label: Any) -> bool:
        return label.isVisible() and label.height() >= label.heightForWidth(label.width())

    dock = windows.open(layer)
    planned(dock)
    plan, description = dock.map.form.plan, dock.header.models.facts.description
    dock.header.unfold.click()
    description.setText("Roofs, roads, trees, water and bare ground in images of half a metre. " * 4)
    dock.setFloating(True)
    dock.resize(max(width, dock.minimumSizeHint().width()), 900)
    until(lambda: all(is_whole(plan._grid.itemAt(i).widget()) for i in range(plan._grid.count())), seconds=5)
    assert plan.width() <= plan.parentWidget().width()  # which does not scroll sideways
    dock.map.form.part.choose("areas")
    until(lambda: is_whole(description), seconds=5)


def test_all_that_decides_a_run_is_seen_on_a_laptop(windows: Any, layer: Any, knowing: Path) -> None:
    from qgis.PyQt.QtCore import QPoint, QRect

    dock = windows.open(layer)
    dock.header.models.add_file(str(knowing))
    until(lambda: dock.header.models.name() == "knowing")
    until(lambda: not dock.map.form.plan.busy.isHidden())
    planned(dock)
    dock.setFloating(True)
    dock.resize(420, 590)  # what QGIS leaves of 1366 × 768 px beside its menus, toolbars and status bar
    form = dock.map.form
    until(lambda: form.run.visibleRegion().boundingRect() == form.run.rect(), seconds=5)
    for widget in (form.plan.ground, form.preview, form.part.box, form.quality, form.outputs.polygons):
        assert widget.visibleRegion().boundingRect() == widget.rect()
        assert QRect(QPoint(), dock.size()).contains(QRect(widget.mapTo(dock, QPoint()), widget.size()))


def test_what_is_known_of_a_model_is_a_line_that_unfolds(windows: Any, layer: Any) -> None:
    header = windows.open(layer).header
    assert header.summary.text() == "6 classes · 0.714 to 1.33 m per pixel · mIoU 0.70"
    assert not header.models.facts.isVisible()
    header.unfold.click()
    assert header.models.facts.isVisible()
    assert header.models.facts.resolution.isVisible()
    assert header.state.isVisible()


def test_newest_result_is_on_top_and_the_layer_of_the_user_stays_active(
    windows: Any, layer: Any, project: Any, iface: FakeInterface
) -> None:
    from qgis.core import QgsFillSymbol, QgsMapRendererParallelJob, QgsMapSettings, QgsSingleSymbolRenderer
    from qgis.PyQt.QtCore import QSize

    dock = windows.open(layer)
    iface.setActiveLayer(layer)
    for colour in ("#ff0000", "#00ff00"):
        before = set(project.mapLayers())
        dock.map.start()
        finished(dock)
        until(lambda before=before: len(set(project.mapLayers()) - before) == 3, seconds=5)
        for made in map(project.mapLayer, set(project.mapLayers()) - before):
            if made.name().startswith("Mein Bild – class polygons"):
                made.setRenderer(
                    QgsSingleSymbolRenderer(QgsFillSymbol.createSimple({"color": colour, "outline_style": "no"}))
                )
                made.setOpacity(1)
    until(lambda: len(tree(project)["Mein Bild"]) == 6, seconds=5)
    root = project.layerTreeRoot()
    shown = [one for one in root.layerOrder() if root.findLayer(one.id()).isVisible()]
    settings = QgsMapSettings()
    settings.setLayers(shown)
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(layer.extent())
    settings.setOutputSize(QSize(99, 99))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    found = [job.renderedImage().pixelColor(x, y) for x in range(5, 95, 9) for y in range(5, 95, 9)]
    assert all(colour.green() > 3 * colour.red() for colour in found)  # edges of polygons are a little of both
    assert iface.active is layer
    assert dock.header.layer() is layer


def test_runs_over_the_same_ground_are_shown_one_at_a_time(windows: Any, layer: Any, project: Any) -> None:
    """Seen through each other, their colours would mix."""
    from aerialseg.plugin.gui.request import describe_rectangle
    from qgis.core import QgsRectangle, QgsReferencedRectangle

    dock = windows.open(layer)
    page, root, centre = dock.result, project.layerTreeRoot(), layer.extent().center()

    def look() -> list[bool]:
        return [root.findLayer(record.layers[0]).itemVisibilityChecked() for record in page._records]

    for left in (-61, 0, -30):  # the second lies beside the first, the third over both
        west = centre.x() + left
        part = QgsReferencedRectangle(QgsRectangle(west, centre.y(), west + 60, centre.y() + 60), layer.crs())
        dock.map.form.part.restore(describe_rectangle(part))
        dock.map.form.outputs.confidence.setChecked(False)
        planned(dock)
        dock.map.start()
        finished(dock)
        until(
            lambda: not any(root.findLayer(one.layers[1]).itemVisibilityChecked() for one in page._records), seconds=5
        )
        assert look() == ([True] if left < -30 else [True, True] if left == 0 else [True, False, False])
    page.history.setCurrentIndex(2)
    page.show_layers.click()
    assert look() == [False, False, True]


def test_results_are_kept_with_the_project_compared_and_restored(
    windows: Any, layer: Any, project: Any, iface: FakeInterface, tmp_path: Path
) -> None:
    from qgis.core import QgsProject
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtGui import QGuiApplication
    from qgis.PyQt.QtTest import QTest

    dock = windows.open(layer)
    page, form = dock.result, dock.map.form
    assert page.record() is None
    dock.map.start()
    finished(dock)
    assert "% sure" in page.chart.text()
    form.quality.setCurrentIndex(form.quality.findData("balanced"))
    form.outputs.square.choose("Building")
    form.outputs.classes.choose("Building,Road")
    form.outputs.unlike.setChecked(False)
    dock.map.start()
    finished(dock)
    assert page.history.count() == 2
    page.compared.setCurrentIndex(2)
    assert "+0 " in page.chart.text() or "−" in page.chart.text()
    page.history.setCurrentIndex(1)
    QTest.mouseClick(page.restore, Qt.MouseButton.LeftButton)
    assert dock.pages.currentWidget() is dock.map
    assert (form.quality.currentData(), form.outputs.square.text()) == ("fast", "")
    assert form.outputs.classes.count() == 6
    dock.pages.setCurrentWidget(page)
    QTest.mouseClick(page.copy, Qt.MouseButton.LeftButton)
    header, first, *_ = QGuiApplication.clipboard().text().splitlines()
    assert header == "class\tarea (m²)\tconfidence (%)"
    assert float(first.split("\t")[1]) > 0
    QTest.mouseClick(page.as_layer, Qt.MouseButton.LeftButton)
    assert named(project, "Mein Bild – areas").featureCount() == len(page.record().areas)
    assert project.write(str(tmp_path / "project.qgz"))
    again = QgsProject()
    assert again.read(str(tmp_path / "project.qgz"))
    from aerialseg.plugin.history import list_runs

    assert list_runs(again, layer.id()) == list_runs(project, layer.id()) != []


def test_conventional_colours_are_one_click_and_change_no_number(windows: Any, layer: Any, project: Any) -> None:
    dock = windows.open(layer)
    dock.map.start()
    finished(dock)

    def look() -> list[tuple[Any, str, str]]:
        classes, polygons = (named(project, f"Mein Bild – {what}") for what in ("classes", "class polygons"))
        raster = [(c.value, c.label, c.color.name()) for c in classes.renderer().classes()]
        return [*raster, *((c.value(), c.label(), c.symbol().color().name()) for c in polygons.renderer().categories())]

    scheme = look()
    assert {row[1] for row in scheme} == {name for name, area in dock.result.record().areas.items() if area > 0}
    dock.result.conventional.click()
    usual = look()
    assert [row[:2] for row in usual] == [row[:2] for row in scheme]
    assert {row[2] for row in usual if row[1] == "Water"} == {"#4f91cd"}
    dock.result.conventional.click()
    assert look() == scheme
    dock.result.opacity.setValue(40)
    assert named(project, "Mein Bild – class polygons").opacity() == pytest.approx(0.4)


def test_files_go_beside_the_image_under_a_name_that_is_free(
    windows: Any, project: Any, iface: FakeInterface, tmp_path: Path
) -> None:
    dock = windows.open(opened(project, iface, make_collar(tmp_path)))
    target = dock.map.form.outputs.target
    assert target() == str(tmp_path / "collar_classes.tif")
    dock.map.start()
    finished(dock)
    assert {"collar_classes.tif", "collar_classes.gpkg", "collar_classes_confidence.tif"} <= set(leftovers(tmp_path))
    assert target() == str(tmp_path / "collar_classes_2.tif")
    dock.map.form.outputs.file.setFilePath(str(tmp_path / "mine.tif"))
    dock.map.start()
    finished(dock)
    assert target() == str(tmp_path / "mine.tif")


def test_click_lays_a_preview_over_the_map_and_leaves_nothing(
    windows: Any, layer: Any, project: Any, iface: FakeInterface
) -> None:
    from qgis.core import QgsMapLayer
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    dock = windows.open(layer)
    form, preview = dock.map.form, dock.map.preview
    shown: list[str] = []
    preview.worker.shown.connect(shown.append)
    preview.worker.failed.connect(lambda text: pytest.fail(text))
    QTest.mouseClick(form.preview, Qt.MouseButton.LeftButton)
    click_on_map(iface.canvas, 0.5)
    until(lambda: len(shown) == 1)
    process = preview.worker._process
    click_on_map(iface.canvas, 0.4)
    until(lambda: len(shown) == 2)
    assert preview.worker._process is process
    laid = project.layerTreeRoot().layerOrder()[0]
    assert laid.flags() & QgsMapLayer.LayerFlag.Private
    assert layer.extent().contains(laid.extent())
    assert len(project.mapLayers()) == 2
    QTest.mouseClick(form.preview, Qt.MouseButton.LeftButton)
    assert list(project.mapLayers()) == [layer.id()]
    assert not form.preview.isChecked()
    assert preview.worker._process is process, "who clicks again soon waits for no model"
    windows.close()
    assert preview.worker._process is None


def test_rectangle_is_drawn_on_the_map(windows: Any, layer: Any, iface: FakeInterface) -> None:
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    dock = windows.open(layer)
    part = dock.map.form.part
    part.choose("rectangle")
    assert "Draw a rectangle" in refusal(dock)
    QTest.mouseClick(part.draw, Qt.MouseButton.LeftButton)
    click_on_map(iface.canvas, 0.3, 0.6)
    rows = planned(dock)
    assert rows["scene"].startswith("Mein Bild")
    drawn = dock.map.request().extent
    assert layer.extent().contains(drawn)
    assert drawn.width() < 0.6 * iface.canvas.extent().width()
    part.choose("all")
    assert dock.map.request().extent is None


def test_presets_shape_polygons_and_numbers_name_their_preset(windows: Any, layer: Any) -> None:
    dock = windows.open(layer)
    outputs = dock.map.form.outputs
    told: list[bool] = []
    outputs.changed.connect(lambda: told.append(True))
    outputs.preset.setCurrentIndex(1)
    assert len(told) == 1
    assert outputs.shape() == {"min_area": 25, "simplify": 1, "smooth": 2, "square": "", "classes": ""}
    outputs.preset.setCurrentIndex(2)
    assert outputs.shape()["square"] == "Building"
    assert outputs.folded_square.title() == "Right angles: 1 of 6"
    assert not outputs.folded_square.isCollapsed()
    outputs.smooth.setValue(3)
    assert outputs.preset.currentData() is None
    outputs.restore({"outputs": ["OUTPUT", "POLYGONS"], "min_area": 0, "simplify": 0, "smooth": 0, "square": ""})
    assert outputs.preset.currentIndex() == 0


def test_light_says_that_an_image_is_coarser_than_the_model_knows(
    windows: Any,
    project: Any,
    iface: FakeInterface,
    interpreter: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    from osgeo import gdal

    fine, coarse = make_collar(tmp_path), tmp_path / "coarse.tif"
    gdal.Translate(str(coarse), str(fine), outputBounds=[155000, 463500, 155500, 463000])
    dock = windows.open(opened(project, iface, coarse))
    light = dock.map.form.plan.ground
    planned(dock)
    assert light.isVisible()
    assert light.text.text().startswith("The ground is unlike")  # which says more than that it is coarse
    # of a model that does not tell what its training images look like only the resolution is known
    plain = tmp_path / "plain.onnx"
    code = "import sys; from pathlib import Path; from aerialseg_core.model.bundle import update_bundle;"
    code += " update_bundle(Path(sys.argv[1]), known=None)"
    plain.write_bytes((REPO / "models" / "mbrsc-lite0.onnx").read_bytes())
    subprocess.run([str(interpreter), "-c", code, str(plain)], cwd=REPO, check=True)
    settings = sys.modules["aerialseg.plugin.settings"]
    request.addfinalizer(lambda: settings.save(settings.Settings()))
    settings.save(settings.Settings(models=(str(plain),)))
    dock.header.models.reload("plain")
    until(lambda: light.text.text().startswith("The image is coarser"))
    assert "coarser than what the model knows (2.5 m per pixel" in light.text.text()


@pytest.mark.parametrize(("gsd", "warned"), [(0.1, False), (1.33, False), (1.5, False), (1.6, True), (5.0, True)])
def test_only_images_that_are_coarser_than_the_model_knows_are_warned_of(plugin: Any, gsd: float, warned: bool) -> None:
    from aerialseg.plugin.ground import judge_resolution

    found = judge_resolution(gsd, (0.714, 1.33))
    assert (found is not None) == warned
    if found is not None:
        assert found.verdict == "partly"
        assert f"({gsd:.3g} m per pixel, not 0.714 to 1.33)" in found.text

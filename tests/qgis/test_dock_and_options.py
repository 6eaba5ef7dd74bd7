"""What is begun in one window is seen in the other, and models are tried before they are in any list."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app")]

from interface import FakeInterface, opened, refusal, tasks_are_over, until  # noqa: E402 - after the check for QGIS
from within import REPO  # noqa: E402


@pytest.fixture(autouse=True)
def untouched(plugin: Any) -> None:
    """Nothing that another test has begun or set is there: a set-up would be waited for, an interpreter be taken."""
    from aerialseg.plugin import settings

    until(tasks_are_over)
    settings.save(settings.Settings())


@pytest.fixture
def dock(windows: Any, project: Any, iface: FakeInterface, scene: Path) -> Any:
    return windows.open(opened(project, iface, scene))


def test_a_set_up_that_the_options_have_begun_is_seen_in_the_dock(
    plugin: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from aerialseg.plugin.environment import state
    from aerialseg.plugin.environment.job import SET_UP, Jobs
    from aerialseg.plugin.gui.opt_environment import EnvironmentPage
    from aerialseg.plugin.gui.wdg_setup import SetUpBar

    monkeypatch.delenv("AERIALSEG_PYTHON")
    monkeypatch.setattr(state, "find_environment_folder", lambda: tmp_path)
    jobs, others, done = Jobs(), Jobs(), threading.Event()
    bar, page = SetUpBar(), EnvironmentPage(others)
    assert "0.9 GB" in bar.text.text()
    assert "3 GB" in page.train.text()

    def work(feedback: Any, say: Any) -> None:
        feedback.setProgress(40)
        done.wait(60)

    assert jobs.start(SET_UP, "set up", work)
    until(lambda: bar.progress.value() == 40 and page.bar.value() == 40)
    assert bar.text.text() == "The environment is being set up; that takes some minutes."
    assert bar.button.isHidden()
    assert not page.set_up.isEnabled()
    done.set()
    until(tasks_are_over)
    until(lambda: not bar.button.isHidden() and page.set_up.isEnabled())
    for widget in (bar, page):
        widget.deleteLater()


def test_a_set_up_that_begins_as_another_task_ends_is_seen(plugin: Any) -> None:
    """QGIS tells of the number of tasks, which stays the same then."""
    from aerialseg.plugin.environment.job import SET_UP, Jobs
    from aerialseg.plugin.gui.wdg_setup import SetUpBar
    from qgis.core import QgsApplication, QgsTask
    from qgis.PyQt.QtCore import QThreadPool

    jobs, bar, done = Jobs(), SetUpBar(), threading.Event()
    other = QgsTask.fromFunction("other", lambda task: True)
    QgsApplication.taskManager().addTask(other)
    assert QThreadPool.globalInstance().waitForDone(60_000)  # the event loop has not heard of its end yet
    assert jobs.start(SET_UP, "set up", lambda feedback, say: done.wait(60))
    until(lambda: "being set up" in bar.text.text(), seconds=10)
    done.set()
    until(tasks_are_over)
    bar.deleteLater()


def test_one_plan_at_a_time_however_often_the_map_is_moved(dock: Any, iface: FakeInterface) -> None:
    from qgis.core import QgsApplication

    dock.map.form.part.choose("visible")
    most = 0

    def count() -> int:
        nonlocal most
        tasks = QgsApplication.taskManager().activeTasks()
        most = max(most, sum("plan" in task.description() for task in tasks))
        return most

    for _ in range(5):
        moved = iface.canvas.extent()
        moved.scale(0.9)
        iface.canvas.setExtent(moved)
        until(lambda: count() and dock.map.planner._task is not None, seconds=30)
    until(lambda: bool(count() and dock.map.form.plan.rows and not dock.map.planner.is_busy))
    until(tasks_are_over)
    assert most == 1


def test_an_output_that_is_no_geotiff_is_refused(dock: Any, tmp_path: Path) -> None:
    dock.map.form.outputs.file.setFilePath(str(tmp_path / "x.png"))
    until(lambda: "x.png" in dock.map.form.plan.error.text())
    assert refusal(dock) == "x.png is no name of a GeoTIFF. Choose one that ends in .tif."


def test_a_name_without_a_folder_is_a_file_beside_the_image(dock: Any, scene: Path) -> None:
    outputs = dock.map.form.outputs
    outputs.file.setFilePath("mine.tif")
    assert outputs.target() == str(scene.with_name("mine.tif"))
    assert "Saved beside the image." in outputs._note.text()


@pytest.mark.parametrize("name", ["n" * 300 + ".tif", "n" * 300 + "/classes.tif"], ids=["file", "folder"])
def test_a_name_that_no_file_can_have_is_refused(dock: Any, tmp_path: Path, name: str) -> None:
    dock.map.form.outputs.file.setFilePath(str(tmp_path / name))
    assert refusal(dock).startswith("No file can have the name ")


def test_a_file_that_has_gone_is_said(dock: Any, project: Any, scene: Path, tmp_path: Path) -> None:
    from qgis.core import QgsRasterLayer

    gone = QgsRasterLayer(str(shutil.copy(scene, tmp_path / "gone.tif")), "Gone")
    project.addMapLayer(gone)
    dock.header.set_layer(gone)
    (tmp_path / "gone.tif").unlink()
    dock.map.planner.ask()
    until(lambda: "Gone" in dock.map.form.plan.error.text())
    assert refusal(dock) == "The file of Gone is no longer there. Repair its data source."


def test_polygons_beside_the_image_are_called_by_the_name_of_their_layer(dock: Any, project: Any) -> None:
    from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer

    far = QgsVectorLayer("Polygon?crs=EPSG:28992", "Far away", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(0, 0, 9, 9)))
    far.dataProvider().addFeature(feature)
    project.addMapLayer(far)
    dock.map.form.part.choose("areas")
    dock.map.form.part.layers.setLayer(far)
    until(lambda: "Far away" in dock.map.form.plan.error.text())
    assert "areas.gpkg" not in dock.map.form.plan.error.text()


def test_a_control_that_is_only_in_the_toolbox_is_said_to_be_there(dock: Any, project: Any, tmp_path: Path) -> None:
    from osgeo import gdal
    from qgis.core import QgsRasterLayer

    whole = dock.header.layer().source()
    coarse = str(tmp_path / "coarse.tif")
    gdal.Translate(coarse, whole, width=8, height=8)
    layer = QgsRasterLayer(coarse, "Coarse")
    project.addMapLayer(layer)
    dock.header.set_layer(layer)
    until(lambda: "Coarse" in dock.map.form.plan.error.text())
    assert "“Resolution to read at” is in the algorithm of Processing's toolbox" in dock.map.form.plan.error.text()


def test_a_model_that_does_not_run_is_not_added(dock: Any, tmp_path: Path) -> None:
    chooser = dock.header.models
    content = bytearray((REPO / "models" / "mbrsc-lite0.onnx").read_bytes())
    content[len(content) // 2] ^= 0xFF
    damaged = tmp_path / "damaged.onnx"
    damaged.write_bytes(content)
    chooser.add_file(str(damaged))
    until(lambda: bool(chooser._error.text()))
    assert "damaged" not in chooser.models


def test_models_of_the_command_line_are_listed(plugin: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from aerialseg.plugin.models import list_models

    shutil.copy(REPO / "models" / "mbrsc-lite0.onnx", tmp_path / "town.onnx")
    monkeypatch.setenv("AERIALSEG_MODELS", str(tmp_path))
    assert "town" in list_models([])
    assert list(list_models([str(tmp_path / "town.onnx")])).count("town") == 1

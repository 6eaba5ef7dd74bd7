"""The page *Areas*: points drawn, labelled by key without seeing the map, and hectares with intervals."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app")]

from interface import FakeInterface, until  # noqa: E402 - after the check for QGIS
from within import command_of, core  # noqa: E402


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory, interpreter: Path) -> Path:
    """A class raster of 4 classes with its image and 60 points; to be copied."""
    from osgeo import gdal, osr

    folder = tmp_path_factory.mktemp("drawn")
    system = osr.SpatialReference()
    system.ImportFromEPSG(28992)
    for name, bands in (("classes.tif", 1), ("image.tif", 3)):
        raster = gdal.GetDriverByName("GTiff").Create(str(folder / name), 120, 100, bands, gdal.GDT_Byte)
        raster.SetProjection(system.ExportToWkt())
        raster.SetGeoTransform((155000, 2, 0, 463000, 0, -2))
        for band in range(bands):
            rows = [bytes((1 + x // 40) * (1 if bands == 1 else 60 + 10 * band) for x in range(120))] * 100
            raster.GetRasterBand(band + 1).WriteRaster(0, 0, 120, 100, b"".join(rows))
        if bands == 1:
            table = gdal.ColorTable()
            for value, colour in enumerate([(60, 16, 152), (132, 41, 246), (110, 193, 228)], start=1):
                table.SetColorEntry(value, colour)
            raster.GetRasterBand(1).SetColorTable(table)
            raster.GetRasterBand(1).SetCategoryNames(["", "Building", "Land", "Road"])
    raster = None
    core([*command_of(interpreter), "sample-points", str(folder / "classes.tif"), "-o", str(folder / "points.gpkg"),
          "--points", "60"])  # fmt: skip
    return folder


@pytest.fixture
def folder(drawn: Path, tmp_path: Path) -> Path:
    return shutil.copytree(drawn, tmp_path / "Müller & Söhne")


@pytest.fixture
def page(windows: Any) -> Any:
    """The page in the dock, seen."""
    dock = windows.open()
    dock.pages.setCurrentWidget(dock.areas)
    return dock.areas


def add_rasters(project: Any, iface: FakeInterface, folder: Path) -> tuple[Any, Any]:
    """The class raster and the image in the project; the map shows both."""
    from qgis.core import QgsRasterLayer

    added = []
    for name in ("image", "classes"):
        layer = QgsRasterLayer(str(folder / f"{name}.tif"), name)
        assert layer.isValid()
        project.addMapLayer(layer)
        added.append(layer)
    iface.canvas.setDestinationCrs(added[0].crs())
    iface.canvas.setExtent(added[0].extent())
    return added[1], added[0]


def add_points(project: Any, page: Any, path: Path) -> Any:
    from qgis.core import QgsVectorLayer

    layer = QgsVectorLayer(f"{path}|layername=points", path.stem, "ogr")
    assert layer.isValid()
    project.addMapLayer(layer)
    page.points.setLayer(layer)
    return layer


def press(widget: Any, *keys: Any) -> None:
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    for key in keys:
        QTest.keyClick(widget, key if isinstance(key, str) else Qt.Key(key))


def click(button: Any) -> None:
    from qgis.PyQt.QtCore import QPoint, Qt
    from qgis.PyQt.QtTest import QTest

    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(8, button.height() // 2))  # a box is at the left


def stored(path: Path) -> list[tuple[Any, ...]]:
    """What any other program reads of the points, now."""
    with sqlite3.connect(path) as base:
        return base.execute("SELECT label, unsure, labelled_by, labelled_at FROM points ORDER BY id").fetchall()


def test_from_a_map_to_hectares_by_clicks_and_keys(page: Any, project: Any, iface: FakeInterface, folder: Path) -> None:
    from qgis.core import QgsApplication

    classes, _ = add_rasters(project, iface, folder)
    assert page.map.currentLayer() == classes
    assert not page.label.isEnabled()
    page.count.setValue(60)
    click(page.draw)
    assert not page.draw.isEnabled()
    until(lambda: page.sample is not None and page.draw.isEnabled())
    assert page.sample.path == folder / "classes_points_2.gpkg" or page.sample.path == folder / "classes_points.gpkg"
    assert project.layerTreeRoot().findLayers()[0].layer() == page.sample.layer  # above the map
    assert page.strata.text().endswith("Building 20/20, Land 20/20, Road 20/20".replace("20/20", "0/20"))

    click(page.label)
    assert page.pad.active
    by_name = {one.name: str(number) for number, one in enumerate(page.sample.classes, start=1)}
    for number, point in enumerate(list(page.sample.points)):
        wrong = number < 5
        press(page.pad, "3" if wrong else by_name[point.stratum])
        assert stored(page.sample.path)[number][0] == ("Road" if wrong else point.stratum)
    assert "All points have a label" in page.pad.point.text()
    label, _, who, when = stored(page.sample.path)[0]
    assert (label, who) == ("Road", QgsApplication.userFullName() or QgsApplication.userLoginName())
    assert when
    press(page.pad, 0x01000000)  # Esc
    assert not page.pad.active

    click(page.estimate)
    until(lambda: not page.found.isHidden() or page.refused.text())
    assert not page.refused.text()
    rows = {page.found.table.item(row, 0).text(): page.found.table.item(row, 1).text() for row in range(3)}
    assert set(rows) == {"Building", "Land", "Road"}
    assert all("±" in text for text in rows.values())
    click(page.found.copy)
    lines = QgsApplication.clipboard().text().splitlines()
    assert lines[0].startswith("class\tmapped\tarea_value\tarea_low\tarea_high")
    assert sum(float(line.split("\t")[2]) for line in lines[1:]) == pytest.approx(100 * 120 * 4 / 1e4, rel=1e-3)


def test_the_newest_map_is_proposed_and_nothing_that_is_none(
    page: Any, project: Any, iface: FakeInterface, folder: Path
) -> None:
    from aerialseg.plugin.results import _MADE_BY, style_flips
    from qgis.core import QgsApplication, QgsRasterLayer, QgsSingleBandGrayRenderer

    first, _ = add_rasters(project, iface, folder)
    made = {}
    for name in ("newer", "confidence", "flips"):
        made[name] = QgsRasterLayer(str(folder / "classes.tif"), name)
        made[name].setCustomProperty(_MADE_BY, "run")
    made["confidence"].setRenderer(QgsSingleBandGrayRenderer(made["confidence"].dataProvider(), 1))
    style_flips(made["flips"])
    project.addMapLayers(list(made.values()))
    QgsApplication.processEvents()
    assert page.map.currentLayer() == made["newer"]
    offered = {page.map.itemText(place) for place in range(page.map.count())}
    assert offered == {first.name(), "newer"}
    page.map.setLayer(first)
    project.addMapLayer(QgsRasterLayer(str(folder / "image.tif"), "another image"))
    QgsApplication.processEvents()
    assert page.map.currentLayer() == first  # what somebody has chosen stays until there is a newer map
    newest = project.addMapLayer(QgsRasterLayer(str(folder / "classes.tif"), "newest"))
    newest.setCustomProperty(_MADE_BY, "run")  # as a run does it, when the layer is there
    until(lambda: page.map.currentLayer() == newest)


def test_legend_of_points_is_in_the_language_of_qgis(
    page: Any, project: Any, iface: FakeInterface, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aerialseg.plugin import i18n

    monkeypatch.setattr(i18n, "_find_locale", lambda: "de")
    translation = i18n.Translation()
    translation.install()
    try:
        add_rasters(project, iface, folder)
        page.count.setValue(60)
        click(page.draw)
        until(lambda: bool(page.sample or page.undrawn.text()))
        legend = [category.label() for category in page.points.currentLayer().renderer().categories()]
    finally:
        translation.remove()
    assert legend == ["zu beschriften", "beschriftet", "unsicher"]


def test_a_page_that_nobody_sees_sorts_no_layers(page: Any, project: Any, iface: FakeInterface, folder: Path) -> None:
    pages = page.parent().parent()
    pages.setCurrentIndex(0)
    classes, image = add_rasters(project, iface, folder)
    assert page.map.exceptedLayerList() == []
    pages.setCurrentWidget(page)
    assert page.map.exceptedLayerList() == [image]
    assert page.map.currentLayer() == classes


def test_clusters_are_asked_for_and_drawn(page: Any, project: Any, iface: FakeInterface, folder: Path) -> None:
    add_rasters(project, iface, folder)
    assert page.side.isHidden()
    page.method.setCurrentIndex(page.method.findData("cluster"))
    assert not page.side.isHidden()
    page.count.setValue(40)
    page.each.setValue(4)
    page.side.setValue(20)
    click(page.draw)
    until(lambda: bool(page.sample or page.undrawn.text()) and page.draw.isEnabled())
    assert not page.undrawn.text()
    assert len(page.sample.points) == 40
    with sqlite3.connect(page.sample.path) as base:
        spread = base.execute(
            "SELECT max(row / 10) - min(row / 10), max(col / 10) - min(col / 10), count(*) FROM points GROUP BY cluster"
        ).fetchall()
    assert spread == [(0, 0, 4)] * 10


def test_who_labels_does_not_see_the_map(page: Any, project: Any, iface: FakeInterface, folder: Path) -> None:
    classes, image = add_rasters(project, iface, folder)
    points = add_points(project, page, folder / "points.gpkg")
    root = project.layerTreeRoot()
    click(page.label)
    assert page.image.currentLayer() == image
    shown = [node.layerId() for node in root.findLayers() if node.isVisible()]
    assert set(shown) == {points.id(), image.id()}
    assert page.pad.overview.layers() == [image]
    told = " ".join(widget.text() for widget in page.findChildren(type(page.pad.point)) if widget.isVisible())
    assert "By class of the map" not in told
    strata = [point.stratum for point in page.sample.points]
    assert page.pad.point.text() == "Point 1 of 60: what is in the yellow square?"
    near, far = iface.canvas.extent(), page.pad.overview.extent()
    assert min(far.width(), far.height()) > 4 * min(near.width(), near.height())  # canvases have other shapes
    for extent in (near, far):
        place = page.sample.points[0].place
        assert (extent.center().x(), extent.center().y()) == pytest.approx((place.x(), place.y()))
    page.parent().parent().setCurrentIndex(0)  # another page of the dock
    assert not page.pad.active
    assert {node.layerId() for node in root.findLayers() if node.isVisible()} >= {classes.id(), image.id()}
    assert [point.stratum for point in page.sample.points] == strata


def test_keys_step_take_back_and_are_heard_on_the_map(
    page: Any, project: Any, iface: FakeInterface, folder: Path
) -> None:
    from qgis.PyQt.QtCore import Qt

    add_rasters(project, iface, folder)
    path = folder / "points.gpkg"
    add_points(project, page, path)
    click(page.label)
    pad = page.pad
    press(pad, "2", Qt.Key.Key_Right, Qt.Key.Key_U, "1")  # the first; the third, of which one is not sure
    assert [row[:2] for row in stored(path)[:4]] == [("Land", 0), (None, 0), ("Building", 1), (None, 0)]
    assert page.progress.text() == "2 of 60 labelled, 1 not sure"
    press(pad, Qt.Key.Key_Space)
    assert pad.point.text().startswith("Point 5 of 60")
    press(pad, Qt.Key.Key_Left, Qt.Key.Key_Left)
    assert pad.point.text().startswith("Point 3 of 60: Building, said ")
    assert pad.unsure.isChecked()
    assert pad.class_buttons[0].isChecked()
    press(pad, Qt.Key.Key_Delete)
    assert stored(path)[2][0] is None
    press(iface.canvas, "3")  # somebody has moved the map, which has the focus now
    assert stored(path)[2][0] == "Road"
    press(pad.overview, "9")  # no such class
    assert sum(row[0] is not None for row in stored(path)) == 2
    click(pad.class_buttons[1])
    assert sum(row[0] == "Land" for row in stored(path)) == 2
    click(pad.stop)
    press(iface.canvas, "1")
    assert sum(row[0] is not None for row in stored(path)) == 3


def test_a_key_that_is_held_down_labels_one_point(page: Any, project: Any, iface: FakeInterface, folder: Path) -> None:
    from qgis.core import QgsApplication
    from qgis.PyQt.QtCore import QEvent, Qt
    from qgis.PyQt.QtGui import QKeyEvent

    add_rasters(project, iface, folder)
    add_points(project, page, folder / "points.gpkg")
    click(page.label)
    for repeated in (False, True, True):
        none = Qt.KeyboardModifier.NoModifier
        QgsApplication.sendEvent(page.pad, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_1, none, "1", repeated))
    assert sum(row[0] is not None for row in stored(folder / "points.gpkg")) == 1


def test_what_is_no_probability_sample_is_refused(page: Any, project: Any, iface: FakeInterface, folder: Path) -> None:
    from qgis.core import QgsVectorLayer

    add_rasters(project, iface, folder)
    mine = QgsVectorLayer("Point?crs=EPSG:28992&field=label:string", "mine", "memory")
    project.addMapLayer(mine)
    page.points.setLayer(mine)
    assert page.problem.text().startswith("Nobody knows how the points of mine were drawn")
    assert not page.label.isEnabled()
    assert not page.estimate.isEnabled()

    layer = add_points(project, page, folder / "points.gpkg")
    assert not page.problem.text()
    click(page.estimate)
    assert page.refused.text() == "No point has a label yet. Label the points first."
    click(page.label)
    press(page.pad, "1", "2", "3")
    click(page.pad.stop)
    click(page.estimate)
    assert page.refused.text().startswith("57 points have no label.")
    click(page.incomplete)
    click(page.estimate)
    until(lambda: bool(page.refused.text()))
    assert "two points are labelled" in page.refused.text()
    assert page.found.isHidden()

    assert layer.startEditing()
    click(page.label)
    assert "is being edited" in page.problem.text()
    assert not page.pad.active
    layer.rollBack()


def test_layers_come_back_after_a_project_was_saved_while_points_were_labelled(
    page: Any, project: Any, iface: FakeInterface, folder: Path
) -> None:
    add_rasters(project, iface, folder)
    add_points(project, page, folder / "points.gpkg")
    click(page.label)
    assert project.write(str(folder / "project.qgz"))
    project.clear()
    assert not page.pad.active
    assert page.sample is None
    assert project.read(str(folder / "project.qgz"))
    nodes = {node.name(): node.isVisible() for node in project.layerTreeRoot().findLayers()}
    assert nodes["classes"]


KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from qgis.core import QgsApplication, QgsVectorLayer
application = QgsApplication([], False)
application.initQgis()
from aerialseg.plugin.sampling.sample import Sample
sample = Sample(QgsVectorLayer(sys.argv[2] + "|layername=points", "points", "ogr"))
for point in sample.points[:7]:
    sample.label(point, "Land")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_nothing_is_lost_when_qgis_is_killed(folder: Path, plugins_dir: Path) -> None:
    code = [sys.executable, "-c", KILLED, str(plugins_dir), str(folder / "points.gpkg")]
    done = subprocess.run(code, env={**os.environ}, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert [row[0] for row in stored(folder / "points.gpkg")][:8] == ["Land"] * 7 + [None]


def test_points_are_not_kept_where_they_are_thrown_away(plugin: Any, tmp_path: Path) -> None:
    from aerialseg.plugin.sampling.sample import choose_sample_path

    temporary, home = tmp_path / "processing", tmp_path / "home"
    for made in (temporary / "run", home):
        made.mkdir(parents=True)
    path = choose_sample_path(str(temporary / "run" / "classes.tif"), (home,), temporary)
    assert path == home / "classes_points.gpkg"
    path.touch()
    assert choose_sample_path(None, (home,), temporary) == home / "map_points.gpkg"
    assert choose_sample_path(str(home / "classes.tif"), (home,), temporary) == home / "classes_points_2.gpkg"

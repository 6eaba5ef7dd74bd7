"""What was chosen for a layer comes back: when it is the active one again, with the project, from the history."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app")]

from interface import FakeInterface, finished, opened, planned  # noqa: E402 - as above


def choose(dock: Any, layer: Any) -> None:
    """What somebody chooses for a layer that is far from what is there at first."""
    from qgis.core import QgsRectangle

    form = dock.map.form
    form.quality.setCurrentIndex(form.quality.findData("best"))
    form.outputs.preset.setCurrentIndex(2)
    form.outputs.classes.choose("Building,Road")
    form.outputs.unlike.setChecked(True)
    form.bands.nodata_edit.setText("7")
    form.part.choose("rectangle")
    centre = layer.extent().center()
    form.part._take_rectangle(QgsRectangle(centre.x() - 20, centre.y() - 20, centre.x() + 20, centre.y() + 20))


def chosen(dock: Any) -> tuple[Any, ...]:
    form = dock.map.form
    return (
        form.quality.currentData(),
        form.outputs.preset.currentIndex(),
        form.outputs.classes.text(),
        form.outputs.unlike.isChecked(),
        form.bands.nodata(),
        form.part.part(),
    )


MINE = ("best", 2, "Building,Road", True, "7", "rectangle")


def test_choices_come_back_with_their_layer(windows: Any, project: Any, iface: FakeInterface, scene: Path) -> None:
    first, second = opened(project, iface, scene), opened(project, iface, scene)
    dock = windows.open(first)
    choose(dock, first)
    assert chosen(dock) == MINE
    extent = dock.map.request().extent
    iface.setActiveLayer(second)
    assert dock.header.layer() is second
    assert dock.map.form.bands.nodata() == ""  # what is no data in one image says nothing of another one
    dock.map.form.quality.setCurrentIndex(0)
    dock.map.form.part.choose("all")
    dock.map.form.outputs.preset.setCurrentIndex(1)
    others = chosen(dock)
    iface.setActiveLayer(first)
    assert chosen(dock) == MINE
    assert dock.map.request().extent == extent
    assert dock.map.form.part._outline is not None  # it is seen on the map
    iface.setActiveLayer(second)
    assert chosen(dock) == others
    assert dock.map.form.part._outline is None


def test_choices_come_back_with_the_project(
    windows: Any, project: Any, iface: FakeInterface, scene: Path, tmp_path: Path
) -> None:
    layer = opened(project, iface, scene)
    dock = windows.open(layer)
    choose(dock, layer)
    assert project.isDirty()
    assert project.write(str(tmp_path / "mine.qgz"))
    project.clear()
    other = opened(project, iface, scene)
    assert chosen(dock)[2] == "Building,Road"  # they stay for what nothing was ever chosen for
    dock.map.form.quality.setCurrentIndex(0)
    dock.map.form.part.choose("all")
    del other
    assert project.read(str(tmp_path / "mine.qgz"))
    assert chosen(dock) == MINE
    assert not project.isDirty()


def test_looking_at_a_layer_changes_no_project(windows: Any, project: Any, iface: FakeInterface, scene: Path) -> None:
    first, second = opened(project, iface, scene), opened(project, iface, scene)
    dock = windows.open(first)
    planned(dock)
    project.setDirty(False)
    iface.setActiveLayer(second)
    planned(dock)
    iface.setActiveLayer(first)
    planned(dock)
    assert not project.isDirty()


def test_history_restores_part_and_extent(windows: Any, project: Any, iface: FakeInterface, scene: Path) -> None:
    layer = opened(project, iface, scene)
    dock = windows.open(layer)
    view = iface.canvas.extent()
    view.scale(0.2)
    iface.canvas.setExtent(view)
    dock.map.form.outputs.file.setFilePath("")
    dock.map.form.part.choose("visible")
    planned(dock)
    extent = dock.map.request().extent
    dock.map.start()
    finished(dock)
    dock.map.form.part.choose("all")
    iface.canvas.setExtent(layer.extent())
    assert dock.map.request().extent is None
    dock.result.restore.click()
    assert dock.map.form.part.part() == "rectangle"  # the map shows another part now
    again = dock.map.request().extent
    for side in ("xMinimum", "yMinimum", "xMaximum", "yMaximum"):
        assert getattr(again, side)() == pytest.approx(getattr(extent, side)(), abs=1e-6)

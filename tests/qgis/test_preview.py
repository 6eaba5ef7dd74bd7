"""Previews: of layers without a file as well, and a worker that stays as long as it is of use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app")]

from interface import FakeInterface, click_on_map, opened, until  # noqa: E402 - after the check
from test_map_servers import served, server  # noqa: E402, F401 - fixtures


def listen(preview: Any) -> list[str]:
    """What a preview shows from now on; a failure ends the test."""
    shown: list[str] = []
    preview.worker.shown.connect(shown.append)
    preview.worker.failed.connect(lambda text: pytest.fail(text))
    return shown


def test_layer_of_a_server_is_read_around_the_click(
    windows: Any,
    project: Any,
    iface: FakeInterface,
    served: Any,  # noqa: F811 - the fixture
) -> None:
    from qgis.core import QgsRasterLayer, QgsRectangle

    iface.canvas.setDestinationCrs(served.crs())
    iface.canvas.setExtent(QgsRectangle(600000, 6800000, 602000, 6802000))
    preview = windows.open(served).map.preview
    shown = listen(preview)
    preview.activate(True)
    for count, place in enumerate((0.5, 0.3), start=1):
        click_on_map(iface.canvas, place)
        until(lambda: len(shown) == count)  # noqa: B023 - it is over before the next one
    assert len(set(shown)) == 2, "the one that is shown is not written over"
    laid = project.layerTreeRoot().layerOrder()[0]
    assert isinstance(laid, QgsRasterLayer)
    assert laid.source() == shown[-1]
    centre = iface.canvas.getCoordinateTransform().toMapCoordinates(
        round(0.3 * iface.canvas.width()), round(0.3 * iface.canvas.height())
    )
    assert laid.extent().contains(centre)
    assert laid.extent().width() < 2000


def test_server_that_does_not_answer_is_said(windows: Any, project: Any, iface: FakeInterface) -> None:
    from qgis.core import QgsRasterLayer, QgsRectangle

    layer = QgsRasterLayer("type=xyz&url=http://127.0.0.1:9/{z}/{x}/{y}.png&zmin=0&zmax=19", "Tiles", "wms")
    project.addMapLayer(layer)
    iface.canvas.setDestinationCrs(layer.crs())
    iface.canvas.setExtent(QgsRectangle(600000, 6800000, 602000, 6802000))
    page = windows.open(layer).map
    page.preview.activate(True)
    click_on_map(iface.canvas, 0.5)
    until(lambda: "Tiles" in page.form.status.text() and "Reading" not in page.form.status.text())
    assert page.preview.worker._process is None


def test_worker_is_there_before_the_click_and_goes_with_the_layer_or_after_a_while(
    windows: Any, project: Any, iface: FakeInterface, scene: Path
) -> None:
    first, second = opened(project, iface, scene), opened(project, iface, scene)
    dock = windows.open(first)
    preview, worker = dock.map.preview, dock.map.preview.worker
    shown = listen(preview)
    preview.activate(True)
    process = worker._process
    until(lambda: not worker._busy)
    assert not shown, "nobody has clicked yet"
    click_on_map(iface.canvas, 0.5)
    until(lambda: len(shown) == 1)
    preview.activate(False)
    assert worker._process is process
    dock.header.set_layer(second)
    assert worker._process is None
    preview.activate(True)
    until(lambda: not worker._busy)
    assert worker._idle.remainingTime() > 60_000
    worker._idle.start(1)
    until(lambda: worker._process is None)


def test_legend_says_what_the_colours_mean_and_another_layer_takes_the_preview_away(
    windows: Any, project: Any, iface: FakeInterface, scene: Path
) -> None:
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    first, second = opened(project, iface, scene), opened(project, iface, scene)
    dock = windows.open(first)
    form, shown = dock.map.form, listen(dock.map.preview)
    assert not form.legend.isVisible()
    QTest.mouseClick(form.preview, Qt.MouseButton.LeftButton)
    assert form.legend.isVisible()
    assert "Building, Land, Road, Vegetation, Water" in form.legend.accessibleName()
    click_on_map(iface.canvas, 0.5)
    until(lambda: len(shown) == 1)
    assert len(project.mapLayers()) == 3
    dock.header.set_layer(second)
    assert set(project.mapLayers()) == {first.id(), second.id()}
    assert form.legend.isVisible(), "the tool is still there"
    QTest.mouseClick(form.preview, Qt.MouseButton.LeftButton)
    assert not form.legend.isVisible()

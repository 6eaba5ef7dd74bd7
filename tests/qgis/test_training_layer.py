"""A new layer to draw training polygons in, and what is said of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = pytest.mark.qgis

from test_dock import until  # noqa: E402 - after the check for QGIS


class FakeInterface:
    """What the box uses of QGIS's iface."""

    def __init__(self) -> None:
        from qgis.PyQt.QtWidgets import QAction

        self.active: Any = None
        self.drawing = 0
        self.action = QAction()
        self.action.triggered.connect(self.draw)

    def draw(self) -> None:
        self.drawing += 1

    def setActiveLayer(self, layer: Any) -> None:
        self.active = layer

    def actionAddFeature(self) -> Any:
        return self.action


@pytest.fixture
def box(plugin: Any, project: Any, scene: Path) -> Any:
    """The box over an image, with the classes of the shipped model."""
    from aerialseg.plugin.gui.wdg_training_layer import TrainingLayerBox
    from aerialseg.plugin.models import list_models
    from qgis.core import QgsRasterLayer

    image = QgsRasterLayer(str(scene), "Mein Bild")
    project.addMapLayer(image)
    box = TrainingLayerBox(FakeInterface())
    box.set_layer(image)
    box.set_model(list_models(())["mbrsc-lite0"])
    return box


def add(layer: Any, number: int, left: float) -> None:
    """Draw a polygon as QGIS does: with the defaults of its fields."""
    from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayerUtils

    shape = QgsGeometry.fromRect(QgsRectangle(left, 463000, left + 10, 463010))
    attributes = {layer.fields().indexOf("class_id"): number}
    feature = QgsVectorLayerUtils.createFeature(layer, shape, attributes)
    assert isinstance(feature, QgsFeature)
    assert layer.addFeature(feature)


def test_a_layer_is_ready_to_be_drawn_in(box: Any, project: Any, tmp_path: Path) -> None:
    from qgis.core import QgsVectorLayer

    assert box.names.text() == "Building, Land, Road, Vegetation, Water, Unlabeled"
    box.names.setText("Water, Solar panel, water , Road")
    box.start(str(tmp_path / "mine.gpkg"))
    layer = project.mapLayer(box._drawn)
    assert project.layerTreeRoot().children()[0].layer() is layer
    until(layer.isEditable)
    assert box._iface.active is layer
    assert box._iface.drawing == 1
    legend = {one.label(): one.symbol().symbolLayer(0).strokeColor().name() for one in layer.renderer().categories()}
    assert list(legend) == ["Water", "Solar panel", "Road"]
    assert legend["Water"] == "#e2a929"
    assert layer.editorWidgetSetup(layer.fields().indexOf("class_id")).type() == "ValueMap"
    assert project.snappingConfig().enabled()
    assert project.topologicalEditing()
    assert not box.train.isEnabled()
    add(layer, 2, 155_000)
    add(layer, 3, 155_020)
    assert box.train.isEnabled()
    assert "Solar panel (1)" in box.advice.text()
    assert layer.commitChanges()
    names = {(f["class_id"], f["class_name"], round(f["area_m2"])) for f in layer.getFeatures()}
    assert names == {(2, "Solar panel", 100), (3, "Road", 100)}
    again = QgsVectorLayer(f"{tmp_path / 'mine.gpkg'}|layername=training", "again", "ogr")
    assert len(again.renderer().categories()) == 3
    assert again.defaultValueDefinition(again.fields().indexOf("class_name")).applyOnUpdate()


def test_one_class_is_none(box: Any, project: Any, tmp_path: Path) -> None:
    box.names.setText("Water")
    box.start(str(tmp_path / "mine.gpkg"))
    assert "two classes" in box.error.text()
    assert not list(tmp_path.glob("*.gpkg"))


def test_a_file_that_cannot_be_written_is_said(box: Any, project: Any, tmp_path: Path) -> None:
    box.start(str(tmp_path / "no such folder" / "mine.gpkg"))
    assert "mine.gpkg cannot be written" in box.error.text()
    assert len(project.mapLayers()) == 1

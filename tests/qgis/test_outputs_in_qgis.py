"""What the command line writes opens in QGIS with names and colours, without a style file."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app")]

REPO = Path(__file__).resolve().parents[2]
MBRSC = {
    1: ("Building", "#3c1098"),
    2: ("Land", "#8429f6"),
    3: ("Road", "#6ec1e4"),
    4: ("Vegetation", "#fedd3a"),
    5: ("Water", "#e2a929"),
    6: ("Unlabeled", "#9b9b9b"),
}


def command() -> list[str]:
    """The command line to test: AERIALSEG_COMMAND, or the one that `make test` installed."""
    named = os.environ.get("AERIALSEG_COMMAND") or REPO / ".venv" / "bin" / "aerialseg"
    found = shutil.which(str(named))
    if found is None:
        pytest.skip(f"{named} is not installed: no outputs to open")
    return [found]


@pytest.fixture(scope="session")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with classes.tif and polygons.gpkg as the real command line writes them."""
    folder = tmp_path_factory.mktemp("outputs")
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    steps = (
        ["sample", "scene.tif"],
        ["segment", "scene.tif", "-o", "classes.tif", "--polygons", "polygons.gpkg"],
    )
    for step in steps:
        run = subprocess.run(
            [*command(), *step],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert run.returncode == 0, run.stderr
    return folder


def test_gdal_of_qgis_finds_an_attribute_table_of_the_classes(outputs: Path) -> None:
    from osgeo import gdal

    dataset = gdal.Open(str(outputs / "classes.tif"))  # the table lives as long as this does
    table = dataset.GetRasterBand(1).GetDefaultRAT()
    usages = [table.GetUsageOfCol(column) for column in range(table.GetColumnCount())]
    assert usages == [gdal.GFU_MinMax, gdal.GFU_Name, gdal.GFU_Red, gdal.GFU_Green, gdal.GFU_Blue]
    rows = {}
    for row in range(table.GetRowCount()):
        colour = "#{:02x}{:02x}{:02x}".format(*(table.GetValueAsInt(row, column) for column in (2, 3, 4)))
        rows[table.GetValueAsInt(row, 0)] = (table.GetValueAsString(row, 1), colour)
    assert rows == MBRSC


def test_qgis_styles_a_class_raster_by_its_attribute_table(outputs: Path) -> None:
    from qgis.core import QgsRasterLayer

    layer = QgsRasterLayer(str(outputs / "classes.tif"), "classes", "gdal")
    if not hasattr(layer, "attributeTable"):
        pytest.skip("QGIS reads attribute tables from 3.30 on")
    table = layer.attributeTable(1)
    assert table.isValid()[0]
    assert table.hasColor()
    classes = {int(one.value): (one.label, one.color.name()) for one in layer.renderer().classes()}
    assert {value: classes[value] for value in MBRSC} == MBRSC


def test_class_raster_opens_with_class_names_and_colours(outputs: Path) -> None:
    from qgis.core import QgsPalettedRasterRenderer, QgsRasterLayer

    layer = QgsRasterLayer(str(outputs / "classes.tif"), "classes")
    assert layer.isValid(), layer.error().summary()
    assert layer.crs().authid() == "EPSG:32640"
    assert (layer.width(), layer.height()) == (510, 544)
    assert layer.dataProvider().sourceHasNoDataValue(1)
    assert layer.dataProvider().sourceNoDataValue(1) == 0
    renderer = layer.renderer()
    assert isinstance(renderer, QgsPalettedRasterRenderer)
    shown = {int(c.value): (c.label, c.color.name()) for c in renderer.classes()}
    assert {k: v for k, v in shown.items() if k in MBRSC} == MBRSC


def test_class_raster_is_drawn_in_the_colours_of_its_classes(outputs: Path) -> None:
    from qgis.core import QgsRasterLayer
    from qgis.PyQt.QtGui import QColor

    layer = QgsRasterLayer(str(outputs / "classes.tif"), "classes")
    block = layer.renderer().block(1, layer.extent(), 50, 50)
    colours = {QColor(block.color(row, column)).name() for row in range(50) for column in range(50)}
    assert colours <= {colour for _, colour in MBRSC.values()}
    assert len(colours) > 1


def test_polygons_open_coloured_from_the_style_inside_the_geopackage(outputs: Path) -> None:
    from qgis.core import QgsCategorizedSymbolRenderer, QgsVectorLayer, QgsWkbTypes

    layer = QgsVectorLayer(str(outputs / "polygons.gpkg"), "polygons", "ogr")
    assert layer.isValid(), layer.error().summary()
    assert layer.crs().authid() == "EPSG:32640"
    assert QgsWkbTypes.geometryType(layer.wkbType()) == QgsWkbTypes.GeometryType.PolygonGeometry
    assert {"class_id", "class_name", "area_m2"} <= set(layer.fields().names())
    renderer = layer.renderer()
    assert isinstance(renderer, QgsCategorizedSymbolRenderer)
    by_name = dict(MBRSC.values())
    by_id = {str(class_id): colour for class_id, (_, colour) in MBRSC.items()}
    expected = by_name if renderer.classAttribute() == "class_name" else by_id
    shown = {str(c.value()): c.symbol().color().name() for c in renderer.categories()}
    present = {str(f[renderer.classAttribute()]) for f in layer.getFeatures()}
    assert present <= set(shown)
    assert {k: v for k, v in shown.items() if k in expected} == {k: expected[k] for k in shown if k in expected}
    assert {c.label() for c in renderer.categories() if str(c.value()) in present} <= set(by_name)

"""Points to label and the areas that they tell, in a real QGIS and without its windows."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from within import Run, command_of, core, qgis_process_command

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = pytest.mark.qgis

RunAlgorithm = Callable[..., Run]


@pytest.fixture
def class_map(tmp_path: Path) -> Path:
    """A class raster of 3 classes, 100 × 120 px of 10 m, under a path with spaces and letters beyond ASCII."""
    from osgeo import gdal, osr

    folder = tmp_path / "Müller & Söhne"
    folder.mkdir()
    raster = gdal.GetDriverByName("GTiff").Create(str(folder / "classes.tif"), 120, 100, 1, gdal.GDT_Byte)
    system = osr.SpatialReference()
    system.ImportFromEPSG(28992)
    raster.SetProjection(system.ExportToWkt())
    raster.SetGeoTransform((155000, 10, 0, 463000, 0, -10))
    rows = [bytes([1] * 60 + [2] * 40 + [3] * 20)] * 90 + [bytes(120)] * 10
    raster.GetRasterBand(1).WriteRaster(0, 0, 120, 100, b"".join(rows))
    raster.GetRasterBand(1).SetNoDataValue(0)
    names = [{"id": i, "name": name, "colour": "#102030"} for i, name in enumerate(("Land", "Road", "Water"), 1)]
    raster.SetMetadataItem("AERIALSEG_CLASSES", json.dumps(names))
    return folder / "classes.tif"


def label(layer: Any, wrong: int) -> None:
    """Label points as the map does, but the first ones as Water."""
    column = layer.fields().indexOf("label")
    assert layer.startEditing()
    for feature in layer.getFeatures():
        given = "Water" if feature["id"] <= wrong else feature["map_class"]
        layer.changeAttributeValue(feature.id(), column, given)


def test_from_points_to_hectares(run: RunAlgorithm, class_map: Path, tmp_path: Path, project: Any) -> None:
    from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer

    done = run("samplepoints", {"INPUT": str(class_map), "POINTS": 120, "OUTPUT": tmp_path / "points.gpkg"})
    assert done.ok, done.log
    assert done.results["COUNT"] == 120
    assert sum(one["points"] for one in json.loads(done.results["STRATA"]).values()) == 120
    points = done.layers["OUTPUT"]
    assert points.name() == "classes – points to label"
    assert points.featureCount() == 120
    widgets = {name: points.editorWidgetSetup(i) for i, name in enumerate(points.fields().names())}
    listed = [next(iter(one)) for one in widgets["label"].config()["map"]]
    assert (widgets["label"].type(), listed) == ("ValueMap", ["Land", "Road", "Water"])
    assert widgets["map_class"].type() == widgets["probability"].type() == "Hidden"
    hidden = {column.name for column in points.attributeTableConfig().columns() if column.hidden}
    assert "map_class" in hidden

    given = {"INPUT": str(class_map), "POINTS": points, "OUTPUT": str(tmp_path / "areas")}
    label(points, wrong=10)
    refused = run("estimateareas", given)
    assert not refused.ok
    assert "edits that are not saved" in refused.log
    assert points.commitChanges()
    zones = QgsVectorLayer("Polygon?crs=EPSG:28992&field=name:string", "zones", "memory")
    for name, left in (("West", 155000), ("East", 155600)):
        feature = QgsFeature(zones.fields())
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(left, 462000, left + 600, 463000)))
        feature.setAttributes([name])
        zones.dataProvider().addFeature(feature)
    project.addMapLayer(zones)
    estimated = run("estimateareas", {**given, "ZONES": zones})
    assert estimated.ok, estimated.log
    areas = json.loads(estimated.results["AREAS"])
    assert sum(one["value"] for one in areas.values()) == pytest.approx(90 * 120 / 100)
    assert areas["Water"]["value"] > 18
    assert 0 < estimated.results["ACCURACY"] < 1
    page = Path(estimated.results["PAGE"]).read_text(encoding="utf-8")
    assert "West" in page
    assert "Water: " in estimated.log


def test_points_that_somebody_placed_are_refused(run: RunAlgorithm, class_map: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.geojson"
    place = {"type": "Point", "coordinates": [5.4, 52.1]}
    feature = {"type": "Feature", "properties": {"label": "Water"}, "geometry": place}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    given = {"INPUT": str(class_map), "POINTS": str(path), "OUTPUT": str(tmp_path / "areas")}
    done = run("estimateareas", given)
    assert not done.ok
    assert "no probability sample" in done.log
    assert not (tmp_path / "areas").exists()


@pytest.mark.slow
def test_without_windows_the_figures_are_those_of_the_command_line(
    headless: dict[str, str], interpreter: Path, class_map: Path, tmp_path: Path
) -> None:
    def process(name: str, *given: str) -> dict[str, Any]:
        command = [*qgis_process_command(), "--json", "run", f"aerialseg:{name}", *given]
        done = subprocess.run(command, env=headless, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)["results"]

    from qgis.core import QgsVectorLayer

    points, without_qgis = tmp_path / "points.gpkg", tmp_path / "without.gpkg"
    assert process("samplepoints", f"--INPUT={class_map}", "--POINTS=90", f"--OUTPUT={points}")["COUNT"] == 90
    program = command_of(interpreter)
    core([*program, "sample-points", str(class_map), "-o", str(without_qgis), "--points", "90"])
    layers = [QgsVectorLayer(str(path), "points", "ogr") for path in (points, without_qgis)]
    drawn = [[(one["id"], one["row"], one["col"], one["map_class"]) for one in layer.getFeatures()] for layer in layers]
    assert drawn[0] == drawn[1]
    for layer in layers:
        label(layer, wrong=5)
        assert layer.commitChanges()
    found = process("estimateareas", f"--INPUT={class_map}", f"--POINTS={points}", f"--OUTPUT={tmp_path / 'areas'}")
    core([*program, "areas", str(class_map), str(without_qgis), "-o", str(tmp_path / "without")])
    figures = [json.loads((tmp_path / folder / "areas.json").read_text("utf-8")) for folder in ("areas", "without")]
    for told in ("unit", "overall", "classes", "notes"):
        assert figures[0][told] == figures[1][told]
    areas = json.loads(found["AREAS"])
    assert areas == {one["name"]: one["area"] for one in figures[1]["classes"]}
    assert Path(found["PAGE"]).is_file()

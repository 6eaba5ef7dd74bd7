"""Training, evaluation, audit and export in a real QGIS, on layers that are drawn here, with the real core."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from within import Run, command_of, core, feedback_class, qgis_process_command

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = pytest.mark.qgis

RunAlgorithm = Callable[..., Run]

SIDE = 160
WEST, NORTH = 155000, 463250
RECIPE = """
[network]
name = "unet"
options = { filters = 8 }
[patches]
cut = 64
side = 32
[split]
share = 0.3
buffer = 4
[run]
epochs = 2
steps = 3
batch = 2
"""


def write_image(path: Path, crs: int | None = 28992, west: float = WEST) -> Path:
    """Dark on the left, bright on the right, 1 m per pixel."""
    import numpy as np
    from osgeo import gdal, osr

    raster = gdal.GetDriverByName("GTiff").Create(str(path), SIDE, SIDE, 3, gdal.GDT_Byte)
    raster.SetGeoTransform((west, 1, 0, NORTH, 0, -1))
    if crs:
        system = osr.SpatialReference()
        system.ImportFromEPSG(crs)
        raster.SetProjection(system.ExportToWkt())
    noise = np.random.default_rng(1).integers(0, 40, (3, SIDE, SIDE), np.uint8)
    noise[:, :, SIDE // 2 :] += 150
    for band in range(3):
        raster.GetRasterBand(band + 1).WriteArray(noise[band])
    raster = None
    return path


def draw(boxes: list[tuple[float, float, float, float, Any]], kind: str = "string(20)", crs: str = "EPSG:28992") -> Any:
    """A layer in memory of rectangles (left, top, right, bottom) in px, with the field `kind`."""
    from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer

    layer = QgsVectorLayer(f"Polygon?crs={crs}&field=note:string&field=kind:{kind}", "Meine Flächen", "memory")
    features = []
    for left, top, right, bottom, value in boxes:
        feature = QgsFeature(layer.fields())
        box = QgsRectangle(WEST + left, NORTH - bottom, WEST + right, NORTH - top)
        feature.setGeometry(QgsGeometry.fromRect(box))
        feature.setAttributes(["", value])
        features.append(feature)
    assert layer.dataProvider().addFeatures(features)[0]
    layer.updateExtents()
    return layer


def style(layer: Any, *categories: tuple[Any, str, str], field: str = "kind") -> Any:
    """Style a layer by categories of a field: value, colour, label."""
    from qgis.core import QgsCategorizedSymbolRenderer, QgsFillSymbol, QgsRendererCategory

    made = [
        QgsRendererCategory(value, QgsFillSymbol.createSimple({"color": c}), label) for value, c, label in categories
    ]
    layer.setRenderer(QgsCategorizedSymbolRenderer(field, made))
    return layer


HALVES = [(4, 4, 70, 150, "dark"), (90, 4, 156, 150, "bright")]


@pytest.fixture
def image(tmp_path: Path, project: Any) -> Any:
    from qgis.core import QgsRasterLayer

    layer = QgsRasterLayer(str(write_image(tmp_path / "Mein Bild ü.tif")), "Mein Bild")
    project.addMapLayer(layer)
    return layer


@pytest.fixture
def polygons(project: Any) -> Any:
    layer = draw(HALVES)
    project.addMapLayer(layer)
    return layer


@pytest.fixture
def module(plugin: Any) -> Any:
    """The module `training_data` of the loaded plugin."""
    return sys.modules["aerialseg.plugin.training_data"]


def listed(folder: Path) -> dict[str, str]:
    """Names and colours in `classes.json`."""
    listing = json.loads((folder / "classes.json").read_text(encoding="utf-8"))
    return {c["title"]: c["color"] for c in listing["classes"]}


def test_names_and_colours_of_the_style_are_the_classes_of_the_patches(
    run: RunAlgorithm, image: Any, polygons: Any, tmp_path: Path, interpreter: Path
) -> None:
    style(polygons, ("bright", "#ffee00", "Feld, hell"), ("dark", "#004400", 'Wald "dicht"'), ("", "#999999", ""))
    out = tmp_path / "Kacheln für später"
    options = {"INPUT": [image], "POLYGONS": polygons, "FIELD": "kind", "SIZE": 64, "OVERLAP": 0.25}
    done = run("exporttrainingdata", {**options, "OUTPUT": str(out)})
    assert done.ok, done.log
    assert done.results == {"OUTPUT": str(out), "PATCHES": 9}
    assert len(list((out / "images").glob("*.tif"))) == len(list((out / "masks").glob("*.png"))) == 9
    assert listed(out) == {"Feld, hell": "#FFEE00", 'Wald "dicht"': "#004400"}
    assert "9 patches of 1 images" in done.log
    said = core([*command_of(interpreter), "audit", str(out)])
    assert "no class" not in said
    assert 'Wald "dicht"' in said


def test_values_of_any_type_become_the_names_that_people_read(
    run: RunAlgorithm, image: Any, project: Any, tmp_path: Path
) -> None:
    layer = draw([(0, 0, 50, 50, 10), (60, 60, 90, 90, 20), (100, 100, 120, 120, 30), (0, 90, 9, 99, None)], "integer")
    project.addMapLayer(layer)
    style(layer, (10, "#0000ff", "Wasser"), ([20, 21], "#0000ff", "Land"))
    done = run(
        "exporttrainingdata", {"INPUT": [image], "POLYGONS": layer, "FIELD": "kind", "OUTPUT": str(tmp_path / "p")}
    )
    assert done.ok, done.log
    classes = listed(tmp_path / "p")
    assert list(classes) == ["Wasser", "Land", "30"]  # the last one is in no category
    assert len(set(classes.values())) == 3  # two were styled alike
    assert "Wasser          2,500 px" in done.log


def test_without_a_style_the_values_are_the_classes_and_the_field_may_be_left_out(
    run: RunAlgorithm, image: Any, project: Any, tmp_path: Path
) -> None:
    from qgis.core import QgsFeatureRequest, QgsVectorLayer

    layer = draw(HALVES).materialize(QgsFeatureRequest().setSubsetOfAttributes([1]))
    plain = QgsVectorLayer("Polygon?crs=EPSG:28992&field=fid:integer&field=kind:string", "plain", "memory")
    for feature in layer.getFeatures():
        feature.setAttributes([1, feature["kind"]])
        plain.dataProvider().addFeatures([feature])
    plain.updateExtents()
    project.addMapLayer(plain)
    done = run("exporttrainingdata", {"INPUT": [image], "POLYGONS": plain, "OUTPUT": str(tmp_path / "p")})
    assert done.ok, done.log
    assert list(listed(tmp_path / "p")) == ["bright", "dark"]


def test_selection_area_and_another_crs_count(run: RunAlgorithm, image: Any, project: Any, tmp_path: Path) -> None:
    from qgis.core import (
        QgsCoordinateReferenceSystem,
        QgsCoordinateTransform,
        QgsProcessingFeatureSourceDefinition,
        QgsVectorLayer,
    )

    there = QgsCoordinateReferenceSystem("EPSG:4326")
    move = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:28992"), there, project)
    layers = []
    for boxes in ([(0, 0, 80, 80, "a"), (80, 80, 160, 160, "b")], [(0, 0, 40, 160, "x")]):
        layer = QgsVectorLayer("Polygon?crs=EPSG:4326&field=kind:string", "moved", "memory")
        for feature in draw(boxes).getFeatures():
            geometry = feature.geometry()
            geometry.transform(move)
            feature.setGeometry(geometry)
            feature.setAttributes([feature["kind"]])
            layer.dataProvider().addFeatures([feature])
        layer.updateExtents()
        project.addMapLayer(layer)
        layers.append(layer)
    style(layers[0], ("a", "#00aa00", "Alpha"))
    layers[0].selectByExpression("kind = 'a'")
    selected = QgsProcessingFeatureSourceDefinition(layers[0].id(), True)
    options = {"INPUT": [image], "POLYGONS": selected, "FIELD": "kind", "AREA": layers[1]}
    done = run("exporttrainingdata", {**options, "OUTPUT": str(tmp_path / "p")})
    assert done.ok, done.log
    assert listed(tmp_path / "p") == {"Alpha": "#00AA00"}
    pixels = int(done.log.split(" px")[0].split()[-1].replace(",", ""))
    assert abs(pixels - 40 * 80) <= 80, "the selected polygon inside of the area"


def test_a_layer_without_a_file_is_read_where_it_is_labelled(
    run: RunAlgorithm, image: Any, polygons: Any, project: Any, tmp_path: Path
) -> None:
    from qgis.core import QgsRasterDataProvider, QgsRasterLayer

    virtual = QgsRasterDataProvider.VirtualRasterParameters()
    virtual.crs, virtual.extent, virtual.width, virtual.height = image.crs(), image.extent(), SIDE, SIDE
    virtual.formula = '"bild@1" * 2'
    entry = QgsRasterDataProvider.VirtualRasterInputLayers()
    entry.name, entry.uri, entry.provider = "bild", image.source(), "gdal"
    virtual.rInputLayers = [entry]
    layer = QgsRasterLayer(QgsRasterDataProvider.encodeVirtualRasterProviderUri(virtual), "doubled", "virtualraster")
    assert layer.isValid()
    project.addMapLayer(layer)
    options = {"INPUT": [layer], "POLYGONS": polygons, "FIELD": "kind", "SIZE": 64}
    done = run("exporttrainingdata", {**options, "OUTPUT": str(tmp_path / "p")})
    assert done.ok, done.log
    assert "Reading doubled through its provider: 152 × 146 px" in done.log


def test_images_that_no_polygon_touches_are_left_out(
    run: RunAlgorithm, image: Any, polygons: Any, project: Any, tmp_path: Path
) -> None:
    from qgis.core import QgsRasterLayer

    far = QgsRasterLayer(str(write_image(tmp_path / "far.tif", west=WEST + 5000)), "Far away")
    project.addMapLayer(far)
    options = {"INPUT": [far, image], "POLYGONS": polygons, "FIELD": "kind"}
    done = run("exporttrainingdata", {**options, "OUTPUT": str(tmp_path / "p")})
    assert done.ok, done.log
    assert "Warning: No polygon lies on Far away: it is left out." in done.log
    done = run("exporttrainingdata", {**options, "INPUT": [far], "OUTPUT": str(tmp_path / "q")})
    assert not done.ok
    assert "No polygon of Meine Flächen lies on Far away." in done.log
    assert not (tmp_path / "q").exists()


def test_layers_may_be_removed_while_they_are_read(
    plugin: Any, project: Any, image: Any, polygons: Any, tmp_path: Path
) -> None:
    from qgis.core import QgsApplication, QgsProcessingAlgRunnerTask, QgsProcessingContext
    from qgis.PyQt.QtCore import QEventLoop, QTimer

    algorithm = QgsApplication.processingRegistry().createAlgorithmById("aerialseg:exporttrainingdata")
    context, feedback, ended, loop = QgsProcessingContext(), feedback_class()(), [], QEventLoop()
    context.setProject(project)
    options = {"INPUT": [image.id()], "POLYGONS": polygons.id(), "FIELD": "kind", "OUTPUT": str(tmp_path / "p")}
    task = QgsProcessingAlgRunnerTask(algorithm, options, context, feedback)
    task.executed.connect(lambda ok, results: (ended.append((ok, results)), loop.quit()))
    QTimer.singleShot(60_000, loop.quit)
    QgsApplication.taskManager().addTask(task)
    project.clear()
    loop.exec()
    assert ended, feedback.lines
    assert ended[0][0], feedback.lines
    assert ended[0][1]["PATCHES"] == 1


def test_patches_are_replaced_and_nothing_else(run: RunAlgorithm, image: Any, polygons: Any, tmp_path: Path) -> None:
    options = {"INPUT": [image], "POLYGONS": polygons, "FIELD": "kind"}
    for _ in range(2):
        assert run("exporttrainingdata", {**options, "OUTPUT": str(tmp_path / "p")}).ok
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    done = run("exporttrainingdata", {**options, "OUTPUT": str(tmp_path / "full")})
    assert not done.ok
    assert "more than patches (mine.txt)" in done.log
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_cancelling_an_export_leaves_nothing(
    run: RunAlgorithm, large_scene: Path, project: Any, tmp_path: Path
) -> None:
    from qgis.core import QgsRasterLayer

    asked: list[float] = []

    def cancel(feedback: Any) -> None:
        if feedback.progress() > 20 and not asked:  # it has begun to write
            asked.append(time.monotonic())
            feedback.cancel()

    layer, polygons = QgsRasterLayer(str(large_scene), "Large"), draw([(0, 250, 6000, 6250, "all")])
    project.addMapLayers([layer, polygons])
    options = {"INPUT": [layer], "POLYGONS": polygons, "FIELD": "kind", "SIZE": 64}
    (tmp_path / "out").mkdir()
    done = run("exporttrainingdata", {**options, "OUTPUT": str(tmp_path / "out" / "p")}, feedback_class()(cancel))
    assert not done.ok
    assert asked
    assert time.monotonic() - asked[0] < 3
    assert not list((tmp_path / "out").iterdir())


def test_the_audit_gives_a_page_and_says_what_it_found(
    run: RunAlgorithm, image: Any, polygons: Any, tmp_path: Path
) -> None:
    options = {"INPUT": [image], "POLYGONS": polygons, "FIELD": "kind"}
    done = run("auditdata", {**options, "OUTPUT": str(tmp_path / "report")})
    assert done.ok, done.log
    assert Path(done.results["PAGE"]).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert done.results["ERRORS"] == 0
    assert "1 pair: every image has its labels" in done.log


def test_the_audit_of_a_folder_tells_errors_of_the_data_from_those_of_the_run(
    run: RunAlgorithm, image: Any, polygons: Any, tmp_path: Path
) -> None:
    patches = tmp_path / "p"
    options = {"INPUT": [image], "POLYGONS": polygons, "FIELD": "kind", "SIZE": 64}
    assert run("exporttrainingdata", {**options, "OUTPUT": str(patches)}).ok
    next((patches / "masks").iterdir()).unlink()
    done = run("auditdata", {"DATA": str(patches), "OUTPUT": "TEMPORARY_OUTPUT"})
    assert done.ok, done.log
    assert done.results["ERRORS"] == 1
    assert "has no mask" in done.log
    assert Path(done.results["PAGE"]).is_file()


@pytest.mark.parametrize("names", [("Building", "vegetation"), (1, 4)], ids=["by name", "by id"])
def test_the_shipped_model_is_evaluated_on_layers(
    run: RunAlgorithm, image: Any, project: Any, tmp_path: Path, names: tuple[Any, Any]
) -> None:
    boxes = [(*box[:4], name) for box, name in zip(HALVES, names, strict=True)]
    layer = draw(boxes, "string" if isinstance(names[0], str) else "integer")
    style(layer, (names[0], "#111111", "Gebäude"), (names[1], "#222222", "Grün"))  # the model's names count
    project.addMapLayer(layer)
    options = {"INPUT": [image], "POLYGONS": layer, "FIELD": "kind"}
    done = run("evaluatemodel", {**options, "OUTPUT": str(tmp_path / "report")})
    assert done.ok, done.log
    assert Path(done.results["PAGE"]).is_file()
    assert 0 <= done.results["MIOU"] <= 1
    assert 0 <= done.results["ACCURACY"] <= 1
    assert "Mean IoU" in done.log


def test_a_model_is_not_evaluated_on_classes_that_it_does_not_know(
    run: RunAlgorithm, image: Any, polygons: Any, tmp_path: Path
) -> None:
    options = {"INPUT": [image], "POLYGONS": polygons, "FIELD": "kind"}
    done = run("evaluatemodel", {**options, "OUTPUT": str(tmp_path / "report")})
    assert not done.ok
    assert "does not know bright, dark of the data" in done.log
    assert not (tmp_path / "report").exists()


@pytest.mark.parametrize("name", ["trainmodel", "evaluatemodel", "auditdata"])
def test_nothing_to_learn_from_is_said(run: RunAlgorithm, tmp_path: Path, name: str) -> None:
    done = run(name, {"OUTPUT": str(tmp_path / ("m.onnx" if name == "trainmodel" else "report"))})
    assert not done.ok
    assert "There is nothing to learn from." in done.log
    assert not list(tmp_path.glob("*m.*"))


def test_a_field_that_is_not_there_or_not_clear_is_said(
    run: RunAlgorithm, image: Any, polygons: Any, tmp_path: Path
) -> None:
    options = {"INPUT": [image], "POLYGONS": polygons, "OUTPUT": str(tmp_path / "report")}
    done = run("auditdata", {**options, "FIELD": "klasse"})
    assert not done.ok
    assert "Meine Flächen has no field klasse; it has note, kind." in done.log
    done = run("auditdata", options)
    assert not done.ok
    assert "It is not clear which field of Meine Flächen holds the classes; it has note, kind." in done.log
    polygons.dataProvider().changeAttributeValues({f.id(): {1: None} for f in polygons.getFeatures()})
    done = run("auditdata", {**options, "FIELD": "kind"})
    assert not done.ok
    assert "No polygon of Meine Flächen has a value in the field kind." in done.log


def test_layers_without_a_coordinate_system_are_said(
    run: RunAlgorithm, image: Any, polygons: Any, project: Any, tmp_path: Path
) -> None:
    from qgis.core import QgsCoordinateReferenceSystem, QgsRasterLayer

    bare = QgsRasterLayer(str(write_image(tmp_path / "bare.tif", None)), "Bare")
    project.addMapLayer(bare)
    bare.setCrs(QgsCoordinateReferenceSystem())
    options = {"INPUT": [bare], "POLYGONS": polygons, "FIELD": "kind", "OUTPUT": str(tmp_path / "report")}
    done = run("auditdata", options)
    assert not done.ok
    assert "The layer Bare has no coordinate system." in done.log
    bare.setCrs(image.crs())
    done = run("auditdata", options)
    assert not done.ok
    assert "The file of the layer Bare has no coordinate system, although the layer has one." in done.log
    polygons.setCrs(QgsCoordinateReferenceSystem())
    done = run("auditdata", {**options, "INPUT": [image]})
    assert not done.ok
    assert "The layer Meine Flächen has no coordinate system." in done.log


def test_no_training_environment_is_said_before_anything_is_left(
    run: RunAlgorithm, image: Any, polygons: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AERIALSEG_PYTHON", str(tmp_path / "nowhere" / "python"))
    (tmp_path / "models").mkdir()
    options = {"INPUT": [image], "POLYGONS": polygons, "FIELD": "kind"}
    done = run("trainmodel", {**options, "OUTPUT": str(tmp_path / "models" / "m.onnx")})
    assert not done.ok
    assert str(tmp_path / "nowhere" / "python") in done.log
    assert not list((tmp_path / "models").iterdir())


NASTY = [
    "plain",
    'with "quotes"',
    "back\\slash",
    "tab\tand\nlines",
    "\x00\x01\x1f\x7f\x80",
    "Ünï 東京 🌲",
    "C:\\Daten\\ü.tif",
]


def test_any_text_survives_the_toml(module: Any) -> None:
    tomllib = pytest.importorskip("tomllib", reason="Python before 3.11 reads no TOML")
    text = module.format_toml(
        [{"image": name, "polygons": "p.gpkg"} for name in NASTY], dict.fromkeys(NASTY, "#ab12cd")
    )
    content = tomllib.loads(text)
    assert [pair["image"] for pair in content["pairs"]] == NASTY
    assert [(c["name"], c["colour"]) for c in content["classes"]] == [(name, "#AB12CD") for name in NASTY]


def test_what_the_dialogs_show_is_what_the_core_does(module: Any, plugin: Any, interpreter: Path) -> None:
    code = (
        "import inspect, json; from aerialseg_core.datasets.patch_files import patches, SIZES\n"
        "p = inspect.signature(patches).parameters\n"
        "print(json.dumps([p['size'].default, p['overlap'].default, *SIZES]))"
    )
    size, overlap, *sizes = json.loads(core([str(interpreter), "-c", code]))
    assert (size, overlap) == (module.PATCH_SIZE, module.PATCH_OVERLAP)
    from qgis.core import QgsApplication

    shown = (
        QgsApplication.processingRegistry().algorithmById("aerialseg:exporttrainingdata").parameterDefinition("SIZE")
    )
    assert [shown.minimum(), shown.maximum()] == sizes


@pytest.mark.parametrize("name", ["trainmodel", "evaluatemodel", "auditdata", "exporttrainingdata"])
def test_every_parameter_has_help_with_an_example(plugin: Any, name: str) -> None:
    from qgis.core import QgsApplication

    algorithm = QgsApplication.processingRegistry().algorithmById(f"aerialseg:{name}")
    assert algorithm.groupId() == "training"
    for definition in algorithm.parameterDefinitions():
        assert "Example: " in definition.help(), definition.name()


@pytest.fixture
def training(interpreter: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """What makes a training quick: a recipe, and the backend that starts fastest of those that are there."""
    from qgis.core import QgsSettings

    QgsSettings().remove("aerialseg")
    find = "import importlib.util as u, json; print(json.dumps([n for n in ('keras', 'torch') if u.find_spec(n)]))"
    found = json.loads(core([str(interpreter), "-c", find]))
    if "keras" not in found:
        pytest.skip("the interpreter has no Keras: nothing can be trained")
    if "torch" in found:
        monkeypatch.setenv("KERAS_BACKEND", "torch")
    (tmp_path / "recipe.toml").write_text(RECIPE, encoding="utf-8")
    (tmp_path / "models").mkdir()
    yield {"RECIPE_FILE": str(tmp_path / "recipe.toml"), "OUTPUT": str(tmp_path / "models" / "Mein Modell.onnx")}
    QgsSettings().remove("aerialseg")


@pytest.mark.slow
def test_a_trained_model_is_in_the_list_at_once_and_segments(
    run: RunAlgorithm, image: Any, polygons: Any, training: dict[str, Any], tmp_path: Path, qgis_app: Any
) -> None:
    from qgis.core import QgsApplication

    style(polygons, ("bright", "#ffee00", "Feld"), ("dark", "#004400", "Wald"))
    watch, told = QgsApplication.processingRegistry().providerById("aerialseg").watch, []
    watch.begun.connect(told.append)
    watch.told.connect(told.append)
    watch.ended.connect(lambda: told.append("ended"))
    done = run("trainmodel", {"INPUT": [image], "POLYGONS": polygons, "FIELD": "kind", **training})
    assert done.ok, done.log
    assert (told[0], told[1]["event"], told[-1]) == ("Mein Modell", "start", "ended")
    epochs = [event for event in told[1:-1] if event["event"] == "epoch"]
    assert set(epochs[-1]["iou"]) == {"Feld", "Wald"}
    model = Path(done.results["OUTPUT"])
    assert sorted(path.name for path in model.parent.iterdir()) == [
        f"{model.stem}{s}" for s in (".csv", ".keras", ".onnx")
    ]
    assert 0 <= done.results["MIOU"] <= 1
    assert 0 <= done.results["ACCURACY"] <= 1
    assert "Wald IoU" in done.log
    qgis_app.processEvents()  # the list is made anew when the run is over
    done = run("segmentraster", {"INPUT": image, "MODEL": "Mein Modell", "OUTPUT": tmp_path / "classes.tif"})
    assert done.ok, done.log
    legend = {c.label: c.color.name() for c in done.layers["OUTPUT"].renderer().classes()}
    assert legend == {"Feld": "#ffee00", "Wald": "#004400"}
    more = {**training, "OUTPUT": str(tmp_path / "models" / "more.onnx"), "MODEL": "Mein Modell", "ADD": False}
    done = run("trainmodel", {"INPUT": [image], "POLYGONS": polygons, "FIELD": "kind", **more})
    assert done.ok, done.log
    settings = sys.modules["aerialseg.plugin.settings"]
    assert [Path(path).name for path in settings.load().models] == ["Mein Modell.onnx"]


@pytest.mark.slow
def test_cancelling_before_an_epoch_has_ended_leaves_nothing(
    run: RunAlgorithm, image: Any, polygons: Any, training: dict[str, Any], tmp_path: Path
) -> None:
    asked: list[float] = []

    def cancel(feedback: Any) -> None:
        if not asked:
            asked.append(time.monotonic())
            feedback.cancel()

    options = {"INPUT": [image], "POLYGONS": polygons, "FIELD": "kind", **training}
    done = run("trainmodel", options, feedback_class()(cancel))
    assert not done.ok
    assert asked
    assert time.monotonic() - asked[0] < 3
    assert not list((tmp_path / "models").iterdir())


@pytest.mark.slow
def test_a_training_that_was_cancelled_after_an_epoch_goes_on(
    run: RunAlgorithm, image: Any, polygons: Any, training: dict[str, Any], tmp_path: Path
) -> None:
    models = tmp_path / "models"
    (tmp_path / "recipe.toml").write_text(RECIPE.replace("epochs = 2", "epochs = 6"), encoding="utf-8")

    def cancel(feedback: Any) -> None:
        if any(models.glob(".*.training/**/state.npz")):
            feedback.cancel()

    options = {"INPUT": [image], "POLYGONS": polygons, "FIELD": "kind", **training}
    done = run("trainmodel", options, feedback_class()(cancel))
    assert not done.ok
    assert "tick “Continue an interrupted training”" in done.log
    # A worker that is slow to end is killed: its lock files stay, and hold nobody up.
    kept = sorted(path.name for path in models.iterdir() if path.suffix != ".lock")
    assert kept == [".Mein Modell.data", ".Mein Modell.training"]
    done = run("trainmodel", options)
    assert not done.ok
    assert "An interrupted training of Mein Modell.onnx is there." in done.log
    polygons.dataProvider().truncate()  # it keeps the polygons as they were
    done = run("trainmodel", {**options, "RESUME": True, "ADD": False})
    assert done.ok, done.log
    assert sorted(path.suffix for path in models.iterdir()) == [".csv", ".keras", ".onnx"]


def saved(layer: Any, path: Path) -> Path:
    """A layer as a GeoPackage."""
    from qgis.core import QgsProject, QgsVectorFileWriter

    options = QgsVectorFileWriter.SaveVectorOptions()
    transforms = QgsProject.instance().transformContext()
    assert QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), transforms, options)[0] == 0
    return path


@pytest.mark.slow
def test_qgis_process_runs_every_algorithm(
    headless: dict[str, str], training: dict[str, Any], qgis_app: Any, tmp_path: Path
) -> None:
    boxes = [(*box[:4], name) for box, name in zip(HALVES, ("Building", "Vegetation"), strict=True)]
    layers = [f"INPUT={write_image(tmp_path / 'a.tif')}"]
    layers += [f"POLYGONS={saved(draw(boxes), tmp_path / 'fields.gpkg')}", "FIELD=kind"]
    environment = {**headless, "KERAS_BACKEND": os.environ.get("KERAS_BACKEND", "tensorflow")}

    def results(name: str, *given: str) -> dict[str, Any]:
        command = [*qgis_process_command(), "run", "--json", f"aerialseg:{name}", "--", *given]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        return json.loads(done.stdout)["results"]

    patches = tmp_path / "patches"
    assert results("exporttrainingdata", *layers, "SIZE=64", f"OUTPUT={patches}")["PATCHES"] == 9
    assert results("auditdata", f"DATA={patches}", f"OUTPUT={tmp_path / 'audit'}")["ERRORS"] == 0
    assert 0 <= results("evaluatemodel", *layers, f"OUTPUT={tmp_path / 'report'}")["ACCURACY"] <= 1
    for page in ("audit/audit.html", "report/index.html"):
        assert (tmp_path / page).is_file()
    made = results("trainmodel", *layers, *(f"{key}={value}" for key, value in training.items()))
    assert Path(made["OUTPUT"]).is_file()
    assert 0 <= made["MIOU"] <= 1


def test_what_is_missing_is_said_before_the_run(run: RunAlgorithm, image: Any, polygons: Any, tmp_path: Path) -> None:
    from qgis.core import QgsApplication, QgsProcessingContext

    algorithm = QgsApplication.processingRegistry().algorithmById("aerialseg:trainmodel")
    for given, text in (
        ({"INPUT": [image]}, "Choose the training polygons"),
        ({"POLYGONS": polygons}, "Choose the images"),
        ({}, "There is nothing to learn from"),
    ):
        good, why = algorithm.checkParameterValues(
            {**given, "OUTPUT": str(tmp_path / "m.onnx")}, QgsProcessingContext()
        )
        assert not good
        assert text in why
    assert algorithm.parameterDefinition("MODEL").defaultValue() == "mbrsc-lite0"


def test_a_model_that_is_not_known_is_an_error(run: RunAlgorithm, image: Any, polygons: Any, tmp_path: Path) -> None:
    given = {"INPUT": [image], "POLYGONS": polygons, "FIELD": "kind", "OUTPUT": str(tmp_path / "m.onnx")}
    done = run("trainmodel", {**given, "MODEL": "mbrsc-lite9"})
    assert not done.ok
    assert "mbrsc-lite9" in done.log
    assert not list(tmp_path.glob("m.*"))


def test_polygons_of_a_run_can_be_learnt_from_as_they_are(
    run: RunAlgorithm, image: Any, project: Any, tmp_path: Path
) -> None:
    """The field that the colours go by decides; what its numbers are called comes from the style."""
    from aerialseg.plugin.class_fields import tie_class_fields
    from qgis.core import QgsGeometry, QgsRectangle, QgsVectorLayer

    fields = "field=class_id:integer&field=class_name:string&field=area_m2:double"
    layer = QgsVectorLayer(f"Polygon?crs=EPSG:28992&{fields}", "class polygons", "memory")
    for number, feature in enumerate(draw(HALVES).getFeatures(), 1):
        feature.setFields(layer.fields(), True)
        feature.setAttributes([number, ("Land", "Water")[number - 1], 0.0])
        layer.dataProvider().addFeatures([feature])
    layer.updateExtents()
    project.addMapLayer(layer)
    done = run("exporttrainingdata", {"INPUT": [image], "POLYGONS": layer, "OUTPUT": str(tmp_path / "plain")})
    assert done.ok, done.log
    assert {"Land", "Water"} <= set(listed(tmp_path / "plain"))
    style(layer, (1, "#111111", "Sand"), (2, "#222222", "Water"), field="class_id")
    tie_class_fields(layer)
    done = run("exporttrainingdata", {"INPUT": [image], "POLYGONS": layer, "OUTPUT": str(tmp_path / "styled")})
    assert done.ok, done.log
    assert listed(tmp_path / "styled") == {"Sand": "#111111", "Water": "#222222"}
    first = next(layer.getFeatures())
    assert layer.startEditing()
    layer.changeAttributeValue(first.id(), 0, 2)
    layer.changeGeometry(first.id(), QgsGeometry.fromRect(QgsRectangle(155000, 463000, 155010, 463020)))
    changed = layer.getFeature(first.id())
    assert changed["class_name"] == "Water"
    assert abs(changed["area_m2"] - 200) < 1
    layer.rollBack()

"""The algorithms in a real QGIS, on real rasters, with the real core in a process of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from within import Run, qgis_process_command

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = pytest.mark.qgis

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "rasters"
MBRSC = {
    1: ("Building", "#3c1098"),
    2: ("Land", "#8429f6"),
    3: ("Road", "#6ec1e4"),
    4: ("Vegetation", "#fedd3a"),
    5: ("Water", "#e2a929"),
    6: ("Unlabeled", "#9b9b9b"),
}

RunAlgorithm = Callable[..., Run]


@pytest.fixture
def layer(scene: Path, project: Any) -> Any:
    from qgis.core import QgsRasterLayer

    layer = QgsRasterLayer(str(scene), "Mein Bild")
    project.addMapLayer(layer)
    return layer


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder whose name has spaces and letters beyond ASCII."""
    folder = tmp_path / "Ergebnisse für Übersee"
    folder.mkdir()
    return folder


def outputs(out: Path) -> dict[str, Path]:
    return {"OUTPUT": out / "classes.tif", "CONFIDENCE": out / "sure.tif", "POLYGONS": out / "classes.gpkg"}


def test_results_lie_on_the_layer_named_coloured_and_grouped(
    run: RunAlgorithm, layer: Any, out: Path, project: Any, qgis_app: Any
) -> None:
    from qgis.core import QgsProcessingContext

    done = run("segmentraster", {"INPUT": layer, **outputs(out)})
    assert done.ok, done.log
    assert set(done.layers) == {"OUTPUT", "CONFIDENCE", "POLYGONS"}
    for loaded in done.layers.values():
        assert loaded.isValid()
        assert loaded.crs() == layer.crs()
        assert loaded.name().startswith("Mein Bild – ")
    for name in ("OUTPUT", "CONFIDENCE"):
        assert done.layers[name].extent() == layer.extent()
        assert done.layers[name].width() == layer.width()
    legend = {int(c.value): (c.label, c.color.name()) for c in done.layers["OUTPUT"].renderer().classes()}
    there = {name for name, area in json.loads(done.results["AREAS"]).items() if area > 0}
    assert legend == {id: told for id, told in MBRSC.items() if told[0] in there}, "and nothing else of the palette"
    categories = {c.label(): c.symbol().color().name() for c in done.layers["POLYGONS"].renderer().categories()}
    assert set(categories.items()) <= set(MBRSC.values())
    qgis_app.processEvents()
    group = project.layerTreeRoot().findGroup("Mein Bild")
    assert {node.layer().id() for node in group.findLayers()} == {one.id() for one in done.layers.values()}
    if not hasattr(QgsProcessingContext.LayerDetails(), "groupName"):  # later versions put them there by themselves
        order = [node.layer() for node in group.findLayers()]
        assert order == [done.layers[name] for name in ("POLYGONS", "OUTPUT", "CONFIDENCE")]


def test_unknown_ground_is_a_raster_in_the_colours_of_the_lights_and_a_sentence(
    run: RunAlgorithm, layer: Any, out: Path, knowing: Path
) -> None:
    given = {"INPUT": layer, "MODEL_FILE": str(knowing), "OUTPUT": out / "classes.tif", "UNLIKE": out / "unlike.tif"}
    done = run("segmentraster", given)
    assert done.ok, done.log
    assert json.loads(done.results["GROUND"])["verdict"] == "unlike"
    assert "The ground is unlike that of the model's training images (9 of 9 samples)" in done.log
    unlike = done.layers["UNLIKE"]
    assert unlike.name() == "Mein Bild – unknown ground"
    assert unlike.extent() == layer.extent()
    items = unlike.renderer().shader().rasterShaderFunction().colorRampItemList()
    assert [item.value for item in items][:2] == [0, 100]


def test_class_areas_are_in_the_log_and_in_the_results(run: RunAlgorithm, layer: Any, out: Path) -> None:
    done = run("segmentraster", {"INPUT": layer, "OUTPUT": out / "classes.tif"})
    assert done.ok, done.log
    areas = json.loads(done.results["AREAS"])
    assert sum(areas.values()) == pytest.approx(250.0**2)
    assert done.results["UNIT"] == "m²"
    largest = max(areas, key=areas.get)
    assert any(line.startswith(largest) and "m²" in line and "%" in line for line in done.log.splitlines())


@pytest.mark.parametrize("said", ["name", "colour"])
def test_a_copied_layer_keeps_what_it_says_of_its_bands(
    run: RunAlgorithm, out: Path, tmp_path: Path, project: Any, said: str
) -> None:
    from osgeo import gdal
    from qgis.core import QgsRasterLayer

    image = gdal.GetDriverByName("GTiff").Create(
        str(tmp_path / "bgr.tif"), 300, 200, 3, options=["PHOTOMETRIC=MINISBLACK"]
    )
    image.SetGeoTransform((155000, 0.5, 0, 463000, 0, -0.5))
    for number, name in enumerate(("Blue", "Green", "Red"), start=1):
        if said == "name":
            image.GetRasterBand(number).SetDescription(name)
        else:
            image.GetRasterBand(number).SetColorInterpretation(getattr(gdal, f"GCI_{name}Band"))
        image.GetRasterBand(number).Fill(50 * number)
    image = None
    layer = QgsRasterLayer(f"GTIFF_DIR:1:{tmp_path / 'bgr.tif'}", "In a container")  # no file that the worker opens
    assert layer.isValid()
    project.addMapLayer(layer)
    done = run("segmentraster", {"INPUT": layer, "OUTPUT": out / "classes.tif"})
    assert done.ok, done.log
    assert "through its provider" in done.log
    assert f"red = 3, green = 2, blue = 1, by their {said}s" in done.log


def test_extent_bands_quality_and_polygons_reach_the_core(run: RunAlgorithm, layer: Any, out: Path) -> None:
    wanted = {"EXTENT": "155050,155150,463100,463200 [EPSG:28992]", "BANDS": [3, 2, 1], "QUALITY": "balanced"}
    shape = {"MIN_AREA": 20, "SIMPLIFY": 0.5, "SMOOTH": 1, "SQUARE": "Building, 5", "GSD": "source", "MEMORY": 300}
    done = run("segmentraster", {"INPUT": layer, **wanted, **shape, **outputs(out)})
    assert done.ok, done.log
    command = next(line for line in done.log.splitlines() if line.startswith("$ "))
    for part in (
        "--bands=3,2,1",
        "--overlap=0.25",
        "--tta=4",
        "--min-area=20",
        "--simplify=0.5",
        "--smooth=1",
        "--memory=300MiB",
    ):
        assert part in command
    assert "--gsd=source" in command
    assert "--square=Building,5" in command
    extent = done.layers["OUTPUT"].extent()
    assert (extent.xMinimum(), extent.xMaximum(), extent.yMinimum(), extent.yMaximum()) == (
        155050,
        155150,
        463100,
        463200,
    )
    areas = [feature["area_m2"] for feature in done.layers["POLYGONS"].getFeatures()]
    assert areas
    assert min(areas) >= 20


def test_an_extent_in_another_crs_is_brought_into_the_layers(run: RunAlgorithm, layer: Any, out: Path) -> None:
    from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsProject, QgsRectangle

    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    there = QgsCoordinateTransform(layer.crs(), degrees, QgsProject.instance())
    box = there.transformBoundingBox(QgsRectangle(155100, 463100, 155150, 463150))
    text = f"{box.xMinimum()},{box.xMaximum()},{box.yMinimum()},{box.yMaximum()} [EPSG:4326]"
    done = run("segmentraster", {"INPUT": layer, "EXTENT": text, "OUTPUT": out / "classes.tif"})
    assert done.ok, done.log
    extent = done.layers["OUTPUT"].extent()
    assert extent.contains(QgsRectangle(155101, 463101, 155149, 463149))
    assert extent.width() < 60


def test_only_the_selected_areas_are_segmented(run: RunAlgorithm, layer: Any, out: Path, project: Any) -> None:
    from qgis.core import QgsFeature, QgsGeometry, QgsProcessingFeatureSourceDefinition, QgsRectangle, QgsVectorLayer

    areas = QgsVectorLayer("Polygon?crs=EPSG:28992", "areas", "memory")
    features = []
    for box in (QgsRectangle(155000, 463000, 155100, 463100), QgsRectangle(155150, 463150, 155200, 463200)):
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromRect(box))
        features.append(feature)
    areas.dataProvider().addFeatures(features)
    areas.selectByExpression("$area < 5000")
    project.addMapLayer(areas)
    mask = QgsProcessingFeatureSourceDefinition(areas.id(), True)
    done = run("segmentraster", {"INPUT": layer, "MASK": mask, "OUTPUT": out / "classes.tif"})
    assert done.ok, done.log
    assert sum(json.loads(done.results["AREAS"]).values()) == pytest.approx(2500, rel=0.02)


def test_polygons_of_a_class_raster(run: RunAlgorithm, layer: Any, out: Path) -> None:
    made = run("segmentraster", {"INPUT": layer, "OUTPUT": out / "classes.tif", "CONFIDENCE": out / "sure.tif"})
    assert made.ok, made.log
    given = {"INPUT": str(out / "classes.tif"), "CONFIDENCE": str(out / "sure.tif"), "CLASSES": "Water, Building"}
    done = run("classpolygons", {**given, "MIN_AREA": 5, "OUTPUT": out / "some.gpkg"})
    assert done.ok, done.log
    polygons = done.layers["OUTPUT"]
    assert polygons.crs() == layer.crs()
    assert {feature["class_name"] for feature in polygons.getFeatures()} == {"Water", "Building"}
    assert done.results["COUNT"] == polygons.featureCount() > 0
    assert {"confidence_mean", "confidence_min"} <= set(polygons.fields().names())
    shape = {"SIMPLIFY": 1, "SMOOTH": 2, "SQUARE": "Building, Water"}
    shaped = run("classpolygons", {**given, "MIN_AREA": 5, **shape, "OUTPUT": out / "shaped.gpkg"})
    assert shaped.ok, shaped.log
    assert {"--smooth=2", "--square=Building,Water"} <= set(shaped.log.split())
    assert "have right angles now" in shaped.log
    refused = run("classpolygons", {**given, "SQUARE": "Tower", "OUTPUT": out / "none.gpkg"})
    assert not refused.ok
    assert "no class “Tower”" in refused.log


def test_polygons_of_a_class_raster_of_another_program(run: RunAlgorithm, out: Path) -> None:
    """0 is a class, as 255 is no data, and the name of a class may be its number: all of them are seen and named."""
    from osgeo import gdal
    from qgis.core import QgsRenderContext

    raster = gdal.GetDriverByName("GTiff").Create(str(out / "landuse.tif"), 30, 40, 1, gdal.GDT_Byte)
    raster.SetGeoTransform((155000, 1, 0, 463000, 0, -1))
    raster.GetRasterBand(1).WriteRaster(0, 0, 30, 40, b"".join(bytes([value] * 300) for value in (0, 1, 2, 255)))
    raster.GetRasterBand(1).SetNoDataValue(255)
    raster.GetRasterBand(1).SetCategoryNames(["Water", "Forest", "2"])
    raster = None
    done = run("classpolygons", {"INPUT": str(out / "landuse.tif"), "OUTPUT": out / "landuse.gpkg"})
    assert done.ok, done.log
    layer = done.layers["OUTPUT"]
    renderer, context = layer.renderer(), QgsRenderContext()
    assert [(str(c.value()), c.label()) for c in renderer.categories()] == [("0", "Water"), ("1", "Forest"), ("2", "2")]
    renderer.startRender(context, layer.fields())
    seen = {f["class_name"]: renderer.symbolForFeature(f, context).color().name() for f in layer.getFeatures()}
    renderer.stopRender(context)
    assert seen == {category.label(): category.symbol().color().name() for category in renderer.categories()}
    assert len(set(seen.values())) == 3


def test_legend_of_a_class_raster_has_every_class_and_nothing_else(plugin: Any, out: Path) -> None:
    """Also the class 0 where that is not no data, one that is called as it counts, and a black one."""
    from aerialseg.plugin.results import style_classes
    from osgeo import gdal
    from qgis.core import QgsRasterLayer

    def legend(name: str, missing: int) -> list[str]:
        raster = gdal.GetDriverByName("GTiff").Create(str(out / name), 4, 1, 1, gdal.GDT_Byte)
        band, colours = raster.GetRasterBand(1), gdal.ColorTable()
        for value, colour in enumerate([(9, 9, 9, 255), (10, 20, 30, 255), (0, 0, 0, 255), (40, 50, 60, 255)]):
            colours.SetColorEntry(value, colour)
        band.SetColorTable(colours)
        band.SetCategoryNames(["None", "1", "Shadow", "3"])
        band.SetNoDataValue(missing)
        raster = band = None
        layer = QgsRasterLayer(str(out / name), name)
        style_classes(layer)
        return [entry.label for entry in layer.renderer().classes()]

    assert legend("from_one.tif", 0) == ["1", "Shadow", "3"]
    assert legend("from_zero.tif", 255) == ["None", "1", "Shadow", "3"]


@pytest.fixture
def folder(tmp_path: Path, scene: Path) -> Path:
    """Two good rasters, one of them in a sub-folder, and one that is none."""
    folder = tmp_path / "eingang"
    (folder / "sub").mkdir(parents=True)
    shutil.copyfile(scene, folder / "a.tif")
    shutil.copyfile(scene, folder / "sub" / "b.tif")
    (folder / "broken.tif").write_bytes(b"this is no raster")
    return folder


def test_a_folder_goes_on_after_errors_says_so_and_does_only_what_is_missing(
    run: RunAlgorithm, folder: Path, out: Path, qgis_app: Any, project: Any
) -> None:
    given = {"INPUT": str(folder), "RECURSIVE": True, "POLYGONS": True, "LOAD": True}
    given |= {"OUTPUT": str(out), "STATUS": str(out / "status.csv")}
    first = run("segmentfolder", given)
    assert first.ok, first.log
    assert [first.results[key] for key in ("DONE", "SKIPPED", "FAILED")] == [2, 0, 1]
    assert (out / "sub" / "b_classes.tif").is_file()
    rows = (out / "status.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "source,status,output,error,ground"
    assert sorted(row.split(",")[1] for row in rows[1:]) == ["done", "done", "failed"]
    assert {layer.name() for layer in first.layers.values()} >= {"a_classes", "b_classes", "Status"}
    legend = {
        int(c.value) for c in next(v for v in first.layers.values() if v.name() == "a_classes").renderer().classes()
    }
    assert legend == set(MBRSC)
    for lost in out.glob("a_classes.*"):
        lost.unlink()
    again = run("segmentfolder", {**given, "LOAD": False})
    assert [again.results[key] for key in ("DONE", "SKIPPED", "FAILED")] == [1, 1, 1]
    assert not again.layers


def test_a_folder_without_seams_has_polygons_of_the_whole(
    run: RunAlgorithm, scene: Path, tmp_path: Path, out: Path, qgis_app: Any, project: Any
) -> None:
    from osgeo import gdal

    sheets, whole = tmp_path / "sheets", gdal.Open(str(scene))
    sheets.mkdir()
    half = whole.RasterXSize // 2
    for name, left, width in (("a", 0, half), ("b", half, whole.RasterXSize - half)):
        gdal.Translate(str(sheets / f"{name}.tif"), whole, srcWin=[left, 0, width, whole.RasterYSize])
    given = {"INPUT": str(sheets), "OUTPUT": str(out), "POLYGONS": True, "LOAD": True, "MOSAIC": True, "ORDER": "last"}
    done = run("segmentfolder", given)
    assert done.ok, done.log
    assert [done.results[key] for key in ("DONE", "SKIPPED", "FAILED")] == [2, 0, 0]
    assert {path.name for path in out.glob("*.gpkg")} >= {"polygons.gpkg", "classes.gti.gpkg"}
    assert {layer.name() for layer in done.layers.values()} == {"a_classes", "b_classes", "polygons"}
    assert "last on top" in done.log


@pytest.mark.parametrize("name", ["rgb_epsg4326_geographic.tif", "rgba_uint16_1.4m.tif", "tiny_51px.tif"])
@pytest.mark.realdata
def test_awkward_rasters(run: RunAlgorithm, name: str, out: Path, project: Any) -> None:
    from qgis.core import QgsRasterLayer

    if not DATA.is_dir():
        pytest.skip(f"the real data are not at {DATA}")
    layer = QgsRasterLayer(str(DATA / name), name)
    project.addMapLayer(layer)
    done = run("segmentraster", {"INPUT": layer, "GSD": "source", **outputs(out)})
    assert done.ok, done.log
    assert done.layers["OUTPUT"].crs() == layer.crs()
    assert done.layers["OUTPUT"].extent() == layer.extent()
    assert done.layers["POLYGONS"].isValid()
    assert done.results["UNIT"] == "m²"


def test_a_layer_whose_crs_only_the_project_knows_passes_it_on(
    run: RunAlgorithm, scene: Path, out: Path, project: Any
) -> None:
    from osgeo import gdal
    from qgis.core import QgsCoordinateReferenceSystem, QgsRasterLayer

    bare = out / "bare.tif"
    shutil.copyfile(scene, bare)
    copy = gdal.Open(str(bare), gdal.GA_Update)
    copy.SetProjection("")
    del copy
    layer = QgsRasterLayer(str(bare), "bare")
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:28992"))
    project.addMapLayer(layer)
    done = run("segmentraster", {"INPUT": layer, "OUTPUT": out / "classes.tif"})
    assert done.ok, done.log
    assert done.layers["OUTPUT"].crs().authid() == "EPSG:28992"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"MODEL_FILE": "/nowhere/town.onnx"}, "There is no model"),
        ({"MODEL": "no-such-model"}, "MODEL"),
        ({"BANDS": [7]}, "band"),
        ({"EXTENT": "0,1,0,1 [EPSG:28992]"}, "extent"),
        ({"OUTPUT": "/proc/classes.tif"}, "/proc"),
        ({"GSD": "fine"}, "“fine” in “Resolution to read at”"),
        ({"SQUARE": "Tower"}, "no class “Tower”"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_wrong_input_gives_one_sentence_and_leaves_nothing(
    run: RunAlgorithm, layer: Any, out: Path, wrong: dict[str, Any], said: str
) -> None:
    done = run("segmentraster", {"INPUT": layer, "OUTPUT": out / "classes.tif", **wrong})
    assert not done.ok
    assert said in done.log.splitlines()[-1] or said in done.log
    assert "Traceback" not in done.log
    assert list(out.iterdir()) == []


def test_the_input_is_never_the_output(run: RunAlgorithm, scene: Path, out: Path, project: Any) -> None:
    from qgis.core import QgsRasterLayer

    own = out / "own.tif"
    shutil.copyfile(scene, own)
    layer = QgsRasterLayer(str(own), "own")
    project.addMapLayer(layer)
    before = own.read_bytes()
    done = run("segmentraster", {"INPUT": layer, "OUTPUT": own})
    assert not done.ok
    assert "is also what is read" in done.log
    assert own.read_bytes() == before


def test_every_parameter_says_what_it_is_with_an_example(plugin: Any) -> None:
    from qgis.core import QgsApplication

    for algorithm in QgsApplication.processingRegistry().providerById("aerialseg").algorithms():
        assert algorithm.name() == algorithm.name().lower()
        assert algorithm.shortHelpString()
        for parameter in algorithm.parameterDefinitions():
            where = f"{algorithm.id()} {parameter.name()}"
            assert parameter.name() == parameter.name().upper(), where
            assert "Example: " in parameter.help(), where


PROCESS_RUNS = {
    "segmentraster": lambda scene, out: [
        f"--INPUT={scene}",
        f"--OUTPUT={out / 'c.tif'}",
        f"--POLYGONS={out / 'c.gpkg'}",
    ],
    "segmentfolder": lambda scene, out: [f"--INPUT={scene.parent}", f"--OUTPUT={out}", f"--STATUS={out / 's.csv'}"],
}


@pytest.mark.parametrize("name", list(PROCESS_RUNS))
def test_algorithms_run_without_windows(name: str, headless: dict[str, str], scene: Path, out: Path) -> None:
    arguments = [*qgis_process_command(), "run", f"aerialseg:{name}", *PROCESS_RUNS[name](scene, out)]
    done = subprocess.run(arguments, env=headless, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    made = {path.name for path in out.rglob("*")}
    assert made >= ({"c.tif", "c.gpkg"} if name == "segmentraster" else {"s.csv", "mein bild_classes.tif"})


def test_polygons_without_windows(headless: dict[str, str], run: RunAlgorithm, layer: Any, out: Path) -> None:
    assert run("segmentraster", {"INPUT": layer, "OUTPUT": out / "classes.tif"}).ok
    given = [f"--INPUT={out / 'classes.tif'}", f"--OUTPUT={out / 'p.gpkg'}", "--MIN_AREA=10"]
    command = [*qgis_process_command(), "run", "aerialseg:classpolygons", *given]
    done = subprocess.run(command, env=headless, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (out / "p.gpkg").is_file()


@pytest.fixture
def processing(plugin: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """QGIS's own plugin Processing, as in its Python console."""
    from qgis.core import QgsApplication

    monkeypatch.syspath_prepend(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
    processing = pytest.importorskip("processing")
    from processing.core.Processing import Processing

    Processing.initialize()
    return processing


def test_processing_run_as_in_the_python_console(processing: Any, layer: Any, scene: Path, out: Path) -> None:
    made = processing.run("aerialseg:segmentraster", {"INPUT": layer, "OUTPUT": "TEMPORARY_OUTPUT", "POLYGONS": None})
    assert Path(made["OUTPUT"]).is_file()
    assert sum(json.loads(made["AREAS"]).values()) == pytest.approx(250.0**2)
    polygons = processing.run("aerialseg:classpolygons", {"INPUT": made["OUTPUT"], "OUTPUT": str(out / "p.gpkg")})
    assert polygons["COUNT"] > 0
    folder = processing.run("aerialseg:segmentfolder", {"INPUT": str(scene.parent), "OUTPUT": str(out / "maps")})
    assert folder["DONE"] == 1


def test_the_manual_is_there_and_shows_its_pictures(plugin_package: Any, qgis_app: Any) -> None:
    from importlib import import_module

    from qgis.PyQt.QtWidgets import QApplication, QTextBrowser

    if not isinstance(QApplication.instance(), QApplication):
        pytest.skip("this application has no windows")
    dialog = import_module("aerialseg.plugin.gui.dlg_text").ManualDialog()
    pages = dialog.findChild(QTextBrowser)
    assert "Your first map" in pages.toPlainText()
    assert "￼" in pages.toPlainText(), "pictures"

"""What the core says is said in the words of QGIS, and in German where QGIS is German."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from within import Run, command_of, core

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
from osgeo import gdal  # QGIS brings it

pytestmark = pytest.mark.qgis


@pytest.fixture
def german(plugin: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from aerialseg.plugin import i18n

    monkeypatch.setattr(i18n, "_find_locale", lambda: "de")
    translation = i18n.Translation()
    translation.install()
    yield
    translation.remove()


def say_plan(interpreter: Path, scene: Path) -> dict[str, str]:
    """The plan of a real run as the dock shows it."""
    from aerialseg.plugin.wording import say_row

    wanted = ["segment", str(scene), "-o", str(scene.with_name("plan.tif")), "--plan", "--progress", "json"]
    told = core([*command_of(interpreter), *wanted])
    return dict(say_row(row) for row in json.loads(told.splitlines()[-1])["rows"])


def write_raster(path: Path, bands: int = 3, metres: float = 1.0, *, palette: bool = False) -> Path:
    """A raster of 64 × 64 px near Dubai."""
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 64, 64, bands, gdal.GDT_Byte)
    dataset.SetGeoTransform((330000.0, metres, 0.0, 2780000.0, 0.0, -metres))
    dataset.SetProjection("EPSG:32640")
    for number in range(1, bands + 1):
        band = dataset.GetRasterBand(number)
        band.WriteArray(np.full((64, 64), 7, np.uint8))
        if palette:
            band.SetColorInterpretation(gdal.GCI_PaletteIndex)
    dataset = None
    return path


def test_plan_has_no_words_of_developers(plugin: Any, interpreter: Path, scene: Path) -> None:
    rows = say_plan(interpreter, scene)
    assert "overlap by" in rows["windows"]
    assert rows["read"].endswith("px: the model was made for 0.714 to 1.33 m")
    assert rows["engine"].startswith("the processor, ")
    assert "buffers" not in rows["needs"]
    assert "--" not in " ".join(rows.values())


@pytest.mark.usefixtures("german")
def test_plan_classes_and_model_are_german(interpreter: Path, scene: Path) -> None:
    from aerialseg.plugin.models import list_models
    from aerialseg.plugin.wording import describe_model, name_class

    rows = say_plan(interpreter, scene)
    assert "Quadrate von 512 px" in rows["windows"]
    assert "das Modell ist für 0,714 bis 1,33 m gemacht" in rows["read"]
    assert rows["bands"].startswith("Rot = 1, Grün = 2, Blau = 3, ")
    assert rows["scene"].endswith(", 0,25 m")
    assert rows["bands"].endswith("nach ihren Farben; Werte wie das Modell sie kennt")
    assert rows["model"] == "mbrsc-lite0: Gebäude, Boden, Straße, Vegetation, Wasser, Unbestimmt"
    shipped = list_models([])["mbrsc-lite0"]
    assert describe_model(shipped.description).startswith("Gebäude, Boden, Straßen")
    assert [name_class(cover.name) for cover in shipped.classes][:2] == ["Gebäude", "Boden"]
    assert name_class("Parking") == "Parking"


def test_options_of_the_command_line_are_called_as_the_controls(plugin: Any) -> None:
    from aerialseg.plugin.wording import name_controls

    assert name_controls("Name them with --bands.") == "Name them with “Bands, in the order of the model”."
    assert name_controls("segment --help, --out-gsd model") == "segment --help, “Resolution to write” model"


def test_sentence_that_is_not_known_is_said_as_the_core_says_it(plugin: Any) -> None:
    from aerialseg.plugin.wording import say

    assert say({"key": "of-a-later-core", "text": "A is wrong.", "hint": "Use --bands."}) == (
        "A is wrong. Use “Bands, in the order of the model”."
    )
    assert say({"key": "class-unknown", "text": "As it was.", "hint": "", "values": {"other": 1}}) == "As it was."
    assert say({"text": "{braces} stay"}) == "{braces} stay"


def test_values_may_hold_braces_options_and_sentences(plugin: Any) -> None:
    from aerialseg.plugin.wording import say

    inner = {"key": "class-unknown", "text": "", "hint": "", "values": {"name": "{x} --gsd", "known": "a, b"}}
    said = say({"key": "of-file", "text": "", "values": {"path": "/a/{0}.tif", "cause": inner}})
    assert said == "/a/{0}.tif: There is no class “{x} --gsd”. The classes are a, b."


WRONG = [
    ("typing error", {"GSD": "wide"}, "“wide” in “Resolution to read at” is no number", "„wide“ bei „Bodenauflösung"),
    ("bands", {"BANDS": [1]}, "Choose one for each in “Bands, in the", "Bei „Kanäle, in der Reihenfolge"),
    ("no-data", {"NODATA": "black"}, "“No-data value”", "„NoData-Wert“"),
    ("range", {"RANGE": "9,3"}, "9 to 3 in “Range of values” is empty", "9 bis 3 bei „Wertebereich“ ist leer"),
    ("output", {"OUTPUT": "x.png"}, "Let the name end in .tif", "Den Namen auf .tif enden lassen"),
]


@pytest.mark.parametrize("language", ["english", "german"])
@pytest.mark.parametrize(("wrong", "english", "german_text"), [case[1:] for case in WRONG], ids=[c[0] for c in WRONG])
def test_wrong_input_is_said_with_the_control(
    request: pytest.FixtureRequest,
    run: Callable[..., Run],
    tmp_path: Path,
    wrong: dict[str, Any],
    english: str,
    german_text: str,
    language: str,
) -> None:
    if language == "german":
        request.getfixturevalue("german")
    given = {"INPUT": str(write_raster(tmp_path / "scene.tif")), "OUTPUT": str(tmp_path / "classes.tif"), **wrong}
    if not Path(given["OUTPUT"]).is_absolute():
        given["OUTPUT"] = str(tmp_path / given["OUTPUT"])
    done = run("segmentraster", given)
    assert not done.ok
    assert (german_text if language == "german" else english) in done.log
    assert "no reason" not in done.log


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("name", "raster", "said"),
    [
        ("coarse", {"metres": 30.0}, "hat 30 m je Pixel, zu grob"),
        ("few bands", {"bands": 2}, "Das Modell braucht 3 Kanäle"),
    ],
)
def test_wrong_raster_is_said_in_german(
    run: Callable[..., Run], tmp_path: Path, name: str, raster: dict[str, Any], said: str
) -> None:
    scene = write_raster(tmp_path / f"{name}.tif", **raster)
    done = run("segmentraster", {"INPUT": str(scene), "OUTPUT": str(tmp_path / "classes.tif")})
    assert not done.ok
    assert said in done.log
    assert not re.search(r"(?<![\w-])--[a-z]+", done.log.split(said)[1]), "an option of the command line"


@pytest.mark.usefixtures("german")
def test_progress_and_messages_are_german(run: Callable[..., Run], scene: Path, tmp_path: Path) -> None:
    copy = shutil.copy(scene, tmp_path / "scene.tif")
    done = run("segmentraster", {"INPUT": str(copy), "OUTPUT": str(tmp_path / "c.tif"), "MIN_AREA": 20})
    assert done.ok
    assert "Modell: mbrsc-lite0: Gebäude" in done.log
    assert "Rechenkern: der Prozessor" in done.log


@pytest.mark.usefixtures("german")
def test_legends_are_german_and_data_keep_the_names_of_the_model(project: Any, tmp_path: Path) -> None:
    from aerialseg.plugin.colours import set_conventional
    from aerialseg.plugin.models import list_models
    from aerialseg.plugin.training_data import map_by_style
    from aerialseg.plugin.training_layer import make_training_layer
    from aerialseg.plugin.vectors import VectorInput
    from qgis.core import QgsExpressionContext, QgsRasterLayer

    image = QgsRasterLayer(str(write_raster(tmp_path / "image.tif")), "Bild")
    project.addMapLayer(image)
    layer = make_training_layer(tmp_path / "drawn.gpkg", image, list_models(())["mbrsc-lite0"].classes)
    labels = [category.label() for category in layer.renderer().categories()]
    assert labels == ["Gebäude", "Boden", "Straße", "Vegetation", "Wasser", "Unbestimmt"]
    choices = layer.editorWidgetSetup(layer.fields().indexOf("class_id")).config()["map"]
    assert [name for choice in choices for name in choice] == labels
    assert "'Water'" in layer.defaultValueDefinition(layer.fields().indexOf("class_name")).expression()
    layer.renderer().updateCategoryLabel(0, "Haus")  # somebody's own name for it
    learnt = map_by_style(VectorInput(layer, None, QgsExpressionContext()), "class_id")
    assert [learnt.name_of(str(number)) for number in range(1, 7)] == [
        *("Haus", "Land", "Road", "Vegetation", "Water", "Unlabeled")
    ]
    set_conventional(layer, True)
    colours = {one.label(): one.symbol().color().name() for one in layer.renderer().categories()}
    assert colours["Wasser"] == "#4f91cd"


@pytest.mark.usefixtures("german")
def test_legends_of_results_are_german(interpreter: Path, scene: Path, tmp_path: Path) -> None:
    from aerialseg.plugin.results import LayerStyler, ResultLayer, style_classes, style_polygons
    from qgis.core import QgsCoordinateReferenceSystem, QgsRasterLayer, QgsVectorLayer

    classes, polygons = tmp_path / "classes.tif", tmp_path / "polygons.gpkg"
    core([*command_of(interpreter), "segment", str(scene), "-o", str(classes), "--polygons", str(polygons)])
    for layer, style in (
        (QgsRasterLayer(str(classes), "classes"), style_classes),
        (QgsVectorLayer(str(polygons), "polygons"), style_polygons),
    ):
        styler = LayerStyler(
            ResultLayer(layer.source(), layer.name(), style), QgsCoordinateReferenceSystem(), None, ("run", 0)
        )
        styler.style(layer)
        renderer = layer.renderer()
        shown = (
            [one.label for one in renderer.classes()]
            if style is style_classes
            else ([one.label() for one in renderer.categories()])
        )
        assert "Gebäude" in shown
        assert not {"Building", "Land", "Water"} & set(shown)

"""The pages of the algorithms say what the algorithms say, in any language of the system, and their examples work."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from within import REPO, qgis_process_command

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = pytest.mark.qgis

PAGES = REPO / "docs" / "qgis"
SCRIPT = REPO / "scripts" / "algorithm_pages.py"

STORY = (
    "segmentraster",
    "classpolygons",
    "suggestsquares",
    "samplepoints",
    "segmentfolder",
    "exporttrainingdata",
    "auditdata",
    "evaluatemodel",
    "setupenvironment",
    "diagnose",
)
"""The algorithms whose examples run, each on what the earlier ones have left."""

UNTRIED = ("trainmodel", "retrainmodel", "estimateareas")
"""Those whose examples do not: training would take too long, and nobody has corrected squares or labelled points."""


def example(name: str, language: str) -> str:
    """The block of a page in a language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", (PAGES / f"{name}.md").read_text(encoding="utf-8"), re.DOTALL)
    return found


@pytest.mark.parametrize("language", ["C.UTF-8", "de_DE.UTF-8"])
def test_pages_are_what_the_algorithms_say(language: str) -> None:
    environment = {**os.environ, "LANG": language, "LC_ALL": language, "LANGUAGE": language}
    command = [sys.executable, str(SCRIPT), "--check"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_algorithm_has_a_page_and_finds_it(plugin: Any) -> None:
    from qgis.core import QgsApplication

    algorithms = QgsApplication.processingRegistry().providerById("aerialseg").algorithms()
    index = (PAGES / "index.md").read_text(encoding="utf-8")
    for algorithm in algorithms:
        assert algorithm.helpUrl().endswith(f"/docs/qgis/{algorithm.name()}.md")
        assert f"]({algorithm.name()}.md)" in index
    assert {*STORY, *UNTRIED} == {algorithm.name() for algorithm in algorithms}


def test_nothing_of_this_machine_is_in_a_page(plugin: Any) -> None:
    for page in (PAGES / f"{name}.md" for name in (*STORY, *UNTRIED, "index")):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"/tmp|/home/|/root|/Users/|[A-Z]:\\|file:", text), page.name
        assert "<br>" not in text


@pytest.fixture
def data(scene: Path, tmp_path: Path) -> Path:
    """What the examples find in /data: an image, a folder of images, training polygons."""
    from osgeo import ogr, osr

    folder = tmp_path / "data"
    (folder / "images").mkdir(parents=True)
    shutil.copy(scene, folder / "ortho.tif")
    shutil.copy(scene, folder / "images" / "one.tif")
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(folder / "training.gpkg"))
    system = osr.SpatialReference()
    system.ImportFromEPSG(28992)
    layer = source.CreateLayer("training", system, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("class", ogr.OFTString))
    for left, kind in ((155010, "Building"), (155130, "Water")):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetField("class", kind)
        right = left + 110
        ring = f"{left} 463010, {right} 463010, {right} 463240, {left} 463240, {left} 463010"
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON (({ring}))"))
        layer.CreateFeature(feature)
    return folder


@pytest.fixture
def processing_module(plugin: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """`import processing` as in QGIS's Python console."""
    from qgis.core import QgsApplication

    monkeypatch.syspath_prepend(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
    from processing.core.Processing import Processing

    Processing.initialize()


@pytest.mark.slow
def test_examples_in_python_work(processing_module: None, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in STORY:
        code = example(name, "python").replace('"/data/', f'"{data}/')
        found: dict[str, Any] = {}
        exec(compile(code, name, "exec"), found)
        assert found["results"], name
    assert {path.name for path in data.iterdir()} >= {
        "classes.tif",
        "classes.gpkg",
        "buildings.gpkg",
        "maps",
        "review.gpkg",
        "points.gpkg",
        "patches",
        "audit",
        "report",
        "diagnosis.txt",
    }
    assert (data / "maps" / "one_classes.tif").is_file()
    assert (data / "report" / "report.html").is_file() or list((data / "report").glob("*.html"))


def test_the_example_of_a_training_is_accepted(plugin: Any, data: Path) -> None:
    from qgis.core import QgsApplication, QgsProcessingContext

    algorithm = QgsApplication.processingRegistry().algorithmById("aerialseg:trainmodel")
    code = example("trainmodel", "python").replace('"/data/', f'"{data}/')
    given = eval(re.search(r"\{.*\}", code, re.DOTALL).group())
    assert set(given) <= {p.name() for p in algorithm.parameterDefinitions()}
    assert algorithm.checkParameterValues(given, QgsProcessingContext()) == (True, "")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["segmentraster", "exporttrainingdata", "diagnose"])
def test_examples_of_the_command_line_work(headless: dict[str, str], data: Path, name: str, tmp_path: Path) -> None:
    program = tmp_path / "qgis_process"
    program.symlink_to(qgis_process_command()[0])
    line = example(name, "sh").replace("=/data/", f"={data}/")
    environment = {**headless, "PATH": f"{tmp_path}{os.pathsep}{headless['PATH']}"}
    before = set(data.iterdir())
    done = subprocess.run(
        ["sh", "-ec", line], env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert set(data.iterdir()) > before

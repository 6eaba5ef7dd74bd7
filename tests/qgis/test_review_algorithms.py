"""Squares to correct and the model that learns from them, in a real QGIS and without its windows."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
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
def maps(tmp_path: Path) -> dict[str, str]:
    """A class raster and its confidence, 160 × 160 px of 1 m, under a path with spaces and letters beyond ASCII."""
    from osgeo import gdal, osr

    folder = tmp_path / "Müller & Söhne"
    folder.mkdir()
    system = osr.SpatialReference()
    system.ImportFromEPSG(28992)
    names = [{"id": i, "name": name, "colour": f"#1020{i}0"} for i, name in enumerate(("Land", "Road", "Water"), 1)]
    made = {}
    for name, row in (("INPUT", [1] * 80 + [2] * 40 + [3] * 40), ("CONFIDENCE", list(range(160)))):
        made[name] = str(folder / f"{name.lower()}.tif")
        raster = gdal.GetDriverByName("GTiff").Create(made[name], 160, 160, 1, gdal.GDT_Byte)
        raster.SetProjection(system.ExportToWkt())
        raster.SetGeoTransform((155000, 1, 0, 463000, 0, -1))
        raster.GetRasterBand(1).WriteRaster(0, 0, 160, 160, bytes(min(n, 100) for n in row) * 160)
        raster.GetRasterBand(1).SetNoDataValue(0 if name == "INPUT" else 255)
        if name == "INPUT":
            raster.SetMetadataItem("AERIALSEG_CLASSES", json.dumps(names))
        raster = None
    return made


def mark_reviewed(review: Path) -> None:
    """Say of all squares that what is in them is right."""
    with closing(sqlite3.connect(review)) as connection, connection:
        connection.execute("UPDATE squares SET state = 'reviewed', reviewed_by = 'somebody'")


def test_squares_are_put_into_the_project(
    run: RunAlgorithm, maps: dict[str, str], tmp_path: Path, project: Any
) -> None:
    review = tmp_path / "review.gpkg"
    done = run("suggestsquares", {**maps, "COUNT": 6, "SIDE": 20, "OUTPUT": str(review)})
    assert done.ok, done.log
    assert (done.results["SQUARES"], done.results["CHECKS"]) == (6, 2)
    by_name = {layer.name(): layer for layer in project.mapLayers().values()}
    assert set(by_name) == {"input – squares", "input – labels"}
    squares, labels = by_name["input – squares"], by_name["input – labels"]
    assert squares.featureCount() == 6
    assert labels.featureCount() == done.results["LABELS"]
    assert {c.label() for c in squares.renderer().categories()} == {"to train on", "to check with"}
    assert [c.label() for c in labels.renderer().categories()] == ["Land", "Road", "Water"]
    assert labels.editorWidgetSetup(labels.fields().indexOf("class_id")).type() == "ValueMap"
    mark_reviewed(review)
    again = run("suggestsquares", {**maps, "COUNT": 6, "SIDE": 20, "OUTPUT": str(review)})
    assert not again.ok
    assert "has worked in" in again.log


def test_what_cannot_be_learnt_from_is_refused(run: RunAlgorithm, maps: dict[str, str], tmp_path: Path) -> None:
    review = tmp_path / "review.gpkg"
    assert run("suggestsquares", {**maps, "COUNT": 4, "SIDE": 20, "OUTPUT": str(review)}).ok
    given = {"REVIEW": str(review), "OUTPUT": str(tmp_path / "mine.onnx")}
    done = run("retrainmodel", given)
    assert not done.ok
    assert "to train on is reviewed" in done.log
    unknown = run("retrainmodel", {**given, "MODEL": "no-such-model"})
    assert not unknown.ok
    assert "There is no no-such-model in the list" in unknown.log
    assert not list(tmp_path.glob("mine*"))


def list_rows(review: Path) -> list[tuple[Any, ...]]:
    """What is in the layers of a review."""
    with closing(sqlite3.connect(review)) as connection:
        squares = connection.execute("SELECT square, role, state, score, geom FROM squares ORDER BY fid").fetchall()
        return squares + connection.execute("SELECT square, class_id, geom FROM labels ORDER BY fid").fetchall()


@pytest.mark.slow
def test_without_windows_the_figures_are_those_of_the_command_line(
    headless: dict[str, str], interpreter: Path, scene: Path, tmp_path: Path
) -> None:
    def process(name: str, *given: str) -> dict[str, Any]:
        command = [*qgis_process_command(), "--json", "run", f"aerialseg:{name}", *given]
        done = subprocess.run(command, env=headless, capture_output=True, text=True, timeout=600, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)["results"]

    classes, sure, review, flips = (tmp_path / name for name in ("classes.tif", "sure.tif", "review.gpkg", "flips.tif"))
    process("segmentraster", f"--INPUT={scene}", f"--OUTPUT={classes}", f"--CONFIDENCE={sure}")
    given = (f"--INPUT={classes}", f"--CONFIDENCE={sure}", "--COUNT=8", "--SIDE=30", f"--OUTPUT={review}")
    assert process("suggestsquares", *given)["CHECKS"] == 2
    program, other = command_of(interpreter), tmp_path / "other.gpkg"
    options = ["--confidence", str(sure), "-n", "8", "--side", "30", "-o", str(other)]
    core([*program, "suggest", str(classes), *options])
    assert list_rows(review) == list_rows(other)
    mark_reviewed(review)
    given = (f"--REVIEW={review}", "--MINUTES=0.2", f"--OUTPUT={tmp_path / 'mine.onnx'}", f"--FLIPS={flips}")
    found = process("retrainmodel", *given)
    assert found["BEFORE"] > 0.9  # all that the map says was said to be right
    assert Path(found["PAGE"]).is_file()
    assert flips.is_file()
    core([*program, "retrain", "mbrsc-lite0", str(review), "--minutes", "0.2", "-o", str(tmp_path / "other.onnx")])
    comparisons = [json.loads(found["COMPARISON"]), json.loads((tmp_path / "other.json").read_text())["comparison"]]
    for role, squares in (("check", 2), ("train", 6)):
        assert [one[role]["squares"] for one in comparisons] == [squares, squares]
        assert comparisons[0][role]["before"] == comparisons[1][role]["before"]  # how far it learns is the clock's
    from osgeo import gdal

    raster = gdal.Open(str(flips))
    assert raster.GetRasterBand(1).GetDefaultRAT().GetValueAsString(1, 1) == "Right now"

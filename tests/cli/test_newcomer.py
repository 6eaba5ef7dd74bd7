"""The first hour of a new user: digitise ten polygons, audit, train, evaluate, segment; no step by hand."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from importlib import resources
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from support import REPO

pytestmark = [pytest.mark.realdata, pytest.mark.slow]

IMAGE = "urban_rgb_0.25m_epsg28992.tif"

Outline = tuple[tuple[int, int], ...]

DIGITISED: tuple[tuple[str, Outline], ...] = (
    ("Water", ((20, 170), (330, 205), (390, 250), (390, 330), (150, 340), (20, 310))),
    (
        "Water",
        ((530, 320), (690, 180), (780, 180), (740, 400), (640, 560), (480, 760), (440, 740), (500, 620), (510, 450)),
    ),
    ("Building", ((5, 820), (225, 888), (140, 990), (5, 990))),
    ("Building", ((188, 602), (268, 606), (250, 708), (158, 682))),
    ("Trees", ((350, 550), (440, 550), (435, 605), (370, 675), (310, 675))),
    ("Trees", ((890, 925), (990, 815), (990, 990), (860, 990))),
    ("Road", ((590, 765), (680, 798), (565, 990), (455, 990))),
    ("Road", ((700, 972), (797, 852), (880, 778), (990, 735), (995, 755), (900, 795), (818, 868), (718, 986))),
    ("Bare", ((880, 120), (930, 160), (970, 230), (915, 280), (825, 255), (820, 225))),
    ("Bare", ((680, 590), (730, 610), (700, 700), (660, 690))),
)
"""Ten polygons in pixels (x, y) of the image: the canal and the pond, two roofs, two woods, a car park and a road, two
yards of sand."""

ELSEWHERE: tuple[tuple[str, Outline], ...] = (
    ("Water", ((320, 960), (400, 820), (470, 830), (410, 960))),
    ("Building", ((5, 465), (150, 505), (110, 530), (5, 512))),
    ("Trees", ((515, 110), (590, 145), (545, 195), (475, 265), (460, 205))),
    ("Road", ((728, 754), (797, 698), (868, 632), (884, 640), (815, 712), (744, 768))),
)
"""Other places of the same image, to judge the model by; no sand among them."""

CLASSES = ("Bare", "Building", "Road", "Trees", "Water")
TIMEOUT = 1500.0


def digitise(folder: Path, name: str, outlines: tuple[tuple[str, Outline], ...]) -> Path:
    """What QGIS would leave: a GeoPackage in the CRS of the image, with a text field `class`."""
    with rasterio.open(folder / "ortho.tif") as image:
        transform, crs = image.transform, image.crs
    shapes = [shapely.Polygon([transform * point for point in outline]) for _, outline in outlines]
    frame = gpd.GeoDataFrame({"class": [label for label, _ in outlines]}, geometry=shapes, crs=crs.to_wkt())
    frame.to_file(folder / f"{name}.gpkg", layer=name)
    listing = folder / f"{name}.toml"
    listing.write_text(f'[[pairs]]\nimage = "ortho.tif"\npolygons = "{name}.gpkg"\n', encoding="utf-8")
    return listing


def aerialseg(folder: Path, *arguments: str) -> dict[str, Any]:
    """Run a command as the user does, in the folder of the data; what it said."""
    command = [sys.executable, "-m", "aerialseg_core", *arguments, "--progress", "json"]
    environment = {**os.environ, "PYTHONPATH": str(REPO), "MPLBACKEND": "agg"}
    begin = time.monotonic()
    run = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT,
        check=False,
    )
    events = [json.loads(line) for line in run.stdout.splitlines()]
    said = {
        "rc": run.returncode,
        "seconds": time.monotonic() - begin,
        "err": run.stderr,
        "messages": [event["text"] for event in events if event["event"] == "message"],
        "result": next((event for event in events if event["event"] == "result"), None),
        "error": next((event for event in events if event["event"] == "error"), None),
    }
    (folder / f"{arguments[0]}.said.json").write_text(json.dumps(said, indent=1, ensure_ascii=False), encoding="utf-8")
    assert said["rc"] == 0, said
    return said


def short_recipe(folder: Path) -> Path:
    """The recipe `quick`, cut to what a test can wait for."""
    text = (resources.files("aerialseg_core.training") / "recipes" / "quick.toml").read_text("utf-8")
    for key, value in {"epochs": "2", "steps": "20", "batch": "6"}.items():
        text, found = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}", text)
        assert found == 1, key
    recipe = folder / "short.toml"
    recipe.write_text(text, encoding="utf-8")
    return recipe


@pytest.fixture(scope="module")
def hour(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All five commands, one after the other; the folder, and what each said."""
    pytest.importorskip("keras", reason="training needs the extra [train]")
    from conftest import DATA

    folder = Path(os.environ.get("AERIALSEG_NEWCOMER") or tmp_path_factory.mktemp("newcomer"))
    shutil.copyfile(DATA / "rasters" / IMAGE, folder / "ortho.tif")
    data, check = digitise(folder, "digitised", DIGITISED), digitise(folder, "check", ELSEWHERE)
    said = {"folder": folder, "before": _state(folder)}
    said["audit"] = aerialseg(folder, "audit", data.name)
    said["train"] = aerialseg(
        folder, "train", data.name, "-o", "mine.onnx", "--recipe", short_recipe(folder).name, "--from", "mbrsc-lite0"
    )
    said["evaluate"] = aerialseg(folder, "evaluate", "mine.onnx", check.name, "-o", "report")
    said["segment"] = aerialseg(
        folder,
        *("segment", "ortho.tif", "-o", "classes.tif", "--model", "mine.onnx"),
        *("--polygons", "classes.gpkg", "--confidence", "sure.tif"),
    )
    return said


def _state(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_the_data_are_left_as_they_were(hour: dict[str, Any]) -> None:
    after = _state(hour["folder"])
    assert {name: after.get(name) == content for name, content in hour["before"].items()} == dict.fromkeys(
        hour["before"], True
    )


def test_training_leaves_a_model_that_knows_the_classes_and_where_it_was_made(hour: dict[str, Any]) -> None:
    from aerialseg_core.model.registry import load_model

    made = load_model(str(hour["folder"] / "mine.onnx")).card
    assert made.classes.names == CLASSES
    assert made.gsd_range[0] <= 0.25 <= made.gsd_range[1], "it works best on what it was trained on"
    assert 0 < made.temperature < 10
    assert (hour["folder"] / "mine.keras").is_file()


def test_the_model_is_better_than_chance_where_it_was_never_trained(hour: dict[str, Any]) -> None:
    scores = hour["evaluate"]["result"]["scores"]
    shares = _shares(ELSEWHERE)
    assert scores["accuracy"] > max(shares.values()), "better than calling everything the most frequent class"
    assert hour["evaluate"]["result"]["per_class"]["Water"]["iou"] > 0.5
    assert scores["miou"] > 2 / len(CLASSES) * 0.5
    report = hour["folder"] / "report"
    assert {"index.html", "evaluation.json"} <= {path.name for path in report.iterdir()}
    page = (report / "index.html").read_text(encoding="utf-8")
    assert all(name in page for name in CLASSES)


def test_the_map_lies_on_the_image_and_shows_what_was_drawn(hour: dict[str, Any]) -> None:
    folder = hour["folder"]
    with rasterio.open(folder / "ortho.tif") as image, rasterio.open(folder / "classes.tif") as classes:
        assert classes.shape == image.shape
        assert classes.transform == image.transform
        assert classes.crs == image.crs
        ids = classes.read(1)
    assert set(np.unique(ids)) <= set(range(1, 6))
    right = [
        (ids[inside] == CLASSES.index(label) + 1).mean()
        for label, inside in _drawn(DIGITISED, ids.shape)
        if inside.any()
    ]
    assert np.mean(right) > 0.6, right
    assert sum(hour["segment"]["result"]["areas"].values()) == pytest.approx(250.0**2)
    assert set(gpd.read_file(folder / "classes.gpkg")["class_name"]) <= set(CLASSES)


def _drawn(outlines: tuple[tuple[str, Outline], ...], shape: tuple[int, int]) -> list[tuple[str, Any]]:
    from rasterio.features import geometry_mask

    return [
        (label, geometry_mask([shapely.Polygon(outline)], shape, rasterio.Affine.identity(), invert=True))
        for label, outline in outlines
    ]


def _shares(outlines: tuple[tuple[str, Outline], ...]) -> dict[str, float]:
    areas: dict[str, float] = {}
    for label, outline in outlines:
        areas[label] = areas.get(label, 0) + shapely.Polygon(outline).area
    return {label: area / sum(areas.values()) for label, area in areas.items()}

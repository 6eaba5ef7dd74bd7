"""The class raster and the confidence raster, as other programs see them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import rasterio
from affine import Affine
from rasterio.enums import ColorInterp
from rio_cogeo.cogeo import cog_validate
from support import NORTH_UP, SCHEME, UTM, image, save_model, save_scene

from aerialseg_core import __version__, segment
from aerialseg_core.raster.categories import read_declared
from aerialseg_core.raster.class_raster import measure_class_areas

GRIDS: dict[str, dict[str, Any]] = {
    "north-up": {"crs": UTM, "transform": NORTH_UP},
    "rotated": {"crs": UTM, "transform": NORTH_UP * Affine.rotation(25)},
    "south-up": {"crs": UTM, "transform": Affine(1, 0, 300_000, 0, 1, 2_800_000)},
    "degrees": {"crs": "EPSG:4326", "transform": Affine(1e-5, 0, 25, 0, -1e-5, 60)},
    "dutch": {"crs": "EPSG:28992", "transform": Affine(0.5, 0, 155_000.25, 0, -0.5, 463_000)},
    "feet": {"crs": "EPSG:2263", "transform": Affine(3, 0, 990_000, 0, -3, 200_000)},
    "no CRS": {"crs": None, "transform": None},
    "no CRS but a place": {"crs": None, "transform": Affine(2, 0, 100, 0, -2, 900)},
    "site": {"crs": 'LOCAL_CS["site",UNIT["metre",1]]', "transform": Affine(1, 0, 0, 0, -1, 100)},
}


def _segment(tmp_path: Path, shape: tuple[int, int] = (70, 90), **profile: Any) -> tuple[Path, Path]:
    pixels = np.maximum(image(*shape), 1)
    pixels[:, :9, :] = 0
    scene = save_scene(tmp_path / "scene.tif", pixels, nodata=0, **profile)
    model = str(save_model(tmp_path / "tiny.onnx").path)
    segment(scene, tmp_path / "classes.tif", confidence=tmp_path / "sure.tif", model=model, overlap=0.25)
    return tmp_path / "classes.tif", tmp_path / "sure.tif"


@pytest.mark.parametrize("grid", GRIDS)
def test_the_grid_of_the_output_is_that_of_the_input(tmp_path: Path, grid: str) -> None:
    paths = _segment(tmp_path, **GRIDS[grid])
    with rasterio.open(tmp_path / "scene.tif") as scene:
        for path in paths:
            with rasterio.open(path) as dataset:
                assert dataset.crs == scene.crs
                assert dataset.transform == scene.transform
                assert dataset.shape == scene.shape


@pytest.mark.skipif(shutil.which("gdalinfo") is None, reason="gdalinfo is not installed (Debian: gdal-bin)")
@pytest.mark.parametrize("grid", ["rotated", "degrees", "no CRS"])
def test_gdalinfo_sees_what_the_input_has(tmp_path: Path, grid: str) -> None:
    path, _ = _segment(tmp_path, **GRIDS[grid])
    infos = [
        json.loads(subprocess.run(["gdalinfo", "-json", p], capture_output=True, check=True, text=True).stdout)
        for p in (tmp_path / "scene.tif", path)
    ]
    for key in ("size", "coordinateSystem", "geoTransform"):
        assert infos[0].get(key) == infos[1].get(key)
    assert infos[1]["bands"][0]["noDataValue"] == 0
    assert infos[1]["metadata"]["IMAGE_STRUCTURE"]["LAYOUT"] == "COG"


def test_both_rasters_are_valid_cogs_with_overviews(tmp_path: Path) -> None:
    for path in _segment(tmp_path, (600, 1100)):
        valid, errors, warnings = cog_validate(path, strict=True, quiet=True)
        assert (valid, errors, warnings) == (True, [], [])
        with rasterio.open(path) as dataset:
            assert dataset.overviews(1) == [2, 4]
            assert dataset.block_shapes == [(512, 512)]
            assert dataset.compression.name == "deflate"
            assert dataset.dtypes == ("uint8",)


def test_overviews_show_the_most_frequent_class(tmp_path: Path) -> None:
    path, _ = _segment(tmp_path, (600, 1100))
    with rasterio.open(path) as dataset:
        full = dataset.read(1)
        half = dataset.read(1, out_shape=(300, 550))
    blocks = full.reshape(300, 2, 550, 2).transpose(0, 2, 1, 3).reshape(300, 550, 4)
    counts = (blocks[..., None] == np.arange(5)).sum(axis=2)
    chosen = np.take_along_axis(counts, half[..., None].astype(int), axis=2)[..., 0]
    assert (chosen == counts[..., 1:].max(axis=2))[5:].mean() > 0.99


def test_overviews_hold_only_classes_that_are_there(tmp_path: Path) -> None:
    path, _ = _segment(tmp_path, (600, 1100))
    with rasterio.open(path) as dataset:
        full, levels = dataset.read(1), dataset.overviews(1)
    for level, factor in enumerate(levels):
        with rasterio.open(path, overview_level=level) as overview:
            shown = overview.read(1)
        rows, cols = (
            np.minimum(np.arange(n * factor), size - 1) for n, size in zip(shown.shape, full.shape, strict=True)
        )
        below = full[np.ix_(rows, cols)].reshape(shown.shape[0], factor, shown.shape[1], factor)
        assert (below == shown[:, None, :, None]).any(axis=(1, 3)).all()


def test_names_and_colours_travel_with_the_class_raster(tmp_path: Path) -> None:
    path, sure = _segment(tmp_path)
    with rasterio.open(path) as dataset:
        assert dataset.nodata == 0
        assert dataset.colorinterp == (ColorInterp.palette,)
        colours = dataset.colormap(1)
        assert colours[0] == (0, 0, 0, 0)
        assert [colours[c.id] for c in SCHEME] == [(*c.rgb, 255) for c in SCHEME]
    assert path.with_name("classes.tif.aux.xml").exists()
    info = _gdalinfo(path)
    if info is not None:
        assert info["bands"][0]["categories"][:5] == ["No data", *SCHEME.names]
    with rasterio.open(sure) as dataset:
        assert dataset.nodata == 255
        assert dataset.colorinterp == (ColorInterp.gray,)


def _gdalinfo(path: Path) -> dict[str, Any] | None:
    if shutil.which("gdalinfo") is None:
        return None
    text = subprocess.run(["gdalinfo", "-json", path], capture_output=True, check=True, text=True).stdout
    info: dict[str, Any] = json.loads(text)
    return info


def test_names_are_kept_as_they_are_in_the_side_car(tmp_path: Path) -> None:
    path, _ = _segment(tmp_path)
    text = path.with_name("classes.tif.aux.xml").read_text(encoding="utf-8")
    assert "<Category>Red &amp; &lt;round&gt;</Category>" in text
    assert "<Category>Grün</Category>" in text


def test_gdal_finds_an_attribute_table(tmp_path: Path) -> None:
    path, sure = _segment(tmp_path)
    info, other = _gdalinfo(path), _gdalinfo(sure)
    if info is None or other is None:
        pytest.skip("gdalinfo is not installed (Debian: gdal-bin)")
    assert "rat" not in other
    columns = [(one["name"], one["type"], one["usage"]) for one in info["rat"]["fieldDefn"]]
    # whole numbers are of type 0, texts of type 2; usages: 5 value, 2 name, 6 to 8 red, green, blue
    assert columns == [("Value", 0, 5), ("Class", 2, 2), ("Red", 0, 6), ("Green", 0, 7), ("Blue", 0, 8)]
    assert [row["f"] for row in info["rat"]["row"]] == [[c.id, c.name, *c.rgb] for c in SCHEME]


def test_the_attribute_table_alone_says_what_our_tag_says(tmp_path: Path) -> None:
    path, _ = _segment(tmp_path)
    with rasterio.open(path) as dataset:
        ours = read_declared(dataset)
    side = path.with_name("classes.tif.aux.xml")
    side.write_text(re.sub("<CategoryNames>.*</CategoryNames>", "", side.read_text("utf-8"), flags=re.DOTALL), "utf-8")
    with rasterio.open(path, "r+", IGNORE_COG_LAYOUT_BREAK="YES") as dataset:
        dataset.update_tags(AERIALSEG_CLASSES="")
    with rasterio.open(path) as dataset:
        theirs = read_declared(dataset)
    assert (theirs.names, theirs.colours) == (ours.names, ours.colours)


def test_tags_say_how_the_raster_came_about(tmp_path: Path) -> None:
    path, sure = _segment(tmp_path)
    for raster in (path, sure):
        with rasterio.open(raster) as dataset:
            tags = dataset.tags()
        assert tags["AERIALSEG_VERSION"] == __version__
        assert tags["AERIALSEG_MODEL"] == "tiny"
        assert len(tags["AERIALSEG_MODEL_SHA256"]) == 64
        assert tags["AERIALSEG_SOURCE"] == str(tmp_path / "scene.tif")
        assert json.loads(tags["AERIALSEG_PARAMETERS"])["overlap"] == 0.25
        assert "block" not in tags["AERIALSEG_PARAMETERS"]
        assert len(tags["AERIALSEG_JOB"]) == 32
    with rasterio.open(path) as dataset:
        stored = json.loads(dataset.tags()["AERIALSEG_CLASSES"])
    assert stored == [{"id": c.id, "name": c.name, "colour": c.colour} for c in SCHEME]


def test_confidence_is_a_percentage_with_its_own_no_data(tmp_path: Path) -> None:
    path, sure = _segment(tmp_path)
    with rasterio.open(path) as dataset, rasterio.open(sure) as other:
        classes, confidence = dataset.read(1), other.read(1)
    assert ((classes == 0) == (confidence == 255)).all()
    inside = confidence[classes > 0]
    assert 25 <= inside.min() < inside.max() <= 100


def test_areas_are_counted_in_the_unit_of_the_crs(tmp_path: Path) -> None:
    rows, cols = 61, 90  # with data
    areas = {}
    for grid in ("north-up", "dutch", "feet", "degrees", "no CRS"):
        folder = tmp_path / grid
        folder.mkdir()
        path, _ = _segment(folder, **GRIDS[grid])
        found, unit = measure_class_areas(path, SCHEME)
        assert unit == ("px²" if grid == "no CRS" else "m²")
        areas[grid] = sum(found.values())
    assert areas["north-up"] == areas["no CRS"] == rows * cols
    assert areas["dutch"] == pytest.approx(rows * cols / 4)
    assert areas["feet"] == pytest.approx(rows * cols * (3 * 0.3048006096) ** 2, rel=1e-6)
    west, north, step = 25, 60 - 9e-5, 1e-5
    lon = [west, west + cols * step, west + cols * step, west]
    lat = [north, north, north - rows * step, north - rows * step]
    expected = abs(pyproj.Geod(ellps="WGS84").polygon_area_perimeter(lon, lat)[0])
    assert areas["degrees"] == pytest.approx(expected, rel=1e-4)


def test_another_resolution_covers_the_same_ground(tmp_path: Path) -> None:
    scene = save_scene(tmp_path / "scene.tif", image(70, 91), **GRIDS["rotated"])
    model = str(save_model(tmp_path / "tiny.onnx").path)
    segment(scene, tmp_path / "classes.tif", model=model, out_gsd=2.0)
    with rasterio.open(scene) as before, rasterio.open(tmp_path / "classes.tif") as after:
        assert after.shape == (35, 45)
        for corner in ((0, 0), (1, 1), (0, 1)):
            at = [d.transform * (corner[0] * d.width, corner[1] * d.height) for d in (before, after)]
            assert at[0] == pytest.approx(at[1])


def test_an_extent_keeps_the_pixels_where_they_are(tmp_path: Path) -> None:
    scene = save_scene(tmp_path / "scene.tif", image(70, 90))
    model = str(save_model(tmp_path / "tiny.onnx").path)
    left, top = NORTH_UP.c, NORTH_UP.f
    segment(scene, tmp_path / "c.tif", model=model, extent=(left + 20.5, top - 40, left + 900, top - 30))
    with rasterio.open(tmp_path / "c.tif") as dataset:
        assert dataset.shape == (10, 70)
        assert dataset.transform == Affine(1, 0, left + 20, 0, -1, top - 30)

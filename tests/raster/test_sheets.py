"""Sheets: which belong together, where they lie, and what a mosaic of them shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from numpy.typing import NDArray
from support import NORTH_UP, UTM, image, save_scene

from aerialseg_core.errors import RasterReadError, SceneError
from aerialseg_core.raster.identity import read_state
from aerialseg_core.raster.mosaic import MOST_SOURCES, write_mosaic
from aerialseg_core.raster.scene import open_scene
from aerialseg_core.raster.sheets import Mosaic, Sheet, group_sheets, read_sheet
from aerialseg_core.raster.window import Window

RGB = ("red", "green", "blue")


def load(path: Path, **options: Any) -> Sheet:
    return read_sheet(path, RGB, memory=1 << 30, **options)


def show(mosaic: Mosaic, folder: Path, nodata: float | None = None) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """What a scene reads of a mosaic."""
    with open_scene(write_mosaic(mosaic, folder, nodata=nodata), RGB, nodata=nodata) as scene:
        assert scene.shape == mosaic.shape
        assert scene.choice.bands == mosaic.sheets[0].bands
        return scene.read(scene.window)


TURNED = Affine(0.5, 0.2, 1000, 0.2, -0.5, 2000)


@pytest.mark.parametrize("place", [NORTH_UP, TURNED, Affine(2, 0, 5e5, 0, 2, 5e6)], ids=["north", "turned", "south"])
def test_sheets_of_one_lattice_are_windows_of_one_mosaic(tmp_path: Path, place: Affine) -> None:
    pixels = image(50, 60)
    parts = {"a": Window(10, 0, 40, 30), "b": Window(0, 20, 30, 40), "c": Window(35, 33, 15, 20)}
    for name, part in parts.items():
        jitter = Affine.translation(part.col + (0.01 if name == "b" else 0), part.row)
        save_scene(tmp_path / f"{name}.tif", pixels[(slice(None), *part.slices)], transform=place * jitter)
    (mosaic,) = group_sheets([load(tmp_path / f"{name}.tif") for name in parts], "last")
    assert mosaic.windows == tuple(parts.values())
    assert mosaic.transform == pytest.approx(tuple(place))
    assert mosaic.drift == pytest.approx(0.01, rel=1e-3)
    found, valid = show(mosaic, tmp_path / "work")
    expected = np.zeros((50, 60), bool)
    for part in parts.values():
        expected[part.slices] = True
    assert np.array_equal(valid, expected)
    assert np.array_equal(found, np.where(expected, pixels, 0))


@pytest.mark.parametrize(
    "changes",
    [
        {"crs": "EPSG:32641"},
        {"transform": NORTH_UP * Affine.translation(0.3, 0)},
        {"transform": NORTH_UP * Affine.scale(1.01)},
        {"dtype": "uint16"},
        {"bands": 4},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_sheets_that_differ_do_not_belong_together(tmp_path: Path, changes: dict[str, Any]) -> None:
    other = {"crs": UTM, "transform": NORTH_UP, **{k: v for k, v in changes.items() if k in ("crs", "transform")}}
    save_scene(tmp_path / "a.tif", image(20, 20), photometric="RGB")
    pixels = image(20, 20, changes.get("bands", 3), changes.get("dtype", "uint8"))
    save_scene(tmp_path / "b.tif", pixels, photometric="RGB", **other)
    assert len(group_sheets([load(tmp_path / name) for name in ("a.tif", "b.tif")], "last")) == 2


def test_sheets_without_coordinates_are_alone(tmp_path: Path) -> None:
    for name in "ab":
        save_scene(tmp_path / f"{name}.tif", image(20, 20), crs=None, transform=Affine.identity())
    assert len(group_sheets([load(tmp_path / "a.tif"), load(tmp_path / "b.tif")], "last")) == 2


@pytest.mark.parametrize("kind", ["nodata", "mask", "alpha", "given", "palette"])
def test_where_a_sheet_has_no_data_the_one_below_is_seen(tmp_path: Path, kind: str) -> None:
    """All bands of a pixel are of one sheet, also where one of them happens to be the nodata value."""
    lower, upper = image(30, 40, seed=1) | 1, image(30, 40, seed=2) | 1
    hole = np.zeros((30, 40), bool)
    hole[5:20, 8:33] = True
    if kind == "palette":
        tables = [{n: (n, 255 - n, n // 2, 255) for n in range(256)}, {n: (255 - n, n, 9, 255) for n in range(256)}]
        for name, pixels, table in (("a", lower, tables[0]), ("b", np.where(hole, 0, upper), tables[1])):
            path = save_scene(tmp_path / f"{name}.tif", pixels[:1].astype("uint8"), nodata=0)
            with rasterio.open(path, "r+") as dataset:
                dataset.write_colormap(1, table)
        shown = [np.array([table[n] for n in range(256)])[:, :3].T for table in tables]
        lower, upper = (
            np.stack([one[band][pixels[0]] for band in range(3)])
            for one, pixels in zip(shown, (lower, upper), strict=True)
        )
    elif kind == "alpha":
        for name, pixels, alpha in (("a", lower, np.full((30, 40), 255)), ("b", upper, np.where(hole, 0, 255))):
            save_scene(
                tmp_path / f"{name}.tif",
                np.concatenate([pixels, alpha[None].astype("uint8")]),
                photometric="RGB",
                alpha="YES",
            )
    else:
        upper[1, 25:28] = 0
        declared = {"nodata": 0} if kind == "nodata" else {}
        save_scene(tmp_path / "a.tif", lower, **declared)
        save_scene(tmp_path / "b.tif", np.where(hole, 0, upper), **declared)
    if kind == "mask":
        with rasterio.open(tmp_path / "b.tif", "r+") as dataset:
            dataset.write_mask(~hole)
    nodata = 0.0 if kind == "given" else None
    sheets = [load(tmp_path / f"{name}.tif", nodata=nodata) for name in "ab"]
    (mosaic,) = group_sheets(sheets, "last")
    found, valid = show(mosaic, tmp_path / "work", nodata)
    assert valid.all()
    assert np.array_equal(found, np.where(hole, lower, upper))


def test_islands_are_apart_and_on_the_same_window_grid(tmp_path: Path) -> None:
    places = [(0, 0), (0, 20), (100, 4), (260, 300)]
    for number, (row, col) in enumerate(places):
        transform = NORTH_UP * Affine.translation(col, row)
        save_scene(tmp_path / f"{number}.tif", image(20, 20), transform=transform)
    (mosaic,) = group_sheets([load(tmp_path / f"{number}.tif") for number in range(4)], "last")
    islands = mosaic.split(reach=32, stride=28, margin=4)
    assert sorted(len(island.sheets) for island in islands) == [1, 1, 2]
    for island in islands:
        for sheet, window in zip(island.sheets, island.windows, strict=True):
            assert island.transform * (window.col, window.row) == pytest.approx((sheet.transform.c, sheet.transform.f))
        col, row = ~mosaic.transform * (island.transform.c, island.transform.f)
        assert (row % 28, col % 28) == (0, 0)
    assert mosaic.split(reach=300, stride=28, margin=4) == [mosaic]


def test_the_same_sheets_give_the_same_file(tmp_path: Path) -> None:
    save_scene(tmp_path / "a.tif", image(20, 20))
    (mosaic,) = group_sheets([load(tmp_path / "a.tif")], "last")
    first = write_mosaic(mosaic, tmp_path / "work")
    before = first.stat()
    first.unlink()
    assert write_mosaic(mosaic, tmp_path / "work") == first
    assert first.stat().st_mtime_ns == before.st_mtime_ns


def test_what_cannot_be_a_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SceneError, match="holds a secret"):
        load("https://user:word@example.org/a.tif")  # type: ignore[arg-type]
    with pytest.raises(RasterReadError):
        load(tmp_path / "none.tif")


@pytest.mark.parametrize("nodata", [None, 0.0])
def test_many_sheets_show_what_few_would(tmp_path: Path, nodata: float | None) -> None:
    """More than `MOST_SOURCES`; they overlap, so the order counts, also where squares of the area meet."""
    rng = np.random.default_rng(0)
    expected, covered = np.zeros((3, 133, 170), np.uint8), np.zeros((133, 170), bool)
    base = load(save_scene(tmp_path / "base.tif", image(10, 12)))
    sheets = []
    for number, (row, col) in enumerate(np.argwhere(np.ones((19, 17), bool)) * (7, 10)):
        if (row // 7, col // 10) == (4, 5):
            continue
        pixels = rng.integers(1, 255, (3, min(10, 133 - row), min(12, 170 - col)), np.uint8)
        place = NORTH_UP * Affine.translation(int(col), int(row))
        path = save_scene(tmp_path / f"{number:03}.tif", pixels, transform=place)
        sheets.append(replace(base, source=str(path), view=str(path), shape=pixels.shape[1:], transform=place))
        window = np.s_[row : row + pixels.shape[1], col : col + pixels.shape[2]]
        expected[(slice(None), *window)], covered[window] = pixels, True
    assert len(sheets) > MOST_SOURCES
    (mosaic,) = group_sheets(sheets, "last")
    found, valid = show(mosaic, tmp_path / "work", nodata)
    assert np.array_equal(valid, covered)
    assert np.array_equal(found, expected)
    named = set(read_state(write_mosaic(mosaic, tmp_path / "work", nodata=nodata)).files)
    assert {Path(sheet.source) for sheet in sheets} <= named

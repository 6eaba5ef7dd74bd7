"""Sheets of a mosaic: their maps are windows of the map of the whole, whatever they are cut into."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning
from support import NORTH_UP, Listener, contents, image, read, save_model, save_scene

from aerialseg_core import batch, segment
from aerialseg_core.errors import Cancelled, ParameterError
from aerialseg_core.files.vectors import read_frame
from aerialseg_core.raster.window import Window

Box = tuple[int, int, int, int]


def cut(folder: Path, pixels: NDArray[Any], boxes: Sequence[Box], **profile: Any) -> dict[str, Window]:
    """Cut a picture into sheets (row, col, height, width); returns the window of each."""
    folder.mkdir(exist_ok=True)
    windows = {}
    for number, box in enumerate(boxes):
        window = Window(*box)
        place = NORTH_UP * Affine.translation(window.col, window.row)
        save_scene(folder / f"s{number}.tif", pixels[(slice(None), *window.slices)], transform=place, **profile)
        windows[f"s{number}"] = window
    return windows


@pytest.fixture
def model(tmp_path: Path) -> str:
    return str(save_model(tmp_path / "tiny.onnx").path)


def run(folder: Path, model: str, **options: Any) -> dict[str, str]:
    """Segment the sheets of `folder/sheets` into `folder/maps`; returns what became of each."""
    results = batch(folder / "sheets", folder / "maps", model=model, mosaic=True, **options)
    return {Path(result.source).stem: result.status for result in results}


QUARTERS = [(0, 0, 61, 70), (0, 70, 61, 63), (61, 0, 50, 70), (61, 70, 50, 63)]
OVERLAPPING = [(0, 0, 70, 80), (0, 60, 65, 73), (50, 0, 61, 90), (61, 70, 50, 63)]
HOLED = [(r, c, 37, 44) for r in (0, 37, 74) for c in (0, 44, 88) if (r, c) != (37, 44)]
APART = [(0, 0, 40, 40), (0, 93, 40, 40), (90, 3, 21, 30)]


@pytest.mark.parametrize("boxes", [QUARTERS, OVERLAPPING, HOLED, APART], ids=["grid", "overlap", "hole", "islands"])
def test_every_map_is_a_window_of_the_map_of_the_whole(tmp_path: Path, model: str, boxes: list[Box]) -> None:
    pixels = image(max(row + height for row, _, height, _ in boxes), max(col + width for _, col, _, width in boxes))
    windows = cut(tmp_path / "sheets", pixels, boxes)
    mask = np.zeros(pixels.shape[1:], bool)
    for window in windows.values():
        mask[window.slices] = True
    whole = save_scene(tmp_path / "whole.tif", np.where(mask, pixels, 0))
    with rasterio.open(whole, "r+") as dataset:
        dataset.write_mask(mask)
    segment(whole, tmp_path / "w.tif", confidence=tmp_path / "c.tif", polygons=tmp_path / "w.gpkg", model=model)
    assert set(run(tmp_path, model, confidence=True, polygons=True).values()) == {"done"}
    for name, window in windows.items():
        for kind, expected in (("classes", read(tmp_path / "w.tif")), ("confidence", read(tmp_path / "c.tif"))):
            path = tmp_path / "maps" / f"{name}_{kind}.tif"
            assert np.array_equal(read(path), expected[window.slices])
            with rasterio.open(path) as made, rasterio.open(tmp_path / "sheets" / f"{name}.tif") as sheet:
                assert (made.transform, made.crs) == (sheet.transform, sheet.crs)
    found, expected = (
        read_frame(path, "classes") for path in (tmp_path / "maps" / "polygons.gpkg", tmp_path / "w.gpkg")
    )
    key = ["class_id", "area_m2", "wkb"]
    for frame in (found, expected):
        frame["wkb"] = frame.geometry.normalize().to_wkb()
        frame.sort_values(key, inplace=True)
    assert (found[key].to_numpy() == expected[key].to_numpy()).all()
    assert not [path for path in (tmp_path / "maps").iterdir() if path.name.startswith(".")]


def test_an_index_shows_the_maps_as_one(tmp_path: Path, model: str) -> None:
    pixels = image(111, 133)
    cut(tmp_path / "sheets", pixels, OVERLAPPING)
    segment(save_scene(tmp_path / "whole.tif", pixels), tmp_path / "w.tif", unlike=None, model=model)
    run(tmp_path, model, confidence=True)
    maps = tmp_path / "maps"
    assert {"classes.vrt", "classes.gti.gpkg", "confidence.vrt", "confidence.gti.gpkg"} <= contents(maps)
    for name in ("classes.vrt", "classes.gti.gpkg"):
        with rasterio.open(maps / name) as index, rasterio.open(tmp_path / "w.tif") as whole:
            assert np.array_equal(index.read(1), whole.read(1))
            assert (index.transform, index.crs, index.nodata) == (whole.transform, whole.crs, 0)
            assert index.colormap(1).items() <= whole.colormap(1).items()
    code = "from osgeo import gdal; import sys; print(gdal.Open(sys.argv[1]).ReadAsArray().sum())"
    old = subprocess.run(
        ["/usr/bin/python3", "-I", "-c", code, str(maps / "classes.vrt")], capture_output=True, text=True, check=False
    )
    if old.returncode:
        pytest.skip("the system has no GDAL of its own to try the virtual raster with")
    assert int(old.stdout) == read(tmp_path / "w.tif").sum()


@pytest.mark.parametrize(("order", "upper"), [("newest", 1), ("first", 0), ("last", 2)])
def test_the_order_says_which_sheet_is_seen(tmp_path: Path, model: str, order: Any, upper: int) -> None:
    pictures = [image(40, 50, seed=seed) for seed in range(3)]
    (tmp_path / "sheets").mkdir()
    for number, (picture, year) in enumerate(zip(pictures, (2019, 2023, 2021), strict=True)):
        path = save_scene(tmp_path / "sheets" / f"s{number}.tif", picture)
        with rasterio.open(path, "r+") as dataset:
            dataset.update_tags(TIFFTAG_DATETIME=f"{year}:06:01 10:00:00")
    run(tmp_path, model, order=order)
    segment(tmp_path / "sheets" / f"s{upper}.tif", tmp_path / "upper.tif", model=model)
    for number in range(3):
        assert np.array_equal(read(tmp_path / "maps" / f"s{number}_classes.tif"), read(tmp_path / "upper.tif"))


def test_sheets_that_differ_form_mosaics_of_their_own(tmp_path: Path, model: str) -> None:
    pixels = image(60, 80)
    cut(tmp_path / "sheets", pixels, [(0, 0, 60, 40), (0, 40, 60, 40)])
    save_scene(tmp_path / "sheets" / "t0.tif", pixels, crs="EPSG:32641")
    save_scene(tmp_path / "sheets" / "t1.tif", pixels, crs="EPSG:32641", transform=NORTH_UP * Affine.translation(80, 0))
    save_scene(tmp_path / "sheets" / "alone.tif", pixels, transform=NORTH_UP * Affine.translation(0.5, 300))
    said = Listener()
    assert set(run(tmp_path, model, polygons=True, reporter=said).values()) == {"done"}
    told = [line for line in said.messages if line.startswith("mosaic")]
    assert len(told) == 3
    assert "alone.tif alone" in told[0]
    found = {name for name in contents(tmp_path / "maps") if name.endswith((".vrt", ".gpkg"))} - {"scenes.gpkg"}
    stems = ("EPSG32640_1m-2", "EPSG32641_1m")
    expected = {f"classes_{stem}{end}" for stem in stems for end in (".vrt", ".gti.gpkg")}
    assert found == {*expected, *(f"polygons_{stem}.gpkg" for stem in stems), "alone_classes.gpkg"}


def test_bad_sheets_are_holes_and_each_has_its_sentence(tmp_path: Path, model: str) -> None:
    pixels = image(111, 133)
    windows = cut(tmp_path / "sheets", pixels, QUARTERS, compress="deflate")
    (tmp_path / "sheets" / "broken.tif").write_bytes(b"II*\0nonsense")
    torn = tmp_path / "sheets" / "s3.tif"
    torn.write_bytes(torn.read_bytes()[:-2000])
    said = Listener()
    results = batch(tmp_path / "sheets", tmp_path / "maps", model=model, mosaic=True, reporter=said)
    by_name = {Path(result.source).name: result for result in results}
    assert [by_name[name].status for name in ("broken.tif", "s3.tif")] == ["failed", "failed"]
    assert "s3.tif cannot be read" in by_name["s3.tif"].error
    assert "broken.tif cannot be read" in by_name["broken.tif"].error
    mask = np.ones((111, 133), bool)
    mask[windows["s3"].slices] = False
    whole = save_scene(tmp_path / "whole.tif", np.where(mask, pixels, 0))
    with rasterio.open(whole, "r+") as dataset:
        dataset.write_mask(mask)
    segment(whole, tmp_path / "w.tif", model=model)
    for name in ("s0", "s1", "s2"):
        assert by_name[f"{name}.tif"].status == "done"
        found = read(tmp_path / "maps" / f"{name}_classes.tif")
        assert np.array_equal(found, read(tmp_path / "w.tif")[windows[name].slices])


def test_the_command_says_nothing_on_stderr_and_leaves_no_maps_of_islands(tmp_path: Path, model: str) -> None:
    cut(tmp_path / "sheets", image(111, 133), QUARTERS)
    apart = NORTH_UP * Affine.translation(900, 0)
    torn = save_scene(tmp_path / "sheets" / "torn.tif", image(60, 70), transform=apart, compress="deflate")
    torn.write_bytes(torn.read_bytes()[:-2000])
    command = [
        sys.executable,
        "-m",
        "aerialseg_core",
        "batch",
        tmp_path / "sheets",
        "-o",
        tmp_path / "maps",
        "--mosaic",
    ]
    done = subprocess.run(
        [*command, "--model", model, "--progress", "json"], capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stderr) == (10, "")
    assert {one.suffix for one in (tmp_path / "maps" / ".mosaic").iterdir()} == {".vrt"}


def test_a_sheet_that_lies_nowhere_is_no_warning(tmp_path: Path, model: str, recwarn: pytest.WarningsRecorder) -> None:
    cut(tmp_path / "sheets", image(111, 133), QUARTERS)
    torn = save_scene(tmp_path / "sheets" / "torn.tif", image(60, 70), transform=NORTH_UP * Affine.translation(900, 0))
    torn.write_bytes(torn.read_bytes()[:-2000])
    with pytest.warns(NotGeoreferencedWarning):
        save_scene(tmp_path / "sheets" / "plain.tif", image(60, 70), transform=None, crs=None)
    assert run(tmp_path, model, confidence=True, polygons=True)["plain"] == "done"
    assert not [one for one in recwarn if one.category is NotGeoreferencedWarning]


def list_states(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Content and date of the maps in a folder, their indexes and polygons."""
    found = [path for pattern in ("*_classes.tif*", "classes.*", "polygons.*") for path in folder.glob(pattern)]
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in found}


def test_what_is_done_is_skipped_and_what_has_changed_is_made_again(tmp_path: Path, model: str) -> None:
    pixels = image(111, 133)
    cut(tmp_path / "sheets", pixels, QUARTERS)
    maps = tmp_path / "maps"
    assert set(run(tmp_path, model, polygons=True).values()) == {"done"}
    before = list_states(maps)
    assert set(run(tmp_path, model, polygons=True).values()) == {"skipped"}
    assert list_states(maps) == before
    failed = run(tmp_path, model, polygons=True, blend="none")
    assert set(failed.values()) == {"failed"}
    assert list_states(maps) == before
    cut(tmp_path / "sheets", image(111, 133, seed=5), QUARTERS)
    assert set(run(tmp_path, model, polygons=True).values()) == {"done"}
    assert (maps / "polygons.gpkg").read_bytes() != before["polygons.gpkg"][0]
    (maps / "s2_classes.tif").unlink()
    assert run(tmp_path, model, polygons=True) == {"s0": "skipped", "s1": "skipped", "s2": "done", "s3": "skipped"}


class Stopping(Listener):
    """Cancels when a task has come so far."""

    def __init__(self, task: str, after: int) -> None:
        super().__init__()
        self.wanted, self.after, self.current = task, after, ""

    def start(self, task: str, total: int, unit: str) -> None:
        super().start(task, total, unit)
        self.current = task

    def advance(self, n: int = 1, **state: Any) -> None:
        super().advance(n, **state)
        if self.current == self.wanted and self.done >= self.after:
            self.cancel()
            self.check()


@pytest.mark.parametrize(("task", "after"), [("segment", 9), ("polygons", 1), ("cut", 2)])
def test_a_run_that_was_stopped_is_continued(tmp_path: Path, model: str, task: str, after: int) -> None:
    pixels = image(111, 133)
    windows = cut(tmp_path / "sheets", pixels, QUARTERS)
    options: dict[str, Any] = {"polygons": True, "block": 28}
    with pytest.raises(Cancelled):
        run(tmp_path, model, reporter=Stopping(task, after), **options)
    done = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "maps").glob("*_classes.tif")}
    assert len(done) == (2 if task == "cut" else 0)
    said = Listener()
    results = run(tmp_path, model, reporter=said, **options)
    assert sorted(results.values()) == ["done"] * (4 - len(done)) + ["skipped"] * len(done)
    assert task != "segment" or [line for line in said.messages if line.startswith("continues an earlier run")]
    assert task == "segment" or "segment" not in said.tasks
    segment(save_scene(tmp_path / "whole.tif", pixels), tmp_path / "w.tif", model=model)
    for name, window in windows.items():
        path = tmp_path / "maps" / f"{name}_classes.tif"
        assert np.array_equal(read(path), read(tmp_path / "w.tif")[window.slices])
        assert path.stat().st_mtime_ns == done.get(path.name, path.stat().st_mtime_ns)
    assert not [path for path in (tmp_path / "maps").iterdir() if path.name.startswith(".")]


class Changing(Listener):
    """Changes a raster as soon as the first window is computed."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def advance(self, n: int = 1, **state: Any) -> None:
        if self.tasks[-1] == "segment":
            save_scene(self.path, image(10, 10))
        super().advance(n, **state)


def test_a_sheet_that_changes_meanwhile_is_named_and_nothing_is_made_of_it(tmp_path: Path, model: str) -> None:
    cut(tmp_path / "sheets", image(111, 133), QUARTERS)
    sheet = tmp_path / "sheets" / "s1.tif"
    before, said = sheet.read_bytes(), Changing(sheet)
    assert set(run(tmp_path, model, reporter=said).values()) == {"failed"}
    assert any(f"The raster {sheet} was changed" in line for line in said.messages)
    assert not list((tmp_path / "maps").glob("*.tif"))
    sheet.write_bytes(before)
    assert set(run(tmp_path, model).values()) == {"done"}


def test_another_grid_is_refused(tmp_path: Path, model: str) -> None:
    cut(tmp_path / "sheets", image(40, 40), [(0, 0, 40, 40)])
    with pytest.raises(ParameterError, match="--mosaic gives every sheet a map on its own grid"):
        run(tmp_path, model, out_gsd=2.0)


def test_outside_of_an_extent_maps_are_empty(tmp_path: Path, model: str) -> None:
    pixels = image(111, 133)
    windows = cut(tmp_path / "sheets", pixels, QUARTERS)
    left, top = NORTH_UP * (20, 30)
    right, bottom = NORTH_UP * (100, 90)
    extent = (left, bottom, right, top)
    segment(save_scene(tmp_path / "whole.tif", pixels), tmp_path / "w.tif", extent=extent, model=model)
    expected = np.zeros((111, 133), np.uint8)
    expected[30:90, 20:100] = read(tmp_path / "w.tif")
    assert set(run(tmp_path, model, extent=extent).values()) == {"done"}
    for name, window in windows.items():
        assert np.array_equal(read(tmp_path / "maps" / f"{name}_classes.tif"), expected[window.slices])

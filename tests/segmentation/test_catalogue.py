"""The GeoPackage of scenes: a row for each, written as it ends, whatever happens to the run and whoever reads."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import pytest
from affine import Affine
from pyproj import CRS
from shapely import box
from support import NORTH_UP, REPO, SCHEME, Listener, image, read, save_model, save_scene

from aerialseg_core import batch
from aerialseg_core.errors import OutputError
from aerialseg_core.progress import Reporter
from aerialseg_core.raster.classes import ClassScheme
from aerialseg_core.raster.footprint import compute_footprint
from aerialseg_core.segmentation import catalogue as module
from aerialseg_core.segmentation.catalogue import Catalogue, SceneRecord, SceneStatus


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("catalogue")
    (folder / "in" / "deep").mkdir(parents=True)
    save_model(folder / "tiny.onnx")
    for number in range(4):
        there = Affine.translation(100 * number, 0) * NORTH_UP
        save_scene(folder / "in" / f"s{number}.tif", image(40, 50, seed=number), transform=there)
    save_scene(folder / "in" / "deep" / "nowhere.tif", image(30, 30), crs=None)
    save_scene(folder / "in" / "two bands.tif", image(40, 50, bands=2))
    (folder / "in" / "corrupt.tif").write_bytes(b"II*\0nonsense")
    return folder


def run(material: Path, output: Path, **options: Any) -> list[SceneStatus]:
    model = options.pop("model", str(material / "tiny.onnx"))
    return batch(material / "in", output, pattern="**/*.tif", model=model, **options)


def rows(output: Path) -> geopandas.GeoDataFrame:
    return pyogrio.read_dataframe(output / "scenes.gpkg", layer="scenes").set_index("output", drop=False)


def test_every_scene_has_a_row(material: Path, tmp_path: Path) -> None:
    run(material, tmp_path)
    found = rows(tmp_path)
    assert found.crs == "EPSG:4326"
    assert dict(found.state) == {
        **{f"s{number}_classes.tif": "done" for number in range(4)},
        "deep/nowhere_classes.tif": "done",
        "two bands_classes.tif": "failed",
        "corrupt_classes.tif": "failed",
    }
    classes = read(tmp_path / "s1_classes.tif")
    row = found.loc["s1_classes.tif"]
    assert row.unit == "m²"
    for number, name in enumerate(SCHEME.names, start=1):
        assert row[f"area_{name}"] == pytest.approx((classes == number).sum(), rel=2e-3)
    left, top = NORTH_UP * (0, 0)
    expected = geopandas.GeoSeries([box(left + 100, top - 40, left + 150, top)], crs="EPSG:32640").to_crs(4326)[0]
    assert row.geometry.symmetric_difference(expected).area < 1e-3 * expected.area
    assert row.seconds > 0
    assert row.windows > 0
    nowhere = found.loc["deep/nowhere_classes.tif"]
    assert (nowhere.geometry, nowhere.unit) == (None, "px²")
    assert sum(nowhere[f"area_{name}"] for name in SCHEME.names) == 900
    bad = found.loc["two bands_classes.tif"]
    assert bad.geometry.intersects(rows(tmp_path).loc["s0_classes.tif"].geometry)
    assert "needs 3 bands" in bad.error
    assert found.loc["corrupt_classes.tif"].geometry is None
    assert pyogrio.read_info(tmp_path / "scenes.gpkg", force_total_bounds=True)["total_bounds"] == pytest.approx(
        found.total_bounds
    )


def test_a_second_run_adds_no_row_and_fills_in_those_that_are_missing(material: Path, tmp_path: Path) -> None:
    run(material, tmp_path)
    before = rows(tmp_path).sort_index()
    with closing(sqlite3.connect(tmp_path / "scenes.gpkg")) as connection, connection:
        connection.execute("DELETE FROM scenes WHERE output LIKE 's%'")
    run(material, tmp_path)
    after = rows(tmp_path).sort_index()
    assert list(after.index) == list(before.index)
    taken = [name for name in before.columns if name not in ("seconds", "windows")]
    assert before[taken].drop(columns="geometry").fillna("").equals(after[taken].drop(columns="geometry").fillna(""))
    assert before.geometry.to_wkb().equals(after.geometry.to_wkb())


def test_another_model_has_columns_of_its_own(material: Path, tmp_path: Path) -> None:
    run(material, tmp_path)
    other = ClassScheme.of(
        [("dark", "#101010"), ("Dark", "#FF0000"), ('"; DROP TABLE scenes', "#00FF00"), ("x", "#0000FF")]
    )
    save_model(tmp_path / "other.onnx", scheme=other)
    run(material, tmp_path, model=str(tmp_path / "other.onnx"), overwrite=True)
    row = rows(tmp_path).loc["s1_classes.tif"]
    areas = {name: value for name, value in row.items() if str(name).startswith("area_") and value == value}
    assert set(areas) == {"area_dark_", "area_Dark", 'area_"; DROP TABLE scenes', "area_x"}
    assert sum(areas.values()) == pytest.approx(2000, rel=2e-3)


@pytest.mark.skipif(sys.platform == "win32", reason="no signals there")
def test_what_is_done_is_in_it_when_the_run_is_killed(material: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "aerialseg_core", "batch", str(material / "in"), "-o", str(tmp_path / "maps")]
    command += ["--recursive", "--model", str(material / "tiny.onnx"), "--progress", "json"]
    with subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] == "part" and event["number"] == 5:
                assert len(rows(tmp_path / "maps")) >= 1, "it can be read while the run lasts"
                process.send_signal(signal.SIGKILL)
                break
        process.stdout.read()
    assert {"corrupt_classes.tif"} <= set(rows(tmp_path / "maps").index)
    run(material, tmp_path / "maps")
    assert rows(tmp_path / "maps").index.is_unique
    assert len(rows(tmp_path / "maps")) == 7


PLACE = compute_footprint(CRS.from_epsg(32640).to_wkt(), NORTH_UP, (9, 9))


def record(folder: Path, number: int, **changes: Any) -> SceneRecord:
    status = SceneStatus(f"/in/{number}.tif", "done", str(folder / f"{number}_classes.tif"))
    return replace(SceneRecord(status, 1.5, 4, {"A": 1.0}, "m²", PLACE), **changes)


def test_rows_wait_while_another_program_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WAIT", 0.01)
    monkeypatch.setattr(module, "_PAUSE", 0)
    listener = Listener()
    with Catalogue(tmp_path, listener) as catalogue:
        catalogue.add(record(tmp_path, 0))
        with closing(sqlite3.connect(tmp_path / "scenes.gpkg")) as other:
            other.execute("BEGIN IMMEDIATE")
            catalogue.add(record(tmp_path, 1))
            assert len(rows(tmp_path)) == 1
            other.rollback()
        catalogue.add(record(tmp_path, 2))
        assert len(rows(tmp_path)) == 3
    assert not listener.messages
    with closing(sqlite3.connect(tmp_path / "scenes.gpkg")) as other:
        with Catalogue(tmp_path, listener) as catalogue:
            other.execute("BEGIN IMMEDIATE")
            catalogue.add(record(tmp_path, 3))
        assert "lacks 1 of the scenes" in listener.messages[0]


def test_rows_are_written_soon_and_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = threading.Event()
    with Catalogue(tmp_path, Reporter()) as catalogue:
        catalogue.add(record(tmp_path, 0))
        assert len(rows(tmp_path)) == 1, "the first one at once"
        write = Catalogue.write
        monkeypatch.setattr(Catalogue, "write", lambda self: (write(self), written.set()))
        for number in range(1, 9):
            catalogue.add(record(tmp_path, number))
        assert written.wait(10)
        assert len(rows(tmp_path)) == 9, "the others without anybody asking"


def test_several_may_add_to_it(tmp_path: Path) -> None:
    with Catalogue(tmp_path, Reporter()) as first, Catalogue(tmp_path, Reporter()) as second:
        for number in range(20):
            (first, second)[number % 2].add(record(tmp_path, number, areas={f"C{number % 3}": 2.0}))
    assert len(rows(tmp_path)) == 20


def test_one_scene_has_one_row_and_twins_have_two(tmp_path: Path) -> None:
    failed = replace(record(tmp_path, 1).status, status="failed", error="x")
    with Catalogue(tmp_path, Reporter()) as catalogue:
        for source in ("/in/1.tif", "/in/1.jp2", "/in/1.tif"):
            catalogue.add(SceneRecord(replace(failed, source=source)))
        catalogue.write()
        assert not catalogue.knows(failed.output)
        assert len(rows(tmp_path)) == 2
        catalogue.add(record(tmp_path, 1))
        catalogue.write()
        assert catalogue.knows(failed.output)
    assert list(rows(tmp_path).state) == ["done"]


def test_on_a_full_disk_it_is_whole_or_absent(tiny_disk: Callable[[int], Path]) -> None:
    for size in range(8, 124, 12):
        disk = tiny_disk(size)
        with suppress(OutputError), Catalogue(disk, Reporter()):
            pass
        assert not (disk / "scenes.gpkg").exists()
    with Catalogue(tiny_disk(1000), Reporter()) as catalogue:
        catalogue.add(SceneRecord(SceneStatus("a.tif", "done", str(disk / "a_classes.tif"))))
    assert list(rows(disk)["source"]) == ["a.tif"]


@pytest.mark.parametrize("content", [b"", b"nonsense" * 100, b"SQLite format 3\0" + bytes(500)])
def test_a_file_that_is_no_catalogue_is_left_alone(material: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "scenes.gpkg").write_bytes(content)
    with pytest.raises(OutputError, match=r"scenes\.gpkg cannot be used"):
        run(material, tmp_path)
    assert (tmp_path / "scenes.gpkg").read_bytes() == content


def test_a_geopackage_of_somebody_is_left_alone(material: Path, tmp_path: Path) -> None:
    geopandas.GeoDataFrame({"a": [1]}, geometry=[box(0, 0, 1, 1)], crs=4326).to_file(tmp_path / "scenes.gpkg")
    shutil.copy(tmp_path / "scenes.gpkg", tmp_path / "copy.gpkg")
    with pytest.raises(OutputError, match="has no layer scenes like it"):
        run(material, tmp_path)
    assert (tmp_path / "scenes.gpkg").read_bytes() == (tmp_path / "copy.gpkg").read_bytes()

"""The plan of a batch: it says what a run then does, and writes nothing."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from affine import Affine
from support import NORTH_UP, contents, image, save_model, save_scene

from aerialseg_core.cli.main import main

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run `batch` on the folder `in`; what it says."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    save_model(tmp_path / "m.onnx")
    (tmp_path / "in").mkdir()

    def run(*arguments: str, code: int = 0) -> str:
        given = ["batch", tmp_path / "in", "-o", tmp_path / "maps", "--model", tmp_path / "m.onnx", "--gsd", "source"]
        with pytest.raises(SystemExit) as ended:
            main([*map(str, given), "--engine", "onnxruntime", "--threads", "1", *arguments])
        out, said = capfd.readouterr()
        assert ended.value.code == code, out + said
        return out + said

    yield run
    for number, handler in before.items():
        signal.signal(number, handler)


def save_sheets(folder: Path) -> None:
    """Two sheets side by side, and one of another CRS."""
    for number, name in enumerate("ab"):
        save_scene(folder / f"{name}.tif", image(60, 70), transform=NORTH_UP * Affine.translation(70 * number, 0))
        os.utime(folder / f"{name}.tif", (1e9 - number, 1e9 - number))
    save_scene(folder / "c.tif", image(40, 40), crs="EPSG:32639")


def count_windows(said: str) -> int:
    events = map(json.loads, filter(lambda line: line.startswith("{"), said.splitlines()))
    plans = [row["values"] for event in events for row in event.get("rows", [])]
    return sum(int(one["windows"]) for one in plans if "windows" in one)


def test_a_plan_sums_up_scenes_and_says_what_cannot_be_done(tmp_path: Path, run: Run) -> None:
    save_sheets(tmp_path / "in")
    (tmp_path / "in" / "bad.tif").write_bytes(b"II*\0")
    (tmp_path / "in" / "d.tif").mkdir()
    before = contents(tmp_path)
    said = run("--plan", code=10)
    assert contents(tmp_path) == before
    assert "a.tif: 70 × 60 px, uint8, EPSG" in said
    assert f"refused  {tmp_path}/in/bad.tif cannot be read: " in said
    assert "d.tif is a folder and no raster. Rename it." in said
    assert "scenes   3 of 5 can be segmented, 0.0 Mpx in " in said
    assert "2 of 5 scenes cannot be segmented" in said


def test_a_plan_of_mosaics_names_their_groups(tmp_path: Path, run: Run) -> None:
    save_sheets(tmp_path / "in")
    before = contents(tmp_path)
    said = run("--plan", "--mosaic")
    assert contents(tmp_path) == before
    assert ": 2 sheets, 140 × 60 px" in said
    assert "newest on top" in said
    groups = [line for line in said.splitlines() if line.startswith(("mosaic", "sheet"))]
    assert [line.split(":")[0].rpartition("/")[2] for line in groups[1:3]] == ["b.tif", "a.tif"]  # the newest is last
    assert "c.tif alone" in groups[3]
    assert "scenes   3 of 3 can be segmented" in said


@pytest.mark.parametrize("how", [(), ("--mosaic",)])
def test_a_plan_counts_the_windows_that_a_run_computes(tmp_path: Path, run: Run, how: tuple[str, ...]) -> None:
    save_sheets(tmp_path / "in")
    planned = count_windows(run("--plan", "--progress", "json", *how))
    events = [json.loads(line) for line in run("--progress", "json", *how).splitlines() if line.startswith("{")]
    computed = sum(one["total"] for one in events if one["event"] == "start" and one["unit"] == "windows")
    assert planned == computed > 3


def test_a_plan_refuses_what_a_run_refuses(tmp_path: Path, run: Run) -> None:
    save_sheets(tmp_path / "in")
    assert "own grid" in run("--plan", "--mosaic", "--out-gsd", "2", code=2)
    assert "no class" in run("--plan", "--square", "nothing", code=2)
    assert not (tmp_path / "maps").exists()

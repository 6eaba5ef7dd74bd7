"""A machine that fails under a run: what was done is kept, one sentence tells what is wrong, and the run continues.

Real processes, disks and limits. A folder of scenes and one scene alike; what goes away under one scene is in
`test_resume`, disks that fill up under one in `test_blocks`.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import REPO, contents, image, read, save_model, save_scene

SCENES = ("a", "b", "c")
LIMITED = """
import resource, sys
from aerialseg_core.cli.main import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
main()
"""
JUMPING_CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>
static long jump(void) { static _Atomic long calls; return (calls++ % 3 - 1) * 315360000L; }
int clock_gettime(clockid_t clock, struct timespec *now) {
    int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(clock, now);
    if (!failed && clock == CLOCK_REALTIME) now->tv_sec += jump();
    return failed;
}
int gettimeofday(struct timeval *now, void *zone) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec, now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}
time_t time(time_t *where) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (where) *where = exact.tv_sec;
    return exact.tv_sec;
}
"""
"""The clock of the wall, ten years back, right, and ten years ahead, by turns."""


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of scenes, a model, and the maps that a run makes that nothing disturbs."""
    folder = tmp_path_factory.mktemp("material")
    (folder / "scenes").mkdir()
    for number, name in enumerate(SCENES):
        noisy = np.random.default_rng(number).integers(0, 255, (3, 300, 90), np.uint8)
        save_scene(folder / "scenes" / f"{name}.tif", noisy if name == "b" else image(300, 90, seed=number))
    save_model(folder / "m.onnx")
    done = finish(start(folder, "batch", folder / "scenes", folder / "maps"))
    assert done["rc"] == 0, done
    return folder


def start(material: Path, command: str, scenes: Path, output: Path, *before: str, **environment: str) -> Any:
    """Begin a run in a process of its own."""
    arguments = [command, scenes, "-o", output, "--model", material / "m.onnx", "--engine", "onnxruntime"]
    arguments += ["--block", 32, "--threads", 1, "--progress", "json"]
    return subprocess.Popen(
        [sys.executable, *(before or ("-m", "aerialseg_core")), *map(str, arguments)],
        cwd=REPO,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def finish(process: Any) -> dict[str, Any]:
    """What a run said until it ended."""
    out, err = process.communicate(timeout=300)
    assert "Traceback" not in err
    return {"rc": process.returncode, "events": [json.loads(line) for line in out.splitlines()], "err": err}


def wait_for_part(process: Any, number: int) -> None:
    """Wait until a run begins with a scene of a folder."""
    for line in process.stdout:
        event = json.loads(line)
        if event["event"] == "part" and event["number"] == number:
            return
    raise AssertionError(process.stderr.read())


def find(run: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [event for event in run["events"] if event["event"] == kind]


def statuses(run: dict[str, Any]) -> list[str]:
    return [scene["status"] for scene in find(run, "result")[0]["scenes"]]


def assert_same_maps(material: Path, maps: Path) -> None:
    for name in SCENES:
        assert np.array_equal(read(maps / f"{name}_classes.tif"), read(material / "maps" / f"{name}_classes.tif"))
    assert contents(maps) == contents(material / "maps")


def test_a_file_that_may_not_grow_any_more_is_one_sentence_and_the_run_continues(
    material: Path, tmp_path: Path
) -> None:
    """A quota: the blocks still fit, the whole raster does not."""
    scene, output = material / "scenes" / "b.tif", tmp_path / "classes.tif"
    run = finish(start(material, "segment", scene, output, "-c", LIMITED, "5000"))
    assert run["rc"] == 6, run
    (error,) = find(run, "error")
    assert "classes.tif cannot be written: " in error["text"]
    assert "previous exception" not in error["text"]
    assert "quota" in error["hint"]
    assert not output.exists()
    finished = len(list(tmp_path.glob(".classes.tif.blocks/0-*.tif")))
    assert finished
    again = finish(start(material, "segment", scene, output))
    assert again["rc"] == 0, again
    assert [one for one in find(again, "message") if f"continues an earlier run: {finished} of " in one["text"]]
    assert np.array_equal(read(output), read(material / "maps" / "b_classes.tif"))
    assert contents(tmp_path) == {"classes.tif", "classes.tif.aux.xml"}


@pytest.mark.parametrize("size", [60, 150])
def test_a_disk_that_fills_up_under_a_folder_costs_what_does_not_fit(
    material: Path, tiny_disk: Callable[[int], Path], size: int
) -> None:
    maps = tiny_disk(size) / "maps"
    run = finish(start(material, "batch", material / "scenes", maps))
    assert run["rc"] in (6, 10), run
    said = " ".join(one["text"] for kind in ("message", "error") for one in find(run, kind))
    assert "The disk is full" in said
    done = {path: path.stat().st_mtime_ns for path in maps.glob("*_classes.tif")}
    tiny_disk(20_000)
    again = finish(start(material, "batch", material / "scenes", maps))
    assert again["rc"] == 0, again
    assert statuses(again).count("skipped") == len(done)
    assert all(path.stat().st_mtime_ns == then for path, then in done.items())
    assert_same_maps(material, maps)


def test_a_folder_of_maps_that_goes_away_is_one_sentence(material: Path, tmp_path: Path) -> None:
    process = start(material, "batch", material / "scenes", tmp_path / "maps")
    wait_for_part(process, 2)
    (tmp_path / "maps").rename(tmp_path / "gone")
    run = finish(process)
    assert run["rc"] == 10, run
    assert statuses(run)[0] == "done"
    assert "does not exist" in find(run, "result")[0]["scenes"][2]["error"]
    assert not (tmp_path / "maps").exists()
    assert {one["text"].split(".")[0] for one in find(run, "message") if "scenes.gpkg" in one["text"]} == set()
    (tmp_path / "gone").rename(tmp_path / "maps")
    again = finish(start(material, "batch", material / "scenes", tmp_path / "maps"))
    assert again["rc"] == 0, again
    assert statuses(again)[0] == "skipped"
    assert_same_maps(material, tmp_path / "maps")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows knows no kill -9")
def test_what_a_killed_batch_leaves_is_continued_and_swept(material: Path, tmp_path: Path) -> None:
    process = start(material, "batch", material / "scenes", tmp_path / "maps", TMPDIR=str(tmp_path))
    wait_for_part(process, 3)
    process.kill()
    process.communicate()
    again = finish(start(material, "batch", material / "scenes", tmp_path / "maps", TMPDIR=str(tmp_path)))
    assert again["rc"] == 0, again
    assert statuses(again)[0] == "skipped"
    assert_same_maps(material, tmp_path / "maps")
    foreign = {".ses"}  # of ONNX Runtime
    assert contents(tmp_path) - foreign == {"maps", *(f"maps/{name}" for name in contents(tmp_path / "maps"))}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the clock is replaced as Linux allows it")
def test_a_clock_that_jumps_changes_nothing(material: Path, tmp_path: Path) -> None:
    """Neither during a run, nor between one that was killed and the one that continues it."""
    compiler = shutil.which("cc") or shutil.which("gcc") or pytest.skip("there is no compiler for another clock")
    (tmp_path / "clock.c").write_text(JUMPING_CLOCK)
    library = tmp_path / "clock.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, tmp_path / "clock.c", "-ldl"], check=True)
    jumping = {"LD_PRELOAD": str(library)}
    print_years = [sys.executable, "-c", "import time; print(*(time.gmtime().tm_year for _ in range(3)))"]
    years = subprocess.run(print_years, env={**os.environ, **jumping}, stdout=subprocess.PIPE, text=True, check=True)
    assert len(set(years.stdout.split())) == 3
    process = start(material, "batch", material / "scenes", tmp_path / "maps", **jumping)
    wait_for_part(process, 2)
    process.kill()
    process.communicate()
    for path in (tmp_path / "maps").rglob("*"):
        os.utime(path, (4e9, 4e9))  # in the year 2096
    again = finish(start(material, "batch", material / "scenes", tmp_path / "maps", **jumping))
    assert again["rc"] == 0, again
    assert statuses(again)[0] == "skipped"
    assert_same_maps(material, tmp_path / "maps")
    for event in find(again, "progress"):
        assert event["rate"] >= 0
        assert event["eta"] >= 0

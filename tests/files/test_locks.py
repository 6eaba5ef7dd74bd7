"""Two runs on one output, as users meet them: real processes that hold, die, and are told about each other."""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import REPO, contents, image, read, save_model, save_scene

from aerialseg_core import audit, batch, evaluate, patches, polygonize, segment
from aerialseg_core.errors import OutputError
from aerialseg_core.files.locks import LONGEST_NAME, Holder, lock, make_hidden_path
from aerialseg_core.files.outputs import lock_outputs
from aerialseg_core.raster.classes import MBRSC

HOLD = """
import sys
from pathlib import Path
from aerialseg_core.files.locks import lock
with lock(Path(sys.argv[1]), "segment"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def held(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process that holds an output until it gets a line, and the output."""
    output = tmp_path / "map.tif"
    command = [sys.executable, "-c", HOLD, str(output)]
    with subprocess.Popen(command, cwd=REPO, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process, output
        process.kill()


def test_a_second_run_is_told_who_holds_the_output(held: tuple[subprocess.Popen[str], Path]) -> None:
    process, output = held
    with (
        pytest.raises(OutputError, match=rf"aerialseg segment, process {process.pid} on {platform.node()}, since 20"),
        lock(output, "polygons"),
    ):
        pass
    with lock(output.with_name("other.tif"), "segment"):
        assert {".other.tif.lock", ".map.tif.lock"} == contents(output.parent)
    process.communicate("done\n")
    with lock(output, "polygons"):
        pass
    assert contents(output.parent) == set()


def test_a_run_that_was_killed_holds_nothing(held: tuple[subprocess.Popen[str], Path]) -> None:
    process, output = held
    process.kill()
    process.wait()
    assert contents(output.parent) == {".map.tif.lock"}
    with lock(output, "segment"):
        assert json.loads((output.parent / ".map.tif.lock").read_text())["pid"] == os.getpid()
    assert contents(output.parent) == set()


def test_a_run_that_sleeps_holds_on(held: tuple[subprocess.Popen[str], Path]) -> None:
    process, output = held
    os.kill(process.pid, signal.SIGSTOP)
    try:
        with pytest.raises(OutputError, match="Another run is writing"), lock(output, "segment"):
            pass
    finally:
        os.kill(process.pid, signal.SIGCONT)


def test_an_error_lets_go(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), lock(tmp_path / "map.tif", "segment"):
        raise ZeroDivisionError
    assert contents(tmp_path) == set()


def test_threads_of_one_process_are_told_too(tmp_path: Path) -> None:
    with (
        lock(tmp_path / "map.tif", "segment"),
        pytest.raises(OutputError, match="Another run is writing"),
        lock(tmp_path / "map.tif", "segment"),
    ):
        pass


def left(output: Path, **changes: object) -> Path:
    """A lock file that nobody holds, as of a process that is gone; by default this computer's."""
    me = {**vars(Holder.of_this_process("segment")), **changes}
    file = output.with_name(f".{output.name}.lock")
    file.write_text(json.dumps(me))
    return file


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"pid": 1}', "[" * 100_000, "\x00" * 64])
def test_a_torn_lock_file_is_taken_over(tmp_path: Path, content: str) -> None:
    (tmp_path / ".map.tif.lock").write_text(content)
    with lock(tmp_path / "map.tif", "segment"):
        pass
    assert contents(tmp_path) == set()


def test_another_computer_cannot_be_asked(tmp_path: Path) -> None:
    file = left(tmp_path / "map.tif", host="gis-07", boot="another")
    said = r"seems to be .*process \d+ on gis-07.*delete .*\.map\.tif\.lock"
    with pytest.raises(OutputError, match=said), lock(tmp_path / "map.tif", "segment"):
        pass
    assert file.exists()
    file.unlink()
    with lock(tmp_path / "map.tif", "segment"):
        pass


def test_a_container_of_the_same_computer_is_near(tmp_path: Path) -> None:
    left(tmp_path / "map.tif", host="5f3c0e1d")
    if not Holder.of_this_process("segment").boot:
        pytest.skip("this system has no boot id")
    with lock(tmp_path / "map.tif", "segment"):
        pass


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_without_locks_of_the_file_system_the_process_is_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def no_locks(*arguments: object) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    output = tmp_path / "map.tif"
    with lock(output, "segment"), pytest.raises(OutputError, match=f"process {os.getpid()}"), lock(output, "segment"):
        pass
    assert contents(tmp_path) == set()
    left(output, started="0")  # this number, but another process
    with lock(output, "segment"):
        pass
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left(output, pid=gone.pid)
    with lock(output, "segment"):
        pass
    assert contents(tmp_path) == set()


def test_only_one_of_many_gets_it(tmp_path: Path) -> None:
    """Many processes at once, over and over, each of which removes the file as it ends."""
    code = """
import os, sys
from pathlib import Path
from aerialseg_core.errors import OutputError
from aerialseg_core.files.locks import lock
output, inside = Path(sys.argv[1]), Path(sys.argv[2])
got = 0
while got < 100:
    try:
        with lock(output, "segment"):
            os.close(os.open(inside, os.O_CREAT | os.O_EXCL))
            inside.unlink()
            got += 1
    except OutputError:
        pass
"""
    command = [sys.executable, "-c", code, str(tmp_path / "map.tif"), str(tmp_path / "inside")]
    runs = [subprocess.Popen(command, cwd=REPO, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for run in runs:
        assert run.communicate(timeout=60)[1] == ""
        assert run.returncode == 0
    assert contents(tmp_path) == set()


def test_outputs_are_reserved_together_and_once(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "link").symlink_to("here")
    one, same = tmp_path / "here" / "map.gpkg", tmp_path / "link" / "map.gpkg"
    with lock_outputs("segment", one, same, tmp_path / "map.tif"):
        assert len(list(tmp_path.rglob(".*.lock"))) == 2
        with pytest.raises(OutputError, match=r"map\.gpkg \(aerialseg segment"), lock_outputs("polygons", same):
            pass
    with lock(one, "segment"), pytest.raises(OutputError), lock_outputs("segment", tmp_path / "map.tif", one):
        pass
    assert not list(tmp_path.rglob(".*.lock"))
    with pytest.raises(OutputError, match="does not exist"), lock_outputs("segment", tmp_path / "no" / "map.tif"):
        pass


@pytest.mark.parametrize("name", ["a" * 250 + ".tif", "ä" * 125 + ".tif"])
def test_hidden_names_are_not_too_long(tmp_path: Path, name: str) -> None:
    hidden = make_hidden_path(tmp_path / name, ".lock")
    assert len(os.fsencode(hidden.name)) <= LONGEST_NAME
    assert hidden != make_hidden_path(tmp_path / f"b{name[1:]}", ".lock")
    with lock(tmp_path / name, "segment"):
        assert contents(tmp_path) == {hidden.name}


RUNS: dict[str, Callable[[Path, Path], Any]] = {
    "segment": lambda folder, out: segment(
        folder / "in" / "scene.tif", out / "a.tif", polygons=out / "map.gpkg", model=str(folder / "tiny.onnx")
    ),
    "polygons": lambda folder, out: polygonize(folder / "classes.tif", out / "map.gpkg"),
    "patches": lambda folder, out: patches(folder / "data", out / "map.gpkg", size=32),
    "audit": lambda folder, out: audit(folder / "data", out / "map.gpkg"),
    "evaluate": lambda folder, out: evaluate(folder / "tiny.onnx", folder / "data", out / "map.gpkg"),
}
"""Runs of different kinds that write one output."""


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scene, a model for it, what it makes of it, and the scene labelled with that."""
    folder = tmp_path_factory.mktemp("material")
    for name in ("in", "data/images", "data/masks"):
        (folder / name).mkdir(parents=True)
    save_model(folder / "tiny.onnx", scheme=MBRSC)
    save_scene(folder / "in" / "scene.tif", image(64, 64))
    segment(folder / "in" / "scene.tif", folder / "classes.tif", model=str(folder / "tiny.onnx"))
    save_scene(folder / "data" / "images" / "scene.tif", image(64, 64))
    colours = np.array([(0, 0, 0), *MBRSC.colours], np.uint8)[read(folder / "classes.tif")]
    save_scene(folder / "data" / "masks" / "scene.tif", np.moveaxis(colours, -1, 0))
    return folder


@pytest.mark.parametrize("kind", RUNS)
def test_every_kind_of_run_says_at_once_who_holds_its_output(material: Path, tmp_path: Path, kind: str) -> None:
    with lock_outputs("train", tmp_path / "map.gpkg"):
        with pytest.raises(OutputError, match=rf"map\.gpkg \(aerialseg train, process {os.getpid()} on"):
            RUNS[kind](material, tmp_path)
        assert contents(tmp_path) == {".map.gpkg.lock"}
    RUNS[kind](material, tmp_path)
    assert not [name for name in contents(tmp_path) if name.startswith(".")]


def test_a_folder_of_results_is_held_as_a_whole_and_scene_by_scene(material: Path, tmp_path: Path) -> None:
    model = str(material / "tiny.onnx")
    with lock(tmp_path, "batch", tmp_path / ".batch.lock"), pytest.raises(OutputError, match="aerialseg batch"):
        batch(material / "in", tmp_path, model=model)
    with lock(tmp_path / "scene_classes.tif", "segment"):
        (held,) = batch(material / "in", tmp_path, model=model)
    assert held.status == "failed"
    assert "Another run is writing" in held.error
    assert [one.status for one in batch(material / "in", tmp_path, model=model)] == ["done"]
    assert contents(tmp_path) == {"scene_classes.tif", "scene_classes.tif.aux.xml", "index.html", "scenes.gpkg"}


def test_the_second_command_ends_before_it_computes(held: tuple[subprocess.Popen[str], Path], material: Path) -> None:
    _, output = held
    command = [sys.executable, "-m", "aerialseg_core", "segment", material / "in" / "scene.tif", "-o", output]
    command += ["--model", material / "tiny.onnx", "--progress", "json", "--overwrite"]
    run = subprocess.run(list(map(str, command)), cwd=REPO, capture_output=True, text=True, check=False)
    assert run.returncode == 6
    (event,) = map(json.loads, run.stdout.splitlines())
    assert event["code"] == "OutputError"
    assert event["hint"] == "Wait until it has ended, stop it, or choose another output."
    assert contents(output.parent) == {".map.tif.lock"}


def test_a_report_sweeps_what_a_killed_one_has_left(material: Path, tmp_path: Path) -> None:
    (tmp_path / ".map.0123abcd" / "deep").mkdir(parents=True)
    for name in (".map.0123abcd.gpkg", ".map.0123abcd.gpkg-journal", ".map.notes.gpkg", ".map.0123abcd.tif", "x.gpkg"):
        (tmp_path / name).write_text("left")
    for kind in ("polygons", "audit"):
        output = tmp_path / ("map.gpkg" if kind == "polygons" else "map")
        RUNS[kind](material, output.parent) if kind == "polygons" else audit(material / "data", output)
    left = {".map.notes.gpkg", ".map.0123abcd.tif", "x.gpkg"}  # of no output that was written
    assert {name for name in contents(tmp_path) if "/" not in name} == {"map.gpkg", "map", *left}

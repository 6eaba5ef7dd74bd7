"""Interrupted runs, as a user meets them: the real command line, killed or stopped, and the same command again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from support import REPO, Listener, card, contents, image, read, save_model, save_scene

from aerialseg_core import segment
from aerialseg_core.errors import OutputError
from aerialseg_core.model.bundle import save_bundle

TIMEOUT = 60.0


def _slow_network(layers: int = 12, width: int = 32) -> onnx.ModelProto:
    """Many convolutions, so that a run lasts long enough to be interrupted."""
    rng = np.random.default_rng(0)
    nodes, weights, last, bands = [], [], "input", 3
    for i in range(layers):
        out = 4 if i == layers - 1 else width
        kernel = rng.normal(0, (2 / (9 * bands)) ** 0.5, (out, bands, 3, 3)).astype(np.float32)
        weights.append(numpy_helper.from_array(kernel, f"k{i}"))
        nodes.append(helper.make_node("Conv", [last, f"k{i}"], [f"c{i}"], pads=[1, 1, 1, 1]))
        nodes.append(helper.make_node("Relu", [f"c{i}"], [f"r{i}"]))
        last, bands = f"r{i}", out
    nodes.append(helper.make_node("Softmax", [f"c{layers - 1}"], ["scores"], axis=1))
    graph = helper.make_graph(
        nodes,
        "slow",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["n", 3, "h", "w"])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", 4, "h", "w"])],
        weights,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A folder with a scene, a slow model and what a run makes of them that nothing disturbs, and what it said."""
    folder = tmp_path_factory.mktemp("inputs")
    save_scene(folder / "scene.tif", image(700, 300))
    save_bundle(_slow_network(), card(64), folder / "slow.onnx")
    run = _finish(_start(folder, folder / "whole.tif"))
    assert run["rc"] == 0, run
    return folder, run


@pytest.fixture(scope="module")
def inputs(undisturbed: tuple[Path, dict[str, Any]]) -> Path:
    """The folder of `undisturbed`."""
    return undisturbed[0]


def _start(inputs: Path, output: Path, *options: str) -> subprocess.Popen[str]:
    """Begin a run in a process of its own, which takes SIGINT even where this one was told to ignore it (nohup, &)."""
    command = [sys.executable, "-m", "aerialseg_core", "segment", inputs / "scene.tif", "-o", output]
    command += ["--confidence", output.with_name("confidence.tif"), "--model", inputs / "slow.onnx"]
    command += ["--engine", "onnxruntime", "--threads", "1", "--block", "56", "--progress", "json", *options]
    ours = signal.signal(signal.SIGINT, signal.default_int_handler)  # no child inherits a handler
    try:
        return subprocess.Popen(
            list(map(str, command)),
            cwd=REPO,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
    finally:
        signal.signal(signal.SIGINT, ours)


def _continue(inputs: Path, output: Path, **options: Any) -> list[str]:
    """Do the same as `_start` in this process, and to the end; what was said."""
    listener = Listener()
    options = {"engine": "onnxruntime", "threads": 1, "block": 56, "reporter": listener, **options}
    confidence = output.with_name("confidence.tif")
    segment(inputs / "scene.tif", output, confidence=confidence, model=str(inputs / "slow.onnx"), **options)
    return listener.messages


def _finish(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What a run said until it ended."""
    out, err = process.communicate(timeout=TIMEOUT)
    events = [json.loads(line) for line in out.splitlines()]
    return {"rc": process.returncode, "events": events, "err": err}


def _of(run: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [event for event in run["events"] if event["event"] == kind]


def _interrupted(inputs: Path, output: Path, number: int, blocks: int = 3) -> dict[str, Any]:
    """A run that was sent a signal as soon as some blocks were finished."""
    process = _start(inputs, output)
    _wait_for_blocks(process, output, blocks)
    os.kill(process.pid, number)
    return _finish(process)


def _wait_for_blocks(process: subprocess.Popen[str], output: Path, blocks: int = 3) -> None:
    folder = output.with_name(f".{output.name}.blocks")
    end = time.monotonic() + TIMEOUT
    while len(list(folder.glob("1-*.tif"))) < blocks:  # layer 1 of a block is written after layer 0
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture
def killed(inputs: Path, tmp_path: Path) -> Path:
    """The output of a run that was killed."""
    output = tmp_path / "classes.tif"
    run = _interrupted(inputs, output, signal.SIGKILL)
    assert run["rc"] == -signal.SIGKILL
    assert not output.exists()
    assert not output.with_name("confidence.tif").exists()
    return output


def _assert_whole(inputs: Path, output: Path) -> None:
    assert np.array_equal(read(output), read(inputs / "whole.tif"))
    assert np.array_equal(read(output.with_name("confidence.tif")), read(inputs / "confidence.tif"))
    assert contents(output.parent) == {output.name, f"{output.name}.aux.xml", "confidence.tif"}


def test_the_same_command_continues_a_run_that_was_killed(inputs: Path, killed: Path) -> None:
    run = _finish(_start(inputs, killed))
    assert run["rc"] == 0, run
    (said,) = [e["text"] for e in _of(run, "message") if "continues an earlier run" in e["text"]]
    finished, total = (int(word) for word in said.split() if word.isdigit())
    assert 3 <= finished < total == 13
    assert _of(run, "start")[0]["total"] < 13 * 6 == _of(run, "result")[0]["windows"] + 6 * (finished - 1)
    _assert_whole(inputs, killed)


def test_a_run_with_other_blocks_starts_again_and_ends_alike(inputs: Path, killed: Path) -> None:
    _continue(inputs, killed, block=300, threads=2)
    _assert_whole(inputs, killed)


def test_blocks_of_other_parameters_are_thrown_away(inputs: Path, killed: Path) -> None:
    assert not [text for text in _continue(inputs, killed, blend="crop") if "continues" in text]
    assert not np.array_equal(read(killed), read(inputs / "whole.tif"))
    assert contents(killed.parent) == {"classes.tif", "classes.tif.aux.xml", "confidence.tif"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_run_in_order_and_it_continues(inputs: Path, tmp_path: Path, number: int) -> None:
    output = tmp_path / "classes.tif"
    run = _interrupted(inputs, output, number)
    assert run["rc"] == 130
    assert "Traceback" not in run["err"]
    (error,) = _of(run, "error")
    assert error["code"] == "Cancelled"
    assert "continues from there" in error["hint"]
    assert not output.exists()
    assert not list(tmp_path.rglob("*.part"))
    assert [text for text in _continue(inputs, output) if "continues an earlier run" in text]
    _assert_whole(inputs, output)


def test_the_event_stream_is_what_the_protocol_says(undisturbed: tuple[Path, dict[str, Any]]) -> None:
    inputs, run = undisturbed
    kinds = [event["event"] for event in run["events"]]
    assert set(kinds) == {"start", "progress", "message", "result"}
    assert kinds[-1] == "result"
    (start,) = _of(run, "start")
    assert start == {"event": "start", "protocol": 1, "task": "segment", "total": 78, "unit": "windows"}
    done = [event["done"] for event in _of(run, "progress")]
    assert done == sorted(set(done))
    assert done[-1] == 78
    for event in _of(run, "progress"):
        assert event.keys() == {"event", "done", "total", "unit", "rate", "eta"}
        assert event["rate"] > 0
        assert event["eta"] >= 0
    assert all(event["level"] in ("info", "warning") for event in _of(run, "message"))
    result = _of(run, "result")[0]
    assert result["classes"] == str(inputs / "whole.tif")
    assert sum(result["areas"].values()) == pytest.approx(700 * 300)


def test_events_are_readable_whatever_the_encoding_of_the_terminal(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    run = _finish(_start(inputs, tmp_path / "Größe – 面.tif", "--extent", "300000,2799990,300010,2800000"))
    assert run["rc"] == 0, run
    assert _of(run, "result")[0]["classes"] == str(tmp_path / "Größe – 面.tif")


def test_a_run_whose_reader_goes_away_stops(inputs: Path, tmp_path: Path) -> None:
    process = _start(inputs, tmp_path / "classes.tif")
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["event"] == "message"
    process.stdout.close()
    assert process.wait(TIMEOUT) == 130
    assert not (tmp_path / "classes.tif").exists()


def test_errors_are_events_too(inputs: Path, tmp_path: Path) -> None:
    run = _finish(_start(inputs, tmp_path / "missing" / "classes.tif"))
    assert run["rc"] == 6
    (error,) = _of(run, "error")
    assert error["code"] == "OutputError"
    assert error["hint"] == "Create it, or choose another one."


def _truncate(scene: Path, output: Path) -> None:
    os.truncate(scene, scene.stat().st_size // 3)


def _take_blocks(scene: Path, output: Path) -> None:
    output.with_name(f".{output.name}.blocks").rename(scene.with_name("gone"))


def _write_anew(scene: Path, output: Path) -> None:
    save_scene(scene, image(700, 300, seed=5))


AWAY: dict[str, tuple[int, Callable[[Path, Path], Any]]] = {
    "the output folder": (6, lambda scene, output: output.parent.rename(scene.with_name("gone"))),
    "the finished blocks": (6, _take_blocks),
    "the input": (3, lambda scene, output: scene.unlink()),
    "half of the input": (3, _truncate),
    "what the input showed": (3, _write_anew),
}
"""What goes away, the exit code, and how."""


@pytest.mark.parametrize("what", AWAY)
def test_what_goes_away_during_a_run_is_one_sentence(inputs: Path, tmp_path: Path, what: str) -> None:
    code, take_away = AWAY[what]
    for name in ("scene.tif", "slow.onnx"):
        shutil.copy(inputs / name, tmp_path / name)
    output = tmp_path / "maps" / "classes.tif"
    output.parent.mkdir()
    process = _start(tmp_path, output)
    _wait_for_blocks(process, output)
    take_away(tmp_path / "scene.tif", output)
    run = _finish(process)
    assert run["rc"] == code, run
    assert "Traceback" not in run["err"]
    (error,) = _of(run, "error")
    assert error["hint"]
    assert not output.exists()
    if code == 3:
        assert contents(output.parent) == set()
        return
    output.parent.mkdir(exist_ok=True)
    _continue(tmp_path, output)
    _assert_whole(inputs, output)


def test_a_disk_that_is_taken_away_is_one_sentence(
    inputs: Path, tmp_path: Path, tiny_disk: Callable[[int], Path]
) -> None:
    output = tiny_disk(10_000) / "classes.tif"
    process = _start(inputs, output)
    _wait_for_blocks(process, output)
    subprocess.run(["umount", "--lazy", output.parent], check=True)
    run = _finish(process)
    assert run["rc"] == 6, run
    assert "Traceback" not in run["err"]
    assert len(_of(run, "error")) == 1
    assert contents(output.parent) == set()


KILLED_AT_RENAME = """
import os, signal, sys
from aerialseg_core.cli.main import main
moment = sys.argv.pop(1)
def deadly(rename):
    def replace(source, target):
        if str(target).endswith(moment):
            os.kill(os.getpid(), signal.SIGKILL)
        rename(source, target)
    return replace
os.replace, os.link = deadly(os.replace), deadly(os.link)
main()
"""


@pytest.mark.parametrize("moment", ["polygons.gpkg", "/classes.gpkg", "/classes.tif.aux.xml", "/classes.tif"])
def test_a_kill_at_the_end_of_a_run_is_made_good(tmp_path: Path, moment: str) -> None:
    save_model(tmp_path / "tiny.onnx")
    scene, output = save_scene(tmp_path / "scene.tif", image(70, 90)), tmp_path / "out" / "classes.tif"
    output.parent.mkdir()
    options = ["segment", scene, "-o", output, "--polygons", output.with_suffix(".gpkg")]
    options += ["--model", tmp_path / "tiny.onnx", "--progress", "json"]
    command = [sys.executable, "-c", KILLED_AT_RENAME, moment, *map(str, options)]
    killed = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False, timeout=TIMEOUT)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert not output.exists()

    def again() -> None:
        segment(scene, output, polygons=output.with_suffix(".gpkg"), model=str(tmp_path / "tiny.onnx"))

    again()
    assert contents(output.parent) - {path.name for path in output.parent.glob(".*.gpkg")} == {
        "classes.gpkg",
        "classes.tif",
        "classes.tif.aux.xml",
    }
    with pytest.raises(OutputError):
        again()

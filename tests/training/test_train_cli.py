"""`aerialseg train`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

pytest.importorskip("keras")

from aerialseg_core.cli.train import train

RECIPE = """
[network]
name = "unet"
options = { filters = 2, depth = 1 }
[patches]
cut = 32
side = 32
[run]
epochs = 1
steps = 1
batch = 1
"""


@pytest.fixture
def invoke(no_export: None, tmp_path: Path) -> Any:
    """A function that runs the command without the conversion, with a tiny recipe."""
    (tmp_path / "recipe.toml").write_text(RECIPE)

    def run(data: Path, *arguments: str) -> Any:
        command = [str(data), "-o", str(tmp_path / "m.onnx"), "--recipe", str(tmp_path / "recipe.toml"), *arguments]
        return CliRunner().invoke(train, command, catch_exceptions=False)

    return run


def test_it_writes_the_model_and_says_the_scores(invoke: Any, make_set: Any, tmp_path: Path) -> None:
    outcome = invoke(make_set(), "--progress", "none")
    assert outcome.exit_code == 0
    assert f"wrote {tmp_path / 'm.onnx'}" in outcome.output
    assert "Water IoU" in outcome.output
    card = json.loads((tmp_path / "m.onnx").read_text())
    assert card["training"]["recipe"]["patches"] == {"cut": 32, "side": 32, "balance": 0.0, "rare": 0.0}


def test_its_events_are_json_lines(invoke: Any, make_set: Any) -> None:
    lines = [json.loads(line) for line in invoke(make_set(), "--progress", "json").stdout.splitlines()]
    events = [line["event"] for line in lines]
    assert events.count("result") == 1
    tasks = [line["task"] for line in lines if line["event"] == "start"]
    assert (tasks[0], tasks[-2:]) == ("check images and labels", ["cut patches", "train"])
    assert set(lines[events.index("result")]["scores"]["iou"]) == {
        "Building",
        "Land",
        "Road",
        "Vegetation",
        "Water",
        "Unlabeled",
    }


def test_its_help_has_an_example() -> None:
    assert "aerialseg train data/dubai -o model.onnx" in CliRunner().invoke(train, ["--help"]).output


@pytest.fixture
def real_run(make_set: Any, tmp_path: Path) -> Any:
    """A function that gives the real command, in a process of its own, for a training of so many steps."""

    def make(steps: int) -> list[str]:
        (tmp_path / "recipe.toml").write_text(RECIPE.replace("steps = 1\n", f"steps = {steps}\n"))
        program = [str(Path(sys.executable).with_name("aerialseg")), "train", str(make_set())]
        return [*program, "-o", str(tmp_path / "m.onnx"), "--recipe", str(tmp_path / "recipe.toml")]

    return make


@pytest.mark.slow
@pytest.mark.parametrize("progress", ["bar", "json"])
def test_it_outlives_the_shell_that_started_it_under_nohup(real_run: Any, tmp_path: Path, progress: str) -> None:
    script = 'nohup "$@" > log.txt 2> errors.txt < /dev/null & read forever'
    command = ["sh", "-c", script, "sh", *real_run(steps=20), "--progress", progress]
    held, end = os.pipe()  # closed by the last process that has it
    with subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.PIPE, pass_fds=[end]):
        os.close(end)
        deadline = time.monotonic() + 120
        while not (tmp_path / ".m.training").exists():
            assert time.monotonic() < deadline
            os.sched_yield()
    assert os.read(held, 1) == b""
    os.close(held)
    errors = (tmp_path / "errors.txt").read_text()
    assert (tmp_path / "m.onnx").is_file(), errors
    assert not re.search(r"^[IW]\d{4} ", errors, re.MULTILINE)  # lines of TensorFlow's log


@pytest.mark.slow
def test_it_ends_with_the_program_that_watches_it(real_run: Any, tmp_path: Path) -> None:
    watcher = (
        "import subprocess, sys\n"
        "run = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)\n"
        "for line in run.stdout:\n"
        "    if b'\"loss\"' in line: break"
    )
    command = [sys.executable, "-c", watcher, *real_run(steps=1_000_000), "--progress", "json"]
    done = subprocess.run(command, stderr=subprocess.PIPE, timeout=300, check=True)  # until both have ended
    assert b"Error: Cancelled before the first epoch ended." in done.stderr
    assert not (tmp_path / "m.onnx").exists()

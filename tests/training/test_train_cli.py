"""`aerialseg train`."""

from __future__ import annotations

import json
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

"""`aerialseg preview`: requests on stdin, answers on stdout, the model loaded once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aerialseg_core.config import SegmentConfig
from aerialseg_core.segmentation import preview
from aerialseg_core.segmentation.predictor import Predictor
from aerialseg_core.segmentation.preview import Previewer
from aerialseg_core.segmentation.segment import segment


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scene = tmp_path_factory.mktemp("preview") / "scene.tif"
    subprocess.run([sys.executable, "-m", "aerialseg_core", "sample", str(scene)], check=True, capture_output=True)
    return scene


def ask(*lines: str) -> list[dict[str, Any]]:
    """What the command answers to these lines: its results and errors."""
    command = [sys.executable, "-m", "aerialseg_core", "preview", "--progress", "json"]
    run = subprocess.run(command, input="".join(f"{line}\n" for line in lines), capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    events = [json.loads(line) for line in run.stdout.splitlines()]
    return [event for event in events if event["event"] in ("result", "error")]


def test_each_request_has_one_answer_and_an_error_ends_only_its_request(sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "here.tif"
    good = json.dumps([str(sample), "-o", str(out)])
    bad = ("[]", "no JSON", "3", '["--help"]', json.dumps([str(tmp_path / "none.tif"), "-o", str(out)]))
    answers = ask(good, *bad, good)
    assert [answer["event"] for answer in answers] == ["result", *["error"] * len(bad), "result"]
    assert answers[0] == answers[-1]
    assert all(answer["hint"] for answer in answers[1:-1])
    (wrong,) = ask(json.dumps([str(sample), "-o", str(out), "--extent", "1,2"]))
    assert wrong["text"] == "--extent takes 4 numbers, not 2."
    segment(sample, tmp_path / "whole.tif")
    assert out.read_bytes() == (tmp_path / "whole.tif").read_bytes()


def test_model_is_loaded_once_until_another_is_wanted(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[SegmentConfig] = []
    load = preview.load_predictor

    def count(config: SegmentConfig, **given: Any) -> Predictor:
        loaded.append(config)
        return load(config, **given)

    monkeypatch.setattr(preview, "load_predictor", count)
    previewer = Previewer()
    for tta in (1, 4, 1):
        previewer.segment(sample, tmp_path / "a.tif", tta=tta)
    assert len(loaded) == 1
    previewer.segment(sample, tmp_path / "a.tif", engine="onnxruntime")
    assert len(loaded) == 2

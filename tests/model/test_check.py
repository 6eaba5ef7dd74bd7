"""`aerialseg models check`: it says what would be done with a model, or why nothing would."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from support import deepness, network, save_model

from aerialseg_core.cli.main import main
from aerialseg_core.errors import ModelError
from aerialseg_core.model.check import check_model

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Run:
    """`aerialseg models check …`: exit code, stdout, stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["models", "check", *map(str, arguments)])
        return int(ended.value.code or 0), *capsys.readouterr()

    return run


def _bytes_to_roofs() -> onnx.ModelProto:
    """uint8 in, the logit of one class out."""
    nodes = [
        helper.make_node("Cast", ["x"], ["f"], to=TensorProto.FLOAT),
        helper.make_node("Conv", ["f", "w", "b"], ["p"], kernel_shape=[1, 1]),
    ]
    weights = [
        numpy_helper.from_array(np.array([0.1, 0, 0], "float32").reshape(1, 3, 1, 1), "w"),
        numpy_helper.from_array(np.array([-10], "float32"), "b"),
    ]
    given = helper.make_tensor_value_info("x", TensorProto.UINT8, (1, 3, 32, 32))
    result = helper.make_tensor_value_info("p", TensorProto.FLOAT, (1, 1, 32, 32))
    graph = helper.make_graph(nodes, "roofs", [given], [result], weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def test_a_model_of_our_own_needs_no_notes(tmp_path: Path, command: Run) -> None:
    code, out, err = command(save_model(tmp_path / "tiny.onnx").path)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "model    tiny: Dark, Red & <round>, Grün, Blue"
    assert lines[1].startswith("takes    red, green, blue at 1 m, patches of 32 px, float32, channels first")
    assert lines[1].endswith(", (x / 255 − 0) / 1")
    assert lines[2:4] == [
        "values   uint8, 0 is black and 255 white",
        "gives    the probabilities of the classes",
    ]
    assert not any(line.startswith("note") for line in lines)
    assert sum(line.startswith("engine") for line in lines) == 2


def test_what_is_done_otherwise_is_said(tmp_path: Path, command: Run) -> None:
    metadata = {"class_names": ["roof"], "seg_thresh": 0.7, "resolution": None, "seg_small_segment": 7}
    path = deepness(tmp_path / "roofs.onnx", _bytes_to_roofs(), standardization_mean=[0.5] * 3, **metadata)
    code, out, _ = command(path, "--progress", "json")
    assert code == 0
    told = json.loads(out.splitlines()[-1])
    assert told["classes"] == ["background", "roof"]
    assert told["takes"] == (
        "band 1, band 2, band 3 at any resolution, patches of 32 px, uint8, channels first, as they are stored"
    )
    assert told["probabilities"] is True
    said = " ".join(told["notes"])
    for part in ("no ground resolution", "standardisation is not applied", "seg_small_segment", "(uint8)", "sigmoid"):
        assert part in said
    assert "A pixel is roof from a probability of 0.7 on, else background." in told["notes"]
    assert {trial["engine"] for trial in told["engines"]} == {"onnxruntime", "openvino"}
    assert all(trial["runs"] and trial["agreement"] > 0.99 for trial in told["engines"])


def test_what_cannot_make_a_map_is_refused_with_a_sentence(tmp_path: Path, command: Run) -> None:
    code, out, err = command(deepness(tmp_path / "cars.onnx", network(), model_type="Detector"))
    assert (code, out) == (5, "")
    assert err == "Error: cars is a Detector model, which finds objects. Choose a segmentation model.\n"


def test_an_engine_that_does_not_take_a_network_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from aerialseg_core.model import check as checking

    path = save_model(tmp_path / "tiny.onnx").path
    create = checking.create_engine

    def only_one(model: Any, *, engine: str, threads: int) -> Any:
        if engine == "openvino":
            raise ModelError("openvino-refuses", "OpenVINO does not accept the network: it is too new.")
        return create(model, engine=engine, threads=threads)

    monkeypatch.setattr(checking, "create_engine", only_one)
    found = check_model(str(path))
    assert [(trial.engine, trial.runs) for trial in found.engines] == [("onnxruntime", True), ("openvino", False)]
    assert "engine   openvino: OpenVINO does not accept the network: it is too new." in found.lines()

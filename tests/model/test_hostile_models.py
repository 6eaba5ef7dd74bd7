"""Model files that would do harm: each is refused in one sentence, quickly, and nothing of it runs."""

from __future__ import annotations

import io
import json
import os
import pickle
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import psutil
import pytest
from onnx import TensorProto, helper, numpy_helper
from support import REPO, card, contents, deepness, image, network, save_model, save_scene

from aerialseg_core import segment
from aerialseg_core.cli.main import main
from aerialseg_core.errors import ModelError, find_cause
from aerialseg_core.model import probe
from aerialseg_core.model.bundle import CARD_KEY, hash_network, load_bundle
from aerialseg_core.model.card import Card
from aerialseg_core.model.registry import KERAS_CARD, load_model
from aerialseg_core.model.signature import OWN

FLOAT = TensorProto.FLOAT
SIDE = 32
IMAGE = (1, 3, SIDE, SIDE)


def made(*nodes: onnx.NodeProto, **constants: Any) -> onnx.ModelProto:
    """A network from the image `x` to the scores `p`, with constants."""
    graph = helper.make_graph(
        nodes,
        "hostile",
        [helper.make_tensor_value_info("x", FLOAT, IMAGE)],
        [helper.make_tensor_value_info("p", FLOAT, IMAGE)],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


SOFTMAX = helper.make_node("Softmax", ["x"], ["p"], axis=1)


def spinning(*conditions: onnx.NodeProto, **constants: Any) -> onnx.ModelProto:
    """A network that loops for ever, if the condition `go` holds."""
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["again"], ["more"]),
            helper.make_node("Softmax", ["state"], ["next"], axis=1),
        ],
        "body",
        [
            helper.make_tensor_value_info("i", TensorProto.INT64, []),
            helper.make_tensor_value_info("again", TensorProto.BOOL, []),
            helper.make_tensor_value_info("state", FLOAT, IMAGE),
        ],
        [
            helper.make_tensor_value_info("more", TensorProto.BOOL, []),
            helper.make_tensor_value_info("next", FLOAT, IMAGE),
        ],
    )
    softmax = helper.make_node("Softmax", ["x"], ["s"], axis=1)
    loop = helper.make_node("Loop", ["", "go", "s"], ["p"], body=body)
    return made(softmax, *conditions, loop, **constants)


def refused(path: Path, match: str, *, seconds: float = 20) -> None:
    begin = time.monotonic()
    with pytest.raises(ModelError, match=match):
        load_model(str(path))
    assert time.monotonic() - begin < seconds


def test_a_loop_that_never_ends_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(probe, "SECONDS", 2)
    path = deepness(tmp_path / "spin.onnx", spinning(go=True), class_names=None)
    for command in (["models", "check"], ["models", "show"]):
        with pytest.raises(SystemExit) as ended:
            main([*command, str(path)])
        assert ended.value.code == 5
        assert "spin.onnx has not given scores for a tiny patch within 2 s" in capsys.readouterr().err


def test_a_run_is_cancelled_while_a_network_is_tried(tmp_path: Path) -> None:
    path = deepness(tmp_path / "spin.onnx", spinning(go=True), class_names=None)
    command = [sys.executable, "-m", "aerialseg_core", "models", "check", str(path)]
    with subprocess.Popen(command, cwd=REPO, stderr=subprocess.PIPE, text=True) as running:
        try:
            watched = psutil.Process(running.pid)
            end = time.monotonic() + 30
            while not watched.children() and time.monotonic() < end:
                time.sleep(0.05)
            (child,) = watched.children()
            running.send_signal(signal.SIGTERM)
            assert running.wait(10) == 130
            assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
        finally:
            running.kill()


def test_a_card_does_not_make_a_loop_of_our_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "SECONDS", 2)
    refused(_with_card(tmp_path / "m.onnx", spinning(go=True)), "within 2 s")


def test_a_network_that_never_ends_on_some_ground_is_left_behind_when_the_run_is_cancelled(tmp_path: Path) -> None:
    """It gives scores for the patches of the probe, and loops on white ones."""
    conditions = [
        helper.make_node("ReduceMin", ["x"], ["least"], keepdims=0),
        helper.make_node("Greater", ["least", "limit"], ["go"]),
    ]
    model = spinning(*conditions, limit=np.float32(0.9))
    path = deepness(tmp_path / "m.onnx", model, class_names=None)
    scene = save_scene(tmp_path / "white.tif", np.full((3, 80, 80), 255, np.uint8))
    options = ["--model", str(path), "--engine", "onnxruntime", "--threads", "1", "--progress", "json"]
    command = [sys.executable, "-m", "aerialseg_core", "segment", str(scene), "-o", str(tmp_path / "out.tif"), *options]
    with subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        try:
            assert running.stdout
            assert any(json.loads(line)["event"] == "start" for line in running.stdout)
            running.send_signal(signal.SIGTERM)
            assert running.wait(30) == 130
            last = json.loads(running.stdout.read().splitlines()[-1])
        finally:
            running.kill()
    assert last["code"] == "Cancelled"
    assert not (tmp_path / "out.tif").exists()


def test_what_needs_too_much_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "MEMORY", 1 << 30)
    nodes = [
        helper.make_node("ConstantOfShape", ["shape"], ["big"]),
        helper.make_node("ReduceSum", ["big"], ["sum"], keepdims=0),
        helper.make_node("Add", ["x", "sum"], ["y"]),
        helper.make_node("Softmax", ["y"], ["p"], axis=1),
    ]
    model = made(*nodes, shape=np.array([20_000, 30_000]))
    refused(
        deepness(tmp_path / "m.onnx", model, class_names=None),
        "m.onnx (cannot be run: it needs too much|crashed)",
    )


def test_weights_that_are_not_there_are_refused(tmp_path: Path) -> None:
    model = network()
    model.graph.initializer[0].dims[:] = [10**6, 10**6]
    refused(deepness(tmp_path / "m.onnx", model), "claims weights that it does not hold")
    model.graph.initializer[0].dims[:] = [-1]
    refused(deepness(tmp_path / "m.onnx", model), "claims weights that it does not hold")


def _outside(tensor: Any) -> Any:
    """The tensor, kept in another file."""
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../secret.bin")
    return tensor


def _weight(name: str = "w") -> Any:
    return numpy_helper.from_array(np.ones((3, 3, 1, 1), np.float32), name)


def _in_initializer(model: onnx.ModelProto) -> None:
    model.graph.initializer.append(_outside(_weight()))


def _in_sparse_initializer(model: onnx.ModelProto) -> None:
    for outside in ("values", "indices"):
        sparse = model.graph.sparse_initializer.add()
        sparse.dims.append(3)
        sparse.values.CopyFrom(numpy_helper.from_array(np.ones(1, np.float32), "sparse"))
        sparse.indices.CopyFrom(numpy_helper.from_array(np.zeros(1, np.int64), "indices"))
        if outside == "values":
            _outside(sparse.values)


def _in_indices_of_a_sparse_initializer(model: onnx.ModelProto) -> None:
    sparse = model.graph.sparse_initializer.add()
    sparse.values.CopyFrom(numpy_helper.from_array(np.ones(1, np.float32), "sparse"))
    sparse.indices.CopyFrom(_outside(numpy_helper.from_array(np.zeros(1, np.int64), "indices")))


def _in_an_attribute(model: onnx.ModelProto) -> None:
    model.graph.node.append(helper.make_node("Constant", [], ["c"], value=_outside(_weight())))


def _in_attributes(model: onnx.ModelProto) -> None:
    attribute = onnx.AttributeProto(name="values", type=onnx.AttributeProto.TENSORS)
    attribute.tensors.append(_outside(_weight()))
    model.graph.node[0].attribute.append(attribute)


def _in_a_sparse_attribute(model: onnx.ModelProto) -> None:
    attribute = onnx.AttributeProto(name="sparse_value", type=onnx.AttributeProto.SPARSE_TENSOR)
    attribute.sparse_tensor.values.CopyFrom(_outside(_weight()))
    model.graph.node.append(onnx.NodeProto(op_type="Constant", output=["c"], attribute=[attribute]))


def _in_a_nested_graph(model: onnx.ModelProto) -> None:
    inner = helper.make_graph(
        [helper.make_node("Identity", ["w"], ["o"])],
        "inner",
        [],
        [helper.make_tensor_value_info("o", FLOAT, (3, 3, 1, 1))],
        [_outside(_weight())],
    )
    model.graph.node.append(helper.make_node("If", ["x"], ["c"], then_branch=inner, else_branch=inner))


def _in_a_graph_of_a_nested_graph(model: onnx.ModelProto) -> None:
    deepest = onnx.ModelProto()
    deepest.graph.name = "deepest"
    _in_a_nested_graph(deepest)
    model.graph.node.append(helper.make_node("If", ["x"], ["d"], then_branch=deepest.graph, else_branch=deepest.graph))


def _in_a_function(model: onnx.ModelProto) -> None:
    constant = helper.make_node("Constant", [], ["o"], value=_outside(_weight()))
    model.functions.append(helper.make_function("own", "F", [], ["o"], [constant], [helper.make_opsetid("", 17)]))


PLACES = [value for name, value in globals().items() if name.startswith("_in_")]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_external_data_are_found_wherever_they_are(tmp_path: Path, place: Callable[[Any], None]) -> None:
    model = network()
    place(model)
    refused(deepness(tmp_path / "m.onnx", model), "keeps its weights in other files")


def test_functions_that_are_in_the_file_are_no_foreign_code(tmp_path: Path) -> None:
    """As exporters write them; an operator of their domain without a body is refused."""
    model = made(helper.make_node("Scores", ["x"], ["p"], domain="pkg.own"))
    model.opset_import.append(helper.make_opsetid("pkg.own", 1))
    body = helper.make_node("Softmax", ["a"], ["b"], axis=1)
    imports = [helper.make_opsetid("", 17)]
    model.functions.append(helper.make_function("pkg.own", "Scores", ["a"], ["b"], [body], imports))
    assert load_bundle(deepness(tmp_path / "m.onnx", model, class_names=None)).card.classes.names[0] == "class 0"
    model.graph.node[0].op_type = "Other"
    refused(deepness(tmp_path / "m.onnx", model, class_names=None), "cannot be run")


@pytest.mark.parametrize(
    ("shape", "match"),
    [
        ((1, 3, 10**9, 10**9), "more than can be tried"),
        ((10**9, 3, 32, 32), "more than can be tried"),
        ((1, 10**9, 32, 32), "more than can be tried"),
        ((1, 3, 8, 8), "no square image"),
        ((3, 32, 32), "no square image"),
    ],
)
def test_absurd_dimensions_are_refused(tmp_path: Path, shape: tuple[int, ...], match: str) -> None:
    model = made(SOFTMAX)
    model.graph.input[0].CopyFrom(helper.make_tensor_value_info("x", FLOAT, shape))
    model.graph.output[0].CopyFrom(helper.make_tensor_value_info("p", FLOAT, None))
    refused(deepness(tmp_path / "m.onnx", model, class_names=None), match)


def test_names_in_a_network_cannot_speak_to_the_terminal(tmp_path: Path) -> None:
    for nodes in ([SOFTMAX], [helper.make_node("GlobalAveragePool", ["x"], ["p"])]):
        model = made(*nodes)
        for value in (*model.graph.output, model.graph.input[0]):
            value.name = f"\x1b[2J{value.name}"
        model.graph.node[0].input[0] = "\x1b[2Jx"
        model.graph.node[0].output[0] = "\x1b[2Jp"
        model.graph.input.add().CopyFrom(helper.make_tensor_value_info("\x07bell", FLOAT, IMAGE))
        with pytest.raises(ModelError) as failed:
            load_model(str(deepness(tmp_path / "m.onnx", model, class_names=None)))
        assert str(failed.value).isprintable()


def test_absurd_sizes_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = deepness(tmp_path / "names.onnx", network(), class_names={str(i): "x" * 100 for i in range(20_000)})
    refused(path, "class_names in the metadata of names has .* characters", seconds=5)
    model = network()
    helper.set_model_props(model, {CARD_KEY: "[" * 2_000_000})
    onnx.save(model, tmp_path / "card.onnx")
    refused(tmp_path / "card.onnx", "card has 2000000 characters", seconds=5)
    with (tmp_path / "huge.onnx").open("wb") as file:
        file.truncate(3 << 30)
    refused(tmp_path / "huge.onnx", "more than 2 GiB", seconds=2)


def _with_card(path: Path, model: onnx.ModelProto, **changes: Any) -> Path:
    """A network with a card that says what is not so, and the right checksum."""
    helper.set_model_props(model, {CARD_KEY: card(**changes).with_sha256(hash_network(model)).to_json()})
    onnx.save(model, path)
    return path


@pytest.mark.parametrize(
    ("model", "changes", "match"),
    [
        (network(5), {}, "has 3 bands and 5 classes, its card 3 and 4"),
        (network(bands=4), {}, "has 4 bands and 4 classes, its card 3 and 4"),
        (made(SOFTMAX), {}, "gives scores of 3 classes, but its metadata name 4"),
        (made(SOFTMAX), {"patch": 48, "scheme": ("a", "b", "c")}, "takes patches of 32 px only, its card says 48"),
    ],
)
def test_a_network_is_checked_against_its_card(
    tmp_path: Path, model: onnx.ModelProto, changes: dict[str, Any], match: str
) -> None:
    if "scheme" in changes:
        changes = {**changes, "scheme": _scheme(changes["scheme"])}
    refused(_with_card(tmp_path / "m.onnx", model, **changes), match)


def _scheme(names: tuple[str, ...]) -> Any:
    from aerialseg_core.raster.classes import ClassScheme

    return ClassScheme.of([(name, "#123456") for name in names])


@pytest.mark.parametrize("engine", ["onnxruntime", "openvino"])
@pytest.mark.parametrize("weight", [np.nan, np.inf])
def test_scores_that_are_no_numbers_end_the_run(tmp_path: Path, engine: str, weight: float) -> None:
    model = network()
    kernel = numpy_helper.to_array(model.graph.initializer[0]).copy()
    kernel[1, 1, 2, 2] = weight
    model.graph.initializer[0].CopyFrom(numpy_helper.from_array(kernel, "kernel"))
    path = _with_card(tmp_path / "m.onnx", model)
    scene = save_scene(tmp_path / "scene.tif", image(60, 80))
    before = contents(tmp_path)
    with pytest.raises(ModelError, match="tiny gives scores that are no numbers"):
        segment(scene, tmp_path / "out.tif", model=str(path), engine=engine)
    assert contents(tmp_path) == before


def test_the_sentence_of_a_library_is_what_it_says_is_wrong() -> None:
    openvino = (
        "Exception from src/inference/src/cpp/core.cpp:105:\nCheck 'false' failed at src/report.cpp:151:\n"
        "FrontEnd API failed with OpConversionFailure:\nModel wasn't fully converted.\nSummary:\n"
        "-- No conversion rule found for operations: Frobnicate-17\nTo facilitate the conversion, refer to\n\n\n"
    )
    assert find_cause(RuntimeError(openvino)) == "No conversion rule found for operations: Frobnicate-17"
    runtime = "[ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Unexpected input data type.\nmore"
    assert find_cause(RuntimeError(runtime)) == "Unexpected input data type"
    assert find_cause(RuntimeError("a\x1b[31mred\x07")) == "a[31mred"
    assert find_cause(ValueError()) == "ValueError"
    assert find_cause(ValueError("\n\n")) == "ValueError"


def _keras(path: Path, config: Any, made: Card | None = None) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", config if isinstance(config, str) else json.dumps(config))
        archive.writestr("metadata.json", '{"keras_version": "3.0.0"}')
        archive.writestr(KERAS_CARD, (made or card()).to_json())
    return path


def _layer(name: str, module: str = "keras.layers", registered: str | None = None) -> dict[str, Any]:
    return {"module": module, "class_name": name, "config": {}, "registered_name": registered}


@pytest.mark.parametrize(
    "layer",
    [
        _layer("Lambda"),
        _layer("TFSMLayer"),
        _layer("TorchModuleWrapper"),
        _layer("system", "os"),
        _layer("Evil", "keras_evil.layers"),
        _layer("Mine", "keras.layers", "package>Mine"),
        {"class_name": "__lambda__", "config": {"value": ["AAAA", None, None]}},
    ],
)
def test_a_keras_file_that_brings_code_is_refused_before_keras_is_asked(tmp_path: Path, layer: Any) -> None:
    config = {"class_name": "Functional", "module": "keras.src.models", "config": {"layers": [[{"deep": layer}]]}}
    refused(_keras(tmp_path / "m.keras", config), f"runs code of its own .{layer['class_name']}", seconds=2)


def test_other_things_that_are_called_keras_are_refused(tmp_path: Path) -> None:
    class Harm:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(tmp_path / "harm"),)

    (tmp_path / "pickled.keras").write_bytes(pickle.dumps(Harm()))
    refused(tmp_path / "pickled.keras", "not a Keras model, or is damaged", seconds=2)
    refused(_keras(tmp_path / "deep.keras", "[" * 100_000), "not a Keras model, or is damaged", seconds=2)
    refused(_keras(tmp_path / "text.keras", "{"), "not a Keras model, or is damaged", seconds=2)
    bomb = io.BytesIO(bytes(70 << 20))
    with zipfile.ZipFile(tmp_path / "bomb.keras", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(KERAS_CARD, card().to_json())
        archive.writestr("config.json", bomb.getvalue())
    refused(tmp_path / "bomb.keras", "config.json in .* is too large", seconds=5)
    assert not (tmp_path / "harm").exists()


class _Probed(Exception):
    """A process was asked for."""


@pytest.fixture
def _watched(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_: Any, **__: Any) -> Any:
        raise _Probed

    monkeypatch.setattr("aerialseg_core.model.bundle.probe", asked)


@pytest.mark.usefixtures("_watched")
def test_what_is_evidently_our_own_starts_without_another_process(tmp_path: Path) -> None:
    load_model("mbrsc-lite0")
    save_model(tmp_path / "m.onnx")


def _spelt_out() -> list[onnx.NodeProto]:
    return [
        helper.make_node("Exp", ["x"], ["e"]),
        helper.make_node("ReduceSum", ["e", "axes"], ["sum"], keepdims=1),
        helper.make_node("Div", ["e", "sum"], ["p"]),
    ]


def _free(model: onnx.ModelProto) -> onnx.ModelProto:
    """The network for any number of patches of any size."""
    for value in (*model.graph.input, *model.graph.output):
        for axis, dimension in enumerate(value.type.tensor_type.shape.dim):
            if axis != 1:
                dimension.ClearField("dim_value")
    return model


@pytest.mark.usefixtures("_watched")
@pytest.mark.parametrize(
    "model",
    [
        _free(made(*_spelt_out(), axes=np.array([2]))),
        _free(made(helper.make_node("Softmax", ["x"], ["p"], axis=-1))),
        _free(made(helper.make_node("Softmax", ["x"], ["p"]))),
        _free(made(helper.make_node("Sigmoid", ["x"], ["p"]))),
        _free(made(helper.make_node("Expand", ["x", "shape"], ["y"]), SOFTMAX, shape=np.array([1, 3, 9, 9]))),
        _free(spinning(go=True)),
        made(SOFTMAX),
    ],
)
def test_what_is_not_is_tried(tmp_path: Path, model: onnx.ModelProto) -> None:
    path = _with_card(tmp_path / "m.onnx", model, scheme=_scheme(("a", "b", "c")))
    with pytest.raises(_Probed):
        load_bundle(path)


@pytest.mark.usefixtures("_watched")
def test_a_softmax_that_is_spelt_out_is_one(tmp_path: Path) -> None:
    model = _free(made(*_spelt_out(), axes=np.array([1])))
    assert load_bundle(_with_card(tmp_path / "m.onnx", model, scheme=_scheme(("a", "b", "c")))).signature == OWN

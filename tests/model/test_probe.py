"""Networks from elsewhere: the map is right, whatever they take and give, or one sentence says why there is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from support import deepness, read, save_scene

from aerialseg_core import segment
from aerialseg_core.config import SegmentConfig
from aerialseg_core.errors import ModelError, ParameterError
from aerialseg_core.model import probe
from aerialseg_core.model.bundle import load_bundle
from aerialseg_core.model.engines import create_engine
from aerialseg_core.model.registry import load_model
from aerialseg_core.progress import Reporter
from aerialseg_core.segmentation.job import Outputs
from aerialseg_core.segmentation.predictor import Predictor
from aerialseg_core.segmentation.segment import segment_scene

ENGINES = ("onnxruntime", "openvino")
SIDE = 32
FLOAT, BYTES = TensorProto.FLOAT, TensorProto.UINT8
NAMES = {"0": "Red", "1": "Green", "2": "Blue"}
Nodes = list[onnx.NodeProto]


@pytest.fixture(scope="module")
def truth() -> NDArray[np.uint8]:
    """Left third red (1), middle green (2), right blue (3)."""
    return np.repeat(np.arange(1, 4, dtype="uint8"), 30)[None].repeat(70, axis=0)


@pytest.fixture(scope="module")
def scene(truth: NDArray[np.uint8], tmp_path_factory: pytest.TempPathFactory) -> Path:
    pixels = np.stack([np.where(truth == i, 200, 50) for i in (1, 2, 3)]).astype("uint8")
    return save_scene(tmp_path_factory.mktemp("scene") / "scene.tif", pixels)


def made(
    nodes: Nodes,
    outputs: Sequence[tuple[str, int, Sequence[Any] | None]],
    *,
    kind: int = FLOAT,
    shape: Sequence[Any] = (1, 3, SIDE, SIDE),
    gain: float = 8.0,
    kernel: Any = None,
    opset: int = 17,
) -> onnx.ModelProto:
    """A network around the weights `w` of a 1 × 1 convolution that looks which of three bands is largest."""
    weights = np.asarray(np.eye(3) * gain if kernel is None else kernel, "float32")
    graph = helper.make_graph(
        nodes,
        "foreign",
        [helper.make_tensor_value_info("x", kind, shape)],
        [helper.make_tensor_value_info(*output) for output in outputs],
        [numpy_helper.from_array(weights.reshape(-1, 3, 1, 1), "w")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def conv(source: str = "x", target: str = "y", **options: Any) -> onnx.NodeProto:
    return helper.make_node("Conv", [source, "w"], [target], kernel_shape=[1, 1], **options)


def node(kind: str, source: str, target: str, **options: Any) -> onnx.NodeProto:
    return helper.make_node(kind, [source], [target], **options)


SOFTMAX = node("Softmax", "y", "p", axis=1)
NCHW, NHWC = (1, 3, SIDE, SIDE), (1, SIDE, SIDE, 3)
TO_LAST, TO_FIRST = [0, 2, 3, 1], [0, 3, 1, 2]

KINDS: dict[str, onnx.ModelProto] = {
    "logits": made([conv(target="p")], [("p", FLOAT, NCHW)], kernel=np.eye(3) * 8 - 4),
    "probabilities": made([conv(), SOFTMAX], [("p", FLOAT, NCHW)]),
    "percent": made(
        [conv(), node("Softmax", "y", "s", axis=1), helper.make_node("Sum", ["s"] * 100, ["p"])], [("p", FLOAT, NCHW)]
    ),
    "independent": made([conv(), node("Sigmoid", "y", "p")], [("p", FLOAT, NCHW)]),
    "numbers of classes": made(
        [conv(), node("ArgMax", "y", "p", axis=1, keepdims=0)], [("p", TensorProto.INT64, (1, SIDE, SIDE))]
    ),
    "numbers of classes as float": made(
        [conv(), node("ArgMax", "y", "i", axis=1, keepdims=1), node("Cast", "i", "p", to=FLOAT)],
        [("p", FLOAT, (1, 1, SIDE, SIDE))],
    ),
    "one-hot": made([conv(), node("Hardmax", "y", "p", axis=1)], [("p", FLOAT, NCHW)]),
    "channels last": made(
        [node("Transpose", "x", "t", perm=TO_FIRST), conv("t"), SOFTMAX, node("Transpose", "p", "q", perm=TO_LAST)],
        [("q", FLOAT, NHWC)],
        shape=NHWC,
    ),
    "a quarter of the size": made(
        [node("AveragePool", "x", "a", kernel_shape=[2, 2], strides=[2, 2]), conv("a"), SOFTMAX],
        [("p", FLOAT, (1, 3, SIDE // 2, SIDE // 2))],
    ),
    "bytes": made(
        [node("Cast", "x", "f", to=FLOAT), conv("f"), SOFTMAX], [("p", FLOAT, NCHW)], kind=BYTES, gain=8 / 255
    ),
    "bytes, channels last": made(
        [
            node("Cast", "x", "f", to=FLOAT),
            node("Transpose", "f", "t", perm=TO_FIRST),
            conv("t"),
            node("ArgMax", "y", "p", axis=1, keepdims=0),
        ],
        [("p", TensorProto.INT64, (1, SIDE, SIDE))],
        kind=BYTES,
        shape=NHWC,
    ),
    "half floats": made(
        [node("Cast", "x", "f", to=FLOAT), conv("f"), SOFTMAX, node("Cast", "p", "q", to=TensorProto.FLOAT16)],
        [("q", TensorProto.FLOAT16, NCHW)],
        kind=TensorProto.FLOAT16,
    ),
    "a batch of two": made([conv(), SOFTMAX], [("p", FLOAT, (2, *NCHW[1:]))], shape=(2, *NCHW[1:])),
    "scores beside features": made(
        [conv(), SOFTMAX, node("GlobalAveragePool", "y", "features"), node("ArgMax", "y", "i", axis=1)],
        [("i", TensorProto.INT64, None), ("features", FLOAT, (1, 3, 1, 1)), ("p", FLOAT, NCHW)],
    ),
    "no declared bands": made([conv(), SOFTMAX], [("p", FLOAT, None)], shape=("n", "c", "h", "w")),
}


def maps(scene: Path, path: Path) -> list[NDArray[np.uint8]]:
    """The maps that the engines make with a model, which is loaded once."""
    model, config = load_model(str(path)), SegmentConfig(overlap=0.25)
    outputs = [path.with_name(f"{engine}.tif") for engine in ENGINES]
    for engine, output in zip(ENGINES, outputs, strict=True):
        segment_scene(
            str(scene), Outputs(output), Predictor(model, create_engine(model, engine=engine)), config, Reporter()
        )
    return [read(output) for output in outputs]


@pytest.mark.parametrize("kind", KINDS)
def test_the_map_is_right_whatever_a_network_takes_and_gives(
    scene: Path, truth: NDArray[np.uint8], tmp_path: Path, kind: str
) -> None:
    for found in maps(scene, deepness(tmp_path / "m.onnx", KINDS[kind], class_names=NAMES)):
        assert np.array_equal(found, truth)


@pytest.mark.parametrize("activation", ["Sigmoid", "Identity"])
@pytest.mark.parametrize("names", [{"0": "building"}, {"0": "background", "1": "building"}, None])
def test_one_channel_is_background_and_class(
    scene: Path, truth: NDArray[np.uint8], tmp_path: Path, activation: str, names: Any
) -> None:
    model = made([conv(), node(activation, "y", "p")], [("p", FLOAT, (1, 1, SIDE, SIDE))], kernel=[20, -10, -10])
    path = deepness(tmp_path / "m.onnx", model, class_names=names)
    assert load_model(str(path)).card.classes.names == ("background", "building" if names else "class 1")
    for found in maps(scene, path):
        assert np.array_equal(found, np.where(truth == 1, 2, 1))


@pytest.mark.parametrize(("threshold", "winner"), [(None, 2), (0.5, 2), (0.7, 2), (0.8, 1), (0.2, 2)])
def test_the_threshold_of_one_channel_decides(tmp_path: Path, threshold: float | None, winner: int) -> None:
    """The network gives the red band, 0.75 of white everywhere."""
    pixels = np.full((3, 40, 40), 191, np.uint8)
    model = made([conv(target="p")], [("p", FLOAT, (1, 1, SIDE, SIDE))], kernel=[1, 0, 0])
    path = deepness(tmp_path / "m.onnx", model, class_names=["roof"], seg_thresh=threshold)
    segment(save_scene(tmp_path / "s.tif", pixels), tmp_path / "out.tif", model=str(path))
    assert np.unique(read(tmp_path / "out.tif")).tolist() == [winner]


def test_a_threshold_of_many_classes_leaves_the_rest_to_the_first(tmp_path: Path) -> None:
    """As in Deepness: 0.2, 0.45 and 0.35 are the first class at 0.5, and the second one at 0.4."""
    pixels = np.zeros((3, 40, 40), np.uint8)
    pixels += np.array([51, 115, 89], np.uint8)[:, None, None]
    model = made([node("Softmax", "l", "p", axis=1)], [("p", FLOAT, NCHW)])
    model.graph.node.insert(0, node("Log", "c", "l"))
    model.graph.node.insert(0, helper.make_node("Clip", ["x", "least"], ["c"]))
    model.graph.initializer.append(numpy_helper.from_array(np.float32(1e-6), "least"))
    scene = save_scene(tmp_path / "s.tif", pixels)
    for threshold, winner in ((None, 2), (0.4, 2), (0.5, 1)):
        path = deepness(tmp_path / f"{winner}{threshold}.onnx", model, class_names=NAMES, seg_thresh=threshold)
        done = segment(scene, tmp_path / "out.tif", model=str(path), confidence=tmp_path / "sure.tif", overwrite=True)
        assert np.unique(read(done.classes)).tolist() == [winner]
        assert read(tmp_path / "sure.tif").max() < 60, "what no class reaches is not sure"


@pytest.mark.parametrize("kind", ["numbers of classes", "one-hot"])
def test_what_is_no_probability_has_no_confidence(scene: Path, tmp_path: Path, kind: str) -> None:
    path = deepness(tmp_path / "m.onnx", KINDS[kind], class_names=NAMES)
    with pytest.raises(ParameterError, match="gives classes without probabilities, so there is no confidence"):
        segment(scene, tmp_path / "out.tif", model=str(path), confidence=tmp_path / "sure.tif")
    assert not (tmp_path / "out.tif").exists()


def test_logits_and_sums_below_one_are_not_sure(scene: Path, tmp_path: Path) -> None:
    for kind in ("logits", "independent"):
        path = deepness(tmp_path / "m.onnx", KINDS[kind], class_names=NAMES)
        segment(scene, tmp_path / "out.tif", model=str(path), confidence=tmp_path / "sure.tif", overwrite=True)
        assert read(tmp_path / "sure.tif").max() < 100


def test_raw_pixels_of_a_16_bit_scene_are_brought_to_bytes(truth: NDArray[np.uint8], tmp_path: Path) -> None:
    pixels = np.stack([np.where(truth == i, 4000, 1000) for i in (1, 2, 3)]).astype("uint16")
    path = deepness(tmp_path / "m.onnx", KINDS["bytes"], class_names=NAMES)
    segment(save_scene(tmp_path / "s.tif", pixels), tmp_path / "out.tif", model=str(path), range=(0, 5100))
    assert np.array_equal(read(tmp_path / "out.tif"), truth)


def test_many_patches_at_once_are_what_one_is(scene: Path, tmp_path: Path) -> None:
    """A fixed batch is filled up, and every patch has the scores that it has alone."""
    path = deepness(tmp_path / "m.onnx", KINDS["a batch of two"], class_names=NAMES)
    engine = create_engine(load_model(str(path)), engine="onnxruntime")
    patches = np.random.default_rng(0).random((2, 3, SIDE, SIDE), np.float32)
    assert engine.batch == 2
    assert np.array_equal(engine.predict(patches)[::-1], engine.predict(patches[::-1].copy()))


REFUSED: dict[str, tuple[onnx.ModelProto, dict[str, Any], str]] = {
    "two heads": (
        made([conv(), SOFTMAX, node("Sigmoid", "y", "q")], [("p", FLOAT, NCHW), ("q", FLOAT, NCHW)]),
        {},
        r"has 2 outputs that could be the scores: 'p' 1 × 3 × 32 × 32, 'q' .*output = \"p\"",
    ),
    "a quantity": (
        made([conv(), node("Relu", "y", "p")], [("p", FLOAT, (1, 1, SIDE, SIDE))], kernel=[900, 900, 900]),
        {"class_names": ["height"]},
        "one channel of values from .* is neither a probability nor logits",
    ),
    "numbers without names": (
        KINDS["numbers of classes"],
        {"class_names": None},
        "gives numbers of classes, but nothing says how many",
    ),
    "more numbers than names": (KINDS["numbers of classes"], {"class_names": ["a", "b"]}, "gives class 2, but"),
    "three names for one channel": (
        made([conv(), node("Sigmoid", "y", "p")], [("p", FLOAT, (1, 1, SIDE, SIDE))], kernel=[20, -10, -10]),
        {},
        "gives scores of 2 classes, but its metadata name 3",
    ),
    "a part of the patch": (
        made([conv(), node("Softmax", "c", "p", axis=1)], [("p", FLOAT, None)]),
        {},
        "scores of 30 × 30 px do not fit patches of 32 × 32 px",
    ),
    "a class of the whole": (
        made([conv(), node("GlobalAveragePool", "y", "p")], [("p", FLOAT, None)]),
        {},
        "its shape is 1 × 3 × 1 × 1",
    ),
    "no numbers": (
        made([conv(), node("Log", "y", "p")], [("p", FLOAT, NCHW)], gain=-1),
        {},
        "gives values that are no numbers",
    ),
    "text": (
        made([node("Cast", "x", "p", to=TensorProto.STRING)], [("p", TensorProto.STRING, NCHW)]),
        {},
        "cannot be run|it is of type",
    ),
    "whole numbers in many channels": (
        made([conv(), node("Cast", "y", "p", to=TensorProto.INT32)], [("p", TensorProto.INT32, NCHW)]),
        {},
        "whole numbers from",
    ),
}
REFUSED["a mask with three names"] = (
    made(
        [conv(), node("Sigmoid", "y", "s"), node("Cast", "s", "p", to=TensorProto.BOOL)],
        [("p", TensorProto.BOOL, (1, 1, SIDE, SIDE))],
        kernel=[20, -10, -10],
    ),
    {},
    "gives scores of 2 classes, but its metadata name 3",
)
REFUSED["a part of the patch"][0].graph.node.insert(
    1, helper.make_node("AveragePool", ["y"], ["c"], kernel_shape=[3, 3])
)


def test_all_that_is_missing_is_asked_for_at_once(tmp_path: Path) -> None:
    """Which output, the classes, the resolution and the scale: whoever writes just that is asked for nothing more."""
    path = tmp_path / "heads.onnx"
    onnx.save(REFUSED["two heads"][0], path)
    with pytest.raises(ModelError) as refused:
        load_bundle(path)
    asked = refused.value.sentence.values["missing"]
    assert re.findall(r"(\w+) = ", asked) == ["output", "classes", "gsd", "scale"]
    assert (
        refused.value.hint == f"Write {asked} into a TOML, and run `aerialseg models add heads.onnx --card CARD.toml`."
    )
    card = {"output": "p", "classes": {0: "a", 1: "b", 2: "c"}, "gsd": 1.0, "scale": 255.0}
    assert load_bundle(path, described=card).card.classes.names == ("a", "b", "c")


@pytest.mark.parametrize("kind", REFUSED)
def test_what_a_map_cannot_be_made_of_is_refused_in_a_sentence(tmp_path: Path, kind: str) -> None:
    model, metadata, match = REFUSED[kind]
    path = deepness(tmp_path / "m.onnx", model, **{"class_names": NAMES, **metadata})
    with pytest.raises(ModelError, match=match):
        load_bundle(path)


def test_a_large_network_is_not_cut_short_by_a_child_that_is_slow_to_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked for a cancelled run long before the child has begun to read, and no pipe holds as much."""
    monkeypatch.setattr(probe, "CHECK_EVERY", 0.001)
    monkeypatch.setattr(probe, "SECONDS", 30)
    model = made([conv(), SOFTMAX], [("p", FLOAT, NCHW)])
    model.graph.initializer.append(numpy_helper.from_array(np.zeros(1 << 20, "float32"), "ballast"))
    path = deepness(tmp_path / "large.onnx", model, class_names=NAMES)
    assert path.stat().st_size > 4 << 20
    assert load_bundle(path).card.classes.names == ("Red", "Green", "Blue")

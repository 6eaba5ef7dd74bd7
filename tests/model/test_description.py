"""Models from elsewhere: one map, whatever layout, type, size and output their network has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from aerialseg_core.errors import ModelError
from aerialseg_core.model.bundle import Model
from aerialseg_core.model.description import Description
from aerialseg_core.model.engines import create_engine
from aerialseg_core.model.normalization import normalize
from aerialseg_core.model.probe import inspect_network
from aerialseg_core.model.scores import decide

NAMES = {0: "field", 1: "road", 2: "roof"}


@dataclass(frozen=True)
class Kind:
    """How a network is built around the same convolution."""

    output: str = "softmax"
    channels_last: bool = False
    raw: bool = False
    """uint8 in, which the network divides by 255 itself."""
    side: int = 0
    """Side of the only patch that it takes; 0 for any."""


kinds = st.builds(
    Kind,
    output=st.sampled_from(["softmax", "logits", "argmax", "argmax as float", "hardmax"]),
    channels_last=st.booleans(),
    raw=st.booleans(),
    side=st.sampled_from([0, 32, 64]),
)
kernels = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).normal(0, 4, (3, 3)))


def build(kind: Kind, kernel: NDArray[np.float64]) -> bytes:
    """A network whose logits are a 1 × 1 convolution of bands between 0 and 1, less their mean."""
    nodes, last = [], "x"

    def then(operator: str, *more: str, **options: Any) -> None:
        nonlocal last
        nodes.append(helper.make_node(operator, [last, *more], [f"v{len(nodes)}"], **options))
        last = f"v{len(nodes) - 1}"

    if kind.raw:
        then("Cast", to=TensorProto.FLOAT)
        then("Div", "white")
    if kind.channels_last:
        then("Transpose", perm=[0, 3, 1, 2])
    then("Conv", "w", "b", kernel_shape=[1, 1])
    classes: int | None = len(kernel)
    if kind.output == "softmax":
        then("Softmax", axis=1)
    elif kind.output == "sigmoid":
        then("Sigmoid")
    elif kind.output == "hardmax":
        then("Hardmax", axis=1)
    elif kind.output.startswith("argmax"):
        classes = None
        then("ArgMax", axis=1, keepdims=0)
        if kind.output.endswith("float"):
            then("Cast", to=TensorProto.FLOAT)
    if kind.channels_last and classes:
        then("Transpose", perm=[0, 2, 3, 1])
    sizes: list[int | str] = [kind.side or "h", kind.side or "w"]
    axes: list[int | str] = ["n", *sizes, 3] if kind.channels_last else ["n", 3, *sizes]
    given = TensorProto.INT64 if kind.output == "argmax" else TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "foreign",
        [helper.make_tensor_value_info("x", TensorProto.UINT8 if kind.raw else TensorProto.FLOAT, axes)],
        [helper.make_tensor_value_info(last, given, None)],
        [
            numpy_helper.from_array(kernel.astype("float32").reshape(-1, 3, 1, 1), "w"),
            numpy_helper.from_array(-kernel.mean(axis=1).astype("float32") * 1.5, "b"),
            numpy_helper.from_array(np.float32(255), "white"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def classify(network: bytes, pixels: NDArray[np.uint8], description: Description, *, activated: bool) -> NDArray[Any]:
    """The classes of the pixels of one patch, 0…, as a run would find them."""
    seen = inspect_network(network, (64, 32), [onnx.load_from_string(network).graph.output[0].name] * activated)
    card, signature = description.conclude(seen, "m.onnx")
    model = Model(Path("m.onnx"), card, "0" * 64, network, signature)
    engine = create_engine(model, engine="onnxruntime")
    side = card.patch
    return decide(engine.predict(normalize(pixels[:, :side, :side], card.bands)[None])[0])[0] - 1


@settings(deadline=None, max_examples=60)
@given(kinds, kernels, st.integers(0, 99))
def test_the_map_does_not_depend_on_how_a_network_is_built(kind: Kind, kernel: NDArray[np.float64], seed: int) -> None:
    """NCHW or NHWC, bytes or floats, a fixed size or any; logits, probabilities, or the class itself."""
    pixels = np.random.default_rng(seed).integers(0, 256, (3, 64, 64)).astype("uint8")
    logits = np.einsum("cb,bij->cij", kernel, pixels / 255 - 0.5)
    clear = np.sort(logits, axis=0)
    clear = clear[-1] - clear[-2] > 1e-3  # rounding may part equals
    said = Description("m", classes=NAMES, gsd=1.0, patch=kind.side or 64, scale=None if kind.raw else 255.0)
    found = classify(build(kind, kernel), pixels, said, activated=kind.output == "softmax")
    side = len(found)
    expected = logits.argmax(axis=0)[:side, :side]
    assert np.array_equal(found[clear[:side, :side]], expected[clear[:side, :side]])


@settings(deadline=None, max_examples=30)
@given(kinds, kernels, st.sampled_from(["sigmoid", "logits"]), st.floats(0.1, 0.9))
def test_one_channel_is_the_class_from_the_threshold_on(
    kind: Kind, kernel: NDArray[np.float64], output: str, threshold: float
) -> None:
    kind = Kind(output, kind.channels_last, kind.raw, kind.side)
    pixels = np.random.default_rng(0).integers(0, 256, (3, 64, 64)).astype("uint8")
    logit = np.einsum("b,bij->ij", kernel[0], pixels / 255 - 0.5)
    said = Description("m", classes={0: "road"}, gsd=1.0, patch=kind.side or 64, threshold=threshold)
    said = said if kind.raw else Description(**{**vars(said), "scale": 255.0})
    found = classify(build(kind, kernel[:1]), pixels, said, activated=output == "sigmoid")
    side = len(found)
    distance = (logit - np.log(threshold / (1 - threshold)))[:side, :side]
    clear = np.abs(distance) > 1e-3
    assert np.array_equal(found[clear], (distance > 0)[clear])


def conclude(kind: Kind, **said: Any) -> Any:
    network = build(kind, np.eye(3) * 8 - 4)
    return Description("m", **said).conclude(inspect_network(network, (64, 32), []), "m.onnx")


@pytest.mark.parametrize(
    ("kind", "said", "match"),
    [
        (Kind(), {}, r"classes = .* \(3 names\), gsd = METRES .*, scale = 255"),
        (Kind(), {"classes": NAMES, "scale": 255.0}, r"Write gsd = METRES \(or \"any\"\) into a TOML"),
        (Kind(), {"classes": NAMES, "gsd": 0.0}, r"float32 and gives .*Write scale = 255 \(or .*\) into a TOML"),
        (Kind(raw=True), {"gsd": 1.0}, r"as uint8 and gives .*Write classes = .* into a TOML"),
        (Kind("argmax"), {"gsd": 1.0, "scale": 1.0}, r"nothing says how many there are. Write classes ="),
        (Kind("argmax"), {}, r"how many there are. Write classes = .*, gsd = METRES .*, scale = 255 .* into a TOML"),
        (Kind("argmax", raw=True), {"gsd": 1.0}, r"how many there are. Write classes = \[\"…\", …\] into a TOML"),
        (
            Kind(raw=True),
            {"classes": NAMES, "gsd": 1.0, "scale": 255.0, "mean": (0.0,) * 3},
            r"takes pixels as they are stored \(uint8\), but its card has scale, mean. Take them out",
        ),
        (
            Kind(side=32),
            {"classes": NAMES, "gsd": 1.0, "scale": 255.0, "patch": 64},
            "takes patches of 32 px only, its card says 64 px",
        ),
        (Kind(), {"classes": NAMES, "gsd": 1.0, "scale": 1.0, "bands": ("red",)}, "takes 3 bands, but .* of 1"),
        (Kind(), {"classes": NAMES, "gsd": 1.0, "scale": 1.0, "output": "q"}, "has no output 'q'. Name one .*'v1'"),
        (Kind(), {"classes": NAMES, "gsd": 9.0, "scale": 1.0, "gsd_range": (1.0, 2.0)}, "outside its range"),
        (Kind(), {"classes": NAMES, "gsd": 1.0, "scale": 1.0, "colours": {0: "red"}}, "not of the form #RRGGBB"),
        (Kind(), {"classes": NAMES, "gsd": 1.0, "scale": 1.0, "dtype": "text"}, "images of type 'text'"),
    ],
)
def test_what_is_missing_or_contradicts_the_network_is_said(kind: Kind, said: dict[str, Any], match: str) -> None:
    with pytest.raises(ModelError, match=match):
        conclude(kind, **said)


def test_what_is_said_is_in_the_card() -> None:
    said = {"classes": NAMES, "colours": {1: "#6EC1E4"}, "bands": ("red", "green", "nir"), "licence": "MIT"}
    card, _ = conclude(
        Kind(),
        **said,
        gsd=0.5,
        gsd_range=(0.4, 0.8),
        scale=100.0,
        mean=(1.0, 2.0, 3.0),
        dtype="uint16",
        range=(0.0, 9.0),
    )
    assert card.band_names == ("red", "green", "nir")
    assert [(b.scale, b.mean, b.std) for b in card.bands] == [(100, 1, 1), (100, 2, 1), (100, 3, 1)]
    assert (card.gsd, card.gsd_range, card.dtype, card.range, card.licence) == (
        0.5,
        (0.4, 0.8),
        "uint16",
        (0, 9),
        "MIT",
    )
    assert card.classes.names == ("field", "road", "roof")
    assert card.classes[2].colour == "#6EC1E4"
    assert card.patch == 512
    anywhere, _ = conclude(Kind(side=32), classes=NAMES, gsd=0.0, scale=255.0)
    assert (anywhere.patch, anywhere.fixed_patch) == (32, True)
    assert anywhere.gsd_range[1] / anywhere.gsd_range[0] > 1e9

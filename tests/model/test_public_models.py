"""The public models that the guide and the plugin list: networks with the inputs and outputs that they were published
with.

Their files are not here; `docs/guides/models.md` says so, and has the card that one of them needs.
"""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from support import REPO, deepness, image, save_scene

from aerialseg_core import segment
from aerialseg_core.errors import ModelError
from aerialseg_core.model.card_file import read_card_file
from aerialseg_core.model.registry import add_model, load_model

LISTED = json.loads((REPO / "plugin" / "public_models.json").read_text(encoding="utf-8"))
GUIDE = (REPO / "docs" / "guides" / "models.md").read_text(encoding="utf-8")


def published(
    classes: int, rows: int = 512, cols: int = 512, *, activation: str = "Identity", bands: int = 3
) -> onnx.ModelProto:
    """A network of one convolution with the shapes of a published one."""
    options = {"axis": 1} if activation == "Softmax" else {}
    weights = np.random.default_rng(0).normal(0, 2, (classes, bands, 1, 1)).astype("float32")
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["input", "w"], ["y"], kernel_shape=[1, 1]),
            helper.make_node(activation, ["y"], ["output"], **options),
        ],
        "published",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, bands, rows, cols])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, classes, rows, cols])],
        [numpy_helper.from_array(weights, "w")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


@pytest.fixture(autouse=True)
def _models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AERIALSEG_MODELS", str(tmp_path / "models"))


@pytest.mark.parametrize(
    ("classes", "activation", "metadata", "names"),
    [
        (
            5,
            "Softmax",
            {
                "class_names": dict(enumerate(["_background", "building", "woodland", "water", "road"])),
                "resolution": 40,
            },
            ("_background", "building", "woodland", "water", "road"),
        ),
        (3, "Softmax", {"class_names": None, "resolution": 3}, ("class 0", "class 1", "class 2")),
        (2, "Softmax", {"class_names": ["not_road", "road"], "resolution": 21}, ("not_road", "road")),
        (1, "Sigmoid", {"class_names": [{"0": "road"}], "resolution": 21}, ("background", "road")),
    ],
    ids=["land cover", "corn", "roads, two channels", "roads, one channel"],
)
def test_models_of_the_deepness_zoo_need_no_card(
    tmp_path: Path, classes: int, activation: str, metadata: dict[str, Any], names: tuple[str, ...]
) -> None:
    path = deepness(tmp_path / "zoo.onnx", published(classes, activation=activation), tiles_size=512, **metadata)
    card = add_model(path).card
    assert (card.classes.names, card.patch, card.fixed_patch) == (names, 512, True)
    assert card.gsd == metadata["resolution"] / 100
    assert [(band.scale, band.mean, band.std) for band in card.bands] == [(255, 0, 1)] * 3


def test_flair_runs_with_the_card_of_the_guide(tmp_path: Path) -> None:
    cards = re.findall(r"(?ms)^```toml\n(.*?)^```", GUIDE)
    for number, text in enumerate(cards):
        (tmp_path / f"{number}.toml").write_text(text, encoding="utf-8")
        assert read_card_file(tmp_path / f"{number}.toml")["classes"], "every card of the guide is one"
    onnx.save(published(19), tmp_path / "flair.onnx")
    added = add_model(tmp_path / "flair.onnx", card=tmp_path / f"{len(cards) - 1}.toml")
    assert (added.card.name, added.signature.meaning, added.card.gsd) == ("flair-12", "logits", 0.2)
    assert added.card.classes.names[10:13] == ("agricultural land", "plowed land", "class 12")
    scene = save_scene(tmp_path / "scene.tif", image(64, 64))
    done = segment(scene, tmp_path / "out.tif", model="flair-12", gsd="source", confidence=tmp_path / "sure.tif")
    assert done.classes.is_file()
    assert load_model("flair-12").card.licence == "etalab-2.0"


def test_a_patch_that_is_no_square_is_refused(tmp_path: Path) -> None:
    onnx.save(published(9, 576, 1024), tmp_path / "uav.onnx")
    with pytest.raises(ModelError, match="its input of 1 × 3 × 576 × 1024 is no square image"):
        add_model(tmp_path / "uav.onnx")


def listed_networks() -> dict[str, onnx.ModelProto]:
    """Networks of the shapes that the models of the plugin's list were published with."""
    return {
        "deepness-land-cover": published(5, activation="Softmax"),
        "deepness-corn-damage": published(3, activation="Softmax"),
        "deepness-roads": published(2, activation="Softmax"),
        "flair-12": published(19),
        "geobase-buildings": published(1, 256, 256, activation="Sigmoid"),
        "hakai-mussels": published(1, 1024, 1024),
        "ukis-csmask": published(3, 256, 256, activation="Softmax", bands=4),
    }


@pytest.mark.parametrize("entry", LISTED, ids=lambda entry: entry["name"])
def test_what_the_plugin_tells_of_a_model_is_all_that_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: dict[str, Any]
) -> None:
    spec = importlib.util.spec_from_file_location("public_models", REPO / "plugin" / "public_models.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "public_models", module)  # where dataclasses look
    spec.loader.exec_module(module)
    model = module.list_public_models()[entry["name"]]
    (tmp_path / "card.toml").write_text(model.format_card(), encoding="utf-8")
    network, file = listed_networks()[model.name], tmp_path / "file.onnx"
    if model.name.startswith("deepness-"):
        deepness(file, network, class_names=dict(enumerate(model.classes)))
    else:
        onnx.save(network, file)
    card = add_model(file, card=tmp_path / "card.toml").card
    assert (card.name, card.description, card.licence) == (model.name, model.description, model.licence)
    assert set(model.classes) <= set(card.classes.names)
    assert not model.sha256 or re.fullmatch("[0-9a-f]{64}", model.sha256)
    assert model.sha256 or not (model.member or model.tried), "only what is certain to be it is unpacked or vouched for"


@pytest.mark.parametrize("entry", LISTED, ids=lambda entry: entry["name"])
def test_guide_lists_what_the_plugin_lists(entry: dict[str, Any]) -> None:
    row = next(line for line in GUIDE.splitlines() if line.startswith(f"| `{entry['name']}`"))
    assert entry["ground"].split(",")[0] in row
    assert entry["licence"].split(" (")[0] in row
    assert f"{entry['megabytes']:g} MB" in row or not entry["megabytes"]
    assert entry["page"] in GUIDE

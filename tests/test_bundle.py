"""The model bundle: one file, its card inside, readable by Deepness, refused when it is not in order."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper
from support import SCHEME, card, image, network, read, save_model, save_scene

from aerialseg_core import segment
from aerialseg_core.bundle import CARD_KEY, load_bundle, network_sha256, save_bundle
from aerialseg_core.card import CARD_VERSION, Band, Card
from aerialseg_core.classes import ClassScheme
from aerialseg_core.errors import ModelError, OutputError
from aerialseg_core.models import keras_twin, load_model, shipped_models

names = st.text(min_size=1, max_size=12)
positive = st.floats(1e-3, 1e6)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-1, 1) | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=5,
)


@st.composite
def cards(draw: st.DrawFn) -> Card:
    classes = draw(st.lists(names, min_size=1, max_size=5, unique=True))
    colours = draw(st.lists(st.from_regex(r"#[0-9A-F]{6}", fullmatch=True), min_size=5, max_size=5))
    low, gsd, high = sorted(draw(st.tuples(positive, positive, positive)))
    return Card(
        name=draw(names),
        description=draw(st.text(max_size=20)),
        classes=ClassScheme.of(list(zip(classes, colours, strict=False))),
        bands=tuple(draw(st.lists(st.builds(Band, names, positive, st.floats(-9, 9), positive), min_size=1))),
        patch=draw(st.integers(16, 4096)),
        gsd=gsd,
        gsd_range=(low, high),
        dtype=draw(st.sampled_from(["uint8", "uint16", "float32"])),
        fixed_patch=draw(st.booleans()),
        training=draw(st.dictionaries(names, values, max_size=3)),
        metrics=draw(st.dictionaries(names, values, max_size=3)),
        temperature=draw(positive),
        licence=draw(st.text(max_size=9)),
        sha256=draw(st.none() | st.just("ab" * 32)),
    )


@settings(deadline=None, max_examples=50)
@given(cards())
def test_a_card_survives_json(made: Card) -> None:
    assert Card.from_json(made.to_json()) == made
    assert Card.from_json(json.dumps(json.loads(made.to_json()))) == made


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"version": CARD_VERSION + 1}, "Update aerialseg"),
        ({"version": None}, "not readable"),
        ({"classes": []}, "1 to 254 classes"),
        ({"classes": [{"name": "a", "colour": "red"}]}, "#RRGGBB"),
        ({"classes": [{"name": "a", "colour": "#123456"}] * 2}, "unique"),
        ({"bands": []}, "no input band"),
        ({"bands": [{"name": "red", "scale": 0, "mean": 0, "std": 1}]}, "unusable scaling"),
        ({"patch": 1}, "too small"),
        ({"patch": float("inf")}, "not complete"),
        ({"patch": "wide"}, "not complete"),
        ({"gsd": 50}, "outside its range"),
        ({"gsd_range": 1}, "not complete"),
        ({"training": 7}, "not complete"),
        ({"temperature": 0}, "temperature of 0.0 is not a positive number"),
        ({"temperature": float("inf")}, "not a positive number"),
        ({"temperature": float("nan")}, "not a positive number"),
        ({"temperature": "warm"}, "not complete"),
    ],
)
def test_an_impossible_card_is_refused(change: dict[str, Any], match: str) -> None:
    with pytest.raises(ModelError, match=match):
        Card.from_json(json.dumps({**card().to_dict(), **change}))


def test_a_card_from_before_there_was_a_temperature_has_that_of_its_scores() -> None:
    old = card().to_dict()
    del old["temperature"]
    assert Card.from_json(json.dumps(old)).temperature == 1.0


@pytest.mark.parametrize("text", ["", "[]", "7", "{", '{"version": 1}', "null"])
def test_a_text_that_is_no_card_is_refused(text: str) -> None:
    with pytest.raises(ModelError):
        Card.from_json(text)


def test_a_bundle_survives_the_file(tmp_path: Path) -> None:
    made = card(64, licence="CC0-1.0", metrics={"mIoU": 0.5}, training={"data": ["a", "b"]})
    saved = save_bundle(network(), made, tmp_path / "m.onnx")
    loaded = load_bundle(tmp_path / "m.onnx")
    assert loaded == saved
    assert loaded.card == made.with_sha256(network_sha256(network()))
    onnx.checker.check_model(onnx.load(tmp_path / "m.onnx"))
    with pytest.raises(OutputError, match="exists already"):
        save_bundle(network(), made, tmp_path / "m.onnx")


def test_a_network_that_does_not_fit_its_card_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="3 bands and 5 classes, its card 3 and 4"):
        save_bundle(network(classes=5), card(), tmp_path / "m.onnx")
    assert not list(tmp_path.iterdir())


def test_a_bundle_carries_what_deepness_reads(tmp_path: Path) -> None:
    bands = (Band("red", 255.0, 0.4, 0.2), Band("green", 510.0, 0.5, 0.25), Band("blue", 255.0, 0.6, 0.3))
    save_bundle(network(), card(64, bands=bands, gsd=0.25, gsd_range=(0.2, 0.5)), tmp_path / "m.onnx")
    metadata = {e.key: json.loads(e.value) for e in onnx.load(tmp_path / "m.onnx").metadata_props}
    assert metadata.pop(CARD_KEY)["version"] == 1  # older readers can use it too
    assert metadata == {
        "model_type": "Segmentor",
        "class_names": {str(i): name for i, name in enumerate(SCHEME.names)},
        "resolution": 25.0,
        "tile_size": 64,
        "tiles_size": 64,
        "tiles_overlap": pytest.approx(15),
        "standardization_mean": pytest.approx([0.4, 1.0, 0.6]),
        "standardization_std": pytest.approx([0.2, 0.5, 0.3]),
    }


def _deepness(path: Path, model: onnx.ModelProto, **metadata: Any) -> Path:
    values = {
        "model_type": "Segmentor",
        "class_names": {str(i): f"thing {i}" for i in range(4)},
        "resolution": 100,
        "tiles_size": 32,
        **metadata,
    }
    helper.set_model_props(model, {k: json.dumps(v) for k, v in values.items() if v is not None})
    onnx.save(model, path)
    return path


def test_a_model_made_for_deepness_runs(tmp_path: Path) -> None:
    """Its scaling is x / 255, as in the tiny model of the tests: so the result must be the same."""
    path = _deepness(tmp_path / "corn.onnx", network())
    loaded = load_model(str(path)).card
    assert (loaded.name, loaded.patch, loaded.gsd, loaded.classes.names[3]) == ("corn", 32, 1.0, "thing 3")
    scene = save_scene(tmp_path / "scene.tif", image(50, 60))
    segment(scene, tmp_path / "a.tif", model=str(path))
    segment(scene, tmp_path / "b.tif", model=str(save_model(tmp_path / "tiny.onnx").path))
    assert np.array_equal(read(tmp_path / "a.tif"), read(tmp_path / "b.tif"))


@pytest.mark.parametrize(
    ("metadata", "match"),
    [
        ({"model_type": "Detector"}, "Detector model.*segmentation"),
        ({"model_type": None}, "neither an aerialseg card nor complete Deepness metadata"),
        ({"resolution": None}, "neither an aerialseg card"),
        ({"resolution": "fine"}, "neither an aerialseg card"),
        ({"tiles_size": float("inf")}, "neither an aerialseg card"),
        ({"standardization_mean": [0.5], "standardization_std": [1]}, "neither an aerialseg card"),
        ({"class_names": ["a"]}, "neither an aerialseg card"),
    ],
)
def test_incomplete_deepness_metadata_are_refused(tmp_path: Path, metadata: dict[str, Any], match: str) -> None:
    with pytest.raises(ModelError, match=match):
        load_bundle(_deepness(tmp_path / "m.onnx", network(), **metadata))


def test_class_names_of_older_deepness_models_are_python_literals(tmp_path: Path) -> None:
    model = network()
    path = _deepness(tmp_path / "m.onnx", model, class_names=None)
    literal = "{0: 'crop', 1: 'weed', 2: 'soil', 3: 'path'}"
    model.metadata_props.append(onnx.StringStringEntryProto(key="names", value=literal))
    onnx.save(model, path)
    assert load_bundle(path).card.classes.names == ("crop", "weed", "soil", "path")


def test_a_deepness_model_with_a_fixed_size_keeps_it(tmp_path: Path) -> None:
    model = network()
    for value, side in ((model.graph.input[0], 48), (model.graph.output[0], 48)):
        for dimension in value.type.tensor_type.shape.dim[2:]:
            dimension.dim_value = side
    loaded = load_bundle(_deepness(tmp_path / "m.onnx", model)).card
    assert (loaded.patch, loaded.fixed_patch) == (48, True)


def test_an_altered_network_is_refused_and_altered_metadata_are_not(tmp_path: Path) -> None:
    save_bundle(network(), card(), tmp_path / "m.onnx")
    model = onnx.load(tmp_path / "m.onnx")
    model.metadata_props.add(key="note", value="by me")
    onnx.save(model, tmp_path / "noted.onnx")
    assert load_bundle(tmp_path / "noted.onnx").card.name == "tiny"
    model.graph.node[0].attribute[0].ints[0] = 3
    onnx.save(model, tmp_path / "altered.onnx")
    with pytest.raises(ModelError, match="does not match its card"):
        load_bundle(tmp_path / "altered.onnx")


def test_any_damage_is_refused_or_harmless(tmp_path: Path) -> None:
    """Every 7th byte turned over: the file is refused with one sentence, or it is still the same network."""
    save_bundle(network(), card(), tmp_path / "m.onnx")
    content = (tmp_path / "m.onnx").read_bytes()
    network_alone = network_sha256(network())
    damaged = tmp_path / "damaged.onnx"
    for position in range(0, len(content), 7):
        damaged.write_bytes(content[:position] + bytes([content[position] ^ 0xFF]) + content[position + 1 :])
        try:
            loaded = load_model(str(damaged))
        except ModelError:
            continue
        model = onnx.load_model_from_string(loaded.network)
        assert network_sha256(model) == network_alone or CARD_KEY not in {e.key for e in model.metadata_props}


@pytest.mark.parametrize("shape", [["n", 3, "h", "w"], ["n", 4, "h", "w", 1]])
def test_a_network_for_something_else_is_refused(tmp_path: Path, shape: list[Any]) -> None:
    graph = helper.make_graph(
        [helper.make_node("ReduceMean", ["input"], ["output"], axes=[1])],
        "other",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["n", "h", "w"])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    with pytest.raises(ModelError, match="not a segmentation network"):
        load_bundle(_deepness(tmp_path / "m.onnx", model))


def test_the_shipped_models_are_in_order() -> None:
    for name in shipped_models():
        made = load_model(name).card
        assert made.name == name
        twin = keras_twin(name)
        assert twin is None or load_model(str(twin)).card.classes == made.classes
        assert made.licence


def test_a_keras_file_without_a_card_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "m.keras", "w") as archive:
        archive.writestr("config.json", "{}")
    with pytest.raises(ModelError, match="carries no card"):
        load_model(str(tmp_path / "m.keras"))
    (tmp_path / "n.keras").write_bytes(b"no archive")
    with pytest.raises(ModelError, match="not a Keras model"):
        load_model(str(tmp_path / "n.keras"))


def test_a_keras_file_beside_a_shipped_bundle_is_no_model_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aerialseg_core.models.__file__", str(tmp_path / "aerialseg_core" / "models.py"))
    folder = tmp_path / "models"
    folder.mkdir()
    for name in ("tiny", "alone"):
        save_bundle(network(), card(), folder / f"{name}.onnx")
    (folder / "tiny.keras").write_bytes(b"read by Keras only")
    (folder / "orphan.keras").write_bytes(b"of no bundle")
    assert list(shipped_models()) == ["alone", "tiny"]
    assert load_model("tiny").path == folder / "tiny.onnx"
    assert keras_twin("tiny") == folder / "tiny.keras"
    assert [keras_twin(name) for name in ("alone", "orphan", "nothing", str(folder / "tiny.onnx"))] == [None] * 4

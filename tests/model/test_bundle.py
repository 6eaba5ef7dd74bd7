"""The model bundle: one file, its card inside, readable by Deepness, refused when it is not in order."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper
from support import SCHEME, card, deepness, image, network, read, save_model, save_scene

from aerialseg_core import describe_plan, segment
from aerialseg_core.errors import ModelError, OutputError
from aerialseg_core.model.bundle import CARD_KEY, hash_network, load_bundle, save_bundle
from aerialseg_core.model.card import CARD_VERSION, Band, Card
from aerialseg_core.model.registry import list_models, list_shipped_models, load_model
from aerialseg_core.raster.classes import ClassScheme

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
signs = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters=TURNING)
names = st.text(signs, min_size=1, max_size=12)
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
        ({"temperature": 1e-300}, "beyond"),
        ({"patch": 10**9}, "larger than 8192 px"),
        ({"dtype": "object"}, "images of type 'object'"),
        ({"gsd": 1e-300, "gsd_range": [1e-300, 1e-300]}, "outside its range"),
        ({"gsd": 1e300, "gsd_range": [1e-300, 1e300]}, "outside its range"),
        ({"bands": [{"name": "red", "scale": 1e-300, "mean": 0, "std": 1}]}, "unusable scaling"),
        ({"bands": [{"name": "red", "scale": 1, "mean": 1e300, "std": 1}]}, "unusable scaling"),
        ({"bands": [{"name": "red\x1b[31m", "scale": 1, "mean": 0, "std": 1}]}, "holds a control character"),
        ({"name": "a\0b"}, "holds a control character"),
        ({"classes": [{"name": "a\0b", "colour": "#123456"}]}, r"class 1, 'a\\x00b', holds a control character"),
        ({"classes": [{"name": "a\u2028b", "colour": "#123456"}]}, "holds a line break"),
        ({"classes": [{"name": "a\u202eb", "colour": "#123456"}]}, "turns the text round"),
        ({"classes": [{"name": "\ud800", "colour": "#123456"}]}, "not readable"),
        ({"description": "\udc80"}, "not readable"),
    ],
)
def test_an_impossible_card_is_refused(change: dict[str, Any], match: str) -> None:
    with pytest.raises(ModelError, match=match):
        Card.from_json(json.dumps({**card().to_dict(), **change}))


def test_names_with_quotes_markup_and_every_script_are_names() -> None:
    names = ["<b>\"Hof\" & 'Weg'</b>", "مبنى", "בית\u200f", "ग्राम", "建物", "🏠"]
    assert ClassScheme.of([(name, "#123456") for name in names]).names == tuple(names)


def test_a_card_from_before_there_was_a_temperature_has_that_of_its_scores() -> None:
    old = card().to_dict()
    del old["temperature"]
    assert Card.from_json(json.dumps(old)).temperature == 1.0


@pytest.mark.parametrize(
    "text",
    ["", "[]", "7", "{", '{"version": 1}', "null", "[" * 100_000, '{"version": ' + "1" * 5000 + "}", " " * 2**21],
)
def test_a_text_that_is_no_card_is_refused(text: str) -> None:
    with pytest.raises(ModelError):
        Card.from_json(text)


def test_a_bundle_survives_the_file(tmp_path: Path) -> None:
    made = card(64, licence="CC0-1.0", metrics={"mIoU": 0.5}, training={"data": ["a", "b"]})
    saved = save_bundle(network(), made, tmp_path / "m.onnx")
    loaded = load_bundle(tmp_path / "m.onnx")
    assert loaded == saved
    assert loaded.card == made.with_sha256(hash_network(onnx.load(tmp_path / "m.onnx")))
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


def test_a_model_made_for_deepness_runs(tmp_path: Path) -> None:
    """Its scaling is x / 255, as in the tiny model of the tests: so the result must be the same."""
    path = deepness(tmp_path / "corn.onnx", network())
    loaded = load_model(str(path)).card
    assert (loaded.name, loaded.patch, loaded.gsd, loaded.classes.names[3]) == ("corn", 32, 1.0, "thing 3")
    scene = save_scene(tmp_path / "scene.tif", image(50, 60))
    segment(scene, tmp_path / "a.tif", model=str(path))
    segment(scene, tmp_path / "b.tif", model=str(save_model(tmp_path / "tiny.onnx").path))
    assert np.array_equal(read(tmp_path / "a.tif"), read(tmp_path / "b.tif"))


@pytest.mark.parametrize(
    ("metadata", "match"),
    [
        ({"model_type": "Detector"}, "Detector model, which finds objects.*segmentation"),
        ({"model_type": "Regressor"}, "Regressor model, which gives quantities"),
        ({"model_type": "Superresolution"}, "makes images finer"),
        ({"model_type": "Any\x1b[31m"}, "m is a Any \\[31m model"),
        ({"model_type": None}, r"nothing says what they mean\. Write classes = .* \(4 names\), gsd = .*, scale = 255"),
        ({"resolution": "fine"}, "The resolution in the metadata of m is not a number"),
        ({"resolution": 0}, "The resolution in the metadata of m is not a number"),
        ({"tiles_size": float("inf")}, "The tiles_size in the metadata"),
        ({"tiles_size": 4}, "patch of 4 px is too small"),
        ({"tiles_size": 20000}, "larger than 8192 px"),
        ({"seg_thresh": 50}, "The seg_thresh in the metadata"),
        ({"standardization_mean": [0.5], "standardization_std": [1]}, "takes 3 bands, but its metadata standardise 1"),
        ({"standardization_mean": "grey"}, "no list of numbers"),
        ({"standardization_std": [0, 0, 0]}, "unusable scaling"),
        ({"class_names": 7}, "The class_names in the metadata of m are no names by number"),
        ({"class_names": {"roof": 1}}, "no names by number"),
        ({"class_names": {"4": "roof"}}, "gives scores of 4 classes, but its metadata name 5"),
        ({"class_names": {"0": "a\nb"}}, "holds a control character"),
        ({"class_names": [{"0": "a", "1": "b"}, {"0": "c"}]}, "makes 2 maps at once"),
    ],
)
def test_deepness_metadata_that_say_something_else_are_refused(
    tmp_path: Path, metadata: dict[str, Any], match: str
) -> None:
    with pytest.raises(ModelError, match=match):
        load_bundle(deepness(tmp_path / "m.onnx", network(), **metadata))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"0": "a", "1": "b", "2": "c", "3": "d"}, ("a", "b", "c", "d")),
        ([{"0": "a", "1": "b", "2": "c", "3": "d"}], ("a", "b", "c", "d")),
        (["a", "b", "c", "d"], ("a", "b", "c", "d")),
        ("{0: 'a', 1: 'b', 2: 'c', 3: 'd'}", ("a", "b", "c", "d")),
        ({"0": "a", "2": "a"}, ("a", "class 1", "a (2)", "class 3")),
        (None, ("class 0", "class 1", "class 2", "class 3")),
    ],
)
def test_every_form_of_class_names_is_read(tmp_path: Path, names: Any, expected: tuple[str, ...]) -> None:
    assert load_bundle(deepness(tmp_path / "m.onnx", network(), class_names=names)).card.classes.names == expected


def test_what_deepness_leaves_optional_may_be_missing(tmp_path: Path) -> None:
    path = deepness(tmp_path / "m.onnx", network(), class_names=None, resolution=None, tiles_size=None)
    loaded = load_bundle(path)
    assert loaded.card.patch == 512
    assert any("names no ground resolution" in note for note in loaded.notes)
    fine = save_scene(tmp_path / "fine.tif", image(50, 60), transform=Affine(0.01, 0, 300_000, 0, -0.01, 2_800_000))
    assert "read at  its own resolution" in describe_plan(fine, model=str(path))


def test_class_names_of_older_deepness_models_are_python_literals(tmp_path: Path) -> None:
    model = network()
    path = deepness(tmp_path / "m.onnx", model, class_names=None)
    literal = "{0: 'crop', 1: 'weed', 2: 'soil', 3: 'path'}"
    model.metadata_props.append(onnx.StringStringEntryProto(key="names", value=literal))
    onnx.save(model, path)
    assert load_bundle(path).card.classes.names == ("crop", "weed", "soil", "path")


def test_a_deepness_model_with_a_fixed_size_keeps_it(tmp_path: Path) -> None:
    model = network()
    for value, side in ((model.graph.input[0], 48), (model.graph.output[0], 48)):
        for dimension in value.type.tensor_type.shape.dim[2:]:
            dimension.dim_value = side
    loaded = load_bundle(deepness(tmp_path / "m.onnx", model)).card
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
    network_alone = hash_network(onnx.load(tmp_path / "m.onnx"))
    damaged = tmp_path / "damaged.onnx"
    for position in range(0, len(content), 7):
        damaged.write_bytes(content[:position] + bytes([content[position] ^ 0xFF]) + content[position + 1 :])
        try:
            loaded = load_model(str(damaged))
        except ModelError:
            continue
        model = onnx.load_model_from_string(loaded.network)
        assert hash_network(model) == network_alone or CARD_KEY not in {e.key for e in model.metadata_props}


@pytest.mark.parametrize(
    ("shape", "match"),
    [
        (["n", 3, "h", "w"], "gives no scores of classes.*'output'"),
        (["n", 4, "h", "w", 1], "its input of any × 4 × any × any × 1 is no square image"),
        ([1, 3, 32, 64], "its input of 1 × 3 × 32 × 64 is no square image"),
    ],
)
def test_a_network_for_something_else_is_refused(tmp_path: Path, shape: list[Any], match: str) -> None:
    graph = helper.make_graph(
        [helper.make_node("GlobalAveragePool", ["input"], ["output"])],
        "other",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, None)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    with pytest.raises(ModelError, match=match):
        load_bundle(deepness(tmp_path / "m.onnx", model))


def test_the_shipped_models_are_in_order() -> None:
    for name in list_shipped_models():
        made = load_model(name).card
        assert made.name == name
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
    monkeypatch.setattr(
        "aerialseg_core.model.registry.__file__", str(tmp_path / "aerialseg_core" / "model" / "registry.py")
    )
    folder = tmp_path / "models"
    folder.mkdir()
    for name in ("tiny", "alone"):
        save_bundle(network(), card(), folder / f"{name}.onnx")
    (folder / "tiny.keras").write_bytes(b"read by Keras only")
    assert list(list_models()) == ["alone", "tiny"]
    assert load_model("tiny").path == folder / "tiny.onnx"

"""The STAC item of a model says what its card says."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from support import card

from aerialseg_core.model.normalization import normalize
from aerialseg_core.model.stac import make_mlm_item


def test_item_has_the_required_members_of_stac_and_mlm() -> None:
    item = json.loads(json.dumps(make_mlm_item(card(), href="tiny.onnx", sha256="ab" * 32)))
    assert {"type", "stac_version", "id", "geometry", "bbox", "properties", "links", "assets"} <= item.keys()
    assert {"mlm:name", "mlm:architecture", "mlm:tasks", "mlm:input", "mlm:output"} <= item["properties"].keys()
    assert "mlm:model" in item["assets"]["model"]["roles"]
    assert item["assets"]["model"]["file:checksum"] == "1220" + "ab" * 32


def test_bands_are_described_where_they_are_referred_to() -> None:
    item = make_mlm_item(card(), href="tiny.onnx", sha256="00" * 32)
    described = [band["name"] for band in item["properties"]["bands"]]
    assert item["properties"]["mlm:input"][0]["bands"] == described == ["red", "green", "blue"]
    assert item["assets"]["model"]["bands"] == item["properties"]["bands"]


def test_scaling_of_the_item_is_the_scaling_of_the_card() -> None:
    made = card(bands=tuple(type(b)(b.name, 128.0, 0.9, 0.7) for b in card().bands))
    pixels = np.arange(48, dtype=np.uint8).reshape(3, 4, 4)
    scaling = make_mlm_item(made, href="", sha256="")["properties"]["mlm:input"][0]["value_scaling"][0]
    expected = (pixels - scaling["mean"]) / scaling["stddev"]
    np.testing.assert_allclose(normalize(pixels, made.bands), expected, atol=1e-5)


def test_the_input_is_what_the_network_takes() -> None:
    item = make_mlm_item(card(), href="", sha256="", dtype="uint8", channels_last=True)
    taken = item["properties"]["mlm:input"][0]["input"]
    assert taken["shape"] == [-1, 32, 32, 3]
    assert taken["dim_order"][-1] == "bands"
    assert taken["data_type"] == "uint8"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("mbrsc-lite0", "mbrsc-lite0"),
        ("Stadtplan Köln", "Stadtplan K-ln"),
        ("2025_roads", "model-2025_roads"),
        ("x", "model-x"),
        ("道路", "model"),
        ("roads!", "roads"),
    ],
)
def test_the_name_of_a_model_is_one_that_the_extension_takes(name: str, shown: str) -> None:
    item = make_mlm_item(replace(card(), name=name), href="", sha256="")
    assert item["id"] == name
    assert item["properties"]["mlm:name"] == shown
    assert re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_.\-\s]+[a-zA-Z0-9]", shown)


def test_class_names_are_fit_for_machines_and_titles_for_people() -> None:
    classes = make_mlm_item(card(), href="", sha256="")["properties"]["mlm:output"][0]["classification:classes"]
    assert [c["title"] for c in classes] == ["Dark", "Red & <round>", "Grün", "Blue"]
    assert all(c["name"].replace("-", "").replace("_", "").isascii() for c in classes)
    assert [c["color_hint"] for c in classes] == ["101010", "FF0000", "00FF00", "0000FF"]


def test_what_turns_scores_into_confidence_is_a_hyperparameter() -> None:
    properties = make_mlm_item(card(temperature=1.25), href="", sha256="")["properties"]
    assert properties["mlm:hyperparameters"] == {"temperature": 1.25}

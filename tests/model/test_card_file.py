"""The card file: what a person writes is read strictly, and what is wrong is one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from aerialseg_core.errors import ModelError
from aerialseg_core.model.card_file import read_card_file


def test_every_key_is_read(tmp_path: Path) -> None:
    card = tmp_path / "card.toml"
    card.write_text("""
name = "roads"
description = "Roads of Poland."
classes = ["other", { name = "road", colour = "#6EC1E4" }]
bands = ["red", "green", "blue"]
gsd = 1
gsd_range = [0.5, 2]
patch = 256
scale = 255
mean = [0.485, 0.456, 0.406]
std = [1, 1, 1]
dtype = "uint16"
range = [0, 4000]
output = "masks"
threshold = 0.3
licence = "MIT"
""")
    assert read_card_file(card) == {
        "name": "roads",
        "text": "Roads of Poland.",
        "classes": {0: "other", 1: "road"},
        "colours": {1: "#6EC1E4"},
        "bands": ("red", "green", "blue"),
        "gsd": 1.0,
        "gsd_range": (0.5, 2.0),
        "patch": 256,
        "scale": 255.0,
        "mean": (0.485, 0.456, 0.406),
        "std": (1.0, 1.0, 1.0),
        "dtype": "uint16",
        "range": (0.0, 4000.0),
        "output": "masks",
        "threshold": 0.3,
        "licence": "MIT",
    }
    card.write_text('gsd = "any"')
    assert read_card_file(card) == {"gsd": 0.0}


@pytest.mark.parametrize(
    ("line", "match"),
    [
        ("colour = 1", "unknown key 'colour'.*Known are name, description, classes"),
        ('"a\\u001bb" = 1', r"unknown key 'a\\x1bb'"),
        ('classes = "road"', "classes must be a list of names"),
        ("classes = []", "classes must be a list of names"),
        ("classes = [1]", "classes must be a list of names"),
        ('classes = [{ colour = "#FFFFFF" }]', "classes must be a list of names"),
        ('classes = [{ name = "a", color = "#FFFFFF" }]', "classes must be a list of names"),
        ("gsd = 0", "gsd must be metres per pixel"),
        ("gsd = nan", "gsd must be metres per pixel"),
        ("gsd = true", "gsd must be metres per pixel"),
        ("gsd_range = [2, 1]", "gsd_range must be two numbers"),
        ("patch = 256.0", "patch must be a whole number"),
        ("scale = inf", "scale must be a number above 0"),
        ("mean = 0.5", "mean must be a list of numbers"),
        ("threshold = 1", "threshold must be a probability"),
        ("threshold = 1e400", "threshold must be a probability"),
        ("output = 0", "output must be a text"),
        ("output =", "not valid TOML"),
        ("scale = " + "9" * 5000, "not valid TOML|scale must be"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, line: str, match: str) -> None:
    card = tmp_path / "card.toml"
    card.write_text(line, encoding="utf-8")
    with pytest.raises(ModelError, match=match):
        read_card_file(card)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        read_card_file(tmp_path / "none.toml")

"""Which classes a data set has: classes.json, the colours of masks, the names in rasters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from datasets.factories import TWO
from PIL import Image

from aerialseg_core.datasets.labelled_data import open_data
from aerialseg_core.errors import DataError
from aerialseg_core.raster.classes import MBRSC

CLASSES = '[[classes]]\nname = "Field"\ncolour = "#00FF00"\n[[classes]]\nname = "Wood"\ncolour = "#004400"\n'
OTHER = {"classes": [{"title": "Field", "color": "#00FF00"}, {"title": "Wood", "color": "#004400"}]}


def kinds(data: Any) -> list[str]:
    return [problem.kind for problem in data.problems]


def recolour(data: Path, colours: list[tuple[int, int, int]]) -> None:
    """Give all masks these colours at random."""
    rng = np.random.default_rng(5)
    for mask in data.rglob("masks/*.png"):
        pixels = np.array(colours, np.uint8)[rng.integers(0, len(colours), (64, 64))]
        Image.fromarray(pixels).save(mask)


def test_a_folder_of_mbrsc_masks_needs_no_listing(make_set: Any) -> None:
    data = open_data(make_set())
    assert (len(data.pairs), data.scheme, data.declared_groups) == (4, MBRSC, ())
    assert kinds(data) == ["classes"]
    assert not data.problems[0].fatal


def test_a_listing_counts_if_it_explains_the_masks(make_set: Any) -> None:
    root = make_set()
    recolour(root, [(0, 255, 0), (0, 68, 0)])
    (root / "classes.json").write_text(json.dumps(OTHER))
    data = open_data(root)
    assert data.scheme == TWO
    assert not data.problems


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_listing_and_a_toml_may_be_saved_by_notepad_or_powershell(make_set: Any, encoding: str) -> None:
    root = make_set()
    recolour(root, [(0, 255, 0), (0, 68, 0)])
    (root / "classes.json").write_text(json.dumps(OTHER), encoding)
    assert not open_data(root).problems
    toml = root / "data.toml"
    toml.write_text(f'{CLASSES}[[pairs]]\nimages = "Tile 1/images"\nmasks = "Tile 1/masks"\n', encoding)
    assert open_data(toml).scheme == TWO


def test_a_listing_of_wrong_colours_gives_way_to_the_mbrsc_scheme(make_set: Any) -> None:
    root = make_set()
    wrong = {"classes": [*OTHER["classes"], {"title": "Unlabeled", "color": "#9B9B9B"}]}
    (root / "classes.json").write_text(json.dumps(wrong))
    data = open_data(root)
    assert data.scheme == MBRSC
    (problem,) = data.problems
    assert (problem.kind, problem.fatal) == ("classes", False)
    assert "Field #00FF00, Wood #004400" in problem.text
    assert "Unlabeled" not in problem.text


@pytest.mark.parametrize("text", ["no json", "[]", '{"classes": []}', '{"classes": [{"title": "Field"}]}'])
def test_a_damaged_listing_is_a_problem_and_no_more(make_set: Any, text: str) -> None:
    root = make_set()
    (root / "classes.json").write_text(text)
    data = open_data(root)
    assert data.scheme == MBRSC
    assert kinds(data) == ["classes"]


def test_colours_that_nobody_explains_are_named(make_set: Any) -> None:
    root = make_set()
    recolour(root, [(255, 0, 0), (255, 0, 0), (0, 0, 1)])
    with pytest.raises(DataError, match=r"the most frequent are #FF0000 \(6\d\.\d%\), #000001"):
        open_data(root)
    data = open_data(root, strict=False)
    assert "classes" in kinds(data)
    assert len(data.pairs) == 4


def test_a_class_that_is_too_rare_for_the_sample_is_found(make_set: Any) -> None:
    root = make_set(("Tile 1",), pairs=1)
    pixels = np.zeros((1500, 1500, 3), np.uint8)
    pixels[700, 400] = MBRSC.colours[1]
    (root / "Tile 1" / "masks" / "part_0.png").unlink()
    Image.fromarray(pixels).save(root / "Tile 1" / "masks" / "part_0.png")
    Image.fromarray(pixels).save(root / "Tile 1" / "images" / "part_0.png")
    assert open_data(root).scheme == MBRSC

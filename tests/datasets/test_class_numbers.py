"""Which number of a label raster is which class."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from datasets.factories import TWO, list_classes, open_numbers, read_rows, write_toml
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from aerialseg_core import patches
from aerialseg_core.datasets.class_numbers import fit
from aerialseg_core.datasets.label_rasters import REACH
from aerialseg_core.datasets.labelled_data import LabelledData, open_data
from aerialseg_core.datasets.labels import count_labels, read_labels
from aerialseg_core.errors import DataError
from aerialseg_core.metrics import IGNORE
from aerialseg_core.progress import Reporter

BACKGROUND = ("background", "building")
THREE = ("Field", "Wood", "Water")


def said(data: LabelledData) -> str:
    return " ".join(f"{problem.text} {problem.hint}" for problem in data.problems if problem.assumed)


@pytest.mark.parametrize(
    ("numbers", "names", "nodata", "labels"),
    [
        ([1, 2, 3], THREE, None, [0, 1, 2]),  # as documented
        ([0, 1, 2, 3], THREE, None, [IGNORE, 0, 1, 2]),
        ([0, 1, 3], THREE, None, [IGNORE, 0, 2]),
        ([0, 1, 2, 3], THREE, 0, [IGNORE, 0, 1, 2]),
        ([0, 1, 2], THREE, 0, [IGNORE, 0, 1]),
        ([1, 2, 255], THREE, 255, [0, 1, IGNORE]),
        ([1, 2, 7, 1, 2], ("Field", "Wood"), None, [0, 1, IGNORE]),
        ([0, 1], ("Field",), None, [IGNORE, 0]),
        ([0, 1, 2, 3, 255], THREE, 255, [IGNORE, 0, 1, 2, IGNORE]),  # no class is left for 0
        ([0, 1], BACKGROUND, None, [0, 1]),  # counted from 0
        ([0, 1], ("No building", "building"), None, [0, 1]),
        ([0, 1, 2], THREE, None, [0, 1, 2]),
        ([0, 1, 2, 255], THREE, 255, [0, 1, 2, IGNORE]),
        ([0, 1, 255], THREE, 255, [0, 1, IGNORE]),
        ([0, 1, 2, 255, 0, 1, 2, 0, 1, 2], THREE, None, [0, 1, 2, IGNORE]),
        ([0, 255], BACKGROUND, None, [0, 1]),  # two values
        ([0, 255], BACKGROUND[::-1], None, [1, 0]),
        ([0, 1], BACKGROUND[::-1], None, [1, 0]),
        ([0, 1, 255], BACKGROUND[::-1], 255, [1, 0, IGNORE]),
        ([0, 2], BACKGROUND, None, [IGNORE, 1]),
        ([0, 255], ("building",), None, [IGNORE, 0]),
    ],
)
def test_numbers_are_the_classes_that_the_data_tell(
    tmp_path: Path, numbers: list[int], names: tuple[str, ...], nodata: int | None, labels: list[int]
) -> None:
    data = open_numbers(tmp_path, numbers, list_classes(*names), nodata=nodata)
    assert read_rows(data, len(labels)) == labels
    as_documented = labels == [
        n - 1 if 1 <= n <= len(names) and n != nodata else IGNORE for n in numbers[: len(labels)]
    ]
    assert ("values = {" in said(data)) == (not as_documented or (0 in numbers and nodata == 255))


@pytest.mark.parametrize(
    ("numbers", "names"),
    [
        ([0, 1], THREE),
        ([0, 1], ("Field", "Wood")),
        ([0, 2], THREE),
        ([0, 255], ("Field", "Wood")),
        ([255], BACKGROUND),
        ([10, 20, 30], THREE),
        ([0, 1, 200, 200], ("Field", "Wood")),
        ([0, 1, 2], ("Field", "Wood", "Background")),
    ],
)
def test_what_is_not_clear_is_asked_and_never_guessed(
    tmp_path: Path, numbers: list[int], names: tuple[str, ...]
) -> None:
    with pytest.raises(DataError, match=r"not clear which numbers are which classes: the labels hold \d") as caught:
        open_numbers(tmp_path, numbers, list_classes(*names))
    assert "values = {" in caught.value.hint
    assert str(tmp_path / "ids.tif") in caught.value.text
    data = open_numbers(tmp_path, numbers, list_classes(*names), strict=False)
    assert [problem.kind for problem in data.problems if problem.fatal] == ["values"]
    assert not any(count_labels(data.pairs[0], data.scheme).counts)
    stated = open_numbers(tmp_path, numbers, list_classes(*names), caught.value.hint.split("such as ")[1].rstrip("."))
    assert not stated.problems


@pytest.mark.parametrize(
    ("head", "pair"),
    [
        ('values = { Field = 10, Wood = [20, 30], "Deep water" = 0 }\n', ""),
        ("", 'values = { Field = 10, wood = [20, 30], "Deep water" = 0 }\n'),
        ("values = { Wood = 10 }\n", 'values = { Field = 10, Wood = [20, 30], "Deep water" = 0 }\n'),
    ],
)
def test_values_say_which_number_is_which_class(tmp_path: Path, head: str, pair: str) -> None:
    classes = list_classes("Field", "Wood", "Deep water")
    data = open_numbers(tmp_path, [0, 10, 20, 30, 40], head + classes, pair)
    assert read_rows(data, 5) == [2, 0, 1, 1, IGNORE]
    assert [one.value for one in count_labels(data.pairs[0], data.scheme).unknown] == ["40"]
    assert not data.problems


def test_a_class_has_a_value_of_its_own(tmp_path: Path) -> None:
    data = open_numbers(tmp_path, [-3, 10, 0, 70000], list_classes(*THREE, values=(-3, 70000, 10)), dtype="int32")
    assert read_rows(data, 4) == [0, 2, IGNORE, 1]


def test_values_alone_are_the_classes(tmp_path: Path) -> None:
    data = open_numbers(tmp_path, [0, 255], "values = { building = 255, background = 0 }\n")
    assert data.scheme.names == ("background", "building")
    assert read_rows(data, 2) == [0, 1]


def test_values_of_which_none_occurs_are_asked_about(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds a number that `values` names, \{ Wood = 255 \}; it has 0, 1"):
        open_numbers(tmp_path, [0, 1], "values = { Wood = 255 }\n" + list_classes("Field", "Wood"))
    assert not open_numbers(tmp_path, [0, 0], "values = { Wood = 255 }\n" + list_classes("Field", "Wood")).problems


def test_the_background_is_what_is_left_for_zero(tmp_path: Path) -> None:
    data = open_numbers(tmp_path, [0, 255], "values = { building = 255 }\n" + list_classes(*BACKGROUND))
    assert read_rows(data, 2) == [0, 1]
    data = open_numbers(tmp_path, [0, 255], "values = { Wood = 255 }\n" + list_classes("Field", "Wood"))
    assert read_rows(data, 2) == [IGNORE, 1]


def named_as(folder: Path, names: dict[int, str]) -> None:
    """Give the values of the label raster names, as QGIS and GDAL keep them beside it."""
    listed = "".join(f"<Category>{names.get(i, '')}</Category>" for i in range(max(names) + 1))
    text = f'<PAMDataset><PAMRasterBand band="1"><CategoryNames>{listed}</CategoryNames></PAMRasterBand></PAMDataset>'
    (folder / "ids.tif.aux.xml").write_text(text)


@pytest.mark.parametrize(
    ("numbers", "names", "said_so"),
    [
        ([1, 2, 3], {1: "Field", 2: "Wood", 3: "Water"}, ""),
        ([1, 2, 3, 0], {0: "Unclassified", 1: "Field", 2: "wood", 3: "Water"}, ""),
        ([1, 2], {0: "Field", 1: "Wood", 2: "Water"}, "2 is Water"),
        ([10, 20, 30], {10: "Field", 20: "Wood", 30: "Water"}, "10 is Field, 20 is Wood"),
        ([10, 20, 30], {10: "Water", 20: "Wood", 30: "Field"}, "10 is Water, 20 is Wood"),
        ([1, 2, 3], {1: "Fields"}, "The labels call 1 'Fields'; by its place in the list of classes it is Field"),
    ],
)
def test_names_in_the_raster_say_which_number_is_which_class(
    tmp_path: Path, numbers: list[int], names: dict[int, str], said_so: str
) -> None:
    open_numbers(tmp_path, numbers, list_classes(*THREE), strict=False)
    named_as(tmp_path, names)
    data = open_data(tmp_path / "data.toml")
    by_name = {value: THREE.index(name.capitalize()) for value, name in names.items() if name.capitalize() in THREE}
    expected = [by_name.get(n, n - 1 if n and names == {1: "Fields"} else IGNORE) for n in numbers]
    assert read_rows(data, len(numbers)) == expected
    assert said_so in said(data)
    assert bool(said_so) == bool(said(data))


def test_names_in_the_raster_that_contradict_the_list_are_asked_about(tmp_path: Path) -> None:
    open_numbers(tmp_path, [1, 2, 3], list_classes(*THREE))
    named_as(tmp_path, {1: "Wood", 2: "Field", 3: "Water"})
    with pytest.raises(
        DataError, match=r"call 1 'Wood', and by its place in the list of classes it is Field.*values ="
    ):
        open_data(tmp_path / "data.toml")
    stated = open_numbers(tmp_path, [1, 2, 3], list_classes(*THREE), "values = { Wood = 1, Field = 2, Water = 3 }\n")
    assert read_rows(stated, 3) == [1, 0, 2]


def test_a_raster_that_names_zero_counts_from_there(tmp_path: Path) -> None:
    open_numbers(tmp_path, [0, 1, 7], list_classes(*THREE), strict=False)
    named_as(tmp_path, {0: "roof", 1: "road", 7: "tree"})
    data = open_data(write_toml(tmp_path, '[[pairs]]\nimage = "image.tif"\nlabels = "ids.tif"\n'))
    assert data.scheme.names == ("roof", "road", "tree")
    assert read_rows(data, 3) == [0, 1, 2]


@pytest.mark.parametrize(
    ("head", "wrong"),
    [
        ("values = 3\n", "'values' that is no table"),
        ("values = {}\n", "'values' that is no table"),
        ('values = { Field = "1" }\n', "value of 'Field' that is no whole number"),
        ("values = { Field = 1.0 }\n", "no whole number"),
        ("values = { Field = true }\n", "no whole number"),
        ("values = { Field = 99999999999999999999 }\n", "no whole number"),
        ("values = { Field = 1, Wood = 1 }\n", "value 1 to 'Field' and 'Wood'"),
        ("values = { Moss = 1 }\n", "There is no class 'Moss'"),
        ("values = { Field = 1 }\n[[classes]]\nname = 'x'\ncolour = '#123456'\nvalue = 3\n", "classes with a `value`"),
    ],
)
def test_a_mistake_in_values_is_one_sentence(tmp_path: Path, head: str, wrong: str) -> None:
    with pytest.raises(DataError, match=wrong):
        open_numbers(tmp_path, [1, 2], head + list_classes("Field", "Wood"))


def test_what_was_taken_for_granted_is_said_in_a_training(tmp_path: Path) -> None:
    class Listener(Reporter):
        heard = ""

        def message(self, text: str, level: str = "info") -> None:  # type: ignore[override]
            self.heard += text

    open_numbers(tmp_path, [0, 1], list_classes(*BACKGROUND))
    listener = Listener()
    open_data(tmp_path / "data.toml", reporter=listener)
    assert "0 is background, not unlabelled" in listener.heard
    assert "values = { background = 1, building = 2 }" in listener.heard


numbers = st.dictionaries(st.integers(-5, 12) | st.sampled_from([255, REACH - 1]), st.integers(1, 100), min_size=1)


@given(numbers, st.integers(1, 6), st.integers(0, 9), st.sampled_from(["unlabelled", "open", "class"]))
def test_a_fit_is_one_to_one_and_keeps_the_order_of_the_classes(
    counts: dict[int, int], n: int, background: int, zero: Any
) -> None:
    names = tuple("background" if i == background else f"class-{i}" for i in range(n))
    try:
        found = fit(Counter(counts), names, zero=zero)
    except DataError as error:
        stated = error.hint.split("values = ")[1]
        assert stated.startswith("{")
        return
    assert {name for _, name in found.values} == set(names)
    assert len({value for value, _ in found.values}) == n
    assert [name for _, name in found.values] == list(names) or "background" in names
    shifted = dict(found.values).get(1) != names[0]
    assert shifted <= bool(found.said), "what is not as documented is said"


def test_a_listing_may_give_values_to_greys(make_set: Any) -> None:
    root = make_set(("a",), pairs=1)
    Image.fromarray(np.resize(np.array([7, 9, 3], np.uint8), (64, 64))).save(root / "a" / "masks" / "part_0.png")
    classes = [{"title": "Field", "color": "#00FF00", "value": 7}, {"title": "Wood", "color": "#004400", "value": 9}]
    (root / "classes.json").write_text(json.dumps({"classes": classes}))
    data = open_data(root)
    assert data.scheme == TWO
    assert sorted(np.unique(read_labels(data.pairs[0], TWO)).tolist()) == [0, 1, IGNORE]


def test_patches_keep_the_labels_of_rasters_that_count_from_zero(tmp_path: Path) -> None:
    data = open_numbers(tmp_path, [0, 1, 1], list_classes(*BACKGROUND))
    written = patches(tmp_path / "data.toml", tmp_path / "patches", size=32)
    assert written.pixels == count_labels(data.pairs[0], data.scheme).counts
    again = open_data(written.folder)
    assert again.scheme.names == BACKGROUND
    assert count_labels(again.pairs[0], again.scheme).counts == written.pixels

"""TOMLs and lists of classes that nobody should write: one sentence each, and never an unforeseen error."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from datasets.factories import box, write_image, write_polygons, write_tiff, write_toml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from aerialseg_core.datasets.labelled_data import open_data
from aerialseg_core.datasets.labels import count_labels
from aerialseg_core.errors import DataError

SIZE = (16, 24)
TOP = ["classes", "pairs", "values", "bands", "gsd", "moss"]
PAIR = ["image", "mask", "labels", "polygons", "images", "masks", "layer", "field", "area", "rest", "group", "bands"]
VALUES = [
    *['""', '"x"', '"image.tif"', '"ids.tif"', '"mask.png"', '"p.gpkg"', '"."', '"data.toml"', '"a\\u0000b"', '"\\n"'],
    *['"' + "n" * 300 + '"', '"' + "d/" * 3000 + '"', '"/dev/null"', '"/"', '"NETCDF:x"', '"!"', '"Field"'],
    *["0", "1", "-1", "1e-300", "1e300", "inf", "nan", "9" * 500, "true", "1979-05-27", "07:32:00"],
    *["[]", "[1]", "[1, 1]", "[99999999999999]", '["1"]', "[[1]]", "[nan]", "[" * 90 + "]" * 90],
    *["{}", "{ Field = 1 }", "{ Field = [1, 2], Moss = 3 }", "{ Field = { Wood = 1 } }", '{ "\\u202e" = 1 }', "[{}]"],
]
CLASSES = [
    '"Field"',
    '"Wood"',
    '""',
    '"a\\u0000b"',
    '"\\u202e"',
    '"' + "n" * 5000 + '"',
    "3",
    "nan",
    '"#00FF00"',
    '"red"',
]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an image and labels of every kind."""
    folder = tmp_path_factory.mktemp("absurd")
    write_image(folder, SIZE)
    write_tiff(folder / "ids.tif", np.resize(np.array([0, 1, 2], np.uint8), (1, *SIZE)))
    Image.fromarray(np.resize(np.array([0, 255, 0], np.uint8), (*SIZE, 3))).save(folder / "mask.png")
    write_polygons(folder / "p.gpkg", [box(0, 0, 9, 9)], **{"class": ["Field"]})
    return folder


def survive(path: Path) -> None:
    """Open data and count their labels, or be told in a sentence what is wrong."""
    for strict in (True, False):
        with contextlib.suppress(DataError):
            data = open_data(path, strict=strict)
            for pair in data.pairs:
                with contextlib.suppress(DataError):
                    count_labels(pair, data.scheme)


def table(keys: dict[str, str]) -> str:
    return "".join(f"{key} = {value}\n" for key, value in keys.items())


tables = st.dictionaries(st.sampled_from([*PAIR, "values", "gsd", "moss"]), st.sampled_from(VALUES), max_size=3)
classes = st.dictionaries(
    st.sampled_from(["name", "colour", "value"]), st.sampled_from([*CLASSES, *VALUES]), max_size=3
)


@settings(max_examples=250, deadline=None)
@given(
    st.dictionaries(st.sampled_from(TOP), st.sampled_from(VALUES), max_size=1),
    st.lists(tables, max_size=2),
    st.lists(classes, max_size=2),
    st.booleans(),
)
def test_no_toml_is_an_unforeseen_error(
    here: Path, top: dict[str, str], pairs: list[dict[str, str]], listed: list[dict[str, str]], whole: bool
) -> None:
    usual = {"image": '"image.tif"', "labels": '"ids.tif"'} if whole else {}
    text = table(top)
    text += "".join(
        f"[[classes]]\n{table({'name': chr(34) + f'c{i}' + chr(34), 'colour': f'{chr(34)}#00000{i}{chr(34)}', **one})}"
        for i, one in enumerate(listed)
    )
    text += "".join(f"[[pairs]]\n{table({**usual, **one})}" for one in pairs)
    survive(write_toml(here, text))


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["", "#000000", "#FFFFFF", "Field", "\0", "\u202e"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["title", "color", "value"]), inner),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(["classes", "unlabelled", "patches"]), json_values) | json_values)
@example({"classes": [{"title": "a", "color": "#000000", "value": 10**30}, {"title": "b", "color": "#FFFFFF"}]})
def test_no_list_of_classes_is_an_unforeseen_error(here: Path, listing: Any) -> None:
    root = here / "folder"
    for part, name in (("images", "image.tif"), ("masks", "mask.png")):
        (root / part).mkdir(parents=True, exist_ok=True)
        shutil.copy(here / name, root / part / f"a{Path(name).suffix}")
    (root / "classes.json").write_text(json.dumps(listing))
    survive(root)


@pytest.mark.parametrize(
    "command", ["audit {}", "audit {}.toml", "train {} -o m.onnx", "patches {} -o p", "audit . -o {}"]
)
def test_a_name_that_is_too_long_is_wrong_usage(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    from aerialseg_core.cli.main import main

    with pytest.raises(SystemExit) as leave:
        main(command.format("n" * 300).split())
    assert leave.value.code == 2
    assert "is too long for a file" in capsys.readouterr().err

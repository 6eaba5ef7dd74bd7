"""Label rasters: numbers of any type, what is none, and tables of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from datasets.factories import (
    SIZE,
    TWO,
    list_classes,
    open_numbers,
    pair_of,
    read_rows,
    write_image,
    write_tiff,
    write_toml,
)
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from aerialseg_core.datasets.label_rasters import REACH, count_values, parse_numbers
from aerialseg_core.datasets.labelled_data import open_data
from aerialseg_core.datasets.labels import count_labels, read_labels
from aerialseg_core.datasets.pairs import LabelRaster
from aerialseg_core.errors import DataError
from aerialseg_core.metrics import IGNORE

THREE = ("Field", "Wood", "Water")


@pytest.mark.parametrize(
    "dtype", ["int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"]
)
def test_every_type_of_whole_numbers_is_read_alike(tmp_path: Path, dtype: str) -> None:
    data = open_numbers(tmp_path, [1, 2, 0, 100], list_classes("Field", "Wood"), dtype=dtype, nodata=100)
    assert read_rows(data, 4) == [0, 1, IGNORE, IGNORE]


def test_what_is_not_a_number_is_unlabelled_and_fractions_are_refused(tmp_path: Path) -> None:
    pixels = np.array([[[1, 2, np.nan, np.inf, 1]]], np.float32)
    pair = pair_of(write_image(tmp_path, (1, 5)), LabelRaster(write_tiff(tmp_path / "ids.tif", pixels)))
    assert read_labels(pair, TWO).tolist() == [[0, 1, IGNORE, IGNORE, 0]]
    assert count_labels(pair, TWO).off_scheme == 0
    half = write_tiff(tmp_path / "half.tif", np.full((1, *SIZE), 0.5, np.float32))
    with pytest.raises(DataError, match="float32 and holds fractions"):
        count_values(half)


def test_a_picture_is_no_label_raster(tmp_path: Path) -> None:
    write_image(tmp_path, SIZE)
    Image.fromarray(np.zeros((*SIZE, 3), np.uint8)).save(tmp_path / "rgb.png")
    text = f'{list_classes(*THREE)}[[pairs]]\nimage = "image.tif"\nlabels = "rgb.png"\n'
    with pytest.raises(DataError, match=r"is an image of colours.* as `mask`"):
        open_data(write_toml(tmp_path, text))


def test_a_raster_of_thousands_of_numbers_is_no_label_raster(tmp_path: Path) -> None:
    path = write_tiff(tmp_path / "ids.tif", np.arange(5000, dtype=np.uint16).reshape(1, 50, 100))
    with pytest.raises(DataError, match="more than 4096 different numbers"):
        count_values(path)


@given(st.dictionaries(st.text(min_size=1), st.integers(-REACH, REACH - 1)))
def test_values_are_what_a_table_says(table: dict[str, int]) -> None:
    if len(set(table.values())) == len(table):
        assert {name: value for value, name in parse_numbers(table, "x")} == table
    else:
        with pytest.raises(DataError):
            parse_numbers(table, "x")

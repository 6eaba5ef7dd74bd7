"""Labels: from colours and ids, window by window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from datasets.factories import TWO, pair_of, write_image, write_tiff
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aerialseg_core.datasets import rasters
from aerialseg_core.datasets.labels import MOST_UNKNOWN, Census, count_labels, read_labels, total
from aerialseg_core.datasets.pairs import LabelRaster, Mask, Pair
from aerialseg_core.errors import DataError
from aerialseg_core.metrics import IGNORE
from aerialseg_core.raster.classes import MBRSC
from aerialseg_core.raster.window import Window

SIZE = (37, 53)


@pytest.fixture
def coloured(tmp_path: Path) -> Pair:
    """A mask of the MBRSC colours with a few black and nearly right pixels."""
    rng = np.random.default_rng(3)
    palette = np.array([*MBRSC.colours, (0, 0, 0), (60, 16, 153)], np.uint8)
    colours = palette[rng.integers(0, len(palette), SIZE)]
    mask = write_tiff(tmp_path / "mask.tif", np.moveaxis(colours, -1, 0))
    return pair_of(write_image(tmp_path, SIZE), Mask(mask))


@pytest.fixture
def numbered(tmp_path: Path) -> Pair:
    """A label raster with 0, 1, 2, nodata 9 and unknown 7."""
    ids = np.random.default_rng(4).choice(np.array([0, 1, 2, 7, 9], np.uint8), SIZE)
    return pair_of(write_image(tmp_path, SIZE), LabelRaster(write_tiff(tmp_path / "ids.tif", ids[None], nodata=9)))


def test_a_colour_is_its_class_exactly_or_none(tmp_path: Path) -> None:
    near = [(red, green, blue ^ 1) for red, green, blue in MBRSC.colours]
    others = np.random.default_rng(5).integers(0, 256, (500, 3)).tolist()
    colours = [*MBRSC.colours, *near, *map(tuple, others)]
    mask = write_tiff(tmp_path / "mask.tif", np.array(colours, np.uint8).T[:, None])
    labels = read_labels(pair_of(write_image(tmp_path, (1, len(colours))), Mask(mask)), MBRSC)
    classes = {colour: label for label, colour in enumerate(MBRSC.colours)}
    assert labels.tolist() == [[classes.get(colour, IGNORE) for colour in colours]]


def test_counts_add_up() -> None:
    assert total([Census((1, 2), 5), Census((3, 4), 0)]).tolist() == [4, 6]


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 36), st.integers(0, 52), st.integers(1, 40), st.integers(1, 60))
def test_a_window_of_labels_is_the_crop_of_the_whole(
    coloured: Pair, numbered: Pair, row: int, col: int, height: int, width: int
) -> None:
    window = Window(row, col, min(height, SIZE[0] - row), min(width, SIZE[1] - col))
    for pair, scheme in ((coloured, MBRSC), (numbered, TWO)):
        np.testing.assert_array_equal(read_labels(pair, scheme, window), read_labels(pair, scheme)[window.slices])


def test_ids_become_labels_and_everything_else_is_ignored(numbered: Pair) -> None:
    import rasterio

    with rasterio.open(numbered.mask) as source:
        ids = source.read(1)
    labels = read_labels(numbered, TWO)
    for value, label in ((0, IGNORE), (1, 0), (2, 1), (7, IGNORE), (9, IGNORE)):
        assert (labels[ids == value] == label).all()


@pytest.mark.parametrize("strip", [1, 60, 10_000])
def test_a_census_counts_every_pixel_once_however_it_is_read(
    coloured: Pair, numbered: Pair, strip: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rasters, "STRIP", strip)
    monkeypatch.setattr(rasters, "_ALIGNMENT", 4)
    for pair, scheme, strange in ((coloured, MBRSC, ["#000000", "#3C1099"]), (numbered, TWO, ["7"])):
        census, labels = count_labels(pair, scheme), read_labels(pair, scheme)
        assert sum(census.counts) + census.ignored == SIZE[0] * SIZE[1]
        assert list(census.counts) == [(labels == label).sum() for label in range(len(scheme))]
        assert sorted(one.value for one in census.unknown) == strange
        assert sum(one.pixels for one in census.unknown) == census.off_scheme
    assert census.unlabelled > 0


def test_a_census_says_where_an_unknown_colour_is(tmp_path: Path) -> None:
    colours = np.full((*SIZE, 3), MBRSC.colours[0], np.uint8)
    colours[5, 7] = colours[9, 3] = (1, 2, 3)
    mask = write_tiff(tmp_path / "mask.tif", np.moveaxis(colours, -1, 0))
    (unknown,) = count_labels(pair_of(write_image(tmp_path, SIZE), Mask(mask)), MBRSC).unknown
    assert (unknown.value, unknown.pixels, unknown.box) == ("#010203", 2, Window(5, 3, 5, 5))


def test_a_mask_of_a_thousand_colours_keeps_the_counts_of_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasters, "STRIP", 128)
    colours = np.zeros((3, 32, 64), np.uint8)
    colours[0], colours[1] = np.arange(32)[:, None], np.arange(64)
    pair = pair_of(write_image(tmp_path, (32, 64)), Mask(write_tiff(tmp_path / "mask.tif", colours)))
    census = count_labels(pair, MBRSC)
    assert census.ignored == census.off_scheme == 32 * 64
    assert len(census.unknown) == MOST_UNKNOWN


@pytest.mark.parametrize("kind", ["nodata", "alpha", "nan"])
def test_pixels_without_data_are_ignored_and_unlabelled(tmp_path: Path, kind: str) -> None:
    dtype, bands = (np.float32, 3) if kind == "nan" else (np.uint8, 4 if kind == "alpha" else 3)
    pixels = np.full((bands, *SIZE), 100, dtype)
    pixels[-1 if kind == "alpha" else slice(None), 3:9, 4:5] = np.nan if kind == "nan" else 0
    options: dict[str, Any] = {"nodata": 0} if kind == "nodata" else {}
    if kind == "alpha":
        options = {"photometric": "RGB", "alpha": "yes"}
    image = write_tiff(tmp_path / "image.tif", pixels, **options)
    labels = write_tiff(tmp_path / "ids.tif", np.ones((1, *SIZE), np.uint8))
    pair = pair_of(image, LabelRaster(labels))
    expected = np.zeros(SIZE, np.uint8)
    expected[3:9, 4:5] = IGNORE
    np.testing.assert_array_equal(read_labels(pair, TWO), expected)
    assert count_labels(pair, TWO) == Census((SIZE[0] * SIZE[1] - 6, 0), 6, 6)


def test_negative_and_huge_ids_are_unknown_and_broken_numbers_refused(tmp_path: Path) -> None:
    ids = np.array([[[-1, 1, 70000, 2, 0]]], np.int32)
    image = write_image(tmp_path, (1, 5))
    pair = pair_of(image, LabelRaster(write_tiff(tmp_path / "ids.tif", ids)))
    assert read_labels(pair, TWO).tolist() == [[IGNORE, 0, IGNORE, 1, IGNORE]]
    assert count_labels(pair, TWO).off_scheme == 2
    broken = pair_of(image, LabelRaster(write_tiff(tmp_path / "float.tif", np.full((1, 1, 5), 1.5, np.float32))))
    with pytest.raises(DataError, match="float32"):
        read_labels(broken, TWO)


@settings(deadline=None)
@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 5000))
def test_strips_cover_every_pixel_once(rows: int, cols: int, pixels: int) -> None:
    seen = np.zeros((rows, cols), np.uint8)
    for window in rasters.strips((rows, cols), pixels):
        seen[window.slices] += 1
        assert window.height * window.width <= max(pixels, 512)
    assert (seen == 1).all()

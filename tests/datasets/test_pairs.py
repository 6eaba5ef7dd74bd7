"""Pairs of image and mask in folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from aerialseg_core.datasets.masks import mask_reader, pack_colours
from aerialseg_core.datasets.pairs import Mask, Pair, find_pairs
from aerialseg_core.datasets.rasters import read_image
from aerialseg_core.errors import DataError
from aerialseg_core.raster.window import Window


def test_pairs_are_found_at_any_depth_with_their_top_level_folder(make_set: Any) -> None:
    data = make_set(("Tile 1", "north/Tile 2"), pairs=2, size=(16, 24))
    pairs = find_pairs(data)
    assert [pair.group for pair in pairs] == ["Tile 1", "Tile 1", "north", "north"]
    assert {pair.size for pair in pairs} == {(16, 24)}
    assert all(pair.image.stem == pair.mask.stem for pair in pairs)


def test_pairs_right_under_the_folder_have_a_group_too(make_set: Any) -> None:
    assert {pair.group for pair in find_pairs(make_set((".",)))} == {"."}


@pytest.mark.parametrize("kind", ["images", "masks"])
def test_a_missing_partner_is_named(make_set: Any, kind: str) -> None:
    data = make_set()
    gone = data / "Tile 1" / kind / "part_1.png"
    gone.unlink()
    with pytest.raises(DataError, match=r"part_1\.png has no (mask|image)"):
        find_pairs(data)


def test_different_sizes_are_refused(make_set: Any) -> None:
    data = make_set()
    Image.new("RGB", (3, 5)).save(data / "Tile 2" / "masks" / "part_0.png")
    with pytest.raises(DataError, match="64 × 64 px and its mask 3 × 5 px"):
        find_pairs(data)


def test_two_masks_of_one_name_are_refused(make_set: Any) -> None:
    data = make_set()
    Image.new("RGB", (64, 64)).save(data / "Tile 2" / "masks" / "part_0.tif")
    with pytest.raises(DataError, match="not clear which one"):
        find_pairs(data)


def test_leftovers_of_operating_systems_are_no_images(make_set: Any) -> None:
    data = make_set()
    (data / "Tile 1" / "images" / "._part_0.png").write_bytes(b"resource fork")
    (data / "__MACOSX" / "images").mkdir(parents=True)
    (data / "__MACOSX" / "images" / "part_0.png").write_bytes(b"resource fork")
    assert len(find_pairs(data)) == 4


def test_no_pairs_and_no_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no pair"):
        find_pairs(tmp_path)
    with pytest.raises(DataError, match="not a folder"):
        find_pairs(tmp_path / "nowhere")


def test_a_damaged_image_is_named(make_set: Any) -> None:
    data = make_set()
    (data / "Tile 1" / "images" / "part_0.png").write_bytes(b"no image")
    with pytest.raises(DataError, match=r"part_0\.png cannot be read"):
        find_pairs(data)


def test_a_palette_mask_is_read_as_colours(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    colours = rng.integers(0, 256, (4, 3), np.uint8)
    indices = rng.integers(0, 4, (9, 7), np.uint8)
    image = Image.fromarray(indices, "P")
    image.putpalette(colours.ravel().tolist())
    image.save(tmp_path / "mask.png")
    codes = pack_colours(colours[indices])
    with mask_reader(tmp_path / "mask.png") as read:
        np.testing.assert_array_equal(read(None), codes)
        np.testing.assert_array_equal(read(Window(2, 3, 5, 4)), codes[2:7, 3:7])


def test_a_window_of_an_image_is_the_crop_of_the_whole(make_set: Any) -> None:
    path = find_pairs(make_set(size=(40, 30)))[0].image
    part = read_image(path, (3, 1), Window(5, 6, 7, 8))
    np.testing.assert_array_equal(part, read_image(path, 3)[[2, 0], 5:12, 6:14])


def test_an_image_of_too_few_bands_is_refused(tmp_path: Path) -> None:
    Image.new("L", (8, 8)).save(tmp_path / "grey.png")
    with pytest.raises(DataError, match="has 1 bands, 3 are needed"):
        read_image(tmp_path / "grey.png", 3)


def test_a_pair_names_its_bands() -> None:
    pair = Pair(Path("a.tif"), Mask(Path("b.png")), ".", (8, 8), bands=(4, 2, 1))
    assert pair.indexes(("red", "green", "blue")) == (4, 2, 1)
    with pytest.raises(DataError, match="name 3 bands"):
        pair.indexes(("red", "green", "blue", "nir"))

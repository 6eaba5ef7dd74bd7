"""Pairs of image and mask in folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from aerialseg_core.datasets.masks import mask_reader, pack_colours
from aerialseg_core.datasets.pairs import Mask, Pair, find_pairs
from aerialseg_core.datasets.problems import Problems
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


@pytest.mark.parametrize(
    ("images", "masks", "image", "mask"),
    [
        ("images", "masks", "i.jpg", "i_mask.png"),
        ("images", "masks", "I.JPG", "i.PNG"),
        ("Images", "Masks", "town_img.tif", "Town-Label.tif"),
        ("img", "gt", "i.jpg", "i.mask.png"),
        ("imgs", "labels", "image_7.bmp", "mask_7.gif"),
        ("IMAGE", "Annotations", "7_sat.jpg", "7_gt.png"),
        ("images", "labels", "i.tiff", "i_labels.tif"),
    ],
)
def test_folders_and_files_of_usual_names_are_paired(
    tmp_path: Path, images: str, masks: str, image: str, mask: str
) -> None:
    for folder, name in ((images, image), (masks, mask)):
        (tmp_path / "a" / folder).mkdir(parents=True)
        Image.new("RGB", (8, 8)).save(tmp_path / "a" / folder / name)
    problems = Problems(strict=True)
    (pair,) = find_pairs(tmp_path, problems)
    assert (pair.image.name, pair.mask.name, pair.group) == (image, mask, "a")
    told = [problem.text for problem in problems.found if problem.assumed]
    equal = Path(image).stem.casefold() == Path(mask).stem.casefold()
    assert bool(told) != equal, "that names differ is said"


@pytest.mark.parametrize(
    ("images", "masks", "rivals"),
    [
        (["i.jpg"], ["i_mask.png", "i_label.png"], ("i_label.png", "i_mask.png")),
        (["i.jpg"], ["i.png", "i_mask.png"], ("i.png", "i_mask.png")),
        (["i.jpg"], ["i.png", "i.tif"], ("i.png", "i.tif")),
        (["i.jpg", "i_img.jpg"], ["i_mask.png"], ("i.jpg", "i_img.jpg")),
        (["i.jpg", "I.jpg"], ["i_mask.png"], ("I.jpg", "i.jpg")),
    ],
)
def test_what_is_ambiguous_is_refused_by_both_names(
    tmp_path: Path, images: list[str], masks: list[str], rivals: tuple[str, str]
) -> None:
    for folder, names in (("images", [*images, "other.png"]), ("masks", [*masks, "other.png"])):
        (tmp_path / folder).mkdir()
        for name in names:
            Image.new("RGB", (8, 8)).save(tmp_path / folder / name)
    with pytest.raises(DataError, match="not clear which one is meant") as caught:
        find_pairs(tmp_path)
    assert all(f"{name} " in caught.value.text for name in rivals)
    problems = Problems(strict=False)
    assert [pair.image.name for pair in find_pairs(tmp_path, problems)] == ["other.png"]
    assert [problem.kind for problem in problems.found] == ["ambiguous"]


def test_folders_in_folders_and_files_side_by_side_are_paired(tmp_path: Path) -> None:
    def save(*places: str) -> None:
        for place in places:
            (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (8, 8)).save(tmp_path / place)

    save("a/images/train/x.png", "a/masks/train/x.png", "a/images/x.png", "a/masks/x.png", "a/images/old/y.png")
    save("b/images/north/x.png", "b/Labels/north/x.png", "b/images/south/x.png", "b/Labels/south/x.png")
    found = find_pairs(tmp_path / "a")
    assert [(pair.image, pair.group) for pair in found] == [
        (tmp_path / "a" / "images" / "x.png", "."),
        (tmp_path / "a" / "images" / "train" / "x.png", "train"),
    ]
    assert [pair.group for pair in find_pairs(tmp_path / "b")] == ["north", "south"]
    assert {pair.group for pair in find_pairs(tmp_path)} == {"a", "b"}
    save("c/one/1_sat.jpg", "c/one/1_mask.png", "c/two/2.jpg", "c/two/2-label.png", "c/two/3.jpg", "c/masks.png")
    problems = Problems(strict=False)
    pairs = find_pairs(tmp_path / "c", problems)
    assert [(pair.image.name, pair.mask.name, pair.group) for pair in pairs] == [
        ("1_sat.jpg", "1_mask.png", "one"),
        ("2.jpg", "2-label.png", "two"),
    ]
    assert [problem.kind for problem in problems.found] == ["names", "names", "no mask"]


def test_equal_names_come_before_added_ones(tmp_path: Path) -> None:
    for folder in ("images", "masks"):
        (tmp_path / folder).mkdir()
        for name in ("town.png", "town_label.png"):
            Image.new("RGB", (8, 8)).save(tmp_path / folder / name)
    assert all(pair.image.name == pair.mask.name for pair in find_pairs(tmp_path))


def test_two_folders_of_masks_are_refused_and_pictures_elsewhere_passed_over(make_set: Any) -> None:
    root = make_set(("a",), pairs=1)
    (root / "docs" / "img").mkdir(parents=True)
    Image.new("RGB", (8, 8)).save(root / "docs" / "img" / "logo.png")
    assert len(find_pairs(root)) == 1
    (root / "a" / "masks").rename(root / "a" / "labels")
    (root / "a" / "gt").mkdir()
    assert find_pairs(root)[0].mask.parent.name == "labels", "an empty folder is none"
    Image.new("RGB", (8, 8)).save(root / "a" / "gt" / "part_0.png")
    with pytest.raises(DataError, match=r"a/gt and .*a/labels both hold masks"):
        find_pairs(root)

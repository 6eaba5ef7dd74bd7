"""Opening labelled data: folders and TOML files, with everything that can be wrong with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from datasets.factories import TWO, count_data, write_image, write_tiff, write_toml
from PIL import Image

from aerialseg_core.datasets.labelled_data import open_data
from aerialseg_core.datasets.labels import count_labels, read_labels
from aerialseg_core.datasets.pairs import LabelRaster, Mask
from aerialseg_core.errors import DataError
from aerialseg_core.raster.classes import MBRSC

CLASSES = '[[classes]]\nname = "Field"\ncolour = "#00FF00"\n[[classes]]\nname = "Wood"\ncolour = "#004400"\n'
SIZE = (20, 30)


def kinds(data: Any) -> list[str]:
    return [problem.kind for problem in data.problems]


def test_all_problems_of_a_folder_are_collected_and_the_good_pairs_kept(make_set: Any) -> None:
    root = make_set(("a", "b", "c"))
    (root / "a" / "masks" / "part_0.png").unlink()
    (root / "a" / "images" / "part_1.png").unlink()
    Image.new("RGB", (3, 5)).save(root / "b" / "masks" / "part_0.png")
    (root / "b" / "images" / "part_1.png").write_bytes(b"no image")
    (root / "c" / "masks" / "part_0.png").unlink()
    write_tiff(root / "c" / "masks" / "part_0.tif", np.zeros((3, 64, 64), np.float32))
    data = open_data(root, strict=False)
    assert [pair.image.name for pair in data.pairs] == ["part_1.png"]
    assert sorted(kinds(data)) == ["classes", "no image", "no mask", "not colours", "size", "unreadable"]
    assert all(problem.text.endswith(".") for problem in data.problems)


def test_neither_folder_nor_toml_is_refused_even_by_the_audit(tmp_path: Path) -> None:
    for name in ("nowhere", "data.json", "nowhere.toml"):
        with pytest.raises(DataError):
            open_data(tmp_path / name, strict=False)


def test_a_toml_pairs_masks_and_label_rasters(tmp_path: Path) -> None:
    write_image(tmp_path / "a", SIZE)
    write_image(tmp_path / "b", SIZE)
    ids = write_tiff(tmp_path / "b" / "ids.tif", np.ones((1, *SIZE), np.uint8))
    colours = np.broadcast_to(np.array([0, 68, 0], np.uint8)[:, None, None], (3, *SIZE))
    mask = write_tiff(tmp_path / "a" / "mask.tif", colours)
    text = (
        f"gsd = 2\nbands = [3, 2, 1]\n{CLASSES}"
        '[[pairs]]\nimage = "a/image.tif"\nmask = "a/mask.tif"\ngroup = "A"\n'
        '[[pairs]]\nimage = "b/image.tif"\nlabels = "b/ids.tif"\ngsd = 0.5\n'
    )
    data = open_data(write_toml(tmp_path, text))
    assert [pair.labels for pair in data.pairs] == [Mask(mask), LabelRaster(ids, ((1, "Field"), (2, "Wood")))]
    assert [pair.group for pair in data.pairs] == ["A", "b/image.tif"]
    assert [(pair.gsd, pair.bands) for pair in data.pairs] == [(2, (3, 2, 1)), (0.5, (3, 2, 1))]
    assert data.declared_groups == (("A",),)
    assert [count_labels(pair, data.scheme).counts for pair in data.pairs] == [(0, 600), (600, 0)]


def test_a_toml_pairs_two_folders(make_set: Any, tmp_path: Path) -> None:
    make_set(("Tile 1",))
    text = '[[pairs]]\nimages = "data/Tile 1/images"\nmasks = "data/Tile 1/masks"\n'
    data = open_data(write_toml(tmp_path, text))
    assert [pair.group for pair in data.pairs] == [f"data/Tile 1/images/part_{i}.png" for i in (0, 1)]


def test_a_class_raster_of_ours_brings_its_classes(tmp_path: Path) -> None:
    write_image(tmp_path, SIZE)
    ids = np.full((1, *SIZE), 2, np.uint8)
    path = write_tiff(tmp_path / "ids.tif", ids)
    toml = write_toml(tmp_path, '[[pairs]]\nimage = "image.tif"\nlabels = "ids.tif"\n')
    with pytest.raises(DataError, match="does not say what its values mean"):
        open_data(toml)
    import rasterio

    classes = [{"id": c.id, "name": c.name, "colour": c.colour} for c in TWO]
    with rasterio.open(path, "r+") as target:
        target.update_tags(AERIALSEG_CLASSES=json.dumps(classes))
    data = open_data(toml)
    assert data.scheme == TWO
    assert (read_labels(data.pairs[0], data.scheme) == 1).all()


@pytest.mark.parametrize("change", ["crs", "shift", "size", "dtype"])
def test_labels_on_another_grid_are_refused(tmp_path: Path, change: str) -> None:
    from rasterio import Affine

    write_image(tmp_path, SIZE)
    options: dict[str, Any] = {}
    if change == "crs":
        options["crs"] = "EPSG:32639"
    if change == "shift":
        options["transform"] = Affine(2, 0, 300001, 0, -2, 2800000)
    ids = np.ones((1, SIZE[0] + (change == "size"), SIZE[1]), np.uint8)
    if change == "dtype":
        ids = ids + np.float32(0.5)
    write_tiff(tmp_path / "ids.tif", ids, **options)
    with pytest.raises(DataError, match=r"does not lie on the grid|and its mask|is float32"):
        open_data(write_toml(tmp_path, f'{CLASSES}[[pairs]]\nimage = "image.tif"\nlabels = "ids.tif"\n'))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[pairs", "not valid TOML"),
        ("", r"lists no \[\[pairs\]\]"),
        ("colour = 1", "unknown key 'colour'"),
        ('pairs = "a"', "'pairs' that is no list of tables"),
        ("[[pairs]]", "pair 1, has no `image`"),
        ('[[pairs]]\nimage = "image.tif"', "none of"),
        ('[[pairs]]\nimage = "image.tif"\nmask = "a"\nlabels = "b"', "several of"),
        ('[[pairs]]\nimage = "image.tif"\nmask = "a"\nfield = "b"', "'field', which belongs to polygons"),
        ('[[pairs]]\nimage = "image.tif"\nmask = "a"\nfeild = "b"', "unknown key 'feild'"),
        ('[[pairs]]\nimage = 3\nmask = "a"', "'image' that is no text"),
        ('[[pairs]]\nimage = "image.tif"\nmask = "a"\nbands = [0]', "'bands' that is no list of band numbers"),
        ('[[pairs]]\nimage = "image.tif"\nmask = "a"\ngsd = -1', "'gsd' that is no number above 0"),
        ('[[pairs]]\nimage = "image.tif"\nmask = "nowhere.tif"', r"nowhere\.tif cannot be read"),
        ('[[pairs]]\nimage = "nowhere.tif"\nmask = "image.tif"', r"nowhere\.tif cannot be read"),
        ('[[pairs]]\nimages = "a"\nmasks = "b"', "names the folder .*a, which does not exist"),
        ('[[pairs]]\nimages = "a"\nmask = "b"', "has `images`, a folder"),
        ('[[classes]]\nname = "a"\n[[pairs]]', "a class without `name` or `colour`"),
        ('[[classes]]\nname = "a"\ncolour = "red"\n[[pairs]]', "not of the form #RRGGBB"),
        (CLASSES.replace("#004400", "#00FF00") + "[[pairs]]", "the same colour"),
    ],
)
def test_a_mistake_in_the_toml_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    write_image(tmp_path, SIZE)
    with pytest.raises(DataError, match=said) as caught:
        open_data(write_toml(tmp_path, text))
    assert caught.value.text.endswith(".")


@pytest.mark.realdata
def test_the_dubai_set_is_what_a_look_at_every_file_showed(data_dir: Path) -> None:
    data, censuses = count_data(data_dir / "dubai")
    assert (len(data.pairs), data.scheme) == (56, MBRSC)
    assert kinds(data) == ["classes"]
    assert "Water #50E3C2" in data.problems[0].text
    strange = {
        f"{pair.group}/{pair.image.stem[-3:]}": {one.value: one.pixels for one in census.unknown}
        for pair, census in zip(data.pairs, censuses, strict=True)
        if census.ignored
    }
    assert strange.pop("Tile 8/003") == {"#000000": 545_723}
    assert all(list(colours) == ["#000000"] and 4 <= colours["#000000"] <= 2_725 for colours in strange.values())

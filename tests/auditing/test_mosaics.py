"""Parts of one picture are found and put together; others are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from auditing.factories import Image, texture, write_mosaic, write_pair

from aerialseg_core.auditing.image_borders import find_seams
from aerialseg_core.auditing.image_signatures import SMALL, Signature, read_signatures
from aerialseg_core.auditing.mosaics import Mosaic, find_mosaics, read_number
from aerialseg_core.datasets.labelled_data import LabelledData
from aerialseg_core.progress import Reporter

Opened = Callable[..., LabelledData]


def mosaics_of(data: LabelledData) -> tuple[Mosaic, ...]:
    signatures = read_signatures(data.pairs, Reporter())
    return find_mosaics(data.pairs, signatures, find_seams(signatures, range(len(data.pairs))))


@pytest.mark.parametrize("skip", [(), (2, 6), (3, 8), (4, 9), (1, 2, 3)])
def test_a_picture_cut_into_nine_is_put_together_with_holes(
    tmp_path: Path, opened: Opened, skip: tuple[int, ...]
) -> None:
    write_mosaic(tmp_path / "data" / "place", texture(400, 503), (3, 3), skip=skip)
    data = opened()
    (mosaic,) = mosaics_of(data)
    assert mosaic.order == "rows"
    assert mosaic.missing == skip
    assert mosaic.layout == (3, 3)
    tops, lefts = np.linspace(0, 400, 4).astype(int), np.linspace(0, 503, 4).astype(int)
    expected = []
    for index in mosaic.members:
        row, col = divmod((read_number(data.pairs[index].image) or 0) - 1, 3)
        expected.append((tops[row], lefts[col]))
    low = np.min(expected, axis=0)
    assert np.abs(np.array(mosaic.offsets) - (np.array(expected) - low)).max() <= 2


def test_parts_of_different_pictures_are_not_put_together(tmp_path: Path, opened: Opened) -> None:
    for number in range(9):
        write_pair(tmp_path / "data" / "place", f"part_{number + 1:03}", texture(130, 160, seed=number))
    assert [len(mosaic.members) for mosaic in mosaics_of(opened())] == [1] * 9


@pytest.mark.parametrize("frame", ["plain", "gradient"])
def test_plain_borders_continue_nothing(tmp_path: Path, opened: Opened, frame: str) -> None:
    line = np.full(200, 90) if frame == "plain" else np.linspace(20, 220, 200)
    for number in range(4):
        image = texture(200, 200, seed=number)
        image[:2] = image[-2:] = line[None, :, None]
        image[:, :2] = image[:, -2:] = line[:, None, None]
        write_pair(tmp_path / "data" / "place", f"part_{number + 1}", image)
    assert all(len(mosaic.members) == 1 for mosaic in mosaics_of(opened()))


def test_two_pictures_in_one_folder_with_running_numbers_stay_two(tmp_path: Path, opened: Opened) -> None:
    write_mosaic(tmp_path / "data" / "place", texture(390, 480, seed=1), (3, 3))
    write_mosaic(tmp_path / "data" / "place", texture(390, 480, seed=2), (3, 3), first=10)
    found = mosaics_of(opened())
    assert [mosaic.members for mosaic in found] == [tuple(range(9)), tuple(range(9, 18))]


def test_parts_in_different_folders_are_put_together(tmp_path: Path, opened: Opened) -> None:
    whole = texture(150, 400)
    write_pair(tmp_path / "data" / "west", "a", whole[:, :200])
    write_pair(tmp_path / "data" / "east", "b", whole[:, 200:])
    (mosaic,) = mosaics_of(opened())
    assert mosaic.size == (150, 400)
    assert mosaic.offsets == ((0, 200), (0, 0))


def test_a_part_that_nothing_continues_is_placed_by_its_number(tmp_path: Path, opened: Opened) -> None:
    write_mosaic(tmp_path / "data" / "place", texture(400, 500), (3, 3), skip=(2, 6))
    data = opened()
    (mosaic,) = mosaics_of(data)
    (alone,) = mosaic.numbered
    assert data.pairs[alone].image.stem == "part_003"
    assert mosaic.cells[mosaic.members.index(alone)] == (0, 2)


def test_the_last_number_of_a_name_counts() -> None:
    assert read_number(Path("tile_7_part_012b.jpg")) == 12
    assert read_number(Path("north.tif")) is None


def test_chance_makes_no_seam_of_two_strangers() -> None:
    """Two images alone have no better candidate to lose against: only the odds keep them apart."""
    for seed in range(0, 80, 2):
        signatures = [signature(texture(60, 60, seed=seed + number)) for number in range(2)]
        assert find_seams(signatures, range(2)) == []


def signature(image: Image) -> Signature:
    grey = image[..., 0].astype(np.float32)
    borders = {"top": grey[0], "bottom": grey[-1], "left": grey[:, 0], "right": grey[:, -1]}
    return Signature(size=grey.shape, small=np.zeros((SMALL, SMALL), np.float32), georeference=None, **borders)

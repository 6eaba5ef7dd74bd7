"""Images that are there twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from auditing.factories import texture, write_pair
from PIL import Image as Pillow

from aerialseg_core.auditing.duplicates import find_duplicates
from aerialseg_core.auditing.image_signatures import read_signatures
from aerialseg_core.datasets.labelled_data import LabelledData
from aerialseg_core.progress import Reporter

Opened = Callable[..., LabelledData]


def duplicates_of(data: LabelledData) -> list[tuple[int, int, str]]:
    found = find_duplicates(data.pairs, read_signatures(data.pairs, Reporter()))
    return [(one.first, one.second, one.kind) for one in found]


def test_copies_are_the_same_file(tmp_path: Path, opened: Opened) -> None:
    for name, seed in (("a", 1), ("b", 2)):
        write_pair(tmp_path / "data", name, texture(90, 120, seed))
    for kind in ("images", "masks"):
        shutil.copy(tmp_path / "data" / kind / "a.png", tmp_path / "data" / kind / "c.png")
    assert duplicates_of(opened()) == [(0, 2, "same file")]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda image: image, "same picture"),
        (lambda image: (image * 0.8 + 20).astype(np.uint8), "same picture"),
        (lambda image: np.array(Pillow.fromarray(image).resize((150, 120))), "same picture"),
        (lambda image: np.rot90(image), "turned or mirrored"),
        (lambda image: image[:, ::-1], "turned or mirrored"),
        (lambda image: np.rot90(image, 3)[::-1], "turned or mirrored"),
    ],
)
def test_changed_copies_are_the_same_picture(tmp_path: Path, opened: Opened, change: Callable, kind: str) -> None:
    image = texture(240, 300)
    write_pair(tmp_path / "data", "a", image)
    write_pair(tmp_path / "data", "b", texture(240, 300, seed=5))
    changed = np.ascontiguousarray(change(image))
    write_pair(tmp_path / "data", "c", changed)
    (tmp_path / "data" / "images" / "c.png").unlink()
    Pillow.fromarray(changed).save(tmp_path / "data" / "images" / "c.jpg", quality=70)
    assert duplicates_of(opened()) == [(0, 2, kind)]


def test_plain_images_are_no_duplicates(tmp_path: Path, opened: Opened) -> None:
    for value in (10, 20, 30):
        write_pair(tmp_path / "data", f"p{value}", np.full((80, 80, 3), value, np.uint8))
    slope = np.linspace(0, 200, 80).astype(np.uint8)
    for turn in range(2):
        noise = np.random.default_rng(turn).integers(0, 3, (80, 80, 1)).astype(np.uint8)
        write_pair(tmp_path / "data", f"slope{turn}", slope[None, :, None] + noise.repeat(3, axis=2))
    assert duplicates_of(opened()) == []

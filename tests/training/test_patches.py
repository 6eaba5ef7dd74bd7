"""The patch cache."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("keras")

from aerialseg_core.classes import IGNORE, MBRSC
from aerialseg_core.errors import DataError, OutputError
from aerialseg_core.labelled.labels import read_labels
from aerialseg_core.labelled.pairs import find_pairs
from aerialseg_core.progress import Reporter
from aerialseg_core.training import patches
from aerialseg_core.training.patches import cut, patch_count, write_cache


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 16))
def test_patches_cover_every_pixel_once(rows: int, cols: int, side: int) -> None:
    numbered = np.arange(1, rows * cols + 1).reshape(rows, cols, 1)
    patches = cut(numbered, side, fill=0)
    assert patches.shape == (patch_count((rows, cols), side), side, side, 1)
    found = np.sort(patches[patches > 0])
    np.testing.assert_array_equal(found, np.arange(1, rows * cols + 1))


def test_a_border_is_the_image_reflected() -> None:
    patch = cut(np.arange(6.0).reshape(2, 3, 1), 4)[0, ..., 0]
    np.testing.assert_array_equal(patch, [[0, 1, 2, 1], [3, 4, 5, 4], [0, 1, 2, 1], [3, 4, 5, 4]])


def test_the_cache_holds_images_and_labels_alike(make_set: Any, tmp_path: Path) -> None:
    pairs = find_pairs(make_set(("Tile 1",), pairs=2, size=(40, 72)))
    cache = write_cache(pairs, MBRSC, 32, bands=3, folder=tmp_path, reporter=Reporter())
    assert cache.images.shape == (12, 32, 32, 3)
    assert isinstance(cache.images, np.memmap)
    known = cache.labels != IGNORE
    np.testing.assert_array_equal(cache.images[known][:, 0], cache.labels[known] * 40)
    assert known.sum() == 2 * 40 * 72
    totals = sum(np.bincount(read_labels(pair.mask, MBRSC).ravel(), minlength=6) for pair in pairs)
    np.testing.assert_array_equal(cache.counts.sum(axis=0), totals)


def test_a_disk_that_is_too_small_is_refused_beforehand(
    make_set: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patches.shutil, "disk_usage", lambda folder: SimpleNamespace(free=10_000_000))
    with pytest.raises(OutputError, match=r"0\.0 GB are free"):
        write_cache(find_pairs(make_set()), MBRSC, 32, bands=3, folder=tmp_path, reporter=Reporter())
    assert not (tmp_path / "images.npy").exists()


def test_images_of_another_type_are_refused(make_set: Any, tmp_path: Path) -> None:
    rasterio = pytest.importorskip("rasterio")
    data = make_set(("Tile 1",))
    (data / "Tile 1" / "images" / "part_1.png").unlink()
    path = data / "Tile 1" / "images" / "part_1.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=64,
        height=64,
        count=3,
        dtype="uint16",
        crs="EPSG:32640",
        transform=rasterio.Affine(2, 0, 0, 0, -2, 0),
    ) as target:
        target.write(np.zeros((3, 64, 64), np.uint16))
    with pytest.raises(DataError, match="uint16"):
        write_cache(find_pairs(data), MBRSC, 32, bands=3, folder=tmp_path, reporter=Reporter())

"""The patch cache."""

from __future__ import annotations

import mmap
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import psutil
import pytest
import rasterio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("patchify")

from datasets.factories import TWO, pair_of, write_image, write_tiff
from rasterio.enums import ColorInterp
from support import Listener

from aerialseg_core.datasets.labels import read_labels
from aerialseg_core.datasets.pairs import LabelRaster, Mask, Pair, find_pairs
from aerialseg_core.datasets.rasters import read_image
from aerialseg_core.datasets.split import Part
from aerialseg_core.errors import OutputError
from aerialseg_core.metrics import IGNORE
from aerialseg_core.progress import Reporter
from aerialseg_core.raster.classes import MBRSC
from aerialseg_core.raster.scene import open_scene
from aerialseg_core.raster.window import Window
from aerialseg_core.training import patch_cache as patches
from aerialseg_core.training.data import load_data
from aerialseg_core.training.patch_cache import PatchFile, count_patches, cut_patches, write_cache
from aerialseg_core.training.recipe import load_recipe

RGB = ("red", "green", "blue")


def labelled_image(folder: Path, size: tuple[int, int]) -> Pair:
    rng = np.random.default_rng(2)
    labels = write_tiff(folder / "ids.tif", rng.integers(0, 3, (1, *size), np.uint8))
    return pair_of(write_image(folder, size), LabelRaster(labels))


@settings(deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 9))
def test_patches_are_cut_row_by_row_and_hold_every_pixel_once(rows: int, cols: int, side: int) -> None:
    numbered = np.arange(rows * cols * side**2).reshape(rows * side, cols * side, 1)
    made = cut_patches(numbered, side)
    assert made.shape == (rows, cols, side, side, 1)
    joined = made[..., 0].swapaxes(1, 2).reshape(rows * side, cols * side)
    np.testing.assert_array_equal(joined, numbered[..., 0])


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 50), st.integers(1, 50), st.integers(1, 24), st.data())
def test_a_part_is_reflected_at_its_borders_and_its_labels_ignored(
    tmp_path: Path, rows: int, cols: int, side: int, data: st.DataObject
) -> None:
    """Also for parts smaller than a patch, and however much is read at a time."""
    pair = labelled_image(tmp_path, (50, 50))
    top, left = data.draw(st.integers(0, 50 - rows)), data.draw(st.integers(0, 50 - cols))
    part = Part(0, Window(top, left, rows, cols))
    below, right = -rows % side, -cols % side
    pixels = np.moveaxis(read_image(pair.image, 3), 0, -1)[part.window.slices]
    labels = read_labels(pair, TWO, part.window)
    pixels = np.pad(pixels, [(0, below), (0, right), (0, 0)], mode="reflect")
    labels = np.pad(labels, [(0, below), (0, right)], constant_values=IGNORE)
    strip = data.draw(st.sampled_from([1, side**2 * 2, side**2 * 5, 10_000]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patches, "STRIP", strip)
        cache = write_cache([pair], TWO, side, bands=RGB, folder=tmp_path, reporter=Reporter(), parts=[part])
    assert len(cache.images) == count_patches((rows, cols), side)
    np.testing.assert_array_equal(cache.images.mapped, cut_patches(pixels, side).reshape(-1, side, side, 3))
    np.testing.assert_array_equal(cache.labels.mapped, cut_patches(labels[..., None], side).reshape(-1, side, side))
    for label in (0, 1):
        np.testing.assert_array_equal(cache.counts[:, label], (cache.labels.mapped == label).sum(axis=(1, 2)))


def test_the_cache_holds_images_and_labels_alike(make_set: Any, tmp_path: Path) -> None:
    pairs = find_pairs(make_set(("Tile 1",), pairs=2, size=(40, 72)))
    cache = write_cache(pairs, MBRSC, 32, bands=RGB, folder=tmp_path, reporter=Reporter())
    assert cache.images.shape == (12, 32, 32, 3)
    images, labels = cache.images.mapped, cache.labels.mapped
    assert isinstance(images, np.memmap)
    known = labels != IGNORE
    np.testing.assert_array_equal(images[known][:, 0], labels[known] * 40)
    assert known.sum() == 2 * 40 * 72
    totals = sum(np.bincount(read_labels(pair, MBRSC).ravel(), minlength=6) for pair in pairs)
    np.testing.assert_array_equal(cache.counts.sum(axis=0), totals)


def test_a_patch_is_a_copy_and_reading_it_twice_gives_the_same(make_set: Any, tmp_path: Path) -> None:
    cache = write_cache(find_pairs(make_set()), MBRSC, 48, bands=RGB, folder=tmp_path, reporter=Reporter())
    expected = np.array(cache.images.mapped)
    for i in (0, 5, -1, 5, len(cache.images) - 1):
        patch = cache.images[i]
        np.testing.assert_array_equal(patch, expected[i])
        patch[:] = 0
    np.testing.assert_array_equal(cache.images.mapped, expected)
    with pytest.raises(IndexError):
        cache.images[len(cache.images)]


def test_bands_are_those_of_the_pair_and_nan_is_cleared(tmp_path: Path) -> None:
    pixels = np.arange(4 * 8 * 8, dtype=np.float32).reshape(4, 8, 8)
    pixels[1, 2, 3] = np.nan
    labels = write_tiff(tmp_path / "ids.tif", np.ones((1, 8, 8), np.uint8))
    pair = Pair(write_tiff(tmp_path / "image.tif", pixels), LabelRaster(labels), ".", (8, 8), bands=(4, 2))
    cache = write_cache([pair], TWO, 8, bands=("a", "b"), folder=tmp_path, reporter=Reporter())
    np.testing.assert_array_equal(cache.images[0], np.moveaxis(np.nan_to_num(pixels[[3, 1]]), 0, -1))
    assert cache.labels[0][2, 3] == IGNORE
    assert cache.counts.tolist() == [[63, 0]]


def test_a_mask_of_one_colour_and_classes_that_never_occur_work(tmp_path: Path) -> None:
    colours = np.broadcast_to(np.array(MBRSC.colours[2], np.uint8)[:, None, None], (3, 20, 20))
    pair = pair_of(write_image(tmp_path, (20, 20)), Mask(write_tiff(tmp_path / "mask.tif", colours)))
    cache = write_cache([pair], MBRSC, 32, bands=RGB, folder=tmp_path, reporter=Reporter())
    assert cache.counts.tolist() == [[0, 0, 400, 0, 0, 0]]


def test_a_disk_that_is_too_small_is_refused_beforehand(
    make_set: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patches.shutil, "disk_usage", lambda folder: SimpleNamespace(free=10_000_000))
    with pytest.raises(OutputError, match=r"0\.0 GB are free"):
        write_cache(find_pairs(make_set()), MBRSC, 32, bands=RGB, folder=tmp_path, reporter=Reporter())
    assert not (tmp_path / "images.npy").exists()


def test_patches_have_a_type_that_holds_all_images(make_set: Any, tmp_path: Path) -> None:
    data = make_set(("Tile 1",))
    (data / "Tile 1" / "images" / "part_1.png").unlink()
    write_tiff(data / "Tile 1" / "images" / "part_1.tif", np.full((3, 64, 64), 4000, np.uint16))
    cache = write_cache(find_pairs(data), MBRSC, 64, bands=RGB, folder=tmp_path, reporter=Reporter())
    assert cache.images.dtype == np.uint16
    assert (cache.images[0].max() < 256, cache.images[1].min()) == (True, 4000)


@pytest.mark.skipif(not hasattr(mmap, "MADV_DONTNEED"), reason="this system trims what a process maps by itself")
def test_reading_patches_leaves_nothing_of_them_in_memory(tmp_path: Path) -> None:
    """The kernel maps more than what is read, in large pages at that."""
    rng, shape, dtype = np.random.default_rng(0), (400, 512, 512, 3), np.dtype(np.uint8)
    with patches._open_writer(tmp_path / "a.npy", dtype, shape) as write:
        for i in range(0, shape[0], 8):
            write(i, np.broadcast_to(np.arange(i, i + 8)[:, None, None, None] % 251, (8, *shape[1:])).astype(dtype))
    file, process = PatchFile(tmp_path / "a.npy"), psutil.Process()
    before = process.memory_info().rss
    for i in rng.integers(0, len(file), 600):
        assert file[int(i)][0, 0, 0] == i % 251
    assert process.memory_info().rss - before < 30 << 20  # of 300 MiB


@pytest.mark.parametrize("said", ["names", "colours", "wavelengths"])
def test_images_of_different_orders_are_learnt_alike(tmp_path: Path, said: str) -> None:
    """Each by what it says itself; what is learnt is what segmenting reads."""
    rng = np.random.default_rng(5)
    shown, labels = rng.integers(0, 255, (3, 8, 8), np.uint8), rng.integers(1, 3, (1, 8, 8), np.uint8)
    pairs = []
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0]):
        name = "".join(map(str, order))
        image = write_tiff(tmp_path / f"{name}.tif", shown[order], photometric="minisblack")
        with rasterio.open(image, "r+") as dataset:
            for band, i in enumerate(order, start=1):
                if said == "names":
                    dataset.set_band_description(band, RGB[i])
                elif said == "wavelengths":
                    dataset.update_tags(band, WAVELENGTH=("665", "560", "490")[i], WAVELENGTH_UNIT="nm")
            if said == "colours":
                dataset.colorinterp = [getattr(ColorInterp, RGB[i]) for i in order]
        pairs.append(pair_of(image, LabelRaster(write_tiff(tmp_path / f"{name}_ids.tif", labels))))
    cache = write_cache(pairs, TWO, 8, bands=RGB, folder=tmp_path, reporter=Reporter())
    for i, pair in enumerate(pairs):
        np.testing.assert_array_equal(np.moveaxis(cache.images[i], -1, 0), shown)
        with open_scene(pair.image, RGB) as scene:
            np.testing.assert_array_equal(scene.read(scene.window)[0], shown)


def test_what_is_read_is_said_once_for_each_kind_of_image(tmp_path: Path) -> None:
    text = "".join(f'[[classes]]\nname = "{one.name}"\ncolour = "{one.colour}"\n' for one in TWO)
    for name, bands in (("a", 3), ("b", 4), ("c", 4)):
        write_tiff(tmp_path / f"{name}.tif", np.full((bands, 32, 32), ord(name), np.uint8), photometric="minisblack")
        write_tiff(tmp_path / f"{name}_ids.tif", np.ones((1, 32, 32), np.uint8))
        text += f'[[pairs]]\nimage = "{name}.tif"\nlabels = "{name}_ids.tif"\n'
    (tmp_path / "data.toml").write_text(text, encoding="utf-8")
    listener = Listener()
    found = load_data(tmp_path / "data.toml", load_recipe("default"), listener)
    assert [mapping.choice.bands for mapping in found.mappings] == [(1, 2, 3)] * 2
    (said,) = [line for line in listener.messages if "bands" in line]
    assert said.startswith("b.tif and 1 more image: bands red = 1, green = 2, blue = 3, as stored; nothing says")


MEASURED = """
import resource, sys
from pathlib import Path
import numpy as np
from aerialseg_core.raster.classes import MBRSC
from aerialseg_core.datasets.pairs import find_pairs
from aerialseg_core.progress import Reporter
from aerialseg_core.training.patch_cache import write_cache
folder = Path(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
cache = write_cache(find_pairs(folder), MBRSC, 512, bands=("red", "green", "blue"), folder=folder, reporter=Reporter())
for i in np.random.default_rng(0).integers(0, len(cache.images), 1000):
    cache.images[i], cache.labels[i]
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_image(tmp_path: Path) -> None:
    import os
    import subprocess
    import sys

    peaks = []
    for side in (1024, 6144):
        folder = tmp_path / str(side)
        tiled = {"tiled": True, "compress": "deflate"}
        write_tiff(folder / "images" / "a.tif", np.full((3, side, side), 7, np.uint8), **tiled)
        colours = np.broadcast_to(np.array(MBRSC.colours[2], np.uint8)[:, None, None], (3, side, side))
        write_tiff(folder / "masks" / "a.tif", np.ascontiguousarray(colours), **tiled)
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        run = subprocess.run(
            [sys.executable, "-c", MEASURED, str(folder)], env=environment, capture_output=True, text=True, check=True
        )
        peaks.append(int(run.stdout))
    assert peaks[1] < peaks[0] + 80, peaks  # MiB: GDAL's cache fills, and no more; the image and its mask are 216

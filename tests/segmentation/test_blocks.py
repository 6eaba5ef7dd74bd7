"""What a run continues from is whole, what it publishes was read back, and a full disk is one sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyogrio
import pytest
from affine import Affine
from numpy.typing import NDArray
from support import contents, image, read, save_model, save_scene

from aerialseg_core import polygonize, segment
from aerialseg_core.errors import Cancelled, OutputError
from aerialseg_core.model.engines import EngineIdentity
from aerialseg_core.progress import Reporter
from aerialseg_core.raster.class_raster import Layer, RasterGrid
from aerialseg_core.raster.window import Window
from aerialseg_core.segmentation.blocks import BlockStore

ROWS = 160


class Listener(Reporter):
    """Keeps the keys of what is said."""

    def __init__(self) -> None:
        super().__init__()
        self.said: set[str] = set()

    def message(self, text: str, level: str = "info") -> None:
        self.said.add(getattr(text, "key", ""))


class Stopping(Reporter):
    """Cancels after so many windows."""

    def __init__(self, windows: int) -> None:
        super().__init__()
        self.left = windows

    def advance(self, n: int = 1, **state: object) -> None:
        self.left -= n
        if self.left < 0:
            self.cancel()
        super().advance(n)


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scene, a model, and the right result."""
    folder = tmp_path_factory.mktemp("material")
    save_model(folder / "tiny.onnx")
    save_scene(folder / "scene.tif", image(ROWS, 60))
    run(folder, folder / "classes.tif")
    return folder


def run(material: Path, output: Path, *, stop_after: int | None = None, overwrite: bool = False) -> int:
    """Segment with a confidence raster; the number of windows that it took."""
    return segment(
        material / "scene.tif",
        output,
        confidence=output.with_name("sure.tif"),
        overwrite=overwrite,
        reporter=None if stop_after is None else Stopping(stop_after),
        model=str(material / "tiny.onnx"),
        engine="onnxruntime",
        block=28,
    ).windows


@pytest.fixture
def stopped(material: Path, tmp_path: Path) -> Path:
    """The output of a run that was cancelled near its end."""
    with pytest.raises(Cancelled):
        run(material, tmp_path / "classes.tif", stop_after=12)
    return tmp_path / "classes.tif"


def assert_right(material: Path, output: Path) -> None:
    for name in ("classes.tif", "sure.tif"):
        assert np.array_equal(read(output.with_name(name)), read(material / name))
    assert contents(output.parent) == {"classes.tif", "classes.tif.aux.xml", "sure.tif"}


def turn_a_bit(content: bytes, where: float) -> bytes:
    turned = bytearray(content)
    turned[int(where * (len(content) - 1))] ^= 16
    return bytes(turned)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "half": lambda content: content[: len(content) // 2],
    "half of it zeros": lambda content: content[: len(content) // 2] + bytes(len(content) - len(content) // 2),
    "a bit at the begin": lambda content: turn_a_bit(content, 0.01),
    "a bit of the pixels": lambda content: turn_a_bit(content, 0.7),
    "a bit at the end": lambda content: turn_a_bit(content, 1.0),
    "of an earlier version": lambda content: content[:-16],
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("overwrite", [False, True])
def test_a_torn_block_is_computed_again(material: Path, stopped: Path, damage: str, overwrite: bool) -> None:
    folder = stopped.with_name(".classes.tif.blocks")
    assert folder.stat().st_mode & 0o077 == 0  # nobody else reads what is not finished
    blocks = sorted(folder.glob("1-*.tif"))
    assert len(blocks) >= 3
    blocks[1].write_bytes(DAMAGES[damage](blocks[1].read_bytes()))
    assert run(material, stopped, overwrite=overwrite) > 0
    assert_right(material, stopped)


def test_blocks_that_are_whole_are_not_computed_again(material: Path, stopped: Path) -> None:
    finished = len(list(stopped.with_name(".classes.tif.blocks").glob("1-*.tif")))
    everything = run(material, stopped.with_name("other.tif"))
    stopped.with_name("other.tif").unlink()
    stopped.with_name("other.tif.aux.xml").unlink()
    stopped.with_name("sure.tif").unlink()
    assert everything - run(material, stopped) >= 3 * (finished - 1)
    assert_right(material, stopped)


@pytest.mark.parametrize("content", ["", "{", '{"job": 1}', "[]", "\0" * 40])
def test_a_torn_fingerprint_begins_anew(material: Path, stopped: Path, content: str) -> None:
    (stopped.with_name(".classes.tif.blocks") / "job.json").write_text(content)
    run(material, stopped)
    assert_right(material, stopped)


@pytest.mark.parametrize("content", ["", "\0" * 40])
def test_blocks_of_which_nobody_knows_what_they_are_are_not_thrown_away_without_a_word(
    material: Path, stopped: Path, content: str
) -> None:
    (stopped.with_name(".classes.tif.blocks") / "job.json").write_text(content)
    listener = Listener()
    segment(material / "scene.tif", stopped, model=str(material / "tiny.onnx"), reporter=listener)
    assert "run-begins-anew" in listener.said


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux which file is meant")
def test_the_facts_are_on_the_disk_before_any_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a power cut leaves blocks of which nobody knows what they are."""
    flushed: list[str] = []
    sync = os.fsync

    def watch(descriptor: int) -> None:
        flushed.append(os.path.basename(os.readlink(f"/proc/self/fd/{descriptor}")).split(".json")[0])
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", watch)
    store = BlockStore([Layer(tmp_path / "map.tif", 0, {})], RasterGrid((32, 40), None, Affine.identity()), "job")
    store.enter()
    store.sign(EngineIdentity("onnxruntime", "1", "fp32", "0123456789abcdef"))
    assert flushed == ["job", store.folder.name, "engine", store.folder.name]


def test_a_block_that_is_damaged_during_the_run_is_never_published(tmp_path: Path) -> None:
    windows = [Window(row, 0, 16, 40) for row in (0, 16)]
    layer = Layer(tmp_path / "map.tif", 0, {})
    grid = RasterGrid((32, 40), None, Affine.identity())
    store = BlockStore([layer], grid, "job")
    store.enter()
    pixels = np.random.default_rng(0).integers(0, 4, (16, 40), np.uint8)
    for window in windows:
        store.write(window, [pixels])
    block = store.folder / "0-16-0-16-40.tif"
    block.write_bytes(turn_a_bit(block.read_bytes(), 0.6))
    with pytest.raises(OutputError, match=r"map\.tif (was damaged|cannot)"):
        store.build(windows)
    assert store.has(windows[0])
    assert not store.has(windows[1])
    store.write(windows[1], [pixels])
    (cog,) = store.build(windows)
    assert np.array_equal(read(cog), np.vstack([pixels, pixels]))


# -- full disks --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scene that compresses badly, a model, and the right results: 8 MB of polygons, 100 KB of rasters."""
    folder = tmp_path_factory.mktemp("noise")
    save_model(folder / "tiny.onnx")
    pixels: NDArray[np.uint8] = np.random.default_rng(0).integers(0, 255, (3, 160, 160), np.uint8)
    save_scene(folder / "scene.tif", pixels)
    map_noise(folder, folder)
    return folder


def map_noise(noise: Path, folder: Path) -> None:
    segment(
        noise / "scene.tif",
        folder / "classes.tif",
        confidence=folder / "sure.tif",
        polygons=folder / "map.gpkg",
        model=str(noise / "tiny.onnx"),
        engine="onnxruntime",
        block=64,
    )


@pytest.mark.parametrize("size", [12, 24, 48, 72, 96, 120, 160, 400, 1200, 8000])
def test_a_full_disk_is_said_and_the_run_goes_on_when_there_is_space(
    noise: Path, tiny_disk: Callable[[int], Path], size: int
) -> None:
    disk = tiny_disk(size)
    if size < 2000:
        with pytest.raises(OutputError, match=r"full|Check the disk"):
            map_noise(noise, disk)
        assert not {name for name in contents(disk) if not name.startswith(".classes.tif.blocks")}
        tiny_disk(20_000)
    map_noise(noise, disk)
    for name in ("classes.tif", "sure.tif"):
        assert np.array_equal(read(disk / name), read(noise / name))
    made, right = (pyogrio.read_dataframe(folder / "map.gpkg") for folder in (disk, noise))
    assert made.equals(right)
    assert contents(disk) == {"classes.tif", "classes.tif.aux.xml", "sure.tif", "map.gpkg"}


@pytest.mark.parametrize("ending", [".gpkg", ".geojson", ".fgb", ".parquet", ".shp"])
@pytest.mark.parametrize("size", [16, 100])
def test_polygons_on_a_full_disk_are_absent(
    noise: Path, tiny_disk: Callable[[int], Path], ending: str, size: int
) -> None:
    disk = tiny_disk(size)
    with pytest.raises(OutputError, match=r"disk|written"):
        polygonize(noise / "classes.tif", disk / f"map{ending}")
    assert contents(disk) == set()

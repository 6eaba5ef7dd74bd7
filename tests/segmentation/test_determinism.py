"""The same pixels, bit for bit, however the work is cut and shared out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from support import NORTH_UP, CountingEngine, card, image, predictor, read, save_model, save_scene

from aerialseg_core import segment
from aerialseg_core.config import MIN_MEMORY, SegmentConfig
from aerialseg_core.model.registry import load_model
from aerialseg_core.model.scores import Scores
from aerialseg_core.progress import Reporter
from aerialseg_core.raster.scene import open_scene
from aerialseg_core.raster.window import Window
from aerialseg_core.segmentation.job import Outputs
from aerialseg_core.segmentation.plan import CACHE_SHARE
from aerialseg_core.segmentation.planning import plan_scene
from aerialseg_core.segmentation.segment import segment_scene

Bytes = NDArray[np.uint8]

ENGINES = ({"engine": "onnxruntime"}, {"engine": "openvino"}, {"engine": "openvino", "precision": "full"})
PIXELS = image(100, 120)
PIXELS[:, 40:80, 50:95] = 0


@pytest.fixture
def model(tmp_path: Path) -> str:
    save_model(tmp_path / "tiny.onnx", patch=32, activations={"input": (0.0, 1.0)})
    return str(tmp_path / "tiny.onnx")


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    return save_scene(tmp_path / "scene.tif", PIXELS, nodata=0)


def _segment(scene: Path, model: str, **options: Any) -> tuple[Bytes, ...]:
    classes, confidence, seams = (scene.with_name(f"{name}.tif") for name in ("classes", "confidence", "seams"))
    segment(scene, classes, confidence=confidence, seams=seams, overwrite=True, model=model, overlap=0.25, **options)
    return read(classes), read(confidence), read(seams)


def _same(some: tuple[Bytes, ...], others: tuple[Bytes, ...]) -> bool:
    return all(map(np.array_equal, some, others))


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: "-".join(engine.values()))
@pytest.mark.parametrize("resolution", [{}, {"gsd": 2.0}, {"gsd": 0.4}, {"gsd": "source", "out_gsd": 1.7}])
def test_blocks_and_threads_do_not_change_a_pixel(
    scene: Path, model: str, engine: dict[str, str], resolution: dict[str, Any]
) -> None:
    expected = _segment(scene, model, **engine, threads=1, **resolution)
    assert len(np.unique(expected[0])) == 5, "all classes and no data"
    assert len(np.unique(expected[2])) > 2, "windows disagree"
    for block, threads in ((1, 2), (70, 3), (1000, 2)):
        assert _same(_segment(scene, model, **engine, block=block, threads=threads, **resolution), expected)


@pytest.mark.parametrize("scale", [0.4, 0.7, 2.0])
def test_resampled_pixels_do_not_depend_on_what_is_read_with_them(tmp_path: Path, scale: float) -> None:
    path = save_scene(tmp_path / "wide.tif", image(40, 6000), nodata=0)
    shape = round(40 / scale), round(6000 / scale)
    with open_scene(path, card().band_names) as scene, scene.resample(shape) as resampled:
        pixels, valid = resampled.read(resampled.window)
        for col in range(0, shape[1] - 300, 997):
            window = Window(3, col, shape[0] - 3, 300)
            part, there = resampled.read(window)
            assert np.array_equal(part, pixels[(slice(None), *window.slices)])
            assert np.array_equal(there, valid[window.slices])


def _stripes(scene: Path, model: str, **options: Any) -> int:
    with plan_scene(str(scene), load_model(model).card, SegmentConfig(overlap=0.25, **options)) as (plan, _):
        return len(plan.stripes)


@pytest.mark.parametrize("resolution", [{}, {"gsd": 2.0}, {"gsd": 0.7}])
def test_memory_does_not_change_a_pixel(tmp_path: Path, resolution: dict[str, Any]) -> None:
    """A scene so wide that the least memory cuts it into stripes."""
    model = str(save_model(tmp_path / "wide.onnx", patch=256).path)
    wide = image(40, 8000)
    wide[:, 20:, 3000:3500] = 0
    scene = save_scene(tmp_path / "wide.tif", wide, nodata=0)
    assert _stripes(scene, model, **resolution) == 1
    assert _stripes(scene, model, memory=MIN_MEMORY, **resolution) > 1
    expected = _segment(scene, model, **resolution)
    assert _same(_segment(scene, model, memory=MIN_MEMORY, **resolution), expected)


@pytest.mark.parametrize("gsd", [0.25, 1.0, 4.0])
def test_stripes_are_as_wide_as_memory_allows(tmp_path: Path, gsd: float) -> None:
    """Where an output column is half of one that is read, twice as many of them take the same memory."""
    model = load_model(str(save_model(tmp_path / "m.onnx", patch=64).path))
    scene = save_scene(tmp_path / "s.tif", image(8, 60_000))
    config = SegmentConfig(overlap=0.25, gsd=gsd, memory=MIN_MEMORY, block=1)
    with plan_scene(str(scene), model.card, config) as (plan, _):
        widths = np.diff(plan.stripes).ravel() / plan.full_shape[1] * plan.work_shape[1]
        room = (MIN_MEMORY * (1 - 1 / CACHE_SHARE) - plan._bytes_in_flight()) / plan._bytes_per_column()
    widest = room // plan.grid.cols.stride * plan.grid.cols.stride
    assert max(widths) <= widest + 1
    assert len(widths) == np.ceil(plan.work_shape[1] / widest)


def test_a_block_takes_no_more_memory_than_the_scene_has_rows(scene: Path, model: str) -> None:
    assert _stripes(scene, model, memory=MIN_MEMORY, block=10_000_000) == 1


@pytest.mark.parametrize("out_gsd", [40.0, 90.0, 1000.0])
@pytest.mark.parametrize("block", [1, 64])
def test_blocks_smaller_than_a_pixel_of_the_output_are_joined(
    scene: Path, model: str, out_gsd: float, block: int
) -> None:
    expected = _segment(scene, model, gsd="source", out_gsd=out_gsd)
    assert expected[0].shape == (max(1, round(100 / out_gsd)), max(1, round(120 / out_gsd)))
    assert _same(_segment(scene, model, gsd="source", out_gsd=out_gsd, block=block), expected)


@pytest.mark.parametrize("resolution", [{}, {"gsd": 2.0}, {"gsd": 0.4}])
@pytest.mark.parametrize("block", [1, 1024])
def test_an_extent_gives_the_crop_of_the_whole(scene: Path, model: str, resolution: dict[str, Any], block: int) -> None:
    whole = _segment(scene, model, **resolution)
    left, top = NORTH_UP.c, NORTH_UP.f
    extent = (left + 41, top - 83, left + 111, top - 17)
    part = _segment(scene, model, extent=extent, block=block, **resolution)
    assert _same(part, tuple(layer[17:83, 41:111] for layer in whole))


@pytest.mark.parametrize("batch", [3, 8])
def test_batches_do_not_change_a_pixel(tmp_path: Path, scene: Path, batch: int) -> None:
    def one_by_one(patches: Scores) -> Scores:
        scores = np.concatenate([patches, 1 - patches[:, :1]], axis=1)
        return np.ascontiguousarray(0.7 * scores + 0.3 * np.roll(scores, 1, axis=3))

    def classes(size: int, streams: int) -> Any:
        engine = CountingEngine(one_by_one, batch=size, streams=streams)
        out = tmp_path / f"{size}.tif"
        segment_scene(str(scene), Outputs(out), predictor(engine), SegmentConfig(overlap=0.25, tta=8), Reporter())
        return read(out)

    assert np.array_equal(classes(batch, 3), classes(1, 1))

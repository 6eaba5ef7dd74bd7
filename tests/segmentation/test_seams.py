"""Where overlapping windows disagreed: against the definition, and as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from support import CountingEngine, card, image, predictor, read, save_model, save_scene

from aerialseg_core import batch, segment
from aerialseg_core.cli.main import main
from aerialseg_core.config import SegmentConfig
from aerialseg_core.errors import ParameterError
from aerialseg_core.model.scores import Scores
from aerialseg_core.progress import Reporter
from aerialseg_core.raster.class_raster import NO_SEAM
from aerialseg_core.raster.window import Window
from aerialseg_core.segmentation.job import Outputs
from aerialseg_core.segmentation.patch_grid import PatchGrid
from aerialseg_core.segmentation.seams import ALONE, SeamMeter
from aerialseg_core.segmentation.segment import SegmentResult, segment_scene
from aerialseg_core.segmentation.shards import segment_blocks


def _define(windows: dict[tuple[int, int], tuple[Window, Any]], shape: tuple[int, int]) -> NDArray[Any]:
    """The definition: of each two windows beside or above each other, the distance over all pixels that both saw."""
    found = np.full(shape, float(ALONE))
    for (k, j), (window, scores) in windows.items():
        for neighbour in ((k, j + 1), (k + 1, j)):
            if scores is None or neighbour not in windows or windows[neighbour][1] is None:
                continue
            other, theirs = windows[neighbour]
            both = window.intersection(other)
            part = both and both.intersection(Window(0, 0, *shape))
            if part is not None:
                difference = np.abs(
                    scores[(..., *part.relative_to(window).slices)] - theirs[(..., *part.relative_to(other).slices)]
                )
                found[part.slices] = np.maximum(found[part.slices], difference.sum(axis=0) / 2)
    return found


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_the_meter_finds_what_neighbours_disagree_on(data: st.DataObject) -> None:
    patch = data.draw(st.integers(4, 12))
    overlap = 2 * data.draw(st.integers(1, patch // 4))
    shape = data.draw(st.tuples(st.integers(1, 30), st.integers(1, 30)))
    grid = PatchGrid.over(shape, patch, overlap)
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    empty = data.draw(st.sampled_from([0.0, 0.3]))
    places = [(k, j) for k in range(len(grid.rows)) for j in range(len(grid.cols))]
    windows = {
        place: (window, None if rng.random() < empty else rng.dirichlet(np.ones(3), (patch, patch)).transpose(2, 0, 1))
        for place, window in zip(places, grid, strict=True)
    }
    meter = SeamMeter(patch, overlap, len(grid.cols))
    got = np.full(shape, np.nan)
    for window, scores in windows.values():
        cell = meter.feed(None if scores is None else scores.astype(np.float32))
        part = Window(window.row, window.col, *cell.shape).intersection(Window(0, 0, *shape))
        if part is not None:
            got[part.slices] = cell[part.relative_to(window).slices]
    expected = _define(windows, shape)
    assert np.array_equal(got == ALONE, expected == ALONE)
    assert np.allclose(got, expected, atol=1e-6)


def _halves(patches: Scores) -> Scores:
    """A network that is sure of the first class in the left half of any window, and of the second in the right one."""
    scores = np.zeros((len(patches), 4, *patches.shape[2:]), np.float32)
    half = patches.shape[3] // 2
    scores[:, 0, :, :half] = scores[:, 1, :, half:] = 1
    return scores


def _run(tmp_path: Path, network: Any, **options: Any) -> tuple[SegmentResult, NDArray[np.uint8]]:
    scene, out = save_scene(tmp_path / "scene.tif", image(70, 90)), tmp_path / "seams.tif"
    used = predictor(CountingEngine(network), card(32, fixed_patch=True))
    outputs = Outputs(tmp_path / "c.tif", seams=out, overwrite=True)
    made = segment_scene(str(scene), outputs, used, SegmentConfig(overlap=0.25, **options), Reporter())
    return made, read(out)


@pytest.mark.parametrize("blend", ["spline", "crop"])
def test_windows_that_say_the_same_do_not_disagree(tmp_path: Path, blend: str) -> None:
    def alike(patches: Scores) -> Scores:
        return np.full((len(patches), 4, *patches.shape[2:]), 0.25, np.float32)

    made, seams = _run(tmp_path, alike, blend=blend)
    assert set(np.unique(seams)) == {0, NO_SEAM}
    assert made.disagreement == 0


def test_the_raster_shows_where_windows_overlap_and_how_much_they_disagree(tmp_path: Path) -> None:
    made, seams = _run(tmp_path, _halves)
    # windows of 32 px with a stride of 24, the first from -8 or -4 on: what is right in one is left in the next
    columns = {tuple(np.unique(seams[:, col])) for col in range(seams.shape[1])}
    assert (100,) in columns, "two windows beside each other, sure of different classes"
    assert (0, NO_SEAM) in columns, "windows above each other agree, and between their overlaps one is alone"
    seen = seams[seams != NO_SEAM]
    assert made.disagreement == pytest.approx(seen.mean())
    assert 0 < made.disagreement < 100


def test_a_resampled_map_has_the_seams_of_its_windows(tmp_path: Path) -> None:
    _, fine = _run(tmp_path, _halves, gsd="source")
    made, coarse = _run(tmp_path, _halves, gsd="source", out_gsd=2.0)
    assert coarse.shape == (35, 45)
    assert set(np.unique(coarse)) <= {*range(101), NO_SEAM}
    whole = np.repeat(np.repeat(coarse, 2, axis=0), 2, axis=1)
    same = (whole == fine).mean()
    assert same > 0.8, "but for the pixels at the ends of overlaps"
    assert made.disagreement is not None


def test_where_there_are_no_data_there_are_no_seams(tmp_path: Path) -> None:
    pixels = image(70, 90)
    pixels[:, :, :40] = 0
    scene = save_scene(tmp_path / "scene.tif", pixels, nodata=0)
    save_model(tmp_path / "tiny.onnx", patch=32)
    made = segment(scene, tmp_path / "c.tif", seams=tmp_path / "s.tif", model=str(tmp_path / "tiny.onnx"), overlap=0.25)
    assert (read(tmp_path / "s.tif")[:, :40] == NO_SEAM).all()
    assert made.disagreement is not None
    with rasterio.open(tmp_path / "s.tif") as dataset:
        assert dataset.nodata == NO_SEAM
        assert "disagreed" in dataset.descriptions[0]


@pytest.mark.parametrize("options", [{"blend": "none"}, {"overlap": 0.0}])
def test_windows_that_do_not_overlap_are_refused(tmp_path: Path, options: dict[str, Any]) -> None:
    scene = save_scene(tmp_path / "scene.tif", image(70, 90))
    save_model(tmp_path / "tiny.onnx", patch=32)
    with pytest.raises(ParameterError, match="nothing to disagree about"):
        segment(scene, tmp_path / "c.tif", seams=tmp_path / "s.tif", model=str(tmp_path / "tiny.onnx"), **options)
    assert not (tmp_path / "c.tif").exists()


def test_shards_and_folders_have_seams_too(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    scene = save_scene(tmp_path / "in" / "a.tif", image(200, 90))
    model = str(save_model(tmp_path / "tiny.onnx", patch=32).path)
    shared = {"seams": tmp_path / "s.tif", "model": model, "block": 64}
    for number in (2, 1):
        segment_blocks(scene, tmp_path / "c.tif", f"{number}/2", **shared)
    segment(scene, tmp_path / "c.tif", **shared)
    batch(tmp_path / "in", tmp_path / "out", seams=True, model=model)
    batch(tmp_path / "in", tmp_path / "mosaic", seams=True, mosaic=True, model=model)
    whole = read(tmp_path / "s.tif")
    assert np.array_equal(read(tmp_path / "out" / "a_seams.tif"), whole)
    assert np.array_equal(read(tmp_path / "mosaic" / "a_seams.tif"), whole)


def test_the_command_line_tells_the_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scene = save_scene(tmp_path / "scene.tif", image(70, 90))
    save_model(tmp_path / "tiny.onnx", patch=32)
    command = ["segment", str(scene), "-o", str(tmp_path / "c.tif"), "--seams", str(tmp_path / "s.tif")]
    with pytest.raises(SystemExit, match="0"):
        main([*command, "--model", str(tmp_path / "tiny.onnx"), "--progress", "none"])
    seams = read(tmp_path / "s.tif")
    mean = seams[seams != NO_SEAM].mean()
    assert f"where windows overlap they disagreed by {mean:.1f} %" in capsys.readouterr().out

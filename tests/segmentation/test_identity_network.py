"""A network that gives back its input must give back the scene: nothing shifted, doubled, lost or computed twice."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from support import NORTH_UP, UTM, CountingEngine, Listener, blended_scores, card, image, predictor, read, save_scene

from aerialseg_core.config import SegmentConfig
from aerialseg_core.raster.classes import ClassScheme
from aerialseg_core.segmentation.job import Outputs
from aerialseg_core.segmentation.planning import plan_scene
from aerialseg_core.segmentation.segment import segment_scene

PATCH = 32
RGB = ClassScheme.of([("R", "#FF0000"), ("G", "#00FF00"), ("B", "#0000FF")])
IDENTITY = card(PATCH, RGB)

SIZES = [(31, 31), (32, 32), (33, 33), (37, 37), (101, 97), (1, 70), (70, 1), (1, 1), (20, 90), (2, 3)]
BLENDS = [("spline", 0.5), ("spline", 0.3), ("spline", 0.125), ("spline", 0.0), ("crop", 0.5), ("crop", 0.2)]


@pytest.mark.parametrize("shape", SIZES)
@pytest.mark.parametrize(("blend", "overlap"), [*BLENDS, ("none", 0.25)])
def test_the_identity_gives_back_the_scene(tmp_path: Path, shape: tuple[int, int], blend: str, overlap: float) -> None:
    pixels = image(*shape)
    scene = save_scene(tmp_path / "scene.tif", pixels)
    got = blended_scores(scene, predictor(CountingEngine(), IDENTITY), blend=blend, overlap=overlap)
    assert np.abs(got - pixels / 255).max() < 1e-6


@pytest.mark.parametrize(("shape", "side"), [((128, 128), 160), ((168, 340), 192), ((1, 1), 128), ((100, 100), 128)])
def test_the_identity_gives_back_the_scene_in_windows_that_fit_it(
    tmp_path: Path, shape: tuple[int, int], side: int
) -> None:
    pixels = image(*shape)
    scene, made = save_scene(tmp_path / "scene.tif", pixels), card(128, RGB)
    with plan_scene(str(scene), made, SegmentConfig()) as (plan, _):
        assert plan.patch == side
    got = blended_scores(scene, predictor(CountingEngine(), made))
    assert np.abs(got - pixels / 255).max() < 1e-6
    with plan_scene(str(scene), card(128, RGB, fixed_patch=True), SegmentConfig()) as (plan, _):
        assert plan.patch == 128


@pytest.mark.parametrize("tta", [4, 8])
def test_the_identity_survives_rotations_and_mirrors(tmp_path: Path, tta: int) -> None:
    pixels = image(45, 70)
    scene = save_scene(tmp_path / "scene.tif", pixels)
    got = blended_scores(scene, predictor(CountingEngine(), IDENTITY), tta=tta, overlap=0.25)
    assert np.abs(got - pixels / 255).max() < 1e-6


def _run(tmp_path: Path, scene: Path, engine: CountingEngine, **options: object) -> tuple[np.ndarray, Listener]:
    out, listener = tmp_path / "classes.tif", Listener()
    used = predictor(engine, IDENTITY)
    assert used.facts  # it is tried first, on patches of its own
    assert used.identity
    engine.calls, engine.seen = 0, []
    config = SegmentConfig(overlap=0.25, **options)  # type: ignore[arg-type]
    segment_scene(str(scene), Outputs(out, overwrite=True), used, config, listener)
    return read(out), listener


@pytest.mark.parametrize("block", [1, 24, 100, 10_000])
def test_no_window_runs_twice(tmp_path: Path, block: int) -> None:
    pixels = image(150, 110) + 1  # not 0: an all-zero patch looks like padding to the counter
    scene = save_scene(tmp_path / "scene.tif", pixels)
    engine = CountingEngine()
    classes, listener = _run(tmp_path, scene, engine, block=block)
    windows = 7 * 5  # stride 24, the first one begins 8 px before the edge
    assert engine.calls == windows == len(engine.seen) == len(set(engine.seen))
    assert listener.totals == [windows]
    assert listener.done == windows
    assert np.array_equal(classes, pixels.argmax(axis=0) + 1)


def test_windows_without_data_are_never_inferred(tmp_path: Path) -> None:
    """Data in one corner and in one single pixel far away from it: only the windows that see them run."""
    pixels = np.zeros((3, 200, 200), np.uint8)
    pixels[:, :40, :16] = image(40, 16) + 1
    pixels[:, 150, 150] = 9
    scene = save_scene(tmp_path / "scene.tif", pixels, nodata=0)
    engine = CountingEngine()
    classes, _ = _run(tmp_path, scene, engine, block=50)
    # stride 24: window k shows [24 k − 8, 24 k + 24)
    corner = 2 * 1  # rows 0…39 are seen by windows 0 and 1, columns 0…15 by window 0 alone
    pixel = 1  # 150 is seen by window 6 alone, which shows 136…167
    assert len(engine.seen) == engine.calls == corner + pixel
    assert np.array_equal(classes > 0, pixels.any(axis=0))


def test_a_scene_without_any_data_runs_no_window(tmp_path: Path) -> None:
    scene = save_scene(tmp_path / "scene.tif", np.zeros((3, 90, 60), np.uint8), nodata=0)
    engine = CountingEngine()
    classes, _ = _run(tmp_path, scene, engine)
    assert engine.calls == 0
    assert classes.shape == (90, 60)
    assert not classes.any()


def test_windows_outside_the_mask_polygons_are_skipped(tmp_path: Path) -> None:
    pixels = image(200, 200) + 1
    scene = save_scene(tmp_path / "scene.tif", pixels)
    left, top = NORTH_UP.c, NORTH_UP.f
    square = shapely.box(left + 100, top - 110, left + 110, top - 100)  # rows and columns 100…109
    geopandas.GeoDataFrame(geometry=[square], crs=UTM).to_crs(4326).to_file(tmp_path / "area.gpkg")
    engine = CountingEngine()
    classes, _ = _run(tmp_path, scene, engine, mask=str(tmp_path / "area.gpkg"))
    assert (
        len(engine.seen) == engine.calls == 1
    )  # window 4 of each axis shows 88…119, its neighbours end at 95 and begin at 112
    expected = np.zeros((200, 200), np.uint8)
    expected[100:110, 100:110] = pixels[:, 100:110, 100:110].argmax(axis=0) + 1
    assert np.array_equal(classes, expected)


def test_a_mask_polygon_that_crosses_itself_is_its_two_halves(tmp_path: Path) -> None:
    pixels = image(96, 96) + 1
    scene = save_scene(tmp_path / "scene.tif", pixels)
    left, top = NORTH_UP.c, NORTH_UP.f
    corners = [(10, 10), (70, 70), (70, 10), (10, 70)]
    eight = shapely.Polygon([(left + col, top - row) for col, row in corners])
    assert not eight.is_valid
    geopandas.GeoDataFrame(geometry=[eight], crs=UTM).to_file(tmp_path / "area.gpkg")
    classes, _ = _run(tmp_path, scene, CountingEngine(), mask=str(tmp_path / "area.gpkg"))
    inside = classes > 0
    assert inside[40, 15]
    assert inside[40, 65]
    assert not inside[15, 40]
    assert not inside[65, 40]
    assert abs(inside.sum() - 60 * 60 / 2) < 60
    assert np.array_equal(classes[inside], pixels.argmax(axis=0)[inside] + 1)


def test_an_extent_runs_only_the_windows_that_it_needs(tmp_path: Path) -> None:
    scene = save_scene(tmp_path / "scene.tif", image(200, 200) + 1)
    engine = CountingEngine()
    left, top = NORTH_UP.c, NORTH_UP.f
    classes, _ = _run(tmp_path, scene, engine, extent=(left + 100, top - 105, left + 105, top - 100))
    assert len(engine.seen) == engine.calls == 2 * 2  # the cell, and the windows before it
    assert classes.shape == (5, 5)


def test_scores_that_are_no_probabilities_still_decide(tmp_path: Path) -> None:
    """A network without softmax may score every class below zero: that is not the same as no data."""
    pixels = image(40, 50)
    scene = save_scene(tmp_path / "scene.tif", pixels)
    classes, _ = _run(tmp_path, scene, CountingEngine(lambda patches: patches - np.float32(2)))
    assert np.array_equal(classes, pixels.argmax(axis=0) + 1)

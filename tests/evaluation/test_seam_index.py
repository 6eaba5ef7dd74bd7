"""The seam index."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from support import CountingEngine, card, image, predictor, save_scene

from aerialseg_core.config import SegmentConfig
from aerialseg_core.evaluation.seam_index import MOST_WINDOWS, SeamCounts, count_seam_windows, count_seams
from aerialseg_core.model.scores import Scores
from aerialseg_core.progress import Reporter
from aerialseg_core.segmentation.predictor import Predictor

PATCH = 32
SIZE = (100, 130)


def network(wrong_near_the_edge: int) -> Predictor:
    """Three classes, by the strongest band; within so many pixels of an edge of the patch it says the next class."""

    def scores(batch: Scores) -> Scores:
        found = np.array(batch)
        steps = np.minimum(np.arange(PATCH), PATCH - 1 - np.arange(PATCH))
        edge: NDArray[np.bool_] = np.minimum(steps[:, None], steps[None]) < wrong_near_the_edge
        found[:, :, edge] = np.roll(found, 1, axis=1)[:, :, edge]
        return found

    from aerialseg_core.raster.classes import ClassScheme

    made = card(PATCH, ClassScheme.of([("a", "#000001"), ("b", "#000002"), ("c", "#000003")]))
    return predictor(CountingEngine(scores, patch=PATCH), made)


def seams(tmp_path: Path, wrong_near_the_edge: int, size: tuple[int, int] = SIZE) -> SeamCounts:
    scene = save_scene(tmp_path / "scene.tif", image(*size))
    return count_seams(str(scene), network(wrong_near_the_edge), SegmentConfig(), Reporter())


def test_a_network_that_does_not_know_where_it_is_has_index_1(tmp_path: Path) -> None:
    found = seams(tmp_path, 0)
    assert found.index == 1
    assert found.edge > 0
    assert found.edge == found.inside
    assert (found.edge_differ, found.inside_differ) == (0, 0)


def test_mistakes_at_the_edges_raise_it(tmp_path: Path) -> None:
    found = seams(tmp_path, 2)
    assert found.edge_differ > 0.99 * found.edge  # the band is two pixels wide: just there they differ, but for ties
    assert found.inside_differ == 0
    assert found.index == pytest.approx((1 + 0.001) / 0.001, rel=0.01)


def test_mistakes_everywhere_but_at_the_edges_are_no_seams(tmp_path: Path) -> None:
    assert seams(tmp_path, PATCH).index == 1  # wrong all over, but always alike


@pytest.mark.parametrize("size", [(5, 7), (1, 40), (20, 200)])
def test_images_smaller_than_a_patch_are_compared_too(tmp_path: Path, size: tuple[int, int]) -> None:
    found = seams(tmp_path, 0, size)
    assert found.index in (1, None)


def test_nothing_compared_has_no_index() -> None:
    assert SeamCounts().index is None
    assert (SeamCounts(4, 2, 4, 1) + SeamCounts(4, 2, 4, 1)).index == SeamCounts(8, 4, 8, 2).index


def test_a_large_image_is_looked_at_in_its_middle_only(tmp_path: Path) -> None:
    scene = save_scene(tmp_path / "scene.tif", image(300, 400))
    model = network(0)
    assert count_seam_windows(str(scene), model.model.card, SegmentConfig()) == MOST_WINDOWS**2
    count_seams(str(scene), model, SegmentConfig(), Reporter())
    assert isinstance(model.engine, CountingEngine)
    assert model.engine.calls == MOST_WINDOWS**2


def test_ground_without_data_is_not_compared(tmp_path: Path) -> None:
    pixels = image(*SIZE)
    pixels[:, :, 60:] = 0
    whole = seams(tmp_path, 0).edge
    scene = save_scene(tmp_path / "holes.tif", pixels, nodata=0)
    found = count_seams(str(scene), network(0), SegmentConfig(), Reporter())
    assert 0 < found.edge < whole

"""The same ground is found whatever the shift, rotation and scale, and only there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from auditing.factories import COLOURS, texture, write_pair
from hypothesis import given
from hypothesis import strategies as st
from support import NORTH_UP, UTM, save_scene

from aerialseg_core.auditing.agreement import compute_share, measure_agreement
from aerialseg_core.auditing.overlaps import (
    intersect_images,
    invert_matrix,
    measure_scale,
    shift_matrix,
    transform_points,
)
from aerialseg_core.auditing.relations import NO_SEARCH, find_relations
from aerialseg_core.datasets.labelled_data import LabelledData, open_data
from aerialseg_core.progress import Reporter

Opened = Callable[..., LabelledData]


def test_a_shift_is_found_to_the_pixel_and_the_agreement_counted(tmp_path: Path, opened: Opened) -> None:
    pytest.importorskip("cv2")
    whole = texture(500, 700)
    labels = np.random.default_rng(0).integers(0, 6, (500, 700)).astype(np.uint8)
    other = labels.copy()
    other[::2, ::2] = (other[::2, ::2] + 1) % 6  # a quarter of all pixels is labelled differently
    write_pair(tmp_path / "data" / "a", "one", whole[:400, :401], labels[:400, :401])
    write_pair(tmp_path / "data" / "b", "two", whole[100:, 200:], other[100:, 200:])
    data = opened()
    (ground,) = find_relations(data, Reporter()).grounds
    assert ground.matrix.tolist() == [[1, 0, 200], [0, 1, 100]]
    assert ground.pixels == 300 * 201
    (agreed,) = measure_agreement(data, ground.overlaps)
    assert agreed.pixels == ground.pixels
    assert compute_share(agreed.matrix) == pytest.approx(0.75, abs=0.01)


@pytest.mark.parametrize(("scale", "degrees"), [(1.0, 20.0), (0.8, -5.0), (1.01, 0.9)])
def test_rotation_and_scale_are_found(tmp_path: Path, opened: Opened, scale: float, degrees: float) -> None:
    cv2 = pytest.importorskip("cv2")
    whole = texture(600, 600)
    matrix = cv2.getRotationMatrix2D((300, 300), degrees, scale)
    turned = cv2.warpAffine(whole, matrix, (600, 600), flags=cv2.INTER_AREA)
    write_pair(tmp_path / "data" / "a", "one", whole)
    write_pair(tmp_path / "data" / "b", "two", turned[120:480, 120:480])
    (ground,) = find_relations(opened(), Reporter()).grounds
    assert ground.scale == pytest.approx(1 / scale, rel=0.005)
    assert ground.rotation == pytest.approx(degrees, abs=0.3)
    centre = transform_points(ground.matrix, np.array([[180.0, 180.0]]))
    assert np.abs(centre - 300).max() < 2


def test_strangers_do_not_overlap(tmp_path: Path, opened: Opened) -> None:
    pytest.importorskip("cv2")
    for number in range(5):
        write_pair(tmp_path / "data" / f"p{number}", "one", texture(300, 300, seed=number))
    relations = find_relations(opened(), Reporter())
    assert not relations.grounds
    assert not relations.duplicates


def test_a_stamp_in_both_is_no_common_ground(tmp_path: Path, opened: Opened) -> None:
    pytest.importorskip("cv2")
    stamp = texture(110, 110, seed=9)
    for number, corner in enumerate((80, 110)):
        image = texture(320, 320, seed=number)
        image[corner : corner + 110, corner : corner + 110] = stamp
        write_pair(tmp_path / "data" / f"p{number}", "one", image)
    assert not find_relations(opened(), Reporter()).grounds


def test_without_opencv_the_rest_is_found_and_a_sentence_says_so(
    tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    whole = texture(200, 400)
    write_pair(tmp_path / "data" / "a", "one", whole[:, :200])
    write_pair(tmp_path / "data" / "b", "two", whole[:, 200:])
    relations = find_relations(opened(), Reporter())
    assert [mosaic.members for mosaic in relations.mosaics] == [(0, 1)]
    (note,) = relations.notes
    assert note.startswith(NO_SEARCH)
    assert 'pip install "aerialseg[audit]"' in note


def test_georeferenced_images_overlap_by_their_footprints(tmp_path: Path) -> None:
    """One overlaps by 40 cols, one touches, one lies elsewhere; all look alike, which must not matter."""
    picture = np.moveaxis(texture(100, 100), -1, 0)
    for name, col in (("a", 0), ("b", 60), ("c", 160), ("d", 5000)):
        save_scene(tmp_path / f"{name}.tif", picture, crs=UTM, transform=NORTH_UP @ NORTH_UP.translation(col, 0))
        save_scene(tmp_path / f"{name}_mask.tif", np.broadcast_to(COLOURS[1][:, None, None], (3, 100, 100)))
    lines = [f'[[pairs]]\nimage = "{n}.tif"\nmask = "{n}_mask.tif"\n' for n in "abcd"]
    (tmp_path / "data.toml").write_text("\n".join(lines))
    data = open_data(tmp_path / "data.toml", strict=False)
    assert not [p for p in data.problems if p.fatal]
    relations = find_relations(data, Reporter())
    assert {(o.first, o.second): o.pixels for o in relations.overlaps} == {(0, 1): 4000}
    assert {mosaic.members for mosaic in relations.mosaics} == {(0,), (1, 2), (3,)}


matrices = st.builds(
    lambda scale, turn, x, y: np.array(
        [[scale * np.cos(turn), -scale * np.sin(turn), x], [scale * np.sin(turn), scale * np.cos(turn), y]]
    ),
    st.floats(0.3, 3),
    st.floats(-3, 3),
    st.floats(-50, 50),
    st.floats(-50, 50),
)


@given(matrices)
def test_a_matrix_and_its_inverse_cancel_out(matrix: np.ndarray) -> None:
    points = np.array([[0.0, 0], [10, 3], [-4, 8]])
    assert np.allclose(transform_points(invert_matrix(matrix), transform_points(matrix, points)), points, atol=1e-6)
    scale, turn = measure_scale(matrix)
    back_scale, back_turn = measure_scale(invert_matrix(matrix))
    assert scale * back_scale == pytest.approx(1)
    assert turn + back_turn == pytest.approx(0, abs=1e-6)


@given(matrices, st.tuples(st.integers(0, 30), st.integers(0, 30)), st.tuples(st.integers(0, 30), st.integers(0, 30)))
def test_parts_lie_to_each_other_as_their_wholes_do(
    matrix: np.ndarray, first: tuple[int, int], second: tuple[int, int]
) -> None:
    own = shift_matrix(matrix, np.array(first), np.array(second))
    point = np.array([[3.0, 4.0]])
    whole = transform_points(matrix, point + np.array(second)[::-1]) - np.array(first)[::-1]
    assert np.allclose(transform_points(own, point), whole)


@given(matrices)
def test_what_two_images_have_in_common_has_one_area(matrix: np.ndarray) -> None:
    here = intersect_images(matrix, (40, 50), (30, 20)).area
    there = intersect_images(invert_matrix(matrix), (30, 20), (40, 50)).area
    assert here == pytest.approx(there * measure_scale(matrix)[0] ** 2, rel=1e-6, abs=1e-6)

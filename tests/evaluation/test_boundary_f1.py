"""Boundary F1."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from aerialseg_core.evaluation.boundary_f1 import (
    MARGIN,
    TOLERANCE,
    average_boundary_f1,
    count_boundaries,
    round_boundary_f1,
)
from aerialseg_core.metrics import IGNORE
from aerialseg_core.raster.window import Window

Labels = NDArray[np.uint8]

maps = arrays(np.uint8, st.tuples(st.integers(1, 24), st.integers(1, 24)), elements=st.integers(0, 2))


def square(shift: int, side: int = 60) -> Labels:
    """A square of class 1 on class 0, moved to the right."""
    labels = np.zeros((side, side), np.uint8)
    labels[20:40, 10 + shift : 30 + shift] = 1
    return labels


@given(maps)
def test_equal_maps_score_1_wherever_there_is_a_boundary(labels: Labels) -> None:
    counts = count_boundaries(labels, labels, 3)
    assert [value for value in round_boundary_f1(counts) if value is not None] == [1.0] * int((counts[:, 0] > 0).sum())


def test_one_colour_has_no_boundary() -> None:
    plain = np.zeros((9, 9), np.uint8)
    counts = count_boundaries(plain, plain, 2)
    assert round_boundary_f1(counts) == [None, None]
    assert average_boundary_f1(counts, [0, 1]) is None


def test_a_boundary_that_only_one_of_them_has_scores_0() -> None:
    assert round_boundary_f1(count_boundaries(square(0), np.zeros((60, 60), np.uint8), 2)) == [0.0, 0.0]


def test_a_shift_within_the_tolerance_is_forgiven_and_a_larger_one_is_not() -> None:
    found = [
        round_boundary_f1(count_boundaries(square(0), square(shift), 2))[1] for shift in range(16)
    ]  # before sides meet
    assert found[: TOLERANCE + 1] == [1.0] * (TOLERANCE + 1)
    beyond = np.array(found[TOLERANCE:], float)
    assert (np.diff(beyond) <= 0).all()
    assert beyond[1] < 1
    assert beyond[-1] < 0.4


@settings(deadline=None, max_examples=40)
@given(maps, st.data())
def test_it_is_the_definition(labels: Labels, data: st.DataObject) -> None:
    predicted = data.draw(arrays(np.uint8, labels.shape, elements=st.integers(0, 2)))
    ignored = data.draw(arrays(bool, labels.shape))
    labels = np.where(ignored, IGNORE, labels).astype(np.uint8)
    counts = count_boundaries(labels, predicted, 3)
    for index in range(3):
        truth, guess = ([*_boundary(plane, labels != IGNORE, index)] for plane in (labels, predicted))
        expected = [len(truth), _close(truth, guess), len(guess), _close(guess, truth)]
        assert counts[index].tolist() == expected


def _boundary(plane: Labels, valid: NDArray[np.bool_], index: int) -> list[tuple[int, int]]:
    found = []
    rows, cols = plane.shape
    for row, col in zip(*np.nonzero(valid & (plane == index)), strict=True):
        around = [(row - 1, col), (row + 1, col), (row, col - 1), (row, col + 1)]
        inside = [(r, c) for r, c in around if 0 <= r < rows and 0 <= c < cols and valid[r, c]]
        if any(plane[place] != index for place in inside):
            found.append((int(row), int(col)))
    return found


def _close(some: list[tuple[int, int]], others: list[tuple[int, int]]) -> int:
    return sum(any((r - a) ** 2 + (c - b) ** 2 <= TOLERANCE**2 for a, b in others) for r, c in some)


@given(maps, st.data())
def test_what_is_predicted_where_nothing_is_labelled_does_not_matter(labels: Labels, data: st.DataObject) -> None:
    ignored = data.draw(arrays(bool, labels.shape))
    labels = np.where(ignored, IGNORE, labels).astype(np.uint8)
    predicted = data.draw(arrays(np.uint8, labels.shape, elements=st.integers(0, 2)))
    other = np.where(ignored, data.draw(st.integers(0, 2)), predicted).astype(np.uint8)
    assert np.array_equal(count_boundaries(labels, predicted, 3), count_boundaries(labels, other, 3))


@given(st.integers(0, 1000), st.integers(1, 40))
def test_windows_with_a_margin_count_what_the_whole_counts(seed: int, cut: int) -> None:
    rng = np.random.default_rng(seed)
    labels, predicted = (np.kron(rng.integers(0, 3, (12, 8)), np.ones((4, 4))).astype(np.uint8) for _ in range(2))
    labels[rng.random(labels.shape) < 0.02] = IGNORE
    total = np.zeros((3, 4), np.int64)
    for top, bottom in ((0, cut), (cut, len(labels))):
        first, last = max(top - MARGIN, 0), min(bottom + MARGIN, len(labels))
        core = Window(top - first, 0, bottom - top, labels.shape[1])
        total += count_boundaries(labels[first:last], predicted[first:last], 3, core=core)
    assert np.array_equal(total, count_boundaries(labels, predicted, 3))


def test_the_mean_leaves_out_what_has_no_boundary() -> None:
    counts = np.array([[10, 10, 10, 10], [0, 0, 0, 0], [10, 5, 10, 5]])
    assert average_boundary_f1(counts, [0, 1, 2]) == pytest.approx(0.75)

"""Which squares are chosen."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aerialseg_core.review.squares import Lattice, choose_squares, weigh_rarity


@st.composite
def scores(draw):
    shape = draw(st.tuples(st.integers(1, 12), st.integers(1, 12)))
    found = np.random.default_rng(draw(st.integers(0, 99))).random(shape)
    found[found < draw(st.sampled_from([0.0, 0.2, 0.7]))] = np.nan
    return found


@given(scores(), st.integers(1, 40), st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.integers(0, 5))
def test_no_two_squares_touch_and_each_has_data(score, count, share, seed):
    chosen = choose_squares(score, count, check_share=share, seed=seed)
    assert len(chosen) <= count
    assert bool(chosen) == bool(np.isfinite(score).any())
    assert all(np.isfinite(score[one.row, one.col]) for one in chosen)
    for one, other in combinations(chosen, 2):
        assert max(abs(one.row - other.row), abs(one.col - other.col)) > 1


@given(scores(), st.integers(4, 40), st.integers(0, 5))
def test_those_to_check_with_keep_their_share_and_do_not_depend_on_the_score(score, count, seed):
    chosen = choose_squares(score, count, check_share=0.25, seed=seed)
    checks = {(one.row, one.col) for one in chosen if one.role == "check"}
    assert len(checks) <= max(1, round(count / 4))
    other = choose_squares(-score, count, check_share=0.25, seed=seed)
    assert checks == {(one.row, one.col) for one in other if one.role == "check"}


def test_those_to_train_on_have_the_highest_score():
    score = np.arange(100.0).reshape(10, 10)
    chosen = choose_squares(score, 4, check_share=0, seed=0)
    assert [(one.row, one.col) for one in chosen] == [(9, 9), (9, 7), (9, 5), (9, 3)]
    assert choose_squares(score, 4, check_share=0.5, seed=1) == choose_squares(score, 4, check_share=0.5, seed=1)
    assert choose_squares(score, 4, check_share=0.5, seed=1) != choose_squares(score, 4, check_share=0.5, seed=2)


def test_every_square_is_drawn_to_check_with_about_as_often():
    drawn = np.zeros((5, 5))
    for seed in range(2000):
        for one in choose_squares(np.zeros((5, 5)), 1, check_share=1, seed=seed):
            drawn[one.row, one.col] += 1
    assert drawn.min() > 50  # 80 are to be expected
    assert drawn.max() < 115


def test_a_rare_class_counts_by_the_root_of_its_share():
    weights = weigh_rarity(np.array([9900, 100, 0]))
    np.testing.assert_allclose(weights[1] / weights[0], 99**0.5)
    assert weights[2] == 0


@given(st.tuples(st.integers(1, 99), st.integers(1, 99)), st.tuples(st.integers(1, 30), st.integers(1, 30)))
def test_squares_of_a_lattice_lie_inside_the_raster_and_not_on_each_other(raster, side):
    lattice = Lattice.over(raster, side)
    covered = np.zeros(raster, int)
    for row in range(lattice.shape[0]):
        for col in range(lattice.shape[1]):
            window = lattice.window(row, col)
            covered[window.slices] += 1
            assert covered[window.slices].shape == side
    assert covered.max(initial=0) <= 1

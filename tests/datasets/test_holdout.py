"""What is held out: about a share, from every class, and folds of equal size."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aerialseg_core.datasets.holdout import choose, deal, deal_alike


@settings(deadline=None)
@given(st.integers(2, 150), st.floats(0.05, 0.6), st.integers(0, 2**32 - 1))
def test_something_is_chosen_and_something_left(n: int, share: float, seed: int) -> None:
    counts = np.random.default_rng(seed).integers(0, 1000, (n, 3)) + 1
    held = choose(counts, share)
    assert 0 < len(held) < n
    assert list(held) == sorted(set(held))
    if n > 20:
        assert abs(counts[list(held)].sum() / counts.sum() - share) < 0.1


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=40), st.data())
def test_folds_are_about_equal(pixels: list[int], data: st.DataObject) -> None:
    k = data.draw(st.integers(1, len(pixels)))
    folds = deal(np.array(pixels), k)
    assert sorted(itertools.chain(*folds)) == list(range(len(pixels)))
    assert all(folds)
    loads = [sum(pixels[i] for i in fold) for fold in folds]
    assert max(loads) - min(loads) <= max(pixels)


@settings(deadline=None)
@given(st.integers(1, 30), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_units_are_dealt_once_and_no_side_is_empty(n: int, k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 1000, (n, 4)) * rng.integers(0, 2, (n, 4))
    shares = rng.uniform(0.1, 1, min(k, n))
    sides = deal_alike(counts, list(shares / shares.sum()))
    assert sorted(itertools.chain(*sides)) == list(range(n))
    assert all(sides)
    assert sides == deal_alike(counts, list(shares / shares.sum()))


@given(st.integers(0, 2**32 - 1), st.sampled_from([[0.25] * 4, [0.25, 0.75]]))
def test_every_side_has_its_share_of_every_kind(seed: int, shares: list[float]) -> None:
    """Of two kinds, eight units of equal size each: two of either kind for a quarter, whatever their order."""
    order = np.random.default_rng(seed).permutation(16)
    counts = np.repeat([[100, 0], [0, 7]], 8, axis=0)[order]
    for side, share in zip(deal_alike(counts, shares), shares, strict=True):
        assert counts[list(side)].sum(axis=0).tolist() == [800 * share, 56 * share]


def test_units_are_exchanged_where_the_largest_first_is_not_the_best() -> None:
    sides = deal_alike(np.array([[8], [7], [6], [5], [4]]), [0.5, 0.5])
    assert sorted(sides) == [(0, 1), (2, 3, 4)]

"""What is held out: about a share, from every class, and folds of equal size."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aerialseg_core.datasets.holdout import choose, deal


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

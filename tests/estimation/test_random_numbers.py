"""Random numbers of places are those of SplitMix64, and depend on nothing but seed and place."""

from __future__ import annotations

import numpy as np

from aerialseg_core.estimation import random_numbers
from aerialseg_core.estimation.random_numbers import draw_numbers, to_share


def test_the_sequence_is_that_of_the_published_generator() -> None:
    """Its first outputs from the state 1234567, as Rosetta Code and the authors' C code give them."""
    start = np.uint64(1234567)
    state = np.arange(1, 4).astype(np.uint64) * random_numbers._GAMMA + start
    known = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    assert random_numbers._mix(state).tolist() == known


def test_a_place_has_its_number_wherever_it_is_asked_for() -> None:
    together = draw_numbers(7, np.arange(1000).reshape(10, 100))
    assert together[3, 14] == draw_numbers(7, np.array([314]))[0]
    assert len(np.unique(together)) == 1000
    assert not np.isin(draw_numbers(8, np.arange(1000)), together).any()


def test_numbers_are_spread_evenly() -> None:
    shares = to_share(draw_numbers(1, np.arange(100_000)))
    assert shares.min() >= 0
    assert shares.max() < 1
    counts = np.histogram(shares, 50, (0, 1))[0]
    assert np.sum((counts - 2000) ** 2 / 2000) < 85  # the 0.999 quantile of χ² with 49 degrees of freedom
    assert abs(np.corrcoef(shares[:-1], shares[1:])[0, 1]) < 0.02

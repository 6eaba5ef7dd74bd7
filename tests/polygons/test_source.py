"""Class rows: the majority filter against votes that are counted pixel by pixel."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polygons.test_sieve import rasters

from aerialseg_core.polygons.source import filter_majority


def by_hand(pixels, side):
    smooth = pixels.copy()
    for row, col in np.argwhere(pixels):
        around = pixels[max(0, row - side // 2) : row + side // 2 + 1, max(0, col - side // 2) : col + side // 2 + 1]
        votes = np.bincount(around[around > 0], minlength=256)
        own = pixels[row, col]
        smooth[row, col] = own if votes[own] == votes.max() else votes.argmax()
    return smooth


@settings(max_examples=60, deadline=None)
@given(rasters, st.sampled_from([1, 3, 5, 21]))
def test_majority(pixels, side):
    np.testing.assert_array_equal(filter_majority(np.pad(pixels, side // 2), side), by_hand(pixels, side))


@pytest.mark.parametrize("side", [3, 101])
def test_majority_over_a_large_window(side):
    pixels = np.random.default_rng(1).integers(0, 3, (130, 90), np.uint8)
    smooth = filter_majority(np.pad(pixels, side // 2), side)
    for row, col in ((0, 0), (64, 40), (129, 89)):
        around = pixels[max(0, row - side // 2) : row + side // 2 + 1, max(0, col - side // 2) : col + side // 2 + 1]
        votes = np.bincount(around[around > 0], minlength=3)
        assert pixels[row, col] == 0 or votes[smooth[row, col]] == votes.max()
    assert ((smooth == 0) == (pixels == 0)).all()

"""Connected components: numbers against those of a flood fill, for all strip heights."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from polygons.test_sieve import rasters, regions_of

from aerialseg_core.polygons.labeling import NO_REGION, Labeler, find_components


@settings(max_examples=100, deadline=None)
@given(rasters, st.booleans())
def test_regions_are_numbered_in_reading_order_whatever_the_strips(pixels, diagonally):
    expected = regions_of(pixels, diagonally)
    for height in range(1, len(pixels) + 1):
        labeler, above, one = Labeler(diagonally=diagonally), np.zeros_like(pixels[:1]), np.zeros(0, np.int64)
        found = []
        for row in range(0, len(pixels), height):
            strip = np.concatenate([above, pixels[row : row + height]])
            above = strip[-1:]
            labels = labeler.label(strip, len(one))
            one = np.concatenate([one, len(one) + np.arange(len(labels.fresh))])
            known, smaller = labels.joined
            one[known] = smaller
            found.append(labels.region[labels.run[1:]])
        while not np.array_equal(one, one[one]):
            one = one[one]
        number = np.concatenate(found)
        _, number[number != NO_REGION] = np.unique(one[number[number != NO_REGION]], return_inverse=True)
        np.testing.assert_array_equal(number, expected)


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11))))
def test_the_smallest_node_stands_for_a_component(edges):
    found = find_components(12, *np.array(edges, np.int64).reshape(-1, 2).T)
    smallest = list(range(12))
    for _ in range(12):
        for one, other in edges:
            smallest[one] = smallest[other] = min(smallest[one], smallest[other])
    assert found.tolist() == smallest

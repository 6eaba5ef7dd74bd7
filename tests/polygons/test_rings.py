"""Rings: half-edges put in order."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aerialseg_core.polygons.rings import link_cycles, order_cycles


@given(st.integers(0, 40).flatmap(lambda count: st.permutations(range(count))))
def test_cycles_are_walked_one_after_the_other_from_their_smallest_member(permutation):
    successor = np.array(permutation, np.int64)
    order, offsets = order_cycles(successor)
    assert sorted(order.tolist()) == list(range(len(permutation)))
    assert (successor[order] == order[link_cycles(offsets)]).all()
    cycles = [order[first:stop] for first, stop in pairwise(offsets)]
    assert all(cycle[0] == cycle.min() for cycle in cycles)
    assert [cycle[0] for cycle in cycles] == sorted(cycle[0] for cycle in cycles)

"""Labels from colours."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aerialseg_core.classes import IGNORE, MBRSC
from aerialseg_core.labelled.labels import Census, encode_colours, total


def test_every_colour_of_the_scheme_gives_its_label() -> None:
    colours = np.array([MBRSC.colours], np.uint8)
    np.testing.assert_array_equal(encode_colours(colours, MBRSC), [range(6)])


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_any_other_colour_is_ignored_and_never_a_class(colour: tuple[int, int, int]) -> None:
    label = encode_colours(np.array([[colour]], np.uint8), MBRSC)[0, 0]
    assert label == (MBRSC.colours.index(colour) if colour in MBRSC.colours else IGNORE)


def test_a_colour_that_is_off_by_one_is_ignored() -> None:
    for red, green, blue in MBRSC.colours:
        assert encode_colours(np.array([[(red, green, blue ^ 1)]], np.uint8), MBRSC)[0, 0] == IGNORE


def test_counts_add_up() -> None:
    assert total([Census((1, 2), 5), Census((3, 4), 0)]).tolist() == [4, 6]

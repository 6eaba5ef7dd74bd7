"""New outlines among all other edges: a valid coverage whatever is around them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from polygons.test_orthogonalize import BUILDING, LAND, ROAD, angles, coverage, drawn, rectangle

from aerialseg_core.polygons.simplify import Refinement

figures = st.lists(
    st.tuples(
        st.builds(
            rectangle,
            st.integers(-5, 65),
            st.integers(-5, 65),
            st.integers(3, 40),
            st.integers(3, 40),
            st.floats(0, 90),
        ),
        st.sampled_from([BUILDING, BUILDING, LAND, ROAD, 0]),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(
    figures,
    st.integers(24, 64),
    st.builds(Refinement, st.sampled_from([0.0, 0.7, 1.0, 2.0]), st.integers(0, 2), st.just(frozenset({BUILDING}))),
)
@example(
    [(rectangle(36, 44, 3, 3), 0), (rectangle(40, 29, 29, 9, 47), BUILDING)],
    24,
    Refinement(0, 0, frozenset({BUILDING})),
)
def test_whatever_is_around_them_they_are_a_coverage_of_the_same_ground(figures, side, refinement):
    pixels = drawn((60, 60), *figures)
    found, values, squared = coverage(pixels, side, refinement)
    before, values_before, _ = coverage(pixels, side, refinement, square=False)
    assert values.tolist() == values_before.tolist()
    assert shapely.is_valid(found).all()
    assert shapely.coverage_is_valid(found)
    assert shapely.is_ccw(shapely.get_exterior_ring(found)).all()
    if squared == 0:
        assert (shapely.to_wkb(found) == shapely.to_wkb(before)).all()
    free, free_before = found[values == 0], before[values == 0]
    assert (shapely.to_wkb(shapely.normalize(free)) == shapely.to_wkb(shapely.normalize(free_before))).all()
    assert shapely.union_all(found).equals(shapely.box(0, -60, 60, 0))
    np.testing.assert_allclose(shapely.area(found).sum(), 3600, rtol=1e-12)


@pytest.mark.parametrize(
    "figures",
    [
        [(rectangle(30, 30, 20, 30, 20), BUILDING), (rectangle(30, 48, 60, 20), 0)],
        [(shapely.Polygon([(5, 5), (50, 8), (28, 50)]), BUILDING)],
        [(rectangle(30, 30, 3, 3, 45), BUILDING)],
        [(rectangle(5, 30, 20, 30, 20), BUILDING)],
        [(shapely.Point(30, 30).buffer(22) - shapely.Point(30, 40).buffer(20), BUILDING)],
    ],
    ids=["beside no data", "a triangle", "a speck", "cut by the end of the raster", "a crescent"],
)
def test_what_stays_as_it_is(figures):
    pixels = drawn((60, 60), *figures)
    refinement = Refinement(1, 0, frozenset({1}))
    found, _, squared = coverage(pixels, 64, refinement)
    assert squared == 0
    assert (shapely.to_wkb(found) == shapely.to_wkb(coverage(pixels, 64, refinement, square=False)[0])).all()


def test_a_path_that_ends_at_a_wall_still_does():
    path = rectangle(30, 10, 5, 30, 7)
    house = rectangle(30, 40, 30, 40, 15)
    found, values, squared = coverage(
        drawn((60, 70), (path, ROAD), (house, BUILDING)), 128, Refinement(1, 0, frozenset({BUILDING}))
    )
    assert squared == 1
    [outline], [way] = found[values == BUILDING], found[values == ROAD]
    assert shapely.length(shapely.intersection(outline.boundary, way.boundary)) > 3
    assert shapely.coverage_is_valid(found)


def test_of_two_outlines_that_meet_the_larger_one_is_squared():
    """Two circles that are nearly squares: what the corners need is the same ground."""
    large, small = (shapely.box(10, 10, 50, 50), shapely.box(53, 20, 75, 42))
    pixels = drawn((60, 90), (large.buffer(-5).buffer(5), BUILDING), (small.buffer(-3).buffer(3), BUILDING))
    found, values, squared = coverage(pixels, 128, Refinement(1, 0, frozenset({BUILDING})))
    assert squared >= 1
    assert angles(found[values == BUILDING][0]).max() < 1
    assert shapely.coverage_is_valid(found)

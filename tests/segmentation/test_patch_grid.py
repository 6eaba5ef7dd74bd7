"""The laws of the window grid."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aerialseg_core.errors import ParameterError
from aerialseg_core.raster.window import Window, reflect, spans
from aerialseg_core.segmentation.patch_grid import (
    SIDE_STEP,
    Axis,
    PatchGrid,
    compute_overlap,
    estimate_cost,
    find_largest_side,
    fit_patch,
)

law = settings(deadline=None, max_examples=50)


@st.composite
def axes(draw: st.DrawFn) -> Axis:
    patch = draw(st.integers(1, 64))
    return Axis(draw(st.integers(1, 400)), patch, 2 * draw(st.integers(0, patch // 4)))


windows = st.builds(Window, *(st.integers(0, 12),) * 2, *(st.integers(1, 12),) * 2)


@law
@given(st.tuples(*(st.integers(1, 3000),) * 2), st.integers(1, 700), st.floats(0, 0.5))
def test_fitted_windows_take_no_more_time_than_those_of_the_card(
    shape: tuple[int, int], patch: int, share: float
) -> None:
    overlap = compute_overlap(patch, share)
    side = fit_patch(shape, patch, overlap)
    assert patch <= side <= find_largest_side(patch)
    assert side == patch or side % SIDE_STEP == patch % SIDE_STEP == 0
    taken, before = (len(PatchGrid.over(shape, n, overlap)) * estimate_cost(n, patch) for n in (side, patch))
    assert taken <= before


def test_one_window_is_enough_for_a_scene_that_is_little_larger_than_a_patch() -> None:
    assert len(PatchGrid.over((512, 512), 512, 52)) == 4
    assert fit_patch((512, 512), 512, 52) == 640  # an overlap before the first pixel, and one after the last
    assert len(PatchGrid.over((512, 512), 640, 52)) == 1


@law
@given(axes())
def test_cells_tile_the_axis_exactly(axis: Axis) -> None:
    edges = [axis.cell(k) for k in range(len(axis))]
    assert edges[0][0] == 0
    assert edges[-1][1] == axis.size
    assert all(before[1] == after[0] for before, after in pairwise(edges))
    assert edges[-1][1] > edges[-1][0], "the last window finishes something"


@law
@given(axes())
def test_a_pixel_lies_in_at_most_two_windows_and_in_those_that_windows_over_names(axis: Axis) -> None:
    for pixel in range(axis.size):
        covering = {k for k in range(len(axis)) if axis.start(k) <= pixel < axis.start(k) + axis.patch}
        named = axis.windows_over(pixel, pixel + 1)
        assert 1 <= len(covering) <= 2
        assert covering <= set(named)
        assert named.stop - 1 in covering
        assert len(named) <= 2


@law
@given(axes(), st.data())
def test_windows_over_a_span_are_those_over_its_pixels(axis: Axis, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, axis.size - 1))
    stop = data.draw(st.integers(start + 1, axis.size))
    one_by_one = {k for pixel in range(start, stop) for k in axis.windows_over(pixel, pixel + 1)}
    assert set(axis.windows_over(start, stop)) == one_by_one
    cells = axis.cells_over(start, stop)
    assert axis.cell(cells.start)[0] <= start
    assert axis.cell(cells.stop - 1)[1] >= stop


@law
@given(axes(), st.data())
def test_the_pixels_of_windows_are_the_reflected_axis(axis: Axis, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(axis) - 1))
    last = data.draw(st.integers(first, len(axis) - 1))
    pixels = axis.pixels(range(first, last + 1))
    before, after = axis.overlap, axis.start(len(axis) - 1) + axis.patch
    padded = _bounced(axis.size, before, max(0, after - axis.size))
    start = axis.start(first) + before
    assert np.array_equal(pixels, padded[start : start + len(pixels)])
    assert len(pixels) == axis.start(last) + axis.patch - axis.start(first)


def _bounced(size: int, before: int, after: int) -> list[int]:
    """Indices of an axis padded by walking to and fro between its ends."""
    if size == 1:
        return [0] * (before + size + after)
    walk = [*range(size), *range(size - 2, 0, -1)]
    forth = [walk[i % len(walk)] for i in range(size + after)]
    back = [walk[i % len(walk)] for i in range(1, before + 1)]
    return back[::-1] + forth


@law
@given(st.integers(1, 20), st.integers(0, 70), st.integers(0, 70))
def test_reflect_folds_as_often_as_needed(size: int, before: int, after: int) -> None:
    assert reflect(np.arange(-before, size + after), size).tolist() == _bounced(size, before, after)


@law
@given(st.integers(2, 20), st.data())
def test_reflect_is_the_reflection_of_numpy(size: int, data: st.DataObject) -> None:
    """Only up to one fold: numpy 1.26 goes wrong after that, numpy 2 does not."""
    before, after = data.draw(st.tuples(*(st.integers(0, size - 1),) * 2))
    expected = np.pad(np.arange(size), (before, after), mode="reflect")
    assert np.array_equal(reflect(np.arange(-before, size + after), size), expected)


@law
@given(axes().filter(lambda axis: len(axis) < 30), st.integers(1, 30))
def test_a_grid_is_a_sequence_row_by_row(rows: Axis, size: int) -> None:
    cols = Axis(size, rows.patch, rows.overlap)
    grid = PatchGrid(rows, cols)
    assert len(grid) == len(rows) * len(cols)
    listed = list(grid)
    assert listed == [
        Window(rows.start(k), cols.start(j), rows.patch, rows.patch) for k in range(len(rows)) for j in range(len(cols))
    ]
    assert grid[-1] == listed[-1]
    assert grid[1:5] == listed[1:5]
    assert grid.index(listed[-1]) == len(grid) - 1
    with pytest.raises(IndexError):
        grid[len(grid)]


@law
@given(windows, windows)
def test_an_intersection_is_the_same_pixels_in_both_views(a: Window, b: Window) -> None:
    raster = np.arange(24 * 24).reshape(24, 24)
    common = a.intersection(b)
    assert common == b.intersection(a)
    inside = np.zeros(raster.shape, int)
    inside[a.slices] += 1
    inside[b.slices] += 1
    if common is None:
        assert inside.max() < 2
        return
    assert np.array_equal(raster[common.slices], raster[a.slices][common.relative_to(a).slices])
    assert np.array_equal(raster[common.slices], raster[b.slices][common.relative_to(b).slices])
    assert common.height * common.width == (inside == 2).sum()


@law
@given(st.integers(1, 2048), st.floats(0, 0.5))
def test_an_overlap_in_pixels_is_even_and_one_that_the_grid_accepts(patch: int, share: float) -> None:
    overlap = compute_overlap(patch, share)
    assert Axis(10, patch, overlap).overlap == overlap
    assert abs(overlap - patch * share) <= 2


@pytest.mark.parametrize(("size", "patch", "overlap"), [(0, 8, 2), (9, 0, 0), (9, 8, 3), (9, 8, -2), (9, 8, 6)])
def test_an_impossible_grid_is_refused(size: int, patch: int, overlap: int) -> None:
    with pytest.raises(ParameterError, match="No window grid"):
        Axis(size, patch, overlap)


@law
@given(st.integers(-50, 50), st.integers(0, 90), st.integers(1, 40))
def test_spans_are_consecutive(start: int, length: int, step: int) -> None:
    cut = list(spans(start, start + length, step))
    assert [i for a, b in cut for i in range(a, b)] == list(range(start, start + length))
    assert all(0 < b - a <= step for a, b in cut)

"""The grid of vertices: numbers and points, on the grid of pixels and on finer ones."""

from __future__ import annotations

import numpy as np
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from aerialseg_core.raster.vertex_grid import VertexGrid

SIZES = st.integers(1, 30)


@settings(deadline=None)
@given(SIZES, SIZES, st.integers(1, 8))
def test_every_point_has_a_number_of_its_own_in_reading_order(rows, cols, parts):
    grid = VertexGrid(rows, cols).finer(parts)
    row, col = np.indices((grid.rows + 1, grid.cols + 1))
    vertex = grid.number(row, col)
    np.testing.assert_array_equal(vertex.ravel(), np.arange(vertex.size))
    np.testing.assert_array_equal(grid.locate(vertex), (row, col))
    np.testing.assert_array_equal(grid.row_of(vertex), row)


@settings(deadline=None)
@given(SIZES, SIZES, st.integers(1, 8), st.integers(1, 8))
def test_a_finer_grid_has_the_same_corners_of_pixels_at_the_same_places(rows, cols, one, other):
    grid, transform = VertexGrid(rows, cols), Affine(0.5, 0.25, 7.0, -0.25, 0.5, 3.0)
    fine = grid.finer(one).finer(other)
    assert fine == grid.finer(one * other)
    row, col = np.indices((rows + 1, cols + 1))
    corners = fine.number(row * fine.fine, col * fine.fine)
    on_map = fine.to_map(corners, transform * Affine.scale(1 / fine.fine))
    np.testing.assert_allclose(on_map, grid.to_map(grid.number(row, col), transform), atol=1e-12)

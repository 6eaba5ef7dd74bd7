"""Arcs: boundaries that are not closed yet, and what becomes of them where tiles meet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aerialseg_core.polygons.rings import HalfEdges
from aerialseg_core.polygons.stitching import Arcs
from aerialseg_core.raster.vertex_grid import VertexGrid


def square(row, col, region, grid):
    """The half-edges of a pixel, walked with it on the left; rows count downwards."""
    vertex = grid.number(np.array([row, row + 1, row + 1, row]), np.array([col, col, col + 1, col + 1]))
    return HalfEdges(grid, vertex, np.array([1, 2, 3, 0]), np.full(4, region, np.int64))


def arcs_of(*squares):
    """Arcs of pixels that are tiles of their own."""
    return Arcs.concatenate(squares[0].grid, [Arcs.cut(edges, np.zeros(4, np.bool_), 1) for edges in squares])


def test_pieces_of_a_region_lose_what_is_between_them_and_others_keep_it():
    grid = VertexGrid(1, 3)
    joined = arcs_of(square(0, 0, 0, grid), square(0, 1, 0, grid), square(0, 2, 1, grid)).join()
    rings = joined.to_rings()
    assert sum(len(part) for part in rings) == 2
    assert sorted(area for part in rings for area in part.area.tolist()) == [1.0, 2.0]
    assert sorted(v for part in rings for v in part.vertex.tolist()) == sorted([0, 4, 5, 6, 2, 1, 0, 2, 6, 7, 3, 2])


def test_a_ring_is_closed_when_it_does_not_reach_what_is_not_known_yet():
    grid = VertexGrid(2, 2)
    arcs = arcs_of(square(0, 0, 0, grid), square(1, 1, 1, grid))
    closed, others = arcs.split_closed(grid.row_of(arcs.start) == 2)
    assert set(closed.region.tolist()) == {0}
    assert set(others.region.tolist()) == {1}
    assert others.on_line.sum() == 2  # those that start at the bottom; of the others both sides are known


def test_boundaries_that_lead_nowhere_are_an_error_and_not_a_hang():
    grid = VertexGrid(2, 2)
    arcs = arcs_of(square(0, 0, 0, grid), square(0, 1, 0, grid))
    broken = np.array([2, 2, 2, 3, 4, 4, 4, 4])  # no permutation
    with pytest.raises(RuntimeError, match="do not fit together"):
        replace(arcs, successor=broken).join()

"""The data types of regions: what becomes of vertices that are displaced."""

from __future__ import annotations

import numpy as np

from aerialseg_core.polygons.regions import GONE, Displacements
from aerialseg_core.polygons.rings import RingSet
from aerialseg_core.raster.vertex_grid import VertexGrid


def test_displacements_are_the_same_in_every_polygon():
    vertex, offsets = np.array([0, 10, 11, 1, 0]), (np.array([0, 5]), np.array([0, 1]))
    square = RingSet(VertexGrid(9, 9), vertex, *offsets, np.zeros(1, np.int64), np.ones(1))
    moved = Displacements.collect([(np.array([11]), np.array([22])), (np.array([0]), np.array([GONE]))])
    assert moved.apply(square).vertex.tolist() == [10, 22, 1, 10]
    assert Displacements.collect([]).apply(square) is square

"""Squaring: outlines of buildings get right angles, each along a direction of its own. Arrays only, no I/O.

The sides of an outline are sorted into four headings, along and across the main direction of the building. Sides of one
heading that follow each other are a wall; a wall lies where it takes away as much as it adds. Walls that
are too short go, and those before and after become one. What is left has right angles: each corner is where two
walls meet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ..raster.vertex_grid import Ints, VertexGrid
from .labeling import compressed
from .rings import RingSet, neighbours, open_rings

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

CLEAR = 1.5
"""Slack of the lines that say the main direction, in that of the walls: no steps of a slanted wall are left in them."""

DEGREES = 2
"""Steps in which the main direction is looked for."""

NEAR = 12
"""Sides that are as near to the main direction tell it exactly, degrees."""

RECTANGLE = 4
"""Walls of the simplest outline."""


@dataclass(frozen=True)
class SquaredRings:
    """Polygons with squared rings, vertex by vertex: no ring is closed."""

    vertex: Ints
    """Vertices as they were, shape (n,)."""
    moved: Ints
    """Where each of them goes, shape (n,); of no use for those that go away."""
    stays: Bools
    """Which of them there still are: corners, and vertices where other boundaries end, shape (n,)."""
    polygon: Ints
    """Polygon of each vertex, shape (n,)."""
    ring_offsets: Ints
    """Where each ring begins among the vertices, and their number."""
    succeeded: Bools
    """Polygons all of whose rings have right angles now, shape (polygons,)."""


def squared(rings: RingSet, is_node: Bools, axes: Floats, slack: float) -> SquaredRings:
    """Give polygons right angles.

    Args:
        rings: Polygons.
        is_node: Vertices at which other boundaries end, and which therefore must stay on their wall; shape (vertices
            without those that close rings,).
        axes: A step along a row and one along a column of the grid as columns, on the ground, shape (2, 2).
        slack: How far an outline may lie beside a straight line, in the unit of the axes; walls that are not twice as
            long go.
    """
    vertex, offsets = open_rings(rings)
    ring = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    of_ring = np.repeat(np.arange(len(rings)), np.diff(rings.polygon_offsets))
    origin = vertex[offsets[rings.polygon_offsets[:-1]]][of_ring[ring]]  # small numbers are exact to more digits
    place = _on_ground(rings.grid, vertex, origin, axes)
    before, after = neighbours(offsets)
    begins = _straight(place, ring, offsets, slack)
    line = np.cumsum(begins) - 1
    clear = _straight(place, ring, offsets, CLEAR * slack)
    direction = _directions(_lines(place, clear, ring), of_ring[ring[clear]], len(rings))[of_ring]
    place = place / direction[ring]
    heading = np.rint(np.angle(_lines(place, begins, ring)) / (np.pi / 2)).astype(np.int64)[line] % 4
    wall = _wall_of_sides(heading, before, offsets)
    walls = _Walls(wall, heading, place, place[after] - place, ring)
    walls.straighten(2 * slack)
    wall = walls.survivor[wall]
    is_corner = wall != wall[before]
    moved = _on_grid(rings.grid, walls.places(wall[before], wall, place) * direction[ring], origin, axes)
    is_sound = walls.sound_rings(len(offsets) - 1)
    succeeded = np.bincount(of_ring[~is_sound], minlength=len(rings)) == 0
    return SquaredRings(vertex, moved, is_corner | is_node, of_ring[ring], offsets, succeeded)


def _straight(place: Complexes, ring: Ints, offsets: Ints, slack: float) -> Bools:
    """The vertices between which an outline is straight but for the slack (Douglas and Peucker); shape (vertices,).

    The steps of pixels have no directions but two, whatever the direction of the wall.
    """
    closed = np.insert(np.arange(len(place)), offsets[1:], offsets[:-1])
    points = np.stack([place.real, place.imag], axis=1)[closed]
    lines = shapely.linestrings(points, indices=ring[closed])
    found, number = shapely.get_coordinates(shapely.simplify(lines, slack, preserve_topology=False), return_index=True)
    kept = np.zeros(len(closed), np.bool_)
    kept[_places_among(points, ring[closed], found, number)] = True
    begins = np.delete(kept, offsets[1:] + np.arange(len(offsets) - 1))
    begins[offsets[:-1]] = True
    return np.asarray(begins)


def _places_among(points: Floats, ring: Ints, chosen: Floats, of: Ints) -> Ints:
    """Where the chosen points stand among all, which are those of the same rings in the same order."""
    every, some = (np.rec.fromarrays([number, *xy.T]) for number, xy in ((ring, points), (of, chosen)))
    return np.flatnonzero(np.isin(every, some))


def _lines(place: Complexes, begins: Bools, ring: Ints) -> Complexes:
    """The straight lines from each of these vertices to the next one of its ring, x + iy."""
    start, ring = place[begins], ring[begins]
    _, after = neighbours(np.append(np.unique(ring, return_index=True)[1], len(ring)))
    return np.asarray(start[after] - start)


def _on_ground(grid: VertexGrid, vertex: Ints, origin: Ints, axes: Floats) -> Complexes:
    """Where vertices lie from an origin, x + iy."""
    (row, col), (row0, col0) = grid.locate(vertex), grid.locate(origin)
    x, y = axes @ np.stack([col - col0, row - row0])
    return np.asarray(x + 1j * y)


def _on_grid(grid: VertexGrid, place: Complexes, origin: Ints, axes: Floats) -> Ints:
    """The vertices that are nearest to places."""
    row0, col0 = grid.locate(origin)
    col, row = np.rint(np.linalg.solve(axes, np.stack([place.real, place.imag]))).astype(np.int64)
    return grid.number(row0 + row, col0 + col)


def _directions(side: Complexes, polygon: Ints, count: int) -> Complexes:
    """The main direction of each polygon, shape (polygons,), of length 1.

    It is the one along and across which the outline is the shortest: each side is the longer in sum the more slanted it
    is, so many short ones do not outweigh a wall. The sides that are near to it then say where it is exactly.

    Args:
        side: All sides.
        polygon: Of each side.
        count: Polygons.
    """
    best, shortest = np.ones(count, np.complex128), np.full(count, np.inf)
    for direction in np.exp(1j * np.radians(np.arange(0, 90, DEGREES))):
        slanted = side / direction
        length = np.bincount(polygon, weights=np.abs(slanted.real) + np.abs(slanted.imag), minlength=count)
        better = length < shortest
        best[better], shortest[better] = direction, length[better]
    # Four times the angle is the same for sides at right angles; long ones count more.
    turned = np.divide((side / best[polygon]) ** 4, np.abs(side) ** 2, out=np.zeros_like(side), where=side != 0)
    near = np.abs(np.angle(turned)) <= 4 * np.radians(NEAR)
    real, imag = (
        np.bincount(polygon[near], weights=part[near], minlength=count) for part in (turned.real, turned.imag)
    )
    return np.asarray(best * np.exp(0.25j * np.angle(real + 1j * imag)))


def _wall_of_sides(heading: Ints, before: Ints, offsets: Ints) -> Ints:
    """Number of the wall of each side; those of a ring follow each other."""
    begins = heading != heading[before]
    count = np.cumsum(begins)
    first = np.repeat(np.append(0, count)[offsets[:-1]], np.diff(offsets))
    last = np.repeat(count[offsets[1:] - 1], np.diff(offsets))
    return np.asarray(np.where(count > first, count, last) - 1)  # a ring may begin within its last wall


class _Walls:
    """The walls of all rings, each a ring of its own in which neighbours become one.

    Args:
        wall: Number of the wall of each side, shape (sides,).
        heading: Of each side: 0 to 3, counter-clockwise.
        place: Where each side begins, along and across the main direction.
        side: From where it begins to where it ends.
        ring: Ring of each side.
    """

    def __init__(self, wall: Ints, heading: Ints, place: Complexes, side: Complexes, ring: Ints) -> None:
        _, first = np.unique(wall, return_index=True)
        self._ring, self._heading = ring[first], heading[first]
        middle = place + side / 2
        along, across = np.where(heading % 2, (side.imag, middle.real), (side.real, middle.imag))
        self._length = np.bincount(wall, weights=np.abs(along))
        self._across = np.bincount(wall, weights=np.abs(along) * across) / self._length
        count = np.bincount(self._ring)
        offsets = np.append(0, np.cumsum(count[count > 0]))
        self._before, self._after = neighbours(offsets)
        self._is_there = np.ones(len(first), np.bool_)
        self._into = np.arange(len(first))

    @property
    def survivor(self) -> Ints:
        """The wall that each has become a part of, shape (walls,)."""
        return compressed(self._into)

    def straighten(self, shortest: float) -> None:
        """Let neighbours become one until all turn at right angles and none is short, one of each ring at a time."""
        while True:
            alike = self._is_there & ((self._heading + self._heading[self._after]) % 2 == 0)
            alike &= self._after != np.arange(len(alike))
            if alike.any():
                self._unite(self._one_of_each_ring(np.flatnonzero(alike)))
                continue
            extent = self._extents()
            many = (np.bincount(self._ring[self._is_there]) > RECTANGLE)[self._ring]
            short = np.flatnonzero(self._is_there & many & (extent < shortest))
            if not len(short):
                return
            self._take_out(self._one_of_each_ring(short[np.argsort(extent[short], kind="stable")]))

    def _one_of_each_ring(self, walls: Ints) -> Ints:
        """The first wall of each ring."""
        return walls[np.unique(self._ring[walls], return_index=True)[1]]

    def _extents(self) -> Floats:
        """How long each wall is between its neighbours, which are at right angles; negative if it is turned round."""
        extent = self._across[self._after] - self._across[self._before]
        # Headings 0 and 1 run towards larger numbers, 2 and 3 towards smaller ones.
        return np.asarray(np.where(self._heading < 2, extent, -extent))

    def _unite(self, one: Ints) -> None:
        """Make each of these walls and the next one, which run alike or opposite, a single wall."""
        other = self._after[one]
        opposite = self._heading[one] != self._heading[other]
        length = self._length[one] + np.where(opposite, -1, 1) * self._length[other]
        weighted = self._length[one] * self._across[one] + self._length[other] * self._across[other]
        mean = weighted / (self._length[one] + self._length[other])
        longer = np.where(self._length[one] >= self._length[other], one, other)
        self._across[one] = np.where(opposite, self._across[longer], mean)
        self._heading[one] = self._heading[longer]
        self._length[one] = np.abs(length)
        self._take_out(other)

    def _take_out(self, walls: Ints) -> None:
        """Let each become a part of the wall before it; what comes after it may be alike then."""
        before, after = self._before[walls], self._after[walls]
        self._is_there[walls] = False
        self._into[walls] = before
        self._after[before], self._before[after] = after, before

    def places(self, before: Ints, after: Ints, place: Complexes) -> Complexes:
        """Where vertices go: corners to where two walls meet, others straight onto their wall.

        Args:
            before: Wall that ends at each vertex.
            after: Wall that begins there; the same one unless it is a corner.
            place: Where the vertices are, along and across the main direction.
        """
        is_corner, is_level = before != after, self._heading[after] % 2 == 0
        level, upright = np.where(is_level, after, before), np.where(is_level, before, after)
        along = np.where(is_corner | ~is_level, self._across[upright], place.real)
        across = np.where(is_corner | is_level, self._across[level], place.imag)
        return np.asarray(along + 1j * across)

    def sound_rings(self, count: int) -> Bools:
        """Which rings have become an outline, shape (rings,)."""
        walls = np.bincount(self._ring[self._is_there], minlength=count)
        inverted = np.bincount(self._ring[self._is_there & (self._extents() <= 0)], minlength=count)
        return np.asarray((walls >= RECTANGLE) & (walls % 2 == 0) & (inverted == 0))

"""Orthogonal outlines of buildings, drawn before any polygon is written, where there is room for them.

A neighbour may be complete long before a building is. So all rows are looked at first; what comes of it are moves of
vertices, which all polygons then make alike: those that share an edge still do. What is kept from row to row are the
edges around buildings in the last rows of tiles, and 16 bytes for each vertex that moves.

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

from ..raster.vertex_grid import Floats, Ints, VertexGrid
from .conflicts import ConflictResolver, DirectedEdges, EdgeGraph, ProposedRings
from .labeling import find_roots
from .regions import Displacements, Pieces, Regions
from .rings import RingSet, find_neighbours, open_rings
from .stitching import Stitcher
from .tracing import Tile

Bools = NDArray[np.bool_]
Complexes = NDArray[np.complex128]

CLEAR = 1.5
"""Slack of the lines that say the main direction, in that of the walls: no steps of a slanted wall are left in them."""

DEGREES = 2
"""Steps in which the main direction is looked for."""

NEAR = 12
"""Sides that are as near to the main direction tell it exactly, degrees."""

RECTANGLE = 4
"""Walls of the simplest outline."""

SMALLEST = 16
"""Area of the smallest outline that is squared, px²: those of a few pixels have no direction."""

REACH = 16
"""How far an outline may reach beyond where it was, and its surroundings matter, px."""

ROWS_AT_HAND = 3
"""Rows of tiles whose edges are at hand: enough for outlines that are as high as one of them, wherever they lie."""


@dataclass(frozen=True)
class OutlineSettings:
    """The grid on which outlines are drawn, and how they are made orthogonal."""

    grid: VertexGrid
    """The vertices of the raster."""
    tile: int
    """Side of the tiles, px."""
    axes: NDArray[np.float64]
    """A step along a row and one along a column of the grid as columns, on the ground, shape (2, 2)."""
    slack: float
    """How far an outline may lie beside a straight wall; the unit of the axes."""
    values: frozenset[int]
    """Class values of the outlines."""

    @property
    def reach(self) -> int:
        """`REACH` in steps of the grid."""
        return REACH * self.grid.fine

    def make_border(self, tile: Tile) -> NDArray[np.int64]:
        """Make boxes along the four sides of a tile: first row and col and last row and col; shape (4, 4)."""
        fine = self.grid.fine
        top, left = tile.row * fine, tile.col * fine
        bottom, right = top + tile.shape[0] * fine, left + tile.shape[1] * fine
        within = [(top + self.reach, right), (bottom, left + self.reach)]
        beyond = [(bottom - self.reach, left), (top, right - self.reach)]
        return np.array([(top, left, *end) for end in within] + [(*begin, bottom, right) for begin in beyond])

    def wants(self, value: Ints) -> NDArray[np.bool_]:
        """Tell which class values are of outlines."""
        return np.isin(value, list(self.values))


@dataclass(frozen=True)
class TileOutlines:
    """What a tile shows of outlines."""

    whole: Regions | None
    """Those that are whole."""
    pieces: Pieces
    """Pieces of others."""
    edges: DirectedEdges
    """Edges of polygons that are near to them, or to the sides of the tile, beyond which there may be others."""


def find_outlines(settings: OutlineSettings, tile: Tile, whole: Regions | None, pieces: Pieces) -> TileOutlines:
    """Look for outlines in a tile.

    Args:
        settings: What is looked for.
        tile: Where.
        whole: The regions that are whole in it.
        pieces: The pieces of others.
    """
    edges = pieces.edges
    parts = [DirectedEdges(edges.vertex, edges.vertex[edges.successor], pieces.value[edges.region])]
    some, large = pieces[settings.wants(pieces.value)], None
    boxes = [settings.make_border(tile), _make_boxes(some.edges.vertex, some.edges.region, len(some.value), settings)]
    if whole:
        edges = whole.rings.to_half_edges()
        value = whole.value[_number_polygons(whole.rings)]
        parts.append(DirectedEdges(edges.vertex, edges.vertex[edges.successor], value))
        is_large = whole.rings.pixels >= SMALLEST * settings.grid.fine**2
        chosen = np.flatnonzero(settings.wants(whole.value) & is_large)
        if len(chosen):
            large = whole[chosen]
            vertex, polygon = large.rings.to_half_edges().vertex, _number_polygons(large.rings)
            boxes.append(_make_boxes(vertex, polygon, len(chosen), settings))
    every = DirectedEdges.concatenate(parts)
    start, end = (np.stack(settings.grid.locate(v)) for v in (every.start, every.end))
    around = shapely.box(*np.minimum(start, end), *np.maximum(start, end))
    is_near = np.zeros(len(every), np.bool_)
    is_near[shapely.STRtree(shapely.box(*np.concatenate(boxes).T)).query(around)[0]] = True
    return TileOutlines(large, some, every[is_near])


def _number_polygons(rings: RingSet) -> Ints:
    """Number the polygon of each vertex, each ring's first one counted once."""
    return np.repeat(np.arange(len(rings)), np.diff(open_rings(rings)[1][rings.polygon_offsets]))


def _make_boxes(vertex: Ints, group: Ints, groups: int, settings: OutlineSettings) -> NDArray[np.int64]:
    """Make boxes around groups of vertices: first row and col, last row and col, with a margin; (groups, 4)."""
    place = np.stack(settings.grid.locate(vertex), axis=1)
    low, high = np.full((groups, 2), np.iinfo(np.int64).max), np.zeros((groups, 2), np.int64)
    np.minimum.at(low, group, place)
    np.maximum.at(high, group, place)
    return np.concatenate([low - settings.reach, high + settings.reach], axis=1)


class OutlineSurvey:
    """A look at all tiles, row by row, that tells in the end which vertices move.

    Args:
        settings: How outlines are made orthogonal.
    """

    def __init__(self, settings: OutlineSettings) -> None:
        self._settings = settings
        self._stitcher = Stitcher(settings.grid, settings.tile)
        self._edges: list[DirectedEdges] = []
        self._whole: list[Regions] = []
        self._waiting: list[Regions] = []  # complete in the row of tiles before
        self._moves: list[tuple[Ints, Ints]] = []
        self._top = 0  # first row of pixels whose edges are at hand
        self._row = 0
        self.tried = 0
        """Outlines that were large enough to be squared."""
        self.squared = 0
        """Outlines that are squared now."""

    def add(self, tile: TileOutlines, col: int) -> None:
        """Take the next tile of the row.

        Args:
            tile: What it shows.
            col: Where it begins, px.
        """
        self._stitcher.add(tile.pieces, col)
        self._edges.append(tile.edges)
        if tile.whole:
            self._whole.append(tile.whole)

    def end_row(self, rows: int, *, last: bool) -> None:
        """Take note that a row of tiles is complete.

        Args:
            rows: Its height, px.
            last: Whether it is the last one.
        """
        complete, self._whole = [*self._whole, *self._stitcher.end_row(last=last)], []
        self._row += rows
        self._square([*self._waiting, *complete] if last else self._waiting, last=last)
        self._waiting = complete
        # Only the edges are kept that reach into the rows at hand.
        self._top = max(0, self._row - (ROWS_AT_HAND - 1) * self._settings.tile)
        [edges] = self._edges
        low = self._settings.grid.row_of(np.maximum(edges.start, edges.end))
        self._edges = [edges[low >= self._top * self._settings.grid.fine]]

    def finish(self) -> Displacements:
        """Return the moves of all vertices."""
        return Displacements.collect(self._moves)

    def _square(self, complete: list[Regions], *, last: bool) -> None:
        """Square the outlines of a row of tiles, now that what is below them is known."""
        settings, edges = self._settings, DirectedEdges.concatenate(self._edges)
        every = RingSet.concatenate(settings.grid, [regions.rings for regions in complete])
        rings = every[self._find_ready(every, last=last)]
        if len(rings):
            graph = EdgeGraph.build(edges)
            is_node = graph.degree[graph.find_vertices(open_rings(rings)[0])] > 2
            new = orthogonalize_rings(rings, is_node, settings.axes, settings.slack)
            fixed = np.concatenate([moves[1] for moves in self._moves[-ROWS_AT_HAND:]] or [np.zeros(0, np.int64)])
            resolver = ConflictResolver(rings, new, graph, fixed, reach=settings.reach)
            self._moves.append(resolver.list_displacements())
            edges = resolver.move_edges(edges)
            self.tried += len(rings)
            self.squared += int(np.count_nonzero(resolver.accepted))
        self._edges = [edges]

    def _find_ready(self, rings: RingSet, *, last: bool) -> Ints:
        """Find the outlines that are large enough, and whose neighbourhood is at hand."""
        if not len(rings):
            return np.zeros(0, np.int64)
        fine, points = rings.grid.fine, rings.ring_offsets[rings.polygon_offsets[:-1]]
        row = rings.grid.row_of(rings.vertex)
        top, bottom = np.minimum.reduceat(row, points) - self._settings.reach, np.maximum.reduceat(row, points)
        below = last | (bottom + self._settings.reach <= self._row * fine)
        above = (self._top == 0) | (top >= self._top * fine)
        return np.flatnonzero((rings.pixels >= SMALLEST * fine**2) & below & above)


def orthogonalize_rings(rings: RingSet, is_node: Bools, axes: Floats, slack: float) -> ProposedRings:
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
    (row, col), (row0, col0) = rings.grid.locate(vertex), rings.grid.locate(origin)
    x, y = axes @ np.stack([col - col0, row - row0])
    place: Complexes = x + 1j * y
    before, after = find_neighbours(offsets)
    begins = _find_ends(place, ring, offsets, slack)
    line = np.cumsum(begins) - 1
    clear = _find_ends(place, ring, offsets, CLEAR * slack)
    direction = _find_directions(_draw_lines(place, clear, ring), of_ring[ring[clear]], len(rings))[of_ring]
    place = place / direction[ring]
    heading = np.rint(np.angle(_draw_lines(place, begins, ring)) / (np.pi / 2)).astype(np.int64)[line] % 4
    wall = _number_walls(heading, before, offsets)
    walls = _Walls(wall, heading, place, place[after] - place, ring)
    walls.straighten(2 * slack)
    wall = walls.survivor[wall]
    is_corner = wall != wall[before]
    new = walls.project(wall[before], wall, place) * direction[ring]
    col, row = np.rint(np.linalg.solve(axes, np.stack([new.real, new.imag]))).astype(np.int64)
    moved = rings.grid.number(row0 + row, col0 + col)
    is_sound = walls.find_sound_rings(len(offsets) - 1)
    succeeded = np.bincount(of_ring[~is_sound], minlength=len(rings)) == 0
    return ProposedRings(vertex, moved, is_corner | is_node, of_ring[ring], offsets, succeeded)


def _find_ends(place: Complexes, ring: Ints, offsets: Ints, slack: float) -> Bools:
    """Find the vertices between which an outline is straight but for the slack (Douglas and Peucker); (vertices,).

    The steps of pixels have no directions but two, whatever the direction of the wall.
    """
    closed = np.insert(np.arange(len(place)), offsets[1:], offsets[:-1])
    points, number = np.stack([place.real, place.imag], axis=1)[closed], ring[closed]
    lines = shapely.simplify(shapely.linestrings(points, indices=number), slack, preserve_topology=False)
    left, number_left = shapely.get_coordinates(lines, return_index=True)
    every, some = (np.rec.fromarrays([n, *xy.T]) for n, xy in ((number, points), (number_left, left)))
    begins = np.delete(np.isin(every, some), offsets[1:] + np.arange(len(offsets) - 1))
    begins[offsets[:-1]] = True
    return np.asarray(begins)


def _draw_lines(place: Complexes, begins: Bools, ring: Ints) -> Complexes:
    """Draw the straight lines from each of these vertices to the next one of its ring, x + iy."""
    start, ring = place[begins], ring[begins]
    _, after = find_neighbours(np.append(np.unique(ring, return_index=True)[1], len(ring)))
    return np.asarray(start[after] - start)


def _find_directions(side: Complexes, polygon: Ints, count: int) -> Complexes:
    """Find the main direction of each polygon, shape (polygons,), of length 1.

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


def _number_walls(heading: Ints, before: Ints, offsets: Ints) -> Ints:
    """Number the walls; those of a ring follow each other; shape (sides,)."""
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
        self._before, self._after = find_neighbours(offsets)
        self._is_there = np.ones(len(first), np.bool_)
        self._into = np.arange(len(first))

    @property
    def survivor(self) -> Ints:
        """The wall that each has become a part of, shape (walls,)."""
        return find_roots(self._into)

    def straighten(self, shortest: float) -> None:
        """Let neighbours become one until all turn at right angles and none is short, one of each ring at a time."""
        while True:
            alike = self._is_there & ((self._heading + self._heading[self._after]) % 2 == 0)
            alike &= self._after != np.arange(len(alike))
            if alike.any():
                self._unite(self._pick_one_a_ring(np.flatnonzero(alike)))
                continue
            extent = self._measure_extents()
            many = (np.bincount(self._ring[self._is_there]) > RECTANGLE)[self._ring]
            short = np.flatnonzero(self._is_there & many & (extent < shortest))
            if not len(short):
                return
            self._take_out(self._pick_one_a_ring(short[np.argsort(extent[short], kind="stable")]))

    def _pick_one_a_ring(self, walls: Ints) -> Ints:
        """Pick the first wall of each ring."""
        return walls[np.unique(self._ring[walls], return_index=True)[1]]

    def _measure_extents(self) -> Floats:
        """Measure each wall between its neighbours, which are at right angles; negative if it is turned round."""
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

    def project(self, before: Ints, after: Ints, place: Complexes) -> Complexes:
        """Find where vertices go: corners to where two walls meet, others straight onto their wall.

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

    def find_sound_rings(self, count: int) -> Bools:
        """Find the rings that have become an outline, shape (rings,)."""
        walls = np.bincount(self._ring[self._is_there], minlength=count)
        inverted = np.bincount(self._ring[self._is_there & (self._measure_extents() <= 0)], minlength=count)
        return np.asarray((walls >= RECTANGLE) & (walls % 2 == 0) & (inverted == 0))

"""Outlines: before any polygon is written, those of buildings become squared, if there is room for them.

A neighbour may be complete long before a building is. So all rows are looked at first; what comes of it are moves of
vertices, which all polygons then make alike: those that share an edge still do. What is kept from row to row are the
edges around buildings in the last rows of tiles, and 16 bytes for each vertex that moves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ..raster.vertex_grid import Ints, VertexGrid
from .conflicts import Settlement
from .regions import Moves, Pieces, Regions
from .rings import RingSet, open_rings
from .squaring import squared
from .stitching import Stitcher
from .surroundings import Network, Sides
from .tracing import Tile

SMALLEST = 16
"""Area of the smallest outline that is squared, px²: those of a few pixels have no direction."""

REACH = 16
"""How far an outline may reach beyond where it was, and its surroundings matter, px."""

ROWS_AT_HAND = 3
"""Rows of tiles whose edges are at hand: enough for outlines that are as high as one of them, wherever they lie."""


@dataclass(frozen=True)
class Drawing:
    """The grid on which outlines are drawn, and how they are squared."""

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

    def border(self, tile: Tile) -> NDArray[np.int64]:
        """Boxes along the four sides of a tile: first row and col and last row and col; shape (4, 4)."""
        fine = self.grid.fine
        top, left = tile.row * fine, tile.col * fine
        bottom, right = top + tile.shape[0] * fine, left + tile.shape[1] * fine
        within = [(top + self.reach, right), (bottom, left + self.reach)]
        beyond = [(bottom - self.reach, left), (top, right - self.reach)]
        return np.array([(top, left, *end) for end in within] + [(*begin, bottom, right) for begin in beyond])

    def wants(self, value: Ints) -> NDArray[np.bool_]:
        """Which class values are of outlines."""
        return np.isin(value, list(self.values))


@dataclass(frozen=True)
class TileOutlines:
    """What a tile shows of outlines."""

    whole: Regions | None
    """Those that are whole."""
    pieces: Pieces
    """Pieces of others."""
    sides: Sides
    """Sides of polygons that are near to them, or to the sides of the tile, beyond which there may be others."""


def outlines_in(drawing: Drawing, tile: Tile, whole: Regions | None, pieces: Pieces) -> TileOutlines:
    """Look for outlines in a tile.

    Args:
        drawing: What is looked for.
        tile: Where.
        whole: The regions that are whole in it.
        pieces: The pieces of others.
    """
    sides = [_sides(pieces.edges.vertex, pieces.edges.successor, pieces.value[pieces.edges.region])]
    some, large = pieces[drawing.wants(pieces.value)], None
    boxes = [drawing.border(tile), _boxes(some.edges.vertex, some.edges.region, len(some.value), drawing)]
    if whole:
        edges = whole.rings.half_edges()
        polygon = np.repeat(np.arange(len(whole.rings)), _lengths(whole.rings))
        sides.append(_sides(edges.vertex, edges.successor, whole.value[polygon]))
        is_large = whole.rings.pixels >= SMALLEST * drawing.grid.fine**2
        chosen = np.flatnonzero(drawing.wants(whole.value) & is_large)
        if len(chosen):
            large = whole[chosen]
            vertex = large.rings.half_edges().vertex
            polygon = np.repeat(np.arange(len(chosen)), _lengths(large.rings))
            boxes.append(_boxes(vertex, polygon, len(chosen), drawing))
    every = Sides.together(sides)
    return TileOutlines(large, some, every[_are_near(every, np.concatenate(boxes), drawing)])


def _sides(vertex: Ints, successor: Ints, value: Ints) -> Sides:
    return Sides(vertex, vertex[successor], value)


def _lengths(rings: RingSet) -> Ints:
    """Vertices of each polygon, each ring's first one counted once."""
    return np.diff(open_rings(rings)[1][rings.polygon_offsets])


def _boxes(vertex: Ints, group: Ints, groups: int, drawing: Drawing) -> NDArray[np.int64]:
    """First row and col and last row and col around groups of vertices, with a margin; shape (groups, 4)."""
    place = np.stack(drawing.grid.locate(vertex), axis=1)
    low, high = np.full((groups, 2), np.iinfo(np.int64).max), np.zeros((groups, 2), np.int64)
    np.minimum.at(low, group, place)
    np.maximum.at(high, group, place)
    return np.concatenate([low - drawing.reach, high + drawing.reach], axis=1)


def _are_near(sides: Sides, boxes: NDArray[np.int64], drawing: Drawing) -> NDArray[np.bool_]:
    """Which sides come near to a box."""
    start, end = (np.stack(drawing.grid.locate(v)) for v in (sides.start, sides.end))
    around = shapely.box(*np.minimum(start, end), *np.maximum(start, end))
    near = np.zeros(len(sides), np.bool_)
    near[shapely.STRtree(shapely.box(*boxes.T)).query(around)[0]] = True
    return near


class OutlineSurvey:
    """Takes all tiles row by row, and says in the end which vertices move.

    Args:
        drawing: How outlines are squared.
    """

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._joiner = Stitcher(drawing.grid, drawing.tile)
        self._sides: list[Sides] = []
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
        self._joiner.add(tile.pieces, col)
        self._sides.append(tile.sides)
        if tile.whole:
            self._whole.append(tile.whole)

    def end_row(self, rows: int, *, last: bool) -> None:
        """Take note that a row of tiles is complete.

        Args:
            rows: Its height, px.
            last: Whether it is the last one.
        """
        complete, self._whole = [*self._whole, *self._joiner.end_row(last=last)], []
        self._row += rows
        self._settle([*self._waiting, *complete] if last else self._waiting, last=last)
        self._waiting = complete
        self._forget(self._row - (ROWS_AT_HAND - 1) * self._drawing.tile)

    def finish(self) -> Moves:
        """The moves of all vertices."""
        return Moves.of(self._moves)

    def _settle(self, complete: list[Regions], *, last: bool) -> None:
        """Square the outlines of a row of tiles, now that what is below them is known."""
        drawing, sides = self._drawing, Sides.together(self._sides)
        every = RingSet.together(drawing.grid, [regions.rings for regions in complete])
        chosen = self._in_reach(every, last=last)
        rings = every[chosen]
        if len(rings):
            network = Network.of(sides)
            is_node = network.degree[network.numbers(open_rings(rings)[0])] > 2
            new = squared(rings, is_node, drawing.axes, drawing.slack)
            fixed = np.concatenate([moves[1] for moves in self._moves[-ROWS_AT_HAND:]] or [np.zeros(0, np.int64)])
            settlement = Settlement(rings, new, network, fixed, reach=drawing.reach)
            self._moves.append(settlement.moves())
            sides = settlement.sides(sides)
            self.tried += len(rings)
            self.squared += int(np.count_nonzero(settlement.accepted))
        self._sides = [sides]

    def _in_reach(self, rings: RingSet, *, last: bool) -> Ints:
        """Outlines that are large enough, and whose surroundings are at hand."""
        if not len(rings):
            return np.zeros(0, np.int64)
        fine, points = rings.grid.fine, rings.ring_offsets[rings.polygon_offsets[:-1]]
        row = rings.grid.row_of(rings.vertex)
        top, bottom = np.minimum.reduceat(row, points) - self._drawing.reach, np.maximum.reduceat(row, points)
        below = last | (bottom + self._drawing.reach <= self._row * fine)
        above = (self._top == 0) | (top >= self._top * fine)
        return np.flatnonzero((rings.pixels >= SMALLEST * fine**2) & below & above)

    def _forget(self, top: int) -> None:
        """Keep only the sides that reach below this row of pixels."""
        self._top = max(0, top)
        [sides] = self._sides
        low = self._drawing.grid.row_of(np.maximum(sides.start, sides.end))
        self._sides = [sides[low >= self._top * self._drawing.grid.fine]]

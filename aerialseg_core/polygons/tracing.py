"""Tiling: a class raster in square tiles, and what each of them gives: whole regions, and pieces of others.

Tiles do not depend on each other, so they can be worked on at the same time; nor on the memory, so the result does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..raster.vertex_grid import VertexGrid
from .boundaries import TracedTile, framed, trace
from .regions import NO_CONFIDENCE, NO_REGION, Ints, Statistics, statistics_of
from .rings import HalfEdges, assemble, subset, walked
from .simplify import Refinement
from .steps import steps_on_sides
from .stitching import Pieces, Regions

TILE = 512
"""Side of the tiles, px: many enough for several cores, few enough that their sides do not show."""


Fill = Callable[[NDArray[np.uint8], int], None]
"""Reads rows of a raster into an array of shape (planes, rows, cols), given the first of these rows."""


@dataclass(frozen=True)
class Tile:
    """A square of the raster; those at its right and lower end may be smaller."""

    row: int
    col: int
    planes: NDArray[np.uint8]
    """Class values, and confidence if there is one, of the tile and of one pixel more on each side, shape
    (planes, rows + 2, cols + 2)."""
    beyond: tuple[bool, bool, bool, bool]
    """Whether the raster ends at the top, right, bottom and left side."""

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.planes.shape[1] - 2, self.planes.shape[2] - 2


@dataclass(frozen=True)
class Tracing:
    """How tiles are traced: all of each, no data too, so that what comes of them can be seen to fill the raster."""

    grid: VertexGrid
    """The vertices of the raster, as fine as `refinement` makes them."""
    diagonally: bool = False
    """Whether pixels that touch at a corner are one region."""
    refinement: Refinement = field(default_factory=Refinement)
    """What happens to the edges of each tile."""

    def __call__(self, tile: Tile) -> tuple[Regions | None, Pieces]:
        """The regions that are whole in a tile, and the pieces of the others."""
        traced = trace(framed(tile.planes[0], beyond=tile.beyond), diagonally=self.diagonally)
        goes_on = _goes_on(traced, tile.beyond)
        statistics = _statistics(traced, tile)
        if self.refinement:
            rings = steps_on_sides(tile.planes[0], tile.beyond).applied(assemble(traced.edges))
            rings = self.refinement(rings, traced.value)
            whole = rings[np.flatnonzero(~goes_on[rings.region])]
            edges = rings[np.flatnonzero(goes_on[rings.region])].half_edges()
            passed = np.zeros(len(edges.vertex), np.bool_)
        else:
            inside = ~goes_on[traced.edges.region]
            whole = assemble(subset(traced.edges, inside))
            edges, order = walked(subset(traced.edges, ~inside))
            passed = traced.passed[~inside][order]
        done = None
        if len(whole):
            which = whole.region
            own = None if statistics is None else statistics[which]
            placed = replace(whole, grid=self.grid, vertex=self._placed(whole.grid, whole.vertex, tile))
            done = Regions(placed, traced.value[which], traced.group[which], own)
        return done, self._pieces(tile, traced, goes_on, edges, passed, statistics)

    def _pieces(
        self,
        tile: Tile,
        traced: TracedTile,
        chosen: NDArray[np.bool_],
        edges: HalfEdges,
        passed: NDArray[np.bool_],
        statistics: Statistics | None,
    ) -> Pieces:
        number = np.where(chosen, np.cumsum(chosen) - 1, NO_REGION)
        vertex = self._placed(edges.grid, edges.vertex, tile)
        return Pieces(
            edges=HalfEdges(self.grid, vertex, edges.successor, number[edges.region]),
            passed=passed,
            value=traced.value[chosen],
            group=number[traced.group[chosen]],
            frame=traced.frame.renumbered(number),
            statistics=None if statistics is None else statistics[chosen],
        )

    def _placed(self, grid: VertexGrid, vertex: Ints, tile: Tile) -> Ints:
        """Vertices of the grid of a tile as vertices of the raster."""
        row, col = grid.locate(vertex)
        return self.grid.number(tile.row * grid.fine + row, tile.col * grid.fine + col)


def _goes_on(traced: TracedTile, beyond: tuple[bool, bool, bool, bool]) -> NDArray[np.bool_]:
    """Which regions reach a side at which the raster goes on, or touch at a corner one that does."""
    found = np.zeros(len(traced.value) + 1, np.bool_)  # the last place is that of NO_REGION
    frame = traced.frame
    for side, ends in zip((frame.top, frame.right, frame.bottom, frame.left), beyond, strict=True):
        if not ends:
            found[side] = True
    goes_on = found[:-1]
    by_group = np.zeros(len(goes_on), np.bool_)
    by_group[traced.group[goes_on]] = True
    return np.asarray(by_group[traced.group])


def _statistics(traced: TracedTile, tile: Tile) -> Statistics | None:
    if len(tile.planes) == 1:
        return None
    return statistics_of(traced.runs, tile.planes[1]).grouped(traced.region, len(traced.value))


_AROUND = np.array([0, NO_CONFIDENCE], np.uint8)[:, np.newaxis, np.newaxis]
"""What the planes are beyond the raster."""


def slabs(rows: int, side: int = TILE) -> list[tuple[int, int]]:
    """What each row of tiles needs of a raster beyond what is read by then: its own rows and the one below.

    Args:
        rows: Height of the raster, px.
        side: Side of the tiles, px.

    Returns:
        First row and the one after the last of each slab; at the end there may be nothing left to read.
    """
    return list(pairwise([0, *(min(row + side + 1, rows) for row in range(0, rows, side))]))


def tiles(fill: Fill, shape: tuple[int, int], planes: int = 1, side: int = TILE) -> Iterator[list[Tile]]:
    """The tiles of a raster, a row of them at a time.

    The tiles are views of one array that holds a row of them: they are valid until the next row is asked for.

    Args:
        fill: Reads the raster, slab by slab from top to bottom.
        shape: (rows, cols) of the raster.
        planes: 1 for class values, 2 with confidence.
        side: Side of the tiles, px.
    """
    rows, cols = shape
    around = _AROUND[:planes]
    band = np.empty((planes, min(side, rows) + 2, cols + 2), np.uint8)
    band[:] = around
    for row, (start, stop) in zip(range(0, rows, side), slabs(rows, side), strict=True):
        height, above = min(side, rows - row), row - 1
        if start < stop:
            fill(band[:, start - above : stop - above, 1:-1], start)
        band[:, stop - above : height + 2] = around
        yield [_tile(band[:, : height + 2], row, col, shape, side) for col in range(0, cols, side)]
        band[:, :2] = band[:, height : height + 2]


def _tile(band: NDArray[np.uint8], row: int, col: int, shape: tuple[int, int], side: int) -> Tile:
    """One tile out of a row of them with a pixel more on each side."""
    rows, cols = shape
    stop, height = min(col + side, cols), band.shape[1] - 2
    return Tile(row, col, band[:, :, col : stop + 2], (row == 0, stop == cols, row + height == rows, col == 0))

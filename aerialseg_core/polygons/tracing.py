"""Tiling: a class raster in square tiles, and what each of them gives: whole regions, and pieces of others.

Tiles do not depend on each other, so they can be worked on at the same time; nor on the memory, so the result does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..raster.class_raster import NO_CONFIDENCE
from ..raster.vertex_grid import Ints, VertexGrid
from .labeling import NO_REGION, Runs, components, find_runs
from .regions import Frame, Moves, Pieces, Regions, Statistics
from .rings import HalfEdges, assemble, subset, walked
from .simplify import Refinement

TILE = 512
"""Side of the tiles, px: many enough for several cores, few enough that their sides do not show."""


Fill = Callable[[NDArray[np.uint8], int], None]
"""Reads rows of a raster into an array of shape (planes, rows, cols), given the first of these rows."""

LONGEST = 2
"""Steps up to this long become a point, px: within the slant that they become there is no corner of a pixel, so that
nothing is crossed."""

EAST, NORTH, WEST, SOUTH = range(4)

_STEPS = ((0, 1), (0, 0), (1, 0), (1, 1))
"""Pixel left of a half-edge that leaves a corner east, north, west, south: (row, col) among the corner's four."""

ABSENT = -1

OUTSIDE = 256
"""Added to the class values of the pixels around a tile, so that the tile is bounded there."""

BEYOND = 512
"""Stands for what is beyond the raster."""


def _turns() -> NDArray[np.int8]:
    """Direction in which a boundary goes on, by the direction of arrival and the sides present at the corner.

    Left before straight before right, so that it stays with its own pixel; shape (4, 16).
    """
    turns = np.full((4, 16), ABSENT, np.int8)
    for arrival in range(4):
        for sides in range(16):
            for way in ((arrival + 3) % 4, arrival, (arrival + 1) % 4):  # the last one wins
                if sides >> way & 1:
                    turns[arrival, sides] = way
    return turns


_TURNS = _turns()
_IS_VERTEX = ~np.isin(np.arange(16), (0, 1 << EAST | 1 << WEST, 1 << NORTH | 1 << SOUTH))


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


@dataclass(frozen=True)
class TracedTile:
    """The regions of a tile and their boundaries."""

    edges: HalfEdges
    """All half-edges, on the grid of the tile."""
    passed: NDArray[np.bool_]
    """Half-edges that begin where a boundary of the raster only passes through, shape (half-edges,)."""
    value: Ints
    """Class value of each region, in reading order, shape (regions,)."""
    group: Ints
    """First of the regions that each touches at corners, one after the other, itself if none, shape (regions,)."""
    frame: Frame
    """The regions along its sides."""
    runs: Runs
    """The runs of the framed tile."""
    region: Ints
    """Region of each run; `NO_REGION` around the tile."""


@dataclass(frozen=True)
class _Corners:
    """The vertices of a tile in reading order."""

    row: Ints
    """Row among the corner rows of the tile, shape (n,)."""
    col: Ints
    """Column, 0…cols, shape (n,)."""
    sides: NDArray[np.uint8]
    """Which of the four sides that meet here are boundary within the tile, one bit for each direction, shape (n,)."""

    def goes(self, way: int) -> NDArray[np.bool_]:
        """Whether there is a boundary in this direction."""
        return (self.sides >> way & 1).astype(np.bool_)


def framed(pixels: NDArray[np.uint8], *, beyond: tuple[bool, bool, bool, bool]) -> NDArray[np.uint16]:
    """A tile with the pixels around it marked as such.

    A boundary between two classes around the tile ends on its side, and makes a vertex there. So both tiles
    along a common side have the same vertices on it.

    Args:
        pixels: Class values of the tile and of one pixel more on each side, shape (rows + 2, cols + 2).
        beyond: Whether the raster ends at the top, right, bottom and left side.
    """
    codes = pixels.astype(np.uint16)
    codes += np.uint16(OUTSIDE)
    codes[1:-1, 1:-1] = pixels[1:-1, 1:-1]
    sides = ((0, slice(None)), (slice(None), -1), (-1, slice(None)), (slice(None), 0))
    for side, ends in zip(sides, beyond, strict=True):
        if ends:
            codes[side] = BEYOND
    return codes


def trace(codes: NDArray[np.uint16], *, diagonally: bool = False) -> TracedTile:
    """Find the boundaries of a tile; no data is a class as any other.

    Args:
        codes: What `framed` gives.
        diagonally: Whether groups of regions that touch at a corner are wanted.
    """
    runs = find_runs(codes)
    region, value = _regions(runs)
    corners, passing = _find_corners(codes)
    left = np.stack([runs.run[corners.row + r, corners.col + c] for r, c in _STEPS], axis=1)
    owner = region[left]
    ways = np.stack([corners.goes(way) for way in range(4)], axis=1)
    present = ways & (owner >= 0)
    position = (np.cumsum(present.ravel()) - 1).reshape(present.shape)
    position[~present] = ABSENT
    counts = present.sum(axis=1)
    grid = VertexGrid(codes.shape[0] - 2, codes.shape[1] - 2)
    edges = HalfEdges(
        grid=grid,
        vertex=np.repeat(grid.number(corners.row, corners.col), counts),
        successor=_successors(corners, ways, position)[present],
        region=owner[present],
    )
    sides = (np.s_[1, 1:-1], np.s_[1:-1, -2], np.s_[-2, 1:-1], np.s_[1:-1, 1])
    frame = Frame(*(region[runs.run[side]] for side in sides))
    group = _groups(runs, region, len(value)) if diagonally else np.arange(len(value))
    return TracedTile(edges, np.repeat(passing, counts), value, group, frame, runs, region)


def _regions(runs: Runs) -> tuple[Ints, Ints]:
    """The region of each run, `NO_REGION` around the tile, and the class value of each region."""
    upper, lower = runs.touching(diagonally=False)
    root = components(len(runs.value), upper, lower)
    begins = (root == np.arange(len(root))) & (runs.value < OUTSIDE)
    number = np.where(begins, np.cumsum(begins) - 1, NO_REGION)
    return number[root], runs.value[begins].astype(np.int64)


def _groups(runs: Runs, region: Ints, count: int) -> Ints:
    """The first of the regions that each region touches at corners, directly or by way of others."""
    one, other = (region[ends] for ends in runs.touching(diagonally=True))
    inside = (one != NO_REGION) & (one != other)
    return components(count, one[inside], other[inside])


def _find_corners(codes: NDArray[np.uint16]) -> tuple[_Corners, NDArray[np.bool_]]:
    """The vertices of a framed tile, and those on its sides at which a boundary of the raster passes straight."""
    sides = _sides(codes)
    at = np.flatnonzero(_IS_VERTEX[sides])
    row, col = np.divmod(at, sides.shape[1])
    found = sides.ravel()[at]
    rows, cols = codes.shape[0] - 2, codes.shape[1] - 2
    border = np.flatnonzero((row == 0) | (row == rows) | (col == 0) | (col == cols))
    passing = np.zeros(len(at), np.bool_)
    value = np.where(codes < OUTSIDE, codes, codes - OUTSIDE)  # what is added around the tile does not count here
    four = [value[row[border] + r, col[border] + c] for r, c in ((0, 0), (0, 1), (1, 0), (1, 1))]
    passing[border] = ~_IS_VERTEX[_sides(np.stack(four, axis=1).reshape(-1, 2, 2))].ravel()
    for way, gone in ((NORTH, row == 0), (SOUTH, row == rows), (WEST, col == 0), (EAST, col == cols)):
        found[gone] &= ~np.uint8(1 << way)
    return _Corners(row, col, found), passing


def _sides(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """The sides that are boundary at each corner between four values, one bit for each direction."""
    vertical = (values[..., :, 1:] != values[..., :, :-1]).view(np.uint8)
    level = (values[..., 1:, :] != values[..., :-1, :]).view(np.uint8)
    sides: NDArray[np.uint8] = level[..., :, 1:] << EAST
    sides |= vertical[..., :-1, :] << NORTH
    sides |= level[..., :, :-1] << WEST
    sides |= vertical[..., 1:, :] << SOUTH
    return sides


def _successors(corners: _Corners, ways: NDArray[np.bool_], position: Ints) -> Ints:
    """Position of the half-edge after each, shape (vertices, 4)."""
    successor = np.full(position.shape, ABSENT, np.int64)

    def link(way: int, start: Ints, end: Ints) -> None:
        successor[start, way] = position[end, _TURNS[way][corners.sides[end]]]

    west = np.flatnonzero(ways[:, EAST])
    link(EAST, west, west + 1)
    link(WEST, west + 1, west)
    columnwise = np.argsort(corners.col.astype(np.uint16), kind="stable")  # a radix sort for 16 bits
    upper = np.flatnonzero(ways[columnwise, SOUTH])
    link(SOUTH, columnwise[upper], columnwise[upper + 1])
    link(NORTH, columnwise[upper + 1], columnwise[upper])
    return successor


def steps_on_sides(pixels: NDArray[np.uint8], beyond: tuple[bool, bool, bool, bool]) -> Moves:
    """The vertices of a tile that make the steps on its sides go.

    Args:
        pixels: Class values of the tile and of one pixel more on each side, shape (rows + 2, cols + 2).
        beyond: Whether the raster ends at the top, right, bottom and left side.

    Returns:
        Moves of vertices of the grid of the tile.
    """
    grid = VertexGrid(pixels.shape[0] - 2, pixels.shape[1] - 2)
    row, col = np.arange(grid.rows + 1), np.arange(grid.cols + 1)
    none = np.zeros(1, np.int64)
    lines = (  # of pixels within the tile and beyond, and the vertices along it
        (pixels[1, 1:-1], pixels[0, 1:-1], grid.number(none, col)),
        (pixels[1:-1, -2], pixels[1:-1, -1], grid.number(row, none + grid.cols)),
        (pixels[-2, 1:-1], pixels[-1, 1:-1], grid.number(none + grid.rows, col)),
        (pixels[1:-1, 1], pixels[1:-1, 0], grid.number(row, none)),
    )
    found = []
    for (within, outside, vertex), ends in zip(lines, beyond, strict=True):
        if not ends:
            begin, target = _moves_along(within, outside)
            found.append((vertex[begin], vertex[target]))
    return Moves.of(found)


def _moves_along(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """Corners along a line that move along it, and where to.

    Args:
        one: Class values on one side of the line, shape (n,); corner k lies before pixel k.
        other: On the other side; the result is the same the other way round.
    """
    up, down, along = one[1:] != one[:-1], other[1:] != other[:-1], one != other
    before, after = along[:-1], along[1:]
    straight = before & after & ~up & ~down
    begins, ends = after & ~before, before & ~after
    corners, targets = [], []
    for length in range(1, LONGEST + 1):
        start, stop = slice(None, -length), slice(length, None)
        # what comes from the one side at the one end goes on to the other side at the other end
        crosses = (up & ~down)[start] & (down & ~up)[stop] | (down & ~up)[start] & (up & ~down)[stop]
        steps = begins[start] & ends[stop] & crosses
        for between in range(1, length):
            steps &= straight[between : between - length]
        first = np.flatnonzero(steps) + 1
        middle = first + length // 2
        corners += [first, first + length]
        targets += [middle, middle]
    corner, target = np.concatenate(corners), np.concatenate(targets)
    moves = corner != target
    return corner[moves], target[moves]


def statistics_of(runs: Runs, confidence: NDArray[np.uint8]) -> Statistics:
    """The confidence of every run.

    Args:
        runs: Runs of a strip or tile.
        confidence: Percent, 255 where there is none, of the shape of the strip.
    """
    percent = confidence.ravel()
    known = percent != NO_CONFIDENCE
    total = np.add.reduceat(np.where(known, percent, 0), runs.start, dtype=np.int64)
    count = np.add.reduceat(known, runs.start, dtype=np.int64)
    return Statistics(total, count, np.minimum.reduceat(percent, runs.start))

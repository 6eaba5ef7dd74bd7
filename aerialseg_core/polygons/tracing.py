"""Tracing: a class raster in square tiles, and the boundaries of the regions that each of them shows.

A tile gives regions that are whole, and pieces of those that reach beyond it. Tiles do not depend on each other, so
they can be worked on at the same time; nor on the memory, so the result does not. All of a tile is traced, no data too,
so that what comes of it can be seen to fill the raster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..raster.class_raster import NO_CONFIDENCE
from ..raster.vertex_grid import Ints, VertexGrid
from .labeling import NO_REGION, Runs, find_components, find_runs, number_chosen
from .regions import Displacements, Frame, Pieces, Regions, Statistics
from .rings import HalfEdges, assemble_polygons
from .simplify import Refinement

TILE = 512
"""Side of the tiles, px: many enough for several cores, few enough that their sides do not show."""

LONGEST_JOG = 2
"""Jogs up to this long become a point, px: within the slant that they become there is no corner of a pixel, so that
nothing is crossed."""

OUTSIDE = 256
"""Added to the class values of the pixels around a tile, so that the tile is bounded there."""

BEYOND = 512
"""Stands for what is beyond the raster."""

EAST, NORTH, WEST, SOUTH = range(4)

ABSENT = -1

Fill = Callable[[NDArray[np.uint8], int], None]
"""Reads rows of a raster into an array of shape (planes, rows, cols), given the first of these rows."""

Ends = tuple[bool, bool, bool, bool]
"""Whether the raster ends at the top, right, bottom and left side of a tile."""


@dataclass(frozen=True)
class Tile:
    """A square of the raster; those at its right and lower end may be smaller."""

    row: int
    col: int
    planes: NDArray[np.uint8]
    """Class values, and confidence if there is one, of the tile and of one pixel more on each side, shape
    (planes, rows + 2, cols + 2)."""
    ends: Ends
    """Where the raster ends."""

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.planes.shape[1] - 2, self.planes.shape[2] - 2


def plan_slabs(rows: int, side: int = TILE) -> list[tuple[int, int]]:
    """What each row of tiles needs of a raster beyond what is read by then: its own rows and the one below.

    Args:
        rows: Height of the raster, px.
        side: Side of the tiles, px.

    Returns:
        First row and the one after the last of each slab; at the end there may be nothing left to read.
    """
    return list(pairwise([0, *(min(row + side + 1, rows) for row in range(0, rows, side))]))


def read_tiles(fill: Fill, shape: tuple[int, int], planes: int = 1, side: int = TILE) -> Iterator[list[Tile]]:
    """Read the tiles of a raster, a row of them at a time.

    The tiles are views of one array that holds a row of them: they are valid until the next row is asked for.

    Args:
        fill: Reads the raster, slab by slab from top to bottom.
        shape: (rows, cols) of the raster.
        planes: 1 for class values, 2 with confidence.
        side: Side of the tiles, px.
    """
    rows, cols = shape
    beyond = np.array([0, NO_CONFIDENCE], np.uint8)[:planes, np.newaxis, np.newaxis]
    band = np.empty((planes, min(side, rows) + 2, cols + 2), np.uint8)
    band[:] = beyond
    for row, (start, stop) in zip(range(0, rows, side), plan_slabs(rows, side), strict=True):
        height, above = min(side, rows - row), row - 1
        if start < stop:
            fill(band[:, start - above : stop - above, 1:-1], start)
        band[:, stop - above : height + 2] = beyond
        found = []
        for col in range(0, cols, side):
            right = min(col + side, cols)
            ends = (row == 0, right == cols, row + height == rows, col == 0)
            found.append(Tile(row, col, band[:, : height + 2, col : right + 2], ends))
        yield found
        band[:, :2] = band[:, height : height + 2]


@dataclass(frozen=True)
class Tracer:
    """How tiles are traced."""

    grid: VertexGrid
    """The vertices of the raster, as fine as `refinement` makes them."""
    diagonally: bool = False
    """Whether pixels that touch at a corner are one region."""
    refinement: Refinement = field(default_factory=Refinement)
    """What happens to the edges of each tile."""

    def trace(self, tile: Tile) -> tuple[Regions | None, Pieces]:
        """Find the regions that are whole in a tile, None if there are none, and the pieces of the others."""
        found = find_boundaries(mark_surroundings(tile.planes[0], tile.ends), diagonally=self.diagonally)
        is_open = _find_open(found, tile.ends)
        statistics = None
        if len(tile.planes) > 1:
            statistics = measure_confidence(found.runs, tile.planes[1]).group_by(found.region, len(found.value))
        if self.refinement:
            rings = find_jogs(tile.planes[0], tile.ends).apply(assemble_polygons(found.edges))
            rings = self.refinement.apply(rings, found.value)
            whole = rings[np.flatnonzero(~is_open[rings.region])]
            edges = rings[np.flatnonzero(is_open[rings.region])].to_half_edges()
            passed = np.zeros(len(edges.vertex), np.bool_)
        else:
            inside = ~is_open[found.edges.region]
            whole = assemble_polygons(found.edges.select(inside))
            edges, order = found.edges.select(~inside).sort()
            passed = found.passed[~inside][order]
        regions = None
        if len(whole):
            which = whole.region
            regions = Regions(
                rings=replace(whole, grid=self.grid, vertex=self._place(whole.grid, whole.vertex, tile)),
                value=found.value[which],
                group=found.group[which],
                statistics=None if statistics is None else statistics[which],
            )
        _, number = number_chosen(is_open)
        vertex = self._place(edges.grid, edges.vertex, tile)
        pieces = Pieces(
            edges=HalfEdges(self.grid, vertex, edges.successor, number[edges.region]),
            passed=passed,
            value=found.value[is_open],
            group=number[found.group[is_open]],
            frame=found.frame.renumber(number),
            statistics=None if statistics is None else statistics[is_open],
        )
        return regions, pieces

    def _place(self, grid: VertexGrid, vertex: Ints, tile: Tile) -> Ints:
        """Number vertices of the grid of a tile as vertices of the raster."""
        row, col = grid.locate(vertex)
        return self.grid.number(tile.row * grid.fine + row, tile.col * grid.fine + col)


def _find_open(traced: Boundaries, ends: Ends) -> NDArray[np.bool_]:
    """Find the regions that reach a side at which the raster continues, or touch at a corner one that does."""
    found = np.zeros(len(traced.value) + 1, np.bool_)  # the last place is that of NO_REGION
    frame = traced.frame
    for side, is_end in zip((frame.top, frame.right, frame.bottom, frame.left), ends, strict=True):
        if not is_end:
            found[side] = True
    is_open = found[:-1]
    by_group = np.zeros(len(is_open), np.bool_)
    by_group[traced.group[is_open]] = True
    return np.asarray(by_group[traced.group])


def measure_confidence(runs: Runs, confidence: NDArray[np.uint8]) -> Statistics:
    """Sum up the confidence of every run.

    Args:
        runs: Runs of a tile.
        confidence: Percent, 255 where there is none, of the shape of the tile.
    """
    percent = confidence.ravel()
    known, count = percent != NO_CONFIDENCE, np.diff(runs.start, append=len(percent))
    if not known.all():
        percent = percent * known
        count = np.add.reduceat(known.astype(np.int64), runs.start)
    total = np.add.reduceat(percent.astype(np.int64), runs.start)  # a sum that converts takes three times as long
    return Statistics(total, count, np.minimum.reduceat(confidence.ravel(), runs.start))


@dataclass(frozen=True)
class Boundaries:
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
    """The runs of the tile and of the pixels around it."""
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


def mark_surroundings(pixels: NDArray[np.uint8], ends: Ends) -> NDArray[np.uint16]:
    """Mark the pixels around a tile as such.

    A boundary between two classes around the tile stops on its side, and makes a vertex there. So both tiles
    along a common side have the same vertices on it.

    Args:
        pixels: Class values of the tile and of one pixel more on each side, shape (rows + 2, cols + 2).
        ends: Where the raster ends.
    """
    codes = pixels.astype(np.uint16)
    codes += np.uint16(OUTSIDE)
    codes[1:-1, 1:-1] = pixels[1:-1, 1:-1]
    sides = ((0, slice(None)), (slice(None), -1), (-1, slice(None)), (slice(None), 0))
    for side, is_end in zip(sides, ends, strict=True):
        if is_end:
            codes[side] = BEYOND
    return codes


def find_boundaries(codes: NDArray[np.uint16], *, diagonally: bool = False) -> Boundaries:
    """Find the boundaries of the regions of a tile; no data is a class as any other.

    Args:
        codes: What `mark_surroundings` gives.
        diagonally: Whether groups of regions that touch at a corner are wanted.
    """
    runs = find_runs(codes)
    region, value, group = _label_runs(runs, diagonally=diagonally)
    corners, passing = _find_corners(codes)
    first = corners.row * codes.shape[1] + corners.col  # the upper left of the four pixels
    left = first[:, np.newaxis] + np.array([row * codes.shape[1] + col for row, col in _LEFT_PIXEL])
    owner = region[runs.run.ravel()[left]]
    ways = (corners.sides[:, np.newaxis] >> np.arange(4, dtype=np.uint8) & 1).astype(np.bool_)
    present = np.flatnonzero(ways & (owner >= 0))
    corner = present // 4
    position = np.full(ways.shape, ABSENT)
    position.ravel()[present] = np.arange(len(present))
    grid = VertexGrid(codes.shape[0] - 2, codes.shape[1] - 2)
    edges = HalfEdges(
        grid=grid,
        vertex=grid.number(corners.row, corners.col)[corner],
        successor=_find_successors(corners, ways, position).ravel()[present],
        region=owner.ravel()[present],
    )
    sides = (np.s_[1, 1:-1], np.s_[1:-1, -2], np.s_[-2, 1:-1], np.s_[1:-1, 1])
    frame = Frame(*(region[runs.run[side]] for side in sides))
    return Boundaries(edges, passing[corner], value, group, frame, runs, region)


def _label_runs(runs: Runs, *, diagonally: bool) -> tuple[Ints, Ints, Ints]:
    """Number the regions of a tile.

    Returns:
        The region of each run, `NO_REGION` around the tile; and of each region its class value and its group.
    """
    root = find_components(len(runs.value), *runs.find_touching(diagonally=False))
    begins = (root == np.arange(len(root))) & (runs.value < OUTSIDE)
    region = number_chosen(begins)[1][root]
    value = runs.value[begins].astype(np.int64)
    if not diagonally:
        return region, value, np.arange(len(value))
    one, other = (region[ends] for ends in runs.find_touching(diagonally=True))
    inside = (one != NO_REGION) & (one != other)
    return region, value, find_components(len(value), one[inside], other[inside])


def _find_corners(codes: NDArray[np.uint16]) -> tuple[_Corners, NDArray[np.bool_]]:
    """Find the vertices of a tile, and those on its sides at which a boundary of the raster passes straight."""
    sides = _find_sides(codes)
    rows, cols = codes.shape[0] - 2, codes.shape[1] - 2
    at = np.flatnonzero(_find_vertices(sides))
    row, col = VertexGrid(rows, cols).locate(at)
    found = sides.ravel()[at]
    border = np.flatnonzero((row == 0) | (row == rows) | (col == 0) | (col == cols))
    passing = np.zeros(len(at), np.bool_)
    four = np.stack([codes[row[border] + r, col[border] + c] for r, c in ((0, 0), (0, 1), (1, 0), (1, 1))], axis=1)
    value = np.where(four < OUTSIDE, four, four - OUTSIDE)  # what is added around the tile does not count here
    passing[border] = ~_find_vertices(_find_sides(value.reshape(-1, 2, 2))).ravel()
    for way, gone in ((NORTH, row == 0), (SOUTH, row == rows), (WEST, col == 0), (EAST, col == cols)):
        found[gone] &= ~np.uint8(1 << way)
    return _Corners(row, col, found), passing


def _find_sides(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Find the sides that are boundary at each corner between four values, one bit for each direction."""
    vertical = (values[..., :, 1:] != values[..., :, :-1]).view(np.uint8)
    level = (values[..., 1:, :] != values[..., :-1, :]).view(np.uint8)
    sides: NDArray[np.uint8] = level[..., :, 1:] << EAST
    sides |= vertical[..., :-1, :] << NORTH
    sides |= level[..., :, :-1] << WEST
    sides |= vertical[..., 1:, :] << SOUTH
    return sides


def _find_vertices(sides: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Find the corners that are a vertex: all but those that no boundary passes, or one that goes straight on."""
    bends = (sides ^ sides >> 2) & 3  # east without west, north without south, or the other way round
    return np.asarray((bends != 0) | (sides == 15))


_LEFT_PIXEL = ((0, 1), (0, 0), (1, 0), (1, 1))
"""Pixel left of a half-edge that leaves a corner east, north, west, south: (row, col) among the corner's four."""


def _make_turns() -> NDArray[np.int8]:
    """Tabulate in which direction a boundary continues, by that of its arrival and the sides present at the corner.

    Left before straight before right, so that it stays with its own pixel; shape (4, 16).
    """
    turns = np.full((4, 16), ABSENT, np.int8)
    for arrival in range(4):
        for sides in range(16):
            for way in ((arrival + 3) % 4, arrival, (arrival + 1) % 4):  # the last one wins
                if sides >> way & 1:
                    turns[arrival, sides] = way
    return turns


_TURNS = _make_turns()


def _find_successors(corners: _Corners, ways: NDArray[np.bool_], position: Ints) -> Ints:
    """Find the position of the half-edge after each, shape (vertices, 4)."""
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


def find_jogs(pixels: NDArray[np.uint8], ends: Ends) -> Displacements:
    """Find where a boundary follows the side of a tile for a pixel or two, and make it cross the side in a point.

    The sides of tiles are not refined, so such a jog would stay when all other steps of pixels have gone, and show
    where tiles were. Both tiles see the pixels on both sides of their common line, and so let the boundary cross it in
    the same single point.

    Args:
        pixels: Class values of the tile and of one pixel more on each side, shape (rows + 2, cols + 2).
        ends: Where the raster ends.

    Returns:
        Displacements of vertices of the grid of the tile.
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
    for (within, outside, vertex), is_end in zip(lines, ends, strict=True):
        if not is_end:
            begin, target = _find_jogs_along(within, outside)
            found.append((vertex[begin], vertex[target]))
    return Displacements.collect(found)


def _find_jogs_along(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """Find the corners along a line that move along it, and where to.

    Args:
        one: Class values on one side of the line, shape (n,); corner k lies before pixel k.
        other: On the other side; the result is the same the other way round.
    """
    up, down, along = one[1:] != one[:-1], other[1:] != other[:-1], one != other
    before, after = along[:-1], along[1:]
    straight = before & after & ~up & ~down
    begins, stops = after & ~before, before & ~after
    corners, targets = [], []
    for length in range(1, LONGEST_JOG + 1):
        start, stop = slice(None, -length), slice(length, None)
        # what comes from the one side at the one end leaves to the other side at the other end
        crosses = (up & ~down)[start] & (down & ~up)[stop] | (down & ~up)[start] & (up & ~down)[stop]
        jogs = begins[start] & stops[stop] & crosses
        for between in range(1, length):
            jogs &= straight[between : between - length]
        first = np.flatnonzero(jogs) + 1
        middle = first + length // 2
        corners += [first, first + length]
        targets += [middle, middle]
    corner, target = np.concatenate(corners), np.concatenate(targets)
    moves = corner != target
    return corner[moves], target[moves]

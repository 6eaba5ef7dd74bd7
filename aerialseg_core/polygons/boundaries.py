"""Boundaries: the half-edges around the regions of one tile. Arrays only, no I/O."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..raster.vertex_grid import VertexGrid
from .regions import NO_REGION, Ints, Runs, components, find_runs
from .rings import HalfEdges

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
class Frame:
    """The regions along the four sides of a tile; `NO_REGION` where they are of no interest."""

    top: Ints
    right: Ints
    bottom: Ints
    left: Ints

    def renumbered(self, number: Ints) -> Frame:
        """The same with other numbers; `NO_REGION` stays what it is."""
        moved = np.append(number, NO_REGION)
        return Frame(moved[self.top], moved[self.right], moved[self.bottom], moved[self.left])


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

"""Steps: where a boundary takes a step of pixels just on the side of a tile. Arrays only, no I/O.

The sides of tiles are not refined, so such a step would stay when all others have gone, and show where tiles were. Both
tiles see the pixels on both sides of their common line, and so let the boundary cross it in the same single point.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..raster.vertex_grid import VertexGrid
from .moves import Moves
from .regions import Ints

LONGEST = 2
"""Steps up to this long become a point, px: within the slant that they become there is no corner of a pixel, so that
nothing is crossed."""

Pixels = NDArray[np.uint8]


def steps_on_sides(pixels: Pixels, beyond: tuple[bool, bool, bool, bool]) -> Moves:
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


def _moves_along(one: Pixels, other: Pixels) -> tuple[Ints, Ints]:
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

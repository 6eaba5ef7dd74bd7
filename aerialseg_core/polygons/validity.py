"""Validity: whether a polygon with very many vertices is valid, in a time that hardly grows faster than their number.

GEOS compares each hole with all vertices of the shell, and keeps about a hundred bytes for each of them. What takes its
place here are a few conditions on the pixel grid, where all numbers are whole. They are sufficient, not necessary: a
polygon that does not meet them may be valid still, and is left to GEOS.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from ..raster.vertex_grid import Ints, VertexGrid
from .labeling import components
from .rings import SPAN, RingSet, around, batches, between, inverse, open_rings, ring_areas, spans

AT_ONCE = 1 << 14
"""Sides of which GEOS looks whether they meet; it takes some hundred bytes for each."""


def is_large(rings: RingSet) -> bool:
    """Whether it is a single polygon for which GEOS would take much time and memory."""
    return len(rings) == 1 and len(rings.vertex) > SPAN


def is_surely_valid(rings: RingSet) -> bool:
    """Whether a polygon is valid beyond doubt.

    Its sides meet at their ends only, and no vertex lies on more than two rings. No chain of rings that touch closes,
    so nothing is cut off from the interior, no ring touches itself, and no two cross, as they would do so twice. Only
    the first ring runs as a shell does, and every ring has the interior on its left: the sum of the sides to the west
    of a place, those downwards as +1 and those upwards as −1, says how often it is enclosed.

    Args:
        rings: One polygon.
    """
    vertex, offsets = open_rings(rings)
    boundary = _Boundary(vertex, around(offsets), rings.grid)
    touching, area = _touching(vertex, offsets), ring_areas(rings.grid, rings.vertex, rings.ring_offsets)
    return (
        touching is not None
        and bool(area[0] > 0 and (area[1:] < 0).all())
        and _no_chain_closes(touching, len(area))
        and _have_interior_on_the_left(boundary, offsets)
        and _meet_at_ends_only(boundary)
    )


@dataclass(frozen=True)
class _Boundary:
    """The sides of all rings; each begins at a vertex."""

    vertex: Ints
    after: Ints
    """Index of the vertex that follows each."""
    grid: VertexGrid

    def __len__(self) -> int:
        return len(self.vertex)

    def sides(self, chosen: Ints | slice) -> tuple[Ints, Ints, Ints, Ints]:
        """Row and col of where sides begin, and of where they end."""
        begin, end = self.vertex[chosen], self.vertex[self.after[chosen]]
        return (*self.grid.locate(begin), *self.grid.locate(end))


def _touching(vertex: Ints, offsets: Ints) -> Ints | None:
    """The rings that touch at each vertex where two do, shape (2, n).

    None if there is a vertex that lies on more.
    """
    order = np.argsort(vertex, kind="stable")
    same = np.append(np.diff(vertex[order]) == 0, False)
    if (same[1:] & same[:-1]).any():
        return None
    first = np.flatnonzero(same)
    return np.asarray(np.searchsorted(offsets, np.stack([order[first], order[first + 1]]), "right") - 1)


def _no_chain_closes(touching: Ints, count: int) -> bool:
    """Whether so many rings, of which these pairs touch, form a forest."""
    return len(np.unique(components(count, *touching))) == count - touching.shape[1]


def _have_interior_on_the_left(boundary: _Boundary, offsets: Ints) -> bool:
    """Whether one side of each ring has a place on its left that is enclosed once; if so, the others have.

    It is one at the top-left vertex, looked at half a step below its top, where no vertex is.
    """
    first = np.minimum.reduceat(boundary.vertex, offsets[:-1])
    at = np.flatnonzero(boundary.vertex == np.repeat(first, np.diff(offsets)))
    row, _, end_row, _ = boundary.sides(at)
    chosen = np.where(row == end_row, inverse(boundary.after)[at], at)
    these = _Upright.of(boundary, chosen)
    if len(these.top) < len(chosen):
        return False
    these = these[np.argsort(these.top, kind="stable")]
    enclosed = np.zeros(len(chosen))
    for part in spans(len(boundary)):
        others = _Upright.of(boundary, part)
        begins, stops = np.searchsorted(these.top, others.top), np.searchsorted(these.top, others.bottom)
        for some in batches(stops - begins):
            which = between(begins[some], stops[some])
            other = others[np.repeat(np.arange(some.start, some.stop), stops[some] - begins[some])]
            is_west = other.is_west_of(these[which])
            enclosed += np.bincount(which[is_west], np.where(other.down[is_west], 1, -1), len(chosen))
    return bool((enclosed == ~these.down).all())


@dataclass(frozen=True)
class _Upright:
    """Sides that are not level, from their top to their bottom."""

    top: Ints
    start: Ints
    """Col of the upper end."""
    bottom: Ints
    end: Ints
    """Col of the lower end."""
    down: NDArray[np.bool_]
    """Whether it is walked downwards."""

    @classmethod
    def of(cls, boundary: _Boundary, chosen: Ints | slice) -> _Upright:
        """Those of some sides that are not level."""
        row, col, end_row, end_col = boundary.sides(chosen)
        down = row < end_row
        found = cls(
            np.minimum(row, end_row),
            np.where(down, col, end_col),
            np.maximum(row, end_row),
            np.where(down, end_col, col),
            down,
        )
        return found[np.flatnonzero(row != end_row)]

    def __getitem__(self, chosen: Ints) -> _Upright:
        return _Upright(self.top[chosen], self.start[chosen], self.bottom[chosen], self.end[chosen], self.down[chosen])

    def is_west_of(self, others: _Upright) -> NDArray[np.bool_]:
        """Whether each is west of its other one, half a step below the top of that one; exact."""
        (here, height), (there, other_height) = self._col_at(others.top), others._col_at(others.top)
        return np.asarray(here * other_height < there * height)

    def _col_at(self, row: Ints) -> tuple[Ints, Ints]:
        """Where each is half a step below a row, as a fraction: col · 2 height, and 2 height."""
        height = 2 * (self.bottom - self.top)
        return height * self.start + (self.end - self.start) * (2 * (row - self.top) + 1), height


def _meet_at_ends_only(boundary: _Boundary) -> bool:
    """Whether no two sides have a point in common but an end of both; a few rows at a time."""
    row = boundary.grid.row_of(boundary.vertex)
    end_row = row[boundary.after]
    top, bottom = np.minimum(row, end_row), np.maximum(row, end_row)
    limits = np.append(np.unique(np.sort(top)[::AT_ONCE]), bottom.max() + 1)
    return all(
        _are_simple(*boundary.sides(np.flatnonzero((top < high) & (bottom >= low)))) for low, high in pairwise(limits)
    )


def _are_simple(*ends: Ints) -> bool:
    """Whether sides have only ends in common, as lines that are simple together."""
    points: NDArray[np.float64] = np.stack(ends, axis=1).reshape(-1, 2).astype(np.float64)
    levels = (np.arange(0, len(points) + 1, 2), np.array([0, len(points) // 2]))
    [lines] = shapely.from_ragged_array(shapely.GeometryType.MULTILINESTRING, points, levels)
    return bool(shapely.is_simple(lines))

"""Balance: whether every edge between two polygons is walked twice, in opposite directions, as it is in a coverage.

`EdgeSum` finds out whether that is so, in eight bytes. `EdgeBalance` finds where it is not: pairs are struck out as
soon as both are known. What is left bounds the ground that is covered, and says how often each place is covered:
crossing an edge from right to left adds one. Only that rest has to be looked at as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_BATCH = 1 << 18
"""Edges that are gathered before pairs are struck out."""

_BUCKETS = 16
"""Into how many parts the edges that wait are divided."""


@dataclass(frozen=True)
class Rest:
    """What the edges without a partner bound."""

    overlaps: int
    """Places that are covered more than once, or from the wrong side."""
    unmatched: int
    """Edges that meet others where they have no vertex."""
    holes: tuple[float, ...]
    """Mean width of each place that is not covered but surrounded, in the unit of the coordinates."""


@dataclass(frozen=True)
class _Edges:
    """Edges, all of them from their smaller to their larger end."""

    low: NDArray[Any]
    """Their smaller ends, shape (n, numbers of an end)."""
    high: NDArray[Any]
    """Their larger ends."""
    net: NDArray[np.int32]
    """How often more each is walked that way than the other, shape (n,)."""

    def __len__(self) -> int:
        return len(self.net)

    def __getitem__(self, chosen: NDArray[np.int64]) -> _Edges:
        return _Edges(self.low[chosen], self.high[chosen], self.net[chosen])

    @classmethod
    def walked(cls, start: NDArray[Any], end: NDArray[Any]) -> _Edges:
        """Edges as they are walked."""
        low, high, backwards = _ascending(start, end)
        return cls(low, high, np.where(backwards, np.int32(-1), np.int32(1)))

    @classmethod
    def together(cls, parts: Sequence[_Edges]) -> _Edges:
        """All edges of some parts, at least one."""
        columns = zip(*((part.low, part.high, part.net) for part in parts), strict=True)
        return cls(*(np.concatenate(column) for column in columns))

    def without_partners(self) -> _Edges:
        """Those that are walked more often one way than the other, each once."""
        if not len(self):
            return self
        mixed = _mixed(self.low, self.high)
        order = np.argsort(mixed)
        starts = np.flatnonzero(np.diff(mixed[order], prepend=~mixed[order][:1]) != 0)
        total = np.add.reduceat(self.net[order], starts)
        stays = total != 0
        left = self[order[starts[stays]]]
        return _Edges(left.low, left.high, total[stays])


class EdgeSum:
    """Adds up edges, those that are walked the other way as negative ones.

    Every edge stands for a number that looks random, so the sum is zero if all edges are walked as often in one
    direction as in the other, and else as good as never: once in 2⁶⁴ times.
    """

    def __init__(self) -> None:
        self._sum = np.zeros(1, np.uint64)  # an array, which goes on from zero without a warning

    def add(self, start: NDArray[Any], end: NDArray[Any]) -> None:
        """Take edges.

        Args:
            start: Where they begin, shape (n, numbers of an end); the polygon is on their left.
            end: Where they end.
        """
        low, high, backwards = _ascending(start, end)
        mixed = _mixed(low, high)
        np.negative(mixed, out=mixed, where=backwards)
        self._sum += mixed.sum()

    @property
    def is_zero(self) -> bool:
        """Whether every edge has its partner."""
        return not self._sum[0]


class EdgeBalance:
    """Strikes out edges that are walked in both directions.

    Args:
        place: Gives x and y of ends of edges, shape (n, 2); ends are rows of numbers, equal for equal places only.
    """

    def __init__(self, place: Callable[[NDArray[Any]], Floats]) -> None:
        self._place = place
        self._left: list[_Edges | None] = [None] * _BUCKETS  # equal edges are in the same bucket
        self._new: list[tuple[_Edges, NDArray[np.uint8]]] = []  # with the bucket of each
        self._waiting = 0  # edges of them all
        self._count = 0  # edges of the new ones

    def add(self, start: NDArray[Any], end: NDArray[Any]) -> None:
        """Take edges.

        Args:
            start: Where they begin, shape (n, numbers of an end); the polygon is on their left.
            end: Where they end.
        """
        for first in range(0, len(start), _BATCH):  # a large region may have more than are gathered
            part = slice(first, first + _BATCH)
            edges = _Edges.walked(start[part], end[part])
            self._new.append((edges, (_mixed(edges.low, edges.high) % np.uint64(_BUCKETS)).astype(np.uint8)))
            self._count += len(start[part])
            if self._count > max(_BATCH, self._waiting // 2):
                self._strike_out()

    def _strike_out(self) -> None:
        """Look for partners in one bucket after the other, so that what this takes is small beside what waits."""
        new, self._new, self._count = self._new, [], 0
        for number, left in enumerate(self._left):
            some = [edges[np.flatnonzero(bucket == number)] for edges, bucket in new]
            self._left[number] = _Edges.together([*([left] if left else []), *some]).without_partners()
        self._waiting = sum(len(left) for left in self._left if left)

    def finish(self) -> Rest:
        """What the edges that are left bound."""
        if self._new:
            self._strike_out()
        if not self._waiting:
            return Rest(0, 0, ())
        left = _Edges.together([left for left in self._left if left])
        low, high, turned = _ascending(self._place(left.low), self._place(left.high))
        net = np.where(turned, -left.net, left.net)
        segments = shapely.linestrings(np.stack([low, high], axis=1))
        noded = shapely.get_parts(shapely.node(shapely.multilinestrings(segments)))
        unmatched = ~np.isin(_mixed(low, high), _mixed(*_ascending(*_segments(noded))[:2]))
        faces = shapely.orient_polygons(shapely.get_parts(shapely.polygonize(noded)))
        times = _times_covered(faces, _mixed(low, high), net)
        holes = faces[times == 0]
        width = 2 * shapely.area(holes) / shapely.length(holes) if len(holes) else np.zeros(0)
        overlaps = int(np.count_nonzero((times != 0) & (times != 1)))
        return Rest(overlaps, int(np.count_nonzero(unmatched)), tuple(width.tolist()))


def _ascending(start: NDArray[Any], end: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.bool_]]:
    """The edges from their smaller to their larger end, and which of them ran the other way."""
    backwards, equal = np.zeros(len(start), np.bool_), np.ones(len(start), np.bool_)
    for one, other in zip(start.T, end.T, strict=True):
        backwards |= equal & (one > other)
        equal &= one == other
    turned = backwards[:, np.newaxis]
    return np.where(turned, end, start), np.where(turned, start, end), backwards


def _segments(lines: NDArray[Any]) -> tuple[Floats, Floats]:
    """The pieces of lines between two vertices: x and y of both ends."""
    points, line = shapely.get_coordinates(lines, return_index=True)
    inside = line[1:] == line[:-1]
    return points[:-1][inside], points[1:][inside]


def _mixed(low: NDArray[Any], high: NDArray[Any]) -> NDArray[np.uint64]:
    """A number for each edge that is the same for equal edges, and for others as good as never.

    Its ends are stirred in one after the other, as the generator SplitMix64 does (Steele, Lea and Flood 2014).
    """
    mixed = np.zeros(len(low), np.uint64)
    for column in (*low.T, *high.T):
        mixed ^= np.ascontiguousarray(column + 0).view(np.uint64)  # plus zero makes −0 a 0
        mixed += np.uint64(0x9E3779B97F4A7C15)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed ^= mixed >> np.uint64(shift)
            mixed *= np.uint64(factor)
        mixed ^= mixed >> np.uint64(31)
    return mixed


def _times_covered(faces: NDArray[Any], mixed: NDArray[np.uint64], net: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many polygons lie over each face, from outside inwards over the edges; shape (faces,).

    Args:
        faces: What the edges bound, oriented.
        mixed: The edges, as `_mixed` gives them.
        net: How often more each is walked from its smaller end than from the other: so much more is its left covered.
    """
    start, end, face = sides_of(faces)
    low, high, backwards = _ascending(start, end)
    order, found = np.argsort(mixed), _mixed(low, high)
    place = np.minimum(np.searchsorted(mixed[order], found), len(order) - 1)
    known = mixed[order[place]] == found
    edge, face, backwards = order[place[known]], face[known], backwards[known]
    outside = len(faces)
    left, right = np.full(len(mixed), outside), np.full(len(mixed), outside)
    left[edge[~backwards]], right[edge[backwards]] = face[~backwards], face[backwards]
    times = np.zeros(outside + 1, np.int64)
    is_known = np.append(np.zeros(outside, np.bool_), True)
    while True:
        inwards, outwards = is_known[right] & ~is_known[left], is_known[left] & ~is_known[right]
        if not (inwards.any() or outwards.any()):
            return times[:-1]
        times[left[inwards]] = times[right[inwards]] + net[inwards]
        times[right[outwards]] = times[left[outwards]] - net[outwards]
        is_known[left[inwards]] = is_known[right[outwards]] = True


def sides_of(polygons: NDArray[Any]) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """All sides of polygons, walked with the polygon on the left: where they begin and end, and of which they are.

    Args:
        polygons: Polygons and multipolygons whose rings may run either way.
    """
    parts, polygon = shapely.get_parts(polygons, return_index=True)
    if not len(parts):
        return np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0, np.int64)
    _, points, (rings, offsets) = shapely.to_ragged_array(shapely.orient_polygons(parts))
    inside = np.ones(len(points), np.bool_)
    inside[rings[1:] - 1] = False
    at = np.flatnonzero(inside)
    which = np.repeat(polygon, np.diff(rings[offsets]))
    return points[at], points[at + 1], which[at]

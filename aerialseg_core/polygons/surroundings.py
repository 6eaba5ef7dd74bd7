"""Surroundings: the edges around outlines that are about to change, and what in them is in the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ..raster.vertex_grid import Ints
from .labeling import components

Bools = NDArray[np.bool_]

UNKNOWN = -1
"""Class value where there is no polygon, or none that is known."""


@dataclass(frozen=True)
class Sides:
    """Sides of polygons, each walked with its polygon on the left."""

    start: Ints
    """Vertex where each begins, shape (n,)."""
    end: Ints
    """Vertex where it ends."""
    value: Ints
    """Class value of its polygon."""

    def __len__(self) -> int:
        return len(self.start)

    def __getitem__(self, chosen: NDArray[np.generic]) -> Sides:
        return Sides(self.start[chosen], self.end[chosen], self.value[chosen])

    @classmethod
    def together(cls, parts: list[Sides]) -> Sides:
        """All sides of some parts."""
        columns = ([getattr(part, name) for part in parts] for name in ("start", "end", "value"))
        return cls(*(np.concatenate([np.zeros(0, np.int64), *column]) for column in columns))


@dataclass(frozen=True)
class Network:
    """Edges between vertices that are numbered 0 … n − 1."""

    vertex: Ints
    """Vertex of the grid of each number, ascending, shape (n,)."""
    low: Ints
    """The smaller end of each edge, shape (edges,)."""
    high: Ints
    """The larger end."""
    left: Ints
    """Class value on the left when one walks from the smaller end; `UNKNOWN` if there is none."""
    right: Ints
    """Class value on the right."""

    @classmethod
    def of(cls, sides: Sides) -> Network:
        """The edges of a coverage; those between two pieces of a region are none."""
        vertex, ends = np.unique(np.stack([sides.start, sides.end]), return_inverse=True)
        start, end = ends.reshape(2, -1)
        key, edge = np.unique(_key(start, end, len(vertex)), return_inverse=True)
        left, right = np.full(len(key), UNKNOWN), np.full(len(key), UNKNOWN)
        forward = start < end
        left[edge[forward]], right[edge[~forward]] = sides.value[forward], sides.value[~forward]
        real = left != right
        low, high = np.divmod(key[real], max(1, len(vertex)))
        return cls(vertex, low, high, left[real], right[real])

    def numbers(self, vertex: Ints) -> Ints:
        """The numbers of vertices; `UNKNOWN` for those that are not in it."""
        if not len(self.vertex):
            return np.full(len(vertex), UNKNOWN)
        place = np.minimum(np.searchsorted(self.vertex, vertex), len(self.vertex) - 1)
        return np.asarray(np.where(self.vertex[place] == vertex, place, UNKNOWN))

    def edges(self, start: Ints, end: Ints) -> Ints:
        """The edges between numbered vertices; `UNKNOWN` where there is none."""
        known, key = _key(self.low, self.high, len(self.vertex)), _key(start, end, len(self.vertex))
        if not len(known):
            return np.full(len(key), UNKNOWN)
        place = np.minimum(np.searchsorted(known, key), len(known) - 1)
        return np.asarray(np.where(known[place] == key, place, UNKNOWN))

    @property
    def degree(self) -> Ints:
        """Edges that meet at each vertex, shape (n,)."""
        return np.bincount(np.concatenate([self.low, self.high]), minlength=len(self.vertex))

    @property
    def is_inner(self) -> Bools:
        """Whether there are polygons, and not no data, all around each vertex, shape (n,)."""
        outer = (self.left <= 0) | (self.right <= 0)
        found = np.ones(len(self.vertex), np.bool_)
        found[self.low[outer]] = found[self.high[outer]] = False
        return found

    def without(self, gone: Bools) -> Chains:
        """The edges that are left when some vertices go at which just two edges meet.

        Args:
            gone: Those vertices, shape (n,).
        """
        one, other = gone[self.low], gone[self.high]
        both = one & other
        root = components(len(gone), self.low[both], self.high[both])
        direct, half = np.flatnonzero(~one & ~other), np.flatnonzero(one ^ other)
        end, within = np.where(one, self.high, self.low)[half], np.where(one, self.low, self.high)[half]
        order = np.argsort(root[within], kind="stable")  # each chain has two ends
        end, half, roots = end[order].reshape(-1, 2), half[order][::2], root[within][order][::2]
        number = np.full(len(gone), UNKNOWN)
        number[roots] = len(direct) + np.arange(len(roots))
        return Chains(
            one=np.concatenate([self.low[direct], end[:, 0]]),
            other=np.concatenate([self.high[direct], end[:, 1]]),
            edge=np.concatenate([direct, half]),
            chain=np.where(gone, number[root], UNKNOWN),
        )


@dataclass(frozen=True)
class Chains:
    """Edges of a network, each maybe several in a row whose common vertices have gone."""

    one: Ints
    """Vertex at one end, shape (chains,)."""
    other: Ints
    """Vertex at the other end."""
    edge: Ints
    """One of the edges of the network that each consists of."""
    chain: Ints
    """Chain of each vertex that has gone; `UNKNOWN` for others, and where nothing is left of it; shape (vertices,)."""


def _key(start: Ints, end: Ints, count: int) -> Ints:
    """A number for each pair of vertices, whichever comes first."""
    return np.asarray(np.minimum(start, end) * count + np.maximum(start, end))


@dataclass(frozen=True)
class Segments:
    """Edges with places: their ends by number, and where these are now."""

    one: Ints
    other: Ints
    ends: NDArray[np.float64]
    """x and y of both ends, shape (n, 2, 2)."""

    def meetings(self, active: Ints) -> tuple[Ints, Ints]:
        """Pairs of segments that meet elsewhere than at a common end.

        Args:
            active: Those that are of interest, by index.

        Returns:
            One of the active ones each, and any other one; or itself, if it has no length.
        """
        lines = shapely.linestrings(self.ends)
        which, other = shapely.STRtree(lines).query(lines[active], predicate="intersects")
        one = active[which]
        pairs = one != other
        one, other = one[pairs], other[pairs]
        collide = ~self._touch_only(one, other)
        empty = active[(self.ends[active, 0] == self.ends[active, 1]).all(axis=1)]
        return np.concatenate([one[collide], empty]), np.concatenate([other[collide], empty])

    def _touch_only(self, one: Ints, other: Ints) -> Bools:
        """Whether two segments that meet have an end in common and lead away from it in different directions."""
        found = np.zeros(len(one), np.bool_)
        for mine in (0, 1):
            for yours in (0, 1):
                names = [(self.one, self.other)[end] for end in (mine, yours)]
                common = names[0][one] == names[1][other]
                away = self.ends[one, 1 - mine] - self.ends[one, mine]
                aside = self.ends[other, 1 - yours] - self.ends[other, yours]
                cross = away[:, 0] * aside[:, 1] - away[:, 1] * aside[:, 0]
                folded = (cross == 0) & ((away * aside).sum(axis=1) > 0)
                found |= common & ~folded
        return found

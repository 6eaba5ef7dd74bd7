"""Settlement: which new outlines find their place among all other edges, so that the coverage stays one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray

from ..raster.vertex_grid import Ints
from .geometry import to_polygons
from .regions import GONE
from .rings import RingSet, closed_rings, neighbours
from .squaring import SquaredRings
from .surroundings import UNKNOWN, Chains, Network, Segments, Sides

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

MOST_CHANGED = 0.25
"""Part of its area that an outline may lose and gain in all: what is another shape stays as it was."""

NOBODY = -1
"""Rank of no outline."""

_ROWS_DOWN = Affine(1, 0, 0, 0, -1, 0)


@dataclass(frozen=True)
class _Attempt:
    """What all vertices would do if the outlines that are left became the new ones."""

    target: Ints
    """Where each vertex of the network goes, `GONE` for away, shape (vertices,)."""
    mover: Ints
    """Rank of the outline for whose sake it does, `NOBODY` where it stays."""
    losers: Ints
    """Ranks of outlines that cannot be, as they would pass over something that has to stay."""


class Settlement:
    """New outlines and what is around them.

    All try at once. Where one passes over a vertex at which another boundary only turns, that vertex goes. Of two
    outlines that meet the smaller one stays as it was, and so does one that meets anything else. As what stays may be
    in the way of others, this goes on until nothing meets.

    Args:
        rings: The old outlines.
        new: The new ones, of which only those are tried that have succeeded.
        network: The edges around them.
        fixed: Vertices that have moved before, and do so once only.
        reach: How far an outline may reach beyond where it was, steps of the grid.
    """

    def __init__(self, rings: RingSet, new: SquaredRings, network: Network, fixed: Ints, *, reach: int) -> None:
        self._rings, self._new, self._network = rings, new, network
        self._number = network.numbers(new.vertex)
        self._may_go = (network.degree == 2) & network.is_inner & ~np.isin(network.vertex, fixed)
        self._may_go[self._number[self._number != UNKNOWN]] = False  # they are corners of buildings
        self._edge = network.edges(self._number, self._number[neighbours(new.ring_offsets)[1]])
        self._by_rank = np.lexsort((np.arange(len(rings)), -rings.pixels))  # of equal ones the one that came first
        self._rank = np.argsort(self._by_rank)
        self.accepted = new.succeeded & self._are_free()
        """Which outlines are as the new ones, shape (polygons,)."""
        self._changed = self._changes(reach)
        while len(losers := self._losers()):
            self.accepted[self._by_rank[losers]] = False

    def moves(self) -> tuple[Ints, Ints]:
        """Vertices that move, and where they go, `GONE` for away."""
        target = self._attempt().target
        moved = target != self._network.vertex
        return self._network.vertex[moved], target[moved]

    def _are_free(self) -> Bools:
        """Which outlines have polygons all around each vertex, and share none with one of a better rank."""
        polygon, number = self._new.polygon, self._number
        best = np.full(len(self._network.vertex), len(self._rank))
        known = number != UNKNOWN
        np.minimum.at(best, number[known], self._rank[polygon[known]])
        taken = (
            ~known | (self._edge == UNKNOWN) | ~self._network.is_inner[number] | (best[number] != self._rank[polygon])
        )
        return np.asarray(np.bincount(polygon[taken], minlength=len(self._rank)) == 0)

    def _changes(self, reach: int) -> NDArray[np.object_]:
        """What each outline gains and loses; those that are another shape then, or none at all, give up."""
        accepted = self.accepted[self._new.polygon]
        moved = np.where(self._new.stays, self._new.moved, GONE)
        old, new = (self._polygons(v) for v in (self._new.vertex, np.where(accepted, moved, self._new.vertex)))
        before, after = shapely.bounds(old), shapely.bounds(new)
        beyond = np.concatenate([before[:, :2] - after[:, :2], after[:, 2:] - before[:, 2:]], axis=1)
        self.accepted &= shapely.is_valid(new) & (beyond <= reach).all(axis=1)
        changed, tried = np.full(len(old), shapely.Polygon()), np.flatnonzero(self.accepted)
        changed[tried] = shapely.symmetric_difference(old[tried], new[tried])
        self.accepted &= shapely.area(changed) <= MOST_CHANGED * shapely.area(old)
        return changed

    def _polygons(self, target: Ints) -> NDArray[np.object_]:
        """The outlines with their vertices there, one step of the grid as the unit."""
        stays = target != GONE
        offsets = np.append(0, np.cumsum(stays))[self._new.ring_offsets]
        return to_polygons(closed_rings(self._rings, target[stays], offsets), _ROWS_DOWN)

    def _losers(self) -> Ints:
        """Ranks of outlines that cannot be as things are."""
        attempt = self._attempt()
        if len(attempt.losers):
            return attempt.losers
        chains = self._network.without(attempt.target == GONE)
        rank = self._ranks(chains, attempt.mover)
        place = self._places(attempt.target)
        segments = Segments(chains.one, chains.other, np.stack([place[chains.one], place[chains.other]], axis=1))
        one, other = segments.meetings(np.flatnonzero(rank != NOBODY))
        vanished = (attempt.target == GONE) & (chains.chain == UNKNOWN)
        swept = self._swept(chains, rank, attempt, place)
        met = np.maximum(rank[one], rank[other])
        return np.asarray(np.unique(np.concatenate([met, attempt.mover[vanished], swept])))

    def _attempt(self) -> _Attempt:
        """What all vertices do."""
        network, polygon = self._network, self._new.polygon
        target, mover = network.vertex.copy(), np.full(len(network.vertex), NOBODY)
        own = self.accepted[polygon]
        target[self._number[own]] = np.where(self._new.stays, self._new.moved, GONE)[own]
        mover[self._number[own]] = self._rank[polygon[own]]
        there = np.flatnonzero(target != GONE)
        tried = np.flatnonzero(self.accepted)
        points = shapely.points(self._places(target)[there])
        which, point = shapely.STRtree(points).query(self._changed[tried], predicate="intersects")
        passing, passed = self._rank[tried[which]], there[point]
        foreign = mover[passed] != passing
        passing, passed = passing[foreign], passed[foreign]
        goes = self._may_go[passed]
        np.maximum.at(mover, passed[goes], passing[goes])
        target[passed[goes]] = GONE
        return _Attempt(target, mover, np.unique(np.maximum(passing, mover[passed])[~goes]))

    def _places(self, target: Ints) -> Floats:
        """Where vertices are, anywhere for those that have gone; shape (n, 2)."""
        row, col = self._rings.grid.locate(target)
        return np.asarray(np.stack([col, -row], axis=1), np.float64)

    def _ranks(self, chains: Chains, mover: Ints) -> Ints:
        """The worst rank of an outline for whose sake each chain is where it is, `NOBODY` if there is none."""
        rank = np.maximum(mover[chains.one], mover[chains.other])
        gone = np.flatnonzero(chains.chain != UNKNOWN)
        np.maximum.at(rank, chains.chain[gone], mover[gone])
        return rank

    def _swept(self, chains: Chains, rank: Ints, attempt: _Attempt, place: Floats) -> Ints:
        """Ranks of outlines for whose sake another boundary would pass over a vertex, or might."""
        is_outline = np.zeros(len(self._network.low), np.bool_)
        is_outline[self._edge[self.accepted[self._new.polygon]]] = True
        swings = np.flatnonzero((rank != NOBODY) & ~is_outline[chains.edge])
        old = self._places(self._network.vertex)
        gone = np.flatnonzero(np.isin(chains.chain, swings))
        one, other = chains.one[swings], chains.other[swings]
        points = np.concatenate([old[one], old[other], place[one], place[other], old[gone]])
        number = np.concatenate([swings, swings, swings, swings, chains.chain[gone]])
        order = np.argsort(number, kind="stable")
        _, number = np.unique(number[order], return_inverse=True)
        hulls = shapely.convex_hull(shapely.multipoints(points[order], indices=number))
        there = np.flatnonzero(attempt.target != GONE)
        which, point = shapely.STRtree(shapely.points(place[there])).query(hulls, predicate="intersects")
        which, vertex = swings[which], there[point]
        foreign = (vertex != chains.one[which]) & (vertex != chains.other[which])
        foreign &= attempt.mover[vertex] != rank[which]
        return np.asarray(np.maximum(rank[which], attempt.mover[vertex])[foreign])

    def sides(self, before: Sides) -> Sides:
        """The sides of all polygons as they are afterwards.

        Args:
            before: As they were.
        """
        network, target = self._network, self._attempt().target
        start, end = network.numbers(before.start), network.numbers(before.end)
        real = network.edges(start, end) != UNKNOWN
        start, end, value = start[real], end[real], before.value[real]
        chain = network.without(target == GONE).chain
        into, out = chain[end], chain[start]
        begins, ends = ((at == UNKNOWN) & (beside != UNKNOWN) for at, beside in ((out, into), (into, out)))
        first = np.flatnonzero(begins)[np.lexsort((value[begins], into[begins]))]
        last = np.flatnonzero(ends)[np.lexsort((value[ends], out[ends]))]
        direct = (into == UNKNOWN) & (out == UNKNOWN)
        starts, stops = np.concatenate([start[direct], start[first]]), np.concatenate([end[direct], end[last]])
        return Sides(target[starts], target[stops], np.concatenate([value[direct], value[first]]))

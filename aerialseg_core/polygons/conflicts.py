"""Conflicts between new outlines and the edges around them: which outlines can be, so that the coverage stays valid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray

from ..raster.vertex_grid import Floats, Ints
from .geometry import to_polygons
from .labeling import find_components
from .regions import GONE
from .rings import RingSet, close_rings, find_neighbours

Bools = NDArray[np.bool_]

UNKNOWN = -1
"""Class value where there is no polygon, or none that is known; number of a vertex, edge or chain that there is not."""

MOST_CHANGED = 0.25
"""Part of its area that an outline may lose and gain in all: what is another shape stays as it was."""

NOBODY = -1
"""Rank of no outline."""

_ROWS_DOWN = Affine(1, 0, 0, 0, -1, 0)
"""Steps of the grid as x and y, with north at the top."""


@dataclass(frozen=True)
class DirectedEdges:
    """Edges of polygons, each with its polygon on the left."""

    start: Ints
    """Vertex where each begins, shape (n,)."""
    end: Ints
    """Vertex where it ends."""
    value: Ints
    """Class value of its polygon."""

    def __len__(self) -> int:
        return len(self.start)

    def __getitem__(self, chosen: NDArray[np.generic]) -> DirectedEdges:
        return DirectedEdges(self.start[chosen], self.end[chosen], self.value[chosen])

    @classmethod
    def concatenate(cls, parts: Sequence[DirectedEdges]) -> DirectedEdges:
        """Put the edges of some parts one after the other."""
        columns = ([getattr(part, name) for part in parts] for name in ("start", "end", "value"))
        return cls(*(np.concatenate([np.zeros(0, np.int64), *column]) for column in columns))


@dataclass(frozen=True)
class Chains:
    """Edges of a graph, each maybe several in a row whose common vertices have gone."""

    one: Ints
    """Vertex at one end, shape (chains,)."""
    other: Ints
    """Vertex at the other end."""
    edge: Ints
    """One of the edges of the graph that each consists of."""
    chain: Ints
    """Chain of each vertex that has gone; `UNKNOWN` for others, and where nothing is left of it; shape (vertices,)."""

    def find_meetings(self, place: Floats, active: Ints) -> tuple[Ints, Ints]:
        """Find pairs of chains that meet elsewhere than at a common end.

        Args:
            place: x and y of the vertices, shape (vertices, 2); chains are straight lines between them.
            active: Those that are of interest, by index.

        Returns:
            One of the active ones each, and any other one; or itself, if it has no length.
        """
        ends = np.stack([place[self.one], place[self.other]], axis=1)
        lines = shapely.linestrings(ends)
        which, other = shapely.STRtree(lines).query(lines[active], predicate="intersects")
        one = active[which]
        pairs = one != other
        one, other = one[pairs], other[pairs]
        touch_only = np.zeros(len(one), np.bool_)  # an end in common, from which they lead in different directions
        for mine in (0, 1):
            for yours in (0, 1):
                common = (self.one, self.other)[mine][one] == (self.one, self.other)[yours][other]
                away = ends[one, 1 - mine] - ends[one, mine]
                aside = ends[other, 1 - yours] - ends[other, yours]
                cross = away[:, 0] * aside[:, 1] - away[:, 1] * aside[:, 0]
                folded = (cross == 0) & ((away * aside).sum(axis=1) > 0)
                touch_only |= common & ~folded
        empty = active[(ends[active, 0] == ends[active, 1]).all(axis=1)]
        return np.concatenate([one[~touch_only], empty]), np.concatenate([other[~touch_only], empty])


@dataclass(frozen=True)
class EdgeGraph:
    """Edges between vertices that are numbered 0 … n − 1."""

    vertex: Ints
    """Vertex of the grid of each number, ascending, shape (n,)."""
    low: Ints
    """The smaller end of each edge, shape (edges,)."""
    high: Ints
    """The larger end."""
    left: Ints
    """Class value on the left as seen from the smaller end; `UNKNOWN` if there is none."""
    right: Ints
    """Class value on the right."""

    @classmethod
    def build(cls, edges: DirectedEdges) -> EdgeGraph:
        """Build the graph of a coverage; edges between two pieces of a region are none."""
        vertex, ends = np.unique(np.stack([edges.start, edges.end]), return_inverse=True)
        start, end = ends.reshape(2, -1)
        key, edge = np.unique(_number_pairs(start, end, len(vertex)), return_inverse=True)
        left, right = np.full(len(key), UNKNOWN), np.full(len(key), UNKNOWN)
        forward = start < end
        left[edge[forward]], right[edge[~forward]] = edges.value[forward], edges.value[~forward]
        real = left != right
        low, high = np.divmod(key[real], max(1, len(vertex)))
        return cls(vertex, low, high, left[real], right[real])

    def find_vertices(self, vertex: Ints) -> Ints:
        """Find the numbers of vertices of the grid; `UNKNOWN` for those that are not in the graph."""
        return _look_up(self.vertex, vertex)

    def find_edges(self, start: Ints, end: Ints) -> Ints:
        """Find the edges between numbered vertices; `UNKNOWN` where there is none."""
        return _look_up(
            _number_pairs(self.low, self.high, len(self.vertex)), _number_pairs(start, end, len(self.vertex))
        )

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

    def contract(self, gone: Bools) -> Chains:
        """Take away vertices at which just two edges meet; what is left are chains.

        Args:
            gone: Those vertices, shape (n,).
        """
        one, other = gone[self.low], gone[self.high]
        both = one & other
        root = find_components(len(gone), self.low[both], self.high[both])
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


def _number_pairs(start: Ints, end: Ints, count: int) -> Ints:
    """Number pairs of vertices, whichever comes first."""
    return np.asarray(np.minimum(start, end) * count + np.maximum(start, end))


def _look_up(known: Ints, wanted: Ints) -> Ints:
    """Find where numbers stand among ascending ones; `UNKNOWN` where they do not."""
    if not len(known):
        return np.full(len(wanted), UNKNOWN)
    place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.asarray(np.where(known[place] == wanted, place, UNKNOWN))


@dataclass(frozen=True)
class ProposedRings:
    """New outlines that may take the place of old ones, vertex by vertex: no ring is closed."""

    vertex: Ints
    """Vertices as they were, shape (n,)."""
    moved: Ints
    """Where each of them goes, shape (n,); of no use for those that go away."""
    stays: Bools
    """Which of them there still are: corners, and vertices where other boundaries end, shape (n,)."""
    polygon: Ints
    """Polygon of each vertex, shape (n,)."""
    ring_offsets: Ints
    """Where each ring begins among the vertices, and their number."""
    succeeded: Bools
    """Polygons for all of whose rings there is a new one, shape (polygons,)."""


@dataclass(frozen=True)
class _Attempt:
    """What all vertices would do if the outlines that are left became the new ones."""

    target: Ints
    """Where each vertex of the graph goes, `GONE` for away, shape (vertices,)."""
    mover: Ints
    """Rank of the outline for whose sake it does, `NOBODY` where it stays."""
    losers: Ints
    """Ranks of outlines that cannot be, as they would pass over something that has to stay."""


class ConflictResolver:
    """Decides which new outlines are accepted.

    All try at once. Where one passes over a vertex at which another boundary only turns, that vertex goes. Of two
    outlines that meet the smaller one stays as it was, and so does one that meets anything else. As what stays may be
    in the way of others, this is repeated until nothing meets.

    Args:
        rings: The old outlines.
        new: The new ones, of which only those are tried that have succeeded.
        graph: The edges around them.
        fixed: Vertices that have moved before, and do so once only.
        reach: How far an outline may reach beyond where it was, steps of the grid.
    """

    def __init__(self, rings: RingSet, new: ProposedRings, graph: EdgeGraph, fixed: Ints, *, reach: int) -> None:
        self._rings, self._new, self._graph = rings, new, graph
        self._number = graph.find_vertices(new.vertex)
        self._may_go = (graph.degree == 2) & graph.is_inner & ~np.isin(graph.vertex, fixed)
        self._may_go[self._number[self._number != UNKNOWN]] = False  # they are corners of outlines
        self._edge = graph.find_edges(self._number, self._number[find_neighbours(new.ring_offsets)[1]])
        self._by_rank = np.lexsort((np.arange(len(rings)), -rings.pixels))  # of equal ones the one that came first
        self._rank = np.argsort(self._by_rank)
        self.accepted = new.succeeded & self._find_free()
        """Which outlines are as the new ones, shape (polygons,)."""
        self._changed = self._find_changes(reach)
        while len(losers := self._find_losers()):
            self.accepted[self._by_rank[losers]] = False

    def _find_free(self) -> Bools:
        """Find the outlines that have polygons all around each vertex, and share none with one of a better rank."""
        polygon, number = self._new.polygon, self._number
        best = np.full(len(self._graph.vertex), len(self._rank))
        known = number != UNKNOWN
        np.minimum.at(best, number[known], self._rank[polygon[known]])
        taken = ~known | (self._edge == UNKNOWN)
        taken |= ~self._graph.is_inner[number] | (best[number] != self._rank[polygon])
        return np.asarray(np.bincount(polygon[taken], minlength=len(self._rank)) == 0)

    def _find_changes(self, reach: int) -> NDArray[np.object_]:
        """Find what each outline gains and loses; those that are another shape then, or none at all, give up."""
        moved = np.where(self._new.stays, self._new.moved, GONE)
        shapes = []
        for target in (self._new.vertex, np.where(self.accepted[self._new.polygon], moved, self._new.vertex)):
            stays = target != GONE
            offsets = np.append(0, np.cumsum(stays))[self._new.ring_offsets]
            shapes.append(to_polygons(close_rings(self._rings, target[stays], offsets), _ROWS_DOWN))
        old, new = shapes
        before, after = shapely.bounds(old), shapely.bounds(new)
        beyond = np.concatenate([before[:, :2] - after[:, :2], after[:, 2:] - before[:, 2:]], axis=1)
        self.accepted &= shapely.is_valid(new) & (beyond <= reach).all(axis=1)
        changed, tried = np.full(len(old), shapely.Polygon()), np.flatnonzero(self.accepted)
        changed[tried] = shapely.symmetric_difference(old[tried], new[tried])
        self.accepted &= shapely.area(changed) <= MOST_CHANGED * shapely.area(old)
        return changed

    def _locate(self, target: Ints) -> Floats:
        """Find where vertices are, x and y, anywhere for those that have gone; shape (n, 2)."""
        row, col = self._rings.grid.locate(target)
        return np.asarray(np.stack([col, -row], axis=1), np.float64)

    def _find_losers(self) -> Ints:
        """Find the ranks of outlines that cannot be as things are."""
        attempt = self._attempt_all()
        if len(attempt.losers):
            return attempt.losers
        chains = self._graph.contract(attempt.target == GONE)
        # The worst rank of an outline for whose sake each chain is where it is.
        rank = np.maximum(attempt.mover[chains.one], attempt.mover[chains.other])
        gone = np.flatnonzero(chains.chain != UNKNOWN)
        np.maximum.at(rank, chains.chain[gone], attempt.mover[gone])
        place = self._locate(attempt.target)
        one, other = chains.find_meetings(place, np.flatnonzero(rank != NOBODY))
        vanished = (attempt.target == GONE) & (chains.chain == UNKNOWN)
        swept = self._find_swept(chains, rank, attempt, place)
        met = np.maximum(rank[one], rank[other])
        return np.asarray(np.unique(np.concatenate([met, attempt.mover[vanished], swept])))

    def _attempt_all(self) -> _Attempt:
        """Let all outlines that are accepted so far become the new ones."""
        graph, polygon = self._graph, self._new.polygon
        target, mover = graph.vertex.copy(), np.full(len(graph.vertex), NOBODY)
        own = self.accepted[polygon]
        target[self._number[own]] = np.where(self._new.stays, self._new.moved, GONE)[own]
        mover[self._number[own]] = self._rank[polygon[own]]
        there = np.flatnonzero(target != GONE)
        tried = np.flatnonzero(self.accepted)
        points = shapely.points(self._locate(target)[there])
        which, point = shapely.STRtree(points).query(self._changed[tried], predicate="intersects")
        passing, passed = self._rank[tried[which]], there[point]
        foreign = mover[passed] != passing
        passing, passed = passing[foreign], passed[foreign]
        goes = self._may_go[passed]
        np.maximum.at(mover, passed[goes], passing[goes])
        target[passed[goes]] = GONE
        return _Attempt(target, mover, np.unique(np.maximum(passing, mover[passed])[~goes]))

    def _find_swept(self, chains: Chains, rank: Ints, attempt: _Attempt, place: Floats) -> Ints:
        """Find the ranks of outlines for whose sake another boundary would pass over a vertex, or might."""
        is_outline = np.zeros(len(self._graph.low), np.bool_)
        is_outline[self._edge[self.accepted[self._new.polygon]]] = True
        swings = np.flatnonzero((rank != NOBODY) & ~is_outline[chains.edge])
        old = self._locate(self._graph.vertex)
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

    def list_displacements(self) -> tuple[Ints, Ints]:
        """List the vertices that move, and where they go, `GONE` for away."""
        target = self._attempt_all().target
        moved = target != self._graph.vertex
        return self._graph.vertex[moved], target[moved]

    def move_edges(self, before: DirectedEdges) -> DirectedEdges:
        """Find the edges of all polygons as they are afterwards.

        Args:
            before: As they were.
        """
        graph, target = self._graph, self._attempt_all().target
        start, end = graph.find_vertices(before.start), graph.find_vertices(before.end)
        real = graph.find_edges(start, end) != UNKNOWN
        start, end, value = start[real], end[real], before.value[real]
        chain = graph.contract(target == GONE).chain
        into, out = chain[end], chain[start]
        begins, ends = ((at == UNKNOWN) & (beside != UNKNOWN) for at, beside in ((out, into), (into, out)))
        first = np.flatnonzero(begins)[np.lexsort((value[begins], into[begins]))]
        last = np.flatnonzero(ends)[np.lexsort((value[ends], out[ends]))]
        direct = (into == UNKNOWN) & (out == UNKNOWN)
        starts, stops = np.concatenate([start[direct], start[first]]), np.concatenate([end[direct], end[last]])
        return DirectedEdges(target[starts], target[stops], np.concatenate([value[direct], value[first]]))

"""Arcs: boundaries that are not closed yet, cut where they come to a line between two tiles. Arrays only, no I/O.

Along the side of two tiles both have the same vertices. So what separates two pieces of one region there is a pair
of opposite half-edges, each an arc of its own; it is taken out, and what came before the one goes on with what came
after the other. What lies between two such lines is never looked at again until its ring is closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..raster.vertex_grid import VertexGrid
from .cycles import cycle_leaders, in_order, offsets_of
from .regions import Ints
from .rings import HalfEdges, Rings, batches, closed_walks, ranges


@dataclass(frozen=True)
class Arcs:
    """Parts of boundaries, each walked with its region on the left."""

    grid: VertexGrid
    """The grid of their vertices."""
    vertex: Ints
    """Vertices of all arcs that are needed once pieces are joined, each arc without its end, shape (vertices,)."""
    offsets: Ints
    """Where each arc begins among the vertices, and their number, shape (arcs + 1,)."""
    start: Ints
    """Vertex where each arc starts, needed or not, shape (arcs,)."""
    successor: Ints
    """Index of the arc that follows, shape (arcs,): a permutation."""
    region: Ints
    """Region on the left, any numbers, shape (arcs,)."""
    on_line: NDArray[np.bool_]
    """Those that are a half-edge along a line between two tiles, shape (arcs,)."""

    def __len__(self) -> int:
        return len(self.start)

    @classmethod
    def of(cls, edges: HalfEdges, passed: NDArray[np.bool_], tile: int) -> Arcs:
        """The arcs of the boundaries of pieces.

        Args:
            edges: Half-edges in the order in which they are walked, ring by ring.
            passed: Half-edges that begin where no vertex is needed once the pieces are joined, shape (half-edges,).
            tile: Side of the tiles, steps of the grid.
        """
        count = len(edges.vertex)
        on_line = _on_line(edges, tile)
        begins = on_line.copy()
        begins[edges.successor[on_line]] = True
        begins[edges.successor[edges.successor <= np.arange(count)]] = True  # of a ring
        first = np.flatnonzero(begins)
        last = np.append(first, count)[1:] - 1
        number = np.cumsum(begins) - 1
        return cls(
            grid=edges.grid,
            vertex=edges.vertex[~passed],
            offsets=np.append(0, np.cumsum(~passed))[np.append(first, count)],
            start=edges.vertex[first],
            successor=number[edges.successor[last]],
            region=edges.region[first],
            on_line=on_line[first],
        )

    @classmethod
    def together(cls, grid: VertexGrid, parts: Sequence[Arcs]) -> Arcs:
        """All arcs of some parts on this grid, none of which has a successor in another one."""
        none = np.zeros(0, np.int64)
        begins = offsets_of(np.array([len(part) for part in parts], np.int64))
        return cls(
            grid=grid,
            vertex=np.concatenate([none, *(part.vertex for part in parts)]),
            offsets=offsets_of(np.concatenate([none, *(np.diff(part.offsets) for part in parts)])),
            start=np.concatenate([none, *(part.start for part in parts)]),
            successor=np.concatenate([none, *(part.successor + at for part, at in zip(parts, begins, strict=False))]),
            region=np.concatenate([none, *(part.region for part in parts)]),
            on_line=np.concatenate([np.zeros(0, np.bool_), *(part.on_line for part in parts)]),
        )

    def where(self, chosen: NDArray[np.bool_], successor: Ints) -> Arcs:
        """Some of the arcs.

        Args:
            chosen: Which, shape (arcs,).
            successor: The arc that follows each of these then, one of them, shape (chosen,).
        """
        some = np.flatnonzero(chosen)
        number = np.cumsum(chosen) - 1
        return Arcs(
            grid=self.grid,
            vertex=self.vertex[ranges(self.offsets, some)],
            offsets=offsets_of(np.diff(self.offsets)[some]),
            start=self.start[some],
            successor=number[successor],
            region=self.region[some],
            on_line=self.on_line[some],
        )

    def joined(self) -> Arcs:
        """What is left when two pieces of a region are no longer separated."""
        one, other = self._twins()
        beyond, inner = self.successor.copy(), np.zeros(len(self), np.bool_)
        beyond[one] = self.successor[other]  # one that comes upon such an arc goes on where its twin does
        inner[one] = True
        return self.where(~inner, _past(inner, beyond, self.successor[~inner]))

    def _twins(self) -> tuple[Ints, Ints]:
        """The arcs between two pieces of a region, and the opposite one of each."""
        at = np.flatnonzero(self.on_line)
        start, end = self.start[at], self.start[self.successor[at]]
        low, high = np.minimum(start, end), np.maximum(start, end)
        order = np.lexsort((self.region[at], high, low))
        at, low, high = at[order], low[order], high[order]
        pair = (low[1:] == low[:-1]) & (high[1:] == high[:-1]) & (self.region[at[1:]] == self.region[at[:-1]])
        one, other = at[:-1][pair], at[1:][pair]
        return np.concatenate([one, other]), np.concatenate([other, one])

    def closed(self, reaches: NDArray[np.bool_]) -> tuple[Arcs, Arcs]:
        """Those whose rings are closed, and the others.

        Args:
            reaches: Arcs that start where more may come, shape (arcs,).
        """
        leader = cycle_leaders(self.successor)
        is_open = np.zeros(len(self), np.bool_)
        is_open[leader[reaches]] = True
        is_open = is_open[leader]
        done = self.where(~is_open, self.successor[~is_open])
        goes_on = self.where(is_open, self.successor[is_open])
        return done, replace(goes_on, on_line=goes_on.on_line & reaches[is_open])  # of others both sides are known

    def rings(self) -> list[Rings]:
        """The rings that they are, in several parts as putting them in order takes many times their memory."""
        order, begins = in_order(self.successor, cycle_leaders(self.successor))
        lengths = np.diff(self.offsets)
        offsets = offsets_of(lengths[order])[begins]
        found = []
        for part in batches(np.diff(offsets)):
            some = order[begins[part.start] : begins[part.stop]]
            bounds = offsets[part.start : part.stop + 1]
            region = self.region[order[begins[part.start : part.stop]]]
            vertex = self.vertex[ranges(self.offsets, some)]
            found.append(closed_walks(self.grid, vertex, bounds - bounds[0], region))
        return found


def _past(skipped: NDArray[np.bool_], beyond: Ints, successor: Ints) -> Ints:
    """The next arcs that stay, by pointer doubling.

    Args:
        skipped: Those that go, shape (n,).
        beyond: Where one goes on that comes upon such an arc, shape (n,).
        successor: The next arcs, that go or stay.

    Raises:
        RuntimeError: A boundary would consist of arcs that go, so the pieces do not fit together.
    """
    jump = np.where(skipped, beyond, np.arange(len(skipped)))
    for _ in range(len(skipped).bit_length() + 1):
        successor = jump[successor]
        if not skipped[successor].any():
            return successor
        jump = jump[jump]
    raise RuntimeError("The pieces of the tiles do not fit together.")


def _on_line(edges: HalfEdges, tile: int) -> NDArray[np.bool_]:
    """Whether half-edges lie on a line between two tiles."""
    row, col = edges.grid.locate(edges.vertex)
    end_row, end_col = row[edges.successor], col[edges.successor]
    found: NDArray[np.bool_] = (row == end_row) & (row % tile == 0) | (col == end_col) & (col % tile == 0)
    return found

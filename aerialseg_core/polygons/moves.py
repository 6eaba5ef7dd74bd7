"""Moves: vertices of a coverage that go elsewhere or away, in every polygon alike. Arrays only, no I/O."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .regions import Ints
from .rings import RingSet, closed_rings, neighbours, open_rings

GONE = -1
"""Target of a vertex that goes away."""


@dataclass(frozen=True)
class Moves:
    """Where vertices go."""

    vertex: Ints
    """The vertices that move, ascending, shape (n,)."""
    target: Ints
    """Where each goes, `GONE` for away, shape (n,)."""

    @classmethod
    def of(cls, parts: list[tuple[Ints, Ints]]) -> Moves:
        """Moves out of parts.

        Args:
            parts: Vertices and targets, in any order; no vertex twice.
        """
        none = np.zeros(0, np.int64)
        vertex, target = (np.concatenate([none, *column]) for column in zip((none, none), *parts, strict=True))
        order = np.argsort(vertex)
        return cls(vertex[order], target[order])

    def __len__(self) -> int:
        return len(self.vertex)

    def targets(self, vertex: Ints) -> Ints:
        """Where these vertices are afterwards, `GONE` for nowhere."""
        if not len(self):
            return vertex
        place = np.minimum(np.searchsorted(self.vertex, vertex), len(self) - 1)
        return np.asarray(np.where(self.vertex[place] == vertex, self.target[place], vertex))

    def applied(self, rings: RingSet) -> RingSet:
        """The polygons as they are afterwards; of vertices of a ring that fall together one is left."""
        vertex, offsets = open_rings(rings)
        target = self.targets(vertex)
        if np.array_equal(target, vertex):
            return rings
        stays = (target != GONE) & (target != target[neighbours(offsets)[1]])
        return closed_rings(rings, target[stays], np.append(0, np.cumsum(stays))[offsets])

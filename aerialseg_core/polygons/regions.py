"""The data types of regions: pieces that a tile shows, whole ones with their polygons, and displaced vertices.

They stand by themselves, so that the modules that make them need not know those that take them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..raster.class_raster import NO_CONFIDENCE
from ..raster.vertex_grid import Ints
from .labeling import NO_REGION, number_chosen
from .rings import HalfEdges, RingSet, close_rings, find_neighbours, open_rings

GONE = -1
"""Target of a vertex that goes away."""


@dataclass(frozen=True)
class Statistics:
    """What is known of the confidence of regions."""

    total: Ints
    """Sum over their pixels in percent, shape (regions,)."""
    count: Ints
    """Pixels that have a confidence."""
    least: NDArray[np.uint8]
    """The smallest, 255 where no pixel has one."""

    def __len__(self) -> int:
        return len(self.count)

    def __getitem__(self, chosen: NDArray[Any]) -> Statistics:
        return Statistics(self.total[chosen], self.count[chosen], self.least[chosen])

    def __add__(self, more: Statistics) -> Statistics:
        return Statistics(
            np.concatenate([self.total, more.total]),
            np.concatenate([self.count, more.count]),
            np.concatenate([self.least, more.least]),
        )

    def group_by(self, number: Ints, groups: int) -> Statistics:
        """Sum up the statistics of groups of regions; those with a negative number are in none.

        Args:
            number: Group of each region, shape (regions,).
            groups: Number of groups.
        """
        inside = number >= 0
        where = number[inside]
        least = np.full(groups, NO_CONFIDENCE, np.uint8)
        np.minimum.at(least, where, self.least[inside])
        # sums of whole numbers below 2**53 are exact in floats
        total = np.bincount(where, weights=self.total[inside], minlength=groups).astype(np.int64)
        count = np.bincount(where, weights=self.count[inside], minlength=groups).astype(np.int64)
        return Statistics(total, count, least)

    @property
    def mean(self) -> NDArray[np.float64]:
        """Mean confidence in percent, NaN where there is none."""
        return np.divide(self.total, self.count, out=np.full(len(self), np.nan), where=self.count > 0)


@dataclass(frozen=True)
class Frame:
    """The regions along the four sides of a tile; `NO_REGION` where they are of no interest."""

    top: Ints
    right: Ints
    bottom: Ints
    left: Ints

    def renumber(self, number: Ints) -> Frame:
        """Give the regions other numbers; `NO_REGION` stays what it is."""
        moved = np.append(number, NO_REGION)
        return Frame(moved[self.top], moved[self.right], moved[self.bottom], moved[self.left])


@dataclass(frozen=True)
class Pieces:
    """What a tile shows of regions that may reach into other tiles."""

    edges: HalfEdges
    """Their half-edges in order, ring by ring, with the vertices of the raster."""
    passed: NDArray[np.bool_]
    """Half-edges that begin where no vertex is needed once the pieces are joined, shape (half-edges,)."""
    value: Ints
    """Class value of each piece, shape (pieces,)."""
    group: Ints
    """First of the pieces that each touches at corners within the tile, shape (pieces,)."""
    frame: Frame
    """The pieces along the sides of the tile; `NO_REGION` where there are others."""
    statistics: Statistics | None
    """Confidence of each piece."""

    def __getitem__(self, chosen: NDArray[np.bool_]) -> Pieces:
        """Some of the pieces: all or none of those that touch at corners."""
        _, number = number_chosen(chosen)
        inside = chosen[self.edges.region]
        return Pieces(
            edges=self.edges.select(inside, number),
            passed=self.passed[inside],
            value=self.value[chosen],
            group=number[self.group[chosen]],
            frame=self.frame.renumber(number),
            statistics=None if self.statistics is None else self.statistics[chosen],
        )


@dataclass(frozen=True)
class Regions:
    """Whole regions."""

    rings: RingSet
    """Their polygons on the pixel grid."""
    value: Ints
    """Class value of each polygon, shape (polygons,)."""
    group: Ints
    """Polygons of the same number are one region that touches itself at corners only, shape (polygons,)."""
    statistics: Statistics | None
    """Confidence of each polygon."""

    def __getitem__(self, chosen: Ints) -> Regions:
        """Some of the polygons, in any order, by their indices."""
        own = None if self.statistics is None else self.statistics[chosen]
        return Regions(self.rings[chosen], self.value[chosen], self.group[chosen], own)


@dataclass(frozen=True)
class Displacements:
    """Displacements of vertices of a coverage, which go elsewhere or away in every polygon alike."""

    vertex: Ints
    """The vertices that are displaced, ascending, shape (n,)."""
    target: Ints
    """Where each goes, `GONE` for away, shape (n,)."""

    @classmethod
    def collect(cls, parts: list[tuple[Ints, Ints]]) -> Displacements:
        """Collect the displacements of parts.

        Args:
            parts: Vertices and targets, in any order; no vertex twice.
        """
        none = np.zeros(0, np.int64)
        vertex, target = (np.concatenate([none, *column]) for column in zip((none, none), *parts, strict=True))
        order = np.argsort(vertex)
        return cls(vertex[order], target[order])

    def __len__(self) -> int:
        return len(self.vertex)

    def find_targets(self, vertex: Ints) -> Ints:
        """Find where these vertices are afterwards, `GONE` for nowhere."""
        if not len(self):
            return vertex
        place = np.minimum(np.searchsorted(self.vertex, vertex), len(self) - 1)
        return np.asarray(np.where(self.vertex[place] == vertex, self.target[place], vertex))

    def apply(self, rings: RingSet) -> RingSet:
        """Move the vertices of polygons; of vertices of a ring that fall together one is left."""
        vertex, offsets = open_rings(rings)
        target = self.find_targets(vertex)
        if np.array_equal(target, vertex):
            return rings
        stays = (target != GONE) & (target != target[find_neighbours(offsets)[1]])
        return close_rings(rings, target[stays], np.append(0, np.cumsum(stays))[offsets])

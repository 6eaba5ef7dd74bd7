"""Rings: half-edges put in order, split where they touch themselves, grouped into polygons. Arrays only, no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class HalfEdges:
    """Straight pieces of boundary, each walked with its region on the left, sorted by where they begin."""

    vertex: Ints
    """Corner where each begins, row · (cols + 1) + col, ascending, shape (n,)."""
    successor: Ints
    """Index of the half-edge that follows, shape (n,): a permutation."""
    region: Ints
    """Region on the left, any numbers, shape (n,)."""


@dataclass(frozen=True)
class RingSet:
    """Polygons on the pixel grid as ragged arrays, in reading order of their top-left corners."""

    vertex: Ints
    """Corners row · (cols + 1) + col of all rings, each closed, shape (points,); counter-clockwise shells when rows
    point down."""
    ring_offsets: Ints
    """Where each ring begins among the points, and their number, shape (rings + 1,)."""
    polygon_offsets: Ints
    """Where each polygon begins among the rings, its shell first, and their number, shape (polygons + 1,)."""
    region: Ints
    """Region of each polygon, shape (polygons,)."""
    pixels: NDArray[np.float64]
    """Area of each polygon in pixels, exact to the half, shape (polygons,)."""

    def __len__(self) -> int:
        return len(self.region)

    def __getitem__(self, chosen: Ints) -> RingSet:
        """Some of the polygons, in any order.

        Args:
            chosen: Their indices.
        """
        rings = _ranges(self.polygon_offsets, chosen)
        points = _ranges(self.ring_offsets, rings)
        return RingSet(
            vertex=self.vertex[points],
            ring_offsets=_offsets(np.diff(self.ring_offsets)[rings]),
            polygon_offsets=_offsets(np.diff(self.polygon_offsets)[chosen]),
            region=self.region[chosen],
            pixels=self.pixels[chosen],
        )

    @classmethod
    def together(cls, parts: Sequence[RingSet]) -> RingSet:
        """All polygons of some parts, whose vertices are on one grid."""
        none = np.zeros(0, np.int64)
        return cls(
            vertex=np.concatenate([none, *(part.vertex for part in parts)]),
            ring_offsets=_offsets(np.concatenate([none, *(np.diff(part.ring_offsets) for part in parts)])),
            polygon_offsets=_offsets(np.concatenate([none, *(np.diff(part.polygon_offsets) for part in parts)])),
            region=np.concatenate([none, *(part.region for part in parts)]),
            pixels=np.concatenate([np.zeros(0), *(part.pixels for part in parts)]),
        )

    def half_edges(self) -> HalfEdges:
        """The sides of all rings, each by its own direction; sorted by ring, not by vertex."""
        begins = np.ones(len(self.vertex), np.bool_)
        begins[self.ring_offsets[1:] - 1] = False
        lengths = np.diff(self.ring_offsets) - 1
        successor = np.arange(1, lengths.sum() + 1)
        ends = np.cumsum(lengths)
        successor[ends - 1] = ends - lengths
        sides = np.add.reduceat(lengths, self.polygon_offsets[:-1]) if len(self) else lengths
        return HalfEdges(self.vertex[begins], successor, np.repeat(self.region, sides))


def open_rings(rings: RingSet) -> tuple[Ints, Ints]:
    """The vertices of all rings without those that close them, and where each ring begins among them, and their number.

    Args:
        rings: Any polygons.
    """
    stays = np.ones(len(rings.vertex), np.bool_)
    stays[rings.ring_offsets[1:] - 1] = False
    return rings.vertex[stays], rings.ring_offsets - np.arange(len(rings.ring_offsets))


def closed_rings(rings: RingSet, vertex: Ints, offsets: Ints, stride: int) -> RingSet:
    """The same polygons with other vertices: what `open_rings` takes apart, put together.

    Args:
        rings: The polygons.
        vertex: The new vertices of all rings, none of them closed.
        offsets: Where each ring begins among them, and their number, shape (rings + 1,).
        stride: Vertices in a row of their grid.
    """
    ring_offsets = offsets + np.arange(len(offsets))
    points = np.empty(len(vertex) + len(offsets) - 1, np.int64)
    is_end = np.zeros(len(points), np.bool_)
    is_end[ring_offsets[1:] - 1] = True
    points[~is_end] = vertex
    points[is_end] = vertex[offsets[:-1]]
    row, col = np.divmod(points, stride)
    area = ring_areas(row, col, ring_offsets)
    pixels = np.add.reduceat(area, rings.polygon_offsets[:-1]) if len(rings) else rings.pixels
    return RingSet(points, ring_offsets, rings.polygon_offsets, rings.region, np.asarray(pixels))


def neighbours(offsets: Ints) -> tuple[Ints, Ints]:
    """The vertex before and the one after each in its ring.

    Args:
        offsets: Where each ring begins among the vertices, and their number; no ring is closed, none is empty.
    """
    after = np.arange(1, offsets[-1] + 1)
    after[offsets[1:] - 1] = offsets[:-1]
    before = np.empty_like(after)
    before[after] = np.arange(len(after))
    return before, after


def ring_areas(row: Ints, col: Ints, offsets: Ints) -> NDArray[np.float64]:
    """Area of each closed ring, positive for those that run as shells do, shape (rings,).

    Args:
        row: Of every point, shape (points,).
        col: Of every point.
        offsets: Where each ring begins among the points, and their number, shape (rings + 1,).
    """
    side = np.zeros(len(row))
    side[:-1] = (col[:-1] + col[1:]) * (row[:-1] - row[1:])
    side[offsets[1:] - 1] = 0.0  # from the end of a ring to the beginning of the next
    return np.asarray(np.add.reduceat(side, offsets[:-1]) / 2)


def _ranges(offsets: Ints, chosen: Ints) -> Ints:
    """The indices `offsets[k] … offsets[k + 1]` of every chosen k, one after the other."""
    lengths = np.diff(offsets)[chosen]
    skipped = offsets[chosen] - (np.cumsum(lengths) - lengths)
    return np.asarray(np.arange(lengths.sum()) + np.repeat(skipped, lengths))


def assemble(edges: HalfEdges, stride: int) -> RingSet:
    """Make the polygons of whole regions.

    Args:
        edges: All half-edges of these regions.
        stride: Corners in a row of the raster, cols + 1.
    """
    successor = edges.successor
    leader = cycle_leaders(successor)
    if _split_self_touching(edges, leader, successor):
        leader = cycle_leaders(successor)
    place = _places(successor, leader)
    leads = leader == np.arange(len(leader))
    ring = (np.cumsum(leads) - 1)[leader]
    length = np.bincount(ring)
    region, shell, polygon = np.unique(edges.region[leads], return_index=True, return_inverse=True)
    by_shell = np.argsort(shell)  # rings are numbered by their top-left vertex, and a shell has the first of its region
    order = np.lexsort((np.arange(len(length)), shell[polygon]))
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    ring_offsets = _offsets(length[order] + 1)
    area = _ring_areas(edges.vertex, successor, ring, stride)
    points = np.empty(ring_offsets[-1], np.int64)
    points[ring_offsets[rank[ring]] + place] = edges.vertex
    points[ring_offsets[1:] - 1] = points[ring_offsets[:-1]]
    return RingSet(
        vertex=points,
        ring_offsets=ring_offsets,
        polygon_offsets=_offsets(np.bincount(polygon)[by_shell]),
        region=region[by_shell],
        pixels=np.asarray(np.bincount(polygon, weights=area)[by_shell], np.float64),
    )


def cycle_leaders(successor: Ints) -> Ints:
    """The smallest member of each cycle of a permutation, by pointer doubling; shape (n,)."""
    leader, jump = np.arange(len(successor)), successor
    for _ in range(_doublings(successor)):
        smaller = np.minimum(leader, leader[jump])
        if np.array_equal(smaller, leader):  # twice as far found nothing smaller: all have been round once
            break
        leader, jump = smaller, jump[jump]
    return leader


def _places(successor: Ints, leader: Ints) -> Ints:
    """How many steps each member of a cycle comes after its leader, by pointer doubling; shape (n,)."""
    at_leader = leader == np.arange(len(leader))
    before = np.empty_like(successor)
    before[successor] = np.arange(len(successor))
    jump = np.where(at_leader, leader, before)
    steps = (~at_leader).astype(np.int64)
    for _ in range(_doublings(successor)):
        if np.array_equal(jump, leader):
            break
        steps = steps + steps[jump]
        jump = jump[jump]
    return np.asarray(steps)


def _doublings(successor: Ints) -> int:
    """How often a step must be doubled to be as long as the longest possible cycle."""
    return len(successor).bit_length()


def _split_self_touching(edges: HalfEdges, leader: Ints, successor: Ints) -> bool:
    """Cut rings in two at every corner that they pass twice, in place; whether there was one.

    At such a corner two pixels of a region touch diagonally. All these cuts lie on one side of the ring and do not
    cross each other, so they can be made at once.
    """
    pairs = [
        (at, at + apart)
        for apart in (1, 2)  # of the up to four half-edges that begin at a corner the two of a region are never 3 apart
        for at in [np.flatnonzero(_twice(edges.vertex, leader, apart))]
    ]
    one, other = (np.concatenate(ends) for ends in zip(*pairs, strict=True))
    if not len(one):
        return False
    before = np.empty_like(successor)
    before[successor] = np.arange(len(successor))
    successor[before[one]], successor[before[other]] = other, one
    return True


def _twice(vertex: Ints, leader: Ints, apart: int) -> NDArray[np.bool_]:
    same: NDArray[np.bool_] = (vertex[:-apart] == vertex[apart:]) & (leader[:-apart] == leader[apart:])
    return same


def _ring_areas(vertex: Ints, successor: Ints, ring: Ints, stride: int) -> NDArray[np.float64]:
    """Area of each ring in pixels, negative for holes; exact up to 2**52."""
    row, col = np.divmod(vertex, stride)
    twice = (col + col[successor]) * (row - row[successor])
    return np.asarray(np.bincount(ring, weights=twice) / 2)


def _offsets(lengths: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(lengths)])

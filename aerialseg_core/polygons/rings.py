"""Rings: half-edges put in order, split where they touch themselves, grouped into polygons. Arrays only, no I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..raster.vertex_grid import Ints, VertexGrid

SPAN = 1 << 16
"""Vertices that are worked on at the same time where that takes many times their memory; most regions have fewer."""


def batches(sizes: Ints) -> Iterator[slice]:
    """Slices one after the other of things that come to about `SPAN` vertices each; one thing may have more.

    Args:
        sizes: Vertices of each.
    """
    number = (np.cumsum(sizes) - sizes) // SPAN
    begins = np.append(np.flatnonzero(np.diff(number, prepend=-1)), len(sizes)).tolist()
    return (slice(first, stop) for first, stop in pairwise(begins))


def spans(count: int) -> Iterator[slice]:
    """Slices one after the other, of at most `SPAN` items, that cover so many."""
    return (slice(first, min(first + SPAN, count)) for first in range(0, count, SPAN))


@dataclass(frozen=True)
class HalfEdges:
    """Straight pieces of boundary, each walked with its region on the left, in any order."""

    grid: VertexGrid
    """The grid of their vertices."""
    vertex: Ints
    """Vertex where each begins, shape (n,)."""
    successor: Ints
    """Index of the half-edge that follows, shape (n,): a permutation."""
    region: Ints
    """Region on the left, any numbers, shape (n,)."""


@dataclass(frozen=True)
class Rings:
    """Closed boundaries, of whole regions or of others."""

    grid: VertexGrid
    """The grid of their vertices."""
    vertex: Ints
    """Vertices of all rings, each closed, from its top-left one on, shape (points,)."""
    offsets: Ints
    """Where each ring begins among the points, and their number, shape (rings + 1,)."""
    region: Ints
    """Region of each ring, shape (rings,)."""
    area: NDArray[np.float64]
    """Area of each ring in steps of the grid squared, negative for holes, exact to the half, shape (rings,)."""

    def __len__(self) -> int:
        return len(self.region)

    def __getitem__(self, chosen: Ints) -> Rings:
        """Some of the rings, in any order, by their indices."""
        offsets = offsets_of(np.diff(self.offsets)[chosen])
        vertex = self.vertex[ranges(self.offsets, chosen)]
        return Rings(self.grid, vertex, offsets, self.region[chosen], self.area[chosen])

    @classmethod
    def together(cls, grid: VertexGrid, parts: Sequence[Rings]) -> Rings:
        """All rings of some parts, all on this grid."""
        none = np.zeros(0, np.int64)
        return cls(
            grid=grid,
            vertex=np.concatenate([none, *(part.vertex for part in parts)]),
            offsets=offsets_of(np.concatenate([none, *(np.diff(part.offsets) for part in parts)])),
            region=np.concatenate([none, *(part.region for part in parts)]),
            area=np.concatenate([np.zeros(0), *(part.area for part in parts)]),
        )

    def polygons(self) -> RingSet:
        """The polygons of whole regions."""
        first = self.vertex[self.offsets[:-1]]
        order = np.lexsort((first, self.region))
        begins = np.flatnonzero(np.diff(self.region[order], prepend=-1) != 0)
        shell = first[order[begins]]  # it has the first vertex of its region
        shell = np.repeat(shell, np.diff(begins, append=len(order)))
        order = order[np.argsort(shell, kind="stable")]
        rings = self[order]
        begins = np.flatnonzero(np.diff(rings.region, prepend=-1) != 0)
        return RingSet(
            grid=self.grid,
            vertex=rings.vertex,
            ring_offsets=rings.offsets,
            polygon_offsets=np.append(begins, len(rings)),
            region=rings.region[begins],
            pixels=np.add.reduceat(rings.area, begins) if len(begins) else rings.area,
        )


@dataclass(frozen=True)
class RingSet:
    """Polygons on a grid as ragged arrays, in reading order of their top-left corners."""

    grid: VertexGrid
    """The grid of their vertices."""
    vertex: Ints
    """Vertices of all rings, each closed, shape (points,); counter-clockwise shells when rows point down."""
    ring_offsets: Ints
    """Where each ring begins among the points, and their number, shape (rings + 1,)."""
    polygon_offsets: Ints
    """Where each polygon begins among the rings, its shell first, and their number, shape (polygons + 1,)."""
    region: Ints
    """Region of each polygon, shape (polygons,)."""
    pixels: NDArray[np.float64]
    """Area of each polygon in steps of the grid squared, exact to the half, shape (polygons,)."""

    def __len__(self) -> int:
        return len(self.region)

    def __getitem__(self, chosen: Ints) -> RingSet:
        """Some of the polygons, in any order.

        Args:
            chosen: Their indices.
        """
        rings = ranges(self.polygon_offsets, chosen)
        points = ranges(self.ring_offsets, rings)
        return RingSet(
            grid=self.grid,
            vertex=self.vertex[points],
            ring_offsets=offsets_of(np.diff(self.ring_offsets)[rings]),
            polygon_offsets=offsets_of(np.diff(self.polygon_offsets)[chosen]),
            region=self.region[chosen],
            pixels=self.pixels[chosen],
        )

    def part(self, polygons: slice) -> RingSet:
        """Polygons that follow each other, whose vertices are not copied.

        Args:
            polygons: From the first to the last of them.
        """
        rings = slice(self.polygon_offsets[polygons.start], self.polygon_offsets[polygons.stop])
        points = slice(self.ring_offsets[rings.start], self.ring_offsets[rings.stop])
        return RingSet(
            grid=self.grid,
            vertex=self.vertex[points],
            ring_offsets=self.ring_offsets[rings.start : rings.stop + 1] - points.start,
            polygon_offsets=self.polygon_offsets[polygons.start : polygons.stop + 1] - rings.start,
            region=self.region[polygons],
            pixels=self.pixels[polygons],
        )

    @classmethod
    def together(cls, grid: VertexGrid, parts: Sequence[RingSet]) -> RingSet:
        """All polygons of some parts, all on this grid."""
        none = np.zeros(0, np.int64)
        return cls(
            grid=grid,
            vertex=np.concatenate([none, *(part.vertex for part in parts)]),
            ring_offsets=offsets_of(np.concatenate([none, *(np.diff(part.ring_offsets) for part in parts)])),
            polygon_offsets=offsets_of(np.concatenate([none, *(np.diff(part.polygon_offsets) for part in parts)])),
            region=np.concatenate([none, *(part.region for part in parts)]),
            pixels=np.concatenate([np.zeros(0), *(part.pixels for part in parts)]),
        )

    def finer(self, parts: int) -> RingSet:
        """The same polygons on the grid that has each step divided into so many."""
        grid, (row, col) = self.grid.finer(parts), self.grid.locate(self.vertex)
        return replace(self, grid=grid, vertex=grid.number(row * parts, col * parts), pixels=self.pixels * parts**2)

    def sides(self) -> Iterator[tuple[Ints, Ints]]:
        """Where the sides of all rings begin and end, some at a time."""
        inside = np.ones(len(self.vertex), np.bool_)
        inside[self.ring_offsets[1:] - 1] = False
        for part in spans(len(self.vertex)):
            at = part.start + np.flatnonzero(inside[part])
            yield self.vertex[at], self.vertex[at + 1]

    def half_edges(self) -> HalfEdges:
        """The sides of all rings, each by its own direction, ring by ring in the order of walking."""
        vertex, offsets = open_rings(self)
        sides = np.diff(offsets[self.polygon_offsets])
        return HalfEdges(self.grid, vertex, around(offsets), np.repeat(self.region, sides))


def open_rings(rings: RingSet) -> tuple[Ints, Ints]:
    """The vertices of all rings without those that close them, and where each ring begins among them, and their number.

    Args:
        rings: Any polygons.
    """
    stays = np.ones(len(rings.vertex), np.bool_)
    stays[rings.ring_offsets[1:] - 1] = False
    return rings.vertex[stays], rings.ring_offsets - np.arange(len(rings.ring_offsets))


def closed_rings(rings: RingSet, vertex: Ints, offsets: Ints) -> RingSet:
    """The same polygons with other vertices: what `open_rings` takes apart, put together.

    Args:
        rings: The polygons.
        vertex: The new vertices of all rings, none of them closed.
        offsets: Where each ring begins among them, and their number, shape (rings + 1,).
    """
    points, ring_offsets = _closed(vertex, offsets)
    area = ring_areas(rings.grid, points, ring_offsets)
    pixels = np.add.reduceat(area, rings.polygon_offsets[:-1]) if len(rings) else rings.pixels
    return RingSet(rings.grid, points, ring_offsets, rings.polygon_offsets, rings.region, np.asarray(pixels))


def _closed(vertex: Ints, offsets: Ints) -> tuple[Ints, Ints]:
    """The vertices of rings with the first of each once more at its end, and where each ring begins then."""
    ring_offsets = offsets + np.arange(len(offsets))
    points = np.empty(len(vertex) + len(offsets) - 1, np.int64)
    is_end = np.zeros(len(points), np.bool_)
    is_end[ring_offsets[1:] - 1] = True
    points[~is_end] = vertex
    points[is_end] = vertex[offsets[:-1]]
    return points, ring_offsets


def neighbours(offsets: Ints) -> tuple[Ints, Ints]:
    """The vertex before and the one after each in its ring.

    Args:
        offsets: Where each ring begins among the vertices, and their number; no ring is closed, none is empty.
    """
    after = around(offsets)
    return inverse(after), after


def ring_areas(grid: VertexGrid, vertex: Ints, offsets: Ints) -> NDArray[np.float64]:
    """Area of each closed ring, positive for those that run as shells do; exact up to 2**52; shape (rings,).

    Args:
        grid: The grid of their vertices.
        vertex: Of all rings, shape (points,).
        offsets: Where each ring begins among the points, and their number, shape (rings + 1,).
    """
    twice = np.zeros(len(vertex))
    for part in spans(len(vertex) - 1):
        row, col = grid.locate(vertex[part])
        end_row, end_col = grid.locate(vertex[part.start + 1 : part.stop + 1])
        twice[part] = (col + end_col) * (row - end_row)
    twice[offsets[1:] - 1] = 0.0  # from the end of a ring to the beginning of the next
    return np.asarray(np.add.reduceat(twice, offsets[:-1]) / 2) if len(offsets) > 1 else np.zeros(0)


def ranges(offsets: Ints, chosen: Ints) -> Ints:
    """The indices `offsets[k] … offsets[k + 1]` of every chosen k, one after the other."""
    return between(offsets[:-1][chosen], offsets[1:][chosen])


def between(begins: Ints, stops: Ints) -> Ints:
    """The indices from each of the begins up to its stop, one range after the other."""
    lengths = stops - begins
    skipped = begins - (np.cumsum(lengths) - lengths)
    return np.asarray(np.arange(lengths.sum()) + np.repeat(skipped, lengths))


def subset(edges: HalfEdges, chosen: NDArray[np.bool_], number: Ints | None = None) -> HalfEdges:
    """Some half-edges that contain all their successors.

    Args:
        edges: All half-edges.
        chosen: Which of them, shape (n,).
        number: New number of each region; None if they keep theirs.
    """
    moved = np.cumsum(chosen) - 1
    region = edges.region[chosen]
    region = region if number is None else number[region]
    return HalfEdges(edges.grid, edges.vertex[chosen], moved[edges.successor[chosen]], region)


def assemble(edges: HalfEdges) -> RingSet:
    """Make the polygons of whole regions.

    Args:
        edges: All half-edges of these regions.
    """
    order, offsets = in_order(edges.successor, cycle_leaders(edges.successor))
    return closed_walks(edges.grid, edges.vertex[order], offsets, edges.region[order[offsets[:-1]]]).polygons()


def closed_walks(grid: VertexGrid, vertex: Ints, offsets: Ints, region: Ints) -> Rings:
    """The rings that closed walks along boundaries consist of.

    Args:
        grid: The grid of their vertices.
        vertex: Vertices of all walks in the order of walking, the first of each not repeated at its end.
        offsets: Where each walk begins among them, and their number; none is empty.
        region: Region of each walk.
    """
    if not len(vertex):
        return Rings(grid, vertex, offsets, region, np.zeros(0))
    again, groups = _passed_again(vertex, offsets)
    if len(again):
        index, offsets, walk = _cut_in_rings(again, groups, offsets)
        vertex, region = vertex[index], region[walk]
    vertex, offsets = _from_top_left(vertex, offsets)
    return Rings(grid, vertex, offsets, region, ring_areas(grid, vertex, offsets))


def _passed_again(vertex: Ints, offsets: Ints) -> tuple[Ints, Ints]:
    """Where walks come to a vertex that they pass more than once: there two pixels of a region touch diagonally.

    Returns:
        Indices of these vertices, those of one walk and one place together in the order of walking; and where each such
        group begins among them, and their number.
    """
    order = np.argsort(vertex, kind="stable")
    same = np.diff(vertex[order]) == 0
    at = order[np.append(same, False) | np.append(False, same)]  # stable: walk by walk at each place
    walk = np.searchsorted(offsets, at, "right")
    is_first = (np.diff(vertex[at], prepend=-1) != 0) | (np.diff(walk, prepend=-1) != 0)
    size = np.diff(np.flatnonzero(np.append(is_first, True)))
    at = at[np.repeat(size > 1, size)]
    return at, offsets_of(size[size > 1])


def _cut_in_rings(again: Ints, groups: Ints, offsets: Ints) -> tuple[Ints, Ints, Ints]:
    """Walks cut wherever they come to a vertex once more: what lies between two passes becomes a ring of its own.

    All these cuts lie on one side of a walk and do not cross each other, so they can be made at once.

    Args:
        again: As `_passed_again` gives them.
        groups: Likewise.
        offsets: Where each walk begins, and the number of all vertices.

    Returns:
        The index of each vertex in its new place, where each ring begins among these, and their number, and the walk
        that each ring was part of.
    """
    begins = np.union1d(offsets[:-1], again)  # of the parts from one such vertex or beginning to the next
    parts = np.searchsorted(begins, offsets)
    before, successor = neighbours(parts)
    part = np.searchsorted(begins, again)
    successor[before[part]] = part[neighbours(groups)[0]]
    order, rings = in_order(successor, cycle_leaders(successor))
    bounds = np.append(begins, offsets[-1])
    walk = np.searchsorted(offsets, begins[order[rings[:-1]]], "right") - 1
    return ranges(bounds, order), offsets_of(np.diff(bounds)[order])[rings], walk


def _from_top_left(vertex: Ints, offsets: Ints) -> tuple[Ints, Ints]:
    """The vertices of rings, each from its top-left one on and closed with it, and where each ring begins then."""
    begins, stops = offsets[:-1], offsets[1:]
    least = np.repeat(np.minimum.reduceat(vertex, begins), stops - begins)
    first = np.flatnonzero(vertex == least)
    index = between(np.stack([first, begins], axis=1).ravel(), np.stack([stops, first + 1], axis=1).ravel())
    return vertex[index], offsets + np.arange(len(offsets))


def walked(edges: HalfEdges) -> tuple[HalfEdges, Ints]:
    """The same half-edges in the order in which they are walked, ring by ring, and the old index of each."""
    order, offsets = in_order(edges.successor, cycle_leaders(edges.successor))
    return HalfEdges(edges.grid, edges.vertex[order], around(offsets), edges.region[order]), order


def cycle_leaders(successor: Ints) -> Ints:
    """The smallest member of each cycle of a permutation, by pointer doubling; shape (n,)."""
    leader, jump = np.arange(len(successor)), successor
    for _ in range(_doublings(successor)):
        smaller = np.minimum(leader, leader[jump])
        if np.array_equal(smaller, leader):  # twice as far found nothing smaller: all have been round once
            break
        leader, jump = smaller, jump[jump]
    return leader


def in_order(successor: Ints, leader: Ints) -> tuple[Ints, Ints]:
    """The cycles of a permutation one after the other, each from its smallest member on.

    Args:
        successor: The permutation, shape (n,).
        leader: Its `cycle_leaders`.

    Returns:
        All members, shape (n,), and where each cycle begins among them, and their number, shape (cycles + 1,).
    """
    leads = leader == np.arange(len(leader))
    cycle = (np.cumsum(leads) - 1)[leader]
    offsets = offsets_of(np.bincount(cycle))
    return inverse(_places(successor, leader) + offsets[cycle]), offsets


def around(offsets: Ints) -> Ints:
    """The permutation whose cycles are `offsets[k] … offsets[k + 1]`, none of them empty."""
    successor = np.arange(1, offsets[-1] + 1)
    successor[offsets[1:] - 1] = offsets[:-1]
    return successor


def inverse(permutation: Ints) -> Ints:
    """The permutation that leads back."""
    back = np.empty_like(permutation)
    back[permutation] = np.arange(len(permutation))
    return back


def offsets_of(lengths: Ints) -> Ints:
    """Where each of several things begins that lie one after the other, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(lengths)])


def _places(successor: Ints, leader: Ints) -> Ints:
    """How many steps each member of a cycle comes after its leader, by pointer doubling; shape (n,)."""
    at_leader = leader == np.arange(len(leader))
    jump = np.where(at_leader, leader, inverse(successor))
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

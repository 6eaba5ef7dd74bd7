"""Rings: half-edges put in order, split where they touch themselves, grouped into polygons. Arrays only, no I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..raster.vertex_grid import Ints, VertexGrid
from .labeling import number_chosen

SPAN = 1 << 16
"""Vertices that are worked on at the same time where that takes many times their memory; most regions have fewer."""


def cut_batches(sizes: Ints) -> Iterator[slice]:
    """Cut things into slices, one after the other, that come to about `SPAN` vertices each; one thing may have more.

    Args:
        sizes: Vertices of each.
    """
    number = (np.cumsum(sizes) - sizes) // SPAN
    begins = np.append(np.flatnonzero(np.diff(number, prepend=-1)), len(sizes)).tolist()
    return (slice(first, stop) for first, stop in pairwise(begins))


def cut_spans(count: int) -> Iterator[slice]:
    """Cut so many items into slices, one after the other, of at most `SPAN` of them."""
    return (slice(first, min(first + SPAN, count)) for first in range(0, count, SPAN))


@dataclass(frozen=True)
class HalfEdges:
    """Straight pieces of boundary, each with its region on the left, in any order."""

    grid: VertexGrid
    """The grid of their vertices."""
    vertex: Ints
    """Vertex where each begins, shape (n,)."""
    successor: Ints
    """Index of the half-edge that follows, shape (n,): a permutation."""
    region: Ints
    """Region on the left, any numbers, shape (n,)."""

    def select(self, chosen: NDArray[np.bool_], number: Ints | None = None) -> HalfEdges:
        """Select some half-edges that contain all their successors.

        Args:
            chosen: Which of them, shape (n,).
            number: New number of each region; None if they keep theirs.
        """
        some, moved = number_chosen(chosen)
        region = self.region[some]
        region = region if number is None else number[region]
        return HalfEdges(self.grid, self.vertex[some], moved[self.successor[some]], region)

    def sort(self) -> tuple[HalfEdges, Ints]:
        """Put them in order, ring by ring, each after the one before it; and give the old index of each."""
        order, offsets = order_cycles(self.successor)
        return HalfEdges(self.grid, self.vertex[order], link_cycles(offsets), self.region[order]), order

    def to_rings(self) -> Rings:
        """Put them in order as rings."""
        order, offsets = order_cycles(self.successor)
        return split_loops(self.grid, self.vertex[order], offsets, self.region[order[offsets[:-1]]])


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
        offsets = make_offsets(np.diff(self.offsets)[chosen])
        vertex = self.vertex[index_ranges(self.offsets, chosen)]
        return Rings(self.grid, vertex, offsets, self.region[chosen], self.area[chosen])

    @classmethod
    def concatenate(cls, grid: VertexGrid, parts: Sequence[Rings]) -> Rings:
        """Put all rings of some parts together, all on this grid."""
        none = np.zeros(0, np.int64)
        return cls(
            grid=grid,
            vertex=np.concatenate([none, *(part.vertex for part in parts)]),
            offsets=make_offsets(np.concatenate([none, *(np.diff(part.offsets) for part in parts)])),
            region=np.concatenate([none, *(part.region for part in parts)]),
            area=np.concatenate([np.zeros(0), *(part.area for part in parts)]),
        )

    def group_polygons(self) -> RingSet:
        """Group them into polygons, where they are all rings of whole regions."""
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
        rings = index_ranges(self.polygon_offsets, chosen)
        points = index_ranges(self.ring_offsets, rings)
        return RingSet(
            grid=self.grid,
            vertex=self.vertex[points],
            ring_offsets=make_offsets(np.diff(self.ring_offsets)[rings]),
            polygon_offsets=make_offsets(np.diff(self.polygon_offsets)[chosen]),
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
    def concatenate(cls, grid: VertexGrid, parts: Sequence[RingSet]) -> RingSet:
        """Put all polygons of some parts together, all on this grid."""
        none = np.zeros(0, np.int64)
        return cls(
            grid=grid,
            vertex=np.concatenate([none, *(part.vertex for part in parts)]),
            ring_offsets=make_offsets(np.concatenate([none, *(np.diff(part.ring_offsets) for part in parts)])),
            polygon_offsets=make_offsets(np.concatenate([none, *(np.diff(part.polygon_offsets) for part in parts)])),
            region=np.concatenate([none, *(part.region for part in parts)]),
            pixels=np.concatenate([np.zeros(0), *(part.pixels for part in parts)]),
        )

    def finer(self, parts: int) -> RingSet:
        """The same polygons on the grid that has each step divided into so many."""
        grid, (row, col) = self.grid.finer(parts), self.grid.locate(self.vertex)
        return replace(self, grid=grid, vertex=grid.number(row * parts, col * parts), pixels=self.pixels * parts**2)

    def iter_sides(self) -> Iterator[tuple[Ints, Ints]]:
        """Give the vertices at which the sides of all rings begin and end, some at a time."""
        inside = np.ones(len(self.vertex), np.bool_)
        inside[self.ring_offsets[1:] - 1] = False
        for part in cut_spans(len(self.vertex)):
            at = part.start + np.flatnonzero(inside[part])
            yield self.vertex[at], self.vertex[at + 1]

    def to_half_edges(self) -> HalfEdges:
        """Give the sides of all rings, ring by ring, each after the one before it."""
        vertex, offsets = open_rings(self)
        sides = np.diff(offsets[self.polygon_offsets])
        return HalfEdges(self.grid, vertex, link_cycles(offsets), np.repeat(self.region, sides))


def open_rings(rings: RingSet) -> tuple[Ints, Ints]:
    """Open all rings: their vertices without those that close them, where each begins among them, and their number.

    Args:
        rings: Any polygons.
    """
    stays = np.ones(len(rings.vertex), np.bool_)
    stays[rings.ring_offsets[1:] - 1] = False
    return rings.vertex[stays], rings.ring_offsets - np.arange(len(rings.ring_offsets))


def close_rings(rings: RingSet, vertex: Ints, offsets: Ints) -> RingSet:
    """Give polygons other vertices: what `open_rings` takes apart is put together.

    Args:
        rings: The polygons.
        vertex: The new vertices of all rings, none of them closed.
        offsets: Where each ring begins among them, and their number, shape (rings + 1,).
    """
    ring_offsets = offsets + np.arange(len(offsets))
    points = np.empty(len(vertex) + len(offsets) - 1, np.int64)
    is_end = np.zeros(len(points), np.bool_)
    is_end[ring_offsets[1:] - 1] = True
    points[~is_end] = vertex
    points[is_end] = vertex[offsets[:-1]]
    area = measure_ring_areas(rings.grid, points, ring_offsets)
    pixels = np.add.reduceat(area, rings.polygon_offsets[:-1]) if len(rings) else rings.pixels
    return RingSet(rings.grid, points, ring_offsets, rings.polygon_offsets, rings.region, np.asarray(pixels))


def find_neighbours(offsets: Ints) -> tuple[Ints, Ints]:
    """Find the vertex before and the one after each in its ring.

    Args:
        offsets: Where each ring begins among the vertices, and their number; no ring is closed, none is empty.
    """
    after = link_cycles(offsets)
    return invert(after), after


def measure_ring_areas(grid: VertexGrid, vertex: Ints, offsets: Ints) -> NDArray[np.float64]:
    """Measure the area of each closed ring, positive where it runs as shells do; exact up to 2**52; shape (rings,).

    Args:
        grid: The grid of their vertices.
        vertex: Of all rings, shape (points,).
        offsets: Where each ring begins among the points, and their number, shape (rings + 1,).
    """
    twice = np.zeros(len(vertex))
    for part in cut_spans(len(vertex) - 1):
        row, col = grid.locate(vertex[part])
        end_row, end_col = grid.locate(vertex[part.start + 1 : part.stop + 1])
        twice[part] = (col + end_col) * (row - end_row)
    twice[offsets[1:] - 1] = 0.0  # from the end of a ring to the beginning of the next
    return np.asarray(np.add.reduceat(twice, offsets[:-1]) / 2) if len(offsets) > 1 else np.zeros(0)


def index_ranges(offsets: Ints, chosen: Ints) -> Ints:
    """Index `offsets[k] … offsets[k + 1]` of every chosen k, one range after the other."""
    return index_between(offsets[:-1][chosen], offsets[1:][chosen])


def index_between(begins: Ints, stops: Ints) -> Ints:
    """Index from each of the begins up to its stop, one range after the other."""
    lengths = stops - begins
    skipped = begins - (np.cumsum(lengths) - lengths)
    return np.asarray(np.arange(lengths.sum()) + np.repeat(skipped, lengths))


def assemble_polygons(edges: HalfEdges) -> RingSet:
    """Make the polygons of whole regions.

    Args:
        edges: All half-edges of these regions.
    """
    return edges.to_rings().group_polygons()


def split_loops(grid: VertexGrid, vertex: Ints, offsets: Ints, region: Ints) -> Rings:
    """Split closed loops along boundaries into the rings that they consist of.

    Args:
        grid: The grid of their vertices.
        vertex: Vertices of all loops, one after the other, the first of each not repeated at its end.
        offsets: Where each loop begins among them, and their number; none is empty.
        region: Region of each loop.
    """
    if not len(vertex):
        return Rings(grid, vertex, offsets, region, np.zeros(0))
    again, groups = _find_repeated(vertex, offsets)
    if len(again):
        index, offsets, loop = _cut_loops(again, groups, offsets)
        vertex, region = vertex[index], region[loop]
    vertex, offsets = _start_at_top_left(vertex, offsets)
    return Rings(grid, vertex, offsets, region, measure_ring_areas(grid, vertex, offsets))


def _find_repeated(vertex: Ints, offsets: Ints) -> tuple[Ints, Ints]:
    """Find where loops pass a vertex more than once: there two pixels of a region touch diagonally.

    Returns:
        Indices of these vertices, those of one loop and one place together, one pass after the other; and where each
        such group begins among them, and their number.
    """
    some = _find_suspects(vertex, offsets)
    order = some[np.argsort(vertex[some], kind="stable")]
    same = np.zeros(len(order) + 1, np.bool_)  # as the one before
    same[1:-1] = np.diff(vertex[order]) == 0
    at = order[same[1:] | same[:-1]]  # stable: loop by loop at each place
    loop = np.searchsorted(offsets, at, "right")
    is_first = (np.diff(vertex[at], prepend=-1) != 0) | (np.diff(loop, prepend=-1) != 0)
    size = np.diff(np.flatnonzero(np.append(is_first, True)))
    at = at[np.repeat(size > 1, size)]
    return at, make_offsets(size[size > 1])


def _find_suspects(vertex: Ints, offsets: Ints) -> Ints:
    """Find all vertices that their loop may pass more than once, and few others: indices, ascending.

    Those whose number occurs once, if loop and vertex together are made a number of few bits, are passed once.
    """
    bits = max(len(vertex), 1 << 8).bit_length() + 3
    mixed = vertex * 0x9E3779B1 + np.repeat(np.arange(1, len(offsets)) * 0x85EBCA77, np.diff(offsets))
    mixed = mixed * 0x27D4EB2F >> 20 & (1 << bits) - 1
    return np.flatnonzero(np.bincount(mixed, minlength=1 << bits)[mixed] > 1)


def _cut_loops(again: Ints, groups: Ints, offsets: Ints) -> tuple[Ints, Ints, Ints]:
    """Cut loops wherever they come to a vertex once more: what lies between two passes becomes a ring of its own.

    All these cuts lie on one side of a loop and do not cross each other, so they can be made at once.

    Args:
        again: As `_find_repeated` gives them.
        groups: Likewise.
        offsets: Where each loop begins, and the number of all vertices.

    Returns:
        The index of each vertex in its new place, where each ring begins among these, and their number, and the loop
        that each ring was part of.
    """
    begins = np.union1d(offsets[:-1], again)  # of the parts from one such vertex or beginning to the next
    parts = np.searchsorted(begins, offsets)
    before, successor = find_neighbours(parts)
    part = np.searchsorted(begins, again)
    successor[before[part]] = part[find_neighbours(groups)[0]]
    order, rings = order_cycles(successor)
    bounds = np.append(begins, offsets[-1])
    loop = np.searchsorted(offsets, begins[order[rings[:-1]]], "right") - 1
    return index_ranges(bounds, order), make_offsets(np.diff(bounds)[order])[rings], loop


def _start_at_top_left(vertex: Ints, offsets: Ints) -> tuple[Ints, Ints]:
    """Let rings begin at their top-left vertex and close them: their vertices, and where each begins among them."""
    begins, stops = offsets[:-1], offsets[1:]
    least = np.repeat(np.minimum.reduceat(vertex, begins), stops - begins)
    first = np.flatnonzero(vertex == least)
    index = index_between(np.stack([first, begins], axis=1).ravel(), np.stack([stops, first + 1], axis=1).ravel())
    return vertex[index], offsets + np.arange(len(offsets))


def find_cycle_leaders(successor: Ints) -> Ints:
    """Find the smallest member of each cycle of a permutation, by pointer doubling; shape (n,)."""
    leader, jump = np.arange(len(successor)), successor
    for _ in range(len(successor).bit_length()):
        smaller = np.minimum(leader, leader[jump])
        if np.array_equal(smaller, leader):  # twice as far found nothing smaller: all have been round once
            break
        leader, jump = smaller, jump[jump]
    return leader


def order_cycles(successor: Ints) -> tuple[Ints, Ints]:
    """Put the cycles of a permutation one after the other, each from its smallest member on.

    Args:
        successor: The permutation, shape (n,).

    Returns:
        All members, shape (n,), and where each cycle begins among them, and their number, shape (cycles + 1,).
    """
    # the smallest member as far as one has looked, and below it in 32 bits how many steps ahead that is
    found, jump = np.arange(len(successor)) << 32, successor
    for power in range(len(successor).bit_length()):
        farther = found[jump]
        farther += 1 << power
        np.minimum(farther, found, out=farther)
        if np.array_equal(farther, found):  # as in `find_cycle_leaders`
            break
        found, jump = farther, jump[jump]
    leader, ahead = found >> 32, found & 0xFFFFFFFF
    cycle = number_chosen(ahead == 0)[1][leader]
    lengths = np.bincount(cycle)
    offsets = make_offsets(lengths)
    return invert(np.where(ahead, offsets[1:][cycle] - ahead, offsets[cycle])), offsets


def link_cycles(offsets: Ints) -> Ints:
    """Make the permutation whose cycles are `offsets[k] … offsets[k + 1]`, none of them empty."""
    successor = np.arange(1, offsets[-1] + 1)
    successor[offsets[1:] - 1] = offsets[:-1]
    return successor


def invert(permutation: Ints) -> Ints:
    """Make the permutation that leads back."""
    back = np.empty_like(permutation)
    back[permutation] = np.arange(len(permutation))
    return back


def make_offsets(lengths: Ints) -> Ints:
    """Find where each of several things begins that lie one after the other, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(lengths)])

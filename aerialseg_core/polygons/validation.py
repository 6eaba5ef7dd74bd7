"""Validation of polygons on their way into the file, edge by edge, and the certificate of what was found.

Polygons are a valid coverage, as `CoverageValidator` of JTS defines it, if

1. they do not overlap: no two of them have inner points in common;
2. their edges match: where two polygons meet, both have exactly the same vertices, to the last bit.

Polygons made of a class raster also leave no gap: together with its no data they fill it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..raster.categories import Categories
from ..raster.classes import LandCoverClass
from ..raster.geodesy import Ground
from .geometry import PolygonChunk
from .measure import measure_widths
from .rings import RingSet

NARROWEST = "narrowest place left free"
"""Item of the certificate by which a gap is told from a place without data."""

UNSURE = "polygons without confidence"
"""Item of the certificate by which lost confidence is told from pixels that never had one."""

CONFIDENCE = "confidence_mean"
"""Column that is empty where a polygon has no confidence."""


@dataclass(frozen=True)
class ClassPolygons:
    """What the polygons of one class come to."""

    landcover: LandCoverClass
    """The class."""
    count: int
    """Its polygons."""
    area: float
    """Their area, in the unit of the result."""
    pixel_area: float
    """Area of its pixels, small regions merged; that of the polygons, unless edges were simplified."""


@dataclass(frozen=True)
class Certificate:
    """What was found out about polygons."""

    polygons: int
    """How many there are."""
    invalid: int
    """Those that are no valid geometry."""
    overlaps: int
    """Places that several polygons cover; of polygons that are being made 1 stands for at least one."""
    gaps: int
    """Places that none covers though one should; likewise."""
    unmatched: int
    """Edges that meet others where they have no vertex; likewise."""
    unsure: int | None = None
    """Polygons whose confidence is empty, though there is a confidence raster; None if there is none."""
    lost: int = 0
    """Those of them that had one, or must have: a confidence raster says something about some polygon."""
    merged: int = 0
    """Small regions that went to a neighbour before."""
    narrowest: float = math.inf
    """Mean width of the narrowest place that is left free on purpose, in units of the CRS."""
    classes: tuple[ClassPolygons, ...] = ()
    """The classes that have polygons, by id."""

    @property
    def holds(self) -> bool:
        """Whether the polygons are a valid coverage without gaps, and none has lost its confidence."""
        return not (self.invalid or self.overlaps or self.gaps or self.unmatched or self.lost)

    @property
    def counts(self) -> dict[str, int]:
        """What was counted, by names for people."""
        unsure = {} if self.unsure is None else {UNSURE: self.unsure}
        return {
            "polygons": self.polygons,
            "gaps": self.gaps,
            "overlaps": self.overlaps,
            "invalid": self.invalid,
            "edges that do not match": self.unmatched,
            "regions merged": self.merged,
            **unsure,
        }

    def rows(self, unit: str) -> list[tuple[str, str, float, str]]:
        """The certificate as a table: item, class, value and unit.

        Args:
            unit: Unit of areas.
        """
        rows = [(item, "", float(value), "") for item, value in self.counts.items()]
        if math.isfinite(self.narrowest):
            rows.append((NARROWEST, "", self.narrowest, "of the CRS"))
        for one in self.classes:
            name = one.landcover.name
            rows += [("polygon area", name, one.area, unit), ("pixel area", name, one.pixel_area, unit)]
        return rows

    def __add__(self, other: Certificate) -> Certificate:
        """The certificate of these polygons and of others that do not touch them."""
        unsure = [one.unsure for one in (self, other) if one.unsure is not None]
        counts = {one.landcover: [0, 0.0, 0.0] for one in (*self.classes, *other.classes)}
        for one in (*self.classes, *other.classes):
            counts[one.landcover] = [
                a + b for a, b in zip(counts[one.landcover], (one.count, one.area, one.pixel_area), strict=True)
            ]
        return Certificate(
            **{
                name: getattr(self, name) + getattr(other, name)
                for name in ("polygons", "invalid", "overlaps", "gaps", "unmatched", "lost", "merged")
            },
            unsure=sum(unsure) if unsure else None,
            narrowest=min(self.narrowest, other.narrowest),
            classes=tuple(
                ClassPolygons(one, int(count), area, pixel_area)
                for one, (count, area, pixel_area) in sorted(counts.items(), key=lambda item: item[0].id)
            ),
        )

    def __str__(self) -> str:
        text = f"gaps {self.gaps}, overlaps {self.overlaps}, invalid {self.invalid}"
        text += f", edges that do not match {self.unmatched}" if self.unmatched else ""
        return f"{text}, {UNSURE} {self.lost}" if self.lost else text


class EdgeChecksum:
    """Sum of all edges, those that are traversed the other way as negative ones; eight bytes for any number of them.

    Every edge stands for a number that looks random, so the sum is zero if all edges are traversed as often in one
    direction as in the other, and else as good as never: once in 2⁶⁴ times.
    """

    def __init__(self) -> None:
        self._sum = np.zeros(1, np.uint64)  # an array, which wraps around without a warning

    def add(self, start: NDArray[Any], end: NDArray[Any]) -> None:
        """Take edges.

        Args:
            start: Where they begin, shape (n, numbers of an end); the polygon is on their left.
            end: Where they end.
        """
        low, high, backwards = order_ends(start, end)
        hashes = hash_edges(low, high)
        np.negative(hashes, out=hashes, where=backwards)
        self._sum += hashes.sum()

    @property
    def is_zero(self) -> bool:
        """Whether every edge has its partner."""
        return not self._sum[0]


class Certifier:
    """Observer of polygons on their way into a file.

    It is shown those that are not written too, no data among them: all of them fill the raster, once and without gaps.
    They do if what they cover comes to its area, and if each edge has its partner but for those along its frame. For
    then what bounds them all lies on the frame, and so goes around it, as often as that area says: once.

    Args:
        ground: The raster that they are of.
        fine_ground: The same under the grid of their vertices.
    """

    def __init__(self, ground: Ground, fine_ground: Ground) -> None:
        self._ground = ground
        self._fine_ground = fine_ground
        self._checksum = EdgeChecksum()
        self._count = np.zeros(256, np.int64)
        self._area = np.zeros(256)
        self._pixel_area = np.zeros(256)
        self._invalid = 0
        self._unsure: int | None = None
        self._narrowest = math.inf
        self._uncovered = float(fine_ground.grid.rows * fine_ground.grid.cols)  # steps²; exact to the half

    @property
    def count(self) -> int:
        """Polygons written so far."""
        return int(self._count.sum())

    def expect(self, pixels: NDArray[np.uint8], row: int, col: int) -> None:
        """Take note of what is to become polygons.

        Args:
            pixels: Class values of a tile, shape (rows, cols).
            row: Its first row.
            col: Its first column.
        """
        self._pixel_area += self._ground.measure_classes(pixels, row, col)

    def see(self, rings: RingSet, others: NDArray[np.int64]) -> None:
        """Take the polygons of whole regions.

        Args:
            rings: All of them.
            others: Indices of those that are not written.
        """
        if len(others):
            self._narrowest = min(self._narrowest, float(measure_widths(self._fine_ground, rings[others]).min()))
        self._uncovered -= float(rings.pixels.sum())
        grid = self._fine_ground.grid
        for start, end in rings.iter_sides():
            on_frame = np.zeros(len(start), np.bool_)
            for one, other, last in zip(grid.locate(start), grid.locate(end), (grid.rows, grid.cols), strict=True):
                on_frame |= (one == other) & ((one == 0) | (one == last))
            self._checksum.add(start[~on_frame, np.newaxis], end[~on_frame, np.newaxis])

    def add(self, chunk: PolygonChunk) -> None:
        """Take polygons that are written."""
        area = chunk.columns[self._ground.area_column]
        self._count += np.bincount(chunk.class_id, minlength=256)
        self._area += np.bincount(chunk.class_id, weights=area, minlength=256)
        self._invalid += chunk.invalid
        if CONFIDENCE in chunk.columns:
            self._unsure = (self._unsure or 0) + int(np.count_nonzero(np.isnan(chunk.columns[CONFIDENCE])))

    def certify(self, categories: Categories, merged: int) -> Certificate:
        """Make the certificate of all polygons.

        Args:
            categories: The classes of the raster.
            merged: How many small regions went to a neighbour.
        """
        classes = tuple(
            ClassPolygons(categories[i], int(self._count[i]), float(self._area[i]), float(self._pixel_area[i]))
            for i in np.flatnonzero(self._count).tolist()
        )
        return Certificate(
            polygons=self.count,
            invalid=self._invalid,
            overlaps=int(self._uncovered < 0),
            gaps=int(self._uncovered > 0),
            unmatched=int(not self._checksum.is_zero),
            unsure=self._unsure,
            lost=self.count if self._unsure == self.count else 0,
            merged=merged,
            narrowest=self._narrowest,
            classes=classes,
        )


def order_ends(start: NDArray[Any], end: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.bool_]]:
    """Order edges from their smaller to their larger end, and tell which of them ran the other way."""
    if start.shape[1] == 1:
        return np.minimum(start, end), np.maximum(start, end), (start > end)[:, 0]
    backwards, equal = np.zeros(len(start), np.bool_), np.ones(len(start), np.bool_)
    for one, other in zip(start.T, end.T, strict=True):
        backwards |= equal & (one > other)
        equal &= one == other
    turned = backwards[:, np.newaxis]
    return np.where(turned, end, start), np.where(turned, start, end), backwards


def hash_edges(low: NDArray[Any], high: NDArray[Any]) -> NDArray[np.uint64]:
    """Hash edges: a number for each that is the same for equal edges, and for others as good as never.

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

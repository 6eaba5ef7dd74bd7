"""Certificate: proof that polygons are a coverage, found edge by edge on their way into the file."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..classes import LandCoverClass
from ..raster.categories import Categories
from ..raster.geodesy import Ground
from ..raster.vertex_grid import Ints
from .balance import EdgeBalance, EdgeSum, Rest
from .geometry import PolygonChunk
from .measure import measure_widths
from .rings import RingSet

Floats = NDArray[np.float64]

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
    """Places that several polygons cover."""
    gaps: int
    """Places that none covers though one should."""
    unmatched: int
    """Edges that meet others where they have no vertex."""
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

    def __str__(self) -> str:
        text = f"gaps {self.gaps}, overlaps {self.overlaps}, invalid {self.invalid}"
        text += f", edges that do not match {self.unmatched}" if self.unmatched else ""
        return f"{text}, {UNSURE} {self.lost}" if self.lost else text


class Certifier:
    """Watches polygons on their way into a file.

    It is shown those that are not written too, no data among them: all of them fill the raster, once and without gaps.
    They do if what they cover comes to its area, and if each edge has its partner but for those along its frame. For
    then what bounds them all lies on the frame, and so goes around it, as often as that area says: once.

    Args:
        ground: The raster that they are of.
        drawn: The same under the grid of their vertices.
        searching: Whether edges are kept, to find out what is wrong where.
    """

    def __init__(self, ground: Ground, drawn: Ground, *, searching: bool = False) -> None:
        self._ground = ground
        self._drawn = drawn
        self._sum = EdgeSum()
        self._edges = EdgeBalance(self._place) if searching else None
        self._count = np.zeros(256, np.int64)
        self._area = np.zeros(256)
        self._pixel_area = np.zeros(256)
        self._invalid = 0
        self._unsure: int | None = None
        self._narrowest = math.inf
        self._uncovered = float(drawn.grid.rows * drawn.grid.cols)  # steps²; exact to the half

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
        self._pixel_area += self._ground.class_areas(pixels, row, col)

    def see(self, rings: RingSet, others: NDArray[np.int64]) -> None:
        """Take the polygons of whole regions.

        Args:
            rings: All of them.
            others: Indices of those that are not written.
        """
        if len(others):
            self._narrowest = min(self._narrowest, float(measure_widths(self._drawn, rings[others]).min()))
        self._uncovered -= float(rings.pixels.sum())
        for start, end in rings.sides():
            inner = ~self._on_frame(start, end)
            self._sum.add(start[inner, np.newaxis], end[inner, np.newaxis])
            if self._edges:
                self._edges.add(start[:, np.newaxis], end[:, np.newaxis])

    def _on_frame(self, start: Ints, end: Ints) -> NDArray[np.bool_]:
        """Which edges lie along the end of the raster."""
        grid, on_frame = self._drawn.grid, np.zeros(len(start), np.bool_)
        ends = zip(grid.locate(start), grid.locate(end), (grid.rows, grid.cols), strict=True)
        for one, other, last in ends:
            on_frame |= (one == other) & ((one == 0) | (one == last))
        return on_frame

    def _place(self, corners: NDArray[Any]) -> Floats:
        """X and y of corners of the raster, rows counting downwards."""
        row, col = self._drawn.grid.locate(corners[:, 0])
        return np.asarray(np.stack([col, -row], axis=1), np.float64)

    def add(self, chunk: PolygonChunk) -> None:
        """Take polygons that are written."""
        area = chunk.columns[self._ground.area_column]
        self._count += np.bincount(chunk.class_id, minlength=256)
        self._area += np.bincount(chunk.class_id, weights=area, minlength=256)
        self._invalid += chunk.invalid
        if CONFIDENCE in chunk.columns:
            self._unsure = (self._unsure or 0) + int(np.count_nonzero(np.isnan(chunk.columns[CONFIDENCE])))

    @property
    def fits(self) -> bool:
        """Whether all polygons so far fill the raster, once and without gaps."""
        return self._sum.is_zero and self._uncovered == 0

    def finish(self, categories: Categories, merged: int) -> Certificate:
        """The certificate of all polygons.

        Args:
            categories: The classes of the raster.
            merged: How many small regions went to a neighbour.
        """
        rest = self._edges.finish() if self._edges else Rest(0, 0, ())
        gaps = len(rest.holes) + (not rest.overlaps and not rest.holes and self._uncovered != 0)
        classes = tuple(
            ClassPolygons(categories[i], int(self._count[i]), float(self._area[i]), float(self._pixel_area[i]))
            for i in np.flatnonzero(self._count).tolist()
        )
        return Certificate(
            polygons=self.count,
            invalid=self._invalid,
            overlaps=rest.overlaps,
            gaps=gaps,
            unmatched=rest.unmatched,
            unsure=self._unsure,
            lost=self.count if self._unsure == self.count else 0,
            merged=merged,
            narrowest=self._narrowest,
            classes=classes,
        )

"""Geometry: whole regions as polygons on the map with their attributes, neighbours equal to the last bit.

Polygons of pixels are valid by their making (docs/design/polygons.md). Whether one with other edges is, GEOS tells. But
it compares each hole with all vertices of the shell, and keeps about a hundred bytes for each of them. What takes its
place for very large polygons are a few conditions on the pixel grid, where all numbers are whole. They are sufficient,
not necessary: a polygon that does not meet them may be valid still, and is left to GEOS. The time that they take hardly
grows faster than the number of vertices.
"""

from __future__ import annotations

import math
import struct
import sys
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray

from ..raster.classes import LandCoverClass
from ..raster.geodesy import Ground
from ..raster.vertex_grid import Ints, VertexGrid
from .labeling import find_components
from .measure import measure_areas, measure_perimeters
from .regions import Regions
from .rings import (
    SPAN,
    RingSet,
    cut_batches,
    cut_spans,
    index_between,
    invert,
    link_cycles,
    measure_ring_areas,
    open_rings,
)

AT_ONCE = 1 << 14
"""Sides of which GEOS looks whether they meet; it takes some hundred bytes for each."""


@dataclass(frozen=True)
class PolygonChunk:
    """Some polygons and their attributes."""

    wkb: NDArray[Any]
    """Polygons as WKB, shape (n,) of bytes: a quarter of the memory of shapely objects."""
    points: int
    """Vertices of them all."""
    class_id: NDArray[np.uint8]
    """Code of the class of each, shape (n,)."""
    columns: dict[str, NDArray[np.float64]]
    """Further attributes of each, in the units that their names say, shape (n,)."""
    invalid: int = 0
    """Those that are no valid geometry."""


@dataclass(frozen=True)
class PolygonLayer:
    """What polygons are written as, in any format."""

    crs_wkt: str | None
    """Their CRS, None if there is none."""
    classes: tuple[LandCoverClass, ...]
    """The class of each code, that of code c at c − 1; its id is what is written."""
    columns: tuple[str, ...]
    """Names of the further attributes of the chunks."""
    multi: bool
    """Whether they are multipolygons."""

    @property
    def geometry_type(self) -> str:
        """Polygon or MultiPolygon."""
        return "MultiPolygon" if self.multi else "Polygon"

    def make_table(self, chunks: list[PolygonChunk]) -> dict[str, NDArray[Any]]:
        """Make a table of all attributes by name: class_id, class_name and the further ones."""
        code = np.concatenate([np.zeros(0, np.uint8), *(c.class_id for c in chunks)])
        names = np.array(["", *(c.name for c in self.classes)], dtype=object)
        further = {
            name: np.concatenate([np.zeros(0, np.float64), *(c.columns[name] for c in chunks)]) for name in self.columns
        }
        return {"class_id": self.ids[code], "class_name": names[code], **further}

    @property
    def ids(self) -> NDArray[np.int32] | NDArray[np.int64]:
        """The id of each class by its code, 0 at 0; of 32 bits if they fit."""
        ids = np.array([0, *(one.id for one in self.classes)], np.int64)
        small = ids.astype(np.int32)
        return small if np.array_equal(small, ids) else ids


def concatenate_wkb(chunks: list[PolygonChunk]) -> NDArray[Any]:
    """Put the polygons of all chunks one after the other, shape (n,) of bytes."""
    return np.concatenate([np.zeros(0, object), *(c.wkb for c in chunks)])


def name_columns(ground: Ground, *, confident: bool) -> list[str]:
    """Name the further attributes.

    Args:
        ground: How the polygons are measured.
        confident: Whether there is a confidence raster.
    """
    names = [ground.area_column, ground.perimeter_column]
    return [*names, "confidence_mean", "confidence_min"] if confident else names


def make_chunk(regions: Regions, ground: Ground, *, diagonally: bool = False, of_pixels: bool = False) -> PolygonChunk:
    """Make polygons of whole regions.

    Args:
        regions: The regions.
        ground: The raster that they are of.
        diagonally: Whether regions that touch at corners only are one multipolygon.
        of_pixels: Whether their boundaries are those of pixels, unrefined; such polygons are valid by their making.
    """
    offsets = np.arange(len(regions.rings) + 1)
    if diagonally:
        order = np.argsort(regions.group, kind="stable")
        regions = regions[order]
        offsets = np.flatnonzero(np.append(np.diff(regions.group, prepend=-1) != 0, True))
    first = offsets[:-1]
    columns = {
        ground.area_column: np.add.reduceat(measure_areas(ground, regions.rings), first),
        ground.perimeter_column: np.add.reduceat(measure_perimeters(ground, regions.rings), first),
    }
    if regions.statistics is not None:
        sure = regions.statistics.group_by(np.repeat(np.arange(len(first)), np.diff(offsets)), len(first))
        columns["confidence_mean"] = sure.mean
        columns["confidence_min"] = np.where(sure.count > 0, sure.least, np.nan)
    class_id = regions.value[first].astype(np.uint8)
    is_valid, invalid = of_pixels and keeps_corners_apart(ground.grid, ground.transform), 0
    groups = offsets if diagonally else None
    if is_valid or (is_large(regions.rings) and is_surely_valid(regions.rings)):
        wkb = make_wkb(regions.rings, ground.transform, groups)
    else:
        geometry = to_polygons(regions.rings, ground.transform, groups)
        wkb, invalid = shapely.to_wkb(geometry), int(np.count_nonzero(~shapely.is_valid(geometry)))
    return PolygonChunk(wkb, len(regions.rings.vertex), class_id, columns, invalid)


def to_polygons(rings: RingSet, transform: Affine, offsets: Ints | None = None) -> NDArray[Any]:
    """Bring the polygons of a ring set to the map; shape (polygons,) of shapely polygons.

    Shells run counter-clockwise on the map. Shared vertices are equal to the last bit.

    Args:
        rings: Polygons.
        transform: (col, row) of their grid to CRS.
        offsets: Where each multipolygon begins among the polygons, and their number; None for polygons.
    """
    points = _map_vertices(rings, transform)
    levels: tuple[Ints, ...] = (rings.ring_offsets, rings.polygon_offsets)
    kind = shapely.GeometryType.POLYGON
    if offsets is not None:
        levels, kind = (*levels, offsets), shapely.GeometryType.MULTIPOLYGON
    polygons: NDArray[Any] = shapely.from_ragged_array(kind, points, levels)
    return polygons


def make_wkb(rings: RingSet, transform: Affine, offsets: Ints | None = None) -> NDArray[Any]:
    """Make what `to_polygons` and `shapely.to_wkb` do, in a third of the time and without copies on the way.

    Args:
        rings: Polygons.
        transform: (col, row) of their grid to CRS.
        offsets: As for `to_polygons`.

    Returns:
        Shape (polygons,) of bytes.
    """
    points, native = _map_vertices(rings, transform), sys.byteorder == "little"
    count, header = struct.Struct("=I"), struct.Struct("=BII")
    before = [count.pack(length) for length in np.diff(rings.ring_offsets).tolist()]  # of each ring what precedes it
    begins = rings.polygon_offsets
    for first, stop in pairwise(begins.tolist()):
        before[first] = header.pack(native, shapely.GeometryType.POLYGON, stop - first) + before[first]
    if offsets is not None:
        for first, stop in pairwise(offsets.tolist()):
            before[begins[first]] = (
                header.pack(native, shapely.GeometryType.MULTIPOLYGON, stop - first) + before[begins[first]]
            )
        begins = begins[offsets]
    content = points.ravel().view(np.uint8).data
    after = [content[first:stop] for first, stop in pairwise((rings.ring_offsets * points.strides[0]).tolist())]
    parts = (zip(before[first:stop], after[first:stop], strict=True) for first, stop in pairwise(begins.tolist()))
    return np.array([b"".join(chain.from_iterable(part)) for part in parts], object)


def _map_vertices(rings: RingSet, transform: Affine) -> NDArray[np.float64]:
    """Bring the vertices of all rings to the map, x and y, shells counter-clockwise, shape (points, 2)."""
    vertex = rings.vertex
    if transform.determinant > 0:  # every ring runs the other way; it still begins where it began, as it is closed
        begin, end = rings.ring_offsets[:-1], rings.ring_offsets[1:] - 1
        vertex = vertex[np.repeat(begin + end, np.diff(rings.ring_offsets)) - np.arange(len(vertex))]
    points = np.empty((len(vertex), 2))
    for part in cut_spans(len(vertex)):
        points[part, 0], points[part, 1] = rings.grid.to_map(vertex[part], transform)
    return points


def keeps_corners_apart(grid: VertexGrid, transform: Affine) -> bool:
    """Whether rounding moves no vertex on the map by as much as a hundredth of the width of a pixel.

    Args:
        grid: The vertices.
        transform: (col, row) of their grid to CRS.
    """
    x = abs(transform.a) * grid.cols + abs(transform.b) * grid.rows + abs(transform.c)
    y = abs(transform.d) * grid.cols + abs(transform.e) * grid.rows + abs(transform.f)
    longest = max(math.hypot(transform.a, transform.d), math.hypot(transform.b, transform.e))
    rounding = 4 * sys.float_info.epsilon * max(x, y)  # three products or sums, each of them rounded
    return 100 * rounding * longest < abs(transform.determinant)


def is_large(rings: RingSet) -> bool:
    """Whether it is a single polygon for which GEOS would take much time and memory."""
    return len(rings) == 1 and len(rings.vertex) > SPAN


def is_surely_valid(rings: RingSet) -> bool:
    """Whether a polygon is valid beyond doubt.

    Its sides meet at their ends only, and no vertex lies on more than two rings. No chain of rings that touch closes,
    so nothing is cut off from the interior, no ring touches itself, and no two cross, as they would do so twice. Only
    the first ring runs as a shell does, and every ring has the interior on its left: the sum of the sides to the west
    of a place, those downwards as +1 and those upwards as −1, says how often it is enclosed.

    Args:
        rings: One polygon.
    """
    vertex, offsets = open_rings(rings)
    boundary = _Boundary(vertex, link_cycles(offsets), rings.grid)
    area = measure_ring_areas(rings.grid, rings.vertex, rings.ring_offsets)
    order = np.argsort(vertex, kind="stable")
    again = np.append(np.diff(vertex[order]) == 0, False)
    if (again[1:] & again[:-1]).any() or area[0] <= 0 or (area[1:] >= 0).any():
        return False
    first = np.flatnonzero(again)
    one, other = np.searchsorted(offsets, np.stack([order[first], order[first + 1]]), "right") - 1  # rings that touch
    is_forest = len(np.unique(find_components(len(area), one, other))) == len(area) - len(one)
    return is_forest and _have_interior_on_the_left(boundary, offsets) and _meet_at_ends_only(boundary)


@dataclass(frozen=True)
class _Boundary:
    """The sides of all rings; each begins at a vertex."""

    vertex: Ints
    after: Ints
    """Index of the vertex that follows each."""
    grid: VertexGrid

    def __len__(self) -> int:
        return len(self.vertex)

    def find_sides(self, chosen: Ints | slice) -> tuple[Ints, Ints, Ints, Ints]:
        """Find the row and col of where sides begin, and of where they end."""
        begin, end = self.vertex[chosen], self.vertex[self.after[chosen]]
        return (*self.grid.locate(begin), *self.grid.locate(end))


def _have_interior_on_the_left(boundary: _Boundary, offsets: Ints) -> bool:
    """Whether one side of each ring has a place on its left that is enclosed once; if so, the others have.

    It is one at the top-left vertex, looked at half a step below its top, where no vertex is.
    """
    first = np.minimum.reduceat(boundary.vertex, offsets[:-1])
    at = np.flatnonzero(boundary.vertex == np.repeat(first, np.diff(offsets)))
    row, _, end_row, _ = boundary.find_sides(at)
    chosen = np.where(row == end_row, invert(boundary.after)[at], at)
    these = _Upright.select(boundary, chosen)
    if len(these.top) < len(chosen):
        return False
    these = these[np.argsort(these.top, kind="stable")]
    enclosed = np.zeros(len(chosen))
    for part in cut_spans(len(boundary)):
        others = _Upright.select(boundary, part)
        begins, stops = np.searchsorted(these.top, others.top), np.searchsorted(these.top, others.bottom)
        for some in cut_batches(stops - begins):
            which = index_between(begins[some], stops[some])
            other = others[np.repeat(np.arange(some.start, some.stop), stops[some] - begins[some])]
            is_west = other.is_west_of(these[which])
            enclosed += np.bincount(which[is_west], np.where(other.down[is_west], 1, -1), len(chosen))
    return bool((enclosed == ~these.down).all())


@dataclass(frozen=True)
class _Upright:
    """Sides that are not level, from their top to their bottom."""

    top: Ints
    start: Ints
    """Col of the upper end."""
    bottom: Ints
    end: Ints
    """Col of the lower end."""
    down: NDArray[np.bool_]
    """Whether it runs downwards."""

    @classmethod
    def select(cls, boundary: _Boundary, chosen: Ints | slice) -> _Upright:
        """Select those of some sides that are not level."""
        row, col, end_row, end_col = boundary.find_sides(chosen)
        down = row < end_row
        found = cls(
            np.minimum(row, end_row),
            np.where(down, col, end_col),
            np.maximum(row, end_row),
            np.where(down, end_col, col),
            down,
        )
        return found[np.flatnonzero(row != end_row)]

    def __getitem__(self, chosen: Ints) -> _Upright:
        return _Upright(self.top[chosen], self.start[chosen], self.bottom[chosen], self.end[chosen], self.down[chosen])

    def is_west_of(self, others: _Upright) -> NDArray[np.bool_]:
        """Whether each is west of its other one, half a step below the top of that one; exact."""
        (here, height), (there, other_height) = self._find_col(others.top), others._find_col(others.top)
        return np.asarray(here * other_height < there * height)

    def _find_col(self, row: Ints) -> tuple[Ints, Ints]:
        """Find where each is half a step below a row, as a fraction: col · 2 height, and 2 height."""
        height = 2 * (self.bottom - self.top)
        return height * self.start + (self.end - self.start) * (2 * (row - self.top) + 1), height


def _meet_at_ends_only(boundary: _Boundary) -> bool:
    """Whether no two sides have a point in common but an end of both; a few rows at a time."""
    row = boundary.grid.row_of(boundary.vertex)
    end_row = row[boundary.after]
    top, bottom = np.minimum(row, end_row), np.maximum(row, end_row)
    limits = np.append(np.unique(np.sort(top)[::AT_ONCE]), bottom.max() + 1)
    for low, high in pairwise(limits):
        ends = boundary.find_sides(np.flatnonzero((top < high) & (bottom >= low)))
        points: NDArray[np.float64] = np.stack(ends, axis=1).reshape(-1, 2).astype(np.float64)
        levels = (np.arange(0, len(points) + 1, 2), np.array([0, len(points) // 2]))
        [lines] = shapely.from_ragged_array(shapely.GeometryType.MULTILINESTRING, points, levels)
        if not shapely.is_simple(lines):
            return False
    return True

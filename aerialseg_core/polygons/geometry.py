"""Coverage: whole regions as polygons on the map with their attributes, neighbours equal to the last bit."""

from __future__ import annotations

import io
import struct
import sys
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray

from ..classes import LandCoverClass
from ..raster.geodesy import Ground
from ..raster.vertex_grid import Ints
from .measure import measure_areas, measure_perimeters
from .regions import Regions
from .rings import RingSet, spans
from .validity import is_large, is_surely_valid


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

    def table(self, chunks: list[PolygonChunk]) -> dict[str, NDArray[Any]]:
        """All attributes by name: class_id, class_name and the further ones."""
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


def wkb_of(chunks: list[PolygonChunk]) -> NDArray[Any]:
    """The polygons of all chunks, shape (n,) of bytes."""
    return np.concatenate([np.zeros(0, object), *(c.wkb for c in chunks)])


def column_names(ground: Ground, *, confident: bool) -> list[str]:
    """Names of the further attributes.

    Args:
        ground: How the polygons are measured.
        confident: Whether there is a confidence raster.
    """
    names = [ground.area_column, ground.perimeter_column]
    return [*names, "confidence_mean", "confidence_min"] if confident else names


def polygon_chunk(regions: Regions, ground: Ground, *, diagonally: bool = False) -> PolygonChunk:
    """Make polygons of whole regions.

    Args:
        regions: The regions.
        ground: The raster that they are of.
        diagonally: Whether regions that touch at corners only are one multipolygon.
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
        sure = regions.statistics.grouped(np.repeat(np.arange(len(first)), np.diff(offsets)), len(first))
        columns["confidence_mean"] = sure.mean
        columns["confidence_min"] = np.where(sure.count > 0, sure.least, np.nan)
    class_id = regions.value[first].astype(np.uint8)
    if is_large(regions.rings) and is_surely_valid(regions.rings):
        wkb, invalid = large_wkb(regions.rings, ground.transform, multi=diagonally), 0
    else:
        geometry = to_polygons(regions.rings, ground.transform, offsets if diagonally else None)
        wkb, invalid = shapely.to_wkb(geometry), int(np.count_nonzero(~shapely.is_valid(geometry)))
    return PolygonChunk(wkb, len(regions.rings.vertex), class_id, columns, invalid)


def to_polygons(rings: RingSet, transform: Affine, offsets: Ints | None = None) -> NDArray[Any]:
    """The polygons of a ring set in map coordinates; shape (polygons,) of shapely polygons.

    Shells run counter-clockwise on the map. Shared vertices are equal to the last bit.

    Args:
        rings: Polygons.
        transform: (col, row) of their grid to CRS.
        offsets: Where each multipolygon begins among the polygons, and their number; None for polygons.
    """
    points = _points(rings, transform)
    levels: tuple[Ints, ...] = (rings.ring_offsets, rings.polygon_offsets)
    kind = shapely.GeometryType.POLYGON
    if offsets is not None:
        levels, kind = (*levels, offsets), shapely.GeometryType.MULTIPOLYGON
    polygons: NDArray[Any] = shapely.from_ragged_array(kind, points, levels)
    return polygons


def large_wkb(rings: RingSet, transform: Affine, *, multi: bool) -> NDArray[Any]:
    """What `to_polygons` and then `shapely.to_wkb` make of one polygon, without copies on the way; shape (1,) of bytes.

    Args:
        rings: One polygon.
        transform: (col, row) of its grid to CRS.
        multi: Whether it is to be a multipolygon.
    """
    points, offsets = _points(rings, transform), rings.ring_offsets.tolist()
    header, native = struct.Struct("=BII"), sys.byteorder == "little"
    wkb = io.BytesIO()
    if multi:
        wkb.write(header.pack(native, shapely.GeometryType.MULTIPOLYGON, 1))
    wkb.write(header.pack(native, shapely.GeometryType.POLYGON, len(offsets) - 1))
    for begin, stop in pairwise(offsets):
        wkb.write(struct.pack("=I", stop - begin))
        wkb.write(points[begin:stop].data)
    found = np.empty(1, object)
    found[0] = wkb.getvalue()
    return found


def _points(rings: RingSet, transform: Affine) -> NDArray[np.float64]:
    """X and y on the map of the vertices of all rings, shells counter-clockwise, shape (points, 2)."""
    vertex = rings.vertex if transform.determinant < 0 else _reversed_rings(rings)
    points = np.empty((len(vertex), 2))
    for part in spans(len(vertex)):
        points[part, 0], points[part, 1] = rings.grid.to_map(vertex[part], transform)
    return points


def _reversed_rings(rings: RingSet) -> NDArray[np.int64]:
    """The vertices with every ring run the other way; it still begins where it began, as it is closed."""
    begin, end = rings.ring_offsets[:-1], rings.ring_offsets[1:] - 1
    mirrored = np.repeat(begin + end, np.diff(rings.ring_offsets)) - np.arange(len(rings.vertex))
    return np.asarray(rings.vertex[mirrored])

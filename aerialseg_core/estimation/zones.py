"""Zones: polygons such as administrative units, each with the points and the area of the map in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import ProjError
from rasterio.features import rasterize

from ..errors import DataError
from ..files.vectors import OGR_ERRORS, read_frame
from ..progress import Reporter
from ..sentences import Sentence
from .class_map import ClassMap

MOST = 10_000
"""Zones that a page can hold."""

SLIVER = 0.01
"""Share of a zone that another one may have in common with it: borders are drawn more than once."""


@dataclass(frozen=True)
class Zones:
    """Polygons with names, in the CRS of a map."""

    names: tuple[str, ...]
    polygons: NDArray[np.object_]
    """Shapely geometries, valid, shape (zones,)."""
    notes: tuple[str, ...] = ()
    """What must be known of them, in sentences."""

    def find(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
        """Find the zone of each of some points, the first one where they overlap; −1 for none."""
        found = np.full(len(x), -1, np.int64)
        point, zone = shapely.STRtree(self.polygons).query(shapely.points(x, y), predicate="intersects")
        for one, other in sorted(zip(point.tolist(), zone.tolist(), strict=True), reverse=True):
            found[one] = other
        return found

    def measure(self, class_map: ClassMap, reporter: Reporter) -> NDArray[np.float64]:
        """Measure the area of the map in each zone, without no data, in its unit; shape (zones,).

        A pixel belongs to the zone in which its centre lies.

        Args:
            class_map: The map.
            reporter: Counts rows.

        Raises:
            RasterReadError: The map is damaged.
        """
        areas, tree = np.zeros(len(self.names)), shapely.STRtree(self.polygons)
        reporter.start("measure zones", class_map.shape[0], "rows")
        transform = class_map.dataset.transform
        for window, codes in class_map.read_windows():
            rows, cols = (window.row, window.row + window.height), (window.col, window.col + window.width)
            corners = [
                transform * (col, row) for row, col in zip((*rows, *rows[::-1]), np.repeat(cols, 2), strict=True)
            ]
            near = np.sort(tree.query(shapely.Polygon(corners)))[::-1]  # the first of two that overlap is painted last
            if len(near):
                shifted = transform * transform.translation(window.col, window.row)
                shapes = [(self.polygons[one], int(one) + 1) for one in near]
                painted = rasterize(shapes, out_shape=codes.shape, transform=shifted, dtype="int32")
                for one in near.tolist():
                    inside = ((painted == one + 1) & (codes > 0)).astype(np.uint8)
                    if inside.any():
                        areas[one] += class_map.ground.measure_classes(inside, window.row, window.col)[1]
            if window.col + window.width == class_map.shape[1]:
                reporter.advance(window.height)
        return areas * class_map.area_factor


def read_zones(path: str, column: str | None, class_map: ClassMap) -> Zones:
    """Read zones. Polygons of one name are one zone, as islands of a district are.

    Args:
        path: Polygons, anything that OGR reads.
        column: Column with their names; None for the first one of text, or else their numbers.
        class_map: The map, to whose CRS they are brought.

    Raises:
        DataError: The file cannot be read, has no polygons, too many, or no such column.
    """
    try:
        frame = read_frame(path)
    except OGR_ERRORS as error:
        raise DataError(
            "zones-unreadable",
            "The zones {path} cannot be read: {error}.",
            "Give a vector file of polygons.",
            path=path,
            error=error,
        ) from error
    geometry = getattr(frame, "geometry", None)
    crs = class_map.dataset.crs
    if geometry is not None and frame.crs is not None and crs is not None:
        try:
            geometry = geometry.to_crs(crs.to_wkt())
        except ProjError as error:
            raise DataError(
                "zones-crs-unusable",
                "The zones {path} cannot be brought into the CRS of the map.",
                "Save them in that CRS.",
                path=path,
            ) from error
    polygons = np.array([] if geometry is None else geometry.to_numpy(), object)
    kept = np.array([one is not None and one.geom_type in ("Polygon", "MultiPolygon") for one in polygons], bool)
    if not kept.any() or kept.sum() > MOST:
        raise DataError(
            "zones-count",
            "The zones {path} hold {count} polygons.",
            "Give 1 to {most} polygons.",
            path=path,
            count=int(kept.sum()),
            most=MOST,
        )
    names, kept = _name_zones(frame, path, column), np.flatnonzero(kept)
    parts: dict[str, list[object]] = {}
    for one in kept.tolist():  # islands of one unit are rows of one name, in many files
        parts.setdefault(names[one], []).append(polygons[one])
    shapes = [_join(some) for some in parts.values()]
    found = np.array(shapes, object)
    notes: list[str] = []
    if crs is not None and frame.crs is None:
        said = "The zones have no CRS: they are taken to be in that of the map."
        notes.append(Sentence("zones-without-crs", said))
    if pair := _find_overlap(found):
        first, second = (list(parts)[one] for one in pair)
        said = "Zones overlap ({first} and {second}): ground in two of them counts for the first one."
        notes.append(Sentence("zones-overlap", said, first=first, second=second))
    return Zones(tuple(parts), found, tuple(notes))


def _name_zones(frame: Any, path: str, column: str | None) -> list[str]:
    """Name every row of a file of zones; one without a name by its number, from 1.

    Raises:
        DataError: There is no such column.
    """
    texts = [name for name in frame.columns if name != frame.columns[-1] and frame[name].dtype.kind == "O"]
    named = column or next((name for name in texts if frame[name].notna().any()), None)
    if named is not None and named not in frame.columns:
        raise DataError(
            "zones-column-missing",
            "The zones {path} have no column {column}.",
            "They have {columns}.",
            path=path,
            column=named,
            columns=", ".join(map(str, frame.columns[:-1])),
        )
    if named is None:
        return [str(number) for number in range(1, len(frame) + 1)]
    there = zip(frame[named], frame[named].notna(), strict=True)
    return [str(name) if known else str(number) for number, (name, known) in enumerate(there, 1)]


def _join(polygons: list[object]) -> object:
    """Join the polygons of a zone to one, valid whatever was drawn."""
    return shapely.union_all(shapely.make_valid(np.array(polygons, object)))


def _find_overlap(polygons: NDArray[np.object_]) -> tuple[int, int] | None:
    """Find two polygons that have more in common than slivers; None if there are none."""
    one, other = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    one, other = one[one < other], other[one < other]
    areas = shapely.area(polygons)
    common = shapely.area(shapely.intersection(polygons[one], polygons[other]))
    found = np.flatnonzero(common > SLIVER * np.minimum(areas[one], areas[other]))
    return (int(one[found[0]]), int(other[found[0]])) if len(found) else None

"""Coverage: traced regions as shapely polygons on the map, and how large they are on the ground."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Geod

from .rings import RingSet

Floats = NDArray[np.float64]

_MIDDLE = ((0.0,), (2.0,))
_GAUSS = (
    (-0.9061798459386640, -0.5384693101056831, 0.0, 0.5384693101056831, 0.9061798459386640),
    (0.2369268850561891, 0.4786286704993665, 0.5688888888888889, 0.4786286704993665, 0.2369268850561891),
)
"""Points and weights of Gauss–Legendre quadrature over [−1, 1]."""


@dataclass(frozen=True)
class AreaMeasure:
    """How the polygons of a raster are measured."""

    unit: str
    """`m²`, or `px²` where the raster has no CRS to measure in."""
    of: Callable[[RingSet], Floats]
    """Gives the area of each polygon in this unit, shape (polygons,)."""

    @property
    def column(self) -> str:
        """Name of the attribute that holds it."""
        return {"m²": "area_m2", "px²": "area_px2"}[self.unit]


def area_measure(crs_wkt: str | None, transform: Affine, cols: int) -> AreaMeasure:
    """Choose how to measure: on the ellipsoid, in the plane of the projection, or in pixels.

    Args:
        crs_wkt: CRS of the raster, None if it has none.
        transform: Pixel (col, row) to CRS.
        cols: Width of the raster, px.
    """
    crs = CRS.from_wkt(crs_wkt) if crs_wkt else None
    factor = crs.axis_info[0].unit_conversion_factor if crs is not None and crs.axis_info else 0.0
    if crs is not None and crs.is_geographic:
        geod = crs.get_geod() or Geod(ellps="WGS84")
        return AreaMeasure("m²", lambda rings: _ellipsoidal(rings, transform, cols, radians=factor, geod=geod))
    if factor and crs is not None and not crs.is_geocentric:
        square_metres = abs(transform.determinant) * factor**2
        return AreaMeasure("m²", lambda rings: rings.pixels * square_metres)
    return AreaMeasure("px²", lambda rings: rings.pixels.astype(np.float64))


def to_polygons(rings: RingSet, transform: Affine, cols: int) -> NDArray[Any]:
    """The polygons of a ring set in map coordinates; shape (polygons,) of shapely polygons.

    Shells run counter-clockwise on the map. Shared vertices are equal to the last bit.

    Args:
        rings: Polygons on the pixel grid.
        transform: Pixel (col, row) to CRS.
        cols: Width of the raster, px.
    """
    vertex = rings.vertex if transform.determinant < 0 else _reversed_rings(rings)
    points = np.stack(_on_map(vertex, transform, cols), axis=1)
    offsets = (rings.ring_offsets, rings.polygon_offsets)
    polygons: NDArray[Any] = shapely.from_ragged_array(shapely.GeometryType.POLYGON, points, offsets)
    return polygons


def _reversed_rings(rings: RingSet) -> NDArray[np.int64]:
    """The vertices with every ring run the other way; it still begins where it began, as it is closed."""
    begin, end = rings.ring_offsets[:-1], rings.ring_offsets[1:] - 1
    mirrored = np.repeat(begin + end, np.diff(rings.ring_offsets)) - np.arange(len(rings.vertex))
    return np.asarray(rings.vertex[mirrored])


def _on_map(vertex: NDArray[np.int64], transform: Affine, cols: int) -> tuple[Floats, Floats]:
    """Map coordinates x, y of corners."""
    row, col = np.divmod(vertex, cols + 1)
    x = transform.a * col + transform.b * row + transform.c
    y = transform.d * col + transform.e * row + transform.f
    return x, y


def _ellipsoidal(rings: RingSet, transform: Affine, cols: int, *, radians: float, geod: Geod) -> Floats:
    """Area on the ellipsoid of polygons whose sides are straight in longitude and latitude, m².

    By Green's theorem the area is the sum over all sides of ∫ F(latitude) d longitude, where F is the area between the
    equator and a latitude per radian of longitude. Pixels are bounded by meridians and parallels, not by geodesics, so
    this is exact for them, at the poles and around the whole globe too.

    Args:
        rings: Polygons on the pixel grid.
        transform: Pixel (col, row) to longitude and latitude.
        cols: Width of the raster, px.
        radians: Size of the unit of the CRS.
        geod: The ellipsoid.
    """
    row, col = np.divmod(rings.vertex, cols + 1)
    d_row, d_col = np.diff(row), np.diff(col)
    d_longitude = radians * (transform.a * d_col + transform.b * d_row)
    d_longitude[rings.ring_offsets[1:-1] - 1] = 0.0  # from the end of a ring to the beginning of the next
    latitude = radians * _on_map(rings.vertex, transform, cols)[1]
    start, step = latitude[:-1], np.diff(latitude)
    rotated = transform.b != 0 or transform.d != 0
    nodes, weights = _GAUSS if rotated else _MIDDLE  # a parallel has one latitude only
    mean = sum(w / 2 * _area_to_equator(start + (n + 1) / 2 * step, geod) for n, w in zip(nodes, weights, strict=True))
    sides = np.append(d_longitude * mean, 0.0)
    return np.asarray(np.abs(np.add.reduceat(sides, rings.ring_offsets[rings.polygon_offsets[:-1]])))


def _area_to_equator(latitude: Floats, geod: Geod) -> Floats:
    """Area between the equator and a latitude per radian of longitude, m²."""
    sine, eccentricity = np.sin(latitude), np.sqrt(geod.es)
    if not eccentricity:
        return np.asarray(geod.a**2 * sine)
    term = np.arctanh(eccentricity * sine) / eccentricity + sine / (1 - geod.es * sine**2)
    return np.asarray(geod.b**2 / 2 * term)

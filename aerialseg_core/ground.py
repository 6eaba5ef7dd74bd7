"""Ground: how large regions are, in the plane of a projection, on the ellipsoid, or in pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Geod

from .regions import Ints
from .rings import RingSet

Floats = NDArray[np.float64]

_MIDDLE = ((0.0,), (2.0,))
_GAUSS = (
    (-0.9061798459386640, -0.5384693101056831, 0.0, 0.5384693101056831, 0.9061798459386640),
    (0.2369268850561891, 0.4786286704993665, 0.5688888888888889, 0.4786286704993665, 0.2369268850561891),
)
"""Points and weights of Gauss–Legendre quadrature over [−1, 1]."""


_FINE = 1 << 20
"""Weight of the largest pixel of a geographic raster; the sum over 10⁹ pixels is still exact."""


@dataclass(frozen=True)
class Ground:
    """What a raster measures on the ground: in the plane of its projection, on the ellipsoid, or in pixels."""

    transform: Affine
    """Pixel (col, row) to CRS."""
    shape: tuple[int, int]
    """(rows, cols) of the raster."""
    metres: float
    """Metres per unit of a projected CRS, else 0."""
    radians: float
    """Radians per unit of a geographic CRS, else 0."""
    geod: Geod
    """Its ellipsoid."""
    fine: int = 1
    """Parts of a pixel's side that one step of the grid of vertices is: what `finer` gives."""

    def finer(self, parts: int) -> Ground:
        """The same ground under a grid whose steps are a part of a pixel: for polygons with vertices on that grid.

        Args:
            parts: Steps along a side of a pixel.
        """
        rows, cols = self.shape
        fine, shape = self.transform * Affine.scale(1 / parts), (rows * parts, cols * parts)
        return Ground(fine, shape, self.metres, self.radians, self.geod, parts)

    @property
    def in_metres(self) -> bool:
        """Whether there is a CRS to measure in."""
        return bool(self.metres or self.radians)

    @property
    def unit(self) -> str:
        """Unit of areas: m² or px²."""
        return "m²" if self.in_metres else "px²"

    @property
    def area_column(self) -> str:
        """Name of the attribute that holds the area."""
        return "area_m2" if self.in_metres else "area_px2"

    @property
    def perimeter_column(self) -> str:
        """Name of the attribute that holds the perimeter."""
        return "perimeter_m" if self.in_metres else "perimeter_px"

    @property
    def pixel_sides(self) -> tuple[float, float]:
        """Ratio of the sides of a pixel along a row and along a column at the centre of the raster."""
        level, upright = np.hypot(*self.axes).tolist()
        return 1.0, round(upright / level, 6)  # sides that differ in rounding only are equal

    @property
    def axes(self) -> Floats:
        """A step along a row and one along a column as columns, at the centre of the raster, m or px; shape (2, 2)."""
        return np.stack([side * self._scale for side in self._sides], axis=1)

    @property
    def pixel_area(self) -> float:
        """Area of a pixel at the centre of the raster."""
        one, other = self._sides
        return float(abs(one[0] * other[1] - one[1] * other[0]) * np.prod(self._scale))

    @property
    def _sides(self) -> tuple[Floats, Floats]:
        """A step along a row and one along a column, x and y in units of the CRS."""
        if not self.in_metres:
            return np.array([1.0 / self.fine, 0.0]), np.array([0.0, 1.0 / self.fine])
        t = self.transform
        return np.array([t.a, t.d]), np.array([t.b, t.e])

    @property
    def _scale(self) -> Floats:
        """Metres per unit of the CRS along x and y at the centre of the raster."""
        if not self.radians:
            return np.full(2, self.metres or 1.0)
        rows, cols = self.shape
        latitude = self.radians * (self.transform.d * cols / 2 + self.transform.e * rows / 2 + self.transform.f)
        across, along = _radii(np.array([latitude]), self.geod)
        return np.array([self.radians * max(abs(across[0]), 1e-9), self.radians * along[0]])

    def areas(self, rings: RingSet) -> Floats:
        """Area of each polygon, shape (polygons,)."""
        if self.radians:
            return np.abs(_sums(self._swept, rings))
        if not self.metres:
            return np.asarray(rings.pixels / self.fine**2)
        return np.asarray(rings.pixels * (abs(self.transform.determinant) * self.metres**2))

    def perimeters(self, rings: RingSet) -> Floats:
        """Length of all rings of each polygon, shape (polygons,)."""
        if not self.in_metres:
            return _sums(lambda start, end: np.hypot(*self._steps(start, end)) / self.fine, rings)
        if not self.radians:
            return _sums(self._on_map, rings) * self.metres
        return _sums(self._on_ellipsoid, rings)

    def widths(self, rings: RingSet) -> Floats:
        """Mean width of each polygon in units of the CRS: twice its area by its perimeter, shape (polygons,)."""
        return np.asarray(2 * abs(self.transform.determinant) * rings.pixels / _sums(self._on_map, rings))

    def _steps(self, start: Ints, end: Ints) -> tuple[Ints, Ints]:
        """Rows and columns from the beginning of sides to their end."""
        (row, col), (end_row, end_col) = (np.divmod(vertex, self.shape[1] + 1) for vertex in (start, end))
        return end_row - row, end_col - col

    def _on_map(self, start: Ints, end: Ints) -> Floats:
        """Length of sides in units of the CRS."""
        return np.asarray(np.hypot(*_stepped(*self._steps(start, end), self.transform)))

    def _on_ellipsoid(self, start: Ints, end: Ints) -> Floats:
        """Length of sides that are straight in longitude and latitude, m."""
        x, y = _stepped(*self._steps(start, end), self.transform)
        latitude = self.radians * on_map(start, self.transform, self.shape[1])[1]
        total = np.zeros(len(latitude))
        for node, weight in zip(*_GAUSS, strict=True):
            across, along = _radii(latitude + (node + 1) / 2 * self.radians * y, self.geod)
            total += weight / 2 * np.hypot(across * self.radians * x, along * self.radians * y)
        return total

    def _swept(self, start: Ints, end: Ints) -> Floats:
        """Area on the ellipsoid between the equator and sides that are straight in longitude and latitude, m².

        By Green's theorem that of a polygon is the sum over its sides of ∫ F(latitude) d longitude, where F is the area
        between the equator and a latitude per radian of longitude. Pixels are bounded by meridians and parallels, not
        by geodesics, so this is exact for them, at the poles and around the whole globe too.
        """
        x, y = _stepped(*self._steps(start, end), self.transform)
        latitude = self.radians * on_map(start, self.transform, self.shape[1])[1]
        nodes, weights = _GAUSS if np.any((x != 0) & (y != 0)) else _MIDDLE  # a parallel has one latitude only
        mean = np.zeros(len(latitude))
        for node, weight in zip(nodes, weights, strict=True):
            mean += weight / 2 * _area_to_equator(latitude + (node + 1) / 2 * self.radians * y, self.geod)
        return self.radians * x * mean

    def row_weights(self) -> NDArray[np.int64]:
        """Area of a pixel of each row in whole units, so that sums do not depend on their order, shape (rows,)."""
        if not self.radians:
            return np.ones(self.shape[0], np.int64)
        return np.asarray(np.rint(self._row_areas / self._row_areas.max() * _FINE).astype(np.int64))

    def least_weight(self, area: float) -> int:
        """Units of `row_weights` that come to at least this area."""
        unit = float(self._row_areas.max()) / _FINE if self.radians else self.pixel_area
        return int(np.ceil(area / unit * (1 - 1e-9)))  # 64 pixels are enough though rounding makes them 64.0000001

    def class_areas(self, pixels: NDArray[np.uint8], row: int) -> Floats:
        """Area of the pixels of each class, shape (256,).

        Args:
            pixels: Class values, shape (rows, cols).
            row: The row of the raster at which they begin.
        """
        if not self.radians:
            return np.asarray(np.bincount(pixels.ravel(), minlength=256) * self.pixel_area)
        counts = np.stack([np.bincount(line, minlength=256) for line in pixels])
        return np.asarray(self._row_areas[row : row + len(counts)] @ counts)

    @cached_property
    def _row_areas(self) -> Floats:
        """Area of a pixel of each row in the middle column, m²."""
        rows, cols = self.shape
        t = self.transform
        latitude = self.radians * (t.d * cols / 2 + t.e * (np.arange(rows) + 0.5) + t.f)
        half = self.radians * max(abs(t.e), abs(t.d)) / 2
        per_longitude = _area_to_equator(latitude + half, self.geod) - _area_to_equator(latitude - half, self.geod)
        return np.asarray(np.abs(per_longitude) / (2 * half) * abs(t.determinant) * self.radians**2)


def _stepped(d_row: Ints, d_col: Ints, transform: Affine) -> tuple[Floats, Floats]:
    """Steps on the pixel grid in units of the CRS, along x and y."""
    return transform.a * d_col + transform.b * d_row, transform.d * d_col + transform.e * d_row


def _sums(measured: Callable[[Ints, Ints], Floats], rings: RingSet) -> Floats:
    """The sum over the sides of each polygon, shape (polygons,).

    Args:
        measured: What each side counts for, from where it begins and ends.
        rings: The polygons.
    """
    each = np.concatenate([np.zeros(0), *(measured(start, end) for start, end in rings.sides())])
    begins = rings.ring_offsets[rings.polygon_offsets[:-1]] - rings.polygon_offsets[:-1]  # a ring has one more point
    return np.asarray(np.add.reduceat(each, begins))


def ground_of(crs_wkt: str | None, transform: Affine, shape: tuple[int, int]) -> Ground:
    """Choose how to measure: on the ellipsoid, in the plane of the projection, or in pixels.

    Args:
        crs_wkt: CRS of the raster, None if it has none.
        transform: Pixel (col, row) to CRS.
        shape: (rows, cols) of the raster.
    """
    crs = CRS.from_wkt(crs_wkt) if crs_wkt else None
    factor = crs.axis_info[0].unit_conversion_factor if crs is not None and crs.axis_info else 0.0
    if crs is None or crs.is_geocentric:
        return Ground(transform, shape, 0.0, 0.0, Geod(ellps="WGS84"))
    geod = crs.get_geod() or Geod(ellps="WGS84")
    if crs.is_geographic:
        return Ground(transform, shape, 0.0, factor, geod)
    return Ground(transform, shape, factor, 0.0, geod)


def on_map(vertex: Ints, transform: Affine, cols: int) -> tuple[Floats, Floats]:
    """Map coordinates x, y of corners."""
    row, col = np.divmod(vertex, cols + 1)
    x = transform.a * col + transform.b * row + transform.c
    y = transform.d * col + transform.e * row + transform.f
    return x, y


def _radii(latitude: Floats, geod: Geod) -> tuple[Floats, Floats]:
    """Metres per radian of longitude and per radian of latitude."""
    squeezed = 1 - geod.es * np.sin(latitude) ** 2
    across = geod.a / np.sqrt(squeezed)
    return across * np.cos(latitude), across * (1 - geod.es) / squeezed


def _area_to_equator(latitude: Floats, geod: Geod) -> Floats:
    """Area between the equator and a latitude per radian of longitude, m²."""
    sine, eccentricity = np.sin(latitude), np.sqrt(geod.es)
    if not eccentricity:
        return np.asarray(geod.a**2 * sine)
    term = np.arctanh(eccentricity * sine) / eccentricity + sine / (1 - geod.es * sine**2)
    return np.asarray(geod.b**2 / 2 * term)

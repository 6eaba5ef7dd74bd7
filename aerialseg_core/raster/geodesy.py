"""Ground: how large regions are on the ellipsoid, or in pixels where nobody knows where they lie.

In a geographic CRS this is computed from latitudes. The plane of a projection is as good where it distorts by no more
than a thousandth; where it distorts more, what it does to the raster is taken out (`distortion.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from affine import Affine
from numpy.polynomial import legendre
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import ProjError

from ..errors import SceneError
from .class_values import count_values
from .distortion import Distortion, DistortionUnknownError, measure_distortion
from .opening import Dataset
from .vertex_grid import Floats, Ints, VertexGrid

Gsd = tuple[float, float]
"""Metres on the ground per pixel, (along a column, along a row)."""

leggauss: Any = legendre.leggauss  # numpy does not type it

_MIDDLE = ((0.0,), (2.0,))
_GAUSS = (
    (-0.9061798459386640, -0.5384693101056831, 0.0, 0.5384693101056831, 0.9061798459386640),
    (0.2369268850561891, 0.4786286704993665, 0.5688888888888889, 0.4786286704993665, 0.2369268850561891),
)
"""Points and weights of Gauss–Legendre quadrature over [−1, 1]: numpy's leggauss differs in the last bit."""

LARGEST_WEIGHT = 1 << 20
"""Weight of the largest pixel where they differ; the sum over 10⁹ pixels is still exact."""

_EARTH_RADIUS = 6_378_137.0

_MOST_NODES = 64
"""Nodes of quadrature along a side, at most."""


@dataclass(frozen=True)
class Ground:
    """What a raster measures on the ground: on the ellipsoid, in a plane that is as good, or in pixels."""

    transform: Affine
    """(col, row) of the grid to CRS."""
    grid: VertexGrid
    """The vertices that it measures between: the corners of pixels, or points that divide their sides."""
    metres: float
    """Metres per unit of a projected CRS, else 0."""
    radians: float
    """Radians per unit of a geographic CRS, else 0."""
    geod: Geod
    """Its ellipsoid."""
    distortion: Distortion | None = None
    """What the projection does to the raster; None where its plane is good enough."""
    is_guess: bool = False
    """Whether the plane is taken because nobody knows what the projection does to the raster: parts are beyond it."""

    def finer(self, parts: int) -> Ground:
        """Divide the grid into finer steps over the same ground, for polygons with vertices inside the sides of pixels.

        Args:
            parts: Steps along a side of a pixel.
        """
        return replace(self, transform=self.transform * Affine.scale(1 / parts), grid=self.grid.finer(parts))

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
        if self.distortion:
            return self.distortion.centre / self.grid.fine
        return np.stack([side * self._scale for side in self._sides], axis=1)

    @property
    def pixel_area(self) -> float:
        """Area of a pixel at the centre of the raster."""
        if self.distortion and self.distortion.area:
            return float(abs(np.linalg.det(self.axes)))
        one, other = self._sides
        return float(abs(one[0] * other[1] - one[1] * other[0]) * np.prod(self._scale))

    @property
    def _sides(self) -> tuple[Floats, Floats]:
        """A step along a row and one along a column, x and y in units of the CRS."""
        if not self.in_metres:
            return np.array([1.0 / self.grid.fine, 0.0]), np.array([0.0, 1.0 / self.grid.fine])
        t = self.transform
        return np.array([t.a, t.d]), np.array([t.b, t.e])

    @property
    def _scale(self) -> Floats:
        """Metres per unit of the CRS along x and y at the centre of the raster."""
        if not self.radians:
            return np.full(2, self.metres or 1.0)
        rows, cols = self.grid.rows, self.grid.cols
        latitude = self.radians * (self.transform.d * cols / 2 + self.transform.e * rows / 2 + self.transform.f)
        across, along = _find_radii(np.array([latitude]), self.geod)
        return np.array([self.radians * max(abs(across[0]), 1e-9), self.radians * along[0]])

    @property
    def has_even_pixels(self) -> bool:
        """Whether all pixels are of one area on the ground, so that counting them is exact."""
        return not self.radians and not self._is_uneven

    @property
    def _is_uneven(self) -> bool:
        """Whether pixels of a projection are not all of one area on the ground."""
        return self.distortion is not None and self.distortion.area is not None

    def measure_cells(self, cells: Floats) -> Floats:
        """Measure so many steps of the grid squared, m² or px², where pixels are even; same shape."""
        if not self.metres:
            return np.asarray(cells / self.grid.fine**2)
        return np.asarray(cells * (abs(self.transform.determinant) * self.metres**2))

    def sweep_areas(self, start: Ints, end: Ints) -> Floats:
        """Measure the area that sides sweep, m²: its sum over the sides of a polygon is the polygon's, with a sign.

        Args:
            start: Vertices where the sides begin, shape (sides,).
            end: Vertices where they end.

        Returns:
            Shape (sides,).
        """
        return self._sweep_to_equator(start, end) if self.radians else self._sweep_to_left_side(start, end)

    def measure_lengths(self, start: Ints, end: Ints) -> Floats:
        """Measure sides on the ground, m or px, shape (sides,); arguments as of `sweep_areas`."""
        if not self.in_metres:
            return np.asarray(np.hypot(*self._count_steps(start, end)) / self.grid.fine)
        if self.radians:
            return self._measure_on_ellipsoid(start, end)
        if self.distortion and self.distortion.along:
            return self._measure_undistorted(start, end)
        return self.measure_lengths_on_map(start, end) * self.metres

    def _count_steps(self, start: Ints, end: Ints) -> tuple[Ints, Ints]:
        """Count the rows and columns from the beginning of sides to their end."""
        (row, col), (end_row, end_col) = self.grid.locate(start), self.grid.locate(end)
        return end_row - row, end_col - col

    def measure_lengths_on_map(self, start: Ints, end: Ints) -> Floats:
        """Measure sides in units of the CRS."""
        return np.asarray(np.hypot(*_step_on_map(*self._count_steps(start, end), self.transform)))

    def _measure_on_ellipsoid(self, start: Ints, end: Ints) -> Floats:
        """Measure sides that are straight in longitude and latitude, m."""
        x, y = _step_on_map(*self._count_steps(start, end), self.transform)
        latitude = self.radians * self.grid.to_map(start, self.transform)[1]
        total = np.zeros(len(latitude))
        for node, weight in zip(*_GAUSS, strict=True):
            across, along = _find_radii(latitude + (node + 1) / 2 * self.radians * y, self.geod)
            total += weight / 2 * np.hypot(across * self.radians * x, along * self.radians * y)
        return total

    def _sweep_to_equator(self, start: Ints, end: Ints) -> Floats:
        """Measure the area between the equator and sides that are straight in longitude and latitude, m².

        By Green's theorem that of a polygon is the sum over its sides of ∫ F(latitude) d longitude, where F is the area
        between the equator and a latitude per radian of longitude. Pixels are bounded by meridians and parallels, not
        by geodesics, so this is exact for them, at the poles and around the whole globe too.
        """
        x, y = _step_on_map(*self._count_steps(start, end), self.transform)
        latitude = self.radians * self.grid.to_map(start, self.transform)[1]
        nodes, weights = _GAUSS if np.any((x != 0) & (y != 0)) else _MIDDLE  # a parallel has one latitude only
        mean = np.zeros(len(latitude))
        for node, weight in zip(nodes, weights, strict=True):
            mean += weight / 2 * _find_area_to_equator(latitude + (node + 1) / 2 * self.radians * y, self.geod)
        return self.radians * x * mean

    def _measure_undistorted(self, start: Ints, end: Ints) -> Floats:
        """Measure sides that are straight on the map on the ellipsoid, m."""
        distortion = self._required
        steps = self._count_steps(start, end)
        (u, du), (v, dv) = self._locate_uv(start, steps)
        rows, cols = (np.asarray(step / self.grid.fine, np.float64) for step in steps)
        total = np.zeros(len(u))
        for node, weight in self._place_nodes(du, dv):
            total += weight * distortion.measure_lengths(u + node * du, v + node * dv, (rows, cols))
        return total

    def _sweep_to_left_side(self, start: Ints, end: Ints) -> Floats:
        """Measure the area between the left side of the raster and sides that are straight on the map, m².

        As to the equator, in rows and columns: what lies left of a side is the integral of an integral, which is known.
        """
        distortion = self._required
        (u, du), (v, dv) = self._locate_uv(start, self._count_steps(start, end))
        found = np.zeros(len(u))
        upright = du == 0
        ends = (distortion.enclosed(u[upright], (v + part * dv)[upright]) for part in (1, 0))
        found[upright] = next(ends) - next(ends)
        slanted = ~upright & (dv != 0)
        u, v, du, dv = (one[slanted] for one in (u, v, du, dv))
        total = np.zeros(len(u))
        for node, weight in self._place_nodes(du, dv):
            total += weight * distortion.swept(u + node * du, v + node * dv)
        found[slanted] = total * dv
        return found * self._pixels_of_square

    @property
    def _required(self) -> Distortion:
        if self.distortion is None:
            raise ValueError("the plane is good enough here")
        return self.distortion

    @property
    def _pixels_of_square(self) -> float:
        """Pixels of which one unit of u times one of v consists."""
        return self.grid.rows * self.grid.cols / (4 * self.grid.fine**2)

    def _locate_uv(self, start: Ints, steps: tuple[Ints, Ints]) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
        """Find where sides begin and how far they go: along rows as u and along columns as v, −1…1 over the raster."""
        rows, cols = self.grid.rows, self.grid.cols
        row, col = self.grid.locate(start)
        return (2 * col / cols - 1, 2 * steps[1] / cols), (2 * row / rows - 1, 2 * steps[0] / rows)

    def _place_nodes(self, du: Floats, dv: Floats) -> list[tuple[float, float]]:
        """Place nodes with weights along sides, 0…1: more for sides that go through more of the raster."""
        span = max(np.abs(du).max(initial=0), np.abs(dv).max(initial=0)) / 2
        count = min(_MOST_NODES, 1 + max(1, math.ceil(span * (self._required.degree + 2))))
        places, weights = leggauss(count)
        return list(zip(((places + 1) / 2).tolist(), (weights / 2).tolist(), strict=True))

    def weigh_pixels(self, start: int, stop: int) -> NDArray[np.int64]:
        """Weigh pixels by their area in whole units, so that sums do not depend on their order.

        Args:
            start: First row.
            stop: The one after the last.

        Returns:
            That of a pixel of each row, shape (rows,); or where it varies along rows, that of all pixels of the row
            before each column, shape (rows, cols + 1).
        """
        if self.has_even_pixels:
            return np.ones(stop - start, np.int64)
        areas = self._measure_pixels((start, stop), (0, self.grid.cols))
        units = areas[:, 0] if areas.shape[1] == 1 else np.cumsum(np.pad(areas, ((0, 0), (1, 0))), axis=1)
        return np.asarray(np.rint(units / self._weight_unit).astype(np.int64))

    @cached_property
    def _weight_unit(self) -> float:
        """Area of a unit of weight."""
        if self.radians:
            return float(self._row_areas.max()) / LARGEST_WEIGHT
        if not self._is_uneven:
            return self.pixel_area
        return self._required.largest / LARGEST_WEIGHT

    def find_least_weight(self, area: float) -> int:
        """Find how many units of weight come to at least this area."""
        return int(np.ceil(area / self._weight_unit * (1 - 1e-9)))  # 64 pixels are enough, also 64.0000001

    def measure_classes(self, pixels: NDArray[np.uint8], row: int, col: int = 0) -> Floats:
        """Measure the area of each class, shape (256,).

        Args:
            pixels: Class values, shape (rows, cols).
            row: The row of the raster at which they begin.
            col: The column.
        """
        if self.has_even_pixels:
            return np.asarray(count_values(pixels) * self.pixel_area)
        areas = self._measure_pixels((row, row + pixels.shape[0]), (col, col + pixels.shape[1]))
        if areas.shape[1] > 1:
            return np.asarray(np.bincount(pixels.ravel(), weights=areas.ravel(), minlength=256), np.float64)
        counts = np.stack([count_values(line) for line in pixels])
        return np.asarray(areas[:, 0] @ counts)

    def _measure_pixels(self, rows: tuple[int, int], cols: tuple[int, int]) -> Floats:
        """Measure pixels in rows and columns from … to …, m²; shape (rows, cols), or (rows, 1) if rows are even."""
        if self.radians:
            return self._row_areas[slice(*rows), np.newaxis]
        height, width = self.grid.rows, self.grid.cols
        v = 2 * np.arange(rows[0], rows[1] + 1) / height - 1
        if self._required.is_level:
            return self._required.over_cells(np.array([-1, 1]), v) * (height / 4)
        return self._required.over_cells(2 * np.arange(cols[0], cols[1] + 1) / width - 1, v) * (height * width / 4)

    @cached_property
    def _row_areas(self) -> Floats:
        """Area of a pixel of each row in the middle column, m²."""
        rows, cols = self.grid.rows, self.grid.cols
        t = self.transform
        latitude = self.radians * (t.d * cols / 2 + t.e * (np.arange(rows) + 0.5) + t.f)
        half = self.radians * max(abs(t.e), abs(t.d)) / 2
        north, south = (_find_area_to_equator(latitude + sign * half, self.geod) for sign in (1, -1))
        per_longitude = north - south
        return np.asarray(np.abs(per_longitude) / (2 * half) * abs(t.determinant) * self.radians**2)


def _step_on_map(d_row: Ints, d_col: Ints, transform: Affine) -> tuple[Floats, Floats]:
    """Bring steps on the pixel grid into units of the CRS, along x and y."""
    return transform.a * d_col + transform.b * d_row, transform.d * d_col + transform.e * d_row


def choose_ground(crs_wkt: str | None, transform: Affine, shape: tuple[int, int]) -> Ground:
    """Choose how to measure: on the ellipsoid, in the plane of the projection where it is as good, or in pixels.

    Args:
        crs_wkt: CRS of the raster, None if it has none.
        transform: Pixel (col, row) to CRS.
        shape: (rows, cols) of the raster.
    """
    grid, crs = VertexGrid(*shape), parse_crs(crs_wkt) if crs_wkt else None
    factor = crs.axis_info[0].unit_conversion_factor if crs is not None and crs.axis_info else 0.0
    if crs is None or crs.is_geocentric:
        return Ground(transform, grid, 0.0, 0.0, Geod(ellps="WGS84"))
    geod = crs.get_geod() or Geod(ellps="WGS84")
    if crs.is_geographic:
        return Ground(transform, grid, 0.0, factor, geod)
    plane = Ground(transform, grid, factor, 0.0, geod)
    try:
        return replace(plane, distortion=measure_distortion(crs, transform, shape, factor)) if factor else plane
    except DistortionUnknownError:
        return replace(plane, is_guess=True)


def _find_radii(latitude: Floats, geod: Geod) -> tuple[Floats, Floats]:
    """Find the metres per radian of longitude and per radian of latitude."""
    squeezed = 1 - geod.es * np.sin(latitude) ** 2
    across = geod.a / np.sqrt(squeezed)
    return across * np.cos(latitude), across * (1 - geod.es) / squeezed


def _find_area_to_equator(latitude: Floats, geod: Geod) -> Floats:
    """Find the area between the equator and a latitude, per radian of longitude; m²."""
    sine, eccentricity = np.sin(latitude), np.sqrt(geod.es)
    if not eccentricity:
        return np.asarray(geod.a**2 * sine)
    term = np.arctanh(eccentricity * sine) / eccentricity + sine / (1 - geod.es * sine**2)
    return np.asarray(geod.b**2 / 2 * term)


def measure_resolution(crs_wkt: str, transform: Affine, shape: tuple[int, int], *, name: str = "The raster") -> Gsd:
    """Measure how many metres on the ground a pixel at the centre of a raster is, (along a column, along a row).

    Measured on the WGS 84 ellipsoid, hence true for degrees, feet and Web Mercator alike; on another planet or moon, on
    the ellipsoid of its own CRS.

    Args:
        crs_wkt: Its CRS.
        transform: Pixel to CRS.
        shape: (rows, cols).
        name: What it is called in a refusal.

    Raises:
        SceneError: Its coordinates cannot be the degrees of its CRS.
    """
    row, col = shape[0] / 2, shape[1] / 2
    x, y = zip(*(transform * step for step in ((col, row), (col, row + 1), (col + 1, row))), strict=True)
    crs = parse_crs(crs_wkt)
    _require_degrees(crs, x[0], y[0], name)
    try:
        lon, lat = find_way_to_degrees(crs_wkt).transform(x, y)
    except ProjError:
        lon, lat = [math.inf] * len(x), [math.inf] * len(y)
    if not all(map(math.isfinite, (*lon, *lat))):
        unit = crs.axis_info[0].unit_conversion_factor if crs.axis_info else 1.0
        return math.hypot(transform.b, transform.e) * unit, math.hypot(transform.a, transform.d) * unit
    geod = crs.get_geod() if is_elsewhere(crs) else None
    geod = geod or Geod(ellps="WGS84")
    return geod.inv(lon[0], lat[0], lon[1], lat[1])[2], geod.inv(lon[0], lat[0], lon[2], lat[2])[2]


def _require_degrees(crs: CRS, x: float, y: float, name: str) -> None:
    """Refuse numbers that can be no longitude and latitude where they should; a raster may go round the world twice."""
    if not crs.is_geographic:
        return
    unit = math.degrees(crs.axis_info[0].unit_conversion_factor)  # degrees, or gradians
    if abs(x) * unit > 2 * 360 or abs(y) * unit > 90:
        raise SceneError(
            "scene-not-degrees",
            "{scene} is said to be in degrees of {crs}, but its centre is at {x:.10g}, {y:.10g}.",
            "Its CRS is wrong: give it the right one, as in gdal_edit -a_srs EPSG:32633 FILE.",
            scene=name,
            crs=crs.name,
            x=x,
            y=y,
        )


def is_same_crs(one: str | None, other: str | None) -> bool:
    """Tell whether two CRS are the same, whatever the order of their axes.

    Args:
        one: As PROJ takes it; None for none, which is the same as none only.
        other: Likewise.
    """
    if not one or not other:
        return not one and not other
    return bool(CRS.from_user_input(one).equals(CRS.from_user_input(other), ignore_axis_order=True))


@lru_cache(maxsize=64)
def parse_crs(wkt: str) -> CRS:
    """Parse a CRS; the rasters of a folder mostly share one, and parsing it takes longer than reading a small raster.

    Args:
        wkt: The CRS.

    Raises:
        CRSError: It is none.
    """
    return CRS.from_wkt(wkt)


@lru_cache(maxsize=64)
def find_way_to_degrees(wkt: str) -> Transformer:
    """Find what takes the coordinates of a CRS to longitude and latitude: of WGS 84, elsewhere of its own body.

    Args:
        wkt: The CRS.

    Raises:
        ProjError: There is no such way, as from the local CRS of a building site.
    """
    crs = parse_crs(wkt)
    return Transformer.from_crs(crs, crs.geodetic_crs if is_elsewhere(crs) else "EPSG:4326", always_xy=True)


def is_elsewhere(crs: CRS) -> bool:
    """Tell the CRS of another celestial body: no ellipsoid of the Earth is a hundredth larger or smaller."""
    return crs.ellipsoid is not None and not 0.99 < crs.ellipsoid.semi_major_metre / _EARTH_RADIUS < 1.01


def require_located(dataset: Dataset) -> None:
    """Refuse a raster whose pixels have no size, or lie nowhere.

    Args:
        dataset: An open rasterio dataset.

    Raises:
        SceneError: Its transform cannot be inverted, or its coordinates cannot be the degrees of its CRS.
    """
    transform = dataset.transform
    if not (math.isfinite(sum(transform)) and transform.determinant):
        numbers = ", ".join(f"{value:g}" for value in transform[:6])
        raise SceneError(
            "scene-without-area",
            "The pixels of {scene} have no area: its transform is {transform}.",
            "Give it its true place again, as in gdal_edit -a_ullr XMIN YMAX XMAX YMIN FILE.",
            scene=dataset.name,
            transform=numbers,
        )
    if dataset.crs is not None:
        x, y = transform * (dataset.width / 2, dataset.height / 2)
        _require_degrees(parse_crs(dataset.crs.to_wkt()), x, y, dataset.name)

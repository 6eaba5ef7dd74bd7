"""Distortion: how large the ground is under the plane of a projection, everywhere on a raster.

A map has no true scale but at some places: a metre of Web Mercator is half a metre of ground at 60° of latitude. What a
pixel is on the ellipsoid, its *metric*, is looked at in some hundred places: each is brought to longitude and latitude,
and from there into space, where a step along a row and one along a column of pixels are two vectors. Their lengths, the
angle between them and the area that they span vary so smoothly over a raster that Chebyshev series give them to eight
digits, with few terms; and series can be integrated.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from affine import Affine
from numpy.polynomial import chebyshev as _chebyshev
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import ProjError

Floats = NDArray[np.float64]

chebyshev: Any = _chebyshev  # numpy types only some of it

TOLERANCE = 1e-3
"""Distortion of lengths and areas up to which the plane is good enough."""

SIZES = (5, 9, 17, 33, 65)
"""Places along each side of a raster at which its metric is looked at, until they are enough."""

EXACT, ENOUGH = 1e-7, 1e-4
"""Share that the last terms of a series may have: of one that is taken, and of one that is the best to be had."""

STEP = 2e-4
"""Steps in which the metric is measured, in radii of the ellipsoid: large against the rounding of PROJ."""


class DistortionUnknownError(ValueError):
    """A raster goes beyond where its projection is defined, or smooth."""


@dataclass(frozen=True)
class Series:
    """A smooth function on a raster, a Chebyshev series in u along rows and v along columns, −1…1 each."""

    terms: Floats
    """Shape (terms in v, terms in u)."""

    @classmethod
    def of(cls, values: Floats, scale: float) -> Series:
        """Make the series through values.

        Args:
            values: At Chebyshev's nodes, shape (m, m), rows along v.
            scale: What is large for them; terms that are very small against it are left out.
        """
        size = len(values)
        weights = chebyshev.chebvander(_place_nodes(size), size - 1) * (2 / size)
        weights[:, 0] /= 2
        terms = np.einsum("iv,ij,ju->vu", weights, values, weights)
        matters = np.abs(terms) > EXACT / size * scale
        rows, cols = (int(np.flatnonzero(matters.any(axis)).max(initial=0)) + 1 for axis in (1, 0))
        return cls(terms[:rows, :cols])

    def __call__(self, u: Floats, v: Floats) -> Floats:
        """Find its values at some places, shape of both."""
        return np.asarray(chebyshev.chebval(u, chebyshev.chebval(v, self.terms), tensor=False))

    def find_last(self, size: int) -> float:
        """Find the largest of the last terms of so many: what is not known of the function between the nodes."""
        return float(
            max(np.abs(self.terms[size - 2 :]).max(initial=0), np.abs(self.terms[:, size - 2 :]).max(initial=0))
        )

    def integrate(self, *axes: int) -> Series:
        """Integrate to the series whose derivative along these axes it is, 0 where they begin: 0 for v, 1 for u."""
        terms = self.terms
        for axis in axes:
            terms = chebyshev.chebint(terms, lbnd=-1, axis=axis)
        return Series(terms)

    def over_cells(self, u: Floats, v: Floats) -> Floats:
        """Integrate over each cell between these places, shape (len(v) - 1, len(u) - 1)."""
        down, along = (_integrate(count, at) for count, at in zip(self.terms.shape, (v, u), strict=True))
        return np.asarray(down.T @ self.terms @ along)


def _integrate(count: int, at: Floats) -> Floats:
    """Integrate each of the first polynomials from place to place, shape (count, len(at) - 1)."""
    return np.asarray(np.diff(chebyshev.chebval(at, chebyshev.chebint(np.eye(count), lbnd=-1)), axis=1))


@dataclass(frozen=True)
class Distortion:
    """The metric of a raster: what lies on the ground for a pixel, where it differs from the plane."""

    area: Series | None
    """Area of a pixel, m²; None where that in the plane is good enough."""
    along: Series | None
    """Square of the length of a step along a row, m²; None where lengths in the plane are good enough."""
    slant: Series | None
    """Product of both steps as vectors, m²."""
    down: Series | None
    """Square of the length of a step along a column, m²."""
    centre: Floats
    """The step along a row and that along a column as columns, at the centre, m, turned as on the map; shape (2, 2)."""

    @property
    def degree(self) -> int:
        """Most terms of one of the series along one axis."""
        return max(max(one.terms.shape) for one in (self.area, self.along, self.slant, self.down) if one)

    @cached_property
    def swept(self) -> Series:
        """Area between the left side of the raster and a place, for each unit of v and of u."""
        return _require(self.area).integrate(1)

    @cached_property
    def enclosed(self) -> Series:
        """Area between the top left corner of the raster and a place, for each unit of v and of u."""
        return _require(self.area).integrate(1, 0)

    @property
    def is_level(self) -> bool:
        """Whether all pixels of a row have the same area."""
        return _require(self.area).terms.shape[1] == 1

    def over_cells(self, u: Floats, v: Floats) -> Floats:
        """Integrate the area over each cell between places along rows and columns, shape (len(v) - 1, len(u) - 1)."""
        return _require(self.area).over_cells(u, v)

    @property
    def largest(self) -> float:
        """Area of the largest pixel, about, m²."""
        series = _require(self.area)
        at = np.linspace(-1, 1, 2 * self.degree + 1)
        return float(chebyshev.chebgrid2d(at, at, series.terms).max())

    def measure_lengths(self, u: Floats, v: Floats, steps: tuple[Floats, Floats]) -> Floats:
        """Measure steps of so many (rows, columns), were the metric everywhere that of these places."""
        rows, cols = steps
        along, slant, down = (_require(one)(u, v) for one in (self.along, self.slant, self.down))
        return np.asarray(np.sqrt(along * cols**2 + 2 * slant * cols * rows + down * rows**2))


def _require(series: Series | None) -> Series:
    """Require a series that is there."""
    if series is None:
        raise ValueError("the plane is good enough here")
    return series


def _place_nodes(size: int) -> Floats:
    """Place the nodes at which values for a series are taken, −1…1; shape (size,)."""
    return np.asarray(chebyshev.chebpts1(size))


def measure_distortion(crs: CRS, transform: Affine, shape: tuple[int, int], metres: float) -> Distortion | None:
    """Measure how far a projection distorts a raster.

    Args:
        crs: Its projected CRS.
        transform: Pixel (col, row) to CRS.
        shape: (rows, cols) of the raster.
        metres: Metres per unit of the CRS.

    Returns:
        None where the plane is good enough, or the CRS is of no body.

    Raises:
        DistortionUnknownError: The raster goes beyond where the projection is defined.
    """
    survey = _Survey.of(crs, transform, shape)
    if survey is None:
        return None
    plane = np.array([[transform.a, transform.b], [transform.d, transform.e]]) * metres
    found = survey.measure(SIZES[0])
    by_area, by_length = _measure_deviations(found, plane)
    if by_area <= TOLERANCE and by_length <= TOLERANCE:
        return None
    area, along, slant, down = survey.fit_series()
    none = np.zeros(1)
    centre = _stretch(plane, *(float(one(none, none)[0]) for one in (along, slant, down)))
    if by_length <= TOLERANCE:
        return Distortion(area, None, None, None, centre)
    return Distortion(area if by_area > TOLERANCE else None, along, slant, down, centre)


def _measure_deviations(found: tuple[Floats, Floats, Floats, Floats], plane: Floats) -> tuple[float, float]:
    """Measure how far areas, and lengths in any direction, are at most from those in the plane, as shares."""
    area, along, slant, down = found
    by_area = np.abs(area / abs(np.linalg.det(plane)) - 1).max()
    inverse = np.linalg.inv(plane)
    gram = np.stack([np.stack([along, slant], -1), np.stack([slant, down], -1)], -1)
    scales = np.sqrt(np.linalg.eigvalsh(inverse.T @ gram @ inverse))
    return float(by_area), float(np.abs(scales - 1).max())


def _stretch(plane: Floats, along: float, slant: float, down: float) -> Floats:
    """Stretch the steps in the plane to this metric, without rotating them."""
    inverse = np.linalg.inv(plane)
    squares, directions = np.linalg.eigh(inverse.T @ np.array([[along, slant], [slant, down]]) @ inverse)
    stretch = directions @ np.diag(np.sqrt(squares)) @ directions.T
    return np.asarray(stretch @ plane)


@lru_cache(maxsize=64)
def _find_way_to_degrees(crs: CRS) -> tuple[Transformer, Geod] | None:
    """Find what takes a plane to degrees on the same ellipsoid, and that ellipsoid; the same for many rasters."""
    geod = crs.get_geod()
    if geod is None or crs.geodetic_crs is None:
        return None
    try:
        flat = CRS.from_json_dict(crs.sub_crs_list[0].to_json_dict()) if crs.is_compound else crs
        flat = flat.source_crs if flat.is_bound and flat.source_crs else flat
        geographic = flat.geodetic_crs
        if geographic is None:
            return None
        return Transformer.from_crs(flat, geographic, always_xy=True), geod
    except ProjError:
        return None


@dataclass(frozen=True)
class _Survey:
    """The measurements of the metric of a raster."""

    transformer: Transformer
    """From the plane to longitude and latitude on the same ellipsoid, in degrees."""
    geod: Geod
    transform: Affine
    shape: tuple[int, int]

    @classmethod
    def of(cls, crs: CRS, transform: Affine, shape: tuple[int, int]) -> _Survey | None:
        way = _find_way_to_degrees(crs)
        return None if way is None else cls(*way, transform, shape)

    def fit_series(self) -> tuple[Series, Series, Series, Series]:
        """Fit series to the metric, which give it everywhere.

        Raises:
            DistortionUnknownError: The projection is not defined, or not smooth, on all of the raster.
        """
        for size in SIZES:
            found = self.measure(size)
            scales = [float(np.abs(one).max()) for one in found]
            scales[1:] = [max(scales[1:])] * 3
            area, along, slant, down = (Series.of(one, scale) for one, scale in zip(found, scales, strict=True))
            last = max(
                one.find_last(size) / scale for one, scale in zip((area, along, slant, down), scales, strict=True)
            )
            if last <= (EXACT if size < SIZES[-1] else ENOUGH):
                return area, along, slant, down
        raise DistortionUnknownError

    def measure(self, size: int) -> tuple[Floats, Floats, Floats, Floats]:
        """Measure the area of a pixel and the products of its sides as vectors, m², at the nodes; shape (size, size).

        Raises:
            DistortionUnknownError: The projection is not defined at all of them.
        """
        rows, cols = self.shape
        v, u = np.meshgrid(_place_nodes(size), _place_nodes(size), indexing="ij")
        col, row = (u + 1) / 2 * cols, (v + 1) / 2 * rows
        right = self._measure_step(col, row, 1.0, 0.0)
        below = self._measure_step(col, row, 0.0, 1.0)
        area = np.linalg.norm(np.cross(right, below), axis=-1)
        found = area, *(np.sum(one * other, -1) for one, other in ((right, right), (right, below), (below, below)))
        if not (np.isfinite(area).all() and area.min() > 0):
            raise DistortionUnknownError
        return found

    def _measure_step(self, col: Floats, row: Floats, across: float, along: float) -> Floats:
        """Measure the vector in space of a step of a pixel, m; shape (…, 3)."""
        t = self.transform
        units = math.hypot(t.a * across + t.b * along, t.d * across + t.e * along)
        reach = STEP * self.geod.a / self._metres / units  # pixels
        ahead = self._to_space(col + reach * across, row + reach * along)
        behind = self._to_space(col - reach * across, row - reach * along)
        return (ahead - behind) / (2 * reach)

    @property
    def _metres(self) -> float:
        """Metres per unit of the CRS."""
        crs = self.transformer.source_crs
        return float(crs.axis_info[0].unit_conversion_factor or 1.0) if crs and crs.axis_info else 1.0

    def _to_space(self, col: Floats, row: Floats) -> Floats:
        """Bring places on the raster into space, m from the centre of the body; shape (…, 3)."""
        t = self.transform
        x, y = t.a * col + t.b * row + t.c, t.d * col + t.e * row + t.f
        lon, lat = self.transformer.transform(x, y, radians=True)
        lon, lat = (np.where(np.isfinite(one), one, np.nan) for one in (lon, lat))
        across = self.geod.a / np.sqrt(1 - self.geod.es * np.sin(lat) ** 2)
        along = across * np.cos(lat)
        upright = across * (1 - self.geod.es) * np.sin(lat)
        return np.stack([along * np.cos(lon), along * np.sin(lon), upright], axis=-1)

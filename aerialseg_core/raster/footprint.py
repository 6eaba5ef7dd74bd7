"""The footprint of a raster: where it lies on the globe, in longitude and latitude."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from affine import Affine
from pyproj.exceptions import ProjError

from ..errors import AerialSegError
from .geodesy import find_way_to_degrees, is_elsewhere, parse_crs
from .opening import Source, open_raster

if TYPE_CHECKING:  # a run that wants no footprint does not wait for it
    import shapely

_STEPS = 32
_TOLERANCE = 1e-7  # degrees, a centimetre
_TURN = 360.0


@dataclass(frozen=True)
class Footprint:
    """Where a raster lies, in degrees of WGS 84."""

    wkb: bytes
    """A multipolygon of longitudes and latitudes; in two parts where it crosses the antimeridian."""
    bounds: tuple[float, float, float, float]
    """West, south, east, north."""

    @property
    def geojson(self) -> dict[str, Any]:
        """The region as a geometry of GeoJSON: a polygon where it is one, outer rings counter-clockwise."""
        import shapely

        region = shapely.orient_polygons(shapely.from_wkb(self.wkb))
        geometry: dict[str, Any] = json.loads(shapely.to_geojson(region.geoms[0] if len(region.geoms) == 1 else region))
        return geometry

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        """West, south, east, north as in GeoJSON: west is beyond east where the region crosses the antimeridian."""
        import shapely

        west, south, east, north = self.bounds
        boxes = [part.bounds for part in shapely.from_wkb(self.wkb).geoms]
        last, first = [box[0] for box in boxes if box[2] == 180], [box[2] for box in boxes if box[0] == -180]
        if len(boxes) > 1 and first and last:
            west, east = min(last), max(first)
        return west, south, east, north


def compute_footprint(crs_wkt: str | None, transform: Affine, shape: tuple[int, int]) -> Footprint | None:
    """Compute the footprint of a raster, its sides followed in steps.

    Args:
        crs_wkt: Its CRS; None without.
        transform: Pixel to CRS.
        shape: (rows, cols).

    Returns:
        None where nobody knows where it lies: without a CRS, on another celestial body, or beyond what its CRS is for.
    """
    import shapely

    along = np.linspace(0, 1, _STEPS, endpoint=False)
    start, end = np.zeros(_STEPS), np.ones(_STEPS)
    col = shape[1] * np.concatenate([along, end, 1 - along, start])
    row = shape[0] * np.concatenate([start, along, end, 1 - along])
    x, y = transform * (col, row)
    try:
        if crs_wkt is None or is_elsewhere(parse_crs(crs_wkt)):
            return None
        lon, lat = find_way_to_degrees(crs_wkt).transform(x, y)
    except ProjError:  # a local CRS, or a point for which there is no place on the globe
        return None
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        return None
    lon = np.unwrap(np.append(lon, lon[0]), period=_TURN)
    ring = list(zip(lon.tolist(), [*lat.tolist(), float(lat[0])], strict=True))
    if abs(lon[-1] - lon[0]) > _TURN / 2:  # it goes all around a pole
        pole = 90.0 if lat.mean() > 0 else -90.0
        ring += [(float(lon[-1]), pole), (float(lon[0]), pole)]
    return _cut_at_antimeridian(shapely.make_valid(shapely.Polygon(ring)).simplify(_TOLERANCE))


def locate_raster(source: Source) -> Footprint | None:
    """Find where a raster lies; None where nobody knows, or it cannot be opened."""
    try:
        with open_raster(source) as dataset:
            wkt = dataset.crs.to_wkt() if dataset.crs else None
            return compute_footprint(wkt, dataset.transform, dataset.shape)
    except AerialSegError:
        return None


def _cut_at_antimeridian(region: shapely.Geometry) -> Footprint | None:
    """Bring a region whose longitudes may be any into −180…180; None for one without any extent."""
    import shapely
    from shapely import affinity

    if region.is_empty:
        return None
    parts = []
    first, last = (math.floor((longitude + 180) / _TURN) for longitude in (region.bounds[0], region.bounds[2]))
    for turn in range(first, last + 1):
        world = shapely.box(-180 + turn * _TURN, -90, 180 + turn * _TURN, 90)
        parts.append(affinity.translate(shapely.intersection(region, world), -turn * _TURN))
    pieces = [piece for piece in shapely.get_parts(shapely.union_all(parts)) if piece.geom_type == "Polygon"]
    if not pieces:
        return None
    whole = shapely.MultiPolygon(pieces)
    west, south, east, north = whole.bounds
    return Footprint(shapely.to_wkb(whole, byte_order=1), (west, south, east, north))

"""Footprints: which georeferenced images touch or overlap, by where they lie and not by what they show."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from rasterio.warp import transform as transform_points
from rasterio.warp import transform_bounds
from shapely import STRtree, box

from ..datasets.pairs import Pair
from .image_borders import Seam
from .image_signatures import Georeference, Signature
from .mosaics import TOLERANCE
from .overlaps import LEAST_PIXELS, Overlap, intersect_images, measure_scale

_LONLAT = "EPSG:4326"
_ALIKE = 1e-6


def find_neighbours(
    pairs: Sequence[Pair], signatures: Sequence[Signature | None]
) -> tuple[tuple[Seam, ...], tuple[Overlap, ...]]:
    """Find georeferenced images that touch, and those that overlap.

    A spatial index gives the candidates, so the work grows with the number of neighbours. Overlaps thinner than
    `TOLERANCE` pixels are taken for touching.

    Args:
        pairs: All pairs.
        signatures: Of their images.

    Returns:
        Seams between images on one pixel grid that touch along a side; and overlaps.
    """
    seams, overlaps = [], []
    for first, one, second, other in _find_candidates(pairs, signatures):
        matrix = _compute_matrix(one, other, pairs[second].size)
        if matrix is None:
            continue
        common = intersect_images(matrix, pairs[first].size, pairs[second].size)
        left, top, right, bottom = common.bounds if common.area else (0.0, 0.0, 0.0, 0.0)
        if min(right - left, bottom - top) > TOLERANCE and common.area >= LEAST_PIXELS:
            overlaps.append(Overlap(first, second, matrix, round(common.area), *measure_scale(matrix)))
        elif (seam := _find_seam(first, second, matrix, pairs)) is not None:
            seams.append(seam)
    return tuple(seams), tuple(overlaps)


def _find_candidates(
    pairs: Sequence[Pair], signatures: Sequence[Signature | None]
) -> Iterator[tuple[int, Georeference, int, Georeference]]:
    """Georeferenced images whose bounds meet in longitude and latitude, each two of them once."""
    places = {
        index: s.georeference for index, s in enumerate(signatures) if s is not None and s.georeference is not None
    }
    bounds = {index: _compute_bounds(place, pairs[index].size) for index, place in places.items()}
    indices = [index for index, bound in bounds.items() if bound is not None]
    boxes = [box(*bound) for bound in bounds.values() if bound is not None]
    if len(boxes) < 2:
        return
    for a, b in STRtree(boxes).query(boxes, predicate="intersects").T.tolist():
        if a < b:
            yield indices[a], places[indices[a]], indices[b], places[indices[b]]


def _compute_bounds(place: Georeference, size: tuple[int, int]) -> tuple[float, float, float, float] | None:
    """West, south, east, north with a rim of some pixels; None where the CRS knows no longitude."""
    rows, cols = size
    corners = [place.transform * corner for corner in ((0, 0), (cols, 0), (cols, rows), (0, rows))]
    x, y = zip(*corners, strict=True)
    try:
        west, south, east, north = transform_bounds(place.crs, _LONLAT, min(x), min(y), max(x), max(y))
    except ValueError:  # also rasterio's CRSError: an engineering CRS, for instance, lies nowhere on earth
        return None
    if not all(map(math.isfinite, (west, south, east, north))):
        return None
    rim_x, rim_y = 2 * TOLERANCE * (east - west) / cols, 2 * TOLERANCE * (north - south) / rows
    return west - rim_x, south - rim_y, east + rim_x, north + rim_y


def _compute_matrix(one: Georeference, other: Georeference, size: tuple[int, int]) -> NDArray[np.float64] | None:
    """What takes (x, y) px of the other image to the one's; between two CRS the affine map that fits best."""
    to_pixels = ~one.transform
    if one.crs == other.crs:
        whole = to_pixels @ other.transform if hasattr(to_pixels, "__matmul__") else to_pixels * other.transform
        return np.array([[whole.a, whole.b, whole.c], [whole.d, whole.e, whole.f]])
    y, x = (line.ravel() for line in np.mgrid[0:1:3j, 0:1:3j] * np.array(size, float)[:, None, None])
    there = [other.transform * point for point in zip(x, y, strict=True)]
    eastings, northings = transform_points(other.crs, one.crs, *map(list, zip(*there, strict=True)))
    here = np.array([to_pixels * point for point in zip(eastings, northings, strict=True)])
    if not np.isfinite(here).all():
        return None
    solved = np.linalg.lstsq(np.stack([x, y, np.ones_like(x)], axis=1), here, rcond=None)[0]
    matrix: NDArray[np.float64] = solved.T
    return matrix


def _find_seam(first: int, second: int, matrix: NDArray[np.float64], pairs: Sequence[Pair]) -> Seam | None:
    """The seam of two images on one pixel grid that touch along a side, or None."""
    if np.abs(matrix[:, :2] - np.eye(2)).max() > _ALIKE:
        return None
    col, row = (int(value) for value in np.rint(matrix[:, 2]))
    rows, cols = pairs[first].size
    other_rows, other_cols = pairs[second].size
    beside = min(row + other_rows, rows) - max(row, 0) > TOLERANCE
    over = min(col + other_cols, cols) - max(col, 0) > TOLERANCE
    if beside and abs(col - cols) <= TOLERANCE:
        return Seam(first, second, "right", (row, col), math.inf)
    if beside and abs(col + other_cols) <= TOLERANCE:
        return Seam(second, first, "right", (-row, -col), math.inf)
    if over and abs(row - rows) <= TOLERANCE:
        return Seam(first, second, "below", (row, col), math.inf)
    if over and abs(row + other_rows) <= TOLERANCE:
        return Seam(second, first, "below", (-row, -col), math.inf)
    return None

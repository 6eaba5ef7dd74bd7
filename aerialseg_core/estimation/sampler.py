"""Sampler: the pixels of a probability sample, drawn by random numbers that belong to the pixels.

In each stratum those with the smallest random numbers are the sample. So it does not depend on how the raster is cut
into windows; a larger sample with the same seed contains the smaller one; and anybody can draw it again. Where pixels
are not of one area, a number is turned into an exponential one and divided by the area of the pixel: then pixels are
drawn with probabilities proportional to their areas, as if points were thrown at the ground.

Efraimidis, Spirakis: Weighted random sampling with a reservoir. Information Processing Letters 97, 2006,
https://doi.org/10.1016/j.ipl.2005.11.003.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer
from pyproj.exceptions import ProjError

from ..errors import ParameterError
from ..progress import Reporter
from ..raster.geodesy import LARGEST_WEIGHT, find_way_to_degrees, parse_crs
from .class_map import CODES, WINDOW, ClassMap
from .random_numbers import draw_numbers, to_share

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_CANDIDATES = 1 << 22
"""Pixels that are looked at for a sample whose points keep a distance."""

_OTHER = 1 << 62
"""Changes a seed where numbers are needed that have nothing to do with those of the pixels."""

AT_ONCE = 64
"""Rows of which random numbers are drawn at once."""


@dataclass(frozen=True)
class DrawnPixels:
    """Pixels of a sample, in an order that tells nothing of their classes; all of shape (pixels,)."""

    rows: Ints
    cols: Ints
    codes: Ints
    """Codes of their classes."""

    def take(self, places: Ints) -> DrawnPixels:
        """Take some of them."""
        return DrawnPixels(self.rows[places], self.cols[places], self.codes[places])


@dataclass(frozen=True)
class Strata:
    """What a sample is drawn from."""

    of_code: Ints
    """Stratum of each code, −1 for none; shape (256,)."""
    pixels: Ints
    """Pixels of each stratum."""
    sizes: Ints
    """Points to draw in each."""


@dataclass(frozen=True)
class _Candidates:
    """Pixels that may be drawn, those with the smallest keys first."""

    pixels: DrawnPixels
    keys: Floats
    strata: Ints


def draw_pixels(
    class_map: ClassMap,
    strata: Strata,
    seed: int,
    *,
    min_distance: float = 0.0,
    reporter: Reporter | None = None,
    window: tuple[int, int] = WINDOW,
) -> DrawnPixels:
    """Draw a random sample without replacement in each stratum.

    Args:
        class_map: The raster.
        strata: What to draw from, and how many.
        seed: Chooses the random numbers.
        min_distance: Least distance between two pixels, metres, or pixels without CRS.
        reporter: Counts rows.
        window: (rows, cols) to read at once.

    Raises:
        ParameterError: There are not so many pixels, at such a distance.
        RasterReadError: The raster is damaged.
    """
    wanted = np.asarray(
        strata.sizes + 6 * np.sqrt(strata.sizes) + 20, np.float64
    )  # more than that are there all but surely
    if not class_map.ground.has_even_pixels:
        wanted = 1.5 * wanted
    if min_distance:
        wanted = 2 * wanted
    while True:
        limits = np.minimum(wanted / np.maximum(strata.pixels, 1), 1.0)
        found = _find_candidates(
            class_map, strata.of_code, limits, seed, reporter=reporter or Reporter(), window=window
        )
        chosen = _choose(class_map, found, strata.sizes, min_distance)
        if chosen is not None:
            return _shuffle(chosen, class_map, seed)
        if (limits >= 1).all() or wanted.sum() > MOST_CANDIDATES:
            raise ParameterError(
                "points-no-room",
                "There is no room for {points} points that are {distance:g} {unit} or more apart.",
                "Draw fewer points, or let them be closer with --min-distance.",
                points=int(strata.sizes.sum()),
                distance=min_distance,
                unit="m" if class_map.ground.in_metres else "px",
            )
        wanted = 4 * wanted


def _find_candidates(
    class_map: ClassMap, of_code: Ints, limits: Floats, seed: int, *, reporter: Reporter, window: tuple[int, int]
) -> _Candidates:
    """Find the pixels whose keys are below the limits of their strata."""
    rows, cols = class_map.shape
    reporter.start("draw points", rows, "rows")
    bounds = np.zeros(CODES, np.uint64)
    bounds[of_code >= 0] = (limits[of_code[of_code >= 0]] * (2.0**64 - 2**12)).astype(np.uint64)
    parts = []
    for part, codes in class_map.read_windows(window):
        places = np.arange(part.col, part.col + part.width, dtype=np.uint64)
        for top in range(0, part.height, AT_ONCE):
            block = codes[top : top + AT_ONCE]
            first = np.arange(part.row + top, part.row + top + len(block), dtype=np.uint64) * np.uint64(cols)
            numbers = draw_numbers(seed, first[:, np.newaxis] + places)
            row, col = np.nonzero(numbers < bounds[block])
            if len(row):
                parts.append((row + part.row + top, col + part.col, block[row, col], to_share(numbers[row, col])))
        if part.col + part.width == cols:
            reporter.advance(part.height)
    joined = [np.concatenate(one) for one in zip(*parts, strict=True)] if parts else [np.zeros(0, np.int64)] * 4
    pixels = DrawnPixels(*(one.astype(np.int64) for one in joined[:3]))
    keys, strata = joined[3].astype(np.float64), of_code[pixels.codes]
    if not class_map.ground.has_even_pixels:
        keys = -np.log1p(-keys) / weigh_pixels(class_map, pixels)
        sure = (keys < -np.log1p(-limits[strata] * (1 - 2.0**-50))) | (limits[strata] >= 1)  # beyond, some are missing
        pixels, keys, strata = pixels.take(np.flatnonzero(sure)), keys[sure], strata[sure]
    order = np.lexsort((pixels.cols, pixels.rows, keys))
    return _Candidates(pixels.take(order), keys[order], strata[order])


def weigh_pixels(class_map: ClassMap, pixels: DrawnPixels) -> Floats:
    """Weigh pixels by their area: 1 is that of the largest one; shape (pixels,)."""
    if class_map.ground.has_even_pixels:
        return np.ones(len(pixels.rows))
    found = np.empty(len(pixels.rows))
    for row in np.unique(pixels.rows):
        weights, here = class_map.ground.weigh_pixels(row, row + 1), pixels.rows == row
        found[here] = np.diff(weights[0])[pixels.cols[here]] if weights.ndim == 2 else weights[0]
    return found / LARGEST_WEIGHT


def _choose(class_map: ClassMap, found: _Candidates, sizes: Ints, min_distance: float) -> DrawnPixels | None:
    """Choose the first candidates of each stratum that keep the distance; None if there are too few."""
    places = [np.flatnonzero(found.strata == one) for one in range(len(sizes))]
    if any(len(one) < size for one, size in zip(places, sizes, strict=True)):
        return None
    if not min_distance:
        return found.pixels.take(np.concatenate([one[:size] for one, size in zip(places, sizes, strict=True)]))
    # In the order of their share of the stratum's candidates, so that no stratum takes the room of another one.
    turn = np.empty(len(found.keys))
    for one in places:
        turn[one] = np.arange(len(one)) / max(len(one), 1)
    spots, left, chosen = locate_pixels(class_map, found.pixels), sizes.copy(), list[int]()
    taken = np.empty((int(sizes.sum()), spots.shape[1]))
    for place in np.argsort(turn, kind="stable").tolist():
        if left[found.strata[place]]:
            apart = np.linalg.norm(taken[: len(chosen)] - spots[place], axis=1)
            if not (apart < min_distance).any():
                taken[len(chosen)] = spots[place]
                chosen.append(place)
                left[found.strata[place]] -= 1
    return None if left.any() else found.pixels.take(np.array(chosen, np.int64))


def locate_pixels(class_map: ClassMap, pixels: DrawnPixels) -> Floats:
    """Locate the centres of pixels in space, so that distances between them are straight ones.

    Returns:
        Shape (pixels, 2 or 3): geocentric coordinates or those of a local plane, m; or columns and rows without CRS.
    """
    dataset = class_map.dataset
    if not class_map.ground.in_metres:
        return np.stack([pixels.cols, pixels.rows], axis=1).astype(np.float64)
    a, b, c, d, e, f = dataset.transform[:6]
    col, row = pixels.cols + 0.5, pixels.rows + 0.5
    x, y = a * col + b * row + c, d * col + e * row + f
    wkt = dataset.crs.to_wkt()
    try:
        way: Transformer = find_way_to_degrees(wkt)
        longitude, latitude = (np.radians(np.asarray(one, np.float64)) for one in way.transform(x, y))
    except ProjError:  # the plane of a building site
        return np.asarray(np.stack([x, y], axis=1) * class_map.ground.metres)
    geod = parse_crs(wkt).get_geod()
    semi_major, squared = (geod.a, geod.es) if geod is not None else (6_378_137.0, 0.00669438)
    radius = semi_major / np.sqrt(1 - squared * np.sin(latitude) ** 2)
    return np.stack(
        [
            radius * np.cos(latitude) * np.cos(longitude),
            radius * np.cos(latitude) * np.sin(longitude),
            radius * (1 - squared) * np.sin(latitude),
        ],
        axis=1,
    )


def draw_grid(
    class_map: ClassMap, pixels: int, points: int, seed: int, *, window: tuple[int, int] = WINDOW
) -> tuple[DrawnPixels, float]:
    """Draw a systematic sample: a square grid of pixels that begins at random.

    Where pixels are not of one area, smaller ones are left out with the probability that makes up for it.

    Args:
        class_map: The raster.
        pixels: Pixels that are not no data.
        points: How many there are to be, more or less.
        seed: Chooses where it begins.
        window: (rows, cols) to read at once.

    Returns:
        The sample, and the distance between its rows and columns, px.

    Raises:
        ParameterError: There are fewer pixels.
        RasterReadError: The raster is damaged.
    """
    if points > pixels:
        raise ParameterError(
            "pixels-too-few",
            "The class raster has {pixels} pixels, fewer than {points} points.",
            "Draw fewer points.",
            pixels=pixels,
            points=points,
        )
    step = math.sqrt(pixels / points)
    begin = to_share(draw_numbers(seed ^ _OTHER, np.arange(2))) * step  # not the numbers of the first two pixels
    lines = [
        np.floor(start + step * np.arange(math.ceil(size / step) + 1)).astype(np.int64)
        for start, size in zip(begin, class_map.shape, strict=True)
    ]
    parts = []
    for part, codes in class_map.read_windows(window):
        ends = ((part.row, part.row + part.height), (part.col, part.col + part.width))
        rows, cols = (line[(line >= low) & (line < high)] for line, (low, high) in zip(lines, ends, strict=True))
        grid = codes[np.ix_(rows - part.row, cols - part.col)]
        row, col = np.nonzero(grid)
        parts.append((rows[row], cols[col], grid[row, col].astype(np.int64)))
    found = DrawnPixels(*(np.concatenate(one) for one in zip(*parts, strict=True)))
    kept = to_share(_number(found, class_map, seed)) < weigh_pixels(class_map, found)
    return _shuffle(found.take(np.flatnonzero(kept)), class_map, seed), step


def _number(pixels: DrawnPixels, class_map: ClassMap, seed: int) -> NDArray[np.uint64]:
    """Give pixels their random numbers."""
    return draw_numbers(seed, pixels.rows * class_map.shape[1] + pixels.cols)


def _shuffle(pixels: DrawnPixels, class_map: ClassMap, seed: int) -> DrawnPixels:
    """Bring pixels into an order that tells nothing of their classes, and does not depend on how they were found."""
    order = np.lexsort((pixels.cols, pixels.rows, _number(pixels, class_map, seed ^ _OTHER)))
    return pixels.take(order)

"""Clusters: points that lie near each other, so that whoever looks at the ground has fewer places to go to.

The map is cut into squares. Some of them are drawn with replacement, the likelier the more ground of the map is in
them, and in each the same number of pixels at random: so every part of the ground is as likely to be in the sample, and
what the squares tell is independent of each other, whatever is alike within them.

    Hansen, M. H., Hurwitz, W. N. (1943). On the theory of sampling from finite populations. Annals of Mathematical
        Statistics 14, 333-362.
    Särndal, C.-E., Swensson, B., Wretman, J. (1992). Model Assisted Survey Sampling. Springer.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from ..errors import ParameterError
from ..progress import Reporter
from ..raster.geodesy import measure_resolution
from ..raster.window import Window
from .class_map import CODES, ClassMap
from .random_numbers import draw_numbers, to_share
from .sampler import AT_ONCE, DrawnPixels, Strata, draw_pixels, weigh_pixels

LEAST_SIDE, LARGEST_SIDE = 2, 8192
"""Side of a square, px."""

_SQUARES = 1 << 61  # changes the seed: which squares are drawn has nothing to do with the pixels in them


def choose_square(class_map: ClassMap, side: float) -> tuple[int, int]:
    """Choose the rows and columns of the squares.

    Args:
        class_map: The raster.
        side: Their side on the ground, m; px without CRS.

    Raises:
        ParameterError: It is less than `LEAST_SIDE`, or more than `LARGEST_SIDE` pixels.
    """
    crs, gsd = class_map.dataset.crs, (1.0, 1.0)
    if crs is not None and class_map.ground.in_metres:
        gsd = measure_resolution(crs.to_wkt(), class_map.dataset.transform, class_map.shape)
    rows, cols = (round(min(side / one, 1e9)) for one in gsd)
    if min(rows, cols) < LEAST_SIDE or max(rows, cols) > LARGEST_SIDE:
        unit = "m" if class_map.ground.in_metres else "px"
        raise ParameterError(
            "cluster-side-range",
            "--cluster-side {side:g} is {cols} × {rows} px of {name}.",
            "Give a side between {least:.4g} and {most:.4g} {unit}.",
            side=side,
            cols=cols,
            rows=rows,
            name=class_map.dataset.name,
            least=LEAST_SIDE * max(gsd),
            most=LARGEST_SIDE * max(gsd),
            unit=unit,
        )
    return rows, cols


def draw_clusters(
    class_map: ClassMap,
    total: int,
    *,
    clusters: int,
    each: int,
    square: tuple[int, int],
    seed: int,
    reporter: Reporter | None = None,
) -> tuple[DrawnPixels, NDArray[np.int64]]:
    """Draw clusters of pixels.

    Args:
        class_map: The raster.
        total: Pixels that are not no data.
        clusters: How many clusters.
        each: How many pixels in each; fewer where there are not so many.
        square: (rows, cols) of the squares that they lie in.
        seed: Chooses the random numbers.
        reporter: Counts rows.

    Returns:
        The pixels, cluster by cluster in random order, and the number of the cluster of each, from 1.

    Raises:
        ParameterError: There are not so many pixels.
        RasterReadError: The raster is damaged.
    """
    if clusters * each > total:
        raise ParameterError(
            "pixels-too-few",
            "The class raster has {pixels} pixels, fewer than {points} points.",
            "Draw fewer points.",
            pixels=total,
            points=clusters * each,
        )
    of_code = np.zeros(CODES, np.int64)
    of_code[0] = -1
    everything = Strata(of_code, np.array([total]), np.array([clusters]))
    hit = draw_pixels(class_map, everything, seed ^ _SQUARES, reporter=reporter)  # squares by the ground in them
    squares = list(zip((hit.rows // square[0]).tolist(), (hit.cols // square[1]).tolist(), strict=True))
    drawn = Counter(squares)
    parts = {place: iter(_draw_in(class_map, place, square, times, each, seed)) for place, times in drawn.items()}
    found = [next(parts[place]) for place in squares]
    numbers = np.repeat(np.arange(1, clusters + 1), [len(one.rows) for one in found])
    joined = (np.concatenate([getattr(one, name) for one in found]) for name in ("rows", "cols", "codes"))
    return DrawnPixels(*joined), numbers


def _draw_in(
    class_map: ClassMap, place: tuple[int, int], square: tuple[int, int], times: int, each: int, seed: int
) -> list[DrawnPixels]:
    """Draw a cluster in a square for each time that it was drawn; no two have a pixel in common."""
    (rows, cols), (top, left) = class_map.shape, (n * side for n, side in zip(place, square, strict=True))
    width = min(square[1], cols - left)
    kept, keys = DrawnPixels(*(np.zeros(0, np.int64),) * 3), np.zeros(0)
    for start in range(top, min(top + square[0], rows), AT_ONCE):
        height = min(AT_ONCE, top + square[0] - start, rows - start)
        codes = class_map.read(Window(start, left, height, width))
        row, col = np.nonzero(codes)
        fresh = DrawnPixels(row + start, col + left, codes[row, col].astype(np.int64))
        chance = to_share(draw_numbers(seed, fresh.rows * cols + fresh.cols))
        fresh_keys = -np.log1p(-chance) / weigh_pixels(class_map, fresh)  # in proportion to their areas: see `sampler`
        kept = DrawnPixels(*(np.concatenate(pair) for pair in zip(_list(kept), _list(fresh), strict=True)))
        keys = np.concatenate([keys, fresh_keys])
        first = np.argsort(keys, kind="stable")[: times * each]
        kept, keys = kept.take(first), keys[first]
    return [kept.take(one) for one in np.array_split(np.arange(len(keys)), times)]


def _list(pixels: DrawnPixels) -> tuple[NDArray[np.int64], ...]:
    return pixels.rows, pixels.cols, pixels.codes

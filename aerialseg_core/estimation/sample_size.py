"""Sample size: how many points a standard error needs, and how many of them each stratum gets.

Equations are those of Cochran, W. G. (1977): Sampling Techniques, 3rd edition, as Olofsson et al. (2014), section
5.1.1, apply them to maps, https://doi.org/10.1016/j.rse.2014.02.015.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..config import Allocation
from ..errors import ParameterError

Floats = NDArray[np.float64]


def compute_sample_size(weights: Floats, accuracies: Floats, standard_error: float, pixels: float) -> int:
    """Compute how many points of a stratified sample give the overall accuracy a standard error (equation 5.25).

    With a single stratum that is the size of a simple random sample (equation 4.2).

    Args:
        weights: Share of the area that each stratum has, shape (strata,).
        accuracies: User's accuracy that is expected in each, 0…1.
        standard_error: What is wanted, a share.
        pixels: Pixels of the whole area.
    """
    spread = np.sqrt(accuracies * (1 - accuracies))
    needed = float((weights @ spread) ** 2 / (standard_error**2 + weights @ spread**2 / pixels))
    return max(2, math.ceil(needed - 1e-9))


def allocate_points(
    points: int, weights: Floats, accuracies: Floats, *, pixels: NDArray[np.int64], method: Allocation, minimum: int
) -> NDArray[np.int64]:
    """Allocate points to strata: none gets less than the minimum, or more than it has pixels.

    The others share what those leave that get the minimum, as Olofsson et al. recommend.

    Args:
        points: Points in all.
        weights: Share of the area that each stratum has, shape (strata,).
        accuracies: User's accuracy that is expected in each, for the allocation of Neyman (equation 5.26).
        pixels: Pixels of each stratum.
        method: What the points follow.
        minimum: Least points of a stratum.

    Returns:
        Points of each stratum, shape (strata,).

    Raises:
        ParameterError: There are too few points for the minimum, or more than pixels.
    """
    least = np.minimum(minimum, pixels)
    if least.sum() > points:
        raise ParameterError(
            "points-too-few",
            "{points} points are too few for {classes} classes with {minimum} points or more each.",
            "Draw {least} points or more, or allow fewer of a class with --minimum.",
            points=points,
            classes=len(pixels),
            minimum=minimum,
            least=least.sum(),
        )
    if points > pixels.sum():
        raise ParameterError(
            "pixels-too-few",
            "The class raster has {pixels} pixels, fewer than {points} points.",
            "Draw fewer points.",
            pixels=pixels.sum(),
            points=points,
        )
    quota = {"proportional": weights, "equal": np.ones(len(weights))}.get(method)
    if quota is None:
        quota = weights * np.sqrt(accuracies * (1 - accuracies))
    found = np.zeros(len(pixels), np.int64)
    free = np.ones(len(pixels), bool)
    while free.any():
        share = _round_shares(points - int(found[~free].sum()), np.where(free, quota, 0))
        tight = free & (share < least)
        if not tight.any():
            tight = free & (share > pixels)
        if not tight.any():
            return np.where(free, share, found)
        found[tight] = np.clip(share, least, pixels)[tight]
        free &= ~tight
    spare = points - int(found.sum())  # none is free: what was cut off goes where there is room
    for one in np.argsort(-quota, kind="stable"):
        more = min(spare, int(pixels[one] - found[one])) if spare > 0 else max(spare, int(least[one] - found[one]))
        found[one] += more
        spare -= more
    return found


def _round_shares(points: int, quota: Floats) -> NDArray[np.int64]:
    """Share out points by quota, with the largest remainders rounded up."""
    exact = points * quota / quota.sum()
    found: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    rest = np.argsort(found - exact, kind="stable")[: points - int(found.sum())]
    found[rest] += 1
    return found

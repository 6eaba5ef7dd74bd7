"""Majority: every pixel gets the class that is the most frequent one around it. Arrays only, no I/O."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def majority(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Smooth classes, which are names and not amounts: what is counted is how often each occurs in a window.

    No data stays no data and is not counted. Where classes are equally frequent a pixel keeps its own, or else gets
    the one with the smallest id.

    Args:
        pixels: Class values with a margin of `side // 2` pixels all around, 0 beyond the raster.
        side: Side of the square window, px; odd.

    Returns:
        The class values without the margin.
    """
    margin = side // 2
    inner = pixels[margin : len(pixels) - margin, margin : pixels.shape[1] - margin]
    winner, most = inner.copy(), np.zeros(inner.shape, np.uint16)
    for value in np.flatnonzero(np.bincount(pixels.ravel(), minlength=256)[1:]) + 1:
        votes = 2 * _box_sums(pixels == value, side) + (inner == value)  # its own class decides a tie
        better = votes > most
        winner[better] = value
        most[better] = votes[better]
    winner[inner == 0] = 0
    return winner


def _box_sums(mask: NDArray[np.bool_], side: int) -> NDArray[np.uint16]:
    """How many are set in the window around each pixel that has a whole one; right though the sums may wrap around."""
    sums = mask.astype(np.uint16)
    for axis in (0, 1):
        total = np.cumsum(sums, axis=axis, dtype=np.uint16)
        total = np.concatenate([np.zeros_like(total.take([0], axis)), total], axis=axis)
        stop = [slice(None), slice(None)]
        start = [slice(None), slice(None)]
        stop[axis], start[axis] = slice(side, None), slice(None, -side)
        sums = total[tuple(stop)] - total[tuple(start)]
    return sums

"""Random numbers that belong to places: that of a pixel is the same, whenever and in whatever window it is read.

The numbers are the outputs of SplitMix64, which can be computed for any place of its sequence at once.

Steele, Lea, Flood: Fast splittable pseudorandom number generators. OOPSLA 2014,
https://doi.org/10.1145/2660193.2660195.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint64]

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def draw_numbers(seed: int, places: NDArray[np.int64] | Numbers) -> Numbers:
    """Draw the random numbers at some places of the sequence of a seed.

    Args:
        seed: Chooses the sequence, 0…2⁶³ − 1.
        places: From 0 up, any shape.

    Returns:
        Whole numbers, each of 0…2⁶⁴ − 1 as likely; the same shape.
    """
    start = _mix(np.array([seed], np.uint64) + _GAMMA)  # sequences of neighbouring seeds have nothing in common
    state = places.astype(np.uint64)
    state += np.uint64(1)
    state *= _GAMMA
    state += start
    return _mix(state)


def _mix(state: Numbers) -> Numbers:
    """Mix the bits of numbers, in place."""
    state ^= state >> np.uint64(30)
    state *= _FIRST
    state ^= state >> np.uint64(27)
    state *= _SECOND
    state ^= state >> np.uint64(31)
    return state


def to_share(numbers: Numbers) -> NDArray[np.float64]:
    """Turn random numbers into shares, 0 ≤ share < 1, by their upper 53 bits."""
    return np.asarray((numbers >> np.uint64(11)).astype(np.float64) / 2.0**53)

"""Linear interpolation along one axis; where pixels become fewer, as the mean of what they cover."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Taps:
    """Which source pixels make up each target pixel along one axis."""

    indices: NDArray[np.intp]
    """Shape (taps, targets), source pixels."""
    weights: NDArray[np.float32]
    """Shape (taps, targets), adding up to 1 for each target."""

    def part(self, start: int, stop: int) -> Taps:
        """Select the taps of the targets `[start, stop)`."""
        return Taps(self.indices[:, start:stop], self.weights[:, start:stop])


def make_taps(start: int, stop: int, *, source: int, target: int) -> Taps:
    """Make the taps of the target pixels `[start, stop)` when `source` pixels become `target` pixels."""
    scale = source / target
    centre = (np.arange(start, stop) + 0.5) * scale - 0.5
    reach = max(1.0, scale)
    first = np.ceil(centre - reach).astype(np.intp)
    indices = first + np.arange(int(np.ceil(2 * reach)) + 1)[:, None]
    weights = np.clip(1 - np.abs(indices - centre) / reach, 0, None)
    weights /= weights.sum(axis=0)
    indices = np.where(weights > 0, indices, np.rint(centre).astype(np.intp))  # an unused tap asks for nothing new
    used = weights.any(axis=1)
    return Taps(np.clip(indices, 0, source - 1)[used], weights[used].astype(np.float32))

"""Refinement: what happens to the shared edges of a tile once they are traced: simplified, then smoothed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..config import SMOOTHEST
from ..raster.vertex_grid import Ints
from .rings import RingSet
from .simplification import simplified
from .smoothing import QUARTER, Smoothing, smoothed

FINE = QUARTER**SMOOTHEST
"""Steps of the fine grid along a pixel: vertices stay whole numbers on it, and shared ones equal to the last bit."""


@dataclass(frozen=True)
class Refinement:
    """How the edges of a coverage are refined."""

    tolerance: float = 0.0
    """Root of the area that a corner may take away, px; 0 to keep every corner."""
    rounds: int = 0
    """Rounds of smoothing, 0…`SMOOTHEST`."""
    squared: frozenset[int] = frozenset()
    """Class values whose outlines become squared later, and so are not smoothed."""

    def __bool__(self) -> bool:
        return bool(self.tolerance or self.rounds or self.squared)

    @property
    def fine(self) -> int:
        """Steps of the grid of the vertices along a pixel."""
        return FINE if self.rounds or self.squared else 1

    def __call__(self, rings: RingSet, value: Ints) -> RingSet:
        """Refine the polygons that fill a tile; its own sides stay as they are.

        Args:
            rings: Polygons that cover the tile without gaps, on its pixel grid.
            value: Class value of each region, shape (regions,).

        Returns:
            The polygons in the same order, on the grid that is `fine` times as fine.
        """
        if self.tolerance:
            rings = simplified(rings, self.tolerance)
        if self.fine == 1:
            return rings
        rings = rings.finer(self.fine)
        # No corner is cut deeper than simplification may have made it, and those of pixels may go.
        smoothing = Smoothing(self.rounds, max(1.0, self.tolerance))
        pinned = np.flatnonzero(np.isin(value[rings.region], list(self.squared)))
        return smoothed(rings, smoothing, rings[pinned].vertex)

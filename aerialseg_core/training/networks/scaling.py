"""How a network wants its pixels: the same figures for every band."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scaling:
    """Pixels enter a network as `(x / full - mean) / std`, where `full` is the full range of the images' type."""

    mean: float
    """Mean, as a share of the full range."""
    std: float
    """Standard deviation, as a share of the full range."""

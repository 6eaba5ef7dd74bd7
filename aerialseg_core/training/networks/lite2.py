"""A U-Net on an EfficientNet-Lite2 encoder; see `lite`."""

from __future__ import annotations

from .lite import SCALING, LiteNetwork

NETWORK = LiteNetwork("lite2", width=1.1, depth=1.2)
"""The network."""

build = NETWORK.build

__all__ = ["NETWORK", "SCALING", "build"]

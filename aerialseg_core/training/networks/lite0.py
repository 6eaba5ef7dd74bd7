"""A U-Net on an EfficientNet-Lite0 encoder; see `lite`."""

from __future__ import annotations

from .lite import SCALING, LiteNetwork

NETWORK = LiteNetwork("lite0", width=1.0, depth=1.0)
"""The network."""

build = NETWORK.build

__all__ = ["NETWORK", "SCALING", "build"]

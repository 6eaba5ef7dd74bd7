"""Heap: memory of the process that is free, but that the C library keeps for later."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Give free memory back to the system, where the C library can (glibc), as a large array may not fit into it."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim:
            trim(0)

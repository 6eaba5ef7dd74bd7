"""Polygons: from a class raster to a valid coverage, tile by tile, and into files.

May use: numpy, shapely, rasterio, pyproj, geopandas; of the core `files` and `raster`.
Offers: `polygonize.polygonize`, `check.check_polygons`.
"""

from __future__ import annotations

import sys
import warnings
from types import ModuleType
from typing import Any


class _Polygons(ModuleType):
    """This package, which still answers to the former name of the function `polygonize`."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        import aerialseg_core

        warnings.warn("aerialseg_core.polygons is now called polygonize", DeprecationWarning, stacklevel=2)
        return aerialseg_core.polygonize(*args, **options)


sys.modules[__name__].__class__ = _Polygons

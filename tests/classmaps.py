"""Class rasters for the tests of samples and areas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from support import SCHEME, save_scene

from aerialseg_core.raster.categories import make_class_tag

DEGREES = {"crs": "EPSG:4326", "transform": Affine(10, 0, 0, 0, -10, 80)}
"""Pixels of ten degrees, from 80° north on: the first row is much smaller than the last one."""


def save_map(path: Path, classes: Any, **profile: Any) -> Path:
    """Write classes, shape (rows, cols), 0 for no data, as `segment` does."""
    save_scene(path, np.asarray(classes, np.uint8)[np.newaxis], **{"nodata": 0, **profile})
    with rasterio.open(path, "r+") as dataset:
        dataset.update_tags(**make_class_tag(SCHEME))
    return path


def make_classes(rows: int, cols: int, seed: int = 0) -> np.ndarray:
    """Classes 1 to 4, the later the rarer, and some no data."""
    rng = np.random.default_rng(seed)
    return rng.choice([0, 1, 2, 3, 4], p=[0.1, 0.5, 0.2, 0.15, 0.05], size=(rows, cols)).astype(np.uint8)

"""A small map: classes in blobs, how sure they are, and how far the ground is from what is known."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine

HALF = Affine(0.5, 0, 100_000, 0, -0.5, 400_000)
NAMES = ("Building", "Land", "Water")
COLOURS = ("#3C1098", "#8429F6", "#E2A929")


@dataclass(frozen=True)
class Map:
    """The rasters of a map."""

    classes: Path
    confidence: Path
    unlike: Path


def make_map(folder: Path, *, size=(160, 224), transform=HALF, crs="EPSG:28992", seed=0) -> Map:
    """Write a map; its left sixteenth has no data."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(1, 4, (size[0] // 8, size[1] // 8)).astype(np.uint8)
    classes = np.kron(coarse, np.ones((8, 8), np.uint8))
    classes[:, : size[1] // 16] = 0
    confidence = np.kron(rng.integers(30, 100, coarse.shape), np.ones((8, 8))).astype(np.uint8)
    unlike = np.kron(rng.integers(50, 250, coarse.shape), np.ones((8, 8))).astype(np.uint8)
    confidence[classes == 0] = unlike[classes == 0] = 255
    listed = [{"id": i, "name": n, "colour": c} for i, (n, c) in enumerate(zip(NAMES, COLOURS, strict=True), 1)]
    made = Map(folder / "classes.tif", folder / "sure.tif", folder / "unlike.tif")
    for path, pixels in ((made.classes, classes), (made.confidence, confidence), (made.unlike, unlike)):
        profile = {"driver": "GTiff", "count": 1, "dtype": "uint8", "nodata": 0 if path == made.classes else 255}
        with rasterio.open(
            path, "w", height=size[0], width=size[1], crs=crs, transform=transform, **profile
        ) as dataset:
            dataset.write(pixels, 1)
            if path == made.classes:
                dataset.update_tags(AERIALSEG_CLASSES=json.dumps(listed), AERIALSEG_SOURCE="scene.tif")
    return made

"""Make the scene of `aerialseg sample` and its labels: one part of the MBRSC data set, given a place.

Usage: make_sample.py DATA. DATA is the folder of the data set; the files are written into aerialseg_core/samples.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from PIL import Image
from rasterio.transform import from_origin

from aerialseg_core.raster.categories import CLASSES_TAG
from aerialseg_core.raster.classes import MBRSC
from aerialseg_core.samples.sample import DUBAI_IMAGE, DUBAI_LABELS, DUBAI_MASK, DUBAI_PART

PLACE: dict[str, Any] = {"crs": "EPSG:32640", "transform": from_origin(325_000, 2_780_000, 1, 1)}
"""Somewhere in Dubai, at the resolution that a running track in the data set gives: about 1 m."""

TAGS = {
    "SOURCE": f"{DUBAI_PART} of 'Semantic segmentation of aerial imagery', Humans in the Loop and MBRSC",
    "GEOREFERENCE": "made up: the data set has none; near Dubai, about 1 m a pixel",
    "TIFFTAG_COPYRIGHT": "CC0 1.0",
}


def main() -> int:
    """Write both files."""
    data = Path(sys.argv[1])
    with Image.open(data / DUBAI_PART) as image, Image.open(data / DUBAI_MASK) as mask:
        pixels, colours = np.asarray(image.convert("RGB")), np.asarray(mask.convert("RGB"))
    labels = np.zeros(colours.shape[:2], np.uint8)
    for one in MBRSC:
        labels[(colours == one.rgb).all(axis=-1)] = one.id
    size = {"driver": "GTiff", "dtype": "uint8", "height": len(labels), "width": labels.shape[1], **PLACE}
    lossy = {"compress": "jpeg", "jpeg_quality": 95, "photometric": "ycbcr", "tiled": True}
    with rasterio.open(DUBAI_IMAGE, "w", count=3, **size, **lossy) as raster:
        raster.write(np.moveaxis(pixels, -1, 0))
        raster.update_tags(**TAGS)
    with rasterio.open(DUBAI_LABELS, "w", count=1, nodata=0, compress="deflate", **size) as raster:
        raster.write(labels, 1)
        raster.write_colormap(1, {one.id: one.rgb for one in MBRSC})
        raster.update_tags(**TAGS, **{CLASSES_TAG: json.dumps([asdict(one) for one in MBRSC])})
    for path in (DUBAI_IMAGE, DUBAI_LABELS):
        print(f"{path}  {path.stat().st_size / 1e3:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

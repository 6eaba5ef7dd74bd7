"""What a confidence raster promises, beside what is right, in the reviewed squares of a scene.

    aerialseg segment image.tif -o classes.tif --confidence sure.tif --unlike unlike.tif
    python benchmarks/promises.py classes.tif sure.tif review.gpkg [--unlike unlike.tif] [--all]

The squares to check with were drawn at random; `--all` takes those to train on too. With `--unlike` a second line gives
the confidence as it would be if it did not fall with the distance from the training images (`known_ground.doubt`).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.features import rasterize

from aerialseg_core.model.calibration import Reliability
from aerialseg_core.model.known_ground import doubt

PROMISED = 0.8


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("classes", type=Path)
    parser.add_argument("confidence", type=Path)
    parser.add_argument("review", type=Path)
    parser.add_argument("--unlike", type=Path)
    parser.add_argument("--all", action="store_true")
    arguments = parser.parse_args()
    with rasterio.open(arguments.classes) as dataset:
        classes, crs, transform = dataset.read(1), dataset.crs, dataset.transform
    squares = gpd.read_file(arguments.review, layer="squares")
    wanted = squares[(squares.state == "reviewed") & (arguments.all | (squares.role == "check"))].square
    labels = gpd.read_file(arguments.review, layer="labels").to_crs(crs)
    labels = labels[labels.square.isin(wanted) & (labels.class_id > 0)]
    shapes = zip(labels.geometry, labels.class_id.astype(int), strict=True)
    truth = rasterize(shapes, out_shape=classes.shape, transform=transform, dtype="uint8")
    percent = _read(arguments.confidence)
    inside = (truth > 0) & (percent <= 100)
    right = classes[inside] == truth[inside]
    confidence = percent[inside] / np.float32(100)
    print("| | right | promised | calibration error | pixels promised 0.8 | of them right |")
    print("| --- | --- | --- | --- | --- | --- |")
    print(describe("confidence", confidence, right))
    if arguments.unlike:
        share = doubt(np.ones(confidence.shape, np.float32), _read(arguments.unlike)[inside] / np.float32(100))
        print(describe("without its fall", np.minimum(confidence / share, 1), right))


def describe(name: str, confidence: NDArray[np.float32], right: NDArray[np.bool_]) -> str:
    """Describe as a row of the table what is promised for pixels, and what is right."""
    reliability = Reliability()
    reliability.feed(confidence, right)
    sure = confidence >= PROMISED
    held = f"{right[sure].mean():.0%}" if sure.any() else "–"
    cells = (right.mean(), confidence.mean(), reliability.ece, sure.mean())
    return f"| {name} | {' | '.join(f'{cell:.0%}' for cell in cells)} | {held} |"


def _read(path: Path) -> NDArray[np.float32]:
    with rasterio.open(path) as dataset:
        return np.asarray(dataset.read(1), np.float32)


if __name__ == "__main__":
    main()

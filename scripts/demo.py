"""`make demo`: segment a scene with the shipped model and draw a picture of what came out.

Usage: demo.py FOLDER [RASTER]. Without RASTER the scene is that of `aerialseg sample`, whose labels tell how right the
map is.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pyogrio
import rasterio
import shapely
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling

from aerialseg_core.metrics import Accuracy, count_confusion, measure_accuracy

PICTURE = 1200
"""Longest side of a panel of the picture, pixels."""

RGB = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)

MOST_POLYGONS = 20_000
"""The picture shows the largest ones."""


@dataclass(frozen=True)
class Results:
    """What the demo leaves."""

    scene: Path
    classes: Path
    polygons: Path
    confidence: Path
    picture: Path
    labels: Path | None
    """What is on the ground; None for a raster of the user's."""


def main() -> int:
    """Run the demo and say where everything is."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    own = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    results = Results(
        own or folder / "scene.tif",
        folder / "classes.tif",
        folder / "polygons.gpkg",
        folder / "confidence.tif",
        folder / "demo.png",
        None if own else folder / "labels.tif",
    )
    if results.labels and (code := aerialseg("sample", results.scene, "--labels", results.labels, "--overwrite")):
        return code
    outputs = ("-o", results.classes, "--polygons", results.polygons, "--confidence", results.confidence)
    if code := aerialseg("segment", results.scene, *outputs, "--overwrite", stdout=subprocess.DEVNULL):
        return code
    score = measure_score(results.labels, results.classes) if results.labels else None
    draw(results, score)
    report(results, score)
    return 0


def aerialseg(*arguments: str | Path, stdout: int | None = None) -> int:
    """Run a command of aerialseg, shown as one would type it; its exit code."""
    command = ["aerialseg", *map(str, arguments)]
    print(f"\n$ {shlex.join(command)}", flush=True)
    program = Path(sys.executable).with_name("aerialseg")
    return subprocess.run([str(program), *command[1:]], stdout=stdout, check=False).returncode


def measure_score(labels: Path, classes: Path) -> Accuracy:
    """How far a map agrees with the labels on the same grid; both hold class ids, 0 where there is none."""
    with rasterio.open(labels) as truth, rasterio.open(classes) as map_:
        names = [one["name"] for one in json.loads(map_.tags()["AERIALSEG_CLASSES"])]
        pixels = [raster.read(1) - np.uint8(1) for raster in (truth, map_)]  # 0 becomes 255, which does not count
    return measure_accuracy(count_confusion(pixels[0], pixels[1], len(names)), names)


def draw(results: Results, score: Accuracy | None) -> None:
    """Image, labels if there are any, classes and polygons side by side."""
    mpl.use("agg")
    image = read_image(results.scene)
    shown, palette = read_classes(results.classes)
    panels = [(f"Image: {results.scene.name}", image), ("Classes", shown)]
    if results.labels and score:
        panels[1:] = [
            ("Labels", read_classes(results.labels)[0]),
            (f"Prediction: mIoU {score.miou_labelled:.3f}, accuracy {score.accuracy:.3f}", shown),
        ]
    height = float(np.clip(6 * shown.shape[0] / shown.shape[1], 2, 12)) + 0.9  # title and legend
    count = len(panels) + 1
    figure, (*others, right) = plt.subplots(1, count, figsize=(6 * count, height), layout="constrained")
    for axes, (title, picture) in zip(others, panels, strict=True):
        axes.imshow(picture)
        axes.set_title(title)
    patches = [Patch(facecolor=colour, edgecolor="grey", label=name) for name, colour in palette.items()]
    figure.legend(handles=patches, loc="outside lower center", ncols=min(len(patches), 8), frameon=False)
    right.imshow(np.repeat(image.mean(axis=2, keepdims=True) / 255, 3, axis=2))
    draw_polygons(right, results, shown.shape[:2], palette)
    right.set_title("Polygons")
    for axes in (*others, right):
        axes.set_axis_off()
    figure.savefig(results.picture, dpi=110)


def draw_polygons(axes: Axes, results: Results, shape: tuple[int, int], palette: dict[str, str]) -> None:
    """Draw the polygons in the pixels of the picture, whatever the raster's transform is."""
    layer, area = polygon_layer(results.polygons)
    sql = f'SELECT * FROM "{layer}" ORDER BY "{area}" DESC LIMIT {MOST_POLYGONS}'
    frame = pyogrio.read_dataframe(results.polygons, sql=sql)
    if frame.empty:
        return
    with rasterio.open(results.classes) as raster:
        a, b, c, d, e, f = (~raster.transform)[:6]
        scale = np.array([shape[1] / raster.width, shape[0] / raster.height])

    def place(points: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = points.T
        return np.column_stack((a * x + b * y + c, d * x + e * y + f)) * scale - 0.5

    frame = frame.set_geometry(shapely.transform(frame.geometry.values, place), crs=None)
    colours = frame["class_name"].map(palette)
    frame.plot(ax=axes, color=colours, edgecolor="white", linewidth=0.5, alpha=0.6, aspect=None)


def read_image(path: Path) -> NDArray[np.uint8]:
    """The scene as an RGB picture of a bounded size, (rows, cols, 3)."""
    with rasterio.open(path) as raster:
        shape = (3, *shape_of(raster))
        image = raster.read(rgb_bands(raster), out_shape=shape, resampling=Resampling.average, masked=True)
    if image.dtype != np.uint8:
        values = image.compressed()
        low, high = np.percentile(values, (2, 98)) if values.size else (0, 1)
        image = np.clip((image.astype(np.float32) - low) / max(high - low, 1e-9), 0, 1) * 255
    return image.filled(255).astype(np.uint8).transpose(1, 2, 0)


def rgb_bands(raster: rasterio.DatasetReader) -> list[int]:
    """The bands that show red, green and blue: as the raster marks them, else its first ones."""
    marked = [raster.colorinterp.index(c) + 1 for c in RGB if c in raster.colorinterp]
    if len(marked) == len(RGB):
        return marked
    return [1, 2, 3] if raster.count >= 3 else [1, 1, 1]


def read_classes(path: Path) -> tuple[NDArray[np.uint8], dict[str, str]]:
    """The class raster in its colours, (rows, cols, 4) with no data transparent; and name to colour."""
    with rasterio.open(path) as raster:
        ids = raster.read(1, out_shape=shape_of(raster), resampling=Resampling.mode)
        table = np.array([raster.colormap(1)[i] for i in range(256)], np.uint8)
        classes = json.loads(raster.tags()["AERIALSEG_CLASSES"])
    table[0, 3] = 0
    return table[ids], {c["name"]: c["colour"] for c in classes}


def shape_of(raster: rasterio.DatasetReader) -> tuple[int, int]:
    """(rows, cols) of the picture of a raster."""
    shrink = max(raster.height, raster.width, PICTURE) / PICTURE
    return max(round(raster.height / shrink), 1), max(round(raster.width / shrink), 1)


def polygon_layer(path: Path) -> tuple[str, str]:
    """Name of the layer of polygons, and of its area column."""
    layer = next(name for name, kind in pyogrio.list_layers(path) if kind)
    fields = pyogrio.read_info(path, layer=layer)["fields"]
    return layer, next(f for f in fields if f.startswith("area"))


def report(results: Results, score: Accuracy | None) -> None:
    """Print the class areas, the score and where the results are."""
    layer, area = polygon_layer(results.polygons)
    sql = (
        f'SELECT class_name, COUNT(*) AS n, SUM("{area}") AS area FROM "{layer}" GROUP BY class_name ORDER BY area DESC'
    )
    table: pd.DataFrame = pyogrio.read_dataframe(results.polygons, sql=sql)
    unit = {"area_m2": "m²", "area_px2": "px²"}.get(area, area)
    print(f"\n{'class':<14}{'polygons':>10}{unit:>14}{'share':>9}")
    for name, count, size in table[["class_name", "n", "area"]].itertuples(index=False):
        print(f"{name:<14}{count:>10}{size:>14,.0f}{size / table['area'].sum():>9.1%}")
    if score:
        print(f"\nagainst the labels: mIoU {score.miou_labelled:.3f}, accuracy {score.accuracy:.3f}")
        print(", ".join(f"{name} {iou:.3f}" for name, iou in score.iou.items() if iou is not None))
    print("\nThe results, ready for QGIS:")
    for what in ("scene", "labels", "classes", "polygons", "confidence", "picture"):
        if path := getattr(results, what):
            print(f"{what:<11} {path}")


if __name__ == "__main__":
    sys.exit(main())

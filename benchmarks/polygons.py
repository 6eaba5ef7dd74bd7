"""Class polygons against `gdal_polygonize.py` on the same class raster, side by side in one run.

    aerialseg batch images/ -o maps/ --recursive --pattern '*.jpg' --gsd source
    python benchmarks/polygons.py maps/ --sides 10000 20000
    python benchmarks/polygons.py --noise --sides 4000

The raster is a mosaic of the class rasters of a folder, mirrored where they come again, as large as is asked for; with
--noise every pixel has a class of its own, the worst case. Every figure is a process of its own from start to
end; peak RSS is what the kernel counted for it. CPU time stands beside the time by the clock, as it says more on a
machine that others use too.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.windows import Window

GSD = 0.25
"""Ground resolution of the mosaic in metres."""

CLEAN = ("--min-area", "4", "--simplify", "0.5")
BAND = 1024
"""Rows that are made at once."""


def mosaic(paths: list[Path], side: int) -> Iterator[NDArray[np.uint8]]:
    """Rows of a mosaic of class rasters, a band of `BAND` rows at a time."""
    turns = (slice(None), slice(None, None, -1))
    parts = ((path, turns[number // len(paths) % 2]) for number, path in zip(count(), cycle(paths), strict=False))
    for top in range(0, side, BAND):
        band, col = np.zeros((min(BAND, side - top), side), np.uint8), 0
        while col < side:
            path, turn = next(parts)
            with rasterio.open(path) as dataset:
                pixels = np.resize(dataset.read(1)[turn], (len(band), dataset.width))[:, : side - col]
            band[:, col : col + pixels.shape[1]] = pixels
            col += pixels.shape[1]
        yield band


def noise(side: int) -> Iterator[NDArray[np.uint8]]:
    """Rows of pure noise of six classes."""
    rng = np.random.default_rng(0)
    for top in range(0, side, BAND):
        yield rng.integers(1, 7, (min(BAND, side - top), side), np.uint8)


def save(path: Path, bands: Iterator[NDArray[np.uint8]], side: int) -> None:
    """Write a class raster."""
    profile = {"driver": "GTiff", "count": 1, "dtype": "uint8", "nodata": 0, "compress": "deflate", "tiled": True}
    profile |= {"blockxsize": 512, "blockysize": 512, "width": side, "height": side, "crs": "EPSG:32640"}
    with rasterio.open(path, "w", transform=rasterio.Affine(GSD, 0, 3e5, 0, -GSD, 2.8e6), **profile) as dataset:
        for number, band in enumerate(bands):
            dataset.write(band, 1, window=Window(0, number * BAND, side, len(band)))


def measure(command: list[str]) -> str:
    """Run a command; its cells of the table."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    clock = time.perf_counter() - begin
    if status:
        sys.exit(f"{' '.join(command)} failed with {os.waitstatus_to_exitcode(status)}")
    rss = usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    return f"{clock:.1f} s | {usage.ru_utime + usage.ru_stime:.1f} s | {rss:.0f} MiB"


def polygons_in(path: Path) -> int:
    """How many polygons a file has."""
    import pyogrio

    return int(pyogrio.read_info(path, layer=0, force_feature_count=True)["features"])


def commands(raster: Path, target: Path) -> dict[str, list[str]]:
    """What is measured, by name."""
    ours = [sys.executable, "-m", "aerialseg_core", "polygons", str(raster), "-o", str(target), "--progress", "none"]
    found = {"aerialseg polygons": ours, f"aerialseg polygons {' '.join(CLEAN)}": [*ours, *CLEAN]}
    if gdal := shutil.which("gdal_polygonize.py"):
        found["gdal_polygonize.py"] = [gdal, "-q", "-of", "GPKG", str(raster), str(target)]
    return found


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("maps", type=Path, nargs="?", help="folder with *_classes.tif at any depth")
    parser.add_argument("--noise", action="store_true", help="pure noise instead")
    parser.add_argument("--sides", type=int, nargs="+", default=[10000], help="rows and columns of the rasters, px")
    parser.add_argument("--only", nargs="+", default=[], metavar="WORD", help="only commands that contain these words")
    arguments = parser.parse_args()
    paths = [] if arguments.noise or not arguments.maps else sorted(arguments.maps.rglob("*_classes.tif"))
    if not paths and not arguments.noise:
        parser.error("give a folder with class rasters (*_classes.tif), or --noise")
    print(f"| raster | command | polygons | clock | CPU | peak RSS |\n|{' --- |' * 6}", flush=True)
    for side in arguments.sides:
        with tempfile.TemporaryDirectory() as folder:
            raster, target = Path(folder) / "classes.tif", Path(folder) / "polygons.gpkg"
            save(raster, noise(side) if arguments.noise else mosaic(paths, side), side)
            for name, command in commands(raster, target).items():
                if all(word in name for word in arguments.only):
                    target.unlink(missing_ok=True)
                    cells = measure(command)
                    print(f"| {side}² px | `{name}` | {polygons_in(target):,} | {cells} |", flush=True)


if __name__ == "__main__":
    main()

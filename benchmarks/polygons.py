"""Class polygons against `gdal_polygonize.py` on the same class raster, side by side in one run.

    python benchmarks/scenes.py images/ scene.vrt --side 10000
    aerialseg segment scene.vrt -o classes.tif
    python benchmarks/polygons.py classes.tif
    python benchmarks/polygons.py --noise 2000

With --noise every pixel has a class of its own, the worst case. Every figure is a process of its own from start to
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
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.windows import Window

CLEAN = ("--min-area", "25", "--simplify", "2")
"""In metres, which are pixels of the scenes."""

REFINED = ("--smooth", "1", "--square", "1")
"""Class 1 of the shipped model is Building."""

BAND = 1024
"""Rows that are made at once."""


def noise(side: int) -> Iterator[NDArray[np.uint8]]:
    """Rows of pure noise of six classes."""
    rng = np.random.default_rng(0)
    for top in range(0, side, BAND):
        yield rng.integers(1, 7, (min(BAND, side - top), side), np.uint8)


def save(path: Path, bands: Iterator[NDArray[np.uint8]], side: int) -> None:
    """Write a class raster."""
    profile = {"driver": "GTiff", "count": 1, "dtype": "uint8", "nodata": 0, "compress": "deflate", "tiled": True}
    profile |= {"blockxsize": 512, "blockysize": 512, "width": side, "height": side, "crs": "EPSG:32640"}
    with rasterio.open(path, "w", transform=rasterio.Affine(1, 0, 3e5, 0, -1, 2.8e6), **profile) as dataset:
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
    choices = ((), CLEAN, CLEAN + REFINED)
    found = {" ".join(("aerialseg polygons", *options)): [*ours, *options] for options in choices}
    if gdal := shutil.which("gdal_polygonize.py"):
        found["gdal_polygonize.py"] = [gdal, "-q", "-of", "GPKG", str(raster), str(target)]
    return found


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rasters", type=Path, nargs="*", help="class rasters")
    parser.add_argument(
        "--noise", type=int, nargs="+", default=[], metavar="PX", help="pure noise with these sides too"
    )
    parser.add_argument("--only", nargs="+", default=[], metavar="WORD", help="only commands that contain these words")
    arguments = parser.parse_args()
    print(f"| raster | command | polygons | clock | CPU | peak RSS |\n|{' --- |' * 6}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        rasters = {str(path): path for path in arguments.rasters}
        for side in arguments.noise:
            rasters[f"noise, {side}² px"] = Path(folder) / f"noise-{side}.tif"
            save(rasters[f"noise, {side}² px"], noise(side), side)
        for title, raster in rasters.items():
            target = Path(folder) / "polygons.gpkg"
            for name, command in commands(raster, target).items():
                if all(word in name for word in arguments.only):
                    target.unlink(missing_ok=True)
                    cells = measure(command)
                    print(f"| {title} | `{name}` | {polygons_in(target):,} | {cells} |", flush=True)


if __name__ == "__main__":
    main()

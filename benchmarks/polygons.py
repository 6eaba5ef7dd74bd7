"""Class polygons against `rasterio.features.shapes` on the same class rasters, side by side.

    python benchmarks/polygons.py --side 4000

The rasters are the largest of six smoothed noises at each pixel, once as it is and once after a majority filter, and
pure noise, the worst case. `shapes` only makes Python objects, `polygons` writes a finished GeoPackage, `trace` is its
part without writing. Every figure is a process of its own; peak RSS is above that of the imports. CPU time stands
besides the time by the clock, as it says more on a busy machine.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.features import shapes

from aerialseg_core.boundaries import BoundaryTracer
from aerialseg_core.vectorization import DEFAULT_MEMORY, polygons, strip_rows

CLASSES = 6
RASTERS = {
    "smoothed noise": (5, 0),
    "smoothed noise after a majority of 7 × 7": (5, 7),
    "coarse": (21, 7),
    "pure noise": (1, 0),
}
"""Side of the smoothing box and of the majority filter, px."""


def smoothed(values: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Mean over a box that wraps around the edges."""
    for axis in (0, 1):
        total = np.cumsum(np.concatenate([values, values.take(range(side), axis)], axis), axis, dtype=np.float64)
        index = np.arange(values.shape[axis])
        values = ((total.take(index + side, axis) - total.take(index, axis)) / side).astype(np.float32)
    return values


def largest(layers: Any) -> NDArray[np.uint8]:
    """Number of the largest layer at each pixel, from 1."""
    best = None
    for number, layer in enumerate(layers, 1):
        if best is None:
            best, winner = layer, np.ones(layer.shape, np.uint8)
        else:
            winner[layer > best] = number
            np.maximum(best, layer, out=best)
    return winner


def make(path: Path, side: int, box: int, majority: int) -> None:
    """Write a class raster of side² pixels."""
    rng = np.random.default_rng(0)
    noises = (rng.standard_normal((side, side), dtype=np.float32) for _ in range(CLASSES))
    classes = largest(smoothed(smoothed(noise, box), box) if box > 1 else noise for noise in noises)
    if majority:
        classes = largest(smoothed((classes == k).astype(np.float32), majority) for k in range(1, CLASSES + 1))
    profile = {
        "driver": "GTiff",
        "count": 1,
        "dtype": "uint8",
        "nodata": 0,
        "tiled": True,
        "blockxsize": 512,
        "blockysize": 512,
    }
    transform = rasterio.Affine(0.25, 0, 100_000, 0, -0.25, 400_000)
    profile |= {"width": side, "height": side, "crs": "EPSG:28992", "compress": "deflate", "transform": transform}
    with rasterio.open(path, "w", **profile) as dataset:
        dataset.write(classes, 1)


def run(method: str, path: Path) -> int:
    """Do the work once; the number of polygons."""
    if method == "polygons":
        return polygons(path, path.with_suffix(".gpkg"), overwrite=True).count
    with rasterio.open(path) as dataset:
        if method == "shapes":
            return sum(1 for _ in shapes(dataset.read(1), connectivity=4))
        tracer, rows = BoundaryTracer(dataset.width, np.arange(256) > 0), strip_rows(dataset.width, DEFAULT_MEMORY)
        starts = range(0, dataset.height, rows)
        strips = (dataset.read(1, window=((s, min(s + rows, dataset.height)), (0, dataset.width))) for s in starts)
        found = [len(part.rings) for part in map(tracer.feed, strips) if part]
        rest = tracer.finish()
        return sum(found) + (len(rest.rings) if rest else 0)


def peak_rss() -> float:
    """Peak RSS of this process in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def measure(method: str, path: Path) -> str:
    """Do the work once; its cells of the table."""
    before, begin, begin_cpu = peak_rss(), time.perf_counter(), time.process_time()
    count = run(method, path)
    clock, cpu = time.perf_counter() - begin, time.process_time() - begin_cpu
    return f"{count:,} | {clock:.1f} s | {cpu:.1f} s | {peak_rss() - before:.0f} MiB"


def in_a_process(*arguments: object) -> str:
    """What this script prints when it is told to do one part; a fresh process, so that peak RSS is of that part."""
    command = [sys.executable, __file__, *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=4000, help="rows and columns of the rasters, px")
    parser.add_argument("--only", nargs="+", choices=RASTERS, default=list(RASTERS), metavar="NAME")
    parser.add_argument("--make", nargs=2, metavar=("NAME", "RASTER"), help=argparse.SUPPRESS)
    parser.add_argument("--measure", nargs=2, metavar=("METHOD", "RASTER"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.make:
        make(Path(arguments.make[1]), arguments.side, *RASTERS[arguments.make[0]])
    elif arguments.measure:
        print(measure(arguments.measure[0], Path(arguments.measure[1])))
    else:
        print(f"| {arguments.side}² px | method | polygons | clock | CPU | peak RSS |\n|{' --- |' * 6}", flush=True)
        for name in arguments.only:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "classes.tif"
                in_a_process("--side", arguments.side, "--make", name, path)
                for method in ("shapes", "trace", "polygons"):
                    print(f"| {name} | {method} | {in_a_process('--measure', method, path)} |", flush=True)


if __name__ == "__main__":
    main()

"""Peak memory of training over the size of the data: real images, repeated.

    python benchmarks/training_memory.py data/dubai --gigabytes 0.2 2 10
    python benchmarks/training_memory.py data/dubai --gigabytes 10 --what cache --as scene

`--what train` runs `aerialseg train` for a few steps, export included; `--what cache` everything of it that reads the
data (check every file, count the labels, split, cut all patches, read ten thousand of them) without a network. `--as
folder` pairs many files, each a link to an image of the set, `--as scene` one huge GeoTIFF with its label raster. The
first size is the yardstick: what the framework itself takes. Gigabytes are those of the decoded images. The data, and
the patches (four thirds of that), are in a temporary folder until the end; TMPDIR names another place.
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
import psutil
import rasterio
from affine import Affine
from rasterio.windows import Window

from aerialseg_core.datasets.labelled_data import open_data
from aerialseg_core.datasets.labels import read_labels
from aerialseg_core.datasets.pairs import Pair

RECIPE = """
[split]
holdout = ["held out"]
[patches]
cut = 512
side = 256
[run]
epochs = 1
steps = {steps}
batch = 8
"""

TILE = 512
HELD_OUT = 2
"""Images that are held out and scored, so that scoring takes no longer with more data."""

CACHE = """
import sys, tempfile
from pathlib import Path
import numpy as np
from aerialseg_core.datasets.labels import count_labels
from aerialseg_core.datasets.labelled_data import open_data
from aerialseg_core.datasets.split import SplitOptions, make_splits
from aerialseg_core.progress import Reporter
from aerialseg_core.training.patch_cache import write_cache
path, folder = sys.argv[1:]
data = open_data(path)
censuses = [count_labels(pair, data.scheme) for pair in data.pairs]
split = make_splits(data, censuses, [], SplitOptions(share=0.1))[0]
cache = write_cache(
    data.pairs,
    data.scheme,
    512,
    bands=("red", "green", "blue"),
    folder=Path(folder),
    reporter=Reporter(),
    parts=split.training,
)
for i in np.random.default_rng(0).integers(0, len(cache.images), 10_000):
    cache.images[i], cache.labels[i]
"""


def repeated_files(pairs: tuple[Pair, ...], size: float) -> Iterator[str]:
    """Entries of a TOML that pair the files again and again up to so many bytes of pixels; two are held out."""
    taken, k = 0.0, 0
    while taken < size or k <= HELD_OUT:
        pair = pairs[k % len(pairs)]
        group = "held out" if k < HELD_OUT else "train"
        yield f"[[pairs]]\nimage = '{pair.image}'\nmask = '{pair.mask}'\ngroup = '{group}'\n"
        taken += pair.size[0] * pair.size[1] * 3
        k += 1


def repeated_scene(pair: Pair, folder: Path, size: float) -> str:
    """Write one square GeoTIFF that repeats an image, with its label raster; a TOML that pairs them."""
    data = open_data(pair.image.parents[2])
    with rasterio.open(pair.image) as source:
        image = source.read([1, 2, 3])
    labels = read_labels(pair, data.scheme).astype(np.int16) + 1
    labels[labels == 256] = 0
    side = round((size / 3) ** 0.5)
    common = {"driver": "GTiff", "width": side, "height": side, "dtype": "uint8", "tiled": True}
    common |= {"blockxsize": TILE, "blockysize": TILE, "crs": "EPSG:32640", "BIGTIFF": "IF_SAFER"}
    common |= {"transform": Affine(1, 0, 300000, 0, -1, 2800000)}
    with (
        rasterio.open(folder / "image.tif", "w", count=3, photometric="YCBCR", compress="jpeg", **common) as pixels,
        rasterio.open(folder / "labels.tif", "w", count=1, compress="deflate", zlevel=1, **common) as ids,
    ):
        rows, cols = image.shape[1:]
        across = np.arange(side) % cols
        for row in range(0, side, TILE):
            down = np.arange(row, min(row + TILE, side)) % rows
            window = Window(0, row, side, len(down))
            pixels.write(image[:, down][:, :, across], window=window)
            ids.write(labels[down][:, across].astype(np.uint8)[None], window=window)
    return "[[pairs]]\nimage = 'image.tif'\nlabels = 'labels.tif'\n" + "".join(
        f"[[classes]]\nname = '{c.name}'\ncolour = '{c.colour}'\n" for c in data.scheme
    )


def measure(command: list[str]) -> tuple[float, float]:
    """Peak RSS in MiB of a process with its children, and seconds."""
    begin, peak = time.perf_counter(), 0
    process = psutil.Popen(command, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, total_rss(process))
        time.sleep(0.1)
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed with {process.returncode}")
    return peak / (1 << 20), time.perf_counter() - begin


def total_rss(process: psutil.Process) -> int:
    """Resident bytes of a process and its children; 0 for those that have just ended."""
    total = 0
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for one in family:
        try:
            total += one.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def command(what: str, toml: Path, folder: Path) -> list[str]:
    """The command that is measured."""
    if what == "cache":
        return [sys.executable, "-c", CACHE, str(toml), str(folder)]
    recipe = folder / "recipe.toml"
    output = str(folder / "model.onnx")
    train = ["train", str(toml), "-o", output, "--recipe", str(recipe), "--progress", "none", "--overwrite"]
    return [sys.executable, "-m", "aerialseg_core", *train]


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("AERIALSEG_DATA")
    parser.add_argument("data", type=Path, nargs="?", default=default and Path(default) / "dubai")
    parser.add_argument("--gigabytes", type=float, nargs="+", default=[0.2, 10.0])
    parser.add_argument("--what", choices=["train", "cache"], default="train")
    parser.add_argument("--as", dest="form", choices=["folder", "scene"], default="folder")
    parser.add_argument("--steps", type=int, default=4)
    arguments = parser.parse_args()
    pairs = open_data(arguments.data.resolve()).pairs
    print("| imagery | peak RSS | above the first | time |\n| --- | --- | --- | --- |", flush=True)
    first = None
    for gigabytes in arguments.gigabytes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "recipe.toml").write_text(RECIPE.format(steps=arguments.steps))
            if arguments.form == "scene":
                entries = repeated_scene(max(pairs, key=lambda pair: pair.size), folder, gigabytes * 1e9)
            else:
                entries = "".join(repeated_files(pairs, gigabytes * 1e9))
            (folder / "data.toml").write_text(entries)
            (folder / "work").mkdir()
            shutil.copy(folder / "recipe.toml", folder / "work")
            peak, seconds = measure(command(arguments.what, folder / "data.toml", folder / "work"))
        first = peak if first is None else first
        print(f"| {gigabytes:g} GB | {peak:.0f} MiB | {peak - first:+.0f} MiB | {seconds:.0f} s |", flush=True)


if __name__ == "__main__":
    main()

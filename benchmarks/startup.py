"""Start-up: how long a command takes from the start of its process until it computes the first patch.

    aerialseg sample image.tif
    python benchmarks/startup.py image.tif

Runs `segment`, `polygons` and `segment --plan` on a scene of 1 Mpx, each in a process of its own, and prints medians in
milliseconds: until the first patch (of `polygons` the first strip) is computed, until the first one is done, and until
the process has ended; and how long Python and the imports alone take. The first round, which fills the cache of the
user and of the system, does not count. By the first patch the one is meant that tells which engine this is: it has been
computed when `segment` says that it starts.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from rasterio.shutil import copy
from scenes import repeated

import aerialseg_core

IMPORTS = {
    "segment": "aerialseg_core.segmentation.segment, aerialseg_core.segmentation.shards, openvino",
    "polygons": "aerialseg_core.polygons.polygonize",
}

_BEGUN = "from aerialseg_core.cli.main import UNUSED, leave_out; leave_out(UNUSED)"

Times = dict[str, dict[str, float]]
"""Seconds from the start of a process to each kind of event and to its end, by what it runs."""


def time_events(*command: str) -> dict[str, float]:
    """Seconds from the start of a process to each kind of event that it writes, the first of a kind, and to its end."""
    begin = time.perf_counter()
    seen: dict[str, float] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            seen.setdefault(json.loads(line)["event"], time.perf_counter() - begin)
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed")
    return {**seen, "end": time.perf_counter() - begin}


def keep_bytecode() -> None:
    """Let processes find what Python has compiled, as they do where aerialseg is installed, whatever is set here."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    compileall.compile_dir(Path(aerialseg_core.__file__).parent, quiet=2)


def time_starts(image: Path, folder: Path, *, side: int = 1000, rounds: int = 7, options: str = "") -> Times:
    """Median seconds from the start of a process to each kind of event, and to its end, of several commands.

    Args:
        image: A small RGB raster to repeat.
        folder: A folder for scene and outputs.
        side: Rows and columns of the scene, px.
        rounds: How often, besides a first time.
        options: More options of `segment`.
    """
    scene = str(folder / "small.tif")
    copy(repeated(image, folder, side), scene, driver="GTiff", TILED="YES", COMPRESS="DEFLATE")
    classes, polygons = str(folder / "small-classes.tif"), str(folder / "small.gpkg")
    python, more = [sys.executable, "-m", "aerialseg_core"], options.split()
    told = ["--overwrite", "--progress", "json"]
    commands = {
        "segment": [*python, "segment", scene, "-o", classes, *told, *more],
        "segment --plan": [*python, "segment", scene, "-o", classes, "--plan", *told, *more],
        "polygons": [*python, "polygons", classes, "-o", polygons, *told],
        "python -c pass": [sys.executable, "-c", "pass"],
        **{f"imports of {name}": [sys.executable, "-c", f"{_BEGUN}; import {all_}"] for name, all_ in IMPORTS.items()},
    }
    times: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for round_ in range(rounds + 1):
        for name, command in commands.items():
            for event, seconds in time_events(*command).items():
                if round_:
                    times[name][event].append(seconds)
    return {name: {event: statistics.median(all_) for event, all_ in found.items()} for name, found in times.items()}


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("image", type=Path, help="a small RGB raster to repeat")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--side", type=int, default=1000)
    parser.add_argument("--options", default="", help="more options of segment")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="startup-") as made:
        folder = Path(made)
        keep_bytecode()
        side, rounds, options = arguments.side, arguments.rounds, arguments.options
        times = time_starts(arguments.image, folder, side=side, rounds=rounds, options=options)
    print("| command | to the first patch | first patch done | to the end |\n| --- | --- | --- | --- |")
    for name, found in times.items():
        shown = (f"{1e3 * found[one]:.0f}" if one in found else "" for one in EVENTS)
        print(f"| {name} | {' | '.join(shown)} |")


EVENTS = ("start", "progress", "end")

if __name__ == "__main__":
    main()

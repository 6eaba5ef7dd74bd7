"""Start-up: how long a command takes from the start of its process until it computes the first patch.

    aerialseg sample image.tif
    python benchmarks/startup.py image.tif

Runs `segment`, `polygons` and `segment --plan` on a scene of 1 Mpx, each in a process of its own, and prints medians in
milliseconds: until the first patch (of `polygons` the first strip) is computed, until the first one is done, and until
the process has ended; and how long Python and the imports alone take. The first round, which fills the cache of the
user and of the system, does not count.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from rasterio.shutil import copy
from scenes import repeated

IMPORTS = {
    "segment": "aerialseg_core.segmentation.segment, aerialseg_core.segmentation.shards, openvino",
    "polygons": "aerialseg_core.polygons.polygonize",
}


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
        scene = str(folder / "scene.tif")
        copy(repeated(arguments.image, folder, arguments.side), scene, driver="GTiff", TILED="YES", COMPRESS="DEFLATE")
        classes, polygons = str(folder / "classes.tif"), str(folder / "classes.gpkg")
        python, more = [sys.executable, "-m", "aerialseg_core"], arguments.options.split()
        told = ["--overwrite", "--progress", "json"]
        commands = {
            "segment": [*python, "segment", scene, "-o", classes, *told, *more],
            "segment --plan": [*python, "segment", scene, "-o", classes, "--plan", *told, *more],
            "polygons": [*python, "polygons", classes, "-o", polygons, *told],
            "python -c pass": [sys.executable, "-c", "pass"],
            **{f"imports of {name}": [sys.executable, "-c", f"import {all_}"] for name, all_ in IMPORTS.items()},
        }
        times: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        for round_ in range(arguments.rounds + 1):
            for name, command in commands.items():
                for event, seconds in time_events(*command).items():
                    if round_:
                        times[name][event].append(seconds)
    print("| command | to the first patch | first patch done | to the end |\n| --- | --- | --- | --- |")
    for name, found in times.items():
        shown = (f"{1e3 * statistics.median(found[one]):.0f}" if one in found else "" for one in EVENTS)
        print(f"| {name} | {' | '.join(shown)} |")


EVENTS = ("start", "progress", "end")

if __name__ == "__main__":
    main()

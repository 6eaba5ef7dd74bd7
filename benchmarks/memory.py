"""Peak memory of `aerialseg segment` over the size of the scene.

    aerialseg sample image.tif --scene dutch
    python benchmarks/memory.py image.tif --sides 2000 10000 30000

Every run is a process of its own; peak RSS is what the kernel counted for it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scenes import repeated


def measure(command: list[str]) -> tuple[float, float]:
    """Peak RSS in MiB and seconds of a command."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed with {os.waitstatus_to_exitcode(status)}")
    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return usage.ru_maxrss / scale, time.perf_counter() - begin


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("image", type=Path, help="a small RGB raster to repeat")
    parser.add_argument("--sides", type=int, nargs="+", default=[2000, 10000, 30000])
    parser.add_argument("--options", default="", help="further options of `aerialseg segment`")
    arguments = parser.parse_args()
    print("| scene | peak RSS | time | Mpx/s |\n| --- | --- | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for side in arguments.sides:
            scene = repeated(arguments.image, folder, side)
            command = [sys.executable, "-m", "aerialseg_core", "segment", str(scene), "-o", str(folder / f"{side}.tif")]
            peak, seconds = measure([*command, *arguments.options.split()])
            print(f"| {side} × {side} | {peak:.0f} MiB | {seconds:.0f} s | {side**2 / 1e6 / seconds:.2f} |", flush=True)


if __name__ == "__main__":
    main()

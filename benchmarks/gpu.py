"""A GPU beside the CPU: speeds of the bare engine and of whole runs, and how many pixels get the same class.

    aerialseg sample image.tif --scene dutch
    python benchmarks/gpu.py image.tif --side 6000

Needs `onnxruntime-gpu` and an NVIDIA GPU; without one it says so. `--devices cpu` tries the script without.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import rasterio
from bench import ENGINE_PATCHES, run_engine
from scenes import repeated

from aerialseg_core.config import SegmentConfig
from aerialseg_core.errors import EngineError
from aerialseg_core.progress import Reporter
from aerialseg_core.segmentation.job import Outputs
from aerialseg_core.segmentation.predictor import load_predictor
from aerialseg_core.segmentation.segment import segment_scene


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("image", type=Path, help="a small RGB raster to repeat")
    parser.add_argument("--side", type=int, default=6000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--devices", nargs="+", default=["gpu", "cpu"], choices=["gpu", "cpu"])
    arguments = parser.parse_args()
    print("| device | precision | engine Mpx/s | run Mpx/s | pixels as on the CPU |\n| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as name:
        scene = repeated(arguments.image, Path(name), arguments.side)
        reference = Path(name, "reference.tif")
        settings = SegmentConfig(gsd="source", engine="onnxruntime", device="cpu")
        segment_scene(str(scene), Outputs(reference), load_predictor(settings), settings, Reporter())
        for device in arguments.devices:
            config = SegmentConfig(gsd="source", engine="onnxruntime", device=device)
            try:
                predictor = load_predictor(config)
            except EngineError as error:
                sys.exit(str(error))
            target, engine, run = Path(name, f"{device}.tif"), [], []
            run_engine(predictor)
            for _ in range(arguments.rounds):
                begin = time.perf_counter()
                run_engine(predictor)
                between = time.perf_counter()
                segment_scene(str(scene), Outputs(target, overwrite=True), predictor, config, Reporter())
                engine.append(ENGINE_PATCHES * predictor.model.card.patch**2 / 1e6 / (between - begin))
                run.append(arguments.side**2 / 1e6 / (time.perf_counter() - between))
            cells = (
                predictor.engine.device,
                predictor.engine.precision,
                f"{statistics.median(engine):.2f}",
                f"{statistics.median(run):.2f}",
                f"{compare(target, reference):.4%}",
            )
            print(f"| {' | '.join(cells)} |", flush=True)


def compare(one: Path, other: Path) -> float:
    """Share of the pixels that have the same class in two class rasters."""
    with rasterio.open(one) as first, rasterio.open(other) as second:
        same = sum(
            np.count_nonzero(first.read(1, window=part) == second.read(1, window=part))
            for _, part in first.block_windows(1)
        )
        return float(same / (first.width * first.height))


if __name__ == "__main__":
    main()

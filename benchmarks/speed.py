"""Efficiency of the pipeline: what it does end to end against what the bare engine does, side by side in one run.

    aerialseg sample image.tif --scene dutch
    python benchmarks/speed.py image.tif --side 6000

    efficiency = pipeline Mpx/s ÷ (engine Mpx/s ÷ redundancy)

The engine runs the same number of patches of the same size in the same streams on data in memory; the redundancy is
how many pixels it sees for each pixel of the scene. Rounds alternate, and medians are printed.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from scenes import repeated

from aerialseg_core.config import DEFAULT_MODEL, SegmentConfig
from aerialseg_core.progress import Reporter
from aerialseg_core.segmentation.job import Outputs
from aerialseg_core.segmentation.planning import plan_scene
from aerialseg_core.segmentation.predictor import Predictor, load_predictor
from aerialseg_core.segmentation.segment import segment_scene

ENGINE_PATCHES = 64


def engine_seconds(predictor: Predictor) -> float:
    """Seconds per patch of the bare engine, all streams busy."""
    card = predictor.model.card
    patch = np.random.default_rng(0).normal(size=(len(card.bands), card.patch, card.patch)).astype(np.float32)
    begin = time.perf_counter()
    for _ in predictor.predict(patch for _ in range(ENGINE_PATCHES)):
        pass
    return (time.perf_counter() - begin) / ENGINE_PATCHES


def pipeline_seconds(scene: Path, target: Path, predictor: Predictor, config: SegmentConfig) -> float:
    """Seconds of a whole run, from opening the scene to the finished class raster."""
    begin = time.perf_counter()
    segment_scene(str(scene), Outputs(target, overwrite=True), predictor, config, Reporter())
    return time.perf_counter() - begin


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("image", type=Path, help="a small RGB raster to repeat")
    parser.add_argument("--side", type=int, default=6000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--engines", nargs="+", default=["onnxruntime", "openvino"])
    arguments = parser.parse_args()
    print("| engine | precision | engine Mpx/s | redundancy | pipeline Mpx/s | efficiency |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory() as name:
        scene = repeated(arguments.image, Path(name), arguments.side)
        for engine in arguments.engines:
            config = SegmentConfig(model=arguments.model, engine=engine)
            print(_row(scene, Path(name) / "classes.tif", config, arguments.rounds), flush=True)


def _row(scene: Path, target: Path, config: SegmentConfig, rounds: int) -> str:
    predictor = load_predictor(config)
    with plan_scene(str(scene), predictor.model.card, config) as (plan, _):
        windows, pixels = plan.window_count, plan.window.height * plan.window.width
    megapixels_per_patch = plan.card.patch**2 / 1e6
    redundancy = windows * megapixels_per_patch / (pixels / 1e6)
    engine_seconds(predictor)  # warm-up
    engines, pipelines = [], []
    for _ in range(rounds):
        engines.append(megapixels_per_patch / engine_seconds(predictor))
        pipelines.append(pixels / 1e6 / pipeline_seconds(scene, target, predictor, config))
    efficiency = statistics.median(p * redundancy / e for p, e in zip(pipelines, engines, strict=True))
    return (
        f"| {config.engine} | {predictor.engine.precision} | {statistics.median(engines):.2f} | {redundancy:.2f} "
        f"| {statistics.median(pipelines):.2f} | {efficiency:.2f} |"
    )


if __name__ == "__main__":
    main()

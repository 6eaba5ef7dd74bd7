"""Shards and clusters: what a second worker brings, what blocks cost, and whether the scheduler stays small.

    aerialseg sample image.tif --scene dutch
    python benchmarks/scale.py image.tif --side 6000

Two workers of one thread each against one, with the time that it takes to start them left out of both; the windows that
blocks and tasks compute twice, as a share; and the memory of a scheduler after a thousand and after a hundred thousand
tasks that do nothing. Rounds alternate, and medians are printed.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import psutil
from scenes import repeated

from aerialseg_core.config import DEFAULT_MODEL, SegmentConfig
from aerialseg_core.progress import Reporter
from aerialseg_core.segmentation.cluster import SIDE, compute_tasks, dispatch, open_cluster
from aerialseg_core.segmentation.job import Outputs, open_job
from aerialseg_core.segmentation.predictor import load_predictor
from aerialseg_core.segmentation.work import count_windows, find_missing_runs


def measure_workers(scene: Path, config: SegmentConfig, rounds: int) -> dict[int, float]:
    """Seconds for all blocks of a scene on one and on two workers of one thread, which have the model already."""
    found: dict[int, list[float]] = {1: [], 2: []}
    predictor = load_predictor(config)
    for _ in range(rounds):
        for count in found:
            with tempfile.TemporaryDirectory() as folder, open_cluster(f"local:{count}", config) as client:
                for name in ("warm-up.tif", "map.tif"):
                    outputs = Outputs(Path(folder, name))
                    with open_job(str(scene), outputs, predictor, config) as job:
                        job.store.enter(shared=True)
                        begin = time.perf_counter()
                        compute_tasks(client, job, Reporter())
                        seconds = time.perf_counter() - begin
                found[count].append(seconds)
    return {count: statistics.median(seconds) for count, seconds in found.items()}


def measure_overhead(scene: Path, config: SegmentConfig) -> tuple[float, float]:
    """Windows computed more than once, as a share of all: of blocks of a run here, and of tasks of full size."""
    predictor = load_predictor(config)
    with open_job(str(scene), Outputs(scene.with_name("none.tif")), predictor, config) as job:
        plan = job.plan
        runs = list(find_missing_runs(plan, job.store, spans=plan.block_spans, stripes=plan.stripes))
        return count_windows(plan, runs) / plan.window_count - 1, ((SIDE + 1) / SIDE) ** 2 - 1


def stub(number: int) -> int:
    """A task that does nothing."""
    return number


def measure_scheduler(counts: list[int]) -> list[tuple[int, float, float]]:
    """(tasks, MiB of the process of the scheduler, milliseconds a task)."""
    found = []
    with open_cluster("local:2", SegmentConfig(threads=1)) as client:
        for count in counts:
            begin = time.perf_counter()
            for _ in dispatch(client, stub, range(count), Reporter()):
                pass
            seconds = time.perf_counter() - begin
            found.append((count, psutil.Process().memory_info().rss / 2**20, 1000 * seconds / count))
    return found


def main() -> None:
    """Print Markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("image", type=Path, help="a small RGB raster to repeat")
    parser.add_argument("--side", type=int, default=6000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--tasks", type=int, nargs="+", default=[1000, 10_000, 100_000])
    arguments = parser.parse_args()
    config = SegmentConfig(model=arguments.model, threads=1)
    print("| tasks that do nothing | MiB | ms a task |\n| --- | --- | --- |", flush=True)
    for count, memory, milliseconds in measure_scheduler(arguments.tasks):
        print(f"| {count} | {memory:.0f} | {milliseconds:.2f} |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        scene = repeated(arguments.image, Path(folder), arguments.side)
        blocks, tasks = measure_overhead(scene, config)
        print(f"\nwindows computed twice: {blocks:.1%} between blocks here, {tasks:.1%} between full tasks", flush=True)
        seconds = measure_workers(scene, config, arguments.rounds)
        pixels = arguments.side**2 / 1e6
        rates = ", ".join(f"{count}: {pixels / one:.2f} Mpx/s" for count, one in seconds.items())
        print(f"workers of one thread, {rates}: two are {seconds[1] / seconds[2]:.2f} × as fast as one")


if __name__ == "__main__":
    main()

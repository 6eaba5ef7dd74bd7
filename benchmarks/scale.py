"""Shards and clusters: what a second worker brings, what blocks cost, and whether the scheduler stays small.

    aerialseg sample image.tif --scene dutch
    python benchmarks/scale.py image.tif --side 6000

Two workers of one thread each against one, with the time that it takes to start them left out of both, free and each
kept to a core of its own: reading and writing run beside the engine's thread, so that a free worker takes more than one
core. Beside that, what the machine has to give: the same workers in the same rounds run the bare engine, which shares
nothing and waits for nobody, on as many windows. What blocks cost: the windows that blocks and tasks compute twice, and
what it takes to encode a block and to bring it onto the disk, as shares; and the memory of a scheduler after a thousand
and after a hundred thousand tasks that do nothing. Rounds alternate, and medians are printed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from scenes import repeated

from aerialseg_core.config import DEFAULT_MODEL, SegmentConfig
from aerialseg_core.progress import Reporter
from aerialseg_core.segmentation.blocks import BlockStore
from aerialseg_core.segmentation.cluster import SIDE, compute_tasks, dispatch, load_on_worker, open_cluster
from aerialseg_core.segmentation.job import Outputs, open_job
from aerialseg_core.segmentation.plan import Plan
from aerialseg_core.segmentation.predictor import load_predictor
from aerialseg_core.segmentation.work import compute_blocks, count_windows, find_missing_runs


@dataclass(frozen=True)
class Measured:
    """What some workers took for the blocks of a scene in one round."""

    seconds: float
    """By the clock."""
    used: float
    """CPU seconds of all of them."""
    bare: float
    """Seconds by the clock in which the same workers ran the engine alone on as many windows."""
    bare_used: float
    """CPU seconds of all of them in that."""


def measure_workers(scene: Path, config: SegmentConfig, rounds: int) -> dict[tuple[int, bool], list[Measured]]:
    """Measure all blocks of a scene on one and on two workers of one thread, which have the model already.

    Returns:
        By the number of workers and whether each is kept to a core, the rounds.
    """
    cases = [(count, kept) for kept in (False, True) for count in (1, 2)]
    found: dict[tuple[int, bool], list[Measured]] = {case: [] for case in cases}
    predictor = load_predictor(config)
    for _ in range(rounds):
        for count, kept in cases:
            with tempfile.TemporaryDirectory() as folder, open_cluster(f"local:{count}", config) as client:
                for name in ("warm-up.tif", "map.tif"):  # the first one loads the model, and starts all threads
                    if kept and name == "map.tif":
                        for core, worker in enumerate(client.scheduler_info()["workers"]):
                            client.run(keep_to_core, core, workers=[worker])
                    with open_job(str(scene), Outputs(Path(folder, name)), predictor, config) as job:
                        job.store.enter(shared=True)
                        before, begin = count_seconds(client), time.perf_counter()
                        compute_tasks(client, job, Reporter())
                        seconds, used = time.perf_counter() - begin, count_seconds(client) - before
                        before = count_seconds(client)
                        bare = measure_bare(client, job.plan, count)
                        bare_used = count_seconds(client) - before
                found[count, kept].append(Measured(seconds, used, bare, bare_used))
    return found


def measure_bare(client: Any, plan: Plan, count: int) -> float:
    """Seconds in which the workers of a cluster run the bare engine on the windows of a plan, shared among them."""
    workers = list(client.scheduler_info()["workers"])
    share = round(plan.window_count / count)
    given = [client.submit(run_engine, plan.config, plan.patch, share, workers=[one], pure=False) for one in workers]
    return max(client.gather(given))


def run_engine(config: SegmentConfig, side: int, count: int) -> float:
    """Seconds of a worker for patches of this side that are in its memory."""
    with load_on_worker(config) as predictor:
        bands = len(predictor.model.card.bands)
        patch = np.random.default_rng(0).normal(size=(bands, side, side)).astype(np.float32)
        begin = time.perf_counter()
        for _ in predictor.predict(patch for _ in range(count)):
            pass
        return time.perf_counter() - begin


def keep_to_core(core: int) -> None:
    """Keep all threads of this process, and those that they will start, to one core."""
    for thread in os.listdir("/proc/self/task"):
        os.sched_setaffinity(int(thread), {core})


def count_seconds(client: Any) -> float:
    """CPU seconds that the workers have taken so far."""
    return float(sum(client.run(time.process_time).values()))


def measure_overhead(scene: Path, config: SegmentConfig) -> tuple[float, float]:
    """Windows computed more than once, as a share of all: of blocks of a run here, and of tasks of full size."""
    predictor = load_predictor(config)
    with open_job(str(scene), Outputs(scene.with_name("none.tif")), predictor, config) as job:
        plan = job.plan
        runs = list(find_missing_runs(plan, job.store, spans=plan.block_spans, stripes=plan.stripes))
        return count_windows(plan, runs) / plan.window_count - 1, ((SIDE + 1) / SIDE) ** 2 - 1


def measure_store(scene: Path, config: SegmentConfig, rounds: int) -> tuple[float, float]:
    """Seconds that storing all blocks takes of those of the whole work: of the processor, and by the clock.

    Most of the latter passes while the next block is computed.
    """
    write, spent = BlockStore.write, [0.0, 0.0]

    def write_timed(self: BlockStore, *block: Any) -> None:
        begin = time.thread_time(), time.perf_counter()
        write(self, *block)
        for k, clock in enumerate((time.thread_time, time.perf_counter)):
            spent[k] += clock() - begin[k]

    predictor, found = load_predictor(config), []
    BlockStore.write = write_timed  # type: ignore[method-assign]
    for number in range(rounds):
        with open_job(str(scene), Outputs(scene.with_name(f"{number}.tif")), predictor, config) as job:
            job.store.enter()
            plan, spent[:] = job.plan, [0.0, 0.0]
            runs = list(find_missing_runs(plan, job.store, spans=plan.block_spans, stripes=plan.stripes))
            begin = time.process_time(), time.perf_counter()
            compute_blocks(plan, job.scene, predictor, job.store, runs, Reporter())
            whole = time.process_time() - begin[0], time.perf_counter() - begin[1]
            found.append([some / all_of_it for some, all_of_it in zip(spent, whole, strict=True)])
    BlockStore.write = write  # type: ignore[method-assign]
    processor, clock = (statistics.median(shares) for shares in zip(*found, strict=True))
    return processor, clock


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
        processor, clock = measure_store(scene, config, arguments.rounds)
        print(f"storing blocks: {processor:.1%} of the time of the processor, {clock:.1%} by the clock", flush=True)
        workers = measure_workers(scene, config, arguments.rounds)
    print(
        "\n| workers of one thread | Mpx/s of one | of two | cores that one takes | each of two | two ÷ one "
        "| bare engine, two ÷ one |\n| --- | --- | --- | --- | --- | --- | --- |"
    )
    for kept in (False, True):
        one, two = workers[1, kept], workers[2, kept]
        speeds = (arguments.side**2 / 1e6 / statistics.median(each.seconds for each in found) for found in (one, two))
        busy = (
            statistics.median(each.used / each.seconds / count for each in found)
            for count, found in ((1, one), (2, two))
        )
        gains = (  # of neighbours in time, as the machine is not alike all the time
            statistics.median(a.seconds / b.seconds for a, b in zip(one, two, strict=True)),
            statistics.median(a.bare / b.bare for a, b in zip(one, two, strict=True)),
        )
        figures = " | ".join(f"{figure:.2f}" for figure in (*speeds, *busy, *gains))
        print(f"| {'kept to a core each' if kept else 'free'} | {figures} |")


if __name__ == "__main__":
    main()

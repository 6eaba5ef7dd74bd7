"""Blocks on a Dask cluster: no pixel and no graph goes through the scheduler, but names of blocks, and a few numbers.

Workers see the same folders as the process that gives out the tasks. Each loads the model once, plans the scene by
itself, computes one task at a time with all of its threads, and writes finished blocks where all others do. So whatever
happens to a worker costs the block that it was in, and the same command again continues.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from ..config import SegmentConfig, count_local_workers, count_usable_cores
from ..errors import AerialSegError, ClusterError, DependencyError, SceneError
from ..progress import Reporter
from .job import Outputs, SceneJob, open_job
from .plan import Plan
from .predictor import Predictor, load_predictor
from .work import Run, WorkFacts, compute_blocks, count_windows, find_missing_runs, split_run

if TYPE_CHECKING:
    from distributed import Client, Future

SIDE = 48
"""Most cells of the grid beside and below each other in a task: along its edges windows are computed twice, which are
4 % of those of a task of this size."""

TASKS_PER_WORKER = 3
"""Tasks that wait for a worker or are computed by it. Results are taken at once, so that none piles up."""

LEAST_TASKS = 4
"""Tasks that are given out although there is no worker yet: an adaptive cluster grows by what waits."""

MOST_TRIES = 20
"""How often a task is given out again after a worker that had it has died."""

ANSWER_WITHIN = 30
"""Seconds in which a scheduler must answer."""

CHECK_EVERY = 0.5
"""Seconds after which is looked whether the run was cancelled, and how many workers there are."""

_STOP = "stop"
"""File among the blocks that tells workers that nobody waits for them any more."""

_LOGGED = 100
"""Entries of each of Dask's logs for its developers, which hold what was sent and when, by default of 1000 messages."""

_one_at_a_time = threading.Lock()

Given = TypeVar("Given")
Found = TypeVar("Found")


@dataclass(frozen=True)
class Task:
    """Some blocks of a scene, and what a worker must know to compute them."""

    source: str = field(repr=False)  # Dask logs what failed with its arguments: addresses hold secrets
    outputs: Outputs
    config: SegmentConfig
    job: str
    """Fingerprint of the job, which the worker's own plan must have too."""
    run: Run
    """The blocks, below each other."""
    windows: int
    """Windows of the grid that they need."""


def compute_on_cluster(job: SceneJob, address: str, reporter: Reporter) -> WorkFacts:
    """Compute the missing blocks of a scene on a cluster.

    Args:
        job: The scene, whose store is shared.
        address: tcp://HOST:PORT of a scheduler, the path of its scheduler file (*.json), or local:N for so many
            processes of this machine.
        reporter: Counts windows, and may cancel.

    Raises:
        ClusterError: The scheduler does not answer, or a task has killed too many workers.
        DependencyError: Dask is not installed.
        EngineError: A worker computes other scores than the first one, and that is not allowed.
        AerialSegError: As `compute_blocks`.
    """
    plan = job.plan
    if not any(find_missing_runs(plan, job.store, spans=plan.block_spans, stripes=plan.stripes)):
        return WorkFacts()
    with open_cluster(address, plan.config) as client:
        return compute_tasks(client, job, reporter)


def compute_tasks(client: Client, job: SceneJob, reporter: Reporter) -> WorkFacts:
    """Compute the missing blocks of a scene on the workers of a scheduler; otherwise as `compute_on_cluster`."""
    plan, stop = job.plan, job.store.folder / _STOP
    stop.unlink(missing_ok=True)
    runs = list(find_missing_runs(plan, job.store, spans=plan.block_spans, stripes=plan.cut_stripes(SIDE)))
    height = _choose_height(plan, runs, max(1, len(client.nthreads())))
    parts = [run[n : n + height] for run in runs for n in range(0, len(run), height)]
    tasks = [Task(plan.source, job.outputs, plan.config, job.name, part, count_windows(plan, [part])) for part in parts]
    reporter.start("segment", sum(task.windows for task in tasks), "windows")
    facts, results = WorkFacts(), dispatch(client, compute_task, tasks, reporter)
    with closing(results), stopped_after(stop):
        for found in results:
            facts += found
            reporter.advance(found.windows)
    return facts


@contextmanager
def stopped_after(file: Path) -> Iterator[None]:
    """Let workers know when nobody waits for their results any more; after all of them nobody works."""
    try:
        yield
    finally:
        with suppress(OSError):
            file.touch()


def _choose_height(plan: Plan, runs: Sequence[Run], workers: int) -> int:
    """Choose how many blocks below each other make a task: many, to compute little twice; but work for each worker."""
    cells = max(1, round(plan.config.block / plan.grid.rows.stride))
    enough = -(-sum(map(len, runs)) // (workers * TASKS_PER_WORKER))
    fair = -(-sum(map(len, runs)) // workers)
    return max(1, min(max(enough, 8 // cells), fair, SIDE // cells))


def compute_task(task: Task) -> WorkFacts:
    """Compute a task on a worker: by the same function as on one machine, after the same plan.

    Raises:
        SceneError: The worker sees another scene, or has another version of aerialseg.
        EngineError: It computes other scores than the worker that was first.
        AerialSegError: As `compute_blocks`.
    """
    with load_on_worker(task.config) as predictor, open_job(task.source, task.outputs, predictor, task.config) as job:
        if job.name != task.job:
            raise SceneError(
                "cluster-sees-other",
                "A worker would make another map of {scene}: the file that it sees, its model or its version of "
                "aerialseg differs.",
                "Give all machines the same folders under the same names, and the same packages.",
                scene=task.source,
            )
        job.store.sign(predictor.identify(job.plan.patch), allow_mixed=task.config.allow_mixed)
        missing = [block for block in task.run if not job.store.has(block.relative_to(job.plan.window))]
        reporter = StopReporter(job.store.folder / _STOP)
        facts = compute_blocks(job.plan, job.scene, predictor, job.store, list(split_run(missing)), reporter)
    return replace(facts, windows=task.windows)  # those of blocks that were done before are done too


@contextmanager
def load_on_worker(config: SegmentConfig) -> Iterator[Predictor]:
    """Load the model of a run on a worker, or take it from the task before, and keep other tasks waiting meanwhile."""
    from distributed import get_worker

    with _one_at_a_time:
        try:
            yield _load_once(replace(config, threads=config.threads or get_worker().state.nthreads))
        except AerialSegError as error:  # with the errors of GDAL that it came from it could not be sent
            error.__cause__ = error.__context__ = None
            raise


@lru_cache(maxsize=1)
def _load_once(config: SegmentConfig) -> Predictor:
    """Load the model of a run; a worker computes one job after the other, and may get many tasks of each."""
    return load_predictor(config)


class StopReporter(Reporter):
    """Cancels once a file is there, or its folder is gone: nobody waits for the result any more."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def check(self) -> None:
        if self._file.exists() or not self._file.parent.exists():
            self.cancel()
        super().check()


def dispatch(
    client: Client, function: Callable[[Given], Found], tasks: Sequence[Given], reporter: Reporter
) -> Generator[Found, None, None]:
    """Have a cluster compute tasks: few at a time, more as it grows, and again what a worker took with it as it died.

    Args:
        client: The connection to its scheduler.
        function: What computes a task.
        tasks: What it is given, one after the other.
        reporter: May cancel.

    Yields:
        Results, in the order in which they are ready.

    Raises:
        Cancelled: The run was cancelled.
        ClusterError: The scheduler has gone, or a task has killed too many workers.
        AerialSegError: As the function.
    """
    from dask.utils import key_split
    from distributed import CancelledError, KilledWorker

    waiting = deque((task, 0) for task in tasks)
    running: dict[Future[Found], tuple[Given, int]] = {}
    ready: SimpleQueue[Future[Found]] = SimpleQueue()
    most, looked = LEAST_TASKS, -math.inf
    try:
        while waiting or running:
            reporter.check()
            if time.monotonic() > looked + CHECK_EVERY:
                most, looked = max(LEAST_TASKS, TASKS_PER_WORKER * len(client.nthreads())), time.monotonic()
                key_split.cache_clear()  # it keeps the keys of the last 100 000 tasks and never asks for them again
                _trim_scheduler(client)
            while waiting and len(running) < most:
                task, tries = waiting.popleft()
                future = client.submit(function, task, pure=False)
                running[future] = task, tries
                future.add_done_callback(ready.put)
            try:
                future = ready.get(timeout=CHECK_EVERY)
            except Empty:
                continue
            task, tries = running.pop(future)
            try:
                found = future.result()
            except (KilledWorker, CancelledError) as error:
                if tries >= MOST_TRIES or client.status != "running":
                    raise ClusterError(
                        "cluster-workers-died",
                        "The workers that had a task died, {tries} of them: {error}.",
                        "Look into their logs; most often their memory was full (--memory).",
                        tries=tries + 1,
                        error=error,
                    ) from error
                waiting.appendleft((task, tries + 1))
                continue
            finally:
                future.release()
            yield found
    except AerialSegError:  # some are OSErrors too
        raise
    except (OSError, TimeoutError) as error:
        raise ClusterError(
            "cluster-silent",
            "The Dask scheduler does not answer any more: {error}.",
            "Start it, and give the same command again.",
            error=error,
        ) from error
    finally:
        if running and client.status == "running":
            client.cancel(list(running), force=True)


def _trim_scheduler(client: Client) -> None:
    """Let the scheduler forget that it was given single tasks: Dask keeps a line about each for as long as it runs.

    What is sent is a closure, and so goes by value: where the scheduler runs there may be no aerialseg.
    """

    def forget(dask_scheduler: Any) -> None:
        known = dask_scheduler.extensions.get("spans")
        for span in known.spans.values() if known else ():
            if span.metadata:
                told = span.metadata["collections"]
                told[:] = [one for one in told if one != {"type": "Future"}]  # nothing of other users of the scheduler

    client.run_on_scheduler(forget)


@contextmanager
def open_cluster(address: str, config: SegmentConfig) -> Iterator[Client]:
    """Connect to a Dask scheduler, or start one with workers on this machine for as long as the block lasts.

    Args:
        address: tcp://HOST:PORT, the path of a scheduler file (*.json), or local:N.
        config: Says how many threads each worker gets on this machine; by default they share its cores.

    Raises:
        ClusterError: The scheduler does not answer.
        DependencyError: Dask is not installed.
    """
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise DependencyError("needs-dask", "--cluster needs Dask.", 'pip install "aerialseg[cluster]"') from error
    count = count_local_workers(address)
    # a worker that dies takes what it had with it, guilty or not; `dispatch` counts by itself who dies
    settings: dict[str, Any] = {
        "distributed.scheduler.allowed-failures": MOST_TRIES,
        "distributed.worker.daemon": True,
        "distributed.deploy.lost-worker-timeout": "1 day",  # one that is slow to start again would be given up for good
        # nobody looks into what Dask notes of itself, in buffers that fill for an hour
        "distributed.admin.low-level-log-length": _LOGGED,
        "distributed.admin.log-length": _LOGGED,
        "distributed.admin.system-monitor.log-length": _LOGGED,
        "distributed.worker.profile.enabled": False,
    }
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters of it is said in our own words
    with ExitStack() as stack:
        stack.enter_context(dask.config.set(settings))
        try:
            where: dict[str, Any] = {"scheduler_file": address} if address.endswith(".json") else {"address": address}
            if count:
                local = LocalCluster(
                    n_workers=count,
                    threads_per_worker=config.threads or max(1, count_usable_cores() // count),
                    memory_limit=0,  # each keeps to --memory by itself
                    silence_logs=logging.CRITICAL,
                    scheduler_kwargs={"dashboard": False},
                    dashboard_address="127.0.0.1:0",  # a port that is free: nobody looks, but it is opened
                )
                where = {"address": stack.enter_context(local)}
            client = stack.enter_context(Client(**where, timeout=ANSWER_WITHIN))
        except (OSError, ValueError, RuntimeError) as error:
            if count:
                raise ClusterError(
                    "cluster-no-workers",
                    "No workers can be started here: {error}.",
                    'A script that starts some does so below `if __name__ == "__main__":`, as they import it.',
                    error=error,
                ) from error
            raise ClusterError(
                "cluster-no-scheduler",
                "No Dask scheduler answers at {address}: {error}.",
                "Start one: dask scheduler; dask worker.",
                address=address,
                error=error,
            ) from error
        yield client

"""A scene in shards and on a cluster: the same bits as in one process, whoever is killed, and whoever comes second."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pyogrio
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from support import NORTH_UP, Listener, contents, image, read, save_model, save_scene

from aerialseg_core import batch, segment
from aerialseg_core.config import MIN_MEMORY, SegmentConfig, count_local_workers
from aerialseg_core.errors import (
    BatchError,
    Cancelled,
    ClusterError,
    EngineError,
    OutputError,
    ParameterError,
    SceneError,
)
from aerialseg_core.files.locks import lock
from aerialseg_core.model.engines import EngineIdentity
from aerialseg_core.progress import Reporter
from aerialseg_core.raster.class_raster import ENGINE_TAG, PROBE_TAG, read_tags
from aerialseg_core.segmentation.blocks import BlockStore, find_block_folder
from aerialseg_core.segmentation.cluster import CHECK_EVERY, dispatch, open_cluster
from aerialseg_core.segmentation.shards import Shard, segment_blocks

NAMES = ("classes.tif", "sure.tif", "areas.gpkg")


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scene, a model, and the result of one process."""
    folder = tmp_path_factory.mktemp("material")
    save_model(folder / "tiny.onnx")
    save_scene(folder / "scene.tif", image(420, 300), crs="EPSG:32640")
    segment(folder / "scene.tif", folder / "classes.tif", **wanted(folder, folder))
    return folder


def wanted(material: Path, folder: Path, **options: Any) -> dict[str, Any]:
    """What every run of these tests is asked for."""
    outputs = {"confidence": folder / "sure.tif", "polygons": folder / "areas.gpkg"}
    return {**outputs, "model": str(material / "tiny.onnx"), "engine": "onnxruntime", "block": 28, **options}


def compute(material: Path, folder: Path, **options: Any) -> None:
    segment(material / "scene.tif", folder / "classes.tif", **wanted(material, folder, **options))


def assert_same(material: Path, folder: Path) -> None:
    assert contents(folder) == {*NAMES, "classes.tif.aux.xml"}
    for name in NAMES:
        assert (folder / name).read_bytes() == (material / name).read_bytes()


def test_shards_in_any_order_give_the_bits_of_one_process(material: Path, tmp_path: Path) -> None:
    order = list(range(1, 17))
    random.Random(3).shuffle(order)
    facts = [
        segment_blocks(
            material / "scene.tif", tmp_path / "classes.tif", f"{n}/16", **wanted(material, tmp_path, threads=n % 3)
        )
        for n in order
    ]
    assert sum(sum(one.pixels.values()) for one in facts) == 420 * 300
    assert not visible(tmp_path)
    listener = Windows()
    compute(material, tmp_path, reporter=listener)
    assert listener.total == 0  # it assembles, and computes nothing
    assert_same(material, tmp_path)


def visible(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir() if not one.name.startswith(".")]


class Windows(Reporter):
    """Remembers how many windows there were to do."""

    def start(self, task: str, total: int, unit: str) -> None:
        super().start(task, total, unit)
        if unit != "windows":
            self.total = 0


def test_what_shards_have_left_out_is_computed_by_the_run_that_assembles(material: Path, tmp_path: Path) -> None:
    segment_blocks(material / "scene.tif", tmp_path / "classes.tif", "2/3", **wanted(material, tmp_path))
    compute(material, tmp_path)
    assert_same(material, tmp_path)


def start_shard(material: Path, folder: Path, share: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "aerialseg_core", "segment", str(material / "scene.tif")]
    command += ["-o", str(folder / "classes.tif"), "--confidence", str(folder / "sure.tif"), "--blocks", share]
    command += ["--polygons", str(folder / "areas.gpkg"), "--model", str(material / "tiny.onnx")]
    command += ["--engine", "onnxruntime", "--block", "28", "--progress", "json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_shards_that_run_at_the_same_time_one_of_them_killed(material: Path, tmp_path: Path) -> None:
    shards = [start_shard(material, tmp_path, share) for share in ("1/2", "2/2")]
    assert shards[0].stdout is not None
    for line in shards[0].stdout:
        if '"progress"' in line:
            break
    shards[0].kill()
    said = [shard.communicate() for shard in shards]
    assert shards[1].returncode == 0, said
    again = start_shard(material, tmp_path, "1/2")
    assert again.wait() == 0, again.communicate()
    compute(material, tmp_path)
    assert_same(material, tmp_path)


@pytest.mark.slow
def test_sixteen_processes_in_random_order_give_the_bits_of_one(material: Path, tmp_path: Path) -> None:
    order = list(range(1, 17))
    random.Random().shuffle(order)
    waiting, running = iter(order), list[subprocess.Popen[str]]()
    for _ in range(3):  # some at the same time, in whatever order they end
        running += [start_shard(material, tmp_path, f"{next(waiting)}/16")]
    while running:
        shard = running.pop(0)
        said = shard.communicate()
        assert shard.returncode == 0, (order, said)
        if (share := next(waiting, 0)) != 0:
            running.append(start_shard(material, tmp_path, f"{share}/16"))
    assert not visible(tmp_path)
    listener = Windows()
    compute(material, tmp_path, reporter=listener)
    assert listener.total == 0, order
    assert_same(material, tmp_path)


def test_nobody_assembles_while_a_shard_runs(material: Path, tmp_path: Path) -> None:
    class Intruder(Listener):
        """Assembles while a shard runs."""

        def message(self, text: str, level: str = "info") -> None:
            with pytest.raises(OutputError, match=rf"--blocks 7/9, process {os.getpid()}"):
                compute(material, tmp_path)
            super().message(text, level)

    intruder = Intruder()
    segment_blocks(
        material / "scene.tif", tmp_path / "classes.tif", "7/9", reporter=intruder, **wanted(material, tmp_path)
    )
    assert intruder.messages
    shutil.rmtree(find_block_folder(tmp_path / "classes.tif"))
    with (
        lock(tmp_path / "classes.tif", "segment"),
        pytest.raises(OutputError, match="Another run is writing"),
    ):
        segment_blocks(material / "scene.tif", tmp_path / "classes.tif", "7/9", **wanted(material, tmp_path))
    assert contents(tmp_path) == set()


@pytest.mark.parametrize(("change", "error"), [({"overlap": 0.5}, OutputError), ({"tta": 4}, OutputError)])
def test_what_shards_have_done_is_not_thrown_away_by_a_wrong_option(
    material: Path, tmp_path: Path, change: dict[str, Any], error: type[Exception]
) -> None:
    segment_blocks(material / "scene.tif", tmp_path / "classes.tif", "1/2", **wanted(material, tmp_path))
    with pytest.raises(error, match="another scene, model or parameters"):
        compute(material, tmp_path, **change)
    with pytest.raises(error, match="another scene, model or parameters"):
        segment_blocks(material / "scene.tif", tmp_path / "classes.tif", "2/2", **wanted(material, tmp_path, **change))
    segment_blocks(material / "scene.tif", tmp_path / "classes.tif", "2/2", **wanted(material, tmp_path))
    compute(material, tmp_path)
    assert_same(material, tmp_path)


def pretend_another_machine_began(folder: Path) -> None:
    """What a machine of another kind leaves when it is the first."""
    store = BlockStore.__new__(BlockStore)
    store.folder = find_block_folder(folder / "classes.tif")
    store._write_facts("engine.json", vars(EngineIdentity("openvino", "9.9", "bf16", "0123456789abcdef")))


def test_a_machine_that_computes_other_scores_is_refused_or_told_in_the_tags(material: Path, tmp_path: Path) -> None:
    segment_blocks(material / "scene.tif", tmp_path / "classes.tif", "1/2", **wanted(material, tmp_path))
    pretend_another_machine_began(tmp_path)
    with pytest.raises(EngineError, match=r"\(onnxruntime .* fp32\) computes other scores .*\(openvino 9.9 bf16\)"):
        segment_blocks(material / "scene.tif", tmp_path / "classes.tif", "2/2", **wanted(material, tmp_path))
    with pytest.raises(EngineError, match="--allow-mixed"):
        compute(material, tmp_path)
    compute(material, tmp_path, allow_mixed=True)
    tags, pure = (read_tags(folder / "classes.tif") for folder in (tmp_path, material))
    assert tags[ENGINE_TAG] == f"openvino 9.9 bf16; {pure[ENGINE_TAG]}"
    assert tags[PROBE_TAG] == f"0123456789abcdef; {pure[PROBE_TAG]}"
    assert (read(tmp_path / "classes.tif") == read(material / "classes.tif")).all()


@pytest.mark.parametrize("content", ["", "\0" * 40])
def test_what_a_power_cut_leaves_of_the_facts_of_shards_is_said(material: Path, tmp_path: Path, content: str) -> None:
    """They are on the disk before any block is; should they be lost all the same, nobody believes the blocks."""
    engine = find_block_folder(tmp_path / "classes.tif") / "engine.json"
    scene, target = material / "scene.tif", tmp_path / "classes.tif"
    engine.parent.mkdir()
    engine.write_text(content)
    segment_blocks(scene, target, "1/2", **wanted(material, tmp_path))  # there is no block yet: that of nobody
    whole = engine.read_text()
    engine.write_text(content)
    with pytest.raises(OutputError, match=r"engine\.json is damaged\. Remove "):
        segment_blocks(scene, target, "2/2", **wanted(material, tmp_path))
    engine.write_text(whole)
    job = engine.with_name("job.json")
    whole = job.read_text()
    job.write_text(content)
    with pytest.raises(OutputError, match=r"job\.json is damaged\. Remove "):
        segment_blocks(scene, target, "2/2", **wanted(material, tmp_path))
    job.write_text(whole)
    segment_blocks(scene, target, "2/2", **wanted(material, tmp_path))
    compute(material, tmp_path)
    assert_same(material, tmp_path)


def test_who_only_assembles_need_not_compute_the_same_scores(material: Path, tmp_path: Path) -> None:
    segment_blocks(material / "scene.tif", tmp_path / "classes.tif", "1/1", **wanted(material, tmp_path))
    pretend_another_machine_began(tmp_path)
    compute(material, tmp_path)
    assert read_tags(tmp_path / "classes.tif")[ENGINE_TAG] == "openvino 9.9 bf16"


def test_a_private_run_that_another_engine_began_begins_anew(material: Path, tmp_path: Path) -> None:
    class Stop(Reporter):
        def advance(self, n: int = 1, **state: Any) -> None:
            super().advance(n)
            if self.done > 100:
                self.cancel()

    with pytest.raises(Cancelled):
        compute(material, tmp_path, reporter=Stop())
    pretend_another_machine_began(tmp_path)
    compute(material, tmp_path)
    assert_same(material, tmp_path)


def test_blocks_of_runs_with_other_memory_fit_together(tmp_path: Path) -> None:
    """A scene so wide that the least memory cuts it into stripes: half of it so, the rest in one."""
    save_model(tmp_path / "tiny.onnx")
    save_scene(tmp_path / "scene.tif", image(90, 9000))
    options: Any = {"model": str(tmp_path / "tiny.onnx"), "engine": "onnxruntime", "block": 28, "out_gsd": "model"}
    options |= {"gsd": 1.5}
    segment(tmp_path / "scene.tif", tmp_path / "whole.tif", **options)
    facts = [
        segment_blocks(tmp_path / "scene.tif", tmp_path / "mixed.tif", f"{n}/2", **options, memory=memory)
        for n, memory in ((1, MIN_MEMORY), (2, 1 << 30))
    ]
    assert facts[0].blocks != facts[1].blocks
    segment(tmp_path / "scene.tif", tmp_path / "mixed.tif", **options)
    assert (read(tmp_path / "mixed.tif") == read(tmp_path / "whole.tif")).all()


@given(total=st.integers(1, 40), count=st.integers(0, 100))
def test_shares_are_neighbours_and_together_everything(total: int, count: int) -> None:
    taken = [range(count)[Shard(n, total).take(count)] for n in range(1, total + 1)]
    assert [one for share in taken for one in share] == list(range(count))
    assert max(map(len, taken)) - min(map(len, taken)) <= 1


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "1/0", "-1/3", "a/b", "1/3/5", ""])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(ParameterError, match="share"):
        Shard.parse(text)


@pytest.mark.parametrize(("text", "count"), [("local:4", 4), ("tcp://h:8786", 0), ("/a/scheduler.json", 0)])
def test_addresses_of_clusters(text: str, count: int) -> None:
    assert count_local_workers(text) == count


@pytest.mark.parametrize("text", ["local", "local:0", "local:x", "local:100000", "8786", "", "host:8786"])
def test_what_is_no_cluster_is_refused(material: Path, tmp_path: Path, text: str) -> None:
    with pytest.raises(ParameterError, match="is no cluster"):
        compute(material, tmp_path, cluster=text)
    assert contents(tmp_path) == set()


def test_a_scheduler_that_is_not_there_is_one_sentence(
    material: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aerialseg_core.segmentation.cluster.ANSWER_WITHIN", 1)
    with pytest.raises(ClusterError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        compute(material, tmp_path, cluster="tcp://127.0.0.1:9")
    assert not visible(tmp_path)


@pytest.mark.parametrize("count", [1, 4])
def test_a_cluster_of_this_machine_gives_the_bits_of_one_process(material: Path, tmp_path: Path, count: int) -> None:
    compute(material, tmp_path, cluster=f"local:{count}", threads=1)
    assert_same(material, tmp_path)


def test_a_scheduler_forgets_the_tasks_that_are_done() -> None:
    def count(dask_scheduler: Any) -> int:
        known = dask_scheduler.extensions["spans"].spans.values()
        return sum(len(span.metadata["collections"]) for span in known if span.metadata)

    tasks = range(int(3 * CHECK_EVERY * 1000))  # more than a scheduler takes until it is looked after again
    with open_cluster("local:1", SegmentConfig(threads=1)) as client:
        assert sorted(dispatch(client, abs, tasks, Reporter())) == list(tasks)
        assert client.run_on_scheduler(count) < len(tasks) / 2


class Killer(threading.Thread):
    """Kills a random worker whenever so many more blocks are finished, as an operator or a full memory would."""

    def __init__(self, folder: Path, every: int, most: int) -> None:
        super().__init__(daemon=True)
        self.folder, self.every, self.most, self.killed = folder, every, most, 0
        self.ended = threading.Event()

    def run(self) -> None:
        choose, seen = random.Random(5), 0
        while not self.ended.wait(0.005) and self.killed < self.most:
            finished = len(list(self.folder.glob("0-*.tif")))
            if finished >= seen + self.every and (workers := find_workers()):
                choose.choice(workers).send_signal(signal.SIGKILL)
                self.killed, seen = self.killed + 1, finished


def find_workers() -> list[psutil.Process]:
    """The processes of a local cluster that compute: those that have loaded much."""
    children = psutil.Process().children(recursive=True)
    return [one for one in children if one.is_running() and "spawn_main" in " ".join(ask(one.cmdline, []))]


def ask(question: Callable[[], Any], otherwise: Any) -> Any:
    try:
        return question()
    except psutil.Error:  # it has just ended
        return otherwise


def test_a_cluster_whose_workers_are_killed_gives_the_bits_of_one_process(material: Path, tmp_path: Path) -> None:
    killer = Killer(find_block_folder(tmp_path / "classes.tif"), every=2, most=4)
    killer.start()
    compute(material, tmp_path, cluster="local:4", threads=1)
    killer.ended.set()
    killer.join()
    assert killer.killed >= 2
    assert_same(material, tmp_path)


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[Path]:
    """A scheduler with one worker, as somebody else starts them; its scheduler file."""
    file = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    with (
        subprocess.Popen([*dask, "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]) as first,
        subprocess.Popen(
            [
                *(sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(file)),
                *("--nthreads", "1", "--no-dashboard", "--memory-limit", "0"),
            ]
        ) as second,
    ):
        yield file
        second.terminate()
        first.terminate()


def test_a_scheduler_file_leads_to_a_cluster(material: Path, tmp_path: Path, scheduler: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    while not scheduler.exists():
        scheduler.parent.stat()
    compute(material, folder, cluster=str(scheduler))
    assert_same(material, folder)


@pytest.mark.slow
def test_a_cluster_that_grows_from_nothing_and_shrinks_gives_the_bits_of_one_process(
    material: Path, tmp_path: Path
) -> None:
    from distributed import LocalCluster, Scheduler, SchedulerPlugin

    class Workers(SchedulerPlugin):
        """Counts the workers of a scheduler."""

        most, gone = 0, threading.Event()

        def add_worker(self, scheduler: Scheduler, worker: str) -> None:
            self.most = max(self.most, len(scheduler.workers))

        def remove_worker(self, scheduler: Scheduler, worker: str, **_: Any) -> None:
            if not scheduler.workers:
                self.gone.set()

    grown = Workers()
    with LocalCluster(
        n_workers=0, threads_per_worker=1, processes=True, memory_limit=None, dashboard_address=None
    ) as cluster:
        cluster.scheduler.add_plugin(grown)
        cluster.adapt(minimum=0, maximum=2, interval="200ms", wait_count=2)
        assert not cluster.workers
        compute(material, tmp_path, cluster=cluster.scheduler_address, threads=1)
        assert grown.gone.wait(60)  # for idle workers
    assert 1 <= grown.most <= 2
    assert_same(material, tmp_path)


def test_cancelling_a_cluster_keeps_what_is_finished(material: Path, tmp_path: Path) -> None:
    class StopAfterABlock(Reporter):
        def check(self) -> None:
            if list(find_block_folder(tmp_path / "classes.tif").glob("0-*.tif")):
                self.cancel()
            super().check()

    with pytest.raises(Cancelled):
        compute(material, tmp_path, cluster="local:2", threads=1, reporter=StopAfterABlock())
    assert list(find_block_folder(tmp_path / "classes.tif").glob("0-*.tif"))
    compute(material, tmp_path)
    assert_same(material, tmp_path)


def test_a_worker_that_sees_another_scene_is_refused(
    material: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aerialseg_core.segmentation.job.fingerprint_job", lambda *_: "of this process")
    with pytest.raises(SceneError, match="A worker would make another map"):
        compute(material, tmp_path, cluster="local:1", threads=1)


def start_batch(material: Path, folder: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "aerialseg_core", "batch", str(material / "scenes"), "-o", str(folder)]
    command += ["--model", str(material / "tiny.onnx"), "--engine", "onnxruntime", "--progress", "json", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def scenes(material: Path) -> Path:
    """A folder of scenes, one of them damaged, and their maps of one process."""
    (material / "scenes").mkdir()
    for number in range(7):
        save_scene(material / "scenes" / f"{number}.tif", image(60 + number, 50, seed=number), crs="EPSG:32640")
    (material / "scenes" / "bad.tif").write_bytes(b"II*\0")
    batch(material / "scenes", material / "maps", model=str(material / "tiny.onnx"), engine="onnxruntime")
    return material


def assert_same_maps(material: Path, folder: Path) -> None:
    names = {one.name for one in (material / "maps").glob("*_classes.tif")}
    assert len(names) == 7
    assert names == {one.name for one in folder.glob("*_classes.tif")}
    assert all((folder / name).read_bytes() == (material / "maps" / name).read_bytes() for name in names)
    states = pyogrio.read_dataframe(folder / "scenes.gpkg", layer="scenes", read_geometry=False)["state"]
    assert sorted(states) == [*["done"] * 7, "failed"]


def test_shares_of_a_folder_are_done_by_processes_at_the_same_time(scenes: Path, tmp_path: Path) -> None:
    shares = [start_batch(scenes, tmp_path, "--shard", f"{n}/3") for n in (1, 2, 3)]
    said = [share.communicate() for share in shares]
    assert sorted(share.returncode for share in shares) == [0, 0, BatchError.exit_code], said
    last = batch(scenes / "scenes", tmp_path, model=str(scenes / "tiny.onnx"), engine="onnxruntime")
    assert sorted(one.status for one in last) == ["failed", *["skipped"] * 7]
    assert_same_maps(scenes, tmp_path)


def test_a_folder_on_a_cluster_gives_the_maps_of_one_process(scenes: Path, tmp_path: Path) -> None:
    options: Any = {"model": str(scenes / "tiny.onnx"), "engine": "onnxruntime", "threads": 1}
    found = batch(scenes / "scenes", tmp_path, cluster="local:2", **options)
    assert sorted(one.status for one in found) == [*["done"] * 7, "failed"]
    assert_same_maps(scenes, tmp_path)


def test_a_folder_is_done_as_a_whole_or_in_shares(scenes: Path, tmp_path: Path) -> None:
    options: Any = {"model": str(scenes / "tiny.onnx"), "engine": "onnxruntime"}
    with (
        lock(tmp_path, "batch", tmp_path / ".batch.lock"),
        pytest.raises(OutputError, match="Another run is writing"),
    ):
        batch(scenes / "scenes", tmp_path, shard="1/3", **options)
    with (
        lock(tmp_path, "batch --shard 2/3", tmp_path / ".batch.2-3.lock"),
        pytest.raises(OutputError, match="--shard 2/3"),
    ):
        batch(scenes / "scenes", tmp_path, **options)


def test_a_share_of_a_folder_may_be_empty(scenes: Path, tmp_path: Path) -> None:
    share = start_batch(scenes, tmp_path, "--shard", "9/9", "--progress", "none")
    assert (share.communicate(), share.returncode) == (("0 done, 0 skipped, 0 failed\n", ""), 0)


@pytest.fixture(scope="module")
def sheets(material: Path) -> Path:
    """Sheets of two islands, one of them damaged, and their maps of one process."""
    pixels = image(130, 400)
    (material / "sheets").mkdir()
    for name, row, col in (("a", 0, 0), ("b", 0, 70), ("c", 60, 0), ("d", 60, 70), ("e", 0, 330)):
        place = NORTH_UP * Affine.translation(col, row)
        save_scene(material / "sheets" / f"{name}.tif", pixels[:, row : row + 70, col : col + 70], transform=place)
    place = NORTH_UP * Affine.translation(330, 70)
    torn = save_scene(material / "sheets" / "f.tif", pixels[:, 70:, 330:], transform=place, compress="deflate")
    torn.write_bytes(torn.read_bytes()[:-3000])
    run_mosaic(material, material / "mosaic")
    return material


def run_mosaic(material: Path, folder: Path, **options: Any) -> list[str]:
    """Segment the sheets as a mosaic; returns their states."""
    wanted: Any = {"model": str(material / "tiny.onnx"), "engine": "onnxruntime", "block": 28, "threads": 1}
    found = batch(material / "sheets", folder, mosaic=True, polygons=True, confidence=True, **wanted, **options)
    return [one.status for one in found]


def assert_same_mosaic(material: Path, folder: Path) -> None:
    assert sorted(visible(folder)) == sorted(visible(material / "mosaic"))
    rasters = sorted(one.name for one in folder.glob("*.tif"))
    assert len(rasters) == 10
    for name in (*rasters, "classes.vrt", "confidence.vrt", "polygons.gpkg"):
        assert (folder / name).read_bytes() == (material / "mosaic" / name).read_bytes()


def test_a_mosaic_on_a_cluster_gives_the_maps_of_one_process(sheets: Path, tmp_path: Path) -> None:
    assert run_mosaic(sheets, tmp_path, cluster="local:2") == [*["done"] * 5, "failed"]
    assert_same_mosaic(sheets, tmp_path)


def test_shares_of_a_mosaic_give_the_maps_of_one_process(sheets: Path, tmp_path: Path) -> None:
    found = [run_mosaic(sheets, tmp_path, shard=f"{n}/3") for n in (2, 3, 1)]
    assert found == [[], ["failed"], []]  # only the last share comes to where a sheet is damaged
    assert visible(tmp_path) == ["scenes.gpkg"]
    assert run_mosaic(sheets, tmp_path) == [*["done"] * 5, "failed"]
    assert_same_mosaic(sheets, tmp_path)

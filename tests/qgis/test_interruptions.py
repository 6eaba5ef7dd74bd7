"""Cancelled, killed, pulled away from under it: QGIS keeps running, the worker does not, and nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from within import Run, feedback_class, qgis_process_command

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [
    pytest.mark.qgis,
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="workers are found through /proc, which Linux has"),
]

RunAlgorithm = Callable[..., Run]
TIMEOUT = 60.0


def workers(folder: Path) -> list[int]:
    """Processes of the core that were told to write into a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"aerialseg_core" in command and any(os.fsencode(folder) in word for word in command):
            found.append(int(entry.name))
    return found


def until(condition: Callable[[], bool], seconds: float = TIMEOUT) -> bool:
    """Whether something becomes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        os.sched_yield()
    return True


@pytest.fixture
def slow(large_scene: Path, tmp_path: Path) -> dict[str, Any]:
    """Parameters of a run of many minutes that writes into a folder `out`."""
    out = tmp_path / "out"
    out.mkdir()
    outputs = {"OUTPUT": out / "classes.tif", "CONFIDENCE": out / "sure.tif", "POLYGONS": out / "classes.gpkg"}
    return {"INPUT": str(large_scene), "QUALITY": "best", **outputs}


def test_cancel_ends_the_worker_within_two_seconds_and_leaves_nothing(
    run: RunAlgorithm, slow: dict[str, Any], tmp_path: Path
) -> None:
    cancelled: list[float] = []

    def cancel(feedback: Any) -> None:
        if not cancelled:
            cancelled.append(time.monotonic())
            assert workers(tmp_path)
            feedback.cancel()

    done = run("segmentraster", slow, feedback_class()(cancel))
    assert cancelled
    assert time.monotonic() - cancelled[0] < 2
    assert not done.ok
    assert "Cancelled" in done.log
    assert not workers(tmp_path)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_folder_that_is_cancelled_keeps_what_is_finished_and_nothing_half(
    run: RunAlgorithm, scene: Path, large_scene: Path, tmp_path: Path
) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "a.tif").symlink_to(scene)
    (folder / "b.tif").symlink_to(large_scene)

    def cancel(feedback: Any) -> None:
        if feedback.progress() > 51:  # the second half is the large one
            feedback.cancel()

    given = {"INPUT": str(folder), "OUTPUT": str(out), "GSD": "source"}
    done = run("segmentfolder", given, feedback_class()(cancel))
    assert not done.ok
    assert not workers(tmp_path)
    about = {"index.html", "scenes.gpkg"}
    assert {path.name for path in out.iterdir()} == {"a_classes.tif", "a_classes.tif.aux.xml", *about}


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_worker_that_dies_gives_a_message_and_no_hang(
    run: RunAlgorithm, slow: dict[str, Any], tmp_path: Path, number: signal.Signals
) -> None:
    killed: list[int] = []

    def kill(feedback: Any) -> None:
        for worker in () if killed else workers(tmp_path):
            killed.append(worker)
            os.kill(worker, number)

    done = run("segmentraster", slow, feedback_class()(kill))
    assert killed
    assert not done.ok
    assert ("killed" if number == signal.SIGKILL else "crashed (SIGSEGV)") in done.log
    assert not (tmp_path / "out" / "classes.tif").exists()
    assert not workers(tmp_path)


def test_the_worker_ends_when_qgis_is_killed(headless: dict[str, str], large_scene: Path, tmp_path: Path) -> None:
    out = tmp_path / "killed"
    out.mkdir()
    arguments = [f"--INPUT={large_scene}", "--QUALITY=best", f"--OUTPUT={out / 'classes.tif'}"]
    command = [*qgis_process_command(), "run", "aerialseg:segmentraster", *arguments]
    qgis = subprocess.Popen(command, env=headless, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert until(lambda: (out / ".classes.tif.blocks").is_dir()), "the worker never began"
    finally:
        qgis.kill()
        qgis.wait()
    assert until(lambda: not workers(out), 10), "the worker outlived QGIS"
    assert not (out / "classes.tif").exists()


PREVIEW = """
import os, sys
from qgis.core import QgsApplication
app = QgsApplication([], False)
app.initQgis()
sys.path.insert(0, os.environ["QGIS_PLUGINPATH"])
from aerialseg.plugin.previewer import Previewer
previewer = Previewer(app)
previewer.failed.connect(print)
previewer.ask([sys.argv[1], "-o", sys.argv[2]])
previewer._process.waitForStarted()
print(previewer._process.processId(), flush=True)
app.exec()
"""


def test_the_worker_of_previews_ends_when_qgis_is_killed(
    headless: dict[str, str], large_scene: Path, tmp_path: Path
) -> None:
    command = ["/usr/bin/python3", "-c", PREVIEW, str(large_scene), str(tmp_path / "preview.tif")]
    with subprocess.Popen(command, env=headless, stdout=subprocess.PIPE, text=True) as qgis:
        assert qgis.stdout is not None
        worker = Path("/proc", qgis.stdout.readline().strip())
        assert until(lambda: b"preview" in (worker / "cmdline").read_bytes())
        qgis.kill()
    assert until(lambda: not (worker / "cmdline").exists() or not (worker / "cmdline").read_bytes())


def test_a_layer_that_is_removed_from_the_project_is_finished(
    run: RunAlgorithm, scene: Path, project: Any, tmp_path: Path
) -> None:
    from qgis.core import QgsRasterLayer

    layer = QgsRasterLayer(str(scene), "here and gone")
    project.addMapLayer(layer)
    removed: list[bool] = []

    def remove(feedback: Any) -> None:
        if not removed:
            removed.append(True)
            project.removeMapLayers([layer_id])

    layer_id = layer.id()
    del layer
    given = {"INPUT": layer_id, "GSD": "source", "OUTPUT": tmp_path / "classes.tif"}
    done = run("segmentraster", given, feedback_class()(remove))
    assert removed
    assert done.ok, done.log
    assert done.layers["OUTPUT"].name() == "here and gone – classes"
    assert project.mapLayer(layer_id) is None


def test_without_an_environment_one_sentence_names_the_remedy(
    run: RunAlgorithm, scene: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AERIALSEG_PYTHON", str(tmp_path / "no" / "python3"))
    done = run("segmentraster", {"INPUT": str(scene), "OUTPUT": tmp_path / "classes.tif"})
    assert not done.ok
    assert "AERIALSEG_PYTHON" in done.log
    assert "Traceback" not in done.log
    assert not (tmp_path / "classes.tif").exists()


def test_what_a_library_prints_is_no_event(run: RunAlgorithm, plugin_package: Any, tmp_path: Path) -> None:
    from importlib import import_module

    worker = import_module("aerialseg.plugin.worker")
    script = (
        "import json, sys; print('hello'); print('[1]'); print(json.dumps({'event': 'result', 'a': 1})); sys.exit(0)"
    )
    events: list[dict[str, Any]] = []
    given = [os.environ["AERIALSEG_PYTHON"], "-c", script]
    result = worker.run(given, worker.make_clean_environment(), on_event=events.append, is_cancelled=lambda: False)
    assert result == {"a": 1}
    assert events == []


def test_another_protocol_is_refused(run: RunAlgorithm, plugin_package: Any) -> None:
    from importlib import import_module

    worker = import_module("aerialseg.plugin.worker")
    script = 'print(\'{"event": "start", "protocol": 99}\', flush=True); import signal; signal.pause()'
    given = [os.environ["AERIALSEG_PYTHON"], "-c", script]
    with pytest.raises(worker.WorkerError, match="another protocol"):
        worker.run(given, worker.make_clean_environment(), on_event=print, is_cancelled=lambda: False)


def test_a_worker_that_does_not_listen_is_killed_with_all_it_started(
    run: RunAlgorithm, plugin_package: Any, tmp_path: Path
) -> None:
    from importlib import import_module

    worker = import_module("aerialseg.plugin.worker")
    child = "import signal, sys; signal.signal(15, signal.SIG_IGN); print('x', flush=True); signal.pause()"
    script = (
        f"import signal, subprocess, sys; signal.signal(15, signal.SIG_IGN)\n"
        f"p = subprocess.Popen([sys.executable, '-c', {child!r}, {str(tmp_path)!r}])\n"
        f'print(\'{{"event": "message", "text": "\' + str(p.pid) + \'"}}\', flush=True); signal.pause()'
    )
    pids: list[int] = []
    given = [os.environ["AERIALSEG_PYTHON"], "-c", script]
    begin = time.monotonic()
    with pytest.raises(worker.WorkerCancelled):
        worker.run(
            given,
            worker.make_clean_environment(),
            on_event=lambda event: pids.append(int(event["text"])),
            is_cancelled=lambda: bool(pids),
        )
    assert time.monotonic() - begin < TIMEOUT
    command = Path(f"/proc/{pids[0]}/cmdline")  # empty once it has ended and nobody has asked how
    assert until(lambda: not command.exists() or not command.read_bytes())

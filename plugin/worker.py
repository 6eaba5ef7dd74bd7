# SPDX-License-Identifier: GPL-2.0-or-later
"""The core in a process of its own: started in a clean environment, heard line by line, ended for certain.

Standard library only, and no call into QGIS: this runs in whatever thread a task has.
"""

from __future__ import annotations

import glob
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Optional

from .__about__ import ROOT

PROTOCOL = 1
"""Version of the event stream that is understood."""

PARTIAL = "BatchError"
"""The error after which a result counts all the same: some scenes of a folder failed, and it says which."""

GRACE = 1.2
"""Seconds that a cancelled worker gets to tidy up before it is killed; cancelling takes two at most."""

LOG_LINES = 40
"""Lines of its log that are kept, for the message when it dies."""

FOREIGN = ("PYTHON", "PROJ_", "GDAL_", "QT_", "QGIS_", "GRASS_", "LD_", "DYLD_", "OSGEO4W_", "CPL_")
"""Beginnings of the variables that tell QGIS's own libraries where they are, and would mislead the worker's."""

_POLL = 0.1

# What `-m` does, from a folder that isolation keeps off the path.
_FROM_FOLDER = """
import runpy, sys
sys.path.insert(0, sys.argv.pop(1))
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""

Event = dict  # one line of the stream


class WorkerError(Exception):
    """The worker said what is wrong, or died.

    Args:
        text: What is wrong.
        hint: What to do about it.
        log: The last lines of its log.
    """

    def __init__(self, text: str, hint: str = "", log: str = "") -> None:
        super().__init__(text)
        self.text, self.hint, self.log = text, hint, log

    def __str__(self) -> str:
        return f"{self.text} {self.hint}".strip()


class WorkerDied(WorkerError):  # noqa: N818 - it is what happened
    """The worker ended without a result and without saying why."""


class WorkerCancelled(Exception):  # noqa: N818 - not a mistake of anybody
    """The user wanted no more of it."""


def clean_environment() -> dict[str, str]:
    """The environment of QGIS without what belongs to its own Python, PROJ, GDAL and Qt."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    own = ("PYTHONNOUSERSITE", "PYTHONSAFEPATH", "PYTHONUTF8")  # for what the worker starts in its turn
    return {**kept, **dict.fromkeys(own, "1"), "PYTHONIOENCODING": "utf-8"}


def isolated(python: os.PathLike[str] | str) -> list[str]:
    """The beginning of every command that starts a Python: it looks for modules in its own folders alone.

    Neither in the current folder, which is anybody's and comes first where `-c` and `-m` are not told otherwise, nor
    where variables say. It is deaf to PYTHONUTF8 too, so that is said here.
    """
    return [str(python), "-I", "-X", "utf8"]


def aerialseg(python: Path, arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Command and environment that run `aerialseg` as it lies beside the plugin.

    Args:
        python: Interpreter that has what the core needs.
        arguments: What follows `aerialseg`, without `--progress`.
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    told = [*arguments[:end], "--progress", "json", *arguments[end:]]
    return [*isolated(python), "-c", _FROM_FOLDER, str(ROOT), "aerialseg_core", *told], clean_environment()


def run(
    command: Sequence[str],
    environment: dict[str, str],
    *,
    on_event: Callable[[Event], None],
    is_cancelled: Callable[[], bool],
) -> dict[str, Any]:
    """Run a worker to its end.

    Args:
        command: Program and arguments.
        environment: All of its environment variables.
        on_event: Gets every event but `result` and `error`, in this thread.
        is_cancelled: Asked ten times a second.

    Returns:
        The fields of its `result` event; empty if it had none.

    Raises:
        WorkerError: It reported an error, or could not be started.
        WorkerDied: It ended otherwise than well.
        WorkerCancelled: It was cancelled, and has ended.
    """
    process = _start(command, environment)
    log: deque[str] = deque(maxlen=LOG_LINES)
    lines: queue.Queue[Optional[str]] = queue.Queue()
    takers = ((process.stdout, lines.put), (process.stderr, lambda line: log.append(line) if line else None))
    readers = [(threading.Thread(target=_read, args=taker, daemon=True), taker[0]) for taker in takers]
    for reader, _ in readers:
        reader.start()
    try:
        outcome = _listen(lines, on_event, is_cancelled)
        process.wait()
    finally:
        _end(process)
        for reader, pipe in readers:
            reader.join(GRACE)
            if not reader.is_alive():
                pipe.close()
    return _judged(outcome, process.returncode, "\n".join(log))


def _start(command: Sequence[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    own_group: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        own_group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    try:
        return subprocess.Popen(
            list(command),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            **own_group,
        )
    except OSError as error:
        raise WorkerError(f"{command[0]} cannot be started: {error.strerror or error}.") from error


def _read(stream: Any, give: Callable[[Optional[str]], Any]) -> None:
    """Hand over the lines of a pipe, then None."""
    with suppress(ValueError, OSError):  # closed under our hands when the process was killed
        for line in stream:
            give(line.rstrip("\n"))
    give(None)


def _listen(
    lines: queue.Queue[Optional[str]], on_event: Callable[[Event], None], is_cancelled: Callable[[], bool]
) -> Event:
    """Pass events on until the stream ends; its `result` and `error` events by these names.

    Raises:
        WorkerCancelled: The user cancelled.
        WorkerError: The worker speaks another protocol.
    """
    outcome: Event = {}
    while True:
        if is_cancelled():
            raise WorkerCancelled
        try:
            line = lines.get(timeout=_POLL)
        except queue.Empty:
            continue
        if line is None:
            return outcome
        event = _event(line)
        if event.get("protocol", PROTOCOL) != PROTOCOL:
            raise WorkerError("The core speaks another protocol than the plugin.", "Install the plugin again.")
        kind = event.pop("event", "")
        if kind in ("result", "error"):
            outcome[kind] = event
        elif kind:
            on_event({"event": kind, **event})


def _event(line: str) -> Event:
    """A line of the stream; empty where a library printed something of its own."""
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


def _end(process: subprocess.Popen[str]) -> None:
    """See to it that the worker and all that it started are gone: politely first, then for certain."""
    if process.poll() is None:
        _signal(process, polite=True)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
    _signal(process, polite=False)
    process.wait()


def _signal(process: subprocess.Popen[str], *, polite: bool) -> None:
    with suppress(OSError):  # it is gone already
        if sys.platform == "win32":
            _signal_on_windows(process, polite=polite)
        elif polite:
            process.terminate()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def _signal_on_windows(process: subprocess.Popen[str], *, polite: bool) -> None:
    if polite:
        process.send_signal(signal.CTRL_BREAK_EVENT)
    elif process.poll() is None:
        # The python.exe of an environment is a launcher: its child is the one that computes
        kill = [taskkill(), "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(kill, capture_output=True, check=False, creationflags=subprocess.CREATE_NO_WINDOW)


def taskkill() -> str:
    """Windows's own, by its full name: without one Windows looks in the current folder first."""
    return str(Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "taskkill.exe"))


def _judged(outcome: Event, code: int, log: str) -> dict[str, Any]:
    """The result, if there is one.

    Raises:
        WorkerError: The worker said what is wrong.
        WorkerDied: It said nothing.
    """
    result, error = outcome.get("result"), outcome.get("error")
    if error and (result is None or error.get("code") != PARTIAL):
        raise WorkerError(str(error.get("text", "")), str(error.get("hint", "")), log)
    if result is None and code != 0:
        raise WorkerDied(*_obituary(code), log)
    return result or {}


def _obituary(code: int) -> tuple[str, str]:
    """What an exit code says, and what to do."""
    if code == -signal.SIGTERM:
        return "The worker was ended from outside.", "Run it again."
    if sys.platform != "win32" and code == -signal.SIGKILL:
        return (
            "The worker was killed; most often the system does that when memory runs out.",
            "Close other programs, or allow the run less memory (advanced parameters).",
        )
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
        return f"The worker crashed ({name}).", "Run it again; if it crashes again, report what Diagnose says."
    return f"The worker ended with code {code} and said no reason.", "See the log, or run Diagnose."


def remove_leftovers(*targets: Path, patience: float = 0.5) -> None:
    """Remove what a worker that was stopped may have left beside its outputs, hidden and unfinished.

    Args:
        *targets: The outputs that were asked for.
        patience: Seconds to try for, where the system has not let go of a file yet.
    """
    deadline = time.monotonic() + patience
    for target in targets:
        temporary = f".{glob.escape(target.stem)}.????????{glob.escape(target.suffix)}*"
        known = [target.with_name(f".{target.name}{ending}") for ending in (".blocks", ".lock")]
        for path in (*known, *target.parent.glob(temporary)):
            while path.exists() and time.monotonic() < deadline:
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    with suppress(OSError):
                        path.unlink()

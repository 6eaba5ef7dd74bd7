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

LONGEST = 8 << 20
"""Bytes of a line of the stream that are kept: the result of a folder of thousands of scenes. One that is cut is no
event."""

LONGEST_SAID = 4000
"""Characters of a message, bytes of a line of the log, that are kept."""

_POLL = 0.1
_WAITING = 64  # lines that wait to be heard; a worker that says more waits itself

# What `-m` does, from a folder that isolation keeps off the path.
_FROM_FOLDER = """
import runpy, sys
sys.path.insert(0, sys.argv.pop(1))
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""

Event = dict  # one line of the stream

_NUMBER = (int, float)
_FIELDS: dict[str, dict[str, Any]] = {
    "part": {"number": int, "total": int, "name": str},
    "start": {"task": str, "total": _NUMBER, "unit": str},
    "progress": {"done": _NUMBER, "total": _NUMBER},
    "message": {"text": str},
    "result": {},
    "error": {"text": str},
}
"""The events and what they hold at least."""

_ENDLESS = 2**63  # what no count reaches; no comparison with NaN is true
_OPTIONAL: dict[str, Any] = {
    "code": str,
    "hint": str,
    "level": str,
    "unit": str,
    "eta": (*_NUMBER, type(None)),
    "loss": (*_NUMBER, type(None)),
}


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
    said, logged = Lines(process.stdout, LONGEST), Lines(process.stderr, LONGEST_SAID, log.append)
    try:
        outcome = _listen(process, said, on_event, is_cancelled)
    finally:
        _end(process)
        said.close(GRACE)
        logged.close(GRACE)
    return _judged(outcome, process.returncode, "\n".join(filter(None, log)))


class Lines:
    """The lines of a pipe, read in a thread of their own, in bounded memory whatever comes out of it.

    Args:
        pipe: Of bytes; what is no UTF-8 becomes a replacement character.
        longest: Bytes that are kept of a line.
        give: Gets each line in that thread; without it the lines wait to be taken.
    """

    def __init__(self, pipe: Any, longest: int, give: Optional[Callable[[str], Any]] = None) -> None:
        self._pipe, self._longest = pipe, longest
        self._waiting: queue.Queue[Optional[str]] = queue.Queue(_WAITING)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._read, args=(give or self._put,), daemon=True)
        self._thread.start()

    def take(self) -> Optional[str]:
        """The next line; None at the end.

        Raises:
            queue.Empty: None has come for a moment.
        """
        return self._waiting.get(timeout=_POLL)

    def close(self, seconds: float) -> None:
        """Read no more; the process should have ended."""
        self._closed.set()
        self._thread.join(seconds)
        if not self._thread.is_alive():
            self._pipe.close()

    def _read(self, give: Callable[[str], Any]) -> None:
        with suppress(ValueError, OSError):  # closed under our hands when the process was killed
            while not self._closed.is_set() and (line := self._pipe.readline(self._longest)):
                rest = line
                while rest and not rest.endswith(b"\n"):
                    rest = self._pipe.readline(self._longest)
                give(line.decode("utf-8", "replace").rstrip())
        self._put(None)

    def _put(self, line: Optional[str]) -> None:
        while not self._closed.is_set():
            with suppress(queue.Full):
                return self._waiting.put(line, timeout=_POLL)


def _start(command: Sequence[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
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
            **own_group,
        )
    except OSError as error:
        raise WorkerError(f"{command[0]} cannot be started: {error.strerror or error}.") from error


def _listen(
    process: subprocess.Popen[bytes],
    said: Lines,
    on_event: Callable[[Event], None],
    is_cancelled: Callable[[], bool],
) -> Event:
    """Pass events on until the worker has ended; its `result` and `error` events by these names.

    Raises:
        WorkerCancelled: The user cancelled.
        WorkerError: The worker speaks another protocol.
    """
    outcome: Event = {}
    line: Optional[str] = ""
    heard = time.monotonic()
    while line is not None or process.poll() is None:
        if is_cancelled():
            raise WorkerCancelled
        if line is None:  # it has closed its stream, and has not ended yet
            with suppress(subprocess.TimeoutExpired):
                process.wait(_POLL)
            continue
        try:
            line = said.take()
        except queue.Empty:
            if process.poll() is None:
                heard = time.monotonic()
            elif time.monotonic() - heard > 2 * GRACE:  # what it has started holds the stream open
                return outcome
            continue
        heard = time.monotonic()
        event = _event(line or "")
        if event.get("protocol", PROTOCOL) != PROTOCOL:
            raise WorkerError("The core speaks another protocol than the plugin.", "Install the plugin again.")
        kind = event.pop("event", "")
        if kind in ("result", "error"):
            outcome[kind] = event
        elif kind:
            on_event({"event": kind, **event})
    return outcome


def _event(line: str) -> Event:
    """A line of the stream; empty where a library printed something of its own."""
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(event, dict) or not isinstance(kind := event.get("event"), str) or kind not in _FIELDS:
        return {}
    if event.get("protocol", PROTOCOL) != PROTOCOL:  # whose events may hold anything
        return {"protocol": event["protocol"]}
    also = {name: types for name, types in _OPTIONAL.items() if name in event and kind != "result"}
    for name, types in {**also, **_FIELDS[kind]}.items():
        value = event.get(name)
        if not isinstance(value, types) or (isinstance(value, _NUMBER) and not abs(value) < _ENDLESS):
            return {}
        if isinstance(value, str):
            event[name] = value[:LONGEST_SAID]
    return event


def _end(process: subprocess.Popen[bytes]) -> None:
    """See to it that the worker and all that it started are gone: politely first, then for certain."""
    if process.poll() is None:
        _signal(process, polite=True)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
    _signal(process, polite=False)
    process.wait()


def _signal(process: subprocess.Popen[bytes], *, polite: bool) -> None:
    with suppress(OSError):  # it is gone already
        if sys.platform == "win32":
            _signal_on_windows(process, polite=polite)
        elif polite:
            process.terminate()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def _signal_on_windows(process: subprocess.Popen[bytes], *, polite: bool) -> None:
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

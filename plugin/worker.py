# SPDX-License-Identifier: GPL-2.0-or-later
"""The core in a process of its own: started in a clean environment, heard line by line, ended for certain.

Standard library only, and no call into QGIS: this runs in whatever thread a task has.
"""

from __future__ import annotations

import glob
import json
import queue
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Optional

from .__about__ import ROOT
from .processes import (
    GRACE,
    LONGEST_LINE,
    POLL,
    LineReader,
    end_process,
    make_clean_environment,
    make_isolated_command,
    start_process,
)

PROTOCOL = 1
"""Version of the event stream that is understood."""

PARTIAL = "BatchError"
"""The error after which a result counts all the same: some scenes of a folder failed, and it says which."""

LOG_LINES = 40
"""Lines of its log that are kept, for the message when it dies."""

LONGEST = 8 << 20
"""Bytes of a line of the stream that are kept: the result of a folder of thousands of scenes. One that is cut is no
event."""

LONGEST_MESSAGE = 4000
"""Characters of a message that are kept."""

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
    "epoch": {"number": int, "loss": _NUMBER},
    "result": {},
    "error": {"text": str},
}
"""The events and what they hold at least."""

_ENDLESS = 2**63  # what no count reaches; no comparison with NaN is true
_OPTIONAL: dict[str, Any] = {
    "code": str,
    "hint": str,
    "key": str,
    "values": dict,
    "level": str,
    "unit": str,
    "eta": (*_NUMBER, type(None)),
    "loss": (*_NUMBER, type(None)),
    "miou_labelled": (*_NUMBER, type(None)),
    "iou": dict,
}


class WorkerError(Exception):
    """The worker said what is wrong, or died.

    Args:
        text: What is wrong.
        hint: What to do about it.
        log: The last lines of its log.
        key: Names the sentence; `wording` has others for it.
        values: What stands in it, by name.
    """

    def __init__(
        self, text: str, hint: str = "", log: str = "", *, key: str = "", values: Optional[dict[str, Any]] = None
    ) -> None:
        super().__init__(text)
        self.text, self.hint, self.log = text, hint, log
        self.said: Event = {"key": key, "text": text, "hint": hint, "values": values or {}}
        """The sentence as an event has it."""

    def __str__(self) -> str:
        return f"{self.text} {self.hint}".strip()


class WorkerDied(WorkerError):  # noqa: N818 - it is what happened
    """The worker ended without a result and without saying why."""


class WorkerCancelled(Exception):  # noqa: N818 - not a mistake of anybody
    """The user wanted no more of it."""


def make_command(python: Path, arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Return command and environment that run `aerialseg` as it lies beside the plugin.

    Args:
        python: Interpreter that has what the core needs.
        arguments: What follows `aerialseg`, without `--progress`.
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    told = [*arguments[:end], "--progress", "json", *arguments[end:]]
    command = [*make_isolated_command(python), "-c", _FROM_FOLDER, str(ROOT), "aerialseg_core", *told]
    return command, make_clean_environment()


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
    try:
        process = start_process(command, environment, stderr=subprocess.PIPE)
    except OSError as error:
        reason = error.strerror or str(error)
        raise WorkerError(
            f"{command[0]} cannot be started: {reason}.",
            key="worker-not-started",
            values={"program": command[0], "reason": reason},
        ) from error
    log: deque[str] = deque(maxlen=LOG_LINES)
    said, logged = LineReader(process.stdout, LONGEST), LineReader(process.stderr, LONGEST_LINE, log.append)
    try:
        outcome = _listen(process, said, on_event, is_cancelled)
    finally:
        end_process(process, grace=GRACE)
        said.close(GRACE)
        logged.close(GRACE, drain=True)
    return _read_outcome(outcome, process.returncode, "\n".join(filter(None, log)))


def _listen(
    process: subprocess.Popen[bytes],
    said: LineReader,
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
                process.wait(POLL)
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
        event = parse_event(line or "")
        if event.get("protocol", PROTOCOL) != PROTOCOL:
            raise WorkerError(
                "The core speaks another protocol than the plugin.", "Install the plugin again.", key="worker-protocol"
            )
        kind = event.pop("event", "")
        if kind in ("result", "error"):
            outcome[kind] = event
        elif kind:
            on_event({"event": kind, **event})
    return outcome


def parse_event(line: str) -> Event:
    """Return a line of the stream; empty where a library printed something of its own."""
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
            event[name] = value[:LONGEST_MESSAGE]
    return event


def _read_outcome(outcome: Event, code: int, log: str) -> dict[str, Any]:
    """Return the result, if there is one.

    Raises:
        WorkerError: The worker said what is wrong.
        WorkerDied: It said nothing.
    """
    result, error = outcome.get("result"), outcome.get("error")
    if error and (result is None or error.get("code") != PARTIAL):
        told = {"key": str(error.get("key", "")), "values": error.get("values")}
        raise WorkerError(str(error.get("text", "")), str(error.get("hint", "")), log, **told)
    if result is None and code != 0:
        raise _explain_exit(code, log)
    return result or {}


def _explain_exit(code: int, log: str) -> WorkerDied:
    """Return what an exit code says, and what to do."""
    if code == -signal.SIGTERM:
        return WorkerDied("The worker was ended from outside.", "Run it again.", log, key="worker-ended")
    if sys.platform != "win32" and code == -signal.SIGKILL:
        return WorkerDied(
            "The worker was killed; most often the system does that when memory runs out.",
            "Close other programs, or allow the run less memory (advanced parameters).",
            log,
            key="worker-killed",
        )
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
        hint = "Run it again; if it crashes again, report what Diagnose says."
        return WorkerDied(f"The worker crashed ({name}).", hint, log, key="worker-crashed", values={"name": name})
    text = f"The worker ended with code {code} and said no reason."
    return WorkerDied(text, "See the log, or run Diagnose.", log, key="worker-silent", values={"code": code})


def remove_leftovers(*targets: Path, seconds: float = 0.5) -> None:
    """Remove what a worker that was stopped may have left beside its outputs, hidden and unfinished.

    Args:
        *targets: The outputs that were asked for.
        seconds: Seconds to try for, where the system has not let go of a file yet.
    """
    deadline = time.monotonic() + seconds
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

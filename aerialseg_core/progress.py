"""One way in for progress, messages, results and cancellation: the Reporter.

Every long function takes a `Reporter`. The base class is silent, so that a library call prints nothing; the command
line passes a tqdm bar or the `JsonReporter`, whose lines the QGIS plugin and other programs read.
"""

from __future__ import annotations

import json
import math
import os
import select
import stat
import threading
import time
from collections.abc import Callable
from typing import Any, TextIO

from .errors import AerialSegError, Cancelled
from .redaction import redact
from .sentences import describe, tell

Check = Callable[[], None]
"""Called again and again while something is waited for; raises `Cancelled` to give up. A `Reporter.check` is one."""


def check_nothing() -> None:
    """The check of who is never cancelled."""


PROTOCOL_VERSION = 1
"""Version of the event stream; raised when an event changes in a way that a reader must know."""


class Reporter:
    """A silent reporter, and the base class of the others. Safe to use from several threads."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._reset("", 0, "")

    def _reset(self, task: str, total: int, unit: str) -> None:
        self.task, self.total, self.unit, self.done = task, total, unit, 0
        self.started, self._end = time.monotonic(), math.inf

    def start(self, task: str, total: int, unit: str) -> None:
        """Begin a task of `total` units (a word such as "windows"); progress starts at 0."""
        with self._lock:
            self._reset(task, total, unit)

    def part(self, number: int, total: int, name: str) -> None:
        """Begin part `number` of `total`, counted from 1: a scene of a folder, whose tasks follow."""

    def advance(self, n: int = 1, **state: Any) -> None:
        """Add `n` units done; `state` are further figures worth showing, such as a loss.

        Raises:
            Cancelled: The run was cancelled.
        """
        self.check()
        with self._lock:
            self.done += n

    def limit(self, seconds: float) -> None:
        """Tell that the task ends in so many seconds at the latest, whatever is not done then."""
        self._end = time.monotonic() + seconds

    def message(self, text: str, level: str = "info") -> None:
        """Say something to the user; level is "info" or "warning". A `Sentence` can be told from others by its key."""

    def epoch(self, number: int, **figures: Any) -> None:
        """Tell the figures of an epoch of a training, counted from 1; values are JSON-serialisable."""

    def result(self, **fields: Any) -> None:
        """Hand over what a command made: paths, class areas, …; values are JSON-serialisable, or have a text form.

        Commands report one result each; library functions return theirs.
        """

    def error(self, error: AerialSegError) -> None:
        """Report the error that ended the run."""

    def cancel(self) -> None:
        """Ask the run to stop within one batch; may be called from any thread or a signal handler."""
        self._cancelled.set()

    def check(self) -> None:
        """Stop here if the run was cancelled.

        Raises:
            Cancelled: The run was cancelled.
        """
        if self._cancelled.is_set():
            raise Cancelled(
                "cancelled", "Cancelled.", "What was finished is kept; the same command again continues from there."
            )

    def close(self) -> None:
        """Leave the terminal or stream in order."""


class JsonReporter(Reporter):
    """Writes one JSON object a line: `part`, `start`, `progress`, `message`, `epoch`, `result`, `error`.

    Every line carries `event`; `start` carries the protocol version as well. A program that reads them through a pipe
    or a socket and goes away cancels the run; who started it does not matter, so lines that go to a file outlive it.

    Args:
        stream: Where the lines go; stdout on the command line.
        interval: Least time between two `progress` lines in seconds.
    """

    def __init__(self, stream: TextIO, interval: float = 0.2) -> None:
        super().__init__()
        self._stream = stream
        self._interval = interval
        self._reader = _watch_reader(stream)
        self._last = 0.0

    def _write(self, event: str, **fields: Any) -> None:
        line = json.dumps({"event": event, **fields}, default=str)  # in ASCII, which every pipe takes
        with self._lock:
            try:
                self._stream.write(line + "\n")
                self._stream.flush()
            except (BrokenPipeError, ValueError):  # the reader closed its end; ValueError: our end is closed
                self.cancel()

    def start(self, task: str, total: int, unit: str) -> None:
        super().start(task, total, unit)
        self._last = 0.0
        self._write("start", protocol=PROTOCOL_VERSION, task=task, total=total, unit=unit)

    def advance(self, n: int = 1, **state: Any) -> None:
        super().advance(n, **state)
        now = time.monotonic()
        if now - self._last < self._interval and self.done < self.total:
            return
        self._last = now
        rate = self.done / max(now - self.started, 1e-9)
        eta = min((self.total - self.done) / rate, max(self._end - now, 0.0)) if rate else None
        self._write("progress", done=self.done, total=self.total, unit=self.unit, rate=round(rate, 3), eta=eta, **state)

    def part(self, number: int, total: int, name: str) -> None:
        self._write("part", number=number, total=total, name=redact(name))

    def message(self, text: str, level: str = "info") -> None:
        self._write("message", level=level, **{**describe(text), "text": redact(tell(text))})

    def epoch(self, number: int, **figures: Any) -> None:
        self._write("epoch", number=number, **figures)

    def result(self, **fields: Any) -> None:
        self._write("result", **fields)

    def error(self, error: AerialSegError) -> None:
        self._write("error", code=error.code, **describe(error.sentence))

    def check(self) -> None:
        if self._reader and self._reader.poll(0):  # it has gone, although nothing was to be written lately
            self.cancel()
        super().check()


def _watch_reader(stream: TextIO) -> select.poll | None:
    """Watch the other end of a pipe or a socket: what is returned has an event once it is closed; None elsewhere.

    Windows has no such thing: there the next line that is written finds the pipe broken.
    """
    try:
        kind = os.fstat(stream.fileno()).st_mode
    except (OSError, ValueError):  # closed, or no file of the system
        return None
    if not hasattr(select, "poll") or not (stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind)):
        return None
    reader = select.poll()
    reader.register(stream, 0)  # errors and the end are always told
    return reader

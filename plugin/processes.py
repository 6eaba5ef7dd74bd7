# SPDX-License-Identifier: GPL-2.0-or-later
"""Processes outside of QGIS: started in a clean environment, read line by line, ended with all that they started.

Standard library only, and no call into QGIS: this runs in whatever thread a task has.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Optional

GRACE = 1.2
"""Seconds that a cancelled process gets to tidy up before it is killed; cancelling takes two at most."""

LONGEST_LINE = 4000
"""Bytes of a line of a log that are kept."""

FOREIGN = ("PYTHON", "PROJ_", "GDAL_", "QT_", "QGIS_", "GRASS_", "LD_", "DYLD_", "OSGEO4W_", "CPL_")
"""Beginnings of the variables that tell QGIS's own libraries where they are, and would mislead those of others."""

POLL = 0.1
"""Seconds between two looks at a process that says nothing."""

NICE = 10
"""By how much programs give way to the windows of QGIS, as Unix counts."""

_WAITING = 64  # lines that wait to be taken; a process that writes more waits itself
_WINDOWS_FLAGS = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)
_GIVES_WAY = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)


def make_clean_environment() -> dict[str, str]:
    """Return the variables of QGIS without those that belong to its own Python, PROJ, GDAL and Qt."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    own = ("PYTHONNOUSERSITE", "PYTHONSAFEPATH", "PYTHONUTF8")  # for what the process starts in its turn
    return {**kept, **dict.fromkeys(own, "1"), "PYTHONIOENCODING": "utf-8"}


def make_isolated_command(python: os.PathLike[str] | str) -> list[str]:
    """Return the beginning of every command that starts a Python: it looks for modules in its own folders alone.

    Neither in the current folder, which is anybody's and comes first where `-c` and `-m` are not told otherwise, nor
    where variables say. It is deaf to PYTHONUTF8 too, so that is said here.
    """
    return [str(python), "-I", "-X", "utf8"]


def start_process(
    command: Sequence[str], environment: dict[str, str], *, stderr: int, folder: Optional[str] = None
) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own, at a lower priority than QGIS.

    Args:
        command: Program and arguments.
        environment: All of its environment variables.
        stderr: Where its errors go: `subprocess.PIPE`, or `subprocess.STDOUT` to mix them into its output.
        folder: Its current folder; None for that of QGIS.

    Raises:
        OSError: It cannot be started.
    """
    windows = sys.platform == "win32"
    # A list, no shell; the program is the interpreter that the user has set up or named.
    process = subprocess.Popen(  # nosec B603
        list(command),
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        start_new_session=not windows,
        creationflags=_WINDOWS_FLAGS | _GIVES_WAY if windows else 0,
    )
    if sys.platform != "win32":
        with suppress(OSError):  # it is gone already
            os.setpriority(os.PRIO_PROCESS, process.pid, os.getpriority(os.PRIO_PROCESS, 0) + NICE)
    return process


def end_process(process: subprocess.Popen[bytes], *, grace: float = 0.0) -> None:
    """See to it that a process and all that it started are gone.

    Args:
        process: It; may have ended already.
        grace: Seconds that it gets to tidy up after a polite request; 0 to kill it at once.
    """
    if grace and process.poll() is None:
        with suppress(OSError):  # it is gone already
            if sys.platform == "win32":
                process.send_signal(signal.CTRL_BREAK_EVENT)
            else:
                process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(grace)
    with suppress(OSError):
        if sys.platform != "win32":
            os.killpg(process.pid, signal.SIGKILL)
        elif process.poll() is None:
            # The python.exe of an environment is a launcher: its child is the one that computes. taskkill by its full
            # name: without one Windows looks in the current folder first.
            taskkill = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "taskkill.exe")
            kill = [str(taskkill), "/F", "/T", "/PID", str(process.pid)]
            subprocess.run(kill, capture_output=True, check=False, creationflags=_WINDOWS_FLAGS)  # nosec B603
    process.wait()


class LineReader:
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
        """Return the next line; None at the end.

        Raises:
            queue.Empty: None has come for a moment.
        """
        return self._waiting.get(timeout=POLL)

    def close(self, seconds: float, *, drain: bool = False) -> None:
        """Read no more; the process should have ended.

        Args:
            seconds: How long to wait for the thread.
            drain: Read for so long what the process has left in the pipe.
        """
        if drain:
            self._thread.join(seconds)
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
                return self._waiting.put(line, timeout=POLL)

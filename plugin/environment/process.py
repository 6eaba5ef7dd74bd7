# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs of the set-up, run to their end or ended for certain: heard line by line, cancelled at any time."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Optional

from ..i18n import tr
from ..worker import GRACE, LONGEST_SAID, Lines, taskkill
from .problem import EnvironmentProblem, SetUpCancelled

_MOST = 10_000  # lines of an answer that are kept, the last ones


def listen(
    command: Sequence[str],
    environment: dict[str, str],
    *,
    say: Callable[[str], None],
    is_cancelled: Callable[[], bool],
    meanwhile: Callable[[], None] = lambda: None,
    folder: Optional[str] = None,
) -> int:
    """Run a program and hand its lines over as they come, those of its errors among them.

    Args:
        command: Program and arguments.
        environment: All of its environment variables.
        say: Gets each line, in this thread.
        is_cancelled: Asked ten times a second.
        meanwhile: Called while the program is silent.
        folder: Its current folder; None for that of QGIS.

    Returns:
        Its exit code.

    Raises:
        EnvironmentProblem: It cannot be started.
        SetUpCancelled: It was cancelled, and has ended with all that it had started.
    """
    process = _start(command, environment, folder)
    said = Lines(process.stdout, LONGEST_SAID)
    line: Optional[str] = ""
    try:
        while line is not None or process.poll() is None:
            if is_cancelled():
                raise SetUpCancelled
            try:
                line = said.take()
            except queue.Empty:
                meanwhile()
                continue
            if line is not None:
                say(line)
        return process.wait()
    finally:
        _end(process)
        said.close(GRACE)


def answer(
    command: Sequence[str],
    environment: dict[str, str],
    *,
    seconds: float,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> tuple[int, list[str]]:
    """Ask a program something short.

    Returns:
        Its exit code and its lines, complaints among them; empty ones are left out.

    Raises:
        EnvironmentProblem: It cannot be started, or does not answer in time.
        SetUpCancelled: It was cancelled.
    """
    deadline = time.monotonic() + seconds
    lines: deque[str] = deque(maxlen=_MOST)

    def enough() -> bool:
        if time.monotonic() > deadline:
            raise EnvironmentProblem(tr("{} does not answer within {} s.").format(command[0], round(seconds)))
        return is_cancelled()

    code = listen(command, environment, say=lines.append, is_cancelled=enough)
    return code, [line for line in lines if line.strip()]


def _window_less() -> dict[str, Any]:
    """Keeps Windows from flashing a console."""
    return {"creationflags": subprocess.CREATE_NO_WINDOW} if sys.platform == "win32" else {}


def _start(command: Sequence[str], environment: dict[str, str], folder: Optional[str]) -> subprocess.Popen[bytes]:
    own_group = _window_less() or {"start_new_session": True}
    try:
        return subprocess.Popen(
            list(command),
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **own_group,
        )
    except OSError as error:
        raise EnvironmentProblem(tr("{} cannot be started: {}.").format(command[0], error.strerror or error)) from error


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program with all that it started. It has nothing to tidy up: what it made is thrown away."""
    with suppress(OSError):  # it is gone already
        if sys.platform == "win32":
            if process.poll() is None:
                # The python.exe of an environment is a launcher: its child is the one that holds the files open.
                subprocess.run(
                    [taskkill(), "/F", "/T", "/PID", str(process.pid)],
                    capture_output=True,
                    check=False,
                    **_window_less(),
                )
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()

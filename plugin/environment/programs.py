# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs of the set-up, run to their end or ended for certain: heard line by line, cancelled at any time."""

from __future__ import annotations

import queue
import subprocess
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Optional

from ..i18n import tr
from ..processes import GRACE, LONGEST_LINE, LineReader, end_process, start_process
from .problem import EnvironmentProblem, SetUpCancelled

_MOST = 10_000  # lines of an answer that are kept, the last ones


def run_program(
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
    try:
        process = start_process(command, environment, stderr=subprocess.STDOUT, folder=folder)
    except OSError as error:
        raise EnvironmentProblem(tr("{} cannot be started: {}.").format(command[0], error.strerror or error)) from error
    said = LineReader(process.stdout, LONGEST_LINE)
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
        end_process(process)  # it has nothing to tidy up: what it made is thrown away
        said.close(GRACE)


def ask_program(
    command: Sequence[str],
    environment: dict[str, str],
    *,
    seconds: float,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> tuple[int, list[str]]:
    """Ask a program something short.

    Returns:
        Its exit code and its lines, errors among them; empty ones are left out.

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

    code = run_program(command, environment, say=lines.append, is_cancelled=enough)
    return code, [line for line in lines if line.strip()]

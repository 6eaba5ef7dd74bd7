# SPDX-License-Identifier: GPL-2.0-or-later
"""The border between QGIS and the worker: one run for a feedback, whose errors become exceptions of Processing."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsProcessingException, QgsProcessingFeedback

from . import worker
from .command import format_command
from .environment.state import EnvironmentProblem, require_python
from .i18n import format_number, tr
from .redaction import redact
from .wording import name_row, name_task, name_unit, say, say_error, say_row

TRAIN = "train"
"""The task of the worker whose figures are drawn."""

Stages = Mapping[str, "tuple[float, float]"]
"""Which part of the whole, in percent from … to, a task of the worker is; others show their name only."""


def run(
    arguments: Sequence[str],
    feedback: QgsProcessingFeedback,
    *,
    stages: Stages,
    outputs: Sequence[str] = (),
    extra: str = "run",
    on_figures: Optional[Callable[[worker.Event], None]] = None,
) -> dict[str, Any]:
    """Run `aerialseg` and tell a feedback what it says.

    Args:
        arguments: What follows `aerialseg`.
        feedback: Of an algorithm; cancelling it ends the worker within two seconds.
        stages: The tasks that move its progress.
        outputs: Files that the run writes: beside them nothing is left when it is cancelled.
        extra: What the environment must have: "run" or "train".
        on_figures: Gets what is told of a training, instead of lines of text.

    Returns:
        The fields of the worker's result.

    Raises:
        QgsProcessingException: There is no environment, the worker reported an error or died, or it was cancelled.
    """
    try:
        python = require_python(extra)
        feedback.pushCommandInfo(redact(format_command(arguments)))
        command, environment = worker.make_command(python, arguments)
        listener = EventListener(feedback, stages, on_figures)
        return worker.run(command, environment, on_event=listener.hear, is_cancelled=feedback.isCanceled)
    except worker.WorkerCancelled:
        worker.remove_leftovers(*map(Path, outputs))
        raise QgsProcessingException(tr("Cancelled.")) from None
    except worker.WorkerError as error:
        if error.log:
            feedback.pushConsoleInfo(redact(error.log))
        raise QgsProcessingException(redact(say_error(error))) from error
    except EnvironmentProblem as error:
        raise QgsProcessingException(str(error)) from error
    except Exception as error:  # the border of the plugin: everything unforeseen ends here, and QGIS keeps running
        feedback.pushConsoleInfo(redact(traceback.format_exc()))
        raise QgsProcessingException(
            tr("Unforeseen error: {}. Please report it with this log.").format(redact(str(error)))
        ) from error


class EventListener:
    """Turns the worker's events into what a feedback shows.

    Args:
        feedback: Gets messages, warnings and progress.
        stages: The tasks that move the progress.
        on_figures: Gets the figures of the task `train` as they come; None: they become lines of text.
    """

    INTERVAL = 1.0
    """Seconds between two lines that say how far a task is."""

    MOST = 20_000
    """Messages that are shown; a log of more is read by nobody, and would fill the memory of QGIS."""

    def __init__(
        self,
        feedback: QgsProcessingFeedback,
        stages: Stages,
        on_figures: Optional[Callable[[worker.Event], None]] = None,
    ) -> None:
        self._feedback = feedback
        self._on_figures = on_figures
        self._stages = stages
        self._task = ""
        self._part = (0, 1)
        self._said = 0.0
        self._messages = 0

    def hear(self, event: worker.Event) -> None:
        """Take an event."""
        kind = event.get("event")
        if kind == "message":
            self._show_message(_say_message(event), str(event.get("level", "info")))
        elif kind == "part":
            self._part = (int(event["number"]) - 1, max(int(event["total"]), 1))
            self._feedback.pushInfo(f"[{event['number']}/{event['total']}] {event['name']}")
        elif kind == "start":
            self._task = str(event.get("task", ""))
            self._feedback.setProgressText(name_task(self._task))
        elif kind == "progress":
            self._show_progress(event)
        if self._on_figures is not None and self._task == TRAIN and kind in ("start", "progress", "epoch"):
            self._on_figures(event)

    def _show_message(self, text: str, level: str) -> None:
        self._messages += 1
        if self._messages > self.MOST:
            return
        if self._messages == self.MOST:
            text = tr("Further messages are not shown.")
        if level == "warning":
            self._feedback.pushWarning(text)
        else:
            self._feedback.pushInfo(text)

    def _show_progress(self, event: worker.Event) -> None:
        done, total = float(event.get("done", 0)), max(float(event.get("total", 1)), 1.0)
        if self._task in self._stages:
            low, high = self._stages[self._task]
            number, parts = self._part
            self._feedback.setProgress((100 * number + low + (high - low) * min(done / total, 1.0)) / parts)
        if self._task == TRAIN and self._on_figures is not None:
            return  # who draws a curve needs no line a second
        now = time.monotonic()
        if now - self._said >= self.INTERVAL:
            self._said = now
            self._feedback.setProgressText(self._format_progress(event, done, total))

    def _format_progress(self, event: worker.Event, done: float, total: float) -> str:
        unit = name_unit(str(event.get("unit", "")))
        line = f"{name_task(self._task)}: {format_number(done, ',.0f')} / {format_number(total, ',.0f')} {unit}"
        if event.get("loss") is not None:
            line += tr(", loss {}").format(format_number(float(event["loss"]), ".4f"))
        return line + tr(", {} left").format(format_duration(event["eta"])) if event.get("eta") is not None else line


def _say_message(event: worker.Event) -> str:
    """Say a message; a row of a plan with what it is about."""
    if not str(event.get("key", "")).startswith("plan-"):
        return say(event)
    about, text = say_row(event)
    return f"{name_row(about)}: {text}"


def format_duration(seconds: float) -> str:
    """Return a time in words that a person would use."""
    seconds = int(seconds)
    if seconds < 60:
        return tr("{} s").format(seconds)
    if seconds < 3600:
        return tr("{} min").format(round(seconds / 60))
    return tr("{} h {} min").format(seconds // 3600, seconds % 3600 // 60)

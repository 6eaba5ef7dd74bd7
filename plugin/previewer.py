# SPDX-License-Identifier: GPL-2.0-or-later
"""A worker that stays: it keeps a model loaded and segments one small part of an image after another."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QObject, QProcess, QProcessEnvironment, QTemporaryDir, QTimer, pyqtSignal

from . import worker
from .environment.problem import EnvironmentProblem
from .environment.state import State, describe_problem, find_environment
from .i18n import tr
from .wording import say

IDLE = 120_000
"""Milliseconds for which a worker stays that nobody asks for anything."""


class Previewer(QObject):
    """Asks the worker for previews, one at a time; of several that wait, the last one counts.

    The worker ends when nobody asks for a while, and when its stdin does: it goes with QGIS, however that goes.

    Args:
        parent: Owner.
    """

    begun = pyqtSignal()
    shown = pyqtSignal(str)  # the class raster, which the next but one preview replaces
    failed = pyqtSignal(str)  # why there is none

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._folder = QTemporaryDir(str(Path(tempfile.gettempdir(), "aerialseg-preview-XXXXXX")))
        self._process: Optional[QProcess] = None
        self._busy = False
        self._waiting: Optional[list[str]] = None
        self._hidden = False  # whether the answer that is awaited is of use to nobody
        self._count = 0
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE)
        self._idle.timeout.connect(self.stop)

    def name_file(self, stem: str = "preview") -> Path:
        """Return a file for the next preview: not the one that is shown."""
        self._count += 1
        return Path(self._folder.path()) / f"{stem}{self._count % 3}.tif"

    def prepare(self, arguments: Sequence[str]) -> None:
        """Have the model loaded before somebody asks: a preview that is not shown, unless the worker is there."""
        if self._process is None:
            self._request(arguments)
            self._hidden = True

    def ask(self, arguments: Sequence[str]) -> None:
        """Ask for a preview.

        Args:
            arguments: What follows `aerialseg segment`, with one class raster as output.
        """
        self.begun.emit()
        self._request(arguments)

    def drop(self) -> None:
        """Show nothing of what has been asked for; the worker stays for a while."""
        self._waiting, self._hidden = None, True

    def _request(self, arguments: Sequence[str]) -> None:
        self._waiting = list(arguments)
        if self._busy:
            return
        try:
            self._start()
        except EnvironmentProblem as problem:
            self._waiting = None
            self.failed.emit(str(problem))
            return
        self._send()

    def stop(self) -> None:
        """End the worker; the next request starts another one."""
        process, self._process = self._process, None
        self._busy, self._waiting = False, None
        self._idle.stop()
        if process is not None:
            process.finished.disconnect()
            process.errorOccurred.disconnect()
            process.readyReadStandardOutput.disconnect()
            process.setParent(QgsApplication.instance())  # Qt must not lose it before it has ended
            process.finished.connect(process.deleteLater)
            process.kill()
            if process.state() == QProcess.ProcessState.NotRunning:
                process.deleteLater()

    def _start(self) -> None:
        if self._process is not None:
            return
        found = find_environment()  # not tried here: that takes a moment, and this is the main thread
        if found.state is not State.READY:
            raise describe_problem(found)
        command, variables = worker.make_command(found.python, ["preview"])
        environment = QProcessEnvironment()
        for name, value in variables.items():
            environment.insert(name, value)
        process = QProcess(self)
        process.setProcessEnvironment(environment)
        process.setStandardErrorFile(QProcess.nullDevice())
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._end)
        process.errorOccurred.connect(self._end)
        process.start(command[0], command[1:])
        self._process = process

    def _send(self) -> None:
        line, self._waiting = json.dumps(self._waiting), None
        self._busy, self._hidden = True, False
        self._idle.stop()
        self._process.write(line.encode() + b"\n")

    def _read(self) -> None:
        while self._process is not None and self._process.canReadLine():
            event = worker.parse_event(bytes(self._process.readLine()).decode("utf-8", "replace"))
            if event.get("event") not in ("result", "error"):
                continue
            self._busy = False
            self._idle.start()
            if self._waiting is not None:
                self._send()
            elif self._hidden:
                continue
            elif event["event"] == "result":
                self.shown.emit(str(event.get("classes", "")))
            else:
                self.failed.emit(say(event))

    def _end(self, *_: object) -> None:
        """Tell that the worker is gone; the next request starts another one."""
        was_awaited = self._busy and not (self._hidden and self._waiting is None)
        self.stop()
        if was_awaited:
            self.failed.emit(tr("The preview's worker has ended. Click again; if it ends again, run Diagnose."))

# SPDX-License-Identifier: GPL-2.0-or-later
"""A model file is tried before it is added: the worker runs its network on tiny patches, in a thread of a task."""

from __future__ import annotations

import hashlib
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Optional

from qgis.core import QgsTask
from qgis.PyQt.QtCore import pyqtSignal

from .. import worker
from ..compat import get_quiet_task_flags
from ..environment.problem import EnvironmentProblem
from ..environment.state import require_python
from ..i18n import tr
from ..models import NoCardError, find_added_models_folder, read_model
from ..wording import say, say_error

_ASKED = "model-unexplained"  # the key of the sentence that asks for what a network does not tell
_COUNT = re.compile(r"\((\d+) names\)")
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Question:
    """What nobody can tell from a network, and somebody has to say."""

    text: str
    """What is known of it, in a sentence."""
    classes: int
    """How many classes want a name; 0 if they have one."""
    gsd: bool
    """Whether its ground resolution is asked for."""
    scale: bool
    """Whether it is asked for what pixels are divided by."""


class ModelCheck(QgsTask):
    """One model file: tried as it is if it is one of aerialseg's own, else added as a copy with a card inside.

    Args:
        path: It.
        card: What it does not say of itself, a TOML; "" for nothing.
        expected: What its SHA-256 has to be; "" if that is not known, None if nobody wants to know it.
        member: Its place in the archive that the file is; "" if it is none.
    """

    ended = pyqtSignal(object)  # itself, in the main thread

    def __init__(self, path: str, card: str = "", expected: Optional[str] = None, member: str = "") -> None:
        super().__init__(tr("aerialseg: trying a model"), get_quiet_task_flags())
        self.path = path
        """The file; of one that was added as a copy, that one."""
        self.error = ""
        """Why it cannot be used; "" if it can."""
        self.question: Optional[Question] = None
        """What has to be said before it can be used."""
        self.sha256 = ""
        """Of the file, where somebody wants to know it."""
        self.is_other = False
        """Whether it is not the file that was expected."""
        self._card, self._expected, self._member = card, expected, member

    def run(self) -> bool:
        """Start the worker and hear it."""
        try:
            if self._member:
                self._unpack()
            if self._expected is not None and not self.error:
                self._compare()
            if not self.error:
                self._try()
        except worker.WorkerCancelled:
            return False
        except worker.WorkerError as error:
            self.question = _find_question(error)
            self.error = say_error(error)
        except (EnvironmentProblem, OSError) as error:
            self.error = str(error)
        return not self.error

    def _unpack(self) -> None:
        """Take the model out of its archive, and put it beside that."""
        target = Path(self.path).with_suffix(".onnx")
        try:
            with zipfile.ZipFile(self.path) as file, file.open(self._member) as packed, open(target, "wb") as model:
                for chunk in self._read(packed):
                    model.write(chunk)
        except (KeyError, zipfile.BadZipFile):
            self.error = tr("{} is no archive that holds {}. Nothing was added.").format(
                Path(self.path).name, self._member
            )
        self.path = str(target)

    def _read(self, stream: IO[bytes]) -> Iterator[bytes]:
        while chunk := stream.read(_CHUNK):
            if self.isCanceled():
                raise worker.WorkerCancelled
            yield chunk

    def _compare(self) -> None:
        digest = hashlib.sha256()
        with open(self.path, "rb") as stream:
            for chunk in self._read(stream):
                digest.update(chunk)
        self.sha256 = digest.hexdigest()
        self.is_other = bool(self._expected) and self.sha256 != self._expected
        if self.is_other:
            self.error = tr(
                "{} is another file than expected: its SHA-256 is {}, not {}. Nothing was added. Download it again; if "
                "that does not help, ask who publishes it."
            ).format(Path(self.path).name, self.sha256, self._expected)

    def _try(self) -> None:
        path = Path(self.path)
        try:
            read_model(path)
        except NoCardError:
            pass
        else:
            self._ask("check")
            return
        copy = find_added_models_folder() / f"{path.stem}.onnx"
        if copy.exists():
            self.error = tr("There is an added model {} already. Remove that one first, or rename this file.").format(
                path.stem
            )
            return
        with tempfile.TemporaryDirectory(prefix="aerialseg-") as folder:
            card = Path(folder, "card.toml")
            card.write_text(self._card, encoding="utf-8")
            self.path = str(self._ask("add", *(["--card", str(card)] if self._card else []))["file"])

    def _ask(self, what: str, *options: str) -> worker.Event:
        arguments = ["models", what, *options, "--", self.path]
        command, environment = worker.make_command(require_python("run"), arguments)
        return worker.run(command, environment, on_event=lambda event: None, is_cancelled=self.isCanceled)

    def finished(self, result: bool) -> None:
        """Tell it in the main thread, where QGIS calls this."""
        with suppress(RuntimeError):  # QGIS is closing, and has taken the task away
            self.ended.emit(self)


def _find_question(error: worker.WorkerError) -> Optional[Question]:
    """Return what the core asks for; None if something else is wrong."""
    if error.said["key"] != _ASKED:
        return None
    wanted = str(error.said["values"].get("missing", ""))
    count = _COUNT.search(wanted)
    text = say({**error.said, "key": "question-unexplained", "hint": ""})
    return Question(text, int(count[1]) if count else 0, "gsd = " in wanted, "scale = " in wanted)

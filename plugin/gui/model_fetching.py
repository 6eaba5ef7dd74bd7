# SPDX-License-Identifier: GPL-2.0-or-later
"""Fetches a published model: downloaded, compared with what it was before, tried, and only then added."""

from __future__ import annotations

from typing import Optional

from qgis.core import QgsApplication
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..download import Download
from ..i18n import format_number, tr
from ..model_list import get_checksum, set_checksum
from ..public_models import PublicModel
from .model_check import ModelCheck


class ModelFetcher(QObject):
    """One model at a time.

    Args:
        parent: Owner.
    """

    said = pyqtSignal(str)  # how far it is
    progressed = pyqtSignal(float, float)  # bytes so far, bytes in all or -1
    fetched = pyqtSignal(str)  # file of a model that works
    failed = pyqtSignal(str)  # why there is none
    replaced = pyqtSignal()  # there is none as it is another file than the first time; told before `failed`
    ended = pyqtSignal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._model: Optional[PublicModel] = None
        self._download: Optional[Download] = None
        self._check: Optional[ModelCheck] = None

    def start(self, model: PublicModel) -> None:
        """Fetch a model whose file's address is known, unless another one is being fetched."""
        if self._model is not None:
            return
        self._model = model
        self._download = Download(model.address, f"{model.name}.{'zip' if model.member else 'onnx'}", self)
        self._download.progressed.connect(self._tell)
        self._download.ended.connect(self._try)
        self.said.emit(tr("{} is being downloaded …").format(model.name))
        self._download.start()

    def cancel(self) -> None:
        """End it; nothing stays."""
        if self._check is not None and not sip.isdeleted(self._check):
            self._check.cancel()
        elif self._download is not None:
            self._download.cancel()

    def _tell(self, done: int, total: int) -> None:
        self.progressed.emit(float(done), float(total))
        name, megabytes = self._model.name, format_number(done / 1e6, ".1f")
        if total > 0:
            self.said.emit(tr("{}: {} of {} MB").format(name, megabytes, format_number(total / 1e6, ".1f")))
        else:
            self.said.emit(tr("{}: {} MB").format(name, megabytes))

    def _try(self) -> None:
        if self._download.cancelled or self._download.error:
            self._end(self._download.error)
            return
        self.said.emit(tr("The model is tried …"))
        self.progressed.emit(0.0, -1.0)
        expected = self._model.sha256 or get_checksum(self._model.name)
        self._check = ModelCheck(self._download.path, self._model.format_card(), expected, self._model.member)
        self._check.ended.connect(self._hear)
        QgsApplication.taskManager().addTask(self._check)

    def _hear(self, check: ModelCheck) -> None:
        cancelled = check.isCanceled() and not check.error
        if not check.error and not cancelled:
            set_checksum(self._model.name, check.sha256)
            self.fetched.emit(check.path)
        if check.is_other and not self._model.sha256:
            self.replaced.emit()
        self._end(check.error, cancelled)

    def _end(self, error: str, cancelled: bool = False) -> None:
        stopped = cancelled or self._download.cancelled
        self._download.deleteLater()
        self._model = self._download = self._check = None
        if error:
            self.failed.emit(error)
        if error or stopped:
            self.said.emit(tr("The download was cancelled; nothing of it is left.") if stopped else "")
        self.ended.emit()

# SPDX-License-Identifier: GPL-2.0-or-later
"""A file from the network, through QGIS's own access to it: its proxy, its certificates and its time limits count."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Optional

from qgis.core import QgsApplication, QgsFileDownloader
from qgis.PyQt.QtCore import QObject, QTemporaryDir, QUrl, pyqtSignal

from .i18n import tr


class Download(QObject):
    """One file, written into a temporary folder that goes with this object.

    Args:
        address: Of the file.
        name: The file's name.
        parent: Owner.
    """

    progressed = pyqtSignal(object, object)  # bytes so far, bytes in all or -1; Qt's own integers end at 2 GB
    ended = pyqtSignal()

    def __init__(self, address: str, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._folder = QTemporaryDir(str(Path(tempfile.gettempdir(), "aerialseg-download-XXXXXX")))
        self.path = str(Path(self._folder.path()) / name)
        """The file; whole if there is no error and nobody cancelled."""
        self.error = ""
        """Why it did not come; "" if it did."""
        self.cancelled = False
        """Whether somebody cancelled it."""
        self._address = address
        self._downloader: Optional[QgsFileDownloader] = None

    def start(self) -> None:
        """Begin; `ended` follows."""
        downloader = QgsFileDownloader(QUrl(self._address), self.path, "", True)
        downloader.downloadProgress.connect(self._tell)
        downloader.downloadError.connect(self._fail)
        downloader.downloadExited.connect(self.ended)
        downloader.setParent(QgsApplication.instance())  # it deletes itself: Python must not do that too
        self._downloader = downloader
        downloader.startDownload()

    def cancel(self) -> None:
        """End it; `ended` follows."""
        self.cancelled = True
        self._downloader.cancelDownload()

    def _tell(self, done: int, total: int) -> None:
        self.progressed.emit(done, total)

    def _fail(self, reasons: "list[str]") -> None:
        if not self.cancelled:
            host = QUrl(self._address).host()
            said = "; ".join(reason.replace("Download failed: ", "") for reason in reasons)
            self.error = tr("{} does not give the file ({}). Nothing was added; try again later.").format(host, said)

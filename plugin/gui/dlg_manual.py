# SPDX-License-Identifier: GPL-2.0-or-later
"""The pages that come with the plugin, to be read without leaving QGIS."""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from ..__about__ import ROOT
from ..i18n import tr

FIRST_PAGE = ROOT / "docs" / "qgis" / "first-map.md"


class ManualDialog(QDialog):
    """Shows the tutorial; its links lead on to the other pages.

    Args:
        parent: Window that it belongs to.
    """

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Your first map in QGIS"))
        pages = QTextBrowser()
        pages.setOpenExternalLinks(True)
        pages.setSource(QUrl.fromLocalFile(str(FIRST_PAGE)))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(pages)
        layout.addWidget(buttons)
        em = self.fontMetrics().height()
        self.resize(70 * em, 42 * em)

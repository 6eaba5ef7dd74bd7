# SPDX-License-Identifier: GPL-2.0-or-later
"""Dialogs that show a text: one to read and to copy, and the pages that come with the plugin."""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QFontDatabase
from qgis.PyQt.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from ..__about__ import ROOT
from ..i18n import tr

FIRST_PAGE = ROOT / "docs" / "qgis" / "first-map.md"


class TextDialog(QDialog):
    """Shows a text.

    Args:
        title: Of the window.
        text: What it shows.
        parent: Window that it belongs to.
    """

    def __init__(self, title: str, text: str, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.text = QPlainTextEdit(text, self)
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(title)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.copy = buttons.addButton(tr("C&opy"), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.setToolTip(tr("Put the text on the clipboard"))
        self.copy.clicked.connect(self._copy)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(buttons)
        size = self.fontMetrics().size(0, "x" * 90)
        self.resize(size.width() + 60, 30 * size.height())

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.text.toPlainText())


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

# SPDX-License-Identifier: GPL-2.0-or-later
"""A text to read and to copy."""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtGui import QFontDatabase
from qgis.PyQt.QtWidgets import QApplication, QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from ..i18n import tr


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

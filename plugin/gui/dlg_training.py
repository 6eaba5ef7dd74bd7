# SPDX-License-Identifier: GPL-2.0-or-later
"""A window that shows how a training goes that Processing's own dialog has begun."""

from __future__ import annotations

from typing import Any, Optional

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from ..i18n import tr
from ..training_watch import TrainingWatch
from .wdg_training import TrainingView
from .widgets import ScrollArea, make_wrapped_label


class TrainingWindow(QDialog):
    """Closing it ends nothing.

    Args:
        name: Of the model.
        watch: Tells how it goes.
        parent: Window that it belongs to.
    """

    def __init__(self, name: str, watch: TrainingWatch, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._watch = watch
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Training of {}").format(name))
        self.text = make_wrapped_label(tr("Images and labels are looked at first. Closing this window ends nothing."))
        self.view = TrainingView()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        body = QWidget()
        inside = QVBoxLayout(body)
        inside.addWidget(self.text)
        inside.addWidget(self.view)
        inside.addStretch(1)
        rows = QVBoxLayout(self)
        rows.addWidget(ScrollArea(body))
        rows.addWidget(buttons)
        em = self.fontMetrics().height()
        self.resize(26 * em, 34 * em)
        watch.told.connect(self.hear)
        watch.ended.connect(self.end)

    def hear(self, event: "dict[str, Any]") -> None:
        """Take an event of the training."""
        self.text.setText(tr("The model learns. Closing this window ends nothing."))
        self.view.hear(event)

    def end(self) -> None:
        """Say that it has ended; what was seen last stays, whatever is trained next."""
        self._watch.told.disconnect(self.hear)
        self._watch.ended.disconnect(self.end)
        self.text.setText(tr("The training has ended; its log says how."))
        self.view.left.setText("")

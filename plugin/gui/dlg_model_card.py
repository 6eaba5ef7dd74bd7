# SPDX-License-Identifier: GPL-2.0-or-later
"""Asks for what a model file does not say of itself: its classes, its ground resolution, the scale of its pixels."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Optional

from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from ..i18n import tr
from ..public_models import format_card
from .model_check import Question
from .widgets import ErrorLabel, make_wrapped_label


class ModelCardDialog(QDialog):
    """The questions about one file.

    Args:
        path: The file.
        question: What is asked.
        parent: Window that it belongs to.
    """

    def __init__(self, path: str, question: Question, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("What is {}?").format(Path(path).name))
        self.path = path
        """The file."""
        self._question = question
        self.classes, self.gsd, self.scale = QLineEdit(), QLineEdit(), QLineEdit("255")
        self.classes.setPlaceholderText(tr("such as: background, building, road"))
        self.gsd.setPlaceholderText(tr("empty: images are read as they are"))
        self.error = ErrorLabel()
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for asked, text, field in (
            (question.classes, tr("Names of its {} classes, in their order").format(question.classes), self.classes),
            (question.gsd, tr("Metres per pixel that it was trained on"), self.gsd),
            (question.scale, tr("Pixel values are divided by"), self.scale),
        ):
            if asked:
                label = QLabel(text)
                label.setBuddy(field)
                form.addRow(label, field)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        rows = QVBoxLayout(self)
        rows.addWidget(make_wrapped_label(question.text))
        rows.addWidget(make_wrapped_label(tr("Who published the model says it.")))
        rows.addLayout(form)
        rows.addWidget(self.error)
        rows.addWidget(buttons)
        self.setMinimumWidth(60 * self.fontMetrics().averageCharWidth())

    def accept(self) -> None:
        """Close, if the answers make sense."""
        self.error.say(self._find_mistake())
        if not self.error.text():
            super().accept()

    def format_card(self) -> str:
        """Return the answers as a card."""
        card: "dict[str, Any]" = {}
        if self._question.classes:
            card["classes"] = self._list_classes()
        if self._question.gsd:
            card["gsd"] = _read_number(self.gsd.text()) or "any"
        if self._question.scale:
            card["scale"] = _read_number(self.scale.text())
        return format_card(card)

    def _list_classes(self) -> "list[str]":
        return [name.strip() for name in self.classes.text().split(",") if name.strip()]

    def _find_mistake(self) -> str:
        wanted, given = self._question.classes, self._list_classes()
        if wanted and len(given) not in (wanted, wanted - 1 if wanted == 2 else wanted):
            return tr("Give {} names, with commas between them; these are {}.").format(wanted, len(given))
        if self._question.gsd and self.gsd.text().strip() and _read_number(self.gsd.text()) is None:
            return tr("{} is no number of metres. Give one such as 0.2, or leave it empty.").format(self.gsd.text())
        if self._question.scale and _read_number(self.scale.text()) is None:
            return tr("{} is no number to divide by. Give one such as 255.").format(self.scale.text())
        return ""


def _read_number(text: str) -> Optional[float]:
    """Return a number above 0, written with a point or a comma; None if it is none."""
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) and number > 0 else None

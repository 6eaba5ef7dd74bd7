# SPDX-License-Identifier: GPL-2.0-or-later
"""What the card of a model says: what it is for, its classes, its resolution, where it was trained, how good it is."""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from ..i18n import format_number, tr
from ..models import Model, Score
from ..wording import describe_model
from .wdg_legend import LegendWidget
from .widgets import ElidedLabel, make_wrapped_label

_ANY = 1e9  # times the finest resolution that a model without one is said to know


class ModelFacts(QWidget):
    """All of it; what a card does not say is said to be unknown."""

    def __init__(self) -> None:
        super().__init__()
        self.description, self.legend = make_wrapped_label(""), LegendWidget()
        self.resolution, self.trained_on = ElidedLabel(), ElidedLabel()
        self.score = make_wrapped_label("")
        self.form = QFormLayout()
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.setVerticalSpacing(self.fontMetrics().height() // 4)
        for title, field in self.list_rows():
            self.form.addRow(title, field)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.description)
        rows.addWidget(self.legend)
        rows.addLayout(self.form)

    def list_rows(self) -> "list[tuple[str, ElidedLabel]]":
        """Return titles and lines."""
        return [
            (tr("Resolution"), self.resolution),
            (tr("Trained on"), self.trained_on),
            (tr("Score"), self.score),
        ]

    def show_model(self, model: Optional[Model]) -> None:
        """Show what a model says of itself; None for no model."""
        unknown = tr("not told") if model else "–"
        self.description.setText(describe_model(model.description) if model else "")
        self.description.setVisible(model is not None)
        self.legend.show_classes(model.classes if model else ())
        self.resolution.setText(format_resolution(model) if model else unknown)
        self.trained_on.setText((model.trained_on if model else "") or unknown)
        score = model.score if model else None
        self.score.setText(format_score(score) if score else unknown)
        self.score.setToolTip(_explain_score(score) if score else "")


def summarise(model: Model) -> str:
    """Return the most important of it in one line."""
    number, score = len(model.classes), model.score
    told = [tr("1 class") if number == 1 else tr("{} classes").format(number)]
    if not _is_for_any(model):
        told.append(format_resolution(model))
    if score is not None and score.miou is not None:
        told.append(tr("mIoU {}").format(format_number(score.miou, ".2f")))
    elif score is not None:
        told.append(tr("{} right").format(format_number(score.accuracy, ".0%")))
    return " · ".join(told)


def format_resolution(model: Model) -> str:
    """Return the ground resolutions that a model was made for."""
    finest, coarsest = model.gsd_range
    if _is_for_any(model):
        return tr("any")
    if finest == coarsest:
        return tr("{} m per pixel").format(format_number(finest, ".3g"))
    return tr("{} to {} m per pixel").format(format_number(finest, ".3g"), format_number(coarsest, ".3g"))


def _is_for_any(model: Model) -> bool:
    finest, coarsest = model.gsd_range
    return coarsest > _ANY * finest


def format_score(score: Score) -> str:
    """Return how good a model is, and on what."""
    where = _name_place(score.on)
    if score.miou is not None:
        return tr("mIoU {} {}").format(format_number(score.miou, ".2f"), where).strip()
    return tr("{} of the pixels right {}").format(format_number(score.accuracy, ".0%"), where).strip()


def _name_place(on: str) -> str:
    """Say where a score was taken; how the core puts it begins so since its first version."""
    for beginning, place in (
        ("whole held-out images", tr("on held-out images")),
        ("held-out images of", tr("on held-out images of the same places")),
        ("a held-out strip", tr("on a held-out strip of the image")),
        ("patches held out at random", tr("on patches held out at random, which flatters")),
    ):
        if on.startswith(beginning):
            return place
    if "folds" in on:
        return tr("on held-out parts of the same places") if "not of new ones" in on else tr("on held-out images")
    squares = on.partition(" ")[0]
    if " of the scene" in on and squares.isdigit():
        return tr("on squares to check with ({})").format(squares)
    return tr("on {}").format(on) if on else ""


def _explain_score(score: Score) -> str:
    """Say what a score means."""
    if score.miou is None:
        return tr("Share of the pixels that the model had not learnt from and named as people did.")
    meaning = tr(
        "Mean over the classes of how much that which the model finds overlaps with that which people have drawn: 1 "
        "is perfect. New places are harder than those that it was trained on."
    )
    accuracy = (
        ""
        if score.accuracy is None
        else tr("{} of the pixels were right.").format(format_number(score.accuracy, ".0%"))
    )
    return f"{meaning} {accuracy}".strip()

# SPDX-License-Identifier: GPL-2.0-or-later
"""Retrain from a model on the reviewed squares, see what it changes, and keep the new model or not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import Qt, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from .. import settings
from ..i18n import format_number, tr
from ..model_list import find_free_name, find_model_name
from ..models import Model
from ..results import style_flips
from ..review.review_file import OPEN
from ..review.session import ReviewSession
from .algorithm_run import AlgorithmRun
from .request import make_safe_name
from .runs import Run, Runs
from .wdg_run_progress import RunProgress
from .widgets import ErrorLabel, make_wrapped_label

ALGORITHM = "retrainmodel"
MINUTES = (5, 15, 60)
"""What the slider stands for."""

SIDES = (".onnx", ".html", ".json", "_flips.tif", "_flips.tif.aux.xml")
"""Endings of what a retraining writes."""


class RetrainBox(QWidget):
    """Trains, compares, and keeps or rolls back.

    Args:
        runs: Ends what runs here when QGIS goes.
    """

    listed = pyqtSignal()  # there are other models in the list than before
    compared = pyqtSignal()  # there is something to look at on the map
    put_away = pyqtSignal()  # what there was to look at is not shown any more
    used = pyqtSignal(str)  # name of the model that shall be used on the image

    def __init__(self, runs: Runs) -> None:
        super().__init__()
        self._runs = runs
        self._session: Optional[ReviewSession] = None
        self._model: Optional[Model] = None
        self._output = Path()
        self._flips = ""
        self.ready = make_wrapped_label("")
        self.minutes, self.budget = QSlider(Qt.Orientation.Horizontal), QLabel()
        self.minutes.setRange(0, len(MINUTES) - 1)
        self.minutes.setPageStep(1)
        self.minutes.setAccessibleName(tr("Minutes"))
        self.minutes.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.train = QPushButton()
        self.progress = RunProgress()
        self.error = ErrorLabel()
        self.result = ComparisonBox()
        budget = QHBoxLayout()
        budget.addWidget(self.minutes, 1)
        budget.addWidget(self.budget)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.ready)
        rows.addLayout(budget)
        for widget in (self.train, self.progress, self.error, self.result):
            rows.addWidget(widget)
        self.minutes.valueChanged.connect(self._show)
        self.train.clicked.connect(self.start)
        self.result.use.clicked.connect(self._use)
        self.result.roll_back.clicked.connect(self._roll_back)
        self._show()

    def set_session(self, session: Optional[ReviewSession]) -> None:
        """Show what another review can teach; None for none."""
        self._session = session
        if session is not None:
            session.changed.connect(self._show)
            session.drawn.connect(self._hide_flips)
            session.moved.connect(self._hide_flips)
        self._show()

    def set_model(self, model: Optional[Model]) -> None:
        """Start from another model."""
        self._model = model
        self._show()

    def start(self) -> None:
        """Retrain in the background."""
        if self._session is None or self._model is None:
            return
        self._output = find_free_name(make_safe_name(Path(self._session.review.path).stem))
        parameters = {
            "REVIEW": self._session.review.path,
            "MODEL": find_model_name(self._model.path),
            "MINUTES": MINUTES[self.minutes.value()],
            "OUTPUT": str(self._output),
            "FLIPS": str(self._beside("_flips.tif")),
            "ADD": True,
        }
        self.error.say("")
        self.result.setVisible(False)
        run = AlgorithmRun(ALGORITHM, parameters)
        self._runs.keep(run)
        self.progress.follow(run, tr("Learns from the squares, and compares both models."))
        run.ended.connect(self._end)
        self._show()

    def _end(self, run: AlgorithmRun) -> None:
        self._show(ended=True)
        if not run.ok:
            self.error.say(run.error)
            return
        self.listed.emit()
        layer = QgsRasterLayer(str(run.results["FLIPS"]), tr("{} – what flipped").format(self._output.stem))
        if layer.isValid():
            style_flips(layer)
            QgsProject.instance().addMapLayer(layer, False)
            QgsProject.instance().layerTreeRoot().insertLayer(1, layer)  # above the labels, whose colours would mix in
            self._flips = layer.id()
        self.result.show_comparison(json.loads(run.results["COMPARISON"]), str(run.results["PAGE"]))
        self.compared.emit()

    def _hide_flips(self) -> None:
        """Let the labels be seen when somebody goes on correcting them, and the new map."""
        node = QgsProject.instance().layerTreeRoot().findLayer(self._flips)
        if node is not None:
            node.setItemVisibilityChecked(False)
        self.put_away.emit()

    def _use(self) -> None:
        self._hide_flips()
        self.used.emit(find_model_name(self._output))

    def follow_map(self, run: Run) -> None:
        """Show how far the new map is, and why it failed."""
        self.error.say("")
        self.result.setEnabled(False)  # the model in use is not to be rolled back
        self.progress.follow(run, tr("Makes the map of the image anew."))
        run.ended.connect(lambda: self._end_map(run))
        self._show()

    def _end_map(self, run: Run) -> None:
        self.result.setEnabled(True)
        self._show(ended=True)
        if not run.ok and not run.cancelled:
            self.error.say(run.error or tr("It failed; the log says more."))

    def _roll_back(self) -> None:
        """Take the new model out of the list and off the disk: the old one is as it was."""
        stored = settings.load()
        settings.save(replace(stored, models=tuple(path for path in stored.models if Path(path) != self._output)))
        self._hide_flips()
        if QgsProject.instance().mapLayer(self._flips) is not None:
            QgsProject.instance().removeMapLayer(self._flips)
        for ending in SIDES:
            self._beside(ending).unlink(missing_ok=True)
        self.listed.emit()
        self.result.setVisible(False)
        self.error.say("")
        self.ready.setText(tr("Rolled back: the old model is as it was."))

    def _beside(self, ending: str) -> Path:
        return self._output.with_name(self._output.stem + ending)

    def _show(self, _value: int = 0, *, ended: bool = False) -> None:
        """Say what is there to learn from, and what is missing."""
        self.budget.setText(tr("at most {} min").format(MINUTES[self.minutes.value()]))
        name = find_model_name(self._model.path) if self._model else ""
        self.train.setText(tr("Retrain from {}").format(name) if name else tr("Retrain"))
        missing, told = self._check()
        self.ready.setText(missing or told)
        busy = not ended and self.progress.isVisibleTo(self)
        self.train.setEnabled(not missing and not busy)
        self.minutes.setEnabled(not busy)

    def _check(self) -> "tuple[str, str]":
        """Return what is missing, and what there is."""
        if self._session is None:
            return tr("Open a review first."), ""
        if self._model is None:
            return tr("Choose a model first."), ""
        if self._model.start is None:
            return tr("{} cannot be trained further: choose another model.").format(self._model.name), ""
        train, check = (self._session.count(check=kind) for kind in (False, True))
        if not train:
            return tr("Nothing to learn from yet: accept a square to train on."), ""
        told = tr("Reviewed squares: {} to train on, {} to check with.").format(train, check)
        left = self._session.count(check=True, state=OPEN)
        if left:
            told += " " + tr("Those to check with tell whether the new model is better. Still open: {}.").format(left)
        told = " ".join(filter(None, (told, self._warn_of_other_model())))
        return "", told

    def _warn_of_other_model(self) -> str:
        """Return a sentence if the squares were found in the map of another model than the one that shall learn."""
        made = self._session.review.model
        if not made or made in (self._model.name, self._model.card_name):
            return ""
        return tr("The review was made with the model {}: what {} gets wrong may be elsewhere.").format(
            made, self._model.name
        )


class ComparisonBox(QWidget):
    """Before and after, and what to do with it; not there before there is anything to compare."""

    def __init__(self) -> None:
        super().__init__()
        self.grid = QGridLayout()
        self.verdict = make_wrapped_label("")
        self.use = QPushButton(tr("Use on this image"))
        self.use.setToolTip(tr("Make the map anew with the new model, which is in the list of models already."))
        self.report = QPushButton(tr("Report"))
        self.report.setToolTip(tr("Every square with its image, its labels, and what both models say"))
        self.roll_back = QPushButton(tr("Roll back"))
        self.roll_back.setToolTip(tr("Delete the new model; the old one is as it was."))
        buttons = QHBoxLayout()
        for button in (self.report, self.roll_back):
            buttons.addWidget(button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.verdict)
        rows.addLayout(self.grid)
        rows.addWidget(self.use)
        rows.addLayout(buttons)
        self._page = ""
        self.report.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(self._page)))
        self.setVisible(False)

    def show_comparison(self, found: "dict[str, Any]", page: str) -> None:
        """Show figures of a comparison.

        Args:
            found: By role ("check", "train") as the core tells it.
            page: Its report.
        """
        self._page = page
        while self.grid.count():
            self.grid.takeAt(0).widget().deleteLater()
        rows = [("", tr("before"), tr("after"))]
        for role, title in (("check", tr("Squares to check with")), ("train", tr("Squares trained on"))):
            own = found[role]
            if own["before"] is not None:
                cells = (_format_share(own[key]["accuracy"], own["intervals"][key]) for key in ("before", "after"))
                rows.append((f"{title} ({own['squares']})", *cells))
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                self.grid.addWidget(make_wrapped_label(text), row, column)
        self.verdict.setText(_judge(found["check"]))
        self.setVisible(True)


def _judge(check: "dict[str, Any]") -> str:
    """Say what the squares to check with show."""
    if check["before"] is None:
        return tr("No square to check with is reviewed: nobody knows whether the new model is better.")
    points = 100 * (check["after"]["accuracy"] - check["before"]["accuracy"])
    limits: Optional[Sequence[float]] = check["intervals"]["difference"]
    told = tr("{} points right on the squares to check with").format(format_number(points, "+.1f"))
    if limits is None:
        return tr("{}; one square tells nothing of others: review more of them.").format(told)
    low, high = (100 * one for one in limits)
    told = tr("{} (95 % interval {} to {})").format(told, format_number(low, "+.1f"), format_number(high, "+.1f"))
    if low > 0:
        return tr("{}: the new model is better here.").format(told)
    if high < 0:
        return tr("{}: the new model is worse here. Roll back.").format(told)
    return tr("{}: that may be chance. Review more squares.").format(told)


def _format_share(share: float, limits: "Optional[Sequence[float]]") -> str:
    text = format_number(share, ".1%")
    if limits is None:
        return text
    low, high = (format_number(100 * limit, ".1f") for limit in limits)
    return f"{text} ({low}–{high})"

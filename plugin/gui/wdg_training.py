# SPDX-License-Identifier: GPL-2.0-or-later
"""A training as it runs: curves of loss and score, the score of each class, and what to draw more of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from qgis.PyQt.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ..i18n import format_number, tr
from ..runner import format_duration
from ..training_watch import advise, is_share
from ..wording import name_class
from .wdg_area_chart import BarWidget, choose_outline
from .widgets import ElidedLabel, clear_grid, make_wrapped_label

LOSS, SCORE = "#d97706", "#2f80d8"
"""Colours of the two curves, seen on bright windows and on dark ones."""

FIRST_ADVICE = 0.25
"""Share of a training before which a low score says nothing yet."""

_MOST = 400  # points of a curve; every other one goes when there are more

Points = Sequence["tuple[float, float]"]


class TrainingCurve(QWidget):
    """Loss, from 0 to the highest one, and score, from 0 to 1, over the share of the training that is done."""

    def __init__(self) -> None:
        super().__init__()
        self._losses: Points = ()
        self._scores: Points = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Loss and score while the model learns"))

    def sizeHint(self) -> QSize:
        """A third as high as a page is wide."""
        return QSize(20 * self.fontMetrics().height(), 7 * self.fontMetrics().height())

    def show_points(self, losses: Points, scores: Points) -> None:
        """Show points, each (share of the training that was done, value)."""
        self._losses, self._scores = losses, scores
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a frame with lines at each quarter, and the curves with a dot for each score."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = self.fontMetrics().height() / 2
        box = QRectF(self.rect()).adjusted(1, edge / 2, -1, -edge / 2)
        faint = choose_outline(self.palette())
        faint.setAlpha(60)
        painter.setPen(QPen(faint, 1))
        for quarter in range(5):
            y = box.top() + box.height() * quarter / 4
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
        highest = max((loss for _, loss in self._losses), default=0.0) or 1.0
        for points, most, colour in ((self._losses, highest, LOSS), (self._scores, 1.0, SCORE)):
            placed = [
                QPointF(box.left() + share * box.width(), box.bottom() - min(value / most, 1.0) * box.height())
                for share, value in points
            ]
            painter.setPen(QPen(QColor(colour), 2))
            painter.drawPolyline(QPolygonF(placed))
            if points is self._scores:
                painter.setBrush(QColor(colour))
                for point in placed:
                    painter.drawEllipse(point, 3, 3)


class TrainingView(QWidget):
    """Hears the events of a training and shows them; not there before the first one."""

    def __init__(self) -> None:
        super().__init__()
        self.curve, self.figures = TrainingCurve(), QLabel()
        self.figures.setTextFormat(Qt.TextFormat.RichText)
        self.figures.setWordWrap(True)
        self.left = make_wrapped_label("")
        self.advice = make_wrapped_label("")
        self._grid = QGridLayout()
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1)
        self._losses: list[tuple[float, float]] = []
        self._scores: list[tuple[float, float]] = []
        self._done, self._best = 0.0, math.nan
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        for widget in (self.figures, self.curve, self.left):
            rows.addWidget(widget)
        rows.addLayout(self._grid)
        rows.addWidget(self.advice)
        self.setVisible(False)

    def hear(self, event: "dict[str, Any]") -> None:
        """Take an event of the worker's task `train`."""
        kind = event.get("event")
        if kind == "start":
            self.clear()
        elif kind == "progress":
            self._done = min(float(event["done"]) / max(float(event["total"]), 1.0), 1.0)
            if event.get("loss") is not None:
                self._losses = _thin([*self._losses, (self._done, float(event["loss"]))])
            eta = event.get("eta")
            over = eta is None or eta < 1  # then the model is saved, for seconds
            self.left.setText("" if over else tr("At most {} left.").format(format_duration(eta)))
        elif kind == "epoch" and is_share(event.get("miou_labelled")):
            self._take_scores(event)
        self._show_figures()
        self.setVisible(True)

    def clear(self) -> None:
        """Forget another training."""
        self._losses, self._scores, self._done, self._best = [], [], 0.0, math.nan
        clear_grid(self._grid)
        for label in (self.left, self.advice):
            label.setText("")
        self._show_figures()

    def _take_scores(self, event: "dict[str, Any]") -> None:
        score = float(event["miou_labelled"])
        self._scores = [*self._scores, (self._done, score)]
        self._best = score if not score < self._best else self._best
        found = event.get("iou")
        iou = {str(name): value for name, value in found.items()} if isinstance(found, dict) else {}
        clear_grid(self._grid)
        for row, (name, value) in enumerate(iou.items()):
            known = is_share(value)
            self._grid.addWidget(ElidedLabel(name_class(name)), row, 0)
            self._grid.addWidget(BarWidget(SCORE, float(value) if known else 0.0), row, 1)
            self._grid.addWidget(QLabel(format_number(value, ".2f") if known else "–"), row, 2)
        self.advice.setText("\n".join(advise(iou)) if self._done >= FIRST_ADVICE else "")

    def _show_figures(self) -> None:
        loss = format_number(self._losses[-1][1], ".3f") if self._losses else "–"
        parts = [f'<span style="color:{LOSS}">●</span> ' + tr("loss {}").format(loss)]
        if self._scores:
            last, best = (format_number(score, ".2f") for score in (self._scores[-1][1], self._best))
            told = tr("score (mIoU) {}, best {}").format(last, best)
            parts.append(f'<span style="color:{SCORE}">●</span> ' + told)
        self.figures.setText("&nbsp;&nbsp; ".join(parts))
        self.curve.show_points(self._losses, self._scores)


def _thin(points: "list[tuple[float, float]]") -> "list[tuple[float, float]]":
    """Return a curve of not too many points, with its last one."""
    return points if len(points) <= _MOST else points[-1::-2][::-1]

# SPDX-License-Identifier: GPL-2.0-or-later
"""Who looks on while a model is trained: the page that began it, or a window beside Processing's dialog."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Optional

from qgis.core import QgsProcessingAlgorithm, QgsProcessingFeedback
from qgis.PyQt.QtCore import QObject, pyqtSignal

from .i18n import format_number, tr
from .wording import name_class

LITTLE = 0.3
"""IoU of a class below which it is advised to draw more of it."""

UNDRAWN = "Unlabeled"
"""The class that says what nobody has drawn: nobody can draw more of it."""

Figures = Callable[["dict[str, Any]"], None]
"""Takes the events `start`, `progress` and `epoch` of the worker's task `train`, in the thread of the algorithm."""


class TrainingWatch(QObject):
    """Tells, in the main thread, of trainings that Processing's own windows have begun. The provider has one."""

    begun = pyqtSignal(str)  # name of the model
    told = pyqtSignal(dict)  # event
    ended = pyqtSignal()


@contextmanager
def watch_training(algorithm: QgsProcessingAlgorithm, feedback: QgsProcessingFeedback, name: str) -> Iterator[Figures]:
    """Yield whom to tell the figures of a training while the block lasts.

    Args:
        algorithm: What trains.
        feedback: Of its run; one of the plugin's own takes the figures itself.
        name: Of the model.
    """
    tell = getattr(feedback, "tell_figures", None)
    watch = getattr(algorithm.provider(), "watch", None)
    if tell is not None or watch is None:
        yield tell or (lambda event: None)
        return
    watch.begun.emit(name)
    try:
        yield watch.told.emit
    finally:
        watch.ended.emit()


def advise(iou: Mapping[str, Optional[float]]) -> "list[str]":
    """Return what to draw more of.

    Args:
        iou: Score of each class; None where nothing of it was held out.
    """
    told = []
    for name, value in iou.items():
        shown = name_class(name)
        if name == UNDRAWN:
            continue
        if value is None:
            told.append(tr("Nothing of {} was held out: draw it in more than one place.").format(shown))
        elif is_share(value) and value < LITTLE:
            told.append(tr("{} {}: draw more of it, in several places.").format(shown, format_number(value, ".2f")))
    return told


def is_share(value: Any) -> bool:
    """Return whether something that the core told is a number from 0 to 1."""
    return isinstance(value, (int, float)) and 0 <= value <= 1

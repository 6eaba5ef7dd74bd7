# SPDX-License-Identifier: GPL-2.0-or-later
"""Who looks on while a model is trained: the page that began it, or a window beside Processing's dialog."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingFeedback
from qgis.PyQt.QtCore import QObject, pyqtSignal

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

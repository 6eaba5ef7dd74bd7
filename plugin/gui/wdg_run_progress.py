# SPDX-License-Identifier: GPL-2.0-or-later
"""How far a run behind a page is, and the button that ends it."""

from __future__ import annotations

from typing import Optional, Union

from qgis.PyQt.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ..i18n import tr
from .algorithm_run import AlgorithmRun
from .runs import Run
from .wdg_training import TrainingView
from .widgets import ProgressBar, make_wrapped_label


class RunProgress(QWidget):
    """There while a run lasts."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.bar, self.cancel = make_wrapped_label(""), ProgressBar(), QPushButton(tr("Cancel"))
        rows, row = QVBoxLayout(self), QHBoxLayout()
        rows.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        rows.addLayout(row)
        rows.addWidget(self.text)
        self.training = TrainingView()
        rows.addWidget(self.training)
        self._run: Optional[Union[AlgorithmRun, Run]] = None
        self.cancel.clicked.connect(self.stop)
        self.setVisible(False)

    def follow(self, run: Union[AlgorithmRun, Run], title: str) -> None:
        """Show a run until it has ended.

        Args:
            run: It.
            title: What it does.
        """
        self._run = run
        self.bar.setValue(0)
        self.text.setText(title)
        self.training.setVisible(False)
        self.setVisible(True)
        if isinstance(run, AlgorithmRun):
            run.figured.connect(self.training.hear)
        run.at.connect(lambda text: self._show_step(f"{title}\n{text}"))
        run.progressed.connect(lambda percent: self.bar.setValue(round(percent)))
        run.ended.connect(self._end)

    def _show_step(self, text: str) -> None:
        """Show what it is doing now; how long a training still takes is told anew as it goes on."""
        self.text.setText(text)
        self.training.left.setText("")

    def stop(self) -> None:
        """End the run, if there is one."""
        if self._run is not None:
            self._run.cancel()

    def _end(self) -> None:
        self._run = None
        self.setVisible(False)

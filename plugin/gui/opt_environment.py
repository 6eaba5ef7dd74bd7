# SPDX-License-Identifier: GPL-2.0-or-later
"""The page in QGIS's options: the environment at one click, where it comes from, added models, and Diagnose."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Optional

from qgis.core import QgsTask
from qgis.gui import QgsFileWidget, QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt import sip
from qgis.PyQt.QtGui import QIcon, QPalette
from qgis.PyQt.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from .. import settings
from ..__about__ import ICON, TITLE
from ..environment.diagnosis import diagnose
from ..environment.installer import install
from ..environment.job import SET_UP, Job, Jobs, find_job, watch_jobs
from ..environment.requirements import RUN, TRAIN
from ..environment.state import Environment, State, find_environment
from ..i18n import tr
from ..model_list import forget, list_added_files, remember
from .dlg_text import TextDialog
from .model_adding import ModelAdder
from .widgets import ErrorLabel, ProgressBar

CHECK, DIAGNOSE = "check", "diagnose"
"""Kinds of jobs, beside `SET_UP`."""

_COLOURS = {  # on light and on dark ground
    State.READY: ("#1b7f37", "#57d27a"),
    State.MISSING: ("#9a5b00", "#f0b14a"),
    State.OUTDATED: ("#9a5b00", "#f0b14a"),
    State.BROKEN: ("#b3261e", "#ff8a80"),
}


class OptionsFactory(QgsOptionsWidgetFactory):
    """Makes the page. What runs continues when the page is closed, and ends with `close`."""

    PAGE = "mOptionsPageAerialseg"
    """Name by which `showOptionsDialog` finds the page."""

    def __init__(self) -> None:
        super().__init__(TITLE, QIcon(str(ICON)))
        self.setTitle(TITLE)
        self.jobs = Jobs()

    def icon(self) -> QIcon:
        """Return the icon in the list of pages."""
        return QIcon(str(ICON))

    def createWidget(self, parent: Optional[QWidget] = None) -> QgsOptionsPageWidget:
        """Return a new page."""
        return EnvironmentPage(self.jobs, parent)

    def close(self) -> None:
        """End what runs; for when the plugin is unloaded."""
        self.jobs.close()


class EnvironmentPage(QgsOptionsPageWidget):
    """The page.

    Args:
        jobs: Holds what runs.
        parent: The options dialog.
    """

    def __init__(self, jobs: Jobs, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName(OptionsFactory.PAGE)
        self._jobs = jobs
        self._found: Optional[Environment] = None
        self._dialog: Optional[TextDialog] = None
        self._other: Optional[QgsTask] = None  # a set-up that was begun elsewhere
        self._removed: "set[Path]" = set()  # models that are forgotten when the page is applied
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for group in (self._make_environment_group(), self._make_source_group(), self._make_models_group()):
            layout.addWidget(group)
        self.diagnose = self._make_button(
            tr("&Diagnose…"), tr("Describe the installation: what to send along with a question"), self._start_diagnosis
        )
        row = QHBoxLayout()
        row.addWidget(self.diagnose)
        row.addStretch()
        layout.addLayout(row)
        layout.addStretch()
        self._fill(settings.load())
        self._set_tab_order()
        jobs.started.connect(self._refresh)
        jobs.ended.connect(self._show_end)
        jobs.said.connect(self._show_line)
        jobs.progressed.connect(self._show_progress)
        watch_jobs(self._look_for_others)
        self._show(find_environment())
        self._check()

    def apply(self) -> None:
        """Store what the page shows."""
        shown = [Path(self.models.item(row).text()) for row in range(self.models.count())]
        for path in shown:
            remember(path)
        for path in self._removed.difference(shown):
            with suppress(OSError):  # it is in use; it stays in the list
                forget(path)
        places = {"python": self.python.filePath().strip(), "wheels": self.wheels.filePath().strip()}
        settings.save(replace(settings.load(), **places))

    def helpKey(self) -> str:
        """Return no page: QGIS's own help has none about this."""
        return ""

    def _make_environment_group(self) -> QGroupBox:
        group = QGroupBox(tr("Environment"), self)
        self.status = QLabel(group)
        self.status.setWordWrap(True)
        self.set_up = self._make_button(
            tr("&Set up"),
            tr("Make the Python environment in which models run (0.9 GB); QGIS itself gets nothing"),
            self._set_up,
        )
        self.train = self._make_button(
            tr("Install &training too (3 GB)"),
            tr("Adds TensorFlow and Keras, to train models of your own"),
            self._add_train,
        )
        self.cancel = self._make_button(tr("&Cancel"), tr("End the set-up; nothing of it stays"), self._cancel)
        self.bar = ProgressBar()
        self.bar.setAccessibleName(tr("Progress of the set-up"))
        self.line = QLabel(group)
        self.line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout()
        for button in (self.set_up, self.train, self.cancel):
            row.addWidget(button)
        row.addStretch()
        layout = QVBoxLayout(group)
        layout.addWidget(self.status)
        layout.addLayout(row)
        layout.addWidget(self.bar)
        layout.addWidget(self.line)
        return group

    def _make_source_group(self) -> QGroupBox:
        group = QGroupBox(tr("Interpreter and packages"), self)
        self.python = QgsFileWidget(group)
        self.python.setStorageMode(QgsFileWidget.StorageMode.GetFile)
        self.python.setDialogTitle(tr("Python interpreter"))
        self.python.lineEdit().setPlaceholderText(tr("empty: the environment above"))
        self.python.setToolTip(
            tr("A Python that has aerialseg's packages, used as it is. Example: /opt/aerialseg/bin/python")
        )
        self.wheels = QgsFileWidget(group)
        self.wheels.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.wheels.setDialogTitle(tr("Folder of wheels"))
        self.wheels.lineEdit().setPlaceholderText(tr("empty: the package index"))
        self.wheels.setToolTip(tr("Install from this folder, without a network. Example: /media/usb/wheels"))
        form = QFormLayout(group)
        for text, widget in ((tr("&Interpreter"), self.python), (tr("&Folder of wheels"), self.wheels)):
            label = QLabel(text, group)
            label.setBuddy(widget.lineEdit())
            form.addRow(label, widget)
        self.python.fileChanged.connect(self._refresh)
        return group

    def _make_models_group(self) -> QGroupBox:
        group = QGroupBox(tr("Models"), self)
        self.models = QListWidget(group)
        self.models.setToolTip(tr("Model files (.onnx) that are offered beside the shipped ones"))
        self.models.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.models.setMaximumHeight(6 * self.fontMetrics().height())
        label = QLabel(tr("Added &models"), group)
        label.setBuddy(self.models)
        self.adder = ModelAdder(self)
        self.add_model = self._make_button(
            tr("&Add…"), tr("Try a model file, and offer it in the dialogs if it works"), self._choose_models
        )
        self.remove_model = self._make_button(
            tr("&Remove"),
            tr("Take the selected models out of the list; their files stay, copies that were made of them go"),
            self._remove_models,
        )
        self.model_error = ErrorLabel()
        self.adder.added.connect(self._add_model)
        self.adder.failed.connect(lambda text: self.model_error.say(f"{self.model_error.text()}\n{text}".strip()))
        self.adder.busy.connect(self.add_model.setDisabled)
        self.models.itemSelectionChanged.connect(self._refresh)
        buttons = QVBoxLayout()
        buttons.addWidget(self.add_model)
        buttons.addWidget(self.remove_model)
        buttons.addStretch()
        row = QHBoxLayout()
        row.addWidget(self.models)
        row.addLayout(buttons)
        layout = QVBoxLayout(group)
        layout.addWidget(label)
        layout.addLayout(row)
        layout.addWidget(self.model_error)
        return group

    def _make_button(self, text: str, tip: str, pressed: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.clicked.connect(pressed)
        return button

    def _set_tab_order(self) -> None:
        order = [self.set_up, self.train, self.cancel, self.python.lineEdit(), self.wheels.lineEdit()]
        order += [self.models, self.add_model, self.remove_model, self.diagnose]
        for number in range(1, len(order)):
            QWidget.setTabOrder(order[number - 1], order[number])

    def _fill(self, stored: settings.Settings) -> None:
        self.python.setFilePath(stored.python)
        self.wheels.setFilePath(stored.wheels)
        self.models.addItems([str(path) for path in list_added_files()])
        variable = os.environ.get(settings.INTERPRETER_VARIABLE, "").strip()
        if variable:
            self.python.setEnabled(False)
            self.python.setFilePath("")
            self.python.lineEdit().setPlaceholderText(f"{settings.INTERPRETER_VARIABLE}={variable}")

    def _check(self) -> None:
        """Look whether the environment really works; that takes seconds."""
        self._jobs.start(
            CHECK, tr("aerialseg: looking at the environment"), lambda feedback, say: find_environment(probe=True)
        )

    def _set_up(self) -> None:
        extra = TRAIN if self._found and TRAIN in self._found.extras else RUN
        self._install(extra)

    def _add_train(self) -> None:
        self._install(TRAIN)

    def _install(self, extra: str) -> None:
        self.apply()  # what the page shows is what counts
        title = tr("aerialseg: setting up the environment")
        self._jobs.start(SET_UP, title, lambda feedback, say: install(extra, feedback, say))

    def _cancel(self) -> None:
        task = find_job(SET_UP)
        if task is not None:
            task.cancel()
        self.cancel.setEnabled(False)

    def _start_diagnosis(self) -> None:
        self._jobs.start(DIAGNOSE, tr("aerialseg: diagnosis"), lambda feedback, say: diagnose(feedback))

    def _choose_models(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, tr("Add models"), "", tr("Models (*.onnx)"))
        self.add_models(paths)

    def add_models(self, paths: "list[str]") -> None:
        """Try model files, and list those that work."""
        self.model_error.say("")
        there = {self.models.item(row).text() for row in range(self.models.count())}
        for path in paths:
            if path not in there:
                self.adder.add(path)

    def _add_model(self, path: str) -> None:
        self.models.addItem(path)

    def _remove_models(self) -> None:
        for item in self.models.selectedItems():
            self._removed.add(Path(item.text()))
            self.models.takeItem(self.models.row(item))

    def _look_for_others(self) -> None:
        """Show a set-up that was begun in the dock as well, and that it has ended."""
        if sip.isdeleted(self) or self._jobs.find(SET_UP) is not None:
            return
        before, self._other = self._other, find_job(SET_UP)
        if self._other is not None and self._other is not before:
            self._other.progressChanged.connect(lambda percent: self._show_progress(SET_UP, percent))
            self._show_progress(SET_UP, self._other.progress())  # it may have begun long ago
            self._refresh()
        elif before is not None and self._other is None:
            self._show(find_environment())

    def _show_line(self, kind: str, line: str) -> None:
        if kind == SET_UP and not sip.isdeleted(self) and line.strip():
            self.line.setText(line.strip())

    def _show_progress(self, kind: str, percent: float) -> None:
        if kind == SET_UP and not sip.isdeleted(self):
            self.bar.setValue(int(percent))

    def _show_end(self, kind: str, job: Job) -> None:
        if sip.isdeleted(self):
            return
        self._refresh()
        if kind == DIAGNOSE and job.result:
            self._dialog = TextDialog(tr("Diagnosis"), job.result, self)
            self._dialog.open()
        elif kind == CHECK and job.result and not self._jobs.find(SET_UP):
            self._show(job.result)
        elif kind == SET_UP:
            self._show(job.result or find_environment(), str(job.problem or ""))

    def _show(self, found: Environment, problem: str = "") -> None:
        """Show a state, or what went wrong with a set-up."""
        self._found = found
        self._say(problem or _describe(found), State.BROKEN if problem else found.state)
        self._refresh()

    def _say(self, sentence: str, state: State) -> None:
        dark = self.palette().color(QPalette.ColorRole.Window).lightness() < 128
        self.status.setText(f'<span style="color: {_COLOURS[state][dark]}">●</span> {escape(sentence, quote=False)}')

    def _refresh(self, *_: object) -> None:
        """Bring buttons and bar in line with what is running."""
        if sip.isdeleted(self):
            return
        running = self._jobs.find(SET_UP) is not None or self._other is not None
        if running:
            self._say(tr("The environment is being set up; that takes some minutes."), State.OUTDATED)
        named = bool(self.python.filePath().strip() or os.environ.get(settings.INTERPRETER_VARIABLE, "").strip())
        extras = self._found.extras if self._found and self._found.own else frozenset()
        missing = not self._found or self._found.state is State.MISSING
        self.set_up.setText(tr("&Set up") if missing else tr("Re&pair"))
        self.set_up.setEnabled(not running and not named)
        self.train.setEnabled(not running and not named and TRAIN not in extras)
        self.cancel.setEnabled(running)
        self.cancel.setVisible(running)
        self.bar.setVisible(running)
        self.line.setVisible(running)
        self.diagnose.setEnabled(self._jobs.find(DIAGNOSE) is None)
        self.remove_model.setEnabled(bool(self.models.selectedItems()))


def _describe(found: Environment) -> str:
    """Return what the page says about an environment."""
    if found.state is not State.READY:
        return found.detail
    purpose = tr("segmenting and training") if TRAIN in found.extras else tr("segmenting")
    if not found.own:
        return tr("Ready for {}: {} ({}).").format(purpose, found.python, found.detail)
    return tr("Ready for {} ({}, in {}).").format(purpose, found.detail, Path(found.python).parent.parent)

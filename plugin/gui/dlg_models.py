# SPDX-License-Identifier: GPL-2.0-or-later
"""All models: the shipped ones, added ones, and those that others have published, fetched on a click."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Optional

from qgis.PyQt.QtCore import Qt, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from .. import settings
from ..i18n import format_number, tr
from ..model_list import forget, get_checksum, list_added_files, remember, set_checksum
from ..models import Model, find_added_models_folder, list_models
from ..public_models import PublicModel, list_public_models
from ..wording import describe_model, name_bands, name_class
from .model_adding import ModelAdder
from .model_fetching import ModelFetcher
from .widgets import ErrorLabel, ProgressBar

_NAME = Qt.ItemDataRole.UserRole  # of an item: the name of its model


class ModelsDialog(QDialog):
    """The list, what is known of the chosen model, and what can be done with it.

    Args:
        parent: Window that it belongs to.
    """

    changed = pyqtSignal(str)  # the list is another; name of the model to choose, "" for the one that is
    chosen = pyqtSignal(str)  # name of the model that somebody wants to use

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Models"))
        self._models: dict[str, Model] = {}
        self._public = list_public_models()
        self.adder, self.fetcher = ModelAdder(self), ModelFetcher(self)
        self._make_widgets()
        self._lay_out()
        self.adder.added.connect(self._take)
        self.adder.failed.connect(self.error.say)
        self.adder.busy.connect(self._show_busy)
        self.fetcher.progressed.connect(self._show_progress)
        self.fetcher.said.connect(self.status.setText)
        self.fetcher.fetched.connect(self._take)
        self.fetcher.failed.connect(self.error.say)
        self.fetcher.replaced.connect(lambda: self.trust.setVisible(True))
        self.fetcher.ended.connect(lambda: self._show_busy(False))
        self.reload()

    def _make_widgets(self) -> None:
        self.status, self.error = QLabel(), ErrorLabel()
        self.status.setWordWrap(True)
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels([tr("Model"), tr("Classes"), tr("Ground"), tr("Licence"), tr("Size")])
        self.tree.setAccessibleName(tr("Models"))
        self.tree.currentItemChanged.connect(self._choose_row)
        self.detail = QLabel()
        self.detail.setWordWrap(True)
        self.detail.setTextFormat(Qt.TextFormat.RichText)
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.detail.setOpenExternalLinks(True)
        self.detail.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.detail.setMinimumHeight(6 * self.fontMetrics().height())
        self.progress = ProgressBar()
        self.progress.setAccessibleName(tr("Progress of the download"))
        self.progress.setVisible(False)
        self.use = self._make_button(tr("Use"), tr("Choose this model in the dock"), self._use)
        self.fetch = self._make_button(tr("Download"), tr("Fetch the file, try it and add it"), self._fetch)
        self.page = self._make_button(tr("Open page"), tr("The page of who publishes it"), self._open_page)
        self.remove = self._make_button(tr("Remove"), tr("Take an added model out of the list"), self._remove)
        self.add = self._make_button(tr("Add a file…"), tr("Try a model file of your own, and add it"), self._choose)
        self.cancel = self._make_button(tr("Cancel"), tr("End the download; nothing of it stays"), self.fetcher.cancel)
        self.cancel.setVisible(False)
        self.trust = self._make_button(
            tr("Trust the new file"), tr("Forget what the file was the first time; then download it"), self._trust
        )
        self.trust.setVisible(False)

    def _make_button(self, text: str, tip: str, pressed: object) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.clicked.connect(lambda *_: pressed())
        return button

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.use, self.fetch, self.page, self.remove, self.add):
            buttons.addWidget(button)
        buttons.addStretch(1)
        below = QHBoxLayout()
        below.addWidget(self.progress, 1)
        below.addWidget(self.cancel)
        rows = QVBoxLayout(self)
        rows.addWidget(self.tree, 1)
        rows.addWidget(self.detail)
        rows.addLayout(buttons)
        for widget in (self.status, self.error):
            rows.addWidget(widget)
        rows.addWidget(self.trust, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addLayout(below)
        letter = self.fontMetrics().averageCharWidth()
        self.resize(120 * letter, 34 * self.fontMetrics().height())
        header = self.tree.header()
        header.setStretchLastSection(False)
        for column, letters in ((2, 22), (3, 24)):
            self.tree.setColumnWidth(column, letters * letter)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)  # classes: the others are seen whole
        for column in (0, 4):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)

    def reload(self, name: str = "") -> None:
        """List the models that there are now.

        Args:
            name: Of the one to show; "" for the first.
        """
        self._models = list_models(settings.load().models)
        added = set(list_added_files())
        self.tree.clear()
        shipped = {name: model for name, model in self._models.items() if model.path not in added}
        mine = {name: model for name, model in self._models.items() if model.path in added}
        public = {name: model for name, model in self._public.items() if name not in self._models}
        for title, rows in (
            (tr("Shipped with aerialseg"), [_list_columns(name, model) for name, model in shipped.items()]),
            (tr("Added"), [_list_columns(name, model) for name, model in mine.items()]),
            (tr("Published by others: tried by us"), [_list_public(one) for one in public.values() if one.tried]),
            (
                tr("Published by others: not tried by us"),
                [_list_public(one) for one in public.values() if not one.tried],
            ),
        ):
            group = QTreeWidgetItem(self.tree, [title])
            group.setFirstColumnSpanned(True)
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for columns in rows:
                item = QTreeWidgetItem(group, columns)
                item.setData(0, _NAME, columns[0])
                for column, text in enumerate(columns):
                    item.setToolTip(column, text)
            group.setExpanded(True)
        self.show_model(name or next(iter(self._models), ""))

    def show_model(self, name: str) -> None:
        """Choose a row."""
        for number in range(self.tree.topLevelItemCount()):
            group = self.tree.topLevelItem(number)
            for row in range(group.childCount()):
                if group.child(row).data(0, _NAME) == name:
                    self.tree.setCurrentItem(group.child(row))

    def name(self) -> str:
        """Return the name of the chosen row; "" if there is none."""
        item = self.tree.currentItem()
        return str(item.data(0, _NAME) or "") if item else ""

    def _choose_row(self, *_: object) -> None:
        self._forget_error()
        self._show()

    def _show(self) -> None:
        name = self.name()
        model = self._models.get(name)
        public = self._public.get(name) if model is None else None
        if model is not None:
            self.detail.setText(_describe(model, self._public.get(name)))
        else:
            self.detail.setText(_describe_public(public) if public else "")
        added = model is not None and model.path in set(list_added_files())
        free = self.cancel.isHidden()
        self.use.setEnabled(model is not None)
        self.fetch.setEnabled(bool(public and public.address) and free)
        self.page.setEnabled(name in self._public)
        self.remove.setEnabled(added and free)
        self.add.setEnabled(free)

    def _use(self) -> None:
        self.chosen.emit(self.name())
        self.accept()

    def _open_page(self) -> None:
        QDesktopServices.openUrl(QUrl(self._public[self.name()].page))

    def _fetch(self) -> None:
        self._forget_error()
        self.cancel.setVisible(True)
        self._show_busy(True)
        self.fetcher.start(self._public[self.name()])

    def _trust(self) -> None:
        set_checksum(self.name(), "")
        self._forget_error()
        self._show()

    def _forget_error(self) -> None:
        self.error.say("")
        self.trust.setVisible(False)

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Add a model"), "", tr("Models (*.onnx)"))
        if path:
            self.add_file(path)

    def add_file(self, path: str) -> None:
        """Try a model file, and add it if it works; of a published one, what is known of it is told."""
        self._forget_error()
        public = self._public.get(Path(path).stem)
        self.adder.add(path, public.format_card() if public else "")

    def _take(self, path: str) -> None:
        remember(Path(path))
        self._models = list_models(settings.load().models)
        name = next((name for name, model in self._models.items() if model.path == Path(path)), "")
        self.status.setText(tr("{} has been tried and added.").format(name))
        self.reload(name)
        self.changed.emit(name)

    def _remove(self) -> None:
        path = self._models[self.name()].path
        try:
            forget(path)
        except OSError as error:
            self.error.say(tr("{} cannot be removed: {}.").format(path, error.strerror or error))
            return
        self.status.setText("")
        self.reload()
        self.changed.emit("")

    def _show_busy(self, busy: bool) -> None:
        self.progress.setVisible(busy)
        self.progress.setRange(0, 0)
        if not busy:
            self.cancel.setVisible(False)
        elif self.cancel.isHidden():
            self.status.setText(tr("The model is tried …"))
        self._show()

    def _show_progress(self, done: float, total: float) -> None:
        self.progress.setRange(0, 1000 if total > 0 else 0)
        self.progress.setValue(round(1000 * done / total) if total > 0 else 0)

    def done(self, result: int) -> None:
        """Close, and end what has been begun."""
        self.fetcher.cancel()
        self.adder.stop()
        self._show_busy(False)
        super().done(result)


def _list_columns(name: str, model: Model) -> "list[str]":
    classes = ", ".join(name_class(one.name) for one in model.classes)
    return [name, classes, _format_ground(model), model.licence, _format_size(model.path.stat().st_size / 1e6)]


def _list_public(model: PublicModel) -> "list[str]":
    ground, licence = (text.replace("not stated", tr("not told")) for text in (model.ground, model.licence))
    return [model.name, ", ".join(model.classes), ground, licence, _format_size(model.megabytes)]


def _format_ground(model: Model) -> str:
    finest, coarsest = model.gsd_range
    if coarsest > 1e5:  # it names none
        return tr("any")
    if finest == coarsest:
        return tr("{} m").format(format_number(finest, "g"))
    return tr("{} to {} m").format(format_number(finest, ".3g"), format_number(coarsest, ".3g"))


def _format_size(megabytes: float) -> str:
    return tr("{} MB").format(format_number(megabytes, ".1f" if megabytes < 10 else ".0f")) if megabytes else "?"


def _describe(model: Model, public: Optional[PublicModel]) -> str:
    lines = [
        escape(describe_model(model.description)),
        tr("Bands: {}").format(escape(name_bands(", ".join(model.bands)))),
    ]
    lines.append(escape(str(model.path)))
    checksum = get_checksum(model.name) if model.path.parent == find_added_models_folder() else ""
    if checksum:
        lines.append(tr("SHA-256 of the file that was downloaded: {}").format(checksum))
    if public:
        lines.append(_link(public.page))
    return "<br>".join(lines)


def _describe_public(model: PublicModel) -> str:
    lines = [f"<b>{escape(model.description)}</b>"]
    lines.append(
        tr("aerialseg has run this file, and maps as its publisher's program does. How good they are was not judged.")
        if model.tried
        else tr("Nobody of aerialseg has run this file: what stands here is what its publisher says. Mind the licence.")
    )
    lines.append(_link(model.page))
    if not model.address:
        lines.append(tr("The address of the file is not known here: get it from that page, then add it."))
        return "<br>".join(lines)
    lines.append(escape(model.address))
    known = model.sha256 or get_checksum(model.name)
    if known:
        lines.append(tr("The file must have the SHA-256 {}.").format(known))
    else:
        lines.append(tr("Its SHA-256 is not published: that of the first download is kept, and holds from then on."))
    return "<br>".join(lines)


def _link(address: str) -> str:
    return f'<a href="{escape(address)}">{escape(address)}</a>'

# SPDX-License-Identifier: GPL-2.0-or-later
"""Which model: a list, what is known of the chosen one, and how it is to read a layer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Optional

from qgis.core import QgsRasterLayer
from qgis.gui import QgsRasterBandComboBox
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from .. import defaults
from ..i18n import tr
from ..model_list import remember
from ..models import Model, list_models
from ..settings import load
from ..wording import describe_model, name_bands
from .dlg_models import ModelsDialog
from .model_adding import ModelAdder
from .request import IncompleteError
from .wdg_model_facts import ModelFacts, format_resolution
from .widgets import ErrorLabel, make_label


class ModelChooser(QWidget):
    """The list of models, and what is known of the chosen one."""

    changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.models: dict[str, Model] = {}
        self.window_of_models: Optional[ModelsDialog] = None
        """The list of all models, if it has been opened."""
        self.box = QComboBox()
        self.box.setAccessibleName(tr("Model"))
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.add = QToolButton(text="…", toolTip=tr("Add the file of a model, or see all models"))
        self.add.setAccessibleName(tr("Models"))
        self.add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.addAction(tr("Add a model file…")).triggered.connect(lambda *_: self._choose_file())
        menu.addAction(tr("All models…")).triggered.connect(lambda *_: self.show_all())
        self.add.setMenu(menu)
        self.adder = ModelAdder(self)
        self._error = ErrorLabel()
        self._busy = make_label(tr("The model is tried …"))
        self._busy.setVisible(False)
        self.facts = ModelFacts()
        """What its card says; not in this widget, but folded below it."""
        line = QHBoxLayout()
        line.addWidget(self.box, 1)
        line.addWidget(self.add)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(line)
        for widget in (self._busy, self._error):
            rows.addWidget(widget)
        self.adder.added.connect(self._take)
        self.adder.failed.connect(self._error.say)
        self.adder.busy.connect(self._show_busy)
        self.box.currentIndexChanged.connect(self._show)
        self.reload(defaults.MODEL)

    def name(self) -> str:
        """Name of the chosen model; "" if there is none."""
        return str(self.box.currentData() or "")

    def model(self) -> Optional[Model]:
        """Return the chosen model."""
        return self.models.get(self.name())

    def reload(self, chosen: str) -> None:
        """List the models that there are now, with this one chosen."""
        self.models = list_models(load().models)
        self.box.blockSignals(True)
        self.box.clear()
        for name, model in self.models.items():
            self.box.addItem(name, name)
            self.box.setItemData(self.box.count() - 1, _format_tooltip(model), Qt.ItemDataRole.ToolTipRole)
        self.box.setCurrentIndex(max(self.box.findData(chosen), 0))
        self.box.blockSignals(False)
        self._show()

    def _show(self) -> None:
        model = self.model()
        self._error.say("" if model else tr("There is no model. Add the file of one with the button on the right."))
        self.facts.show_model(model)
        self.box.setToolTip(_format_tooltip(model) if model else "")
        self.changed.emit()

    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Add a model"), "", tr("Models (*.onnx)"))
        if path:
            self.add_file(path)

    def add_file(self, path: str) -> None:
        """Try a model file, and put it into the list, for this time and later ones."""
        self._error.say("")
        self.adder.add(path)

    def show_all(self) -> None:
        """Show the window with all models, the chosen one marked."""
        if self.window_of_models is None:
            self.window_of_models = ModelsDialog(self.window())
            self.window_of_models.changed.connect(lambda name: self.reload(name or self.name()))
            self.window_of_models.chosen.connect(self.reload)
        self.window_of_models.reload(self.name())
        self.window_of_models.show()
        self.window_of_models.raise_()

    def stop(self) -> None:
        """Try and fetch nothing any more."""
        self.adder.stop()
        if self.window_of_models is not None:
            self.window_of_models.reject()

    def _show_busy(self, busy: bool) -> None:
        self.add.setEnabled(not busy)
        self._busy.setVisible(busy)

    def _take(self, path: str) -> None:
        remember(Path(path))
        self.reload(next(name for name, model in list_models(load().models).items() if model.path == Path(path)))


def _format_tooltip(model: Model) -> str:
    lines = (describe_model(model.description), name_bands(", ".join(model.bands)), format_resolution(model))
    return f"<p>{'<br>'.join(map(escape, lines))}</p>"


class BandChooser(QWidget):
    """Which value of the layer is no data, and which band shows what the model wants."""

    changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._layer = ""
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._boxes: list[QgsRasterBandComboBox] = []
        self.nodata_edit = QLineEdit()
        """The value that is no data."""
        self.nodata_edit.setPlaceholderText(tr("as the layer says"))
        self.nodata_edit.setClearButtonEnabled(True)
        self.nodata_edit.setAccessibleName(tr("No-data value"))
        self.nodata_edit.setToolTip(
            tr(
                "What all bands hold where the image shows nothing, such as 0 in a black collar and 255 in a white one "
                "(--nodata); empty for what the layer itself says."
            )
        )
        self.nodata_edit.textChanged.connect(self.changed)
        self._form.addRow(tr("No-data value"), self.nodata_edit)

    def show_bands(self, names: "tuple[str, ...]", layer: Optional[QgsRasterLayer]) -> None:
        """Ask for these bands of the model, of a layer; what is no data in another one says nothing of it."""
        if self._layer != (layer.id() if layer else ""):
            self._layer = layer.id() if layer else ""
            self.nodata_edit.clear()
        while self._form.rowCount() > 1:
            self._form.removeRow(1)
        self._boxes = []
        before: QWidget = self.nodata_edit
        for shown in map(name_bands, names):
            box = QgsRasterBandComboBox()
            box.setShowNotSetOption(True, tr("automatic"))
            box.setLayer(layer)
            box.setBand(-1)
            box.setAccessibleName(tr("Band that shows {}").format(shown))
            box.bandChanged.connect(self.changed)
            self._form.addRow(shown[:1].upper() + shown[1:], box)
            self._boxes.append(box)
            QWidget.setTabOrder(before, box)
            before = box

    def choose(self, bands: Sequence[int], nodata: str) -> None:
        """Choose bands in the order of the model, or none, and the value that is no data."""
        for i, box in enumerate(self._boxes):
            box.setBand(bands[i] if i < len(bands) else -1)
        self.nodata_edit.setText(nodata)

    def bands(self) -> "tuple[int, ...]":
        """Return bands in the order of the model, 0 for one that nobody chose; empty if nobody chose any."""
        chosen = tuple(max(0, box.currentBand()) for box in self._boxes)
        return chosen if any(chosen) else ()

    def nodata(self) -> str:
        """Return the value that is no data; "" for what the layer says.

        Raises:
            IncompleteError: That is no number.
        """
        text = self.nodata_edit.text().strip().replace(",", ".")
        try:
            number = float(text or 0)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise IncompleteError(
                tr("The no-data value {} is no number. Give one such as 0, or leave it empty.").format(text)
            )
        return text

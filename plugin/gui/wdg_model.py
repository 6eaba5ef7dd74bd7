# SPDX-License-Identifier: GPL-2.0-or-later
"""Which model: a list, what the chosen one is for, its classes and colours, and how it is to read a layer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Optional

from qgis.core import QgsRasterLayer
from qgis.gui import QgsRasterBandComboBox
from qgis.PyQt.QtCore import QRectF, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QPainter, QPaintEvent, QPen
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from .. import defaults
from ..i18n import tr
from ..model_list import remember
from ..models import LandCover, Model, list_models
from ..settings import load
from ..wording import describe_model, name_class
from .dlg_models import ModelsDialog
from .model_adding import ModelAdder
from .request import IncompleteError
from .wdg_area_chart import choose_outline
from .wdg_model_facts import ModelFacts, format_resolution
from .widgets import ElidedLabel, ErrorLabel, clear_grid, make_label, make_wrapped_label

_LONG = 14
"""Letters of a name from which on a legend has two columns, not three."""


class Swatch(QWidget):
    """A little square of a colour."""

    def __init__(self, colour: str) -> None:
        super().__init__()
        self._colour = QColor(colour)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as a capital letter."""
        side = round(0.8 * self.fontMetrics().height())
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it with an outline, so that it is seen on any window."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(choose_outline(self.palette()), 1))
        painter.setBrush(self._colour)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)


class LegendWidget(QWidget):
    """Classes with their colours, in a few columns; a long name is cut, and its tooltip has all of it."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(self.fontMetrics().horizontalAdvance("n"))

    def show_classes(self, classes: "tuple[LandCover, ...]") -> None:
        """Show these instead of those before; where there are too many, the last place says how many more."""
        clear_grid(self._grid)
        columns, rows = (2, 4) if any(len(name_class(cover.name)) > _LONG for cover in classes) else (3, 3)
        for column in range(3):
            self._grid.setColumnStretch(2 * column + 1, int(column < columns))
        shown = classes if len(classes) <= columns * rows else classes[: columns * rows - 1]
        for i, cover in enumerate(shown):
            row, column = divmod(i, columns)
            self._grid.addWidget(Swatch(cover.colour), row, 2 * column)
            self._grid.addWidget(ElidedLabel(name_class(cover.name)), row, 2 * column + 1)
        rest = classes[len(shown) :]
        if rest:
            more = QLabel(tr("and {} more").format(len(rest)))
            more.setToolTip("<br>".join(escape(name_class(cover.name)) for cover in rest))
            self._grid.addWidget(more, rows - 1, 2 * columns - 1)
        self.setAccessibleName(tr("Classes: {}").format(", ".join(cover.name for cover in classes)))


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
        self._description = make_wrapped_label("")
        self._error = ErrorLabel()
        self._busy = make_label(tr("The model is tried …"))
        self._busy.setVisible(False)
        self._legend = LegendWidget()
        self.facts = ModelFacts()
        """What else its card says; not in this widget, as it goes below other rows of a form."""
        line = QHBoxLayout()
        line.addWidget(self.box, 1)
        line.addWidget(self.add)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(line)
        for widget in (self._busy, self._error, self._description, self._legend):
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
        self._description.setText(describe_model(model.description) if model else "")
        self._description.setVisible(model is not None)
        self._legend.show_classes(model.classes if model else ())
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
    lines = (describe_model(model.description), ", ".join(model.bands), format_resolution(model))
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
        for name in names:
            box = QgsRasterBandComboBox()
            box.setShowNotSetOption(True, tr("automatic"))
            box.setLayer(layer)
            box.setBand(-1)
            box.setAccessibleName(tr("Band that shows {}").format(name))
            box.bandChanged.connect(self.changed)
            self._form.addRow(name.capitalize(), box)
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
        text = self.nodata_edit.text().strip()
        try:
            number = float(text or 0)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise IncompleteError(
                tr("The no-data value {} is no number. Give one such as 0, or leave it empty.").format(text)
            )
        return text

# SPDX-License-Identifier: GPL-2.0-or-later
"""Of what the dock speaks: a layer, which follows the active one, a model, and whether it can be run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from qgis.core import QgsApplication, QgsMapLayer, QgsRasterLayer
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog, QFormLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from ..compat import get_layer_filter
from ..environment.requirements import TRAIN
from ..environment.state import Environment
from ..i18n import tr
from ..models import Model
from ..results import is_result
from .wdg_model import ModelChooser
from .wdg_model_facts import summarise
from .wdg_setup import SetUpBar
from .widgets import ElidedLabel, make_label

if TYPE_CHECKING:
    from qgis.gui import QgisInterface


class Header(QWidget):
    """Layer, model and environment, for all pages.

    Args:
        iface: The windows of QGIS.
    """

    layer_changed = pyqtSignal(object)  # QgsRasterLayer or None
    model_changed = pyqtSignal(object)  # Model or None
    environment_changed = pyqtSignal()  # it has been set up

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__()
        self._iface = iface
        self.environment = SetUpBar()
        self.layers = QgsMapLayerComboBox()
        self.layers.setFilters(get_layer_filter("RasterLayer"))
        self.layers.setAccessibleName(tr("Raster layer"))
        self.pin = QToolButton(checkable=True, toolTip=tr("Keep this layer, whichever one is active"))
        self.pin.setIcon(QgsApplication.getThemeIcon("/locked.svg"))
        self.pin.setAccessibleName(tr("Keep this layer"))
        self.open_file = QToolButton(text="…", toolTip=tr("Open the file of an image"))
        self.open_file.setAccessibleName(tr("Open a file"))
        self.models = ModelChooser()
        self.summary = ElidedLabel()
        """Of the model in a line; all that is known of it unfolds below."""
        self.unfold = QToolButton(checkable=True, autoRaise=True, toolTip=tr("What is known of the model"))
        self.unfold.setAccessibleName(tr("What is known of the model"))
        self.state = make_label("")
        """That the environment is ready; where it is not, `environment` says so."""
        layer = self.layer()
        self._told = layer.id() if layer else ""
        self._lay_out()
        self.layers.layerChanged.connect(self._tell_layer)
        self.models.changed.connect(self._tell_model)
        self.unfold.toggled.connect(self._show_facts)
        self.environment.ready.connect(self.environment_changed)
        self.open_file.clicked.connect(self._open_file)
        self.pin.toggled.connect(lambda: self._follow(iface.activeLayer()))
        iface.currentLayerChanged.connect(self._follow)
        self._follow(iface.activeLayer())
        self._summarise()
        self._show_facts(False)
        self.environment.looked.connect(self._show_environment)
        self.environment.look()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.layers, 1)
        line.addWidget(self.pin)
        line.addWidget(self.open_file)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, field, buddy in (
            (tr("Layer"), line, self.layers),
            (tr("Model"), self.models, self.models.box),
        ):
            label = QLabel(text)
            label.setBuddy(buddy)
            form.addRow(label, field)
        told = QHBoxLayout()
        told.addWidget(self.unfold)
        told.addWidget(self.summary, 1)
        form.addRow("", told)
        form.setVerticalSpacing(self.fontMetrics().height() // 4)
        self._state_title = QLabel(tr("Environment"))
        self.models.facts.form.addRow(self._state_title, self.state)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.environment)
        rows.addLayout(form)
        rows.addWidget(self.models.facts)

    def layer(self) -> Optional[QgsRasterLayer]:
        """Return the chosen layer; None if there is none."""
        return self.layers.currentLayer()

    def model(self) -> Optional[Model]:
        """Return the chosen model; None if there is none."""
        return self.models.model()

    def set_layer(self, layer: QgsRasterLayer) -> None:
        """Choose a layer."""
        self.layers.setLayer(layer)

    def stop(self) -> None:
        """Follow nothing any more."""
        self._iface.currentLayerChanged.disconnect(self._follow)
        self.models.stop()

    def _tell_layer(self, layer: Optional[QgsMapLayer]) -> None:
        """Tell of another layer; the list also speaks when something else is added to the project."""
        if self._told != (layer.id() if layer else ""):
            self._told = layer.id() if layer else ""
            self.layer_changed.emit(layer)

    def _tell_model(self) -> None:
        self._summarise()
        self.model_changed.emit(self.model())

    def _summarise(self) -> None:
        model = self.model()
        self.summary.setText(summarise(model) if model else "–")

    def _show_facts(self, shown: bool) -> None:
        """Unfold what is known of the model, which takes the room of the page."""
        self.models.facts.setVisible(shown)
        self.unfold.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)

    def _follow(self, layer: Optional[QgsMapLayer]) -> None:
        """Choose the layer that has become the active one, if it is an image and not what was made of one."""
        if isinstance(layer, QgsRasterLayer) and not self.pin.isChecked() and not is_result(layer):
            self.layers.setLayer(layer)

    def _show_environment(self, environment: Optional[Environment]) -> None:
        """Say that the environment is ready; None: it is not."""
        for widget in (self._state_title, self.state):
            widget.setVisible(environment is not None)
        if environment is not None:
            trains = TRAIN in environment.extras
            own = tr("ready, for training too") if trains else tr("ready, but for training")
            self.state.setText(own if environment.own else tr("the interpreter that you chose"))

    def _open_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, tr("Open an image"), "", tr("Images (*.tif *.tiff *.vrt *.jp2 *.jpg *.png);;All files (*)")
        )
        layer = self._iface.addRasterLayer(path) if path else None
        if layer is not None and layer.isValid():
            self.layers.setLayer(layer)

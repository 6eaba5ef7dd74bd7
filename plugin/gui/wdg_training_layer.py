# SPDX-License-Identifier: GPL-2.0-or-later
"""Draw training polygons of one's own classes, and train on them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Optional

from qgis.core import QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt.QtWidgets import QFileDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ..i18n import tr
from ..models import LandCover, Model
from ..rasters import find_file
from ..results import hide_results
from ..training_layer import LayerError, count_polygons, list_classes, make_training_layer
from ..training_watch import UNDRAWN
from ..wording import name_class
from .request import make_safe_name
from .widgets import ErrorLabel, do_next_turn, make_wrapped_label

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

ENOUGH = 10
"""Polygons of a class below which it is advised to draw more."""


class TrainingLayerBox(QWidget):
    """Makes a layer to draw in, says what is still to be drawn, and opens the training with all of it filled in.

    Args:
        iface: The windows of QGIS.
    """

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__()
        self._iface = iface
        self._image: Optional[QgsRasterLayer] = None
        self._known: tuple[LandCover, ...] = ()
        self._classes: list[LandCover] = []
        self._drawn = ""
        self.told = make_wrapped_label(
            tr("For classes of your own: draw polygons of each class on the image, and train a model on them.")
        )
        self.names = QLineEdit()
        self.names.setAccessibleName(tr("Classes"))
        self.names.setToolTip(tr("Names of the classes, separated by commas"))
        self.make, self.train = QPushButton(tr("New training layer…")), QPushButton(tr("Train…"))
        self.train.setToolTip(tr("Open “Train model” with the image and the polygons"))
        self.advice, self.error = make_wrapped_label(""), ErrorLabel()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        for widget in (self.told, self.names, self.make, self.advice, self.train, self.error):
            rows.addWidget(widget)
        self.make.clicked.connect(self._ask_where)
        self.train.clicked.connect(self._open_training)
        self._show()

    def set_layer(self, layer: Optional[QgsRasterLayer]) -> None:
        """Draw on another image."""
        self._image = layer
        self._show()

    def set_model(self, model: Optional[Model]) -> None:
        """Begin with the classes of another model."""
        self._known = model.classes if model else ()
        if not self.names.isModified():
            self.names.setText(", ".join(cover.name for cover in self._known))

    def start(self, path: str) -> None:
        """Make the layer, and take QGIS's tool in hand that draws polygons in it.

        Args:
            path: The GeoPackage to write.
        """
        self.error.say("")
        self._classes = list_classes(self.names.text(), self._known)
        if self._image is None or len(self._classes) < 2:
            self.error.say(tr("Name two classes at least, separated by commas."))
            return
        try:
            layer = make_training_layer(Path(path).with_suffix(".gpkg"), self._image, self._classes)
        except LayerError as error:
            self.error.say(str(error))
            return
        self._drawn = layer.id()
        hide_results(QgsProject.instance())
        for signal in (layer.featureAdded, layer.featureDeleted, layer.attributeValueChanged, layer.afterRollBack):
            signal.connect(self._show)
        self._show()
        do_next_turn(self._begin)

    def _begin(self) -> None:
        """Take the tool in hand; QGIS has shown the layer before."""
        layer = QgsProject.instance().mapLayer(self._drawn)
        if layer is not None:
            self._iface.setActiveLayer(layer)
            layer.startEditing()
            self._iface.actionAddFeature().trigger()

    def _show(self, *_changed: object) -> None:
        """Say what there is, and what is still to be drawn."""
        self.make.setEnabled(self._image is not None)
        layer = QgsProject.instance().mapLayer(self._drawn)
        counts = count_polygons(layer) if isinstance(layer, QgsVectorLayer) else {}
        self.train.setEnabled(len(counts) > 1)
        if layer is None:
            self.advice.setText("")
            return
        drawn = [(cover.name, counts.get(cover.id, 0)) for cover in self._classes if cover.name != UNDRAWN]
        few = [f"{name_class(name)} ({count})" for name, count in drawn if count < ENOUGH]
        self.advice.setText(
            tr("Draw some {} polygons of each class, in several places. Still few: {}.").format(ENOUGH, ", ".join(few))
            if few
            else tr("There are {} polygons of each class and more: train.").format(ENOUGH)
        )

    def _ask_where(self) -> None:
        image = find_file(self._image)
        folder = Path(image).parent if image and Path(image).is_file() else Path.home()
        proposed = folder / f"{make_safe_name(self._image.name())}_training.gpkg"
        path, _ = QFileDialog.getSaveFileName(self, tr("New training layer"), str(proposed), "GeoPackage (*.gpkg)")
        if path:
            self.start(path)

    def _open_training(self) -> None:
        """Open the dialog of the algorithm; what is drawn is saved before."""
        layer = QgsProject.instance().mapLayer(self._drawn)
        if layer is None or (layer.isEditable() and not layer.commitChanges()):
            self.error.say(tr("The polygons cannot be saved. See the messages of QGIS."))
            return
        from qgis import processing  # which is there in QGIS's windows only

        given = {"INPUT": [self._image.id()], "POLYGONS": layer.id(), "FIELD": "class_id"}
        processing.execAlgorithmDialog("aerialseg:trainmodel", given)

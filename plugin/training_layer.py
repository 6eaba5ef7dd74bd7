# SPDX-License-Identifier: GPL-2.0-or-later
"""A new layer to draw training polygons in: its classes are picked by name, and drawn in their colours."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsProject,
    QgsRasterLayer,
    QgsRendererCategory,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from . import compat
from .class_fields import AREA, CLASS_ID, CLASS_NAME, tie_class_fields
from .i18n import tr
from .legends import translate_legend
from .models import LandCover

NAME = "training"
"""Name of the layer in its file."""

_SEE_THROUGH = 90  # of 255, of the fill of a class


class LayerError(Exception):
    """A file cannot be written; the sentence says why."""


def list_classes(text: str, known: Sequence[LandCover]) -> "list[LandCover]":
    """List the classes that somebody has named, those of a model in its colours.

    Args:
        text: Names, separated by commas.
        known: Classes of a model.
    """
    named: dict[str, str] = {}
    for name in filter(None, map(str.strip, text.split(","))):
        named.setdefault(name.casefold(), name)
    colours = {cover.name.casefold(): cover.colour for cover in known}
    hues = (QColor.fromHsvF(k * 0.618034 % 1, 0.7, 0.85).name() for k in count())
    spare = (hue for hue in hues if hue not in colours.values())
    return [
        LandCover(number, name, colours.get(key) or next(spare)) for number, (key, name) in enumerate(named.items(), 1)
    ]


def make_training_layer(path: Path, image: QgsRasterLayer, classes: Sequence[LandCover]) -> QgsVectorLayer:
    """Make an empty layer of training polygons over an image, and put it on top of the project, ready to be drawn in.

    What is drawn snaps to what is there and gives way to it, so that neighbours share their edges.

    Args:
        path: GeoPackage to write.
        image: What lies beneath.
        classes: What can be drawn.

    Raises:
        LayerError: The file cannot be written.
    """
    project = QgsProject.instance()
    fields = f"field={CLASS_ID}:integer&field={CLASS_NAME}:string&field={AREA}:double"
    empty = QgsVectorLayer(f"Polygon?{fields}", NAME, "memory")
    empty.setCrs(image.crs())
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName, options.fileEncoding = "GPKG", NAME, "UTF-8"
    code, reason, *_ = QgsVectorFileWriter.writeAsVectorFormatV3(empty, str(path), project.transformContext(), options)
    layer = QgsVectorLayer(f"{path}|layername={NAME}", tr("{} – training polygons").format(image.name()))
    if code != QgsVectorFileWriter.WriterError.NoError or not layer.isValid():
        raise LayerError(tr("{} cannot be written: {}. Choose another folder.").format(path.name, reason))
    layer.setRenderer(QgsCategorizedSymbolRenderer(CLASS_ID, [_make_category(one) for one in classes]))
    tie_class_fields(layer)
    layer.saveStyleToDatabase(NAME, "", True, "")  # in the words of the data: the file may go to others
    translate_legend(layer)
    project.addMapLayer(layer, False)
    project.layerTreeRoot().insertLayer(0, layer)
    node = project.layerTreeRoot().findLayer(image.id())
    if node is not None:
        node.setItemVisibilityCheckedParentRecursive(True)
    compat.snap_to_neighbours(project)
    return layer


def count_polygons(layer: QgsVectorLayer) -> "dict[int, int]":
    """Count the polygons of each class, by its number."""
    counts: dict[int, int] = {}
    for feature in layer.getFeatures():
        number = feature[CLASS_ID]
        if isinstance(number, int):
            counts[number] = counts.get(number, 0) + 1
    return counts


def _make_category(cover: LandCover) -> QgsRendererCategory:
    fill = QColor(cover.colour)
    fill.setAlpha(_SEE_THROUGH)
    shape = {"color": fill.name(QColor.NameFormat.HexArgb), "outline_color": cover.colour, "outline_width": "0.4"}
    symbol = QgsFillSymbol.createSimple(shape)
    symbol.symbolLayer(0).setFillColor(fill)
    return QgsRendererCategory(cover.id, symbol, cover.name)

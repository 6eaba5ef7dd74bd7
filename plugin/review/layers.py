# SPDX-License-Identifier: GPL-2.0-or-later
"""The layers of a review in the project: the squares above the labels, over the image of the map."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from qgis.core import QgsProject, QgsProviderRegistry, QgsRasterLayer, QgsVectorLayer

from ..i18n import tr
from ..legends import translate_legend
from ..rasters import find_file
from ..results import hide_results, name_categories

SQUARES, LABELS = "squares", "labels"


class ReviewLayers:
    """The layers of a review, which are put on top of the project.

    Args:
        project: The project.
        path: The GeoPackage.
        image: File of the image that lies beneath; empty for none.
    """

    def __init__(self, project: QgsProject, path: str, image: str) -> None:
        self._ids: list[str] = []
        self._hidden = False  # the labels, beneath something else
        if image and Path(image).is_file() and not _has_image(project, image):
            raster = QgsRasterLayer(image, Path(image).stem)
            if raster.isValid():
                project.addMapLayer(raster, False)
                project.layerTreeRoot().insertLayer(0, raster)
        stem = Path(path).stem
        for name, title in ((LABELS, tr("{} – labels")), (SQUARES, tr("{} – squares"))):
            layer = _find(project, path, name)
            if layer is None:
                layer = QgsVectorLayer(f"{path}|layername={name}", title.format(stem))
                if name == SQUARES:
                    name_categories(layer, {"train": tr("to train on"), "check": tr("to check with")})
                else:
                    translate_legend(layer)
                project.addMapLayer(layer, False)
                project.layerTreeRoot().insertLayer(0, layer)
            self._ids.append(layer.id())
        self._project = project
        hide_results(project)

    @property
    def labels(self) -> Optional[QgsVectorLayer]:
        """Return the layer of labels; None if somebody has removed it."""
        return self._project.mapLayer(self._ids[0])

    @property
    def squares(self) -> Optional[QgsVectorLayer]:
        """Return the layer of squares; None if somebody has removed it."""
        return self._project.mapLayer(self._ids[1])

    def show_labels(self, shown: bool) -> None:
        """Show the labels, or hide them beneath something that is looked at; who has unticked them finds them so."""
        layer = self.labels
        node = self._project.layerTreeRoot().findLayer(layer.id()) if layer is not None else None
        if node is None or (shown and not self._hidden):
            return
        self._hidden = not shown and node.itemVisibilityChecked()
        node.setItemVisibilityChecked(shown)

    def draw(self) -> None:
        """Draw them as the file is now."""
        for layer in filter(None, (self.labels, self.squares)):
            layer.dataProvider().reloadData()
            layer.triggerRepaint()

    def name_edited(self) -> str:
        """Return the name of a layer that somebody edits otherwise; empty if there is none."""
        edited = [layer.name() for layer in filter(None, (self.labels, self.squares)) if layer.isModified()]
        return edited[0] if edited else ""


def _has_image(project: QgsProject, image: str) -> bool:
    known = (find_file(one) for one in project.mapLayers().values() if isinstance(one, QgsRasterLayer))
    return any(path and Path(path).is_file() and Path(path).samefile(image) for path in known)


def _find(project: QgsProject, path: str, name: str) -> Optional[QgsVectorLayer]:
    for layer in project.mapLayers().values():
        if isinstance(layer, QgsVectorLayer) and layer.providerType() == "ogr":
            parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
            if parts.get("layerName") == name and Path(str(parts.get("path"))) == Path(path):
                return layer
    return None

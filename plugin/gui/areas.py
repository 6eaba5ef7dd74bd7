# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygons of a layer as they are now, to be read in another thread: the layer may go away meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeatureIterator,
    QgsFeatureRequest,
    QgsFields,
    QgsProviderRegistry,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
)


class Areas:
    """What `vectors.write_features` asks of a feature source.

    Made in the main thread; used in any.

    Args:
        layer: Polygons.
        selected_only: Whether only the selected ones count.
    """

    def __init__(self, layer: QgsVectorLayer, selected_only: bool) -> None:
        self._source = QgsVectorLayerFeatureSource(layer)
        self._fields = QgsFields(layer.fields())
        self._crs = QgsCoordinateReferenceSystem(layer.sourceCrs())
        self._type = layer.wkbType()
        self._ids = list(layer.selectedFeatureIds()) if selected_only else None

    def fields(self) -> QgsFields:
        """Fields of the layer."""
        return self._fields

    def sourceCrs(self) -> QgsCoordinateReferenceSystem:
        """CRS of the layer."""
        return self._crs

    def wkbType(self) -> object:
        """Type of its geometries."""
        return self._type

    def getFeatures(self) -> QgsFeatureIterator:
        """The polygons."""
        request = QgsFeatureRequest()
        if self._ids is not None:
            request.setFilterFids(self._ids)
        return self._source.getFeatures(request)


def file_of_areas(layer: QgsVectorLayer) -> Optional[str]:
    """The file of a layer, if it holds nothing else and nothing of it is filtered away."""
    if layer.providerType() != "ogr" or layer.subsetString() or len(layer.dataProvider().subLayers()) > 1:
        return None
    path = str(QgsProviderRegistry.instance().decodeUri("ogr", layer.source()).get("path", ""))
    return path if Path(path).is_file() else None

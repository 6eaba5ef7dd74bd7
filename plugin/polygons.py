# SPDX-License-Identifier: GPL-2.0-or-later
"""A vector layer as it was when a run began: it may be changed or removed from the project meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsExpression,
    QgsExpressionContext,
    QgsFeature,
    QgsFeatureRenderer,
    QgsFeatureRequest,
    QgsFields,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingUtils,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
)


class VectorInput:
    """The features of a layer; Processing's own sources crash when the layer is removed while they are read.

    Made in the main thread; used in any.

    Args:
        layer: A valid layer.
        definition: Which of its features are wanted; None: all.
        context: For expressions.
    """

    def __init__(
        self,
        layer: QgsVectorLayer,
        definition: Optional[QgsProcessingFeatureSourceDefinition],
        context: QgsExpressionContext,
    ) -> None:
        self._name, self._kind = layer.name(), layer.wkbType()
        self._fields = QgsFields(layer.fields())
        self._crs = QgsCoordinateReferenceSystem(layer.crs())
        self._source = QgsVectorLayerFeatureSource(layer)
        only_selected = definition is not None and definition.selectedFeaturesOnly
        self._selected = list(layer.selectedFeatureIds()) if only_selected else None
        limit = definition.featureLimit if definition is not None else -1
        self._limit = limit if limit >= 0 else None
        self._expression = getattr(definition, "filterExpression", "")  # since QGIS 3.32
        self._context = QgsExpressionContext(context)
        self.renderer: Optional[QgsFeatureRenderer] = layer.renderer().clone() if layer.renderer() else None
        """How it is drawn."""

    def sourceName(self) -> str:
        """Name of the layer."""
        return self._name

    def fields(self) -> QgsFields:
        """Its fields."""
        return self._fields

    def wkbType(self) -> Any:
        """Kind of its geometry."""
        return self._kind

    def sourceCrs(self) -> QgsCoordinateReferenceSystem:
        """Its CRS."""
        return self._crs

    def sourceExtent(self) -> QgsRectangle:
        """The rectangle around the wanted features; null if there is none."""
        extent = QgsRectangle()
        for feature in self.getFeatures():
            extent.combineExtentWith(feature.geometry().boundingBox())
        return extent

    def getFeatures(self) -> Iterator[QgsFeature]:
        """The wanted features, in their order, with valid geometry or not."""
        request = QgsFeatureRequest()
        if self._selected is not None:
            request.setFilterFids(self._selected)
        return islice(filter(self._is_wanted, self._source.getFeatures(request)), self._limit)

    def _is_wanted(self, feature: QgsFeature) -> bool:
        if not self._expression:
            return True
        self._context.setFields(self._fields)
        self._context.setFeature(feature)
        return bool(QgsExpression(self._expression).evaluate(self._context))


def vector_input(
    algorithm: QgsProcessingAlgorithm, parameters: Mapping[str, Any], name: str, context: QgsProcessingContext
) -> Optional[VectorInput]:
    """The layer that a parameter names; None if it names none.

    Args:
        algorithm: The algorithm, in `prepareAlgorithm`.
        parameters: Of the run.
        name: Of a parameter for a feature source.
        context: Of the run.
    """
    value = parameters.get(name)
    definition = value if isinstance(value, QgsProcessingFeatureSourceDefinition) else None
    if definition is None:
        layer = algorithm.parameterAsVectorLayer(parameters, name, context)
    else:
        text, _ = definition.source.valueAsString(context.expressionContext())
        layer = QgsProcessingUtils.mapLayerFromString(text, context)
    if not isinstance(layer, QgsVectorLayer) or not layer.isValid():
        return None
    return VectorInput(layer, definition, context.expressionContext())

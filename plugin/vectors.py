# SPDX-License-Identifier: GPL-2.0-or-later
"""Any vector layer as something that the worker can read, as it was when a run began: its file, or a GeoPackage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsExpression,
    QgsExpressionContext,
    QgsFeature,
    QgsFeatureRenderer,
    QgsFeatureRequest,
    QgsFeatureSource,
    QgsFields,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsProviderRegistry,
    QgsRectangle,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
)

from .i18n import tr
from .legends import read_own_names


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
        self.own_names = read_own_names(layer)
        """What its classes are called in the data, by what the legend calls them where that is something else."""

    def sourceName(self) -> str:
        """Name of the layer."""
        return self._name

    def fields(self) -> QgsFields:
        """Return its fields."""
        return self._fields

    def wkbType(self) -> Any:
        """Return the kind of its geometry."""
        return self._kind

    def sourceCrs(self) -> QgsCoordinateReferenceSystem:
        """Return its CRS."""
        return self._crs

    def sourceExtent(self) -> QgsRectangle:
        """Return the rectangle around the wanted features; null if there is none."""
        extent = QgsRectangle()
        for feature in self.getFeatures():
            extent.combineExtentWith(feature.geometry().boundingBox())
        return extent

    def getFeatures(self) -> Iterator[QgsFeature]:
        """Return the wanted features, in their order, with valid geometry or not."""
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


def make_vector_input(
    algorithm: QgsProcessingAlgorithm, parameters: Mapping[str, Any], name: str, context: QgsProcessingContext
) -> Optional[VectorInput]:
    """Return the layer that a parameter names; None if it names none.

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


def write_features(
    source: QgsFeatureSource, path: Path, feedback: QgsProcessingFeedback, *, fields: Sequence[str] = ()
) -> Path:
    """Write features into a new GeoPackage.

    Args:
        source: What an algorithm got as its feature source.
        path: File to write.
        feedback: May be cancelled.
        fields: Names of the fields to take along.

    Returns:
        `path`.

    Raises:
        QgsProcessingException: The file cannot be written, or the run was cancelled.
    """
    kept = QgsFields()
    indices = [source.fields().lookupField(name) for name in fields]
    for index in indices:
        kept.append(source.fields().at(index))
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = path.stem
    transforms = QgsCoordinateTransformContext()  # nothing is transformed, and the project is the main thread's
    writer = QgsVectorFileWriter.create(str(path), kept, source.wkbType(), source.sourceCrs(), transforms, options)
    if writer.hasError() != QgsVectorFileWriter.WriterError.NoError:
        raise QgsProcessingException(tr("The polygons cannot be copied: {}").format(writer.errorMessage()))
    for feature in source.getFeatures():
        if feedback.isCanceled():
            raise QgsProcessingException(tr("Cancelled."))
        copy = QgsFeature(kept)
        copy.setGeometry(feature.geometry())
        copy.setAttributes([feature.attributes()[index] for index in indices])
        writer.addFeature(copy)
    del writer  # which writes what is still held
    return path


def find_areas_file(layer: QgsVectorLayer) -> Optional[str]:
    """Return the file of a layer, if it holds nothing else and nothing of it is filtered away."""
    if layer.providerType() != "ogr" or layer.subsetString() or len(layer.dataProvider().subLayers()) > 1:
        return None
    path = str(QgsProviderRegistry.instance().decodeUri("ogr", layer.source()).get("path", ""))
    return path if Path(path).is_file() else None

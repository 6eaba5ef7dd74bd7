# SPDX-License-Identifier: GPL-2.0-or-later
"""Features of a layer as a file that the worker can read, whatever the layer is: selected, filtered, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qgis.core import (
    QgsFeature,
    QgsFeatureSource,
    QgsFields,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorFileWriter,
)

from .i18n import tr


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
    transforms = QgsProject.instance().transformContext()
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

# SPDX-License-Identifier: GPL-2.0-or-later
"""What the algorithms have in common that read labelled images: layers with training polygons, or a data set."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
    QgsRasterLayer,
)

from ..i18n import tr
from ..models import Model
from ..rasters import RasterInput
from ..training_data import ClassMapping, LayerData, find_class_field, map_by_style
from ..vectors import VectorInput, make_vector_input
from . import parameters as shared
from .base import AerialSegAlgorithm, Parameters


class LabelledAlgorithm(AerialSegAlgorithm):
    """Base of the algorithms that read labelled images."""

    GROUP = "training"

    NUMBERS_OF_MODEL = False
    """Whether numbers of classes are those of the model, whatever the style calls them."""

    _images: "tuple[RasterInput, ...]" = ()
    _polygons: Optional[VectorInput] = None
    _area: Optional[VectorInput] = None
    _field: str = ""
    _mapping: Optional[ClassMapping] = None

    def add_layers(self, *, optional: bool) -> None:
        """Add INPUT, POLYGONS, FIELD, AREA.

        Args:
            optional: Whether the data may be given otherwise.
        """
        self.add(
            QgsProcessingParameterMultipleLayers(
                "INPUT", tr("Image layers"), QgsProcessing.SourceType.TypeRaster, None, optional
            ),
            tr("The images that the polygons lie on. Example: two orthophotos"),
        )
        self.add(
            QgsProcessingParameterFeatureSource("POLYGONS", tr("Training polygons"), [shared.POLYGONS], None, optional),
            tr(
                "Polygons that say what is where; ten on one image are enough to begin. What no polygon covers counts "
                "as not labelled. If the layer is styled by categories, their names and colours become the classes. "
                "Example: fields, woods and roads that you have drawn"
            ),
        )
        self.add(
            QgsProcessingParameterField("FIELD", tr("Class field"), None, "POLYGONS", optional=True),
            tr("The field that names the class of each polygon; empty for the only one. Example: class"),
        )
        self.add(
            QgsProcessingParameterFeatureSource("AREA", tr("Checked areas"), [shared.POLYGONS], None, True),
            tr("Polygons outside of which nothing counts. Example: the map sheet that you have finished"),
        )

    def add_data(self) -> None:
        """Add INPUT, POLYGONS, FIELD and AREA, or DATA."""
        self.add_layers(optional=True)
        self.add(
            QgsProcessingParameterFile(
                "DATA", tr("Or a data set"), QgsProcessingParameterFile.Behavior.Folder, "", None, True
            ),
            tr(
                "A folder of images/ and masks/, or the path of a TOML file that pairs images with labels; it is used "
                "instead of the layers. Example: /data/dubai"
            ),
        )

    def get_data_set(self, parameters: Parameters, context: QgsProcessingContext) -> str:
        """Return what the user named instead of layers; empty if nothing."""
        if self.parameterDefinition("DATA") is None:
            return ""
        return self.parameterAsString(parameters, "DATA", context)

    def prepareAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Look at the layers while they are certain to be there."""
        if self.get_data_set(parameters, context):
            return True
        layers = self.parameterAsLayerList(parameters, "INPUT", context)
        self._polygons = make_vector_input(self, parameters, "POLYGONS", context)
        self._area = make_vector_input(self, parameters, "AREA", context)
        self._check_layers(layers, parameters)
        self._images = tuple(RasterInput(layer, context.transformContext()) for layer in layers)
        self._field = find_class_field(self._polygons, self.parameterAsString(parameters, "FIELD", context))
        self._mapping = map_by_style(self._polygons, self._field)
        return True

    def _check_layers(self, layers: "list[QgsRasterLayer]", parameters: Parameters) -> None:
        """Refuse what cannot be used.

        Raises:
            QgsProcessingException: A layer is missing, broken or has no CRS.
        """
        for name, source in (("POLYGONS", self._polygons), ("AREA", self._area)):
            if source is None and parameters.get(name):
                raise QgsProcessingException(self.invalidSourceError(parameters, name))
        if not layers or self._polygons is None:
            raise QgsProcessingException(
                tr("There is nothing to learn from. Choose image layers and training polygons, or a data set.")
                if self.parameterDefinition("DATA")
                else tr("Choose image layers and training polygons.")
            )
        for layer in layers:
            if not layer.isValid():
                raise QgsProcessingException(tr("The layer {} cannot be read. Check its source.").format(layer.name()))
            if not layer.crs().isValid():
                raise QgsProcessingException(_explain_missing_crs(layer.name()))
            if layer.providerType() == "gdal" and not layer.dataProvider().crs().isValid():
                raise QgsProcessingException(
                    tr(
                        "The file of the layer {} has no coordinate system, although the layer has one. Write it into "
                        "the file with “Assign projection”."
                    ).format(layer.name())
                )
        for source in filter(None, (self._polygons, self._area)):
            if not source.sourceCrs().isValid():
                raise QgsProcessingException(_explain_missing_crs(source.sourceName()))

    def prepare_data(
        self,
        parameters: Parameters,
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        *,
        folder: Optional[Path] = None,
        model: Optional[Model] = None,
    ) -> str:
        """Return the path of the data: those that were named, or what the layers come to.

        Args:
            parameters: Of the run.
            context: Of the run.
            feedback: Of the run.
            folder: Where to write what the layers come to; None: a temporary folder.
            model: If the classes are its classes, they are called as it calls them.
        """
        named = self.get_data_set(parameters, context)
        if named:
            return named
        layers = LayerData(
            images=self._images,
            polygons=self._polygons,
            name=self._field,
            area=self._area,
            transforms=context.transformContext(),
            mapping=self._mapping,
            of_model=self.NUMBERS_OF_MODEL,
            gsd=model.gsd_range[0] if model else 1.0,
        )
        return str(layers.write(folder or self.make_temporary_path("data.toml", context).parent, feedback, model))


def _explain_missing_crs(name: str) -> str:
    return tr("The layer {} has no coordinate system. Set it in the layer's properties, under Source.").format(name)


def get_scores(values: "dict[str, Any]") -> "dict[str, Any]":
    """Return the number outputs MIOU and ACCURACY; None where nothing could be scored."""
    return {"MIOU": values.get("miou"), "ACCURACY": values.get("accuracy")}

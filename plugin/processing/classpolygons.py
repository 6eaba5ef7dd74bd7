# SPDX-License-Identifier: GPL-2.0-or-later
"""`aerialseg:classpolygons`: a class raster to polygons that share their edges."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Optional

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
)

from .. import command, runner
from ..i18n import tr
from ..rasters import RasterInput
from ..results import ResultLayer, format_areas, set_layer_details, style_polygons
from . import parameters as shared
from .base import AerialSegAlgorithm, Parameters


class ClassPolygons(AerialSegAlgorithm):
    """Turns a class raster into class polygons."""

    ID = "classpolygons"
    _input: Optional[RasterInput] = None
    _confidence: Optional[RasterInput] = None

    def displayName(self) -> str:
        """Return the title."""
        return tr("Class raster to polygons")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("polygonize,vectorize,land cover,geopackage,gap-free,coverage").split(",")

    def about(self) -> str:
        """Say what it does."""
        return tr(
            "Turns a class raster into polygons without gaps and overlaps: neighbours share their edges exactly, also "
            "after small regions were merged and edges simplified."
        )

    def initAlgorithm(self, configuration: Any = None) -> None:
        """Declare parameters and outputs."""
        self.add(
            QgsProcessingParameterRasterLayer("INPUT", tr("Class raster")),
            tr(
                "One band of whole numbers, each of them a class: what “Segment raster layer” writes, or a land cover "
                "map of another program. Example: classes.tif"
            ),
        )
        self.add(
            QgsProcessingParameterString("CLASSES", tr("Classes"), None, False, True),
            tr("Names or numbers of the classes wanted; empty for all. Example: Building,Road"),
        )
        self.add(
            QgsProcessingParameterString("NODATA", tr("No-data value"), None, False, True),
            tr(
                "The number that is no class; none if all are, 0 too; empty for what the raster itself says. "
                "Example: 255"
            ),
            advanced=True,
        )
        shared.add_polygon_shape(self)
        self.add(
            QgsProcessingParameterRasterLayer("CONFIDENCE", tr("Confidence raster"), None, True),
            tr("If given, every polygon tells the mean and the least confidence inside it. Example: confidence.tif"),
        )
        self.add(
            QgsProcessingParameterVectorDestination("OUTPUT", tr("Class polygons"), shared.POLYGONS),
            tr("GeoPackage with the class and the area of each polygon. Example: classes.gpkg"),
        )
        self.addOutput(QgsProcessingOutputNumber("COUNT", tr("Number of polygons")))
        self.addOutput(QgsProcessingOutputString("AREAS", tr("Area of each class, as JSON")))
        self.addOutput(QgsProcessingOutputString("UNIT", tr("Unit of the areas")))

    def prepareAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Look at the layers while they are certain to be there."""
        layer = self.parameterAsRasterLayer(parameters, "INPUT", context)
        if layer is None or not layer.isValid():
            raise QgsProcessingException(self.invalidRasterError(parameters, "INPUT"))
        self._input = RasterInput(layer, context.transformContext())
        confidence = self.parameterAsRasterLayer(parameters, "CONFIDENCE", context)
        self._confidence = RasterInput(confidence, context.transformContext()) if confidence else None
        return True

    def processAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> "dict[str, Any]":
        """Run the worker."""
        output = self.parameterAsOutputLayer(parameters, "OUTPUT", context)
        options = {
            "output": output,
            "classes": shared.get_classes(self, parameters, context),
            "nodata": self.parameterAsString(parameters, "NODATA", context).strip(),
            "confidence": self.get_file(self._confidence, "confidence.tif", context, feedback),
            "overwrite": True,
            **shared.get_polygon_options(self, parameters, context),
        }
        classes = self.get_file(self._input, "classes.tif", context, feedback)
        given = command.build_arguments("polygons", classes, options=options)
        result = runner.run(given, feedback, stages={"polygons": (0, 100)}, outputs=[output])
        name = self._input.name
        made = [ResultLayer(output, tr("{} – polygons").format(name), style_polygons)]
        set_layer_details(context, made, crs=self._input.crs, group=name)
        for line in format_areas(result["areas"], result["unit"]):
            feedback.pushInfo(line)
        return {
            "OUTPUT": output,
            "COUNT": result["count"],
            "AREAS": json.dumps(result["areas"], ensure_ascii=False),
            "UNIT": result["unit"],
        }

# SPDX-License-Identifier: GPL-2.0-or-later
"""`aerialseg:samplepoints`: a class raster to points that somebody labels, for areas with intervals."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Optional

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
)

from .. import command, defaults, runner
from ..i18n import tr
from ..rasters import RasterInput
from ..results import ResultLayer, set_layer_details, style_polygons
from . import parameters as shared
from .base import AerialSegAlgorithm, Parameters

INTEGER, DOUBLE = QgsProcessingParameterNumber.Type.Integer, QgsProcessingParameterNumber.Type.Double


class SamplePoints(AerialSegAlgorithm):
    """Draws points in a class raster."""

    ID = "samplepoints"
    GROUP = "areas"
    _input: Optional[RasterInput] = None

    def displayName(self) -> str:
        """Return the title."""
        return tr("Sample points")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("sampling,stratified,random,accuracy assessment,validation,acatama,area estimation").split(",")

    def about(self) -> str:
        """Say what it does."""
        return tr(
            "Draws points in a class raster by chance. Say in the form of each point what is on the ground there, "
            "without looking at the map; “Areas with confidence intervals” then estimates how many hectares of each "
            "class there are, and how right the map is."
        )

    def initAlgorithm(self, configuration: Any = None) -> None:
        """Declare parameters and outputs."""
        self.add(
            QgsProcessingParameterRasterLayer("INPUT", tr("Class raster")),
            tr("One band of whole numbers, each of them a class. Example: classes.tif"),
        )
        points = shared.make_number("POINTS", tr("Number of points"), INTEGER, defaults.POINTS, 0)
        self.add(points, tr("How many points there are; 0 for as many as the standard error needs. Example: 150"))
        self.add(
            shared.make_choice("METHOD", tr("Method"), list(defaults.SAMPLING_METHODS), defaults.SAMPLING_METHODS[0]),
            tr(
                "stratified: at random in each class, so that rare classes get enough points. simple: at random from "
                "everything. systematic: a grid that begins at random. cluster: some near each other, in squares "
                "that are drawn at random, so that there are fewer places to go to. Example: stratified"
            ),
        )
        self.add(
            shared.make_choice("ALLOCATION", tr("Allocation"), list(defaults.ALLOCATIONS), defaults.ALLOCATIONS[0]),
            tr(
                "How many points a class gets in a stratified sample. proportional: by its area. equal: the same "
                "number. neyman: what makes the overall accuracy surest. Example: proportional"
            ),
            advanced=True,
        )
        self.add(
            shared.make_number("MINIMUM", tr("Least points of a class"), INTEGER, defaults.MINIMUM, 2),
            tr("Rare classes get so many points in a stratified sample. Example: 30"),
            advanced=True,
        )
        self.add(
            shared.make_number("STANDARD_ERROR", tr("Standard error"), DOUBLE, defaults.STANDARD_ERROR, 0.0001),
            tr("Of the overall accuracy, where the number of points is 0. Example: 0.02"),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterString("EXPECTED", tr("Expected accuracies"), None, False, True),
            tr("User’s accuracies that you expect; 0.8 for other classes. Example: Building=0.7,Road=0.6"),
            advanced=True,
        )
        self.add(
            shared.make_number("MIN_DISTANCE", tr("Least distance (m)"), DOUBLE, 0.0, 0),
            tr("How far points are apart at least. Example: 50"),
            advanced=True,
        )
        self._add_cluster()
        self.add(
            shared.make_number("SEED", tr("Seed"), INTEGER, 0, 0),
            tr("The same seed draws the same points. Example: 7"),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterVectorDestination(
                "OUTPUT", tr("Points to label"), QgsProcessing.SourceType.TypeVectorPoint
            ),
            tr("GeoPackage with the points, their form, and how they were drawn. Example: points.gpkg"),
        )
        self.addOutput(QgsProcessingOutputNumber("COUNT", tr("Number of points")))
        self.addOutput(QgsProcessingOutputString("STRATA", tr("Points and area of each class, as JSON")))

    def _add_cluster(self) -> None:
        self.add(
            shared.make_number("CLUSTER_SIDE", tr("Side of a cluster (m)"), DOUBLE, defaults.CLUSTER_SIDE, 0.001),
            tr("Of the squares in which points lie together, for the method cluster. Example: 100"),
            advanced=True,
        )
        self.add(
            shared.make_number("CLUSTER_POINTS", tr("Points of a cluster"), INTEGER, defaults.CLUSTER_POINTS, 2),
            tr("How many points lie in each of these squares. Example: 5"),
            advanced=True,
        )

    def prepareAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Look at the layer while it is certain to be there."""
        layer = self.parameterAsRasterLayer(parameters, "INPUT", context)
        if layer is None or not layer.isValid():
            raise QgsProcessingException(self.invalidRasterError(parameters, "INPUT"))
        self._input = RasterInput(layer, context.transformContext())
        return True

    def processAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> "dict[str, Any]":
        """Run the worker."""
        output = self.parameterAsOutputLayer(parameters, "OUTPUT", context)
        options = {
            "output": output,
            "points": self.parameterAsInt(parameters, "POINTS", context) or None,
            "method": self.parameterAsEnumString(parameters, "METHOD", context),
            "allocation": self.parameterAsEnumString(parameters, "ALLOCATION", context),
            "minimum": self.parameterAsInt(parameters, "MINIMUM", context),
            "standard-error": self.parameterAsDouble(parameters, "STANDARD_ERROR", context),
            "expected-accuracy": self.parameterAsString(parameters, "EXPECTED", context).replace(", ", ","),
            "min-distance": self.parameterAsDouble(parameters, "MIN_DISTANCE", context) or None,
            "cluster-side": self.parameterAsDouble(parameters, "CLUSTER_SIDE", context),
            "cluster-points": self.parameterAsInt(parameters, "CLUSTER_POINTS", context),
            "seed": self.parameterAsInt(parameters, "SEED", context),
            "overwrite": True,
        }
        classes = self.get_file(self._input, "classes.tif", context, feedback)
        given = command.build_arguments("sample-points", classes, options=options)
        stages = {"count classes": (0, 50), "draw points": (50, 100)}
        result = runner.run(given, feedback, stages=stages, outputs=[output])
        name = self._input.name
        made = [ResultLayer(output, tr("{} – points to label").format(name), style_polygons)]
        set_layer_details(context, made, crs=self._input.crs, group=name)
        return {
            "OUTPUT": output,
            "COUNT": result["count"],
            "STRATA": json.dumps(result["strata"], ensure_ascii=False),
        }

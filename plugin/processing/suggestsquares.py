# SPDX-License-Identifier: GPL-2.0-or-later
"""`aerialseg:suggestsquares`: a class raster to squares that somebody looks at and corrects."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingUtils,
)

from .. import command, defaults, runner
from ..i18n import tr
from ..rasters import RasterInput
from ..results import ResultLayer, load_layers, set_layer_details, style_polygons
from . import parameters as shared
from .base import AerialSegAlgorithm, Parameters

INTEGER, DOUBLE = QgsProcessingParameterNumber.Type.Integer, QgsProcessingParameterNumber.Type.Double

RASTERS = ("INPUT", "CONFIDENCE", "UNLIKE")


class SuggestSquares(AerialSegAlgorithm):
    """Suggests squares to look at."""

    ID = "suggestsquares"
    GROUP = "training"

    def __init__(self) -> None:
        super().__init__()
        self._rasters: dict[str, RasterInput] = {}

    def displayName(self) -> str:
        """Return the title."""
        return tr("Suggest squares to correct")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("review,correct,active learning,labels,uncertainty,training").split(",")

    def about(self) -> str:
        """Say what it does."""
        return tr(
            "Chooses small squares of a map that are worth looking at, with the polygons of the map inside them: where "
            "the model is unsure, where classes are rare, and where the ground is unlike what it was trained on. A "
            "share of them is drawn by chance, to check the model with. Correct what is in the squares and mark them "
            "as reviewed; “Retrain model” learns from that."
        )

    def initAlgorithm(self, configuration: Any = None) -> None:
        """Declare parameters and outputs."""
        self.add(
            QgsProcessingParameterRasterLayer("INPUT", tr("Class raster")),
            tr("A map of aerialseg. Example: classes.tif"),
        )
        self.add(
            QgsProcessingParameterRasterLayer("CONFIDENCE", tr("Confidence raster")),
            tr("That of the same run: it says where the model is unsure. Example: sure.tif"),
        )
        self.add(
            QgsProcessingParameterRasterLayer("UNLIKE", tr("Raster of unknown ground"), None, True),
            tr("That of the same run; without it, it does not count how unlike the ground is. Example: unlike.tif"),
        )
        self.add(
            shared.make_number("COUNT", tr("Number of squares"), INTEGER, defaults.SQUARES, 1),
            tr("Where there is no place for so many there are fewer. Example: 20"),
        )
        self.add(
            shared.make_number("SIDE", tr("Side of a square (m)"), DOUBLE, defaults.SQUARE_SIDE, 0.001),
            tr("In pixels where the map has no coordinate system. Example: 128"),
        )
        share = shared.make_number("CHECK_SHARE", tr("Share to check with"), DOUBLE, defaults.CHECK_SHARE, 0)
        share.setMaximum(1)
        self.add(
            share,
            tr("Share of the squares that are drawn by chance and never trained on. Example: 0.25"),
            advanced=True,
        )
        self.add(
            shared.make_number("MIN_AREA", tr("Smallest polygon (m²)"), DOUBLE, defaults.SQUARE_MIN_AREA, 0),
            tr("Smaller regions go to a neighbour, so that there is less to click. Example: 4"),
            advanced=True,
        )
        self.add(
            shared.make_number("SIMPLIFY", tr("Simplify edges by (m)"), DOUBLE, 0.0, 0),
            tr("Fewer vertices along the edges. Example: 0.5"),
            advanced=True,
        )
        self.add(
            shared.make_number("SEED", tr("Seed"), INTEGER, 0, 0),
            tr("The same seed draws the same squares. Example: 7"),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterFileDestination("OUTPUT", tr("Review"), "GeoPackage (*.gpkg)"),
            tr(
                "GeoPackage with the squares and the labels in them. One in which somebody has worked is never "
                "replaced. Example: review.gpkg"
            ),
        )
        self.addOutput(QgsProcessingOutputNumber("SQUARES", tr("Number of squares")))
        self.addOutput(QgsProcessingOutputNumber("CHECKS", tr("How many of them are to check with")))
        self.addOutput(QgsProcessingOutputNumber("LABELS", tr("Number of polygons in them")))

    def prepareAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Look at the layers while they are certain to be there."""
        self._rasters = {}
        for name in RASTERS:
            layer = self.parameterAsRasterLayer(parameters, name, context)
            if layer is None and name == "UNLIKE" and not parameters.get(name):
                continue
            if layer is None or not layer.isValid():
                raise QgsProcessingException(self.invalidRasterError(parameters, name))
            self._rasters[name] = RasterInput(layer, context.transformContext())
        return True

    def processAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> "dict[str, Any]":
        """Run the worker."""
        output = self.parameterAsFileOutput(parameters, "OUTPUT", context)
        output = output if output.lower().endswith(".gpkg") else f"{output}.gpkg"
        get = partial(self.get_file, context=context, feedback=feedback)
        options = {
            "output": output,
            "confidence": get(self._rasters["CONFIDENCE"], "confidence.tif"),
            "unlike": get(self._rasters.get("UNLIKE"), "unlike.tif"),
            "count": self.parameterAsInt(parameters, "COUNT", context),
            "side": self.parameterAsDouble(parameters, "SIDE", context),
            "check-share": self.parameterAsDouble(parameters, "CHECK_SHARE", context),
            "min-area": self.parameterAsDouble(parameters, "MIN_AREA", context),
            "simplify": self.parameterAsDouble(parameters, "SIMPLIFY", context) or None,
            "seed": self.parameterAsInt(parameters, "SEED", context),
            "overwrite": True,
        }
        given = command.build_arguments("suggest", get(self._rasters["INPUT"], "classes.tif"), options=options)
        result = runner.run(given, feedback, stages={"suggest": (0, 100)}, outputs=[output])
        source = self._rasters["INPUT"]
        made = [
            ResultLayer(f"{output}|layername={layer}", title.format(source.name), style_polygons)
            for layer, title in (("squares", tr("{} – squares")), ("labels", tr("{} – labels")))
        ]
        load_layers(context, made, hint=QgsProcessingUtils.LayerHint.Vector)
        set_layer_details(context, made, crs=source.crs, group=source.name)
        feedback.pushInfo(
            tr("Squares: {}, of them to check with: {}; polygons: {}").format(
                result["squares"], result["checks"], result["labels"]
            )
        )
        return {
            "OUTPUT": output,
            "SQUARES": result["squares"],
            "CHECKS": result["checks"],
            "LABELS": result["labels"],
        }

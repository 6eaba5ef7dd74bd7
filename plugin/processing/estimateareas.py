# SPDX-License-Identifier: GPL-2.0-or-later
"""`aerialseg:estimateareas`: labelled points to hectares and accuracies, with confidence intervals."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Optional

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputHtml,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterVectorLayer,
    QgsProviderRegistry,
)

from .. import command, runner
from ..i18n import format_number, tr
from ..rasters import RasterInput
from ..vectors import VectorInput, make_vector_input, write_features
from ..wording import name_class
from . import parameters as shared
from .base import AerialSegAlgorithm, Parameters


class EstimateAreas(AerialSegAlgorithm):
    """Estimates areas from labelled points."""

    ID = "estimateareas"
    GROUP = "areas"
    _input: Optional[RasterInput] = None
    _points = ""
    _zones: Optional[VectorInput] = None

    def displayName(self) -> str:
        """Return the title."""
        return tr("Areas with confidence intervals")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("hectares,accuracy assessment,error matrix,olofsson,stehman,confidence interval,report").split(",")

    def about(self) -> str:
        """Say what it does."""
        return tr(
            "Estimates from the labels of points that “Sample points” has drawn how many hectares of each class there "
            "are, and how right the map is, each with its 95 % confidence interval. The sum of the pixels of a class "
            "is not its area, as the map makes mistakes. The report page opens in the Results Viewer."
        )

    def initAlgorithm(self, configuration: Any = None) -> None:
        """Declare parameters and outputs."""
        self.add(
            QgsProcessingParameterRasterLayer("INPUT", tr("Class raster")),
            tr("The map that the points were drawn from, or another one of the same ground. Example: classes.tif"),
        )
        self.add(
            QgsProcessingParameterVectorLayer(
                "POINTS", tr("Labelled points"), [QgsProcessing.SourceType.TypeVectorPoint]
            ),
            tr("What “Sample points” has written, with labels. Example: points.gpkg"),
        )
        self.add(
            QgsProcessingParameterFeatureSource("ZONES", tr("Zones"), [shared.POLYGONS], None, True),
            tr("If given, areas are estimated in each of these polygons as well. Example: districts.gpkg"),
        )
        self.add(
            QgsProcessingParameterFile(
                "LABELS", tr("Labels"), QgsProcessingParameterFile.Behavior.File, "", None, True
            ),
            tr("Labels of the points in another file, as the plugin AcATaMa saves them. Example: labels.gpkg"),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterBoolean("INCOMPLETE", tr("Leave out points without a label"), False),
            tr("As if it were chance which ones they are. Example: no"),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterFolderDestination("OUTPUT", tr("Folder for the report")),
            tr("A page for people and files for programs are written into it. Example: /data/areas"),
        )
        self.addOutput(QgsProcessingOutputHtml("PAGE", tr("Areas with confidence intervals")))
        self.addOutput(QgsProcessingOutputString("AREAS", tr("Area of each class with its interval, as JSON")))
        self.addOutput(QgsProcessingOutputNumber("ACCURACY", tr("Share of the area that is right, 0 to 1")))

    def prepareAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Look at the layers while they are certain to be there."""
        layer = self.parameterAsRasterLayer(parameters, "INPUT", context)
        if layer is None or not layer.isValid():
            raise QgsProcessingException(self.invalidRasterError(parameters, "INPUT"))
        self._input = RasterInput(layer, context.transformContext())
        points = self.parameterAsVectorLayer(parameters, "POINTS", context)
        if points is None or not points.isValid():
            raise QgsProcessingException(self.invalidSourceError(parameters, "POINTS"))
        if points.isModified():
            raise QgsProcessingException(tr("{} has edits that are not saved. Save them first.").format(points.name()))
        self._points = str(QgsProviderRegistry.instance().decodeUri("ogr", points.source()).get("path", ""))
        if points.providerType() != "ogr" or not Path(self._points).is_file():
            raise QgsProcessingException(tr("{} is no file that “Sample points” has written.").format(points.name()))
        self._zones = make_vector_input(self, parameters, "ZONES", context)
        return True

    def processAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> "dict[str, Any]":
        """Run the worker."""
        output = self.parameterAsFileOutput(parameters, "OUTPUT", context)
        zones = None
        if self._zones is not None:
            fields = [field.name() for field in self._zones.fields() if field.name().lower() != "fid"]
            path = self.make_temporary_path("zones.gpkg", context)
            zones = str(write_features(self._zones, path, feedback, fields=fields))
        options = {
            "output": output,
            "labels": self.parameterAsString(parameters, "LABELS", context).strip(),
            "zones": zones,
            "incomplete": self.parameterAsBoolean(parameters, "INCOMPLETE", context),
            "overwrite": True,
        }
        classes = self.get_file(self._input, "classes.tif", context, feedback)
        given = command.build_arguments("areas", classes, self._points, options=options)
        stages = {"count classes": (0, 60), "measure zones": (60, 100)}
        result = runner.run(given, feedback, stages=stages, outputs=[output])
        areas = {one["name"]: one["area"] for one in result["classes"]}
        for name, area in areas.items():
            value, low, high = (format_number(area[key], ",.2f") for key in ("value", "low", "high"))
            feedback.pushInfo(
                tr("{}: {} {}, 95 % interval {} to {}").format(name_class(name), value, result["unit"], low, high)
            )
        return {
            "OUTPUT": output,
            "PAGE": result["page"],
            "AREAS": json.dumps(areas, ensure_ascii=False),
            "ACCURACY": result["overall"]["value"],
        }

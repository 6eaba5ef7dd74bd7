# SPDX-License-Identifier: GPL-2.0-or-later
"""`aerialseg:segmentraster`: a raster layer to a class raster, a confidence raster and class polygons."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Optional

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterBand,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterVectorDestination,
    QgsVectorLayer,
)

from .. import command, defaults, runner
from ..ground import read_ground
from ..i18n import tr
from ..rasters import RasterInput
from ..results import (
    ResultLayer,
    format_areas,
    hide_absent_classes,
    read_confidence,
    set_layer_details,
    style_classes,
    style_confidence,
    style_polygons,
    style_unlike,
)
from ..vectors import VectorInput, make_vector_input, write_features
from . import parameters as shared
from .base import AerialSegAlgorithm, Parameters

OUTPUTS = ("OUTPUT", "CONFIDENCE", "UNLIKE", "POLYGONS")


class SegmentRaster(AerialSegAlgorithm):
    """Segments a raster layer."""

    ID = "segmentraster"
    _input: Optional[RasterInput] = None
    _mask: Optional[VectorInput] = None

    def displayName(self) -> str:
        """Return the title."""
        return tr("Segment raster layer")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("land cover,classification,deep learning,u-net,building,road,vegetation,water,aerial").split(",")

    def about(self) -> str:
        """Say what it does."""
        return tr(
            "Finds the land cover that a model knows in a raster layer of any size, and writes a class raster, and if "
            "wanted class polygons and how sure the model was. Works in bounded memory, in a process of its own."
        )

    def initAlgorithm(self, configuration: Any = None) -> None:
        """Declare parameters and outputs."""
        self.add(
            QgsProcessingParameterRasterLayer("INPUT", tr("Raster layer")),
            tr("The image: a file, or a layer of a map server. Example: an orthophoto"),
        )
        shared.add_model(self)
        self.add(
            QgsProcessingParameterBand("BANDS", tr("Bands, in the order of the model"), None, "INPUT", True, True),
            tr(
                "Which bands show what the model wants, such as red, green, blue; none to find them by their names, "
                "wavelengths and colours. Example: 4, 3, 2"
            ),
        )
        self.add(
            QgsProcessingParameterExtent("EXTENT", tr("Extent"), None, True),
            tr(
                "A part of the layer, such as the visible part of the map; empty for all of it. "
                "Example: 155000,155250,463000,463250"
            ),
        )
        self.add(
            QgsProcessingParameterFeatureSource("MASK", tr("Areas"), [shared.POLYGONS], None, True),
            tr(
                "Polygons outside of which nothing is segmented; tick to use the selected ones only. "
                "Example: a municipality"
            ),
        )
        shared.add_quality(self)
        shared.add_polygon_shape(self)
        shared.add_classes(self)
        shared.add_advanced(self)
        self._add_outputs()

    def _add_outputs(self) -> None:
        self.add(
            QgsProcessingParameterRasterDestination("OUTPUT", tr("Class raster")),
            tr("GeoTIFF with 0 for no data and 1, 2, 3 … for the classes. Example: classes.tif"),
        )
        self.add(
            QgsProcessingParameterRasterDestination("CONFIDENCE", tr("Confidence raster"), None, True, False),
            tr("GeoTIFF that says how sure the model was, 0 to 100 %. Example: confidence.tif"),
        )
        self.add(
            QgsProcessingParameterRasterDestination("UNLIKE", tr("Raster of unknown ground"), None, True, False),
            tr(
                "GeoTIFF that says how unlike the model's training images the ground is, in percent: up to 100 like "
                "them, 250 for that and more. Example: unlike.tif"
            ),
        )
        self.add(
            QgsProcessingParameterVectorDestination(
                "POLYGONS", tr("Class polygons"), shared.POLYGONS, None, True, True
            ),
            tr("GeoPackage of polygons with class and area that share their edges. Example: classes.gpkg"),
        )
        self.addOutput(QgsProcessingOutputString("AREAS", tr("Area of each class, as JSON")))
        self.addOutput(QgsProcessingOutputString("SURE", tr("Mean confidence of each class in percent, as JSON")))
        self.addOutput(QgsProcessingOutputString("UNIT", tr("Unit of the areas")))
        self.addOutput(
            QgsProcessingOutputString("GROUND", tr("Whether the ground is like the training images, as JSON"))
        )

    def prepareAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Look at the layer while it is certain to be there."""
        layer = self.parameterAsRasterLayer(parameters, "INPUT", context)
        if layer is None or not layer.isValid():
            raise QgsProcessingException(self.invalidRasterError(parameters, "INPUT"))
        self._input = RasterInput(layer, context.transformContext())
        self._mask = make_vector_input(self, parameters, "MASK", context)
        if self._mask is None and parameters.get("MASK"):  # all of the layer is not what was asked for
            raise QgsProcessingException(self.invalidSourceError(parameters, "MASK"))
        return True

    def processAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> "dict[str, Any]":
        """Run the worker."""
        paths = {name: self.parameterAsOutputLayer(parameters, name, context) for name in OUTPUTS}
        options = self.get_options(parameters, context)
        if self._mask is not None:
            options["mask"] = str(write_features(self._mask, self.make_temporary_path("areas.gpkg", context), feedback))
        # Processing has asked already whether files may be replaced.
        written = {name.lower(): path or None for name, path in paths.items()}
        written["overwrite"] = True
        scene = self._input.path or self._copy_scene(parameters, context, feedback, options)
        given = command.build_arguments("segment", scene, options={**options, **written})
        stages = {"segment": (0, 90), "polygons": (90, 100)} if paths["POLYGONS"] else {"segment": (0, 100)}
        result = runner.run(given, feedback, stages=stages, outputs=[path for path in paths.values() if path])
        set_layer_details(context, self._products(paths, result["areas"]), crs=self._input.crs, group=self._input.name)
        for line in format_areas(result["areas"], result["unit"]):
            feedback.pushInfo(line)
        ground = read_ground(result.get("ground"))
        if ground:
            feedback.pushInfo(ground.text)
        found = {name: path for name, path in paths.items() if path}
        sure = read_confidence(paths["POLYGONS"]) if paths["POLYGONS"] and paths["CONFIDENCE"] else {}
        details = {"AREAS": result["areas"], "GROUND": result.get("ground"), "SURE": sure}
        told = {name: json.dumps(value, ensure_ascii=False) for name, value in details.items()}
        return {**found, **told, "UNIT": result["unit"]}

    def get_options(self, parameters: Parameters, context: QgsProcessingContext) -> "dict[str, Any]":
        """Return the options of `aerialseg segment`, but for outputs and mask."""
        extent = self.parameterAsExtent(parameters, "EXTENT", context, self._input.crs)
        box = None if extent.isNull() else (extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum())
        return {
            "model": shared.get_model_argument(self, parameters, context),
            "bands": self.parameterAsInts(parameters, "BANDS", context) or None,
            "extent": box,
            **shared.get_quality_options(self, parameters, context),
            **shared.get_polygon_options(self, parameters, context),
            "classes": shared.get_classes(self, parameters, context),
            **shared.get_advanced_options(self, parameters, context),
        }

    def _copy_scene(
        self,
        parameters: Parameters,
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        options: "dict[str, Any]",
    ) -> str:
        """Copy a layer that has no file; the copy holds no more than the extent, which is no option any more."""
        extent = self.parameterAsExtent(parameters, "EXTENT", context, self._input.crs)
        options["extent"] = None
        gsd = options.get("gsd", defaults.GSD)
        model = shared.read_chosen_model(options["model"])
        metres = float(gsd) if _is_positive_number(gsd) else (model.gsd_range[0] if model else 1.0)
        return self._input.copy(self.make_temporary_path("scene.tif", context), extent, metres, feedback)

    def _products(self, paths: "dict[str, str]", areas: "dict[str, float]") -> "list[ResultLayer]":
        def style(layer: QgsMapLayer) -> None:
            (style_polygons if isinstance(layer, QgsVectorLayer) else style_classes)(layer)
            hide_absent_classes(layer, areas)

        name, alone = self._input.name, not paths["POLYGONS"]  # the polygons show the same, and the image beside them
        unlike = ResultLayer(paths["UNLIKE"], tr("{} – unknown ground").format(name), style_unlike, alone)
        made = (
            ResultLayer(paths["POLYGONS"], tr("{} – class polygons").format(name), style),
            ResultLayer(paths["OUTPUT"], tr("{} – classes").format(name), style, alone),
            ResultLayer(paths["CONFIDENCE"], tr("{} – confidence").format(name), style_confidence, alone),
            unlike,
        )
        return [product for product in made if product.path]


def _is_positive_number(text: str) -> bool:
    try:
        return float(text) > 0
    except ValueError:
        return False

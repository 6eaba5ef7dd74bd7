# SPDX-License-Identifier: GPL-2.0-or-later
"""`aerialseg:retrainmodel`: a model and reviewed squares to a better model, compared with the old one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputHtml,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)

from .. import command, defaults, runner
from ..i18n import format_number, tr
from ..model_list import add_to_list, find_free_name, list_trainable_models
from ..rasters import RasterInput
from ..results import ResultLayer, set_layer_details, style_flips
from ..training_watch import watch_training
from . import parameters as shared
from .base import AerialSegAlgorithm, Parameters

STAGES = {
    "cut out squares": (0, 5),
    "write soft labels": (5, 15),
    "train": (15, 80),
    "compare": (80, 100),
}

MOST_SUSPICIOUS = 5
"""Labels that are listed in the log; the page has all of them."""


class RetrainModel(AerialSegAlgorithm):
    """Retrains a model on what people have corrected."""

    ID = "retrainmodel"
    GROUP = "training"
    _scene: Optional[RasterInput] = None
    _model_to_add = ""

    def displayName(self) -> str:
        """Return the title."""
        return tr("Retrain model")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("review,correct,fine-tune,active learning,training,compare").split(",")

    def about(self) -> str:
        """Say what it does."""
        return tr(
            "Has a model learn from the reviewed squares of “Suggest squares to correct”, and compares it with the old "
            "one on the squares to check with, which it is never trained on. The old model stays as it is. It needs "
            "the training environment (Settings → Options → aerialseg)."
        )

    def initAlgorithm(self, configuration: Any = None) -> None:
        """Declare parameters and outputs."""
        file = QgsProcessingParameterFile.Behavior.File
        self.add(
            QgsProcessingParameterFile("REVIEW", tr("Review"), file, "gpkg"),
            tr("What “Suggest squares to correct” has written, with reviewed squares. Example: review.gpkg"),
        )
        known = list(list_trainable_models()) or [defaults.MODEL]
        self.add(
            shared.make_choice("MODEL", tr("Model"), known, defaults.MODEL),
            tr("The model that the map was made with. Example: mbrsc-lite0"),
        )
        minutes = shared.make_number(
            "MINUTES", tr("Minutes"), QgsProcessingParameterNumber.Type.Double, defaults.RETRAIN_MINUTES, 0.1
        )
        self.add(minutes, tr("Training ends by itself; at the latest after so many minutes. Example: 5"))
        self.add(
            QgsProcessingParameterFile("MODEL_FILE", tr("Model file"), file, "onnx", None, True),
            tr("A model that is not in the list; it is used instead. Example: /models/town.onnx"),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterRasterLayer("IMAGE", tr("Image"), None, True),
            tr("The image of the map, if it is no longer where it was. Example: ortho.tif"),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterFile("DATA", tr("Data of the model"), file, "", None, True),
            tr(
                "The data set that the model was trained on, if at hand: it forgets less. A folder of images/ and "
                "masks/, or a TOML file that pairs images with labels. Example: /data/dubai"
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterFileDestination("OUTPUT", tr("New model"), "ONNX (*.onnx)", str(find_free_name())),
            tr("The comparison with the old model (.html, .json) is written beside it. Example: /models/mine.onnx"),
        )
        self.add(
            QgsProcessingParameterRasterDestination("FLIPS", tr("What flipped"), None, True, True),
            tr(
                "GeoTIFF that shows where in the reviewed squares the new model is right and the old one was not, and "
                "the other way round. Example: flips.tif"
            ),
        )
        self.add(
            QgsProcessingParameterBoolean("ADD", tr("Put it into the list of models"), True),
            tr("Whether the other algorithms offer the model at once. Example: yes"),
        )
        self.addOutput(QgsProcessingOutputHtml("PAGE", tr("Comparison of both models")))
        self.addOutput(QgsProcessingOutputString("COMPARISON", tr("The same figures as JSON")))
        self.addOutput(QgsProcessingOutputNumber("BEFORE", tr("Share of the check squares that was right, 0 to 1")))
        self.addOutput(QgsProcessingOutputNumber("AFTER", tr("Share of them that is right now, 0 to 1")))

    def checkParameterValues(self, parameters: Parameters, context: QgsProcessingContext) -> "tuple[bool, str]":
        """Say before the run what is missing."""
        unknown = shared.explain_unknown(self, parameters, "MODEL")
        return (False, unknown) if unknown else super().checkParameterValues(parameters, context)

    def prepareAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Look at the image while it is certain to be there."""
        layer = self.parameterAsRasterLayer(parameters, "IMAGE", context)
        if parameters.get("IMAGE") and (layer is None or not layer.isValid()):
            raise QgsProcessingException(self.invalidRasterError(parameters, "IMAGE"))
        self._scene = RasterInput(layer, context.transformContext()) if layer else None
        return True

    def processAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> "dict[str, Any]":
        """Run the worker."""
        output = self.parameterAsFileOutput(parameters, "OUTPUT", context)
        output = output if output.endswith(".onnx") else f"{output}.onnx"
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        flips = self.parameterAsOutputLayer(parameters, "FLIPS", context)
        options = {
            "output": output,
            "minutes": self.parameterAsDouble(parameters, "MINUTES", context),
            "scene": self.get_file(self._scene, "scene.tif", context, feedback),
            "data": self.parameterAsString(parameters, "DATA", context),
            "flips": flips,
            "overwrite": True,
        }
        model = shared.get_model_argument(self, parameters, context)
        review = self.parameterAsString(parameters, "REVIEW", context)
        given = command.build_arguments("retrain", model, review, options=options)
        with watch_training(self, feedback, Path(output).stem) as tell:
            result = runner.run(given, feedback, stages=STAGES, outputs=[output], extra="train", on_figures=tell)
        check = result["check"]
        self._model_to_add = output if self.parameterAsBool(parameters, "ADD", context) else ""
        _tell(result, feedback)
        if flips:
            made = ResultLayer(flips, tr("{} – what flipped").format(Path(output).stem), style_flips)
            set_layer_details(context, [made], crs=QgsCoordinateReferenceSystem(), group=Path(review).stem)
        comparison = {key: result[key] for key in ("check", "train")}
        return {
            "OUTPUT": output,
            "FLIPS": flips,
            "PAGE": result["page"],
            "COMPARISON": json.dumps(comparison, ensure_ascii=False),
            "BEFORE": check["before"] and check["before"]["accuracy"],
            "AFTER": check["after"] and check["after"]["accuracy"],
        }

    def postProcessAlgorithm(self, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> "dict[str, Any]":
        """Put the model into the list, in the main thread."""
        if self._model_to_add:
            add_to_list(self._model_to_add, self.provider().id(), feedback)
        return {}


def _tell(result: "dict[str, Any]", feedback: QgsProcessingFeedback) -> None:
    """Tell the figures, and which labels the new model contradicts loudest."""
    for role, title in (("check", tr("Squares to check with")), ("train", tr("Squares trained on"))):
        own = result[role]
        if own["before"] is not None:
            before, after = (format_number(own[key]["accuracy"], ".1%") for key in ("before", "after"))
            feedback.pushInfo(tr("{}: {} right before, {} after").format(title, before, after))
    if result["check"]["before"] is None:
        feedback.pushWarning(tr("No square to check with is reviewed: nobody knows whether the new model is better."))
    figures = json.loads(Path(result["figures"]).read_text(encoding="utf-8"))
    for row in figures["suspicious"][:MOST_SUSPICIOUS]:
        text = tr("Look again at square {}: {} is drawn at {}, {}; the model says {}.")
        feedback.pushInfo(text.format(row["square"], row["label"], row["x"], row["y"], row["model"]))

# SPDX-License-Identifier: GPL-2.0-or-later
"""`aerialseg:evaluatemodel`: a model and labelled images to a page that says how good the model is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputHtml,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFolderDestination,
)

from .. import command, runner
from ..i18n import format_number, tr
from . import parameters as shared
from .base import Parameters
from .labelled import LabelledAlgorithm, get_scores


class EvaluateModel(LabelledAlgorithm):
    """Measures how good a model is."""

    ID = "evaluatemodel"
    NUMBERS_OF_MODEL = True

    def displayName(self) -> str:
        """Return the title."""
        return tr("Evaluate model")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("accuracy,score,iou,confusion matrix,validation,test,quality,report").split(",")

    def about(self) -> str:
        """Say what it does."""
        return tr(
            "Segments labelled images with a model and says how far the result agrees with the labels: intersection "
            "over union, accuracy, confusion matrix, and where it is wrong. Take images that the model has not learnt "
            "from. The report page opens in the Results Viewer."
        )

    def initAlgorithm(self, configuration: Any = None) -> None:
        """Declare parameters and outputs."""
        shared.add_model(self)
        self.add_data()
        shared.add_quality(self)
        self.add(
            QgsProcessingParameterFolderDestination("OUTPUT", tr("Folder for the report")),
            tr("A page for people and a JSON file for programs are written into it. Example: /data/report"),
        )
        self.addOutput(QgsProcessingOutputHtml("PAGE", tr("Evaluation of the model")))
        self.addOutput(QgsProcessingOutputNumber("MIOU", tr("Mean intersection over union, 0 to 1")))
        self.addOutput(QgsProcessingOutputNumber("ACCURACY", tr("Share of the pixels that are right, 0 to 1")))

    def processAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> "dict[str, Any]":
        """Run the worker."""
        output = self.parameterAsFileOutput(parameters, "OUTPUT", context)
        model = shared.get_model_argument(self, parameters, context)
        data = self.prepare_data(parameters, context, feedback, model=shared.read_chosen_model(model))
        options = {"output": output, "overwrite": True, **shared.get_quality_options(self, parameters, context)}
        stages = {"check images and labels": (0, 10), "evaluate": (10, 100)}
        given = command.build_arguments("evaluate", model, data, options=options)
        result = runner.run(given, feedback, stages=stages, outputs=[output])
        found = result["scores"]
        feedback.pushInfo(
            tr("Mean IoU {}, accuracy {}").format(
                _format_percent(found.get("miou")), _format_percent(found.get("accuracy"))
            )
        )
        return {"OUTPUT": output, "PAGE": result["page"], **get_scores(found)}


def _format_percent(share: Any) -> str:
    return "–" if share is None else format_number(share, ".1%")

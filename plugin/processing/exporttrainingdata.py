# SPDX-License-Identifier: GPL-2.0-or-later
"""`aerialseg:exporttrainingdata`: image layers and polygons to patches of images and masks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
)

from .. import command, runner
from ..i18n import tr
from ..training_data import PATCH_OVERLAP, PATCH_SIZE
from .base import Parameters
from .labelled import LabelledAlgorithm


class ExportTrainingData(LabelledAlgorithm):
    """Cuts image layers into patches with masks."""

    ID = "exporttrainingdata"

    def displayName(self) -> str:
        """Return the title."""
        return tr("Export training data")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("training,patches,chips,tiles,images,masks,labels,deep learning,export").split(",")

    def about(self) -> str:
        """Say what it does."""
        return tr(
            "Cuts images into georeferenced patches, with a mask of class colours for each, wherever training polygons "
            "lie. “Train model” reads the folder, and so do other programs. Training needs no such folder: it takes "
            "layers and polygons as they are."
        )

    def initAlgorithm(self, configuration: Any = None) -> None:
        """Declare parameters and outputs."""
        self.add_layers(optional=False)
        size = QgsProcessingParameterNumber(
            "SIZE", tr("Side of a patch (px)"), QgsProcessingParameterNumber.Type.Integer, PATCH_SIZE, False, 32, 4096
        )
        self.add(size, tr("All patches have this size, but for images that are smaller. Example: 512"))
        overlap = QgsProcessingParameterNumber(
            "OVERLAP",
            tr("Overlap (share of a patch)"),
            QgsProcessingParameterNumber.Type.Double,
            PATCH_OVERLAP,
            False,
            0,
            0.5,
        )
        self.add(overlap, tr("How much neighbouring patches have in common. Example: 0.25 for a quarter"))
        self.add(
            QgsProcessingParameterFolderDestination("OUTPUT", tr("Folder for the patches")),
            tr(
                "images, masks and classes.json are written into it. Earlier patches in it are replaced, anything else "
                "never. Example: /data/patches"
            ),
        )
        self.addOutput(QgsProcessingOutputNumber("PATCHES", tr("Number of patches")))

    def processAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> "dict[str, Any]":
        """Run the worker."""
        output = self.parameterAsFileOutput(parameters, "OUTPUT", context)
        options = {
            "output": output,
            "size": self.parameterAsInt(parameters, "SIZE", context),
            "overlap": self.parameterAsDouble(parameters, "OVERLAP", context),
            "overwrite": True,
        }
        data = self.prepare_data(parameters, context, feedback)
        stages = {"check images and labels": (0, 20), "cut patches": (20, 100)}
        given = command.build_arguments("patches", data, options=options)
        result = runner.run(given, feedback, stages=stages, outputs=[output])
        width = max(len(c["name"]) for c in result["classes"])
        for c in result["classes"]:
            feedback.pushInfo(f"{c['name']:<{width}} {c['pixels']:>14,} px")
        feedback.pushInfo(tr("{} patches of {} images").format(result["patches"], result["images"]))
        return {"OUTPUT": output, "PATCHES": result["patches"]}

# SPDX-License-Identifier: GPL-2.0-or-later
"""`aerialseg:setupenvironment`: makes the environment without a window, for administrators and qgis_process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputFolder,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
)

from ..environment.installer import install
from ..environment.problem import EnvironmentProblem
from ..environment.requirements import REQUIREMENTS, RUN
from ..environment.state import State, find_environment
from ..i18n import tr
from .base import AerialSegAlgorithm, Parameters


class SetUpEnvironment(AerialSegAlgorithm):
    """Sets the environment up, or repairs it; one that is in order is left alone."""

    ID = "setupenvironment"
    GROUP = "tools"

    def displayName(self) -> str:
        """Return the title."""
        return tr("Set up environment")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("install,repair,python,venv,pip,dependencies,offline,wheels").split(",")

    def about(self) -> str:
        """Say what it does."""
        return tr(
            "Makes the Python environment in which aerialseg runs models, inside the QGIS profile, or repairs it. "
            "Nothing is installed into QGIS. An environment that is in order stays as it is."
        )

    def initAlgorithm(self, configuration: Any = None) -> None:
        """Declare parameters and outputs."""
        self.add(
            QgsProcessingParameterEnum("EXTRA", tr("What it is for"), list(REQUIREMENTS), False, RUN, False, True),
            tr("“run” for segmenting (0.9 GB), “train” for training models as well (3 GB). Example: run"),
        )
        wheels = QgsProcessingParameterFile(
            "WHEELS", tr("Folder of wheels"), QgsProcessingParameterFile.Behavior.Folder, "", None, True
        )
        self.add(
            wheels,
            tr(
                "Installs from this folder and needs no network; empty for the folder in the options, or the package "
                "index. Fill it with: pip download --only-binary :all: -d wheels -r run.txt. Example: /media/usb/wheels"
            ),
        )
        self.addOutput(QgsProcessingOutputFolder("FOLDER", tr("Folder of the environment")))

    def processAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> "dict[str, Any]":
        """Make what is missing."""
        extra = self.parameterAsEnumString(parameters, "EXTRA", context)
        wheels = self.parameterAsString(parameters, "WHEELS", context)
        found = find_environment(probe=True)
        if found.state is State.READY and extra in found.extras:
            feedback.pushInfo(tr("The environment is in order: {}").format(found.python))
            return {"FOLDER": str(found.python.parent.parent)}
        try:
            made = install(extra, feedback, feedback.pushConsoleInfo, wheels or None)
        except EnvironmentProblem as problem:
            raise QgsProcessingException(str(problem)) from problem
        return {"FOLDER": str(made.python.parent.parent)}

# SPDX-License-Identifier: GPL-2.0-or-later
"""`aerialseg:diagnose`: all that a maintainer would ask, in the log and in a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterFileDestination,
)

from ..environment.diagnosis import diagnose
from ..i18n import tr
from .base import AerialSegAlgorithm, Parameters


class Diagnose(AerialSegAlgorithm):
    """Describes the installation."""

    ID = "diagnose"
    GROUP = "tools"

    def displayName(self) -> str:
        """Return the title."""
        return tr("Diagnose")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("report,problem,support,versions,environment,engines").split(",")

    def about(self) -> str:
        """Say what it does."""
        return tr(
            "Describes versions, system, settings, environment, packages, engines and models: what to send along with "
            "a question. Passwords are left out, and the home folder is written as ~."
        )

    def initAlgorithm(self, configuration: Any = None) -> None:
        """Declare parameters and outputs."""
        self.add(
            QgsProcessingParameterFileDestination(
                "OUTPUT", tr("Report"), tr("Text files (*.txt)"), None, True, createByDefault=False
            ),
            tr("Text file for the report; without one it is in the log only. Example: diagnosis.txt"),
        )
        self.addOutput(QgsProcessingOutputString("TEXT", tr("Text of the report")))

    def processAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> "dict[str, Any]":
        """Look, and tell."""
        output = self.parameterAsFileOutput(parameters, "OUTPUT", context)
        text = diagnose(feedback)
        feedback.pushInfo(text)
        if output:
            try:
                Path(output).write_text(text, encoding="utf-8")
            except OSError as error:
                raise QgsProcessingException(
                    tr("The report cannot be written to {}: {}.").format(output, error.strerror or error)
                ) from error
        return {"OUTPUT": output or None, "TEXT": text}

# SPDX-License-Identifier: GPL-2.0-or-later
"""`aerialseg:auditdata`: labelled images to a page that says what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputHtml,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFolderDestination,
)

from .. import command, runner
from ..i18n import tr
from .base import Parameters
from .labelled import LabelledAlgorithm

PAGE = "audit.html"
"""The page in the folder of the report."""

STAGES = {
    "check images and labels": (0, 15),
    "count labels": (15, 30),
    "read images": (30, 50),
    "find features": (50, 70),
    "compare features": (70, 80),
    "compare labels": (80, 85),
    "draw pictures": (85, 100),
}


class AuditData(LabelledAlgorithm):
    """Looks for what is wrong with labelled images."""

    ID = "auditdata"

    def displayName(self) -> str:
        """Return the title."""
        return tr("Audit training data")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("training,check,quality,duplicates,leakage,overlap,labels,masks,report").split(",")

    def about(self) -> str:
        """Say what it does."""
        return tr(
            "Looks at labelled images before anything is trained on them: files that do not fit, colours that are no "
            "class, rare classes, duplicates, and images that show the same ground and must stay together in a split. "
            "Writes a report page, which opens in the Results Viewer, and says in the log what it found."
        )

    def initAlgorithm(self, configuration: Any = None) -> None:
        """Declare parameters and outputs."""
        self.add_data()
        self.add(
            QgsProcessingParameterFolderDestination("OUTPUT", tr("Folder for the report")),
            tr("A page for people and a JSON file for programs are written into it. Example: /data/audit"),
        )
        self.addOutput(QgsProcessingOutputHtml("PAGE", tr("Audit of the training data")))
        self.addOutput(QgsProcessingOutputNumber("ERRORS", tr("Findings because of which data cannot be used")))
        self.addOutput(QgsProcessingOutputNumber("WARNINGS", tr("Findings that are worth a correction")))

    def processAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> "dict[str, Any]":
        """Run the worker."""
        output = self.parameterAsFileOutput(parameters, "OUTPUT", context)
        data = self.prepare_data(parameters, context, feedback)
        given = command.build_arguments("audit", data, options={"output": output, "overwrite": True})
        found = runner.run(given, feedback, stages=STAGES, outputs=[output])["findings"]
        for finding in found:
            _report_finding(finding, feedback)
        levels = [finding["level"] for finding in found]
        counts = {"ERRORS": levels.count("error"), "WARNINGS": levels.count("warning")}
        return {"OUTPUT": output, "PAGE": str(Path(output) / PAGE), **counts}


def _report_finding(finding: "dict[str, Any]", feedback: QgsProcessingFeedback) -> None:
    """Report a finding as a message of its weight; an error of the data is none of the run."""
    text = f"{finding['text']} {finding.get('hint', '')}".strip()
    say = {"error": feedback.reportError, "warning": feedback.pushWarning}.get(finding["level"], feedback.pushInfo)
    say(text)

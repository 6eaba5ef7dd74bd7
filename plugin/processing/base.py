# SPDX-License-Identifier: GPL-2.0-or-later
"""What all algorithms of aerialseg have in common."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Optional

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProcessingUtils,
    QgsRectangle,
)
from qgis.PyQt.QtGui import QIcon

from ..__about__ import ICON, ROOT
from ..i18n import tr
from ..rasters import RasterInput

Parameters = "dict[str, Any]"


class AerialSegAlgorithm(QgsProcessingAlgorithm):
    """Base of the algorithms: names, help and icon come from a few methods.

    A subclass has `ID`, and says what it is in `displayName`, `about` and `groupId`.
    """

    ID = ""
    """Name inside the provider: lower-case, never changed."""

    GROUP = "segmentation"
    """Key of `groups`."""

    def name(self) -> str:
        """Return the identifier inside the provider."""
        return self.ID

    def createInstance(self) -> QgsProcessingAlgorithm:
        """Return a new algorithm of this kind."""
        return type(self)()

    def groupId(self) -> str:
        """Return the identifier of the group."""
        return self.GROUP

    def group(self) -> str:
        """Name of the group."""
        return {
            "segmentation": tr("Segmentation"),
            "training": tr("Training"),
            "areas": tr("Areas"),
            "tools": tr("Environment"),
        }[self.GROUP]

    def icon(self) -> QIcon:
        """Return the icon of the algorithm, or of the plugin if it has none."""
        return QIcon(self.svgIconPath())

    def svgIconPath(self) -> str:
        """Return the file of the icon."""
        own = ICON.with_name(f"{self.ID}.svg")
        return str(own if own.is_file() else ICON)

    def helpUrl(self) -> str:
        """Return the page about this algorithm, which comes with the plugin."""
        page = ROOT / "docs" / "qgis" / f"{self.ID}.md"
        return page.as_uri() if page.is_file() else ""

    def about(self) -> str:
        """Say what it does."""
        return ""

    def shortHelpString(self) -> str:
        """Return the paragraph, and what every parameter means, with an example."""
        rows = [f"<h3>{escape(p.description())}</h3><p>{p.help()}</p>" for p in self.parameterDefinitions() if p.help()]
        return f"<p>{self.about()}</p>" + "".join(rows)

    def add(self, parameter: QgsProcessingParameterDefinition, help_text: str, *, advanced: bool = False) -> None:
        """Add a parameter.

        Args:
            parameter: It.
            help_text: What it means, with an example.
            advanced: Whether it is folded away.
        """
        parameter.setHelp(help_text)
        if advanced:
            parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
        self.addParameter(parameter)

    def get_file(
        self,
        raster: Optional[RasterInput],
        name: str,
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> Optional[str]:
        """Return the file of a raster layer: its own, or a copy under this name; None for no layer."""
        if raster is None or raster.path:
            return raster and raster.path
        return raster.copy(self.make_temporary_path(name, context), QgsRectangle(), 1.0, feedback)

    @staticmethod
    def make_temporary_path(name: str, context: QgsProcessingContext) -> Path:
        """Return a file of this run that nobody keeps: QGIS removes its folder."""
        return Path(QgsProcessingUtils.generateTempFilename(name))

    def prepareAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Take from the project, in the main thread, what the run needs of it."""
        return True

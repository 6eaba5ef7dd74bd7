# SPDX-License-Identifier: GPL-2.0-or-later
"""The Processing provider: the place of aerialseg in the toolbox, in models and in qgis_process."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .__about__ import ICON, TITLE, VERSION
from .processing import ALGORITHMS
from .training_watch import TrainingWatch


class AerialSegProvider(QgsProcessingProvider):
    """Holds the algorithms of aerialseg."""

    def __init__(self) -> None:
        super().__init__()
        self.watch = TrainingWatch()
        """Tells of trainings that Processing's own windows have begun."""

    def id(self) -> str:
        """Return the identifier, part of every algorithm's id: never translated, never changed."""
        return "aerialseg"

    def name(self) -> str:
        """Name in the toolbox."""
        return TITLE

    def longName(self) -> str:
        """Name with the version."""
        return f"{TITLE} {VERSION}"

    def versionInfo(self) -> str:
        """Return the version of the plugin."""
        return VERSION

    def icon(self) -> QIcon:
        """Return the icon in the toolbox."""
        return QIcon(self.svgIconPath())

    def svgIconPath(self) -> str:
        """Return the file of the icon."""
        return str(ICON)

    def supportsNonFileBasedOutput(self) -> bool:
        """Return False: the worker writes files, no databases."""
        return False

    def supportedOutputRasterLayerExtensions(self) -> "list[str]":
        """Return what the worker writes."""
        return ["tif"]

    def supportedOutputVectorLayerExtensions(self) -> "list[str]":
        """Return what the worker writes."""
        return ["gpkg"]

    def defaultRasterFileExtension(self) -> str:
        """Return what the worker writes."""
        return "tif"

    def defaultVectorFileExtension(self, hasGeometry: bool = True) -> str:
        """Return what the worker writes."""
        return "gpkg"

    def loadAlgorithms(self) -> None:
        """Add the algorithms; QGIS calls this on every refresh, so that new models are listed."""
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())

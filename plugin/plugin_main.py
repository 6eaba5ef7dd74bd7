# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin as QGIS sees it: made, shown, and taken away without a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsApplication
from qgis.PyQt import sip

from .provider import AerialSegProvider

if TYPE_CHECKING:
    from qgis.gui import QgisInterface


class AerialSegPlugin:
    """Owns the Processing provider while the plugin is loaded.

    Args:
        iface: The windows of QGIS, or None in qgis_process.
    """

    def __init__(self, iface: QgisInterface | None) -> None:
        self._iface = iface
        self._provider: AerialSegProvider | None = None

    def initProcessing(self) -> None:
        """Register the provider; qgis_process calls nothing else."""
        if self._provider is not None:
            return
        provider = AerialSegProvider()
        if QgsApplication.processingRegistry().addProvider(provider):
            self._provider = provider

    def initGui(self) -> None:
        """Set up everything that the windows of QGIS show."""
        self.initProcessing()

    def unload(self) -> None:
        """Undo what `initGui` and `initProcessing` did; harmless when they were never called."""
        provider, self._provider = self._provider, None
        if provider is not None and not sip.isdeleted(provider):
            QgsApplication.processingRegistry().removeProvider(provider)

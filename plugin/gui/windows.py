# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin has open: the dock, and runs that nobody sees while it is closed."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Optional

from qgis.core import Qgis, QgsRasterLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt

from ..__about__ import TITLE
from ..i18n import tr
from ..results import is_result
from .dock import Dock
from .runs import Run, Runs

if TYPE_CHECKING:
    from qgis.gui import QgisInterface


class PluginWindows:
    """Opens the dock, and says how runs ended that were not seen in it.

    Args:
        iface: The windows of QGIS.
    """

    def __init__(self, iface: QgisInterface) -> None:
        self._iface = iface
        self._runs = Runs()
        self._runs.ended.connect(self._tell_end)
        self._dock: Optional[Dock] = None
        self._closed = False

    def open(self, layer: Optional[QgsRasterLayer] = None) -> Dock:
        """Show the dock.

        Args:
            layer: Raster layer to begin with; None for the active one.
        """
        if self._dock is None or sip.isdeleted(self._dock):
            self._dock = Dock(self._iface, self._runs)
            self._dock.closed.connect(self._tell_left_running)
            self._iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._dock)
        layer = layer or self._iface.activeLayer()
        if isinstance(layer, QgsRasterLayer) and not is_result(layer):
            self._dock.header.set_layer(layer)
        self._dock.setUserVisible(True)
        return self._dock

    def close(self) -> None:
        """Take the dock away and end all runs; a second time nothing happens."""
        dock, self._dock = self._dock, None
        if not self._closed:
            self._closed = True
            self._runs.ended.disconnect(self._tell_end)
            self._runs.stop_all()
        if dock is not None and not sip.isdeleted(dock):
            dock.stop()
            self._iface.removeDockWidget(dock)
            dock.deleteLater()

    def _tell_left_running(self) -> None:
        if len(self._runs):
            self._show_message(tr("The segmentation continues. Its layers come into the project when it is done."))

    def _tell_end(self, run: Run) -> None:
        """Say in the message bar how a run ended, for those who have closed the dock."""
        if self._dock is not None and not sip.isdeleted(self._dock) and self._dock.isVisible():
            return
        if run.ok:
            self._show_message(tr("{} has been segmented.").format(run.name), Qgis.MessageLevel.Success)
        elif not run.cancelled:
            text = tr("{} could not be segmented: {}").format(run.name, run.error)
            self._show_message(text, Qgis.MessageLevel.Critical)

    def _show_message(self, text: str, level: Qgis.MessageLevel = Qgis.MessageLevel.Info) -> None:
        self._iface.messageBar().pushMessage(TITLE, escape(text, quote=False), level)  # it takes markup

# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin has open: the dialog, and runs that may outlive it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Optional

from qgis.core import Qgis, QgsRasterLayer
from qgis.PyQt import sip

from ..__about__ import TITLE
from ..i18n import tr
from .dlg_segment import SegmentDialog
from .runs import Run, Runs

if TYPE_CHECKING:
    from qgis.gui import QgisInterface


class PluginWindows:
    """Opens the dialog, and says how runs ended whose dialog is gone.

    Args:
        iface: The windows of QGIS.
    """

    def __init__(self, iface: QgisInterface) -> None:
        self._iface = iface
        self._runs = Runs()
        self._runs.ended.connect(self._tell_end)
        self._dialog: Optional[SegmentDialog] = None
        self._closed = False

    def open(self, layer: Optional[QgsRasterLayer] = None) -> SegmentDialog:
        """Show the dialog, or bring the open one to the front.

        Args:
            layer: Raster layer to begin with; None for the active one.
        """
        layer = layer or self._iface.activeLayer()
        if self._dialog is None or sip.isdeleted(self._dialog):
            self._dialog = SegmentDialog(self._iface, self._runs, layer)
            self._dialog.left_running.connect(self._tell_left_running)
        elif isinstance(layer, QgsRasterLayer):
            self._dialog.set_layer(layer)
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()
        return self._dialog

    def close(self) -> None:
        """Close the dialog and end all runs; a second time nothing happens."""
        dialog, self._dialog = self._dialog, None
        if not self._closed:
            self._closed = True
            self._runs.ended.disconnect(self._tell_end)
            self._runs.stop_all()
        if dialog is not None and not sip.isdeleted(dialog):
            dialog.left_running.disconnect(self._tell_left_running)
            dialog.close()

    def _tell_left_running(self) -> None:
        self._show_message(tr("The segmentation continues. Its layers come into the project when it is done."))

    def _tell_end(self, run: Run) -> None:
        """Say in the message bar how a run ended, for those who have closed the dialog."""
        if self._dialog is not None and not sip.isdeleted(self._dialog) and self._dialog.shows(run):
            return
        if run.ok:
            self._show_message(tr("{} has been segmented.").format(run.name), Qgis.MessageLevel.Success)
        elif not run.cancelled:
            text = tr("{} could not be segmented: {}").format(run.name, run.error)
            self._show_message(text, Qgis.MessageLevel.Critical)

    def _show_message(self, text: str, level: Qgis.MessageLevel = Qgis.MessageLevel.Info) -> None:
        self._iface.messageBar().pushMessage(TITLE, escape(text, quote=False), level)  # it takes markup

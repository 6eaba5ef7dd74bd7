# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin as QGIS sees it: made, shown, and taken away without a trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Optional

from qgis.core import QgsApplication
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from . import compat
from .__about__ import ICON, TITLE
from .i18n import Translation, tr
from .provider import AerialSegProvider

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from .gui.dlg_training import TrainingWindow
    from .gui.opt_environment import OptionsFactory
    from .gui.windows import PluginWindows


class AerialSegPlugin:
    """Owns all that QGIS shows of aerialseg while the plugin is loaded.

    Args:
        iface: The windows of QGIS, or None in qgis_process.
    """

    def __init__(self, iface: Optional[QgisInterface]) -> None:
        self._iface = iface
        self._translation = Translation()
        self._provider: Optional[AerialSegProvider] = None
        self._actions: list[QAction] = []
        self._options: Optional[OptionsFactory] = None
        self._windows: Optional[PluginWindows] = None
        self._training: Optional[TrainingWindow] = None

    def initProcessing(self) -> None:
        """Register the provider; qgis_process calls nothing else."""
        if self._provider is not None:
            return
        self._translation.install()
        provider = AerialSegProvider()
        if QgsApplication.processingRegistry().addProvider(provider):
            self._provider = provider

    def initGui(self) -> None:
        """Set up everything that the windows of QGIS show."""
        self.initProcessing()
        if self._iface is None or self._actions:
            return
        from .gui.opt_environment import OptionsFactory

        self._options = OptionsFactory()
        self._iface.registerOptionsWidgetFactory(self._options)
        self._add_actions(self._iface)
        if self._provider is not None:
            self._provider.watch.begun.connect(self._show_training)

    def _add_actions(self, iface: QgisInterface) -> None:
        segment = self._make_action(tr("Segment raster layer…"), self.show_dock)
        segment.setToolTip(tr("Find buildings, roads, vegetation and water in a raster layer"))
        here = self._make_action(tr("Segment with aerialseg…"), self.show_dock)
        settings = self._make_action(tr("Settings…"), self.show_options)
        manual = self._make_action(tr("Your first map…"), self.show_manual)
        iface.addToolBarIcon(segment)
        for action in (segment, settings, manual):
            iface.addPluginToRasterMenu(TITLE, action)
        iface.addCustomActionForLayerType(here, "", compat.get_raster_layer_type(), True)

    def _make_action(self, text: str, called: Callable[[], None]) -> QAction:
        action = QAction(QIcon(str(ICON)), text, self._iface.mainWindow())
        action.triggered.connect(lambda _checked=False: called())
        self._actions.append(action)
        return action

    def show_dock(self) -> None:
        """Show the dock, for the layer that is chosen in the layer tree."""
        from .gui.windows import PluginWindows

        if self._windows is None:
            self._windows = PluginWindows(self._iface)
        self._windows.open()

    def _show_training(self, name: str) -> None:
        """Show how a training goes that was begun in the toolbox."""
        from .gui.dlg_training import TrainingWindow

        self._close_training()
        self._training = TrainingWindow(name, self._provider.watch, self._iface.mainWindow())
        self._training.show()

    def _close_training(self) -> None:
        window, self._training = self._training, None
        if window is not None and not sip.isdeleted(window):
            window.close()

    def show_options(self) -> None:
        """Show the page in QGIS's options."""
        self._iface.showOptionsDialog(self._iface.mainWindow(), self._options.PAGE)

    def show_manual(self) -> None:
        """Show the tutorial that comes with the plugin."""
        from .gui.dlg_text import ManualDialog

        manual = ManualDialog(self._iface.mainWindow())
        manual.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        manual.show()

    def unload(self) -> None:
        """Undo what `initGui` and `initProcessing` did; harmless when they were never called."""
        windows, self._windows = self._windows, None
        if windows is not None:
            windows.close()
        self._close_training()
        self._remove_actions()
        options, self._options = self._options, None
        if options is not None and not sip.isdeleted(options):
            options.close()
            self._iface.unregisterOptionsWidgetFactory(options)
        provider, self._provider = self._provider, None
        if provider is not None and not sip.isdeleted(provider):
            QgsApplication.processingRegistry().removeProvider(provider)
        self._translation.remove()

    def _remove_actions(self) -> None:
        actions, self._actions = self._actions, []
        for action in actions:
            if sip.isdeleted(action):
                continue
            self._iface.removePluginRasterMenu(TITLE, action)
            self._iface.removeToolBarIcon(action)
            self._iface.removeCustomActionForLayerType(action)
            action.deleteLater()

# SPDX-License-Identifier: GPL-2.0-or-later
"""Layers that a run has made are opened and styled in another thread: files may be large, and far away."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import QgsApplication, QgsMapLayer, QgsProcessingContext, QgsProcessingUtils, QgsTask
from qgis.PyQt.QtCore import pyqtSignal

from ..compat import get_quiet_task_flags
from ..i18n import tr
from ..results import LayerStyler


class OpenTask(QgsTask):
    """Opens the files that an algorithm wants to be loaded, as Processing does, and styles their layers.

    Args:
        wanted: Path and details of each layer.
    """

    ended = pyqtSignal(object)  # itself, in the main thread

    def __init__(self, wanted: "Sequence[tuple[str, QgsProcessingContext.LayerDetails]]") -> None:
        super().__init__(tr("aerialseg: open the layers"), get_quiet_task_flags())
        self.layers: list[QgsMapLayer] = []
        """The layers in the order in which they were wanted, in the main thread when it has ended."""
        self.error = ""
        """Why they are not all there; "" if it was cancelled."""
        self._wanted = [(path, details.layerTypeHint, details.postProcessor()) for path, details in wanted]

    def run(self) -> bool:
        """Open them."""
        context = QgsProcessingContext()  # of this thread, like what it opens
        for path, hint, styler in self._wanted:
            if self.isCanceled():
                return False
            layer = QgsProcessingUtils.mapLayerFromString(path, context, True, hint)
            if layer is None:
                self.error = tr("The result {} cannot be loaded.").format(path)
                return False
            layer = context.takeResultLayer(layer.id())
            if isinstance(styler, LayerStyler):
                styler.style(layer)
            layer.moveToThread(QgsApplication.instance().thread())
            self.layers.append(layer)
        return True

    def finished(self, result: bool) -> None:
        """Tell it in the main thread, where QGIS calls this."""
        self.ended.emit(self)

# SPDX-License-Identifier: GPL-2.0-or-later
"""Keeps what is chosen on the page *Map* for each layer, and chooses it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Optional

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..kept_options import keep_options, read_options


class OptionKeeper(QObject):
    """What was chosen for a layer is kept when somebody changes it, not when another layer brings other choices.

    Args:
        parent: Owner.
        take: Returns what is chosen now; None while it makes no sense.
    """

    opened = pyqtSignal()  # another project, whose layers are all there

    def __init__(self, parent: QObject, take: "Callable[[], Optional[dict[str, Any]]]") -> None:
        super().__init__(parent)
        self._take = take
        self._layer = ""
        self._known: Optional[dict[str, Any]] = None  # what is kept, or was chosen for the layer by itself
        self._busy = 0
        project = QgsProject.instance()
        project.readProject.connect(self.opened)
        project.removeAll.connect(self._forget)

    def stop(self) -> None:
        """Keep nothing any more."""
        self._forget()
        project = QgsProject.instance()
        project.readProject.disconnect(self.opened)
        project.removeAll.disconnect(self._forget)

    @contextmanager
    def choosing(self, layer: Optional[QgsRasterLayer]) -> "Iterator[dict[str, Any]]":
        """Yield what is kept for a layer ({} if nothing is), to be chosen meanwhile; from then on its choices are kept.

        Args:
            layer: The layer that the page speaks of from now on; None for none.
        """
        self._busy += 1
        try:
            yield read_options(QgsProject.instance(), layer.id()) if layer is not None else {}
        finally:
            self._busy -= 1
            self._layer = layer.id() if layer is not None else ""
            self._known = self._take()

    def keep(self) -> None:
        """Keep what is chosen, if somebody has changed it."""
        if self._busy or QgsProject.instance().mapLayer(self._layer) is None:
            return
        chosen = self._take()
        if chosen is not None and chosen != self._known:
            self._known = chosen
            keep_options(QgsProject.instance(), self._layer, chosen)

    def _forget(self) -> None:
        """Keep nothing while a project goes: its layers do so one by one."""
        self._layer = ""

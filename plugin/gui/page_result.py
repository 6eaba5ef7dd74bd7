# SPDX-License-Identifier: GPL-2.0-or-later
"""The page *Result*: what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsProject, QgsRectangle
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ..i18n import tr
from .page import Page
from .runs import Run, Runs
from .wdg_area_chart import AreaChart, ClassArea
from .wdg_header import Header
from .widgets import GroundLabel, ScrollArea, make_wrapped_label

if TYPE_CHECKING:
    from qgis.gui import QgisInterface


class ResultPage(Page):
    """Shows what the last run found.

    Args:
        iface: The windows of QGIS.
        runs: Tells when a run has ended.
        header: Tells the colours of the classes.
    """

    def __init__(self, iface: QgisInterface, runs: Runs, header: Header) -> None:
        super().__init__()
        self._iface, self._header = iface, header
        self._layers: list[str] = []
        self.found = make_wrapped_label(tr("Nothing yet: run a model on the page Map."))
        self.ground = GroundLabel()
        self.chart = AreaChart()
        self.chart.setVisible(False)
        self.show_layers = QPushButton(tr("Show layers"))
        self.show_layers.setToolTip(tr("Zoom to what was found, and tick it in the layer tree."))
        self.show_layers.setEnabled(False)
        self.status = make_wrapped_label("")
        body = QWidget()
        rows = QVBoxLayout(body)
        for widget in (self.found, self.ground, self.chart):
            rows.addWidget(widget)
        rows.addWidget(self.show_layers, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addWidget(self.status)
        rows.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(ScrollArea(body))
        self.show_layers.clicked.connect(self._show_layers)
        runs.ended.connect(self._show_run)

    def get_title(self) -> str:
        """Return what is on its tab."""
        return tr("Result")

    def _show_run(self, run: Run) -> None:
        if not run.ok:
            return
        model = self._header.models.models.get(run.request.model)
        colours = {cover.name: cover.colour for cover in model.classes} if model else {}
        bars = [ClassArea(name, colours.get(name, "#808080"), area) for name, area in run.areas.items()]
        self.found.setText(tr("{}: what was found").format(run.name))
        self.ground.show_ground(run.ground)
        self.chart.show_areas(bars, run.unit)
        self.chart.setVisible(True)
        self._layers = run.layers
        self.show_layers.setEnabled(True)
        self.status.setText("")
        self.asked_for.emit()

    def _show_layers(self) -> None:
        """Zoom to what was found, and tick it in the layer tree."""
        root, canvas = QgsProject.instance().layerTreeRoot(), self._iface.mapCanvas()
        found = [node for node in map(root.findLayer, self._layers) if node is not None]
        if not found:
            self.status.setText(tr("The layers are no longer in the project."))
            return
        extent = QgsRectangle()
        for node in found:
            node.setItemVisibilityCheckedParentRecursive(True)
            extent.combineExtentWith(
                canvas.mapSettings().layerExtentToOutputExtent(node.layer(), node.layer().extent())
            )
        self._iface.setActiveLayer(found[0].layer())
        canvas.setExtent(extent)
        canvas.refresh()

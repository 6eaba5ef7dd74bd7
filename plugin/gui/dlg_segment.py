# SPDX-License-Identifier: GPL-2.0-or-later
"""The dialog for those who do not look in the toolbox: a layer, a model, what will happen, Run, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from qgis.core import QgsMapLayer, QgsProcessingException, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.gui import QgsGui
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QGuiApplication, QIcon
from qgis.PyQt.QtWidgets import QDialog

from ..__about__ import ICON
from ..i18n import tr
from ..rasters import find_file
from .form_segment import SegmentForm
from .planner import Planner
from .request import IncompleteError, Request
from .runs import Run, Runs
from .wdg_area_chart import ClassArea
from .wdg_part import ALL, VISIBLE

if TYPE_CHECKING:
    from qgis.gui import QgisInterface


class SegmentDialog(QDialog):
    """Segments one raster layer.

    Args:
        iface: The windows of QGIS.
        runs: Owner of what is started here.
        layer: Raster layer to begin with.
    """

    left_running = pyqtSignal()  # closed while a run continues

    def __init__(self, iface: QgisInterface, runs: Runs, layer: Optional[QgsMapLayer] = None) -> None:
        super().__init__(iface.mainWindow())
        self._iface = iface
        self._runs = runs
        self._run: Optional[Run] = None
        self._refused = ""  # why nothing can be run; the plan said so
        self.setObjectName("aerialsegSegmentDialog")
        self.setWindowTitle(tr("Segment a raster layer"))
        self.setWindowIcon(QIcon(str(ICON)))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.form = SegmentForm(self, iface.mapCanvas())
        self.planner = Planner(self, self.request, self.form.model.model)
        self._connect()
        if isinstance(layer, QgsRasterLayer):
            self.form.layer.setLayer(layer)
        self._choose_layer()
        QgsGui.enableAutoGeometryRestore(self)

    def _connect(self) -> None:
        form, planner = self.form, self.planner
        form.layer.layerChanged.connect(self._choose_layer)
        form.model.changed.connect(self._choose_model)
        for changed in (
            form.part.changed,
            form.bands.changed,
            form.outputs.changed,
            form.quality.currentIndexChanged,
        ):
            changed.connect(self._change)
        form.environment.ready.connect(self._change)
        form.environment.begun.connect(self._runs.keep)
        planner.begun.connect(form.plan.wait)
        planner.planned.connect(self._show_plan)
        planner.failed.connect(self._show_problem)
        form.run.clicked.connect(self.start)
        form.cancel.clicked.connect(self._cancel)
        form.close.clicked.connect(self.reject)
        form.copy.clicked.connect(self._copy)
        form.show_layers.clicked.connect(self._show_layers)
        form.open_file.clicked.connect(self._open_file)

    # What is chosen

    def set_layer(self, layer: QgsRasterLayer) -> None:
        """Choose a layer, unless a run is in progress."""
        if self._run is None:
            self.form.layer.setLayer(layer)

    def request(self) -> Request:
        """Return what is wanted.

        Raises:
            IncompleteError: Something is missing or makes no sense.
        """
        form = self.form
        layer = form.layer.currentLayer()
        if layer is None:
            raise IncompleteError(tr("The project has no raster layer. Open a file with the button at the top right."))
        if not layer.isValid():
            raise IncompleteError(tr("{} cannot be read. Repair its data source.").format(layer.name()))
        bands = form.bands.bands()
        if 0 in bands:  # which the core would take for the others depends on what the layer says of its bands
            raise IncompleteError(tr("Choose a band for everything that the model wants, or for nothing."))
        areas, target = form.part.areas(), form.outputs.target()
        request = Request(
            layer=layer.id(),
            model=form.model.name(),
            bands=bands,
            nodata=form.bands.nodata(),
            extent=form.part.extent(layer),
            areas=areas.id() if areas else "",
            selected_only=form.part.selected_only(),
            quality=str(form.quality.currentData()),
            **form.outputs.shape(),
            outputs=form.outputs.outputs(),
            target=target,
        )
        if find_file(layer) in request.list_files().values():
            raise IncompleteError(tr("{} is the image itself. Save to another file.").format(target))
        return request

    def _choose_layer(self) -> None:
        layer = self.form.layer.currentLayer()
        if self._run is not None:
            return
        self._show_bands()
        if layer is not None and self.form.part.part() == ALL and layer.dataProvider().xSize() <= 0:
            self.form.part.choose(VISIBLE)  # a map server: all of it is the world
        self._change()

    def _choose_model(self) -> None:
        self._show_bands()
        self._change()

    def _show_bands(self) -> None:
        model = self.form.model.model()
        self.form.bands.show_bands(model.bands if model else (), self.form.layer.currentLayer())

    def _change(self) -> None:
        if self._run is not None:
            return
        self._refused = ""
        self.form.show_plan()
        if self.form.environment.look():
            self.planner.ask()
        else:
            self.planner.stop()
            self._refused = tr("What will happen is shown as soon as the environment is set up.")
            self.form.plan.show_note(self._refused)
            self._update_buttons()

    # The plan

    def _show_plan(self, rows: list) -> None:
        self.form.plan.show_rows(rows, self.planner.ground)
        self._refused = ""
        self._update_buttons()

    def _show_problem(self, text: str, of_environment: bool) -> None:
        if of_environment:
            self.form.environment.look()
        self.form.plan.show_error(text)
        self._refused = text
        self._update_buttons()

    def _update_buttons(self) -> None:
        self.form.show_running(self._run is not None, can_run=not self._refused)

    def _copy(self) -> None:
        try:
            text = self.request().format_command()
        except (IncompleteError, QgsProcessingException) as error:
            self.form.status.setText(str(error))
            return
        QGuiApplication.clipboard().setText(text)
        self.form.status.setText(tr("The command is in the clipboard."))

    def _open_file(self) -> None:
        path = self.form.ask_for_raster()
        if not path:
            return
        layer = self._iface.addRasterLayer(path)
        if layer is not None and layer.isValid():
            self.form.layer.setLayer(layer)

    # The run

    def shows(self, run: Run) -> bool:
        """Return whether this dialog shows how a run goes."""
        return self._run is run

    def start(self) -> None:
        """Run what is chosen."""
        if self._run is not None or not self.form.run.isEnabled():
            return
        self.planner.stop()
        try:
            request = self.request()
        except IncompleteError as error:
            self._show_problem(str(error), False)
            return
        self._run = self._runs.start(request)
        self._run.said.connect(self.form.add_to_log)
        self._run.at.connect(self.form.status.setText)
        self._run.progressed.connect(self.form.show_progress)
        self._run.ended.connect(self._end)
        self.form.show_start(tr("Starting …"))
        self._update_buttons()

    def _cancel(self) -> None:
        if self._run is not None:
            self._run.cancel()
            self.form.cancel.setEnabled(False)
            self.form.status.setText(tr("Stopping …"))

    def _end(self) -> None:
        run, self._run = self._run, None
        self.form.show_end()
        if run.ok:
            self._show_found(run)
        elif run.cancelled:
            self.form.status.setText(tr("Cancelled. Nothing was kept."))
        else:
            self.form.status.setText(tr("It failed; see the reason above."))
            self._show_problem(run.error or tr("It failed; the log says more."), False)
        self._refused = ""
        self._update_buttons()
        layer = self.form.layer.currentLayer()
        if layer is None or layer.id() != run.request.layer:  # which was removed meanwhile
            self._show_bands()
            self.planner.ask()

    def _show_found(self, run: Run) -> None:
        model = self.form.model.models.get(run.request.model)
        colours = {cover.name: cover.colour for cover in model.classes} if model else {}
        bars = [ClassArea(name, colours.get(name, "#808080"), area) for name, area in run.areas.items()]
        self.form.show_found(tr("{}: what was found").format(run.name), bars, run.unit, run.ground)
        self._found = run.layers
        self.form.status.setText(tr("Done. The layers are in the project."))

    def _show_layers(self) -> None:
        """Zoom to what was found, and tick it in the layer tree."""
        root, canvas = QgsProject.instance().layerTreeRoot(), self._iface.mapCanvas()
        found = [node for node in map(root.findLayer, self._found) if node is not None]
        if not found:
            self.form.status.setText(tr("The layers are no longer in the project."))
            return
        for node in found:
            node.setItemVisibilityCheckedParentRecursive(True)
        self._iface.setActiveLayer(found[0].layer())
        extent = QgsRectangle()
        for node in found:
            extent.combineExtentWith(
                canvas.mapSettings().layerExtentToOutputExtent(node.layer(), node.layer().extent())
            )
        canvas.setExtent(extent)
        canvas.refresh()

    def done(self, result: int) -> None:
        """Close the dialog; a run continues, and only its owner knows of it then."""
        self.planner.stop()
        run, self._run = self._run, None
        if run is not None:
            run.said.disconnect(self.form.add_to_log)
            run.at.disconnect(self.form.status.setText)
            run.progressed.disconnect(self.form.show_progress)
            run.ended.disconnect(self._end)
            self.left_running.emit()
        super().done(result)

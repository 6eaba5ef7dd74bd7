# SPDX-License-Identifier: GPL-2.0-or-later
"""The page *Map*: what part of a layer, what will happen, Run, and how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

from qgis.core import QgsProcessingException
from qgis.PyQt.QtGui import QGuiApplication, QHideEvent, QShowEvent

from ..i18n import tr
from ..rasters import find_file, is_gone
from .form_map import MapForm
from .option_keeper import OptionKeeper
from .page import Page
from .planner import Planner
from .preview import Preview
from .request import IncompleteError, Request
from .runs import Run, Runs
from .wdg_header import Header
from .wdg_part import ALL, VISIBLE

if TYPE_CHECKING:
    from qgis.gui import QgisInterface


class MapPage(Page):
    """Segments the layer of the header.

    Args:
        iface: The windows of QGIS.
        runs: Owner of what is started here.
        header: Tells the layer and the model.
    """

    def __init__(self, iface: QgisInterface, runs: Runs, header: Header) -> None:
        super().__init__()
        self._runs = runs
        self._header = header
        self._run: Optional[Run] = None
        self._refused = ""  # why nothing can be run; the plan said so
        self._stale = True  # something has changed that was not planned, as nobody saw the page
        self.form = MapForm(self, iface.mapCanvas())
        self.planner = Planner(self, self.request, header.model)
        self.preview = Preview(self, iface.mapCanvas(), self.request, header.model)
        self._keeper = OptionKeeper(self, self.settings)
        self._connect()
        self._choose_layer()

    def get_title(self) -> str:
        """Return what is on its tab."""
        return tr("Map")

    def stop(self) -> None:
        """Plan nothing any more, and leave a run to its owner."""
        self.planner.stop()
        self.preview.stop()
        self.form.part.stop()
        self._keeper.stop()
        run, self._run = self._run, None
        if run is not None:
            run.said.disconnect(self.form.add_to_log)
            run.at.disconnect(self.form.status.setText)
            run.progressed.disconnect(self.form.show_progress)
            run.ended.disconnect(self._end)

    def _connect(self) -> None:
        form, planner, header = self.form, self.planner, self._header
        header.layer_changed.connect(self._choose_layer)
        header.model_changed.connect(self._choose_model)
        for changed in (header.layer_changed, header.model_changed):
            changed.connect(self.preview.forget)
        header.environment_changed.connect(self._change)
        for changed in (
            form.part.changed,
            form.bands.changed,
            form.outputs.changed,
            form.quality.currentIndexChanged,
        ):
            changed.connect(self._change)
            changed.connect(self._keeper.keep)
        self._keeper.opened.connect(self._choose_layer)
        planner.begun.connect(form.plan.wait)
        planner.planned.connect(self._show_plan)
        planner.failed.connect(self._show_problem)
        form.preview.clicked.connect(self.preview.activate)
        self.preview.toggled.connect(form.preview.setChecked)
        self.preview.toggled.connect(self._show_legend)
        self.preview.said.connect(form.status.setText)
        form.run.clicked.connect(self.start)
        form.cancel.clicked.connect(self._cancel)
        form.copy.clicked.connect(self._copy)

    def showEvent(self, event: QShowEvent) -> None:
        """Plan what has changed while nobody saw the page."""
        super().showEvent(event)
        if self._stale:
            self._change()

    def hideEvent(self, event: QHideEvent) -> None:
        """Plan nothing that nobody sees."""
        super().hideEvent(event)
        self._stale = self._stale or self.planner.is_busy
        self.planner.stop()
        self.preview.activate(False)

    # What is chosen

    def request(self) -> Request:
        """Return what is wanted.

        Raises:
            IncompleteError: Something is missing or makes no sense.
        """
        form = self.form
        layer = self._header.layer()
        if layer is None:
            raise IncompleteError(tr("The project has no raster layer. Open a file with the button at the top right."))
        if not layer.isValid():
            raise IncompleteError(tr("{} cannot be read. Repair its data source.").format(layer.name()))
        if is_gone(layer):
            raise IncompleteError(tr("The file of {} is no longer there. Repair its data source.").format(layer.name()))
        bands = form.bands.bands()
        if 0 in bands:  # which the core would take for the others depends on what the layer says of its bands
            raise IncompleteError(tr("Choose a band for everything that the model wants, or for nothing."))
        areas, target = form.part.areas(), form.outputs.target()
        request = Request(
            layer=layer.id(),
            model=self._header.models.name(),
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

    def settings(self) -> "Optional[dict[str, Any]]":
        """Return what is chosen, as JSON can hold it and `restore` takes it; None while it makes no sense."""
        form = self.form
        try:
            return {
                "model": self._header.models.name(),
                "bands": list(form.bands.bands()),
                "nodata": form.bands.nodata(),
                "quality": str(form.quality.currentData()),
                **form.outputs.shape(),
                "outputs": sorted(form.outputs.outputs()),
                "part": form.part.settings(),
            }
        except IncompleteError:
            return None

    def restore(self, settings: "dict[str, Any]") -> None:
        """Choose again what was chosen for another run, as `Request.make_settings` tells it; then be seen."""
        self._choose(settings)
        self.asked_for.emit()

    def _choose(self, settings: "dict[str, Any]") -> None:
        """Choose what was chosen before, as far as it is still there."""
        form, models = self.form, self._header.models
        if settings.get("model") in models.models and settings["model"] != models.name():
            models.reload(str(settings["model"]))
        form.quality.setCurrentIndex(max(0, form.quality.findData(settings.get("quality"))))
        form.bands.choose(settings.get("bands", ()), str(settings.get("nodata", "")))
        form.outputs.restore(settings)
        form.part.restore(settings.get("part", {}))

    def _choose_layer(self) -> None:
        layer = self._header.layer()
        if self._run is not None:
            return
        with self._keeper.choosing(layer) as kept:
            self._show_bands()
            if layer is not None and self.form.part.part() == ALL and layer.dataProvider().xSize() <= 0:
                self.form.part.choose(VISIBLE)  # a map server: all of it is the world
            self.form.outputs.suggest(find_file(layer) if layer is not None else None)
            if kept:
                self._choose(kept)
        self._change()

    def _choose_model(self) -> None:
        self._show_bands()
        self._show_legend()
        self._change()
        self._keeper.keep()

    def _show_bands(self) -> None:
        model = self._header.model()
        self.form.outputs.show_classes(model.classes if model else ())
        self.form.bands.show_bands(model.bands if model else (), self._header.layer())

    def _change(self) -> None:
        self._stale = not self.isVisible()
        if self._run is not None or self._stale:
            return
        self._refused = ""
        if self._header.environment.look():
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
            self._header.environment.look()
        self.form.plan.show_error(text)
        self._refused = text
        self._update_buttons()

    def _update_buttons(self) -> None:
        self.form.show_running(self._run is not None, can_run=not self._refused)

    def _show_legend(self) -> None:
        """Say what the colours of a preview mean: its layer is not in the list of layers."""
        model = self._header.model()
        self.form.show_legend(model.classes if model and self.form.preview.isChecked() else ())

    def _copy(self) -> None:
        try:
            text = self.request().format_command()
        except (IncompleteError, QgsProcessingException) as error:
            self.form.status.setText(str(error))
            return
        QGuiApplication.clipboard().setText(text)
        self.form.status.setText(tr("The command is in the clipboard."))

    # The run

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
            self.form.status.setText(tr("Done. The layers are in the project."))
        elif run.cancelled:
            self.form.status.setText(tr("Cancelled. Nothing was kept."))
        else:
            self.form.status.setText(tr("It failed; see the reason above."))
            self._show_problem(run.error or tr("It failed; the log says more."), False)
            self.asked_for.emit()
        self._refused = ""
        self._update_buttons()
        layer = self._header.layer()
        if run.ok or layer is None or layer.id() != run.request.layer:  # which was removed meanwhile, or is another
            self._choose_layer()

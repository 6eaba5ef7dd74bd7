# SPDX-License-Identifier: GPL-2.0-or-later
"""The page *Areas*: draw points in a map, label them by key, and see how many hectares of each class there are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from qgis.core import QgsMapLayer, QgsProcessingUtils, QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import QStandardPaths, Qt, QTimer
from qgis.PyQt.QtGui import QHideEvent, QShowEvent
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QGroupBox,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from .. import defaults
from ..compat import get_layer_filter
from ..i18n import tr
from ..rasters import find_file
from ..results import is_map, is_result, name_categories
from ..sampling.blind import hide_all_but, show_hidden
from ..sampling.hectares import read_figures
from ..sampling.sample import Sample, SampleError, choose_sample_path, find_sample_file
from ..wording import name_class
from .algorithm_run import AlgorithmRun
from .page import Page
from .runs import Runs
from .wdg_header import Header
from .wdg_hectares import HectaresTable
from .wdg_labelling import LabellingPad
from .widgets import ErrorLabel, ProgressBar, make_wrapped_label

if TYPE_CHECKING:
    from qgis.gui import QgisInterface


class AreasPage(Page):
    """From a map to areas with intervals.

    Args:
        iface: The windows of QGIS.
        runs: Owner of what is started here.
        header: Tells the image.
    """

    def __init__(self, iface: QgisInterface, runs: Runs, header: Header) -> None:
        super().__init__()
        self._runs, self._header = runs, header
        self._run: Optional[AlgorithmRun] = None
        self._fresh: set[str] = set()  # layers that have just come, by id
        self.sample: Optional[Sample] = None
        """The chosen points; None for none that can be labelled."""
        self.map, self.points, self.image = (QgsMapLayerComboBox() for _ in range(3))
        self.map.setFilters(get_layer_filter("RasterLayer"))
        self.points.setFilters(get_layer_filter("PointLayer"))
        self.image.setFilters(get_layer_filter("RasterLayer"))
        self.count, self.method = QSpinBox(), QComboBox()
        self.each, self.side = QSpinBox(), QSpinBox()
        self.draw, self.label = QPushButton(tr("Draw a sample")), QPushButton(tr("Label the points"))
        self.progress, self.strata = ProgressBar(), make_wrapped_label("")
        self.drawn, self.undrawn = make_wrapped_label(""), ErrorLabel()
        self.problem, self.refused = ErrorLabel(), ErrorLabel()
        self.incomplete = QCheckBox()
        self.estimate, self.cancel = QPushButton(tr("Estimate areas")), QPushButton(tr("Cancel"))
        self.busy, self.found = ProgressBar(), HectaresTable()
        self.pad = LabellingPad(iface.mapCanvas())
        self._offer_choices()
        self._lay_out()
        self._connect()
        show_hidden(QgsProject.instance().layerTreeRoot())
        self._sort_layers()
        self._choose_image(header.layer())
        self._choose_points()
        self._show_cluster()

    def get_title(self) -> str:
        """Return what is on its tab."""
        return tr("Areas")

    def stop(self) -> None:
        """Show what was hidden; a run belongs to its owner."""
        self.pad.end()

    def _offer_choices(self) -> None:
        self.count.setRange(0, 100_000)
        self.count.setSpecialValueText(tr("as many as needed"))
        self.count.setToolTip(
            tr("“As many as needed” are those that tell the overall accuracy with a standard error of {} %.").format(
                round(100 * defaults.STANDARD_ERROR)
            )
        )
        titles = {
            "stratified": tr("Some in each class"),
            "simple": tr("At random from everything"),
            "systematic": tr("On a grid"),
            "cluster": tr("Some near each other"),
        }
        self.each.setRange(2, 1000)
        self.each.setValue(defaults.CLUSTER_POINTS)
        self.side.setRange(1, 100_000)
        self.side.setValue(round(defaults.CLUSTER_SIDE))
        self.side.setSuffix(tr(" m"))
        for method in defaults.SAMPLING_METHODS:
            self.method.addItem(titles[method], method)
        for widget, name in (
            (self.progress, tr("Points with a label")),
            (self.busy, tr("Progress")),
            (self.map, tr("Map of classes")),
            (self.points, tr("Points to label")),
            (self.image, tr("Image")),
            (self.count, tr("Number of points")),
            (self.method, tr("Method")),
            (self.each, tr("Points together")),
            (self.side, tr("In squares of")),
        ):
            widget.setAccessibleName(name)

    def _lay_out(self) -> None:
        self._steps = [
            self._make_box(
                tr("1  Points"),
                (
                    (tr("Map of classes"), self.map),
                    (tr("Points"), self.count),
                    (tr("Drawn"), self.method),
                    (tr("Points together"), self.each),
                    (tr("In squares of"), self.side),
                ),
                (self.draw, self.drawn, self.undrawn),
            ),
            self._make_box(
                tr("2  What is there?"),
                ((tr("Points"), self.points), (tr("Image"), self.image)),
                (self.problem, self.progress, self.strata, self.label),
            ),
            self._make_box(
                tr("3  Hectares"),
                (),
                (self.incomplete, self.estimate, self.busy, self.cancel, self.refused, self.found),
            ),
        ]
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 0, 0)
        for widget in (*self._steps, self.pad):
            rows.addWidget(widget, 1 if widget is self.pad else 0)
        rows.addStretch()
        self.area = area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        for widget in (self.pad, self.busy, self.cancel, self.drawn):
            widget.hide()

    def _make_box(self, title: str, fields: "tuple[tuple[str, QWidget], ...]", below: "tuple[QWidget, ...]") -> QWidget:
        box = QGroupBox(title)
        form = QFormLayout(box)
        form.setContentsMargins(4, 4, 4, 4)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, widget in fields:
            widget.setMinimumWidth(8 * self.fontMetrics().height())  # names of layers may be longer than a dock is wide
            label = QLabel(text)
            label.setBuddy(widget)
            form.addRow(label, widget)
        for widget in below:
            form.addRow(widget)
        return box

    def _show_cluster(self) -> None:
        """Ask how near to each other points are, where they are in clusters."""
        form = self._steps[0].layout()
        for widget in (self.each, self.side):
            for one in (widget, form.labelForField(widget)):
                one.setVisible(self.method.currentData() == "cluster")

    def _connect(self) -> None:
        project = QgsProject.instance()
        project.layersAdded.connect(self._take_layers)
        project.readProject.connect(self._show_again)
        self._header.layer_changed.connect(self._choose_image)
        self.points.layerChanged.connect(self._choose_points)
        self.map.layerChanged.connect(self._show_state)
        self.method.currentIndexChanged.connect(self._show_cluster)
        self.image.layerChanged.connect(self._show_image)
        self.incomplete.toggled.connect(self._show_state)
        self.draw.clicked.connect(self._draw)
        self.label.clicked.connect(self._begin_labelling)
        self.pad.changed.connect(self._show_progress)
        self.pad.stopped.connect(self._end_labelling)
        self.estimate.clicked.connect(self._estimate)
        self.cancel.clicked.connect(self._cancel)

    # Layers

    def _choose_image(self, layer: Optional[QgsMapLayer]) -> None:
        """Take the layer of the header, if it is an image."""
        if isinstance(layer, QgsRasterLayer) and not is_map(layer):
            self.image.setLayer(layer)

    def _take_layers(self, added: "Sequence[QgsMapLayer]") -> None:
        """Sort layers that have come, and again when they have their colours, which a run gives them last.

        Where nobody sees the page, they are sorted when somebody does.
        """
        self._fresh |= {layer.id() for layer in added}
        if self.isVisible():
            self._sort_layers()
            QTimer.singleShot(0, self._settle_layers)

    def _settle_layers(self) -> None:
        self._sort_layers()
        self._fresh = set()

    def showEvent(self, event: QShowEvent) -> None:
        """Sort the layers that have come while nobody saw the page."""
        super().showEvent(event)
        if self._fresh:
            self._settle_layers()

    def _sort_layers(self) -> None:
        """Offer maps as maps and images as images; what shows classes tells who labels what is expected."""
        layers = QgsProject.instance().mapLayers().values()
        rasters = [layer for layer in layers if isinstance(layer, QgsRasterLayer)]
        maps = [layer for layer in rasters if is_map(layer)]
        others = [layer for layer in rasters if layer.isValid() and layer.bandCount() != 1]
        self.map.setExceptedLayerList(others + [layer for layer in rasters if is_result(layer) and layer not in maps])
        self.image.setExceptedLayerList(maps)
        fresh = [layer for layer in maps if layer.id() in self._fresh and is_result(layer)]
        if maps and (fresh or self.map.currentLayer() not in maps):
            self.map.setLayer((fresh or maps)[-1])
        if self.sample is None:
            samples = [layer for layer in layers if find_sample_file(layer) is not None]
            if samples:
                self.points.setLayer(samples[-1])

    def _choose_points(self) -> None:
        """Read the chosen points, or say why they are none."""
        self.pad.end()
        if self.sample is not None:
            self.sample.layer.willBeDeleted.disconnect(self._forget_points)
        self.sample = None
        layer = self.points.currentLayer()
        self.problem.say("")
        if layer is not None and layer.isValid():
            try:
                self.sample = Sample(layer)
                layer.willBeDeleted.connect(self._forget_points)
            except SampleError as error:
                self.problem.say(str(error))
        self.found.hide()
        self.refused.say("")
        self._show_progress()

    def _forget_points(self) -> None:
        """Stop before the layer is gone; what was labelled is in the file."""
        self.pad.end()
        self.sample = None
        self._show_progress()

    # Points are drawn

    def _draw(self) -> None:
        layer = self.map.currentLayer()
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        project = QgsProject.instance().absolutePath()
        folders = tuple(map(Path, filter(None, (project, documents, str(Path.home())))))
        path = choose_sample_path(find_file(layer), folders, Path(QgsProcessingUtils.tempFolder()))
        parameters = {
            "INPUT": layer,
            "POINTS": self.count.value(),
            "METHOD": self.method.currentData(),
            "CLUSTER_POINTS": self.each.value(),
            "CLUSTER_SIDE": self.side.value(),
            "OUTPUT": str(path),
        }
        self._start("samplepoints", parameters).ended.connect(self._take_points)

    def _take_points(self, run: AlgorithmRun) -> None:
        self._run = None
        self.undrawn.say(run.error)
        self.drawn.setVisible(bool(run.ok))
        if run.ok:
            path = Path(run.results["OUTPUT"])
            layer = QgsVectorLayer(f"{path}|layername=points", path.stem, "ogr")
            name_categories(layer, {"0": tr("to label"), "1": tr("labelled"), "2": tr("unsure")})
            QgsProject.instance().addMapLayer(layer, False)
            QgsProject.instance().layerTreeRoot().insertLayer(0, layer)  # or the map would cover them
            self.points.setLayer(layer)
            self.drawn.setText(
                tr("{} points are drawn. They, and what you say of them, are kept in {}.").format(
                    run.results["COUNT"], path
                )
            )
        self._show_state()

    # Points are labelled

    def _begin_labelling(self) -> None:
        if self.sample is None:
            return
        if self.sample.layer.isEditable():
            self.problem.say(
                tr("{} is being edited. Save or discard its edits first.").format(self.sample.layer.name())
            )
            return
        self.problem.say("")
        image = self.image.currentLayer()
        shown = {self.sample.layer.id(), *([image.id()] if image is not None else [])}
        hide_all_but(QgsProject.instance().layerTreeRoot(), shown)
        self.found.hide()
        for box in self._steps:
            box.hide()
        self.progress.setParent(None)
        self.pad.layout().insertWidget(0, self.progress)
        self.progress.show()
        self.pad.show()
        self.pad.begin(self.sample, image)

    def _end_labelling(self) -> None:
        show_hidden(QgsProject.instance().layerTreeRoot())
        self.pad.hide()
        self._steps[1].layout().insertRow(3, self.progress)
        for box in self._steps:
            box.show()
        self._show_progress()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop labelling where nobody sees it, so that no layer stays hidden; a minimised window comes back."""
        if not event.spontaneous():
            self.pad.end()
        super().hideEvent(event)

    def _show_again(self) -> None:
        """Show what was hidden when a project was saved."""
        if not self.pad.active:
            show_hidden(QgsProject.instance().layerTreeRoot())

    def _show_image(self) -> None:
        if self.pad.active:
            self.pad.show_image(self.image.currentLayer())

    def _show_progress(self) -> None:
        """Say how many points have a label; of the classes of the map only while nobody labels."""
        sample = self.sample
        count, done = (len(sample.points), sample.count_labelled()) if sample else (0, 0)
        unsure = sample.count_unsure() if sample else 0
        self.progress.setVisible(sample is not None)
        self.progress.setRange(0, max(count, 1))
        self.progress.setValue(done)
        labelled = tr("{} of {} labelled").format(done, count)
        self.progress.setFormat(labelled + (tr(", {} not sure").format(unsure) if unsure else ""))
        if not self.pad.active:
            strata = sample.count_strata() if sample else []
            told = ", ".join(f"{name_class(name)} {some}/{drawn}" for name, some, drawn in strata)
            self.strata.setText(tr("By class of the map: ") + told)
            self.strata.setVisible(bool(strata))
        self._show_state()

    # Hectares

    def _estimate(self) -> None:
        sample = self.sample
        missing = len(sample.points) - sample.count_labelled()
        if missing == len(sample.points):
            self.refused.say(tr("No point has a label yet. Label the points first."))
            return
        if missing and not self.incomplete.isChecked():
            self.refused.say(
                tr("A point has no label. Label it, or leave it out as if it were chance which one it is.")
                if missing == 1
                else tr(
                    "{} points have no label. Label them, or leave them out as if it were chance which ones they are."
                ).format(missing)
            )
            self.incomplete.setVisible(True)
            return
        if sample.layer.isModified():
            self.refused.say(tr("{} has edits that are not saved. Save them first.").format(sample.layer.name()))
            return
        folder = sample.path.with_name(f"{sample.path.stem}_areas")
        parameters = {
            "INPUT": self.map.currentLayer(),
            "POINTS": sample.layer,
            "INCOMPLETE": self.incomplete.isChecked(),
            "OUTPUT": str(folder),
        }
        self._start("estimateareas", parameters).ended.connect(self._take_areas)

    def _take_areas(self, run: AlgorithmRun) -> None:
        self._run = None
        self.refused.say(run.error)
        if run.ok:
            folder = Path(run.results["OUTPUT"])
            try:
                self.found.show_figures(read_figures(folder), folder)
                QTimer.singleShot(0, self._show_found)
            except (OSError, ValueError) as error:
                self.refused.say(tr("The report in {} cannot be read: {}.").format(folder, error))
        self._show_state()

    def _show_found(self) -> None:
        """Scroll to the hectares, once they have their place."""
        self.area.ensureWidgetVisible(self.found)

    # Runs

    def _start(self, name: str, parameters: "dict[str, object]") -> AlgorithmRun:
        self._run = AlgorithmRun(name, parameters)
        self._run.progressed.connect(self._advance)
        self.found.hide()
        self.refused.say("")
        self.busy.setRange(0, 0)
        self._show_state()
        self._runs.keep(self._run)
        return self._run

    def _advance(self, percent: float) -> None:
        self.busy.setRange(0, 100)
        self.busy.setValue(round(percent))

    def _cancel(self) -> None:
        if self._run is not None:
            self._run.cancel()

    def _show_state(self) -> None:
        """Offer what can be done now."""
        running, there = self._run is not None, self.sample is not None
        missing = len(self.sample.points) - self.sample.count_labelled() if there else 0
        self.draw.setEnabled(not running and self.map.currentLayer() is not None)
        self.label.setEnabled(there and not running)
        self.estimate.setEnabled(there and not running and self.map.currentLayer() is not None)
        many = tr("Leave out the {} points without a label").format(missing)
        self.incomplete.setText(tr("Leave out the point without a label") if missing == 1 else many)
        self.incomplete.setVisible(missing > 0 and (self.incomplete.isChecked() or not self.incomplete.isHidden()))
        self.busy.setVisible(running)
        self.cancel.setVisible(running)

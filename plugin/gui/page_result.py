# SPDX-License-Identifier: GPL-2.0-or-later
"""The page *Result*: how much of each class a run found, how its layers look, and the runs before it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Optional

from qgis.core import QgsFeature, QgsMapLayer, QgsProject, QgsRectangle, QgsVectorLayer
from qgis.PyQt.QtCore import QDateTime, Qt, pyqtSignal
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from ..colours import find_conventional, has_conventional, set_conventional
from ..ground import read_ground
from ..history import RunRecord, list_runs
from ..i18n import format_time, tr
from ..results import show_alone
from .page import Page
from .runs import OPACITY, Run, Runs
from .wdg_area_chart import AreaChart, ClassArea
from .wdg_header import Header
from .widgets import GroundLabel, ScrollArea, make_wrapped_label

if TYPE_CHECKING:
    from qgis.gui import QgisInterface


class ResultPage(Page):
    """Shows what runs over the layer of the header found, the last one first.

    Args:
        iface: The windows of QGIS.
        runs: Tells when a run has ended.
        header: Tells the layer, and the colours of the classes.
    """

    restored = pyqtSignal(dict)  # settings of a run that are wanted again

    def __init__(self, iface: QgisInterface, runs: Runs, header: Header) -> None:
        super().__init__()
        self._iface, self._header = iface, header
        self._records: list[RunRecord] = []
        self.history, self.compared = QComboBox(), QComboBox()
        self.history.setAccessibleName(tr("Done on"))
        self.compared.setAccessibleName(tr("Compare with"))
        self.restore = QPushButton(tr("Restore these settings"))
        self.restore.setToolTip(tr("Choose on the page Map what was chosen for this run."))
        self.found = make_wrapped_label("")
        self.ground = GroundLabel()
        self.chart = AreaChart()
        self.copy = QPushButton(tr("Copy"))
        self.copy.setToolTip(tr("Put the table into the clipboard, for a spreadsheet."))
        self.save = QPushButton(tr("CSV…"))
        self.save.setToolTip(tr("Save the table as a file."))
        self.as_layer = QPushButton(tr("As a layer"))
        self.as_layer.setToolTip(tr("Put the table into the project."))
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setAccessibleName(tr("Opacity"))
        self.conventional = QCheckBox(tr("Conventional colours"))
        self.conventional.setToolTip(tr("Water blue, vegetation green. The numbers of the classes stay as they are."))
        self.show_layers = QPushButton(tr("Show layers"))
        self.show_layers.setToolTip(tr("Zoom to what was found, and tick it in the layer tree instead of other runs."))
        self.status = make_wrapped_label("")
        self._lay_out()
        self._connect(runs)
        self._list_runs()

    def get_title(self) -> str:
        """Return what is on its tab."""
        return tr("Result")

    def _lay_out(self) -> None:
        body, self.details = QWidget(), QWidget()
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("Done on"), self.history)
        form.addRow(tr("Compare with"), self.compared)
        looks = QFormLayout()
        looks.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        looks.addRow(tr("Opacity"), self.opacity)
        buttons = QHBoxLayout()
        for button in (self.copy, self.save, self.as_layer):
            buttons.addWidget(button)
        buttons.addStretch(1)
        inner = QVBoxLayout(self.details)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addLayout(form)
        inner.addWidget(self.ground)
        inner.addWidget(self.chart)
        inner.addLayout(buttons)
        inner.addLayout(looks)
        inner.addWidget(self.conventional)
        for button in (self.show_layers, self.restore):
            inner.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        rows = QVBoxLayout(body)
        for widget in (self.found, self.details, self.status):
            rows.addWidget(widget)
        rows.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(ScrollArea(body))

    def _connect(self, runs: Runs) -> None:
        runs.ended.connect(self._take_run)
        self._header.layer_changed.connect(self._list_runs)
        for box in (self.history, self.compared):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.currentIndexChanged.connect(self._show_record)
        self.restore.clicked.connect(self._restore)
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(self._save)
        self.as_layer.clicked.connect(self._add_table)
        self.opacity.valueChanged.connect(self._set_opacity)
        self.conventional.toggled.connect(self._set_colours)
        self.show_layers.clicked.connect(self._show_layers)

    # Which run

    def record(self) -> Optional[RunRecord]:
        """Return the run that is shown; None before the first one."""
        return self.history.currentData()

    def _take_run(self, run: Run) -> None:
        layer = self._header.layer()
        if run.ok and layer is not None and layer.id() == run.request.layer:
            self._list_runs()
            self.asked_for.emit()

    def _list_runs(self) -> None:
        layer = self._header.layer()
        self._records = list_runs(QgsProject.instance(), layer.id()) if layer else []
        for box in (self.history, self.compared):
            box.blockSignals(True)
            box.clear()
        self.compared.addItem(tr("no other run"), None)
        for record in self._records:
            text = _name_run(record)
            self.history.addItem(text, record)
            self.compared.addItem(text, record)
        for box in (self.history, self.compared):
            box.blockSignals(False)
        self._show_record()

    def _show_record(self) -> None:
        record = self.record()
        self.status.setText("")
        self.details.setVisible(record is not None)
        if record is None:
            self.found.setText(tr("Nothing yet: run a model on the page Map."))
            return
        self.found.setText(tr("{}: what was found").format(record.name))
        self.ground.show_ground(read_ground(record.ground))
        layers = self._find_layers()
        for widget in (self.opacity, self.conventional):
            widget.blockSignals(True)
        self.opacity.setValue(round(100 * (layers[0].opacity() if layers else OPACITY)))
        self.conventional.setChecked(any(map(has_conventional, layers)))
        for widget in (self.opacity, self.conventional):
            widget.blockSignals(False)
        self._show_areas(record)

    def _show_areas(self, record: RunRecord) -> None:
        model = self._header.models.models.get(str(record.settings.get("model")))
        colours = {cover.name: cover.colour for cover in model.classes} if model else {}
        other: Optional[RunRecord] = self.compared.currentData()
        if self.conventional.isChecked():
            colours = {name: find_conventional(name, colour) for name, colour in colours.items()}
        bars = [
            ClassArea(
                name,
                colours.get(name, "#808080"),
                area,
                record.confidence.get(name),
                other.areas.get(name, 0.0) if other else None,
            )
            for name, area in record.areas.items()
        ]
        self.chart.show_areas(bars, record.unit)

    def _restore(self) -> None:
        self.restored.emit(self.record().settings)

    # The table

    def _list_rows(self) -> "list[tuple[str, float, Optional[float]]]":
        """Return name, area and mean confidence of each class, the largest first."""
        record = self.record()
        ordered = sorted(record.areas.items(), key=lambda item: -item[1])
        return [(name, area, record.confidence.get(name)) for name, area in ordered]

    def _format_table(self, delimiter: str) -> str:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
        writer.writerow(("class", f"area ({self.record().unit})", "confidence (%)"))
        for name, area, sure in self._list_rows():
            writer.writerow((name, f"{area:.1f}", "" if sure is None else f"{sure:.1f}"))
        return text.getvalue()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._format_table("\t"))
        self.status.setText(tr("The table is in the clipboard."))

    def _save(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, tr("Save the table"), "areas.csv", tr("Tables (*.csv)"))
        if not path:
            return
        try:
            with open(path, "w", encoding="utf-8", newline="") as stream:
                stream.write(self._format_table(","))
        except OSError as error:
            self.status.setText(
                tr("{} cannot be written: {}. Choose another folder.").format(path, error.strerror or error)
            )
            return
        self.status.setText(tr("The table is in {}.").format(path))

    def _add_table(self) -> None:
        record = self.record()
        fields = "field=class:string&field=area:double&field=unit:string&field=confidence:double"
        layer = QgsVectorLayer(f"None?{fields}", tr("{} – areas").format(record.name), "memory")
        features = []
        for name, area, sure in self._list_rows():
            feature = QgsFeature(layer.fields())
            feature.setAttributes([name, area, record.unit, sure])
            features.append(feature)
        layer.dataProvider().addFeatures(features)
        QgsProject.instance().addMapLayer(layer)
        self.status.setText(tr("The table is in the project."))

    # How its layers look

    def _find_layers(self) -> "list[QgsMapLayer]":
        """Return its layers that are still in the project, the topmost first."""
        record = self.record()
        found = map(QgsProject.instance().mapLayer, record.layers if record else ())
        return [layer for layer in found if layer is not None]

    def _set_opacity(self, percent: int) -> None:
        for layer in self._find_layers():
            layer.setOpacity(percent / 100)
            layer.triggerRepaint()

    def _set_colours(self, conventional: bool) -> None:
        for layer in self._find_layers():
            set_conventional(layer, conventional)
        self._show_areas(self.record())

    def _show_layers(self) -> None:
        """Zoom to what was found, and tick the topmost layer in the layer tree, and none of another run there."""
        root, canvas = QgsProject.instance().layerTreeRoot(), self._iface.mapCanvas()
        found = self._find_layers()
        if not found:
            self.status.setText(tr("The layers are no longer in the project."))
            return
        extent = QgsRectangle()
        for layer in found:
            extent.combineExtentWith(canvas.mapSettings().layerExtentToOutputExtent(layer, layer.extent()))
        node = root.findLayer(found[0].id())
        if node is not None:
            node.setItemVisibilityCheckedParentRecursive(True)
            node.setExpanded(True)
        others = (layer for record in self._records if record != self.record() for layer in record.layers)
        show_alone(QgsProject.instance(), [layer.id() for layer in found], others)
        canvas.setExtent(extent)
        canvas.refresh()


def _name_run(record: RunRecord) -> str:
    """Tell one run of a layer from another."""
    when = QDateTime.fromString(record.time, Qt.DateFormat.ISODate)
    quality = str(record.settings.get("quality", ""))
    named = {"fast": tr("fast"), "balanced": tr("balanced"), "best": tr("best")}.get(quality, quality)
    return f"{format_time(when)} · {record.settings.get('model', '')} · {named}"

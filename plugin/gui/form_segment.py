# SPDX-License-Identifier: GPL-2.0-or-later
"""How the dialog looks: its widgets and where they are. What they do is in `dlg_segment`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from qgis.gui import QgsCollapsibleGroupBox, QgsMapCanvas, QgsMapLayerComboBox
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QFontDatabase
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from .. import defaults
from ..compat import get_layer_filter
from ..ground import Ground
from ..i18n import tr
from .wdg_area_chart import AreaChart, ClassArea
from .wdg_model import BandChooser, ModelChooser
from .wdg_outputs import OutputChooser
from .wdg_part import PartChooser
from .wdg_plan import PlanView
from .wdg_setup import SetUpBar
from .widgets import GroundLabel, make_label

_LETTERS, _LINES = 140, 38  # size of the dialog at first, in letters and lines of its font


class SegmentForm:
    """The widgets of the dialog.

    Args:
        dialog: Gets them.
        canvas: The map.
    """

    def __init__(self, dialog: QDialog, canvas: QgsMapCanvas) -> None:
        self._dialog = dialog
        self.environment = SetUpBar()
        self._make_choices(canvas)
        self._make_pages()
        self._make_bottom()
        body = QSplitter(Qt.Orientation.Horizontal)
        body.addWidget(_ScrollArea(self._choices))
        body.addWidget(self.pages)
        body.setChildrenCollapsible(False)
        body.setStretchFactor(0, 0)
        body.setStretchFactor(1, 1)
        rows = QVBoxLayout(dialog)
        rows.addWidget(self.environment)
        rows.addWidget(body, 1)
        rows.addLayout(self._bottom)
        self._choices.setMinimumWidth(dialog.fontMetrics().averageCharWidth() * 50)
        self.pages.setMinimumWidth(dialog.fontMetrics().averageCharWidth() * 42)  # both tabs are seen
        body.setSizes([dialog.fontMetrics().averageCharWidth() * letters for letters in (62, 78)])
        metrics, room = dialog.fontMetrics(), dialog.screen().availableSize()
        dialog.resize(QSize(metrics.averageCharWidth() * _LETTERS, metrics.height() * _LINES).boundedTo(room * 0.95))
        self._set_tab_order()

    def _make_choices(self, canvas: QgsMapCanvas) -> None:
        self.layer = QgsMapLayerComboBox()
        self.layer.setFilters(get_layer_filter("RasterLayer"))
        self.layer.setAccessibleName(tr("Raster layer"))
        self.open_file = QToolButton(text="…", toolTip=tr("Open the file of an image"))
        self.open_file.setAccessibleName(tr("Open a file"))
        self.model = ModelChooser()
        self.part = PartChooser(canvas)
        self.quality = QComboBox()
        self.quality.setToolTip(tr("How much patches overlap, and whether turned and mirrored ones are averaged."))
        for key, text in (
            ("fast", tr("Fast")),
            ("balanced", tr("Balanced – takes about five times as long")),
            ("best", tr("Best – takes about twenty-five times as long")),
        ):
            self.quality.addItem(text, key)
        self.quality.setCurrentIndex(self.quality.findData(defaults.QUALITY))
        self.quality.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.outputs = OutputChooser()
        self.bands = BandChooser()
        layer = QHBoxLayout()
        layer.addWidget(self.layer, 1)
        layer.addWidget(self.open_file)
        self._choices = QWidget()
        form = QFormLayout(self._choices)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, field, buddy in (
            (tr("&Layer"), layer, self.layer),
            (tr("&Model"), self.model, self.model.box),
            (tr("P&art"), self.part, self.part.box),
            (tr("&Quality"), self.quality, self.quality),
            (tr("Results"), self.outputs, self.outputs.polygons),
            (tr("Sa&ve to"), self.outputs.target_row, self.outputs.file),
        ):
            label = QLabel(text)
            label.setBuddy(buddy)
            form.addRow(label, field)
        self._folded_bands = _fold(tr("No-data value and &bands of the layer"), self.bands)
        form.addRow(self._folded_bands)

    def _make_pages(self) -> None:
        self.plan = PlanView()
        self.chart = AreaChart()
        self.found = make_label("")
        self.ground = GroundLabel()
        self.show_layers = QPushButton(tr("Show la&yers"), autoDefault=False)
        self.show_layers.setToolTip(tr("Zoom to what was found, and tick it in the layer tree."))
        found = QWidget()
        rows = QVBoxLayout(found)
        rows.setSpacing(self._dialog.fontMetrics().height())
        rows.addWidget(self.found)
        rows.addWidget(self.ground)
        rows.addWidget(self.chart)
        rows.addWidget(self.show_layers, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addStretch(1)
        self.pages = QTabWidget()
        self.pages.addTab(_ScrollArea(self.plan), tr("What will happen"))
        self.pages.addTab(_ScrollArea(found), tr("What was found"))
        self.pages.setTabEnabled(1, False)

    def _make_bottom(self) -> None:
        self.status = make_label("")
        self.status.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.status.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(tr("Progress"))
        self.progress.setVisible(False)
        self._log = QPlainTextEdit(readOnly=True)
        self._log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._log.setAccessibleName(tr("Log"))
        self._log.setMinimumHeight(7 * self._dialog.fontMetrics().height())
        self.copy = QPushButton(tr("&Copy as command"), autoDefault=False)
        self.copy.setToolTip(tr("The line for a terminal or a server that does the same."))
        self.run = QPushButton(tr("&Run"), default=True)
        self.cancel = QPushButton(tr("Ca&ncel"), autoDefault=False)
        self.cancel.setToolTip(tr("Stop the run; nothing of it is kept."))
        self.close = QPushButton(tr("Close"), autoDefault=False)
        self.close.setToolTip(tr("A run continues in the background."))
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy)
        buttons.addStretch(1)
        for button in (self.run, self.cancel, self.close):
            buttons.addWidget(button)
        self._bottom = QVBoxLayout()
        for widget in (self.status, self.progress, _fold(tr("Lo&g"), self._log)):
            self._bottom.addWidget(widget)
        self._bottom.addLayout(buttons)

    def _set_tab_order(self) -> None:
        """Lead the tab key from top to bottom, then to the buttons, Run first."""
        outputs = self.outputs
        chain = [self.environment.button, self.environment.cancel, self.layer, self.open_file]
        chain += [self.model.box, self.model.add, self.part.box, self.part.layers, self.part.selected, self.quality]
        chain += [outputs.polygons, outputs.min_area, outputs.simplify, outputs.smooth, outputs.square]
        chain += [outputs.confidence, outputs.unlike, outputs.file.lineEdit()]
        chain += [*outputs.file.findChildren(QToolButton), *self._folded_bands.findChildren(QToolButton)]
        chain += [self.bands.nodata_edit]
        chain += [self.pages, self.show_layers, self.run, self.cancel, self.close, self.copy]
        for i in range(1, len(chain)):
            QWidget.setTabOrder(chain[i - 1], chain[i])
        self.layer.setFocus()

    def ask_for_raster(self) -> str:
        """Ask for the file of an image; "" if none is chosen."""
        path, _ = QFileDialog.getOpenFileName(
            self._dialog, tr("Open an image"), "", tr("Images (*.tif *.tiff *.vrt *.jp2 *.jpg *.png);;All files (*)")
        )
        return str(path)

    def show_plan(self) -> None:
        """Turn to what will happen."""
        self.pages.setCurrentIndex(0)

    def show_found(self, title: str, bars: Sequence[ClassArea], unit: str, ground: Optional[Ground] = None) -> None:
        """Turn to what was found."""
        self.found.setText(title)
        self.ground.show_ground(ground)
        self.chart.show_areas(bars, unit)
        self.pages.setTabEnabled(1, True)
        self.pages.setCurrentIndex(1)

    def show_running(self, running: bool, *, can_run: bool) -> None:
        """Enable what makes sense now."""
        self._choices.setEnabled(not running)
        self.run.setEnabled(can_run and not running)
        self.cancel.setEnabled(running)

    def show_start(self, text: str) -> None:
        """Show that a run begins."""
        self.show_plan()
        self._log.clear()
        self.status.setText(text)
        self.progress.setRange(0, 0)  # busy, until it is known how much there is
        self.progress.setVisible(True)

    def show_progress(self, percent: float) -> None:
        """Show how far a run is."""
        if percent > 0:
            self.progress.setRange(0, 100)
            self.progress.setValue(round(percent))

    def show_end(self) -> None:
        """Show that a run has ended."""
        self.progress.setVisible(False)

    def add_to_log(self, kind: str, text: str) -> None:
        """Add a line to the log."""
        prefix = {"warning": tr("Warning: "), "error": tr("Error: ")}.get(kind, "")
        self._log.appendPlainText(prefix + text)


class _ScrollArea(QScrollArea):
    """Scrolls up and down only: it is never narrower than what it holds.

    Args:
        widget: What it holds.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.setWidget(widget)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def minimumSizeHint(self) -> QSize:
        """As wide as what it holds, and a few lines high."""
        narrowest = max(self.widget().minimumSizeHint().width(), self.widget().minimumWidth())
        width = narrowest + self.verticalScrollBar().sizeHint().width()
        return QSize(width, 12 * self.fontMetrics().height())


def _fold(title: str, widget: QWidget) -> QgsCollapsibleGroupBox:
    box = QgsCollapsibleGroupBox(title)
    box.setSaveCollapsedState(False)
    box.setCollapsed(True)
    rows = QVBoxLayout(box)
    rows.addWidget(widget)
    for button in box.findChildren(QToolButton):
        button.setAccessibleName(title.replace("&", ""))
    return box

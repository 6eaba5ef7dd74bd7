# SPDX-License-Identifier: GPL-2.0-or-later
"""How the page *Map* looks: its widgets and where they are. What they do is in `page_map`."""

from __future__ import annotations

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtGui import QFontDatabase
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from .. import defaults
from ..i18n import tr
from ..models import LandCover
from .wdg_legend import LegendWidget
from .wdg_model import BandChooser
from .wdg_outputs import OutputChooser
from .wdg_part import PartChooser
from .wdg_plan import PlanView
from .widgets import ProgressBar, ScrollArea, StatusLabel, make_fold


class MapForm:
    """The widgets of the page.

    Args:
        page: Gets them.
        canvas: The map.
    """

    def __init__(self, page: QWidget, canvas: QgsMapCanvas) -> None:
        self._page = page
        self._make_choices(canvas)
        self.plan = PlanView()
        self._make_bottom()
        body = QWidget()
        above = QVBoxLayout(body)
        above.addWidget(self._choices)
        above.addWidget(self.plan)
        above.addStretch(1)
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(ScrollArea(body), 1)
        rows.addLayout(self._bottom)
        self._set_tab_order()

    def _make_choices(self, canvas: QgsMapCanvas) -> None:
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
        self._choices = QWidget()
        form = QFormLayout(self._choices)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, field, buddy in (
            (tr("Part"), self.part, self.part.box),
            (tr("Quality"), self.quality, self.quality),
            (tr("Results"), self.outputs, self.outputs.polygons),
            (tr("Save to"), self.outputs.target_row, self.outputs.file),
        ):
            label = QLabel(text)
            label.setBuddy(buddy)
            form.addRow(label, field)
        self._folded_bands = make_fold(tr("No-data value and bands of the layer"), self.bands)
        form.addRow(self._folded_bands)

    def _make_bottom(self) -> None:
        self.status = StatusLabel()
        self.legend = LegendWidget()
        self.legend.setVisible(False)
        self.progress = ProgressBar()
        self.progress.setAccessibleName(tr("Progress"))
        self.progress.setVisible(False)
        self._log = QPlainTextEdit(readOnly=True)
        self._log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._log.setAccessibleName(tr("Log"))
        self._log.setMinimumHeight(7 * self._page.fontMetrics().height())
        self.preview = QPushButton(tr("Preview here"), checkable=True)
        self.preview.setToolTip(tr("Then click on the map: what the model finds there is laid over it."))
        self.copy = QPushButton(tr("Copy as command"))
        self.copy.setToolTip(tr("The line for a terminal or a server that does the same."))
        self.run = QPushButton(tr("Run"))
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.setToolTip(tr("Stop the run; nothing of it is kept."))
        looks, buttons = QHBoxLayout(), QHBoxLayout()
        buttons.addStretch(1)
        for row, button in ((looks, self.preview), (looks, self.copy), (buttons, self.run), (buttons, self.cancel)):
            row.addWidget(button)
        looks.addStretch(1)
        self._bottom = QVBoxLayout()
        for widget in (self.plan.error, self.plan.busy, self.plan.ground):  # seen however far one has scrolled
            self._bottom.addWidget(widget)
        self._folded_log = make_fold(tr("Log"), self._log)
        self._folded_log.setVisible(False)
        for widget in (self.status, self.legend, self.progress, self._folded_log):
            self._bottom.addWidget(widget)
        self._bottom.addLayout(looks)
        self._bottom.addLayout(buttons)

    def _set_tab_order(self) -> None:
        """Lead the tab key from top to bottom, then to the buttons, Run first."""
        outputs = self.outputs
        chain = [self.part.box, self.part.layers, self.part.selected, self.part.draw, self.quality]
        chain += [
            outputs.polygons,
            outputs.preset,
            *outputs.folded_classes.findChildren(QToolButton),
            *outputs.folded_square.findChildren(QToolButton),
            *outputs.numbers.findChildren(QToolButton),
            outputs.min_area,
            outputs.simplify,
            outputs.smooth,
        ]
        chain += [outputs.confidence, outputs.unlike, outputs.file.lineEdit()]
        chain += [*outputs.file.findChildren(QToolButton), *self._folded_bands.findChildren(QToolButton)]
        chain += [self.bands.nodata_edit, self.preview, self.run, self.cancel, self.copy]
        for i in range(1, len(chain)):
            QWidget.setTabOrder(chain[i - 1], chain[i])

    def show_running(self, running: bool, *, can_run: bool) -> None:
        """Enable what makes sense now."""
        self._choices.setEnabled(not running)
        self.preview.setEnabled(not running)
        self.run.setEnabled(can_run and not running)
        self.cancel.setEnabled(running)

    def show_legend(self, classes: "tuple[LandCover, ...]") -> None:
        """Show what the colours on the map mean; with () nothing."""
        self.legend.show_classes(classes)
        self.legend.setVisible(bool(classes))

    def show_start(self, text: str) -> None:
        """Show that a run begins."""
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
        self._folded_log.setVisible(True)
        prefix = {"warning": tr("Warning: "), "error": tr("Error: ")}.get(kind, "")
        self._log.appendPlainText(prefix + text)

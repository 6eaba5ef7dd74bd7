# SPDX-License-Identifier: GPL-2.0-or-later
"""How many hectares of each class there are, with intervals, as a table."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Optional

from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QColor, QDesktopServices, QGuiApplication, QPixmap
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..i18n import format_number, tr
from ..sampling.hectares import PAGE, TABLE, AreaFigures, Interval
from ..wording import name_class
from .wdg_area_chart import format_area
from .widgets import make_wrapped_label


class HectaresTable(QWidget):
    """Areas and accuracies of the classes; not there as long as nothing was estimated."""

    def __init__(self) -> None:
        super().__init__()
        self._figures: Optional[AreaFigures] = None
        self._folder = Path()
        self.summary, self.notes, self.status = (make_wrapped_label("") for _ in range(3))
        self.table = QTableWidget(0, 4)
        self.table.setAccessibleName(tr("Areas with confidence intervals"))
        small = self.table.font()  # or the last column is beyond the edge of a dock
        small.setPointSizeF(0.9 * self.table.fontInfo().pointSizeF())
        self.table.setFont(small)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        self.table.findChild(QAbstractButton).setAccessibleName(tr("All classes"))  # in the corner
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.copy = QPushButton(tr("Copy"))
        self.save = QPushButton(tr("Save as CSV…"))
        self.open = QPushButton(tr("Open report"))
        buttons = QHBoxLayout()
        for button in (self.copy, self.save, self.open):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        for widget in (self.summary, self.table, self.notes):
            rows.addWidget(widget)
        rows.addLayout(buttons)
        rows.addWidget(self.status)
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(self._save)
        self.open.clicked.connect(self._open)
        self.hide()

    def show_figures(self, figures: AreaFigures, folder: Path) -> None:
        """Show them.

        Args:
            figures: What was estimated.
            folder: Of the report.
        """
        self._figures, self._folder = figures, folder
        unit = figures.unit
        self.summary.setText(
            tr("{} of the area have the right class in the map, with 95 % confidence.").format(
                _format_share(figures.overall)
            )
        )
        heads = (
            (tr("Class"), ""),
            (tr("{} ± 95 %").format(unit), tr("Area on the ground. The map alone has the area in brackets.")),
            (tr("User’s\naccuracy"), tr("Share of what the map calls so that is so.")),
            (tr("Producer’s\naccuracy"), tr("Share of what is so that the map calls so.")),
        )
        for column, (text, about) in enumerate(heads):
            item = QTableWidgetItem(text)
            item.setToolTip(about)
            self.table.setHorizontalHeaderItem(column, item)
        self.table.setRowCount(len(figures.classes))
        for row, one in enumerate(figures.classes):
            name = QTableWidgetItem(name_class(one.name))
            swatch = QPixmap(self.fontMetrics().height(), self.fontMetrics().height())
            swatch.fill(QColor(one.colour))
            name.setData(Qt.ItemDataRole.DecorationRole, swatch)
            estimated = "–" if one.area.value is None else format_area(one.area.value)
            margin = "" if one.area.margin is None else f" ± {format_area(one.area.margin)}"
            area = f"{estimated}{margin} ({format_area(one.mapped)})"
            texts = (area, _format_share(one.users), _format_share(one.producers))
            self.table.setItem(row, 0, name)
            for column, text in enumerate(texts, start=1):
                item = QTableWidgetItem(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, column, item)
        self.table.resizeRowsToContents()
        height = sum(self.table.rowHeight(row) for row in range(self.table.rowCount()))
        self.table.setFixedHeight(height + 2 * self.table.horizontalHeader().sizeHint().height())
        self.notes.setText("\n".join(figures.notes))
        self.notes.setVisible(bool(figures.notes))
        self.status.setText(tr("The report is in {}.").format(folder))
        self.show()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._figures.format_table())
        self.status.setText(tr("The table is in the clipboard."))

    def _save(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, tr("Save as CSV"), str(self._folder / TABLE), "CSV (*.csv)")
        if not path:
            return
        try:
            if Path(path) != self._folder / TABLE:
                shutil.copyfile(self._folder / TABLE, path)
        except OSError as error:
            self.status.setText(tr("{} cannot be written: {}.").format(path, error.strerror or error))
            return
        self.status.setText(tr("Saved as {}.").format(path))

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder / PAGE)))


def _format_share(interval: Interval) -> str:
    """Return an accuracy in percent with its margin; without one where all points say the same, as they tell none."""
    if interval.value is None:
        return "–"
    value, margin = (format_number(100 * part, ".0f") for part in (interval.value, interval.margin))
    return f"{value} ± {margin} %" if interval.margin else f"{value} %"

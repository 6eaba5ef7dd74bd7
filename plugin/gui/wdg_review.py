# SPDX-License-Identifier: GPL-2.0-or-later
"""Which review: one that is there, or a new one of the image, for which it is segmented first if need be."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsDistanceArea, QgsGeometry, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from .. import defaults
from ..i18n import tr
from ..rasters import find_file
from ..results import add_map
from .algorithm_run import AlgorithmRun
from .request import make_safe_name
from .runs import Runs
from .wdg_run_progress import RunProgress
from .widgets import ErrorLabel, make_wrapped_label

SEGMENT, SUGGEST = "segmentraster", "suggestsquares"

_APART = 8  # times the area of a square there should be for each


class ReviewChooser(QWidget):
    """Opens reviews and makes new ones.

    Args:
        runs: Ends what runs here when QGIS goes.
    """

    chosen = pyqtSignal(str)  # file of the review

    def __init__(self, runs: Runs) -> None:
        super().__init__()
        self._runs = runs
        self._layer: Optional[QgsRasterLayer] = None
        self._model = ""
        self._target, self._name = Path(), ""
        self.told = make_wrapped_label("")
        self.count, self.side = QSpinBox(), QDoubleSpinBox()
        self.count.setRange(1, 1000)
        self.count.setValue(defaults.SQUARES)
        self.side.setRange(1, 10_000)
        self.side.setDecimals(0)
        self.side.setValue(defaults.SQUARE_SIDE)
        self.side.setSuffix(" m")
        self.find, self.open = QPushButton(tr("Find squares…")), QPushButton(tr("Open review…"))
        self.find.setToolTip(
            tr("Choose squares of the map of this image that are worth looking at; a map is made if there is none.")
        )
        self.progress, self.error = RunProgress(), ErrorLabel()
        form = QFormLayout()
        form.addRow(tr("Squares"), self.count)
        form.addRow(tr("Side"), self.side)
        buttons = QHBoxLayout()
        buttons.addWidget(self.find)
        buttons.addWidget(self.open)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.told)
        rows.addLayout(form)
        rows.addLayout(buttons)
        rows.addWidget(self.progress)
        rows.addWidget(self.error)
        self.find.clicked.connect(self._ask_where)
        self.open.clicked.connect(self._ask_which)
        self.set_layer(None)

    def set_layer(self, layer: Optional[QgsRasterLayer]) -> None:
        """Make new reviews of another image."""
        self._layer = layer
        self.find.setEnabled(layer is not None)
        self.told.setText(
            tr("Squares of {} that the model has most to learn from, to be corrected.").format(layer.name())
            if layer is not None
            else tr("Choose an image, or open a review.")
        )
        if layer is not None and layer.crs().isValid():
            self.side.setValue(suggest_side(layer, self.count.value()))

    def set_model(self, name: str) -> None:
        """Make maps with another model."""
        self._model = name

    def start(self, target: str) -> None:
        """Make a review in the background, and a map before if there is none with a confidence raster.

        Args:
            target: The GeoPackage to write; the map goes beside it.
        """
        if self._layer is None:
            return
        self._target, self._name = Path(target).with_suffix(".gpkg"), self._layer.name()
        self.error.say("")
        found = find_map(self._layer)
        if found is not None:
            self._suggest(*found)
            return
        stem = self._target.with_suffix("")
        outputs = {
            "OUTPUT": f"{stem}_classes.tif",
            "CONFIDENCE": f"{stem}_classes_confidence.tif",
            "UNLIKE": f"{stem}_classes_unlike.tif",
        }
        given = {"INPUT": self._layer.id(), "MODEL": self._model or defaults.MODEL, **outputs}
        self._follow(SEGMENT, given, tr("Makes the map first.")).ended.connect(self._take_map)

    def _take_map(self, run: AlgorithmRun) -> None:
        if self._succeeded(run):
            add_map(
                QgsProject.instance(), str(run.results["OUTPUT"]), tr("{} – classes").format(self._name), self._name
            )
            self._suggest(*(str(run.results[name]) for name in ("OUTPUT", "CONFIDENCE", "UNLIKE")))

    def _suggest(self, classes: str, confidence: str, unlike: str) -> None:
        given = {
            "INPUT": classes,
            "CONFIDENCE": confidence,
            "UNLIKE": unlike or None,
            "COUNT": self.count.value(),
            "SIDE": self.side.value(),
            "OUTPUT": str(self._target),
        }
        self._follow(SUGGEST, given, tr("Chooses squares.")).ended.connect(self._take_review)

    def _take_review(self, run: AlgorithmRun) -> None:
        if self._succeeded(run):
            self.chosen.emit(str(run.results["OUTPUT"]))

    def _follow(self, name: str, given: "dict[str, Any]", title: str) -> AlgorithmRun:
        self.find.setEnabled(False)
        run = AlgorithmRun(name, given)
        self._runs.keep(run)
        self.progress.follow(run, title)
        return run

    def _succeeded(self, run: AlgorithmRun) -> bool:
        self.find.setEnabled(True)
        self.error.say(run.error)
        return bool(run.ok)

    def _ask_where(self) -> None:
        image = find_file(self._layer)
        folder = Path(image).parent if image and Path(image).is_file() else Path.home()
        proposed = folder / f"{make_safe_name(self._layer.name())}_review.gpkg"
        path, _ = QFileDialog.getSaveFileName(self, tr("New review"), str(proposed), "GeoPackage (*.gpkg)")
        if path:
            self.start(path)

    def _ask_which(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Open a review"), "", "GeoPackage (*.gpkg)")
        if path:
            self.chosen.emit(path)


def suggest_side(layer: QgsRasterLayer, count: int) -> float:
    """Return a side for which there is place for so many squares in a layer, in metres."""
    measure = QgsDistanceArea()
    measure.setSourceCrs(layer.crs(), QgsProject.instance().transformContext())
    measure.setEllipsoid(layer.crs().ellipsoidAcronym() or "WGS84")
    area = measure.measureArea(QgsGeometry.fromRect(layer.extent()))
    return min(defaults.SQUARE_SIDE, max(1.0, round(math.sqrt(area / (count * _APART)))))


def find_map(image: QgsRasterLayer) -> "Optional[tuple[str, str, str]]":
    """Find the newest map of an image in the project that has a confidence raster beside it.

    Returns:
        Files of the classes, of the confidence, and of the unknown ground, which may be ""; None if there is no map.
    """
    found: dict[float, tuple[str, str, str]] = {}
    for layer in QgsProject.instance().mapLayers().values():
        path = find_file(layer) if isinstance(layer, QgsRasterLayer) else None
        if path is None or layer.dataProvider().bandCount() != 1 or layer.extent() != image.extent():
            continue
        confidence, unlike = (Path(path).with_name(f"{Path(path).stem}_{end}.tif") for end in ("confidence", "unlike"))
        if confidence.is_file():
            made = confidence.stat().st_mtime
            found[made] = (path, str(confidence), str(unlike) if unlike.is_file() else "")
    return found[max(found)] if found else None

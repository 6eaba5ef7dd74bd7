# SPDX-License-Identifier: GPL-2.0-or-later
"""What is made, and where it goes."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import Any, Optional

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from .. import defaults
from ..i18n import tr
from ..models import LandCover
from .request import IncompleteError, name_files_beside
from .wdg_class_checks import ClassChecks, name_for_list
from .widgets import make_fold, make_wrapped_label


class OutputChooser(QWidget):
    """Class polygons, confidence and distance; `target_row` holds where all is saved."""

    changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.polygons = QCheckBox(tr("Class polygons"), checked=True)
        self.preset = QComboBox()
        self.preset.setAccessibleName(tr("Shape of the polygons"))
        self.preset.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for text, shape in (
            (tr("As classified"), (0.0, 0.0, 0, False)),
            (tr("Map – small areas merged, edges smoothed"), (25.0, 1.0, 2, False)),
            (tr("Buildings – right angles"), (10.0, 1.0, 0, True)),
            (tr("Own numbers"), None),
        ):
            self.preset.addItem(text, shape)
        self._buildings = ""  # classes of the model that get right angles with the preset
        self.min_area = _make_number_box(defaults.MIN_AREA, tr(" m²"), tr("Smallest polygon"), 1e9)
        self.min_area.setSpecialValueText(tr("any size"))
        self.min_area.setSingleStep(5)
        self.simplify = _make_number_box(defaults.SIMPLIFY, tr(" m"), tr("Straighten edges by"), 1e4)
        self.simplify.setSpecialValueText(tr("not at all"))
        self.simplify.setSingleStep(0.5)
        self.smooth = QSpinBox(maximum=defaults.SMOOTHEST, value=defaults.SMOOTH, suffix=" ×")
        self.smooth.setAccessibleName(tr("Smooth edges"))
        self.smooth.setSpecialValueText(tr("not at all"))
        self.classes = ClassChecks(tr("Classes to make polygons of"), checked=True)
        self.square = ClassChecks(tr("Classes with right angles"), checked=False)
        self.confidence = QCheckBox(tr("How sure the model is"), checked=True)
        self.unlike = QCheckBox(tr("Where the ground is unknown"))
        self.file = QgsFileWidget()
        self.file.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.file.setFilter(tr("GeoTIFF (*.tif *.tiff)"))
        self.file.setDialogTitle(tr("Save the class raster as"))
        self.file.lineEdit().setPlaceholderText(tr("[temporary layers]"))
        self.file.lineEdit().setAccessibleName(tr("File of the class raster"))
        for button in self.file.findChildren(QToolButton):
            button.setAccessibleName(tr("Choose a file"))
        self._image: Optional[str] = None
        self._suggested = ""
        self._note = make_wrapped_label("")
        self._explain()
        self._lay_out()
        self._connect()

    def _explain(self) -> None:
        self.min_area.setToolTip(
            tr("Smaller regions are given to the neighbour with which they share the longest edge.")
        )
        self.simplify.setToolTip(
            tr("How much the steps of the pixels are straightened; there are no gaps and no overlaps.")
        )
        self.smooth.setToolTip(
            tr(
                "How often the corners of the edges are cut; neighbours keep their shared edge. 0: not at all. "
                "Example: 2"
            )
        )
        self.classes.setToolTip(tr("Of the others no polygons are made; those of these are the same either way."))
        self.square.setToolTip(tr("Their outlines get right angles where there is room for them."))
        self.confidence.setToolTip(tr("A second raster that says for each pixel how sure the model was, 0 to 100 %."))
        self.unlike.setToolTip(
            tr(
                "A raster that says for each pixel how unlike the model's training images it is, in percent: up to 100 "
                "like them. Only with models that tell what their training images look like."
            )
        )
        self.file.setToolTip(tr("Empty: temporary layers, which QGIS forgets when it is closed."))

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(self.fontMetrics().horizontalAdvance("mm"), 0, 0, 0)
        self._labels = []
        for text, widget in (
            (tr("Smallest polygon"), self.min_area),
            (tr("Straighten edges by"), self.simplify),
            (tr("Smooth edges"), self.smooth),
        ):
            label = QLabel(text)
            label.setBuddy(widget)
            form.addRow(label, widget)
            self._labels.append(label)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.polygons)
        rows.addWidget(self.preset)
        numbers = QWidget()
        numbers.setLayout(form)
        self.numbers = make_fold(tr("Numbers"), numbers)
        self.folded_classes = make_fold(tr("Classes"), self.classes)
        self.folded_square = make_fold(tr("Right angles"), self.square)
        for fold in (self.folded_classes, self.folded_square, self.numbers):
            rows.addWidget(fold)
        rows.addWidget(self.confidence)
        rows.addWidget(self.unlike)
        self.target_row = QWidget()
        rows = QVBoxLayout(self.target_row)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.file)
        rows.addWidget(self._note)

    def _connect(self) -> None:
        numbers = (self.min_area, self.simplify, self.smooth)
        for widget in (self.preset, *numbers, self.classes, self.square, *self._labels):
            self.polygons.toggled.connect(widget.setEnabled)
        self.polygons.toggled.connect(self._change)
        self.confidence.toggled.connect(self._change)
        self.unlike.toggled.connect(self._change)
        self.file.fileChanged.connect(self._change)
        for number in numbers:
            number.valueChanged.connect(self.changed)
        for checks in (self.classes, self.square):
            checks.changed.connect(self.changed)
        self.preset.currentIndexChanged.connect(self._take_preset)
        self.changed.connect(self._name_preset)
        self.changed.connect(self._name_folds)
        self._change()

    def suggest(self, image: Optional[str]) -> None:
        """Save beside an image, under a name that is free; into temporary layers where that cannot be.

        A file that somebody chose stays until another image is chosen.
        """
        if self.file.filePath() != self._suggested and image == self._image:
            return
        self._image, self._suggested = image, _find_free_target(image) if image else ""
        self.file.setFilePath(self._suggested)

    def restore(self, settings: "dict[str, Any]") -> None:
        """Choose what `outputs` and `shape` told of another run."""
        wanted = settings.get("outputs", ())
        for name, box in (("POLYGONS", self.polygons), ("CONFIDENCE", self.confidence), ("UNLIKE", self.unlike)):
            box.setChecked(name in wanted)
        if self.polygons.isChecked():
            self.min_area.setValue(float(settings.get("min_area", defaults.MIN_AREA)))
            self.simplify.setValue(float(settings.get("simplify", defaults.SIMPLIFY)))
            self.smooth.setValue(int(settings.get("smooth", defaults.SMOOTH)))
            self.square.choose(str(settings.get("square", "")))
            chosen = str(settings.get("classes", ""))
            self.classes.choose(chosen) if chosen else self.classes.choose_all()

    def show_classes(self, classes: "tuple[LandCover, ...]") -> None:
        """Tell which classes the model has: those of buildings get right angles with the preset."""
        buildings = [name_for_list(cover) for cover in classes if "building" in cover.name.lower()]
        self._buildings = ",".join(buildings)
        for checks in (self.classes, self.square):
            checks.show_classes(classes)
        preset = self.preset.currentData()
        if preset is not None and preset[3]:
            self.square.choose(self._buildings)
        self._name_preset()
        self._name_folds()

    def _take_preset(self) -> None:
        shape = self.preset.currentData()
        if shape is None:
            self.numbers.setCollapsed(False)
            return
        self.folded_square.setCollapsed(not shape[3])
        self.blockSignals(True)  # one change, not four
        self.min_area.setValue(shape[0])
        self.simplify.setValue(shape[1])
        self.smooth.setValue(shape[2])
        self.square.choose(self._buildings if shape[3] else "")
        self.blockSignals(False)
        self.changed.emit()

    def _name_preset(self) -> None:
        """Show which preset the numbers are, while nobody is choosing one."""
        numbers = (self.min_area.value(), self.simplify.value(), self.smooth.value())
        square = self.square.text()
        presets = [self.preset.itemData(i) for i in range(self.preset.count() - 1)]
        fits = [shape[:3] == numbers and square == (self._buildings if shape[3] else "") for shape in presets]
        self.preset.blockSignals(True)
        self.preset.setCurrentIndex(fits.index(True) if True in fits else len(presets))
        self.preset.blockSignals(False)

    def _name_folds(self) -> None:
        """Say how many classes are chosen, so that nobody must unfold them to see it."""
        there, square = len(self.classes.boxes), self.square.count()
        chosen = tr("all") if self.classes.count() == there else tr("{} of {}").format(self.classes.count(), there)
        self.folded_classes.setTitle(tr("Classes: {}").format(chosen))
        self.folded_square.setTitle(
            tr("Right angles: {}").format(tr("{} of {}").format(square, there) if square else tr("none"))
        )

    def outputs(self) -> "frozenset[str]":
        """Return outputs of the algorithm that are wanted."""
        optional = (("POLYGONS", self.polygons), ("CONFIDENCE", self.confidence), ("UNLIKE", self.unlike))
        return frozenset({"OUTPUT", *(name for name, box in optional if box.isChecked())})

    def shape(self) -> "dict[str, Any]":
        """Return the fields of `Request` that shape polygons; without polygons they ask for nothing.

        Raises:
            IncompleteError: There is no class to make polygons of.
        """
        if not self.polygons.isChecked():
            return {"min_area": 0.0, "simplify": 0.0, "smooth": 0, "square": "", "classes": ""}
        if self.classes.boxes and not self.classes.count():
            raise IncompleteError(tr("Tick a class to make polygons of, or untick “Class polygons”."))
        return {
            "min_area": self.min_area.value(),
            "simplify": self.simplify.value(),
            "smooth": self.smooth.value(),
            "square": self.square.text(),
            "classes": "" if self.classes.count() == len(self.classes.boxes) else self.classes.text(),
        }

    def target(self) -> str:
        """Return the file of the class raster; "" for temporary ones.

        Raises:
            IncompleteError: Nothing can be written there.
        """
        text = self._resolve()
        if not text:
            return ""
        if Path(text).suffix.lower() not in (".tif", ".tiff"):
            raise IncompleteError(
                tr("{} is no name of a GeoTIFF. Choose one that ends in .tif.").format(Path(text).name)
            )
        folder = Path(text).parent
        if not Path(text).is_absolute():
            raise IncompleteError(tr("Choose a folder for {} as well.").format(text))
        if not _can_be_named(Path(text)):
            raise IncompleteError(tr("No file can have the name {}. Choose another one.").format(Path(text).name))
        if not folder.is_dir():
            raise IncompleteError(tr("The folder {} is not there. Choose another one to save to.").format(folder))
        if not os.access(folder, os.W_OK):
            raise IncompleteError(tr("The folder {} cannot be written to. Choose another one.").format(folder))
        return text

    def _resolve(self) -> str:
        """Return the file that is meant: a name without a folder is one beside the image."""
        text = self.file.filePath().strip()
        return str(Path(self._image).with_name(text)) if text and self._image and Path(text).name == text else text

    def _change(self) -> None:
        self._note.setText(" ".join(self._notes()))
        self._note.setVisible(bool(self._note.text()))
        for button in self.file.findChildren(QToolButton):  # Qt makes the one that clears the field when it needs it
            button.setAccessibleName(button.accessibleName() or tr("Clear the field"))
        self.changed.emit()

    def _notes(self) -> "list[str]":
        """Return what is to be known of the files that are written."""
        text = self._resolve()
        if not text:
            return [tr("Temporary layers, which QGIS forgets when it is closed.")]
        files = [Path(path) for path in name_files_beside(Path(text), self.outputs()).values()]
        there = [path.name for path in files if _can_be_named(path) and path.exists()]
        notes = [tr("What else is made is saved beside it.")] if len(files) > 1 else []
        if text != self.file.filePath().strip():
            notes.insert(0, tr("Saved beside the image."))
        return [*notes, tr("To be replaced: {}.").format(", ".join(there))] if there else notes


def _can_be_named(path: Path) -> bool:
    """Return whether the system takes the name of a file; one that is too long, say, it does not."""
    try:
        path.exists()
    except (OSError, ValueError):
        return False
    return True


def _make_number_box(value: float, unit: str, name: str, most: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox(decimals=1, maximum=most, value=value, suffix=unit)
    box.setAccessibleName(name)
    return box


def _find_free_target(image: str) -> str:
    """Return a file beside an image of which nothing is there yet; "" where nothing can be written."""
    path = Path(image)
    if not path.is_file() or not os.access(path.parent, os.W_OK):
        return ""
    stems = (f"{path.stem}_classes{n}" for n in ("", *(f"_{i}" for i in range(2, 1000))))
    taken = {other.stem for other in path.parent.glob(f"{glob.escape(path.stem)}_classes*")}
    return str(path.with_name(f"{next((stem for stem in stems if stem not in taken), path.stem + '_classes')}.tif"))

# SPDX-License-Identifier: GPL-2.0-or-later
"""A sample as a layer: its classes, its points, and labels that are in the file as soon as they are given."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from qgis.core import (
    NULL,
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsMapLayer,
    QgsPointXY,
    QgsProviderRegistry,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDateTime

from ..i18n import tr

COLUMNS = ("id", "label", "unsure", "labelled_by", "labelled_at", "row", "col", "map_class")
"""What the points must have at least; the core writes more."""

DESIGN, CLASSES = "sampling_design", "sampled_classes"
"""Tables beside the points, without which nobody knows how they were drawn."""


class SampleError(Exception):
    """A layer is no sample, or a label cannot be saved; the text is a sentence for people."""


@dataclass(frozen=True)
class SampledClass:
    """A class that a point may be."""

    name: str
    colour: str
    """As #RRGGBB."""


@dataclass
class Point:
    """One point of a sample."""

    fid: int
    """Of its feature."""
    id: int
    """1, 2, …"""
    place: QgsPointXY
    """In the CRS of the layer."""
    row: int
    """Of its pixel in the map that it was drawn from."""
    col: int
    stratum: str
    """Class of that map, which who labels is not to see."""
    label: str
    """Class on the ground; "" until somebody has said it."""
    unsure: bool
    who: str
    """Who labelled it."""
    when: Optional[QDateTime]


class Sample:
    """The points of a sample, in the order in which they were drawn.

    Args:
        layer: A layer of points.

    Raises:
        SampleError: It is none that “Sample points” has drawn.
    """

    def __init__(self, layer: QgsVectorLayer) -> None:
        path = find_sample_file(layer)
        if path is None:
            raise SampleError(
                tr(
                    "Nobody knows how the points of {} were drawn, and an area estimated from them would only look "
                    "right. Draw a sample."
                ).format(layer.name())
            )
        self.layer = layer
        """The layer."""
        self.path = path
        """Its file."""
        names = layer.fields().names()
        self._columns = {name: names.index(name) for name in COLUMNS}
        design = {row["item"]: str(row["value"]) for row in _read_table(path, DESIGN)}
        self._transform = [float(number) for number in design.get("transform", "").split()]
        if len(self._transform) != 6:
            raise SampleError(tr("{} is damaged. Draw a sample anew.").format(layer.name()))
        self.classes = tuple(SampledClass(row["class_name"], row["colour"]) for row in _read_table(path, CLASSES))
        """The classes, in the order of the scheme."""
        self.points = sorted((self._read(feature) for feature in layer.getFeatures()), key=lambda point: point.id)
        """All points."""

    def _read(self, feature: QgsFeature) -> Point:
        def text(name: str) -> str:
            value = feature[name]
            return value if isinstance(value, str) else ""

        when = feature["labelled_at"]
        return Point(
            feature.id(),
            int(feature["id"]),
            feature.geometry().asPoint(),
            int(feature["row"]),
            int(feature["col"]),
            text("map_class"),
            text("label"),
            feature["unsure"] != NULL and bool(feature["unsure"]),
            text("labelled_by"),
            when if isinstance(when, QDateTime) and when.isValid() else None,
        )

    def make_pixel(self, point: Point) -> QgsGeometry:
        """Return the outline of the pixel that a point stands for, in the CRS of the layer."""
        a, b, c, d, e, f = self._transform
        corners = [(point.col + x, point.row + y) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
        return QgsGeometry.fromPolygonXY([[QgsPointXY(a * x + b * y + c, d * x + e * y + f) for x, y in corners]])

    def label(self, point: Point, name: str) -> None:
        """Save the class of a point, who says so and when; "" takes its label away.

        Raises:
            SampleError: The file cannot be written.
        """
        self._save(point, {"label": name or NULL})
        point.label = name

    def set_unsure(self, point: Point, unsure: bool) -> None:
        """Save whether the class of a point is sure.

        Raises:
            SampleError: The file cannot be written.
        """
        self._save(point, {"unsure": unsure})
        point.unsure = unsure

    def _save(self, point: Point, values: dict[str, object]) -> None:
        """Write into the file at once: what is in an edit buffer is lost with QGIS."""
        if self.layer.isEditable():
            raise SampleError(tr("{} is being edited. Save or discard its edits first.").format(self.layer.name()))
        who, when = QgsApplication.userFullName() or QgsApplication.userLoginName(), QDateTime.currentDateTimeUtc()
        values = {**values, "labelled_by": who, "labelled_at": when}
        changes = {self._columns[name]: value for name, value in values.items()}
        if not self.layer.dataProvider().changeAttributeValues({point.fid: changes}):
            raise SampleError(
                tr("The label could not be saved in {}. Check that the file can be written.").format(self.path)
            )
        point.who, point.when = who, when
        self.layer.triggerRepaint()

    def find_unlabelled(self, after: int) -> Optional[int]:
        """Return the place of the next point without a label, from the start again after the last; None for none."""
        count = len(self.points)
        places = ((after + 1 + step) % count for step in range(count))
        return next((place for place in places if not self.points[place].label), None)

    def count_labelled(self) -> int:
        """Return how many points have a label."""
        return sum(bool(point.label) for point in self.points)

    def count_unsure(self) -> int:
        """Return how many labels are not sure."""
        return sum(bool(point.label) and point.unsure for point in self.points)

    def count_strata(self) -> "list[tuple[str, int, int]]":
        """Return of each class of the map its name, how many points in it have a label, and how many there are."""
        inside = {one.name: [point for point in self.points if point.stratum == one.name] for one in self.classes}
        return [(name, sum(bool(one.label) for one in there), len(there)) for name, there in inside.items() if there]


def find_sample_file(layer: Optional[QgsMapLayer]) -> Optional[Path]:
    """Return the file of a layer of points that “Sample points” has drawn; None if it is none."""
    if not isinstance(layer, QgsVectorLayer) or layer.providerType() != "ogr" or not layer.isValid():
        return None
    path = Path(str(QgsProviderRegistry.instance().decodeUri("ogr", layer.source()).get("path", "")))
    if not path.is_file() or not {*COLUMNS} <= {*layer.fields().names()}:
        return None
    there = all(_open_table(path, table).isValid() for table in (DESIGN, CLASSES))
    return path if there else None


def _open_table(path: Path, name: str) -> QgsVectorLayer:
    return QgsVectorLayer(f"{path}|layername={name}", name, "ogr")


def _read_table(path: Path, name: str) -> "list[QgsFeature]":
    return list(_open_table(path, name).getFeatures())


def choose_sample_path(classes: Optional[str], folders: "tuple[Path, ...]", temporary: Path) -> Path:
    """Return a file for the points of a map: beside it, under a name that is free.

    Args:
        classes: File of the map; None if it has none.
        folders: Where else, the best place first.
        temporary: Folder that is emptied when QGIS is closed, where no work of hours may be.
    """
    own = () if classes is None or temporary in Path(classes).parents else (Path(classes).parent,)
    stem = Path(classes).stem if classes else "map"
    folder = next((one for one in (*own, *folders) if one.is_dir() and os.access(one, os.W_OK)), folders[-1])
    names = (f"{stem}_points.gpkg", *(f"{stem}_points_{number}.gpkg" for number in range(2, 1000)))
    return next(path for path in map(folder.joinpath, names) if not path.exists())

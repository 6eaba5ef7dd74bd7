# SPDX-License-Identifier: GPL-2.0-or-later
"""Coverage edits: corrections of the labels of a square after which it is a coverage still, without gaps or overlaps.

The laws are those of `aerialseg_core.review.coverage_edits`: all edges, old and new, are cut where they meet, and every
face between them belongs to one label, so that neighbours have the same vertices, to the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Optional

from qgis.core import QgsGeometry, QgsPointXY, QgsSpatialIndex, QgsWkbTypes

GRID = 26
"""Vertices lie on a grid of the side of the square ÷ 2 to this power, some nanometres to a micrometre."""

_ROUNDS = 8  # of cutting and rounding; one or two are enough unless edges nearly coincide


@dataclass(frozen=True)
class Label:
    """A polygon with a class."""

    class_id: int
    """Number of the class."""
    polygon: QgsGeometry
    """Where it is, one polygon, in the CRS of the review."""
    square: Optional[int] = None
    """Number of the square that it was made for; None for what was drawn by hand otherwise."""
    original_id: Optional[int] = None
    """Class that the map has there; None for what was drawn."""


def paint(labels: Sequence[Label], square: QgsGeometry, area: QgsGeometry, class_id: int) -> "list[Label]":
    """Paint a class over the labels of a square; they give way.

    Args:
        labels: What is in the square, in the order in which it was drawn: where two overlap, the later one counts.
        square: The square; nothing is painted beyond it.
        area: What is painted, a polygon or several.
        class_id: Its class.

    Returns:
        All that was labelled or is painted, a coverage if it was one. The first labels are what is left of the old
        ones, in their order, a polygon for each part; then come those that are painted, which know what was there
        before.
    """
    painted = list_polygons(area if area.isGeosValid() else area.makeValid())
    box = square.boundingBox()
    grid = 2.0 ** (round(math.log2(max(box.width(), box.height()))) - GRID)
    labels = [_snap(label, grid) for label in labels]
    own = [label.polygon for label in labels]
    near = _find_near(labels, square, area.buffer(4 * grid, 1))
    faces = _cut([*(own[number] for number in near), *painted, square], grid)
    polygons = {**{number: own[number] for number in near}, **dict(enumerate(painted, len(own)))}
    owned = _share_out([face for face in faces if square.intersects(face.pointOnSurface())], polygons)
    for number in range(len(own) + 1, len(own) + len(painted)):
        owned[len(own)] += owned.pop(number)
    made: list[Label] = []
    for number in range(len(own) + 1):
        if number < len(own) and number not in near:
            made.append(labels[number])
            continue
        for part in list_polygons(QgsGeometry.unaryUnion(owned[number])) if owned.get(number) else ():
            if number < len(own):
                made.append(replace(labels[number], polygon=part))
            else:
                below = _find_below(labels, part)
                known = (below.square, below.original_id) if below else (None, None)
                made.append(Label(class_id, part, *known))
    return made


def reclassify(labels: Sequence[Label], point: QgsPointXY, class_id: int) -> "list[Label]":
    """Give the label at a point another class; where several overlap, the one that was drawn last.

    Args:
        labels: What is in a square.
        point: A point in it.
        class_id: The class.
    """
    at = QgsGeometry.fromPointXY(point)
    there = [number for number, label in enumerate(labels) if label.polygon.intersects(at)]
    return [
        replace(label, class_id=class_id) if there and number == there[-1] else label
        for number, label in enumerate(labels)
    ]


def list_polygons(shape: QgsGeometry) -> "list[QgsGeometry]":
    """List the polygons in a geometry, each by itself and without other dimensions."""
    flat = QgsGeometry(shape)
    flat.get().dropZValue()
    flat.get().dropMValue()
    parts = flat.asGeometryCollection() if flat.isMultipart() else [flat]
    return [
        part
        for part in parts
        if QgsWkbTypes.geometryType(part.wkbType()) == QgsWkbTypes.GeometryType.PolygonGeometry and part.area() > 0
    ]


def _find_near(labels: Sequence[Label], square: QgsGeometry, reach: QgsGeometry) -> "list[int]":
    """Find the labels that an area changes: those that it touches, as every edge that it cuts is one of theirs.

    Others may overlap, where somebody has drawn over them in another program: the later one counts then as before. But
    what reaches beyond the square is cut in any case, as it would count in another one.
    """
    bounds = reach.boundingBox()
    touched, within = (QgsGeometry.createGeometryEngine(shape.constGet()) for shape in (reach, square))
    for engine in (touched, within):
        engine.prepareGeometry()
    return [
        number
        for number, label in enumerate(labels)
        if (bounds.intersects(label.polygon.boundingBox()) and touched.intersects(label.polygon.constGet()))
        or not within.contains(label.polygon.constGet())
    ]


def _snap(label: Label, grid: float) -> Label:
    """Move vertices that another program has put elsewhere onto the grid."""
    snapped = label.polygon.snappedToGrid(grid, grid)
    if snapped.asWkb() == label.polygon.asWkb() or not snapped.isGeosValid():
        return label
    return replace(label, polygon=snapped)


def _cut(polygons: Iterable[QgsGeometry], grid: float) -> "list[QgsGeometry]":
    """Cut the plane along all edges, and list the faces between them.

    Cutting makes vertices that no double can hold, and rounding them moves edges by a hair, so that they may meet
    elsewhere: both are repeated until nothing moves.
    """
    edges = QgsGeometry.unaryUnion(
        [QgsGeometry(polygon.constGet().boundary()).snappedToGrid(grid, grid) for polygon in polygons]
    )
    for _ in range(_ROUNDS):
        rounded = edges.snappedToGrid(grid, grid)
        cut = QgsGeometry.unaryUnion([rounded])
        if cut.asWkb() == edges.asWkb():
            break
        edges = cut
    return list_polygons(QgsGeometry.polygonize([edges]))


def _share_out(faces: Sequence[QgsGeometry], polygons: "dict[int, QgsGeometry]") -> "dict[int, list[QgsGeometry]]":
    """Share faces out to the polygons that they lie in; where several overlap, to the last one."""
    insides, index = [face.pointOnSurface() for face in faces], QgsSpatialIndex()
    for i, inside in enumerate(insides):
        index.addFeature(i, inside.boundingBox())
    owners: dict[int, int] = {}
    for number, polygon in polygons.items():
        engine = QgsGeometry.createGeometryEngine(polygon.constGet())
        engine.prepareGeometry()
        for i in index.intersects(polygon.boundingBox()):
            if engine.intersects(insides[i].constGet()):
                owners[i] = number
    owned: dict[int, list[QgsGeometry]] = {number: [] for number in polygons}
    for i in sorted(owners):
        owned[owners[i]].append(faces[i])
    return owned


def _find_below(labels: Sequence[Label], part: QgsGeometry) -> Optional[Label]:
    """Find the label that most of a painted part lies on."""
    shares = [label.polygon.intersection(part).area() if _touch(label.polygon, part) else 0.0 for label in labels]
    return labels[shares.index(max(shares))] if shares and max(shares) > 0 else None


def _touch(one: QgsGeometry, other: QgsGeometry) -> bool:
    return one.boundingBox().intersects(other.boundingBox())

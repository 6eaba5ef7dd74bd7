"""Coverage edits: corrections of the labels of a square after which it is a coverage still, without gaps or overlaps.

Pure geometry. All edges, old and new, are cut where they meet, and every face between them belongs to one label: so
neighbours have the same vertices, to the last bit, by construction.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from .review_file import Label

GRID = 26
"""Vertices lie on a grid of the side of the square ÷ 2 to this power, some nanometres to a micrometre: only on a grid
are edges cut where they meet without cutting others anew."""


def paint(labels: Sequence[Label], square: Polygon, area: BaseGeometry, class_id: int) -> list[Label]:
    """Paint a class over the labels of a square; they give way.

    Args:
        labels: What is in the square, in the order in which it was drawn: where two overlap, the later one counts.
        square: The square; nothing is painted beyond it.
        area: What is painted, a polygon or several, valid.
        class_id: Its class.

    Returns:
        A coverage of all that was labelled or is painted. The first labels are what is left of the old ones, in their
        order, a polygon for each part; then come those that are painted, which know what was there before.
    """
    painted = [part for part in shapely.get_parts(area) if isinstance(part, Polygon) and part.area > 0]
    own = [label.polygon for label in labels]
    edges = shapely.union_all(
        shapely.boundary(np.array([*own, *painted, square], object)), grid_size=_choose_grid(square)
    )
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(edges)))
    inside = shapely.point_on_surface(faces)
    kept = shapely.intersects(square, inside)
    faces, inside = faces[kept], inside[kept]
    owner = np.full(len(faces), -1)
    for number, polygon in enumerate([*own, *painted]):  # the later one counts
        shapely.prepare(polygon)
        owner[shapely.intersects(polygon, inside)] = min(number, len(own))
    made: list[Label] = []
    for number in range(len(own) + 1):
        parts = _join(faces[owner == number])
        for part in parts:
            if number < len(own):
                old = labels[number]
                made.append(Label(old.class_id, part, old.square, old.original_id))
            else:
                below = _find_below(labels, part)
                made.append(Label(class_id, part, *((below.square, below.original_id) if below else (None, None))))
    return made


def reclassify(labels: Sequence[Label], point: Point, class_id: int) -> list[Label]:
    """Give the label at a point another class; where several overlap, the one that was drawn last.

    Args:
        labels: What is in a square.
        point: A point in it.
        class_id: The class.
    """
    there = [number for number, label in enumerate(labels) if label.polygon.intersects(point)]
    changed = there[-1] if there else None
    return [
        Label(class_id, label.polygon, label.square, label.original_id) if number == changed else label
        for number, label in enumerate(labels)
    ]


def snap_to_grid(polygon: Polygon, square: Polygon) -> Polygon:
    """Move the vertices of a polygon onto the grid of a square: what begins there is not cut anew by the first edit.

    Args:
        polygon: One of a coverage, whose others are moved as well.
        square: The square that it is in, or is.
    """
    grid = _choose_grid(square)
    return shapely.transform(polygon, lambda xy: np.round(xy / grid) * grid)


def _choose_grid(square: Polygon) -> float:
    """Choose the distance of the lines of the grid; as a power of two, so that places on it are exact."""
    west, south, east, north = square.bounds
    return float(2.0 ** (round(math.log2(max(east - west, north - south))) - GRID))


def _join(faces: np.ndarray[tuple[int, ...], np.dtype[np.object_]]) -> list[Polygon]:
    """Join faces that touch along an edge; edges inside of them go, all other vertices stay."""
    if not len(faces):
        return []
    return [part for part in shapely.get_parts(shapely.coverage_union_all(faces)) if isinstance(part, Polygon)]


def _find_below(labels: Sequence[Label], part: Polygon) -> Label | None:
    """Find the label that most of a painted part lies on."""
    shares = [label.polygon.intersection(part).area for label in labels]
    return labels[int(np.argmax(shares))] if shares and max(shares) > 0 else None

"""Shapefile: class polygons in the format that every program knows, with short names of columns and below 2 GB."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from ...classes import LandCoverClass
from ...errors import OutputError
from ..geometry import PolygonChunk, PolygonLayer
from ..validation import Certificate
from .gathering import GatheringWriter

LIMIT = 2**31 - 1
"""Bytes of the largest Shapefile, and of the table beside it, that every program reads."""

REMEDY = "Write a GeoPackage: give it a name that ends in .gpkg."
"""What to do where a Shapefile is too small."""

SHORT = {
    "perimeter_m": "perim_m",
    "perimeter_px": "perim_px",
    "confidence_mean": "conf_mean",
    "confidence_min": "conf_min",
}
"""Names of columns that are longer than the ten characters of a Shapefile, and what they are called there."""

ID_WIDTH, NUMBER_WIDTH, NAME_WIDTHS = 9, 24, (80, 254)
"""Bytes of a class id, of any other number, and, at least and at most, of the name of a class, as OGR writes them."""


class ShapefileWriter(GatheringWriter):
    """Writes a Shapefile: several files beside each other that have the same stem, names of classes in UTF-8.

    Args:
        path: File to make, ending in .shp; there must be none.
        layer: What is written.
    """

    def __init__(self, path: Path, layer: PolygonLayer) -> None:
        classes = tuple(replace(one, name=_fitting(one.name)) for one in layer.classes)
        super().__init__(path, replace(layer, classes=classes), "ESRI Shapefile", encoding="UTF-8")
        self._count = 0

    def finish(self, legend: list[LandCoverClass], certificate: Certificate, unit: str) -> None:
        """Write what is left.

        Args:
            legend: The classes to show in the legend; there is no place for it.
            certificate: What was found out about the polygons; nor for that.
            unit: Unit of areas.

        Raises:
            OutputError: They could not be written.
        """
        self._rest()

    def close(self) -> None:
        """Nothing is held."""

    def _flush(self) -> None:
        self._check_room()
        super()._flush()

    def _check_room(self) -> None:
        """Refuse what may not fit any more; a ring has at least four points, so they bound the number of rings."""
        fresh = sum(len(chunk.wkb) for chunk in self._gathered)
        self._count += fresh
        there = self._path.stat().st_size if self._begun else 0
        shapes = there + shapes_size(fresh, self._points, rings=self._points // 4)
        if max(shapes, table_size(self._layer, self._count)) > LIMIT:
            raise OutputError("The polygons do not fit into a Shapefile, which ends at 2 GB.", REMEDY)

    def _table(self, chunks: list[PolygonChunk]) -> dict[str, NDArray[Any]]:
        return {SHORT.get(name, name): column for name, column in super()._table(chunks).items()}


def shapes_size(polygons: int, points: int, *, rings: int) -> int:
    """Bytes of a .shp.

    Args:
        polygons: How many there are.
        points: Their vertices.
        rings: Their rings.
    """
    return 100 + 52 * polygons + 4 * rings + 16 * points


def table_size(layer: PolygonLayer, polygons: int) -> int:
    """Bytes of a .dbf.

    Args:
        layer: What is written.
        polygons: How many there are.
    """
    name = max([NAME_WIDTHS[0], *(len(_fitting(one.name).encode()) for one in layer.classes)])
    columns = 2 + len(layer.columns)
    return 34 + 32 * columns + polygons * (1 + ID_WIDTH + name + NUMBER_WIDTH * len(layer.columns))


def _fitting(name: str) -> str:
    """As much of the name of a class as there is place for."""
    return name.encode()[: NAME_WIDTHS[1]].decode(errors="ignore")

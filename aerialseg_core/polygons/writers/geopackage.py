"""GeoPackage: a layer of class polygons, written in chunks, that QGIS opens in the colours of its classes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree  # nosec B405 - writes XML, reads none

import numpy as np

from ...classes import LandCoverClass
from ...files.geopackage import CERTIFICATE, CLASS_TABLE, GDAL_UTC, GEOMETRY, LAYER, STYLES
from ..geometry import PolygonLayer
from ..validation import Certificate
from .gathering import GatheringWriter

VERSION = "1.3"
"""Version of the GeoPackage standard: the last that the GDAL of QGIS 3.22 reads without a warning."""


class GeoPackageWriter(GatheringWriter):
    """Writes class polygons with their attributes and a spatial index; then their style, their classes and certificate.

    Args:
        path: File to make; there must be none.
        layer: What is written.
    """

    def __init__(self, path: Path, layer: PolygonLayer) -> None:
        super().__init__(path, layer, "GPKG", LAYER, SPATIAL_INDEX="YES", GEOMETRY_NAME=GEOMETRY, VERSION=VERSION)

    def finish(self, legend: list[LandCoverClass], certificate: Certificate, unit: str) -> None:
        """Write what is left, and the tables.

        Args:
            legend: The classes to show in the legend.
            certificate: What was found out about the polygons.
            unit: Unit of areas.

        Raises:
            OutputError: They could not be written.
        """
        self._rest()
        self._add(STYLES, **_style_row(legend))
        self._add(CLASS_TABLE, **_columns(["class_id", "class_name", "colour"], [(c.id, *_shown(c)) for c in legend]))
        self._add(CERTIFICATE, **_columns(["item", "class_name", "value", "unit"], certificate.rows(unit)))

    def close(self) -> None:
        """Remove what SQLite needs to undo an unfinished write."""
        self._path.with_name(self._path.name + "-journal").unlink(missing_ok=True)

    def _add(self, table: str, **content: Any) -> None:
        self._append(layer=table, geometry=None, crs=None, geometry_type=None, **content)


def _shown(one: LandCoverClass) -> tuple[str, str]:
    return one.name, one.colour


def _columns(names: list[str], rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    """The columns of a table, as pyogrio takes them."""
    columns = [
        np.array(column, dtype=object if isinstance(column[0], str) else None) for column in zip(*rows, strict=True)
    ]
    return {"fields": names, "field_data": columns or [np.zeros(0, object) for _ in names]}


def _style_row(classes: Iterable[LandCoverClass]) -> dict[str, Any]:
    """One row of the table in which QGIS keeps the styles of a GeoPackage; it looks for a schema that is empty text."""
    row: dict[str, Any] = {
        "f_table_catalog": "",
        "f_table_schema": "",
        "f_table_name": LAYER,
        "f_geometry_column": GEOMETRY,
        "styleName": LAYER,
        "styleQML": style_qml(classes),
        "styleSLD": "",
        "useAsDefault": True,
        "description": "Colours of the classes",
        "owner": "",
        "ui": "",
        "update_time": np.datetime64("now", "ms"),
    }
    data = [np.array([value], dtype=object if isinstance(value, str) else None) for value in row.values()]
    return {"fields": list(row), "field_data": data, "gdal_tz_offsets": {"update_time": np.array([GDAL_UTC])}}


def style_qml(classes: Iterable[LandCoverClass]) -> str:
    """A QGIS style that fills every class with its colour, by `class_id`; for QGIS 3.22 and later."""
    qgis = ElementTree.Element("qgis", version="3.22.0", styleCategories="Symbology")
    renderer = ElementTree.SubElement(
        qgis, "renderer-v2", type="categorizedSymbol", attr="class_id", symbollevels="0", enableorderby="0"
    )
    categories = ElementTree.SubElement(renderer, "categories")
    symbols = ElementTree.SubElement(renderer, "symbols")
    for number, one in enumerate(classes):
        key = {"value": str(one.id), "symbol": str(number), "label": one.name, "render": "true"}
        ElementTree.SubElement(categories, "category", key)
        _add_symbol(symbols, str(number), one)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ElementTree.tostring(qgis, "unicode")


def _add_symbol(symbols: ElementTree.Element, name: str, one: LandCoverClass) -> None:
    """Add a fill with a hairline in its own colour, which hides the seams that antialiasing leaves between polygons."""
    symbol = ElementTree.SubElement(symbols, "symbol", type="fill", name=name, alpha="1", clip_to_extent="1")
    drawn = {"class": "SimpleFill", "enabled": "1", "pass": "0", "locked": "0"}  # nosec B105 - "pass": when it is drawn
    layer = ElementTree.SubElement(symbol, "layer", drawn)
    options = ElementTree.SubElement(layer, "Option", type="Map")
    red, green, blue = one.rgb
    colour = f"{red},{green},{blue},255"
    properties = {"color": colour, "style": "solid", "outline_color": colour, "outline_width": "0"}
    for key, value in properties.items():
        ElementTree.SubElement(options, "Option", type="QString", name=key, value=value)

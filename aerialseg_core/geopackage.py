"""GeoPackage: a layer of class polygons, written in chunks, that QGIS opens in the colours of its classes."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pyogrio.raw
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from .classes import LandCoverClass
from .errors import OutputError
from .outputs import explain

LAYER = "classes"
"""Name of the layer with the polygons."""

GEOMETRY = "geom"
"""Name of its geometry column."""

VERSION = "1.3"
"""Version of the GeoPackage standard: the last that the GDAL of QGIS 3.22 reads without a warning."""

GDAL_UTC = 100
"""How GDAL marks a time as UTC."""

CHUNK_POINTS = 1 << 20
"""Vertices that are gathered before they are written; every write opens the file anew, which takes time."""


@dataclass(frozen=True)
class PolygonChunk:
    """Some polygons and their attributes."""

    wkb: NDArray[Any]
    """Polygons as WKB, shape (n,) of bytes: a quarter of the memory of shapely objects."""
    points: int
    """Vertices of them all."""
    class_id: NDArray[np.uint8]
    """Class of each, shape (n,)."""
    area: NDArray[np.float64]
    """Area of each, in the unit of the layer, shape (n,)."""


class GeoPackageWriter:
    """Writes class polygons with their attributes and a spatial index.

    Args:
        path: File to make; there must be none.
        crs_wkt: CRS of the polygons, None if there is none.
        classes: The class of each value, that of value v at v − 1.
        area_column: Name of the attribute that holds the area.
    """

    def __init__(
        self, path: Path, crs_wkt: str | None, classes: tuple[LandCoverClass, ...], *, area_column: str
    ) -> None:
        self._path = path
        self._crs = crs_wkt
        self._names = np.array(["", *(c.name for c in classes)], dtype=object)
        self._area_column = area_column
        self._gathered: list[PolygonChunk] = []
        self._points = 0
        self._begun = False

    def write(self, chunk: PolygonChunk) -> None:
        """Add polygons.

        Raises:
            OutputError: They could not be written.
        """
        self._gathered.append(chunk)
        self._points += chunk.points
        if self._points >= CHUNK_POINTS:
            self._flush()

    def finish(self, style: Iterable[LandCoverClass]) -> None:
        """Write what is left, and the default style of the layer.

        Args:
            style: The classes to show in the legend.

        Raises:
            OutputError: They could not be written.
        """
        if self._gathered or not self._begun:
            self._flush()
        self._write(layer="layer_styles", geometry=None, crs=None, geometry_type=None, **_style_row(style))

    def _flush(self) -> None:
        class_id = np.concatenate([np.zeros(0, np.int32), *(c.class_id.astype(np.int32) for c in self._gathered)])
        created = {} if self._begun else {"SPATIAL_INDEX": "YES", "GEOMETRY_NAME": GEOMETRY, "VERSION": VERSION}
        self._write(
            layer=LAYER,
            geometry=np.concatenate([np.zeros(0, object), *(c.wkb for c in self._gathered)]),
            crs=self._crs,
            geometry_type="Polygon",
            fields=["class_id", "class_name", self._area_column],
            field_data=[
                class_id,
                self._names[class_id],
                np.concatenate([np.zeros(0, np.float64), *(c.area for c in self._gathered)]),
            ],
            **created,
        )
        self._gathered.clear()
        self._points = 0

    def _write(self, **content: Any) -> None:
        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "'crs' was not provided")  # the run has said so already
                pyogrio.raw.write(self._path, driver="GPKG", append=self._begun, **content)
        except (DataSourceError, DataLayerError, FeatureError, OSError) as error:
            raise explain(error, self._path) or OutputError(
                f"The polygons could not be written: {error}.", "Check the disk and the folder of the output."
            ) from error
        self._begun = True


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
    layer = ElementTree.SubElement(symbol, "layer", {"class": "SimpleFill", "enabled": "1", "pass": "0", "locked": "0"})
    options = ElementTree.SubElement(layer, "Option", type="Map")
    red, green, blue = one.rgb
    colour = f"{red},{green},{blue},255"
    properties = {"color": colour, "style": "solid", "outline_color": colour, "outline_width": "0"}
    for key, value in properties.items():
        ElementTree.SubElement(options, "Option", type="QString", name=key, value=value)

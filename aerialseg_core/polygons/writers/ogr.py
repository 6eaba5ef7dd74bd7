"""GeoPackage and Shapefile, written through OGR in parts of many polygons each."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol
from xml.etree import ElementTree  # nosec B405 - writes XML, reads none

import numpy as np

from ...errors import OutputError
from ...files.geopackage import CERTIFICATE, CLASS_TABLE, GDAL_UTC, GEOMETRY, LAYER, STYLES
from ...files.outputs import make_output_error
from ...files.vectors import MOMENT, OGR_ERRORS, write_layer
from ...raster.classes import LandCoverClass
from ..geometry import PolygonChunk, PolygonLayer, concatenate_wkb
from ..validation import Certificate

CHUNK_POINTS = 1 << 18
"""Vertices that are gathered before they are written; every write opens the file anew, which takes time."""

VERSION = "1.3"
"""Version of the GeoPackage standard: the last that the GDAL of QGIS 3.22 reads without a warning."""

LIMIT = 2**31 - 1
"""Bytes of the largest Shapefile, and of the table beside it, that every program reads."""

SHORT = {
    "perimeter_m": "perim_m",
    "perimeter_px": "perim_px",
    "confidence_mean": "conf_mean",
    "confidence_min": "conf_min",
}
"""Names of columns that are longer than the ten characters of a Shapefile, and what they are called there."""

ID_WIDTH, NUMBER_WIDTH, NAME_WIDTHS = 9, 24, (80, 254)
"""Bytes of a class id, of any other number, and, at least and at most, of the name of a class, as OGR writes them."""


class PolygonWriter(Protocol):
    """Takes polygons in chunks."""

    def write(self, chunk: PolygonChunk) -> None:
        """Add polygons."""

    def finish(self, legend: list[LandCoverClass], certificate: Certificate, unit: str) -> None:
        """Write what is left.

        Args:
            legend: The classes to show in the legend.
            certificate: What was found out about the polygons.
            unit: Unit of areas.
        """

    def close(self) -> None:
        """Let go of what was needed on the way, also after an error."""


class OgrWriter(PolygonWriter):
    """A writer that gathers polygons and adds many of them at a time; base of the writers of single formats.

    While one part is written in a thread of its own, in which OGR is imported too, the next one is gathered.

    Args:
        path: File to make; there must be none.
        layer: What is written.
        driver: Name of the format in OGR.
        name: Name of the layer; that of the file where there is none.
        **created: What OGR is told when it makes the layer.
    """

    _short: Mapping[str, str] = {}
    """Names of columns in the file, where they are others."""

    def __init__(self, path: Path, layer: PolygonLayer, driver: str, name: str | None = None, **created: str) -> None:
        self._path, self._layer, self._driver, self._name, self._created = path, layer, driver, name, created
        self._gathered: list[PolygonChunk] = []
        self._points = 0
        self._begun = False
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="ogr")
        self._part: Future[None] | None = None

    def write(self, chunk: PolygonChunk) -> None:
        """Add polygons.

        Raises:
            OutputError: They could not be written.
        """
        self._gathered.append(chunk)
        self._points += chunk.points
        if self._points >= CHUNK_POINTS:
            is_large = self._points > 2 * CHUNK_POINTS
            self._flush()
            if is_large:  # nothing else is made that needs much memory meanwhile
                self._wait()

    def finish(self, legend: list[LandCoverClass], certificate: Certificate, unit: str) -> None:
        """Write what is left; an empty layer where there was nothing.

        Args:
            legend: The classes to show in the legend, where there is a place for it.
            certificate: What was found out about the polygons; likewise.
            unit: Unit of areas.

        Raises:
            OutputError: They could not be written.
        """
        self._wait()
        if self._gathered or not self._begun:
            self._flush()
        self._wait()

    def _flush(self) -> None:
        """Begin to write what is gathered, as soon as the part before is written."""
        self._wait()
        self._part = self._pool.submit(self._write_part, self._gathered)
        self._gathered, self._points = [], 0

    def _wait(self) -> None:
        """Wait for the part that is being written, and raise what went wrong with it."""
        if self._part:
            part, self._part = self._part, None
            part.result()

    def _write_part(self, chunks: list[PolygonChunk]) -> None:
        table = self._layer.make_table(chunks)
        self._append(
            layer=self._name,
            geometry=concatenate_wkb(chunks),
            crs=self._layer.crs_wkt,
            geometry_type=self._layer.geometry_type,
            fields=[self._short.get(name, name) for name in table],
            field_data=list(table.values()),
            **({} if self._begun else self._created),
        )

    def _append(self, **content: Any) -> None:
        """Write a part of the file, which is flushed when it gets its name."""
        with explain_ogr_errors(self._path):
            write_layer(self._path, flush=False, dated=False, driver=self._driver, append=self._begun, **content)
        self._begun = True

    def close(self) -> None:
        """Let a part that is being written come to its end: the file is open only meanwhile."""
        self._pool.shutdown()


class GeoPackageWriter(OgrWriter):
    """A layer of class polygons with a spatial index, which QGIS opens in their colours; then classes and certificate.

    Args:
        path: File to make; there must be none.
        layer: What is written.
    """

    def __init__(self, path: Path, layer: PolygonLayer) -> None:
        super().__init__(path, layer, "GPKG", LAYER, SPATIAL_INDEX="YES", GEOMETRY_NAME=GEOMETRY, VERSION=VERSION)

    def finish(self, legend: list[LandCoverClass], certificate: Certificate, unit: str) -> None:
        """Write what is left, then the style, the classes of the legend and the certificate."""
        super().finish(legend, certificate, unit)
        style = {
            "f_table_catalog": "",
            "f_table_schema": "",  # QGIS looks for an empty text
            "f_table_name": LAYER,
            "f_geometry_column": GEOMETRY,
            "styleName": LAYER,
            "styleQML": make_style(legend),
            "styleSLD": "",
            "useAsDefault": True,
            "description": "Colours of the classes",
            "owner": "",
            "ui": "",
            "update_time": np.datetime64(MOMENT[:-1], "ms"),
        }
        self._add_table(STYLES, list(style), [tuple(style.values())], update_time=np.array([GDAL_UTC]))
        classes = [(one.id, one.name, one.colour) for one in legend]
        self._add_table(CLASS_TABLE, ["class_id", "class_name", "colour"], classes)
        self._add_table(CERTIFICATE, ["item", "class_name", "value", "unit"], certificate.rows(unit))

    def _add_table(self, name: str, columns: list[str], rows: Sequence[tuple[Any, ...]], **zones: Any) -> None:
        """Write a table without geometry.

        Args:
            name: Its name.
            columns: Names of its columns.
            rows: Its rows.
            **zones: Time zones of the columns that hold times, as OGR numbers them.
        """
        data = [
            np.array(column, dtype=object if isinstance(column[0], str) else None) for column in zip(*rows, strict=True)
        ]
        self._append(
            layer=name,
            geometry=None,
            crs=None,
            geometry_type=None,
            fields=columns,
            field_data=data or [np.zeros(0, object) for _ in columns],
            **({"gdal_tz_offsets": zones} if zones else {}),
        )

    def close(self) -> None:
        """Remove what SQLite needs to undo an unfinished write."""
        super().close()
        self._path.with_name(self._path.name + "-journal").unlink(missing_ok=True)


def make_style(classes: Iterable[LandCoverClass]) -> str:
    """Make a QGIS style that fills every class with its colour, by `class_id`; for QGIS 3.22 and later."""
    qgis = ElementTree.Element("qgis", version="3.22.0", styleCategories="Symbology")
    renderer = ElementTree.SubElement(
        qgis, "renderer-v2", type="categorizedSymbol", attr="class_id", symbollevels="0", enableorderby="0"
    )
    categories = ElementTree.SubElement(renderer, "categories")
    symbols = ElementTree.SubElement(renderer, "symbols")
    for number, one in enumerate(classes):
        name = str(number)
        key = {"value": str(one.id), "symbol": name, "label": one.name, "render": "true"}
        ElementTree.SubElement(categories, "category", key)
        # A hairline in the colour of the fill hides the seams that antialiasing leaves between polygons.
        symbol = ElementTree.SubElement(symbols, "symbol", type="fill", name=name, alpha="1", clip_to_extent="1")
        fill = {"class": "SimpleFill", "enabled": "1", "pass": "0", "locked": "0"}  # nosec B105 - "pass": when drawn
        options = ElementTree.SubElement(ElementTree.SubElement(symbol, "layer", fill), "Option", type="Map")
        colour = ",".join(map(str, (*one.rgb, 255)))
        for option, value in (
            ("color", colour),
            ("style", "solid"),
            ("outline_color", colour),
            ("outline_width", "0"),
        ):
            ElementTree.SubElement(options, "Option", type="QString", name=option, value=value)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ElementTree.tostring(qgis, "unicode")


class ShapefileWriter(OgrWriter):
    """Several files beside each other that have the same stem, names of classes in UTF-8; below 2 GB.

    Args:
        path: File to make, ending in .shp; there must be none.
        layer: What is written.
    """

    _short = SHORT

    def __init__(self, path: Path, layer: PolygonLayer) -> None:
        classes = tuple(replace(one, name=_cut_name(one.name)) for one in layer.classes)
        super().__init__(path, replace(layer, classes=classes), "ESRI Shapefile", encoding="UTF-8")
        self._count = 0

    def _flush(self) -> None:
        """Write what is gathered, or refuse what may not fit any more."""
        self._wait()
        fresh = sum(len(chunk.wkb) for chunk in self._gathered)
        self._count += fresh
        there = self._path.stat().st_size if self._begun else 0
        # A ring has at least four points, so they bound the number of rings.
        shapes = there + measure_shapes(fresh, self._points, rings=self._points // 4)
        if max(shapes, measure_table(self._layer, self._count)) > LIMIT:
            raise OutputError(
                "shapefile-full",
                "The polygons do not fit into a Shapefile, which ends at 2 GB.",
                "Write a GeoPackage: give it a name that ends in .gpkg.",
            )
        super()._flush()


def measure_shapes(polygons: int, points: int, *, rings: int) -> int:
    """Measure a .shp in bytes.

    Args:
        polygons: How many there are.
        points: Their vertices.
        rings: Their rings.
    """
    return 100 + 52 * polygons + 4 * rings + 16 * points


def measure_table(layer: PolygonLayer, polygons: int) -> int:
    """Measure a .dbf in bytes.

    Args:
        layer: What is written.
        polygons: How many there are.
    """
    name = max([NAME_WIDTHS[0], *(len(_cut_name(one.name).encode()) for one in layer.classes)])
    columns = 2 + len(layer.columns)
    return 34 + 32 * columns + polygons * (1 + ID_WIDTH + name + NUMBER_WIDTH * len(layer.columns))


def _cut_name(name: str) -> str:
    """Keep as much of the name of a class as there is place for."""
    return name.encode()[: NAME_WIDTHS[1]].decode(errors="ignore")


@contextmanager
def explain_ogr_errors(path: Path) -> Iterator[None]:
    """Turn what OGR says about a file that it could not write into one sentence with its remedy.

    Args:
        path: The file.
    """
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "'crs' was not provided")  # the run has said so already
            yield
    except OGR_ERRORS as error:
        raise make_output_error(error, path) or OutputError(
            "polygons-not-written",
            "The polygons could not be written: {error}.",
            "Check the disk and the folder of the output.",
            error=error,
        ) from error

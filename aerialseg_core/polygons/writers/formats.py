"""Formats: which writer makes a file, by the ending of its name; GeoJSON, and polygons that go into no file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import CRS

from ...errors import ParameterError
from ...files.geopackage import LAYER
from ...raster.classes import LandCoverClass
from ..geometry import PolygonChunk, PolygonLayer, concatenate_wkb
from ..validation import Certificate
from .arrow import FlatGeobufWriter, ParquetWriter, import_arrow
from .ogr import GeoPackageWriter, PolygonWriter, ShapefileWriter

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def check_format(path: Path, *, parts: bool = False) -> None:
    """Refuse, before anything is computed, a format that cannot be written.

    Args:
        path: File to make, or folder.
        parts: Whether it is a folder of parts.

    Raises:
        ParameterError: The name has another ending.
        DependencyError: The format needs a package that is not installed.
    """
    suffix = path.suffix.lower()
    if suffix not in _WRITERS:
        raise ParameterError(
            "polygon-format-unknown",
            "The output {path} has no format that is known.",
            "Give it a name that ends in {known}.",
            path=path,
            known=", ".join(_WRITERS),
        )
    if parts and _WRITERS[suffix] is not ParquetWriter:
        raise ParameterError(
            "polygon-folder-name",
            "A folder of polygons is one of GeoParquet files, which the name {path}/ does not say.",
            "Let it end in .parquet/, or leave out the / for a single file.",
            path=path,
        )
    if _WRITERS[suffix] in (ParquetWriter, FlatGeobufWriter):
        import_arrow("pyarrow", suffix)


@contextmanager
def open_writer(path: Path, layer: PolygonLayer) -> Iterator[PolygonWriter]:
    """Open a writer for the format that the ending of the name says.

    Args:
        path: File to make, of which there must be none; or, for files of parts, an empty folder.
        layer: What is written.
    """
    writer = _WRITERS[path.suffix.lower()](path, layer)
    try:
        yield writer
    finally:
        writer.close()


class FrameWriter(PolygonWriter):
    """A GeoDataFrame of polygons.

    Args:
        layer: What is gathered.
    """

    def __init__(self, layer: PolygonLayer) -> None:
        self._layer = layer
        self._chunks: list[PolygonChunk] = []

    def write(self, chunk: PolygonChunk) -> None:
        self._chunks.append(chunk)

    def finish(self, legend: list[LandCoverClass], certificate: Certificate, unit: str) -> None:
        import geopandas

        table, geometry = self._layer.make_table(self._chunks), shapely.from_wkb(concatenate_wkb(self._chunks))
        self.frame: GeoDataFrame = geopandas.GeoDataFrame(table, geometry=geometry, crs=self._layer.crs_wkt)
        """All polygons, once they are finished."""
        self.frame.attrs["certificate"] = certificate

    def close(self) -> None:
        self._chunks.clear()


class GeoJsonWriter(PolygonWriter):
    """A file in GeoJSON, in the CRS of the raster: what shares an edge still shares it to the last bit.

    GDAL does not write it, as it would read all that is there at every chunk, and round coordinates from the second on.

    Args:
        path: File to make.
        layer: What is written.

    Raises:
        ParameterError: The CRS has no name in a GeoJSON.
    """

    def __init__(self, path: Path, layer: PolygonLayer) -> None:
        self._layer = layer
        head = {"type": "FeatureCollection", "name": LAYER, **_name_crs(layer.crs_wkt)}
        self._file = path.open("x", encoding="utf-8")
        self._file.write(json.dumps(head)[:-1] + ', "features": [')
        self._between = "\n"

    def write(self, chunk: PolygonChunk) -> None:
        table = self._layer.make_table([chunk])
        rows = zip(*(column.tolist() for column in table.values()), strict=True)
        for row, geometry in zip(rows, shapely.to_geojson(shapely.from_wkb(chunk.wkb)), strict=True):
            values = (None if isinstance(value, float) and np.isnan(value) else value for value in row)
            properties = json.dumps(dict(zip(table, values, strict=True)), ensure_ascii=False)
            self._file.write(
                f'{self._between}{{"type": "Feature", "properties": {properties}, "geometry": {geometry}}}'
            )
            self._between = ",\n"

    def finish(self, legend: list[LandCoverClass], certificate: Certificate, unit: str) -> None:
        self._file.write("\n]}\n")
        self._file.close()

    def close(self) -> None:
        self._file.close()


def _name_crs(crs_wkt: str | None) -> dict[str, Any]:
    """Name the CRS in a member of a GeoJSON; none for longitude and latitude in WGS 84, which is the default."""
    if crs_wkt is None:
        return {}
    authority = CRS.from_wkt(crs_wkt).to_authority()
    if authority is None:
        raise ParameterError(
            "geojson-crs", "GeoJSON has no name for the CRS of the class raster.", "Write a GeoPackage (.gpkg)."
        )
    if authority in {("EPSG", "4326"), ("OGC", "CRS84")}:
        return {}
    return {"crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{authority[0]}::{authority[1]}"}}}


_WRITERS: dict[str, Callable[[Path, PolygonLayer], PolygonWriter]] = {
    ".gpkg": GeoPackageWriter,
    ".geojson": GeoJsonWriter,
    ".parquet": ParquetWriter,
    ".fgb": FlatGeobufWriter,
    ".shp": ShapefileWriter,
}

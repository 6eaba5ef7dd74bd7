"""Formats: class polygons as GeoPackage, GeoJSON, GeoParquet, FlatGeobuf or Shapefile, by the ending of the name."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from ...classes import LandCoverClass
from ...errors import DependencyError, ParameterError
from ...files.geopackage import LAYER
from ...files.vectors import write_arrow
from ..geometry import PolygonChunk, PolygonLayer, wkb_of
from ..validation import Certificate
from .gathering import explained
from .geopackage import GeoPackageWriter
from .shapefile import ShapefileWriter

GEOMETRY = "geometry"
"""Name of the geometry column where it is not a GeoPackage."""


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


def check_format(path: Path) -> None:
    """Refuse, before anything is computed, a format that cannot be written.

    Raises:
        ParameterError: The name has another ending.
        DependencyError: The format needs a package that is not installed.
    """
    suffix = path.suffix.lower()
    if suffix not in _WRITERS:
        raise ParameterError(
            f"The output {path} has no format that is known.", f"Give it a name that ends in {', '.join(_WRITERS)}."
        )
    if _WRITERS[suffix] in (ParquetWriter, FlatGeobufWriter):
        _arrow("pyarrow", suffix)


@contextmanager
def open_writer(path: Path, layer: PolygonLayer) -> Iterator[PolygonWriter]:
    """A writer for the format that the ending of the name says.

    Args:
        path: File to make; there must be none.
        layer: What is written.
    """
    writer = _WRITERS[path.suffix.lower()](path, layer)
    try:
        yield writer
    finally:
        writer.close()


class FrameWriter(PolygonWriter):
    """Gathers polygons for a GeoDataFrame.

    Args:
        layer: What is gathered.
    """

    def __init__(self, layer: PolygonLayer) -> None:
        self._layer = layer
        self._chunks: list[PolygonChunk] = []
        self.frame: Any = None
        """The GeoDataFrame, once it is finished."""

    def write(self, chunk: PolygonChunk) -> None:
        self._chunks.append(chunk)

    def finish(self, legend: list[LandCoverClass], certificate: Certificate, unit: str) -> None:
        from geopandas import GeoDataFrame

        geometry = shapely.from_wkb(wkb_of(self._chunks))
        self.frame = GeoDataFrame(self._layer.table(self._chunks), geometry=geometry, crs=self._layer.crs_wkt)
        self.frame.attrs["certificate"] = certificate

    def close(self) -> None:
        self._chunks.clear()


class GeoJsonWriter(PolygonWriter):
    """Writes GeoJSON in the CRS of the raster, as GDAL does: what shares an edge still shares it to the last bit.

    Args:
        path: File to make.
        layer: What is written.

    Raises:
        ParameterError: The CRS has no name in a GeoJSON.
    """

    def __init__(self, path: Path, layer: PolygonLayer) -> None:
        self._layer = layer
        head = {"type": "FeatureCollection", "name": LAYER, **_json_crs(layer.crs_wkt)}
        self._file = path.open("x", encoding="utf-8")
        self._file.write(json.dumps(head)[:-1] + ', "features": [')
        self._between = "\n"

    def write(self, chunk: PolygonChunk) -> None:
        table = self._layer.table([chunk])
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


def _json_crs(crs_wkt: str | None) -> dict[str, Any]:
    """The member of a GeoJSON that names the CRS; none for longitude and latitude in WGS 84, which is the default."""
    if crs_wkt is None:
        return {}
    authority = CRS.from_wkt(crs_wkt).to_authority()
    if authority is None:
        raise ParameterError("GeoJSON has no name for the CRS of the class raster.", "Write a GeoPackage (.gpkg).")
    if authority in {("EPSG", "4326"), ("OGC", "CRS84")}:
        return {}
    return {"crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{authority[0]}::{authority[1]}"}}}


class ParquetWriter(PolygonWriter):
    """Writes GeoParquet, one group of rows for each chunk.

    Args:
        path: File to make.
        layer: What is written.
    """

    def __init__(self, path: Path, layer: PolygonLayer) -> None:
        self._layer = layer
        self._schema = _schema(layer)
        self._writer = _arrow("pyarrow.parquet", path.suffix).ParquetWriter(path, self._schema, compression="zstd")
        self._bounds = np.array([np.inf, np.inf, -np.inf, -np.inf])

    def write(self, chunk: PolygonChunk) -> None:
        xmin, ymin, xmax, ymax = shapely.total_bounds(shapely.from_wkb(chunk.wkb))
        self._bounds[:2] = np.minimum(self._bounds[:2], (xmin, ymin))
        self._bounds[2:] = np.maximum(self._bounds[2:], (xmax, ymax))
        self._writer.write_batch(_batch(self._layer, chunk, self._schema))

    def finish(self, legend: list[LandCoverClass], certificate: Certificate, unit: str) -> None:
        crs = self._layer.crs_wkt
        column: dict[str, Any] = {"encoding": "WKB", "geometry_types": [self._layer.geometry_type]}
        column |= {"crs": CRS.from_wkt(crs).to_json_dict() if crs else None, "orientation": "counterclockwise"}
        if np.isfinite(self._bounds).all():
            column["bbox"] = self._bounds.tolist()
        about = {"version": "1.0.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
        self._writer.add_key_value_metadata({"geo": json.dumps(about)})
        self._writer.close()

    def close(self) -> None:
        self._writer.close()


class FlatGeobufWriter(PolygonWriter):
    """Writes FlatGeobuf, whose spatial index stands before the polygons: they wait in a file without a name.

    Args:
        path: File to make.
        layer: What is written.
    """

    def __init__(self, path: Path, layer: PolygonLayer) -> None:
        self._path = path
        self._layer = layer
        self._schema = _schema(layer)
        self._ipc = _arrow("pyarrow.ipc", path.suffix)
        self._file = tempfile.TemporaryFile(dir=path.absolute().parent)  # noqa: SIM115 - it lives as long as the writer
        self._writer = self._ipc.new_stream(self._file, self._schema)

    def write(self, chunk: PolygonChunk) -> None:
        self._writer.write_batch(_batch(self._layer, chunk, self._schema))

    def finish(self, legend: list[LandCoverClass], certificate: Certificate, unit: str) -> None:
        self._writer.close()
        self._file.seek(0)
        with explained(self._path):
            write_arrow(
                self._path,
                self._ipc.open_stream(self._file),
                layer=LAYER,
                driver="FlatGeobuf",
                geometry_name=GEOMETRY,
                geometry_type=self._layer.geometry_type,
                crs=self._layer.crs_wkt,
                SPATIAL_INDEX="YES",
            )

    def close(self) -> None:
        self._file.close()


def _schema(layer: PolygonLayer) -> Any:
    """The columns of a layer, as pyarrow knows them."""
    arrow = import_module("pyarrow")
    whole = arrow.int32() if layer.ids.dtype == np.int32 else arrow.int64()
    fields = [("class_id", whole), ("class_name", arrow.string())]
    further = [(name, arrow.float64()) for name in layer.columns]
    return arrow.schema([*fields, *further, (GEOMETRY, arrow.binary())])


def _batch(layer: PolygonLayer, chunk: PolygonChunk, schema: Any) -> Any:
    """Polygons and their attributes, as pyarrow knows them."""
    arrow = import_module("pyarrow")
    columns: list[NDArray[Any]] = [*layer.table([chunk]).values(), chunk.wkb]
    arrays = [
        arrow.array(column, type=field.type, from_pandas=True) for column, field in zip(columns, schema, strict=True)
    ]
    return arrow.record_batch(arrays, schema=schema)


def _arrow(module: str, suffix: str) -> Any:
    """A module of pyarrow."""
    try:
        return import_module(module)
    except ImportError as error:
        raise DependencyError(
            f"A file that ends in {suffix} needs pyarrow, which is not installed.",
            'Install it: pip install "aerialseg[formats]"; or write a GeoPackage (.gpkg).',
        ) from error


_WRITERS: dict[str, Callable[[Path, PolygonLayer], PolygonWriter]] = {
    ".gpkg": GeoPackageWriter,
    ".geojson": GeoJsonWriter,
    ".parquet": ParquetWriter,
    ".fgb": FlatGeobufWriter,
    ".shp": ShapefileWriter,
}

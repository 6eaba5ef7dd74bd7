"""GeoParquet and FlatGeobuf, written through Arrow: they need pyarrow, which is an extra."""

from __future__ import annotations

import json
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from ...errors import DependencyError
from ...files.geopackage import LAYER
from ...files.vectors import write_arrow
from ...raster.classes import LandCoverClass
from ..geometry import PolygonChunk, PolygonLayer
from ..validation import Certificate
from .ogr import PolygonWriter, explain_ogr_errors

GEOMETRY = "geometry"
"""Name of the geometry column."""


class ParquetWriter(PolygonWriter):
    """A file in GeoParquet 1.0, one group of rows for each chunk.

    Args:
        path: File to make.
        layer: What is written.
    """

    def __init__(self, path: Path, layer: PolygonLayer) -> None:
        self._layer = layer
        self._schema = _make_schema(layer)
        self._writer = import_arrow("pyarrow.parquet", path.suffix).ParquetWriter(
            path, self._schema, compression="zstd"
        )
        self._bounds = np.array([np.inf, np.inf, -np.inf, -np.inf])

    def write(self, chunk: PolygonChunk) -> None:
        xmin, ymin, xmax, ymax = shapely.total_bounds(shapely.from_wkb(chunk.wkb))
        self._bounds[:2] = np.minimum(self._bounds[:2], (xmin, ymin))
        self._bounds[2:] = np.maximum(self._bounds[2:], (xmax, ymax))
        self._writer.write_batch(_make_batch(self._layer, chunk, self._schema))

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
    """A file in FlatGeobuf, whose spatial index stands before the polygons: they wait in a file without a name.

    Args:
        path: File to make.
        layer: What is written.
    """

    def __init__(self, path: Path, layer: PolygonLayer) -> None:
        self._path = path
        self._layer = layer
        self._schema = _make_schema(layer)
        self._ipc = import_arrow("pyarrow.ipc", path.suffix)
        self._file = tempfile.TemporaryFile(dir=path.absolute().parent)  # noqa: SIM115 - it lives as long as the writer
        self._writer = self._ipc.new_stream(self._file, self._schema)

    def write(self, chunk: PolygonChunk) -> None:
        self._writer.write_batch(_make_batch(self._layer, chunk, self._schema))

    def finish(self, legend: list[LandCoverClass], certificate: Certificate, unit: str) -> None:
        self._writer.close()
        self._file.seek(0)
        with explain_ogr_errors(self._path):
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


def _make_schema(layer: PolygonLayer) -> Any:
    """Make the columns of a layer, as pyarrow knows them."""
    arrow = import_module("pyarrow")
    whole = arrow.int32() if layer.ids.dtype == np.int32 else arrow.int64()
    fields = [("class_id", whole), ("class_name", arrow.string())]
    further = [(name, arrow.float64()) for name in layer.columns]
    return arrow.schema([*fields, *further, (GEOMETRY, arrow.binary())])


def _make_batch(layer: PolygonLayer, chunk: PolygonChunk, schema: Any) -> Any:
    """Make polygons and their attributes what pyarrow knows."""
    arrow = import_module("pyarrow")
    columns: list[NDArray[Any]] = [*layer.make_table([chunk]).values(), chunk.wkb]
    arrays = [
        arrow.array(column, type=field.type, from_pandas=True) for column, field in zip(columns, schema, strict=True)
    ]
    return arrow.record_batch(arrays, schema=schema)


def import_arrow(module: str, suffix: str) -> Any:
    """Import a module of pyarrow.

    Args:
        module: Its name.
        suffix: Ending of the file for which it is needed.

    Raises:
        DependencyError: It is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise DependencyError(
            f"A file that ends in {suffix} needs pyarrow, which is not installed.",
            'Install it: pip install "aerialseg[formats]"; or write a GeoPackage (.gpkg).',
        ) from error

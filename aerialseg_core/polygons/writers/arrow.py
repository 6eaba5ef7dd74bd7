"""GeoParquet and FlatGeobuf, written through Arrow: they need pyarrow, which is an extra."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import groupby
from operator import itemgetter
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
from ...raster.vertex_grid import Floats
from ..geometry import PolygonChunk, PolygonLayer
from ..validation import Certificate
from .ogr import PolygonWriter, explain_ogr_errors

GEOMETRY = "geometry"
"""Name of the geometry column."""

BBOX = "bbox"
"""Name of the column of bounds, by which readers leave out groups of rows."""

BOUNDS = ("xmin", "ymin", "xmax", "ymax")
"""Its fields."""

ROWS = 1 << 16
"""Most rows of a group: what a reader takes or leaves as one."""

AT_ONCE = 32 << 20
"""Bytes of polygons that are sorted in memory, and most of a group of rows."""

PART = 256 << 20
"""Bytes of polygons in memory, before they are compressed, after which a folder gets another file."""

BITS = 4
"""Bits of the distance along the curve by which polygons that are too many are dealt out: into 16 heaps."""


NOWHERE: Floats = np.array([np.inf, np.inf, -np.inf, -np.inf])
"""Bounds of nothing."""


class _Heap:
    """Polygons that wait in a file without a name.

    Args:
        folder: Where that file is, so that the disk of the output holds it.
        schema: Their columns.
    """

    def __init__(self, folder: Path, schema: Any) -> None:
        self._ipc = import_module("pyarrow.ipc")
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - it lives as long as the heap
        self._writer = self._ipc.new_stream(self._file, schema)
        self.size = 0
        """Bytes of them all in memory."""

    def add(self, batch: Any) -> None:
        """Add polygons."""
        self._writer.write_batch(batch)
        self.size += batch.nbytes

    def read(self) -> Any:
        """Read them as a stream of batches; none can be added any more."""
        self._writer.close()
        self._file.seek(0)
        return self._ipc.open_stream(self._file)

    def close(self) -> None:
        """Let go of them."""
        self._file.close()


class ParquetWriter(PolygonWriter):
    """A file in GeoParquet 1.1 with a column of bounds, its rows in the order of a Hilbert curve; or a folder of such.

    What is near is then near in the file, so that a reader of a part of the map takes few groups of rows. The polygons
    wait on the disk until their bounds are known. Those that are too many to sort at once are dealt out by the first
    bits of their place on the curve, as often as it takes. The files of a folder are pieces of the curve, so each
    covers an area of its own; their names are in the order of the curve, and together they are the rows of one file.

    Args:
        path: File to make, or an empty folder.
        layer: What is written.
    """

    def __init__(self, path: Path, layer: PolygonLayer) -> None:
        self._parquet = import_arrow("pyarrow.parquet", path.suffix)
        self._arrow = import_module("pyarrow")
        self._path, self._layer, self._schema = path, layer, _make_schema(layer)
        self._schema = self._schema.append(
            self._arrow.field(BBOX, self._arrow.struct([(name, self._arrow.float64()) for name in BOUNDS]))
        )
        self._bounds = NOWHERE.copy()
        self._heaps = [_Heap(path.absolute().parent, self._schema)]

    def write(self, chunk: PolygonChunk) -> None:
        bounds = shapely.bounds(shapely.from_wkb(chunk.wkb))
        _extend(self._bounds, bounds)
        sides = [self._arrow.array(side) for side in bounds.T]
        boxes = self._arrow.StructArray.from_arrays(sides, names=list(BOUNDS))
        self._heaps[0].add(_make_batch(self._layer, chunk, self._schema, boxes))

    def finish(self, legend: list[LandCoverClass], certificate: Certificate, unit: str) -> None:
        groups = self._gather(self._sort(self._heaps[0], 32))
        self._schema = self._schema.with_metadata({"geo": self._describe(self._bounds)})
        if not self._path.is_dir():
            self._write_file(self._path, groups)
            return
        parts = 0
        for number, numbered in groupby(_number_parts(groups), key=itemgetter(0)):
            self._write_file(self._path / f"part-{number:05}.parquet", (group for _, group in numbered))
            parts += 1
        if not parts:
            self._write_file(self._path / f"part-{0:05}.parquet", ())

    def _write_file(self, path: Path, groups: Iterable[Any]) -> None:
        """Write tables, each as one group of rows or as several, into a file; the bounds that it tells are its own."""
        columns = [field.name for field in self._schema if field.name not in (GEOMETRY, BBOX)]
        bounds = NOWHERE.copy()
        with self._parquet.ParquetWriter(
            path,
            self._schema,
            compression="zstd",
            use_dictionary=columns[:2],
            write_statistics=[*columns, *(f"{BBOX}.{name}" for name in BOUNDS)],
        ) as file:
            for group in groups:
                file.write_table(group, row_group_size=ROWS)
                _extend(bounds, np.column_stack([np.asarray(side) for side in group.column(BBOX).flatten()]))
            file.add_key_value_metadata({"geo": self._describe(bounds)})

    def _describe(self, bounds: Floats) -> str:
        """Describe the geometries within some bounds, as GeoParquet has it."""
        crs = self._layer.crs_wkt
        column: dict[str, Any] = {"encoding": "WKB", "geometry_types": [self._layer.geometry_type]}
        column |= {"crs": CRS.from_wkt(crs).to_json_dict() if crs else None, "orientation": "counterclockwise"}
        column |= {"covering": {BBOX: {name: [BBOX, name] for name in BOUNDS}}}
        if np.isfinite(bounds).all():
            column["bbox"] = bounds.tolist()
        return json.dumps({"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}})

    def _sort(self, heap: _Heap, bits: int) -> Iterator[Any]:
        """Sort polygons along the curve.

        Args:
            heap: The polygons; it is closed afterwards.
            bits: How many bits of their distance along the curve, of 32, differ.

        Yields:
            Tables in order.
        """
        if heap.size <= AT_ONCE or not bits:
            table = heap.read().read_all()
            yield table.take(np.argsort(self._measure_distances(table), kind="stable"))
        else:
            heaps = [_Heap(self._path.absolute().parent, self._schema) for _ in range(1 << BITS)]
            self._heaps += heaps
            for batch in heap.read():
                places = (self._measure_distances(batch) >> (bits - BITS)) % len(heaps)
                for place in np.unique(places):
                    heaps[place].add(batch.take(self._arrow.array(np.flatnonzero(places == place))))
            heap.close()
            for part in heaps:
                yield from self._sort(part, bits - BITS)
            del self._heaps[-len(heaps) :]
        heap.close()

    def _measure_distances(self, polygons: Any) -> NDArray[np.uint32]:
        """Measure how far along the curve polygons of a batch or table are, from 0 to 2³² − 1."""
        from geopandas import GeoSeries

        xmin, ymin, xmax, ymax = (np.asarray(side) for side in polygons.column(BBOX).flatten())
        middles = GeoSeries(shapely.points((xmin + xmax) / 2, (ymin + ymax) / 2))
        distances: NDArray[np.uint32] = middles.hilbert_distance(self._bounds, level=16).to_numpy()
        return distances

    def _gather(self, tables: Iterator[Any]) -> Iterator[Any]:
        """Gather tables until they are worth a group of rows."""
        gathered: list[Any] = []
        for table in filter(len, tables):
            gathered.append(table)
            if sum(map(len, gathered)) >= ROWS or sum(one.nbytes for one in gathered) >= AT_ONCE // 2:
                yield self._arrow.concat_tables(gathered)
                gathered.clear()
        if gathered:
            yield self._arrow.concat_tables(gathered)

    def close(self) -> None:
        for heap in self._heaps:
            heap.close()


def _extend(bounds: Floats, others: Floats) -> None:
    """Extend bounds to others, shape (n, 4)."""
    bounds[:2] = np.minimum(bounds[:2], others[:, :2].min(axis=0))
    bounds[2:] = np.maximum(bounds[2:], others[:, 2:].max(axis=0))


def _number_parts(groups: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    """Number the files into which tables go, by the bytes before them; each file has one at least."""
    number, size = 0, 0
    for group in groups:
        if size >= PART:
            number, size = number + 1, 0
        size += group.nbytes
        yield number, group


class FlatGeobufWriter(PolygonWriter):
    """A file in FlatGeobuf, whose spatial index stands before the polygons: they wait until all are there.

    Args:
        path: File to make.
        layer: What is written.
    """

    def __init__(self, path: Path, layer: PolygonLayer) -> None:
        import_arrow("pyarrow", path.suffix)
        self._path, self._layer, self._schema = path, layer, _make_schema(layer)
        self._heap = _Heap(path.absolute().parent, self._schema)

    def write(self, chunk: PolygonChunk) -> None:
        self._heap.add(_make_batch(self._layer, chunk, self._schema))

    def finish(self, legend: list[LandCoverClass], certificate: Certificate, unit: str) -> None:
        with explain_ogr_errors(self._path):
            write_arrow(
                self._path,
                self._heap.read(),
                layer=LAYER,
                driver="FlatGeobuf",
                geometry_name=GEOMETRY,
                geometry_type=self._layer.geometry_type,
                crs=self._layer.crs_wkt,
                SPATIAL_INDEX="YES",
            )

    def close(self) -> None:
        self._heap.close()


def _make_schema(layer: PolygonLayer) -> Any:
    """Make the columns of a layer, as pyarrow knows them."""
    arrow = import_module("pyarrow")
    whole = arrow.int32() if layer.ids.dtype == np.int32 else arrow.int64()
    fields = [("class_id", whole), ("class_name", arrow.string())]
    further = [(name, arrow.float64()) for name in layer.columns]
    return arrow.schema([*fields, *further, (GEOMETRY, arrow.binary())])


def _make_batch(layer: PolygonLayer, chunk: PolygonChunk, schema: Any, *further: Any) -> Any:
    """Make polygons and their attributes what pyarrow knows; further columns are that already."""
    arrow = import_module("pyarrow")
    columns: list[NDArray[Any]] = [*layer.make_table([chunk]).values(), chunk.wkb]
    arrays = [
        arrow.array(column, type=field.type, from_pandas=True) for column, field in zip(columns, schema, strict=False)
    ]
    return arrow.record_batch([*arrays, *further], schema=schema)


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
            "needs-pyarrow",
            "A file that ends in {suffix} needs pyarrow, which is not installed.",
            'Install it: pip install "aerialseg[formats]"; or write a GeoPackage (.gpkg).',
            suffix=suffix,
        ) from error

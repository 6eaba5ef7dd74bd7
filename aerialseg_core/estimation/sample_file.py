"""Sample file: a GeoPackage with the points of a sample, the form in which they are labelled, and their design.

`points` has one point a pixel, in its centre, with the columns of `COLUMNS`. As AcATaMa wants it, they are single
points with a whole number `id`; it saves labelled points with the columns `ID`, `Label`, and `Is labeled as` (the value
of the class) or `Label ID`, which `read_labels` understands.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ..errors import DataError, OutputError
from ..files.geopackage import GDAL_UTC, GEOMETRY, STYLES
from ..files.outputs import make_output_error
from ..files.vectors import MOMENT, OGR_ERRORS, VectorPath, list_layers, read_arrays, write_layer
from .design import SampledClass, SamplingDesign, parse_design
from .point_form import make_point_style

POINTS = "points"
"""Name of the layer with the points."""

DESIGN, CLASSES = "sampling_design", "sampled_classes"
"""Names of the tables with the design, and with the classes that were drawn from."""

COLUMNS = ("id", "label", "unsure", "remark", "labelled_by", "labelled_at", "row", "col", "map_class", "probability")
"""Columns of the points. `label` is the name of the class on the ground, to be filled in; `map_class` that in the map,
which who labels is not to see; `probability` how likely the pixel was to be drawn."""

CLUSTER = "cluster"
"""One more column, of a sample in clusters."""

VERSION = "1.3"
"""Version of the GeoPackage standard: the last that the GDAL of QGIS 3.22 reads without a warning."""

LABEL_COLUMNS = ("is labeled as", "is labeled", "label", "label id")
"""Columns of labels in other files, the first one that is there; the second is the first as a Shapefile cuts it."""

SHOWN = 10
"""Points that are listed in a refusal."""

_TABLES = {DESIGN: ("item", "value"), CLASSES: ("class_id", "class_name", "colour", "pixels", "area", "points")}


@dataclass(frozen=True)
class SamplePoints:
    """The points of a sample; all of the same length."""

    ids: NDArray[np.int64]
    """1, 2, …"""
    rows: NDArray[np.int64]
    """Row of the pixel in the map that they were drawn from."""
    cols: NDArray[np.int64]
    """Its column."""
    map_classes: tuple[str, ...]
    """Its class in that map."""
    labels: tuple[str | None, ...]
    """Its class on the ground; None where nobody has said it yet."""
    unsure: NDArray[np.bool_]
    """Whether who labelled it was not sure."""
    clusters: NDArray[np.int64] | None = None
    """Number of its cluster, from 1; None for a sample without clusters."""


def write_sample(
    path: Path, points: SamplePoints, design: SamplingDesign, *, probabilities: Sequence[float], crs_wkt: str | None
) -> None:
    """Write a sample that nobody has labelled yet.

    Args:
        path: File to make; there must be none.
        points: Its points.
        design: How they were drawn.
        probabilities: How likely each of them was to be drawn.
        crs_wkt: CRS of the map.

    Raises:
        OutputError: It cannot be written.
    """
    a, b, c, d, e, f = design.transform[:6]
    col, row = points.cols + 0.5, points.rows + 0.5
    count = len(points.ids)
    nothing = np.full(count, None, object)
    columns = {
        "id": points.ids,
        "label": nothing,
        "unsure": np.zeros(count, bool),
        "remark": nothing,
        "labelled_by": nothing,
        "labelled_at": np.full(count, "NaT", "datetime64[ms]"),
        "row": points.rows,
        "col": points.cols,
        "map_class": np.array(points.map_classes, object),
        "probability": np.array(probabilities, np.float64),
    }
    if points.clusters is not None:
        columns[CLUSTER] = points.clusters
    style = _make_style_row(list(columns), design)
    classes = [(one.id, one.name, one.colour, one.pixels, one.area, one.points) for one in design.classes]
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "'crs' was not provided")  # the run has said it already
            write_layer(
                path,
                layer=POINTS,
                dated=False,  # the same command draws the same points, and writes the same bytes
                driver="GPKG",
                geometry=shapely.to_wkb(shapely.points(a * col + b * row + c, d * col + e * row + f)),
                geometry_type="Point",
                crs=crs_wkt,
                fields=list(columns),
                field_data=list(columns.values()),
                SPATIAL_INDEX="YES",
                GEOMETRY_NAME=GEOMETRY,
                VERSION=VERSION,
            )
            zones = {"update_time": np.array([GDAL_UTC])}
            _add_table(path, STYLES, tuple(style), [tuple(style.values())], gdal_tz_offsets=zones)
            _add_table(path, CLASSES, _TABLES[CLASSES], classes)
            _add_table(path, DESIGN, _TABLES[DESIGN], design.tabulate())
    except OGR_ERRORS as error:
        raise make_output_error(error, path) or OutputError(
            "points-not-written",
            "The points could not be written: {error}.",
            "Check the disk and the folder of the output.",
            error=error,
        ) from error


def _make_style_row(columns: list[str], design: SamplingDesign) -> dict[str, Any]:
    """Make the row that gives the points their form in QGIS."""
    return {
        "f_table_catalog": "",
        "f_table_schema": "",  # QGIS looks for an empty text
        "f_table_name": POINTS,
        "f_geometry_column": GEOMETRY,
        "styleName": POINTS,
        "styleQML": make_point_style(columns, [one.name for one in design.classes]),
        "styleSLD": "",
        "useAsDefault": True,
        "description": "Form to label the points",
        "owner": "",
        "ui": "",
        "update_time": np.datetime64(MOMENT.rstrip("Z"), "ms"),
    }


def _add_table(path: Path, name: str, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]], **more: Any) -> None:
    """Add a table without geometry."""
    data = [np.array(cells, object if isinstance(cells[0], str) else None) for cells in zip(*rows, strict=True)]
    content = {"fields": list(columns), "field_data": data, **more}
    write_layer(
        path,
        dated=False,
        layer=name,
        driver="GPKG",
        append=True,
        geometry=None,
        geometry_type=None,
        crs=None,
        **content,
    )


def refuse_replacing(path: Path) -> None:
    """Refuse to replace points that somebody has labelled, or what is no sample.

    Raises:
        OutputError: It is there.
    """
    if not path.is_file():
        return
    hint = "Choose another name, or remove it yourself."
    try:
        layers = dict(list_layers(path))
        labels = read_arrays(path, POINTS, columns=["label"], read_geometry=False)[3] if POINTS in layers else []
    except OGR_ERRORS as error:
        said = "{path} is there and cannot be read: {error}."
        raise OutputError("points-taken-unreadable", said, hint, path=path, error=error) from error
    if others := layers.keys() - {POINTS, DESIGN, CLASSES, STYLES}:
        said = "{path} holds the layer {layer}, which is no part of a sample."
        raise OutputError("points-taken-layer", said, hint, path=path, layer=min(others))
    if labelled := sum(_clean_label(one) is not None for cells in labels for one in cells.tolist()):
        said = "{path} holds points that somebody has labelled: {labelled}."
        raise OutputError("points-taken", said, hint, path=path, labelled=labelled)


def read_sample(path: VectorPath) -> tuple[SamplingDesign, SamplePoints]:
    """Read a sample, and look whether it still is one.

    Raises:
        DataError: It is no probability sample, or is none any more: points were added, removed or moved.
    """
    try:
        layers = dict(list_layers(path))
        if DESIGN not in layers or CLASSES not in layers or POINTS not in layers:
            raise _make_refusal(path, layers)
        items = dict(zip(*_read_columns(path, DESIGN, _TABLES[DESIGN]), strict=True))
        classes = zip(*_read_columns(path, CLASSES, _TABLES[CLASSES]), strict=True)
        columns: tuple[str, ...] = ("id", "label", "unsure", "row", "col", "map_class")
        meta, _, geometry, data = read_arrays(path, POINTS)
    except OGR_ERRORS as error:
        raise DataError(
            "points-unreadable",
            "The points {path} cannot be read: {error}.",
            "Give what sample-points has written.",
            path=path,
            error=error,
        ) from error
    design = parse_design(
        items, tuple(SampledClass(int(a), b, c, int(d), float(e), int(f)) for a, b, c, d, e, f in classes)
    )
    found = dict(zip(meta["fields"], data, strict=True))
    columns += (CLUSTER,) if design.method == "cluster" else ()
    if missing := [name for name in columns if name not in found]:
        raise DataError(
            "points-column-missing",
            "The points {path} have no column {column!r} any more.",
            "Take the file as it was written.",
            path=path,
            column=missing[0],
        )
    order = np.argsort(found["id"], kind="stable")
    ids, labels, unsure, rows, cols, classes_there, *clusters = (found[name][order] for name in columns)
    points = SamplePoints(
        ids.astype(np.int64),
        rows.astype(np.int64),
        cols.astype(np.int64),
        tuple(classes_there.tolist()),
        tuple(_clean_label(one) for one in labels.tolist()),
        np.array([bool(one) and one == one for one in unsure.tolist()], bool),
        *(one.astype(np.int64) for one in clusters),
    )
    _check(path, design, points, geometry[order])
    return design, points


def _read_columns(path: VectorPath, table: str, names: tuple[str, ...]) -> list[Any]:
    meta, _, _, data = read_arrays(path, table, read_geometry=False)
    found = dict(zip(meta["fields"], data, strict=True))
    if not found.keys() >= set(names):
        raise DataError(
            "points-table-damaged",
            "The table {table} of {path} is damaged.",
            "Draw the points anew.",
            table=table,
            path=path,
        )
    return [found[name].tolist() for name in names]


def _clean_label(label: Any) -> str | None:
    return label.strip() or None if isinstance(label, str) else None


def _make_refusal(path: VectorPath, layers: dict[str, str | None]) -> DataError:
    """Say why a file is no probability sample."""
    hint = "Draw points with aerialseg sample-points, and label those."
    if any("Polygon" in (kind or "") for kind in layers.values()):
        said = (
            "{path} holds polygons: places that somebody chose, like training polygons or uncertain squares, are no "
            "probability sample, and an area estimated from it would only look right."
        )
        return DataError("points-chosen", said, hint, path=path)
    said = (
        "{path} holds points of which nobody knows how they were drawn: they may be no probability sample, and an area "
        "estimated from it would only look right."
    )
    return DataError("points-no-sample", said, hint, path=path)


def _check(path: VectorPath, design: SamplingDesign, points: SamplePoints, geometry: Any) -> None:
    """Refuse a sample that was changed by more than labels.

    Raises:
        DataError: Points were added, removed or moved.
    """
    numbers = set(points.ids.tolist())
    if len(numbers) < len(points.ids) or numbers - set(range(1, design.points + 1)):
        raise DataError(
            "points-added",
            "Points were added to {path}, which drew {drawn}: it is no probability sample any more.",
            "Remove them; for more points, draw a larger sample.",
            path=path,
            drawn=design.points,
        )
    if missing := design.points - len(numbers):
        raise DataError(
            "points-removed",
            "{missing} of the {drawn} points of {path} were removed: what is left is no probability sample.",
            "Leave a point without a label instead, and allow that with --incomplete.",
            missing=missing,
            drawn=design.points,
            path=path,
        )
    x, y = shapely.get_coordinates(shapely.from_wkb(geometry)).T
    a, b, c, d, e, f = (~design.transform)[:6]
    cols, rows = a * x + b * y + c, d * x + e * y + f
    if moved := int(np.sum(np.maximum(abs(cols - points.cols - 0.5), abs(rows - points.rows - 0.5)) > 0.5)):
        raise DataError(
            "points-moved",
            "{moved} points of {path} were moved to other pixels: it is no probability sample any more.",
            "Put them back, or draw the points anew.",
            moved=moved,
            path=path,
        )
    drawn = Counter(points.map_classes)
    if any(drawn[one.name] != one.points for one in design.classes):
        raise DataError(
            "points-changed",
            "The column map_class of {path} was changed.",
            "Take the file as it was written.",
            path=path,
        )
    clusters = points.clusters
    if clusters is not None and len(np.unique(clusters)) != int(design.facts.get("clusters", 0)):
        raise DataError(
            "clusters-changed",
            "The column {column} of {path} was changed.",
            "Take the file as it was written.",
            column=CLUSTER,
            path=path,
        )


def read_labels(path: VectorPath, design: SamplingDesign, ids: NDArray[np.int64]) -> tuple[str | None, ...]:
    """Read labels of a sample from another file, by `id`: one that AcATaMa has saved, or any table.

    Args:
        path: A file with a column `id`, and one of `label` (names), `Is labeled as` or `Label ID` (values).
        design: How the sample was drawn.
        ids: Its points.

    Raises:
        DataError: It cannot be read, has no such columns, labels of other points, or two of one.
    """
    try:
        meta, _, _, data = read_arrays(path, read_geometry=False)
    except OGR_ERRORS as error:
        raise DataError(
            "labels-unreadable",
            "The labels {path} cannot be read: {error}.",
            "Give a file that GDAL opens.",
            path=path,
            error=error,
        ) from error
    columns = {str(name).casefold(): cells.tolist() for name, cells in zip(meta["fields"], data, strict=True)}
    wanted = next((one for one in LABEL_COLUMNS if one in columns), None)
    if "id" not in columns or wanted is None:
        raise DataError(
            "labels-without-columns",
            "{path} has no columns of labels.",
            "Give a file with the columns id and label, such as AcATaMa saves.",
            path=path,
        )
    names = {str(one.id): one.name for one in design.classes} | {one.name: one.name for one in design.classes}
    labels = dict[str, str]()
    for number, cell in zip(columns["id"], columns[wanted], strict=True):
        text = _clean_label(_write_number(cell))
        one = _clean_label(_write_number(number))
        if text is None or one is None:
            continue
        if labels.setdefault(one, names.get(text, text)) != names.get(text, text):
            raise DataError(
                "labels-twice",
                "{path} gives point {point} more than one label.",
                "Let each point have one.",
                path=path,
                point=one,
            )
    if strange := sorted(labels.keys() - {str(one) for one in ids.tolist()}):
        raise DataError(
            "labels-of-others",
            "{path} has labels of points that the sample does not have: {listed}.",
            "Give the labels of this sample.",
            path=path,
            listed=", ".join(strange[:SHOWN]) + (" …" if len(strange) > SHOWN else ""),
        )
    return tuple(labels.get(str(one)) for one in ids.tolist())


def _write_number(cell: Any) -> Any:
    """Write a number as a text, 3.0 as 3; NaN, which stands for nothing, and texts stay as they are."""
    return f"{cell:.15g}" if isinstance(cell, (int, float)) and cell == cell else cell

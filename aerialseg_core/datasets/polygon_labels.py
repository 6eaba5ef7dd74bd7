"""Labels out of polygons: a window's polygons are read, brought into the image's CRS and burnt into its pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError
from rasterio.errors import RasterioError
from rasterio.features import rasterize
from rasterio.warp import transform_bounds

from ..errors import DataError
from ..files.vectors import OGR_ERRORS, read_frame, read_info
from ..metrics import IGNORE
from ..raster.classes import ClassScheme
from ..raster.window import Window
from .pairs import Pair, Polygons
from .rasters import Header, read_header

_SNAP = 1024
"""Vertices are rounded to this part of a pixel, so that a window's pixels are those of the whole image."""

_MARGIN = 0.01
_DEFAULT_FIELD = "class"


def find_class_field(source: Polygons) -> str:
    """Find the field of a vector layer that holds the classes.

    Raises:
        DataError: The layer is unreadable, or has no such field, or several and none is named `class`.
    """
    fields = [str(name) for name in read_layer_info(source.path, source.layer)["fields"]]
    if source.field is not None and source.field in fields:
        return source.field
    has = f"it has {', '.join(fields)}" if fields else "it has none"
    if source.field is not None:
        raise DataError(
            "polygon-field-missing",
            "{path} has no field {field!r}; {has}.",
            "Correct `field` in the TOML.",
            path=source.path,
            field=source.field,
            has=has,
        )
    default = [name for name in fields if name.casefold() == _DEFAULT_FIELD]
    if not default and len(fields) != 1:
        raise DataError(
            "polygon-field-unclear",
            "It is not clear which field of {path} holds the classes; {has}.",
            "Give its `field`.",
            path=source.path,
            has=has,
        )
    return default[0] if default else fields[0]


def read_classes(source: Polygons) -> list[object]:
    """Read the class of every polygon of a layer as it stands in the file; None where it is missing.

    Raises:
        DataError: The layer is unreadable or has no class field.
    """
    name = find_class_field(source)
    frame = _read(source.path, layer=source.layer, columns=[name], read_geometry=False)
    return [_to_plain(value) for value in frame[name].tolist()]


def find_label(value: object, scheme: ClassScheme) -> int:
    """Find the label of a class that is given by its name, whatever the case, or by its id.

    Returns:
        0…N-1; `IGNORE` for None.

    Raises:
        DataError: The scheme has no such class.
    """
    value = _to_plain(value)
    if value is None:
        return IGNORE
    text = str(value).strip()
    for label, name in enumerate(scheme.names):
        if name.casefold() == text.casefold():
            return label
    if text.isdecimal() and 1 <= int(text) <= len(scheme):
        return int(text) - 1
    known = ", ".join(f"{c.id} {c.name}" for c in scheme)
    raise DataError("class-unknown", "There is no class {name!r}.", "The classes are {known}.", name=text, known=known)


def check_polygons(pair: Pair) -> None:
    """Refuse polygons that cannot label an image.

    Raises:
        DataError: A file is unreadable, holds no polygon or has no CRS, the image has none, there is no class field, or
            nothing lies on the image.
    """
    source = require_polygons(pair)
    header = read_header(pair.image)
    if not header.georeferenced:
        raise DataError(
            "image-without-place",
            "{image} has no georeference, so polygons cannot be laid on it.",
            "Georeference the image, or label it with a mask of its size.",
            image=pair.image,
        )
    find_class_field(source)
    paths = [(source.path, source.layer), *([(source.area, None)] if source.area else [])]
    for path, layer in paths:
        if read_layer_info(path, layer)["crs"] is None:
            raise DataError(
                "polygons-without-crs",
                "{path} has no CRS, so its polygons cannot be laid on {image}.",
                "Set its CRS.",
                path=path,
                image=pair.image,
            )
        shapes, _ = _read_shapes(path, layer, None, window=Window(0, 0, *pair.size), header=header)
        if not len(shapes) and not (source.rest and path == source.path):
            raise DataError(
                "polygons-elsewhere",
                "No polygon of {path} lies on {image}.",
                "Check the CRS of both, and the layer.",
                path=path,
                image=pair.image,
            )


def require_polygons(pair: Pair) -> Polygons:
    """Take the polygons of a pair that is labelled by polygons.

    Raises:
        DataError: It is labelled otherwise.
    """
    if not isinstance(pair.labels, Polygons):
        raise DataError("image-not-labelled", "{image} is not labelled by polygons.", image=pair.image)
    return pair.labels


@contextmanager
def polygon_reader(pair: Pair, scheme: ClassScheme) -> Iterator[Callable[[Window], NDArray[np.uint8]]]:
    """Read labels out of polygons.

    A pixel belongs to the polygon that its centre lies in; where polygons overlap, to the one that is later in the
    file. A polygon without a class, and everything outside the area, is `IGNORE`.

    Yields:
        A function that gives the labels of a window, shape (rows, cols).

    Raises:
        DataError: A file is unreadable, or a class is not in the scheme.
    """
    source = require_polygons(pair)
    header = read_header(pair.image)
    yield partial(_burn, source, find_class_field(source), scheme, header)


def read_layer_info(path: Path, layer: str | None) -> dict[str, Any]:
    """Read what pyogrio says of a layer.

    Raises:
        DataError: The file is unreadable, has no such layer, or the layer has no geometry.
    """
    with _explain_errors(path):
        info = read_info(path, layer)
    if info["geometry_type"] is None:
        raise DataError(
            "polygons-without-geometry", "{path} is a table without geometry.", "Give a layer of polygons.", path=path
        )
    return info


def _burn(source: Polygons, name: str, scheme: ClassScheme, header: Header, window: Window) -> NDArray[np.uint8]:
    rest = IGNORE if source.rest is None else find_label(source.rest, scheme)
    labels = np.full(window.shape, rest, np.uint8)
    shapes, values = _read_shapes(source.path, source.layer, name, window=window, header=header)
    if len(shapes):
        burnt = [(shape, find_label(value, scheme)) for shape, value in zip(shapes, values, strict=True)]
        rasterize(burnt, out=labels, transform=Affine.translation(window.col, window.row))
    if source.area is not None:
        shapes, _ = _read_shapes(source.area, None, None, window=window, header=header)
        inside = np.zeros(window.shape, np.uint8)
        if len(shapes):
            rasterize(shapes, out=inside, transform=Affine.translation(window.col, window.row))
        labels[inside == 0] = IGNORE
    return labels


def _read_shapes(
    path: Path, layer: str | None, name: str | None, *, window: Window, header: Header
) -> tuple[NDArray[Any], list[Any]]:
    """Polygons that may touch a window, in pixels of the image, and what their field says, in the order of the file."""
    with _explain_errors(path):
        own = CRS.from_user_input(read_layer_info(path, layer)["crs"])
        box = _transform_bounds(own, window, header)
        columns = [] if name is None else [name]
        # Filtered here: GDAL asks SQLite's R-tree, which is missing where TensorFlow has loaded another SQLite before
        frame = _read(path, layer=layer, columns=columns, fid_as_index=True).sort_index()
        frame = frame[frame.geometry.notna() & frame.geometry.intersects(shapely.box(*box))]
        geometry = frame.geometry.to_crs(header.crs.to_wkt()) if len(frame) and header.crs else frame.geometry
    parts, owners = shapely.get_parts(shapely.force_2d(geometry.to_numpy()), return_index=True)
    if len(parts):  # collections hold collections
        parts, inner = shapely.get_parts(parts, return_index=True)
        owners = owners[inner]
    areal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON if len(parts) else np.zeros(0, bool)
    values = frame[name].tolist() if name is not None else [None] * len(frame)
    return _to_pixels(parts[areal], header.transform), [values[i] for i in owners[areal]]


def _transform_bounds(crs: CRS, window: Window, header: Header) -> tuple[float, float, float, float]:
    """The bounds of a window in another CRS, somewhat widened."""
    corners = [
        header.transform * (window.col + c * window.width, window.row + r * window.height)
        for c in (0, 1)
        for r in (0, 1)
    ]
    xs, ys = zip(*corners, strict=True)
    bounds = (min(xs), min(ys), max(xs), max(ys))
    if header.crs is not None:
        bounds = transform_bounds(header.crs, crs.to_wkt(), *bounds)
    margin = _MARGIN * max(bounds[2] - bounds[0], bounds[3] - bounds[1])
    return bounds[0] - margin, bounds[1] - margin, bounds[2] + margin, bounds[3] + margin


def _to_pixels(shapes: NDArray[Any], transform: Affine) -> NDArray[Any]:
    """The same shapes in pixels (col, row), rounded to a small part of a pixel."""
    if not len(shapes):
        return shapes
    a, b, c, d, e, f = tuple(~transform)[:6]

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = xy[:, 0], xy[:, 1]
        moved = np.column_stack([a * x + b * y + c, d * x + e * y + f])
        rounded: NDArray[np.float64] = np.round(moved * _SNAP) / _SNAP
        return rounded

    moved: NDArray[Any] = shapely.transform(shapes, move)
    return moved


def _read(path: Path, **options: Any) -> Any:
    with _explain_errors(path):
        return read_frame(path, **options)


def _to_plain(value: object) -> object:
    """A value of a field: None for what is missing; whole numbers as such, although a missing one makes them floats."""
    if value is None or value != value or value == "":  # NaN differs from itself
        return None
    return int(value) if isinstance(value, float) and value.is_integer() else value


@contextmanager
def _explain_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OGR_ERRORS as error:
        raise DataError(
            "polygons-unreadable",
            "The polygons {path} cannot be read: {error}.",
            "Give a vector file such as a GeoPackage.",
            path=path,
            error=error,
        ) from error
    except (CRSError, RasterioError) as error:
        raise DataError(
            "polygons-crs-unusable",
            "The CRS of {path} cannot be used: {error}.",
            "Set its CRS.",
            path=path,
            error=error,
        ) from error

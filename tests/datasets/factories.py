"""Tiny georeferenced rasters and polygons, made by code."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray

from aerialseg_core.datasets.labelled_data import LabelledData, open_data
from aerialseg_core.datasets.labels import Census, count_labels, read_labels
from aerialseg_core.datasets.pairs import LabelRaster, Mask, Pair, Polygons
from aerialseg_core.raster.classes import ClassScheme

UTM40 = "EPSG:32640"
GRID = Affine(2, 0, 300000, 0, -2, 2800000)
"""2 m per pixel, north up."""

SIZE = (20, 30)
"""(rows, cols) of the images of `open_numbers`."""

TWO = ClassScheme.of([("Field", "#00FF00"), ("Wood", "#004400")])


def write_tiff(path: Path, pixels: NDArray[Any], **options: Any) -> Path:
    """Write a GeoTIFF of an array (bands, rows, cols) on `GRID` unless told otherwise."""
    bands, rows, cols = pixels.shape
    shape = {"count": bands, "height": rows, "width": cols, "dtype": pixels.dtype}
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(path, "w", driver="GTiff", **{"crs": UTM40, "transform": GRID, **shape, **options}) as target:
        target.write(pixels)
    return path


def write_image(folder: Path, size: tuple[int, int], name: str = "image.tif", **options: Any) -> Path:
    """Write an image of noise."""
    return write_tiff(folder / name, np.random.default_rng(1).integers(1, 255, (3, *size), np.uint8), **options)


def box(left: float, top: float, right: float, bottom: float, transform: Affine = GRID) -> shapely.Polygon:
    """A rectangle from pixel (left, top) to (right, bottom), in the CRS of the image."""
    return shapely.Polygon(
        [transform * corner for corner in ((left, top), (right, top), (right, bottom), (left, bottom))]
    )


def write_polygons(path: Path, shapes: list[Any], crs: str | None = UTM40, **fields: list[Any]) -> Path:
    """Write polygons given in `UTM40` in another CRS; None: without any."""
    frame = geopandas.GeoDataFrame(fields, geometry=shapes, crs=UTM40)
    frame = frame.to_crs(crs) if crs else frame.set_crs(None, allow_override=True)
    frame.to_file(path)
    return path


def write_toml(folder: Path, text: str) -> Path:
    """Write a TOML that pairs images with labels."""
    path = folder / "data.toml"
    path.write_text(text, encoding="utf-8")
    return path


def pair_of(image: Path, labels: Mask | LabelRaster | Polygons, group: str = ".") -> Pair:
    """A pair with the size of its image."""
    with rasterio.open(image) as source:
        return Pair(image, labels, group, (source.height, source.width))


def list_classes(*names: str, values: tuple[int, ...] = ()) -> str:
    """The classes of a TOML."""
    lines = []
    for i, name in enumerate(names):
        lines.append(f'[[classes]]\nname = "{name}"\ncolour = "#0000{i:02X}"')
        lines += [f"value = {values[i]}"] if values else []
    return "\n".join(lines) + "\n"


def open_numbers(
    folder: Path,
    numbers: list[int],
    head: str,
    pair: str = "",
    *,
    strict: bool = True,
    dtype: str = "uint8",
    **options: Any,
) -> LabelledData:
    """Open a data set of one label raster whose rows hold these numbers in turn."""
    write_image(folder, SIZE)
    pixels = np.resize(np.array(numbers, dtype), SIZE[0])[None, :, None].repeat(SIZE[1], 2)
    write_tiff(folder / "ids.tif", pixels, **options)
    text = f'{head}[[pairs]]\nimage = "image.tif"\nlabels = "ids.tif"\n{pair}'
    return open_data(write_toml(folder, text), strict=strict)


def read_rows(data: LabelledData, rows: int) -> list[int]:
    """The labels of the first rows."""
    labels = read_labels(data.pairs[0], data.scheme)
    assert (labels == labels[:, :1]).all()
    return [int(label) for label in labels[:rows, 0]]


@cache
def count_data(folder: Path) -> tuple[LabelledData, list[Census]]:
    """Open real data and count the labels of its pairs, once for all tests."""
    data = open_data(folder)
    return data, [count_labels(pair, data.scheme) for pair in data.pairs]

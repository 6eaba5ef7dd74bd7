"""Palette images as the colours that they show: their numbers mean nothing to a network, nor does a mean of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree  # nosec B405 - writes XML, reads none

import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio._path import _parse_path  # how GDAL calls what rasterio was given; rasterio has no public name for it
from rasterio.crs import CRS
from rasterio.enums import ColorInterp, MaskFlags, Resampling
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

_COMPONENTS = ("Red", "Green", "Blue", "Alpha")
_PIXEL_CRS = CRS.from_epsg(3857)  # any CRS in plane units will do: source and target share it


def is_palette(dataset: Any) -> bool:
    """Whether a raster has, besides alpha, one band, and that one stores numbers of colours."""
    shown = [colour for colour in dataset.colorinterp if colour is not ColorInterp.alpha]
    return shown == [ColorInterp.palette]


@contextmanager
def expand_palette(dataset: Any) -> Iterator[Any]:
    """A palette image as an image of red, green and blue; any other raster as it is.

    Nodata value, mask and transparent colours become alpha. Nothing is read here: every window is looked up when it is
    read, and what resamples it averages colours.

    Args:
        dataset: An open rasterio dataset.

    Yields:
        A rasterio dataset on the same grid.
    """
    if not is_palette(dataset):
        yield dataset
        return
    with rasterio.open(_virtual(dataset)) as colours:
        yield colours


def read_averaged(dataset: Any, bands: Sequence[int], window: Window | None, shape: tuple[int, int]) -> NDArray[Any]:
    """Read bands of a part of an image as means of its pixels.

    Args:
        dataset: An open rasterio dataset, `expand_palette` if it may be a palette image.
        bands: Which, counted from 1.
        window: The part; None: the whole image.
        shape: (rows, cols) of the result.

    Returns:
        Shape (bands, rows, cols), type as stored.
    """
    if not dataset.name.startswith("<VRTDataset"):
        pixels: NDArray[Any] = dataset.read(
            list(bands), window=window, out_shape=(len(bands), *shape), resampling=Resampling.average
        )
        return pixels
    part = window or Window(0, 0, dataset.width, dataset.height)
    pixel = Affine.scale(1, -1)
    place = Affine.translation(part.col_off, part.row_off) * Affine.scale(part.width / shape[1], part.height / shape[0])
    with WarpedVRT(  # of a virtual raster GDAL would average the numbers of the colours
        dataset,
        src_crs=_PIXEL_CRS,
        src_transform=pixel,
        crs=_PIXEL_CRS,
        transform=pixel * place,
        height=shape[0],
        width=shape[1],
        resampling=Resampling.average,
    ) as warped:
        averaged: NDArray[Any] = warped.read(list(bands))
        return averaged


def _virtual(dataset: Any) -> str:
    """The XML of a virtual raster that looks every pixel up in the palette, as `gdal_translate -expand` makes it."""
    root = ElementTree.Element("VRTDataset", rasterXSize=str(dataset.width), rasterYSize=str(dataset.height))
    if dataset.crs is not None:
        ElementTree.SubElement(root, "SRS").text = dataset.crs.to_wkt()
    if not dataset.transform.is_identity:
        place = ", ".join(repr(float(value)) for value in dataset.transform.to_gdal())
        ElementTree.SubElement(root, "GeoTransform").text = place
    number = 1 + [colour is ColorInterp.palette for colour in dataset.colorinterp].index(True)
    rows, cols = dataset.block_shapes[number - 1]
    for component in range(1, 5 if _has_gaps(dataset, number) else 4):
        band = ElementTree.SubElement(
            root,
            "VRTRasterBand",
            dataType="Byte",
            band=str(component),
            blockXSize=str(cols),
            blockYSize=str(rows),
        )
        ElementTree.SubElement(band, "ColorInterp").text = _COMPONENTS[component - 1]
        source = ElementTree.SubElement(band, "ComplexSource")
        # Not shared: two scenes over one file are read by two threads.
        name = ElementTree.SubElement(source, "SourceFilename", relativeToVRT="0", shared="0")
        name.text = _parse_path(dataset.name).as_vsi()
        ElementTree.SubElement(source, "SourceBand").text = str(number)
        ElementTree.SubElement(source, "ColorTableComponent").text = str(component)
        if component == 4:
            ElementTree.SubElement(source, "UseMaskBand").text = "true"
    return ElementTree.tostring(root, encoding="unicode")


def _has_gaps(dataset: Any, number: int) -> bool:
    """Whether some pixels may have no data: by nodata value, mask or alpha, or because their colour is transparent."""
    transparent = any(colour[3] == 0 for colour in dataset.colormap(number).values())
    return transparent or dataset.mask_flag_enums[number - 1] != [MaskFlags.all_valid]

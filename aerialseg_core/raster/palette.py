"""Palette images as the colours that they show: their numbers mean nothing to a network, nor does a mean of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from xml.etree import ElementTree  # nosec B405 - writes XML, reads none

import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags, Resampling
from rasterio.windows import Window

from ..files.xml_elements import read_root
from .opening import Dataset, describe_as_vrt, open_resampled, unshare_sources

_COMPONENTS = ("Red", "Green", "Blue", "Alpha")


@contextmanager
def expand_palette(dataset: Dataset) -> Iterator[Dataset]:
    """Open a palette image as one of red, green and blue; any other raster stays as it is.

    Nodata value, mask and transparent colours become alpha. Nothing is read here: every window is looked up when it is
    read, and what resamples it averages colours.

    Args:
        dataset: An open rasterio dataset.

    Yields:
        A rasterio dataset on the same grid.
    """
    shown = [colour for colour in dataset.colorinterp if colour is not ColorInterp.alpha]
    if shown != [ColorInterp.palette] or not _has_colours(dataset):
        yield dataset
        return
    with rasterio.open(_write_vrt(dataset)) as colours:
        yield colours


def read_averaged(
    dataset: Dataset, bands: Sequence[int], window: Window | None, shape: tuple[int, int]
) -> NDArray[Any]:
    """Read bands of a part of an image as means of its pixels.

    Args:
        dataset: An open rasterio dataset, through `expand_palette` if it may be a palette image.
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
    place = Affine.translation(part.col_off, part.row_off) * Affine.scale(part.width / shape[1], part.height / shape[0])
    # of a virtual raster GDAL would average the numbers of the colours
    with open_resampled(dataset, place, shape, Resampling.average) as resampled:
        averaged: NDArray[Any] = resampled.read(list(bands))
        return averaged


def _write_vrt(dataset: Dataset) -> str:
    """Write the XML of a VRT that looks every pixel up in the palette, as `gdal_translate -expand` does."""
    root = ElementTree.Element("VRTDataset", rasterXSize=str(dataset.width), rasterYSize=str(dataset.height))
    if dataset.crs is not None:
        ElementTree.SubElement(root, "SRS").text = dataset.crs.to_wkt()
    if not dataset.transform.is_identity:
        place = ", ".join(repr(float(value)) for value in dataset.transform.to_gdal())
        ElementTree.SubElement(root, "GeoTransform").text = place
    number = 1 + [colour is ColorInterp.palette for colour in dataset.colorinterp].index(True)
    rows, cols = dataset.block_shapes[number - 1]
    described = describe_as_vrt(dataset)
    source_name = next(read_root(BytesIO(described)).iter("SourceFilename")).text
    if (
        dataset.driver == "VRT"
    ):  # of which GDAL names the sources only; addresses it knows by another name than rasterio
        source_name = unshare_sources(described) if "://" in dataset.name else dataset.name
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
        name = ElementTree.SubElement(source, "SourceFilename", relativeToVRT="0", shared="0")
        name.text = source_name
        ElementTree.SubElement(source, "SourceBand").text = str(number)
        ElementTree.SubElement(source, "ColorTableComponent").text = str(component)
        if component == 4:
            ElementTree.SubElement(source, "UseMaskBand").text = "true"
    return ElementTree.tostring(root, encoding="unicode")


def _has_colours(dataset: Dataset) -> bool:
    """Tell whether a band that is called a palette has one."""
    number = 1 + dataset.colorinterp.index(ColorInterp.palette)
    try:
        return bool(dataset.colormap(number))
    except ValueError:  # of rasterio, for a NULL color table
        return False


def _has_gaps(dataset: Dataset, number: int) -> bool:
    """Tell whether pixels may have no data: by nodata value, mask or alpha, or because a colour is transparent."""
    transparent = any(colour[3] == 0 for colour in dataset.colormap(number).values())
    return transparent or dataset.mask_flag_enums[number - 1] != [MaskFlags.all_valid]

"""Mosaics as files: a virtual raster over sheets of a picture, and indexes over sheets of class rasters.

A virtual raster is named after what it says and has no date, so that the same sheets give the same file.
"""

from __future__ import annotations

import hashlib
import math
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape  # nosec B406 - writes XML, reads none

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.enums import ColorInterp

from ..files.outputs import make_temporary_path, raise_output_errors
from ..files.vectors import write_layer
from .class_raster import Layer, RasterGrid, describe_mosaic, describe_scheme
from .sheets import Gaps, Mosaic, Sheet
from .window import Window, spans

INDEX_LAYER = "sheets"
"""Layer of the footprints in an index."""

MOST_SOURCES = 256
"""Sheets of one virtual raster; with more of them it is one over virtual rasters of parts of the area."""

_SHEETS_OF_AREA = 64
_BLOCK = 128  # side of the blocks of a virtual raster, px
_TYPES = {"uint8": "Byte", "int8": "Int8", "uint16": "UInt16", "int16": "Int16", "uint32": "UInt32", "int32": "Int32"}
_TYPES |= {"uint64": "UInt64", "int64": "Int64", "float32": "Float32", "float64": "Float64"}

_USE_MASK = "<UseMaskBand>true</UseMaskBand>"
_USE_ZERO = "<NODATA>0</NODATA>"


def write_mosaic(mosaic: Mosaic, folder: Path, *, nodata: float | None = None) -> Path:
    """Write a virtual raster over sheets (https://gdal.org/drivers/raster/vrt.html).

    Where it has data, its alpha band tells if the sheets have one, the nodata value if one is given, else its mask.
    Where a sheet has no data, the one below is seen.

    Args:
        mosaic: The sheets.
        folder: Where to write it, and what else it needs.
        nodata: Value that means no data where all bands hold it, instead of what the sheets declare.

    Returns:
        The file.

    Raises:
        OutputError: It cannot be written.
    """
    if len(mosaic.sheets) <= MOST_SOURCES:
        return _write_sheets(mosaic, folder, nodata)
    first = mosaic.sheets[0]
    parts, areas = [], []
    for area, members in _cut_area(mosaic):
        transform = mosaic.transform * Affine.translation(area.col, area.row)
        windows = tuple(mosaic.windows[k].relative_to(area) for k in members)
        part = Mosaic(tuple(mosaic.sheets[k] for k in members), windows, area.shape, transform)
        shown = str(_write_sheets(part, folder, nodata))
        block = min(_BLOCK, area.height), min(_BLOCK, area.width)
        gaps: Gaps = "alpha" if first.gaps == "alpha" else "mask"
        parts.append(replace(first, view=shown, shape=area.shape, transform=transform, gaps=gaps, block=block))
        areas.append(area)
    return _write_sheets(replace(mosaic, sheets=tuple(parts), windows=tuple(areas)), folder, nodata)


def _cut_area(mosaic: Mosaic) -> Iterator[tuple[Window, list[int]]]:
    """Cut the area of a mosaic into squares, and list the sheets that each shows, from the lowest to the uppermost.

    GDAL looks at every source of a virtual raster whenever it reads a window, and keeps them all in memory.
    """
    rows, cols = mosaic.shape
    side = math.ceil(math.sqrt(rows * cols * _SHEETS_OF_AREA / len(mosaic.sheets)))
    tree = shapely.STRtree(_make_boxes(mosaic.windows))
    for top, bottom in spans(0, rows, side):
        for left, right in spans(0, cols, side):
            members = sorted(tree.query(shapely.box(left, top, right, bottom), predicate="intersects").tolist())
            if members:
                yield Window(top, left, bottom - top, right - left), members


def _write_sheets(mosaic: Mosaic, folder: Path, nodata: float | None) -> Path:
    """Write a virtual raster that has all sheets of a mosaic as its sources."""
    first = mosaic.sheets[0]
    views = [_find_view(sheet, folder) for sheet in mosaic.sheets]
    parts = [
        (*(_cut_out(view, sheet, folder, nodata) if overlaps else (view, "")), sheet, window)
        for view, sheet, window, overlaps in zip(
            views, mosaic.sheets, mosaic.windows, _find_overlapping(mosaic.windows), strict=True
        )
    ]
    lines = []
    for band, fact in enumerate(first.facts, start=1):
        alpha = fact.colour is ColorInterp.alpha
        lines += _begin_band(first, band, None if alpha else nodata)
        for view, rule, sheet, window in parts:
            lines.append(_write_source(view, str(band), sheet, window, _USE_ZERO if alpha and rule else rule))
        lines.append("</VRTRasterBand>")
    if nodata is None and first.gaps != "alpha":
        lines.append('<MaskBand><VRTRasterBand dataType="Byte">')
        for view, sheet, window in zip(views, mosaic.sheets, mosaic.windows, strict=True):
            lines += _write_mask(view, sheet, window)
        lines.append("</VRTRasterBand></MaskBand>")
    return _write_raster(folder, mosaic.shape, mosaic.crs, mosaic.transform, lines)


def _find_view(sheet: Sheet, folder: Path) -> str:
    """Find the name from which GDAL reads a sheet as it is meant."""
    return str(_write_once(folder, sheet.view)) if sheet.view.startswith("<") else sheet.view


def _find_overlapping(windows: Sequence[Window]) -> NDArray[np.bool_]:
    """Find which windows have a pixel in common with another one."""
    inner = _make_boxes(windows)
    one, other = shapely.STRtree(inner).query(inner, predicate="intersects")
    found = np.zeros(len(windows), bool)
    found[one[one != other]] = True
    return found


def _make_boxes(windows: Sequence[Window]) -> NDArray[Any]:
    """Make a box of each window, (col, row), a little smaller so that neighbours do not touch."""
    corners = [(w.col + 0.25, w.row + 0.25, w.col + w.width - 0.25, w.row + w.height - 0.25) for w in windows]
    boxes: NDArray[Any] = shapely.box(*np.array(corners).T)
    return boxes


def _cut_out(view: str, sheet: Sheet, folder: Path, nodata: float | None) -> tuple[str, str]:
    """Find a name under which a sheet has one mask for all bands, and the element by which that counts.

    By itself GDAL would compare every band with the nodata value, and mix the colours of two sheets in one pixel.
    """
    if sheet.gaps in ("alpha", "mask"):
        return view, _USE_MASK
    if sheet.gaps == "none" and nodata is None:
        return view, "<NODATA>nan</NODATA>" if sheet.dtypes[0].startswith("float") else ""
    whole = Window(0, 0, *sheet.shape)

    def rewrite(name: str, declared: float | None, mask: list[str]) -> str:
        lines = []
        for band in range(1, len(sheet.facts) + 1):
            source = _write_source(name, str(band), sheet, whole, "")
            lines += [*_begin_band(sheet, band, declared), source, "</VRTRasterBand>"]
        return str(_write_raster(folder, sheet.shape, sheet.crs, sheet.transform, [*lines, *mask]))

    if nodata is not None:
        view = rewrite(view, nodata, [])
    masks = [_write_source(view, f"mask,{band}", sheet, whole, _USE_ZERO) for band in range(1, len(sheet.facts) + 1)]
    opened = '<MaskBand><VRTRasterBand dataType="Byte">'
    return rewrite(view, None, [opened, *masks, "</VRTRasterBand></MaskBand>"]), _USE_MASK


def _write_mask(view: str, sheet: Sheet, window: Window) -> Iterator[str]:
    """Write where a sheet has data: where any band has."""
    if sheet.gaps != "nodata":
        yield _write_source(view, "mask,1", sheet, window, "" if sheet.gaps == "none" else _USE_ZERO)
        return
    for band in range(1, len(sheet.facts) + 1):
        yield _write_source(view, f"mask,{band}", sheet, window, _USE_ZERO)


def _begin_band(sheet: Sheet, band: int, nodata: float | None) -> list[str]:
    """Begin a band that is that of a sheet."""
    fact = sheet.facts[band - 1]
    lines = [f'<VRTRasterBand dataType="{_TYPES[sheet.dtypes[band - 1]]}" band="{band}">']
    if fact.name:
        lines.append(f"<Description>{escape(fact.name)}</Description>")
    if fact.wavelength is not None:
        item = f'<MDI key="CENTRAL_WAVELENGTH_UM">{fact.wavelength!r}</MDI>'
        lines.append(f'<Metadata domain="IMAGERY">{item}</Metadata>')
    if nodata is not None:
        lines.append(f"<NoDataValue>{nodata!r}</NoDataValue>")
    return [*lines, f"<ColorInterp>{fact.colour.name.capitalize()}</ColorInterp>"]


def _write_source(view: str, band: str, sheet: Sheet, window: Window, rule: str) -> str:
    """Write a sheet as a source of a band.

    With its size and type in the XML it is opened when it is read, and closed when others are; unshared, as two threads
    may read one file through two virtual rasters.
    """
    rows, cols = sheet.shape
    kind = "ComplexSource" if rule else "SimpleSource"
    size = f'xSize="{cols}" ySize="{rows}"'
    dtype = _TYPES[sheet.dtypes[0 if band.startswith("mask") else int(band) - 1]]
    return (
        f'<{kind}><SourceFilename relativeToVRT="0" shared="0">{escape(view)}</SourceFilename>'
        f"<SourceBand>{band}</SourceBand>"
        f'<SourceProperties RasterXSize="{cols}" RasterYSize="{rows}" DataType="{dtype}"'
        f' BlockXSize="{sheet.block[1]}" BlockYSize="{sheet.block[0]}"/>'
        f'<SrcRect xOff="0" yOff="0" {size}/><DstRect xOff="{window.col}" yOff="{window.row}" {size}/>{rule}</{kind}>'
    )


def _write_raster(folder: Path, shape: tuple[int, int], crs: CRS | None, transform: Affine, bands: list[str]) -> Path:
    place = ", ".join(repr(value) for value in transform.to_gdal())
    srs = f"<SRS>{escape(crs.to_wkt())}</SRS>" if crs else ""
    located = "" if transform.is_identity else f"<GeoTransform>{place}</GeoTransform>"
    begin = f'<VRTDataset rasterXSize="{shape[1]}" rasterYSize="{shape[0]}">{srs}{located}'
    return _write_once(folder, "\n".join([begin, *bands, "</VRTDataset>"]))


def _write_once(folder: Path, text: str) -> Path:
    """Write a virtual raster under a name that tells its content, with no date."""
    content = text.encode()
    path = folder / f"{hashlib.sha256(content).hexdigest()[:24]}.vrt"
    with raise_output_errors(path):
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != content:
            temporary = make_temporary_path(path)
            temporary.write_bytes(content)
            os.replace(temporary, path)
        os.utime(path, (0, 0))
    return path


def write_indexes(stem: Path, layer: Layer, mosaic: Mosaic, rasters: Sequence[Path]) -> list[Path]:
    """Write indexes over rasters that were made of the sheets of a mosaic, each on the grid of its sheet.

    One is a virtual raster (.vrt). The other is a tile index (.gti.gpkg, https://gdal.org/drivers/raster/gti.html),
    which GDAL reads from 3.9 on, however many sheets there are; it cannot tell of pixels that are not north-up.

    Args:
        stem: Name of the indexes without ending; the rasters lie in its folder or below. What is there is replaced.
        layer: What the rasters are.
        mosaic: The sheets.
        rasters: The raster of each sheet.

    Returns:
        The files.

    Raises:
        OutputError: They cannot be written.
    """
    virtual, index = (stem.with_name(stem.name + ending) for ending in (".vrt", ".gti.gpkg"))
    with _replace(virtual) as temporary:
        temporary.write_text(_describe(stem, layer, mosaic, rasters), encoding="utf-8")
    place = mosaic.transform
    if place.b or place.d or place.a <= 0 or place.e >= 0:
        return [virtual]
    left, top = place.c, place.f
    names = _list_names(stem, rasters)
    boxes = [
        shapely.box(
            left + w.col * place.a,
            top + (w.row + w.height) * place.e,
            left + (w.col + w.width) * place.a,
            top + w.row * place.e,
        )
        for w in mosaic.windows
    ]
    with _replace(index) as temporary:
        write_layer(
            temporary,
            geometry=shapely.to_wkb(boxes),
            field_data=[np.array(names, object), np.arange(len(names))],
            fields=["location", "place"],
            layer=INDEX_LAYER,
            geometry_type="Polygon",
            crs=mosaic.crs.to_wkt() if mosaic.crs else None,
            driver="GPKG",
            layer_metadata={"SORT_FIELD": "place"},
        )
        with closing(sqlite3.connect(temporary)) as database, database:
            database.execute("UPDATE gpkg_metadata SET metadata = ?", (_describe_index(layer, mosaic),))
    return [virtual, index]


def name_index(stem: Path) -> Path:
    """Name the index that tells by its content whether it is that of some rasters, as `is_index` looks."""
    return stem.with_name(f"{stem.name}.vrt")


def is_index(stem: Path, layer: Layer, mosaic: Mosaic, rasters: Sequence[Path]) -> bool:
    """Tell whether a virtual raster is there already that is the index over these rasters, as `write_indexes`."""
    try:
        found = name_index(stem).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False
    return found == _describe(stem, layer, mosaic, rasters)


def _list_names(stem: Path, rasters: Sequence[Path]) -> list[str]:
    return [path.relative_to(stem.parent).as_posix() for path in rasters]


def _describe(stem: Path, layer: Layer, mosaic: Mosaic, rasters: Sequence[Path]) -> str:
    """Describe the virtual raster over rasters that lie beside it or below."""
    grid = RasterGrid(mosaic.shape, mosaic.crs, mosaic.transform)
    return describe_mosaic(layer, grid, list(zip(_list_names(stem, rasters), mosaic.windows, strict=True)))


def _describe_index(layer: Layer, mosaic: Mosaic) -> str:
    """Describe the raster that an index stands for, as a GeoPackage keeps it: what is no plain item is XML in a domain.

    pyogrio writes plain items only, among which there is no colour table.
    """
    scheme = describe_scheme(layer.scheme) if layer.scheme else ""
    rows, cols = mosaic.shape
    place = ",".join(repr(value) for value in mosaic.transform.to_gdal())
    return (
        '<GDALMultiDomainMetadata><Metadata domain="xml:GTI" format="xml"><GDALTileIndexDataset>'
        "<SortField>place</SortField>"
        f"<GeoTransform>{place}</GeoTransform><XSize>{cols}</XSize><YSize>{rows}</YSize>"
        f'<Band band="1" dataType="Byte"><NoDataValue>{layer.nodata}</NoDataValue>{scheme}</Band>'
        "</GDALTileIndexDataset></Metadata></GDALMultiDomainMetadata>"
    )


@contextmanager
def _replace(path: Path) -> Iterator[Path]:
    """Replace a small file at once."""
    temporary = make_temporary_path(path)
    with raise_output_errors(path):
        try:
            yield temporary
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)

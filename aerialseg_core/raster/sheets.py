"""Sheets: rasters that are parts of one picture of the ground, and which of them belong together.

Sheets belong together if they have one CRS, one type of pixels and one set of bands, and if their pixels lie on one
lattice: a sheet is then a window of the mosaic, and nothing is resampled. Where they overlap, the upper one is seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from io import BytesIO
from pathlib import Path
from typing import Literal

import numpy as np
import shapely
from affine import Affine
from rasterio.crs import CRS
from rasterio.enums import MaskFlags

from ..config import SheetOrder
from ..errors import RasterReadError, SceneError
from ..files.xml_elements import read_root
from ..redaction import redact
from .bands import BandFacts, read_facts
from .geodesy import Gsd
from .identity import RasterState, read_state, refuse_changed
from .opening import Dataset, describe_as_vrt, is_remote, refuse_large_blocks
from .scene import open_scene
from .window import Window

TOLERANCE = 0.05
"""How far pixels may lie beside the lattice of a mosaic, px: coordinates are rounded when they are written."""

NOTED = 0.001
"""How far beside it is worth a word, px."""

Gaps = Literal["none", "nodata", "alpha", "mask"]
"""How a raster says where it has no data."""


@dataclass(frozen=True)
class Sheet:
    """What must be known of a sheet to put it into a mosaic. Make it with `read_sheet`."""

    source: str
    """What it was opened from."""
    view: str
    """What GDAL reads it from: a name, or the XML of a VRT that shows it as it is meant, a palette as colours."""
    shape: tuple[int, int]
    """(rows, cols)."""
    crs: CRS | None
    transform: Affine
    """Pixel to CRS."""
    gsd: Gsd | None
    """Metres on the ground per pixel, (along a column, along a row)."""
    dtypes: tuple[str, ...]
    """Types of the pixels, band by band."""
    facts: tuple[BandFacts, ...]
    """What is known of each band."""
    bands: tuple[int, ...]
    """Bands in the order of the model, counted from 1."""
    gaps: Gaps
    """How it says where it has no data."""
    block: tuple[int, int]
    """(rows, cols) of the blocks in which it is stored."""
    date: str
    """When it was taken, 14 digits from year to second; else when its file was changed; empty if nobody knows."""
    state: RasterState
    """Which state of it this is."""


@dataclass(frozen=True)
class Mosaic:
    """Sheets on one lattice, as one raster."""

    sheets: tuple[Sheet, ...]
    """From the lowest to the uppermost."""
    windows: tuple[Window, ...]
    """Where each of them lies."""
    shape: tuple[int, int]
    """(rows, cols)."""
    transform: Affine
    """Pixel to CRS."""
    drift: float = 0.0
    """How far the pixels of a sheet lie beside the lattice at most, px."""

    @property
    def crs(self) -> CRS | None:
        """The CRS of all sheets."""
        return self.sheets[0].crs

    def split(self, *, reach: int, stride: int, margin: int) -> list[Mosaic]:
        """Split the mosaic into islands: sheets so far from all others that no window sees both.

        What lies between islands takes no time then. Their edges are those of cells of the window grid over the whole
        mosaic, with more than `margin` pixels without data before the sheets, unless the mosaic ends there: so every
        window is where it would be, and sees what it would see.

        Args:
            reach: How far a window sees, px.
            stride: Side of a cell, px.
            margin: Overlap of windows, px.
        """
        corners = np.array([(w.col, w.row, w.col + w.width, w.row + w.height) for w in self.windows])
        left, top, right, bottom = corners.T
        reached = shapely.box(left - reach / 2, top - reach / 2, right + reach / 2, bottom + reach / 2)
        parts = shapely.get_parts(shapely.union_all(reached))
        if len(parts) == 1:
            return [self]
        own, island = shapely.STRtree(parts).query(shapely.box(left, top, right, bottom), predicate="intersects")
        found = []
        for number in range(len(parts)):
            members = own[island == number]
            row, col = (max(0, (int(edge[members].min()) - margin) // stride * stride) for edge in (top, left))
            end, stop = (
                min(size, int(edge[members].max()) + margin + 1)
                for size, edge in zip(self.shape, (bottom, right), strict=True)
            )
            box = Window(row, col, end - row, stop - col)
            found.append(
                Mosaic(
                    tuple(self.sheets[k] for k in members),
                    tuple(self.windows[k].relative_to(box) for k in members),
                    box.shape,
                    self.transform * Affine.translation(col, row),
                )
            )
        return found


def read_sheet(
    source: str | Path,
    wanted: Sequence[str],
    *,
    bands: tuple[int, ...] | None = None,
    nodata: float | None = None,
    memory: int,
) -> Sheet:
    """Read what must be known of a sheet; its pixels are not read.

    Args:
        source: Anything that rasterio opens.
        wanted: Names of the bands that the model wants, in its order.
        bands: As `open_scene`.
        nodata: As `open_scene`.
        memory: Bytes that may be used to read it.

    Raises:
        RasterReadError, SceneError: As `open_scene`; or it is read from an address with a secret.
    """
    text = str(source)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise RasterReadError(
            "name-not-text", "The name {name!a} is no UTF-8, so GDAL cannot open it.", "Rename it.", name=text
        ) from None
    if redact(text) != text:
        raise SceneError(
            "mosaic-secret",
            "{scene} cannot be put into a mosaic: its address holds a secret, which a file would keep.",
            "Give the secret in the environment, as in GDAL_HTTP_USERPWD, or leave out --mosaic.",
            scene=redact(text),
        )
    name = text if is_remote(text) or ":" in text[2:] else str(Path(text).absolute())
    with open_scene(name, wanted, bands=bands, nodata=nodata) as scene:
        dataset = scene.dataset
        refuse_large_blocks(dataset, memory)
        return Sheet(
            source=text,
            view=_find_view(dataset, name),
            shape=scene.shape,
            crs=scene.crs,
            transform=scene.transform,
            gsd=scene.gsd,
            dtypes=tuple(dataset.dtypes),
            facts=read_facts(dataset),
            bands=scene.bands,
            gaps=_find_gaps(dataset, scene.bands[0]),
            block=dataset.block_shapes[0],
            date=_find_date(dataset, name),
            state=read_state(name),
        )


def _find_view(dataset: Dataset, name: str) -> str:
    """Find from what GDAL reads a raster."""
    if dataset.name.startswith("<VRTDataset"):
        return str(dataset.name)
    if not is_remote(name):
        return name
    called = next(read_root(BytesIO(describe_as_vrt(dataset))).iter("SourceFilename"), None)
    return name if called is None or called.text is None else called.text


def _find_gaps(dataset: Dataset, band: int) -> Gaps:
    flags = dataset.mask_flag_enums[band - 1]
    if MaskFlags.alpha in flags:
        return "alpha"
    if MaskFlags.per_dataset in flags:
        return "mask"
    return "nodata" if MaskFlags.nodata in flags else "none"


def _find_date(dataset: Dataset, name: str) -> str:
    """Find when a raster was taken: as its metadata say, else when its file was changed."""
    for text in (dataset.tags(ns="IMAGERY").get("ACQUISITIONDATETIME", ""), dataset.tags().get("TIFFTAG_DATETIME", "")):
        digits = re.findall(r"\d+", text)[:6]
        if len(digits) >= 3 and len(digits[0]) == 4:
            return "".join(one.zfill(2) for one in digits).ljust(14, "0")
    try:
        return datetime.fromtimestamp(Path(name).stat().st_mtime, timezone.utc).strftime("%Y%m%d%H%M%S")
    except OSError:
        return ""


def refuse_changes(mosaic: Mosaic) -> None:
    """Refuse a mosaic of which a sheet is not what it was when it was read any more.

    Raises:
        RasterChangedError: It names the sheet.
        RasterReadError: A sheet cannot be read any more.
    """
    for sheet in mosaic.sheets:
        with refuse_changed(sheet.source, sheet.state):
            pass


def group_sheets(sheets: Sequence[Sheet], order: SheetOrder) -> list[Mosaic]:
    """Group sheets that belong together.

    Args:
        sheets: The sheets, by name.
        order: Which of them is uppermost where they overlap; of two of one date the one whose name comes later.

    Returns:
        The mosaics, that of the first sheet first.
    """
    lattices: dict[object, list[tuple[Affine, list[tuple[Sheet, int, int, float]]]]] = {}
    for sheet in sheets:
        located = sheet.crs is not None or not sheet.transform.is_identity
        alpha = sheet.gaps == "alpha"
        key = (sheet.crs and sheet.crs.to_wkt(), sheet.dtypes, sheet.bands, alpha, None if located else sheet.source)
        known = lattices.setdefault(key, [])
        for lattice, members in known:
            place = _find_place(sheet, lattice)
            if place is not None:
                members.append((sheet, *place))
                break
        else:
            known.append((sheet.transform, [(sheet, 0, 0, 0.0)]))
    return [_arrange(lattice, members, order) for known in lattices.values() for lattice, members in known]


def _find_place(sheet: Sheet, lattice: Affine) -> tuple[int, int, float] | None:
    """Find row and column of a sheet on a lattice, and how far beside it is, px; None if it is not on the lattice."""
    relative = ~lattice * sheet.transform
    rows, cols = sheet.shape
    drift = 0.0
    for col, row in ((0, 0), (cols, 0), (0, rows), (cols, rows)):
        x, y = relative * (col, row)
        drift = max(drift, abs(x - col - round(relative.c)), abs(y - row - round(relative.f)))
    return (round(relative.f), round(relative.c), drift) if drift <= TOLERANCE else None


def _arrange(lattice: Affine, members: list[tuple[Sheet, int, int, float]], order: SheetOrder) -> Mosaic:
    """Arrange sheets of one lattice from the lowest to the uppermost."""
    if order == "first":
        members = members[::-1]
    elif order == "newest":
        members = sorted(members, key=lambda one: one[0].date)
    top, left = min(row for _, row, _, _ in members), min(col for _, _, col, _ in members)
    windows = tuple(Window(row - top, col - left, *sheet.shape) for sheet, row, col, _ in members)
    return Mosaic(
        tuple(sheet for sheet, *_ in members),
        windows,
        (max(one.row + one.height for one in windows), max(one.col + one.width for one in windows)),
        lattice * Affine.translation(left, top),
        max(drift for *_, drift in members),
    )


def name_mosaics(mosaics: Sequence[Mosaic]) -> list[str]:
    """Name the maps of each of several mosaics: `classes`, or of several ones after CRS and resolution."""
    if len(mosaics) == 1:
        return ["classes"]
    names: list[str] = []
    for mosaic in mosaics:
        stem = f"classes_{_name_crs(mosaic).replace(':', '')}_{_name_gsd(mosaic).replace(' ', '')}"
        number = sum(one == stem or one.startswith(f"{stem}-") for one in names)
        names.append(f"{stem}-{number + 1}" if number else stem)
    return names


def _name_crs(mosaic: Mosaic) -> str:
    if mosaic.crs is None:
        return "no CRS"
    return str(mosaic.crs.to_string()) if mosaic.crs.to_epsg() else "own CRS"


def _name_gsd(mosaic: Mosaic) -> str:
    gsd = mosaic.sheets[0].gsd
    return "unknown GSD" if gsd is None else f"{gsd[1]:.3g} m"


def describe_sheets(mosaic: Mosaic, name: str, order: SheetOrder) -> Iterator[str]:
    """Describe in lines for people the sheets of a mosaic with this name, and which of them is seen."""
    first, count = mosaic.sheets[0], len(mosaic.sheets)
    what = f"{_name_crs(mosaic)}, {_name_gsd(mosaic)}, {len(first.facts)} bands of {first.dtypes[0]}"
    if count == 1:
        yield f"mosaic   {redact(first.source)} alone: {what}; no other sheet lies on its pixels' lattice"
        return
    rows, cols = mosaic.shape
    yield f"mosaic   {name}: {count} sheets, {cols} × {rows} px, {what}; {order} on top"
    if mosaic.drift > NOTED:
        yield f"note     the pixels of some sheets lie up to {mosaic.drift:.2g} px beside those of the others"

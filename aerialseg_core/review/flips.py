"""Flips: what a new model sees otherwise than the old one on reviewed ground, and which of both is right."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS

from ..files.outputs import raise_output_errors
from ..metrics import IGNORE
from ..raster.class_raster import NO_DATA, Layer, RasterGrid, rename_raster, write_cog
from ..raster.classes import ClassScheme, LandCoverClass
from ..raster.opening import create_raster
from ..raster.window import Window
from .comparison import SquareComparison

FLIPS = ClassScheme(
    (
        LandCoverClass(1, "Right as before", "#D9D9D9"),
        LandCoverClass(2, "Right now", "#1A9850"),
        LandCoverClass(3, "Wrong now", "#D73027"),
        LandCoverClass(4, "Still wrong", "#F4A582"),
    )
)
"""What can happen to a labelled pixel; where there is no label there is no data."""

_RIGHT, _NOW_RIGHT, _NOW_WRONG, _STILL_WRONG = range(1, 5)


def find_flips(one: SquareComparison) -> NDArray[np.uint8]:
    """Find what happened to each pixel of a square: numbers of `FLIPS`, (rows, cols); 0 where there is no label."""
    before, after, known = one.before == one.labels, one.after == one.labels, one.labels != IGNORE
    cases = [~known, before & after, after, before]
    found = np.select(cases, [NO_DATA, _RIGHT, _NOW_RIGHT, _NOW_WRONG], _STILL_WRONG)
    return found.astype(np.uint8)


def write_flips(target: Path, compared: Sequence[SquareComparison], *, crs_wkt: str | None) -> None:
    """Write the flips in all squares as a raster on the grid of the scene, with names and colours.

    Args:
        target: GeoTIFF to write; it replaces what is there.
        compared: The squares, at least one, all on one grid.
        crs_wkt: CRS of the scene; None if it has none.

    Raises:
        OutputError: It cannot be written.
    """
    grid = compared[0].transform
    corners = [tuple(round(n) for n in ~grid * (one.transform.c, one.transform.f)) for one in compared]
    left, top = min(col for col, _ in corners), min(row for _, row in corners)
    sources = []
    folder = target.absolute().parent
    with (
        raise_output_errors(target),
        tempfile.TemporaryDirectory(prefix=f".{target.stem}.flips-", dir=folder) as work,
    ):
        for number, (one, (col, row)) in enumerate(zip(compared, corners, strict=True)):
            flips = find_flips(one)
            name, (rows, cols) = f"{number}.tif", flips.shape
            profile = {"driver": "GTiff", "height": rows, "width": cols, "count": 1, "dtype": "uint8"}
            with create_raster(Path(work, name), **profile, transform=one.transform) as dataset:
                dataset.write(flips, 1)
            sources.append((name, Window(row - top, col - left, rows, cols)))
        shape = max(at.row + at.height for _, at in sources), max(at.col + at.width for _, at in sources)
        crs = CRS.from_wkt(crs_wkt) if crs_wkt else None
        layer = Layer(target, NO_DATA, {}, FLIPS, "What flipped")
        made = Path(work, "flips.tif")
        write_cog(made, layer, RasterGrid(shape, crs, grid * Affine.translation(left, top)), sources)
        rename_raster(made, target, overwrite=True)

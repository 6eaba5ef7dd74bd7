"""The index of a batch: one page for people with what became of the scenes, made from the catalogue."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import Resampling

from ..errors import AerialSegError, OutputError
from ..files.outputs import make_temporary_path, raise_output_errors
from ..raster.categories import read_declared
from ..raster.opening import Dataset, gdal_environment, open_raster, raise_read_errors
from ..report.page import embed_picture, write_page
from .catalogue import AREA, CATALOGUE, LAYER, list_area_columns, open_to_read

INDEX = "index.html"
"""Its name in the folder of the results."""

MOST_LISTED = 1000
"""Scenes, and failures, that are listed at most; all are in the catalogue."""

MOST_PICTURES = 120
"""Scenes that have a picture."""

PICTURE = 160
"""Longest side of a picture, px."""

_OURS = b'<meta name="generator" content="aerialseg '
_NOTHING = (233, 237, 234)
_CACHE = 16 << 20


@dataclass(frozen=True)
class _Total:
    """A class over all scenes whose areas have one unit."""

    name: str
    colour: str
    area: float
    share: float


@dataclass(frozen=True)
class _Scene:
    """A scene that is done."""

    name: str
    link: str
    unit: str
    areas: list[float | None]
    picture: str


def write_index(folder: Path, *, rasters: str | None = None) -> Path:
    """Write the index of a folder of results from its catalogue, in place of an earlier one.

    Args:
        folder: Where the catalogue is.
        rasters: Where the results are if it is not there too.

    Returns:
        The page.

    Raises:
        OutputError: There is no catalogue, the page cannot be written, or another page is in its place.
    """
    path = folder / INDEX
    with raise_output_errors(path):
        if path.exists() and _OURS not in path.read_bytes()[:1024]:
            raise OutputError(
                "index-page-taken", "{path} is no page of aerialseg, so it is not replaced.", "Move it away.", path=path
            )
    with closing(open_to_read(folder)) as connection:
        try:
            content = _collect(connection, rasters or str(folder))
        except sqlite3.Error as error:
            raise OutputError(
                "catalogue-unreadable",
                "{path} cannot be read: {error}.",
                "Close it in other programs.",
                path=folder / CATALOGUE,
                error=error,
            ) from error
    temporary = make_temporary_path(path)
    try:
        with raise_output_errors(path):
            title = f"Maps in {folder.absolute().name}"
            write_page(temporary, "segmentation/index.html", title=title, catalogue=CATALOGUE, **content)
            os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def _collect(connection: sqlite3.Connection, folder: str) -> dict[str, object]:
    """Collect what the page shows."""
    connection.execute("BEGIN")  # one state of the catalogue, whatever is added meanwhile
    columns = list_area_columns(connection)
    quoted = [column.replace('"', '""') for column in columns]
    done, failed = (
        connection.execute(f"SELECT count(*) FROM {LAYER} WHERE state = ?", (state,)).fetchone()[0]  # nosec B608
        for state in ("done", "failed")
    )
    failures = connection.execute(
        f"SELECT source, error FROM {LAYER} WHERE state = 'failed' ORDER BY source LIMIT {MOST_LISTED}"  # nosec B608
    ).fetchall()
    areas = "".join(f', "{column}"' for column in quoted)
    listed = connection.execute(
        f"SELECT output, unit{areas} FROM {LAYER} WHERE state = 'done' "  # nosec B608 - quoted names
        f"ORDER BY output LIMIT {MOST_LISTED}"
    ).fetchall()
    sums = "".join(f', sum("{column}")' for column in quoted)
    by_unit = connection.execute(
        f"SELECT unit{sums} FROM {LAYER} WHERE state = 'done' AND unit IS NOT NULL GROUP BY unit"  # nosec B608
    ).fetchall()
    connection.execute("COMMIT")
    colours: dict[str, str] = {}
    scenes = list(_make_scenes(listed, folder, colours))
    names = [column.removeprefix(AREA) for column in columns]
    totals = {unit: _sum_up(names, colours, found) for unit, *found in by_unit}
    return {
        "done": done,
        "failed": failed,
        "failures": failures,
        "scenes": scenes,
        "names": names,
        "totals": totals,
    }


def _sum_up(names: list[str], colours: dict[str, str], areas: list[float | None]) -> list[_Total]:
    whole = sum(area or 0 for area in areas)
    found = zip(names, areas, strict=True)
    return [
        _Total(name, colours.get(name, ""), area, area / whole) for name, area in found if area is not None and whole
    ]


def _make_scenes(rows: list[Any], folder: str, colours: dict[str, str]) -> Iterator[_Scene]:
    """Make the scenes that are listed, the first of them with a picture, and find out the colours of classes."""
    with gdal_environment(_CACHE):
        for number, (output, unit, *areas) in enumerate(rows):
            picture = ""
            if number < MOST_PICTURES:
                with suppress(AerialSegError), open_raster(f"{folder}/{output}") as dataset:
                    picture = _draw(dataset, colours)
            name = output.removesuffix("_classes.tif")
            yield _Scene(name, f"./{quote(output)}", unit or "", list(areas), picture)


def _draw(dataset: Dataset, colours: dict[str, str]) -> str:
    """Draw a small picture of a class raster."""
    declared = read_declared(dataset)
    for value, colour in declared.colours.items():
        colours.setdefault(declared.names.get(value, ""), colour)
    table: NDArray[np.uint8] = np.full((256, 3), _NOTHING, np.uint8)
    for value, colour in declared.colours.items():
        if 0 < value < len(table):
            table[value] = tuple(bytes.fromhex(colour[1:]))
    scale = max(1.0, max(dataset.shape) / PICTURE)
    shape = tuple(max(1, round(side / scale)) for side in dataset.shape)
    with raise_read_errors(dataset.name):
        values = dataset.read(1, out_shape=shape, resampling=Resampling.nearest)
    return embed_picture(table[values], longest=PICTURE)

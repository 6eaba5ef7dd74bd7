"""Verification: the certificate of polygons in any file, whoever made them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ..errors import DataError
from ..files.geopackage import CERTIFICATE, LAYER
from ..files.vectors import OGR_ERRORS, list_layers, read_arrays, read_info
from ..progress import Reporter
from .balance import EdgeBalance, sides_of
from .validation import CONFIDENCE, NARROWEST, UNSURE, Certificate
from .writers.shapefile import SHORT

CHUNK = 20_000
"""Polygons that are read at once."""

SLIVER = 0.1
"""A place without polygons that is narrower than this share of the median side is a gap and not a place without data,
in a file that does not say itself how narrow those are."""


def check_polygons(path: str | PathLike[str], *, reporter: Reporter | None = None) -> Certificate:
    """Look whether polygons are a valid coverage: no overlaps, no slivers between them, and all vertices shared.

    The file is read once in chunks. What is kept are the edges that have no partner yet, 36 bytes each.

    Args:
        path: Any file that OGR reads; of its layers the one named `classes`, or else the first.
        reporter: Receives progress in polygons.

    Raises:
        DataError: The file cannot be read or holds no polygons.
    """
    reporter = reporter or Reporter()
    layer, total, number, confidence = _layer(path)
    reporter.start("check", total, "polygons")
    balance, invalid, unsure, sides = EdgeBalance(lambda ends: ends), 0, 0, np.zeros(0)
    for polygons, empty in _chunks(path, layer, total, number, confidence):
        unsure += empty
        invalid += int(np.count_nonzero(~shapely.is_valid(polygons)))
        start, end, _ = sides_of(polygons)
        balance.add(start, end)
        if not len(sides):
            sides = np.hypot(*(end - start).T)
        reporter.advance(len(polygons))
    rest = balance.finish()
    stored = _stored(path)
    narrowest = None if stored is None else stored.get(NARROWEST, math.inf)
    if narrowest is None:
        narrowest = SLIVER * float(np.median(sides)) if len(sides) else 0.0
    gaps = sum(width < (1 - 1e-6) * narrowest for width in rest.holes)
    lost = unsure if unsure == total else abs(unsure - int((stored or {}).get(UNSURE, unsure)))
    return Certificate(total, invalid, rest.overlaps, gaps, rest.unmatched, unsure if confidence else None, lost)


def _layer(path: str | PathLike[str]) -> tuple[str, int, str, list[str]]:
    """The layer with the polygons, and how many it has.

    Then the column of their numbers where they are found by it, and that of their confidence, as a list of one or none.
    """
    try:
        names = [name for name, kind in list_layers(path) if kind is not None]
        if not names:
            raise DataError(f"{path} holds no polygons.", "Name a file with a layer of polygons.")
        name = LAYER if LAYER in names else names[0]
        info = read_info(path, name, force_feature_count=True)
    except OGR_ERRORS as error:
        raise DataError(f"{path} cannot be read: {error}.", "Check its name, and that it holds polygons.") from error
    if "Polygon" not in str(info["geometry_type"]) and info["geometry_type"] != "Unknown":
        raise DataError(f"{path} holds {info['geometry_type']}s, no polygons.", "Name a file with a layer of polygons.")
    number = str(info["fid_column"]) if Path(path).suffix.lower() == ".gpkg" else ""
    confidence = [field for field in info["fields"] if field in (CONFIDENCE, SHORT[CONFIDENCE])]
    return name, int(info["features"]), number, confidence


def _stored(path: str | PathLike[str]) -> dict[str, float] | None:
    """The certificate that a file has, its values by their items; None if there is none."""
    if CERTIFICATE not in [name for name, _ in list_layers(path)]:
        return None
    items, values = read_arrays(path, CERTIFICATE, columns=["item", "value"], read_geometry=False)[3]
    return dict(zip(items.tolist(), values.tolist(), strict=True))


def _chunks(
    path: str | PathLike[str], layer: str, total: int, number: str, confidence: list[str]
) -> Iterator[tuple[NDArray[Any], int]]:
    """All polygons in chunks, and how many have an empty confidence."""
    done = start = 0
    while done < total:
        which: dict[str, Any] = {"skip_features": start, "max_features": CHUNK}
        if number:
            which = {"where": f'"{number}" > {start} AND "{number}" <= {start + CHUNK}'}
        try:
            _, _, wkb, columns = read_arrays(path, layer, columns=confidence, **which)
        except OGR_ERRORS as error:
            raise DataError(f"{path} is damaged: {error}.", "Make it again.") from error
        polygons = shapely.from_wkb(wkb)
        start += CHUNK
        done += len(polygons)
        empty = sum(int(np.count_nonzero(np.isnan(column.astype(np.float64)))) for column in columns)
        yield polygons[shapely.get_dimensions(polygons) == 2], empty

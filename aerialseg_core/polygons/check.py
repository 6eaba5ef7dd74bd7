"""Check of polygons in any file, whoever made them: whether they are a valid coverage, and how often they are not.

What a valid coverage is stands in `validation.py`. Each edge between two polygons occurs twice, in opposite
directions: such pairs are struck out as soon as both are known. What is left bounds the ground that is covered, and
says how often each place is covered: crossing an edge from right to left adds one. Only those edges have to be looked
at together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
from ..raster.vertex_grid import Floats
from .validation import CONFIDENCE, NARROWEST, UNSURE, Certificate, hash_edges, order_ends
from .writers.ogr import SHORT

CHUNK = 20_000
"""Polygons that are read at once."""

SLIVER = 0.1
"""A place without polygons that is narrower than this share of the median side is a gap and not a place without data,
in a file that does not say itself how narrow those are."""

_BATCH = 1 << 18
"""Edges that are gathered before pairs are struck out."""

_BUCKETS = 16
"""Into how many parts the edges that wait are divided."""


def check_polygons(path: str | PathLike[str], *, reporter: Reporter | None = None) -> Certificate:
    """Check whether polygons are a valid coverage: no overlaps, no slivers between them, and all vertices shared.

    The file is read once in chunks. What is kept are the edges that have no partner yet, 36 bytes each.

    Args:
        path: Any file that OGR reads; of its layers the one named `classes`, or else the first.
        reporter: Receives progress in polygons.

    Raises:
        DataError: The file cannot be read or holds no polygons.
    """
    reporter = reporter or Reporter()
    layer, total, number, confidence = _find_layer(path)
    reporter.start("check", total, "polygons")
    matcher, invalid, unsure, lengths = EdgeMatcher(), 0, 0, np.zeros(0)
    for polygons, empty in _read_chunks(path, layer, total, number, confidence):
        unsure += empty
        invalid += int(np.count_nonzero(~shapely.is_valid(polygons)))
        start, end, _ = list_edges(polygons)
        matcher.add(start, end)
        if not len(lengths):
            lengths = np.hypot(*(end - start).T)
        reporter.advance(len(polygons))
    defects = matcher.finish()
    stored = _read_certificate(path)
    narrowest = None if stored is None else stored.get(NARROWEST, math.inf)
    if narrowest is None:
        narrowest = SLIVER * float(np.median(lengths)) if len(lengths) else 0.0
    gaps = sum(width < (1 - 1e-6) * narrowest for width in defects.holes)
    lost = unsure if unsure == total else abs(unsure - int((stored or {}).get(UNSURE, unsure)))
    return Certificate(total, invalid, defects.overlaps, gaps, defects.unmatched, unsure if confidence else None, lost)


def _find_layer(path: str | PathLike[str]) -> tuple[str, int, str, list[str]]:
    """Find the layer with the polygons, and how many it has.

    Then the column of their numbers where they are found by it, and that of their confidence, as a list of one or none.
    """
    try:
        names = [name for name, kind in list_layers(path) if kind is not None]
        if not names:
            raise DataError(
                "file-without-polygons", "{path} holds no polygons.", "Name a file with a layer of polygons.", path=path
            )
        name = LAYER if LAYER in names else names[0]
        info = read_info(path, name, force_feature_count=True)
    except OGR_ERRORS as error:
        raise DataError(
            "polygon-file-unreadable",
            "{path} cannot be read: {error}.",
            "Check its name, and that it holds polygons.",
            path=path,
            error=error,
        ) from error
    if "Polygon" not in str(info["geometry_type"]) and info["geometry_type"] != "Unknown":
        raise DataError(
            "file-other-geometry",
            "{path} holds {kind}s, no polygons.",
            "Name a file with a layer of polygons.",
            path=path,
            kind=info["geometry_type"],
        )
    number = str(info["fid_column"]) if Path(path).suffix.lower() == ".gpkg" else ""
    confidence = [field for field in info["fields"] if field in (CONFIDENCE, SHORT[CONFIDENCE])]
    return name, int(info["features"]), number, confidence


def _read_certificate(path: str | PathLike[str]) -> dict[str, float] | None:
    """Read the certificate of a file, its values by their items; None if there is none."""
    if CERTIFICATE not in [name for name, _ in list_layers(path)]:
        return None
    items, values = read_arrays(path, CERTIFICATE, columns=["item", "value"], read_geometry=False)[3]
    return dict(zip(items.tolist(), values.tolist(), strict=True))


def _read_chunks(
    path: str | PathLike[str], layer: str, total: int, number: str, confidence: list[str]
) -> Iterator[tuple[NDArray[Any], int]]:
    """Read all polygons in chunks, and how many of them have an empty confidence."""
    done = start = 0
    while done < total:
        which: dict[str, Any] = {"skip_features": start, "max_features": CHUNK}
        if number:
            which = {"where": f'"{number}" > {start} AND "{number}" <= {start + CHUNK}'}
        try:
            _, _, wkb, columns = read_arrays(path, layer, columns=confidence, **which)
        except OGR_ERRORS as error:
            raise DataError(
                "polygon-file-damaged", "{path} is damaged: {error}.", "Make it again.", path=path, error=error
            ) from error
        polygons = shapely.from_wkb(wkb)
        start += CHUNK
        done += len(polygons)
        empty = sum(int(np.count_nonzero(np.isnan(column.astype(np.float64)))) for column in columns)
        yield polygons[shapely.get_dimensions(polygons) == 2], empty


@dataclass(frozen=True)
class Defects:
    """Places at which polygons are no coverage, or at which there are none."""

    overlaps: int
    """Places that are covered more than once, or from the wrong side."""
    unmatched: int
    """Edges that meet others where they have no vertex."""
    holes: tuple[float, ...]
    """Mean width of each place that is not covered but surrounded, in the unit of the coordinates."""


@dataclass(frozen=True)
class _Edges:
    """Edges, all of them from their smaller to their larger end."""

    low: Floats
    """Their smaller ends, x and y, shape (n, 2)."""
    high: Floats
    """Their larger ends."""
    net: NDArray[np.int32]
    """How often more each is traversed that way than the other, shape (n,)."""

    def __len__(self) -> int:
        return len(self.net)

    def __getitem__(self, chosen: NDArray[np.int64]) -> _Edges:
        return _Edges(self.low[chosen], self.high[chosen], self.net[chosen])

    @classmethod
    def concatenate(cls, parts: Sequence[_Edges]) -> _Edges:
        """Put the edges of some parts, at least one, one after the other."""
        columns = zip(*((part.low, part.high, part.net) for part in parts), strict=True)
        return cls(*(np.concatenate(column) for column in columns))

    def cancel(self) -> _Edges:
        """Keep those that are traversed more often one way than the other, each once."""
        if not len(self):
            return self
        hashes = hash_edges(self.low, self.high)
        order = np.argsort(hashes)
        starts = np.flatnonzero(np.diff(hashes[order], prepend=~hashes[order][:1]) != 0)
        total = np.add.reduceat(self.net[order], starts)
        stays = total != 0
        left = self[order[starts[stays]]]
        return _Edges(left.low, left.high, total[stays])


class EdgeMatcher:
    """Strikes out edges that are traversed in both directions."""

    def __init__(self) -> None:
        self._left: list[_Edges | None] = [None] * _BUCKETS  # equal edges are in the same bucket
        self._new: list[tuple[_Edges, NDArray[np.uint8]]] = []  # with the bucket of each
        self._waiting = 0  # edges of them all
        self._count = 0  # edges of the new ones

    def add(self, start: Floats, end: Floats) -> None:
        """Take edges.

        Args:
            start: Where they begin, x and y, shape (n, 2); the polygon is on their left.
            end: Where they end.
        """
        for first in range(0, len(start), _BATCH):  # a large polygon may have more than are gathered
            part = slice(first, first + _BATCH)
            low, high, backwards = order_ends(start[part], end[part])
            edges = _Edges(low, high, np.where(backwards, np.int32(-1), np.int32(1)))
            self._new.append((edges, (hash_edges(low, high) % np.uint64(_BUCKETS)).astype(np.uint8)))
            self._count += len(edges)
            if self._count > max(_BATCH, self._waiting // 2):
                self._strike_out()

    def _strike_out(self) -> None:
        """Look for partners in one bucket after the other, so that what this takes is small beside what waits."""
        new, self._new, self._count = self._new, [], 0
        for number, left in enumerate(self._left):
            some = [edges[np.flatnonzero(bucket == number)] for edges, bucket in new]
            self._left[number] = _Edges.concatenate([*([left] if left else []), *some]).cancel()
        self._waiting = sum(len(left) for left in self._left if left)

    def finish(self) -> Defects:
        """Find what the edges that are left bound."""
        if self._new:
            self._strike_out()
        if not self._waiting:
            return Defects(0, 0, ())
        left = _Edges.concatenate([left for left in self._left if left])
        hashes = hash_edges(left.low, left.high)
        segments = shapely.linestrings(np.stack([left.low, left.high], axis=1))
        noded = shapely.get_parts(shapely.node(shapely.multilinestrings(segments)))
        points, line = shapely.get_coordinates(noded, return_index=True)
        inside = line[1:] == line[:-1]
        low, high, _ = order_ends(points[:-1][inside], points[1:][inside])
        unmatched = ~np.isin(hashes, hash_edges(low, high))
        faces = shapely.orient_polygons(shapely.get_parts(shapely.polygonize(noded)))
        times = _count_covers(faces, hashes, left.net)
        holes = faces[times == 0]
        width = 2 * shapely.area(holes) / shapely.length(holes) if len(holes) else np.zeros(0)
        overlaps = int(np.count_nonzero((times != 0) & (times != 1)))
        return Defects(overlaps, int(np.count_nonzero(unmatched)), tuple(width.tolist()))


def _count_covers(faces: NDArray[Any], hashes: NDArray[np.uint64], net: NDArray[np.int32]) -> NDArray[np.int64]:
    """Count how many polygons lie over each face, from outside inwards over the edges; shape (faces,).

    Args:
        faces: What the edges bound, oriented.
        hashes: The edges, as `hash_edges` gives them.
        net: How often more each runs from its smaller end than from the other: so much more is its left covered.
    """
    start, end, face = list_edges(faces)
    low, high, backwards = order_ends(start, end)
    order, found = np.argsort(hashes), hash_edges(low, high)
    place = np.minimum(np.searchsorted(hashes[order], found), len(order) - 1)
    known = hashes[order[place]] == found
    edge, face, backwards = order[place[known]], face[known], backwards[known]
    outside = len(faces)
    left, right = np.full(len(hashes), outside), np.full(len(hashes), outside)
    left[edge[~backwards]], right[edge[backwards]] = face[~backwards], face[backwards]
    times = np.zeros(outside + 1, np.int64)
    is_known = np.append(np.zeros(outside, np.bool_), True)
    while True:
        inwards, outwards = is_known[right] & ~is_known[left], is_known[left] & ~is_known[right]
        if not (inwards.any() or outwards.any()):
            return times[:-1]
        times[left[inwards]] = times[right[inwards]] + net[inwards]
        times[right[outwards]] = times[left[outwards]] - net[outwards]
        is_known[left[inwards]] = is_known[right[outwards]] = True


def list_edges(polygons: NDArray[Any]) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """List all edges of polygons, each with the polygon on the left: where they begin and end, and of which they are.

    Args:
        polygons: Polygons and multipolygons whose rings may run either way.
    """
    parts, polygon = shapely.get_parts(polygons, return_index=True)
    if not len(parts):
        return np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0, np.int64)
    _, points, (rings, offsets) = shapely.to_ragged_array(shapely.orient_polygons(parts))
    inside = np.ones(len(points), np.bool_)
    inside[rings[1:] - 1] = False
    at = np.flatnonzero(inside)
    which = np.repeat(polygon, np.diff(rings[offsets]))
    return points[at], points[at + 1], which[at]

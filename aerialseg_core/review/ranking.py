"""Ranking: how much there is to learn in every square of a class raster, read window by window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.errors import RasterioError

from ..errors import ParameterError, RasterReadError, SceneError
from ..metrics import divide
from ..progress import Reporter
from ..raster.class_raster import NO_CONFIDENCE, NO_DISTANCE
from ..raster.class_values import ClassValues, count_values, read_codes
from ..raster.geodesy import measure_resolution
from ..raster.opening import Dataset
from ..raster.window import Window, spans
from .squares import Lattice, SquareScores, weigh_rarity

LARGEST_SIDE = 4096
"""Pixels that a side of a square may have: that many squared are read at a time."""

LEAST_SIDE = 16
"""Pixels that a side of a square must have, to show anything."""

LEAST_DATA = 0.9
"""Share of a square that must have data for it to be looked at."""

_AT_ONCE = 1 << 21


@dataclass(frozen=True)
class MapLayers:
    """The open rasters of a map, on one grid."""

    classes: Dataset
    """Class raster."""
    values: ClassValues
    """What its values are."""
    confidence: Dataset
    """Confidence in percent."""
    unlike: Dataset | None = None
    """Distance from the training images in percent of what is normal; None: it is not known."""

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.classes.height, self.classes.width

    def read_codes(self, window: Window) -> NDArray[np.uint8]:
        """Read the codes of the classes of a window, 0 for no data.

        Raises:
            RasterReadError: The raster is damaged.
        """
        codes = np.empty(window.shape, np.uint8)
        rows, cols = (window.row, window.row + window.height), (window.col, window.col + window.width)
        read_codes(self.classes, self.values, rows, cols, codes)
        return codes


def choose_side(dataset: Dataset, side: float) -> tuple[int, int]:
    """Choose the rows and columns of a square on the ground.

    Args:
        dataset: An open raster.
        side: Side of the square, m; px without CRS.

    Raises:
        ParameterError: It is less than `LEAST_SIDE`, or more than `LARGEST_SIDE` pixels.
        SceneError: The raster's coordinates cannot be those of its CRS.
    """
    shape, gsd, unit = (dataset.height, dataset.width), (1.0, 1.0), "px"
    if dataset.crs is not None:
        gsd, unit = measure_resolution(dataset.crs.to_wkt(), dataset.transform, shape, name=dataset.name), "m"
    rows, cols = (round(min(side / one, 1e9)) for one in gsd)
    least, most = (n * max(gsd) for n in (LEAST_SIDE, LARGEST_SIDE))
    if min(rows, cols) < LEAST_SIDE or max(rows, cols) > LARGEST_SIDE:
        raise ParameterError(
            "side-wrong",
            "--side {side:g} is {cols} × {rows} px of {map}.",
            "Give a side between {least:.4g} and {most:.4g} {unit}.",
            side=side,
            cols=cols,
            rows=rows,
            map=dataset.name,
            least=least,
            most=most,
            unit=unit,
        )
    return rows, cols


def rank_squares(layers: MapLayers, side: tuple[int, int], reporter: Reporter) -> tuple[Lattice, SquareScores]:
    """Rank all squares of a map.

    A pixel counts (1 − confidence) × rarity of its class × distance from the training images, and a square the mean of
    its pixels. What is kept are a few numbers for each square.

    Args:
        layers: The map.
        side: (rows, cols) of a square, px.
        reporter: Receives progress in rows.

    Raises:
        RasterReadError: A raster is damaged.
        SceneError: No whole square fits into the raster.
    """
    lattice = Lattice.over(layers.shape, side)
    if 0 in lattice.shape:
        rows, cols = layers.shape
        raise SceneError(
            "side-too-large",
            "No square of {width} × {height} px fits into {map}, which is {cols} × {rows} px.",
            "Give a smaller --side.",
            width=side[1],
            height=side[0],
            map=layers.classes.name,
            cols=cols,
            rows=rows,
        )
    rarity = np.concatenate([[0.0], weigh_rarity(_count_pixels(layers, reporter))])
    sums = np.zeros((5, *lattice.shape))
    reporter.start("rank squares", lattice.shape[0], "rows of squares")
    for row in range(lattice.shape[0]):
        for first, last in spans(0, lattice.shape[1], max(1, _AT_ONCE // (side[0] * side[1]))):
            one, other = lattice.window(row, first), lattice.window(row, last - 1)
            window = Window(one.row, one.col, side[0], other.col + side[1] - one.col)
            squares = (side[0], last - first, side[1])
            for total, plane in zip(sums, _weigh_pixels(layers, window, rarity), strict=True):
                total[row, first:last] = plane.reshape(squares).sum(axis=(0, 2), dtype=np.float64)
        reporter.advance()
    valid = sums[0]
    valid[valid < LEAST_DATA * side[0] * side[1]] = 0
    return lattice, SquareScores(*(divide(total, valid) for total in sums[1:]))


def _count_pixels(layers: MapLayers, reporter: Reporter) -> NDArray[np.int64]:
    """Count the pixels of each class of the whole raster, shape (255,)."""
    rows, cols = layers.shape
    counts = np.zeros(256, np.int64)
    reporter.start("count classes", rows, "rows")
    for top, bottom in spans(0, rows, max(1, _AT_ONCE // cols)):
        counts += count_values(layers.read_codes(Window(top, 0, bottom - top, cols)))
        reporter.advance(bottom - top)
    return counts[1:]


def _weigh_pixels(
    layers: MapLayers, window: Window, rarity: NDArray[np.float64]
) -> Iterator[NDArray[np.float32] | NDArray[np.bool_]]:
    """Yield what is valid of a window, then score, uncertainty, rarity and distance there, 0 elsewhere."""
    codes = layers.read_codes(window)
    sure = _read_plane(layers.confidence, window)
    valid = (codes > 0) & (sure != NO_CONFIDENCE)
    table = np.maximum(1 - np.arange(256, dtype=np.float32) / 100, 0)
    uncertain, rare = table[sure] * valid, rarity.astype(np.float32)[codes] * valid
    far = valid.astype(np.float32)
    if layers.unlike is not None:
        distance = _read_plane(layers.unlike, window)
        far *= np.where(distance == NO_DISTANCE, np.float32(1), distance / np.float32(100))
    yield valid
    yield uncertain * rare * far
    yield uncertain
    yield rare
    yield far


def _read_plane(dataset: Dataset, window: Window) -> NDArray[np.uint8]:
    rows, cols = (window.row, window.row + window.height), (window.col, window.col + window.width)
    try:
        return np.asarray(dataset.read(1, window=(rows, cols)))
    except RasterioError as error:
        raise RasterReadError(
            "raster-damaged-rows",
            "{raster} is damaged at rows {first} to {last}: {error}.",
            raster=dataset.name,
            first=rows[0],
            last=rows[1],
            error=error,
        ) from error

"""Pictures for the page: parts of mosaics, as photographs and as labels, in any other mosaic's pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window as RasterWindow

from ..datasets.labels import label_reader
from ..datasets.pairs import Pair
from ..datasets.rasters import open_image
from ..errors import DataError
from ..metrics import IGNORE
from ..raster.bands import choose_shown_bands, read_facts
from ..raster.classes import ClassScheme
from ..raster.palette import read_averaged
from ..raster.window import Window
from .mosaics import Mosaic
from .overlaps import Matrix, transform_points

Colours = NDArray[np.uint8]
Labels = NDArray[np.uint8]
Points = NDArray[np.float64]

BLANK = (236, 238, 236)
"""Colour of what is not there, RGB."""

MARK = (255, 0, 170)
"""Colour that stands out from photographs and label colours, RGB."""

_STRIP = 1 << 22


@dataclass(frozen=True)
class View:
    """A rectangle of a mosaic, seen at some resolution."""

    left: float
    """First col of the mosaic, px."""
    top: float
    """First row of the mosaic, px."""
    width: float
    """Columns, px of the mosaic."""
    height: float
    """Rows, px of the mosaic."""
    longest: int
    """Longest side of the picture, px; it has no more pixels than the mosaic."""

    @property
    def step(self) -> float:
        """Pixels of the mosaic per pixel of the picture, at least 1."""
        return max(1.0, max(self.width, self.height) / self.longest)

    def points(self) -> Points:
        """Compute (x, y) in the mosaic of the centres of the picture's pixels, shape (rows, cols, 2)."""
        rows, cols = (max(1, round(side / self.step)) for side in (self.height, self.width))
        y, x = np.mgrid[0:rows, 0:cols] + 0.5
        return np.stack([self.left + x * self.width / cols, self.top + y * self.height / rows], axis=-1)


def draw_photograph(pairs: Sequence[Pair], mosaic: Mosaic, view: View, matrix: Matrix | None = None) -> Colours:
    """Draw a photograph of a view; `BLANK` where no part of the mosaic is.

    Args:
        pairs: All pairs.
        mosaic: What to show.
        view: What of it; in the pixels of another mosaic if there is a matrix.
        matrix: Takes (x, y) px of that other mosaic to this one's, shape (2, 3).

    Returns:
        Shape (rows, cols, 3), RGB, uint8.
    """
    points = _find_points(view, matrix)
    shown = np.full((*points.shape[:2], 3), BLANK, np.uint8)
    for index, inside, places in _find_parts(pairs, mosaic, points):
        window = _enclose(places, pairs[index].size)
        pixels = _read_pixels(pairs[index], window, _compute_step(view, matrix))
        if pixels is not None:
            shown[inside] = _take_nearest(pixels, places, window)
    return shown


def read_view_labels(
    pairs: Sequence[Pair], scheme: ClassScheme, mosaic: Mosaic, view: View, matrix: Matrix | None = None
) -> Labels:
    """Read the labels of a view, as in `draw_photograph`; `IGNORE` where there are none; shape (rows, cols), uint8."""
    points = _find_points(view, matrix)
    shown = np.full(points.shape[:2], IGNORE, np.uint8)
    for index, inside, places in _find_parts(pairs, mosaic, points):
        window = _enclose(places, pairs[index].size)
        labels = _read_labels(pairs[index], scheme, window, _compute_step(view, matrix))
        if labels is not None:
            shown[inside] = _take_nearest(labels, places, window)
    return shown


def colour_labels(labels: Labels, scheme: ClassScheme) -> Colours:
    """Draw labels in the colours of their classes, shape (rows, cols, 3); `BLANK` where there are none."""
    table = np.full((256, 3), BLANK, np.uint8)
    table[: len(scheme)] = scheme.colours
    colours: Colours = table[labels]
    return colours


def draw_disagreement(first: Labels, second: Labels, photo: Colours) -> Colours:
    """Draw a faded photograph with everything marked on which two annotations disagree, shape (rows, cols, 3)."""
    faded = 255 - (255 - photo.mean(axis=2, keepdims=True)) * 0.45
    shown: Colours = faded.repeat(3, axis=2).astype(np.uint8)
    both = (first != IGNORE) & (second != IGNORE)
    shown[~both] = BLANK
    shown[both & (first != second)] = (205, 60, 30)
    return shown


def _find_points(view: View, matrix: Matrix | None) -> Points:
    points = view.points()
    return points if matrix is None else transform_points(matrix, points.reshape(-1, 2)).reshape(points.shape)


def _compute_step(view: View, matrix: Matrix | None) -> float:
    scale = 1.0 if matrix is None else float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    return max(1.0, view.step * scale)


def _find_parts(
    pairs: Sequence[Pair], mosaic: Mosaic, points: Points
) -> Iterator[tuple[int, NDArray[np.bool_], Points]]:
    """The parts that points lie in: index, which points, and where in the part they lie, (n, 2)."""
    for index, (row, col) in zip(mosaic.members, mosaic.offsets, strict=True):
        rows, cols = pairs[index].size
        places = points - (col, row)
        inside = ((places >= 0) & (places < (cols, rows))).all(axis=-1)
        if inside.any():
            yield index, inside, places[inside]


def _enclose(places: Points, size: tuple[int, int]) -> Window:
    col, row = (int(value) for value in np.floor(places.min(axis=0)))
    last_col, last_row = (int(value) for value in np.floor(places.max(axis=0)))
    return Window(row, col, min(last_row + 1, size[0]) - row, min(last_col + 1, size[1]) - col)


def _take_nearest(pixels: NDArray[np.uint8], places: Points, window: Window) -> NDArray[np.uint8]:
    rows = ((places[:, 1] - window.row) * pixels.shape[0] / window.height).astype(int).clip(0, pixels.shape[0] - 1)
    cols = ((places[:, 0] - window.col) * pixels.shape[1] / window.width).astype(int).clip(0, pixels.shape[1] - 1)
    nearest: NDArray[np.uint8] = pixels[rows, cols]
    return nearest


def _read_pixels(pair: Pair, window: Window, step: float) -> Colours | None:
    """A part of an image made smaller, (rows, cols, 3); what is not 8-bit is stretched. None if it is unreadable."""
    shape = max(1, round(window.height / step)), max(1, round(window.width / step))
    try:
        with open_image(pair.image) as source:
            shown = choose_shown_bands(read_facts(source), pair.bands)
            bands = shown if len(shown) == 3 else shown * 3
            part = RasterWindow(window.col, window.row, window.width, window.height)
            pixels = read_averaged(source, bands, part, shape)
            if pixels.dtype != np.uint8:
                whole = source.read(list(bands), out_shape=(3, 64, 64)).astype(np.float32)
                low, high = np.nanpercentile(np.where(np.isfinite(whole), whole, np.nan), (2, 98))
                stretched = (np.nan_to_num(pixels.astype(np.float32)) - low) * (255 / max(float(high - low), 1e-9))
                pixels = stretched.clip(0, 255).astype(np.uint8)
    except DataError:
        return None
    return np.moveaxis(pixels, 0, -1)


def _read_labels(pair: Pair, scheme: ClassScheme, window: Window, step: float) -> Labels | None:
    """A part of the labels, every `step`-th of them, (rows, cols), read in strips; None if they are unreadable."""
    rows = (np.arange(max(1, round(window.height / step))) + 0.5) * window.height / max(1, round(window.height / step))
    cols = (np.arange(max(1, round(window.width / step))) + 0.5) * window.width / max(1, round(window.width / step))
    high = max(1, _STRIP // window.width)
    try:
        with label_reader(pair, scheme) as read:
            taken: list[Labels] = []
            for start in range(0, window.height, high):
                own = rows[(rows >= start) & (rows < start + high)] - start
                strip = Window(window.row + start, window.col, min(high, window.height - start), window.width)
                taken.append(read(strip)[np.ix_(own.astype(int), cols.astype(int))])
            return np.concatenate(taken)
    except DataError:
        return None

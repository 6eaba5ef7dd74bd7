"""What the training images look like, for the card: windows spread over them, at the resolutions that a run reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import cv2
import numpy as np

from ..datasets.pairs import Pair
from ..datasets.rasters import image_reader, validity_reader
from ..datasets.split import Part
from ..model.card import Band, Card
from ..model.known_ground import LEAST_DATA, WINDOW, Mask, Pixels, describe_windows, fit_known_ground
from ..model.normalization import normalize
from ..progress import Reporter
from ..raster.value_range import BYTE, Range
from ..raster.window import Window

MOST_WINDOWS = 3600
"""Windows that are looked at, about: so many of all parts and resolutions together."""

_FEW_PARTS = 4  # with fewer parts, neighbouring quarters of them stand for the images that are held out
_LEAST_SIDE = 16


def describe_training_images(
    card: Card,
    pairs: Sequence[Pair],
    parts: Sequence[Part],
    *,
    clipped: Range | None = None,
    reporter: Reporter | None = None,
) -> Card:
    """Add to a card what the training images look like to a run.

    Args:
        card: The card, with the GSD of these images.
        pairs: All pairs.
        parts: What was trained on.
        clipped: The range beyond which values are clipped; None: there are none.
        reporter: Told of every part.

    Returns:
        The card; nothing is known where there are too few images to say what is normal.

    Raises:
        DataError: An image is unreadable.
    """
    statistics, places = [], []
    for index, quarter, pixels, data in read_windows(card, pairs, parts, clipped=clipped, reporter=reporter):
        found, share = describe_windows(pixels, data, 1)
        if share[0] >= LEAST_DATA:
            statistics.append(found[0])
            places.append(4 * index + (quarter if len(parts) < _FEW_PARTS else 0))
    return replace(card, known=fit_known_ground(np.array(statistics), np.array(places, np.intp)))


def add_reviewed_ground(
    card: Card, pairs: Sequence[Pair], squares: Sequence[Window], *, clipped: Range | None = None
) -> Card:
    """Add to a card what reviewed squares and their surroundings look like to a run.

    Args:
        card: The card.
        pairs: A cut-out for each square, as a run reads the scene.
        squares: Where the square is in it.
        clipped: The range beyond which values are clipped; None: there are none.

    Returns:
        The card; where nothing was known of the ground before, it stays so.

    Raises:
        DataError: An image is unreadable.
    """
    statistics = []
    for pair, square in zip(pairs, squares, strict=True):
        for part in _surround(square, pair.size):
            for _, pixels, data in _read_windows(pair, part, card.bands, clipped, 1.0, 1):
                found, share = describe_windows(pixels, data, 1)
                if share[0] >= LEAST_DATA:
                    statistics.append(found[0])
    if card.known is None or not statistics:
        return card
    return replace(card, known=card.known.extend(np.array(statistics)))


def _surround(square: Window, shape: tuple[int, int]) -> list[Window]:
    """Windows that have a part of a square in their middle, inside of a raster of (rows, cols).

    Their middles go beyond the square by a quarter of a window, as those of a run lie anywhere.
    """
    starts, sides = [], [min(WINDOW, whole) for whole in shape]
    axes = zip((square.row, square.col), square.shape, shape, sides, strict=True)
    for start, size, whole, side in axes:
        first, last = start - WINDOW // 4, start + size + WINDOW // 4
        middles = np.linspace(first, last, 1 + round((last - first) / (WINDOW // 2)))
        starts.append(sorted({min(max(round(middle) - side // 2, 0), whole - side) for middle in middles}))
    return [Window(row, col, *sides) for row, col in product(*starts)]


def read_windows(
    card: Card,
    pairs: Sequence[Pair],
    parts: Sequence[Part],
    *,
    clipped: Range | None = None,
    reporter: Reporter | None = None,
) -> Iterator[tuple[int, int, Pixels, Mask]]:
    """Read windows that are spread over images, normalised, at their own GSD and at the ends of the card's range.

    Yields:
        Index of the part, the quarter of it (0…3), pixels of shape (bands, rows, cols), and where they have data, shape
        (rows, cols).

    Raises:
        DataError: An image is unreadable.
    """
    reporter = reporter or Reporter()
    finest, coarsest = card.gsd_range
    scales = sorted({1.0, card.gsd / finest, card.gsd / coarsest})
    chosen = _spread(len(parts), MOST_WINDOWS)
    each = max(1, round(MOST_WINDOWS / (max(len(chosen), 1) * len(scales))))
    reporter.start("look at images", len(chosen), "parts")
    for index in chosen:
        part = parts[index].window
        for scale in scales:
            for window, pixels, data in _read_windows(pairs[parts[index].pair], part, card.bands, clipped, scale, each):
                below = window.row + window.height / 2 > part.row + part.height / 2
                right = window.col + window.width / 2 > part.col + part.width / 2
                yield index, 2 * below + right, pixels, data
        reporter.advance()
        reporter.check()


def _read_windows(
    pair: Pair, part: Window, bands: Sequence[Band], clipped: Range | None, scale: float, most: int
) -> Iterator[tuple[Window, Pixels, Mask]]:
    """Read some windows, spread over a part of an image, that at this scale have `WINDOW` px a side."""
    rows, cols = (min(round(WINDOW / scale), n) for n in part.shape)
    if min(rows, cols) * scale < _LEAST_SIDE:
        return
    tops, lefts = (
        np.linspace(0, n - side, max(1, round(n / side))).astype(int)
        for n, side in ((part.height, rows), (part.width, cols))
    )
    indexes = pair.indexes([band.name for band in bands])
    size = max(1, round(cols * scale)), max(1, round(rows * scale))
    how = cv2.INTER_LINEAR if scale > 1 else cv2.INTER_AREA
    with image_reader(pair.image, indexes) as read, validity_reader(pair.image, pair.nodata) as read_valid:
        corners = list(product(tops, lefts))
        for top, left in (corners[i] for i in _spread(len(corners), most)):
            window = Window(part.row + int(top), part.col + int(left), rows, cols)
            pixels = np.nan_to_num(read(window).astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
            data = np.ones(window.shape, bool) if read_valid is None else read_valid(window)
            if scale != 1:
                pixels = np.stack([cv2.resize(band, size, interpolation=how) for band in pixels])
                data = cv2.resize(data.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
            scaled = normalize(pixels, bands, stretch_from=clipped, onto=clipped or BYTE)
            yield window, scaled, data


def _spread(n: int, most: int) -> list[int]:
    """At most so many of the first n numbers, evenly spread, from the first to the last."""
    return sorted({round(float(i)) for i in np.linspace(0, n - 1, min(n, most))})

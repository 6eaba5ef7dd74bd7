"""Unknown labels: where in an image pixels lie whose colour or id is no class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..datasets.labelled_data import LabelledData
from ..datasets.labels import Census, UnknownLabel
from ..datasets.masks import mask_reader
from ..datasets.pairs import Mask
from ..datasets.rasters import strips
from ..errors import DataError
from ..raster.window import Window

MOST_PLACES = 200
"""Places that are looked up, those of most pixels first."""

CELL = 32
"""Side of the squares whose pixels are counted to say where most of them are, px."""


@dataclass(frozen=True)
class Location:
    """Where one unknown colour or id lies in one image."""

    pair: int
    """Index of the pair."""
    value: str
    """The colour as `#RRGGBB`, or the id."""
    pixels: int
    """How many pixels have it."""
    box: Window
    """The smallest rectangle that holds them all, px."""
    centre: tuple[int, int]
    """(row, col) of the middle of the square of `CELL` px that holds most of them."""


def locate_unknown_labels(data: LabelledData, censuses: Sequence[Census]) -> tuple[Location, ...]:
    """Say where unknown colours and ids lie, those of most pixels first; at most `MOST_PLACES` of them.

    Blurred edges of JPEG masks are left out: they lie everywhere.

    Args:
        data: The labelled data.
        censuses: Label counts of its pairs, in their order.
    """
    exact = (entry for entry in enumerate(censuses) if not data.pairs[entry[0]].is_blurred)
    unknown = [(index, one) for index, census in exact for one in census.unknown]
    unknown.sort(key=lambda entry: (-entry[1].pixels, entry[0]))
    return tuple(
        Location(index, one.value, one.pixels, one.box, _find_centre(data, index, one))
        for index, one in unknown[:MOST_PLACES]
    )


def _find_centre(data: LabelledData, index: int, unknown: UnknownLabel) -> tuple[int, int]:
    """Where most of the pixels are: the fullest cell of a grid over their box."""
    box = unknown.box
    counts = np.zeros((-(-box.height // CELL), -(-box.width // CELL)), np.int64)
    pair = data.pairs[index]
    if not isinstance(pair.labels, Mask):
        return box.row + box.height // 2, box.col + box.width // 2
    try:
        with mask_reader(pair.mask) as read:
            wanted = int(unknown.value[1:], 16)
            for strip in strips(pair.size):
                window = strip.intersection(box)
                if window is not None:
                    rows, cols = np.nonzero(read(window) == wanted)
                    np.add.at(counts, ((rows + window.row - box.row) // CELL, (cols + window.col - box.col) // CELL), 1)
    except DataError:
        return box.row + box.height // 2, box.col + box.width // 2
    row, col = np.unravel_index(int(counts.argmax()), counts.shape)
    return (
        box.row + min(int(row) * CELL + CELL // 2, box.height - 1),
        box.col + min(int(col) * CELL + CELL // 2, box.width - 1),
    )

"""Labels: a mask's colours turned into class indices, and how often each occurs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..classes import IGNORE, ClassScheme
from .pairs import Pair, read_colours


def encode_colours(colours: NDArray[np.uint8], scheme: ClassScheme) -> NDArray[np.uint8]:
    """Turn colours into labels by exact match.

    Args:
        colours: Shape (rows, cols, 3), RGB, uint8.
        scheme: The classes.

    Returns:
        Shape (rows, cols), uint8: 0…N-1 for the classes in the order of the scheme, `IGNORE` for any other colour.
    """
    codes = _codes(colours)
    labels = np.full(codes.shape, IGNORE, np.uint8)
    for label, colour in enumerate(scheme.colours):
        labels[codes == _codes(np.asarray(colour, np.uint8))] = label
    return labels


def read_labels(path: Path, scheme: ClassScheme) -> NDArray[np.uint8]:
    """Read a mask as labels; see `encode_colours`.

    Raises:
        DataError: The mask is unreadable.
    """
    return encode_colours(read_colours(path), scheme)


@dataclass(frozen=True)
class Census:
    """How many pixels of a pair have which label."""

    counts: tuple[int, ...]
    """Pixels of each class, in the order of the scheme."""
    ignored: int
    """Pixels of a colour that is in no scheme."""


def count_labels(pair: Pair, scheme: ClassScheme) -> Census:
    """Count the labels of one pair.

    Raises:
        DataError: The mask is unreadable.
    """
    counts = np.bincount(read_labels(pair.mask, scheme).ravel(), minlength=256)
    return Census(tuple(int(n) for n in counts[: len(scheme)]), int(counts[IGNORE]))


def total(censuses: Sequence[Census]) -> NDArray[np.int64]:
    """Pixels of each class over several pairs, shape (classes,)."""
    counts: NDArray[np.int64] = np.array([census.counts for census in censuses], np.int64).sum(axis=0)
    return counts


def _codes(colours: NDArray[Any]) -> NDArray[np.uint32]:
    """One number for each colour: red · 2¹⁶ + green · 2⁸ + blue."""
    red, green, blue = np.moveaxis(colours.astype(np.uint32), -1, 0)
    codes: NDArray[np.uint32] = (red << np.uint32(16)) | (green << np.uint32(8)) | blue
    return codes

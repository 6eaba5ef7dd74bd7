"""Small pictures of an image, its labels and what became of it, made while its rasters are read window by window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..datasets.rasters import open_image
from ..metrics import IGNORE
from ..raster.bands import choose_shown_bands, read_facts
from ..raster.classes import ClassScheme
from ..raster.window import Window
from ..report.page import shrink

LONGEST = 480
"""Longest side of a thumbnail, px."""

SURE = 80
"""Confidence from which on a mistake counts as a sure one, %."""

WRONG, UNSURELY_WRONG, NOT_SCORED = (204, 34, 24), (246, 168, 66), (40, 44, 52)
"""Colours of the error map: sure mistakes, unsure ones, and pixels that do not count."""

_BLANK = (255, 255, 255)
_STRETCH = (2.0, 98.0)


class Thumbnail:
    """A thumbnail: every so-many-th pixel of the labels, the prediction and its confidence of one image.

    Args:
        size: (rows, cols) of the image.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        step = max(1.0, max(size) / LONGEST)
        self._places = [((np.arange(max(1, int(n / step))) + 0.5) * step).astype(int) for n in size]
        shape = (len(self._places[0]), len(self._places[1]))
        self.labels = np.full(shape, IGNORE, np.uint8)
        self.predicted = np.full(shape, IGNORE, np.uint8)
        self.confidence = np.zeros(shape, np.uint8)

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols) of its pictures."""
        return self.labels.shape[0], self.labels.shape[1]

    def feed(self, window: Window, labels: Any, predicted: Any, confidence: Any) -> None:
        """Take what it needs from a window; the arrays have its shape."""
        (a, b), (c, d) = (
            np.searchsorted(places, (start, start + length))
            for places, start, length in zip(self._places, (window.row, window.col), window.shape, strict=True)
        )
        pixels = np.ix_(self._places[0][a:b] - window.row, self._places[1][c:d] - window.col)
        for mine, given in ((self.labels, labels), (self.predicted, predicted), (self.confidence, confidence)):
            mine[a:b, c:d] = given[pixels]

    def save(self, path: Path) -> None:
        """Put it aside, compressed."""
        np.savez_compressed(path, labels=self.labels, predicted=self.predicted, confidence=self.confidence)

    @classmethod
    def load(cls, path: Path) -> Thumbnail:
        """Take it back."""
        with np.load(path) as stored:
            found = cls(stored["labels"].shape)
            found.labels, found.predicted, found.confidence = (
                stored[name] for name in ("labels", "predicted", "confidence")
            )
        return found


def name_thumbnail(folder: Path, index: int) -> Path:
    """Name the file in which the thumbnail of an image is put aside."""
    return folder / f"{index}.npz"


def paint_classes(indices: NDArray[np.uint8], scheme: ClassScheme) -> NDArray[np.uint8]:
    """Paint class indices in the colours of the scheme, white where they are ignored; (rows, cols, 3)."""
    colours = np.full((256, 3), _BLANK, np.uint8)
    colours[: len(scheme)] = scheme.colours
    painted: NDArray[np.uint8] = colours[indices]
    return painted


def paint_errors(thumbnail: Thumbnail, photograph: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Paint the image in pale grey with its mistakes in colour; (rows, cols, 3).

    Args:
        thumbnail: What is labelled and predicted.
        photograph: The image at the size of the thumbnail, shape (rows, cols, 3).
    """
    grey = 150 + photograph.mean(axis=2, keepdims=True) * 0.38
    painted = np.repeat(grey, 3, axis=2).astype(np.uint8)
    scored = (thumbnail.labels != IGNORE) & (thumbnail.predicted != IGNORE)
    wrong = scored & (thumbnail.labels != thumbnail.predicted)
    painted[wrong] = UNSURELY_WRONG
    painted[wrong & (thumbnail.confidence >= SURE)] = WRONG
    painted[~scored] = NOT_SCORED
    return painted


def read_photograph(path: Path, bands: Sequence[int], shape: tuple[int, int]) -> NDArray[np.uint8]:
    """Read an image as people see it, decimated; (rows, cols, 3).

    Args:
        path: The image.
        bands: The bands to show as red, green and blue; fewer than three make it grey; none are those that it says.
        shape: (rows, cols) wanted.
    """
    with open_image(path) as source:
        chosen = list(choose_shown_bands(read_facts(source), bands))
        twice = tuple(min(2 * wanted, n) for wanted, n in zip(shape, source.shape, strict=True))
        pixels = source.read(chosen, out_shape=(len(chosen), *twice))
    if pixels.dtype != np.uint8:
        pixels = _stretch(pixels)
    if len(chosen) == 1:
        pixels = np.repeat(pixels, 3, axis=0)
    small = shrink(np.moveaxis(pixels, 0, -1), longest=max(shape), mean=True)
    places = [
        np.minimum((np.arange(n) + 0.5) * m / n, m - 1).astype(int) for n, m in zip(shape, small.shape, strict=False)
    ]
    seen: NDArray[np.uint8] = small[np.ix_(*places)]
    return seen


def _stretch(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """Stretch all values but the darkest and the brightest over 0…255."""
    values = pixels.astype(np.float64)
    known = values[np.isfinite(values)]
    low, high = np.percentile(known, _STRETCH) if known.size else (0.0, 1.0)
    share = np.nan_to_num((values - low) / max(high - low, 1e-9))
    stretched: NDArray[np.uint8] = (np.clip(share, 0, 1) * 255).astype(np.uint8)
    return stretched

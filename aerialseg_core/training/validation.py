"""Scoring on whole held-out images."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from ..card import Band
from ..classes import ClassScheme
from ..labelled.labels import read_labels
from ..labelled.pairs import Pair, read_image
from ..metrics import Scores, confusion, score
from ..normalise import normalise

CORE = 512
"""Largest side of what is predicted at once, px, without its margin."""

MARGIN = 64
"""What the network sees around it on every side, px; beyond the image it is the image, reflected."""

_MULTIPLE = 32


def predict_image(model: keras.Model, pixels: NDArray[Any], bands: Sequence[Band]) -> NDArray[np.uint8]:
    """Predict the class of every pixel of an image of any size, window by window.

    Args:
        model: Network for (batch, rows, cols, bands).
        pixels: Shape (bands, rows, cols), as stored.
        bands: Scaling of the bands.

    Returns:
        Shape (rows, cols), class indices, uint8.
    """
    rows, cols = pixels.shape[1:]
    height, width = (_core(n) for n in (rows, cols))
    below, right = -rows % height, -cols % width
    padded = np.pad(pixels, [(0, 0), (MARGIN, MARGIN + below), (MARGIN, MARGIN + right)], mode="reflect")
    result = np.empty((rows + below, cols + right), np.uint8)
    for row in range(0, rows, height):
        for col in range(0, cols, width):
            window = padded[:, row : row + height + 2 * MARGIN, col : col + width + 2 * MARGIN]
            batch = np.moveaxis(normalise(window, bands), 0, -1)[None]
            scores = np.asarray(model.predict_on_batch(batch))[0]
            result[row : row + height, col : col + width] = scores[MARGIN:-MARGIN, MARGIN:-MARGIN].argmax(axis=-1)
    return result[:rows, :cols]


def evaluate(
    model: keras.Model,
    pairs: Sequence[Pair],
    scheme: ClassScheme,
    *,
    bands: Sequence[Band],
    check: Callable[[], None] = lambda: None,
) -> Scores:
    """Score a network on whole images, all their pixels in one confusion matrix.

    Args:
        model: Network for (batch, rows, cols, bands).
        pairs: Images and masks that the network has not seen.
        scheme: The classes.
        bands: Scaling of the bands.
        check: Called before every image; may raise to stop.
    """
    matrix = np.zeros((len(scheme), len(scheme)), np.int64)
    for labels, predicted in _predictions(model, pairs, scheme, bands):
        check()
        matrix += confusion(labels, predicted, len(scheme))
    return score(matrix, scheme.names)


def _predictions(
    model: keras.Model, pairs: Sequence[Pair], scheme: ClassScheme, bands: Sequence[Band]
) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.uint8]]]:
    for pair in pairs:
        pixels = read_image(pair.image, len(bands))
        yield read_labels(pair.mask, scheme), predict_image(model, pixels, bands)


def _core(n: int) -> int:
    """Side of equal windows, at most `CORE` and a multiple of 32, that cover `n` pixels."""
    share = -(-n // -(-n // CORE))
    return -(-share // _MULTIPLE) * _MULTIPLE

"""Scoring on held-out parts of images, window by window, so that a part may be of any size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from ..classes import IGNORE, ClassScheme
from ..datasets.labels import label_reader
from ..datasets.pairs import Pair
from ..datasets.rasters import image_reader
from ..datasets.split import Part
from ..metrics import Accuracy, count_confusion, measure_accuracy
from ..model.calibration import Reliability, apply_temperature, fit_temperature
from ..model.card import Band
from ..model.normalization import normalize
from ..raster.value_range import BYTE, Range
from ..raster.window import Window, reflect, spans

CORE = 512
"""Largest side of what is predicted at once, px, without its margin."""

MARGIN = 64
"""What the network sees around it on every side, px; beyond the image it is the image, reflected."""

SAMPLES = 400
"""Pixels of each window that the temperature is fitted on, drawn at random."""

_MULTIPLE = 32
_MOST_SAMPLES = 400_000

Labels = NDArray[np.uint8]
Pixels = NDArray[np.float32]
Read = Callable[[Window], NDArray[Any]]


@dataclass(frozen=True)
class Held:
    """What is held out."""

    pairs: tuple[Pair, ...]
    """All pairs."""
    parts: tuple[Part, ...]
    """The parts of them that are held out."""
    scheme: ClassScheme
    """The classes."""
    bands: tuple[Band, ...]
    """Scaling of the bands."""
    clipped: Range | None = None
    """The range beyond which values are clipped; None: there are none."""


@dataclass(frozen=True)
class Samples:
    """Scores of pixels drawn at random, and what these are."""

    scores: NDArray[np.float32]
    """Shape (samples, classes)."""
    labels: Labels
    """Shape (samples,)."""


@dataclass(frozen=True)
class Calibration:
    """How sure a network may be."""

    temperature: float
    """What its scores are softened by."""
    ece_before: float
    """Expected calibration error of the scores as they are, 0…1."""
    ece_after: float
    """The same at this temperature."""


def evaluate(model: keras.Model, held: Held, check: Callable[[], None] = lambda: None) -> Accuracy:
    """Score a network, all pixels in one confusion matrix.

    Args:
        model: Network for (batch, rows, cols, bands).
        held: What the network has not seen.
        check: Called before every window; may raise to stop.
    """
    matrix = np.zeros((len(held.scheme), len(held.scheme)), np.int64)
    for labels, scores in _predictions(model, held, check):
        matrix += count_confusion(labels, scores.argmax(axis=-1).astype(np.uint8), len(held.scheme))
    return measure_accuracy(matrix, held.scheme.names)


def sample(model: keras.Model, held: Held, check: Callable[[], None] = lambda: None) -> Samples:
    """Draw scores and labels of held-out pixels, a few of every window; the same ones every time."""
    rng = np.random.default_rng(0)
    drawn: list[Samples] = []
    for labels, scores in _predictions(model, held, check):
        places = np.flatnonzero(labels != IGNORE)
        chosen = rng.choice(places, min(SAMPLES, len(places)), replace=False)
        drawn.append(Samples(scores.reshape(-1, scores.shape[-1])[chosen], labels.ravel()[chosen]))
        if len(drawn) * SAMPLES >= _MOST_SAMPLES:
            break
    return pooled(drawn, len(held.scheme))


def pooled(samples: Sequence[Samples], classes: int) -> Samples:
    """All samples together."""
    scores = [one.scores for one in samples] or [np.zeros((0, classes), np.float32)]
    labels = [one.labels for one in samples] or [np.zeros(0, np.uint8)]
    return Samples(np.concatenate(scores), np.concatenate(labels))


def calibrate(samples: Samples) -> Calibration | None:
    """Fit the temperature; None without samples.

    The temperature is fitted on one half and the errors are measured on the other, so that they are honest.
    """
    fitted, tested = (Samples(samples.scores[i::2], samples.labels[i::2]) for i in (0, 1))
    if not len(tested.labels):
        return None
    temperature = fit_temperature(fitted.scores, fitted.labels)
    errors = [_ece(tested, t) for t in (1.0, temperature)]
    return Calibration(temperature, *(round(error, 4) for error in errors))


def predict_image(model: keras.Model, pixels: NDArray[Any], bands: Sequence[Band]) -> Labels:
    """Predict the class of every pixel of an image of any size, window by window.

    Args:
        model: Network for (batch, rows, cols, bands).
        pixels: Shape (bands, rows, cols), as stored.
        bands: Scaling of the bands.

    Returns:
        Shape (rows, cols), class indices, uint8.
    """
    size = (pixels.shape[1], pixels.shape[2])
    result = np.empty(size, np.uint8)
    whole = Window(0, 0, *size)

    def read(window: Window) -> NDArray[Any]:
        return pixels[:, window.row : window.row + window.height, window.col : window.col + window.width]

    for window in _windows(whole):
        rows, cols = (slice(start, start + n) for start, n in ((window.row, window.height), (window.col, window.width)))
        result[rows, cols] = _scores(model, read, window, size, bands).argmax(axis=-1)
    return result


def _predictions(model: keras.Model, held: Held, check: Callable[[], None]) -> Iterator[tuple[Labels, Pixels]]:
    """Labels, (rows, cols), and scores, (rows, cols, classes), of every window of the held-out parts."""
    for part in held.parts:
        pair = held.pairs[part.pair]
        with _opened(pair, held) as (read_pixels, read_labels):
            for window in _windows(part.window):
                check()
                yield read_labels(window), _scores(model, read_pixels, window, pair.size, held.bands, held.clipped)


@contextmanager
def _opened(pair: Pair, held: Held) -> Iterator[tuple[Read, Read]]:
    with (
        image_reader(pair.image, pair.indexes([band.name for band in held.bands])) as pixels,
        label_reader(pair, held.scheme) as labels,
    ):
        yield pixels, labels


def _windows(part: Window) -> Iterator[Window]:
    height, width = (_core(n) for n in part.shape)
    for top, bottom in spans(part.row, part.row + part.height, height):
        for left, right in spans(part.col, part.col + part.width, width):
            yield Window(top, left, bottom - top, right - left)


def _scores(
    model: keras.Model,
    read: Read,
    window: Window,
    size: tuple[int, int],
    bands: Sequence[Band],
    clipped: Range | None = None,
) -> Pixels:
    """Scores of a window, (rows, cols, classes), predicted with a margin of what is around it in the image."""
    rows, cols = (
        reflect(np.arange(start - MARGIN, start + n + -n % _MULTIPLE + MARGIN), whole)
        for start, n, whole in zip((window.row, window.col), window.shape, size, strict=True)
    )
    top, left = int(rows.min()), int(cols.min())
    pixels = read(Window(top, left, int(rows.max()) - top + 1, int(cols.max()) - left + 1))
    seen = pixels[:, rows - top][:, :, cols - left]
    scaled = normalize(seen, bands, stretch_from=clipped, onto=clipped or BYTE)
    batch = np.moveaxis(scaled, 0, -1)[None]
    distribution = keras.distribution.distribution()
    if distribution is not None:  # every device wants its share of the batch
        batch = np.repeat(batch, distribution.device_mesh.devices.size, axis=0)
    scores: Pixels = np.asarray(keras.ops.convert_to_numpy(model.predict_on_batch(batch)), np.float32)[0]
    return scores[MARGIN : MARGIN + window.height, MARGIN : MARGIN + window.width]


def _core(n: int) -> int:
    """Side of equal windows, at most `CORE` and a multiple of 32, that cover `n` pixels."""
    share = -(-n // -(-n // CORE))
    return -(-share // _MULTIPLE) * _MULTIPLE


def _ece(samples: Samples, temperature: float) -> float:
    scores = apply_temperature(samples.scores, temperature, axis=1)
    reliability = Reliability()
    reliability.feed(scores.max(axis=1), scores.argmax(axis=1) == samples.labels)
    return reliability.ece

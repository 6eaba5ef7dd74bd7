"""Scoring on held-out parts of images, window by window, so that a part may be of any size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import keras
import numpy as np
from numpy.typing import NDArray

from ..datasets.labels import label_reader
from ..datasets.pairs import Pair
from ..datasets.rasters import image_reader
from ..datasets.split import Part
from ..metrics import IGNORE, Accuracy, count_confusion, measure_accuracy
from ..model.calibration import Reliability, apply_temperature, fit_temperature
from ..model.card import Band
from ..model.normalization import normalize
from ..raster.classes import ClassScheme
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


class Network(Protocol):
    """What predicts a batch, such as a `keras.Model`."""

    def predict_on_batch(self, batch: Pixels, /) -> Any:
        """Predict (batch, rows, cols, bands): (batch, rows, cols, classes)."""


@dataclass(frozen=True)
class Holdout:
    """The parts of images that are held out of training."""

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
class PixelSample:
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


def score_holdout(model: keras.Model, holdout: Holdout, check: Callable[[], None] = lambda: None) -> Accuracy:
    """Score a network on what is held out, all pixels in one confusion matrix.

    Args:
        model: Network for (batch, rows, cols, bands).
        holdout: What the network has not seen.
        check: Called before every window; may raise to stop.
    """
    matrix = np.zeros((len(holdout.scheme), len(holdout.scheme)), np.int64)
    for _, labels, scores in predict_windows(model, holdout, check):
        matrix += count_confusion(labels, scores.argmax(axis=-1).astype(np.uint8), len(holdout.scheme))
    return measure_accuracy(matrix, holdout.scheme.names)


def draw_pixels(model: keras.Model, holdout: Holdout, check: Callable[[], None] = lambda: None) -> PixelSample:
    """Draw scores and labels of held-out pixels, a few of every window; the same ones every time."""
    rng = np.random.default_rng(0)
    drawn: list[PixelSample] = []
    for _, labels, scores in predict_windows(model, holdout, check):
        places = np.flatnonzero(labels != IGNORE)
        chosen = rng.choice(places, min(SAMPLES, len(places)), replace=False)
        drawn.append(PixelSample(scores.reshape(-1, scores.shape[-1])[chosen], labels.ravel()[chosen]))
        if len(drawn) * SAMPLES >= _MOST_SAMPLES:
            break
    return _concatenate(drawn)


def calibrate(samples: Sequence[PixelSample]) -> Calibration | None:
    """Fit the temperature on all samples together; None without any.

    The temperature is fitted on one half and the errors are measured on the other, so that they are honest.
    """
    if not samples:
        return None
    drawn = _concatenate(samples)
    fitted, tested = (PixelSample(drawn.scores[i::2], drawn.labels[i::2]) for i in (0, 1))
    if not len(tested.labels):
        return None
    temperature = fit_temperature(fitted.scores, fitted.labels)
    errors = []
    for used in (1.0, temperature):
        scores = apply_temperature(tested.scores, used, axis=1)
        reliability = Reliability()
        reliability.feed(scores.max(axis=1), scores.argmax(axis=1) == tested.labels)
        errors.append(round(reliability.ece, 4))
    return Calibration(temperature, *errors)


def predict_windows(
    model: Network, holdout: Holdout, check: Callable[[], None]
) -> Iterator[tuple[Window, Labels, Pixels]]:
    """Predict every window of the held-out parts: labels, (rows, cols), and scores, (rows, cols, classes).

    A window of an image begins at a multiple of 32 px from the corner of its part.
    """
    for part in holdout.parts:
        pair = holdout.pairs[part.pair]
        bands = pair.indexes([band.name for band in holdout.bands])
        height, width = (_choose_side(n) for n in part.window.shape)
        with image_reader(pair.image, bands) as read_pixels, label_reader(pair, holdout.scheme) as read_labels:
            for top, bottom in spans(part.window.row, part.window.row + part.window.height, height):
                for left, right in spans(part.window.col, part.window.col + part.window.width, width):
                    check()
                    window = Window(top, left, bottom - top, right - left)
                    yield window, read_labels(window), _predict(model, read_pixels, window, pair.size, holdout)


def _concatenate(samples: Sequence[PixelSample]) -> PixelSample:
    return PixelSample(np.concatenate([s.scores for s in samples]), np.concatenate([s.labels for s in samples]))


def _predict(model: Network, read: Read, window: Window, size: tuple[int, int], holdout: Holdout) -> Pixels:
    """Predict a window, (rows, cols, classes), with a margin of what is around it in an image of `size`."""
    rows, cols = (
        reflect(np.arange(start - MARGIN, start + n + -n % _MULTIPLE + MARGIN), whole)
        for start, n, whole in zip((window.row, window.col), window.shape, size, strict=True)
    )
    top, left = int(rows.min()), int(cols.min())
    pixels = read(Window(top, left, int(rows.max()) - top + 1, int(cols.max()) - left + 1))
    seen = pixels[:, rows - top][:, :, cols - left]
    scaled = normalize(seen, holdout.bands, stretch_from=holdout.clipped, onto=holdout.clipped or BYTE)
    batch = np.moveaxis(scaled, 0, -1)[None]
    distribution = keras.distribution.distribution()
    if distribution is not None:  # every device wants its share of the batch
        batch = np.repeat(batch, distribution.device_mesh.devices.size, axis=0)
    scores: Pixels = np.asarray(keras.ops.convert_to_numpy(model.predict_on_batch(batch)), np.float32)[0]
    return scores[MARGIN : MARGIN + window.height, MARGIN : MARGIN + window.width]


def _choose_side(n: int) -> int:
    """Choose the side of equal windows, at most `CORE` and a multiple of 32, that cover `n` pixels."""
    share = -(-n // -(-n // CORE))
    return -(-share // _MULTIPLE) * _MULTIPLE

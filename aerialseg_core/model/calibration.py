"""Temperature scaling: making a network's confidence mean what it says, and measuring whether it does.

Guo, Pleiss, Sun, Weinberger: On Calibration of Modern Neural Networks. ICML 2017.
Naeini, Cooper, Hauskrecht: Obtaining Well Calibrated Probabilities Using Bayesian Binning. AAAI 2015.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..metrics import IGNORE
from .scores import Scores

LEAST_SCORE = np.float32(1e-12)
"""A score counts as at least this much, so that it has a logarithm."""

TEMPERATURES = (0.1, 10.0)
"""Lowest and highest temperature that is fitted."""

FEWEST_SAMPLES = 100
"""With fewer labelled samples than this no temperature is fitted: it would follow chance."""

_HALVINGS = 30
_CHUNK = 1 << 17
_ROWS = 128  # of a window: its processor keeps them at hand


def apply_temperature(scores: Scores, temperature: float, *, axis: int) -> Scores:
    """Bring scores to another temperature: `softmax(log(scores) / temperature)`, which ranks the classes as before.

    Args:
        scores: Class probabilities, any shape.
        temperature: Above 1 makes them less certain, below 1 more certain; > 0.
        axis: Axis of the classes.

    Returns:
        Same shape, float32; sums to 1 along `axis`.
    """
    logits = np.log(np.maximum(scores, LEAST_SCORE)) / np.float32(temperature)
    powers = np.exp(logits - logits.max(axis=axis, keepdims=True))
    result: Scores = powers / powers.sum(axis=axis, keepdims=True)
    return result


def apply_temperature_to_best(scores: Scores, best: Scores, temperature: float) -> Scores:
    """Bring the highest score to another temperature: as `apply_temperature`, without making all the others.

    Args:
        scores: Class probabilities, shape (classes, rows, cols).
        best: The highest of them, shape (rows, cols).
        temperature: As in `apply_temperature`; at 1 `best` itself is returned, whatever the scores add up to.

    Returns:
        Shape (rows, cols), 0…1, float32.
    """
    if temperature == 1:
        return best
    sharpness = np.float32(1 / temperature)
    sure = np.zeros_like(best)
    for start in range(0, len(best), _ROWS):
        rows = slice(start, start + _ROWS)
        total = sure[rows]
        top = np.log(np.maximum(best[rows], LEAST_SCORE))
        power = np.empty_like(top)
        for plane in scores[:, rows]:
            np.maximum(plane, LEAST_SCORE, out=power)
            np.log(power, out=power)
            power -= top
            power *= sharpness
            np.exp(power, out=power)
            total += power
        np.reciprocal(total, out=total)
    return sure


def fit_temperature(scores: Scores, labels: NDArray[np.uint8]) -> float:
    """Fit the temperature at which the scores explain the labels best: that of the least negative log-likelihood.

    The likelihood is concave in the inverse temperature, so its slope has one sign on either side of the best one, and
    halving the interval between the bounds finds it for certain.

    Args:
        scores: Class probabilities, shape (samples, classes).
        labels: True classes, shape (samples,), 0…N-1; IGNORE does not count.

    Returns:
        A temperature within `TEMPERATURES`; 1 where fewer than `FEWEST_SAMPLES` samples are labelled.
    """
    labelled = labels != IGNORE
    logits, labels = np.log(np.maximum(scores[labelled], LEAST_SCORE)), labels[labelled]
    if len(labels) < FEWEST_SAMPLES:
        return 1.0
    low, high = map(math.log, TEMPERATURES)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _too_certain(logits, labels, math.exp(middle)):
            low = middle
        else:
            high = middle
    return round(math.exp((low + high) / 2), 4)


def _too_certain(logits: NDArray[np.float32], labels: NDArray[np.uint8], temperature: float) -> bool:
    """Whether a higher temperature would explain the labels better: the slope of the likelihood, in bounded memory."""
    excess = 0.0
    for start in range(0, len(labels), _CHUNK):
        part, truth = logits[start : start + _CHUNK], labels[start : start + _CHUNK]
        scaled = part / np.float32(temperature)
        powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        expected = np.einsum("ij,ij->i", powers, part) / powers.sum(axis=1)
        found = np.take_along_axis(part, truth[:, None].astype(np.intp), axis=1)[:, 0]
        excess += float((expected - found).sum(dtype=np.float64))
    return excess > 0


@dataclass(frozen=True)
class ReliabilityRow:
    """The samples whose confidence lies in one bin `(low, high]`; the first bin has 0 as well."""

    low: float
    """Lower bound, 0…1."""
    high: float
    """Upper bound, 0…1."""
    count: int
    """Number of samples."""
    confidence: float | None
    """Their mean confidence, 0…1; None without samples."""
    accuracy: float | None
    """Share of them whose class is right, 0…1; None without samples."""


class Reliability:
    """Counts how often a confidence is right: what a reliability diagram shows.

    Args:
        bins: Number of equally wide bins of the confidence.
    """

    def __init__(self, bins: int = 20) -> None:
        self._count = np.zeros(bins, np.int64)
        self._confidence = np.zeros(bins)
        self._correct = np.zeros(bins, np.int64)

    def feed(self, confidence: NDArray[np.floating[Any]], correct: NDArray[np.bool_]) -> None:
        """Add samples.

        Args:
            confidence: Shape (n,), 0…1.
            correct: Shape (n,), whether the class of the sample is right.
        """
        bins = len(self._count)
        # Rounded first: 0.15 from a raster of whole percents must not fall on either side of a bound by its last bit.
        places = np.clip(np.ceil(np.round(confidence.astype(np.float64) * bins, 6)).astype(np.intp) - 1, 0, bins - 1)
        self._count += np.bincount(places, minlength=bins)
        self._confidence += np.bincount(places, weights=confidence, minlength=bins)
        self._correct += np.bincount(places[correct], minlength=bins)

    @property
    def rows(self) -> tuple[ReliabilityRow, ...]:
        """The bins from low to high."""
        bins = len(self._count)
        return tuple(
            ReliabilityRow(
                low=i / bins,
                high=(i + 1) / bins,
                count=int(count),
                confidence=float(confidence / count) if count else None,
                accuracy=float(correct / count) if count else None,
            )
            for i, (count, confidence, correct) in enumerate(
                zip(self._count, self._confidence, self._correct, strict=True)
            )
        )

    @property
    def samples(self) -> int:
        """Number of samples."""
        return int(self._count.sum())

    @property
    def ece(self) -> float:
        """Expected calibration error: mean distance of confidence and accuracy, 0…1; 0 without samples."""
        return float(np.abs(self._confidence - self._correct).sum() / max(self.samples, 1))

"""Known ground: what the images of a model's training look like, and how unlike them other pixels are.

A network answers on any ground, and is as sure of itself on ground that it was never shown. So the card keeps what
windows of its training images look like: for each band mean, contrast and texture. The distance of a window is that to
the nearest of them, in units of what is normal: that by which the training images differ from each other. Networks and
their activations play no part, so that the same holds for every engine; docs/design/known_ground.md compares both.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelError
from ..raster.interpolation import make_taps

Numbers = NDArray[np.float64]
Pixels = NDArray[np.float32]
Mask = NDArray[np.bool_]

WINDOW = 128
"""Side of a window, px: some houses with their gardens and street, at 1 m."""

REFERENCES = 1600
"""Windows of the training images that a card keeps, at most."""

NORMAL = 0.98
"""Share of the windows of training images that are like the other images."""

FEWEST_WINDOWS = 50
"""With fewer windows nothing is known of the ground."""

LEAST_DATA = 0.125
"""Share of a window that must have data to be looked at."""

FARTHEST = 250
"""Highest value of a raster of distances: the distance is this many percent, or more."""

_EVERY = 8
"""One in so many rows and columns is looked at: neighbours are alike."""

_STEPS = (1, 2, 4)
"""Distances of the pixels whose differences are the texture, px."""

PER_BAND = 2 + len(_STEPS)
"""Statistics of a window for each band."""

_DARKEST_CONTRAST, _LEAST_TEXTURE = 0.02, 0.005  # noise of a sensor and of JPEG, in normalised values
_SHRINKAGE = 0.02
_LEAST_LIMIT = 0.05


@dataclass(frozen=True)
class KnownGround:
    """What the training images of a model look like.

    Raises:
        ModelError: The numbers are none that windows could be compared with.
    """

    limit: float
    """Distance below which `NORMAL` of the windows lay, each compared with the images that it is no part of."""
    statistics: int
    """Numbers that describe a window: five for each band."""
    packed: str
    """Mean of the statistics, the matrix that makes them comparable, and what it makes of the windows that are kept:
    rows of so many float32 each, little-endian, as base64."""

    def __post_init__(self) -> None:
        if not 0 < self.limit < math.inf or self.statistics < PER_BAND or self.statistics % PER_BAND:
            raise ModelError(
                "ground-untold", "The model's card does not tell what its training images look like.", "Get it again."
            )
        if len(self._rows) < 2 + self.statistics or not np.isfinite(self._rows).all():
            raise ModelError(
                "ground-damaged", "What the model's card tells of its training images is damaged.", "Get it again."
            )

    @cached_property
    def _rows(self) -> NDArray[np.float32]:
        """The unpacked numbers, shape (1 + statistics + windows, statistics)."""
        try:
            content = base64.b64decode(self.packed, validate=True)
            return np.frombuffer(content, "<f4").reshape(-1, self.statistics)
        except (binascii.Error, ValueError) as error:
            raise ModelError(
                "ground-damaged", "What the model's card tells of its training images is damaged.", "Get it again."
            ) from error

    @property
    def windows(self) -> int:
        """Windows of the training images that are kept."""
        return len(self._rows) - 1 - self.statistics

    def to_dict(self) -> dict[str, Any]:
        """Express it as JSON-serialisable data."""
        return {"limit": self.limit, "statistics": self.statistics, "packed": self.packed}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> KnownGround:
        """Read what `to_dict` has written.

        Raises:
            ModelError: The numbers are damaged.
        """
        return cls(float(data["limit"]), int(data["statistics"]), str(data["packed"]))

    def measure(self, pixels: NDArray[np.float32], data: Mask) -> NDArray[np.float32]:
        """Measure how unlike the training images the windows of a patch are.

        Args:
            pixels: Normalised, shape (bands, rows, cols).
            data: Where there are data, shape (rows, cols).

        Returns:
            Shape (n, n), where n windows of about `WINDOW` px lie along each side; up to 1: like them. A window with
            few data is as its neighbours are on the average; if all are so, 0: nothing is said.
        """
        parts = max(1, min(data.shape) // WINDOW)
        found, share = describe_windows(pixels, data, parts)
        seen = share >= LEAST_DATA
        distances = np.zeros(parts * parts)
        distances[seen] = self.compare(found[seen])
        if seen.any():
            distances[~seen] = distances[seen].mean()
        return distances.reshape(parts, parts).astype(np.float32)

    def compare(self, statistics: Numbers) -> Numbers:
        """Measure the distance of windows, described by `describe_windows`, from the training images; 1 is normal.

        Args:
            statistics: Shape (windows, statistics).

        Returns:
            Shape (windows,).
        """
        centre, matrix = self._rows[0], self._rows[1 : 1 + self.statistics]
        places = ((statistics - centre)[:, :, None] * matrix).sum(axis=1)
        return measure_nearest(places, self._references) / self.limit

    def extend(self, statistics: Numbers) -> KnownGround:
        """Add ground that a model has learnt since. What is normal stays: that is a matter of the first training.

        Args:
            statistics: Of windows of it, as `describe_windows` makes them, shape (windows, statistics).
        """
        centre, matrix = self._rows[0], self._rows[1 : 1 + self.statistics]
        return replace(self, packed=_pack(self._rows, (statistics - centre) @ matrix))

    @cached_property
    def _references(self) -> Numbers:
        return self._rows[1 + self.statistics :].astype(np.float64)


def describe_windows(pixels: NDArray[np.float32], data: Mask, parts: int) -> tuple[Numbers, Numbers]:
    """Describe the windows into which a patch is cut: mean, contrast and texture of each band.

    The contrast is the logarithm of the standard deviation; the texture those of the mean differences of pixels that
    are 1, 2 and 4 px apart along rows and columns.

    Args:
        pixels: Normalised, shape (bands, rows, cols).
        data: Where there are data, shape (rows, cols).
        parts: Windows along each side; what is left over at the lower and right border is not looked at.

    Returns:
        The statistics, shape (parts², statistics), and the share of each window that has data, shape (parts²,). Without
        data the statistics have no meaning.
    """
    seen, there, share = _look_along(pixels, data, parts)
    across, there_across, _ = _look_along(pixels.swapaxes(1, 2), data.T, parts)
    where: Any = True if there is None else np.broadcast_to(there, seen.shape)
    mean, spread = seen.mean(axis=(2, 4), where=where), seen.std(axis=(2, 4), where=where)
    steps, others = _measure_texture(seen, there), _measure_texture(across, there_across)
    texture = [np.log((a + b.swapaxes(-1, -2)) / 2 + _LEAST_TEXTURE) for a, b in zip(steps, others, strict=True)]
    described = np.stack([mean, np.log(spread + _DARKEST_CONTRAST), *texture])
    return described.reshape(-1, parts * parts).T.astype(np.float64), share.reshape(-1).astype(np.float64)


def _look_along(pixels: NDArray[np.float32], data: Mask, parts: int) -> tuple[NDArray[Any], Mask | None, NDArray[Any]]:
    """Take some rows of each window.

    Returns:
        The pixels, shape (bands, parts, lines, parts, cols); where there are data, or anything in a window that has
        none, shape (parts, lines, parts, cols), None if everywhere; the share of data, (parts, parts).
    """
    high, wide = (n // parts for n in data.shape)
    shape, lines = (parts, high, parts, wide), np.s_[..., _EVERY // 2 % high :: _EVERY, :, :]
    seen = np.ascontiguousarray(pixels[:, : parts * high, : parts * wide].reshape(-1, *shape)[lines])
    there = data[: parts * high, : parts * wide].reshape(shape)[lines]
    share = there.mean(axis=(1, 3))
    return seen, None if there.all() else there | (share == 0)[:, None, :, None], share


def _measure_texture(seen: NDArray[Any], there: Mask | None) -> list[NDArray[Any]]:
    """Measure the mean differences along the rows, each of shape (bands, parts, parts)."""
    found = []
    for step in _STEPS:
        differences = seen[..., step:] - seen[..., :-step]
        np.abs(differences, out=differences)
        where: Any = True
        if there is not None:
            pairs = there[..., step:] & there[..., :-step]
            pairs |= ~pairs.any(axis=(1, 3), keepdims=True)
            where = np.broadcast_to(pairs, differences.shape)
        found.append(differences.mean(axis=(2, 4), where=where))
    return found


def measure_nearest(places: Numbers, references: Numbers) -> Numbers:
    """Measure the root mean square distance of each place from the nearest reference.

    Args:
        places: Shape (n, statistics).
        references: Shape (m, statistics), m > 0.

    Returns:
        Shape (n,).
    """
    total = np.zeros((len(places), len(references)))
    difference = np.empty_like(total)  # of one axis: to ask for memory again and again takes longer than to compute
    for place, reference in zip(places.T, np.ascontiguousarray(references.T), strict=True):
        np.subtract(place[:, None], reference, out=difference)
        difference *= difference
        total += difference
    nearest: Numbers = np.sqrt(total.min(axis=1, initial=np.inf) / places.shape[1])
    return nearest


def fit_known_ground(statistics: Numbers, places: NDArray[np.integer[Any]]) -> KnownGround | None:
    """Find out what is normal among windows of training images.

    The limit is what leaves `NORMAL` of the windows below it, each compared with those of the other places alone: as a
    held-out image of the same kind would be.

    Args:
        statistics: Of the windows, as `describe_windows` makes them, shape (windows, statistics).
        places: To which image, or part of one, each window belongs, shape (windows,).

    Returns:
        None where there are too few windows, or one place only.
    """
    if len(statistics) < FEWEST_WINDOWS or len(np.unique(places)) < 2:
        return None
    centre = statistics.mean(axis=0)
    covariance = np.cov(statistics.T)
    covariance = (1 - _SHRINKAGE) * covariance + _SHRINKAGE * np.diag(np.diag(covariance)) + 1e-4 * np.eye(len(centre))
    matrix = np.linalg.inv(np.linalg.cholesky(covariance)).T
    compared = (statistics - centre) @ matrix
    kept = np.unique(np.linspace(0, len(compared) - 1, REFERENCES).round().astype(np.intp))
    distances = np.empty(len(compared))
    for place in np.unique(places):
        own = places == place
        distances[own] = measure_nearest(compared[own], compared[kept[~own[kept]]])
    limit = max(float(np.quantile(distances, NORMAL)), _LEAST_LIMIT)
    return KnownGround(round(limit, 6), len(centre), _pack(centre[None], matrix, compared[kept]))


def _pack(*rows: NDArray[np.floating[Any]]) -> str:
    return base64.b64encode(np.concatenate(rows).astype("<f4").tobytes()).decode("ascii")


def spread_distances(distances: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Spread the distances of windows over the pixels of their patch, interpolated between their centres.

    Args:
        distances: Shape (n, n).
        side: Side of the patch, px.

    Returns:
        Shape (side, side).
    """
    if len(distances) == 1:
        return np.full((side, side), distances[0, 0], np.float32)
    taps = make_taps(0, side, source=len(distances), target=side)
    weights = np.zeros((side, len(distances)), np.float32)
    for indices, share in zip(taps.indices, taps.weights, strict=True):
        weights[np.arange(side), indices] += share
    rows = sum(weights[:, k, None] * distances[k] for k in range(len(distances)))
    spread = np.empty((side, side), np.float32)
    left, other = taps.indices.min(axis=0), taps.indices.max(axis=0)  # of the two windows that a column lies between
    for start, stop in pairwise((0, *np.flatnonzero(np.diff(left) | np.diff(other)) + 1, side)):
        columns, k, m = np.s_[:, start:stop], left[start], other[start]
        np.multiply(rows[:, k, None], weights[start:stop, k], out=spread[columns])
        if m != k:
            spread[columns] += rows[:, m, None] * weights[start:stop, m]
    return spread


def doubt(confidence: NDArray[np.float32], distances: NDArray[np.float32]) -> NDArray[np.float32]:
    """Lower a confidence by the distance from known ground: `1 / (1 + 9 (d − 1)²)` of it, where d is above 1.

    Up to 1 nothing changes; at 1.1 nine tenths are left, at 1.33 a half, at 2 a tenth.

    Args:
        confidence: Any shape, 0…1.
        distances: Same shape.
    """
    if distances.max(initial=0) <= 1:
        return confidence
    beyond = np.maximum(np.float32(3) * (distances - np.float32(1)), np.float32(0))
    lowered: NDArray[np.float32] = confidence / (np.float32(1) + beyond * beyond)
    return lowered

"""The signature of a network: what it takes, what comes out, and how that becomes class probabilities.

Our own networks take normalized NCHW float32 and give the probabilities of the classes, NCHW, at the size of the patch.
Others take raw bytes or want the channels last, give logits, one channel for one class, class indices, or scores at a
quarter of the size. `recognition` tells what the numbers of a network are; `Signature` turns patches and scores for
every engine alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelError
from ..raster.interpolation import make_taps

Scores = NDArray[np.float32]
Layout = Literal["NCHW", "NHWC", "NHW", "CHW", "HWC", "HW"]
Meaning = Literal["probabilities", "independent", "logits", "one-hot", "probability", "logit", "indices"]

WHOLE_TYPES = ("uint8", "uint16", "int32", "int64")
"""Types of an input that gets the pixels as they are stored."""

TAKEN = ("float32", "float16", "float64", *WHOLE_TYPES)
"""Types of an input that can be given."""

MEANINGS: dict[str, str] = {
    "probabilities": "the probabilities of the classes",
    "independent": "a probability of each class by itself, brought to a sum of 1",
    "logits": "logits, which the softmax makes probabilities of",
    "one-hot": "one class for each pixel, without probabilities",
    "probability": "one channel, the probability of one class",
    "logit": "one channel of logits, which the sigmoid makes probabilities of",
    "indices": "the number of a class for each pixel, without probabilities",
}
"""What can come out, for people."""

ONE_CHANNEL = ("probability", "logit", "indices")
"""Meanings of a single channel."""

UNGRADED = ("one-hot", "indices")
"""Meanings that are no probabilities."""

_JUST_ABOVE_HALF = np.nextafter(np.float32(0.5), np.float32(1))


@dataclass(frozen=True)
class Signature:
    """What a network takes and gives; the default is that of our own networks."""

    dtype: str = "float32"
    """Element type of the input."""
    channels_last: bool = False
    """Whether the input is NHWC."""
    batch: int = 0
    """Patches that a call must have; 0 for any number."""
    output: int = 0
    """Which output is read."""
    layout: Layout = "NCHW"
    """The axes of that output."""
    meaning: Meaning = "probabilities"
    """What its numbers are."""
    scale: float = 1.0
    """What they are divided by first."""
    threshold: float = 0.0
    """Probability from which the class of one channel, or any class but the first, counts; 0 for none."""
    classes: int = 0
    """Number of classes that `scores` gives; 0 for as many as there are channels."""

    @property
    def raw(self) -> bool:
        """Whether the input gets pixels as they are stored, and nothing is normalized."""
        return self.dtype in WHOLE_TYPES

    @property
    def graded(self) -> bool:
        """Whether the scores are probabilities, from which a confidence can be told."""
        return self.meaning not in UNGRADED

    def notes(self, names: Sequence[str]) -> list[str]:
        """What is done with the network that is not done with our own, in sentences for people.

        Args:
            names: Names of the classes in the order of the scores.
        """
        said = []
        if self.raw:
            said.append(
                f"The network takes pixels as they are stored ({self.dtype}): nothing is scaled or standardised."
            )
        if self.meaning != "probabilities" or self.scale != 1:
            said.append(f"The network gives {MEANINGS[self.meaning]}.")
        if self.meaning in ("probability", "logit"):
            said.append(f"A pixel is {names[1]} from a probability of {self.threshold or 0.5:g} on, else {names[0]}.")
        elif self.threshold:
            said.append(f"Where no class has {self.threshold:g} (seg_thresh), a pixel is {names[0]}.")
        return said

    def shape(self, batch: int, bands: int, side: int) -> list[int]:
        """Shape of the input for so many patches."""
        return [batch, side, side, bands] if self.channels_last else [batch, bands, side, side]

    def feed(self, patches: Scores) -> NDArray[Any]:
        """Patches of shape (batch, bands, rows, cols) as the network wants them."""
        values: NDArray[Any] = patches
        if self.raw:
            limits = np.iinfo(self.dtype)
            values = np.clip(np.rint(patches), float(limits.min), float(min(limits.max, 1 << 24)))
        if self.channels_last:
            values = values.transpose(0, 2, 3, 1)
        return np.ascontiguousarray(values, self.dtype)

    def scores(self, found: NDArray[Any], side: int) -> Scores:
        """Class probabilities of shape (batch, classes, side, side) from what the network gave.

        Raises:
            ModelError: It gave something else than when it was tried.
        """
        planes = to_planes(found, self.layout)
        if (self.meaning, self.scale, self.threshold) == ("probabilities", 1.0, 0.0):
            made = np.ascontiguousarray(planes, np.float32)
        else:
            made = self._probabilities(planes.astype(np.float32))
        return made if made.shape[2:] == (side, side) else resize_scores(made, side)

    def _probabilities(self, planes: Scores) -> Scores:
        if self.scale != 1:
            planes /= np.float32(self.scale)
        if self.meaning == "indices":
            return _from_indices(planes[:, 0], self.classes)
        if self.meaning in ONE_CHANNEL:
            return _two_classes(_sigmoid(planes) if self.meaning == "logit" else planes, self.threshold or 0.5)
        made = _softmax(planes) if self.meaning == "logits" else planes
        if self.meaning == "independent":
            _bring_to_one(made)
        return _thresholded(made, self.threshold) if self.threshold else made


def format_shape(shape: Sequence[int]) -> str:
    """A shape for people."""
    return " × ".join(str(n) if n else "any" for n in shape)


def to_planes(found: NDArray[Any], layout: Layout) -> NDArray[Any]:
    """An output as (batch, channels, rows, cols).

    Raises:
        ModelError: It has another number of axes.
    """
    if found.ndim != len(layout):
        raise ModelError(
            f"The network gives scores of shape {format_shape(found.shape)}, not {layout} as when it was tried."
        )
    if layout == "NHWC":
        return found.transpose(0, 3, 1, 2)
    if layout == "NHW":
        return found[:, None]
    if layout == "HWC":
        return found.transpose(2, 0, 1)[None]
    if layout == "HW":
        return found[None, None]
    return found[None] if layout == "CHW" else found


def resize_scores(scores: Scores, side: int) -> Scores:
    """Scores of another resolution at the resolution of the patch: interpolated, or averaged; their sums stay.

    Raises:
        ModelError: They are not a whole number of times coarser or finer, so that nobody knows where they lie.
    """
    rows, cols = scores.shape[2:]
    if rows != cols or (side % rows and rows % side):
        given, wanted = f"{rows} × {cols} px", f"{side} × {side} px"
        raise ModelError(f"The model gives scores of {given} for patches of {wanted}.", "It cannot be used here.")
    for axis in (2, 3):
        along = make_taps(0, side, source=scores.shape[axis], target=side)
        shape = [-1 if i == axis else 1 for i in range(4)]
        parts = zip(along.indices, along.weights, strict=True)
        scores = np.sum([np.take(scores, i, axis=axis) * w.reshape(shape) for i, w in parts], axis=0, dtype=np.float32)
    return np.ascontiguousarray(scores)


OWN = Signature()
"""The signature of our own networks."""


def _softmax(logits: Scores) -> Scores:
    planes: Scores = np.exp(logits - logits.max(axis=1, keepdims=True))
    planes /= planes.sum(axis=1, keepdims=True)
    return planes


def _sigmoid(planes: Scores) -> Scores:
    return np.asarray(0.5 + 0.5 * np.tanh(planes * np.float32(0.5)), np.float32)  # never overflows


def _two_classes(share: Scores, threshold: float) -> Scores:
    """Background and class of shape (batch, 2, rows, cols): the class has 0.5 at the threshold, and wins from there."""
    t = np.float32(threshold)
    below = share * (np.float32(0.5) / t)
    above = np.float32(0.5) + (share - t) * (np.float32(0.5) / (1 - t))
    wins = share >= t
    made = np.where(wins, np.maximum(above, _JUST_ABOVE_HALF), below)
    return np.asarray(np.concatenate([1 - made, made], axis=1), np.float32)


def _bring_to_one(planes: Scores) -> None:
    """Bring each pixel to a sum of 1: too much is scaled down, what is missing is spread evenly, so nothing is sure."""
    np.clip(planes, 0, None, out=planes)
    sums = planes.sum(axis=1, keepdims=True)
    planes /= np.maximum(sums, 1)
    planes += np.maximum(1 - sums, 0) / np.float32(planes.shape[1])


def _thresholded(planes: Scores, threshold: float) -> Scores:
    """A class other than the first counts only from the threshold on; where none does, the first one wins."""
    rest = planes[:, 1:]
    rest[rest < np.float32(threshold)] = 0
    _bring_to_one(planes)
    return planes


def _from_indices(numbers: Scores, classes: int) -> Scores:
    """One plane for each class, 1 where it is."""
    if not (numbers >= 0).all() or not (numbers < classes).all() or (numbers % 1).any():
        raise ModelError(
            f"The network gives class numbers beyond 0…{classes - 1}.", "Name all its classes in its metadata."
        )
    planes = np.zeros((len(numbers), classes, *numbers.shape[1:]), np.float32)
    np.put_along_axis(planes, numbers[:, None].astype(np.intp), 1, axis=1)
    return planes

"""The signature of a network: what it takes, what comes out, and how that becomes class probabilities.

Our own networks take normalized NCHW float32 and give the probabilities of the classes, NCHW, at the size of the patch.
Others take raw bytes or want the channels last, give logits, one channel for one class, class indices, or scores at a
quarter of the size. `infer_output` tells what the numbers of a network are from what it gives for a few patches:
probabilities add up to 1, logits do not; one channel between 0 and 1 is the probability of one class; whole numbers are
the numbers of classes. What is none of these is nothing to make a map of, and the reason is said. `Signature` then
turns patches and scores for every engine alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelError
from ..raster.interpolation import make_taps
from .scores import Scores

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

SMALLEST_PATCH = 16
"""Least side of a patch, px; what is smaller in a shape is a number of channels."""

LARGEST_FACTOR = 32
"""Scores may be so many times coarser or finer than the patch."""

CLASSES_ASKED = 'classes = ["…", …]'
"""How a card is asked for the names of classes."""

_ASK = "Write {missing} into a TOML, and run `aerialseg models add {model} --card CARD.toml`."
_SUM_TOLERANCE = 0.02
_NEARLY = 1e-3
_SQUARE = 8
_TOO_LARGE = 1 << 28

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
    """Number of classes that `to_scores` gives; 0 for as many as there are channels."""

    @property
    def raw(self) -> bool:
        """Whether the input gets pixels as they are stored, and nothing is normalized."""
        return self.dtype in WHOLE_TYPES

    @property
    def graded(self) -> bool:
        """Whether the scores are probabilities, from which a confidence can be told."""
        return self.meaning not in UNGRADED

    def notes(self, names: Sequence[str]) -> list[str]:
        """Say what is done with the network that is not done with our own, in sentences for people.

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
        """Give the shape of the input for so many patches."""
        return [batch, side, side, bands] if self.channels_last else [batch, bands, side, side]

    def feed(self, patches: Scores) -> NDArray[Any]:
        """Bring patches of shape (batch, bands, rows, cols) into the form that the network wants."""
        values: NDArray[Any] = patches
        if self.raw:
            limits = np.iinfo(self.dtype)
            values = np.clip(np.rint(patches), float(limits.min), float(min(limits.max, 1 << 24)))
        if self.channels_last:
            values = values.transpose(0, 2, 3, 1)
        return np.ascontiguousarray(values, self.dtype)

    def to_scores(self, found: NDArray[Any], side: int) -> Scores:
        """Turn what the network gave into class probabilities of shape (batch, classes, side, side).

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
            return _encode_one_hot(planes[:, 0], self.classes)
        if self.meaning in ONE_CHANNEL:
            if self.meaning == "logit":  # the sigmoid, written so that it never overflows
                planes = np.asarray(0.5 + 0.5 * np.tanh(planes * np.float32(0.5)), np.float32)
            return _split_in_two(planes, self.threshold or 0.5)
        made = _softmax(planes) if self.meaning == "logits" else planes
        if self.meaning == "independent":
            _normalize_sums(made)
        return _apply_threshold(made, self.threshold) if self.threshold else made


def format_shape(shape: Sequence[int]) -> str:
    """Write a shape for people."""
    return " × ".join(str(n) if n else "any" for n in shape)


def to_planes(found: NDArray[Any], layout: Layout) -> NDArray[Any]:
    """View an output as (batch, channels, rows, cols).

    Raises:
        ModelError: It has another number of axes.
    """
    if found.ndim != len(layout):
        raise ModelError(
            "model-scores-changed",
            "The network gives scores of shape {shape}, not {layout} as when it was tried.",
            shape=format_shape(found.shape),
            layout=layout,
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
    """Bring scores of another resolution to that of the patch: interpolated, or averaged; their sums stay.

    Raises:
        ModelError: They are not a whole number of times coarser or finer, so that nobody knows where they lie.
    """
    rows, cols = scores.shape[2:]
    if rows != cols or (side % rows and rows % side):
        given, wanted = f"{rows} × {cols} px", f"{side} × {side} px"
        raise ModelError(
            "model-scores-odd",
            "The model gives scores of {given} for patches of {wanted}.",
            "It cannot be used here.",
            given=given,
            wanted=wanted,
        )
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


def _split_in_two(share: Scores, threshold: float) -> Scores:
    """Background and class of shape (batch, 2, rows, cols): the class has 0.5 at the threshold, and wins from there."""
    t = np.float32(threshold)
    below = share * (np.float32(0.5) / t)
    above = np.float32(0.5) + (share - t) * (np.float32(0.5) / (1 - t))
    wins = share >= t
    made = np.where(wins, np.maximum(above, _JUST_ABOVE_HALF), below)
    return np.asarray(np.concatenate([1 - made, made], axis=1), np.float32)


def _normalize_sums(planes: Scores) -> None:
    """Bring each pixel to a sum of 1: too much is scaled down, what is missing is spread evenly, so nothing is sure."""
    np.clip(planes, 0, None, out=planes)
    sums = planes.sum(axis=1, keepdims=True)
    planes /= np.maximum(sums, 1)
    planes += np.maximum(1 - sums, 0) / np.float32(planes.shape[1])


def _apply_threshold(planes: Scores, threshold: float) -> Scores:
    """A class other than the first counts only from the threshold on; where none does, the first one wins."""
    rest = planes[:, 1:]
    rest[rest < np.float32(threshold)] = 0
    _normalize_sums(planes)
    return planes


def _encode_one_hot(numbers: Scores, classes: int) -> Scores:
    """One plane for each class, 1 where it is."""
    if not (numbers >= 0).all() or not (numbers < classes).all() or (numbers % 1).any():
        raise ModelError(
            "model-class-numbers",
            "The network gives class numbers beyond 0…{last}.",
            "Name all its classes in its metadata.",
            last=classes - 1,
        )
    planes = np.zeros((len(numbers), classes, *numbers.shape[1:]), np.float32)
    np.put_along_axis(planes, numbers[:, None].astype(np.intp), 1, axis=1)
    return planes


@dataclass(frozen=True)
class OutputSpec:
    """One output of a network, as a few patches showed it."""

    name: str
    """Its name in the network."""
    dtype: str
    """Its element type."""
    shape: tuple[int, ...]
    """Its shape for one call."""
    layout: Layout
    """Which axis is what; C for the classes."""
    channels: int
    """Number of channels."""
    side: int
    """Rows and columns, px."""
    meaning: Meaning
    """What the numbers are."""
    scale: float
    """What they are divided by."""
    low: float
    """Least value seen."""
    high: float
    """Largest value seen."""


def make_probe_patches(bands: int, side: int, *, batch: int = 1, full: float = 1.0) -> Iterator[NDArray[np.float32]]:
    """Make patches to try a network on: noise above coloured squares, and black; always the same.

    Yields:
        Shape (batch, bands, side, side), 0…`full`.

    Raises:
        ModelError: They would be too large.
    """
    if batch * bands * side**2 > _TOO_LARGE:
        raise ModelError(
            "model-input-large",
            "The network takes {batch} × {bands} × {side} × {side} values, more than can be tried.",
            batch=batch,
            bands=bands,
            side=side,
        )
    rng = np.random.default_rng(0)
    mixed = rng.random((batch, bands, side, side), np.float32)
    squares = rng.random((batch, bands, -(-side // _SQUARE), -(-side // _SQUARE)), np.float32)
    below = squares.repeat(_SQUARE, axis=2).repeat(_SQUARE, axis=3)[:, :, :side, :side]
    mixed[:, :, side // 2 :] = below[:, :, side // 2 :]
    yield mixed * np.float32(full)
    yield np.zeros_like(mixed)


def list_input_layouts(shape: Sequence[int]) -> list[tuple[bool, int, int]]:
    """List how the input of a network can be read: (channels last, bands, side), the likeliest first; 0 for free ones.

    Args:
        shape: As the network declares it, 0 for what is free.
    """
    if len(shape) != 4:
        return []
    _, a, b, c = shape
    options = [(False, a, b, c), (True, c, a, b)]
    return [
        (last, bands, max(rows, cols))
        for last, bands, rows, cols in options
        if (rows == cols or 0 in (rows, cols)) and all(n == 0 or n >= SMALLEST_PATCH for n in (rows, cols))
    ]


def infer_output(
    name: str, values: Sequence[Any], *, batch: int, side: int, activated: bool = False
) -> OutputSpec | str:
    """Tell what an output of a network is.

    Args:
        name: Its name.
        values: What came out for each of `make_probe_patches`; the first of them tells what it is.
        batch: Patches in each of them.
        side: Side of the patch, px.
        activated: Whether it is known to come out of a sigmoid or softmax, so that 0 and 1 are probabilities too.

    Returns:
        What it is, or why it is nothing that a map can be made of.
    """
    first = values[0]
    if not isinstance(first, np.ndarray) or first.dtype.kind not in "fiub" or not first.size:
        return f"it is of type {getattr(first, 'dtype', type(first).__name__)}, or empty"
    layout = _find_layout(first.shape, batch)
    if layout is None or any(v.shape != first.shape for v in values):
        return f"its shape is {format_shape(first.shape)} for {batch} patch(es) of {side} × {side} px"
    planes = to_planes(first, layout).astype(np.float64)
    channels, rows = planes.shape[1:3]
    if (side % rows and rows % side) or not 1 / LARGEST_FACTOR <= rows / side <= LARGEST_FACTOR:
        return f"its scores of {rows} × {rows} px do not fit patches of {side} × {side} px"
    if not np.isfinite(planes).all():
        return "it gives values that are no numbers (NaN or infinite)"
    whole = first.dtype.kind in "iub"
    told = (_interpret_mask if channels == 1 else _interpret_channels)(planes, whole=whole, activated=activated)
    if isinstance(told, str):
        return told
    shape = tuple(map(int, first.shape))
    low, high = float(planes.min()), float(planes.max())
    return OutputSpec(name, str(first.dtype), shape, layout, int(channels), int(rows), *told, low, high)


@dataclass(frozen=True)
class NetworkSpec:
    """What a network was seen to take and give."""

    dtype: str
    """Element type of the input."""
    channels_last: bool
    """Whether the input is NHWC."""
    batch: int
    """Patches that a call must have; 0 for any number."""
    bands: int
    """Bands of the input."""
    patch: int
    """Side of the only patch that the input takes, px; 0 for any."""
    outputs: tuple[str, ...]
    """Names of the outputs."""
    readings: tuple[OutputSpec | str, ...]
    """What each of them is, or why it is nothing to make a map of."""

    def find_scores(
        self, named: int, model: str, output: str = "", missing: Sequence[str] = ()
    ) -> tuple[int, OutputSpec]:
        """Find the output that the scores are.

        Args:
            named: Number of classes that the metadata name; 0 if they name none.
            model: Name of the model, for errors.
            output: Name of that output; empty to find it by what comes out.
            missing: What else a card has to say, as it is written there: it is asked for along with the output.

        Raises:
            ModelError: None is, or it cannot be told which.
        """
        told = dict(zip(self.outputs, self.readings, strict=True))
        if output and output not in told:
            names = ", ".join(map(repr, self.outputs))
            raise ModelError(
                "model-no-output",
                "{model} has no output {output!r}.",
                "Name one of its outputs: {known}.",
                model=model,
                output=output,
                known=names,
            )
        usable = [(i, r) for i, r in enumerate(self.readings) if isinstance(r, OutputSpec) and output in ("", r.name)]
        if not usable:
            reasons = "; ".join(f"{name!r}: {why}" for name, why in told.items() if output in ("", name))
            raise ModelError(
                "model-no-scores",
                "{model} gives no scores of classes: {reasons}.",
                "Choose a segmentation model.",
                model=model,
                reasons=reasons,
            )
        fitting = [(i, r) for i, r in usable if named in (0, r.channels, count_classes(r, named))] or usable
        graded = [(i, r) for i, r in fitting if r.meaning not in UNGRADED] or fitting
        if len(graded) > 1:
            found = ", ".join(f"{r.name!r} {format_shape(r.shape)}" for _, r in graded)
            raise ModelError(
                "model-many-outputs",
                "{model} has {count} outputs that could be the scores: {found}.",
                _ASK,
                model=model,
                count=len(graded),
                found=found,
                missing=", ".join([f'output = "{graded[0][1].name}" (or another one)', *missing]),
            )
        return graded[0]

    def to_signature(
        self, *, named: int, threshold: float, model: str, output: str = "", missing: Sequence[str] = ()
    ) -> Signature:
        """Conclude how the network is used.

        Args:
            named: Number of classes that the metadata name; 0 if they name none.
            threshold: Probability from which a class counts; 0 if none is given.
            model: Name of the model, for errors.
            output: Name of the output that is the scores; empty to find it by what comes out.
            missing: What else a card has to say, as it is written there: it is asked for at once.

        Raises:
            ModelError: No output is the scores, it cannot be told which, or the classes are others.
        """
        index, reading = self.find_scores(named, model, output, missing)
        classes = count_classes(reading, named)
        if not classes:
            raise ModelError(
                "model-classes-unknown",
                "{model} gives numbers of classes, but nothing says how many there are.",
                _ASK,
                model=model,
                missing=", ".join(dict.fromkeys([CLASSES_ASKED, *missing])),
            )
        if named > classes:
            raise ModelError(
                "model-classes-differ",
                "{model} gives scores of {classes} classes, but its metadata name {named}.",
                "Correct its metadata.",
                model=model,
                classes=classes,
                named=named,
            )
        if reading.meaning == "indices" and reading.high / reading.scale >= classes:
            raise ModelError(
                "model-class-beyond",
                "{model} gives class {number:g}, but its metadata name only {classes}, from 0 on.",
                "Correct its metadata.",
                model=model,
                number=reading.high,
                classes=classes,
            )
        return Signature(
            dtype=self.dtype,
            channels_last=self.channels_last,
            batch=self.batch,
            output=index,
            layout=reading.layout,
            meaning=reading.meaning,
            scale=reading.scale,
            threshold=0.0 if reading.meaning in UNGRADED else threshold,
            classes=classes,
        )


def count_classes(reading: OutputSpec, named: int) -> int:
    """Count the classes of an output; 0 where it gives class numbers and nothing says how many there are.

    Args:
        reading: The output.
        named: Number of classes that the metadata name; 0 if they name none. A single name is that of a class that
            stands before a background.
    """
    if reading.meaning == "indices" and reading.scale == 1 and reading.dtype != "bool":
        return max(named, 2) if named else 0
    return 2 if reading.meaning in ONE_CHANNEL else reading.channels


def _find_layout(shape: Sequence[int], batch: int) -> Layout | None:
    """The axes of an output; rows and columns are the two that are equal."""
    if len(shape) == 4 and shape[0] == batch:
        return "NCHW" if shape[2] == shape[3] > 1 else "NHWC" if shape[1] == shape[2] > 1 else None
    if len(shape) == 3 and shape[1] == shape[2] > 1:
        return "NHW" if shape[0] == batch else "CHW" if batch == 1 else None
    if len(shape) == 3 and batch == 1 and shape[0] == shape[1] > 1:
        return "HWC"
    return "HW" if len(shape) == 2 and batch == 1 and shape[0] == shape[1] > 1 else None


def _interpret_mask(planes: NDArray[np.float64], *, whole: bool, activated: bool) -> tuple[Meaning, float] | str:
    low, high = planes.min(), planes.max()
    inside = low >= -_NEARLY and high <= 1 + _NEARLY
    if whole or (not (planes % 1).any() and not (activated and inside)):
        if np.isin(planes, (0, 255)).all() and high == 255:
            return "indices", 255.0
        return ("indices", 1.0) if low >= 0 else f"it gives whole numbers from {low:g} to {high:g}"
    if inside:
        return "probability", 1.0
    if low < 0:
        return "logit", 1.0
    return f"its one channel of values from {low:.3g} to {high:.3g} is neither a probability nor logits"


def _interpret_channels(planes: NDArray[np.float64], *, whole: bool, activated: bool) -> tuple[Meaning, float] | str:
    sums = planes.sum(axis=1)
    total = float(sums.mean())
    if planes.min() >= -_NEARLY and total > 0 and np.abs(sums / total - 1).max() < _SUM_TOLERANCE:
        if not activated and np.isin(planes, (0.0, total)).all():
            return "one-hot", total
        return "probabilities", 1.0 if abs(total - 1) < _SUM_TOLERANCE else total
    if whole:
        return f"it gives whole numbers from {planes.min():g} to {planes.max():g} in {planes.shape[1]} channels"
    inside = planes.min() >= -_NEARLY and planes.max() <= 1 + _NEARLY
    return ("independent" if inside else "logits"), 1.0

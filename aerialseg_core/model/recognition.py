"""What the outputs of a network are, told from what it gives for a few patches.

Probabilities add up to 1, logits do not; one channel between 0 and 1 is the probability of one class; whole numbers are
the numbers of classes. What is none of these is nothing to make a map of, and the reason is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelError
from .signature import ONE_CHANNEL, UNGRADED, Layout, Meaning, Signature, format_shape, to_planes

SMALLEST_PATCH = 16
"""Least side of a patch, px; what is smaller in a shape is a number of channels."""

LARGEST_FACTOR = 32
"""Scores may be so many times coarser or finer than the patch."""

_SUM_TOLERANCE = 0.02
_NEARLY = 1e-3
_SQUARE = 8
_TOO_LARGE = 1 << 28


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
    """Noise above coloured squares, and black, each of shape (batch, bands, side, side), 0…`full`; always the same.

    Raises:
        ModelError: They would be too large.
    """
    if batch * bands * side**2 > _TOO_LARGE:
        raise ModelError(f"The network takes {batch} × {bands} × {side} × {side} values, more than can be tried.")
    rng = np.random.default_rng(0)
    mixed = rng.random((batch, bands, side, side), np.float32)
    squares = rng.random((batch, bands, -(-side // _SQUARE), -(-side // _SQUARE)), np.float32)
    below = squares.repeat(_SQUARE, axis=2).repeat(_SQUARE, axis=3)[:, :, :side, :side]
    mixed[:, :, side // 2 :] = below[:, :, side // 2 :]
    yield mixed * np.float32(full)
    yield np.zeros_like(mixed)


def list_input_layouts(shape: Sequence[int]) -> list[tuple[bool, int, int]]:
    """How the input of a network can be read: (channels last, bands, side), the likeliest first; 0 for free ones.

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
    layout = _layout(first.shape, batch)
    if layout is None or any(v.shape != first.shape for v in values):
        return f"its shape is {format_shape(first.shape)} for {batch} patch(es) of {side} × {side} px"
    planes = to_planes(first, layout).astype(np.float64)
    channels, rows = planes.shape[1:3]
    if (side % rows and rows % side) or not 1 / LARGEST_FACTOR <= rows / side <= LARGEST_FACTOR:
        return f"its scores of {rows} × {rows} px do not fit patches of {side} × {side} px"
    if not np.isfinite(planes).all():
        return "it gives values that are no numbers (NaN or infinite)"
    whole = first.dtype.kind in "iub"
    told = (_one_channel if channels == 1 else _many_channels)(planes, whole=whole, activated=activated)
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

    def scores(self, named: int, model: str) -> tuple[int, OutputSpec]:
        """Which output the scores are.

        Args:
            named: Number of classes that the metadata name; 0 if they name none.
            model: Name of the model, for errors.

        Raises:
            ModelError: None is, or it cannot be told which.
        """
        usable = [(i, r) for i, r in enumerate(self.readings) if isinstance(r, OutputSpec)]
        if not usable:
            reasons = "; ".join(f"{name!r}: {why}" for name, why in zip(self.outputs, self.readings, strict=True))
            raise ModelError(f"{model} gives no scores of classes: {reasons}.", "Choose a segmentation model.")
        fitting = [(i, r) for i, r in usable if named in (0, r.channels, count_classes(r, named))] or usable
        graded = [(i, r) for i, r in fitting if r.meaning not in UNGRADED] or fitting
        if len(graded) > 1:
            found = ", ".join(f"{r.name!r} {format_shape(r.shape)}" for _, r in graded)
            raise ModelError(
                f"{model} has {len(graded)} outputs that could be the scores: {found}.",
                "Save it with one of them alone: onnx.utils.extract_model(IN, OUT, [input], [output]).",
            )
        return graded[0]

    def signature(self, *, named: int, threshold: float, model: str) -> Signature:
        """How the network is used.

        Args:
            named: Number of classes that the metadata name; 0 if they name none.
            threshold: Probability from which a class counts; 0 if none is given.
            model: Name of the model, for errors.

        Raises:
            ModelError: No output is the scores, it cannot be told which, or the classes are others.
        """
        output, reading = self.scores(named, model)
        classes = count_classes(reading, named)
        if not classes:
            raise ModelError(
                f"{model} gives numbers of classes, but nothing says how many there are.",
                "Add class_names to its metadata.",
            )
        if named > classes:
            raise ModelError(
                f"{model} gives scores of {classes} classes, but its metadata name {named}.", "Correct its metadata."
            )
        if reading.meaning == "indices" and reading.high / reading.scale >= classes:
            raise ModelError(
                f"{model} gives class {reading.high:g}, but its metadata name only {classes}, from 0 on.",
                "Correct its metadata.",
            )
        return Signature(
            dtype=self.dtype,
            channels_last=self.channels_last,
            batch=self.batch,
            output=output,
            layout=reading.layout,
            meaning=reading.meaning,
            scale=reading.scale,
            threshold=0.0 if reading.meaning in UNGRADED else threshold,
            classes=classes,
        )


def count_classes(reading: OutputSpec, named: int) -> int:
    """Number of classes of an output; 0 where it gives class numbers and nothing says how many there are.

    Args:
        reading: The output.
        named: Number of classes that the metadata name; 0 if they name none. A single name is that of a class that
            stands before a background.
    """
    if reading.meaning == "indices" and reading.scale == 1 and reading.dtype != "bool":
        return max(named, 2) if named else 0
    return 2 if reading.meaning in ONE_CHANNEL else reading.channels


def _layout(shape: Sequence[int], batch: int) -> Layout | None:
    """The axes of an output; rows and columns are the two that are equal."""
    if len(shape) == 4 and shape[0] == batch:
        return "NCHW" if shape[2] == shape[3] > 1 else "NHWC" if shape[1] == shape[2] > 1 else None
    if len(shape) == 3 and shape[1] == shape[2] > 1:
        return "NHW" if shape[0] == batch else "CHW" if batch == 1 else None
    if len(shape) == 3 and batch == 1 and shape[0] == shape[1] > 1:
        return "HWC"
    return "HW" if len(shape) == 2 and batch == 1 and shape[0] == shape[1] > 1 else None


def _one_channel(planes: NDArray[np.float64], *, whole: bool, activated: bool) -> tuple[Meaning, float] | str:
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


def _many_channels(planes: NDArray[np.float64], *, whole: bool, activated: bool) -> tuple[Meaning, float] | str:
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

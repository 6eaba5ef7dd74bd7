"""The weights of a network as arrays, and their running mean, which scores better than those of any one step.

Polyak, Juditsky: Acceleration of Stochastic Approximation by Averaging, SIAM J. Control Optim. 1992. As in later
practice the mean is exponential, and the statistics of batch normalisation are averaged like every other weight.
Keras's own (`use_ema`, `SwapEMAWeights`) leaves these out and remembers the weights that training began with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from ..errors import ParameterError

EVERY = 4
"""Steps between two updates: weights change little in between, and reading them from a GPU takes time."""

Weights = list[NDArray[Any]]


class MovingAverage:
    """An exponential running mean of all weights of a network, statistics of batch normalisation included.

    It is held in main memory by numpy, so that it is the same under every backend.

    Args:
        momentum: Share of the mean that one step leaves, 0…1. Early in a run it is less, `(1 + n) / (10 + n)` at
            step n: the mean shall not remember the weights that training began with.
    """

    def __init__(self, momentum: float) -> None:
        self._momentum = momentum
        self._values: Weights = []

    @property
    def values(self) -> Weights:
        """The mean of each weight, in the order of `model.weights`; empty before the first step."""
        return self._values

    def restore(self, values: Sequence[NDArray[Any]]) -> None:
        """Continue from the `values` of an earlier run."""
        self._values = [np.array(value) for value in values]

    def feed(self, model: keras.Model, step: int) -> None:
        """Take in the weights after step `step`, from 1; only every `EVERY`th step counts."""
        if step % EVERY and self._values:
            return
        weights = get_weights(model)
        if not self._values:
            self._values = [np.array(value) for value in weights]
            return
        share = 1 - min(self._momentum, (1 + step) / (10 + step)) ** EVERY
        for mean, value in zip(self._values, weights, strict=True):
            if np.issubdtype(mean.dtype, np.floating):
                mean += mean.dtype.type(share) * (value - mean)
            else:
                mean[...] = value

    @contextmanager
    def applied(self, model: keras.Model) -> Iterator[None]:
        """Let `model` have the mean for its weights; afterwards it has its own again."""
        if not self._values:
            yield
            return
        own = [np.array(value) for value in get_weights(model)]
        set_weights(model, self._values)
        try:
            yield
        finally:
            set_weights(model, own)


@contextmanager
def shifted_bias(model: keras.Model, shift: Sequence[float]) -> Iterator[None]:
    """Let the last layer of `model` have another bias; afterwards it has its own again.

    Args:
        model: A network.
        shift: Added to the bias of each class; empty: nothing is.

    Raises:
        ParameterError: The last layer has no bias.
    """
    if not len(shift):
        yield
        return
    found = [w for w in model.weights if w.name == "bias" and tuple(w.shape) == (model.output_shape[-1],)]
    if not found:
        raise ParameterError(
            "layer-without-bias",
            "The last layer of the network has no bias.",
            "Set undo_weights = false in [loss] of the recipe.",
        )
    own = np.array(keras.ops.convert_to_numpy(found[-1]))
    found[-1].assign(own + np.asarray(shift, own.dtype))
    try:
        yield
    finally:
        found[-1].assign(own)


def get_weights(model: keras.Model) -> Weights:
    """Get the weights of a network as numpy arrays, in the order of `model.weights`."""
    return [np.asarray(keras.ops.convert_to_numpy(weight)) for weight in model.weights]


def set_weights(model: keras.Model, values: Sequence[NDArray[Any]]) -> None:
    """Give a network weights that `get_weights` has read."""
    for weight, value in zip(model.weights, values, strict=True):
        weight.assign(value)


def synchronise(model: keras.Model) -> None:
    """Make the variables of a network in training readable: JAX trains on a copy of them, and takes changes back."""
    if keras.backend.backend() == "jax":
        model.jax_state_sync()

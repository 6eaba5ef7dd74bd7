"""Where a network computes: the type of its numbers, and several devices through Keras's or TensorFlow's own means."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keras

from ..errors import ParameterError
from .recipe import RunOptions


@contextmanager
def computing(run: RunOptions) -> Iterator[None]:
    """Let networks that are built and trained inside compute as a recipe says.

    Args:
        run: Its precision and number of devices.

    Raises:
        ParameterError: There are fewer devices than the recipe asks for, or the backend cannot share a batch.
    """
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision(run))
    try:
        with _shared(run):
            yield
    finally:
        keras.config.set_dtype_policy(before)


def precision(run: RunOptions) -> str:
    """The dtype policy of a recipe; `auto` is bfloat16 on a GPU, where it is twice as fast, and float32 elsewhere."""
    if run.precision != "auto":
        return run.precision
    return "mixed_bfloat16" if gpus() else "float32"


def gpus() -> int:
    """GPUs that the backend sees."""
    if keras.backend.backend() == "torch":
        import torch

        return int(torch.cuda.device_count())
    return len(_listed("gpu"))


@contextmanager
def _shared(run: RunOptions) -> Iterator[None]:
    wanted = run.devices or max(gpus(), 1)
    backend = keras.backend.backend()
    if wanted == 1:
        yield
    elif backend == "tensorflow":
        with _mirrored(wanted):
            yield
    elif backend == "jax":
        devices = _devices(wanted)
        before = keras.distribution.distribution()
        keras.distribution.set_distribution(keras.distribution.DataParallel(devices=devices))
        try:
            yield
        finally:
            keras.distribution.set_distribution(before)
    elif run.devices:
        raise ParameterError(
            f"Keras on {backend} trains on one device.", "Use KERAS_BACKEND=tensorflow or jax for several."
        )
    else:
        yield


@contextmanager
def _mirrored(wanted: int) -> Iterator[None]:
    import tensorflow as tf

    found = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
    names = [device.name for device in found]
    _require(wanted, len(names))
    with tf.distribute.MirroredStrategy(names[:wanted]).scope():
        yield


def _devices(wanted: int) -> list[str]:
    found = _listed("gpu") or _listed("cpu")
    _require(wanted, len(found))
    return found[:wanted]


def _listed(kind: str) -> list[str]:
    try:
        return list(keras.distribution.list_devices(kind))
    except RuntimeError:  # JAX without such devices does not say that there are none
        return []


def _require(wanted: int, found: int) -> None:
    if found < wanted:
        raise ParameterError(
            f"[run] devices = {wanted}, but only {found} {'is' if found == 1 else 'are'} here.", "Correct the recipe."
        )

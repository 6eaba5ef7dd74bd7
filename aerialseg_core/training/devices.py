"""Devices: the type of numbers that a network computes in, and batches shared by Keras's or TensorFlow's own means."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keras

from ..config import count_usable_cores
from ..errors import ParameterError
from ..model.engines import openvino
from .cpu_layers import quicken
from .recipe import RunOptions


@contextmanager
def use_devices(run: RunOptions) -> Iterator[None]:
    """Let networks that are built and trained inside compute as a recipe says.

    Args:
        run: Its precision and number of devices.

    Raises:
        ParameterError: There are fewer devices than the recipe asks for, or the backend cannot share a batch.
    """
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(choose_precision(run))
    try:
        with _share_batches(run):
            yield
    finally:
        keras.config.set_dtype_policy(before)


def choose_precision(run: RunOptions) -> str:
    """Choose the dtype policy of a recipe; `auto` is bfloat16 where it is faster, else float32.

    It is on a GPU, and on a CPU that has units for it (AVX-512 BF16, Intel AMX) if TensorFlow uses them.
    """
    if run.precision != "auto":
        return run.precision
    return "mixed_bfloat16" if count_gpus() or _has_bfloat16() else "float32"


def adapt_to_device(model: keras.Model) -> keras.Model:
    """Give the copy of a network that is trained faster on this device, or the network itself; see `cpu_layers`."""
    return quicken(model) if keras.backend.backend() == "tensorflow" and not count_gpus() else model


def count_workers(run: RunOptions) -> int:
    """Count the threads that prepare batches: what a recipe says, or as many as keep the device busy.

    Beside a CPU that trains it is one, which waits most of the time; a GPU takes what all cores can prepare.
    """
    if run.workers >= 0:
        return run.workers
    return count_usable_cores() if count_gpus() else 1


def _has_bfloat16() -> bool:
    """Whether TensorFlow computes faster in bfloat16 on this CPU; OpenVINO knows what units it has."""
    return keras.backend.backend() == "tensorflow" and openvino.detect().precision == "bf16"


def count_gpus() -> int:
    """Count the GPUs that the backend sees."""
    if keras.backend.backend() == "torch":
        import torch

        return int(torch.cuda.device_count())
    return len(_list_devices("gpu"))


@contextmanager
def _share_batches(run: RunOptions) -> Iterator[None]:
    """Share every batch among the devices of a recipe."""
    wanted = run.devices or max(count_gpus(), 1)
    backend = keras.backend.backend()
    if wanted == 1:
        yield
    elif backend == "tensorflow":
        import tensorflow as tf

        found = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
        _require(wanted, len(found))
        with tf.distribute.MirroredStrategy([device.name for device in found[:wanted]]).scope():
            yield
    elif backend == "jax":
        listed = _list_devices("gpu") or _list_devices("cpu")
        _require(wanted, len(listed))
        before = keras.distribution.distribution()
        keras.distribution.set_distribution(keras.distribution.DataParallel(devices=listed[:wanted]))
        try:
            yield
        finally:
            keras.distribution.set_distribution(before)
    elif run.devices:
        raise ParameterError(
            "devices-one",
            "Keras on {backend} trains on one device.",
            "Use KERAS_BACKEND=tensorflow or jax for several.",
            backend=backend,
        )
    else:
        yield


def _list_devices(kind: str) -> list[str]:
    try:
        return list(keras.distribution.list_devices(kind))
    except RuntimeError:  # JAX without such devices does not say that there are none
        return []


def _require(wanted: int, found: int) -> None:
    if found < wanted:
        raise ParameterError(
            "devices-missing",
            "[run] devices = {wanted}, but only {found} {verb} here.",
            "Correct the recipe.",
            wanted=wanted,
            found=found,
            verb="is" if found == 1 else "are",
        )

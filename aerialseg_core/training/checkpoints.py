"""What a training run must not lose: its state and its best weights, in files that are whole or not taken.

Everything is plain arrays and JSON in `.npz` files: reading one executes nothing, and any backend can continue from it.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from ..errors import OutputError
from ..files.checksum import append_checksum, has_valid_checksum, read_content
from ..files.outputs import write_atomically
from .weights import Weights

STATE = "state.npz"
"""File of the last checkpoint in the folder of a run."""

BEFORE = "state-before.npz"
"""File of the checkpoint before it."""

_FACTS = "facts"


@dataclass(frozen=True)
class Checkpoint:
    """A run at the end of an epoch."""

    variables: Weights
    """All variables of the network, the states of its random generators included."""
    optimiser: Weights
    """All variables of the optimiser."""
    averages: Weights
    """Running mean of the weights; empty without one."""
    best: Weights
    """The best weights so far; empty before the first score."""
    facts: Mapping[str, Any]
    """Everything that is no array, as JSON holds it; see `callbacks.RunState`."""


class CheckpointWriter:
    """A writer of checkpoints, one after the other, while the training continues; it is left when the last is written.

    Args:
        folder: Of the run; it keeps the last checkpoint, and the one before it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._thread = ThreadPoolExecutor(1, "checkpoint")
        self._written: Future[None] | None = None

    def __enter__(self) -> CheckpointWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.wait()

    def save(
        self,
        model: keras.Model,
        *,
        averages: Sequence[NDArray[Any]],
        best: Sequence[NDArray[Any]],
        facts: Mapping[str, Any],
    ) -> None:
        """Copy the state of a compiled network in training, see `Checkpoint`, and begin to write it.

        Raises:
            OutputError: The disk is too full for the checkpoint before.
        """
        self.wait()
        variables, optimiser = (
            [keras.ops.convert_to_numpy(variable) for variable in group]
            for group in (model.variables, model.optimizer.variables)
        )
        groups = {"v": variables, "o": optimiser, "a": averages, "b": best}
        arrays = {f"{kind}{i:05}": np.array(value) for kind, values in groups.items() for i, value in enumerate(values)}
        self._written = self._thread.submit(_write_archive, self._folder, arrays, json.dumps(facts))

    def wait(self) -> None:
        """Wait until all that was saved is on the disk.

        Raises:
            OutputError: The disk is full.
        """
        if self._written:
            self._written.result()


def load_checkpoint(folder: Path, warn: Callable[[str], None] = lambda text: None) -> Checkpoint | None:
    """Load the last checkpoint in a folder that is whole; None if there is none.

    Args:
        folder: Of a run.
        warn: Told of a damaged one, which is never taken.
    """
    for path in (folder / STATE, folder / BEFORE):
        found = _read_archive(path) if has_valid_checksum(path) else None
        if found:
            return found
        if path.exists():
            warn(f"The checkpoint {path} is damaged and is not taken.")
    return None


def restore_checkpoint(model: keras.Model, checkpoint: Checkpoint) -> None:
    """Give a compiled network and its optimiser the state of a checkpoint.

    Raises:
        OutputError: The checkpoint is of another network.
    """
    model.optimizer.build(model.trainable_variables)
    for variables, values in (
        (model.variables, checkpoint.variables),
        (model.optimizer.variables, checkpoint.optimiser),
    ):
        if [tuple(v.shape) for v in variables] != [v.shape for v in values]:
            raise OutputError(
                "resume-other-network",
                "The interrupted training is of another network.",
                "Start anew with --overwrite, without --resume.",
            )
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)


def save_facts(path: Path, facts: Mapping[str, Any]) -> None:
    """Write facts that JSON holds.

    Raises:
        OutputError: The disk is full.
    """
    with write_atomically(path, overwrite=True) as temporary:
        temporary.write_text(json.dumps(facts), "utf-8")
        append_checksum(temporary)


def load_facts(path: Path) -> dict[str, Any] | None:
    """Read what `save_facts` wrote; None if there is nothing, or it is damaged."""
    if not has_valid_checksum(path):
        return None
    facts: dict[str, Any] = json.loads(read_content(path))
    return facts


def _write_archive(folder: Path, arrays: Mapping[str, NDArray[Any]], facts: str) -> None:
    """Write a sealed checkpoint, and keep the one before it beside it."""
    with write_atomically(folder / STATE, overwrite=True) as temporary:
        with temporary.open("wb") as file:
            np.savez(file, **{_FACTS: np.array(facts)}, **arrays)
        append_checksum(temporary)
        if has_valid_checksum(folder / STATE):
            os.replace(folder / STATE, folder / BEFORE)


def _read_archive(path: Path) -> Checkpoint | None:
    """Read a sealed checkpoint; None for what is no checkpoint, as of another version."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {key: archive[key] for key in sorted(archive.files)}
        facts: dict[str, Any] = json.loads(str(arrays.pop(_FACTS)))
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return None
    variables, optimiser, averages, best = ([arrays[key] for key in arrays if key.startswith(kind)] for kind in "voab")
    return Checkpoint(variables, optimiser, averages, best, facts)

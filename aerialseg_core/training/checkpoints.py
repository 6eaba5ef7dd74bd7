"""What a training run must not lose: its state and its best weights, in files that are whole at any moment.

Everything is plain arrays and JSON in `.npz` files: reading one executes nothing, and any backend can go on from it.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from ..errors import OutputError
from ..outputs import whole_or_absent
from .averaging import Weights, assign, weights_of

STATE = "state.npz"
"""File of the last checkpoint in the folder of a run."""

BEST = "best.npz"
"""File of the best weights in the folder of a run."""

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
    facts: Mapping[str, Any]
    """Everything that is no array, as JSON holds it: epochs, steps, scores, history."""


def save_checkpoint(
    path: Path, model: keras.Model, *, averages: Sequence[NDArray[Any]], facts: Mapping[str, Any]
) -> None:
    """Write the state of a compiled network in training; see `Checkpoint`.

    Raises:
        OutputError: The disk is full.
    """
    groups = {"v": _values(model.variables), "o": _values(model.optimizer.variables), "a": averages}
    arrays = {f"{kind}{i:05}": value for kind, values in groups.items() for i, value in enumerate(values)}
    _write(path, arrays, facts)


def load_checkpoint(path: Path) -> Checkpoint | None:
    """The checkpoint at `path`, None if there is none.

    Raises:
        OutputError: The file is damaged.
    """
    if not path.is_file():
        return None
    arrays, facts = _read(path)
    variables, optimiser, averages = ([arrays[key] for key in sorted(arrays) if key.startswith(kind)] for kind in "voa")
    return Checkpoint(variables, optimiser, averages, facts)


def restore(model: keras.Model, checkpoint: Checkpoint) -> None:
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
                "The interrupted training is of another network.", "Start anew with --overwrite, without --resume."
            )
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)


def save_best(path: Path, model: keras.Model) -> None:
    """Write the weights of a network."""
    _write(path, {f"w{i:05}": value for i, value in enumerate(weights_of(model))}, {})


def load_best(path: Path, model: keras.Model) -> None:
    """Give a network the weights that `save_best` has written."""
    arrays, _ = _read(path)
    assign(model, [arrays[key] for key in sorted(arrays)])


def save_facts(path: Path, facts: Mapping[str, Any]) -> None:
    """Write a JSON file."""
    with whole_or_absent(path, overwrite=True) as temporary:
        temporary.write_text(json.dumps(facts), "utf-8")


def load_facts(path: Path) -> dict[str, Any] | None:
    """Read a JSON file, None if there is none.

    Raises:
        OutputError: The file is damaged.
    """
    if not path.is_file():
        return None
    try:
        facts: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise _damaged(path) from error
    return facts


def _values(variables: Sequence[Any]) -> Weights:
    return [np.asarray(keras.ops.convert_to_numpy(variable)) for variable in variables]


def _write(path: Path, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
    with whole_or_absent(path, overwrite=True) as temporary, temporary.open("wb") as file:
        np.savez(file, **{_FACTS: np.array(json.dumps(facts))}, **arrays)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {key: archive[key] for key in archive.files}
        facts: dict[str, Any] = json.loads(str(arrays.pop(_FACTS)))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise _damaged(path) from error
    return arrays, facts


def _damaged(path: Path) -> OutputError:
    return OutputError(
        f"The checkpoint {path} is damaged.", "Start the training anew with --overwrite, without --resume."
    )

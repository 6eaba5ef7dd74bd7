"""Checkpoints are written while the training continues, and hold what was when they were saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("keras")

from aerialseg_core.errors import OutputError
from aerialseg_core.training import networks
from aerialseg_core.training.checkpoints import CheckpointWriter, load_checkpoint
from aerialseg_core.training.weights import get_weights, set_weights


@pytest.fixture
def model() -> Any:
    """A compiled network of a few weights."""
    model = networks.build("unet", 3, 2, filters=2)
    model.compile(optimizer="adam")
    model.optimizer.build(model.trainable_variables)
    return model


def test_a_checkpoint_holds_what_was_when_it_was_saved(model: Any, tmp_path: Path) -> None:
    averages = [np.full(3, 7.0)]
    with CheckpointWriter(tmp_path) as checkpoints:
        for epoch in range(1, 4):
            set_weights(model, [np.full_like(value, epoch) for value in get_weights(model)])
            averages[0][:] = epoch
            checkpoints.save(model, averages=averages, best=[], facts={"epochs": epoch})
            set_weights(model, [np.full_like(value, 99) for value in get_weights(model)])
            averages[0][:] = 99
    found = load_checkpoint(tmp_path, pytest.fail)
    assert found
    assert found.facts == {"epochs": 3}
    assert found.averages[0].tolist() == [3.0, 3.0, 3.0]
    kernels = [value for value in found.variables if value.ndim == 4]
    assert {float(x) for value in kernels for x in value.ravel()} == {3.0}


def test_a_checkpoint_that_cannot_be_written_ends_the_training(model: Any, tmp_path: Path) -> None:
    checkpoints = CheckpointWriter(tmp_path / "gone")
    checkpoints.save(model, averages=[], best=[], facts={})
    with pytest.raises(OutputError):
        checkpoints.save(model, averages=[], best=[], facts={})
    with pytest.raises(OutputError), checkpoints:
        pass

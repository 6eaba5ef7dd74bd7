"""The course of a run: learning rate, budgets, checkpoints."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("keras")

from aerialseg_core.errors import OutputError, ParameterError
from aerialseg_core.metrics import Accuracy
from aerialseg_core.progress import Reporter
from aerialseg_core.training import networks
from aerialseg_core.training.callbacks import Supervision, learning_rate
from aerialseg_core.training.checkpoints import BEFORE, STATE, load_checkpoint
from aerialseg_core.training.recipe import OptimiserOptions, RunOptions


def scores(miou: float) -> Accuracy:
    return Accuracy({"Water": miou}, miou, miou, miou, 1)


def test_the_learning_rate_rises_then_falls_to_almost_nothing() -> None:
    options = OptimiserOptions(learning_rate=1.0, warm_up=0.1)
    rates = [learning_rate(options, over / 100) for over in range(101)]
    assert max(rates) == rates[10] == pytest.approx(1.0)
    assert rates[:11] == sorted(rates[:11])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert 0 < rates[100] < 0.01
    assert rates[55] == pytest.approx(0.5)


def test_a_constant_rate_stays() -> None:
    options = OptimiserOptions(learning_rate=0.3, schedule="constant", warm_up=0.0)
    assert {learning_rate(options, over / 10) for over in range(11)} == {0.3}


def supervision_of(run: RunOptions, folder: Path, mious: list[float] | None) -> Supervision:
    """A supervision of a small network whose epochs will have these scores; None: nothing is held out."""
    made = iter(mious or [])
    supervision = Supervision(
        run,
        OptimiserOptions(),
        evaluate=(lambda: scores(next(made))) if mious else None,
        folder=folder,
        reporter=Reporter(),
    )
    model = networks.build("unet", 3, 2, filters=2)
    model.compile(optimizer="adam")
    model.optimizer.build(model.trainable_variables)
    supervision.set_model(model)
    supervision.on_train_begin()
    return supervision


def epochs_with_weights(supervision: Supervision, values: list[float]) -> None:
    for epoch, value in enumerate(values):
        for weights in supervision.model.weights:
            weights.assign(weights * 0 + value)
        supervision.on_epoch_end(epoch)


def test_the_best_weights_are_kept_and_nothing_else_is_left(tmp_path: Path) -> None:
    supervision = supervision_of(RunOptions(epochs=4, steps=10), tmp_path, [0.3, 0.5, 0.4])
    epochs_with_weights(supervision, [1.0, 2.0, 3.0])
    assert supervision.progress.best_epoch == 2
    assert supervision.progress.best == scores(0.5)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([BEFORE, STATE])
    checkpoint = load_checkpoint(tmp_path, pytest.fail)
    assert checkpoint
    assert {float(values.max()) for values in checkpoint.best} == {2.0}
    assert checkpoint.best[0].shape == supervision.model.get_weights()[0].shape


def test_with_nothing_held_out_the_last_weights_are_kept(tmp_path: Path) -> None:
    supervision = supervision_of(RunOptions(epochs=2, steps=10), tmp_path, None)
    epochs_with_weights(supervision, [1.0, 2.0])
    assert {float(values.max()) for values in supervision.best} == {2.0}
    assert supervision.progress.best is None


def test_a_score_that_does_not_rise_ends_the_run(tmp_path: Path) -> None:
    supervision = supervision_of(RunOptions(epochs=9, steps=10, patience=2), tmp_path, [0.3, 0.2, 0.1])
    epochs_with_weights(supervision, [1.0, 1.0])
    assert not supervision.finished
    supervision.on_epoch_end(2)
    assert supervision.finished
    assert supervision.model.stop_training


def test_another_supervision_goes_on_where_one_stopped(tmp_path: Path) -> None:
    run = RunOptions(epochs=4, steps=1, ema=0.9)
    first = supervision_of(run, tmp_path, [0.3, 0.2])
    for epoch in range(2):
        first.on_train_batch_end(0, {"loss": 1.0})
        first.on_epoch_end(epoch, {"loss": 1.0})
    second = supervision_of(run, tmp_path, [0.4])
    assert second.resume(second.model)
    assert replace(second.progress, minutes=0.0) == replace(first.progress, minutes=0.0)
    assert second.over == pytest.approx(0.5)
    for a, b in zip(first.model.get_weights(), second.model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_checkpoint_of_another_network_is_refused(tmp_path: Path) -> None:
    first = supervision_of(RunOptions(epochs=2, steps=1), tmp_path, [0.3])
    first.on_epoch_end(0)
    other = networks.build("unet", 3, 2, filters=4)
    other.compile(optimizer="adam")
    with pytest.raises(OutputError, match="another network"):
        first.resume(other)


def test_the_run_is_over_by_steps_or_by_time(tmp_path: Path) -> None:
    supervision = supervision_of(RunOptions(epochs=4, steps=10, minutes=2.0), tmp_path, None)
    for _ in range(10):
        supervision.on_train_batch_end(0)
    assert supervision.over == pytest.approx(0.25, abs=0.05)
    supervision.progress.minutes = 1.5
    assert supervision.over == pytest.approx(0.75, abs=0.05)


def test_a_loss_that_is_no_number_ends_the_run_with_a_remedy(tmp_path: Path) -> None:
    supervision = supervision_of(RunOptions(epochs=4, steps=10), tmp_path, None)
    with pytest.raises(ParameterError, match="no number any more at step 1"):
        supervision.on_train_batch_end(0, {"loss": float("nan")})

"""The course of a run: learning rate, budgets, checkpoints."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("keras")

from aerialseg_core.errors import OutputError, ParameterError
from aerialseg_core.metrics import Accuracy
from aerialseg_core.progress import JsonReporter, Reporter
from aerialseg_core.training import callbacks, networks
from aerialseg_core.training.callbacks import TrainingCallback, schedule_learning_rate
from aerialseg_core.training.checkpoints import BEFORE, STATE, load_checkpoint
from aerialseg_core.training.recipe import OptimiserOptions, RunOptions


def scores(miou: float) -> Accuracy:
    return Accuracy({"Water": miou}, miou, miou, miou, 1)


def test_the_learning_rate_rises_then_falls_to_almost_nothing() -> None:
    options = OptimiserOptions(learning_rate=1.0, warm_up=0.1)
    rates = [schedule_learning_rate(options, over / 100) for over in range(101)]
    assert max(rates) == rates[10] == pytest.approx(1.0)
    assert rates[:11] == sorted(rates[:11])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert 0 < rates[100] < 0.01
    assert rates[55] == pytest.approx(0.5)


def test_a_constant_rate_stays() -> None:
    options = OptimiserOptions(learning_rate=0.3, schedule="constant", warm_up=0.0)
    assert {schedule_learning_rate(options, over / 10) for over in range(11)} == {0.3}


def callback_of(
    run: RunOptions, folder: Path, mious: list[float] | None, late: float = 0.0, reporter: Reporter | None = None
) -> TrainingCallback:
    """A callback of a small network whose epochs will have these scores; None: nothing is held out."""
    made = iter(mious or [])
    callback = TrainingCallback(
        run,
        OptimiserOptions(),
        score=(lambda: scores(next(made))) if mious else None,
        folder=folder,
        reporter=reporter or Reporter(),
        late=late,
    )
    model = networks.build("unet", 3, 2, filters=2)
    model.compile(optimizer="adam")
    model.optimizer.build(model.trainable_variables)
    callback.set_model(model)
    callback.on_train_begin()
    return callback


def epochs_with_weights(callback: TrainingCallback, values: list[float]) -> None:
    for epoch, value in enumerate(values):
        for weights in callback.model.weights:
            weights.assign(weights * 0 + value)
        callback.on_epoch_end(epoch)
    callback.checkpoints.wait()


def test_the_best_weights_are_kept_and_nothing_else_is_left(tmp_path: Path) -> None:
    callback = callback_of(RunOptions(epochs=4, steps=10), tmp_path, [0.3, 0.5, 0.4])
    epochs_with_weights(callback, [1.0, 2.0, 3.0])
    assert callback.state.best_epoch == 2
    assert callback.state.best == scores(0.5)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([BEFORE, STATE])
    checkpoint = load_checkpoint(tmp_path, pytest.fail)
    assert checkpoint
    assert {float(values.max()) for values in checkpoint.best} == {2.0}
    assert checkpoint.best[0].shape == callback.model.get_weights()[0].shape


@pytest.mark.parametrize("ema", [0.0, 0.5])
def test_the_last_bias_is_shifted_in_what_is_kept_and_nowhere_else(tmp_path: Path, ema: float) -> None:
    callback = callback_of(RunOptions(epochs=4, steps=10, ema=ema), tmp_path, None)
    callback.shift = (0.5, -0.25)
    for weights in callback.model.weights:
        weights.assign(weights * 0 + 3)
    callback.on_train_batch_end(0)
    callback.on_epoch_end(0)
    assert callback.best[-1].tolist() == [3.5, 2.75]
    assert {float(value) for values in callback.best[:-1] for value in values.ravel()} == {3.0}
    assert {float(value) for values in callback.model.get_weights() for value in values.ravel()} == {3.0}


def test_each_epoch_is_told_as_an_event_with_the_score_of_each_class(tmp_path: Path) -> None:
    stream = io.StringIO()
    run = RunOptions(epochs=4, steps=10, score_every=2)
    callback = callback_of(run, tmp_path, [0.3, 0.5], reporter=JsonReporter(stream))
    epochs_with_weights(callback, [1.0, 2.0, 3.0, 4.0])
    events = [event for event in map(json.loads, stream.getvalue().splitlines()) if event["event"] == "epoch"]
    assert [event["number"] for event in events] == [1, 2, 3, 4]
    assert [event.get("iou") for event in events] == [None, {"Water": 0.3}, None, {"Water": 0.5}]
    assert [event["best"] for event in events] == [False, True, False, True]
    assert all({"loss", "learning_rate", "minutes"} <= set(event) for event in events)
    assert "miou_labelled" not in events[0]


def test_with_nothing_held_out_the_last_weights_are_kept(tmp_path: Path) -> None:
    callback = callback_of(RunOptions(epochs=2, steps=10), tmp_path, None)
    epochs_with_weights(callback, [1.0, 2.0])
    assert {float(values.max()) for values in callback.best} == {2.0}
    assert callback.state.best is None


def test_a_score_that_does_not_rise_ends_the_run(tmp_path: Path) -> None:
    callback = callback_of(RunOptions(epochs=9, steps=10, patience=2), tmp_path, [0.3, 0.2, 0.1])
    epochs_with_weights(callback, [1.0, 1.0])
    assert not callback.is_over
    callback.on_epoch_end(2)
    assert callback.is_over
    assert callback.model.stop_training


def test_another_callback_goes_on_where_one_stopped(tmp_path: Path) -> None:
    run = RunOptions(epochs=4, steps=1, ema=0.9)
    first = callback_of(run, tmp_path, [0.3, 0.2])
    for epoch in range(2):
        first.on_train_batch_end(0, {"loss": 1.0})
        first.on_epoch_end(epoch, {"loss": 1.0})
    first.checkpoints.wait()
    second = callback_of(run, tmp_path, [0.4])
    assert second.resume(second.model)
    assert replace(second.state, minutes=0.0) == replace(first.state, minutes=0.0)
    assert second.share_done == pytest.approx(0.5)
    for a, b in zip(first.model.get_weights(), second.model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_checkpoint_of_another_network_is_refused(tmp_path: Path) -> None:
    first = callback_of(RunOptions(epochs=2, steps=1), tmp_path, [0.3])
    first.on_epoch_end(0)
    first.checkpoints.wait()
    other = networks.build("unet", 3, 2, filters=4)
    other.compile(optimizer="adam")
    with pytest.raises(OutputError, match="another network"):
        first.resume(other)


def test_the_run_is_over_by_steps_or_by_time(tmp_path: Path) -> None:
    callback = callback_of(RunOptions(epochs=4, steps=10, minutes=2.0), tmp_path, None)
    for _ in range(10):
        callback.on_train_batch_end(0)
    assert callback.share_done == pytest.approx(0.25, abs=0.05)
    callback.state.minutes = 1.5
    assert callback.share_done == pytest.approx(0.75, abs=0.05)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, of which the callback is told the last one."""
    times = [0.0]
    monkeypatch.setattr(callbacks.time, "monotonic", lambda: times[-1])
    return times


@pytest.mark.parametrize("minutes", [1.0, 30.0])
def test_the_first_steps_which_plan_the_graph_take_nothing_of_the_minutes(
    tmp_path: Path, clock: list[float], minutes: float
) -> None:
    stream = io.StringIO()
    run = RunOptions(epochs=0, steps=1000, minutes=minutes)
    callback = callback_of(run, tmp_path, None, reporter=JsonReporter(stream))
    for seconds in (200.0, 10.0, *[0.5] * 60):
        clock.append(clock[-1] + seconds)
        callback.on_train_batch_end(0)
    assert callback.minutes == pytest.approx(0.5)
    assert callback.share_done == pytest.approx(0.5 / minutes)
    (told,) = [event for event in map(json.loads, stream.getvalue().splitlines()) if "step takes" in str(event)]
    assert f"{round(120 * minutes)} fit into" in told["text"]
    assert told["level"] == ("warning" if minutes == 1 else "info")
    if minutes == 1:
        assert "the model learns little. Give it" in told["text"]


def test_what_is_left_is_no_more_than_the_minutes(tmp_path: Path, clock: list[float]) -> None:
    stream = io.StringIO()
    reporter = JsonReporter(stream, interval=0)
    callback = callback_of(RunOptions(epochs=1, steps=1000, minutes=5.0), tmp_path, None, reporter=reporter)
    reporter.start("train", 1000, "steps")
    for seconds in (100.0, 10.0, *[2.0] * 30):
        clock.append(clock[-1] + seconds)
        callback.on_train_batch_end(0)
    left = [event["eta"] for event in map(json.loads, stream.getvalue().splitlines()) if event["event"] == "progress"]
    assert left[2:] == [300 - 2 * step for step in range(1, 31)]


def test_nothing_is_said_of_minutes_that_suffice_for_all_steps(tmp_path: Path, clock: list[float]) -> None:
    stream = io.StringIO()
    callback = callback_of(RunOptions(epochs=1, steps=30, minutes=5.0), tmp_path, None, reporter=JsonReporter(stream))
    for _ in range(30):
        clock.append(clock[-1] + 1)
        callback.on_train_batch_end(0)
    assert "step takes" not in stream.getvalue()


def test_the_last_part_begins_at_the_nearest_end_of_an_epoch_and_only_once(tmp_path: Path) -> None:
    callback = callback_of(RunOptions(epochs=10, steps=1), tmp_path, None, late=0.35)
    stopped = []
    for epoch in range(10):
        callback.model.stop_training = False
        callback.on_train_batch_end(0)
        callback.on_epoch_end(epoch)
        stopped.append(callback.model.stop_training)
    callback.checkpoints.wait()
    assert [epoch + 1 for epoch, stop in enumerate(stopped) if stop] == [6, 10]
    again = callback_of(RunOptions(epochs=10, steps=1), tmp_path, None, late=0.35)
    assert again.resume(again.model)
    assert again.state.late


def test_a_loss_that_is_no_number_ends_the_run_with_a_remedy(tmp_path: Path) -> None:
    callback = callback_of(RunOptions(epochs=4, steps=10), tmp_path, None)
    with pytest.raises(ParameterError, match="no number any more at step 1"):
        callback.on_train_batch_end(0, {"loss": float("nan")})

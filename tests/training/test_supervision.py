"""The course of a run: learning rate, budgets, checkpoints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("keras")

from aerialseg_core.metrics import Scores
from aerialseg_core.progress import Reporter
from aerialseg_core.training import networks
from aerialseg_core.training.recipe import OptimiserOptions, RunOptions
from aerialseg_core.training.supervision import Supervision, learning_rate


def scores(miou: float) -> Scores:
    return Scores({"Water": miou}, miou, miou, miou, 1)


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


@pytest.fixture
def supervised(tmp_path: Path) -> Any:
    """A supervision of a small network, and the scores that its epochs will have."""
    made = iter([0.3, 0.5, 0.4])
    supervision = Supervision(
        RunOptions(epochs=4, steps=10),
        OptimiserOptions(),
        evaluate=lambda: scores(next(made)),
        checkpoint=tmp_path / "best.weights.h5",
        reporter=Reporter(),
    )
    supervision.set_model(networks.build("unet", 3, 2, filters=2))
    supervision.on_train_begin()
    return supervision


def test_the_checkpoint_holds_the_best_epoch_and_nothing_else_is_left(supervised: Any, tmp_path: Path) -> None:
    kept = []
    for epoch in range(3):
        for weights in supervised.model.weights:
            weights.assign(weights * 0 + epoch)
        supervised.on_epoch_end(epoch)
        kept.append((tmp_path / "best.weights.h5").read_bytes())
    assert kept[0] != kept[1] == kept[2]
    assert supervised.best_epoch == 2
    assert supervised.best.miou == 0.5
    assert [path.name for path in tmp_path.iterdir()] == ["best.weights.h5"]
    supervised.model.load_weights(tmp_path / "best.weights.h5")
    assert supervised.model.get_weights()[0].max() == 1.0


def test_the_run_is_over_by_steps_or_by_time(supervised: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(10):
        supervised.on_train_batch_end(0)
    assert supervised.over == pytest.approx(0.25)
    supervised._run = RunOptions(epochs=4, steps=10, minutes=2.0)
    monkeypatch.setattr(type(supervised), "minutes", property(lambda self: 1.5))
    assert supervised.over == pytest.approx(0.75)

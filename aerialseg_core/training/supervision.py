"""What happens around the steps of a training run: learning rate, progress, time budget, scoring, checkpoints."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras

from ..metrics import Scores
from ..outputs import temporary_name
from ..progress import Reporter
from .recipe import OptimiserOptions, RunOptions


class Supervision(keras.callbacks.Callback):
    """Steers a run by how much of it is over: by its steps, or by its time budget, whichever is further.

    Args:
        run: How long to train.
        optimiser: Learning rate.
        evaluate: Scores the network as it is.
        checkpoint: Where the best weights are kept, `*.weights.h5`; always whole.
        reporter: Told of every step; asked whether to stop.
    """

    def __init__(
        self,
        run: RunOptions,
        optimiser: OptimiserOptions,
        *,
        evaluate: Callable[[], Scores],
        checkpoint: Path,
        reporter: Reporter,
    ) -> None:
        super().__init__()
        self._run = run
        self._optimiser = optimiser
        self._evaluate = evaluate
        self._checkpoint = checkpoint
        self._reporter = reporter
        self._started = time.monotonic()
        self.steps = 0
        """Steps done."""
        self.best: Scores | None = None
        """Scores of the best epoch so far; its weights are in the checkpoint."""
        self.best_epoch = 0
        """Number of that epoch, from 1."""

    @property
    def minutes(self) -> float:
        """Time since training began."""
        return (time.monotonic() - self._started) / 60

    @property
    def over(self) -> float:
        """How much of the run is over, 0…1."""
        by_steps = self.steps / (self._run.epochs * self._run.steps)
        by_time = self.minutes / self._run.minutes if self._run.minutes else 0.0
        return min(max(by_steps, by_time), 1.0)

    def on_train_begin(self, logs: Any = None) -> None:
        self._started = time.monotonic()
        self._reporter.start("train", self._run.epochs * self._run.steps, "steps")

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        # Keras on JAX trains on a copy of all variables; synchronised first, it takes the new rate into the next copy
        getattr(self.model, "jax_state_sync", _nothing)()
        self.model.optimizer.learning_rate = learning_rate(self._optimiser, self.over)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.steps += 1
        self._reporter.advance(loss=round(float((logs or {}).get("loss", 0.0)), 4))
        if self.over >= 1:
            self.model.stop_training = True

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        scores = self._evaluate()
        loss = float((logs or {}).get("loss", 0.0))
        better = self.best is None or scores.miou >= self.best.miou
        if better:
            save_weights(self.model, self._checkpoint)
            self.best, self.best_epoch = scores, epoch + 1
        self._reporter.message(
            f"epoch {epoch + 1}: loss {loss:.4f}, held-out mIoU {scores.miou:.3f} ({scores.miou_labelled:.3f} without "
            f"Unlabeled), accuracy {scores.accuracy:.3f}, {self.minutes:.1f} min{' (best so far)' if better else ''}"
        )


def _nothing() -> None:
    """What other backends need in order to be in step."""


def learning_rate(options: OptimiserOptions, over: float) -> float:
    """The learning rate when the share `over` of the run, 0…1, is over: linear warm-up, then the schedule."""
    if over < options.warm_up:
        return options.learning_rate * max(over / options.warm_up, 0.01)
    if options.schedule == "constant":
        return options.learning_rate
    done = (over - options.warm_up) / (1 - options.warm_up)
    return options.learning_rate * max(0.5 * (1 + math.cos(math.pi * done)), 0.001)


def save_weights(model: keras.Model, path: Path) -> None:
    """Save weights to `path`, `*.weights.h5`, so that it is whole at any moment."""
    temporary = temporary_name(path).with_suffix("").with_suffix(".weights.h5")
    model.save_weights(temporary)
    os.replace(temporary, path)

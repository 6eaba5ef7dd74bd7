"""What happens around the steps of a training run: learning rate, progress, budgets, scoring, checkpoints, logs."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np

from ..errors import ParameterError
from ..metrics import Accuracy
from ..progress import Reporter
from .averaging import WeightAverage, Weights, synchronise, weights_of
from .checkpoints import load_checkpoint, restore, save_checkpoint
from .logs import Board
from .recipe import OptimiserOptions, RunOptions

_SMOOTH = 0.95


@dataclass
class Progress:
    """How far a run is; what a resumed run goes on from, besides the weights."""

    epochs: int = 0
    """Epochs done."""
    steps: int = 0
    """Steps done."""
    minutes: float = 0.0
    """Time that they took."""
    best: Accuracy | None = None
    """Accuracy of the best epoch so far."""
    best_epoch: int = 0
    """Number of that epoch, from 1."""
    stale: int = 0
    """Scored epochs since then."""
    history: list[dict[str, Any]] = field(default_factory=list)
    """A row of figures for each epoch."""

    @classmethod
    def of(cls, facts: dict[str, Any]) -> Progress:
        """The progress that `asdict` has made plain."""
        best = facts.pop("best")
        return cls(best=best and Accuracy(**best), **facts)


class Supervision(keras.callbacks.Callback):
    """Steers a run by how much of it is over: by its steps, or by its time budget, whichever is further.

    Args:
        run: How long to train.
        optimiser: Learning rate.
        evaluate: Scores the network as it is; None: nothing is held out, and the last epoch counts as the best.
        folder: Where the state and the best weights are kept; files there are whole at any moment.
        reporter: Told of every step; asked whether to stop.
        board: Where figures are written for TensorBoard.
    """

    def __init__(
        self,
        run: RunOptions,
        optimiser: OptimiserOptions,
        *,
        evaluate: Callable[[], Accuracy] | None,
        folder: Path,
        reporter: Reporter,
        board: Board | None = None,
    ) -> None:
        super().__init__()
        self._run = run
        self._optimiser = optimiser
        self._evaluate = evaluate
        self._folder = folder
        self._reporter = reporter
        self._board = board or Board(None)
        self._average = WeightAverage(run.ema) if run.ema else None
        self._began = time.monotonic()
        self._loss: float | None = None
        self.progress = Progress()
        """How far the run is."""
        self.best: Weights = []
        """The best weights so far."""

    def resume(self, model: keras.Model) -> bool:
        """Give a compiled network the state that an interrupted run has left; whether there was one."""
        checkpoint = load_checkpoint(self._folder, lambda text: self._reporter.message(text, "warning"))
        if checkpoint is None:
            return False
        restore(model, checkpoint)
        if self._average and checkpoint.averages:
            self._average.restore(checkpoint.averages)
        self.best = checkpoint.best
        self.progress = Progress.of(dict(checkpoint.facts))
        return True

    @property
    def minutes(self) -> float:
        """Time spent on training, in earlier runs too."""
        return self.progress.minutes + (time.monotonic() - self._began) / 60

    @property
    def over(self) -> float:
        """How much of the run is over, 0…1."""
        by_steps = self.progress.steps / (self._run.epochs * self._run.steps)
        by_time = self.minutes / self._run.minutes if self._run.minutes else 0.0
        return min(max(by_steps, by_time), 1.0)

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do."""
        patience = self._run.patience
        return self.over >= 1 or bool(patience and self.progress.stale >= patience)

    def on_train_begin(self, logs: Any = None) -> None:
        self._began = time.monotonic()
        # of a resumed run only what is left: steps that were done before would make it look fast
        self._reporter.start("train", self._run.epochs * self._run.steps - self.progress.steps, "steps")

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        # dropout draws from generators outside of the network under some backends; a resumed epoch shall draw the same
        keras.utils.set_random_seed(self._run.seed + epoch)

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        # Keras on JAX trains on a copy of all variables; synchronised first, it takes the new rate into the next copy
        synchronise(self.model)
        self.model.optimizer.learning_rate = learning_rate(self._optimiser, self.over)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.progress.steps += 1
        loss = float((logs or {}).get("loss", 0.0))
        if not math.isfinite(loss):
            raise ParameterError(
                f"The loss is no number any more at step {self.progress.steps}.",
                "Set a lower [optimiser] learning_rate in the recipe, and see that the images hold no absurd values.",
            )
        self._loss = loss if self._loss is None else _SMOOTH * self._loss + (1 - _SMOOTH) * loss
        if self._average:
            synchronise(self.model)
            self._average.feed(self.model, self.progress.steps)
        self._board.add({"loss": loss}, self.progress.steps)
        self._reporter.advance(loss=round(self._loss, 4))
        if self.over >= 1:
            self.model.stop_training = True

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        synchronise(self.model)
        loss = float((logs or {}).get("loss", 0.0))
        last = self.over >= 1 or epoch + 1 == self._run.epochs
        scores = self._keep_the_best(epoch + 1) if last or (epoch + 1) % self._run.score_every == 0 else None
        self._note(epoch + 1, loss, scores)
        self._save()
        if self.finished:
            self.model.stop_training = True

    def _keep_the_best(self, epoch: int) -> Accuracy | None:
        """Score the weights that would be kept, and keep them if they are the best so far."""
        if self._average is None:
            return self._keep_if_best(epoch)
        with self._average.applied(self.model):
            return self._keep_if_best(epoch)

    def _keep_if_best(self, epoch: int) -> Accuracy | None:
        progress = self.progress
        scores = self._evaluate() if self._evaluate else None
        if scores and progress.best and scores.miou < progress.best.miou:
            progress.stale += 1
            return scores
        self.best = [np.array(value) for value in weights_of(self.model)]
        progress.best, progress.best_epoch, progress.stale = scores, epoch, 0
        return scores

    def _note(self, epoch: int, loss: float, scores: Accuracy | None) -> None:
        figures: dict[str, Any] = {"loss": round(loss, 5), "learning_rate": learning_rate(self._optimiser, self.over)}
        text = f"epoch {epoch}: loss {loss:.4f}"
        if scores:
            figures |= {"miou": scores.miou, "miou_labelled": scores.miou_labelled, "accuracy": scores.accuracy}
            text += f", held-out mIoU {scores.miou:.3f} ({scores.miou_labelled:.3f} without Unlabeled), "
            text += f"accuracy {scores.accuracy:.3f}"
        best = " (best so far)" if scores and self.progress.best_epoch == epoch else ""
        self._reporter.message(f"{text}, {self.minutes:.1f} min{best}")
        self._board.add(figures, self.progress.steps)
        row = {"epoch": epoch, "step": self.progress.steps, **figures, "minutes": round(self.minutes, 2)}
        self.progress.history.append(row)

    def _save(self) -> None:
        now = self.minutes
        self.progress.epochs += 1
        self.progress.minutes, self._began = now, time.monotonic()
        averages = self._average.values if self._average else []
        facts = asdict(self.progress)
        save_checkpoint(self._folder, self.model, averages=averages, best=self.best, facts=facts)


def learning_rate(options: OptimiserOptions, over: float) -> float:
    """The learning rate when the share `over` of the run, 0…1, is over: linear warm-up, then the schedule."""
    if over < options.warm_up:
        return options.learning_rate * max(over / options.warm_up, 0.01)
    if options.schedule == "constant":
        return options.learning_rate
    done = (over - options.warm_up) / (1 - options.warm_up)
    return options.learning_rate * max(0.5 * (1 + math.cos(math.pi * done)), 0.001)

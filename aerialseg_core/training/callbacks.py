"""The callback of a run: learning rate, running mean of the weights, scores, checkpoints, early stopping, reports."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np

from ..errors import ParameterError
from ..metrics import Accuracy
from ..progress import Reporter
from ..sentences import Sentence
from .checkpoints import CheckpointWriter, load_checkpoint, restore_checkpoint
from .logs import TensorBoardLog
from .recipe import OptimiserOptions, RunOptions
from .weights import MovingAverage, Weights, get_weights, shifted_bias, synchronise

_SMOOTH = 0.95
_PLANNING_STEPS = 2  # of each process; TensorFlow plans its graph in them, which may take longer than all others
_TIMED_STEPS = 5
_FEW_STEPS = 200


@dataclass
class RunState:
    """State of a run besides its weights: how far it is, and how good; a resumed run continues from it."""

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
    late: bool = False
    """Whether what is left is the last part of the run, in which other options hold."""

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> RunState:
        """Build the state that `asdict` has made plain."""
        best = facts["best"]
        return cls(**{**facts, "best": best and Accuracy(**best)})


class TrainingCallback(keras.callbacks.Callback):
    """The callback that steers a run by how much of it is over: by its steps or its time budget, whichever is further.

    Args:
        run: How long to train.
        optimiser: Learning rate.
        score: Scores the network as it is; None: nothing is held out, and the last epoch counts as the best.
        folder: Where the state and the best weights are kept; files there are whole at any moment.
        reporter: Told of every step; asked whether to stop.
        late: Share of the run, 0…1, before whose beginning `fit` is stopped at the nearest end of an epoch.
    """

    def __init__(
        self,
        run: RunOptions,
        optimiser: OptimiserOptions,
        *,
        score: Callable[[], Accuracy] | None,
        folder: Path,
        reporter: Reporter,
        late: float = 0.0,
    ) -> None:
        super().__init__()
        self._run = run
        self._optimiser = optimiser
        self._score = score
        self._folder = folder
        self._reporter = reporter
        self._late = late
        self._average = MovingAverage(run.ema) if run.ema else None
        self._began = self._counted = time.monotonic()
        self._steps_here = 0
        self._loss: float | None = None
        self.state = RunState()
        """How far the run is."""
        self.log = TensorBoardLog(None)
        """Where figures are written for TensorBoard."""
        self.shift: Sequence[float] = ()
        """Added to the last bias of what is scored and kept, for each class; empty: nothing is."""
        self.best: Weights = []
        """The best weights so far."""
        self.checkpoints = CheckpointWriter(folder)
        """Writes a checkpoint after each epoch; to be left, as a context, before the run is."""

    def resume(self, model: keras.Model) -> bool:
        """Give a compiled network the state that an interrupted run has left; whether there was one."""
        checkpoint = load_checkpoint(self._folder, lambda text: self._reporter.message(text, "warning"))
        if checkpoint is None:
            return False
        restore_checkpoint(model, checkpoint)
        if self._average and checkpoint.averages:
            self._average.restore(checkpoint.averages)
        self.best = checkpoint.best
        self.state = RunState.from_facts(checkpoint.facts)
        return True

    @property
    def minutes(self) -> float:
        """Time spent on training, in earlier runs too, but for the first steps of each, which plan the graph."""
        return self.state.minutes + (time.monotonic() - self._began) / 60

    @property
    def share_done(self) -> float:
        """How much of the run is over, 0…1."""
        by_steps = self.state.steps / (self._run.epochs * self._run.steps) if self._run.epochs else 0.0
        by_time = self.minutes / self._run.minutes if self._run.minutes else 0.0
        return min(max(by_steps, by_time), 1.0)

    @property
    def work_left(self) -> tuple[int, str]:
        """What of the run is left, and its unit, for people: steps, or seconds where the time alone ends it."""
        run = self._run
        if run.epochs:
            return run.epochs * run.steps - self.state.steps, "steps"
        return max(round(60 * (run.minutes - self.state.minutes)), 1), "s"

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do."""
        patience = self._run.patience
        return self.share_done >= 1 or bool(patience and self.state.stale >= patience)

    def on_train_begin(self, logs: Any = None) -> None:
        self._began = time.monotonic()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        # Dropout draws from generators outside of the network under some backends; a resumed epoch shall draw the same.
        # TensorFlow's are variables of the network, and a new seed would make it prepare its graph anew, for seconds.
        if keras.backend.backend() != "tensorflow":
            keras.utils.set_random_seed(self._run.seed + epoch)

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        # Keras on JAX trains on a copy of all variables; synchronised first, it takes the new rate into the next copy
        synchronise(self.model)
        self.model.optimizer.learning_rate = schedule_learning_rate(self._optimiser, self.share_done)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.state.steps += 1
        self._steps_here += 1
        if self._steps_here <= _PLANNING_STEPS:
            self._began = self._counted = time.monotonic()
            if self._run.minutes:
                self._reporter.limit(60 * (self._run.minutes - self.state.minutes))
        elif self._steps_here == _PLANNING_STEPS + _TIMED_STEPS:
            self._fit_schedule((time.monotonic() - self._began) / _TIMED_STEPS)
        loss = float((logs or {}).get("loss", 0.0))
        if not math.isfinite(loss):
            raise ParameterError(
                "loss-no-number",
                "The loss is no number any more at step {step}.",
                "Set a lower [optimiser] learning_rate in the recipe, and see that the images hold no absurd values.",
                step=self.state.steps,
            )
        self._loss = loss if self._loss is None else _SMOOTH * self._loss + (1 - _SMOOTH) * loss
        if self._average:
            synchronise(self.model)
            self._average.feed(self.model, self.state.steps)
        self.log.add({"loss": loss}, self.state.steps)
        self._reporter.advance(1 if self._run.epochs else self._count_seconds(), loss=round(self._loss, 4))
        if self.share_done >= 1:
            self.model.stop_training = True

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.checkpoints.wait()  # who hears of an epoch can rely on the one before
        synchronise(self.model)
        loss = float((logs or {}).get("loss", 0.0))
        last = self.share_done >= 1 or epoch + 1 == self._run.epochs
        scores = self._score_and_keep(epoch + 1) if last or (epoch + 1) % self._run.score_every == 0 else None
        self._report(epoch + 1, loss, scores)
        self.state.epochs += 1
        self.state.minutes, self._began = self.minutes, time.monotonic()
        half = 0.5 * self.share_done / self.state.epochs
        changes = bool(self._late and not self.state.late and self.share_done + half >= 1 - self._late)
        self.state.late |= changes
        averages = self._average.values if self._average else []
        self.checkpoints.save(self.model, averages=averages, best=self.best, facts=asdict(self.state))
        if self.is_over or changes:
            self.model.stop_training = True

    def _fit_schedule(self, seconds: float) -> None:
        """Tell how many steps of so many seconds fit into the minutes that are given, if these will end the run.

        The schedule follows by itself, as it goes by the share of these minutes that is over.
        """
        run = self._run
        fitting = round(60 * (run.minutes - self.state.minutes) / max(seconds, 1e-6))
        if not run.minutes or (run.epochs and fitting >= run.epochs * run.steps - self.state.steps):
            return
        told: dict[str, Any] = {"seconds": seconds, "steps": fitting, "minutes": run.minutes}
        if fitting < _FEW_STEPS:
            said = "A step takes {seconds:.2g} s, only {steps} fit into {minutes:g} minutes: the model learns little."
            hint = "Give it more time with --minutes."
            self._reporter.message(Sentence("training-few-steps", said, hint, **told).whole(), "warning")
        else:
            said = "a step takes {seconds:.2g} s: about {steps} fit into {minutes:g} minutes"
            self._reporter.message(Sentence("training-pace", said, **told))

    def _count_seconds(self) -> int:
        """Count the seconds since it was last asked."""
        now = time.monotonic()
        passed = int(now - self._counted)
        self._counted += passed
        return passed

    def _score_and_keep(self, epoch: int) -> Accuracy | None:
        """Score the weights that would be kept, and keep them if they are the best so far."""
        state = self.state
        average = self._average.applied(self.model) if self._average else nullcontext()
        with average, shifted_bias(self.model, self.shift):
            scores = self._score() if self._score else None
            if scores and state.best and scores.miou < state.best.miou:
                state.stale += 1
                return scores
            self.best = [np.array(value) for value in get_weights(self.model)]
        state.best, state.best_epoch, state.stale = scores, epoch, 0
        return scores

    def _report(self, epoch: int, loss: float, scores: Accuracy | None) -> None:
        """Tell the figures of an epoch to people, to TensorBoard, and to the history."""
        rate = schedule_learning_rate(self._optimiser, self.share_done)
        figures: dict[str, Any] = {"loss": round(loss, 5), "learning_rate": rate}
        told = {"epoch": epoch, "loss": loss, "minutes": self.minutes}
        best = bool(scores and self.state.best_epoch == epoch)
        if scores:
            figures |= {"miou": scores.miou, "miou_labelled": scores.miou_labelled, "accuracy": scores.accuracy}
            text = (
                "epoch {epoch}: loss {loss:.4f}, held-out mIoU {miou:.3f} ({labelled:.3f} without Unlabeled), accuracy "
                "{accuracy:.3f}, {minutes:.1f} min"
            )
            told |= {"miou": scores.miou, "labelled": scores.miou_labelled, "accuracy": scores.accuracy}
            if best:
                self._reporter.message(Sentence("epoch-best", text + " (best so far)", **told))
            else:
                self._reporter.message(Sentence("epoch-scored", text, **told))
        else:
            self._reporter.message(Sentence("epoch", "epoch {epoch}: loss {loss:.4f}, {minutes:.1f} min", **told))
        minutes = round(self.minutes, 2)
        self._reporter.epoch(epoch, **figures, **({"iou": scores.iou} if scores else {}), best=best, minutes=minutes)
        self.log.add(figures, self.state.steps)
        row = {"epoch": epoch, "step": self.state.steps, **figures, "minutes": minutes}
        self.state.history.append(row)


def schedule_learning_rate(options: OptimiserOptions, done: float) -> float:
    """Compute the learning rate when the share `done` of the run, 0…1, is over: linear warm-up, then the schedule."""
    if done < options.warm_up:
        return options.learning_rate * max(done / options.warm_up, 0.01)
    if options.schedule == "constant":
        return options.learning_rate
    share = (done - options.warm_up) / (1 - options.warm_up)
    return options.learning_rate * max(0.5 * (1 + math.cos(math.pi * share)), 0.001)

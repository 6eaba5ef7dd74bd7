"""One course of training: one split, one network, from its fresh weights to the best ones, resumable at every epoch."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import keras

from ..datasets.split import Split
from ..errors import Cancelled
from ..metrics import Accuracy
from ..model.card import Band
from ..progress import Reporter
from ..raster.value_range import Range
from . import networks
from .averaging import Weights, assign, weights_of
from .callbacks import Progress, Supervision
from .checkpoints import load_checkpoint, load_facts, save_facts
from .data import Material, describe
from .dataset import BatchOptions, EpochClock, PatchDataset
from .devices import computing
from .logs import Board
from .losses import class_weights, make_loss
from .patch_cache import PatchCache, write_cache
from .recipe import Recipe, RunOptions
from .validation import Held, Samples, evaluate, sample
from .warm_start import start_from

_DONE = "done.json"


@dataclass(frozen=True)
class Course:
    """What a course of training is told."""

    material: Material
    """The data."""
    split: Split
    """What of them to train on, and what is held out."""
    recipe: Recipe
    """How."""
    folder: Path
    """Where its patches, its state and its best weights are kept; an interrupted course goes on from there."""
    start: str | None = None
    """Model to start from; None: fresh weights."""


@dataclass(frozen=True)
class Trained:
    """What a course has made."""

    model: keras.Model
    """The network with its best weights, in float32."""
    progress: Progress
    """Epochs, steps, time and scores."""
    samples: Samples | None
    """Held-out scores to calibrate on; None: nothing is held out."""
    interrupted: bool
    """Whether it was ended early by the user."""

    @property
    def scores(self) -> Accuracy | None:
        """Accuracy on what was held out; None: nothing was."""
        return self.progress.best


def make_bands(recipe: Recipe, black_and_white: Range) -> tuple[Band, ...]:
    """The bands of a recipe with the scaling that its network expects of images with this black and white."""
    scaling = networks.scaling(recipe.network.name)
    black, white = black_and_white
    span = white - black
    return tuple(Band(name, span, scaling.mean + black / span, scaling.std) for name in recipe.card.bands)


def build(recipe: Recipe, classes: int) -> keras.Model:
    """The network of a recipe with fresh weights, the same ones for the same seed."""
    keras.utils.set_random_seed(recipe.run.seed)
    return networks.build(recipe.network.name, len(recipe.card.bands), classes, **recipe.network.options)


def follow(course: Course, reporter: Reporter) -> Trained:
    """Train one network, from where an interrupted course of the same folder was.

    Cancelling ends it within one batch and keeps the best weights so far.

    Raises:
        Cancelled: Cancelled before the first epoch ended.
        DataError: A file is unreadable.
        OutputError: The disk is full.
    """
    course.folder.mkdir(exist_ok=True)
    reporter.message(describe(course.material, course.split))
    material, recipe = course.material, course.recipe
    bands = make_bands(recipe, material.values.black_and_white)
    held = Held(material.pairs, course.split.holdout, material.scheme, bands, material.values.clipped)
    final = build(recipe, len(material.scheme))
    if course.start:
        reporter.message(start_from(final, course.start, material.scheme.names))
    facts, best = _finished(course) or _fit(course, final, held, reporter)
    assign(final, best)
    samples = sample(final, held) if held.parts else None
    interrupted = bool(facts.pop("interrupted", False))
    return Trained(final, Progress.of(facts), samples, interrupted)


def _finished(course: Course) -> tuple[dict[str, Any], Weights] | None:
    """The facts and the best weights of a course that an earlier run has finished, if both are whole."""
    facts = load_facts(course.folder / _DONE)
    last = load_checkpoint(course.folder, say=lambda text: None) if facts else None
    return (facts, last.best) if facts and last and last.facts["epochs"] == facts["epochs"] else None


def _fit(course: Course, final: keras.Model, held: Held, reporter: Reporter) -> tuple[dict[str, Any], Weights]:
    """Train a network that begins with the weights of `final`; the facts of the course, and its best weights."""
    cache = _patches(course, reporter)
    recipe = with_steps(course.recipe, cache)
    counts = course.material.counts(course.split.training)
    with computing(recipe.run):
        model = build(recipe, len(course.material.scheme))
        assign(model, weights_of(final))
        _compile(model, recipe, class_weights(counts, recipe.loss))
        supervision = Supervision(
            recipe.run,
            recipe.optimiser,
            evaluate=_judge(model, held, reporter),
            folder=course.folder,
            reporter=reporter,
            board=Board(Path(recipe.run.logs, course.folder.name) if recipe.run.logs else None),
        )
        if supervision.resume(model):
            reporter.message(f"continues after epoch {supervision.progress.epochs} of {recipe.run.epochs}")
        interrupted = _run(model, _batches(cache, course, recipe), supervision, recipe.run, reporter)
    facts = asdict(supervision.progress)
    if not interrupted:
        save_facts(course.folder / _DONE, facts)
    return {**facts, "interrupted": interrupted}, supervision.best


def _judge(model: keras.Model, held: Held, reporter: Reporter) -> Callable[[], Accuracy] | None:
    return (lambda: evaluate(model, held, reporter.check)) if held.parts else None


def _run(
    model: keras.Model, batches: PatchDataset, supervision: Supervision, run: RunOptions, reporter: Reporter
) -> bool:
    """Train; whether it was ended early by the user."""
    progress = supervision.progress
    if supervision.finished:
        return False
    try:
        model.fit(
            batches,
            epochs=run.epochs,
            initial_epoch=progress.epochs,
            shuffle=False,
            verbose=0,
            callbacks=[EpochClock(batches), supervision],
        )
    except (Cancelled, KeyboardInterrupt):
        if progress.best_epoch == 0:
            raise Cancelled("Cancelled before the first epoch ended.", "No model was written.") from None
        reporter.message(f"Stopped; the best epoch so far, {progress.best_epoch}, is kept.", "warning")
        return True
    return False


def with_steps(recipe: Recipe, cache: PatchCache) -> Recipe:
    """The recipe with the number of steps that shows every patch once, if it names none."""
    if recipe.run.steps:
        return recipe
    labelled = int((cache.counts.sum(axis=1) > 0).sum())
    patches = labelled * (recipe.patches.cut / recipe.patches.side) ** 2
    return replace(recipe, run=replace(recipe.run, steps=max(1, math.ceil(patches / recipe.run.batch))))


def _patches(course: Course, reporter: Reporter) -> PatchCache:
    folder = course.folder / "patches"
    folder.mkdir(exist_ok=True)
    return write_cache(
        course.material.pairs,
        course.material.scheme,
        course.recipe.patches.cut,
        bands=course.recipe.card.bands,
        folder=folder,
        reporter=reporter,
        parts=course.split.training,
    )


def _compile(model: keras.Model, recipe: Recipe, weights: Sequence[float]) -> None:
    options = recipe.optimiser
    clip = options.clip or None
    if options.name == "adam":
        optimiser = keras.optimizers.Adam(options.learning_rate, global_clipnorm=clip)
    else:
        optimiser = keras.optimizers.AdamW(
            options.learning_rate, weight_decay=options.weight_decay, global_clipnorm=clip
        )
    loss = make_loss(recipe.loss, weights)
    # As a vector of one, so that Keras divides it by the number of devices that share a batch; a scalar it only adds up
    model.compile(
        optimizer=optimiser,
        loss=lambda labels, scores: keras.ops.reshape(loss(labels, scores), (1,)),
        jit_compile=keras.backend.backend() == "jax",
    )


def _batches(cache: PatchCache, course: Course, recipe: Recipe) -> PatchDataset:
    options = BatchOptions(
        size=recipe.run.batch,
        steps=recipe.run.steps,
        side=recipe.patches.side,
        balance=recipe.patches.balance,
        rare=recipe.patches.rare,
        seed=recipe.run.seed,
        workers=recipe.run.workers,
        black_and_white=course.material.values.black_and_white,
    )
    tints = {
        label: recipe.augmentation.tints[name]
        for label, name in enumerate(course.material.scheme.names)
        if name in recipe.augmentation.tints
    }
    bands = make_bands(recipe, course.material.values.black_and_white)
    return PatchDataset(cache, options, augmentation=recipe.augmentation, bands=bands, tints=tints)

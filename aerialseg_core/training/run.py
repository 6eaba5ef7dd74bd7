"""One run: one network on one split, from its fresh weights to the best ones, resumable at every epoch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import keras

from ..datasets.split import Split
from ..errors import Cancelled
from ..metrics import Accuracy, measure_accuracy
from ..model.card import Band
from ..progress import Reporter
from ..raster.value_range import Range
from ..sentences import Sentence
from . import networks
from .callbacks import RunState, TrainingCallback
from .checkpoints import load_checkpoint, load_facts, save_facts
from .data import TrainingData, describe_split
from .dataset import BatchOptions, EpochCallback, PatchDataset, keep_opencv_to_one_thread
from .devices import adapt_to_device, count_workers, use_devices
from .distillation import write_soft_labels
from .logs import TensorBoardLog
from .losses import LossFunction, join_teacher, make_loss, weigh_classes
from .patch_cache import PatchCache, cut_soft_labels, write_cache
from .recipe import OptimiserOptions, Recipe
from .validation import Holdout, PixelSample, draw_pixels, score_holdout
from .warm_start import transfer_weights
from .weights import Weights, get_weights, set_weights

_DONE = "done.json"
_ENDLESS = 10**9


@dataclass(frozen=True)
class Run:
    """What a run trains, and on what."""

    data: TrainingData
    """The data."""
    split: Split
    """What of them to train on, and what is held out."""
    recipe: Recipe
    """How."""
    folder: Path
    """Where its patches, its state and its best weights are kept; an interrupted run continues from there."""
    start: str | None = None
    """Model to start from; None: fresh weights."""
    soft_labels: tuple[Path, ...] = ()
    """Files of the soft labels of every image, to learn from them as well; empty: there are none."""


@dataclass(frozen=True)
class TrainedNetwork:
    """What a run has made."""

    model: keras.Model
    """The network with its best weights, in float32."""
    state: RunState
    """Epochs, steps, time and accuracy."""
    sample: PixelSample | None
    """Held-out pixels to calibrate on; None: nothing is held out."""
    interrupted: bool
    """Whether it was ended early by the user."""

    @property
    def accuracy(self) -> Accuracy | None:
        """Accuracy on what was held out; None: nothing was."""
        return self.state.best


def train_network(run: Run, reporter: Reporter) -> TrainedNetwork:
    """Train one network, from where an interrupted run of the same folder was.

    Cancelling ends it within one batch and keeps the best weights so far.

    Raises:
        Cancelled: Cancelled before the first epoch ended.
        DataError: A file is unreadable.
        OutputError: The disk is full.
    """
    run.folder.mkdir(exist_ok=True)
    reporter.message(describe_split(run.split))
    scheme = run.data.scheme
    holdout = _make_holdout(run)
    network = build_network(run.recipe, len(scheme))
    if run.start:
        reporter.message(transfer_weights(network, run.start, scheme.names))
    interrupted = False
    finished = _load_finished(run.folder)
    if finished:
        state, best = finished
    else:
        state, best, interrupted = _fit(run, get_weights(network), holdout, reporter)
    set_weights(network, best)
    sample = draw_pixels(network, holdout) if holdout.parts else None
    return TrainedNetwork(network, state, sample, interrupted)


def teach(run: Run, model: keras.Model, folder: Path, reporter: Reporter) -> Accuracy:
    """Write what the network of a run says of what was held out as soft labels, computed as it was trained.

    Returns:
        Its accuracy there, as the mean over the symmetries of the recipe.

    Raises:
        OutputError: The disk is full.
    """
    with use_devices(run.recipe.run):
        teacher = adapt_to_device(build_network(run.recipe, len(run.data.scheme)))
        set_weights(teacher, get_weights(model))
        symmetries = run.recipe.distillation.symmetries
        holdout = _make_holdout(run)
        confusion = write_soft_labels(teacher, holdout, folder, symmetries=symmetries, reporter=reporter)
    return measure_accuracy(confusion, run.data.scheme.names)


def _make_holdout(run: Run) -> Holdout:
    bands = make_bands(run.recipe, run.data.values.black_and_white)
    return Holdout(run.data.pairs, run.split.holdout, run.data.scheme, bands, run.data.values.clipped)


def make_bands(recipe: Recipe, black_and_white: Range) -> tuple[Band, ...]:
    """Make the bands of a recipe with the scaling that its network expects of images with this black and white."""
    scaling = networks.find_scaling(recipe.network.name)
    black, white = black_and_white
    span = white - black
    return tuple(Band(name, span, scaling.mean + black / span, scaling.std) for name in recipe.card.bands)


def build_network(recipe: Recipe, classes: int) -> keras.Model:
    """Build the network of a recipe with fresh weights, the same ones for the same seed."""
    keras.utils.set_random_seed(recipe.run.seed)
    return networks.build(recipe.network.name, len(recipe.card.bands), classes, **recipe.network.options)


def _load_finished(folder: Path) -> tuple[RunState, Weights] | None:
    """Load the state and the best weights of a run that an earlier process has finished, if both are whole."""
    facts = load_facts(folder / _DONE)
    last = load_checkpoint(folder) if facts else None
    whole = facts and last and last.facts["epochs"] == facts["epochs"]
    return (RunState.from_facts(facts), last.best) if facts and last and whole else None


def _fit(run: Run, weights: Weights, holdout: Holdout, reporter: Reporter) -> tuple[RunState, Weights, bool]:
    """Train a network from these weights on; its state, its best weights, and whether the user ended it early."""
    folder = run.folder / "patches"
    folder.mkdir(exist_ok=True)
    cache = write_cache(
        run.data.pairs,
        run.data.scheme,
        run.recipe.patches.cut,
        bands=run.recipe.card.bands,
        folder=folder,
        reporter=reporter,
        parts=run.split.training,
    )
    if run.soft_labels:
        parts, side = run.split.training, run.recipe.patches.cut
        soft = cut_soft_labels(run.soft_labels, parts, side, folder=folder, reporter=reporter)
        cache = replace(cache, soft_labels=soft)
    recipe = _fill_in_steps(run.recipe, cache)
    with use_devices(recipe.run):
        model = adapt_to_device(build_network(recipe, len(run.data.scheme)))
        set_weights(model, weights)
        counts = run.data.count_classes(run.split.training)
        taught = bool(run.soft_labels)
        _compile(model, _make_optimiser(recipe.optimiser), _choose_loss(recipe, counts, taught=taught))
        callback = TrainingCallback(
            recipe.run,
            recipe.optimiser,
            score=(lambda: score_holdout(model, holdout, reporter.check)) if holdout.parts else None,
            folder=run.folder,
            reporter=reporter,
            late=recipe.late.share,
        )
        if callback.resume(model):
            planned = f" of {recipe.run.epochs}" if recipe.run.epochs else ""
            said = "continues after epoch {epoch}{planned}"
            reporter.message(Sentence("training-continued", said, epoch=callback.state.epochs, planned=planned))
        logs = Path(recipe.run.logs, run.folder.name) if recipe.run.logs else None
        interrupted = False
        # of a resumed run only what is left: steps that were done before would make it look fast
        reporter.start("train", *callback.work_left)
        with callback.checkpoints, TensorBoardLog(logs, callback.state.steps) as callback.log:
            while not (interrupted or callback.is_over):
                part = recipe
                if callback.state.late:
                    part = recipe.last_part
                    _compile(model, model.optimizer, _choose_loss(part, counts, taught=taught))
                    reporter.message(_describe_last_part(recipe))
                if part.loss.undo_weights:
                    callback.shift = [-math.log(weight) for weight in weigh_classes(counts, part.loss)]
                interrupted = _run_epochs(
                    model, _make_batches(cache, run.data, part), callback, recipe.run.epochs or _ENDLESS, reporter
                )
    if not interrupted:
        save_facts(run.folder / _DONE, asdict(callback.state))
    return callback.state, callback.best, interrupted


def _fill_in_steps(recipe: Recipe, cache: PatchCache) -> Recipe:
    """Give a recipe that names no number of steps the one that shows every patch once."""
    if recipe.run.steps:
        return recipe
    labelled = int((cache.counts.sum(axis=1) > 0).sum())
    patches = labelled * (recipe.patches.cut / recipe.patches.side) ** 2
    return replace(recipe, run=replace(recipe.run, steps=max(1, math.ceil(patches / recipe.run.batch))))


def _describe_last_part(recipe: Recipe) -> str:
    """Say what changes in the last part of a run."""
    last, late = recipe.last_part, recipe.late
    losses = "".join(f", {name} {value:g}" for name, value in late.loss.items())
    said = "the last {share:.0%} of the run: batches of {batch} × {side} px{losses}"
    shown = {"share": late.share, "batch": last.run.batch, "side": last.patches.side, "losses": losses}
    return Sentence("training-late", said, **shown)


def _make_optimiser(options: OptimiserOptions) -> keras.optimizers.Optimizer:
    """Make the optimiser of a recipe."""
    clip = options.clip or None
    if options.name == "adam":
        return keras.optimizers.Adam(options.learning_rate, global_clipnorm=clip)
    return keras.optimizers.AdamW(options.learning_rate, weight_decay=options.weight_decay, global_clipnorm=clip)


def _choose_loss(recipe: Recipe, counts: Sequence[int], *, taught: bool) -> LossFunction:
    """Choose the loss for classes with so many pixels, and for soft labels beside the labels if there are any."""
    weights = weigh_classes(counts, recipe.loss)
    loss = make_loss(recipe.loss, weights)
    if not taught:
        return loss
    # what is taken off the last bias must be in what a teacher says as well, whose own was taken off
    tilt = weights if recipe.loss.undo_weights else [1.0] * len(weights)
    return join_teacher(loss, recipe.distillation.weight, tilt)


def _compile(model: keras.Model, optimiser: keras.optimizers.Optimizer, loss: LossFunction) -> None:
    """Give a network an optimiser, whatever its state is, and a loss."""
    # As a vector of one, so that Keras divides it by the number of devices that share a batch; a scalar it only adds up
    model.compile(
        optimizer=optimiser,
        loss=lambda labels, scores: keras.ops.reshape(loss(labels, scores), (1,)),
        jit_compile=keras.backend.backend() == "jax",
    )


def _make_batches(cache: PatchCache, data: TrainingData, recipe: Recipe) -> PatchDataset:
    """Make the batches that a recipe asks for."""
    options = BatchOptions(
        size=recipe.run.batch,
        steps=recipe.run.steps,
        side=recipe.patches.side,
        balance=recipe.patches.balance,
        rare=recipe.patches.rare,
        seed=recipe.run.seed,
        workers=count_workers(recipe.run),
        black_and_white=data.values.black_and_white,
    )
    given = recipe.augmentation.tints
    tints = {label: given[name] for label, name in enumerate(data.scheme.names) if name in given}
    bands = make_bands(recipe, data.values.black_and_white)
    return PatchDataset(cache, options, augmentation=recipe.augmentation, bands=bands, tints=tints)


def _run_epochs(
    model: keras.Model, batches: PatchDataset, callback: TrainingCallback, epochs: int, reporter: Reporter
) -> bool:
    """Run the epochs that are left; whether the user ended them early."""
    try:
        with keep_opencv_to_one_thread():
            model.fit(
                batches,
                epochs=epochs,
                initial_epoch=callback.state.epochs,
                shuffle=False,
                verbose=0,
                callbacks=[EpochCallback(batches), callback],
            )
    except (Cancelled, KeyboardInterrupt):
        if callback.state.best_epoch == 0:
            raise Cancelled(
                "cancelled-early", "Cancelled before the first epoch ended.", "No model was written."
            ) from None
        said = "Stopped; the best epoch so far, {epoch}, is kept."
        reporter.message(Sentence("training-stopped", said, epoch=callback.state.best_epoch), "warning")
        return True
    return False

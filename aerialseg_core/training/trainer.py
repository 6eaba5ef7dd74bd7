"""Training: from labelled data to a model bundle whose card tells how good it is.

`train` loads the data, splits them, trains one network or several (`run.train_network`), and exports the last one.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..datasets.split import Split
from ..errors import Cancelled, OutputError, ParameterError
from ..files.outputs import check_output, lock_outputs, write_atomically
from ..metrics import Accuracy
from ..model.card import Card
from ..progress import Reporter
from ..raster.identity import read_file_states
from ..sentences import Sentence
from .checkpoints import load_facts, save_facts
from .data import TrainingData, choose_splits, load_data, split_by_group
from .distillation import list_soft_labels
from .export import export_bundle
from .logs import require_tensorboard, write_history
from .model_card import Fold, TrainingRecord, compare_splits, make_card
from .recipe import Recipe, load_recipe
from .run import Run, teach, train_network
from .validation import calibrate

_JOB = "job.json"


@dataclass(frozen=True)
class TrainResult:
    """What a training made."""

    model: Path
    """The model bundle."""
    keras_model: Path
    """The Keras model beside it, to train further."""
    table: Path
    """The history of the training beside it, as CSV: a row for each epoch, and of every fold."""
    scores: Accuracy | None
    """Accuracy on what was held out, of the only split or the mean of the folds; None: nothing was held out."""
    card: Card
    """The model's card."""


@dataclass(frozen=True)
class Targets:
    """The files and the folder that a training writes."""

    bundle: Path
    """The model bundle."""

    @property
    def keras_model(self) -> Path:
        """The Keras model."""
        return self.bundle.with_suffix(".keras")

    @property
    def table(self) -> Path:
        """The history of the training."""
        return self.bundle.with_suffix(".csv")

    @property
    def work(self) -> Path:
        """The folder that an interrupted training continues from, on the same file system."""
        return self.bundle.absolute().with_name(f".{self.bundle.stem}.training")

    @property
    def paths(self) -> tuple[Path, ...]:
        """All files that are there at the end."""
        return self.bundle, self.keras_model, self.table

    def check(self, *, overwrite: bool) -> None:
        """Refuse, before anything is read, what could not be written at the end.

        Raises:
            OutputError: A file exists, or its folder is missing or read-only.
            ParameterError: The bundle has another suffix.
        """
        if self.bundle.suffix != ".onnx":
            raise ParameterError(
                "model-name-ending",
                "The model {path} does not end in .onnx.",
                "Give a name such as model.onnx.",
                path=self.bundle,
            )
        for path in self.paths:
            check_output(path, overwrite=overwrite)


def train(
    data: str | Path,
    output: str | Path,
    *,
    recipe: str | Path | Recipe = "default",
    resume: bool = False,
    start: str | Path | None = None,
    overwrite: bool = False,
    reporter: Reporter | None = None,
) -> TrainResult:
    """Train a model.

    Its state is kept in a hidden folder beside the output, so that a run that was killed can be resumed after its last
    epoch. Cancelling, Ctrl-C and the recipe's time budget end the training within one batch and keep the best weights
    so far; if no epoch has ended by then, no model is written.

    Args:
        data: Folder of `images/` and `masks/` at any depth, or a TOML that pairs rasters with labels.
        output: Model bundle to write, `*.onnx`; the Keras model, `*.keras`, and a table, `*.csv`, are written beside.
        recipe: Name of a recipe, a TOML file, or a recipe.
        resume: Whether to continue an interrupted training of the same output, data and recipe.
        start: Bundle, `*.keras` model, or name of a shipped model, to start from.
        overwrite: Whether existing outputs, and an interrupted training, may be replaced.
        reporter: Told of progress.

    Raises:
        Cancelled: Cancelled before the first epoch ended.
        DataError: The data are incomplete or inconsistent.
        DependencyError: A package that training needs is not installed.
        ModelError: The exported model does not compute what the trained one does, or `start` is no such model.
        OutputError: An output exists already or cannot be written, or an interrupted run is in the way.
        ParameterError: The recipe is unusable.
    """
    reporter = reporter or Reporter()
    recipe = recipe if isinstance(recipe, Recipe) else load_recipe(recipe)
    targets = Targets(Path(output))
    with lock_outputs("train", *targets.paths):
        found = _find_interrupted(targets, resume=resume, overwrite=overwrite, reporter=reporter)
        targets.check(overwrite=overwrite or bool(found))
        if recipe.run.logs:
            require_tensorboard(Path(recipe.run.logs))
        labelled = load_data(data, recipe, reporter)
        splits = choose_splits(labelled, recipe)
        _enter_work_folder(targets.work, _fingerprint(labelled, recipe, start), found=found)
        run = Run(labelled, splits[0], recipe, targets.work, str(start) if start else None)
        try:
            if len(splits) > 1:
                record = _train_folds(run, splits, reporter)
            elif run.split.kind == "random":
                record = _train_beside_honest(run, reporter)
            else:
                trained = train_network(run, reporter)
                record = TrainingRecord(trained, run.split, calibrate([trained.sample] if trained.sample else []))
            return _deliver(record, run, targets, overwrite=overwrite or bool(found))
        finally:
            _leave_work_folder(targets.work)


def _train_beside_honest(run: Run, reporter: Reporter) -> TrainingRecord:
    """Train the network that is delivered on a random split, after one on a split by group, whose score is honest."""
    split = split_by_group(run.data, run.recipe)
    said = "The split is random: first a network is trained on a split by group, for an honest score."
    reporter.message(Sentence("split-random", said))
    honest = train_network(replace(run, split=split, folder=run.folder / "honest"), reporter)
    trained = train_network(run, reporter)
    if honest.accuracy and trained.accuracy:
        reporter.message(compare_splits(trained.accuracy, honest.accuracy), "warning")
    calibration = calibrate([honest.sample] if honest.sample else [])
    return TrainingRecord(trained, run.split, calibration, honest=honest.accuracy)


def _train_folds(run: Run, splits: Sequence[Split], reporter: Reporter) -> TrainingRecord:
    """Train one network for each fold to be scored, then the one that is delivered, on everything.

    With distillation, the networks of the folds teach the last one.
    """
    folds, samples = [], []
    distillation = run.recipe.distillation
    taught = run.folder / "soft-labels" if distillation.weight else None
    network = distillation.network if taught and distillation.network.name else run.recipe.network
    for number, split in enumerate(splits, start=1):
        recipe = replace(run.recipe, network=network)
        fold = replace(run, split=split, recipe=recipe, folder=run.folder / f"fold-{number}")
        trained = train_network(fold, reporter)
        if trained.accuracy is None or trained.interrupted:
            raise Cancelled(
                "cancelled-folds",
                "Cancelled before all folds were scored.",
                "The same command with --resume continues.",
            )
        history = tuple(trained.state.history)
        symmetric = teach(fold, trained.model, taught, reporter) if taught else None
        folds.append(Fold(split.name, trained.accuracy, trained.state.best_epoch, split.kind, history, symmetric))
        samples += [trained.sample] if trained.sample else []
        shutil.rmtree(fold.folder / "patches", ignore_errors=True)
    options = replace(run.recipe.run, patience=0)
    if options.epochs:
        epochs = max(1, round(float(np.mean([fold.best_epoch for fold in folds]))))
        options = replace(options, epochs=distillation.epochs if taught and distillation.epochs else epochs)
    length = f"{options.epochs} epochs" if options.epochs else f"{options.minutes:g} minutes"
    said = "The folds are scored; now one network is trained on everything, for {length}."
    reporter.message(Sentence("folds-scored", said, length=length))
    everything = run.data.whole
    last = replace(run, split=everything, recipe=replace(run.recipe, run=options), folder=run.folder / "final")
    if taught:
        said = "It learns from the labels and from {count} networks, each where it has not trained."
        reporter.message(Sentence("learns-from-folds", said, count=len(folds)))
        last = replace(last, soft_labels=tuple(list_soft_labels(taught, run.data.pairs)))
    trained = train_network(last, reporter)
    return TrainingRecord(trained, everything, calibrate(samples), folds=tuple(folds))


def _deliver(record: TrainingRecord, run: Run, targets: Targets, *, overwrite: bool) -> TrainResult:
    """Export the network with its card, and write the history beside it."""
    card = make_card(run.recipe, run.data, record, name=targets.bundle.stem)
    parts = record.split.holdout or record.split.training
    pairs = [run.data.pairs[i] for i in dict.fromkeys(part.pair for part in parts)]
    trained = record.trained
    export_bundle(trained.model, card, targets.bundle, pairs=pairs, overwrite=overwrite, folder=targets.work)
    history = [{"network": name, **row} for name, rows in record.histories.items() for row in rows]
    with write_atomically(targets.table, overwrite=overwrite) as temporary:
        write_history(temporary, history if record.folds else trained.state.history)
    if not trained.interrupted:
        save_facts(targets.work / _JOB, {"job": "", "delivered": True})
    return TrainResult(targets.bundle, targets.keras_model, targets.table, record.accuracy, card)


def _find_interrupted(targets: Targets, *, resume: bool, overwrite: bool, reporter: Reporter) -> dict[str, Any] | None:
    """Find the job of an interrupted training of the same output.

    Raises:
        OutputError: There is one and it is not said what to do with it.
    """
    found = load_facts(targets.work / _JOB)
    worth = _has_checkpoint(targets.work)  # a run that was killed in its first epoch has nothing to lose
    if resume and worth and not found:
        said = "What {folder} was of is damaged: the training begins anew."
        reporter.message(Sentence("training-anew", said, folder=targets.work), "warning")
    if worth and not (resume or overwrite):
        raise OutputError(
            "training-interrupted",
            "An interrupted training of {model} is in {folder}.",
            "Add --resume to continue it, or --overwrite to start anew.",
            model=targets.bundle,
            folder=targets.work,
        )
    return found if resume else None


def _enter_work_folder(work: Path, job: str, *, found: dict[str, Any] | None) -> None:
    """Make the work folder, or continue in that of an interrupted training.

    Raises:
        ParameterError: The interrupted training was another one.
    """
    if found and found["job"] != job:
        raise ParameterError(
            "resume-other-data",
            "The interrupted training was of other data or another recipe.",
            "Start anew with --overwrite.",
        )
    if not found:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(0o700)
        save_facts(work / _JOB, {"job": job})


def _leave_work_folder(work: Path) -> None:
    """Remove the work folder, unless a training can be resumed from it."""
    facts = load_facts(work / _JOB)
    if (facts and facts.get("delivered")) or not _has_checkpoint(work):
        shutil.rmtree(work, ignore_errors=True)


def _has_checkpoint(work: Path) -> bool:
    return any(work.rglob("state*.npz"))


def _fingerprint(data: TrainingData, recipe: Recipe, start: str | Path | None) -> str:
    """Take the fingerprint of everything that determines a training."""
    files = [read_file_states(path) for pair in data.pairs for path in (pair.image, pair.mask)]
    labels = [repr(pair.labels) for pair in data.pairs]  # which number or colour is which class
    bands = [[mapping.choice.bands, [str(pair.image) for pair in mapping.pairs]] for mapping in data.mappings]
    plain = replace(recipe, run=replace(recipe.run, logs=""))  # where logs go makes no other job
    facts = [plain.to_dict(), str(start), files, labels, bands, asdict(data.scheme)]
    if data.values.stored != "uint8":
        facts.append(asdict(data.values))
    if any(pair.nodata is not None for pair in data.pairs):
        facts.append([repr(pair.nodata) for pair in data.pairs])
    text = json.dumps(facts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()

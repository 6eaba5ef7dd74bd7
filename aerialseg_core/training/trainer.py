"""Training: from labelled data to a model bundle that says how good it is."""

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
from .checkpoints import load_facts, save_facts
from .data import Material, absent_classes, gather, honest_split, splits_of
from .export import export_bundle
from .logs import require_board, write_table
from .model_card import Account, Fold, make_card, random_beside_honest
from .recipe import Recipe, load_recipe
from .run import Course, Trained, follow, make_bands
from .validation import Samples, calibrate, pooled

_JOB = "job.json"


@dataclass(frozen=True)
class TrainResult:
    """What a training run made."""

    model: Path
    """The model bundle."""
    keras_model: Path
    """The Keras model beside it, to train further."""
    table: Path
    """The course of the training beside it, as CSV: a row for each epoch."""
    scores: Accuracy | None
    """Accuracy on what was held out, of the only split or the mean of the folds; None: nothing was held out."""
    card: Card
    """The model's card."""


@dataclass(frozen=True)
class Targets:
    """Where a training writes."""

    bundle: Path
    """The model bundle."""

    @property
    def keras_model(self) -> Path:
        """The Keras model."""
        return self.bundle.with_suffix(".keras")

    @property
    def table(self) -> Path:
        """The course of the training."""
        return self.bundle.with_suffix(".csv")

    @property
    def work(self) -> Path:
        """The folder of what an interrupted run goes on from, on the same file system."""
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
            raise ParameterError(f"The model {self.bundle} does not end in .onnx.", "Give a name such as model.onnx.")
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
        resume: Whether to go on from an interrupted run of the same output, data and recipe.
        start: `*.keras` model, or name of a shipped one, to start from.
        overwrite: Whether existing outputs, and an interrupted run, may be replaced.
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
    plan = recipe if isinstance(recipe, Recipe) else load_recipe(recipe)
    targets = Targets(Path(output))
    with lock_outputs("train", *targets.paths):
        found = _find_work(targets, resume=resume, overwrite=overwrite, reporter=reporter)
        targets.check(overwrite=overwrite or bool(found))
        if plan.run.logs:
            require_board(Path(plan.run.logs))
        material = gather(data, plan, reporter)
        for name in absent_classes(material):
            reporter.message(f"No pixel is labelled {name}: the model will not know it.", "warning")
        splits = splits_of(material, plan)
        _enter(targets.work, _job(material, plan, start), found=found)
        whole = Course(material, splits[0], plan, targets.work, str(start) if start else None)
        try:
            trained, account = _train(whole, splits, reporter)
            return _deliver(trained, account, whole, targets, overwrite=overwrite or bool(found))
        finally:
            _leave(targets.work)


def _train(whole: Course, splits: Sequence[Split], reporter: Reporter) -> tuple[Trained, Account]:
    """Train the network that is delivered, and whatever scores it honestly."""
    if len(splits) > 1:
        return _train_folds(whole, splits, reporter)
    honest = None
    if splits[0].kind == "random":
        split = honest_split(whole.material, whole.recipe)
        reporter.message("The split is random: first a network is trained on a split by group, for an honest score.")
        honest = follow(replace(whole, split=split, folder=whole.folder / "honest"), reporter)
    trained = follow(whole, reporter)
    if honest and honest.scores and trained.scores:
        reporter.message(random_beside_honest(trained.scores, honest.scores), "warning")
    samples = [one.samples for one in (honest or trained,) if one.samples]
    return trained, Account(
        trained, splits[0], calibrate(_pooled(samples, whole)), honest=honest.scores if honest else None
    )


def _train_folds(whole: Course, splits: Sequence[Split], reporter: Reporter) -> tuple[Trained, Account]:
    """Train one network for each fold to be scored, then the one that is delivered, on everything."""
    folds, samples = [], []
    for number, split in enumerate(splits, start=1):
        course = replace(whole, split=split, folder=whole.folder / f"fold-{number}")
        trained = follow(course, reporter)
        if trained.scores is None or trained.interrupted:
            raise Cancelled("Cancelled before all folds were scored.", "The same command with --resume goes on.")
        folds.append(Fold(split.name, trained.scores, trained.progress.best_epoch))
        samples += [trained.samples] if trained.samples else []
        shutil.rmtree(course.folder / "patches", ignore_errors=True)
    epochs = max(1, round(float(np.mean([fold.best_epoch for fold in folds]))))
    run = replace(whole.recipe.run, epochs=epochs, patience=0)
    reporter.message(f"The folds are scored; now one network is trained on everything, for {epochs} epochs.")
    everything = whole.material.whole
    last = replace(whole, split=everything, recipe=replace(whole.recipe, run=run), folder=whole.folder / "final")
    trained = follow(last, reporter)
    return trained, Account(trained, everything, calibrate(_pooled(samples, whole)), folds=tuple(folds))


def _pooled(samples: Sequence[Samples], course: Course) -> Samples:
    return pooled(samples, len(course.material.scheme))


def _deliver(trained: Trained, account: Account, course: Course, targets: Targets, *, overwrite: bool) -> TrainResult:
    card = make_card(course.recipe, course.material, account, name=targets.bundle.stem)
    parts = account.split.holdout or account.split.training
    pairs = [course.material.pairs[i] for i in dict.fromkeys(part.pair for part in parts)]
    export_bundle(trained.model, card, targets.bundle, pairs=pairs, overwrite=overwrite, folder=targets.work)
    with write_atomically(targets.table, overwrite=overwrite) as temporary:
        write_table(temporary, trained.progress.history)
    if not trained.interrupted:
        save_facts(targets.work / _JOB, {"job": "", "delivered": True})
    return TrainResult(targets.bundle, targets.keras_model, targets.table, account.scores, card)


def _find_work(targets: Targets, *, resume: bool, overwrite: bool, reporter: Reporter) -> dict[str, Any] | None:
    """The job of an interrupted run of the same output.

    Raises:
        OutputError: There is one and it is not said what to do with it.
    """
    found = load_facts(targets.work / _JOB)
    worth = _has_checkpoint(targets.work)  # a run that was killed in its first epoch has nothing to lose
    if resume and worth and not found:
        reporter.message(f"What {targets.work} was of is damaged: the training begins anew.", "warning")
    if worth and not (resume or overwrite):
        raise OutputError(
            f"An interrupted training of {targets.bundle} is in {targets.work}.",
            "Add --resume to go on with it, or --overwrite to start anew.",
        )
    return found if resume else None


def _enter(work: Path, job: str, *, found: dict[str, Any] | None) -> None:
    """Make the work folder, or go on in that of an interrupted run.

    Raises:
        ParameterError: The interrupted run was another one.
    """
    if found and found["job"] != job:
        raise ParameterError(
            "The interrupted training was of other data or another recipe.", "Start anew with --overwrite."
        )
    if not found:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(0o700)
        save_facts(work / _JOB, {"job": job})


def _leave(work: Path) -> None:
    """Remove the work folder, unless a run can be resumed from it."""
    facts = load_facts(work / _JOB)
    if (facts and facts.get("delivered")) or not _has_checkpoint(work):
        shutil.rmtree(work, ignore_errors=True)


def _has_checkpoint(work: Path) -> bool:
    return any(work.rglob("state*.npz"))


def _job(material: Material, recipe: Recipe, start: str | Path | None) -> str:
    """Fingerprint of everything that determines a run."""
    files = [read_file_states(path) for pair in material.pairs for path in (pair.image, pair.mask)]
    labels = [repr(pair.labels) for pair in material.pairs]  # which number or colour is which class
    bands = [[mapping.choice.bands, [str(pair.image) for pair in mapping.pairs]] for mapping in material.mappings]
    plain = replace(recipe, run=replace(recipe.run, logs=""))  # where logs go makes no other job
    facts = [plain.to_dict(), str(start), files, labels, bands, asdict(material.scheme)]
    if material.values.stored != "uint8":
        facts.append(asdict(material.values))
    if any(pair.nodata is not None for pair in material.pairs):
        facts.append([repr(pair.nodata) for pair in material.pairs])
    text = json.dumps(facts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


__all__ = ["TrainResult", "make_bands", "train"]

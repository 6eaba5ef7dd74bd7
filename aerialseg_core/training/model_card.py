"""The card of a trained model: what it was trained on, how, and how good it is on what it has not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import keras
import numpy as np

from .. import __version__
from ..datasets.split import Split
from ..metrics import Accuracy
from ..model.card import Card
from ..sentences import Sentence
from .data import TrainingData
from .known_ground import describe_training_images
from .recipe import Recipe
from .run import TrainedNetwork, make_bands
from .validation import Calibration

RANDOM_EXPLAINED = (
    "patches of one image lie on both sides of a random split, and neighbours look alike: "
    "such a score measures memory as well, and the honest one is that on places never seen"
)
"""Why a random split flatters."""

PARTS_EXPLAINED = "other parts of the places that were trained on, not of new ones"
"""What is held out by a split into parts."""


@dataclass(frozen=True)
class Fold:
    """A network that was trained to be scored, and its scores."""

    holdout: str
    """What was held out."""
    scores: Accuracy
    """Its scores there."""
    best_epoch: int
    """The epoch that scored best."""
    kind: str = "groups"
    """As `Split.kind`."""
    history: tuple[Mapping[str, Any], ...] = ()
    """A row of figures for each of its epochs."""
    symmetric: Accuracy | None = None
    """Scores of the mean over the symmetries that it teaches with; None: it teaches nobody."""


@dataclass(frozen=True)
class TrainingRecord:
    """How a model came about, and how good it is."""

    trained: TrainedNetwork
    """The network that is delivered."""
    split: Split
    """What it was trained on."""
    calibration: Calibration | None
    """How sure it may be; None: nothing was held out."""
    folds: tuple[Fold, ...] = ()
    """Networks of the same recipe that were scored on what they had not seen."""
    honest: Accuracy | None = None
    """Beside a random split: scores of the same recipe on a split by group."""

    @property
    def histories(self) -> dict[str, Sequence[Mapping[str, Any]]]:
        """The epochs of every network: "fold 1", …, and "last", the one that is delivered."""
        folds = {f"fold {i}": fold.history for i, fold in enumerate(self.folds, start=1)}
        return {**folds, "last": self.trained.state.history}

    @property
    def accuracy(self) -> Accuracy | None:
        """Accuracy on what was held out, of the only split or the mean of the folds."""
        return average_folds([fold.scores for fold in self.folds]) if self.folds else self.trained.accuracy


def average_folds(scores: Sequence[Accuracy]) -> Accuracy:
    """Average the scores of several folds; a class that some folds lack has the mean of the others."""
    names = list(scores[0].iou)
    known = {name: [value for one in scores if (value := one.iou[name]) is not None] for name in names}
    return Accuracy(
        iou={name: round(float(np.mean(values)), 4) if values else None for name, values in known.items()},
        miou=round(float(np.mean([one.miou for one in scores])), 4),
        miou_labelled=round(float(np.mean([one.miou_labelled for one in scores])), 4),
        accuracy=round(float(np.mean([one.accuracy for one in scores])), 4),
        pixels=sum(one.pixels for one in scores),
    )


def compare_splits(random: Accuracy, honest: Accuracy) -> str:
    """Say the score of a random split next to the honest one, with the difference explained."""
    return Sentence(
        "splits-compared",
        "mIoU {random:.3f} on patches held out at random, {honest:.3f} on whole groups held out: {explained}.",
        random=random.miou,
        honest=honest.miou,
        explained=RANDOM_EXPLAINED,
    )


def make_card(recipe: Recipe, data: TrainingData, record: TrainingRecord, *, name: str) -> Card:
    """Make the card of a trained model.

    Args:
        recipe: How it was trained.
        data: On what.
        record: How it came about.
        name: What it is called if the recipe does not say.
    """
    low, high = recipe.augmentation.scale
    gsd = data.gsd or recipe.card.gsd
    state = record.trained.state
    card = Card(
        name=recipe.card.name or name,
        description=recipe.card.description,
        classes=data.scheme,
        bands=make_bands(recipe, data.values.black_and_white),
        dtype=data.values.dtype,
        range=data.values.range,
        patch=recipe.card.patch,
        gsd=gsd,
        gsd_range=(gsd * min(1 / high, 1.0), gsd * max(1 / low, 1.0)),
        temperature=record.calibration.temperature if record.calibration else 1.0,
        training={
            "data": recipe.card.data,
            "images": len({part.pair for part in record.split.training}),
            "pixels": sum(data.count_classes(record.split.training)),
            "split": _describe_split(recipe, data, record.split),
            **({"teachers": _describe_teachers(recipe, record)} if recipe.distillation.weight else {}),
            "recipe": replace(recipe, run=replace(recipe.run, logs="")).to_dict(),  # a card tells no paths
            "best_epoch": state.best_epoch,
            "steps": state.steps,
            "minutes": round(state.minutes, 1),
            "software": f"aerialseg {__version__}, Keras {keras.version()} on {keras.backend.backend()}",
        },
        metrics=_collect_metrics(record),
        licence=recipe.card.licence,
    )
    return describe_training_images(card, data.pairs, record.split.training, clipped=data.values.clipped)


def _describe_split(recipe: Recipe, data: TrainingData, split: Split) -> dict[str, Any]:
    """Tell what was trained on, what was held out, and what neither saw; folders are enough where they are whole."""
    listed = data.list_images if split.kind == "parts" else data.list_groups
    described = {
        "kind": split.kind,
        "training": data.list_groups(split.training),
        "holdout": listed(split.holdout),
    }
    return described | ({"excluded": sorted(recipe.split.exclude)} if recipe.split.exclude else {})


def _describe_teachers(recipe: Recipe, record: TrainingRecord) -> str:
    """Tell whom a network has learnt from beside the labels."""
    name = recipe.distillation.network.name or recipe.network.name
    return (
        f"{len(record.folds)} networks ({name}) of the folds, each of which spoke of images that it had not seen; the "
        "scores of the folds are theirs"
    )


def _collect_metrics(record: TrainingRecord) -> dict[str, Any]:
    scores = record.accuracy
    if scores is None:
        return {"on": "nothing was held out"}
    metrics: dict[str, Any] = {"on": _describe_holdout(record), **asdict(scores)}
    if record.calibration:
        metrics |= {"ece_before": record.calibration.ece_before, "ece_after": record.calibration.ece_after}
    if record.folds:
        metrics["folds"] = [{"holdout": fold.holdout, **asdict(fold.scores)} for fold in record.folds]
        if symmetric := [fold.symmetric for fold in record.folds if fold.symmetric]:
            metrics["over symmetries"] = asdict(average_folds(symmetric))
    if record.honest:
        metrics["on whole groups"] = asdict(record.honest)
        metrics["difference"] = compare_splits(scores, record.honest)
    return metrics


def _describe_holdout(record: TrainingRecord) -> str:
    if record.folds:
        what = f" of {PARTS_EXPLAINED}" if record.folds[0].kind == "parts" else ""
        return f"{len(record.folds)} folds{what}, each held out once as a whole; the mean of them"
    return {
        "groups": "whole held-out images",
        "parts": f"held-out images of {PARTS_EXPLAINED}",
        "inside": "a held-out strip of the only group",
        "random": "patches held out at random",
    }.get(record.split.kind, record.split.kind)

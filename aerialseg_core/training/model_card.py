"""The card of a trained model: what it was trained on, how, and how good it is on what it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import keras
import numpy as np

from .. import __version__
from ..datasets.split import Split
from ..metrics import Accuracy
from ..model.card import Card
from .data import RANDOM_EXPLAINED, Material
from .recipe import Recipe
from .run import Trained, make_bands
from .validation import Calibration


@dataclass(frozen=True)
class Fold:
    """One network that was trained to be scored."""

    holdout: str
    """What was held out."""
    scores: Accuracy
    """Its scores there."""
    best_epoch: int
    """The epoch that scored best."""


@dataclass(frozen=True)
class Account:
    """How a model came about."""

    trained: Trained
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
    def scores(self) -> Accuracy | None:
        """Accuracy on what was held out, of the only split or the mean of the folds."""
        return mean_scores([fold.scores for fold in self.folds]) if self.folds else self.trained.scores


def mean_scores(scores: Sequence[Accuracy]) -> Accuracy:
    """The mean of the scores of several folds; a class that some folds lack has the mean of the others."""
    names = list(scores[0].iou)
    known = {name: [value for one in scores if (value := one.iou[name]) is not None] for name in names}
    return Accuracy(
        iou={name: round(float(np.mean(values)), 4) if values else None for name, values in known.items()},
        miou=round(float(np.mean([one.miou for one in scores])), 4),
        miou_labelled=round(float(np.mean([one.miou_labelled for one in scores])), 4),
        accuracy=round(float(np.mean([one.accuracy for one in scores])), 4),
        pixels=sum(one.pixels for one in scores),
    )


def random_beside_honest(random: Accuracy, honest: Accuracy) -> str:
    """The score of a random split next to the honest one, with the difference explained."""
    return (
        f"mIoU {random.miou:.3f} on patches held out at random, {honest.miou:.3f} on whole groups held out: "
        f"{RANDOM_EXPLAINED}."
    )


def make_card(recipe: Recipe, material: Material, account: Account, *, name: str) -> Card:
    """The card of a trained model.

    Args:
        recipe: How it was trained.
        material: On what.
        account: How it came about.
        name: What it is called if the recipe does not say.
    """
    low, high = recipe.augmentation.scale
    gsd = material.gsd or recipe.card.gsd
    progress = account.trained.progress
    return Card(
        name=recipe.card.name or name,
        description=recipe.card.description,
        classes=material.scheme,
        bands=make_bands(recipe, material.values.black_and_white),
        dtype=material.values.dtype,
        range=material.values.range,
        patch=recipe.card.patch,
        gsd=gsd,
        gsd_range=(gsd * min(1 / high, 1.0), gsd * max(1 / low, 1.0)),
        temperature=account.calibration.temperature if account.calibration else 1.0,
        training={
            "data": recipe.card.data,
            "images": len({part.pair for part in account.split.training}),
            "pixels": sum(material.counts(account.split.training)),
            "split": {
                "kind": account.split.kind,
                "training": material.names(account.split.training),
                "holdout": material.names(account.split.holdout),
            },
            "recipe": replace(recipe, run=replace(recipe.run, logs="")).to_dict(),  # a card tells no paths
            "best_epoch": progress.best_epoch,
            "steps": progress.steps,
            "minutes": round(progress.minutes, 1),
            "software": f"aerialseg {__version__}, Keras {keras.version()} on {keras.backend.backend()}",
        },
        metrics=_metrics(account),
        licence=recipe.card.licence,
    )


def _metrics(account: Account) -> dict[str, Any]:
    scores = account.scores
    if scores is None:
        return {"on": "nothing was held out"}
    metrics: dict[str, Any] = {"on": _scored_on(account), **asdict(scores)}
    if account.calibration:
        metrics |= {"ece_before": account.calibration.ece_before, "ece_after": account.calibration.ece_after}
    if account.folds:
        metrics["folds"] = [{"holdout": fold.holdout, **asdict(fold.scores)} for fold in account.folds]
    if account.honest:
        metrics["on whole groups"] = asdict(account.honest)
        metrics["difference"] = random_beside_honest(scores, account.honest)
    return metrics


def _scored_on(account: Account) -> str:
    if account.folds:
        return f"{len(account.folds)} folds, each held out once as a whole; the mean of them"
    return {
        "groups": "whole held-out images",
        "inside": "a held-out strip of the only group",
        "random": "patches held out at random",
    }.get(account.split.kind, account.split.kind)

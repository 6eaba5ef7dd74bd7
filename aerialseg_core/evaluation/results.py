"""The results of an evaluation: one dictionary of plain values, which is `evaluation.json` and feeds the page."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..config import SegmentConfig
from ..datasets.labelled_data import LabelledData, find_data_folder
from ..datasets.pairs import Pair
from ..metrics import (
    RESAMPLES,
    UNLABELED,
    Accuracy,
    accuracies,
    average_known,
    bootstrap_interval,
    divide,
    ious,
    kappa,
    kappas,
    measure_accuracy,
    measure_class_accuracy,
    micro_iou,
    micro_ious,
    round_known,
)
from ..model.calibration import Reliability
from ..model.card import Card
from ..raster.classes import ClassScheme
from ..segmentation.predictor import Predictor
from .annotators import AnnotatorAgreement
from .boundary_f1 import TOLERANCE, average_boundary_f1, compute_boundary_f1s, round_boundary_f1
from .counts import Counts
from .seam_index import SeamCounts

VERSION = 1
"""Version of `evaluation.json`."""

SEED = 0
"""Of the draws of images behind the intervals."""

RARE = 0.005
"""A class that makes up less than this share of the ground that was labelled twice tells nothing about annotators."""

_NO_NAME = "."

Statistic = Callable[[NDArray[np.int64]], NDArray[np.float64]]


@dataclass(frozen=True)
class SampleMeasurements:
    """What was measured on some of the images only."""

    images: int
    """How many."""
    seams: SeamCounts
    """Where overlapping windows give two classes."""
    calibrated: Reliability
    """Reliability at the model's temperature."""
    uncalibrated: Reliability | None
    """Reliability without it, on the same images; None if it is 1."""


@dataclass(frozen=True)
class Measurements:
    """What was measured on the images."""

    counts: tuple[Counts, ...]
    """Of each image."""
    reliability: Reliability
    """Of all images."""
    sample: SampleMeasurements
    """Of some images only."""


@dataclass(frozen=True)
class Scope:
    """The classes that count, and their names."""

    model: ClassScheme
    """Classes of the model."""
    data: ClassScheme
    """Classes of the data."""

    @property
    def counted(self) -> list[int]:
        """Indices in the model's order of the classes that the data have."""
        return [index for index, name in enumerate(self.model.names) if name in self.data.names]

    @property
    def named(self) -> list[int]:
        """The same without "Unlabeled"."""
        return [index for index in self.counted if self.model.names[index] != UNLABELED]

    def measure(self, matrix: NDArray[np.int64]) -> Accuracy:
        """Measure the accuracy that training reports too."""
        return measure_accuracy(matrix, self.model.names, among=self.data.names)


def summarise(matrix: NDArray[np.int64], boundaries: NDArray[np.int64], scope: Scope) -> dict[str, Any]:
    """Compute every overall score of a confusion matrix and of the boundary pixels."""
    found = scope.measure(matrix)
    return {
        "miou": found.miou,
        "miou_labelled": found.miou_labelled,
        "micro_iou": micro_iou(matrix),
        "accuracy": found.accuracy,
        "boundary_f1": average_boundary_f1(boundaries, scope.named),
        "pixels": found.pixels,
        "kappa": kappa(matrix),
    }


def compute_intervals(counts: Sequence[Counts], scope: Scope) -> dict[str, Any]:
    """Compute 95 % intervals of the overall scores, and of those of every class, by the bootstrap over images."""
    matrices = np.array([one.matrix for one in counts])
    boundaries = np.array([one.boundaries for one in counts])
    counted, named = scope.counted, scope.named
    of_matrix: dict[str, Statistic] = {
        "miou": lambda m: average_known(ious(m)[:, counted]),
        "miou_labelled": lambda m: average_known(ious(m)[:, named]),
        "micro_iou": micro_ious,
        "accuracy": accuracies,
        "kappa": kappas,
    }
    found: dict[str, Any] = {name: bootstrap_interval(matrices, of, seed=SEED) for name, of in of_matrix.items()}
    found["boundary_f1"] = bootstrap_interval(
        boundaries, lambda b: average_known(compute_boundary_f1s(b)[:, named]), seed=SEED
    )
    of_class: dict[str, Statistic] = {
        "iou": ious,
        "users": lambda m: divide(np.diagonal(m, axis1=-2, axis2=-1), m.sum(axis=-2)),
        "producers": lambda m: divide(np.diagonal(m, axis1=-2, axis2=-1), m.sum(axis=-1)),
        "labelled_share": lambda m: divide(m.sum(axis=-1), m.sum(axis=(-2, -1))[:, np.newaxis]),
    }
    for key, of in of_class.items():
        found[key] = {
            scope.model.names[i]: bootstrap_interval(matrices, lambda m, of=of, i=i: of(m)[:, i], seed=SEED)  # type: ignore[misc]
            for i in counted
        }
    return found


def collect_results(
    data: LabelledData,
    model: ClassScheme,
    measured: Measurements,
    annotators: AnnotatorAgreement | str,
    *,
    trained_on: TrainingImages,
) -> dict[str, Any]:
    """Collect what was measured.

    Args:
        data: The labelled images.
        model: Classes of the model.
        measured: What was measured.
        annotators: How far annotators agree, or one sentence that says why that is not known.
        trained_on: Images that the model was trained on.

    Returns:
        JSON-serialisable values; every score is a share 0…1 or None.
    """
    scope = Scope(model, data.scheme)
    seen = [trained_on.include(pair, data) for pair in data.pairs]
    counts, reliability, sample = measured.counts, measured.reliability, measured.sample
    matrix, boundaries = add_counts(counts)
    by_class = measure_class_accuracy(matrix, model.names)
    outlines = dict(zip(model.names, round_boundary_f1(boundaries), strict=True))
    compared = None
    if sample.uncalibrated is not None:
        compared = {
            "images": sample.images,
            "ece": round(sample.calibrated.ece, 4),
            "ece_without_temperature": round(sample.uncalibrated.ece, 4),
        }
    subsets = {}
    for name, wanted in (("seen", True), ("unseen", False)):
        members = [one for one, flag in zip(counts, seen, strict=True) if flag is wanted]
        subsets[name] = {"images": len(members), **(summarise(*add_counts(members), scope) if members else {})}
    return {
        "version": VERSION,
        "classes": [{"name": c.name, "colour": c.colour, "counted": c.name in data.scheme.names} for c in model],
        "scores": summarise(matrix, boundaries, scope),
        "intervals": compute_intervals(counts, scope),
        "resamples": RESAMPLES,
        "per_class": {
            name: {**asdict(by_class[name]), "boundary_f1": outlines[name]}
            for name in model.names
            if name in data.scheme.names
        },
        "confusion": matrix.tolist(),
        "calibration": {
            "ece": round(reliability.ece, 4) if reliability.samples else None,
            "bins": [asdict(row) for row in reliability.rows],
            "compared": compared,
        },
        "seams": {**asdict(sample.seams), "index": sample.seams.index, "images": sample.images},
        "agreement": annotators if isinstance(annotators, str) else _describe_agreement(annotators, data.scheme),
        "subsets": subsets,
        "boundary_tolerance": TOLERANCE,
        "ignored_pixels": sum(one.ignored for one in counts),
        "missing_pixels": sum(one.missing for one in counts),
        "images": [_describe_image(data, index, one, scope, seen[index]) for index, one in enumerate(counts)],
    }


def add_counts(counts: Sequence[Counts]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Add up the confusion matrices and the boundary pixels of several images."""
    return np.sum([one.matrix for one in counts], axis=0), np.sum([one.boundaries for one in counts], axis=0)


def _describe_agreement(annotators: AnnotatorAgreement, scheme: ClassScheme) -> dict[str, Any]:
    """Describe how far annotators agree, and which classes are too rare there to tell."""
    matrix = annotators.matrix
    found = measure_accuracy(matrix, scheme.names)
    parts = [
        {
            "groups": list(part.groups),
            "accuracy": round_known(accuracies(part.matrix)),
            "pixels": int(part.matrix.sum()),
        }
        for part in annotators.parts
    ]
    either = matrix.sum(axis=0) + matrix.sum(axis=1) - np.diag(matrix)
    rare = [name for name, pixels in zip(scheme.names, either, strict=True) if pixels < RARE * found.pixels]
    return {**asdict(found), "kappa": kappa(matrix), "overlaps": annotators.overlaps, "parts": parts, "rare": rare}


def _describe_image(data: LabelledData, index: int, counts: Counts, scope: Scope, seen: bool) -> dict[str, Any]:
    """Describe how good the model is on one image."""
    pair = data.pairs[index]
    found = scope.measure(counts.matrix)
    return {
        "image": data.show(pair),
        "group": pair.group,
        "seen": seen,
        "pixels": found.pixels,
        "accuracy": found.accuracy if found.pixels else None,
        "miou": found.miou if found.pixels else None,
        "boundary_f1": average_boundary_f1(counts.boundaries, scope.named),
    }


@dataclass(frozen=True)
class TrainingImages:
    """Which images a model was trained on, as far as its card tells."""

    groups: frozenset[str]
    """Names of their groups, or of their folders."""
    left_out: frozenset[str]
    """Images of these groups that were held out or excluded, by their paths below the data's folder."""

    @classmethod
    def of_card(cls, card: Card) -> TrainingImages:
        """Find them in `training["split"]` of a card.

        "Tile 1 + Tile 3" names two folders that are one group. "." is no name: it stands for the images of any data set
        that has no folders.
        """
        split = card.training.get("split", {})
        named = {key: split.get(key) for key in ("training", "holdout", "excluded")} if isinstance(split, dict) else {}
        listed = {
            key: {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()
            for key, names in named.items()
        }
        groups = {part for name in listed.get("training", ()) for part in name.split(" + ")}
        left_out = listed.get("holdout", set()) | listed.get("excluded", set())
        return cls(frozenset(groups - {_NO_NAME}), frozenset(left_out))

    def include(self, pair: Pair, data: LabelledData) -> bool:
        """Tell whether an image lies in a folder, or belongs to a group, of theirs, and was not left out."""
        if data.show(pair) in self.left_out:
            return False
        folder = find_data_folder(data.root)
        places = {pair.group}
        if pair.image.is_relative_to(folder):
            places |= {folder.resolve().name, *pair.image.relative_to(folder).parts[:-1]}
        return not places.isdisjoint(self.groups)


def describe_origin(
    labelled: LabelledData, predictor: Predictor, config: SegmentConfig, output: Path
) -> dict[str, Any]:
    """Describe what was run on what, and how to run it again; JSON-serialisable."""
    model, engine = predictor.model, predictor.engine
    card = model.card
    return {
        "aerialseg": __version__,
        "made": datetime.now(timezone.utc).date().isoformat(),
        "model": {
            "name": card.name,
            "description": card.description,
            "sha256": model.sha256,
            "patch": card.patch,
            "temperature": card.temperature,
            "licence": card.licence,
        },
        "data": {
            "path": str(labelled.root),
            "images": len(labelled.pairs),
            "groups": sorted({pair.group for pair in labelled.pairs}),
        },
        "engine": f"{engine.name}, {engine.device}, {engine.precision}",
        "parameters": config.result_parameters(),
        "command": _write_command(labelled, config, output),
    }


def _write_command(labelled: LabelledData, config: SegmentConfig, output: Path) -> str:
    """Write the command line that makes this report."""
    parts = ["aerialseg", "evaluate", config.model, str(labelled.root), "-o", str(output)]
    for field in fields(config):
        value = getattr(config, field.name)
        if field.name != "model" and value != field.default:
            text = ",".join(f"{part:g}" for part in value) if isinstance(value, tuple) else str(value)
            parts += [f"--{field.name.replace('_', '-')}", text]
    return shlex.join(parts)

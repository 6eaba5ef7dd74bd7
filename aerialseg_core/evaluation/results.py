"""The findings of an evaluation: one dictionary of plain values, which is `evaluation.json` and feeds the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..classes import ClassScheme
from ..datasets.labelled_data import LabelledData
from ..metrics import (
    RESAMPLES,
    UNLABELED,
    Accuracy,
    accuracies,
    average_known,
    bootstrap_interval,
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
from .boundary_f1 import TOLERANCE, boundary_f1, boundary_f1s, mean_boundary_f1
from .ceiling import Ceiling
from .counts import Counts
from .examination import Examination
from .provenance import data_folder, was_seen

VERSION = 1
"""Version of `evaluation.json`."""

SEED = 0
"""Of the draws of images behind the intervals."""

RARE = 0.005
"""A class that makes up less than this share of the ground that was labelled twice tells nothing about annotators."""

Statistic = Callable[[NDArray[np.int64]], NDArray[np.float64]]


@dataclass(frozen=True)
class Scope:
    """Which classes count, and by what names."""

    model: ClassScheme
    data: ClassScheme

    @property
    def counted(self) -> list[int]:
        """Indices in the model's order of the classes that the data have."""
        return [index for index, name in enumerate(self.model.names) if name in self.data.names]

    @property
    def named(self) -> list[int]:
        """The same without "Unlabeled"."""
        return [index for index in self.counted if self.model.names[index] != UNLABELED]

    def scores(self, matrix: NDArray[np.int64]) -> Accuracy:
        """The scores that training reports too."""
        return measure_accuracy(matrix, self.model.names, among=self.data.names)


def all_scores(matrix: NDArray[np.int64], contours: NDArray[np.int64], scope: Scope) -> dict[str, Any]:
    """Every overall score of a confusion matrix and of the boundary pixels."""
    found = scope.scores(matrix)
    return {
        "miou": found.miou,
        "miou_labelled": found.miou_labelled,
        "micro_iou": micro_iou(matrix),
        "accuracy": found.accuracy,
        "kappa": kappa(matrix),
        "boundary_f1": mean_boundary_f1(contours, scope.named),
        "pixels": found.pixels,
    }


def intervals(counts: Sequence[Counts], scope: Scope) -> dict[str, Any]:
    """95 % intervals of the overall scores, and of the IoU of every class, by the bootstrap over images."""
    matrices = np.array([one.matrix for one in counts])
    contours = np.array([one.contours for one in counts])
    counted, named = scope.counted, scope.named
    of_matrix: dict[str, Statistic] = {
        "miou": lambda m: average_known(ious(m)[:, counted]),
        "miou_labelled": lambda m: average_known(ious(m)[:, named]),
        "micro_iou": micro_ious,
        "accuracy": accuracies,
        "kappa": kappas,
    }
    found: dict[str, Any] = {name: bootstrap_interval(matrices, of, seed=SEED) for name, of in of_matrix.items()}
    found["boundary_f1"] = bootstrap_interval(contours, lambda c: average_known(boundary_f1s(c)[:, named]), seed=SEED)
    found["iou"] = {scope.model.names[i]: bootstrap_interval(matrices, _iou_of(i), seed=SEED) for i in counted}
    return found


def _iou_of(index: int) -> Statistic:
    return lambda matrices: ious(matrices)[:, index]


def collect(
    data: LabelledData,
    model: ClassScheme,
    examined: Examination,
    ceiling: Ceiling | str,
    *,
    trained_on: frozenset[str],
) -> dict[str, Any]:
    """Put together what was found.

    Args:
        data: The labelled images.
        model: Classes of the model.
        examined: What was measured.
        ceiling: How far annotators agree, or one sentence that says why that is not known.
        trained_on: Groups that the model was trained on.

    Returns:
        JSON-serialisable values; every score is a share 0…1 or None.
    """
    scope = Scope(model, data.scheme)
    seen = [was_seen(pair, data.root, trained_on) for pair in data.pairs]
    counts = examined.counts
    matrix, contours = sum_of(counts)
    return {
        "version": VERSION,
        "classes": [{"name": c.name, "colour": c.colour, "counted": c.name in data.scheme.names} for c in model],
        "scores": all_scores(matrix, contours, scope),
        "intervals": intervals(counts, scope),
        "resamples": RESAMPLES,
        "per_class": _per_class(matrix, contours, scope),
        "confusion": matrix.tolist(),
        "calibration": _calibration(examined),
        "seams": _seams(examined),
        "agreement": ceiling if isinstance(ceiling, str) else _agreement(ceiling, data.scheme),
        "subsets": _subsets(counts, seen, scope),
        "boundary_tolerance": TOLERANCE,
        "ignored_pixels": sum(one.ignored for one in counts),
        "missing_pixels": sum(one.missing for one in counts),
        "images": [_image(data, index, counts[index], scope, seen[index]) for index in range(len(counts))],
    }


def sum_of(counts: Sequence[Counts]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The confusion matrix and the boundary pixels of several images together."""
    return np.sum([one.matrix for one in counts], axis=0), np.sum([one.contours for one in counts], axis=0)


def _per_class(matrix: NDArray[np.int64], contours: NDArray[np.int64], scope: Scope) -> dict[str, dict[str, Any]]:
    outlines = dict(zip(scope.model.names, boundary_f1(contours), strict=True))
    scores = measure_class_accuracy(matrix, scope.model.names)
    return {
        name: {**asdict(scores[name]), "boundary_f1": outlines[name]}
        for name in scope.model.names
        if name in scope.data.names
    }


def _calibration(examined: Examination) -> dict[str, Any]:
    sample = examined.sample
    compared = None
    if sample.uncalibrated is not None:
        compared = {
            "images": sample.images,
            "ece": round(sample.calibrated.ece, 4),
            "ece_without_temperature": round(sample.uncalibrated.ece, 4),
        }
    return {**_reliability(examined.reliability), "compared": compared}


def _reliability(found: Reliability) -> dict[str, Any]:
    return {
        "ece": round(found.ece, 4) if found.samples else None,
        "bins": [asdict(row) for row in found.rows],
    }


def _seams(examined: Examination) -> dict[str, Any]:
    seams = examined.sample.seams
    return {**asdict(seams), "index": seams.index, "images": examined.sample.images}


def _agreement(ceiling: Ceiling, scheme: ClassScheme) -> dict[str, Any]:
    found = measure_accuracy(ceiling.matrix, scheme.names)
    parts = [
        {
            "groups": list(part.groups),
            "accuracy": round_known(accuracies(part.matrix)),
            "pixels": int(part.matrix.sum()),
        }
        for part in ceiling.parts
    ]
    either = ceiling.matrix.sum(axis=0) + ceiling.matrix.sum(axis=1) - np.diag(ceiling.matrix)
    rare = [name for name, pixels in zip(scheme.names, either, strict=True) if pixels < RARE * found.pixels]
    return {**asdict(found), "kappa": kappa(ceiling.matrix), "overlaps": ceiling.overlaps, "parts": parts, "rare": rare}


def _subsets(counts: Sequence[Counts], seen: Sequence[bool], scope: Scope) -> dict[str, Any]:
    """The scores of the images that the model was trained on and of the others, where there are both."""
    found = {}
    for name, wanted in (("seen", True), ("unseen", False)):
        members = [one for one, flag in zip(counts, seen, strict=True) if flag is wanted]
        found[name] = {"images": len(members), **(all_scores(*sum_of(members), scope) if members else {})}
    return found


def _image(data: LabelledData, index: int, counts: Counts, scope: Scope, seen: bool) -> dict[str, Any]:
    pair = data.pairs[index]
    found = scope.scores(counts.matrix)
    return {
        "image": shown(pair.image, data_folder(data.root)),
        "group": pair.group,
        "seen": seen,
        "pixels": found.pixels,
        "accuracy": found.accuracy if found.pixels else None,
        "miou": found.miou if found.pixels else None,
        "boundary_f1": mean_boundary_f1(counts.contours, scope.named),
    }


def shown(path: Path, folder: Path) -> str:
    """A path of the data as it is shown: below their folder where it lies there."""
    return str(path.relative_to(folder) if path.is_relative_to(folder) else path)

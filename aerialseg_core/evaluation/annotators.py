"""Agreement of annotators on the same ground: the ceiling of any score, which above it cannot be told from theirs."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from ..auditing.agreement import measure_agreement
from ..auditing.relations import find_relations
from ..datasets.labelled_data import LabelledData
from ..progress import Reporter


@dataclass(frozen=True)
class SharedGround:
    """Ground that two groups of images show, each with labels of its own."""

    groups: tuple[str, str]
    """Their names; twice the same one if images of a group overlap."""
    matrix: NDArray[np.int64]
    """Confusion matrix of one annotation against the other, shape (classes, classes), in the order of the data."""


@dataclass(frozen=True)
class AnnotatorAgreement:
    """Agreement of two annotations wherever images show the same ground."""

    parts: tuple[SharedGround, ...]
    """By pairs of groups, sorted by name."""
    overlaps: int
    """Pairs of images that show the same ground."""

    @property
    def matrix(self) -> NDArray[np.int64]:
        """All parts together, shape (classes, classes)."""
        matrix: NDArray[np.int64] = np.sum([part.matrix for part in self.parts], axis=0)
        return matrix


def measure_annotators(data: LabelledData, reporter: Reporter) -> AnnotatorAgreement | str:
    """Measure how far two annotators agree where images show the same ground.

    Args:
        data: The labelled images.
        reporter: Counts images, and may cancel.

    Returns:
        Their agreement; or one sentence that says why it is not known.

    Raises:
        DataError: Labels are unreadable.
    """
    relations = find_relations(data, reporter)
    found = [one for one in measure_agreement(data, relations.overlaps) if one.pixels]
    if not found:
        return " ".join(relations.notes) or "No two images show the same ground: how far annotators agree is not known."
    parts: dict[tuple[str, str], NDArray[np.int64]] = {}
    for one in found:
        first, second = sorted((data.pairs[one.first].group, data.pairs[one.second].group))
        parts[first, second] = parts.get((first, second), np.int64(0)) + one.matrix
    return AnnotatorAgreement(
        tuple(SharedGround(names, matrix) for names, matrix in sorted(parts.items(), key=itemgetter(0))), len(found)
    )

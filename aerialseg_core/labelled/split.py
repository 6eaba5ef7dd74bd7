"""The split into training and held-out pairs: whole groups only, so that nothing leaks from one into the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import DataError, ParameterError
from .labels import Census, total
from .pairs import Pair

ENOUGH = 0.001
"""Least share of a group's pixels at which a class counts as present."""

_GROUPS = "Put images of different places into different folders."


@dataclass(frozen=True)
class SplitOptions:
    """How pairs are grouped, and which groups are held out."""

    groups: tuple[tuple[str, ...], ...] = ()
    """Top-level folders that show the same ground and so are one group; every other folder is a group of its own."""
    holdout: tuple[str, ...] = ()
    """Folders to hold out, each with its whole group; empty: the smallest group that has every class."""


@dataclass(frozen=True)
class Split:
    """Indices of the pairs for training and of those held out."""

    training: tuple[int, ...]
    """Indices of the pairs that the network is trained on."""
    holdout: tuple[int, ...]
    """Indices of the pairs that it never sees."""


def group_of(pair: Pair, options: SplitOptions) -> tuple[str, ...]:
    """Folders that make up the group of a pair."""
    return next((group for group in options.groups if pair.group in group), (pair.group,))


def split_pairs(pairs: Sequence[Pair], censuses: Sequence[Census], options: SplitOptions) -> Split:
    """Split pairs by group.

    Args:
        pairs: All pairs.
        censuses: Their label counts, in the same order.
        options: How to group them and what to hold out.

    Raises:
        DataError: There is only one group, or nothing is left to train on.
        ParameterError: A group to hold out is not in the data.
    """
    groups = [group_of(pair, options) for pair in pairs]
    if len(set(groups)) < 2:
        raise DataError("The images are all in one group, so none can be held out to score the model.", _GROUPS)
    held = _named(groups, options) if options.holdout else {_smallest_complete(groups, censuses)}
    training = tuple(i for i, group in enumerate(groups) if group not in held)
    if not training:
        raise DataError("Every group is held out, so none is left to train on.", "Name fewer in [split] holdout.")
    return Split(training, tuple(i for i, group in enumerate(groups) if group in held))


def _named(groups: Sequence[tuple[str, ...]], options: SplitOptions) -> set[tuple[str, ...]]:
    unknown = set(options.holdout).difference(*groups)
    if unknown:
        raise ParameterError(
            f"The folders to hold out, {', '.join(sorted(unknown))}, are not in the data.",
            "Correct [split] holdout in the recipe.",
        )
    return {group for group in groups if set(group) & set(options.holdout)}


def _smallest_complete(groups: Sequence[tuple[str, ...]], censuses: Sequence[Census]) -> tuple[str, ...]:
    """The smallest group in which every class of the data is present; failing that, the one with the most classes."""
    everything = total(censuses) > 0
    ranked = []
    for group in sorted(set(groups)):
        counts = total([census for g, census in zip(groups, censuses, strict=True) if g == group])
        present = int(((counts >= ENOUGH * counts.sum()) & (counts > 0) & everything).sum())
        ranked.append((-present, int(counts.sum()), group))
    return min(ranked)[2]

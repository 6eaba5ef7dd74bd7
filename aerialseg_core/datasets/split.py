"""The split into training and held-out parts: whole groups only, so that nothing leaks from one into the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import DataError, ParameterError
from ..raster.window import Window
from ..segmentation.patch_grid import PatchGrid
from .holdout import choose, deal
from .labels import Census, total
from .pairs import Pair
from .parts import DataLike as DataLike
from .parts import GroupLike as GroupLike
from .parts import Part as Part
from .parts import Split as Split
from .parts import SplitOptions as SplitOptions
from .split_within import split_inside

_NAMED = "Correct [split] holdout in the recipe."


@dataclass(frozen=True)
class Unit:
    """Pairs that stay on one side."""

    name: str
    """Name, of its folders or as the audit calls it."""
    members: tuple[int, ...]
    """Indices of the pairs, ascending."""


def units_of(data: DataLike, groups: Sequence[GroupLike], options: SplitOptions) -> tuple[Unit, ...]:
    """The groups that a split keeps together, sorted by their first pair.

    A pair that the recipe or the data set assigns to a group belongs to that; any other pair to the audit's; a pair
    that is in none is a group of its own.

    Args:
        data: The data.
        groups: What the audit found.
        options: The recipe's groups.
    """
    explicit = (*options.groups, *data.declared_groups)
    found: dict[tuple[str, Any], list[int]] = {}
    audited = {member: group.name for group in groups for member in group.members}
    for i, pair in enumerate(data.pairs):
        own = next((names for names in explicit if pair.group in names), None)
        if own is not None:
            found.setdefault((" + ".join(own), "explicit"), []).append(i)
        elif i in audited:
            found.setdefault((audited[i], "audited"), []).append(i)
        else:
            found[pair.image.stem, i] = [i]
    return tuple(Unit(name, tuple(members)) for (name, _), members in found.items())


def make_splits(
    data: DataLike,
    censuses: Sequence[Census],
    groups: Sequence[GroupLike],
    options: SplitOptions,
    *,
    cut: int = 512,
) -> list[Split]:
    """Split data: one split, or as many as there are folds.

    With several groups whole groups are held out: those named in `holdout`; else those that together come near `share`
    with as many classes as possible on both sides. With `folds` every group is held out once; there are no more folds
    than groups. A single group is split inside, see `inside.split_inside`. The same data give the same splits.

    Args:
        data: The data.
        censuses: Label counts of its pairs, in the same order.
        groups: What the audit says must stay together.
        options: What to hold out.
        cut: Side of the patches of the random kind, px.

    Raises:
        DataError: There is nothing to hold out, or nothing left to train on.
        ParameterError: A group to hold out is not in the data.
    """
    if not data.pairs or not sum(sum(census.counts) for census in censuses):
        raise DataError("No pixel of the data is labelled with a class.", "Label some, or correct the classes.")
    if options.kind == "random":
        return _random_splits(data.pairs, options, cut)
    units = units_of(data, groups, options)
    if options.holdout:
        return [_whole(data.pairs, units, _named(data.pairs, units, options), "")]
    counts = np.array([total([censuses[i] for i in unit.members]) for unit in units])
    if len(units) == 1:
        return split_inside(data, censuses, options)
    if options.folds:
        folds = deal(counts.sum(axis=1), min(options.folds, len(units)))
        names = [f"fold {i} of {len(folds)}: " for i in range(1, len(folds) + 1)]
        return [_whole(data.pairs, units, fold, name) for fold, name in zip(folds, names, strict=True)]
    return [_whole(data.pairs, units, choose(counts, options.share), "")]


def _named(pairs: Sequence[Pair], units: Sequence[Unit], options: SplitOptions) -> tuple[int, ...]:
    names = [{unit.name, *(pairs[i].group for i in unit.members)} for unit in units]
    unknown = set(options.holdout).difference(*names)
    if unknown:
        wanted = ", ".join(sorted(unknown))
        raise ParameterError(f"The folders to hold out, {wanted}, are not in the data.", _NAMED)
    return tuple(i for i, known in enumerate(names) if known & set(options.holdout))


def _whole(pairs: Sequence[Pair], units: Sequence[Unit], held: Sequence[int], prefix: str) -> Split:
    if len(held) == len(units):
        raise DataError("Every group is held out, so none is left to train on.", "Name fewer in [split] holdout.")
    out = {member for i in held for member in units[i].members}
    parts = [Part(i, Window(0, 0, *pair.size)) for i, pair in enumerate(pairs)]
    training, holdout = (tuple(part for part in parts if (part.pair in out) is side) for side in (False, True))
    return Split(training, holdout, "groups", prefix + ", ".join(units[i].name for i in held))


def _random_splits(pairs: Sequence[Pair], options: SplitOptions, cut: int) -> list[Split]:
    """Cells of `cut` px, of which a share, or one fold after the other, is held out."""
    cells = [part for i, pair in enumerate(pairs) for part in _cells(i, pair.size, cut)]
    if len(cells) < 2:
        raise DataError(
            f"The data are one patch of {cut} px, so none can be held out at random.", "Set a smaller [patches] cut."
        )
    order = [int(i) for i in np.random.default_rng(options.seed).permutation(len(cells))]
    k = min(options.folds, len(cells))
    share = min(max(1, round(options.share * len(cells))), len(cells) - 1)
    sets = [set(order[i::k]) for i in range(k)] if k else [set(order[:share])]
    splits = []
    for number, held in enumerate(sets, start=1):
        training, holdout = (tuple(c for i, c in enumerate(cells) if (i in held) is side) for side in (False, True))
        name = f"{len(holdout)} of {len(cells)} patches at random"
        splits.append(Split(training, holdout, "random", f"fold {number} of {k}: {name}" if k else name))
    return splits


def _cells(index: int, size: tuple[int, int], cut: int) -> list[Part]:
    whole = Window(0, 0, *size)
    grid = PatchGrid.over(size, cut, 0)
    return [Part(index, part) for window in grid if (part := window.intersection(whole)) is not None]

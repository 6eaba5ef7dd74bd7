"""Groups: the images that a leak-free split must keep on one side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..datasets.labelled_data import LabelledData
from ..datasets.pairs import Pair
from ..progress import Reporter
from .formatting import find_folder, format_count, format_number, name_images
from .relations import Relations, find_relations


@dataclass(frozen=True)
class Group:
    """Images that must not be split."""

    name: str
    """The folders or images that it consists of, for people."""
    members: tuple[int, ...]
    """Indices of its pairs, in ascending order."""
    reasons: tuple[str, ...]
    """Why they belong together, a sentence each; none for an image that is related to no other."""


@dataclass(frozen=True)
class Tie:
    """Pairs that belong together."""

    members: tuple[int, ...]
    """Their indices."""
    reason: str
    """Why, in one sentence."""


def find_groups(data: LabelledData, reporter: Reporter, relations: Relations | None = None) -> tuple[Group, ...]:
    """Find what a leak-free split must keep together: the connected components of everything that ties images.

    Images are tied by a folder (or a `group` of the TOML), by a group that the data set declares, by being parts of
    one picture, by showing the same ground, and by being the same.

    Args:
        data: The labelled data.
        reporter: Told of the progress; may cancel.
        relations: What `find_relations` found, if that is known already.

    Returns:
        The groups, by their first members; every pair is in exactly one.
    """
    relations = relations or find_relations(data, reporter)
    ties = [*_tie_by_folder(data), *_tie_by_relation(data, relations)]
    found = find_components(len(data.pairs), [tie.members for tie in ties])
    home = {index: number for number, members in enumerate(found) for index in members}
    reasons_of: dict[int, dict[str, None]] = {}
    for tie in ties:
        reasons_of.setdefault(home[tie.members[0]], {})[tie.reason] = None
    names: set[str] = set()
    groups = []
    for number, members in enumerate(found):
        reasons = reasons_of.get(number, {})
        name = _make_unique(name_images(data.pairs, members), names)
        names.add(name)
        groups.append(Group(name, members, tuple(reasons)))
    return tuple(groups)


def find_grounds(data: LabelledData, relations: Relations) -> tuple[tuple[int, ...], ...]:
    """Find the images that show the same ground, at least some of it, and those that are the same.

    Parts of one mosaic, which touch and never overlap, are not tied by that: a split that keeps these grounds together
    shows no ground twice, but other parts of the same places.

    Args:
        data: The labelled data.
        relations: What `find_relations` found.

    Returns:
        Indices of the pairs, as `find_components` gives them.
    """
    ties = [(overlap.first, overlap.second) for overlap in relations.overlaps]
    ties += [(duplicate.first, duplicate.second) for duplicate in relations.duplicates]
    return tuple(find_components(len(data.pairs), ties))


def find_components(count: int, ties: Iterable[Sequence[int]]) -> list[tuple[int, ...]]:
    """Find the connected components of 0…count-1, each sorted, by their first members; scipy is no dependency here.

    Args:
        count: How many there are.
        ties: Numbers that belong together.
    """
    parent = list(range(count))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for tie in ties:
        for number in tie:
            low, high = sorted((root(tie[0]), root(number)))
            parent[high] = low
    found: dict[int, list[int]] = {}
    for number in range(count):
        found.setdefault(root(number), []).append(number)
    return [tuple(members) for members in found.values()]


def _tie_by_folder(data: LabelledData) -> list[Tie]:
    ties = []
    for folder, members in _group_by_folder(data.pairs).items():
        if len(members) > 1:
            ties.append(Tie(tuple(members), f"{folder}: {format_count(len(members), 'image')} of one folder."))
    for declared in data.declared_groups:
        together = [index for index, pair in enumerate(data.pairs) if pair.group in declared]
        if len(together) > 1:
            ties.append(Tie(tuple(together), f"{' + '.join(declared)}: the data declare them to be one group."))
    return ties


def _tie_by_relation(data: LabelledData, relations: Relations) -> list[Tie]:
    pairs = data.pairs
    ties = []
    for mosaic in relations.mosaics:
        if len(mosaic.members) > 1:
            rows, cols = mosaic.layout
            parts = f"{format_count(len(mosaic.members), 'part')} of one picture, {rows} × {cols}"
            ties.append(Tie(mosaic.members, f"{name_images(pairs, mosaic.members)}: {parts}."))
    for ground in relations.grounds:
        first, second = (relations.mosaics[number].members for number in (ground.first, ground.second))
        names = f"{name_images(pairs, first)} and {name_images(pairs, second)}"
        ties.append(Tie((*first, *second), f"{names} show the same ground, {format_number(ground.pixels)} px."))
    for twice in relations.duplicates:
        names = " and ".join(name_images(pairs, [index]) for index in (twice.first, twice.second))
        ties.append(Tie((twice.first, twice.second), f"{names}: {twice.kind}."))
    return ties


def _group_by_folder(pairs: Sequence[Pair]) -> dict[str, list[int]]:
    """Indices of pairs by the folder or group that they are declared to be in."""
    found: dict[str, list[int]] = {}
    for index, pair in enumerate(pairs):
        if folder := find_folder(pair):
            found.setdefault(folder, []).append(index)
    return found


def _make_unique(name: str, names: set[str]) -> str:
    """The name, or the first of "name (2)", "name (3)", … that no other group has."""
    number, free = 1, name
    while free in names:
        number += 1
        free = f"{name} ({number})"
    return free

"""Which groups to hold out: the arithmetic of shares, classes and folds."""

from __future__ import annotations

import heapq
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

ENOUGH = 0.001
"""Least share of a side's pixels at which a class counts as present there."""

SLACK = 0.75
"""By this share of it the wanted share may be missed for the sake of a class."""

_EXHAUSTIVE = 12
_MOST = 64

Counts = NDArray[np.int64]
Cost = tuple[float, int, float]


def choose(counts: Counts, share: float) -> tuple[int, ...]:
    """Choose what to hold out: about a share of all pixels, with as many classes as possible on both sides.

    Args:
        counts: Pixels of each class, shape (groups, classes), at least two groups.
        share: Wanted share of all pixels, 0…1.

    Returns:
        Indices of the groups to hold out, ascending; some are left.
    """
    n = len(counts)
    if n > _MOST:  # bundles of groups instead: they are so many that bundles come near any share
        bundles = deal(counts.sum(axis=1), _MOST)
        held = choose(np.array([counts[list(bundle)].sum(axis=0) for bundle in bundles]), share)
        return tuple(sorted(i for bundle in held for i in bundles[bundle]))
    if n > _EXHAUSTIVE:
        return _improve(counts, share)
    sets = [held for k in range(1, n) for held in combinations(range(n), k)]
    member = np.array([[i in held for i in range(n)] for held in sets], np.int64)
    return sets[find_cheapest(member @ counts, counts.sum(axis=0), share)[0]]


def find_cheapest(held: Counts, everything: Counts, share: float) -> tuple[int, Cost]:
    """Find the best of several ways to hold out pixels.

    Far too many or too few are worst, then classes that are missing on a side, then the distance from the share.

    Args:
        held: Pixels of each class that each of them holds out, shape (ways, classes).
        everything: Pixels of each class, shape (classes,).
        share: Wanted share, 0…1.

    Returns:
        Its index, the first of several, and its cost: less is better.
    """
    off = np.abs(held.sum(axis=1) / everything.sum() - share) / share
    far = np.round(np.maximum(0.0, off - SLACK), 1)
    missing = count_absent(held, everything) + count_absent(everything - held, everything)
    best = int(np.lexsort((off, missing, far))[0])
    return best, (float(far[best]), int(missing[best]), float(off[best]))


def count_absent(side: Counts, everything: Counts) -> Counts:
    """Count how many of the classes that there are hardly occur on one side.

    Args:
        side: Pixels of each class, shape (…, classes).
        everything: Pixels of each class on both sides, shape (classes,).

    Returns:
        Shape (…).
    """
    rare = (side == 0) | (side < ENOUGH * side.sum(axis=-1, keepdims=True))
    missing: Counts = np.sum((everything > 0) & rare, axis=-1)
    return missing


def _improve(counts: Counts, share: float) -> tuple[int, ...]:
    """Add, take out or exchange one at a time as long as that makes it cheaper."""
    everything = counts.sum(axis=0)
    first, cost = find_cheapest(counts, everything, share)
    held, nobody = {first}, len(counts)
    padded = np.vstack([counts, np.zeros_like(counts[:1])])  # the last row is that of nobody
    while True:
        own, others = sorted(held), [i for i in range(len(counts)) if i not in held]
        moves = [(i, k) for i in own for k in others]
        moves += [(nobody, k) for k in others] if len(others) > 1 else []
        moves += [(i, nobody) for i in own] if len(own) > 1 else []
        out, new = np.array(moves).T
        best, cheaper = find_cheapest(counts[own].sum(axis=0) - padded[out] + padded[new], everything, share)
        if cheaper >= cost:
            return tuple(own)
        cost, held = cheaper, (held - {moves[best][0]} | {moves[best][1]}) - {nobody}


def deal(pixels: Counts, k: int) -> list[tuple[int, ...]]:
    """Distribute groups over folds, the largest first, each to the fold that has least.

    Args:
        pixels: Pixels of each group, shape (groups,).
        k: Number of folds, at most that of groups.

    Returns:
        For each fold the indices of its groups, ascending; none is empty.
    """
    folds: list[list[int]] = [[] for _ in range(k)]
    heap = [(0, 0, fold) for fold in range(k)]
    for i in sorted(range(len(pixels)), key=lambda i: (-pixels[i], i)):
        load, members, fold = heap[0]
        folds[fold].append(i)
        heapq.heapreplace(heap, (load + int(pixels[i]), members + 1, fold))
    return [tuple(sorted(fold)) for fold in folds]

"""Which groups to hold out: the arithmetic of shares, classes and folds."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

ENOUGH = 0.001
"""Least share of a side's pixels at which a class counts as present there."""

SLACK = 0.75
"""By this share of it the wanted share may be missed for the sake of a class."""

_EXHAUSTIVE = 12
_MOST = 64
_MOST_EXCHANGED = 1000
_DIGITS = 9

Counts = NDArray[np.int64]
Amounts = NDArray[np.float64]
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


def deal_alike(counts: Counts, shares: Sequence[float]) -> list[tuple[int, ...]]:
    """Distribute units over sides so that each side has about its share of every kind of pixel, and of all.

    What is made small is the sum, over sides and kinds, of (share there - wanted share)² / wanted share: the largest
    unit first, each goes where it costs least; then the best move of one unit, or exchange of two, is made as long as
    there is one. A kind that only one unit has is left out, as it cannot be on two sides.

    Args:
        counts: Pixels of each kind, such as those of a folder or of a class; shape (units, kinds).
        shares: Wanted share of each side, more than 0, sum 1; at most as many as units.

    Returns:
        For each side the indices of its units, ascending; none is empty.
    """
    n, k = len(counts), len(shares)
    shared = counts[:, (counts > 0).sum(axis=0) > 1]
    amounts = np.column_stack([shared, counts.sum(axis=1)]).astype(np.float64)
    amounts /= np.maximum(amounts.sum(axis=0), 1)
    squares, wanted = (amounts**2).sum(axis=1), np.array(shares)
    side, loads = np.full(n, -1), np.zeros((k, amounts.shape[1]))
    for left, unit in zip(range(n, 0, -1), np.argsort(-counts.sum(axis=1), kind="stable"), strict=True):
        rises = (2 * (loads - wanted[:, None]) @ amounts[unit] + squares[unit]) / wanted
        empty = ~np.isin(np.arange(k), side)
        if left <= empty.sum():
            rises[~empty] = np.inf
        side[unit] = np.argmin(rises.round(_DIGITS))
        loads[side[unit]] += amounts[unit]
    while n <= _MOST_EXCHANGED:
        rises = _compare_exchanges(amounts, loads, side, wanted)
        unit, other = divmod(int(np.argmin(rises.round(_DIGITS))), n + k)
        if rises[unit, other] > -(10.0**-_DIGITS):
            break
        moved = [(unit, int(side[other]) if other < n else other - n)]
        moved += [(other, int(side[unit]))] if other < n else []
        for i, to in moved:
            loads[side[i]] -= amounts[i]
            loads[to] += amounts[i]
            side[i] = to
    return [tuple(int(i) for i in np.flatnonzero(side == one)) for one in range(k)]


def _compare_exchanges(
    amounts: Amounts, loads: Amounts, side: NDArray[np.int64], wanted: NDArray[np.float64]
) -> Amounts:
    """Compute what it adds to the cost of `deal_alike` to exchange two units, or to move one; less is better.

    Args:
        amounts: Share of each unit in each kind, shape (units, kinds).
        loads: Sum of them on each side, shape (sides, kinds).
        side: Of each unit.
        wanted: Share of each side.

    Returns:
        Shape (units, units + sides); infinite where it is no change, or would leave a side empty.
    """
    n, k = len(amounts), len(wanted)
    units, weight = np.arange(n), 1 / wanted
    pull = amounts @ (loads * weight[:, None] - 1).T
    own, there, squares = pull[units, side], pull[:, side], (amounts**2).sum(axis=1)
    distance = squares[:, None] + squares - 2 * amounts @ amounts.T
    exchanges = 2 * (there + there.T - own[:, None] - own) + distance * (weight[side][:, None] + weight[side])
    exchanges[side[:, None] == side] = np.inf
    moves = 2 * (pull - own[:, None]) + squares[:, None] * (weight[side][:, None] + weight)
    moves[units, side] = np.inf
    moves[np.bincount(side, minlength=k)[side] == 1] = np.inf
    return np.hstack([exchanges, moves])

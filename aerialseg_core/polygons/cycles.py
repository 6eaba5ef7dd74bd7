"""Cycles: the rings in which a permutation leads from each number to the next, found without walking along them."""

from __future__ import annotations

import numpy as np

from .regions import Ints


def cycle_leaders(successor: Ints) -> Ints:
    """The smallest member of each cycle of a permutation, by pointer doubling; shape (n,)."""
    leader, jump = np.arange(len(successor)), successor
    for _ in range(_doublings(successor)):
        smaller = np.minimum(leader, leader[jump])
        if np.array_equal(smaller, leader):  # twice as far found nothing smaller: all have been round once
            break
        leader, jump = smaller, jump[jump]
    return leader


def in_order(successor: Ints, leader: Ints) -> tuple[Ints, Ints]:
    """The cycles of a permutation one after the other, each from its smallest member on.

    Args:
        successor: The permutation, shape (n,).
        leader: Its `cycle_leaders`.

    Returns:
        All members, shape (n,), and where each cycle begins among them, and their number, shape (cycles + 1,).
    """
    leads = leader == np.arange(len(leader))
    cycle = (np.cumsum(leads) - 1)[leader]
    offsets = offsets_of(np.bincount(cycle))
    return inverse(_places(successor, leader) + offsets[cycle]), offsets


def around(offsets: Ints) -> Ints:
    """The permutation whose cycles are `offsets[k] … offsets[k + 1]`, none of them empty."""
    successor = np.arange(1, offsets[-1] + 1)
    successor[offsets[1:] - 1] = offsets[:-1]
    return successor


def inverse(permutation: Ints) -> Ints:
    """The permutation that leads back."""
    back = np.empty_like(permutation)
    back[permutation] = np.arange(len(permutation))
    return back


def offsets_of(lengths: Ints) -> Ints:
    """Where each of several things begins that lie one after the other, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(lengths)])


def _places(successor: Ints, leader: Ints) -> Ints:
    """How many steps each member of a cycle comes after its leader, by pointer doubling; shape (n,)."""
    at_leader = leader == np.arange(len(leader))
    jump = np.where(at_leader, leader, inverse(successor))
    steps = (~at_leader).astype(np.int64)
    for _ in range(_doublings(successor)):
        if np.array_equal(jump, leader):
            break
        steps = steps + steps[jump]
        jump = jump[jump]
    return np.asarray(steps)


def _doublings(successor: Ints) -> int:
    """How often a step must be doubled to be as long as the longest possible cycle."""
    return len(successor).bit_length()

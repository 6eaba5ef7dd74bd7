"""Squares to look at: which cells of a lattice over a raster are worth it, and which are drawn to check with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..raster.window import Window

Role = Literal["train", "check"]
"""What a square is for: to train on, or to see how good a model is that was never trained on it."""

RARITY = 0.5
"""Power of (mean share ÷ share of the class) by which a pixel counts: a class of a hundredth counts 10 × as much."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Lattice:
    """Squares side by side that cover a raster but for a margin."""

    shape: tuple[int, int]
    """(rows, cols) of squares."""
    side: tuple[int, int]
    """(rows, cols) of pixels of a square."""
    margin: tuple[int, int]
    """(rows, cols) of pixels above and to the left of the first square."""

    @classmethod
    def over(cls, raster: tuple[int, int], side: tuple[int, int]) -> Lattice:
        """Lay whole squares over the middle of a raster of (rows, cols)."""
        rows, cols = (size // step for size, step in zip(raster, side, strict=True))
        return cls((rows, cols), side, ((raster[0] - rows * side[0]) // 2, (raster[1] - cols * side[1]) // 2))

    def window(self, row: int, col: int) -> Window:
        """The pixels of a square."""
        return Window(self.margin[0] + row * self.side[0], self.margin[1] + col * self.side[1], *self.side)


@dataclass(frozen=True)
class SquareScores:
    """What is known of every square of a lattice, each array of its shape; NaN where there is too little to look at."""

    score: Floats
    """Mean over the pixels of uncertainty × rarity × distance: how much there is to learn."""
    uncertainty: Floats
    """Mean of 1 − confidence, 0…1."""
    rarity: Floats
    """Mean weight of the classes, see `weigh_rarity`."""
    distance: Floats
    """Mean distance from the training images, 1 = what is normal among them; 1 where it is not known."""


@dataclass(frozen=True)
class ChosenSquare:
    """A square that was chosen."""

    row: int
    """Its row in the lattice."""
    col: int
    """Its column."""
    role: Role
    """What it is for."""


def weigh_rarity(pixels: NDArray[np.int64]) -> Floats:
    """Weigh classes by how rare they are: (mean share ÷ own share) to the power of `RARITY`.

    Args:
        pixels: Pixels of each class, shape (classes,).

    Returns:
        Shape (classes,); 0 for classes that do not occur.
    """
    present = pixels > 0
    mean = pixels.sum() / max(int(present.sum()), 1)
    return np.where(present, (mean / np.maximum(pixels, 1)) ** RARITY, 0.0)


def choose_squares(score: Floats, count: int, *, check_share: float, seed: int) -> list[ChosenSquare]:
    """Choose squares of which no two touch, not even at a corner.

    First those to check with, by chance alone, so that what they show holds for the whole raster; then those to train
    on, the highest score first.

    Args:
        score: Of every square of the lattice, shape (rows, cols), NaN where there is nothing to look at.
        count: How many are wanted.
        check_share: Share of them to check with, 0…1.
        seed: Of the draw.

    Returns:
        Fewer than `count` where there is no place for more: those to train on first, by falling score.
    """
    free = ~np.isnan(score)
    drawn = np.random.default_rng(seed).permutation(score.size)
    count = len(_take(drawn, free.copy(), count))  # so that those to check with keep their share where room is scarce
    checks = min(max(1, round(count * check_share)), count) if check_share else 0
    places = _take(drawn, free, checks)
    best = np.argsort(-score, axis=None, kind="stable")  # NaN comes last
    chosen = [ChosenSquare(*place, "train") for place in _take(best, free, count - len(places))]
    return chosen + [ChosenSquare(*place, "check") for place in places]


def _take(order: NDArray[np.intp], free: NDArray[np.bool_], count: int) -> list[tuple[int, int]]:
    """Take the first free squares in this order; what touches one of them is not free any more."""
    taken: list[tuple[int, int]] = []
    for index in order if count else ():
        row, col = divmod(int(index), free.shape[1])
        if free[row, col]:
            taken.append((row, col))
            free[max(row - 1, 0) : row + 2, max(col - 1, 0) : col + 2] = False
            if len(taken) == count:
                break
    return taken

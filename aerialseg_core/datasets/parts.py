"""Parts of pairs, splits made of them, and what a split is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from ..classes import ClassScheme
from ..errors import ParameterError
from ..raster.window import Window
from .pairs import Pair


@dataclass(frozen=True)
class SplitOptions:
    """How pairs are grouped, and what is held out."""

    kind: Literal["groups", "random"] = "groups"
    """Whole groups, or patches drawn at random: these lie beside what is trained on, so their score flatters."""
    groups: tuple[tuple[str, ...], ...] = ()
    """Folders that show the same ground and so are one group; they override what an audit finds."""
    holdout: tuple[str, ...] = ()
    """Folders or groups to hold out, each with its whole group; empty: chosen by `share`."""
    share: float = 0.2
    """About this share of the labelled pixels is held out, with as many classes as possible; 0 = nothing is."""
    folds: int = 0
    """Number of folds, each held out once; 0 = one split."""
    buffer: int = 64
    """Where one group is split inside: pixels between both sides that belong to neither."""
    seed: int = 0
    """Seed of the random kind."""

    def __post_init__(self) -> None:
        for right, rule in (
            (self.kind in ("groups", "random"), "kind must be groups or random"),
            (0 <= self.share < 1, "share must be at least 0 and less than 1"),
            (self.folds == 0 or self.folds >= 2, "folds must be 0 or at least 2"),
            (self.buffer >= 0, "buffer must not be negative"),
            (0 <= self.seed < 1 << 63, "seed must not be negative"),
        ):
            if not right:
                raise ParameterError(f"[split] {rule}.", "Correct the recipe.")


@dataclass(frozen=True)
class Part:
    """A rectangle of a pair."""

    pair: int
    """Index of the pair."""
    window: Window
    """The rectangle, px of its image."""


@dataclass(frozen=True)
class Split:
    """What the network is trained on, and what it never sees."""

    training: tuple[Part, ...]
    """Parts to train on, sorted by pair."""
    holdout: tuple[Part, ...]
    """Parts that are held out, sorted by pair."""
    kind: str
    """"groups": whole groups; "inside": parts of one group, a buffer apart; "random": patches side by side."""
    name: str
    """What is held out, in words: "Tile 2", "fold 1 of 3: Tile 5 + Tile 6"."""


class GroupLike(Protocol):
    """What an audit says must stay together; see `auditing.grouping.Group`."""

    @property
    def name(self) -> str:
        """Name of the group."""

    @property
    def members(self) -> tuple[int, ...]:
        """Indices of its pairs."""


class DataLike(Protocol):
    """The part of `LabelledData` that a split is made of."""

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """All pairs."""

    @property
    def scheme(self) -> ClassScheme:
        """The classes."""

    @property
    def declared_groups(self) -> tuple[tuple[str, ...], ...]:
        """Groups that the data set declares."""

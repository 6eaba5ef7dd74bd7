"""Problems: what is wrong with labelled data, found while they are opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..errors import DataError
from ..sentences import Sentence

Kind = Literal[
    "no mask",
    "no image",
    "ambiguous",
    "size",
    "unreadable",
    "not colours",
    "grid",
    "crs",
    "polygons",
    "classes",
    "values",
    "names",
    "lossy",
    "transparent",
    "pair",
]
"""What a problem is about; "values" are the numbers of classes, "pair" is a mistake in the TOML."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong."""

    kind: Kind
    """What it is about."""
    path: Path
    """The file or folder concerned."""
    said: Sentence
    """What is wrong and what to do about it."""
    fatal: bool = True
    """Whether the pair cannot be used; otherwise it is worth knowing and no more."""
    assumed: bool = False
    """Whether nothing is wrong: it tells what was taken for granted where the data left a choice."""

    @property
    def text(self) -> str:
        """What is wrong, one sentence."""
        return str(self.said)

    @property
    def hint(self) -> str:
        """What to do about it."""
        return self.said.hint


class Problems:
    """Collects problems; a strict collector raises the first fatal one.

    Args:
        strict: Whether a fatal problem is an error.
    """

    def __init__(self, strict: bool) -> None:
        self.strict = strict
        self.found: list[Problem] = []

    def add(self, problem: Problem) -> None:
        """Keep a problem.

        Raises:
            DataError: The problem is fatal and this collector is strict.
        """
        if self.strict and problem.fatal:
            raise DataError.of(problem.said)
        self.found.append(problem)

    @contextmanager
    def collect(self, kind: Kind, path: Path) -> Iterator[None]:
        """Keep a `DataError` of the block as a problem; the block ends there.

        Raises:
            DataError: This collector is strict.
        """
        try:
            yield
        except DataError as error:
            if self.strict:
                raise
            self.found.append(Problem(kind, path, error.sentence))

"""The class scheme: ids, names and colours of the classes of a model or of a class raster."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..errors import ModelError

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of the text around."""

_UNSEEN = _TURNING | frozenset("\u061c\u200b\u200e\u200f\ufeff")
"""Signs that are not seen: these, and others that hide in a text."""

_UNPRINTABLE = {"Cc": "a control character", "Cs": "half a character", "Zl": "a line break", "Zp": "a line break"}
"""Categories of Unicode that cannot be shown in one line, and what they are called."""

_HEX = re.compile(r"#[0-9A-Fa-f]{6}")

MAX_CLASSES = 254
"""A class raster is uint8: 0 is no data and 255 is kept free."""


def clean_name(name: str) -> str:
    """Clean a name so that it can stand in any file and on any screen: one line, and nothing in it that is not seen.

    Args:
        name: A name from somewhere else. What XML has no place for and line breaks become spaces, half characters "�".
    """
    plain = []
    for sign in name:
        kind = unicodedata.category(sign)
        if kind == "Cs" or sign in "\ufffe\uffff":
            plain.append("\ufffd")
        elif sign not in _UNSEEN:
            plain.append(" " if kind in _UNPRINTABLE else sign)
    return " ".join("".join(plain).split())


@dataclass(frozen=True)
class LandCoverClass:
    """One class of a scheme."""

    id: int
    """Value in the class raster, 1…N; in rasters of other programs any whole number."""
    name: str
    """Name as shown to people."""
    colour: str
    """`#RRGGBB`."""

    @property
    def rgb(self) -> tuple[int, int, int]:
        """Colour as (red, green, blue), 0…255."""
        return int(self.colour[1:3], 16), int(self.colour[3:5], 16), int(self.colour[5:7], 16)


@dataclass(frozen=True)
class ClassScheme:
    """The classes of a model in the order of its scores; the class at score index i has id i + 1.

    Raises:
        ModelError: No class, too many, an empty or repeated name, or a colour that is not `#RRGGBB`.
    """

    classes: tuple[LandCoverClass, ...]

    def __post_init__(self) -> None:
        names = [c.name for c in self.classes]
        if not 1 <= len(names) <= MAX_CLASSES:
            raise ModelError(
                "classes-count",
                "A class scheme has 1 to {most} classes, this one has {count}.",
                most=MAX_CLASSES,
                count=len(names),
            )
        if len(set(names)) != len(names) or not all(names):
            raise ModelError("class-names-unique", "The names of a class scheme must be unique and not empty.")
        for c in self.classes:
            check_name(c.name, f"The name of class {c.id}")
            if not _HEX.fullmatch(c.colour):
                raise ModelError(
                    "class-colour",
                    "The colour {colour!r} of class {name!r} is not of the form #RRGGBB.",
                    colour=c.colour,
                    name=c.name,
                )

    @classmethod
    def of(cls, classes: Sequence[tuple[str, str]]) -> ClassScheme:
        """Make a scheme from (name, colour) pairs in the order of the scores."""
        return cls(tuple(LandCoverClass(i, name, colour) for i, (name, colour) in enumerate(classes, start=1)))

    def __len__(self) -> int:
        return len(self.classes)

    def __iter__(self) -> Iterator[LandCoverClass]:
        return iter(self.classes)

    def __getitem__(self, class_id: int) -> LandCoverClass:
        """The class with this id, 1…N."""
        if not 1 <= class_id <= len(self.classes):
            raise KeyError(class_id)
        return self.classes[class_id - 1]

    @property
    def names(self) -> tuple[str, ...]:
        """Names in the order of the scores."""
        return tuple(c.name for c in self.classes)

    @property
    def colours(self) -> tuple[tuple[int, int, int], ...]:
        """Colours in the order of the scores, as (red, green, blue)."""
        return tuple(c.rgb for c in self.classes)


def check_name(name: str, what: str) -> None:
    """Refuse a name that could not be shown in one line, or would turn round what stands behind it.

    Quotes, markup and every script are fine.

    Args:
        name: The name.
        what: What it is the name of, as the beginning of a sentence.

    Raises:
        ModelError: It has control characters, line breaks, halves of characters, or signs that change the direction.
    """
    for sign in name:
        kind = _UNPRINTABLE.get(unicodedata.category(sign)) or (sign in _TURNING and "a sign that turns the text round")
        if kind:
            raise ModelError(
                "name-not-printable",
                "{what}, {name}, holds {kind}.",
                "Name it with what can be printed.",
                what=what,
                name=ascii(name)[:200],
                kind=kind,
            )


MBRSC = ClassScheme.of(
    [
        ("Building", "#3C1098"),
        ("Land", "#8429F6"),
        ("Road", "#6EC1E4"),
        ("Vegetation", "#FEDD3A"),
        ("Water", "#E2A929"),
        ("Unlabeled", "#9B9B9B"),
    ]
)
"""The scheme of the MBRSC "Semantic segmentation of aerial imagery" data set (its masks, not its classes.json)."""

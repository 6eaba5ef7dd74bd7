"""Bounds of the numbers of a recipe, written beside the field: `share: Annotated[float, Within(0, 1)]`."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SHARE = (0.0, 1.0)
"""Bounds of a share."""


@dataclass(frozen=True)
class Within:
    """The least and the largest value of a number, or of every number of a list or a table."""

    least: float
    """Least value."""
    most: float
    """Largest value."""


def broken_bound(options: object) -> str:
    """The rule that a number of a dataclass breaks, such as "epochs must be 1 to 1000000"; empty: none does."""
    for name, hint in typing.get_type_hints(type(options), include_extras=True).items():
        for rule in getattr(hint, "__metadata__", ()):
            if isinstance(rule, Within) and not all(
                rule.least <= number <= rule.most for number in _numbers(getattr(options, name))
            ):
                return f"{name} must be {rule.least:.15g} to {rule.most:.15g}"
    return ""


def _numbers(value: Any) -> Iterator[float]:
    """The numbers of a value, of a list, or of a table."""
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, tuple):
        for one in value:
            yield from _numbers(one)
    else:
        yield value

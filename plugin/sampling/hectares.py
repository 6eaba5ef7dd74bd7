# SPDX-License-Identifier: GPL-2.0-or-later
"""What `areas.json` says: areas and accuracies with their intervals, for a table and for the clipboard."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

FIGURES, TABLE, PAGE = "areas.json", "areas.csv", "index.html"
"""Files of a report."""

_Z = 1.959964  # half the width of a 95 % interval in standard errors


@dataclass(frozen=True)
class Interval:
    """An estimate with its 95 % interval; all None where the sample tells nothing."""

    value: Optional[float]
    margin: Optional[float]
    """Half the width of the interval before it is cut where nothing can be."""
    low: Optional[float]
    high: Optional[float]


@dataclass(frozen=True)
class ClassFigures:
    """What is known of a class."""

    name: str
    colour: str
    """As #RRGGBB."""
    mapped: float
    """Area of its pixels in the map."""
    area: Interval
    users: Interval
    """Share of what the map calls so that is so."""
    producers: Interval
    """Share of what is so that the map calls so."""


@dataclass(frozen=True)
class AreaFigures:
    """What labelled points tell of a map."""

    unit: str
    """Unit of areas: `ha` or `px`."""
    overall: Interval
    """Share of the area that is right."""
    classes: "tuple[ClassFigures, ...]"
    notes: "tuple[str, ...]"
    """What must be known before the figures are used."""

    def format_table(self) -> str:
        """Return all figures as text with tabs, as spreadsheets paste it."""
        parts = ("value", "low", "high")
        names = ("area", "users", "producers")
        heads = ["class", "mapped", *(f"{name}_{part}" for name in names for part in parts), "unit"]
        lines = ["\t".join(heads)]
        for one in self.classes:
            numbers = [one.mapped, *(getattr(getattr(one, name), part) for name in names for part in parts)]
            cells = ["" if number is None else f"{number:.6g}" for number in numbers]
            lines.append("\t".join([one.name, *cells, self.unit]))
        return "\n".join(lines) + "\n"


def read_figures(folder: Path) -> AreaFigures:
    """Read the figures of a report.

    Args:
        folder: Where `areas` wrote it.

    Raises:
        OSError: They are not there.
        ValueError: They are damaged.
    """
    try:
        told = json.loads((folder / FIGURES).read_text(encoding="utf-8"))
        return AreaFigures(
            told["unit"],
            _read_interval(told["overall"]),
            tuple(
                ClassFigures(
                    one["name"],
                    one["colour"],
                    one["mapped"],
                    *(_read_interval(one[name]) for name in ("area", "users", "producers")),
                )
                for one in told["classes"]
            ),
            tuple(told["notes"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"{FIGURES}: {error}") from error


def _read_interval(told: "dict[str, Any]") -> Interval:
    error = told["standard_error"]
    return Interval(told["value"], None if error is None else _Z * error, told["low"], told["high"])

"""The report of estimated areas: a page for people, and the same figures as JSON and as tables."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from ..files.texts import write_json
from ..report.page import format_percent, write_page

PAGE, FIGURES, TABLE, ZONE_TABLE = "index.html", "areas.json", "areas.csv", "zones.csv"
FILES = frozenset({PAGE, FIGURES, TABLE, ZONE_TABLE})
"""Names of the files of a report."""

_TEMPLATE = "estimation/page.html"
_PARTS = ("value", "standard_error", "low", "high")

SHOWN_ZONES = 30
"""Zones that are told of in a terminal."""

Interval = dict[str, float | None]


def write_report(folder: Path, findings: dict[str, Any]) -> None:
    """Write the files of a report.

    Args:
        folder: Where they go.
        findings: As `estimate_areas` describes them.
    """
    write_json(folder / FIGURES, findings)
    heads = [f"{what}{part}" for what in ("area_", "users_", "producers_") for part in _PARTS]
    rows = [
        [one["name"], one["mapped"], *(one[what][part] for what in ("area", "users", "producers") for part in _PARTS)]
        for one in findings["classes"]
    ]
    _write_table(folder / TABLE, ["class", "mapped", *heads, "unit"], [[*row, findings["unit"]] for row in rows])
    if findings["zones"]:
        each = [
            [zone["name"], zone["area"], zone["points"], zone["few"], one["name"], *map(one["area"].get, _PARTS)]
            for zone in findings["zones"]
            for one in zone["classes"] or [{"name": None, "area": {}}]
        ]
        heads = ["zone", "zone_area", "points", "few_points", "class", *(f"area_{part}" for part in _PARTS), "unit"]
        _write_table(folder / ZONE_TABLE, heads, [[*row, findings["unit"]] for row in each])
    matrix = findings["matrix"]
    longest = max([one["mapped"] for one in findings["classes"]] + [one["area"]["high"] for one in findings["classes"]])
    write_page(
        folder / PAGE,
        _TEMPLATE,
        title=f"How much of each class is there in {findings['map']}?",
        f=findings,
        longest=longest or 1,
        area=format_area,
        between=format_between,
        margin=format_margin,
        columns=[sum(column) for column in zip(*matrix["counts"], strict=True)],
        summary=_summarise(findings),
    )


def _write_table(path: Path, heads: list[str], rows: list[list[Any]]) -> None:
    """Write a CSV in UTF-8 that spreadsheets know as such."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([heads, *rows])
    path.write_text("\ufeff" + text.getvalue(), encoding="utf-8", errors="backslashreplace")


def _summarise(findings: dict[str, Any]) -> list[str]:
    """Summarise the figures as a person would who has read them."""
    overall, unit = findings["overall"], findings["unit"]
    lines = [
        f"{format_percent(overall['value'])} of the area have their class in the map, {format_between(overall)} with "
        "95 % confidence."
    ]
    beyond = [
        one
        for one in findings["classes"]
        if one["area"]["value"] is not None and not one["area"]["low"] <= one["mapped"] <= one["area"]["high"]
    ]
    for one in sorted(beyond, key=lambda c: -abs(c["mapped"] - c["area"]["value"]))[:2]:
        word = "more" if one["mapped"] > one["area"]["value"] else "less"
        lines.append(
            f"The map shows {word} {one['name']} than there is: {format_area(one['mapped'])} {unit} of pixels stand "
            f"for {format_margin(one['area'])} {unit} on the ground."
        )
    return lines


def format_area(value: float | None) -> str:
    """Format an area with about four digits that count, and narrow spaces between thousands; "–" for None."""
    if value is None:
        return "–"
    digits = next((d for limit, d in ((1000, 0), (100, 1), (10, 2)) if abs(value) >= limit), 3)
    return f"{value:,.{digits}f}".replace(",", "\u202f")


def format_margin(estimate: Interval) -> str:
    """Format an area as 21 158 ± 6 158, the half-width of its 95 % interval; "–" where nothing is known."""
    value, error = estimate["value"], estimate["standard_error"]
    if value == error == 0:
        return "none found"  # which is not that there is none
    return "–" if value is None or error is None else f"{format_area(value)} ± {format_area(1.96 * error)}"


def format_between(estimate: Interval) -> str:
    """Format the interval of a share, as 63.0 to 71.4 %; "–" where it has no width, as nothing tells how wide it is."""
    low, high = estimate["low"], estimate["high"]
    return "–" if low is None or high is None or low == high else f"{100 * low:.1f} to {format_percent(high)}"


def describe_areas(findings: dict[str, Any]) -> list[str]:
    """Describe the figures in lines for a terminal."""
    unit, overall = findings["unit"], findings["overall"]
    heads = ["", f"mapped, {unit}", f"on the ground, {unit}", "user's accuracy", "producer's accuracy"]
    rows = [
        [
            one["name"],
            format_area(one["mapped"]),
            format_margin(one["area"]),
            *map(_format_share, (one["users"], one["producers"])),
        ]
        for one in findings["classes"]
    ]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = ["   ".join(map(str.rjust, row, widths)) for row in [heads, *rows]]
    lines.append(f"overall {_format_share(overall)} right")
    for zone in findings["zones"][:SHOWN_ZONES]:
        areas = (f"{one['name']} {format_margin(one['area'])}" for one in zone["classes"])
        few = ", too few" if zone["few"] else ""
        told = f"{zone['name']}: {format_area(zone['area'])} {unit}, {zone['points']} points{few}"
        lines.append("; ".join([told, *areas]))
    if more := findings["zones"][SHOWN_ZONES:]:
        lines.append(f"and {len(more)} zones more, which are in the report of --output")
    return lines


def _format_share(estimate: Interval) -> str:
    """Format a share with its interval, if it has one of some width."""
    told = format_percent(estimate["value"])
    return f"{told} ({format_between(estimate)})" if estimate["standard_error"] else told

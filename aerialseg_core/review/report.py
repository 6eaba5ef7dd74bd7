"""The page of a comparison: what changed on the reviewed squares, in figures and in pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..auditing.formatting import format_count
from ..raster.classes import ClassScheme
from ..report.page import embed_picture, format_percent, write_page
from .comparison import SquareComparison
from .flips import FLIPS, find_flips

_GREY = 235
_LONGEST = 180


def write_comparison_page(
    target: Path, findings: dict[str, Any], compared: Sequence[SquareComparison], scheme: ClassScheme
) -> None:
    """Write the page.

    Args:
        target: HTML file.
        findings: What the JSON holds.
        compared: The squares.
        scheme: Classes of the models.
    """
    pictures = []
    for one, row in zip(compared, findings["comparison"]["squares"], strict=True):
        shown = {
            "image": one.photograph,
            "labels": _paint(one.labels, scheme),
            "before_picture": _paint(one.before, scheme),
            "after_picture": _paint(one.after, scheme),
            "flipped": _paint_flips(one),
        }
        sources = {
            name: embed_picture(pixels, longest=_LONGEST, photograph=name == "image") for name, pixels in shown.items()
        }
        pictures.append({**row, **sources})
    write_page(
        target,
        "review/comparison.html",
        title=f"{findings['model']} against {findings['parent']}",
        f=findings,
        lines=describe_comparison(findings),
        pictures=pictures,
        legend=[{"name": one.name, "colour": one.colour} for one in scheme],
        flips=[{"name": one.name, "colour": one.colour} for one in tuple(FLIPS)[1:]],
    )


def describe_comparison(findings: dict[str, Any]) -> list[str]:
    """Describe a comparison for people, a line each."""
    lines = []
    for role, name in (("check", "to check with, never trained on"), ("train", "trained on")):
        own = findings["comparison"][role]
        if own["before"] is None:
            continue
        before, after = own["before"]["accuracy"], own["after"]["accuracy"]
        between = {key: _format_between(limits) for key, limits in own["intervals"].items()}
        squares = format_count(own["squares"], "square")
        lines.append(
            f"{squares} {name}: accuracy {format_percent(before)}{between['before']} before,"
            f" {format_percent(after)}{between['after']} after, {100 * (after - before):+.1f} points"
            f"{_format_points(own['intervals']['difference'])}"
        )
        lines.append(
            f"  {format_percent(own['now_right'])} of the labelled ground is right now and was not,"
            f" {format_percent(own['now_wrong'])} is wrong now and was right"
        )
    return lines


def _format_between(limits: Sequence[float] | None) -> str:
    return "" if limits is None else f" ({100 * limits[0]:.1f}…{100 * limits[1]:.1f})"


def _format_points(limits: Sequence[float] | None) -> str:
    return "" if limits is None else f" ({100 * limits[0]:+.1f}…{100 * limits[1]:+.1f})"


def _paint(indices: NDArray[np.uint8], scheme: ClassScheme) -> NDArray[np.uint8]:
    colours = np.full((256, 3), 255, np.uint8)
    colours[: len(scheme)] = scheme.colours
    return colours[indices]


def _paint_flips(one: SquareComparison) -> NDArray[np.uint8]:
    """Paint what changed over the image in pale grey."""
    grey = one.photograph.mean(axis=2, keepdims=True) * 0.25 + _GREY * 0.75
    painted = np.repeat(grey, 3, axis=2).astype(np.uint8)
    flips = find_flips(one)
    changed = flips > 1
    painted[changed] = np.array(FLIPS.colours, np.uint8)[flips[changed] - 1]
    return painted

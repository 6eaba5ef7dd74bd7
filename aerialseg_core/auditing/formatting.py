"""Formatting for people: names of images, numbers, lists, as findings, groups and the report write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..datasets.pairs import Pair

ALONE = "."
"""`Pair.group` of images that lie right under the data folder, which says nothing about where they are from."""

_SHOWN = 5


def format_number(number: int) -> str:
    """Write a whole number with narrow spaces between the thousands."""
    return f"{number:,}".replace(",", "\u202f")


def format_count(number: int, one: str, several: str = "") -> str:
    """Write a number and its noun: "1 image", "7 images"."""
    return f"{format_number(number)} {one if number == 1 else several or one + 's'}"


def format_list(names: Iterable[str], shown: int = _SHOWN) -> str:
    """Write names in a row, cut after some: "a, b and 5 more"."""
    every = list(names)
    head = every if len(every) <= shown + 1 else every[:shown]
    rest = [f"{len(every) - len(head)} more"] if len(every) > len(head) else []
    *most, last = [*head, *rest] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def describe_matrix(matrix: NDArray[np.float64]) -> str:
    """Say what a (2, 3) matrix does to a picture, besides moving it."""
    scales = np.linalg.svd(matrix[:, :2], compute_uv=False)
    turn = float(np.degrees(np.arctan2(matrix[1, 0] - matrix[0, 1], matrix[0, 0] + matrix[1, 1])))
    if np.abs(scales - 1).max() <= 0.002 and abs(turn) <= 0.1:
        return "only shifted"
    spread = f"{scales[1]:.3f} to {scales[0]:.3f}" if scales[0] - scales[1] > 0.002 else f"{scales.mean():.3f}"
    return f"scaled by {spread}, turned by {turn:.1f}°".replace("-", "\u2212")


def format_path(path: Path, root: Path) -> str:
    """Write a path as people read it: relative to the data where it lies in them."""
    base = root if root.is_dir() else root.parent
    return str(path.relative_to(base)) if path.is_relative_to(base) else str(path)


def find_folder(pair: Pair) -> str:
    """Find the folder or group that a pair is declared to be in; "" for one that stands for itself."""
    alone = pair.group == ALONE or Path(pair.group).name == pair.image.name
    return "" if alone else pair.group


def name_images(pairs: Sequence[Pair], members: Sequence[int]) -> str:
    """Name some images as people do: their folders where these hold nothing else, else the files.

    Args:
        pairs: All pairs.
        members: Indices of those to name.
    """
    inside = set(members)
    names: dict[str, list[str]] = {}
    for index in members:
        folder = find_folder(pairs[index])
        names.setdefault(folder, []).append(pairs[index].image.stem)
    parts = []
    for folder, stems in names.items():
        whole = folder and all(i in inside for i, pair in enumerate(pairs) if pair.group == folder)
        files = stems[0] if len(stems) == 1 else f"{stems[0]} … {stems[-1]}"
        parts.append(folder if whole else f"{folder}/{files}" if folder else files)
    return " + ".join(parts if len(parts) <= _SHOWN else [*parts[:_SHOWN], f"{len(parts) - _SHOWN} more"])

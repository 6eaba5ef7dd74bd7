"""Duplicates: images that are there twice, as they are or recompressed, rescaled, turned or mirrored."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..datasets.pairs import Pair
from .image_signatures import SMALL, Signature

LIKELY = 0.9
"""Least correlation of two pictures of 16 × 16 px that are looked at more closely."""

ALIKE = 0.9
"""Least correlation of the fine detail of two pictures of `SMALL` × `SMALL` px that count as the same image."""

MOST_ASPECT = 0.03
"""By how much the aspect ratios of the same image may differ."""

Kind = Literal["same file", "same picture", "turned or mirrored"]
Floats = NDArray[np.float32]

_COARSE = 16
_AT_ONCE = 512
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Duplicate:
    """Two images that are the same."""

    first: int
    """Index of the one pair."""
    second: int
    """Index of the other pair."""
    kind: Kind
    """What they have in common."""
    correlation: float
    """Correlation of their fine detail; 1 for the same file."""


def find_duplicates(pairs: Sequence[Pair], signatures: Sequence[Signature | None]) -> tuple[Duplicate, ...]:
    """Find images that are there twice.

    Files are the same if their SHA-256 is; only files of equal length are hashed. Pictures are the same if their fine
    detail correlates, as seen at `SMALL` × `SMALL` px: all are compared with all at 16 × 16 px in products of
    matrices, those that are alike more closely.

    Args:
        pairs: All pairs.
        signatures: Of their images; None where an image cannot be read.
    """
    copies = {(a, b): Duplicate(a, b, "same file", 1.0) for a, b in _find_same_files([pair.image for pair in pairs])}
    later = {b for _, b in copies}
    known = [index for index, s in enumerate(signatures) if s is not None and index not in later]
    found = {**_find_same_pictures(signatures, known), **copies}
    return tuple(found[key] for key in sorted(found))


def _find_same_files(paths: Sequence[Path]) -> list[tuple[int, int]]:
    """Indices of equal files, each with the first one like it."""
    by_length: dict[int, list[int]] = {}
    for index, path in enumerate(paths):
        by_length.setdefault(path.stat().st_size if path.is_file() else -1 - index, []).append(index)
    found: list[tuple[int, int]] = []
    for members in by_length.values():
        first: dict[str, int] = {}
        for index in members if len(members) > 1 else ():
            original = first.setdefault(_hash(paths[index]), index)
            found += [(original, index)] if original != index else []
    return found


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _find_same_pictures(
    signatures: Sequence[Signature | None], known: Sequence[int]
) -> dict[tuple[int, int], Duplicate]:
    """Duplicates by (first, second), first < second."""
    kept = [s for index in known if (s := signatures[index]) is not None]
    if len(kept) < 2:
        return {}
    small = np.stack([s.small for s in kept])
    aspects = np.log([s.size[0] / s.size[1] for s in kept])
    coarse = _normalise(small.reshape(-1, _COARSE, SMALL // _COARSE, _COARSE, SMALL // _COARSE).mean(axis=(2, 4)))
    fine = _normalise(_subtract_means(small))
    found: dict[tuple[int, int], Duplicate] = {}
    for turn in range(8):
        turned_aspects = -aspects if turn % 2 else aspects
        for a, b in _find_alike(coarse, _normalise(_turn(coarse, turn)), aspects, turned_aspects):
            correlation = float((fine[a] * _turn(fine[b : b + 1], turn)[0]).sum())
            key = (known[a], known[b])
            if correlation >= ALIKE and key not in found:
                kind: Kind = "turned or mirrored" if turn else "same picture"
                found[key] = Duplicate(*key, kind, round(correlation, 3))
    return found


def _find_alike(
    one: Floats, other: Floats, aspects: NDArray[np.float64], others: NDArray[np.float64]
) -> list[tuple[int, int]]:
    """Indices a < b of pictures that correlate coarsely and have the same shape."""
    found: list[tuple[int, int]] = []
    columns = other.reshape(len(other), -1).T
    for start in range(0, len(one), _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        correlation = one[rows].reshape(-1, _COARSE * _COARSE) @ columns
        shape = np.abs(aspects[rows, None] - others[None]) <= MOST_ASPECT
        a, b = np.nonzero((correlation >= LIKELY) & shape)
        found += [(i + start, j) for i, j in zip(a.tolist(), b.tolist(), strict=True) if i + start < j]
    return found


def _turn(pictures: Floats, turn: int) -> Floats:
    """Pictures (n, side, side) in one of the 8 positions of the square; an odd `turn` swaps height and width."""
    swap = np.swapaxes(pictures, 1, 2) if turn % 2 else pictures
    flips = turn // 2
    rows = swap[:, ::-1] if flips & 1 else swap
    return rows[:, :, ::-1] if flips & 2 else rows


def _normalise(pictures: Floats) -> Floats:
    """Zero mean and unit power each; plain ones are all zero."""
    centred = pictures - pictures.mean(axis=(1, 2), keepdims=True)
    power = np.sqrt((centred**2).sum(axis=(1, 2), keepdims=True))
    plain = power < 1e-4 * np.maximum(np.abs(pictures).max(axis=(1, 2), keepdims=True), 1) * pictures.shape[1]
    unit: Floats = np.where(plain, 0, centred / np.maximum(power, 1e-12)).astype(np.float32)
    return unit


def _subtract_means(pictures: Floats) -> Floats:
    """What the means over 5 × 5 px around each pixel leave, without the rim: slopes vanish, textures stay."""
    side = pictures.shape[1] - 4
    means = np.zeros((len(pictures), side, side), np.float32)
    for row in range(5):
        for col in range(5):
            means += pictures[:, row : row + side, col : col + side]
    detail: Floats = pictures[:, 2:-2, 2:-2] - means / np.float32(25)
    return detail

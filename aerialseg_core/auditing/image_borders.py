"""Seams: borders of two images that continue each other, found by what the borders show.

Only borders of equal length are compared. What varies slowly along a border is taken off first, so that two plain
borders, or two that are bright at the same end, do not look alike. All borders of one length are compared with each
other in one product of matrices, in pieces: n² · 1024 multiplications for n images of one size (a second for 5000).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .image_signatures import Signature

LEAST_CORRELATION = 0.2
"""Borders that correlate less than this are never taken for a seam."""

MARGIN = 1.5
"""By how many standard deviations a correlation must exceed the highest that chance lets expect."""

LEAD = 2.0
"""By how many standard deviations a correlation must exceed that of the next best border."""

_WIDTH = 33
_AT_ONCE = 512

Side = Literal["right", "below"]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Seam:
    """The second image continues the first one."""

    first: int
    """Index of the image on the left or above."""
    second: int
    """Index of the image to the right of it, or below."""
    side: Side
    """On which side of the first image the second one lies."""
    offset: tuple[int, int]
    """(row, col) of the second image's upper left corner in pixels of the first one."""
    strength: float
    """How sure it is: standard deviations above chance; infinite where the georeference tells."""
    correlation: float | None = None
    """Correlation of the two borders; None where the georeference tells."""


@dataclass(frozen=True, eq=False)
class _Profiles:
    """Borders of one length: zero mean, unit power."""

    values: Floats
    """Shape (borders, samples)."""
    memory: Floats
    """Correlation of each border with itself one sample on."""
    contrast: Floats
    """Standard deviation of each border in grey values."""


def find_seams(signatures: Sequence[Signature | None], among: Sequence[int]) -> list[Seam]:
    """Find the images that continue each other to the right or below.

    Args:
        signatures: Of all images.
        among: Indices of the images to look at; of several that are the same image one should be here.
    """
    known = [(index, signature) for index in among if (signature := signatures[index]) is not None]
    jobs: list[tuple[Side, list[int]]] = [("right", g) for g in _group_equal([(i, s.size[0]) for i, s in known])]
    jobs += [("below", g) for g in _group_equal([(i, s.size[1]) for i, s in known])]
    chance = float(np.sqrt(2 * np.log(max(sum(len(members) ** 2 for _, members in jobs), 2))))
    return [seam for side, members in jobs for seam in _match_borders(signatures, members, side, chance + MARGIN)]


def compare_borders(first: Signature, second: Signature, side: Side) -> tuple[float, float]:
    """Compute the correlation of two borders that should meet, and the lower of their contrasts in grey values."""
    out, into = (first.right, second.left) if side == "right" else (first.bottom, second.top)
    if len(out) != len(into):
        return 0.0, 0.0
    a, b = _make_profiles([out]), _make_profiles([into])
    return float((a.values * b.values).sum()), float(min(a.contrast[0], b.contrast[0]))


def compute_contrast(signatures: Sequence[Signature | None]) -> float:
    """Compute the median contrast of all borders in grey values; 0 without images."""
    borders = [b for s in signatures if s is not None for b in (s.top, s.bottom, s.left, s.right)]
    return float(np.median([_make_profiles([border]).contrast[0] for border in borders])) if borders else 0.0


def _group_equal(lengths: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Indices by equal length, where there are at least two."""
    groups: dict[int, list[int]] = {}
    for index, length in lengths:
        groups.setdefault(length, []).append(index)
    return [members for members in groups.values() if len(members) > 1]


def _match_borders(
    signatures: Sequence[Signature | None], members: Sequence[int], side: Side, least: float
) -> Iterator[Seam]:
    """The pairs of borders each of which is by far the best for the other."""
    known = [s for i in members if (s := signatures[i]) is not None]
    out = _make_profiles([s.right if side == "right" else s.bottom for s in known])
    into = _make_profiles([s.left if side == "right" else s.top for s in known])
    forward, backward = _find_best(out, into), _find_best(into, out)
    for a, (b, strength, lead, correlation) in enumerate(forward):
        back, _, back_lead, _ = backward[b]
        if back == a and strength >= least and min(lead, back_lead) >= LEAD and correlation >= LEAST_CORRELATION:
            rows, cols = known[a].size
            offset = (0, cols) if side == "right" else (rows, 0)
            yield Seam(members[a], members[b], side, offset, round(strength, 2), round(correlation, 3))


def _find_best(out: _Profiles, into: _Profiles) -> list[tuple[int, float, float, float]]:
    """For every border of `out` the best of `into`: its number, strength, lead over the next one, correlation."""
    found: list[tuple[int, float, float, float]] = []
    for start in range(0, len(out.values), _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        correlation = out.values[rows] @ into.values.T
        strength = np.arctanh(np.clip(correlation, -0.9999, 0.9999)) * _count_freedom(out.memory[rows], into)
        places = np.arange(len(strength))
        strength[places, places + start] = -np.inf  # an image does not continue itself
        best = strength.argmax(axis=1)
        top = strength[places, best]
        strength[places, best] = -np.inf
        # Among two images there is no other border to be better than: chance is all there is to beat.
        lead = top - np.maximum(strength.max(axis=1), 0)
        matched = correlation[places, best]
        found += zip(best.tolist(), top.tolist(), lead.tolist(), matched.tolist(), strict=True)
    return found


def _count_freedom(memory: Floats, into: _Profiles) -> Floats:
    """Square root of the degrees of freedom of each correlation: neighbouring samples are not independent."""
    common = np.clip(memory[:, None] * into.memory[None, :], 0, 0.99)
    free = into.values.shape[1] * (1 - common) / (1 + common)
    root: Floats = np.sqrt(np.maximum(free - 3, 0)).astype(np.float32)
    return root


def _make_profiles(borders: Sequence[Floats]) -> _Profiles:
    lines = np.stack(borders)
    width = min(_WIDTH, lines.shape[1] // 3) | 1
    padded = np.pad(lines, ((0, 0), (width // 2 + 1, width // 2)), mode="edge").astype(np.float64)
    sums = padded.cumsum(axis=1)
    detail = lines - (sums[:, width:] - sums[:, :-width]) / width
    power = np.sqrt((detail**2).sum(axis=1))
    plain = power < 1e-3 * np.maximum(np.abs(lines).max(axis=1), 1)  # rounding only
    values = np.where(plain[:, None], 0, detail / np.maximum(power, 1e-12)[:, None]).astype(np.float32)
    memory = (values[:, 1:] * values[:, :-1]).sum(axis=1)
    contrast = (power / np.sqrt(lines.shape[1])).astype(np.float32)
    return _Profiles(values, memory, contrast)

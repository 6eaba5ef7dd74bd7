"""The split into training and held-out parts: whole groups only, so that nothing leaks from one into the other.

A single group is split inside: a strip of its ground is held out, and a buffer beside it belongs to neither side. Who
asks for it gets a split inside of all groups, whose score is that on other parts of the same places.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError, ParameterError
from ..raster.window import Window, spans
from .holdout import SLACK, choose, count_absent, deal, deal_alike
from .labelled_data import LabelledData
from .labels import Census, label_reader, total
from .pairs import Pair
from .rasters import read_header, strips

BINS = 64
"""Positions along the longer axis of a group at which the held-out strip may begin and end."""

_TOLERANCE = 1e-9

Counts = NDArray[np.int64]
Span = tuple[float, float]


@dataclass(frozen=True)
class SplitOptions:
    """How pairs are grouped, and what is held out."""

    kind: Literal["groups", "parts", "random"] = "groups"
    """Whole groups; or images of every folder, "parts", which show other parts of the places that are trained on and no
    ground twice; or patches drawn at random: these lie beside what is trained on, so their score flatters most."""
    groups: tuple[tuple[str, ...], ...] = ()
    """Folders that show the same ground and so are one group; they override what an audit finds."""
    holdout: tuple[str, ...] = ()
    """Folders or groups to hold out, each with its whole group; empty: chosen by `share`."""
    exclude: tuple[str, ...] = ()
    """Images that are neither trained on nor held out, such as "Tile 2/images/part_5.jpg" below the data's folder."""
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
            (self.kind in ("groups", "parts", "random"), "kind must be groups, parts or random"),
            (not (self.kind == "parts" and self.holdout), "holdout names whole groups, which kind = parts divides"),
            (0 <= self.share < 1, "share must be at least 0 and less than 1"),
            (self.folds == 0 or self.folds >= 2, "folds must be 0 or at least 2"),
            (self.buffer >= 0, "buffer must not be negative"),
            (0 <= self.seed < 1 << 63, "seed must not be negative"),
        ):
            if not right:
                raise ParameterError("split-wrong", "[split] {rule}.", "Correct the recipe.", rule=rule)


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
    """"groups": whole groups; "parts": other images of the same places; "inside": parts of one group, a buffer apart;
    "random": patches side by side."""
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


@dataclass(frozen=True)
class Unit:
    """Pairs that stay on one side."""

    name: str
    """Name, of its folders or as the audit calls it."""
    members: tuple[int, ...]
    """Indices of the pairs, ascending."""


def find_units(data: LabelledData, groups: Sequence[GroupLike], options: SplitOptions) -> tuple[Unit, ...]:
    """Find the groups that a split keeps together, sorted by their first pair.

    A pair that the recipe or the data set assigns to a group belongs to that; any other pair to the audit's; a pair
    that is in none is a group of its own.

    Args:
        data: The data.
        groups: What the audit found.
        options: The recipe's groups.
    """
    explicit = (*options.groups, *data.declared_groups)
    found: dict[tuple[str, Any], list[int]] = {}
    audited = {member: group.name for group in groups for member in group.members}
    for i, pair in enumerate(data.pairs):
        own = next((names for names in explicit if pair.group in names), None)
        if own is not None:
            found.setdefault((" + ".join(own), "explicit"), []).append(i)
        elif i in audited:
            found.setdefault((audited[i], "audited"), []).append(i)
        else:
            found[pair.image.stem, i] = [i]
    return tuple(Unit(name, tuple(members)) for (name, _), members in found.items())


def make_splits(
    data: LabelledData,
    censuses: Sequence[Census],
    groups: Sequence[GroupLike],
    options: SplitOptions,
    *,
    cut: int = 512,
    grounds: Sequence[Sequence[int]] = (),
) -> list[Split]:
    """Split data: one split, or as many as there are folds.

    With several groups whole groups are held out: those named in `holdout`; else those that together come near `share`
    with as many classes as possible on both sides. With `folds` every group is held out once; there are no more folds
    than groups. A single group is split inside, see `split_inside`. The same data give the same splits.

    Args:
        data: The data.
        censuses: Label counts of its pairs, in the same order.
        groups: What the audit says must stay together.
        options: What to hold out.
        cut: Side of the patches of the random kind, px.
        grounds: For the kind "parts" the indices of all pairs by the ground that they show.

    Raises:
        DataError: There is nothing to hold out, or nothing left to train on.
        ParameterError: A group to hold out is not in the data.
    """
    if not data.pairs or not sum(sum(census.counts) for census in censuses):
        raise DataError(
            "data-unlabelled", "No pixel of the data is labelled with a class.", "Label some, or correct the classes."
        )
    if options.kind == "random":
        return _split_at_random(data.pairs, options, cut)
    if options.kind == "parts" and len(grounds) > 1:
        return _split_into_parts(data.pairs, censuses, grounds, options)
    units = find_units(data, groups, options)
    if options.holdout:
        return [_hold_out(data.pairs, units, _find_named(data.pairs, units, options), "")]
    counts = np.array([total([censuses[i] for i in unit.members]) for unit in units])
    if len(units) == 1:
        return split_inside(data, censuses, options)
    if options.folds:
        folds = deal(counts.sum(axis=1), min(options.folds, len(units)))
        names = [f"fold {i} of {len(folds)}: " for i in range(1, len(folds) + 1)]
        return [_hold_out(data.pairs, units, fold, name) for fold, name in zip(folds, names, strict=True)]
    return [_hold_out(data.pairs, units, choose(counts, options.share), "")]


def _split_into_parts(
    pairs: Sequence[Pair], censuses: Sequence[Census], grounds: Sequence[Sequence[int]], options: SplitOptions
) -> list[Split]:
    """Hold out images of every folder and of every class alike; those that show the same ground are on one side."""
    folders = sorted({pair.group for pair in pairs})
    counts = np.zeros((len(grounds), len(folders) + len(censuses[0].counts)), np.int64)
    for unit, members in enumerate(grounds):
        for i in members:
            counts[unit, folders.index(pairs[i].group)] += sum(censuses[i].counts)
            counts[unit, len(folders) :] += censuses[i].counts
    k = min(options.folds, len(grounds))
    sides = deal_alike(counts, [1 / k] * k if k else [options.share, 1 - options.share])
    splits = []
    for number, side in enumerate(sides if k else sides[:1], start=1):
        held = {i for unit in side for i in grounds[unit]}
        parts = [Part(i, Window(0, 0, *pair.size)) for i, pair in enumerate(pairs)]
        training, holdout = (tuple(part for part in parts if (part.pair in held) is one) for one in (False, True))
        prefix = f"fold {number} of {k}: " if k else ""
        splits.append(Split(training, holdout, "parts", f"{prefix}other parts of the same places"))
    return splits


def _find_named(pairs: Sequence[Pair], units: Sequence[Unit], options: SplitOptions) -> tuple[int, ...]:
    names = [{unit.name, *(pairs[i].group for i in unit.members)} for unit in units]
    unknown = set(options.holdout).difference(*names)
    if unknown:
        wanted = ", ".join(sorted(unknown))
        raise ParameterError(
            "holdout-unknown",
            "The folders to hold out, {wanted}, are not in the data.",
            "Correct [split] holdout in the recipe.",
            wanted=wanted,
        )
    return tuple(i for i, known in enumerate(names) if known & set(options.holdout))


def _hold_out(pairs: Sequence[Pair], units: Sequence[Unit], held: Sequence[int], prefix: str) -> Split:
    if len(held) == len(units):
        raise DataError(
            "holdout-everything",
            "Every group is held out, so none is left to train on.",
            "Name fewer in [split] holdout.",
        )
    out = {member for i in held for member in units[i].members}
    parts = [Part(i, Window(0, 0, *pair.size)) for i, pair in enumerate(pairs)]
    training, holdout = (tuple(part for part in parts if (part.pair in out) is side) for side in (False, True))
    return Split(training, holdout, "groups", prefix + ", ".join(units[i].name for i in held))


def _split_at_random(pairs: Sequence[Pair], options: SplitOptions, cut: int) -> list[Split]:
    """Cells of `cut` px, of which a share, or one fold after the other, is held out."""
    cells = [
        Part(i, Window(top, left, bottom - top, right - left))
        for i, pair in enumerate(pairs)
        for top, bottom in spans(0, pair.size[0], cut)
        for left, right in spans(0, pair.size[1], cut)
    ]
    if len(cells) < 2:
        raise DataError(
            "holdout-one-patch",
            "The data are one patch of {cut} px, so none can be held out at random.",
            "Set a smaller [patches] cut.",
            cut=cut,
        )
    order = [int(i) for i in np.random.default_rng(options.seed).permutation(len(cells))]
    k = min(options.folds, len(cells))
    share = min(max(1, round(options.share * len(cells))), len(cells) - 1)
    sets = [set(order[i::k]) for i in range(k)] if k else [set(order[:share])]
    splits = []
    for number, held in enumerate(sets, start=1):
        training, holdout = (tuple(c for i, c in enumerate(cells) if (i in held) is side) for side in (False, True))
        name = f"{len(holdout)} of {len(cells)} patches at random"
        splits.append(Split(training, holdout, "random", f"fold {number} of {k}: {name}" if k else name))
    return splits


@dataclass(frozen=True)
class Placement:
    """Where a pair lies in the plane of the group's first image: pixel p covers `[origin + p·step, … + step)`."""

    origin: tuple[float, float]
    """(row, col) of its upper left corner, px of the first image."""
    step: tuple[float, float]
    """(height, width) of its pixels, px of the first image; more than 0."""


@dataclass(frozen=True)
class ClassProfile:
    """How many pixels of each class a group has along its longer axis."""

    pairs: tuple[Pair, ...]
    """Its pairs."""
    placements: tuple[Placement, ...]
    """Where they lie."""
    axis: int
    """0: it is cut into rows; 1: into columns."""
    edges: NDArray[np.float64]
    """Where a strip may begin or end, px of the first image, ascending; shape (bins + 1,)."""
    counts: Counts
    """Pixels of each class between neighbouring edges; shape (bins, classes)."""

    def between(self, low: float, high: float) -> Counts:
        """Pixels of each class in the bins that lie wholly in `[low, high)`; shape (classes,)."""
        first, last = np.searchsorted(self.edges, low, "left"), np.searchsorted(self.edges, high, "right") - 1
        counted: Counts = self.counts[first : max(first, last)].sum(axis=0)
        return counted

    def outside(self, span: Span, buffer: float) -> Counts:
        """Pixels of each class that are at least `buffer` away from a span; shape (classes,)."""
        return self.between(-math.inf, span[0] - buffer) + self.between(span[1] + buffer, math.inf)

    def parts(self, spans: Sequence[Span]) -> tuple[Part, ...]:
        """The rectangles of the pairs whose pixels lie wholly in one of some spans, sorted by pair."""
        return tuple(
            Part(i, window)
            for i, (pair, placement) in enumerate(zip(self.pairs, self.placements, strict=True))
            for span in spans
            if (window := self._window(pair, placement, span)) is not None
        )

    def _window(self, pair: Pair, placement: Placement, span: Span) -> Window | None:
        size, origin, step = pair.size[self.axis], placement.origin[self.axis], placement.step[self.axis]
        start, stop = ((min(max(end, origin), origin + size * step) - origin) / step for end in span)
        first, last = math.ceil(start - _TOLERANCE * size), math.floor(stop + _TOLERANCE * size)
        if last <= first:
            return None
        rows, cols = pair.size
        return Window(first, 0, last - first, cols) if self.axis == 0 else Window(0, first, rows, last - first)


def split_inside(data: LabelledData, censuses: Sequence[Census], options: SplitOptions) -> list[Split]:
    """Split a single group.

    Where it is known how its images lie to each other (there is one, or all have the same CRS and are not rotated) a
    strip across the longer axis is held out, and `buffer` pixels of the first image beside it belong to neither side.
    Elsewhere whole images are held out, without `buffer` pixels along their borders: images of a mosaic touch, and what
    is scored is then that far from what is trained on.

    Args:
        data: Data of one group.
        censuses: Label counts of its pairs, in the same order.
        options: Share or folds, and the buffer.

    Raises:
        DataError: It is too small for that.
    """
    placements = locate_pairs(data.pairs)
    if placements is None:
        return list(_hold_out_images(data.pairs, censuses, options))
    profile = profile_classes(data, placements)
    spans = _cut_folds(profile, options) if options.folds else [_find_best_strip(profile, options)]
    return [_hold_out_strip(profile, span, options, i, len(spans)) for i, span in enumerate(spans, start=1)]


def locate_pairs(pairs: Sequence[Pair]) -> tuple[Placement, ...] | None:
    """Find where pairs lie to each other; None if that is not known.

    Raises:
        DataError: An image is unreadable.
    """
    if len(pairs) == 1:
        return (Placement((0.0, 0.0), (1.0, 1.0)),)
    headers = [read_header(pair.image) for pair in pairs]
    if not all(header.georeferenced and header.crs == headers[0].crs for header in headers):
        return None
    placements = []
    for header in headers:
        a, b, c, d, e, f = tuple(~headers[0].transform * header.transform)[:6]
        if abs(b) >= _TOLERANCE or abs(d) >= _TOLERANCE or a <= 0 or e <= 0:  # turned or mirrored
            return None
        placements.append(Placement((f, c), (e, a)))
    return tuple(placements)


def profile_classes(data: LabelledData, placements: tuple[Placement, ...]) -> ClassProfile:
    """Count the classes along the longer axis of a group, strip by strip.

    Args:
        data: Data of one group.
        placements: Where its pairs lie.

    Raises:
        DataError: Labels are unreadable.
    """
    sizes = np.array([pair.size for pair in data.pairs], np.float64)
    origins, steps = (
        np.array([placement.origin for placement in placements]),
        np.array([placement.step for placement in placements]),
    )
    low, high = origins.min(axis=0), (origins + sizes * steps).max(axis=0)
    axis = int(np.argmax(high - low))
    n = max(1, min(BINS, round(high[axis] - low[axis])))
    edges = low[axis] + np.unique(np.round(np.linspace(0, high[axis] - low[axis], n + 1)))
    counts = np.zeros((len(edges) - 1, len(data.scheme)), np.int64)
    for pair, placement in zip(data.pairs, placements, strict=True):
        centres = placement.origin[axis] + (np.arange(pair.size[axis]) + 0.5) * placement.step[axis]
        bins = np.clip(np.searchsorted(edges, centres, "right") - 1, 0, len(counts) - 1)
        with label_reader(pair, data.scheme) as read:
            for window in strips(pair.size):
                own = bins[window.slices[axis]]
                codes = read(window) + 256 * (own[:, None] if axis == 0 else own[None])
                counts += np.bincount(codes.ravel(), minlength=256 * len(counts)).reshape(-1, 256)[:, : counts.shape[1]]
    return ClassProfile(data.pairs, placements, axis, edges, counts)


def _find_best_strip(profile: ClassProfile, options: SplitOptions) -> Span:
    """The strip with as many classes as possible on both sides, near the wanted share, that wastes least."""
    everything = profile.counts.sum(axis=0)

    def cost(span: Span) -> tuple[float, int, float, int, Span]:
        held, trained = profile.between(*span), profile.outside(span, options.buffer)
        off = abs(held.sum() / everything.sum() - options.share) / options.share
        missing = int(count_absent(held, everything) + count_absent(trained, everything))
        return round(max(0.0, off - SLACK), 1), missing, round(float(off), 1), -int(trained.sum()), span

    edges = [float(edge) for edge in profile.edges]
    spans = [(low, high) for i, low in enumerate(edges) for high in edges[i + 1 :]]
    return min(_keep_usable(profile, spans, options), key=cost)


def _cut_folds(profile: ClassProfile, options: SplitOptions) -> list[Span]:
    """Strips side by side of about as many labelled pixels each, which together are everything."""
    sums = np.cumsum(profile.counts.sum(axis=1))
    ends = np.searchsorted(sums, sums[-1] * np.arange(1, options.folds) / options.folds) + 1
    edges = profile.edges[np.unique([0, *ends, len(sums)])]
    spans = [(float(low), float(high)) for low, high in pairwise(edges)]
    return _keep_usable(profile, spans, options)


def _keep_usable(profile: ClassProfile, spans: Sequence[Span], options: SplitOptions) -> list[Span]:
    """The spans with something labelled inside and, beyond the buffer, outside."""
    usable = [s for s in spans if profile.between(*s).sum() and profile.outside(s, options.buffer).sum()]
    if not usable:
        raise DataError(
            "ground-too-small",
            "The labelled ground is too small to hold out a part with {buffer} px between it and the rest.",
            "Label more images, or set a smaller [split] buffer.",
            buffer=options.buffer,
        )
    return usable


def _hold_out_strip(profile: ClassProfile, span: Span, options: SplitOptions, number: int, count: int) -> Split:
    low, high = span
    outside = [(-math.inf, low - options.buffer), (high + options.buffer, math.inf)]
    begin = float(profile.edges[0])
    name = f"{('rows', 'columns')[profile.axis]} {low - begin:.0f} to {high - begin:.0f}"
    prefix = f"fold {number} of {count}: " if options.folds else ""
    return Split(profile.parts(outside), profile.parts([span]), "inside", prefix + name)


def _hold_out_images(pairs: Sequence[Pair], censuses: Sequence[Census], options: SplitOptions) -> Iterator[Split]:
    """Whole images held out without their borders."""
    counts = np.array([census.counts for census in censuses])
    k = min(options.folds, len(pairs))
    sets = deal(counts.sum(axis=1), k) if k else [choose(counts, options.share)]
    for number, held in enumerate(sets, start=1):
        holdout = tuple(Part(i, _trim(pairs[i], options.buffer)) for i in held)
        training = tuple(Part(i, Window(0, 0, *pair.size)) for i, pair in enumerate(pairs) if i not in held)
        name = ", ".join(pairs[i].image.stem for i in held)
        yield Split(training, holdout, "inside", f"fold {number} of {k}: {name}" if k else name)


def _trim(pair: Pair, buffer: int) -> Window:
    rows, cols = (n - 2 * buffer for n in pair.size)
    if rows <= 0 or cols <= 0:
        raise DataError(
            "image-too-small",
            "{image} is too small to be held out without {buffer} px along its borders.",
            "Set a smaller [split] buffer.",
            image=pair.image,
            buffer=buffer,
        )
    return Window(buffer, buffer, rows, cols)

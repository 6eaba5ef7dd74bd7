"""The split inside one group: a strip of its ground is held out, and a buffer beside it belongs to neither side."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from ..raster.window import Window
from .holdout import SLACK, absent, choose, deal
from .labels import Census, label_reader
from .pairs import Pair
from .parts import DataLike, Part, Split, SplitOptions
from .rasters import Header, read_header, strips

BINS = 64
"""Places along the longer axis at which the held-out strip may begin and end."""

_TOLERANCE = 1e-9

Counts = NDArray[np.int64]
Span = tuple[float, float]


@dataclass(frozen=True)
class Place:
    """Where a pair lies in the plane of the group's first image: pixel p covers `[origin + p·step, … + step)`."""

    origin: tuple[float, float]
    """(row, col) of its upper left corner, px of the first image."""
    step: tuple[float, float]
    """(height, width) of its pixels, px of the first image; more than 0."""


@dataclass(frozen=True)
class Ground:
    """What a group shows along its longer axis."""

    pairs: tuple[Pair, ...]
    """Its pairs."""
    places: tuple[Place, ...]
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
            for i, (pair, place) in enumerate(zip(self.pairs, self.places, strict=True))
            for span in spans
            if (window := self._window(pair, place, span)) is not None
        )

    def _window(self, pair: Pair, place: Place, span: Span) -> Window | None:
        size, origin, step = pair.size[self.axis], place.origin[self.axis], place.step[self.axis]
        start, stop = ((min(max(end, origin), origin + size * step) - origin) / step for end in span)
        first, last = math.ceil(start - _TOLERANCE * size), math.floor(stop + _TOLERANCE * size)
        if last <= first:
            return None
        rows, cols = pair.size
        return Window(first, 0, last - first, cols) if self.axis == 0 else Window(0, first, rows, last - first)


def split_inside(data: DataLike, censuses: Sequence[Census], options: SplitOptions) -> list[Split]:
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
    places = find_places(data.pairs)
    if places is None:
        return list(_trimmed_splits(data.pairs, censuses, options))
    ground = survey(data, places)
    spans = _folds(ground, options) if options.folds else [_best(ground, options)]
    return [_strip(ground, span, options, i, len(spans)) for i, span in enumerate(spans, start=1)]


def find_places(pairs: Sequence[Pair]) -> tuple[Place, ...] | None:
    """Where pairs lie to each other; None if that is not known.

    Raises:
        DataError: An image is unreadable.
    """
    if len(pairs) == 1:
        return (Place((0.0, 0.0), (1.0, 1.0)),)
    headers = [read_header(pair.image) for pair in pairs]
    if not all(header.georeferenced and header.crs == headers[0].crs for header in headers):
        return None
    placed = [_place(header, headers[0]) for header in headers]
    known = tuple(place for place in placed if place is not None)
    return known if len(known) == len(placed) else None


def survey(data: DataLike, places: tuple[Place, ...]) -> Ground:
    """Count the classes along the longer axis of a group, strip by strip.

    Args:
        data: Data of one group.
        places: Where its pairs lie.

    Raises:
        DataError: Labels are unreadable.
    """
    sizes = np.array([pair.size for pair in data.pairs], np.float64)
    origins, steps = np.array([place.origin for place in places]), np.array([place.step for place in places])
    low, high = origins.min(axis=0), (origins + sizes * steps).max(axis=0)
    axis = int(np.argmax(high - low))
    n = max(1, min(BINS, round(high[axis] - low[axis])))
    edges = low[axis] + np.unique(np.round(np.linspace(0, high[axis] - low[axis], n + 1)))
    counts = np.zeros((len(edges) - 1, len(data.scheme)), np.int64)
    for pair, place in zip(data.pairs, places, strict=True):
        centres = place.origin[axis] + (np.arange(pair.size[axis]) + 0.5) * place.step[axis]
        bins = np.clip(np.searchsorted(edges, centres, "right") - 1, 0, len(counts) - 1)
        with label_reader(pair, data.scheme) as read:
            for window in strips(pair.size):
                own = bins[window.slices[axis]]
                codes = read(window) + 256 * (own[:, None] if axis == 0 else own[None])
                counts += np.bincount(codes.ravel(), minlength=256 * len(counts)).reshape(-1, 256)[:, : counts.shape[1]]
    return Ground(data.pairs, places, axis, edges, counts)


def _place(header: Header, first: Header) -> Place | None:
    """The place of an image in the plane of another one; None if it is turned or mirrored there."""
    a, b, c, d, e, f = tuple(~first.transform * header.transform)[:6]
    straight = abs(b) < _TOLERANCE and abs(d) < _TOLERANCE and a > 0 and e > 0
    return Place((f, c), (e, a)) if straight else None


def _best(ground: Ground, options: SplitOptions) -> Span:
    """The strip with as many classes as possible on both sides, near the wanted share, that wastes least."""
    everything = ground.counts.sum(axis=0)

    def cost(span: Span) -> tuple[float, int, float, int, Span]:
        held, trained = ground.between(*span), ground.outside(span, options.buffer)
        off = abs(held.sum() / everything.sum() - options.share) / options.share
        missing = int(absent(held, everything) + absent(trained, everything))
        return round(max(0.0, off - SLACK), 1), missing, round(float(off), 1), -int(trained.sum()), span

    edges = [float(edge) for edge in ground.edges]
    spans = [(low, high) for i, low in enumerate(edges) for high in edges[i + 1 :]]
    return min(_usable(ground, spans, options), key=cost)


def _folds(ground: Ground, options: SplitOptions) -> list[Span]:
    """Strips side by side of about as many labelled pixels each, which together are everything."""
    sums = np.cumsum(ground.counts.sum(axis=1))
    ends = np.searchsorted(sums, sums[-1] * np.arange(1, options.folds) / options.folds) + 1
    edges = ground.edges[np.unique([0, *ends, len(sums)])]
    spans = [(float(low), float(high)) for low, high in pairwise(edges)]
    return _usable(ground, spans, options)


def _usable(ground: Ground, spans: Sequence[Span], options: SplitOptions) -> list[Span]:
    """The spans with something labelled inside and, beyond the buffer, outside."""
    usable = [s for s in spans if ground.between(*s).sum() and ground.outside(s, options.buffer).sum()]
    if not usable:
        raise DataError(
            f"The labelled ground is too small to hold out a part with {options.buffer} px between it and the rest.",
            "Label more images, or set a smaller [split] buffer.",
        )
    return usable


def _strip(ground: Ground, span: Span, options: SplitOptions, number: int, count: int) -> Split:
    low, high = span
    outside = [(-math.inf, low - options.buffer), (high + options.buffer, math.inf)]
    begin = float(ground.edges[0])
    name = f"{('rows', 'columns')[ground.axis]} {low - begin:.0f} to {high - begin:.0f}"
    prefix = f"fold {number} of {count}: " if options.folds else ""
    return Split(ground.parts(outside), ground.parts([span]), "inside", prefix + name)


def _trimmed_splits(pairs: Sequence[Pair], censuses: Sequence[Census], options: SplitOptions) -> Iterator[Split]:
    """Whole images held out without their borders."""
    counts = np.array([census.counts for census in censuses])
    k = min(options.folds, len(pairs))
    sets = deal(counts.sum(axis=1), k) if k else [choose(counts, options.share)]
    for number, held in enumerate(sets, start=1):
        holdout = tuple(Part(i, _trimmed(pairs[i], options.buffer)) for i in held)
        training = tuple(Part(i, Window(0, 0, *pair.size)) for i, pair in enumerate(pairs) if i not in held)
        name = ", ".join(pairs[i].image.stem for i in held)
        yield Split(training, holdout, "inside", f"fold {number} of {k}: {name}" if k else name)


def _trimmed(pair: Pair, buffer: int) -> Window:
    rows, cols = (n - 2 * buffer for n in pair.size)
    if rows <= 0 or cols <= 0:
        raise DataError(
            f"{pair.image} is too small to be held out without {buffer} px along its borders.",
            "Set a smaller [split] buffer.",
        )
    return Window(buffer, buffer, rows, cols)

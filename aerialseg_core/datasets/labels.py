"""Labels: colours, ids or polygons turned into class indices window by window, and how often each occurs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ..metrics import IGNORE
from ..raster.classes import ClassScheme
from ..raster.window import Window
from .label_rasters import REACH, Numbers, number_reader
from .masks import OUTSIDE, Codes, mask_reader, pack_class_colours, snap
from .pairs import LabelRaster, Mask, Pair
from .polygon_labels import find_label, polygon_reader
from .rasters import strips, validity_reader

MOST_UNKNOWN = 256
"""Unknown colours or ids of which a census keeps the counts; of more, those that occur most."""


def read_labels(pair: Pair, scheme: ClassScheme, window: Window | None = None) -> NDArray[np.uint8]:
    """Read the labels of a pair, or of a part of it.

    Args:
        pair: The pair.
        scheme: The classes.
        window: The part; None: the whole image.

    Returns:
        Shape (rows, cols), uint8: 0…N-1 for the classes in the order of the scheme; `IGNORE` where there is another
        colour or id, where nothing is labelled, and where the image has no data.

    Raises:
        DataError: The labels are unreadable.
    """
    with label_reader(pair, scheme) as read:
        return read(window or Window(0, 0, *pair.size))


@contextmanager
def label_reader(pair: Pair, scheme: ClassScheme) -> Iterator[Callable[[Window], NDArray[np.uint8]]]:
    """Open the labels of a pair to read many windows of them; see `read_labels`.

    Yields:
        A function that gives the labels of a window, shape (rows, cols).

    Raises:
        DataError: The labels are unreadable.
    """
    with _open_coded(pair, scheme) as coded:
        yield lambda window: _look_up(coded.read(window), coded.table)


@dataclass(frozen=True)
class UnknownLabel:
    """A colour or an id that is no class."""

    value: str
    """The colour as `#RRGGBB`, or the id."""
    pixels: int
    """How many pixels have it."""
    box: Window
    """The smallest rectangle that holds them all."""


@dataclass(frozen=True)
class Census:
    """How many pixels of a pair have which label."""

    counts: tuple[int, ...]
    """Pixels of each class, in the order of the scheme."""
    ignored: int
    """All other pixels."""
    unlabelled: int = 0
    """Those of the ignored that nobody meant to label: 0, no data, outside the area, in no polygon."""
    unknown: tuple[UnknownLabel, ...] = ()
    """The colours or ids of the rest that are no class, those of most pixels first; at most `MOST_UNKNOWN`."""

    @property
    def off_scheme(self) -> int:
        """Pixels of a colour or an id that is no class."""
        return self.ignored - self.unlabelled


def count_labels(pair: Pair, scheme: ClassScheme) -> Census:
    """Count the labels of one pair, strip by strip.

    Raises:
        DataError: The labels are unreadable.
    """
    counts = np.zeros(256, np.int64)
    unlabelled = 0
    strange = _UnknownCounter()
    with _open_coded(pair, scheme) as coded:
        for window in strips(pair.size):
            codes = coded.read(window)
            labels = _look_up(codes, coded.table)
            counts += np.bincount(labels.ravel(), minlength=256)
            unlabelled += int((codes == OUTSIDE).sum())
            strange.feed(codes, (labels == IGNORE) & (codes != OUTSIDE), window)
        unknown = tuple(UnknownLabel(coded.show(code), n, box) for code, n, box in strange.ranked())
    return Census(tuple(int(n) for n in counts[: len(scheme)]), int(counts[IGNORE]), unlabelled, unknown)


def total(censuses: Sequence[Census]) -> NDArray[np.int64]:
    """Add up the pixels of each class over several pairs, shape (classes,)."""
    counts: NDArray[np.int64] = np.array([census.counts for census in censuses], np.int64).sum(axis=0)
    return counts


@dataclass(frozen=True)
class _Coded:
    """Labels as they are stored: numbers, which of them are classes, and how they are written for people."""

    read: Callable[[Window], Codes]
    table: Mapping[int, int]
    show: Callable[[int], str]


@contextmanager
def _open_coded(pair: Pair, scheme: ClassScheme) -> Iterator[_Coded]:
    source = pair.labels
    with ExitStack() as stack:
        if isinstance(source, Mask):
            coded = _code_colours(stack.enter_context(mask_reader(source.path)), source, scheme)
        elif isinstance(source, LabelRaster):
            coded = _code_numbers(stack.enter_context(number_reader(source.path)), source, scheme)
        else:
            burn = stack.enter_context(polygon_reader(pair, scheme))

            def read_burnt(window: Window) -> Codes:
                labels = burn(window)
                return np.where(labels == IGNORE, OUTSIDE, labels).astype(np.uint32)

            coded = _Coded(read_burnt, {i: i for i in range(len(scheme))}, str)
        valid = stack.enter_context(validity_reader(pair.image, pair.nodata))
        if valid is None:
            yield coded
        else:
            yield replace(coded, read=lambda window: np.where(valid(window), coded.read(window), OUTSIDE))


def _code_colours(read: Callable[[Window], Codes], source: Mask, scheme: ClassScheme) -> _Coded:
    """Colours as codes; what is transparent or of the colour of the unlabelled is outside."""
    classes = pack_class_colours(scheme)
    blank = np.array([int(source.unlabelled[1:], 16)] if source.unlabelled else [], np.uint32)
    known = np.concatenate([classes, blank])

    def read_codes(window: Window) -> Codes:
        codes = read(window)
        if source.tolerance:
            codes = snap(codes, known, source.tolerance)
        return np.where(np.isin(codes, blank), OUTSIDE, codes) if len(blank) else codes

    return _Coded(read_codes, {int(code): label for label, code in enumerate(classes)}, "#{:06X}".format)


def _code_numbers(read: Callable[[Window], Numbers], source: LabelRaster, scheme: ClassScheme) -> _Coded:
    """Numbers as codes; where there is none it is outside, and 0 too if it is no class."""
    if source.values is None:
        labels = {number: number - 1 for number in range(1, len(scheme) + 1)}
    else:
        labels = {number: find_label(name, scheme) for number, name in source.values}

    def read_codes(window: Window) -> Codes:
        numbers, valid = read(window)
        outside = ~valid if 0 in labels else ~valid | (numbers == 0)
        return np.where(outside, OUTSIDE, (numbers + REACH).astype(np.uint32))  # no code is negative, none `OUTSIDE`

    return _Coded(read_codes, {number + REACH: label for number, label in labels.items()}, lambda c: str(c - REACH))


def _look_up(codes: Codes, table: Mapping[int, int]) -> NDArray[np.uint8]:
    labels = np.full(codes.shape, IGNORE, np.uint8)
    for code, label in table.items():
        labels[codes == code] = label
    return labels


@dataclass
class _UnknownCounter:
    """Counts codes that are no class, and where they are; memory is bounded by forgetting the rarest."""

    found: dict[int, tuple[int, Window]] = field(default_factory=dict)

    def feed(self, codes: Codes, where: NDArray[np.bool_], window: Window) -> None:
        """Count the codes of a window at the pixels `where`; both of shape (rows, cols)."""
        rows, cols = np.nonzero(where)
        if not len(rows):
            return
        values, inverse, counts = np.unique(codes[rows, cols], return_inverse=True, return_counts=True)
        tops, bottoms = _find_extremes(rows + window.row, inverse.ravel(), len(values))
        lefts, rights = _find_extremes(cols + window.col, inverse.ravel(), len(values))
        for i in sorted(range(len(values)), key=lambda i: (-counts[i], values[i]))[:MOST_UNKNOWN]:
            box = _box(tops[i], lefts[i], bottoms[i] + 1, rights[i] + 1)
            before, known = self.found.get(int(values[i]), (0, box))
            self.found[int(values[i])] = (before + int(counts[i]), _union(box, known))
        self.found = {code: (n, box) for code, n, box in self.ranked()}

    def ranked(self) -> Iterable[tuple[int, int, Window]]:
        """(code, pixels, box) of the codes that occur most, first those of most pixels."""
        ranked = sorted(((code, n, box) for code, (n, box) in self.found.items()), key=lambda one: (-one[1], one[0]))
        return ranked[:MOST_UNKNOWN]


def _find_extremes(
    values: NDArray[np.intp], groups: NDArray[np.intp], n: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    least, most = np.full(n, np.iinfo(np.intp).max), np.full(n, -1)
    np.minimum.at(least, groups, values)
    np.maximum.at(most, groups, values)
    return least, most


def _box(top: int, left: int, bottom: int, right: int) -> Window:
    return Window(int(top), int(left), int(bottom - top), int(right - left))


def _union(a: Window, b: Window) -> Window:
    bottom, right = max(a.row + a.height, b.row + b.height), max(a.col + a.width, b.col + b.width)
    return _box(min(a.row, b.row), min(a.col, b.col), bottom, right)

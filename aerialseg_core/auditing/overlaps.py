"""Overlaps: the same ground in two images."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon, box

from ..datasets.pairs import Pair
from ..errors import DataError
from ..progress import Reporter
from ..raster.window import Window
from .features import Matches, compute_reduction, load_cv2, match_features
from .image_signatures import Grey, read_grey
from .mosaics import Mosaic

LEAST_MATCHES = 12
"""Features that must agree on one shift, rotation and scale."""

SCALES = (0.25, 4.0)
"""Lowest and highest ratio of resolutions at which the same ground is recognised."""

SHEAR_GAIN, MOST_STRETCH = 1.3, 1.15
"""A shear is believed if so many times more features agree with it, and scales differ by no more from one direction to
another."""

LEAST_LIKENESS = 0.3
"""Least correlation of the fine detail of two images where they are said to show the same ground."""

LEAST_PIXELS = 256
"""An overlap of two images smaller than this is not worth listing."""

ALIGNED_SCALE, ALIGNED_ROTATION = 0.004, 0.2
"""A pair whose scale and rotation (degrees) differ by less than this is tried as a mere shift by whole pixels."""

_PROBE = 1024
_MEASURED = 12
_REACH = 6
_SMOOTH = 8.0
_BLOCK = 32

Matrix = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Overlap:
    """The same ground in two images."""

    first: int
    """Index of the one pair."""
    second: int
    """Index of the other pair."""
    matrix: Matrix
    """Shape (2, 3): takes (x, y) px of the second image to the first one's, both counted from the upper left corner
    of the upper left pixel, x to the right, y down."""
    pixels: int
    """Pixels of the first image that the second one shows too."""
    scale: float
    """Pixels of the first image per pixel of the second one."""
    rotation: float
    """By how many degrees the second image is turned clockwise to fit the first one."""
    likeness: float | None = None
    """Correlation of the fine detail of both; None where the georeference says that they overlap."""


@dataclass(frozen=True, eq=False)
class SharedGround:
    """The same ground in two mosaics."""

    first: int
    """Number of the one mosaic."""
    second: int
    """Number of the other mosaic."""
    matrix: Matrix
    """As `Overlap.matrix`, between the mosaics."""
    scale: float
    """As `Overlap.scale`."""
    rotation: float
    """As `Overlap.rotation`."""
    matches: int
    """Features that agree; 0 where the georeference says that they overlap."""
    likeness: float | None
    """As `Overlap.likeness`, over all overlaps."""
    overlaps: tuple[Overlap, ...]
    """The overlaps of their parts."""

    @property
    def pixels(self) -> int:
        """Pixels of the first mosaic that the second one shows too."""
        return sum(overlap.pixels for overlap in self.overlaps)


def measure_scale(matrix: Matrix) -> tuple[float, float]:
    """Measure scale, and rotation in degrees, clockwise as y points down, of a (2, 3) matrix."""
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    turn = np.arctan2(matrix[1, 0] - matrix[0, 1], matrix[0, 0] + matrix[1, 1])
    return scale, float(np.degrees(turn))


def invert_matrix(matrix: Matrix) -> Matrix:
    """Invert a matrix, so that it takes points the other way; shape (2, 3)."""
    linear = np.linalg.inv(matrix[:, :2])
    return np.hstack([linear, -linear @ matrix[:, 2:]])


def transform_points(matrix: Matrix, points: NDArray[Any]) -> Matrix:
    """Take points (n, 2) through a (2, 3) matrix."""
    there: Matrix = points @ matrix[:, :2].T + matrix[:, 2]
    return there


def shift_matrix(matrix: Matrix, first: NDArray[Any], second: NDArray[Any]) -> Matrix:
    """Compute the (2, 3) matrix between two parts, given that between their wholes.

    Args:
        matrix: Takes (x, y) of the second whole to the first one.
        first: (row, col) of the first part in its whole.
        second: (row, col) of the second part in its whole.
    """
    shift = matrix[:, 2] + matrix[:, :2] @ np.asarray(second, float)[::-1] - np.asarray(first, float)[::-1]
    return np.hstack([matrix[:, :2], shift[:, None]])


def intersect_images(matrix: Matrix, first: tuple[int, int], second: tuple[int, int]) -> Polygon:
    """Intersect two rectangles of pixels, in pixels of the first one.

    Args:
        matrix: As `Overlap.matrix`.
        first: (rows, cols) of the one.
        second: (rows, cols) of the other.
    """
    rows, cols = second
    corners = transform_points(matrix, np.array([(0, 0), (cols, 0), (cols, rows), (0, rows)], float))
    return Polygon(corners).intersection(box(0, 0, first[1], first[0]))


def find_overlaps(
    pairs: Sequence[Pair], mosaics: Sequence[Mosaic], among: Sequence[int], reporter: Reporter
) -> tuple[SharedGround, ...]:
    """Find mosaics that show the same ground by what they show, whatever the shift, rotation and scale.

    Features that look alike must agree on one shift, rotation and scale; then the one image is laid over the other,
    and their fine detail must correlate.

    Args:
        pairs: All pairs.
        mosaics: All mosaics.
        among: Indices of the images to search.
        reporter: Told of the progress.

    Raises:
        DependencyError: OpenCV is not installed.
    """
    load_cv2()
    home = {index: number for number, mosaic in enumerate(mosaics) for index in mosaic.members}
    matches = match_features(pairs, among, [home[index] for index in among], reporter)
    reduction = compute_reduction(pairs, among)
    found = [
        shared
        for first, second, one, other in _group_by_mosaics(matches, mosaics, home)
        if (fit := _fit(one, other, 3 * reduction)) is not None
        and (shared := _verify(pairs, mosaics, (first, second), fit, reduction)) is not None
    ]
    return tuple(found)


def overlap_mosaics(
    pairs: Sequence[Pair], mosaics: Sequence[Mosaic], numbers: tuple[int, int], matrix: Matrix, matches: int = 0
) -> SharedGround:
    """Find the overlaps of the parts of two mosaics, given how these lie to each other."""
    first, second = (mosaics[number] for number in numbers)
    scale, rotation = measure_scale(matrix)
    overlaps = []
    low, high = _compute_bounds(pairs, second, matrix)
    for i, corner in zip(first.members, first.offsets, strict=True):
        begin, end = np.array(corner)[::-1], np.add(corner, pairs[i].size)[::-1]
        for place in np.flatnonzero(((low < end) & (high > begin)).all(axis=1)):
            j, other_corner = second.members[place], second.offsets[place]
            own = shift_matrix(matrix, np.array(corner), np.array(other_corner))
            pixels = round(intersect_images(own, pairs[i].size, pairs[j].size).area)
            if pixels >= LEAST_PIXELS:
                overlaps.append(Overlap(i, j, own, pixels, scale, rotation))
    return SharedGround(*numbers, matrix, scale, rotation, matches, None, tuple(overlaps))


def _compute_bounds(pairs: Sequence[Pair], mosaic: Mosaic, matrix: Matrix) -> tuple[Matrix, Matrix]:
    """Least and largest (x, y) of each part of a mosaic taken through a matrix, (parts, 2) each."""
    begin = np.array(mosaic.offsets, float)[:, ::-1]
    end = begin + np.array([pairs[index].size for index in mosaic.members], float)[:, ::-1]
    corners = [
        transform_points(matrix, np.stack([x[:, 0], y[:, 1]], axis=1)) for x in (begin, end) for y in (begin, end)
    ]
    return np.min(corners, axis=0), np.max(corners, axis=0)


def _group_by_mosaics(
    matches: Matches, mosaics: Sequence[Mosaic], home: dict[int, int]
) -> Iterator[tuple[int, int, Matrix, Matrix]]:
    """Matched points by pairs of mosaics, in pixels of the mosaics, each once; pairs with too few are left out."""
    if not len(matches.first):
        return
    homes = np.zeros(max(home) + 1, np.int64)
    corner = np.zeros((max(home) + 1, 2))
    for index, number in home.items():
        homes[index] = number
        corner[index] = mosaics[number].offset_of(index)[::-1]
    ends = np.stack([homes[matches.first], homes[matches.second]], axis=1)
    points = np.hstack([matches.first_points + corner[matches.first], matches.second_points + corner[matches.second]])
    swapped = ends[:, 0] > ends[:, 1]
    ends[swapped] = ends[swapped][:, ::-1]
    points[swapped] = points[swapped][:, [2, 3, 0, 1]]
    kinds, which = np.unique(ends, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    for (first, second), part in zip(
        kinds, np.split(points[order], np.bincount(which.ravel()).cumsum()[:-1]), strict=True
    ):
        distinct = np.unique(part.round(1), axis=0)
        if len(distinct) >= LEAST_MATCHES:
            yield int(first), int(second), distinct[:, :2].copy(), distinct[:, 2:].copy()  # OpenCV wants them apart


def _fit(one: Matrix, other: Matrix, tolerance: float) -> tuple[Matrix, int] | None:
    """What takes the other's points to the one's, and how many points agree.

    A shift, rotation and scale finds what is common; where a shear as well makes many more points agree (two products
    of one flight are often stretched against each other), it is taken too.
    """
    cv2 = load_cv2()
    options = {"ransacReprojThreshold": tolerance, "maxIters": 10_000, "confidence": 0.9999}
    cv2.setRNGSeed(0)  # the same data, the same result
    matrix, agree = cv2.estimateAffinePartial2D(other, one, **options)
    if matrix is None or _count_distinct(agree, one, other, tolerance) < LEAST_MATCHES:
        return None
    sheared, more = cv2.estimateAffine2D(other, one, **options)
    if sheared is not None and more.sum() > SHEAR_GAIN * agree.sum() and _measure_stretch(sheared) <= MOST_STRETCH:
        matrix, agree = sheared, more
    scale = measure_scale(matrix)[0]
    return (matrix, _count_distinct(agree, one, other, tolerance)) if SCALES[0] <= scale <= SCALES[1] else None


def _count_distinct(agree: NDArray[np.uint8], one: Matrix, other: Matrix, tolerance: float) -> int:
    """How many different places agree: one place that looks like many others counts once."""
    inside = agree.ravel().astype(bool)
    return min(len(np.unique((points[inside] / tolerance).round(), axis=0)) for points in (one, other))


def _measure_stretch(matrix: Matrix) -> float:
    """Ratio of the largest to the least scale of a matrix, over all directions."""
    scales = np.linalg.svd(matrix[:, :2], compute_uv=False)
    return float(scales[0] / max(scales[1], 1e-9))


def _verify(
    pairs: Sequence[Pair],
    mosaics: Sequence[Mosaic],
    numbers: tuple[int, int],
    fit: tuple[Matrix, int],
    reduction: float,
) -> SharedGround | None:
    """The shared ground if the detail of both is alike there, aligned to the pixel where it is a mere shift."""
    matrix, matches = fit
    rough = overlap_mosaics(pairs, mosaics, numbers, matrix, matches)
    if not rough.overlaps:
        return None
    step = max(1.0, reduction)
    likeness = _average_likeness(pairs, rough.overlaps, step)
    if likeness is None or likeness < LEAST_LIKENESS:
        return None
    exact = _align(pairs, mosaics, rough)
    if exact is not None:
        shifted = overlap_mosaics(pairs, mosaics, numbers, exact, matches)
        better = _average_likeness(pairs, shifted.overlaps, step)
        if better is not None and better >= likeness - 0.01:
            rough, likeness = shifted, better
    return replace(rough, likeness=round(likeness, 3))


def _align(pairs: Sequence[Pair], mosaics: Sequence[Mosaic], shared: SharedGround) -> Matrix | None:
    """The shift by whole pixels that fits best at full resolution, if scale and rotation are as good as none."""
    if abs(shared.scale - 1) > ALIGNED_SCALE or abs(shared.rotation) > ALIGNED_ROTATION:
        return None
    overlap = max(shared.overlaps, key=lambda one: one.pixels)
    left, top, right, bottom = intersect_images(
        overlap.matrix, pairs[overlap.first].size, pairs[overlap.second].size
    ).bounds
    rows, cols = (int(min(extent - 4 * _REACH, _PROBE)) for extent in (bottom - top, right - left))
    if min(rows, cols) < 4 * _REACH:
        return None
    probe = Window(int((top + bottom - rows) / 2), int((left + right - cols) / 2), rows, cols)
    # Where the middle of the probe lies in the second image says how far that is shifted.
    middle = np.array([[probe.col + cols / 2, probe.row + rows / 2]])
    near = np.rint(middle - transform_points(invert_matrix(overlap.matrix), middle))[0].astype(int)
    exact = near + _find_correction(pairs, overlap, probe, near)
    corners = [
        np.array(mosaics[number].offset_of(index)[::-1])
        for number, index in ((shared.first, overlap.first), (shared.second, overlap.second))
    ]
    return np.hstack([np.eye(2), (exact + corners[0] - corners[1])[:, None]])


def _find_correction(
    pairs: Sequence[Pair], overlap: Overlap, probe: Window, shift: NDArray[np.int64]
) -> NDArray[np.int64]:
    """By how many px (x, y) a shift must change, at most `_REACH`, so that the probe fits best."""
    cv2 = load_cv2()
    col, row = (int(start - by) - _REACH for start, by in zip((probe.col, probe.row), shift, strict=True))
    around = Window(row, col, probe.height + 2 * _REACH, probe.width + 2 * _REACH)
    inside = around.intersection(Window(0, 0, *pairs[overlap.second].size))
    if inside != around:
        return np.zeros(2, np.int64)
    here = read_grey(pairs[overlap.first].image, probe, probe.shape)
    there = read_grey(pairs[overlap.second].image, around, around.shape)
    likeness = cv2.matchTemplate(there, here, cv2.TM_CCOEFF_NORMED)
    y, x = np.unravel_index(int(likeness.argmax()), likeness.shape)
    return np.array([_REACH - x, _REACH - y], np.int64)


def _average_likeness(pairs: Sequence[Pair], overlaps: Sequence[Overlap], step: float) -> float | None:
    """Correlation of the fine detail over the largest overlaps, each weighted by its pixels."""
    largest = sorted(overlaps, key=lambda overlap: -overlap.pixels)[:_MEASURED]
    measured = [(value, o.pixels) for o in largest if (value := measure_likeness(pairs, o, step)) is not None]
    if not measured:
        return None
    return float(np.average([value for value, _ in measured], weights=[pixels for _, pixels in measured]))


def measure_likeness(pairs: Sequence[Pair], overlap: Overlap, step: float) -> float | None:
    """Correlate the fine detail of two images where they overlap, at one pixel of `step`; None if it is plain."""
    pictures = overlay(pairs, overlap, step)
    if pictures is None:
        return None
    one, other, inside = pictures
    cv2 = load_cv2()
    fine = [np.where(inside, picture - cv2.GaussianBlur(picture, (0, 0), _SMOOTH), 0) for picture in (one, other)]
    common, first, second = (_sum_blocks(a * b) for a, b in ((fine[0], fine[1]), (fine[0],) * 2, (fine[1],) * 2))
    power = np.sqrt(first * second)
    if not power.max() > 0:
        return None
    # Every part of the ground has its say: one conspicuous thing that both show, such as a stamp, is not enough.
    weight = np.minimum(power, np.percentile(power, 75))
    weight = weight if weight.max() > 0 else power
    return float(np.average(common / np.maximum(power, 1e-12), weights=weight))


def _sum_blocks(values: Grey) -> NDArray[np.float64]:
    """Sums over blocks of `_BLOCK` × `_BLOCK` px, the last ones smaller; shape (blocks,)."""
    rows, cols = (np.arange(0, side, _BLOCK) for side in values.shape)
    sums: NDArray[np.float64] = np.add.reduceat(np.add.reduceat(values.astype(np.float64), rows, 0), cols, 1).ravel()
    return sums


def overlay(pairs: Sequence[Pair], overlap: Overlap, step: float) -> tuple[Grey, Grey, NDArray[np.bool_]] | None:
    """Lay both images over each other as grey values, in the rectangle around their overlap, at one pixel of `step`.

    Returns:
        The first image, the second one brought to it, and where the latter is known; or None if it is too small.
    """
    cv2 = load_cv2()
    first, second = pairs[overlap.first], pairs[overlap.second]
    one = enclose_bounds(intersect_images(overlap.matrix, first.size, second.size).bounds, first.size)
    two = enclose_bounds(intersect_images(invert_matrix(overlap.matrix), second.size, first.size).bounds, second.size)
    shapes = [(round(w.height / step), round(w.width / step)) for w in (one, two)]
    if min(*shapes[0], *shapes[1]) < 8:
        return None
    try:
        here = read_grey(first.image, one, shapes[0])
        there = read_grey(second.image, two, shapes[1])
    except DataError:
        return None
    matrix = _relate_windows(overlap.matrix, (one, shapes[0]), (two, shapes[1]))
    size = (shapes[0][1], shapes[0][0])
    brought = cv2.warpAffine(there, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpAffine(np.ones(there.shape, np.uint8), matrix, size, flags=cv2.INTER_NEAREST)
    return here, brought, inside.astype(bool)


def enclose_bounds(bounds: tuple[float, float, float, float], size: tuple[int, int]) -> Window:
    """Find the pixels of an image of (rows, cols) that bounds (left, top, right, bottom) touch."""
    left, top, right, bottom = bounds
    row, col = max(0, int(top)), max(0, int(left))
    return Window(row, col, min(size[0], int(np.ceil(bottom))) - row, min(size[1], int(np.ceil(right))) - col)


def _relate_windows(matrix: Matrix, one: tuple[Window, tuple[int, int]], two: tuple[Window, tuple[int, int]]) -> Matrix:
    """The matrix between two windows that were read reduced, for OpenCV, which counts from pixel centres."""

    def full(window: Window, shape: tuple[int, int]) -> Matrix:
        x, y = window.width / shape[1], window.height / shape[0]
        return np.array([[x, 0, window.col + x / 2], [0, y, window.row + y / 2], [0, 0, 1]])

    whole = np.vstack([matrix, (0, 0, 1)])
    result: Matrix = (np.linalg.inv(full(*one)) @ whole @ full(*two))[:2]
    return result

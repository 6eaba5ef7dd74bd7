"""The seam index: does it show where the windows of a model end?

Neighbouring windows that overlap by half predict the same ground twice. Close to the edge of one of them it has seen
less of the surroundings than the other; half-way between the edges both have seen alike. With

    d(edge)   = share of pixels that get two classes, within a sixteenth of a patch of an edge of either window,
    d(inside) = the same, within a sixteenth of a patch of the middle between their edges,

the seam index is (d(edge) + 0.001) / (d(inside) + 0.001). 1 says that seams are no worse than the inside; 2 that
windows contradict each other twice as often at their edges. The thousandth keeps the quotient of two tiny shares near
1. Only the middle half of the shared edge counts, where the other edges of the windows are far.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ..config import SegmentConfig
from ..model.card import Card
from ..model.scores import decide
from ..progress import Reporter
from ..raster.scene import Scene
from ..raster.window import Window
from ..segmentation.job import limit_gdal
from ..segmentation.pipeline import read_patches
from ..segmentation.plan import Plan
from ..segmentation.planning import plan_scene
from ..segmentation.predictor import Predictor
from ..segmentation.prefetch import prefetch

MOST_WINDOWS = 5
"""Rows and columns of windows that are compared in one image: those in its middle."""

_SLACK = 0.001
_BAND = 16


@dataclass(frozen=True)
class SeamCounts:
    """Counts of how often two overlapping windows give a pixel two classes."""

    edge: int = 0
    """Pixels compared near an edge of one of the windows."""
    edge_differ: int = 0
    """Those of them with two classes."""
    inside: int = 0
    """Pixels compared half-way between the edges."""
    inside_differ: int = 0
    """Those of them with two classes."""

    def __add__(self, other: SeamCounts) -> SeamCounts:
        return SeamCounts(
            self.edge + other.edge,
            self.edge_differ + other.edge_differ,
            self.inside + other.inside,
            self.inside_differ + other.inside_differ,
        )

    @property
    def index(self) -> float | None:
        """The seam index; None if nothing was compared."""
        if not self.edge or not self.inside:
            return None
        edge, inside = self.edge_differ / self.edge, self.inside_differ / self.inside
        return round((edge + _SLACK) / (inside + _SLACK), 4)


def count_seams(source: str, predictor: Predictor, config: SegmentConfig, reporter: Reporter) -> SeamCounts:
    """Compare the overlapping windows in the middle of an image, as the network gives them: before any blending.

    Args:
        source: The image.
        predictor: The model.
        config: How the image is read; overlap, blend and test-time augmentation do not matter.
        reporter: Counts windows, and may cancel.
    """
    half = _overlap_by_half(config)
    with (
        limit_gdal(half),
        plan_scene(source, predictor.model.card, half) as (plan, scene),
        scene.resample(plan.work_shape) as reading,
    ):
        rows, cols = (_choose_middle(len(axis)) for axis in (plan.grid.rows, plan.grid.cols))
        with closing(_predict_classes(plan, reading, predictor, (rows, cols))) as winners:
            return _compare_windows(plan, reading, winners, (rows, cols), reporter)


def count_seam_windows(source: str, card: Card, config: SegmentConfig) -> int:
    """Count the windows that `count_seams` takes of an image."""
    half = _overlap_by_half(config)
    with limit_gdal(half), plan_scene(source, card, half) as (plan, _):
        return len(_choose_middle(len(plan.grid.rows))) * len(_choose_middle(len(plan.grid.cols)))


def _overlap_by_half(config: SegmentConfig) -> SegmentConfig:
    """Let windows overlap by half, whatever the user asked for."""
    return replace(config, overlap=0.5, blend="spline", tta=1)


def _choose_middle(count: int) -> range:
    """Choose the windows in the middle of so many along an axis."""
    first = max(count - MOST_WINDOWS, 0) // 2
    return range(first, min(first + MOST_WINDOWS, count))


def _predict_classes(
    plan: Plan, reading: Scene, predictor: Predictor, windows: tuple[range, range]
) -> Generator[NDArray[np.uint8] | None, None, None]:
    """Predict the classes that each window gives its pixels, shape (patch, patch); None for a window without data."""
    with (
        closing(prefetch(read_patches(plan, reading, *windows))) as patches,
        closing(predictor.predict(patch.pixels for patch in patches)) as found,
    ):
        for scores in found:
            yield None if scores is None else decide(scores)[0]


def _compare_windows(
    plan: Plan,
    reading: Scene,
    winners: Iterator[NDArray[np.uint8] | None],
    windows: tuple[range, range],
    reporter: Reporter,
) -> SeamCounts:
    found = SeamCounts()
    above: dict[int, NDArray[np.uint8] | None] = {}
    left: NDArray[np.uint8] | None = None
    for (k, j), winner in zip(product(*windows), winners, strict=True):
        reporter.advance()
        row, col = plan.grid.rows.start(k), plan.grid.cols.start(j)
        if winner is not None:
            before = left if j > windows[1].start else None
            if before is not None:
                found += _compare_pair(reading, plan.overlap, Window(row, col, *winner.shape), before, winner)
            if (over := above.get(j)) is not None:
                found += _compare_pair(
                    reading, plan.overlap, Window(row, col, *winner.shape), over, winner, across=False
                )
        above[j] = left = winner
    return found


def _compare_pair(
    reading: Scene,
    overlap: int,
    window: Window,
    before: NDArray[np.uint8],
    winner: NDArray[np.uint8],
    *,
    across: bool = True,
) -> SeamCounts:
    """Compare a window with the one before it, to its left (across) or above it."""
    patch = window.height
    quarter, band = patch // 4, max(1, patch // _BAND)
    middle, shared = slice(quarter, patch - quarter), slice(0, overlap)
    later = slice(patch - overlap, patch)
    area = Window(window.row + quarter, window.col, patch - 2 * quarter, overlap)
    first, second = before[middle, later], winner[middle, shared]
    if not across:
        area = Window(window.row, window.col + quarter, overlap, patch - 2 * quarter)
        first, second = before[later, middle], winner[shared, middle]
    part = area.intersection(reading.window)
    if part is None:
        return SeamCounts()
    inside = part.relative_to(area).slices
    valid, differ = reading.read_valid(part), (first != second)[inside]
    steps = np.arange(overlap)
    distance = np.minimum(steps, overlap - 1 - steps)  # to the nearer edge of the two windows
    edge, centre = distance < band, distance >= overlap // 2 - band
    chosen = (valid & (place[None, inside[1]] if across else place[inside[0], None]) for place in (edge, centre))
    at_edge, at_centre = ((int(np.count_nonzero(m)), int(np.count_nonzero(m & differ))) for m in chosen)
    return SeamCounts(*at_edge, *at_centre)

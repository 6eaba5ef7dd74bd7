"""Resampling of scores from the grid of the network to the grid of the output, strip by strip.

Separable triangle filter: linear interpolation where the output is finer, an average over the output pixel where it is
coarser (the antialiased "bilinear" of image libraries). Taps and weights follow from the position in the whole raster
alone, so the result does not depend on how the work is cut.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..model.scores import Scores
from ..raster.interpolation import Taps, make_taps
from ..raster.window import Window, spans

CHUNK_ROWS = 64
"""Output rows that are resampled at a time."""


def find_source_span(start: int, stop: int, *, source: int, target: int) -> tuple[int, int]:
    """Find the source pixels `[a, b)` that the target pixels `[start, stop)` need."""
    ends = [make_taps(i, i + 1, source=source, target=target).indices for i in (start, stop - 1)]
    return int(ends[0].min()), int(ends[1].max()) + 1


class Resampler:
    """Takes rows of scores from top to bottom and gives rows of the output as soon as they are known.

    Args:
        window: The rectangle of the output to make.
        source: (rows, cols) of the whole raster of scores.
        target: (rows, cols) of the whole output.
        classes: Number of score planes.

    Attributes:
        columns: Source columns `[start, stop)` that the window needs.
    """

    def __init__(self, window: Window, source: tuple[int, int], target: tuple[int, int], classes: int) -> None:
        self._window = window
        self._rows = make_taps(window.row, window.row + window.height, source=source[0], target=target[0])
        self._cols = make_taps(window.col, window.col + window.width, source=source[1], target=target[1])
        self._stops = self._rows.indices.max(axis=0) + 1  # source rows that each target row waits for
        self.columns = int(self._cols.indices.min()), int(self._cols.indices.max()) + 1
        self._top = int(self._rows.indices.min())
        self._buffer: Scores = np.empty((classes, 0, self.columns[1] - self.columns[0]), np.float32)
        self._done = 0

    def feed(self, row: int, scores: Scores) -> Iterator[tuple[Window, Scores]]:
        """Add the next rows of scores.

        Args:
            row: First row of the scores in the source raster.
            scores: Shape (classes, rows, cols), the source columns `[start, stop)` of `columns`.

        Yields:
            A window of the output, and its scores of shape (classes, rows, cols).
        """
        skip = max(0, self._top + self._buffer.shape[1] - row)
        self._buffer = np.concatenate([self._buffer, scores[:, skip:]], axis=1)
        known = self._top + self._buffer.shape[1]
        ready = int(np.searchsorted(self._stops, known, side="right"))
        for a, b in spans(self._done, ready, CHUNK_ROWS):
            window = Window(self._window.row + a, self._window.col, b - a, self._window.width)
            tall = _apply_taps(self._buffer, self._rows.part(a, b), self._top, axis=1)
            yield window, _apply_taps(tall, self._cols, self.columns[0], axis=2)
        self._done = max(self._done, ready)
        if self._done < self._window.height:
            keep = min(int(self._rows.indices[:, self._done].min()), known)
            self._buffer = self._buffer[:, keep - self._top :].copy()
            self._top = keep


def _apply_taps(scores: Scores, along: Taps, origin: int, *, axis: int) -> Scores:
    shape = (1, -1, 1) if axis == 1 else (1, 1, -1)
    total: Scores | None = None
    for indices, weights in zip(along.indices, along.weights, strict=True):
        part = np.take(scores, indices - origin, axis=axis)
        part *= weights.reshape(shape)
        total = part if total is None else np.add(total, part, out=total)
    return scores if total is None else total

"""The pipeline of one scene: read → normalize → predict → blend → decide, strip by strip, in bounded memory.

Every stage is a generator over the one before it. Reading and normalizing run in a thread of their own, the engine in
its streams, blending and deciding in the caller's thread; nothing is held beyond the strip, the windows in flight, and
the falling edges of the last row of windows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import groupby, product
from operator import attrgetter
from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from ..errors import ModelError
from ..model.calibration import apply_temperature_to_best
from ..model.card import Card
from ..model.known_ground import FARTHEST, doubt, spread_distances
from ..model.normalization import find_trained_range, normalize
from ..model.scores import Scores, decide, to_percent
from ..progress import Reporter
from ..raster.class_raster import NO_CONFIDENCE, NO_DATA, NO_DISTANCE, NO_SEAM, LayerKind
from ..raster.scene import Scene
from ..raster.window import Window
from .blend import Blender
from .plan import Plan
from .predictor import Planes, Predictor
from .prefetch import prefetch
from .resample import Resampler
from .seams import ALONE, SeamMeter

Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]


PATCHES_AHEAD = 2
"""Patches that are normalized before the predictor asks for them."""


@dataclass(frozen=True)
class Patch:
    """One window of the grid, read and normalized."""

    pixels: Planes
    """Shape (bands, patch, patch); None if the window has no data."""
    valid: Mask
    """Where its cell has data, shape (stride, stride)."""
    distances: Planes = None
    """How unlike the training images it is, shape (1, patch, patch); None if nobody asked, or it has no data."""


@dataclass(frozen=True)
class Piece:
    """A finished rectangle of the output."""

    window: Window
    """In the output over the whole scene."""
    classes: Bytes
    """1…N, 0 = no data; shape (rows, cols)."""
    confidence: Bytes | None
    """0…100 %, 255 = no data; shape (rows, cols). None if it was not asked for."""
    unlike: Bytes | None = None
    """Distance from the training images, 0…250 % of what is normal, 255 = no data; shape (rows, cols). None if it was
    not asked for."""
    seams: Bytes | None = None
    """How much windows disagreed, 0…100 %, 255 = no data or one window alone; shape (rows, cols). None if it was not
    asked for."""


def segment_window(
    plan: Plan,
    predictor: Predictor,
    scenes: tuple[Scene, Scene],
    window: Window,
    reporter: Reporter,
    *,
    kinds: Collection[LayerKind] = ("classes", "confidence"),
) -> Generator[Piece, None, None]:
    """Segment a rectangle of the output.

    Args:
        plan: How.
        predictor: The model.
        scenes: The scene at the resolution at which it is read, and at that of the output; where these differ, two open
            files, because they are read in two threads.
        window: The rectangle, in the output over the whole scene.
        reporter: Counts windows, and may cancel.
        kinds: What is wanted; for `unlike` the card must tell of the training images.

    Yields:
        Pieces that tile the rectangle, from top to bottom.

    Raises:
        RasterReadError: The scene is damaged.
        EngineError: The engine failed.
        ModelError: The network gives what are no scores.
        Cancelled: The run was cancelled.
    """
    reading, output = scenes
    rows, cols = plan.windows_of(window)
    measured = plan.card.known is not None and ("confidence" in kinds or "unlike" in kinds)
    seams = "seams" in kinds
    patches = prefetch(read_patches(plan, reading, rows, cols, measured=measured), ahead=PATCHES_AHEAD)
    cells = blend_patches(plan, predictor, patches, (rows, cols), reporter, seams=seams)
    with closing(cells):  # no thread may keep reading a scene that is being closed
        if plan.resampled:
            parts = _resample_cells(plan, cells, output, window, measured=measured, seams=seams)
        else:
            parts = _crop_cells(cells, window)
        for part in parts:
            yield _decide_part(part, plan.card, kinds)


def read_patches(plan: Plan, scene: Scene, rows: range, cols: range, *, measured: bool = False) -> Iterator[Patch]:
    """Read and normalize the windows of the grid, and measure how unlike the training images they are if wanted.

    Yields:
        The patches from left to right and from top to bottom; the next strip is read while they are cut.
    """
    parts = [cols[n : n + plan.strip_windows] for n in range(0, len(cols), plan.strip_windows)]
    windows = ((range(k, k + 1), part) for k in rows for part in parts)
    with closing(prefetch(_read_strip(plan, scene, row, part) for row, part in windows)) as strips:
        for strip in strips:
            for col in range(0, strip.pixels.shape[2] - plan.overlap, plan.grid.cols.stride):
                yield _cut_patch(plan, strip, col, measured=measured)


@dataclass(frozen=True)
class _Strip:
    """What some windows of a row show, reflected at the edges of the scene."""

    pixels: NDArray[Any]
    """Shape (bands, patch, cols)."""
    data: Mask
    """Where there are data, shape (patch, cols)."""
    wanted: Mask
    """Where there are data inside the mask polygons, shape (patch, cols)."""


def _read_strip(plan: Plan, scene: Scene, row: range, cols: range) -> _Strip:
    down, across = plan.grid.rows.pixels(row), plan.grid.cols.pixels(cols)
    window = Window(int(down.min()), int(across.min()), int(np.ptp(down)) + 1, int(np.ptp(across)) + 1)
    inside = _rasterize_mask(plan, window, plan.work_transform, touched=plan.resampled)
    if not inside.any():  # nothing of it is wanted: it need not be read
        nothing = np.zeros((len(down), len(across)), bool)
        return _Strip(np.broadcast_to(np.uint8(0), (len(plan.bands), *nothing.shape)), nothing, nothing)
    pixels, data = scene.read(window)
    down, across = down - window.row, across - window.col
    data, inside = (_take(mask, down, across) for mask in (data, inside))
    return _Strip(_take(pixels, down, across), data, data & inside)


def _rasterize_mask(plan: Plan, window: Window, transform: Affine, *, touched: bool = False) -> Mask:
    """Find the pixels of a window that lie in the mask polygons; all of them without polygons."""
    return plan.area.covers(window, transform, touched=touched) if plan.area else np.ones(window.shape, bool)


def _take(array: NDArray[Any], rows: NDArray[np.intp], cols: NDArray[np.intp]) -> NDArray[Any]:
    """Take `array[..., rows, :][..., cols]` without copying along an axis that is taken as it is."""
    for axis, indices in ((-2, rows), (-1, cols)):
        if not np.array_equal(indices, np.arange(array.shape[axis])):
            array = np.take(array, indices, axis=axis)
    return array


def _cut_patch(plan: Plan, strip: _Strip, col: int, *, measured: bool) -> Patch:
    patch, stride = plan.patch, plan.grid.cols.stride
    window = np.s_[..., :, col : col + patch]
    wanted = strip.wanted[window]
    valid = wanted[:stride, :stride]
    if not wanted.any():
        return Patch(None, valid)
    pixels = normalize(
        strip.pixels[window], plan.card.bands, stretch_from=plan.stretch, onto=find_trained_range(plan.card)
    )
    data = strip.data[window]
    if not data.all():
        pixels[:, ~data] = 0  # the mean of the training images, and what the network's own padding is
    if not measured or plan.card.known is None:
        return Patch(pixels, valid)
    return Patch(pixels, valid, spread_distances(plan.card.known.measure(pixels, data), patch)[None])


@dataclass(frozen=True)
class Cell:
    """A finished cell at the resolution at which the scene is read; it may reach beyond the scene."""

    row: int
    col: int
    """First pixel, negative at the edges."""
    scores: Planes
    """Shape (classes, stride, stride), None where there are no data."""
    valid: Mask
    """Where it has data, shape (stride, stride)."""
    distances: Planes = None
    """Blended like the scores, shape (1, stride, stride); None if they were not measured, or there are no data."""
    seams: Scores | None = None
    """How much windows disagreed, 0…1 or `ALONE`, shape (stride, stride); None if it was not measured."""


def blend_patches(
    plan: Plan,
    predictor: Predictor,
    patches: Generator[Patch, None, None],
    windows: tuple[range, range],
    reporter: Reporter,
    *,
    seams: bool = False,
) -> Generator[Cell, None, None]:
    """Predict and blend patches.

    Args:
        plan: How.
        predictor: The model.
        patches: The patches of the windows, row by row.
        windows: (rows, columns) of the grid that they are.
        reporter: Counts windows, and may cancel.
        seams: Whether it is measured how much windows disagree.

    Yields:
        The cells in the order of the patches. Those of the first row and column are not finished unless they are the
        first of the grid.
    """
    rows, cols = windows
    overlap, card = plan.overlap, plan.card
    blender, of_distances = (
        Blender(planes, plan.patch, overlap, plan.config.blend, len(cols)) for planes in (len(card.classes), 1)
    )
    meter = SeamMeter(plan.patch, overlap, len(cols)) if seams else None
    waiting: deque[Patch] = deque()
    scores = predictor.predict(_unpack(patches, waiting), tta=plan.config.tta, check=reporter.check)
    with closing(patches), closing(scores):
        for (k, j), found in zip(product(rows, cols), scores, strict=True):
            patch = waiting.popleft()
            disagreed = meter.feed(found) if meter else None  # before the blend changes the scores
            blended = blender.feed(found), patch.valid, of_distances.feed(patch.distances)
            yield Cell(plan.grid.rows.start(k), plan.grid.cols.start(j), *blended, disagreed)
            reporter.advance()


def _unpack(patches: Iterable[Patch], waiting: deque[Patch]) -> Iterator[Planes]:
    """Unpack the pixels of the patches; what else is known of them goes past the network."""
    for patch in patches:
        waiting.append(replace(patch, pixels=None))
        yield patch.pixels


@dataclass(frozen=True)
class _Part:
    """A rectangle of the output that is ready to be decided."""

    window: Window
    """In the output over the whole scene."""
    scores: Planes
    """Shape (classes, rows, cols), None where there are no data."""
    valid: Mask
    """Where it has data, shape (rows, cols)."""
    distances: Scores | None = None
    """Distances from the training images, shape (rows, cols); None if they were not measured."""
    seams: Scores | None = None
    """How much windows disagreed, 0…1 or `ALONE`, shape (rows, cols); None if it was not measured."""


def _crop_cells(cells: Iterable[Cell], window: Window) -> Iterator[_Part]:
    """Crop the cells to a window: the output has the resolution of the scores."""
    for cell in cells:
        box = Window(cell.row, cell.col, *cell.valid.shape)
        part = box.intersection(window)
        if part is not None:
            rows, cols = part.relative_to(box).slices
            scores, distances = (None if a is None else a[:, rows, cols] for a in (cell.scores, cell.distances))
            seams = None if cell.seams is None else cell.seams[rows, cols]
            yield _Part(part, scores, cell.valid[rows, cols], None if distances is None else distances[0], seams)


def _resample_cells(
    plan: Plan, cells: Iterable[Cell], output: Scene, window: Window, *, measured: bool, seams: bool
) -> Iterator[_Part]:
    """Resample the scores of the cells, and what else was measured, to the resolution of the output."""
    classes = len(plan.card.classes)
    count = classes + measured + 2 * seams
    resampler = Resampler(window, plan.work_shape, plan.full_shape, count)
    scene = Window(0, 0, *plan.work_shape)
    for row, group in groupby(cells, key=attrgetter("row")):
        strip = Window(row, resampler.columns[0], plan.grid.rows.stride, resampler.columns[1] - resampler.columns[0])
        inside = strip.intersection(scene)
        if inside is None:
            continue
        for part, planes in resampler.feed(inside.row, _join_cells(group, inside, count)):
            scores = planes[:classes]
            valid = output.read_valid(part) & _rasterize_mask(plan, part, plan.full_transform)
            valid &= scores.any(axis=0)  # all zero: no window with data reaches here
            disagreed = np.full(part.shape, ALONE)
            if seams:  # the mean of what several windows saw, if that is half of the pixel
                np.divide(planes[-2], planes[-1], out=disagreed, where=planes[-1] >= 0.5)
            yield _Part(part, scores, valid, planes[classes] if measured else None, disagreed if seams else None)


def _join_cells(cells: Iterable[Cell], window: Window, planes: int) -> Scores:
    """Join what is known of the cells that cover a window; shape (planes, rows, cols).

    The scores come first, then the distances if they were measured. If it was measured how much windows disagree, the
    last plane is 1 where several windows saw a pixel, and the one before it how much they disagreed there. Where there
    are no data all are 0.
    """
    joined = np.zeros((planes, *window.shape), np.float32)
    for cell in cells:
        box = Window(cell.row, cell.col, *cell.valid.shape)
        part = box.intersection(window)
        if part is not None and cell.scores is not None:
            (rows, cols), (from_rows, from_cols) = part.relative_to(window).slices, part.relative_to(box).slices
            joined[: len(cell.scores), rows, cols] = cell.scores[:, from_rows, from_cols]
            if cell.distances is not None:
                joined[len(cell.scores), rows, cols] = cell.distances[0, from_rows, from_cols]
            if cell.seams is not None:
                seams = cell.seams[from_rows, from_cols]
                joined[-2, rows, cols] = np.maximum(seams, 0)
                joined[-1, rows, cols] = seams != ALONE
    return joined


def _decide_part(part: _Part, card: Card, kinds: Collection[LayerKind]) -> Piece:
    """Decide the winning classes of a part; if wanted, their confidence at the card's temperature, and what else is.

    The confidence falls with the distance.
    """
    confident, unlike = "confidence" in kinds, "unlike" in kinds
    if part.scores is None:
        return Piece(
            part.window,
            np.full(part.window.shape, NO_DATA, np.uint8),
            np.full(part.window.shape, NO_CONFIDENCE, np.uint8) if confident else None,
            np.full(part.window.shape, NO_DISTANCE, np.uint8) if unlike else None,
            np.full(part.window.shape, NO_SEAM, np.uint8) if "seams" in kinds else None,
        )
    classes, best = decide(part.scores)
    if not np.isfinite(best).all() and not np.isfinite(best[part.valid]).all():  # of all classes, for a maximum is NaN
        raise ModelError(
            "model-scores-lost",
            "The model {model} gives scores that are no numbers (NaN or infinite) around row {row}, column "
            "{col} of the output.",
            "Check the range of the scene's values, or the training of the model.",
            model=card.name,
            row=part.window.row,
            col=part.window.col,
        )
    classes[~part.valid] = NO_DATA
    confidence = distances = seams = None
    if confident:
        sure = apply_temperature_to_best(part.scores, best, card.temperature)
        confidence = to_percent(sure if part.distances is None else doubt(sure, part.distances))
        confidence[~part.valid] = NO_CONFIDENCE
    if unlike and part.distances is not None:
        distances = np.rint(np.minimum(part.distances * np.float32(100), np.float32(FARTHEST))).astype(np.uint8)
        distances[~part.valid] = NO_DISTANCE
    if part.seams is not None:
        seams = to_percent(np.maximum(part.seams, 0))
        seams[(part.seams == ALONE) | ~part.valid] = NO_SEAM
    return Piece(part.window, classes, confidence, distances, seams)

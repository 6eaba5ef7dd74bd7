"""The plan of a run: everything that is decided before the first window is read, and how that is told to the user."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from affine import Affine

from ..config import SegmentConfig
from ..model.card import Card
from ..raster.area_of_interest import Area
from ..raster.bands import BandChoice
from ..raster.class_raster import RasterGrid
from ..raster.geodesy import Gsd
from ..raster.identity import RasterState
from ..raster.nodata import Collar
from ..raster.value_range import Range
from ..raster.window import Window
from ..redaction import redact
from ..sentences import Sentence
from .engine_facts import EngineFacts
from .patch_grid import PatchGrid, estimate_cost, find_largest_side
from .resample import CHUNK_ROWS, find_source_span

STRIP_WINDOWS = 4
"""Windows of a row that are read at a time."""

SPARE_PATCHES = 6
"""Patches in memory besides those that are being computed: read ahead, waiting, and being blended."""

START_SECONDS = 1.2
"""What a run takes before its first window and after its last one, however small the scene."""

CORE_SECONDS = 0.025
"""What a megapixel takes of one core beside the network: reading, blending, deciding, storing (docs/performance.md)."""

BUILD_SECONDS = 0.015
"""What a megapixel takes at the end, when the raster is made of its blocks and compared with them."""

CACHE_SHARE = 8
"""GDAL's block cache takes one part in so many of the memory."""


@dataclass(frozen=True)
class Plan:
    """What a run will do with one scene. Make it with `plan_scene`."""

    config: SegmentConfig
    card: Card
    source: str
    """The scene, as the user named it."""
    state: RasterState
    """Which state of it this is, and the files behind it."""
    choice: BandChoice
    """Bands of the scene in the order of the card, and why these."""
    dtype: str
    """Type of the scene's pixels."""
    striped: bool
    """Whether its file is made of full-width strips instead of tiles."""
    stretch: Range | None
    """Values that become what was black and white in training; None when nothing is stretched."""
    stretched_as: str
    """Where that range comes from, in words for people."""
    collar: Collar | None
    """The border of one value that nobody declared to be no data."""
    scene_grid: RasterGrid
    """The scene's own pixels."""
    gsd: Gsd | None
    """The scene's ground resolution, metres per pixel along (rows, cols); None when unknown."""
    work_shape: tuple[int, int]
    """(rows, cols) at which the scene is read."""
    full_shape: tuple[int, int]
    """(rows, cols) that the output would have over the whole scene."""
    window: Window
    """The part of that which is wanted."""
    area: Area | None
    """Mask polygons."""
    patch: int
    """Side of a window, px: that of the card, or one that fits the scene better if the network takes any."""
    overlap: int
    """Pixels that neighbouring windows share."""

    @property
    def bands(self) -> tuple[int, ...]:
        """Bands of the scene in the order of the card."""
        return self.choice.bands

    @cached_property
    def grid(self) -> PatchGrid:
        """All windows of the scene at the resolution at which it is read."""
        return PatchGrid.over(self.work_shape, self.patch, self.overlap)

    @property
    def resampled(self) -> bool:
        """Whether scores are brought to another resolution for the output."""
        return self.full_shape != self.work_shape

    @property
    def full_transform(self) -> Affine:
        """Pixel to CRS of the output over the whole scene."""
        return self._transform(self.full_shape)

    @property
    def work_transform(self) -> Affine:
        """Pixel to CRS at the resolution at which the scene is read."""
        return self._transform(self.work_shape)

    def _transform(self, shape: tuple[int, int]) -> Affine:
        rows, cols = self.scene_grid.shape
        if shape == (rows, cols):
            return self.scene_grid.transform
        return self.scene_grid.transform * Affine.scale(cols / shape[1], rows / shape[0])

    @property
    def out_grid(self) -> RasterGrid:
        """The pixels of the output."""
        shift = Affine.translation(self.window.col, self.window.row)
        transform = self.full_transform * shift if (self.window.row or self.window.col) else self.full_transform
        return RasterGrid(self.window.shape, self.scene_grid.crs, transform)

    def gsd_at(self, shape: tuple[int, int]) -> Gsd | None:
        """Compute the ground resolution when the scene has (rows, cols) pixels."""
        rows, cols = self.scene_grid.shape
        return self.gsd and (self.gsd[0] * rows / shape[0], self.gsd[1] * cols / shape[1])

    @cached_property
    def stripes(self) -> list[tuple[int, int]]:
        """Columns `[start, stop)` of the output that are processed at a time: all of them if memory allows."""
        return self.cut_stripes()

    def cut_stripes(self, most_cells: int | None = None) -> list[tuple[int, int]]:
        """Cut the output into stripes of columns `[start, stop)` that memory allows to process at a time.

        Args:
            most_cells: Most cells of the grid beside each other in one of them; None for as many as memory allows.
        """
        fixed = self.config.memory // CACHE_SHARE + self._bytes_in_flight()
        room = max(self.config.memory - fixed, 0) / self._bytes_per_column()
        cells = max(int(room // self.grid.cols.stride), 1)
        widest = min(cells, most_cells or cells) * self.grid.cols.stride * self.full_shape[1] / self.work_shape[1]
        parts = -(-self.window.width // max(int(widest), 1))
        return self._cut_at_cells(self.window.col, self.window.col + self.window.width, parts)

    def _cut_at_cells(self, start: int, stop: int, parts: int) -> list[tuple[int, int]]:
        """Cut output columns into about equal parts that end where cells end."""
        axis, scale = self.grid.cols, self.full_shape[1] / self.work_shape[1]
        cells = axis.cells_over(int(start / scale), max(int(stop / scale), int(start / scale) + 1))
        step = -(-len(cells) // parts)
        inner = (round(axis.start(k) * scale) for k in range(cells.start + step, cells.stop, step))
        return list(_cut_range(start, stop, inner))

    @property
    def by_whole_rows(self) -> bool:
        """Whether the scene is read by whole rows of windows.

        A file of compressed full-width strips that outgrow GDAL's cache would be decoded again for every part of a row.
        """
        row_bytes = self.patch * self.work_shape[1] * len(self.bands) * self.itemsize
        return self.striped and row_bytes > self.config.memory // CACHE_SHARE // 2

    @property
    def strip_windows(self) -> int:
        """Windows of a row that are read at a time."""
        return len(self.grid.cols) if self.by_whole_rows else STRIP_WINDOWS

    def _bytes_per_column(self) -> float:
        """Memory for each column at the resolution at which the scene is read; see docs/design/architecture.md."""
        patch, planes = self.patch, count_planes(self.card)
        strip = self._strip_bytes_per_column() if self.by_whole_rows else 0
        edge = 2 * 4 * planes * self.overlap  # of what is blended, and as it was, to measure how windows disagree
        scale = self.full_shape[1] / self.work_shape[1]
        blocks = 2 * (3 if self.card.known is None else 4) * self.block_rows * scale
        resampling = 4 * planes * (2.5 * patch + 3 * CHUNK_ROWS * scale) if self.resampled else 0
        return strip + edge + blocks + resampling

    def _strip_bytes_per_column(self) -> int:
        """Two strips, one of them also before its reflection, each with two masks."""
        return 4 * self.patch * (len(self.bands) * self.itemsize + 2)

    def _bytes_in_flight(self) -> int:
        strips = 0 if self.by_whole_rows else STRIP_WINDOWS * self.patch * self._strip_bytes_per_column()
        patches = count_streams(self.card, self.config) + SPARE_PATCHES
        return patches * count_patch_bytes(self.card, self.patch) + strips

    @property
    def itemsize(self) -> int:
        """Bytes per pixel and band of the scene."""
        return int(np.dtype(self.dtype).itemsize)

    @property
    def block_rows(self) -> int:
        """Most rows of a block in the output: the configured number, rounded up to the window grid."""
        cells = -(-self.config.block // self.grid.rows.stride)
        rows = round(cells * self.grid.rows.stride * self.full_shape[0] / self.work_shape[0])
        return min(max(1, rows), self.window.height)

    @cached_property
    def block_spans(self) -> list[tuple[int, int]]:
        """Rows `[start, stop)` of the blocks in the output over the whole scene: the same on every machine.

        How wide blocks are is a matter of memory, and of each run.
        """
        axis, scale = self.grid.rows, self.full_shape[0] / self.work_shape[0]
        step = -(-self.config.block // axis.stride)
        inner = (round(axis.start(k) * scale) for k in range(0, len(axis), step))
        return list(_cut_range(self.window.row, self.window.row + self.window.height, inner))

    def blocks(self, stripe: tuple[int, int]) -> Iterator[Window]:
        """List the blocks of a stripe from top to bottom, as windows of the output over the whole scene."""
        for a, b in self.block_spans:
            yield Window(a, stripe[0], b - a, stripe[1] - stripe[0])

    def work_window(self, window: Window) -> Window:
        """Find the pixels at the reading resolution that a window of the output needs."""
        if not self.resampled:
            return window
        rows = find_source_span(
            window.row, window.row + window.height, source=self.work_shape[0], target=self.full_shape[0]
        )
        cols = find_source_span(
            window.col, window.col + window.width, source=self.work_shape[1], target=self.full_shape[1]
        )
        return Window(rows[0], cols[0], rows[1] - rows[0], cols[1] - cols[0])

    def windows_of(self, window: Window) -> tuple[range, range]:
        """Find (rows, columns) of the windows of the grid that a window of the output needs."""
        needed = self.work_window(window)
        return (
            self.grid.rows.windows_over(needed.row, needed.row + needed.height),
            self.grid.cols.windows_over(needed.col, needed.col + needed.width),
        )

    @property
    def window_count(self) -> int:
        """Windows of a run from the beginning, those without data included."""
        counts = (self.windows_of(Window(self.window.row, a, self.window.height, b - a)) for a, b in self.stripes)
        return sum(len(rows) * len(cols) for rows, cols in counts)

    def collect_facts(self) -> dict[str, Any]:
        """Collect what determines the result, apart from the model and the engine; JSON-serializable."""
        grid = self.scene_grid
        return {
            "shape": grid.shape,
            "crs": grid.crs.to_wkt() if grid.crs else None,
            "transform": tuple(grid.transform),
            "bands": self.bands,
            "stretch": self.stretch,
            "nodata": self.config.nodata,
            "work_shape": self.work_shape,
            "full_shape": self.full_shape,
            "window": (self.window.row, self.window.col, *self.window.shape),
            "patch": self.patch,
            "overlap": self.overlap,
            "mask": None if self.area is None else [p.wkb_hex for p in self.area.polygons],
            **{key: self.config.result_parameters()[key] for key in ("blend", "tta")},
        }


def estimate_seconds(plan: Plan, engine: EngineFacts) -> float:
    """Estimate how long a run takes that writes the class raster only.

    Args:
        plan: What will be done.
        engine: How fast the engine is.
    """
    megapixels = plan.window.height * plan.window.width / 1e6
    windows = plan.window_count * estimate_cost(plan.patch, plan.card.patch) * plan.config.tta
    beside = CORE_SECONDS / plan.config.workers + BUILD_SECONDS
    start = START_SECONDS + engine.estimate_start(plan.patch)
    return start + windows * engine.seconds_per_patch + megapixels * beside


def describe(plan: Plan, engine: EngineFacts, *, ground: str | None = None) -> list[Sentence]:
    """Describe a plan in lines for people.

    Args:
        plan: What will be done.
        engine: With what, and how fast that is.
        ground: Whether it is like that of the training images; None if nothing is known.
    """
    return [
        describe_scene(plan),
        _describe_bands(plan),
        _describe_reading(plan),
        Sentence(
            "plan-model",
            "model    {model}: {classes}",
            model=plan.card.name,
            classes=", ".join(plan.card.classes.names),
        ),
        *([Sentence("plan-ground", "ground   {ground}", ground=ground)] if ground else []),
        Sentence(
            "plan-windows",
            "windows  {count} of {side} px, overlap {overlap} px, blend {blend}, {times} × test-time augmentation",
            count=plan.window_count,
            side=plan.patch,
            overlap=plan.overlap,
            blend=plan.config.blend,
            times=plan.config.tta,
        ),
        Sentence(
            "plan-engine" if "CPU" in engine.text else "plan-engine-gpu",
            "engine   {engine}",
            engine=engine.text,
            threads=plan.config.workers,
        ),
        *_describe_output(plan, estimate_seconds(plan, engine)),
        *map(make_note, _list_notes(plan)),
    ]


def describe_scene(plan: Plan) -> Sentence:
    """Describe in one line what is segmented."""
    (rows, cols), crs = plan.scene_grid.shape, plan.scene_grid.crs
    placed = (crs.to_string() if crs.to_epsg() else crs.to_dict().get("proj", "own CRS")) if crs else None
    return Sentence(
        "plan-scene",
        "scene    {scene}: {cols} × {rows} px, {dtype}, {crs}, {gsd}",
        scene=redact(plan.source),
        cols=cols,
        rows=rows,
        dtype=plan.dtype,
        crs=placed or Sentence("crs-none", "no CRS"),
        gsd=format_gsd(plan.gsd),
    )


def _describe_bands(plan: Plan) -> Sentence:
    stretch = plan.stretched_as
    if plan.stretch:
        low, high = plan.stretch
        stretch = Sentence("range-stretched", "{low:g}…{high:g} {how}", low=low, high=high, how=plan.stretched_as)
    return Sentence(
        "plan-bands",
        "bands    {bands}, {reason}; range {range}",
        bands=", ".join(f"{band.name} = {i}" for band, i in zip(plan.card.bands, plan.bands, strict=True)),
        reason=plan.choice.reason,
        range=stretch,
    )


def _describe_output(plan: Plan, seconds: float) -> Iterator[Sentence]:
    rows, cols = plan.window.shape
    gsd = format_gsd(plan.gsd_at(plan.full_shape))
    yield Sentence("plan-output", "output   {cols} × {rows} px, {gsd}", cols=cols, rows=rows, gsd=gsd)
    yield Sentence(
        "plan-needs",
        "needs    about {time}, {memory} MiB of memory for buffers, at most {disk} MiB of disk per raster",
        time=format_duration(seconds),
        memory=f"{plan.config.memory / 2**20:.0f}",
        disk=f"{max(2 * rows * cols / 2**20, 1):.0f}",
    )


def make_note(text: str) -> Sentence:
    """Make the line of a plan that says something more."""
    return Sentence("plan-note", "note     {note}", note=text)


def _list_notes(plan: Plan) -> list[str]:
    """List what is doubtful about a plan."""
    notes: list[str] = list(plan.state.notes)
    if plan.choice.note:
        notes.append(Sentence("bands-doubtful", "{doubts}; --bands says otherwise", doubts=plan.choice.note))
    if plan.collar:
        notes.append(
            Sentence(
                "collar-mapped",
                "about {share:.0%} of the scene, along its edge, is {value:g} in all bands and is mapped: if that is a "
                "collar, --nodata {value:g} leaves it out",
                share=plan.collar.share,
                value=plan.collar.value,
            )
        )
    if plan.scene_grid.crs is None:
        notes.append(_describe_unlocated(plan))
    return notes


def _describe_unlocated(plan: Plan) -> Sentence:
    """What is known of the ground resolution of a scene without CRS, and how to say more."""
    transform = plan.scene_grid.transform
    size = math.hypot(transform.a, transform.d)
    if plan.gsd and transform.is_identity:
        return Sentence("no-crs-gsd-given", "no CRS: its pixels are as large as --gsd says; areas are in pixels")
    if plan.gsd:
        said = "no CRS: its pixel size, {size:g}, is taken as metres; areas are in pixels"
        return Sentence("no-crs-in-metres", said, size=size)
    if transform.is_identity:
        return Sentence(
            "no-crs-no-gsd",
            "no CRS: ground resolution is unknown, --gsd METRES is the size of its pixels; areas are in pixels",
        )
    return Sentence(
        "no-crs-pixel-size",
        "no CRS: ground resolution is unknown, --gsd METRES takes its pixel size, {size:g}, as metres; areas are in "
        "pixels",
        size=size,
    )


def _describe_reading(plan: Plan) -> Sentence:
    gsd = plan.gsd_at(plan.work_shape)
    if plan.work_shape == plan.scene_grid.shape:
        return Sentence("plan-read-as-is", "read at  its own resolution")
    return Sentence(
        "plan-read-resampled",
        "read at  {gsd}, resampled to {cols} × {rows} px for the model (made for {made})",
        gsd=format_gsd(gsd),
        cols=plan.work_shape[1],
        rows=plan.work_shape[0],
        made=plan.card.format_gsd_range(),
    )


def format_gsd(gsd: Gsd | None) -> str:
    """Write a ground resolution for people."""
    if gsd is None:
        return Sentence("gsd-unknown", "unknown GSD")
    down, across = gsd
    if abs(down - across) < 0.01 * down:
        return Sentence("resolution", "{gsd:.3g} m", gsd=across)
    return Sentence("resolution-oblong", "{across:.3g} × {down:.3g} m", across=across, down=down)


def format_duration(seconds: float) -> str:
    """Write how long something takes for people."""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 90 else Sentence("hours", "{hours:.1f} h", hours=minutes / 60)


def count_planes(card: Card) -> int:
    """Count what is blended: the scores of each class, and the distance from the training images if it is known."""
    return len(card.classes) + (card.known is not None)


def count_patch_bytes(card: Card, side: int) -> int:
    """Count the bytes of one patch of this side and its scores."""
    return 4 * side**2 * (len(card.bands) + count_planes(card))


def count_streams(card: Card, config: SegmentConfig) -> int:
    """Count the patches that are computed at a time: one for each thread, if they fit into half of the memory."""
    largest = card.patch if card.fixed_patch else find_largest_side(card.patch)
    affordable = config.memory // 2 // count_patch_bytes(card, largest) - SPARE_PATCHES
    return max(1, min(config.workers, affordable))


def _cut_range(start: int, stop: int, cuts: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Cut `[start, stop)` where it is told; several cuts in one place, as in a coarse output, are one."""
    yield from pairwise(sorted({start, stop, *(cut for cut in cuts if start < cut < stop)}))

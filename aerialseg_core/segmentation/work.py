"""The unit of work: blocks of a scene, from the pixels of the scene to finished files, with a few numbers about them.

A run on one machine, a shard and a worker of a cluster call the same function, so their bits are the same. It may be
called for any blocks, in any order and any number of times; `find_missing_runs` leaves out what is in the store.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from itertools import chain

from ..errors import RasterChangedError
from ..progress import Reporter
from ..raster.identity import refuse_changed
from ..raster.scene import Scene, open_scene
from ..raster.window import Window
from .blocks import BlockStore, BlockWriter
from .pipeline import segment_window
from .plan import Plan
from .predictor import Predictor

Run = list[Window]
"""Blocks that stand below each other, as windows of the output over the whole scene. They are computed in one go, so
that no window between two of them is computed twice."""


@dataclass(frozen=True)
class WorkFacts:
    """What it took to compute blocks, and what is in them."""

    blocks: int = 0
    windows: int = 0
    """Windows of the grid, those without data included."""
    seconds: float = 0.0
    pixels: dict[int, int] = field(default_factory=dict)
    """Pixels of each class id, 0 = no data."""

    def __add__(self, other: WorkFacts) -> WorkFacts:
        ids = sorted({*self.pixels, *other.pixels})
        return WorkFacts(
            self.blocks + other.blocks,
            self.windows + other.windows,
            self.seconds + other.seconds,
            {one: self.pixels.get(one, 0) + other.pixels.get(one, 0) for one in ids},
        )


def compute_blocks(
    plan: Plan, scene: Scene, predictor: Predictor, store: BlockStore, runs: Sequence[Run], reporter: Reporter
) -> WorkFacts:
    """Compute blocks and store them.

    Args:
        plan: How.
        scene: What, open at its own resolution.
        predictor: The model.
        store: Where the blocks go, and which layers are wanted.
        runs: The blocks.
        reporter: Counts windows, and may cancel; what is finished by then is kept.

    Raises:
        RasterChangedError: The scene was changed meanwhile; none of the blocks is kept.
        AerialSegError: As `segment_window`, and as `BlockStore.write`.
    """
    begin = time.perf_counter()
    facts = WorkFacts()
    with _refuse_changed_scene(plan, store, runs), ExitStack() as stack:
        reading = output = stack.enter_context(scene.resample(plan.work_shape))
        if plan.resampled:  # then two threads read
            again = open_scene(plan.source, plan.card.band_names, bands=plan.bands, nodata=plan.config.nodata)
            output = stack.enter_context(stack.enter_context(again).resample(plan.full_shape))
        for run in runs:
            pieces = segment_window(
                plan,
                predictor,
                (reading, output),
                enclose(run),
                reporter,
                kinds=store.kinds,
            )
            with closing(pieces), BlockWriter(store, run, plan.window) as writer:
                for piece in pieces:
                    layers = (piece.classes, piece.confidence, piece.unlike, piece.seams)
                    writer.add(piece.window, [layer for layer in layers if layer is not None])
            facts += WorkFacts(len(run), count_windows(plan, [run]), 0.0, writer.pixels)
    return facts + WorkFacts(seconds=time.perf_counter() - begin)


@contextmanager
def _refuse_changed_scene(plan: Plan, store: BlockStore, runs: Sequence[Run]) -> Iterator[None]:
    """Throw away what was computed of a scene that has changed meanwhile: some of it shows the old one, some the new.

    Were it kept, it would pass for the work of a run on the old one once that comes back.
    """
    try:
        with refuse_changed(plan.source, plan.state):
            yield
    except RasterChangedError:
        for block in chain.from_iterable(runs):
            store.remove(block.relative_to(plan.window))
        raise


def find_missing_runs(
    plan: Plan, store: BlockStore, *, spans: Sequence[tuple[int, int]], stripes: Iterable[tuple[int, int]]
) -> Iterator[Run]:
    """Find the blocks that are still to do.

    Args:
        plan: How the scene is segmented.
        store: What is done.
        spans: Rows of the blocks that are wanted, some of `plan.block_spans`.
        stripes: Columns into which to cut them. Rows that are done in other stripes, on a machine with more memory, are
            done.
    """
    tiles = store.find_tiles(_shift(plan, spans))
    missing = [span for span, found in zip(spans, tiles, strict=True) if found is None]
    for left, right in stripes:
        blocks = (Window(top, left, bottom - top, right - left) for top, bottom in missing)
        yield from split_run(block for block in blocks if not store.has(block.relative_to(plan.window)))


def find_all_tiles(plan: Plan, store: BlockStore) -> list[Window]:
    """Find finished blocks that together are the output, as windows of it; all of them must be there."""
    return [tile for found in store.find_tiles(_shift(plan, plan.block_spans)) for tile in found or ()]


def _shift(plan: Plan, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Shift rows of the output over the whole scene to those of the part that is wanted."""
    return [(start - plan.window.row, stop - plan.window.row) for start, stop in spans]


def enclose(run: Run) -> Window:
    """The rectangle of blocks that stand below each other."""
    first, last = run[0], run[-1]
    return Window(first.row, first.col, last.row + last.height - first.row, first.width)


def count_windows(plan: Plan, runs: Iterable[Run]) -> int:
    """Count the windows of the grid that some blocks need."""
    return sum(len(rows) * len(cols) for rows, cols in (plan.windows_of(enclose(run)) for run in runs))


def split_run(blocks: Iterable[Window]) -> Iterator[Run]:
    """Split blocks of one stripe, from top to bottom, where one is missing between two of them."""
    run: Run = []
    for block in blocks:
        if run and run[-1].row + run[-1].height != block.row:
            yield run
            run = []
        run.append(block)
    if run:
        yield run

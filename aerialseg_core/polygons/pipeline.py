"""Polygonization: from an open class raster to finished polygons with their attributes, tile by tile."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..config import PolygonConfig
from ..progress import Reporter
from ..raster.categories import Categories, make_categories, read_declared
from ..raster.class_values import find_class_values
from ..raster.geodesy import Ground, choose_ground, require_located
from ..raster.opening import refuse_large_blocks
from .geometry import PolygonChunk, PolygonLayer, column_names, polygon_chunk
from .heap import give_back
from .orthogonalize import Drawing, OutlineSurvey, outlines_in
from .regions import Moves, Pieces, Regions
from .rings import RingSet
from .sieve import SievedRows, SieveResult, sieve_rows
from .simplify import Refinement
from .source import ClassRows
from .stitching import Stitcher
from .tracing import TILE, Tile, Tracer, slabs, tiles
from .validation import Certificate, Certifier

Item = TypeVar("Item")
Worked = TypeVar("Worked")

BYTES_PER_PIXEL = 1536
"""What a pixel of a strip or a tile may cost at worst, in pure noise; about 1,050 were measured."""

LARGEST_STRIP = 1 << 18
"""Pixels of a strip from which on larger ones are not faster."""

MANY = 10_000_000
"""Polygons from which on it is worth a warning how many there will be."""


@dataclass(frozen=True)
class Job:
    """A class raster and what to make of it."""

    rows: ClassRows
    config: PolygonConfig
    categories: Categories
    wanted: frozenset[int] | None
    """Codes of the classes that become polygons; None for all."""
    squared: frozenset[int]
    """Codes of the classes whose outlines are squared."""
    ground: Ground

    @property
    def diagonally(self) -> bool:
        """Whether pixels that touch at a corner are one region."""
        return self.config.connectivity == 8

    @property
    def refinement(self) -> Refinement:
        """What happens to the edges."""
        return Refinement(self.config.simplify / math.sqrt(self.ground.pixel_area), self.config.smooth, self.squared)

    @property
    def tracer(self) -> Tracer:
        """How tiles are traced."""
        return Tracer(self.drawn.grid, self.diagonally, self.refinement)

    @property
    def drawn(self) -> Ground:
        """The ground under the grid of the vertices."""
        return self.ground.finer(self.refinement.fine)

    @property
    def outlines(self) -> Drawing:
        """How outlines are squared: what simplification takes away, and the steps of pixels, does not count."""
        slack = max(self.config.simplify, math.sqrt(self.ground.pixel_area))
        return Drawing(self.drawn.grid, TILE, self.drawn.axes, slack, self.squared)

    @property
    def layer(self) -> PolygonLayer:
        """What the polygons are written as."""
        crs = self.rows.dataset.crs
        columns = column_names(self.ground, confident=self.rows.confidence is not None)
        return PolygonLayer(crs.to_wkt() if crs else None, self.categories.classes, tuple(columns), self.diagonally)

    @property
    def workers(self) -> int:
        """Threads that may work on tiles at the same time within the memory."""
        return max(1, min(self.config.workers, self.config.memory // (TILE**2 * BYTES_PER_PIXEL)))

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Which codes become polygons, shape (256,)."""
        values = np.arange(256)
        return values > 0 if self.wanted is None else np.isin(values, list(self.wanted))


@dataclass(frozen=True)
class Finished:
    """Whole regions, and the polygons that are written of them."""

    rings: RingSet
    """The polygons of all of them on the pixel grid."""
    others: NDArray[np.int64]
    """Indices of those that are not written."""
    chunk: PolygonChunk | None
    """What is written, None if it is nothing."""


def job_of(dataset: Any, confidence: Any, config: PolygonConfig, reporter: Reporter | None = None) -> Job:
    """Look at an open class raster.

    Args:
        dataset: The class raster.
        confidence: The confidence raster on the same grid, or None.
        config: What to make of it.
        reporter: Is told what its values were taken for.

    Raises:
        ParameterError: It has no such class.
        SceneError: Its values are no classes, or its pixels have no area.
    """
    refuse_large_blocks(dataset, config.memory)
    require_located(dataset)
    declared = read_declared(dataset)
    values = find_class_values(dataset, declared, config.nodata, reporter or Reporter())
    categories = make_categories(declared, values.values)
    wanted = None if config.class_ids is None else categories.codes(config.class_ids)
    crs_wkt = dataset.crs.to_wkt() if dataset.crs else None
    ground = choose_ground(crs_wkt, dataset.transform, dataset.shape)
    squared = categories.codes(config.square)
    return Job(ClassRows(dataset, confidence, config.majority, values), config, categories, wanted, squared, ground)


def strip_rows(cols: int, memory: int) -> int:
    """Rows of a raster that are sieved at once; at least one.

    Args:
        cols: Width of the raster, px.
        memory: Bound of the buffers, bytes.
    """
    return max(1, min(LARGEST_STRIP, memory // BYTES_PER_PIXEL) // cols)


def polygonise(job: Job, write: Callable[[PolygonChunk], None], reporter: Reporter) -> Certificate:
    """Make all polygons of a raster.

    Args:
        job: The raster.
        write: Takes the polygons in chunks, always the same ones in the same order.
        reporter: Receives progress in rows, and messages.

    Returns:
        What was found out about them on the way.
    """
    sieve = _sieve(job, reporter)
    moves = _moves(job, sieve, reporter)
    certifier = Certifier(job.ground, job.drawn)
    _watched(job, sieve, moves, certifier, write, reporter)
    if not certifier.fits:
        reporter.message("The polygons do not fit together. They are made once more to find out where.", "warning")
        certifier = Certifier(job.ground, job.drawn, searching=True)
        _watched(job, sieve, moves, certifier, _forget, reporter)
    return certifier.finish(job.categories, sieve.merged if sieve else 0)


def _watched(
    job: Job,
    sieve: SieveResult | None,
    moves: Moves,
    certifier: Certifier,
    write: Callable[[PolygonChunk], None],
    reporter: Reporter,
) -> None:
    """Make all polygons, show them to the certifier, and write them."""
    forecast = _Forecast(job, reporter)
    for finished in _made(job, sieve, moves, certifier, reporter):
        certifier.see(finished.rings, finished.others)
        if finished.chunk:
            certifier.add(finished.chunk)
            write(finished.chunk)
        forecast.update(certifier.count, reporter.done)


def _forget(chunk: PolygonChunk) -> None:
    """Do not write polygons that are written already."""


class _Forecast:
    """Says once, early, when there will be very many polygons, as in noise."""

    def __init__(self, job: Job, reporter: Reporter) -> None:
        self._job, self._reporter, self._said = job, reporter, False

    def update(self, count: int, rows: int) -> None:
        """Take note of how many there are after so many rows."""
        if self._said or not rows:
            return
        expected = count * self._job.rows.shape[0] / rows
        if expected > MANY:
            self._said = True
            self._reporter.message(
                f"About {expected / 1e6:,.0f} million polygons are to be expected, some"
                f" {expected * BYTES_PER_POLYGON / 1e9:,.0f} GB. Merge small regions with --min-area,"
                " or smooth the classes with --majority.",
                "warning",
            )


BYTES_PER_POLYGON = 350
"""What a polygon of one or two pixels takes in a GeoPackage, with its place in the spatial index."""


def _made(
    job: Job, sieve: SieveResult | None, moves: Moves, certifier: Certifier, reporter: Reporter
) -> Iterator[Finished]:
    """The polygons: of every tile those that lie within it, of every row of tiles those that are complete then."""
    tracer = job.tracer

    def work(tile: Tile) -> tuple[Finished | None, Pieces]:
        whole, pieces = tracer.trace(tile)
        return _finished(job, moves, whole) if whole else None, pieces

    stitcher = Stitcher(job.drawn.grid, TILE, diagonally=job.diagonally)
    reporter.start("polygons", job.rows.shape[0], "rows")
    for band in _worked(job, sieve, work):
        for tile, (whole, pieces) in band.results:
            certifier.expect(tile.planes[0, 1:-1, 1:-1], tile.row, tile.col)
            stitcher.add(pieces, tile.col)
            if whole:
                yield whole
        for joined in stitcher.end_row(last=band.is_last):
            give_back()
            yield _finished(job, moves, joined)
        reporter.advance(band.height)


def _finished(job: Job, moves: Moves, regions: Regions) -> Finished:
    """The polygons of all regions, and those that are written with their attributes."""
    if len(moves):
        regions = replace(regions, rings=moves.applied(regions.rings))
    is_written = job.kept[regions.value]
    written, others = np.flatnonzero(is_written), np.flatnonzero(~is_written)
    kept = regions[written] if len(others) else regions
    chunk = polygon_chunk(kept, job.drawn, diagonally=job.diagonally) if len(written) else None
    return Finished(regions.rings, others, chunk)


def _moves(job: Job, sieve: SieveResult | None, reporter: Reporter) -> Moves:
    """Where vertices go so that outlines are squared."""
    if not job.squared:
        return Moves.of([])
    drawing, tracer = job.outlines, job.tracer
    survey = OutlineSurvey(drawing)
    reporter.start("outlines", job.rows.shape[0], "rows")
    for band in _worked(job, sieve, lambda tile: outlines_in(drawing, tile, *tracer.trace(tile))):
        for tile, found in band.results:
            survey.add(found, tile.col)
        survey.end_row(band.height, last=band.is_last)
        reporter.advance(band.height)
    reporter.message(f"{survey.squared:,} of {survey.tried:,} outlines have right angles now")
    return survey.finish()


@dataclass(frozen=True)
class _Band(Generic[Worked]):
    """A row of tiles."""

    height: int
    """Its rows, px."""
    is_last: bool
    """Whether the raster ends below it."""
    results: Iterator[tuple[Tile, Worked]]
    """Its tiles from left to right, and what came of each; to be taken before the next band."""


def _worked(job: Job, sieve: SieveResult | None, work: Callable[[Tile], Worked]) -> Iterator[_Band[Worked]]:
    """All tiles, worked on by several threads."""
    rows = SievedRows(job.rows, sieve, diagonally=job.diagonally) if sieve else job.rows
    for band in tiles(rows.fill, job.rows.shape, job.rows.planes):
        height = band[0].shape[0]
        is_last = band[0].row + height == job.rows.shape[0]
        yield _Band(height, is_last, zip(band, _in_order(work, band, job.workers), strict=True))


def _sieve(job: Job, reporter: Reporter) -> SieveResult | None:
    """What becomes of small regions; None if they may stay."""
    if not job.config.min_area:
        return None
    rows, cols = job.rows.shape
    height = strip_rows(cols, job.config.memory)
    sieve = sieve_rows(job.rows, job.ground, job.config, slabs(rows), height, reporter)
    reporter.message(f"{sieve.merged:,} regions below {job.config.min_area:g} {job.ground.unit} went to a neighbour")
    return sieve


def _in_order(work: Callable[[Item], Worked], items: Iterable[Item], workers: int) -> Iterator[Worked]:
    """The results for all items in their order, worked on by several threads; as few as possible wait to be taken."""
    if workers == 1:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(workers, thread_name_prefix="polygons") as pool:
        waiting: deque[Future[Worked]] = deque()
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

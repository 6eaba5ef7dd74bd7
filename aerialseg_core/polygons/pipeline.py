"""Pipeline: from an open class raster to finished polygons with their attributes, tile by tile."""

from __future__ import annotations

import ctypes
import math
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ..config import PolygonConfig
from ..progress import Reporter
from ..raster.categories import Categories, make_categories, read_declared
from ..raster.class_values import find_class_values
from ..raster.geodesy import Ground, choose_ground, require_located
from ..raster.opening import Dataset, gdal_environment, refuse_large_blocks
from ..sentences import Sentence
from .geometry import PolygonChunk, PolygonLayer, is_large, make_chunk, name_columns
from .orthogonalize import OutlineSettings, OutlineSurvey, find_outlines
from .regions import Displacements, Regions
from .rings import RingSet
from .sieve import SievedRows, SieveResult, sieve_rows
from .simplify import Refinement
from .source import CACHE, ClassRows
from .stitching import Stitcher
from .tracing import TILE, Tile, Tracer, plan_slabs, read_tiles
from .validation import Certificate, Certifier

T = TypeVar("T")
U = TypeVar("U")

BYTES_PER_PIXEL = 1536
"""What a pixel of a strip or a tile may cost at worst, in pure noise; about 1,050 were measured."""

LARGEST_STRIP = 1 << 18
"""Pixels of a strip from which on larger ones are not faster."""

MANY = 10_000_000
"""Polygons from which on it is worth a warning how many there will be."""

TRIMMED = 1 << 19
"""Vertices at hand from which on free memory is given back; more often it takes time, as it is wanted again at once."""

BYTES_PER_POLYGON = 350
"""What a polygon of one or two pixels takes in a GeoPackage, with its place in the spatial index."""


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
        return Tracer(self.fine_ground.grid, self.diagonally, self.refinement)

    @property
    def fine_ground(self) -> Ground:
        """The ground under the grid of the vertices."""
        return self.ground.finer(self.refinement.fine)

    @property
    def outlines(self) -> OutlineSettings:
        """How outlines are squared: what simplification takes away, and the steps of pixels, does not count."""
        slack = max(self.config.simplify, math.sqrt(self.ground.pixel_area))
        return OutlineSettings(self.fine_ground.grid, TILE, self.fine_ground.axes, slack, self.squared)

    @property
    def layer(self) -> PolygonLayer:
        """What the polygons are written as."""
        crs = self.rows.dataset.crs
        columns = name_columns(self.ground, confident=self.rows.confidence is not None)
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


def make_job(
    dataset: Dataset, confidence: Dataset | None, config: PolygonConfig, reporter: Reporter | None = None
) -> Job:
    """Decide what to make of an open class raster.

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
    wanted = None if config.class_ids is None else categories.find_codes(config.class_ids)
    crs_wkt = dataset.crs.to_wkt() if dataset.crs else None
    ground = choose_ground(crs_wkt, dataset.transform, dataset.shape)
    squared = categories.find_codes(config.square)
    return Job(ClassRows(dataset, confidence, config.majority, values), config, categories, wanted, squared, ground)


def choose_strip_height(cols: int, memory: int) -> int:
    """Choose how many rows of a raster are sieved at once; at least one.

    Args:
        cols: Width of the raster, px.
        memory: Bound of the buffers, bytes.
    """
    return max(1, min(LARGEST_STRIP, memory // BYTES_PER_PIXEL) // cols)


def polygonize_tiles(job: Job, write: Callable[[PolygonChunk], None], reporter: Reporter) -> Certificate:
    """Make all polygons of a raster.

    Args:
        job: The raster.
        write: Takes the polygons in chunks, always the same ones in the same order.
        reporter: Receives progress in rows, and messages.

    Returns:
        What was found out about them on the way.
    """
    sieve = _sieve_regions(job, reporter)
    certifier, announced = Certifier(job.ground, job.fine_ground), False
    with _Crew(job.workers) as crew:
        moves = _square_outlines(job, sieve, reporter, crew)
        for polygons in _make_polygons(job, moves, _find_regions(job, sieve, certifier, reporter, crew), crew):
            certifier.see(polygons.rings, polygons.others)
            if polygons.chunk:
                certifier.add(polygons.chunk)
                write(polygons.chunk)
            if reporter.done and not announced:  # after the first row of tiles
                announced = _announce_many(certifier.count * job.rows.shape[0] / reporter.done, reporter)
    certificate = certifier.certify(job.categories, sieve.merged if sieve else 0)
    if certificate.gaps or certificate.overlaps or certificate.unmatched:
        said = (
            "The polygons do not fit together, which is an error of this program: please report it. aerialseg polygons "
            "--check FILE counts overlaps and edges that do not match."
        )
        reporter.message(Sentence("polygons-unfit", said), "warning")
    return certificate


def _announce_many(expected: float, reporter: Reporter) -> bool:
    """Say that there will be very many polygons, if so."""
    if expected <= MANY:
        return False
    said = "About {millions:,.0f} million polygons are to be expected, some {size:,.0f} GB."
    hint = "Merge small regions with --min-area, or smooth the classes with --majority."
    size = expected * BYTES_PER_POLYGON / 1e9
    told = Sentence("polygons-many", said, hint, millions=expected / 1e6, size=size)
    reporter.message(told.whole(), "warning")
    return True


class _Crew:
    """Threads that work on tiles; where there is one only, the caller's own.

    Args:
        workers: How many.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="polygons") if workers > 1 else None

    def __enter__(self) -> _Crew:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def begin(self, work: Callable[[T], U], item: T) -> Callable[[], U]:
        """Begin to work on something; what is returned waits for the result."""
        return self._pool.submit(work, item).result if self._pool else partial(work, item)

    def work(self, work: Callable[[T], U], items: Iterable[T]) -> Iterator[U]:
        """Work on all items; results come in order, as few as possible wait to be taken."""
        waiting: deque[Callable[[], U]] = deque()
        for item in items:
            waiting.append(self.begin(work, item))
            if len(waiting) > self.workers:
                yield waiting.popleft()()
        while waiting:
            yield waiting.popleft()()


@dataclass(frozen=True)
class _Polygons:
    """Polygons of whole regions, and those of them that are written."""

    rings: RingSet
    """All of them on the grid of the vertices."""
    others: NDArray[np.int64]
    """Indices of those that are not written."""
    chunk: PolygonChunk | None
    """What is written, None if it is nothing."""


def _find_regions(
    job: Job, sieve: SieveResult | None, certifier: Certifier, reporter: Reporter, crew: _Crew
) -> Iterator[Regions]:
    """Find the regions: of every tile those that lie within it, of every row of tiles those that are complete then."""
    tracer, stitcher = job.tracer, Stitcher(job.fine_ground.grid, TILE, diagonally=job.diagonally)
    reporter.start("polygons", job.rows.shape[0], "rows")
    for row in _read_rows(job, sieve, crew):
        for tile, (whole, pieces) in zip(row.tiles, crew.work(tracer.trace, row.tiles), strict=True):
            certifier.expect(tile.planes[0, 1:-1, 1:-1], tile.row, tile.col)
            stitcher.add(pieces, tile.col)
            if whole:
                yield whole
        complete = stitcher.end_row(last=row.is_last)
        if stitcher.held > TRIMMED:
            _trim_memory()
        yield from complete
        reporter.advance(row.height)


def _make_polygons(job: Job, moves: Displacements, regions: Iterable[Regions], crew: _Crew) -> Iterator[_Polygons]:
    """Make the polygons while regions are found; in order, as few as possible wait to be taken.

    A large polygon is drawn alone, as that takes many times its memory.
    """
    draw = partial(_draw_polygons, job, moves)
    waiting: deque[Callable[[], _Polygons]] = deque()
    for some in regions:
        alone = is_large(some.rings)
        while len(waiting) > (0 if alone or crew.workers == 1 else crew.workers):
            yield waiting.popleft()()
        if alone:
            yield draw(some)
        else:
            waiting.append(crew.begin(draw, some))
    while waiting:
        yield waiting.popleft()()


def _draw_polygons(job: Job, moves: Displacements, regions: Regions) -> _Polygons:
    """Draw the polygons of all regions, with the attributes of those that are written."""
    if len(regions.rings.vertex) > TRIMMED:
        _trim_memory()
    if len(moves):
        regions = replace(regions, rings=moves.apply(regions.rings))
    is_written = job.kept[regions.value]
    written, others = np.flatnonzero(is_written), np.flatnonzero(~is_written)
    kept = regions[written] if len(others) else regions
    chunk = None
    if len(written):
        chunk = make_chunk(kept, job.fine_ground, diagonally=job.diagonally, of_pixels=not job.refinement)
    return _Polygons(regions.rings, others, chunk)


def _sieve_regions(job: Job, reporter: Reporter) -> SieveResult | None:
    """Find out what becomes of small regions; None if they may stay."""
    if not job.config.min_area:
        return None
    rows, cols = job.rows.shape
    height = choose_strip_height(cols, job.config.memory)
    sieve = sieve_rows(job.rows, job.ground, job.config, plan_slabs(rows), height, reporter)
    said = "{count:,} regions below {area:g} {unit} went to a neighbour"
    reporter.message(
        Sentence("regions-merged", said, count=sieve.merged, area=job.config.min_area, unit=job.ground.unit)
    )
    return sieve


def _square_outlines(job: Job, sieve: SieveResult | None, reporter: Reporter, crew: _Crew) -> Displacements:
    """Find out where vertices go so that outlines are squared."""
    if not job.squared:
        return Displacements.collect([])
    outlines, tracer = job.outlines, job.tracer
    survey = OutlineSurvey(outlines)
    reporter.start("outlines", job.rows.shape[0], "rows")
    for row in _read_rows(job, sieve, crew):
        for tile in row.tiles:
            survey.add(find_outlines(outlines, tile, *tracer.trace(tile)), tile.col)
        survey.end_row(row.height, last=row.is_last)
        reporter.advance(row.height)
    said = "{squared:,} of {tried:,} outlines have right angles now"
    reporter.message(Sentence("outlines-squared", said, squared=survey.squared, tried=survey.tried))
    return survey.finish()


@dataclass(frozen=True)
class _TileRow:
    """A row of tiles."""

    tiles: list[Tile]
    """From left to right; valid until the next row."""
    height: int
    """Its rows, px."""
    is_last: bool
    """Whether the raster ends below it."""


def _read_rows(job: Job, sieve: SieveResult | None, crew: _Crew) -> Iterator[_TileRow]:
    """Read all rows of tiles; what the next one needs is read while one is worked on."""
    rows = SievedRows(job.rows, sieve, diagonally=job.diagonally) if sieve else job.rows
    slabs = (slab for slab in plan_slabs(job.rows.shape[0]) if slab[0] < slab[1])

    def read(slab: tuple[int, int]) -> NDArray[np.uint8]:
        pixels = np.empty((job.rows.planes, slab[1] - slab[0], job.rows.shape[1]), np.uint8)
        with gdal_environment(CACHE):
            rows.fill(pixels, slab[0])
        return pixels

    upcoming = crew.begin(read, next(slabs))

    def fill(out: NDArray[np.uint8], _start: int) -> None:
        nonlocal upcoming
        out[:] = upcoming()
        if slab := next(slabs, None):
            upcoming = crew.begin(read, slab)

    for tiles in read_tiles(fill, job.rows.shape, job.rows.planes):
        height = tiles[0].shape[0]
        yield _TileRow(tiles, height, tiles[0].row + height == job.rows.shape[0])


def _trim_memory() -> None:
    """Give free memory back to the system, where the C library can (glibc), as a large array may not fit into it."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim:
            trim(0)

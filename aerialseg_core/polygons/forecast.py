"""Forecast: how large a Shapefile would become, from a sample of its class raster, before it is begun."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.io import MemoryFile

from ..errors import ParameterError
from ..progress import Reporter
from ..raster.geodesy import choose_ground
from .geometry import PolygonChunk
from .pipeline import Job, polygonise
from .source import ClassRows, open_class_raster
from .writers import shapefile

SIDE = 256
"""Side of a window of the sample, px."""

WINDOWS = 4
"""Windows of the sample in a row and in a column."""


@dataclass
class Count:
    """What there is to write."""

    polygons: float = 0
    points: float = 0

    def add(self, chunk: PolygonChunk) -> None:
        """Count the polygons of a chunk."""
        self.polygons += len(chunk.wkb)
        self.points += chunk.points

    def scaled(self, factor: float) -> Count:
        """The same of an area that is so many times as large."""
        return Count(self.polygons * factor, self.points * factor)


def check_size(job: Job, path: Path, reporter: Reporter) -> None:
    """Refuse a Shapefile that would outgrow its format, before it is begun; other formats have no such end.

    Args:
        job: What becomes polygons.
        path: Where they go.
        reporter: Says whether the run was cancelled.

    Raises:
        ParameterError: It would.
    """
    if path.suffix.lower() != ".shp" or _size(job, _most(job)) <= shapefile.LIMIT:
        return
    size = _size(job, expected(job, reporter))
    if size > shapefile.LIMIT:
        raise ParameterError(
            f"The polygons would take about {size / 1e9:.3g} GB, and a Shapefile ends at 2 GB.", shapefile.REMEDY
        )


def expected(job: Job, reporter: Reporter) -> Count:
    """About how many polygons and points there will be, from up to 16 windows that are made polygons the same way.

    Args:
        job: What becomes polygons.
        reporter: Says whether the run was cancelled.
    """
    pixels, count = _sample(job.rows), Count()
    with _job_of(pixels, job) as sample:
        polygonise(sample, count.add, _Quiet(reporter))
    rows, cols = job.rows.shape
    return count.scaled(rows * cols / pixels.size)


def _most(job: Job) -> Count:
    """All that a raster may become: every pixel a polygon of its own, its corners cut in every round of smoothing."""
    rows, cols = job.rows.shape
    return Count(rows * cols, rows * cols * ((4 << job.config.smooth) + 1))


def _size(job: Job, count: Count) -> int:
    """Bytes of the larger file of a Shapefile: that of the shapes or that of their attributes."""
    polygons, points = round(count.polygons), round(count.points)
    shapes = shapefile.shapes_size(polygons, points, rings=polygons)
    return max(shapes, shapefile.table_size(job.layer, polygons))


def _sample(rows: ClassRows) -> NDArray[np.uint8]:
    """Windows that are spread evenly over a class raster, side by side."""
    across, down = (_spread(size) for size in reversed(rows.shape))
    return np.block([[rows.read_part(row, col) for col in across] for row in down])


def _spread(size: int) -> list[tuple[int, int]]:
    """Where windows begin and end along one axis of a raster."""
    side = min(SIDE, size)
    starts = np.linspace(0, size - side, min(WINDOWS, size // side)).astype(int).tolist()
    return [(start, start + side) for start in starts]


@contextmanager
def _job_of(pixels: NDArray[np.uint8], job: Job) -> Iterator[Job]:
    """The same job with other pixels, which lie in the middle of the raster."""
    height, width = pixels.shape
    rows, cols = job.rows.shape
    dataset = job.rows.dataset
    transform = dataset.transform * Affine.translation((cols - width) // 2, (rows - height) // 2)
    profile = {"driver": "GTiff", "height": height, "width": width, "count": 1, "dtype": "uint8"}
    with MemoryFile() as memory:
        with memory.open(crs=dataset.crs, transform=transform, **profile) as written:
            written.write(pixels, 1)
        with open_class_raster(memory.name) as sample:
            ground = choose_ground(dataset.crs.to_wkt() if dataset.crs else None, transform, (height, width))
            yield replace(job, rows=ClassRows(sample, side=job.rows.side), ground=ground)


class _Quiet(Reporter):
    """Says nothing, but stops where another one does."""

    def __init__(self, reporter: Reporter) -> None:
        super().__init__()
        self._reporter = reporter

    def check(self) -> None:
        self._reporter.check()

"""Blocks: the finished parts of a run on disk, so that a run that was killed continues where it was.

Every finished block is a small GeoTIFF in a folder beside the target, with a checksum at its end, renamed into place
when it is complete; one that is not whole any more is computed again. At the end a virtual mosaic over all blocks
becomes the Cloud-Optimized GeoTIFF (`class_raster`), which is read back and compared with the blocks, and all outputs
of the run are renamed together.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError

from ..errors import OutputError
from ..files.checksum import append_checksum, has_valid_checksum
from ..files.outputs import check_free, make_output_error
from ..raster.class_raster import COG_BLOCK, OUTPUT_CACHE, Layer, RasterGrid, read_overviews, rename_raster, write_cog
from ..raster.opening import create_raster, gdal_environment
from ..raster.window import Window, spans

Bytes = NDArray[np.uint8]

_COMPARED_AT_A_TIME = 8 * COG_BLOCK
_JOB_FILE = "job.json"
_PUBLISHING = "publishing"


class BlockStore:
    """The finished blocks of one run, in a folder beside the target.

    Args:
        layers: The rasters to write; the folder is named after the first one.
        grid: Their pixels.
        job: Fingerprint of everything that determines the result; blocks of another job are thrown away.

    Raises:
        OutputError: The folder cannot be written.
    """

    def __init__(self, layers: list[Layer], grid: RasterGrid, job: str) -> None:
        self._layers = layers
        self._grid = grid
        self.folder = _find_folder(layers[0].path)
        with self._raise_output_errors():
            if self.folder.exists() and _read_job(self.folder) != job:
                shutil.rmtree(self.folder)
            if not self.folder.exists():  # what is there already must survive a kill at any moment
                self.folder.mkdir(0o700)
                try:
                    (self.folder / _JOB_FILE).write_text(json.dumps({"job": job}), encoding="utf-8")
                except OSError:
                    self.discard()
                    raise

    @property
    def layer_count(self) -> int:
        """Rasters that are written."""
        return len(self._layers)

    def _block_path(self, layer: int, window: Window) -> Path:
        return self.folder / f"{layer}-{window.row}-{window.col}-{window.height}-{window.width}.tif"

    def has(self, window: Window) -> bool:
        """Tell whether this block is finished, and whole still."""
        return all(has_valid_checksum(self._block_path(i, window)) for i in range(len(self._layers)))

    def write(self, window: Window, arrays: list[NDArray[np.uint8]]) -> None:
        """Store a finished block.

        Args:
            window: Its place in the output.
            arrays: One of shape (rows, cols) for each layer.

        Raises:
            OutputError: The disk is full.
        """
        for index, (layer, array) in enumerate(zip(self._layers, arrays, strict=True)):
            target = self._block_path(index, window)
            temporary = target.with_suffix(".part")
            with self._raise_output_errors():
                with create_raster(
                    temporary,
                    driver="GTiff",
                    height=window.height,
                    width=window.width,
                    count=1,
                    dtype="uint8",
                    nodata=layer.nodata,
                    compress="deflate",
                    zlevel=1,
                    tiled=True,
                    blockxsize=COG_BLOCK,
                    blockysize=COG_BLOCK,
                    transform=Affine.identity(),
                ) as dataset:
                    dataset.write(array, 1)
                append_checksum(temporary)
                os.replace(temporary, target)

    def build(self, windows: list[Window]) -> list[Path]:
        """Make the final raster of each layer out of its blocks, in the folder of the blocks, and read it back.

        Raises:
            OutputError: The disk is full, or does not give back what was written.
        """
        cogs = [self.folder / f"{index}-cog.tif" for index in range(len(self._layers))]
        with self._raise_output_errors(), gdal_environment(OUTPUT_CACHE):
            for index, (layer, cog) in enumerate(zip(self._layers, cogs, strict=True)):
                blocks = [(self._block_path(index, window).name, window) for window in windows]
                write_cog(cog, layer, self._grid, blocks)
                self._compare(index, cog, windows)
        return cogs

    def _compare(self, layer: int, cog: Path, windows: list[Window]) -> None:
        """Refuse a raster that is not made of the blocks: GDAL reports neither all that it could not write nor read."""
        target = self._layers[layer].path
        with rasterio.open(cog) as dataset:
            for window in windows:
                block = self._block_path(layer, window)
                if not has_valid_checksum(block):
                    block.unlink(missing_ok=True)
                    raise OutputError(
                        f"A block of {target} was damaged on the disk.", "Run it again: that block is computed anew."
                    )
                with rasterio.open(block) as stored:
                    if not all(
                        np.array_equal(dataset.read(1, window=part.slices), stored.read(1, window=own.slices))
                        for part, own in _cut_block(window)
                    ):
                        raise make_output_error(OSError(), target) or OutputError(
                            f"{target} was not written as it should be.", "Check its disk, and run it again."
                        )
        read_overviews(cog)

    def publish(self, outputs: dict[Path, Path], *, overwrite: bool) -> None:
        """Rename finished files to their final names, and remove the folder.

        Args:
            outputs: The finished file of each final name. The last one is there only when all are.
            overwrite: Whether what is there by now is replaced.

        Raises:
            OutputError: A target cannot be written, or is there and may not be replaced.
        """
        with self._raise_output_errors():
            for target in outputs:
                check_free(target, overwrite=overwrite)
            (self.folder / _PUBLISHING).touch()
            for target, finished in outputs.items():
                rename_raster(finished, target, overwrite=overwrite)
        self.discard()

    def keep_finished(self) -> None:
        """Remove all but the finished blocks, and the folder if there is none."""
        finished = set(self.folder.glob("*-*-*-*-*.tif"))
        if not finished:
            self.discard()
            return
        for path in set(self.folder.iterdir()) - finished - {self.folder / _JOB_FILE}:
            path.unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove the folder with all its blocks."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def _raise_output_errors(self) -> Iterator[None]:
        try:
            yield
        except OutputError:
            raise
        except (OSError, RasterioError, CPLE_BaseError) as error:
            target = self._layers[0].path
            raise (
                make_output_error(error, target)
                or OutputError(f"{target} cannot be written: {error}.", "Check its folder.")
            ) from error


class BlockWriter:
    """Collects pieces into blocks and stores each complete block in a thread of its own.

    Args:
        store: Where the blocks go.
        blocks: The blocks to fill, from top to bottom, as windows of the same raster as the pieces.
        origin: The window of that raster that the output is.
    """

    def __init__(self, store: BlockStore, blocks: list[Window], origin: Window) -> None:
        self._store, self._origin = store, origin
        self._waiting = blocks
        self._open: dict[Window, list[Bytes]] = {}
        self._missing = {block: block.height * block.width for block in blocks}
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._writing: Future[None] | None = None

    def __enter__(self) -> BlockWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown()
        if error is None and self._writing:
            self._writing.result()

    def add(self, window: Window, arrays: list[Bytes]) -> None:
        """Add a piece.

        Args:
            window: Its place.
            arrays: One of shape (rows, cols) for each layer of the store; any more are not kept.

        Raises:
            OutputError: An earlier block could not be written.
        """
        for block in self._waiting:
            part = window.intersection(block)
            if part is None:
                if block.row >= window.row + window.height:
                    break
                continue
            inside, outside = part.relative_to(block).slices, part.relative_to(window).slices
            if block not in self._open:
                self._open[block] = [np.empty(block.shape, np.uint8) for _ in range(self._store.layer_count)]
            for stored, array in zip(self._open[block], arrays, strict=False):
                stored[inside] = array[outside]
            self._missing[block] -= part.height * part.width
        while self._waiting and not self._missing[self._waiting[0]]:
            finished = self._waiting.pop(0)
            if self._writing:
                self._writing.result()  # at most one block waits: memory stays bounded
            own = finished.relative_to(self._origin)
            self._writing = self._pool.submit(self._store.write, own, self._open.pop(finished))


def was_publishing(target: Path, job: str) -> bool:
    """Tell whether a run of this job ended while it renamed its outputs, so that some may be in place already."""
    return _read_job(_find_folder(target)) == job and (_find_folder(target) / _PUBLISHING).exists()


def _find_folder(target: Path) -> Path:
    return target.absolute().with_name(f".{target.name}.blocks")


def _read_job(folder: Path) -> str | None:
    try:
        stored = json.loads((folder / _JOB_FILE).read_text(encoding="utf-8"))
        return str(stored["job"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _cut_block(window: Window) -> Iterator[tuple[Window, Window]]:
    """Cut a block, which may be as wide as the raster, into parts: each a window of the raster and one of the block."""
    for left, right in spans(0, window.width, _COMPARED_AT_A_TIME):
        own = Window(0, left, window.height, right - left)
        yield Window(window.row, window.col + left, own.height, own.width), own

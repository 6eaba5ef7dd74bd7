"""Blocks: the finished parts of a run on disk, so that a run that was killed continues where it was.

Every finished block is a small GeoTIFF in a folder beside the target, with a checksum at its end, renamed into place
when it is complete; one that is not whole any more is computed again. At the end a virtual mosaic over all blocks
becomes the Cloud-Optimized GeoTIFF (`class_raster`), which is read back and compared with the blocks, and all outputs
of the run are renamed together.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError

from ..errors import AerialSegError, EngineError, OutputError
from ..files.checksum import append_checksum, has_valid_checksum
from ..files.outputs import check_free, flush_file, flush_folder, make_output_error
from ..model.engines import EngineIdentity
from ..raster.class_raster import (
    COG_BLOCK,
    ENGINE_TAG,
    OUTPUT_CACHE,
    PROBE_TAG,
    Layer,
    LayerKind,
    RasterGrid,
    read_overviews,
    rename_raster,
    write_cog,
)
from ..raster.class_values import count_values
from ..raster.opening import create_raster, gdal_environment, open_written
from ..raster.window import Window, spans

Bytes = NDArray[np.uint8]

_COMPARED_AT_A_TIME = 8 * COG_BLOCK
_JOB_FILE = "job.json"
_ENGINE_FILE = "engine.json"
_OTHER_ENGINE = "engine-"
_PUBLISHING = "publishing"
_UNFINISHED = ".part"


class BlockStore:
    """The finished blocks of one job, in a folder beside the target, to which several processes may add at a time.

    Args:
        layers: The rasters to write, that of the classes first; the folder is named after it.
        grid: Their pixels.
        job: Fingerprint of everything that determines the result, apart from what the engine is (`sign`).
    """

    def __init__(self, layers: list[Layer], grid: RasterGrid, job: str) -> None:
        self._layers = layers
        self._grid = grid
        self._job = job
        self.folder = find_block_folder(layers[0].path)

    @property
    def layer_count(self) -> int:
        """Rasters that are written."""
        return len(self._layers)

    @property
    def kinds(self) -> frozenset[LayerKind]:
        """What they show."""
        return frozenset(layer.kind for layer in self._layers)

    @property
    def was_publishing(self) -> bool:
        """Whether a run of this job ended while it renamed its outputs, so that some may be in place already."""
        return _read_facts(self.folder / _JOB_FILE).get("job") == self._job and (self.folder / _PUBLISHING).exists()

    @property
    def is_shared(self) -> bool:
        """Whether several processes add to the folder: none of them may throw away what others have done."""
        return bool(_read_facts(self.folder / _JOB_FILE).get("shared"))

    def enter(self, *, shared: bool = False, overwrite: bool = False) -> bool:
        """Make the folder, or continue in it; blocks of another job are thrown away.

        Args:
            shared: Whether other processes add to it too; from then on it is shared.
            overwrite: Whether what several processes have done for another job may be thrown away.

        Returns:
            Whether there were blocks of which nobody knows any more what they are of: they are thrown away.

        Raises:
            OutputError: The folder cannot be written, or holds what several processes have done for another job, or for
                one that nobody knows any more.
        """
        with self._raise_output_errors():
            found = _read_facts(self.folder / _JOB_FILE)
            lost = not found and self._holds_blocks()
            if lost and shared and not overwrite:  # another process may have begun anew by now
                raise self._make_unknown(_JOB_FILE)
            if lost:
                shutil.rmtree(self.folder)
            if self.folder.exists() and found.get("job") != self._job:
                if found.get("shared") and not overwrite:
                    raise OutputError(
                        "blocks-of-another",
                        "What shards or a cluster have computed for {path} is of another scene, model or parameters.",
                        "Give the options that they had, or throw it away with --overwrite ({folder}).",
                        path=self._layers[0].path,
                        folder=self.folder,
                    )
                if found or not shared:  # where there is nothing, another process may be about to write it
                    shutil.rmtree(self.folder)
            self.folder.mkdir(0o700, exist_ok=True)  # what is there already must survive a kill at any moment
            if found.get("job") != self._job or (shared and not found.get("shared")):
                try:
                    self._write_facts(_JOB_FILE, {"job": self._job, "shared": shared})
                except OSError:
                    if not shared:
                        self.discard()
                    raise
        return lost

    def _holds_blocks(self) -> bool:
        return any(self.folder.glob("*-*-*-*-*.tif"))

    def _make_unknown(self, name: str) -> OutputError:
        """Make the error that says that a small file of the folder was lost, as in a power cut."""
        return OutputError(
            "blocks-unknown",
            "Nobody knows any more what has computed the blocks for {path}, as {file} is damaged.",
            "Remove {folder}, and have them computed again.",
            path=self._layers[0].path,
            file=self.folder / name,
            folder=self.folder,
        )

    def sign(self, engine: EngineIdentity, *, allow_mixed: bool = False) -> bool:
        """Say what will compute blocks, before they are: all of a raster must come from what gives the same scores.

        What another engine has computed is thrown away, unless the folder is shared.

        Returns:
            Whether it was, so that all blocks are missing now.

        Raises:
            EngineError: It is shared, the others compute other scores, and that is not allowed.
            OutputError: It is shared, and nobody knows any more what the others compute.
        """
        with self._raise_output_errors():
            self._write_facts(_ENGINE_FILE, asdict(engine), replace=False)
            first = _read_facts(self.folder / _ENGINE_FILE)
            if not first and not self._holds_blocks():
                self._write_facts(_ENGINE_FILE, asdict(engine))
                first = _read_facts(self.folder / _ENGINE_FILE)
            if first.get("probe") == engine.probe:
                return False
            if allow_mixed:
                self._write_facts(f"{_OTHER_ENGINE}{engine.probe}.json", asdict(engine))
            elif self.is_shared and not first:
                raise self._make_unknown(_ENGINE_FILE)
            elif self.is_shared:
                raise EngineError(
                    "machine-scores-differ",
                    "This machine ({engine}) computes other scores than the one that began ({first}).",
                    "Let machines of one kind with the same packages work on a raster, or take it with --allow-mixed.",
                    engine=engine,
                    first=_describe(first),
                )
            else:
                shutil.rmtree(self.folder)
                self.enter()
                self._write_facts(_ENGINE_FILE, asdict(engine))
                return True
        return False

    def _write_facts(self, name: str, facts: dict[str, Any], *, replace: bool = True) -> None:
        """Write a small file whole, which outlives a power cut as the blocks do that are nothing without it.

        If it may not replace one, the first of several processes wins.
        """
        target, temporary = self.folder / name, self._make_temporary(name)
        try:
            temporary.write_text(json.dumps(facts), encoding="utf-8")
            flush_file(temporary)
            if replace:
                os.replace(temporary, target)
            else:
                os.link(temporary, target)
        except FileExistsError:
            pass
        except OSError:
            if replace or target.exists():
                raise
            os.replace(temporary, target)  # a file system without links
        finally:
            temporary.unlink(missing_ok=True)
        flush_folder(self.folder)

    def _make_temporary(self, name: str) -> Path:
        """Name a file that is not finished; no two processes have the same."""
        return self.folder / f"{name}.{secrets.token_hex(4)}{_UNFINISHED}"

    def _block_path(self, layer: int, window: Window) -> Path:
        return self.folder / f"{layer}-{window.row}-{window.col}-{window.height}-{window.width}.tif"

    def has(self, window: Window) -> bool:
        """Tell whether this block is finished, and whole still."""
        return all(has_valid_checksum(self._block_path(i, window)) for i in range(len(self._layers)))

    def find_tiles(self, spans: Sequence[tuple[int, int]]) -> list[list[Window] | None]:
        """Find finished blocks that together are some rows of the output; None where some are missing.

        Runs with other memory have cut the same rows otherwise, so blocks may overlap: of those that are whole, as few
        are taken as reach from the left to the right.

        Args:
            spans: Rows `[start, stop)` of the output, each as high as the blocks there.
        """
        rights: dict[tuple[int, int], dict[int, list[int]]] = {}
        for path in self.folder.glob("0-*-*-*-*.tif"):
            row, col, height, width = (int(part) for part in path.stem.split("-")[1:])
            rights.setdefault((row, row + height), {}).setdefault(col, []).append(col + width)
        return [self._chain(span, rights.get(span, {})) for span in spans]

    def _chain(self, span: tuple[int, int], rights: dict[int, list[int]]) -> list[Window] | None:
        """Chain blocks of some rows, given where those that begin at a column end, over the whole width."""
        reached: dict[int, list[Window]] = {0: []}
        for left in sorted(rights):
            for right in rights[left] if left in reached else ():
                tiles = [*reached[left], Window(span[0], left, span[1] - span[0], right - left)]
                better = right not in reached or len(tiles) < len(reached[right])
                if better and self.has(tiles[-1]):
                    reached[right] = tiles
        return reached.get(self._grid.shape[1])

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
            temporary = self._make_temporary(target.stem)
            with self._raise_output_errors():
                try:
                    with create_raster(
                        temporary,
                        driver="GTiff",
                        height=window.height,
                        width=window.width,
                        count=1,
                        dtype="uint8",
                        nodata=layer.nodata,
                        compress="zstd",
                        zstd_level=1,
                        predictor=1 if layer.scheme else 2,  # differences of neighbours, which numbers are like
                        tiled=True,
                        blockxsize=COG_BLOCK,
                        blockysize=COG_BLOCK,
                        transform=Affine.identity(),
                    ) as dataset:
                        dataset.write(array, 1)
                    append_checksum(temporary)
                    os.replace(temporary, target)
                finally:
                    temporary.unlink(missing_ok=True)
        flush_folder(self.folder)

    def remove(self, window: Window) -> None:
        """Remove a block, if it is there."""
        for layer in range(len(self._layers)):
            self._block_path(layer, window).unlink(missing_ok=True)

    def build(self, windows: list[Window]) -> list[Path]:
        """Make the final raster of each layer out of its blocks, in the folder of the blocks, and read it back.

        Their tags tell which engines have computed the blocks.

        Args:
            windows: The blocks, which tile the output.

        Raises:
            OutputError: The disk is full, or does not give back what was written.
        """
        cogs = [self.folder / f"{index}-cog.tif" for index in range(len(self._layers))]
        signed = (self.folder / _ENGINE_FILE, *self._list_other_engines())
        engines = [facts for facts in map(_read_facts, signed) if facts]
        tags = {
            ENGINE_TAG: "; ".join(dict.fromkeys(map(_describe, engines))),
            PROBE_TAG: "; ".join(str(one.get("probe")) for one in engines),
        }
        layers = [replace(layer, tags={**layer.tags, **tags}) for layer in self._layers]
        first, *others = zip(range(len(layers)), layers, cogs, strict=True)
        with self._raise_output_errors(), ThreadPoolExecutor(len(cogs), thread_name_prefix="build") as pool:
            jobs = [pool.submit(self._build_layer, *other, windows) for other in others]
            self._build_layer(*first, windows)  # in this thread: alone it is done sooner than a new one is set up
            for job in jobs:
                job.result()
        return cogs

    def _build_layer(self, index: int, layer: Layer, cog: Path, windows: list[Window]) -> None:
        blocks = [(self._block_path(index, window).name, window) for window in windows]
        with gdal_environment(OUTPUT_CACHE):
            write_cog(cog, layer, self._grid, blocks)
            self._compare(index, cog, windows)

    def _compare(self, layer: int, cog: Path, windows: list[Window]) -> None:
        """Refuse a raster that is not made of the blocks: GDAL reports neither all that it could not write nor read."""
        target = self._layers[layer].path
        with open_written(cog) as dataset:
            overviews = len(dataset.overviews(1))
            for window in windows:
                block = self._block_path(layer, window)
                if not has_valid_checksum(block):
                    block.unlink(missing_ok=True)
                    raise OutputError(
                        "block-damaged",
                        "A block of {path} was damaged on the disk.",
                        "Run it again: that block is computed anew.",
                        path=target,
                    )
                with open_written(block) as stored:
                    if not all(
                        np.array_equal(dataset.read(1, window=part.slices), stored.read(1, window=own.slices))
                        for part, own in _cut_block(window)
                    ):
                        raise make_output_error(OSError(), target) or OutputError(
                            "output-written-wrong",
                            "{path} was not written as it should be.",
                            "Check its disk, and run it again.",
                            path=target,
                        )
        read_overviews(cog, overviews)

    def publish(
        self, outputs: dict[Path, Path], *, overwrite: bool, move: Callable[..., object] = rename_raster
    ) -> None:
        """Rename finished files to their final names, and remove the folder.

        Args:
            outputs: The finished file of each final name. The last one is there only when all are.
            overwrite: Whether what is there by now is replaced.
            move: What puts a file in its place, called as `rename_raster` is.

        Raises:
            OutputError: A target cannot be written, or is there and may not be replaced.
        """
        with self._raise_output_errors():
            for target in outputs:
                check_free(target, overwrite=overwrite)
            (self.folder / _PUBLISHING).touch()
            for target, finished in outputs.items():
                move(finished, target, overwrite=overwrite)
        self.discard()

    def _list_other_engines(self) -> list[Path]:
        return sorted(self.folder.glob(f"{_OTHER_ENGINE}*.json"))

    def keep_finished(self, *, uploads: bool = False) -> None:
        """Remove all but the finished blocks, and the folder if there is none; nothing where others work on it.

        Args:
            uploads: Whether it is kept that outputs may be in place, as an upload that failed may be tried again.
        """
        if self.is_shared:
            return
        finished = set(self.folder.glob("*-*-*-*-*.tif"))
        if not finished:
            self.discard()
            return
        kept = {*finished, self.folder / _JOB_FILE, self.folder / _ENGINE_FILE, *self._list_other_engines()}
        kept |= {self.folder / _PUBLISHING} if uploads else set()
        for path in set(self.folder.iterdir()) - kept:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove the folder with all its blocks."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def _raise_output_errors(self) -> Iterator[None]:
        try:
            yield
        except AerialSegError:
            raise
        except (OSError, RasterioError, CPLE_BaseError) as error:
            target = self._layers[0].path
            reason = " ".join(str(error.__cause__ or error).split()).rstrip(".")
            raise (
                make_output_error(error, target)
                or OutputError(
                    "output-not-written",
                    "{path} cannot be written: {reason}.",
                    "Check its folder, its disk and your quota.",
                    path=target,
                    reason=reason,
                )
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
        self._waiting = list(blocks)
        self._open: dict[Window, list[Bytes]] = {}
        self._missing = {block: block.height * block.width for block in blocks}
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._writing: Future[None] | None = None
        self._counts = np.zeros(256, np.int64)

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
            self._writing = self._pool.submit(self._write, own, self._open.pop(finished))

    def _write(self, window: Window, arrays: list[Bytes]) -> None:
        self._store.write(window, arrays)
        self._counts += count_values(arrays[0])

    @property
    def pixels(self) -> dict[int, int]:
        """Pixels of each class id in the blocks, 0 = no data; whole when the context has ended."""
        return {int(one): int(self._counts[one]) for one in np.flatnonzero(self._counts)}


def find_block_folder(target: Path) -> Path:
    """Find the folder where the blocks of a class raster are."""
    return target.absolute().with_name(f".{target.name}.blocks")


def _read_facts(path: Path) -> dict[str, Any]:
    """Read a small file of the folder; nothing where it is missing or damaged."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return stored if isinstance(stored, dict) else {}


def _describe(engine: dict[str, Any]) -> str:
    return " ".join(str(engine[key]) for key in ("name", "version", "precision") if engine.get(key))


def _cut_block(window: Window) -> Iterator[tuple[Window, Window]]:
    """Cut a block, which may be as wide as the raster, into parts: each a window of the raster and one of the block."""
    for left, right in spans(0, window.width, _COMPARED_AT_A_TIME):
        own = Window(0, left, window.height, right - left)
        yield Window(window.row, window.col + left, own.height, own.width), own

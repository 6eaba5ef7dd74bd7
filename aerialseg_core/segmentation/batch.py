"""A folder of scenes with one loaded model: continues after a bad file, does only what is missing."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..config import SegmentConfig, SegmentOptions
from ..errors import AerialSegError, Cancelled, OutputError, RasterReadError
from ..files.locks import lock
from ..files.outputs import lock_outputs, raise_output_errors
from ..progress import Reporter
from ..raster.class_raster import read_job
from ..redaction import redacted
from .folder_range import share_range
from .planning import check_square, plan_scene
from .predictor import Predictor, load_predictor
from .segment import Outputs, check_confidence, fingerprint_job, is_outdated, limit_gdal, segment_scene
from .selection import PATTERNS, select_scenes

if TYPE_CHECKING:
    from typing_extensions import Unpack  # of `typing` from Python 3.11 on

_LOCK = ".batch.lock"


@dataclass(frozen=True)
class SceneStatus:
    """What became of one scene."""

    source: str
    status: Literal["done", "skipped", "failed"]
    """Skipped: this model with these parameters had done it already."""
    output: str
    """The class raster."""
    error: str = ""
    """Why it failed."""


@dataclass(frozen=True)
class _Wanted:
    """What is written for each scene."""

    folder: Path
    polygons: bool
    confidence: bool
    overwrite: bool

    def outputs(self, relative: Path) -> Outputs:
        """Where the results of a scene go; the sub-folders are those of the input."""
        base = self.folder / relative.parent / relative.stem
        return Outputs(
            base.with_name(f"{relative.stem}_classes.tif"),
            base.with_name(f"{relative.stem}_confidence.tif") if self.confidence else None,
            base.with_name(f"{relative.stem}_classes.gpkg") if self.polygons else None,
            self.overwrite,
        )


def batch(
    folder: str | Path,
    output: str | Path,
    *,
    pattern: str | Sequence[str] = PATTERNS,
    polygons: bool = False,
    confidence: bool = False,
    overwrite: bool = False,
    reporter: Reporter | None = None,
    **options: Unpack[SegmentOptions],
) -> list[SceneStatus]:
    """Segment every raster of a folder.

    Args:
        folder: Where the scenes are.
        output: Folder for the results, made if it is missing.
        pattern: Which files are scenes, as in `Path.glob` but in capital or small letters alike: `**/*.tif` searches
            sub-folders too; several patterns, or one text with commas between them. What lies beside rasters, and
            maps that aerialseg has made, are passed over.
        polygons: Whether class polygons are written.
        confidence: Whether confidence rasters are written.
        overwrite: Whether results of other models or parameters may be replaced.
        reporter: Receives progress and messages.
        **options: Fields of `SegmentConfig`. Its range is one for all rasters unless it is `per-raster`; it is the one
            of the maps that are in the output folder already, unless these may be replaced.

    Returns:
        What became of each scene, in the order of their names. A scene that failed does not stop the others.

    Raises:
        DataError: The folder is missing, holds no such file, or two whose results would have the same name.
        OutputError: The output folder cannot be made, or another run is writing to it.
        ModelError, EngineError, ParameterError: As `segment`.
        Cancelled: The run was cancelled.
    """
    source, target = Path(folder), Path(output)
    config = SegmentConfig(**options)
    reporter = reporter or Reporter()
    selection = select_scenes(source, target, pattern)
    scenes = selection.scenes
    if selection.passed_over:
        reporter.message(selection.passed_over)
    wanted = _Wanted(target, polygons, confidence, overwrite)
    predictor = load_predictor(config, check=reporter.check)
    if confidence:
        check_confidence(predictor)
    check_square(predictor.model.card, config)
    results = []
    with _reserved_folder(target):
        maps = (wanted.outputs(path.relative_to(source)).classes for path in scenes)
        config = share_range(config, scenes, maps, predictor.model, anew=overwrite, reporter=reporter)
        for number, path in enumerate(scenes, start=1):
            reporter.check()
            reporter.part(number, len(scenes), str(path))
            outputs = wanted.outputs(path.relative_to(source))
            results.append(_one(path, outputs, predictor, config, reporter))
    return results


def format_table(results: list[SceneStatus]) -> str:
    """The results for people: a line a scene, and the counts."""
    width = max(len(result.source) for result in results)
    lines = [f"{r.source:<{width}}  {r.status:<7}  {r.error or r.output}" for r in results]
    counts = {status: sum(r.status == status for r in results) for status in ("done", "skipped", "failed")}
    text = "\n".join([*lines, ", ".join(f"{count} {status}" for status, count in counts.items())])
    return text.encode("utf-8", "backslashreplace").decode()  # names of files need not be UTF-8


@contextmanager
def _reserved_folder(folder: Path) -> Iterator[None]:
    """Make the folder of the results, and keep other runs from it; what shows that lies in it, as it is never moved."""
    _make_folder(folder)
    with ExitStack() as stack:
        with raise_output_errors(folder / _LOCK):
            stack.enter_context(lock(folder, "batch", folder / _LOCK))
        yield


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"The output folder {folder} cannot be made: {error.strerror}.", "Choose another one."
        ) from error


def _one(path: Path, outputs: Outputs, predictor: Predictor, config: SegmentConfig, reporter: Reporter) -> SceneStatus:
    try:
        _check_name(path)
        _make_folder(outputs.classes.parent)
        with lock_outputs("batch", *outputs.paths):
            state = _looked_at(path, outputs, predictor, config)
            if state == "done":
                return SceneStatus(str(path), "skipped", str(outputs.classes))
            if state == "outdated":
                reporter.message(f"{path} has changed since its map was made: it is made again.")
                outputs = replace(outputs, overwrite=True)
            segment_scene(str(path), outputs, predictor, config, reporter)
    except Cancelled:
        raise
    except Exception as error:  # noqa: BLE001 - the border of a scene: whatever is wrong with one, the others are done
        reason = _reason(error)
        reporter.message(f"{path} failed: {reason}", level="warning")
        return SceneStatus(str(path), "failed", str(outputs.classes), reason)
    return SceneStatus(str(path), "done", str(outputs.classes))


def _reason(error: Exception) -> str:
    """Why a scene failed; of what aerialseg did not foresee the log has more."""
    if isinstance(error, AerialSegError):
        return str(error)
    if isinstance(error, MemoryError):
        return "The memory is full. Close other programs, or allow the run less with --memory."
    logging.getLogger(__name__).error("unforeseen error", exc_info=error)
    return redacted(f"Unforeseen {type(error).__name__}: {error}. Please report it with the log.")


def _check_name(path: Path) -> None:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        shown = os.fsencode(path).decode("utf-8", "backslashreplace")
        raise RasterReadError(f"The name {shown} is no UTF-8, so GDAL cannot open it.", "Rename it.") from None


def _looked_at(
    path: Path, outputs: Outputs, predictor: Predictor, config: SegmentConfig
) -> Literal["done", "outdated", "to do"]:
    """Whether all outputs exist and the class raster was made by this very job, or of an earlier state of the scene."""
    if not all(output.exists() for output in outputs.paths):
        return "to do"
    with limit_gdal(config), plan_scene(str(path), predictor.model.card, config) as (made, _):
        if read_job(outputs.classes) == fingerprint_job(made, predictor, outputs):
            return "done"
        return "outdated" if is_outdated(made, predictor, outputs) else "to do"

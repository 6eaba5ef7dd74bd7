"""A folder of scenes with one loaded model: goes on after a bad file, does only what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from .classraster import stored_job
from .config import SegmentConfig
from .errors import AerialSegError, Cancelled, DataError, OutputError
from .folder_range import with_folder_range
from .locks import lock
from .outputs import explained, reserved
from .planning import check_square, planned
from .predictor import Predictor, load_predictor
from .progress import Reporter
from .segmentation import Outputs, gdal, job_of, run

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
    pattern: str = "*.tif",
    polygons: bool = False,
    confidence: bool = False,
    overwrite: bool = False,
    reporter: Reporter | None = None,
    **options: Any,
) -> list[SceneStatus]:
    """Segment every raster of a folder.

    Args:
        folder: Where the scenes are.
        output: Folder for the results, made if it is missing.
        pattern: Which files are scenes, as in `Path.glob`: `**/*.tif` searches sub-folders too.
        polygons: Whether class polygons are written.
        confidence: Whether confidence rasters are written.
        overwrite: Whether results of other models or parameters may be replaced.
        reporter: Receives progress and messages.
        **options: Fields of `SegmentConfig`. Its range is one for all rasters unless it is `per-raster`; it is the one
            of the maps that are in the output folder already, unless these may be replaced.

    Returns:
        What became of each scene, in the order of their names. A scene that failed does not stop the others.

    Raises:
        DataError: The folder is missing or holds no such file.
        OutputError: The output folder cannot be made.
        ModelError, EngineError, ParameterError: As `segment`.
        Cancelled: The run was cancelled.
    """
    source, target = Path(folder), Path(output)
    config = SegmentConfig(**options)
    scenes = list(_scenes(source, target, pattern))
    wanted = _Wanted(target, polygons, confidence, overwrite)
    predictor = load_predictor(config)
    check_square(predictor.model.card, config)
    reporter = reporter or Reporter()
    results = []
    with _reserved_folder(target):
        maps = (wanted.outputs(path.relative_to(source)).classes for path in scenes)
        config = with_folder_range(config, scenes, maps, predictor.model, anew=overwrite, reporter=reporter)
        for number, path in enumerate(scenes, start=1):
            reporter.check()
            reporter.part(number, len(scenes), str(path))
            outputs = wanted.outputs(path.relative_to(source))
            results.append(_one(path, outputs, predictor, config, reporter))
    return results


def table(results: list[SceneStatus]) -> str:
    """The results for people: a line a scene, and the counts."""
    width = max(len(result.source) for result in results)
    lines = [f"{r.source:<{width}}  {r.status:<7}  {r.error or r.output}" for r in results]
    counts = {status: sum(r.status == status for r in results) for status in ("done", "skipped", "failed")}
    return "\n".join([*lines, ", ".join(f"{count} {status}" for status, count in counts.items())])


def _scenes(folder: Path, output: Path, pattern: str) -> Iterator[Path]:
    if not folder.is_dir():
        raise DataError(f"There is no folder {folder}.", "Check the path.")
    if output.exists() and output.samefile(folder):
        raise OutputError(f"The output folder {output} is also the folder of the scenes.", "Choose another one.")
    found = sorted(folder.glob(pattern))
    inside = output.absolute()
    scenes = [path for path in found if path.is_file() and inside not in path.absolute().parents]
    if not scenes:
        raise DataError(f"{folder} holds no file {pattern}.", "Choose another --pattern, or add --recursive.")
    named = {path.with_suffix(""): path for path in scenes}
    for path in scenes:
        if (other := named[path.with_suffix("")]) != path:
            raise DataError(f"{path} and {other} would give results of the same name.", "Choose another --pattern.")
    yield from scenes


@contextmanager
def _reserved_folder(folder: Path) -> Iterator[None]:
    """Make the folder of the results, and keep other runs from it; what shows that lies in it, as it is never moved."""
    _make_folder(folder)
    with ExitStack() as stack:
        with explained(folder / _LOCK):
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
        _make_folder(outputs.classes.parent)
        with reserved("batch", *outputs.paths):
            if _is_done(path, outputs, predictor, config):
                return SceneStatus(str(path), "skipped", str(outputs.classes))
            run(str(path), outputs, predictor, config, reporter)
    except Cancelled:
        raise
    except AerialSegError as error:
        reporter.message(f"{path} failed: {error}", level="warning")
        return SceneStatus(str(path), "failed", str(outputs.classes), str(error))
    return SceneStatus(str(path), "done", str(outputs.classes))


def _is_done(path: Path, outputs: Outputs, predictor: Predictor, config: SegmentConfig) -> bool:
    """Whether all outputs exist and the class raster was made by this very job."""
    if not all(output.exists() for output in outputs.paths):
        return False
    with gdal(config), planned(str(path), predictor.model.card, config) as (made, _):
        return stored_job(outputs.classes) == job_of(made, predictor, outputs)

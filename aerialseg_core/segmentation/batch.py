"""A folder of scenes with one loaded model: which files are scenes, and what is missing; a bad file stops no other."""

from __future__ import annotations

import logging
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from ..config import BatchOptions, SegmentConfig, SegmentOptions
from ..errors import AerialSegError, Cancelled, DataError, OutputError, ParameterError, RasterReadError
from ..files.locks import lock
from ..files.outputs import lock_outputs, raise_output_errors
from ..progress import Reporter
from ..raster.class_raster import read_job
from ..redaction import redact
from .planning import check_square, plan_scene
from .predictor import Predictor, load_predictor
from .segment import Outputs, check_confidence, check_known, fingerprint_job, is_outdated, limit_gdal, segment_scene
from .shared_range import share_range
from .survey import Verdict

if TYPE_CHECKING:
    from typing_extensions import Unpack  # of `typing` from Python 3.11 on

PATTERNS = "*.tif,*.tiff"
"""Which files of a folder are scenes, unless it is said otherwise."""

SIDE_ENDINGS = (
    *(".aux.xml", ".aux", ".ovr", ".msk", ".rrd", ".xml", ".prj", ".wld", ".hdr", ".rpb", ".imd", ".til", ".pvl"),
    *(".tfw", ".tifw", ".tiffw", ".tfwx", ".jgw", ".jpgw", ".jpegw", ".pgw", ".pngw", ".bpw", ".gfw", ".j2w", ".eww"),
    *(".txt", ".md", ".csv", ".json", ".toml", ".html", ".pdf", ".log", ".md5", ".sha256", ".zip", ".lock", ".onnx"),
    *(".gpkg", ".geojson", ".fgb", ".parquet", ".shp", ".shx", ".dbf", ".cpg", ".sbn", ".sbx", ".qix", ".kml"),
    *(".qml", ".qmd", ".sld", ".lyr", ".lyrx", ".qgs", ".qgz", ".mxd", ".aprx", ".ini", ".db", ".ds_store"),
)
"""Endings of what lies beside rasters and is none; a file with one is a scene only if a pattern names the ending."""

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
    ground: Verdict | Literal[""] = ""
    """Whether it is like the images that the model was trained on; empty if that is not known."""


@dataclass(frozen=True)
class Selection:
    """What was found in a folder."""

    scenes: tuple[Path, ...]
    """The rasters, by name."""
    passed_over: str
    """One line that says what else is there; empty if there is nothing."""


@dataclass(frozen=True)
class _OutputNames:
    """What is written for each scene."""

    folder: Path
    polygons: bool
    confidence: bool
    overwrite: bool
    unlike: bool

    def outputs(self, relative: Path) -> Outputs:
        """Name the results of a scene; the sub-folders are those of the input."""
        base = self.folder / relative.parent / relative.stem
        return Outputs(
            base.with_name(f"{relative.stem}_classes.tif"),
            base.with_name(f"{relative.stem}_confidence.tif") if self.confidence else None,
            base.with_name(f"{relative.stem}_classes.gpkg") if self.polygons else None,
            self.overwrite,
            base.with_name(f"{relative.stem}_unlike.tif") if self.unlike else None,
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
    **options: Unpack[BatchOptions],
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
        **options: `unlike`, whether rasters of the distance from the training images are written, as `segment` does;
            and fields of `SegmentConfig`. Its range is one for all rasters unless it is `per-raster`; it is the one
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
    unlike = options.pop("unlike", False)
    config = SegmentConfig(**cast(SegmentOptions, options))
    reporter = reporter or Reporter()
    selection = select_scenes(source, target, pattern)
    scenes = selection.scenes
    if selection.passed_over:
        reporter.message(selection.passed_over)
    wanted = _OutputNames(target, polygons, confidence, overwrite, unlike)
    predictor = load_predictor(config, check=reporter.check)
    if confidence:
        check_confidence(predictor)
    if unlike:
        check_known(predictor)
    check_square(predictor.model.card, config)
    results = []
    with _lock_folder(target):
        maps = (wanted.outputs(path.relative_to(source)).classes for path in scenes)
        config = share_range(config, scenes, maps, predictor.model, anew=overwrite, reporter=reporter)
        for number, path in enumerate(scenes, start=1):
            reporter.check()
            reporter.part(number, len(scenes), str(path))
            outputs = wanted.outputs(path.relative_to(source))
            results.append(_segment(path, outputs, predictor, config, reporter))
    return results


def format_table(results: list[SceneStatus]) -> str:
    """Write the results for people: a line a scene, and the counts."""
    width = max(len(result.source) for result in results)
    remarks = {"partly": " (partly unlike the training images)", "unlike": " (unlike the training images)"}
    lines = [f"{r.source:<{width}}  {r.status:<7}  {r.error or r.output}{remarks.get(r.ground, '')}" for r in results]
    counts = {status: sum(r.status == status for r in results) for status in ("done", "skipped", "failed")}
    text = "\n".join([*lines, ", ".join(f"{count} {status}" for status, count in counts.items())])
    return text.encode("utf-8", "backslashreplace").decode()  # names of files need not be UTF-8


@contextmanager
def _lock_folder(folder: Path) -> Iterator[None]:
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


def _segment(
    path: Path, outputs: Outputs, predictor: Predictor, config: SegmentConfig, reporter: Reporter
) -> SceneStatus:
    try:
        _check_name(path)
        _make_folder(outputs.classes.parent)
        with lock_outputs("batch", *outputs.paths):
            state = _find_state(path, outputs, predictor, config)
            if state == "done":
                return SceneStatus(str(path), "skipped", str(outputs.classes))
            if state == "outdated":
                reporter.message(f"{path} has changed since its map was made: it is made again.")
                outputs = replace(outputs, overwrite=True)
            made = segment_scene(str(path), outputs, predictor, config, reporter)
    except Cancelled:
        raise
    except Exception as error:  # noqa: BLE001 - the border of a scene: whatever is wrong with one, the others are done
        reason = _explain_failure(error)
        reporter.message(f"{path} failed: {reason}", level="warning")
        return SceneStatus(str(path), "failed", str(outputs.classes), reason)
    return SceneStatus(str(path), "done", str(outputs.classes), ground=made.ground.verdict if made.ground else "")


def _explain_failure(error: Exception) -> str:
    """Explain why a scene failed; of what aerialseg did not foresee the log has more."""
    if isinstance(error, AerialSegError):
        return str(error)
    if isinstance(error, MemoryError):
        return "The memory is full. Close other programs, or allow the run less with --memory."
    logging.getLogger(__name__).error("unforeseen error", exc_info=error)
    return redact(f"Unforeseen {type(error).__name__}: {error}. Please report it with the log.")


def _check_name(path: Path) -> None:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        shown = os.fsencode(path).decode("utf-8", "backslashreplace")
        raise RasterReadError(f"The name {shown} is no UTF-8, so GDAL cannot open it.", "Rename it.") from None


def _find_state(
    path: Path, outputs: Outputs, predictor: Predictor, config: SegmentConfig
) -> Literal["done", "outdated", "to do"]:
    """Find whether all outputs exist and the class raster was made by this very job, or of an earlier scene."""
    if not all(output.exists() for output in outputs.paths):
        return "to do"
    with limit_gdal(config), plan_scene(str(path), predictor.model.card, config) as (plan, _):
        if read_job(outputs.classes) == fingerprint_job(plan, predictor, outputs):
            return "done"
        return "outdated" if is_outdated(plan, predictor, outputs) else "to do"


def select_scenes(folder: Path, output: Path, pattern: str | Sequence[str] = PATTERNS) -> Selection:
    """Find the scenes of a folder.

    Passed over are hidden files, what lies in the folder of the results, maps that aerialseg has made, and what lies
    beside rasters without being one.

    Args:
        folder: Where the scenes are.
        output: Folder of the results.
        pattern: Which files are scenes, as in `Path.glob`, in capital or small letters alike: several patterns, or
            one text with commas between them.

    Raises:
        DataError: The folder is missing, holds no scene, or two whose results would have the same name.
        OutputError: The folder of the results is that of the scenes.
        ParameterError: A pattern cannot be used.
    """
    if not folder.is_dir():
        raise DataError(f"There is no folder {folder}.", "Check the path.")
    if output.exists() and output.samefile(folder):
        raise OutputError(f"The output folder {output} is also the folder of the scenes.", "Choose another one.")
    wanted = split_patterns(pattern)
    inside = output.absolute()
    scenes, others = [], Counter[str]()
    found = _find_matches(folder, wanted)
    for path in sorted(found | _list_files(folder, wanted)):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden or inside in path.absolute().parents:
            continue
        kind = _find_reason(path, wanted) if path in found else _find_ending(path)
        if kind:
            others[kind] += 1
        else:
            scenes.append(path)
    if not scenes:
        names = " or ".join(wanted)
        raise DataError(f"{folder} holds no scene {names}.", "Choose another --pattern, or add --recursive.")
    _refuse_twins(scenes)
    listed = ", ".join(f"{count} {kind}" for kind, count in sorted(others.items()))
    return Selection(tuple(scenes), f"passed over in {folder}: {listed}" if others else "")


def split_patterns(pattern: str | Sequence[str]) -> list[str]:
    """Split patterns at the commas that are not inside of brackets."""
    texts = [pattern] if isinstance(pattern, str) else pattern
    return [one.strip() for text in texts for one in re.split(r",(?![^\[]*\])", text) if one.strip()]


def make_recursive(patterns: str | Sequence[str]) -> list[str]:
    """Extend patterns to a folder and all below it."""
    return [f"**/{one}" for one in split_patterns(patterns)]


def _find_matches(folder: Path, patterns: list[str]) -> set[Path]:
    """Find all files that a pattern names."""
    found: set[Path] = set()
    if not patterns:
        raise ParameterError("No --pattern is given.", f"Leave it out, or give one such as {PATTERNS}.")
    for pattern in patterns:
        try:
            found.update(path for path in folder.glob(_ignore_case(pattern)) if path.is_file())
        except (ValueError, NotImplementedError, IndexError, RecursionError, re.error) as error:
            raise ParameterError(
                f"The pattern {pattern} cannot be used: {error}.",
                f"Give one such as {PATTERNS}; ** is for any folders.",
            ) from error
        except OSError as error:
            raise DataError(f"The folder {folder} cannot be read: {error}.", "Check it.") from error
    return found


def _list_files(folder: Path, patterns: list[str]) -> set[Path]:
    """List the files of the folder, and of those below it if a pattern looks there."""
    deep = any("**" in pattern for pattern in patterns)
    try:
        return {path for path in (folder.rglob("*") if deep else folder.iterdir()) if path.is_file()}
    except OSError as error:
        raise DataError(f"The folder {folder} cannot be read: {error}.", "Check it.") from error


def _ignore_case(pattern: str) -> str:
    """Let the letters of a pattern stand for capital and small ones; those in brackets stay as they are."""

    def spell(match: re.Match[str]) -> str:
        low, high = match[0].lower(), match[0].upper()
        is_letter = match[0][0] != "[" and low != high and len(low) == len(high) == 1
        return f"[{low}{high}]" if is_letter else match[0]

    return re.sub(r"\[[^\]]*\]|[^\W\d_]", spell, pattern)


def _find_reason(path: Path, patterns: list[str]) -> str:
    """Find why a file that a pattern names is no scene after all; empty if it is one."""
    ending = _find_ending(path)
    if ending in SIDE_ENDINGS and not any(pattern.lower().endswith(ending) for pattern in patterns):
        return ending
    try:
        return "" if read_job(path) is None else "made by aerialseg"
    except ValueError:  # a name that is no UTF-8
        return ""


def _find_ending(path: Path) -> str:
    """Find the ending of a name, in small letters, as people call it."""
    name = path.name.lower()
    return next((e for e in SIDE_ENDINGS if name.endswith(e)), path.suffix.lower() or "without ending")


def _refuse_twins(scenes: list[Path]) -> None:
    """Refuse scenes whose results would have the same name."""
    named: dict[str, Path] = {}
    for path in scenes:
        other = named.setdefault(os.path.normcase(path.with_suffix("")), path)
        if other != path:
            raise DataError(
                f"{other} and {path} would give results of the same name.",
                "Rename one of them, or choose another --pattern.",
            )

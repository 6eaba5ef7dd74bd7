"""Selection: which files of a folder are rasters to segment, and which are passed over."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import DataError, OutputError, ParameterError
from ..raster.class_raster import read_job

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


@dataclass(frozen=True)
class Selection:
    """What was found in a folder."""

    scenes: tuple[Path, ...]
    """The rasters, by name."""
    passed_over: str
    """One line that says what else is there; empty if there is nothing."""


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
    found = _found(folder, wanted)
    for path in sorted(found | _everything(folder, wanted)):
        if inside in path.absolute().parents or _is_hidden(path.relative_to(folder)):
            continue
        kind = _kind(path, wanted) if path in found else _ending(path)
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
    """The single patterns; commas separate them but inside of brackets."""
    texts = [pattern] if isinstance(pattern, str) else pattern
    return [one.strip() for text in texts for one in re.split(r",(?![^\[]*\])", text) if one.strip()]


def make_recursive(patterns: str | Sequence[str]) -> list[str]:
    """The same patterns for a folder and all below it."""
    return [f"**/{one}" for one in split_patterns(patterns)]


def _found(folder: Path, patterns: list[str]) -> set[Path]:
    """All files that a pattern names."""
    found: set[Path] = set()
    if not patterns:
        raise ParameterError("No --pattern is given.", f"Leave it out, or give one such as {PATTERNS}.")
    for pattern in patterns:
        try:
            found.update(path for path in folder.glob(_in_any_case(pattern)) if path.is_file())
        except (ValueError, NotImplementedError, IndexError, RecursionError, re.error) as error:
            raise ParameterError(
                f"The pattern {pattern} cannot be used: {error}.",
                f"Give one such as {PATTERNS}; ** is for any folders.",
            ) from error
        except OSError as error:
            raise DataError(f"The folder {folder} cannot be read: {error}.", "Check it.") from error
    return found


def _everything(folder: Path, patterns: list[str]) -> set[Path]:
    """The files of the folder, and of those below it if a pattern looks there."""
    deep = any("**" in pattern for pattern in patterns)
    try:
        return {path for path in (folder.rglob("*") if deep else folder.iterdir()) if path.is_file()}
    except OSError as error:
        raise DataError(f"The folder {folder} cannot be read: {error}.", "Check it.") from error


def _in_any_case(pattern: str) -> str:
    """A pattern whose letters stand for capital and small ones; those in brackets stay as they are."""
    return re.sub(r"\[[^\]]*\]|[^\W\d_]", lambda m: m[0] if m[0][0] == "[" else _either(m[0]), pattern)


def _either(letter: str) -> str:
    low, high = letter.lower(), letter.upper()
    return f"[{low}{high}]" if low != high and len(low) == len(high) == 1 else letter


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _kind(path: Path, patterns: list[str]) -> str:
    """Why a file that a pattern names is no scene after all; empty if it is one."""
    ending = _ending(path)
    if ending in SIDE_ENDINGS and not any(pattern.lower().endswith(ending) for pattern in patterns):
        return ending
    return "made by aerialseg" if _is_ours(path) else ""


def _is_ours(path: Path) -> bool:
    try:
        return read_job(path) is not None
    except ValueError:  # a name that is no UTF-8
        return False


def _ending(path: Path) -> str:
    """The ending of a name, in small letters, as people call it."""
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

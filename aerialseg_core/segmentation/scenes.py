"""Scenes: which rasters a run is about, and what their results are called.

They come from a folder, a pattern, a list, a table, an item collection of STAC, or are named one by one. What is wrong
with one of them is its own refusal; the others are done all the same.
"""

from __future__ import annotations

import csv
import errno
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path, PurePath, PurePosixPath
from typing import Any, NoReturn
from urllib.parse import unquote

from ..errors import DataError, OutputError, ParameterError
from ..files.remote import is_readable, list_folder, read_remote_text, resolve_remote
from ..files.texts import parse_json, read_text, replace_controls
from ..files.uploads import is_in_store
from ..raster.class_raster import JOB_TAG, read_job
from ..raster.opening import Source, is_connection, is_remote, resolve_source
from ..redaction import redact
from ..sentences import Sentence

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

LISTS = (".txt", ".lst", ".list")
"""Endings of texts with a path or an address in each line."""

TABLES = (".csv", ".tsv")
"""Endings of tables with a row for each scene."""

ITEMS = (".json", ".geojson")
"""Endings of item collections of STAC, and of single items."""

COLUMNS = ("path", "uri", "location", "href", "url", "source", "file", "filename", "image", "raster")
"""What the column of a table is called that names the rasters; the first of these that is there counts."""

NAME = "name"
"""The column that says what the results of a scene are called."""

_SMALL = 1 << 16
_BUCKET_SLASHES = 2  # s3://bucket
_MAGIC = re.compile(r"[*?\[]")
_UNUSABLE = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]')
_RASTERS = (".tif", ".tiff", ".jp2", ".vrt", ".img", ".png", ".jpg", ".jpeg", ".ecw", ".sid", ".webp", ".bil")
_BESIDE = frozenset({"thumbnail", "overview", "metadata"})


@dataclass(frozen=True)
class ListedScene:
    """One raster that is to be segmented, not opened yet."""

    source: str
    """What it is opened from; it may hold secrets, so what is shown of it is `redact(source)`."""
    name: str
    """What its results are called, without ending: a path relative to their folder, with /."""
    refusal: Sentence | None = None
    """Why it cannot be segmented; None if nothing is known to be wrong with it."""


@dataclass(frozen=True)
class Selection:
    """The scenes of a run."""

    scenes: tuple[ListedScene, ...]
    """In the order of their names, or of the list that names them; each once."""
    passed_over: str
    """One line that says what else is there; empty if there is nothing."""


def select_scenes(
    given: Source | Iterable[Source], output: Path, pattern: str | Sequence[str] = PATTERNS, *, asset: str | None = None
) -> Selection:
    """Find the scenes of a run.

    Of a folder or a pattern are passed over hidden files, what lies in the folder of the results, maps that aerialseg
    has made, and what lies beside rasters without being one. What is relative in a list, a table or a STAC item is
    relative to that file. Results are called as the scenes are, below the folder, or below that of the list; what lies
    elsewhere is called by its last name, in a table by the column `name` where there is one, of STAC by the item's id.

    Args:
        given: A folder; a pattern such as "ortho/**/*.tif"; a list (.txt), a table (.csv) or STAC items (.json); a
            raster or its address; or several of these. Folders and patterns may be in an object store, and lists,
            tables and items on any server.
        output: Folder of the results.
        pattern: Which files of a folder are scenes, as in `Path.glob`, in capital or small letters alike: several
            patterns, or one text with commas between them.
        asset: Which asset of STAC items is the raster; None for the only one that may be.

    Raises:
        DataError: Something given is not there or cannot be understood, there is no scene at all, or a STAC item has
            several rasters.
        OutputError: The folder of the results is that of the scenes.
        ParameterError: A pattern cannot be used, or there is no folder that it could be for.
    """
    inputs = [os.fspath(one) for one in ([given] if isinstance(given, (str, os.PathLike)) else given)]
    patterns = split_patterns(pattern)
    if pattern != PATTERNS and not any(_is_folder(one) or _is_store_folder(one) for one in inputs):
        raise ParameterError(
            "pattern-without-folder", "--pattern and --recursive are for a folder.", "Leave them out, or give a folder."
        )
    scenes: list[ListedScene] = []
    others = Counter[str]()
    for one in inputs:
        if _is_folder(one):
            scenes += _search_folder(Path(one), output, patterns, others)
        elif _is_store_folder(one):
            scenes += _search_store(one, output, patterns, others)
        else:
            scenes += _read_input(one, output, asset, others)
    if not scenes:
        shown = redact(", ".join(inputs)) or "Nothing"
        if any(_is_folder(one) or _is_store_folder(one) for one in inputs):
            raise DataError(
                "folder-without-scene",
                "{shown} holds no scene {patterns}.",
                "Choose another --pattern, or add --recursive.",
                shown=shown,
                patterns=" or ".join(patterns),
                known=", ".join(patterns),
            )
        raise DataError(
            "no-scene-given",
            "{shown} holds no scene.",
            "Give a folder, a pattern, a list, a table, STAC items, or rasters.",
            shown=shown,
        )
    listed = ", ".join(f"{count} {kind}" for kind, count in sorted(others.items()))
    shown = ", ".join(inputs)
    passed = Sentence("passed-over", "passed over in {folder}: {listed}", folder=redact(shown), listed=listed)
    return Selection(tuple(_refuse_twins(scenes)), passed if others else "")


def split_patterns(pattern: str | Sequence[str]) -> list[str]:
    """Split patterns at the commas that are not inside of brackets."""
    texts = [pattern] if isinstance(pattern, str) else pattern
    return [one.strip() for text in texts for one in re.split(r",(?![^\[]*\])", text) if one.strip()]


def make_recursive(patterns: str | Sequence[str]) -> list[str]:
    """Extend patterns to a folder and all below it."""
    return [f"**/{one}" for one in split_patterns(patterns)]


def _is_folder(text: str) -> bool:
    try:
        return not is_remote(text) and Path(text).is_dir()
    except (OSError, ValueError):  # a name that nothing can have
        return False


def _is_store_folder(text: str) -> bool:
    """Tell whether an address is a bucket, or a folder in one."""
    return is_in_store(text) and (text.endswith("/") or text.count("/") == _BUCKET_SLASHES)


def _read_input(text: str, output: Path, asset: str | None, others: Counter[str]) -> Iterator[ListedScene]:
    """Read the scenes out of what is given and is no folder."""
    ending = PurePosixPath(re.split(r"[?#]", text, maxsplit=1)[0] if is_remote(text) else text).suffix.lower()
    readers = {**dict.fromkeys(LISTS, _read_list), **dict.fromkeys(TABLES, _read_table)}
    if is_remote(text) and (text.endswith("/") or ("*" in text and is_readable(text))):
        yield from _search_address(text, output, others)
    elif (is_remote(text) and not is_readable(text)) or is_connection(text) or text.startswith("/vsi"):
        yield make_scene(text)
    elif ending in readers:
        yield from readers[ending](text)
    elif ending in ITEMS:
        yield from _read_items(text, asset)
    elif is_remote(text):
        yield make_scene(text)
    elif _MAGIC.search(text) and not os.path.lexists(text):
        parts = Path(text).parts
        first = next(i for i, part in enumerate(parts) if _MAGIC.search(part))
        yield from _search_folder(Path(*parts[:first]), output, ["/".join(parts[first:])], others, beside=False)
    elif os.path.lexists(text):
        yield make_scene(text)
    else:
        raise DataError("input-missing", "There is no folder and no file {path}.", "Check the path.", path=text)


def _search_address(text: str, output: Path, others: Counter[str]) -> Iterator[ListedScene]:
    """Search by a pattern in an object store."""
    if not is_in_store(text):
        raise DataError(
            "folder-on-web-server",
            "{path} is on a web server, which does not say what is in its folders.",
            "Give a list of the rasters.",
            path=text,
        )
    parts = text.split("/")
    first = next(i for i, part in enumerate(parts) if "*" in part)
    yield from _search_store("/".join(parts[:first]), output, ["/".join(parts[first:])], others, beside=False)


def _read_origin(origin: str) -> str:
    """Read a text that is a file or on a server."""
    return read_remote_text(origin) if is_remote(origin) else read_text(Path(origin))


def _read_list(origin: str) -> Iterator[ListedScene]:
    """Read a list with a path or an address in each line."""
    lines = (line.strip() for line in _read_origin(origin).splitlines())
    yield from (make_scene(line, origin) for line in lines if line and not line.startswith("#"))


def make_scene(source: str, within: str | None = None, name: str = "") -> ListedScene:
    """Make the scene that somebody names, in a list or by itself.

    Args:
        source: A path or an address.
        within: The path or the address of the list that names it, to which it is relative.
        name: What its results are called; empty to call them as it is called itself.
    """
    reaches = True
    if within is not None and is_remote(within):
        source = source if is_remote(source) else resolve_remote(within, source)
        reaches = is_remote(source)
    elif within is not None:
        source = resolve_source(Path(within), source)
    plain = not (is_remote(source) or is_connection(source) or source.startswith("/vsi"))
    shown = redact(source)  # of connection strings and the like a secret may be the last part
    name = name or _find_name_below(shown, within, plain=plain)
    if not name:
        last = shown if plain else unquote(re.split(r"[?#]", shown, maxsplit=1)[0])
        name = Path(last).stem if plain else PurePosixPath(last.rstrip("/\"'").replace("\\", "/")).stem
    name = _UNUSABLE.sub("_", name)
    scene = ListedScene(source, name, _find_flaw(source))
    if not reaches:
        said = "{scene} is on this computer, and the list is on a server: no server says what is read here."
        reason = Sentence("scene-of-server-here", said, "Give a list on this computer.", scene=shown)
        scene = replace(scene, refusal=reason)
    if any(part in ("", ".", "..") or part.startswith(".") for part in name.split("/")):
        wanted = replace_controls(name)
        said = "{scene}: its results cannot be called {name!r}."
        return replace(scene, name="_", refusal=Sentence("scene-result-name", said, scene=shown, name=wanted))
    return scene


def _find_name_below(shown: str, within: str | None, *, plain: bool) -> str:
    """Find what a scene is called below the folder of the list that names it; empty if it is elsewhere."""
    if within is None or plain is is_remote(within):
        return ""
    if plain:
        path, folder = Path(shown), Path(within).absolute().parent
        below = folder in path.parents and ".." not in path.relative_to(folder).parts
        return path.relative_to(folder).with_suffix("").as_posix() if below else ""
    place, base = (re.split(r"[?#]", one, maxsplit=1)[0] for one in (shown, redact(within)))
    base = base.rpartition("/")[0] + "/"
    below = place.startswith(base) and not place.endswith("/")
    return str(PurePosixPath(unquote(place.removeprefix(base))).with_suffix("")) if below else ""


def _find_flaw(source: str) -> Sentence | None:
    """Find why GDAL cannot open something by its name; None if it can."""
    try:
        source.encode()
    except UnicodeEncodeError:
        shown = os.fsencode(source).decode("utf-8", "backslashreplace")
        said = "The name {name} is no UTF-8, so GDAL cannot open it."
        return Sentence("scene-name-not-text", said, "Rename it.", name=shown)
    return None


def _read_table(origin: str) -> Iterator[ListedScene]:
    """Read a table with a header, its columns separated by commas, semicolons or tabs."""
    lines = _read_origin(origin).splitlines()
    head = next((line for line in lines if line.strip()), "")
    rows = csv.reader((line for line in lines if line.strip()), delimiter=max(",;\t", key=head.count))
    try:
        header = [cell.strip().casefold() for cell in next(rows, [])]
        column = next((header.index(one) for one in COLUMNS if one in header), None)
        if column is None:
            known = ", ".join(COLUMNS[:5])
            raise DataError(
                "table-without-column",
                "{path} has no column that names rasters.",
                "Call it path, or another one of {known}.",
                path=origin,
                known=known,
            )
        named = header.index(NAME) if NAME in header else len(header)
        for row in rows:
            source, name = (row[i].strip() if i < len(row) else "" for i in (column, named))
            if source:
                yield make_scene(source, origin, name)
    except csv.Error as error:
        raise DataError(
            "table-unreadable", "{path} is no table: {error}.", "Save it as CSV.", path=origin, error=error
        ) from error


def _read_items(origin: str, asset: str | None) -> Iterator[ListedScene]:
    """Read the rasters of the items of STAC in a file (https://github.com/radiantearth/stac-spec)."""
    content = parse_json(_read_origin(origin), origin)
    items = content.get("features", [content]) if isinstance(content, dict) else None
    if not isinstance(items, list) or not all(map(_is_item, items)):
        raise DataError(
            "stac-no-collection",
            "{path} is no item collection of STAC.",
            "Give one, as `pystac-client search … --save` writes it, or a single item; of a catalogue its items.",
            path=origin,
        )
    for item in items:
        name = str(item.get("id", ""))
        found = _choose_asset(item["assets"], asset)
        if len(found) > 1 and asset is None:
            shown = ", ".join(found[:6]) + (" …" if len(found) > 6 else "")
            raise DataError(
                "stac-many-assets",
                "The item {item} of {path} has several rasters: {assets}.",
                "Say which with --asset.",
                item=name,
                path=origin,
                assets=shown,
            )
        if found:
            yield make_scene(str(item["assets"][found[0]].get("href", "")), origin, name)
        else:
            wanted = "raster" if asset is None else f"asset {asset}"
            there = ", ".join(map(str, item["assets"])) or "none"
            said = "The item {item} has no {wanted}; its assets: {assets}."
            parts = {"item": name, "wanted": wanted, "assets": there}
            reason = Sentence("stac-no-asset", said, **{key: replace_controls(text) for key, text in parts.items()})
            yield replace(make_scene("_", None, name or "_"), source=f"{redact(origin)}: {name}", refusal=reason)


def _is_item(content: object) -> bool:
    return isinstance(content, dict) and content.get("type") == "Feature" and isinstance(content.get("assets"), dict)


def _choose_asset(assets: dict[str, Any], wanted: str | None) -> list[str]:
    """Choose what may be the raster of a STAC item: assets with the role data, else those that are not beside it."""
    usable = {key: one for key, one in assets.items() if isinstance(one, dict) and one.get("href")}
    if wanted is not None:
        return [wanted] if wanted in usable else []
    roles = {key: set(one["roles"]) if isinstance(one.get("roles"), list) else set() for key, one in usable.items()}
    rasters = [key for key, one in usable.items() if _is_image(one) and not roles[key] & _BESIDE]
    return [key for key in rasters if "data" in roles[key]] or rasters


def _is_image(asset: dict[str, Any]) -> bool:
    kind = asset.get("type")
    if isinstance(kind, str):
        return kind.startswith("image/")
    return re.split(r"[?#]", str(asset["href"]), maxsplit=1)[0].lower().endswith(_RASTERS)


def _search_folder(
    folder: Path, output: Path, patterns: list[str], others: Counter[str], *, beside: bool = True
) -> Iterator[ListedScene]:
    """Search a folder for scenes, and count what else is there; `beside` also what no pattern names."""
    if not folder.is_dir():
        raise DataError("folder-missing", "There is no folder {folder}.", "Check the path.", folder=folder)
    if output.exists() and output.samefile(folder):
        raise OutputError(
            "output-in-scenes",
            "The output folder {folder} is also the folder of the scenes.",
            "Choose another one.",
            folder=output,
        )
    inside = output.absolute()
    found = _find_matches(folder, patterns)
    for path in sorted(found | (_list_files(folder, patterns) if beside else set())):
        relative = path.relative_to(folder)
        if any(part.startswith(".") for part in relative.parts) or inside in (
            path.absolute(),
            *path.absolute().parents,
        ):
            continue
        is_file = path.is_file()
        if not is_file and not any(path.suffix and one.lower().endswith(path.suffix.lower()) for one in patterns):
            continue  # folders and links that only a pattern such as * names
        kind = _find_reason(path, patterns) if path in found else _find_ending(path)
        if is_file and kind:
            others[kind] += 1
        else:
            reason = _find_flaw(str(path)) if is_file else _describe_no_file(path)
            yield ListedScene(str(path), relative.with_suffix("").as_posix(), reason)


def _search_store(
    folder: str, output: Path, patterns: list[str], others: Counter[str], *, beside: bool = True
) -> Iterator[ListedScene]:
    """Search a folder of an object store as `_search_folder` does; maps are passed over by where they are only."""
    inside = output.as_posix().replace(":/", "://", 1) if is_in_store(output) else None  # a path has one slash
    if inside == folder.rstrip("/"):
        raise OutputError(
            "output-in-scenes",
            "The output folder {folder} is also the folder of the scenes.",
            "Choose another one.",
            folder=inside,
        )
    if not patterns:
        _refuse_no_pattern()
    spelt = [_ignore_case(one).split("/") for one in patterns]
    deep = any("**" in one for one in patterns)
    for name, address in list_folder(folder):
        parts = name.split("/")
        if any(part.startswith(".") for part in parts) or (inside and address.startswith(f"{inside}/")):
            continue
        found = any(_matches(parts, one) for one in spelt)
        ending = _find_ending(PurePosixPath(name))
        if found and not _is_side(ending, patterns):
            yield make_scene(address, None, str(PurePosixPath(name).with_suffix("")))
        elif found or (beside and (deep or len(parts) == 1)):
            others[ending] += 1


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Tell whether the parts of a name are as those of a pattern; `**` is for any number of them."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return _matches(parts, pattern[1:]) or (bool(parts) and _matches(parts[1:], pattern))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])


def _describe_no_file(path: Path) -> Sentence:
    """Say what something is that is called like a raster and is no file."""
    if path.is_dir():
        return Sentence("scene-is-folder", "{scene} is a folder and no raster.", "Rename it.", scene=path)
    if path.is_symlink() and _leads_to_itself(path):
        said = "{scene} is a link that leads to itself."
        return Sentence("scene-link-circular", said, "Mend it, or remove it.", scene=path)
    if path.is_symlink():
        said = "{scene} is a link that leads nowhere."
        return Sentence("scene-link-broken", said, "Mend it, or remove it.", scene=path)
    return Sentence("scene-no-file", "{scene} is no file.", "Remove it.", scene=path)


def _leads_to_itself(link: Path) -> bool:
    """Tell whether links lead in a circle."""
    try:
        link.stat()
    except (OSError, RuntimeError) as error:
        return getattr(error, "errno", errno.ELOOP) == errno.ELOOP
    return False


def _find_matches(folder: Path, patterns: list[str]) -> set[Path]:
    """Find all that a pattern names."""
    found: set[Path] = set()
    if not patterns:
        _refuse_no_pattern()
    for pattern in patterns:
        try:
            found.update(folder.glob(_ignore_case(pattern)))
        except (ValueError, NotImplementedError, IndexError, RecursionError, re.error) as error:
            raise ParameterError(
                "pattern-wrong",
                "The pattern {pattern} cannot be used: {error}.",
                "Give one such as {examples}; ** is for any folders.",
                pattern=pattern,
                error=error,
                examples=PATTERNS,
            ) from error
        except OSError as error:
            raise DataError(
                "folder-unreadable",
                "The folder {folder} cannot be read: {error}.",
                "Check it.",
                folder=folder,
                error=error,
            ) from error
    return found


def _refuse_no_pattern() -> NoReturn:
    raise ParameterError(
        "pattern-empty", "No --pattern is given.", "Leave it out, or give one such as {examples}.", examples=PATTERNS
    )


def _list_files(folder: Path, patterns: list[str]) -> set[Path]:
    """List the files of the folder, and of those below it if a pattern looks there."""
    deep = any("**" in pattern for pattern in patterns)
    try:
        return {path for path in (folder.rglob("*") if deep else folder.iterdir()) if path.is_file()}
    except OSError as error:
        raise DataError(
            "folder-unreadable", "The folder {folder} cannot be read: {error}.", "Check it.", folder=folder, error=error
        ) from error


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
    if _is_side(ending, patterns):
        return ending
    try:
        if not path.is_file() or _is_small_and_other(path) or read_job(path) is None:
            return ""
    except (OSError, ValueError):  # it cannot be read, or has a name that is no UTF-8, which is said in its turn
        return ""
    return "made by aerialseg"


def _is_side(ending: str, patterns: Sequence[str]) -> bool:
    """Tell whether an ending is of what lies beside rasters, and no pattern names it."""
    return ending in SIDE_ENDINGS and not any(pattern.lower().endswith(ending) for pattern in patterns)


def _is_small_and_other(path: Path) -> bool:
    """Tell whether a TIFF so small that reading it is quicker than opening it has no tag that aerialseg makes."""
    if path.stat().st_size > _SMALL or path.with_name(path.name + ".aux.xml").exists():
        return False
    content = path.read_bytes()
    return content.startswith((b"II", b"MM")) and JOB_TAG.encode() not in content


def _find_ending(path: PurePath) -> str:
    """Find the ending of a name, in small letters, as people call it."""
    name = path.name.lower()
    return next((e for e in SIDE_ENDINGS if name.endswith(e)), path.suffix.lower() or "without ending")


def _refuse_twins(scenes: list[ListedScene]) -> Iterator[ListedScene]:
    """Refuse scenes whose results would have the same name; one that is listed twice is taken once."""
    scenes = list(dict.fromkeys(scenes))
    named: dict[str, list[ListedScene]] = {}
    for scene in scenes:
        named.setdefault(os.path.normcase(scene.name), []).append(scene)
    for scene in scenes:
        same = [one for one in named[os.path.normcase(scene.name)] if not one.refusal]
        other = next((one for one in same if one is not scene), None)
        if scene.refusal or other is None:
            yield scene
            continue
        reason = Sentence(
            "scenes-same-name",
            "{scene} and {other} would give results of the same name.",
            "Rename one of them, or take it out; a table can have a column {column}.",
            scene=redact(scene.source),
            other=redact(other.source),
            column=NAME,
        )
        yield replace(scene, refusal=reason)

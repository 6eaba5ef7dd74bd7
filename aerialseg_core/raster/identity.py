"""Identity: which state of a raster this is, told by every file behind it, however deep, or by what its server says.

A virtual raster is as new as its newest source, and a mask file that is added changes a raster whose own file nobody
touched. What GDAL and QGIS write beside a raster when they look at it, statistics and histograms, changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import tostring  # nosec B405 - writes what files.xml_elements has read

from ..errors import RasterChangedError, RasterReadError
from ..files.object_store import find_object
from ..files.web import ask_web
from ..files.xml_elements import XmlError, read_root
from ..redaction import redact
from ..sentences import Sentence
from .opening import Source, is_remote, list_sources, open_raster, raise_read_errors

MOST_ASKED = 64
"""Files of one raster for which a server is asked at most."""

_SIDECARS = (".msk", ".ovr", ".aux.xml")
_ARCHIVE = re.compile(r"(?i)(.*?\.(?:zip|kmz|tar|tgz|tar\.gz|gz))(?:/|$)")
_SIGNING = re.compile(
    r"(?i)x-(amz|goog)-.*|(aws|google)access(key)?id|sig(nature)?|expires|token|.*[_-]token|policy|key-pair-id"
    r"|s[evtrp]|spr|sk(oid|tid|t|e|s|v)"
)
"""Parameters that sign an address: a new signature is no new raster."""


FileState = list[str | int]
"""Path, size and time of change of a file."""


@dataclass(frozen=True)
class RasterState:
    """What tells one state of a raster from another."""

    digest: str
    """Equal for equal states."""
    files: tuple[Path, ...]
    """The local files that the raster is made of."""
    names: tuple[str, ...] = field(default=(), compare=False, repr=False)
    """What GDAL calls the files that it has opened."""
    remote: bool = False
    """Whether it, or a part of it, is read over the network."""
    notes: tuple[str, ...] = ()
    """What could not be found out, for people."""


def read_state(source: Source) -> RasterState:
    """Read the state of a raster.

    It is told by path, size and time of change of every local file behind it; on a web server by ETag, date and size.

    Args:
        source: Anything that `open_raster` opens.

    Raises:
        RasterReadError, SceneError: As `open_raster`.
    """
    with open_raster(source) as dataset:
        with raise_read_errors(source):
            _ = dataset.mask_flag_enums, dataset.overviews(1)  # sidecars are found when they are asked for
            names = tuple(dataset.files) or (os.fspath(source),)
        return _read_state_of(names)


@contextmanager
def name_change(source: Source, before: RasterState) -> Iterator[None]:
    """Say of a remote raster that could not be read in the block that it has changed since, if it has.

    Args:
        source: Anything that `open_raster` opens.
        before: Its state before it was opened.

    Raises:
        RasterChangedError: It could not be read, and has changed.
    """
    try:
        yield
    except RasterChangedError:
        raise
    except RasterReadError as error:
        if before.remote:  # half of the one file and half of the other are often unreadable
            now = _read_state_of(before.names)
            if now.digest != before.digest and not now.notes:
                raise _make_change_error(source) from error
        raise


@contextmanager
def refuse_changed(source: Source, before: RasterState) -> Iterator[None]:
    """Refuse what was read in the block if the raster has changed since its state was read.

    Where no server ever says, nothing is refused.

    Args:
        source: Anything that `open_raster` opens.
        before: Its state before it was opened.

    Raises:
        RasterChangedError: It has changed.
        RasterReadError: It cannot be read any more, or its server, which did say, does not say it now.
    """
    with name_change(source, before):
        yield
    now = _read_state_of(before.names) if before.remote else read_state(source)
    if now.notes and not before.notes:
        raise RasterReadError(
            "scene-state-unknown",
            "Whether {scene} was changed while it was read cannot be found out: its server does not say it any more.",
            "Run it again later: what is finished is kept.",
            scene=source,
        )
    if now.digest != before.digest:
        raise _make_change_error(source)


def _make_change_error(source: Source) -> RasterChangedError:
    return RasterChangedError(
        "scene-changed",
        "The raster {scene} was changed or removed while it was read.",
        "Run it again when it stays.",
        scene=source,
    )


def _read_state_of(names: tuple[str, ...]) -> RasterState:
    """Read the state of the files that GDAL has opened for a raster, and of those that they are made of."""
    facts: list[FileState | list[str] | str] = []
    files: list[Path] = []
    asked: list[str] = []
    for name in _walk_sources(names):
        if is_remote(name):
            asked.append(name)
            continue
        path = _find_local(name)
        if path is None:
            facts.append(name)  # what is no file is told by its name: a database, XML in place of a path
        elif (fact := _read_file_state(path)) is not None:
            facts.append(fact)
        if path is not None:
            files.append(path)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(_ask_server, asked[:MOST_ASKED]))
    facts += [*(answer or name for answer, name in zip(answers, asked, strict=False)), *asked[MOST_ASKED:]]
    silent = [name for answer, name in zip(answers, asked, strict=False) if answer is None] + asked[MOST_ASKED:]
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode("utf-8", "surrogateescape"))
    notes: list[str] = []
    if silent:
        more = f" and {len(silent) - 1} more" if len(silent) > 1 else ""
        said = (
            "nobody says whether {scene}{more} has changed (no ETag, no date): an earlier run is continued as if it "
            "had not"
        )
        notes.append(Sentence("scene-state-silent", said, scene=redact(silent[0]), more=more))
    return RasterState(digest.hexdigest(), tuple(dict.fromkeys(files)), names, bool(asked), tuple(notes))


def read_file_states(path: Path) -> list[FileState | str | None]:
    """Read the state of a local file, its sidecars and what it is made of, without opening it; JSON-serialisable."""
    names = [str(path), *(f"{path}{ending}" for ending in _SIDECARS)]
    states: list[FileState | str | None] = []
    for name in _walk_sources(names):
        if (file := _find_local(name)) is not None:
            states.append(_read_file_state(file))
        elif is_remote(name):
            states.append(name)
    return states


def _walk_sources(names: Iterable[str]) -> Iterator[str]:
    """Walk through files and those that they are made of; each once, sorted where their order says nothing."""
    waiting, seen = sorted(names, reverse=True), set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        yield name
        path = None if is_remote(name) else _find_local(name)
        if path is None:
            continue
        if path.is_dir():
            waiting += [str(one) for one in path.rglob("*") if one.is_file()]
        for one in list_sources(path):
            waiting.append(one)
            if not is_remote(one):
                waiting += [f"{one}{ending}" for ending in _SIDECARS if Path(f"{one}{ending}").exists()]


def _find_local(name: str) -> Path | None:
    """Find the file on disk behind a name of GDAL, the archive of /vsizip/ for example; None if there is none."""
    text = name
    while text.startswith("/vsi"):
        text = text.partition("/")[2].partition("/")[2].lstrip("{")
        text = re.sub(r"^\d+(_\d+)?,", "", text)  # /vsisubfile/
    try:
        path = Path(text.replace("}", "") if text != name else text)
        if path.exists():
            return path
        return next((one for one in reversed(path.parents) if one.is_file()), None)
    except (OSError, ValueError):
        return None


def _read_file_state(path: Path) -> FileState | None:
    """Read path, size and time of change of a file; None for one that holds nothing but statistics."""
    if path.is_dir():
        return [str(path.resolve())]
    if path.name.endswith(".aux.xml"):
        described = _read_sidecar(path)
        return [str(path.resolve()), described] if described else None
    found = path.stat()
    return [str(path.resolve()), found.st_size, found.st_mtime_ns]


def _read_sidecar(path: Path) -> str:
    """Read what a sidecar says of a raster besides statistics and histograms; empty for nothing."""
    try:
        with path.open("rb") as file:
            root = read_root(file)
    except (XmlError, OSError):
        return f"{path.stat().st_mtime_ns}"
    for band in (root, *root.findall("PAMRasterBand")):
        for child in list(band):
            for item in list(child) if child.tag == "Metadata" else []:
                if item.get("key", "").startswith("STATISTICS_"):
                    child.remove(item)
            if child.tag == "Histograms" or (child.tag == "Metadata" and not len(child)):
                band.remove(child)
    for band in root.findall("PAMRasterBand"):
        if not len(band):
            root.remove(band)
    return tostring(root, encoding="unicode") if len(root) else ""


def _ask_server(name: str) -> list[str] | None:
    """Ask a web server for address, ETag, date and size of a file; None where it says neither ETag nor date.

    The address is without user, password and signature, so that it is the same one tomorrow.
    """
    import http.client  # takes its time, and files on a disk need none of it

    stored = find_object(name)
    address = stored or _find_address(name)
    if address is None:
        return None
    try:  # for one byte, which is never read
        return ask_web(
            address,
            lambda answer: _read_answer(address, answer.headers),
            {"Range": "bytes=0-0"},
            signed=stored is not None,
        )
    except (OSError, http.client.HTTPException, ValueError):
        return None


def _read_answer(address: str, headers: Message) -> list[str] | None:
    """Read from the answer of a server what tells one state of a file from another."""
    marks = [headers.get(name, "") for name in ("ETag", "Last-Modified")]
    size = headers.get("Content-Range", "").rpartition("/")[2] or headers.get("Content-Length", "")
    if not any(marks):
        return None
    parts = urlsplit(address)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _SIGNING.fullmatch(pair[0])]
    return [f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}", json.dumps(query), *marks, size]


def _find_address(name: str) -> str | None:
    """Find the web address in a name of GDAL; None if there is none that can be asked."""
    asked = re.search(r"/vsicurl(?:_streaming)?\?(.*)", name)
    if asked:
        name = dict(parse_qsl(asked[1])).get("url", "")
    found = re.search(r"https?://.*", name)
    if found is None:
        return None
    address = found[0].replace("}", "")
    archive = _ARCHIVE.match(address) if re.match(r"/vsi(zip|tar|gzip)/", name) else None
    return archive[1] if archive else address

"""The user's cache: what was made once and can be made again, so that the next run starts sooner.

What is in it is believed, and some of it is executed: the code that an engine has made of a network. So it is in a
folder of the user's own that nobody else can write to, and never beside a scene or a model, which come from elsewhere.
An entry is whole or absent, with a checksum at its end; one that is damaged is as good as none, and so is a cache that
cannot be written.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import sys
from contextlib import suppress
from pathlib import Path

VARIABLE = "AERIALSEG_CACHE"
"""Variable of the environment that names another folder."""

OFF = "off"
"""Its value where no entry is kept."""

MOST_ENTRIES = 16
"""Entries of a kind that are kept: those that were used last."""

_DIGEST = 32


def cache_folder() -> Path:
    """Give the folder for it: AERIALSEG_CACHE, or one of ours in the user's cache folder of this platform."""
    named = os.environ.get(VARIABLE)
    if named and named != OFF:
        return Path(named)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "aerialseg"


def make_key(*facts: object) -> str:
    """Make the name of an entry of everything that determines what is in it."""
    return hashlib.sha256(repr(facts).encode("utf-8", "surrogateescape")).hexdigest()[:40]


def read_entry(kind: str, key: str) -> bytes | None:
    """Read an entry of the cache.

    Args:
        kind: What it is, a word.
        key: Its name (`make_key`).

    Returns:
        None if there is none, it is damaged, or others could have written it.
    """
    folder = _find_folder(kind)
    if folder is None:
        return None
    try:
        with (folder / key).open("rb") as file:
            if not _is_own(os.fstat(file.fileno())):
                return None
            stored = file.read()
        os.utime(folder / key)  # those that were used last are kept
    except OSError:
        return None
    content = memoryview(stored)[:-_DIGEST]
    return bytes(content) if hashlib.sha256(content).digest() == stored[-_DIGEST:] else None


def has_entry(kind: str, key: str) -> bool:
    """Tell whether there is an entry, which is not read: it may be damaged still."""
    folder = _find_folder(kind)
    return folder is not None and (folder / key).is_file()


def write_entry(kind: str, key: str, content: bytes) -> None:
    """Keep something in the cache in place of an earlier entry; that this is impossible is no error.

    Args:
        kind: What it is, a word.
        key: Its name (`make_key`).
        content: What is kept.
    """
    folder = _find_folder(kind)
    if folder is None:
        return
    with suppress(OSError):
        folder.parent.mkdir(0o700, parents=True, exist_ok=True)
        folder.mkdir(0o700, exist_ok=True)
        temporary = folder / f"{key}.{secrets.token_hex(4)}"
        try:
            with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.write(hashlib.sha256(content).digest())
            os.replace(temporary, folder / key)
        finally:
            temporary.unlink(missing_ok=True)
        entries = sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime_ns, reverse=True)
        for old in entries[MOST_ENTRIES:]:
            old.unlink(missing_ok=True)


def _find_folder(kind: str) -> Path | None:
    if os.environ.get(VARIABLE) == OFF:
        return None
    try:
        folder = cache_folder()
    except RuntimeError:  # nobody's home is known
        return None
    return folder / kind if folder.is_absolute() else None


def _is_own(found: os.stat_result) -> bool:
    """Tell whether a file is this user's, and nobody else can write to it; on Windows all in a user's folder is."""
    return os.name == "nt" or (found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH))

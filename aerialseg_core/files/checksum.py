"""A checksum at the end of a file from which a later run continues, so that only what is whole is taken.

A file may be torn by a power cut or a full disk (empty, or half), and disks turn bits. Formats with room for a few more
bytes at their end, such as TIFF and ZIP, are read as if these were not there.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any, BinaryIO

_LENGTH = 16
_CHUNK = 1 << 20


def append_checksum(path: Path) -> None:
    """Add the checksum to a finished file, and see that all of it is on the disk.

    Raises:
        OSError: The disk is full, or does not answer.
    """
    with path.open("r+b") as file:
        digest = _compute_checksum(file, path.stat().st_size)
        file.seek(0, os.SEEK_END)
        file.write(digest)
        file.flush()
        os.fsync(file.fileno())


def has_valid_checksum(path: Path) -> bool:
    """Tell whether a file is there and whole: as it was when the checksum was added, to the last bit."""
    try:
        with path.open("rb") as file:
            length = path.stat().st_size - _LENGTH
            return length > 0 and _compute_checksum(file, length) == file.read()
    except OSError:
        return False


def read_content(path: Path) -> bytes:
    """Read what a small file with a checksum at its end holds; the checksum is not compared.

    Raises:
        OSError: It cannot be read.
    """
    return path.read_bytes()[:-_LENGTH]


def compute_sha256(path: Path) -> str:
    """Compute the SHA-256 of a file, in hex.

    Raises:
        OSError: It cannot be read.
    """
    made = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            made.update(chunk)
    return made.hexdigest()


def _compute_checksum(file: BinaryIO, length: int) -> bytes:
    """Compute the checksum of the first bytes of a file, which is read up to there."""
    made: Any = hashlib.blake2b(digest_size=_LENGTH)
    while length and (chunk := file.read(min(length, _CHUNK))):
        made.update(chunk)
        length -= len(chunk)
    return bytes(made.digest())

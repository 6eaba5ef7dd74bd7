"""Texts that people wrote: TOML, JSON and plain text, whatever editor saved them, read in one place.

Notepad and PowerShell put a byte order mark in front of UTF-8, or write UTF-16; both are read. Whatever else is wrong
with a file is one sentence.
"""

from __future__ import annotations

import codecs
import json
import re
import sys
from pathlib import Path
from typing import Any

from ..errors import AerialSegError, DataError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LARGEST = 256 << 20
"""Bytes of the largest file that is taken for a text."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNSHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_TOML = "Text stands in quotes; paths are written with /."


def replace_controls(text: str) -> str:
    """Make a text from somewhere else one that a page or a terminal can show; lines and tabs stay.

    Args:
        text: Control characters in it, which a terminal would obey, and signs that turn round what follows become "�".
    """
    return _UNSHOWN.sub("\N{REPLACEMENT CHARACTER}", text)


def read_text(path: Path, refusal: type[AerialSegError] = DataError) -> str:
    """Read a text: UTF-8, with a byte order mark or without, or UTF-16 or UTF-32 with one.

    Args:
        path: The file.
        refusal: The error that says what is wrong with it.

    Raises:
        AerialSegError: The file is missing, unreadable, no such text, or larger than `LARGEST`; of the class `refusal`.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise refusal(
                "text-too-large",
                "{path} is larger than {most} MB, so it is no text.",
                "Give the text file.",
                path=path,
                most=LARGEST >> 20,
            )
        content = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        hint = "Check that it is there and may be read."
        raise refusal("text-unreadable", "{path} cannot be read: {error}.", hint, path=path, error=error) from error
    return decode_text(content, str(path), refusal)


def decode_text(content: bytes, name: str, refusal: type[AerialSegError] = DataError) -> str:
    """Decode a text: as `read_text`, from its bytes.

    Args:
        content: The bytes.
        name: What it is called in the error.
        refusal: The error that says what is wrong with it.

    Raises:
        AerialSegError: It is no such text; of the class `refusal`.
    """
    encoding = next((encoded for mark, encoded in _MARKS if content.startswith(mark)), "utf-8-sig")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        said = "{path} is no UTF-8 text: see line {line}."
        raise refusal("text-no-utf8", said, "Save it as UTF-8.", path=name, line=line) from error


def read_toml(path: Path, refusal: type[AerialSegError] = DataError) -> dict[str, Any]:
    """Read a TOML.

    Args:
        path: The file.
        refusal: The error that says what is wrong with it.

    Raises:
        AerialSegError: It is unreadable, no text or no TOML; of the class `refusal`.
    """
    return parse_toml(read_text(path, refusal), str(path), refusal)


def parse_toml(text: str, name: str, refusal: type[AerialSegError] = DataError) -> dict[str, Any]:
    """Parse a TOML.

    Args:
        text: The TOML.
        name: What it is called in the error.
        refusal: The error that says what is wrong with it.

    Raises:
        AerialSegError: It is no TOML; of the class `refusal`.
    """
    try:
        stored: dict[str, Any] = tomllib.loads(text)
        return stored
    except RecursionError as error:
        hint = "Write it as in the documentation."
        raise refusal("toml-too-deep", "{name} is nested too deeply.", hint, name=name) from error
    except ValueError as error:  # TOMLDecodeError, or a number of more digits than Python converts
        raise refusal("toml-invalid", "{name} is not valid TOML: {error}.", _TOML, name=name, error=error) from error


def write_json(path: Path, content: Any) -> None:
    """Write a JSON for people and programs: indented, UTF-8, half characters (of file names) as escapes.

    Args:
        path: The file; it is written in place.
        content: What to write.

    Raises:
        OSError: The file cannot be written.
    """
    text = json.dumps(content, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8", errors="backslashreplace")


def read_json(path: Path, refusal: type[AerialSegError] = DataError) -> Any:
    """Read a JSON.

    Args:
        path: The file.
        refusal: The error that says what is wrong with it.

    Raises:
        AerialSegError: It is unreadable, no text, no JSON, or holds half a character; of the class `refusal`.
    """
    return parse_json(read_text(path, refusal), str(path), refusal)


def parse_json(text: str, name: str, refusal: type[AerialSegError] = DataError) -> Any:
    """Parse a JSON.

    Args:
        text: The JSON.
        name: What it is called in the error.
        refusal: The error that says what is wrong with it.

    Raises:
        AerialSegError: It is no JSON, or holds half a character; of the class `refusal`.
    """
    hint = "Correct it or take it out."
    try:
        content = json.loads(text)
        json.dumps(content, ensure_ascii=False).encode()
    except RecursionError as error:
        raise refusal("json-too-deep", "{path} is nested too deeply.", hint, path=name) from error
    except UnicodeEncodeError as error:  # an escape such as \ud800, which nothing can write
        half = error.object[error.start]
        raise refusal(
            "json-half-character", "{path} holds half a character, {half!a}.", hint, path=name, half=half
        ) from error
    except ValueError as error:  # JSONDecodeError, or a number of more digits than Python converts
        raise refusal("json-invalid", "{path} is no JSON: {error}.", hint, path=name, error=error) from error
    return content

"""The card file: a TOML in which a person says what a network from elsewhere does not tell by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import ModelError
from ..files.texts import read_toml

_MOST = 1e30


def read_card_file(path: Path) -> dict[str, Any]:
    """Read a card file.

    Args:
        path: The TOML; `docs/guides/models.md` lists its keys.

    Returns:
        Fields of a `Description`, with their values.

    Raises:
        ModelError: It is unreadable, no TOML, has an unknown key, or a value that is not what the key stands for.
    """
    given = read_toml(path, ModelError)
    for key, value in given.items():
        if key not in _RULES:
            raise ModelError(
                "card-file-key",
                "The card {path} has an unknown key {key!a}.",
                "Known are {known}.",
                path=path,
                key=key,
                known=", ".join(_RULES),
            )
        what, fits = _RULES[key]
        if not fits(value):
            raise ModelError(
                "card-file-value",
                "The card {path}: {key} must be {what}.",
                "Correct the card.",
                path=path,
                key=key,
                what=what,
            )
    classes = given.pop("classes", [])
    if classes:
        tables = [{"name": one} if isinstance(one, str) else one for one in classes]
        given["classes"] = {i: table["name"] for i, table in enumerate(tables)}
        given["colours"] = {i: table["colour"] for i, table in enumerate(tables) if "colour" in table}
    if "description" in given:
        given["text"] = given.pop("description")
    if given.get("gsd") == "any":
        given["gsd"] = 0.0
    return {key: _freeze(value) if key != "patch" else value for key, value in given.items()}


def _freeze(value: Any) -> Any:
    """Lists as tuples, and every number as a float."""
    if isinstance(value, list):
        return tuple(map(_freeze, value))
    return float(value) if type(value) is int else value


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < _MOST


def _is_list(value: Any, fits: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and bool(value) and all(map(fits, value))


def _is_class(value: Any) -> bool:
    if isinstance(value, dict):
        return {"name"} <= set(value) <= {"name", "colour"} and all(map(_is_text, value.values()))
    return _is_text(value)


def _is_range(value: Any) -> bool:
    return _is_list(value, _is_number) and len(value) == 2 and value[0] <= value[1]


_TEXT = ("a text", _is_text)
_NUMBERS = ("a list of numbers, one for each band", lambda value: _is_list(value, _is_number))

_RULES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "name": _TEXT,
    "description": _TEXT,
    "classes": (
        'a list of names, such as ["road", "other"], or of tables { name = "road", colour = "#6EC1E4" }',
        lambda value: _is_list(value, _is_class),
    ),
    "bands": ('a list of names, such as ["red", "green", "blue"]', lambda value: _is_list(value, _is_text)),
    "gsd": ('metres per pixel, or "any"', lambda value: value == "any" or (_is_number(value) and value > 0)),
    "gsd_range": ("two numbers, metres per pixel, finest first", _is_range),
    "patch": ("a whole number of pixels", lambda value: type(value) is int and 0 < value < _MOST),
    "scale": ("a number above 0", lambda value: _is_number(value) and value > 0),
    "mean": _NUMBERS,
    "std": _NUMBERS,
    "dtype": _TEXT,
    "range": ("two numbers, black and white", _is_range),
    "output": _TEXT,
    "threshold": ("a probability between 0 and 1", lambda value: _is_number(value) and 0 < value < 1),
    "licence": _TEXT,
}
"""What each key holds, for people, and whether a value is that."""

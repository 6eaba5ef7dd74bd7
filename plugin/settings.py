# SPDX-License-Identifier: GPL-2.0-or-later
"""What the user has set, kept in QGIS's settings under `aerialseg`; a variable of the environment comes first."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from typing import Any

from qgis.core import QgsSettings

GROUP = "aerialseg"
"""Group in QGIS's settings."""

INTERPRETER_VARIABLE = "AERIALSEG_PYTHON"
"""Variable of the environment that names an interpreter, before any setting."""


@dataclass(frozen=True)
class Settings:
    """The plugin's settings, with the values that they have at first."""

    python: str = ""
    """Interpreter that the user named; empty for the plugin's own environment."""
    wheels: str = ""
    """Folder of wheels to install from, without a network; empty for the index."""
    models: tuple[str, ...] = ()
    """Model files that the user added."""
    checksums: tuple[str, ...] = ()
    """What downloaded files were the first time, as NAME=SHA-256."""


def load() -> Settings:
    """Return the settings as they are stored."""
    stored = QgsSettings()
    return Settings(
        **{
            f.name: _convert_to_type_of(f.default, stored.value(f"{GROUP}/{f.name}", f.default))
            for f in fields(Settings)
        }
    )


def save(settings: Settings) -> None:
    """Store settings; what is as at first is not written."""
    stored = QgsSettings()
    for field in fields(Settings):
        value = getattr(settings, field.name)
        if value == field.default:
            stored.remove(f"{GROUP}/{field.name}")
        else:
            stored.setValue(f"{GROUP}/{field.name}", list(value) if isinstance(value, tuple) else value)


def find_named_interpreter() -> str:
    """Return the interpreter that is named instead of the plugin's own environment; empty if there is none."""
    return os.environ.get(INTERPRETER_VARIABLE, "").strip() or load().python


def _convert_to_type_of(default: Any, value: Any) -> Any:
    """Convert a stored value: ini files know text only, and hand a list of one over as its element."""
    if not isinstance(default, tuple):
        return "" if value is None else type(default)(value)
    items = [value] if isinstance(value, str) else value or ()
    return tuple(str(item) for item in items if item)

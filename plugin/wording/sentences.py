# SPDX-License-Identifier: GPL-2.0-or-later
"""Sentences of the core by their keys: looked up, translated, and their values put in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..i18n import Number, translate
from ..worker import WorkerError
from . import areas, files, images, labels, models, options, plan, polygons, review, training, workers
from .words import name_bands, name_class, name_controls

SENTENCES = {
    key: text
    for subject in (areas, files, images, labels, models, options, plan, polygons, review, training, workers)
    for key, text in subject.SENTENCES.items()
}
"""What is said for a key, in English: text and remedy in one."""

_PARTS = "parts"  # the key of several sentences in one

_CLASSES = ("classes", "data_classes", "known", "model_classes", "name", "names")
"""Values that may hold names of classes of the shipped model."""

_BANDS = ("bands", "lacking", "shown", "wanted")
"""Values that may hold names of bands."""


def say(said: Mapping[str, Any]) -> str:
    """Say a sentence of the core.

    Args:
        said: Its key, text, hint and values, as an event has them. One with a key that is not known here, as of a later
            core, is said as the core says it.
    """
    known, values = SENTENCES.get(str(said.get("key", ""))), said.get("values")
    if said.get("key") == _PARTS and isinstance(values, Mapping):
        return "; ".join(str(_say_value("", part)) for part in values.values())
    if known is not None and isinstance(values, Mapping):
        try:
            of_bands = str(said["key"]).startswith("bands-")
            told = {
                name: _say_value("bands" if of_bands and name == "names" else name, values[name]) for name in values
            }
            return name_controls(translate(known)).format(**told)
        except (LookupError, ValueError):  # a core that has other values
            pass
    return name_controls(f"{said.get('text', '')} {said.get('hint', '')}".strip())


def say_error(error: Exception) -> str:
    """Say why a worker failed; any other error as it says itself."""
    return say(error.said) if isinstance(error, WorkerError) else str(error)


def say_row(row: Mapping[str, Any]) -> tuple[str, str]:
    """Say a row of a plan.

    Args:
        row: The sentence.

    Returns:
        What it is about, as "windows", and what is said of that.
    """
    about, text = str(row.get("key", "")).partition("plan-")[2], say(row)
    return about.partition("-")[0], text


def _say_value(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return say(value)
    if isinstance(value, str):
        if name == "option":
            return name_controls(value)
        if name in _BANDS:
            return name_bands(value)
        return ", ".join(map(name_class, value.split(", "))) if name in _CLASSES else value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return Number(value)
    return str(value)

# SPDX-License-Identifier: GPL-2.0-or-later
"""The runs of a project: what was asked for and what was found, kept in the project file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Optional

from qgis.core import QgsProject

_SCOPE, _KEY = "aerialseg", "/runs"
MOST = 100
"""Runs that a project keeps: the newest ones."""


@dataclass(frozen=True)
class RunRecord:
    """One run."""

    time: str
    """When it ended, local time, as YYYY-MM-DD HH:MM:SS."""
    layer: str
    """Id of the image layer."""
    name: str
    """Name of that layer."""
    settings: "dict[str, Any]"
    """What was asked for: `Request.make_settings`."""
    areas: "dict[str, float]"
    """Area of each class."""
    unit: str
    """Unit of the areas."""
    confidence: "dict[str, float]"
    """Mean confidence of each class in percent; empty where it was not asked for."""
    ground: "Optional[dict[str, Any]]"
    """What the worker found out about the ground."""
    layers: "list[str]"
    """Ids of the layers that it made, the topmost first."""


def list_runs(project: QgsProject, layer: str) -> "list[RunRecord]":
    """Return the runs over a layer, the newest first."""
    return [record for record in _read(project) if record.layer == layer]


def add_run(project: QgsProject, record: RunRecord) -> None:
    """Keep a run, which is saved with the project."""
    kept = [record, *_read(project)][:MOST]
    project.writeEntry(_SCOPE, _KEY, json.dumps([asdict(one) for one in kept], ensure_ascii=False))


def _read(project: QgsProject) -> "list[RunRecord]":
    """Return all runs; what another version wrote and cannot be understood is passed over."""
    text, _ = project.readEntry(_SCOPE, _KEY, "[]")
    names = {field.name for field in fields(RunRecord)}
    try:
        found = json.loads(text)
    except ValueError:
        return []
    return [RunRecord(**one) for one in found if isinstance(one, dict) and set(one) == names]

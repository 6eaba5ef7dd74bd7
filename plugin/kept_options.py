# SPDX-License-Identifier: GPL-2.0-or-later
"""What was chosen for a layer, kept in the project file: it comes back with the layer."""

from __future__ import annotations

import json
from typing import Any

from qgis.core import QgsProject

_SCOPE, _KEY = "aerialseg", "/options"


def read_options(project: QgsProject, layer: str) -> "dict[str, Any]":
    """Return what was chosen for a layer, as `MapPage.settings` tells it; {} if nothing was."""
    return _read(project).get(layer, {})


def keep_options(project: QgsProject, layer: str, options: "dict[str, Any]") -> None:
    """Keep what is chosen for a layer, and forget layers that are gone; it is saved with the project."""
    kept = {one: chosen for one, chosen in _read(project).items() if project.mapLayer(one) is not None}
    project.writeEntry(_SCOPE, _KEY, json.dumps({**kept, layer: options}, ensure_ascii=False))


def _read(project: QgsProject) -> "dict[str, dict[str, Any]]":
    """Return what is kept, by layer; what another version wrote and cannot be understood is passed over."""
    text, _ = project.readEntry(_SCOPE, _KEY, "{}")
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    pairs = found.items() if isinstance(found, dict) else ()
    return {layer: chosen for layer, chosen in pairs if isinstance(chosen, dict)}

# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin says of itself, read from metadata.txt, so that nothing is typed twice."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

PLUGIN_DIR = Path(__file__).resolve().parent
"""The folder of this file."""


_PARSER = ConfigParser(interpolation=None)
_PARSER.read(PLUGIN_DIR.parent / "metadata.txt", encoding="utf-8")
_METADATA = _PARSER["general"]

TITLE = _METADATA["name"]
"""Name of the plugin as shown to people."""

VERSION = _METADATA["version"]
"""Version of the plugin and of the core it belongs to."""

ROOT = PLUGIN_DIR.parent
"""The folder of the plugin as QGIS sees it, where the core and the shipped models lie."""

ICON = ROOT / _METADATA["icon"]
"""The plugin's icon, an SVG file."""

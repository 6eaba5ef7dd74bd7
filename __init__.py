# SPDX-License-Identifier: GPL-2.0-or-later
"""The QGIS plugin aerialseg: this folder, under any name, is its package."""

from __future__ import annotations


def classFactory(iface):  # noqa: N802 - the name that QGIS asks for
    """Make the plugin.

    Args:
        iface: The `QgisInterface`, or None where QGIS runs without windows.
    """
    from .plugin.plugin_main import AerialSegPlugin

    return AerialSegPlugin(iface)

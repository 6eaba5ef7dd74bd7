# SPDX-License-Identifier: GPL-2.0-or-later
"""Layers that are hidden while points are labelled: who sees the map labels as the map does.

Which ones is kept in the layer tree itself, so that they come back even after QGIS was killed.
"""

from __future__ import annotations

from collections.abc import Collection

from qgis.core import QgsLayerTree

_HIDDEN = "aerialseg/hidden"  # property of a node of the layer tree


def hide_all_but(tree: QgsLayerTree, shown: Collection[str]) -> None:
    """Show these layers only.

    Args:
        tree: Of the project.
        shown: Ids of layers.
    """
    for node in tree.findLayers():
        if node.layerId() in shown:
            node.setItemVisibilityCheckedParentRecursive(True)
        elif node.itemVisibilityChecked():
            node.setCustomProperty(_HIDDEN, True)
            node.setItemVisibilityChecked(False)


def show_hidden(tree: QgsLayerTree) -> None:
    """Undo `hide_all_but`; harmless where nothing was hidden."""
    for node in tree.findLayers():
        if node.customProperty(_HIDDEN, False):
            node.removeCustomProperty(_HIDDEN)
            node.setItemVisibilityChecked(True)

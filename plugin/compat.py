# SPDX-License-Identifier: GPL-2.0-or-later
"""What differs between the versions of QGIS and Qt, asked of the classes themselves and in this file only."""

from __future__ import annotations

from typing import Any

from qgis import core
from qgis.core import Qgis, QgsMapLayerProxyModel, QgsProcessingContext, QgsProject, QgsTask
from qgis.PyQt.QtCore import QTimer

_RANK = "aerialseg/rank"  # property of a node of the layer tree


def put_into_group(details: QgsProcessingContext.LayerDetails, group: str) -> bool:
    """Ask for a group of the layer tree; False where QGIS cannot do it itself (before 3.32)."""
    if not hasattr(details, "groupName"):
        return False
    details.groupName = group
    return True


def move_to_group_later(project: QgsProject, layer_id: str, group: str, rank: int) -> None:
    """Move a layer into a group of the layer tree once the current event has been dealt with.

    Args:
        project: Whose layer tree.
        layer_id: The layer.
        group: Name of the group; it is made at the top if it is not there.
        rank: Layers of a lower rank are drawn above it, and so are newer ones of the same rank.
    """
    QTimer.singleShot(0, lambda: _move_to_group(project, layer_id, group, rank))


def _move_to_group(project: QgsProject, layer_id: str, name: str, rank: int) -> None:
    root = project.layerTreeRoot()
    node = root.findLayer(layer_id)
    if node is None:
        return
    group = root.findGroup(name) or root.insertGroup(0, name)
    if node.parent() is group:
        return
    moved = node.clone()
    moved.setCustomProperty(_RANK, rank)
    ranks = [int(child.customProperty(_RANK, 0)) for child in group.children()]
    group.insertChildNode(next((i for i, other in enumerate(ranks) if other >= rank), len(ranks)), moved)
    node.parent().removeChildNode(node)


def get_raster_layer_type() -> Any:
    """Return what a raster layer is called among the types of layers: renamed in 3.30."""
    if hasattr(Qgis, "LayerType"):
        return Qgis.LayerType.Raster
    return core.QgsMapLayerType.RasterLayer


def get_layer_filter(name: str) -> Any:
    """Return a filter of layer lists, such as `RasterLayer`; its enum moved to `Qgis` in 3.34."""
    enum = getattr(Qgis, "LayerFilter", None) or QgsMapLayerProxyModel.Filter
    return getattr(enum, name)


def get_quiet_task_flags() -> Any:
    """Return flags of a task that can be cancelled and, where QGIS knows that, is neither listed nor announced."""
    flags = QgsTask.Flag.CanCancel
    for name in ("Hidden", "Silent"):  # since 3.26 and 3.28
        if hasattr(QgsTask.Flag, name):
            flags = flags | getattr(QgsTask.Flag, name)
    return flags


def get_group(details: QgsProcessingContext.LayerDetails) -> str:
    """Return the group of the layer tree that an algorithm wants a layer in; "" before 3.32, which knows none."""
    return str(getattr(details, "groupName", ""))

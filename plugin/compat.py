# SPDX-License-Identifier: GPL-2.0-or-later
"""What differs between the versions of QGIS and Qt, asked of the classes themselves and in this file only."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, Optional

from qgis import core, utils
from qgis.core import (
    Qgis,
    QgsLayerTreeGroup,
    QgsLayerTreeLayer,
    QgsMapLayerProxyModel,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProject,
    QgsTask,
)
from qgis.PyQt.QtCore import QTimer

_RUN, _RANK = "aerialseg/run", "aerialseg/rank"  # properties of a node of the layer tree


def put_into_group(details: QgsProcessingContext.LayerDetails, group: str) -> bool:
    """Ask for a group of the layer tree; False where QGIS cannot do it itself (before 3.32)."""
    if not hasattr(details, "groupName"):
        return False
    details.groupName = group
    return True


@dataclass(frozen=True)
class TreePlace:
    """Where a layer belongs in the layer tree."""

    group: Optional[str]
    """Name of the group to move it into, which is made at the top if it is not there; None where it is in its group."""
    run: str
    """What made it: all layers of the newest run are above what was there before."""
    rank: int
    """Layers of a lower rank are drawn above others of the same run."""
    visible: bool
    """Whether it is ticked."""


def place_layer_later(project: QgsProject, layer_id: str, place: TreePlace) -> None:
    """Put a layer where it belongs in the layer tree once the current event has been dealt with."""
    QTimer.singleShot(0, lambda: _place_layer(project, layer_id, place))


def _place_layer(project: QgsProject, layer_id: str, place: TreePlace) -> None:
    root = project.layerTreeRoot()
    node = root.findLayer(layer_id)
    if node is None:
        return
    if place.group:
        node = _move_to_group(node, root.findGroup(place.group) or root.insertGroup(0, place.group), place)
    if not place.visible:
        node.setItemVisibilityChecked(False)
        node.setExpanded(False)
    elif node.parent() is not root:
        for expanded in (False, True):  # QGIS forgets to unfold a group that was empty when it was made
            node.parent().setExpanded(expanded)


def _move_to_group(node: QgsLayerTreeLayer, group: QgsLayerTreeGroup, place: TreePlace) -> QgsLayerTreeLayer:
    moved = node.clone()
    moved.setCustomProperty(_RUN, place.run)
    moved.setCustomProperty(_RANK, place.rank)
    of_run = [other for other in group.children() if other is not node and other.customProperty(_RUN) == place.run]
    above = [other for other in of_run if int(other.customProperty(_RANK, 0)) < place.rank]
    was_active = utils.iface is not None and utils.iface.activeLayer() is node.layer()
    group.insertChildNode(len(above), moved)
    node.parent().removeChildNode(node)  # afterwards: a layer without a node leaves the project
    if was_active:
        utils.iface.setActiveLayer(moved.layer())
    return moved


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


def add_to_history(
    algorithm: QgsProcessingAlgorithm, parameters: "dict[str, Any]", context: QgsProcessingContext
) -> None:
    """Put a run into Processing's history, from which it can be run again; not where Processing's plugin is off."""
    from qgis.gui import QgsGui  # not there in qgis_process

    told = algorithm.asPythonCommand(parameters, context)
    registry = getattr(QgsGui, "historyProviderRegistry", None)  # since 3.24
    if registry is None:
        log = sys.modules.get("processing.core.ProcessingLog")  # not there where Processing's plugin is off
        if log is not None:
            log.ProcessingLog.addToLog(told)
        return
    entry = {"python_command": told, "algorithm_id": algorithm.id(), "parameters": algorithm.asMap(parameters, context)}
    command, works = algorithm.asQgisProcessCommand(parameters, context)
    if works:
        entry["process_command"] = command
    registry().addEntry("processing", entry)


def snap_to_neighbours(project: QgsProject) -> None:
    """Have what is drawn in a layer snap to what is there, and give way to it; enums moved to `Qgis` in 3.26."""
    config = project.snappingConfig()
    config.setEnabled(True)
    if hasattr(Qgis, "SnappingMode"):
        config.setMode(Qgis.SnappingMode.ActiveLayer)
        config.setTypeFlag(Qgis.SnappingType.Vertex | Qgis.SnappingType.Segment)
        avoid = Qgis.AvoidIntersectionsMode.AvoidIntersectionsCurrentLayer
    else:
        kinds = core.QgsSnappingConfig.SnappingTypes
        config.setMode(core.QgsSnappingConfig.SnappingMode.ActiveLayer)
        config.setTypeFlag(core.QgsSnappingConfig.SnappingTypeFlag(kinds.VertexFlag | kinds.SegmentFlag))
        avoid = QgsProject.AvoidIntersectionsMode.AvoidIntersectionsCurrentLayer
    project.setSnappingConfig(config)
    project.setAvoidIntersectionsMode(avoid)
    project.setTopologicalEditing(True)

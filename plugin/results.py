# SPDX-License-Identifier: GPL-2.0-or-later
"""How results enter the project: under a name that says what they are, in a group, in the colours of their classes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import ClassVar, Optional
from urllib.parse import quote
from uuid import uuid4

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsColorRampShader,
    QgsCoordinateReferenceSystem,
    QgsMapLayer,
    QgsPalettedRasterRenderer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsProcessingUtils,
    QgsProject,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtGui import QColor

from . import compat
from .class_fields import tie_class_fields
from .i18n import tr
from .legends import translate_legend
from .wording import name_class

CONFIDENCE_COLOURS = ((0, "#7f3b08"), (50, "#f7b267"), (75, "#f7f7f7"), (100, "#2d6a4f"))
"""Percent and colour: what is to be doubted stands out."""

UNLIKE_COLOURS = ((0, "#2e7d32"), (100, "#c5e1a5"), (130, "#f9a825"), (200, "#c62828"), (250, "#6a1b1a"))
"""Distance from the training images in percent of what is normal, and colour: green, amber, red."""

RIGHT_AS_BEFORE = 1
"""Number of that in a raster of what flipped."""

BLACK = QColor("black").rgb()
"""Without transparency, as Qt packs it."""


_MADE_BY = "aerialseg/made"  # property of a layer
_SHOWS_FLIPS = "aerialseg/flips"  # likewise


def is_map(layer: QgsMapLayer) -> bool:
    """Return whether a layer shows classes, each in its colour, and is not what tells two maps apart."""
    paletted = isinstance(layer, QgsRasterLayer) and layer.isValid() and layer.bandCount() == 1
    return (
        paletted and getattr(layer.renderer(), "type", str)() == "paletted" and not layer.customProperty(_SHOWS_FLIPS)
    )


def is_result(layer: QgsMapLayer) -> bool:
    """Return whether a layer was made by a run: it is no image to be segmented."""
    return bool(layer.customProperty(_MADE_BY))


@dataclass(frozen=True)
class ResultLayer:
    """A layer that a run makes."""

    path: str
    """Its file."""
    name: str
    """Its name in the layer tree."""
    style: Callable[[QgsMapLayer], None]
    """Gives it its style."""
    visible: bool = True
    """Whether it is ticked at first."""


class LayerStyler(QgsProcessingLayerPostProcessorInterface):
    """Styles one layer when QGIS has loaded it, in the main thread.

    Args:
        result: What the layer is.
        crs: Coordinate system to give to a layer whose file has none.
        group: Group of the layer tree that QGIS did not put it into by itself.
        place: What made it, and its place among what that made, from the top.
    """

    _kept: ClassVar["dict[str, LayerStyler]"] = {}  # QGIS does not own them: they must outlive the algorithm

    def __init__(
        self, result: ResultLayer, crs: QgsCoordinateReferenceSystem, group: Optional[str], place: "tuple[str, int]"
    ) -> None:
        super().__init__()
        self._run, self._rank = place
        self._result = result
        self._crs = crs
        self.group = group
        """Group of the layer tree that it puts the layer into."""
        self._kept[result.path] = self

    def style(self, layer: QgsMapLayer) -> None:
        """Give a layer its style and CRS; in any thread, as long as the layer is in no project."""
        if not layer.crs().isValid() and self._crs.isValid():
            layer.setCrs(self._crs)
        layer.setCustomProperty(_MADE_BY, "run")
        self._result.style(layer)
        translate_legend(layer)

    def place(self, layer: QgsMapLayer, project: QgsProject) -> None:
        """Put a layer of a project where it belongs in the layer tree, after the event that is being dealt with."""
        QTimer.singleShot(0, lambda: self._kept.pop(self._result.path, None))  # QGIS still uses it now
        place = compat.TreePlace(self.group, self._run, self._rank, self._result.visible)
        compat.place_layer_later(project, layer.id(), place)

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        """Give the layer its style, CRS and group."""
        self.style(layer)
        self.place(layer, context.project() or QgsProject.instance())


def set_layer_details(
    context: QgsProcessingContext, results: Iterable[ResultLayer], *, crs: QgsCoordinateReferenceSystem, group: str
) -> None:
    """Say how the layers will be called, grouped and styled that QGIS is about to load.

    Args:
        context: Of the algorithm.
        results: What the run made, from the top down; what will not be loaded is passed over.
        crs: Coordinate system of the input.
        group: Name of the group.
    """
    run = uuid4().hex
    for rank, result in enumerate(results):
        if not context.willLoadLayerOnCompletion(result.path):
            continue
        details = context.layerToLoadOnCompletionDetails(result.path)
        details.name, details.forceName = result.name, True
        left = None if compat.put_into_group(details, group) else group
        details.setPostProcessor(LayerStyler(result, crs, left, (run, rank)))


def load_layers(
    context: QgsProcessingContext, results: Iterable[ResultLayer], *, hint: QgsProcessingUtils.LayerHint
) -> None:
    """Have QGIS load files that are no output parameters of the algorithm."""
    for result in results:
        details = QgsProcessingContext.LayerDetails(result.name, context.project(), "", hint)
        context.addLayerToLoadOnCompletion(result.path, details)


def add_map(project: QgsProject, path: str, name: str, group: str) -> None:
    """Put a class raster that was made on the way into the project, not ticked: it would hide its image.

    Args:
        project: It.
        path: The raster.
        name: Of the layer.
        group: Name of the group, which is made if it is not there.
    """
    layer = QgsRasterLayer(path, name)
    if not layer.isValid():
        return
    layer.setCustomProperty(_MADE_BY, "run")
    style_classes(layer)
    translate_legend(layer)
    project.addMapLayer(layer, False)
    root = project.layerTreeRoot()
    node = (root.findGroup(group) or root.insertGroup(0, group)).insertLayer(0, layer)
    node.setItemVisibilityChecked(False)


def show_alone(project: QgsProject, shown: Iterable[str], others: Iterable[str]) -> None:
    """Untick and fold what lies where other layers are: one is seen through the other, and their colours mix.

    Args:
        project: It.
        shown: Ids of layers.
        others: Ids of those that are unticked, as far as they show the same ground.
    """
    above = [layer for layer in map(project.mapLayer, shown) if layer is not None]
    for layer in filter(None, map(project.mapLayer, others)):
        node = project.layerTreeRoot().findLayer(layer.id())
        if node is not None and any(_overlap(layer, one) for one in above):
            node.setItemVisibilityChecked(False)
            node.setExpanded(False)


def _overlap(one: QgsMapLayer, other: QgsMapLayer) -> bool:
    common = one.extent().intersect(other.extent())
    return one.crs() != other.crs() or (common.width() > 0 and common.height() > 0)


def hide_results(project: QgsProject) -> None:
    """Untick what runs have made, or one would draw without seeing the image."""
    for node in project.layerTreeRoot().findLayers():
        if node.layer() is not None and is_result(node.layer()):
            node.setItemVisibilityChecked(False)


def style_classes(layer: QgsMapLayer) -> None:
    """Show a class raster in the colours and under the names of its classes."""
    provider = layer.dataProvider()
    missing = provider.sourceNoDataValue(1) if provider.sourceHasNoDataValue(1) else None
    entries = QgsPalettedRasterRenderer.colorTableToClassData(provider.colorTable(1))
    real = [entry for entry in entries if entry.value != missing and not _is_padding(entry)]
    layer.setRenderer(QgsPalettedRasterRenderer(provider, 1, real))
    layer.triggerRepaint()


def name_categories(layer: QgsMapLayer, names: Mapping[str, str]) -> None:
    """Say in the legend what the style in a file says in English.

    Args:
        layer: A vector layer.
        names: By the value of the category.
    """
    renderer = layer.renderer()
    if isinstance(renderer, QgsCategorizedSymbolRenderer):
        for i, category in enumerate(renderer.categories()):
            renderer.updateCategoryLabel(i, names.get(str(category.value()), category.label()))


def style_flips(layer: QgsMapLayer) -> None:
    """Show what flipped; through what is right as before one sees what lies below."""
    style_classes(layer)
    renderer = layer.renderer()
    names = (tr("Right as before"), tr("Right now"), tr("Wrong now"), tr("Still wrong"))
    entries = renderer.classes()
    for entry in entries:
        number = int(entry.value) - RIGHT_AS_BEFORE
        entry.label = names[number] if 0 <= number < len(names) else entry.label
        if entry.value == RIGHT_AS_BEFORE:
            entry.color.setAlpha(0)
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, entries))
    layer.setCustomProperty(_SHOWS_FLIPS, True)


def _is_padding(entry: QgsPalettedRasterRenderer.Class) -> bool:
    """Tell whether an entry of a palette is no class: GDAL fills it up to 256 with black ones called as they count.

    A class may be called as it counts, and another one be black.
    """
    return entry.label in ("", str(int(entry.value))) and entry.color.rgb() == BLACK


def style_confidence(layer: QgsMapLayer) -> None:
    """Show a confidence raster so that what is to be doubted stands out."""
    _style_percents(layer, CONFIDENCE_COLOURS)


def style_unlike(layer: QgsMapLayer) -> None:
    """Show how unlike the training images a raster is as the lights do: green, amber, red."""
    _style_percents(layer, UNLIKE_COLOURS)


def _style_percents(layer: QgsMapLayer, colours: "tuple[tuple[int, str], ...]") -> None:
    most = colours[-1][0]
    function = QgsColorRampShader(0, most)
    function.setColorRampType(QgsColorRampShader.Type.Interpolated)
    function.setColorRampItemList(
        [QgsColorRampShader.ColorRampItem(value, QColor(colour), f"{value} %") for value, colour in colours]
    )
    shader = QgsRasterShader(0, most)
    shader.setRasterShaderFunction(function)
    layer.setRenderer(QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, shader))
    layer.triggerRepaint()


def style_polygons(layer: QgsMapLayer) -> None:
    """Show class polygons in the style that their GeoPackage carries; Processing loads layers without it.

    Whoever edits them picks a class by its name; the rest follows.
    """
    layer.loadDefaultStyle()
    tie_class_fields(layer)
    layer.triggerRepaint()


def hide_absent_classes(layer: QgsMapLayer, areas: Mapping[str, float]) -> None:
    """Take classes of which there is nothing out of the legend of a styled layer.

    Args:
        layer: A class raster or class polygons.
        areas: Area of each class.
    """
    renderer = layer.renderer()
    if isinstance(renderer, QgsPalettedRasterRenderer):
        there = [entry for entry in renderer.classes() if areas.get(entry.label, 0) > 0]
        layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, there))
    elif isinstance(renderer, QgsCategorizedSymbolRenderer):
        for i in reversed(range(len(renderer.categories()))):
            if not areas.get(renderer.categories()[i].label(), 0) > 0:
                renderer.deleteCategory(i)
    layer.triggerRepaint()


def read_confidence(polygons: str) -> "dict[str, float]":
    """Return the mean confidence of each class in percent, of the polygons in a GeoPackage; {} where none is told."""
    try:
        with closing(sqlite3.connect(f"file:{quote(polygons)}?mode=ro", uri=True)) as database:
            (table,) = database.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'").fetchone()
            name = str(table).replace('"', '""')
            columns = {row[1] for row in database.execute(f'PRAGMA table_info("{name}")')}
            area = next(column for column in sorted(columns) if column.startswith("area"))
            text = (
                f'SELECT class_name, SUM("{area}" * confidence_mean) / SUM("{area}") FROM "{name}" '  # nosec B608
                "WHERE confidence_mean IS NOT NULL GROUP BY class_name"
            )
            return {str(row[0]): float(row[1]) for row in database.execute(text) if row[1] is not None}
    except (sqlite3.Error, TypeError, StopIteration):
        return {}


def keep_style(layer: QgsMapLayer) -> None:
    """Show a layer as QGIS would."""


def format_areas(areas: Mapping[str, float], unit: str) -> "list[str]":
    """Return class areas for a log, largest first."""
    total = sum(areas.values()) or 1.0
    ordered = sorted(((name_class(name), area) for name, area in areas.items()), key=lambda item: -item[1])
    width = max((len(name) for name, _ in ordered), default=0)
    return [f"{name:<{width}} {area:>16,.1f} {unit} {area / total:>7.1%}" for name, area in ordered if area > 0] or [
        tr("Nothing but no data.")
    ]

# SPDX-License-Identifier: GPL-2.0-or-later
"""Colours of a layer of classes: those of its scheme, or those that maps usually have. Ids and names never change."""

from __future__ import annotations

import json

from qgis.core import QgsCategorizedSymbolRenderer, QgsMapLayer, QgsPalettedRasterRenderer
from qgis.PyQt.QtGui import QColor

from .legends import read_own_names

CONVENTIONAL = {
    "water": "#4f91cd",
    "vegetation": "#5c9e4a",
    "forest": "#2f6b35",
    "tree": "#2f6b35",
    "grass": "#a5cf7a",
    "building": "#c2453d",
    "road": "#6b6b6b",
    "paved": "#6b6b6b",
    "land": "#d9c39a",
    "soil": "#d9c39a",
    "bare": "#d9c39a",
    "crop": "#e8d66b",
    "unlabeled": "#cfcfcf",
}
"""Words in the name of a class, and the colour that maps usually have for it; the first one that fits counts."""

_KEPT = "aerialseg/colours"  # property of a layer: the colours of its scheme by class, while it has others


def find_conventional(name: str, colour: str) -> str:
    """Return the usual colour of a class as #rrggbb; its own where none is usual."""
    return next((usual for word, usual in CONVENTIONAL.items() if word in name.lower()), colour)


def has_conventional(layer: QgsMapLayer) -> bool:
    """Return whether a layer is shown in the usual colours."""
    return bool(layer.customProperty(_KEPT))


def set_conventional(layer: QgsMapLayer, conventional: bool) -> None:
    """Show a layer of classes in the usual colours, or in those of its scheme again; others are left alone."""
    if has_conventional(layer) == conventional:
        return
    if conventional:
        own = _read_colours(layer)
        if own:
            layer.setCustomProperty(_KEPT, json.dumps(own))
            names = read_own_names(layer)
            _paint(layer, {shown: find_conventional(names.get(shown, shown), own[shown]) for shown in own})
    else:
        own = json.loads(layer.customProperty(_KEPT))
        layer.removeCustomProperty(_KEPT)
        _paint(layer, own)


def _read_colours(layer: QgsMapLayer) -> "dict[str, str]":
    renderer = layer.renderer()
    if isinstance(renderer, QgsPalettedRasterRenderer):
        return {entry.label: entry.color.name() for entry in renderer.classes()}
    if isinstance(renderer, QgsCategorizedSymbolRenderer):
        return {category.label(): category.symbol().color().name() for category in renderer.categories()}
    return {}


def _paint(layer: QgsMapLayer, colours: "dict[str, str]") -> None:
    renderer = layer.renderer().clone()
    if isinstance(renderer, QgsPalettedRasterRenderer):
        entries = [
            QgsPalettedRasterRenderer.Class(entry.value, QColor(colours.get(entry.label, entry.color)), entry.label)
            for entry in renderer.classes()
        ]
        renderer = QgsPalettedRasterRenderer(layer.dataProvider(), 1, entries)
    else:
        for i, category in enumerate(renderer.categories()):
            if category.label() in colours:
                symbol = category.symbol().clone()
                symbol.setColor(QColor(colours[category.label()]))
                renderer.updateCategorySymbol(i, symbol)
    layer.setRenderer(renderer)
    layer.triggerRepaint()
    layer.emitStyleChanged()

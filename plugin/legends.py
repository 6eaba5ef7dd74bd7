# SPDX-License-Identifier: GPL-2.0-or-later
"""What classes are called in the legend: as in the language of QGIS, while data and models keep their own names."""

from __future__ import annotations

import json

from qgis.core import QgsCategorizedSymbolRenderer, QgsMapLayer, QgsPalettedRasterRenderer

from .wording import name_class

_NAMES = "aerialseg/names"  # property of a layer: what classes are called, by what the legend calls them


def translate_legend(layer: QgsMapLayer) -> None:
    """Call the classes of the shipped model in a legend as in the language of QGIS; other names stay."""
    renderer, own = layer.renderer(), {}
    if isinstance(renderer, QgsPalettedRasterRenderer):
        entries = renderer.classes()
        for entry in entries:
            own[name_class(entry.label)] = entry.label
            entry.label = name_class(entry.label)
        layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, entries))
    elif isinstance(renderer, QgsCategorizedSymbolRenderer):
        for i, category in enumerate(renderer.categories()):
            own[name_class(category.label())] = category.label()
            renderer.updateCategoryLabel(i, name_class(category.label()))
    if any(shown != name for shown, name in own.items()):
        layer.setCustomProperty(_NAMES, json.dumps(own))


def read_own_names(layer: QgsMapLayer) -> "dict[str, str]":
    """Return what classes are called in the data, by what the legend of a layer calls them; {} where it says that."""
    return json.loads(layer.customProperty(_NAMES) or "{}")

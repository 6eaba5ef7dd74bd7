# SPDX-License-Identifier: GPL-2.0-or-later
"""Fields of class polygons that are edited: the number of the class decides, its name and the area follow."""

from __future__ import annotations

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsDefaultValue,
    QgsEditorWidgetSetup,
    QgsExpression,
    QgsProject,
    QgsUnitTypes,
    QgsVectorLayer,
)

from .wording import name_class

CLASS_ID, CLASS_NAME, AREA = "class_id", "class_name", "area_m2"


def tie_class_fields(layer: QgsVectorLayer) -> None:
    """Have name and area follow when somebody gives a polygon another class or another shape.

    Args:
        layer: Polygons that are coloured by the number of their class; others are left alone.
    """
    renderer, fields = layer.renderer(), layer.fields()
    if not isinstance(renderer, QgsCategorizedSymbolRenderer) or renderer.classAttribute().strip('"') != CLASS_ID:
        return
    named = [(int(one.value()), one.label()) for one in renderer.categories() if str(one.value()).isdigit()]
    if not named or fields.indexOf(CLASS_ID) < 0:
        return
    choices = QgsEditorWidgetSetup("ValueMap", {"map": [{name_class(name): number} for number, name in named]})
    layer.setEditorWidgetSetup(fields.indexOf(CLASS_ID), choices)
    cases = (f'WHEN "{CLASS_ID}" = {number} THEN {QgsExpression.quotedString(name)}' for number, name in named)
    _follow(layer, CLASS_NAME, f"CASE {' '.join(cases)} END")
    project = layer.project() or QgsProject.instance()
    square_metres = QgsUnitTypes.fromUnitToUnitFactor(project.areaUnits(), QgsUnitTypes.AreaUnit.AreaSquareMeters)
    _follow(layer, AREA, f"$area * {square_metres!r}")


def _follow(layer: QgsVectorLayer, name: str, expression: str) -> None:
    index = layer.fields().indexOf(name)
    if index >= 0:
        layer.setDefaultValueDefinition(index, QgsDefaultValue(expression, True))

"""Point form: the QGIS style of the points of a sample, with the form in which they are labelled.

The form asks what is on the ground, and hides what the map says there: who knows it sees what is expected. Who labelled
a point and when is filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring  # nosec B405 - writes XML, reads none

HIDDEN = ("row", "col", "map_class", "probability", "cluster")
"""Columns that who labels is not to see."""

FILLED = {"labelled_by": "coalesce(nullif(@user_full_name, ''), @user_account_name)", "labelled_at": "now()"}
"""Columns that QGIS fills in whenever a point is edited, and with which expression."""

STATES = {"0": ("to label", "#E6194B"), "1": ("labelled", "#3CB44B"), "2": ("unsure", "#FFB000")}
"""What a point can be, and its colour."""

_STATE = 'CASE WHEN "label" IS NULL THEN 0 WHEN "unsure" THEN 2 ELSE 1 END'


def make_point_style(columns: Sequence[str], classes: Sequence[str]) -> str:
    """Make the style, for QGIS 3.22 and later.

    Args:
        columns: Names of the columns.
        classes: Names of the classes that a point may be.
    """
    qgis = Element("qgis", version="3.22.0", styleCategories="Symbology|Fields|Forms|AttributeTable")
    _add_symbols(qgis)
    fields = SubElement(qgis, "fieldConfiguration")
    for name in columns:
        _add_widget(SubElement(SubElement(fields, "field", name=name), "editWidget"), name, classes)
    aliases = SubElement(qgis, "aliases")
    for index, name in enumerate(columns):
        title = {"label": "on the ground", "labelled_by": "labelled by", "labelled_at": "labelled at"}.get(name, "")
        SubElement(aliases, "alias", field=name, index=str(index), name=title)
    defaults = SubElement(qgis, "defaults")
    for name in columns:
        SubElement(
            defaults, "default", field=name, expression=FILLED.get(name, ""), applyOnUpdate=str(+(name in FILLED))
        )
    shown = SubElement(SubElement(qgis, "attributetableconfig", sortExpression='"id"', sortOrder="0"), "columns")
    for name in columns:
        SubElement(shown, "column", type="field", name=name, hidden=str(+(name in HIDDEN)))
    SubElement(qgis, "editorlayout").text = "generatedlayout"
    editable = SubElement(qgis, "editable")
    for name in columns:
        SubElement(editable, "field", name=name, editable=str(+(name in ("label", "unsure", "remark", *FILLED))))
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + tostring(qgis, "unicode")


def _add_widget(widget: Element, name: str, classes: Sequence[str]) -> None:
    """Say how a column is edited."""
    if name in HIDDEN:
        widget.set("type", "Hidden")
    elif name == "unsure":
        widget.set("type", "CheckBox")
    elif name == "label":
        widget.set("type", "ValueMap")
        options = SubElement(SubElement(widget, "config"), "Option", type="Map")
        listed = SubElement(options, "Option", type="List", name="map")
        for one in classes:
            SubElement(SubElement(listed, "Option", type="Map"), "Option", name=one, type="QString", value=one)
        return
    elif name == "labelled_at":
        widget.set("type", "DateTime")
    else:
        widget.set("type", "TextEdit")
    SubElement(SubElement(widget, "config"), "Option")


def _add_symbols(qgis: Element) -> None:
    """Draw points as rings, which leave the pixel to be seen, in the colour of what they are."""
    renderer = SubElement(
        qgis, "renderer-v2", type="categorizedSymbol", attr=_STATE, symbollevels="0", enableorderby="0"
    )
    categories, symbols = SubElement(renderer, "categories"), SubElement(renderer, "symbols")
    for state, (title, colour) in STATES.items():
        SubElement(categories, "category", value=state, symbol=state, label=title, render="true")
        symbol = SubElement(symbols, "symbol", type="marker", name=state, alpha="1", clip_to_extent="1")
        kind = {"class": "SimpleMarker", "enabled": "1", "pass": "0", "locked": "0"}  # nosec B105 - "pass": when drawn
        options = SubElement(SubElement(symbol, "layer", kind), "Option", type="Map")
        red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
        look = {"name": "circle", "color": "0,0,0,0", "outline_color": f"{red},{green},{blue},255"}
        look |= {"outline_width": "0.6", "size": "5", "size_unit": "MM"}
        for option, value in look.items():
            SubElement(options, "Option", type="QString", name=option, value=value)

"""QGIS styles of a review: class colours through which the image shows, and forms in which classes are picked by name.

For QGIS 3.22 and later, as `QgsVectorLayer.exportNamedStyle` writes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring  # nosec B405 - writes XML, reads none

from ..raster.classes import LandCoverClass

Values = Sequence[tuple[str, str]]
"""(value, what people see) of a field of which one is picked from a list."""

_SEE_THROUGH = 90  # of 255, of the fill of a class

_ROLES = (("train", "to train on", "255,255,255"), ("check", "to check with", "255,210,0"))

_STATES = (("open", "open"), ("reviewed", "reviewed: all of it is right now"), ("skipped", "skipped"))


def make_label_style(classes: Sequence[LandCoverClass]) -> str:
    """Make the style of the labels: each in the colour of its class, which the form offers by its name."""
    styled = _start("class_id")
    for one in classes:
        rgb = ",".join(map(str, one.rgb))
        _add_category(styled, str(one.id), one.name, (f"{rgb},{_SEE_THROUGH}", f"{rgb},255", "0.4"))
    picked = {"class_id": [(str(one.id), one.name) for one in classes]}
    return _finish(styled, picked, {"edited_by": "@user_account_name"})


def make_square_style() -> str:
    """Make the style of the squares: outlines by what each is for, and a form with their state."""
    styled = _start("role")
    for value, label, rgb in _ROLES:
        casing = ("0,0,0,0", "60,60,60,255", "1.2")  # white is to be seen on bright ground and in the legend too
        _add_category(styled, value, label, casing, ("0,0,0,0", f"{rgb},255", "0.8"))
    return _finish(styled, {"state": _STATES}, {"reviewed_by": "@user_account_name"})


def _start(field: str) -> Element:
    qgis = Element("qgis", version="3.22.0", styleCategories="Symbology|Fields|Forms")
    renderer = SubElement(
        qgis, "renderer-v2", type="categorizedSymbol", attr=field, symbollevels="0", enableorderby="0"
    )
    SubElement(renderer, "categories")
    SubElement(renderer, "symbols")
    return qgis


def _add_category(qgis: Element, value: str, label: str, *parts: tuple[str, str, str]) -> None:
    """Add a category; its symbol is drawn in parts: colours of fill and outline, and the width of this in mm."""
    renderer = qgis[0]
    categories, symbols = renderer
    name = str(len(symbols))
    SubElement(categories, "category", {"value": value, "symbol": name, "label": label, "render": "true"})
    symbol = SubElement(symbols, "symbol", type="fill", name=name, alpha="1", clip_to_extent="1")
    kind = {"class": "SimpleFill", "enabled": "1", "pass": "0", "locked": "0"}  # nosec B105 - "pass": when drawn
    for fill, outline, width in parts:
        options = SubElement(SubElement(symbol, "layer", kind), "Option", type="Map")
        for option, chosen in (
            ("color", fill),
            ("style", "solid"),
            ("outline_color", outline),
            ("outline_width", width),
            ("outline_width_unit", "MM"),
        ):
            SubElement(options, "Option", type="QString", name=option, value=chosen)


def _finish(qgis: Element, picked: Mapping[str, Values], stamped: Mapping[str, str]) -> str:
    """Add the fields that are picked from a list, and those that hold an expression whenever a feature is saved."""
    fields = SubElement(qgis, "fieldConfiguration")
    for name, values in picked.items():
        widget = SubElement(SubElement(fields, "field", name=name), "editWidget", type="ValueMap")
        options = SubElement(SubElement(widget, "config"), "Option", type="Map")
        listed = SubElement(options, "Option", name="map", type="List")
        for value, label in values:
            entry = SubElement(listed, "Option", type="Map")
            SubElement(entry, "Option", name=label, value=value, type="QString")
    defaults = SubElement(qgis, "defaults")
    for name, expression in stamped.items():
        SubElement(defaults, "default", field=name, expression=expression, applyOnUpdate="1")
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + tostring(qgis, "unicode")

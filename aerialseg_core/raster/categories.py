"""Categories: the names and colours of the classes that a class raster carries."""

from __future__ import annotations

import colorsys
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import rasterio.shutil
from rasterio.errors import RasterioError
from rasterio.io import MemoryFile

from ..classes import LandCoverClass, legible
from ..errors import ParameterError
from .attribute_table import table_beside, table_of
from .class_raster import CLASSES_TAG

LARGEST = 255
"""Largest value of a class raster of aerialseg."""


@dataclass(frozen=True)
class Declared:
    """What a raster itself says about its values."""

    names: Mapping[int, str]
    """Names by value, none empty."""
    colours: Mapping[int, str]
    """Colours by value, #RRGGBB; those that are black by default are left out."""
    is_own: bool = False
    """Whether the raster carries the class scheme of a model, in which 0 is no data."""


@dataclass(frozen=True)
class Categories:
    """What the classes of a raster are: each has a code, 1…255, which in a raster of aerialseg is its value."""

    classes: tuple[LandCoverClass, ...]
    """The class of every code: that of code c is at c − 1, and its id is its value in the raster."""
    declared: frozenset[int]
    """Codes of the classes that the raster itself names."""

    def __getitem__(self, code: int) -> LandCoverClass:
        """The class with this code, 1…255."""
        return self.classes[code - 1]

    def codes(self, wanted: Iterable[int | str]) -> frozenset[int]:
        """Codes of classes that are given by their value in the raster or by name.

        Raises:
            ParameterError: The raster has no such class.
        """
        return frozenset(self._code(one) for one in wanted)

    def _code(self, wanted: int | str) -> int:
        text = str(wanted).strip()
        names = {one.name.casefold(): code for code, one in reversed([*enumerate(self.classes, 1)])}
        values = {one.id: code for code, one in enumerate(self.classes, 1)}
        value = int(text) if re.fullmatch(r"-?\d{1,19}", text) else None
        code = names.get(text.casefold()) or (None if value is None else values.get(value))
        if code is None:
            raise self._unknown(text, value)
        return code

    def _unknown(self, text: str, value: int | None) -> ParameterError:
        if value == 0:
            return ParameterError("The class raster has no class 0: there 0 is no data.", "--nodata none makes it one.")
        known = sorted(self.declared) or range(1, len(self.classes) + 1)
        listed = ", ".join(f"{self[code].id} {self[code].name}" for code in known[:SHOWN])
        is_open = not self.declared and len(self.classes) == LARGEST
        return ParameterError(
            f"The class raster has no class {text!r}.",
            f"Give class ids, 1 to {LARGEST}." if is_open else f"It has {listed}{' …' if len(known) > SHOWN else ''}.",
        )


SHOWN = 30
"""Classes that are listed where one is asked for that there is not."""


def read_declared(dataset: Any) -> Declared:
    """Read names and colours: from our own tag, else from category names, attribute table and colour table.

    Args:
        dataset: An open rasterio dataset.
    """
    palette = _palette(dataset)
    tagged = _from_tag(dataset.tags().get(CLASSES_TAG, ""))
    if tagged:
        colours = {i: one.colour for i, one in tagged.items()}
        names = {i: legible(one.name) or f"class {i}" for i, one in tagged.items()}
        return Declared(names, {**palette, **colours}, is_own=True)
    band = _description(dataset)
    tables = [table_beside(dataset.name), *([table_of(band)] if band is not None else [])]
    found, colours = dict[int, str](), dict(palette)
    for table in tables:
        found.update(table.names)
        colours.update(table.colours)
    found.update(_category_names(band) if band is not None else {})
    return Declared({i: text for i, name in found.items() if (text := legible(name))}, colours)


def read_categories(dataset: Any, values: Sequence[int] = range(1, LARGEST + 1)) -> Categories:
    """Read what the classes of a raster are.

    A class without a name is called "class 7"; one without a colour gets a colour of its own.

    Args:
        dataset: An open rasterio dataset with one band.
        values: The value of each class, by its code.
    """
    return categories_of(read_declared(dataset), values)


def categories_of(declared: Declared, values: Sequence[int]) -> Categories:
    """The classes with these values.

    Args:
        declared: What the raster says about its values.
        values: The value of each class, by its code.
    """
    classes = tuple(
        LandCoverClass(v, declared.names.get(v) or f"class {v}", declared.colours.get(v) or _fallback_colour(v))
        for v in values
    )
    return Categories(classes, frozenset(code for code, v in enumerate(values, 1) if v in declared.names))


def _from_tag(text: str) -> dict[int, LandCoverClass]:
    """The classes of our tag by id; empty if there is none or it was damaged."""
    try:
        entries = [(c["id"], c["name"], c["colour"]) for c in json.loads(text)]
    except (ValueError, TypeError, KeyError):
        return {}
    return {entry[0]: LandCoverClass(*entry) for entry in entries} if all(_is_sound(*e) for e in entries) else {}


def _is_sound(class_id: Any, name: Any, colour: Any) -> bool:
    texts = isinstance(name, str) and name != "" and isinstance(colour, str)
    known_id = isinstance(class_id, int) and 1 <= class_id <= LARGEST
    return texts and known_id and re.fullmatch(r"#[0-9A-Fa-f]{6}", colour) is not None


def _description(dataset: Any) -> ElementTree.Element | None:
    """The first band as GDAL describes it in a VRT.

    rasterio shows neither category names nor attribute tables, but GDAL writes both into the description of any raster
    as a VRT; that text is GDAL's own, whatever the file was.
    """
    try:
        with MemoryFile(ext=".vrt") as memory:
            rasterio.shutil.copy(dataset, memory.name, driver="VRT")
            root = ElementTree.fromstring(bytes(memory.getbuffer()))
    except (RasterioError, ElementTree.ParseError):
        return None
    return root.find("VRTRasterBand[@band='1']")


def _category_names(band: ElementTree.Element) -> dict[int, str]:
    """GDAL's category names by value, without empty ones."""
    found = band.findall("CategoryNames/Category")
    return {i: name.text for i, name in enumerate(found) if name.text}


def _palette(dataset: Any) -> dict[int, str]:
    """Colours of the colour table by value, as #RRGGBB; without black ones, as those past its end are in GDAL."""
    try:
        table = dataset.colormap(1)
    except ValueError:  # there is none
        return {}
    return {i: "#{:02X}{:02X}{:02X}".format(*rgba[:3]) for i, rgba in table.items() if any(rgba[:3]) and (i or rgba[3])}


def _fallback_colour(class_id: int) -> str:
    """A colour that differs clearly from those of the ids next to it."""
    red, green, blue = colorsys.hsv_to_rgb(class_id * 0.618034 % 1.0, 0.55, 0.85)  # steps of the golden ratio
    return f"#{round(red * 255):02X}{round(green * 255):02X}{round(blue * 255):02X}"

"""Categories: the names and colours of the classes that a class raster carries."""

from __future__ import annotations

import colorsys
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import rasterio.shutil
from rasterio.errors import RasterioError
from rasterio.io import MemoryFile

from .classes import LandCoverClass
from .classraster import CLASSES_TAG
from .errors import ParameterError

LARGEST = 255
"""Largest value of a class raster."""


@dataclass(frozen=True)
class Categories:
    """What the values 1…255 of a class raster mean."""

    classes: tuple[LandCoverClass, ...]
    """The class of every value: that of value v is at v − 1."""
    declared: frozenset[int]
    """Ids of the classes that the raster itself names."""

    def __getitem__(self, class_id: int) -> LandCoverClass:
        """The class with this id, 1…255."""
        return self.classes[class_id - 1]

    def ids(self, wanted: Iterable[int | str]) -> frozenset[int]:
        """Ids of classes that are given by id or by name.

        Raises:
            ParameterError: The raster has no such class.
        """
        return frozenset(self._id(one) for one in wanted)

    def _id(self, wanted: int | str) -> int:
        text = str(wanted).strip()
        by_name = {c.name.casefold(): c.id for c in reversed(self.classes)}
        if text.casefold() in by_name:
            return by_name[text.casefold()]
        if text.isdecimal() and 1 <= int(text) <= LARGEST:
            return int(text)
        known = ", ".join(f"{i} {self[i].name}" for i in sorted(self.declared))
        raise ParameterError(
            f"The class raster has no class {text!r}.",
            f"It has {known}." if known else f"Give class ids, 1 to {LARGEST}.",
        )


def read_categories(dataset: Any) -> Categories:
    """Read names and colours: from our own tag, else from the category names and the colour table.

    A class without a name is called "class 7"; one without a colour gets a colour of its own.

    Args:
        dataset: An open rasterio dataset with one band.
    """
    tagged = _from_tag(dataset.tags().get(CLASSES_TAG, ""))
    names = {} if tagged else _category_names(dataset)
    palette = _palette(dataset)
    classes = tuple(
        tagged.get(i) or LandCoverClass(i, names.get(i) or f"class {i}", palette.get(i) or _fallback_colour(i))
        for i in range(1, LARGEST + 1)
    )
    return Categories(classes, frozenset(tagged) | frozenset(names))


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


def _category_names(dataset: Any) -> dict[int, str]:
    """GDAL's category names by value, without empty ones.

    rasterio does not show them, but GDAL writes them into the description of any raster as a VRT; that text is GDAL's
    own, whatever the file was.
    """
    try:
        with MemoryFile(ext=".vrt") as memory:
            rasterio.shutil.copy(dataset, memory.name, driver="VRT")
            root = ElementTree.fromstring(bytes(memory.getbuffer()))
    except (RasterioError, ElementTree.ParseError):
        return {}
    found = root.findall("VRTRasterBand[@band='1']/CategoryNames/Category")
    return {i: name.text for i, name in enumerate(found) if i and name.text}


def _palette(dataset: Any) -> dict[int, str]:
    """Colours of the colour table by value, as #RRGGBB; those past its end are black in GDAL and left out."""
    try:
        table = dataset.colormap(1)
    except ValueError:  # there is none
        return {}
    return {i: "#{:02X}{:02X}{:02X}".format(*rgba[:3]) for i, rgba in table.items() if any(rgba[:3])}


def _fallback_colour(class_id: int) -> str:
    """A colour that differs clearly from those of the ids next to it."""
    red, green, blue = colorsys.hsv_to_rgb(class_id * 0.618034 % 1.0, 0.55, 0.85)  # steps of the golden ratio
    return f"#{round(red * 255):02X}{round(green * 255):02X}{round(blue * 255):02X}"

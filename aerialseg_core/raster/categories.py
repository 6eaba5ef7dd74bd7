"""Categories: the names and colours of the classes that a class raster carries."""

from __future__ import annotations

import colorsys
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element  # nosec B405 - a type; files.xml_elements reads

from rasterio.errors import RasterioError

from ..classes import LandCoverClass, clean_name
from ..errors import AerialSegError, ParameterError
from ..files.vectors import OGR_ERRORS, read_arrays
from ..files.xml_elements import XmlError, read_root
from .class_raster import CLASSES_TAG
from .opening import describe_as_vrt

NAME, MIN, MAX, MIN_MAX, RED, GREEN, BLUE = 2, 3, 4, 5, 6, 7, 8
"""Usages of a column in GDAL (GDALRATFieldUsage)."""

TEXT = 2
"""Type of a column of text in GDAL (GDALRATFieldType)."""

VALUES = ("value", "val", "classid", "classvalue", "pixelvalue", "rastervalue", "gridcode", "code", "dn", "id")
"""What the column of the values is called, in small letters and without other signs."""

NAMES = (
    *("classname", "classnames", "class", "name", "label", "category", "landcover", "landcovername", "lcname"),
    *("legend", "description", "desc", "lulc", "type"),
)
"""What the column of the names is called; else it is the first one of text."""

COLOURS = (("red", "r"), ("green", "g"), ("blue", "b"))
"""What the columns of the colours are called."""

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
        names = {i: clean_name(one.name) or f"class {i}" for i, one in tagged.items()}
        return Declared(names, {**palette, **colours}, is_own=True)
    band = _description(dataset)
    tables = [table_beside(dataset.name), *([table_of(band)] if band is not None else [])]
    found, colours = dict[int, str](), dict(palette)
    for table in tables:
        found.update(table.names)
        colours.update(table.colours)
    found.update(_category_names(band) if band is not None else {})
    return Declared({i: text for i, name in found.items() if (text := clean_name(name))}, colours)


def read_categories(dataset: Any, values: Sequence[int] = range(1, LARGEST + 1)) -> Categories:
    """Read what the classes of a raster are.

    A class without a name is called "class 7"; one without a colour gets a colour of its own.

    Args:
        dataset: An open rasterio dataset with one band.
        values: The value of each class, by its code.
    """
    return make_categories(read_declared(dataset), values)


def make_categories(declared: Declared, values: Sequence[int]) -> Categories:
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


def _description(dataset: Any) -> Element | None:
    """The first band as GDAL describes it in a VRT.

    rasterio shows neither category names nor attribute tables, but GDAL writes both into the description of any raster
    as a VRT; that text is GDAL's own, whatever the file was.
    """
    try:
        return read_root(BytesIO(describe_as_vrt(dataset))).find("VRTRasterBand[@band='1']")
    except (RasterioError, XmlError):
        return None


def _category_names(band: Element) -> dict[int, str]:
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


@dataclass(frozen=True)
class AttributeTable:
    """What values mean."""

    names: Mapping[int, str] = field(default_factory=dict)
    """Names by value, none empty."""
    colours: Mapping[int, str] = field(default_factory=dict)
    """Colours by value, #RRGGBB."""


@dataclass(frozen=True)
class _Column:
    title: str
    is_text: bool
    usage: int
    cells: Sequence[Any]

    @property
    def key(self) -> str:
        return re.sub(r"[\W_]", "", self.title.casefold())


def table_of(band: Element) -> AttributeTable:
    """The attribute table of a band, whatever file it was in.

    Args:
        band: The element `VRTRasterBand` of the description that GDAL writes of a raster.
    """
    table = band.find("GDALRasterAttributeTable")
    if table is None:
        return AttributeTable()
    fields = table.findall("FieldDefn")
    rows = [[cell.text or "" for cell in row.findall("F")] for row in table.findall("Row")]
    rows = [row for row in rows if len(row) == len(fields)]
    columns = [
        _Column(
            one.findtext("Name", ""),
            _number(one.findtext("Type", "")) == TEXT,
            int(_number(one.findtext("Usage", "")) or 0),
            [row[i] for row in rows],
        )
        for i, one in enumerate(fields)
    ]
    return _table(columns)


def table_beside(path: str) -> AttributeTable:
    """The attribute table that ArcGIS writes beside a raster, NAME.tif.vat.dbf; an empty one if there is none.

    Args:
        path: The raster.
    """
    found = next((one for one in (Path(f"{path}.vat.dbf"), Path(f"{path}.VAT.DBF")) if _exists(one)), None)
    if found is None:
        return AttributeTable()
    try:
        meta, _, _, data = read_arrays(found, read_geometry=False)
    except (*OGR_ERRORS, AerialSegError, ValueError):  # a table that nobody can read says nothing
        return AttributeTable()
    columns = [
        _Column(str(title), cells.dtype == object, 0, cells.tolist())
        for title, cells in zip(meta["fields"], data, strict=True)
    ]
    return _table(columns)


def _exists(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _table(columns: Sequence[_Column]) -> AttributeTable:
    """Names and colours out of columns that any program may have called as it likes."""
    if not columns:
        return AttributeTable()
    values = _values(columns)
    others = [one for one in columns if one.is_text and one.usage not in (RED, GREEN, BLUE)]
    named = _first(columns, NAME, ()) or _first(others, None, NAMES) or next(iter(others), None)
    names = {} if named is None else {v: str(cell).strip() for v, cell in zip(values, named.cells, strict=True)}
    return AttributeTable(
        {v: name for v, name in names.items() if v is not None and name and name != "None"},
        {v: colour for v, colour in zip(values, _colours(columns), strict=True) if v is not None and colour},
    )


def _first(columns: Sequence[_Column], usage: int | None, keys: Sequence[str]) -> _Column | None:
    """The column with this usage, or else with the first of these names that there is."""
    by_key = {one.key: one for one in reversed(columns)}
    for one in columns:
        if usage is not None and one.usage == usage:
            return one
    return next((by_key[key] for key in keys if key in by_key), None)


def _values(columns: Sequence[_Column]) -> list[int | None]:
    """The value of each row; that of row i is i where no column says it, None for what is no whole number."""
    column = _first(columns, MIN_MAX, ())
    least, most = _first(columns, MIN, ()), _first(columns, MAX, ())
    if column is None and least and most:
        pairs = zip(least.cells, most.cells, strict=True)
        return [_whole(one) if _number(one) == _number(other) else None for one, other in pairs]
    column = column or _first([one for one in columns if not one.is_text], None, VALUES)
    column = column or _first(columns, None, VALUES[:1])
    if column is None:
        return list(range(len(columns[0].cells)))
    return [_whole(cell) for cell in column.cells]


def _colours(columns: Sequence[_Column]) -> list[str | None]:
    """The colour of each row, from parts of 255, or of 1 where no part is larger."""
    usages = zip((RED, GREEN, BLUE), COLOURS, strict=True)
    found = [_first(columns, usage, keys) for usage, keys in usages]
    channels = [[_number(cell) for cell in one.cells] for one in found if one is not None]
    if len(channels) < len(COLOURS):
        return [None] * len(columns[0].cells)
    largest = max((part for channel in channels for part in channel if part is not None), default=0)
    scale = 255 if largest <= 1 else 1
    return [_hex([part * scale for part in rgb if part is not None]) for rgb in zip(*channels, strict=True)]


def _hex(rgb: Sequence[float]) -> str | None:
    sound = len(rgb) == len(COLOURS) and all(0 <= part <= 255 for part in rgb)
    return "#{:02X}{:02X}{:02X}".format(*map(round, rgb)) if sound else None


def _number(cell: Any) -> float | None:
    try:
        number = float(cell)
    except (TypeError, ValueError):
        return None
    return number if abs(number) < 2**63 else None  # neither infinite nor NaN


def _whole(cell: Any) -> int | None:
    number = _number(cell)
    return int(number) if number is not None and number.is_integer() else None

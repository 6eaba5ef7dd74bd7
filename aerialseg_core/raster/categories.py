"""Categories: the names and colours of classes in a class raster.

Ours are in a tag. Other programs keep them as GDAL's category names, a colour table, or an attribute table.
"""

from __future__ import annotations

import colorsys
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring  # nosec B405 - writes; files.xml_elements reads

from rasterio.errors import RasterioError

from ..errors import AerialSegError, ParameterError
from ..files.vectors import OGR_ERRORS, read_arrays
from ..files.xml_elements import XmlError, read_root
from .classes import ClassScheme, LandCoverClass, clean_name
from .opening import Dataset, describe_as_vrt

NAME, MIN, MAX, MIN_MAX, RED, GREEN, BLUE = 2, 3, 4, 5, 6, 7, 8
"""Usages of a column in GDAL (GDALRATFieldUsage)."""

WHOLE, TEXT = 0, 2
"""Types of a column of whole numbers and of one of text in GDAL (GDALRATFieldType)."""

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

CLASSES_TAG = "AERIALSEG_CLASSES"
"""Tag with the class scheme as JSON: a list of {"id", "name", "colour"}."""

SHOWN = 30
"""Classes that are listed where one is asked for that there is not."""


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

    def find_codes(self, wanted: Iterable[int | str]) -> frozenset[int]:
        """Find the codes of classes that are given by their value in the raster or by name.

        Raises:
            ParameterError: The raster has no such class.
        """
        names = {one.name.casefold(): code for code, one in reversed([*enumerate(self.classes, 1)])}
        values = {one.id: code for code, one in enumerate(self.classes, 1)}
        found = set()
        for text in (str(one).strip() for one in wanted):
            value = int(text) if re.fullmatch(r"-?\d{1,19}", text) else None
            code = names.get(text.casefold()) or (None if value is None else values.get(value))
            if code is None:
                raise self._make_unknown_error(text, value)
            found.add(code)
        return frozenset(found)

    def _make_unknown_error(self, text: str, value: int | None) -> ParameterError:
        """Say which classes there are instead of one that there is not."""
        if value == 0:
            return ParameterError(
                "class-zero", "The class raster has no class 0: there 0 is no data.", "--nodata none makes it one."
            )
        declared = sorted(self.declared) or range(1, len(self.classes) + 1)
        listed = ", ".join(f"{self[code].id} {self[code].name}" for code in declared[:SHOWN])
        is_open = not self.declared and len(self.classes) == LARGEST
        said = "The class raster has no class {name!r}."
        if is_open:
            return ParameterError("class-id-impossible", said, "Give class ids, 1 to {last}.", name=text, last=LARGEST)
        known = f"{listed}{' …' if len(declared) > SHOWN else ''}"
        return ParameterError("class-not-there", said, "It has {known}.", name=text, known=known)


def read_declared(dataset: Dataset) -> Declared:
    """Read names and colours: from our own tag, else from category names, attribute table and colour table.

    Args:
        dataset: An open rasterio dataset.
    """
    try:
        table = dataset.colormap(1)
    except ValueError:  # there is none
        table = {}
    # Without black ones: those past the end of a colour table are black in GDAL.
    shown = ((i, rgba) for i, rgba in table.items() if any(rgba[:3]) and (i or rgba[3]))
    colours = {i: "#{:02X}{:02X}{:02X}".format(*rgba[:3]) for i, rgba in shown}
    if tagged := _parse_tag(dataset.tags().get(CLASSES_TAG, "")):
        colours |= {i: one.colour for i, one in tagged.items()}
        names = {i: clean_name(one.name) or f"class {i}" for i, one in tagged.items()}
        return Declared(names, colours, is_own=True)
    try:  # rasterio shows neither category names nor attribute tables
        band = read_root(BytesIO(describe_as_vrt(dataset))).find("VRTRasterBand[@band='1']")
    except (RasterioError, XmlError):
        band = None
    found = dict[int, str]()
    for meant in (_read_dbf(dataset.name), *([_parse_table(band)] if band is not None else [])):
        found |= meant.names
        colours |= meant.colours
    categories = band.findall("CategoryNames/Category") if band is not None else []
    found |= {i: name.text for i, name in enumerate(categories) if name.text}
    return Declared({i: text for i, name in found.items() if (text := clean_name(name))}, colours)


def read_categories(dataset: Dataset, values: Sequence[int] = range(1, LARGEST + 1)) -> Categories:
    """Read what the classes of a raster are.

    A class without a name is called "class 7"; one without a colour gets a colour of its own.

    Args:
        dataset: An open rasterio dataset with one band.
        values: The value of each class, by its code.
    """
    return make_categories(read_declared(dataset), values)


def make_categories(declared: Declared, values: Sequence[int]) -> Categories:
    """Make the classes with these values.

    Args:
        declared: What the raster says about its values.
        values: The value of each class, by its code.
    """
    classes = tuple(
        LandCoverClass(v, declared.names.get(v) or f"class {v}", declared.colours.get(v) or _pick_colour(v))
        for v in values
    )
    return Categories(classes, frozenset(code for code, v in enumerate(values, 1) if v in declared.names))


def make_class_tag(scheme: ClassScheme) -> dict[str, str]:
    """Make the tag that carries a class scheme."""
    classes = [{"id": c.id, "name": c.name, "colour": c.colour} for c in scheme]
    return {CLASSES_TAG: json.dumps(classes, ensure_ascii=False)}


def write_attribute_table(scheme: ClassScheme) -> str:
    """Write the raster attribute table of a class scheme, as XML for the description of a band in GDAL.

    It has a row for each class; no data is no class. https://gdal.org/en/stable/user/raster_data_model.html
    """
    table = Element("GDALRasterAttributeTable", tableType="thematic")
    columns = {"Value": (WHOLE, MIN_MAX), "Class": (TEXT, NAME)}
    columns |= {"Red": (WHOLE, RED), "Green": (WHOLE, GREEN), "Blue": (WHOLE, BLUE)}
    for index, (title, (kind, usage)) in enumerate(columns.items()):
        column = SubElement(table, "FieldDefn", index=str(index))
        for key, value in (("Name", title), ("Type", kind), ("Usage", usage)):
            SubElement(column, key).text = str(value)
    for index, one in enumerate(scheme):
        row = SubElement(table, "Row", index=str(index))
        for cell in (one.id, one.name, *one.rgb):
            SubElement(row, "F").text = str(cell)
    return tostring(table, encoding="unicode")


def _parse_tag(text: str) -> dict[int, LandCoverClass]:
    """Parse the classes of our tag by id; none if there is no tag or it was damaged."""
    try:
        entries = [(c["id"], c["name"], c["colour"]) for c in json.loads(text)]
    except (ValueError, TypeError, KeyError):
        return {}
    return {entry[0]: LandCoverClass(*entry) for entry in entries} if all(_is_sound(*e) for e in entries) else {}


def _is_sound(class_id: Any, name: Any, colour: Any) -> bool:
    """Tell whether an entry of the tag is a class."""
    texts = isinstance(name, str) and name != "" and isinstance(colour, str)
    known_id = isinstance(class_id, int) and 1 <= class_id <= LARGEST
    return texts and known_id and re.fullmatch(r"#[0-9A-Fa-f]{6}", colour) is not None


def _pick_colour(class_id: int) -> str:
    """Pick a colour that differs clearly from those of the ids next to it."""
    red, green, blue = colorsys.hsv_to_rgb(class_id * 0.618034 % 1.0, 0.55, 0.85)  # steps of the golden ratio
    return f"#{round(red * 255):02X}{round(green * 255):02X}{round(blue * 255):02X}"


@dataclass(frozen=True)
class _Meaning:
    """What values mean, by an attribute table."""

    names: Mapping[int, str] = field(default_factory=dict)
    """Names by value, none empty."""
    colours: Mapping[int, str] = field(default_factory=dict)
    """Colours by value, #RRGGBB."""


@dataclass(frozen=True)
class _Column:
    """A column of an attribute table."""

    title: str
    is_text: bool
    usage: int
    cells: Sequence[Any]

    @property
    def key(self) -> str:
        """Its title in small letters, without other signs."""
        return re.sub(r"[\W_]", "", self.title.casefold())


def _parse_table(band: Element) -> _Meaning:
    """Parse the attribute table of a band, whatever file it was in.

    Args:
        band: The element `VRTRasterBand` of the description that GDAL writes of a raster.
    """
    table = band.find("GDALRasterAttributeTable")
    if table is None:
        return _Meaning()
    fields = table.findall("FieldDefn")
    rows = [[cell.text or "" for cell in row.findall("F")] for row in table.findall("Row")]
    rows = [row for row in rows if len(row) == len(fields)]
    columns = [
        _Column(
            one.findtext("Name", ""),
            _parse_number(one.findtext("Type", "")) == TEXT,
            int(_parse_number(one.findtext("Usage", "")) or 0),
            [row[i] for row in rows],
        )
        for i, one in enumerate(fields)
    ]
    return _find_meaning(columns)


def _read_dbf(path: str) -> _Meaning:
    """Read the attribute table that ArcGIS writes beside a raster, NAME.tif.vat.dbf; an empty one if there is none.

    Args:
        path: The raster.
    """
    try:
        found = next((one for one in (Path(f"{path}.vat.dbf"), Path(f"{path}.VAT.DBF")) if one.is_file()), None)
        if found is None:
            return _Meaning()
        meta, _, _, data = read_arrays(found, read_geometry=False)
    except (*OGR_ERRORS, AerialSegError, ValueError):  # a table that nobody can read says nothing
        return _Meaning()
    columns = [
        _Column(str(title), cells.dtype == object, 0, cells.tolist())
        for title, cells in zip(meta["fields"], data, strict=True)
    ]
    return _find_meaning(columns)


def _find_meaning(columns: Sequence[_Column]) -> _Meaning:
    """Find names and colours in columns that any program may have called as it likes."""
    if not columns:
        return _Meaning()
    values = _find_values(columns)
    others = [one for one in columns if one.is_text and one.usage not in (RED, GREEN, BLUE)]
    named = _find_column(columns, NAME, ()) or _find_column(others, None, NAMES) or next(iter(others), None)
    names = {} if named is None else {v: str(cell).strip() for v, cell in zip(values, named.cells, strict=True)}
    return _Meaning(
        {v: name for v, name in names.items() if v is not None and name and name != "None"},
        {v: colour for v, colour in zip(values, _find_colours(columns), strict=True) if v is not None and colour},
    )


def _find_column(columns: Sequence[_Column], usage: int | None, keys: Sequence[str]) -> _Column | None:
    """Find the column with this usage, or else with the first of these names that there is."""
    by_key = {one.key: one for one in reversed(columns)}
    for one in columns:
        if usage is not None and one.usage == usage:
            return one
    return next((by_key[key] for key in keys if key in by_key), None)


def _find_values(columns: Sequence[_Column]) -> list[int | None]:
    """Find the value of each row; that of row i is i where no column says it, None for what is no whole number."""
    column = _find_column(columns, MIN_MAX, ())
    least, most = _find_column(columns, MIN, ()), _find_column(columns, MAX, ())
    if column is None and least and most:
        pairs = zip(least.cells, most.cells, strict=True)
        return [_parse_whole(one) if _parse_number(one) == _parse_number(other) else None for one, other in pairs]
    column = column or _find_column([one for one in columns if not one.is_text], None, VALUES)
    column = column or _find_column(columns, None, VALUES[:1])
    if column is None:
        return list(range(len(columns[0].cells)))
    return [_parse_whole(cell) for cell in column.cells]


def _find_colours(columns: Sequence[_Column]) -> list[str | None]:
    """Find the colour of each row, from parts of 255, or of 1 where no part is larger."""
    usages = zip((RED, GREEN, BLUE), COLOURS, strict=True)
    found = [_find_column(columns, usage, keys) for usage, keys in usages]
    channels = [[_parse_number(cell) for cell in one.cells] for one in found if one is not None]
    if len(channels) < len(COLOURS):
        return [None] * len(columns[0].cells)
    largest = max((part for channel in channels for part in channel if part is not None), default=0)
    scale = 255 if largest <= 1 else 1
    return [_format_colour([part * scale for part in rgb if part is not None]) for rgb in zip(*channels, strict=True)]


def _format_colour(rgb: Sequence[float]) -> str | None:
    """Format a colour as #RRGGBB; None if a part of it is missing or out of range."""
    sound = len(rgb) == len(COLOURS) and all(0 <= part <= 255 for part in rgb)
    return "#{:02X}{:02X}{:02X}".format(*map(round, rgb)) if sound else None


def _parse_number(cell: Any) -> float | None:
    try:
        number = float(cell)
    except (TypeError, ValueError):
        return None
    return number if abs(number) < 2**63 else None  # neither infinite nor NaN


def _parse_whole(cell: Any) -> int | None:
    number = _parse_number(cell)
    return int(number) if number is not None and number.is_integer() else None

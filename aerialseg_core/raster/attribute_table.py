"""Raster attribute tables: the names and colours that other programs keep of the values of a class raster."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from ..errors import AerialSegError
from ..files.vectors import OGR_ERRORS, read_arrays

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

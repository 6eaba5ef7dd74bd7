"""Class values: which values of a class raster are classes, and which are no data.

Inside, classes are codes of one byte, 1…255, and 0 is no data. In a raster of aerialseg code and value are the same.
Any other raster of whole numbers, up to 255 of them, is brought to codes while it is read, in the order of its values.

What is no data is said by the raster: by its no-data value, its mask or alpha band. The number 0 is a class like others
where that is no_data. Where nothing is said, names and colours decide, and what was taken for what is told.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import MaskFlags
from rasterio.errors import RasterioError

from ..errors import ParameterError, RasterReadError, SceneError
from ..progress import Reporter
from ..sentences import Sentence
from .categories import Declared
from .opening import Dataset
from .window import spans

MOST = 255
"""Classes that a raster may have."""

TABLED = frozenset({"uint8", "int8", "uint16", "int16"})
"""Types of which a table has a place for every value."""

WHOLE = TABLED | {"uint32", "int32", "uint64", "int64", "float32", "float64"}
"""Types of rasters whose values may be whole numbers."""

ALPHA = 2
"""The band of transparency, where there is one."""

PART = 1 << 20
"""Pixels that are looked at at once."""

_MANY = 32
"""Highest value up to which it is faster to compare bytes with each value than to count them as long integers."""

LARGEST = 2**63 - 1
"""Largest value of a class that a file of polygons can hold."""

NO_DATA_NAMES = frozenset(
    {"nodata", "novalue", "nodatavalue", "null", "nan", "na", "missing", "fill", "fillvalue", "outside", "unclassified"}
)
"""Names of what is no class, in small letters without other signs."""


@dataclass(frozen=True)
class ClassValues:
    """The values of a class raster that are classes, each with its code."""

    values: tuple[int, ...] = tuple(range(1, MOST + 1))
    """The value with code 1, 2, …"""
    table: NDArray[np.uint8] | None = None
    """Code of every value from `lowest` on, 0 for no data; None where there are too many values for a table."""
    lowest: int = 0
    """The value at the beginning of the table."""

    def encode(self, pixels: NDArray[Any], out: NDArray[np.uint8]) -> None:
        """Bring values to codes.

        Args:
            pixels: Values as they are in the raster, of any type.
            out: Is filled with codes, 0 for all that is no class; of the same shape.
        """
        if self.table is not None:
            np.take(self.table, pixels.astype(np.int32) - self.lowest if self.lowest else pixels, out=out)
            return
        keys = np.array(self.values or (0,)).astype(pixels.dtype)
        place = np.minimum(np.searchsorted(keys, pixels), len(keys) - 1)
        out[:] = np.where(keys[place] == pixels, place + 1, 0) if self.values else 0


OWN = ClassValues()
"""Values that are codes already: 0 is no data."""


@dataclass(frozen=True)
class _NoData:
    """What is no data, by what a raster or its user says."""

    missing: float | None
    """The value that is no data."""
    zero: bool
    """Whether 0 is a class."""


def count_values(pixels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Count the pixels of each value.

    Args:
        pixels: Any shape.

    Returns:
        Shape (256,).
    """
    highest = int(pixels.max(initial=0))
    if highest >= _MANY:
        return np.bincount(pixels.ravel(), minlength=256)
    counts = np.zeros(256, np.int64)
    counts[: highest + 1] = [np.count_nonzero(pixels == value) for value in range(highest + 1)]
    return counts


def find_class_values(dataset: Dataset, declared: Declared, nodata: str | None, reporter: Reporter) -> ClassValues:
    """Find out which values of a raster are classes.

    A raster of bytes is not read for that, unless each of 256 values may be a class; any other one is read once.

    Args:
        dataset: The open raster.
        declared: The names and colours that it declares.
        nodata: The value that is no data, "none" if none is, None for what the raster itself says.
        reporter: Is told what was decided on evidence.

    Raises:
        SceneError: Its values are no classes.
        ParameterError: There can be no such no-data value.
        RasterReadError: The raster is damaged.
    """
    no_data = _find_nodata(dataset, declared, nodata, reporter)
    if dataset.dtypes[0] == "uint8":
        classes = [v for v in range(256) if v != no_data.missing and (v or no_data.zero)]
        if not no_data.zero:
            return OWN if len(classes) == MOST else _tabulate("uint8", OWN.values, classes)
        if len(classes) <= MOST:
            return _tabulate("uint8", tuple(classes), classes)
    found = {v for v in _find_values(dataset, no_data, reporter) if v or no_data.zero}
    absent = [v for v in sorted(declared.names) if v not in found and v != no_data.missing and (v or no_data.zero)]
    values = tuple(sorted([*found, *absent[: MOST - len(found)]]))
    if dataset.dtypes[0] not in TABLED:
        return ClassValues(values)
    return _tabulate(dataset.dtypes[0], values, values)


def _tabulate(dtype: str, values: tuple[int, ...], classes: Iterable[int]) -> ClassValues:
    """Make a table of codes for values, in which only these are classes."""
    limits = np.iinfo(dtype)
    table, code = np.zeros(int(limits.max) - int(limits.min) + 1, np.uint8), {v: i for i, v in enumerate(values, 1)}
    for value in classes:
        if limits.min <= value <= limits.max:
            table[value - limits.min] = code[value]
    return ClassValues(values, table, int(limits.min))


def _find_nodata(dataset: Dataset, declared: Declared, nodata: str | None, reporter: Reporter) -> _NoData:
    """Find what is no data: what the user says, else what the raster declares, else what names and colours tell."""
    missing = _read_nodata(dataset)
    if nodata is not None:
        missing = None if nodata.strip().casefold() == "none" else _parse_value(nodata)
        return _NoData(missing, missing != 0)
    name = declared.names.get(0, "")
    if declared.is_own or "".join(c for c in name.casefold() if c.isalnum()) in NO_DATA_NAMES:
        return _NoData(missing, False)
    if missing == 0:
        if name:
            said = "0 is named {name} but is the no-data value: it gets no polygons."
            reporter.message(Sentence("zero-named", said, "--nodata none makes it a class.", name=name).whole())
        return _NoData(missing, False)
    if missing is not None or _is_masked(dataset):
        return _NoData(missing, True)
    zero, why = _weigh_evidence(declared, name)
    if zero:
        said, hint = "0 is taken for a class, as {why}.", "--nodata 0 takes it for no data."
        reporter.message(Sentence("zero-is-class", said, hint, why=why).whole())
    else:
        said, hint = "0 is taken for no data, as {why}.", "--nodata none makes it a class."
        reporter.message(Sentence("zero-is-nodata", said, hint, why=why).whole())
    return _NoData(missing, zero)


def _weigh_evidence(declared: Declared, name: str) -> tuple[bool, str]:
    """Tell whether 0 is a class in a raster that declares no no-data value, and why."""
    if name:
        said = "it is named {name} and the raster declares no no-data value"
        return True, Sentence("zero-why-named", said, name=name)
    if declared.names:
        return False, Sentence("zero-why-nameless", "the raster names other values but not 0")
    if declared.colours.get(0, "#FFFFFF") not in ("#000000", "#FFFFFF"):
        said = "it has a colour ({colour}) and the raster declares no no-data value"
        return True, Sentence("zero-why-coloured", said, colour=declared.colours[0])
    return False, Sentence("zero-why-silent", "the raster does not say what it is")


def _read_nodata(dataset: Dataset) -> float | None:
    """Read the no-data value of a raster; None if there is none, or one that its type cannot hold."""
    value, dtype = dataset.nodata, np.dtype(dataset.dtypes[0])
    if value is None:
        return None
    if dtype.kind == "f":
        return float(np.array(value).astype(dtype))
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        if not (math.isfinite(value) and float(value).is_integer() and limits.min <= value <= limits.max):
            return None
    return int(value)


def _parse_value(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ParameterError(
            "nodata-no-number", "--nodata {text} is no number.", "Give the value that is no data, or none.", text=text
        ) from None
    return int(value) if math.isfinite(value) and value.is_integer() else value


def _find_values(dataset: Dataset, no_data: _NoData, reporter: Reporter) -> set[int]:
    """Find all values of a raster but no data.

    Raises:
        SceneError: There are too many, or fractions.
    """
    found: set[int] = set()
    reporter.start("values", dataset.height, "rows")
    last = 0
    for rows, cols in _split(dataset):
        found |= _find_distinct(dataset, rows, cols, no_data)
        if len(found - {0}) + no_data.zero > MOST:
            said = "its first {rows:,} rows hold {count:,} values, from {least:,} to {most:,}"
            counts = {"rows": rows[1], "count": len(found), "least": min(found), "most": max(found)}
            raise _make_class_error(dataset, Sentence("raster-many-values", said, **counts))
        reporter.advance(rows[1] - last)
        last = rows[1]
    return found


def _find_distinct(dataset: Dataset, rows: tuple[int, int], cols: tuple[int, int], no_data: _NoData) -> set[int]:
    """Find the values of a part but no data."""
    try:
        pixels = dataset.read(1, window=(rows, cols))
        if _is_masked(dataset):
            pixels = pixels[_read_mask(dataset, rows, cols) != 0]
    except RasterioError as error:
        raise _make_damage_error(dataset, rows, error) from error
    flat = pixels.ravel()
    changed = np.ones(len(flat), np.bool_)
    np.not_equal(flat[1:], flat[:-1], out=changed[1:])
    distinct = np.unique(flat[changed])
    if no_data.missing is not None:
        distinct = distinct[distinct != no_data.missing]
    if distinct.dtype.kind == "f":
        distinct = distinct[~np.isnan(distinct)]
        fractions = distinct[(distinct != np.floor(distinct)) | (np.abs(distinct) >= LARGEST)]
        if len(fractions):
            said = "it holds {value:g}, and classes are whole numbers"
            raise _make_class_error(dataset, Sentence("raster-holds-fractions", said, value=fractions[0]))
    values = {int(v) for v in distinct.tolist()}
    if values and max(values) > LARGEST:
        said = "it holds {value}, and classes are smaller"
        raise _make_class_error(dataset, Sentence("raster-holds-large", said, value=max(values)))
    return values


def _is_masked(dataset: Dataset) -> bool:
    """Tell whether a mask or an alpha band says what is no data."""
    kinds = dataset.mask_flag_enums[0]
    return dataset.count == ALPHA or (MaskFlags.all_valid not in kinds and kinds != [MaskFlags.nodata])


def _read_mask(dataset: Dataset, rows: tuple[int, int], cols: tuple[int, int]) -> NDArray[Any]:
    """Read what is 0 where there is no data; an alpha band as it is, as GDAL knows only some types of them."""
    if dataset.count == ALPHA:
        return np.asarray(dataset.read(ALPHA, window=(rows, cols)))
    return np.asarray(dataset.read_masks(1, window=(rows, cols)))


def _split(dataset: Dataset) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Split all pixels into rows and columns from … to … along the blocks of the file: each is decoded once."""
    height, width = dataset.block_shapes[0]
    width = min(dataset.width, width * max(1, PART // (height * width)))
    height = max(1, min(height, PART // width))
    for rows in spans(0, dataset.height, height):
        for cols in spans(0, dataset.width, width):
            yield rows, cols


def read_codes(
    dataset: Dataset, classes: ClassValues, rows: tuple[int, int], cols: tuple[int, int], out: NDArray[np.uint8]
) -> None:
    """Read rows and columns from … to … as codes, with 0 where there is no data.

    Args:
        dataset: The open raster.
        classes: What its values are.
        rows: The first row, and that after the last.
        cols: The first column, and that after the last.
        out: Is filled, shape (rows, cols).

    Raises:
        RasterReadError: The raster is damaged.
    """
    window = (rows, cols)
    try:
        if classes is OWN:
            dataset.read(1, window=window, out=out)
        else:
            classes.encode(dataset.read(1, window=window), out)
        if _is_masked(dataset):
            out[_read_mask(dataset, rows, cols) == 0] = 0
    except RasterioError as error:
        raise _make_damage_error(dataset, rows, error) from error


def _make_damage_error(dataset: Dataset, rows: tuple[int, int], error: RasterioError) -> RasterReadError:
    """Make the error that says that rows cannot be read."""
    return RasterReadError(
        "class-raster-damaged",
        "The class raster {raster} is damaged at rows {first} to {last}: {error}.",
        "Make it again.",
        raster=dataset.name,
        first=rows[0],
        last=rows[1],
        error=error,
    )


def _make_class_error(dataset: Dataset, reason: str) -> SceneError:
    """Make the error that says why a raster is no class raster."""
    return SceneError(
        "class-raster-not",
        "{raster} is not a class raster: {reason}.",
        "Sort its values into at most {most} classes first, for example with QGIS' “Reclassify by table”.",
        raster=dataset.name,
        reason=reason,
        most=MOST,
    )

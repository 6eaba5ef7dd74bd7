"""Label rasters: the numbers that a raster holds, read window by window, counted, and what it calls them itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags

from ..errors import DataError
from ..raster.categories import read_declared
from ..raster.window import Window
from .pairs import ClassNumbers
from .rasters import open_stored, rasterio_window, strips

REACH = 1 << 30
"""Numbers from -REACH to REACH - 1 may be classes."""

MOST_VALUES = 4096
"""A raster of more different numbers holds no classes."""

_UNLABELLED = re.compile(r"(un|not )[ _-]?(labell?ed|classified|known)|no[ _-]?data|ignored?|void", re.IGNORECASE)
_NUMBERED = re.compile(r"(class|value)?[ _-]*\d+", re.IGNORECASE)

Numbers = tuple[NDArray[np.int64], NDArray[np.bool_]]
"""The numbers of a window, and where there is one, both of shape (rows, cols)."""


@contextmanager
def number_reader(path: Path) -> Iterator[Callable[[Window], Numbers]]:
    """Open a label raster to read the numbers of many windows, and where there are any.

    There is none where the raster has no data: by its nodata value, alpha or mask, or where it is not a number.

    Yields:
        A function that gives the numbers of a window; those beyond ±`REACH` are cut.

    Raises:
        DataError: The raster is unreadable, has several bands of colours, or numbers that are not whole.
    """
    with open_stored(path) as source:
        dtype = np.dtype(source.dtypes[0])
        if dtype.kind not in "iuf":
            raise DataError(
                "label-raster-type",
                "The label raster {path} is {dtype}.",
                "Class ids are whole numbers: save it as uint8.",
                path=path,
                dtype=dtype,
            )
        if source.count >= 3 and ColorInterp.red in source.colorinterp:
            raise DataError(
                "label-raster-coloured",
                "The label raster {path} is an image of colours, not of class numbers.",
                "Pair it as `mask` instead of `labels`.",
                path=path,
            )
        masked = source.mask_flag_enums[0] != [MaskFlags.all_valid]

        def read(window: Window) -> Numbers:
            part = rasterio_window(window)
            stored = source.read(1, window=part)
            valid = source.read_masks(1, window=part) > 0 if masked else np.ones(stored.shape, np.bool_)
            if dtype.kind == "f":
                valid &= np.isfinite(stored)
                stored = np.where(valid, stored, 0).clip(-REACH, REACH - 1)
                if (stored != np.rint(stored)).any():
                    raise DataError(
                        "label-raster-fractions",
                        "The label raster {path} is {dtype} and holds fractions.",
                        "Class ids are whole numbers: save it as uint8.",
                        path=path,
                        dtype=dtype,
                    )
            elif dtype == np.uint64:
                stored = np.minimum(stored, np.uint64(REACH - 1))
            numbers = stored.astype(np.int64)
            return (numbers.clip(-REACH, REACH - 1) if dtype.itemsize >= 4 else numbers), valid

        yield read


def count_values(path: Path) -> Counter[int]:
    """Count how many pixels of a label raster hold which number; those without data are not counted.

    Raises:
        DataError: The raster is unreadable, or its numbers are no classes: fractions, or more than `MOST_VALUES`.
    """
    found: Counter[int] = Counter()
    with open_stored(path) as source:
        size = (source.height, source.width)
    with number_reader(path) as read:
        for window in strips(size):
            numbers, valid = read(window)
            found.update(_count(numbers[valid]))
            if len(found) > MOST_VALUES:
                raise DataError(
                    "label-raster-many-values",
                    "The label raster {path} holds more than {most} different numbers, so they are no classes.",
                    "Give a raster of class numbers.",
                    path=path,
                    most=MOST_VALUES,
                )
    return found


def read_names(path: Path) -> dict[int, str]:
    """Read what a label raster itself calls its numbers; names that say nothing, such as "class 7", are left out.

    Raises:
        DataError: The raster is unreadable.
    """
    with open_stored(path) as source:
        declared = read_declared(source)
    known = {v: name for v, name in declared.names.items() if declared.is_own or not _NUMBERED.fullmatch(name)}
    if 0 in known and _UNLABELLED.fullmatch(known[0]):
        del known[0]
    return dict(sorted(known.items()))


def declares_nodata(path: Path) -> bool:
    """Tell whether a raster says where it has no data, so that 0 where it has some means something."""
    with open_stored(path) as source:
        return bool(source.mask_flag_enums[0] != [MaskFlags.all_valid])


def parse_numbers(table: Mapping[str, Any], where: str) -> ClassNumbers:
    """Read class numbers out of a table of class names and their numbers: `building = 255`, `field = [10, 11]`.

    Args:
        table: The table.
        where: What it stands in, for the error.

    Raises:
        DataError: Something in it is no whole number, or the number of two classes.
    """
    owners: dict[int, str] = {}
    for name, numbers in table.items():
        for number in numbers if isinstance(numbers, list) else [numbers]:
            if type(number) is not int or not -REACH <= number < REACH:
                raise DataError(
                    "label-value-no-number",
                    "{where} has a value of {name!r} that is no whole number.",
                    "Write it as values = {{ building = 255 }}, or several numbers of a class as [1, 2].",
                    where=where,
                    name=name,
                )
            if number in owners:
                raise DataError(
                    "label-value-twice",
                    "{where} gives the value {number} to {one!r} and {other!r}.",
                    "Give every class values of its own.",
                    where=where,
                    number=number,
                    one=owners[number],
                    other=name,
                )
            owners[number] = name
    return tuple(sorted(owners.items()))


def _count(numbers: NDArray[np.int64]) -> dict[int, int]:
    """How often each number occurs."""
    if not len(numbers):
        return {}
    least, most = int(numbers.min()), int(numbers.max())
    if most - least >= 1 << 16:
        values, counts = np.unique(numbers, return_counts=True)
        return dict(zip(values.tolist(), counts.tolist(), strict=True))
    counts = np.bincount(numbers - least)
    return {int(value) + least: int(counts[value]) for value in np.flatnonzero(counts)}

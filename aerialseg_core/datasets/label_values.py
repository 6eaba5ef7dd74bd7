"""Which number of a label raster is which class: what the data set says, else what the numbers themselves tell.

Where they leave it open, nothing is taken: the data set is asked to say it, `values = { building = 255 }`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags

from ..classes import ClassScheme
from ..errors import DataError
from ..raster.categories import read_declared
from ..raster.window import Window
from .pairs import LabelRaster, Pair, Values
from .polygon_labels import label_of
from .problems import Findings, Problem
from .rasters import opened, rasterio_window, strips

REACH = 1 << 30
"""Numbers from -REACH to REACH - 1 may be classes."""

MOST_VALUES = 4096
"""A raster of more different numbers holds no classes."""

BACKGROUND = re.compile(r"(the )?(back ?ground|others?|rest|none|nothing|clutter|(no|not|non)\b.*|0)", re.IGNORECASE)
"""Names of the class that 0 usually is."""

_UNLABELLED = re.compile(r"(un|not )[ _-]?(labell?ed|classified|known)|no[ _-]?data|ignored?|void", re.IGNORECASE)
_NUMBERED = re.compile(r"(class|value)?[ _-]*\d+", re.IGNORECASE)

Numbers = tuple[NDArray[np.int64], NDArray[np.bool_]]
"""The numbers of a window, and where there is one, both of shape (rows, cols)."""

Zero = Literal["unlabelled", "open", "class"]
"""What 0 means as far as is known without looking at the numbers: nothing is labelled there unless the numbers tell
otherwise; nobody said; or something, as another value is the nodata value."""

_SHOWN = 8


@dataclass(frozen=True)
class Fit:
    """Which number is which class."""

    values: Values
    """The numbers and the names of their classes."""
    said: str = ""
    """What was taken for granted, one sentence; empty: nothing, this is how label rasters are documented."""
    hint: str = ""
    """How to say otherwise."""


@contextmanager
def number_reader(path: Path) -> Iterator[Callable[[Window], Numbers]]:
    """Open a label raster to read the numbers of many windows, and where there are any.

    There is none where the raster has no data: by its nodata value, alpha or mask, or where it is not a number.

    Yields:
        A function that gives the numbers of a window; those beyond ±`REACH` are cut.

    Raises:
        DataError: The raster is unreadable, has several bands of colours, or numbers that are not whole.
    """
    with opened(path) as source:
        dtype = np.dtype(source.dtypes[0])
        if dtype.kind not in "iuf":
            raise DataError(f"The label raster {path} is {dtype}.", "Class ids are whole numbers: save it as uint8.")
        if source.count >= 3 and ColorInterp.red in source.colorinterp:
            hint = "Pair it as `mask` instead of `labels`."
            raise DataError(f"The label raster {path} is an image of colours, not of class numbers.", hint)
        masked = source.mask_flag_enums[0] != [MaskFlags.all_valid]

        def read(window: Window) -> Numbers:
            part = rasterio_window(window)
            stored = source.read(1, window=part)
            valid = source.read_masks(1, window=part) > 0 if masked else np.ones(stored.shape, np.bool_)
            if dtype.kind == "f":
                valid &= np.isfinite(stored)
                stored = np.where(valid, stored, 0).clip(-REACH, REACH - 1)
                if (stored != np.rint(stored)).any():
                    hint = "Class ids are whole numbers: save it as uint8."
                    raise DataError(f"The label raster {path} is {dtype} and holds fractions.", hint)
            elif dtype == np.uint64:
                stored = np.minimum(stored, np.uint64(REACH - 1))
            numbers = stored.astype(np.int64)
            return (numbers.clip(-REACH, REACH - 1) if dtype.itemsize >= 4 else numbers), valid

        yield read


def count_values(path: Path) -> Counter[int]:
    """How many pixels of a label raster hold which number; those without data are not counted.

    Raises:
        DataError: The raster is unreadable, or its numbers are no classes: fractions, or more than `MOST_VALUES`.
    """
    found: Counter[int] = Counter()
    with opened(path) as source:
        size = (source.height, source.width)
    with number_reader(path) as read:
        for window in strips(size):
            numbers, valid = read(window)
            found.update(_counted(numbers[valid]))
            if len(found) > MOST_VALUES:
                raise DataError(
                    f"The label raster {path} holds more than {MOST_VALUES} different numbers, so they are no classes.",
                    "Give a raster of class numbers.",
                )
    return found


def names_in(path: Path) -> dict[int, str]:
    """What a label raster itself calls its numbers; names that say nothing, such as "class 7", are left out.

    Raises:
        DataError: The raster is unreadable.
    """
    with opened(path) as source:
        declared = read_declared(source)
    known = {v: name for v, name in declared.names.items() if declared.is_own or not _NUMBERED.fullmatch(name)}
    if 0 in known and _UNLABELLED.fullmatch(known[0]):
        del known[0]
    return dict(sorted(known.items()))


def fit(counts: Mapping[int, int], names: Sequence[str], *, zero: Zero = "unlabelled") -> Fit:
    """Say which number is which class where nobody has said it.

    Documented is: 0 is unlabelled, and 1…N are the classes in their order. Where 0 is a class, they are 0…N-1. What
    speaks for it: another value is the nodata value; there are as many different numbers as classes, of which there are
    three or more. Of two classes, one of them called background or so, that is 0, and any other number is the other.

    Args:
        counts: Pixels of each number that occurs where there is data.
        names: Names of the classes in their order.
        zero: What is known of 0.

    Raises:
        DataError: It is not clear.
    """
    n, present = len(names), {value for value, count in counts.items() if count}
    documented = tuple(enumerate(names, start=1))
    from_zero = tuple(enumerate(names))
    inside = sum(counts[value] for value in present if 1 <= value <= n)
    strange = sum(counts[value] for value in present if not 0 <= value <= n)
    others = sorted(present - {0})
    if not others and (zero != "class" or n == 1):
        return Fit(documented)
    if others and (not inside or (others == [1] and 0 in present and n == 2 and _background(names) is not None)):
        return _two_valued(counts, others, names)
    if strange > inside:
        raise _unclear(counts, names)
    if 0 not in present:
        return Fit(documented)
    if n in present:
        return Fit(documented, *_nameless_zero(names)) if zero == "class" else Fit(documented)
    whole, odd = set(range(n)) <= present, any("background" in name.casefold() for name in names[1:])
    if not odd and (zero == "class" or (whole and (n > 2 or zero == "open"))):
        why = "another value is their nodata value" if zero == "class" else "there are as many classes"
        said = f"The labels count from 0, as they hold {_written(counts)} and {why}: 0 is {names[0]}, not unlabelled."
        return Fit(from_zero, said, f"If 0 means unlabelled, write values = {example(documented)} into the TOML.")
    raise _unclear(counts, names)


def with_values(
    pairs: Sequence[Pair], scheme: ClassScheme, counts: Mapping[Path, Counter[int]], findings: Findings
) -> tuple[Pair, ...]:
    """The same pairs, whose label rasters know which number is which class.

    Those for which nothing is said are looked at together, as one data set counts in one way.

    Args:
        pairs: Pairs.
        scheme: Their classes.
        counts: How many pixels of each label raster hold which number.
        findings: Told of what was taken for granted, and of what is not clear: then no number is a class.

    Raises:
        DataError: It is not clear, or `values` names a class that there is not, and `findings` is strict.
    """
    silent: dict[Path, Counter[int]] = {}
    spoken: dict[Values, list[Path]] = {}
    made = list(pairs)
    for index, pair in enumerate(pairs):
        if isinstance(pair.labels, LabelRaster) and pair.labels.values is not None:
            values: Values = ()
            with findings.noted("values", pair.mask):
                require_classes(pair.labels.values, scheme, str(pair.mask))
                values = _with_background(pair.labels.values, scheme.names)
                spoken.setdefault(pair.labels.values, []).append(pair.mask)
            made[index] = replace(pair, labels=replace(pair.labels, values=values))
        elif isinstance(pair.labels, LabelRaster):
            silent[pair.mask] = counts[pair.mask]
    for said, paths in spoken.items():
        with findings.noted("values", paths[0]):
            _require_some(said, [counts[path] for path in paths if path in counts], paths[0])
    if not silent:
        return tuple(made)
    values, first = (), next(iter(silent))
    with findings.noted("values", first):
        found = _fit_together(silent, scheme)
        if found.said:
            findings.add(Problem("values", first, found.said, found.hint, fatal=False, assumed=True))
        values = found.values
    return tuple(
        replace(pair, labels=replace(pair.labels, values=values))
        if isinstance(pair.labels, LabelRaster) and pair.labels.values is None
        else pair
        for pair in made
    )


def values_from(table: Mapping[str, Any], where: str) -> Values:
    """Values out of a table of class names and their numbers: `building = 255`, `field = [10, 11]`.

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
                hint = "Write it as values = { building = 255 }, or several numbers of a class as [1, 2]."
                raise DataError(f"{where} has a value of {name!r} that is no whole number.", hint)
            if number in owners:
                text = f"{where} gives the value {number} to {owners[number]!r} and {name!r}."
                raise DataError(text, "Give every class values of its own.")
            owners[number] = name
    return tuple(sorted(owners.items()))


def require_classes(values: Values, scheme: ClassScheme, where: str) -> None:
    """Refuse values of classes that are not in the scheme.

    Raises:
        DataError: There is such a class.
    """
    for _, name in values:
        try:
            label_of(name, scheme)
        except DataError as error:
            raise DataError(f"`values` of {where}: {error.text}", error.hint) from error


def example(values: Values) -> str:
    """Values as a TOML has them: `{ building = 255 }`."""
    entries = [f"{_key(name)} = {value}" for value, name in values[:_SHOWN]]
    return f"{{ {', '.join(entries)}{', …' if len(values) > _SHOWN else ''} }}"


def _with_background(values: Values, names: Sequence[str]) -> Values:
    """The same values, and 0 for the background if it is the only class without one."""
    named = {name.casefold() for _, name in values}
    missing = [name for name in names if name.casefold() not in named]
    free = not any(value == 0 for value, _ in values)
    if values and free and len(missing) == 1 and BACKGROUND.fullmatch(missing[0].strip()):
        return ((0, missing[0]), *values)
    return values


def _require_some(values: Values, counts: Sequence[Counter[int]], first: Path) -> None:
    """Refuse values of which none occurs where other numbers do."""
    held = sum(counts, Counter[int]())
    if any(held) and not any(held[value] for value, _ in values):
        more = f" and {len(counts) - 1} more" if len(counts) > 1 else ""
        text = f"No pixel of {first}{more} holds a number that `values` names, {example(values)}"
        raise DataError(f"{text}; it has {_written(held)}.", "Give the numbers that are in the labels.")


def _fit_together(silent: Mapping[Path, Counter[int]], scheme: ClassScheme) -> Fit:
    counts: Counter[int] = Counter()
    for one in silent.values():
        counts.update(one)
    zero: Zero = "class" if any(one[0] and _names_other_nodata(path) for path, one in silent.items()) else "unlabelled"
    named: dict[int, str] = {}
    for path in silent:
        for value, name in names_in(path).items():
            if value in counts and named.setdefault(value, name).casefold() != name.casefold():
                text = f"Label rasters call {value} {named[value]!r} and {name!r}, the latter {path}."
                raise DataError(text, "Give each its `values` in a TOML.")
    try:
        return _fit_to_names(counts, scheme.names, named, zero)
    except DataError as error:
        raise DataError(f"{next(iter(silent))}: {error.text}", error.hint) from error


def _fit_to_names(counts: Mapping[int, int], names: Sequence[str], named: Mapping[int, str], zero: Zero) -> Fit:
    """The fit, unless the names in the raster say it: they decide where all are classes, and must not contradict it."""
    index = {name.casefold(): i for i, name in enumerate(names)}
    own = tuple((value, names[i]) for value, name in named.items() if (i := index.get(name.casefold())) is not None)
    complete = bool(own) and len(own) == len(named) and {0, *named} >= {v for v, n in counts.items() if n}
    try:
        found = fit(counts, names, zero=zero)
    except DataError:
        if not complete:
            raise
        return Fit(own, f"Which numbers are which classes was taken from the names in the labels: {_listed(own)}.")
    taken = dict(found.values)
    if all(taken.get(value) == name for value, name in own):
        odd = [value for value, name in named.items() if name.casefold() not in index and value in taken]
        if found.said or not odd:
            return found
        said = f"The labels call {odd[0]} {named[odd[0]]!r}; by its place in the list of classes it is {taken[odd[0]]}."
        return replace(found, said=said, hint=f"If not, say it: values = {example(found.values)}.")
    shifts = {value - index[name.casefold()] for value, name in own}
    if complete and len(shifts) == 1:
        return Fit(own, f"Which numbers are which classes was taken from the names in the labels: {_listed(own)}.")
    value, name = next((value, name) for value, name in own if taken.get(value) != name)
    raise DataError(
        f"The labels call {value} {name!r}, and by its place in the list of classes it is {taken.get(value, 'none')}.",
        f"Say which it is, such as values = {example(own)}, or list the classes in the order of their numbers.",
    )


def _listed(values: Values) -> str:
    """Values for people: "0 is background, 1 is building"."""
    said = ", ".join(f"{value} is {name}" for value, name in values[:_SHOWN])
    return said + (" …" if len(values) > _SHOWN else "")


def _background(names: Sequence[str]) -> int | None:
    """Which of the classes is the only one that is called so that it is what is nothing else; None: none is."""
    found = [i for i, name in enumerate(names) if BACKGROUND.fullmatch(name.strip())]
    return found[0] if len(found) == 1 else None


def _two_valued(counts: Mapping[int, int], others: Sequence[int], names: Sequence[str]) -> Fit:
    """0 and one other number, for one class, or for two of which one is the background."""
    number, background = others[0], _background(names)
    if len(others) > 1 or number < 0:
        raise _unclear(counts, names)
    if len(names) == 1:
        said = f"The labels hold {_written(counts)}, and there is one class: {number} is {names[0]}."
        return Fit(((number, names[0]),), said, f"If it is not, write values = {example(((1, names[0]),))}.")
    if len(names) > 2 or background is None or not counts.get(0):
        raise _unclear(counts, names)
    rest = names[1 - background]
    said = f"The labels hold 0 and {number}: 0 is {names[background]}, not unlabelled, and {number} is {rest}."
    hint = f"If 0 means unlabelled, write values = {example(tuple(enumerate(names, start=1)))} into the TOML."
    return Fit(((0, names[background]), (number, rest)), said, hint)


def _nameless_zero(names: Sequence[str]) -> tuple[str, str]:
    said = (
        f"0 is in the labels and is not their nodata value, yet no class is left for it: 1 to {len(names)} are taken "
        "for the classes, and 0 for unlabelled."
    )
    return said, f"If 0 is a class, name it: values = {example(((0, 'background'), *enumerate(names, start=1)))}."


def _unclear(counts: Mapping[int, int], names: Sequence[str]) -> DataError:
    numbers = sorted(value for value, count in counts.items() if count)
    proposed = tuple(zip([value for value in numbers if value >= 0], names, strict=False))
    return DataError(
        f"It is not clear which numbers are which classes: the labels hold {_written(counts)}, and the classes are "
        f"{', '.join(names[:_SHOWN])}{', …' if len(names) > _SHOWN else ''}.",
        f"Say it in the TOML, such as values = {example(proposed)}.",
    )


def _written(counts: Mapping[int, int]) -> str:
    """The numbers that occur, for people: "0, 1, 255"."""
    numbers = sorted(value for value, count in counts.items() if count)
    return ", ".join(map(str, numbers[:_SHOWN])) + (f" and {len(numbers) - _SHOWN} more" if numbers[_SHOWN:] else "")


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)


def _counted(numbers: NDArray[np.int64]) -> dict[int, int]:
    """How often each number occurs."""
    if not len(numbers):
        return {}
    least, most = int(numbers.min()), int(numbers.max())
    if most - least >= 1 << 16:
        values, counts = np.unique(numbers, return_counts=True)
        return dict(zip(values.tolist(), counts.tolist(), strict=True))
    counts = np.bincount(numbers - least)
    return {int(value) + least: int(counts[value]) for value in np.flatnonzero(counts)}


def _names_other_nodata(path: Path) -> bool:
    """Whether a raster says where it has no data, so that 0 where it has some means something."""
    with opened(path) as source:
        return bool(source.mask_flag_enums[0] != [MaskFlags.all_valid])

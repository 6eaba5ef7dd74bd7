"""Which number of a label raster, or of a mask of one band, is which class: what the data say, else what they hold.

Where they leave it open, nothing is taken: the data set is asked to say it, `values = { building = 255 }`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ..errors import DataError
from ..raster.classes import MBRSC, ClassScheme
from ..sentences import Sentence
from .class_schemes import BLACK_AND_WHITE, count_explained, sample_masks
from .label_rasters import count_values, declares_nodata, read_names
from .masks import inspect_mask
from .pairs import ClassNumbers, LabelRaster, Mask, Pair
from .polygon_labels import find_label
from .problems import Problem, Problems

BACKGROUND = re.compile(r"(the )?(back ?ground|others?|rest|none|nothing|clutter|(no|not|non)\b.*|0)", re.IGNORECASE)
"""Names of the class that 0 usually is."""

Zero = Literal["unlabelled", "open", "class"]
"""What 0 means as far as is known without looking at the numbers: nothing is labelled there unless the numbers tell
otherwise; nobody said; or something, as another value is the nodata value."""

_SHOWN = 8
_ZERO_AND_ONE = ((0, BLACK_AND_WHITE.names[0]), (1, BLACK_AND_WHITE.names[1]))
_LIST_THEM = (
    'List the classes with their numbers: [[classes]] name = "Road", colour = "#6EC1E4", value = 1 in a TOML, or '
    '"value" beside "title" and "color" in classes.json.'
)


@dataclass(frozen=True)
class Fit:
    """Which number is which class."""

    values: ClassNumbers
    """The numbers and the names of their classes."""
    said: Sentence | None = None
    """What was taken for granted, and how to say otherwise; None: nothing, this is how label rasters are documented."""


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
    if others and (not inside or (others == [1] and 0 in present and n == 2 and _find_background(names) is not None)):
        return _fit_two(counts, others, names)
    if strange > inside:
        raise _unclear_error(counts, names)
    if 0 not in present:
        return Fit(documented)
    if n in present:
        return Fit(documented, _describe_nameless_zero(names)) if zero == "class" else Fit(documented)
    whole, odd = set(range(n)) <= present, any("background" in name.casefold() for name in names[1:])
    if not odd and (zero == "class" or (whole and (n > 2 or zero == "open"))):
        why = "another value is their nodata value" if zero == "class" else "there are as many classes"
        held = _format_keys(counts)
        said = Sentence(
            "class-numbers-from-zero",
            "The labels count from 0, as they hold {held} and {why}: 0 is {first}, not unlabelled.",
            "If 0 means unlabelled, write values = {numbers} into the TOML.",
            held=held,
            why=why,
            first=names[0],
            numbers=format_numbers(documented),
        )
        return Fit(from_zero, said)
    raise _unclear_error(counts, names)


def assign_numbers(
    pairs: Sequence[Pair], scheme: ClassScheme, counts: Mapping[Path, Counter[int]], problems: Problems
) -> tuple[Pair, ...]:
    """Give pairs label rasters that know which number is which class.

    Those for which nothing is said are looked at together, as one data set counts in one way.

    Args:
        pairs: Pairs.
        scheme: Their classes.
        counts: How many pixels of each label raster hold which number.
        problems: Told of what was taken for granted, and of what is not clear: then no number is a class.

    Raises:
        DataError: It is not clear, or `values` names a class that there is not, and `problems` is strict.
    """
    silent: dict[Path, Counter[int]] = {}
    spoken: dict[ClassNumbers, list[Path]] = {}
    made = list(pairs)
    for index, pair in enumerate(pairs):
        if isinstance(pair.labels, LabelRaster) and pair.labels.values is not None:
            values: ClassNumbers = ()
            with problems.collect("values", pair.mask):
                require_classes(pair.labels.values, scheme, str(pair.mask))
                values = _add_background(pair.labels.values, scheme.names)
                spoken.setdefault(pair.labels.values, []).append(pair.mask)
            made[index] = replace(pair, labels=replace(pair.labels, values=values))
        elif isinstance(pair.labels, LabelRaster):
            silent[pair.mask] = counts[pair.mask]
    for said, paths in spoken.items():
        with problems.collect("values", paths[0]):
            _require_some(said, [counts[path] for path in paths if path in counts], paths[0])
    if not silent:
        return tuple(made)
    values, first = (), next(iter(silent))
    with problems.collect("values", first):
        found = _fit_together(silent, scheme)
        if found.said:
            problems.add(Problem("values", first, found.said, fatal=False, assumed=True))
        values = found.values
    return tuple(
        replace(pair, labels=replace(pair.labels, values=values))
        if isinstance(pair.labels, LabelRaster) and pair.labels.values is None
        else pair
        for pair in made
    )


def require_classes(values: ClassNumbers, scheme: ClassScheme, where: str) -> None:
    """Refuse values of classes that are not in the scheme.

    Raises:
        DataError: There is such a class.
    """
    for _, name in values:
        try:
            find_label(name, scheme)
        except DataError as error:
            raise DataError(
                "class-values-wrong", "`values` of {where}: {cause}", where=where, cause=error.sentence
            ) from error


def format_numbers(values: ClassNumbers) -> str:
    """Write values as a TOML has them: `{ building = 255 }`."""
    entries = [f"{_format_key(name)} = {value}" for value, name in values[:_SHOWN]]
    return f"{{ {', '.join(entries)}{', …' if len(values) > _SHOWN else ''} }}"


def _add_background(values: ClassNumbers, names: Sequence[str]) -> ClassNumbers:
    """The same values, and 0 for the background if it is the only class without one."""
    named = {name.casefold() for _, name in values}
    missing = [name for name in names if name.casefold() not in named]
    free = not any(value == 0 for value, _ in values)
    if values and free and len(missing) == 1 and BACKGROUND.fullmatch(missing[0].strip()):
        return ((0, missing[0]), *values)
    return values


def _require_some(values: ClassNumbers, counts: Sequence[Counter[int]], first: Path) -> None:
    """Refuse values of which none occurs where other numbers do."""
    held = sum(counts, Counter[int]())
    if any(held) and not any(held[value] for value, _ in values):
        more = f" and {len(counts) - 1} more" if len(counts) > 1 else ""
        raise DataError(
            "class-numbers-missing",
            "No pixel of {file}{more} holds a number that `values` names, {numbers}; it has {held}.",
            "Give the numbers that are in the labels.",
            file=first,
            more=more,
            numbers=format_numbers(values),
            held=_format_keys(held),
        )


def _fit_together(silent: Mapping[Path, Counter[int]], scheme: ClassScheme) -> Fit:
    counts: Counter[int] = Counter()
    for one in silent.values():
        counts.update(one)
    zero: Zero = "class" if any(one[0] and declares_nodata(path) for path, one in silent.items()) else "unlabelled"
    named: dict[int, str] = {}
    for path in silent:
        for value, name in read_names(path).items():
            if value in counts and named.setdefault(value, name).casefold() != name.casefold():
                raise DataError(
                    "class-number-names",
                    "Label rasters call {value} {one!r} and {other!r}, the latter {path}.",
                    "Give each its `values` in a TOML.",
                    value=value,
                    one=named[value],
                    other=name,
                    path=path,
                )
    try:
        return _fit_to_names(counts, scheme.names, named, zero)
    except DataError as error:
        raise DataError("of-file", "{path}: {cause}", path=next(iter(silent)), cause=error.sentence) from error


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
        return Fit(own, _describe_own(own))
    taken = dict(found.values)
    if all(taken.get(value) == name for value, name in own):
        odd = [value for value, name in named.items() if name.casefold() not in index and value in taken]
        if found.said or not odd:
            return found
        said = Sentence(
            "class-number-other-name",
            "The labels call {value} {name!r}; by its place in the list of classes it is {by_place}.",
            "If not, say it: values = {numbers}.",
            value=odd[0],
            name=named[odd[0]],
            by_place=taken[odd[0]],
            numbers=format_numbers(found.values),
        )
        return replace(found, said=said)
    shifts = {value - index[name.casefold()] for value, name in own}
    if complete and len(shifts) == 1:
        return Fit(own, _describe_own(own))
    value, name = next((value, name) for value, name in own if taken.get(value) != name)
    raise DataError(
        "class-number-disputed",
        "The labels call {value} {name!r}, and by its place in the list of classes it is {by_place}.",
        "Say which it is, such as values = {own}, or list the classes in the order of their numbers.",
        value=value,
        name=name,
        by_place=taken.get(value, "none"),
        own=format_numbers(own),
    )


def _describe_own(values: ClassNumbers) -> Sentence:
    """Say which numbers are which classes, as the labels themselves have it."""
    listed = ", ".join(f"{value} is {name}" for value, name in values[:_SHOWN]) + (" …" if values[_SHOWN:] else "")
    said = "Which numbers are which classes was taken from the names in the labels: {listed}."
    return Sentence("class-numbers-by-name", said, listed=listed)


def _find_background(names: Sequence[str]) -> int | None:
    """Which of the classes is the only one that is called so that it is what is nothing else; None: none is."""
    found = [i for i, name in enumerate(names) if BACKGROUND.fullmatch(name.strip())]
    return found[0] if len(found) == 1 else None


def _fit_two(counts: Mapping[int, int], others: Sequence[int], names: Sequence[str]) -> Fit:
    """0 and one other number, for one class, or for two of which one is the background."""
    number, background = others[0], _find_background(names)
    if len(others) > 1 or number < 0:
        raise _unclear_error(counts, names)
    if len(names) == 1:
        said = Sentence(
            "class-number-of-one",
            "The labels hold {held}, and there is one class: {number} is {name}.",
            "If it is not, write values = {numbers}.",
            held=_format_keys(counts),
            number=number,
            name=names[0],
            numbers=format_numbers(((1, names[0]),)),
        )
        return Fit(((number, names[0]),), said)
    if len(names) > 2 or background is None or not counts.get(0):
        raise _unclear_error(counts, names)
    rest = names[1 - background]
    said = Sentence(
        "class-numbers-of-two",
        "The labels hold 0 and {number}: 0 is {background}, not unlabelled, and {number} is {name}.",
        "If 0 means unlabelled, write values = {numbers} into the TOML.",
        number=number,
        background=names[background],
        name=rest,
        numbers=format_numbers(tuple(enumerate(names, start=1))),
    )
    return Fit(((0, names[background]), (number, rest)), said)


def _describe_nameless_zero(names: Sequence[str]) -> Sentence:
    with_zero = ((0, "background"), *enumerate(names, start=1))
    return Sentence(
        "class-zero-nameless",
        "0 is in the labels and is not their nodata value, yet no class is left for it: 1 to {count} are taken for the "
        "classes, and 0 for unlabelled.",
        "If 0 is a class, name it: values = {numbers}.",
        count=len(names),
        numbers=format_numbers(with_zero),
    )


def _unclear_error(counts: Mapping[int, int], names: Sequence[str]) -> DataError:
    numbers = sorted(value for value, count in counts.items() if count)
    proposed = tuple(zip([value for value in numbers if value >= 0], names, strict=False))
    return DataError(
        "class-numbers-unclear",
        "It is not clear which numbers are which classes: the labels hold {numbers}, and the classes are "
        "{classes}{more}.",
        "Say it in the TOML, such as values = {proposed}.",
        numbers=_format_keys(counts),
        classes=", ".join(names[:_SHOWN]),
        more=", …" if len(names) > _SHOWN else "",
        proposed=format_numbers(proposed),
    )


def _format_keys(counts: Mapping[int, int]) -> str:
    """The numbers that occur, for people: "0, 1, 255"."""
    numbers = sorted(value for value, count in counts.items() if count)
    return ", ".join(map(str, numbers[:_SHOWN])) + (f" and {len(numbers) - _SHOWN} more" if numbers[_SHOWN:] else "")


def _format_key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)


def find_grey_classes(
    pairs: Sequence[Pair], known: ClassScheme | None, values: ClassNumbers | None, problems: Problems
) -> tuple[Pair, ...]:
    """Turn masks that hold class numbers instead of colours into label rasters.

    Greys are colours if all of them are those of classes, or if they are black and white and nobody has listed classes;
    a palette is colours unless none of them is known.

    Args:
        pairs: Pairs.
        known: The classes, as far as the data set lists them.
        values: Their numbers, as far as it does.
        problems: Told of what was taken for granted, and of what is not clear: then no number is a class.

    Raises:
        DataError: It is not clear which number is which class, and `problems` is strict.
    """
    made = list(pairs)
    greys: list[int] = []
    palettes: list[int] = []
    for index, pair in enumerate(pairs):
        if isinstance(pair.labels, Mask) and (look := inspect_mask(pair.mask)).single and not look.lossy:
            (greys if look.grey else palettes).append(index)
    for some in (greys, palettes):
        paths = [pairs[index].mask for index in some]
        if not some or _are_colours(paths, known, grey=some is greys):
            continue
        found: ClassNumbers = ()
        with problems.collect("values", paths[0]):
            found = values or _find_numbers(paths, known, problems)
        for index in some:
            made[index] = replace(pairs[index], labels=LabelRaster(pairs[index].mask, found))
    return tuple(made)


def _are_colours(paths: Sequence[Path], known: ClassScheme | None, *, grey: bool) -> bool:
    if any(inspect_mask(path).depth > 8 for path in paths):
        return False
    sample = sample_masks(paths, whole=grey)
    if not grey:
        return known is None or any(count_explained(sample, scheme) for scheme in (known, MBRSC))
    black_and_white = known is None and count_explained(sample, BLACK_AND_WHITE) == sample.labelled
    return black_and_white or (known is not None and count_explained(sample, known) == sample.labelled)


def _find_numbers(paths: Sequence[Path], known: ClassScheme | None, problems: Problems) -> ClassNumbers:
    counts: Counter[int] = Counter()
    for path in paths:
        counts.update(count_values(path))
    if known is not None:
        found = _fit_black_and_white(counts, known) or fit(counts, known.names, zero="open")
    elif set(counts) <= {0, 1}:
        said = "The masks hold 0 and 1 and nothing says what that is: it is called background and foreground."
        found = Fit(_ZERO_AND_ONE, Sentence("masks-zero-and-one", said, _LIST_THEM))
    else:
        numbers = ", ".join(map(str, sorted(counts)[:8]))
        raise DataError(
            "masks-hold-numbers",
            "The masks in {folder} hold the numbers {numbers}, and no classes are listed.",
            _LIST_THEM,
            folder=paths[0].parent,
            numbers=numbers,
        )
    if found.said:
        problems.add(Problem("values", paths[0].parent, found.said, fatal=False, assumed=True))
    return found.values


def _fit_black_and_white(counts: Counter[int], known: ClassScheme) -> Fit | None:
    """Two numbers, 0 and another one, for a class that is black and one that is white."""
    dark, light = min(known, key=lambda one: one.rgb), max(known, key=lambda one: one.rgb)
    rest = [number for number in counts if number]
    if len(known) != 2 or (dark.colour, light.colour.upper()) != ("#000000", "#FFFFFF") or len(rest) != 1:
        return None
    said = "The masks hold 0 and {number}: 0 is {dark}, which is black, and {number} is {light}."
    told = Sentence("masks-two-numbers", said, _LIST_THEM, number=rest[0], dark=dark.name, light=light.name)
    return Fit(((0, dark.name), (rest[0], light.name)), told)

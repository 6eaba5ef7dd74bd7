"""Masks of one band: are its numbers colours, or the classes themselves?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..classes import MBRSC, ClassScheme
from ..errors import DataError
from .class_schemes import BLACK_AND_WHITE, explained, sample_masks
from .label_values import Fit, count_values, fit
from .masks import look_at
from .pairs import LabelRaster, Mask, Pair, Values
from .problems import Findings, Problem

_ZERO_AND_ONE = ((0, BLACK_AND_WHITE.names[0]), (1, BLACK_AND_WHITE.names[1]))
_LIST_THEM = (
    'List the classes with their numbers: [[classes]] name = "Road", colour = "#6EC1E4", value = 1 in a TOML, or '
    '"value" beside "title" and "color" in classes.json.'
)


def with_numbers(
    pairs: Sequence[Pair], known: ClassScheme | None, values: Values | None, findings: Findings
) -> tuple[Pair, ...]:
    """The same pairs, of which masks that hold class numbers have become label rasters.

    Greys are colours if all of them are those of classes, or if they are black and white and nobody has listed classes;
    a palette is colours unless none of them is known.

    Args:
        pairs: Pairs.
        known: The classes, as far as the data set lists them.
        values: Their numbers, as far as it does.
        findings: Told of what was taken for granted, and of what is not clear: then no number is a class.

    Raises:
        DataError: It is not clear which number is which class, and `findings` is strict.
    """
    made = list(pairs)
    greys: list[int] = []
    palettes: list[int] = []
    for index, pair in enumerate(pairs):
        if isinstance(pair.labels, Mask) and (look := look_at(pair.mask)).single and not look.lossy:
            (greys if look.grey else palettes).append(index)
    for some in (greys, palettes):
        paths = [pairs[index].mask for index in some]
        if not some or _are_colours(paths, known, grey=some is greys):
            continue
        found: Values = ()
        with findings.noted("values", paths[0]):
            found = values or _numbers(paths, known, findings)
        for index in some:
            made[index] = replace(pairs[index], labels=LabelRaster(pairs[index].mask, found))
    return tuple(made)


def _are_colours(paths: Sequence[Path], known: ClassScheme | None, *, grey: bool) -> bool:
    if any(look_at(path).depth > 8 for path in paths):
        return False
    sample = sample_masks(paths, whole=grey)
    if not grey:
        return known is None or any(explained(sample, scheme) for scheme in (known, MBRSC))
    black_and_white = known is None and explained(sample, BLACK_AND_WHITE) == sample.labelled
    return black_and_white or (known is not None and explained(sample, known) == sample.labelled)


def _numbers(paths: Sequence[Path], known: ClassScheme | None, findings: Findings) -> Values:
    counts: Counter[int] = Counter()
    for path in paths:
        counts.update(count_values(path))
    if known is not None:
        found = _black_and_white(counts, known) or fit(counts, known.names, zero="open")
    elif set(counts) <= {0, 1}:
        said = "The masks hold 0 and 1 and nothing says what that is: it is called background and foreground."
        found = Fit(_ZERO_AND_ONE, said, _LIST_THEM)
    else:
        numbers = ", ".join(map(str, sorted(counts)[:8]))
        raise DataError(
            f"The masks in {paths[0].parent} hold the numbers {numbers}, and no classes are listed.", _LIST_THEM
        )
    if found.said:
        findings.add(Problem("values", paths[0].parent, found.said, found.hint, fatal=False, assumed=True))
    return found.values


def _black_and_white(counts: Counter[int], known: ClassScheme) -> Fit | None:
    """Two numbers, 0 and another one, for a class that is black and one that is white."""
    dark, light = min(known, key=lambda one: one.rgb), max(known, key=lambda one: one.rgb)
    rest = [number for number in counts if number]
    if len(known) != 2 or (dark.colour, light.colour.upper()) != ("#000000", "#FFFFFF") or len(rest) != 1:
        return None
    said = f"The masks hold 0 and {rest[0]}: 0 is {dark.name}, which is black, and {rest[0]} is {light.name}."
    return Fit(((0, dark.name), (rest[0], light.name)), said, _LIST_THEM)

"""Which classes a data set has, and in which colours: what it says, checked against what its labels hold."""

from __future__ import annotations

import colorsys
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..categories import read_categories
from ..classes import MBRSC, ClassScheme
from ..errors import DataError, ModelError
from ..grid import Window
from ..texts import read_json
from .labels import colour_codes
from .pairs import LabelRaster, Mask, Pair, Polygons
from .polygon_labels import class_values, label_of
from .problems import Findings, Problem
from .rasters import colour_reader, opened, strips

LISTING = "classes.json"
"""File in a data folder that lists its classes: `{"classes": [{"title": "Road", "color": "#6EC1E4"}]}`.

Beside them `"unlabelled": "#000000"` may say which colour the masks have where nobody labelled anything.
"""

SAMPLED_MASKS = 24
"""Masks whose colours decide between two schemes, spread evenly over the sorted pairs."""

SAMPLED_SIDE = 256
"""Side of the squares that are read of each, three by three, px."""

_SHOWN = 5
_REMEDY = 'List the classes with their colours in a TOML ([[classes]] name = "Road", colour = "#6EC1E4").'

_HEX = re.compile(r"#[0-9A-Fa-f]{6}")

Colours = Counter[int]


@dataclass(frozen=True)
class Listing:
    """What `classes.json` says."""

    scheme: ClassScheme
    """The classes."""
    unlabelled: str = ""
    """Colour of what nobody labelled, `#RRGGBB`; empty: it names none."""


def decide_scheme(
    pairs: Sequence[Pair], declared: ClassScheme | None, listing: Path, findings: Findings
) -> ClassScheme:
    """Find the classes of a data set.

    What the TOML declares counts. Without that, masks decide: of `classes.json` and the MBRSC scheme the one that
    explains more pixels of a sample of them, `classes.json` if both explain as many. Without masks, the names and
    colours that the first label raster carries; without those, the values of the class field of the polygons, sorted,
    or the MBRSC scheme if they all are names of it.

    Args:
        pairs: All pairs.
        declared: The classes of the TOML.
        listing: Where `classes.json` would be.
        findings: Told of problems.

    Raises:
        DataError: The colours, ids or names of the labels are explained by no scheme.
    """
    masks = [pair.labels.path for pair in pairs if isinstance(pair.labels, Mask)]
    if declared is not None:
        if masks:
            _require_explained(masks, [declared])
        return declared
    if masks:
        return _scheme_of_masks(masks, listing, findings)
    rasters = [pair.labels.path for pair in pairs if isinstance(pair.labels, LabelRaster)]
    if rasters:
        return _scheme_of_raster(rasters[0])
    return _scheme_of_polygons([pair.labels for pair in pairs if isinstance(pair.labels, Polygons)])


def check_classes(pair: Pair, scheme: ClassScheme) -> None:
    """Refuse polygons of a class that is not in the scheme.

    Raises:
        DataError: There is such a polygon, or `rest` is no class.
    """
    if not isinstance(pair.labels, Polygons):
        return
    for value in (*dict.fromkeys(class_values(pair.labels)), pair.labels.rest):
        try:
            label_of(value, scheme)
        except DataError as error:
            raise DataError(f"{pair.labels.path}: {error.text}", error.hint) from error


def scheme_from(classes: Sequence[Any], name: str, colour: str, where: str) -> ClassScheme:
    """A scheme out of a list of tables.

    Args:
        classes: The tables.
        name: Their key for the name.
        colour: Their key for the colour, `#RRGGBB`.
        where: What they stand in, for the error.

    Raises:
        DataError: A table lacks one of them, or the scheme is not usable.
    """
    named = []
    for table in classes:
        if not isinstance(table, dict) or not all(isinstance(table.get(key), str) for key in (name, colour)):
            raise DataError(f"{where} has a class without `{name}` or `{colour}`.", "Give every class both.")
        named.append((table[name], table[colour]))
    try:
        scheme = ClassScheme.of(named)
    except ModelError as error:
        raise DataError(f"{where}: {error.text}", "Correct its classes.") from error
    if len(set(scheme.colours)) < len(scheme):
        raise DataError(f"{where} gives two classes the same colour.", "Give every class a colour of its own.")
    return scheme


def without_unlabelled(pairs: Sequence[Pair], scheme: ClassScheme, listing: Path) -> tuple[Pair, ...]:
    """The same pairs, whose masks know the colour that `classes.json` gives to what nobody labelled.

    Args:
        pairs: Pairs.
        scheme: Their classes; the colour of a class is never that of the unlabelled.
        listing: Where `classes.json` would be; a damaged one says nothing.
    """
    try:
        listed = read_listing(listing)
    except DataError:
        return tuple(pairs)
    colour = listed.unlabelled if listed else ""
    if not colour or colour.upper() in {c.colour.upper() for c in scheme}:
        return tuple(pairs)
    return tuple(
        replace(pair, labels=replace(pair.labels, unlabelled=colour)) if isinstance(pair.labels, Mask) else pair
        for pair in pairs
    )


def read_listing(path: Path) -> Listing | None:
    """Read `classes.json`; None if there is none.

    Raises:
        DataError: It is damaged, or no list of classes, or `unlabelled` is no colour or that of a class.
    """
    if not path.is_file():
        return None
    content = read_json(path)
    classes = content.get("classes") if isinstance(content, dict) else None
    if not isinstance(classes, list) or not classes:
        raise DataError(f"{path} holds no list `classes`.", "Correct it or take it out.")
    scheme, blank = scheme_from(classes, "title", "color", str(path)), content.get("unlabelled", "")
    if not isinstance(blank, str) or (blank and not _HEX.fullmatch(blank)):
        raise DataError(f"{path} has an `unlabelled` that is no colour.", 'Write it as "#000000", or take it out.')
    if blank.upper() in {c.colour.upper() for c in scheme}:
        raise DataError(f"{path} gives the unlabelled the colour of a class.", "Give it a colour of its own.")
    return Listing(scheme, blank)


def sampled_colours(masks: Sequence[Path], *, whole: bool = False) -> Colours:
    """How many pixels have which colour, as red · 2¹⁶ + green · 2⁸ + blue.

    Args:
        masks: Masks.
        whole: Whether to read all pixels of all masks instead of squares of some.

    Raises:
        DataError: A mask is unreadable.
    """
    chosen = masks if whole else [masks[i * len(masks) // SAMPLED_MASKS] for i in range(SAMPLED_MASKS)]
    found: Colours = Counter()
    for path in dict.fromkeys(chosen):
        with opened(path) as source:
            size = (source.height, source.width)
        with colour_reader(path) as read:
            for window in strips(size) if whole else _squares(size):
                codes, counts = np.unique(colour_codes(read(window)), return_counts=True)
                found.update(dict(zip(codes.tolist(), counts.tolist(), strict=True)))
    return found


def explained(colours: Colours, scheme: ClassScheme) -> int:
    """Pixels whose colour is a class."""
    return sum(colours[int(code)] for code in colour_codes(np.array(scheme.colours, np.uint8)))


def _squares(size: tuple[int, int]) -> Iterator[Window]:
    """Three by three squares of an image of (rows, cols), in its corners, at its edges and in its middle."""
    rows, cols = (sorted({max(0, (n - SAMPLED_SIDE) * k // 2) for k in range(3)}) for n in size)
    for row in rows:
        for col in cols:
            yield Window(row, col, min(SAMPLED_SIDE, size[0]), min(SAMPLED_SIDE, size[1]))


def _scheme_of_masks(masks: Sequence[Path], listing: Path, findings: Findings) -> ClassScheme:
    listed = None
    try:
        found = read_listing(listing)
        listed = found.scheme if found else None
    except DataError as error:
        findings.add(Problem("classes", listing, error.text, error.hint, fatal=False))
    candidates = [MBRSC] if listed is None else [listed, MBRSC]
    colours = _require_explained(masks, candidates)
    best = max(candidates, key=lambda scheme: explained(colours, scheme))
    share = explained(colours, best) / colours.total()
    if listed is None and not listing.exists():
        text = f"There is no {listing}; the colours of the MBRSC scheme explain {share:.1%} of the pixels and are used."
        findings.add(Problem("classes", listing, text, fatal=False))
    if listed is not None and best is not listed:
        wrong = explained(colours, listed) / colours.total()
        missing = [f"{c.name} {c.colour}" for c in listed if c.colour.upper() not in _written(colours)]
        text = (
            f"{listing} lists colours that the masks do not have ({', '.join(missing)}): it explains {wrong:.1%} of "
            f"the pixels, the MBRSC scheme {share:.1%}, so that is used."
        )
        findings.add(Problem("classes", listing, text, "Correct the file or take it out.", fatal=False))
    return best


def _require_explained(masks: Sequence[Path], schemes: Sequence[ClassScheme]) -> Colours:
    """A sample of colours, at least one of which is a class of one of the schemes."""
    for whole in (False, True):  # a class may be too rare for the sample
        colours = sampled_colours(masks, whole=whole)
        if any(explained(colours, scheme) for scheme in schemes):
            return colours
    frequent = ", ".join(f"#{code:06X} ({n / colours.total():.1%})" for code, n in colours.most_common(_SHOWN))
    raise DataError(f"No colour of the masks is a class; the most frequent are {frequent}.", _REMEDY)


def _written(colours: Colours) -> set[str]:
    return {f"#{code:06X}" for code in colours}


def _scheme_of_raster(path: Path) -> ClassScheme:
    with opened(path) as source:
        categories = read_categories(source)
    if not categories.declared:
        raise DataError(f"The label raster {path} does not say what its values mean.", _REMEDY)
    ids = range(1, max(categories.declared) + 1)
    try:
        return ClassScheme.of([(categories[i].name, categories[i].colour) for i in ids])
    except ModelError as error:
        raise DataError(f"The label raster {path}: {error.text}", _REMEDY) from error


def _scheme_of_polygons(sources: Sequence[Polygons]) -> ClassScheme:
    values = {value for source in sources for value in (*class_values(source), source.rest) if value is not None}
    written = sorted({str(value).strip() for value in values}, key=_natural)
    names = list({name.casefold(): name for name in reversed(written)}.values())[::-1]  # "Water" and "water" are one
    if not names:
        raise DataError("No polygon has a class.", "Fill in the class field of the polygons.")
    if {name.casefold() for name in names} <= {name.casefold() for name in MBRSC.names}:
        return MBRSC
    try:
        return ClassScheme.of(list(zip(names, distinct_colours(len(names)), strict=True)))
    except ModelError as error:
        raise DataError(f"The classes of the polygons: {error.text}", _REMEDY) from error


def _natural(name: str) -> tuple[int, str]:
    """Sorts numbers by their value, and before words."""
    return (int(name), name) if name.isdecimal() else (1 << 62, name)


def distinct_colours(n: int) -> list[str]:
    """`n` different colours, `#RRGGBB`; neighbours in the list are far apart."""
    found: dict[str, None] = {}
    k = 0
    while len(found) < n:
        rgb = colorsys.hsv_to_rgb(k * 0.618034 % 1, 0.75 - 0.25 * (k // 8 % 2), 0.9 - 0.3 * (k // 16 % 2))
        found["#{:02X}{:02X}{:02X}".format(*(round(255 * channel) for channel in rgb))] = None
        k += 1
    return list(found)

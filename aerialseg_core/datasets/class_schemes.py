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

from ..errors import DataError, ModelError
from ..files.texts import read_json
from ..raster.categories import read_categories
from ..raster.classes import MBRSC, ClassScheme
from ..raster.window import Window
from ..sentences import Sentence
from .label_rasters import parse_numbers, read_names
from .masks import OUTSIDE, compute_tolerance, inspect_mask, mask_reader, pack_class_colours, snap
from .pairs import ClassNumbers, LabelRaster, Mask, Pair, Polygons
from .polygon_labels import find_label, read_classes
from .problems import Problem, Problems
from .rasters import open_stored, strips

LISTING = "classes.json"
"""File in a data folder that lists its classes: `{"classes": [{"title": "Road", "color": "#6EC1E4"}]}`.

A class may have a `value` too, its number in masks of greys. Beside the classes, `"unlabelled": "#000000"` may say
which colour the masks have where nobody labelled anything.
"""

SAMPLED_MASKS = 24
"""Masks whose colours decide between two schemes, spread evenly over the sorted pairs."""

SAMPLED_SIDE = 256
"""Side of the squares that are read of each, three by three, px."""

BLACK_AND_WHITE = ClassScheme.of([("background", "#000000"), ("foreground", "#FFFFFF")])
"""The scheme of masks of two values of which nothing says what they are."""

_SHOWN = 5
_LEAST_TOLERANCE = 4
_MOSTLY = 0.9
_MOST_COLOURS = 1 << 17
_NAME_THEM = "Name them in classes.json, or in the [[classes]] of a TOML."
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
    values: ClassNumbers | None = None
    """The numbers of the classes; None: it names none."""


@dataclass(frozen=True)
class Sample:
    """What masks hold."""

    colours: Colours
    """How many pixels have which colour, as red · 2¹⁶ + green · 2⁸ + blue; of very many, those that are frequent."""
    transparent: int
    """Pixels that are transparent."""
    lossy: bool
    """Whether the compression of a mask has changed its colours."""

    @property
    def labelled(self) -> int:
        """Pixels that have a colour."""
        return self.colours.total()


def decide_scheme(
    pairs: Sequence[Pair], declared: ClassScheme | None, listed: Listing | None, listing: Path, problems: Problems
) -> ClassScheme:
    """Find the classes of a data set.

    What the TOML declares counts. Without that, masks decide: of `classes.json` and the MBRSC scheme the one that
    explains more pixels of a sample of them, `classes.json` if both explain as many; black and white where neither
    explains any. Without masks, the names that label rasters are given (`values`), else the names and colours that the
    first one carries; without those, the values of the class field of the polygons, sorted, or the MBRSC scheme if they
    all are names of it.

    Args:
        pairs: All pairs.
        declared: The classes of the TOML.
        listed: What `classes.json` says; None: nothing.
        listing: Where it would be.
        problems: Told of problems.

    Raises:
        DataError: The colours, ids or names of the labels are explained by no scheme.
    """
    masks = [pair.labels.path for pair in pairs if isinstance(pair.labels, Mask)]
    if masks:
        return _find_scheme_of_masks(masks, declared, listed, listing, problems)
    if declared is not None:
        return declared
    rasters = [pair.labels for pair in pairs if isinstance(pair.labels, LabelRaster)]
    if rasters:
        return _find_scheme_of_rasters(rasters, listed)
    return _find_scheme_of_polygons([pair.labels for pair in pairs if isinstance(pair.labels, Polygons)])


def parse_class_numbers(classes: Sequence[Any], name: str, where: str) -> ClassNumbers | None:
    """Read the numbers that a list of tables gives to its classes by their `value`; None: none has one.

    Args:
        classes: The tables.
        name: Their key for the name.
        where: What they stand in, for the error.

    Raises:
        DataError: A `value` is no whole number, or that of two classes.
    """
    given = {table[name]: table["value"] for table in classes if "value" in table}
    return parse_numbers(given, where) if given else None


def check_classes(pair: Pair, scheme: ClassScheme) -> None:
    """Refuse polygons of a class that is not in the scheme.

    Raises:
        DataError: There is such a polygon, or `rest` is no class.
    """
    if not isinstance(pair.labels, Polygons):
        return
    for value in (*dict.fromkeys(read_classes(pair.labels)), pair.labels.rest):
        try:
            find_label(value, scheme)
        except DataError as error:
            raise DataError("of-file", "{path}: {cause}", path=pair.labels.path, cause=error.sentence) from error


def parse_scheme(classes: Sequence[Any], name: str, colour: str, where: str) -> ClassScheme:
    """Read a scheme out of a list of tables.

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
            raise DataError(
                "class-incomplete",
                "{where} has a class without `{name}` or `{colour}`.",
                "Give every class both.",
                where=where,
                name=name,
                colour=colour,
            )
        named.append((table[name], table[colour]))
    try:
        scheme = ClassScheme.of(named)
    except ModelError as error:
        raise DataError(
            "classes-wrong", "{where}: {cause}", "Correct its classes.", where=where, cause=error.sentence
        ) from error
    if len(set(scheme.colours)) < len(scheme):
        raise DataError(
            "class-colours-equal",
            "{where} gives two classes the same colour.",
            "Give every class a colour of its own.",
            where=where,
        )
    return scheme


def assign_unlabelled(pairs: Sequence[Pair], scheme: ClassScheme, listed: Listing | None) -> tuple[Pair, ...]:
    """Tell masks the colour that `classes.json` gives to what nobody labelled.

    Args:
        pairs: Pairs.
        scheme: Their classes; the colour of a class is never that of the unlabelled.
        listed: What `classes.json` says; None: nothing.
    """
    colour = listed.unlabelled if listed else ""
    if not colour or colour.upper() in {c.colour.upper() for c in scheme}:
        return tuple(pairs)
    return tuple(
        replace(pair, labels=replace(pair.labels, unlabelled=colour)) if isinstance(pair.labels, Mask) else pair
        for pair in pairs
    )


def assign_tolerance(pairs: Sequence[Pair], scheme: ClassScheme, problems: Problems) -> tuple[Pair, ...]:
    """Let masks of lossy compression take a colour for the class whose colour is near.

    Args:
        pairs: Pairs.
        scheme: Their classes.
        problems: Told of it.

    Raises:
        DataError: Two classes have colours too near for that, and `problems` is strict.
    """
    masks = {i: pair.labels for i, pair in enumerate(pairs) if isinstance(pair.labels, Mask)}
    lossy = {i: mask for i, mask in masks.items() if inspect_mask(mask.path).lossy}
    if not lossy:
        return tuple(pairs)
    made, first, tolerance = list(pairs), next(iter(lossy.values())).path, compute_tolerance(scheme)
    if tolerance < _LEAST_TOLERANCE:
        text = "{mask} is compressed as JPEG is, and two class colours are too near to be told apart after that."
        said = Sentence("mask-lossy-unusable", text, "Save the masks as PNG.", mask=first)
        problems.add(Problem("lossy", first, said))
        return tuple(made)
    for i, mask in lossy.items():
        made[i] = replace(pairs[i], labels=replace(mask, tolerance=tolerance))
    sample = sample_masks([mask.path for mask in lossy.values()])
    share = count_explained(sample, scheme) / max(sample.labelled, 1)
    files = f"{first}" if len(lossy) == 1 else f"{first} and {len(lossy) - 1} more masks"
    said = Sentence(
        "mask-lossy",
        "{files} are of a compression that changes colours, as JPEG does: a colour at most {tolerance} from that of a "
        "class counts as that class ({share:.1%} of the labelled pixels), others are ignored.",
        "Save masks as PNG.",
        files=files,
        tolerance=tolerance,
        share=share,
    )
    problems.add(Problem("lossy", first, said, fatal=False, assumed=True))
    return tuple(made)


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
        raise DataError(
            "class-list-missing", "{path} holds no list `classes`.", "Correct it or take it out.", path=path
        )
    scheme, blank = parse_scheme(classes, "title", "color", str(path)), content.get("unlabelled", "")
    values = parse_class_numbers(classes, "title", str(path))
    if not isinstance(blank, str) or (blank and not _HEX.fullmatch(blank)):
        raise DataError(
            "unlabelled-no-colour",
            "{path} has an `unlabelled` that is no colour.",
            'Write it as "#000000", or take it out.',
            path=path,
        )
    if blank.upper() in {c.colour.upper() for c in scheme}:
        raise DataError(
            "unlabelled-is-class",
            "{path} gives the unlabelled the colour of a class.",
            "Give it a colour of its own.",
            path=path,
        )
    return Listing(scheme, blank, values)


def sample_masks(masks: Sequence[Path], *, whole: bool = False) -> Sample:
    """Look at what masks hold.

    Args:
        masks: Masks.
        whole: Whether to read all pixels of all masks instead of squares of some.

    Raises:
        DataError: A mask is unreadable.
    """
    chosen = masks if whole else [masks[i * len(masks) // SAMPLED_MASKS] for i in range(SAMPLED_MASKS)]
    found: Colours = Counter()
    lossy = False
    for path in dict.fromkeys(chosen):
        lossy = lossy or inspect_mask(path).lossy
        with open_stored(path) as source:
            size = (source.height, source.width)
        with mask_reader(path) as read:
            for window in strips(size) if whole else _squares(size):
                codes, counts = np.unique(read(window), return_counts=True)
                found.update(dict(zip(codes.tolist(), counts.tolist(), strict=True)))
                if len(found) > _MOST_COLOURS:
                    found = Counter(dict(found.most_common(_MOST_COLOURS // 2)))
    transparent = found.pop(int(OUTSIDE), 0)
    return Sample(found, transparent, lossy)


def count_explained(sample: Sample, scheme: ClassScheme) -> int:
    """Count the pixels whose colour is a class, or near one where compression has changed it."""
    known, colours = pack_class_colours(scheme), np.array([*sample.colours], np.uint32)
    counts = np.array([*sample.colours.values()], np.int64)
    if sample.lossy and len(colours):
        colours = snap(colours, known, compute_tolerance(scheme))
    return int(counts[np.isin(colours, known)].sum())


def _squares(size: tuple[int, int]) -> Iterator[Window]:
    """Three by three squares of an image of (rows, cols), in its corners, at its edges and in its middle."""
    rows, cols = (sorted({max(0, (n - SAMPLED_SIDE) * k // 2) for k in range(3)}) for n in size)
    for row in rows:
        for col in cols:
            yield Window(row, col, min(SAMPLED_SIDE, size[0]), min(SAMPLED_SIDE, size[1]))


def _find_scheme_of_masks(
    masks: Sequence[Path], declared: ClassScheme | None, listed: Listing | None, listing: Path, problems: Problems
) -> ClassScheme:
    candidates = [declared] if declared else [listed.scheme, MBRSC] if listed else [MBRSC]
    sample = _sample_until_explained(masks, candidates)
    if sample.transparent:
        share = sample.transparent / (sample.transparent + sample.labelled)
        text = "Masks are transparent in places ({share:.1%} of the pixels looked at), which are taken for unlabelled."
        said = Sentence("masks-partly-transparent", text, share=share)
        problems.add(Problem("transparent", masks[0].parent, said, fatal=False, assumed=True))
    best = max(candidates, key=lambda scheme: count_explained(sample, scheme))
    if not count_explained(sample, best) and declared is None and _is_black_and_white(sample):
        text = "The masks are black and white and nothing says what that is: it is called background and foreground."
        said = Sentence("masks-black-and-white", text, _NAME_THEM)
        problems.add(Problem("classes", masks[0].parent, said, fatal=False, assumed=True))
        return BLACK_AND_WHITE
    if not _is_explained(sample, best):
        frequent = ", ".join(
            f"#{code:06X} ({n / sample.labelled:.1%})" for code, n in sample.colours.most_common(_SHOWN)
        )
        raise DataError(
            "masks-without-classes",
            "No colour of the masks is a class; the most frequent are {frequent}.",
            _REMEDY,
            frequent=frequent,
        )
    if declared is None:
        _report_choice(sample, best, listed, listing, problems)
    return best


def _report_choice(
    sample: Sample, best: ClassScheme, listed: Listing | None, listing: Path, problems: Problems
) -> None:
    """Say that `classes.json` is missing, or wrong."""
    share = count_explained(sample, best) / sample.labelled
    if listed is None and not listing.exists():
        text = "There is no {file}; the MBRSC scheme is used, whose colours {share:.1%} of the labelled pixels have."
        said = Sentence("scheme-assumed", text, file=listing, share=share)
        problems.add(Problem("classes", listing, said, fatal=False))
    if listed is not None and best is not listed.scheme:
        wrong = count_explained(sample, listed.scheme) / sample.labelled
        held = {f"#{code:06X}" for code in sample.colours}
        missing = [f"{c.name} {c.colour}" for c in listed.scheme if c.colour.upper() not in held]
        said = Sentence(
            "scheme-of-file-wrong",
            "{file} lists colours that the masks do not have ({missing}): it explains {wrong:.1%} of the labelled "
            "pixels, the MBRSC scheme {share:.1%}, so that is used.",
            "Correct the file or take it out.",
            file=listing,
            missing=", ".join(missing),
            wrong=wrong,
            share=share,
        )
        problems.add(Problem("classes", listing, said, fatal=False))


def _sample_until_explained(masks: Sequence[Path], schemes: Sequence[ClassScheme]) -> Sample:
    """A sample of colours, which is all there are if none of the sampled ones is a class of one of the schemes."""
    sample = sample_masks(masks)
    if not any(_is_explained(sample, scheme) for scheme in schemes):  # a class may be too rare for the sample
        sample = sample_masks(masks, whole=True)
    if not sample.labelled:
        raise DataError(
            "masks-transparent",
            "The masks in {folder} are transparent everywhere.",
            "Label something.",
            folder=masks[0].parent,
        )
    return sample


def _is_explained(sample: Sample, scheme: ClassScheme) -> bool:
    """Whether a scheme may be that of the masks: colours that are only near those of a class must be most of them."""
    return count_explained(sample, scheme) > (sample.labelled // 2 if sample.lossy else 0)


def _is_black_and_white(sample: Sample) -> bool:
    share = count_explained(sample, BLACK_AND_WHITE) / sample.labelled
    white = count_explained(sample, ClassScheme.of([("foreground", "#FFFFFF")]))
    return bool(white) and share >= (_MOSTLY if sample.lossy else 1)


def _find_scheme_of_rasters(rasters: Sequence[LabelRaster], listed: Listing | None) -> ClassScheme:
    """The classes that label rasters are given, else those that the first one carries, else those of `classes.json`."""
    given = list(dict.fromkeys(name for raster in rasters for _, name in raster.values or ()))
    if listed and {name.casefold() for name in given} <= {name.casefold() for name in listed.scheme.names}:
        return listed.scheme if given else _read_scheme(rasters[0].path, listed)
    if not given:
        return _read_scheme(rasters[0].path, listed)
    if set(given) == set(BLACK_AND_WHITE.names):
        return BLACK_AND_WHITE
    try:
        return ClassScheme.of(list(zip(given, make_colours(len(given)), strict=True)))
    except ModelError as error:
        raise DataError(
            "label-values-wrong",
            "The `values` of {raster}: {cause}",
            "Correct them.",
            raster=rasters[0].path,
            cause=error.sentence,
        ) from error


def _read_scheme(path: Path, listed: Listing | None) -> ClassScheme:
    names = read_names(path)
    if not names:
        if listed:
            return listed.scheme
        raise DataError(
            "labels-without-meaning", "The label raster {path} does not say what its values mean.", _REMEDY, path=path
        )
    with open_stored(path) as source:
        classes = read_categories(source, list(names)).classes
    try:
        return ClassScheme.of([(one.name, one.colour) for one in classes])
    except ModelError as error:
        raise DataError(
            "label-raster-classes-wrong", "The label raster {path}: {cause}", _REMEDY, path=path, cause=error.sentence
        ) from error


def _find_scheme_of_polygons(sources: Sequence[Polygons]) -> ClassScheme:
    values = {value for source in sources for value in (*read_classes(source), source.rest) if value is not None}
    written = sorted({str(value).strip() for value in values}, key=_natural)
    names = list({name.casefold(): name for name in reversed(written)}.values())[::-1]  # "Water" and "water" are one
    if not names:
        raise DataError("polygons-without-class", "No polygon has a class.", "Fill in the class field of the polygons.")
    if {name.casefold() for name in names} <= {name.casefold() for name in MBRSC.names}:
        return MBRSC
    try:
        return ClassScheme.of(list(zip(names, make_colours(len(names)), strict=True)))
    except ModelError as error:
        raise DataError(
            "polygon-classes-wrong", "The classes of the polygons: {cause}", _REMEDY, cause=error.sentence
        ) from error


def _natural(name: str) -> tuple[int, str]:
    """Sorts numbers by their value, and before words."""
    return (int(name), name) if name.isdecimal() else (1 << 62, name)


def make_colours(n: int) -> list[str]:
    """Make `n` different colours, `#RRGGBB`; neighbours in the list are far apart."""
    found: dict[str, None] = {}
    k = 0
    while len(found) < n:
        rgb = colorsys.hsv_to_rgb(k * 0.618034 % 1, 0.75 - 0.25 * (k // 8 % 2), 0.9 - 0.3 * (k // 16 % 2))
        found["#{:02X}{:02X}{:02X}".format(*(round(255 * channel) for channel in rgb))] = None
        k += 1
    return list(found)

"""Findings: what an audit has to say, a sentence each, the worst first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from ..datasets.class_schemes import LISTING
from ..datasets.labelled_data import LabelledData
from ..datasets.labels import Census, total
from ..datasets.pairs import BandMapping, Mask, map_bands
from ..datasets.pixel_values import PixelValues
from ..datasets.problems import Kind, Problem
from ..datasets.rasters import open_image, open_stored
from ..errors import DataError
from ..raster.bands import RGB
from ..raster.nodata import Collar, declares_nodata, find_collar
from .agreement import Agreement
from .formatting import describe_matrix, format_count, format_list, format_number, format_path, name_images
from .grouping import Group
from .relations import Relations

NOTABLE_COLLAR = 0.03
"""A collar in a training image is worth a word if it covers so much of it."""

Level = Literal["error", "warning", "note", "good"]

RARE = 0.005
"""A class of a smaller share of the labelled pixels is called rare."""

_PROBLEMS: dict[Kind, tuple[str, str]] = {
    "no mask": ("image without labels", "images without labels"),
    "no image": ("mask without an image", "masks without an image"),
    "ambiguous": ("image with more than one mask", "images with more than one mask"),
    "size": ("pair of different sizes", "pairs of different sizes"),
    "unreadable": ("unreadable file", "unreadable files"),
    "not colours": ("mask that is no image of colours", "masks that are no images of colours"),
    "grid": ("label raster off the grid of its image", "label rasters off the grids of their images"),
    "crs": ("problem with a CRS", "problems with a CRS"),
    "polygons": ("problem with polygons", "problems with polygons"),
    "classes": ("problem with the classes", "problems with the classes"),
    "values": ("label raster whose numbers are not clear", "label rasters whose numbers are not clear"),
    "names": ("problem with names", "problems with names"),
    "lossy": ("problem with compression", "problems with compression"),
    "transparent": ("problem with transparency", "problems with transparency"),
    "pair": ("mistake in the list of pairs", "mistakes in the list of pairs"),
}


@dataclass(frozen=True)
class Finding:
    """One thing that an audit found."""

    level: Level
    """error: some data cannot be used; warning: worth a correction; note: worth knowing; good: nothing is wrong."""
    kind: str
    """What it is about: a kind of `Problem`, or "palette", "colours", "shares", "duplicates", "mosaics", …"""
    text: str
    """What was found, one sentence."""
    hint: str = ""
    """What to do about it."""
    details: tuple[str, ...] = ()
    """Each case: file, place, figure."""


@dataclass(frozen=True)
class Evidence:
    """All that findings are made of."""

    data: LabelledData
    """The labelled data."""
    censuses: tuple[Census, ...]
    """Label counts of the pairs, in their order."""
    relations: Relations
    """How the images are related."""
    groups: tuple[Group, ...]
    """What a split must keep together."""
    agreements: tuple[Agreement, ...]
    """The annotators' own agreement on the overlaps and the duplicates."""
    palettes: tuple[int, ...]
    """Indices of the pairs whose masks are palette images."""
    mappings: tuple[BandMapping, ...]
    """Which bands of the images are red, green and blue; without images of which that cannot be said."""
    collars: tuple[tuple[int, Collar], ...]
    """Images with a border of one value that nobody declared to be no data: index of the pair, and the border."""
    values: PixelValues | DataError
    """What the values of the images mean, or why no range serves them all."""

    @cached_property
    def agreed(self) -> dict[tuple[int, int], Agreement]:
        """The agreements by the indices of their pairs."""
        return {(one.first, one.second): one for one in self.agreements}


def find_palettes(data: LabelledData) -> tuple[int, ...]:
    """Find the pairs, by index, whose mask stores numbers and a palette instead of colours."""
    found = []
    for index, pair in enumerate(data.pairs):
        if isinstance(pair.labels, Mask):
            with open_stored(pair.mask) as source:
                if source.count == 1 and source.colorinterp[0].name == "palette":
                    found.append(index)
    return tuple(found)


def find_mappings(data: LabelledData) -> tuple[BandMapping, ...]:
    """Find which bands are red, green and blue, of the images that have these."""
    visible = []
    for pair in data.pairs:
        with suppress(DataError):  # grey, infrared: what of it is wanted stands in the recipe
            pair.choice(RGB)
            visible.append(pair)
    return map_bands(visible, RGB)


def find_collars(data: LabelledData) -> tuple[tuple[int, Collar], ...]:
    """Find images with a border of one value that nobody declared to be no data."""
    found = []
    for index, pair in enumerate(data.pairs):
        with open_image(pair.image) as source:
            visible = [i for i, colour in enumerate(source.colorinterp, 1) if colour.name != "alpha"]
            collar = None if pair.nodata is not None or declares_nodata(source) else find_collar(source, visible)
        if collar is not None and collar.share >= NOTABLE_COLLAR:
            found.append((index, collar))
    return tuple(found)


def find_all(evidence: Evidence) -> tuple[Finding, ...]:
    """Find everything there is to say, errors first."""
    order = ("error", "warning", "note", "good")
    makers = (
        _judge_problems,
        _judge_listing,
        _judge_bands,
        _judge_palettes,
        _judge_colours,
        _judge_shares,
        _judge_duplicates,
        _judge_mosaics,
        _judge_grounds,
        _judge_groups,
        _judge_values,
        _judge_collars,
    )
    found = [finding for maker in makers for finding in maker(evidence)]
    return tuple(sorted(found, key=lambda finding: order.index(finding.level)))


def _judge_problems(evidence: Evidence) -> Iterator[Finding]:
    """Problems of one kind and weight together."""
    kinds: dict[tuple[Kind, bool], list[Problem]] = {}
    for problem in evidence.data.problems:
        if problem.assumed:
            where = (format_path(problem.path, evidence.data.root),)
            yield Finding("note", problem.kind, problem.text, problem.hint, where)
            continue
        kinds.setdefault((problem.kind, problem.fatal), []).append(problem)
    for (kind, fatal), problems in kinds.items():
        level: Level = "error" if fatal else "warning"
        hint = problems[0].hint
        if len(problems) == 1:
            yield Finding(level, kind, problems[0].text, hint, (format_path(problems[0].path, evidence.data.root),))
        else:
            text = f"{format_count(len(problems), *_PROBLEMS[kind])}, left out of everything below."
            yield Finding(
                level,
                kind,
                text if fatal else f"{format_count(len(problems), *_PROBLEMS[kind])}.",
                hint,
                tuple(problem.text for problem in problems),
            )
    if not kinds:
        count = format_count(len(evidence.data.pairs), "pair")
        yield Finding("good", "pairs", f"{count}: every image has its labels, of its size, and all can be read.")


def _judge_listing(evidence: Evidence) -> Iterator[Finding]:
    """Whether there is a list of classes where masks need one."""
    root = evidence.data.root
    masks = any(isinstance(pair.labels, Mask) for pair in evidence.data.pairs)
    if root.is_dir() and masks and not (root / LISTING).is_file():
        scheme = ", ".join(f"{c.name} {c.colour}" for c in evidence.data.scheme)
        yield Finding(
            "note",
            "classes",
            f"There is no {LISTING}; the masks are read by the scheme {scheme}.",
            f"Write {LISTING}, or a TOML with [[classes]], if these are not your classes.",
        )


def _judge_bands(evidence: Evidence) -> Iterator[Finding]:
    """Images whose bands stand in another order, or do not say which is which."""
    for mapping in evidence.mappings:
        if mapping.text:
            level: Level = "warning" if mapping.choice.note else "note"
            files = tuple(format_path(pair.image, evidence.data.root) for pair in mapping.pairs)
            yield Finding(level, "bands", f"{mapping.text}.", "", files)


def _judge_palettes(evidence: Evidence) -> Iterator[Finding]:
    if evidence.palettes:
        pairs = evidence.data.pairs
        yield Finding(
            "note",
            "palette",
            f"{format_count(len(evidence.palettes), 'mask is a palette PNG', 'masks are palette PNGs')}"
            f" ({name_images(pairs, evidence.palettes)}); aerialseg resolves them, other programs read their numbers.",
            "Convert them to RGB before you use them elsewhere.",
            tuple(format_path(pairs[index].mask, evidence.data.root) for index in evidence.palettes),
        )


def _judge_colours(evidence: Evidence) -> Iterator[Finding]:
    """Colours and ids that are no class, by value; those at the blurred edges of JPEG masks together."""
    values: dict[str, list[tuple[int, int]]] = {}
    blurred = 0
    for index, census in enumerate(evidence.censuses):
        if evidence.data.pairs[index].is_blurred:
            blurred += census.off_scheme
            continue
        for unknown in census.unknown:
            values.setdefault(unknown.value, []).append((unknown.pixels, index))
    data = evidence.data
    ranked = sorted(values.items(), key=lambda entry: -sum(pixels for pixels, _ in entry[1]))
    for value, places in ranked[:10]:
        pixels, files = sum(n for n, _ in places), format_count(len(places), "file")
        remedy = "Correct the masks" if value.startswith("#") else "Name it in `values` of the TOML"
        yield Finding(
            "warning",
            "colours",
            f"{value} is no class: {format_number(pixels)} px in {files}. They are ignored.",
            f"{remedy}, or leave it: ignored pixels count neither in training nor in scores.",
            tuple(
                f"{format_path(data.pairs[i].mask, data.root)}: {format_number(n)} px"
                for n, i in sorted(places, reverse=True)
            ),
        )
    if blurred:
        near = format_number(blurred)
        text = f"{near} px of masks compressed as JPEG are near the colour of no class. They are ignored."
        yield Finding("warning", "colours", text, "Save masks as PNG.")
    if len(ranked) > 10:
        rest = ranked[10:]
        pixels = sum(n for _, places in rest for n, _ in places)
        text = f"{format_number(len(rest))} more colours or ids are no classes, {format_number(pixels)} px together."
        yield Finding("warning", "colours", text, "Masks must not be smoothed, resized or saved as JPEG.")


def _judge_shares(evidence: Evidence) -> Iterator[Finding]:
    """Classes that are absent or rare, and images in which nothing is labelled."""
    counts = total(evidence.censuses)
    names, pixels = evidence.data.scheme.names, max(int(counts.sum()), 1)
    absent = [name for name, count in zip(names, counts, strict=True) if not count]
    if absent:
        yield Finding("warning", "shares", f"{format_list(absent)}: no pixel is labelled so, so it cannot be learnt.")
    rare = [f"{n} {100 * c / pixels:.2f}\u202f%" for n, c in zip(names, counts, strict=True) if 0 < c < RARE * pixels]
    if rare:
        yield Finding("note", "shares", f"Rare: {format_list(rare)} of the labelled pixels; expect low scores for it.")
    empty = [index for index, census in enumerate(evidence.censuses) if not sum(census.counts)]
    if empty:
        files = tuple(format_path(evidence.data.pairs[index].mask, evidence.data.root) for index in empty)
        yield Finding(
            "warning", "shares", f"{format_count(len(empty), 'image')} without one labelled pixel.", "", files
        )


def _judge_duplicates(evidence: Evidence) -> Iterator[Finding]:
    pairs, root = evidence.data.pairs, evidence.data.root
    cases = []
    for twice in evidence.relations.duplicates:
        agreed = evidence.agreed.get((twice.first, twice.second))
        share = None if agreed is None else agreed.share
        labels = "" if share is None else f"; their labels agree on {100 * share:.1f}\u202f%"
        names = " = ".join(format_path(pairs[index].image, root) for index in (twice.first, twice.second))
        cases.append(f"{names} ({twice.kind}{labels})")
    if cases:
        text = f"{format_count(len(cases), 'image is', 'images are')} there twice."
        yield Finding("warning", "duplicates", text, "Take one of each out.", tuple(cases))
    else:
        yield Finding("good", "duplicates", "No image is there twice.")


def _judge_mosaics(evidence: Evidence) -> Iterator[Finding]:
    pairs = evidence.data.pairs
    cases = []
    for mosaic in evidence.relations.mosaics:
        if len(mosaic.members) > 1:
            rows, cols = mosaic.layout
            order = f", numbered along {mosaic.order}" if mosaic.order else ""
            lacking = f"; not there: {format_list(map(str, mosaic.missing))}" if mosaic.missing else ""
            by_number = f"; by number alone: {name_images(pairs, mosaic.numbered)}" if mosaic.numbered else ""
            name = name_images(pairs, mosaic.members)
            cases.append(f"{name}: {len(mosaic.members)} parts, {rows} × {cols}{order}{lacking}{by_number}")
    if cases:
        parts = sum(len(m.members) for m in evidence.relations.mosaics if len(m.members) > 1)
        cut = format_count(len(cases), "picture was", "pictures were")
        text = f"{format_count(parts, 'image')} continue each other: {cut} cut"
        yield Finding(
            "warning",
            "mosaics",
            f"{text} into parts.",
            "A split by patch or by image leaks across the cuts; aerialseg keeps them together.",
            tuple(cases),
        )


def _judge_grounds(evidence: Evidence) -> Iterator[Finding]:
    relations, pairs = evidence.relations, evidence.data.pairs
    cases = []
    for ground in relations.grounds:
        names = [name_images(pairs, relations.mosaics[number].members) for number in (ground.first, ground.second)]
        cases.append(f"{names[0]} ∩ {names[1]}: {format_number(ground.pixels)} px, {describe_matrix(ground.matrix)}")
    if cases:
        yield Finding(
            "warning",
            "overlaps",
            f"The same ground is in {format_count(len(cases), 'pair')} of pictures.",
            "A split that separates them leaks; aerialseg keeps them together.",
            tuple(cases),
        )
    elif not relations.notes:
        yield Finding("good", "overlaps", "No two pictures show the same ground.")
    for note in relations.notes:
        yield Finding("note", "overlaps", note)


def _judge_groups(evidence: Evidence) -> Iterator[Finding]:
    count = len(evidence.groups)
    names = format_list((group.name for group in evidence.groups), 12)
    if count == 1:
        yield Finding(
            "note",
            "groups",
            "All images belong together, so held-out parts come from the same place.",
            "Scores on other places may be lower: add images of another place if you can.",
        )
    else:
        yield Finding("good", "groups", f"A leak-free split can be made of {count} groups: {names}.")


def _judge_values(evidence: Evidence) -> Iterator[Finding]:
    """What becomes black and white where the images are not of 8 bit."""
    values = evidence.values
    if isinstance(values, DataError):
        yield Finding("error", "range", values.text, values.hint)
    elif values.told:
        yield Finding("note", "range", f"{values.told[0].upper()}{values.told[1:]}.")


def _judge_collars(evidence: Evidence) -> Iterator[Finding]:
    """Black or white borders, on which labels would be taken for ground."""
    if not evidence.collars:
        return
    pairs, root = evidence.data.pairs, evidence.data.root
    yield Finding(
        "note",
        "collars",
        f"{format_count(len(evidence.collars), 'image')} may have a collar: a border of one value in all bands that is"
        " not declared to be no data.",
        "If it is one, give `nodata = 0`, or whatever it holds, in a TOML; what is labelled there is then ignored.",
        tuple(
            f"{format_path(pairs[index].image, root)}: {collar.share:.0%} is {collar.value:g}"
            for index, collar in evidence.collars
        ),
    )

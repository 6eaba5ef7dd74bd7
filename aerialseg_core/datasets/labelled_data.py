"""Labelled data: a folder of images and masks, or a TOML, opened and checked as a whole before anything is computed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import DataError, ParameterError
from ..progress import Reporter
from ..raster.classes import MBRSC, ClassScheme
from .class_numbers import assign_numbers, find_grey_classes
from .class_schemes import (
    LISTING,
    Listing,
    assign_tolerance,
    assign_unlabelled,
    check_classes,
    decide_scheme,
    read_listing,
)
from .label_rasters import count_values
from .manifest import Manifest, read_manifest
from .masks import inspect_mask, mask_reader
from .pairs import LAYOUT, LabelRaster, Mask, Pair, find_pairs
from .polygon_labels import check_polygons
from .problems import Problem, Problems
from .rasters import check_format, check_pixels, read_header

_NEAR = 0.01
"""How far the grids of an image and its label raster may be apart, px."""


@dataclass(frozen=True)
class LabelledData:
    """Images and what labels them."""

    root: Path
    """The folder, or the TOML."""
    pairs: tuple[Pair, ...]
    """The usable pairs, sorted by path, or in the order of the TOML."""
    scheme: ClassScheme
    """The classes; where nothing tells what they are, which is then a problem, the MBRSC scheme."""
    declared_groups: tuple[tuple[str, ...], ...] = ()
    """Groups that the data set declares itself, each a tuple of `Pair.group`; they override what an audit finds."""
    problems: tuple[Problem, ...] = ()
    """What is wrong, in the order in which it was found."""

    def show(self, pair: Pair) -> str:
        """The path of an image, below the data's folder where it lies there, with slashes."""
        folder = find_data_folder(self.root)
        return (pair.image.relative_to(folder) if pair.image.is_relative_to(folder) else pair.image).as_posix()


def find_data_folder(root: Path) -> Path:
    """Find the folder of labelled data: the root itself, or where the TOML lies."""
    return root if root.is_dir() else root.parent


def exclude_images(data: LabelledData, excluded: Sequence[str]) -> LabelledData:
    """Leave images out.

    Args:
        data: The data.
        excluded: Their paths, as `LabelledData.show` gives them.

    Raises:
        ParameterError: One of them is not in the data.
    """
    unknown = sorted(set(excluded).difference(map(data.show, data.pairs)))
    if unknown:
        raise ParameterError(
            "excluded-image-unknown",
            "The image to exclude, {image}, is not in the data.",
            "Correct [split] exclude in the recipe: paths are relative to the folder of the data.",
            image=unknown[0],
        )
    return replace(data, pairs=tuple(pair for pair in data.pairs if data.show(pair) not in excluded))


def open_data(path: str | Path, *, strict: bool = True, reporter: Reporter | None = None) -> LabelledData:
    """Open labelled data and check every file: its partner, its size, whether all of it can be decoded, its classes.

    Args:
        path: Folder that holds `…/images/NAME.jpg` and `…/masks/NAME.png` at any depth; or a TOML that pairs images
            with masks, label rasters or polygons.
        strict: Whether the first fatal problem is an error; otherwise problems are collected, and the pairs that have
            none are returned.
        reporter: Told of every file that is decoded.

    Raises:
        DataError: There is neither a folder nor a usable TOML; or, if `strict`, something is wrong with the data.
    """
    root = Path(path)
    problems = Problems(strict)
    manifest = Manifest((), None, ())
    is_folder = os.path.isdir(root)  # unlike `Path.is_dir` no error, if the name is too long
    if is_folder:
        pairs: Sequence[Pair] = find_pairs(root, problems)
    elif root.suffix.lower() == ".toml":
        manifest = read_manifest(root, problems)
        pairs = manifest.pairs
    else:
        raise DataError("data-not-found", "The data {root} are neither a folder nor a TOML.", LAYOUT, root=root)
    reporter = reporter or Reporter()
    counts: dict[Path, Counter[int]] = {}
    pairs = _keep_sound(pairs, problems, counts, reporter)
    listing = (root if is_folder else root.parent) / LISTING
    listed = _read_sound_listing(listing, problems) if pairs and manifest.scheme is None else None
    known, values = manifest.scheme, manifest.values
    if listed is not None:
        known, values = listed.scheme, values or listed.values
    pairs = find_grey_classes(pairs, known, values, problems)
    found = None
    if pairs:
        with problems.collect("classes", root):
            found = decide_scheme(pairs, manifest.scheme, listed, listing, problems)
    scheme = found or known or MBRSC
    pairs = assign_tolerance(assign_unlabelled(pairs, scheme, listed), scheme, problems)
    pairs = assign_numbers(pairs, scheme, counts, problems)
    if strict:
        for problem in problems.found:
            if problem.assumed:
                reporter.message(problem.said.whole(), "warning")
    return LabelledData(
        root, tuple(_keep_classed(pairs, scheme, problems)), scheme, manifest.groups, tuple(problems.found)
    )


def _read_sound_listing(listing: Path, problems: Problems) -> Listing | None:
    """What `classes.json` says; a damaged one says nothing."""
    try:
        return read_listing(listing)
    except DataError as error:
        problems.add(Problem("classes", listing, error.sentence, fatal=False))
        return None


def _keep_sound(
    pairs: Sequence[Pair], problems: Problems, counts: dict[Path, Counter[int]], reporter: Reporter
) -> list[Pair]:
    """The pairs whose files can be read to their ends and fit; the numbers of label rasters are counted on the way."""
    reporter.start("check images and labels", len(pairs), "images")
    sound = []
    for pair in pairs:
        before = len(problems.found)
        with problems.collect("unreadable", pair.image):
            check_pixels(pair.image)
        _check_labels(pair, problems, counts)
        if len(problems.found) == before:
            sound.append(pair)
        reporter.advance()
    return sound


def _check_labels(pair: Pair, problems: Problems, counts: dict[Path, Counter[int]]) -> None:
    if isinstance(pair.labels, Mask):
        with problems.collect("not colours", pair.mask):
            if not inspect_mask(pair.mask).single:  # else the numbers of its one band may be the classes
                with mask_reader(pair.mask):
                    pass
    if isinstance(pair.labels, LabelRaster):
        with problems.collect("grid", pair.mask):
            _require_same_grid(pair)
    if isinstance(pair.labels, Mask):
        with problems.collect("unreadable", pair.mask):
            check_pixels(pair.mask)
    elif isinstance(pair.labels, LabelRaster):
        with problems.collect("unreadable", pair.mask):
            check_format(pair.mask)
            counts[pair.mask] = count_values(pair.mask)
    else:
        with problems.collect("polygons", pair.mask):
            check_polygons(pair)


def _require_same_grid(pair: Pair) -> None:
    """Refuse a label raster that is not of whole numbers, or whose pixels are not those of the image."""
    image, labels = read_header(pair.image), read_header(pair.mask)
    if not (image.georeferenced and labels.georeferenced):
        return
    to_image = ~image.transform * labels.transform
    rows, cols = pair.size
    shifts = [abs(a - b) for corner in ((0, 0), (cols, rows)) for a, b in zip(to_image * corner, corner, strict=True)]
    if image.crs != labels.crs or max(shifts) > _NEAR:
        raise DataError(
            "label-raster-off-grid",
            "The label raster {mask} does not lie on the grid of {image}.",
            "Bring it there, for instance with gdalwarp -r near, -t_srs, -te and -ts of the image.",
            mask=pair.mask,
            image=pair.image,
        )


def _keep_classed(pairs: Sequence[Pair], scheme: ClassScheme, problems: Problems) -> list[Pair]:
    """The pairs whose classes are all in the scheme."""
    classed = []
    for pair in pairs:
        with problems.collect("classes", pair.mask):
            check_classes(pair, scheme)
            classed.append(pair)
    return classed

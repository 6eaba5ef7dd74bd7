"""Relations: everything that makes two images of a data set no strangers to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..datasets.labelled_data import LabelledData
from ..datasets.pairs import Pair
from ..errors import DependencyError
from ..progress import Reporter
from .duplicates import Duplicate, find_duplicates
from .features import MOST_IMAGES
from .footprints import find_neighbours
from .image_borders import find_seams
from .image_signatures import read_signatures
from .mosaics import Mosaic, find_mosaics
from .overlaps import Overlap, SharedGround, find_overlaps, shift_matrix

NO_SEARCH = "Same ground in images that are shifted, rotated or rescaled was not searched: "
"""How the sentence begins that reports it."""


@dataclass(frozen=True)
class Relations:
    """How the images of a data set are related."""

    duplicates: tuple[Duplicate, ...]
    """Images that are there twice."""
    mosaics: tuple[Mosaic, ...]
    """Parts of one picture; every readable image is in exactly one, maybe alone."""
    grounds: tuple[SharedGround, ...]
    """Mosaics that show the same ground."""
    notes: tuple[str, ...] = ()
    """What was not searched, and why; a sentence each."""

    @property
    def overlaps(self) -> tuple[Overlap, ...]:
        """The overlaps of single images; duplicates, which overlap as a whole, are not among them."""
        return tuple(overlap for ground in self.grounds for overlap in ground.overlaps)


def find_relations(data: LabelledData, reporter: Reporter) -> Relations:
    """Find duplicates, mosaics and overlaps among the images of a data set.

    Where georeferenced images lie is taken from their footprints, everything else from what the images show.

    Args:
        data: The labelled data.
        reporter: Told of the progress; may cancel.
    """
    pairs = data.pairs
    signatures = read_signatures(pairs, reporter)
    duplicates = find_duplicates(pairs, signatures)
    copies = {duplicate.second for duplicate in duplicates}
    placed = {index for index, s in enumerate(signatures) if s is not None and s.georeference is not None}
    seams, overlaps = find_neighbours(pairs, signatures)
    free = [i for i, s in enumerate(signatures) if s is not None and i not in copies and i not in placed]
    mosaics = find_mosaics(pairs, signatures, [*seams, *find_seams(signatures, free)])
    grounds = _group_by_mosaics(mosaics, overlaps)
    # An image without georeference may show the ground of one that has it; two that have it are settled.
    searched = [i for i, s in enumerate(signatures) if s is not None and i not in copies]
    found, notes = _search(pairs, mosaics, searched if free else [], reporter)
    settled = {number for number, mosaic in enumerate(mosaics) if set(mosaic.members) <= placed}
    grounds += [ground for ground in found if not {ground.first, ground.second} <= settled]
    return Relations(duplicates, mosaics, tuple(grounds), notes)


def _search(
    pairs: Sequence[Pair], mosaics: Sequence[Mosaic], among: Sequence[int], reporter: Reporter
) -> tuple[tuple[SharedGround, ...], tuple[str, ...]]:
    """What features find, and why they were not asked."""
    if len(among) < 2:
        return (), ()
    if len(among) > MOST_IMAGES:
        return (), (f"{NO_SEARCH}more than {MOST_IMAGES} images are too many. Georeferenced ones need no search.",)
    try:
        return find_overlaps(pairs, mosaics, among, reporter), ()
    except DependencyError as error:
        return (), (f"{NO_SEARCH}opencv-python-headless is not installed. {error.hint}",)


def _group_by_mosaics(mosaics: Sequence[Mosaic], overlaps: Sequence[Overlap]) -> list[SharedGround]:
    """Overlaps of images by the mosaics that they are parts of."""
    home = {index: number for number, mosaic in enumerate(mosaics) for index in mosaic.members}
    found: dict[tuple[int, int], list[Overlap]] = {}
    for overlap in overlaps:
        first, second = home[overlap.first], home[overlap.second]
        if first != second:
            found.setdefault((first, second), []).append(overlap)
    grounds = []
    for (first, second), members in sorted(found.items()):
        one = members[0]
        matrix = shift_matrix(
            one.matrix,
            np.negative(mosaics[first].offset_of(one.first)),
            np.negative(mosaics[second].offset_of(one.second)),
        )
        grounds.append(SharedGround(first, second, matrix, one.scale, one.rotation, 0, None, tuple(members)))
    return grounds

"""Mosaics: images that are parts of one picture, and how they lie in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..datasets.pairs import Pair
from .image_borders import Seam, Side, compare_borders, compute_contrast
from .image_signatures import Signature

TOLERANCE = 2
"""By how many pixels places that follow from different seams may differ: parts of one picture differ in size by one."""

LEAST_BELIEVED = 0.3
"""Mean correlation of borders that are not plain below which numbers are not believed."""

Order = Literal["rows", "columns", ""]
Cell = tuple[int, int]

_ACROSS: tuple[tuple[Literal["rows", "columns"], Side], ...] = (("rows", "below"), ("columns", "right"))
"""Along what numbers run, and where the seams are from one such line to the next."""

_NUMBER = re.compile(r"\d+(?=\D*$)")


@dataclass(frozen=True)
class Mosaic:
    """Parts of one picture; a single image is a mosaic of one."""

    members: tuple[int, ...]
    """Indices of the parts, in ascending order."""
    offsets: tuple[tuple[int, int], ...]
    """(row, col) of the upper left corner of each part in the mosaic, px; the least row and col are 0."""
    size: tuple[int, int]
    """(rows, cols) of the rectangle around all parts, px."""
    cells: tuple[Cell, ...]
    """(row, col) of each part in the grid of parts, from 0."""
    seams: tuple[Seam, ...] = ()
    """The seams that hold it together."""
    numbered: tuple[int, ...] = ()
    """Indices of the parts that no seam holds: their number says where they belong."""
    order: Order = ""
    """How the numbers in the file names run: along rows, along columns, or nothing that is known."""
    missing: tuple[int, ...] = ()
    """Numbers of the parts that are not there."""

    @property
    def layout(self) -> tuple[int, int]:
        """(rows, columns) of the grid of parts."""
        return 1 + max(row for row, _ in self.cells), 1 + max(col for _, col in self.cells)

    def offset_of(self, index: int) -> tuple[int, int]:
        """(row, col) of the upper left corner of a part, px."""
        return self.offsets[self.members.index(index)]


@dataclass
class _Piece:
    """Parts whose places relative to each other are known."""

    places: dict[int, tuple[int, int]]
    seams: list[Seam]


@dataclass(frozen=True)
class _Rule:
    """How numbers follow from cells."""

    order: Literal["rows", "columns"]
    width: int
    base: int

    def cell(self, number: int) -> Cell:
        """The cell of a number."""
        line, place = divmod(number - self.base, self.width)
        return (line, place) if self.order == "rows" else (place, line)


def find_mosaics(
    pairs: Sequence[Pair], signatures: Sequence[Signature | None], seams: Sequence[Seam]
) -> tuple[Mosaic, ...]:
    """Put images together along their seams, the surest first; then by their numbers where these are consistent.

    A seam that contradicts surer ones is dropped. Parts that nothing continues, because their neighbours are missing
    or show plain water, are placed by the number in their file names if all parts of their folder that seams hold
    together follow one rule, and no two borders that would then meet contradict it.

    Args:
        pairs: All pairs.
        signatures: Of their images; None where an image cannot be read.
        seams: What `find_seams` and the georeference say.

    Returns:
        The mosaics; every image that can be read is in exactly one.
    """
    sizes = {index: s.size for index, s in enumerate(signatures) if s is not None}
    placed = {index for index, s in enumerate(signatures) if s is not None and s.georeference is not None}
    pieces = _join(sizes, seams)
    made = [_make_mosaic(piece, sizes) for piece in pieces if placed & set(piece.places)]
    for folder in _group_by_folder(pairs, [piece for piece in pieces if not placed & set(piece.places)]):
        made += _place_by_number(pairs, signatures, sizes, folder)
    return tuple(sorted(made, key=lambda mosaic: mosaic.members))


def read_number(path: Path) -> int | None:
    """Read the last number in the name of a file; None: it has none."""
    match = _NUMBER.search(path.stem)
    return int(match.group()) if match else None


def _join(sizes: dict[int, tuple[int, int]], seams: Sequence[Seam]) -> list[_Piece]:
    """Pieces of parts that seams hold together."""
    piece_of = {index: _Piece({index: (0, 0)}, []) for index in sizes}
    for seam in sorted(seams, key=lambda s: -s.strength):
        one, other = piece_of[seam.first], piece_of[seam.second]
        row, col = (a + b for a, b in zip(one.places[seam.first], seam.offset, strict=True))
        if one is other:
            there = one.places[seam.second]
            if max(abs(there[0] - row), abs(there[1] - col)) <= TOLERANCE:
                one.seams.append(seam)
            continue
        shift = row - other.places[seam.second][0], col - other.places[seam.second][1]
        moved = {index: (r + shift[0], c + shift[1]) for index, (r, c) in other.places.items()}
        if _collide(one.places, moved, sizes):
            continue
        one.places.update(moved)
        one.seams += [*other.seams, seam]
        piece_of.update(dict.fromkeys(moved, one))
    return list({id(piece): piece for piece in piece_of.values()}.values())


def _collide(
    one: dict[int, tuple[int, int]], other: dict[int, tuple[int, int]], sizes: dict[int, tuple[int, int]]
) -> bool:
    """Whether two parts would lie over each other."""
    a, b = (_make_boxes(places, sizes) for places in (one, other))
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    return bool(((high - low) > TOLERANCE).all(axis=2).any())


def _make_boxes(places: dict[int, tuple[int, int]], sizes: dict[int, tuple[int, int]]) -> NDArray[np.int64]:
    """(row, col, end row, end col) of every part."""
    corners = np.array(list(places.values()), np.int64)
    return np.hstack([corners, corners + np.array([sizes[index] for index in places], np.int64)])


def _group_by_folder(pairs: Sequence[Pair], pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """Pieces by the folder that all their parts are in; one that spans folders stands alone."""
    folders: dict[Path, list[_Piece]] = {}
    for piece in pieces:
        parents = {pairs[index].image.parent for index in piece.places}
        if len(parents) == 1:
            folders.setdefault(parents.pop(), []).append(piece)
        else:
            yield [piece]
    yield from folders.values()


def _place_by_number(
    pairs: Sequence[Pair],
    signatures: Sequence[Signature | None],
    sizes: dict[int, tuple[int, int]],
    pieces: list[_Piece],
) -> list[Mosaic]:
    """The mosaics of one folder."""
    numbers = {index: read_number(pairs[index].image) for piece in pieces for index in piece.places}
    known = {index: number for index, number in numbers.items() if number is not None}
    rule = _find_rule(pieces, known, sizes) if len(known) == len(numbers) == len(set(known.values())) else None
    if rule is None:
        return [_make_mosaic(piece, sizes) for piece in pieces]
    cells = {index: rule.cell(number) for index, number in known.items()}
    core = max(pieces, key=lambda piece: len(piece.places))
    others = [piece for piece in pieces if piece is not core and _have_one_size(core, piece, sizes)]
    others = [piece for piece in others if not _is_contradicted(cells, piece, signatures)]
    joined = {index: cells[index] for piece in (core, *others) for index in piece.places}
    held = {index for piece in (core, *others) if len(piece.places) > 1 for index in piece.places}
    whole = _make_grid(joined, sizes, [seam for piece in (core, *others) for seam in piece.seams])
    present = {known[index] for index in joined}
    rows, cols = whole.layout
    last = rule.base + rows * cols
    whole = replace(
        whole,
        order=rule.order,
        numbered=tuple(sorted(set(joined) - held)),
        missing=tuple(number for number in range(rule.base, last) if number not in present),
    )
    left = [piece for piece in pieces if piece is not core and piece not in others]
    return [whole, *(_make_mosaic(piece, sizes) for piece in left)]


def _find_rule(pieces: Sequence[_Piece], numbers: dict[int, int], sizes: dict[int, tuple[int, int]]) -> _Rule | None:
    """The one rule that all pieces of several parts follow, or None if there is none or more than one."""
    several = [_find_cells(piece, sizes) for piece in pieces if len(piece.places) > 1]
    seams = [seam for piece in pieces for seam in piece.seams]
    for base in dict.fromkeys((0 if 0 in numbers.values() else 1, min(numbers.values()))):
        rules = {
            _Rule(order, width, base)
            for order, across in _ACROSS
            for seam in seams
            if seam.side == across and (width := numbers[seam.second] - numbers[seam.first]) > 0
        }
        fitting = [rule for rule in rules if all(_follows(rule, cells, numbers) for cells in several)]
        if len(fitting) == 1:
            return fitting[0]
    return None


def _follows(rule: _Rule, cells: dict[int, Cell], numbers: dict[int, int]) -> bool:
    """Whether the parts of a piece lie to each other as their numbers say."""
    shifts = set()
    for index, (row, col) in cells.items():
        ruled = rule.cell(numbers[index])
        shifts.add((ruled[0] - row, ruled[1] - col))
    return len(shifts) == 1


def _find_cells(piece: _Piece, sizes: dict[int, tuple[int, int]]) -> dict[int, Cell]:
    """Cells of the parts of a piece, counted from its upper left corner."""
    boxes = _make_boxes(piece.places, sizes)
    steps = np.median(boxes[:, 2:] - boxes[:, :2], axis=0)
    cells = np.rint((boxes[:, :2] - boxes[:, :2].min(axis=0)) / steps).astype(int)
    return {index: (int(row), int(col)) for index, (row, col) in zip(piece.places, cells, strict=True)}


def _have_one_size(core: _Piece, piece: _Piece, sizes: dict[int, tuple[int, int]]) -> bool:
    """Whether the parts of two pieces have the same size, give or take the tolerance."""
    both = np.array([sizes[index] for index in (*core.places, *piece.places)])
    return bool((both.max(axis=0) - both.min(axis=0) <= TOLERANCE).all())


def _is_contradicted(cells: dict[int, Cell], piece: _Piece, signatures: Sequence[Signature | None]) -> bool:
    """Whether borders that would meet are not plain and yet do not continue each other."""
    at = {cell: index for index, cell in cells.items()}
    least = compute_contrast([signatures[index] for index in cells]) / 2
    correlations = []
    for side, a, b in _find_meetings(cells, at, piece):
        first, second = signatures[a], signatures[b]
        if first is not None and second is not None:
            correlation, contrast = compare_borders(first, second, side)
            correlations += [correlation] if contrast > least else []
    return bool(correlations) and float(np.mean(correlations)) < LEAST_BELIEVED


def _find_meetings(cells: dict[int, Cell], at: dict[Cell, int], piece: _Piece) -> Iterator[tuple[Side, int, int]]:
    """Where parts of a piece would meet others: the side, the part on the left or above, the other one."""
    for index in piece.places:
        row, col = cells[index]
        around: tuple[tuple[Side, int, int], ...] = (
            ("right", at.get((row, col - 1), index), index),
            ("right", index, at.get((row, col + 1), index)),
            ("below", at.get((row - 1, col), index), index),
            ("below", index, at.get((row + 1, col), index)),
        )
        yield from ((side, a, b) for side, a, b in around if a != b and not {a, b} <= set(piece.places))


def _make_mosaic(piece: _Piece, sizes: dict[int, tuple[int, int]]) -> Mosaic:
    """The mosaic of a piece, its parts where the seams put them."""
    members = tuple(sorted(piece.places))
    cells = _find_cells(piece, sizes)
    return _build_mosaic(members, piece.places, cells, sizes, piece.seams)


def _make_grid(cells: dict[int, Cell], sizes: dict[int, tuple[int, int]], seams: Sequence[Seam]) -> Mosaic:
    """A mosaic whose parts lie on a grid of rows and columns, some of which may be empty."""
    heights, widths = (_find_lines(cells, sizes, axis) for axis in (0, 1))
    places = {index: (int(heights[row]), int(widths[col])) for index, (row, col) in cells.items()}
    return _build_mosaic(tuple(sorted(cells)), places, cells, sizes, seams)


def _find_lines(cells: dict[int, Cell], sizes: dict[int, tuple[int, int]], axis: int) -> NDArray[np.int64]:
    """Where each row (axis 0) or column (axis 1) of the grid begins, px."""
    usual = int(np.median([sizes[index][axis] for index in cells]))
    extents = np.full(1 + max(cell[axis] for cell in cells.values()), usual, np.int64)
    for index, cell in cells.items():
        extents[cell[axis]] = sizes[index][axis]
    return np.concatenate([[0], extents.cumsum()])


def _build_mosaic(
    members: tuple[int, ...],
    places: dict[int, tuple[int, int]],
    cells: dict[int, Cell],
    sizes: dict[int, tuple[int, int]],
    seams: Sequence[Seam],
) -> Mosaic:
    corners = np.array([places[index] for index in members])
    corners -= corners.min(axis=0)
    ends = (corners + np.array([sizes[index] for index in members])).max(axis=0)
    return Mosaic(
        members=members,
        offsets=tuple((int(row), int(col)) for row, col in corners),
        size=(int(ends[0]), int(ends[1])),
        cells=tuple(cells[index] for index in members),
        seams=tuple(seams),
    )

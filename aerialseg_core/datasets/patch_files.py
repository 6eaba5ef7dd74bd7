"""Patches of labelled images as files: small georeferenced images with their masks, in the layout that training reads.

Only where something is labelled is anything written: a town with ten polygons becomes ten patches or so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError
from rasterio.enums import ColorInterp
from rasterio.errors import RasterioError

from ..errors import DataError, OutputError, ParameterError
from ..files.outputs import check_folder, lock_outputs, make_output_error, write_folder_atomically
from ..files.texts import read_json, write_json
from ..metrics import IGNORE
from ..progress import Reporter
from ..raster.bands import BandFacts, read_facts
from ..raster.classes import MBRSC, ClassScheme
from ..raster.opening import create_raster
from ..raster.window import Window
from ..segmentation.patch_grid import compute_overlap
from ..sentences import Sentence
from .class_schemes import LISTING, make_colours
from .labelled_data import LabelledData, open_data
from .labels import label_reader
from .pairs import Pair
from .rasters import image_reader, open_image, validity_reader

SIZES = (32, 4096)
"""Least and largest side of a patch, px."""

LONGEST_NAME = 100
"""Characters of an image's name that its patches keep."""

_IMAGES, _MASKS, _MARK = "images", "masks", "patches"
_NAMES = frozenset({_IMAGES, _MASKS, LISTING})
_READ = 1 << 21
_BLANKS = ("#000000", "#FFFFFF", "#FF00FF", "#808080")
_NO_COLOURS = (ColorInterp.undefined, ColorInterp.gray, ColorInterp.alpha)
_RGB = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)


@dataclass(frozen=True)
class PatchSet:
    """What `patches` wrote."""

    folder: Path
    """The folder with `images`, `masks` and `classes.json`."""
    patches: int
    """How many patches there are."""
    windows: int
    """How many would cover the images; in the others nothing is labelled."""
    images: int
    """Of how many images they are."""
    scheme: ClassScheme
    """The classes, in the colours of the masks."""
    pixels: tuple[int, ...]
    """Labelled pixels of each class in all patches; one that lies in several patches counts in each."""


def patches(
    data: str | Path,
    output: str | Path,
    *,
    size: int = 512,
    overlap: float = 0.0,
    overwrite: bool = False,
    reporter: Reporter | None = None,
) -> PatchSet:
    """Cut labelled images into patches of images and masks, as `train` reads them.

    The patches keep type, bands, pixels and georeference of their images. The last ones of a row or column are shifted
    inwards, so that all have the same size; an image that is smaller than a patch stays as it is. Patches in which
    nothing is labelled are left out. Masks are RGB images in the colours of the classes, and in a colour of its own,
    which `classes.json` tells, where nothing is labelled.

    Args:
        data: Folder of `images/` and `masks/` at any depth, or a TOML that pairs images with labels.
        output: Folder to write; whole or absent.
        size: Side of a patch, px.
        overlap: Share of a patch that neighbours have in common, 0…0.5.
        overwrite: Whether an earlier set of patches may be replaced; nothing else ever is.
        reporter: Told of the progress; may cancel.

    Raises:
        Cancelled: The run was cancelled.
        DataError: The data are incomplete or inconsistent, or nothing in them is labelled.
        OutputError: The folder exists already or cannot be written.
        ParameterError: The size or the overlap is out of range.
    """
    target, reporter = Path(output), reporter or Reporter()
    if not SIZES[0] <= size <= SIZES[1]:
        raise ParameterError(
            "patch-size-range",
            "The size {size} is not {low} to {high} px.",
            "Take 512, for instance.",
            size=size,
            low=SIZES[0],
            high=SIZES[1],
        )
    if not 0 <= overlap <= 0.5:
        raise ParameterError(
            "patch-overlap-range",
            "The overlap {overlap} is not 0 to 0.5.",
            "It is a share of a patch: 0.25, for instance.",
            overlap=overlap,
        )
    _check_target(target, overwrite=overwrite)
    found = open_data(data, reporter=reporter)
    _refuse_inputs(found, target)
    _warn_of_lost(found, reporter)
    palette = Palette.of(found.scheme)
    with lock_outputs("patches", target), write_folder_atomically(target, _NAMES, overwrite=overwrite) as folder:
        with _explain_errors(target):
            (folder / _IMAGES).mkdir()
            (folder / _MASKS).mkdir()
            _write_listing(folder / LISTING, palette, {"size": size, "overlap": overlap})
        tally = _write_patches(found, palette, (size, compute_overlap(size, overlap)), folder, target, reporter)
        if not tally.patches:
            raise DataError(
                "data-unlabelled",
                "No pixel of the data is labelled with a class.",
                "Label some, or correct the classes.",
            )
    pixels = tuple(int(n) for n in tally.pixels)
    return PatchSet(target, tally.patches, tally.windows, len(tally.images), palette.scheme, pixels)


@dataclass(frozen=True)
class Palette:
    """The colours of masks: all different."""

    scheme: ClassScheme
    """The classes; one whose colour another one has too is given a new one."""
    unlabelled: str
    """Colour of what nobody labelled, `#RRGGBB`."""

    @classmethod
    def of(cls, scheme: ClassScheme) -> Palette:
        """Take the colours of a scheme, and black, or another one if that is a class's."""
        taken: dict[str, None] = {}
        own = dict.fromkeys(c.colour.upper() for c in scheme)
        spare = iter(colour for colour in make_colours(2 * len(scheme) + 1) if colour not in own)
        for c in scheme:
            taken[c.colour.upper() if c.colour.upper() not in taken else next(spare)] = None
        named = ClassScheme.of([(c.name, colour) for c, colour in zip(scheme, taken, strict=True)])
        known = {*taken, *(c.colour for c in MBRSC)}  # the reader knows these by heart
        return cls(named, next(c for c in (*_BLANKS, *make_colours(len(known) + 1)) if c not in known))

    @property
    def table(self) -> NDArray[np.uint8]:
        """The colour of every label, shape (256, 3), RGB."""
        blank = [int(self.unlabelled[i : i + 2], 16) for i in (1, 3, 5)]
        table = np.full((256, 3), blank, np.uint8)
        table[: len(self.scheme)] = self.scheme.colours
        return table


@dataclass
class _Tally:
    """What was written so far."""

    windows: int
    pixels: NDArray[np.int64]
    patches: int = 0
    images: set[int] = field(default_factory=set)

    def add(self, pair: int, labels: NDArray[np.uint8]) -> None:
        """Count a patch of a pair."""
        self.patches += 1
        self.images.add(pair)
        self.pixels += np.bincount(labels.ravel(), minlength=256)[: len(self.pixels)]


@dataclass(frozen=True)
class _Source:
    """An image with its labels, open for reading."""

    pixels: Callable[[Window | None], NDArray[Any]]
    labels: Callable[[Window], NDArray[np.uint8]]
    valid: Callable[[Window], NDArray[np.bool_]] | None
    profile: dict[str, Any]
    transform: Affine
    facts: tuple[BandFacts, ...]
    """What is known of the bands."""


def find_starts(length: int, side: int, overlap: int) -> list[int]:
    """Find where patches begin along an axis; the last one is shifted inwards so that it ends with the image.

    Args:
        length: Length of the image, px.
        side: Side of a patch, px.
        overlap: Pixels that neighbours share, less than `side`.
    """
    last = max(0, length - side)
    return [*range(0, last, side - overlap), last]


def _write_patches(
    data: LabelledData, palette: Palette, cut: tuple[int, int], folder: Path, target: Path, reporter: Reporter
) -> _Tally:
    axes = [[find_starts(length, *cut) for length in pair.size] for pair in data.pairs]
    tally = _Tally(sum(len(rows) * len(cols) for rows, cols in axes), np.zeros(len(data.scheme), np.int64))
    reporter.start("cut patches", tally.windows, "windows")
    table = palette.table
    for index, (pair, name, (rows, cols)) in enumerate(zip(data.pairs, _name_images(data.pairs), axes, strict=True)):
        with _open_source(pair, data.scheme) as source:
            for window, labels in _read_labelled(source, pair.size, rows, cols, cut[0]):
                if (labels != IGNORE).any():
                    stem = _name_patch(name, window, pair.size)
                    pixels, valid = source.pixels(window), source.valid(window) if source.valid else None
                    with _explain_errors(target):
                        _write_image(folder / _IMAGES / f"{stem}.tif", source, window, pixels, valid)
                        _write_mask(folder / _MASKS / f"{stem}.png", table[labels])
                    tally.add(index, labels)
                reporter.advance()
    return tally


@contextmanager
def _open_source(pair: Pair, scheme: ClassScheme) -> Iterator[_Source]:
    with ExitStack() as stack:
        dataset = stack.enter_context(open_image(pair.image))
        facts = read_facts(dataset)
        seen = [i for i in dataset.indexes if facts[i - 1].colour != ColorInterp.alpha] or list(dataset.indexes)
        bands = list(pair.bands) or seen  # what alpha says is in the mask of the patch
        read = stack.enter_context(image_reader(pair.image, bands))
        yield _Source(
            read,
            stack.enter_context(label_reader(pair, scheme)),
            stack.enter_context(validity_reader(pair.image, pair.nodata)),
            {"driver": "GTiff", "crs": dataset.crs, "count": len(bands), "compress": "deflate"},
            dataset.transform,
            _describe_bands([facts[band - 1] for band in bands], chosen=bool(pair.bands)),
        )


def _describe_bands(facts: Sequence[BandFacts], *, chosen: bool) -> tuple[BandFacts, ...]:
    """What patches say of their bands; where the data choose them, that order counts and not what the image says."""
    plain = chosen and tuple(one.colour for one in facts) != _RGB
    colours = (ColorInterp.undefined if plain or one.colour in _NO_COLOURS else one.colour for one in facts)
    return tuple(
        BandFacts(colour=colour) if chosen else replace(one, colour=colour)
        for one, colour in zip(facts, colours, strict=True)
    )


def _read_labelled(
    source: _Source, size: tuple[int, int], rows: Sequence[int], cols: Sequence[int], side: int
) -> Iterator[tuple[Window, NDArray[np.uint8]]]:
    """All windows of an image with their labels; those of several neighbours are read at a time."""
    height, width = (min(side, length) for length in size)
    for row in rows:
        for some in _group_neighbours(cols, width, _READ // height):
            left = some[0]
            labels = source.labels(Window(row, left, height, some[-1] + width - left))
            for col in some:
                yield Window(row, col, height, width), labels[:, col - left : col - left + width]


def _group_neighbours(cols: Sequence[int], width: int, most: int) -> Iterator[list[int]]:
    """Columns in runs that together span at most so many pixels, or a single one."""
    run: list[int] = []
    for col in cols:
        if run and col + width - run[0] > most:
            yield run
            run = []
        run.append(col)
    yield run


def _name_images(pairs: Sequence[Pair]) -> list[str]:
    """A name for each image, of which none is another's, whatever the case."""
    taken: dict[str, str] = {}
    for pair in pairs:
        stem = pair.image.stem.lstrip(".")[:LONGEST_NAME] or "image"
        name, number = stem, 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-{number}"
        taken[name.casefold()] = name
    return list(taken.values())


def _name_patch(name: str, window: Window, size: tuple[int, int]) -> str:
    """The name of a patch: that of its image, and the row and column of its corner, with zeros so that they sort."""
    row, col = (f"{at:0{len(str(length))}}" for at, length in zip((window.row, window.col), size, strict=True))
    return f"{name}_{row}_{col}"


def _write_image(
    path: Path, source: _Source, window: Window, pixels: NDArray[Any], valid: NDArray[np.bool_] | None
) -> None:
    kind, wide = pixels.dtype.kind, pixels.dtype.itemsize
    predictor = 3 if kind == "f" and wide in (4, 8) else 2 if kind in "ui" and wide <= 4 else 1
    placed = {} if source.transform.is_identity else {"transform": _shift(source.transform, window)}
    shape = {"height": window.height, "width": window.width, "dtype": pixels.dtype.name}
    colours = tuple(one.colour for one in source.facts)
    colour = {"photometric": "rgb" if colours == _RGB else "minisblack"}
    options = {**source.profile, **shape, **placed, **colour, "predictor": predictor}
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), create_raster(path, **options) as target:
        if set(colours) != {ColorInterp.undefined}:
            target.colorinterp = colours
        target.descriptions = [one.name or None for one in source.facts]
        for band, one in enumerate(source.facts, start=1):
            if one.wavelength:
                target.update_tags(band, ns="IMAGERY", CENTRAL_WAVELENGTH_UM=f"{one.wavelength:g}")
        target.write(pixels)
        if valid is not None and not valid.all():
            target.write_mask(valid)


def _shift(transform: Affine, window: Window) -> Affine:
    """The transform of a window; spelt out, as affine 2 and 3 do not multiply alike."""
    a, b, c, d, e, f = tuple(transform)[:6]
    return Affine(a, b, a * window.col + b * window.row + c, d, e, d * window.col + e * window.row + f)


def _write_mask(path: Path, colours: NDArray[np.uint8]) -> None:
    rows, cols, _ = colours.shape
    with create_raster(path, driver="PNG", height=rows, width=cols, count=3, dtype="uint8") as target:
        target.write(np.moveaxis(colours, -1, 0))


def _write_listing(path: Path, palette: Palette, cut: dict[str, float]) -> None:
    classes = [{"title": c.name, "color": c.colour} for c in palette.scheme]
    listing = {"classes": classes, "unlabelled": palette.unlabelled, _MARK: cut}
    write_json(path, listing)


def _check_target(path: Path, *, overwrite: bool) -> None:
    """Refuse to replace anything but patches: labelled images look just the same, and may be the work of weeks."""
    if overwrite and path.is_dir() and any(path.iterdir()):
        others = sorted({entry.name for entry in path.iterdir()} - _NAMES)
        if others or not _is_marked(path / LISTING):
            what = f"more than patches ({others[0]})" if others else "no patches that aerialseg has cut"
            raise OutputError(
                "patch-folder-taken",
                "The folder {path} holds {what}, so it is not replaced.",
                "Choose another name, or move away what is there.",
                path=path,
                what=what,
            )
    check_folder(path, _NAMES, overwrite=overwrite)


def _is_marked(listing: Path) -> bool:
    try:
        content = read_json(listing)
    except DataError:
        return False
    return isinstance(content, dict) and _MARK in content


def _refuse_inputs(data: LabelledData, target: Path) -> None:
    inside = target.resolve()
    for path in (data.root, *(path for pair in data.pairs for path in (pair.image, pair.mask))):
        if path.exists() and path.resolve().is_relative_to(inside):
            raise OutputError(
                "patch-file-in-output",
                "{path} is in the output folder {target}.",
                "Choose another folder for the output.",
                path=path,
                target=target,
            )


def _warn_of_lost(data: LabelledData, reporter: Reporter) -> None:
    stated = {pair.gsd for pair in data.pairs if pair.gsd}
    if stated:
        written = ", ".join(f"{gsd:g}" for gsd in sorted(stated))
        said = "The ground resolution that the data state ({gsd} m) is not in the patches."
        hint = "Give it to the recipe that trains on them, [card] gsd."
        reporter.message(Sentence("patches-without-gsd", said, hint, gsd=written).whole(), "warning")


@contextmanager
def _explain_errors(target: Path) -> Iterator[None]:
    """Say what it means that something cannot be written."""
    try:
        yield
    except (OSError, RasterioError, CPLE_BaseError) as error:
        raise (
            make_output_error(error, target)
            or OutputError(
                "output-not-writable",
                "{path} cannot be written: {reason}.",
                "Check its folder.",
                path=target,
                reason=error,
            )
        ) from error

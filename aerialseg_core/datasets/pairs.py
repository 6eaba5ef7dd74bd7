"""Pairs: an image and what labels it; and the folders of `images/` and `masks/` at any depth that hold such pairs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import DataError, SceneError
from ..raster.bands import BandChoice, choose_bands, read_facts
from ..sentences import Sentence
from .problems import Problem, Problems
from .rasters import open_image, read_header

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".gif", ".webp", ".jp2"})
"""Suffixes of images and masks, in lower case."""

IMAGE_FOLDERS = ("images", "image", "imgs", "img")
"""Names of the folders of images, whatever their case."""

MASK_FOLDERS = ("masks", "mask", "labels", "label", "gt", "annotations")
"""Names of the folders of masks beside them, whatever their case; one named exactly `masks` comes first."""

LAYOUT = "Put images in folders named `images` and their masks, of the same name, in `masks` beside them."
"""The hint on how a data folder looks."""

_ADDED = {
    kind: re.compile(rf"(?<=.)[ ._-]({words})$|^({words})[ ._-](?=.)")
    for kind, words in (("image", "images?|img|rgb|sat"), ("mask", "masks?|labels?|gt|seg|segmentation|annotations?"))
}
"""What names of images, and those of masks, have at either end, in lower case."""

ClassNumbers = tuple[tuple[int, str], ...]
"""Numbers of a label raster and the names of the classes that they are."""


@dataclass(frozen=True)
class Mask:
    """An RGB or palette image of the image's size; its colours are the classes."""

    path: Path
    """The image of colours."""
    unlabelled: str = ""
    """The colour of what nobody labelled, `#RRGGBB`; empty: there is none."""
    tolerance: int = 0
    """How far a colour may be from that of a class, in RGB space: more than 0 where compression has changed them."""


@dataclass(frozen=True)
class LabelRaster:
    """A raster of class numbers on the image's grid; what has no data is unlabelled."""

    path: Path
    """The raster; its first band counts."""
    values: ClassNumbers | None = None
    """Which number is which class, all others are none; None: nobody has said it, 1…N are the classes in their order.

    0 is unlabelled unless it is one of them.
    """


@dataclass(frozen=True)
class Polygons:
    """Polygons with a class each, in any CRS; what no polygon covers is unlabelled."""

    path: Path
    """The vector file."""
    layer: str | None = None
    """Its layer; None: the first one."""
    field: str | None = None
    """The field that holds names or ids of classes; None: `class`, or the only one there is."""
    area: Path | None = None
    """Polygons of the area of interest; outside everything is unlabelled."""
    rest: str | None = None
    """Class of what lies in the area and in no polygon; None: it is unlabelled."""


LabelSource = Mask | LabelRaster | Polygons
"""What labels an image."""


@dataclass(frozen=True)
class Pair:
    """One image and what labels it."""

    image: Path
    """The image."""
    labels: LabelSource
    """What labels it."""
    group: str
    """Top-level folder under the data folder ("." right under it); in a TOML its `group`, else the image's path."""
    size: tuple[int, int]
    """(rows, cols) of the image, and of its labels."""
    bands: tuple[int, ...] = ()
    """The bands of the image to use, counted from 1; empty: those that `bands.choose_bands` finds."""
    gsd: float | None = None
    """Ground resolution in metres per pixel, where the data set states it."""
    nodata: float | None = None
    """Value that means no data where all bands of the image hold it, where the data set states it."""

    @property
    def mask(self) -> Path:
        """The file of the labels, whatever its kind."""
        return self.labels.path

    @property
    def is_blurred(self) -> bool:
        """Whether it is labelled by a mask whose colours compression has changed."""
        return isinstance(self.labels, Mask) and self.labels.tolerance > 0

    def choice(self, wanted: Sequence[str]) -> BandChoice:
        """Choose the bands of the image that a model wants.

        Args:
            wanted: Names of the model's bands.

        Raises:
            DataError: The data set names another number of bands, or the image is unreadable or has no such bands.
        """
        if self.bands and len(self.bands) != len(wanted):
            raise DataError(
                "pair-band-count",
                "The data name {named} bands for {image}, the model takes {wanted}.",
                "Give `bands` in the TOML as many numbers as the recipe has bands.",
                named=len(self.bands),
                image=self.image,
                wanted=len(wanted),
            )
        if self.bands:
            return BandChoice(self.bands, Sentence("bands-as-chosen", "as chosen"))
        try:
            with open_image(self.image) as source:
                return choose_bands(read_facts(source), wanted, raster=str(self.image))
        except SceneError as error:
            raise DataError(
                "image-bands-unclear",
                "{cause}",
                "Name them in a TOML, `bands = [1, 2, 3]`, or take this image out.",
                cause=error.sentence,
            ) from error

    def indexes(self, wanted: Sequence[str]) -> tuple[int, ...]:
        """Find the numbers of the bands to read, in the order of a model; otherwise as `choice`."""
        return self.choice(wanted).bands


@dataclass(frozen=True)
class BandMapping:
    """Images of which the same bands are read for the same reason."""

    pairs: tuple[Pair, ...]
    """The pairs of the images."""
    wanted: tuple[str, ...]
    """Names of the model's bands."""
    choice: BandChoice
    """What is read for them."""

    @property
    def text(self) -> str:
        """One sentence for people, without a full stop; empty where it is as everybody expects."""
        bands = self.choice.bands
        if not self.choice.note and bands == tuple(range(1, len(bands) + 1)):
            return ""
        more = len(self.pairs) - 1
        others = f" and {more} more image{'s' if more > 1 else ''}" if more else ""
        mapped = ", ".join(f"{name} = {band}" for name, band in zip(self.wanted, bands, strict=True))
        shown = {"image": self.pairs[0].image.name, "others": others, "bands": mapped, "reason": self.choice.reason}
        if not self.choice.note:
            return Sentence("images-bands", "{image}{others}: bands {bands}, {reason}", **shown)
        return Sentence(
            "images-bands-doubtful",
            "{image}{others}: bands {bands}, {reason}; {doubts}; `bands = [...]` in a TOML says otherwise",
            **shown,
            doubts=self.choice.note,
        )


def map_bands(pairs: Sequence[Pair], wanted: Sequence[str]) -> tuple[BandMapping, ...]:
    """Find out what is read of all images, those that are read alike together.

    Raises:
        DataError: Of one image it cannot be said; see `Pair.choice`.
    """
    alike: dict[BandChoice, list[Pair]] = {}
    for pair in pairs:
        alike.setdefault(pair.choice(wanted), []).append(pair)
    return tuple(BandMapping(tuple(own), tuple(wanted), choice) for choice, own in alike.items())


def find_pairs(data: Path, problems: Problems | None = None) -> list[Pair]:
    """Find every image under `data` with its mask, sorted by path.

    Args:
        data: Folder that holds `…/images/NAME.jpg` and `…/masks/NAME.png` at any depth, or folders and files of such
            names as `IMAGE_FOLDERS`, `MASK_FOLDERS` and `match_folders` know; or, without any such folder,
            `NAME.jpg` and `NAME_mask.png` side by side.
        problems: Told of problems; None: the first one is an error.

    Raises:
        DataError: `data` is no folder; or, without a collector of problems, there is no pair, a partner is missing, or
            the sizes of a pair differ.
    """
    if not data.is_dir():
        raise DataError("data-no-folder", "The training data {data} are not a folder.", LAYOUT, data=data)
    problems = problems or Problems(strict=True)
    pairs: list[Pair] = []
    folders = list(_folders(data, problems))
    for images, masks in folders:
        above = images.relative_to(data).parts[:-1]
        for part, beside in _mirrored(images, masks):
            group = [*above, *part.relative_to(images).parts, "."][0]
            for image, mask in match_folders(part, beside, problems):
                pairs += make_pair(image, Mask(mask), group, problems)
    for folder in _mixed_folders(data) if not folders and not problems.found else ():
        group = [*folder.relative_to(data).parts, "."][0]
        for image, mask in match_folders(folder, folder, problems):
            pairs += make_pair(image, Mask(mask), group, problems)
    if not pairs:
        said = Sentence("data-without-pair", "There is no pair of image and mask under {data}.", LAYOUT, data=data)
        problems.add(Problem("pair", data, said))
    return pairs


def match_folders(images: Path, masks: Path, problems: Problems) -> Iterator[tuple[Path, Path]]:
    """Pair the files of two folders by their names without suffix, sorted.

    Names that are equal come first, then those that differ in case, then those of which one says that it is a mask or
    an image: `a.jpg` and `A_mask.PNG`. The two may be one folder: then masks are those that say so.

    Raises:
        DataError: A partner is missing or there are two, and `problems` is strict.
    """
    left, right = _rasters_in(images), _rasters_in(masks) if masks.is_dir() else []
    if images == masks:
        right = [path for path in left if _says_mask(path)]
        left = [path for path in left if not _says_mask(path)]
    found: dict[Path, Path] = {}
    for name in (_name, _folded, _bare):
        _pair_up(name, left, right, found)
    unclear = _contested(left, right, found, problems)
    added = [(image, mask) for image, mask in found.items() if _folded(image, "image") != _folded(mask, "mask")]
    if added:
        image, mask = added[0]
        others = f"; so are those of {len(added) - 1} more in {masks}" if len(added) > 1 else ""
        said = Sentence(
            "mask-by-name",
            "{mask} is taken for the mask of {image}: but for what says that it is one, their names are equal{others}.",
            mask=mask,
            image=image,
            others=others,
        )
        problems.add(Problem("names", masks, said, fatal=False, assumed=True))
    paired = {*found.values(), *unclear}
    for image in left:
        if image in found and image not in unclear:
            yield image, found[image]
        elif image not in unclear:
            text, hint = "The image {image} has no mask in {folder}.", "Add the mask or take the image out."
            said = Sentence("image-without-mask", text, hint, image=image, folder=masks)
            problems.add(Problem("no mask", image, said))
    for mask in right:
        if mask not in paired:
            text, hint = "The mask {mask} has no image in {folder}.", "Add the image or take the mask out."
            said = Sentence("mask-without-image", text, hint, mask=mask, folder=images)
            problems.add(Problem("no image", mask, said))


def make_pair(image: Path, labels: Mask | LabelRaster, group: str, problems: Problems) -> Sequence[Pair]:
    """Make a pair of two rasters, as a sequence of one; of none if they do not fit, which `problems` is told.

    Raises:
        DataError: A file is unreadable or the sizes differ, and `problems` is strict.
    """
    sizes = []
    for path in (image, labels.path):
        with problems.collect("unreadable", path):
            sizes.append(read_header(path).size)
    if len(sizes) < 2:
        return ()
    if sizes[0] != sizes[1]:
        (rows, cols), (mask_rows, mask_cols) = sizes
        said = Sentence(
            "mask-size",
            "{image} is {cols} × {rows} px and its mask {mask_cols} × {mask_rows} px.",
            "Both must have the same size: take the pair out or resize the mask with nearest neighbour.",
            image=image,
            cols=cols,
            rows=rows,
            mask_cols=mask_cols,
            mask_rows=mask_rows,
        )
        problems.add(Problem("size", labels.path, said))
        return ()
    return (Pair(image, labels, group, sizes[0]),)


def _folders(data: Path, problems: Problems) -> Iterator[tuple[Path, Path]]:
    """Folders of images with those of their masks, sorted."""
    found = (path for path in (data, *data.rglob("*")) if path.name.lower() in IMAGE_FOLDERS and path.is_dir())
    for images in sorted(path for path in found if not _is_hidden(path.relative_to(data))):
        documented = images.with_name(MASK_FOLDERS[0])
        beside = [path for path in sorted(images.parent.iterdir()) if path.name.lower() in MASK_FOLDERS]
        some = [path for path in beside if path.is_dir() and any(map(_is_raster, path.rglob("*")))]
        if documented.is_dir() or (not some and images.name == IMAGE_FOLDERS[0]):
            yield images, documented
        elif len(some) == 1:
            yield images, some[0]
        elif some:
            text = "{one} and {other} both hold masks of {folder}, so it is not clear which are meant."
            hint = "Take one of them out, or pair them in a TOML."
            said = Sentence("mask-folders-two", text, hint, one=some[0], other=some[1], folder=images)
            problems.add(Problem("ambiguous", images, said))


def _mirrored(images: Path, masks: Path) -> Iterator[tuple[Path, Path]]:
    """The two folders, and each folder in the former for which the latter has one of its name."""
    yield images, masks
    for part in sorted(path for path in images.rglob("*") if path.is_dir()):
        inside = part.relative_to(images)
        named = {name.lower() for name in inside.parts}
        if (masks / inside).is_dir() and not named.intersection((*IMAGE_FOLDERS, *MASK_FOLDERS)):
            yield part, masks / inside


def _mixed_folders(data: Path) -> list[Path]:
    """Folders that hold images and, by their names, masks of them, sorted."""
    masks = (path for path in data.rglob("*") if _is_raster(path) and _says_mask(path))
    folders = {path.parent for path in masks if not _is_hidden(path.relative_to(data))}
    return sorted(folder for folder in folders if not all(map(_says_mask, _rasters_in(folder))))


def _is_hidden(path: Path) -> bool:
    """Whether it is a leftover of an operating system, such as `__MACOSX/images/._part_1.png` of a ZIP."""
    return any(part.startswith((".", "__MACOSX")) for part in path.parts)


def _rasters_in(folder: Path) -> list[Path]:
    """The images or masks of a folder, sorted."""
    return sorted(filter(_is_raster, folder.iterdir()))


def _is_raster(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def _says_mask(path: Path) -> bool:
    """Whether the name of a file says that it is a mask."""
    return _bare(path, "mask") != _folded(path, "mask")


def _name(path: Path, kind: str) -> str:
    """The name of a file without its suffix; whether it is an image or a mask makes no difference."""
    return path.stem


def _folded(path: Path, kind: str) -> str:
    """The same in one case."""
    return path.stem.casefold()


def _bare(path: Path, kind: str) -> str:
    """The same without what says that it is an image or a mask."""
    return _ADDED[kind].sub("", _folded(path, kind))


def _pair_up(
    name: Callable[[Path, str], str], images: Sequence[Path], masks: Sequence[Path], found: dict[Path, Path]
) -> None:
    """Pair images and masks of one name that have no partner yet; where there are several, none of them."""
    taken = set(found.values())
    rights = _by_name(name, [mask for mask in masks if mask not in taken], "mask")
    for key, same in _by_name(name, [image for image in images if image not in found], "image").items():
        if len(same) == len(rights.get(key, ())) == 1:
            found[same[0]] = rights[key][0]


def _contested(
    images: Sequence[Path], masks: Sequence[Path], found: dict[Path, Path], problems: Problems
) -> frozenset[Path]:
    """Files of which it is not clear what belongs to what: there is one too many of a name."""
    taken = set(found.values())
    rights = _by_name(_bare, masks, "mask")
    unclear: set[Path] = set()
    for key, same in _by_name(_bare, images, "image").items():
        partners = rights.get(key, [])
        left_over = any(mask not in taken for mask in partners) or any(image not in found for image in same)
        rivals = partners if len(partners) > 1 else same
        if left_over and len(rivals) > 1:
            text = "{one} and {other} have one name but for its end, so it is not clear which one is meant."
            said = Sentence("files-one-name", text, "Take one of them out.", one=rivals[0], other=rivals[1])
            problems.add(Problem("ambiguous", rivals[1], said))
            unclear.update(same, partners)
    return frozenset(unclear)


def _by_name(name: Callable[[Path, str], str], paths: Sequence[Path], kind: str) -> dict[str, list[Path]]:
    named: dict[str, list[Path]] = {}
    for path in paths:
        named.setdefault(name(path, kind), []).append(path)
    return named

"""Pairs: an image and what labels it; and the folders of `images/` and `masks/` at any depth that hold such pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..bands import BandChoice, choose_bands, read_facts
from ..errors import DataError, SceneError
from .problems import Findings, Problem
from .rasters import opened_image, read_header
from .rasters import read_colours as read_colours
from .rasters import read_image as read_image

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff"})
"""Suffixes of images and masks, in lower case."""

LAYOUT = "Put images in folders named `images` and their masks, of the same name, in `masks` beside them."
"""The hint on how a data folder looks."""


@dataclass(frozen=True)
class Mask:
    """An RGB or palette image of the image's size; its colours are the classes."""

    path: Path
    """The image of colours."""
    unlabelled: str = ""
    """The colour of what nobody labelled, `#RRGGBB`; empty: there is none."""


@dataclass(frozen=True)
class LabelRaster:
    """A raster of class ids on the image's grid: 0 and nodata = unlabelled, 1…N = the classes of the scheme."""

    path: Path
    """The raster; its first band counts."""


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

    @property
    def mask(self) -> Path:
        """The file of the labels, whatever its kind."""
        return self.labels.path

    def choice(self, wanted: Sequence[str]) -> BandChoice:
        """Which bands of the image are those that a model wants.

        Args:
            wanted: Names of the model's bands.

        Raises:
            DataError: The data set names another number of bands, or the image is unreadable or has no such bands.
        """
        if self.bands and len(self.bands) != len(wanted):
            raise DataError(
                f"The data name {len(self.bands)} bands for {self.image}, the model takes {len(wanted)}.",
                "Give `bands` in the TOML as many numbers as the recipe has bands.",
            )
        if self.bands:
            return BandChoice(self.bands, "as chosen")
        try:
            with opened_image(self.image) as source:
                return choose_bands(read_facts(source), wanted, raster=str(self.image))
        except SceneError as error:
            raise DataError(error.text, "Name them in a TOML, `bands = [1, 2, 3]`, or take this image out.") from error

    def indexes(self, wanted: Sequence[str]) -> tuple[int, ...]:
        """The numbers of the bands to read, in the order of a model; otherwise as `choice`."""
        return self.choice(wanted).bands


def find_pairs(data: Path, findings: Findings | None = None) -> list[Pair]:
    """Find every image under `data` with its mask, sorted by path.

    Args:
        data: Folder that holds `…/images/NAME.jpg` and `…/masks/NAME.png` at any depth.
        findings: Told of problems; None: the first one is an error.

    Raises:
        DataError: `data` is no folder; or, without a collector of problems, there is no pair, a partner is missing, or
            the sizes of a pair differ.
    """
    if not data.is_dir():
        raise DataError(f"The training data {data} are not a folder.", LAYOUT)
    findings = findings or Findings(strict=True)
    pairs: list[Pair] = []
    for folder in _image_folders(data):
        parts = folder.relative_to(data).parts[:-1]
        for image, mask in match_folders(folder, folder.with_name("masks"), findings):
            pairs += make_pair(image, Mask(mask), parts[0] if parts else ".", findings)
    if not pairs:
        findings.add(Problem("pair", data, f"There is no pair of image and mask under {data}.", LAYOUT))
    return pairs


def match_folders(images: Path, masks: Path, findings: Findings) -> Iterator[tuple[Path, Path]]:
    """Pair the files of two folders by their names without suffix, sorted.

    Raises:
        DataError: A partner is missing or there are two, and `findings` is strict.
    """
    partners = _by_stem(masks, findings) if masks.is_dir() else {}
    for stem, image in _by_stem(images, findings).items():
        mask = partners.pop(stem, None)
        if mask is None:
            text = f"The image {image} has no mask in {masks}."
            findings.add(Problem("no mask", image, text, "Add the mask or take the image out."))
            continue
        yield image, mask
    for mask in partners.values():
        text = f"The mask {mask} has no image in {images}."
        findings.add(Problem("no image", mask, text, "Add the image or take the mask out."))


def make_pair(image: Path, labels: Mask | LabelRaster, group: str, findings: Findings) -> Sequence[Pair]:
    """A pair of two rasters as a sequence of one; of none if they do not fit, which `findings` is told.

    Raises:
        DataError: A file is unreadable or the sizes differ, and `findings` is strict.
    """
    sizes = []
    for path in (image, labels.path):
        with findings.noted("unreadable", path):
            sizes.append(read_header(path).size)
    if len(sizes) < 2:
        return ()
    if sizes[0] != sizes[1]:
        (rows, cols), (mask_rows, mask_cols) = sizes
        text = f"{image} is {cols} × {rows} px and its mask {mask_cols} × {mask_rows} px."
        hint = "Both must have the same size: take the pair out or resize the mask with nearest neighbour."
        findings.add(Problem("size", labels.path, text, hint))
        return ()
    return (Pair(image, labels, group, sizes[0]),)


def _image_folders(data: Path) -> list[Path]:
    folders = (path for path in (data, *data.rglob("*")) if path.is_dir() and path.name == "images")
    return sorted(path for path in folders if not _is_hidden(path.relative_to(data)))


def _is_hidden(path: Path) -> bool:
    """Whether it is a leftover of an operating system, such as `__MACOSX/images/._part_1.png` of a ZIP."""
    return any(part.startswith((".", "__MACOSX")) for part in path.parts)


def _by_stem(folder: Path, findings: Findings) -> dict[str, Path]:
    found: dict[str, Path] = {}
    files = (path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and not path.name.startswith("."))
    for path in sorted(files):
        first = found.setdefault(path.stem, path)
        if first != path:
            text = f"{first} and {path} differ in their suffixes only, so it is not clear which one is meant."
            findings.add(Problem("ambiguous", path, text, "Take one of them out."))
    return found

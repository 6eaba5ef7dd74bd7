"""The data of a training: what their labels hold, what must stay together, and how they are split."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from ..auditing.grouping import find_grounds, find_groups
from ..auditing.relations import find_relations
from ..datasets.labelled_data import LabelledData, exclude_images, open_data
from ..datasets.labels import Census, count_labels, total
from ..datasets.pairs import BandMapping, Pair, map_bands
from ..datasets.pixel_values import PixelValues, find_values
from ..datasets.rasters import read_header
from ..datasets.split import GroupLike, Part, Split, make_splits
from ..errors import ParameterError, SceneError
from ..progress import Reporter
from ..raster.classes import ClassScheme
from ..raster.geodesy import measure_resolution
from ..raster.window import Window
from ..segmentation.planning import LEAST_GSD
from ..sentences import Sentence
from .recipe import Recipe


@dataclass(frozen=True)
class TrainingData:
    """The data of a training, their label counts, and what their values mean."""

    labelled: LabelledData
    """Pairs and classes."""
    censuses: tuple[Census, ...]
    """Label counts of the pairs, in the same order."""
    groups: tuple[GroupLike, ...]
    """What an audit says must stay on one side; empty where the recipe or the data name the groups."""
    values: PixelValues
    """What the values of the images mean."""
    gsd: float | None = None
    """Ground resolution of the images, metres per pixel, the median of those that tell; None: none does."""
    mappings: tuple[BandMapping, ...] = ()
    """Which bands are read."""
    grounds: tuple[tuple[int, ...], ...] = ()
    """For a split into parts: the indices of all pairs by the ground that they show."""

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """All pairs."""
        return self.labelled.pairs

    @property
    def scheme(self) -> ClassScheme:
        """The classes."""
        return self.labelled.scheme

    @property
    def whole(self) -> Split:
        """Everything to train on, nothing held out."""
        parts = tuple(Part(i, Window(0, 0, *pair.size)) for i, pair in enumerate(self.pairs))
        return Split(parts, (), "none", "nothing")

    def count_classes(self, parts: Sequence[Part]) -> list[int]:
        """Count the pixels of each class in some parts; those of a part of an image are its share of the area."""
        sums = [0.0] * len(self.scheme)
        for part in parts:
            rows, cols = self.pairs[part.pair].size
            share = part.window.height * part.window.width / (rows * cols)
            for label, n in enumerate(self.censuses[part.pair].counts):
                sums[label] += share * n
        return [round(n) for n in sums]

    def list_images(self, parts: Sequence[Part]) -> list[str]:
        """List the images that parts belong to, by their paths below the data's folder, sorted."""
        return sorted({self.labelled.show(self.pairs[part.pair]) for part in parts})

    def list_groups(self, parts: Sequence[Part]) -> list[str]:
        """List the groups, or else the images, that parts belong to, sorted."""
        pairs = [self.pairs[part.pair] for part in parts]
        return sorted({pair.group if pair.group != "." else pair.image.stem for pair in pairs})


def load_data(path: str | Path, recipe: Recipe, reporter: Reporter) -> TrainingData:
    """Open the data, count their labels, find what must stay together, and say what is ignored or absent.

    Raises:
        DataError: The data are incomplete or inconsistent.
    """
    data = open_data(path, reporter=reporter)
    if recipe.split.exclude:
        data = exclude_images(data, recipe.split.exclude)
        said = "neither trained on nor held out: {images}"
        reporter.message(Sentence("images-excluded", said, images=", ".join(recipe.split.exclude)))
    mappings = map_bands(data.pairs, recipe.card.bands)
    for mapping in mappings:
        if mapping.text:
            reporter.message(mapping.text, "warning" if mapping.choice.note else "info")
    reporter.start("count labels", len(data.pairs), "images")
    censuses = []
    for pair in data.pairs:
        censuses.append(count_labels(pair, data.scheme))
        reporter.advance()
    ignored = [census.off_scheme for census in censuses if census.off_scheme]
    if ignored:
        said = "{pixels:,} pixels of {files} label files have a colour or an id that is no class; they are ignored."
        reporter.message(Sentence("labels-ignored", said, pixels=sum(ignored), files=len(ignored)), "warning")
    groups, grounds = _find_together(data, recipe, reporter)
    values = find_values(
        data.pairs,
        lambda pair: pair.indexes(recipe.card.bands),
        given=(recipe.card.range[0], recipe.card.range[1]) if recipe.card.range else None,
    )
    if values.told:
        reporter.message(Sentence("training-range", "range: {range}", range=values.told))
    told = [gsd for pair in data.pairs if (gsd := _find_gsd(pair))]
    gsd = round(median(told), 4) if told else None
    for name, pixels in zip(data.scheme.names, total(censuses), strict=True):
        if not pixels:
            said = "No pixel is labelled {name}: the model will not know it."
            reporter.message(Sentence("class-never-labelled", said, name=name), "warning")
    return TrainingData(data, tuple(censuses), groups, values, gsd, mappings, grounds)


def choose_splits(data: TrainingData, recipe: Recipe) -> list[Split]:
    """Choose the splits that a recipe asks for: one, as many as folds, or one that holds nothing out.

    Raises:
        DataError: There is nothing to hold out, or nothing left to train on.
        ParameterError: A group to hold out is not in the data.
    """
    options = recipe.split
    if options.share == 0 and not (options.folds or options.holdout):
        return [data.whole]
    splits = make_splits(
        data.labelled, data.censuses, data.groups, options, cut=recipe.patches.cut, grounds=data.grounds
    )
    if recipe.distillation.weight and (len(splits) == 1 or splits[0].kind == "inside"):
        raise ParameterError(
            "folds-impossible",
            "The data cannot be split into folds of whole images, which distillation needs.",
            "Give more images, or set weight = 0 in [distillation] of the recipe.",
        )
    return splits


def split_by_group(data: TrainingData, recipe: Recipe) -> Split:
    """Choose the split by group whose score is honest, beside that of a random one.

    Raises:
        DataError: There is nothing to hold out.
    """
    options = replace(recipe.split, kind="groups", folds=0, share=recipe.split.share or 0.2)
    return make_splits(data.labelled, data.censuses, data.groups, options, cut=recipe.patches.cut)[0]


def describe_split(split: Split) -> str:
    """Say what is trained on and what is held out, in a sentence for people."""
    training = len({part.pair for part in split.training})
    shown = {"images": training, "s": "s" if training != 1 else ""}
    if not split.holdout:
        said = "{images} image{s} to train on, nothing held out: the model is not scored"
        return Sentence("split-nothing-held-out", said, **shown)
    held = len({part.pair for part in split.holdout})
    said = "{images} image{s} to train on, {name} held out ({held} image{t})"
    return Sentence("split-held-out", said, **shown, name=split.name, held=held, t="s" if held != 1 else "")


def _find_together(
    data: LabelledData, recipe: Recipe, reporter: Reporter
) -> tuple[tuple[GroupLike, ...], tuple[tuple[int, ...], ...]]:
    """Find what an audit says must stay together, as far as the recipe's kind of split asks: groups, or grounds."""
    named = {name for group in (*recipe.split.groups, *data.declared_groups) for name in group}
    if recipe.split.kind == "parts":
        return (), find_grounds(data, find_relations(data, reporter))
    if len(data.pairs) > 1 and not named.issuperset(pair.group for pair in data.pairs):
        return find_groups(data, reporter), ()
    return (), ()


def _find_gsd(pair: Pair) -> float | None:
    """Find what the data set states, else what the georeference tells, metres per pixel.

    Raises:
        SceneError: The georeference cannot be true.
    """
    if pair.gsd:
        return pair.gsd
    header = read_header(pair.image)
    if header.crs is None or header.transform.is_identity:
        return None
    along_column, along_row = measure_resolution(
        header.crs.to_wkt(), header.transform, header.size, name=str(pair.image)
    )
    gsd = math.sqrt(along_column * along_row)
    if not gsd > LEAST_GSD:
        raise SceneError(
            "image-gsd-absurd",
            "{image} has {gsd:.2g} m per pixel, which cannot be true: its CRS or its pixel size is wrong.",
            "Correct it with gdal_edit, or state `gsd` in a TOML.",
            image=pair.image,
            gsd=gsd,
        )
    return gsd

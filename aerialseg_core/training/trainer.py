"""Training: from a folder of images and masks to a model bundle."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras

from .. import __version__
from ..card import Band, Card
from ..classes import MBRSC, ClassScheme
from ..errors import Cancelled, ParameterError
from ..labelled.labels import Census, count_labels, total
from ..labelled.pairs import Pair, find_pairs, read_image
from ..labelled.split import Split, group_of, split_pairs
from ..metrics import Scores
from ..normalise import full_range
from ..outputs import check_output
from ..progress import Reporter
from . import networks
from .dataset import BatchOptions, PatchDataset
from .export import export_bundle
from .losses import class_weights, make_loss
from .patches import PatchCache, write_cache
from .recipe import Recipe, load_recipe
from .supervision import Supervision
from .validation import evaluate


@dataclass(frozen=True)
class TrainResult:
    """What a training run made."""

    model: Path
    """The model bundle."""
    keras_model: Path
    """The Keras model beside it, to train further."""
    scores: Scores
    """Scores on the held-out images."""
    card: Card
    """The model's card."""


@dataclass(frozen=True)
class Material:
    """The data of a run: pairs, what their labels hold, and the split."""

    pairs: tuple[Pair, ...]
    """All pairs."""
    censuses: tuple[Census, ...]
    """Their label counts, in the same order."""
    split: Split
    """Indices for training and held out."""
    scheme: ClassScheme
    """The classes."""
    dtype: str
    """Type of the images."""

    @property
    def training(self) -> list[Pair]:
        """Pairs to train on."""
        return [self.pairs[i] for i in self.split.training]

    @property
    def holdout(self) -> list[Pair]:
        """Pairs held out."""
        return [self.pairs[i] for i in self.split.holdout]

    @property
    def counts(self) -> list[int]:
        """Pixels of each class in the training pairs."""
        return [int(n) for n in total([self.censuses[i] for i in self.split.training])]


def train(
    data: str | Path,
    output: str | Path,
    *,
    recipe: str | Path | Recipe = "default",
    overwrite: bool = False,
    reporter: Reporter | None = None,
) -> TrainResult:
    """Train a model.

    Cancelling, Ctrl-C and the recipe's time budget end the training within one batch and keep the best weights so
    far; if no epoch has ended by then, nothing is written.

    Args:
        data: Folder of `images/` and `masks/` at any depth; masks in the colours of the MBRSC scheme.
        output: Model bundle to write, `*.onnx`; the Keras model is written beside it, `*.keras`.
        recipe: Name of a recipe, a TOML file, or a recipe.
        overwrite: Whether existing outputs may be replaced.
        reporter: Told of progress.

    Raises:
        Cancelled: Cancelled before the first epoch ended.
        DataError: The data are incomplete or inconsistent.
        DependencyError: A package that training needs is not installed.
        ModelError: The exported model does not compute what the trained one does.
        OutputError: An output exists already or cannot be written.
        ParameterError: The recipe is unusable.
    """
    reporter = reporter or Reporter()
    plan = recipe if isinstance(recipe, Recipe) else load_recipe(recipe)
    target = Path(output)
    if target.suffix != ".onnx":
        raise ParameterError(f"The model {target} does not end in .onnx.", "Give a name such as model.onnx.")
    for path in (target, target.with_suffix(".keras")):
        check_output(path, overwrite=overwrite)
    material = gather(Path(data), plan, reporter)
    keras.utils.set_random_seed(plan.run.seed)
    bands = make_bands(plan, material.dtype)
    model = networks.build(plan.network.name, len(bands), len(material.scheme), **plan.network.options)
    with _work_folder(target) as folder:
        cache = write_cache(
            material.training, material.scheme, plan.patches.cut, bands=len(bands), folder=folder, reporter=reporter
        )
        supervision = fit(model, cache, material, recipe=plan, folder=folder, reporter=reporter)
        card = make_card(plan, material, supervision)
        export_bundle(model, card, target, holdout=material.holdout, overwrite=overwrite, folder=folder)
    scores = _best(supervision)
    return TrainResult(target, target.with_suffix(".keras"), scores, card)


def gather(data: Path, recipe: Recipe, reporter: Reporter) -> Material:
    """Find the pairs, count their labels, say what is ignored, and split them.

    Raises:
        DataError: The data are incomplete or inconsistent.
        ParameterError: A group to hold out is not in the data.
    """
    scheme = MBRSC
    pairs = find_pairs(data)
    reporter.start("read masks", len(pairs), "images")
    censuses = []
    for pair in pairs:
        censuses.append(count_labels(pair, scheme))
        reporter.advance()
    ignored = sum(census.ignored for census in censuses)
    if ignored:
        affected = sum(census.ignored > 0 for census in censuses)
        reporter.message(
            f"{ignored:,} pixels of {affected} masks have a colour that is no class; they are ignored.", "warning"
        )
    dtype = str(read_image(pairs[0].image, len(recipe.card.bands)).dtype)
    material = Material(tuple(pairs), tuple(censuses), split_pairs(pairs, censuses, recipe.split), scheme, dtype)
    names = ", ".join(sorted({pair.group for pair in material.holdout}))
    reporter.message(
        f"{len(material.training)} images to train on, {len(material.holdout)} held out ({names}); "
        f"Keras {keras.version()} on {keras.backend.backend()}"
    )
    return material


def make_bands(recipe: Recipe, dtype: str) -> tuple[Band, ...]:
    """The bands of a recipe with the scaling that its network expects of images of this type."""
    scaling = networks.scaling(recipe.network.name)
    full = full_range(dtype)[1]
    return tuple(Band(name, full, scaling.mean, scaling.std) for name in recipe.card.bands)


def fit(
    model: keras.Model, cache: PatchCache, material: Material, *, recipe: Recipe, folder: Path, reporter: Reporter
) -> Supervision:
    """Train `model`; it ends with the weights of its best epoch.

    Args:
        model: Network to train.
        cache: Patches to train on.
        material: The data, of which the held-out part scores every epoch.
        recipe: How to train.
        folder: Where the checkpoint is kept.
        reporter: Told of progress.

    Raises:
        Cancelled: Cancelled before the first epoch ended.
    """
    bands = make_bands(recipe, material.dtype)
    supervision = Supervision(
        recipe.run,
        recipe.optimiser,
        evaluate=lambda: evaluate(model, material.holdout, material.scheme, bands=bands, check=reporter.check),
        checkpoint=folder / "best.weights.h5",
        reporter=reporter,
    )
    _compile(model, recipe, class_weights(material.counts, recipe.loss))
    batches = _batches(cache, material, recipe, bands)
    try:
        model.fit(batches, epochs=recipe.run.epochs, verbose=0, callbacks=[supervision])
    except (Cancelled, KeyboardInterrupt):
        if supervision.best is None:
            raise Cancelled("Cancelled before the first epoch ended.", "Nothing was written.") from None
        reporter.message(f"Stopped; the best epoch so far, {supervision.best_epoch}, is kept.", "warning")
    model.load_weights(folder / "best.weights.h5")
    return supervision


def _compile(model: keras.Model, recipe: Recipe, weights: Sequence[float]) -> None:
    options = recipe.optimiser
    optimiser = keras.optimizers.AdamW(
        options.learning_rate, weight_decay=options.weight_decay, global_clipnorm=options.clip or None
    )
    model.compile(optimizer=optimiser, loss=make_loss(recipe.loss, weights), jit_compile=False)


def _batches(cache: PatchCache, material: Material, recipe: Recipe, bands: Sequence[Band]) -> PatchDataset:
    options = BatchOptions(
        size=recipe.run.batch,
        steps=recipe.run.steps,
        side=recipe.patches.side,
        balance=recipe.patches.balance,
        seed=recipe.run.seed,
    )
    tints = {
        label: recipe.augmentation.tints[name]
        for label, name in enumerate(material.scheme.names)
        if name in recipe.augmentation.tints
    }
    return PatchDataset(cache, options, augmentation=recipe.augmentation, bands=bands, tints=tints)


def make_card(recipe: Recipe, material: Material, supervision: Supervision) -> Card:
    """The card of a trained model."""
    low, high = recipe.augmentation.scale
    gsd = recipe.card.gsd
    scores = _best(supervision)
    return Card(
        name=recipe.card.name,
        description=recipe.card.description,
        classes=material.scheme,
        bands=make_bands(recipe, material.dtype),
        dtype=material.dtype,
        patch=recipe.card.patch,
        gsd=gsd,
        gsd_range=(gsd * min(1 / high, 1.0), gsd * max(1 / low, 1.0)),
        training={
            "data": recipe.card.data,
            "images": len(material.training),
            "pixels": sum(material.counts),
            "split": _described_split(material, recipe),
            "recipe": recipe.to_dict(),
            "best_epoch": supervision.best_epoch,
            "steps": supervision.steps,
            "minutes": round(supervision.minutes, 1),
            "software": f"aerialseg {__version__}, Keras {keras.version()} on {keras.backend.backend()}",
        },
        metrics={"on": "whole held-out images", **asdict(scores)},
        licence=recipe.card.licence,
    )


def _described_split(material: Material, recipe: Recipe) -> dict[str, Any]:
    def groups(pairs: Sequence[Pair]) -> list[str]:
        return sorted({" + ".join(group_of(pair, recipe.split)) for pair in pairs})

    return {"training": groups(material.training), "holdout": groups(material.holdout)}


def _best(supervision: Supervision) -> Scores:
    if supervision.best is None:
        raise Cancelled("The training ended before its first epoch did.", "Give it more time.")
    return supervision.best


@contextmanager
def _work_folder(target: Path) -> Iterator[Path]:
    """A folder beside the output, on the same file system, that is gone at the end."""
    with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=f".{target.stem}.") as folder:
        yield Path(folder)

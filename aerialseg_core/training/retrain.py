"""The function `retrain`: a model and what people have corrected to a better model, with the proof beside it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import keras

from .. import __version__
from ..auditing.formatting import format_count
from ..config import SegmentConfig
from ..datasets.labelled_data import open_data
from ..datasets.split import SplitOptions
from ..errors import DataError, ModelError, ParameterError
from ..files.outputs import check_geotiff, check_output, lock_outputs, write_atomically
from ..model.bundle import Model, update_bundle
from ..model.card import Card
from ..model.registry import load_model
from ..progress import Reporter
from ..raster.opening import is_remote
from ..review.comparison import (
    ReviewedGround,
    SquareComparison,
    compare_models,
    list_suspicious,
    match_review,
    require_scene,
    summarise_comparison,
)
from ..review.flips import write_flips
from ..review.report import write_comparison_page
from ..review.review_file import ReviewFile
from ..segmentation.predictor import load_predictor
from ..sentences import Sentence
from .devices import count_gpus
from .distillation import list_soft_labels
from .export import export_bundle
from .known_ground import add_reviewed_ground
from .recipe import (
    AugmentationOptions,
    CardOptions,
    DistillationOptions,
    LossOptions,
    NetworkOptions,
    OptimiserOptions,
    PatchOptions,
    Recipe,
    RunOptions,
)
from .review_data import ReviewData, add_original, cut_squares, say_again
from .run import Run, TrainedNetwork, build_network, make_bands, train_network
from .validation import Holdout
from .warm_start import transfer_weights

if TYPE_CHECKING:
    from typing_extensions import Unpack

EPOCHS, STEPS, BATCH = 8, 24, 8
"""How long a retraining takes if time does not end it before."""

MINUTES = 6.0
"""Minutes of training, at most."""


class RetrainOptions(TypedDict, total=False):
    """Fields of `RetrainConfig` as keyword arguments, each with its meaning and default there."""

    scene: str | Path | None
    data: str | Path | None
    minutes: float
    flips: str | Path | None


@dataclass(frozen=True, kw_only=True)
class RetrainConfig:
    """How a model is retrained.

    Raises:
        ParameterError: A value is impossible.
    """

    scene: str | Path | None = None
    """The image; None for the one that the map was made of."""
    data: str | Path | None = None
    """What the model was trained on, as `train` takes it; None if it is not at hand."""
    minutes: float = MINUTES
    """Time budget of the training."""
    flips: str | Path | None = None
    """Raster to write of what flipped on the reviewed squares, `*.tif`; None for none."""

    def __post_init__(self) -> None:
        if not 0 < self.minutes <= 1e6:
            raise ParameterError(
                "minutes-wrong", "--minutes {minutes:g} is no time to train for.", minutes=self.minutes
            )


@dataclass(frozen=True)
class RetrainResult:
    """What `retrain` has made."""

    model: Path
    """The new model."""
    page: Path
    """The comparison with the old one, for people."""
    figures: Path
    """The same for programs."""
    findings: dict[str, Any]
    """What is in there."""
    card: Card
    """The card of the new model."""


def retrain(
    model: str | Path,
    review: str | Path,
    output: str | Path,
    *,
    overwrite: bool = False,
    reporter: Reporter | None = None,
    **options: Unpack[RetrainOptions],
) -> RetrainResult:
    """Retrain a model on what people have corrected, and compare both on squares that it was not trained on.

    All that lies in the reviewed squares of the role "train" is learnt. As much else is shown beside it, so that the
    model does not forget: its original data, or what it says itself of the rest of the scene where the reviewed squares
    show that it can be believed. On a CPU the encoder keeps its weights. The old model stays as it is: to keep the new
    one, use it; to go back, delete it.

    Args:
        model: Model that `aerialseg train` or `retrain` has made, or the name of a shipped one.
        review: Review file of `suggest`, with reviewed squares.
        output: Model bundle to write, `*.onnx`; the comparison, `*.html` and `*.json`, is written beside it.
        overwrite: Whether existing outputs may be replaced.
        reporter: Told of progress.
        **options: Fields of `RetrainConfig`.

    Raises:
        AerialSegError: One of its subclasses; nothing is left behind.
    """
    asked, reporter, target = RetrainConfig(**options), reporter or Reporter(), Path(output)
    if target.suffix != ".onnx":
        raise ParameterError(
            "model-name-ending",
            "The model {path} does not end in .onnx.",
            "Give a name such as model.onnx.",
            path=target,
        )
    paths = (target, target.with_suffix(".html"), target.with_suffix(".json"))
    drawn = () if asked.flips is None else (Path(asked.flips),)
    for path in drawn:
        check_geotiff(path)
    for path in (*paths, *drawn):
        check_output(path, overwrite=overwrite, inputs=(str(model), str(review)))
    parent = load_model(str(model), check=reporter.check)
    ground, config, crs_wkt = _open_ground(Path(review), parent, asked.scene)
    for path in drawn:
        check_output(path, overwrite=overwrite, inputs=(ground.scene,))
    with (
        lock_outputs("retrain", *paths, *drawn),
        tempfile.TemporaryDirectory(prefix=f".{target.stem}.retraining-", dir=target.absolute().parent) as work,
    ):
        made, trained, recipe, replay = _train(parent, ground, config, asked, Path(work), reporter)
        fresh = Path(work, target.name)
        card = _make_card(parent, ground, made, trained, recipe, replay, name=target.stem)
        export_bundle(trained.model, card, fresh, pairs=made.data.pairs, overwrite=True, folder=Path(work))
        compared, findings = _compare(parent, fresh, ground, config, Path(work), reporter)
        findings["replay"] = replay
        described = _describe(parent.card, findings)
        card = update_bundle(fresh, metrics=_collect_metrics(findings), description=described).card
        with (
            write_atomically(paths[1], overwrite=overwrite) as page,
            write_atomically(paths[2], overwrite=overwrite) as figures,
            write_atomically(target, overwrite=overwrite) as bundle,
        ):
            write_comparison_page(page, findings, compared, card.classes)
            figures.write_text(json.dumps(findings, indent=1, ensure_ascii=False), encoding="utf-8")
            for path in drawn:
                write_flips(path, compared, crs_wkt=crs_wkt)
            fresh.replace(bundle)
    return RetrainResult(*paths, findings, card)


def _open_ground(
    review: Path, parent: Model, scene: str | Path | None
) -> tuple[ReviewedGround, SegmentConfig, str | None]:
    """Open a review: what people have said, how its scene was read, and its CRS.

    Raises:
        DataError: Nothing to train on is reviewed, or its scene is not known, or shows something else.
    """
    with ReviewFile(review) as opened:
        squares, labels, facts = opened.list_squares(), opened.list_labels(), opened.facts
        crs_wkt = opened.crs_wkt
        table = match_review(opened.classes, parent.card.classes)
    reviewed = tuple(one for one in squares if one.state == "reviewed")
    if not any(one.role == "train" for one in reviewed):
        raise DataError(
            "review-nothing-done",
            "No square of {review} to train on is reviewed.",
            "Correct the labels in some and set their state to reviewed.",
            review=review,
        )
    source = str(scene) if scene is not None else facts.get("scene", "")
    if scene is None and source and not is_remote(source):
        source = str(review.parent / source)
    if not source:
        raise DataError(
            "review-without-scene",
            "{review} does not tell which image it is of.",
            "Name it with --scene.",
            review=review,
        )
    told: Mapping[str, Any] = json.loads(facts.get("scene_parameters") or "{}")
    values: dict[str, Any] = {}
    for name in ("bands", "range"):
        if isinstance(told.get(name), list):
            values[name] = tuple(told[name])
    values |= {name: told[name] for name in ("gsd", "nodata") if told.get(name) is not None}
    config = SegmentConfig(model=str(parent.path), **values)
    kept_out = tuple(one for one in squares if one.state == "reviewed" or one.role == "check")
    ground = ReviewedGround(source, reviewed, tuple(labels), kept_out, table)
    require_scene(ground, crs_wkt, review)
    return ground, config, crs_wkt


def _train(
    parent: Model,
    ground: ReviewedGround,
    config: SegmentConfig,
    asked: RetrainConfig,
    work: Path,
    reporter: Reporter,
) -> tuple[ReviewData, TrainedNetwork, Recipe, str]:
    """Train from a model on; what it was trained on, the network, how, and what was replayed, in words."""
    card = parent.card
    made = cut_squares(ground, card, config, replayed=asked.data is None, folder=work, reporter=reporter)
    recipe = _make_recipe(parent, made.cut, asked.minutes)
    teacher = build_network(recipe, len(card.classes))
    reporter.message(transfer_weights(teacher, parent.path, card.classes.names))
    blocks = {layer.name.partition("_")[0] for layer in teacher.layers if layer.name.startswith("block")}
    if blocks and not count_gpus():
        options = {**recipe.network.options, "frozen": len(blocks)}
        recipe = replace(recipe, network=NetworkOptions(recipe.network.name, options))
    soft: tuple[Path, ...] = ()
    if asked.data is None:
        values = made.data.values
        bands = make_bands(recipe, values.black_and_white)
        holdout = Holdout(made.data.pairs, (), card.classes, bands, values.clipped)
        made, said = say_again(made, teacher, holdout, reporter)
        soft = tuple(list_soft_labels(work / "soft-labels", made.data.pairs))
        training, split = made.data, made.split
        shown = "{pixels:,} pixels of the rest of the scene, as the old model sees them"
        replay = Sentence("replay-of-scene", shown, pixels=said)
    else:
        original = open_data(asked.data, reporter=reporter)
        if original.scheme.names != card.classes.names:
            raise DataError(
                "classes-of-data-differ",
                "The classes of {data} are {data_classes}, those of the model are {model_classes}.",
                "Give the data that it was trained on, or leave --data out.",
                data=asked.data,
                data_classes=", ".join(original.scheme.names),
                model_classes=", ".join(card.classes.names),
            )
        training, split = add_original(made, original, seed=recipe.run.seed)
        replay = Sentence("replay-of-data", "{count} parts of {data}", count=made.squares, data=original.root.name)
    learns = "learns from {count} squares, beside {replay}"
    reporter.message(Sentence("learns-from-squares", learns, count=made.squares, replay=replay))
    run = Run(training, split, recipe, work / "run", str(parent.path), soft)
    trained = train_network(run, reporter)
    return replace(made, data=training), trained, recipe, replay


def _make_recipe(parent: Model, cut: int, minutes: float) -> Recipe:
    """Make the recipe of a retraining: the network of the model, small steps, little change of colours.

    Raises:
        ModelError: The model does not tell its network, as one of another program.
    """
    card = parent.card
    told = card.training.get("recipe", {})
    network = told.get("network", {}) if isinstance(told, Mapping) else {}
    if not isinstance(network, Mapping) or not network.get("name"):
        raise ModelError(
            "network-untold",
            "{model} does not tell which network it is, so it cannot be trained further.",
            "Give a model that aerialseg train has made.",
            model=parent.path.name,
        )
    options = {key: value for key, value in dict(network.get("options", {})).items() if key != "frozen"}
    if "weights" in options:
        options["weights"] = "random"  # all of them are those of the model
    return Recipe(
        card=CardOptions(bands=card.band_names, patch=card.patch, range=card.range or ()),
        network=NetworkOptions(str(network["name"]), options),
        patches=PatchOptions(cut=cut, side=256, rare=0.5),
        augmentation=AugmentationOptions(
            scale=(0.85, 1.2), gain=0.08, gamma=0.15, contrast=0.15, brightness=0.05, saturation=0.2, noise=0.01
        ),
        loss=LossOptions(cross_entropy=1.0, focal=0.0, dice=0.5, smoothing=0.03),
        optimiser=OptimiserOptions(learning_rate=1e-3, warm_up=0.1, weight_decay=0.01, clip=1.0),
        run=RunOptions(epochs=EPOCHS, steps=STEPS, batch=BATCH, minutes=minutes, ema=0.97, seed=1),
        split=SplitOptions(folds=2),  # whoever asks for distillation must ask for folds; here the old model teaches
        distillation=DistillationOptions(weight=0.3),
    )


def _make_card(
    parent: Model,
    ground: ReviewedGround,
    made: ReviewData,
    trained: TrainedNetwork,
    recipe: Recipe,
    replay: str,
    *,
    name: str,
) -> Card:
    """Make the card of the new model: that of the old one, with what it has learnt since."""
    squares = [one.number for one in ground.squares if one.role == "train"]
    state, data = trained.state, made.data
    known = add_reviewed_ground(parent.card, data.pairs[: made.squares], made.outlines, clipped=data.values.clipped)
    return replace(
        known,
        name=name,
        parent=parent.sha256,
        sha256=None,
        training={
            "data": f"{parent.card.training.get('data', '')}; {format_count(len(squares), 'reviewed square')}".lstrip(
                "; "
            ),
            "images": made.squares,
            "split": {"kind": "review", "training": [], "holdout": []},
            "replay": replay,
            "recipe": recipe.to_dict(),
            "steps": state.steps,
            "minutes": round(state.minutes, 1),
            "software": f"aerialseg {__version__}, Keras {keras.version()} on {keras.backend.backend()}",
        },
        metrics={},
    )


def _compare(
    parent: Model, fresh: Path, ground: ReviewedGround, config: SegmentConfig, work: Path, reporter: Reporter
) -> tuple[list[SquareComparison], dict[str, Any]]:
    """Compare the old model with the new one."""
    after = replace(config, model=str(fresh))
    runs = [(load_predictor(one, check=reporter.check), one) for one in (config, after)]
    compared = compare_models(ground, runs[0], runs[1], folder=work, reporter=reporter)
    scheme = parent.card.classes
    findings = {
        "version": 1,
        "aerialseg": __version__,
        "made": datetime.now(timezone.utc).date().isoformat(),
        "model": runs[1][0].model.card.name,
        "parent": parent.card.name,
        "parent_sha256": parent.sha256,
        "comparison": summarise_comparison(compared, scheme),
        "suspicious": list_suspicious(compared, ground, scheme),
    }
    return compared, findings


def _describe(parent: Card, findings: dict[str, Any]) -> str:
    """Describe the new model in a sentence: what the old one was, and what was learnt and is known since."""
    check, train = (findings["comparison"][role] for role in ("check", "train"))
    known = parent.description.partition("; retrained on ")[0].rstrip(".")
    told = f"{known}; retrained on {format_count(train['squares'], 'corrected square')}"
    if check["after"] is None:
        return f"{told}."
    before, after = (f"{check[key]['accuracy']:.0%}" for key in ("before", "after"))
    return f"{told}: {after} of {format_count(check['squares'], 'square')} to check with is right, {before} was before."


def _collect_metrics(findings: dict[str, Any]) -> dict[str, Any]:
    """Collect the scores for the card: those on the squares that were not trained on."""
    check = findings["comparison"]["check"]
    if check["after"] is None:
        return {"on": "no square to check with was reviewed"}
    return {
        "on": f"{format_count(check['squares'], 'square')} of the scene, drawn by chance and not trained on",
        **check["after"],
        "before": check["before"],
        "intervals": check["intervals"],
    }

"""Recipes: everything that a training run is told, as TOML, read into frozen dataclasses.

The bounds of a number stand beside its field: `share: Annotated[float, Within(0, 1)]`.
"""

from __future__ import annotations

import dataclasses
import json
import os
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, TypeVar

from ..config import MOST
from ..datasets.split import SplitOptions
from ..errors import ModelError, ParameterError
from ..files.texts import parse_toml, read_text
from ..raster.classes import check_name

Part = TypeVar("Part")

SHARE = (0.0, 1.0)
"""Bounds of a share."""

_MULTIPLE = 32
_MOST_BANDS = 1000
_LARGEST_BATCH = 1 << 28
_LARGEST = 1 << 63


@dataclass(frozen=True)
class Within:
    """The least and the largest value of a number, or of every number of a list or a table."""

    least: float
    """Least value."""
    most: float
    """Largest value."""


@dataclass(frozen=True)
class CardOptions:
    """What the model's card says and the data cannot tell."""

    name: str = ""
    """Short name; that of the file if empty."""
    description: str = "A land-cover model trained with aerialseg."
    """One sentence for people."""
    bands: tuple[str, ...] = ("red", "green", "blue")
    """Names of the bands; where nothing in an image tells which is which, it holds them in this order."""
    patch: Annotated[int, Within(32, 8192)] = 512
    """Side of the patch when the model runs, px."""
    gsd: Annotated[float, Within(1e-4, 1e5)] = 1.0
    """Ground resolution of the training images where they do not tell it themselves, metres per pixel."""
    data: str = ""
    """Name, source and licence of the training data."""
    licence: str = ""
    """SPDX identifier of the weights."""
    range: tuple[float, ...] = ()
    """Values of the images that are black and white, two numbers; empty: those of 8 bit, or estimated if there are
    others."""


@dataclass(frozen=True)
class NetworkOptions:
    """The network."""

    name: str = "lite0"
    """Name in the registry of networks."""
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """Options of this network."""


@dataclass(frozen=True)
class PatchOptions:
    """Patches."""

    cut: Annotated[int, Within(32, 8192)] = 512
    """Side of the patches that are kept on disk, px."""
    side: Annotated[int, Within(32, 4096)] = 256
    """Side of the patches that the network is trained on, px; a multiple of 32."""
    balance: Annotated[float, Within(*SHARE)] = 0.0
    """How much patches with rare classes are preferred, 0…1."""
    rare: Annotated[float, Within(*SHARE)] = 0.0
    """Share of the patches that are cut around a pixel of a class drawn evenly, 0…1."""


@dataclass(frozen=True)
class PhotometricOptions:
    """How far the look of a patch is changed; values are the largest change, 0 switches one off."""

    gain: Annotated[float, Within(0, 10)] = 0.0
    """Each band is multiplied by 1 ± this."""
    gamma: Annotated[float, Within(0, 10)] = 0.0
    """Exponent is e to the power of ± this."""
    contrast: Annotated[float, Within(0, 10)] = 0.0
    """Contrast about the patch's mean is multiplied by 1 ± this."""
    brightness: Annotated[float, Within(0, 10)] = 0.0
    """Added to all bands, ± this share of the full range."""
    saturation: Annotated[float, Within(0, 10)] = 0.0
    """Saturation is multiplied by 1 ± this (RGB only)."""
    hue: Annotated[float, Within(0, 360)] = 0.0
    """Hue is turned by ± this many degrees (RGB only)."""
    grey: Annotated[float, Within(*SHARE)] = 0.0
    """Share of patches made grey (RGB only)."""
    haze: Annotated[float, Within(*SHARE)] = 0.0
    """Share of patches seen through haze: a bright veil that is denser on one side."""
    blur: Annotated[float, Within(*SHARE)] = 0.0
    """Share of patches blurred once or twice with a 3 × 3 binomial kernel."""
    noise: Annotated[float, Within(0, 10)] = 0.0
    """Largest standard deviation of the noise, share of the full range."""
    jpeg: Annotated[float, Within(*SHARE)] = 0.0
    """Share of patches compressed as JPEG of random quality (images of 8 bit with 1 or 3 bands only)."""


@dataclass(frozen=True)
class AugmentationOptions(PhotometricOptions):
    """How far a patch is changed; 0 switches a change off."""

    scale: Annotated[tuple[float, float], Within(0.02, 50)] = (1.0, 1.0)
    """Least and largest magnification; 0.5 shows twice the ground, as a raster of twice the GSD would."""
    turn: bool = True
    """Whether patches are turned and mirrored (the 8 symmetries of the square)."""
    tinted: Annotated[float, Within(*SHARE)] = 0.0
    """Share of patches in which one class of `tints` is tinted."""
    tints: Annotated[Mapping[str, tuple[float, ...]], Within(0, 100)] = field(default_factory=dict, hash=False)
    """Gains of each band that a class takes on elsewhere, such as a greener vegetation."""


@dataclass(frozen=True)
class LossOptions:
    """Weights of the parts of the loss, and what shapes them."""

    cross_entropy: Annotated[float, Within(0, 1e6)] = 0.0
    """Weight of the cross-entropy."""
    focal: Annotated[float, Within(0, 1e6)] = 1.0
    """Weight of the focal loss."""
    dice: Annotated[float, Within(0, 1e6)] = 1.0
    """Weight of the Dice loss."""
    lovasz: Annotated[float, Within(0, 1e6)] = 0.0
    """Weight of the Lovász-Softmax loss, which stands for the IoU itself."""
    gamma: Annotated[float, Within(0, 100)] = 2.0
    """Focusing of the focal loss; 0 makes it cross-entropy."""
    smoothing: Annotated[float, Within(*SHARE)] = 0.0
    """Share of each label that is spread over all classes in cross-entropy and focal loss, 0…1."""
    balance: Annotated[float, Within(0, 10)] = 0.0
    """Class weights are (mean share / share of the class) to this power: 0 = equal, 1 = inverse frequency."""
    heaviest: Annotated[float, Within(1e-3, 1e6)] = 4.0
    """Largest class weight."""
    overlap_weights: Annotated[float, Within(0, 10)] = 0.0
    """Power of the class weights in the Dice and Lovász losses: 0 = classes count alike there, as in the mIoU, 1 = as
    in cross-entropy and focal loss."""
    undo_weights: bool = False
    """Whether the logarithm of each class weight is taken off the last bias of what is scored and kept: rare classes
    were weighted for the sake of learning them, and are not to be found more often than they are. The logit adjustment
    of Menon et al.: Long-tail learning via logit adjustment, ICLR 2021."""


@dataclass(frozen=True)
class OptimiserOptions:
    """The optimiser and its learning rate."""

    name: typing.Literal["adamw", "adam"] = "adamw"
    """Adam with decoupled weight decay, or plain Adam."""
    learning_rate: Annotated[float, Within(1e-12, 10)] = 1e-3
    """Learning rate after the warm-up."""
    schedule: typing.Literal["cosine", "constant"] = "cosine"
    """What becomes of it until the end: falls to 0 along half a cosine, or stays."""
    warm_up: Annotated[float, Within(0, 0.999)] = 0.05
    """Share of the run in which it rises from 0."""
    weight_decay: Annotated[float, Within(0, 100)] = 0.0
    """Decoupled weight decay; plain Adam has none."""
    clip: Annotated[float, Within(0, 1e9)] = 0.0
    """Largest norm of the gradient; 0 = any."""


@dataclass(frozen=True)
class RunOptions:
    """How long to train, and on what at a time."""

    epochs: Annotated[int, Within(0, 10**6)] = 20
    """Epochs; 0 = as many as the time budget allows."""
    steps: Annotated[int, Within(0, 10**7)] = 0
    """Batches in an epoch; 0 = as many as show every patch once."""
    batch: Annotated[int, Within(1, 65536)] = 16
    """Patches in a batch."""
    minutes: Annotated[float, Within(0, 1e6)] = 0.0
    """Time budget of each network; the schedule follows it; 0 = none."""
    seed: Annotated[int, Within(0, 2**32 - 1)] = 0
    """Seed of every random choice."""
    score_every: Annotated[int, Within(1, 10**6)] = 1
    """The held-out images are scored after so many epochs, and after the last one."""
    patience: Annotated[int, Within(0, 10**6)] = 0
    """Ends the run when the score has not risen for so many epochs; 0 = never."""
    ema: Annotated[float, Within(0, 0.9999999)] = 0.0
    """Momentum of the running mean of the weights, such as 0.999, which is what is scored and kept; 0 = no mean."""
    precision: typing.Literal["auto", "float32", "mixed_bfloat16", "mixed_float16"] = "auto"
    """Type that the network computes in; auto: mixed_bfloat16 where that is faster, float32 elsewhere."""
    devices: Annotated[int, Within(0, 1024)] = 0
    """Devices to train on, each with its share of a batch; 0 = every GPU, or the CPU."""
    workers: Annotated[int, Within(-1, 256)] = -1
    """Threads that prepare batches ahead; 0 = none, -1 = one beside a CPU that trains, one a core beside a GPU."""
    logs: str = ""
    """Folder for TensorBoard; empty: none."""


@dataclass(frozen=True)
class LateOptions:
    """What changes in the last part of a run, from the end of an epoch on; what is not given stays as it was."""

    share: Annotated[float, Within(0, 0.99)] = 0.0
    """Share of the run that the last part is, of its steps or its time budget; 0 = nothing changes."""
    side: Annotated[int, Within(0, 4096)] = 0
    """Side of the patches that the network is trained on, px; 0 = as before."""
    batch: Annotated[int, Within(0, 65536)] = 0
    """Patches in a batch; 0 = as before, so that larger patches make slower steps."""
    loss: Mapping[str, float] = field(default_factory=dict, hash=False)
    """Numbers of `[loss]` that change, such as `{ dice = 0.0, lovasz = 0.5 }`."""


@dataclass(frozen=True)
class DistillationOptions:
    """What the last network learns from the networks of the folds, each of which speaks of what it has not seen."""

    weight: Annotated[float, Within(*SHARE)] = 0.0
    """Share of the loss that is the divergence from their scores, beside that from the labels; 0 = no distillation."""
    symmetries: Annotated[int, Within(1, 8)] = 8
    """Their scores are the mean over so many symmetries of the square: 1, 4 without mirroring, or 8."""
    epochs: Annotated[int, Within(0, 10**6)] = 0
    """Epochs of the last network; 0 = as without distillation, the mean of the best epochs of the folds."""
    network: NetworkOptions = field(default_factory=lambda: NetworkOptions(""))
    """The networks of the folds; without a name they are those of the recipe."""


@dataclass(frozen=True)
class Recipe:
    """A training run."""

    card: CardOptions = field(default_factory=CardOptions)
    """What the model's card says."""
    network: NetworkOptions = field(default_factory=NetworkOptions)
    """The network."""
    patches: PatchOptions = field(default_factory=PatchOptions)
    """Patches."""
    split: SplitOptions = field(default_factory=SplitOptions)
    """Groups of images, and which are held out."""
    augmentation: AugmentationOptions = field(default_factory=AugmentationOptions)
    """How patches are changed."""
    loss: LossOptions = field(default_factory=LossOptions)
    """The loss."""
    optimiser: OptimiserOptions = field(default_factory=OptimiserOptions)
    """The optimiser."""
    run: RunOptions = field(default_factory=RunOptions)
    """How long to train."""
    late: LateOptions = field(default_factory=LateOptions)
    """What changes in the last part of the run."""
    distillation: DistillationOptions = field(default_factory=DistillationOptions)
    """What the last network learns from those of the folds."""

    def __post_init__(self) -> None:
        for part in dataclasses.fields(self):
            broken = _find_broken_bound(getattr(self, part.name))
            _require(not broken, f"[{part.name}] {broken}")
        low, high = self.augmentation.scale
        bands = self.card.bands
        _require(self.card.patch % _MULTIPLE == 0, f"[card] patch must be a multiple of {_MULTIPLE}")
        _require(self.patches.side % _MULTIPLE == 0, f"[patches] side must be a multiple of {_MULTIPLE}")
        given = self.card.range
        right = len(given) == 2 and abs(given[0]) < MOST and abs(given[1]) < MOST and given[1] - given[0] > 1 / MOST
        _require(not given or right, "[card] range must be two numbers, black < white")
        _require(self.patches.cut >= self.patches.side, "[patches] cut must not be smaller than side")
        _require(low <= high, "[augmentation] scale must be two numbers, least and largest")
        _require(1 <= len(bands) <= _MOST_BANDS, f"[card] bands must be 1 to {_MOST_BANDS} names")
        _require(len(set(bands)) == len(bands) and all(bands), "[card] bands must be different names")
        for name in (self.card.name, *bands):  # the card would refuse them when all is trained
            try:
                check_name(name, "[card] a name")
            except ModelError as error:
                raise ParameterError.of(error.sentence) from error
        gains = all(len(gains) == len(bands) for gains in self.augmentation.tints.values())
        _require(gains, f"[augmentation.tints] must have one gain for each of the {len(bands)} bands")
        loss = self.loss
        _require(
            max(loss.cross_entropy, loss.focal, loss.dice, loss.lovasz) > 0, "[loss] a part must have a weight > 0"
        )
        _require(self.run.epochs > 0 or self.run.minutes > 0, "[run] epochs = 0 needs minutes")
        pixels = self.run.batch * self.patches.side**2
        _require(pixels <= _LARGEST_BATCH, f"[run] batch of [patches] side {self.patches.side} must be smaller")
        if self.distillation.weight:
            whole = self.split.folds and self.split.kind in ("groups", "parts")
            _require(bool(whole), "[distillation] needs [split] folds of the kind groups or parts")
            _require(self.patches.cut % 2 == 0, "[distillation] needs an even [patches] cut")
        late = self.late
        _require(late.share > 0 or late == LateOptions(), "[late] share must be more than 0")
        numbers = sorted(one.name for one in dataclasses.fields(loss) if type(one.default) is float)
        _require(set(late.loss) <= set(numbers), f"[late] loss must hold none but {', '.join(numbers)}")
        try:
            _ = self.last_part
        except ParameterError as error:
            said = "[late] makes the last part of the run unusable: {cause}"
            raise ParameterError("late-unusable", said, cause=error.sentence) from error

    @property
    def last_part(self) -> Recipe:
        """The recipe of the last part of the run, with what changes there."""
        late = self.late
        return (
            self
            if late == LateOptions()
            else replace(
                self,
                patches=replace(self.patches, side=late.side or self.patches.side),
                loss=replace(self.loss, **dict[str, Any](late.loss)),
                run=replace(self.run, batch=late.batch or self.run.batch),
                late=LateOptions(),
            )
        )

    def to_dict(self) -> dict[str, Any]:
        """The recipe as JSON holds it, for the model's card."""
        plain: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(self)))
        return plain


def recipe_names() -> tuple[str, ...]:
    """List the recipes that come with the package, sorted."""
    files = resources.files(__package__).joinpath("recipes").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def load_recipe(recipe: str | Path) -> Recipe:
    """Load a recipe by its name, or from a TOML file.

    Raises:
        ParameterError: There is no such recipe, it is no TOML, or it has an unknown key or an unusable value.
    """
    name = str(recipe)
    if name in recipe_names():
        text = resources.files(__package__).joinpath("recipes").joinpath(f"{name}.toml").read_text("utf-8")
    else:
        path = Path(recipe)
        if not os.path.isfile(path):
            raise ParameterError(
                "recipe-unknown",
                "There is no recipe {path}.",
                "Give a TOML file or one of {known}.",
                path=path,
                known=", ".join(recipe_names()),
            )
        text = read_text(path, ParameterError)
    values = parse_toml(text, f"The recipe {name}", ParameterError)
    return _build_table(Recipe, values, f"The recipe {name}")


def _build_table(kind: type[Part], values: Mapping[str, Any], where: str) -> Part:
    """Make a dataclass from a table; every key must be one of its fields and have its type."""
    types = typing.get_type_hints(kind)
    unknown = sorted(set(values) - set(types))
    if unknown:
        raise ParameterError(
            "recipe-key-unknown",
            "{where} has an unknown key {key!r}.",
            "Known are {known}.",
            where=where,
            key=unknown[0],
            known=", ".join(types),
        )
    made = {}
    for key, value in values.items():
        wanted = types[key]
        if isinstance(wanted, type) and dataclasses.is_dataclass(wanted):
            _require(isinstance(value, dict), f"{where}: {key} must be a table")
            made[key] = _build_table(wanted, value, f"{where}, [{key}],")
        else:
            made[key] = _check_value(value, wanted, f"{where}: {key}")
    return kind(**made)


def _check_value(value: Any, wanted: Any, where: str) -> Any:
    """Check a value, and give it the type of its field: lists become tuples, whole numbers floats."""
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if origin is tuple:
        open_ended = arguments[-1] is ...
        right = isinstance(value, list) and (open_ended or len(value) == len(arguments))
        _require(right, f"{where} must be a list" + ("" if open_ended else f" of {len(arguments)}"))
        return tuple(_check_value(v, arguments[0], where) for v in value)
    if origin is typing.Literal:
        _require(value in arguments, f"{where} must be one of {', '.join(arguments)}")
        return value
    if origin is not None:
        _require(isinstance(value, dict), f"{where} must be a table")
        return {k: _check_value(v, arguments[1], f"{where}.{k}") for k, v in value.items()}
    if wanted is Any:
        _require(_is_plain(value), f"{where} must be text, a finite number, true, false, or a list or table of such")
        return value
    if wanted is float and type(value) is int and abs(value) < _LARGEST:
        return float(value)
    _require(type(value) is wanted, f"{where} must be of type {getattr(wanted, '__name__', wanted)}")
    _require(_is_plain(value), f"{where} must be {'text without NUL' if wanted is str else 'a finite number'}")
    return value


def _is_plain(value: Any) -> bool:
    """Whether it is what a card can hold: TOML knows infinite numbers, dates and numbers of any length as well."""
    if isinstance(value, list):
        return all(_is_plain(one) for one in value)
    if isinstance(value, dict):
        return all(_is_plain(one) for one in value.values())
    if isinstance(value, str):
        return "\0" not in value
    return isinstance(value, (bool, int, float)) and -_LARGEST < value < _LARGEST


def _require(right: bool, rule: str) -> None:
    if not right:
        raise ParameterError("recipe-wrong", "{rule}.", "Correct the recipe.", rule=rule)


def _find_broken_bound(options: object) -> str:
    """Find the rule that a number of a dataclass breaks, such as "epochs must be 1 to 1000000"; empty: none does."""
    for name, hint in typing.get_type_hints(type(options), include_extras=True).items():
        for rule in getattr(hint, "__metadata__", ()):
            if isinstance(rule, Within) and not all(
                rule.least <= number <= rule.most for number in _each_number(getattr(options, name))
            ):
                return f"{name} must be {rule.least:.15g} to {rule.most:.15g}"
    return ""


def _each_number(value: Any) -> Iterator[float]:
    """Yield the numbers of a value, of a list, or of a table."""
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, tuple):
        for one in value:
            yield from _each_number(one)
    else:
        yield value

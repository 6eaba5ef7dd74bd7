"""The check of a model: what would be done with it, found out on a few patches by every engine that is usable here."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..config import SegmentConfig
from ..errors import EngineError, ModelError
from ..progress import Reporter
from ..raster.value_range import find_full_range
from .bundle import Model
from .engines import Engine, create_engine, list_engines
from .normalization import normalize
from .registry import load_model
from .scores import decide
from .signature import MEANINGS, Signature, make_probe_patches


@dataclass(frozen=True)
class Trial:
    """What an engine made of a model."""

    engine: str
    """Name of the engine."""
    runs: bool
    """Whether it gives scores."""
    device: str = ""
    """Device and precision."""
    seconds: float = 0.0
    """Time for a patch."""
    agreement: float = 1.0
    """Share of pixels that have the class that the first engine gives them."""
    reason: str = ""
    """Why it gives none."""


@dataclass(frozen=True)
class ModelCheck:
    """What would be done with a model."""

    name: str
    """Name of the model."""
    file: str
    """Its file."""
    classes: tuple[str, ...]
    """Names of its classes."""
    takes: str
    """What goes in."""
    values: str
    """The values of the images that it was trained on."""
    gives: str
    """What comes out."""
    probabilities: bool
    """Whether there is a confidence."""
    notes: tuple[str, ...]
    """What is done otherwise than with our own networks."""
    engines: tuple[Trial, ...]
    """What each engine made of it."""

    def lines(self) -> list[str]:
        """Write the check in lines for people."""
        told = [
            f"model    {self.name}: {', '.join(self.classes)}",
            f"takes    {self.takes}",
            f"values   {self.values}",
            f"gives    {self.gives}",
            *(f"note     {note}" for note in self.notes),
        ]
        for trial in self.engines:
            same = f", the same class for {trial.agreement:.2%} of the pixels" if trial is not self.engines[0] else ""
            state = f"{trial.device}: {trial.seconds * 1000:.0f} ms for a patch{same}" if trial.runs else trial.reason
            told.append(f"engine   {trial.engine}: {state}")
        return told


def check_model(name_or_path: str, *, card: str | Path | None = None, reporter: Reporter | None = None) -> ModelCheck:
    """Find out what would be done with a model.

    Args:
        name_or_path: Name of a shipped or added model, or path of a model file.
        card: TOML that says what a model from elsewhere does not (`card_file.py`).
        reporter: May cancel.

    Raises:
        ModelError: Nothing would: there is no such model, it is not in order, or a map cannot be made of what it gives.
        EngineError: No engine here runs this kind of model.
    """
    model = load_model(name_or_path, card=card, check=(reporter or Reporter()).check)
    keras = model.path.suffix == ".keras"
    names = [info.name for info in list_engines() if info.usable and (info.name == "keras") == keras]
    if not names:
        raise EngineError(
            "engine-none",
            "No engine here runs {model}.",
            "`aerialseg engines` says what is missing.",
            model=model.path.name,
        )
    trials: list[Trial] = []
    signature, first = model.signature, None
    for name in names:
        try:
            engine = create_engine(model, engine=name, threads=SegmentConfig().workers)
            found, seconds = _try_engine(model, engine)
        except (ModelError, EngineError) as error:
            if len(names) == 1:
                raise
            trials.append(Trial(name, runs=False, reason=str(error)))
            continue
        signature, first = engine.signature, found if first is None else first
        same = float(np.mean([np.mean(a == b) for a, b in zip(found, first, strict=True)]))
        device = f"{engine.device}, {engine.precision}"
        trials.append(Trial(name, runs=True, device=device, seconds=seconds, agreement=same))
    if first is None:
        raise ModelError(
            "engine-none-runs",
            "No engine here runs {model}. {reason}",
            "Choose another model.",
            model=model.path.name,
            reason=trials[0].reason,
        )
    return _summarize(model, signature, tuple(sorted(trials, key=lambda trial: not trial.runs)))


def _try_engine(model: Model, engine: Engine) -> tuple[list[NDArray[np.uint8]], float]:
    """Let an engine classify the patches of the probe; the classes, and the seconds that it takes for one."""
    classes, begin = [], 0.0
    full = find_full_range(model.card.dtype)[1]
    for patches in make_probe_patches(len(model.card.bands), model.card.patch, batch=engine.batch, full=full):
        normalized = np.stack([normalize(patch, model.card.bands) for patch in patches])
        begin = time.perf_counter()  # the first ones are warm-up
        scores = engine.predict(normalized)
        seconds = (time.perf_counter() - begin) / engine.batch
        if scores.shape[1] != len(model.card.classes):
            named = len(model.card.classes)
            raise ModelError(
                "model-scores-count",
                "{model} gives scores of {given} classes, its card names {named}.",
                model=model.path.name,
                given=scores.shape[1],
                named=named,
            )
        if not np.isfinite(scores).all():
            raise ModelError(
                "model-scores-nan", "{model} gives scores that are no numbers (NaN or infinite).", model=model.path.name
            )
        classes += [decide(one)[0] for one in scores]
    return classes, seconds


def _summarize(model: Model, signature: Signature, trials: tuple[Trial, ...]) -> ModelCheck:
    card = model.card
    order = "channels last" if signature.channels_last else "channels first"
    scaled = dict.fromkeys(f"(x / {b.scale:.4g} − {b.mean:.4g}) / {b.std:.4g}" for b in card.bands)
    how = "as they are stored" if signature.raw else "; ".join(scaled)
    black, white = card.range or find_full_range(card.dtype)
    low, high = card.gsd_range
    at = "any resolution" if high / low > 1e9 else card.format_gsd_range()
    bands = ", ".join(band.name for band in card.bands)
    return ModelCheck(
        name=card.name,
        file=str(model.path),
        classes=card.classes.names,
        takes=f"{bands} at {at}, patches of {card.patch} px, {signature.dtype}, {order}, {how}",
        values=f"{card.dtype}, {black:g} is black and {white:g} white",
        gives=MEANINGS[signature.meaning],
        probabilities=signature.graded,
        notes=(*model.notes, *signature.notes(card.classes.names)),
        engines=trials,
    )

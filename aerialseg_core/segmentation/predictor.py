"""The predictor: a loaded model that turns a stream of patches into a stream of scores, in order."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from functools import cached_property
from itertools import islice, product

import numpy as np

from ..config import SegmentConfig
from ..errors import ModelError
from ..model.bundle import Model
from ..model.engines import Engine, EngineIdentity, create_engine, identify_engine, make_probe_batch
from ..model.registry import load_model
from ..model.scores import Scores
from ..progress import Check, check_nothing
from .plan import count_streams

Planes = Scores | None
"""A normalized patch of shape (bands, patch, patch), or its scores; None for a window without data."""

CHECK_EVERY = 0.5
"""Seconds after which a run that waits for an engine looks whether it was cancelled."""

GRACE_PERIOD = 5.0
"""Seconds that a run which ends gives to the patches in work."""

THREAD = "predict"
"""Names of the threads in which engines compute begin so."""

_MAX_GROUP = 64


class Predictor:
    """A model in an engine.

    Args:
        model: What to run.
        engine: The engine that has loaded it.
    """

    def __init__(self, model: Model, engine: Engine) -> None:
        self.model = model
        self.engine = engine

    @property
    def notes(self) -> list[str]:
        """What a user should know about the network, in sentences; nothing for our own."""
        return [*self.model.notes, *self.engine.signature.notes(self.model.card.classes.names)]

    @property
    def seconds_per_patch(self) -> float:
        """Measured once, with all streams busy."""
        return self._trial[0]

    @property
    def identity(self) -> EngineIdentity:
        """What tells this engine on this machine from one that computes other bits."""
        return self._trial[1]

    @cached_property
    def _trial(self) -> tuple[float, EngineIdentity]:
        """The time of a patch, and what the engine is, of one and the same trial."""
        batch = make_probe_batch(self.engine, len(self.model.card.bands), self.model.card.patch)
        with ThreadPoolExecutor(self.engine.streams) as pool:
            for _ in range(2):  # the first round is warm-up
                begin = time.perf_counter()
                scores = list(pool.map(self.engine.predict, [batch] * self.engine.streams))
                seconds = time.perf_counter() - begin
        return seconds / (self.engine.streams * self.engine.batch), identify_engine(self.engine, scores[0])

    def predict(
        self, patches: Iterable[Planes], *, tta: int = 1, check: Check = check_nothing
    ) -> Generator[Planes, None, None]:
        """Predict the scores of each patch, in order; several are computed at a time, two more wait for a free stream.

        Args:
            patches: Normalised patches of shape (bands, patch, patch); None is passed on.
            tta: Rotations and mirrors to average over: 1, 4 or 8.
            check: Called again and again while an engine is waited for; raises to give up.

        Yields:
            Scores of shape (classes, patch, patch).
        """
        pending: deque[Future[list[Planes]]] = deque()
        pool = ThreadPoolExecutor(self.engine.streams, thread_name_prefix=THREAD)
        try:
            for group in _group_patches(patches, self.engine.batch):
                pending.append(pool.submit(self._predict_group, group, tta))
                if len(pending) > self.engine.streams + 1:
                    yield from _take_first(pending, check)
            while pending:
                yield from _take_first(pending, check)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            # a network that never ends must not keep the run from ending
            wait([one for one in pending if not one.cancelled()], GRACE_PERIOD)

    def _predict_group(self, group: list[Planes], tta: int) -> list[Planes]:
        patches = [patch for patch in group if patch is not None]
        if not patches:
            return group
        if self.engine.batch == 1:
            batch = patches[0][None]
        else:
            batch = np.zeros((self.engine.batch, *patches[0].shape), np.float32)
            for slot, patch in zip(batch, patches, strict=False):
                slot[:] = patch
        scores = predict_augmented(self.engine, batch, tta)
        classes = len(self.model.card.classes)
        if scores.shape[1] != classes:
            raise ModelError(f"The model gives scores of {scores.shape[1]} classes, its card names {classes}.")
        if scores.shape[2:] != batch.shape[2:]:
            given, wanted = (f"{rows} × {cols} px" for rows, cols in (scores.shape[2:], batch.shape[2:]))
            raise ModelError(f"The model gives scores of {given} for patches of {wanted}.", "It cannot be used here.")
        ordered = iter(scores)
        return [None if patch is None else next(ordered) for patch in group]


def load_predictor(config: SegmentConfig, *, check: Check = check_nothing) -> Predictor:
    """Load the model of a run into the engine of the run.

    Args:
        config: What to run, with what.
        check: Called while a network from elsewhere is tried; raises to give up.

    Raises:
        ModelError: There is no such model, or it cannot be used.
        EngineError: The engine is not usable here.
    """
    model = load_model(config.model, check=check)
    engine = create_engine(model, engine=config.engine, device=config.device, threads=count_streams(model.card, config))
    if not engine.resizes:  # windows then have the side of the card
        model = replace(model, card=replace(model.card, fixed_patch=True))
    return Predictor(model, engine)


def predict_augmented(engine: Engine, batch: Scores, tta: int) -> Scores:
    """Predict the mean scores over the rotations (4), or the rotations and mirrors (8), of the square.

    Returns:
        Shape (n, classes, rows, cols).
    """
    total = engine.predict(batch)
    if tta == 1:
        return total
    symmetries = product((False, True)[: max(tta // 4, 1)], range(min(tta, 4)))
    for mirrored, turns in islice(symmetries, 1, None):  # the first one is the identity
        view = np.rot90(batch[..., ::-1] if mirrored else batch, turns, axes=(2, 3))
        scores = np.rot90(engine.predict(np.ascontiguousarray(view)), -turns, axes=(2, 3))
        total += scores[..., ::-1] if mirrored else scores
    total *= np.float32(1 / tta)
    return total


def _take_first(pending: deque[Future[list[Planes]]], check: Check) -> list[Planes]:
    """Wait for the scores that were asked for first, and take them out of those that are pending."""
    while not wait([pending[0]], CHECK_EVERY).done:
        check()
    return pending.popleft().result()


def _group_patches(patches: Iterable[Planes], batch: int) -> Iterator[list[Planes]]:
    """Group patches, `batch` of them that have data in each group (fewer in the last one)."""
    group: list[Planes] = []
    count = 0
    for patch in patches:
        group.append(patch)
        count += patch is not None
        if count == batch or len(group) == _MAX_GROUP:
            yield group
            group, count = [], 0
    if group:
        yield group

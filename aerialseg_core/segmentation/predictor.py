"""The predictor: a loaded model that turns a stream of patches into a stream of scores, in order."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from functools import cached_property
from itertools import islice, product

import numpy as np

from ..config import SegmentConfig
from ..errors import ModelError
from ..model.bundle import Model
from ..model.engines import Engine, EngineIdentity, choose_engine, create_engine, identify_engine, make_probe_batch
from ..model.registry import load_model
from ..model.scores import Scores
from ..progress import Check, check_nothing
from .engine_facts import EngineFacts, keep_facts, name_facts, recall_facts
from .patch_grid import estimate_cost
from .plan import count_streams

Planes = Scores | None
"""A normalized patch of shape (bands, patch, patch), or its scores; None for a window without data."""

CHECK_EVERY = 0.5
"""Seconds after which a run that waits for an engine looks whether it was cancelled."""

GRACE_PERIOD = 5.0
"""Seconds that a run which ends gives to the patches in work."""

THREAD = "predict"
"""Names of the threads in which engines compute begin so."""

TIMED = 0.25
"""Seconds for which the speed of an engine is measured, or a round longer: other programs slow some rounds down."""

_MAX_GROUP = 64


class Predictor:
    """A model in an engine.

    Args:
        model: What to run.
        engine: The engine that has loaded it, or what loads it for patches of a side.
        known_as: Name under which is kept how fast it is (`engine_facts.name_facts`); None to find it out anew.
    """

    def __init__(self, model: Model, engine: Engine | Callable[[int], Engine], known_as: str | None = None) -> None:
        self.model = model
        self._known_as = known_as
        self._load: Callable[[int], Engine] | None = None
        self._side = model.card.patch
        self._loading: Future[Engine] = Future()
        self._identities: dict[int, EngineIdentity] = {}
        if callable(engine):
            self._load = engine
        else:
            self._loading.set_result(engine)

    def prepare(self, side: int) -> None:
        """Begin to load the engine for patches of this side, in another thread, unless it is loaded or about to be."""
        if load := self._load:
            self._load, self._side = None, side
            pool = ThreadPoolExecutor(1, thread_name_prefix=THREAD)
            self._loading = pool.submit(load, side)
            pool.shutdown(wait=False)

    @property
    def engine(self) -> Engine:
        """The engine; waits until it is loaded, and raises as `create_engine` if it cannot be."""
        self.prepare(self.model.card.patch)
        return self._loading.result()

    @cached_property
    def facts(self) -> EngineFacts:
        """What a plan says of the engine; its time is measured with all streams busy, or was by an earlier run.

        It is measured on patches of the side that the engine was loaded for, so that it is compiled for no other one.
        """
        if self._known_as and (facts := recall_facts(self._known_as)):
            return facts
        engine = self.engine
        batch = make_probe_batch(engine, len(self.model.card.bands), self._side)
        with ThreadPoolExecutor(engine.streams) as pool:
            rounds = [_time_round(pool, engine, batch) for _ in range(2)][1:]  # the first one is warm-up
            while sum(rounds) < TIMED:
                rounds.append(_time_round(pool, engine, batch))
        cost = estimate_cost(self._side, self.model.card.patch)
        seconds = float(np.median(rounds)) / (engine.streams * engine.batch * cost)
        notes = (*self.model.notes, *engine.signature.notes(self.model.card.classes.names))
        text = f"{engine.name}, {engine.device}, {engine.precision}"
        facts = EngineFacts(text, seconds, engine.resizes, notes, engine.kept_as, engine.seconds_to_compile)
        if self._known_as:
            if not facts.seconds_to_compile and (earlier := recall_facts(self._known_as, aged=True)):
                facts = replace(facts, seconds_to_compile=earlier.seconds_to_compile)
            keep_facts(self._known_as, facts)
        return facts

    @property
    def identity(self) -> EngineIdentity:
        """What tells this engine on this machine from one that computes other bits."""
        return self.identify(self.model.card.patch)

    def identify(self, side: int) -> EngineIdentity:
        """Identify the engine by its scores for patches of this side, which its code may be made for."""
        if side not in self._identities:
            batch = make_probe_batch(self.engine, len(self.model.card.bands), side)
            self._identities[side] = identify_engine(self.engine, self.engine.predict(batch))
        return self._identities[side]

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
            raise ModelError(
                "model-scores-classes",
                "The model gives scores of {given} classes, its card names {classes}.",
                given=scores.shape[1],
                classes=classes,
            )
        if scores.shape[2:] != batch.shape[2:]:
            given, wanted = (f"{rows} × {cols} px" for rows, cols in (scores.shape[2:], batch.shape[2:]))
            raise ModelError(
                "model-scores-odd",
                "The model gives scores of {given} for patches of {wanted}.",
                "It cannot be used here.",
                given=given,
                wanted=wanted,
            )
        ordered = iter(scores)
        return [None if patch is None else next(ordered) for patch in group]


def _time_round(pool: ThreadPoolExecutor, engine: Engine, batch: Scores) -> float:
    """Measure the seconds that an engine takes to compute a batch in each of its streams."""
    begin = time.perf_counter()
    list(pool.map(engine.predict, [batch] * engine.streams))
    return time.perf_counter() - begin


def load_predictor(config: SegmentConfig, *, check: Check = check_nothing, later: bool = False) -> Predictor:
    """Load the model of a run into the engine of the run.

    Args:
        config: What to run, with what.
        check: Called while a network from elsewhere is tried; raises to give up.
        later: Whether the engine may be loaded when it is known for which patches (`Predictor.prepare`), in another
            thread; what is wrong with it is raised where the engine is needed.

    Raises:
        ModelError: There is no such model, or it cannot be used.
        EngineError: The engine is not usable here.
    """
    model = load_model(config.model, check=check)
    threads = count_streams(model.card, config)

    def load(side: int) -> Engine:
        return create_engine(
            replace(model, card=replace(model.card, patch=side)),  # the engine is made for patches of this side
            engine=config.engine,
            device=config.device,
            threads=threads,
            precision=config.precision,
        )

    name = name_facts(model, config, threads)
    if not later or not model.network:  # Keras stays in the thread that has loaded it
        engine = load(model.card.patch)
        return Predictor(fit_card(model, resizes=engine.resizes), engine, name)
    told = recall_facts(name) or choose_engine(model, engine=config.engine, device=config.device)
    return Predictor(fit_card(model, resizes=told.resizes), load, name)


def fit_card(model: Model, *, resizes: bool) -> Model:
    """Let the card say that windows have its side, where the engine takes no patches of another one."""
    return model if resizes else replace(model, card=replace(model.card, fixed_patch=True))


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

"""What a plan says of an engine, kept in the user's cache, so that nothing is compiled and timed only to say it again.

No pixel depends on it: whether an engine gives the scores that others gave is found out in every run (`Predictor`).
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, fields
from importlib import metadata

from .. import __version__
from ..config import SegmentConfig
from ..files.cache import make_key, read_entry, write_entry
from ..model.bundle import Model
from ..model.engines import ORDER, is_compiled
from ..model.processor import describe_processor

KNOWN_FOR = 86400.0
"""Seconds after which an engine is timed again: the machine may have been busy with other things."""

_KIND = "engines"


@dataclass(frozen=True)
class EngineFacts:
    """What a plan says of an engine that has loaded a model."""

    text: str
    """Name, device and precision."""
    seconds_per_patch: float
    """Time of a patch when all streams are busy."""
    resizes: bool = True
    """Whether it takes patches of another side than the card's."""
    notes: tuple[str, ...] = ()
    """What a user should know about the network, in sentences; nothing for our own."""
    kept_as: str = ""
    """Name of what it compiles in the user's cache, as `Engine` has it."""
    seconds_to_compile: float = 0.0
    """What it took to compile the network for patches of one side; 0 where nothing is kept, or it is not known."""

    def estimate_start(self, side: int) -> float:
        """Estimate the seconds that compiling for patches of a side takes; 0 where an earlier run has done it."""
        return 0.0 if is_compiled(self.kept_as, side) else self.seconds_to_compile


def name_facts(model: Model, config: SegmentConfig, threads: int) -> str:
    """Name the facts by all that they depend on.

    Args:
        model: The model.
        config: Which engine is asked for, on which device and in which precision.
        threads: Its threads.
    """
    wanted = config.engine, config.device, config.precision, threads
    packages = [(name, _find_version(name)) for name in ("onnxruntime-gpu", *ORDER)]
    told = [one.name for one in fields(EngineFacts)]  # another state of the program may tell other things
    return make_key(model.sha256, model.notes, wanted, packages, describe_processor(), __version__, told)


def recall_facts(name: str, *, aged: bool = False) -> EngineFacts | None:
    """Recall what an earlier run has kept; None if there is nothing, or it is too old, unless it may be `aged`."""
    stored = read_entry(_KIND, name)
    if stored is None:
        return None
    then, facts = json.loads(stored)
    if not aged and not 0 <= time.time() - then < KNOWN_FOR:
        return None
    return EngineFacts(**{**facts, "notes": tuple(facts["notes"])})


def keep_facts(name: str, facts: EngineFacts) -> None:
    """Keep what was found out."""
    write_entry(_KIND, name, json.dumps([time.time(), asdict(facts)]).encode())


def _find_version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""

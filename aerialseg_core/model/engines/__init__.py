"""Engines: what runs the network. One small protocol, one file per engine, one rule that chooses."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module, metadata
from pathlib import Path
from typing import Protocol

import numpy as np

from ...errors import EngineError
from ...files.cache import has_entry, make_key
from ...sentences import Sentence
from ..bundle import Model
from ..scores import Scores
from ..signature import Signature

ORDER = ("openvino", "onnxruntime", "keras")
"""All engines, as fast on a CPU as they were measured with the shipped model (docs/benchmarks.md)."""

COMPILED = "openvino"
"""Kind of the entries of the user's cache that hold compiled networks."""


class Engine(Protocol):
    """A network that is loaded and ready.

    `predict` may be called from `streams` threads at once; the scores of a patch depend on nothing but the patch, the
    engine, and the device.
    """

    name: str
    """onnxruntime, openvino or keras."""
    device: str
    """The device that is really used, for people."""
    precision: str
    """fp32, bf16, int8, …"""
    streams: int
    """Calls of `predict` that pay at the same time."""
    batch: int
    """Patches that one call takes, always exactly this many."""
    resizes: bool
    """Whether it takes patches of any side that the network takes, and is about as fast on larger ones."""
    kept_as: str
    """Name of what it compiles in the user's cache, but for the side of the patches; empty where nothing is kept."""
    seconds_to_compile: float
    """What it took to compile for the side it has; 0 where it was not compiled now."""
    signature: Signature
    """What the network takes and gives; `predict` hides it."""

    def predict(self, patches: Scores) -> Scores:
        """Give class probabilities, (batch, classes, rows, cols), of normalized (batch, bands, rows, cols)."""
        ...


@dataclass(frozen=True)
class EngineIdentity:
    """What tells an engine on one machine from one that computes other bits."""

    name: str
    version: str
    """Of the package; empty if it is none."""
    precision: str
    probe: str
    """Fingerprint of its scores for a fixed patch (`identify_engine`)."""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, self.version, self.precision)))


@dataclass(frozen=True)
class EngineInfo:
    """Whether an engine can be used here, and how it would run."""

    name: str
    usable: bool
    device: str = ""
    precision: str = ""
    reason: str = ""
    """Why it cannot be used, with the remedy."""
    resizes: bool = False
    """As that of the `Engine`."""
    preferred: bool = False
    """Whether it has a GPU, which makes it faster than any engine on the CPU."""


def list_engines() -> list[EngineInfo]:
    """List what is usable here, on which device and precision, and why the rest is not; in the order of preference."""
    infos: list[EngineInfo] = [import_module(f".{name}", __name__).detect() for name in ORDER]
    return sorted(infos, key=lambda info: (not info.usable, not info.preferred))


def is_compiled(kept_as: str, side: int) -> bool:
    """Whether the user's cache has what an engine has compiled under this name (`Engine.kept_as`) for a side."""
    return has_entry(COMPILED, name_compiled(kept_as, side))


def name_compiled(kept_as: str, side: int) -> str:
    """Name the entry of the user's cache that holds what is compiled for patches of a side."""
    return make_key(kept_as, side)


def explain_unused_gpu(device: str = "auto") -> str:
    """Explain why a GPU that is there is not used; empty if none is there, or it is used, or nobody wants it.

    Args:
        device: auto, cpu or gpu, as asked for.
    """
    there = Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None
    if device == "cpu" or not there or any(info.preferred for info in list_engines()):
        return ""
    return Sentence(
        "gpu-unused",
        "The NVIDIA GPU of this machine is not used, as no engine here runs on it: pip uninstall onnxruntime, then "
        "pip install onnxruntime-gpu.",
    )


def make_probe_batch(engine: Engine, bands: int, patch: int) -> Scores:
    """Make the patches of which an engine's scores tell what it is: the same on every machine, and of no pattern.

    Returns:
        Shape (batch, bands, patch, patch), values from -2 to 2 as normalized ones have.
    """
    shape = engine.batch, bands, patch, patch
    mixed = np.arange(np.prod(shape), dtype=np.uint32) * np.uint32(2654435761)  # Knuth's multiplicative hash
    return ((mixed >> np.uint32(8)).astype(np.float32) * np.float32(2**-22) - np.float32(2)).reshape(shape)


def identify_engine(engine: Engine, scores: Scores) -> EngineIdentity:
    """Identify an engine by its package, its precision, and its scores for `make_probe_batch`.

    Where processors, libraries or precisions differ, so do the last digits of scores, and then some pixels of a map.
    """
    try:
        version = metadata.version(engine.name)
    except metadata.PackageNotFoundError:  # ONNX Runtime for GPUs has another name
        version = str(getattr(sys.modules.get(engine.name), "__version__", ""))
    probe = hashlib.sha256(np.ascontiguousarray(scores).tobytes()).hexdigest()[:16]
    return EngineIdentity(engine.name, version, engine.precision, probe)


def create_engine(
    model: Model, *, engine: str = "auto", device: str = "auto", threads: int = 1, precision: str = "auto"
) -> Engine:
    """Load a model into an engine.

    Args:
        model: What to run.
        engine: auto, onnxruntime, openvino or keras; auto takes the first of `list_engines` that runs this file.
        device: auto, cpu or gpu.
        threads: CPU threads to use.
        precision: auto or full: whether a network may compute in bytes where that is faster.

    Raises:
        EngineError: The engine is not usable here, does not run this kind of model, or lacks the device.
        ModelError: The engine does not accept the network.
    """
    engine = choose_engine(model, engine=engine, device=device).name
    if precision == "full":
        model = replace(model, card=replace(model.card, activations=None))
    load: Callable[[Model, str, int], Engine] = import_module(f".{engine}", __name__).load
    return load(model, device, threads)


def choose_engine(model: Model, *, engine: str = "auto", device: str = "auto") -> EngineInfo:
    """Choose the engine that `create_engine` takes; one that is named may turn out not to be usable.

    Raises:
        EngineError: None is usable here, or the one that is named does not run this kind of model.
    """
    runs_keras = model.path.suffix == ".keras"
    if engine == "auto":
        candidates = [i for i in list_engines() if i.usable and (i.name == "keras") == runs_keras]
        if device == "gpu":
            candidates = [i for i in candidates if "GPU" in i.device] or candidates
        if not candidates:
            kind = "Keras" if runs_keras else "ONNX"
            raise EngineError(
                "engine-no-kind",
                "No engine here runs {kind} models.",
                "`aerialseg engines` says what is missing.",
                kind=kind,
            )
        return candidates[0]
    if (engine == "keras") != runs_keras:
        fitting = "--engine keras" if runs_keras else "--engine onnxruntime or openvino, or a .keras file"
        raise EngineError(
            "engine-unfit",
            "The engine {engine} does not run {model}.",
            "Use {fitting}.",
            engine=engine,
            model=model.path.name,
            fitting=fitting,
        )
    info: EngineInfo = import_module(f".{engine}", __name__).detect()
    return info

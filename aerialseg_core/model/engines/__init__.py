"""Engines: what runs the network. One small protocol, one file per engine, one rule that chooses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from ...errors import EngineError
from ..bundle import Model
from ..scores import Scores
from ..signature import Signature

ORDER = ("openvino", "onnxruntime", "keras")
"""All engines, as fast on a CPU as they were measured with the shipped model (docs/benchmarks.md)."""


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
    """fp32, bf16, …"""
    streams: int
    """Calls of `predict` that pay at the same time."""
    batch: int
    """Patches that one call takes, always exactly this many."""
    signature: Signature
    """What the network takes and gives; `predict` hides it."""

    def predict(self, patches: Scores) -> Scores:
        """Give class probabilities, (batch, classes, rows, cols), of normalized (batch, bands, rows, cols)."""
        ...


@dataclass(frozen=True)
class EngineInfo:
    """Whether an engine can be used here, and how it would run."""

    name: str
    usable: bool
    device: str = ""
    precision: str = ""
    reason: str = ""
    """Why it cannot be used, with the remedy."""
    preferred: bool = False
    """Whether it has a GPU, which makes it faster than any engine on the CPU."""


def list_engines() -> list[EngineInfo]:
    """List what is usable here, on which device and precision, and why the rest is not; in the order of preference."""
    infos: list[EngineInfo] = [import_module(f".{name}", __name__).detect() for name in ORDER]
    return sorted(infos, key=lambda info: (not info.usable, not info.preferred))


def create_engine(model: Model, *, engine: str = "auto", device: str = "auto", threads: int = 1) -> Engine:
    """Load a model into an engine.

    Args:
        model: What to run.
        engine: auto, onnxruntime, openvino or keras; auto takes the first of `list_engines` that runs this file.
        device: auto, cpu or gpu.
        threads: CPU threads to use.

    Raises:
        EngineError: The engine is not usable here, does not run this kind of model, or lacks the device.
        ModelError: The engine does not accept the network.
    """
    runs_keras = model.path.suffix == ".keras"
    if engine == "auto":
        candidates = [i for i in list_engines() if i.usable and (i.name == "keras") == runs_keras]
        if device == "gpu":
            candidates = [i for i in candidates if "GPU" in i.device] or candidates
        if not candidates:
            kind = "Keras" if runs_keras else "ONNX"
            raise EngineError(f"No engine here runs {kind} models.", "`aerialseg engines` says what is missing.")
        engine = candidates[0].name
    elif (engine == "keras") != runs_keras:
        fitting = "--engine keras" if runs_keras else "--engine onnxruntime or openvino, or a .keras file"
        raise EngineError(f"The engine {engine} does not run {model.path.name}.", f"Use {fitting}.")
    load: Callable[[Model, str, int], Engine] = import_module(f".{engine}", __name__).load
    return load(model, device, threads)

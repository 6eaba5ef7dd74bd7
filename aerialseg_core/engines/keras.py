"""Keras 3: runs a trained `.keras` file as it is, with whichever backend is installed."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from ..card import Card
from ..errors import EngineError, ModelError
from . import EngineInfo, Scores

BATCH = 8
"""Patches in one call; always full, so that a patch is computed alike wherever it stands."""

_BACKENDS = {"tensorflow": "tensorflow", "jax": "jax", "torch": "torch"}


class KerasEngine:
    """Runs a Keras network; Keras wants channels last."""

    name = "keras"
    precision = "fp32"
    streams = 1
    batch = BATCH

    def __init__(self, path: Path, device: str) -> None:
        import keras

        try:
            self._network: Any = keras.saving.load_model(path, compile=False, safe_mode=True)
        except (ValueError, TypeError, OSError, KeyError) as error:
            raise ModelError(
                f"Keras does not load {path}: {str(error).splitlines()[0]}.", "Train or export the model again."
            ) from error
        self.device = f"{device} ({keras.backend.backend()})"

    def predict(self, patches: Scores) -> Scores:
        """Class probabilities, (batch, classes, rows, cols), of normalised patches, (batch, bands, rows, cols)."""
        scores = self._network.predict_on_batch(np.ascontiguousarray(patches.transpose(0, 2, 3, 1)))
        return np.ascontiguousarray(np.asarray(scores, np.float32).transpose(0, 3, 1, 2))


def info() -> EngineInfo:
    """Whether Keras and one of its backends are installed; nothing is imported."""
    wanted = os.environ.get("KERAS_BACKEND", "tensorflow")
    if find_spec("keras") is None:
        return EngineInfo("keras", False, reason='not installed: pip install "aerialseg[train]"')
    if find_spec(_BACKENDS.get(wanted, wanted)) is None:
        return EngineInfo("keras", False, reason=f"its backend {wanted} is not installed: set KERAS_BACKEND")
    return EngineInfo("keras", True, "CPU or GPU, as its backend finds", "fp32")


def load(network: bytes | Path, card: Card, device: str, threads: int) -> KerasEngine:
    """Load a `.keras` file.

    Raises:
        EngineError: Keras is not installed.
        ModelError: The file is damaged or needs code of its own.
    """
    found = info()
    if not found.usable or not isinstance(network, Path):
        raise EngineError("Keras is not usable here.", found.reason)
    if device == "cpu":
        os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    return KerasEngine(network, "CPU" if device == "cpu" else "default device")

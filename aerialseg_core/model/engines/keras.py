"""Keras 3: runs a trained `.keras` file as it is, with whichever backend is installed."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import EngineError, ModelError, find_cause
from ..bundle import Model
from ..probe import TINY
from ..scores import Scores
from ..signature import TAKEN, NetworkSpec, Signature, infer_output, make_probe_patches
from . import EngineInfo

BATCH = 8
"""Patches in one call; always full, so that a patch is computed alike wherever it stands."""

_AGAIN = "Get the model file again."
_BACKENDS = {"tensorflow": "tensorflow", "jax": "jax", "torch": "torch"}


class KerasEngine:
    """Runs a Keras network; Keras wants channels last."""

    name = "keras"
    resizes = False
    precision = "fp32"
    kept_as = ""
    seconds_to_compile = 0.0
    streams = 1
    batch = BATCH

    def __init__(self, model: Model, device: str) -> None:
        import keras

        try:
            self._network: Any = keras.saving.load_model(model.path, compile=False, safe_mode=True)
        except (ValueError, TypeError, OSError, KeyError, AttributeError, ImportError) as error:
            raise ModelError(
                "keras-loads-not",
                "Keras does not load {model}: {cause}.",
                "Train or export the model again.",
                model=model.path,
                cause=find_cause(error),
            ) from error
        self.device = f"{device} ({keras.backend.backend()})"
        self.signature = self._find_signature(model)

    def predict(self, patches: Scores) -> Scores:
        """Give class probabilities, (batch, classes, rows, cols), of normalized (batch, bands, rows, cols)."""
        found = self._run(patches, self.signature)[self.signature.output]
        return self.signature.to_scores(found, patches.shape[2])

    def _run(self, patches: Scores, signature: Signature) -> list[NDArray[Any]]:
        """Every output for some patches."""
        import keras

        try:
            found = self._network.predict_on_batch(signature.feed(patches))
        except (ValueError, TypeError, RuntimeError, MemoryError) as error:  # TensorFlow's errors are RuntimeErrors
            raise EngineError(
                "keras-failed", "Keras failed: {cause}.", "Train or export the model again.", cause=find_cause(error)
            ) from error
        return [np.asarray(one) for one in keras.tree.flatten(found)]

    def _find_signature(self, model: Model) -> Signature:
        """Find out how the network is used.

        Raises:
            ModelError: It is not what its card says, or not one that a map can be made with.
        """
        name, card = model.path.name, model.card
        inputs = self._network.inputs
        if len(inputs) != 1 or len(inputs[0].shape) != 4:
            raise ModelError(
                "model-inputs", "{name} takes something else than one image.", "Choose a segmentation model.", name=name
            )
        _, rows, cols, bands = inputs[0].shape
        if bands != len(card.bands) or any(n not in (None, card.patch) for n in (rows, cols)):
            wanted = f"{len(card.bands)} bands and patches of {card.patch} px"
            raise ModelError(
                "model-input-shape",
                "{name} takes images of {rows} × {cols} × {bands}, its card says {wanted}.",
                _AGAIN,
                name=name,
                rows=rows,
                cols=cols,
                bands=bands,
                wanted=wanted,
            )
        dtype = str(inputs[0].dtype)
        if dtype not in TAKEN:
            raise ModelError(
                "model-input-type",
                "The input of {name} is of type {dtype}.",
                "Choose a segmentation model.",
                name=name,
                dtype=dtype,
            )
        signature = self._read_signature(dtype) or self._infer_signature(
            dtype, card.patch if rows else min(card.patch, TINY), model
        )
        if signature.classes != len(card.classes):
            given = f"{signature.classes} classes, its card names {len(card.classes)}"
            raise ModelError("model-scores-shape", "{name} gives scores of {given}.", _AGAIN, name=name, given=given)
        return signature

    def _read_signature(self, dtype: str) -> Signature | None:
        """Read the signature of a network that ends in a softmax over the classes, as ours do; None of any other."""
        shapes = [one.shape for one in self._network.outputs]
        if len(shapes) != 1 or len(shapes[0]) != 4 or not _ends_in(self._network, "softmax"):
            return None
        return Signature(dtype=dtype, channels_last=True, batch=BATCH, layout="NHWC", classes=int(shapes[0][3]))

    def _infer_signature(self, dtype: str, side: int, model: Model) -> Signature:
        """Infer the signature of a network from what it gives for the patches of the probe."""
        taken = Signature(dtype=dtype, channels_last=True)
        full = 255.0 if taken.raw else 1.0
        patches = make_probe_patches(len(model.card.bands), side, batch=BATCH, full=full)
        values = [self._run(patch, taken) for patch in patches]
        outputs = tuple(one.name for one in self._network.outputs)
        activated = _ends_in(self._network, "softmax", "sigmoid")
        readings = tuple(
            infer_output(one, found, batch=BATCH, side=side, activated=activated)
            for one, *found in zip(outputs, *values, strict=True)
        )
        seen = NetworkSpec(dtype, True, BATCH, len(model.card.bands), side, outputs, readings)
        return seen.to_signature(named=len(model.card.classes), threshold=0.0, model=model.path.name)


def detect() -> EngineInfo:
    """Find out whether Keras and one of its backends are installed; nothing is imported."""
    wanted = os.environ.get("KERAS_BACKEND", "tensorflow")
    if find_spec("keras") is None:
        return EngineInfo("keras", False, reason='not installed: pip install "aerialseg[train]"')
    if find_spec(_BACKENDS.get(wanted, wanted)) is None:
        return EngineInfo("keras", False, reason=f"its backend {wanted} is not installed: set KERAS_BACKEND")
    return EngineInfo("keras", True, "CPU or GPU, as its backend finds", "fp32")


def load(model: Model, device: str, threads: int) -> KerasEngine:
    """Load a `.keras` file.

    Raises:
        EngineError: Keras is not installed.
        ModelError: The file is damaged, needs code of its own, or is not what its card says.
    """
    found = detect()
    if not found.usable:
        raise EngineError("keras-not-usable", "Keras is not usable here.", "{reason}", reason=found.reason)
    if device == "cpu":
        os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    return KerasEngine(model, "CPU" if device == "cpu" else "default device")


def _ends_in(network: Any, *names: str) -> bool:
    """Whether the last layer is one of these activations, or has it."""
    last = network.layers[-1]
    activation = getattr(getattr(last, "activation", None), "__name__", "")
    return activation in names or type(last).__name__.lower() in names

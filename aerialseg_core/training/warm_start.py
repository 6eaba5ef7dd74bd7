"""Warm start: the weights of a trained model as the beginning of another (transfer learning)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from ..errors import ModelError
from ..model.registry import load_model
from ..sentences import Sentence
from .bundle_weights import LayerWeights, read_weights


def transfer_weights(model: keras.Model, source: str | Path, classes: Sequence[str]) -> str:
    """Give a network the weights of a trained one, layer by layer, where name and shapes are the same.

    A layer whose last axis is that of the classes takes over the weights of the classes of the same name; a class that
    the trained one does not know keeps its fresh weights.

    Args:
        model: Fresh network; changed in place.
        source: Bundle or `*.keras` file that `aerialseg train` has written, or the name of a shipped model.
        classes: Names of the classes of `model`, in the order of its scores.

    Returns:
        What was taken over, in a sentence for people.

    Raises:
        ModelError: The file is no model that can be loaded safely, does not say which weights are which, or nothing of
            it fits.
    """
    trained = load_model(str(source))
    path, card = trained.path, trained.card
    known = _load_keras(path) if path.suffix == ".keras" else read_weights(trained)
    same = [(classes.index(name), i) for i, name in enumerate(card.classes.names) if name in classes]
    fitting = 0
    layers = [layer for layer in model.layers if layer.weights]
    for layer in layers:
        if layer.name in known:
            fitting += _take_over(layer, known[layer.name], same, len(card.classes))
    if not fitting:
        raise ModelError(
            "start-fits-not",
            "No layer of {path} fits this network.",
            "Name the network of that model in the recipe.",
            path=path,
        )
    return Sentence(
        "starts-from",
        "starts from {model}: {fitting} of {layers} layers, {known} of {classes} classes are known to it",
        model=path.name,
        fitting=fitting,
        layers=len(layers),
        known=len(same),
        classes=len(classes),
    )


def _load_keras(path: Path) -> LayerWeights:
    try:
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
    except (ValueError, TypeError, OSError, KeyError) as error:
        raise ModelError(
            "start-loads-not",
            "Keras does not load {model}: {cause}.",
            "Give a file that `aerialseg train` wrote.",
            model=path,
            cause=str(error).splitlines()[0],
        ) from error
    return {layer.name: layer.get_weights() for layer in model.layers}


def _take_over(
    layer: keras.Layer, weights: Sequence[NDArray[np.float32]], same: Sequence[tuple[int, int]], classes: int
) -> bool:
    """Give a layer weights, all of them or those of the same classes; whether it could take them."""
    own = layer.get_weights()
    if len(own) != len(weights):
        return False
    is_head = layer.name in ("logits", "scores")  # networks end in one of these; others may chance to have as many
    shapes = [(a.shape[:-1], b.shape[:-1], b.shape[-1]) for a, b in zip(own, weights, strict=True)]
    if is_head and all(a == b and n == classes for a, b, n in shapes):
        for mine, theirs in zip(own, weights, strict=True):
            for to, origin in same:
                mine[..., to] = theirs[..., origin]
        layer.set_weights(own)
        return True
    if [w.shape for w in own] == [w.shape for w in weights] and not is_head:
        layer.set_weights(list(weights))
        return True
    return False

"""Export of a trained network as a model bundle."""

from __future__ import annotations

import os
import subprocess
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import onnx
from numpy.typing import NDArray

from .. import environ
from ..datasets.pairs import Pair
from ..datasets.rasters import read_image
from ..errors import ModelError
from ..files.outputs import write_atomically
from ..model.bundle import save_bundle
from ..model.card import Band, Card
from ..model.normalization import normalize
from ..model.quantization import Activations, measure_activations, open_session, quantize
from ..model.registry import KERAS_CARD
from ..raster.window import Window

TOLERANCE = 1e-3
"""Largest difference of a score between the exported and the trained network."""

LEAST_AGREEMENT = 0.98
"""Share of pixels that must keep their class for a network to be computed in bytes."""

_SIDE = 256
_SAMPLES = 4
_CALIBRATION = 24
"""Patches that tell between which values the feature maps lie."""


def export_bundle(
    model: keras.Model, card: Card, output: Path, *, pairs: Sequence[Pair], overwrite: bool, folder: Path
) -> None:
    """Write a network as a bundle, and as a Keras model beside it; both carry the card.

    That of the bundle tells besides between which values its feature maps lie.

    Args:
        model: Network for (batch, rows, cols, bands).
        card: Its card.
        output: Bundle to write, `*.onnx`.
        pairs: Pairs whose images show that both networks compute the same, and between which values.
        overwrite: Whether existing files may be replaced.
        folder: For temporary files.

    Raises:
        DataError: An image is unreadable.
        ModelError: A weight is no number, the conversion failed, or its result computes something else.
        OutputError: A file exists or cannot be written.
    """
    require_finite_weights(model)
    saved = folder / "model.keras"
    model.save(saved)
    with zipfile.ZipFile(saved, "a") as archive:
        archive.writestr(KERAS_CARD, card.to_json())
    network = convert_to_onnx(saved, folder / "model.onnx")
    difference = measure_difference(model, network, _read_patches(pairs, card.bands, _SAMPLES, _SIDE))
    if not difference <= TOLERANCE:  # NaN is no difference that may be
        raise ModelError(
            "export-differs",
            "The exported network's scores differ by {difference:.2g} from the trained one's.",
            difference=difference,
        )
    card = replace(card, activations=calibrate_activations(network, card, pairs))
    with write_atomically(output.with_suffix(".keras"), overwrite=overwrite) as temporary:
        os.replace(saved, temporary)
        save_bundle(network, card, output, overwrite=overwrite)


def require_finite_weights(model: keras.Model) -> None:
    """Refuse a network that training has driven beyond what numbers can hold.

    Raises:
        ModelError: A weight is infinite or NaN.
    """
    for weight in model.weights:
        if not np.isfinite(np.asarray(keras.ops.convert_to_numpy(weight.value), np.float32)).all():
            raise ModelError(
                "weights-diverged",
                "The weights {weights} are no numbers any more (NaN or infinite): the training has diverged.",
                "Set a lower [optimiser] learning_rate in the recipe, and see that the images hold no absurd values.",
                weights=weight.path,
            )


def convert_to_onnx(saved: Path, target: Path) -> onnx.ModelProto:
    """Convert a saved Keras model to ONNX in a process of its own, since that needs the TensorFlow backend.

    Args:
        saved: `*.keras`.
        target: ONNX file to write.

    Returns:
        Network with the NCHW input "input" and the NCHW output "scores"; batch, rows and cols are dynamic;
        `save_bundle` fixes rows and cols to the card's patch.

    Raises:
        ModelError: The conversion failed.
    """
    command = environ.isolated(f"{__package__}.conversion", saved, target)
    environment = {**os.environ, "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    # A list, no shell: this Python and a module of ours; the rest are paths.
    run = subprocess.run(  # nosec B603
        command, env=environment, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
    )
    if run.returncode:
        reason = (run.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ModelError(
            "export-failed",
            "The conversion to ONNX failed: {reason}.",
            "Check that tensorflow and tf2onnx are installed.",
            reason=reason,
        )
    return onnx.load(str(target))


def measure_difference(model: keras.Model, network: onnx.ModelProto, patches: NDArray[np.float32]) -> float:
    """Measure the largest difference between the scores of a Keras network and its export.

    Args:
        model: Network for (batch, rows, cols, bands).
        network: Its export.
        patches: Shape (batch, bands, rows, cols), scaled.
    """
    exported = open_session(network).run(["scores"], {"input": patches})[0]
    trained = np.asarray(model.predict_on_batch(np.moveaxis(patches, 1, -1)))
    return float(np.abs(np.moveaxis(exported, 1, -1) - trained).max())


def calibrate_activations(network: onnx.ModelProto, card: Card, pairs: Sequence[Pair]) -> Activations | None:
    """Measure between which values the feature maps of a network may become bytes.

    Args:
        network: The export.
        card: Its card.
        pairs: Pairs with images of the training.

    Returns:
        None if fewer than `LEAST_AGREEMENT` of the pixels of these images would keep their class.

    Raises:
        DataError: An image is unreadable.
    """
    patches = _read_patches(pairs, card.bands, _CALIBRATION, card.patch)
    measured = measure_activations(network, patches[:, None])
    classes = []
    for one in (network, quantize(network, measured)):
        session = open_session(one)
        classes.append([session.run(["scores"], {"input": patch[None]})[0].argmax(axis=1) for patch in patches])
    same = np.mean([np.mean(a == b) for a, b in zip(*classes, strict=True)])
    return measured if same >= LEAST_AGREEMENT else None


def _read_patches(pairs: Sequence[Pair], bands: Sequence[Band], count: int, side: int) -> NDArray[np.float32]:
    """Read patches anywhere in some images, always the same ones, scaled, shape (batch, bands, rows, cols)."""
    patches, rng = [], np.random.default_rng(0)
    chosen = rng.permutation(len(pairs))
    for number in range(count):
        pair = pairs[chosen[number % len(pairs)]]
        rows, cols = (min(n, side) for n in pair.size)
        row, col = (int(rng.integers(n - part + 1)) for n, part in zip(pair.size, (rows, cols), strict=True))
        pixels = read_image(pair.image, pair.indexes([band.name for band in bands]), Window(row, col, rows, cols))
        rows, cols = (side - n for n in pixels.shape[1:])
        padded = np.pad(pixels, [(0, 0), (0, rows), (0, cols)], mode="reflect" if min(pair.size) > 1 else "edge")
        patches.append(normalize(padded, bands))
    return np.stack(patches)

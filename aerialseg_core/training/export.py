"""Export of a trained network as a model bundle."""

from __future__ import annotations

import os
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from .. import environ
from ..datasets.pairs import Pair
from ..datasets.rasters import read_image
from ..errors import ModelError
from ..files.outputs import write_atomically
from ..model.bundle import save_bundle
from ..model.card import Band, Card
from ..model.normalization import normalize
from ..model.registry import KERAS_CARD
from ..raster.window import Window

TOLERANCE = 1e-3
"""Largest difference of a score between the exported and the trained network."""

_SIDE = 256
_SAMPLES = 4


def export_bundle(
    model: keras.Model, card: Card, output: Path, *, pairs: Sequence[Pair], overwrite: bool, folder: Path
) -> None:
    """Write a network as a bundle, and as a Keras model beside it; both carry the card.

    Args:
        model: Network for (batch, rows, cols, bands).
        card: Its card.
        output: Bundle to write, `*.onnx`.
        pairs: Pairs whose images show that both networks compute the same.
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
    difference = measure_difference(model, network, _read_patches(pairs, card.bands))
    if not difference <= TOLERANCE:  # NaN is no difference that may be
        raise ModelError(f"The exported network's scores differ by {difference:.2g} from the trained one's.")
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
                f"The weights {weight.path} are no numbers any more (NaN or infinite): the training has diverged.",
                "Set a lower [optimiser] learning_rate in the recipe, and see that the images hold no absurd values.",
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
            f"The conversion to ONNX failed: {reason}.", "Check that tensorflow and tf2onnx are installed."
        )
    return onnx.load(str(target))


def measure_difference(model: keras.Model, network: onnx.ModelProto, patches: NDArray[np.float32]) -> float:
    """Measure the largest difference between the scores of a Keras network and its export.

    Args:
        model: Network for (batch, rows, cols, bands).
        network: Its export.
        patches: Shape (batch, bands, rows, cols), scaled.
    """
    session = onnxruntime.InferenceSession(network.SerializeToString(), providers=["CPUExecutionProvider"])
    exported = session.run(["scores"], {"input": patches})[0]
    trained = np.asarray(model.predict_on_batch(np.moveaxis(patches, 1, -1)))
    return float(np.abs(np.moveaxis(exported, 1, -1) - trained).max())


def _read_patches(pairs: Sequence[Pair], bands: Sequence[Band]) -> NDArray[np.float32]:
    """Read the upper left patches of some images, scaled, shape (batch, bands, rows, cols)."""
    patches = []
    for pair in pairs[:_SAMPLES]:
        rows, cols = (min(n, _SIDE) for n in pair.size)
        pixels = read_image(pair.image, pair.indexes([band.name for band in bands]), Window(0, 0, rows, cols))
        rows, cols = (-n % _SIDE for n in pixels.shape[1:])
        padded = np.pad(pixels, [(0, 0), (0, rows), (0, cols)], mode="reflect" if min(pair.size) > 1 else "edge")
        patches.append(normalize(padded, bands))
    return np.stack(patches)

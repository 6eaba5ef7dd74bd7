"""Distillation: a network learns from labels and from what other networks say of the same images.

The teachers are the networks of the folds, and each speaks of the images that it has not seen, so that it cannot repeat
labels that it knows by heart. Hinton, Vinyals, Dean: Distilling the Knowledge in a Neural Network, 2015; the crossing
of folds follows Chernozhukov et al.: Double/debiased machine learning, The Econometrics Journal, 2018.

What they say is kept as soft labels, a file for each image: `(rows / 2, cols / 2, classes)` uint8, the scores of every
second pixel, 0…255, the mean of 2 × 2 pixels; all 0 where no teacher has spoken. Beside each file is how its teacher
agrees with the labels, as JSON, by which the image is done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from ..datasets.pairs import Pair
from ..datasets.split import Part
from ..files.outputs import write_atomically
from ..metrics import count_confusion
from ..progress import Reporter
from .augmentation import turn
from .checkpoints import load_facts, save_facts
from .patch_cache import halve
from .validation import Holdout, Pixels, predict_windows

_FULL = 255
_MIRRORED = 4


class SymmetricNetwork:
    """A network whose scores are the mean over symmetries of the square.

    Args:
        model: Network for (batch, rows, cols, bands).
        symmetries: How many of the 8, as `augmentation.turn` counts them.
    """

    def __init__(self, model: keras.Model, symmetries: int) -> None:
        self._model = model
        self._symmetries = symmetries

    def predict_on_batch(self, batch: NDArray[np.float32]) -> Pixels:
        """Predict (batch, rows, cols, bands): (batch, rows, cols, classes), float32."""
        turned: list[Pixels] = []
        for symmetry in range(self._symmetries):
            scores = self._model.predict_on_batch(_turn(batch, symmetry))
            back = symmetry if symmetry >= _MIRRORED else -symmetry % _MIRRORED  # a mirror image turned back is itself
            turned.append(_turn(np.asarray(keras.ops.convert_to_numpy(scores), np.float32), back))
        mean: Pixels = np.mean(turned, axis=0)
        return mean


def list_soft_labels(folder: Path, pairs: Sequence[Pair]) -> list[Path]:
    """List the files of the soft labels of all images, whether they are there or not."""
    return [folder / f"{i:05}.npy" for i in range(len(pairs))]


def write_soft_labels(
    model: keras.Model, holdout: Holdout, folder: Path, *, symmetries: int, reporter: Reporter
) -> NDArray[np.int64]:
    """Write what a teacher says of whole images that were held out of its training; images that are done stay.

    Args:
        model: The teacher.
        holdout: The images.
        folder: Where they are written.
        symmetries: See `SymmetricNetwork`.
        reporter: Told of every image; asked whether to stop.

    Returns:
        How the teacher agrees with the labels of all these images, shape (classes, classes): rows are labels, cols what
        it says.

    Raises:
        OutputError: The disk is full.
    """
    folder.mkdir(exist_ok=True)
    paths = list_soft_labels(folder, holdout.pairs)
    missing = [part for part in holdout.parts if not load_facts(_facts_path(paths[part.pair]))]
    reporter.start("write soft labels", len(missing), "images")
    teacher = SymmetricNetwork(model, symmetries)
    for part in missing:
        confusion = _write_image(teacher, part, holdout, paths[part.pair], reporter.check)
        save_facts(_facts_path(paths[part.pair]), {"confusion": confusion.tolist()})
        reporter.advance()
    facts = [load_facts(_facts_path(paths[part.pair])) for part in holdout.parts]
    total: NDArray[np.int64] = np.sum([one["confusion"] for one in facts if one], axis=0)
    return total


def _facts_path(path: Path) -> Path:
    return path.with_suffix(".json")


def _write_image(
    teacher: SymmetricNetwork, part: Part, holdout: Holdout, path: Path, check: Callable[[], None]
) -> NDArray[np.int64]:
    """Write what a teacher says of one image; how that agrees with its labels, (classes, classes)."""
    classes = len(holdout.scheme)
    shape, confusion = (*halve(part.window.shape), classes), np.zeros((classes, classes), np.int64)
    create: Callable[..., NDArray[np.uint8]] = np.lib.format.open_memmap
    with write_atomically(path, overwrite=True) as temporary:
        kept = create(temporary, "w+", np.uint8, shape)
        for window, labels, scores in predict_windows(teacher, replace(holdout, parts=(part,)), check):
            confusion += count_confusion(labels, scores.argmax(axis=-1).astype(np.uint8), classes)
            rows, cols = halve(window.shape)
            even = np.pad(scores, [(0, 2 * rows - window.height), (0, 2 * cols - window.width), (0, 0)], mode="edge")
            means = even.reshape(rows, 2, cols, 2, -1).mean(axis=(1, 3))
            top, left = window.row // 2, window.col // 2
            kept[top : top + rows, left : left + cols] = np.rint(means * _FULL)
        kept.flush()  # type: ignore[attr-defined]
        del kept
    return confusion


def _turn(batch: Pixels, symmetry: int) -> Pixels:
    """Apply one of the symmetries to (batch, rows, cols, channels); see `augmentation.turn`."""
    return np.stack([turn(one, one, symmetry)[0] for one in batch])

"""The loss: Dice plus focal, both blind to the ignore label.

Milletari, Navab, Ahmadi: V-Net (Dice loss), 3DV 2016. Lin et al.: Focal Loss for Dense Object Detection, ICCV 2017.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from keras import ops

from ..classes import IGNORE

LossFunction = Callable[[Any, Any], Any]

_EPSILON = 1e-6


@dataclass(frozen=True)
class LossOptions:
    """Parts of the loss."""

    dice: float = 1.0
    """Weight of the Dice loss."""
    focal: float = 1.0
    """Weight of the focal loss."""
    gamma: float = 2.0
    """Focusing of the focal loss; 0 makes it cross-entropy."""
    balance: float = 0.0
    """Class weights are (mean share / share of the class) to this power: 0 = equal, 1 = inverse frequency."""
    heaviest: float = 4.0
    """Largest class weight."""


def dice(labels: Any, scores: Any) -> Any:
    """Dice loss, the mean over the classes, each taken over the whole batch.

    Args:
        labels: Shape (batch, rows, cols), class indices, 255 = ignore.
        scores: Shape (batch, rows, cols, classes), float32, sum 1.

    Returns:
        Scalar, 0…1; 0 for a perfect prediction. A class that is neither labelled nor predicted counts 0.
    """
    truth, valid = _one_hot(labels, scores)
    scores = ops.multiply(scores, valid)
    common = ops.sum(ops.multiply(truth, scores), axis=(0, 1, 2))
    size = ops.sum(truth, axis=(0, 1, 2)) + ops.sum(scores, axis=(0, 1, 2))
    return ops.mean(1 - (2 * common + 1) / (size + 1))


def focal(labels: Any, scores: Any, *, gamma: float, weights: Sequence[float]) -> Any:
    """Focal loss, the mean over the labelled pixels of `-weight · (1 - p)^gamma · log p`, p of the true class.

    Args:
        labels: Shape (batch, rows, cols), class indices, 255 = ignore.
        scores: Shape (batch, rows, cols, classes), float32, sum 1.
        gamma: Focusing, ≥ 0.
        weights: Weight of each class.

    Returns:
        Scalar, ≥ 0.
    """
    truth, valid = _one_hot(labels, scores)
    p = ops.clip(ops.sum(ops.multiply(truth, scores), axis=-1), _EPSILON, 1.0)
    weight = ops.sum(truth * ops.convert_to_tensor(weights, dtype="float32"), axis=-1)
    return -ops.sum(weight * ops.power(1 - p, gamma) * ops.log(p)) / (ops.sum(valid) + _EPSILON)


def make_loss(options: LossOptions, weights: Sequence[float]) -> LossFunction:
    """The loss of a recipe.

    Args:
        options: Its parts.
        weights: Weight of each class in the focal part.

    Returns:
        A function of (labels, scores), as `dice` takes them, to a scalar.
    """

    def dice_focal(labels: Any, scores: Any) -> Any:
        plain = focal(labels, scores, gamma=options.gamma, weights=weights)
        return options.dice * dice(labels, scores) + options.focal * plain

    return dice_focal


def class_weights(counts: Sequence[int], options: LossOptions) -> list[float]:
    """Weights of the classes for the focal loss: rare ones heavier, 1 for classes that do not occur."""
    present = [n for n in counts if n]
    mean = sum(present) / max(len(present), 1)
    return [min((mean / n) ** options.balance, options.heaviest) if n else 1.0 for n in counts]


def _one_hot(labels: Any, scores: Any) -> tuple[Any, Any]:
    """Labels as (batch, rows, cols, classes) 0/1, all 0 where ignored; and (batch, rows, cols, 1), 1 where labelled."""
    labels = ops.cast(labels, "int32")
    valid = ops.not_equal(labels, IGNORE)
    truth = ops.one_hot(ops.where(valid, labels, 0), scores.shape[-1], dtype="float32")
    mask = ops.expand_dims(ops.cast(valid, "float32"), -1)
    return truth * mask, mask

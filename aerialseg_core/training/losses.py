"""The loss: cross-entropy, focal, Dice and Lovász-Softmax, and weighted sums of them, all blind to the ignore label.

Lin et al.: Focal Loss for Dense Object Detection, ICCV 2017. Milletari, Navab, Ahmadi: V-Net (Dice loss), 3DV 2016.
Berman, Triki, Blaschko: The Lovász-Softmax loss, CVPR 2018. Szegedy et al.: Rethinking the Inception Architecture
(label smoothing), CVPR 2016. Hinton, Vinyals, Dean: Distilling the Knowledge in a Neural Network, 2015.

All parts take labels of shape (batch, rows, cols), class indices, and scores of shape (batch, rows, cols, classes),
float32, sum 1. A label that is no class, such as 255 = ignore, takes its pixel out: it changes neither loss nor
gradient. Every part is 0 for a perfect prediction, and for a batch without any label.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import keras
from keras import ops

from .recipe import LossOptions

Tensor = Any
"""A tensor of whichever backend Keras runs on."""

LossFunction = Callable[[Tensor, Tensor], Tensor]
"""(labels, scores) → scalar; see the module."""

RANKS = 1 << 12
"""Steps into which the errors are sorted for the Lovász loss; the loss is exact to one step."""

_EPSILON = 1e-7


@dataclass(frozen=True)
class _Pixels:
    """What all parts share, computed once."""

    labels: Tensor
    """(pixels,), class indices, the number of classes where ignored."""
    truth: Tensor
    """(pixels, classes), 1 for the class of the pixel, 0 for others and where ignored."""
    valid: Tensor
    """(pixels,), 1 where labelled."""
    scores: Tensor
    """(pixels, classes)."""
    hits: Tensor
    """(pixels, classes), the score of the true class, 0 for others."""


def make_loss(options: LossOptions, weights: Sequence[float]) -> LossFunction:
    """Make the loss of a recipe.

    Args:
        options: Its parts.
        weights: Weight of each class.

    Returns:
        A function of (labels, scores) to a scalar.
    """
    overlap = [weight**options.overlap_weights for weight in weights]
    parts: list[tuple[float, Callable[[_Pixels], Tensor]]] = [
        (options.cross_entropy, lambda pixels: _entropy(pixels, 0.0, options.smoothing, weights)),
        (options.focal, lambda pixels: _entropy(pixels, options.gamma, options.smoothing, weights)),
        (options.dice, lambda pixels: _dice(pixels, overlap)),
        (options.lovasz, lambda pixels: _lovasz(pixels, overlap)),
    ]

    def weighted_sum(labels: Tensor, scores: Tensor) -> Tensor:
        pixels = _flatten(labels, scores)
        return sum(share * part(pixels) for share, part in parts if share)

    return weighted_sum


def join_teacher(loss: LossFunction, share: float, weights: Sequence[float]) -> LossFunction:
    """Join the loss of labels and the mean divergence from what a teacher says, KL(teacher ‖ scores).

    Args:
        loss: Of the labels.
        share: Of the divergence in the sum, 0…1; the labels have the rest.
        weights: Each class of the teacher's scores is weighted so before.

    Returns:
        A function of (labels, scores) to a scalar, with labels of shape (batch, rows, cols, 1 + classes): the label,
        and the teacher's scores in any unit, all 0 where it does not speak.
    """

    def weighted_sum(labels: Tensor, scores: Tensor) -> Tensor:
        scores = ops.convert_to_tensor(scores)
        said = ops.cast(labels[..., 1:], scores.dtype) * ops.convert_to_tensor(weights, dtype=scores.dtype)
        total = ops.sum(said, axis=-1, keepdims=True)
        said = said / ops.maximum(total, _EPSILON)
        surprise = ops.log(_EPSILON + said) - ops.log(_EPSILON + (1 - _EPSILON) * scores)
        speaks = ops.cast(ops.greater(total, 0), scores.dtype)
        divergence = ops.sum(said * surprise) / ops.maximum(ops.sum(speaks), 1)
        return (1 - share) * loss(labels[..., 0], scores) + share * divergence

    return weighted_sum


def weigh_classes(counts: Sequence[int], options: LossOptions) -> list[float]:
    """Weigh the classes: rare ones heavier, 1 for classes that do not occur."""
    present = [n for n in counts if n]
    mean = sum(present) / max(len(present), 1)
    return [min((mean / n) ** options.balance, options.heaviest) if n else 1.0 for n in counts]


def _flatten(labels: Tensor, scores: Tensor) -> _Pixels:
    """Prepare what all parts share."""
    scores = ops.convert_to_tensor(scores)
    classes = scores.shape[-1]
    scores = ops.reshape(scores, (-1, classes))
    labels = ops.minimum(ops.cast(ops.reshape(labels, (-1,)), "int32"), classes)
    truth = ops.cast(ops.equal(ops.expand_dims(labels, -1), ops.arange(classes, dtype="int32")), scores.dtype)
    valid = ops.cast(ops.less(labels, classes), scores.dtype)
    return _Pixels(labels, truth, valid, scores, ops.multiply(truth, scores))


def _entropy(pixels: _Pixels, gamma: float, smoothing: float, weights: Sequence[float]) -> Tensor:
    """Cross-entropy or focal loss: the weighted mean over the labelled pixels of `-(1 - p)^gamma · log p`.

    p is the score of the true class; `smoothing` is the share of each label that is spread over all classes.
    """
    p = ops.sum(pixels.hits, axis=-1)
    loss = _focus(p, gamma)
    if smoothing:
        spread = ops.sum(_focus(pixels.scores, gamma), axis=-1)
        loss = (1 - smoothing) * loss + smoothing / pixels.scores.shape[-1] * spread
    weight = _look_up(_convert([*weights, 0.0], pixels), pixels.labels)
    return ops.sum(weight * loss) / ops.maximum(ops.sum(pixels.valid), 1)


def _focus(p: Tensor, gamma: float) -> Tensor:
    """Compute `-(1 - p)^gamma · log p`, with a finite gradient at both ends that does not vanish at p = 0."""
    surprise = -ops.log(_EPSILON + (1 - _EPSILON) * p)
    return ops.power(ops.relu(1 - p) + _EPSILON, gamma) * surprise if gamma else surprise


def _dice(pixels: _Pixels, weights: Sequence[float]) -> Tensor:
    """Dice loss: the weighted mean over the classes, each taken over the whole batch.

    A class that is neither labelled nor predicted counts 0.
    """
    common = ops.sum(pixels.hits, axis=0)
    size = ops.sum(pixels.truth, axis=0) + ops.sum(ops.expand_dims(pixels.valid, -1) * pixels.scores, axis=0)
    losses = 1 - (2 * common + 1) / (size + 1)
    return ops.sum(losses * _convert(weights, pixels)) / sum(weights)


def _lovasz(pixels: _Pixels, weights: Sequence[float]) -> Tensor:
    """Lovász-Softmax loss over the whole batch: the weighted mean over the classes that are labelled in it.

    At scores of 0 and 1 alone it is 1 - IoU. The errors are put in order by counting them in `RANKS` steps, which is
    several times as fast as sorting them; within a step, pixels of the class and others are taken as if mixed.

    It is the sum of error × slope; the slope, the share of that pixel in what its rank adds to the loss, is a constant.

    The error of the true class is 1 - score, that of another is its score: hence a constant, the sum of the slopes of
    the true classes, plus the sum of score × slope, negative for the true ones.
    """
    scores = ops.stop_gradient(pixels.scores)
    classes = scores.shape[-1]
    cells = ops.reshape(_find_cells(pixels, scores), (-1,))
    counts = ops.reshape(_count(cells, 3 * classes * RANKS, scores.dtype), (classes, 3, RANKS))
    share = ops.cast(ops.greater(ops.sum(pixels.truth, axis=0), 0), scores.dtype)
    share = share * _convert(weights, pixels)
    share = share / ops.maximum(ops.sum(share), _EPSILON)
    table = ops.reshape(share, (-1, 1, 1)) * _compute_slopes(counts)
    constant = -ops.sum(table * counts * _convert([[[0.0], [0.0], [1.0]]], pixels))
    slopes = _look_up(ops.reshape(table, (-1,)), cells)
    return ops.stop_gradient(constant) + ops.sum(ops.reshape(pixels.scores, (-1,)) * ops.stop_gradient(slopes))


def _find_cells(pixels: _Pixels, scores: Tensor) -> Tensor:
    """Find the cell of a table of shape (classes, 3, ranks) in which each score counts.

    Its row is that of the others, the ignored, or the pixels of the class; within a row the cells rise as the score
    falls.
    """
    row = (1 - ops.expand_dims(pixels.valid, -1)) + 2 * pixels.truth
    cells = ops.cast(RANKS * row + (RANKS - 1) * (1 - scores), "int32")
    classes = scores.shape[-1]
    cells = cells + 3 * RANKS * ops.arange(classes, dtype="int32")
    return ops.clip(cells, 0, 3 * classes * RANKS - 1)  # a score that is no number must not be looked up beyond


def _compute_slopes(counts: Tensor) -> Tensor:
    """Compute how much the Jaccard loss rises with a score, at every rank.

    With n pixels of the class, of which f have a larger error than those of a rank, and b others that do, the Jaccard
    loss is 1 - (n - f) / (n + b). A rank adds some of both; its slopes are the mean of taking either of them first.

    Args:
        counts: Pixels of others, ignored ones, and those of the class, by falling score: (classes, 3, ranks).

    Returns:
        Same shape: positive for the others, 0 for the ignored, negative for those of the class.
    """
    others, own = counts[:, 0], ops.flip(counts[:, 2], axis=-1)  # both by falling error
    total = ops.sum(own, axis=-1, keepdims=True)
    found = total - (ops.cumsum(own, axis=-1) - own)
    union = ops.maximum(total + ops.cumsum(others, axis=-1) - others, 1)
    after = union + others
    slope_own = (1 / union + 1 / after) / 2
    slope_others = (2 * found - own) / (2 * union * after)
    return ops.stack([slope_others, ops.zeros_like(others), -ops.flip(slope_own, axis=-1)], axis=1)


def _count(cells: Tensor, n_cells: int, dtype: str) -> Tensor:
    """Count how often each cell occurs, (n_cells,)."""
    if keras.backend.backend() == "torch":  # Keras's segment sum copies its arguments several times there
        return ops.cast(ops.bincount(cells, minlength=n_cells), dtype)
    return ops.segment_sum(ops.ones_like(cells, dtype=dtype), cells, num_segments=n_cells)


def _look_up(table: Tensor, cells: Tensor) -> Tensor:
    """Look up the values of `table`, (n_cells,), at `cells`, (n,), none of which is negative."""
    if keras.backend.backend() == "torch":  # as above
        return table.index_select(0, cells)
    return ops.take(table, cells, axis=0)


def _convert(values: Sequence[Any], pixels: _Pixels) -> Tensor:
    """Make a tensor of the type of the scores."""
    return ops.convert_to_tensor(values, dtype=pixels.scores.dtype)

"""The loss: cross-entropy, focal, Dice and Lovász-Softmax, and weighted sums of them, all blind to the ignore label.

Lin et al.: Focal Loss for Dense Object Detection, ICCV 2017. Milletari, Navab, Ahmadi: V-Net (Dice loss), 3DV 2016.
Berman, Triki, Blaschko: The Lovász-Softmax loss, CVPR 2018. Szegedy et al.: Rethinking the Inception Architecture
(label smoothing), CVPR 2016.

All parts take labels of shape (batch, rows, cols), class indices, and scores of shape (batch, rows, cols, classes),
float32, sum 1. A label that is no class, such as 255 = ignore, takes its pixel out: it changes neither loss nor
gradient. Every part is 0 for a perfect prediction, and for a batch without any label.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import keras
from keras import ops

from .bounds import SHARE, Within

LossFunction = Callable[[Any, Any], Any]

RANKS = 1 << 12
"""Steps into which the errors are sorted for the Lovász loss; the loss is exact to one step."""

_EPSILON = 1e-7


@dataclass(frozen=True)
class LossOptions:
    """Weights of the parts of the loss, and what shapes them."""

    cross_entropy: Annotated[float, Within(0, 1e6)] = 0.0
    """Weight of the cross-entropy."""
    focal: Annotated[float, Within(0, 1e6)] = 1.0
    """Weight of the focal loss."""
    dice: Annotated[float, Within(0, 1e6)] = 1.0
    """Weight of the Dice loss."""
    lovasz: Annotated[float, Within(0, 1e6)] = 0.0
    """Weight of the Lovász-Softmax loss, which stands for the IoU itself."""
    gamma: Annotated[float, Within(0, 100)] = 2.0
    """Focusing of the focal loss; 0 makes it cross-entropy."""
    smoothing: Annotated[float, Within(*SHARE)] = 0.0
    """Share of each label that is spread over all classes in cross-entropy and focal loss, 0…1."""
    balance: Annotated[float, Within(0, 10)] = 0.0
    """Class weights are (mean share / share of the class) to this power: 0 = equal, 1 = inverse frequency."""
    heaviest: Annotated[float, Within(1e-3, 1e6)] = 4.0
    """Largest class weight."""
    overlap_weights: Annotated[float, Within(0, 10)] = 0.0
    """Power of the class weights in the Dice and Lovász losses: 0 = classes count alike there, as in the mIoU, 1 = as
    in cross-entropy and focal loss."""


@dataclass(frozen=True)
class _Pixels:
    """What all parts share, computed once."""

    labels: Any
    """(pixels,), class indices, the number of classes where ignored."""
    truth: Any
    """(pixels, classes), 1 for the class of the pixel, 0 for others and where ignored."""
    valid: Any
    """(pixels,), 1 where labelled."""
    scores: Any
    """(pixels, classes)."""
    hits: Any
    """(pixels, classes), the score of the true class, 0 for others."""


def cross_entropy(labels: Any, scores: Any, *, weights: Sequence[float] | None = None, smoothing: float = 0.0) -> Any:
    """Cross-entropy, the mean over the labelled pixels of `-weight · log p`, p the score of the true class.

    Args:
        labels: Shape (batch, rows, cols), class indices, 255 = ignore.
        scores: Shape (batch, rows, cols, classes), float32, sum 1.
        weights: Weight of each class; None: 1.
        smoothing: Share of each label that is spread over all classes.

    Returns:
        Scalar, ≥ 0.
    """
    return _entropy(_pixels(labels, scores), 0.0, smoothing, weights)


def focal(
    labels: Any, scores: Any, *, gamma: float = 2.0, weights: Sequence[float] | None = None, smoothing: float = 0.0
) -> Any:
    """Focal loss, the mean over the labelled pixels of `-weight · (1 - p)^gamma · log p`, p of the true class.

    Args:
        labels: Shape (batch, rows, cols), class indices, 255 = ignore.
        scores: Shape (batch, rows, cols, classes), float32, sum 1.
        gamma: Focusing, ≥ 0.
        weights: Weight of each class; None: 1.
        smoothing: Share of each label that is spread over all classes.

    Returns:
        Scalar, ≥ 0.
    """
    return _entropy(_pixels(labels, scores), gamma, smoothing, weights)


def dice(labels: Any, scores: Any, *, weights: Sequence[float] | None = None) -> Any:
    """Dice loss, the weighted mean over the classes, each taken over the whole batch.

    Args:
        labels: Shape (batch, rows, cols), class indices, 255 = ignore.
        scores: Shape (batch, rows, cols, classes), float32, sum 1.
        weights: Weight of each class; None: 1.

    Returns:
        Scalar, 0…1. A class that is neither labelled nor predicted counts 0.
    """
    return _dice(_pixels(labels, scores), weights)


def lovasz(labels: Any, scores: Any, *, weights: Sequence[float] | None = None) -> Any:
    """Lovász-Softmax loss over the whole batch: the weighted mean over the classes that are labelled in it.

    At scores of 0 and 1 alone it is 1 - IoU. The errors are put in order by counting them in `RANKS` steps, which is
    several times as fast as sorting them; within a step, pixels of the class and others are taken as if mixed.

    Args:
        labels: Shape (batch, rows, cols), class indices, 255 = ignore.
        scores: Shape (batch, rows, cols, classes), float32, sum 1.
        weights: Weight of each class; None: 1.

    Returns:
        Scalar, 0…1.
    """
    return _lovasz(_pixels(labels, scores), weights)


def make_loss(options: LossOptions, weights: Sequence[float]) -> LossFunction:
    """The loss of a recipe.

    Args:
        options: Its parts.
        weights: Weight of each class.

    Returns:
        A function of (labels, scores), as `dice` takes them, to a scalar.
    """
    overlap = [weight**options.overlap_weights for weight in weights]
    parts: list[tuple[float, Callable[[_Pixels], Any]]] = [
        (options.cross_entropy, lambda pixels: _entropy(pixels, 0.0, options.smoothing, weights)),
        (options.focal, lambda pixels: _entropy(pixels, options.gamma, options.smoothing, weights)),
        (options.dice, lambda pixels: _dice(pixels, overlap)),
        (options.lovasz, lambda pixels: _lovasz(pixels, overlap)),
    ]

    def weighted_sum(labels: Any, scores: Any) -> Any:
        pixels = _pixels(labels, scores)
        return sum(share * part(pixels) for share, part in parts if share)

    return weighted_sum


def class_weights(counts: Sequence[int], options: LossOptions) -> list[float]:
    """Weights of the classes: rare ones heavier, 1 for classes that do not occur."""
    present = [n for n in counts if n]
    mean = sum(present) / max(len(present), 1)
    return [min((mean / n) ** options.balance, options.heaviest) if n else 1.0 for n in counts]


def _pixels(labels: Any, scores: Any) -> _Pixels:
    scores = ops.convert_to_tensor(scores)
    classes = scores.shape[-1]
    scores = ops.reshape(scores, (-1, classes))
    labels = ops.minimum(ops.cast(ops.reshape(labels, (-1,)), "int32"), classes)
    truth = ops.cast(ops.equal(ops.expand_dims(labels, -1), ops.arange(classes, dtype="int32")), scores.dtype)
    valid = ops.cast(ops.less(labels, classes), scores.dtype)
    return _Pixels(labels, truth, valid, scores, ops.multiply(truth, scores))


def _entropy(pixels: _Pixels, gamma: float, smoothing: float, weights: Sequence[float] | None) -> Any:
    """The sum over the classes of smoothed label × focused cross-entropy, its weighted mean over the pixels."""
    p = ops.sum(pixels.hits, axis=-1)
    loss = _surprise(p, gamma)
    if smoothing:
        spread = ops.sum(_surprise(pixels.scores, gamma), axis=-1)
        loss = (1 - smoothing) * loss + smoothing / pixels.scores.shape[-1] * spread
    weight = pixels.valid if weights is None else _look_up(_tensor([*weights, 0.0], pixels), pixels.labels)
    return ops.sum(weight * loss) / ops.maximum(ops.sum(pixels.valid), 1)


def _surprise(p: Any, gamma: float) -> Any:
    """`-(1 - p)^gamma · log p`, with a finite gradient at both ends that does not vanish at p = 0."""
    surprise = -ops.log(_EPSILON + (1 - _EPSILON) * p)
    return ops.power(ops.relu(1 - p) + _EPSILON, gamma) * surprise if gamma else surprise


def _dice(pixels: _Pixels, weights: Sequence[float] | None) -> Any:
    common = ops.sum(pixels.hits, axis=0)
    size = ops.sum(pixels.truth, axis=0) + ops.sum(ops.expand_dims(pixels.valid, -1) * pixels.scores, axis=0)
    losses = 1 - (2 * common + 1) / (size + 1)
    if weights is None:
        return ops.mean(losses)
    return ops.sum(losses * _tensor(weights, pixels)) / sum(weights)


def _lovasz(pixels: _Pixels, weights: Sequence[float] | None) -> Any:
    """The sum of error × slope; the slope, the share of that pixel in what its rank adds to the loss, is a constant.

    The error of the true class is 1 - score, that of another is its score: hence a constant, the sum of the slopes of
    the true classes, plus the sum of score × slope, negative for the true ones.
    """
    scores = ops.stop_gradient(pixels.scores)
    classes = scores.shape[-1]
    places = ops.reshape(_places(pixels, scores), (-1,))
    counts = ops.reshape(_count(places, 3 * classes * RANKS, scores.dtype), (classes, 3, RANKS))
    share = ops.cast(ops.greater(ops.sum(pixels.truth, axis=0), 0), scores.dtype)
    if weights is not None:
        share = share * _tensor(weights, pixels)
    share = share / ops.maximum(ops.sum(share), _EPSILON)
    table = ops.reshape(share, (-1, 1, 1)) * _slopes(counts)
    constant = -ops.sum(table * counts * _tensor([[[0.0], [0.0], [1.0]]], pixels))
    slopes = _look_up(ops.reshape(table, (-1,)), places)
    return ops.stop_gradient(constant) + ops.sum(ops.reshape(pixels.scores, (-1,)) * ops.stop_gradient(slopes))


def _places(pixels: _Pixels, scores: Any) -> Any:
    """Where each score counts in a table of shape (classes, 3, ranks): in the row of the others, the ignored, or own.

    Within a row the places rise as the score falls.
    """
    row = (1 - ops.expand_dims(pixels.valid, -1)) + 2 * pixels.truth
    places = ops.cast(RANKS * row + (RANKS - 1) * (1 - scores), "int32")
    classes = scores.shape[-1]
    places = places + 3 * RANKS * ops.arange(classes, dtype="int32")
    return ops.clip(places, 0, 3 * classes * RANKS - 1)  # a score that is no number must not be looked up beyond


def _slopes(counts: Any) -> Any:
    """How much the Jaccard loss rises with a score, at every rank.

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


def _count(places: Any, cells: int, dtype: str) -> Any:
    """How often each place occurs, (cells,)."""
    if keras.backend.backend() == "torch":  # Keras's segment sum copies its arguments several times there
        return ops.cast(ops.bincount(places, minlength=cells), dtype)
    return ops.segment_sum(ops.ones_like(places, dtype=dtype), places, num_segments=cells)


def _look_up(table: Any, places: Any) -> Any:
    """The values of `table`, (cells,), at `places`, (n,), none of which is negative."""
    if keras.backend.backend() == "torch":  # as above
        return table.index_select(0, places)
    return ops.take(table, places, axis=0)


def _tensor(values: Sequence[Any], pixels: _Pixels) -> Any:
    return ops.convert_to_tensor(values, dtype=pixels.scores.dtype)

"""Random changes of a patch: where it is cut from and how it lies (image and labels alike), and how it looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..metrics import IGNORE
from .photometric import Image, Labels, apply_opencv, change_look, cut_off, tint
from .recipe import AugmentationOptions

_CROPS_TRIED = 4
_LABELLED = 0.5
_BYTE = 255


@dataclass(frozen=True)
class PatchForm:
    """Size and values of a patch."""

    side: int
    """Side, px."""
    full: float
    """The value that is white, such as 255."""
    tints: Mapping[int, tuple[float, ...]] = field(default_factory=dict, hash=False)
    """Gains of each band by label; see `AugmentationOptions.tints`."""
    black: float = 0.0
    """The value that is black."""


def augment(
    image: NDArray[Any],
    labels: Labels,
    options: AugmentationOptions,
    *,
    form: PatchForm,
    rng: np.random.Generator,
    focus: int | None = None,
    soft_labels: Labels | None = None,
) -> tuple[Image, Labels]:
    """Make a training patch out of a cached one.

    Args:
        image: Shape (rows, cols, bands), at least as large as `side / scale` or else magnified.
        labels: Shape (rows, cols).
        options: How far to change it.
        form: What the result is to be.
        rng: Source of chance.
        focus: Class of which the result shows a pixel, if there is one.
        soft_labels: Shape (rows / 2, cols / 2, classes); see `distillation`. None: there are none.

    Returns:
        Image of shape (side, side, bands), float32, `black`…`full`, and labels of shape (side, side); with soft labels
        of shape (side, side, 1 + classes), the labels first.
    """
    pixels, labels = cut_at_random(
        image, labels, options, side=form.side, rng=rng, focus=focus, soft_labels=soft_labels
    )
    if options.turn:
        pixels, labels = turn(pixels, labels, int(rng.integers(8)))
    span = form.full - form.black
    if form.black:
        pixels -= np.float32(form.black)
    pixels *= np.float32(1 / span)
    if form.tints and rng.random() < options.tinted:
        pixels = tint(pixels, labels if soft_labels is None else labels[..., 0], form.tints, rng)
    pixels = change_look(pixels, options, rng, byte=span == _BYTE)
    pixels = cut_off(pixels)
    pixels *= np.float32(span)
    if form.black:
        pixels += np.float32(form.black)
    return pixels, labels


def cut_at_random(
    image: NDArray[Any],
    labels: Labels,
    options: AugmentationOptions,
    *,
    side: int,
    rng: np.random.Generator,
    focus: int | None = None,
    soft_labels: Labels | None = None,
) -> tuple[Image, Labels]:
    """Cut a random square of a random size and bring it to `side` pixels.

    Of a few random squares, the first that is labelled for the most part is taken. With a focus the square is one of
    those that hold a pixel of that class, drawn evenly: the pixel may lie anywhere in it. Soft labels follow the labels
    in a last axis, taken bilinearly.
    """
    low, high = options.scale
    scale = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    size = min(max(round(side / scale), 1), *labels.shape)
    places = np.flatnonzero(labels == focus) if focus is not None else ()
    if len(places):
        row, col = _choose_square_around(int(rng.choice(places)), labels.shape, size, rng)
    else:
        row, col = _choose_labelled_square(labels, size, rng)
    square = (slice(row, row + size), slice(col, col + size))
    pixels = apply_opencv(lambda bands: cv2.resize(bands, (side, side)), image[square].astype(np.float32))
    resized = cv2.resize(labels[square], (side, side), interpolation=cv2.INTER_NEAREST_EXACT)
    if soft_labels is None:
        return pixels, np.asarray(resized, np.uint8)
    step = size / side / 2  # pixels of the soft labels, of which each is as large as 2 × 2 of the image
    matrix = np.array([[step, 0, (step + col - 1) / 2], [0, step, (step + row - 1) / 2]])
    taken = cv2.warpAffine(
        soft_labels,
        matrix,
        (side, side),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return pixels, np.dstack([resized, taken])


def turn(image: Image, labels: Labels, symmetry: int) -> tuple[Image, Labels]:
    """Apply one of the 8 symmetries of the square: `symmetry % 4` quarter turns, then a mirror from 4 on."""
    return _turn(image, symmetry), _turn(labels, symmetry)


def _turn(pixels: NDArray[Any], symmetry: int) -> NDArray[Any]:
    """Turn (rows, cols) or (rows, cols, bands), contiguous, as `turn` does.

    A pixel is moved as one value, however many bands it has: several times as fast as one move for each.
    """
    whole = np.dtype((np.void, pixels[0, 0].nbytes))
    turned = np.rot90(np.ascontiguousarray(pixels).view(whole).reshape(pixels.shape[:2]), symmetry % 4)
    turned = np.ascontiguousarray(turned[:, ::-1] if symmetry >= 4 else turned)
    return turned.view(pixels.dtype).reshape(*turned.shape, *pixels.shape[2:])


def _choose_labelled_square(labels: Labels, size: int, rng: np.random.Generator) -> tuple[int, int]:
    """Choose first row and col of a square of `size` px, most of it labelled if chance is kind."""
    row = col = 0
    for _ in range(_CROPS_TRIED):
        row, col = (int(rng.integers(n - size + 1)) for n in labels.shape)
        if (labels[row : row + size : 8, col : col + size : 8] != IGNORE).mean() >= _LABELLED:
            break
    return row, col


def _choose_square_around(place: int, shape: tuple[int, ...], size: int, rng: np.random.Generator) -> tuple[int, int]:
    """Choose first row and col of a square of `size` px that holds the pixel at `place` of the flattened patch."""
    corners = (
        int(rng.integers(max(0, at - size + 1), min(at, n - size) + 1))
        for at, n in zip(divmod(place, shape[1]), shape, strict=True)
    )
    row, col = corners
    return row, col

"""Random changes of a patch: where it is cut from and how it lies (image and labels alike), and how it looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..classes import IGNORE
from .resampling import bilinear, nearest

Image = NDArray[np.float32]
Labels = NDArray[np.uint8]

_CROPS_TRIED = 4
_LABELLED = 0.5
_TO_YIQ = np.array([[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]], np.float32)
_FROM_YIQ = np.linalg.inv(_TO_YIQ).astype(np.float32)


@dataclass(frozen=True)
class AugmentationOptions:
    """How far a patch is changed; values are the largest change, 0 switches one off."""

    scale: tuple[float, float] = (1.0, 1.0)
    """Least and largest magnification; 0.5 shows twice the ground, as a raster of twice the GSD would."""
    turn: bool = True
    """Whether patches are turned and mirrored (the 8 symmetries of the square)."""
    gain: float = 0.0
    """Each band is multiplied by 1 ± this."""
    gamma: float = 0.0
    """Exponent is e to the power of ± this."""
    contrast: float = 0.0
    """Contrast about the patch's mean is multiplied by 1 ± this."""
    brightness: float = 0.0
    """Added to all bands, ± this share of the full range."""
    saturation: float = 0.0
    """Saturation is multiplied by 1 ± this (RGB only)."""
    hue: float = 0.0
    """Hue is turned by ± this many degrees (RGB only)."""
    grey: float = 0.0
    """Share of patches made grey (RGB only)."""
    blur: float = 0.0
    """Share of patches blurred with a 3 × 3 binomial kernel."""
    noise: float = 0.0
    """Largest standard deviation of the noise, share of the full range."""
    tinted: float = 0.0
    """Share of patches in which one class of `tints` is tinted."""
    tints: Mapping[str, tuple[float, ...]] = field(default_factory=dict, hash=False)
    """Gains of each band that a class takes on elsewhere, such as a greener vegetation."""


def augment(
    image: NDArray[Any],
    labels: Labels,
    options: AugmentationOptions,
    *,
    side: int,
    full: float,
    tints: Mapping[int, tuple[float, ...]],
    random: np.random.Generator,
) -> tuple[Image, Labels]:
    """Make a training patch out of a cached one.

    Args:
        image: Shape (rows, cols, bands), at least as large as `side / scale` or else magnified.
        labels: Shape (rows, cols).
        options: How far to change it.
        side: Side of the result, px.
        full: Full range of the image's type, such as 255.
        tints: Gains of each band by label; see `AugmentationOptions.tints`.
        random: Source of chance.

    Returns:
        Image of shape (side, side, bands), float32, 0…`full`, and labels of shape (side, side).
    """
    pixels, labels = cut_at_random(image, labels, options, side=side, random=random)
    if options.turn:
        pixels, labels = turn(pixels, labels, int(random.integers(8)))
    pixels = pixels / np.float32(full)
    if tints and random.random() < options.tinted:
        pixels = tint(pixels, labels, tints, random)
    pixels = recolour(pixels, options, random)
    return np.clip(pixels, 0, 1) * np.float32(full), labels


def cut_at_random(
    image: NDArray[Any], labels: Labels, options: AugmentationOptions, *, side: int, random: np.random.Generator
) -> tuple[Image, Labels]:
    """Cut a random square of a random size and bring it to `side` pixels.

    Of a few random squares, the first that is labelled for the most part is taken.
    """
    low, high = options.scale
    scale = float(np.exp(random.uniform(np.log(low), np.log(high))))
    size = min(max(round(side / scale), 1), *labels.shape)
    row = col = 0
    for _ in range(_CROPS_TRIED):
        row, col = (int(random.integers(n - size + 1)) for n in labels.shape)
        if (labels[row : row + size : 8, col : col + size : 8] != IGNORE).mean() >= _LABELLED:
            break
    square = (slice(row, row + size), slice(col, col + size))
    return bilinear(image[square].astype(np.float32), (side, side)), nearest(labels[square], (side, side))


def turn(image: Image, labels: Labels, symmetry: int) -> tuple[Image, Labels]:
    """Apply one of the 8 symmetries of the square: `symmetry % 4` quarter turns, then a mirror from 4 on."""
    image, labels = np.rot90(image, symmetry % 4), np.rot90(labels, symmetry % 4)
    return (image[:, ::-1], labels[:, ::-1]) if symmetry >= 4 else (image, labels)


def tint(image: Image, labels: Labels, tints: Mapping[int, tuple[float, ...]], random: np.random.Generator) -> Image:
    """Tint one class at random, by a random part of its gains, softly at its edges.

    Args:
        image: Shape (rows, cols, bands), 0…1.
        labels: Shape (rows, cols).
        tints: Gains of each band by label.
        random: Source of chance.
    """
    label = int(random.choice(list(tints)))
    gains = np.asarray(tints[label], np.float32) ** np.float32(random.uniform(0, 1))
    where = (labels == label).astype(np.float32)[..., None]
    coarse = tuple(max(n // 8, 1) for n in labels.shape)
    soft = bilinear(bilinear(where, (coarse[0], coarse[1])), (labels.shape[0], labels.shape[1]))
    return image * (1 + soft * (gains - 1))


def recolour(image: Image, options: AugmentationOptions, random: np.random.Generator) -> Image:
    """Change colours, contrast and sharpness at random.

    Args:
        image: Shape (rows, cols, bands), 0…1.
        options: How far.
        random: Source of chance.

    Returns:
        Same shape; values may leave 0…1.
    """

    def around(centre: float, width: float, size: int | None = None) -> Any:
        return np.asarray(random.uniform(centre - width, centre + width, size), np.float32)

    bands = image.shape[2]
    if bands == 3:
        image = _change_colours(image, options, random)
    image = image * around(1, options.gain, bands)
    image = np.clip(image, 0, 1) ** np.exp(around(0, options.gamma))
    mean = image.mean(dtype=np.float32)
    image = (image - mean) * around(1, options.contrast) + mean + around(0, options.brightness)
    if random.random() < options.blur:
        image = blur(image)
    sigma = np.float32(random.uniform(0, options.noise)) if options.noise else np.float32(0)
    return image + sigma * random.standard_normal(image.shape, np.float32) if sigma else image


def blur(image: Image) -> Image:
    """Blur with the binomial kernel (1 2 1)/4 along rows and cols; borders are repeated."""
    for axis in (0, 1):
        width = [(1, 1) if a == axis else (0, 0) for a in range(3)]
        padded = np.pad(image, width, mode="edge")
        n = image.shape[axis]
        before, here, after = (padded.take(range(i, i + n), axis) for i in range(3))
        image = (before + 2 * here + after) / np.float32(4)
    return image


def _change_colours(image: Image, options: AugmentationOptions, random: np.random.Generator) -> Image:
    """Turn the hue and change the saturation in the YIQ colour space."""
    saturation = 0.0 if random.random() < options.grey else random.uniform(-1, 1) * options.saturation + 1
    angle = np.deg2rad(random.uniform(-1, 1) * options.hue)
    cos, sin = saturation * np.cos(angle), saturation * np.sin(angle)
    change = np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]], np.float32)
    result: Image = image @ (_FROM_YIQ @ change @ _TO_YIQ).T.astype(np.float32)
    return result

"""Random changes of how a patch looks: light, colours, air, sharpness, noise and compression.

All functions take images of shape (rows, cols, bands), float32, 0…1, and leave the ground where it is.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture

from .bounds import SHARE, Within
from .resampling import bilinear

Image = NDArray[np.float32]
Labels = NDArray[np.uint8]

VEIL = (0.6, 1.0)
"""Darkest and brightest haze."""

OPACITY = (0.05, 0.5)
"""Least and largest share of the haze in what is seen."""

QUALITY = (25, 95)
"""Lowest and highest quality of the JPEG compression."""

_BYTE = 255
_TO_YIQ = np.array([[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]], np.float32)
_FROM_YIQ = np.linalg.inv(_TO_YIQ).astype(np.float32)


@dataclass(frozen=True)
class ColourOptions:
    """How far the look of a patch is changed; values are the largest change, 0 switches one off."""

    gain: Annotated[float, Within(0, 10)] = 0.0
    """Each band is multiplied by 1 ± this."""
    gamma: Annotated[float, Within(0, 10)] = 0.0
    """Exponent is e to the power of ± this."""
    contrast: Annotated[float, Within(0, 10)] = 0.0
    """Contrast about the patch's mean is multiplied by 1 ± this."""
    brightness: Annotated[float, Within(0, 10)] = 0.0
    """Added to all bands, ± this share of the full range."""
    saturation: Annotated[float, Within(0, 10)] = 0.0
    """Saturation is multiplied by 1 ± this (RGB only)."""
    hue: Annotated[float, Within(0, 360)] = 0.0
    """Hue is turned by ± this many degrees (RGB only)."""
    grey: Annotated[float, Within(*SHARE)] = 0.0
    """Share of patches made grey (RGB only)."""
    haze: Annotated[float, Within(*SHARE)] = 0.0
    """Share of patches seen through haze: a bright veil that is denser on one side."""
    blur: Annotated[float, Within(*SHARE)] = 0.0
    """Share of patches blurred once or twice with a 3 × 3 binomial kernel."""
    noise: Annotated[float, Within(0, 10)] = 0.0
    """Largest standard deviation of the noise, share of the full range."""
    jpeg: Annotated[float, Within(*SHARE)] = 0.0
    """Share of patches compressed as JPEG of random quality (images of 8 bit with 1 or 3 bands only)."""


def recolour(image: Image, options: ColourOptions, rng: np.random.Generator, *, byte: bool = False) -> Image:
    """Change the look at random: light, then air, then optics, sensor and storage.

    Args:
        image: Shape (rows, cols, bands), 0…1.
        options: How far.
        rng: Source of chance.
        byte: Whether the image is one of 8 bit, which alone may be compressed as JPEG.

    Returns:
        Same shape; values may leave 0…1.
    """
    image = _change_colours(image, options, rng) if image.shape[2] == 3 else image
    image = _change_light(image, options, rng)
    if _happens(options.haze, rng):
        image = haze(image, rng)
    if _happens(options.blur, rng):
        for _ in range(int(rng.integers(1, 3))):
            image = blur(image)
    if options.noise:
        sigma = np.float32(rng.uniform(0, options.noise))
        image = image + sigma * rng.standard_normal(image.shape, np.float32)
    if byte and image.shape[2] in (1, 3) and _happens(options.jpeg, rng):
        image = compress(image, int(rng.integers(QUALITY[0], QUALITY[1] + 1)))
    return image


def tint(image: Image, labels: Labels, tints: Mapping[int, tuple[float, ...]], rng: np.random.Generator) -> Image:
    """Tint one class at random, by a random part of its gains, softly at its edges.

    Args:
        image: Shape (rows, cols, bands), 0…1.
        labels: Shape (rows, cols).
        tints: Gains of each band by label.
        rng: Source of chance.
    """
    label = int(rng.choice(list(tints)))
    gains = np.asarray(tints[label], np.float32) ** np.float32(rng.uniform(0, 1))
    where = (labels == label).astype(np.float32)[..., None]
    coarse = tuple(max(n // 8, 1) for n in labels.shape)
    soft = bilinear(bilinear(where, (coarse[0], coarse[1])), (labels.shape[0], labels.shape[1]))
    return image * (1 + soft * (gains - 1))


def haze(image: Image, rng: np.random.Generator) -> Image:
    """Put a bright veil before the image, of about one colour, its density falling from one side to another."""
    rows, cols, bands = image.shape
    veil = rng.uniform(*VEIL) + rng.uniform(-0.05, 0.05, bands)
    corners = rng.uniform(*OPACITY) * rng.uniform(0.5, 1, (2, 2, 1))
    density = bilinear(corners.astype(np.float32), (rows, cols))
    return image + density * (np.minimum(veil, 1).astype(np.float32) - image)


def blur(image: Image) -> Image:
    """Blur with the binomial kernel (1 2 1)/4 along rows and cols; borders are repeated."""
    for axis in (0, 1):
        width = [(1, 1) if a == axis else (0, 0) for a in range(3)]
        padded = np.pad(image, width, mode="edge")
        n = image.shape[axis]
        before, here, after = (padded[i : i + n] if axis == 0 else padded[:, i : i + n] for i in range(3))
        image = (before + 2 * here + after) / np.float32(4)
    return image


def compress(image: Image, quality: int) -> Image:
    """What is left of an image after JPEG compression.

    Args:
        image: Shape (rows, cols, bands), 1 or 3 bands, 0…1; values beyond are cut off.
        quality: 1…95.

    Returns:
        Same shape, 0…1.
    """
    stored = np.rint(np.clip(image, 0, 1) * _BYTE).astype(np.uint8)
    file = io.BytesIO()
    Picture.fromarray(stored[..., 0] if stored.shape[2] == 1 else stored).save(file, "JPEG", quality=quality)
    seen = np.asarray(Picture.open(file)).reshape(stored.shape)
    return seen.astype(np.float32) / np.float32(_BYTE)


def _happens(share: float, rng: np.random.Generator) -> bool:
    return share > 0 and rng.random() < share


def _change_light(image: Image, options: ColourOptions, rng: np.random.Generator) -> Image:
    """Change the gains of the bands, gamma, contrast and brightness."""
    if options.gain:
        image = image * rng.uniform(1 - options.gain, 1 + options.gain, image.shape[2]).astype(np.float32)
    if options.gamma:
        exponent = np.exp(rng.uniform(-options.gamma, options.gamma))
        image = np.clip(image, 0, 1) ** np.float32(exponent)
    if options.contrast or options.brightness:
        gain = rng.uniform(1 - options.contrast, 1 + options.contrast)
        mean = float(image.mean(dtype=np.float64))
        offset = mean * (1 - gain) + rng.uniform(-options.brightness, options.brightness)
        image = image * np.float32(gain) + np.float32(offset)
    return image


def _change_colours(image: Image, options: ColourOptions, rng: np.random.Generator) -> Image:
    """Turn the hue and change the saturation in the YIQ colour space."""
    saturation, angle = 1.0, 0.0
    if options.saturation:
        saturation += rng.uniform(-1, 1) * options.saturation
    if options.hue:
        angle = np.deg2rad(rng.uniform(-1, 1) * options.hue)
    if _happens(options.grey, rng):
        saturation = 0.0
    if saturation == 1 and angle == 0:
        return image
    cos, sin = saturation * np.cos(angle), saturation * np.sin(angle)
    change = np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]], np.float32)
    result: Image = image @ (_FROM_YIQ @ change @ _TO_YIQ).T.astype(np.float32)
    return result

"""Random changes of how a patch looks: light, colours, air, sharpness, noise and compression.

All functions take images of shape (rows, cols, bands), float32, 0…1, and leave the ground where it is.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture

from .recipe import PhotometricOptions

Image = NDArray[np.float32]
Labels = NDArray[np.uint8]

VEIL = (0.6, 1.0)
"""Darkest and brightest haze."""

OPACITY = (0.05, 0.5)
"""Least and largest share of the haze in what is seen."""

QUALITY = (25, 95)
"""Lowest and highest quality of the JPEG compression."""

_BYTE = 255
_POOL = 1 << 20
_RUN = 1 << 16
_BINOMIAL = np.array([1, 2, 1], np.float32) / 4
_REPEAT = cv2.BORDER_REPLICATE
_MOST_CHANNELS = 512
_TO_YIQ = np.array([[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]], np.float32)
_FROM_YIQ = np.linalg.inv(_TO_YIQ).astype(np.float32)


def change_look(image: Image, options: PhotometricOptions, rng: np.random.Generator, *, byte: bool = False) -> Image:
    """Change the look at random: light, then air, then optics, sensor and storage.

    Args:
        image: Shape (rows, cols, bands), 0…1.
        options: How far.
        rng: Source of chance.
        byte: Whether the image is one of 8 bit, which alone may be compressed as JPEG.

    Returns:
        Same shape; values may leave 0…1.
    """
    image = _change_light(_change_colours(image, options, rng), options, rng)
    if _draw(options.haze, rng):
        image = add_haze(image, rng)
    if _draw(options.blur, rng):
        for _ in range(int(rng.integers(1, 3))):
            image = blur(image)
    if options.noise:
        image = add_noise(image, rng.uniform(0, options.noise), rng)
    if byte and image.shape[2] in (1, 3) and _draw(options.jpeg, rng):
        image = compress_jpeg(image, int(rng.integers(QUALITY[0], QUALITY[1] + 1)))
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
    rows, cols = labels.shape
    coarse = cv2.resize((labels == label).astype(np.float32), (max(cols // 8, 1), max(rows // 8, 1)))
    soft = cv2.resize(coarse, (cols, rows))
    tinted = image.copy()
    for band, gain in enumerate(gains):  # band by band: NumPy is slow where the last axis is short
        tinted[..., band] *= 1 + soft * (gain - 1)
    return tinted


def add_haze(image: Image, rng: np.random.Generator) -> Image:
    """Put a bright veil before the image, of about one colour, its density falling from one side to another."""
    rows, cols, bands = image.shape
    veil = rng.uniform(*VEIL) + rng.uniform(-0.05, 0.05, bands)
    corners = rng.uniform(*OPACITY) * rng.uniform(0.5, 1, (2, 2))
    density = cv2.resize(corners.astype(np.float32), (cols, rows))
    hazy = image.copy()
    for band, brightness in enumerate(np.minimum(veil, 1).astype(np.float32)):
        hazy[..., band] += density * (brightness - image[..., band])
    return hazy


def add_noise(image: Image, sigma: float, rng: np.random.Generator) -> Image:
    """Add normal noise of standard deviation `sigma`.

    It is not drawn pixel by pixel, which would take longer than all other changes together: runs of it are taken from a
    pool, each from a place and with a sign of its own.
    """
    noisy = image.flatten()
    pool = _draw_pool()
    for start in range(0, noisy.size, _RUN):
        part = noisy[start : start + _RUN]
        place, sign = int(rng.integers(_POOL - part.size + 1)), 2 * int(rng.integers(2)) - 1
        cv2.scaleAdd(pool[place : place + part.size], sign * sigma, part, part)
    return noisy.reshape(image.shape)


def cut_off(image: Image) -> Image:
    """Cut off what is below 0 or above 1; several times as fast as `np.clip`."""
    below = cv2.threshold(image.reshape(image.shape[0], -1), 1, 0, cv2.THRESH_TRUNC)[1]
    return np.asarray(cv2.threshold(below, 0, 0, cv2.THRESH_TOZERO, below)[1], np.float32).reshape(image.shape)


def blur(image: Image) -> Image:
    """Blur with the binomial kernel (1 2 1)/4 along rows and cols; borders are repeated."""
    return apply_opencv(lambda bands: cv2.sepFilter2D(bands, -1, _BINOMIAL, _BINOMIAL, borderType=_REPEAT), image)


def compress_jpeg(image: Image, quality: int) -> Image:
    """Compress an image as JPEG, and open it again.

    Args:
        image: Shape (rows, cols, bands), 1 or 3 bands, 0…1; values beyond are cut off.
        quality: 1…95.

    Returns:
        Same shape, 0…1.
    """
    stored = np.rint(cut_off(image) * _BYTE).astype(np.uint8)
    file = io.BytesIO()
    Picture.fromarray(stored[..., 0] if stored.shape[2] == 1 else stored).save(file, "JPEG", quality=quality)
    seen = np.asarray(Picture.open(file)).reshape(stored.shape)
    return seen.astype(np.float32) / np.float32(_BYTE)


def apply_opencv(function: Callable[[Image], NDArray[Any]], image: Image) -> Image:
    """Apply a function of OpenCV to an image of any number of bands.

    OpenCV itself takes 512 at most, and drops the last axis where there is one band only.

    Args:
        function: Of an image of shape (rows, cols, bands); may change rows and cols.
        image: Shape (rows, cols, bands).
    """
    parts = (image[..., i : i + _MOST_CHANNELS] for i in range(0, image.shape[2], _MOST_CHANNELS))
    changed: list[Image] = [np.atleast_3d(function(np.ascontiguousarray(part))) for part in parts]
    return changed[0] if len(changed) == 1 else np.concatenate(changed, axis=2)


def _draw(share: float, rng: np.random.Generator) -> bool:
    """Draw whether something happens to this patch."""
    return share > 0 and rng.random() < share


@cache
def _draw_pool() -> NDArray[np.float32]:
    """Draw the pool of noise, (`_POOL`,), the same one in every process."""
    return np.random.default_rng(0).standard_normal(_POOL, np.float32)


def _change_light(image: Image, options: PhotometricOptions, rng: np.random.Generator) -> Image:
    """Change gamma, contrast and brightness."""
    if options.gamma:
        exponent = np.exp(rng.uniform(-options.gamma, options.gamma))
        flat = cut_off(image).reshape(image.shape[0], -1)
        image = np.asarray(cv2.pow(flat, float(exponent), flat), np.float32).reshape(image.shape)
    if options.contrast or options.brightness:
        gain = rng.uniform(1 - options.contrast, 1 + options.contrast)
        mean = cv2.mean(np.ascontiguousarray(image).reshape(image.shape[0], -1))[0]
        offset = mean * (1 - gain) + rng.uniform(-options.brightness, options.brightness)
        image = image * np.float32(gain)
        image += np.float32(offset)
    return image


def _change_colours(image: Image, options: PhotometricOptions, rng: np.random.Generator) -> Image:
    """Turn the hue and change the saturation in the YIQ colour space, if the image is RGB, then the bands' gains."""
    change = _draw_colours(options, rng) if image.shape[2] == 3 else None
    gains = None
    if options.gain:
        gains = rng.uniform(1 - options.gain, 1 + options.gain, image.shape[2]).astype(np.float32)
    if change is not None:
        return np.asarray(cv2.transform(image, change if gains is None else gains[:, None] * change), np.float32)
    return image if gains is None else image * gains


def _draw_colours(options: PhotometricOptions, rng: np.random.Generator) -> NDArray[np.float32] | None:
    """Draw a change of hue and saturation, a matrix by which RGB is multiplied; None: there is none."""
    saturation, angle = 1.0, 0.0
    if options.saturation:
        saturation += rng.uniform(-1, 1) * options.saturation
    if options.hue:
        angle = np.deg2rad(rng.uniform(-1, 1) * options.hue)
    if _draw(options.grey, rng):
        saturation = 0.0
    if saturation == 1 and angle == 0:
        return None
    cos, sin = saturation * np.cos(angle), saturation * np.sin(angle)
    change = np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]], np.float32)
    return np.asarray(_FROM_YIQ @ change @ _TO_YIQ, np.float32)

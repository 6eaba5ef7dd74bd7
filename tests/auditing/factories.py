"""Textures whose parts can be told apart, and tiny data sets cut from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aerialseg_core.raster.classes import MBRSC

Image = NDArray[np.uint8]
COLOURS = np.array(MBRSC.colours, np.uint8)


def texture(rows: int, cols: int, seed: int = 0) -> Image:
    """Noise on many scales, (rows, cols, 3): no two places look alike, neighbouring pixels do."""
    rng = np.random.default_rng(seed)
    total = np.zeros((rows, cols))
    for side in (2, 4, 8, 16, 32, 64):
        grid = rng.random((rows // side + 3, cols // side + 3))
        y, x = np.mgrid[0:rows, 0:cols] / side
        top, left = y.astype(int), x.astype(int)
        dy, dx = y - top, x - left
        upper = grid[top, left] * (1 - dx) + grid[top, left + 1] * dx
        lower = grid[top + 1, left] * (1 - dx) + grid[top + 1, left + 1] * dx
        total += (upper * (1 - dy) + lower * dy) * side**0.5
    scaled = (total - total.min()) / max(float(np.ptp(total)), 1e-9) * 255
    return np.repeat(scaled.astype(np.uint8)[..., None], 3, axis=2)


def write_pair(folder: Path, name: str, image: Image, labels: NDArray[np.uint8] | None = None) -> None:
    """Write an image and its mask; by default all of it is Land."""
    from PIL import Image as Pillow

    for kind in ("images", "masks"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    labels = np.ones(image.shape[:2], np.uint8) if labels is None else labels
    Pillow.fromarray(np.ascontiguousarray(image)).save(folder / "images" / f"{name}.png")
    Pillow.fromarray(COLOURS[labels]).save(folder / "masks" / f"{name}.png")


def write_mosaic(
    folder: Path, image: Image, grid: tuple[int, int], *, skip: tuple[int, ...] = (), first: int = 1
) -> None:
    """Cut an image into a grid of parts, numbered along rows from `first`; those in `skip` are left out."""
    lines = [np.linspace(0, side, n + 1).astype(int) for side, n in zip(image.shape, grid, strict=False)]
    number = first
    for top, bottom in zip(lines[0][:-1], lines[0][1:], strict=True):
        for left, right in zip(lines[1][:-1], lines[1][1:], strict=True):
            if number not in skip:
                write_pair(folder, f"part_{number:03}", image[top:bottom, left:right])
            number += 1

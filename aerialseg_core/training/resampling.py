"""Resampling of small arrays with NumPy alone: bilinear for images, nearest neighbour for labels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def bilinear(image: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    """Resample to `size`; a pixel's value stands at its centre, borders are repeated.

    Halving is the mean of 2 × 2 pixels. Pixels are skipped where the result is smaller than half.

    Args:
        image: Shape (rows, cols, channels).
        size: (rows, cols) of the result.
    """
    for axis in (0, 1):
        if image.shape[axis] != size[axis]:
            image = _linear(image, size[axis], axis)
    return image


def nearest(labels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Resample labels of shape (rows, cols) to `size` by nearest neighbour."""
    rows, cols = (np.floor(_centres(n, m)).astype(np.intp) for n, m in zip(labels.shape, size, strict=True))
    resampled: NDArray[np.uint8] = labels[rows[:, None], cols]
    return resampled


def _linear(image: NDArray[np.float32], size: int, axis: int) -> NDArray[np.float32]:
    n = image.shape[axis]
    position = np.clip(_centres(n, size) - 0.5, 0, n - 1)
    first = np.floor(position).astype(np.intp)
    share = (position - first).astype(np.float32).reshape([-1 if a == axis else 1 for a in range(image.ndim)])
    before, after = image.take(first, axis), image.take(np.minimum(first + 1, n - 1), axis)
    return np.asarray(before * (1 - share) + after * share, np.float32)


def _centres(old: int, new: int) -> NDArray[np.float64]:
    """Where the centres of `new` pixels lie on an axis of `old` pixels whose first begins at 0."""
    return (np.arange(new) + 0.5) * old / new

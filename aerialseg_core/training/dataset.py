"""Batches for Keras: patches drawn from the cache at random, augmented and scaled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from ..card import Band
from ..normalise import full_range, normalise
from .augmentation import AugmentationOptions, augment
from .patches import PatchCache

Batch = tuple[NDArray[np.float32], NDArray[np.uint8]]


@dataclass(frozen=True)
class BatchOptions:
    """What a batch is."""

    size: int
    """Patches in a batch."""
    steps: int
    """Batches in an epoch."""
    side: int
    """Side of a patch, px."""
    balance: float
    """How much patches with rare classes are preferred: 0 = not at all, 1 = by their inverse share."""
    seed: int
    """Seed of every random choice."""


class PatchDataset(keras.utils.PyDataset):
    """Batches of (images, labels): (batch, rows, cols, bands) float32, scaled, and (batch, rows, cols) uint8.

    What batch `i` of epoch `e` holds depends on the seed, `e` and `i` alone.

    Args:
        cache: Patches.
        options: What a batch is.
        augmentation: How far patches are changed.
        bands: Scaling of the bands.
        tints: Gains of each band by label; see `AugmentationOptions.tints`.
    """

    def __init__(
        self,
        cache: PatchCache,
        options: BatchOptions,
        *,
        augmentation: AugmentationOptions,
        bands: Sequence[Band],
        tints: Mapping[int, tuple[float, ...]],
    ) -> None:
        super().__init__(workers=1, use_multiprocessing=False)
        self._cache = cache
        self._options = options
        self._augmentation = augmentation
        self._bands = bands
        self._tints = tints
        self._full = full_range(str(cache.images.dtype))[1]
        self._chances = sampling_chances(cache.counts, options.balance)
        self._epoch = 0

    def __len__(self) -> int:
        return self._options.steps

    def __getitem__(self, index: int) -> Batch:
        random = np.random.default_rng((self._options.seed, self._epoch, index))
        chosen = random.choice(len(self._chances), self._options.size, p=self._chances)
        patches = [self._patch(int(i), random) for i in chosen]
        return np.stack([image for image, _ in patches]), np.stack([labels for _, labels in patches])

    def on_epoch_end(self) -> None:
        """Draw other patches in the next epoch."""
        self._epoch += 1

    def _patch(self, i: int, random: np.random.Generator) -> Batch:
        image, labels = augment(
            self._cache.images[i],
            self._cache.labels[i],
            self._augmentation,
            side=self._options.side,
            full=self._full,
            tints=self._tints,
            random=random,
        )
        return np.moveaxis(normalise(np.moveaxis(image, -1, 0), self._bands), 0, -1), labels


def sampling_chances(counts: NDArray[np.int64], balance: float) -> NDArray[np.float64]:
    """The chance of each patch to be drawn: by its labelled pixels, those of rare classes counted more.

    Args:
        counts: Pixels of each class, shape (patches, classes).
        balance: Exponent of the inverse share, 0…1.

    Returns:
        Shape (patches,), sum 1.
    """
    total = counts.sum(axis=0)
    worth = (total.sum() / np.maximum(total, 1)) ** balance
    chances = counts @ worth
    shares: NDArray[np.float64] = chances / chances.sum()
    return shares

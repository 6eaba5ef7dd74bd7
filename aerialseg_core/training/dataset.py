"""Batches for Keras: patches drawn from the cache at random, augmented and scaled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import cv2
import keras
import numpy as np
from numpy.typing import NDArray

from ..model.card import Band
from ..model.normalization import normalize
from ..raster.value_range import Range, find_full_range
from .augmentation import PatchForm, augment
from .patch_cache import PatchCache
from .recipe import AugmentationOptions

Batch = tuple[NDArray[np.float32], NDArray[np.uint8]]


@dataclass(frozen=True)
class BatchOptions:
    """Size and content of a batch."""

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
    rare: float = 0.0
    """Share of the patches that are cut around a pixel of a class drawn evenly from those that occur."""
    black_and_white: Range | None = None
    """Values that are black and white; None: those of the type of the patches."""
    workers: int = 1
    """Threads that each prepare one of the next batches while the network computes; 0 = none, between its steps."""


class PatchDataset(keras.utils.PyDataset):
    """Batches of (images, labels): (batch, rows, cols, bands) float32, scaled, and (batch, rows, cols) uint8.

    With soft labels the labels are (batch, rows, cols, 1 + classes); see `augmentation.augment`.

    What batch `i` of epoch `e` holds depends on the seed, `e` and `i` alone: not on the number of workers, and not on
    whether the epochs before were drawn. The workers are not Keras's, which hand over what is left of an interrupted
    epoch at the beginning of the next.

    Args:
        cache: Patches.
        options: What a batch is.
        augmentation: How far patches are changed.
        bands: Scaling of the bands.
        tints: Gains of each band by label; see `AugmentationOptions.tints`.
        first_epoch: Number of the epoch to begin with, from 0.
    """

    def __init__(
        self,
        cache: PatchCache,
        options: BatchOptions,
        *,
        augmentation: AugmentationOptions,
        bands: Sequence[Band],
        tints: Mapping[int, tuple[float, ...]],
        first_epoch: int = 0,
    ) -> None:
        super().__init__(workers=1, use_multiprocessing=False)
        self._cache = cache
        self._options = options
        self._augmentation = augmentation
        self._bands = bands
        black, white = options.black_and_white or find_full_range(str(cache.images.dtype))
        self._form = PatchForm(options.side, white, tints, black)
        self._chances = weigh_patches(cache.counts, options.balance)
        self._present = np.flatnonzero(cache.counts.sum(axis=0))
        self._threads = ThreadPoolExecutor(options.workers, "batches") if options.workers else None
        self._prepared: dict[tuple[int, int], Future[Batch]] = {}
        self.epoch = first_epoch
        """Number of the epoch that is drawn, from 0; see `EpochCallback`."""

    def __len__(self) -> int:
        return self._options.steps

    def __getitem__(self, index: int) -> Batch:
        epoch = self.epoch
        if self._threads is None:
            return self._draw_batch(epoch, index)
        first = epoch * len(self) + index
        ahead = (divmod(n, len(self)) for n in range(first, first + self._options.workers + 1))
        self._prepared = {key: self._prepared.get(key) or self._threads.submit(self._draw_batch, *key) for key in ahead}
        return self._prepared[epoch, index].result()

    def _draw_batch(self, epoch: int, index: int) -> Batch:
        """Draw batch `index` of an epoch."""
        rng = np.random.default_rng((self._options.seed, epoch, index))
        side = self._options.side
        images = np.empty((self._options.size, side, side, len(self._bands)), np.float32)
        return images, np.stack([self._draw_patch(rng, image) for image in images])

    def on_epoch_end(self) -> None:
        """Draw other patches in the next epoch. Keras calls it before the first one too: see `EpochCallback`."""
        self.epoch += 1

    def _draw_patch(self, rng: np.random.Generator, out: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Draw a patch of the cache, around a pixel of the class that it is drawn for, if any, and change it.

        The image is put into `out`, (side, side, bands); its labels are returned.
        """
        focus = None
        if self._options.rare and rng.random() < self._options.rare:
            focus = int(rng.choice(self._present))
            counts = self._cache.counts[:, focus]
            i = int(rng.choice(len(counts), p=counts / counts.sum()))
        else:
            i = int(rng.choice(len(self._chances), p=self._chances))
        image, labels = augment(
            self._cache.images[i],
            self._cache.labels[i],
            self._augmentation,
            form=self._form,
            rng=rng,
            focus=focus,
            soft_labels=None if self._cache.soft_labels is None else self._cache.soft_labels[i],
        )
        normalize(np.moveaxis(image, -1, 0), self._bands, out=np.moveaxis(out, -1, 0))
        return labels


class EpochCallback(keras.callbacks.Callback):
    """A callback that tells a data set which epoch it is: a resumed run draws what the interrupted one would have.

    Needs `shuffle=False` in `fit`, or Keras draws the batches of an epoch in an order of its own.

    Args:
        batches: The data set that the network is trained on.
    """

    def __init__(self, batches: PatchDataset) -> None:
        super().__init__()
        self._batches = batches

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
        self._batches.epoch = epoch


@contextmanager
def keep_opencv_to_one_thread() -> Iterator[None]:
    """Keep OpenCV to the thread that calls it, everywhere in this process.

    For a patch its own threads gain nothing, and they wait for work by spinning, which takes as much of the processor
    as all that is done to the patch: from the network that trains beside them.
    """
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def weigh_patches(counts: NDArray[np.int64], balance: float) -> NDArray[np.float64]:
    """Compute the chance of each patch to be drawn: by its labelled pixels, those of rare classes counted more.

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

"""Tiny data sets in the layout of the MBRSC set, made by code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from aerialseg_core.classes import MBRSC

Labels = NDArray[np.uint8]
SetMaker = Callable[..., Path]

COLOURS = np.array(MBRSC.colours, np.uint8)
GREY = 40
"""Step between the grey values that encode the classes in generated images: class index 2 is 80."""


def write_pair(folder: Path, name: str, labels: Labels) -> None:
    """Write an image whose grey value encodes the class, and its mask."""
    from PIL import Image

    for kind in ("images", "masks"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    grey = np.where(labels < len(COLOURS), labels * GREY, 255).astype(np.uint8)
    Image.fromarray(np.repeat(grey[..., None], 3, axis=2)).save(folder / "images" / f"{name}.png")
    colours = np.zeros((*labels.shape, 3), np.uint8)
    known = labels < len(COLOURS)
    colours[known] = COLOURS[labels[known]]
    Image.fromarray(colours).save(folder / "masks" / f"{name}.png")


def random_labels(rng: np.random.Generator, rows: int, cols: int, labels: tuple[int, ...]) -> Labels:
    """Labels in squares of 8 px, each about equally often."""
    coarse = rng.choice(np.array(labels, np.uint8), (-(-rows // 8), -(-cols // 8)))
    return np.kron(coarse, np.ones((8, 8), np.uint8))[:rows, :cols].astype(np.uint8)


@pytest.fixture(autouse=True)
def untraced(request: pytest.FixtureRequest) -> Iterator[None]:
    """TensorFlow traces every new network for seconds; only the slow tests let it."""
    import keras

    if keras.backend.backend() != "tensorflow" or request.node.get_closest_marker("slow"):
        yield
        return
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture
def make_set(tmp_path: Path) -> SetMaker:
    """A function that writes a set: folders, pairs in each, and their size."""

    def make(
        groups: tuple[str, ...] = ("Tile 1", "Tile 2"),
        pairs: int = 2,
        size: tuple[int, int] = (64, 64),
        labels: tuple[int, ...] = tuple(range(6)),
    ) -> Path:
        rng = np.random.default_rng(7)
        for group in groups:
            for part in range(pairs):
                write_pair(tmp_path / "data" / group, f"part_{part}", random_labels(rng, *size, labels))
        return tmp_path / "data"

    return make


@pytest.fixture
def recipe() -> Any:
    """A recipe that trains in a second: a plain U-Net of two levels and 4 filters on 32 px."""
    from aerialseg_core.training import recipe as r

    return r.Recipe(
        card=r.CardOptions(name="toy", patch=64, licence="MIT", data="generated"),
        network=r.NetworkOptions("unet", {"filters": 4, "depth": 2}),
        patches=r.PatchOptions(cut=64, side=32),
        augmentation=r.AugmentationOptions(scale=(0.8, 1.25), gain=0.05),
        optimiser=r.OptimiserOptions(learning_rate=3e-3, warm_up=0.1),
        run=r.RunOptions(epochs=1, steps=2, batch=2),
    )

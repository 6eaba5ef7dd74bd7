"""Tiny data sets in the layout of the MBRSC set, made by code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from aerialseg_core.raster.classes import MBRSC

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

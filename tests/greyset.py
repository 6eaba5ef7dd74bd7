"""Tiny data sets whose grey values are their classes, and a network that reads them without a mistake."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import rasterio
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from rasterio.errors import NotGeoreferencedWarning
from support import card

from aerialseg_core.model.bundle import Model, save_bundle
from aerialseg_core.model.registry import load_model
from aerialseg_core.raster.classes import MBRSC, ClassScheme

Labels = NDArray[np.uint8]

GREY = 40
"""Step between the grey values of the classes."""


def write_pair(folder: Path, name: str, labels: Labels, *, truth: Labels | None = None) -> None:
    """Write an image that shows `labels`, and a mask that says `truth`; 255 is a colour of no class."""
    truth = labels if truth is None else truth
    grey = np.where(labels < len(MBRSC), labels * np.uint8(GREY), 255).astype(np.uint8)
    colours = np.zeros((256, 3), np.uint8)
    colours[: len(MBRSC)] = MBRSC.colours
    for kind, pixels in (("images", np.repeat(grey[None], 3, axis=0)), ("masks", np.moveaxis(colours[truth], -1, 0))):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        rows, cols = labels.shape
        profile: dict[str, Any] = {"driver": "PNG", "height": rows, "width": cols, "count": 3, "dtype": "uint8"}
        write_raster(folder / kind / f"{name}.png", pixels, **profile)


def write_raster(path: Path, pixels: NDArray[Any], **profile: Any) -> None:
    """Write (bands, rows, cols) as a raster without georeference."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path, "w", **profile) as dataset:
            dataset.write(pixels)


def random_labels(seed: int, rows: int = 56, cols: int = 72, classes: int = 6) -> Labels:
    """Labels in squares of 8 px."""
    coarse = np.random.default_rng(seed).integers(0, classes, (-(-rows // 8), -(-cols // 8)))
    return np.kron(coarse, np.ones((8, 8)))[:rows, :cols].astype(np.uint8)


def write_set(
    folder: Path,
    groups: tuple[str, ...] = ("Tile 1", "Tile 2"),
    pairs: int = 2,
    size: tuple[int, int] = (64, 64),
    labels: tuple[int, ...] = tuple(range(6)),
) -> Path:
    """Write pairs of labels in squares of 8 px, each about equally often, into groups of a folder."""
    rng = np.random.default_rng(7)
    rows, cols = size
    for group in groups:
        for part in range(pairs):
            coarse = rng.choice(np.array(labels, np.uint8), (-(-rows // 8), -(-cols // 8)))
            grown = np.kron(coarse, np.ones((8, 8), np.uint8))[:rows, :cols].astype(np.uint8)
            write_pair(folder / group, f"part_{part}", grown)
    return folder


def reader(classes: int = 6, certainty: float = 400.0) -> onnx.ModelProto:
    """A network that knows the classes from their grey values, each pixel by itself: the nearest one wins."""
    middles = np.arange(classes, dtype=np.float32) * np.float32(GREY / 255)
    kernel = np.zeros((classes, 3, 1, 1), np.float32)
    kernel[:, 0, 0, 0] = 2 * middles * certainty
    nodes = [
        helper.make_node("Conv", ["input", "kernel", "bias"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["scores"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "reader",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["n", 3, "h", "w"])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", classes, "h", "w"])],
        [numpy_helper.from_array(kernel, "kernel"), numpy_helper.from_array(-certainty * middles**2, "bias")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def save_reader(path: Path, scheme: ClassScheme = MBRSC, *, certainty: float = 400.0, **changes: Any) -> Model:
    """Write the bundle of a `reader` and load it."""
    save_bundle(reader(len(scheme), certainty), card(scheme=scheme, **changes), path, overwrite=True)
    return load_model(str(path))

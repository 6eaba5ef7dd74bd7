"""Other ways to make the same map with the same network, to compare with: straightforward loops of our own.

`segment_in_memory` works as the QGIS plugin Deepness does by its documentation (https://qgis-plugin-deepness.readthedocs.io):
ONNX Runtime with its defaults, tiles of 512 px that overlap by 15 %, of which the middle is kept, the whole map in
memory, and then the outline of each class. `segment_like_seed` is the method that this project began with: Keras,
patches of 256 px that overlap by half, all eight symmetries of the whole image, one after the other, blended by a
second-order spline in double precision, the whole image in memory (Chevalier 2017,
https://github.com/Vooban/Smoothly-Blend-Image-Patches).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray

from aerialseg_core.model.bundle import Model
from aerialseg_core.model.normalization import normalize

TILE = 512
TILE_OVERLAP = 0.15
SEED_PATCH = 256
SYMMETRIES = 8


def segment_in_memory(model: Model, scene: Path, polygons: Path) -> NDArray[np.uint8]:
    """Segment a scene tile by tile into an array, and write the outlines of its classes."""
    import cv2
    import geopandas
    import onnxruntime
    from shapely.geometry import Polygon

    session = onnxruntime.InferenceSession(model.network, providers=["CPUExecutionProvider"])
    name, stride, cut = session.get_inputs()[0].name, round(TILE * (1 - TILE_OVERLAP)), round(TILE * TILE_OVERLAP / 2)
    with rasterio.open(scene) as dataset:
        rows, cols = dataset.shape
        found = np.zeros((rows + TILE, cols + TILE), np.uint8)
        for row in range(-cut, rows - cut, stride):
            for col in range(-cut, cols - cut, stride):
                window = rasterio.windows.Window(col, row, TILE, TILE)
                pixels = normalize(dataset.read(window=window, boundless=True, fill_value=0), model.card.bands)
                scores = session.run(None, {name: pixels[None]})[0][0]
                kept = np.argmax(scores, axis=0)[cut : cut + stride, cut : cut + stride] + 1
                found[row + cut : row + cut + stride, col + cut : col + cut + stride] = kept
        crs = dataset.crs
    found = found[:rows, :cols]
    rings: list[Any] = []
    ids: list[int] = []
    for one in model.card.classes:
        outlines, tree = cv2.findContours((found == one.id).astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
        holes: dict[int, list[Any]] = {}
        for outline, (_, _, _, parent) in zip(outlines, tree[0] if tree is not None else (), strict=True):
            if parent >= 0 and len(outline) > 2:
                holes.setdefault(parent, []).append(outline[:, 0])
        for index, outline in enumerate(outlines):
            if tree[0][index][3] < 0 and len(outline) > 2:
                rings.append(Polygon(outline[:, 0], holes.get(index)))
                ids.append(one.id)
    geopandas.GeoDataFrame({"class_id": ids}, geometry=rings, crs=crs).to_file(polygons)
    return found


def segment_like_seed(network: Any, model: Model, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Segment an image in memory.

    Args:
        network: A Keras network, channels last.
        model: The same network as a bundle, whose card tells how pixels are scaled.
        pixels: Shape (bands, rows, cols).

    Returns:
        Class ids, shape (rows, cols).
    """
    image = normalize(pixels, model.card.bands).transpose(1, 2, 0)
    border = SEED_PATCH // 2
    padded = np.pad(image, ((border, border), (border, border), (0, 0)), mode="reflect")
    total = np.zeros((*padded.shape[:2], len(model.card.classes)))
    for mirrored in (False, True):
        for turns in range(SYMMETRIES // 2):
            view = np.rot90(padded[:, ::-1] if mirrored else padded, turns)
            blended = np.rot90(_blend_like_seed(network, np.ascontiguousarray(view), total.shape[2]), -turns)
            total += blended[:, ::-1] if mirrored else blended
    total = total[border:-border, border:-border] / SYMMETRIES
    return (np.argmax(total, axis=2) + 1).astype(np.uint8)


def _blend_like_seed(network: Any, image: NDArray[np.float32], classes: int) -> NDArray[np.float64]:
    """Predict all patches of an image, then add them up, weighted; those at the edge may lack what is left over."""
    side, step = SEED_PATCH, SEED_PATCH // 2
    places = [
        (row, col)
        for row in range(0, image.shape[0] - side + 1, step)
        for col in range(0, image.shape[1] - side + 1, step)
    ]
    patches = np.stack([image[row : row + side, col : col + side] for row, col in places])
    scores = network.predict(patches, verbose=0)
    ramp = np.abs(2 * (np.arange(side) + 0.5) / side - 1)  # 1 at the edges, 0 in the middle
    profile = np.where(ramp < 0.5, 1 - 2 * ramp**2, 2 * (1 - ramp) ** 2)
    weight = (profile[:, None] * profile)[..., None]
    total = np.zeros((*image.shape[:2], classes))
    for (row, col), one in zip(places, scores, strict=True):
        total[row : row + side, col : col + side] += one * weight
    return total

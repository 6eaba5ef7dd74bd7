"""Scoring on held-out parts."""

# ruff: noqa: E402 - the imports follow what skips them

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from greyset import write_pair

from aerialseg_core.datasets.pairs import find_pairs
from aerialseg_core.datasets.rasters import read_image
from aerialseg_core.datasets.split import Part
from aerialseg_core.metrics import count_confusion, measure_accuracy
from aerialseg_core.model.normalization import normalize
from aerialseg_core.raster.classes import MBRSC
from aerialseg_core.raster.window import Window
from aerialseg_core.training.run import make_bands
from aerialseg_core.training.validation import Holdout, score_holdout


def test_whole_images_are_predicted_at_any_size(recipe: Any, tmp_path: Path) -> None:
    """A network that sees one pixel only must give the same classes however the image is cut into windows."""
    inputs = keras.Input((None, None, 3))
    model = keras.Model(inputs, keras.layers.Conv2D(6, 1, activation="softmax")(inputs))
    bands = make_bands(recipe, (0, 255))
    for rows, cols in ((1, 1), (31, 700), (513, 40)):
        folder = tmp_path / f"{rows}"
        labels = np.random.default_rng(rows).integers(0, 6, (rows, cols)).astype(np.uint8)
        write_pair(folder, "image", labels)
        pairs = tuple(find_pairs(folder))
        whole = Holdout(pairs, (Part(0, Window(0, 0, rows, cols)),), MBRSC, bands)
        pixels = read_image(pairs[0].image, 3)
        direct = np.asarray(model.predict_on_batch(np.moveaxis(normalize(pixels, bands), 0, -1)[None]))[0]
        expected = measure_accuracy(count_confusion(labels, direct.argmax(axis=-1).astype(np.uint8), 6), MBRSC.names)
        assert score_holdout(model, whole) == expected

"""Counting a class raster against labels, window by window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from greyset import random_labels, write_pair, write_raster
from numpy.typing import NDArray

from aerialseg_core.datasets.labelled_data import open_data
from aerialseg_core.evaluation.boundary_f1 import count_boundaries
from aerialseg_core.evaluation.counts import Counts, Rasters, count_image
from aerialseg_core.evaluation.thumbnails import Thumbnail
from aerialseg_core.metrics import IGNORE, count_confusion
from aerialseg_core.model.calibration import Reliability
from aerialseg_core.raster.classes import MBRSC

Plane = NDArray[np.uint8]


def counted(
    folder: Path, labels: Plane, classes: Plane, confidence: Plane, thumbnail: Thumbnail | None = None
) -> tuple[Counts, Reliability]:
    """Count a class raster (0 = no data, 1…6) against labels; both go through files."""
    write_pair(folder / "set", "a", np.zeros_like(labels), truth=labels)
    rasters = Rasters(folder / "classes.tif", folder / "confidence.tif")
    for path, plane in ((rasters.classes, classes), (rasters.confidence, confidence)):
        rows, cols = plane.shape
        write_raster(path, plane[None], driver="GTiff", height=rows, width=cols, count=1, dtype="uint8")
    data, reliability = open_data(folder / "set"), Reliability()
    found = count_image(
        data.pairs[0],
        MBRSC,
        rasters,
        model_scheme=MBRSC,
        reliability=reliability,
        thumbnail=thumbnail,
    )
    return found, reliability


@pytest.mark.parametrize("size", [(600, 40), (20, 4200), (530, 30)])
def test_windows_count_what_the_whole_would(tmp_path: Path, size: tuple[int, int]) -> None:
    labels, predicted = random_labels(1, *size), np.roll(random_labels(1, *size), 2, axis=(0, 1))
    labels[np.random.default_rng(0).random(size) < 0.01] = IGNORE
    found, reliability = counted(tmp_path, labels, predicted + 1, np.full(size, 50, np.uint8))
    assert np.array_equal(found.matrix, count_confusion(labels, predicted, 6))
    assert np.array_equal(found.boundaries, count_boundaries(labels, predicted, 6))
    assert found.ignored == (labels == IGNORE).sum()
    assert reliability.samples == found.matrix.sum()


def test_labelled_pixels_without_data_are_told_apart_from_unlabelled_ones(tmp_path: Path) -> None:
    labels = random_labels(1)
    labels[:8] = IGNORE
    classes = labels + np.uint8(1)
    classes[:, :10] = 0
    found, _ = counted(tmp_path, labels, classes, np.full(labels.shape, 255, np.uint8))
    assert found.ignored == 8 * 72
    assert found.missing == (56 - 8) * 10
    assert found.matrix.sum() == (56 - 8) * (72 - 10)
    assert np.trace(found.matrix) == found.matrix.sum()


def test_a_calibrated_confidence_has_no_error_and_a_boastful_one_has(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    labels = random_labels(1, 400, 400)
    confidence = rng.choice(np.array([55, 75, 95], np.uint8), labels.shape)
    right = rng.random(labels.shape) < confidence / 100
    classes = np.where(right, labels, (labels + 1) % 6).astype(np.uint8) + np.uint8(1)
    _, honest = counted(tmp_path / "honest", labels, classes, confidence)
    assert honest.ece == pytest.approx(0, abs=0.01)
    _, boastful = counted(tmp_path / "boastful", labels, classes, np.full_like(confidence, 100))
    assert boastful.ece == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize("size", [(1, 1), (56, 72), (700, 90), (30, 4300)])
def test_a_thumbnail_shows_pixels_of_the_image(tmp_path: Path, size: tuple[int, int]) -> None:
    labels = random_labels(1, *size)
    thumbnail = Thumbnail(size)
    confidence = (np.arange(labels.size) % 101).astype(np.uint8).reshape(size)
    counted(tmp_path, labels, labels + 1, confidence, thumbnail)
    assert max(thumbnail.shape) <= 480
    step = max(1.0, max(size) / 480)
    for row, col in ((0, 0), (thumbnail.shape[0] - 1, thumbnail.shape[1] - 1), (0, thumbnail.shape[1] // 2)):
        place = int((row + 0.5) * step), int((col + 0.5) * step)
        assert thumbnail.labels[row, col] == thumbnail.predicted[row, col] == labels[place]
        assert thumbnail.confidence[row, col] == confidence[place]
    thumbnail.save(tmp_path / "a.npz")
    again = Thumbnail.load(tmp_path / "a.npz")
    assert np.array_equal(again.labels, thumbnail.labels)
    assert np.array_equal(again.confidence, thumbnail.confidence)

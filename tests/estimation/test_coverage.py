"""Drawn by the sampler, estimated by the estimators: intervals of 95 % cover the truth of a known map in 93 to 97 %."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from classmaps import save_map

from aerialseg_core.estimation.class_map import open_class_map, survey_classes
from aerialseg_core.estimation.estimators import Estimate, Sample, estimate_accuracy
from aerialseg_core.estimation.sampler import Strata, draw_grid, draw_pixels

SAMPLES, CLASSES, ROWS, COLS = 2000, 3, 100, 120


def make_ground() -> tuple[np.ndarray, np.ndarray]:
    """A map of patches of three classes, and the truth, from which it differs in a sixth of its pixels."""
    random = np.random.default_rng(5)
    sides = (np.sort(random.integers(0, 20, size)) for size in (ROWS, COLS))  # of no period, which a grid could meet
    patches = random.choice([0, 1, 2], p=[0.5, 0.3, 0.2], size=(20, 20))
    mapped = patches[np.ix_(*sides)]
    return mapped, np.where(random.random(mapped.shape) < 0.25, random.integers(0, CLASSES, mapped.shape), mapped)


def count_samples(path: Path, method: str, cells: np.ndarray, kinds: int) -> np.ndarray:
    """Draw many samples, and count their pixels by stratum and kind; shape (samples, classes, kinds)."""
    counts = np.zeros((SAMPLES, CLASSES, kinds), np.int64)
    with open_class_map(path) as class_map:
        survey = survey_classes(class_map)
        pixels, of_code = survey.pixels[1 : CLASSES + 1], np.full(256, -1, np.int64)
        of_code[1 : CLASSES + 1] = range(CLASSES) if method == "stratified" else 0
        strata = Strata(of_code, pixels, np.array([200, 160, 140]))
        if method != "stratified":
            strata = Strata(of_code, pixels.sum(keepdims=True), np.array([500]))
        for seed in range(SAMPLES):
            if method == "systematic":
                drawn, _ = draw_grid(class_map, int(pixels.sum()), 500, seed)
            else:
                drawn = draw_pixels(class_map, strata, seed)
            np.add.at(counts[seed], (drawn.codes - 1, cells[drawn.rows, drawn.cols]), 1)
    return counts


def check(found: Estimate, truth: np.ndarray, *, least: float = 0.93, most: float = 0.97, slack: float = 0.0) -> None:
    """Look whether intervals cover the truth as often as they should, and estimates are unbiased."""
    low, high = found.interval
    covered = np.mean((low <= truth) & (truth <= high), axis=0)
    assert np.all((covered >= least) & (covered <= most)), covered
    bias = np.abs(found.value.mean(axis=0) - truth)
    assert np.all(bias < 4 * found.value.std(axis=0) / SAMPLES**0.5 + slack)


@pytest.mark.parametrize(
    ("method", "least", "most"), [("stratified", 0.93, 0.97), ("simple", 0.93, 0.97), ("systematic", 0.9, 1.0)]
)
def test_areas_and_accuracies_of_a_map(tmp_path: Path, method: str, least: float, most: float) -> None:
    """A grid has few places to begin on a small map, and its standard errors are those of a random sample."""
    mapped, truth = make_ground()
    path = save_map(tmp_path / "c.tif", mapped + 1)
    pixels = np.bincount(mapped.ravel()).astype(float)
    counts = count_samples(path, method, mapped * CLASSES + truth, CLASSES**2)
    found = estimate_accuracy(Sample(counts, pixels / pixels.sum(), pixels, method != "stratified"), CLASSES)
    matrix = np.bincount((mapped * CLASSES + truth).ravel(), minlength=9).reshape(3, 3) / mapped.size
    check(found.shares, matrix.sum(axis=0), least=least, most=most)
    check(found.overall, np.trace(matrix), least=least, most=most)
    check(found.users, np.diag(matrix) / matrix.sum(axis=1), least=least, most=most)
    check(found.producers, np.diag(matrix) / matrix.sum(axis=0), least=least, most=most, slack=0.002)


def test_areas_in_a_zone(tmp_path: Path) -> None:
    """The shares of a zone are ratios, as its points are in all strata."""
    mapped, truth = make_ground()
    inside = np.zeros(mapped.shape, np.int64)
    inside[:, 20:80] = 1
    counts = count_samples(
        save_map(tmp_path / "c.tif", mapped + 1), "stratified", inside * CLASSES + truth, 2 * CLASSES
    )
    pixels = np.bincount(mapped.ravel()).astype(float)
    sample, there = Sample(counts, pixels / pixels.sum(), pixels), np.repeat([0.0, 1.0], CLASSES)
    for one in range(CLASSES):
        share = sample.estimate_ratio(np.eye(2 * CLASSES)[CLASSES + one], there)
        check(share, np.mean(truth[inside == 1] == one), slack=0.002)

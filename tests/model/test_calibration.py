"""Temperature scaling and the reliability of a confidence: laws on drawn probabilities."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from support import SCHEME, CountingEngine, blended_scores, card, image, predictor, read, save_model, save_scene

from aerialseg_core import segment
from aerialseg_core.config import SegmentConfig
from aerialseg_core.metrics import IGNORE
from aerialseg_core.model.calibration import (
    FEWEST_SAMPLES,
    TEMPERATURES,
    Reliability,
    apply_temperature,
    apply_temperature_to_best,
    fit_temperature,
)
from aerialseg_core.progress import Reporter
from aerialseg_core.raster.class_raster import NO_CONFIDENCE
from aerialseg_core.raster.classes import ClassScheme
from aerialseg_core.segmentation.job import Outputs
from aerialseg_core.segmentation.segment import segment_scene

Scores = NDArray[np.float32]
Labels = NDArray[np.uint8]

THREE = ClassScheme.of([(c.name, c.colour) for c in list(SCHEME)[:3]])

law = settings(deadline=None, max_examples=40)
temperatures = st.floats(0.3, 3.0)


def honest(samples: int, classes: int, seed: int) -> tuple[Scores, Labels]:
    """Probabilities, and labels drawn with just these probabilities: perfectly calibrated."""
    rng = np.random.default_rng(seed)
    scores = rng.dirichlet(np.full(classes, 0.7), samples).astype(np.float32)
    drawn = (rng.random((samples, 1)) > np.cumsum(scores, axis=1)).sum(axis=1)
    return scores, np.minimum(drawn, classes - 1).astype(np.uint8)


def likelihood(scores: Scores, labels: Labels, temperature: float) -> float:
    """Mean log-likelihood of the labels, by its definition."""
    chosen = apply_temperature(scores.astype(np.float64), temperature, axis=1)[np.arange(len(labels)), labels]
    return float(np.log(np.maximum(chosen, 1e-300)).mean())


@law
@given(temperatures, st.integers(2, 8), st.integers(0, 99))
def test_a_temperature_keeps_the_order_of_the_classes_and_the_sum(temperature: float, classes: int, seed: int) -> None:
    scores, _ = honest(200, classes, seed)
    result = apply_temperature(scores, temperature, axis=1)
    assert np.allclose(result.sum(axis=1), 1, atol=1e-5)
    assert (result.argmax(axis=1) == scores.argmax(axis=1)).all()
    assert np.allclose(apply_temperature(scores, 1.0, axis=1), scores, atol=1e-5)


@law
@given(st.floats(0.1, 10.0), st.integers(1, 8), st.integers(0, 99))
def test_the_highest_score_alone_is_calibrated_as_among_all(temperature: float, classes: int, seed: int) -> None:
    scores = honest(120, classes, seed)[0].T.reshape(classes, 10, 12).copy()
    scores[:, 0, 0] = np.eye(classes)[0]
    scores[:, 0, 1] = 0
    kept = scores.copy()
    best = scores.max(axis=0)
    expected = best if temperature == 1 else apply_temperature(scores, temperature, axis=0).max(axis=0)
    assert np.allclose(apply_temperature_to_best(scores, best, temperature), expected, atol=1e-5)
    assert (scores == kept).all()


@settings(deadline=None, max_examples=15)
@given(temperatures, st.integers(2, 8), st.integers(0, 99))
def test_the_temperature_that_spoilt_honest_scores_is_found_again(temperature: float, classes: int, seed: int) -> None:
    scores, labels = honest(20_000, classes, seed)
    spoilt = apply_temperature(scores, 1 / temperature, axis=1)
    assert fit_temperature(spoilt, labels) == pytest.approx(temperature, rel=0.1)


@settings(deadline=None, max_examples=15)
@given(st.integers(2, 6), st.integers(100, 400), st.integers(0, 99))
def test_no_other_temperature_explains_the_labels_better(classes: int, samples: int, seed: int) -> None:
    scores, _ = honest(samples, classes, seed)
    labels = np.random.default_rng(seed).integers(0, classes, samples).astype(np.uint8)
    labels[::2] = scores[::2].argmax(axis=1)
    fitted = fit_temperature(scores, labels)
    best = likelihood(scores, labels, fitted)
    for other in np.geomspace(*TEMPERATURES, 60):
        assert likelihood(scores, labels, float(other)) <= best + 1e-6


@pytest.mark.parametrize(("right", "bound"), [(True, TEMPERATURES[0]), (False, TEMPERATURES[1])])
def test_labels_that_are_always_right_or_always_wrong_end_at_a_bound(right: bool, bound: float) -> None:
    scores, _ = honest(500, 4, 3)
    labels = (scores.argmax(axis=1) if right else scores.argmin(axis=1)).astype(np.uint8)
    assert fit_temperature(scores, labels) == pytest.approx(bound, rel=1e-3)


def test_ignored_samples_do_not_count_and_too_few_are_not_believed() -> None:
    scores, labels = honest(2000, 5, 7)
    scores = apply_temperature(scores, 0.5, axis=1)
    expected = fit_temperature(scores[::2], labels[::2])
    wrong = scores[1::2].argmin(axis=1)
    labels[1::2] = IGNORE
    assert expected > 1.5
    assert fit_temperature(scores, labels) == expected
    assert wrong.any(), "the ignored half would have changed it"
    assert fit_temperature(scores[: FEWEST_SAMPLES - 1], labels[::2][: FEWEST_SAMPLES - 1]) == 1.0
    assert fit_temperature(scores[:0], labels[:0]) == 1.0
    assert fit_temperature(scores, np.full(2000, IGNORE, np.uint8)) == 1.0


def test_scores_of_zero_and_one_have_a_temperature_too() -> None:
    labels = np.tile(np.arange(4, dtype=np.uint8), 200)
    scores = np.eye(4, dtype=np.float32)[labels]
    labels[::10] = (labels[::10] + 1) % 4
    temperature = fit_temperature(scores, labels)
    assert np.isfinite(temperature)
    assert temperature > 1
    assert np.isfinite(apply_temperature(scores, temperature, axis=1)).all()


def test_calibrating_makes_overconfident_scores_reliable() -> None:
    scores, labels = honest(50_000, 6, 11)
    spoilt = apply_temperature(scores, 0.4, axis=1)
    errors = []
    for found in (spoilt, apply_temperature(spoilt, fit_temperature(spoilt, labels), axis=1)):
        reliability = Reliability()
        reliability.feed(found.max(axis=1), found.argmax(axis=1) == labels)
        errors.append(reliability.ece)
    assert errors[0] > 0.1
    assert errors[1] < 0.01


@law
@given(st.integers(1, 30), st.integers(1, 400), st.integers(0, 99))
def test_reliability_counts_every_sample_once_however_it_is_fed(bins: int, samples: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    confidence, correct = rng.random(samples).astype(np.float32), rng.random(samples) < 0.6
    whole, parts = Reliability(bins), Reliability(bins)
    whole.feed(confidence, correct)
    for part in np.array_split(np.arange(samples), 3):
        parts.feed(confidence[part], correct[part])
    assert whole.samples == parts.samples == samples == sum(row.count for row in whole.rows)
    assert parts.ece == pytest.approx(whole.ece)
    assert 0 <= whole.ece <= 1
    for row in whole.rows:
        if row.count:
            assert row.confidence is not None
            assert row.low - 1e-6 <= row.confidence <= row.high + 1e-6
        else:
            assert row.confidence is row.accuracy is None


def test_calibration_error_by_hand() -> None:
    """Naeini et al.: the sum over bins of their share times |accuracy − confidence|."""
    reliability = Reliability(10)
    reliability.feed(np.array([0.95, 0.95, 0.55, 0.65]), np.array([True, False, True, True]))
    assert reliability.ece == pytest.approx(0.5 * 0.45 + 0.25 * 0.45 + 0.25 * 0.35)
    assert Reliability().ece == 0


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_whole_percents_fall_into_the_bin_below_their_bound(kind: type) -> None:
    percents = np.arange(101)
    reliability = Reliability(20)
    reliability.feed((percents / 100).astype(kind), np.ones(101, bool))
    assert [row.count for row in reliability.rows] == [6] + [5] * 19


def softmax(patches: Scores) -> Scores:
    """A network without weights, uncertain almost everywhere."""
    powers = np.exp(3 * patches)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    pixels = image(90, 110)
    pixels[:, 30:60, 40:80] = 0
    return save_scene(tmp_path / "scene.tif", pixels, nodata=0)


def test_the_pipeline_gives_the_calibrated_blended_score(tmp_path: Path, scene: Path) -> None:
    using = predictor(CountingEngine(softmax), card(scheme=THREE, temperature=2.5))
    segment_scene(
        str(scene),
        Outputs(tmp_path / "classes.tif", tmp_path / "sure.tif"),
        using,
        SegmentConfig(overlap=0.25),
        Reporter(),
    )
    classes, confidence = read(tmp_path / "classes.tif"), read(tmp_path / "sure.tif")
    scores = blended_scores(scene, using, overlap=0.25)
    expected = np.rint(100 * apply_temperature(scores, 2.5, axis=0).max(axis=0))
    there = classes > 0
    assert there.any()
    assert (confidence[~there] == NO_CONFIDENCE).all()
    assert np.abs(confidence[there] - expected[there]).max() <= 1, "rounding only"
    assert (confidence[there] == expected[there]).mean() > 0.99


@pytest.mark.parametrize("resolution", [{}, {"gsd": 2.0}, {"gsd": 0.4}])
def test_a_temperature_changes_the_confidence_and_not_one_class(
    tmp_path: Path, scene: Path, resolution: dict[str, Any]
) -> None:
    def results(temperature: float, **options: Any) -> tuple[Labels, Labels]:
        model = save_model(tmp_path / f"{temperature}.onnx", temperature=temperature)
        out, sure = tmp_path / "classes.tif", tmp_path / "sure.tif"
        segment(scene, out, confidence=sure, model=str(model.path), overwrite=True, **resolution, **options)
        return read(out), read(sure)

    cold, plain, warm = (results(temperature) for temperature in (0.5, 1.0, 2.0))
    assert np.array_equal(cold[0], plain[0])
    assert np.array_equal(warm[0], plain[0])
    there = plain[0] > 0
    assert (warm[1][there] <= plain[1][there]).all()
    assert (plain[1][there] <= cold[1][there]).all()
    assert warm[1][there].mean() < plain[1][there].mean() < cold[1][there].mean()
    assert (warm[1][~there] == NO_CONFIDENCE).all()
    again = results(2.0, block=1, threads=2)
    assert np.array_equal(again[0], warm[0])
    assert np.array_equal(again[1], warm[1])


def test_the_temperature_is_part_of_the_job_and_of_the_provenance(tmp_path: Path, scene: Path) -> None:
    jobs = set()
    for temperature in (1.0, 1.5):
        using = predictor(
            CountingEngine(softmax), card(scheme=THREE, temperature=temperature)
        )  # else the same, its checksum too
        outputs = Outputs(tmp_path / "classes.tif", tmp_path / "sure.tif", overwrite=True)
        segment_scene(str(scene), outputs, using, SegmentConfig(), Reporter())
        with rasterio.open(tmp_path / "sure.tif") as sure:
            jobs.add(sure.tags()["AERIALSEG_JOB"])
            assert sure.tags()["AERIALSEG_TEMPERATURE"] == f"{temperature:g}"
    assert len(jobs) == 2

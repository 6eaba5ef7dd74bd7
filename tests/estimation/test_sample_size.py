"""Sample sizes of the literature, and laws of allocation."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from aerialseg_core.config import ALLOCATIONS
from aerialseg_core.errors import ParameterError
from aerialseg_core.estimation.sample_size import allocate_points, compute_sample_size

WEIGHTS = np.array([0.02, 0.015, 0.32, 0.645])
EXPECTED = np.array([0.7, 0.6, 0.9, 0.95])
PIXELS = np.array([200_000, 150_000, 3_200_000, 6_450_000])


def test_olofsson_2014() -> None:
    """Section 5.1.1: 641 pixels; table 5: 75 in each of the rare classes, and the rest in proportion."""
    assert compute_sample_size(WEIGHTS, EXPECTED, 0.01, PIXELS.sum()) == 641
    found = allocate_points(640, WEIGHTS, EXPECTED, pixels=PIXELS, method="proportional", minimum=75)
    assert found.tolist() == [75, 75, 162, 328]  # the paper rounds to 165 and 325
    equal = allocate_points(640, WEIGHTS, EXPECTED, pixels=PIXELS, method="equal", minimum=2)
    assert equal.tolist() == [160, 160, 160, 160]


def test_a_simple_random_sample_has_the_size_of_the_binomial() -> None:
    assert compute_sample_size(np.ones(1), np.array([0.8]), 0.02, 1e12) == 400
    assert compute_sample_size(np.ones(1), np.array([0.8]), 0.02, 400) == 200


def test_neyman_follows_weights_times_spread() -> None:
    found = allocate_points(1000, WEIGHTS, EXPECTED, pixels=PIXELS, method="neyman", minimum=2)
    ideal = WEIGHTS * np.sqrt(EXPECTED * (1 - EXPECTED))
    assert np.allclose(found, 1000 * ideal / ideal.sum(), atol=1)


def test_laws_of_allocation() -> None:
    random = np.random.default_rng(3)
    for method, _ in product(ALLOCATIONS, range(200)):
        strata = int(random.integers(1, 7))
        pixels = random.integers(1, 400, strata)
        minimum = int(random.integers(2, 30))
        least = np.minimum(minimum, pixels)
        points = int(random.integers(least.sum(), pixels.sum() + 1))
        accuracies = random.uniform(0.05, 0.95, strata)
        found = allocate_points(
            points, pixels / pixels.sum(), accuracies, pixels=pixels, method=method, minimum=minimum
        )
        assert found.sum() == points
        assert np.all((found >= least) & (found <= pixels))


def test_too_few_and_too_many_points_are_refused() -> None:
    options = {"pixels": np.array([30, 40]), "method": "equal", "minimum": 20}
    with pytest.raises(ParameterError, match="39 points are too few for 2 classes"):
        allocate_points(39, np.array([0.4, 0.6]), np.array([0.8, 0.8]), **options)
    with pytest.raises(ParameterError, match="has 70 pixels"):
        allocate_points(71, np.array([0.4, 0.6]), np.array([0.8, 0.8]), **options)

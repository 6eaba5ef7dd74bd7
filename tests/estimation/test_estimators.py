"""Published worked examples to the printed digit, and intervals that hold what they promise."""

from __future__ import annotations

import numpy as np
import pytest

from aerialseg_core.estimation.estimators import AccuracyEstimates, Estimate, Sample, estimate_accuracy

OLOFSSON = np.array([[66, 0, 5, 4], [0, 55, 8, 12], [1, 0, 153, 11], [2, 1, 9, 313]])
"""Table 8 of Olofsson et al. 2014: deforestation, forest gain, stable forest, stable non-forest."""
MAPPED = np.array([200_000, 150_000, 3_200_000, 6_450_000.0])
"""Their pixels of 0.09 ha."""


def make_sample(matrices: np.ndarray, sizes: np.ndarray, *, poststratified: bool = False) -> Sample:
    """A sample of error matrices in counts, whose strata are the map's classes; shape (…, classes, classes)."""
    classes = matrices.shape[-1]
    counts = np.zeros((*matrices.shape, classes), np.int64)
    for one in range(classes):
        counts[..., one, one, :] = matrices[..., one, :]
    flat = counts.reshape(*matrices.shape[:-1], classes * classes)
    return Sample(flat, sizes / sizes.sum(), sizes, poststratified)


def half_widths(found: Estimate) -> list[float]:
    return np.round(1.96 * found.standard_error, 2).tolist()


def test_olofsson_2014() -> None:
    """Three printed values are not what the paper's own equations give, and are left out: two half-widths of producer's
    accuracies (0.23 and 0.01, by equation 7 0.25 and 0.02), and a standard error of 34 097 pixels, which is 34 907, as
    the half-width of 68 418 printed beside it says.
    """
    found = estimate_accuracy(make_sample(OLOFSSON, MAPPED), 4)
    assert np.round(found.users.value, 2).tolist() == [0.88, 0.73, 0.93, 0.96]
    assert half_widths(found.users) == [0.07, 0.10, 0.04, 0.02]
    assert np.round(found.producers.value, 2).tolist() == [0.75, 0.85, 0.93, 0.96]
    assert half_widths(found.producers) == [0.21, 0.25, 0.03, 0.02]
    assert (round(float(found.overall.value), 2), half_widths(found.overall)) == (0.95, 0.02)
    hectares = found.shares * (MAPPED.sum() * 0.09)
    assert np.round(hectares.value).tolist() == [21_158, 11_686, 285_770, 581_386]
    assert abs(1.96 * hectares.standard_error[0] / 0.09 - 68_418) < 5  # without the finite population correction


def stehman() -> AccuracyEstimates:
    """Table 2 of Stehman 2014: ten pixels in each of four strata, which are not the map's classes."""
    strata = [*"A" * 10, *"B" * 10, *"C" * 10, *"D" * 10]
    mapped = [*"AAAAAAABBB", "A", *"BBBBBBBBBBB", *"CCCCCC", "B", "B", *"DDDDDDDDDD"]
    reference = [*"AAAAACBABC", "A", *"BBBBB", *"AABB", *"CCCCC", *"DDBBA", *"DDDDDDD", *"CCB"]
    counts, place = np.zeros((4, 4, 4), np.int64), "ABCD".index
    for stratum, one, other in zip(strata, mapped, reference, strict=True):
        counts[place(stratum), place(one), place(other)] += 1
    sizes = np.array([40_000, 30_000, 20_000, 10_000.0])
    return estimate_accuracy(Sample(counts.reshape(4, 16), sizes / sizes.sum(), sizes), 4)


def test_stehman_2014() -> None:
    found, (a, b, c) = stehman(), range(3)
    assert np.round(found.shares.value[[a, c]], 2).tolist() == [0.35, 0.20]
    assert round(float(found.overall.value), 2) == 0.63
    assert round(found.users.value[b], 3) == 0.574
    assert round(found.producers.value[b], 3) == 0.794
    assert round(found.matrix[b, c], 2) == 0.08
    assert np.round(found.shares.standard_error[[a, c]], 3).tolist() == [0.082, 0.064]
    assert round(float(found.overall.standard_error), 3) == 0.085
    assert round(found.users.standard_error[b], 3) == 0.125
    assert round(found.producers.standard_error[b], 3) == 0.117


SIZES = np.array([70_000, 20_000, 10_000.0])
CHANCE = np.array([[0.9, 0.06, 0.04], [0.2, 0.75, 0.05], [0.1, 0.2, 0.7]])
"""How often each mapped class is each class on the ground."""
TRUTH = SIZES[:, np.newaxis] / SIZES.sum() * CHANCE
"""The error matrix of the whole map, in shares."""


def draw(poststratified: bool, samples: int) -> Sample:
    """Samples of the map."""
    random = np.random.default_rng(11)
    drawn = random.multinomial(700, SIZES / SIZES.sum(), samples) if poststratified else [[300, 200, 200]] * samples
    return make_sample(random.multinomial(drawn, CHANCE), SIZES, poststratified=poststratified)


@pytest.mark.parametrize("poststratified", [False, True], ids=["stratified", "simple"])
def test_intervals_cover_the_truth_and_estimates_are_unbiased(poststratified: bool) -> None:
    """95 % of them, in 2 000 samples of a known map."""
    found = estimate_accuracy(draw(poststratified, 2000), 3)
    right = np.diag(TRUTH)
    truths = [
        (found.shares, TRUTH.sum(axis=0)),
        (found.users, right / TRUTH.sum(axis=1)),
        (found.producers, right / TRUTH.sum(axis=0)),
        (found.overall, right.sum()),
    ]
    for one, truth in truths:
        low, high = one.interval
        covered = np.mean((low <= truth) & (truth <= high), axis=0)
        assert np.all((covered >= 0.93) & (covered <= 0.97)), covered
        deviation = one.value.mean(axis=0) - truth
        slack = 0.002 if one is found.producers else 0  # ratios are unbiased in the limit
        assert np.all(np.abs(deviation) < 4 * one.value.std(axis=0) / 2000**0.5 + slack)
        assert np.allclose(one.standard_error.mean(axis=0), one.value.std(axis=0), rtol=0.1)


@pytest.mark.parametrize("poststratified", [False, True])
def test_shares_and_the_matrix_add_up(poststratified: bool) -> None:
    for found in (estimate_accuracy(make_sample(OLOFSSON, MAPPED, poststratified=poststratified), 4), stehman()):
        assert np.isclose(found.shares.value.sum(), 1)
        assert np.isclose(found.matrix.sum(), 1)
        assert np.allclose(found.matrix.sum(axis=0), found.shares.value)


def test_a_class_that_no_point_is_of_tells_nothing() -> None:
    found = estimate_accuracy(make_sample(np.array([[2, 0], [2, 0]]), np.array([10.0, 10.0])), 2)
    assert np.isnan(found.producers.value[1])
    assert found.shares.value.tolist() == [1, 0]
    assert found.users.value.tolist() == [1, 0]


def test_what_was_looked_at_as_a_whole_is_certain() -> None:
    found = estimate_accuracy(make_sample(np.array([[3, 1], [0, 1]]), np.array([4.0, 1.0])), 2)
    assert found.overall.value == pytest.approx(0.8)
    assert found.overall.standard_error == 0


def test_cochran_1977_section_5a_9() -> None:
    """By hand: strata of 60 and 40 % of 1000 pixels, 6 of 10 and 2 of 10 drawn right, s² of 6/10·4/9 and 2/10·8/9."""
    found = make_sample(np.array([[6, 4], [8, 2]]), np.array([600.0, 400.0]), poststratified=True)
    first, second = 10 / 9 * 0.24, 10 / 9 * 0.16
    within = (0.6 * first + 0.4 * second) / 20 + (0.4 * first + 0.6 * second) / 20**2
    share = estimate_accuracy(found, 2).overall
    assert share.value == pytest.approx(0.6 * 0.6 + 0.4 * 0.2)
    assert share.standard_error**2 == pytest.approx((1 - 20 / 1000) * within)

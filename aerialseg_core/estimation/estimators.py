"""Accuracy and area from a probability sample: estimates with their standard errors.

Notation as in the papers: stratum h has the share W_h of the area and N_h pixels, of which n_h are in the sample; each
sampled pixel has a map class and a reference class. Whatever is estimated is a mean of a quantity y over the area, or a
ratio of two such means:

    mean   Y = Σ W_h ȳ_h
    ratio  R = Y / X,  with (y - R x) / X in the place of y for its variance (Taylor)

Stratified random sampling (Stehman 2014, equations 25 and 28; Olofsson et al. 2014, equations 5 to 11, are the case
where strata are map classes, there without the finite population correction, which is 1 to many digits):

    V = Σ W_h² (1 - n_h / N_h) s_h² / n_h

Simple random sampling, poststratified (Cochran 1977, section 5A.9):

    V = (1 - n / N) [ Σ W_h s_h² / n + Σ (1 - W_h) s_h² / n² ]

Clusters that are drawn with replacement, poststratified: with each point's deviation e from the mean of its stratum
and the share ŵ_h of the sample that stratum has, the variance between the sums z_c of clusters (Hansen, Hurwitz 1943;
Särndal et al. 1992; Stehman 1997):

    V = m / (m - 1) Σ z_c²,  z_c = Σ (W_h / ŵ_h) e / n

Sources:
    Cochran, W. G. (1977). Sampling Techniques, 3rd edition. Wiley.
    Hansen, M. H., Hurwitz, W. N. (1943). On the theory of sampling from finite populations. Annals of Mathematical
        Statistics 14, 333-362.
    Olofsson, P., et al. (2014). Good practices for estimating area and assessing accuracy of land change. Remote
        Sensing of Environment 148, 42-57, https://doi.org/10.1016/j.rse.2014.02.015.
    Särndal, C.-E., Swensson, B., Wretman, J. (1992). Model Assisted Survey Sampling. Springer.
    Stehman, S. V. (1997). Estimating standard errors of accuracy assessment statistics under cluster sampling. Remote
        Sensing of Environment 60, 258-269, https://doi.org/10.1016/S0034-4257(96)00176-9.
    Stehman, S. V. (2014). Estimating area and map accuracy for stratified random sampling when the strata are different
        from the map classes. International Journal of Remote Sensing 35, 4923-4939,
        https://doi.org/10.1080/01431161.2014.930207.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..metrics import divide

Z_95 = 1.959964
"""Quantile of the normal distribution for an interval of 95 %."""

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Estimate:
    """Shares 0…1, or areas, with their standard errors; NaN where the sample tells nothing."""

    value: Floats
    """Any shape."""
    standard_error: Floats
    """The same."""

    @property
    def interval(self) -> tuple[Floats, Floats]:
        """95 % confidence interval, by the normal distribution; it may reach below 0 or beyond 1."""
        reach = Z_95 * self.standard_error
        return self.value - reach, self.value + reach

    def __mul__(self, factor: float) -> Estimate:
        return Estimate(self.value * factor, self.standard_error * factor)


@dataclass(frozen=True)
class Sample:
    """A labelled sample, counted: how many of the pixels drawn in each stratum are of each kind.

    A kind is what a quantity depends on, such as a pair of map class and reference class. Several samples of the same
    design may be given at once, along axes that come first.
    """

    counts: Counts
    """Sampled pixels, shape (…, strata, kinds); in each stratum there are two, or all of its pixels."""
    weights: Floats
    """Share of the area that each stratum has, shape (strata,), sum 1."""
    pixels: Floats
    """Pixels of each stratum in the whole area, shape (strata,)."""
    poststratified: bool = False
    """Whether pixels were drawn at random from the whole area, not from each stratum."""

    def estimate_mean(self, y: Floats) -> Estimate:
        """Estimate the mean of a quantity over the area.

        Args:
            y: Its value for each kind, shape (kinds,).
        """
        mean, square = self._average(y), self._average(y * y)
        return Estimate(mean @ self.weights, np.sqrt(self._compute_variance(square - mean**2)))

    def estimate_ratio(self, y: Floats, x: Floats) -> Estimate:
        """Estimate the ratio of the means of two quantities; NaN where that of the second one is 0.

        Args:
            y: The numerator for each kind, shape (kinds,).
            x: The denominator.
        """
        top, below = self._average(y), self._average(x)
        over = below @ self.weights
        ratio = divide(top @ self.weights, over)
        r = ratio[..., np.newaxis]
        mean = top - r * below
        square = self._average(y * y) - 2 * r * self._average(x * y) + r**2 * self._average(x * x)
        return Estimate(ratio, divide(np.sqrt(self._compute_variance(square - mean**2)), over))

    @property
    def _drawn(self) -> Floats:
        """Sampled pixels of each stratum, shape (…, strata)."""
        return np.asarray(self.counts.sum(axis=-1), np.float64)

    def _average(self, y: Floats) -> Floats:
        """Average a quantity in the sample of each stratum, shape (…, strata)."""
        return np.asarray(self.counts @ y / self._drawn)

    def _compute_variance(self, spread: Floats) -> Floats:
        """Compute the variance of an estimated mean under the design.

        Args:
            spread: Mean square deviation of the quantity from its mean in the sample of each stratum, (…, strata).
        """
        drawn = self._drawn
        variances = np.maximum(spread, 0) * drawn / np.maximum(drawn - 1, 1)  # below 0 by rounding only
        if not self.poststratified:
            left = 1 - np.minimum(drawn / self.pixels, 1)
            return np.asarray(np.sum(self.weights**2 * left * variances / drawn, axis=-1))
        total = drawn.sum(axis=-1)
        left = 1 - np.minimum(total / self.pixels.sum(), 1)
        within = np.sum(self.weights * variances, axis=-1) / total
        return np.asarray(left * (within + np.sum((1 - self.weights) * variances, axis=-1) / total**2))


@dataclass(frozen=True)
class ClusterSample:
    """A labelled sample in clusters, counted as `Sample` is, cluster by cluster."""

    counts: Floats
    """Sampled pixels, weighted so that each cluster has as many; shape (…, clusters, strata, kinds), two clusters at
    least, and something in each stratum."""
    weights: Floats
    """Share of the area that each stratum has, shape (strata,), sum 1."""

    def estimate_mean(self, y: Floats) -> Estimate:
        """Estimate the mean of a quantity over the area, as `Sample` does."""
        mean = self._average(y)
        return Estimate(mean @ self.weights, self._measure_error(y - mean[..., np.newaxis]))

    def estimate_ratio(self, y: Floats, x: Floats) -> Estimate:
        """Estimate the ratio of the means of two quantities, as `Sample` does."""
        top, below = self._average(y), self._average(x)
        over = below @ self.weights
        ratio = divide(top @ self.weights, over)
        r = ratio[..., np.newaxis]
        kinds = (y - r * x)[..., np.newaxis, :]
        return Estimate(ratio, divide(self._measure_error(kinds - (top - r * below)[..., np.newaxis]), over))

    @property
    def _drawn(self) -> Floats:
        """Sampled pixels of each stratum, shape (…, strata)."""
        return np.asarray(self.counts.sum(axis=(-3, -1)))

    def _average(self, y: Floats) -> Floats:
        """Average a quantity in the sample of each stratum, shape (…, strata)."""
        return np.asarray(self.counts.sum(axis=-3) @ y / self._drawn)

    def _measure_error(self, deviations: Floats) -> Floats:
        """Measure the standard error of an estimated mean: clusters, not single pixels, are independent.

        Args:
            deviations: Of each kind from the mean of each stratum, shape (…, strata, kinds).
        """
        share = (self.weights / self._drawn)[..., np.newaxis] * deviations
        sums = np.einsum("...chk,...hk->...c", self.counts, share)
        clusters = self.counts.shape[-3]
        return np.asarray(np.sqrt(clusters / (clusters - 1) * np.sum(sums**2, axis=-1)))


@dataclass(frozen=True)
class AccuracyEstimates:
    """What a sample tells of a map; classes are in the order of the counts."""

    matrix: Floats
    """Error matrix in shares of the area, shape (…, map classes, reference classes)."""
    overall: Estimate
    """Share of the area that has its class in the map, shape (…)."""
    users: Estimate
    """User's accuracy: the share of what is mapped as a class that is it, shape (…, classes)."""
    producers: Estimate
    """Producer's accuracy: the share of a class that is mapped as it, shape (…, classes)."""
    shares: Estimate
    """Share of the area that each class has on the ground, shape (…, classes)."""


def estimate_accuracy(sample: Sample | ClusterSample, classes: int) -> AccuracyEstimates:
    """Estimate accuracies, and the share of the area of each class.

    Args:
        sample: Its kinds are pairs of map class and reference class: kind m · classes + r.
        classes: How many there are.
    """
    pairs = np.eye(classes * classes)
    mapped = [pairs.reshape(classes, classes, -1)[one].sum(axis=0) for one in range(classes)]
    truly = [pairs.reshape(classes, classes, -1)[:, one].sum(axis=0) for one in range(classes)]
    right = [mapped[one] * truly[one] for one in range(classes)]
    cells = [sample.estimate_mean(one).value for one in pairs]
    return AccuracyEstimates(
        np.stack(cells, axis=-1).reshape(*cells[0].shape, classes, classes),
        sample.estimate_mean(np.sum(right, axis=0)),
        stack([sample.estimate_ratio(*one) for one in zip(right, mapped, strict=True)]),
        stack([sample.estimate_ratio(*one) for one in zip(right, truly, strict=True)]),
        stack([sample.estimate_mean(one) for one in truly]),
    )


def stack(estimates: list[Estimate]) -> Estimate:
    """Stack estimates of the same shape along a last axis."""
    values, errors = zip(*((one.value, one.standard_error) for one in estimates), strict=True)
    return Estimate(np.stack(values, axis=-1), np.stack(errors, axis=-1))

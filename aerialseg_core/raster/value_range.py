"""Ranges: which values of a raster are black and white, for a scene, a folder of scenes and a training set alike.

A type of pixels says little: uint16 and float32 hold 8-bit values, reflectances of 0…1 or 0…10000, or anything else.
So where the type alone does not tell, a sample of the values is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .opening import Dataset

Range = tuple[float, float]
"""The values that are black and white."""

SAMPLE_SIDE = 1024
"""Longest side of the decimated read that a sample is taken from, px."""

RANGE_PERCENTILES = (2.0, 98.0)
"""What becomes black and white when the range is estimated."""

BYTE: Range = (0.0, 255.0)
"""Black and white of 8-bit values, whatever type holds them."""

UNIT: Range = (0.0, 1.0)
"""Black and white of images that were divided by the largest value of their type."""

POOLED = 1 << 16
"""Values that each raster of a folder or a training set contributes to a common range, at most."""

VAST = 1 << 34
"""Pixels from which on a raster without overviews is not read as a whole for a sample: that would take hours."""

_VAST_PLACES = 12  # windows along each axis instead
_OVERSHOOT = 0.25  # how far a cubic kernel leaves the range of what it resamples, as a share of it
_PLACES, _PLACE_SIDE = 3, 64  # so many windows along each axis are read at full resolution, px

Scale = Literal["8-bit", "fractions", "counts"]
"""What numbers mean: 0…255, parts of one, or larger ones such as those of a 12-bit sensor."""


@dataclass(frozen=True)
class Sample:
    """Values of a raster, those of all its bands together."""

    values: NDArray[np.float64]
    """Values where there are data, spread evenly over the raster; shape (n,), finite."""
    whole: bool
    """Whether they are whole numbers as they are stored."""
    bytes_of_one: bool
    """Whether they are multiples of 1/255 as they are stored."""

    @property
    def scale(self) -> Scale:
        """What the numbers mean."""
        least, most = float(self.values.min()), float(self.values.max())
        if self.whole and not self.bytes_of_one:
            return "8-bit" if least >= 0 and most <= BYTE[1] else "counts"
        if self.whole and most == 0:
            return "8-bit"
        low, high = np.percentile(self.values, RANGE_PERCENTILES)
        if least >= -_OVERSHOOT and high <= 1.5 and most <= 16:  # single roofs reflect the sun
            return "fractions"
        inside = low >= 0 and high <= BYTE[1]
        near = -_OVERSHOOT * BYTE[1] <= least and BYTE[1] / 2 < most <= (1 + _OVERSHOOT) * BYTE[1]
        return "8-bit" if inside and near else "counts"

    @property
    def black_and_white(self) -> Range:
        """The values that become black and white: those of the scale if it has such, else percentiles."""
        scale = self.scale
        if scale == "8-bit":
            return BYTE
        low, high = (float(value) for value in np.percentile(self.values, RANGE_PERCENTILES))
        most = float(self.values.max())
        if scale == "fractions" and (self.bytes_of_one or (high > 0.5 and 0.9 < most <= 1)):
            return UNIT
        return _widen(low, high)

    @property
    def estimated(self) -> bool:
        """Whether black and white are percentiles, hence a guess."""
        return self.black_and_white not in (BYTE, UNIT)

    def thin(self, n: int) -> Sample:
        """Keep at most `n` of the values, evenly spread."""
        step = -(-len(self.values) // n)
        return Sample(self.values[::step], self.whole, self.bytes_of_one)


def take_sample(
    dataset: Dataset, bands: Sequence[int], *, side: int = SAMPLE_SIDE, nodata: float | None = None
) -> Sample | None:
    """Take values of a raster from one decimated read of all of it.

    Of a vast one without overviews a few windows are read instead.

    Args:
        dataset: An open rasterio dataset.
        bands: Bands to look at, 1-based.
        side: Longest side of the decimated read, px.
        nodata: Pixels that hold this value in all these bands do not count either.

    Returns:
        The sample; None if there are no data.
    """
    rows, cols = dataset.height, dataset.width
    step = max(1.0, max(rows, cols) / side)
    shape = max(1, round(rows / step)), max(1, round(cols / step))
    if vast := rows * cols > VAST and not dataset.overviews(bands[0]):
        values = _read_stored(dataset, bands, nodata, places=_VAST_PLACES)
    else:
        pixels = dataset.read(list(bands), out_shape=(len(bands), *shape))
        values = _select_data(pixels, dataset.dataset_mask(out_shape=shape) > 0, nodata)
    if not values.size:
        return None
    stored = values
    if (
        dataset.dtypes[bands[0] - 1].startswith("float") and step > 1 and not vast
    ):  # overviews are means: nothing whole is left of whole numbers
        stored = _read_stored(dataset, bands, nodata)
        stored = stored if stored.size else values
    parts = stored * BYTE[1]
    return Sample(
        values,
        whole=bool((stored == np.rint(stored)).all()),
        bytes_of_one=bool(stored.min() >= 0 and stored.max() <= 1 and (np.abs(parts - np.rint(parts)) < 0.02).all()),
    )


def pool_samples(samples: Sequence[Sample]) -> Sample:
    """Put the samples of several rasters together, so that each counts alike.

    Args:
        samples: At least one.
    """
    values = np.concatenate([sample.thin(POOLED).values for sample in samples])
    return Sample(values, all(one.whole for one in samples), all(one.bytes_of_one for one in samples))


def find_full_range(dtype: str) -> Range:
    """Find the least and largest value that data of this type hold when they fill it; (0, 1) for floating point."""
    kind = np.dtype(dtype)
    return (0.0, float(np.iinfo(kind).max)) if kind.kind in "ui" else (0.0, 1.0)


def find_scale(black_and_white: Range) -> Scale:
    """Find what numbers mean of which these are black and white."""
    if black_and_white == BYTE:
        return "8-bit"
    return "fractions" if black_and_white[0] >= -1 and black_and_white[1] <= 1.5 else "counts"


def _select_data(pixels: NDArray[Any], valid: NDArray[np.bool_], nodata: float | None) -> NDArray[np.float64]:
    if nodata is not None:
        valid = valid & (pixels != nodata).any(axis=0)
    values: NDArray[np.float64] = pixels[:, valid].astype(np.float64)
    finite: NDArray[np.float64] = values[np.isfinite(values)]
    return finite


def _read_stored(
    dataset: Dataset, bands: Sequence[int], nodata: float | None, *, places: int = _PLACES
) -> NDArray[np.float64]:
    """Read the values of a few windows at full resolution, so many along each axis."""
    found = []
    for row in _place_windows(dataset.height, places):
        for col in _place_windows(dataset.width, places):
            window = ((row, min(row + _PLACE_SIDE, dataset.height)), (col, min(col + _PLACE_SIDE, dataset.width)))
            pixels, valid = dataset.read(list(bands), window=window), dataset.dataset_mask(window=window) > 0
            found.append(_select_data(pixels, valid, nodata))
    return np.concatenate(found)


def _place_windows(length: int, places: int) -> list[int]:
    """Place a few windows along an axis: where each begins."""
    return sorted({max(0, (2 * k + 1) * length // (2 * places) - _PLACE_SIDE // 2) for k in range(places)})


def _widen(low: float, high: float) -> Range:
    """Make a range that can be divided by, in float32 too: what is all alike becomes black."""
    least = max(abs(low), abs(high)) * 1e-6
    return (low, high) if high - low > max(least, 1e-30) else (low, low + max(1.0, 2 * least))

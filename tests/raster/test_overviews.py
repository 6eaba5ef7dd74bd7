"""Overviews: one pixel of four, level by level, however the rows come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from aerialseg_core.raster.overviews import halve_classes, halve_shares, write_overviews

Bytes = NDArray[np.uint8]

EVEN = st.tuples(st.integers(1, 4), st.integers(1, 4)).map(lambda shape: (2 * shape[0], 2 * shape[1]))


@given(arrays(np.uint8, EVEN, elements=st.integers(0, 3)))
def test_a_class_is_the_first_of_the_most_frequent_with_data(pixels: Bytes) -> None:
    for row, col in np.ndindex(*(n // 2 for n in pixels.shape)):
        four = pixels[2 * row : 2 * row + 2, 2 * col : 2 * col + 2].ravel().tolist()
        counts = Counter(value for value in four if value)
        expected = counts.most_common(1)[0][0] if counts else 0  # of equals the one that came first
        assert halve_classes(pixels, 0)[row, col] == expected


@given(arrays(np.uint8, EVEN, elements=st.sampled_from((0, 1, 50, 99, 100, 255))))
def test_a_share_is_the_mean_of_those_with_data(pixels: Bytes) -> None:
    for row, col in np.ndindex(*(n // 2 for n in pixels.shape)):
        four = pixels[2 * row : 2 * row + 2, 2 * col : 2 * col + 2].ravel().astype(int)
        known = four[four != 255]
        expected = int(known.mean() + 0.5) if len(known) else 255
        assert halve_shares(pixels, 255)[row, col] == expected


@pytest.mark.filterwarnings("ignore:Dataset has no geotransform", "ignore:The given matrix is equal")
@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=40), elements=st.integers(0, 4)), st.data())
def test_overviews_do_not_depend_on_how_the_rows_come(pixels: Bytes, data: st.DataObject) -> None:
    def cut() -> Iterator[Bytes]:
        top = 0
        while top < len(pixels):
            height = data.draw(st.integers(1, 9))
            yield pixels[top : top + height]
            top += height

    expected = [pixels]
    while max(expected[-1].shape) > 5:
        rows, cols = expected[-1].shape
        expected.append(halve_classes(np.pad(expected[-1], ((0, rows % 2), (0, cols % 2))), 0))
    with TemporaryDirectory() as folder:
        files = write_overviews(cut(), pixels.shape, Path(folder) / "map", halve_classes, nodata=0, until=5)
        assert len(files) == len(expected) - 1
        for path, level in zip(files, expected[1:], strict=True):
            with rasterio.open(path) as dataset:
                np.testing.assert_array_equal(dataset.read(1), level)

"""The sieve: small regions go to a neighbour, against one that takes them one by one, for all strip heights."""

from __future__ import annotations

from contextlib import contextmanager

import numpy as np
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from rasterio.io import MemoryFile

from aerialseg_core.config import PolygonConfig
from aerialseg_core.polygons.labeling import NO_REGION, Labeler
from aerialseg_core.polygons.sieve import Sieve, SievedRows, sieve_rows
from aerialseg_core.polygons.source import ClassRows
from aerialseg_core.polygons.tracing import plan_slabs
from aerialseg_core.progress import Reporter
from aerialseg_core.raster.geodesy import choose_ground

rasters = st.integers(1, 4).flatmap(
    lambda classes: hnp.arrays(
        np.uint8,
        st.tuples(st.integers(1, 10), st.integers(1, 10)),
        elements=st.integers(0, classes),
        fill=st.nothing(),
    )
)


def drawn(text):
    return np.array([[int(c) for c in line] for line in text.split()], np.uint8)


def sieved(pixels, minimum, rows, sides=(1, 1), *, diagonally=False, weights=None):
    """The class raster after the sieve, which got it by strips of so many rows; and how many regions went."""
    weights = np.ones(len(pixels), np.int64) if weights is None else weights
    if weights.ndim > 1:  # what the sieve takes then are sums along rows
        weights = np.cumsum(np.pad(weights, ((0, 0), (1, 0))), axis=1)
    sieve = Sieve(minimum, sides, diagonally=diagonally)
    for row in range(0, len(pixels), rows):
        sieve.feed(pixels[row : row + rows], weights[row : row + rows])
    final = sieve.finish()
    labeler, count, above, parts = Labeler(diagonally=diagonally), 0, np.zeros_like(pixels[:1]), []
    for row in range(0, len(pixels), rows):
        strip = np.concatenate([above, pixels[row : row + rows]])
        above = strip[-1:]
        labels = labeler.label(strip, count)
        count += len(labels.fresh)
        value = np.where(labels.region == NO_REGION, 0, final[labels.region])
        parts.append(value[labels.run[1:]])
    return np.concatenate(parts).astype(np.uint8), sieve.merged


@contextmanager
def opened_raster(pixels):
    """A class raster in memory, open."""
    rows, cols = pixels.shape
    profile = {"driver": "GTiff", "height": rows, "width": cols, "count": 1, "dtype": "uint8", "nodata": 0}
    with MemoryFile() as file:
        with file.open(transform=Affine.scale(1, -1), **profile) as dataset:
            dataset.write(pixels, 1)
        with file.open() as dataset:
            yield dataset


@settings(max_examples=100, deadline=None)
@given(rasters, st.integers(2, 9), st.integers(1, 12), st.integers(1, 12), st.booleans())
def test_rows_are_cleaned_as_they_were_sieved_whatever_is_read_at_once(pixels, minimum, side, height, diagonally):
    config = PolygonConfig(min_area=minimum, connectivity=8 if diagonally else 4)
    with opened_raster(pixels) as dataset:
        rows = ClassRows(dataset)
        ground = choose_ground(None, dataset.transform, pixels.shape)
        parts = plan_slabs(len(pixels), side)
        result = sieve_rows(rows, ground, config, parts, height, Reporter())
        cleaned, found = SievedRows(rows, result, diagonally=diagonally), np.zeros_like(pixels)
        for start, stop in parts:
            if start < stop:
                cleaned.fill(found[np.newaxis, start:stop], start)
    expected, merged = one_by_one(pixels, minimum, diagonally=diagonally)
    np.testing.assert_array_equal(found, expected)
    assert result.merged == merged


def regions_of(pixels, diagonally):
    """Number of the region of each pixel, −1 in no data, in reading order of their first pixels; by flood fill."""
    number = np.full(pixels.shape, -1)
    around = [(0, 1), (1, 0), (0, -1), (-1, 0)] + ([(1, 1), (1, -1), (-1, 1), (-1, -1)] if diagonally else [])
    count = 0
    for start in np.argwhere(pixels).tolist():
        if number[tuple(start)] >= 0:
            continue
        front = [tuple(start)]
        number[front[0]] = count
        while front:
            row, col = front.pop()
            for d_row, d_col in around:
                near = (row + d_row, col + d_col)
                inside = 0 <= near[0] < pixels.shape[0] and 0 <= near[1] < pixels.shape[1]
                if inside and number[near] < 0 and pixels[near] == pixels[row, col]:
                    number[near] = count
                    front.append(near)
        count += 1
    return number


def one_by_one(pixels, minimum, sides=(1, 1), *, diagonally=False, weights=None):
    """What the sieve must come to: the smallest region goes first, then everything is looked at anew."""
    weights = np.ones(len(pixels), np.int64) if weights is None else weights
    weights = weights.reshape(len(pixels), -1)
    number, pixels, gone = regions_of(pixels, diagonally), pixels.copy(), 0
    while True:
        area = {n: int((weights * (number == n)).sum()) for n in np.unique(number[number >= 0]).tolist()}
        for region in sorted(area, key=lambda n: (area[n], n)):
            edges = edges_by_class(pixels, number == region, sides)
            if area[region] < minimum and edges:
                break
        else:
            return pixels, gone
        value = min(edges, key=lambda v: (-edges[v][0], edges[v][1]))
        joined = {region, *(n for n, v in neighbours(pixels, number, region) if v == value)}
        pixels[number == region] = value
        number[np.isin(number, list(joined))] = min(joined)
        gone += 1


def neighbours(pixels, number, region):
    """(region, class) of all that share a side with a region."""
    inside = np.pad(number == region, 1)
    beside = inside[2:, 1:-1] | inside[:-2, 1:-1] | inside[1:-1, 2:] | inside[1:-1, :-2]
    return {(n, v) for n, v in zip(number[beside].tolist(), pixels[beside].tolist(), strict=True) if n >= 0}


def edges_by_class(pixels, inside, sides):
    """(length, where it is met first) of the edge that a region shares with each class."""
    edges = {}
    for row, col in np.ndindex(pixels.shape):
        for kind, near in enumerate([(row - 1, col), (row, col - 1)]):
            if min(near) < 0 or inside[row, col] == inside[near] or not (pixels[row, col] and pixels[near]):
                continue
            value = int(pixels[near] if inside[row, col] else pixels[row, col])
            length, first = edges.get(value, (0, (row, col, kind)))
            edges[value] = (length + sides[kind], first)
    return edges


@settings(max_examples=200, deadline=None)
@given(rasters, st.integers(1, 12), st.booleans())
def test_any_raster_for_all_strip_heights(pixels, minimum, diagonally):
    expected = one_by_one(pixels, minimum, diagonally=diagonally)
    for rows in range(1, len(pixels) + 1):
        found = sieved(pixels, minimum, rows, diagonally=diagonally)
        np.testing.assert_array_equal(found[0], expected[0])
        assert found[1] == expected[1]


@settings(max_examples=60, deadline=None)
@given(rasters, st.integers(1, 30), st.data())
def test_pixels_that_are_not_square_and_rows_of_different_area(pixels, minimum, data):
    sides = data.draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    weights = np.array(data.draw(st.lists(st.integers(1, 4), min_size=len(pixels), max_size=len(pixels))))
    expected, _ = one_by_one(pixels, minimum, sides, weights=weights)
    for rows in (1, 3, len(pixels)):
        np.testing.assert_array_equal(sieved(pixels, minimum, rows, sides, weights=weights)[0], expected)


@settings(max_examples=60, deadline=None)
@given(rasters, st.integers(1, 30), st.integers(0, 99))
def test_pixels_of_different_area_in_every_row(pixels, minimum, seed):
    weights = np.random.default_rng(seed).integers(1, 5, pixels.shape)
    expected, _ = one_by_one(pixels, minimum, weights=weights)
    for rows in (1, 3, len(pixels)):
        np.testing.assert_array_equal(sieved(pixels, minimum, rows, weights=weights)[0], expected)


def test_larger_noise_for_some_strip_heights():
    pixels = np.random.default_rng(3).integers(0, 6, (60, 70), np.uint8)
    expected = sieved(pixels, 9, 60)[0]
    assert sorted(np.unique(regions_of(expected, False), return_counts=True)[1])[0] < 9  # islands in no data stay
    for rows in (1, 7, 33):
        np.testing.assert_array_equal(sieved(pixels, 9, rows)[0], expected)


def test_the_longest_edge_counts_not_the_largest_neighbour():
    np.testing.assert_array_equal(sieved(drawn("22221 23331 22221 11111"), 4, 2)[0], drawn("22221 22221 22221 11111"))


def test_an_island_in_no_data_stays_and_no_data_gains_nothing():
    pixels = drawn("000 010 000")
    np.testing.assert_array_equal(sieved(pixels, 5, 1)[0], pixels)


def test_what_is_large_enough_stays():
    pixels = drawn("1111 1221 1221 1111")
    np.testing.assert_array_equal(sieved(pixels, 4, 1)[0], pixels)
    np.testing.assert_array_equal(sieved(pixels, 5, 1)[0], np.ones_like(pixels))


def test_a_raster_without_data():
    np.testing.assert_array_equal(sieved(np.zeros((3, 4), np.uint8), 5, 2)[0], np.zeros((3, 4)))

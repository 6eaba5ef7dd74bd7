"""Tracing: the polygons of small class rasters, for all tile sizes, against what can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from rasterio.features import rasterize

from aerialseg_core.polygons.geometry import to_polygons
from aerialseg_core.polygons.rings import assemble_polygons
from aerialseg_core.polygons.simplify import Refinement
from aerialseg_core.polygons.stitching import Stitcher
from aerialseg_core.polygons.tracing import Tracer, find_boundaries, find_jogs, mark_surroundings, read_tiles
from aerialseg_core.raster.vertex_grid import VertexGrid

MAP = Affine(1, 0, 0, 0, -1, 0)
ALL = np.arange(256) > 0
PLAIN = Refinement()

rasters = st.integers(1, 4).flatmap(
    lambda classes: hnp.arrays(
        np.uint8,
        st.tuples(st.integers(1, 12), st.integers(1, 12)),
        elements=st.integers(0, classes),
        fill=st.nothing(),
    )
)


def reader(pixels):
    """Reads rows of a raster that is an array."""

    def fill(out, start):
        out[0] = pixels[start : start + out.shape[1]]

    return fill


def regions(pixels, side, kept=ALL, *, diagonally=False, refinement=PLAIN):
    """The regions of a raster, traced by square tiles."""
    grid = VertexGrid(*pixels.shape).finer(refinement.fine)
    tracer = Tracer(grid, diagonally, refinement)
    stitcher = Stitcher(grid, side, diagonally=diagonally)
    for band in read_tiles(reader(pixels), pixels.shape, side=side):
        for tile in band:
            whole, pieces = tracer.trace(tile)
            stitcher.add(pieces, tile.col)
            yield from chosen(whole, kept)
        for joined in stitcher.end_row(last=band[0].row + side >= len(pixels)):
            yield from chosen(joined, kept)


def chosen(found, kept):
    """Those regions that are of a class that is kept."""
    if found is not None and kept[found.value].any():
        yield found[np.flatnonzero(kept[found.value])]


def traced(pixels, side, transform=MAP, kept=ALL, **options):
    """(polygons, class values, areas in pixels)."""
    found = list(regions(pixels, side, kept, **options))
    fine = options.get("refinement", PLAIN).fine
    drawn = transform * Affine.scale(1 / fine)
    polygons = [to_polygons(part.rings, drawn) for part in found]
    return (
        np.concatenate([np.zeros(0, object), *polygons]),
        np.concatenate([np.zeros(0, np.int64), *(part.value for part in found)]),
        np.concatenate([np.zeros(0), *(part.rings.pixels / fine**2 for part in found)]),
    )


def as_set(polygons, values):
    return set(zip(shapely.to_wkb(polygons).tolist(), values.tolist(), strict=True))


def regions_by_hand(pixels, *, diagonally=False):
    """Sorted (class, pixels) of all regions, by flood fill."""
    around = [(d_row, d_col) for d_row in (-1, 0, 1) for d_col in (-1, 0, 1) if diagonally or not (d_row and d_col)]
    todo = {(int(r), int(c)) for r, c in np.argwhere(pixels)}
    regions = []
    while todo:
        front = [todo.pop()]
        value, size = int(pixels[front[0]]), 0
        while front:
            row, col = front.pop()
            size += 1
            for near in ((row + d_row, col + d_col) for d_row, d_col in around):
                if near in todo and pixels[near] == value:
                    todo.remove(near)
                    front.append(near)
        regions.append((value, size))
    return sorted(regions)


def needed_corners(pixels):
    """Map coordinates of all corners through which no boundary passes straight."""
    padded = np.pad(pixels, 1).astype(int)
    needed = set()
    for row, col in np.ndindex(pixels.shape[0] + 1, pixels.shape[1] + 1):
        (nw, ne), (sw, se) = padded[row : row + 2, col : col + 2]
        level, upright = nw == ne and sw == se, nw == sw and ne == se
        if not (level or upright):
            needed.add((float(col), float(-row)))
    return needed


def check(pixels, side):
    """All that must be true of the polygons of a raster."""
    polygons, values, areas = traced(pixels, side)
    assert sorted(zip(values.tolist(), areas.tolist(), strict=True)) == regions_by_hand(pixels)
    if not len(polygons):
        assert not pixels.any()
        return polygons, values
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    assert shapely.is_ccw(shapely.get_exterior_ring(polygons)).all()
    np.testing.assert_array_equal(shapely.area(polygons), areas)
    back = rasterize(zip(polygons, values.tolist(), strict=True), pixels.shape, transform=MAP, dtype="uint8")
    np.testing.assert_array_equal(back, pixels)
    assert set(map(tuple, shapely.get_coordinates(polygons).tolist())) == needed_corners(pixels)
    return polygons, values


@settings(max_examples=120, deadline=None)
@given(rasters)
@example(np.zeros((1, 2), np.uint8))
def test_any_raster_for_all_tile_sizes(pixels):
    largest = max(pixels.shape)
    reference = as_set(*check(pixels, largest))
    for side in range(1, largest):
        polygons, values, _ = traced(pixels, side)
        assert as_set(polygons, values) == reference


@settings(max_examples=60, deadline=None)
@given(rasters, st.integers(1, 12))
def test_a_class_alone_has_the_same_polygons_as_among_the_others(pixels, side):
    polygons, values, _ = traced(pixels, side)
    chosen = np.arange(256) == 1
    alone = traced(pixels, side, kept=chosen)
    assert as_set(*alone[:2]) == as_set(polygons[values == 1], values[values == 1])


def drawn(text):
    return np.array([[int(c) if c.isdigit() else 0 for c in line] for line in text.split()], np.uint8)


def spiral(side):
    pixels = np.zeros((side, side), np.uint8)
    row, col, d_row, d_col = 0, 0, 0, 1
    for length in [side, *(n for n in range(side - 1, 0, -2) for _ in (0, 1))]:
        for _ in range(length):
            pixels[row, col] = 1
            row, col = row + d_row, col + d_col
        row, col = row - d_row + d_col, col - d_col - d_row
        d_row, d_col = d_col, -d_row
        row, col = (row, col) if 0 <= row < side and 0 <= col < side else (row - d_row, col - d_col)
    return pixels


NAMED = {
    "one pixel": drawn("1"),
    "no data only": drawn("00 00"),
    "one class": np.full((7, 5), 3, np.uint8),
    "one row": drawn("1122011"),
    "one column": drawn("1 1 2 0 1"),
    "checkerboard": (np.indices((9, 8)).sum(axis=0) % 2 + 1).astype(np.uint8),
    "checkerboard over no data": (np.indices((8, 9)).sum(axis=0) % 2).astype(np.uint8),
    "spiral": spiral(12),
    "rings in rings": drawn("1111111 1222221 1211121 1212121 1211121 1222221 1111111"),
    "diagonal touch of one class": drawn("100 010 001"),
    "hole that touches the shell at a corner": drawn("0111 1011 1111"),
    "holes that touch each other": drawn("11111 10111 11011 11101 11111"),
    "ring closed at a corner only": drawn("0110 1001 1001 0110"),
    "shell closed around a diagonal gap": drawn("01110 10010 11110"),
    "three regions meet on a straight side": drawn("1111 2233"),
    "region over many strips": drawn("12 12 12 12 11 12"),
    "two arms that join at the end": drawn("10101 10101 10101 11111"),
}


@pytest.mark.parametrize("name", NAMED)
def test_named(name):
    pixels = NAMED[name]
    largest = max(pixels.shape)
    reference = as_set(*check(pixels, largest))
    for side in range(1, largest):
        assert as_set(*check(pixels, side)) == reference


def test_a_touching_hole_is_a_hole_not_a_dent():
    polygons, _, _ = traced(drawn("1111 1011 1101 1111"), 4)
    assert [shapely.get_num_interior_rings(p) for p in polygons] == [2]


def test_the_vertex_of_a_neighbour_stands_on_the_straight_side():
    polygons, values, _ = traced(NAMED["three regions meet on a straight side"], 1)
    top = polygons[list(values).index(1)]
    assert (2.0, -1.0) in top.exterior.coords


def test_a_finished_region_is_handed_out_before_the_end_and_forgotten():
    pixels = np.tile(np.array([[1, 1, 2, 2], [3, 3, 1, 1]], np.uint8), (160, 1))
    handed = [len(part.rings) for part in regions(pixels, 16)]
    assert len(handed) > 20
    assert sum(handed) == 2 * 2 * 160


@pytest.mark.parametrize(
    "transform",
    [
        Affine(0.25, 0, 100000, 0, -0.25, 400000),
        Affine(0.25, 0, 100000, 0, 0.25, 400000),
        Affine(0.26, 0.15, 500000, 0.15, -0.26, 6000000),
        Affine(-0.25, 0.38, 500000, -0.16, -0.55, 6000000),
    ],
    ids=["north-up", "south-up", "rotated", "rotated and sheared"],
)
def test_any_transform(transform):
    pixels = np.random.default_rng(4).integers(0, 4, (40, 50), np.uint8)
    polygons, values, areas = traced(pixels, 7, transform)
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    assert shapely.is_ccw(shapely.get_exterior_ring(polygons)).all()
    np.testing.assert_allclose(shapely.area(polygons), areas * abs(transform.determinant), rtol=1e-5)
    back = rasterize(zip(polygons, values.tolist(), strict=True), pixels.shape, transform=transform, dtype="uint8")
    np.testing.assert_array_equal(back, pixels)
    pixel = on_grid(transform, shapely.get_coordinates(polygons))
    np.testing.assert_allclose(pixel, np.round(pixel), atol=1e-6)


def on_grid(transform, points):
    """(col, row) of map coordinates, shape (n, 2)."""
    inverse = ~transform
    x, y = points.T
    return np.stack([inverse.a * x + inverse.b * y + inverse.c, inverse.d * x + inverse.e * y + inverse.f], axis=1)


@settings(max_examples=200, deadline=None)
@given(hnp.arrays(np.uint8, st.tuples(st.integers(3, 9), st.integers(3, 9)), elements=st.integers(0, 2)))
def test_a_tile_is_filled_also_when_steps_on_its_sides_have_gone(around):
    sides = (False,) * 4
    rows, cols = (size - 2 for size in around.shape)
    rings = assemble_polygons(find_boundaries(mark_surroundings(around, sides)).edges)
    polygons = to_polygons(find_jogs(around, sides).apply(rings), MAP)
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    assert shapely.area(polygons).sum() == rows * cols


@pytest.mark.parametrize("length", [1, 2])
@pytest.mark.parametrize("flipped", [False, True])
def test_a_slanted_boundary_crosses_a_line_between_tiles_in_one_point(length, flipped):
    pixels = (np.add.outer(-(np.arange(64) // length * length), np.arange(64)) > 9).astype(np.uint8) + 1
    polygons, _, _ = traced(pixels[::-1] if flipped else pixels, 32, refinement=Refinement(length + 0.5))
    col, row = np.unique(np.abs(shapely.get_coordinates(shapely.intersection(*polygons))), axis=0).T
    inside = (col % 64 > 0) & (row % 64 > 0)
    assert np.count_nonzero((row == 32) & inside) <= 1
    assert np.count_nonzero((col == 32) & inside) <= 1


def parts(pixels, side, **options):
    """(class, pixels) of all regions whose pixels are connected by corners too."""
    found = {}
    for number, part in enumerate(regions(pixels, side, diagonally=True, **options)):
        for group, value, area in zip(part.group, part.value, part.rings.pixels, strict=True):
            key = (number, int(group), int(value))
            found[key] = found.get(key, 0) + int(area)
    return sorted((value, area) for (_, _, value), area in found.items())


@settings(max_examples=40, deadline=None)
@given(rasters)
def test_regions_that_touch_at_corners_for_all_tile_sizes(pixels):
    expected = regions_by_hand(pixels, diagonally=True)
    for side in range(1, max(pixels.shape) + 1):
        assert parts(pixels, side) == expected
        polygons, values, _ = traced(pixels, side, diagonally=True)
        assert as_set(polygons, values) == as_set(*traced(pixels, side)[:2])

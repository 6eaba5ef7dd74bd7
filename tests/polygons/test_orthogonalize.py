"""Squared outlines: right angles where there is room for them, and a valid coverage whatever is around them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import example, given, settings
from hypothesis import strategies as st
from polygons.test_tracing import reader
from pyproj import Geod
from rasterio.features import rasterize
from shapely import affinity

from aerialseg_core import polygonize
from aerialseg_core.errors import ParameterError
from aerialseg_core.polygons.geometry import to_polygons
from aerialseg_core.polygons.orthogonalize import OutlineSettings, OutlineSurvey, find_outlines
from aerialseg_core.polygons.regions import Displacements
from aerialseg_core.polygons.simplify import Refinement
from aerialseg_core.polygons.stitching import Stitcher
from aerialseg_core.polygons.tracing import Tracer, read_tiles
from aerialseg_core.raster.vertex_grid import VertexGrid

BUILDING, LAND, ROAD = 1, 2, 3
METRE = Affine(1, 0, 300_000, 0, -1, 2_800_000)


def rectangle(row, col, height, width, degrees=0.0):
    """A rotated rectangle around a place, rows counting downwards."""
    return affinity.rotate(shapely.box(col - width / 2, row - height / 2, col + width / 2, row + height / 2), degrees)


def drawn(shape, *figures, ground=LAND):
    """A class raster with figures on it: (geometry in columns and rows, class value)."""
    return rasterize(figures, shape, fill=ground, dtype="uint8") if figures else np.full(shape, ground, np.uint8)


def coverage(pixels, side, refinement, *, square=True):
    """(polygons in columns and rows downwards, class values, outlines squared) of a raster cut into tiles."""
    fine = refinement.fine
    grid = VertexGrid(*pixels.shape).finer(fine)
    tracer = Tracer(grid, refinement=refinement)
    settings = OutlineSettings(grid, side, np.eye(2) / fine, max(1, refinement.tolerance), refinement.squared)
    survey, stitcher = OutlineSurvey(settings), Stitcher(grid, side)
    for band in read_tiles(reader(pixels), pixels.shape, side=side):
        for tile in band:
            survey.add(find_outlines(settings, tile, *tracer.trace(tile)), tile.col)
        survey.end_row(band[0].shape[0], last=band[0].row + side >= len(pixels))
    moves, found = survey.finish() if square else Displacements.collect([]), []
    for band in read_tiles(reader(pixels), pixels.shape, side=side):
        for tile in band:
            whole, pieces = tracer.trace(tile)
            stitcher.add(pieces, tile.col)
            found += [whole] if whole else []
        found += stitcher.end_row(last=band[0].row + side >= len(pixels))
    parts = [replace(part, rings=moves.apply(part.rings)) for part in found]
    made = [to_polygons(part.rings, Affine.scale(1 / fine, -1 / fine)) for part in parts]
    return np.concatenate(made), np.concatenate([part.value for part in parts]), survey.squared


def angles(polygon, axes=((1, 0), (0, 1))):
    """How far the corners of an outline are from right angles, degrees."""
    points = shapely.get_coordinates(polygon.exterior) @ np.asarray(axes).T
    side = np.diff(points, axis=0)
    direction = np.degrees(np.arctan2(side[:, 1], side[:, 0]))
    turn = np.abs(np.diff(np.append(direction, direction[0]))) % 180
    return np.abs(np.minimum(turn, 180 - turn) - 90)


def corners(polygon):
    """Vertices at which an outline turns by more than what the grid rounds."""
    return int(np.count_nonzero(angles(polygon) < 45))


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 90), st.integers(24, 100), st.floats(40, 60), st.floats(40, 60))
@example(54.5, 58, 40.5, 40.25)
def test_a_rectangle_is_one_again_wherever_it_lies(degrees, side, row, col):
    """Also over the sides and corners of tiles."""
    figure = rectangle(row, col, 24, 36, degrees)
    found, values, squared = coverage(drawn((100, 100), (figure, BUILDING)), side, Refinement(1, 0, frozenset({1})))
    [outline] = found[values == BUILDING]
    if side < 50 and not squared:  # higher than the rows at hand
        return
    assert squared == 1
    assert angles(outline).max() < 1
    true = affinity.scale(figure, 1, -1, origin=(0, 0))
    assert shapely.symmetric_difference(outline, true).area < 0.1 * true.area


def test_corners_of_a_house_with_a_wing():
    figure = rectangle(50, 50, 20, 60).union(rectangle(65, 30, 30, 20))
    figure = affinity.rotate(figure, 28, origin=(50, 50))
    found, values, _ = coverage(drawn((100, 100), (figure, BUILDING)), 128, Refinement(1, 0, frozenset({1})))
    [outline] = found[values == BUILDING]
    assert corners(outline) == 6
    assert angles(outline).max() < 1


def test_a_courtyard_gets_right_angles_too():
    figure = rectangle(50, 50, 50, 60, 20) - rectangle(50, 50, 20, 24, 20)
    found, values, _ = coverage(drawn((100, 100), (figure, BUILDING)), 128, Refinement(1, 0, frozenset({1})))
    [outline] = found[values == BUILDING]
    assert [corners(shapely.Polygon(ring)) for ring in (outline.exterior, *outline.interiors)] == [4, 4]


def save(path, pixels, crs="EPSG:32640", transform=METRE):
    profile = {"driver": "GTiff", "width": pixels.shape[1], "height": pixels.shape[0], "count": 1, "dtype": "uint8"}
    with rasterio.open(path, "w", crs=crs, transform=transform, nodata=0, **profile) as dataset:
        dataset.write(pixels, 1)
    return path


@pytest.mark.parametrize(
    ("crs", "transform"),
    [
        ("EPSG:32640", METRE),
        ("EPSG:32640", Affine(0.26, 0.15, 3e5, 0.15, -0.26, 2.8e6)),
        ("EPSG:32640", Affine(1, 0, 3e5, 0, -2, 2.8e6)),
        ("EPSG:4326", Affine(1e-5, 0, 10, 0, -5e-6, 60)),
    ],
    ids=["plain", "rotated", "oblong pixels", "in degrees"],
)
def test_right_angles_on_the_ground(tmp_path, crs, transform):
    """Not on the grid: a rectangle on the ground is drawn on pixels of any shape."""
    wide, high = (transform.a, transform.e) if crs != "EPSG:4326" else (0.5, 0.5)
    stretch = abs(wide / high) if not transform.b else 1.0
    figure = affinity.scale(rectangle(200, 300, 80 * stretch, 120 * stretch, 25), 1 / stretch, 1, origin=(300, 200))
    figure = affinity.scale(affinity.rotate(shapely.box(-60, -40, 60, 40), 25), 1, stretch, origin=(0, 0))
    pixels = drawn((400, 600), (affinity.translate(figure, 300, 200), BUILDING))
    frame = polygonize(save(tmp_path / "c.tif", pixels, crs, transform), simplify=1.0, square=[1])
    [outline] = frame[frame.class_id == 1].geometry
    axes = np.eye(2)
    if crs == "EPSG:4326":
        geod = Geod(ellps="WGS84")
        axes = np.diag([geod.inv(10, 60, 10.001, 60)[2], geod.inv(10, 60, 10, 60.001)[2]])
    assert frame.attrs["certificate"].holds
    assert angles(outline, axes).max() < 1.5


def test_squaring_does_not_change_what_has_no_buildings(tmp_path):
    pixels = drawn((90, 90), (rectangle(40, 40, 30, 40, 20), ROAD))
    source = save(tmp_path / "c.tif", pixels)
    one, other = (polygonize(source, simplify=1.0, square=square) for square in ((), [1]))
    assert shapely.equals(one.geometry.values, other.geometry.values).all()


def test_what_is_refused(tmp_path):
    source = save(tmp_path / "c.tif", drawn((9, 9)))
    with pytest.raises(ParameterError, match="has no class 'Tower'"):
        polygonize(source, simplify=1.0, square=["Tower"])
    with pytest.raises(ParameterError, match="--smooth 4 is not between 0 and 3"):
        polygonize(source, smooth=4)

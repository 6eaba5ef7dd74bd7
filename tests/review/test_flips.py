"""The raster of what flipped: on the grid of the scene, in words and colours, and only where there are labels."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from affine import Affine
from shapely.geometry import box

from aerialseg_core.metrics import IGNORE
from aerialseg_core.raster.class_raster import name_sidecar
from aerialseg_core.review.comparison import SquareComparison
from aerialseg_core.review.flips import FLIPS, find_flips, write_flips
from aerialseg_core.review.review_file import Square

PLACE = Affine(0.5, 0, 100, 0, -0.5, 200)


def compare(col, row, labels, before, after):
    """A square of which the first pixel is at (row, col) of the scene."""
    labels, before, after = (np.array(one, np.uint8) for one in (labels, before, after))
    sure, photo = np.full(labels.shape, 80, np.uint8), np.zeros((*labels.shape, 3), np.uint8)
    place = PLACE * Affine.translation(col, row)
    square = Square(1, "check", box(100, 190, 110, 200), "reviewed")
    return SquareComparison(square, labels, before, after, sure, photo, place)


FIRST = compare(10, 20, [[0, 0, 0], [0, 0, IGNORE]], [[0, 1, 0], [1, 1, 1]], [[0, 0, 1], [1, 2, 0]])
SECOND = compare(15, 19, [[1]], [[0]], [[1]])


def test_every_labelled_pixel_is_one_of_four_things():
    np.testing.assert_array_equal(find_flips(FIRST), [[1, 2, 3], [4, 4, 0]])


@pytest.mark.parametrize("crs", ["EPSG:28992", None])
def test_the_raster_lies_where_the_squares_are(crs, tmp_path):
    wkt = rasterio.crs.CRS.from_string(crs).to_wkt() if crs else None
    write_flips(tmp_path / "flips.tif", [FIRST, SECOND], crs_wkt=wkt)
    with rasterio.open(tmp_path / "flips.tif") as made:
        np.testing.assert_array_equal(made.read(1), [[0, 0, 0, 0, 0, 2], [1, 2, 3, 0, 0, 0], [4, 4, 0, 0, 0, 0]])
        assert made.transform == PLACE * Affine.translation(10, 19)
        assert made.nodata == 0
        assert (made.crs is None) == (crs is None)
        assert made.colormap(1)[2][:3] == FLIPS.colours[1]
    assert "Right now" in name_sidecar(tmp_path / "flips.tif").read_text(encoding="utf-8")
    assert {path.name for path in tmp_path.iterdir()} == {"flips.tif", "flips.tif.aux.xml"}


def test_a_large_one_is_written_without_a_word(tmp_path, recwarn):
    far = compare(700, 600, [[1]], [[0]], [[1]])
    write_flips(tmp_path / "flips.tif", [FIRST, far], crs_wkt=None)
    with rasterio.open(tmp_path / "flips.tif") as made:
        assert made.overviews(1)
    assert not [one for one in recwarn if issubclass(one.category, rasterio.errors.NotGeoreferencedWarning)]

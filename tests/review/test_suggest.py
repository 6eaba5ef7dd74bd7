"""`suggest`: from a map to a review file."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from itertools import combinations

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine
from click.testing import CliRunner
from rasterio.features import rasterize
from review.maps import make_map

from aerialseg_core import suggest
from aerialseg_core.cli.main import cli
from aerialseg_core.errors import OutputError, ParameterError, SceneError
from aerialseg_core.review.coverage_edits import paint
from aerialseg_core.review.review_file import ReviewFile
from aerialseg_core.segmentation.job import UNLIKE_BAND


@pytest.fixture
def small_map(tmp_path):
    return make_map(tmp_path)


def make(small_map, output, **options):
    options = {"confidence": small_map.confidence, "side": 12, "count": 6, **options}
    return suggest(small_map.classes, output, **options)


def test_the_labels_of_a_square_are_the_map_in_it_without_gap_or_overlap(small_map, tmp_path):
    made = make(small_map, tmp_path / "review.gpkg", min_area=0)
    assert (len(made.squares), made.checks) == (6, 2)
    with ReviewFile(made.path) as review:
        squares, labels = review.list_squares(), review.list_labels()
    assert [one.number for one in squares] == [1, 2, 3, 4, 5, 6]
    assert {one.state for one in squares} == {"open"}
    with rasterio.open(small_map.classes) as dataset:
        pixels, transform = dataset.read(1), dataset.transform
    for square in squares:
        own = [label for label in labels if label.square == square.number]
        inside = rasterize([(square.polygon, 1)], out_shape=pixels.shape, transform=transform)
        drawn = rasterize([(one.polygon, one.class_id) for one in own], out_shape=pixels.shape, transform=transform)
        np.testing.assert_array_equal(drawn, np.where(inside, pixels, 0))
        assert all(shapely.within(one.polygon, square.polygon) for one in own)
        for one, other in combinations(own, 2):
            assert one.polygon.intersection(other.polygon).area == 0
        assert all(one.original_id == one.class_id for one in own)


@pytest.mark.parametrize(
    "transform", [Affine(0.5, 0, 1e5, 0, 0.5, 4e5), Affine.translation(1e5, 4e5) * Affine.rotation(30)]
)
def test_a_raster_may_be_south_up_or_rotated(tmp_path, transform):
    small_map = make_map(tmp_path, transform=transform)
    made = make(small_map, tmp_path / "review.gpkg", side=24 * abs(transform.determinant) ** 0.5)
    assert made.labels > 10


@pytest.mark.parametrize("gsd", [0.35272, 0.14981552941953233])
def test_the_first_correction_changes_what_it_touches_and_nothing_else(tmp_path, gsd):
    """Polygons begin on the grid on which corrections cut them, wherever the pixels of the map are."""
    made_map = make_map(tmp_path, transform=Affine(gsd, 0, 297463.30262, 0, -gsd, 9050677.06135))
    made = make(made_map, tmp_path / "review.gpkg", side=40 * gsd, min_area=0)
    with ReviewFile(made.path) as review:
        squares, labels = review.list_squares(), review.list_labels()
    for square in squares:
        own = [label for label in labels if label.square == square.number]
        assert sum(one.polygon.area for one in own) == pytest.approx(square.polygon.area, rel=1e-9)
        area = square.polygon.representative_point().buffer(gsd)
        painted = {shapely.normalize(one.polygon) for one in paint(own, square.polygon, area, 3)}
        far = [one for one in own if not one.polygon.intersects(area)]
        assert far
        assert {shapely.normalize(one.polygon) for one in far} <= painted


def test_without_a_crs_a_side_is_in_pixels(tmp_path):
    small_map = make_map(tmp_path, crs=None)
    made = make(small_map, tmp_path / "review.gpkg", side=24)
    with ReviewFile(made.path) as review:
        assert review.crs_wkt is None
    assert made.squares[0].polygon.area == 12 * 12


def test_the_file_says_what_it_is_made_from_and_opens_in_class_colours(small_map, tmp_path):
    (tmp_path / "scene.tif").touch()
    made = make(small_map, tmp_path / "review.gpkg")
    with ReviewFile(made.path) as review:
        assert review.facts["classes"] == "classes.tif"
        assert json.loads(review.facts["parameters"])["side"] == 12
        assert [one.name for one in review.classes] == ["Building", "Land", "Water"]
        assert review.crs_wkt is not None
        assert "RD New" in review.crs_wkt
    styles = pyogrio.read_dataframe(made.path, layer="layer_styles").set_index("f_table_name").styleQML
    assert 'name="Land" value="2"' in styles["labels"]
    assert "reviewed" in styles["squares"]
    assert [name for name, _ in pyogrio.list_layers(made.path)][:2] == ["squares", "labels"]


def test_the_name_of_a_class_follows_its_number(small_map, tmp_path):
    made = make(small_map, tmp_path / "review.gpkg")
    with closing(sqlite3.connect(made.path)) as connection, connection:
        connection.execute("UPDATE labels SET class_id = 3, class_name = 'Land' WHERE fid = 1")
        connection.execute("UPDATE labels SET class_name = 'Land' WHERE fid = 1")
        connection.execute("INSERT INTO labels (geom, class_id) SELECT geom, 1 FROM labels WHERE fid = 2")
        connection.execute("UPDATE squares SET state = 'reviewed' WHERE square = 2")
        found = connection.execute("SELECT class_name, edited_at IS NULL FROM labels ORDER BY fid").fetchall()
        seen = connection.execute("SELECT reviewed_at IS NULL FROM squares ORDER BY square").fetchall()
    assert found[0] == ("Water", 0)
    assert found[-1] == ("Building", 0)
    assert found[1][1] == 1
    assert [bool(one) for (one,) in seen] == [True, False, True, True, True, True]


def test_a_file_in_which_somebody_has_worked_is_never_replaced(small_map, tmp_path):
    path = tmp_path / "review.gpkg"
    make(small_map, path)
    with pytest.raises(OutputError, match="exists"):
        make(small_map, path)
    make(small_map, path, count=4, overwrite=True)
    with ReviewFile(path) as review:
        assert len(review.list_squares()) == 4
        review.mark(1, "reviewed", "me")
    with pytest.raises(OutputError, match="worked"):
        make(small_map, path, overwrite=True)
    with ReviewFile(path) as review:
        review.mark(1, "open")
        assert not review.has_work
    make(small_map, path, overwrite=True)
    other = tmp_path / "other.gpkg"
    other.write_bytes(b"of somebody")
    with pytest.raises(OutputError, match="no review"):
        make(small_map, other, overwrite=True)
    assert other.read_bytes() == b"of somebody"


def test_what_cannot_be_is_refused_in_a_sentence(small_map, tmp_path):
    with pytest.raises(ParameterError, match="gpkg"):
        make(small_map, tmp_path / "review.shp")
    with pytest.raises(ParameterError, match="check-share"):
        make(small_map, tmp_path / "review.gpkg", check_share=2)
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(SceneError, match="not the confidence raster"):
        make(small_map, tmp_path / "review.gpkg", confidence=make_map(other, size=(80, 80)).confidence)
    assert not list(tmp_path.glob("*.gpkg"))


def test_a_raster_that_says_it_is_another_one_is_refused(small_map, tmp_path):
    def tag(path, **tags):
        with rasterio.open(path, "r+") as dataset:
            dataset.update_tags(**tags)

    with pytest.raises(SceneError, match="another raster than --confidence takes"):
        make(small_map, tmp_path / "review.gpkg", confidence=small_map.classes)
    for path in (small_map.classes, small_map.confidence, small_map.unlike):
        tag(path, AERIALSEG_JOB="one")
    with pytest.raises(SceneError, match="another raster than --unlike takes"):  # it is not described as distances
        make(small_map, tmp_path / "review.gpkg", unlike=small_map.confidence)
    with rasterio.open(small_map.unlike, "r+") as dataset:
        dataset.set_band_description(1, UNLIKE_BAND)
    with pytest.raises(SceneError, match="another raster than --confidence takes"):
        make(small_map, tmp_path / "review.gpkg", confidence=small_map.unlike)
    for path in (small_map.classes, small_map.unlike):
        tag(path, AERIALSEG_MODEL_SHA256="one")
    tag(small_map.confidence, AERIALSEG_MODEL_SHA256="other")
    with pytest.raises(SceneError, match="of another model than"):
        make(small_map, tmp_path / "review.gpkg")
    tag(small_map.confidence, AERIALSEG_MODEL_SHA256="one")
    assert make(small_map, tmp_path / "review.gpkg").squares


def test_the_command_says_what_it_chose(small_map, tmp_path):
    arguments = ["suggest", str(small_map.classes), "--confidence", str(small_map.confidence), "--unlike"]
    arguments += [str(small_map.unlike), "-o", str(tmp_path / "r.gpkg"), "--side", "12", "-n", "4", "--progress"]
    outcome = CliRunner().invoke(cli, [*arguments, "json"], catch_exceptions=False)
    events = [json.loads(line) for line in outcome.stdout.splitlines()]
    assert (events[-1]["event"], events[-1]["squares"], events[-1]["checks"]) == ("result", 4, 1)
    outcome = CliRunner().invoke(cli, [*arguments, "none", "--overwrite"], catch_exceptions=False)
    assert outcome.output.count("train score") == 3

"""Corrections of the labels of a square: it stays a coverage, and none is lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from review.maps import make_map
from shapely.geometry import Point, Polygon, box

from aerialseg_core import suggest
from aerialseg_core.errors import DataError
from aerialseg_core.review import review_file
from aerialseg_core.review.coverage_edits import paint, reclassify
from aerialseg_core.review.review_file import Label, ReviewFile

REPO = Path(__file__).resolve().parents[2]
SQUARE = box(100_000, 400_000, 100_025, 400_025)
START = [
    Label(1, box(100_000, 400_000, 100_010, 400_025), 1, 1),
    Label(2, box(100_010, 400_000, 100_025, 400_025), 1, 2),
]

corner = st.tuples(st.floats(-5, 30, width=32), st.floats(-5, 30, width=32))
strokes = st.lists(
    st.tuples(st.one_of(st.lists(corner, min_size=3, max_size=6), corner), st.integers(1, 4)), min_size=1, max_size=8
)


def draw(stroke):
    """A polygon with these corners, or a round brush at a point; anywhere, also beyond the square."""
    if isinstance(stroke, tuple):
        return Point(100_000 + stroke[0], 400_000 + stroke[1]).buffer(3)
    shape = Polygon([(100_000 + x, 400_000 + y) for x, y in stroke])
    return shape if shape.is_valid else shape.buffer(0)


@settings(deadline=None, max_examples=80)
@given(strokes)
def test_after_any_sequence_of_edits_there_is_no_gap_and_no_overlap(edits):
    labels = START
    for stroke, class_id in edits:
        area = draw(stroke)
        labels = paint(labels, SQUARE, area, class_id)
        polygons = np.array([label.polygon for label in labels], object)
        assert shapely.is_valid(polygons).all()
        assert shapely.coverage_is_valid(polygons)  # edges match to the last bit, so there is no overlap
        assert abs(shapely.area(polygons).sum() - SQUARE.area) < 1e-6
        whole = shapely.coverage_union_all(polygons)
        assert whole.geom_type == "Polygon"
        assert not whole.interiors
        got = shapely.union_all([label.polygon for label in labels if label.class_id == class_id])
        assert area.intersection(SQUARE).difference(got.buffer(1e-6)).area < 1e-6


def test_what_is_painted_knows_what_was_there_and_neighbours_give_way():
    labels = paint(START, SQUARE, box(100_008, 400_005, 100_020, 400_015), 3)
    assert [(one.class_id, one.original_id, one.polygon.area) for one in labels] == [
        (1, 1, 10 * 25 - 20),
        (2, 2, 15 * 25 - 100),
        (3, 2, 120),
    ]
    assert {one.square for one in labels} == {1}


def test_where_there_are_no_data_there_is_a_label_only_if_somebody_paints_one():
    hole = [Label(1, SQUARE.difference(box(100_010, 400_010, 100_015, 400_015)), 1, 1)]
    labels = paint(hole, SQUARE, box(100_000, 400_000, 100_002, 400_002), 2)
    assert sum(one.polygon.area for one in labels) == pytest.approx(600)
    labels = paint(labels, SQUARE, box(100_000, 400_000, 100_030, 400_030), 2)
    assert [one.polygon.area for one in labels] == [pytest.approx(625)]


def test_a_label_gets_another_class():
    labels = reclassify(START, Point(100_001, 400_001), 4)
    assert [one.class_id for one in labels] == [4, 2]
    assert labels[0].original_id == 1
    assert reclassify(START, Point(0, 0), 4) == START


@pytest.fixture
def review(tmp_path):
    made = make_map(tmp_path)
    return suggest(made.classes, tmp_path / "review.gpkg", confidence=made.confidence, side=12, count=4).path


def own(review, number):
    return [(one.class_id, one.polygon.wkb) for one in review.list_labels() if one.square == number]


def test_edits_are_saved_and_undone_one_after_the_other(review):
    with ReviewFile(review) as opened:
        square = opened.list_squares()[0]
        states = [own(opened, 1)]
        others = own(opened, 2)
        for class_id in (1, 2, 3):
            labels = [one for one in opened.list_labels() if one.square == 1]
            middle = square.polygon.centroid.buffer(1 + class_id)
            opened.save_labels(1, paint(labels, square.polygon, middle, class_id), "me")
            states.append(own(opened, 1))
        assert len({tuple(state) for state in states}) == 4
    with ReviewFile(review) as opened:  # another day
        for state in reversed(states[:-1]):
            assert opened.undo(1)
            assert own(opened, 1) == state
        assert not opened.undo(1)
        assert own(opened, 2) == others
        assert not opened.has_work


def test_what_was_drawn_in_another_program_counts_again_when_a_later_edit_is_undone(review):
    with ReviewFile(review) as opened:
        square = opened.list_squares()[0]
        drawn = (3, opened.encode(square.polygon.buffer(-2)))
        opened._connection.execute("INSERT INTO labels (class_id, geom) VALUES (?, ?)", drawn)
        before = [(one.class_id, one.polygon.wkb) for one in opened.list_labels()]
        opened.save_labels(1, paint(opened.list_labels(), square.polygon, square.polygon, 1))
        assert opened.list_labels()[-1].class_id == 1
        assert opened.undo(1)
        assert [(one.class_id, one.polygon.wkb) for one in opened.list_labels()] == before


def test_what_did_not_change_keeps_its_note(review):
    with ReviewFile(review) as opened:
        labels = [one for one in opened.list_labels() if one.square == 1]
        other = 1 if labels[0].class_id != 1 else 2
        opened.save_labels(1, reclassify(labels, labels[0].polygon.representative_point(), other), "me")
        query = "SELECT class_name, edited_by, edited_at IS NULL FROM labels WHERE square = 1 ORDER BY fid"
        rows = opened._connection.execute(query).fetchall()
    assert rows[0] == ({1: "Building", 2: "Land"}[other], "me", 0)
    assert {row[1:] for row in rows[1:]} == {(None, 1)}


KILLED = """
import sys
from pathlib import Path
from aerialseg_core.review.coverage_edits import paint
from aerialseg_core.review.review_file import ReviewFile
with ReviewFile(Path(sys.argv[1])) as review:
    square = review.list_squares()[0]
    for number in range(10_000):
        labels = [one for one in review.list_labels() if one.square == 1]
        area = square.polygon.centroid.buffer(1 + number % 7)
        review.save_labels(1, paint(labels, square.polygon, area, 1 + number % 3))
        print(number, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="kills a process")
def test_a_killed_program_loses_at_most_the_edit_in_hand(review):
    environment = {**os.environ, "PYTHONPATH": str(REPO)}
    command = [sys.executable, "-c", KILLED, str(review)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        for line in process.stdout:
            if int(line) == 5:
                process.send_signal(signal.SIGKILL)
                break
        seen = 5 + len(process.stdout.readlines())
    with ReviewFile(review) as opened:
        (saved,) = opened._connection.execute("SELECT count(DISTINCT edit) FROM label_history").fetchone()
        assert saved in (seen + 1, seen + 2)  # counted from 0; the last may be saved and not told yet
        square = opened.list_squares()[0].polygon
        polygons = np.array([one.polygon for one in opened.list_labels() if one.square == 1], object)
    assert shapely.coverage_is_valid(polygons)
    assert abs(shapely.area(polygons).sum() - square.area) < 1e-6


def test_who_finds_another_program_writing_is_told_so(review, monkeypatch):
    monkeypatch.setattr(review_file, "_WAIT", 0.01)
    with ReviewFile(review) as opened, closing(sqlite3.connect(review, isolation_level=None)) as other:
        labels = [label for label in opened.list_labels() if label.square == 1]
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DataError, match=r"Another program is writing to .*\. Try again"):
            opened.save_labels(1, labels[1:])
        other.execute("ROLLBACK")
        opened.save_labels(1, labels[1:])
        opened._connection.execute("PRAGMA query_only = 1")
        with pytest.raises(DataError, match="cannot be written to: attempt to write a readonly database"):
            opened.save_labels(1, labels)

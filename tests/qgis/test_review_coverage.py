"""Corrections in QGIS: a square stays a coverage, as with the core's own function, and none is lost."""

from __future__ import annotations

import importlib
import json
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from within import REPO

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app")]

WEST, SOUTH, SIDE = 100_000, 400_000, 25

THE_CORE_PAINTS = """
import json, sys
from shapely import from_wkt
from aerialseg_core.review.coverage_edits import paint
from aerialseg_core.review.review_file import Label
square, strokes, start = json.load(sys.stdin)
labels = [Label(number, from_wkt(text), 1, number) for number, text in start]
for text, class_id in strokes:
    labels = paint(labels, from_wkt(square), from_wkt(text), class_id)
print(json.dumps([(one.class_id, one.original_id, one.polygon.wkt) for one in labels]))
"""


@pytest.fixture
def coverage(plugin_package: ModuleType) -> Any:
    return importlib.import_module("aerialseg.plugin.review.coverage")


def box(left: float, bottom: float, right: float, top: float) -> Any:
    from qgis.core import QgsGeometry, QgsRectangle

    return QgsGeometry.fromRect(QgsRectangle(WEST + left, SOUTH + bottom, WEST + right, SOUTH + top))


def draw(chance: random.Random) -> Any:
    """A round brush, or a polygon with corners anywhere, also beyond the square."""
    from qgis.core import QgsGeometry, QgsPointXY

    def corner() -> Any:
        return QgsPointXY(WEST + chance.uniform(-5, 30), SOUTH + chance.uniform(-5, 30))

    if chance.random() < 0.5:
        line = [corner() for _ in range(chance.randint(2, 4))]
        return QgsGeometry.fromPolylineXY(line).buffer(chance.uniform(0.5, 3), 6)
    return QgsGeometry.fromPolygonXY([[corner() for _ in range(chance.randint(3, 6))]]).makeValid()


def check_is_coverage(labels: Any, square: Any) -> None:
    """No gaps, no overlaps, and neighbours that have the same vertices, to the last bit."""
    assert all(label.polygon.isGeosValid() for label in labels)
    assert abs(sum(label.polygon.area() for label in labels) - square.area()) < 1e-6
    edges: dict[Any, int] = {}
    for label in labels:
        shape = label.polygon.constGet()
        for ring in (shape.exteriorRing(), *(shape.interiorRing(i) for i in range(shape.numInteriorRings()))):
            points = [(p.x(), p.y()) for p in ring.points()]
            for pair in pairwise(points):
                edges[frozenset(pair)] = edges.get(frozenset(pair), 0) + 1
    ends = {WEST, WEST + SIDE, SOUTH, SOUTH + SIDE}
    for edge, count in edges.items():
        (x1, y1), (x2, y2) = edge
        outside = (x1 == x2 and x1 in ends) or (y1 == y2 and y1 in ends)
        assert count == (1 if outside else 2), edge


@pytest.mark.parametrize("seed", range(25))
def test_after_any_sequence_of_edits_there_is_no_gap_and_no_overlap(coverage: Any, seed: int) -> None:
    chance, square = random.Random(seed), box(0, 0, SIDE, SIDE)
    labels = [coverage.Label(1, box(0, 0, 10, SIDE), 1, 1), coverage.Label(2, box(10, 0, SIDE, SIDE), 1, 2)]
    for _ in range(8):
        area, class_id = draw(chance), chance.randint(1, 4)
        labels = coverage.paint(labels, square, area, class_id)
        check_is_coverage(labels, square)
        for label in labels:
            if label.class_id != class_id:
                assert label.polygon.intersection(area).area() < 1e-5


def seen(labels: Any, x: float, y: float) -> int | None:
    """Class of the label at a place that was drawn last."""
    from qgis.core import QgsGeometry, QgsPointXY

    at = QgsGeometry.fromPointXY(QgsPointXY(x, y))
    return next((one.class_id for one in reversed(labels) if one.polygon.intersects(at)), None)


@pytest.mark.parametrize("seed", range(10))
def test_where_somebody_has_drawn_over_others_all_that_is_not_painted_stays_as_it_is_seen(
    coverage: Any, seed: int
) -> None:
    from qgis.core import QgsGeometry, QgsPointXY

    chance, square = random.Random(seed), box(0, 0, SIDE, SIDE)
    labels = [coverage.Label(1, box(0, 0, 10, SIDE), 1, 1), coverage.Label(2, box(10, 0, SIDE, SIDE), 1, 2)]
    for number in (1, None, 1, None):  # in a form the square may be given or not
        for part in coverage.list_polygons(draw(chance)):
            labels.append(coverage.Label(chance.randint(1, 4), part, number))
    places = [(WEST + chance.uniform(0, SIDE), SOUTH + chance.uniform(0, SIDE)) for _ in range(150)]
    for _ in range(4):
        area, class_id = draw(chance), chance.randint(1, 4)
        before, labels = labels, coverage.paint(labels, square, area, class_id)
        for x, y in places:
            inside = area.intersects(QgsGeometry.fromPointXY(QgsPointXY(x, y)))
            assert seen(labels, x, y) == (class_id if inside else seen(before, x, y))
        assert all(square.contains(one.polygon.buffer(-1e-6, 1)) for one in labels)  # or they would count elsewhere


@pytest.mark.parametrize("drawn", [False, True], ids=["as made", "drawn over in another program"])
def test_a_stroke_cuts_only_what_it_touches_from_the_first_one_on(
    coverage: Any, tmp_path: Path, interpreter: Path, monkeypatch: pytest.MonkeyPatch, drawn: bool
) -> None:
    """Also where the pixels of the map lie on no grid: a square of hundreds of polygons keeps nobody waiting."""
    module = importlib.import_module("aerialseg.plugin.review.review_file")
    subprocess.run([str(interpreter), "-c", MANY_POLYGONS, str(tmp_path)], cwd=REPO, check=True)
    cut = coverage._cut
    counted: list[int] = []
    monkeypatch.setattr(coverage, "_cut", lambda shapes, grid: counted.append(len(shapes)) or cut(shapes, grid))
    opened = module.ReviewFile(str(tmp_path / "review.gpkg"))
    for square in opened.list_squares():
        labels = opened.list_labels(square)
        assert len(labels) > 100
        if drawn:
            labels.append(coverage.Label(2, square.polygon.centroid().buffer(7.1, 6)))
        area = square.polygon.centroid().buffer(1, 6)
        touched = [one for one in labels if one.polygon.intersects(area)]
        painted = coverage.paint(labels, square.polygon, area, 3)
        assert counted.pop() <= len(touched) + 2  # what is painted, and the square
        assert [one for one in painted if one.polygon.disjoint(area)] == [one for one in labels if one not in touched]
    opened.close()


MANY_POLYGONS = """
import sys
sys.path.insert(0, "tests")
from pathlib import Path
from affine import Affine
from review.maps import make_map
from aerialseg_core import suggest
place = Affine(0.35272, 0, 297463.30262, 0, -0.35272, 9050677.06135)
made = make_map(Path(sys.argv[1]), size=(512, 512), transform=place)
suggest(made.classes, sys.argv[1] + "/review.gpkg", confidence=made.confidence, side=60, count=4, min_area=0)
"""


def test_the_core_paints_the_same(coverage: Any, interpreter: Path) -> None:
    from qgis.core import QgsGeometry

    chance, square = random.Random(7), box(0, 0, SIDE, SIDE)
    start = [(1, box(0, 0, 10, SIDE)), (2, box(10, 0, SIDE, SIDE))]
    strokes = [(draw(chance), chance.randint(1, 4)) for _ in range(10)]
    labels = [coverage.Label(number, shape, 1, number) for number, shape in start]
    for area, class_id in strokes:
        labels = coverage.paint(labels, square, area, class_id)
    given = [
        square.asWkt(17),
        [(area.asWkt(17), class_id) for area, class_id in strokes],
        [(number, shape.asWkt(17)) for number, shape in start],
    ]
    command = [str(interpreter), "-c", THE_CORE_PAINTS]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, cwd=REPO, check=False)
    assert done.returncode == 0, done.stderr
    theirs = json.loads(done.stdout)
    kinds = {(label.class_id, label.original_id) for label in labels}
    assert kinds == {(class_id, original) for class_id, original, _ in theirs}
    for kind in kinds:
        mine = QgsGeometry.unaryUnion([one.polygon for one in labels if (one.class_id, one.original_id) == kind])
        other = QgsGeometry.unaryUnion([QgsGeometry.fromWkt(w) for c, o, w in theirs if (c, o) == kind])
        assert mine.symDifference(other).area() < 1e-4


def test_what_is_painted_knows_what_was_there_and_a_label_gets_another_class(coverage: Any) -> None:
    from qgis.core import QgsPointXY

    labels = [coverage.Label(1, box(0, 0, 10, SIDE), 1, 1), coverage.Label(2, box(10, 0, SIDE, SIDE), 1, 2)]
    labels = coverage.paint(labels, box(0, 0, SIDE, SIDE), box(8, 5, 20, 15), 3)
    assert [(one.class_id, one.original_id, round(one.polygon.area(), 6)) for one in labels] == [
        (1, 1, 10 * 25 - 20),
        (2, 2, 15 * 25 - 100),
        (3, 2, 120),
    ]
    changed = coverage.reclassify(labels, QgsPointXY(WEST + 1, SOUTH + 1), 5)
    assert [(one.class_id, one.original_id) for one in changed] == [(5, 1), (2, 2), (3, 2)]
    assert coverage.reclassify(labels, QgsPointXY(0, 0), 5) == labels


PAINT_FOREVER = """
import sys
sys.path.insert(0, sys.argv[1])
from qgis.core import QgsGeometry, QgsRectangle
from aerialseg.plugin.review.coverage import paint
from aerialseg.plugin.review.review_file import ReviewFile
review = ReviewFile(sys.argv[2])
square = review.list_squares()[0]
box = square.polygon.boundingBox()
for n in range(10_000):
    left = box.xMinimum() + n % 7
    area = QgsGeometry.fromRect(QgsRectangle(left, box.yMinimum() + n % 5, left + 3, box.yMinimum() + n % 5 + 4))
    review.save_labels(square.number, paint(review.list_labels(square), square.polygon, area, 1 + n % 3), "somebody")
    print(n, flush=True)
"""


def test_a_kill_loses_at_most_the_last_stroke(review: Path, plugins_dir: Path, coverage: Any) -> None:
    command = [sys.executable, "-c", PAINT_FOREVER, str(plugins_dir), str(review)]
    for strokes in (3, 11):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(strokes)]
        process.send_signal(signal.SIGKILL)
        process.wait()
        said += process.stdout.readlines()
        process.stdout.close()
        last = int(said[-1])
        with closing(sqlite3.connect(review)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            (edits,) = connection.execute("SELECT count(DISTINCT edit) FROM label_history").fetchone()
            connection.execute("DELETE FROM label_history")
            connection.commit()
        assert edits in (last + 1, last + 2)


def test_the_file_keeps_who_and_what_was_there_and_undoes(review: Path, coverage: Any) -> None:
    module = importlib.import_module("aerialseg.plugin.review.review_file")
    opened = module.ReviewFile(str(review))
    square = opened.list_squares()[0]
    before = opened.list_labels(square)
    area = square.polygon.buffer(-5, 1)
    painted = coverage.paint(before, square.polygon, area, 2)
    opened.save_labels(square.number, painted, "Ada")
    opened.mark(square.number, module.REVIEWED, "Ada")
    with closing(sqlite3.connect(review)) as connection:
        rows = connection.execute("SELECT edited_by, edited_at, class_name, class_id FROM labels WHERE square = ?", [1])
        made = [row for row in rows if row[0]]
        assert made
        assert {row[0] for row in made} == {"Ada"}
        assert all(row[1] for row in made)
        marked = connection.execute("SELECT state, reviewed_by, reviewed_at FROM squares WHERE square = 1").fetchone()
    assert marked[:2] == ("reviewed", "Ada")
    assert marked[2]
    assert [one.polygon.asWkb() for one in opened.list_labels(square)] == [one.polygon.asWkb() for one in painted]
    assert opened.undo(square.number)
    assert [one.polygon.asWkb() for one in opened.list_labels(square)] == [one.polygon.asWkb() for one in before]
    assert not opened.undo(square.number)
    opened.close()


def test_what_was_drawn_in_another_program_counts_and_comes_back(review: Path, coverage: Any) -> None:
    """A polygon of a form, without the number of its square, from one square far beyond it."""
    from qgis.core import QgsFeature, QgsVectorLayer

    module = importlib.import_module("aerialseg.plugin.review.review_file")
    opened = module.ReviewFile(str(review))
    square = opened.list_squares()[0]
    middle = square.polygon.centroid().asPoint()
    beyond = square.polygon.boundingBox().xMaximum() + 3, middle.y()
    layer = QgsVectorLayer(f"{review}|layername=labels", "labels", "ogr")
    drawn = QgsFeature(layer.fields())
    drawn.setGeometry(square.polygon.buffer(4, 1))
    drawn.setAttribute("class_id", 3)
    assert layer.dataProvider().addFeatures([drawn])[0]

    states = [opened.list_labels(square)]
    assert seen(states[0], middle.x(), middle.y()) == 3
    for class_id, side in ((1, 2), (2, 1)):
        area = square.polygon.centroid().buffer(side, 6)
        painted = coverage.paint(opened.list_labels(square), square.polygon, area, class_id)
        opened.save_labels(square.number, painted, "Ada")
        states.append(opened.list_labels(square))
        assert seen(states[-1], middle.x(), middle.y()) == class_id
        assert seen(states[-1], middle.x() + 3, middle.y()) == 3
        assert seen(states[-1], *beyond) is None
    for state in reversed(states[:-1]):
        assert opened.undo(square.number)
        assert [one.polygon.asWkb() for one in opened.list_labels(square)] == [one.polygon.asWkb() for one in state]
    opened.close()


def test_what_is_no_review_is_refused(tmp_path: Path, plugin_package: ModuleType) -> None:
    module = importlib.import_module("aerialseg.plugin.review.review_file")
    (tmp_path / "other.gpkg").write_bytes(b"no database")
    for name in ("other.gpkg", "missing.gpkg"):
        with pytest.raises(module.ReviewError, match="cannot be used as a review"):
            module.ReviewFile(str(tmp_path / name))
    assert not (tmp_path / "missing.gpkg").exists()

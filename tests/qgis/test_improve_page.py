"""The page Improve: squares are stepped through, corrected with the mouse, and accepted by key."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app")]

from interface import FakeInterface  # noqa: E402 - after the check for QGIS


def delete(widget: Any) -> None:
    """Delete a window as Qt does, before Python lets go of it."""
    from qgis.PyQt.QtCore import QCoreApplication, QEvent

    widget.close()
    widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))


@pytest.fixture
def page(plugin: Any, project: Any, iface: FakeInterface, review: Path) -> Iterator[Any]:
    """The page with a review of four squares."""
    from aerialseg.plugin.gui.page_improve import ImprovePage
    from aerialseg.plugin.gui.runs import Runs
    from aerialseg.plugin.models import Model, list_models
    from qgis.core import QgsCoordinateReferenceSystem
    from qgis.PyQt.QtCore import QObject, pyqtSignal

    class Header(QObject):
        layer_changed = pyqtSignal(object)
        model_changed = pyqtSignal(object)

        def layer(self) -> Any:
            return None

        def model(self) -> Model:
            return list_models(())["mbrsc-lite0"]

    iface.window.resize(700, 700)
    iface.canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:28992"))
    header, runs = Header(), Runs()
    page = ImprovePage(iface, runs, header)
    page.resize(380, 900)
    page.show()
    page.open_review(str(review))
    yield page
    page.stop()
    runs.stop_all()
    delete(page)


def on_screen(canvas: Any, x: float, y: float) -> Any:
    """Where a place of the map is on the canvas."""
    from qgis.PyQt.QtCore import QPoint

    at = canvas.getCoordinateTransform().transform(x, y)
    return QPoint(round(at.x()), round(at.y()))


def drag(view: Any, *places: Any) -> None:
    """Move the mouse with its button down; QTest moves it without."""
    from qgis.PyQt.QtCore import QCoreApplication, QEvent, QPointF, Qt
    from qgis.PyQt.QtGui import QMouseEvent
    from qgis.PyQt.QtTest import QTest

    left = Qt.MouseButton.LeftButton
    QTest.mousePress(view, left, pos=places[0])
    for start, end in pairwise(places):
        for n in range(1, 11):
            at = QPointF(start + (end - start) * n / 10)
            event = QMouseEvent(QEvent.Type.MouseMove, at, left, left, Qt.KeyboardModifier.NoModifier)
            QCoreApplication.sendEvent(view, event)
    QTest.mouseRelease(view, left, pos=places[-1])


def until(holds: Callable[[], bool], seconds: float) -> bool:
    """Let Qt work until something holds; whether it does in time."""
    from qgis.PyQt.QtTest import QTest

    for _ in range(round(20 * seconds)):
        if holds():
            return True
        QTest.qWait(50)
    return holds()


def rows(review: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(review)) as connection:
        return connection.execute(query).fetchall()


def press(iface: FakeInterface, text: str) -> None:
    from qgis.PyQt.QtTest import QTest

    QTest.keyClicks(iface.canvas, text)


def place_in(square: Any, right: float, up: float) -> tuple[float, float]:
    """A place in a square, by shares of its sides."""
    box = square.polygon.boundingBox()
    return box.xMinimum() + right * box.width(), box.yMinimum() + up * box.height()


def test_the_image_is_seen_beneath_the_squares_and_no_map(page: Any, project: Any, review: Path) -> None:
    from aerialseg.plugin.results import _MADE_BY
    from qgis.core import QgsProject, QgsRasterLayer

    folder, tree = review.parent, QgsProject.instance().layerTreeRoot()
    layers = {name: QgsRasterLayer(str(folder / f"{name}.tif"), name) for name in ("classes", "sure")}
    layers["classes"].setCustomProperty(_MADE_BY, "run")
    for layer in layers.values():
        project.addMapLayer(layer)
    page.open_review(str(review))
    shown = {node.name(): node.itemVisibilityChecked() for node in tree.findLayers()}
    assert not shown.pop("classes")
    assert len(shown) >= 3
    assert all(shown.values())


def test_who_goes_on_after_a_map_was_made_sees_the_image(
    page: Any, project: Any, iface: FakeInterface, review: Path
) -> None:
    from aerialseg.plugin.results import _MADE_BY
    from qgis.core import QgsRasterLayer

    made = QgsRasterLayer(str(review.parent / "classes.tif"), "new map")
    made.setCustomProperty(_MADE_BY, "run")
    project.addMapLayer(made)
    node = project.layerTreeRoot().findLayer(made.id())
    press(iface, "n")
    assert node.isVisible()  # somebody wants to see it
    page._runs.ended.emit(None)
    assert node.isVisible()
    press(iface, "n")
    assert not node.isVisible()
    node.setItemVisibilityChecked(True)
    press(iface, "n")
    assert node.isVisible()


def test_keys_step_and_accept(page: Any, iface: FakeInterface, review: Path) -> None:
    session = page._session
    assert session.square.number == 1
    assert iface.canvas.extent().contains(session.square.polygon.boundingBox())
    press(iface, "n")
    assert session.square.number == 2
    press(iface, "b")
    press(iface, "b")
    assert session.square.number == 4
    press(iface, "s")
    assert session.square.number == 1
    press(iface, "a")
    assert session.square.number == 2
    states = dict(rows(review, "SELECT square, state FROM squares"))
    assert states == {1: "reviewed", 2: "open", 3: "open", 4: "skipped"}
    ((who, when),) = rows(review, "SELECT reviewed_by, reviewed_at FROM squares WHERE square = 1")
    assert who
    assert when
    assert page.editor.done.value() == 2
    assert "2" in page.editor.where.text()


def test_who_has_looked_at_all_squares_sees_the_next_step(page: Any, iface: FakeInterface) -> None:
    def is_seen(widget: Any) -> bool:
        return not widget.visibleRegion().isEmpty()

    page.resize(380, 500)
    assert until(lambda: page.height() == 500, 1)
    press(iface, "aaa")
    assert not is_seen(page.retrain.train)
    press(iface, "a")
    assert is_seen(page.retrain.train)
    page.retrain.result.setVisible(True)
    assert until(lambda: is_seen(page.retrain.result.roll_back), 5)


def test_keys_are_not_those_of_the_menus_while_a_tool_is_in_hand(page: Any, iface: FakeInterface) -> None:
    from qgis.gui import QgsMapToolPan
    from qgis.PyQt.QtCore import QCoreApplication, QEvent, Qt
    from qgis.PyQt.QtGui import QKeyEvent

    def is_taken(key: Any, text: str) -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier, text)
        event.ignore()
        QCoreApplication.sendEvent(iface.canvas, event)
        return event.isAccepted()

    assert is_taken(Qt.Key.Key_S, "s")
    assert is_taken(Qt.Key.Key_3, "3")
    assert not is_taken(Qt.Key.Key_T, "t")
    pan = QgsMapToolPan(iface.canvas)
    iface.canvas.setMapTool(pan)
    assert not is_taken(Qt.Key.Key_S, "s")


def test_a_digit_and_a_click_change_a_polygon(page: Any, iface: FakeInterface, review: Path) -> None:
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    session = page._session
    press(iface, "3")
    assert session.class_id == 3
    assert page.editor.classes.currentRow() == 2
    before = session.review.list_labels(session.square)
    wrong = next(one for one in before if one.class_id != 3)
    at = wrong.polygon.pointOnSurface().asPoint()
    QTest.mouseClick(iface.canvas.viewport(), Qt.MouseButton.LeftButton, pos=on_screen(iface.canvas, at.x(), at.y()))
    after = session.review.list_labels(session.square)
    assert sum(one.class_id == 3 for one in after) == sum(one.class_id == 3 for one in before) + 1
    assert rows(review, "SELECT count(*) FROM labels WHERE class_name <> 'Water' AND class_id = 3") == [(0,)]
    shown = {f["class_id"] for f in page._layers.labels.getFeatures() if f.geometry().intersects(wrong.polygon)}
    assert 3 in shown
    press(iface, "u")
    assert [one.class_id for one in session.review.list_labels(session.square)] == [one.class_id for one in before]


def test_a_stroke_and_a_drawn_polygon_leave_a_coverage(page: Any, iface: FakeInterface, review: Path) -> None:
    from qgis.core import QgsGeometry
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    session, view = page._session, iface.canvas.viewport()
    square = session.square
    whole = sum(one.polygon.area() for one in session.review.list_labels(square))
    press(iface, "r2")
    assert page.editor.tools["brush"].isChecked()
    start, end = (on_screen(iface.canvas, *place_in(square, x, 0.5)) for x in (0.2, 0.8))
    corner = on_screen(iface.canvas, *place_in(square, 0.5, 0.8))
    drag(view, start, corner, end)
    labels = session.review.list_labels(square)
    for place in ((0.2, 0.5), (0.5, 0.8), (0.35, 0.65)):
        at = QgsGeometry.fromWkt("POINT({} {})".format(*place_in(square, *place)))
        assert [one.class_id for one in labels if one.polygon.intersects(at)] == [2]
    press(iface, "d1")
    for x, y in ((0.1, 0.1), (0.4, 0.1), (0.4, 0.4), (0.1, 0.4)):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=on_screen(iface.canvas, *place_in(square, x, y)))
    QTest.mouseClick(view, Qt.MouseButton.RightButton, pos=start)
    labels = session.review.list_labels(square)
    inside = QgsGeometry.fromWkt("POINT({} {})".format(*place_in(square, 0.25, 0.25)))
    assert [one.class_id for one in labels if one.polygon.intersects(inside)] == [1]
    assert sum(one.polygon.area() for one in labels) == pytest.approx(whole, abs=1e-3)
    assert rows(review, "SELECT count(DISTINCT edit) FROM label_history") == [(2,)]
    press(iface, "uu")
    assert rows(review, "SELECT count(*) FROM label_history") == [(0,)]


def test_what_is_missing_is_said_before_a_run(page: Any, iface: FakeInterface) -> None:
    assert "accept a square to train on" in page.retrain.ready.text()
    assert not page.retrain.train.isEnabled()
    press(iface, "a")
    assert page.retrain.train.isEnabled()
    assert "1 to train on, 0 to check with" in page.retrain.ready.text()
    assert page.retrain.train.text() == "Retrain from mbrsc-lite0"


def test_another_model_than_that_of_the_map_is_warned_of(page: Any, iface: FakeInterface) -> None:
    press(iface, "a")
    page._session.review.facts["model"] = '"mbrsc-lite0"'
    page.retrain._show()
    assert "The review was made with" not in page.retrain.ready.text()
    page._session.review.facts["model"] = '"town-3"'
    page.retrain._show()
    assert page.retrain.ready.text().endswith(
        "The review was made with the model town-3: what mbrsc-lite0 gets wrong may be elsewhere."
    )
    assert page.retrain.train.isEnabled()


def test_a_layer_that_is_edited_otherwise_is_left_alone(page: Any, iface: FakeInterface, review: Path) -> None:
    labels = page._layers.labels
    assert labels.startEditing()
    feature = next(labels.getFeatures())
    labels.changeAttributeValue(feature.id(), labels.fields().indexOf("class_id"), 3)
    page._pick(page._session.square.polygon.centroid().asPoint())
    assert "edits that are not saved" in page.editor.error.text()
    labels.rollBack()


def test_a_stroke_while_another_program_writes_says_so_and_changes_nothing(
    page: Any, iface: FakeInterface, review: Path
) -> None:
    before = rows(review, "SELECT fid, class_id FROM labels")
    box = page._session.square.polygon
    with closing(sqlite3.connect(review, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        page._paint(box)
        assert page.editor.error.text().startswith("Another program is writing to ")
        other.execute("ROLLBACK")
    assert rows(review, "SELECT fid, class_id FROM labels") == before
    page._paint(box)
    assert page.editor.error.text() == ""
    assert rows(review, "SELECT fid, class_id FROM labels") != before


def test_another_tool_of_qgis_is_no_tool_of_the_page(page: Any, iface: FakeInterface) -> None:
    from qgis.gui import QgsMapToolPan

    assert page.editor.tools["pick"].isChecked()
    pan = QgsMapToolPan(iface.canvas)
    iface.canvas.setMapTool(pan)
    assert not any(button.isChecked() for button in page.editor.tools.values())


def test_a_file_that_is_no_review_is_refused(page: Any, tmp_path: Path) -> None:
    (tmp_path / "other.gpkg").write_bytes(b"no database")
    page.open_review(str(tmp_path / "other.gpkg"))
    assert "cannot be used as a review" in page.chooser.error.text()
    assert page._session.square.number == 1


def make_header(layer: Any) -> Any:
    """What the page asks of the header: a layer, and the shipped model."""
    from aerialseg.plugin.models import list_models
    from qgis.PyQt.QtCore import QObject, pyqtSignal

    class Models:
        def name(self) -> str:
            return "mbrsc-lite0"

        def reload(self, chosen: str) -> None:
            """Nothing."""

    class Header(QObject):
        layer_changed = pyqtSignal(object)
        model_changed = pyqtSignal(object)
        models = Models()

        def layer(self) -> Any:
            return layer

        def model(self) -> Any:
            return list_models(())["mbrsc-lite0"]

    return Header()


def use_in_vain(page: Any, ended: list[Any], target: Path) -> None:
    """Use a new model while a folder is where its map would be: the page says that it failed, and on what."""
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    target.mkdir()
    QTest.mouseClick(page.retrain.result.use, Qt.MouseButton.LeftButton)
    assert page.retrain.progress.isVisibleTo(page)
    assert not page.retrain.train.isEnabled()
    assert until(lambda: bool(ended), 300)
    assert target.name in page.retrain.error.text()
    assert not page.retrain.progress.isVisibleTo(page)
    target.rmdir()
    ended.clear()


@pytest.mark.slow
def test_from_an_image_to_squares_to_a_new_model_to_a_new_map_and_back(
    plugin: Any, project: Any, iface: FakeInterface, scene: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aerialseg.plugin.gui import page_improve, wdg_retrain
    from aerialseg.plugin.gui.runs import Runs
    from qgis.core import QgsRasterLayer
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    monkeypatch.setattr(wdg_retrain, "MINUTES", (0.2, 15, 60))
    layer = QgsRasterLayer(str(scene), "Mein Bild")
    project.addMapLayer(layer)

    header = make_header(layer)
    runs, ended = Runs(), []
    runs.ended.connect(lambda run: ended.append((run.ok, run.error, run.request.model)))
    page = page_improve.ImprovePage(iface, runs, header)
    page.resize(380, 1000)
    page.show()
    page.chooser.count.setValue(6)
    page.chooser.side.setValue(25)
    page.chooser.start(str(tmp_path / "mine_review.gpkg"))
    assert until(lambda: page._session is not None or bool(page.chooser.error.text()), 300)
    assert page._session is not None, page.chooser.error.text()
    (map_,) = (one for one in project.mapLayers().values() if one.name() == "Mein Bild – classes")
    assert map_.source() == str(tmp_path / "mine_review_classes.tif")
    assert not project.layerTreeRoot().findLayer(map_.id()).isVisible()
    press(iface, "a" * 6)
    assert "4 to train on, 2 to check with" in page.retrain.ready.text()
    QTest.mouseClick(page.retrain.train, Qt.MouseButton.LeftButton)
    assert not page.retrain.train.isEnabled()
    result = page.retrain.result
    assert until(lambda: result.isVisibleTo(page) or bool(page.retrain.error.text()), 600)
    assert result.isVisibleTo(page), page.retrain.error.text()
    assert "95 % interval" in result.verdict.text()
    names = [node.name() for node in project.layerTreeRoot().findLayers()]
    flips = next(place for place, name in enumerate(names) if "what flipped" in name)
    assert "labels" in names[flips + 1]
    shown = {node.name().split(" – ")[-1]: node.isVisible() for node in project.layerTreeRoot().findLayers()}
    assert (shown["what flipped"], shown["labels"], shown["squares"]) == (True, False, True)
    press(iface, "b")  # back to correcting
    shown = {node.name().split(" – ")[-1]: node.isVisible() for node in project.layerTreeRoot().findLayers()}
    assert (shown["what flipped"], shown["labels"]) == (False, True)
    made = page.retrain._output
    assert made.is_file()
    target = tmp_path / "mine_review_classes_2.tif"
    monkeypatch.setattr(page_improve, "_find_free_target", lambda _: str(target))
    use_in_vain(page, ended, target)
    QTest.mouseClick(result.use, Qt.MouseButton.LeftButton)
    assert until(lambda: bool(ended), 300)
    assert ended[0] == (True, "", made.stem)
    assert page.retrain.error.text() == ""
    assert target.is_file()  # beside the review, and the first map is as it was
    QTest.mouseClick(result.roll_back, Qt.MouseButton.LeftButton)
    assert not list(made.parent.glob(f"{made.stem}*"))
    assert not any("what flipped" in one.name() for one in project.mapLayers().values())
    page.stop()
    runs.stop_all()
    delete(page)

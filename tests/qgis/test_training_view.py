"""A training is seen as it runs: curves, the score of each class, and what to draw more of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app")]

IOU = {"Building": 0.62, "Paved": 0.01, "Water": None, "Unlabeled": 0.0}


@pytest.fixture
def view(plugin: Any) -> Iterator[Any]:
    from aerialseg.plugin.gui.wdg_training import TrainingView

    view = TrainingView()
    view.resize(400, 400)
    yield view
    view.deleteLater()


def learn(view: Any, steps: int, *, total: int = 100, score: float = 0.5) -> None:
    view.hear({"event": "start"})
    for done in range(1, steps + 1):
        event = {"event": "progress", "done": done, "total": total, "loss": 2.0 - done / total, "eta": total - done}
        view.hear(event)
    view.hear({"event": "epoch", "number": 1, "loss": 1.0, "miou_labelled": score, "iou": IOU})


def pixels(view: Any, colour: str) -> list[tuple[int, int]]:
    """Where the curve has this very colour: (column, row)."""
    image = view.curve.grab().toImage()
    wanted = [(x, y) for x in range(image.width()) for y in range(image.height())]
    return [(x, y) for x, y in wanted if image.pixelColor(x, y).name() == colour]


def test_curves_go_as_far_as_the_training_and_a_better_score_is_higher(view: Any) -> None:
    from aerialseg.plugin.gui.wdg_training import LOSS, SCORE

    assert not view.isVisibleTo(None)
    learn(view, 50)
    loss = pixels(view, LOSS)
    assert 0.4 * view.curve.width() < max(x for x, _ in loss) < 0.55 * view.curve.width()
    low = pixels(view, SCORE)
    learn(view, 50, score=0.9)
    high = pixels(view, SCORE)
    assert max(y for _, y in high) < min(y for _, y in low)
    assert "loss 1.500" in view.figures.text()
    assert "score (mIoU) 0.90, best 0.90" in view.figures.text()
    assert view.left.text() == "At most 50 s left."
    learn(view, 100)
    assert view.left.text() == ""


def test_how_long_a_training_takes_is_not_told_of_what_comes_after_it(plugin: Any) -> None:
    from aerialseg.plugin.gui.algorithm_run import AlgorithmRun
    from aerialseg.plugin.gui.wdg_run_progress import RunProgress

    progress = RunProgress()
    run = AlgorithmRun("retrainmodel", {})
    progress.follow(run, "Learns.")
    run.at.emit("Training")
    run.figured.emit({"event": "progress", "done": 50, "total": 100, "loss": 1.0, "eta": 50})
    assert progress.training.left.text() == "At most 50 s left."
    run.at.emit("Comparing")
    assert progress.training.left.text() == ""
    assert progress.text.text() == "Learns.\nComparing"
    run.deleteLater()
    progress.deleteLater()


def test_advice_comes_when_a_score_says_something_and_for_what_can_be_drawn(view: Any) -> None:
    learn(view, 10)
    assert view.advice.text() == ""
    learn(view, 60)
    assert view.advice.text().splitlines() == [
        "Paved 0.01: draw more of it, in several places.",
        "Nothing of Water was held out: draw it in more than one place.",
    ]


@pytest.mark.parametrize(
    "event", [{"iou": None}, {"iou": {"Water": "x"}}, {"miou_labelled": 7}, {"miou_labelled": None}]
)
def test_figures_that_make_no_sense_are_passed_over(view: Any, event: dict[str, Any]) -> None:
    view.hear({"event": "start"})
    view.hear({"event": "epoch", "number": 1, "loss": 1.0, "miou_labelled": 0.5, **event})
    view.curve.grab()


def test_long_trainings_keep_few_points_and_the_last_one(view: Any) -> None:
    learn(view, 3000, total=3000)
    assert len(view._losses) <= 400
    assert view._losses[-1][0] == 1.0
    shares = [share for share, _ in view._losses]
    assert shares == sorted(shares)


def test_window_shows_a_training_of_the_toolbox_and_no_later_one(plugin: Any) -> None:
    from aerialseg.plugin.gui.dlg_training import TrainingWindow
    from aerialseg.plugin.training_watch import TrainingWatch

    watch = TrainingWatch()
    window = TrainingWindow("town", watch)
    assert "town" in window.windowTitle()
    watch.told.emit({"event": "start"})
    watch.told.emit({"event": "progress", "done": 1, "total": 2, "loss": 1.25})
    assert "loss 1.250" in window.view.figures.text()
    watch.ended.emit()
    assert "has ended" in window.text.text()
    watch.told.emit({"event": "progress", "done": 2, "total": 2, "loss": 0.5})
    assert "loss 1.250" in window.view.figures.text()
    window.deleteLater()


def test_text_of_progress_bars_and_errors_is_seen_on_dark_windows_and_on_bright_ones(plugin: Any) -> None:
    from aerialseg.plugin.gui.widgets import ErrorLabel, ProgressBar
    from qgis.PyQt.QtGui import QColor, QPalette

    for kind in (ProgressBar, ErrorLabel):
        for ground in ("#303030", "#f0f0f0"):
            widget = kind()
            palette = QPalette(QColor(ground))
            palette.setColor(QPalette.ColorRole.WindowText, QColor("black"))  # as QGIS's dark themes leave it
            widget.setPalette(palette)
            widget.ensurePolished()
            text = widget.palette().color(widget.foregroundRole()).lightness()
            assert abs(text - QColor(ground).lightness()) > 80
            widget.deleteLater()

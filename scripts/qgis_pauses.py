"""Measures the dock in a QGIS that scripts/qgis-window.sh starts: pauses of the main thread, previews, memory.

    sh scripts/qgis-window.sh PYTHON scripts/qgis_pauses.py FOLDER

Writes FOLDER/pauses.txt: for each step the pauses above 0.2 s with where Python was in them, and its longest one, both
without the time in which other threads and programs had the processors and with it, by the clock; the seconds from a
click to its preview on the map; and the memory of QGIS after each of AERIALSEG_RUNS runs (20), when the layers of the
run have been removed. What Python has compiled is not there, as after an installation, with PYTHONPYCACHEPREFIX naming
an empty folder.
"""

from __future__ import annotations

import ctypes
import faulthandler
import os
import re
import sqlite3
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from qgis.core import QgsProject, QgsSettings
from qgis.PyQt.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt, QTimer
from qgis.PyQt.QtGui import QMouseEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QDialog
from qgis.utils import iface, plugins

FOLDER = Path(os.environ["AERIALSEG_SHOTS"])
SCENE = os.environ["AERIALSEG_SCENE"]
RUNS = int(os.environ.get("AERIALSEG_RUNS", "20"))
BEAT = 0.01
POINTS = 150
LOOK = 0.05
"""Seconds of a pause between two looks at what the main thread does."""

OWN = ("plugin/", "gui/", "review/", "sampling/", "processing/", "environment/", "wording/")
"""Folders of the plugin's modules."""

LONG = 0.2
"""Seconds: a longer pause is told of."""


class Heartbeat:
    """Notes how long the main thread does not come back to its event loop, and where it is meanwhile.

    faulthandler looks, from a thread that needs no lock of Python. A thread in Python would see a call only when it has
    come back, and what it looks at would be let go of in that thread, widgets too.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.step = "the project"
        self.longest: dict[str, tuple[float, float]] = {}
        """For each step the longest pause, s, without and with what the main thread waited for a processor."""
        self._tell = tell
        self._last, self._waited = time.monotonic(), read_waiting()
        self._seen = tempfile.TemporaryFile("w+")  # noqa: SIM115 - as long as QGIS
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(round(1000 * BEAT))

    def _beat(self) -> None:
        away, waited = time.monotonic() - self._last, read_waiting() - self._waited
        self.longest[self.step] = max(self.longest.get(self.step, (0.0, 0.0)), (away - waited, away))
        if away > LONG:
            self._tell(f"pause of {away - waited:.2f} s (by the clock {away:.2f} s), {self.step}")
            self._seen.seek(0)
            for stack in self._seen.read().split("Timeout (")[1:]:
                self._tell(f"    {describe(stack)}")
        if away > LOOK:
            self._seen.truncate(0)
            self._seen.seek(0)
        faulthandler.dump_traceback_later(LOOK, repeat=True, file=self._seen)
        self._last, self._waited = time.monotonic(), read_waiting()


def read_waiting() -> float:
    """Seconds for which the main thread could have worked and other threads or programs had the processors."""
    return int(Path(f"/proc/self/task/{os.getpid()}/schedstat").read_text().split()[1]) / 1e9


def describe(stack: str) -> str:
    """Where the main thread is, which is told last: the innermost calls, and the last one of the plugin."""
    calls = re.findall(r'File ".*?([^/"]+/[^/"]+)", line (\d+) in (.*)', stack.split("Thread 0x")[-1])
    names = [f"{path}:{line} {name}" for path, line, name in calls]
    own = next((i for i, name in enumerate(names) if name.startswith(OWN)), 0)
    return " < ".join(names[: max(3, own + 1)]) or "QGIS, Qt or this script"


def pause(seconds: float) -> None:
    """Let QGIS work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def wait_until(holds: Any, seconds: float = 120) -> None:
    """Let QGIS work until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"{heart.step}: not within {seconds} s")
        pause(0.02)


def read_memory() -> float:
    """MiB of memory that QGIS holds now."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields["VmRSS"].split()[0]) / 1024


def click(widget: Any, place: Any = None) -> None:
    """Click on a widget, in its middle if no place is given."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place or widget.rect().center())


def measure_preview(dock: Any, fraction: float) -> float:
    """Seconds from a click on the map until the map has been drawn with the preview."""
    canvas, shown, drawn = iface.mapCanvas(), [], []
    dock.map.preview.worker.shown.connect(lambda path: shown.append(path))
    canvas.mapCanvasRefreshed.connect(lambda: drawn.append(bool(shown)))
    view = canvas.viewport()
    begin = time.monotonic()
    click(view, view.rect().topLeft() + (view.rect().bottomRight() - view.rect().topLeft()) * fraction)
    wait_until(lambda: any(drawn))
    return time.monotonic() - begin


def run_once(dock: Any) -> None:
    """Segment what is chosen, and wait for its layers."""
    wait_until(dock.map.form.run.isEnabled)
    dock.map.form.outputs.file.setFilePath("")
    wait_until(lambda: not dock.map.planner.is_busy and dock.map.form.run.isEnabled())
    dock.map.start()
    wait_until(lambda: dock.map._run is None)
    pause(0.5)


def remove_results(kept: list[str]) -> None:
    """Remove all layers but these, and give what is free back to the system: what is left was not let go of."""
    project = QgsProject.instance()
    project.removeMapLayers([layer for layer in project.mapLayers() if layer not in kept])
    pause(0.3)
    ctypes.CDLL("libc.so.6").malloc_trim(0)


class Report(list[str]):
    """Lines that are in the file at once: QGIS may not come to its end."""

    def append(self, line: str) -> None:
        """Add a line."""
        super().append(line)
        with (FOLDER / "pauses.txt").open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def tell_previews(dock: Any) -> None:
    """Measure previews: the model not loaded, loaded by earlier ones, and loaded while a place was looked for."""
    worker = dock.map.preview.worker
    dock.map.preview.activate(True)
    told.append(f"preview, click at once: {measure_preview(dock, 0.5):.2f} s")
    later = [measure_preview(dock, fraction) for fraction in (0.4, 0.6, 0.45, 0.55)]
    told.append("previews after it: " + ", ".join(f"{seconds:.2f}" for seconds in later) + " s")
    dock.map.preview.activate(False)
    worker.stop()
    dock.map.preview.activate(True)
    wait_until(lambda: not worker._busy)
    told.append(f"preview, click when the model has been loaded: {measure_preview(dock, 0.5):.2f} s")
    dock.map.preview.activate(False)


def drag(*places: QPoint) -> None:
    """Move the mouse over the map with its button down; QTest moves it without."""
    view, left = iface.mapCanvas().viewport(), Qt.MouseButton.LeftButton
    QTest.mousePress(view, left, pos=places[0])
    for start, end in pairwise(places):
        for n in range(1, 21):
            at = QPointF(start + (end - start) * n / 20)
            event = QMouseEvent(QEvent.Type.MouseMove, at, left, left, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(view, event)
            pause(0.01)
    QTest.mouseRelease(view, left, pos=places[-1])


def find_on_map(right: float, down: float) -> QPoint:
    """A place on the map, by shares of its sides."""
    box = iface.mapCanvas().viewport().rect()
    return QPoint(round(right * box.width()), round(down * box.height()))


def press(*keys: Any) -> None:
    """Press keys, one after another, while the map has the focus."""
    for key in keys:
        QTest.keyClick(iface.mapCanvas(), key)
        pause(0.4)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Tell pauses under a name, of what follows for a moment as well."""
    heart.step = name
    yield
    pause(0.5)
    heart.step = "between"


def open_dock(layer: Any, other: Any) -> Any:
    """Open the dock, and choose another layer."""
    with step("opening the dock"):
        plugins["aerialseg"].show_dock()
        dock = plugins["aerialseg"]._windows._dock
        pause(1)
    with step("plan"):
        wait_until(lambda: bool(dock.map.form.plan.rows))
    with step("another layer"):
        iface.setActiveLayer(other)
        pause(0.5)
        iface.setActiveLayer(layer)
        wait_until(lambda: not dock.map.planner.is_busy)
    for name, page in (("result", dock.result), ("improve", dock.improve), ("areas", dock.areas), ("map", dock.map)):
        with step(f"page {name}"):
            dock.pages.setCurrentWidget(page)
    return dock


def measure_runs(dock: Any, kept: list[str]) -> None:
    """Run, and look at what the page Result has: another run, a comparison, colours, opacity."""
    memory = []
    for _ in range(RUNS):
        with step("run"):
            dock.pages.setCurrentWidget(dock.map)
            run_once(dock)
        with step("removing the layers of a run"):
            remove_results(kept)
        memory.append(read_memory())
    told.append("MiB after each run: " + " ".join(f"{one:.0f}" for one in memory))
    with step("run"):
        dock.pages.setCurrentWidget(dock.map)
        run_once(dock)
    page = dock.result
    with step("history"):
        page.history.setCurrentIndex(page.history.count() - 1)
        pause(0.3)
        page.history.setCurrentIndex(0)
    with step("compare"):
        page.compared.setCurrentIndex(1)
        pause(0.3)
        page.compared.setCurrentIndex(0)
    with step("conventional colours"):
        click(page.conventional, QPoint(8, page.conventional.height() // 2))
    with step("opacity"):
        page.opacity.setValue(30)
    with step("restore these settings"):
        click(page.restore)


def measure_review(dock: Any, folder: Path) -> None:
    """Find squares, and correct them with the mouse and by key."""
    page = dock.improve
    dock.pages.setCurrentWidget(page)
    with step("finding squares"):
        page.chooser.start(str(folder / "review.gpkg"))
        wait_until(lambda: page._session is not None, 200)
        pause(2)
    with step("stepping through squares"):
        press("n", "n", "b")
    with step("picking"):
        press("p", "2")
        for right, down in ((0.4, 0.4), (0.6, 0.5), (0.5, 0.6)):
            click(iface.mapCanvas().viewport(), find_on_map(right, down))
            pause(0.4)
    with step("painting a stroke"):
        press("r", "1")
        for down in (0.4, 0.5, 0.6):
            drag(find_on_map(0.35, down), find_on_map(0.5, down + 0.05), find_on_map(0.65, down))
            pause(0.5)
    with step("drawing a polygon"):
        press("d", "3")
        for right, down in ((0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.45, 0.6)):
            click(iface.mapCanvas().viewport(), find_on_map(right, down))
            pause(0.1)
        QTest.mouseClick(iface.mapCanvas().viewport(), Qt.MouseButton.RightButton, pos=find_on_map(0.4, 0.5))
    with step("undoing"):
        press("u", "u")
    with step("accepting and skipping squares"):
        press("a", "a", "s", "o")
    with closing(sqlite3.connect(folder / "review.gpkg")) as file:
        ((edits,),) = file.execute("SELECT count(DISTINCT edit) FROM label_history")
    told.append(f"corrections that were not undone: {edits}")


def measure_points(dock: Any) -> None:
    """Draw points, label them by key, and estimate areas."""
    page = dock.areas
    with step("page areas, with layers"):
        dock.pages.setCurrentWidget(page)
    with step("drawing a sample"):
        page.count.setValue(POINTS)
        click(page.draw)
        wait_until(lambda: page._run is None and page.sample is not None)
    with step("beginning to label"):
        page.area.ensureWidgetVisible(page.label)
        click(page.label)
        pause(1)
    with step("labelling points"):
        for number in range(12):
            press(str(1 + number % len(page.sample.classes)))
    with step("ending to label"):
        press(Qt.Key.Key_Escape)
    told.append(f"points that were labelled: {page.sample.count_labelled()}")
    with step("estimating areas"):
        page.incomplete.setChecked(True)
        click(page.estimate)
        wait_until(lambda: page._run is None)


def work() -> None:
    """All steps."""
    from aerialseg.plugin.environment import requirements, state

    kept, version = state.find_environment_folder(), "{}.{}.{}".format(*sys.version_info)
    state.write_mark(kept, requirements.REQUIREMENTS["run"], version)
    QgsSettings().setValue("projections/promptWhenMultipleTransformsExist", False, QgsSettings.Section.App)
    layer = iface.addRasterLayer(SCENE, "Orthophoto")
    other = iface.addRasterLayer(SCENE, "Another")
    iface.setActiveLayer(layer)
    iface.zoomToActiveLayer()
    pause(3)
    dock = open_dock(layer, other)
    with step("preview"):
        tell_previews(dock)
    measure_runs(dock, [layer.id(), other.id()])
    measure_review(dock, Path(SCENE).parent)
    measure_points(dock)
    with step("all models"):
        dock.header.models.show_all()
        pause(1)
    dock.header.models.window_of_models.reject()
    with step("a layer to draw in"):
        dock.pages.setCurrentWidget(dock.improve)
        dock.improve.fresh.start(str(Path(SCENE).with_name("drawn.gpkg")))
    with step("opening the dock again"):
        dock.setUserVisible(False)
        pause(0.5)
        plugins["aerialseg"].show_dock()
    with step("removing all layers"):
        QgsProject.instance().clear()
    told.append(f"MiB without layers: {read_memory():.0f}")
    heart.step = "options (QGIS's own dialog)"
    QTimer.singleShot(4000, close_dialog)
    iface.showOptionsDialog(None, "mOptionsPageAerialseg")


def close_dialog() -> None:
    """Close the modal dialog."""
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QDialog) and widget.isVisible():
            widget.reject()


def main() -> None:
    """Measure, write, and close QGIS."""
    try:
        work()
        (FOLDER / ".done").touch()
    except (OSError, RuntimeError, AttributeError, LookupError, TypeError, ImportError):
        told.append(traceback.format_exc())
    for name, (net, clock) in heart.longest.items():
        told.append(f"longest pause {net:.2f} s (by the clock {clock:.2f} s): {name}")
    QgsProject.instance().clear()  # QGIS would ask whether temporary layers may go
    iface.mainWindow().close()


(FOLDER / "pauses.txt").unlink(missing_ok=True)
told = Report()
heart = Heartbeat(told.append)
QTimer.singleShot(3000, main)

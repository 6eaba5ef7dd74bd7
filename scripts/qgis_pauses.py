"""Measures the dock in a QGIS that scripts/qgis-window.sh starts: pauses of the main thread, previews, memory.

    sh scripts/qgis-window.sh PYTHON scripts/qgis_pauses.py FOLDER

Writes FOLDER/pauses.txt: for each step its longest pauses, with what the main thread was doing where Python could look;
the seconds from a click to its preview on the map; and the memory of QGIS after each of AERIALSEG_RUNS runs (20), when
the layers of the run have been removed.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.core import QgsProject, QgsSettings
from qgis.PyQt.QtCore import QEventLoop, Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QDialog
from qgis.utils import iface

FOLDER = Path(os.environ["AERIALSEG_SHOTS"])
SCENE = os.environ["AERIALSEG_SCENE"]
RUNS = int(os.environ.get("AERIALSEG_RUNS", "20"))
BEAT = 0.005
LONG = 0.2
"""Seconds: a longer pause is told of."""


class Heartbeat:
    """Notes how long the main thread does not come back to its event loop, and where it is meanwhile."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.step = ""
        self._tell = tell
        self._last = time.monotonic()
        self._seen = ""
        self._main = threading.get_ident()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(round(1000 * BEAT))
        threading.Thread(target=self._watch, daemon=True).start()

    def _beat(self) -> None:
        now = time.monotonic()
        if now - self._last > LONG:
            self._tell(f"pause of {now - self._last:.2f} s, {self.step}: {self._seen}")
        self._last, self._seen = now, ""

    def _watch(self) -> None:
        while True:
            time.sleep(0.02)
            if time.monotonic() - self._last > LONG / 2 and not self._seen:
                stack = traceback.extract_stack(sys._current_frames()[self._main])
                self._seen = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(stack[-6:]))


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


def work() -> None:
    """All steps."""
    from aerialseg.plugin.environment import requirements, state
    from qgis.utils import plugins

    kept, version = state.find_environment_folder(), "{}.{}.{}".format(*sys.version_info)
    state.write_mark(kept, requirements.REQUIREMENTS["run"], version)
    QgsSettings().setValue("projections/promptWhenMultipleTransformsExist", False, QgsSettings.Section.App)
    layer = iface.addRasterLayer(SCENE, "Orthophoto")
    other = iface.addRasterLayer(SCENE, "Another")
    iface.setActiveLayer(layer)
    iface.zoomToActiveLayer()
    pause(3)
    heart.step = "opening the dock"
    plugins["aerialseg"].show_dock()
    dock = plugins["aerialseg"]._windows._dock
    pause(1)
    heart.step = "plan"
    wait_until(lambda: bool(dock.map.form.plan.rows))
    heart.step = "another layer"
    iface.setActiveLayer(other)
    pause(0.5)
    iface.setActiveLayer(layer)
    wait_until(lambda: not dock.map.planner.is_busy)
    heart.step = "preview"
    tell_previews(dock)
    heart.step = "run"
    memory = []
    for _ in range(RUNS):
        run_once(dock)
        remove_results([layer.id(), other.id()])
        memory.append(read_memory())
    run_once(dock)
    told.append("MiB after each run: " + " ".join(f"{one:.0f}" for one in memory))
    heart.step = "result and history"
    dock.pages.setCurrentWidget(dock.result)
    pause(1)
    heart.step = "improve"
    dock.pages.setCurrentWidget(dock.improve)
    pause(1)
    heart.step = "areas"
    dock.pages.setCurrentWidget(dock.areas)
    pause(1)
    dock.pages.setCurrentWidget(dock.map)
    heart.step = "all models"
    dock.header.models.show_all()
    pause(1)
    dock.header.models.window_of_models.reject()
    heart.step = "removing all layers"
    QgsProject.instance().clear()
    pause(1)
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
    QgsProject.instance().clear()  # QGIS would ask whether temporary layers may go
    iface.mainWindow().close()


(FOLDER / "pauses.txt").unlink(missing_ok=True)
told = Report()
heart = Heartbeat(told.append)
QTimer.singleShot(3000, main)

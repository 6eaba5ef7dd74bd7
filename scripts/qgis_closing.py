"""Begins something in a QGIS that scripts/qgis-closing.sh starts, and closes QGIS in the middle of it.

Outside of QGIS, with a folder as its argument, it lists the processes that are left of the QGIS that wrote there.
"""

from __future__ import annotations

import os
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

MOMENT = os.environ.get("AERIALSEG_MOMENT", "")
SHOTS = "AERIALSEG_SHOTS"
"""Variable that all processes of one QGIS have in common; its value is the folder."""

SECONDS = 5
"""What is left after this long is left."""

PATIENCE = 60
"""Seconds within which QGIS has to be closed itself; who waits longer ends it by force."""


def list_processes(folder: str) -> dict[int, str]:
    """Other processes that have the folder in their environment: what they were started as."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with suppress(OSError):
                if f"{SHOTS}={folder}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()[:200]
    return found


def look(folder: str) -> int:
    """Say what is left; 1 if something is, or QGIS did not close."""
    begun = Path(folder, "begun.txt")
    took = time.time() - begun.stat().st_mtime
    end = time.monotonic() + SECONDS
    while (left := list_processes(folder)) and time.monotonic() < end:
        time.sleep(0.05)
    told = begun.read_text(encoding="utf-8")
    print(f"{Path(folder).name}: {told}, which took {took:.1f} s; {len(left)} left within {SECONDS} s")
    for number, command in left.items():
        print(f"  {number}: {command}")
    return bool(left) or took > PATIENCE


def begin(iface: Any) -> None:
    """Begin what is asked for, in the dock."""
    from aerialseg.plugin.environment import requirements, state
    from qgis.utils import plugins

    layer = iface.addRasterLayer(os.environ["AERIALSEG_SCENE"], "Orthophoto")
    if MOMENT != "set-up":
        version = "{}.{}.{}".format(*sys.version_info)
        state.write_mark(state.find_environment_folder(), requirements.REQUIREMENTS["train"], version)
    plugins["aerialseg"].show_dock()
    dock = plugins["aerialseg"]._windows._dock
    if MOMENT == "preview":
        dock.map.preview.activate(True)
    elif MOMENT == "run":
        dock.map.planner.stop()
        dock.map.form.quality.setCurrentIndex(dock.map.form.quality.findData("best"))
        dock.map.form.run.setEnabled(True)
        dock.map.start()
    elif MOMENT == "training":
        train(layer)
    elif MOMENT == "set-up":
        dock.header.environment.button.click()
    elif MOMENT == "download":
        download(dock)


def train(layer: Any) -> None:
    """Train on two rectangles of the scene."""
    from aerialseg.plugin.gui.algorithm_run import AlgorithmRun
    from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsRectangle, QgsVectorLayer

    drawn = QgsVectorLayer(f"Polygon?crs={layer.crs().authid()}&field=class:string", "drawn", "memory")
    whole = layer.extent()
    west, middle, east = whole.xMinimum(), whole.center().x(), whole.xMaximum()
    for name, left, right in (("left", west, middle), ("right", middle, east)):
        feature = QgsFeature(drawn.fields())
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(left, whole.yMinimum(), right, whole.yMaximum())))
        feature["class"] = name
        drawn.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(drawn)
    model = str(Path(os.environ[SHOTS]) / "model.onnx")
    run = AlgorithmRun("trainmodel", {"INPUT": [layer], "POLYGONS": drawn, "FIELD": "class", "OUTPUT": model})
    run.ended.connect(lambda ended: print(ended.error, file=sys.stderr))


def download(dock: Any) -> None:
    """Fetch a model from a server that never comes to the end."""
    import threading
    from dataclasses import replace
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "1000000")
            self.end_headers()
            self.wfile.write(b"0" * 1000)
            threading.Event().wait(60)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    dock.header.models.show_all()
    window = dock.header.models.window_of_models
    address = f"http://127.0.0.1:{server.server_address[1]}/model.onnx"
    window.fetcher.start(replace(next(iter(window._public.values())), address=address))


def main() -> None:
    """Begin it, wait until its process is there, and close QGIS."""
    from qgis.core import QgsProject
    from qgis.PyQt.QtCore import QEventLoop, QTimer
    from qgis.utils import iface, plugins

    folder = Path(os.environ[SHOTS])
    before = list_processes(str(folder))

    def pause(milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def is_under_way() -> bool:
        if MOMENT == "download":
            fetcher = plugins["aerialseg"]._windows._dock.header.models.window_of_models.fetcher
            return fetcher._download is not None and Path(fetcher._download.path).exists()
        return bool(set(list_processes(str(folder))) - set(before))

    try:
        begin(iface)
        end = time.monotonic() + 60
        while not is_under_way():
            if time.monotonic() > end:
                raise TimeoutError(f"{MOMENT}: nothing begins")
            pause(20)
        pause(300)
        begun = set(list_processes(str(folder))) - set(before)
        (folder / "begun.txt").write_text(f"{len(begun)} processes when QGIS was closed", encoding="utf-8")
        (folder / ".done").touch()
    except (OSError, RuntimeError, AttributeError, LookupError, TypeError, ImportError):
        traceback.print_exc(file=sys.stderr)
    QgsProject.instance().setDirty(False)
    ask, reply = QTimer(iface.mainWindow()), QTimer(iface.mainWindow())
    ask.timeout.connect(iface.mainWindow().close)
    reply.timeout.connect(answer)  # by another timer: one that waits in its own slot does not tick
    ask.start(500)  # QGIS asks first whether tasks shall be cancelled
    reply.start(200)


def answer() -> None:
    """Say Yes to what QGIS asks."""
    from qgis.PyQt.QtWidgets import QApplication, QMessageBox

    asked = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QMessageBox)]
    for box in (box for box in asked if box.isVisible()):
        box.button(QMessageBox.StandardButton.Yes).click()


if len(sys.argv) == 2 and not MOMENT:
    sys.exit(look(sys.argv[1]))
else:
    from qgis.PyQt.QtCore import QTimer

    QTimer.singleShot(3000, main)

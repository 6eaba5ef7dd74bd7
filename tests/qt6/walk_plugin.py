"""Run the whole plugin on Qt 6: import its modules, take all actions, show all pages, press what can be pressed.

    python walk_plugin.py FOLDER_OF_THE_PLUGIN

Prints what Python or Qt said was wrong, and ends with 1 if there was anything.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import traceback
from pathlib import Path
from types import TracebackType

import qgis_on_qt6
from PyQt6 import sip
from PyQt6.QtCore import QTimer, QtMsgType, qInstallMessageHandler
from PyQt6.QtWidgets import QAbstractButton, QApplication, QComboBox, QTabWidget, QWidget

WRONG: list[str] = []


def note(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    """Take note of an error in what Qt called, which would otherwise end the process."""
    WRONG.append(str(error))
    traceback.print_exception(kind, error, where)


def note_warning(kind: QtMsgType, _context: object, text: str | None) -> None:
    """Take note of what Qt warns of; this platform has neither windows to raise nor fonts of its own."""
    if kind != QtMsgType.QtDebugMsg and text and not text.startswith(("This plugin does not support", "qt.qpa.fonts")):
        WRONG.append(text)
        print(text, file=sys.stderr)


def walk(root: QWidget, app: QApplication) -> int:
    """Show every page of a window, and use every control that can be seen; returns how many there were."""
    root.show()
    pages = [(tabs, page) for tabs in root.findChildren(QTabWidget) for page in range(tabs.count())]
    used = 0
    for tabs, page in pages or [(None, 0)]:
        if tabs is not None:
            tabs.setCurrentIndex(page)
        app.processEvents()
        if sip.isdeleted(root):  # one of its buttons has closed it
            break
        for control in root.findChildren(QWidget):
            if sip.isdeleted(control) or not (control.isVisible() and control.isEnabled()):
                continue
            if isinstance(control, QAbstractButton):
                control.click()
            elif isinstance(control, QComboBox):
                for choice in range(control.count()):
                    control.setCurrentIndex(choice)
            else:
                continue
            app.processEvents()
            used += 1
        if not sip.isdeleted(root):
            root.grab()
    return used


def close_modal(app: QApplication) -> None:
    """Close a dialog that waits for an answer."""
    window = app.activeModalWidget() or app.activePopupWidget()
    if window is not None:
        window.close()


def main(folder: Path) -> None:
    """Do all of it for the plugin in a folder."""
    qgis_on_qt6.install()
    sys.excepthook = note
    qInstallMessageHandler(note_warning)
    app = QApplication(["qgis"])
    sys.path.insert(0, str(folder.parent))
    package = importlib.import_module(folder.name)
    names = [one.name for one in pkgutil.walk_packages([str(folder / "plugin")], f"{folder.name}.plugin.")]
    for name in names:
        importlib.import_module(name)
    iface = qgis_on_qt6.Interface()
    iface.mainWindow().show()
    plugin = package.classFactory(iface)
    plugin.initGui()
    closer = QTimer()
    closer.timeout.connect(lambda: close_modal(app))
    closer.start(50)
    used = 0
    for action in iface.actions:
        action.trigger()
        app.processEvents()
        for window in app.topLevelWidgets():
            if not sip.isdeleted(window) and window.isVisible():
                used += walk(window, app)
    plugin.unload()
    app.processEvents()
    print(f"{len(names)} modules, {len(iface.actions)} actions, {used} controls")
    sys.exit(bool(WRONG))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())

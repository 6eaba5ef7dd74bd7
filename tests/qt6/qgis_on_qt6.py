"""A stand-in for the `qgis` of QGIS 4: its `qgis.PyQt` is PyQt6, its widgets are widgets, the rest answers to anything.

It knows nothing of maps. What it is good for is to see whether the plugin's own code runs on Qt 6: its imports, its
enumerations, its windows.
"""

from __future__ import annotations

import importlib
import os
import sys
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock

from PyQt6 import QtCore, QtGui, QtWidgets, sip
from PyQt6.QtCore import QObject, QSettings, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QDockWidget, QGraphicsView, QGroupBox, QLineEdit, QMainWindow, QWidget

QT = ("QtCore", "QtGui", "QtWidgets", "QtNetwork", "QtXml", "QtTest")
MOVED = ("QAction", "QActionGroup", "QShortcut")
"""Classes that went from QtWidgets to QtGui; `qgis.PyQt` has them in both."""


class _AnyAttribute(type):
    """Gives a class every attribute: constants, enumerations, static methods."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = MagicMock(name=f"{cls.__name__}.{name}")
        setattr(cls, name, value)
        return value


class _AnyWrapper(_AnyAttribute, type(QObject)):
    pass


class Anything(metaclass=_AnyAttribute):
    """Stands for a class of QGIS."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = MagicMock(name=f"{type(self).__name__}.{name}")
        setattr(self, name, value)
        return value


class AnyObject(QObject, metaclass=_AnyWrapper):
    """Stands for a class of QGIS with signals."""

    def __init__(self, *_: Any, **__: Any) -> None:
        super().__init__()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return MagicMock(name=f"{type(self).__name__}.{name}")


class QgsTask(AnyObject):
    taskCompleted = taskTerminated = pyqtSignal()
    progressChanged = pyqtSignal(float)

    def cancel(self) -> None:
        self.taskTerminated.emit()


class QgsFeedback(AnyObject):
    canceled = pyqtSignal()
    progressChanged = pyqtSignal(float)

    def isCanceled(self) -> bool:
        return False


class QgsProject(AnyObject):
    layersRemoved = layersWillBeRemoved = pyqtSignal("QStringList")
    layersAdded = pyqtSignal(list)
    cleared = readProject = crsChanged = pyqtSignal()
    _only: QgsProject | None = None

    @classmethod
    def instance(cls) -> QgsProject:
        cls._only = cls._only or cls()
        return cls._only

    def mapLayers(self) -> dict[str, Any]:
        return {}

    def mapLayer(self, _layer_id: str) -> None:
        return None

    def readEntry(self, _scope: str, _key: str, default: str = "") -> tuple[str, bool]:
        return default, False

    def fileName(self) -> str:
        return ""

    def absolutePath(self) -> str:
        return ""


class QgsSettings(QSettings):
    def __init__(self, *_: Any) -> None:
        super().__init__(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "aerialseg", "qt6")


class QgsDockWidget(QDockWidget):
    closed = opened = pyqtSignal()
    closedStateChanged = openedStateChanged = pyqtSignal(bool)

    def setUserVisible(self, visible: bool) -> None:
        self.setVisible(visible)


class QgsMapLayerComboBox(QComboBox):
    layerChanged = pyqtSignal(object)

    def currentLayer(self) -> None:
        return None

    def setLayer(self, _layer: Any) -> None:
        pass

    def setFilters(self, _filters: Any) -> None:
        pass

    def setAllowEmptyLayer(self, *_: Any) -> None:
        pass

    def setExceptedLayerList(self, _layers: Any) -> None:
        pass

    def setShowCrs(self, _shown: bool) -> None:
        pass


class QgsRasterBandComboBox(QgsMapLayerComboBox):
    bandChanged = pyqtSignal(int)

    def currentBand(self) -> int:
        return 1

    def setBand(self, _band: int) -> None:
        pass

    def setShowNotSetOption(self, *_: Any) -> None:
        pass

    def isShowingNotSetOption(self) -> bool:
        return True


class QgsFileWidget(QWidget):
    fileChanged = pyqtSignal(str)
    StorageMode = MagicMock()

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._line = QLineEdit(self)

    def lineEdit(self) -> QLineEdit:
        return self._line

    def filePath(self) -> str:
        return self._line.text()

    def setFilePath(self, path: str) -> None:
        self._line.setText(path)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("set"):
            return lambda *_: None
        raise AttributeError(name)


class QgsCollapsibleGroupBox(QGroupBox):
    collapsedStateChanged = pyqtSignal(bool)

    def setCollapsed(self, _collapsed: bool) -> None:
        pass

    def isCollapsed(self) -> bool:
        return False

    def setSaveCollapsedState(self, _saved: bool) -> None:
        pass


class QgsMapCanvas(QGraphicsView):
    extentsChanged = scaleChanged = mapToolSet = keyPressed = pyqtSignal()
    destinationCrsChanged = renderStarting = mapCanvasRefreshed = layersChanged = pyqtSignal()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return MagicMock(name=f"QgsMapCanvas.{name}")


class QgsMapTool(AnyObject):
    deactivated = activated = pyqtSignal()


class QgsOptionsPageWidget(QWidget):
    pass


class QgsOptionsWidgetFactory(AnyObject):
    pass


class QgsProcessingProvider(AnyObject):
    pass


class QgsApplication(AnyObject):
    @staticmethod
    def instance() -> QtCore.QCoreApplication | None:
        return QtWidgets.QApplication.instance()

    @staticmethod
    def getThemeIcon(_name: str) -> QtGui.QIcon:
        return QtGui.QIcon()

    @staticmethod
    def qgisSettingsDirPath() -> str:
        return os.environ["HOME"]


class QgsProcessingAlgRunnerTask(QgsTask):
    executed = pyqtSignal(bool, dict)


OWN = {name: value for name, value in globals().items() if name.startswith("Qgs") and isinstance(value, type)}


class _Names(ModuleType):
    """A module that has every class of QGIS; those with signals or a window are above, all others are `Anything`."""

    NULL = None

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("Qg"):
            raise AttributeError(name)
        made = OWN.get(name)
        if made is None:
            error = name.endswith("Exception")
            made = type(name, (Exception,), {}) if error else _AnyAttribute(name, (Anything,), {})
        setattr(self, name, made)
        return made


class Interface(AnyObject):
    """The windows of QGIS, without a map."""

    currentLayerChanged = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self._window = QMainWindow()
        self._canvas = QgsMapCanvas()
        self.actions: list[QtGui.QAction] = []

    def mainWindow(self) -> QMainWindow:
        return self._window

    def mapCanvas(self) -> QgsMapCanvas:
        return self._canvas

    def activeLayer(self) -> None:
        return None

    def addPluginToRasterMenu(self, _title: str, action: QtGui.QAction) -> None:
        self.actions.append(action)

    def addDockWidget(self, area: QtCore.Qt.DockWidgetArea, dock: QDockWidget) -> None:
        self._window.addDockWidget(area, dock)

    def removeDockWidget(self, dock: QDockWidget) -> None:
        self._window.removeDockWidget(dock)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return MagicMock(name=f"iface.{name}")


def install() -> None:
    """Put the stand-in where `import qgis` finds it."""
    package, pyqt = ModuleType("qgis"), ModuleType("qgis.PyQt")
    package.__path__, pyqt.__path__ = [], []  # type: ignore[attr-defined]
    sys.modules |= {"qgis": package, "qgis.PyQt": pyqt, "qgis.PyQt.sip": sip}
    pyqt.sip = sip  # type: ignore[attr-defined]
    for name in QT:
        module = importlib.import_module(f"PyQt6.{name}")
        setattr(pyqt, name, module)
        sys.modules[f"qgis.PyQt.{name}"] = module
    for name in MOVED:
        setattr(QtWidgets, name, getattr(QtGui, name))
    for name in ("core", "gui", "analysis", "utils"):
        module = _Names(f"qgis.{name}")
        setattr(package, name, module)
        sys.modules[f"qgis.{name}"] = module
    processing = ModuleType("processing")
    processing.run = MagicMock()  # type: ignore[attr-defined]
    sys.modules["processing"] = processing

# SPDX-License-Identifier: GPL-2.0-or-later
"""The dock at the side of the map: a header that says of what it speaks, and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from ..__about__ import ICON, TITLE
from .page import Page
from .page_areas import AreasPage
from .page_improve import ImprovePage
from .page_map import MapPage
from .page_result import ResultPage
from .runs import Runs
from .wdg_header import Header

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

_Page = TypeVar("_Page", bound=Page)


class Dock(QgsDockWidget):
    """All of aerialseg that stays beside the map.

    Args:
        iface: The windows of QGIS.
        runs: Owner of what is started here.
    """

    def __init__(self, iface: QgisInterface, runs: Runs) -> None:
        super().__init__(TITLE, iface.mainWindow())
        self.setObjectName("aerialsegDock")  # under which QGIS keeps where it was
        self.setWindowIcon(QIcon(str(ICON)))
        self.setAllowedAreas(Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea)
        self.header = Header(iface)
        self.header.environment.begun.connect(runs.keep)
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        body = QWidget()
        rows = QVBoxLayout(body)
        rows.addWidget(self.header)
        rows.addWidget(self.pages, 1)
        self.setWidget(body)
        self.map = self._add(MapPage(iface, runs, self.header))
        self.result = self._add(ResultPage(iface, runs, self.header))
        self.improve = self._add(ImprovePage(iface, runs, self.header))
        self.areas = self._add(AreasPage(iface, runs, self.header))
        self.result.restored.connect(self.map.restore)

    def _add(self, page: _Page) -> _Page:
        """Add a page as the last one."""
        self.pages.addTab(page, page.get_title())
        page.asked_for.connect(lambda: self.pages.setCurrentWidget(page))
        return page

    def stop(self) -> None:
        """End what works behind the header and the pages."""
        self.header.stop()
        for i in range(self.pages.count()):
            self.pages.widget(i).stop()

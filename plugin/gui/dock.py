# SPDX-License-Identifier: GPL-2.0-or-later
"""The dock at the side of the map: a header that says of what it speaks, and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from ..__about__ import ICON, TITLE
from .page import Page
from .runs import Runs
from .wdg_header import Header
from .widgets import do_next_turn

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from .page_areas import AreasPage
    from .page_improve import ImprovePage
    from .page_map import MapPage
    from .page_result import ResultPage


class Dock(QgsDockWidget):
    """All of aerialseg that stays beside the map.

    Its pages are made one after another, QGIS having a turn between two, or when somebody asks for one: all of them at
    once, and the modules behind them, would take longer than a window may stand still.

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
        self._iface, self._runs = iface, runs
        self._stopped = False
        do_next_turn(self._make_next)

    @property
    def map(self) -> MapPage:
        """Return the page *Map*."""
        return self._get(0)

    @property
    def result(self) -> ResultPage:
        """Return the page *Result*."""
        return self._get(1)

    @property
    def improve(self) -> ImprovePage:
        """Return the page *Improve*."""
        return self._get(2)

    @property
    def areas(self) -> AreasPage:
        """Return the page *Areas*."""
        return self._get(3)

    def _get(self, place: int) -> Any:
        while self.pages.count() <= place:
            self._make()
        return self.pages.widget(place)

    def _make_next(self) -> None:
        """Make the next page, and let QGIS have a turn before the one after it."""
        if not self._stopped and self.pages.count() < len(self._makers):
            self._make()
            do_next_turn(self._make_next)

    def _make(self) -> None:
        """Make a page, which becomes the last one."""
        page = self._makers[self.pages.count()](self)
        self.pages.addTab(page, page.get_title())
        page.asked_for.connect(lambda: self.pages.setCurrentWidget(page))

    def _make_map(self) -> Page:
        from .page_map import MapPage

        return MapPage(self._iface, self._runs, self.header)

    def _make_result(self) -> Page:
        from .page_result import ResultPage

        page = ResultPage(self._iface, self._runs, self.header)
        page.restored.connect(self.map.restore)
        return page

    def _make_improve(self) -> Page:
        from .page_improve import ImprovePage

        return ImprovePage(self._iface, self._runs, self.header)

    def _make_areas(self) -> Page:
        from .page_areas import AreasPage

        return AreasPage(self._iface, self._runs, self.header)

    _makers = (_make_map, _make_result, _make_improve, _make_areas)  # in the order of the tabs

    def stop(self) -> None:
        """End what works behind the header and the pages."""
        self._stopped = True
        self.header.stop()
        for i in range(self.pages.count()):
            self.pages.widget(i).stop()

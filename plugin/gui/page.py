# SPDX-License-Identifier: GPL-2.0-or-later
"""What every page of the dock is."""

from __future__ import annotations

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QWidget


class Page(QWidget):
    """A page of the dock: made once with what it needs, it knows nothing of the dock and of other pages.

    Layer, model and environment come from the header, what was computed from `Runs`; both speak by signals. A page
    that scrolls does so by itself, and is at most 60 letters wide at least.
    """

    asked_for = pyqtSignal()  # it wants to be the page that is seen

    def get_title(self) -> str:
        """Return what is on its tab, in one word."""
        raise NotImplementedError

    def stop(self) -> None:
        """End what works behind it: the plugin goes. Nothing by itself."""

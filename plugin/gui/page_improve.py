# SPDX-License-Identifier: GPL-2.0-or-later
"""The page *Improve*: squares of a map are corrected, and the model learns from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

from qgis.core import QgsApplication, QgsCoordinateTransform, QgsCsException, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QGroupBox, QVBoxLayout, QWidget

from .. import defaults
from ..i18n import tr
from ..model_list import find_model_name
from ..models import Model
from ..rasters import find_file
from ..results import hide_results
from ..review.layers import ReviewLayers
from ..review.map_tools import BrushTool, DrawTool, PickTool, ReviewTool
from ..review.review_file import ReviewError, ReviewFile
from ..review.session import ReviewSession
from .page import Page
from .request import Request
from .runs import Runs
from .wdg_header import Header
from .wdg_retrain import RetrainBox
from .wdg_review import ReviewChooser
from .wdg_squares import BRUSH, DRAW, PICK, SquareEditor
from .wdg_training_layer import TrainingLayerBox
from .widgets import ScrollArea, make_fold

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

AROUND = 1.4
"""Sides of a square that the map shows when it goes there."""


class ImprovePage(Page):
    """Corrects squares of a map and retrains the model.

    Args:
        iface: The windows of QGIS.
        runs: Owner of what is started here.
        header: Tells layer and model.
    """

    def __init__(self, iface: QgisInterface, runs: Runs, header: Header) -> None:
        super().__init__()
        self._iface, self._runs, self._header = iface, runs, header
        self._canvas = iface.mapCanvas()
        self._session: Optional[ReviewSession] = None
        self._layers: Optional[ReviewLayers] = None
        self._tools: dict[str, ReviewTool] = {}
        self._covered = False  # by a map that was made since
        self.chooser, self.editor, self.retrain = ReviewChooser(runs), SquareEditor(), RetrainBox(runs)
        body = QWidget()
        rows = QVBoxLayout(body)
        rows.setContentsMargins(0, 0, 0, 0)
        self._parts = {
            self.chooser: make_fold(tr("1. Squares to look at"), self.chooser),
            self.editor: _make_box(tr("2. Correct them"), self.editor),
            self.retrain: _make_box(tr("3. Retrain"), self.retrain),
        }
        self._parts[self.chooser].setCollapsed(False)
        for box in self._parts.values():
            rows.addWidget(box)
        self.fresh = TrainingLayerBox(iface)
        rows.addWidget(make_fold(tr("Or draw classes of your own"), self.fresh))
        rows.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self._area = ScrollArea(body)
        self._area.seek(self.retrain.progress, self.retrain.progress.training, self.retrain.result)
        whole.addWidget(self._area)
        self.chooser.chosen.connect(self.open_review)
        self.editor.tool_chosen.connect(self.choose_tool)
        self.editor.resized.connect(self._resize_brush)
        self.editor.zoom_wanted.connect(self._zoom)
        self.retrain.used.connect(self._use_model)
        self.retrain.compared.connect(self._show_comparison)
        self.retrain.put_away.connect(lambda: self._layers and self._layers.show_labels(True))
        self.retrain.listed.connect(lambda: header.models.reload(header.models.name()))
        runs.ended.connect(self._note_map)
        self._canvas.mapToolSet.connect(self._show_tool)
        self._canvas.installEventFilter(self.editor)
        header.layer_changed.connect(self.chooser.set_layer)
        header.model_changed.connect(self._set_model)
        header.layer_changed.connect(self.fresh.set_layer)
        self.chooser.set_layer(header.layer())
        self.fresh.set_layer(header.layer())
        self._set_model(header.model())
        self._show_parts()

    def get_title(self) -> str:
        """Return what is on its tab."""
        return tr("Improve")

    def stop(self) -> None:
        """Close the review and put the tools away."""
        self._runs.ended.disconnect(self._note_map)
        self._canvas.mapToolSet.disconnect(self._show_tool)
        self._canvas.removeEventFilter(self.editor)
        self._close_review()

    def open_review(self, path: str) -> None:
        """Open a review and go to its first open square."""
        try:
            review = ReviewFile(path)
        except ReviewError as error:
            self.chooser.error.say(str(error))
            return
        self._close_review()
        self.chooser.error.say("")
        who = QgsApplication.userFullName() or QgsApplication.userLoginName()
        self._session = session = ReviewSession(review, who, self)
        self._layers = ReviewLayers(QgsProject.instance(), path, review.image)
        session.moved.connect(self._zoom)
        session.moved.connect(self._uncover)
        session.drawn.connect(self._layers.draw)
        session.changed.connect(self._colour_tools)
        session.finished.connect(lambda: self._area.ensureWidgetVisible(self.retrain.train))
        crs = self._layers.labels.crs()
        for key, kind in ((PICK, PickTool), (BRUSH, BrushTool), (DRAW, DrawTool)):
            tool = kind(self._canvas, crs, self.editor.handle_key)
            tool.painted.connect(self._paint)
            tool.picked.connect(self._pick)
            self._tools[key] = tool
        self.editor.set_session(session)
        self.retrain.set_session(session)
        self._colour_tools()
        self._show_parts()
        self._parts[self.chooser].setCollapsed(True)  # its squares are worked on now
        self.choose_tool(PICK)
        self._zoom()

    def choose_tool(self, key: str) -> None:
        """Take a tool in hand."""
        if key in self._tools:
            self._canvas.setMapTool(self._tools[key])
            self._canvas.setFocus()

    def _close_review(self) -> None:
        self.editor.set_session(None)
        self.retrain.set_session(None)
        for tool in self._tools.values():
            self._canvas.unsetMapTool(tool)
            tool.deleteLater()
        self._tools = {}
        session, self._session = self._session, None
        if session is not None:
            session.close()
            session.deleteLater()

    def _show_parts(self) -> None:
        for widget in (self.editor, self.retrain):
            self._parts[widget].setVisible(self._session is not None)

    def _show_tool(self, tool: Any, _before: Any = None) -> None:
        self.editor.show_tool(next((key for key, own in self._tools.items() if own is tool), ""))

    def _colour_tools(self) -> None:
        session = self._session
        colours = {cover.id: cover.colour for cover in session.classes} if session else {}
        for tool in self._tools.values():
            tool.colour = QColor(colours.get(session.class_id, "red"))

    def _resize_brush(self, wider: bool) -> None:
        tool = self._tools.get(BRUSH)
        if isinstance(tool, BrushTool):
            tool.resize(wider=wider)

    def _paint(self, area: Any) -> None:
        if self._may_edit():
            self._session.paint(area)

    def _pick(self, point: Any) -> None:
        if self._may_edit():
            self._session.reclassify(point)

    def _may_edit(self) -> bool:
        """Refuse to write beneath somebody who edits a layer of the review as well."""
        name = self._layers.name_edited()
        self.editor.error.say(tr("{} has edits that are not saved. Save them first.").format(name) if name else "")
        return not name

    def _zoom(self) -> None:
        """Show the square with some ground around it."""
        square = self._session.square if self._session else None
        if square is not None:
            self._show_box(square.polygon.boundingBox())

    def _note_map(self, _run: Any) -> None:
        self._covered = True

    def _uncover(self) -> None:
        """Let the image be seen by who goes on correcting after a map was made, which lies on top."""
        if self._covered:
            self._covered = False
            hide_results(QgsProject.instance())

    def _show_comparison(self) -> None:
        """Show what flipped in all squares, without the labels, whose colours would mix in."""
        self._layers.show_labels(False)
        box = QgsRectangle()
        for square in self._session.squares if self._session else ():
            box.combineExtentWith(square.polygon.boundingBox())
        self._show_box(box)

    def _show_box(self, box: QgsRectangle) -> None:
        labels = self._layers.labels if self._layers else None
        if labels is None or box.isEmpty():
            return
        shown = self._canvas.mapSettings().destinationCrs()
        try:
            box = QgsCoordinateTransform(labels.crs(), shown, QgsProject.instance()).transformBoundingBox(box)
        except QgsCsException:
            return
        box.scale(AROUND)
        self._canvas.setExtent(box)
        self._canvas.refresh()

    def _set_model(self, model: Optional[Model]) -> None:
        self.retrain.set_model(model)
        self.fresh.set_model(model)
        self.chooser.set_model(find_model_name(model.path) if model else "")

    def _use_model(self, name: str) -> None:
        """Make the map of the image anew, as the page Map would."""
        review = self._session.review
        layer = _find_image(review.image) or self._header.layer()
        if layer is None:
            self.retrain.error.say(tr("The image is not in the project."))
            return
        bands = json.loads(review.facts.get("scene_parameters") or "{}").get("bands")
        request = Request(
            layer=layer.id(),
            model=name,
            bands=tuple(bands) if isinstance(bands, list) else (),
            nodata="",
            extent=None,
            areas="",
            selected_only=False,
            quality=defaults.QUALITY,
            min_area=defaults.MIN_AREA,
            simplify=defaults.SIMPLIFY,
            smooth=defaults.SMOOTH,
            square="",
            classes="",
            outputs=frozenset({"OUTPUT", "CONFIDENCE", "POLYGONS"}),
            target=_find_free_target(Path(review.path)),
        )
        run = self._runs.start(request)
        self.retrain.follow_map(run)
        self._header.models.reload(name)  # the next retraining starts from it


def _make_box(title: str, widget: QWidget) -> QGroupBox:
    box = QGroupBox(title)
    inside = QVBoxLayout(box)
    inside.setContentsMargins(4, 4, 4, 4)
    inside.addWidget(widget)
    return box


def _find_free_target(review: Path) -> str:
    """Find a free name for a map beside the review that it comes of: who has worked for it wants to keep it."""
    names = ("_classes.tif", *(f"_classes_{number}.tif" for number in range(2, 1000)))
    return str(next(path for path in (review.with_name(review.stem + name) for name in names) if not path.exists()))


def _find_image(path: str) -> Optional[QgsRasterLayer]:
    """Find the layer of an image in the project."""
    layers = [one for one in QgsProject.instance().mapLayers().values() if isinstance(one, QgsRasterLayer)]
    return next((one for one in layers if path and find_file(one) == path), None)

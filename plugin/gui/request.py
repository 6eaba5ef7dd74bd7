# SPDX-License-Identifier: GPL-2.0-or-later
"""What the dialog asks for: the parameters of the algorithm, and the command line that these come to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsReferencedRectangle,
)

from .. import command
from ..i18n import tr
from ..processing.segmentraster import SegmentRaster
from ..rasters import find_file
from ..vectors import find_areas_file

ALGORITHM = "aerialseg:segmentraster"
"""What runs."""

OPTION_OF = {"OUTPUT": "output", "CONFIDENCE": "confidence", "UNLIKE": "unlike", "POLYGONS": "polygons"}
"""Outputs of the algorithm and the options of the command that name them, in the order of the latter."""

_ENDINGS = {"OUTPUT": ".tif", "CONFIDENCE": "_confidence.tif", "UNLIKE": "_unlike.tif", "POLYGONS": ".gpkg"}


class IncompleteError(ValueError):
    """Something is still to be chosen; the sentence says what."""


@dataclass(frozen=True)
class Request:
    """The choices that somebody made, for one raster layer."""

    layer: str
    """Id of the raster layer."""
    model: str
    """Name of the model."""
    bands: "tuple[int, ...]"
    """Bands in the order of the model, counted from 1; empty for those that the core takes by itself."""
    nodata: str
    """What all bands hold where there is no data; "" for what the layer says."""
    extent: Optional[QgsReferencedRectangle]
    """Part of the layer; None for all of it."""
    areas: str
    """Id of the layer of polygons outside of which nothing is segmented; "" for none."""
    selected_only: bool
    """Whether only the selected ones of these count."""
    quality: str
    """Key of `defaults.QUALITIES`."""
    min_area: float
    """Smallest polygon, m²."""
    simplify: float
    """How much edges are straightened, metres."""
    smooth: int
    """How often the corners of edges are cut."""
    square: str
    """Names or ids of the classes whose outlines get right angles, separated by commas; "" for none."""
    classes: str
    """Names or ids of the classes that polygons are made of, separated by commas; "" for all."""
    outputs: "frozenset[str]"
    """What is wanted: keys of `OPTION_OF`."""
    target: str
    """File of the class raster, the others go beside it; "" for temporary files."""

    def make_parameters(self) -> "dict[str, Any]":
        """Return what the algorithm gets; its outputs go into the project."""
        areas = QgsProcessingFeatureSourceDefinition(self.areas, self.selected_only) if self.areas else None
        files = self.list_files()
        outputs = {
            name: QgsProcessingOutputLayerDefinition(
                files.get(name, QgsProcessing.TEMPORARY_OUTPUT), QgsProject.instance()
            )
            if name in self.outputs
            else None
            for name in OPTION_OF
        }
        return {
            "INPUT": self.layer,
            "MODEL": self.model,
            "BANDS": list(self.bands) or None,
            "NODATA": self.nodata,
            "EXTENT": self.extent,
            "MASK": areas,
            "QUALITY": self.quality,
            "MIN_AREA": self.min_area,
            "SIMPLIFY": self.simplify,
            "SMOOTH": self.smooth,
            "SQUARE": self.square,
            "CLASSES": self.classes,
            **outputs,
        }

    def make_settings(self) -> "dict[str, Any]":
        """Return the choices that count for another run over this layer as well, as JSON can hold them."""
        names = ("model", "bands", "nodata", "quality", "min_area", "simplify", "smooth", "square", "classes")
        chosen = {name: getattr(self, name) for name in names}
        return {**chosen, "outputs": sorted(self.outputs), "part": self._describe_part()}

    def _describe_part(self) -> "dict[str, Any]":
        """Return the part as `PartChooser.restore` takes it; what the map showed is a rectangle from then on."""
        if self.areas:
            return {"kind": "areas", "layer": self.areas, "selected": self.selected_only}
        if self.extent is None:
            return {"kind": "all"}
        return describe_rectangle(self.extent)

    def list_files(self) -> "dict[str, str]":
        """Return the files that are wanted, by output; empty where they are temporary."""
        return name_files_beside(Path(self.target), self.outputs) if self.target else {}

    def build_arguments(
        self, scene: str, areas: Optional[str], files: Mapping[str, str], *, plan: bool = False
    ) -> list[str]:
        """Return what follows `aerialseg`: read by the algorithm from the very parameters that it runs with.

        Args:
            scene: What the worker reads.
            areas: File of the polygons.
            files: What it writes, by output.
            plan: Whether it only says what it would do.

        Raises:
            QgsProcessingException: A parameter makes no sense.
        """
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        parameters = self.make_parameters()
        algorithm = SegmentRaster().create()
        algorithm.prepareAlgorithm(parameters, context, QgsProcessingFeedback(False))
        written = {option: files.get(name) for name, option in OPTION_OF.items()}
        options = {**algorithm.get_options(parameters, context), "mask": areas, **written}
        return command.build_arguments("segment", scene, options={**options, "overwrite": True, "plan": plan})

    def format_command(self) -> str:
        """Return the command for a terminal; what must be done before is above it, in lines that a shell passes over.

        Raises:
            QgsProcessingException: A parameter makes no sense.
        """
        layer = QgsProject.instance().mapLayer(self.layer)
        notes = []
        scene, areas = find_file(layer), None
        if scene is None:
            scene = "scene.tif"
            notes.append(tr("{} has no file of its own: save it as {} first.").format(layer.name(), scene))
        if self.areas:
            polygons = QgsProject.instance().mapLayer(self.areas)
            areas = None if self.selected_only else find_areas_file(polygons)
            if areas is None:
                areas = "areas.gpkg"
                notes.append(tr("Save the polygons of {} as {} first.").format(polygons.name(), areas))
        files = self.list_files() or name_files_beside(
            Path(f"{make_safe_name(layer.name())}_classes.tif"), self.outputs
        )
        lines = [f"# {note}" for note in notes]
        return "\n".join([*lines, command.format_command(self.build_arguments(scene, areas, files))])


def describe_rectangle(rectangle: QgsReferencedRectangle) -> "dict[str, Any]":
    """Return a rectangle as a part of a layer, as JSON can hold it."""
    box = [rectangle.xMinimum(), rectangle.yMinimum(), rectangle.xMaximum(), rectangle.yMaximum()]
    return {"kind": "rectangle", "extent": box, "crs": rectangle.crs().toWkt()}


def name_files_beside(target: Path, outputs: "frozenset[str]") -> "dict[str, str]":
    """Return files of these outputs, named after that of the class raster."""
    target = target if target.suffix.lower() in (".tif", ".tiff") else target.with_name(f"{target.name}.tif")
    return {
        name: str(target if name == "OUTPUT" else target.with_name(target.stem + ending))
        for name, ending in _ENDINGS.items()
        if name in outputs
    }


def make_safe_name(name: str) -> str:
    """Return the name of a layer as the beginning of a file's name, on any system."""
    return re.sub(r"[^\w.-]+", "_", name).strip("._-") or "layer"

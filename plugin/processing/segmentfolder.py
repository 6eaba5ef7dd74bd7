# SPDX-License-Identifier: GPL-2.0-or-later
"""`aerialseg:segmentfolder`: a folder of rasters to a folder of class rasters."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterString,
    QgsProcessingUtils,
)

from .. import command, defaults, runner
from ..i18n import tr
from ..results import (
    ResultLayer,
    keep_style,
    load_layers,
    set_layer_details,
    style_classes,
    style_confidence,
    style_polygons,
    style_unlike,
)
from ..worker import remove_leftovers
from . import parameters as shared
from .base import AerialSegAlgorithm, Parameters

MOSAIC = ".mosaic"
"""Where the core keeps what it makes on the way to the maps of a mosaic."""

MOST_LOADED = 100
"""Results of more scenes are not loaded into the project: the layer tree would be of no use."""

STATES = ("done", "skipped", "failed")
COLUMNS = ("source", "status", "output", "error", "ground")


class SegmentFolder(AerialSegAlgorithm):
    """Segments a folder of rasters."""

    ID = "segmentfolder"

    def displayName(self) -> str:
        """Return the title."""
        return tr("Segment folder of rasters")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("land cover,classification,deep learning,u-net,batch,orthophotos").split(",")

    def about(self) -> str:
        """Say what it does."""
        return tr(
            "Segments every raster of a folder with one loaded model. A file that cannot be used does not stop the "
            "others; run again, it does only what is missing. A table says what became of each."
        )

    def initAlgorithm(self, configuration: Any = None) -> None:
        """Declare parameters and outputs."""
        folder = QgsProcessingParameterFile.Behavior.Folder
        self.add(
            QgsProcessingParameterFile("INPUT", tr("Folder of rasters"), folder),
            tr("Where the images are. Example: /data/orthophotos"),
        )
        self.add(
            QgsProcessingParameterString("PATTERN", tr("Files"), defaults.PATTERN),
            tr(
                "Which files of the folder are images, in capital or small letters; several patterns are separated by "
                "commas. Example: ortho_*.tif,*.jp2"
            ),
        )
        self.add(
            QgsProcessingParameterBoolean("RECURSIVE", tr("Sub-folders too"), False),
            tr("Whether to look in sub-folders; the results get the same sub-folders. Example: no"),
        )
        shared.add_model(self)
        self.add(
            QgsProcessingParameterString("BANDS", tr("Bands, in the order of the model"), None, False, True),
            tr(
                "Numbers of the bands that show what the model wants; empty to find them by their names, wavelengths "
                "and colours. Example: 4,3,2"
            ),
        )
        shared.add_quality(self)
        self.add(
            QgsProcessingParameterBoolean("POLYGONS", tr("Class polygons"), False),
            tr("Whether a GeoPackage of class polygons is written for each image. Example: yes"),
        )
        self.add(
            QgsProcessingParameterBoolean("CONFIDENCE", tr("Confidence rasters"), False),
            tr("Whether to write how sure the model was. Example: no"),
        )
        self.add(
            QgsProcessingParameterBoolean("UNLIKE", tr("Rasters of unknown ground"), False),
            tr("Whether to write how unlike the model's training images each image is. Example: no"),
        )
        self.add(
            QgsProcessingParameterBoolean("MOSAIC", tr("Without seams between images"), False),
            tr(
                "Whether images that lie side by side on one grid are read as one picture: their maps fit together, "
                "and polygons.gpkg has the polygons of all of them, cut at no image's edge. Example: yes"
            ),
        )
        shared.add_polygon_shape(self)
        shared.add_classes(self)
        self.add(
            shared.make_choice("ORDER", tr("Image on top"), list(defaults.ORDERS), defaults.ORDER),
            tr("Which image counts where some overlap: the newest, or the first or last by name. Example: newest"),
            advanced=True,
        )
        shared.add_advanced(self)
        self._add_outputs()

    def _add_outputs(self) -> None:
        self.add(
            QgsProcessingParameterBoolean("OVERWRITE", tr("Replace other results"), False),
            tr("Whether results of another model or of other settings may be replaced. Example: no"),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterBoolean("LOAD", tr("Load the results as a group"), False),
            tr("Whether the class rasters and polygons are added to the project. Example: yes"),
        )
        self.add(
            QgsProcessingParameterFolderDestination("OUTPUT", tr("Folder for the results")),
            tr("It is made if it is not there. Example: /data/maps"),
        )
        self.add(
            QgsProcessingParameterFileDestination("STATUS", tr("Status table"), "CSV (*.csv)", None, True, True),
            tr("A row for each image: what became of it, and why. Example: status.csv"),
        )
        self.addOutput(QgsProcessingOutputNumber("DONE", tr("Images done")))
        self.addOutput(QgsProcessingOutputNumber("SKIPPED", tr("Images that were done before")))
        self.addOutput(QgsProcessingOutputNumber("FAILED", tr("Images that failed")))

    def processAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> "dict[str, Any]":
        """Run the worker."""
        output = self.parameterAsString(parameters, "OUTPUT", context)
        folder = self.parameterAsString(parameters, "INPUT", context)
        given = command.build_arguments("batch", folder, options=self.get_options(parameters, context, output))
        stages = {"segment": (0, 90), "polygons": (90, 100)}
        if self.parameterAsBool(parameters, "MOSAIC", context):
            stages = {"segment": (0, 85), "polygons": (85, 95), "cut": (95, 100)}
        try:
            scenes = runner.run(given, feedback, stages=stages)["scenes"]
        except QgsProcessingException:
            if feedback.isCanceled():
                _remove_unfinished(Path(output))
            raise
        counts = {state: sum(scene["status"] == state for scene in scenes) for state in STATES}
        feedback.pushInfo(tr("{done} done, {skipped} done before, {failed} failed").format(**counts))
        if counts["failed"]:
            many = tr("{} images failed; the table says why. The others are done.").format(counts["failed"])
            one = tr("An image failed; the table says why. The others are done.")
            feedback.reportError(one if counts["failed"] == 1 else many)
        status = self.parameterAsFileOutput(parameters, "STATUS", context)
        if status:
            _write_table(Path(status), scenes)
        if self.parameterAsBool(parameters, "LOAD", context):
            mosaic = self.parameterAsBool(parameters, "MOSAIC", context)
            of_all = sorted(Path(output).glob("polygons*.gpkg")) if mosaic else []
            self._load_results(scenes, of_all, status, context, feedback)
        return {"OUTPUT": output, "STATUS": status, **{state.upper(): count for state, count in counts.items()}}

    def get_options(self, parameters: Parameters, context: QgsProcessingContext, output: str) -> "dict[str, Any]":
        """Return the options of `aerialseg batch`."""
        mosaic = self.parameterAsBool(parameters, "MOSAIC", context)
        return {
            "output": output,
            "pattern": self.parameterAsString(parameters, "PATTERN", context),
            "recursive": self.parameterAsBool(parameters, "RECURSIVE", context),
            "model": shared.get_model_argument(self, parameters, context),
            "bands": self.parameterAsString(parameters, "BANDS", context).replace(" ", ""),
            "polygons": self.parameterAsBool(parameters, "POLYGONS", context),
            "confidence": self.parameterAsBool(parameters, "CONFIDENCE", context),
            "unlike": self.parameterAsBool(parameters, "UNLIKE", context),
            "mosaic": mosaic,
            "order": self.parameterAsEnumString(parameters, "ORDER", context) if mosaic else None,
            "overwrite": self.parameterAsBool(parameters, "OVERWRITE", context),
            **shared.get_quality_options(self, parameters, context),
            **shared.get_polygon_options(self, parameters, context),
            "classes": shared.get_classes(self, parameters, context),
            **shared.get_advanced_options(self, parameters, context),
        }

    def _load_results(
        self,
        scenes: "list[dict[str, Any]]",
        of_all: "list[Path]",
        status: str,
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        good = [Path(scene["output"]) for scene in scenes if scene["status"] != "failed"]
        if len(good) > MOST_LOADED:
            feedback.pushWarning(
                tr("Only the first {} of {} results are loaded; drag the others from the browser.").format(
                    MOST_LOADED, len(good)
                )
            )
        rasters = [ResultLayer(str(p), p.stem, style_classes) for p in good[:MOST_LOADED]]
        for ending, style in (("confidence", style_confidence), ("unlike", style_unlike)):
            beside = [p.with_name(f"{p.stem[: -len('classes')]}{ending}.tif") for p in good[:MOST_LOADED]]
            rasters += [ResultLayer(str(p), p.stem, style) for p in beside if p.is_file()]
        polygons = [*of_all, *(p.with_suffix(".gpkg") for p in good[:MOST_LOADED])]
        vectors = [
            ResultLayer(str(p), p.stem if p in of_all else tr("{} – polygons").format(p.stem), style_polygons)
            for p in polygons
            if p.is_file()
        ]
        tables = [ResultLayer(status, tr("Status"), keep_style)] if status else []
        load_layers(context, rasters, hint=QgsProcessingUtils.LayerHint.Raster)
        load_layers(context, [*vectors, *tables], hint=QgsProcessingUtils.LayerHint.Vector)
        group = tr("aerialseg: {}").format(Path(good[0]).parent.name if good else "")
        set_layer_details(context, [*rasters, *vectors, *tables], crs=QgsCoordinateReferenceSystem(), group=group)


def _remove_unfinished(folder: Path) -> None:
    """Remove what belongs to the image that was in work; the others are finished, and stay."""
    remove_leftovers(folder / "batch")  # its lock
    shutil.rmtree(folder / MOSAIC, ignore_errors=True)
    for blocks in folder.rglob(".*_classes.tif.blocks"):
        remove_leftovers(blocks.with_name(blocks.name[1 : -len(".blocks")]))


def _write_table(path: Path, scenes: "list[dict[str, Any]]") -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as stream:
            rows = csv.DictWriter(stream, COLUMNS, extrasaction="ignore")
            rows.writeheader()
            rows.writerows(scenes)
    except OSError as error:
        raise QgsProcessingException(
            tr("The status table {} cannot be written: {}. Choose another folder.").format(path, error.strerror)
        ) from error

# SPDX-License-Identifier: GPL-2.0-or-later
"""Any raster layer as something that the worker can read: its file, or a copy that its provider writes."""

from __future__ import annotations

import math
from html import escape
from pathlib import Path
from typing import Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsDistanceArea,
    QgsPointXY,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProviderRegistry,
    QgsRasterBandStats,
    QgsRasterBlockFeedback,
    QgsRasterFileWriter,
    QgsRasterLayer,
    QgsRasterPipe,
    QgsRectangle,
)
from qgis.PyQt.QtCore import Qt

from .i18n import format_number, tr
from .redaction import redact

ONLY_IN_QGIS = frozenset({".ecw", ".sid"})
"""Formats for which QGIS may have a driver and the worker has none."""

MOST_PIXELS = 4_000_000_000
"""A copy of more pixels is refused: a map server would be asked for days."""

_COLOURS = {3: "Red", 4: "Green", 5: "Blue"}  # as QGIS and GDAL number them
_STRIP = 512  # rows that are fetched at a time
_COLUMNS = 4096
_SAMPLE = 250_000  # pixels that are looked at
_COMPLETE = 0.995


class RasterInput:
    """A raster layer as it was when the run began: it may be removed from the project meanwhile.

    Made in the main thread; used in any.

    Args:
        layer: A valid raster layer.
        transforms: Of the project, to measure with.
    """

    def __init__(self, layer: QgsRasterLayer, transforms: QgsCoordinateTransformContext) -> None:
        self.name = layer.name()
        """Name in the layer tree."""
        self.crs = QgsCoordinateReferenceSystem(layer.crs())
        """As the layer has it, which may be more than its file says."""
        self.extent = QgsRectangle(layer.extent())
        """All of it."""
        self.path = find_file(layer)
        """What the worker reads; None if the layer must be copied first."""
        self._transforms = transforms
        self._pixel = _get_pixel_size(layer)
        self._provider = None if self.path else layer.dataProvider().clone()
        self._bands = _read_bands(layer) if self._provider and layer.providerType() == "gdal" else []

    def get_units_per_pixel(self, extent: QgsRectangle, gsd: float) -> float:
        """Return the size of a pixel of the copy: the layer's own, or what is asked for if it has none (map servers).

        Args:
            extent: What is copied, in the CRS of the layer.
            gsd: Metres per pixel.
        """
        return self._pixel or gsd * measure_units_per_metre(self.crs, extent, self._transforms)

    def copy(self, path: Path, extent: QgsRectangle, gsd: float, feedback: QgsProcessingFeedback) -> str:
        """Read the layer through its provider into a GeoTIFF, in strips.

        Args:
            path: File to write.
            extent: Part of the layer, in its CRS; all of it if null.
            gsd: Metres per pixel, for layers that have no pixels of their own.
            feedback: Gets the progress; cancelling it stops the copy.

        Returns:
            The path.

        A layer is copied once.

        Raises:
            QgsProcessingException: It is too large, the server does not answer, the disk is full, or it was cancelled.
        """
        provider, self._provider = self._provider, None  # it must not outlive the run: QGIS may be closing then
        wanted = self._clip_extent(extent)
        pixel = self.get_units_per_pixel(wanted, gsd)
        cols, rows = (max(1, math.ceil(side / pixel - 1e-6)) for side in (wanted.width(), wanted.height()))
        if cols * rows > MOST_PIXELS:
            raise QgsProcessingException(
                tr("{} would be {} megapixels. Choose a smaller extent or a coarser resolution.").format(
                    self.name, format_number(cols * rows / 1e6, ",.0f")
                )
            )
        top = wanted.yMaximum()
        exact = QgsRectangle(wanted.xMinimum(), top - rows * pixel, wanted.xMinimum() + cols * pixel, top)
        feedback.pushInfo(tr("Reading {} through its provider: {} × {} px").format(self.name, cols, rows))
        pipe = QgsRasterPipe()
        pipe.set(provider)
        self._write_copy(path, pipe, (cols, rows), exact, feedback)
        if self._bands:
            _write_bands(self._bands, path)
        return str(path)

    def _clip_extent(self, extent: QgsRectangle) -> QgsRectangle:
        if extent.isNull() and self._pixel is None:
            raise QgsProcessingException(
                tr("{} has no pixels of its own. Choose an extent, such as the visible part of the map.").format(
                    self.name
                )
            )
        wanted = self.extent if extent.isNull() else extent.intersect(self.extent)
        if wanted.isEmpty():
            raise QgsProcessingException(tr("The extent lies outside of {}.").format(self.name))
        return wanted

    def _write_copy(
        self,
        path: Path,
        pipe: QgsRasterPipe,
        size: tuple[int, int],
        extent: QgsRectangle,
        feedback: QgsProcessingFeedback,
    ) -> None:
        writer = QgsRasterFileWriter(str(path))
        writer.setOutputFormat("GTiff")
        writer.setCreateOptions(["COMPRESS=DEFLATE", "TILED=YES", "BIGTIFF=IF_SAFER"])
        writer.setMaxTileHeight(_STRIP)
        writer.setMaxTileWidth(_COLUMNS)
        block = QgsRasterBlockFeedback()
        direct = Qt.ConnectionType.DirectConnection  # this thread is busy writing: nothing queued would be heard
        feedback.canceled.connect(block.cancel, direct)
        block.progressChanged.connect(feedback.setProgress, direct)
        try:
            error = writer.writeRaster(pipe, *size, extent, self.crs, self._transforms, block)
        finally:
            feedback.canceled.disconnect(block.cancel)
        if feedback.isCanceled():
            path.unlink(missing_ok=True)
            raise QgsProcessingException(tr("Cancelled."))
        if error != QgsRasterFileWriter.WriterError.NoError or block.errors():
            path.unlink(missing_ok=True)
            reasons = redact("; ".join(sorted(set(block.errors()))[:3])) or tr("error {}").format(int(error))
            raise QgsProcessingException(
                tr("{} cannot be read through its provider: {}. Check the connection and the free disk space.").format(
                    self.name, reasons
                )
            )
        if self._pixel is None:
            self._check_answer(path, feedback)

    def _check_answer(self, path: Path, feedback: QgsProcessingFeedback) -> None:
        """Look whether a server answered: its provider leaves transparent what did not come, and says nothing."""
        layer = QgsRasterLayer(str(path), "copy")
        mean = QgsRasterBandStats.Stats.Mean
        alpha = layer.dataProvider().bandStatistics(layer.bandCount(), mean, layer.extent(), _SAMPLE)
        shown = alpha.mean / 255
        del layer  # an exception would keep it until QGIS is gone, which it must not outlive
        if shown == 0:
            path.unlink(missing_ok=True)
            raise QgsProcessingException(
                tr("Nothing came from {} for this extent. Check the connection and what it shows there.").format(
                    self.name
                )
            )
        if shown < _COMPLETE:
            feedback.pushWarning(
                tr("About {} of {} is empty: the server may not have answered everywhere.").format(
                    format_number(1 - shown, ".0%"), self.name
                )
            )


def _read_bands(layer: QgsRasterLayer) -> "list[tuple[str, str]]":
    """Name and colour of each band, empty where it has none."""
    provider = layer.dataProvider()
    told = []
    for number in range(1, provider.bandCount() + 1):
        colour = provider.colorInterpretation(number)
        told.append(  # a name stands behind "Band 1: ", in any language
            (
                provider.generateBandName(number).partition(": ")[2],
                _COLOURS.get(int(getattr(colour, "value", colour)), ""),
            )
        )
    return told


def _write_bands(told: "list[tuple[str, str]]", copy: Path) -> None:
    """Say beside a copy, as GDAL reads it, what its original says of its bands: the worker goes by that."""
    lines = []
    for number, (name, colour) in enumerate(told, start=1):
        tags = (("Description", name), ("ColorInterp", colour))
        inside = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in tags if text)
        lines.append(f'<PAMRasterBand band="{number}">{inside}</PAMRasterBand>')
    text = "".join(["<PAMDataset>", *lines, "</PAMDataset>"])
    copy.with_name(f"{copy.name}.aux.xml").write_text(text, encoding="utf-8")


def find_file(layer: QgsRasterLayer) -> Optional[str]:
    """Return the file of a raster layer, if the worker can read it by itself."""
    if layer.providerType() != "gdal":
        return None
    source = layer.source()
    parts = QgsProviderRegistry.instance().decodeUri("gdal", source)
    if parts.get("layerName"):  # a raster inside a database or a container
        return None
    if source.startswith("/vsi"):
        return source
    path = str(parts.get("path") or source)
    known = Path(path).is_file() and Path(path).suffix.lower() not in ONLY_IN_QGIS
    return path if known else None


def is_gone(layer: QgsRasterLayer) -> bool:
    """Return whether the file of a layer is no longer there."""
    if layer.providerType() != "gdal" or layer.source().startswith("/vsi"):
        return False
    path = Path(str(QgsProviderRegistry.instance().decodeUri("gdal", layer.source()).get("path") or ""))
    return path.is_absolute() and not path.exists()


def _get_pixel_size(layer: QgsRasterLayer) -> Optional[float]:
    """Return units of the CRS per pixel; None for layers that draw at any resolution."""
    provider = layer.dataProvider()
    if provider.xSize() <= 0 or provider.ySize() <= 0 or provider.name() in ("wms", "arcgismapserver"):
        return None
    return min(layer.extent().width() / provider.xSize(), layer.extent().height() / provider.ySize())


def measure_units_per_metre(
    crs: QgsCoordinateReferenceSystem, extent: QgsRectangle, transforms: QgsCoordinateTransformContext
) -> float:
    """Measure on the ellipsoid in the middle of an extent: a metre of Web Mercator is none."""
    measure = QgsDistanceArea()
    measure.setSourceCrs(crs, transforms)
    measure.setEllipsoid(crs.ellipsoidAcronym() or "WGS84")
    centre, step = extent.center(), extent.width() / 1000
    metres = measure.measureLine(
        QgsPointXY(centre.x() - step / 2, centre.y()), QgsPointXY(centre.x() + step / 2, centre.y())
    )
    return step / metres if metres > 0 else 1.0

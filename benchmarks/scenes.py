"""Large scenes out of a small real one: a virtual raster that repeats it."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

import rasterio
from rasterio.crs import CRS

UTM40 = CRS.from_epsg(32640)


def repeated(image: Path, folder: Path, side: int, gsd: float = 1.0) -> Path:
    """Write a virtual raster of side × side px that repeats an image, with this GSD.

    Args:
        image: A small RGB raster.
        folder: Where the virtual raster goes.
        side: Its rows and columns, px.
        gsd: Its pixel size in metres.
    """
    with rasterio.open(image) as dataset:
        rows, cols = dataset.shape
    bands = "".join(_band(image.resolve(), band, side, (rows, cols)) for band in (1, 2, 3))
    target = folder / f"scene-{side}.vrt"
    target.write_text(
        f'<VRTDataset rasterXSize="{side}" rasterYSize="{side}"><SRS>{escape(UTM40.to_wkt())}</SRS>'
        f"<GeoTransform>300000, {gsd}, 0, 2800000, 0, -{gsd}</GeoTransform>{bands}</VRTDataset>",
        encoding="utf-8",
    )
    return target


def _band(image: Path, band: int, side: int, shape: tuple[int, int]) -> str:
    colour = ("Red", "Green", "Blue")[band - 1]
    sources = "".join(
        f"<SimpleSource><SourceFilename>{escape(str(image))}</SourceFilename><SourceBand>{band}</SourceBand>"
        f'<SourceProperties RasterXSize="{shape[1]}" RasterYSize="{shape[0]}" DataType="Byte"/>'
        f'<SrcRect xOff="0" yOff="0" xSize="{min(shape[1], side - col)}" ySize="{min(shape[0], side - row)}"/>'
        f'<DstRect xOff="{col}" yOff="{row}" xSize="{min(shape[1], side - col)}" ySize="{min(shape[0], side - row)}"/>'
        "</SimpleSource>"
        for row in range(0, side, shape[0])
        for col in range(0, side, shape[1])
    )
    return f'<VRTRasterBand dataType="Byte" band="{band}"><ColorInterp>{colour}</ColorInterp>{sources}</VRTRasterBand>'

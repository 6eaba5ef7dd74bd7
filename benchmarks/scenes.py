"""Large scenes out of small real ones: virtual rasters that repeat one image, or a folder of images side by side.

On the command line: `python benchmarks/scenes.py images/ scene.vrt --side 10000`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from xml.sax.saxutils import escape

import rasterio
from rasterio.crs import CRS

UTM40 = CRS.from_epsg(32640)

SHELF = 1024
"""Height of the rows in which images stand side by side, px."""

Placed = tuple[Path, int, int, int, int]
"""An image, and the row, col, height and width of the place that its top left part takes."""


def repeated(image: Path, folder: Path, side: int, gsd: float = 1.0) -> Path:
    """Write a virtual raster of side × side px that repeats an image, with this GSD.

    Args:
        image: A small RGB raster.
        folder: Where the virtual raster goes.
        side: Its rows and columns, px.
        gsd: Its pixel size in metres.
    """
    rows, cols = _shape(image)
    places = [
        (image, row, col, min(rows, side - row), min(cols, side - col))
        for row in range(0, side, rows)
        for col in range(0, side, cols)
    ]
    return _write(folder / f"scene-{side}.vrt", places, side, gsd)


def mosaicked(images: list[Path], target: Path, side: int, gsd: float = 1.0) -> Path:
    """Write a virtual raster of side × side px in which images stand side by side; they come again when all are used.

    Args:
        images: RGB rasters.
        target: The virtual raster.
        side: Its rows and columns, px.
        gsd: Its pixel size in metres.
    """
    return _write(target, list(_shelved(images, side)), side, gsd)


def _shelved(images: list[Path], side: int) -> Iterator[Placed]:
    """Places in rows of `SHELF` px; an image that is lower than that stands there more than once."""
    shapes = {image: _shape(image) for image in images}
    turn = cycle(images)
    for top in range(0, side, SHELF):
        bottom, col = min(top + SHELF, side), 0
        while col < side:
            image = next(turn)
            rows, cols = shapes[image]
            for row in range(top, bottom, rows):
                yield image, row, col, min(rows, bottom - row), min(cols, side - col)
            col += cols


def _shape(image: Path) -> tuple[int, int]:
    with rasterio.open(image) as dataset:
        return int(dataset.height), int(dataset.width)


def _write(target: Path, places: list[Placed], side: int, gsd: float) -> Path:
    bands = "".join(_band(band, places) for band in (1, 2, 3))
    target.write_text(
        f'<VRTDataset rasterXSize="{side}" rasterYSize="{side}"><SRS>{escape(UTM40.to_wkt())}</SRS>'
        f"<GeoTransform>300000, {gsd}, 0, 2800000, 0, -{gsd}</GeoTransform>{bands}</VRTDataset>",
        encoding="utf-8",
    )
    return target


def _band(band: int, places: list[Placed]) -> str:
    colour = ("Red", "Green", "Blue")[band - 1]
    shapes = {image: _shape(image) for image in {place[0] for place in places}}
    sources = "".join(
        f"<SimpleSource><SourceFilename>{escape(str(image.resolve()))}</SourceFilename><SourceBand>{band}</SourceBand>"
        f'<SourceProperties RasterXSize="{shapes[image][1]}" RasterYSize="{shapes[image][0]}" DataType="Byte"/>'
        f'<SrcRect xOff="0" yOff="0" xSize="{cols}" ySize="{rows}"/>'
        f'<DstRect xOff="{col}" yOff="{row}" xSize="{cols}" ySize="{rows}"/></SimpleSource>'
        for image, row, col, rows, cols in places
    )
    return f'<VRTRasterBand dataType="Byte" band="{band}"><ColorInterp>{colour}</ColorInterp>{sources}</VRTRasterBand>'


def main() -> None:
    """Write a virtual raster of a folder of images."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("images", type=Path, help="folder with images at any depth")
    parser.add_argument("target", type=Path, help="virtual raster to write, .vrt")
    parser.add_argument("--pattern", default="*.jpg", help="which files of the folder are images")
    parser.add_argument("--side", type=int, default=10000, help="rows and columns, px")
    parser.add_argument("--gsd", type=float, default=1.0, help="pixel size in metres")
    arguments = parser.parse_args()
    images = sorted(arguments.images.rglob(arguments.pattern))
    if not images:
        parser.error(f"{arguments.images} has no images {arguments.pattern}")
    mosaicked(images, arguments.target, arguments.side, arguments.gsd)


if __name__ == "__main__":
    main()

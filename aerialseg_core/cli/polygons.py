"""`aerialseg polygons`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..config import CONNECTIVITIES, PolygonConfig
from .options import (
    FILE,
    POLYGONS,
    classes_option,
    memory_option,
    min_area_option,
    open_reporter,
    overwrite_option,
    print_result,
    progress_option,
    simplify_option,
    smooth_option,
    square_option,
    threads_option,
)


@click.command(short_help="Turn a class raster into polygons, or check some.")
@click.argument("classes", required=False)
@click.option(
    "-o",
    "--output",
    type=POLYGONS,
    help="File to write: .gpkg, .geojson, .parquet, .fgb or .shp; .parquet/ for a folder of files.",
)
@classes_option
@click.option("--nodata", metavar="VALUE", help="Value that is no data, or none; by default what the raster says.")
@click.option("--confidence", metavar="RASTER", help="Confidence raster, for the confidence of each polygon.")
@min_area_option
@simplify_option
@smooth_option
@square_option
@click.option("--majority", type=int, default=0, metavar="PX", help="Smooth classes first: side of the window, odd.")
@click.option(
    "--connectivity",
    type=click.Choice([str(n) for n in CONNECTIVITIES]),
    default=str(PolygonConfig().connectivity),
    callback=lambda *values: int(values[2]),
    show_default=True,
    help="8: pixels that touch at a corner belong together too.",
)
@click.option("--check", type=FILE, metavar="POLYGONS", help="Only look whether these polygons are a valid coverage.")
@memory_option
@threads_option
@overwrite_option
@progress_option
def polygons(
    classes: str | None,
    output: str | None,
    check: Path | None,
    overwrite: bool,
    progress: str,
    **options: Any,
) -> None:
    """Turn CLASSES, a class raster, into class polygons that share their edges exactly.

    A GeoPackage opens in QGIS in the colours of its classes. It holds a certificate that there are no gaps and no
    overlaps; --check looks for them in any file of polygons.

    \b
    Examples:
      aerialseg polygons classes.tif -o classes.gpkg
      aerialseg polygons classes.tif -o map.gpkg --min-area 4 --simplify 0.5 --confidence sure.tif
      aerialseg polygons classes.tif -o built.gpkg --classes Building,Road --overwrite
      aerialseg polygons country.tif -o country.parquet/ --min-area 25
      aerialseg polygons --check map.gpkg
    """
    if check is not None:
        _check(check, progress)
        return
    if classes is None or output is None:
        raise click.UsageError("Give a class raster and -o OUTPUT, or --check POLYGONS.")
    from ..polygons.polygonize import polygonize as run_polygons

    with open_reporter(progress) as reporter:
        result = run_polygons(classes, output, overwrite=overwrite, reporter=reporter, **options)
        reporter.result(
            polygons=result.path,
            count=result.count,
            areas=result.areas,
            unit=result.unit,
            certificate=result.certificate.counts,
        )
    print_result(progress, f"wrote {result.path}: {result.count} polygons")
    for one in result.classes:
        print_result(progress, f"{one.landcover.name:>14} {one.count:>10} {one.area:>16,.1f} {result.unit}")


def _check(path: Path, progress: str) -> None:
    from ..errors import CoverageError
    from ..polygons.check import check_polygons

    with open_reporter(progress) as reporter:
        certificate = check_polygons(path, reporter=reporter)
        reporter.result(polygons=path, holds=certificate.holds, certificate=certificate.counts)
    print_result(progress, f"{path}: {certificate.polygons} polygons, {certificate}")
    if not certificate.holds:
        raise CoverageError(
            "polygons-no-coverage",
            "{path} is no valid coverage: {certificate}.",
            "Make it again from its class raster.",
            path=path,
            certificate=certificate,
        )
